"""Number → definition → SQL → rows → the file and line that brought them, or the quoted sentence of a source.

`Behind` says it all for an exhibit, part by part; the panel, the command, the snapshot and the notes draw its parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from taizhang.declared import queries
from taizhang.declared.tables import all_tables
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit, as_fields, as_table
from taizhang.exhibits.catalogue import CATALOGUE
from taizhang.exhibits.parts_of_campaign import is_used, menu_of
from taizhang.exhibits.views import View
from taizhang.store.releases import Answer
from taizhang.store.standing import act_of

MOST_COLUMNS = 4  # of an answer of one row that is read as a table; a longer one is read field by field


@dataclass(frozen=True)
class Said:
    """One line of a definition: what it is about, and the words."""

    about: str
    words: str


@dataclass(frozen=True)
class Meaning:
    """An answer, and what it says of itself line by line."""

    answer: Answer
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class Rows:
    """Rows that stand behind a figure, and what to call them: those counted into `kpi`, or ('') those of a list."""

    title: Said
    answer: Answer
    kpi: str = ""

    def table(self, view: View, most: int | None = None) -> Table:
        """The rows, or the first `most` of them, each with the release, file and line that last brought it."""
        answer = replace(self.answer, rows=self.answer.rows[:most])
        return counted(answer, view) if self.kpi else traced(answer, view)


@dataclass(frozen=True)
class Behind:
    """What stands behind an exhibit in a view. A part is worked out when it is asked for."""

    exhibit: Exhibit
    view: View

    @property
    def tables(self) -> tuple[Table, ...]:
        """The answers as tables, the one drawn first; one row as its fields. What stands on no page of its own (a row,
        its history) is told as it would be drawn there."""
        t, (first, *rest) = self.view.t, self.exhibit.answers
        is_told = self.exhibit.name not in CATALOGUE and isinstance(self.exhibit.shape, Table)
        shown = self.exhibit.shape if is_told else _as_read(first, t)
        return (shown, *(_as_read(one, t) for one in rest))

    @property
    def kpis(self) -> tuple[Said, ...]:
        """What each KPI of the exhibit means."""
        return tuple(meaning_of(kpi, self.view) for kpi in self.exhibit.kpis)

    @property
    def answers(self) -> tuple[Meaning, ...]:
        """The answers it was made of, the one drawn first, each with its definition."""
        return tuple(Meaning(answer, tuple(definition(answer, self.view))) for answer in self.exhibit.answers)

    @property
    def rows(self) -> tuple[Rows, ...]:
        """The rows counted into each KPI, then those of each answer that is a list or has one behind it."""
        t, view = self.view.t, self.view
        of_kpis = [
            Rows(Said(t("source.rows_of_kpi"), t.label("kpi", kpi)), view.ask("kpi_rows", kpi=kpi), kpi)
            for kpi in self.exhibit.kpis
        ]
        found = (rows_behind(answer, view) for answer in self.exhibit.answers)
        lists = [answer for answer in found if answer and answer.query.rows_of]
        return (*of_kpis, *(Rows(Said(t("source.rows_behind"), t.of(one.query.title)), one) for one in lists))

    @property
    def files(self) -> Table:
        """The files that brought the tables of the answer drawn."""
        return files(self.exhibit.answers[0], self.view)

    @property
    def quotes(self) -> list[dict[str, object]]:
        """The quoted facts that its rows cite."""
        return quotes(self.exhibit, self.view)

    @property
    def sql(self) -> dict[str, str]:
        """The files of questions and terms it was made with → their SQL."""
        return sql_files(self.exhibit)


def _as_read(answer: Answer, t: Language) -> Table:
    return as_fields(answer, t) if len(answer.rows) == 1 and len(answer.columns) > MOST_COLUMNS else as_table(answer, t)


def definition(answer: Answer, view: View) -> list[Said]:
    """What the answer is: its question, grain, notes, terms, parameters, tables and release."""
    t, query = view.t, answer.query
    lines = [Said(t("source.question"), t.of(query.title)), Said(t("source.grain"), t.of(query.grain))]
    if query.notes:
        lines.append(Said(t("source.notes"), t.of(query.notes)))
    stand_ins = answer.release.stand_ins(query)
    for term in queries.terms_of(query).values():
        said = t.of(term.title) + ("" if term.notes is None else t("source.term_notes", notes=t.of(term.notes)))
        if term.name in stand_ins:
            said += t("source.term_stands_in", number=answer.release.number)
        lines.append(Said(t("source.term", name=term.name), said))
    if query.name == "kpis" and (numbers := view.store.trend_stand_ins(view.release, view.as_of)):
        told = t("common.comma").join(map(str, numbers))
        lines.append(Said(t("source.trend"), t("source.trend_stands_in", numbers=told)))
    for name, words in query.params.items():
        lines.append(Said(t.of(words), _asked(query, name, answer.params.get(name), view)))
    tables = [all_tables()[name] for name in queries.base_tables(query) if name in all_tables() and is_used(view, name)]
    lines.append(Said(t("source.tables"), t("common.comma").join(t.of(table.title) for table in tables)))
    lines.append(Said(t("source.release"), release_line(answer, view)))
    return lines


def _asked(query: queries.Query, name: str, value: object, view: View) -> str:
    """What a parameter was, in words: ledgers, pages, districts and codes by what they are called."""
    t, returned = view.t, {column.name: column for column in query.returns}
    if value is None:
        return t("source.all")
    if name == "table_name" and value in all_tables():
        return t.of(all_tables()[value].title)
    if name == "page":
        return menu_of(t, value)
    if name == "district":
        return view.district_names.get(value, value)
    return t.cell(returned[name], value) if name in returned else str(value)


def release_line(answer: Answer, view: View) -> str:
    """The release an answer came from, in one line; of an act that made several, the act as well."""
    t, release = view.t, answer.release
    said = t(
        "source.release_line",
        number=release.number,
        day=t.day(release.as_of),
        by=release.published_by,
        note=release.note_zh if t.code == "zh" else release.note_en,
    )
    act = act_of(release, release.number)
    if len(act) == 1:
        return said
    day = next(row["as_of_on"] for row in release.notes() if row["release"] == act[0])
    return said + t("source.of_act", first=act[0], last=act[-1], day=t.day(day))


def kpi_definition(kpi: str, view: View) -> str:
    """The definition of a KPI, from the header of the query that computes it."""
    return view.t.of(queries.answers()["kpis"].definitions[kpi])


def meaning_of(kpi: str, view: View) -> Said:
    """A KPI by its name, and its definition."""
    return Said(view.t.label("kpi", kpi), kpi_definition(kpi, view))


def sql_files(exhibit: Exhibit) -> dict[str, str]:
    """The files of questions and terms that an exhibit was made with → their SQL."""
    found = {}
    for answer in exhibit.answers:
        found[f"queries/answers/{answer.query.name}.sql"] = answer.query.sql
        found.update({f"queries/terms/{term.name}.sql": term.sql for term in queries.terms_of(answer.query).values()})
    return found


def rows_behind(answer: Answer, view: View) -> Answer | None:
    """The answer that lists the rows behind this one: itself when it is a list, else the one its header names."""
    if answer.query.rows_of or answer.query.name == "kpi_rows":
        return answer
    return view.ask(answer.query.behind) if answer.query.behind else None


def traced(answer: Answer, view: View) -> Table:
    """The rows of a list, each with the release, file and line that last brought it."""
    plain = as_table(answer, view.t)
    rows = tuple(
        (*_origin_cells(origin, view), *cells)
        for origin, cells in zip(origins_of(answer, view), plain.rows, strict=True)
    )
    return Table((*_origin_headings(view), *plain.columns), rows, plain.empty)


def origins_of(answer: Answer, view: View) -> list[dict[str, object]]:
    """For each row of a list, what last brought it (release, file_name, line …); empty where that is not known."""
    table = all_tables()[answer.query.rows_of]
    origins = {row["row_key"]: row for row in view.ask("origins", table_name=table.name).records()}
    return [origins.get(table.key_of(record), {}) for record in answer.records()]


def counted(answer: Answer, view: View) -> Table:
    """The rows that make a KPI (`kpi_rows`), each behind the release, file and line that last brought it."""
    first = ("release", "file_name", "line")
    said = [name for name in answer.columns if name not in (*first, "kpi", "sha256")]
    return as_table(answer, view.t, (*first, *said))


def _origin_headings(view: View) -> Sequence[str]:
    t = view.t
    return t("source.release_short"), t("source.file"), t("source.line")


def _origin_cells(origin: dict, view: View) -> tuple[Cell, ...]:
    return (
        Cell(view.t.number(origin.get("release")), is_number=True),
        Cell(origin.get("file_name") or NOT_KNOWN),
        Cell(view.t.number(origin.get("line")), is_number=True),
    )


def files(answer: Answer, view: View) -> Table:
    """The files that brought the tables an answer reads: name, checksum, as-of date, counts."""
    t, tables = view.t, queries.base_tables(answer.query)
    days = {row["release"]: row["as_of_on"] for row in view.ask("release_list").records()}
    rows = []
    for number in sorted(days, reverse=True):
        for row in view.ask("received_files", release=number).records():
            if row["table_name"] in tables:
                rows.append(
                    (
                        Cell(str(number), is_number=True),
                        Cell(t.day(days[number])),
                        Cell(row["file_name"]),
                        Cell(t.of(all_tables()[row["table_name"]].title)),
                        Cell(t.number(row["rows_total"]), is_number=True),
                        Cell(row["sha256"]),
                    )
                )
    headings = ("release_short", "as_of", "file", "ledger", "rows", "sha256")
    return Table(tuple(t(f"source.{name}") for name in headings), tuple(rows), t("source.no_files"))


def quotes(exhibit: Exhibit, view: View) -> list[dict[str, object]]:
    """The quoted facts that the rows of an exhibit cite, each once: fact_id, quote_zh, not_given, value_basis."""
    cited: dict[str, None] = {}
    for answer in exhibit.answers:
        for one in (answer, rows_behind(answer, view)):
            if one and "fact_id" in one.columns:
                cited.update(dict.fromkeys(fact for fact in one.column("fact_id") if fact))
    facts = {row["fact_id"]: row for row in view.ask("facts", source_id=None).records()}
    return [facts[fact] for fact in cited if fact in facts]
