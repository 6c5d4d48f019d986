"""A round: units are handed sheets with what the ledgers do not know of them yet.

Which rows a unit is asked for, a question says (`asked`). Every sheet carries a code above its headings. It is made
of the round, the unit and the release the sheet was made from: so a sheet of another office, or of a round that was
taken back, is told from ours whatever its file is called, and also when it comes back as CSV (`came_back`).
"""

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.values import to_text
from taizhang.declared.wording import language
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Release, Store
from taizhang.store.engine import Unreadable
from taizhang.store.releases import NoRelease
from taizhang.uploads.handed_out import seal

LEDGER = "request"
_ID = "TB-{:03}"


class NothingToAsk(Exception):
    """No row of the ledgers chosen is to be filled in by the units chosen; nothing was written."""


@dataclass(frozen=True)
class Asked:
    """A row that a unit is asked to fill in, and the columns that are asked for."""

    ledger: str
    row_key: str
    unit: str
    cells: tuple[str, ...]
    is_demo: bool


@dataclass(frozen=True)
class Round:
    """A round as it was handed out: from which release, to whom, and what is asked of each."""

    request_id: str
    release: Release
    sent_on: dt.date
    return_by: dt.date
    asked: Mapping[str, tuple[Asked, ...]]  # unit → rows

    def code(self, unit: str) -> str:
        """What a unit's sheets are known by."""
        return code_of(self.request_id, unit, self.release)


# --- handing out -----------------------------------------------------------------------------------------------


def asked_by(release: Release, day: dt.date) -> tuple[Asked, ...]:
    """Every row that a unit is asked for, if it is to say by a day how things stand."""
    return tuple(
        Asked(row["ledger"], row["row_key"], row["unit"], tuple(row["cells"].split("+")), row["is_demo"])
        for row in release.ask("asked", as_of=day).records()
        if row["is_asked"]
    )


def hand_out(
    store: Store, by: str, sent_on: dt.date, return_by: dt.date, units: Iterable[str], only: Iterable[str]
) -> Round:
    """Record that units (or districts) are asked for the rows of some ledgers by a day; live in one step.

    Raises `NothingToAsk`, `ValueError` where the sheets would have to be back before they are out, and as
    `Store.publish` does.
    """
    if return_by < sent_on:
        raise ValueError(f"to be returned by {return_by}, handed out on {sent_on}")
    live, wanted, tables = store.live(), frozenset(units), frozenset(only)
    asked = [one for one in asked_by(live, return_by) if one.unit in wanted and one.ledger in tables]
    if not asked:
        raise NothingToAsk
    request_id = _ID.format(_newest_number(live) + 1)
    of_unit: dict[str, tuple[Asked, ...]] = {}
    for one in asked:
        of_unit[one.unit] = (*of_unit.get(one.unit, ()), one)
    lines = [
        {
            "request_id": request_id,
            "unit": unit,
            "ledgers": "+".join(sorted({one.ledger for one in own})),
            "sent_on": sent_on,
            "return_by": return_by,
            "release": live.number,
            "row_count": len(own),
            "cell_count": sum(len(one.cells) for one in own),
            "is_demo": any(one.is_demo for one in own),
        }
        for unit, own in of_unit.items()
    ]
    said = {
        code: language(code, live.vocabulary)("rounds.handed_out", round=request_id, count=len(of_unit))
        for code in LANGUAGES
    }
    store.publish([file_of(f"{request_id}.csv", lines)], Note(by, live.as_of, **said), live.number, act="hand_out")
    return Round(request_id, live, sent_on, return_by, of_unit)


def round_of(store: Store, request_id: str, live: Release | None = None) -> Round | None:
    """A round that was handed out, to make its sheets again; None where there is none, or its release is gone.

    `live` is the live release, for whoever has looked already.
    """
    rows = [row for row in (live or store.live()).rows()[LEDGER].values() if row["request_id"] == request_id]
    release = release_of(store, rows[0]["release"]) if rows else None
    if release is None:
        return None
    units = {row["unit"]: frozenset((row["ledgers"] or "").split("+")) for row in rows}
    of_unit: dict[str, tuple[Asked, ...]] = {}
    for one in asked_by(release, rows[0]["return_by"]):
        if one.ledger in units.get(one.unit, ()):
            of_unit[one.unit] = (*of_unit.get(one.unit, ()), one)
    return Round(request_id, release, rows[0]["sent_on"], rows[0]["return_by"], of_unit)


def _newest_number(live: Release) -> int:
    """The highest number a round ever had: one that was taken back is not given again."""
    ever = {row["row_key"] for row in live.records("change", table_name=LEDGER)} | set(live.rows()[LEDGER])
    found = (re.match(r"TB-(\d+)\|", key) for key in ever)
    return max((int(one[1]) for one in found if one), default=0)


def file_of(name: str, lines: Sequence[Mapping[str, object]], ledger: str = LEDGER) -> LedgerFile:
    """Entries of a ledger that the product makes itself as a file like any other: it is kept, and can be read again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(lines[0])
    writer.writerows([to_text(value) or "" for value in line.values()] for line in lines)
    rows = tuple(Row(number, dict(line)) for number, line in enumerate(lines, start=2))
    return LedgerFile(ledger, name, out.getvalue().encode("utf-8"), "UTF-8", rows)


def code_of(request_id: str, unit: str, release: Release) -> str:
    """What the sheets of a unit are known by: the round, and letters that no other round, unit or office has."""
    said = f"{request_id}|{unit}|{seal(release)}"
    return f"{request_id}-{hashlib.sha256(said.encode()).hexdigest()[:8].upper()}"


def release_of(store: Store, number: int | None) -> Release | None:
    """The release that sheets were made from; None where it cannot be opened."""
    try:
        return store.release(number) if number else None
    except (NoRelease, Unreadable):
        return None
