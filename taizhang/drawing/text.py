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
    while width(rest) > room and len(made) < at_most - 1:
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


# What is kept whole where a text is broken: a day, a number with what it counts, a name in a list, a word.
_DAY = r"\d{4}-\d{2}-\d{2}|\d{1,2}\u6708\d{1,2}\u65e5"
_KEPT = re.compile(rf"{_DAY}|[^\s\u2e80-\uffff]+(?: ?[\u4e00-\u9fff])?|[\u4e00-\u9fff]{{1,2}}|\S")
_LONGEST_NAME = 8  # characters of a name in a list


def pieces(text: str) -> list[str]:
    """A text in the pieces that stay whole on a line, each with the marks behind it.

    Where words end in Chinese no rule says: two characters stand for a word. Names of a list are one piece each.
    """
    made: list[str] = []
    for part in re.findall(r"[\d.,/]+ [\u4e00-\u9fff]\s*|[^\u3001\s]+\u3001|\S+\s*|\s+", text):
        if (part[0].isdigit() and " " in part.rstrip()) or (part.endswith("\u3001") and len(part) <= _LONGEST_NAME + 1):
            made.append(part)
        else:
            made += _parted(part)
    return made


def _parted(part: str) -> list[str]:
    made: list[str] = []
    for piece in re.findall(rf"(?:{_KEPT.pattern})\s*", part):
        if made and (not piece[0].isalnum() or made[-1][-1] in "\u201c\u300a\uff08("):
            made[-1] += piece
        else:
            made.append(piece)
    return made


def lines_needed(text: str, room: float) -> int:
    """How many lines of `room` em a text takes whose pieces stay whole; a piece that is longer is broken."""
    count, used = 1, 0.0
    for piece in pieces(text):
        wide = width(piece.rstrip())
        if used and used + wide > room:
            count, used = count + 1, 0.0
        if wide > room:
            count += int(wide // max(room, 1.0))
            wide %= max(room, 1.0)
        used += wide + width(piece) - width(piece.rstrip())
    return count
