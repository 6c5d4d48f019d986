"""A campaign in words of its own: what it hands out reads back, and nothing on it speaks of another campaign."""

import datetime as dt
import io

import openpyxl
import pytest
from own_campaigns import AUDIT, BUREAU
from ready_made import copy_of
from test_answers_rectification import publish_weeks

from taizhang import uploads
from taizhang.declared import tables
from taizhang.declared.wording import language
from taizhang.rows.problems import sentence
from taizhang.showing import export, handouts
from taizhang.showing.papers import request_sheets
from taizhang.showing.papers.blank import blank
from taizhang.store import Store
from taizhang.uploads import rounds


def make_bureau(store: Store) -> None:
    publish_weeks(store, *BUREAU)


def make_audit(store: Store) -> None:
    publish_weeks(store, *AUDIT)


@pytest.fixture(scope="module")
def own_stores(ready_made) -> dict[str, Store]:
    return {"bureau": ready_made("bureau", make_bureau), "audit": ready_made("audit", make_audit)}


@pytest.fixture(params=["bureau", "audit"])
def own(request, own_stores) -> Store:
    return own_stores[request.param]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_ledger_is_handed_out_in_own_words_and_loads_again_without_a_change(own, lang):
    live = own.live()
    written = export.csvs_of(live, lang)
    heading = language(lang, live.vocabulary).of(tables.ledgers()["action"].column("action_id").heading)
    assert heading in written["action"].decode("utf-8-sig").partition("\n")[0]
    assert heading != tables.ledgers()["action"].column("action_id").heading[lang]
    for name, data in written.items():
        checked = uploads.check(own, [(f"{name}.csv", data)])
        (found,) = checked.comparison.tables
        assert (found.table, found.changes, found.missing) == (name, 0, ())
        assert checked.problems == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_of_every_ledger_in_own_words_is_read_as_its_ledger(own, lang):
    t = language(lang, own.live().vocabulary)
    for name, table in tables.ledgers().items():
        checked = uploads.check(own, [("模板.xlsx", blank(table, t))])
        (part,) = checked.parts
        assert (part.table, part.extra, part.lines) == (name, (), ())


def test_usual_words_and_own_ones_are_read_beside_each_other(own_stores):
    lines = (
        "任务编号,督办事项编号,整改措施,责任科室,整改状态",
        "CS-1,WT-1,封堵,一科,已办结",
        "CS-2,WT-2,护栏,二科,已销号",
    )
    data = "\n".join(lines)
    checked = uploads.check(own_stores["bureau"], [("任务.csv", data.encode())])
    (part,) = checked.parts
    assert (part.table, part.extra) == ("action", ())
    assert [row.cells["status"] for row in checked.files[0].rows] == ["closed", "closed"]


def test_a_strand_is_read_by_its_own_name_in_either_language_and_no_other_is(own_stores):
    data = "活动编号,活动名称,活动类型,工作线\nHD-7,一,会议,宣传\nHD-8,二,会议,Handling\nHD-9,三,会议,学习教育\n"
    checked = uploads.check(own_stores["bureau"], [("活动.csv", data.encode())])
    assert [row.cells.get("strand") for row in checked.files[0].rows] == ["publicity", "handling", None]
    (one,) = [problem for problem in checked.problems if problem.severity == "error"]
    assert (one.rule, one.line) == ("unknown_code", 4)
    t = language("zh", own_stores["bureau"].vocabulary())
    assert "巡河，办理，宣传，综合" in sentence(one, t)


def test_a_strand_that_comes_in_the_same_upload_is_known(own_stores):
    strands = "strand_code,strand_name,uses_study\nlearning,培训线,是\n"
    events = "活动编号,活动名称,活动类型,工作线\nHD-7,一,会议,培训线\n"
    checked = uploads.check(own_stores["bureau"], [("活动.csv", events.encode()), ("线.csv", strands.encode())])
    assert checked.problems == ()
    assert [row.cells["strand"] for one in checked.files if one.table == "event" for row in one.rows] == ["learning"]


@pytest.mark.parametrize("lang", ["zh", "en", handouts.BOTH])
def test_the_workbook_of_a_meeting_in_own_words_comes_back_without_an_edit(own, lang):
    data = handouts.make("ledger", own, handouts.unplanned(own, lang), lang)
    checked = uploads.check(own, [("台账.xlsx", data)])
    assert (checked.comparison.changes, [one for one in checked.problems if one.severity == "error"]) == (0, [])
    assert {part.table for part in checked.parts} >= {"action", "issue"}
    assert checked.bases


def test_a_sheet_handed_to_a_unit_in_own_words_comes_back_with_what_it_says(own_stores, tmp_path):
    store = copy_of(own_stores["bureau"], tmp_path / "store")
    day = store.live().as_of
    one = rounds.hand_out(store, "甲", day, day + dt.timedelta(days=7), ["建设科"], ["action"])
    book = openpyxl.load_workbook(
        io.BytesIO(request_sheets.workbook(one, "建设科", language("zh", store.vocabulary())))
    )
    sheet = next(sheet for sheet in book if any(cell.value == "任务编号" for row in sheet.iter_rows() for cell in row))
    (place,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "整改进展"]
    sheet.cell(place.row + 1, place.column).value = "已进场"
    out = io.BytesIO()
    book.save(out)
    checked = uploads.check(store, [("交回.xlsx", out.getvalue())], received_on=day)
    assert [one for one in checked.problems if one.severity == "error"] == []
    (row,) = [row for one in checked.files if one.table == "action" for row in one.rows]
    assert row.cells == {"action_id": "CS-2", "progress_note": "已进场"}
