"""Headline numbers and strand cards."""

import re
from base64 import b64encode

from taizhang.drawing import palette
from taizhang.drawing.html.elements import link, toned
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
            el("span", with_quiet_whole(item.value), class_="tz-value"),
            _sparkline(item.trend, item.tone, theme),
            class_="tz-headline",
        ),
        el("p", item.change, class_=f"tz-change {toned(item.change_tone)}") if item.change else None,
        el("p", item.detail, class_="tz-detail") if item.detail else None,
        _code(item),
        class_=f"tz-figure {toned(item.tone)}",
    )


def _top(item: Figure | LaneCard, classes: str) -> Markup:
    """What it is, and at the end of the same line where it leads."""
    return el("div", el("p", item.label, class_=classes), link(item.link, item.link_label), class_="tz-top")


def _code(item: Figure | LaneCard) -> Markup | None:
    """The code of its passport, in the corner."""
    return el("p", item.passport, class_="tz-code") if item.passport else None


def with_quiet_whole(value: str) -> Markup:
    """`11/16` with a quieter whole, `69%` with a quieter sign; anything else as it is."""
    found = re.fullmatch(r"([\d.,]+)(\s*(?:/\s*[\d.,]+|%))", value)
    return joined((found[1], el("span", found[2], class_="tz-of"))) if found else joined((value,))


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
        _code(item),
        class_=f"tz-figure tz-card {toned(item.tone)}",
    )


SPARK = (112, 32)


def _sparkline(trend: tuple[float | None, ...], tone: str, theme: str) -> Markup | None:
    """The course of a number as a picture; a week without data interrupts the line.

    A picture, not inline SVG: the framework's sanitiser removes SVG elements and keeps images with data in them.
    """
    known = [value for value in trend if value is not None]
    if len(known) < 2:
        return None
    colours = palette.tones(theme)
    wide, high = SPARK
    low, span = min(known), max(known) - min(known)

    def point(place: int, value: float) -> str:
        x = 4 + place * (wide - 8) / (len(trend) - 1)
        y = high - 5 - ((value - low) / span if span else 0.5) * (high - 10)
        return f"{x:.1f},{y:.1f}"

    strokes = "".join(
        f'<polyline points="{" ".join(run)}" fill="none" stroke="{colours["faint"]}" stroke-width="2"'
        ' stroke-linejoin="round" stroke-linecap="round"/>'
        for run in runs([None if value is None else point(place, value) for place, value in enumerate(trend)])
    )
    last = max(place for place, value in enumerate(trend) if value is not None)
    x, y = point(last, trend[last]).split(",")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">{strokes}'
        f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colours[tone]}"/></svg>'
    )
    source = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
    words = ", ".join("–" if value is None else number(value) for value in trend)
    return el("img", class_="tz-spark", src=source, alt=words)


def runs(points: list[str | None]) -> list[list[str]]:
    """The points in unbroken runs; a single point is doubled, so that its line is drawn as a dot."""
    found: list[list[str]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run if len(run) > 1 else run * 2 for run in found if run]
