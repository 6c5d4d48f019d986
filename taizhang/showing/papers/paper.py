"""The paper 会议材料: what a meeting shows as pages of A4, tagged, typeset by `paper.typ`.

Everything is handed over as data; no text of anybody is ever read as markup. Drawings are vectors with their numbers
below them as a table, so that the paper can be searched, and read aloud to somebody who does not see it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources

from taizhang.drawing import palette, svg
from taizhang.drawing.shapes import Cell, Figure, Figures, LaneCard, Lanes, Passage, Shape, Table
from taizhang.drawing.twins import as_read
from taizhang.evidence.provenance import meaning_of
from taizhang.exhibits.views import View
from taizhang.showing.papers import typeset
from taizhang.showing.papers.sections import Section, circumstances, commitments, sections
from taizhang.showing.slides import Showing, column_widths

MOST_ROWS = 200  # of one table; the ledger has every row
THEME = "light"
MOST_BARS = 24  # of one drawing; the table below it has the rest
SHORT = 10  # rows that stay on one page
MANY = 7  # columns
WIDE, TEXT, SMALL = 482.0, 8.5, 7.5  # points: the width of a page's text, the text of drawings and tables
HIGHEST = 520.0  # points: a drawing fits on a page, whatever it holds

Tell = Callable[[int, int], None]
Data = dict[str, object]


def build(showings: Sequence[Showing], tell: Tell | None = None) -> bytes:
    """The paper of a meeting in one language, or in several one after the other, as PDF (PDF/UA-1).

    The same showings give the same bytes. Raises `typeset.FontsMissing`.
    """
    typeset.families()  # before the work, not after it
    owned = [sections(showing) for showing in showings]
    total, done, parts = sum(map(len, owned)) + 1, 0, []
    for showing, own in zip(showings, owned, strict=True):
        told = []
        for section in own:
            told.append(_section(section))
            done += 1
            if tell:
                tell(done, total)
        parts.append(_part(showing, own, told))
    first = showings[0].meeting
    colours = {**palette.tones(THEME), **palette.surfaces(THEME), "late_tint": palette.tint("late", THEME)}
    data = {"title": first.title, "subject": parts[0]["kind"], "colours": colours, "parts": parts}
    made = typeset.pdf(_source(), data, first.as_of)
    if tell:
        tell(total, total)
    return made


@cache
def _source() -> str:
    return (resources.files("taizhang.showing.papers") / "paper.typ").read_text(encoding="utf-8")


# --- a language ------------------------------------------------------------------------------------------------


def _part(showing: Showing, own: Sequence[Section], told: list[Data]) -> Data:
    meeting, view, t = showing.meeting, showing.view, showing.view.t
    promised = commitments(showing)
    return {
        "lang": t.code,
        "kind": t("paper.kind"),
        "title": meeting.title,
        "demo": t("common.demo_note") if showing.is_demo else "",
        "about": [[about, words] for about, words in _about(showing) if words],
        "note": meeting.note,
        "opening": _opening(showing),
        "commitments": {"title": t("paper.commitments"), **_table(promised, view)} if promised else None,
        "contents": t("paper.contents"),
        "footer": " · ".join(circumstances(showing)[:3]),
        "page": t("paper.page"),
        "sections": told,
        "definitions": {"title": t("paper.definitions"), "items": _definitions(own)},
        "sources": {
            "title": t("paper.sources"),
            "said": t("passport.purpose"),
            **_table(_sources(own, view), view),
            "widths": (0.16, 0.42, 0.42),  # no code is broken
        },
    }


def _about(showing: Showing) -> Iterator[tuple[str, str]]:
    """The lines of the title block: what it is, and the words."""
    meeting, view, t = showing.meeting, showing.view, showing.view.t
    yield t("paper.held_on"), t.day(meeting.held_on)
    yield t("frame.as_of"), t.day(view.as_of)
    yield t("frame.release"), view.circumstances.release
    yield t("frame.compare"), view.circumstances.compared_day
    yield t("paper.units"), t("common.comma").join(meeting.units)


def _opening(showing: Showing) -> Data | None:
    """What the meeting is to make clear: what says how much that is, and the sentences with their figures."""
    told = next((one.opening for one in showing.slides if one.opening), ())
    lead = showing.view.t("agenda.opening", count=len(told))
    return {"lead": lead, "told": [[one.label, one.value, one.tone] for one in told]} if told else None


def _definitions(own: Sequence[Section]) -> list[Data]:
    """The definitions of all KPIs that anything shown is made of, each once."""
    named = {}
    for section in own:
        for exhibit in section.exhibits:
            named.update(dict.fromkeys(exhibit.kpis, section.view))
    said = [(kpi, meaning_of(kpi, view)) for kpi, view in sorted(named.items())]
    return [{"name": one.about, "code": kpi, "words": one.words} for kpi, one in said]


def _sources(own: Sequence[Section], view: View) -> Table:
    """Which questions stand behind which code."""
    t = view.t
    rows = {}
    for section in own:
        for exhibit in section.exhibits:
            asked = [answer.query for answer in exhibit.answers]
            rows[exhibit.passport] = (
                Cell(exhibit.passport),
                Cell(exhibit.title),
                Cell(t("common.comma").join(dict.fromkeys(t.of(query.title) for query in asked))),
            )
    columns = (t("paper.passport"), t("paper.shown"), t("source.question"))
    return Table(columns, tuple(rows.values()), t("common.no_rows"), wide=(1, 2))


# --- a section -------------------------------------------------------------------------------------------------


def _section(section: Section) -> Data:
    slide, t = section.slide, section.view.t
    first, last = section.pages
    return {
        "title": slide.title,
        "caption": slide.caption,
        "restated": section.restated,
        "figures": _figures(slide.figures.items if slide.figures else ()),
        "body": _body(section.body, section, section.view) if section.body else None,
        "remarks": section.remarks,
        "note": [t("paper.note"), slide.note] if slide.note else None,
        "slides": t("paper.slides", pages=first if first == last else f"{first}–{last}"),
        "passport": [t("paper.passport"), slide.passport],
    }


def _figures(items: Sequence[Figure]) -> list[Data]:
    return [
        {
            "label": one.label,
            "value": one.value,
            "tone": one.tone,
            "change": one.change,
            "change_tone": one.change_tone,
            "detail": one.detail,
        }
        for one in items
    ]


def _body(shape: Shape, section: Section, view: View) -> Data:
    match shape:
        case Figures():
            return {"kind": "figures", "figures": _figures(shape.items)}
        case Lanes():
            return {"kind": "lanes", "cards": [_card(one) for one in shape.items]}
        case Passage():
            return {"kind": "passage", "pieces": _pieces(shape)}
    table = _table(as_read(shape, view.t), view)
    if not svg.is_drawn(shape):
        return {"kind": "table", **table}
    drawn, rest = shape.first(MOST_BARS)
    high = min(svg.height(drawn, WIDE, TEXT), HIGHEST)
    return {
        "kind": "drawing",
        "svg": svg.drawn(drawn, THEME, WIDE, high, TEXT),
        "alt": view.t("paper.alt", title=section.slide.title),
        "more": view.t("paper.drawn", shown=MOST_BARS, rest=rest) if rest else "",
        "table": table,
    }


def _card(one: LaneCard) -> Data:
    return {"label": one.label, "tone": one.tone, "lead": one.lead, "detail": one.lead_detail, "lines": one.lines}


def _pieces(shape: Passage) -> list[list[object]]:
    """The text in pieces, each with whether it is quoted."""
    return [
        [shape.text[start:end], any(mark[0] <= start and end <= mark[1] for mark in shape.marks)]
        for start, end in shape.parts
    ]


def _table(table: Table, view: View) -> Data:
    """A table up to the most rows, its columns with their shares of the width; many columns have smaller text."""
    shown, rest = table.first(MOST_ROWS)
    size = TEXT if len(table.columns) <= MANY else SMALL
    return {
        "columns": table.columns,
        "widths": column_widths(shown, WIDE / size) if table.columns else [],
        "size": size,
        "numbers": [place in shown.numbers for place in range(len(table.columns))],
        "rows": [[_cell(cell) for cell in row] for row in shown.rows],
        "empty": table.empty,
        "is_slim": len(table.columns) < 4 and not table.wide,
        "is_short": len(table.rows) <= SHORT,
        "more": view.t("paper.more", shown=MOST_ROWS, rest=rest) if rest else "",
    }


def _cell(cell: Cell) -> list[str]:
    return [_breakable(cell.text), cell.tone, cell.symbol]


def _breakable(text: str) -> str:
    """The text with places to break, which are not seen, in what is longer than any word (a checksum)."""
    return re.sub(r"[!-~]{30,}", lambda found: "\u200b".join(re.findall(".{1,8}", found[0])), text)
