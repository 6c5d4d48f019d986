"""What nobody will finish or publish is swept, and nothing that somebody needs, whatever the clock says."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ready_made import copy_of

from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Store, clock, disk, drafts, engine, in_use, publishing, sweeping

DAYS = 24 * 60 * 60
HOLD = "import sys, filelock; one = filelock.FileLock(sys.argv[1]); one.acquire(); print('held', flush=True); input()"


@pytest.fixture(scope="module")
def shared(tiny_store, tmp_path_factory) -> Store:
    store = copy_of(tiny_store, tmp_path_factory.mktemp("sweeping") / "store")
    published = {row["sha256"] for row in store.live().records("received")}
    for name, path in disk.all_received(store.folder).items():
        if name not in published:  # what another test handed in and did not publish
            path.unlink()
    return store


@pytest.fixture
def store(shared) -> Store:
    """A copy that tests leave as it was: no release is published into it."""
    sweeping.sweep(shared.folder)
    return shared


def jump(monkeypatch, days: float) -> None:
    """The clock on the wall is set, while the computer runs."""
    now, today = time.time, clock.now
    monkeypatch.setattr(time, "time", lambda: now() + days * DAYS)
    monkeypatch.setattr(clock, "now", lambda: today() + dt.timedelta(days=days))


def began(store: Store) -> Path:
    place = publishing.draft_place(store.folder)
    disk.path_in(place, 99).write_bytes(b"half a draft")
    return place


def receive(store: Store, text: str, days_ago: float) -> Path:
    path = disk.keep(store.folder, text.encode())
    moment = time.time() - days_ago * DAYS
    os.utime(path, (moment, moment))
    return path


@pytest.mark.parametrize("days", [400, 2, -2, -400])
def test_a_clock_that_jumps_sweeps_no_draft_that_is_in_use(store, monkeypatch, days):
    mine = began(store)
    jump(monkeypatch, days)
    assert sweeping.left_behind(store.folder) == []
    publishing.throw_away(mine / "none")
    assert not mine.exists()


def test_a_draft_of_another_process_is_swept_a_day_after_that_ended_and_not_before(store, monkeypatch):
    theirs = began(store)
    in_use.let_go(theirs)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(theirs / in_use.LOCK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout.readline() == b"held\n"
        with monkeypatch.context() as patch:
            jump(patch, 400)
            assert sweeping.left_behind(store.folder) == []
    finally:
        other.kill()
        other.communicate()
    assert sweeping.left_behind(store.folder) == []
    jump(monkeypatch, 1.1)
    assert sweeping.left_behind(store.folder) == [theirs]
    sweeping.sweep(store.folder)
    assert not theirs.exists()


def test_a_draft_without_a_lock_is_nobodys(store):
    """As a crash leaves it that came between the folder and the lock."""
    place = store.folder / "drafts" / ("0" * 16)
    place.mkdir(parents=True)
    assert sweeping.left_behind(store.folder) == []
    os.utime(place, (time.time() - 1.1 * DAYS,) * 2)
    sweeping.sweep(store.folder)
    assert not place.exists()


def test_a_draft_that_its_own_process_has_not_come_back_to_for_a_day_is_swept(store, monkeypatch):
    left, looked_at = began(store), began(store)
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 1.1 * DAYS)
    in_use.come_back_to(looked_at)
    sweeping.sweep(store.folder)
    assert (left.exists(), looked_at.exists()) == (False, True)
    publishing.throw_away(looked_at / "none")


def test_a_received_file_that_nothing_names_is_swept_when_it_is_old_by_the_clock_and_by_the_releases(store):
    young, old = receive(store, "young", 6), receive(store, "old", 8)
    assert sweeping.left_behind(store.folder) == [old]
    sweeping.sweep(store.folder)
    assert young.exists()
    young.unlink()


@pytest.mark.parametrize("releases", [1, 2])
def test_two_releases_are_enough_of_a_clock_and_one_is_not(tiny_store, tmp_path, releases):
    store = copy_of(tiny_store, tmp_path / "store")
    (store.folder / "LIVE").write_bytes(f"{releases:04d}\n".encode())
    for number in range(releases + 1, 4):
        for path in (disk.path_of(store.folder, number), disk.spare_path(store.folder, number)):
            for one in (path, path.with_suffix(".sha256")):
                one.unlink(missing_ok=True)
    for path in disk.all_received(store.folder).values():
        path.unlink()
    old = receive(store, "old", 8)
    assert sweeping.left_behind(store.folder) == ([old] if releases == 2 else [])


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_jumps_sweeps_no_received_file(store, monkeypatch, days):
    young = receive(store, "young", 1)
    old = receive(store, "old", 8)
    with monkeypatch.context() as patch:
        jump(patch, days)
        assert sweeping.left_behind(store.folder) == ([old] if days > 0 else [])
    for path in (young, old):
        path.unlink()


def test_a_file_that_a_release_a_draft_or_an_open_meeting_names_is_never_swept(store):
    text = b"a draft is made of it"
    live = store.live()
    line = LedgerFile("action", "x.csv", text, "UTF-8", (Row(2, {"action_id": "CS-001", "percent": 7}),))
    note = Note("甲", live.as_of + dt.timedelta(days=7), "周", "Week")
    made = store.draft([line], note, Decisions(), live.number)
    receive(store, text.decode(), 30)
    shown = receive(store, "a meeting corrects it", 30)
    disk.make_folder(store.folder / "meetings")
    meeting = store.folder / "meetings" / "HY-900.json"
    meeting.write_text(f'{{"capsule": "{shown.name}"}}')
    for path in disk.all_received(store.folder).values():
        os.utime(path, (0, 0))
    assert sweeping.left_behind(store.folder) == []
    drafts.discard(made)
    meeting.unlink()
    named = hashlib.sha256(text).hexdigest()
    assert {path.name for path in sweeping.left_behind(store.folder)} == {named, shown.name}


def test_a_file_that_a_release_names_is_looked_at_once_and_what_came_since_each_time(store, tmp_path, monkeypatch):
    own, looked, real = copy_of(store, tmp_path / "store"), [], sweeping._written_at
    monkeypatch.setattr(sweeping, "_written_at", lambda one: looked.append(one.name) or real(one))
    published = disk.all_received(own.folder)
    for path in published.values():
        os.utime(path, (0, 0))
    assert sweeping.left_behind(own.folder) == []
    assert sorted(looked) == sorted(published)
    looked.clear()
    young, old = receive(own, "young", 6), receive(own, "old", 8)
    for _ in range(2):
        assert sweeping.left_behind(own.folder) == [old]
    assert sorted(looked) == sorted([young.name, old.name] * 2)


def test_a_sweep_looks_at_no_more_than_its_share_and_in_turn_every_file_is_looked_at(store, tmp_path, monkeypatch):
    """However many were handed in and never published, whoever publishes waits for a few hundred; verify finds all."""
    own, looked, real = copy_of(store, tmp_path / "store"), [], sweeping._written_at
    monkeypatch.setattr(sweeping, "_written_at", lambda one: looked.append(one.name) or real(one))
    monkeypatch.setattr(sweeping, "MOST_LOOKED_AT", 5)
    published = {*disk.all_received(own.folder)}
    for path in disk.all_received(own.folder).values():
        os.utime(path, (0, 0))
    young = {receive(own, f"young {place}", 6).name for place in range(8)}
    old = {receive(own, f"old {place}", 8).name for place in range(8)}
    everything = len(published | young | old)
    assert {path.name for path in sweeping.left_behind(own.folder)} == old
    sweeping._published.clear()
    for _ in range(-(-everything // 5)):
        looked.clear()
        sweeping.sweep(own.folder)
        assert len(looked) <= 5
    assert {*disk.all_received(own.folder)} == published | young


def test_a_process_that_sweeps_once_does_not_begin_with_the_same_files_as_every_other(store, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_LOOKED_AT", 1)
    for begin in ("0" * 64, "8" * 64, "f" * 64):
        monkeypatch.setattr(sweeping.secrets, "token_hex", lambda begin=begin: begin)
        monkeypatch.setattr(sweeping, "_turns", {})
        names = ["1" * 64, "9" * 64]
        assert sweeping._in_turn(store.folder, names) == [names[begin == "8" * 64]]
        assert sweeping._in_turn(store.folder, names) == [names[begin != "8" * 64]]


def test_what_a_power_cut_left_of_a_received_file_is_swept_after_a_day(store):
    left = [store.folder / "received" / f"{name}.tmp" for name in ("today", "yesterday")]
    for path, days in zip(left, (0.9, 1.1), strict=True):
        path.write_bytes(b"half a file")
        os.utime(path, (time.time() - days * DAYS,) * 2)
    assert sweeping.left_behind(store.folder) == left[1:]
    for path in left:
        path.unlink()


def test_a_draft_that_was_looked_at_is_held_open_by_nobody_once_it_is_thrown_away(store):
    live = store.live()
    line = LedgerFile("action", "x.csv", b"y", "UTF-8", (Row(2, {"action_id": "CS-001", "percent": 8}),))
    note = Note("甲", live.as_of + dt.timedelta(days=7), "周", "Week")
    made = store.draft([line], note, Decisions(), live.number)
    made.release.ask("campaign")
    assert made.release.on_disk in engine._readers
    drafts.discard(made)
    assert made.release.on_disk not in engine._readers


def test_no_received_file_is_swept_while_it_is_in_doubt_what_was_published(store):
    old, live = receive(store, "old", 8), (store.folder / "LIVE").read_bytes()
    for said in (b"0001\n", b"torn", None):
        if said is None:
            (store.folder / "LIVE").unlink()
        else:
            (store.folder / "LIVE").write_bytes(said)
        assert sweeping.left_behind(store.folder) == []
    (store.folder / "LIVE").write_bytes(live)
    assert sweeping.left_behind(store.folder) == [old]


def test_a_file_that_was_swept_while_it_was_written_is_written_again(tmp_path, monkeypatch):
    real, swept = os.replace, []

    def replace(temporary: Path, path: Path) -> None:
        if not swept:
            swept.append(temporary)
            temporary.unlink()
        real(temporary, path)

    monkeypatch.setattr(os, "replace", replace)
    disk.write_whole(tmp_path / "LIVE", b"0007\n")
    assert ((tmp_path / "LIVE").read_bytes(), len(swept)) == (b"0007\n", 1)
