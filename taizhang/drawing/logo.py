"""The mark of the product, and the head of the navigation: the mark, whose board it is, and of what campaign.

Our own drawing: a page of a ledger, its lines one below the other and one of them ticked off.
"""

from taizhang.drawing import palette
from taizhang.drawing.markup import Markup, el
from taizhang.drawing.text import cut, width

SIDE = 32  # px of the mark
WIDE = 176  # px of the whole head: what a navigation of 16 rem leaves beside the button that shuts it
GAP = 10
_OFFICE, _CAMPAIGN = 15, 12  # px of type


def mark(theme: str = "light") -> Markup:
    """The mark alone, as the icon of a tab and of a shut navigation."""
    return _svg(SIDE, "", *_mark(theme))


def head(office: str, campaign: str, theme: str) -> Markup:
    """The mark with two lines beside it, each cut to what there is room for."""
    left, room = SIDE + GAP, WIDE - SIDE - GAP
    lines = [(office or campaign, _OFFICE, 700, "plain"), (campaign if office else "", _CAMPAIGN, 400, "faint")]
    said = [line for line in lines if line[0]]
    feet = {1: (21,), 2: (13.5, 29)}.get(len(said), ())
    words = [
        el(
            "text",
            cut(text, room / size),
            x=left,
            y=foot,
            font_size=size,
            font_weight=weight,
            font_family=palette.FONT,
            fill=palette.tones(theme)[tone],
        )
        for (text, size, weight, tone), foot in zip(said, feet, strict=True)
    ]
    longest = max((min(width(text) * size, room) for text, size, _, _ in said), default=0)
    return _svg(round(left + longest + 2) if said else SIDE, office or campaign, *_mark(theme), *words)


def _mark(theme: str) -> tuple[Markup, ...]:
    ground = palette.tones(theme)["done"]
    lines = "M8 9.5H24M8 16H24M8 22.5H14"
    tick = "M17.5 22.5L20 25L25 19.5"
    stroke = {"fill": "none", "stroke": palette.on("done", theme), "stroke_width": "2.6", "stroke_linecap": "round"}
    return (
        el("rect", width=SIDE, height=SIDE, rx=6, fill=ground),
        el("path", d=lines, **stroke),
        el("path", d=tick, stroke_linejoin="round", **stroke),
    )


def _svg(wide: int, title: str, *parts: Markup) -> Markup:
    named = el("title", title) if title else None
    size = {"width": wide, "height": SIDE, "viewBox": f"0 0 {wide} {SIDE}"}
    return el("svg", named, *parts, xmlns="http://www.w3.org/2000/svg", **size)
