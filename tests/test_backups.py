"""A data folder is kept a second time while people work in it, and comes back with every answer, or not at all."""

import json
import shutil
import threading
import zipfile
from pathlib import Path

import pytest
from ready_made import copy_of
from test_archives import every_answer
from test_campaigns import tz  # noqa: F401  (a fixture)

from benchmarks import backups_while_publishing
from taizhang.access.audit import Audit
from taizhang.exhibits.views import Choices, look
from taizhang.showing import meetings, upkeep
from taizhang.store import Note, Store, Unreadable, backups, clock, disk
from taizhang.store.backups import NotABackup
from taizhang.store.campaigns import Campaigns


@pytest.fixture
def known(tiny_store, tmp_path) -> Campaigns:
    """A data folder with two campaigns, one of them at the top; a meeting is being prepared, and an act was noted."""
    store = copy_of(tiny_store, tmp_path / "data")
    view = look(store, Choices())
    meetings.save(store, meetings.prepare(view, meetings.next_id(store), "推进会", view.as_of))
    folder = Campaigns(store.folder)
    folder.make_folder()
    copy_of(tiny_store, folder.new("JM2025").store.folder)
    Audit(store.folder).write("管理员", "publish", campaign="JM2025", release=3)
    return folder


@pytest.fixture(params=["folder", "file"])
def place(request, tmp_path) -> Path:
    return tmp_path / ("kept" if request.param == "folder" else "kept.zip")


def test_a_backup_gives_every_answer_again(known, place, tmp_path):
    kept = backups.back_up(known, place)
    again = backups.restore(place, tmp_path / "again")
    assert again.names() == known.names() == ("main", "JM2025")
    for one in known.all():
        store = again.named(one.name).store
        assert every_answer(store) == every_answer(one.store)
        assert upkeep.verify(store) == []
        assert disk.all_received(store.folder).keys() == disk.all_received(one.store.folder).keys()
    assert meetings.open_meetings(again.named("main").store) == meetings.open_meetings(known.named("main").store)
    assert list(Audit(again.folder).entries()) == list(Audit(known.folder).entries())
    assert Audit(again.folder).broken() is None
    assert (again.folder / "access" / "audit.jsonl").stat().st_mode & 0o077 == 0
    assert [one.files for one in backups.check(place)] == [kept.moment.files]


def test_the_next_backup_copies_only_what_came_since(known, tmp_path):
    place = tmp_path / "kept"
    first = backups.back_up(known, place)
    assert first.new_files == len({*first.moment.files.values()})  # both campaigns have the same releases, kept once
    assert backups.back_up(known, place).new_files == 0
    store = known.named("JM2025").store
    store.take_back(3, undone(store))
    third = backups.back_up(known, place)
    assert {name.rpartition("/")[2] for name in third.moment.files if name not in first.moment.files} == {
        "0004.duckdb",
        "0004.sha256",
    }
    assert third.new_files == 3  # and LIVE
    assert len(backups.moments(place)) == 3
    before = backups.restore(place, tmp_path / "before", at=backups.moments(place)[0].name)
    assert before.named("JM2025").store.live_number() == 3
    assert backups.restore(place, tmp_path / "newest").named("JM2025").store.live_number() == 4


def undone(store: Store) -> Note:
    return Note("测试", store.live().as_of, "撤销", "Undone")


def test_moments_beyond_those_to_keep_go_with_what_nobody_else_needs(known, tmp_path):
    place = tmp_path / "kept"
    backups.back_up(known, place)
    store = known.named("JM2025").store
    shutil.rmtree(store.folder)
    backups.back_up(known, place)
    last = backups.back_up(known, place, keep=1)
    assert [one.files for one in backups.moments(place)] == [last.moment.files]
    assert {path.name for path in (place / "objects").glob("*/*")} == {*last.moment.files.values()}
    assert backups.check(place)


@pytest.mark.parametrize("what", ["release", "received"])
def test_what_is_damaged_is_never_taken_in_and_what_was_kept_stays(known, tmp_path, what):
    place = tmp_path / "kept"
    backups.back_up(known, place)
    folder = known.named("main").store.folder
    path = disk.path_of(folder, 2) if what == "release" else next(iter(disk.all_received(folder).values()))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(Unreadable, match=path.name):
        backups.back_up(known, place)
    assert len(backups.moments(place)) == 1
    assert upkeep.verify(backups.restore(place, tmp_path / "again").named("main").store) == []


def test_what_was_damaged_in_the_backup_is_kept_again_while_it_can_be(known, tmp_path):
    place = tmp_path / "kept"
    backups.back_up(known, place)
    path = next(path for path in (place / "objects").glob("*/*") if path.stat().st_size > 100_000)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(NotABackup, match="damaged"):
        backups.check(place)
    with pytest.raises(NotABackup, match="damaged"):
        backups.restore(place, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert backups.back_up(known, place).new_files == 1
    assert len(backups.check(place)) == 2


@pytest.mark.parametrize("what", ["byte", "gone", "moment", "strange", "format", "sign"])
def test_what_is_not_whole_is_not_restored_and_leaves_nothing(known, tmp_path, what):
    place = tmp_path / "kept"
    backups.back_up(known, place)
    moment = next((place / "moments").glob("*.json"))
    path = place / backups._object(json.loads(moment.read_bytes())["LIVE"])
    if what == "byte":
        path.write_bytes(b"0002\n")
    elif what == "gone":
        path.unlink()
    elif what == "moment":
        moment.write_bytes(moment.read_bytes().replace(b'"LIVE"', b'"LIFE"'))
    elif what == "strange":
        said = json.dumps({"../../evil": "0" * 64}).encode()
        moment.unlink()
        (place / "moments" / f"20300101T000000Z-{backups._stamp(said)}.json").write_bytes(said)
    elif what == "format":
        (place / backups.SIGN).write_text('{"format": 2}')
    else:
        (place / backups.SIGN).unlink()
    with pytest.raises(NotABackup):
        backups.restore(place, tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "kept"]


def test_a_backup_while_others_publish_is_whole_each_time(tiny_store, tmp_path):
    store = copy_of(tiny_store, tmp_path / "data")
    known, place, done = Campaigns(store.folder), tmp_path / "kept", threading.Event()

    def publish() -> None:
        for _ in range(3):
            store.take_back(store.live_number(), undone(store))
        done.set()

    at_work = threading.Thread(target=publish)
    at_work.start()
    while not done.is_set():
        backups.back_up(known, place)
    at_work.join()
    backups.back_up(known, place)
    numbers = []
    found = backups.moments(place)
    of_its_own = [
        one for one, before in zip(found, (None, *found), strict=False) if not before or one.files != before.files
    ]
    for turn, one in enumerate(of_its_own):
        again = backups.restore(place, tmp_path / f"again{turn}", at=one.name).named("main").store
        assert upkeep.verify(again) == []
        numbers.append(again.live_number())
    assert (numbers == sorted(numbers), numbers[-1]) == (True, store.live_number())


def test_nothing_is_put_among_other_files_and_no_folder_in_use_is_written_into(known, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "photo.jpg").write_bytes(b"")
    with pytest.raises(NotABackup, match="not_one"):
        backups.back_up(known, other)
    backups.back_up(known, tmp_path / "kept")
    with pytest.raises(NotABackup, match="there_already"):
        backups.restore(tmp_path / "kept", other)
    with pytest.raises(NotABackup, match="nothing"):
        backups.back_up(Campaigns(tmp_path / "no_such"), tmp_path / "kept2")
    with pytest.raises(NotABackup, match="no_moment"):
        backups.restore(tmp_path / "kept", tmp_path / "again", at="1999")
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises(NotABackup, match="not_one"):
        backups.restore(tmp_path / "text.zip", tmp_path / "again")


def test_a_file_holds_nothing_in_the_open_but_what_it_says(known, tmp_path):
    place = tmp_path / "kept.zip"
    backups.back_up(known, place)
    assert place.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(place) as archive:
        assert archive.testzip() is None
        assert {name.partition("/")[0] for name in archive.namelist()} == {backups.SIGN, "objects", "moments"}


def test_two_moments_in_one_second_are_two(known, tmp_path, monkeypatch):
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)
    for _ in range(3):
        backups.back_up(known, tmp_path / "kept")
    assert len({one.at for one in backups.moments(tmp_path / "kept")}) == 3


def test_the_commands_say_what_they_did_and_what_is_wrong(known, tmp_path, tz):  # noqa: F811
    place, data = tmp_path / "kept", ("--store", known.folder)
    code, out, _ = tz("backup", place, *data, "--keep", "3")
    assert (code, "逐个核对无误" in out) == (0, True)
    code, out, _ = tz("backup", place, "--check", "--lang", "en")
    assert (code, out.startswith("The backup is whole: 1 moment, the newest ")) == (0, True)
    code, out, _ = tz("restore", place, tmp_path / "again")
    assert (code, "main, JM2025" in out) == (0, True)
    code, _, err = tz("restore", place, tmp_path / "again")
    assert (code, "已存在且不是空文件夹" in err) == (1, True)
    code, _, err = tz("restore", place, tmp_path / "new", "--at", "1999", "--lang", "en")
    assert (code, "no moment that begins with “1999”" in err) == (1, True)


def test_a_backup_while_another_process_publishes_and_puts_away_is_whole_each_time(tmp_path):
    reached, last = backups_while_publishing.tried(tmp_path, 5, pause=0.2)
    assert reached == sorted(reached)
    assert reached[-1] == last
