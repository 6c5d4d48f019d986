"""CSV and TSV, in whatever encoding and with whatever delimiter an office's program wrote them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from taizhang.uploads import decoding
from taizhang.uploads.dialects import Dialect, dialect_of, other_way
from taizhang.uploads.lines import FileRefused, Limits, Line, Remark, Shared, Sheet, Tell, without_blank_end

MANY_LINES = 20  # a cell over more lines than this was probably not meant
MOST_SAID = 20  # lines that a remark names
_SAMPLE = 1 << 16
_EVERY = 20_000
_END_OF_FILE = "\x1a"


def sheet_of(file_name: str, data: bytes, tell: Tell, limits: Limits) -> Sheet:
    """The one sheet of a text file. Raises `FileRefused` when it cannot be read without guessing."""
    tell("decode", 0, len(data))
    encoding = decoding.encoding_of(data, file_name)
    dialect = dialect_of(_whole_lines(_text(data, encoding).read(_SAMPLE)), file_name)
    remarks = list(encoding.remarks)
    blanks = {"delimiter": dialect.delimiter, "quote": dialect.quote}
    remarks.extend(Remark(code, None, blanks) for code in dialect.said)
    lines = _lines(file_name, data, encoding, dialect, tell, limits, remarks)
    if not lines:
        raise FileRefused("empty", file=file_name)
    if data.isascii() and b"??" in data:
        _refuse_what_was_lost(file_name, lines)
    return Sheet(PurePath(file_name).stem, lines, encoding.name, tuple(remarks))


def _refuse_what_was_lost(file_name: str, lines: Iterable[Line]) -> None:
    """A cell of nothing but question marks, in a file without a letter beyond ASCII: whatever wrote it could not write
    Chinese, and nobody can read it back. Raises `FileRefused`."""
    for line in lines:
        for cell in filter(_LOST.fullmatch, line.cells):
            raise FileRefused("text_lost", file=file_name, line=line.number, value=cell.strip())


_LOST = re.compile(r"\s*[?]{2,}\s*")


def _text(data: bytes, encoding: decoding.Encoding, raw: BinaryIO | None = None) -> io.TextIOWrapper:
    raw = raw or io.BytesIO(data)
    raw.seek(encoding.skip)
    return io.TextIOWrapper(raw, encoding.codec, newline="")


def _whole_lines(sample: str) -> str:
    """A sample without the line that it cuts, which would seem to disagree with the others."""
    return sample if len(sample) < _SAMPLE else sample[: sample.rfind("\n") + 1] or sample


# --- the lines -------------------------------------------------------------------------------------------------


class _Physical:
    """The lines of the file for the CSV reader, and those of the record it is reading: to say where it went wrong."""

    def __init__(self, text: Iterator[str], file_name: str, limits: Limits, dialect: Dialect):
        self.text, self.file_name, self.limits, self.dialect = text, file_name, limits, dialect
        self.number, self.record, self.length = 0, [], 0

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.number += 1
            if len(line) > self.limits.line_length:
                limit = self.limits.line_length
                raise FileRefused("line_too_long", place=self.file_name, line=self.number, limit=limit)
            if self.number == 1:
                line = line.lstrip("\ufeff")  # a second mark, from files that were glued together
            if line.startswith(_END_OF_FILE) and not line.strip(_END_OF_FILE).strip():
                continue  # what DOS put behind the last line
            self.record.append(line)
            self.length += len(line)
            yield self.dialect.plain(line)


def _lines(
    file_name: str,
    data: bytes,
    encoding: decoding.Encoding,
    dialect: Dialect,
    tell: Tell,
    limits: Limits,
    remarks: list[Remark],
) -> tuple[Line, ...]:
    raw, shared, found, cell_count, first = io.BytesIO(data), Shared(), [], 0, 1
    otherwise: list[int] = []  # lines that another habit wrote than the rest
    physical = _Physical(_text(data, encoding, raw), file_name, limits, dialect)
    reader, delimiter = csv.reader(physical, strict=True, **dialect.settings), dialect.delimiter
    try:
        for cells in reader:
            if len(physical.record) == 1 and dialect.is_odd(cells) and (own := other_way(physical.record[0], dialect)):
                cells = own
                otherwise.append(first)
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
    if otherwise:
        said = ", ".join(map(str, otherwise[:MOST_SAID])) + ("…" if len(otherwise) > MOST_SAID else "")
        remarks.append(Remark("lines_otherwise", otherwise[0], {"lines": said, "count": len(otherwise)}))
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
