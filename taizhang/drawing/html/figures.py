"""Headline numbers and strand cards."""

import re
from base64 import b64encode

from taizhang.drawing import palette
from taizhang.drawing.html.elements import link, toned
from taizhang.drawing.html.marks import mark
from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.shapes import Figure, Figures, LaneCard, Lanes
from taizhang.drawing.text import number


def draw_figures(shape: Figures, theme: str) -> Markup:
    """The numbers side by side; two by two, then one below the other, as the room gets narrow."""
    return el("div", *(_figure(item, theme) for item in shape.items), class_="tz-figures", **_columns(shape.items))


def draw_lanes(shape: Lanes, _theme: str) -> Markup:
    """The strands as equal columns."""
    return el("div", *(_card(item) for item in shape.items), class_="tz-figures tz-cards", **_columns(shape.items))


def _columns(items: tuple) -> dict[str, str]:
    return {"style": f"--tz-columns:{max(1, len(items))}"}


def _figure(item: Figure, theme: str) -> Markup:
    return el(
        "section",
        _top(item, "tz-label"),
        el(
            "div",
            el("span", with_quiet_whole(item.value), class_=_sized(item.value)),
            _sparkline(item, theme),
            class_="tz-headline",
        ),
        el("p", item.change, class_=f"tz-change {toned(item.change_tone)}") if item.change else None,
        el("p", item.detail, class_="tz-detail") if item.detail else None,
        class_=f"tz-figure {toned(item.tone)}",
    )


def _top(item: Figure | LaneCard, classes: str) -> Markup:
    """What it is, and at the end of the same line where it leads."""
    return el("div", el("p", item.label, class_=classes), link(item.link, item.link_label), class_="tz-top")


def with_quiet_whole(value: str) -> Markup:
    """`11/16` with a quieter whole, `69%` with a quieter sign; anything else as it is."""
    found = re.fullmatch(r"([\d.,]+)(\s*(?:/\s*[\d.,]+|%))", value)
    return joined((found[1], el("span", found[2], class_="tz-of"))) if found else joined((value,))


def _sized(value: str) -> str:
    """The classes of a value: one in words is longer than a number, and stands smaller where there is little room."""
    return "tz-value" if any(letter.isdigit() for letter in value) else "tz-value tz-words"


def _card(item: LaneCard) -> Markup:
    return el(
        "section",
        _top(item, "tz-label tz-strand"),
        el(
            "p",
            el("span", with_quiet_whole(item.lead), class_="tz-value"),
            el("span", item.lead_detail, class_="tz-detail") if item.lead_detail else None,
            class_="tz-lead",
        ),
        el("ul", *(el("li", line) for line in item.lines), class_="tz-lines") if item.lines else None,
        class_=f"tz-figure tz-card {toned(item.tone)}",
    )


SPARK = (112, 32)
FEW = 4  # a count that never was higher is drawn on a scale of so many: one is little, and does not fill the picture


def _sparkline(item: Figure, theme: str) -> Markup | None:
    """The course of a number from zero up: a share as a line below its whole, a count as columns.

    A week without data is a gap. A picture, not inline SVG: the framework's sanitiser removes SVG elements and keeps
    images with data in them.
    """
    known = [value for value in item.trend if value is not None]
    if len(known) < 2:
        return None
    draw = _columns_of if item.trend_top is None else _line_of
    wide, high = SPARK
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
        f"{draw(item, palette.tones(theme), palette.surfaces(theme))}</svg>"
    )
    source = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
    words = item.trend_told or ", ".join("–" if value is None else number(value) for value in item.trend)
    picture = el("img", class_="tz-spark", src=source, alt="")
    return el("span", picture, class_="tz-course", **mark(item.label, words))


def _line_of(item: Figure, colours: dict[str, str], surfaces: dict[str, str]) -> str:
    """A share between nothing and all, both of which are faint lines."""
    wide, high = SPARK

    def point(place: int, value: float) -> str:
        x = 4 + place * (wide - 8) / (len(item.trend) - 1)
        return f"{x:.1f},{high - 4 - value / item.trend_top * (high - 8):.1f}"

    edges = "".join(f'<path d="M0 {y}H{wide}" stroke="{surfaces["rule"]}"/>' for y in (4, high - 4))
    points = [None if value is None else point(place, value) for place, value in enumerate(item.trend)]
    strokes = "".join(
        f'<polyline points="{" ".join(run)}" fill="none" stroke="{colours["faint"]}" stroke-width="2"'
        ' stroke-linejoin="round" stroke-linecap="round"/>'
        for run in runs(points)
    )
    x, y = next(one for one in reversed(points) if one).split(",")
    return f'{edges}{strokes}<circle cx="{x}" cy="{y}" r="3.5" fill="{colours[item.tone]}"/>'


def _columns_of(item: Figure, colours: dict[str, str], surfaces: dict[str, str]) -> str:
    """A count as one column a release, the last in the colour of the figure; nothing known is no column."""
    wide, high = SPARK
    top = max(FEW, *(value for value in item.trend if value is not None))
    step = wide / len(item.trend)
    last = max(place for place, value in enumerate(item.trend) if value is not None)
    columns = "".join(
        f'<rect x="{place * step + step * 0.15:.1f}" y="{high - 1 - value / top * (high - 3):.1f}"'
        f' width="{step * 0.7:.1f}" height="{value / top * (high - 3):.1f}"'
        f' fill="{colours[item.tone if place == last else "faint"]}"/>'
        for place, value in enumerate(item.trend)
        if value
    )
    return f'<path d="M0 {high - 0.5}H{wide}" stroke="{surfaces["rule"]}"/>{columns}'


def runs(points: list[str | None]) -> list[list[str]]:
    """The points in unbroken runs; a single point is doubled, so that its line is drawn as a dot."""
    found: list[list[str]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run if len(run) > 1 else run * 2 for run in found if run]
