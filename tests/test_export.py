"""Exported ledgers load again without a change, open in a spreadsheet as they are, and run as nothing."""

import csv
import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang import uploads
from taizhang.declared import tables
from taizhang.declared.values import CLEAR
from taizhang.drawing.shapes import Cell, Table
from taizhang.rows import ledgers
from taizhang.showing import export
from taizhang.store import Store, releases
from taizhang.store.releases import Note
from taizhang.uploads import values
from taizhang.uploads.context import Context

LANGUAGES = ("zh", "en")
DAY = dt.date(2019, 9, 13)


def publish(store: Store, *rows: dict, parent: int | None = None, table: str = "action") -> releases.Release:
    """A release of rows as a file would bring them, whatever they say."""
    read = tuple(ledgers.Row(line, dict(row)) for line, row in enumerate(rows, start=2))
    file = ledgers.LedgerFile(table, f"{table}.csv", repr(rows).encode(), "UTF-8", read)
    return store.publish([file], Note("甲", DAY, "一", "One"), parent)


def lines_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


# --- export, then upload ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("store_name", ["demo_store", "article_store"])
def test_every_ledger_loads_again_without_a_change(request, store_name, lang):
    store = request.getfixturevalue(store_name)
    live = store.live()
    rows = live.rows()
    for name, data in export.csvs_of(live, lang).items():
        checked = uploads.check(store, [(f"{name}.csv", data)])
        (found,) = checked.comparison.tables
        assert (found.table, found.changes, found.missing) == (name, 0, ())
        assert len(found.same) == len(rows[name])
        assert checked.problems == ()
    assert {name for name, keyed in rows.items() if keyed} == set(export.csvs_of(live, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_of_everything_loads_again_without_a_change(demo_store, lang):
    live = demo_store.live()
    checked = uploads.check(demo_store, [("全部.xlsx", export.workbook_of(live, lang))])
    assert {part.table for part in checked.parts} == set(tables.ledgers())
    assert len(checked.parts) == len(tables.ledgers())
    assert (checked.comparison.changes, [one for one in checked.comparison.tables if one.missing]) == (0, [])
    assert {one.rule for one in checked.problems} <= {"no_rows"}  # a ledger without rows is there too
    assert [remark for sheet in checked.sheets for remark in sheet.remarks] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_label_of_every_code_list_is_read_back_as_its_code(lang):
    for table in tables.ledgers().values():
        for column in table.columns:
            read = values.reader_of(table, column, Context(), ())
            for one in tables.code_lists()[column.codes] if column.codes else ():
                assert read(one.label[lang]) == one.code, (table.name, column.name, one)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_columns_of_a_ledger_share_a_heading(lang):
    for table in tables.ledgers().values():
        assert len({column.heading[lang] for column in table.columns}) == len(table.columns)


# --- what is written -------------------------------------------------------------------------------------------


def test_csv_has_a_mark_headings_labels_iso_dates_and_blanks(tmp_path):
    row = {"action_id": "CS-1", "content": "修路\n铺路", "status": "in_progress", "started_on": DAY, "percent": 50}
    made = publish(Store(tmp_path), row)
    data = export.csv_of(made, "action", "zh")
    assert data.startswith(b"\xef\xbb\xbf")  # so that Excel reads Chinese
    header, line = lines_of(data)
    said = dict(zip(header, line, strict=True))
    assert (said["措施编号"], said["整改措施"], said["整改状态"]) == ("CS-1", "修路\n铺路", "整改中")
    assert (said["启动日期"], said["进度%"], said["示例数据"], said["责任人"]) == ("2019-09-13", "50", "否", "")
    said = dict(zip(*lines_of(export.csv_of(made, "action", "en")), strict=True))
    assert (said["Status"], said["Demo row"]) == ("In progress", "No")


DANGEROUS = [
    "=1+1",
    "+86 750",
    "-5",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    '=HYPERLINK("http://x","点我")',
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "''=1+1",
    "'引号",
    "''",
    "https://example.org",
    "{=1}",
    "007",
    "1e5",
    "9/11",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_can_run_and_every_cell_comes_back(tmp_path, text):
    made = publish(Store(tmp_path), {"action_id": "CS-1", "content": text})
    data = export.csv_of(made, "action", "zh")
    assert not [cell for line in lines_of(data) for cell in line if cell[:1] in tuple("=+-@＝＋－＠\t\r\n")]
    book = export.workbook_of(made, "zh")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [one for one in sheets if b"<f>" in one or b"<hyperlink" in one]
    for name, file in (("a.csv", data), ("a.xlsx", book)):
        comparison = uploads.check(Store(tmp_path), [(name, file)]).comparison.of("action")
        assert (comparison.changes, len(comparison.same)) == (0, 1), name


PROSE = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("=+-@'＝\t\n\"，,;"), min_size=1)


@given(text=PROSE.map(str.strip).filter(lambda text: text and text not in CLEAR))
def test_any_text_comes_back_as_it_was(text):
    assert values.unguarded(values.guarded(text)) == text
    assert values.guarded(text)[:1] not in tuple("=+-@＝＋－＠\t\r\n")


def test_a_workbook_keeps_dates_as_dates_and_numbers_exactly(tmp_path):
    made = publish(Store(tmp_path), {"action_id": "CS-1", "content": "修路", "started_on": DAY, "percent": 50})
    with zipfile.ZipFile(io.BytesIO(export.workbook_of(made, "zh", ["action"]))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert len([name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]) == 1
    serial = (DAY - dt.date(1899, 12, 30)).days
    assert f"<v>{serial}</v>" in sheet
    assert "<v>50</v>" in sheet
    assert '<pane xSplit="1" ySplit="1"' in sheet


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut(tmp_path):
    made = publish(Store(tmp_path), {"action_id": "CS-1", "content": "长" * 32_768})
    with pytest.raises(export.TooLong):
        export.workbook_of(made, "zh")
    assert "长" * 32_768 in export.csv_of(made, "action", "zh").decode("utf-8-sig")


def test_a_table_as_it_is_shown_is_safe_in_both_files_and_its_numbers_are_numbers():
    evil = ("=1+1", "+cmd", "@x", "-3")
    rows = tuple((Cell(text), Cell("1,234.5", is_number=True), Cell("—", is_number=True)) for text in evil)
    shown = Table(("=HYPERLINK(1)", "多少", "多少"), rows, "")
    said = export.csv_of_shown(shown).decode("utf-8-sig")
    assert not [line for line in said.splitlines() if line[0] in "=+-@"]
    book = openpyxl.load_workbook(io.BytesIO(export.workbook_of_shown(shown, "[2019/12]: 一'二")))
    sheet = book.active
    assert sheet.title == "2019 12   一 二"
    assert [[cell.data_type for cell in row] for row in sheet.iter_rows(min_row=2)] == [["s", "n", "s"]] * 4
    assert sheet["A2"].value == "=1+1"
    assert sheet["B2"].value == 1234.5
    assert sheet["A1"].data_type == "s"
