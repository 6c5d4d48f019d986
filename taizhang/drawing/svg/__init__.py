"""Shapes as self-contained SVG: for slides, paper and everything that has no page around it.

The same layouts and colours as on the screen. Every length inside is in em of the drawing's own text, so that the
caller alone decides how large text is; what must not get smaller on a slide never does.
"""

from taizhang.drawing import palette
from taizhang.drawing.markup import el
from taizhang.drawing.shapes import Bars, Line, Shape, StackedBars, TileMap, Timeline
from taizhang.drawing.svg import bars, line, tilemap, timeline
from taizhang.drawing.svg.pen import Pen

# shape → what draws it, how high it wants to be
_DRAWN = {
    Line: (line.draw, line.height),
    Bars: (bars.draw_bars, bars.height),
    StackedBars: (bars.draw_stacked, bars.height),
    TileMap: (tilemap.draw, tilemap.height),
    Timeline: (timeline.draw, timeline.height),
}


def is_drawn(shape: Shape) -> bool:
    """Whether the shape is a drawing; the others are words and numbers, and better set as such."""
    return type(shape) in _DRAWN


def drawn(shape: Shape, theme: str, width: float, height: float, text: float, label: str = "") -> str:
    """The shape as one `<svg>` of `width` × `height` user units, its text `text` units high, `label` its name.

    No script, no reference to anything outside; every text of the shape is escaped. Raises `TypeError` for a shape
    that is no drawing (figures, tables, a text).
    """
    if not is_drawn(shape):
        raise TypeError(f"{type(shape).__name__} is not drawn as a picture")
    pen = Pen(theme, text)
    draw, _ = _DRAWN[type(shape)]
    inner = draw(shape, pen, width / text, height / text)
    return el(
        "svg",
        el("rect", width="100%", height="100%", fill=palette.surfaces(theme)["ground"]),
        inner,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img",
        aria_label=label or None,
        font_family=palette.FONT,
        font_size=f"{text:g}",
    )


def height(shape: Shape, width: float, text: float) -> float:
    """How high the drawing wants to be at this width and text height, all in the same units."""
    _, height_of = _DRAWN[type(shape)]
    return height_of(shape, width / text) * text
