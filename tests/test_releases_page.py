"""The releases page: every count opens its rows, an undo says before it acts what it will do, and does that."""

import datetime as dt
import json
import re
import shutil

import pytest
from ready_made import go_on_as
from test_pages import full_errors, open_page, text_of  # noqa: F401 the fixture shows what went wrong

from taizhang.declared.tables import ledgers
from taizhang.declared.wording import language
from taizhang.drawing.shapes import Table
from taizhang.exhibits import history, records, releases, two_releases
from taizhang.exhibits.views import Choices, View, look
from taizhang.rows import comparison
from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import Store, taking_back
from taizhang.store.releases import Note, Release
from taizhang.ui import releases_page

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOTE = Note("测试", dt.date(2019, 11, 29), "撤销", "Undone")


@pytest.fixture
def store(demo_store, tmp_path) -> Store:
    """A copy of the demo store to publish into."""
    return Store(shutil.copytree(demo_store.folder, tmp_path / "store"))


def at(store: Store, number: int, lang: str = "zh") -> View:
    return look(store, Choices(lang=lang, release=number))


def undone(store: Store, number: int, chosen: dict | None = None) -> Release:
    """Undo a release as the page does: later values stay unless chosen otherwise."""
    now = look(store, Choices())
    choices = taking_back.with_choices(store.conflicts_of(number, now.release), chosen or {})
    note = Note("测试", now.release.as_of, "撤销", "Undone")
    return store.publish_draft(store.draft_undo(number, note, choices))


@pytest.fixture(scope="module")
def newest_undone(demo_store, ready_made) -> Store:
    """The demo with its newest release undone as the page does; `undone` itself is held to what it does below."""
    return ready_made("demo_13_undone", lambda store: undone(store, 13), demo_store)


def drawn(app) -> str:
    """What the surfaces draw whose marks can be clicked."""
    return "".join(json.loads(one.proto.json).get("html", "") for one in app.get("bidi_component") if one.proto.json)


def texts(shape: Table, column: int) -> list[str]:
    return [row[column].text for row in shape.rows]


def picks(shape: Table) -> list[str]:
    return [cell.pick for row in shape.rows for cell in row if cell.pick]


# --- the list --------------------------------------------------------------------------------------------------


def test_the_list_shows_every_release_with_who_when_why_and_how_much(demo_store):
    exhibit = releases.listed(look(demo_store, Choices()), 13, 13)
    assert texts(exhibit.shape, 0) == [f"第 {number} 版" for number in range(13, 0, -1)]
    newest = [cell.text for cell in exhibit.shape.rows[0]]
    assert newest[1:4] == ["当前", "上传", "2019-11-29"]
    assert newest[5:] == ["示例数据", "示例：一项退回、一项反弹、一项同意延期，完成满意度测评", "10", "17", "19"]


def test_the_time_of_publishing_is_told_on_the_publishers_clock():
    assert records.when(dt.datetime(2019, 11, 29, 16, 5)) == "2019-11-30 00:05"


def test_history_does_not_end_at_the_day_a_reader_looks_at(demo_store, monkeypatch):
    app = open_page("releases", demo_store, monkeypatch, as_of="2019-10-04")
    assert "共 13 版，当前是第 13 版" in text_of(app)
    assert "正在看" not in drawn(app)
    app.toggle(key="releases_all").set_value(True).run()
    assert "正在看" in drawn(app)
    assert not app.exception


def test_what_was_taken_back_counts_again_when_its_undo_is_taken_back(store, newest_undone):
    assert releases.taken_back(look(store, Choices()).ask("release_list")) == {}
    assert go_on_as(store, newest_undone).live().as_of == dt.date(2019, 11, 22)
    assert releases.taken_back(look(store, Choices()).ask("release_list")) == {13: 14}
    newest = releases.listed(look(store, Choices()), 14, 14).shape.rows[0]
    assert [cell.text for cell in newest[2:4]] == ["撤销第 13 版", "2019-11-22"]
    assert [cell.text for cell in newest[7:]] == ["0", "0", "19"], "an undo has no file, and changes rows all the same"
    assert undone(store, 12).as_of == dt.date(2019, 11, 15)
    assert undone(store, 14).as_of == dt.date(2019, 11, 29)
    answer = look(store, Choices()).ask("release_list")
    assert releases.taken_back(answer) == {12: 15, 14: 16}
    states = texts(releases.listed(look(store, Choices()), 16, 16).shape, 1)[:5]
    assert states == ["当前", "", "已被第 16 版撤销", "", "已被第 15 版撤销"]


# --- one release -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 6, 12, 13])
def test_every_count_of_a_release_opens_as_many_rows(demo_store, number):
    view = at(demo_store, number)
    assert picks(releases.summary(view).shape)
    for pick in picks(releases.summary(view).shape):
        what, own, name, kind = pick.split(":")
        assert (what, int(own)) == ("rows", number)
        exhibit = releases.rows(view, name, kind)
        listed = {text for text in texts(exhibit.shape, 0) if text}
        count = releases.counts(view)[name][kind]
        assert len(listed) == count or exhibit.note
        assert f" {count} " in exhibit.title


def test_the_counts_are_those_of_the_files(demo_store):
    for number in demo_store.numbers():
        view = at(demo_store, number)
        said: dict[str, list[int]] = {}
        for row in view.ask("received_files", release=number).records():
            sums = said.setdefault(row["table_name"], [0, 0, 0])
            sums[:] = [sums[0] + row["rows_new"], sums[1] + row["rows_changed"], sums[2] + row["rows_same"]]
        counted = releases.counts(view)
        assert {name: [own["added"], own["changed"], own["same"]] for name, own in counted.items()} == said


def test_a_changed_cell_is_told_in_words_and_a_whole_row_in_one_line(demo_store):
    changed = releases.rows(at(demo_store, 12), "action", "changed").shape
    told = [[cell.text for cell in row][1:] for row in changed.rows]
    assert ["整改状态", "整改中", "阶段性完成并长期坚持", "2"] in told
    assert ["整改成效", "—", "责任传导到各科室，专题研究成为固定议程。", "2"] in told
    added = releases.rows(at(demo_store, 13), "meeting", "added").shape
    assert added.rows[0][0].pick == "row:meeting:" + added.rows[0][0].text
    assert "：" in added.rows[0][1].text


def test_a_column_or_code_that_is_not_declared_any_more_is_shown_as_it_was_recorded():
    t = language("zh")
    assert records.heading(t, "action", "gone_since") == "gone_since"
    assert records.said(t, "action", "gone_since", "x") == "x"
    assert records.said(t, "action", "status", "gone_since") == "gone_since"
    assert records.said(t, "action", "is_demo", "true") == "是"


def test_the_english_page_is_english_but_for_what_stands_in_the_ledgers(demo_store):
    view, before = at(demo_store, 13, "en"), at(demo_store, 12, "en")
    exhibits = [
        releases.listed(view, 13, 13),
        releases.summary(view),
        releases.files(view),
        releases.rows(view, "action", "changed"),
        two_releases.compared(before, view),
        two_releases.rows(before, view, "action", "changed"),
        history.row(view, "action", "CS-001-1", None),
        history.found(view, "action", ""),
    ]
    for exhibit in exhibits:
        said = [exhibit.title, *exhibit.shape.columns, exhibit.shape.empty, exhibit.note]
        assert not [one for one in said if CHINESE.search(one)], exhibit.name


# --- two releases ----------------------------------------------------------------------------------------------


def test_every_count_of_a_comparison_opens_as_many_rows(demo_store):
    older, newer = at(demo_store, 5), at(demo_store, 13)
    found = two_releases.difference(older.release, newer.release)
    for pick in picks(two_releases.compared(older, newer).shape):
        _, _, _, name, kind = pick.split(":")
        exhibit = two_releases.rows(older, newer, name, kind)
        listed = {text for text in texts(exhibit.shape, 0) if text}
        assert len(listed) == len(found.of(name).rows(kind)) or exhibit.note


def test_a_release_beside_itself_does_not_differ(demo_store):
    view = at(demo_store, 7)
    exhibit = two_releases.compared(view, view)
    assert exhibit.title == "第 7 版与第 7 版没有差别"
    assert exhibit.shape.rows == ()


def test_a_comparison_backwards_says_what_is_no_longer_there(demo_store):
    forward = two_releases.difference(at(demo_store, 12).release, at(demo_store, 13).release)
    back = two_releases.difference(at(demo_store, 13).release, at(demo_store, 12).release)
    for name in ledgers():
        assert len(back.of(name).missing) == len(forward.of(name).new)
    assert "不再有" in two_releases.compared(at(demo_store, 13), at(demo_store, 12)).shape.columns


# --- one row ---------------------------------------------------------------------------------------------------


def test_the_history_of_a_row_is_every_change_newest_first(demo_store):
    now = look(demo_store, Choices())
    exhibit = history.row(now, "action", "CS-001-1", None)
    numbers = [int(re.search(r"\d+", text)[0]) for text in texts(exhibit.shape, 0) if text]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1
    assert exhibit.shape.rows[0][5].text == "action.csv 第 2 行"
    assert texts(exhibit.shape, 2)[-1].startswith("新增：整改措施：坚持一把手亲自抓")
    assert not [said for said in texts(exhibit.shape, 2) if re.search("[a-z_]{3,}|[{}]", said)]  # words, no codes


def test_the_history_of_a_cell_ends_with_what_stands_in_it(demo_store):
    now = look(demo_store, Choices())
    rows = now.release.rows()["action"]
    for key in list(rows)[:6]:
        for field in ("status", "percent", "content"):
            exhibit = history.row(now, "action", key, field)
            if exhibit.shape.rows:
                value = rows[key][field]
                shown = records.said(now.t, "action", field, None if value is None else str(value))
                said, first = exhibit.shape.rows[0][2].text, exhibit.shape.rows[-1][2].text
                assert said.endswith(f"“{shown}”") != (value is None), said
                assert "填写" in first or "新增" in first
                assert ("原为" in said) == (value is None)


def test_a_text_that_is_no_key_finds_the_rows_whose_keys_hold_it(demo_store):
    now = look(demo_store, Choices())
    assert history.row(now, "action", "cs-00", None) is None
    assert all("CS-00" in text for text in texts(history.found(now, "action", "cs-00").shape, 0))
    assert history.found(now, "action", "不存在").title == "整改措施台账中没有编号含“不存在”的行"


def test_a_link_opens_the_history_of_a_row_and_of_a_cell(demo_store, monkeypatch):
    app = open_page("releases", demo_store, monkeypatch)
    app.query_params.update({"part": "row", "ledger": "action", "key": "CS-001-1", "field": "status"})
    app.run()
    assert not app.exception
    assert "整改措施台账 CS-001-1“整改状态”" in text_of(app)
    app.text_input(key="releases_key").set_value("CS-002").run()
    assert not app.exception
    assert app.query_params["key"] == "CS-002"


@pytest.mark.parametrize(
    "said",
    [
        {"part": "nonsense"},
        {"shown": "99"},
        {"shown": "x"},
        {"part": "two", "older": "0", "newer": "-1"},
        {"part": "row", "ledger": "nonsense", "key": "x:y|z", "field": "nonsense"},
        {"ledger": "action", "kind": "nonsense"},
        {"part": "two", "ledger": "action", "kind": "added"},
    ],
)
def test_nonsense_in_a_link_is_ignored(demo_store, monkeypatch, said):
    app = open_page("releases", demo_store, monkeypatch)
    app.query_params.update(said)
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    assert language("zh")("releases.question") in text_of(app)


# --- undo ------------------------------------------------------------------------------------------------------


def test_an_undo_of_the_newest_release_brings_back_the_rows_before_it(demo_store, newest_undone):
    before = demo_store.live()
    assert demo_store.conflicts_of(13, before) == {}
    effect = demo_store.effect_of(13, before, {})
    made = newest_undone.live()
    assert made.rows() == demo_store.release(12).rows()
    assert same_effect(comparison.diff(before.rows(), made.rows()), made.number - before.number) == effect


def same_effect(found: comparison.Comparison, releases: int) -> taking_back.Effect:
    """What an undo did, counted from the difference of the live releases before and after."""
    kinds = ("changed", "reopened", "redated", "moved_back")
    changed = [row for one in found.tables for kind in kinds for row in one.rows(kind)]
    return taking_back.Effect(
        len(changed),
        sum(len(row.cells) for row in changed),
        sum(len(one.missing) for one in found.tables),
        sum(len(one.new) for one in found.tables),
        releases,
    )


@pytest.mark.parametrize("choice", ["later", "earlier"])
def test_an_undo_in_the_middle_does_what_it_says_and_what_was_chosen(store, choice):
    before = store.live()
    conflicts = store.conflicts_of(12, before)
    asked = taking_back.asked_about(conflicts)
    assert asked
    assert set(asked) < set(conflicts)
    choices = taking_back.with_choices(conflicts, dict.fromkeys(asked, choice))
    effect = store.effect_of(12, before, choices)
    made = undone(store, 12, dict.fromkeys(asked, choice))
    assert same_effect(comparison.diff(before.rows(), made.rows()), made.number - before.number) == effect
    assert made.as_of == before.as_of
    kept, taken = before.rows(), store.release(11).rows()
    wanted = kept if choice == "later" else taken
    for name, key, field in asked:
        row, should_be = made.rows()[name].get(key), wanted[name].get(key)
        assert (row, field) == (should_be, "*") if field == "*" else row[field] == should_be[field]


def test_a_cell_that_came_back_to_its_value_by_itself_is_not_asked_about(newest_undone):
    store = newest_undone
    conflicts = store.conflicts_of(13, store.live())
    assert conflicts
    assert taking_back.asked_about(conflicts) == []
    effect = store.effect_of(13, store.live(), taking_back.with_choices(conflicts, {}))
    assert effect.all_rows == 0


def test_a_row_that_left_since_is_asked_about_once_and_comes_back_whole(store):
    """Release 13 changed several cells of a proposal that the next week lets go; then 13 is undone."""
    changed = store.live().records("change", release=13, table_name="proposal", kind="changed")
    leaving = Decisions(frozenset({("proposal", changed[0]["row_key"])}), "合并")
    week = Note("测试", dt.date(2019, 12, 6), "周", "Week")
    store.publish_draft(store.draft([LedgerFile("proposal", "a.csv", b"a", "utf-8", ())], week, leaving, 13))
    live = store.live()
    conflicts = store.conflicts_of(13, live)
    gone = {cell for cell, one in conflicts.items() if one.is_gone}
    asked = taking_back.asked_about(conflicts)
    assert len([cell for cell in asked if cell in gone]) == len({cell[:2] for cell in gone})
    for choice in ("later", "earlier"):
        choices = taking_back.with_choices(conflicts, dict.fromkeys(asked, choice))
        effect = store.effect_of(13, live, choices)
        assert effect.returning == (len({cell[:2] for cell in gone}) if choice == "earlier" else 0)


def test_the_original_is_handed_out_only_as_it_was_received(store, monkeypatch):
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    sha256 = next(iter(releases.received(at(store, 13))))
    kept = store.folder / "received" / sha256
    assert releases_page._original(sha256) == kept.read_bytes()
    kept.write_bytes(kept.read_bytes() + b" ")
    assert releases_page._original(sha256) is None
    kept.unlink()
    assert releases_page._original(sha256) is None


def test_a_damaged_original_is_said_in_one_sentence(store, monkeypatch):
    for path in (store.folder / "received").iterdir():
        path.write_bytes(b"x")
    app = open_page("releases", store, monkeypatch)
    assert "已损坏或丢失" in text_of(app)
    assert not app.get("download_button")


def test_what_was_taken_back_cannot_be_taken_back_by_accident_again(newest_undone, monkeypatch):
    app = open_page("releases", newest_undone, monkeypatch)
    assert [one for one in app.button if one.key == "releases_undo"]
    app.selectbox(key="releases_shown").set_value(13).run()
    assert not app.exception
    assert not [one for one in app.button if one.key == "releases_undo"]
    assert "要恢复，就撤销第 14 版" in text_of(app)


def test_the_board_opens_at_a_release(demo_store, monkeypatch):
    app = open_page("releases", demo_store, monkeypatch)
    app.selectbox(key="releases_shown").set_value(6).run()
    app.button(key="releases_look").click().run()
    assert not app.exception
    assert language("zh")("overview.question") in text_of(app)
    assert "第 6 版" in text_of(app)
