"""Letters that urge units 催办: what is due by the ladder, issued and revoked as acts like any other.

Which measure has reached which rung, a question says (`letters_due`). A unit gets one letter of each kind for all its
measures that are due for it. A number that was given once is never given again.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import language
from taizhang.store import Note, Release, Store
from taizhang.uploads.rounds import file_of

LEDGER = "letter"
KINDS = ("assign", "urge", "supervise")
_PREFIX = {"assign": "JB", "urge": "CB", "supervise": "DB"}
_ID = re.compile(r"(JB|CB|DB)-(\d{4})-(\d+)")


class NothingDue(Exception):
    """No measure of the units chosen has reached a rung whose letter it was not sent; nothing was written."""


@dataclass(frozen=True)
class Due:
    """A measure that a letter speaks of, as it stands on the day; `days_left` is below zero once it is overdue."""

    action_id: str
    content: str
    due_on: dt.date
    days_left: int
    status: str | None
    progress_note: str | None
    nth: int
    is_demo: bool


@dataclass(frozen=True)
class Letter:
    """One letter to one unit; `letter_id` is "" before it is issued, `missing` are rounds it has not returned."""

    letter_id: str
    kind: str
    unit: str
    recipients: str
    issued_on: dt.date
    reply_by: dt.date
    measures: tuple[Due, ...]
    missing: tuple[tuple[str, dt.date], ...] = ()

    @property
    def is_demo(self) -> bool:
        return any(one.is_demo for one in self.measures)


def due(release: Release, as_of: dt.date, issued_on: dt.date, reply_by: dt.date) -> tuple[Letter, ...]:
    """The letters that are due on a day, by unit and kind, not numbered yet."""
    found: dict[tuple[str, str, str], list[Due]] = {}
    for row in release.ask("letters_due", as_of=as_of).records():
        names = ("action_id", "content", "due_on", "days_left", "status", "progress_note", "nth", "is_demo")
        key = row["unit"], row["letter_kind"], row["recipients"]
        found.setdefault(key, []).append(Due(*(row[name] for name in names)))
    late: dict[str, list[tuple[str, dt.date]]] = {}
    for row in release.ask("requests", as_of=as_of).records():
        if row["state"] == "missing":
            late.setdefault(row["unit"], []).append((row["request_id"], row["return_by"]))
    return tuple(
        Letter("", kind, unit, recipients, issued_on, reply_by, tuple(own), tuple(late.get(unit, ())))
        for (unit, kind, recipients), own in sorted(
            found.items(), key=lambda one: (one[0][0], -KINDS.index(one[0][1]), one[0][2])
        )
    )


def issue(store: Store, by: str, letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """Number the letters and record that they were issued; live in one step.

    Raises `NothingDue` for none, and as `Store.publish` does.
    """
    if not letters:
        raise NothingDue
    live = store.live()
    numbers = _newest_numbers(live)
    made, lines = [], []
    for one in letters:
        series = _PREFIX[one.kind], one.issued_on.year
        numbers[series] = numbers.get(series, 0) + 1
        numbered = replace(one, letter_id=f"{series[0]}-{series[1]}-{numbers[series]:03}")
        made.append(numbered)
        lines.extend(_lines(numbered))
    said = {code: language(code, live.vocabulary)("letters.issued_note", count=len(made)) for code in LANGUAGES}
    store.publish(
        [file_of(f"{made[0].letter_id}.csv", lines, LEDGER)], Note(by, live.as_of, **said), live.number, act="hand_out"
    )
    return tuple(made)


def revoke(store: Store, by: str, letter_id: str, revoked_on: dt.date, reason: str) -> None:
    """Record that a letter was taken back, and why; it stays on record. Raises `KeyError` for none that stands, and as
    `Store.publish` does."""
    live = store.live()
    rows = [row for row in live.rows()[LEDGER].values() if row["letter_id"] == letter_id and not row["revoked_on"]]
    if not rows:
        raise KeyError(letter_id)
    told = {"revoked_on": max(revoked_on, rows[0]["issued_on"]), "revoke_reason": reason}
    lines = [{"letter_id": letter_id, "action_id": row["action_id"], **told} for row in rows]
    said = {code: language(code, live.vocabulary)("letters.revoked_note", letter=letter_id) for code in LANGUAGES}
    store.publish(
        [file_of(f"{letter_id}.csv", lines, LEDGER)], Note(by, live.as_of, **said), live.number, act="hand_out"
    )


def issued(live: Release, letter_id: str) -> Letter | None:
    """A letter that was issued, with its measures as they stand now, to print it again; None where there is none."""
    rows = live.rows()
    own = sorted(
        (row for row in rows[LEDGER].values() if row["letter_id"] == letter_id), key=lambda row: row["action_id"]
    )
    if not own:
        return None
    measures = tuple(_due_again(row, rows["action"][row["action_id"]], rows[LEDGER].values()) for row in own)
    one = own[0]
    reply = one["reply_by"] or one["issued_on"]
    return Letter(
        letter_id, one["letter_kind"], one["unit"], one["recipients"] or "", one["issued_on"], reply, measures
    )


def _due_again(row: Mapping, action: Mapping, letters: Iterable[Mapping]) -> Due:
    """A measure as the letter had it: days are counted from the day it was issued."""
    until = row["was_due_on"] or action["due_on"] or row["issued_on"]
    standing = sorted(
        (one["issued_on"], one["letter_id"])
        for one in letters
        if one["action_id"] == row["action_id"] and not one["revoked_on"]
    )
    nth = sum(one <= (row["issued_on"], row["letter_id"]) for one in standing)
    left = (until - row["issued_on"]).days
    said = (action[name] for name in ("status", "progress_note"))
    return Due(row["action_id"], action["content"], until, left, *said, max(nth, 1), row["is_demo"])


def _newest_numbers(live: Release) -> dict[tuple[str, int], int]:
    """(series, year) → the highest number a letter ever had, also one whose act was taken back."""
    ever = {row["row_key"] for row in live.records("change", table_name=LEDGER)} | set(live.rows()[LEDGER])
    found: dict[tuple[str, int], int] = {}
    for told in filter(None, map(_ID.match, ever)):
        series = told[1], int(told[2])
        found[series] = max(found.get(series, 0), int(told[3]))
    return found


def _lines(one: Letter) -> list[dict[str, object]]:
    return [
        {
            "letter_id": one.letter_id,
            "action_id": row.action_id,
            "letter_kind": one.kind,
            "unit": one.unit,
            "recipients": one.recipients,
            "issued_on": one.issued_on,
            "reply_by": one.reply_by,
            "was_due_on": row.due_on,
            "is_demo": row.is_demo,
        }
        for row in one.measures
    ]
