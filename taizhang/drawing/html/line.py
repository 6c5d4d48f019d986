"""Values over days as lines: gaps stay gaps, every day answers with all its values, a line says its name at its end.

Places are shares of the plot, so that it is as wide as its column; what is high is em, so that the words at the ends of
lines are set apart once. The lines themselves are SVG, stretched; all words are text and keep their size.
"""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

from taizhang.drawing.axis import axis, has_one_year, label_levels
from taizhang.drawing.html.elements import filled, toned
from taizhang.drawing.html.marks import mark
from taizhang.drawing.markup import Markup, el
from taizhang.drawing.shapes import Line, Series
from taizhang.drawing.svg.line import apart
from taizhang.drawing.text import lines, number, width

HIGH = 15.0  # em, of the plot
LEAST, NARROW = 20.0, 13.0  # em, of a plot at a desk, on a telephone: labels have room there, and more on wider ones
STEP = 1.5  # em, a line of labels above the plot
NAME = 9.0  # em, of a name at the end of a line
AIR = 0.03  # of the plot, before the first day and after the last
SIDES = 1000  # of the square that the lines are drawn in before it is stretched


def draw(shape: Line, _theme: str) -> Markup:
    """The plot between the numbers at its left and the names at its right, days below, marks above."""
    if not (shape.days or shape.marks or shape.gaps):
        return Markup("")
    plot = _Plot(shape)
    ends = _ends(plot)
    head = STEP * max((level + 1 for _, level in plot.labels if level is not None), default=0)
    left = max((width(number(tick)) for tick in plot.scale.ticks), default=1) + 0.8
    inner = [
        *_grid(plot),
        *(_gap(plot, *gap) for gap in shape.gaps),
        *(el("i", class_=f"tz-when {toned(one.tone)}", style=f"left:{plot.x(one.day):.2f}%") for one in shape.marks),
        _lines(plot),
        *(dot for place, series in enumerate(shape.series) for dot in _dots(plot, series, place)),
        *_above(plot),
        *_days(plot),
        *_strips(plot),
        *(end for end, _ in ends),
    ]
    room = max((wide for _, wide in ends), default=0.0)
    style = f"--tz-left:{left:.1f}em;--tz-right:{room + 0.8:.1f}em;--tz-top:{head:.1f}em;--tz-high:{HIGH}em"
    unit = el("p", el("small", shape.unit), class_="tz-unit") if shape.unit else None
    return el("div", unit, el("div", *inner, class_="tz-plot"), class_="tz-lines-over-days", style=style)


class _Plot:
    """Where days and values stand: percent of the width, percent of the height from below."""

    def __init__(self, shape: Line):
        days = [*shape.days, *(one.day for one in shape.marks), *(day for gap in shape.gaps for day in gap)]
        self.shape, self.scale = shape, axis(shape.known)
        self.first, self.last = min(days), max(days)
        self.span = (self.last - self.first).days
        ordered = sorted(shape.marks, key=lambda one: one.day)
        middles = [LEAST * self.x(one.day) / 100 for one in ordered]
        halves = [width(one.label) / 2 for one in ordered]
        places = [(middle - half, middle + half) for middle, half in zip(middles, halves, strict=True)]
        self.labels = list(zip(ordered, label_levels(places, 0.6), strict=True))

    def x(self, day: dt.date) -> float:
        share = (day - self.first).days / self.span if self.span else 0.5
        return 100 * (AIR + (1 - 2 * AIR) * share)

    def y(self, value: float) -> float:
        return 100 * value / self.scale.top


def _grid(plot: _Plot) -> Iterable[Markup]:
    for tick in plot.scale.ticks:
        where = f"bottom:{plot.y(tick):.2f}%"
        yield el("i", class_="tz-level tz-zero" if not tick else "tz-level", style=where)
        yield el("span", number(tick), class_="tz-step", style=where)


def _gap(plot: _Plot, first: dt.date, last: dt.date) -> Markup:
    where = f"left:{plot.x(first):.2f}%;width:{plot.x(last) - plot.x(first):.2f}%"
    return el("i", class_=f"tz-no-data {filled('unknown')}", style=where)


def _runs(plot: _Plot, series: Series) -> list[list[tuple[float, float]]]:
    """The known points of a series in unbroken runs."""
    runs: list[list[tuple[float, float]]] = [[]]
    for day, value in plot.shape.points(series):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((plot.x(day), plot.y(value)))
    return [run for run in runs if run]


def _lines(plot: _Plot) -> Markup:
    drawn = [
        el(
            "polyline",
            points=" ".join(f"{x * SIDES / 100:.0f},{SIDES - y * SIDES / 100:.0f}" for x, y in run),
            class_=f"tz-stroke {toned(series.tone)}{' tz-dashed' if series.dashed else ''}",
        )
        for series in plot.shape.series
        for run in _runs(plot, series)
        if len(run) > 1
    ]
    square = f"0 0 {SIDES} {SIDES}"
    return el("svg", *drawn, viewBox=square, preserveAspectRatio="none", aria_hidden="true", focusable="false")


def _dots(plot: _Plot, series: Series, place: int) -> Iterable[Markup]:
    """A dot for every value, of a form of its own for each series; of a dashed line only where it stands alone."""
    for run in _runs(plot, series):
        for x, y in run if not series.dashed or len(run) == 1 else ():
            form = ("round", "square", "diamond")[place % 3]
            yield el("i", class_=f"tz-dot tz-{form} {toned(series.tone)}", style=f"left:{x:.2f}%;bottom:{y:.2f}%")


def _above(plot: _Plot) -> Iterable[Markup]:
    for one, level in plot.labels:
        if level is not None:
            where = f"left:{plot.x(one.day):.2f}%;bottom:calc(100% + {STEP * level:.1f}em)"
            yield el("span", one.label, class_=f"tz-when-name {toned(one.tone)}", style=where)


def _days(plot: _Plot) -> Iterable[Markup]:
    """As many of the days below the plot as it has room for, from the newest back; fewer of them on a telephone."""
    form = "%m-%d" if has_one_year(plot.shape.days) else "%Y-%m-%d"
    shown = _with_room(plot, sorted(set(plot.shape.days), reverse=True), form, LEAST)
    narrow = set(_with_room(plot, shown, form, NARROW))
    for day in shown:
        classes = "tz-day-name" if day in narrow else "tz-day-name tz-roomy"
        yield el("span", f"{day:{form}}", class_=classes, style=f"left:{plot.x(day):.2f}%")


def _with_room(plot: _Plot, days: list[dt.date], form: str, wide: float) -> list[dt.date]:
    """Those of the days, from the first on, whose words do not touch on a plot so wide."""
    kept, taken = [], float("inf")
    for day in days:
        half = width(f"{day:{form}}") / 2
        if wide * plot.x(day) / 100 + half + 0.6 <= taken:
            taken = wide * plot.x(day) / 100 - half
            kept.append(day)
    return kept


def _strips(plot: _Plot) -> Iterable[Markup]:
    """One mark a day, as high as the plot, so that its card stands above the lines and not on them."""
    shape = plot.shape
    days = sorted({*shape.days, *(one.day for one in shape.marks)})
    edges = [0.0, *((plot.x(one) + plot.x(other)) / 2 for one, other in pairwise(days)), 100.0]
    values = {day: [one.values[row] for one in shape.series] for row, day in enumerate(shape.days)}
    for day, (left, right) in zip(days, pairwise(edges), strict=True):
        said = [
            f"{one.name} {number(value)}"
            for one, value in zip(shape.series, values.get(day, ()), strict=False)
            if value is not None
        ]
        named = [one.label for one in shape.marks if one.day == day]
        at = 100 * (plot.x(day) - left) / (right - left)
        where = f"left:{left:.2f}%;width:{right - left:.2f}%;--tz-at:{at:.1f}%"
        yield el("span", class_="tz-strip", style=where, **mark(day.isoformat(), *said, *named))


def _ends(plot: _Plot) -> list[tuple[Markup, float]]:
    """Each series' last known value and its name beside its end, moved apart where they would touch; and how wide."""
    known = [(series, plot.shape.last(series)) for series in plot.shape.series if plot.shape.last(series)]
    known.sort(key=lambda one: -one[1][1])
    names = [lines(series.name, NAME, 2) for series, _ in known]
    line = 1.35
    wanted = [
        (HIGH * (1 - plot.y(value) / 100), line * len(name)) for (_, (_, value)), name in zip(known, names, strict=True)
    ]
    made = []
    for (series, (_, value)), name, middle in zip(known, names, apart(wanted, HIGH + 1.0), strict=True):
        value_width = width(number(value)) * 1.15 + 0.4
        text = el("span", *(el("span", one) for one in name), class_="tz-end-name")
        where = f"top:{100 * middle / HIGH:.2f}%"
        end = el("span", el("b", number(value)), text, class_=f"tz-line-end {toned(series.tone)}", style=where)
        made.append((end, value_width + max(map(width, name))))
    return made
