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


# What is kept whole where a text is broken: a day, a number with what it counts, a name of a place or unit, a word.
_DAY = r"\d{4}-\d{2}-\d{2}|\d{1,2}\u6708\d{1,2}\u65e5"
_HAN = r"[\u4e00-\u9fff]"
# Towns and districts, then sections, rooms and schools of an office, by how their names end.
_ENDS = r"[\u9547\u4e61\u53bf\u533a\u5e02\u79d1\u5c40\u5ba4]|\u8857\u9053|\u5b66\u9662|\u59d4\u5458\u4f1a"
_NAMED = (
    rf"{_HAN}{{2}}(?:{_ENDS})(?![\u8857\u9547\u59d4\u533a\u57df\u9762\u5b66\u957f\u5185\u6751])"  # no towns and streets
)
# Small words of one character, after which the pairs of characters that make words begin anew.
_ALONE = r"[\u7684\u548c\u4e0e\u53ca\u6216\u4e86\u7531\u628a\u88ab]"
_SMALL = rf"(?:{_ALONE}|\u5df2(?!\u7ecf)|\u542b(?![\u4e49\u91cf])|\u524d(?![\u671f\u9762\u540e\u63d0]))"
_KEPT = re.compile(rf"{_DAY}|[^\s\u2e80-\uffff]+(?: ?{_HAN})?|{_NAMED}|{_SMALL}|{_HAN}(?:(?!{_SMALL}){_HAN})?|\S")
# Nine days, and in how many of them: the word before it stays with it where it is a short one of its own.
_UNTIL = r"by \d{4}-\d\d-\d\d\S*\s*|\d{4}-\d\d-\d\d \u524d\s*"  # a day by which something is due
_COUNTED = rf"{_UNTIL}|(?:\b{_HAN}{{1,2}} )?[(\uff08]?[\d.,/]+ (?:{_HAN}|[A-Za-z]+)[^\w\s]*\s*"
_OPENING = "\u201c\u300a\uff08("
_LONGEST_NAME = 8  # characters of a name in a list
_QUOTED = re.compile("([\u201c\u300a][^\u201d\u300b\\s]{1,12}[\u201d\u300b])")  # a short title, in its marks


def pieces(text: str, is_fine: bool = False) -> list[str]:
    """A text in the pieces that stay whole on a line, each with the marks behind it; joined they are the text again.

    Where words end in Chinese no rule says: two characters stand for a word. Names of a list are one piece each, and
    so are short titles in their marks, unless `is_fine`.
    """
    made: list[str] = []
    for place, part in enumerate([text] if is_fine else _QUOTED.split(text)):
        for one in [part] if place % 2 else _unquoted(part):
            if made and place and ((not one[0].isalnum() and one[0] not in _OPENING) or made[-1][-1] in _OPENING):
                made[-1] += one
            else:
                made.append(one)
    return made


def _unquoted(text: str) -> list[str]:
    made: list[str] = []
    for part in re.findall(rf"{_COUNTED}|[^\u3001\s]+\u3001|\S+\s*|\s+", text):
        is_name = part.endswith("\u3001") and len(part) <= _LONGEST_NAME + 1
        found = [part] if is_name or " " in part.strip() else _parted(part)
        if made and not found[0][0].isalnum() and found[0][0] not in _OPENING:
            made[-1] += found.pop(0)
        made += found
    return made


def _parted(part: str) -> list[str]:
    made: list[str] = []
    for piece in re.findall(rf"(?:{_KEPT.pattern})\s*", part):
        is_left_over = re.fullmatch(_HAN, piece.strip()) and not re.fullmatch(_SMALL, piece.strip())
        if made and (
            (not piece[0].isalnum() and piece[0] not in _OPENING)
            or made[-1][-1] in _OPENING
            or (is_left_over and re.search(rf"{_HAN}{{2}}$", made[-1]))
        ):
            made[-1] += piece
        else:
            made.append(piece)
    return made or [part]


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
