"""An empty ledger as a workbook to fill in: what is required is marked, one line is an example, lists to choose from.

The filled-in workbook is uploaded as it is; the line of the example is not read as long as its number says that it is
one.
"""

import datetime as dt
import io
from collections.abc import Collection, Sequence
from itertools import accumulate

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from taizhang.declared.tables import Column, Table
from taizhang.declared.wording import Language
from taizhang.showing.export import NOTHING_RUNS, held, sheet_name, width_of, write
from taizhang.showing.papers.ledger import ON_PAPER, PAPER_WIDTH
from taizhang.showing.papers.ledger_style import FONT, Growing, Style, height_of, on_paper
from taizhang.uploads.handed_out import CHOICES_MARK, LISTS

EMPTY = 200  # lines to fill in
WIDEST = 24
_EXAMPLE_DAY, _MADE = dt.date(2019, 10, 25), dt.datetime(2019, 1, 1)
_TITLE, _MESSAGE = 32, 255  # what Excel takes in a note beside a cell
NOT_FILLED_IN = "is_demo"  # the mark is ours to set


def blank(table: Table, t: Language, left_out: Collection[str] = ()) -> bytes:
    """The template of a ledger as .xlsx in one language, without some columns; the same bytes each time."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "default_format_properties": dict(FONT), **NOTHING_RUNS}) as book:
        book.set_properties({"title": t.of(table.title), "created": _MADE})
        style = Style(book)
        sheet = book.add_worksheet(sheet_name(t.of(table.title)), Growing)
        columns = [one for one in _in_order(table) if one.name not in left_out or one.name in table.key]
        lists = _lists(table, columns, t)
        headings = [_heading(column, t) for column in columns]
        widths = [min(width_of([heading]), WIDEST) for heading in headings]
        sheet.set_row(0, height_of(zip(headings, widths, strict=True)))
        for place, (column, heading, width) in enumerate(zip(columns, headings, widths, strict=True)):
            kind = _kind(column)
            sheet.set_column(place, place, width, style[kind])
            sheet.write_string(0, place, heading, style["heading" if _is_needed(column) else "computed_heading"])
            looks = dict.fromkeys(("day", "text", "number"), style["computed"])
            write(sheet, 1, place, _example(table, column, lists, t), looks | {"day": style["day"]})
            sheet.data_validation(1, place, EMPTY, place, _rule(column, lists, t))
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, 30, _printed(widths) - 1)
        on_paper(sheet, t("blank.guide"), "", t.of(table.title), t("ledgerbook.page_of"))
        _write_lists(book.add_worksheet(LISTS), lists)
    return out.getvalue()


def _in_order(table: Table) -> list[Column]:
    """The columns as they are filled in: the number, what is required, what a meeting works with, then all others."""
    usual = ON_PAPER.get(table.name, ())
    columns = [column for column in table.columns if column.name != NOT_FILLED_IN]
    place = {column.name: at for at, column in enumerate(columns)}

    def rank(column: Column) -> tuple[int, int]:
        if column.name in table.key:
            return 0, place[column.name]
        if _is_needed(column):
            return 1, place[column.name]
        return (2, usual.index(column.name)) if column.name in usual else (3, place[column.name])

    return sorted(columns, key=rank)


def _printed(widths: Sequence[float]) -> int:
    """How many columns one page across can show at a size that can be read."""
    return max(sum(1 for total in accumulate(widths) if total <= PAPER_WIDTH), 1)


def _is_needed(column: Column) -> bool:
    return column.is_required and column.default is None


def _heading(column: Column, t: Language) -> str:
    heading = t.of(column.heading)
    return t("blank.required", heading=heading) if _is_needed(column) else heading


def _kind(column: Column) -> str:
    if column.type == "DATE":
        return "day"
    return "text" if column.type in ("VARCHAR", "BOOLEAN") else "number"


def _example(table: Table, column: Column, lists: dict[str, list[str]], t: Language) -> str | int | dt.date:
    if column.name == table.key[0]:
        return t("blank.example")
    if column.name in lists:
        return lists[column.name][0]
    if column.type == "DATE":
        return _EXAMPLE_DAY
    return t("blank.example_text") if column.type == "VARCHAR" else 1


def _lists(table: Table, columns: list[Column], t: Language) -> dict[str, list[str]]:
    """What can be chosen, by the name of the column."""
    chosen = {one.name: (one, [code.code for code in t.codes(one.codes)]) for one in columns if one.codes}
    chosen |= {one.name: (one, [True, False]) for one in columns if one.type == "BOOLEAN"}
    return {name: [str(held(table, one, value, (t,))) for value in values] for name, (one, values) in chosen.items()}


def _rule(column: Column, lists: dict[str, list[str]], t: Language) -> dict[str, object]:
    """The note beside a cell, and the list it has."""
    said = [t("blank.needed") if _is_needed(column) else t("blank.optional")]
    said += [t("blank.as_day")] if column.type == "DATE" else []
    said += [t.of(column.note)] if column.note else []
    told = {"input_title": t.of(column.heading)[:_TITLE], "input_message": t("blank.stop").join(said)[:_MESSAGE]}
    if column.name not in lists:
        return {"validate": "any", **told}
    place = list(lists).index(column.name) + 1
    source = f"={LISTS}!{xl_range_abs(1, place, len(lists[column.name]), place)}"
    return {"validate": "list", "source": source, "error_type": "warning", **told}


def _write_lists(sheet: Worksheet, lists: dict[str, list[str]]) -> None:
    sheet.write_string(0, 0, CHOICES_MARK)
    for place, (name, choices) in enumerate(lists.items(), start=1):
        sheet.write_column(0, place, [name, *choices])
    sheet.hide()
