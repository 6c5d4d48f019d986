"""The stores that tests share: made once, never half made, and nobody's change to them goes unnoticed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ready_made import UNUSED_SECONDS, Lent, ReadyMade, WroteToIt, copy_of, go_on_as

from taizhang.store import Store


@pytest.fixture
def stores(tmp_path) -> ReadyMade:
    return ReadyMade(tmp_path)


made: list[Store] = []


def make(store: Store) -> None:
    """Something that looks like a store, and a note that it was made."""
    made.append(store)
    (store.folder / "releases").mkdir(parents=True)
    (store.folder / "releases" / "0001.duckdb").write_bytes(b"rows")
    (store.folder / "LIVE").write_text("0001\n")


@pytest.fixture(autouse=True)
def nothing_made():
    made.clear()


def test_a_store_is_made_once_and_found_again_by_the_next_run(stores, tmp_path):
    store = stores("one", make)
    assert stores("one", make) == ReadyMade(tmp_path)("one", make) == store
    assert len(made) == 1
    assert (store.folder / "LIVE").read_text() == "0001\n"


def test_stores_of_two_names_are_two(stores):
    assert stores("one", make) != stores("other", make)


def test_a_store_that_could_not_be_made_whole_is_not_there(stores):
    def crash(store: Store) -> None:
        make(store)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stores("one", crash)
    assert [path.name for path in (stores.folder / "one").iterdir() if path.is_dir()] == []
    assert (stores("one", make).folder / "LIVE").exists()
    assert len(made) == 2


@pytest.mark.parametrize("file", ["LIVE", "releases/0001.duckdb", "releases/0002.duckdb", "meetings/HY-1.json"])
def test_whoever_writes_to_it_is_noticed_and_the_next_run_makes_it_anew(file, stores, tmp_path):
    store = stores("one", make)
    stores.assert_untouched()
    (store.folder / file).parent.mkdir(exist_ok=True)
    (store.folder / file).write_text("something else")
    with pytest.raises(WroteToIt, match="one"):
        stores.assert_untouched()
    assert not (ReadyMade(tmp_path)("one", make).folder / "releases" / "0002.duckdb").exists()
    assert len(made) == 2


def test_whoever_takes_a_release_away_is_noticed(stores):
    (stores("one", make).folder / "releases" / "0001.duckdb").unlink()
    with pytest.raises(WroteToIt):
        stores.assert_untouched()


@pytest.mark.parametrize("file", ["received/abc", "drafts/x/0002.duckdb", "publish.lock"])
def test_what_no_reader_meets_is_no_change(file, stores):
    path = stores("one", make).folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("received")
    stores.assert_untouched()


def test_what_older_trees_left_goes_when_nobody_has_used_it_for_long(stores):
    used, unused = (stores.folder / "one" / name for name in ("used", "unused"))
    for path in (used, unused):
        path.mkdir(parents=True)
    long_ago = time.time() - UNUSED_SECONDS - 60
    os.utime(unused, (long_ago, long_ago))
    stores("one", make)
    assert (used.exists(), unused.exists()) == (True, False)


MAKER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from ready_made import ReadyMade
import slow
print(ReadyMade(Path(sys.argv[1]))("one", slow.make))
"""
SLOW = """
import time
def make(store):
    store.folder.mkdir()
    (store.folder / "LIVE").write_text("0001")
    with open(store.folder.parent / "made", "a") as told:
        told.write("once ")
    time.sleep(0.3)
"""


def test_two_workers_that_need_it_at_once_make_it_once(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    tests = Path(__file__).parent
    command = [sys.executable, "-c", MAKER, str(tmp_path / "stores"), str(tests)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(tests.parent)])}
    workers = [subprocess.Popen(command, stdout=-1, text=True, env=environment) for _ in range(2)]
    said = [worker.communicate()[0] for worker in workers]
    assert said[0] == said[1] != ""
    assert (tmp_path / "stores" / "one" / "made").read_text() == "once "


def test_a_lent_copy_goes_on_without_what_a_test_left_and_ends_when_somebody_publishes(stores, tmp_path):
    lent = Lent(stores("one", make), tmp_path / "lent")
    with lent as first:
        (first.folder / "drafts" / "x").mkdir(parents=True)
        (first.folder / "drafts" / "x" / "0002.duckdb").write_text("a draft")
        (first.folder / "received").mkdir()
        (first.folder / "received" / "abc").write_text("received")
    with lent as again:
        assert again == first
        assert list((again.folder / "drafts").iterdir()) == list((again.folder / "received").iterdir()) == []
        (again.folder / "releases" / "0002.duckdb").write_text("published")
        (again.folder / "LIVE").write_text("0002\n")
    with lent as anew:
        assert anew != first
        assert (anew.folder / "LIVE").read_text() == "0001\n"
    stores.assert_untouched()


def test_a_lent_copy_that_was_damaged_is_not_lent_again(stores, tmp_path):
    lent = Lent(stores("one", make), tmp_path / "lent")
    with lent as first:
        (first.folder / "releases" / "0001.duckdb").write_bytes(b"damaged")
    with lent as second:
        assert (second.folder / "releases" / "0001.duckdb").read_bytes() == b"rows"
    assert first != second


def test_a_copy_is_of_its_own(stores, tmp_path):
    store = stores("one", make)
    (copy_of(store, tmp_path / "own").folder / "releases" / "0001.duckdb").write_bytes(b"damaged in place")
    assert (store.folder / "releases" / "0001.duckdb").read_bytes() == b"rows"
    stores.assert_untouched()


def go_on(store: Store) -> None:
    """One release more, a meeting that waits, and LIVE at the new release."""
    (store.folder / "releases" / "0002.duckdb").write_bytes(b"more rows")
    (store.folder / "meetings").mkdir()
    (store.folder / "meetings" / "HY-1.json").write_text("a meeting")
    (store.folder / "LIVE").write_text("0002\n")


def test_a_store_may_start_from_another_and_leaves_that_as_it_was(stores):
    store = stores("one", make)
    further = stores("further", go_on, store)
    assert (further.folder / "releases" / "0001.duckdb").read_bytes() == b"rows"
    assert [(each.folder / "LIVE").read_text() for each in (store, further)] == ["0001\n", "0002\n"]
    assert stores("further", go_on, store) == further
    assert stores("further", go_on, stores("other", make)) != further
    stores.assert_untouched()


def test_a_copy_goes_on_as_another_did_and_keeps_what_was_put_into_it(stores, tmp_path):
    store = stores("one", make)
    further = stores("further", go_on, store)
    own = copy_of(store, tmp_path / "own")
    (own.folder / "meetings").mkdir()
    (own.folder / "meetings" / "HY-2.json").write_text("another meeting")
    assert go_on_as(own, further) == own
    files = {path.relative_to(own.folder).as_posix(): path.read_text() for path in own.folder.rglob("*.*")}
    assert files == {
        "releases/0001.duckdb": "rows",
        "releases/0002.duckdb": "more rows",
        "meetings/HY-1.json": "a meeting",
        "meetings/HY-2.json": "another meeting",
    }
    assert (own.folder / "LIVE").read_text() == "0002\n"
    stores.assert_untouched()


def test_a_copy_that_holds_a_release_of_its_own_goes_on_as_no_other_did(stores, tmp_path):
    store = stores("one", make)
    own = copy_of(store, tmp_path / "own")
    (own.folder / "releases" / "0002.duckdb").write_bytes(b"rows of its own")
    with pytest.raises(ValueError, match="did not start"):
        go_on_as(own, stores("further", go_on, store))
    assert (own.folder / "LIVE").read_text() == "0001\n"
