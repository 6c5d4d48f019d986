"""Keeping a store whole: what is damaged, and every release made again from the files that were received.

Files are read again by those who know their form, which stand above the store: they come as `Readings`.
"""

import datetime as dt
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from taizhang.rows.changes import Decisions
from taizhang.store import away, clock, disk, engine, in_use, publishing, releases, sweeping, taking_back, trends, whole
from taizhang.store.disk import live_number, path_of
from taizhang.store.publishing import Recipe
from taizhang.store.releases import NoRelease, Note, Release


@dataclass(frozen=True)
class Step:
    """One release to be made again: what is recorded of how it was made. `target` is the store it is made in."""

    target: Path
    parent: int | None
    note: Note
    brought: tuple[Mapping[str, object], ...]
    decided: tuple[Mapping[str, object], ...]
    learnt: tuple[Mapping[str, object], ...]
    withdrew: tuple[dt.date, ...]
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

    `what` is live_missing, live_unreadable or live_nowhere for `LIVE`; missing, no_checksum, checksum, unreadable,
    structure or beyond (`LIVE`) for a release, away for one that was put away and cannot be made again;
    received_missing or received_changed for a file as it was received; meeting for an open meeting that cannot be read;
    spare for the second copy of the newest release; left_behind for what nobody needs.
    """

    what: str
    path: Path
    release: int | None = None

    @property
    def is_harmless(self) -> bool:
        """Whether everything is whole in spite of it."""
        return self.what == "left_behind"


def verify(folder: Path, readings: Readings, part: tuple[int, int] = (1, 1)) -> list[Damage]:
    """Damage found in the store. An empty list means that every release, received file and open meeting is whole.

    `part` (3, 30): of releases and received files only the third of thirty parts is read, byte by byte; whether each
    is there, and all that is small, is looked at every time.
    """
    newest = max(disk.numbers_beyond(folder, 0), default=0)
    if (number := disk.live_said(folder)) and path_of(folder, number).exists():  # of an act that is just going live
        newest = max(newest, number)
    live, damage = _live_and_its_damage(folder, newest)
    reached, readable = max(newest, live if live <= newest + 1 else 0), None
    for number in range(1, reached + 1):
        path, is_read = path_of(folder, number), number % part[1] == part[0] - 1
        if away.is_away(folder, number):
            if not away.can_be_made(folder, number, is_read):
                damage.append(Damage("away", disk.away_path(folder, number), number))
            continue
        what = _damage(path, number, is_read)
        if what:
            damage.append(Damage(what, path, number))
        else:
            readable = path
        if live and number > live:
            damage.append(Damage("beyond", path, number))
    damage += _damage_received(folder, readable, part) + _damage_of_meetings(folder, readings)
    spare, is_told = disk.spare_path(folder, newest), any(one.release == newest for one in damage)
    if spare.exists() and not is_told and disk.spare_of(folder, newest) is None:
        damage.append(Damage("spare", spare, newest))
    return damage + [Damage("left_behind", path) for path in sweeping.left_behind(folder)]


def _live_and_its_damage(folder: Path, newest: int) -> tuple[int, list[Damage]]:
    """The number `LIVE` says (0 for none), and what is wrong with it."""
    path = folder / "LIVE"
    try:
        live = live_number(folder) or 0
    except engine.Unreadable:
        return 0, [Damage("live_unreadable", path, newest)]
    if not live and newest:
        return 0, [Damage("live_missing", path, newest)]
    return live, [Damage("live_nowhere", path, live)] if live > newest + 1 else []


def _damage(path: Path, number: int, is_read: bool) -> str:
    if not path.exists():
        return "missing"
    if not is_read:
        return "" if path.with_suffix(".sha256").exists() else "no_checksum"
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


def _damage_received(folder: Path, readable: Path | None, part: tuple[int, int]) -> list[Damage]:
    """`readable` is the newest release that can be asked which files were received."""
    try:
        records = engine.rows_of(readable, "received") if readable else []
    except engine.Unreadable:  # it was not in the part that was read
        records = []
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
        if int(name[:8], 16) % part[1] == part[0] - 1 and disk.sha256_of(path) != name
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
    return _remake(folder, releases.release(folder, number), target, readings, tell)


def _remake(
    folder: Path, told: Release, target: Path, readings: Readings, tell: publishing.Tell | None = None
) -> Release:
    trend = trends.recorded(told)
    for row in told.notes():
        if row["kind"] == "carried":  # made with the first release of its act
            continue
        publishing.publish_again(target, _recipe_again(_step(folder, told, row, target), readings), trend)
        if tell:
            tell(row["release"], told.number)
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
        tuple(row["as_of_on"] for row in told.records("withdrawn", release=number)),
        lambda sha256: disk.received(folder, sha256),
    )


def _recipe_again(step: Step, readings: Readings) -> Recipe:
    if step.note.kind == "undo":
        choices = {(row["table_name"], row["row_key"], row["field"]): row["kind"] for row in step.decided}
        undoes, since = step.note.undoes, step.note.as_of
        return taking_back.undoing(step.target, undoes, step.note, choices, since, step.withdrew)
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
    they were damaged, and where what they took the place of is kept (None when nothing was put in its place).

    `lost`: releases after those, of which no whole file is left to say how they were made. `returned`: those that were
    put away, and have their files again."""

    count: int
    differences: tuple[Difference, ...]
    damaged: tuple[int, ...]
    replaced: Path | None
    lost: tuple[int, ...] = ()
    returned: tuple[int, ...] = ()


def rebuild(folder: Path, readings: Readings, into: Path | None = None, tell: publishing.Tell | None = None) -> Rebuilt:
    """Make every release again in a new folder, compare each with what it was, and put them in their place.

    Those that were put away have their files again then. Nothing is put in its place when one differs, or when they
    were only to be made in the folder `into`. What was replaced is kept beside. Readers go on reading meanwhile. The
    newest release comes from its second copy when it is damaged itself, and `LIVE` leads to it again. Raises as
    `remake` does, and `publishing.SomeonePublished` when a release went live meanwhile; then everything is as it was.
    """
    if into is None:
        _mend_newest(folder)
    told, was = _newest_whole(folder), _said_to_be_live(folder)
    target = into or folder / f"rebuilding-{secrets.token_hex(4)}"
    if into is None:
        disk.make_folder(target)
        in_use.hold(target)
    try:
        _remake(folder, told, target, readings, tell)
        damaged = tuple(number for number in range(1, told.number + 1) if not _can_be_read(folder, number))
        numbers = [number for number in range(1, told.number + 1) if number not in damaged]
        found = tuple(one for number in numbers for one in _differences(folder, target, number))
        lost, gone = _lost(folder, told), [one for one in range(1, told.number + 1) if away.is_away(folder, one)]
        replaced = None if found or into else _swap(folder, target, told.number, was)
        if replaced and not lost and _live_or_none(folder) != told.number:
            disk.move_live(folder, told.number)
        return Rebuilt(told.number, found, damaged, replaced, lost, tuple(gone) if replaced else ())
    finally:
        if into is None:
            for number in range(1, told.number + 1):
                engine.forget(path_of(target, number))
            in_use.let_go(target)
            shutil.rmtree(target, ignore_errors=True)


def _newest_whole(folder: Path) -> Release:
    """The newest whole release, wherever `LIVE` leads: it knows how all before it were made."""
    for number in reversed(disk.numbers_beyond(folder, 0)):
        with suppress(NoRelease, engine.Unreadable):
            return releases.numbered(folder, number)
    return whole.newest(folder)[0]


def _mend_newest(folder: Path) -> None:
    """Put the second copy of the newest release in its place, if that is damaged and the copy is not."""
    with disk.publishing_alone(folder):
        number = max(_live_or_none(folder) or 0, *disk.numbers_beyond(folder, 0), 0)
        path, spare = path_of(folder, number), disk.spare_of(folder, number)
        is_whole = path.exists() and disk.is_as_written(path) and not _structural_damage(path, number)
        if is_whole or spare is None or _structural_damage(spare, number):
            return
        engine.forget(spare)
        publishing.reopen(path)
        disk.make_folder(path.parent)
        disk.replace_release(Path(shutil.copyfile(spare, spare.with_suffix(".tmp"))), path)


def _live_or_none(folder: Path) -> int | None:
    try:
        return live_number(folder)
    except engine.Unreadable:
        return None


def _lost(folder: Path, told: Release) -> tuple[int, ...]:
    """The releases after the newest whole one that are known to have been."""
    live, newest = _live_or_none(folder) or 0, max(disk.numbers_beyond(folder, 0), default=0)
    return tuple(range(told.number + 1, max(newest, live if live <= newest + 1 else 0) + 1))


def _said_to_be_live(folder: Path) -> tuple[bytes, int]:
    """What tells whether somebody published meanwhile, also where `LIVE` leads nowhere."""
    path = folder / "LIVE"
    return path.read_bytes() if path.exists() else b"", max(disk.numbers_beyond(folder, 0), default=0)


def _can_be_read(folder: Path, number: int) -> bool:
    try:
        path = away.file_of(folder, number)
    except engine.Unreadable:
        return False
    return path.exists() and not _structural_damage(path, number)


# Answers that were kept, not data: they are found anew. And what releases of older days did not write down yet.
_NOT_COMPARED = ("trend", "withdrawn")


def _differences(folder: Path, target: Path, number: int) -> Iterable[Difference]:
    """What differs between a release and the one that was made again, in the columns and tables that the first has."""
    was, now = away.file_of(folder, number), path_of(target, number)
    found, structure = engine.structure_of(was), engine.structure_of(now)
    for table, columns in found.items():
        if table in structure and table not in _NOT_COMPARED:
            names = [name for name in columns if name in structure[table] and name != "act"]
            old, new = (_counted(path, table, names) for path in (was, now))
            if old != new:
                yield Difference(number, table, max((old - new).total(), (new - old).total()))


def _counted(path: Path, table: str, names: Iterable[str]) -> Counter:
    return Counter(tuple(row[name] for name in names) for row in engine.rows_of(path, table))


def _swap(folder: Path, target: Path, number: int, was: tuple[bytes, int]) -> Path:
    """Put the releases of `target` in the place of the store's own, one by one; returns where those are kept.

    Each step is atomic, and each file says the same as the one it replaces: a crash in between leaves a whole store
    of old and new files, and a rebuild ends what another began.
    """
    kept = folder / f"replaced-{clock.now():%Y%m%d-%H%M%S}"
    with disk.publishing_alone(folder):
        if _said_to_be_live(folder) != was:
            raise publishing.SomeonePublished(number, _live_or_none(folder))
        disk.make_folder(kept)
        for one in range(1, number + 1):
            new, old = path_of(target, one), path_of(folder, one)
            for path in (old, old.with_suffix(".sha256"), disk.away_path(folder, one)):
                if path.exists():
                    disk.flush(shutil.copy2(path, kept / path.name))
            disk.flush_folder(kept)
            publishing.reopen(new)
            publishing.reopen(old)
            disk.replace_release(new, old)
            away.brought_back(folder, one)  # what stands for it is told by later files, which come after it
        disk.keep_spare(folder, number)
    publishing.reopen(path_of(folder, number))
    return kept
