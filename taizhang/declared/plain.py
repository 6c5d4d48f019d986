"""Which characters a text may hold: none that XML cannot carry, and none that turns the letters around it.

Files that hold others are refused with a suggestion; what a person types is made plain when it is kept; and what an
older release may hold is drawn so that it does no harm.
"""

import re

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNWANTED = re.compile(f"{_LINE_ENDS.pattern}|{_NO_TEXT.pattern}|{_TURNING.pattern}")
MARK = "\ufffd"  # drawn in the place of a character that would turn the letters around it


def is_plain(text: str) -> bool:
    """Whether a text holds nothing but text: letters, spaces, tabs, ends of lines as any system writes them."""
    return text.isprintable() or not _UNWANTED.search(text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(text: str) -> str:
    """The text without what is none; whatever ends a line becomes an ordinary end of a line."""
    return text if text.isprintable() else _TURNING.sub("", _NO_TEXT.sub("", _LINE_ENDS.sub("\n", text)))


def harmless(text: str) -> str:
    """The text as it can be drawn: without what is none, and with a mark for what turns letters."""
    return text if text.isprintable() else _TURNING.sub(MARK, _NO_TEXT.sub("", _LINE_ENDS.sub("\n", text)))
