"""What leads from one set of rows to another: files merged in by key, change records, and changes taken back.

Pure functions on rows; nothing here reads or writes a store.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from taizhang.declared.tables import Table, all_tables
from taizhang.declared.values import from_text, to_text
from taizhang.rows.ledgers import LedgerFile, Row, RowsRefused

Rows = dict[str, dict[str, dict[str, object]]]  # table → row key → row
RowName = tuple[str, str]  # table, row key
CellName = tuple[str, str, str]  # table, row key, field
Choice = Literal["later", "earlier"]

WHOLE_ROW = "*"
_NONE: Mapping = MappingProxyType({})
FIXED_ONCE_SET = "original_due_on"  # no file moves it


@dataclass(frozen=True)
class Decisions:
    """What the clerk decided about rows that a file alone must not decide about.

    A row that the file does not have is kept unless it is in `remove` or `all_missing` says so; both need a reason.
    A row closed by a verifier stays as it is unless it is in `confirmed`. A cell in conflict (see `conflicts_in`)
    stays as it is unless it is in `yours`; that it is in `theirs` says that somebody decided so.
    """

    remove: frozenset[RowName] = frozenset()
    remove_reason: str = ""
    confirmed: frozenset[RowName] = frozenset()
    all_missing: Literal["keep", "remove"] = "keep"
    yours: frozenset[CellName] = frozenset()
    theirs: frozenset[CellName] = frozenset()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that a file and somebody else both changed, to different values, since the file was handed out.

    What it held then (`was`), holds now (`theirs`), and would hold (`yours`). Of a row that was removed meanwhile
    there is one, for the whole row, without values.
    """

    table: str
    key: str
    field: str
    sheet: str
    line: int
    was: object = None
    theirs: object = None
    yours: object = None

    @property
    def cell(self) -> CellName:
        return self.table, self.key, self.field


@dataclass(frozen=True)
class Merged:
    """The rows after files were merged in, which line brought each row, what left, and the tally of each file."""

    rows: Rows
    touched: dict[RowName, tuple[str, int]]  # → sha256, line
    removed: tuple[RowName, ...]
    received: tuple[dict[str, object], ...]


def merge(files: Sequence[LedgerFile], before: Rows, decisions: Decisions | None) -> Merged:
    """Merge files into rows by key; a later line wins over an earlier one.

    A cell that a line does not set stays, a row that a file does not have stays unless `decisions` removes it, the
    original due date is never moved. Without decisions (the product's own data) rows closed by a verifier are
    written too. Raises `RowsRefused` for a line without its key.
    """
    after = {name: dict(rows) for name, rows in before.items()}
    touched: dict[RowName, tuple[str, int]] = {}
    tallies: dict[tuple[str, str], dict[str, object]] = {}
    for place, one in enumerate(files):
        sha256, table, keyed = one.sha256, all_tables()[one.table], after[one.table]
        tally = tallies.setdefault((sha256, one.table), _tally(one, sha256, place))
        for line in one.rows:
            key = key_in(one, table, line)
            old = keyed.get(key)
            cells = _uncontested(table, key, before[one.table].get(key), line, decisions)
            tally["rows_total"] += 1
            if cells is None:
                tally["rows_same"] += 1
                continue
            new = row_after(table, old, cells)
            if decisions and old is not new and is_guarded(table, old) and (one.table, key) not in decisions.confirmed:
                tally["rows_same"] += 1
                continue
            tally["rows_new" if old is None else "rows_same" if old is new else "rows_changed"] += 1
            keyed[key] = new
            touched[one.table, key] = (sha256, line.line)
    removed = leaving(files, before, decisions) if decisions else ()
    for name, key in removed:
        after[name].pop(key, None)
    return Merged(after, touched, removed, tuple(tallies.values()))


def leaving(files: Iterable[LedgerFile], before: Rows, decisions: Decisions) -> tuple[RowName, ...]:
    """The rows of the ledgers in the files that no file has and the clerk lets go."""
    return tuple(
        (name, key)
        for name, keys in missing_in(files, before).items()
        for key in keys
        if decisions.all_missing == "remove" or (name, key) in decisions.remove
    )


def missing_in(files: Iterable[LedgerFile], before: Rows) -> dict[str, list[str]]:
    """The keys of the rows that the files could have and do not, by ledger.

    A file that was handed out could not have the rows that came to its ledger since.
    """
    found: dict[str, set[str]] = {}
    could: dict[str, set[str]] = {}
    for one in files:
        table = all_tables()[one.table]
        found.setdefault(one.table, set()).update(key_in(one, table, line) for line in one.rows)
        could.setdefault(one.table, set()).update(before[one.table] if one.handed_out is None else one.handed_out)
    return {
        name: [key for key in before[name] if key in could[name] and key not in keys] for name, keys in found.items()
    }


def key_in(one: LedgerFile, table: Table, line: Row) -> str:
    """The key of a line. Raises `RowsRefused` when a part of it is empty."""
    try:
        values = [line.cells[name] for name in table.key]
    except KeyError:
        values = [None]
    if None in values:
        missing = [name for name in table.key if line.cells.get(name) is None]
        raise RowsRefused(f"{one.file_name}, line {line.line}: {', '.join(missing)} is empty")
    return "|".join(map(str, values))


def row_after(table: Table, old: Mapping | None, cells: Mapping[str, object]) -> dict[str, object]:
    """A row as a line leaves it; the very row that was there when the line says nothing new."""
    if old is not None and all(old[name] == value for name, value in cells.items()):
        return old
    new = {**(defaults(table) if old is None else old), **cells}
    if FIXED_ONCE_SET in new:
        first = old[FIXED_ONCE_SET] if old else None
        new[FIXED_ONCE_SET] = first or new[FIXED_ONCE_SET] or new["due_on"]
        if new == old:
            return old
    return new


def is_guarded(table: Table, row: Mapping | None) -> bool:
    """Whether somebody has verified the row as closed: no file may reopen or overwrite it unasked."""
    if row is None or table.name != "action":
        return False
    return row["status"] == "closed" and row["verified_by"] is not None


# --- conflicts with a file that was handed out -----------------------------------------------------------------


def conflicts_in(files: Iterable[LedgerFile], before: Rows) -> tuple[Conflict, ...]:
    """The cells that somebody has to choose on, in the order of the files."""
    found = []
    for one in files:
        table, sheet = all_tables()[one.table], getattr(one, "sheet", "")
        for line in one.rows:
            if line.was is not None:
                key = key_in(one, table, line)
                old = before[one.table].get(key)
                for name in _in_conflict(table, old, line):
                    values = () if name == WHOLE_ROW else (line.was[name], old[name], line.cells[name])
                    found.append(Conflict(one.table, key, name, sheet, line.line, *values))
    return tuple(found)


def _in_conflict(table: Table, old: Mapping | None, line: Row) -> list[str]:
    if line.was is None:
        return []
    if old is None:  # it was there when the file was handed out, and is gone
        return [] if line.was[table.key[0]] is None else [WHOLE_ROW]
    names = [name for name in line.cells if name not in table.key and name != FIXED_ONCE_SET]
    return [name for name in names if old[name] not in (line.was[name], line.cells[name])]


def _uncontested(
    table: Table, key: str, old: Mapping | None, line: Row, decisions: Decisions | None
) -> Mapping[str, object] | None:
    """The cells of a line without those in conflict that nobody decided to take; None when the row stays removed."""
    yours = decisions.yours if decisions else ()
    kept = {name for name in _in_conflict(table, old, line) if (table.name, key, name) not in yours}
    if not kept:
        return line.cells
    return None if WHOLE_ROW in kept else {name: value for name, value in line.cells.items() if name not in kept}


def _tally(one: LedgerFile, sha256: str, place: int) -> dict[str, object]:
    return {
        "sha256": sha256,
        "file_name": one.file_name,
        "table_name": one.table,
        "encoding": one.encoding,
        "bytes": len(one.data),
        "rows_total": 0,
        "rows_new": 0,
        "rows_changed": 0,
        "rows_same": 0,
        "place": place,
    }


# --- change records --------------------------------------------------------------------------------------------


def changes(
    before: Rows, after: Rows, number: int, touched: Mapping[RowName, tuple[str, int]]
) -> list[dict[str, object]]:
    """The `change` records that lead from one set of rows to another."""
    found = []
    for name, rows in after.items():
        differing = {key for key, row in rows.items() if before[name].get(key) is not row}
        for key in sorted(differing | (before[name].keys() - rows.keys())):
            old, new = before[name].get(key), rows.get(key)
            sha256, line = touched.get((name, key), (None, None))
            at = {"release": number, "table_name": name, "row_key": key, "sha256": sha256, "line": line}
            if old is None or new is None:
                kind = "added" if old is None else "removed"
                found.append({**at, "kind": kind, "field": WHOLE_ROW, "old": _as_json(old), "new": _as_json(new)})
                continue
            for column, value in new.items():
                was = old.get(column)
                if was is not value and was != value:
                    texts = {"old": to_text(was), "new": to_text(value)}
                    found.append({**at, "kind": "changed", "field": column, **texts})
    return found


@dataclass
class Reverted:
    """Rows with changes taken back. `conflicts` are cells that do not hold any more what the changes wrote:
    each with its value now and the one it had before the changes, as text."""

    rows: Rows
    conflicts: dict[CellName, tuple[str | None, str | None]] = field(default_factory=dict)


def revert(
    rows: Rows,
    taken_back: Iterable[Mapping],
    choices: Mapping[CellName, Choice] | None = None,
    removals: Mapping[RowName, str] | None = None,
) -> Reverted:
    """Take changes back, in a copy of the rows.

    A cell in conflict is left as it is now where `choices` says "later" and gets the value before the changes
    otherwise; `removals` has rows, as JSON, that left since: with "earlier" such a row comes back for its cell.
    """
    done = Reverted({name: dict(keyed) for name, keyed in rows.items()})
    take_back(done, taken_back, choices or {}, removals or {})
    return done


def take_back(
    done: Reverted,
    taken_back: Iterable[Mapping],
    choices: Mapping[CellName, Choice] = _NONE,
    removals: Mapping[RowName, str] = _NONE,
) -> None:
    """Take changes back in the rows of `done` itself."""
    for change in taken_back:
        name, key, column = cell = change["table_name"], change["row_key"], change["field"]
        table, keyed = all_tables()[name], done.rows[name]
        if column != WHOLE_ROW and column not in defaults(table):
            continue  # a column that is not declared any more
        row = keyed.get(key)
        if not _holds(table, row, column, change["new"]):
            done.conflicts[cell] = (_now(row, column), change["old"])
            if choices.get(cell) == "later":
                continue
        if column != WHOLE_ROW:
            row = row or from_json(table, removals.get((name, key)))
            if row is not None:
                keyed[key] = {**row, column: from_text(table.column(column).type, change["old"])}
        elif change["kind"] == "added":
            keyed.pop(key, None)
        else:
            keyed[key] = from_json(table, change["old"])


def _holds(table: Table, row: Mapping | None, column: str, text: str | None) -> bool:
    if column == WHOLE_ROW:
        return row == from_json(table, text)
    return row is not None and to_text(row[column]) == text


def _now(row: Mapping | None, column: str) -> str | None:
    if column == WHOLE_ROW:
        return _as_json(row)
    return None if row is None else to_text(row[column])


# --- rows ------------------------------------------------------------------------------------------------------


def defaults(table: Table) -> dict[str, object]:
    """A row of which nothing is said yet."""
    return dict(_defaults(table.name))


@lru_cache(maxsize=256)
def _defaults(name: str) -> dict[str, object]:
    return {column.name: column.default for column in all_tables()[name].columns}


def _as_json(row: Mapping | None) -> str | None:
    if row is None:
        return None
    return _encode({name: to_text(value) for name, value in row.items() if value is not None})


_encode = json.JSONEncoder(ensure_ascii=False).encode


def from_json(table: Table, text: str | None) -> dict[str, object] | None:
    """The row that a change record holds; a column declared since then has its default."""
    if text is None:
        return None
    said = json.loads(text)
    return {
        column.name: from_text(column.type, said[column.name])
        if column.name in said
        else column.default
        if column.is_required
        else None
        for column in table.columns
    }


def snapshot(actions: Iterable[Mapping], number: int, as_of: dt.date) -> list[dict[str, object]]:
    """How every measure stands in a release."""
    names = [column.name for column in all_tables()["action_snapshot"].columns]
    own = [name for name in names if name in defaults(all_tables()["action"])]
    return [{**{name: row[name] for name in own}, "release": number, "as_of_on": as_of} for row in actions]
