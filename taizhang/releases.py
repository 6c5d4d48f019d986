"""Releases: one unchangeable DuckDB file for each state of the campaign, and `LIVE`, the one readers see.

A store is a folder:

    releases/0007.duckdb      a release, never changed after it is made
    releases/0007.sha256      its checksum, in the form `sha256sum -c` reads
    received/<sha256>         every file as it was received
    LIVE                      the number of the release that readers see

Publishing builds the next file from the table declarations, runs every check on it, flushes it to disk and
then moves `LIVE` in one step. A crash anywhere leaves the last release live.
"""

import datetime as dt
import hashlib
import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from taizhang import engine, queries
from taizhang.ledgers import LedgerFile
from taizhang.queries import Query
from taizhang.tables import Table, all_tables, ledgers

Rows = dict[str, dict[str, dict[str, object]]]  # table → row key → row


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
    """Cells of the release to undo were changed again later; carries them as (table, row key, field)."""

    def __init__(self, cells: Sequence[tuple[str, str, str]]):
        self.cells = tuple(cells)
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
        rows = _rows_as_declared(self.path, ledgers().values())
        return {name: {table.key_of(row): row for row in rows[name]} for name, table in ledgers().items()}


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
    rows = _rows_as_declared(path, ledgers().values())
    demo = frozenset(name for name in rows if any(row.get("is_demo") for row in rows[name]))
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


def publish(store: Path, files: Sequence[LedgerFile], note: Note, parent: int | None) -> Release:
    """Add the rows of the files to the release `parent` (None: an empty store) and make the result live.

    A cell a file does not have stays as it is; a row a file does not have stays too. Raises `SomeonePublished`
    when `parent` is not live any more, `engine.RowsRefused` or `CheckFailed` when the data break a rule; then
    nothing is written.
    """
    for one in files:
        keep(store, one.data)
    before = release(store, parent).rows() if parent else {name: {} for name in ledgers()}
    after = {name: dict(rows) for name, rows in before.items()}
    touched: dict[tuple[str, str], tuple[str, int]] = {}
    received = []
    for one in files:
        table, tally = all_tables()[one.table], {"new": 0, "changed": 0, "same": 0}
        for line in one.rows:
            key = _key(one, table, line.line, line.cells)
            old = after[one.table].get(key)
            new = {**(old or _defaults(table)), **line.cells}
            if "original_due_on" in new:
                new["original_due_on"] = _first_due_date(old, new)
            tally["new" if old is None else "same" if old == new else "changed"] += 1
            after[one.table][key] = new
            touched[one.table, key] = (one.sha256, line.line)
        received.append(
            {
                "sha256": one.sha256,
                "file_name": one.file_name,
                "table_name": one.table,
                "encoding": one.encoding,
                "bytes": len(one.data),
                "rows_total": len(one.rows),
                "rows_new": tally["new"],
                "rows_changed": tally["changed"],
                "rows_same": tally["same"],
            }
        )
    return _publish_rows(store, before, after, note, parent, received, touched)


def undo(store: Path, number: int, note: Note) -> Release:
    """Publish a new release in which the changes of release `number` are taken back; nothing is erased.

    Raises `NoRelease`, or `UndoConflict` when a later release changed the same cells again.
    """
    current = live(store)
    if number not in numbers(store):
        raise NoRelease(f"{store}: no release {number}")
    before = current.rows()
    changes = [row for row in engine.rows_of(current.path, "change") if row["release"] == number]
    after, conflicts = _revert(before, changes)
    if conflicts:
        raise UndoConflict(conflicts)
    own_note = replace(note, kind="undo", undoes=number)
    return _publish_rows(store, before, after, own_note, current.number, [], {})


def remove_demo(store: Path, by: str) -> Release:
    """Publish a release without demo rows: rows that were real before go back to what they were, the rest leave."""
    current = live(store)
    before = current.rows()
    after = {name: dict(rows) for name, rows in before.items()}
    history = sorted(engine.rows_of(current.path, "change"), key=lambda row: row["release"], reverse=True)
    for name, rows in before.items():
        for key in [key for key, row in rows.items() if row.get("is_demo")]:
            own = [row for row in history if (row["table_name"], row["row_key"]) == (name, key)]
            for number in sorted({row["release"] for row in own}, reverse=True):
                after, _ = _revert(after, [row for row in own if row["release"] == number])
                if not after[name].get(key, {}).get("is_demo"):
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
    return _publish_rows(store, before, after, note, current.number, [], {})


def keep(store: Path, data: bytes) -> Path:
    """Keep a file as it was received, under its SHA-256; the bytes are on disk when this returns."""
    path = store / "received" / hashlib.sha256(data).hexdigest()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    return path


def verify(store: Path) -> list[tuple[int, str]]:
    """Damage found in the store: (release number, what is wrong). An empty list means every release is whole.

    `what` is one of missing, no_checksum, checksum, unreadable, structure.
    """
    damage = []
    for number in range(1, (live_number(store) or 0) + 1):
        path = path_of(store, number)
        if not path.exists():
            damage.append((number, "missing"))
        elif not path.with_suffix(".sha256").exists():
            damage.append((number, "no_checksum"))
        elif not path.with_suffix(".sha256").read_bytes().startswith(_sha256(path).encode("ascii")):
            damage.append((number, "checksum"))
        else:
            damage.extend((number, what) for what in _structural_damage(path, number))
    return damage


def _structural_damage(path: Path, number: int) -> Iterable[str]:
    try:
        engine.count_rows(path)
        if max(row["release"] for row in engine.rows_of(path, "release")) != number:
            yield "structure"
    except (engine.Unreadable, ValueError):
        yield "unreadable"


def _publish_rows(
    store: Path,
    before: Rows,
    after: Rows,
    note: Note,
    parent: int | None,
    received: Sequence[dict],
    touched: Mapping[tuple[str, str], tuple[str, int]],
) -> Release:
    (store / "releases").mkdir(parents=True, exist_ok=True)
    with FileLock(store / "publish.lock"):
        if live_number(store) != parent:
            raise SomeonePublished(parent, live_number(store))
        number = (parent or 0) + 1
        draft = store / "releases" / f"{number:04d}.draft"
        draft.unlink(missing_ok=True)
        draft.with_name(f"{draft.name}.wal").unlink(missing_ok=True)  # what a killed publisher left
        try:
            build(draft, before, after, note, number, release(store, parent) if parent else None, received, touched)
            _check(draft, note.as_of)
        except BaseException:
            engine.forget(draft)
            draft.unlink(missing_ok=True)
            raise
        engine.forget(draft)
        _go_live(store, draft, number)
    return release(store, number)


def build(
    path: Path,
    before: Rows,
    after: Rows,
    note: Note,
    number: int,
    parent: Release | None,
    received: Sequence[dict],
    touched: Mapping[tuple[str, str], tuple[str, int]],
) -> None:
    """Write the file of a release: every ledger row, and the records that say where each came from."""
    changes = compare(before, after, number, touched)
    records = [table for name, table in all_tables().items() if name not in after]
    past = _rows_as_declared(parent.path, records) if parent else {table.name: [] for table in records}
    rows: dict[str, list[dict]] = {name: list(keyed.values()) for name, keyed in after.items()}
    rows["release"] = [*past["release"], _release_row(note, number, parent, after)]
    rows["received"] = [*past["received"], *({"release": number, **one} for one in received)]
    rows["change"] = [*past["change"], *changes]
    rows["origin"] = _origins(past["origin"], after, changes, number, touched)
    rows["action_snapshot"] = [*past["action_snapshot"], *_snapshot(after["action"].values(), number, note.as_of)]
    engine.build(
        path,
        [table.sql for table in all_tables().values()],
        [term.sql for term in queries.terms().values()],
        rows,
        {t.name: (t.key[0], t.own_reference) for t in all_tables().values() if t.own_reference},
    )


def compare(
    before: Rows, after: Rows, number: int, touched: Mapping[tuple[str, str], tuple[str, int]]
) -> list[dict[str, object]]:
    """The `change` records that lead from one set of rows to another."""
    changes = []
    for name in after:
        for key in sorted(before[name].keys() | after[name].keys()):
            old, new = before[name].get(key), after[name].get(key)
            sha256, line = touched.get((name, key), (None, None))
            at = {"release": number, "table_name": name, "row_key": key, "sha256": sha256, "line": line}
            if old is None or new is None:
                kind = "added" if old is None else "removed"
                changes.append({**at, "kind": kind, "field": "*", "old": _as_json(old), "new": _as_json(new)})
                continue
            changes.extend(
                {
                    **at,
                    "kind": "changed",
                    "field": field,
                    "old": engine.to_text(old.get(field)),
                    "new": engine.to_text(value),
                }
                for field, value in new.items()
                if old.get(field) != value
            )
    return changes


def _revert(rows: Rows, changes: Iterable[Mapping]) -> tuple[Rows, list[tuple[str, str, str]]]:
    """The rows with the changes taken back, and the cells that do not hold any more what the changes wrote."""
    reverted, conflicts = {name: dict(keyed) for name, keyed in rows.items()}, []
    for change in changes:
        name, key, field = change["table_name"], change["row_key"], change["field"]
        table, current = all_tables()[name], reverted[name].get(key)
        if field == "*":
            if current != _from_json(table, change["new"]):
                conflicts.append((name, key, field))
            if change["kind"] == "added":
                reverted[name].pop(key, None)
            else:
                reverted[name][key] = _from_json(table, change["old"])
        elif current is None or field not in current or engine.to_text(current[field]) != change["new"]:
            conflicts.append((name, key, field))
        else:
            reverted[name][key] = {**current, field: engine.from_text(table.column(field).type, change["old"])}
    return reverted, conflicts


def _check(draft: Path, as_of: dt.date) -> None:
    for check in queries.checks().values():
        _, offending = engine.ask(draft, check.sql, {"as_of": as_of} if "as_of" in check.params else {})
        if offending and check.severity == "error":
            raise CheckFailed(check, offending)


def _go_live(store: Path, draft: Path, number: int) -> None:
    """Flush the file, give it its name, then move LIVE: in this order, so that LIVE never names a missing file."""
    path = path_of(store, number)
    _flush(draft)
    _write(path.with_suffix(".sha256"), f"{_sha256(draft)}  {path.name}\n".encode("ascii"))
    os.replace(draft, path)  # a file of that number can only be what a crash left behind: it was never live
    _opened.cache_clear()
    _flush_folder(path.parent)
    _write(store / "LIVE", f"{number:04d}\n".encode("ascii"))


def _release_row(note: Note, number: int, parent: Release | None, after: Rows) -> dict[str, object]:
    return {
        "release": number,
        "parent": parent.number if parent else None,
        "kind": note.kind,
        "undoes": note.undoes,
        "as_of_on": note.as_of,
        "published_at": dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0),
        "published_by": note.by,
        "note_zh": note.zh,
        "note_en": note.en,
        "is_demo": any(row.get("is_demo") for keyed in after.values() for row in keyed.values()),
    }


def _origins(past: Iterable[dict], after: Rows, changes: Iterable[dict], number: int, touched: Mapping) -> list[dict]:
    origins = {(row["table_name"], row["row_key"]): row for row in past}
    for name, key in {(change["table_name"], change["row_key"]) for change in changes} | set(touched):
        sha256, line = touched.get((name, key), (None, None))
        origins[name, key] = {
            "table_name": name,
            "row_key": key,
            "release": number,
            "sha256": sha256,
            "line": line,
        }
    return [row for (name, key), row in sorted(origins.items()) if key in after[name]]


def _snapshot(actions: Iterable[dict], number: int, as_of: dt.date) -> Iterable[dict]:
    fields = [column.name for column in all_tables()["action_snapshot"].columns]
    for action in actions:
        yield {**{f: action[f] for f in fields if f in action}, "release": number, "as_of_on": as_of}


def _key(one: LedgerFile, table: Table, line: int, cells: Mapping[str, object]) -> str:
    missing = [name for name in table.key if cells.get(name) is None]
    if missing:
        raise engine.RowsRefused(f"{one.file_name}, line {line}: {', '.join(missing)} is empty")
    return table.key_of(cells)


def _first_due_date(old: Mapping | None, new: Mapping) -> object:
    """The original due date is what the first import said, and no later file moves it."""
    if old is not None and old["original_due_on"] is not None:
        return old["original_due_on"]
    return new["original_due_on"] or new["due_on"]


def _rows_as_declared(path: Path, tables: Iterable[Table]) -> dict[str, list[dict[str, object]]]:
    """The rows of tables in the columns declared today: an older release may lack some of them, or the table."""
    found, rows = engine.structure_of(path), {}
    for table in tables:
        rows[table.name] = engine.rows_of(path, table.name) if table.name in found else []
        if found.get(table.name) != tuple(column.name for column in table.columns):
            usual = _defaults(table)
            rows[table.name] = [{name: row.get(name, usual[name]) for name in usual} for row in rows[table.name]]
    return rows


def _defaults(table: Table) -> dict[str, object]:
    return {column.name: _default(table.name, column.name) for column in table.columns}


@lru_cache(maxsize=1024)
def _default(table: str, column: str) -> object:
    import re

    declared = all_tables()[table].column(column)
    said = re.search(rf"^\s+{column} .*? default '?(\w+)'?", all_tables()[table].sql, re.MULTILINE)
    return engine.from_text(declared.type, said[1]) if said else None


def _as_json(row: Mapping | None) -> str | None:
    if row is None:
        return None
    return json.dumps({k: engine.to_text(v) for k, v in row.items() if v is not None}, ensure_ascii=False)


def _from_json(table: Table, text: str | None) -> dict[str, object] | None:
    """The row that `_as_json` wrote; a column declared since then has its default."""
    if text is None:
        return None
    said = json.loads(text)
    return {
        column.name: engine.from_text(column.type, said[column.name])
        if column.name in said
        else _default(table.name, column.name)
        if column.is_required
        else None
        for column in table.columns
    }


# --- bytes on disk ---------------------------------------------------------------------------------------------


def _sha256(path: Path) -> str:
    """Checksum of a release file. Only ever of one that nobody in this process has open for writing."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
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
