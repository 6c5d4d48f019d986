"""Old releases put away: which ones, that each opens as before, and that nothing notices: undo, meetings, rebuild."""

import datetime as dt
import json
import shutil
from gzip import compress, decompress
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from random_histories import HistoryWithMeetings, days_of
from ready_made import copy_of
from streamlit.testing.v1 import AppTest
from test_restating import DAYS, publish, tell_two_weeks

from taizhang.cli import main
from taizhang.declared import queries
from taizhang.declared.root import ROOT
from taizhang.evidence import passports
from taizhang.exhibits.catalogue import CATALOGUE
from taizhang.exhibits.views import Choices, look
from taizhang.rows.changes import Decisions
from taizhang.showing import meetings
from taizhang.showing.upkeep import rebuild, thin, unneeded, verify
from taizhang.store import (
    Note,
    Store,
    Unreadable,
    archives,
    away,
    backups,
    clock,
    disk,
    drafts,
    engine,
    releases,
    sweeping,
)
from taizhang.store.campaigns import Campaign, Campaigns
from taizhang.store.standing import in_force
from taizhang.uploads.rounds import file_of


def tell_and_correct(store: Store) -> None:
    """Releases 1 and 2 are of two weeks; 3 and 4, 5 and 6 correct the first and are of both: 5 and 6 are in force."""
    tell_two_weeks(store)
    publish(store, DAYS[0], {"CS-1": {"percent": 15}, "CS-2": {"blocker": "场地"}})
    publish(store, DAYS[0], {"CS-2": {"percent": 25}})


@pytest.fixture(scope="module")
def corrected(ready_made) -> Store:
    return ready_made("corrected", tell_and_correct)


@pytest.fixture
def store(corrected, tmp_path) -> Store:
    return copy_of(corrected, tmp_path / "store")


def all_of(store: Store) -> dict[int, tuple]:
    """All that each release holds, records and row order included."""
    found = {}
    for number in store.numbers():
        path = store.release(number).on_disk
        tables = sorted(engine.structure_of(path))
        found[number] = {table: [tuple(row.values()) for row in engine.rows_of(path, table)] for table in tables}
    return found


def files_of(store: Store) -> list[int]:
    return sorted(int(path.stem) for path in (store.folder / "releases").glob("*.duckdb"))


def test_what_is_not_in_force_goes_and_opens_as_before(store):
    before, told = (
        all_of(store),
        [store.release(number).stand_ins(queries.answers()["kpis"]) for number in store.numbers()],
    )
    assert sorted(in_force(store.live()).values()) == [5, 6]
    assert [one.release for one in unneeded(store, 0)] == [1, 2, 3, 4]
    size = sum(disk.path_of(store.folder, number).stat().st_size for number in (1, 2, 3, 4))
    found = thin(store, 0, "办公室")
    assert sum(one.bytes for one in found) == size
    assert files_of(store) == [5, 6]
    kept = sum(path.stat().st_size for path in (store.folder / "releases").glob("*.away"))
    assert kept * 20 < size
    assert verify(store) == []
    assert not (store.folder / "again").exists()  # nobody has asked for one yet
    assert all_of(store) == before
    assert [store.release(number).stand_ins(queries.answers()["kpis"]) for number in store.numbers()] == told
    assert away.remembered(store.folder, 2).by == "办公室"
    assert thin(store, 0, "办公室") == ()


def test_a_link_and_a_code_on_paper_lead_to_a_release_that_was_put_away(store, monkeypatch):
    then = look(store, Choices(release=2))
    code = passports.code(CATALOGUE["overview.headline"].exhibit(then, ""), then)
    thin(store, 0, "办公室")
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    app = AppTest.from_file(str(ROOT / "taizhang" / "frame.py"), default_timeout=60)
    app.query_params["release"] = "2"
    app.run()
    assert not app.exception
    assert app.session_state["_view"].release.number == 2
    assert app.session_state["_view"].ask("kpis").rows == then.ask("kpis").rows
    assert passports.read(store, code).release == 2


def test_an_undo_of_what_was_long_put_away_can_be_undone_too(store):
    before = days_of(store)
    thin(store, 0, "办公室")
    cells = store.conflicts_of(3, store.live())
    made = store.take_back(3, Note("测试", DAYS[0], "撤销", "Undo"), dict.fromkeys(cells, "earlier"))
    assert days_of(store)[DAYS[0]]["CS-1"]["percent"] == 10
    thin(store, 0, "办公室")
    store.take_back(made.number, Note("测试", DAYS[0], "撤销", "Undo"), {})
    assert days_of(store) == before
    assert verify(store) == []


def test_a_meeting_keeps_its_releases_and_days_keep_what_is_young(store, monkeypatch):
    view = look(store, Choices(release=2, as_of=DAYS[2]))
    one = meetings.begin(store, view, "会", DAYS[3], ("zh",))
    named = {number for number in (one.release, one.compared) if number}
    assert 2 in named
    assert {found.release for found in unneeded(store, 0)} == {1, 2, 3, 4} - named
    meetings.finish(store, one, "办公室")
    assert not named & {found.release for found in unneeded(store, 0)}
    assert unneeded(store, 1) == ()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=2))
    assert unneeded(store, 1) == unneeded(store, 0)


def test_a_sheet_that_was_handed_out_and_an_open_draft_keep_what_they_were_made_from(store):
    draft = store.draft([], Note("测试", DAYS[2], "周", "Week"), Decisions(), store.live_number())
    assert 6 not in {one.release for one in unneeded(store, 0)}
    publish(store, DAYS[2], {"CS-1": {"percent": 60}})  # the draft is late, and still open
    assert {5, 6} & {one.release for one in unneeded(store, 0)} == set()
    drafts.discard(draft)
    assert 6 in {one.release for one in unneeded(store, 0)}
    asked = {"request_id": "TB-001", "unit": "局", "return_by": DAYS[3], "release": 3}
    live = store.live()
    store.publish([file_of("TB-001.csv", [asked])], Note("测试", live.as_of, "下发", "Sent"), live.number)
    assert 3 not in {one.release for one in unneeded(store, 0)}


def test_a_crash_in_the_middle_leaves_both_and_the_next_time_ends_it(store, monkeypatch):
    before = all_of(store)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", _no_power)
        with pytest.raises(KeyboardInterrupt):
            thin(store, 0, "办公室")
    assert files_of(store) == [1, 2, 3, 4, 5, 6]
    assert (store.folder / "releases" / "0001.away").exists()
    assert verify(store) == []
    assert all_of(store) == before
    thin(store, 0, "办公室")
    assert files_of(store) == [5, 6]
    assert all_of(store) == before


def _no_power(*_args: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_what_stands_for_a_release_and_is_damaged_is_named_and_made_again_from_what_was_received(store, capsys):
    before = all_of(store)
    thin(store, 0, "办公室")
    gone = disk.away_path(store.folder, 2)
    said = json.loads(decompress(gone.read_bytes()))
    del said["tables"]["action"][0]
    gone.write_bytes(compress(json.dumps(said).encode()))
    disk.away_path(store.folder, 3).write_bytes(b"half")
    assert [(one.what, one.release) for one in verify(store)] == [("away", 2), ("away", 3)]
    with pytest.raises(Unreadable):
        store.release(3)
    with pytest.raises(SystemExit):
        main(["verify", "--store", str(store.folder), "--lang", "en"])
    assert "was put away and cannot be made again" in capsys.readouterr().out
    with pytest.raises(Unreadable):
        backups.back_up(Campaigns(store.folder), store.folder.parent / "kept")
    made = rebuild(store)
    assert (made.differences, made.damaged, made.returned) == ((), (2, 3), (1, 2, 3, 4))
    assert files_of(store) == [1, 2, 3, 4, 5, 6]
    assert list((store.folder / "releases").glob("*.away")) == []
    assert verify(store) == []
    assert [release["action"] for release in all_of(store).values()] == [one["action"] for one in before.values()]


def test_backups_and_archives_carry_what_was_put_away_and_older_moments_the_files(store, tmp_path):
    before, known, place = all_of(store), Campaigns(store.folder), tmp_path / "kept"
    first = backups.back_up(known, place).moment
    thin(store, 0, "办公室")
    kept = backups.back_up(known, place)
    assert kept.new_files == 4  # what stands for four releases
    for moment, files in ((first, [1, 2, 3, 4, 5, 6]), (kept.moment, [5, 6])):
        back = backups.restore(place, tmp_path / moment.name, moment.name).named("main").store
        assert files_of(back) == files
        assert all_of(back) == before
        assert verify(back) == []
    with (tmp_path / "one.zip").open("w+b") as out:
        archives.write(Campaign("main", store), out)
    taken = archives.read(Campaigns(tmp_path / "other"), tmp_path / "one.zip").store
    assert files_of(taken) == [5, 6]
    assert all_of(taken) == before


def test_a_backup_begun_before_a_release_was_put_away_beside_a_later_one_is_whole(store, tmp_path, monkeypatch):
    read, happened = backups._release, []

    def meanwhile(path: Path, sums: dict) -> bytes | None:
        if not happened:
            happened.append(path)
            publish(store, DAYS[0], {"CS-1": {"percent": 99}})  # 7 and 8, and 5 and 6 are in force no more
            thin(store, 0, "办公室")
        return read(path, sums)

    monkeypatch.setattr(backups, "_release", meanwhile)
    moment = backups.back_up(Campaigns(store.folder), tmp_path / "kept").moment
    assert happened
    assert all(away.remembered(store.folder, number).beside in (7, 8) for number in (1, 2, 3, 4, 5, 6))
    back = backups.restore(tmp_path / "kept", tmp_path / "back", moment.name).named("main").store
    assert back.live_number() == 8
    assert all_of(back) == all_of(store)


def test_what_was_made_again_is_swept_and_made_once_more(store, monkeypatch):
    thin(store, 0, "办公室")
    path = store.release(1).on_disk
    rows = store.release(1).rows()
    assert path.parent.name == "again"
    monkeypatch.setattr(sweeping, "STALE_SECONDS", -1)
    assert verify(store) == []  # it is nothing that was left behind
    sweeping.sweep(store.folder)
    assert not path.exists()
    releases.forget_opened()
    assert store.release(1).rows() == rows


def test_a_release_of_an_older_program_stays_to_tell_its_elders_by(store):
    for number in (1, 2, 3):
        path = disk.path_of(store.folder, number)
        engine.forget(path)
        _declare_something_else(path)
    releases.forget_opened()
    before = all_of(store)
    assert [(one.release, one.beside) for one in unneeded(store, 0)] == [(1, 3), (2, 3), (4, 6)]
    thin(store, 0, "办公室")
    assert all_of(store) == before
    assert "as_it_was" in engine.structure_of(store.release(1).on_disk)
    assert verify(store) == []


def _declare_something_else(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table as_it_was (code text primary key, share decimal(9, 4))")
        connection.execute("insert into as_it_was values ('甲', 0.25), ('乙', null)")
        connection.execute("create macro of_then(day) as table select code from as_it_was where day is not null")
    disk.write_checksum(path, path)


def test_the_command_says_which_and_does_it_when_it_is_meant(store, capsys):
    where = ["--store", str(store.folder), "--lang", "zh"]
    _run(["thin", *where])
    assert "各版本都有用，或不满 90 天" in capsys.readouterr().out
    _run(["thin", *where, "--keep-days", "0"])
    assert "有 4 个版本没有人需要（1–4，" in capsys.readouterr().out
    assert files_of(store) == [1, 2, 3, 4, 5, 6]
    _run(["thin", *where, "--keep-days", "0", "--yes", "--by", "办公室"])
    assert "已收起 4 个版本" in capsys.readouterr().out
    assert files_of(store) == [5, 6]


def _run(args: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(args)
    assert not ended.value.code


# --- any sequence ----------------------------------------------------------------------------------------------


class Thinned(RuleBasedStateMachine):
    """Weeks, corrections, undos, undos undone and meetings, with releases put away and made again in between."""

    folder: Path
    turns = 0

    @initialize()
    def begin(self):
        type(self).turns += 1
        self.history = HistoryWithMeetings(self.turns, self.folder / str(self.turns))
        self.store, self.said = self.history.store, {}

    @rule()
    def a_week(self):
        self.history.a_week()

    @precondition(lambda self: len(self.history.acts) > 1)
    @rule()
    def an_act_undone(self):
        self.history.an_act_undone()

    @precondition(lambda self: len(self.history.acts) > 1)
    @rule()
    def an_undo_undone(self):
        history = self.history
        history.take_back(history.take_back(history.by.choice(history.acts[1:])))
        history.expect(history.told)

    @rule()
    def a_meeting(self):
        self.history.a_meeting_sealed() if self.history.shown else self.history.a_meeting_begun()

    @rule()
    def put_away(self):
        thin(self.store, 0, "办公室")
        assert unneeded(self.store, 0) == ()

    @precondition(lambda self: len(self.said) < 9)
    @rule()
    def made_again(self):
        made = rebuild(self.store)
        assert (made.differences, made.damaged) == ((), ())
        assert files_of(self.store) == self.store.numbers()

    @invariant()
    def every_release_says_what_it_said(self):
        if hasattr(self, "history"):
            assert self.store.numbers() == list(range(1, self.store.live_number() + 1))  # none is given twice
            now = {number: self.store.release(number).rows() for number in self.store.numbers()}
            assert {number: now[number] for number in self.said} == self.said
            self.said = now

    def teardown(self):
        if hasattr(self, "history"):
            assert verify(self.store) == []
            there = set(files_of(self.store))
            assert {self.store.live_number(), *in_force(self.store.live()).values()} <= there
            assert meetings.releases_named(self.store) <= there
            shutil.rmtree(self.history.store.folder)


def test_whatever_happens_every_release_says_what_it_said(tmp_path):
    machine = type("ThinnedHere", (Thinned,), {"folder": tmp_path})
    run_state_machine_as_test(machine, settings=settings(max_examples=2, stateful_step_count=7))
