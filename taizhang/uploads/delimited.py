"""CSV and TSV, in whatever encoding and with whatever delimiter an office's program wrote them."""

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from taizhang.uploads import decoding
from taizhang.uploads.lines import FileRefused, Limits, Line, Remark, Shared, Sheet, Tell, without_blank_end

DELIMITERS = (",", "\t", ";", "|")
WIDE_DELIMITERS = ("，", "、", "；")  # also in prose: only where every line agrees
MANY_LINES = 20  # a cell over more lines than this was probably not meant
_SAMPLE = 1 << 16
_EVERY = 20_000


def sheet_of(file_name: str, data: bytes, tell: Tell, limits: Limits) -> Sheet:
    """The one sheet of a text file. Raises `FileRefused` when it cannot be read without guessing."""
    tell("decode", 0, len(data))
    encoding = decoding.encoding_of(data, file_name)
    delimiter = _delimiter(_text(data, encoding).read(_SAMPLE), file_name)
    remarks = list(encoding.remarks)
    lines = _lines(file_name, data, encoding, delimiter, tell, limits, remarks)
    if not lines:
        raise FileRefused("empty", file=file_name)
    return Sheet(PurePath(file_name).stem, lines, encoding.name, tuple(remarks))


def _text(data: bytes, encoding: decoding.Encoding, raw: BinaryIO | None = None) -> io.TextIOWrapper:
    raw = raw or io.BytesIO(data)
    raw.seek(encoding.skip)
    return io.TextIOWrapper(raw, encoding.codec, newline="")


# --- the delimiter ---------------------------------------------------------------------------------------------


def _delimiter(sample: str, file_name: str) -> str:
    """The delimiter under which most lines have the same number of cells, and the more cells the better."""
    first = sample.lstrip("\ufeff").partition("\n")[0].strip()
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:]  # how Excel itself says it
    order = ("\t", ",", ";", "|") if file_name.lower().endswith((".tsv", ".tab")) else DELIMITERS
    likeliest = max(order, key=lambda delimiter: _agreement(sample, delimiter))
    if _agreement(sample, likeliest):
        return likeliest
    return max((likeliest, *WIDE_DELIMITERS), key=lambda delimiter: _agreement(sample, delimiter, is_strict=True))


def _agreement(sample: str, delimiter: str, is_strict: bool = False) -> float:
    """How wide the lines are that agree; lines that do not, weigh heavily, or forbid it."""
    widths: Counter[int] = Counter()
    with contextlib.suppress(csv.Error):  # what was read up to there still tells
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(map(str.strip, cells)):
                widths[len(cells)] += 1
    count, width = max(((count, width) for width, count in widths.items() if width > 1), default=(0, 1))
    if is_strict and count < widths.total():
        return 0
    return (count / max(widths.total(), 1)) ** 3 * (width - 1)


# --- the lines -------------------------------------------------------------------------------------------------


class _Physical:
    """The lines of the file for the CSV reader, and those of the record it is reading: to say where it went wrong."""

    def __init__(self, text: Iterator[str], file_name: str, limits: Limits):
        self.text, self.file_name, self.limits = text, file_name, limits
        self.number, self.record, self.length = 0, [], 0

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.number += 1
            if len(line) > self.limits.line_length:
                limit = self.limits.line_length
                raise FileRefused("line_too_long", place=self.file_name, line=self.number, limit=limit)
            if self.number == 1:
                line = line.lstrip("\ufeff")  # a second mark, from files that were glued together
            self.record.append(line)
            self.length += len(line)
            yield line


def _lines(
    file_name: str,
    data: bytes,
    encoding: decoding.Encoding,
    delimiter: str,
    tell: Tell,
    limits: Limits,
    remarks: list[Remark],
) -> tuple[Line, ...]:
    raw, shared, found, cell_count, first = io.BytesIO(data), Shared(), [], 0, 1
    physical = _Physical(_text(data, encoding, raw), file_name, limits)
    reader = csv.reader(physical, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if physical.length > limits.cell_length:
                _check_lengths(cells, first, file_name, limits)
            if len(cells) > limits.columns:
                raise FileRefused(
                    "too_many_columns", place=file_name, line=first, columns=len(cells), limit=limits.columns
                )
            if len(found) < limits.rows:
                found.append(Line(first, tuple(map(shared.__getitem__, cells))))
            elif any(map(str.strip, cells)):
                raise FileRefused("too_many_rows", place=file_name, limit=limits.rows)
            cell_count += len(cells)
            if cell_count > limits.cells:
                raise FileRefused("too_many_cells", place=file_name, limit=limits.cells)
            if physical.number > first and (last := _swallowed(cells, found, first, delimiter)):
                raise FileRefused("odd_quotes", file=file_name, line=first, last=last)
            if physical.number - first >= MANY_LINES:
                remarks.append(Remark("many_lines", first, {"line": first, "lines": physical.number - first + 1}))
            if len(found) % _EVERY == 0:
                tell("read", raw.tell(), len(data))
            first, physical.length = physical.number + 1, 0
            physical.record.clear()
    except csv.Error as error:
        if "field limit" in str(error) and len(physical.record) == 1:
            raise FileRefused("cell_too_long", place=file_name, line=first, limit=limits.cell_length) from error
        line = _opened(physical.record, first, delimiter)
        raise FileRefused("open_quote", file=file_name, line=line) from error
    tell("read", len(data), len(data))
    return without_blank_end(found)


def _swallowed(cells: list[str], found: list[Line], first: int, delimiter: str) -> int | None:
    """The line that a cell over several lines has swallowed: it begins as the records do and has as many cells.

    A quote too many in one line and another further down make one cell of all that stands between them.
    """
    keys = [line.cells[0].strip() for line in found[1:50] if line.cells]
    width = len(found[0].cells) if found else 0
    for cell in cells:
        for place, line in enumerate(cell.split("\n")[1:], start=1):
            start, mark, _ = line.partition(delimiter)
            begins_so = _KEY.fullmatch(start.strip()) or start.strip() in keys
            if mark and begins_so and line.count(delimiter) + 1 >= max(width - 1, 2):
                return first + cells[: cells.index(cell)].count("\n") + place
    return None


_KEY = re.compile(r"(?=.*[0-9])[A-Za-z0-9_./-]{2,40}")  # what a record of a ledger begins with


def _check_lengths(cells: list[str], line: int, file_name: str, limits: Limits) -> None:
    if max(map(len, cells), default=0) > limits.cell_length:
        raise FileRefused("cell_too_long", place=file_name, line=line, limit=limits.cell_length)


def _opened(record: list[str], first: int, delimiter: str) -> int:
    """The line on which the quote opened that is not closed, or not where a cell ends."""
    opened, is_open, is_start, is_closed = first, False, True, False
    for number, line in enumerate(record, first):
        for letter in line:
            if is_open:
                if letter == '"':
                    is_open, is_closed = False, True
            elif letter == '"' and is_closed:  # a doubled quote is a quote in the text
                is_open, is_closed = True, False
            elif letter == '"' and is_start:
                opened, is_open, is_start = number, True, False
            elif letter == delimiter or letter in "\r\n":
                is_start, is_closed = True, False
            elif is_closed:
                return opened
            else:
                is_start = False
    return opened
