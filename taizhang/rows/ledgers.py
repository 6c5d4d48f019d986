"""A CSV file of a ledger → typed rows with their line numbers; every problem found, none raised one by one.

This is the strict reader for files in the declared form (UTF-8, one header line, headings or column names as
declared, codes or labels, ISO dates).
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from taizhang.declared.plain import is_plain
from taizhang.declared.tables import Column, Table, code_lists
from taizhang.declared.values import CLEAR, NO, YES, from_text

_A_NUMBER = "expected a number"
_OWN_STRAND = re.compile("[a-z][a-z0-9_]{0,29}")
_EXPECTED = {"INTEGER": "expected a whole number", "DATE": "expected a date such as 2019-10-25"}


@dataclass(frozen=True)
class Row:
    """One line of a file: its number (the header is line 1) and the cells it sets.

    `was` is what each of these cells held when the file was handed out; None for a file that cannot say so.
    """

    line: int
    cells: dict[str, object]
    was: dict[str, object] | None = None


@dataclass(frozen=True)
class LedgerFile:
    """A file as received and the rows read from it.

    `handed_out` are the keys of the rows it was handed out with: it says nothing of any other row. None: of all.
    """

    table: str
    file_name: str
    data: bytes
    encoding: str
    rows: tuple[Row, ...]
    handed_out: frozenset[str] | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class CellProblem:
    """One cell that cannot be read: where, what stands there, which rule it breaks."""

    line: int
    column: str
    value: str
    rule: str


class RowsRefused(Exception):
    """The rows break a constraint of the table declarations."""


class FileRefused(Exception):
    """A file that is not this ledger in the declared form; carries every problem found."""

    def __init__(self, file_name: str, problems: tuple[CellProblem, ...]):
        self.file_name, self.problems = file_name, problems
        first = problems[0]
        super().__init__(
            f"{file_name}, line {first.line}, {first.column}: {first.value!r} — {first.rule}"
            + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")
        )


def read(path: Path, table: Table) -> LedgerFile:
    """The rows of a CSV file of the given ledger. Raises as `read_bytes` does."""
    return read_bytes(path.read_bytes(), path.name, table)


def read_bytes(data: bytes, file_name: str, table: Table) -> LedgerFile:
    """The rows of the bytes of a CSV file; blank lines are passed over.

    Raises `FileRefused` with every problem found: cells, headings, and keys that are missing or come twice.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(file_name, (CellProblem(1, "", "", f"not UTF-8: {error.reason}"),)) from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns, rows, problems = [], [], []
    try:
        header = next(lines, [])
        columns = [table.column_called(heading) for heading in header]
        problems.extend(_heading_problems(table, header, columns))
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                rule = f"expected {len(header)} cells, found {len(cells)}"
                problems.append(CellProblem(lines.line_num, "", str(len(cells)), rule))
                continue
            row, wrong = _read_cells(lines.line_num, columns, cells)
            rows.append(row)
            problems.extend(wrong)
    except csv.Error as error:
        problems.append(CellProblem(lines.line_num, "", "", f"not CSV: {error}"))
    if all(name in {column.name for column in columns if column} for name in table.key):
        problems.extend(_key_problems(table, rows, problems))
    if problems:
        raise FileRefused(file_name, tuple(sorted(problems, key=lambda problem: problem.line)))
    return LedgerFile(table.name, file_name, data, "UTF-8", tuple(rows))


def _heading_problems(table: Table, header: list[str], columns: list[Column | None]) -> Iterable[CellProblem]:
    for place, (heading, column) in enumerate(zip(header, columns, strict=True)):
        if column is None:
            yield CellProblem(1, heading, heading, "no such column")
        elif column in columns[:place]:
            yield CellProblem(1, heading, heading, f"the column {column.heading.zh} is there twice")
    for name in table.key:
        if table.column(name) not in columns:
            yield CellProblem(1, table.column(name).heading.zh, "", "the column is missing")


def _key_problems(table: Table, rows: Iterable[Row], known: Iterable[CellProblem]) -> list[CellProblem]:
    """Rows without a key, and rows whose key another row has already: the later would silently win."""
    first, problems = {}, []
    already = {(problem.line, problem.column) for problem in known}
    for row in rows:
        empty = [table.column(name).heading.zh for name in table.key if row.cells.get(name) is None]
        problems.extend(
            CellProblem(row.line, heading, "", "must not be empty")
            for heading in empty
            if (row.line, heading) not in already
        )
        if not empty:
            key = table.key_of(row.cells)
            if key in first:
                heading = table.column(table.key[0]).heading.zh
                problems.append(CellProblem(row.line, heading, key, f"is on line {first[key]} already"))
            first.setdefault(key, row.line)
    return problems


def _read_cells(line: int, columns: list[Column | None], cells: list[str]) -> tuple[Row, list[CellProblem]]:
    values, problems = {}, []
    for column, text in zip(columns, cells, strict=True):
        text = text.strip()
        if column is None or text == "":
            continue
        try:
            values[column.name] = None if text in CLEAR else cell(column, text)
        except ValueError as error:
            problems.append(CellProblem(line, column.heading.zh, text, str(error)))
    return Row(line, values), problems


def cell(column: Column, text: str) -> object:
    """The typed value of one cell. Raises `ValueError` with the rule it breaks."""
    if not is_plain(text):
        raise ValueError("holds control characters, which are no text")
    if column.codes:
        for one in code_lists()[column.codes]:
            if text in (one.code, one.label.zh, one.label.en, *one.synonyms):
                return one.code
        if column.codes == "strand" and _OWN_STRAND.fullmatch(text):  # a check of the release says whether there is one
            return text
        raise ValueError(f"not on the list {[one.label.zh for one in code_lists()[column.codes]]}")
    if column.type == "BOOLEAN":
        if text.lower() in YES or text.lower() in NO:
            return text.lower() in YES
        raise ValueError(f"expected {YES[1]} or {NO[1]} (true or false)")
    if "_" in text and column.type != "VARCHAR":
        raise ValueError(_EXPECTED.get(column.type, _A_NUMBER))  # Python reads 1_000 as a number, people do not
    try:
        return from_text(column.type, text)
    except ValueError as error:
        raise ValueError(_EXPECTED.get(column.type, _A_NUMBER)) from error
