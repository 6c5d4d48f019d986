"""The sheets of a round: for each unit a workbook with its own rows, to fill in and send back; all of them in a zip.

Of each row stands there what one needs to know it again, locked, and what may be said of it. The cells that are asked
for are yellow; what was said last stands in them in grey, and turns black once it is changed.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from taizhang.declared.tables import Column, Table, ledgers
from taizhang.declared.wording import Language
from taizhang.drawing.palette import surfaces, tint, tones
from taizhang.rows.scope import SAID_BY_UNITS
from taizhang.showing.export import NOTHING_RUNS, held, width_of, write
from taizhang.showing.papers.ledger_style import FONT, Growing, height_of, on_paper
from taizhang.uploads.handed_out import LISTS, LISTS_MARK, WAS, WAS_MARK
from taizhang.uploads.rounds import Asked, Round

# Ledger → what says which row it is. Which of the cells that its unit fills in are asked for, a question says.
KNOWN_BY = {
    "action": ("action_id", "content", "due_on"),
    "suggestion": ("suggestion_id", "content", "received_on"),
    "commitment": ("commitment_id", "content", "due_on"),
    "visit": ("visit_id", "town_code", "topic_id"),
}
HOW = ("how_1", "how_2", "how_3", "how_4", "how_5")
LONGEST_NAME = 60  # letters of a unit in the name of its file
LINES_ABOVE = 3  # title, what to do, headings
MEASURED = 200  # rows that the widths are taken from
LONG = 26  # characters of a column in which people write sentences
WRITTEN_IN = frozenset({"progress_note", "result_note", "blocker", "content"})
_ALLOWED = {"format_cells": True, "format_columns": True, "format_rows": True}
_DAYS = {"criteria": "between", "minimum": dt.date(1900, 3, 1), "maximum": dt.date(2199, 12, 31)}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FIRST = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file knows
_THEME = "light"
TO_FILL_IN = "#FFF6CC"  # no tone: it says nothing of a row, only where to write


def archive(one: Round, t: Language) -> bytes:
    """The workbooks of all units of a round as a zip; the same round gives the same bytes.

    Raises `export.TooLong` for a text that no cell can hold.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        taken: set[str] = set()
        for unit in one.asked:
            entry = zipfile.ZipInfo(_not_yet_taken(file_name(one, unit, t), taken), _FIRST)
            entry.external_attr, entry.compress_type = 0o600 << 16, zipfile.ZIP_DEFLATED
            file.writestr(entry, workbook(one, unit, t))
    return out.getvalue()


def archive_name(one: Round, t: Language) -> str:
    return t("rounds.archive_name", round=one.request_id, day=one.return_by)


def file_name(one: Round, unit: str, t: Language) -> str:
    """What a unit's workbook is called: unit and day, without anything a file system minds."""
    named = t("rounds.file_name", unit=unit[:LONGEST_NAME], day=one.return_by)
    return re.sub(r'[\\/:*?"<>|\s\x00-\x1f]+', "_", named).strip("._")


def _not_yet_taken(name: str, taken: set[str]) -> str:
    """A name that no other unit's file has: names that differ in what a file system minds become alike."""
    made, number = name, 1
    while made.casefold() in taken:
        number += 1
        made = f"{name.removesuffix('.xlsx')} {number}.xlsx"
    taken.add(made.casefold())
    return made


def workbook(one: Round, unit: str, t: Language) -> bytes:
    """The workbook of one unit as .xlsx. Raises `export.TooLong`."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "default_format_properties": dict(FONT), **NOTHING_RUNS}) as book:
        book.set_properties({"title": t("rounds.kind"), "created": one.release.published_at})
        _Book(book, one, unit, t).write()
    return out.getvalue()


@dataclass
class _Book:
    """The workbook of one unit while it is written."""

    book: Workbook
    round: Round
    unit: str
    t: Language
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)  # code list → its choices
    was: dict[str, int] = field(default_factory=dict)  # sheet → the line of the hidden sheet above its own

    def write(self) -> None:
        rows = self.round.release.rows()
        campaign = next(iter(rows["campaign"].values()), {})
        self.office = str(campaign.get("org_name") or "")
        self.look = {name: self.book.add_format(look) for name, look in _looks().items()}
        asked: dict[str, list[Asked]] = {}
        for one in self.round.asked[self.unit]:
            asked.setdefault(one.ledger, []).append(one)
        cover = self.book.add_worksheet(self.t("rounds.cover"), Growing)
        sheets = [self.sheet(ledgers()[name], rows[name], own) for name, own in asked.items()]
        self.cover(cover, str(campaign.get("campaign_name") or ""), asked, sheets)
        self.hidden_lists()
        sheets[0].activate()

    # --- a ledger ---

    def sheet(self, table: Table, rows: dict, asked: Sequence[Asked]) -> Worksheet:
        t, known, open_ = self.t, KNOWN_BY[table.name], SAID_BY_UNITS[table.name]
        columns = [table.column(name) for name in (*known, *open_)]
        cells = [[held(table, column, rows[one.row_key][column.name], (t,)) for column in columns] for one in asked]
        name = t("rounds.sheet_name", ledger=t.of(table.title), unit=self.unit)
        sheet = self.book.add_worksheet(_sheet_name(name), Growing)
        title = t("rounds.title_of_sheet", ledger=t.of(table.title), unit=self.unit)
        day, code = t.day(self.round.return_by), self.round.code(self.unit)
        sheet.write_string(0, 0, title, self.look["title"])
        sheet.write_string(1, 0, t("rounds.line_of_sheet", day=day, office=self.office, code=code), self.look["plain"])
        widths = [self.width(column, [own[place] for own in cells]) for place, column in enumerate(columns)]
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            is_asked = any(column.name in one.cells for one in asked)
            sheet.set_column(place, place, width)
            look = "asked_heading" if is_asked else "heading" if column.name in open_ else "known_heading"
            sheet.write_string(LINES_ABOVE - 1, place, t.of(column.heading), self.look[look])
        for line, (one, own) in enumerate(zip(asked, cells, strict=True), start=LINES_ABOVE):
            texts = ["" if cell is None else str(cell) for cell in own]
            sheet.set_row(line, height_of(zip(texts, widths, strict=True)))
            for place, (column, cell) in enumerate(zip(columns, own, strict=True)):
                kind = "known" if column.name in known else "asked" if column.name in one.cells else "open"
                looks = {kind_of: self.look[f"{kind}_{kind_of}"] for kind_of in ("text", "day", "number")}
                if cell is None:
                    sheet.write_blank(line, place, None, looks["day" if column.type == "DATE" else "text"])
                else:
                    write(sheet, line, place, cell, looks)
        first, last = LINES_ABOVE, LINES_ABOVE + len(asked) - 1
        for place, column in enumerate(columns):
            if column.name in open_ and (rule := self.rule(table, column)):
                sheet.data_validation(first, place, last, place, rule)
        self.blacken(sheet, cells, len(known), len(columns))
        sheet.protect("", _ALLOWED)
        sheet.freeze_panes(LINES_ABOVE, 1)
        sheet.repeat_rows(0, LINES_ABOVE - 1)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(columns) - 1)}{last + 1}"})
        mark = t("common.demo") if any(one.is_demo for one in asked) else ""
        on_paper(sheet, title, "", " · ".join(filter(None, (code, mark))), t("rounds.page_of"))
        return sheet

    def width(self, column: Column, cells: Sequence) -> float:
        if column.name in WRITTEN_IN:
            return LONG
        texts = ["" if cell is None else str(cell) for cell in cells[:MEASURED]]
        choices = [self.t.word(column.codes, one.code) for one in self.t.codes(column.codes)] if column.codes else []
        return min(width_of([self.t.of(column.heading), *texts, *choices]), LONG)

    def rule(self, table: Table, column: Column) -> dict[str, object] | None:
        """What may be typed into a column; what is wrong is said here too when the sheet comes back."""
        t = self.t
        if column.codes or column.type == "BOOLEAN":
            refusal = {"error_title": t("ledgerbook.invalid_title")[:32], "error_message": t("ledgerbook.invalid_code")}
            return {"validate": "list", "source": self.list_of(table, column), **refusal}
        if column.type == "DATE":
            refusal = {"error_title": t("ledgerbook.invalid_day_title"), "error_message": t("ledgerbook.invalid_day")}
            return {"validate": "date", **_DAYS, **refusal}
        return None

    def list_of(self, table: Table, column: Column) -> str:
        name = column.codes or "yes_no"
        if column.codes:
            self.lists[name] = tuple(self.t.word(name, one.code) for one in self.t.codes(name))
        else:
            self.lists[name] = tuple(str(held(table, column, value, (self.t,))) for value in (True, False))
        place = list(self.lists).index(name) + 1
        return f"={LISTS}!{xl_range_abs(1, place, len(self.lists[name]), place)}"

    def blacken(self, sheet: Worksheet, cells: Sequence[Sequence], known: int, columns: int) -> None:
        """Let what is changed turn black: a hidden sheet has the same cells as they were."""
        hidden = self.book.add_worksheet(f"{WAS}{len(self.was) or ''}")
        self.was[sheet.get_name()] = len(self.was)
        hidden.write_string(0, 0, WAS_MARK)
        plain = {name: self.look[f"known_{name}"] for name in ("text", "day", "number")}
        for line, own in enumerate(cells, start=LINES_ABOVE):
            for place in range(known, columns):
                if own[place] is not None:
                    write(hidden, line, place, own[place], plain)
        hidden.very_hidden()
        corner = f"{xl_col_to_name(known)}{LINES_ABOVE + 1}"
        rule = {
            "type": "formula",
            "criteria": f"={corner}<>{hidden.get_name()}!{corner}",
            "format": self.look["changed"],
        }
        sheet.conditional_format(LINES_ABOVE, known, LINES_ABOVE + len(cells) - 1, columns - 1, rule)

    # --- what goes with it ---

    def cover(self, sheet: Worksheet, campaign: str, asked: dict[str, list[Asked]], sheets: list[Worksheet]) -> None:
        """To whom, by when, what, and how."""
        t, one = self.t, self.round
        own = one.asked[self.unit]
        sheet.hide_gridlines(2)
        for place, width in enumerate((24, 34, 50)):
            sheet.set_column(place, place, width)
        count = t("rounds.asked_of", rows=len(own), cells=sum(len(row.cells) for row in own))
        facts = (
            ("to", self.unit),
            ("from", self.office),
            ("return_by", t.day(one.return_by)),
            ("asked", count),
            ("round", one.request_id),
            ("sent_on", t.day(one.sent_on)),
            ("state_of", t("frame.release_short", number=one.release.number) + " · " + t.day(one.release.as_of)),
        )
        sheet.write_string(0, 0, t("rounds.kind"), self.look["title"])
        sheet.write_string(1, 0, campaign, self.look["plain"])
        line = 3
        if any(row.is_demo for row in own):
            sheet.write_string(2, 0, t("common.demo_note"), self.look["demo"])
        for name, said in facts:
            sheet.write_string(line, 0, t(f"rounds.{name}"), self.look["label"])
            sheet.merge_range(line, 1, line, 2, said, self.look["strong" if name in ("to", "return_by") else "words"])
            line += 1
        line += 1
        sheet.write_string(line, 0, t("rounds.inside"), self.look["title"])
        for (name, rows), page in zip(asked.items(), sheets, strict=True):
            line += 1
            cells = sum(len(row.cells) for row in rows)
            link = f"internal:'{page.get_name()}'!A1"
            sheet.write_url(line, 0, link, self.look["link"], t.of(ledgers()[name].title))
            sheet.write_string(line, 1, t("rounds.asked_of", rows=len(rows), cells=cells), self.look["words"])
        line += 2
        sheet.write_string(line, 0, t("rounds.how"), self.look["title"])
        for number, how in enumerate(HOW, start=1):
            line += 1
            said = f"{number}. {t(f'rounds.{how}')}"
            sheet.merge_range(line, 0, line, 2, said, self.look["words"])
            sheet.set_row(line, height_of([(said, 108)]))
        on_paper(sheet, t("rounds.kind"), self.unit, t.day(one.return_by), t("rounds.page_of"))

    def hidden_lists(self) -> None:
        lists = self.book.add_worksheet(LISTS)
        lists.write_string(0, 0, LISTS_MARK)
        for place, (name, choices) in enumerate(self.lists.items(), start=1):
            lists.write_column(0, place, [name, *choices])
        lists.very_hidden()


def _sheet_name(name: str) -> str:
    """A name that Excel takes for a sheet."""
    return _FORBIDDEN.sub("_", name)[:31].strip("'") or "_"


def _looks() -> dict[str, dict[str, object]]:
    """The formats: known cells are grey and locked, asked ones yellow; what was said last is grey text."""
    ink, ground = tones(_THEME), surfaces(_THEME)
    ruled = {"border": 1, "border_color": ground["rule"], "valign": "top"}
    heading = {**ruled, "bold": True, "text_wrap": True, "num_format": "@", "valign": "vcenter"}
    kinds = {
        "text": {"num_format": "@", "text_wrap": True},
        "day": {"num_format": "yyyy-mm-dd", "align": "left"},
        "number": {"align": "right"},
    }
    cells = {
        "known": {"bg_color": ground["surface"], "locked": True},
        "open": {"font_color": ink["faint"], "locked": False},
        "asked": {"font_color": ink["faint"], "bg_color": TO_FILL_IN, "locked": False},
    }
    looks: dict[str, dict[str, object]] = {
        f"{one}_{kind}": {**ruled, **look, **own} for one, own in cells.items() for kind, look in kinds.items()
    }
    return {
        **looks,
        "heading": heading,
        "known_heading": {**heading, "bg_color": ground["surface"]},
        "asked_heading": {**heading, "bg_color": tint("overall", _THEME)},
        "title": {"bold": True, "font_size": 14},
        "plain": {"valign": "top"},
        "label": {"valign": "top", "font_color": ink["faint"]},
        "words": {"valign": "top", "text_wrap": True},
        "strong": {"valign": "top", "bold": True, "text_wrap": True},
        "demo": {"bold": True, "font_color": ink["late"]},
        "link": {"font_color": ink["moving"], "underline": 1},
        "changed": {"font_color": ink["plain"]},
    }
