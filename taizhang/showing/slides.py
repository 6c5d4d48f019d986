"""A script made into slides: exhibits cut to what one screen holds. Screen, deck and papers draw the same slides.

Lengths are in hundredths of the slide's height (vh). Tables are cut for the narrowest screen, 4:3; on a wider one
they only have more air, so that page 7 is page 7 in every form.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.tables import ledgers
from taizhang.declared.wording import language
from taizhang.drawing.shapes import Bars, CardPlaces, Cell, Figure, Figures, Outlines, Shape, Table
from taizhang.drawing.text import lines_needed
from taizhang.drawing.twins import as_table
from taizhang.evidence.passports import stamped
from taizhang.evidence.restatements import restatements, sentence
from taizhang.exhibits import Exhibit
from taizhang.exhibits.catalogue import exhibit
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.views import View
from taizhang.showing.commitments import promised_due, promised_figure
from taizhang.showing.meetings import Meeting, ScriptLine, superseded
from taizhang.store import Standing, Store

COVER = "meeting.cover"
OPENING = "meeting.opening"  # what a cover says in short
DECISIONS = "meeting.decisions"
CLOSING = "meeting.closing"  # of a meeting that agreed on something: what, who and by when
# A text to read, not to show; what a cover says anyway; outlines, which stand nowhere without their credit line:
# tiles show the same places.
NOT_ON_A_SLIDE = ("sources.article", "research.outlines", OPENING)
TEXT_VH = 2.59  # text of a table
TEXTS_VH = (TEXT_VH, 2.25)  # and the smallest there is, where it spares a page
TABLE_WIDTH_VH = 119.0  # of a 4:3 slide, 133 wide, without its margins
TABLE_HEIGHT_VH = 67.0  # below headline and caption, above remarks and footer
FIGURES_VH = 15.0  # what a row of headline figures takes from it
CELL_PADDING_VH = 2.4  # left and right of a cell together
ROW_PADDING_VH = 1.5
SENTENCE = 8.0  # em, the least for a column of sentences
SHORT_TERMS = (6.0, 4.2, 0.0)  # em; a cell no longer stands on one line, where the width allows
BOLD = 1.07  # headings and states are bold, and so much wider
COVER_FACTS = ("ledgers", "reported", "units")
MOST_PAGES = 3
FEWEST_ROWS = 4  # of a page that goes on with a list
MOST_LINES = (9, 5, 3, 2)  # of one cell, the first with which all rows find room; a longer text ends in …
MOST_CARDS = 3  # so few rows are shown as cards, where their list has any
MOST_BARS = 12
MOST_FIGURES = 4


@dataclass(frozen=True)
class Slide:
    """One screen: the finding, at most four figures, at most one drawing, and where they come from.

    `widths` are the columns' shares of a table's width. `is_empty`: nothing to show, and `remarks` says so. `part` is
    (2, 3) for the second of three pages of one list. `restated` says which of its figures were corrected since.
    `opening` is what a cover says in short: sentences, each with its figure.
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
    opening: tuple[Figure, ...] = ()

    @property
    def cards(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows of a short list that reads better as cards; `body.card` says which cell stands where on one."""
        body = self.body
        if not isinstance(body, Table) or body.card is None or self.figures or len(body.rows) > MOST_CARDS:
            return ()
        return body.rows

    @property
    def has_agreed(self) -> bool:
        """Whether a last card has room for what is agreed on today."""
        return self.name == DECISIONS and len(self.cards) < MOST_CARDS

    def below(self, row: tuple[Cell, ...]) -> str:
        """What stands at the foot of a row's card: whose it is, and until when."""
        return dotted(self.view, *(row[place].text for place in self.body.card.below))

    @property
    def is_cover(self) -> bool:
        return self.name == COVER

    @property
    def facts(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows of a cover's table that its band does not tell: how far the data can be trusted."""
        told = {self.view.t(f"agenda.cover_{name}") for name in COVER_FACTS}
        return tuple(row for row in self.body.rows if row[0].text in told) if isinstance(self.body, Table) else ()

    @property
    def is_demo(self) -> bool:
        return any(one.is_demo for one in self.exhibits)

    @property
    def passport(self) -> str:
        """The code of the slide: that of its drawing, or of its figures where it has only these; none of a closing."""
        return self.exhibits[-1].passport if self.exhibits else ""


@dataclass(frozen=True)
class Showing:
    """A meeting in one language: its view and its slides in order."""

    meeting: Meeting
    view: View
    slides: tuple[Slide, ...]

    @property
    def is_demo(self) -> bool:
        return bool(self.view.release.demo_tables)


@dataclass(frozen=True)
class Band:
    """What stands in the band of a cover: whose meeting it is, on which day and of which data."""

    office: str
    campaign: tuple[str, ...]
    data: tuple[str, ...]


def band_of(showing: Showing, slide: Slide) -> Band:
    """The band of a meeting's cover."""
    t, seen = slide.view.t, slide.view.circumstances
    whose = next(iter(slide.view.ask("campaign").records()), {})
    demo = t("common.demo_note") if slide.is_demo else ""
    data = (t.day(showing.meeting.held_on), slide.title, seen.release, seen.compared, demo)  # its finding says the day
    campaign = tuple(str(whose[name]) for name in ("campaign_name", "batch") if whose.get(name))
    return Band(whose.get("org_name") or "", campaign, tuple(one for one in data if one))


def show(store: Store, meeting: Meeting, lang: str) -> Showing:
    """The slides of a meeting in one language; those of a superseded capsule say so first of all."""
    slides, standing = [], store.standing()
    for line in meeting.script:
        first, *more = slides_of(line, meeting.view(store, lang, line.district)) or (None,)
        if first:
            if meeting.superseded_by and not slides:
                first = replace(first, remarks=(superseded(meeting, first.view.t), *first.remarks))
            slides += [replace(first, restated=_restated(standing, first)), *more]
    view = meeting.view(store, lang)
    return Showing(meeting, view, (*slides, *_closing(meeting, view)))


def _closing(meeting: Meeting, view: View) -> Iterator[Slide]:
    """What was agreed on at the meeting, at its end; nothing where nothing was."""
    if not meeting.commitments:
        return
    t, columns = view.t, ledgers()["commitment"]
    headings = ("", *(t.of(columns.column(name).heading) for name in ("content", "unit", "due_on", "kpi")))
    rows = tuple(
        (
            Cell(str(place)),
            Cell(one.content),
            Cell(one.unit or t("common.not_given")),
            Cell(promised_due(one, view)),
            Cell(promised_figure(one, view)),
        )
        for place, one in enumerate(meeting.commitments, start=1)
    )
    table = Table(headings, rows, "", wide=(1,), card=CardPlaces(state=0, about=1, said=None, below=(2, 3, 4)))
    pages = list(_table_pages(table, (table,), view, 0))
    title, caption = t("agenda.closing_title", count=len(rows)), t("agenda.closing_caption")
    for place, (page, widths, said) in enumerate(pages, start=1):
        yield Slide(CLOSING, title, caption, None, page, widths, said, "", (), view, part=(place, len(pages)))


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
    opening = stamped(exhibit(OPENING, view), view) if lead.name == COVER else None
    figures = lead.shape if isinstance(lead.shape, Figures) else None
    if figures:
        figures = Figures(figures.items[:MOST_FIGURES])
    body = None if isinstance(last.shape, Figures) or (len(exhibits) > 1 and last.shape.is_empty) else last.shape
    if isinstance(body, Outlines):
        body = as_table(body, view.t)
    pages = list(_pages(body, _alike(body, last.name, view), view, FIGURES_VH if figures else 0))
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
            exhibits=(opening, *exhibits) if opening else exhibits,
            opening=opening.shape.cards if opening else (),
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


def _alike(shape: Shape | None, name: str, view: View) -> tuple[Table, ...]:
    """The same table in every language: its pages hold the same rows in each, whichever a meeting speaks."""
    if not isinstance(shape, Table):
        return ()
    others = (replace(view, t=language(code, view.release.vocabulary)) for code in LANGUAGES if code != view.t.code)
    told = (as_table(made, other.t) if isinstance(made, Outlines) else made for other, made in _made(name, others))
    return (shape, *(one for one in told if isinstance(one, Table) and len(one.rows) == len(shape.rows)))


def _made(name: str, views: Iterator[View]) -> Iterator[tuple[View, Shape]]:
    return ((one, exhibit(name, one).shape) for one in views)


def _pages(
    shape: Shape | None, alike: Sequence[Table], view: View, taken: float
) -> Iterator[tuple[Shape | None, tuple[float, ...], tuple]]:
    """(what one slide shows, its column widths, what is to be said about the rest); `taken` is gone from the first."""
    if isinstance(shape, Table):
        yield from _table_pages(shape, alike, view, taken)
    elif isinstance(shape, Bars) and len(shape.items) > MOST_BARS:
        shown, rest = shape.first(MOST_BARS)
        yield shown, (), (view.t("slides.rest", count=rest),)
    else:
        yield shape.upright() if shape else None, (), ()


def _table_pages(
    table: Table, alike: Sequence[Table], view: View, taken: float
) -> Iterator[tuple[Table, tuple[float, ...], tuple]]:
    """The pages of a table: whole cells if all rows then find room, else smaller text, else long cells cut."""
    widths = column_widths(table)
    for most_lines in MOST_LINES:
        ways = ((text, _counts(alike, taken, text, most_lines)) for text in TEXTS_VH)
        text, counts = min(ways, key=lambda way: (len(table.rows) - sum(way[1]), _is_torn(way[1]), len(way[1])))
        if sum(counts) == len(table.rows) and not _is_torn(counts):
            break
    rest = len(table.rows) - sum(counts)
    rows = [_cut(row, widths, text, most_lines) for row in table.rows]
    for number, (count, end) in enumerate(zip(counts, accumulate(counts), strict=True), start=1):
        said = (view.t("slides.rest", count=rest),) if rest and number == len(counts) else ()
        yield replace(table, rows=tuple(rows[end - count : end])), widths, said


def _is_torn(counts: Sequence[int]) -> bool:
    """Whether a page goes on with very few rows."""
    return min(counts[1:], default=FEWEST_ROWS) < FEWEST_ROWS


def _cut(row: Sequence[Cell], widths: Sequence[float], text: float, most_lines: int) -> tuple[Cell, ...]:
    return tuple(
        _short(cell, share * TABLE_WIDTH_VH, text, most_lines) for cell, share in zip(row, widths, strict=True)
    )


def _counts(alike: Sequence[Table], taken: float, text: float, most_lines: int) -> list[int]:
    """How many rows stand on each page: as few pages as can be, each as full as the others."""
    heads, heights = [], []
    for table in alike:
        widths = column_widths(table)
        heads.append(_row_height([Cell(said) for said in table.columns], widths, text))
        heights.append([_row_height(_cut(row, widths, text, most_lines), widths, text) for row in table.rows])
    rows = [max(each) for each in zip(*heights, strict=True)]
    whole = TABLE_HEIGHT_VH - max(heads)
    fewest = _filled(rows, whole, taken)
    return _balanced(rows[: sum(fewest)], len(fewest), taken) if len(fewest) > 1 else fewest


def _filled(rows: Sequence[float], whole: float, taken: float) -> list[int]:
    """As many rows as find room, page by page."""
    counts, room = [0], whole - taken
    for needed in rows:
        if counts[-1] and needed > room:
            if len(counts) == MOST_PAGES:
                break
            counts.append(0)
            room = whole
        counts[-1] += 1
        room -= needed
    return counts


def _balanced(rows: Sequence[float], pages: int, taken: float) -> list[int]:
    """The rows parted so that the fullest page is as little full as can be, and none that goes on has very few."""
    ends = [0.0, *accumulate(rows)]

    @cache
    def best(first: int, left: int) -> tuple[float, tuple[int, ...]]:
        """(how high the highest page is, rows of each) from a row on."""
        is_first = left == pages
        beside = taken if is_first else 0.0
        if left == 1:
            few = len(rows) - first < FEWEST_ROWS
            return (ends[-1] - ends[first] + beside + few * TABLE_HEIGHT_VH, (len(rows) - first,))
        found = []
        for last in range(first + 1, len(rows) - left + 2):
            few = not is_first and last - first < FEWEST_ROWS
            high, counts = best(last, left - 1)
            own = ends[last] - ends[first] + beside + few * TABLE_HEIGHT_VH
            found.append((max(own, high), (last - first, *counts)))
        return min(found, key=lambda one: (one[0], -one[1][0]))

    return list(best(0, pages)[1])


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


def _short(cell: Cell, width: float, text: float, most_lines: int) -> Cell:
    """A cell whose text needs no more lines than that."""
    room = _line_ems(width, text)
    if lines_needed(cell.shown, room) <= most_lines:
        return cell
    kept, used = "", 1.0
    for letter in cell.text:
        used += _em(letter)
        if used > int(room * most_lines * 0.9):
            break
        kept += letter
    return replace(cell, text=kept.rstrip() + "…")


def _row_height(cells: Sequence[Cell], widths: Sequence[float], text: float) -> float:
    rooms = (_line_ems(share * TABLE_WIDTH_VH, text) for share in widths)
    lines = max(lines_needed(cell.shown, room) for cell, room in zip(cells, rooms, strict=True))
    return lines * 1.45 * text + ROW_PADDING_VH


def _line_ems(width: float, text: float) -> float:
    return max((width - CELL_PADDING_VH) / text, 1)


def _ems(text: str) -> float:
    return sum(map(_em, text))


def _em(letter: str) -> float:
    """The width of a letter: a Chinese character is one em, a Latin letter a little more than half of one."""
    return 1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.58
