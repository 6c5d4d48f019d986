"""A change of an earlier day carried into the rows of a later one.

A three-way merge of cells: what led from the earlier day to the later one stays, what changes the earlier day is taken
over. Pure functions on rows; no release is known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.declared.tables import Table, all_tables
from taizhang.rows.changes import WHOLE_ROW, CellName, Rows, defaults


@dataclass(frozen=True)
class Carried:
    """The rows of the later day after the change, and the cells that kept a value of their own against it.

    A row that leaves the earlier day, and that the later one changed itself, stays; it is told as one, by `*`.
    """

    rows: Rows
    kept: tuple[CellName, ...]


def carried(before: Rows, after: Rows, later: Rows) -> Carried:
    """Take what leads from `before` to `after`, both rows of one day, over into the rows of a later day.

    A cell that the later day changed itself keeps its value; so does every cell nobody changed.
    """
    rows, kept = {name: dict(keyed) for name, keyed in later.items()}, []
    for name, keyed in rows.items():
        old, new = before[name], after[name]
        if old is new:
            continue
        table = all_tables()[name]
        differing = [key for key, row in new.items() if old.get(key) is not row and old.get(key) != row]
        for key in (*differing, *(key for key in old if key not in new)):
            merged, against = _merged(table, old.get(key), new.get(key), keyed.get(key))
            kept.extend((name, key, field) for field in against)
            if merged is None:
                keyed.pop(key, None)
            else:
                keyed[key] = merged
    return Carried(rows, tuple(kept))


def _merged(
    table: Table, old: Mapping | None, new: Mapping | None, own: Mapping | None
) -> tuple[dict[str, object] | None, list[str]]:
    """The row of the later day, and the fields it kept: `old` became `new` on the earlier day, `own` is the later's."""
    if own == new:
        return new and dict(new), []
    if own == old:
        return new and dict(new), []
    if new is None:  # it leaves the earlier day, and the later one has made something else of it
        return dict(own), [WHOLE_ROW]
    if own is None:  # it left by the later day
        return None, [] if old is None else [WHOLE_ROW]
    nothing = defaults(table)
    was = old or nothing
    merged, kept = dict(own), []
    for field, value in new.items():
        if value != was[field] and own[field] != value:
            if own[field] == was[field]:
                merged[field] = value
            else:
                kept.append(field)
    return merged, kept
