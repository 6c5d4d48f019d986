"""Taking a release back, and taking the demo out: new releases in which changes are undone; nothing is erased."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from taizhang.declared.values import to_text
from taizhang.rows import carrying, changes
from taizhang.rows.changes import WHOLE_ROW, CellName, Choice, RowName, Rows
from taizhang.store import publishing, releases
from taizhang.store.publishing import Recipe, Restated
from taizhang.store.releases import NoRelease, Note, Release
from taizhang.store.standing import act_of, in_force, in_force_by

LATER, EARLIER = "later", "earlier"  # which of two values stands: the one of a later release, or the one before


class UndoConflict(Exception):
    """Cells of the release to undo were changed again later; carries them as (table, row key, field).

    `values` has for each its value now and the one before the release, as text (a whole row as JSON).
    """

    def __init__(
        self, cells: Iterable[CellName], values: Mapping[CellName, tuple[str | None, str | None]] | None = None
    ):
        self.cells, self.values = tuple(cells), dict(values or {})
        super().__init__(f"{len(self.cells)} cells were changed again by later releases, first {self.cells[0]}")


def undo(folder: Path, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None) -> Release:
    """Publish releases in which the act that release `number` belongs to is taken back; nothing is erased.

    The day is that of the act, whatever the note says. A cell that was changed again later is in conflict: `choices`
    says for each whether the later value stays ("later") or the one before the act comes back ("earlier"). Raises
    `NoRelease`, or `UndoConflict` with the conflicts that are not chosen on.
    """
    return publishing.publish(folder, undoing(folder, number, note.plain(), choices))


def undoing(
    folder: Path,
    number: int,
    note: Note,
    choices: Mapping[CellName, Choice] | None = None,
    since: dt.date | None = None,
    withdrew: Iterable[dt.date] = (),
) -> Recipe:
    """The recipe of the act that takes another back; see `undo`.

    Every day the act changed, and nobody since, becomes what it was before; what later acts and later days said
    themselves stays. A day that only the act spoke of is withdrawn, unless it is the first of all. `since` is the day
    to begin with, and `withdrew` are the days it withdrew, when one is made again: there was a time when days after a
    withdrawn one were left as they were, and when a first day that an undo had emptied was withdrawn.
    """
    current, choices = releases.live(folder), dict(choices or {})
    if not 0 < number <= current.number:
        raise NoRelease(f"{folder}: no release {number}")
    first = act_of(current, number)[0]
    conflicts = _in_conflict(current, first, choices)
    unchosen = {cell: values for cell, values in conflicts.items() if cell not in choices}
    if unchosen:
        raise UndoConflict(unchosen, unchosen)
    decided = [
        {"kind": choices[cell], **dict(zip(("table_name", "row_key", "field"), cell, strict=True))}
        for cell in conflicts
    ]
    days, withdrawn = _days_without(folder, current, first, choices, frozenset(withdrew))
    days = [one for one in days if since is None or one.day >= since] or days[-1:]
    opening, before = days[0], days[0].before
    if withdrawn and opening.day < withdrawn[-1]:  # nothing is left to say but that the day is gone
        before = releases.release(folder, in_force(current)[withdrawn[-1]]).rows()
    own = Note(note.by, opening.day, note.zh, note.en, "undo", first, note.at)
    return Recipe(
        before,
        opening.after,
        own,
        current.number,
        opening.base,
        decided=decided,
        withdraws=withdrawn,
        then=days[1:],
        start=opening.start,
    )


def _in_conflict(current: Release, first: int, choices: Mapping[CellName, Choice]) -> Mapping:
    """The cells of an act that do not hold any more, in the live release, what it wrote: with their values.

    None when the act made the live release, or alone spoke of its day: what was before comes back as it was.
    """
    if current.number in act_of(current, first) or current.as_of not in spoken_of_without(current, first):
        return {}
    own = current.records("change", release=first)
    return changes.revert(current.rows(), own, choices, _removals(current, first)).conflicts


def _days_without(
    folder: Path, current: Release, first: int, choices: Mapping[CellName, Choice], withdrew: frozenset[dt.date]
) -> tuple[list[Restated], tuple[dt.date, ...]]:
    """The days to restate when an act is taken back, in their order and never none, and the days to withdraw."""
    was = in_force_by(current, first - 1)
    made = in_force_by(current, act_of(current, first)[-1])
    now, act = in_force(current), act_of(current, first)
    staying = spoken_of_without(current, first) | (was.keys() & now.keys()) - withdrew
    touched = {day for day in {*was, *made} if was.get(day) != made.get(day)}
    start = min(touched)
    wanted = [row for row in current.records("change", release=first) if choices.get(_cell(row)) == EARLIER]
    removals = _removals(current, first)

    def rows(number: int | None) -> Rows:
        return releases.rows_before(folder, number)

    old = new = rows(_before(now, start))  # the day before, as it is and as it is to be
    found: list[Restated] = []
    withdrawn: list[dt.date] = []
    for day in sorted({*staying, *now}):
        own = rows(now[day]) if day in now else None
        if day < start or (own is None and day not in was):
            continue
        if day not in staying:
            withdrawn.append(day)
            old = own
            continue
        base, start_of, kept = now.get(day), own, ()
        if day in touched and day in was:
            after = carrying.carried(rows(_before(was, day)), new, rows(was[day])).rows
            if own is None or own == rows(made.get(day)):  # nobody has said more of the day since
                base, start_of = was[day], rows(was[day])
            else:
                after, kept = _both(carrying.carried(rows(made.get(day)), after, own))
        elif day in touched:  # only the act told the day first; others have told more of it
            after, kept = _both(carrying.carried(rows(made[day]), new, own))
        else:
            after, kept = _both(carrying.carried(old, new, own))
        if wanted:
            after = changes.revert(after, wanted, choices, removals).rows
        found.append(Restated(day, base, old if own is None else own, after, kept, start_of))
        old, new = old if own is None else own, after
    known = min(withdrawn, default=dt.date.max)  # a release of a later day tells of this one, whatever its rows are
    # What stays as it is needs no release, unless the day is not told of yet, or is told of by the act itself.
    told = {day for day, number in now.items() if number not in act and day < known}
    while len(found) > 1 and found[0].before == found[0].after and found[0].day in told:
        found.pop(0)
    newest = max({*now, *(one.day for one in found)} - set(withdrawn))
    if not found or found[-1].day != newest:
        standing = rows(now[newest])
        found.append(Restated(newest, now[newest], standing, standing, (), standing))
    return found, tuple(withdrawn)


def _both(result: carrying.Carried) -> tuple[Rows, tuple[CellName, ...]]:
    return result.rows, result.kept


def _before(counting: Mapping[dt.date, int], day: dt.date) -> int | None:
    """The release in force for the last day before one; None when there is no earlier day."""
    return next((number for known, number in reversed(counting.items()) if known < day), None)


def _removals(current: Release, first: int) -> dict[RowName, str]:
    """The rows that left after an act, as they were."""
    removed = current.records("change", kind="removed")
    return {(row["table_name"], row["row_key"]): row["old"] for row in removed if row["release"] > first}


def spoken_of_without(current: Release, first: int) -> frozenset[dt.date]:
    """The days that somebody spoke of, without an act and with those again that it had taken back.

    An undo speaks of no day: it lets others speak. The day of the very first act stays, whatever happens.
    """
    acts = [row for row in current.notes() if (row.get("act") or row["release"]) == row["release"]]
    gone: set[int] = {first}
    for row in reversed(acts):
        if row["undoes"] is not None and row["release"] not in gone:
            gone.add(row["undoes"])
    withdrawn: dict[int, list[dt.date]] = {}
    for row in current.records("withdrawn"):
        withdrawn.setdefault(row["release"], []).append(row["as_of_on"])
    days: set[dt.date] = set()
    for row in acts:
        if row["release"] in gone or row["undoes"] is not None:
            continue
        is_old = row.get("act") is None
        days -= {day for day in days if day > row["as_of_on"]} if is_old else set(withdrawn.get(row["release"], ()))
        days.add(row["as_of_on"])
    return frozenset(days or {acts[0]["as_of_on"]})


def _cell(change: Mapping) -> CellName:
    return change["table_name"], change["row_key"], change["field"]


# --- what an undo has to ask, and what it would do -------------------------------------------------------------


@dataclass(frozen=True)
class Conflict:
    """A cell that a later release changed again: its value now and the one before the release to undo, as text.

    `is_gone`: its whole row left since; what is chosen for one cell of such a row is chosen for all of them.
    """

    now: str | None
    before: str | None
    is_gone: bool


Conflicts = Mapping[CellName, Conflict]


@dataclass(frozen=True)
class Effect:
    """What an undo does to what is live, in numbers: rows and cells that go back, rows that leave or return; and how
    many releases it makes."""

    rows: int
    cells: int
    leaving: int
    returning: int
    releases: int

    @property
    def all_rows(self) -> int:
        return self.rows + self.leaving + self.returning


@lru_cache(maxsize=8)
def conflicts_of(folder: Path, number: int, live: Release) -> Conflicts:
    """The cells of a release that later ones changed again, also those that came back to their value by themselves.

    Kept by the live release: what is in conflict changes with it and with nothing else. Raises `NoRelease`.
    """
    if not 0 < number <= live.number:
        raise NoRelease(f"{folder}: no release {number}")
    first, rows = act_of(live, number)[0], live.rows()
    records = {_cell(one): one for one in live.records("change", release=first)}
    cells = _in_conflict(live, first, dict.fromkeys(records, LATER))
    return {cell: _conflict(cell, rows[cell[0]].get(cell[1]), records[cell]["old"]) for cell in cells}


def _conflict(cell: CellName, row: Mapping | None, before: str | None) -> Conflict:
    field = cell[2]
    if field != WHOLE_ROW:
        return Conflict(None if row is None else to_text(row[field]), before, row is None)
    told = {name: to_text(value) for name, value in (row or {}).items() if value is not None}
    return Conflict(json.dumps(told, ensure_ascii=False) if row else None, before, False)


def asked_about(conflicts: Conflicts) -> list[CellName]:
    """The conflicts somebody has to choose on: where the two values differ, and once for a row that is gone."""
    gone: dict[tuple[str, str], CellName] = {}
    for cell in sorted(cell for cell, one in conflicts.items() if one.is_gone):
        gone.setdefault(cell[:2], cell)
    differing = [cell for cell, one in conflicts.items() if not one.is_gone and one.now != one.before]
    return sorted([*differing, *gone.values()])


def with_choices(conflicts: Conflicts, chosen: Mapping[CellName, Choice]) -> dict[CellName, Choice]:
    """A choice for every conflict, given those that were asked about."""
    of_rows = {cell[:2]: choice for cell, choice in chosen.items() if conflicts[cell].is_gone}
    return {
        cell: of_rows.get(cell[:2], LATER) if one.is_gone else chosen.get(cell, LATER)
        for cell, one in conflicts.items()
    }


def effect_of(folder: Path, number: int, live: Release, choices: Mapping[CellName, Choice]) -> Effect:
    """What taking a release back does, given a choice for each conflict."""
    return _effect(folder, number, live, frozenset(choices.items()))


@lru_cache(maxsize=8)
def _effect(folder: Path, number: int, live: Release, choices: frozenset) -> Effect:
    recipe = _tried(folder, number, live, dict(choices))
    after = recipe.then[-1].after if recipe.then else recipe.after
    made = changes.changes(live.rows(), after, live.number + 1, {})
    of = {kind: [one for one in made if one["kind"] == kind] for kind in ("changed", "added", "removed")}
    rows = {(one["table_name"], one["row_key"]) for one in of["changed"]}
    return Effect(len(rows), len(of["changed"]), len(of["removed"]), len(of["added"]), 1 + len(recipe.then or ()))


def _tried(folder: Path, number: int, live: Release, choices: Mapping[CellName, Choice]) -> Recipe:
    return undoing(folder, number, Note(by="", as_of=live.as_of, zh="", en=""), choices)


# --- the demo --------------------------------------------------------------------------------------------------


def remove_demo(folder: Path, by: str) -> Release:
    """Publish a release without demo rows: rows that were real before go back to what they were, the rest leave."""
    return publishing.publish(folder, without_demo(folder, by))


def without_demo(folder: Path, by: str) -> Recipe:
    """The recipe of a release without demo rows."""
    current = releases.live(folder)
    before = current.rows()
    reverted = changes.Reverted({name: dict(rows) for name, rows in before.items()})
    history: dict[RowName, dict[int, list[dict]]] = {}
    for row in current.records("change"):
        history.setdefault((row["table_name"], row["row_key"]), {}).setdefault(row["release"], []).append(row)
    for name, rows in before.items():
        for key in [key for key, row in rows.items() if row.get("is_demo")]:
            for _, own in sorted(history.get((name, key), {}).items(), reverse=True):
                changes.take_back(reverted, own)
                if not reverted.rows[name].get(key, {}).get("is_demo"):
                    break
    days = {row["release"]: row["as_of_on"] for row in current.notes()}
    staying = {(name, key) for name, rows in before.items() for key, row in rows.items() if not row.get("is_demo")}
    brought = [row["release"] for row in current.records("origin") if (row["table_name"], row["row_key"]) in staying]
    as_of = max((days[number] for number in brought), default=current.as_of)
    note = Note(by, as_of, "清除示例数据", "Demo data removed", kind="remove_demo", later="withdraw")
    withdrawn = publishing.withdrawn_by(folder, note, current.number)
    return Recipe(before, reverted.rows, note, current.number, current.number, withdraws=withdrawn)
