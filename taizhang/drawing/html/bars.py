"""Bars and stacked bars: lengths on a zero baseline, the words at the end."""

import math

from taizhang.drawing import palette
from taizhang.drawing.html.elements import filled, key, toned
from taizhang.drawing.html.marks import mark
from taizhang.drawing.markup import Markup, el
from taizhang.drawing.shapes import Bar, Bars, Series, StackedBars
from taizhang.drawing.text import number, width

MOST_NEEDED = 9  # em, of a number inside its part; a longer one stands there only where the part is so wide


def draw_bars(shape: Bars, _theme: str) -> Markup:
    """One row a bar. The whole is an outline, an unknown value a hatched stub, zero nothing but its words."""
    longest = shape.longest
    return el(
        "div",
        el("p", el("small", shape.unit), class_="tz-unit") if shape.unit and shape.items else None,
        *(_bar(bar, longest, shape.unit) for bar in shape.items),
        class_="tz-bars",
        style=_room(shape.labels, shape.ends),
    )


def _bar(bar: Bar, longest: float, unit: str) -> Markup:
    if bar.value is None:
        drawn = el("span", class_=f"tz-stub {filled('unknown')}")
    else:
        share = _share(bar.value, bar.of or bar.value)
        inner = el("span", class_="tz-bar", style=f"width:{min(100, share):.2f}%")
        whole = f"tz-whole{' tz-outlined' if bar.of else ''}"
        drawn = el("span", inner, class_=whole, style=_length(bar.of or bar.value, longest), data_anchor="")
    return el(
        "div",
        el("span", bar.label, class_="tz-name"),
        el("span", drawn, el("span", bar.text, class_="tz-end"), class_="tz-track"),
        class_=f"tz-row {toned(bar.tone)}",
        **mark(bar.label, _with_unit(bar.text, unit), bar.told, pick=bar.pick),
    )


def _with_unit(text: str, unit: str) -> str:
    return f"{text} · {unit}" if unit and text else text


def draw_stacked(shape: StackedBars, _theme: str) -> Markup:
    """One row a category, its parts in the order of the legend, their numbers inside where they fit."""
    return el(
        "div",
        el(
            "div",
            *(key(series.name, series.tone, palette.status_symbol(series.tone)) for series in shape.series),
            class_="tz-legend",
        ),
        el("p", el("small", shape.unit), class_="tz-unit") if shape.unit else None,
        *(_stack(shape, row) for row in range(len(shape.categories))),
        class_="tz-bars",
        style=_room(shape.labels, shape.ends),
    )


def _stack(shape: StackedBars, row: int) -> Markup:
    total, longest, note = shape.totals[row], shape.longest, shape.ends[row]
    parts = [_part(shape, row, one) for one in shape.series if one.values[row]]
    unknown = [one for one in shape.series if one.values[row] is None]
    stubs = [
        el("span", class_=f"tz-stub {filled('unknown')}", **mark(shape.categories[row], one.name)) for one in unknown
    ]
    whole = el("span", *parts, class_="tz-whole tz-parts", style=_length(total, longest)) if total else None
    track = el("span", whole, *stubs, el("span", note, class_="tz-end") if note else None, class_="tz-track")
    return el("div", el("span", shape.categories[row], class_="tz-name"), track, class_="tz-row tz-t-plain")


def _part(shape: StackedBars, row: int, series: Series) -> Markup:
    value, total = series.values[row], shape.totals[row]
    bare = number(value)
    text = f"{palette.status_symbol(series.tone)} {bare}".strip()
    needed, least = _needed(text), _needed(bare)
    alone = el("span", bare, class_=f"tz-number tz-needs-{least} tz-until-{needed}") if least < needed else None
    return el(
        "span",
        el("span", text, class_=f"tz-number tz-needs-{needed}"),
        alone,  # where there is no room for the symbol too
        class_=f"tz-part {filled(series.tone)}",
        style=f"flex-grow:{value:g}",
        **mark(
            shape.categories[row],
            _with_unit(f"{series.name} {number(value)}/{number(total)}", shape.unit),
            pick=series.picks[row] if series.picks else "",
        ),
    )


def _needed(text: str) -> int:
    """From how many em of its part on the style sheet shows a text."""
    return min(MOST_NEEDED, math.ceil(width(text) + 0.4))


def _share(value: float, whole: float) -> float:
    return 100 * value / whole if whole else 0.0


def _length(value: float, longest: float) -> str:
    """The width of a bar: its share of the track less the room that the longest words at an end need."""
    return f"width:calc((100% - var(--tz-end)) * {_share(value, longest) / 100:.4f})"


def _room(labels, ends) -> str:
    """The widths of the label column and of the words at the end, as style variables."""
    label = min(16.0, max(map(width, labels), default=0) + 1.5)
    end = min(18.0, max(map(width, ends), default=0) + 1.5)
    return f"--tz-name:{label:.1f}em;--tz-end:{end:.1f}em"
