"""A CSV file of a ledger → typed rows with their line numbers; every problem found, none raised one by one.

This is the strict reader for files in the declared form (UTF-8, one header line, headings or column names as
declared, codes or labels, ISO dates).
"""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from taizhang import engine
from taizhang.tables import Column, Table, code_lists

CLEAR = ("(清空)", "(clear)")  # an empty cell leaves the value as it is; this one empties it
YES, NO = ("true", "是", "yes", "1"), ("false", "否", "no", "0")


@dataclass(frozen=True)
class Row:
    """One line of a file: its number (the header is line 1) and the cells it sets."""

    line: int
    cells: dict[str, object]


@dataclass(frozen=True)
class LedgerFile:
    """A file as received and the rows read from it."""

    table: str
    file_name: str
    data: bytes
    encoding: str
    rows: tuple[Row, ...]

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
    """The rows of a CSV file of the given ledger. Raises `FileRefused` with every problem found."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(path.name, (CellProblem(1, "", "", f"not UTF-8: {error.reason}"),)) from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(lines, [])
    columns = [_column(table, heading) for heading in header]
    problems = [
        CellProblem(1, heading, heading, "no such column")
        for heading, column in zip(header, columns, strict=True)
        if column is None
    ]
    rows = []
    for cells in lines:
        if len(cells) != len(header):
            problems.append(
                CellProblem(lines.line_num, "", str(len(cells)), f"expected {len(header)} cells, found {len(cells)}")
            )
            continue
        row, wrong = _read_cells(lines.line_num, columns, cells)
        rows.append(row)
        problems.extend(wrong)
    if problems:
        raise FileRefused(path.name, tuple(problems))
    return LedgerFile(table.name, path.name, data, "UTF-8", tuple(rows))


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
    if column.codes:
        for one in code_lists()[column.codes]:
            if text in (one.code, one.label.zh, one.label.en, *one.synonyms):
                return one.code
        raise ValueError(f"not on the list {[one.label.zh for one in code_lists()[column.codes]]}")
    if column.type == "BOOLEAN":
        if text.lower() in YES or text.lower() in NO:
            return text.lower() in YES
        raise ValueError("expected 是 or 否 (true or false)")
    return engine.from_text(column.type, text)


def _column(table: Table, heading: str) -> Column | None:
    for column in table.columns:
        if heading.strip() in (column.name, column.heading.zh, column.heading.en, *column.aliases):
            return column
    return None
