"""Room on a slide, in points, and how much of it a text takes."""

import re
from dataclasses import dataclass

from taizhang.drawing.text import cut
from taizhang.drawing.text import width as bare_width

LINE = 1.34  # height of a line in em, for the tallest of the fonts that offices have, at the spacing we set
_SAFE = 0.98  # of a line's width; programs differ in where they break one
# Words of Latin letters stay whole, Chinese breaks anywhere.
_PIECE = re.compile(r"[^\s\u2e80-\uffff]+|\s|.", re.DOTALL)

# Office programs put a little air between Chinese and Latin letters.
_SEAM = re.compile(r"(?<=[\u2e80-\ufeff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[\u2e80-\ufeff])")
_AIR = 0.22


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
    return bare_width(text) + _AIR * len(_SEAM.findall(text))


def line_count(text: str, room: float, size: float, latin: float = 1.0) -> int:
    """How many lines a text of that size takes in a room that is `room` points wide.

    `latin` is how wide the Latin letters of the face are, beside those that `width` was made for.
    """
    em = max(_SAFE * room / size, 1.0)
    return sum(_lines(part, em, latin) for part in text.split("\n")) if text else 1


def text_width(text: str, size: float) -> float:
    """How wide a text is in one line, in points."""
    return width(text) * size


def longest_word(text: str, short: float) -> float:
    """How wide the longest part is that should stay whole, in em: a Latin word, or a text of `short` at most."""
    whole = width(text)
    return whole if whole <= short else max(map(bare_width, _PIECE.findall(text)), default=0)


def shortened(text: str, room: float, size: float, most_lines: int, latin: float = 1.0) -> str:
    """The text, or as much of it as so many lines hold, with …"""
    if line_count(text, room, size, latin) <= most_lines:
        return text
    held = cut(text.replace("\n", " "), most_lines * room / size)
    while held and line_count(held, room, size, latin) > most_lines:
        held = held[:-2].rstrip() + "…" if len(held) > 2 else ""
    return held


def _lines(text: str, em: float, latin: float) -> int:
    lines, used, before = 1, 0.0, " "
    for piece in _PIECE.findall(text):
        wide = bare_width(piece) * (latin if piece.isascii() else 1)
        used += _AIR if _SEAM.search(before[-1] + piece[0]) else 0
        before = piece
        if used + wide <= em:
            used += wide
        elif piece.isspace():
            used = em
        elif wide <= em:
            lines, used = lines + 1, wide
        else:  # a word longer than a line is broken anywhere
            whole, used = divmod(used + wide, em)
            lines += int(whole)
    return lines
