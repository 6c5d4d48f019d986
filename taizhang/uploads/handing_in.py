"""What somebody who is held to some units is to fill in, and handing it in: it waits until an editor publishes it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from taizhang.rows.comparison import CHANGED
from taizhang.rows.scope import SAID_BY_UNITS, names_of
from taizhang.store import Release, Store
from taizhang.store.clock import BEIJING
from taizhang.store.waiting import HandedIn, Outcome, outcome
from taizhang.uploads.checking import Checked
from taizhang.uploads.fixes import Fix, as_record, from_record
from taizhang.uploads.of_unit import OfUnit
from taizhang.uploads.rounds import LEDGER, Asked, Round, asked_by, round_of

TAKEN = ("new", *CHANGED)  # kinds of rows that an editor takes, or leaves out


@dataclass(frozen=True)
class ToFill:
    """What one unit (or district) is asked for by a day; `round` is None where no sheet was handed out for it."""

    unit: str
    return_by: dt.date
    asked: tuple[Asked, ...]
    round: Round | None = None

    @property
    def ledgers(self) -> tuple[str, ...]:
        """The ledgers in which something is asked."""
        return tuple(name for name in SAID_BY_UNITS if any(one.ledger == name for one in self.asked))


def to_fill(store: Store, own: Release, keys: Collection[str], day: dt.date) -> tuple[ToFill, ...]:
    """The newest sheet of each unit of a scope, as long as it is not returned; it asks again what older ones asked. For
    a unit without one, what it is asked for by a day.

    `own` is the live release as they see it, `store` the whole one, where rounds are known by their codes.
    """
    rows = own.rows()
    found = []
    sent = sorted(rows[LEDGER].values(), key=lambda row: (row["return_by"], row["request_id"]))
    for row in {row["unit"]: row for row in sent}.values():
        one = round_of(store, row["request_id"]) if row["returned_on"] is None else None
        asked = [each for each in one.asked.get(row["unit"], ()) if each.row_key in rows[each.ledger]] if one else []
        if asked:
            found.append(ToFill(row["unit"], one.return_by, tuple(asked), one))
    found.sort(key=lambda one: (one.return_by, one.unit))
    names = names_of(rows, keys) - {one.unit for one in found}
    asked = [one for one in asked_by(own, day) if one.unit in names]
    for unit in dict.fromkeys(one.unit for one in asked):
        found.append(ToFill(unit, day, tuple(one for one in asked if one.unit == unit)))
    return tuple(found)


def hand_in(
    store: Store,
    by: str,
    of: OfUnit,
    files: Sequence[tuple[str, bytes]],
    checked: Checked,
    fixes: Sequence[Fix],
    note: str,
) -> HandedIn:
    """Put files that were checked where an editor finds them. Raises `ValueError` for files that have errors or change
    nothing, `waiting.TooManyWait`, and as `leave.ask`."""
    if checked.errors or not checked.comparison.changes:
        raise ValueError("nothing that could be accepted")
    records = [as_record(fix) for fix in fixes]
    rows = checked.comparison.changes
    return store.waiting().hand_in(by, of.shown, of.keys, of.release, files, note.strip(), rows, records)


def accepting(one: HandedIn) -> tuple[OfUnit, tuple[Fix, ...], dt.date]:
    """How an editor reads what was handed in: for whom, with which repairs, and the day it came."""
    came = one.at.replace(tzinfo=dt.UTC).astimezone(BEIJING).date()
    return OfUnit(one.shown, one.scope, one.release), tuple(from_record(dict(fix)) for fix in one.fixes), came


def outcomes(store: Store) -> list[tuple[HandedIn, Outcome]]:
    """All that was handed in and what became of it, the newest first."""
    received = store.live().records("received")
    return [(one, outcome(one, received)) for one in reversed(store.waiting().all())]
