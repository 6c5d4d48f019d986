"""Ledgers as files for people: CSV that any spreadsheet opens as it is, or one workbook.

What is written loads again without a change: headings and labels are those that an upload reads. No cell runs as a
formula: text that a spreadsheet would take for one gets an apostrophe in CSV, and is marked as text in a workbook.
"""

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

import xlsxwriter

from taizhang import engine, tables
from taizhang.releases import Release
from taizhang.tables import Column, Table
from taizhang.uploads import LIMITS
from taizhang.uploads.values import guarded
from taizhang.wording import Language, language

NARROWEST, WIDEST = 8, 48  # characters of a column on screen
ROWS_MEASURED = 200
_FIRST_DAY = dt.date(1900, 3, 1)  # before it Excel counts a day that never was
_SAFE_NUMBER = 10**15  # a workbook keeps 15 digits of a number

_Rows = Iterable[Mapping[str, object]]


class TooLong(Exception):
    """A text is longer than a cell of a workbook can be; nothing was written."""

    def __init__(self, table: str, column: str, length: int):
        self.table, self.column, self.length = table, column, length
        super().__init__(f"{table}.{column}: {length} characters")


def csv_of(release: Release, table: str, lang: str) -> bytes:
    """One ledger of a release as CSV: headings and labels in one language, ISO dates, blank where nothing is known."""
    return _csv(tables.ledgers()[table], release.rows()[table].values(), language(lang))


def csvs_of(release: Release, lang: str) -> dict[str, bytes]:
    """Every ledger of a release that has rows, as CSV by its name."""
    rows = release.rows()
    return {
        name: _csv(table, rows[name].values(), language(lang)) for name, table in tables.ledgers().items() if rows[name]
    }


def workbook_of(release: Release, lang: str, only: Iterable[str] | None = None) -> bytes:
    """The ledgers of a release as .xlsx, one sheet each: all of them, or `only` those named. Raises `TooLong`."""
    out, t, rows = io.BytesIO(), language(lang), release.rows()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **never}) as book:
        formats = {
            "heading": book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
            "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "number": book.add_format({"valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        for name in tables.ledgers() if only is None else only:
            _sheet(book, formats, tables.ledgers()[name], list(rows[name].values()), t)
    return out.getvalue()


def _csv(table: Table, rows: _Rows, t: Language) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(guarded(column.heading[t.code]) for column in table.columns)
    readers = [(column.name, column) for column in table.columns]
    writer.writerows([_text(column, row[name], t) for name, column in readers] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _text(column: Column, value: object, t: Language) -> str:
    """A cell as it is written, and as an upload reads it back."""
    if value is None:
        return ""
    if column.codes:
        return _label(column.codes, str(value), t)
    if isinstance(value, bool):
        return t("common.yes") if value else t("common.no")
    return guarded(value) if isinstance(value, str) else engine.to_text(value)


def _label(codes: str, code: str, t: Language) -> str:
    """The label; the code itself when an older release has one that is not on the list any more."""
    try:
        return tables.label(codes, code, t.code)
    except KeyError:
        return code


# --- workbooks -------------------------------------------------------------------------------------------------


def _sheet(book: xlsxwriter.Workbook, formats: Mapping, table: Table, rows: list[Mapping], t: Language) -> None:
    sheet = book.add_worksheet(table.title[t.code][:31])  # Excel's own limit
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        heading = column.heading[t.code]
        sample = [_text(column, row[column.name], t) for row in rows[:ROWS_MEASURED]]
        sheet.set_column(place, place, _width([heading, *sample]))
        sheet.write_string(0, place, heading, formats["heading"])
        for line, row in enumerate(rows, start=1):
            _write(sheet, line, place, table, column, row[column.name], formats, t)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)


def _write(sheet, line: int, place: int, table: Table, column: Column, value: object, formats: Mapping, t: Language):
    if value is None:
        return
    if isinstance(value, dt.date) and value >= _FIRST_DAY:
        sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), formats["day"])
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool) and _fits(value):
        sheet.write_number(line, place, value, formats["number"])
    else:
        text = _text(column, value, t)
        if isinstance(value, str) and not value.startswith("'"):
            text = text.removeprefix("'")  # the cell is text by its format and needs no apostrophe
        if len(text) > LIMITS.cell_length:
            raise TooLong(table.name, column.name, len(text))
        sheet.write_string(line, place, text, formats["text"])


def _fits(number: int | Decimal) -> bool:
    """Whether a workbook, which keeps numbers as floats, gives the very same number back."""
    return abs(number) < _SAFE_NUMBER and Decimal(repr(float(number))) == number


def _width(texts: Iterable[str]) -> int:
    """Of the widest text, a Chinese character being two wide; of texts over several lines, of the widest line."""
    widest = max(
        sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)
        for text in texts
        for line in (text.splitlines() or [""])
    )
    return min(max(widest + 2, NARROWEST), WIDEST)
