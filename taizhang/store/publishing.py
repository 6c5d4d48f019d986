"""Making the next release and moving `LIVE` to it.

There is one path: every release is a `Recipe`, made into a draft by `make` and moved by `go_live`. A crash anywhere
leaves the last release live.
"""

import datetime as dt
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from taizhang.declared import queries
from taizhang.declared.queries import Query
from taizhang.declared.tables import Table, all_tables
from taizhang.rows import changes
from taizhang.rows.changes import RowName, Rows
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import clock, disk, engine, releases, trends
from taizhang.store.disk import live_number, path_of
from taizhang.store.releases import Note, Release, broken_checks, rows_as_declared, rows_before

STALE_SECONDS = 24 * 60 * 60  # a draft nobody published by then was left behind

Tell = Callable[[int, int], None]  # steps done, steps to do; may raise


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

    @property
    def number(self) -> int:
        """The number of the release that is made of it."""
        return (self.parent or 0) + 1


# --- publish ---------------------------------------------------------------------------------------------------


def publish_files(
    folder: Path, files: Sequence[LedgerFile], note: Note, parent: int | None, reading: str = "declared"
) -> Release:
    """Add the rows of the files to the release `parent` (None: an empty store) and make the result live.

    A cell a file does not have stays as it is; a row a file does not have stays too. `reading` says how the files
    were read, so that a rebuild reads them alike: "declared" or "meeting". Raises `SomeonePublished`
    when `parent` is not live any more, `RowsRefused` or `CheckFailed` when the data break a rule; then
    nothing is written.
    """
    for one in files:
        disk.keep(folder, one.data)
    return publish(folder, adding(folder, files, note, parent, reading))


def adding(folder: Path, files: Sequence[LedgerFile], note: Note, parent: int | None, reading: str) -> Recipe:
    """The recipe of a release that adds the rows of files to release `parent`."""
    before = rows_before(folder, parent)
    merged = changes.merge(files, before, None)
    brought = [{**one, "reading": reading} for one in merged.received]
    return Recipe(before, merged.rows, note, parent, brought, merged.touched)


def publish(folder: Path, recipe: Recipe) -> Release:
    """Make a release, check it and move it live in one go. Raises as `publish_files` does."""
    expect_live(folder, recipe.parent)
    path = make(folder, recipe)
    try:
        for check, offending in broken_checks(path, recipe.note.as_of):
            if check.severity == "error":
                raise CheckFailed(check, offending)
        return go_live(folder, path, recipe.parent, recipe.note.at)
    finally:
        throw_away(path)


def expect_live(folder: Path, parent: int | None) -> None:
    """Raise `SomeonePublished` unless `parent` is the live release."""
    if live_number(folder) != parent:
        raise SomeonePublished(parent, live_number(folder))


def go_live(folder: Path, path: Path, parent: int | None, at: dt.datetime | None = None) -> Release:
    """Make a draft the live release; `at` is the time written into it, left out: now.

    Exactly one of several drafts of the same parent goes live: raises `SomeonePublished` for the others.
    """
    number = (parent or 0) + 1
    with FileLock(folder / "publish.lock"):
        expect_live(folder, parent)
        told = trends.to_record(folder, releases.opened(path))
        reopen(path)
        engine.amend(path, number, {"published_at": at or clock.now()}, {"trend": told})
        for left in (folder / "releases").glob("*.draft*"):  # what a killed publisher of older days left
            left.unlink()
        _go_live(folder, path, number)
    return releases.release(folder, number)


def _go_live(folder: Path, draft: Path, number: int) -> None:
    """Flush the file, give it its name, then move LIVE: in this order, so that LIVE never names a missing file."""
    path = path_of(folder, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    reopen(draft)
    disk.flush(draft)
    disk.write_whole(path.with_suffix(".sha256"), f"{disk.sha256_of(draft)}  {path.name}\n".encode("ascii"))
    os.replace(draft, path)  # a file of that number can only be what a crash left behind: it was never live
    reopen(path)
    disk.flush_folder(path.parent)
    disk.move_live(folder, number)


# --- the file of a release that is not live yet ----------------------------------------------------------------


def make(folder: Path, recipe: Recipe, tell: Tell | None = None) -> Path:
    """Build the file of a release as a draft; returns its path. Leaves nothing behind when it fails."""
    sweep(folder)
    path = draft_path(folder, recipe.parent)
    try:
        build(path, recipe, releases.release(folder, recipe.parent) if recipe.parent else None, tell)
    except BaseException:
        throw_away(path)
        raise
    return path


def say_anew(path: Path, recipe: Recipe, note: Note) -> Recipe:
    """Give a draft another note, and the day that goes with it; returns the recipe that would have made it."""
    reopen(path)
    said = {"as_of_on": note.as_of, "published_by": note.by, "note_zh": note.zh, "note_en": note.en}
    engine.amend(path, recipe.number, said, {})
    reopen(path)
    return replace(recipe, note=note)


def draft_path(folder: Path, parent: int | None) -> Path:
    """Where a new draft on release `parent` goes: a folder of its own, under a name nobody guesses."""
    path = folder / "drafts" / secrets.token_hex(8) / f"{(parent or 0) + 1:04d}.duckdb"
    path.parent.mkdir(parents=True)
    return path


def throw_away(path: Path) -> None:
    """Delete a draft; one that went live or is gone already is no matter."""
    engine.forget(path)
    shutil.rmtree(path.parent, ignore_errors=True)


def reopen(path: Path) -> None:
    """What was read of a file is not known any more: it is about to change, or has changed."""
    engine.forget(path)
    releases.forget_opened()


def sweep(folder: Path) -> None:
    """Throw away the drafts that were left behind a day ago or longer."""
    for left in (folder / "drafts").glob("*"):
        try:
            is_stale = time.time() - left.stat().st_mtime > STALE_SECONDS
        except FileNotFoundError:  # its owner was quicker
            continue
        if is_stale:
            for path in left.glob("*.duckdb"):
                engine.forget(path)
            shutil.rmtree(left, ignore_errors=True)


# --- what is written into it -----------------------------------------------------------------------------------


def build(path: Path, recipe: Recipe, parent: Release | None, tell: Tell | None = None) -> None:
    """Write the file of a release: every ledger row, and the records that say where each came from."""
    engine.build(
        path,
        [table.sql for table in all_tables().values()],
        [term.sql for term in queries.terms().values()],
        rows_to_write(recipe, parent),
        {t.name: (t.key[0], t.own_reference) for t in all_tables().values() if t.own_reference},
        tell,
    )


def build_unconstrained(path: Path, recipe: Recipe, parent: Release | None) -> None:
    """The same file for rows that break constraints of the tables: so that checks can be asked of them too."""
    engine.build_unconstrained(
        path,
        [table.sql for table in all_tables().values()],
        [term.sql for term in queries.terms().values()],
        rows_to_write(recipe, parent),
    )


def rows_to_write(recipe: Recipe, parent: Release | None) -> dict[str, engine.TableRows]:
    """Every table of a release: the ledgers as they are after, the records as they were and what is new in them."""
    number, note = recipe.number, recipe.note
    changed = changes.changes(recipe.before, recipe.after, number, recipe.touched)
    rows: dict[str, engine.TableRows] = {name: list(keyed.values()) for name, keyed in recipe.after.items()}
    added = {
        "release": [_release_row(note, number, parent, recipe.after)],
        "received": [{"release": number, **one} for one in recipe.received],
        "change": changed,
        "action_snapshot": changes.snapshot(recipe.after["action"].values(), number, note.as_of),
        "decision": [{"release": number, "place": place, **one} for place, one in enumerate(recipe.decided)],
        "learnt": [{"release": number, "place": place, **one} for place, one in enumerate(recipe.learnt)],
        "trend": [],  # once it is known that the release goes live
    }
    for name, new in added.items():
        rows[name] = _stacked(parent, all_tables()[name], new)
    rows["origin"] = _origins(parent, recipe, changed, number)
    return rows


def _stacked(parent: Release | None, table: Table, new: list[dict]) -> engine.TableRows:
    """The rows of a record so far, and the new ones; copied as they are where the declaration is the same."""
    if parent is None:
        return new
    if engine.structure_of(parent.on_disk).get(table.name) == tuple(column.name for column in table.columns):
        return engine.Stacked(parent.on_disk, new)
    return [*rows_as_declared(parent.on_disk, [table])[table.name], *new]


def _release_row(note: Note, number: int, parent: Release | None, after: Rows) -> dict[str, object]:
    return {
        "release": number,
        "parent": parent.number if parent else None,
        "kind": note.kind,
        "undoes": note.undoes,
        "as_of_on": note.as_of,
        "published_at": note.at or clock.now(),
        "published_by": note.by,
        "note_zh": note.zh,
        "note_en": note.en,
        "is_demo": any(row.get("is_demo") for keyed in after.values() for row in keyed.values()),
    }


def _origins(parent: Release | None, recipe: Recipe, changed: Iterable[Mapping], number: int) -> list[dict]:
    past = rows_as_declared(parent.on_disk, [all_tables()["origin"]])["origin"] if parent else ()
    origins = {(row["table_name"], row["row_key"]): row for row in past}
    nowhere = (None, None)
    for row in {(change["table_name"], change["row_key"]) for change in changed} | recipe.touched.keys():
        sha256, line = recipe.touched.get(row, nowhere)
        origins[row] = {"table_name": row[0], "row_key": row[1], "release": number, "sha256": sha256, "line": line}
    return [row for (name, key), row in sorted(origins.items(), key=_by_row) if key in recipe.after[name]]


def _by_row(origin: tuple[RowName, dict]) -> RowName:
    return origin[0]
