"""A meeting as it is kept: what belongs to it, and the file it is written to and read from.

The file says with which version it was written and carries a checksum of itself, so that one that a crash, a bad disk
or a text editor has changed is never taken for what somebody wrote. Version 1 had no checksum, and is still read.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from taizhang.declared.plain import plain
from taizhang.exhibits.views import View, pinned
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Store

VERSION = 2
_FIRST = 1  # the version without a checksum
_HEAD = re.compile(rb'\{\n "checksum": "([0-9a-f]{64})",\n')
_NOT_IN_THE_FILE = ("is_reconstructed", "sealed_in", "superseded_by")


class NotAMeeting(Exception):
    """A file is not that of a meeting, or not any more."""


class OtherVersion(NotAMeeting):
    """The file of a meeting was written by another version of this program; carries that version."""


@dataclass(frozen=True)
class ScriptLine:
    """One slide of a script: one exhibit, or headline figures and one more below them, by their catalogue names.

    `note` is what the presenter means to say. `when_empty`: "say" says in one line that there is nothing, "leave_out"
    skips the slide.
    """

    exhibits: tuple[str, ...]
    district: str | None = None
    note: str = ""
    when_empty: str = "say"


@dataclass(frozen=True)
class Commitment:
    """What a unit promised: by when, and which KPI it should move to which value (a share from 0 to 1)."""

    content: str
    unit: str | None = None
    due_on: dt.date | None = None
    kpi: str | None = None
    target_value: Decimal | None = None


@dataclass(frozen=True)
class Correction:
    """Which capsule a meeting is sealed in the place of, and why.

    `capsule` is its SHA-256, `release` the one it was sealed in. A correction shows what the board knew when the
    meeting was first sealed: release `until` and those before it. Later ones hold the meeting itself already, as one of
    the past, and what was corrected in the data since is told beside a replay. Its first `promises` commitments have
    stood in the ledger since, where they live on: the new capsule repeats them, and brings no rows for them again.
    """

    meeting_id: str
    capsule: str
    release: int
    until: int
    promises: int
    reason: str = ""


@dataclass(frozen=True)
class Meeting:
    """A review meeting: what it shows, of which release, and what came of it.

    A finished one knows in which release it was sealed (`sealed_in`), and in which a corrected capsule took its place
    (`superseded_by`, None as long as none did).
    """

    meeting_id: str
    title: str
    held_on: dt.date
    as_of: dt.date
    release: int
    compared: int | None = None
    compare_on: dt.date | None = None
    languages: tuple[str, ...] = ("zh",)
    theme: str = "light"
    script: tuple[ScriptLine, ...] = ()
    units: tuple[str, ...] = ()
    note: str = ""
    commitments: tuple[Commitment, ...] = ()
    finished_by: str = ""
    corrects: Correction | None = None
    is_reconstructed: bool = False  # held before capsules were kept: the usual script on the data of that day
    sealed_in: int | None = field(default=None, compare=False)
    superseded_by: int | None = None

    @property
    def is_finished(self) -> bool:
        return bool(self.finished_by) or self.is_reconstructed

    @property
    def address(self) -> str:
        """What it is asked for by: its ID, and for a superseded capsule also the release it was sealed in."""
        return f"{self.meeting_id}@{self.sealed_in}" if self.superseded_by else self.meeting_id

    def view(self, store: Store, lang: str | None = None, district: str | None = None) -> View:
        """The view that this meeting shows, pinned to its releases."""
        code = lang or self.languages[0]
        return pinned(store, self.release, self.as_of, self.compared, self.compare_on, district, code)


# --- writing ---------------------------------------------------------------------------------------------------


def written(meeting: Meeting) -> bytes:
    """A meeting as JSON; every commitment on a line of its own, which is the line its ledger row leads to."""
    said = _plainly({"version": VERSION, **asdict(meeting)})
    lines = []
    for name, value in said.items():
        if name in _NOT_IN_THE_FILE:
            continue
        if name in ("script", "commitments") and value:
            items = ",\n".join(f"  {_json(one)}" for one in value)
            lines.append(f" {_json(name)}: [\n{items}\n ]")
        else:
            lines.append(f" {_json(name)}: {_json(value)}")
    body = (",\n".join(lines) + "\n}\n").encode("utf-8")
    return f'{{\n "checksum": "{hashlib.sha256(body).hexdigest()}",\n'.encode("ascii") + body


def _plainly(value: object) -> object:
    """What somebody typed or pasted, without characters that are no text."""
    match value:
        case str():
            return plain(value)
        case dict():
            return {name: _plainly(one) for name, one in value.items()}
        case list() | tuple():
            return [_plainly(one) for one in value]
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


# --- reading ---------------------------------------------------------------------------------------------------


def loaded(data: bytes) -> Meeting:
    """The meeting of such a file. Raises `NotAMeeting` when it is none, `OtherVersion` when it cannot be read here."""
    try:
        said = json.loads(data)
        version = said.pop("version")
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise NotAMeeting(str(error)) from error
    if type(version) is int and not _FIRST <= version <= VERSION:
        raise OtherVersion(version)
    if version != _FIRST and not _is_as_written(data):
        raise NotAMeeting("the file is not as it was written")
    said.pop("checksum", None)
    try:
        return _meeting(said)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise NotAMeeting(str(error)) from error


def is_meeting(data: bytes) -> bool:
    """Whether the file of a meeting can be used: not damaged, nor written by hand or by another version."""
    try:
        loaded(data)
    except NotAMeeting:
        return False
    return True


def has_checksum(data: bytes) -> bool:
    """Whether a file was written since files of meetings carry a checksum."""
    return _HEAD.match(data) is not None


def _is_as_written(data: bytes) -> bool:
    head = _HEAD.match(data)
    return bool(head) and hashlib.sha256(data[head.end() :]).hexdigest().encode("ascii") == head[1]


def _meeting(said: dict) -> Meeting:
    script = tuple(ScriptLine(**{**line, "exhibits": tuple(line["exhibits"])}) for line in said.pop("script"))
    commitments = tuple(_commitment(one) for one in said.pop("commitments"))
    days = {name: _day(said.pop(name)) for name in ("held_on", "as_of", "compare_on")}
    lists = {name: tuple(said.pop(name)) for name in ("languages", "units")}
    corrects = said.pop("corrects", None)
    corrects = Correction(**corrects) if corrects else None
    return Meeting(**said, **days, **lists, script=script, commitments=commitments, corrects=corrects)


def _commitment(said: Mapping) -> Commitment:
    target = said["target_value"]
    return Commitment(
        **{**said, "due_on": _day(said["due_on"]), "target_value": None if target is None else Decimal(target)}
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- the rows of the ledgers that it brings --------------------------------------------------------------------


def files_of(data: bytes) -> list[LedgerFile]:
    """The ledger rows that the file of a meeting brings: the meeting itself, and its commitments.

    A row names the capsule it came from, so that whatever takes the row back gives the meeting its capsule of before.
    A correction brings only the commitments that are new: the others have been kept in the ledger since.
    """
    one, lines = loaded(data), data.decode("utf-8").splitlines()
    name = f"{one.meeting_id}.json"
    cells = {"meeting_id": one.meeting_id, "title": one.title, "held_on": one.held_on, "as_of_on": one.as_of}
    if has_checksum(data):
        cells |= {"note": one.note or None, "capsule": hashlib.sha256(data).hexdigest()}
    elif one.note:  # as it was read when there were no checksums: a rebuild makes the same rows again
        cells |= {"note": one.note}
    first, known = _line(lines, "commitments"), one.corrects.promises if one.corrects else 0
    promised = [
        Row(first + place, {"commitment_id": f"{one.meeting_id}-{place}", "meeting_id": one.meeting_id, **_set(each)})
        for place, each in enumerate(one.commitments, start=1)
        if place > known
    ]
    files = [LedgerFile("meeting", name, data, "utf-8", (Row(_line(lines, "meeting_id"), cells),))]
    return files + ([LedgerFile("commitment", name, data, "utf-8", tuple(promised))] if promised else [])


def _set(one: Commitment) -> dict[str, object]:
    return {name: value for name, value in asdict(one).items() if value not in (None, "")}


def _line(lines: Iterable[str], name: str) -> int:
    return next(place for place, line in enumerate(lines, start=1) if line.startswith(f' "{name}":'))
