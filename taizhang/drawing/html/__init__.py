"""Shapes on a screen: all but lines are `drawn` as light HTML, lines are `plotted` by the chart library.

Pure functions: no framework, no language, no network. HTML is plain boxes, without SVG or script, because the
framework's sanitiser takes both out; the same text then also stands in an offline report. Outlines alone are SVG: they
can always be picked, and what can be picked goes another way.
"""

from collections.abc import Mapping
from types import MappingProxyType

from taizhang.drawing.html import bars, figures, marks, outlines, passage, tables, tilemap, timeline
from taizhang.drawing.html.chart import is_plotted, plotted
from taizhang.drawing.html.elements import scale, styles
from taizhang.drawing.markup import TAGS, Markup, el
from taizhang.drawing.shapes import (
    Bars,
    Figures,
    Lanes,
    Matrix,
    Outlines,
    Passage,
    Shape,
    StackedBars,
    Table,
    TileMap,
    Timeline,
)

__all__ = ["all_styles", "drawn", "is_plotted", "plotted", "styled"]

# shape → its style sheet, what draws it
_DRAWN = {
    Figures: ("figures", figures.draw_figures),
    Lanes: ("figures", figures.draw_lanes),
    Bars: ("bars", bars.draw_bars),
    StackedBars: ("bars", bars.draw_stacked),
    Timeline: ("timeline", timeline.draw),
    TileMap: ("tilemap", tilemap.draw),
    Outlines: ("outlines", outlines.draw),
    Matrix: ("tables", tables.draw_matrix),
    Table: ("tables", tables.draw_table),
    Passage: ("passage", passage.draw),
}
_TELLS_ITS_DAYS = (Timeline, Figures)
_SEEN_ONLY = ("timeline", "tilemap", "outlines")  # nobody understands these read aloud as they stand


def styled(
    shape: Shape,
    theme: str,
    lang: str = "zh",
    label: str = "",
    day: str = "",
    does: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The shape as HTML with its own styles; `label` is its name for screen readers (the exhibit's title).

    `day` and `does` are what the card of every mark says beside its own lines: the day looked at, and what a click
    does, by kind of pick. Safe to show as it is: every text of the shape is escaped. What can be clicked carries
    `data-pick`, what can be pointed at `data-mark`.
    """
    sheet, _ = _DRAWN[type(shape)]
    return Markup(f"<style>{styles(theme, sheet)}</style>{drawn(shape, theme, lang, label, day, does)}")


def drawn(
    shape: Shape,
    theme: str,
    lang: str = "zh",
    label: str = "",
    day: str = "",
    does: Mapping[str, str] = MappingProxyType({}),
) -> Markup:
    """The same without the styles, for a page of many drawings that has `all_styles` once."""
    sheet, draw = _DRAWN[type(shape)]
    inner = marks.with_a_way_in(draw(shape, theme))
    name = "，".join(part for part in (label, shape.in_words() if sheet in _SEEN_ONLY else "") if part)
    return el(
        "div",
        inner,
        class_=f"tz tz-{theme}",
        lang=TAGS.get(lang, lang),
        role="group" if name else None,
        aria_label=name or None,
        **marks.said_of_all("" if isinstance(shape, _TELLS_ITS_DAYS) else day, does, inner),
    )


def all_styles(theme: str) -> str:
    """The styles of all drawings in a theme, with the scale they take from."""
    return scale() + styles(theme, *dict.fromkeys(sheet for sheet, _ in _DRAWN.values()))
