"""Publish, undo, replay, verify: whatever goes wrong, the last release stays live and readable."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ready_made import copy_of

from taizhang.declared import queries, tables
from taizhang.declared.values import CLEAR
from taizhang.rows import ledgers
from taizhang.rows.ledgers import RowsRefused
from taizhang.showing import upkeep
from taizhang.store import Damage, Store, disk, engine, publishing, releases, taking_back
from taizhang.store.releases import Note
from taizhang.uploads import shipped

WEEK_1, WEEK_2, WEEK_3 = dt.date(2019, 9, 13), dt.date(2019, 9, 20), dt.date(2019, 9, 27)

ISSUES = "issue_id,title\nWT-1,通行不便\nWT-2,审批太慢\n"
ACTIONS = (
    "action_id,issue_id,content,rect_type,resp_unit,due_on,status\n"
    "CS-1,WT-1,修路,限期整改,交通局,2019-10-01,整改中\n"
    "CS-2,WT-1,架桥,限期整改,交通局,2019-10-15,未启动\n"
)


def file(folder: Path, table: str, text: str) -> ledgers.LedgerFile:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table}.csv"
    path.write_text(text, encoding="utf-8")
    return ledgers.read(path, tables.ledgers()[table])


def note(as_of=WEEK_2, by="甲单位", **more) -> Note:
    return Note(by, as_of, "每周更新", "Weekly update", **more)


@pytest.fixture
def upload(tmp_path):
    """`upload(action="…csv…")` publishes files on the live release of the store `upload.store`."""

    def publish(as_of=WEEK_2, **texts: str) -> releases.Release:
        files = [file(tmp_path / "files", table, text) for table, text in texts.items()]
        parent = publish.store.live_number()
        return publish.store.publish(files, note(as_of, kind="upload" if parent else "first"), parent)

    publish.store = Store(tmp_path / "store")
    return publish


@pytest.fixture(scope="session")
def first_store(tmp_path_factory) -> Store:
    root = tmp_path_factory.mktemp("first")
    files = [file(root / "files", "issue", ISSUES), file(root / "files", "action", ACTIONS)]
    store = Store(root / "store")
    store.publish(files, note(WEEK_1, kind="first"), None)
    return store


@pytest.fixture
def store(upload, first_store):
    """A store of the test's own with one release: two issues, two measures."""
    return copy_of(first_store, upload.store.folder)


@pytest.fixture(scope="session")
def second_store(first_store, tmp_path_factory) -> Store:
    root = tmp_path_factory.mktemp("second")
    progress = file(root / "files", "action", "action_id,percent\nCS-1,10\n")
    store = copy_of(first_store, root / "store")
    store.publish([progress], note(WEEK_2), 1)
    return store


@pytest.fixture
def two_weeks(upload, second_store):
    """The same with a second release on top: progress of CS-1."""
    return copy_of(second_store, upload.store.folder)


def listing(store: Store) -> dict[str, str]:
    """Every file of a store with its checksum; received files aside, which are kept whatever happens."""
    return {
        path.relative_to(store.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(store.folder.rglob("*"))
        if path.is_file() and path.parent.name != "received" and path.name != "publish.lock"
    }


def action(release: releases.Release, key: str) -> dict:
    return release.rows()["action"][key]


# --- publish ---------------------------------------------------------------------------------------------------


def test_a_published_release_is_live_and_says_where_it_came_from(store, upload):
    made = upload(action="action_id,status\nCS-2,整改中\n")
    assert (store.live_number(), made.number, made.as_of, made.published_by) == (2, 2, WEEK_2, "甲单位")
    assert [row["as_of_on"] for row in made.notes()] == [WEEK_1, WEEK_2]
    assert [row["parent"] for row in made.notes()] == [None, 1]
    last = engine.rows_of(made.on_disk, "change")[-1]
    assert (last["table_name"], last["row_key"], last["field"]) == ("action", "CS-2", "status")
    assert (last["old"], last["new"], last["line"]) == ("not_started", "in_progress", 2)
    (received,) = [row for row in engine.rows_of(made.on_disk, "received") if row["release"] == 2]
    assert [received[f"rows_{what}"] for what in ("total", "new", "changed", "same")] == [1, 0, 1, 0]
    origin = {row["row_key"]: row for row in engine.rows_of(made.on_disk, "origin") if row["table_name"] == "action"}
    assert (origin["CS-1"]["release"], origin["CS-2"]["release"]) == (1, 2)
    assert origin["CS-2"]["sha256"] == received["sha256"] == last["sha256"]


def test_the_first_release_stays_as_it_was(store, upload):
    before = hashlib.sha256(disk.path_of(store.folder, 1).read_bytes()).hexdigest()
    upload(action="action_id,content\nCS-1,修一条路\n")
    assert action(store.release(1), "CS-1")["content"] == "修路"
    assert hashlib.sha256(disk.path_of(store.folder, 1).read_bytes()).hexdigest() == before


def test_the_bytes_received_are_kept_under_their_checksum(store, upload, tmp_path):
    data = "\ufeffaction_id,content\r\nCS-1,修一条路\r\n".encode()
    path = tmp_path / "措施.csv"
    path.write_bytes(data)
    one = ledgers.read(path, tables.ledgers()["action"])
    store.publish([one], note(), 1)
    assert (store.folder / "received" / hashlib.sha256(data).hexdigest()).read_bytes() == data
    (row,) = [row for row in engine.rows_of(store.live().on_disk, "received") if row["release"] == 2]
    assert (row["sha256"], row["file_name"], row["bytes"]) == (one.sha256, "措施.csv", len(data))


def test_a_column_a_file_does_not_have_stays_and_so_does_an_empty_cell(store, upload):
    made = upload(action="action_id,resp_unit,content\nCS-1,,修一条路\n")
    assert (action(made, "CS-1")["resp_unit"], action(made, "CS-1")["status"]) == ("交通局", "in_progress")
    assert action(made, "CS-2") == action(store.release(1), "CS-2")


@pytest.mark.parametrize("word", CLEAR)
def test_only_the_word_for_it_empties_a_cell(store, upload, word):
    assert action(upload(action=f"action_id,resp_unit\nCS-1,{word}\n"), "CS-1")["resp_unit"] is None


def test_the_same_file_again_changes_nothing(store, upload):
    made = upload(issue=ISSUES, action=ACTIONS)
    assert [row for row in engine.rows_of(made.on_disk, "change") if row["release"] == 2] == []
    received = [row for row in engine.rows_of(made.on_disk, "received") if row["release"] == 2]
    assert [(row["rows_total"], row["rows_same"]) for row in received] == [(2, 2), (2, 2)]


def test_the_original_due_date_is_the_first_one_and_no_file_moves_it(store, upload):
    assert action(store.live(), "CS-1")["original_due_on"] == dt.date(2019, 10, 1)
    later = upload(action="action_id,due_on\nCS-1,2019-11-01\n")
    assert action(later, "CS-1")["original_due_on"] == dt.date(2019, 10, 1)
    forced = upload(WEEK_3, action="action_id,original_due_on\nCS-1,2019-12-01\nCS-2,(清空)\n")
    assert action(forced, "CS-1")["original_due_on"] == dt.date(2019, 10, 1)
    assert action(forced, "CS-1")["due_on"] == dt.date(2019, 11, 1)
    assert action(forced, "CS-2")["original_due_on"] == dt.date(2019, 10, 15)


def test_a_measure_without_a_due_date_gets_its_original_one_when_it_first_has_one(upload):
    upload(WEEK_1, action="action_id,content\nCS-9,听意见\n")
    made = upload(WEEK_2, action="action_id,due_on\nCS-9,2019-10-08\n")
    assert action(made, "CS-9")["original_due_on"] == dt.date(2019, 10, 8)


def test_every_measure_has_a_snapshot_in_every_release(store, upload):
    made = upload(action="action_id,due_on\nCS-1,2019-11-01\n")
    snapshots = {(row["release"], row["action_id"]): row for row in engine.rows_of(made.on_disk, "action_snapshot")}
    assert set(snapshots) == {(1, "CS-1"), (1, "CS-2"), (2, "CS-1"), (2, "CS-2")}
    assert [snapshots[n, "CS-1"]["due_on"] for n in (1, 2)] == [dt.date(2019, 10, 1), dt.date(2019, 11, 1)]


def test_every_release_of_the_tiny_data_is_small(tiny_store):
    sizes = {number: disk.path_of(tiny_store.folder, number).stat().st_size for number in tiny_store.numbers()}
    assert sizes
    assert max(sizes.values()) < 2_000_000


# --- a failure changes nothing ---------------------------------------------------------------------------------

BREAKS_A_RULE = {
    "closed without a date": "action_id,status\nCS-1,已销号\n",
    "an issue that is not there": "action_id,issue_id\nCS-1,WT-404\n",
    "a required cell emptied": "action_id,content\nCS-1,(清空)\n",
    "a new row without a required cell": "action_id,resp_unit\nCS-9,交通局\n",
    "merged into itself": "action_id,status,cancel_reason,merged_into_id\nCS-1,撤销,重复,CS-1\n",
    "a number out of range": "action_id,percent\nCS-1,101\n",
    "a number too large": "action_id,percent\nCS-1,99999999999999999999\n",
}


@pytest.mark.parametrize("why", BREAKS_A_RULE)
def test_data_that_break_a_constraint_change_nothing(store, upload, why):
    before = listing(store)
    with pytest.raises(RowsRefused):
        upload(action=BREAKS_A_RULE[why])
    assert listing(store) == before
    assert upload(action="action_id,content\nCS-1,修一条路\n").number == 2


@pytest.fixture
def check(monkeypatch):
    """A check that refuses a measure called 禁止."""

    def of(severity: str) -> queries.Query:
        words = tables.words(["禁止", "Forbidden"])
        one = queries.Query(
            "forbidden",
            "checks",
            words,
            words,
            None,
            ("action",),
            {},
            (),
            None,
            None,
            severity,
            None,
            {},
            "select 'action' as table_name, action_id as row_key from action where content = '禁止'",
        )
        monkeypatch.setattr(queries, "checks", lambda: {"forbidden": one})
        return one

    return of


def test_a_failed_check_changes_nothing_and_carries_the_rows(store, upload, check):
    forbidden, before = check("error"), listing(store)
    with pytest.raises(publishing.CheckFailed) as caught:
        upload(action="action_id,content\nCS-1,禁止\n")
    assert (caught.value.check, caught.value.rows) == (forbidden, (("action", "CS-1"),))
    assert listing(store) == before
    assert upload(action="action_id,content\nCS-1,允许\n").number == 2


def test_a_warning_does_not_stop_anyone(store, upload, check):
    check("warning")
    assert upload(action="action_id,content\nCS-1,禁止\n").number == 2


class Crash(Exception):
    pass


def crash_at(monkeypatch, owner, name: str, call: int) -> None:
    """Let the given call of a function (counted from 1) fail, as a power cut would."""
    real, calls = getattr(owner, name), []

    def crash(*args, **kwargs):
        calls.append(args)
        if len(calls) == call:
            raise Crash(f"{name}, call {call}")
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, crash)


CALLS = {
    "os.replace": 4,
    "os.fsync": 11,
    "engine.build": 1,
    "engine.ask": 2,
    "engine.rename": 1,
    "disk.flush": 1,
    "disk.sha256_of": 1,
    "disk.write_whole": 4,
}


@pytest.mark.parametrize("what", CALLS)
def test_after_a_crash_at_any_step_the_last_release_is_live_and_the_next_upload_works(
    store, upload, check, monkeypatch, what
):
    """Step after step in one store: every upload but the first is the next one after a crash."""
    check("error")
    module, name = what.split(".")
    owner = {"os": os, "engine": engine, "disk": disk}[module]
    for call in range(1, CALLS[what] + 1):
        before = store.live()
        with monkeypatch.context() as patch:
            crash_at(patch, owner, name, call)
            try:
                upload(action=f"action_id,content\nCS-1,修{call}条路\n")
            except Crash:
                # only the last two flushes come after LIVE has moved; then the new release is complete
                has_moved = (what, call) in {("os.fsync", 10), ("os.fsync", 11)}
            else:
                has_moved = True
        live = store.live()
        assert live.number == before.number + has_moved
        assert action(live, "CS-1") == {**action(before, "CS-1"), **({"content": f"修{call}条路"} if has_moved else {})}
        assert upkeep.verify(store) == []
    after = upload(WEEK_3, action="action_id,content\nCS-2,架两座桥\n")
    assert (after.number, action(after, "CS-2")["content"]) == (live.number + 1, "架两座桥")
    assert [row["release"] for row in after.notes()] == list(range(1, after.number + 1))
    assert upkeep.verify(store) == []


def test_a_process_killed_while_it_writes_leaves_nothing_in_the_way(store, upload, tmp_path):
    """What a killed publisher leaves: half a draft, a torn write-ahead log, a release that never went live."""
    folder = store.folder / "releases"
    disk.announce(store.folder, 2, 2)
    (folder / "0002.draft").write_bytes(b"half a database")
    (folder / "0002.draft.wal").write_bytes(b"torn" * 999)
    (folder / "0002.duckdb").write_bytes(b"never live")
    (folder / "0002.sha256").write_text("0" * 64 + "  0002.duckdb\n")
    assert (store.numbers(), upkeep.verify(store)) == ([1], [])
    for left in folder.glob("*.draft*"):
        os.utime(left, (0, 0))  # long ago: a younger one may be another's work
    made = upload(action="action_id,content\nCS-1,修一条路\n")
    assert action(made, "CS-1")["content"] == "修一条路"
    assert upkeep.verify(store) == []
    assert {path.name for path in folder.iterdir()} == {"0001.duckdb", "0001.sha256", "0002.duckdb", "0002.sha256"}


# --- two publishers --------------------------------------------------------------------------------------------


def test_a_publisher_who_prepared_on_an_older_release_is_told_and_nothing_is_lost(store, upload, tmp_path):
    upload(action="action_id,content\nCS-1,先到\n")
    late, before = file(tmp_path / "late", "action", "action_id,content\nCS-1,后到\n"), listing(store)
    with pytest.raises(publishing.SomeonePublished) as caught:
        store.publish([late], note(), 1)
    assert (caught.value.expected, caught.value.live) == (1, 2)
    assert listing(store) == before


def test_of_several_threads_that_publish_on_one_release_exactly_one_wins(store, tmp_path):
    files = [file(tmp_path / str(n), "action", f"action_id,content\nCS-1,第{n}个\n") for n in range(4)]

    def publish(one: ledgers.LedgerFile) -> int | None:
        try:
            return store.publish([one], note(), 1).number
        except publishing.SomeonePublished:
            return None

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(publish, files), key=bool) == [None, None, None, 2]
    assert store.numbers() == [1, 2]
    assert upkeep.verify(store) == []


PUBLISHER = """
import datetime as dt, sys
from pathlib import Path
from taizhang.declared import tables
from taizhang.rows import ledgers
from taizhang.store import Store, publishing, releases
store, path = Store(Path(sys.argv[1])), Path(sys.argv[2])
one = ledgers.read(path, tables.ledgers()["action"])
print("ready", flush=True)
sys.stdin.readline()
try:
    print("won", store.publish([one], releases.Note("乙", dt.date(2019, 9, 20), "周", "Week"), 1).number)
except publishing.SomeonePublished:
    print("lost")
"""


def test_of_two_processes_that_publish_the_same_file_on_one_release_exactly_one_wins(store, tmp_path):
    file(tmp_path, "action", "action_id,content\nCS-1,同时\n")
    environment = {**os.environ, "PYTHONPATH": str(Path(releases.__file__).parents[2])}
    command = [sys.executable, "-c", PUBLISHER, str(store), str(tmp_path / "action.csv")]
    publishers = [
        subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, text=True, encoding="utf-8", env=environment)
        for _ in range(2)
    ]
    for one in publishers:
        assert one.stdout.readline() == "ready\n"
    for one in publishers:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate() for one in publishers]
    assert sorted(out for out, _ in said) == ["lost\n", "won 2\n"], said
    assert upkeep.verify(store) == []


# --- undo ------------------------------------------------------------------------------------------------------


def undo(store: Store, number: int, as_of=WEEK_3) -> releases.Release:
    return store.take_back(number, note(as_of, kind="undo", undoes=number))


def test_undo_brings_back_every_cell_and_row_exactly(store, upload):
    before = store.live().rows()
    upload(
        issue="issue_id,title\nWT-3,新问题\n",
        action="action_id,issue_id,content,resp_unit,due_on,percent,is_demo\n"
        "CS-1,,修一条路,(清空),2019-11-01,50,是\nCS-3,WT-3,新措施,,,,\n",
    )
    undone = undo(store, 2)
    assert undone.rows() == before
    assert (undone.number, undone.kind, undone.notes()[-1]["undoes"]) == (3, "undo", 2)
    assert store.release(2).rows() != before  # what was shown stays as it was shown
    assert undo(store, 3).rows() == store.release(2).rows()


def test_undo_takes_back_a_release_in_the_middle_and_leaves_later_ones(store, upload):
    upload(action="action_id,content\nCS-1,错了\n")
    upload(WEEK_3, action="action_id,content,percent\nCS-2,架两座桥,10\nCS-1,,20\n")
    undone = undo(store, 2)
    assert (action(undone, "CS-1")["content"], action(undone, "CS-1")["percent"]) == ("修路", 20)
    assert action(undone, "CS-2")["content"] == "架两座桥"


@pytest.mark.parametrize(
    ("first", "second", "cell"),
    [
        ("action_id,content\nCS-1,错了\n", "action_id,content\nCS-1,改对了\n", ("action", "CS-1", "content")),
        ("action_id,content\nCS-3,新\n", "action_id,percent\nCS-3,5\n", ("action", "CS-3", "*")),
    ],
)
def test_undo_of_what_was_changed_again_names_the_cell_and_changes_nothing(store, upload, first, second, cell):
    upload(action=first)
    upload(WEEK_3, action=second)
    before = listing(store)
    with pytest.raises(taking_back.UndoConflict) as caught:
        undo(store, 2)
    assert caught.value.cells == (cell,)
    assert listing(store) == before


def test_undo_of_a_row_that_others_refer_to_by_now_changes_nothing(store, upload):
    upload(issue="issue_id,title\nWT-3,新问题\n")
    upload(WEEK_3, action="action_id,issue_id\nCS-2,WT-3\n")
    before = listing(store)
    with pytest.raises(RowsRefused):
        undo(store, 2)
    assert listing(store) == before


def test_a_release_that_is_not_there_cannot_be_undone(store):
    with pytest.raises(releases.NoRelease):
        undo(store, 9)
    assert store.numbers() == [1]


def test_a_release_that_undoes_says_so_whatever_its_note_says(store, upload):
    upload(action="action_id,content\nCS-1,错了\n")
    undone = store.take_back(2, note(WEEK_3))
    assert (undone.kind, undone.notes()[-1]["undoes"]) == ("undo", 2)


# --- which release was known on a day --------------------------------------------------------------------------


def test_a_day_has_the_newest_release_whose_data_reach_no_further(store, upload):
    upload(WEEK_2, action="action_id,percent\nCS-1,10\n")
    upload(WEEK_3, action="action_id,percent\nCS-1,20\n")
    day = dt.timedelta(days=1)
    known = {
        when: store.standing().at(when).number
        for when in (WEEK_1 - day, WEEK_1, WEEK_2 - day, WEEK_2, WEEK_2 + day, WEEK_3 - day, WEEK_3, WEEK_3 + 999 * day)
    }
    assert list(known.values()) == [1, 1, 1, 2, 2, 2, 3, 3]


def test_a_release_with_an_earlier_day_takes_the_place_of_the_later_ones(store, upload):
    upload(WEEK_3, action="action_id,percent\nCS-1,90\n")
    undo(store, 2, WEEK_1)  # the third week was a mistake: its day is withdrawn
    assert [store.standing().at(day).number for day in (WEEK_1, WEEK_2, WEEK_3)] == [3, 3, 3]
    assert store.standing().at(WEEK_1 - dt.timedelta(days=1)).number == 3


def test_an_empty_store_has_no_release(tmp_path):
    empty = Store(tmp_path)
    assert (empty.numbers(), empty.live_number(), upkeep.verify(empty)) == ([], None, [])
    asking = (Store.live, lambda store: store.release(1), lambda store: store.standing().at(WEEK_1))
    for ask in asking:
        with pytest.raises(releases.NoRelease):
            ask(empty)


@pytest.mark.parametrize("number", [0, -1, 2])
def test_a_number_that_was_never_published_is_no_release(store, number):
    with pytest.raises(releases.NoRelease):
        store.release(number)


# --- giving numbers ---------------------------------------------------------------------------------------------


def test_the_next_number_looks_at_the_files_and_not_only_at_live(two_weeks):
    folder = two_weeks.folder
    assert disk.next_number(folder) == 3
    for lost in (lambda: disk.move_live(folder, 1), (folder / "LIVE").unlink):
        lost()
        with pytest.raises(disk.NumbersTaken) as refused:
            disk.next_number(folder)
        assert refused.value.numbers[-1] == 2
    disk.move_live(folder, 2)
    assert disk.next_number(folder) == 3


def test_what_a_crash_left_of_a_release_that_was_never_live_takes_no_number(store):
    folder = store.folder
    disk.announce(folder, 2, 3)
    for number in (2, 3):
        disk.path_of(folder, number).write_bytes(b"never live")
    assert disk.next_number(folder) == 2
    assert store.newest_number() == 1
    disk.path_of(folder, 4).write_bytes(b"not announced")
    with pytest.raises(disk.NumbersTaken):
        disk.next_number(folder)


def test_no_release_is_written_over_when_live_was_moved_back(two_weeks, upload):
    before = disk.path_of(two_weeks.folder, 2).read_bytes()
    disk.move_live(two_weeks.folder, 1)
    with pytest.raises(disk.NumbersTaken):
        upload(WEEK_3, action="action_id,content\nCS-1,另一条路\n")
    assert disk.path_of(two_weeks.folder, 2).read_bytes() == before
    assert two_weeks.live_number() == 1


def test_a_folder_that_holds_a_release_is_no_new_store(store):
    (store.folder / "LIVE").unlink()
    before = disk.path_of(store.folder, 1).read_bytes()
    with pytest.raises(shipped.AlreadyThere):
        shipped.init(store, "article")
    assert disk.path_of(store.folder, 1).read_bytes() == before


@pytest.mark.parametrize("said", ["0\n", "0000\n", "-1\n", "1_0\n", "٣\n", "99999999999999\n", "", "\x00" * 5])
def test_live_holds_the_number_of_a_release_or_is_unreadable(store, said):
    (store.folder / "LIVE").write_bytes(said.encode())
    with pytest.raises(engine.Unreadable):
        store.live_number()


# --- verify ----------------------------------------------------------------------------------------------------


def damage(store: Store) -> list[tuple[int | None, str]]:
    return [(one.release, one.what) for one in upkeep.verify(store)]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGE = {"checksum": flip, "missing": Path.unlink, "no_checksum": lambda path: path.with_suffix(".sha256").unlink()}


@pytest.mark.parametrize("what", DAMAGE)
@pytest.mark.parametrize("number", [1, 2])
def test_verify_finds_damage_in_any_release(two_weeks, what, number):
    assert upkeep.verify(two_weeks) == []
    engine.forget(disk.path_of(two_weeks.folder, number))
    DAMAGE[what](disk.path_of(two_weeks.folder, number))
    assert damage(two_weeks) == [(number, what)]


def test_verify_finds_a_truncated_file(store):
    path = disk.path_of(store.folder, 1)
    engine.forget(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert damage(store) == [(1, "checksum")]


@pytest.mark.parametrize("said", [b"", b"\xff\xfe", b"not a checksum"])
def test_verify_finds_a_damaged_checksum(store, said):
    disk.path_of(store.folder, 1).with_suffix(".sha256").write_bytes(said)
    assert damage(store) == [(1, "checksum")]


def resign(path: Path) -> None:
    """Give a file a checksum that fits it, as somebody might who replaces it by hand."""
    told = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{told}  {path.name}\n")


def test_verify_finds_a_file_that_is_no_release_in_spite_of_its_checksum(store):
    path = disk.path_of(store.folder, 1)
    engine.forget(path)
    path.write_bytes(b"no database" * 999)
    resign(path)
    assert damage(store) == [(1, "unreadable")]


def test_verify_finds_one_release_in_the_place_of_another(two_weeks):
    first, second = disk.path_of(two_weeks.folder, 1), disk.path_of(two_weeks.folder, 2)
    for path in (first, second):
        engine.forget(path)
    second.write_bytes(first.read_bytes())
    resign(second)
    assert damage(two_weeks) == [(2, "structure")]


def test_verify_finds_a_received_file_that_is_gone_or_not_what_was_received(two_weeks):
    (again,) = engine.rows_of(two_weeks.live().on_disk, "received", release=2)
    first = next(row for row in engine.rows_of(two_weeks.live().on_disk, "received", release=1))
    (two_weeks.folder / "received" / again["sha256"]).unlink()
    flip(two_weeks.folder / "received" / first["sha256"])
    found = upkeep.verify(two_weeks)
    assert [(one.release, one.what) for one in found] == [(2, "received_missing"), (1, "received_changed")]
    assert [one.path.name for one in found] == [again["sha256"], first["sha256"]]


def test_verify_asks_an_older_release_what_was_received_when_the_live_one_is_damaged(two_weeks):
    first = next(row for row in engine.rows_of(two_weeks.live().on_disk, "received", release=1))
    engine.forget(disk.path_of(two_weeks.folder, 2))
    flip(disk.path_of(two_weeks.folder, 2))
    (two_weeks.folder / "received" / first["sha256"]).unlink()
    assert damage(two_weeks) == [(2, "checksum"), (1, "received_missing")]


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"{}", b'{"version": 1}', b"\xff\xfe", b"null"])
def test_verify_finds_an_open_meeting_that_cannot_be_read(store, said):
    path = store.folder / "meetings" / "HY-001.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(said)
    assert upkeep.verify(store) == [Damage("meeting", path)]


def test_the_checksum_file_is_one_that_sha256sum_reads(store):
    path = disk.path_of(store.folder, 1)
    told = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.with_suffix(".sha256").read_text() == f"{told}  0001.duckdb\n"


# --- demo rows -------------------------------------------------------------------------------------------------


def test_removing_the_demo_brings_back_what_was_real_and_takes_the_rest_away(store, upload):
    real = store.live().rows()
    upload(
        issue="issue_id,title,is_demo\nWT-9,示例问题,是\n",
        action="action_id,issue_id,content,percent,is_demo\nCS-1,WT-9,示例,50,是\nCS-9,WT-9,示例,10,是\n",
    )
    upload(WEEK_3, action="action_id,percent,content\nCS-1,60,示例二\nCS-9,20,\n")
    assert store.live().demo_tables == {"issue", "action"}
    cleared = store.remove_demo("甲单位")
    assert cleared.rows() == real
    assert (cleared.demo_tables, cleared.kind, cleared.as_of) == (frozenset(), "remove_demo", WEEK_1)
    assert cleared.notes()[-1]["is_demo"] is False


def test_removing_the_demo_leaves_real_rows_that_came_later(store, upload):
    upload(issue="issue_id,title,is_demo\nWT-9,示例问题,是\n")
    upload(WEEK_3, action="action_id,content\nCS-7,真的\n")
    cleared = store.remove_demo("甲单位")
    assert "CS-7" in cleared.rows()["action"]
    assert "WT-9" not in cleared.rows()["issue"]


# --- a changed declaration -------------------------------------------------------------------------------------


def test_a_store_made_before_a_table_and_a_column_were_declared_opens_and_moves_on(store, monkeypatch, upload):
    """The release is rebuilt without the table `commitment` and without the column `action.return_count`."""
    old = [
        table.sql.replace("    return_count integer not null default 0 check (return_count >= 0),\n", "").replace(
            "    check (return_count = 0 or return_reason is not null),\n", ""
        )
        for table in tables.all_tables().values()
        if table.name not in ("commitment", "action_snapshot")
    ]
    path = disk.path_of(store.folder, 1)
    rows = {name: engine.rows_of(path, name) for name in engine.structure_of(path)}
    engine.forget(path)
    path.unlink()
    engine.build(path, old, [], {name: rows[name] for name in engine.declared_order(old)}, {})
    resign(path)
    releases.opened.cache_clear()
    assert "return_count" not in engine.structure_of(path)["action"]
    assert "commitment" not in engine.structure_of(path)

    assert action(store.live(), "CS-1")["return_count"] == 0
    assert store.live().rows()["commitment"] == {}
    made = upload(action="action_id,content\nCS-1,修一条路\n")
    assert action(made, "CS-1")["return_count"] == 0
    assert engine.structure_of(made.on_disk).keys() == tables.all_tables().keys()
    fields = [(row["row_key"], row["field"]) for row in engine.rows_of(made.on_disk, "change") if row["release"] == 2]
    assert fields == [("CS-1", "content")]


# --- asking ----------------------------------------------------------------------------------------------------


@pytest.fixture
def question(monkeypatch):
    words = tables.words(["措施", "Measures"])
    one = queries.Query(
        "measures",
        "answers",
        words,
        words,
        None,
        ("action",),
        {"least": words},
        (),
        None,
        None,
        None,
        None,
        {},
        "select action_id, percent from action where percent >= $least order by action_id",
    )
    asked = {**queries.answers(), "measures": one}
    monkeypatch.setattr(queries, "answers", lambda: asked)
    return one


def test_an_answer_carries_its_question_its_release_and_its_parameters(store, upload, question):
    made = upload(action="action_id,percent,is_demo\nCS-1,10,\nCS-2,20,是\n")
    answer = made.ask("measures", least=15)
    assert (answer.query, answer.release, answer.params) == (question, made, {"least": 15})
    assert answer.records() == [{"action_id": "CS-2", "percent": 20}]
    assert answer.column("percent") == [20]
    assert answer.is_demo
    assert not store.release(1).ask("measures", least=15).is_demo


@pytest.mark.parametrize("params", [{}, {"most": 1}, {"least": 1, "most": 2}])
def test_a_question_asked_with_other_parameters_is_refused(store, question, params):
    with pytest.raises(releases.ParametersWrong, match="least"):
        store.live().ask("measures", **params)


def test_a_question_that_nobody_wrote_is_refused(store):
    with pytest.raises(releases.NoSuchQuestion):
        store.live().ask("no_such_question")
