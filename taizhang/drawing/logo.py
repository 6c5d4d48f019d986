"""The mark of the product, and the head of the navigation: the mark, whose board it is, and of what campaign.

Our own drawing: a page of a ledger, its lines one below the other and one of them ticked off.
"""

from taizhang.drawing import palette
from taizhang.drawing.markup import Markup, el
from taizhang.drawing.text import cut, lines, width

SIDE = 32  # px of the mark
WIDE = 176  # px of the whole head: what a navigation of 16 rem leaves beside the button that shuts it
GAP = 10
_OFFICE, _LONG, _CAMPAIGN = 15, 13, 12  # px of type
_FEET = {0: (), 1: (21,), 2: (13.5, 29)}  # where the lines stand, by how many there are


def mark(theme: str = "light") -> Markup:
    """The mark alone, as the icon of a tab and of a shut navigation."""
    return _svg(SIDE, "", *_mark(theme))


def head(office: str, campaign: str, theme: str) -> Markup:
    """The mark with two lines beside it: office and campaign, or a long name of the office over both.

    What there is no room for is cut; the page's head says all of it.
    """
    left, room = SIDE + GAP, WIDE - SIDE - GAP
    first = office or campaign
    second = campaign if office else ""
    if width(first) * _OFFICE <= room:
        said = [(first, _OFFICE, 700, "plain"), (second, _CAMPAIGN, 400, "faint")]
    else:
        said = [(line, _LONG, 700, "plain") for line in lines(first, room / _LONG)]
    said = [(cut(text, room / size), size, weight, tone) for text, size, weight, tone in said if text]
    words = [
        el(
            "text",
            text,
            x=left,
            y=foot,
            font_size=size,
            font_weight=weight,
            font_family=palette.FONT,
            fill=palette.tones(theme)[tone],
        )
        for (text, size, weight, tone), foot in zip(said, _FEET[len(said)], strict=True)
    ]
    longest = max((width(text) * size for text, size, _, _ in said), default=-GAP)
    return _svg(round(left + longest), first, *_mark(theme), *words)


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
