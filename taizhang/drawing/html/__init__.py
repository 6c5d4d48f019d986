"""Shapes on a screen: `html` draws all but lines as light HTML, `figure` draws lines for the chart library.

Pure functions: no framework, no language, no network. HTML is plain boxes, without SVG or script, because the
framework's sanitiser takes both out; the same text then also stands in an offline report.
"""

from taizhang.drawing.html import bars, figures, passage, tables, tilemap, timeline
from taizhang.drawing.html.chart import figure, finish
from taizhang.drawing.html.drawing import Markup, el, styles
from taizhang.drawing.shapes import Bars, Figures, Lanes, Matrix, Passage, Shape, StackedBars, Table, TileMap, Timeline

__all__ = ["all_styles", "drawn", "figure", "finish", "html"]

# shape → its style sheet, what draws it, what says it in words to those who do not see it
_DRAWN = {
    Figures: ("figures", figures.draw_figures, None),
    Lanes: ("figures", figures.draw_lanes, None),
    Bars: ("bars", bars.draw_bars, None),
    StackedBars: ("bars", bars.draw_stacked, None),
    Timeline: ("timeline", timeline.draw, timeline.in_words),
    TileMap: ("tilemap", tilemap.draw, tilemap.in_words),
    Matrix: ("tables", tables.draw_matrix, None),
    Table: ("tables", tables.draw_table, None),
    Passage: ("passage", passage.draw, None),
}
_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def html(shape: Shape, theme: str, lang: str = "zh", label: str = "") -> str:
    """The shape as HTML with its own styles; `label` is its name for screen readers (the exhibit's title).

    Safe to show as it is: every text of the shape is escaped. What can be clicked carries `data-pick`.
    """
    sheet, _, _ = _DRAWN[type(shape)]
    return Markup(f"<style>{styles(theme, sheet)}</style>{drawn(shape, theme, lang, label)}")


def drawn(shape: Shape, theme: str, lang: str = "zh", label: str = "") -> Markup:
    """The same without the styles, for a page of many drawings that has `all_styles` once."""
    _, draw, in_words = _DRAWN[type(shape)]
    name = "，".join(part for part in (label, in_words(shape) if in_words else "") if part)
    return el(
        "div",
        draw(shape, theme),
        class_=f"tz tz-{theme}",
        lang=_LANGUAGES.get(lang, lang),
        role="group" if name else None,
        aria_label=name or None,
    )


def all_styles(theme: str) -> str:
    """The styles of all drawings in a theme."""
    return styles(theme, *dict.fromkeys(sheet for sheet, _, _ in _DRAWN.values()))
