"""The ledgers as one workbook for a meeting 整改台账: to print, to fill in, and to upload again.

One sheet for each ledger that has rows; before them the headline figures, behind them every number of the slides and
how to fill in. Two hidden sheets go with it: the choices of the lists, and what every cell said when the workbook
was handed out, from which an upload tells edits from cells nobody touched (`uploads.handed_out`).
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from taizhang.declared.tables import Column, Table, code_lists, ledgers
from taizhang.declared.values import to_text
from taizhang.declared.wording import Language
from taizhang.exhibits.parts_of_campaign import ledgers_of
from taizhang.exhibits.tones import SYMBOL_OF_TONE, TONE_OF_LIGHT, TONE_OF_STATUS
from taizhang.showing.export import NOTHING_RUNS, Held, held, in_each, sheet_name, width_of, write
from taizhang.showing.papers.ledger_pages import Inside, cover, figures, guide
from taizhang.showing.papers.ledger_style import FONT, Growing, Style, height_of, on_paper, pages_of
from taizhang.showing.slides import Showing
from taizhang.uploads.handed_out import BASE, LISTS, LISTS_MARK, base_lines

# The ledgers that a meeting works with stand before those that seldom change.
FIRST = ("action", "issue", "extension", "commitment", "suggestion", "proposal", "research_topic", "visit", "event")
# Registers and settings: in the workbook, so that they come back too, but out of sight and off the paper.
FOLDED = ("campaign", "strand", "term", "rung", "meeting", "figure", "source", "fact", "district", "town")
# What is printed of them, in this order; a computed column is named by its own name.
ON_PAPER = {
    "action": (
        "action_id",
        "issue_id",
        "content",
        "rect_type",
        "resp_unit",
        "due_on",
        "status",
        "light",
        "percent",
        "progress_note",
        "result_note",
        "blocker",
    ),
    "issue": (
        "issue_id",
        "title",
        "level",
        "nature",
        "lead_leader",
        "lead_unit",
        "standard",
        "identified_on",
        "state",
        "light",
    ),
    "fact": ("fact_id", "kind", "subject_zh", "subject_en", "value_text", "date_text", "quote_zh"),
}
QUIET = ("is_demo", "fact_id")  # on the right, not on paper
PAPER_WIDTH = 165  # characters across A4 at a size that can be read
NARROW = 16  # a column up to this width keeps it; wider ones share what is left
SPARE = 500  # empty lines below, ready to be filled in
MEASURED = 200  # rows that the widths are taken from
EVERY = 500  # rows between two words on progress
TONES = {"status": TONE_OF_STATUS, "light": TONE_OF_LIGHT}  # code lists that have a colour
YES_NO = "yes_no"
DAYS = dt.date(1900, 3, 1), dt.date(2199, 12, 31)
NUMBERS = -(2**31) + 1, 2**31 - 1

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Computed:
    """A column that follows from the others and is not read back: its heading, and its code by row key."""

    name: str
    heading: str
    codes: str
    values: Mapping[str, str | None]
    has_symbol: bool = False


# Ledger → (column, answer that computes it, column of the answer, whether a symbol stands before the word)
COMPUTED = {
    "action": (("light", "actions", "light", True),),
    "issue": (("state", "issues", "status", False), ("light", "issues", "light", True)),
}


def build(showings: Sequence[Showing], tell: Tell | None = None) -> bytes:
    """The workbook of a meeting as .xlsx, in the language of its showing, or with both languages in every heading.

    The same showings give the same bytes. `tell` hears of the rows written, as (done, total). Raises
    `export.TooLong` for a text that no cell can hold.
    """
    first, out = showings[0], io.BytesIO()
    with Workbook(out, {"in_memory": True, "default_format_properties": dict(FONT), **NOTHING_RUNS}) as workbook:
        workbook.set_properties({"title": first.meeting.title, "created": first.view.release.published_at})
        made = _Book(workbook, showings, tell or (lambda done, total: None))
        covers = [workbook.add_worksheet(one.view.t("ledgerbook.cover"), Growing) for one in showings]
        inside = [made.ledger(table) for table in made.tables]
        for showing, sheet in zip(showings, covers, strict=True):
            cover(sheet, made.style, showing, inside)
        for page, name in ((figures, "ledgerbook.figures"), (guide, "ledgerbook.guide")):
            for showing in showings:
                page(workbook.add_worksheet(showing.view.t(name), Growing), made.style, showing)
        made.hidden_sheets()
    return out.getvalue()


@dataclass
class _Book:
    """The ledger sheets of one workbook, and what the hidden sheets have to keep of them."""

    book: Workbook
    showings: Sequence[Showing]
    tell: Tell
    style: Style = field(init=False)
    languages: list[Language] = field(init=False)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)  # code list → its choices
    said: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # what an upload compares with
    done: int = 0

    def __post_init__(self) -> None:
        self.style = Style(self.book)
        self.languages = [one.view.t for one in self.showings]
        self.rows = self.showings[0].view.release.rows()
        self.tables = sorted(
            (ledgers()[name] for name in ledgers_of(self.showings[0].view) if self.rows[name]),
            key=lambda table: FIRST.index(table.name) if table.name in FIRST else len(FIRST),
        )
        self.total = sum(len(self.rows[table.name]) for table in self.tables)

    def words(self, key: str, **blanks: object) -> str:
        return in_each(self.languages, lambda t: t(key, **blanks))

    # --- one ledger ---

    def ledger(self, table: Table) -> Inside:
        """Write the sheet of one ledger."""
        rows = sorted(self.rows[table.name].items(), key=lambda row: _natural(row[0]))
        cells = {key: self.cells(table, row) for key, row in rows}
        self.said[table.name] = {key: list(map(_as_read, own.values())) for key, own in cells.items()}
        printed, others = self.divided(table, list(cells.values()))
        title = in_each(self.languages, lambda t: t.of(table.title))
        sheet = self.book.add_worksheet(sheet_name(title.replace(" / ", " ")), Growing)
        columns, widths = [*printed, *others], self.widths(printed, others, cells)
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            self.column(sheet, place, column, width, len(cells))
        shown = list(zip(printed, widths, strict=False))
        heights = [height_of((self.heading(column), width) for column, width in shown)]
        sheet.set_row(0, heights[0])
        for line, (key, own) in enumerate(cells.items(), start=1):
            own |= {column.name: self.computed(column, key) for column in columns if isinstance(column, Computed)}
            heights.append(height_of((_as_read(own[column.name]), width) for column, width in shown))
            sheet.set_row(line, heights[-1])
            for place, column in enumerate(columns):
                if isinstance(column, Computed):
                    sheet.write_string(line, place, own[column.name], self.style["computed"])
                elif own[column.name] is None:
                    sheet.write_blank(line, place, None, self.style[_kind(column)])
                else:
                    write(sheet, line, place, own[column.name], self.style)
            self.done += 1
            if self.done % EVERY == 0 or self.done == self.total:
                self.tell(self.done, self.total)
        self.frame(sheet, title, len(cells), len(columns))
        is_folded = table.name in FOLDED and any(one.name not in FOLDED for one in self.tables)
        if is_folded:
            sheet.hide()
        else:  # a hidden sheet with an area to print is printed by LibreOffice
            sheet.repeat_rows(0)
            sheet.print_area(0, 0, len(cells), len(printed) - 1)
            sheet.fit_to_pages(1, pages_of(heights, sum(width for _, width in shown)))
        return Inside(table, sheet.get_name(), len(cells), len(printed), len(columns), is_folded)

    def cells(self, table: Table, row: Mapping[str, object]) -> dict[str, Held]:
        return {one.name: held(table, one, row[one.name], self.languages) for one in table.columns}

    def divided(self, table: Table, cells: list[dict[str, Held]]) -> tuple[list, list]:
        """The columns that are printed and the others. Without an order of its own, a ledger prints what is filled."""
        columns: dict[str, Column | Computed] = {column.name: column for column in table.columns}
        columns |= {one.name: one for one in self.computed_columns(table)}
        names, others = ON_PAPER.get(table.name), self.in_other_words(table)
        if names is not None:
            names = [name for name in names if name not in others]
        else:
            names, width = [], 0
            for column in table.columns:
                is_filled = column.name not in (*QUIET, *others) and any(own[column.name] is not None for own in cells)
                if is_filled or column.name in table.key:
                    width += min(self.natural(column, cells), NARROW)
                    names += [column.name] if width <= PAPER_WIDTH else []
        return [columns[name] for name in names], [one for name, one in columns.items() if name not in names]

    def in_other_words(self, table: Table) -> set[str]:
        """The columns that say once more in English, in a book in Chinese alone, what one beside them says.

        An English one keeps the Chinese: names of places and units are what people know them by.
        """
        if "en" in {one.code for one in self.languages}:
            return set()
        return {column.name for column in table.columns if column.name.endswith("_en")} - set(table.key)

    def computed_columns(self, table: Table) -> Iterator[Computed]:
        view = self.showings[0].view
        for name, question, said, has_symbol in COMPUTED.get(table.name, ()):
            answer = view.ask(question)
            returned = answer.query.returned(said)
            heading = in_each(self.languages, lambda t, returned=returned: t.heading(returned))
            values = dict(zip(map(table.key_of, answer.records()), answer.column(said), strict=True))
            marked = f"{heading}\n[{self.words('ledgerbook.not_read')}]"
            yield Computed(name, marked, returned.codes, values, has_symbol)

    def computed(self, column: Computed, key: str) -> str:
        code = column.values.get(key)
        return self.choice(column.codes, code, column.has_symbol) if code else ""

    def choice(self, codes: str, code: str, has_symbol: bool = False) -> str:
        said = in_each(self.languages, lambda t: t.label(codes, code))
        return f"{SYMBOL_OF_TONE[TONES[codes][code]]} {said}" if has_symbol else said

    def heading(self, column: Column | Computed) -> str:
        if isinstance(column, Computed):
            return column.heading
        return in_each(self.languages, lambda t: t.of(column.heading)).replace(" / ", " /\n")

    def natural(self, column: Column | Computed, cells: list[dict[str, Held]]) -> int:
        """The width of a column whose texts nobody breaks; a heading may take two lines."""
        heading = max(map(len, self.heading(column).split("\n")), default=0)
        own = [self.heading(column) if heading <= NARROW else "x" * (NARROW - 4)]
        if isinstance(column, Computed):
            return width_of([*own, *(self.choice(column.codes, code, column.has_symbol) for code in _toned(column))])
        return width_of([*own, *(_as_read(row[column.name]) for row in cells[:MEASURED])])

    def widths(self, printed: list, others: list, cells: Mapping[str, dict[str, Held]]) -> list[float]:
        """Widths in characters: those printed share one page between them, the others take what they need."""
        rows = list(cells.values())
        natural = [self.natural(column, rows) for column in printed]
        wide = sum(width for width in natural if width > NARROW)
        left = max(PAPER_WIDTH - sum(width for width in natural if width <= NARROW), 0)
        share = min(1, left / wide) if wide else 1
        fitted = [width if width <= NARROW else max(NARROW, width * share) for width in natural]
        return [*fitted, *(self.natural(column, rows) for column in others)]

    def column(self, sheet: Worksheet, place: int, column: Column | Computed, width: float, rows: int) -> None:
        """Heading, width, list or bounds, and colours of one column."""
        is_computed = isinstance(column, Computed)
        sheet.set_column(place, place, width, self.style["computed" if is_computed else _kind(column)])
        look = "computed_heading" if is_computed else "heading"
        sheet.write_string(0, place, self.heading(column), self.style[look])
        cells = (1, place, rows + SPARE, place)
        if not is_computed and (rule := self.rule(column)):
            sheet.data_validation(*cells, rule)
        for code in _toned(column):
            said = self.choice(column.codes, code, is_computed and column.has_symbol)
            look = self.style.toned(TONES[column.codes][code])
            sheet.conditional_format(*cells, {"type": "cell", "criteria": "==", "value": f'"{said}"', "format": look})

    def rule(self, column: Column) -> dict[str, object] | None:
        """What may be typed into a column, and what is said to somebody who types something else."""
        told = {}
        if column.note:
            said = in_each(self.languages, lambda t: t.of(column.note))
            told = {"input_title": self.heading(column).replace("\n", " ")[:32], "input_message": said[:255]}
        if column.codes or column.type == "BOOLEAN":
            refusal = self.refusal("invalid_title", "invalid_code")
            return {"validate": "list", "source": self.list_of(column), **refusal, **told}
        if column.type == "DATE":
            least, most = DAYS
            kind, refusal = "date", self.refusal("invalid_day_title", "invalid_day")
        elif column.type == "VARCHAR":
            return {"validate": "any", **told} if told else None
        else:
            least, most = (0, 100) if column.unit and column.unit.zh == "%" else NUMBERS
            kind = "integer" if column.type == "INTEGER" else "decimal"
            refusal = self.refusal("invalid_number_title", "invalid_number", least=least, most=most)
        return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most, **refusal, **told}

    def refusal(self, title: str, message: str, **blanks: object) -> dict[str, str]:
        said = self.words(f"ledgerbook.{title}")[:32], self.words(f"ledgerbook.{message}", **blanks)[:255]
        return dict(zip(("error_title", "error_message"), said, strict=True))

    def list_of(self, column: Column) -> str:
        """Where the hidden sheet has the choices of a column."""
        name = column.codes or YES_NO
        if column.codes:
            self.lists[name] = tuple(self.choice(name, one.code) for one in self.languages[0].codes(name))
        else:
            self.lists[name] = (self.words("common.yes"), self.words("common.no"))
        place = list(self.lists).index(name) + 1
        return f"={LISTS}!{xl_range_abs(1, place, len(self.lists[name]), place)}"

    def frame(self, sheet: Worksheet, title: str, rows: int, columns: int) -> None:
        """What stays in sight on the screen, and what stands around a page."""
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, rows, columns - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(columns - 1)}{rows + SPARE}"})
        first = self.showings[0]
        looked_at = {one.view.t: one.view.circumstances for one in self.showings}
        seen = [in_each(self.languages, lambda t: looked_at[t].as_of)]
        seen.append(in_each(self.languages, lambda t: looked_at[t].release))
        seen += [self.words("common.demo")] if first.is_demo else []
        on_paper(sheet, first.meeting.title, title, " · ".join(seen), self.words("ledgerbook.page_of"))

    # --- what goes with it unseen ---

    def hidden_sheets(self) -> None:
        """The choices of the lists; and what every cell said, which an upload compares with."""
        lists = self.book.add_worksheet(LISTS)
        lists.write_string(0, 0, LISTS_MARK)
        for place, (name, choices) in enumerate(self.lists.items(), start=1):
            lists.write_column(0, place, [name, *choices])
        lists.hide()
        base = self.book.add_worksheet(BASE)
        for line, cells in enumerate(base_lines(self.showings[0].view.release, self.said)):
            for place, text in enumerate(cells):
                if text:
                    base.write_string(line, place, text)
        base.very_hidden()


def _kind(column: Column) -> str:
    """The format of a column's cells, also of those still to be filled in."""
    if column.type == "DATE":
        return "day"
    return "text" if column.type in ("VARCHAR", "BOOLEAN") or column.codes else "number"


def _as_read(cell: Held) -> str:
    """The text that an upload reads from a cell."""
    return "" if cell is None else cell if isinstance(cell, str) else to_text(cell)


def _toned(column: Column | Computed) -> list[str]:
    """The codes of a column that have a colour."""
    tones = TONES.get(column.codes or "", {})
    return [one.code for one in code_lists()[column.codes] if one.code in tones] if tones else []


def _natural(key: str) -> list[tuple[bool, int, str]]:
    """Keys in the order people count: CS-9 before CS-10."""
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", key)]
