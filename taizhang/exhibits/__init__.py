"""An exhibit is an answer with its words and its shape; it cannot be built without an answer.

One module for each question of a reader; its functions take the `View` and return one `Exhibit` each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from taizhang.declared.queries import Returned
from taizhang.declared.tables import code_lists
from taizhang.declared.values import to_text
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.shapes import Cell, Shape, Table
from taizhang.exhibits import records
from taizhang.exhibits.views import View
from taizhang.store.releases import Answer

_LANGUAGE_SAID = " ("  # Figure (Chinese)


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

    @property
    def is_said(self) -> bool:
        """Whether the title says all there is: nothing to draw but the same sentence once more."""
        return self.shape.is_empty and self.shape.if_empty == self.title


def one_row(view: View, name: str, answer: Answer, key: str, value: str, title: str) -> Exhibit | None:
    """One row of a list as an exhibit of its own, under the title it bears; None when there is no such row."""
    own = rows_with(answer, **{key: value})
    return Exhibit(name, (own,), as_fields(own, view.t), str(own.records()[0][title])) if own.rows else None


def rows_with(answer: Answer, **values: object) -> Answer:
    """The answer with no rows but those that have these values in these columns."""
    places = {answer.columns.index(column): value for column, value in values.items()}
    return replace(
        answer, rows=tuple(row for row in answer.rows if all(row[at] == value for at, value in places.items()))
    )


def as_table(answer: Answer, t: Language, names: Sequence[str] = ()) -> Table:
    """The same answer as a plain table, every value as a reader sees it; of some columns only, in their order.

    Of a name that stands in both languages there is one column.
    """
    shown = [column for column in answer.query.returns if _is_shown(column.name, answer.columns)]
    if names:
        by_name = {column.name: column for column in answer.query.returns}
        shown = [by_name[name] for name in names]
    rows = tuple(tuple(_cell(answer, column, record, t) for column in shown) for record in answer.records())
    return Table(tuple(_heading(column, answer.columns, t) for column in shown), rows, t("common.no_rows"))


def as_fields(answer: Answer, t: Language) -> Table:
    """The one row of an answer, a line for each field that is known: what it is called, and what it says."""
    plain = as_table(answer, t)
    (row,) = plain.rows
    known = [(Cell(heading), cell) for heading, cell in zip(plain.columns, row, strict=True) if cell.text != NOT_KNOWN]
    fields = tuple((heading, replace(cell, is_number=False)) for heading, cell in known)
    return Table((t("source.field"), t("source.said")), fields, plain.empty, wide=(1,))


def _of_its_list(answer: Answer, column: Returned, by: str, code: str, t: Language) -> str:
    """The label of a code on the list of its row; where that does not have it, on the list of all others."""
    own = column.of_row(by)
    if own.codes == "district":
        names = {row["district_code"]: row for row in answer.release.ask("districts").records()}
        if code in names:
            return t.name(names[code]["district_name"], names[code]["district_name_en"])
    said = t.word(own.codes, code) if own.codes in code_lists() else code
    return t.cell(column, code) if said == code else said


def _heading(column: Returned, names: Sequence[str], t: Language) -> str:
    """What a column is called; of a name in both languages without saying in which."""
    said = t.heading(column)
    return said.partition(_LANGUAGE_SAID)[0] if _other_name(column.name, names) else said


def _other_name(name: str, names: Sequence[str]) -> str | None:
    """The column with the English of a name, where there is one."""
    english = name.removesuffix("_zh") + "_en"
    return english if name != english and english in names else None


def _is_shown(name: str, names: Sequence[str]) -> bool:
    """Whether a column is more than the English of a name that has a column already."""
    stem = name.removesuffix("_en")
    return stem == name or not {stem, f"{stem}_zh"} & set(names)


def _cell(answer: Answer, column: Returned, record: Mapping[str, object], t: Language) -> Cell:
    value = record[column.name]
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    is_share = is_number and column.share is not None and column.share.is_in(record)
    exact = to_text(value) if is_share else ""
    return Cell(_said(answer, column, record, t), is_number=is_number, exact=exact)


def _said(answer: Answer, column: Returned, record: Mapping[str, object], t: Language) -> str:
    value, name = record[column.name], column.name
    ledger = record.get("table_name") or answer.params.get("table_name")
    if ledger and "field" in record and name in ("field", "old", "new"):
        field = str(record["field"])
        return records.heading(t, ledger, field) if name == "field" else records.told(t, ledger, field, value)
    if column.by and value is not None:
        return _of_its_list(answer, column, str(record[column.by]), str(value), t)
    if english := _other_name(name, answer.columns):
        value = t.name(value, record[english]) or None
    return t.cell(column, value, record)
