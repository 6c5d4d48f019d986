"""What files would change, cell by cell, against the rows of a release; the difference of any two releases.

Each row is in exactly one kind, the one that needs most attention:

    guarded > reopened > moved_back > redated > changed          for a row that would change
    new · same · missing                                          for the others

so a measure that is reopened and re-dated counts as reopened; its cells show both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from taizhang.declared import tables
from taizhang.declared.tables import Table
from taizhang.rows import changes
from taizhang.rows.changes import Conflict, Decisions, RowName, Rows
from taizhang.rows.ledgers import LedgerFile
from taizhang.rows.problems import ERROR, WARNING, Problem

KINDS = ("new", "changed", "reopened", "redated", "moved_back", "guarded", "missing", "same")
CHANGED = ("changed", "reopened", "redated", "moved_back", "guarded")

# The column that says how far a row has come. The order of its code list is the order of the work; statuses that end
# the work early are no step of it.
_PROGRESS = {"action": "status", "issue": "status_manual", "research_topic": "status"}
_NO_STEP = ("cancelled",)
_ENDED, _OPEN = ("closed", "staged_ongoing", "cancelled"), ("not_started", "in_progress", "pending_verification")
_DUE = "due_on"


@dataclass(frozen=True)
class PartFile(LedgerFile):
    """The rows of one ledger in one sheet of a file that somebody uploaded."""

    sheet: str = ""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: its value before and after."""

    column: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row: its key, where it stands in the file (line 0: nowhere), its changed cells.

    `row` is the row as it would be; a missing row as it is.
    """

    key: str
    line: int
    cells: tuple[CellChange, ...]
    row: Mapping[str, object]
    sheet: str = ""


@dataclass(frozen=True)
class TableComparison:
    """The rows of one ledger by what would happen to them."""

    table: str
    new: tuple[RowChange, ...] = ()
    changed: tuple[RowChange, ...] = ()
    same: tuple[RowChange, ...] = ()
    missing: tuple[RowChange, ...] = ()
    reopened: tuple[RowChange, ...] = ()
    redated: tuple[RowChange, ...] = ()
    moved_back: tuple[RowChange, ...] = ()
    guarded: tuple[RowChange, ...] = ()

    def rows(self, kind: str) -> tuple[RowChange, ...]:
        """The rows of one of the `KINDS`."""
        return getattr(self, kind)

    @property
    def counts(self) -> dict[str, int]:
        """Kind → number of rows."""
        return {kind: len(self.rows(kind)) for kind in KINDS}

    @property
    def changes(self) -> int:
        """How many rows are new or would change; missing rows stay unless somebody lets them go."""
        return sum(len(self.rows(kind)) for kind in ("new", *CHANGED))


@dataclass(frozen=True)
class Comparison:
    """What files would do to each ledger they hold.

    `problems` are cells that a file cannot change and rows that come twice. `already` is the release that first
    received these very files, when there is nothing in them that the rows do not say. `conflicts` are cells that
    somebody has to choose on; among the changes they count as the file has them.
    """

    tables: tuple[TableComparison, ...]
    problems: tuple[Problem, ...] = ()
    already: int | None = None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def changes(self) -> int:
        return sum(table.changes for table in self.tables)

    def of(self, table: str) -> TableComparison:
        """One ledger; one without any row when no file holds it."""
        return next((one for one in self.tables if one.table == table), TableComparison(table))


def compare(files: Sequence[LedgerFile], before: Rows) -> Comparison:
    """What the files would change, before anybody has decided anything."""
    found, problems = [], []
    missing = changes.missing_in(files, before)
    for name in dict.fromkeys(one.table for one in files):
        own = [one for one in files if one.table == name]
        seen, faults = _seen(own, before[name])
        found.append(_table(tables.all_tables()[name], before[name], seen, missing[name], is_upload=True))
        problems.extend(faults)
    return Comparison(tuple(found), tuple(problems), conflicts=changes.conflicts_in(files, before))


def undecided(conflicts: Iterable[Conflict], decisions: Decisions) -> tuple[Problem, ...]:
    """A problem for each conflict that nobody has decided on."""
    found = []
    for one in conflicts:
        if one.cell not in decisions.yours | decisions.theirs:
            values = {f"cell_{side}": (one.table, one.field, getattr(one, side)) for side in ("was", "theirs", "yours")}
            is_row = one.field == changes.WHOLE_ROW
            blanks = {"row": one.key, **({} if is_row else values)}
            rule, column = ("row_gone_meanwhile", "") if is_row else ("both_changed", one.field)
            found.append(Problem(one.table, one.sheet, one.line, column, "", rule, ERROR, blanks))
    return tuple(found)


def after(
    files: Sequence[LedgerFile], before: Rows, decisions: Decisions
) -> tuple[Rows, dict[RowName, tuple[str, int]]]:
    """The rows after the files and the decisions, and the file (sha256) and line that each row came from."""
    merged = changes.merge(files, before, decisions)
    return merged.rows, merged.touched


def diff(before: Rows, now: Rows) -> Comparison:
    """What differs between the rows of two releases; a row that the newer one does not have is missing."""
    found = []
    for name, table in tables.ledgers().items():
        seen = {key: (0, "", row) for key, row in now[name].items()}
        missing = [key for key in before[name] if key not in seen]
        found.append(_table(table, before[name], seen, missing, is_upload=False))
    return Comparison(tuple(one for one in found if one.changes or one.missing or one.same))


def already(comparison: Comparison, files: Iterable[LedgerFile], received: Iterable[Mapping]) -> Comparison:
    """The comparison, told which release first received the files, where they say nothing new."""
    first: dict[str, int] = {}
    for row in received:
        first[row["sha256"]] = min(row["release"], first.get(row["sha256"], row["release"]))
    known = [first.get(sha256) for sha256 in {id(one.data): one.sha256 for one in files}.values()]
    if comparison.changes or not known or None in known:
        return comparison
    return replace(comparison, already=max(known))


Seen = dict[str, tuple[int, str, Mapping[str, object]]]  # row key → line, sheet, the row as it would be


def _seen(files: Iterable[LedgerFile], before: Mapping[str, Mapping]) -> tuple[Seen, list[Problem]]:
    """Every row of the files as it would be; cells that cannot be moved and rows that come twice as problems."""
    seen: Seen = {}
    said: dict[str, Mapping[str, object]] = {}
    problems = []
    for one in files:
        table, sheet = tables.all_tables()[one.table], getattr(one, "sheet", "")
        for line in one.rows:
            key = changes.key_in(one, table, line)
            if key in seen:
                problems.extend(_twice(table, key, seen[key], said[key], sheet, line))
            old = before.get(key)
            row = changes.row_after(table, seen[key][2] if key in seen else old, line.cells)
            if old is not None and changes.FIXED_ONCE_SET in line.cells:
                problems.extend(_fixed(table, key, old, row, sheet, line))
            seen[key], said[key] = (line.line, sheet, row), {**said.get(key, {}), **line.cells}
    return seen, problems


def _fixed(table: Table, key: str, old: Mapping, row: Mapping, sheet: str, line) -> Iterable[Problem]:
    name = changes.FIXED_ONCE_SET
    wanted = line.cells[name]
    if old[name] is not None and wanted != row[name]:
        blanks = {"row": key, "kept": str(row[name])}
        yield Problem(table.name, sheet, line.line, name, str(wanted or ""), "original_due_fixed", WARNING, blanks)


def _twice(table: Table, key: str, first: tuple, said: Mapping, sheet: str, line) -> Iterable[Problem]:
    """Cells that two lines of one upload fill differently: the later would silently win."""
    for name, value in line.cells.items():
        if name in said and said[name] != value:
            blanks = {"row": key, "first": first[0], "was": str(said[name])}
            yield Problem(table.name, sheet, line.line, name, str(value), "row_twice", ERROR, blanks)


def _table(
    table: Table, before: Mapping[str, Mapping], seen: Seen, missing: Iterable[str], is_upload: bool
) -> TableComparison:
    kinds: dict[str, list[RowChange]] = {kind: [] for kind in KINDS}
    for key, (line, sheet, row) in seen.items():
        old = before.get(key)
        if old is None:
            kinds["new"].append(RowChange(key, line, (), row, sheet))
        elif old is row or old == row:
            kinds["same"].append(RowChange(key, line, (), row, sheet))
        else:
            kind = "guarded" if is_upload and changes.is_guarded(table, old) else kind_of(table, old, row)
            kinds[kind].append(RowChange(key, line, _cells(old, row), row, sheet))
    kinds["missing"] = [RowChange(key, 0, (), before[key]) for key in missing]
    return TableComparison(table.name, **{kind: tuple(rows) for kind, rows in kinds.items()})


def _cells(old: Mapping, new: Mapping) -> tuple[CellChange, ...]:
    return tuple(
        CellChange(name, old.get(name), value)
        for name, value in new.items()
        if old.get(name) is not value and old.get(name) != value
    )


def kind_of(table: Table, old: Mapping, new: Mapping) -> str:
    """The kind of a row that changes: the first that fits of reopened, moved_back, redated, changed."""
    column = _PROGRESS.get(table.name)
    if column:
        was, now = old[column], new[column]
        if (was in _ENDED and now in _OPEN) or new.get("reopen_count", 0) > old.get("reopen_count", 0):
            return "reopened"
        steps = _steps(table.name, column)
        if was in steps and now in steps and steps[now] < steps[was]:
            return "moved_back"
    return "redated" if old.get(_DUE) != new.get(_DUE) else "changed"


@lru_cache(maxsize=16)
def _steps(table: str, column: str) -> dict[str, int]:
    listed = tables.code_lists()[tables.all_tables()[table].column(column).codes]
    return {one.code: step for step, one in enumerate(listed) if one.code not in _NO_STEP}
