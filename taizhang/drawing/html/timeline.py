"""Parallel lanes of events: first where everything stands (`lay_out`, plain data), then its HTML.

Positions along the time axis are shares of its width, lengths of labels are em. The layout is made for the
narrowest width in which the axis is drawn; a wider screen only adds space between the labels, a narrower one
scrolls. So labels that do not overlap in the layout overlap nowhere.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from taizhang.drawing import palette
from taizhang.drawing.html.drawing import Markup, cut, el, joined, pickable, toned, width
from taizhang.drawing.shapes import Happening, Lane, Mark, Timeline

AXIS, AXIS_BESIDE_TRAY = 62.0, 51.0  # em, the narrowest axis; with the tray of undated happenings beside it
DOT = 0.9  # em
GAP = 0.7  # em between one thing and the next on a level
INDENT = 0.45  # em before the text of a stretch
LEVEL = 1.9  # em, the height of a level
SHORTEST = 3.6  # em, no label is cut shorter
LONGEST = 17.0  # em, no label is longer
FULL_LEVELS = 5  # above these levels stand only dots that found no place below
MARK_LEVELS = 3
TRAY = 6  # undated happenings shown at once


@dataclass(frozen=True)
class Placed:
    """Something on the axis: from `left` to `right` (em; equal for a day), its level, its text as far as it fits.

    `low` to `high` is all the room it takes on its level; `side` is where the text stands: right or left
    of a dot; inside a stretch from its beginning, or ending at its end.
    """

    thing: Happening | Mark
    left: float
    right: float
    level: int
    text: str
    side: str
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """A lane with what stands on it, and what has no day."""

    lane: Lane
    placed: tuple[Placed, ...]
    undated: tuple[Happening, ...]

    @property
    def levels(self) -> int:
        return max((one.level for one in self.placed), default=0) + 1


@dataclass(frozen=True)
class Layout:
    """A timeline with everything in its place; `axis` is its width in em, `start` and `end` its first and last day."""

    axis: float
    start: dt.date
    end: dt.date
    rows: tuple[Row, ...]
    marks: tuple[Placed, ...]
    has_tray: bool

    def place(self, day: dt.date, share: float = 0.5) -> float:
        """Where a day stands on the axis, in em; `share` 0 is its beginning, 1 its end."""
        return self.axis * ((day - self.start).days + share) / ((self.end - self.start).days + 1)


def lay_out(shape: Timeline, axis: float | None = None, full_levels: int = FULL_LEVELS) -> Layout:
    """Where everything stands. The axis reaches as far as there is something to draw.

    `axis` (em) is for a width that is known; labels then find no more than the room there is.
    Raises ValueError for a happening of a lane that is not there.
    """
    strangers = {one.lane for one in shape.happenings} - {lane.key for lane in shape.lanes}
    if strangers:
        raise ValueError(f"happenings of unknown lanes: {sorted(strangers)}")
    dated = [one for one in shape.happenings if _is_dated(one)]
    days = [one.start for one in dated] + [one.end for one in dated if one.end]
    has_tray = len(dated) < len(shape.happenings)
    empty = Layout(
        axis=axis or (AXIS_BESIDE_TRAY if has_tray else AXIS),
        start=min([shape.start, *days]),
        end=max([shape.end, *days]),
        rows=(),
        marks=(),
        has_tray=has_tray,
    )
    rows = tuple(
        Row(
            lane,
            _place([(one, *_span(one, empty)) for one in dated if one.lane == lane.key], empty.axis, full_levels),
            tuple(one for one in shape.happenings if one.lane == lane.key and not _is_dated(one)),
        )
        for lane in shape.lanes
    )
    inside = [mark for mark in shape.marks if empty.start <= mark.day <= empty.end]
    marks = _place([(mark, empty.place(mark.day), empty.place(mark.day)) for mark in inside], empty.axis, MARK_LEVELS)
    return replace(empty, rows=rows, marks=marks)


def _is_dated(happening: Happening) -> bool:
    return happening.start is not None and happening.precision != "unknown"


def _span(happening: Happening, axis: Layout) -> tuple[float, float]:
    """From where to where a happening reaches: a day is a point, a month and a range are stretches."""
    start, end = happening.start, happening.end
    if happening.precision == "month":
        first = start.replace(day=1)
        last = end or (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        return axis.place(max(first, axis.start), 0), axis.place(min(last, axis.end), 1)
    if end is not None and end > start:
        return axis.place(start, 0), axis.place(end, 1)
    return axis.place(start), axis.place(start)


def _place(things: list[tuple], axis: float, full_levels: int) -> tuple[Placed, ...]:
    """Things with their labels on levels: long labels when all find room, else shorter ones, else only dots."""
    things = sorted(things, key=lambda one: (one[1], one[1] - one[2], one[0].label))
    for longest in (LONGEST, 11.0, 8.0, 5.5):
        placed = _on_levels(things, axis, longest, full_levels)
        if all(one.text for one in placed):
            break
    return _with_longer_labels(placed, axis)


def _on_levels(things: list[tuple], axis: float, longest: float, full_levels: int) -> list[Placed]:
    ends: list[float] = []  # how far each level is taken
    placed = []
    for thing, left, right in things:
        whole = _label(thing)
        labelled = _extent(thing, left, right, cut(whole, min(longest, width(whole))), axis)
        bare = _extent(thing, left, right, "", axis)
        level = _lowest(ends[:full_levels], labelled.low)
        if level is None and len(ends) < full_levels:
            level = len(ends)
        chosen = labelled
        if level is None:
            chosen, level = bare, _lowest(ends, bare.low)
        level = len(ends) if level is None else level
        ends += [0.0] * (level + 1 - len(ends))
        ends[level] = chosen.high + GAP
        placed.append(replace(chosen, level=level))
    return placed


def _lowest(ends: list[float], low: float) -> int | None:
    return next((level for level, end in enumerate(ends) if end <= low), None)


def _with_longer_labels(placed: Iterable[Placed], axis: float) -> tuple[Placed, ...]:
    """Every label as long as the room up to its neighbours on the level allows; dots get one if it fits now."""
    grown: list[Placed] = []
    placed = list(placed)
    for place, one in enumerate(placed):
        before = max((other.high + GAP for other in grown if other.level == one.level), default=0.0)
        after = min((other.low - GAP for other in placed[place + 1 :] if other.level == one.level), default=axis)
        whole = _label(one.thing)
        if one.side == "left":
            room = one.left - DOT - before
        elif one.side == "inside":
            room = after - one.left - INDENT
        elif one.side == "end":
            room = one.right - INDENT - before
        else:
            room = after - one.left - DOT
        text = cut(whole, min(room, LONGEST + 4))
        is_enough = text == whole or width(text) >= SHORTEST
        grown.append(_sized(one, text if is_enough else ""))
    return tuple(grown)


def _label(thing: Happening | Mark) -> str:
    inferred = isinstance(thing, Happening) and thing.is_inferred
    return thing.label + (f" {palette.INFERRED}" if inferred else "")


def _extent(thing: Happening | Mark, left: float, right: float, text: str, axis: float) -> Placed:
    """The thing with this text: right of its dot, left of it near the end of the axis, on its stretch."""
    whole = min(width(_label(thing)), LONGEST)
    if right > left:
        side = "inside" if left + INDENT + whole <= axis else "end"
    else:
        side = "right" if left + DOT + whole <= axis else "left"
    return _sized(Placed(thing, left, right, 0, "", side, 0, 0), text)


def _sized(one: Placed, text: str) -> Placed:
    length = width(text)
    if one.side == "inside":
        return replace(one, text=text, low=one.left, high=max(one.right, one.left + INDENT + length))
    if one.side == "end":
        return replace(one, text=text, low=min(one.left, one.right - INDENT - length), high=one.right)
    low, high = one.left - DOT / 2, one.left + DOT / 2
    if text and one.side == "left":
        low = one.left - DOT - length
    elif text:
        high = one.left + DOT + length
    return replace(one, text=text, low=low, high=high)


def in_words(shape: Timeline) -> str:
    """The timeline for those who do not see it: its days, and how much happened on each lane."""
    counts = [f"{lane.label} {sum(one.lane == lane.key for one in shape.happenings)}" for lane in shape.lanes]
    return "，".join([f"{shape.start} – {shape.end}", *counts])


def draw(shape: Timeline, _theme: str) -> Markup:
    """Lanes below each other, weeks and months above, what has no day at the right; scrolls inside its box."""
    layout = lay_out(shape)
    head = max((mark.level + 1 for mark in layout.marks), default=0)
    columns = f"--tz-axis:{layout.axis}em;--tz-tray:{'minmax(11em,.28fr)' if layout.has_tray else '0'}"
    parts = [
        el("div", *_backdrop(layout, head), class_="tz-back", style=f"grid-row:1/{len(layout.rows) + 2}"),
        el("div", class_="tz-corner"),
        el("div", *_headings(layout, head), class_="tz-head", style=f"height:{_head_height(head):.2f}em"),
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


def _first_days(layout: Layout, is_first: Callable[[dt.date], bool]) -> list[dt.date]:
    length = (layout.end - layout.start).days + 1
    days = (layout.start + dt.timedelta(days=number) for number in range(length))
    return [day for day in days if is_first(day)]


def _months(layout: Layout) -> list[dt.date]:
    return _first_days(layout, lambda day: day.day == 1)


def _mondays(layout: Layout) -> list[dt.date]:
    return _first_days(layout, lambda day: day.weekday() == 0)


def _week(layout: Layout) -> float:
    return 7 * layout.axis / ((layout.end - layout.start).days + 1)


def _backdrop(layout: Layout, head: int) -> Iterable[Markup]:
    """The lines behind the lanes: weeks when they are far enough apart, months, marks."""
    if _week(layout) >= 1.5:
        for day in _mondays(layout):
            yield el("i", class_="tz-week", style=f"left:{_percent(layout, layout.place(day, 0))}")
    for day in _months(layout):
        yield el("i", class_="tz-month", style=f"left:{_percent(layout, layout.place(day, 0))}")
    for mark in layout.marks:
        top = TICKS + 1.6 * mark.level
        left = _percent(layout, mark.left)
        yield el("i", class_=f"tz-mark {toned(mark.thing.tone)}", style=f"left:{left};top:{top:.2f}em")


def _headings(layout: Layout, _head: int) -> Iterable[Markup]:
    for day, text in month_labels(layout):
        yield el("span", text, class_="tz-month-name", style=f"left:{_percent(layout, layout.place(day, 0))}")
    if _week(layout) >= 3.6:
        for day in _mondays(layout):
            if layout.axis - layout.place(day, 0) >= 3.2:
                left = _percent(layout, layout.place(day, 0))
                yield el("span", f"{day:%m-%d}", class_="tz-week-name", style=f"left:{left}")
    for mark in layout.marks:
        title = f"{mark.thing.day} {mark.thing.label}"
        place = f"top:{TICKS + 1.6 * mark.level:.2f}em;" + _beside(mark, layout)
        classes = f"tz-mark-name {toned(mark.thing.tone)}{' tz-before' if mark.side == 'left' else ''}"
        yield el("span", mark.text, class_=classes, style=place, title=title)


def month_labels(layout: Layout) -> list[tuple[dt.date, str]]:
    """Months as `2019-09` where there is room, else `09` with the year at its first month; none overlap."""
    firsts = [layout.start, *(day for day in _months(layout) if day > layout.start)]
    room = 30 * layout.axis / ((layout.end - layout.start).days + 1)
    labels, taken = [], 0.0
    for day in firsts:
        is_year = not labels or day.month == 1
        text = f"{day:%Y-%m}" if room >= 4.6 or is_year else f"{day:%m}"
        place = layout.place(day, 0)
        if place < taken or place + width(text) > layout.axis:
            continue
        labels.append((day, text))
        taken = place + width(text) + 0.4
    return labels


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
        el("i", class_=f"tz-glyph {_glyph(happening, one)}"),
        el("span", *_text(one)) if one.text else None,
        class_=f"tz-event{_SIDES[one.side]}",
        style=style,
        title=_title(happening),
        aria_label=_title(happening) if happening.pick else None,
        **pickable(happening.pick),
    )


def _text(one: Placed) -> list[Markup | str]:
    sign = f" {palette.INFERRED}"
    if one.text.endswith(sign):
        return [one.text.removesuffix(sign), el("sup", palette.INFERRED)]
    return [one.text]


def _title(happening: Happening) -> str:
    return " · ".join(part for part in (happening.when, happening.label) if part)


def _glyph(happening: Happening, one: Placed) -> str:
    if one.right > one.left:
        return "tz-bracket" if happening.precision == "month" else "tz-range"
    return f"tz-half-{happening.half}" if happening.half in ("am", "pm") else "tz-day"


def _tray(row: Row, number: int) -> Markup:
    chips = [
        el(
            "span",
            cut(one.label, 24),
            class_="tz-undated",
            title=_title(one),
            aria_label=_title(one) if one.pick else None,
            **pickable(one.pick),
        )
        for one in row.undated
    ]
    shown, more = chips[:TRAY], chips[TRAY:]
    rest = el("details", el("summary", f"+{len(more)}"), joined(more)) if more else None
    return el("div", *shown, rest, class_=f"tz-tray {toned(row.lane.tone)}", style=f"grid-row:{number}")
