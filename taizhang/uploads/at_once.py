"""One act on many measures of a list: accept them, send them back, give them another due date, or another unit.

An act makes files of keys and changed cells, which go the way of any file that is handed in: checked, compared,
drafted, published, taken back. What a rule of the ledger would refuse is said before there is a file.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from taizhang.declared.values import CLEAR, to_text
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.store.releases import Release
from taizhang.uploads.fixes import folded
from taizhang.uploads.numbering import fresh_keys
from taizhang.uploads.values import guarded
from taizhang.uploads.written import WRITTEN

Row = Mapping[str, object]
_OPEN = (None, "not_started", "in_progress", "pending_verification")
_SAYS_NOTHING = frozenset(
    folded(word)
    for words in (WRITTEN["empty"]["marks"], WRITTEN["empty"]["words"], WRITTEN["ditto"]["marks"], CLEAR)
    for word in words
)


@dataclass(frozen=True)
class Wanted:
    """Which measures of a release are listed: what is None is not asked for."""

    unit: str | None = None
    status: str | None = None
    light: str | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    text: str | None = None

    def has(self, row: Row) -> bool:
        """Whether a measure is listed; one without a due date stands in no window."""
        due = row["due_on"]
        return (
            (self.unit is None or row["unit"] == self.unit)
            and (self.status is None or row["status"] == self.status)
            and (self.light is None or row["light"] == self.light)
            and (self.due_from is None or (due is not None and due >= self.due_from))
            and (self.due_to is None or (due is not None and due <= self.due_to))
            and (self.text is None or folded(self.text) in folded(" ".join(map(str, row.values()))))
        )


@dataclass(frozen=True)
class Refusal:
    """Why an act cannot touch a measure, or (no key) cannot be done at all. Words: `atonce.refused_CODE`."""

    key: str
    code: str
    blanks: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What goes with an act: who verified and on which day, why, until when, or which unit; and the day of which the
    ledger then speaks (None: that of the release)."""

    by: str = ""
    day: dt.date | None = None
    reason: str = ""
    as_of: dt.date | None = None


@dataclass(frozen=True)
class Made:
    """The files of an act, or why there are none; `release` is the one whose rows were listed: what somebody else
    published since is not overwritten."""

    files: tuple[tuple[str, bytes], ...]
    keys: tuple[str, ...]
    refused: tuple[Refusal, ...]
    release: int


def listed(release: Release, wanted: Wanted) -> list[Row]:
    """The measures of a release that are wanted, as they stand on its day."""
    return [row for row in release.ask("actions", as_of=release.as_of).records() if wanted.has(row)]


def make(act: str, release: Release, keys: Collection[str], said: Said, is_leaving_out: bool = False) -> Made:
    """The files that do an act of `ACTS` to the measures named; none while a rule refuses one of them, unless those
    are to be left out."""
    check, change, needs = ACTS[act]
    said = replace(said, as_of=said.as_of or release.as_of)
    missing = [Refusal("", f"no_{name}") for name in needs if _says_nothing(getattr(said, name))]
    rows = release.rows()
    own = {key: rows["action"][key] for key in keys}
    refused = missing or [one for key, row in own.items() if (one := check(key, row, said))]
    left = {one.key for one in refused}
    kept = {key: row for key, row in own.items() if key not in left}
    if missing or not kept or (refused and not is_leaving_out):
        return Made((), (), tuple(refused) or (Refusal("", "nobody"),), release.number)
    files = [(f"{act}.csv", _csv([{"action_id": key} | change(row, said) for key, row in kept.items()]))]
    if act == "redate":
        numbers = islice(fresh_keys("extension", rows["extension"]), len(kept))
        asked = zip(numbers, kept.items(), strict=True)
        files.append(("extension.csv", _csv([_extension(one, *row, said) for one, row in asked])))
    return Made(tuple(files), tuple(kept), tuple(refused), release.number)


def sentence(refused: Refusal, act: str, t: Language) -> str:
    """Why an act cannot touch a measure, or cannot be done."""
    said = {
        name: value if isinstance(value, str) else to_text(value) for name, value in refused.blanks.items() if value
    }
    said["status"] = t.label("status", said["status"]) if said.get("status") else NOT_KNOWN
    return t(f"atonce.refused_{refused.code}", **{"key": refused.key, "act": t(f"atonce.{act}"), **said})


def _says_nothing(value: object) -> bool:
    """Whether an upload would take a value for an empty cell."""
    return value is None or (isinstance(value, str) and (not value.strip() or folded(value) in _SAYS_NOTHING))


def _csv(rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(
        {name: guarded(value) if isinstance(value, str) else to_text(value) for name, value in row.items()}
        for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


# --- what each act may touch, and what it sets -----------------------------------------------------------------


def _awaits(key: str, row: Row, said: Said) -> Refusal | None:
    """Only what was applied for can be verified."""
    if row["status"] != "pending_verification":
        return Refusal(key, "not_applied", {"status": row["status"]})
    return None


def _can_be_accepted(key: str, row: Row, said: Said) -> Refusal | None:
    if refused := _awaits(key, row, said):
        return refused
    if said.day < row["done_on"]:
        return Refusal(key, "before_done", {"day": said.day, "done_on": row["done_on"]})
    if said.day > said.as_of:
        return Refusal(key, "not_yet", {"day": said.day, "as_of": said.as_of})
    return None


def _can_be_redated(key: str, row: Row, said: Said) -> Refusal | None:
    if row["status"] not in _OPEN:
        return Refusal(key, "not_open", {"status": row["status"]})
    if row["due_on"] is None:
        return Refusal(key, "no_due_on")
    if said.day <= row["due_on"]:
        return Refusal(key, "not_later", {"day": said.day, "due_on": row["due_on"]})
    return None


def _can_be_handed_over(key: str, row: Row, said: Said) -> Refusal | None:
    if row["status"] not in (*_OPEN, "staged_ongoing"):
        return Refusal(key, "not_open", {"status": row["status"]})
    return Refusal(key, "same_unit", {"unit": said.by}) if row["resp_unit"] == said.by else None


def _accepted(row: Row, said: Said) -> dict[str, object]:
    return {"status": "closed", "verified_by": said.by, "closed_on": said.day}


def _sent_back(row: Row, said: Said) -> dict[str, object]:
    """Work goes on: it is neither done nor applied for, and was sent back once more."""
    return {
        "status": "in_progress",
        "done_on": CLEAR[0],
        "applied_on": CLEAR[0],
        "return_reason": said.reason,
        "return_count": row["return_count"] + 1,
    }


def _redated(row: Row, said: Said) -> dict[str, object]:
    return {"due_on": said.day}


def _handed_over(row: Row, said: Said) -> dict[str, object]:
    return {"resp_unit": said.by}


def _extension(number: str, key: str, row: Row, said: Said) -> dict[str, object]:
    """The due date moves by an extension that was granted, so that the ledger says why."""
    return {
        "extension_id": number,
        "action_id": key,
        "requested_on": said.as_of,
        "old_due_on": row["due_on"],
        "new_due_on": said.day,
        "reason": said.reason,
        "decision": "approved",
    }


Check = Callable[[str, Row, Said], Refusal | None]
Change = Callable[[Row, Said], dict[str, object]]
# Act → which measures it may touch, what it sets, and what has to be said for it.
ACTS: Mapping[str, tuple[Check, Change, tuple[str, ...]]] = {
    "accept": (_can_be_accepted, _accepted, ("by", "day")),
    "send_back": (_awaits, _sent_back, ("reason",)),
    "redate": (_can_be_redated, _redated, ("day", "reason")),
    "hand_over": (_can_be_handed_over, _handed_over, ("by",)),
}
