"""The one module of the chart library: lines as plain dicts of data and layout, finished in one place.

What a day says when one points at it is the board's own card (`marks.js` lays its marks over the plot; `meta` has their
words), so the library's hover is off. Up to three lines say their names at their ends, and there is no legend.

Dicts, because building figure objects costs twelve times as much; the framework validates them all the same.
"""

import datetime as dt
import html

from taizhang.drawing import palette
from taizhang.drawing.axis import axis, has_one_year, label_levels
from taizhang.drawing.shapes import Line, Mark, Series, Shape
from taizhang.drawing.text import lines, number, width

HEIGHT = 380
# Marks' labels are laid out for a chart on a telephone; a wider one only adds room.
CHART_WIDTH, LABEL_SIZE = 358, 13
MARGIN = 44  # left and right of the plot
MOST_TICKS, WRITTEN = 9, 6  # days with a tick each below the axis; dates of more days, as many as a telephone holds
MOST_NAMED = 3  # lines that are named at their ends; more have a legend above
NAME, NAME_SIZE, VALUE_SIZE = 7.0, 13, 15  # em of a line of a name at an end; pixels
TOP = 20  # above the plot and the labels of marks


def plot_text(text: object) -> str:
    """The one way a text enters a chart: its small HTML and its templates would otherwise read the text."""
    return html.escape(str(text), quote=True).replace("%", "&#37;").replace("$", "&#36;")


def is_plotted(shape: Shape) -> bool:
    """Whether the chart library draws the shape; the others are HTML."""
    return isinstance(shape, Line)


def plotted(shape: Line, theme: str, height: int = HEIGHT) -> dict:
    """A line over days as `{"data", "layout"}`: no line across a gap, marks as vertical lines, zero baseline."""
    if not is_plotted(shape):
        raise TypeError(f"{type(shape).__name__} is drawn as HTML")
    colours = palette.tones(theme)
    scale = axis(shape.known)
    drawn = {
        "data": [
            *(_gap(first, last, scale.top, theme) for first, last in shape.gaps),
            *(_trace(series, shape, colours[series.tone]) for series in shape.series),
        ],
        "layout": {
            "height": height,
            "yaxis": {"range": [0, scale.top], "tick0": 0, "dtick": scale.step},
            "xaxis": {**_days(shape.days), **_reach(shape)},
            "shapes": [_mark_line(mark, colours[mark.tone]) for mark in shape.marks],
            "annotations": [*_mark_labels(shape, theme), *_last_values(shape, colours, scale.top, height)],
            "showlegend": not _is_named(shape),
            "meta": {"theme": theme, "marks": _told(shape)},
        },
    }
    if shape.unit:
        drawn["layout"]["annotations"].append(_unit(shape.unit, colours["faint"]))
    highest = max((note.get("level", -1) for note in drawn["layout"]["annotations"]), default=-1)
    for note in drawn["layout"]["annotations"]:
        note.pop("level", None)
    top = TOP + (20 if shape.unit else 0) + (0 if _is_named(shape) else 24) + 20 * (highest + 1)
    drawn["layout"]["margin"] = {"t": top, "r": _right(shape)}
    return _finished(drawn, theme)


def _finished(figure: dict, theme: str) -> dict:
    """What all charts share: fonts, colours, margins, horizontal text, no animation, legend above. Returns it."""
    tones, surfaces = palette.tones(theme), palette.surfaces(theme)
    font = {"family": palette.FONT, "size": 14, "color": tones["plain"]}
    layout = figure["layout"]
    shared = {
        "template": "none",  # the library's own look would come back without this
        "font": font,
        "paper_bgcolor": surfaces["ground"],
        "plot_bgcolor": surfaces["ground"],
        "colorway": [tones[tone] for tone in ("done", "moving", "soon", "late")],
        "hovermode": False,
        "dragmode": False,
        "transition": {"duration": 0},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    }
    axis = {"fixedrange": True, "tickangle": 0, "automargin": True, "zeroline": False, "tickfont": {"size": 13}}
    layout["xaxis"] = {
        **axis,
        "showgrid": False,
        "ticks": "outside",
        "tickcolor": surfaces["rule"],
        "showline": True,
        "linecolor": tones["plain"],
        "tickformat": "%m-%d",
        **layout.get("xaxis", {}),
    }
    layout["yaxis"] = {
        **axis,
        "rangemode": "tozero",
        "gridcolor": surfaces["grid"],
        "tickformat": ",~r",
        **layout.get("yaxis", {}),
    }
    layout["margin"] = {"l": MARGIN, "r": MARGIN, "t": 64, "b": 40, **layout.get("margin", {})}
    figure["layout"] = {**shared, **layout}
    return figure


def _is_named(shape: Line) -> bool:
    """Whether each line says its name at its end."""
    return len(shape.series) <= MOST_NAMED


def _names(shape: Line) -> dict[str, tuple[str, ...]]:
    """The name of each series in the lines that stand at its end."""
    return {one.name: lines(one.name, NAME, 3) for one in shape.series}


def _right(shape: Line) -> int:
    """The pixels right of the plot: what the last values need, and the names beside them."""
    if not _is_named(shape):
        return MARGIN
    named = max((width(line) for said in _names(shape).values() for line in said), default=0) * NAME_SIZE
    value = max((width(number(shape.last(one)[1])) for one in shape.series if shape.last(one)), default=0) * VALUE_SIZE
    return round(8 + value * 1.1 + 10 + named)


def _told(shape: Line) -> list[list[str]]:
    """What each day says when one points at it: the day, every series' value, what was marked on it."""
    values = {day: [one.values[row] for one in shape.series] for row, day in enumerate(shape.days)}
    return [
        [
            day.isoformat(),
            *(
                f"{one.name} {number(value)}"
                for one, value in zip(shape.series, values.get(day, ()), strict=False)
                if value is not None
            ),
            *(mark.label for mark in shape.marks if mark.day == day and mark.label),
        ]
        for day in sorted({*values, *(mark.day for mark in shape.marks)})
    ]


def _trace(series: Series, shape: Line, colour: str) -> dict:
    points = shape.points(series)
    return {
        "type": "scatter",
        "mode": "lines" if series.dashed else "lines+markers",
        "name": plot_text(series.name),
        "x": [day.isoformat() for day, _ in points],
        "y": [value for _, value in points],
        "connectgaps": False,
        "line": {"color": colour, "width": 2 if series.dashed else 3, "dash": "dash" if series.dashed else "solid"},
        "marker": {"size": 8, "color": colour},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _gap(first: dt.date, last: dt.date, top: float, theme: str) -> dict:
    """A span without data, hatched from bottom to top; under the lines, silent in hover and legend."""
    a, b = first.isoformat(), last.isoformat()
    surfaces = palette.surfaces(theme)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [a, a, b, b, a],
        "y": [0, top, top, 0, 0],
        "fill": "toself",
        "fillcolor": surfaces["surface"],
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        "fillpattern": {
            "shape": "/",
            "size": 8,
            "solidity": 0.2,
            "fgcolor": surfaces["rule"],
            "bgcolor": surfaces["ground"],
        },
    }


def _days(days: tuple[dt.date, ...]) -> dict:
    """As many ticks as the width allows; with the year when the days are of several.

    Of a few days each has its own tick: left to itself the library would put several within one day, all with its name.
    """
    shape = {"type": "date", "tickformat": "%m-%d" if has_one_year(days) else "%Y-%m-%d"}
    if days and (max(days) - min(days)).days < MOST_TICKS:
        return {**shape, "tickmode": "array", "tickvals": [day.isoformat() for day in sorted(set(days))]}
    return {**shape, "nticks": WRITTEN}


def _reach(shape: Line) -> dict:
    """From the first day to the last, with a little air: left to itself the axis would reach as far as the names."""
    days = [*shape.days, *(mark.day for mark in shape.marks), *(day for gap in shape.gaps for day in gap)]
    if not days:
        return {}
    first, last = (dt.datetime.combine(day, dt.time()) for day in (min(days), max(days)))
    air = max((last - first) * 0.03, dt.timedelta(hours=12))
    return {"range": [(first - air).isoformat(), (last + air).isoformat()]}


def _mark_line(mark: Mark, colour: str) -> dict:
    day = mark.day.isoformat()
    return {
        "type": "line",
        "x0": day,
        "x1": day,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "above",
        "line": {"color": colour, "width": 1, "dash": "dot"},
    }


def _mark_labels(shape: Line, theme: str) -> list[dict]:
    """Labels above the plot, in as many levels as they need not to overlap; at most three, then none."""
    days = [*shape.days, *(mark.day for mark in shape.marks)]
    if not shape.marks:
        return []
    span = (max(days) - min(days)).days or 1
    colours = palette.tones(theme)
    ordered = sorted(shape.marks, key=lambda one: one.day)
    plot = CHART_WIDTH - MARGIN - _right(shape)
    middles = [plot * (mark.day - min(days)).days / span for mark in ordered]
    halves = [width(mark.label) * LABEL_SIZE / 2 for mark in ordered]
    spans = [(middle - half, middle + half) for middle, half in zip(middles, halves, strict=True)]
    notes = []
    for mark, level in zip(ordered, label_levels(spans, 8), strict=True):
        if level is None:
            continue
        notes.append(
            {
                "x": mark.day.isoformat(),
                "xref": "x",
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "ax": 0,
                "ay": -2 - 20 * level,
                "showarrow": True,
                "arrowhead": 0,
                "arrowwidth": 1,
                "arrowcolor": colours[mark.tone],
                "text": plot_text(mark.label),
                "textangle": 0,
                "borderpad": 0,
                "bgcolor": palette.surfaces(theme)["ground"],
                "font": {"size": LABEL_SIZE, "color": colours[mark.tone]},
                "level": level,
            }
        )
    # The lower ones last: their ground hides the line that leads to a higher one.
    return sorted(notes, key=lambda note: -note["level"])


def _last_values(shape: Line, colours: dict[str, str], top: float, height: int) -> list[dict]:
    """Each series' last known value and its name beside its end, above the axis, moved apart where they would touch."""
    ends = [(*shape.last(series), series) for series in shape.series if shape.last(series)]
    per_unit = (height - 130) / top
    names = _names(shape) if _is_named(shape) else {}
    notes, floor = [], 0.0
    for day, value, series in sorted(ends, key=lambda end: end[1]):
        said = names.get(series.name, ("",))
        half = 9 * len(said)
        at = max(value * per_unit, floor + half)
        floor = at + half
        name = "<br>".join(map(plot_text, said))
        words = f'<span style="font-size:{NAME_SIZE}px"> {name}</span>' if name else ""
        notes.append(
            {
                "x": day.isoformat(),
                "y": value,
                "xanchor": "left",
                "xshift": 8,
                "yshift": at - value * per_unit,
                "align": "left",
                "text": f"<b>{number(value)}</b>{words}",
                "showarrow": False,
                "textangle": 0,
                "font": {"size": VALUE_SIZE, "color": colours[series.tone]},
            }
        )
    return notes


def _unit(unit: str, colour: str) -> dict:
    is_short = width(unit) * LABEL_SIZE < MARGIN - 8  # a longer one begins at the edge and ends above the plot
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "right" if is_short else "left",
        "xshift": -4 if is_short else 4 - MARGIN,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 6,
        "text": plot_text(unit),
        "showarrow": False,
        "textangle": 0,
        "font": {"size": LABEL_SIZE, "color": colour},
    }
