"""Histories of everything that can happen to a store, beside a model in plain Python that says what each day holds.

    python tests/random_histories.py --seconds 600 --seed 1

tries as many as the time allows; `test_histories.py` tries a few. Weeks, corrections, days withdrawn, made-up rows
among real ones and their removal, undos; and meetings begun, moved, sealed, corrected and taken back in between. The
model shares no line with the product: a row is three cells. The same seed makes the same history.
"""

import argparse
import datetime as dt
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from test_restating import DAYS, KEYS, file_of, note  # noqa: E402

from taizhang.declared import queries  # noqa: E402
from taizhang.exhibits.views import Choices, look  # noqa: E402
from taizhang.rows.changes import Decisions  # noqa: E402
from taizhang.showing import meetings  # noqa: E402
from taizhang.showing.upkeep import verify  # noqa: E402
from taizhang.store import Release, Store  # noqa: E402
from taizhang.store.standing import act_of, in_force  # noqa: E402

MADE_UP = ("SL-1", "SL-2")
FIELDS = ("percent", "blocker", "is_demo")
EMPTY = dict.fromkeys(FIELDS)
MOST_OPEN = 2  # meetings at a time

Row = dict[str, object]
Rows = dict[str, Row]
Told = dict[dt.date, Rows]  # what each day holds


# --- the model -------------------------------------------------------------------------------------------------


def on(told: Told, day: dt.date) -> Rows:
    """What is known of a day: what the last day up to it holds."""
    known = [one for one in sorted(told) if one <= day]
    return told[known[-1]] if known else {}


def told_anew(told: Told, day: dt.date, cells: Rows, gone: tuple[str, ...], withdraws: bool) -> Told:
    """What each day holds once these cells were told of a day, and these rows left it."""
    was = on(told, max(told)) if withdraws else on(told, day)
    said = {key: {**was.get(key, EMPTY), **own} for key, own in cells.items()}
    now = {key: row for key, row in {**was, **said}.items() if key not in gone}
    after = {one: rows for one, rows in told.items() if one < day} | {day: now}
    for later in sorted(one for one in told if one > day and not withdraws):
        own = told[later]
        rows = {key: moved(was.get(key), now.get(key), own.get(key)) for key in {*was, *now, *own}}
        after[later] = {key: row for key, row in rows.items() if row is not None}
        was, now = own, after[later]
    return after


def moved(was: Row | None, now: Row | None, own: Row | None) -> Row | None:
    """The row of a later day when that of an earlier one went from `was` to `now`: what it said itself stays."""
    if was == now or own == now:
        return own
    if own == was:
        return now
    if now is None or own is None:
        return own
    before = was or EMPTY
    return {name: now[name] if now[name] != before[name] == own[name] else own[name] for name in FIELDS}


# --- what the store says ---------------------------------------------------------------------------------------


def rows_of(release: Release) -> Rows:
    return {key: {name: row[name] or None for name in FIELDS} for key, row in release.rows()["action"].items()}


def days_of(store: Store) -> Told:
    return {day: rows_of(store.release(number)) for day, number in in_force(store.live()).items()}


OF_RELEASES = ("release_list", "marks")  # they name the releases themselves, and an undo makes new ones
ASKED = [
    name
    for name, query in queries.answers().items()
    if set(re.findall(r"\$(\w+)", query.sql)) <= {"as_of", "district"} and name not in OF_RELEASES
]


def answers(store: Store) -> dict[tuple[dt.date, str], list[Row]]:
    """Every answer on every day, but for the releases that it names."""
    found = {}
    for day in in_force(store.live()):
        view = look(store, Choices(as_of=day))
        for asked in ASKED:
            records = view.ask(asked).records()
            found[day, asked] = [{name: row[name] for name in row if "release" not in name} for row in records]
    return found


def expect_same(ours: dict, theirs: dict) -> None:
    names = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    assert not names, [(name, ours.get(name), theirs.get(name)) for name in names]


# --- histories of days -----------------------------------------------------------------------------------------


class History:
    """Weeks, corrections, days withdrawn, made-up rows and undos in any order, in a store of its own."""

    def __init__(self, number: int, folder: Path):
        self.by, self.store = random.Random(number), Store(folder)
        self.told: Told = {}
        self.acts: list[int] = []
        self.happened: Counter[str] = Counter()  # how often each thing did
        self.publish(DAYS[1], self.cells(KEYS))

    def may_happen(self) -> Iterable[Callable[[], None]]:
        """What can happen next; what is there twice is twice as likely."""
        yield from (self.a_week, self.a_week, self.later_days_withdrawn, self.made_up_rows, self.an_act_undone_at_once)
        if len(self.acts) > 1:  # before the first act nothing was known
            yield self.an_act_undone
            yield self.an_undo_undone
        if any(row["is_demo"] for row in on(self.told, max(self.told)).values()):
            yield self.made_up_rows_removed
            yield self.made_up_rows_removed

    def go_on(self) -> None:
        """One thing more."""
        happens = self.by.choice(list(self.may_happen()))
        self.happened[happens.__name__] += 1
        happens()

    def cells(self, keys: Sequence[str]) -> Rows:
        """What a file says of some rows."""
        said = {"percent": range(1, 100), "blocker": "甲乙丙丁"}
        return {
            key: {name: self.by.choice(values) for name, values in said.items() if self.by.random() < 0.5}
            for key in self.by.sample(keys, self.by.randint(1, len(keys)))
        }

    def publish(self, day: dt.date, cells: Rows, later: str = "restate", may_leave: bool = False) -> None:
        """Publish cells of a day; perhaps a row that they do not name leaves."""
        free = (
            sorted(on(self.told, max(self.told) if later == "withdraw" else day).keys() - cells.keys())
            if self.told
            else []
        )
        gone = tuple(self.by.sample(free, 1)) if may_leave and free and self.by.random() < 0.4 else ()
        decisions = Decisions(frozenset(("action", key) for key in gone), "不再需要" if gone else "")
        draft = self.store.draft([file_of(cells)], note(day, later), decisions, self.store.live_number())
        made = self.store.publish_draft(draft)
        self.acts.append(act_of(made, made.number)[0])
        self.told = told_anew(self.told, day, cells, gone, later == "withdraw")
        self.expect(self.told)

    def expect(self, told: Told) -> None:
        expect_same(days_of(self.store), told)
        self.told = told

    def take_back(self, number: int) -> int:
        """Undo an act, and give the number of the one that does."""
        live = self.store.live()
        choices = dict.fromkeys(self.store.conflicts_of(number, live), "later")
        made = self.store.take_back(number, note(live.as_of), choices)
        return act_of(made, made.number)[0]

    def a_week(self) -> None:
        self.publish(self.by.choice(DAYS), self.cells(KEYS), may_leave=True)

    def later_days_withdrawn(self) -> None:
        self.publish(self.by.choice(sorted({*self.told, *DAYS})[:-1]), self.cells(KEYS), "withdraw", may_leave=True)

    def made_up_rows(self) -> None:
        said = self.cells(MADE_UP)
        self.publish(self.by.choice(DAYS), {key: {**cells, "is_demo": True} for key, cells in said.items()})

    def made_up_rows_removed(self) -> None:
        """Of the newest data the real rows are left as they are; taken back, the removal leaves nothing of itself."""
        before, was, newest = answers(self.store), self.told, on(self.told, max(self.told))
        made = self.store.remove_demo("测试")
        real = {key: row for key, row in newest.items() if not row["is_demo"]}
        self.expect({day: rows for day, rows in was.items() if day < made.as_of} | {made.as_of: real})
        if self.by.random() < 0.5:
            self.acts.append(made.number)
        else:
            self.take_back(made.number)
            self.expect(was)
            expect_same(answers(self.store), before)

    def an_act_undone_at_once(self) -> None:
        """Nothing is left of it."""
        was = self.told
        self.publish(self.by.choice(DAYS), self.cells(KEYS), self.by.choice(("restate", "withdraw")), may_leave=True)
        self.take_back(self.acts.pop())
        self.expect(was)

    def an_act_undone(self) -> None:
        self.acts.append(self.take_back(self.by.choice(self.acts[1:])))
        self.told = days_of(self.store)

    def an_undo_undone(self) -> None:
        """It gives back every answer on every day."""
        before, capsules = answers(self.store), meetings.capsules(self.store)
        self.take_back(self.take_back(self.by.choice(self.acts[1:])))
        self.expect(self.told)
        expect_same(answers(self.store), before)
        assert meetings.capsules(self.store) == capsules


# --- and of meetings -------------------------------------------------------------------------------------------


class HistoryWithMeetings(History):
    """The same, with meetings in between: an open one is moved by one explicit act alone, a capsule by nothing."""

    def __init__(self, number: int, folder: Path):
        self.shown: dict[str, tuple] = {}  # open meeting → what it shows
        self.sealed: dict[str, bytes] = {}  # SHA-256 → capsule
        super().__init__(number, folder)

    def may_happen(self) -> Iterable[Callable[[], None]]:
        yield from (self.a_week, self.later_days_withdrawn, self.made_up_rows)
        if len(self.acts) > 1:
            yield from (self.an_act_undone, self.an_undo_undone)
        if len(self.shown) < MOST_OPEN:
            yield from [self.a_meeting_begun] * 2
            if meetings.capsules(self.store):
                yield from [self.a_seal_opened] * 4
        if self.shown:
            yield from [self.a_meeting_sealed] * 4
        if self.behind():
            yield from [self.a_meeting_moved] * 4

    def go_on(self) -> None:
        super().go_on()
        assert {name: self.on_screen(name) for name in self.shown} == self.shown
        assert {sha256: self.store.received(sha256) for sha256 in self.sealed} == self.sealed

    def on_screen(self, name: str) -> tuple:
        """What an open meeting shows: its releases and days, their rows, every KPI."""
        one = meetings.meeting(self.store, name)
        view = one.view(self.store)
        rows = [rows_of(each) for each in (view.release, view.compared) if each]
        return (one.release, one.as_of, one.compared, one.compare_on), rows, view.ask("kpis").rows

    def behind(self) -> list[str]:
        """The open meetings that show other data than the newest they can."""
        shown = [(name, meetings.meeting(self.store, name)) for name in sorted(self.shown)]
        return [name for name, one in shown if one.release != meetings.newest(self.store, one).number]

    def a_meeting_begun(self) -> None:
        one = meetings.begin(self.store, look(self.store, Choices()), "会", DAYS[0], ("zh",))
        self.shown[one.meeting_id] = self.on_screen(one.meeting_id)

    def a_meeting_moved(self) -> None:
        name = self.by.choice(self.behind())
        shown = meetings.meeting(self.store, name)
        newest = meetings.newest(self.store, shown)
        now = meetings.take(self.store, shown, newest.number, newest.as_of)
        assert (now.release, now.as_of) == (newest.number, newest.as_of)
        self.shown[name] = self.on_screen(name)

    def a_meeting_sealed(self) -> None:
        name = self.by.choice(sorted(self.shown))
        before, one = self.store.live_number(), meetings.meeting(self.store, name)
        try:
            made = meetings.finish(self.store, one, "办公室", "改" if one.corrects else "")
        except meetings.CorrectedMeanwhile:
            assert self.store.live_number() == before
            return
        self.happened["a_seal_corrected"] += bool(one.corrects)
        sealed = meetings.sealed_by(self.store, made.number)
        pin = (sealed.release, sealed.as_of, sealed.compared, sealed.compare_on)
        assert pin == self.shown.pop(name)[0]
        self.acts.append(made.number)
        sha256 = meetings.capsules(self.store)[sealed.meeting_id]
        self.sealed[sha256] = self.store.received(sha256)

    def a_seal_opened(self) -> None:
        one = meetings.correct(self.store, self.by.choice(sorted(meetings.capsules(self.store))))
        self.shown.setdefault(one.meeting_id, self.on_screen(one.meeting_id))


# --- the command -----------------------------------------------------------------------------------------------


def tried(kind: type[History], number: int, folder: Path, steps: int) -> Counter[str]:
    """Try the history of a seed, and count what happened in it."""
    history = kind(number, folder)
    try:
        for _ in range(steps):
            history.go_on()
        assert verify(history.store) == []
    except BaseException as error:
        error.add_note(f"{kind.__name__} of seed {number} after {dict(history.happened)}")
        raise
    return history.happened


def main() -> int:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--seconds", type=float, default=600)
    command.add_argument("--seed", type=int, default=1)
    asked = command.parse_args()
    began, number, happened = time.monotonic(), asked.seed, Counter()
    while time.monotonic() - began < asked.seconds:
        for kind in (History, HistoryWithMeetings):
            with tempfile.TemporaryDirectory() as folder:
                happened += tried(kind, number, Path(folder) / "store", 12)
        number += 1
    print(f"seeds {asked.seed} to {number - 1}: {dict(happened)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
