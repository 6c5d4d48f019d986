"""One exhibit as a picture for a document: its finding, its drawing or its table, whose it is, its code."""

from functools import cache
from importlib import resources

from taizhang.drawing import palette, svg
from taizhang.drawing.shapes import Cell, Figures, Lanes
from taizhang.drawing.twins import as_table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.views import View
from taizhang.showing.papers import typeset
from taizhang.showing.slides import column_widths
from taizhang.store.campaigns import About
from taizhang.store.turnstile import EXPORTS

THEME = "light"  # it will lie on white paper
WIDTH, MARGIN, TEXT = 720.0, 24.0, 11.0  # points
HIGHEST = 1200.0  # points of a drawing
MOST_ROWS = 60  # of a table; its file has the rest

Data = dict[str, object]


@EXPORTS.counted
def picture(exhibit: Exhibit, view: View, kind: str) -> bytes:
    """The exhibit as `png`, fine enough for print, or as `svg`, its letters as outlines so that it looks the same
    everywhere. Raises `typeset.FontsMissing`."""
    t, about, seen = view.t, About.of(view.release), view.circumstances
    data = {
        "lang": t.code,
        "title": exhibit.title,
        "caption": exhibit.caption,
        "note": exhibit.note,
        "width": WIDTH,
        "colours": {**palette.tones(THEME), **palette.surfaces(THEME)},
        "footer": dotted(
            view,
            about.title,
            about.office,
            seen.as_of,
            seen.release,
            seen.district,
            exhibit.passport,
            t("common.demo_note") if exhibit.is_demo else "",
        ),
        **_body(exhibit, view),
    }
    return typeset.picture(_source(), data, kind)


@cache
def _source() -> str:
    return (resources.files("taizhang.showing.papers") / "picture.typ").read_text(encoding="utf-8")


def _body(exhibit: Exhibit, view: View) -> Data:
    shape = exhibit.shape
    if svg.is_drawn(shape) and not shape.is_empty:
        wide = WIDTH - 2 * MARGIN
        high = min(svg.height(shape, wide, TEXT), HIGHEST)
        return {"kind": "drawing", "svg": svg.drawn(shape, THEME, wide, high, TEXT)}
    if isinstance(shape, Figures):
        return {
            "kind": "cards",
            "cards": [_card(one.label, one.value, one.tone, one.change, one.detail) for one in shape.items],
        }
    if isinstance(shape, Lanes):
        return {
            "kind": "cards",
            "cards": [_card(one.label, one.lead, one.tone, one.lead_detail, *one.lines) for one in shape.items],
        }
    shown, rest = as_table(shape, view.t).first(MOST_ROWS)
    return {
        "kind": "table",
        "columns": shown.columns,
        "widths": column_widths(shown, (WIDTH - 2 * MARGIN) / TEXT),
        "numbers": [place in shown.numbers for place in range(len(shown.columns))],
        "rows": [[_cell(cell) for cell in row] for row in shown.rows],
        "more": view.t("paper.more", shown=MOST_ROWS, rest=rest) if rest else "",
    }


def _card(label: str, value: str, tone: str, *lines: str) -> Data:
    return {"label": label, "value": value, "tone": tone, "lines": [one for one in lines if one]}


def _cell(cell: Cell) -> list[str]:
    return [cell.text, cell.tone, cell.symbol]
