"""Building blocks of all drawings: markup that escapes by itself, styles, and the room a text takes."""

import html
import re
import unicodedata
from functools import cache
from importlib import resources

from taizhang.drawing import palette
from taizhang.drawing.shapes import TONES


class Markup(str):
    """Finished HTML. Every other string is text and is escaped when it enters an element."""


# Characters that neither HTML nor XML can hold: a drawing with one of them in it would not open.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escaped(text: object) -> Markup:
    """The one way a text enters HTML, as content or as an attribute."""
    return text if isinstance(text, Markup) else Markup(html.escape(_NOT_TEXT.sub("", str(text)), quote=True))


def el(name: str, *children: object, **attributes: object) -> Markup:
    """An element; `class_` and `data_pick` name attributes, None leaves one (or a child) out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(escaped(child) for child in children if child is not None)
    return Markup(f"<{name}{written}>" if name in ("img", "col") else f"<{name}{written}>{inner}</{name}>")


def joined(parts) -> Markup:
    """Several pieces of markup or text, one after the other."""
    return Markup("".join(escaped(part) for part in parts))


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


def key(label: str, tone: str, symbol: str = "", count: str = "") -> Markup:
    """One entry of a legend: a swatch drawn like the area it explains, the word, and how many."""
    return el(
        "span",
        el("span", symbol, class_=f"tz-swatch {filled(tone)}", aria_hidden="true"),
        el("span", label),
        el("b", count) if count else None,
        class_="tz-key",
    )


@cache
def styles(theme: str, *sheets: str) -> str:
    """The styles drawings of these sheets need: those of all, of the theme's tones, and their own."""
    folder = resources.files("taizhang.drawing.html") / "css"
    neutral = {**palette.surfaces(theme), "ink": palette.tones(theme)["plain"], "faint": palette.tones(theme)["faint"]}
    lines = [f".tz-{theme}{{{_variables(neutral)};font-family:{palette.FONT}}}"]
    lines += [
        f".tz-{theme} .{toned(tone)}{{{_variables(_colours(tone, colour, theme))}}}"
        for tone, colour in palette.tones(theme).items()
    ]
    return "\n".join([*lines, *((folder / f"{name}.css").read_text("utf-8") for name in ("base", *sheets))])


def _colours(tone: str, colour: str, theme: str) -> dict[str, str]:
    return {"tone": colour, "tint": palette.tint(tone, theme), "on": palette.on(tone, theme)}


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--tz-{name}:{colour}" for name, colour in colours.items())


def width(text: str) -> float:
    """About how wide a text is, in em, a little generous: 1 for a Chinese character, 0.57 for most Latin ones."""
    return sum(map(_width_of, text))


_NARROW_AND_WIDE = ((" ijl.,:;'|!()[]·", 0.34), ("frt-", 0.41), ("mwMW@%…", 0.92))


@cache
def _width_of(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    for characters, room in _NARROW_AND_WIDE:
        if character in characters:
            return room
    return 0.68 if character.isupper() else 0.58


def cut(text: str, room: float) -> str:
    """The text, or as much of it as fits into `room` em with an ellipsis; empty when not even that fits."""
    if width(text) <= room:
        return text
    left = room - 1.0
    kept = ""
    for character in text:
        left -= _width_of(character)
        if left < 0:
            break
        kept += character
    return kept.rstrip(" ，、,") + "…" if kept else ""


# A syllable of a Latin-spelt place name: where it may be broken.
_SYLLABLE = re.compile(r"[^aeiouüAEIOUÜ\s'-]*[aeiouüAEIOUÜ]+(?:ng?(?![aeiouü])|r(?![aeiouü]))?['-]?", re.IGNORECASE)


def lines(text: str, room: float, at_most: int = 2) -> tuple[str, ...]:
    """The text in at most so many lines of `room` em, broken between words, characters or syllables, then cut."""
    if width(text) <= room:
        return (text,)
    rest, made = text, []
    while rest and len(made) < at_most - 1:
        head = _head(rest, room)
        rest = rest[len(head) :]
        hyphen = "-" if rest and rest[0].isalpha() and rest[0].isascii() and head[-1:].isalpha() else ""
        made.append(head.strip() + hyphen)
        rest = rest.strip()
    return (*made, cut(rest, room)) if rest else tuple(made)


def _head(text: str, room: float) -> str:
    """The longest beginning of `text` that fits and may end a line; balanced when Chinese fits in two lines."""
    if not text.isascii():
        places = [place for place in range(1, len(text)) if width(text[:place]) <= room]
        half = -(-len(text) // 2)
        return text[: half if half in places else places[-1] if places else len(text)]
    ends = [found.end() for found in re.finditer(r"\S+\s+", text)]
    ends += [found.end() for found in _SYLLABLE.finditer(text.split(" ", 1)[0])]
    fitting = [end for end in ends if end < len(text) and width(text[:end].strip() + "-") <= room]
    return text[: max(fitting)] if fitting else text
