"""The ledger workbook: printed and filled in as it should be, and back again with exactly the edits of a person."""

import datetime as dt
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from ready_made import copy_of
from test_pages import open_page, text_of

from taizhang import cli, uploads
from taizhang.declared import tables
from taizhang.declared.tables import code_lists
from taizhang.declared.wording import language, words_of
from taizhang.rows import comparison, ledgers, problems
from taizhang.rows.changes import WHOLE_ROW, Decisions
from taizhang.showing import export, handouts, upkeep
from taizhang.showing.papers import ledger
from taizhang.showing.papers.ledger_style import pages_of
from taizhang.showing.slides import Showing
from taizhang.store import Store, drafts, engine, releases
from taizhang.store.releases import Note
from taizhang.uploads import Checked
from taizhang.uploads.handed_out import BASE, LISTS
from taizhang.uploads.returns import return_sheet

ZH, EN, BOTH = ("zh",), ("en",), ("zh", "en")
LANGUAGES = (ZH, EN, BOTH)
SOFFICE = shutil.which("soffice")
WEEK_1, WEEK_2 = dt.date(2019, 9, 13), dt.date(2019, 9, 20)
FIRST_WEEK = {
    "campaign": "campaign_id,campaign_name,org_name,default_year\nZT-1,主题教育,统战部,2019\n",
    "issue": "问题编号,问题\nWT-1,通行不便\nWT-2,审批太慢\n",
    "action": "措施编号,问题编号,整改措施,整改类型,责任单位,完成时限,整改状态,进度%,整改进展,堵点难点\n"
    "CS-1,WT-1,修路,限期整改,交通局,2019-10-01,整改中,40,已动工,缺钱\n"
    "CS-2,WT-1,架桥,限期整改,交通局,2019-10-15,未启动,0,,\n"
    "CS-3,WT-2,限时办结,长期坚持,审批局,2019-11-10,整改中,60,办结一半,\n"
    'CS-10,WT-2,减材料,立行立改,审批局,,整改中,,"第一行\n第二行",\n',
    "event": "活动编号,重点措施,活动类型,活动名称,开始日期\nE-1,学习教育,集中学习,党课,2019-09-11\n",
}


def publish(
    store: Store, as_of: dt.date = WEEK_2, decisions: Decisions | None = None, **texts: str
) -> releases.Release:
    """Check, draft and publish CSV files of these texts."""
    checked = uploads.check(store, [(f"{name}.csv", text.encode()) for name, text in texts.items()])
    assert checked.errors == ()
    return accept(store, checked, decisions or Decisions(), as_of)


def accept(store: Store, checked: Checked, decisions: Decisions | None = None, as_of: dt.date = WEEK_2):
    note = Note("甲单位", as_of, "每周更新", "Weekly update")
    own = decisions or Decisions()
    made = uploads.draft(store, checked.files, note, own, checked.parent, checked.applied)
    return store.publish_draft(made)


def showings_of(store: Store, languages: Iterable[str]) -> list[Showing]:
    meeting = handouts.unplanned(store, "zh")
    return [showing for code in languages for showing in handouts.showings_of(store, meeting, code)]


@pytest.fixture(scope="module")
def first_week(tmp_path_factory) -> Store:
    store = Store(tmp_path_factory.mktemp("ledger") / "store")
    texts = {name: text for name, text in FIRST_WEEK.items() if name != "event"}
    publish(store, WEEK_1, **texts)
    return store


@pytest.fixture(scope="module")
def handed_out(first_week) -> bytes:
    """The workbook of the first week, in Chinese."""
    return ledger.build(showings_of(first_week, ZH))


@pytest.fixture
def store(first_week, tmp_path) -> Store:
    return Store(shutil.copytree(first_week.folder, tmp_path / "store"))


@pytest.fixture(scope="module")
def demo_showings(demo_store) -> dict[tuple[str, ...], list[Showing]]:
    by_language = {code: showings_of(demo_store, (code,)) for code in BOTH}
    return {languages: [one for code in languages for one in by_language[code]] for languages in LANGUAGES}


@pytest.fixture(scope="module")
def of_demo(demo_showings) -> dict[tuple[str, ...], bytes]:
    return {languages: ledger.build(showings) for languages, showings in demo_showings.items()}


# --- a workbook in the hands of a person -----------------------------------------------------------------------


def sheet_of(book: openpyxl.Workbook, table: str) -> Worksheet:
    titles = tables.ledgers()[table].title
    names = {export.sheet_name(title) for title in (titles.zh, titles.en, f"{titles.zh} {titles.en}")}
    return next(sheet for sheet in book if sheet.title in names)


def place_of(sheet: Worksheet, table: str, column: str) -> int:
    said = tables.ledgers()[table].column(column).heading
    names = {said.zh, said.en, said.both}
    return next(cell.column for cell in sheet[1] if " ".join(str(cell.value).split()) in names)


def line_of(sheet: Worksheet, table: str, key: str) -> int:
    place = place_of(sheet, table, tables.ledgers()[table].key[0])
    return next(line for line in range(2, sheet.max_row + 1) if sheet.cell(line, place).value == key)


Cells = Mapping[tuple[str, str, str], object]  # ledger, row key, column → what is typed


def edited(data: bytes, cells: Cells, more: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    """The workbook with these cells typed over."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (table, key, column), value in cells.items():
        sheet = sheet_of(book, table)
        cell = sheet.cell(line_of(sheet, table, key), place_of(sheet, table, column))
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    if more:
        more(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_libreoffice(data: bytes, folder: Path) -> bytes:
    """The workbook opened and saved by LibreOffice."""
    (folder / "in").mkdir()
    (folder / "in" / "台账.xlsx").write_bytes(data)
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "out"),
            str(folder / "in" / "台账.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / "out" / "台账.xlsx").read_bytes()


def check(store: Store, data: bytes, **more: object) -> Checked:
    return uploads.check(store, [("整改台账_2019-09-13.xlsx", data)], **more)


def changes_in(checked: Checked) -> dict[tuple[str, str, str], tuple[object, object]]:
    """(ledger, row key, column) → value now and afterwards; a new row is one entry."""
    found = {}
    for table in checked.comparison.tables:
        for kind in comparison.KINDS:
            for row in table.rows(kind) if kind not in ("same", "missing") else ():
                found |= {(table.table, row.key, cell.column): (cell.old, cell.new) for cell in row.cells}
                found |= {(table.table, row.key, WHOLE_ROW): (None, "new")} if kind == "new" else {}
    return found


def warned(checked: Checked) -> list[str]:
    return [one.rule for one in checked.problems]


# --- nobody touched it -----------------------------------------------------------------------------------------


def assert_nothing_to_do(checked: Checked, release: releases.Release) -> None:
    assert {part.table for part in checked.parts} == {name for name, rows in release.rows().items() if rows}
    assert changes_in(checked) == {}
    assert [one.table for one in checked.comparison.tables if one.missing] == []
    assert (checked.problems, checked.comparison.conflicts, checked.day_found) == ((), (), None)
    assert [base.release for base in checked.bases] == [release.number]
    assert [remark.code for sheet in checked.sheets for remark in sheet.remarks] == []


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
def test_an_unedited_workbook_of_the_demo_changes_nothing_and_asks_nothing(demo_store, of_demo, languages):
    assert_nothing_to_do(check(demo_store, of_demo[languages]), demo_store.live())


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
def test_an_unedited_workbook_of_the_tiny_data_changes_nothing_and_asks_nothing(tiny_store, languages):
    data = ledger.build(showings_of(tiny_store, languages))
    assert_nothing_to_do(check(tiny_store, data), tiny_store.live())


HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x","点我")',
    "@SUM(A1)",
    "+86 750",
    "-5",
    "'引号",
    "'=1+1",
    "007",
    "1e5",
    "9/11",
    "2019-10-25",
    "123456789012345678",
    "0.10",
    "TRUE",
    "a\r\nb\rc\n\nd",
    "tab\there",
    "_x000D_",
    "&amp; <b>",
    "(空)",
    "　全角　空格",
    "https://example.org",
    "\u200b零宽",
    "100%",
    "#N/A",
    "是",
    "Q" * 3000,
]


def hostile_store(tmp_path: Path) -> Store:
    """Rows as an older reader could have brought them: of every kind that a spreadsheet likes to change."""
    rows = [
        {"action_id": f"CS-{place}", "content": text, "progress_note": f" {text} ", "resp_unit": text}
        for place, text in enumerate(HOSTILE, start=1)
    ]
    rows[0]["started_on"] = dt.date(1850, 1, 1)  # no file may say so; but nobody said so in this one
    read = tuple(ledgers.Row(line, row) for line, row in enumerate(rows, start=2))
    files = [ledgers.LedgerFile("action", "a.csv", b"a", "UTF-8", read)]
    days = ledgers.Row(2, {"campaign_id": "ZT-1", "campaign_name": "教育", "org_name": "部", "default_year": 2019})
    files.insert(0, ledgers.LedgerFile("campaign", "c.csv", b"c", "UTF-8", (days,)))
    store = Store(tmp_path / "store")
    store.publish(files, Note("甲", WEEK_1, "一", "One"), None)
    return store


def test_hostile_cells_stay_text_and_nobody_edited_them(tmp_path):
    store = hostile_store(tmp_path)
    data = ledger.build(showings_of(store, BOTH))
    assert_nothing_to_do(check(store, data), store.live())
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [one for one in sheets if b"<f>" in one or b"<f " in one or b"r:id" in one]
    kinds = {cell.data_type for cell in sheet_of(openpyxl.load_workbook(io.BytesIO(data)), "action")["C"]}
    assert kinds == {"s"}


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_hostile_cells_stay_text_in_libreoffice_too(tmp_path):
    store = hostile_store(tmp_path)
    data = by_libreoffice(ledger.build(showings_of(store, ZH)), tmp_path)
    assert_nothing_to_do(check(store, data), store.live())


# --- exactly the edits -----------------------------------------------------------------------------------------


def labelled(code_list: str, code: str, languages: tuple[str, ...]) -> str:
    said = next(one.label for one in code_lists()[code_list] if one.code == code)
    return said.both if languages == BOTH else said[languages[0]]


def edits_in(languages: tuple[str, ...]) -> Cells:
    """What a clerk types into the demo: a label of the list, text for a number, dates as text and as dates."""
    return {
        ("action", "CS-004-1", "status"): labelled("status", "in_progress", languages),  # it says so already
        ("action", "CS-004-2", "rect_type"): labelled("rect_type", "immediate", languages),
        ("action", "CS-004-1", "percent"): "80%",
        ("action", "CS-005-2", "percent"): 75,
        ("action", "CS-004-1", "due_on"): dt.date(2019, 12, 12),
        ("action", "CS-004-2", "due_on"): "2019/12/20",
        ("action", "CS-007-1", "blocker"): None,
        ("action", "CS-A03", "progress_note"): "=已送审，\n第二行",
        ("issue", "WT-002", "standard"): "'带引号",
        ("suggestion", "YJ-001", "content"): "改过的意见",
    }


CHANGED = {
    ("action", "CS-004-2", "rect_type"): "immediate",
    ("action", "CS-004-1", "percent"): 80,
    ("action", "CS-005-2", "percent"): 75,
    ("action", "CS-004-1", "due_on"): dt.date(2019, 12, 12),
    ("action", "CS-004-2", "due_on"): dt.date(2019, 12, 20),
    ("action", "CS-007-1", "blocker"): None,
    ("action", "CS-A03", "progress_note"): "=已送审，\n第二行",
    ("issue", "WT-002", "standard"): "'带引号",
    ("suggestion", "YJ-001", "content"): "改过的意见",
    ("action", "CS-NEW-1", WHOLE_ROW): "new",
}


def rearranged(book: openpyxl.Workbook) -> None:
    """What people do to a workbook beside filling it in."""
    sheet = sheet_of(book, "action")
    computed = next(cell.column for cell in sheet[1] if words_of("zh")["ledgerbook.not_read"] in str(cell.value))
    sheet.cell(line_of(sheet, "action", "CS-005-1"), computed).value = "× 逾期"
    sheet.column_dimensions["B"].hidden = True
    last = sheet.max_row + 1
    for column, value in (("action_id", "CS-NEW-1"), ("issue_id", "WT-001"), ("content", "新措施")):
        sheet.cell(last, place_of(sheet, "action", column)).value = value
    sheet.move_range(f"A1:A{last}", cols=sheet.max_column)  # the key column stands last now
    del book[sheet_of(book, "town").title]
    sheet_of(book, "event").sheet_state = "hidden"


def assert_exactly_the_edits(checked: Checked, demo_store: Store) -> None:
    before = demo_store.live().rows()
    found = changes_in(checked)
    assert {cell: after for cell, (_, after) in found.items()} == CHANGED
    assert all(old == before[table][key][column] for (table, key, column), (old, _) in found.items() if old is not None)
    assert (checked.errors, checked.comparison.conflicts) == ((), ())
    assert [one.table for one in checked.comparison.tables if one.missing] == []


@pytest.mark.parametrize("languages", [ZH, BOTH], ids="-".join)
def test_edits_and_nothing_else_come_back(demo_store, of_demo, languages):
    data = edited(of_demo[languages], edits_in(languages), rearranged)
    assert_exactly_the_edits(check(demo_store, data), demo_store)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_edits_and_nothing_else_come_back_from_libreoffice(demo_store, of_demo, tmp_path):
    data = by_libreoffice(edited(of_demo[BOTH], edits_in(BOTH), rearranged), tmp_path)
    states = {sheet.title: sheet.sheet_state for sheet in openpyxl.load_workbook(io.BytesIO(data))}
    assert states[BASE] == "hidden"  # LibreOffice knows no very hidden sheets
    assert_exactly_the_edits(check(demo_store, data), demo_store)


def test_an_emptied_cell_is_cleared_and_one_that_was_empty_is_not(store, handed_out):
    data = edited(handed_out, {("action", "CS-1", "blocker"): "", ("action", "CS-2", "blocker"): "  "})
    checked = check(store, data)
    assert changes_in(checked) == {("action", "CS-1", "blocker"): ("缺钱", None)}
    assert accept(store, checked).rows()["action"]["CS-1"]["blocker"] is None


def test_a_cell_that_must_not_be_empty_is_refused_and_not_kept_silently(store, handed_out):
    checked = check(store, edited(handed_out, {("action", "CS-1", "content"): None}))
    with pytest.raises(drafts.DraftRefused) as refused:
        accept(store, checked)
    assert [(one.rule, one.column, one.line > 0) for one in refused.value.problems] == [
        ("required_empty", "content", True)
    ]


def test_a_deleted_row_is_missing_and_kept_unless_somebody_removes_it(store, handed_out):
    def without_a_row(book: openpyxl.Workbook) -> None:
        sheet = sheet_of(book, "action")
        sheet.delete_rows(line_of(sheet, "action", "CS-2"))

    publish(store, action="措施编号,整改措施\nCS-99,别人新增的\n")
    checked = check(store, edited(handed_out, {}, without_a_row))
    assert [row.key for row in checked.comparison.of("action").missing] == ["CS-2"]  # and not CS-99
    assert "CS-2" in accept(store, checked).rows()["action"]
    gone = Decisions(remove_reason="不再需要", all_missing="remove")
    rows = accept(store, check(store, edited(handed_out, {}, without_a_row)), gone).rows()["action"]
    assert ("CS-2" in rows, "CS-99" in rows) == (False, True)


def test_a_cell_nobody_can_read_is_a_problem_and_those_around_it_are_not(store, handed_out):
    checked = check(store, edited(handed_out, {("action", "CS-1", "due_on"): "明年", ("action", "CS-2", "percent"): 5}))
    assert [(one.rule, one.column, one.value) for one in checked.errors] == [("bad_date", "due_on", "明年")]
    assert changes_in(checked) == {("action", "CS-2", "percent"): (0, 5)}


def test_the_return_sheet_of_it_still_knows_what_was_handed_out(store, handed_out):
    """The sender corrects the returned file; meanwhile somebody else moves on, and nothing of that is undone."""
    data = edited(handed_out, {("action", "CS-1", "due_on"): "明年", ("action", "CS-2", "percent"): 5})
    checked = check(store, data)
    back = return_sheet("台账.xlsx", data, checked.sheets, checked.parts, checked.problems, language("zh"))
    publish(store, action="措施编号,整改进展\nCS-1,已完工\n")
    corrected = edited(back, {("action", "CS-1", "due_on"): "2020-01-01"})
    assert changes_in(check(store, corrected)) == {
        ("action", "CS-1", "due_on"): (dt.date(2019, 10, 1), dt.date(2020, 1, 1)),
        ("action", "CS-2", "percent"): (0, 5),
    }


# --- others moved on -------------------------------------------------------------------------------------------

OTHERS = (
    "措施编号,责任单位,进度%,整改进展,整改状态,堵点难点\n"
    "CS-1,公路局,55,路基完成,,(清空)\n"
    "CS-2,,10,,,\n"
    "CS-3,,,办结一半以上,,\n"
)
MINE = {
    ("action", "CS-1", "due_on"): dt.date(2019, 10, 8),  # only mine
    ("action", "CS-1", "progress_note"): "路基过半",  # both, to different values
    ("action", "CS-1", "percent"): 55,  # both, to the same
    ("action", "CS-1", "blocker"): "缺人",  # mine changed, theirs cleared
    ("action", "CS-3", "progress_note"): None,  # mine cleared, theirs changed
}
IN_CONFLICT = {
    ("action", "CS-1", "progress_note"): ("已动工", "路基完成", "路基过半"),
    ("action", "CS-1", "blocker"): ("缺钱", None, "缺人"),
    ("action", "CS-3", "progress_note"): ("办结一半", "办结一半以上", None),
}


@pytest.fixture(scope="module")
def second_week(first_week, tmp_path_factory) -> Store:
    store = copy_of(first_week, tmp_path_factory.mktemp("second") / "store")
    publish(store, action=OTHERS)
    return store


@pytest.fixture
def moved_on(second_week, tmp_path) -> Store:
    return copy_of(second_week, tmp_path / "store")


@pytest.fixture(scope="module")
def mine(handed_out) -> bytes:
    return edited(handed_out, MINE)


def test_what_others_did_meanwhile_is_never_undone(moved_on, handed_out):
    assert changes_in(check(moved_on, handed_out)) == {}
    said_otherwise = check(moved_on, edited(handed_out, {("action", "CS-1", "percent"): "40%"}))  # it was 40
    assert (changes_in(said_otherwise), said_otherwise.comparison.conflicts) == ({}, ())
    only_mine = edited(handed_out, {("action", "CS-1", "due_on"): dt.date(2019, 10, 8)})
    before = moved_on.live().rows()["action"]
    after = accept(moved_on, check(moved_on, only_mine)).rows()["action"]
    assert after == {**before, "CS-1": {**before["CS-1"], "due_on": dt.date(2019, 10, 8)}}
    assert (after["CS-1"]["resp_unit"], after["CS-2"]["percent"]) == ("公路局", 10)


def test_a_conflict_is_found_in_each_cell_both_changed_and_in_no_other(moved_on, mine):
    checked = check(moved_on, mine)
    found = {one.cell: (one.was, one.theirs, one.yours) for one in checked.comparison.conflicts}
    assert found == IN_CONFLICT
    assert all(one.line > 1 and one.sheet == "整改措施台账" for one in checked.comparison.conflicts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_published_before_every_conflict_is_decided(moved_on, mine, lang):
    checked = check(moved_on, mine)
    partly = Decisions(theirs=frozenset([("action", "CS-1", "blocker")]))
    with pytest.raises(drafts.DraftRefused) as refused:
        accept(moved_on, checked, partly)
    assert {(one.rule, one.column) for one in refused.value.problems} == {("both_changed", "progress_note")}
    said = problems.sentence(refused.value.problems[0], language(lang))
    assert all(text in said for text in ("已动工", "路基完成", "路基过半", "CS-1"))
    assert moved_on.live_number() == 2


@pytest.mark.parametrize("side", ["yours", "theirs"])
def test_either_choice_is_done_recorded_and_done_again_by_a_rebuild(moved_on, mine, tmp_path, side):
    before = moved_on.live().rows()["action"]
    made = accept(moved_on, check(moved_on, mine), Decisions(**{side: frozenset(IN_CONFLICT)}))
    after = made.rows()["action"]
    for (_, key, column), (_, theirs, yours) in IN_CONFLICT.items():
        assert after[key][column] == (yours if side == "yours" else theirs)
    assert after["CS-1"]["due_on"] == dt.date(2019, 10, 8)
    assert after["CS-2"] == before["CS-2"]
    records = engine.rows_of(made.on_disk, "decision", release=made.number)
    assert {(one["kind"], one["table_name"], one["row_key"], one["field"]) for one in records} == {
        (side, *cell) for cell in IN_CONFLICT
    }
    again = upkeep.remake(moved_on, made.number, Store(tmp_path / "again"))
    assert again.rows() == made.rows()
    kept = engine.rows_of(again.on_disk, "decision", release=made.number)
    assert kept == records


def test_a_row_removed_meanwhile_stays_removed_unless_its_edits_are_wanted(store, handed_out, tmp_path):
    kept = "措施编号,整改措施\nCS-1,修路\nCS-2,架桥\nCS-10,减材料\n"
    publish(store, decisions=Decisions(remove_reason="重复", all_missing="remove"), action=kept)
    assert "CS-3" not in store.live().rows()["action"]
    assert changes_in(check(store, handed_out)) == {}  # nobody touched it: it does not come back
    data = edited(handed_out, {("action", "CS-3", "percent"): 65})
    checked = check(store, data)
    assert [one.cell for one in checked.comparison.conflicts] == [("action", "CS-3", WHOLE_ROW)]
    with pytest.raises(drafts.DraftRefused, match="row_gone_meanwhile"):
        accept(store, checked)
    cell = frozenset([("action", "CS-3", WHOLE_ROW)])
    assert "CS-3" not in accept(store, checked, Decisions(theirs=cell)).rows()["action"]
    made = accept(store, check(store, data), Decisions(yours=cell))
    row = made.rows()["action"]["CS-3"]
    assert (row["percent"], row["content"], row["progress_note"]) == (65, "限时办结", "办结一半")
    assert upkeep.remake(store, made.number, Store(tmp_path / "again")).rows() == made.rows()


def test_a_new_row_whose_id_somebody_else_took_meanwhile_is_in_conflict(store, handed_out):
    def with_a_row(book: openpyxl.Workbook) -> None:
        sheet = sheet_of(book, "action")
        line = sheet.max_row + 1
        for column, value in (("action_id", "CS-20"), ("content", "我的措施"), ("resp_unit", "交通局")):
            sheet.cell(line, place_of(sheet, "action", column)).value = value

    publish(store, action="措施编号,整改措施,责任单位\nCS-20,别人的措施,交通局\n")
    checked = check(store, edited(handed_out, {}, with_a_row))
    assert [(one.cell, one.theirs, one.yours) for one in checked.comparison.conflicts] == [
        (("action", "CS-20", "content"), "别人的措施", "我的措施")
    ]


def test_a_year_that_is_inferred_in_an_edit_is_marked_as_ever(store, tmp_path):
    publish(store, event=FIRST_WEEK["event"])
    data = edited(ledger.build(showings_of(store, ZH)), {("event", "E-1", "started_on"): "9月12日"})
    assert {column: new for (*_, column), (_, new) in changes_in(check(store, data)).items()} == {
        "started_on": dt.date(2019, 9, 12),
        "is_year_inferred": True,
    }


# --- without what it said --------------------------------------------------------------------------------------


def without_base(book: openpyxl.Workbook) -> None:
    del book[BASE]


def without_hidden_sheets(book: openpyxl.Workbook) -> None:
    del book[BASE], book[LISTS]


def with_a_replacement_everywhere(book: openpyxl.Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("交通局", "交通运输局")


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        (without_base, "base_is_gone"),
        (without_hidden_sheets, "base_is_gone"),
        (with_a_replacement_everywhere, "base_was_changed"),
    ],
)
def test_without_a_whole_base_it_is_compared_like_any_file_and_says_so(moved_on, handed_out, more, rule):
    checked = check(moved_on, edited(handed_out, {("action", "CS-1", "blocker"): None}, more))
    assert (warned(checked), checked.bases, checked.errors) == ([rule], (), ())
    assert checked.comparison.conflicts == ()
    found = changes_in(checked)
    assert found["action", "CS-1", "percent"] == (55, 40)  # two ways only: the old value shows as a change
    assert ("action", "CS-1", "blocker") not in found  # and an empty cell leaves the value
    for lang in ("zh", "en"):
        said = problems.sentence(checked.problems[0], language(lang))
        assert "_base" in said
        assert not set("{}") & set(said)


def test_a_workbook_of_another_store_says_so(handed_out, tiny_store, tmp_path):
    other = Store(shutil.copytree(tiny_store.folder, tmp_path / "other"))
    assert warned(check(other, handed_out))[0] == "base_is_of_another_store"


def test_a_base_that_makes_no_sense_is_no_base(store, handed_out):
    def mangled(book: openpyxl.Workbook) -> None:
        book[BASE].delete_rows(2)
        book[BASE]["B1"].value = "x"

    assert warned(check(store, edited(handed_out, {}, mangled))) == ["base_was_changed"]


# --- the command line and the page -----------------------------------------------------------------------------


@pytest.fixture
def tz(capfd, monkeypatch, moved_on):
    monkeypatch.delenv("TAIZHANG_LANG", raising=False)
    monkeypatch.setenv("TAIZHANG_STORE", str(moved_on))

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(arg) for arg in args])
        return left.value.code, *capfd.readouterr()

    return run


SAID = ("--note", "每周更新", "--by", "甲单位", "--as-of", "2019-09-20")


def test_the_command_line_shows_each_conflict_and_waits_for_a_choice(tz, moved_on, mine, tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(mine)
    code, out, _ = tz("check", path)
    assert code == 0
    assert all(said in out for said in ("CS-1.progress_note", "已动工", "路基完成", "路基过半", "--theirs", "第 1 版"))
    code, out, _ = tz("publish", path, *SAID)
    assert (code, moved_on.live_number()) == (1, 2)
    assert "CS-3.progress_note" in out
    code, _, err = tz("publish", path, *SAID, "--yours", "CS-1.status")
    assert (code, "CS-1.status" in err, err.count("\n")) == (1, True, 1)
    told = json.loads(tz("check", path, "--json")[1])
    assert {(one["key"], one["field"]) for one in told["conflicts"]} == {cell[1:] for cell in IN_CONFLICT}
    assert told["handed_out"] == [{"release": 1, "as_of": "2019-09-13"}]
    code, _, err = tz("publish", path, *SAID, "--yours", "CS-1.blocker", "--theirs", "CS-1.blocker")
    assert (code, "CS-1.blocker" in err, moved_on.live_number()) == (1, True, 2)  # which one, then?
    code, _, _ = tz("publish", path, *SAID, "--yours", "CS-1.blocker", "--theirs", "all")
    row = moved_on.live().rows()["action"]["CS-1"]
    assert (code, row["blocker"], row["progress_note"]) == (0, "缺人", "路基完成")


def test_when_all_of_theirs_is_kept_there_is_nothing_to_publish(tz, moved_on, handed_out, tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(edited(handed_out, {("action", "CS-1", "progress_note"): "路基过半"}))
    code, out, _ = tz("publish", path, *SAID, "--theirs", "all")
    assert (code, moved_on.live_number()) == (0, 2)
    assert language("zh")("cliuploads.nothing_new") in out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_asks_about_each_conflict_before_anything_can_be_published(lang, moved_on, mine, monkeypatch):
    t = language(lang)
    app = open_page("upload", moved_on, monkeypatch, lang=lang)
    app.file_uploader(key="upload_files").set_value([("台账.xlsx", mine, "application/octet-stream")]).run()
    assert not app.exception
    text = text_of(app)
    assert t("upload.conflicts_block", count=3) in text
    assert t("upload.publish_title") not in text
    assert all(said in text for said in ("已动工", "路基完成", "路基过半", t("upload.emptied")))
    assert not [one for one in app.multiselect if one.key.startswith("upload_sheets") and BASE in one.options]
    app.segmented_control(key="upload_conflict_2_action|CS-1|blocker").set_value("yours").run()
    assert t("upload.conflicts_block", count=2) in text_of(app)
    app.segmented_control(key="upload_conflicts_2").set_value("theirs").run()
    assert not app.exception
    assert t("upload.publish_title") in text_of(app)
    decisions = app.session_state["_upload"].decisions
    assert decisions.yours == {("action", "CS-1", "blocker")}
    assert decisions.theirs == IN_CONFLICT.keys() - decisions.yours
    publish(moved_on, action="措施编号,整改进展\nCS-1,路面完成\n")  # what was chosen on is no longer what stands
    app.run()
    assert not app.exception
    assert t("upload.conflicts_block", count=3) in text_of(app)
    assert app.session_state["_upload"].decisions == Decisions()


# --- what it looks like ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
def test_every_ledger_sheet_is_ready_to_print_and_to_fill_in(demo_store, of_demo, languages):
    book = openpyxl.load_workbook(io.BytesIO(of_demo[languages]))
    words = [words_of(code) for code in languages]
    for name, rows in demo_store.live().rows().items():
        if not rows:
            continue
        sheet, own = sheet_of(book, name), tables.ledgers()[name]
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation) == (9, "landscape")
        assert setup.fitToWidth in (None, 1)  # one page is what Excel takes where nothing is said
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        is_folded = sheet.sheet_state == "hidden"
        assert sheet.print_title_rows == (None if is_folded else "$1:$1")
        assert bool(sheet.print_area) == (not is_folded)
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.endswith(str(len(rows) + 1))
        assert place_of(sheet, name, own.key[0]) == 1
        above = sheet.oddHeader.left.text, sheet.oddHeader.center.text, sheet.oddHeader.right.text
        assert "2019-11-29" in above[2]
        assert all(said["common.demo"] in above[2] for said in words)
        assert all(own.title[code] in above[1] for code in languages)
        assert "&P" in sheet.oddFooter.center.text
        assert "&N" in sheet.oddFooter.center.text


def test_registers_are_handed_out_of_sight_and_come_back_without_a_word(demo_store, of_demo):
    """What seldom changes is not printed; the workbook as it went out is no edit and no remark."""
    book = openpyxl.load_workbook(io.BytesIO(of_demo[ZH]))
    states = {name: sheet_of(book, name).sheet_state for name in ("town", "fact", "source", "action", "document")}
    assert states == {
        "town": "hidden",
        "fact": "hidden",
        "source": "hidden",
        "action": "visible",
        "document": "visible",
    }
    checked = check(
        demo_store,
        edited(of_demo[ZH], {("town", next(iter(demo_store.live().rows()["town"])), "town_name"): "改过"}, bool),
    )
    assert [one.rule for one in checked.problems if one.rule == "hidden_sheet"] == []
    assert len(changes_in(checked)) == 1


@pytest.mark.parametrize(
    ("heights", "width", "pages"),
    [
        ([20.0, *[16.0] * 20], 140, 1),  # one page anyway
        ([20.0, *[16.0] * 36], 140, 1),  # a few rows over: a little smaller, and one page
        ([20.0, *[16.0] * 50], 140, 0),  # half a page more: as many as it takes
        ([20.0, *[16.0] * 66], 140, 2),
        ([20.0, *[16.0] * 30], 400, 1),  # wide, and so small already that it fits
    ],
)
def test_a_last_page_with_little_on_it_goes(heights, width, pages):
    assert pages_of(heights, width) == pages


def validations(sheet: Worksheet) -> dict[int, object]:
    """Place of a column → what may be typed into it."""
    return {cells.min_col: one for one in sheet.data_validations.dataValidation for cells in one.sqref.ranges}


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
def test_lists_and_bounds_stand_where_codes_days_and_numbers_do(of_demo, languages):
    book = openpyxl.load_workbook(io.BytesIO(of_demo[languages]))
    sheet = sheet_of(book, "action")
    rules = validations(sheet)
    choices = rules[place_of(sheet, "action", "status")]
    assert choices.type == "list"
    where = choices.formula1.partition("!")[2]
    listed = [cell.value for (cell,) in book[LISTS][where]]
    assert listed == [labelled("status", one.code, languages) for one in code_lists()["status"]]
    bounds = rules[place_of(sheet, "action", "percent")]
    assert (bounds.type, bounds.formula1, bounds.formula2) == ("whole", "0", "100")
    days = rules[place_of(sheet, "action", "due_on")]
    assert days.type == "date"
    assert next(iter(days.sqref.ranges)).max_row > sheet.max_row  # also for new rows
    assert book[LISTS].sheet_state == "hidden"
    assert book[BASE].sheet_state == "veryHidden"


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
def test_lights_are_those_of_the_answer_and_have_a_symbol_a_word_and_a_colour(demo_showings, of_demo, languages):
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(of_demo[languages])), "action")
    place = next(cell.column for cell in sheet[1] if words_of(languages[0])["ledgerbook.not_read"] in str(cell.value))
    answer = demo_showings[languages][0].view.ask("actions")
    coloured = {
        rule.formula[0].strip('"')
        for cells, own in sheet.conditional_formatting._cf_rules.items()
        for rule in own
        if next(iter(cells.sqref.ranges)).min_col == place and rule.dxf.fill.bgColor.rgb != "00000000"
    }
    for row in answer.records():
        said = sheet.cell(line_of(sheet, "action", row["action_id"]), place).value
        if row["light"] is None:
            assert not said
            continue
        symbol, _, word = said.partition(" ")
        assert word == labelled("light", row["light"], languages)
        assert symbol == ledger.SYMBOL_OF_TONE[ledger.TONE_OF_LIGHT[row["light"]]]
        assert said in coloured


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cover_and_figures_say_what_the_slides_say_with_their_passports(demo_showings, of_demo, lang):
    (showing,) = demo_showings[(lang,)]
    book = openpyxl.load_workbook(io.BytesIO(of_demo[(lang,)]))
    said = {
        name: {cell.value for row in book[words_of(lang)[f"ledgerbook.{name}"]] for cell in row if cell.value}
        for name in ("cover", "figures", "guide")
    }
    shown = [slide.figures.items for slide in showing.slides if slide.figures]
    assert shown
    for item in shown[0]:
        assert {item.label, item.value, item.passport} <= said["cover"]
    for items in shown:
        assert all({item.label, item.value, item.passport} <= said["figures"] for item in items)
    assert {slide.passport for slide in showing.slides if slide.passport} <= said["figures"]
    assert {slide.title for slide in showing.slides} <= said["figures"]
    assert words_of(lang)["ledgerbook.guide_edits"] in said["guide"]
    assert {code for code in said["guide"] if isinstance(code, str) and code.startswith("K")} >= {"K01", "K37"}
    assert words_of(lang)["common.demo_note"] in " ".join(map(str, said["cover"]))


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
def test_an_audit_finds_nothing(of_demo, tmp_path, languages):
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(of_demo[languages])
    assert OpenXmlValidator().validate(path).errors == []


def test_the_same_meeting_gives_the_same_bytes_and_tells_how_far_it_is(demo_showings, of_demo):
    heard: list[tuple[int, int]] = []
    again = ledger.build(demo_showings[BOTH], lambda done, total: heard.append((done, total)))
    assert again == of_demo[BOTH]
    assert heard == sorted(heard)
    assert heard[-1][0] == heard[-1][1] > 0


def test_a_text_too_long_for_a_cell_is_one_sentence(tmp_path):
    row = ledgers.Row(2, {"action_id": "CS-1", "content": "长" * 32_768})
    file = ledgers.LedgerFile("action", "a.csv", b"a", "UTF-8", (row,))
    store = Store(tmp_path)
    store.publish([file], Note("甲", WEEK_1, "一", "One"), None)
    with pytest.raises(export.TooLong) as refused:
        ledger.build(showings_of(store, ZH))
    key, blanks = refused.value.words
    assert "32,768" in language("zh")(key, **blanks)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_headings_and_labels_in_both_languages_are_read_as_one(lang):
    t = language(lang)
    reads = uploads.cells.reader_of
    for own in tables.ledgers().values():
        for column in own.columns:
            read = reads(own, column, uploads.cells.Context(), ())
            for one in code_lists()[column.codes] if column.codes else ():
                assert read(one.label.both) == one.code
    demo = tables.ledgers()["action"].column("is_demo")
    for word, value in (("common.yes", True), ("common.no", False)):
        assert reads(tables.ledgers()["action"], demo, uploads.cells.Context(), ())(t(word)) is value
        both = export.in_each([language("zh"), language("en")], lambda one, word=word: one(word))
        assert reads(tables.ledgers()["action"], demo, uploads.cells.Context(), ())(both) is value


def test_a_chinese_workbook_prints_no_english_columns_and_keeps_them_to_be_filled_in(of_demo):
    book, printed, beside = openpyxl.load_workbook(io.BytesIO(of_demo[("zh",)])), [], []
    for sheet in (one for one in book if one.print_title_rows or one.sheet_state == "hidden"):
        area = sheet.print_area  # a folded register has none
        last = openpyxl.utils.range_boundaries(area.rpartition("!")[2])[2] if area else 0
        printed += [cell.value for cell in sheet[1][:last]]
        beside += [cell.value for cell in sheet[1][last:]]
    assert not [heading for heading in printed if "英文" in (heading or "")]
    assert any("英文" in (heading or "") for heading in beside)
