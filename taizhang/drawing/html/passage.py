"""A text with its quoted places marked, the chosen ones strongest."""

from taizhang.drawing.html.elements import pickable
from taizhang.drawing.markup import Markup, el
from taizhang.drawing.shapes import Passage


def draw(shape: Passage, _theme: str) -> Markup:
    """The whole text, unchanged; where marks overlap, the chosen one shows, else the shorter."""
    return el("div", *(_piece(shape, start, end) for start, end in shape.parts), class_="tz-passage")


def _piece(shape: Passage, start: int, end: int) -> Markup | str:
    text = shape.text[start:end]
    here = [mark for mark in shape.marks if mark[0] <= start and end <= mark[1]]
    if not here:
        return text
    key = min(here, key=lambda mark: (mark[2] != shape.chosen, mark[1] - mark[0]))[2]
    is_chosen = bool(key) and key == shape.chosen
    return el(
        "mark",
        text,
        class_=f"tz-quote{' tz-quote-chosen' if is_chosen else ''}",
        **pickable(key),
        aria_current="true" if is_chosen else None,
    )
