"""A timeline as a picture: the screen's own layout, made for the width of the picture."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from taizhang.drawing.lanes import DOT, FULL_LEVELS, INDENT, LEVEL, Layout, Placed, Row, lay_out, month_labels
from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.shapes import Timeline
from taizhang.drawing.svg.pen import BOLD, LINE, Pen
from taizhang.drawing.text import cut, lines, width

NAMES = 6.4  # em, the column of the lanes' names
TRAY = 11.0  # em, the column of what has no day
MONTHS = 1.6  # em, the line of the months
SIDE = 0.7  # em between the columns and the axis
LANE = 0.9  # em of air in a lane
DOTS = 0.9  # em, the level of dots without a label


def height(shape: Timeline, wide: float) -> float:
    """As high as its lanes need with as many levels as they like."""
    layout = _layout(shape, wide, FULL_LEVELS)
    return _head(layout) + sum(_lane_height(row, FULL_LEVELS) for row in layout.rows) + 0.3


def draw(shape: Timeline, pen: Pen, wide: float, high: float) -> Markup:
    """Lanes below each other; with little height events without room keep their dot and lose their label."""
    for levels in range(FULL_LEVELS, 0, -1):
        layout = _layout(shape, wide, levels)
        heights = [_lane_height(row, levels) for row in layout.rows]
        head = _head(layout)
        if head + sum(heights) <= high:
            break
    stretch = min(1.4, (high - head) / max(sum(heights), 1e-9))
    tops = [head + top * stretch for top in accumulate(heights, initial=0.0)]
    left = NAMES + SIDE
    parts = [*_backdrop(pen, layout, left, tops[-1])]
    for row, top, below in zip(layout.rows, tops, tops[1:], strict=False):
        parts += [
            pen.line(0, top, wide, top, "rule", 0.06),
            pen.box(0, top, 0.3, below - top, row.lane.tone),
            pen.paragraph(0.7, (top + below) / 2, lines(row.lane.label, NAMES - 1), bold=True),
            *(
                _event(pen, one, left, top + stretch * _below(one, levels), row.lane.tone)
                for one in _without_lost_labels(row.placed, levels)
            ),
            *_tray(pen, row, wide - TRAY + 0.5, top, below),
        ]
    if layout.has_tray:
        parts.append(pen.words(wide - TRAY + 0.5, head - 0.8, cut(shape.undated_label, TRAY), tone="faint"))
    return joined(parts)


def _layout(shape: Timeline, wide: float, levels: int) -> Layout:
    tray = TRAY if any(one.start is None or one.precision == "unknown" for one in shape.happenings) else 0.0
    return lay_out(shape, max(wide - NAMES - tray - 2 * SIDE, 8.0), levels)


def _head(layout: Layout) -> float:
    return MONTHS + LINE * len(_mark_levels(layout)) + 0.3


def _mark_levels(layout: Layout) -> list[int]:
    """The levels on which marks have a label; what has only a line needs no level."""
    return sorted({mark.level for mark in layout.marks if mark.text})


def _lane_height(row: Row, levels: int) -> float:
    crowded = DOTS if row.levels > levels else 0.0
    return max(min(row.levels, levels) * LEVEL + crowded + LANE, min(len(row.undated), 3) * LINE + 0.6)


def _without_lost_labels(placed: Iterable[Placed], levels: int) -> list[Placed]:
    """The events, those that found no place without their label and before the others, so that they hide nothing."""
    bare = [replace(one, text="") if one.level >= levels else one for one in placed]
    return sorted(bare, key=lambda one: bool(one.text))


def _below(one: Placed, levels: int) -> float:
    """How far below the top of its lane an event stands; dots that found no place share the last level."""
    return LANE / 2 + min(one.level, levels) * LEVEL - (0.3 if one.level >= levels else 0)


def _backdrop(pen: Pen, layout: Layout, left: float, bottom: float) -> Iterator[Markup]:
    """Months and marks behind the lanes, their names above."""
    for day, said in month_labels(layout):
        x = left + layout.place(day, 0)
        yield pen.line(x, 0.2, x, bottom, "rule", 0.06)
        yield pen.words(x + 0.3, MONTHS / 2, said, bold=True)
    levels = _mark_levels(layout)
    for mark in layout.marks:
        x = left + mark.left
        middle = MONTHS + LINE * (levels.index(mark.level) + 0.5) if mark.text else _head(layout)
        yield pen.line(x, middle, x, bottom, mark.thing.tone if mark.text else "rule", 0.07, "dash")
        if mark.text:
            start = x + 0.3 if mark.side == "right" else x - 0.3 - width(mark.text)
            yield pen.box(start - 0.1, middle - LINE / 2, width(mark.text) + 0.2, LINE, "ground")
            yield pen.words(start, middle, mark.text, tone=mark.thing.tone)


def _event(pen: Pen, one: Placed, left: float, top: float, tone: str) -> Markup:
    """A day as a dot, a half day as half of one, a stretch as a bar, a month as a bracket; the label beside it."""
    x, end, middle = left + one.left, left + one.right, top + 0.9
    if end > x:
        foot = top + 1.72
        is_month = one.thing.precision == "month"
        glyph = (
            pen.path([(x, foot - 0.4), (x, foot), (end, foot), (end, foot - 0.4)], tone, 0.11)
            if is_month
            else pen.box(x, foot - 0.3, end - x, 0.32, tone, round=0.15)
        )
        start = x + INDENT - 0.15 if one.side == "inside" else end - INDENT - width(one.text)
        return joined((glyph, *_label(pen, one.text, start, top + 0.62)))
    start = x + DOT - 0.15 if one.side == "right" else x - DOT + 0.15 - width(one.text)
    return joined((*_label(pen, one.text, start, middle), _dot(pen, x, middle, one.thing.half, tone)))


def _label(pen: Pen, text: str, start: float, middle: float) -> Iterator[Markup]:
    if text:
        yield pen.box(start - 0.1, middle - 0.6, width(text) + 0.2, 1.2, "ground")
        yield pen.words(start, middle, text)


def _dot(pen: Pen, x: float, y: float, half: str, tone: str) -> Markup:
    radius = DOT / 2 - 0.05
    place = {"cx": pen.of(x), "cy": pen.of(y), "r": pen.of(radius)}
    ring = {**place, "stroke": pen.colour(tone), "stroke_width": pen.of(0.1)}
    if half not in ("am", "pm"):
        return el("circle", **ring, fill=pen.colour(tone))
    turn = 0 if half == "am" else 1
    arc = (
        f"M{pen.of(x)} {pen.of(y + radius)}A{pen.of(radius)} {pen.of(radius)} 0 0 {1 - turn} "
        f"{pen.of(x)} {pen.of(y - radius)}Z"
    )
    return joined((el("circle", **ring, fill=pen.colour("ground")), el("path", d=arc, fill=pen.colour(tone))))


def _tray(pen: Pen, row: Row, x: float, top: float, below: float) -> Iterator[Markup]:
    """What has no day, one below the other; where there is no room for all, how many more there are."""
    room = max(1, int((below - top - 0.3) / LINE))
    shown = row.undated if len(row.undated) <= room else row.undated[: room - 1]
    said = [f"· {one.label}" for one in shown]
    if len(shown) < len(row.undated):
        said.append(f"+{len(row.undated) - len(shown)}")
    for place, words in enumerate(said):
        yield pen.words(x, top + 0.3 + LINE * (place + 0.5), cut(words, (TRAY - 0.6) / BOLD))
