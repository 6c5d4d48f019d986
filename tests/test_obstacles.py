"""A full disk, a folder that cannot be written to, a publisher who takes long: a sentence, and nothing has changed."""

import datetime as dt
import errno
import itertools
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from ready_made import copy_of
from streamlit.testing.v1 import AppTest

from taizhang.cli import main
from taizhang.declared.wording import language
from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.showing import upkeep
from taizhang.store import NoRelease, NotConfirmed, Note, NumbersTaken, Store, disk, engine
from taizhang.store.obstacles import Obstacle, obstacle

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS))
BUSY = disk.Busy("甲, 7, 2019-09-10 08:00 UTC")


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    return copy_of(tiny_store, tmp_path / "store")


def publish(store: Store) -> None:
    live = store.live()
    line = LedgerFile("action", "x.csv", b"x", "UTF-8", (Row(2, {"action_id": "CS-001", "percent": 7}),))
    store.publish([line], Note("甲", live.as_of + dt.timedelta(days=7), "周", "Week"), live.number)


def refuse(*_: object, **__: object) -> None:
    raise FULL


def test_a_disk_that_is_full_at_any_flush_changes_nothing_and_is_named(store, monkeypatch):
    """One flush after another in one store, until LIVE has moved: every attempt but the first is the next one after a
    full disk."""
    live, real, tried = store.live_number(), os.fsync, 0
    while store.live_number() == live:
        calls = itertools.count()

        def fsync(handle: int, calls=calls, place=tried) -> None:
            if next(calls) == place:
                raise FULL
            real(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fsync)
            with pytest.raises(OSError, match=FULL.strerror) as refused:
                publish(store)
        is_live = store.live_number() != live
        assert obstacle(refused.value) == (
            Obstacle("not_confirmed", {"number": live + 1}) if is_live else Obstacle("disk_full")
        )
        assert upkeep.verify(store) == []
        tried += 1
    assert (tried >= 8, store.live_number()) == (True, live + 1)
    publish(store)
    assert (store.live_number(), upkeep.verify(store)) == (live + 2, [])


def test_it_is_on_disk_that_a_number_was_given_before_anybody_is_told(store, monkeypatch):
    """Else LIVE, set back after a power cut, would let the number be given again."""
    real, seen = disk.flush_folder, []
    said = store.folder / "GOING-LIVE"

    def flush_folder(folder: Path) -> None:
        if folder == store.folder:
            seen.append((said.exists(), store.live_number()))
        real(folder)

    monkeypatch.setattr(disk, "flush_folder", flush_folder)
    live = store.live_number()
    publish(store)
    assert seen == [(True, live), (True, live + 1), (False, live + 1)]


def test_a_release_made_again_is_on_disk_under_its_name_before_its_old_checksum_goes(store, tmp_path, monkeypatch):
    old = disk.path_of(store.folder, 1)
    new = Path(shutil.copyfile(old, tmp_path / "again.duckdb"))
    with duckdb.connect(str(new)) as one:
        one.execute("create table made_again (n integer)")
    is_new, real, seen = new.stat().st_ino, disk.flush_folder, []

    def flush_folder(folder: Path) -> None:
        seen.append((old.stat().st_ino == is_new, len(old.with_suffix(".sha256").read_bytes().splitlines())))
        real(folder)

    monkeypatch.setattr(disk, "flush_folder", flush_folder)
    disk.replace_release(new, old)
    assert seen == [(False, 2), (True, 2), (True, 1)]


def test_a_second_copy_that_finds_no_room_holds_nothing_up(store, monkeypatch):
    real = disk.write_whole
    monkeypatch.setattr(disk, "write_whole", lambda path, data: (refuse if "spare" in str(path) else real)(path, data))
    live = store.live_number()
    publish(store)
    assert (store.live_number(), upkeep.verify(store)) == (live + 1, [])


@pytest.mark.parametrize("where", ["0005.duckdb", "LIVE"])
def test_a_draft_that_found_no_room_on_its_way_can_be_published_again(store, monkeypatch, where):
    live, real = store.live(), os.replace

    def replace(source, target) -> None:
        (refuse if Path(target).name == where else real)(source, target)

    line = LedgerFile("action", "x.csv", b"x", "UTF-8", (Row(2, {"action_id": "CS-001", "percent": 7}),))
    draft = store.draft([line], Note("甲", dt.date(2019, 9, 27), "周", "Week"), Decisions(), live.number)
    assert [one.number for one in draft.releases] == [4, 5]
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(OSError, match=FULL.strerror):
            store.publish_draft(draft)
    assert (store.live_number(), upkeep.verify(store)) == (live.number, [])
    assert store.draft_named(draft.name).rows() == draft.release.rows()
    assert store.publish_draft(draft).number == 5
    assert upkeep.verify(store) == []


def test_a_release_that_the_disk_did_not_confirm_is_said_to_be_live_and_its_draft_is_gone(store, monkeypatch):
    live, real = store.live(), disk.flush_folder

    def flush_folder(folder: Path) -> None:
        if folder == store.folder and store.live_number() != live.number:
            raise OSError(errno.EIO, os.strerror(errno.EIO))  # no obstacle when anything else meets it
        real(folder)

    line = LedgerFile("action", "x.csv", b"x", "UTF-8", (Row(2, {"action_id": "CS-001", "percent": 7}),))
    draft = store.draft([line], Note("甲", dt.date(2019, 9, 27), "周", "Week"), Decisions(), live.number)
    with monkeypatch.context() as patch:
        patch.setattr(disk, "flush_folder", flush_folder)
        with pytest.raises(NotConfirmed) as told:
            store.publish_draft(draft)
    assert (told.value.number, obstacle(told.value).what) == (5, "not_confirmed")
    assert not draft.release.on_disk.parent.exists()
    assert [store.release(number).rows()["action"]["CS-001"]["percent"] for number in (4, 5)] == [7, 7]
    assert (store.live_number(), upkeep.verify(store)) == (5, [])
    with pytest.raises(NoRelease):
        store.publish_draft(draft)
    publish(store)
    assert (store.live_number(), upkeep.verify(store)) == (6, [])


@pytest.mark.parametrize("said", [errno.ENOSPC, errno.EROFS])
def test_what_the_disk_says_to_the_database_is_said_as_the_disk_says_it(tmp_path, monkeypatch, said):
    def fail(*_: object) -> None:
        raise duckdb.IOException(f'IO Error: Could not write to file "x": {os.strerror(said)}')

    monkeypatch.setattr(engine, "_portions", fail)
    with pytest.raises(OSError, match=os.strerror(said)) as refused:
        engine.build(tmp_path / "x.duckdb", ["create table t (n integer)"], [], {"t": [{"n": 1}]}, {})
    assert refused.value.errno == said


def test_who_publishes_is_told_to_whoever_waits_too_long(store, monkeypatch):
    monkeypatch.setattr(disk, "MOST_SECONDS", 0.1)
    live, held, done = store.live_number(), threading.Event(), threading.Event()

    def hold() -> None:
        with disk.publishing_alone(store.folder):
            held.set()
            done.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(60)
    try:
        with pytest.raises(disk.Busy) as refused:
            publish(store)
    finally:
        done.set()
        other.join()
    assert f", {os.getpid()}, " in refused.value.who
    assert store.live_number() == live
    publish(store)
    assert store.live_number() == live + 1
    assert not (store.folder / "publish.who").exists()


def test_who_changes_a_meeting_is_told_to_whoever_waits_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "MOST_SECONDS", 0.1)
    shelf = Store(tmp_path).shelf("meetings")
    with shelf.locked(), ThreadPoolExecutor(1) as other, pytest.raises(disk.Busy) as refused:
        other.submit(shelf.locked().__enter__).result(60)
    assert f", {os.getpid()}, " in refused.value.who


@pytest.mark.parametrize("name", ["名" * 67, "a" * 300, "../x", "a/b", "", "\0"])
def test_a_name_that_no_file_can_have_is_no_name(tmp_path, name):
    shelf = Store(tmp_path).shelf("meetings")
    shelf.write("HY-001", b"{}")
    with pytest.raises(ValueError, match="name of a file"):
        shelf.read(name)
    with pytest.raises(NoRelease):
        Store(tmp_path).draft_named(name)


@pytest.mark.parametrize(
    "error",
    [FULL, READ_ONLY, BUSY, NumbersTaken(1, [2]), NotConfirmed(3, FULL), NotConfirmed(3, OSError(errno.EIO, "no"))],
    ids=lambda one: type(one).__name__,
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_each_in_one_sentence(store, monkeypatch, capsys, error, lang):
    def fail(_: Store) -> None:
        raise error

    monkeypatch.setattr(upkeep, "verify", fail)
    with pytest.raises(SystemExit) as left:
        main(["verify", "--store", str(store), "--lang", lang])
    met = obstacle(error)
    assert (left.value.code, capsys.readouterr().err) == (
        1,
        language(lang)(f"obstacle.{met.what}", **met.blanks) + "\n",
    )


def test_any_other_error_is_no_obstacle():
    assert obstacle(ValueError("no")) is None
    assert obstacle(OSError(errno.EIO, "no")) is None


def page() -> None:
    import errno

    import streamlit as st

    from taizhang.declared.wording import language
    from taizhang.ui.aloud import act, aloud, say_obstacle
    from taizhang.ui.until_drawn import drawn

    @act
    def publish() -> None:
        raise OSError(errno.ENOSPC, "full")

    t = language("zh")
    with drawn(), aloud(t):
        say_obstacle(t)
        st.button("a", on_click=publish)
        if st.button("b"):
            raise OSError(errno.EROFS, "read-only")
        st.button("c", on_click=act(lambda: 1 / 0))
        if st.button("d"):
            raise KeyError("d")


def test_the_page_says_what_kept_an_act_from_its_work_once():
    t = language("zh")
    shown = AppTest.from_function(page).run()
    for button, what in ((0, "disk_full"), (1, "read_only")):
        shown.button[button].click().run()
        assert not shown.exception
        assert t(f"obstacle.{what}") in " ".join(str(one.proto) for one in shown.main)
        shown.run()
        assert t(f"obstacle.{what}") not in " ".join(str(one.proto) for one in shown.main)


def test_an_unforeseen_error_gives_the_reference_that_the_log_has_and_keeps_the_page(unforeseen):
    shown = AppTest.from_function(page).run()
    for button in (2, 3):
        shown.button[button].click().run()
        assert not shown.exception
        (record,) = unforeseen
        (reference,) = record.args
        assert language("zh")("obstacle.unforeseen", reference=reference) in " ".join(
            str(one.proto.body) for one in shown.get("html")
        )
        assert record.exc_info[0] in (ZeroDivisionError, KeyError)
        unforeseen.clear()
