"""Sheets out and back: units are asked for what is not known, and what comes back is known again, whoever held it."""

import csv
import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Mapping

import openpyxl
import pytest
import random_rounds
from openpyxl.worksheet.worksheet import Worksheet
from ready_made import copy_of
from signing import sign
from test_pages import open_page, text_of

from taizhang import uploads
from taizhang.cli import main
from taizhang.declared.tables import ledgers
from taizhang.declared.wording import language
from taizhang.rows import changes
from taizhang.rows.changes import Decisions
from taizhang.rows.problems import sentence
from taizhang.showing import upkeep
from taizhang.showing.papers import request_sheets
from taizhang.store import DraftRefused, Note, SomeonePublished, Store
from taizhang.uploads import Checked, giving_back, rounds
from taizhang.uploads.fixes import LineFix

ZH, EN = language("zh"), language("en")
SOFFICE = shutil.which("soffice")
WEEK_1, WEEK_2, WEEK_3 = dt.date(2019, 9, 13), dt.date(2019, 9, 20), dt.date(2019, 9, 27)
FIRST_WEEK = {
    "campaign": "campaign_id,campaign_name,org_name,default_year\nZT-1,主题教育,统战部,2019\n",
    "district": "district_code,district_name,in_scope\nQ-1,东区,是\n",
    "issue": "问题编号,问题\nWT-1,通行不便\nWT-2,审批太慢\n",
    "action": "措施编号,问题编号,整改措施,整改类型,责任单位,完成时限,整改状态,整改进展,反馈周期,整改成效,完成日期\n"
    "CS-1,WT-1,修路,限期整改,交通局,2019-10-01,整改中,已动工,,,\n"
    "CS-2,WT-1,架桥,限期整改,交通局,2019-09-19,未启动,,,,\n"  # overdue on 2019-09-20: the blocker is asked for too
    "CS-3,WT-2,限时办结,长期坚持,审批局,,整改中,办结一半,30,,\n"  # says once a month how it stands
    "CS-4,WT-2,减材料,立行立改,审批局,2019-12-01,申请销号,,,已精简,2019-09-10\n"  # waits for others
    'CS-5,WT-2,并窗口,限期整改,审批局,2019-12-01,整改中,"第一行\n第二行",,,\n',
    "suggestion": "意见编号,意见内容,办理结果,办理单位\n"
    "YJ-1,路灯不亮,待办,交通局\nYJ-2,已答复的,A,交通局\nYJ-3,无人办理,,\n",
    "visit": "走访编号,走访状态,市区代码,走访日期\nZF-1,已计划,Q-1,2019-09-18\nZF-2,已走访,Q-1,2019-09-10\n",
}
ASKED = {
    ("交通局", "CS-1"): ("status", "progress_note"),
    ("交通局", "CS-2"): ("status", "progress_note", "blocker"),
    ("交通局", "YJ-1"): ("disposition", "replied_on"),
    ("审批局", "CS-5"): ("status", "progress_note"),
    ("东区", "ZF-1"): ("status", "visited_on"),
}
EVERY = ("action", "suggestion", "commitment", "visit")


def publish(store: Store, as_of: dt.date, decisions: Decisions | None = None, **texts: str):
    """Check, draft and publish CSV files of these texts."""
    return accept(store, uploads.check(store, [(f"{name}.csv", text.encode()) for name, text in texts.items()]), as_of)


def accept(store: Store, checked: Checked, as_of: dt.date = WEEK_2, decisions: Decisions | None = None):
    assert checked.errors == ()
    note, own = Note("统战部", as_of, "每周更新", "Weekly update"), decisions or Decisions()
    return store.publish_draft(uploads.draft(store, checked.files, note, own, checked.parent, checked.applied))


def first_week(store: Store) -> None:
    publish(store, WEEK_1, **FIRST_WEEK)


@pytest.fixture
def store(ready_made, tmp_path) -> Store:
    return copy_of(ready_made("asked", first_week), tmp_path / "store")


def hand_out(store: Store, day: dt.date = WEEK_2, sent_on: dt.date = WEEK_1) -> rounds.Round:
    units = {one.unit for one in rounds.asked_by(store.live(), day)}
    return rounds.hand_out(store, "统战部", sent_on, day, units, EVERY)


def check(store: Store, *files: tuple[str, bytes], on: dt.date | None = WEEK_2, fixes=()) -> Checked:
    return uploads.check(store, files, fixes, received_on=on)


# --- a workbook in the hands of a unit -------------------------------------------------------------------------


def filled(one: rounds.Round, unit: str, edits: Mapping[str, Mapping[str, object]], t=ZH) -> bytes:
    """The workbook of a unit with these cells written over: row key → column → what is typed."""
    book = openpyxl.load_workbook(io.BytesIO(request_sheets.workbook(one, unit, t)))
    left = {key: dict(cells) for key, cells in edits.items()}
    for sheet, table in ledger_sheets(book, t):
        for line in range(4, sheet.max_row + 1):
            for name, value in left.pop(str(sheet.cell(line, 1).value), {}).items():
                sheet.cell(line, place_of(sheet, table, name, t)).value = value
    assert left == {}, "the sheets have no such row"
    return saved(book)


def ledger_sheets(book: openpyxl.Workbook, t=ZH):
    for sheet in book:
        for name in EVERY:
            if sheet.title.startswith(t.of(ledgers()[name].title)):
                yield sheet, name


def place_of(sheet: Worksheet, table: str, column: str, t=ZH) -> int:
    said = t.of(ledgers()[table].column(column).heading)
    return next(cell.column for cell in sheet[3] if cell.value == said)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(workbook: bytes, table: str, encoding: str) -> bytes:
    """One sheet as a spreadsheet saves it as CSV: the rest of the workbook, hidden sheets and all, is lost."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    (sheet,) = (sheet for sheet, name in ledger_sheets(book) if name == table)
    out = io.StringIO()
    for line in sheet.iter_rows(values_only=True):
        cells = [one.date().isoformat() if isinstance(one, dt.datetime) else one for one in line]
        csv.writer(out).writerow("" if one is None else one for one in cells)
    return out.getvalue().encode(encoding)


def as_xls(workbook: bytes, folder) -> bytes:
    (folder / "sheet.xlsx").write_bytes(workbook)
    command = [SOFFICE, "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}"]
    command += ["--convert-to", "xls:MS Excel 97", "--outdir", str(folder), str(folder / "sheet.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "sheet.xls").read_bytes()


def changed(checked: Checked) -> dict[str, dict[str, dict[str, object]]]:
    """Ledger → row → column → new value."""
    return {
        one.table: {row.key: {cell.column: cell.new for cell in row.cells} for row in rows}
        for one in checked.comparison.tables
        if (rows := [row for kind in ("changed", "reopened", "redated", "moved_back") for row in one.rows(kind)])
    }


def rules(checked: Checked) -> list[str]:
    return [one.rule for one in checked.problems]


def returned(*units: str, on: dt.date = WEEK_2) -> dict:
    return {"request": {f"TB-001|{unit}": {"returned_on": on} for unit in units}}


# --- who is asked for what -------------------------------------------------------------------------------------


def test_only_what_is_not_known_is_asked_and_only_of_who_answers_for_it(store):
    found = {(one.unit, one.row_key): one.cells for one in rounds.asked_by(store.live(), WEEK_2)}
    assert found == ASKED


def test_a_measure_is_asked_about_as_often_as_it_reports(store):
    """CS-3 reports every 30 days, all others every 7: a day before that nobody is asked."""
    asked = {day: {one.row_key for one in rounds.asked_by(store.live(), day)} for day in days_after(6, 7, 29, 30)}
    assert [sorted(keys & {"CS-1", "CS-3"}) for keys in asked.values()] == [[], ["CS-1"], ["CS-1"], ["CS-1", "CS-3"]]


def days_after(*counts: int) -> list[dt.date]:
    return [WEEK_1 + dt.timedelta(days=count) for count in counts]


def test_silence_is_judged_by_the_rhythm_of_the_measures(store):
    """The usual 14 days; a unit whose only open measure reports every 30 days is silent after 60."""
    only = "措施编号,整改措施,责任单位,整改状态,整改类型,反馈周期\nCS-9,常抓,信访局,整改中,长期坚持,30\n"
    publish(store, WEEK_1, action=only)
    silent = {
        days: {row["unit"]: row["is_silent"] for row in store.live().ask("units", as_of=day).records()}
        for days, day in zip((14, 15, 60, 61), days_after(14, 15, 60, 61), strict=True)
    }
    assert [silent[days]["信访局"] for days in silent] == [False, False, False, True]
    assert [silent[days]["交通局"] for days in silent] == [False, True, True, True]


def test_what_a_round_asks_of_each_unit_is_counted(store):
    counted = {row["unit"]: row for row in store.live().ask("burden", as_of=WEEK_2).records()}
    assert {unit: (row["row_count"], row["cell_count"]) for unit, row in counted.items()} == {
        "交通局": (3, 7),
        "审批局": (1, 2),
        "东区": (1, 2),
    }
    assert counted["交通局"]["median_cells"] == 2


def test_the_weekly_round_of_the_demo_asks_for_two_cells_a_row_at_most(demo_store):
    live = demo_store.live()
    asked = rounds.asked_by(live, live.as_of + dt.timedelta(days=7))
    cells = sorted(len(one.cells) for one in asked)
    assert cells[len(cells) // 2] <= 2


# --- handing out -----------------------------------------------------------------------------------------------


def test_a_round_is_recorded_with_what_it_asks_and_can_be_made_again(store):
    one = hand_out(store)
    rows = store.live().rows()["request"]
    assert {key: (row["row_count"], row["cell_count"], row["release"]) for key, row in rows.items()} == {
        "TB-001|交通局": (3, 7, 1),
        "TB-001|审批局": (1, 2, 1),
        "TB-001|东区": (1, 2, 1),
    }
    assert request_sheets.archive(rounds.round_of(store, "TB-001"), ZH) == request_sheets.archive(one, ZH)
    assert store.live().note_en == "Sheets handed out: TB-001 (3 units)"


def test_a_number_is_never_given_twice(store):
    hand_out(store)
    store.take_back(2, Note("统战部", WEEK_1, "发错", "A mistake"))
    assert hand_out(store).request_id == "TB-002"


def test_only_the_units_and_ledgers_chosen_are_asked(store):
    one = rounds.hand_out(store, "统战部", WEEK_1, WEEK_2, ["交通局"], ["suggestion"])
    assert {unit: [row.row_key for row in rows] for unit, rows in one.asked.items()} == {"交通局": ["YJ-1"]}
    with pytest.raises(rounds.NothingToAsk):
        rounds.hand_out(store, "统战部", WEEK_1, WEEK_2, ["东区"], ["action"])
    with pytest.raises(ValueError, match="to be returned by"):
        rounds.hand_out(store, "统战部", WEEK_2, WEEK_1, ["东区"], ["visit"])


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_a_unit_gets_its_own_rows_and_may_write_into_what_is_asked(store, t):
    one = hand_out(store)
    with zipfile.ZipFile(io.BytesIO(request_sheets.archive(one, t))) as file:
        assert sorted(file.namelist()) == sorted(request_sheets.file_name(one, unit, t) for unit in one.asked)
    book = openpyxl.load_workbook(io.BytesIO(request_sheets.workbook(one, "交通局", t)))
    sheets = {table: sheet for sheet, table in ledger_sheets(book, t)}
    assert {name: [row[0].value for row in sheet.iter_rows(min_row=4)] for name, sheet in sheets.items()} == {
        "action": ["CS-1", "CS-2"],
        "suggestion": ["YJ-1"],
    }
    sheet = sheets["action"]
    assert one.code("交通局") in sheet.cell(2, 1).value
    assert sheet.protection.sheet
    at = {name: place_of(sheet, "action", name, t) for name in ("action_id", "content", "status", "blocker", "done_on")}
    locked = {name: sheet.cell(4, place).protection.locked for name, place in at.items()}
    assert locked == {"action_id": True, "content": True, "status": False, "blocker": False, "done_on": False}
    yellow = f"FF{request_sheets.TO_FILL_IN.removeprefix('#')}"
    asked = {
        line: {name for name, place in at.items() if sheet.cell(line, place).fill.start_color.rgb == yellow}
        for line in (4, 5)
    }
    assert asked == {4: {"status"}, 5: {"status", "blocker"}}  # CS-2 is overdue
    assert len(sheet.data_validations.dataValidation) == 2  # status from a list, done_on a day


# --- taking back -----------------------------------------------------------------------------------------------

EDIT = {
    "CS-1": {"progress_note": "已铺一半"},
    "YJ-1": {"disposition": "A 已解决", "replied_on": dt.datetime(2019, 9, 19)},
}
EDITED = {
    "action": {"CS-1": {"progress_note": "已铺一半"}},
    "suggestion": {"YJ-1": {"disposition": "A", "replied_on": dt.date(2019, 9, 19)}},
}


def test_what_comes_back_changes_the_cells_that_were_written_over_and_no_other(store):
    one = hand_out(store)
    checked = check(store, ("随便什么名字.xlsx", filled(one, "交通局", EDIT)))
    assert changed(checked) == EDITED | returned("交通局")
    assert rules(checked) == []
    assert [(back.unit, back.request_id) for back in checked.returned] == [("交通局", "TB-001")]
    assert checked.day_to_offer(store.live()) == WEEK_2
    accept(store, checked)
    states = {row["unit"]: row["state"] for row in store.live().ask("requests", as_of=WEEK_3).records()}
    assert states == {"交通局": "in_time", "审批局": "missing", "东区": "missing"}


def test_a_sheet_that_nobody_wrote_into_says_only_that_it_is_back(store):
    one = hand_out(store)
    checked = check(store, ("a.xlsx", filled(one, "审批局", {})))
    assert changed(checked) == returned("审批局")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_sheet_comes_back_as_csv(store, encoding):
    one = hand_out(store)
    data = as_csv(filled(one, "交通局", EDIT), "action", encoding)
    checked = check(store, ("交通局.csv", data))
    assert changed(checked) == {"action": EDITED["action"]} | returned("交通局")


def test_a_text_of_two_lines_that_nobody_touched_is_no_edit_in_csv(store):
    one = hand_out(store)
    checked = check(store, ("审批局.csv", as_csv(filled(one, "审批局", {}), "action", "gbk")))
    assert changed(checked) == returned("审批局")


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_a_sheet_comes_back_as_xls(store, tmp_path):
    one = hand_out(store)
    checked = check(store, ("交通局.xls", as_xls(filled(one, "交通局", EDIT), tmp_path)))
    assert changed(checked) == EDITED | returned("交通局")
    assert rules(checked) == []


def test_an_english_sheet_comes_back_to_a_chinese_board(store):
    one = hand_out(store)
    edits = {"CS-1": {"status": "Awaiting verification", "result_note": "done", "done_on": dt.datetime(2019, 9, 18)}}
    checked = check(store, ("a.xlsx", filled(one, "交通局", edits, EN)))
    assert changed(checked)["action"] == {
        "CS-1": {"status": "pending_verification", "result_note": "done", "done_on": dt.date(2019, 9, 18)}
    }


def test_any_number_come_back_at_once_be_they_in_one_workbook(store):
    """Somebody put the sheets of two units into one file: each is known by its own code."""
    one = hand_out(store)
    first = openpyxl.load_workbook(io.BytesIO(filled(one, "审批局", {"CS-5": {"progress_note": "并了"}})))
    second = openpyxl.load_workbook(io.BytesIO(filled(one, "交通局", EDIT)))
    (other,) = (sheet for sheet, name in ledger_sheets(second) if name == "action")
    target = first.create_sheet("交通局的")
    for line in other.iter_rows(values_only=True):
        target.append(line)
    checked = check(store, ("合并.xlsx", saved(first)), ("东区.xlsx", filled(one, "东区", {})))
    assert changed(checked) == {
        "action": {"CS-5": {"progress_note": "并了"}, "CS-1": {"progress_note": "已铺一半"}}
    } | returned("审批局", "交通局", "东区")


def test_a_row_of_another_unit_is_refused_and_can_be_left_out(store):
    one = hand_out(store)
    book = openpyxl.load_workbook(io.BytesIO(filled(one, "交通局", EDIT)))
    (sheet,) = (sheet for sheet, name in ledger_sheets(book) if name == "action")
    sheet.append(["CS-5", "并窗口", None, "已销号", "我们来填"])
    checked = check(store, ("a.xlsx", saved(book)))
    assert [(one.rule, one.line, one.blanks["unit"]) for one in checked.errors] == [
        ("row_of_another_unit", 6, "交通局")
    ]
    assert "CS-5" not in changed(checked)["action"]
    assert checked.said_of(checked.returned[0]) == (2, ("others",))
    without = check(store, ("a.xlsx", saved(book)), fixes=[LineFix(sheet.title, 6)])
    assert without.errors == ()
    assert changed(without) == EDITED | returned("交通局")


def test_a_row_left_out_of_a_sheet_is_not_missing(store):
    one = hand_out(store)
    book = openpyxl.load_workbook(io.BytesIO(filled(one, "交通局", {})))
    (sheet,) = (sheet for sheet, name in ledger_sheets(book) if name == "action")
    sheet.delete_rows(4)
    checked = check(store, ("a.xlsx", saved(book)))
    assert [row for one in checked.comparison.tables for row in one.missing] == []


def test_a_sheet_of_another_office_or_of_a_round_taken_back_is_not_read(store, ready_made, tmp_path):
    """The other office has the same rows, published by somebody else."""
    other = Store(tmp_path / "other")
    files = [(f"{name}.csv", text.encode()) for name, text in FIRST_WEEK.items()]
    found = uploads.check(other, files)
    note = Note("别的单位", WEEK_1, "每周更新", "Weekly update")
    other.publish_draft(uploads.draft(other, found.files, note, Decisions(), None))
    data = filled(hand_out(other), "交通局", EDIT)
    own = hand_out(store)
    for _ in ("another office", "taken back"):
        checked = check(store, ("a.xlsx", data))
        assert set(rules(checked)) >= {"sheet_of_no_round"}
        assert (changed(checked), checked.returned) == ({}, ())
        data = filled(own, "交通局", EDIT)
        if store.live_number() == 2:
            assert changed(check(store, ("a.xlsx", data))) == EDITED | returned("交通局")
            store.take_back(2, Note("统战部", WEEK_1, "发错", "A mistake"))


def test_an_older_sheet_counts_for_its_own_round_and_says_so(store):
    older = hand_out(store)
    hand_out(store, WEEK_3, WEEK_2)
    checked = check(store, ("a.xlsx", filled(older, "交通局", EDIT)))
    assert set(rules(checked)) == {"sheet_of_an_older_round"}
    assert checked.said_of(checked.returned[0]) == (2, ("older",))
    assert changed(checked) == EDITED | returned("交通局")
    newer = rounds.round_of(store, "TB-002")
    assert rules(check(store, ("a.xlsx", filled(newer, "交通局", EDIT)))) == []


def test_the_same_sheet_twice_changes_nothing_and_another_one_keeps_the_first_day(store):
    one = hand_out(store)
    data = filled(one, "交通局", EDIT)
    accept(store, check(store, ("a.xlsx", data)))
    again = check(store, ("b.xlsx", data), on=WEEK_3)
    assert (changed(again), again.returned[0].entry) == ({}, None)
    assert set(rules(again)) == {"returned_already"}
    assert again.said_of(again.returned[0]) == (0, ("again",))
    more = filled(one, "交通局", {"CS-1": {"progress_note": "已铺完"}})
    (conflict,) = check(store, ("c.xlsx", more), on=WEEK_3).comparison.conflicts  # from the same sheet as the first
    assert (conflict.was, conflict.theirs, conflict.yours) == ("已动工", "已铺一半", "已铺完")


def test_what_somebody_else_published_meanwhile_is_never_overwritten_unseen(store):
    one = hand_out(store)
    publish(store, WEEK_1, action="措施编号,整改进展\nCS-1,编辑改过\nCS-5,编辑也改过\n")
    edits = {"CS-1": {"progress_note": "单位改的"}, "CS-2": {"blocker": "缺钱"}}
    checked = check(store, ("a.xlsx", filled(one, "交通局", edits)))
    (conflict,) = checked.comparison.conflicts
    assert (conflict.key, conflict.theirs, conflict.yours) == ("CS-1", "编辑改过", "单位改的")
    with pytest.raises(DraftRefused):
        accept(store, checked)
    accept(store, checked, decisions=Decisions(theirs=frozenset({conflict.cell})))
    rows = store.live().rows()["action"]
    assert (rows["CS-1"]["progress_note"], rows["CS-2"]["blocker"]) == ("编辑改过", "缺钱")
    assert rows["CS-5"]["progress_note"] == "编辑也改过"


def test_one_release_a_unit_is_taken_back_alone(store):
    one = hand_out(store)
    files = [
        ("a.xlsx", filled(one, "交通局", EDIT)),
        ("b.xlsx", filled(one, "审批局", {"CS-5": {"progress_note": "并了"}})),
    ]
    checked = check(store, *files)
    note = Note("统战部", WEEK_2, "收回", "Returned")
    done = uploads.publish_each(store, checked, note, Decisions())
    assert [made.note_zh for made in done.releases] == ["收回（交通局）", "收回（审批局）"]
    store.take_back(done.releases[0].number, Note("统战部", WEEK_2, "填错", "Wrong"))
    rows = store.live().rows()
    assert (rows["action"]["CS-1"]["progress_note"], rows["action"]["CS-5"]["progress_note"]) == ("已动工", "并了")
    assert {key: row["returned_on"] for key, row in rows["request"].items()} == {
        "TB-001|交通局": None,
        "TB-001|审批局": WEEK_2,
        "TB-001|东区": None,
    }


def test_a_unit_that_was_published_with_others_is_taken_back_alone(store):
    """What somebody changed again since stays, and so does what the other unit said."""
    one = hand_out(store)
    edits = {"CS-1": {"progress_note": "已铺一半"}, "CS-2": {"blocker": "缺钱"}}
    files = [
        ("a.xlsx", filled(one, "交通局", edits)),
        ("b.xlsx", filled(one, "审批局", {"CS-5": {"progress_note": "并了"}})),
    ]
    accept(store, check(store, *files))
    publish(store, WEEK_2, action="措施编号,堵点难点\nCS-2,已有钱\n")
    found = giving_back.taking_back(store, "TB-001", "交通局")
    assert (found.day, found.staying) == (WEEK_2, 1)
    accept(store, uploads.check(store, found.files))
    rows = store.live().rows()
    assert {
        key: (row["progress_note"], row["blocker"])
        for key, row in rows["action"].items()
        if key in ("CS-1", "CS-2", "CS-5")
    } == {"CS-1": ("已动工", None), "CS-2": (None, "已有钱"), "CS-5": ("并了", None)}
    assert [row["returned_on"] for key, row in sorted(rows["request"].items())] == [None, None, WEEK_2]
    assert giving_back.taking_back(store, "TB-001", "交通局") is None


def test_somebody_who_publishes_in_between_stops_it(store):
    one = hand_out(store)
    checked = check(store, ("a.xlsx", filled(one, "交通局", EDIT)))
    publish(store, WEEK_1, action="措施编号,整改进展\nCS-1,编辑改过\n")
    with pytest.raises(SomeonePublished):
        uploads.publish_each(store, checked, Note("统战部", WEEK_2, "收回", "Returned"), Decisions())
    assert store.live().rows()["action"]["CS-1"]["progress_note"] == "编辑改过"


def test_rounds_and_what_came_back_are_made_again_alike(store):
    one = hand_out(store)
    files = [("a.xlsx", filled(one, "交通局", EDIT)), ("b.csv", as_csv(filled(one, "审批局", {}), "action", "gbk"))]
    accept(store, check(store, *files))
    rows = store.live().rows()
    done = store.rebuild(upkeep.READINGS)
    assert done.differences == ()
    assert store.live().rows() == rows


def test_the_sentences_of_what_comes_back_say_whose_and_what_to_do(store):
    older = hand_out(store)
    accept(store, check(store, ("a.xlsx", filled(older, "交通局", {}))))
    hand_out(store, WEEK_3, WEEK_2)
    book = openpyxl.load_workbook(io.BytesIO(filled(older, "交通局", {})))
    (sheet,) = (sheet for sheet, name in ledger_sheets(book) if name == "action")
    sheet.append(["CS-5", "并窗口"])
    strange = book.create_sheet("另一张")
    strange.append(["填报码 TB-009-0000ABCD"])
    problems = check(store, ("a.xlsx", saved(book))).problems
    found = {one.rule: one for one in problems}
    assert len(found) == len(problems)  # once for a file, however many sheets it has
    at = f"Sheet “{sheet.title}”"
    assert {rule: sentence(one, EN).partition(". ")[0] for rule, one in found.items()} == {
        "row_of_another_unit": f"{at}, line 6, column “Measure ID”: CS-5 was not on the sheet handed to “交通局”: it "
        "is another unit's row and was not taken",
        "sheet_of_an_older_round": f"{at}: this is the older sheet of “交通局”, due back 2019-09-20 (TB-001); the "
        "latest one is TB-002 (due back 2019-09-27)",
        "returned_already": f"{at}: “交通局” returned TB-001 on 2019-09-20 already",
        "sheet_of_no_round": "Sheet “另一张”: code TB-009-0000ABCD was not handed out from here, or that round was "
        "taken back; this sheet was not read",
    }
    assert all("交通局" in sentence(one, ZH) for rule, one in found.items() if rule != "sheet_of_no_round")


# --- the commands ----------------------------------------------------------------------------------------------


def run(store: Store, *args: str, capsys) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main([*args, "--store", str(store.folder), "--lang", "en"])
    said = capsys.readouterr()
    return left.value.code, said.out + said.err


def test_the_commands_hand_out_and_take_back(store, tmp_path, capsys):
    code, said = run(store, "sheets", "--return-by", "2019-09-20", capsys=capsys)
    assert (code, store.live_number()) == (0, 1)  # only looked at
    assert "Rectification measures, Suggestions" in said
    target = tmp_path / "out.zip"
    args = ("--return-by", "2019-09-20", "--by", "统战部", "--unit", "交通局", "-o", str(target))
    assert run(store, "sheets", *args, capsys=capsys)[0] == 0
    again = tmp_path / "again.zip"
    assert run(store, "sheets", "--again", "TB-001", "-o", str(again), capsys=capsys)[0] == 0
    assert again.read_bytes() == target.read_bytes()
    (tmp_path / "a.xlsx").write_bytes(filled(rounds.round_of(store, "TB-001"), "交通局", EDIT))
    said_of = ("--as-of", "2019-09-20", "--note", "back", "--by", "统战部", "--received-on", "2019-09-21", "--each")
    code, said = run(store, "publish", str(tmp_path / "a.xlsx"), *said_of, capsys=capsys)
    assert (code, store.live().note_en) == (0, "back (交通局)")
    assert store.live().rows()["request"]["TB-001|交通局"]["returned_on"] == dt.date(2019, 9, 21)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ((), "--return-by"),
        (("--return-by", "2019-09-20", "--by", "甲", "--unit", "交通厅"), "交通局"),
        (("--return-by", "2019-09-20", "--by", "甲", "--ledger", "actions"), "action"),
        (("--return-by", "2019-09-20", "--by", "甲", "--sent-on", "2019-09-21"), "before they are out"),
        (("--again", "TB-007"), "TB-007"),
    ],
)
def test_a_round_that_cannot_be_is_refused_with_one_sentence(store, capsys, args, word):
    code, said = run(store, "sheets", *args, capsys=capsys)
    assert (code, store.live_number()) == (1, 1)
    assert word in said.splitlines()[-1]


# --- orders nobody thought of ----------------------------------------------------------------------------------


def test_in_random_orders_nothing_is_overwritten_unseen():
    done = [random_rounds.order(f"1-{number}") for number in range(200)]
    assert [said for found, _ in done for said in found] == []
    count = sum((own for _, own in done), Counter())
    assert min(count[one] for one in ("conflicts", "taken", "others", "hand out")) > 100


def test_an_overwriting_would_be_seen(monkeypatch):
    monkeypatch.setattr(changes, "_in_conflict", lambda table, old, line: [])
    assert any(random_rounds.order(f"1-{number}")[0] for number in range(20))


def test_sheets_that_come_back_in_any_order_leave_the_same_ledger(store):
    """What units say of their own rows does not depend on who is first; each is a release that knows the others."""
    one = hand_out(store)
    files = {
        "交通局": ("a.xlsx", filled(one, "交通局", EDIT)),
        "审批局": ("b.csv", as_csv(filled(one, "审批局", {"CS-5": {"progress_note": "并了"}}), "action", "gbk")),
        "东区": ("c.xlsx", filled(one, "东区", {"ZF-1": {"status": "已走访"}})),
    }
    found = []
    for place, order in enumerate((("交通局", "审批局", "东区"), ("东区", "交通局", "审批局"))):
        own = copy_of(store, store.folder.parent / f"order{place}")
        for unit in order:
            accept(own, check(own, files[unit]))
        found.append(own.live().rows())
    assert found[0] == found[1]
    assert found[0]["visit"]["ZF-1"]["status"] == "made"


# --- the pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_the_page_hands_out_and_shows_who_has_returned(store, monkeypatch, t):
    app = open_page("returns", store, monkeypatch, lang=t.code)
    assert t("returns.how_it_goes") in text_of(app)
    assert t("returns.burden_title", units=3, rows=5, cells=11) in text_of(app)
    app.button(key=button_of(app, t("returns.hand_out"))).click().run()
    assert t("returns.needs_name") in text_of(app)
    sign(app, "returns_by", "统战部")
    app.date_input(key="returns_sent_on").set_value(WEEK_1)
    app.multiselect(key="returns_units").set_value(["交通局", "东区"])
    app.button(key=button_of(app, t("returns.hand_out"))).click().run()
    assert not app.exception
    assert t("returns.handed_out", round="TB-001", count=2) in text_of(app)
    assert t("returns.some_back", round="TB-001", back=0, units=2, awaited=2, missing=0) in text_of(app)
    data = filled(rounds.round_of(store, "TB-001"), "交通局", EDIT, t)
    upload = open_page("upload", store, monkeypatch, lang=t.code)
    given = [("a.xlsx", data, "application/octet-stream")]
    upload.file_uploader(key="upload_files").set_value(given).run()
    upload.date_input(key="upload_received_on").set_value(WEEK_3).run()
    assert not upload.exception
    assert t("returns.back_title", count=1) in text_of(upload)
    assert t("returns.still_out", round="TB-001", units="东区") in text_of(upload)
    accept(store, check(store, ("a.xlsx", data), on=WEEK_3))
    after = open_page("returns", store, monkeypatch, lang=t.code, as_of="2019-09-27")
    assert t("returns.some_missing", round="TB-001", back=1, units=2, missing=1) in text_of(after)
    states = [(row["unit"], row["state"], row["days_late"]) for row in after_returns(store)]
    assert states == [("东区", "missing", 7), ("交通局", "late", 7)]


def after_returns(store: Store) -> list[dict]:
    return store.live().ask("requests", as_of=WEEK_3).records()


def button_of(app, label: str) -> str:
    return next(one.key for one in app.button if one.label == label)


def test_the_upload_page_publishes_a_release_for_each_unit(store, monkeypatch):
    one = hand_out(store)
    app = open_page("upload", store, monkeypatch)
    files = [
        ("a.xlsx", filled(one, "交通局", EDIT), "application/octet-stream"),
        ("b.xlsx", filled(one, "审批局", {"CS-5": {"progress_note": "并了"}}), "application/octet-stream"),
    ]
    app.file_uploader(key="upload_files").set_value(files).run()
    app.segmented_control(key="upload_is_each").set_value("one_each").run()
    sign(app, "upload_by", "统战部")
    app.text_input(key="upload_note_text").set_value("收回")
    app.button(key=button_of(app, ZH("upload.preview"))).click().run()
    app.button(key="upload_publish").click().run()
    assert not app.exception
    assert ZH("returns.published_each", count=2, first=3, last=4) in text_of(app)
    assert [one.note_zh for one in map(store.release, (3, 4))] == ["收回（交通局）", "收回（审批局）"]


STRANGE = ("交通局/公路科", "交通局:公路科", "A|B", "'引号'", "=1+1", "信访局 " + "很长" * 100, "Büro №5 (North)", "-")


def test_units_of_any_name_are_asked_and_known_again(tmp_path):
    """An office without places and without a year of its own: its units are called as they are called."""
    store = Store(tmp_path / "store")
    lines = [f'CS-{place},做,限期整改,"{unit}",整改中' for place, unit in enumerate(STRANGE)]
    action = "\n".join(["措施编号,整改措施,整改类型,责任单位,整改状态", *lines])
    publish(store, WEEK_1, campaign="campaign_id,campaign_name,org_name\nZT-1,活动,办\n", action=action)
    units = {row["resp_unit"] for row in store.live().rows()["action"].values() if row["resp_unit"]}
    one = rounds.hand_out(store, "办", WEEK_1, WEEK_2, units, EVERY)
    assert set(one.asked) == units
    assert len(units) == len(STRANGE) - 1  # "-" stands for nothing
    with zipfile.ZipFile(io.BytesIO(request_sheets.archive(one, ZH))) as file:
        assert len(set(file.namelist())) == len(units)
        assert max(len(name.encode()) for name in file.namelist()) < 255
        assert not any(sign in name for name in file.namelist() for sign in '/\\:*?"<>|')
    for unit, rows in one.asked.items():
        (row,) = rows
        found = check(store, ("x.xlsx", filled(one, unit, {row.row_key: {"progress_note": "有进展"}})))
        assert found.errors == ()
        assert [back.unit for back in found.returned] == [unit]
        assert changed(found)["action"] == {row.row_key: {"progress_note": "有进展"}}
        assert set(changed(found)["request"]) == {f"TB-001|{unit}"}
