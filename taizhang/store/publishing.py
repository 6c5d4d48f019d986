"""Making the next release and moving `LIVE` to it.

There is one path: every act is a `Recipe`, made into drafts by `make` and moved by `go_live`. An act that speaks of a
day that has passed restates the later days too, with one release for each. A crash anywhere leaves the last one live.
"""

import datetime as dt
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from taizhang.declared import queries
from taizhang.declared.queries import Query
from taizhang.declared.tables import Table, all_tables
from taizhang.rows import carrying, changes
from taizhang.rows.changes import CellName, RowName, Rows
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import clock, disk, engine, in_use, releases, sweeping, trends
from taizhang.store.disk import live_number, path_of
from taizhang.store.releases import Note, Release, broken_checks, rows_as_declared, rows_before
from taizhang.store.standing import in_force
from taizhang.store.turnstile import PUBLISHES

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
class Restated:
    """A day that an act restates: its rows in force, and those it is to have. They start from release `base`, whose
    rows are `start` where they are not those in force."""

    day: dt.date
    base: int | None
    before: Rows
    after: Rows
    kept: tuple[CellName, ...] = ()
    start: Rows | None = None


@dataclass(frozen=True)
class Recipe:
    """What an act is made of: the rows of its day before and after, its note, and what is recorded of where they came
    from. The days after it are restated too: as `then` says, or by carrying the change forward.

    `base` is the release its rows start from, None where nothing was known of the day.
    """

    before: Rows
    after: Rows
    note: Note
    parent: int | None
    base: int | None
    received: Sequence[Mapping[str, object]] = ()
    touched: Mapping[RowName, tuple[str, int]] = field(default_factory=dict)
    decided: Sequence[Mapping[str, object]] = ()
    learnt: Sequence[Mapping[str, object]] = ()
    withdraws: Sequence[dt.date] = ()
    then: Sequence[Restated] | None = None
    start: Rows | None = None  # the rows of `base`, where they are not `before`
    act: int | None = None  # the first release of the act this one is a part of; None: it is the first
    kept: tuple[CellName, ...] = ()
    trend: Mapping[int, Sequence[Mapping[str, object]]] | None = None  # release → its records; None: they are asked

    @property
    def number(self) -> int:
        """The number of the release that is made of it."""
        return (self.parent or 0) + 1


# --- publish ---------------------------------------------------------------------------------------------------


def publish_files(
    folder: Path, files: Sequence[LedgerFile], note: Note, parent: int | None, reading: str = "declared"
) -> Release:
    """Add the rows of the files to the day the note speaks of, and make the result live: the newest release made.

    A cell a file does not have stays as it is; a row a file does not have stays too. `reading` says how the files
    were read, so that a rebuild reads them alike: "declared" or "meeting". Raises `SomeonePublished`
    when `parent` is not live any more, `RowsRefused` or `CheckFailed` when the data break a rule; then
    nothing is written. Raises `disk.NotConfirmed` when all is done and the disk does not say so.
    """
    for one in files:
        disk.keep(folder, one.data)
    made = publish(folder, adding(folder, files, note.plain(), parent, reading))
    for one in files:  # now they are named: none can be swept any more
        disk.keep(folder, one.data)
    return made


def adding(folder: Path, files: Sequence[LedgerFile], note: Note, parent: int | None, reading: str) -> Recipe:
    """The recipe of a release that adds the rows of files to those in force on the day of the note."""
    base = base_said_by(folder, note, parent)
    before = rows_before(folder, base)
    merged = changes.merge(files, before, None)
    brought = [{**one, "reading": reading} for one in merged.received]
    withdraws = withdrawn_by(folder, note, parent)
    return Recipe(before, merged.rows, note, parent, base, brought, merged.touched, withdraws=withdraws)


def publish(folder: Path, recipe: Recipe) -> Release:
    """Make the releases of an act, check them and move them live in one go. Raises as `publish_files` does."""
    refusing = [check for check in queries.checks().values() if check.severity == "error"]
    return _publish(folder, recipe, refusing)


def publish_again(folder: Path, recipe: Recipe, trend: Mapping[int, Sequence[Mapping[str, object]]]) -> Release:
    """The same for what was live once, and is compared with what it was: a check declared since does not refuse it, and
    what was recorded of its KPIs is not asked again."""
    return _publish(folder, replace(recipe, trend=trend), [])


@PUBLISHES.counted
def _publish(folder: Path, recipe: Recipe, refusing: Sequence[Query]) -> Release:
    expect_live(folder, recipe.parent)
    made = make(folder, recipe)
    try:
        for path, one in made:
            for check, offending in broken_checks(path, one.note.as_of, only=refusing):
                raise CheckFailed(check, offending)
        return go_live(folder, [path for path, _ in made], recipe.parent, made[0][1].note.at, recipe.trend is None)
    finally:
        throw_away(made[0][0])


def expect_live(folder: Path, parent: int | None) -> None:
    """Raise `SomeonePublished` unless `parent` is the live release."""
    if live_number(folder) != parent:
        raise SomeonePublished(parent, live_number(folder))


@PUBLISHES.counted
def go_live(
    folder: Path, paths: Sequence[Path], parent: int | None, at: dt.datetime | None = None, is_asked: bool = True
) -> Release:
    """Make the drafts of an act live in one step, the last of them the live release; `at` is the time written into
    them, left out: now. `is_asked`: whether KPIs of older releases that nobody recorded are asked.

    Exactly one of several acts on the same parent goes live: raises `SomeonePublished` for the others.
    """
    at, numbers = at or clock.now(), [int(path.stem) for path in paths]
    with disk.publishing_alone(folder):
        expect_live(folder, parent)
        for path in paths:
            draft = releases.opened(path)
            lacking = trends.still_to_record(folder, draft) if is_asked else []
            if draft.published_at != at or lacking:
                reopen(path)
                engine.amend(path, numbers, {"published_at": at}, {"trend": lacking})
        _go_live(folder, paths, numbers)
    return releases.release(folder, numbers[-1])


def _go_live(folder: Path, drafts: Sequence[Path], numbers: Sequence[int]) -> None:
    """Flush the files, give them their names, then move LIVE: in this order, so that LIVE never names a missing file,
    and all of an act are live or none.

    Raises `disk.NumbersTaken` rather than overwrite a release that was live; `OSError`, after which the drafts are
    where they were; and `disk.NotConfirmed`, after which they are live.
    """
    disk.make_folder(folder / "releases")
    disk.announce(folder, numbers[0], numbers[-1])
    paths = [path_of(folder, number) for number in numbers]
    try:
        for draft, path in zip(drafts, paths, strict=True):
            disk.flush(draft)
            disk.write_checksum(path, draft)
            engine.rename(
                draft, path
            )  # of that number only what a crash left can be there: it was announced, never live
        releases.forget_opened()
        disk.flush_folder(folder / "releases")
        disk.move_live(folder, numbers[-1])
    except OSError as error:
        if live_number(folder) == numbers[-1]:
            raise disk.NotConfirmed(numbers[-1], error) from error
        _put_back(drafts, paths)
        raise
    disk.keep_spare(folder, numbers[-1])


def _put_back(drafts: Sequence[Path], paths: Sequence[Path]) -> None:
    """Give files that did not go live the names of their drafts again, so that they can be published once more."""
    for draft, path in zip(drafts, paths, strict=True):
        if not draft.exists():
            with suppress(OSError):
                engine.rename(path, draft)
    releases.forget_opened()


# --- the days of an act ----------------------------------------------------------------------------------------


def base_of(folder: Path, day: dt.date, parent: int | None) -> int | None:
    """The release a change of a day starts from: the one in force on that day, None where nothing was known of it yet;
    for a day that is not earlier than that of `parent`, the live release, `parent` itself."""
    if parent is None:
        return None
    live = releases.release(folder, parent)
    if day >= live.as_of:
        return parent
    known = [number for reached, number in in_force(live).items() if reached <= day]
    return known[-1] if known else None


def base_said_by(folder: Path, note: Note, parent: int | None) -> int | None:
    """The same for the day of a note; one that withdraws the later days goes on from the live release."""
    return parent if note.later == "withdraw" else base_of(folder, note.as_of, parent)


def withdrawn_by(folder: Path, note: Note, parent: int | None) -> tuple[dt.date, ...]:
    """The days in force that a release with this note withdraws."""
    if parent is None or note.later != "withdraw":
        return ()
    return tuple(day for day in in_force(releases.release(folder, parent)) if day > note.as_of)


def parts_of(folder: Path, recipe: Recipe) -> Iterator[Recipe]:
    """The recipes of all releases of an act: its own day, then every later day in force, one after another."""
    yield recipe
    number = recipe.number
    for one in _carried(folder, recipe) if recipe.then is None else recipe.then:
        note = replace(recipe.note, as_of=one.day, kind="carried", undoes=None)
        yield Recipe(
            one.before,
            one.after,
            note,
            number,
            one.base,
            touched=recipe.touched,
            start=one.start,
            act=recipe.number,
            kept=one.kept,
            trend=recipe.trend,
        )
        number += 1


def _carried(folder: Path, recipe: Recipe) -> Iterator[Restated]:
    """The later days in force, with the change of an earlier day carried forward from each to the next."""
    if recipe.parent is None:
        return
    before, after = recipe.before, recipe.after
    for day, number in in_force(releases.release(folder, recipe.parent)).items():
        if day > recipe.note.as_of and day not in recipe.withdraws:
            own = releases.release(folder, number).rows()
            result = carrying.carried(before, after, own)
            yield Restated(day, number, own, result.rows, result.kept)
            before, after = own, result.rows


# --- the file of a release that is not live yet ----------------------------------------------------------------


def make(folder: Path, recipe: Recipe, tell: Tell | None = None) -> list[tuple[Path, Recipe]]:
    """Build the files of an act as drafts, beside each other; each with its own recipe, the oldest day first.

    Leaves nothing behind when it fails.
    """
    sweeping.sweep(folder)
    recipe = replace(recipe, note=replace(recipe.note, at=recipe.note.at or clock.now()))  # all of an act: one time
    place, made = draft_place(folder), []
    parent = releases.release(folder, recipe.parent) if recipe.parent else None
    try:
        for one in parts_of(folder, recipe):
            path = disk.path_in(place, one.number)
            build(path, one, parent, releases.release(folder, one.base) if one.base else None, tell)
            made.append((path, one))
            parent = releases.opened(path)
        return made
    except BaseException:
        throw_away(place / "none")
        raise


def say_anew(made: Sequence[tuple[Path, Recipe]], note: Note) -> list[tuple[Path, Recipe]]:
    """Give the drafts of an act another note; one that is alone, also the day that goes with it."""
    said = {"published_by": note.by, "note_zh": note.zh, "note_en": note.en}
    if len(made) == 1:
        said["as_of_on"] = note.as_of
    numbers = [one.number for _, one in made]
    for path, _ in made:
        reopen(path)
        engine.amend(path, numbers, said, {})
        reopen(path)
    return [(path, replace(one, note=_own_note(one, note))) for path, one in made]


def _own_note(one: Recipe, note: Note) -> Note:
    return replace(note, kind=one.note.kind, undoes=one.note.undoes, as_of=one.note.as_of if one.act else note.as_of)


def draft_place(folder: Path) -> Path:
    """A new folder for drafts, under a name nobody guesses."""
    place = folder / "drafts" / secrets.token_hex(8)
    place.mkdir(parents=True)
    in_use.hold(place)
    return place


def throw_away(path: Path) -> None:
    """Delete a draft; one that went live or is gone already is no matter."""
    engine.forget(path)
    in_use.let_go(path.parent)
    shutil.rmtree(path.parent, ignore_errors=True)


def reopen(path: Path) -> None:
    """What was read of a file is not known any more: it is about to change, or has changed."""
    engine.forget(path)
    releases.forget_opened()


# --- what is written into it -----------------------------------------------------------------------------------


def build(path: Path, recipe: Recipe, parent: Release | None, base: Release | None, tell: Tell | None = None) -> None:
    """Write the file of a release: every ledger row, and the records that say where each came from.

    Its records go on from `parent`, the release before it; its rows and their origins start from `base`.
    """
    engine.build(
        path,
        [table.sql for table in all_tables().values()],
        [term.sql for term in queries.terms().values()],
        rows_to_write(recipe, parent, base),
        {t.name: (t.key[0], t.own_reference) for t in all_tables().values() if t.own_reference},
        tell,
    )


def build_unconstrained(path: Path, recipe: Recipe, parent: Release | None, base: Release | None) -> None:
    """The same file for rows that break constraints of the tables: so that checks can be asked of them too."""
    engine.build_unconstrained(
        path,
        [table.sql for table in all_tables().values()],
        [term.sql for term in queries.terms().values()],
        rows_to_write(recipe, parent, base),
    )


def rows_to_write(recipe: Recipe, parent: Release | None, base: Release | None) -> dict[str, engine.TableRows]:
    """Every table of a release: the ledgers as they are after, the records as they were and what is new in them.

    What an act changes is recorded once, with its first release.
    """
    number, note, act = recipe.number, recipe.note, recipe.act or recipe.number
    changed = changes.changes(recipe.before, recipe.after, number, recipe.touched)
    rows: dict[str, engine.TableRows] = {name: list(keyed.values()) for name, keyed in recipe.after.items()}
    added = {
        "release": [{**_release_row(note, number, parent, recipe.after), "act": act}],
        "withdrawn": [{"release": number, "as_of_on": day} for day in recipe.withdraws],
        "received": [{"release": number, **one} for one in recipe.received],
        "change": changed if act == number else [],
        "action_snapshot": changes.snapshot(recipe.after["action"].values(), number, note.as_of),
        "decision": [{"release": number, "place": place, **one} for place, one in enumerate(recipe.decided)],
        "learnt": [{"release": number, "place": place, **one} for place, one in enumerate(recipe.learnt)],
        "trend": _trend(recipe, parent),
    }
    for name, new in added.items():
        rows[name] = _stacked(parent, all_tables()[name], new)
    moved = changed if recipe.start is None else changes.changes(recipe.start, recipe.after, number, {})
    rows["origin"] = _origins(base, recipe, moved, act)
    return rows


def _trend(recipe: Recipe, parent: Release | None) -> Sequence[Mapping[str, object]]:
    if parent is None:
        return []
    if recipe.trend is not None:
        return recipe.trend.get(parent.number, [])
    return trends.to_record(parent)


def _stacked(parent: Release | None, table: Table, new: Sequence[Mapping[str, object]]) -> engine.TableRows:
    """The rows of a record so far, and the new ones; copied as they are where the declaration is the same."""
    if parent is None:
        return new
    if engine.columns_of(parent.on_disk, table.name) == tuple(column.name for column in table.columns):
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


def _origins(base: Release | None, recipe: Recipe, changed: Iterable[Mapping], number: int) -> list[dict]:
    past = rows_as_declared(base.on_disk, [all_tables()["origin"]])["origin"] if base else ()
    origins = {(row["table_name"], row["row_key"]): row for row in past}
    nowhere = (None, None)
    moved = {(change["table_name"], change["row_key"]) for change in changed}
    for row in moved if recipe.act else moved | recipe.touched.keys():
        sha256, line = recipe.touched.get(row, nowhere)
        origins[row] = {"table_name": row[0], "row_key": row[1], "release": number, "sha256": sha256, "line": line}
    return [row for (name, key), row in sorted(origins.items(), key=_by_row) if key in recipe.after[name]]


def _by_row(origin: tuple[RowName, dict]) -> RowName:
    return origin[0]
