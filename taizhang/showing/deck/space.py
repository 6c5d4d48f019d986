"""Room on a slide, in points, and how much of it a text takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from taizhang.drawing.text import cut, pieces
from taizhang.drawing.text import width as bare_width

LINE = 1.34  # height of a line in em, for the tallest of the fonts that offices have, at the spacing we set
_SAFE = 0.98  # of a line's width; programs differ in where they break one
# Office programs put a little air between Chinese and Latin letters.
_SEAM = re.compile(r"(?<=[\u2e80-\ufeff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[\u2e80-\ufeff])")
_AIR = 0.22
_DOT = 0.66  # em that Chinese faces make a middle dot wider


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in points from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def below(self, height: float) -> "Box":
        """What is left of the box under a strip of that height."""
        return Box(self.left, self.top + height, self.width, max(self.height - height, 0))

    def top_strip(self, height: float) -> "Box":
        return Box(self.left, self.top, self.width, height)

    def columns(self, count: int, gap: float) -> list["Box"]:
        """The box in columns of equal width."""
        each = (self.width - gap * (count - 1)) / count
        return [Box(self.left + place * (each + gap), self.top, each, self.height) for place in range(count)]


def width(text: str) -> float:
    """How wide a text is in one line, in em; a little generous."""
    return bare_width(text) + _AIR * len(_SEAM.findall(text)) + _DOT * text.count("\u00b7")


def line_count(text: str, room: float, size: float, latin: float = 1.0) -> int:
    """How many lines a text takes of that size in a room that is `room` points wide."""
    return len(broken(text, room, size, latin))


def broken(text: str, room: float, size: float, latin: float = 1.0) -> list[str]:
    """A text in the lines it takes of that size in a room so many points wide: no word, name, day or number with what
    it counts is parted, unless it is wider than a line. Joined they are the text again, without its ends of lines.

    `latin` is how wide the Latin letters of the face are, beside those that `width` was made for.
    """
    em = max(_SAFE * room / size, 1.0)
    return [line for part in text.split("\n") for line in _lines(part, em, latin)]


def text_width(text: str, size: float) -> float:
    """How wide a text is in one line, in points."""
    return width(text) * size


def longest_word(text: str, short: float) -> float:
    """How wide the longest part is that should stay whole, in em: a word or a day, or a text of `short` at most."""
    whole = width(text)
    return (whole if whole <= short else max((width(one.rstrip()) for one in pieces(text)), default=0)) / _SAFE


def shortened(text: str, room: float, size: float, most_lines: int, latin: float = 1.0) -> str:
    """The text, or as much of it as so many lines hold, with …"""
    if line_count(text, room, size, latin) <= most_lines:
        return text
    held = cut(text.replace("\n", " "), most_lines * room / size)
    while held and line_count(held, room, size, latin) > most_lines:
        held = held[:-2].rstrip() + "…" if len(held) > 2 else ""
    return held


def _lines(text: str, em: float, latin: float) -> list[str]:
    made, line, used = [], "", 0.0
    for piece in _that_fit(pieces(text), em, latin):
        wide = _wide(piece.rstrip(), latin) + (_AIR if _SEAM.search(line[-1:] + piece[0]) else 0)
        if line and used + wide > em:
            made.append(line)
            line, used = "", 0.0
        line += piece
        used += wide + _wide(piece[len(piece.rstrip()) :], latin)
    return [*made, line]


def _wide(text: str, latin: float) -> float:
    letters = "".join(one for one in text if one.isascii())
    return width(text) + (latin - 1) * bare_width(letters)


def _that_fit(parts: list[str], em: float, latin: float) -> Iterator[str]:
    """Pieces none of which is wider than a line: one that is, is parted at its spaces, and a word anywhere."""
    for piece in parts:
        if _wide(piece.rstrip(), latin) <= em:
            yield piece
        elif len(finer := pieces(piece, is_fine=True)) > 1:
            yield from _that_fit(finer, em, latin)
        elif len(words := re.findall(r"\s*\S+\s*", piece)) > 1:
            yield from _that_fit(words, em, latin)
        else:
            yield from piece
