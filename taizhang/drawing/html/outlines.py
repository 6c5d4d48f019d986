"""Places in their outlines: how much is done as the depth of one colour, names where they fit, the credit line below.

Lines are SVG and grow with the screen; names are text and keep their size, so each says from which width of the map on
it has room.
"""

from taizhang.drawing import palette
from taizhang.drawing.html.elements import chip, filled, key, toned
from taizhang.drawing.html.marks import mark
from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.outline import Sheet
from taizhang.drawing.shapes import Area, LegendEntry, Outlines
from taizhang.drawing.text import width

WIDTHS = (18, 21, 24, 27, 30, 36, 44)  # rem, as in outlines.css
HIGHEST, WIDEST = 30.0, 46.0  # rem, of the map
TYPE = 0.8125  # rem, of a name
HATCHED, LINES = "tz-f-hatch", 60  # so many slanted lines along the longer side
BOLD = 1.06  # bold letters are so much wider


def draw(shape: Outlines, theme: str) -> Markup:
    """The places to choose from, the legend, the map with its credit line, and the places that have no outline."""
    if shape.sheet is None:
        return Markup("")
    return el(
        "div",
        el("div", *(chip(one.label, one.count, one.pick, one.is_chosen) for one in shape.areas), class_="tz-chips"),
        el("div", *map(_key, shape.legend), class_="tz-legend"),
        _map(shape),
        el("p", shape.credit, class_="tz-credit"),
        _without(shape),
        class_="tz-ol",
        style=f"--tz-half:{palette.half('done', theme)}",
    )


def _key(entry: LegendEntry) -> Markup:
    fill = _fill(entry.state, entry.tone)
    return key(entry.label, entry.tone, "" if HATCHED in fill else entry.symbol, str(entry.count), fill)


def _map(shape: Outlines) -> Markup:
    sheet, tones = shape.sheet, {entry.state: entry.tone for entry in shape.legend}
    outlines = (_outline(sheet, area, _fill(area.state, tones[area.state])) for area in shape.drawn)
    wide, high = max(sheet.wide, 1), max(sheet.high, 1)
    widest = min(WIDEST, HIGHEST * wide / high)
    drawing = el("svg", *outlines, viewBox=f"0 0 {wide} {high}", focusable="false")
    names = (_name(shape, area, _fill(area.state, tones[area.state]), widest) for area in shape.drawn)
    return el("div", drawing, *names, class_="tz-sheet", style=f"max-width:{widest:.1f}rem")


def _outline(sheet: Sheet, area: Area, fill: str) -> Markup:
    line = el(
        "path",
        d=sheet.path(area.code),
        class_=f"{fill}{' tz-ol-chosen' if area.is_chosen else ''}",
        **mark(area.note, pick=area.pick, is_chosen=area.is_chosen if area.pick else None),
    )
    if HATCHED not in fill:
        return line
    return joined(
        (line, el("path", d=sheet.hatching(area.code, max(sheet.wide, sheet.high) / LINES), class_="tz-ol-hatch"))
    )


def _name(shape: Outlines, area: Area, fill: str, widest: float) -> Markup | None:
    """A name and its count inside the outline, from the narrowest map on that has room for it there; the name alone
    where the count never has room; None where neither has: then both stand above, to choose from."""
    sheet, words = shape.sheet, area.label.split() or [area.label]
    for said in ((area.label, area.count), (*words, area.count), (area.label,), words):
        room, high = max(map(width, said)) * BOLD + 0.4, 1.2 * len(said)
        for rem in (one for one in WIDTHS if one <= widest):
            cells = TYPE * sheet.wide / rem
            if place := sheet.place(area.code, room * cells, high * cells):
                x, y = place
                return el(
                    "span",
                    *(el("b" if line is area.count else "span", line) for line in said),
                    class_=f"tz-named tz-from-{rem} {fill}",
                    style=f"left:{100 * x / sheet.wide:.2f}%;top:{100 * y / sheet.high:.2f}%",
                    aria_hidden="true",
                )
    return None


def _fill(state: str, tone: str) -> str:
    """The classes of an area, on the map and in its key: the deeper, the more is done; what is not known is hatched,
    never a pale colour of the scale."""
    steps = {"most": "tz-f-half", "few": "tz-f-tint"}
    return f"{toned(tone)} {steps[state]}" if state in steps else filled(tone)


def _without(shape: Outlines) -> Markup | None:
    if not shape.without:
        return None
    names = joined(el("span", f" {one.label} {one.count}") for one in shape.without)
    return el("p", shape.without_label, names, class_="tz-no-outline")
