"""Parallel lanes of events as HTML; a screen narrower than their layout scrolls."""

from collections.abc import Iterable
from itertools import pairwise

from taizhang.drawing import palette
from taizhang.drawing.html.elements import toned
from taizhang.drawing.html.marks import mark
from taizhang.drawing.lanes import (
    LEVEL,
    MANY_LEVELS,
    WHOLE,
    Layout,
    Placed,
    Row,
    lay_out,
    mondays,
    month_labels,
    months,
)
from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.shapes import Happening, Timeline

TRAY = 6  # undated happenings shown at once


def draw(shape: Timeline, _theme: str) -> Markup:
    """Lanes below each other, weeks and months above, what has no day at the right; scrolls inside its box."""
    layout = lay_out(shape, full_levels=MANY_LEVELS, lengths=WHOLE)
    head = max((mark.level + 1 for mark in layout.marks), default=0)
    columns = f"--tz-axis:{layout.axis}em;--tz-tray:{'minmax(11em,.28fr)' if layout.has_tray else '0'}"
    parts = [
        el("div", *_backdrop(layout), class_="tz-back", style=f"grid-row:1/{len(layout.rows) + 2}"),
        el("div", class_="tz-corner"),
        el("div", *_headings(layout), class_="tz-head", style=f"height:{_head_height(head):.2f}em"),
        el("div", shape.undated_label, class_="tz-tray-head") if layout.has_tray else None,
    ]
    for number, row in enumerate(layout.rows, start=2):
        parts += _row(row, layout, number)
    grid = el("div", *parts, class_="tz-timeline", style=columns)
    return el("div", grid, class_="tz-scroll", tabindex="0")


TICKS = 3.4  # em, the height of months and weeks above the marks


def _head_height(levels: int) -> float:
    return TICKS + 1.6 * levels + (0.3 if levels else 0)


def _percent(layout: Layout, place: float) -> str:
    return f"{100 * place / layout.axis:.3f}%"


def _week(layout: Layout) -> float:
    return 7 * layout.axis / ((layout.end - layout.start).days + 1)


def _backdrop(layout: Layout) -> Iterable[Markup]:
    """The lines behind the lanes: weeks when they are far enough apart, months, marks."""
    yield from _bands(layout)
    if _week(layout) >= 1.5:
        for day in mondays(layout):
            yield el("i", class_="tz-week", style=f"left:{_percent(layout, layout.place(day, 0))}")
    for one in layout.marks:
        top = TICKS + 1.6 * one.level
        left = _percent(layout, one.left)
        yield el("i", class_=f"tz-mark {toned(one.thing.tone)}", style=f"left:{left};top:{top:.2f}em")


def _bands(layout: Layout) -> Iterable[Markup]:
    """The months as bands, every other one darker."""
    firsts = [layout.start, *(day for day in months(layout) if day > layout.start)]
    edges = [*(layout.place(day, 0) for day in firsts), layout.axis]
    for number, (left, right) in enumerate(pairwise(edges)):
        style = f"left:{_percent(layout, left)};width:{_percent(layout, right - left)}"
        yield el("i", class_=f"tz-month{' tz-odd' if number % 2 else ''}", style=style)


def _headings(layout: Layout) -> Iterable[Markup]:
    for day, text in month_labels(layout):
        yield el("span", text, class_="tz-month-name", style=f"left:{_percent(layout, layout.place(day, 0))}")
    if _week(layout) >= 3.6:
        for day in mondays(layout):
            if layout.axis - layout.place(day, 0) >= 3.2:
                left = _percent(layout, layout.place(day, 0))
                yield el("span", f"{day:%m-%d}", class_="tz-week-name", style=f"left:{left}")
    for one in layout.marks:
        place = f"top:{TICKS + 1.6 * one.level:.2f}em;" + _beside(one, layout)
        classes = f"tz-mark-name {toned(one.thing.tone)}{' tz-before' if one.side == 'left' else ''}"
        yield el("span", one.text, class_=classes, style=place, **mark(one.thing.label, one.thing.told))


def _beside(one: Placed, layout: Layout) -> str:
    """Left of its place, a thing hangs on its right edge, so that wider screens keep it at its dot."""
    if one.side == "left":
        return f"right:{_percent(layout, layout.axis - one.left)}"
    return f"left:{_percent(layout, one.left)}"


def _row(row: Row, layout: Layout, number: int) -> list[Markup | None]:
    tone = toned(row.lane.tone)
    height = row.levels * LEVEL + 0.9
    on_row = f"grid-row:{number}"
    name = el("div", el("span", row.lane.label), class_=f"tz-lane-name {tone}", style=on_row)
    events = [_event(one, layout) for one in row.placed]
    lane = el("div", *events, class_=f"tz-lane {tone}", style=f"{on_row};min-height:{height:.2f}em")
    return [name, lane, _tray(row, number) if layout.has_tray else None]


_SIDES = {"right": "", "left": " tz-before", "inside": " tz-stretch", "end": " tz-stretch tz-at-end"}


def _event(one: Placed, layout: Layout) -> Markup:
    happening = one.thing
    style = f"top:{0.45 + one.level * LEVEL:.2f}em;" + _beside(one, layout)
    if one.right > one.left:
        style += f";width:{_percent(layout, one.right - one.left)}"
    return el(
        "span",
        el("i", class_=f"tz-glyph {_glyph(happening, one)}", data_anchor=""),
        el("span", *_text(one)) if one.text else None,
        class_=f"tz-event{_SIDES[one.side]}",
        style=style,
        **mark(happening.label, happening.when, pick=happening.pick),
    )


def _text(one: Placed) -> list[Markup | str]:
    sign = f" {palette.INFERRED}"
    if one.text.endswith(sign):
        return [one.text.removesuffix(sign), el("sup", palette.INFERRED)]
    return [one.text]


def _glyph(happening: Happening, one: Placed) -> str:
    if one.right > one.left:
        return "tz-bracket" if happening.precision == "month" else "tz-range"
    return f"tz-half-{happening.half}" if happening.half in ("am", "pm") else "tz-day"


def _tray(row: Row, number: int) -> Markup:
    chips = [
        el("span", one.label, class_="tz-undated", **mark(one.label, one.when, pick=one.pick)) for one in row.undated
    ]
    shown, more = chips[:TRAY], chips[TRAY:]
    rest = el("details", el("summary", f"+{len(more)}"), joined(more)) if more else None
    return el("div", *shown, rest, class_=f"tz-tray {toned(row.lane.tone)}", style=f"grid-row:{number}")
