"""A line over days as a picture: gaps stay gaps, every series says its name and last value at its end."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from taizhang.drawing.axis import Axis, axis, has_one_year, label_levels
from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.shapes import Line, Mark, Series
from taizhang.drawing.svg.pen import BOLD, LINE, Pen
from taizhang.drawing.text import lines, number, width

SIDE = 0.9  # em between the axis and the first day
BELOW = 2.0  # em for the days below the axis
DOT = 0.34  # em


def height(shape: Line, wide: float) -> float:
    """A calm shape: wider than high, never flatter than its labels need."""
    return max(16.0, wide * 0.42)


@dataclass(frozen=True)
class Plot:
    """Where the days and values stand: the area, its first day, how many days it spans, the end of its scale."""

    left: float
    right: float
    top: float
    bottom: float
    first: dt.date
    days: int
    reach: float

    def x(self, day: dt.date) -> float:
        room = self.right - self.left - 2 * SIDE
        return self.left + SIDE + (room * (day - self.first).days / self.days if self.days else room / 2)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.reach


def draw(shape: Line, pen: Pen, wide: float, high: float) -> Markup:
    """Axes, hatched gaps, marks, the lines, and at their ends their names."""
    days = [*shape.days, *(mark.day for mark in shape.marks), *(day for gap in shape.gaps for day in gap)]
    if not days:
        return Markup("")
    scale = axis(shape.known)
    ends = [_end(series, *shape.last(series), wide * 0.3) for series in shape.series if shape.last(series)]
    left = max(width(number(tick)) for tick in scale.ticks) + 0.8
    right = wide - max((end.wide for end in ends), default=0) - 1.2
    first, last = min(days), max(days)
    plot = Plot(left, right, 0, high - BELOW, first, (last - first).days, scale.top)
    marks = _levels(shape.marks, plot, wide)
    top = LINE * max((level + 1 for _, level, _ in marks), default=0) + (1.5 if shape.unit else 0.8)
    plot = Plot(left, right, top, high - BELOW, first, (last - first).days, scale.top)
    return joined(
        (
            *(_gap(pen, plot, *gap) for gap in shape.gaps),
            *_scale(pen, plot, scale, shape.unit),
            *_days(pen, plot, shape.days or (first,)),
            *(_mark(pen, plot, mark, level, centre) for mark, level, centre in marks),
            *(_series(pen, plot, shape, series, place) for place, series in enumerate(shape.series)),
            *_ends(pen, plot, ends, wide),
        )
    )


def _gap(pen: Pen, plot: Plot, first: dt.date, last: dt.date) -> Markup:
    x, end = plot.x(first), plot.x(last)
    room = (x, plot.top, end - x, plot.bottom - plot.top)
    return joined((pen.box(*room, "surface"), pen.hatched(*room)))


def _scale(pen: Pen, plot: Plot, scale: Axis, unit: str) -> Iterable[Markup]:
    for tick in scale.ticks:
        y = plot.y(tick)
        yield pen.line(plot.left, y, plot.right, y, "grid" if tick else "plain", 0.06)
        yield pen.words(plot.left - 0.5, y, number(tick), anchor="end", tone="faint")
    if unit:
        yield pen.words(0, plot.top - 0.9, unit, tone="faint")


def _days(pen: Pen, plot: Plot, days: Sequence[dt.date]) -> Iterable[Markup]:
    for day, said in ticks(days, plot):
        x = plot.x(day)
        yield pen.line(x, plot.bottom, x, plot.bottom + 0.35, "plain", 0.06)
        half = width(said) / 2
        yield pen.words(max(x, half), plot.bottom + 1.15, said, anchor="middle", tone="faint")


def ticks(days: Sequence[dt.date], plot: Plot) -> list[tuple[dt.date, str]]:
    """The days written below the axis: those with values when all find room, else as many even steps as do."""
    shape = "%m-%d" if has_one_year(days) else "%Y-%m-%d"
    room = width(f"{days[0]:{shape}}") + 0.9
    ordered = sorted(set(days))
    spots = [plot.x(day) for day in ordered]
    if all(later - before >= room for before, later in pairwise(spots)):
        return [(day, f"{day:{shape}}") for day in ordered]
    # From the last day back, since the newest is the one people look for.
    chosen: list[dt.date] = []
    for day in reversed(ordered):
        if not chosen or plot.x(chosen[-1]) - plot.x(day) >= room:
            chosen.append(day)
    return [(day, f"{day:{shape}}") for day in reversed(chosen)]


def _levels(marks: Iterable[Mark], plot: Plot, wide: float) -> list[tuple[Mark, int, float]]:
    """The marks with the level and the middle of their labels; what finds no level has only its line (level -1)."""
    ordered = sorted(marks, key=lambda one: one.day)
    halves = [width(mark.label) / 2 for mark in ordered]
    centres = [min(max(plot.x(mark.day), half), wide - half) for mark, half in zip(ordered, halves, strict=True)]
    spans = [(centre - half, centre + half) for centre, half in zip(centres, halves, strict=True)]
    places = (-1 if level is None else level for level in label_levels(spans, 0.6))
    found = list(zip(ordered, places, centres, strict=True))
    return sorted(found, key=lambda one: -one[1])  # the lower ones last: their ground hides the lines to the higher


def _mark(pen: Pen, plot: Plot, mark: Mark, level: int, centre: float) -> Markup:
    x = plot.x(mark.day)
    middle = plot.top - 0.3 - LINE * (level + 0.5)
    parts = [pen.line(x, plot.top - 0.3 if level < 0 else middle, x, plot.bottom, mark.tone, 0.07, "dot")]
    if level >= 0:
        wide = width(mark.label)
        parts.append(pen.box(centre - wide / 2 - 0.15, middle - LINE / 2, wide + 0.3, LINE, "ground"))
        parts.append(pen.words(centre, middle, mark.label, anchor="middle", tone=mark.tone))
    return joined(parts)


def _series(pen: Pen, plot: Plot, shape: Line, series: Series, place: int) -> Markup:
    """Its unbroken runs as lines; a dot for every value, of a form of its own, unless it is a dashed line."""
    parts, run = [], []
    for day, value in [*shape.points(series), (None, None)]:
        if value is not None:
            run.append((plot.x(day), plot.y(value)))
        elif run:
            parts.append(pen.path(run, series.tone, 0.12 if series.dashed else 0.2, "dash" if series.dashed else None))
            if not series.dashed or len(run) == 1:
                parts += [_dot(pen, x, y, series.tone, place) for x, y in run]
            run = []
    return joined(parts)


def _dot(pen: Pen, x: float, y: float, tone: str, place: int) -> Markup:
    """A round dot, a square, a diamond: told apart also without colour."""
    if place % 3 == 0:
        return el("circle", cx=pen.of(x), cy=pen.of(y), r=pen.of(DOT), fill=pen.colour(tone))
    turn = f"rotate(45 {pen.of(x)} {pen.of(y)})" if place % 3 == 2 else None
    half = DOT * 0.9
    return el(
        "rect",
        x=pen.of(x - half),
        y=pen.of(y - half),
        width=pen.of(2 * half),
        height=pen.of(2 * half),
        fill=pen.colour(tone),
        transform=turn,
    )


@dataclass(frozen=True)
class _End:
    """The end of a line: where it is, its value, and its name beside the value or in lines of its own below it."""

    series: Series
    day: dt.date
    value: float
    beside: str
    below: tuple[str, ...]

    @property
    def head(self) -> str:
        return number(self.value)

    @property
    def indent(self) -> float:
        """Where the name begins that stands beside the value."""
        return width(self.head) * BOLD + 0.5

    @property
    def wide(self) -> float:
        return max(self.indent + width(self.beside), *map(width, self.below), 0.0)

    @property
    def high(self) -> float:
        return LINE * (1 + len(self.below))


def _end(series: Series, day: dt.date, value: float, room: float) -> _End:
    """The name beside the value where `room` em hold both."""
    whole = _End(series, day, value, series.name, ())
    return whole if whole.wide <= room else _End(series, day, value, "", lines(series.name, room, 3))


def _ends(pen: Pen, plot: Plot, ends: list[_End], wide: float) -> Iterable[Markup]:
    ordered = sorted(ends, key=lambda end: -end.value)
    middles = apart([(plot.y(end.value), end.high) for end in ordered], plot.bottom + 0.5)
    x = wide - max((end.wide for end in ends), default=0)
    for end, middle in zip(ordered, middles, strict=True):
        tone, at = end.series.tone, plot.y(end.value)
        from_x = plot.x(end.day) + 0.5
        first = middle - end.high / 2 + LINE / 2
        yield pen.path([(from_x, at), (max(x - 0.9, from_x), at), (x - 0.3, first)], tone, 0.05)
        yield pen.words(x, first, end.head, tone, bold=True)
        yield pen.words(x + end.indent, first, end.beside, tone)
        for row, said in enumerate(end.below, start=1):
            yield pen.words(x, first + LINE * row, said, tone)


def apart(wanted: Sequence[tuple[float, float]], lowest: float) -> list[float]:
    """Middles near the wanted ones `(middle, height)`, from the top down, so that nothing touches or falls below."""
    placed, floor = [], 0.0
    for middle, high in wanted:
        placed.append(max(middle, floor + high / 2))
        floor = placed[-1] + high / 2
    ceiling = lowest
    for place in range(len(placed) - 1, -1, -1):
        half = wanted[place][1] / 2
        placed[place] = min(placed[place], ceiling - half)
        ceiling = placed[place] - half
    return placed
