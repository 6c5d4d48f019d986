"""So many at once and no more, and a server that is told to stop lets whoever publishes finish."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest
from ready_made import copy_of
from test_campaigns import tz  # noqa: F401  (a fixture)

from taizhang.declared.root import ROOT
from taizhang.showing import upkeep
from taizhang.store import turnstile
from taizhang.store.obstacles import obstacle
from taizhang.store.turnstile import Crowded, Turnstile


def holding(one: Turnstile) -> tuple[threading.Event, threading.Thread]:
    """Somebody who is inside until the event is set."""
    inside, done = threading.Event(), threading.Event()

    def stay() -> None:
        with one.passed():
            inside.set()
            done.wait()

    at_work = threading.Thread(target=stay)
    at_work.start()
    inside.wait()
    return done, at_work


def test_nobody_more_is_let_in_than_there_are_places():
    one = Turnstile("uploads", 2, wait=0.01)
    first, second = holding(one), holding(one)
    with pytest.raises(Crowded, match="2 uploads"), one.passed():
        pass
    assert (one.inside, one.turned_away) == (2, 1)
    for done, at_work in (first, second):
        done.set()
        at_work.join()
    assert one.until_empty(0)
    with one.passed():
        assert not one.until_empty(0)


def test_who_waits_comes_in_as_soon_as_there_is_a_place():
    one = Turnstile("exports", 1, wait=60)
    done, at_work = holding(one)
    threading.Timer(0.05, done.set).start()
    with one.passed(), one.passed():  # whoever is inside may pass again
        assert one.inside == 1
    at_work.join()
    assert one.inside == one.turned_away == 0


def test_what_breaks_inside_leaves_its_place():
    one = Turnstile("uploads", 1, wait=0)
    broken = one.counted(lambda: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            broken()
    assert one.until_empty(0)


@pytest.mark.parametrize(
    ("which", "args", "said"),
    [
        (turnstile.UPLOADS, ("check", "week.csv"), "4 uploads are being read"),
        (turnstile.EXPORTS, ("handout", "ledger", "-o", "x.xlsx"), "3 files are being made"),
    ],
)
def test_too_many_at_once_are_told_so_in_a_sentence(tz, tiny_store, tmp_path, monkeypatch, which, args, said):  # noqa: F811
    (tmp_path / "week.csv").write_text("action_id,percent\nCS-001,50\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(which, "wait", 0)
    others = [holding(which) for _ in range(which.most)]
    code, _, err = tz(*args, "--store", copy_of(tiny_store, tmp_path / "data"), "--lang", "en")
    for done, at_work in others:
        done.set()
        at_work.join()
    assert (code, err.count("\n")) == (1, 1)
    assert said in err
    assert not (tmp_path / "x.xlsx").exists()


# Opens the board; somebody publishes once it is up, and takes a second of it. Told by lines of its output.
SLOW = """
import os, sys, threading, time
from pathlib import Path
from taizhang import server
from taizhang.store import Note, Store, disk, leave

store, moved = Store(Path(sys.argv[1])), disk.move_live

def slowly(folder, number):
    print("PUBLISHING", flush=True)
    time.sleep(1)
    moved(folder, number)

def publish():
    leave.asked_of(lambda act: None, lambda *done: None)  # as a page would
    live = store.live()
    try:
        store.take_back(live.number, Note("测试", live.as_of, "撤销", "Undone"))
    except BaseException:
        os._exit(1)  # whoever reads the output would wait for ever

disk.move_live = slowly
server._warm = publish
server.serve(store.folder, server.Opening(port=int(sys.argv[2])))
"""


@pytest.mark.skipif(os.name != "posix", reason="there are no such signals here")
def test_a_server_that_is_stopped_while_somebody_publishes_lets_them_finish(tiny_store, tmp_path):
    store = copy_of(tiny_store, tmp_path / "data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    board = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(store), str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        said = next((line for line in board.stdout if "PUBLISHING" in line), "")
        assert said
        board.send_signal(signal.SIGTERM)
        board.wait(60)
    finally:
        board.kill()
        board.stdout.close()
    assert store.live_number() == 4
    assert [one for one in upkeep.verify(store) if not one.is_harmless] == []


def test_of_one_person_fewer_are_let_in_than_there_are_places(monkeypatch):
    one, there = Turnstile("uploads", 3, most_of_one=2, wait=0.01), ["zhang"]
    monkeypatch.setattr(turnstile, "_asked", [lambda: there[0]])
    others = [holding(one), holding(one)]
    with pytest.raises(Crowded) as met, one.passed():
        pass
    assert (met.value.most, met.value.is_own) == (2, True)
    assert obstacle(met.value).what == "crowded_own_uploads"
    there[0] = "li"
    with one.passed():
        there[0] = "wang"
        with pytest.raises(Crowded) as full:
            holding_at_once(one)
        assert (full.value.most, full.value.is_own) == (3, False)
    there[0] = ""  # nobody says who they are: there is one person, who may take every place
    others.append(holding(one))
    for done, at_work in others:
        done.set()
        at_work.join()
    assert (one.inside, dict(one._of)) == (0, {})


def holding_at_once(one: Turnstile) -> None:
    """In another thread, as somebody else would; raises what it met there."""
    met: list[Exception] = []

    def come() -> None:
        try:
            with one.passed():
                pass
        except Crowded as crowded:
            met.append(crowded)

    coming = threading.Thread(target=come)
    coming.start()
    coming.join()
    if met:
        raise met[0]


def test_what_is_made_later_is_theirs_who_asked_for_it(monkeypatch):
    one, there = Turnstile("exports", 5, most_of_one=1, wait=0), ["zhang"]
    monkeypatch.setattr(turnstile, "_asked", [lambda: there[0]])

    @turnstile.as_asked_now
    @one.counted
    def make() -> dict[str, int]:
        return dict(one._of)

    there[0] = ""
    assert make() == {"zhang": 1}


def test_too_many_questions_of_one_person_are_told_so_and_of_another_are_answered(tiny, monkeypatch):
    there = ["zhang"]
    monkeypatch.setattr(turnstile, "_asked", [lambda: there[0]])
    monkeypatch.setattr(turnstile.QUESTIONS, "wait", 0.01)
    others = [holding(turnstile.QUESTIONS) for _ in range(turnstile.QUESTIONS.most_of_one)]
    day = tiny.as_of - dt.timedelta(days=4321)  # nobody has asked this before
    with pytest.raises(Crowded):
        tiny.ask("kpis", as_of=day)
    there[0] = "li"
    assert tiny.ask("kpis", as_of=day).rows
    for done, at_work in others:
        done.set()
        at_work.join()
