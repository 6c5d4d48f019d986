"""What all HTML drawings are made of: classes of tones, keys of a legend, links, what can be picked, styles."""

import re
from functools import cache
from importlib import resources

from taizhang.drawing import palette
from taizhang.drawing.markup import Markup, el
from taizhang.drawing.shapes import TONES


def pickable(value: str) -> dict[str, str]:
    """The attributes of something a click or the Enter key picks; none when there is nothing to pick."""
    return {"data_pick": value, "role": "button", "tabindex": "0"} if value else {}


def link(target: str, label: str) -> Markup | None:
    """A link inside the app. None for anything that leads out of it or runs a script."""
    if not target or not label or not re.fullmatch(r"(?!//)[\w./~-]*(\?[\w.=&%+,~-]*)?", target):
        return None
    return el("a", label, class_="tz-link", href=target, target="_self")


def toned(tone: str) -> str:
    """The class that gives an element the colours of a tone."""
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone!r}")
    return f"tz-t-{tone}"


def filled(tone: str) -> str:
    """The classes of an area of a tone: its colours and how it is filled."""
    return f"{toned(tone)} tz-f-{palette.fill(tone)}"


def key(label: str, tone: str, symbol: str = "", count: str = "", fill: str = "") -> Markup:
    """One entry of a legend: a swatch drawn like the area it explains (`fill` are its classes, where they are not the
    usual ones of its tone), the word, and how many."""
    return el(
        "span",
        el("span", symbol, class_=f"tz-swatch {fill or filled(tone)}", aria_hidden="true"),
        el("span", label),
        el("b", count) if count else None,
        class_="tz-key",
    )


def chip(label: str, count: str, pick: str, is_chosen: bool) -> Markup:
    """A place to choose, with its count: where the keyboard goes, so that a map of many places is not as many stops."""
    pressed = "true" if is_chosen else "false"
    return el("span", el("span", label), el("b", count), class_="tz-chip", **pickable(pick), aria_pressed=pressed)


@cache
def scale() -> str:
    """The one scale of type and space, which all other sheets take from; once a document."""
    return (resources.files("taizhang.drawing.html") / "css" / "scale.css").read_text("utf-8")


@cache
def styles(theme: str, *sheets: str) -> str:
    """The styles drawings of these sheets need: those of all, of the theme's tones, and their own.

    Sizes and spaces are names of `scale()`, which the document has once.
    """
    folder = resources.files("taizhang.drawing.html") / "css"
    lines = [f".tz-{theme}{{font-family:{palette.FONT}}}", *_colouring(theme, theme)]
    if theme == "dark":  # paper is white
        lines.append(f"@media print{{{''.join(_colouring(theme, 'light'))}}}")
    return "\n".join([*lines, *((folder / f"{name}.css").read_text("utf-8") for name in ("base", "marks", *sheets))])


def _colouring(theme: str, colours: str) -> list[str]:
    """The rules that give a drawing of a theme the colours of one."""
    tones = palette.tones(colours)
    neutral = {**palette.surfaces(colours), "ink": tones["plain"], "faint": tones["faint"]}
    return [
        f".tz-{theme}{{{_variables(neutral)}}}",
        *(
            f".tz-{theme} .{toned(tone)}{{{_variables(_colours(tone, colour, colours))}}}"
            for tone, colour in tones.items()
        ),
    ]


def _colours(tone: str, colour: str, theme: str) -> dict[str, str]:
    return {"tone": colour, "tint": palette.tint(tone, theme), "on": palette.on(tone, theme)}


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--tz-{name}:{colour}" for name, colour in colours.items())
