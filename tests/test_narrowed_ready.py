"""What a scope shows is made when it is looked at, or beforehand; what nobody is held to any more is taken away."""

import shutil
import subprocess
import sys
import threading

import pytest
from ready_made import copy_of
from test_restating import DAYS, publish

from taizhang.access import passwords
from taizhang.access.people import People
from taizhang.declared.root import ROOT
from taizhang.exhibits.views import Choices, look
from taizhang.server import narrowing
from taizhang.showing.upkeep import thin
from taizhang.store import Store, disk
from taizhang.store.campaigns import Campaigns
from taizhang.store.narrowed import Narrowed, narrowed, prepare, sweep
from taizhang.store.standing import in_force

UNIT = "一科"


def tell_of_a_unit(store: Store) -> None:
    publish(store, DAYS[0], {"CS-1": {"percent": 10, "resp_unit": UNIT}})
    publish(store, DAYS[2], {"CS-1": {"percent": 50}})
    for percent in (15, 25):
        publish(store, DAYS[0], {"CS-1": {"percent": percent}})


@pytest.fixture
def store(ready_made, tmp_path) -> Store:
    """Releases 1 to 6, of which 5 and 6 are in force."""
    return copy_of(ready_made("of_a_unit", tell_of_a_unit), tmp_path / "data")


def files_of(own: Narrowed) -> list[int]:
    return sorted(int(path.stem) for path in own.folder.glob("releases/*.duckdb"))


def test_a_first_visit_narrows_what_it_looks_at_and_no_more(store):
    own = narrowed(store, [UNIT])
    assert files_of(own) == [6]
    view = look(own, Choices())
    assert view.compared.number == 5  # the day it compares with is looked at too
    assert files_of(own) == [5, 6]
    assert own.release(2).number == 2
    assert own.standing().at(DAYS[0]).number == 5
    assert files_of(own) == [2, 5, 6]
    assert own.numbers() == [1, 2, 3, 4, 5, 6]


def test_a_trend_waits_for_nothing_and_has_every_value_once_all_is_ready(store):
    own = narrowed(store, [UNIT])
    asked = own.live().ask("kpis", as_of=DAYS[2]).records()
    kpi = next(row["kpi"] for row in asked if row["value"] is not None and row["part"] is None)
    before, now = own.trend(own.live(), DAYS[2], kpi)
    assert before is None
    assert now is not None
    assert files_of(own) == [6]
    while prepare(store, [UNIT]):
        pass
    assert files_of(own) == sorted(in_force(store.live()).values())
    assert None not in own.trend(own.live(), DAYS[2], kpi)


def test_one_step_makes_one_release_the_live_one_first_and_what_is_put_away_is_not_made_again(store):
    thin(store, 0, "办公室")
    own = Narrowed(narrowed(store, [UNIT]).folder, (UNIT,))
    shutil.rmtree(own.folder)
    steps = []
    while prepare(store, [UNIT]):
        steps.append(files_of(own))
    assert steps == [[6], [5, 6]]
    assert not (store.folder / "again").exists()
    assert narrowed(store, [UNIT]).release(1).rows()["action"]["CS-1"]["percent"] == 10
    assert (store.folder / "again").exists()  # somebody asked for it


@pytest.mark.parametrize("where", ["write_checksum", "move_live"])
def test_a_crash_in_the_middle_leaves_nothing_half(store, monkeypatch, where):
    expected = narrowed(store, []).live().rows()
    shutil.rmtree(store.folder / "access")

    def no_power(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(disk, where, no_power)
        with pytest.raises(KeyboardInterrupt):
            narrowed(store, [])
    own = narrowed(store, [])
    assert own.live().rows() == expected
    assert disk.is_as_written(disk.path_of(own.folder, 6))
    assert list(own.folder.rglob("*.tmp")) == []


@pytest.fixture
def people(store, monkeypatch) -> People:
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    people = People(store.folder)
    people.add("boss", "", "administrator", "河东-meeting-42")
    people.add("reader", "", "reader", "河东-meeting-42")
    people.hold_to("reader", [UNIT])
    return people


def test_after_a_publish_and_after_another_scope_everything_is_ready_and_the_old_is_gone(store, people):
    known, stopped = Campaigns(store.folder), threading.Event()
    narrowing.make_ready(known, people, stopped)
    own = Narrowed(narrowed(store, [UNIT]).folder, (UNIT,))
    assert files_of(own) == [5, 6]
    publish(store, DAYS[3], {"CS-1": {"percent": 80}})
    narrowing.make_ready(known, people, stopped)
    assert files_of(own) == [5, 6, 7]
    people.hold_to("reader", ["二科"])
    narrowing.make_ready(known, people, stopped)
    assert not own.folder.exists()
    assert [path.name for path in own.folder.parent.iterdir()] == [narrowed(store, ["二科"]).folder.name]
    people.disable("reader")
    narrowing.make_ready(known, people, stopped)
    assert list(own.folder.parent.iterdir()) == []


def test_whoever_watches_sees_what_a_command_did_and_stops_when_told(store, people, monkeypatch):
    monkeypatch.setattr(narrowing, "LOOKS_EVERY", 0.01)
    monkeypatch.setattr(narrowing, "PAUSE", 0)
    stopped, ready, made = threading.Event(), threading.Event(), narrowing.make_ready

    def seen(*args) -> None:
        made(*args)
        ready.set()

    monkeypatch.setattr(narrowing, "make_ready", seen)
    watching = threading.Thread(target=narrowing.watch, args=(Campaigns(store.folder), stopped))
    watching.start()
    assert ready.wait(60)
    ready.clear()
    people.hold_to("reader", ["二科"])  # as the command line does, in another process
    assert ready.wait(60)
    stopped.set()
    watching.join(60)
    assert not watching.is_alive()
    (left,) = (store.folder / "access" / "scopes").iterdir()
    assert left == narrowed(store, ["二科"]).folder


def test_scopes_of_a_campaign_that_is_gone_are_swept_and_others_stay(store, tmp_path):
    (tmp_path / "home" / "campaigns").mkdir(parents=True)
    first, second = (copy_of(store, tmp_path / "home" / "campaigns" / name) for name in ("A2019", "B2020"))
    stays, goes = narrowed(first, [UNIT]).folder, narrowed(second, [UNIT]).folder
    shutil.rmtree(second.folder)
    sweep(Campaigns(tmp_path / "home"), [[UNIT]])
    assert (stays.exists(), goes.exists()) == (True, False)


TWICE = """
import sys
from pathlib import Path
from taizhang.store import Store
from taizhang.store.narrowed import narrowed
own = narrowed(Store(Path(sys.argv[1])), [sys.argv[2]])
for number in own.numbers():
    assert own.release(number).rows()["action"], number
"""


def test_two_processes_that_narrow_at_once_do_not_take_each_others_files(store):
    command = [sys.executable, "-c", TWICE, str(store.folder), UNIT]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    assert [one.communicate()[1].decode() for one in both] == ["", ""]
    own = narrowed(store, [UNIT])
    assert files_of(own) == store.numbers()
    assert all(disk.is_as_written(disk.path_of(own.folder, number)) for number in store.numbers())
