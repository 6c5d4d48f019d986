"""A damaged store: the newest whole release is shown, it is said, nothing is silently wrong, and it can be mended."""

import os

import pytest
from ready_made import copy_of
from streamlit.testing.v1 import AppTest

from taizhang import server
from taizhang.cli import main
from taizhang.declared.wording import language
from taizhang.exhibits.views import Choices, look
from taizhang.rows.changes import Decisions
from taizhang.showing import meetings, upkeep
from taizhang.store import NoRelease, Note, NotWhole, Store, Unreadable, disk, in_use, publishing, sweeping
from taizhang.store.obstacles import obstacle
from taizhang.ui import controls


@pytest.fixture
def store(tiny_store, tmp_path, monkeypatch) -> Store:
    made = copy_of(tiny_store, tmp_path / "store")
    monkeypatch.setenv("TAIZHANG_STORE", str(made.folder))
    return made


@pytest.fixture
def two_weeks(two_weeks_store, tmp_path, monkeypatch) -> Store:
    """A smaller store, for what is made again whole."""
    made = copy_of(two_weeks_store, tmp_path / "two_weeks")
    monkeypatch.setenv("TAIZHANG_STORE", str(made.folder))
    return made


def flip(store: Store, number: int) -> None:
    """Change one byte in the middle of a release, which DuckDB may never come to."""
    path = disk.path_of(store.folder, number)
    publishing.reopen(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(store: Store, number: int) -> None:
    publishing.reopen(disk.path_of(store.folder, number))
    os.truncate(disk.path_of(store.folder, number), 9000)


def remove(store: Store, number: int) -> None:
    publishing.reopen(disk.path_of(store.folder, number))
    disk.path_of(store.folder, number).unlink()


def frame() -> AppTest:
    page = AppTest.from_file(str(controls.ROOT / "taizhang" / "frame.py"), default_timeout=60).run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return " ".join(str(one.proto) for one in page.main)


def kinds(store: Store) -> list[tuple[str, int | None]]:
    return [(one.what, one.release) for one in upkeep.verify(store)]


@pytest.mark.parametrize(("damage", "what"), [(flip, "damaged"), (cut, "damaged"), (remove, "missing")])
def test_the_newest_whole_release_is_shown_in_the_place_of_a_damaged_one_and_it_is_said(store, damage, what):
    live = store.live_number()
    damage(store, live)
    standing = store.standing()
    assert (standing.live.number, standing.trouble.what, standing.trouble.number) == (live - 1, what, live)
    assert server.health() == {"ok": False, "release": live - 1, "why": what, "instead_of": live}
    assert language("zh")("frame.not_whole", number=live, shown=live - 1) in said(frame())


@pytest.mark.parametrize(
    ("says", "what"), [(None, "live_missing"), ("0\n", "live_unreadable"), ("garbage", "live_unreadable")]
)
def test_a_lost_live_file_loses_no_release(store, says, what):
    live, path = store.live_number(), store.folder / "LIVE"
    path.unlink()
    if says:
        path.write_text(says)
    assert (store.live().number, store.standing().trouble.what) == (live, what)
    assert server.health() == {"ok": False, "release": live, "why": what, "instead_of": None}
    assert kinds(store) == [(what, live)]
    assert language("zh")("frame.live_lost", shown=live) in said(frame())


def test_a_lost_live_file_is_made_again(two_weeks):
    """What it says makes no difference to a rebuild."""
    live = two_weeks.live_number()
    (two_weeks.folder / "LIVE").unlink()
    upkeep.rebuild(two_weeks)
    assert (two_weeks.live_number(), upkeep.verify(two_weeks)) == (live, [])


def test_a_live_file_that_points_nowhere_is_named_and_mended(two_weeks):
    live = two_weeks.live_number()
    disk.move_live(two_weeks.folder, 4711)
    assert kinds(two_weeks) == [("live_nowhere", 4711)]
    assert two_weeks.live().number == live
    upkeep.rebuild(two_weeks)
    assert (two_weeks.live_number(), upkeep.verify(two_weeks)) == (live, [])


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_store_of_one_release_comes_back_without_its_live_file_too(article_store, tmp_path, is_damaged):
    store = copy_of(article_store, tmp_path / "store")
    rows = store.live().rows()
    (store.folder / "LIVE").unlink()
    if is_damaged:
        flip(store, 1)
    upkeep.rebuild(store)
    assert (store.live_number(), upkeep.verify(store)) == (1, [])
    assert store.live().rows() == rows


@pytest.mark.parametrize(("beyond", "lost"), [(1, True), (2, False)])
def test_the_next_release_may_be_lost_and_one_after_that_is_no_number(two_weeks, beyond, lost):
    live = two_weeks.live_number()
    disk.move_live(two_weeks.folder, live + beyond)
    assert kinds(two_weeks) == [("missing" if lost else "live_nowhere", live + beyond)]
    made = upkeep.rebuild(two_weeks)
    assert made.lost == ((live + 1,) if lost else ())
    assert two_weeks.live_number() == live + lost


def test_a_release_beyond_live_is_named_and_live_leads_to_it_again(two_weeks):
    live = two_weeks.live_number()
    disk.move_live(two_weeks.folder, live - 1)
    assert kinds(two_weeks) == [("beyond", live)]
    upkeep.rebuild(two_weeks)
    assert (two_weeks.live_number(), upkeep.verify(two_weeks)) == (live, [])


def test_nothing_whole_is_said_and_not_taken_for_an_empty_store(store):
    for number in store.numbers():
        cut(store, number)
    with pytest.raises(Unreadable):
        store.standing()
    assert server.health()["ok"] is False
    assert language("zh")("frame.nothing_whole") in said(frame())


def test_an_empty_store_is_no_damaged_one(tmp_path, monkeypatch):
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path))
    with pytest.raises(NoRelease):
        Store(tmp_path).standing()
    assert server.health() == {"ok": True, "release": None}
    assert upkeep.verify(Store(tmp_path)) == []


@pytest.mark.parametrize("damage", [flip, remove])
def test_an_older_release_that_is_damaged_leaves_a_gap_and_never_a_wrong_figure(store, damage):
    before = look(store, Choices())
    compared = before.compared.number
    damage(store, compared)
    with pytest.raises((NoRelease, Unreadable)):
        store.release(compared)
    view = look(store, Choices())
    assert (view.release.number, view.compared, view.compare_on) == (before.release.number, None, None)
    assert not frame().exception


def test_a_damaged_live_release_comes_back_from_its_second_copy(two_weeks):
    live = two_weeks.live_number()
    rows = two_weeks.live().rows()
    flip(two_weeks, live)
    made = upkeep.rebuild(two_weeks)
    assert (made.lost, made.differences) == ((), ())
    assert (two_weeks.live_number(), two_weeks.live().rows(), upkeep.verify(two_weeks)) == (live, rows, [])


def test_without_a_second_copy_the_lost_release_is_named_and_no_number_is_given_again(two_weeks):
    live = two_weeks.live_number()
    disk.spare_of(two_weeks.folder, live).unlink()
    remove(two_weeks, live)
    made = upkeep.rebuild(two_weeks)
    assert (made.count, made.lost) == (live - 1, (live,))
    assert two_weeks.live_number() == live
    assert kinds(two_weeks) == [("missing", live)]
    assert two_weeks.newest_number() == live


def test_there_is_one_second_copy_and_it_is_of_the_newest_release(store):
    live = store.live_number()
    assert [path.name for path in (store.folder / "spare").iterdir()] == [f"{live:04d}.duckdb"]
    assert disk.spare_of(store.folder, live).read_bytes() == disk.path_of(store.folder, live).read_bytes()
    assert disk.spare_of(store.folder, live - 1) is None


def test_a_damaged_second_copy_is_named_and_made_again(two_weeks):
    live = two_weeks.live_number()
    path = disk.spare_path(two_weeks.folder, live)
    path.write_bytes(path.read_bytes()[:-1])
    assert kinds(two_weeks) == [("spare", live)]
    upkeep.rebuild(two_weeks)
    assert upkeep.verify(two_weeks) == []


def test_a_damaged_second_copy_is_named_beside_any_other_damage_but_that_of_its_release(store):
    live = store.live_number()
    path = disk.spare_path(store.folder, live)
    path.write_bytes(path.read_bytes()[:-1])
    remove(store, 1)
    assert kinds(store) == [("missing", 1), ("spare", live)]
    flip(store, live)
    assert ("spare", live) not in kinds(store)


def test_a_meeting_that_is_being_prepared_is_no_damage(store):
    one = meetings.begin(store, look(store, Choices()), "第三次推进会", store.live().as_of, ("zh",))
    assert upkeep.verify(store) == []
    store.shelf("meetings").write(one.meeting_id, b"{")
    assert [each.what for each in upkeep.verify(store)] == ["meeting"]


def test_what_a_crash_left_of_an_act_was_never_live_whichever_of_its_releases_it_is(store):
    live = store.live_number()
    (store.folder / "GOING-LIVE").write_bytes(b"%04d %04d\n" % (live + 1, live + 3))
    for number in range(live + 1, live + 4):
        disk.path_of(store.folder, number).write_bytes(b"half a release")
        assert disk.next_number(store.folder) == live + 1
    disk.path_of(store.folder, live + 4).write_bytes(b"once a release")
    assert disk.numbers_beyond(store.folder, live) == [live + 4]


def test_what_was_left_behind_is_named_and_swept_once_it_is_a_day_old(store):
    draft = publishing.draft_place(store.folder) / "0099.duckdb"
    draft.write_bytes(b"half a draft")
    torn = store.folder / "received" / "half.tmp"
    torn.write_bytes(b"half a file")
    assert upkeep.verify(store) == []  # somebody may be at it
    in_use.let_go(draft.parent)
    for path in (draft.parent, torn):
        os.utime(path, (0, 0))
    found = upkeep.verify(store)
    assert {(one.what, one.path) for one in found} == {("left_behind", draft.parent), ("left_behind", torn)}
    assert all(one.is_harmless for one in found)
    sweeping.sweep(store.folder)
    assert upkeep.verify(store) == []


def test_the_parts_of_a_verification_come_to_every_file_once(store):
    sums = sorted((store.folder / "received").iterdir())
    for path in sums:
        path.write_bytes(path.read_bytes() + b" ")
    for number in store.numbers():
        flip(store, number)
    whole = upkeep.verify(store)
    parts = [one for part in range(1, 6) for one in upkeep.verify(store, (part, 5))]
    assert sorted((one.what, one.path) for one in parts) == sorted((one.what, one.path) for one in whole)
    assert len(whole) == len(sums) + len(list((store.folder / "releases").glob("*.duckdb")))


def test_the_command_verifies_a_part_and_says_what_it_read(store, capsys):
    live = store.live_number()
    for said_part, code in (("1/2", 0), ("30", 0), ("3/2", 1), ("x", 1)):
        with pytest.raises(SystemExit) as left:
            main(["verify", "--store", str(store), "--part", said_part])
        assert left.value.code == code
    flip(store, live)
    with pytest.raises(SystemExit) as left:
        main(["verify", "--store", str(store), "--part", f"{live % live + 1}/{live}"])
    assert left.value.code == 1
    assert "与发布时不一致" in capsys.readouterr().out


def test_nothing_is_published_on_an_older_release_than_the_live_one(store):
    live = store.live_number()
    flip(store, live)
    note = Note("甲", store.live().as_of, "撤销", "Undone")
    acts = [
        lambda: store.publish([], note, live - 1),
        lambda: store.draft([], note, Decisions(), live - 1),
        lambda: store.draft_undo(1, note),
        lambda: store.take_back(1, note),
        lambda: store.remove_demo("甲"),
    ]
    for act in acts:
        with pytest.raises(NotWhole) as refused:
            act()
        assert obstacle(refused.value).blanks == {"shown": live - 1}
    assert store.live_number() == live


def test_a_command_that_hands_figures_on_refuses_a_damaged_store(store, capsys):
    flip(store, store.live_number())
    with pytest.raises(SystemExit) as left:
        main(["ask", "kpis", "--store", str(store)])
    assert left.value.code == 1
    assert "taizhang rebuild" in capsys.readouterr().err
