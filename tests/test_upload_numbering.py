"""Rows without a number of their own, cells that hold several measures: matched, numbered and split when asked."""

import pytest
from ready_made import copy_of

from taizhang import uploads
from taizhang.declared.wording import language
from taizhang.rows.changes import Decisions
from taizhang.rows.problems import sentence
from taizhang.showing import upkeep
from taizhang.store import Note, Store
from taizhang.uploads.fixes import HeadingFix, KeyFix, LineFix, SplitFix, as_record, from_record
from taizhang.uploads.headings import mapping_of
from taizhang.uploads.numbering import items_in

ZH, EN = language("zh"), language("en")


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    return copy_of(tiny_store, tmp_path / "store")


def check(store: Store, text: str, fixes=()) -> uploads.Checked:
    return uploads.check(store, [("周报.csv", text.encode())], fixes)


def rows(checked: uploads.Checked) -> list[dict]:
    return [row.cells for reading in checked.readings for row in reading.rows]


def rules(checked: uploads.Checked) -> list[str]:
    return [one.rule for one in checked.problems]


# --- rows without a number -------------------------------------------------------------------------------------


def without_numbers(store: Store) -> str:
    """A sheet that counts its lines: one row of the ledger, and one that is new."""
    known = store.live().rows()["action"]["CS-001"]
    return f"序号,整改措施,责任单位,完成时限\n1,{known['content']},甲科,2019-12-01\n2,另办一件新事,甲科,2019-12-02\n"


def test_without_a_key_column_nothing_is_read_until_somebody_asks_for_numbers(store):
    checked = check(store, without_numbers(store))
    assert "missing_key_column" in rules(checked)
    assert rows(checked) == []


def test_asked_for_rows_are_known_by_what_they_say_and_the_others_get_the_next_numbers(store):
    known = set(store.live().rows()["action"])
    checked = check(store, without_numbers(store), [KeyFix("action", "周报")])
    assert checked.errors == ()
    first, second = rows(checked)
    assert first["action_id"] == "CS-001"
    assert second["action_id"] not in known
    assert second["action_id"].startswith("CS-")
    told = {one.rule: sentence(one, ZH) for one in checked.problems if one.rule.startswith("key_")}
    assert told["key_matched"].endswith("与已有的 CS-001 内容相同，按同一行读取。如果不对，请填写编号。")
    assert f"编号 {second['action_id']}" in told["key_given"]
    assert all("{" not in sentence(one, EN) for one in checked.problems)


def test_a_number_that_was_given_is_no_heading_of_the_file(store):
    (part,) = check(store, without_numbers(store), [KeyFix("action", "周报")]).parts
    assert [one.heading for one in mapping_of(part)] == ["整改措施", "责任单位", "完成时限"]


def test_two_lines_are_never_the_same_row(store):
    content = store.live().rows()["action"]["CS-001"]["content"]
    checked = check(
        store,
        f"整改措施,责任单位,完成时限,整改状态\n{content},甲科,2019-12-01,整改中\n{content},甲科,2019-12-02,整改中\n",
        [KeyFix("action", "周报")],
    )
    keys = [row["action_id"] for row in rows(checked)]
    assert keys[0] == "CS-001"
    assert len(set(keys)) == 2
    assert [one.rule for one in checked.problems if one.rule.startswith("key_")] == ["key_matched", "key_given"]


def test_of_rows_that_say_the_same_the_unit_tells_which_is_meant(store):
    published(store, "措施编号,整改措施,责任单位\nCS-801,同样的话,一科\nCS-802,同样的话,二科\n")
    text = "整改措施,责任单位,完成时限,整改状态\n同样的话,二科,2019-12-01,整改中\n同样的话,三科,2019-12-01,整改中\n"
    keys = [row["action_id"] for row in rows(check(store, text, [KeyFix("action", "周报")]))]
    assert keys[0] == "CS-802"
    assert keys[1] not in ("CS-801", "CS-802")


def published(store: Store, text: str, fixes=()) -> None:
    checked = check(store, text, fixes)
    assert checked.errors == ()
    day = store.live().as_of
    made = uploads.draft(
        store, checked.files, Note("测试", day, "周", "Week"), Decisions(), checked.parent, checked.applied
    )
    store.publish_draft(made)


def test_numbers_given_are_published_and_made_again_by_a_rebuild(store):
    published(store, without_numbers(store), [KeyFix("action", "周报")])
    assert any(row["content"] == "另办一件新事" for row in store.live().rows()["action"].values())
    assert upkeep.rebuild(store).differences == ()
    assert uploads.learnt(store).fixes == ()  # of one file: the next one is asked again


# --- several in one cell ---------------------------------------------------------------------------------------

SEVERAL = "1.每月集中学习；\n2.每季度测试；\n3.年底述学。"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (SEVERAL, ("每月集中学习", "每季度测试", "年底述学。")),
        ("（1）学习；（2）测试", ("学习", "测试")),
        ("①学习②测试", ()),  # no end of the first: what stands before a sign is no item
        ("①学习；②测试；③述学", ("学习", "测试", "述学")),
        ("1、学习，2、测试", ("学习", "测试")),
        ("1.每月集中学习", ()),
        ("修订2.0版制度；3.1节", ()),
        ("要求：1.学习；2.测试", ()),  # what stands before belongs to both: nobody can split that
        ("2.测试；3.述学", ()),
        ("学习、测试", ()),
    ],
)
def test_items_are_those_numbered_from_the_beginning(text, items):
    assert items_in(text) == items


def several(key: str) -> str:
    return f'措施编号,整改措施,责任单位\n{key},"{SEVERAL}",机关党委\nCS-951,一条,办公室\n'


def test_a_cell_with_several_measures_is_offered_as_rows_and_stays_one_row_until_then(store):
    checked = check(store, several("CS-950"))
    (offered,) = [one for one in checked.problems if one.rule == "several_in_one"]
    assert [row["action_id"] for row in rows(checked)] == ["CS-950", "CS-951"]
    assert "CS-950-1，CS-950-2，CS-950-3" in sentence(offered, ZH)
    assert "3 items" in sentence(offered, EN)


def test_split_a_new_row_becomes_rows_with_the_numbers_that_were_proposed(store):
    checked = check(store, several("CS-950"), [SplitFix("周报", 2)])
    assert [(row["action_id"], row["content"]) for row in rows(checked)] == [
        ("CS-950-1", "每月集中学习"),
        ("CS-950-2", "每季度测试"),
        ("CS-950-3", "年底述学。"),
        ("CS-951", "一条"),
    ]
    assert {row["resp_unit"] for row in rows(checked)[:3]} == {"机关党委"}
    assert "several_in_one" not in rules(checked)


def test_split_a_row_of_the_ledger_keeps_its_number_for_the_first_item(store):
    checked = check(store, several("CS-001"), [SplitFix("周报", 2)])
    assert [row["action_id"] for row in rows(checked)] == ["CS-001", "CS-001-2", "CS-001-3", "CS-951"]


def test_split_rows_without_numbers_are_numbered_like_all_others(store):
    text = f'整改措施,责任单位,完成时限,整改状态\n"{SEVERAL}",机关党委,2019-12-01,整改中\n'
    checked = check(store, text, [SplitFix("周报", 2), KeyFix("action", "周报")])
    keys = [row["action_id"] for row in rows(checked)]
    assert (checked.errors, len(keys), len(set(keys))) == ((), 3, 3)


@pytest.mark.parametrize(
    "fix", [SplitFix("表|1", 2), KeyFix("action", "表|1"), LineFix("表|1", 7), HeadingFix("a", "action", None)]
)
def test_a_repair_comes_back_from_its_record_as_it_was(fix):
    assert from_record(as_record(fix)) == fix
