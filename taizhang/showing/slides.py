"""A script made into slides: exhibits cut to what one screen holds. Screen, deck and papers draw the same slides.

Lengths are in hundredths of the slide's height (vh). Tables are cut for the narrowest screen, 4:3; on a wider one
they only have more air, so that page 7 is page 7 in every form.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from taizhang.drawing.shapes import Bars, Cell, Figures, Outlines, Shape, Table
from taizhang.drawing.twins import as_table
from taizhang.evidence.passports import stamped
from taizhang.evidence.restatements import restatements, sentence
from taizhang.exhibits import Exhibit
from taizhang.exhibits.catalogue import exhibit
from taizhang.exhibits.views import View
from taizhang.showing.meetings import Meeting, ScriptLine, superseded
from taizhang.store import Standing, Store

COVER = "meeting.cover"
# A text to read, not to show; outlines, which stand nowhere without their credit line: tiles show the same places.
NOT_ON_A_SLIDE = ("sources.article", "research.outlines")
TEXT_VH = 2.6  # text of a table; nothing on a slide is smaller than 2.2
LINE_VH = 1.45 * TEXT_VH
TABLE_WIDTH_VH = 120.0  # of a 4:3 slide, 133 wide, without its margins
TABLE_HEIGHT_VH = 66.0  # below headline and caption, above remarks and footer
FIGURES_VH = 24.0  # what a row of headline figures takes from it
CELL_PADDING_VH = 2.4  # left and right of a cell together
ROW_PADDING_VH = 1.5
SENTENCE = 8.0  # em, the least for a column of sentences
SHORT_TERMS = (6.0, 4.2, 0.0)  # em; a cell no longer stands on one line, where the width allows
BOLD = 1.07  # headings and states are bold, and so much wider
MOST_PAGES = 3
MOST_LINES = (9, 5, 3)  # of one cell, the first with which all rows find room; a longer text ends in …
MOST_BARS = 12
MOST_FIGURES = 4


@dataclass(frozen=True)
class Slide:
    """One screen: the finding, at most four figures, at most one drawing, and where they come from.

    `widths` are the columns' shares of a table's width. `is_empty`: nothing to show, and `remarks` says so. `part` is
    (2, 3) for the second of three pages of one list. `restated` says which of its figures were corrected since.
    """

    name: str
    title: str
    caption: str
    figures: Figures | None
    body: Shape | None
    widths: tuple[float, ...]
    remarks: tuple[str, ...]
    note: str
    exhibits: tuple[Exhibit, ...]
    view: View
    part: tuple[int, int] = (1, 1)
    is_empty: bool = False
    restated: tuple[str, ...] = ()

    @property
    def is_cover(self) -> bool:
        return self.name == COVER

    @property
    def is_demo(self) -> bool:
        return any(one.is_demo for one in self.exhibits)

    @property
    def passport(self) -> str:
        """The code of the slide: that of its drawing, or of its figures where it has only these."""
        return self.exhibits[-1].passport


@dataclass(frozen=True)
class Showing:
    """A meeting in one language: its view and its slides in order."""

    meeting: Meeting
    view: View
    slides: tuple[Slide, ...]

    @property
    def is_demo(self) -> bool:
        return bool(self.view.release.demo_tables)


def show(store: Store, meeting: Meeting, lang: str) -> Showing:
    """The slides of a meeting in one language; those of a superseded capsule say so first of all."""
    slides, standing = [], store.standing()
    for line in meeting.script:
        first, *more = slides_of(line, meeting.view(store, lang, line.district)) or (None,)
        if first:
            if meeting.superseded_by and not slides:
                first = replace(first, remarks=(superseded(meeting, first.view.t), *first.remarks))
            slides += [replace(first, restated=_restated(standing, first)), *more]
    return Showing(meeting, meeting.view(store, lang), tuple(slides))


def _restated(standing: Standing, slide: Slide) -> tuple[str, ...]:
    """What of a slide was corrected since, a sentence for each exhibit; only the first one's headline is on it."""
    found = [restatements(standing, one, slide.view) for one in slide.exhibits]
    shown = [found[0], *([one for one in each if one.place or one.count] for each in found[1:])]
    return tuple(sentence(each, slide.view.t) for each in shown if each)


def slides_of(line: ScriptLine, view: View) -> tuple[Slide, ...]:
    """The slides of one line of a script: several for a long list, none for an empty one that is to be left out."""
    exhibits = tuple(stamped(exhibit(name, view), view) for name in line.exhibits)
    if all(one.shape.is_empty for one in exhibits):
        return () if line.when_empty == "leave_out" else (_nothing(line, view, exhibits),)
    lead, last = exhibits[0], exhibits[-1]
    figures = lead.shape if isinstance(lead.shape, Figures) else None
    if figures:
        figures = Figures(figures.items[:MOST_FIGURES])
    body = None if isinstance(last.shape, Figures) or (len(exhibits) > 1 and last.shape.is_empty) else last.shape
    if isinstance(body, Outlines):
        body = as_table(body, view.t)
    pages = list(_pages(body, view, FIGURES_VH if figures else 0))
    notes = tuple(one.note for one in exhibits if one.note)
    return tuple(
        Slide(
            name=lead.name,
            title=lead.title,
            caption=last.caption,
            body=page,
            widths=widths,
            figures=figures if place == 1 else None,
            remarks=(*notes, *said),
            note=line.note,
            exhibits=exhibits,
            view=view,
            part=(place, len(pages)),
        )
        for place, (page, widths, said) in enumerate(pages, start=1)
    )


def _nothing(line: ScriptLine, view: View, exhibits: tuple[Exhibit, ...]) -> Slide:
    """A slide that says in one line that there is nothing to show."""
    shape = exhibits[-1].shape
    said = shape.if_empty or view.t("slides.nothing")
    title = exhibits[0].title
    remarks = (said,) if said != title else ()
    return Slide(
        exhibits[0].name, title, exhibits[-1].caption, None, None, (), remarks, line.note, exhibits, view, is_empty=True
    )


# --- cut to one screen -----------------------------------------------------------------------------------------


def _pages(shape: Shape | None, view: View, taken: float) -> Iterator[tuple[Shape | None, tuple[float, ...], tuple]]:
    """(what one slide shows, its column widths, what is to be said about the rest); `taken` is gone from the first."""
    if isinstance(shape, Table):
        yield from _table_pages(shape, view, taken)
    elif isinstance(shape, Bars) and len(shape.items) > MOST_BARS:
        shown, rest = shape.first(MOST_BARS)
        yield shown, (), (view.t("slides.rest", count=rest),)
    else:
        yield shape.upright() if shape else None, (), ()


def _table_pages(table: Table, view: View, taken: float) -> Iterator[tuple[Table, tuple[float, ...], tuple]]:
    """The pages of a table: whole cells if all rows then find room, else long cells cut, so that more rows do."""
    widths = column_widths(table)
    shares = [share * TABLE_WIDTH_VH for share in widths]
    for most_lines in MOST_LINES:
        rows = [
            tuple(_short(cell, width, most_lines) for cell, width in zip(row, shares, strict=True))
            for row in table.rows
        ]
        pages = _parted(table.columns, rows, shares, taken)
        rest = len(rows) - sum(map(len, pages))
        if not rest:
            break
    for number, page in enumerate(pages, start=1):
        said = (view.t("slides.rest", count=rest),) if rest and number == len(pages) else ()
        yield replace(table, rows=tuple(page)), widths, said


def _parted(
    columns: Sequence[str], rows: Sequence[tuple[Cell, ...]], shares: Sequence[float], taken: float
) -> list[list[tuple[Cell, ...]]]:
    """As many rows as find room, page by page."""
    whole = TABLE_HEIGHT_VH - _row_height([Cell(text) for text in columns], shares)
    pages: list[list[tuple[Cell, ...]]] = [[]]
    room = whole - taken
    for row in rows:
        needed = _row_height(row, shares)
        if pages[-1] and needed > room:
            if len(pages) == MOST_PAGES:
                break
            pages.append([])
            room = whole
        pages[-1].append(row)
        room -= needed
    return pages


def column_widths(table: Table, total: float = TABLE_WIDTH_VH / TEXT_VH) -> tuple[float, ...]:
    """Shares of `total` em: no column narrower than what may not be broken in it, sentences taking what is left."""
    texts = [[table.columns[place], *(row[place].shown for row in table.rows)] for place in range(len(table.columns))]
    padding = CELL_PADDING_VH / TEXT_VH
    natural = [max(2.0, *map(_ems, column)) for column in texts]
    for short_term in SHORT_TERMS:
        least = [
            max(SENTENCE if place in table.wide else 0, *(unbroken(text, short_term) for text in column)) + padding
            for place, column in enumerate(texts)
        ]
        if sum(least) <= total:
            break
    else:
        return tuple(one / sum(least) for one in least)
    wanted = [
        max(min(width, 34 if place in table.wide else 15) + padding, least[place])
        for place, width in enumerate(natural)
    ]
    spare = total - sum(wanted)
    growing = table.wide or range(len(wanted))
    if spare > 0:
        weights = [natural[place] if place in growing else 0 for place in range(len(wanted))]
    else:
        weights = [width - at_least + 0.01 for width, at_least in zip(wanted, least, strict=True)]
    return tuple((width + spare * weight / sum(weights)) / total for width, weight in zip(wanted, weights, strict=True))


def unbroken(text: str, short_term: float = SHORT_TERMS[0]) -> float:
    """How wide, in em, the longest piece of a text is that nobody wants to see broken: a word, a date, a short term."""
    pieces = [text] if _ems(text) <= short_term else re.findall(r"[^\s\u2e80-\uffff]+", text)
    return max(map(_ems, pieces), default=0.0) * BOLD


def _short(cell: Cell, width: float, most_lines: int) -> Cell:
    """A cell whose text needs no more lines than that."""
    room = int(_line_ems(width) * most_lines * 0.9)
    if _ems(cell.shown) <= room:
        return cell
    kept, used = "", 1.0
    for letter in cell.text:
        used += _em(letter)
        if used > room:
            break
        kept += letter
    return replace(cell, text=kept.rstrip() + "…")


def _row_height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    lines = max(_lines(cell.shown, width) for cell, width in zip(cells, widths, strict=True))
    return lines * LINE_VH + ROW_PADDING_VH


def _lines(text: str, width: float) -> int:
    """How many lines a text takes; words of Latin letters break at spaces, which costs some room."""
    room = _line_ems(width) * (0.92 if text.isascii() else 0.97)
    return max(1, -int(-_ems(text) // max(room, 1)))


def _line_ems(width: float) -> float:
    return max((width - CELL_PADDING_VH) / TEXT_VH, 1)


def _ems(text: str) -> float:
    return sum(map(_em, text))


def _em(letter: str) -> float:
    """The width of a letter: a Chinese character is one em, a Latin letter a little more than half of one."""
    return 1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.58
