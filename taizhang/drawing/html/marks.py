"""What one can point at: every mark of every drawing says what it is on one card, to a mouse and to the keyboard alike.

A mark is one stop of the keyboard's way through a drawing (`marks.js` leads from one to the next by the arrow keys);
what it says stands in its name, a line of which is a line of the card. What a click does, and which day a drawing
looks at, stands once at the drawing itself.
"""

from collections.abc import Mapping
from importlib import resources

from taizhang.drawing.markup import Markup

LINE = "\n"


def mark(*lines: str, pick: str = "", is_chosen: bool | None = None) -> dict[str, str | None]:
    """The attributes of a mark that says these lines, the first of them its name; `pick` is what a click picks.

    `is_chosen` says of something that is chosen and let go by clicks which of the two it is.
    """
    return {
        "data_mark": "",
        "aria_label": LINE.join(line for line in lines if line),
        "role": "button" if pick else "img",
        "tabindex": "-1",
        "data_pick": pick or None,
        "aria_pressed": None if is_chosen is None else "true" if is_chosen else "false",
    }


def with_a_way_in(drawing: Markup) -> Markup:
    """The drawing with its first mark as the keyboard's way into it; from there the arrow keys lead on."""
    return Markup(drawing.replace('tabindex="-1"', 'tabindex="0"', 1))


def said_of_all(day: str, does: Mapping[str, str], drawing: str) -> dict[str, str]:
    """The attributes of a drawing that say for all its marks which day it looks at and what a click does.

    `does` gives a kind of pick (what stands before its colon) its words; `KIND_off` are those for what is chosen.
    """
    picked = {kind: words for kind, words in does.items() if f'data-pick="{kind.removesuffix("_off")}:' in drawing}
    return {**({"data_day": day} if day else {}), **{f"data_does_{kind}": words for kind, words in picked.items()}}


def script() -> str:
    """What the browser does with marks: a classic script that defines `taizhangMarks()`, which is called once."""
    return resources.files("taizhang.drawing.html").joinpath("js/marks.js").read_text(encoding="utf-8")
