"""Releases: one unchangeable DuckDB file for each state of the campaign, and `LIVE`, the one readers see.

A store is a folder:

    releases/0007.duckdb      a release, never changed after it is made
    releases/0007.sha256      its checksum, in the form `sha256sum -c` reads
    received/<sha256>         every file as it was received
    meetings/HY-004.json      a review meeting being prepared or held
    drafts/<name>/0008.duckdb a release that nobody has published yet; readers never see it unasked
    LIVE                      the number of the release that readers see

Publishing builds the next file from the table declarations, runs every check on it, flushes it to disk and
then moves `LIVE` in one step. A crash anywhere leaves the last release live. There is one path: every release is
a `Recipe`, made into a draft by `make` and moved by `go_live`.
"""

import datetime as dt
import hashlib
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from taizhang.declared import queries
from taizhang.declared.queries import Query
from taizhang.declared.tables import Table, all_tables
from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import changes, ledgers
from taizhang.rows.changes import CellName, Choice, Decisions, RowName, Rows, defaults
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import engine

STALE_SECONDS = 24 * 60 * 60  # a draft nobody published by then was left behind


class NoRelease(Exception):
    """The store is empty, or has no release of that number."""


class NoSuchQuestion(Exception):
    """There is no answer of that name."""


class ParametersWrong(Exception):
    """Parameters are missing, or are not parameters of the question."""


class SomeonePublished(Exception):
    """Another release went live since the change was prepared; nothing was written."""

    def __init__(self, expected: int | None, live: int | None):
        self.expected, self.live = expected, live
        super().__init__(f"prepared on release {expected}, but release {live} is live now")


class CheckFailed(Exception):
    """The data break a rule; carries the check and the offending rows. Nothing was written."""

    def __init__(self, check: Query, rows: Sequence[tuple]):
        self.check, self.rows = check, tuple(rows)
        super().__init__(f"{check.name}: {check.title.zh} — {len(rows)} × {rows[0]}")


class UndoConflict(Exception):
    """Cells of the release to undo were changed again later; carries them as (table, row key, field).

    `values` has for each its value now and the one before the release, as text (a whole row as JSON).
    """

    def __init__(
        self, cells: Iterable[CellName], values: Mapping[CellName, tuple[str | None, str | None]] | None = None
    ):
        self.cells, self.values = tuple(cells), dict(values or {})
        super().__init__(f"{len(self.cells)} cells were changed again by later releases, first {self.cells[0]}")


@dataclass(frozen=True)
class Note:
    """What a release says of itself; nothing is published without one."""

    by: str
    as_of: dt.date
    zh: str
    en: str
    kind: str = "upload"
    undoes: int | None = None
    at: dt.datetime | None = None  # when, in UTC; left out: now


@dataclass(frozen=True)
class Release:
    """One release of a store, and what it records about itself."""

    path: Path
    number: int
    as_of: dt.date
    kind: str
    note_zh: str
    note_en: str
    published_by: str
    published_at: dt.datetime
    demo_tables: frozenset[str]

    def ask(self, name: str, **params: object) -> "Answer":
        """The answer to a question of `queries/answers`.

        Raises `NoSuchQuestion`, `ParametersWrong` (missing and unknown ones named) or `engine.QuestionFailed`.
        """
        query = queries.answers().get(name)
        if query is None:
            raise NoSuchQuestion(name)
        if set(params) != set(query.params):
            raise ParametersWrong(
                f"{name} takes {sorted(query.params) or 'no parameters'}, was given {sorted(params) or 'none'}"
            )
        columns, rows = engine.ask(self.path, query.sql, params)
        if "is_demo" in columns:
            is_demo = any(row[columns.index("is_demo")] for row in rows)
        else:
            is_demo = bool(self.demo_tables & set(queries.base_tables(query)))
        return Answer(query, self, dict(params), columns, tuple(rows), is_demo)

    def rows(self) -> Rows:
        """Every ledger row of the release, in the columns declared today."""
        rows = _rows_as_declared(self.path, declared_ledgers().values())
        return {name: {table.key_of(row): row for row in rows[name]} for name, table in declared_ledgers().items()}


@dataclass(frozen=True)
class Answer:
    """A question's rows, with the release and the parameters they came from.

    `is_demo`: a made-up row is among them or, where rows do not say so themselves, in a ledger they were counted from.
    """

    query: Query
    release: Release
    params: Mapping[str, object]
    columns: tuple[str, ...]
    rows: tuple[tuple, ...]
    is_demo: bool

    def records(self) -> list[dict[str, object]]:
        """Rows as dictionaries, column → value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> list[object]:
        """One column, top to bottom."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


# --- the store -------------------------------------------------------------------------------------------------


def numbers(store: Path) -> list[int]:
    """The numbers of the releases up to the live one, oldest first; none for an empty store."""
    live = live_number(store)
    return [] if live is None else [number for number in range(1, live + 1) if path_of(store, number).exists()]


def live_number(store: Path) -> int | None:
    """The number in `LIVE`, or None for an empty store. Raises `engine.Unreadable` when it holds no number."""
    try:
        return int((store / "LIVE").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise engine.Unreadable(f"{store / 'LIVE'}: holds no number") from error


def live(store: Path) -> Release:
    """The release readers see. Raises `NoRelease`."""
    number = live_number(store)
    if number is None:
        raise NoRelease(f"{store}: no release yet")
    return release(store, number)


def release(store: Path, number: int) -> Release:
    """One release by number. Raises `NoRelease`, or `engine.Unreadable` for a damaged file."""
    if number not in numbers(store):
        raise NoRelease(f"{store}: no release {number}")
    return _opened(path_of(store, number))


def release_at(store: Path, day: dt.date) -> Release:
    """What the board knew on a day: the newest release whose data reach no further than `day`.

    When every release is of later data, the first one.
    """
    known = [row for row in notes(live(store)) if row["as_of_on"] <= day]
    return release(store, max(row["release"] for row in known) if known else 1)


def notes(one: Release) -> list[dict[str, object]]:
    """The `release` records up to this release, oldest first."""
    return sorted(engine.rows_of(one.path, "release"), key=lambda row: row["release"])


def path_of(store: Path, number: int) -> Path:
    return store / "releases" / f"{number:04d}.duckdb"


@lru_cache(maxsize=256)
def _opened(path: Path) -> Release:
    number = int(path.stem)
    own = next((row for row in engine.rows_of(path, "release") if row["release"] == number), None)
    if own is None:
        raise engine.Unreadable(f"{path.name}: holds no record of release {number}")
    found = engine.structure_of(path)
    demo = frozenset(
        name
        for name in declared_ledgers()
        if "is_demo" in found.get(name, ()) and engine.has_true(path, name, "is_demo")
    )
    return Release(
        path,
        number,
        own["as_of_on"],
        own["kind"],
        own["note_zh"],
        own["note_en"],
        own["published_by"],
        own["published_at"],
        demo,
    )


# --- publish ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recipe:
    """What a release is made of: the rows before and after, its note, and what is recorded of where they came from."""

    before: Rows
    after: Rows
    note: Note
    parent: int | None
    received: Sequence[Mapping[str, object]] = ()
    touched: Mapping[RowName, tuple[str, int]] = field(default_factory=dict)
    decided: Sequence[Mapping[str, object]] = ()
    learnt: Sequence[Mapping[str, object]] = ()


def publish(
    store: Path, files: Sequence[LedgerFile], note: Note, parent: int | None, reading: str = "declared"
) -> Release:
    """Add the rows of the files to the release `parent` (None: an empty store) and make the result live.

    A cell a file does not have stays as it is; a row a file does not have stays too. `reading` says how the files
    were read, so that a rebuild reads them alike: "declared" or "meeting". Raises `SomeonePublished`
    when `parent` is not live any more, `RowsRefused` or `CheckFailed` when the data break a rule; then
    nothing is written.
    """
    for one in files:
        keep(store, one.data)
    before = rows_before(store, parent)
    merged = changes.merge(files, before, None)
    brought = [{**one, "reading": reading} for one in merged.received]
    return _publish(store, Recipe(before, merged.rows, note, parent, brought, merged.touched))


def rows_before(store: Path, parent: int | None) -> Rows:
    """The rows that a change starts from; none for an empty store."""
    return release(store, parent).rows() if parent else {name: {} for name in declared_ledgers()}


def undo(store: Path, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None) -> Release:
    """Publish a new release in which the changes of release `number` are taken back; nothing is erased.

    A cell that a later release changed again is in conflict: `choices` says for each whether the later value
    stays ("later") or the one before release `number` comes back ("earlier"). Raises `NoRelease`, or
    `UndoConflict` with the conflicts that are not chosen on.
    """
    return _publish(store, undoing(store, number, note, choices))


def day_after_undo(live: Release, number: int) -> dt.date:
    """The day the data reach when release `number` is taken back too: that of the newest release that still counts.

    Taking an undo back brings what it undid to count again.
    """
    gone, history = {number}, notes(live)[::-1]
    for row in history:
        if row["undoes"] is not None and row["release"] not in gone:
            gone.add(row["undoes"])
    counting = (row for row in history if row["undoes"] is None and row["release"] not in gone)
    return next((row["as_of_on"] for row in counting), live.as_of)


def undoing(store: Path, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None) -> Recipe:
    """The recipe of a release that takes release `number` back; see `undo`."""
    current, choices = live(store), dict(choices or {})
    if number not in numbers(store):
        raise NoRelease(f"{store}: no release {number}")
    before = current.rows()
    since = engine.rows_of(current.path, "change", kind="removed")
    removals = {(row["table_name"], row["row_key"]): row["old"] for row in since if row["release"] > number}
    reverted = changes.revert(before, engine.rows_of(current.path, "change", release=number), choices, removals)
    unchosen = {cell: values for cell, values in reverted.conflicts.items() if cell not in choices}
    if unchosen:
        raise UndoConflict(unchosen, unchosen)
    decided = [
        {"kind": choices[cell], **dict(zip(("table_name", "row_key", "field"), cell, strict=True))}
        for cell in reverted.conflicts
    ]
    own_note = replace(note, kind="undo", undoes=number)
    return Recipe(before, reverted.rows, own_note, current.number, decided=decided)


def remove_demo(store: Path, by: str) -> Release:
    """Publish a release without demo rows: rows that were real before go back to what they were, the rest leave."""
    return _publish(store, _without_demo(store, by))


def _without_demo(store: Path, by: str) -> Recipe:
    current = live(store)
    before = current.rows()
    reverted = changes.Reverted({name: dict(rows) for name, rows in before.items()})
    history: dict[RowName, dict[int, list[dict]]] = {}
    for row in engine.rows_of(current.path, "change"):
        history.setdefault((row["table_name"], row["row_key"]), {}).setdefault(row["release"], []).append(row)
    for name, rows in before.items():
        for key in [key for key, row in rows.items() if row.get("is_demo")]:
            for _, own in sorted(history.get((name, key), {}).items(), reverse=True):
                changes.take_back(reverted, own)
                if not reverted.rows[name].get(key, {}).get("is_demo"):
                    break
    days = {row["release"]: row["as_of_on"] for row in notes(current)}
    staying = {(name, key) for name, rows in before.items() for key, row in rows.items() if not row.get("is_demo")}
    brought = [
        row["release"]
        for row in engine.rows_of(current.path, "origin")
        if (row["table_name"], row["row_key"]) in staying
    ]
    as_of = max((days[number] for number in brought), default=current.as_of)
    note = Note(by, as_of, "清除示例数据", "Demo data removed", kind="remove_demo")
    return Recipe(before, reverted.rows, note, current.number)


def _publish(store: Path, recipe: Recipe) -> Release:
    """Make, check and move live in one go. Raises as `publish` does."""
    expect_live(store, recipe.parent)
    path = make(store, recipe)
    try:
        for check, offending in broken_checks(path, recipe.note.as_of):
            if check.severity == "error":
                raise CheckFailed(check, offending)
        return go_live(store, path, recipe.parent)
    finally:
        throw_away(path)


def expect_live(store: Path, parent: int | None) -> None:
    """Raise `SomeonePublished` unless `parent` is the live release."""
    if live_number(store) != parent:
        raise SomeonePublished(parent, live_number(store))


def go_live(store: Path, path: Path, parent: int | None, at: dt.datetime | None = None) -> Release:
    """Make a draft the live release; `at` is the time written into it, when it is not the one it was made at.

    Exactly one of several drafts of the same parent goes live: raises `SomeonePublished` for the others.
    """
    number = (parent or 0) + 1
    with FileLock(store / "publish.lock"):
        expect_live(store, parent)
        engine.forget(path)
        if at:
            engine.stamp(path, number, at)
        for left in (store / "releases").glob("*.draft*"):  # what a killed publisher of older days left
            left.unlink()
        _go_live(store, path, number)
    return release(store, number)


def _go_live(store: Path, draft: Path, number: int) -> None:
    """Flush the file, give it its name, then move LIVE: in this order, so that LIVE never names a missing file."""
    path = path_of(store, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    _flush(draft)
    write_whole(path.with_suffix(".sha256"), f"{_sha256(draft)}  {path.name}\n".encode("ascii"))
    os.replace(draft, path)  # a file of that number can only be what a crash left behind: it was never live
    _opened.cache_clear()
    _flush_folder(path.parent)
    write_whole(store / "LIVE", f"{number:04d}\n".encode("ascii"))


# --- drafts ----------------------------------------------------------------------------------------------------


def make(store: Path, recipe: Recipe, tell: Callable[[int, int], None] | None = None) -> Path:
    """Build the file of a release as a draft; returns its path. Leaves nothing behind when it fails."""
    sweep(store)
    path = draft_path(store, recipe.parent)
    try:
        build(path, recipe, release(store, recipe.parent) if recipe.parent else None, tell)
    except BaseException:
        throw_away(path)
        raise
    return path


def draft_path(store: Path, parent: int | None) -> Path:
    """Where a new draft on release `parent` goes: a folder of its own, under a name nobody guesses."""
    path = store / "drafts" / secrets.token_hex(8) / f"{(parent or 0) + 1:04d}.duckdb"
    path.parent.mkdir(parents=True)
    return path


def throw_away(path: Path) -> None:
    """Delete a draft; one that went live or is gone already is no matter."""
    engine.forget(path)
    shutil.rmtree(path.parent, ignore_errors=True)


def draft_named(store: Path, name: str) -> Release:
    """An unpublished draft, opened like a release. Raises `NoRelease` when it is not there any more."""
    found = sorted((store / "drafts" / name).glob("*.duckdb")) if name.isalnum() else []
    if not found:
        raise NoRelease(f"{store}: no draft {name}")
    return opened_draft(found[0])


def opened_draft(path: Path) -> Release:
    """A draft as a release that nobody has published."""
    return _opened(path)


def sweep(store: Path) -> None:
    """Throw away the drafts that were left behind a day ago or longer."""
    for folder in (store / "drafts").glob("*"):
        try:
            is_stale = time.time() - folder.stat().st_mtime > STALE_SECONDS
        except FileNotFoundError:  # its owner was quicker
            continue
        if is_stale:
            for path in folder.glob("*.duckdb"):
                engine.forget(path)
            shutil.rmtree(folder, ignore_errors=True)


def broken_checks(
    path: Path, as_of: dt.date, tell: Callable[[int, int], None] | None = None
) -> list[tuple[Query, list[tuple]]]:
    """Every check of `queries/checks` that finds something in a file, with the rows it finds."""
    found, checks = [], queries.checks()
    for done, check in enumerate(checks.values()):
        _, offending = engine.ask(path, check.sql, {"as_of": as_of} if "as_of" in check.params else {})
        if offending:
            found.append((check, offending))
        if tell:
            tell(done + 1, len(checks))
    return found


def build(path: Path, recipe: Recipe, parent: Release | None, tell: Callable[[int, int], None] | None = None) -> None:
    """Write the file of a release: every ledger row, and the records that say where each came from."""
    engine.build(
        path,
        [table.sql for table in all_tables().values()],
        [term.sql for term in queries.terms().values()],
        rows_to_write(recipe, parent),
        {t.name: (t.key[0], t.own_reference) for t in all_tables().values() if t.own_reference},
        tell,
    )


def rows_to_write(recipe: Recipe, parent: Release | None) -> dict[str, engine.TableRows]:
    """Every table of a release: the ledgers as they are after, the records as they were and what is new in them."""
    number, note = (recipe.parent or 0) + 1, recipe.note
    changed = changes.changes(recipe.before, recipe.after, number, recipe.touched)
    rows: dict[str, engine.TableRows] = {name: list(keyed.values()) for name, keyed in recipe.after.items()}
    added = {
        "release": [_release_row(note, number, parent, recipe.after)],
        "received": [{"release": number, **one} for one in recipe.received],
        "change": changed,
        "action_snapshot": changes.snapshot(recipe.after["action"].values(), number, note.as_of),
        "decision": [{"release": number, "place": place, **one} for place, one in enumerate(recipe.decided)],
        "learnt": [{"release": number, "place": place, **one} for place, one in enumerate(recipe.learnt)],
    }
    for name, new in added.items():
        rows[name] = _stacked(parent, all_tables()[name], new)
    rows["origin"] = _origins(parent, recipe, changed, number)
    return rows


def _stacked(parent: Release | None, table: Table, new: list[dict]) -> engine.TableRows:
    """The rows of a record so far, and the new ones; copied as they are where the declaration is the same."""
    if parent is None:
        return new
    if engine.structure_of(parent.path).get(table.name) == tuple(column.name for column in table.columns):
        return engine.Stacked(parent.path, new)
    return [*_rows_as_declared(parent.path, [table])[table.name], *new]


def _release_row(note: Note, number: int, parent: Release | None, after: Rows) -> dict[str, object]:
    return {
        "release": number,
        "parent": parent.number if parent else None,
        "kind": note.kind,
        "undoes": note.undoes,
        "as_of_on": note.as_of,
        "published_at": note.at or dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0),
        "published_by": note.by,
        "note_zh": note.zh,
        "note_en": note.en,
        "is_demo": any(row.get("is_demo") for keyed in after.values() for row in keyed.values()),
    }


def _origins(parent: Release | None, recipe: Recipe, changed: Iterable[Mapping], number: int) -> list[dict]:
    past = _rows_as_declared(parent.path, [all_tables()["origin"]])["origin"] if parent else ()
    origins = {(row["table_name"], row["row_key"]): row for row in past}
    nowhere = (None, None)
    for row in {(change["table_name"], change["row_key"]) for change in changed} | recipe.touched.keys():
        sha256, line = recipe.touched.get(row, nowhere)
        origins[row] = {"table_name": row[0], "row_key": row[1], "release": number, "sha256": sha256, "line": line}
    return [row for (name, key), row in sorted(origins.items(), key=_by_row) if key in recipe.after[name]]


def _by_row(origin: tuple[RowName, dict]) -> RowName:
    return origin[0]


# --- what is kept, and whether it is whole ---------------------------------------------------------------------


def keep(store: Path, data: bytes) -> Path:
    """Keep a file as it was received, under its SHA-256; the bytes are on disk when this returns."""
    path = store / "received" / hashlib.sha256(data).hexdigest()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return path


@dataclass(frozen=True)
class Damage:
    """A file of the store that is not as it was written; `release` is the first one that needs it, if any does.

    `what` is missing, no_checksum, checksum, unreadable or structure for a release, received_missing or
    received_changed for a file as it was received, meeting for an open meeting that cannot be read.
    """

    what: str
    path: Path
    release: int | None = None


def verify(store: Path) -> list[Damage]:
    """Damage found in the store. An empty list means that every release, received file and open meeting is whole."""
    damage, whole = [], None
    for number in range(1, (live_number(store) or 0) + 1):
        path = path_of(store, number)
        what = _damage(path, number)
        if what:
            damage.append(Damage(what, path, number))
        else:
            whole = path
    return damage + _damage_received(store, whole) + _damage_of_meetings(store)


def _damage(path: Path, number: int) -> str:
    if not path.exists():
        return "missing"
    if not path.with_suffix(".sha256").exists():
        return "no_checksum"
    if not path.with_suffix(".sha256").read_bytes().startswith(_sha256(path).encode("ascii")):
        return "checksum"
    return _structural_damage(path, number)


def _damage_received(store: Path, whole: Path | None) -> list[Damage]:
    """`whole` is the newest release that can be asked which files were received."""
    records = engine.rows_of(whole, "received") if whole else []
    brought = {row["sha256"]: row["release"] for row in sorted(records, key=lambda row: -row["release"])}
    kept = {path.name: path for path in (store / "received").glob("*") if re.fullmatch(r"[0-9a-f]{64}", path.name)}
    missing = [
        Damage("received_missing", store / "received" / name, number)
        for name, number in sorted(brought.items())
        if name not in kept
    ]
    return missing + [
        Damage("received_changed", path, brought.get(name))
        for name, path in sorted(kept.items())
        if _sha256(path) != name
    ]


def _damage_of_meetings(store: Path) -> list[Damage]:
    from taizhang.showing import meetings  # above this module, and only asked whether it can read its own files

    return [Damage("meeting", path) for path in meetings.unreadable(store)]


def _structural_damage(path: Path, number: int) -> str:
    try:
        engine.count_rows(path)
        is_another = max(row["release"] for row in engine.rows_of(path, "release")) != number
    except (engine.Unreadable, ValueError):
        return "unreadable"
    return "structure" if is_another else ""


# --- the same again, from what was received --------------------------------------------------------------------


def rebuild(store: Path, number: int, target: Path) -> Release:
    """Make releases 1 to `number` again in the empty store `target`, from received files, fixes and decisions.

    Files are read again, not rows copied: the releases differ from the first ones only if the reading does.
    Raises `NoRelease`, or `engine.Unreadable` when a received file is not there any more.
    """
    for row in notes(release(store, number)):
        note = Note(
            row["published_by"],
            row["as_of_on"],
            row["note_zh"],
            row["note_en"],
            row["kind"],
            row["undoes"],
            row["published_at"],
        )
        _publish(target, _recipe_again(store, number, target, row["release"], note))
    return live(target)


def _recipe_again(store: Path, number: int, target: Path, step: int, note: Note) -> Recipe:
    records = release(store, number).path
    decided = engine.rows_of(records, "decision", release=step)
    if note.kind == "undo":
        choices = {(row["table_name"], row["row_key"], row["field"]): row["kind"] for row in decided}
        return undoing(target, note.undoes, note, choices)
    if note.kind == "remove_demo":
        return replace(_without_demo(target, note.by), note=note)
    brought = sorted(engine.rows_of(records, "received", release=step), key=lambda row: row["place"] or 0)
    parent = step - 1 or None
    if any(row["reading"] == "upload" for row in brought):
        from taizhang.uploads import drafts  # above this module: only a rebuild reads uploads from here

        said = {(row["file_name"], received(store, row["sha256"])): None for row in brought}
        fixes = engine.rows_of(records, "learnt", release=step)
        return drafts.recipe_again(target, tuple(said), note, _decisions(decided), parent, fixes)
    reading = "declared"
    if any(row["reading"] == "meeting" for row in brought):
        from taizhang.showing import meetings  # above this module, like the uploads

        reading, data = "meeting", received(store, brought[0]["sha256"])
        keep(target, data)
        files = meetings.files_of(data)
    else:
        files = [_read_again(target, store, row) for row in brought]
    before = rows_before(target, parent)
    merged = changes.merge(files, before, None)
    again = [{**one, "reading": reading} for one in merged.received]
    return Recipe(before, merged.rows, note, parent, again, merged.touched)


def received(store: Path, sha256: str) -> bytes:
    """A file as it was received. Raises `engine.Unreadable` when it is not there any more."""
    try:
        return (store / "received" / sha256).read_bytes()
    except FileNotFoundError as error:
        raise engine.Unreadable(f"{store}: the received file {sha256} is not there") from error


def _read_again(target: Path, store: Path, row: Mapping) -> LedgerFile:
    path = keep(target, received(store, row["sha256"]))
    return replace(ledgers.read(path, all_tables()[row["table_name"]]), file_name=row["file_name"])


def _decisions(decided: Iterable[Mapping]) -> Decisions:
    of = {
        kind: {(row["table_name"], row["row_key"]) for row in decided if row["kind"] == kind}
        for kind in ("remove", "remove_all", "confirm")
    }
    yours, theirs = (
        frozenset((row["table_name"], row["row_key"], row["field"]) for row in decided if row["kind"] == side)
        for side in ("yours", "theirs")
    )
    reason = next((row["reason"] for row in decided if row["reason"]), "")
    everything = "remove" if of["remove_all"] else "keep"
    return Decisions(frozenset(of["remove"]), reason, frozenset(of["confirm"]), everything, yours, theirs)


def _rows_as_declared(path: Path, tables: Iterable[Table]) -> dict[str, list[dict[str, object]]]:
    """The rows of tables in the columns declared today: an older release may lack some of them, or the table."""
    found, rows = engine.structure_of(path), {}
    for table in tables:
        rows[table.name] = engine.rows_of(path, table.name) if table.name in found else []
        if found.get(table.name) != tuple(column.name for column in table.columns):
            usual = defaults(table)
            rows[table.name] = [{name: row.get(name, usual[name]) for name in usual} for row in rows[table.name]]
    return rows


# --- bytes on disk ---------------------------------------------------------------------------------------------


def _sha256(path: Path) -> str:
    """Checksum of a release file. Only ever of one that nobody in this process has open for writing."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a whole file in one atomic step; it is on disk when this returns."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")  # two may write it at once
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # Windows has no such call, and needs none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
