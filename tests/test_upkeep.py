"""Every release made again from what was received: compared first, put in its place only when nothing differs."""

import datetime as dt
import shutil
from dataclasses import replace

import duckdb
import pytest

from taizhang.cli import main
from taizhang.declared import queries
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.showing import upkeep
from taizhang.store import CheckFailed, Note, SomeonePublished, Store, Unreadable, disk, publishing


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    return Store(shutil.copytree(tiny_store.folder, tmp_path / "store"))


@pytest.fixture
def two_weeks(two_weeks_store, tmp_path) -> Store:
    """A smaller store, for what is no other for a third release."""
    return Store(shutil.copytree(two_weeks_store.folder, tmp_path / "two_weeks"))


def bytes_of(store: Store) -> dict[str, bytes]:
    paths = sorted(path for path in store.folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(store.folder).as_posix(): path.read_bytes() for path in paths}


def told(store: Store) -> list:
    return [(one.rows(), one.notes()) for one in map(store.release, store.numbers())]


def test_a_rebuild_puts_the_same_releases_in_their_place_and_keeps_the_old_files(store):
    before, files = told(store), bytes_of(store)
    made = upkeep.rebuild(store)
    assert (made.count, made.differences, made.damaged) == (len(store.numbers()), (), ())
    assert told(store) == before
    assert upkeep.verify(store) == []
    kept = {f"releases/{path.name}": path.read_bytes() for path in made.replaced.iterdir()}
    assert kept == {name: data for name, data in files.items() if name.startswith("releases/")}
    assert [path.name for path in store.folder.iterdir() if path.name.startswith("rebuilding")] == []


def test_a_check_declared_since_refuses_the_next_release_and_none_that_was_live(two_weeks, monkeypatch):
    live, asked = two_weeks.live(), queries.checks()
    warning = live.broken_checks()[0][0]
    monkeypatch.setattr(queries, "checks", lambda: {**asked, warning.name: replace(warning, severity="error")})
    with pytest.raises(CheckFailed):
        two_weeks.publish([], Note("测试", live.as_of, "周报", "Weekly"), live.number)
    assert upkeep.rebuild(two_weeks).differences == ()


def test_a_release_that_is_gone_or_damaged_is_made_again(store):
    before = told(store)
    publishing.reopen(disk.path_of(store.folder, 2))
    disk.path_of(store.folder, 1).unlink()
    path = disk.path_of(store.folder, 2)
    path.write_bytes(path.read_bytes()[:5000])
    assert [one.what for one in upkeep.verify(store)] == ["missing", "checksum"]
    publishing.reopen(path)
    made = upkeep.rebuild(store)
    assert made.damaged == (1, 2)
    assert made.differences == ()
    assert told(store) == before
    assert upkeep.verify(store) == []


def test_a_release_that_says_something_else_than_what_was_received_stays_and_is_named(store):
    path = disk.path_of(store.folder, 2)
    publishing.reopen(path)
    with duckdb.connect(str(path)) as connection:  # somebody wrote into the file by hand
        connection.execute("update visit set visitor = '改过' where visit_id = (select max(visit_id) from visit)")
    publishing.reopen(path)
    files = bytes_of(store)
    made = upkeep.rebuild(store)
    assert [(one.release, one.table, one.rows) for one in made.differences] == [(2, "visit", 1)]
    assert made.replaced is None
    assert bytes_of(store) == files


def test_without_a_received_file_nothing_is_touched(store):
    row = store.live().records("received", release=1)[0]
    (store.folder / "received" / row["sha256"]).unlink()
    files = bytes_of(store)
    with pytest.raises(Unreadable, match=row["sha256"]):
        upkeep.rebuild(store)
    assert bytes_of(store) == files


def test_a_release_published_meanwhile_is_not_lost(two_weeks):
    live = two_weeks.live()
    line = LedgerFile("action", "x.csv", b"x", "UTF-8", (Row(2, {"action_id": "CS-001", "percent": 7}),))

    def publish_at_the_end(done: int, total: int) -> None:
        if done == total:
            two_weeks.publish([line], Note("乙", live.as_of + dt.timedelta(days=7), "周", "Week"), live.number)

    with pytest.raises(SomeonePublished):
        upkeep.rebuild(two_weeks, tell=publish_at_the_end)
    assert two_weeks.live().rows()["action"]["CS-001"]["percent"] == 7
    assert upkeep.verify(two_weeks) == []


def test_into_a_new_folder_it_is_made_and_compared_only(two_weeks, tmp_path):
    files = bytes_of(two_weeks)
    made = upkeep.rebuild(two_weeks, Store(tmp_path / "again"))
    assert made.replaced is None
    assert told(Store(tmp_path / "again")) == told(two_weeks)
    assert bytes_of(two_weeks) == files


def test_the_command_rebuilds_and_says_where_the_old_files_are(two_weeks, tmp_path, capsys):
    for extra, said in (([], "换下的文件"), (["--into", str(tmp_path / "again")], "已重做到")):
        with pytest.raises(SystemExit) as left:
            main(["rebuild", "--store", str(two_weeks), *extra])
        assert left.value.code == 0
        assert said in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main(["rebuild", "--store", str(two_weeks), "--into", str(tmp_path / "again")])
    assert left.value.code == 1
    assert "已存在" in capsys.readouterr().err
