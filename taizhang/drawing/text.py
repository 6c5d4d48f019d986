"""Text as it is drawn: how wide it is, where it is cut or broken, how a number is written."""

import re
import unicodedata
from functools import cache


def number(value: float) -> str:
    """A number of a drawing as a reader sees it."""
    return f"{value:,.10g}"


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
