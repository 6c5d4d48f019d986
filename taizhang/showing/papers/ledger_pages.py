"""The pages of the ledger workbook that are read and not filled in: cover, numbers of the slides, how to fill in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from taizhang.declared import queries
from taizhang.declared.tables import Column, Table, ledgers
from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Cell, Figures
from taizhang.drawing.shapes import Table as Grid
from taizhang.drawing.twins import as_table
from taizhang.exhibits.parts_of_campaign import columns_left_out, ledgers_of
from taizhang.exhibits.sources import definitions
from taizhang.exhibits.tones import TONE_OF_LIGHT, toned
from taizhang.exhibits.views import View
from taizhang.showing.papers.ledger_style import Style, height_of, on_paper
from taizhang.showing.papers.sections import Section, circumstances, sections
from taizhang.showing.slides import Showing

MOST_ROWS = 200  # of a list that a slide shows; the ledgers themselves are in the workbook
RULES = ("edit", "edits", "empty", "rows", "conflict", "computed", "free", "print")


@dataclass(frozen=True)
class Inside:
    """A ledger in the workbook: its sheet, its rows, its columns on paper and in all; `is_folded`: out of sight."""

    table: Table
    sheet: str
    rows: int
    printed: int
    columns: int
    is_folded: bool


class _Page:
    """A sheet that is written from top to bottom."""

    def __init__(self, sheet: Worksheet, style: Style, showing: Showing, title: str, widths: Sequence[float]):
        self.sheet, self.style, self.t, self.line, self.widths = sheet, style, showing.view.t, 0, widths
        sheet.hide_gridlines(2)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        about = " · ".join(circumstances(showing))
        on_paper(sheet, showing.meeting.title, "", about, self.t("ledgerbook.page_of"))
        self.put(title, look="title")
        self.sheet.set_row(0, 30)
        self.put(about, look="demo" if showing.is_demo else "faint")

    def put(self, *cells: str, look: str = "words", first: int = 0) -> None:
        """One line of texts from the column `first` on."""
        for place, text in enumerate(cells, start=first):
            if text:
                self.sheet.write_string(self.line, place, text, self.style[look])
        self.line += 1

    def prose(self, text: str) -> None:
        """A text across all columns but the first."""
        last = len(self.widths) - 1
        self.sheet.merge_range(self.line, 1, self.line, last, text, self.style["words"])
        self.sheet.set_row(self.line, height_of([(text, sum(self.widths[1:]))]))
        self.line += 1

    def fit(self, texts: Iterable[str]) -> None:
        """Make the line as high as its texts need."""
        self.sheet.set_row(self.line, height_of(zip(texts, self.widths, strict=False)))

    def head(self, text: str) -> None:
        self.line += 1
        self.put(text, look="head")

    def grid(self, table: Grid, first: int = 0) -> None:
        """A table of words; a tone colours its cell, which says the same in words."""
        shown, rest = table.first(MOST_ROWS)
        if any(shown.columns):
            self.put(*shown.columns, look="label", first=first)
        for row in shown.rows:
            for place, cell in enumerate(row, start=first):
                plain = self.style["right" if cell.is_number else "words"]
                look = self.style.toned(cell.tone) if cell.symbol else plain
                self.sheet.write_string(self.line, place, cell.shown, look)
            self.fit([""] * first + [cell.text for cell in row])
            self.line += 1
        if not shown.rows:
            self.put(shown.empty, look="faint", first=first)
        if rest:
            self.put(self.t("ledgerbook.more", count=rest), look="faint", first=first)


# --- cover -----------------------------------------------------------------------------------------------------


def cover(sheet: Worksheet, style: Style, showing: Showing, inside: Iterable[Inside]) -> None:
    """What the workbook is, the figures of the meeting's first slide that has some, and what is in it."""
    t, own = showing.view.t, sections(showing)
    page = _Page(sheet, style, showing, showing.meeting.title, (30, 20, 44, 24, 18))
    page.put(t("ledgerbook.kind"), look="faint")
    page.put(t("ledgerbook.held_on"), t.day(showing.meeting.held_on))
    lead = next((one for one in own if one.slide.figures), None)
    if lead:
        page.head(f"{t('ledgerbook.headline')} · {lead.slide.title}")
        _figures(page, lead.slide.figures, t, "big")
        page.put(t("ledgerbook.passport_note"), look="faint")
    page.head(t("ledgerbook.inside"))
    page.put(*(t(f"ledgerbook.{name}") for name in ("ledger", "rows", "printed")), look="label")
    for one in inside:
        if one.is_folded:
            sheet.write_string(page.line, 0, t.of(one.table.title), style["faint"])
        else:
            sheet.write_url(page.line, 0, f"internal:'{one.sheet}'!A1", style["link"], t.of(one.table.title))
        sheet.write_number(page.line, 1, one.rows, style["count"])
        said = t("ledgerbook.printed_of", printed=one.printed, all=one.columns)
        said = t("ledgerbook.folded") if one.is_folded else said
        sheet.write_string(page.line, 2, said, style["words"])
        page.line += 1
    sheet.fit_to_pages(1, 1)
    sheet.activate()


def _figures(page: _Page, shape: Figures, t: Language, look: str = "words", first: int = 0) -> None:
    names = ("figure", "value", "detail", "change", "passport")
    page.put(*(t(f"ledgerbook.{name}") for name in names), look="label", first=first)
    for one in shape.items:
        looks = ("words", look, "words", "words", "code")
        said = (one.label, one.value, one.detail, one.change, one.passport)
        for place, (text, own) in enumerate(zip(said, looks, strict=True), start=first):
            page.sheet.write_string(page.line, place, text, page.style[own])
        if look == "words":
            page.fit([""] * first + list(said))
        page.line += 1


# --- every number of the slides --------------------------------------------------------------------------------


def figures(sheet: Worksheet, style: Style, showing: Showing) -> None:
    """Slide by slide: what it says, its figures, its drawing as a table, and the passport of each."""
    t = showing.view.t
    page = _Page(sheet, style, showing, t("ledgerbook.figures"), (14, 30, 34, 34, 30, 24, 18, 18, 18, 18))
    page.put(t("ledgerbook.passport_note"), look="faint")
    for section in sections(showing):
        _section(page, section, t)


def _section(page: _Page, section: Section, t: Language) -> None:
    slide, (first, last) = section.slide, section.pages
    page.head(slide.title)
    pages = str(first) if first == last else f"{first}–{last}"
    page.put(t("ledgerbook.slides", pages=pages), section.slide.caption, look="faint")
    if slide.passport:
        page.put(slide.passport, look="code")
    for said in (*section.restated, *section.remarks):
        page.put(said, look="faint", first=1)
    if slide.figures:
        _figures(page, slide.figures, t, first=1)
    if section.body is not None:
        page.grid(as_table(section.body, t), first=1)


# --- how to fill in --------------------------------------------------------------------------------------------


def guide(sheet: Worksheet, style: Style, showing: Showing) -> None:
    """How to fill in and hand back, what the lists offer, and what every figure means."""
    t, view = showing.view.t, showing.view
    page = _Page(sheet, style, showing, t("ledgerbook.guide"), (16, 34, 20, 84))
    page.head(t("ledgerbook.guide_title"))
    day = t.day(view.as_of)
    for number, rule in enumerate(RULES, start=1):
        blanks = {"day": day} if rule == "computed" else {}
        sheet.write_string(page.line, 0, str(number), style["right"])
        page.prose(t(f"ledgerbook.guide_{rule}", **blanks))
    page.head(t("ledgerbook.lights_title"))
    for one in t.codes("light"):
        page.grid(_one_row(toned(t.of(one.label), TONE_OF_LIGHT[one.code])))
    page.prose(t.of(queries.terms()["action_at"].notes))
    page.head(t("ledgerbook.codes_title"))
    page.grid(_choices(view))
    page.head(t("ledgerbook.notes_title"))
    page.grid(_notes(view))
    page.head(t("ledgerbook.definitions_title", day=day))
    page.grid(definitions(view).shape)


def _one_row(*cells: Cell) -> Grid:
    return Grid((), (cells,), "")


def _columns(view: View) -> Iterator[tuple[Table, Column]]:
    """The columns of the ledgers that a clerk fills."""
    left_out = columns_left_out(view)
    for table in (ledgers()[name] for name in ledgers_of(view)):
        yield from ((table, column) for column in table.columns if column.name not in left_out)


def _choices(view: View) -> Grid:
    """Ledger, column, the choices of its list."""
    t = view.t
    rows = tuple(
        (
            Cell(t.of(table.title)),
            Cell(t.of(column.heading)),
            Cell(""),
            Cell(t("common.comma").join(t.of(one.label) for one in t.codes(column.codes))),
        )
        for table, column in _columns(view)
        if column.codes
    )
    names = ("ledger", "code_column", "", "code_labels")
    return Grid(tuple(t(f"ledgerbook.{name}") if name else "" for name in names), rows, t("common.no_rows"))


def _notes(view: View) -> Grid:
    t = view.t
    rows = tuple(
        (Cell(t.of(table.title)), Cell(t.of(column.heading)), Cell(""), Cell(t.of(column.note)))
        for table, column in _columns(view)
        if column.note
    )
    names = ("ledger", "code_column", "", "note")
    return Grid(tuple(t(f"ledgerbook.{name}") if name else "" for name in names), rows, t("common.no_rows"))
