"""A store through hardship: publishers killed at any moment, and files damaged in any way.

    python tests/hardship.py kill --rounds 300       kill -9 while something is published
    python tests/hardship.py damage --rounds 300     a bit, a block, the end, or the whole of one file

Kill: what was acknowledged is there and says what it said, at most the act under way is there too and then all of it,
everything is whole, and the next publisher goes on. Half of the kills come while an act goes live, which is a hundredth
of the time.
Damage: `verify` names it, and no release answers anything but what it answered before: it says the same or cannot be
opened. After some of the damages the store is rebuilt, and is whole again, or says what is lost.

Each round is the work of a process of its own, begun by one that never opened a database.
"""

import argparse
import datetime as dt
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from taizhang.rows.ledgers import LedgerFile, Row  # noqa: E402
from taizhang.showing import upkeep  # noqa: E402
from taizhang.store import NoRelease, Note, Store, Unreadable, engine, publishing  # noqa: E402
from taizhang.store.standing import in_force  # noqa: E402

ROUNDS_A_STORE = 10  # then a new one: an old store takes longer to verify, and is no other
LONGEST_LIFE = 3.0  # seconds a publisher has, at most, before it is killed
GOING_LIVE = 0.03  # seconds it takes to make a draft the live release

Say = Callable[[object], None]


def in_a_process(work: Callable[[Say], None], kill_after: float | None = None, of: str | None = None) -> list[dict]:
    """What a new process says, until it is done or killed: after some seconds, counted from when it says it is at `of`
    if that is given. A failure of its own is raised here."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    until, said = None if kill_after is None or of else time.monotonic() + kill_after, b""
    while True:
        left = None if until is None else max(until - time.monotonic(), 0)
        if not select.select([reading], [], [], left)[0]:
            os.kill(child, signal.SIGKILL)
            until, of = None, None
        elif part := os.read(reading, 1 << 16):
            said += part
            if of and of.encode() in said:
                until, of = time.monotonic() + kill_after, None
        else:
            break
    os.close(reading)
    os.waitpid(child, 0)
    told = [json.loads(line) for line in said.splitlines() if line.endswith(b"}")]
    for one in told:
        if "failed" in one:
            raise AssertionError(one["failed"])
    return told


def _work(work: Callable[[Say], None], writing: int) -> None:
    def say(said: object) -> None:
        left = json.dumps(said).encode() + b"\n"
        while left:
            left = left[os.write(writing, left) :]

    try:
        work(say)
    except BaseException:
        say({"failed": traceback.format_exc()})
    os._exit(0)


# --- kill ------------------------------------------------------------------------------------------------------


def publish_on(store: Store, say: Say) -> None:
    """Publish again and again, and say what goes live and what was acknowledged: a new day and a correction of the day
    before it, which makes two releases, in turn."""
    going_live = publishing._go_live

    def said_aloud(folder: Path, drafts: list[Path], numbers: list[int]) -> None:
        say({"going": numbers[-1], "restates": len(numbers) > 1})
        going_live(folder, drafts, numbers)

    publishing._go_live = said_aloud
    while True:
        live = store.live()
        key, days = min(live.rows()["action"]), sorted(in_force(live))
        corrects = live.notes()[-1]["kind"] != "carried"
        cells = {"blocker": f"更正 {live.number}"} if corrects else {"percent": (live.number * 7) % 100}
        day = days[-2] if corrects else live.as_of + dt.timedelta(days=1)
        file = LedgerFile("action", "周报.csv", repr(cells).encode(), "UTF-8", (Row(2, {"action_id": key, **cells}),))
        made = store.publish([file], Note("甲", day, "周报", "Week"), live.number)
        say({"acknowledged": made.number, "key": key, "cells": cells})


def look_after_a_kill(store: Store, said: list[dict], before: int, say: Say) -> None:
    acknowledged = [one for one in said if "acknowledged" in one]
    live, last = store.live_number(), max([before, *(one["acknowledged"] for one in acknowledged)])
    known = {last, *(one["going"] for one in said if "going" in one)}
    wrong = [
        one
        for one in acknowledged
        if not one["cells"].items() <= store.release(one["acknowledged"]).rows()["action"][one["key"]].items()
    ]
    damage = [one.what for one in upkeep.verify(store) if not one.is_harmless]
    say(
        {
            "live": live,
            "lost": max(last - live, 0),
            "too_many": int(live not in known),
            "wrong": len(wrong),
            "damage": damage,
        }
    )


def kills(start: Store, rounds: int, seed: int, tell: Callable[[str], None]) -> Counter:
    chance, count = random.Random(seed), Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(rounds):
            if number % ROUNDS_A_STORE == 0:
                store = Store(Path(scratch) / f"{number}")
                shutil.copytree(start.folder, store.folder)
                before = store.live_number()
            is_late = chance.random() < 0.5
            life = chance.uniform(0, GOING_LIVE) if is_late else chance.uniform(0.05, LONGEST_LIFE)
            is_restating = chance.random() < 0.75  # of several files that go live at once: more can be half done
            until = f'"restates": {"true" if is_restating else "false"}' if is_late else None
            said = in_a_process(partial(publish_on, store), life, until)
            told = [one for one in said if "acknowledged" in one]
            (found,) = in_a_process(partial(look_after_a_kill, store, said, before))
            count["while a correction went live"] += is_late and is_restating
            count.update(kills=1, acknowledged=len(told), lost=found["lost"], wrong=found["wrong"])
            count.update(damaged=bool(found["damage"]) + found["too_many"])
            count["live though not acknowledged"] += found["live"] > max(
                [before, *(one["acknowledged"] for one in told)]
            )
            count["rounds with an announced number"] += (store.folder / "GOING-LIVE").exists()
            before = found["live"]
            if found["lost"] or found["wrong"] or found["damage"] or found["too_many"]:
                tell(f"round {number} (seed {seed}): {found}")
            if number % 25 == 24:
                tell(f"{number + 1}: {dict(count)}")
    return count


# --- damage ----------------------------------------------------------------------------------------------------


def _flip(data: bytearray, place: int, chance: random.Random) -> bytearray:
    data[place] ^= 1 << chance.randrange(8)
    return data


def _block(data: bytearray, place: int, chance: random.Random) -> bytearray:
    end = min(place + 4096, len(data))
    data[place:end] = bytes(end - place) if chance.random() < 0.5 else chance.randbytes(end - place)
    return data


NEEDED = ("releases", "received", "meetings")  # of these verify names every change

WAYS: dict[str, Callable[[bytearray, int, random.Random], bytearray | None]] = {
    "bit": _flip,
    "block": _block,
    "end": lambda data, place, chance: data[:place],
    "empty": lambda data, place, chance: bytearray(),
    "longer": lambda data, place, chance: data + chance.randbytes(100),
    "gone": lambda data, place, chance: None,
}


def damage(store: Store, chance: random.Random) -> tuple[str, str]:
    """Damage one file in one way, releases more often than others; what and how."""
    files = sorted(path for path in store.folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    releases = [path for path in files if path.suffix == ".duckdb"]
    path = chance.choice(releases if chance.random() < 0.6 else files)
    way, old = chance.choice(sorted(WAYS)), path.read_bytes()
    new = WAYS[way](bytearray(old), chance.randrange(max(len(old), 1)), chance) if old else None
    if new is None:
        path.unlink()
    else:
        path.write_bytes(new)
    what = path.relative_to(store.folder).parts[0] + (path.suffix if path.suffix == ".sha256" else "")
    return what, way if new != old else "none"


def truth(store: Store) -> dict[int, str]:
    """Release → every row of it and its figures, as one text."""
    return {number: _told(store, number) for number in store.numbers()}


def _say_truth(store: Store, say: Say) -> None:
    say(truth(store))


def _told(store: Store, number: int) -> str:
    one = store.release(number)
    return repr((one.rows(), one.notes(), one.ask("kpis", as_of=one.as_of).rows))


def look_after_damage(store: Store, known: dict[int, str], is_to_rebuild: bool, say: Say) -> None:
    found = sorted({one.what for one in upkeep.verify(store)})
    wrong, shut = _compared(store, known)
    told: dict[str, object] = {"named": found, "wrong": wrong, "shut": shut}
    if is_to_rebuild:
        try:
            made = upkeep.rebuild(store)
            again, still = _compared(store, known)
            left = sorted({one.what for one in upkeep.verify(store)})
            told |= {
                "rebuilt": not (again or still or left),
                "lost": len(made.lost),
                "left": left,
                "wrong": wrong + again,
            }
        except (Unreadable, NoRelease) as error:  # a received file is gone: the releases made of it are still there
            told |= {"rebuilt": False, "lost": 0, "left": [str(error)[:60]]}
            told["wrong"] = wrong + _compared(store, known)[0]
    say(told)


def _compared(store: Store, known: dict[int, str]) -> tuple[int, int]:
    """How many releases say something else than they did, and how many cannot be opened."""
    wrong = shut = 0
    for number, said in known.items():
        try:
            wrong += _told(store, number) != said
        except (Unreadable, NoRelease, engine.QuestionFailed):
            shut += 1
    return wrong, shut


def damages(start: Store, rounds: int, seed: int, tell: Callable[[str], None], rebuild_every: int = 10) -> Counter:
    chance, count = random.Random(seed), Counter()
    with tempfile.TemporaryDirectory() as scratch:
        (told,) = in_a_process(partial(_say_truth, start))
        known = {int(number): said for number, said in told.items()}
        for number in range(rounds):
            store = Store(Path(scratch) / f"{number}")
            shutil.copytree(start.folder, store.folder)
            what, way = damage(store, chance)
            is_to_rebuild = number % rebuild_every == 0
            (found,) = in_a_process(partial(look_after_damage, store, known, is_to_rebuild))
            is_unnamed = not found["named"] and way != "none"
            is_silent = is_unnamed and (what in NEEDED or bool(found["wrong"] or found["shut"]))
            count.update(damages=1, named=bool(found["named"]), wrong=found["wrong"], silent=is_silent)
            count[f"of {what}"] += 1
            count["unnamed and without effect"] += is_unnamed and not is_silent  # LIVE without its last line break
            count["with a gap"] += bool(found["shut"])
            if is_to_rebuild:
                count.update(rebuilt=1, **{"whole again": found["rebuilt"], "lost": found["lost"]})
            if found["wrong"] or found.get("lost") or is_silent:
                tell(f"round {number} (seed {seed}): {what} {way} → {found}")
            if number % 25 == 24:
                tell(f"{number + 1}: {dict(count)}")
            shutil.rmtree(store.folder)
    return count


def _build(folder: Path, say: Say) -> None:
    from conftest import build_tiny

    build_tiny(Store(folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hardship", choices=("kill", "damage"))
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path, help="what to start from; left out, the data set of the tests")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        start = Store(options.store or Path(scratch) / "tiny")
        if options.store is None:
            in_a_process(partial(_build, start.folder))
        suffer = {"kill": kills, "damage": damages}[options.hardship]
        count = suffer(start, options.rounds, options.seed, lambda said: print(said, flush=True))
    for name, number in count.items():
        print(f"{number:>7} {name}")
    sys.exit(1 if any(count[one] for one in ("lost", "wrong", "damaged", "silent")) else 0)


if __name__ == "__main__":
    main()
