"""What reading a file gives: sheets of numbered lines of text, remarks on them, or one refusal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

Tell = Callable[[str, int, int], None]  # stage, done, total; may raise `Cancelled`


class Line(NamedTuple):
    """One line of a file, numbered as an editor or Excel numbers it; every cell is text, as it stands there."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Remark:
    """Something a person should know about a file that was read all the same. Words: `remark.CODE`."""

    code: str
    line: int | None
    blanks: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """What a workbook shows of its cells beside their text: `merged` ranges as (first line, first place, last line,
    last place), lines with words struck through, lines and places (from 0) that are hidden or filtered away."""

    merged: tuple[tuple[int, int, int, int], ...] = ()
    struck: tuple[int, ...] = ()
    hidden_lines: tuple[int, ...] = ()
    hidden_places: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a whole CSV file; blank lines are kept, except after the last line with text.

    `is_read` is False for a sheet that we put into a workbook of ours and that holds no ledger.
    """

    name: str
    lines: tuple[Line, ...]
    encoding: str
    remarks: tuple[Remark, ...] = ()
    is_read: bool = True
    marks: Marks = Marks()


class FileRefused(Exception):
    """A file that cannot be read, and why. Words: `refused.CODE`, filled with `blanks`."""

    def __init__(self, code: str, **blanks: object):
        self.code, self.blanks = code, blanks
        super().__init__(f"{code} {blanks}")


class Cancelled(Exception):
    """The person who uploaded the file no longer waits for it. Raised by `tell`, passed on by every reader."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read at most. The text that comes out is bounded by them, and so is the memory."""

    file_bytes: int = 30 << 20
    rows: int = 200_000
    columns: int = 500
    cells: int = 10_000_000
    cell_length: int = 32_767  # Excel's own
    line_length: int = 1_000_000
    sheets: int = 50
    entries: int = 2_000  # parts of a workbook
    unpacked_bytes: int = 300 << 20
    memory_bytes: int = 1_500 << 20  # of the child process that reads a workbook
    seconds: int = 60  # of its computing time; it may take twice as long by the clock


LIMITS = Limits()


def sentence(said: FileRefused | Remark, t: Callable[..., str]) -> str:
    """One sentence: what is the matter, where, and what to do next."""
    if isinstance(said, FileRefused):
        return t(f"refused.{said.code}", **said.blanks)
    return t(f"remark.{said.code}", **said.blanks)


def without_blank_end(lines: list[Line]) -> tuple[Line, ...]:
    """The lines up to the last one that has text."""
    last = len(lines)
    while last and not any(map(str.strip, lines[last - 1].cells)):
        last -= 1
    return tuple(lines[:last])


class Shared(dict):
    """Equal texts become one object, while there is room: ledgers repeat themselves, memory need not."""

    ROOM, LONG = 65_536, 64

    def __missing__(self, text: str) -> str:
        if len(self) < self.ROOM and len(text) <= self.LONG:
            self[text] = text
        return text


def tell_nobody(stage: str, done: int, total: int) -> None:
    """A `tell` for nobody."""
