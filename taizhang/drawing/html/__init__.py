"""Shapes on a screen: all but lines are `drawn` as light HTML, lines are `plotted` by the chart library.

Pure functions: no framework, no language, no network. HTML is plain boxes, without SVG or script, because the
framework's sanitiser takes both out; the same text then also stands in an offline report. Outlines alone are SVG: they
can always be picked, and what can be picked goes another way.
"""

from collections.abc import Mapping
from types import MappingProxyType

from taizhang.drawing.html import bars, elements, figures, marks, outlines, passage, tables, tilemap, timeline
from taizhang.drawing.html.chart import is_plotted, plotted
from taizhang.drawing.html.elements import scale
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

__all__ = ["drawn", "is_plotted", "plotted", "scale", "styles"]

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


def drawn(
    shape: Shape,
    theme: str,
    lang: str = "zh",
    label: str = "",
    day: str = "",
    does: Mapping[str, str] = MappingProxyType({}),
) -> Markup:
    """The shape as HTML; `label` is its name for screen readers (the exhibit's title). The document has `styles` once.

    `day` and `does` are what the card of every mark says beside its own lines: the day looked at, and what a click
    does, by kind of pick. Safe to show as it is: every text of the shape is escaped. What can be clicked carries
    `data-pick`, what can be pointed at `data-mark`.
    """
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


def styles(theme: str) -> str:
    """The styles of all drawings in a theme, once a document: a sheet beside each drawing made the browser look through
    a dozen equal ones, for every element of the page, as often as one of them came anew. Sizes are those of `scale`."""
    return elements.styles(theme, *dict.fromkeys(sheet for sheet, _ in _DRAWN.values()))
