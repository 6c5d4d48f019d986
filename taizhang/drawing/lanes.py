"""Where everything stands on parallel lanes of events.

Positions along the time axis are shares of its width, lengths of labels are em. Without a width the layout is made
for the narrowest in which the axis is drawn; a wider one only adds space between the labels. So labels that do not
overlap in the layout overlap nowhere.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from taizhang.drawing import palette
from taizhang.drawing.shapes import Happening, Lane, Mark, Timeline
from taizhang.drawing.text import cut, width

AXIS, AXIS_BESIDE_TRAY = 62.0, 51.0  # em, the narrowest axis; with the tray of undated happenings beside it
DOT = 0.9  # em
GAP = 0.7  # em between one thing and the next on a level
INDENT = 0.45  # em before the text of a stretch
LEVEL = 1.9  # em, the height of a level
SHORTEST = 3.6  # em, no label is cut shorter
LENGTHS = (17.0, 11.0, 8.0, 5.5)  # em: no label is longer than the first with which all find room
WHOLE = (36.0, 24.0, *LENGTHS)  # the same where there may be as many levels as names need
FULL_LEVELS = 5  # above these levels stand only dots that found no place below
MANY_LEVELS = 24  # of a page, which may be as high as it likes
MARK_LEVELS = 3


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


def lay_out(
    shape: Timeline, axis: float | None = None, full_levels: int = FULL_LEVELS, lengths: Sequence[float] = LENGTHS
) -> Layout:
    """Where everything stands. The axis reaches as far as there is something to draw.

    `axis` (em) is for a width that is known; labels then find no more than the room there is. `lengths` are those that
    labels may have, tried one after the other until all have room.
    Raises ValueError for a happening of a lane that is not there.
    """
    strangers = {one.lane for one in shape.happenings} - {lane.key for lane in shape.lanes}
    if strangers:
        raise ValueError(f"happenings of unknown lanes: {sorted(strangers)}")
    dated = [one for one in shape.happenings if _is_dated(one)]
    days = [one.start for one in dated] + [one.end for one in dated if one.end]
    has_tray = len(dated) < len(shape.happenings)
    empty = Layout(
        axis=axis or (AXIS_BESIDE_TRAY if has_tray else AXIS) * shape.zoom,
        start=min([shape.start, *days]),
        end=max([shape.end, *days]),
        rows=(),
        marks=(),
        has_tray=has_tray,
    )
    rows = tuple(
        Row(
            lane,
            _place(
                [(one, *_span(one, empty)) for one in dated if one.lane == lane.key], empty.axis, full_levels, lengths
            ),
            tuple(one for one in shape.happenings if one.lane == lane.key and not _is_dated(one)),
        )
        for lane in shape.lanes
    )
    inside = [mark for mark in shape.marks if empty.start <= mark.day <= empty.end]
    at = [(mark, empty.place(mark.day), empty.place(mark.day)) for mark in inside]
    marks = _place(at, empty.axis, MARK_LEVELS, LENGTHS)
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


def _place(things: list[tuple], axis: float, full_levels: int, lengths: Sequence[float]) -> tuple[Placed, ...]:
    """Things with their labels on levels: long labels when all find room, else shorter ones, else only dots."""
    things = sorted(things, key=lambda one: (one[1], one[1] - one[2], one[0].label))
    for longest in lengths:
        placed = _on_levels(things, axis, longest, full_levels)
        if all(one.text for one in placed):
            break
    return _with_longer_labels(placed, axis, lengths[0])


def _on_levels(things: list[tuple], axis: float, longest: float, full_levels: int) -> list[Placed]:
    ends: list[float] = []  # how far each level is taken
    placed = []
    for thing, left, right in things:
        whole = _label(thing)
        labelled = _extent(thing, left, right, cut(whole, min(longest, width(whole))), axis, longest)
        bare = _extent(thing, left, right, "", axis, longest)
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


def _with_longer_labels(placed: Iterable[Placed], axis: float, longest: float) -> tuple[Placed, ...]:
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
        text = cut(whole, min(room, longest + 4))
        is_enough = text == whole or width(text) >= SHORTEST
        grown.append(_sized(one, text if is_enough else ""))
    return tuple(grown)


def _label(thing: Happening | Mark) -> str:
    inferred = isinstance(thing, Happening) and thing.is_inferred
    return thing.label + (f" {palette.INFERRED}" if inferred else "")


def _extent(thing: Happening | Mark, left: float, right: float, text: str, axis: float, longest: float) -> Placed:
    """The thing with this text: right of its dot, left of it near the end of the axis, on its stretch."""
    whole = min(width(_label(thing)), longest)
    if right > left:
        side = "inside" if left + INDENT + whole <= axis else "end"
    elif left + DOT + whole <= axis:
        side = "right"
    else:  # a long name in the middle of the axis fits on neither side: it stands where it finds more room
        side = "left" if left >= min(whole + DOT, axis / 2) else "right"
        text = cut(text, min(width(text), left - DOT if side == "left" else axis - left - DOT))
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


def month_labels(layout: Layout) -> list[tuple[dt.date, str]]:
    """Months as `2019-09` where there is room, else `09` with the year at its first month; none overlap."""
    firsts = [layout.start, *(day for day in months(layout) if day > layout.start)]
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


def _first_days(layout: Layout, is_first: Callable[[dt.date], bool]) -> list[dt.date]:
    length = (layout.end - layout.start).days + 1
    days = (layout.start + dt.timedelta(days=number) for number in range(length))
    return [day for day in days if is_first(day)]


def months(layout: Layout) -> list[dt.date]:
    return _first_days(layout, lambda day: day.day == 1)


def mondays(layout: Layout) -> list[dt.date]:
    return _first_days(layout, lambda day: day.weekday() == 0)
