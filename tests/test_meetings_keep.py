"""What a meeting was told it keeps: one act moves it, what the page showed is sealed, a wrong seal is corrected."""

import ast
import datetime as dt
import errno
import json
import re
from dataclasses import replace

import house
import pytest
from ready_made import copy_of, go_on_as

from taizhang import cli
from taizhang.declared.wording import language
from taizhang.exhibits.views import Choices, look
from taizhang.rows.ledgers import LedgerFile, Row, RowsRefused
from taizhang.showing import commitments, meeting_files, meetings, slides, upkeep
from taizhang.showing.meetings import Commitment, ScriptLine
from taizhang.store import NotConfirmed, Note, Release, Store, disk, publishing

DAY, WEEK_AFTER, HELD = dt.date(2019, 10, 11), dt.date(2019, 10, 18), dt.date(2019, 10, 12)
EARLIER = dt.date(2019, 9, 27)
PROMISES = (Commitment("一科月底前办结", "一科", dt.date(2019, 10, 31)), Commitment("补录台账"))
zh, en = language("zh"), language("en")


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    """The tiny store, to be written to."""
    return copy_of(tiny_store, tmp_path / "store")


@pytest.fixture
def one(store) -> meetings.Meeting:
    """A meeting prepared on the newest data there were."""
    return meetings.begin(store, look(store, Choices()), "第三次推进会", HELD, ("zh",))


def publish(store: Store, as_of: dt.date, **cells: object) -> Release:
    """One measure, published as a clerk would."""
    line = {"action_id": "CS-002", **cells}
    data = "\n".join(",".join(each) for each in (line, line.values())).encode()
    file = LedgerFile("action", "周报.csv", data, "UTF-8", (Row(2, line),))
    live = store.live()
    return store.publish([file], Note("测试", as_of, "周报", "Weekly"), live.number)


def taken(store: Store, shown: meetings.Meeting, made: Release) -> meetings.Meeting:
    return meetings.take(store, shown, made.number, made.as_of)


def pin(one: meetings.Meeting) -> tuple:
    return one.release, one.as_of, one.compared, one.compare_on


def kept(store: Store, one: meetings.Meeting) -> meetings.Meeting:
    return meetings.meeting(store, one.meeting_id)


# --- what an open meeting shows --------------------------------------------------------------------------------


def test_no_change_of_a_meeting_moves_what_it_shows(store, one, newer):
    moved = taken(store, one, newer())
    assert pin(moved)[:2] == (4, WEEK_AFTER)
    meetings.change(store, one.meeting_id, lambda _: replace(one, title="改名"))  # a page that still shows the old one
    assert kept(store, one).title == "改名"
    assert pin(kept(store, one)) == pin(moved)
    meetings.rewrite(store, one, 3, lambda lines, at: lines.pop(at))
    commitments.log(store, one.meeting_id, PROMISES[0], zh)
    assert pin(kept(store, one)) == pin(moved)
    assert kept(store, one).held_on == WEEK_AFTER  # nor is it held before the day of its data


@pytest.mark.parametrize(
    "act",
    [
        lambda store, shown: meetings.show_day(store, shown, EARLIER),
        lambda store, shown: meetings.compare_with(store, shown, EARLIER),
        lambda store, shown: meetings.take(store, shown, 2, EARLIER),
    ],
)
def test_a_page_that_shows_something_else_than_is_kept_moves_nothing(act, store, one, newer):
    """A second window, or a control drawn before: it says what it knows, and that is not what the meeting shows."""
    moved = taken(store, one, newer())
    with pytest.raises(meetings.NotAsShown) as refused:
        act(store, one)
    assert {each.what for each in refused.value.differences} >= {"release", "as_of"}
    assert zh("meeting.differs_release", shown=3, kept=4) in refused.value.said(zh)
    assert kept(store, one) == moved
    act(store, moved)
    assert pin(kept(store, one)) != pin(moved)


def test_the_release_taken_is_the_one_that_was_offered(store, one, newer):
    offered = newer()
    publish(store, WEEK_AFTER + dt.timedelta(7), progress_note="又一周")
    assert pin(taken(store, one, offered))[:2] == (offered.number, WEEK_AFTER)


def test_another_day_to_compare_with_leaves_the_release_where_it_is(store, one):
    """A correction of the same day is a newer release for it: comparing is no way to slip it in."""
    correction = publish(store, DAY, progress_note="更正")
    assert look(store, Choices(as_of=DAY)).release.number == correction.number
    other = meetings.compare_with(store, one, dt.date(2019, 9, 20))
    assert pin(other) == (one.release, DAY, 1, dt.date(2019, 9, 20))


def test_a_day_of_the_settings_brings_the_release_that_counts_for_it(store, one):
    assert pin(meetings.show_day(store, one, EARLIER))[:2] == (2, EARLIER)


def test_a_change_finds_its_slide_wherever_it_stands_now(store, one):
    meetings.rewrite(store, one, 0, lambda lines, at: lines.pop(at))

    def noted(lines: list[ScriptLine], at: int) -> None:
        lines[at] = replace(lines[at], note="先讲这一页")

    now = meetings.rewrite(store, one, 4, noted)  # the page still shows one slide more
    assert [line.note for line in now.script].index("先讲这一页") == 3
    assert now.script[3].exhibits == one.script[4].exhibits
    with pytest.raises(meetings.NotAsShown):
        meetings.rewrite(store, one, 0, noted)
    assert kept(store, one) == now


def test_a_promise_is_taken_off_only_where_it_was_shown(store, one):
    meetings.change(store, one.meeting_id, lambda now: replace(now, commitments=PROMISES))
    meetings.take_off(store, one.meeting_id, 0, PROMISES[0])
    now = meetings.take_off(store, one.meeting_id, 0, PROMISES[0])  # a second window that shows it still
    assert now.commitments == PROMISES[1:]


def test_two_who_prepare_at_once_get_two_meetings(store, one):
    other = meetings.begin(store, look(store, Choices()), "同时准备的会", HELD, ("en",))
    assert meetings.open_meetings(store) == [one, other]


def test_no_page_writes_a_meeting_past_the_acts():
    """`save` writes what it is given: only the acts of a meeting know what may be written."""
    doors = {name: text for name, text in house.sources().items() if re.match(r"taizhang/(ui|cli)/|pages/", name)}
    found = [
        name
        for name, text in doors.items()
        for node in ast.walk(ast.parse(text))
        if getattr(node, "attr" if isinstance(node, ast.Attribute) else "name", "") == "save"
    ]
    assert len(doors) > 10
    assert found == []


# --- what is sealed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("release", lambda store, one, newer: taken(store, one, newer())),
        ("as_of", lambda store, one, _: meetings.show_day(store, one, EARLIER)),
        ("compare_on", lambda store, one, _: meetings.compare_with(store, one, dt.date(2019, 9, 20))),
        ("script", lambda store, one, _: meetings.rewrite(store, one, 2, lambda lines, at: lines.pop(at))),
        ("title", lambda store, one, _: meetings.change(store, one.meeting_id, lambda now: replace(now, title="另名"))),
    ],
)
def test_what_is_not_what_the_page_showed_is_not_sealed(what, change, store, one, newer):
    changed = change(store, one, newer)
    live = store.live_number()
    with pytest.raises(meetings.NotAsShown) as refused:
        meetings.finish(store, one, "办公室")
    (said,) = [each for each in refused.value.differences if each.what == what]
    for t in (zh, en):
        assert said.said(t) in refused.value.said(t)
    assert store.live_number() == live
    assert meetings.open_meetings(store) == [changed]  # nothing is lost
    meetings.finish(store, changed, "办公室")
    assert pin(kept(store, one)) == pin(changed)


def test_a_script_that_differs_is_told_by_its_first_slide(one):
    script = meetings.Difference("script", one.script, (*one.script[:4], *one.script[5:]))
    assert script.said(en) == en("meeting.differs_script", shown=15, kept=14, place=5)
    longer = meetings.Difference("script", one.script, (*one.script, one.script[0]))
    assert longer.said(en) == en("meeting.differs_script", shown=15, kept=16, place=16)


def test_what_was_noted_in_the_room_meanwhile_is_sealed_too(store, one):
    commitments.log(store, one.meeting_id, PROMISES[0], zh)
    meetings.finish(store, one, "办公室")
    assert kept(store, one).commitments == PROMISES[:1]


def test_one_meeting_is_sealed_once(store, one):
    meetings.finish(store, one, "办公室")
    live = store.live_number()
    with pytest.raises(meetings.NoSuchMeeting):
        meetings.finish(store, one, "办公室")
    assert store.live_number() == live


def test_a_seal_that_the_disk_did_not_confirm_is_not_made_twice(store, one, monkeypatch):
    live, real = store.live_number(), disk.flush_folder

    def flush_folder(folder) -> None:
        if folder == store.folder and store.live_number() != live:
            raise OSError(errno.EIO, "no")
        real(folder)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "flush_folder", flush_folder)
        with pytest.raises(NotConfirmed):
            meetings.finish(store, one, "办公室")
    assert meetings.finish(store, one, "办公室").number == store.live_number() == live + 1
    assert meetings.open_meetings(store) == []


# --- a seal corrected ------------------------------------------------------------------------------------------


def seal_too_early(store: Store) -> None:
    """A meeting sealed on the week before, with two promises, although newer data were there."""
    one = meetings.begin(store, look(store, Choices(as_of=DAY)), "第三次推进会", HELD, ("zh",))
    meetings.change(store, one.meeting_id, lambda now: replace(now, commitments=PROMISES, note="封存时的备注"))
    meetings.finish(store, kept(store, one), "办公室")


def correct_it(store: Store, wrong: meetings.Meeting, reason: str = "版本不对") -> Release:
    """The seal corrected: on the newest data, without the note, with one promise more."""
    again = taken(store, meetings.correct(store, wrong.meeting_id), store.release(4))
    last = Commitment("会后补记的一项")
    done = meetings.change(
        store, again.meeting_id, lambda now: replace(now, note="", commitments=(*now.commitments, last))
    )
    return meetings.finish(store, done, "综合科", reason)


def sealed_in_the_newest(store: Store) -> meetings.Meeting:
    return meetings.meeting(store, store.live().records("meeting")[-1]["meeting_id"])


@pytest.fixture(scope="session")
def sealed_store(newer_store, ready_made) -> Store:
    return ready_made("tiny_sealed_too_early", seal_too_early, newer_store)


@pytest.fixture(scope="session")
def corrected_store(sealed_store, ready_made) -> Store:
    return ready_made("tiny_seal_corrected", lambda store: correct_it(store, sealed_in_the_newest(store)), sealed_store)


@pytest.fixture
def wrong(store, sealed_store) -> meetings.Meeting:
    """A meeting that was sealed on the week before, with two promises."""
    return sealed_in_the_newest(go_on_as(store, sealed_store))


@pytest.fixture
def corrected(store, wrong, corrected_store) -> Release:
    """Its seal corrected, as `correct_it` does."""
    return go_on_as(store, corrected_store).live()


def row_of(store: Store, wrong: meetings.Meeting) -> dict:
    return next(row for row in meetings.held(store) if row["meeting_id"] == wrong.meeting_id)


def test_a_wrong_seal_is_superseded_and_kept_and_both_say_so(store, wrong, corrected):
    made = corrected
    new, old = meetings.seals(store, wrong.meeting_id)
    assert (new.meeting_id, new.release, new.as_of, new.sealed_in) == (wrong.meeting_id, 4, WEEK_AFTER, made.number)
    assert replace(old, superseded_by=None) == wrong
    assert meetings.meeting(store, wrong.meeting_id) == new
    assert meetings.meeting(store, old.address) == old
    assert old.address == f"{wrong.meeting_id}@{wrong.sealed_in}"
    assert meetings.superseded(new, zh) == meetings.supersedes(old, zh) == ""
    said = meetings.superseded(old, zh)
    assert f"版本 {old.sealed_in}" in said
    assert f"版本 {made.number}" in said
    assert "版本不对" in meetings.supersedes(new, zh)
    assert meetings.corrected(store) == {wrong.meeting_id}
    assert made.kind == "meeting"
    assert "更正封存" in made.notes()[-1]["note_zh"]
    assert [slides.show(store, each, "zh").slides[0].remarks[:1] == (said,) for each in (new, old)] == [False, True]


def test_a_corrected_seal_is_one_meeting_in_the_ledger(store, wrong, corrected):
    row = row_of(store, wrong)
    assert (row["as_of_on"], row["note"], row["held_on"]) == (WEEK_AFTER, None, WEEK_AFTER)
    assert len([each for each in meetings.held(store) if each["title"] == wrong.title]) == 1
    assert meetings.open_meetings(store) == []


def test_promises_live_on_in_the_ledger_and_are_not_sealed_twice(store, wrong):
    cells = {"commitment_id": f"{wrong.meeting_id}-1", "done_on": WEEK_AFTER, "content": "一科全部办结"}
    file = LedgerFile("commitment", "c.csv", b"c", "utf-8", (Row(2, cells),))
    store.publish([file], Note("测试", WEEK_AFTER, "落实", "Done"), store.live_number())
    correct_it(store, wrong)
    rows = {row["commitment_id"]: row for row in store.live().records("commitment")}
    mine = {name: row for name, row in rows.items() if row["meeting_id"] == wrong.meeting_id}
    assert list(mine) == [f"{wrong.meeting_id}-{place}" for place in (1, 2, 3)]
    assert mine[f"{wrong.meeting_id}-1"]["content"] == "一科全部办结"
    assert mine[f"{wrong.meeting_id}-3"]["content"] == "会后补记的一项"


def test_a_corrected_seal_can_be_corrected_again_and_taken_back(store, wrong, corrected):
    first, second = corrected, correct_it(store, wrong, "日期也不对")
    assert [each.sealed_in for each in meetings.seals(store, wrong.meeting_id)] == [
        second.number,
        first.number,
        wrong.sealed_in,
    ]
    live = store.live()
    store.take_back(second.number, Note("测试", live.as_of, "误更正", "By mistake"))
    assert [each.sealed_in for each in meetings.seals(store, wrong.meeting_id)] == [first.number, wrong.sealed_in]
    assert meetings.meeting(store, wrong.meeting_id).superseded_by is None
    with pytest.raises(meetings.NoSuchMeeting):
        meetings.meeting(store, f"{wrong.meeting_id}@{second.number}")


def test_a_correction_that_changes_the_script_alone_can_be_taken_back_too(store, wrong):
    again = meetings.correct(store, wrong.meeting_id)
    done = meetings.rewrite(store, again, 0, lambda lines, at: lines.pop(at))
    made = meetings.finish(store, done, "办公室", "提纲不对")
    assert len(meetings.meeting(store, wrong.meeting_id).script) == len(wrong.script) - 1
    store.take_back(made.number, Note("测试", store.live().as_of, "误更正", "By mistake"))
    assert meetings.meeting(store, wrong.meeting_id) == wrong


def test_a_correction_shows_what_was_known_when_the_meeting_was_sealed_and_never_itself(store, wrong):
    """Every later release holds the wrong seal as a meeting of the past, and its promises as those of last time."""
    publish(store, WEEK_AFTER, progress_note="会后更正")
    publish(store, WEEK_AFTER + dt.timedelta(7), progress_note="又一周")
    again = meetings.correct(store, wrong.meeting_id)
    assert meetings.newest(store, again).number == 4
    assert not meetings.shows_the_newest(store, again)
    on_its_day = meetings.show_day(store, again, WEEK_AFTER)
    assert pin(on_its_day)[:2] == (4, WEEK_AFTER)
    assert meetings.shows_the_newest(store, on_its_day)
    assert meetings.compare_with(store, on_its_day, DAY).compared == 3
    assert wrong.meeting_id not in {row["meeting_id"] for row in on_its_day.view(store).ask("meetings").records()}
    meetings.finish(store, kept(store, on_its_day), "办公室", "版本不对")
    assert meetings.correct(store, wrong.meeting_id).corrects.until == 4  # a second correction knows no more


def test_a_correction_is_gone_on_with_and_until_it_is_sealed_the_old_seal_is_in_force(store, wrong):
    again = meetings.correct(store, wrong.meeting_id)
    assert meetings.meeting(store, wrong.meeting_id) == wrong
    moved = taken(store, again, store.release(4))
    assert meetings.correct(store, wrong.meeting_id) == moved
    assert meetings.next_id(store) not in (wrong.meeting_id, again.meeting_id)
    assert re.fullmatch(r"[A-Z]+-?\d+", meetings.next_id(store))


def test_a_seal_that_was_corrected_meanwhile_is_not_corrected_on_its_back(store, wrong):
    again = meetings.correct(store, wrong.meeting_id)
    kept_aside = meetings.save(store, replace(again, meeting_id="HY-998"))  # as another window would hold it
    correct_it(store, wrong)
    live = store.live_number()
    with pytest.raises(meetings.CorrectedMeanwhile):
        meetings.finish(store, kept_aside, "办公室", "迟了")
    assert store.live_number() == live
    assert meetings.open_meetings(store) == [kept_aside]


def test_a_meeting_without_a_capsule_has_no_seal_to_correct(store):
    row = meetings.held(store)[-1]
    assert meetings.seals(store, row["meeting_id"]) == []
    with pytest.raises(meetings.NoSuchMeeting):
        meetings.correct(store, row["meeting_id"])


def test_a_store_with_a_corrected_seal_is_whole_and_can_be_made_again(store, wrong, corrected):
    seals = meetings.seals(store, wrong.meeting_id)
    assert upkeep.verify(store) == []
    made = upkeep.rebuild(store)
    assert (made.differences, made.damaged) == ((), ())
    assert meetings.seals(store, wrong.meeting_id) == seals


# --- the file of an open meeting -------------------------------------------------------------------------------

# A meeting as it was sealed before files of meetings carried a checksum.
FIRST_VERSION = """{
 "version": 1,
 "meeting_id": "HY-777",
 "title": "旧版封存的会",
 "held_on": "2019-10-12",
 "as_of": "2019-10-11",
 "release": 3,
 "compared": 2,
 "compare_on": "2019-09-27",
 "languages": ["zh"],
 "theme": "light",
 "script": [
  {"exhibits": ["meeting.cover"], "district": null, "note": "", "when_empty": "say"}
 ],
 "units": [],
 "note": "旧备注",
 "commitments": [
  {"content": "旧版议定", "unit": null, "due_on": null, "kpi": null, "target_value": null}
 ],
 "finished_by": ""
}
"""


def on_the_shelf(store: Store, name: str, data: bytes) -> None:
    folder = store.folder / "meetings"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_bytes(data)


def test_any_byte_that_changed_is_noticed(store, one):
    data = meeting_files.written(one)
    assert meeting_files.loaded(data) == one
    for damaged in (
        data.replace("第三次".encode(), "第四次".encode()),
        data.replace(b'"release": 3', b'"release": 2'),
        data + b"\n",
        data[:-40],
        data.replace(b"\n", b"\r\n"),
        re.sub(rb' "checksum": "[0-9a-f]+",\n', b"", data),
        data.replace(b'"version": 2', b'"version": "2"'),
    ):
        with pytest.raises(meetings.NotAMeeting):
            meeting_files.loaded(damaged)
        on_the_shelf(store, one.meeting_id, damaged)
        assert meetings.open_meetings(store) == []
        assert [each.name for each in meetings.unusable(store)] == [one.meeting_id]
        assert [each.what for each in upkeep.verify(store)] == ["meeting"]


def test_a_file_from_before_checksums_is_read_and_has_one_from_the_next_step_on(store):
    on_the_shelf(store, "HY-777", FIRST_VERSION.encode())
    (old,) = meetings.open_meetings(store)
    assert (old.title, old.commitments, old.corrects) == ("旧版封存的会", (Commitment("旧版议定"),), None)
    meetings.change(store, "HY-777", lambda now: replace(now, note="新备注"))
    assert meeting_files.has_checksum(store.shelf("meetings").read("HY-777"))
    assert meetings.open_meetings(store) == [replace(old, note="新备注")]


def test_a_file_of_another_version_or_another_store_is_named_as_such_and_can_be_discarded(store, one):
    said = json.loads(FIRST_VERSION)
    on_the_shelf(store, "HY-990", json.dumps({**said, "version": 9}).encode())
    on_the_shelf(store, "HY-991", json.dumps({**said, "meeting_id": "HY-991", "release": 99}).encode())
    on_the_shelf(store, "HY-777 (1)", FIRST_VERSION.encode())  # a copy made by hand
    found = {each.file: (each.version, each.release) for each in meetings.unusable(store)}
    assert found == {"HY-990.json": (9, None), "HY-991.json": (None, 99), "HY-777 (1).json": (None, None)}
    assert meetings.open_meetings(store) == [one]
    for each in meetings.unusable(store):
        meetings.discard(store, each.name)
    assert meetings.unusable(store) == []
    assert meetings.open_meetings(store) == [one]


def test_a_new_meeting_takes_the_place_of_no_file_that_cannot_be_used(store, one):
    data = meeting_files.written(one)[:-40]
    on_the_shelf(store, one.meeting_id, data)
    other = meetings.begin(store, look(store, Choices()), "另一次会", HELD, ("zh",))
    assert other.meeting_id != one.meeting_id
    assert store.shelf("meetings").read(one.meeting_id) == data


def test_a_capsule_from_before_checksums_is_made_again_as_it_was_and_can_be_corrected(store):
    data = FIRST_VERSION.replace('"finished_by": ""', '"finished_by": "办公室"').encode()
    note = Note("办公室", store.live().as_of, "汇报会议", "Meeting", kind="meeting")
    made = store.publish(meeting_files.files_of(data), note, store.live_number(), meetings.READING)
    assert made.records("meeting")[-1]["capsule"] is None
    assert meetings.seals(store, "HY-777")[0].sealed_in == made.number
    old = meetings.meeting(store, "HY-777")
    again = meetings.correct(store, "HY-777")
    by = meetings.finish(store, meetings.show_day(store, again, EARLIER), "办公室", "日期不对")
    assert [each.as_of for each in meetings.seals(store, "HY-777")] == [EARLIER, DAY]
    store.take_back(by.number, Note("测试", store.live().as_of, "误更正", "By mistake"))
    assert meetings.meeting(store, "HY-777") == old
    rebuilt = upkeep.rebuild(store)
    assert rebuilt.differences == ()


def test_a_refused_seal_leaves_the_correction_open(store, wrong):
    again = meetings.correct(store, wrong.meeting_id)
    bad = Commitment("推动不存在的指标", kpi="那个指标")
    done = meetings.change(store, again.meeting_id, lambda now: replace(now, commitments=(*now.commitments, bad)))
    with pytest.raises((publishing.CheckFailed, RowsRefused)):
        meetings.finish(store, done, "办公室", "版本不对")
    assert meetings.open_meetings(store) == [done]
    assert meetings.meeting(store, wrong.meeting_id) == wrong


# --- the command line ------------------------------------------------------------------------------------------


def test_the_command_line_says_which_seal_it_hands_out(store, wrong, corrected, tmp_path, capfd):
    made = corrected
    for address, said in (
        (wrong.meeting_id, f"版本 {made.number} 的封存取代了版本 {wrong.sealed_in} 的封存"),
        (f"{wrong.meeting_id}@{wrong.sealed_in}", f"已被版本 {made.number} 的更正封存取代"),
    ):
        with pytest.raises(SystemExit) as left:
            cli.main(["handout", "ledger", "--store", str(store), "--meeting", address, "-o", str(tmp_path / "t.xlsx")])
        assert left.value.code == 0
        assert said in capfd.readouterr().err
    said = {}
    for args in (["releases"], ["show", str(made.number)], ["show", str(wrong.sealed_in)]):
        with pytest.raises(SystemExit):
            cli.main([*args, "--store", str(store)])
        said[args[-1]] = capfd.readouterr().out
    assert "更正封存" in said["releases"]
    assert f"取代了版本 {wrong.sealed_in} 的封存" in said[str(made.number)]
    assert f"已被版本 {made.number} 的更正封存取代" in said[str(wrong.sealed_in)]
