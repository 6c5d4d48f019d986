"""An exhibit is an answer with its words and its shape; it cannot be built without an answer.

One module for each question of a reader; its functions take the `View` and return one `Exhibit` each.
"""

from dataclasses import dataclass, replace

from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Cell, Shape, Table
from taizhang.exhibits.views import View
from taizhang.store.releases import Answer


@dataclass(frozen=True)
class Exhibit:
    """Something shown: a headline that states the finding, a shape, and the answers it came from.

    `title` says what was found, `caption` what is measured (unit, population, day), `note` what to beware of.
    The first answer is the one drawn; the rest stand behind it. `kpis` names the KPIs whose rows the panel lists.
    `hint` says what a click does, for where one can click. `option` says which of an exhibit's own choices was taken
    (a strand, a fact), where it has some. `passport` is the short code that leads back to exactly this exhibit, once
    it was given one.
    """

    name: str
    answers: tuple[Answer, ...]
    shape: Shape
    title: str
    caption: str = ""
    note: str = ""
    kpis: tuple[str, ...] = ()
    hint: str = ""
    option: str = ""
    passport: str = ""

    def __post_init__(self) -> None:
        if not self.answers:
            raise ValueError(f"{self.name}: an exhibit needs an answer")

    @property
    def is_demo(self) -> bool:
        return any(answer.is_demo for answer in self.answers)


def one_row(view: View, name: str, answer: Answer, key: str, value: str, title: str) -> Exhibit | None:
    """One row of a list as an exhibit of its own, under the title it bears; None when there is no such row."""
    own = rows_with(answer, **{key: value})
    return Exhibit(name, (own,), as_table(own, view.t), str(own.records()[0][title])) if own.rows else None


def rows_with(answer: Answer, **values: object) -> Answer:
    """The answer with no rows but those that have these values in these columns."""
    places = {answer.columns.index(column): value for column, value in values.items()}
    return replace(
        answer, rows=tuple(row for row in answer.rows if all(row[at] == value for at, value in places.items()))
    )


def as_table(answer: Answer, t: Language) -> Table:
    """The same answer as a plain table, every value as a reader sees it."""
    numbers = (int, float)
    rows = tuple(
        tuple(
            Cell(t.cell(column, value), is_number=isinstance(value, numbers) and not isinstance(value, bool))
            for column, value in zip(answer.query.returns, row, strict=True)
        )
        for row in answer.rows
    )
    return Table(tuple(t.heading(column) for column in answer.query.returns), rows, t("common.no_rows"))
