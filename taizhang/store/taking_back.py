"""Taking a release back, and taking the demo out: new releases in which changes are undone; nothing is erased."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from taizhang.declared.values import to_text
from taizhang.rows import changes
from taizhang.rows.changes import WHOLE_ROW, CellName, Choice, RowName
from taizhang.store import publishing, releases
from taizhang.store.publishing import Recipe
from taizhang.store.releases import NoRelease, Note, Release

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
    """Publish a new release in which the changes of release `number` are taken back; nothing is erased.

    A cell that a later release changed again is in conflict: `choices` says for each whether the later value
    stays ("later") or the one before release `number` comes back ("earlier"). Raises `NoRelease`, or
    `UndoConflict` with the conflicts that are not chosen on.
    """
    return publishing.publish(folder, undoing(folder, number, note, choices))


def undoing(folder: Path, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None) -> Recipe:
    """The recipe of a release that takes release `number` back; see `undo`."""
    current, choices = releases.live(folder), dict(choices or {})
    if not 0 < number <= current.number:
        raise NoRelease(f"{folder}: no release {number}")
    before = current.rows()
    since = current.records("change", kind="removed")
    removals = {(row["table_name"], row["row_key"]): row["old"] for row in since if row["release"] > number}
    reverted = changes.revert(before, current.records("change", release=number), choices, removals)
    unchosen = {cell: values for cell, values in reverted.conflicts.items() if cell not in choices}
    if unchosen:
        raise UndoConflict(unchosen, unchosen)
    decided = [
        {"kind": choices[cell], **dict(zip(("table_name", "row_key", "field"), cell, strict=True))}
        for cell in reverted.conflicts
    ]
    own_note = Note(note.by, note.as_of, note.zh, note.en, "undo", number, note.at)
    return Recipe(before, reverted.rows, own_note, current.number, decided=decided)


def day_after_undo(live: Release, number: int) -> dt.date:
    """The day the data reach when release `number` is taken back too: that of the newest release that still counts.

    Taking an undo back brings what it undid to count again.
    """
    gone, history = {number}, live.notes()[::-1]
    for row in history:
        if row["undoes"] is not None and row["release"] not in gone:
            gone.add(row["undoes"])
    counting = (row for row in history if row["undoes"] is None and row["release"] not in gone)
    return next((row["as_of_on"] for row in counting), live.as_of)


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
    """What an undo does, in numbers: rows and cells that go back, rows that leave or return."""

    rows: int
    cells: int
    leaving: int
    returning: int

    @property
    def all_rows(self) -> int:
        return self.rows + self.leaving + self.returning


@lru_cache(maxsize=8)
def conflicts_of(folder: Path, number: int, live: Release) -> Conflicts:
    """The cells of a release that later ones changed again, also those that came back to their value by themselves.

    Kept by the live release: what is in conflict changes with it and with nothing else. Raises `NoRelease`.
    """
    records = {(one["table_name"], one["row_key"], one["field"]): one for one in live.records("change", release=number)}
    recipe = _tried(folder, number, live, dict.fromkeys(records, LATER))
    cells = [(one["table_name"], one["row_key"], one["field"]) for one in recipe.decided]
    return {cell: _conflict(cell, recipe.before[cell[0]].get(cell[1]), records[cell]["old"]) for cell in cells}


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
    made = changes.changes(recipe.before, recipe.after, live.number + 1, {})
    of = {kind: [one for one in made if one["kind"] == kind] for kind in ("changed", "added", "removed")}
    rows = {(one["table_name"], one["row_key"]) for one in of["changed"]}
    return Effect(len(rows), len(of["changed"]), len(of["removed"]), len(of["added"]))


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
    note = Note(by, as_of, "清除示例数据", "Demo data removed", kind="remove_demo")
    return Recipe(before, reverted.rows, note, current.number)
