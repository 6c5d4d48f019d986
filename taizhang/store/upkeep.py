"""Keeping a store whole: what is damaged, and every release made again from the files that were received.

Files are read again by those who know their form, which stand above the store: they come as `Readings`.
"""

import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from taizhang.rows.changes import Decisions
from taizhang.store import clock, disk, engine, publishing, releases, taking_back
from taizhang.store.disk import live_number, path_of
from taizhang.store.publishing import Recipe
from taizhang.store.releases import Note, Release


@dataclass(frozen=True)
class Step:
    """One release to be made again: what is recorded of how it was made. `target` is the store it is made in."""

    target: Path
    parent: int | None
    note: Note
    brought: tuple[Mapping[str, object], ...]
    decided: tuple[Mapping[str, object], ...]
    learnt: tuple[Mapping[str, object], ...]
    received: Callable[[str], bytes]

    @property
    def reading(self) -> str:
        """How its files were read."""
        return next((str(row["reading"]) for row in self.brought if row["reading"]), "declared")

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """The files it was made of, (name, bytes), each once."""
        said = {(str(row["file_name"]), str(row["sha256"])): None for row in self.brought}
        return [(name, self.received(sha256)) for name, sha256 in said]

    @property
    def decisions(self) -> Decisions:
        """What somebody decided about its rows."""
        return _decisions(self.decided)


@dataclass(frozen=True)
class Readings:
    """How what lies in a store is read again: for each way of reading the recipe of a step, and what a meeting is."""

    recipes: Mapping[str, Callable[[Step], Recipe]]
    is_meeting: Callable[[bytes], bool]


# --- is everything whole? --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Damage:
    """A file of the store that is not as it was written; `release` is the first one that needs it, if any does.

    `what` is missing, no_checksum, checksum, unreadable or structure for a release, received_missing or
    received_changed for a file as it was received, meeting for an open meeting that cannot be read.
    """

    what: str
    path: Path
    release: int | None = None


def verify(folder: Path, readings: Readings) -> list[Damage]:
    """Damage found in the store. An empty list means that every release, received file and open meeting is whole."""
    damage, whole = [], None
    for number in range(1, (live_number(folder) or 0) + 1):
        path = path_of(folder, number)
        what = _damage(path, number)
        if what:
            damage.append(Damage(what, path, number))
        else:
            whole = path
    return damage + _damage_received(folder, whole) + _damage_of_meetings(folder, readings)


def _damage(path: Path, number: int) -> str:
    if not path.exists():
        return "missing"
    is_whole = disk.is_as_written(path)
    if is_whole is None:
        return "no_checksum"
    if not is_whole:
        return "checksum"
    return _structural_damage(path, number)


def _structural_damage(path: Path, number: int) -> str:
    try:
        engine.count_rows(path)
        is_another = max(row["release"] for row in engine.rows_of(path, "release")) != number
    except (engine.Unreadable, ValueError):
        return "unreadable"
    return "structure" if is_another else ""


def _damage_received(folder: Path, whole: Path | None) -> list[Damage]:
    """`whole` is the newest release that can be asked which files were received."""
    records = engine.rows_of(whole, "received") if whole else []
    brought = {row["sha256"]: row["release"] for row in sorted(records, key=lambda row: -row["release"])}
    kept = disk.all_received(folder)
    missing = [
        Damage("received_missing", folder / "received" / name, number)
        for name, number in sorted(brought.items())
        if name not in kept
    ]
    return missing + [
        Damage("received_changed", path, brought.get(name))
        for name, path in sorted(kept.items())
        if disk.sha256_of(path) != name
    ]


def _damage_of_meetings(folder: Path, readings: Readings) -> list[Damage]:
    shelf = disk.Shelf(folder / "meetings", ".json")
    return [
        Damage("meeting", shelf.folder / f"{name}{shelf.suffix}")
        for name in shelf.names()
        if not readings.is_meeting(shelf.read(name) or b"")
    ]


# --- the same again, from what was received --------------------------------------------------------------------


def remake(folder: Path, number: int, target: Path, readings: Readings, tell: publishing.Tell | None = None) -> Release:
    """Make releases 1 to `number` again in the empty store `target`, from received files, repairs and decisions.

    Files are read again, not rows copied: the releases differ from the first ones only if the reading does.
    Raises `NoRelease`, or `engine.Unreadable` when a received file is not there any more.
    """
    told = releases.release(folder, number)
    for row in told.notes():
        if row["kind"] == "carried":  # made with the first release of its act
            continue
        publishing.publish(target, _recipe_again(_step(folder, told, row, target), readings))
        if tell:
            tell(row["release"], number)
    return releases.live(target)


def _step(folder: Path, told: Release, row: Mapping, target: Path) -> Step:
    number = row["release"]
    note = Note(
        row["published_by"],
        row["as_of_on"],
        row["note_zh"],
        row["note_en"],
        row["kind"],
        row["undoes"],
        row["published_at"],
        "withdraw" if row.get("act") is None or told.records("withdrawn", release=number) else "restate",
    )
    return Step(
        target,
        number - 1 or None,
        note,
        tuple(sorted(told.records("received", release=number), key=lambda one: one["place"] or 0)),
        tuple(told.records("decision", release=number)),
        tuple(told.records("learnt", release=number)),
        lambda sha256: disk.received(folder, sha256),
    )


def _recipe_again(step: Step, readings: Readings) -> Recipe:
    if step.note.kind == "undo":
        choices = {(row["table_name"], row["row_key"], row["field"]): row["kind"] for row in step.decided}
        return taking_back.undoing(step.target, step.note.undoes, step.note, choices)
    if step.note.kind == "remove_demo":
        made = taking_back.without_demo(step.target, step.note.by)
        return replace(made, note=step.note)
    return readings.recipes[step.reading](step)


def _decisions(decided: Iterable[Mapping]) -> Decisions:
    rows = {
        kind: frozenset((row["table_name"], row["row_key"]) for row in decided if row["kind"] == kind)
        for kind in ("remove", "remove_all", "confirm")
    }
    yours, theirs = (
        frozenset((row["table_name"], row["row_key"], row["field"]) for row in decided if row["kind"] == side)
        for side in ("yours", "theirs")
    )
    reason = next((row["reason"] for row in decided if row["reason"]), "")
    everything = "remove" if rows["remove_all"] else "keep"
    return Decisions(rows["remove"], reason, rows["confirm"], everything, yours, theirs)


@dataclass(frozen=True)
class Difference:
    """A table in which a release that was made again is not what it was, and how many rows are not in both."""

    release: int
    table: str
    rows: int


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild came to: how many releases were made again, where they differ, which could not be compared since
    they were damaged, and where what they took the place of is kept (None when nothing was put in its place)."""

    count: int
    differences: tuple[Difference, ...]
    damaged: tuple[int, ...]
    replaced: Path | None


def rebuild(folder: Path, readings: Readings, into: Path | None = None, tell: publishing.Tell | None = None) -> Rebuilt:
    """Make every release again in a new folder, compare each with what it was, and put them in their place.

    Nothing is put in its place when one differs, or when they were only to be made in the folder `into`. What was
    replaced is kept beside. Readers go on reading meanwhile. Raises as `remake` does, and
    `publishing.SomeonePublished` when a release went live meanwhile; then everything is as it was.
    """
    live = releases.live(folder)
    target = into or folder / f"rebuilding-{secrets.token_hex(4)}"
    try:
        remake(folder, live.number, target, readings, tell)
        damaged = tuple(number for number in range(1, live.number + 1) if not _can_be_read(folder, number))
        numbers = [number for number in range(1, live.number + 1) if number not in damaged]
        found = tuple(one for number in numbers for one in _differences(folder, target, number))
        replaced = None if found or into else _swap(folder, target, live.number)
        return Rebuilt(live.number, found, damaged, replaced)
    finally:
        if into is None:
            for number in range(1, live.number + 1):
                engine.forget(path_of(target, number))
            shutil.rmtree(target, ignore_errors=True)


def _can_be_read(folder: Path, number: int) -> bool:
    path = path_of(folder, number)
    return path.exists() and not _structural_damage(path, number)


# Answers that were kept, not data: they are found anew. And what releases of older days did not write down yet.
_NOT_COMPARED = ("trend", "withdrawn")


def _differences(folder: Path, target: Path, number: int) -> Iterable[Difference]:
    """What differs between a release and the one that was made again, in the columns and tables that the first has."""
    was, now = path_of(folder, number), path_of(target, number)
    found, structure = engine.structure_of(was), engine.structure_of(now)
    for table, columns in found.items():
        if table in structure and table not in _NOT_COMPARED:
            names = [name for name in columns if name in structure[table] and name != "act"]
            old, new = (_counted(path, table, names) for path in (was, now))
            if old != new:
                yield Difference(number, table, max((old - new).total(), (new - old).total()))


def _counted(path: Path, table: str, names: Iterable[str]) -> Counter:
    return Counter(tuple(row[name] for name in names) for row in engine.rows_of(path, table))


def _swap(folder: Path, target: Path, number: int) -> Path:
    """Put the releases of `target` in the place of the store's own, one by one; returns where those are kept.

    Each step is atomic, and each file says the same as the one it replaces: a crash in between leaves a whole store
    of old and new files, and a rebuild ends what another began.
    """
    kept = folder / f"replaced-{clock.now():%Y%m%d-%H%M%S}"
    with FileLock(folder / "publish.lock"):
        publishing.expect_live(folder, number)
        disk.make_folder(kept)
        for one in range(1, number + 1):
            new, old = path_of(target, one), path_of(folder, one)
            for path in (old, old.with_suffix(".sha256")):
                if path.exists():
                    disk.flush(shutil.copy2(path, kept / path.name))
            disk.flush_folder(kept)
            publishing.reopen(new)
            publishing.reopen(old)
            disk.replace_release(new, old)
    publishing.reopen(path_of(folder, number))
    return kept
