"""A unit hands in: its own rows, what it may say of them; an editor accepts them, in part too, or returns them."""

import datetime as dt
from pathlib import Path

import pytest
from ready_made import copy_of
from test_ledger_round_trip import showings_of
from test_rounds import FIRST_WEEK, WEEK_2, accept, filled, first_week, hand_out, publish

from taizhang import uploads
from taizhang.declared.wording import language
from taizhang.rows.changes import Decisions
from taizhang.rows.problems import sentence
from taizhang.showing.papers import ledger, request_grid
from taizhang.store import Note, Store, backups, leave
from taizhang.store.campaigns import Campaigns
from taizhang.store.narrowed import Narrow, narrowed
from taizhang.store.waiting import MOST, NotWaiting, TooManyWait
from taizhang.uploads import handing_in
from taizhang.uploads.fixes import LineFix
from taizhang.uploads.of_unit import OfUnit

ZH, EN = language("zh"), language("en")
OWN = "措施编号,整改状态,整改进展\nCS-1,整改中,已铺一半\nCS-2,整改中,已架好桥墩\n"


@pytest.fixture
def store(ready_made, tmp_path, monkeypatch) -> Store:
    monkeypatch.setattr(leave, "_ask", [])  # as on the command line: who may do what, the pages and the door say
    monkeypatch.setattr(leave, "_tell", [])
    return copy_of(ready_made("asked", first_week), tmp_path / "store")


def of(store: Store, *keys: str, is_theirs: bool = True) -> OfUnit:
    return OfUnit(f"{keys[0]}·某人", keys, store.live_number(), is_theirs)


def look(store: Store, text: str | bytes, *keys: str, name: str = "周报.csv", fixes=()) -> uploads.Checked:
    """What a unit sees of its file before it hands it in."""
    data = text if isinstance(text, bytes) else text.encode()
    return uploads.check(store, [(name, data)], fixes, of=of(store, *keys))


def hand_in(store: Store, text: str | bytes, *keys: str, name: str = "周报.csv", by: str = "jtj", fixes=()):
    data = text if isinstance(text, bytes) else text.encode()
    checked = look(store, data, *keys, name=name, fixes=fixes)
    return handing_in.hand_in(store, by, of(store, *keys), [(name, data)], checked, fixes, "请收")


def taken(store: Store, number: int, fixes=()) -> uploads.Checked:
    """What an editor sees of it."""
    one = store.waiting().number(number)
    whose, own, came = handing_in.accepting(one)
    return uploads.check(store, store.waiting().contents(one), (*own, *fixes), received_on=came, of=whose)


def outcome(store: Store, number: int) -> tuple[str, int | None, int]:
    came = next(came for one, came in handing_in.outcomes(store) if one.number == number)
    return came.state, came.release, came.rows


def rules(checked: uploads.Checked) -> list[tuple[str, int]]:
    return [(one.rule, one.line) for one in checked.problems]


def cells(checked: uploads.Checked) -> dict[str, dict[str, dict[str, object]]]:
    """Ledger → row → column → what it would say."""
    return {
        part.table: {
            row.key: {cell.column: cell.new for cell in row.cells} or dict(row.row)
            for kind in ("new", "changed", "reopened", "redated", "moved_back", "guarded")
            for row in part.rows(kind)
        }
        for part in checked.comparison.tables
        if part.changes
    }


# --- what is theirs ----------------------------------------------------------------------------------------------


def test_a_unit_changes_what_it_may_say_of_its_own_rows(store):
    checked = look(store, OWN, "交通局")
    assert cells(checked) == {
        "action": {
            "CS-1": {"progress_note": "已铺一半"},
            "CS-2": {"status": "in_progress", "progress_note": "已架好桥墩"},
        }
    }
    assert rules(checked) == []


def test_what_the_office_fills_in_is_not_taken_and_said(store):
    checked = look(
        store, "措施编号,整改措施,完成时限,责任单位,整改进展\nCS-1,修大路,2020-01-01,审批局,已铺一半\n", "交通局"
    )
    assert cells(checked) == {"action": {"CS-1": {"progress_note": "已铺一半"}}}
    assert sorted(one.column for one in checked.problems) == ["content", "due_on", "resp_unit"]
    assert {one.rule for one in checked.problems} == {"column_of_the_office"}
    assert checked.errors == ()


def test_a_row_of_another_reads_like_one_that_is_not_there_and_whoever_accepts_it_sees_it(store):
    theirs = "措施编号,责任单位,整改措施,整改进展\nCS-3,交通局,限时办结,已停\n"
    checked = look(store, theirs, "交通局")
    unknown = look(store, theirs.replace("CS-3", "CS-9"), "交通局")
    assert [sentence(one, ZH) for one in checked.problems] == [sentence(one, ZH) for one in unknown.problems] == []
    assert set(cells(checked)["action"]) == {"CS-3"}  # new, as far as they know
    one = hand_in(store, theirs, "交通局")
    assert rules(taken(store, one.number)) == [("row_not_theirs", 2)]
    assert cells(taken(store, one.number, [LineFix("周报", 2)])) == {}


def test_a_new_row_names_whoever_hands_it_in(store):
    checked = look(
        store, "措施编号,责任单位,整改措施\nCS-8,审批局,别人的\nCS-9,,谁的也不是\nCS-10,交通局,设站牌\n", "交通局"
    )
    assert rules(checked) == [("row_names_nobody", 2), ("row_names_nobody", 3)]
    assert set(cells(checked)["action"]) == {"CS-10"}


def test_the_ledgers_of_the_office_are_not_theirs(store):
    """An issue is there to look at, since it is what a measure of theirs is about."""
    for text in ("问题编号,问题\nWT-1,已解决\n", "市区代码,市区名称\nQ-9,西区\n", FIRST_WEEK["campaign"]):
        checked = look(store, text, "交通局")
        assert {rule for rule, _ in rules(checked)} == {"ledger_of_the_office"}, text
        assert cells(checked) == {}


def test_a_district_says_how_its_visits_went(store):
    text = "走访编号,走访状态,走访日期\nZF-1,已走访,2019-09-18\n"
    assert cells(look(store, text, "Q-1")) == {"visit": {"ZF-1": {"status": "made"}}}
    assert cells(look(store, text, "交通局")) == {}


def test_a_sheet_of_a_round_is_known_as_its_own_and_as_no_others(store):
    one = hand_out(store)
    own = filled(one, "交通局", {"CS-1": {"progress_note": "已铺一半"}})
    assert cells(look(store, own, "交通局", name="a.xlsx")) == {"action": {"CS-1": {"progress_note": "已铺一半"}}}
    assert rules(look(store, own, "审批局", name="a.xlsx")) == [("sheet_of_no_round", 0)] * 2 + [("nothing_there", 0)]
    sent = hand_in(store, own, "交通局", name="a.xlsx")
    accept(store, taken(store, sent.number))
    back = {row["unit"]: row["returned_on"] for row in store.live().rows()["request"].values()}
    assert {unit for unit, day in back.items() if day} == {"交通局"}  # that it is back is entered when it is accepted
    assert outcome(store, sent.number)[0] == "accepted"


def test_a_district_sees_that_it_is_asked(store):
    """Sheets are made out to a district by its name; people are held to it by its code."""
    hand_out(store)
    own = narrowed(store, ["Q-1"])
    assert [row["unit"] for row in own.live().rows()["request"].values()] == ["东区"]
    assert [(one.unit, one.round.request_id) for one in handing_in.to_fill(store, own.live(), ["Q-1"], WEEK_2)] == [
        ("东区", "TB-001")
    ]


def test_the_workbook_of_what_they_see_comes_back_with_its_base(store):
    """Made of the rows of a scope, whose release says no note: it is of this office all the same."""
    own = narrowed(store, ["交通局"])
    assert own.live().note_zh == "" != store.live().note_zh
    data = ledger.build(showings_of(own, ("zh",)))
    checked = look(store, data, "交通局", name="台账.xlsx")
    assert ([base.release for base in checked.bases], cells(checked), checked.errors) == ([1], {}, ())


# --- waiting -----------------------------------------------------------------------------------------------------


def test_what_was_handed_in_waits_and_changes_nothing_until_it_is_published(store):
    before = store.live().rows()
    one = hand_in(store, OWN, "交通局")
    assert (store.live().number, store.live().rows()) == (1, before)
    assert outcome(store, one.number) == ("waiting", None, 0)
    accept(store, taken(store, one.number))
    assert outcome(store, one.number) == ("accepted", 2, 2)
    assert store.live().rows()["action"]["CS-2"]["progress_note"] == "已架好桥墩"


def test_a_part_of_it_is_accepted(store):
    one = hand_in(store, OWN, "交通局")
    accept(store, taken(store, one.number, [LineFix("周报", 3)]))
    assert outcome(store, one.number) == ("accepted", 2, 1)
    assert store.live().rows()["action"]["CS-2"]["progress_note"] is None


def test_it_is_returned_with_a_reason_and_cannot_be_answered_twice(store):
    one = hand_in(store, OWN, "交通局")
    with pytest.raises(ValueError, match="no reason"):
        store.waiting().give_back(one.number, "  ", "统战部")
    store.waiting().give_back(one.number, "桥墩没有架好", "统战部")
    again = store.waiting().number(one.number)
    assert (again.state, again.reason, again.answered_by) == ("returned", "桥墩没有架好", "统战部")
    for late in (
        lambda: store.waiting().give_back(one.number, "又", "乙"),
        lambda: store.waiting().take_back(1, "jtj"),
    ):
        with pytest.raises(NotWaiting):
            late()


def test_only_who_handed_it_in_takes_it_back_and_to_others_it_reads_like_none(store):
    one = hand_in(store, OWN, "交通局")
    said = []
    for number in (one.number, 99):
        with pytest.raises(NotWaiting) as refused:
            store.waiting().take_back(number, "spj")
        said.append(str(refused.value).replace(str(number), "N"))
    assert said[0] == said[1]
    store.waiting().take_back(one.number, "jtj")
    assert outcome(store, one.number) == ("withdrawn", None, 0)


def test_what_the_office_changed_meanwhile_is_not_changed_back(store):
    """The file still says of CS-1 that it is in progress, and nobody touched that cell."""
    one = hand_in(store, "措施编号,整改状态,整改进展\nCS-1,整改中,已铺一半\n", "交通局")
    publish(store, WEEK_2, action="措施编号,整改状态,完成日期,整改成效\nCS-1,申请销号,2019-09-19,通了\n")
    checked = taken(store, one.number)
    assert cells(checked) == {"action": {"CS-1": {"progress_note": "已铺一半"}}}
    assert checked.comparison.conflicts == ()


def test_a_cell_that_both_changed_is_asked_about(store):
    one = hand_in(store, OWN, "交通局")
    publish(store, WEEK_2, action="措施编号,整改进展\nCS-1,已铺完\n")
    (conflict,) = taken(store, one.number).comparison.conflicts
    assert (conflict.cell, conflict.was, conflict.theirs, conflict.yours) == (
        ("action", "CS-1", "progress_note"),
        "已动工",
        "已铺完",
        "已铺一半",
    )


def test_a_row_that_is_another_units_meanwhile_is_left_out(store):
    one = hand_in(store, OWN, "交通局")
    publish(store, WEEK_2, action="措施编号,责任单位\nCS-1,审批局\n")
    assert rules(taken(store, one.number)) == [("row_not_theirs", 2)]


def test_taken_back_by_an_undo_it_can_be_handed_in_again(store):
    one = hand_in(store, OWN, "交通局")
    accept(store, taken(store, one.number))
    store.take_back(2, Note("统战部", WEEK_2, "收错了", "A mistake"))
    again = hand_in(store, OWN, "交通局")
    assert outcome(store, again.number)[0] == "waiting"
    accept(store, taken(store, again.number))
    assert outcome(store, again.number) == ("accepted", 4, 2)
    assert outcome(store, one.number) == ("accepted", 2, 2)


def test_one_person_cannot_fill_the_shelf(store):
    for place in range(MOST):
        hand_in(store, OWN.replace("一半", f"{place} 里"), "交通局")
    with pytest.raises(TooManyWait):
        hand_in(store, OWN, "交通局")
    hand_in(store, "措施编号,整改进展\nCS-5,已并\n", "审批局", by="spj")  # nobody is kept out by another
    accept(store, taken(store, 1))  # what was accepted does not wait
    hand_in(store, OWN, "交通局")


def test_nothing_that_would_be_refused_is_handed_in(store):
    for text in ("措施编号,整改状态\nCS-1,整改中\n", "措施编号,完成日期\nCS-1,昨天\n"):
        with pytest.raises(ValueError, match="nothing that could be accepted"):
            hand_in(store, text, "交通局")
    assert store.waiting().all() == []


def test_nothing_is_handed_in_to_what_shows_some_rows_only(store):
    with pytest.raises(Narrow):
        narrowed(store, ["交通局"]).waiting()


def test_the_files_are_for_nobody_else_on_the_computer(store):
    one = hand_in(store, OWN, "交通局")
    shelf = Path(store.folder) / "waiting"
    assert {path.stat().st_mode & 0o077 for path in (shelf, shelf / "files", *shelf.rglob("*.json"))} == {0}
    (shelf / "files" / one.files[0][1]).write_bytes(b"x")
    with pytest.raises(Exception, match="not what was handed in"):
        store.waiting().contents(one)


def test_a_backup_keeps_what_waits(store, tmp_path):
    one = hand_in(store, OWN, "交通局")
    backups.back_up(Campaigns(store.folder), tmp_path / "kept")
    backups.restore(tmp_path / "kept", tmp_path / "again")
    again = Store(tmp_path / "again").waiting()
    assert again.all() == [one]
    assert again.contents(one) == (("周报.csv", OWN.encode()),)


# --- typed into the page -----------------------------------------------------------------------------------------


def test_of_several_sheets_that_are_out_the_newest_is_filled_in(store):
    hand_out(store)
    hand_out(store, WEEK_2 + dt.timedelta(days=7), WEEK_2)
    own = narrowed(store, ["交通局"]).live()
    found = handing_in.to_fill(store, own, ["交通局"], WEEK_2)
    assert [(one.unit, one.round.request_id) for one in found] == [("交通局", "TB-002")]


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_what_is_typed_into_the_page_is_a_file_like_any_other(store, t):
    hand_out(store)
    own = narrowed(store, ["交通局"]).live()
    (one,) = handing_in.to_fill(store, own, ["交通局"], WEEK_2)
    assert one.ledgers == ("action", "suggestion")
    before = request_grid.grid(one, "action", own.rows(), t)
    assert request_grid.as_file(one, "action", before, before, t) is None
    _, open_ = request_grid.columns_of("action")
    heading = {column.name: t.of(column.heading) for column in open_}
    after = [dict(line) for line in before]
    after[0] |= {heading["progress_note"]: "=已铺一半", heading["done_on"]: dt.date(2019, 9, 18)}
    name, data = request_grid.as_file(one, "action", before, after, t)
    checked = look(store, data, "交通局", name=name)
    assert cells(checked) == {"action": {"CS-1": {"progress_note": "=已铺一半", "done_on": dt.date(2019, 9, 18)}}}
    assert [back.request_id for back in checked.returned] == ["TB-001"]  # it is the sheet that was asked for
    assert checked.errors == ()


def test_a_unit_that_nobody_asked_fills_in_what_is_due(store):
    own = narrowed(store, ["审批局"]).live()
    (one,) = handing_in.to_fill(store, own, ["审批局"], WEEK_2)
    assert (one.round, [each.row_key for each in one.asked]) == (None, ["CS-5"])
    before = request_grid.grid(one, "action", own.rows(), ZH)
    after = [{**before[0], "整改进展": None}]
    name, data = request_grid.as_file(one, "action", before, after, ZH)
    assert cells(look(store, data, "审批局", name=name)) == {"action": {"CS-5": {"progress_note": None}}}


def test_reading_for_somebody_keeps_no_file(store):
    kept = {path.name for path in (Path(store.folder) / "received").iterdir()}
    look(store, OWN, "交通局")
    assert {path.name for path in (Path(store.folder) / "received").iterdir()} == kept


def test_decisions_stay_with_whoever_accepts(store):
    """A file that lacks rows says nothing of them: no row leaves because a unit did not name it."""
    one = hand_in(store, OWN, "交通局")
    checked = taken(store, one.number)
    assert [len(part.missing) for part in checked.comparison.tables] == [0]
    accept(store, checked, WEEK_2, Decisions(all_missing="remove", remove_reason="试试"))
    assert set(store.live().rows()["action"]) == {f"CS-{n}" for n in range(1, 6)}
