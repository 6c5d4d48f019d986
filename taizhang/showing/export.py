"""Ledgers as files for people: CSV that any spreadsheet opens as it is, or one workbook.

What is written loads again without a change: headings and labels are those that an upload reads. No cell runs as a
formula: text that a spreadsheet would take for one gets an apostrophe in CSV, and is marked as text in a workbook.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from taizhang.declared import tables
from taizhang.declared.tables import Column, Table
from taizhang.declared.values import to_text
from taizhang.declared.wording import Language, language
from taizhang.drawing import shapes
from taizhang.store.releases import Release
from taizhang.store.turnstile import EXPORTS
from taizhang.uploads import LIMITS
from taizhang.uploads.values import guarded

NARROWEST, WIDEST = 8, 48  # characters of a column on screen
ROWS_MEASURED = 200
_NO_SHEET_NAME = r"[\[\]:*?/\\']"  # signs that Excel takes in no sheet's name
_FIRST_DAY = dt.date(1900, 3, 1)  # before it Excel counts a day that never was
_SAFE_NUMBER = 10**15  # a workbook keeps 15 digits of a number

# A workbook in which text stays text, whatever it looks like.
NOTHING_RUNS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

_Rows = Iterable[Mapping[str, object]]
Held = str | int | Decimal | dt.date | None  # what one cell of a workbook holds


class TooLong(Exception):
    """A text is longer than a cell of a workbook can be; nothing was written."""

    def __init__(self, table: str, column: str, length: int):
        self.table, self.column, self.length = table, column, length
        heading = tables.ledgers()[table].column(column).heading.both
        self.words = ("error.too_long", {"heading": heading, "length": length})  # the sentence for who asked for it
        super().__init__(f"{table}.{column}: {length} characters")


def csv_of(release: Release, table: str, lang: str) -> bytes:
    """One ledger of a release as CSV: headings and labels in one language, ISO dates, blank where nothing is known."""
    return _csv(tables.ledgers()[table], release.rows()[table].values(), language(lang, release.vocabulary))


def csvs_of(release: Release, lang: str) -> dict[str, bytes]:
    """Every ledger of a release that has rows, as CSV by its name."""
    rows = release.rows()
    return {
        name: _csv(table, rows[name].values(), language(lang, release.vocabulary))
        for name, table in tables.ledgers().items()
        if rows[name]
    }


@EXPORTS.counted
def workbook_of(release: Release, lang: str, only: Iterable[str] | None = None) -> bytes:
    """The ledgers of a release as .xlsx, one sheet each: all of them, or `only` those named. Raises `TooLong`."""
    out, t, rows = io.BytesIO(), language(lang, release.vocabulary), release.rows()
    with xlsxwriter.Workbook(out, {"in_memory": True, **NOTHING_RUNS}) as book:
        formats = {
            "heading": book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
            "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "number": book.add_format({"valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        for name in tables.ledgers() if only is None else only:
            _sheet(book, formats, tables.ledgers()[name], list(rows[name].values()), t)
    return out.getvalue()


def csv_of_shown(shown: shapes.Table) -> bytes:
    """A table as a page shows it, with every row it has, as CSV; a share as the number it is."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(guarded, shown.columns))
    writer.writerows([guarded(cell.exact or cell.text) for cell in row] for row in shown.rows)
    return out.getvalue().encode("utf-8-sig")


@EXPORTS.counted
def workbook_of_shown(shown: shapes.Table, title: str) -> bytes:
    """The same as .xlsx; every cell is text as it is shown, but whole and decimal numbers, which can be summed, and
    shares, which are numbers that show as percent."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **NOTHING_RUNS}) as book:
        sheet = book.add_worksheet(sheet_name(re.sub(_NO_SHEET_NAME, " ", title).strip() or "1"))
        bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        number = book.add_format({"valign": "top"})
        percent = book.add_format({"valign": "top", "num_format": "0.0%"})
        for place, heading in enumerate(shown.columns):
            texts = [row[place].text for row in shown.rows]
            exact = [row[place].exact for row in shown.rows]
            sheet.set_column(place, place, width_of([heading, *texts[:ROWS_MEASURED]]))
            sheet.write_string(0, place, heading, bold)
            for line, (said, share) in enumerate(zip(texts, exact, strict=True), start=1):
                if share:
                    sheet.write_number(line, place, float(share), percent)
                elif re.fullmatch(r"-?\d{1,15}(\.\d+)?", plain := said.replace(",", "")) and place in shown.numbers:
                    sheet.write_number(line, place, float(plain), number)
                elif said:
                    sheet.write_string(line, place, said[: LIMITS.cell_length], text)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _csv(table: Table, rows: _Rows, t: Language) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(guarded(t.of(column.heading)) for column in table.columns)
    readers = [(column.name, column) for column in table.columns]
    writer.writerows([_text(column, row[name], (t,)) for name, column in readers] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _text(column: Column, value: object, languages: Sequence[Language]) -> str:
    """A cell as it is written, in one language or in both, and as an upload reads it back.

    Not as a reader sees it (`Language.cell`): nothing stays empty, and what a spreadsheet would run is disarmed.
    """
    if value is None:
        return ""
    if column.codes:
        return in_each(languages, lambda t: t.word(column.codes, str(value)))
    if isinstance(value, bool):
        return in_each(languages, lambda t: t("common.yes") if value else t("common.no"))
    return guarded(value) if isinstance(value, str) else to_text(value)


def in_each(languages: Sequence[Language], say: Callable[[Language], str]) -> str:
    """What is said in one language, or in both as `Words.both` has it."""
    return " / ".join(dict.fromkeys(map(say, languages)))


# --- workbooks -------------------------------------------------------------------------------------------------


def _sheet(book: xlsxwriter.Workbook, formats: Mapping, table: Table, rows: list[Mapping], t: Language) -> None:
    sheet = book.add_worksheet(sheet_name(t.of(table.title)))
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        heading = t.of(column.heading)
        sample = [_text(column, row[column.name], (t,)) for row in rows[:ROWS_MEASURED]]
        sheet.set_column(place, place, width_of([heading, *sample]))
        sheet.write_string(0, place, heading, formats["heading"])
        for line, row in enumerate(rows, start=1):
            write(sheet, line, place, held(table, column, row[column.name], (t,)), formats)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)


def held(table: Table, column: Column, value: object, languages: Sequence[Language]) -> Held:
    """What a cell of a workbook holds: a day, a number or a text that an upload reads back. Raises `TooLong`."""
    if value is None:
        return None
    if isinstance(value, dt.date) and value >= _FIRST_DAY:
        return value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and _fits(value):
        return value
    text = _text(column, value, languages)
    if isinstance(value, str) and not value.startswith("'"):
        text = text.removeprefix("'")  # the cell is text by its format and needs no apostrophe
    if len(text) > LIMITS.cell_length:
        raise TooLong(table.name, column.name, len(text))
    return text


def write(sheet: Worksheet, line: int, place: int, cell: Held, formats: Mapping[str, Format]) -> None:
    """Write one cell in the format of its kind: day, number or text; an empty one is left out."""
    if isinstance(cell, dt.date):
        sheet.write_datetime(line, place, dt.datetime.combine(cell, dt.time()), formats["day"])
    elif isinstance(cell, str):
        sheet.write_string(line, place, cell, formats["text"])
    elif cell is not None:
        sheet.write_number(line, place, cell, formats["number"])


def sheet_name(title: str) -> str:
    """A name that Excel takes for a sheet."""
    return title[:31]


def _fits(number: int | Decimal) -> bool:
    """Whether a workbook, which keeps numbers as floats, gives the very same number back."""
    return abs(number) < _SAFE_NUMBER and Decimal(repr(float(number))) == number


def width_of(texts: Iterable[str]) -> int:
    """Of the widest text, a Chinese character being two wide; of texts over several lines, of the widest line."""
    widest = max(width_in(line) for text in texts for line in (text.splitlines() or [""]))
    return min(max(widest + 2, NARROWEST), WIDEST)


def width_in(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)
