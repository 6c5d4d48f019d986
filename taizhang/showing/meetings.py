"""Review meetings: the script to present, what was promised, and the capsule a finished meeting becomes.

An open meeting is a small file in the store, `meetings/<id>.json`, written whole at every step, so that neither a
closed window nor a crash loses a word. Finishing it makes the file a capsule: kept under its SHA-256 like any
received file, it brings its rows of the ledgers `meeting` and `commitment` in a release of its own. The capsule names
the releases that were shown; they never change, so the meeting can be shown again as it was.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import language
from taizhang.exhibits.views import View, default_comparison, pinned
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Release, Shelf, Store
from taizhang.store.publishing import SomeonePublished

READING = "meeting"  # how the file of a meeting is read, in the record of received files
VERSION = 1
_TRIES = 5


class NoSuchMeeting(Exception):
    """There is no meeting of that ID; carries the ID."""


class NotAMeeting(Exception):
    """A file is not that of a meeting."""


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
class Meeting:
    """A review meeting: what it shows, of which release, and what came of it."""

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
    is_reconstructed: bool = False  # held before capsules were kept: the usual script on the data of that day

    @property
    def is_finished(self) -> bool:
        return bool(self.finished_by) or self.is_reconstructed

    def view(self, store: Store, lang: str | None = None, district: str | None = None) -> View:
        """The view that this meeting shows, pinned to its releases."""
        code = lang or self.languages[0]
        return pinned(store, self.release, self.as_of, self.compared, self.compare_on, district, code)


# The order of a review meeting (promises first, exceptions before averages): research on review meetings, 2.8.
DEFAULT_SCRIPT = (
    ScriptLine(("meeting.cover",)),
    ScriptLine(("meeting.promises",)),
    ScriptLine(("overview.headline", "rectification.burn_down")),
    ScriptLine(("overview.strands",)),
    ScriptLine(("meeting.changes", "meeting.moved")),
    ScriptLine(("rectification.by_type",)),
    ScriptLine(("rectification.due",)),
    ScriptLine(("meeting.decisions",)),
    ScriptLine(("research.map",)),
    ScriptLine(("research.to_visit",)),
    ScriptLine(("review.funnel",), when_empty="leave_out"),
    ScriptLine(("research.handling",)),
    ScriptLine(("meeting.results", "meeting.result_list")),
    ScriptLine(("meeting.next_steps",)),
    ScriptLine(("meeting.definitions",)),
)


def prepare(view: View, meeting_id: str, title: str, held_on: dt.date) -> Meeting:
    """A new meeting on what a view shows, with the usual script; not saved yet."""
    bare = Meeting(meeting_id, title, held_on, view.as_of, view.release.number, script=DEFAULT_SCRIPT)
    return showing(bare, view)


def showing(meeting: Meeting, view: View) -> Meeting:
    """The same meeting on what another view shows."""
    before = view.compared
    return replace(
        meeting,
        as_of=view.as_of,
        held_on=max(meeting.held_on, view.as_of),
        release=view.release.number,
        compared=before.number if before else None,
        compare_on=view.compare_on if before else None,
    )


def shows_the_newest(store: Store, meeting: Meeting) -> bool:
    """Whether nothing was published since the meeting was prepared but what meetings themselves brought."""
    since = (row for row in store.live().notes() if row["release"] > meeting.release)
    return all(row["kind"] == READING for row in since)


def target(typed: float, is_share: bool) -> Decimal:
    """A target as it is kept: a share is typed in percent and kept from 0 to 1."""
    said = Decimal(str(typed))
    return said / 100 if is_share else said


def next_id(store: Store) -> str:
    """A meeting ID that neither a held nor an open meeting has: the last one's, counted on."""
    known = [*_held(store), *(one.meeting_id for one in open_meetings(store))]
    numbered = [(found[1], found[2]) for one in known if (found := re.fullmatch(r"(.*[A-Za-z].*?)(\d+)", one))]
    if not numbered:
        return "HY-001"
    head, digits = max(numbered, key=lambda pair: int(pair[1]))
    return f"{head}{int(digits) + 1:0{len(digits)}d}"


# --- open meetings ---------------------------------------------------------------------------------------------


def open_meetings(store: Store) -> list[Meeting]:
    """The meetings prepared or under way, in the order of their IDs; a file that cannot be read is not among them."""
    found, shelf = [], _shelf(store)
    for name in shelf.names():
        with suppress(NotAMeeting):
            found.append(loaded(shelf.read(name) or b""))
    return found


def unreadable(store: Store) -> list[str]:
    """The names of the files of open meetings that cannot be read: damaged, or written by hand."""
    shelf = _shelf(store)
    return [f"{name}{shelf.suffix}" for name in shelf.names() if not is_meeting(shelf.read(name) or b"")]


def is_meeting(data: bytes) -> bool:
    """Whether the file of an open meeting can be read: not damaged, nor written by hand."""
    try:
        loaded(data)
    except NotAMeeting:
        return False
    return True


def save(store: Store, meeting: Meeting) -> Meeting:
    """Keep an open meeting as it stands; on disk when this returns."""
    _shelf(store).write(meeting.meeting_id, written(meeting))
    return meeting


def discard(store: Store, meeting_id: str) -> None:
    """Forget an open meeting; one that is gone already is no matter."""
    _shelf(store).remove(meeting_id)


def _shelf(store: Store) -> Shelf:
    return store.shelf("meetings")


# --- finished meetings -----------------------------------------------------------------------------------------


def finish(store: Store, meeting: Meeting, by: str) -> Release:
    """Make a meeting a capsule, and its commitments rows of the ledger: one release, all or nothing.

    Its view stays the one that was shown; the new release has the day of the live one, since no figure changes.
    One that is finished already, but was still open after a power cut, is not made a second time.
    Raises `publishing.CheckFailed` or `RowsRefused` for rows that break a rule; then nothing is written.
    """
    opened = meeting.meeting_id
    for row in store.live().records("received", file_name=f"{opened}.json", reading=READING):
        if replace(loaded(store.received(row["sha256"])), finished_by="") == replace(meeting, finished_by=""):
            discard(store, opened)
            return store.release(row["release"])
    for left in reversed(range(_TRIES)):
        live = store.live()
        if meeting.meeting_id in _held(store):  # someone else finished one under the same ID
            meeting = replace(meeting, meeting_id=next_id(store))
        done = replace(meeting, finished_by=by)
        said = (language(code)("meeting.release_note", title=done.title) for code in LANGUAGES)
        note = Note(by, live.as_of, *said, kind="meeting")
        try:
            made = store.publish(files_of(written(done)), note, live.number, READING)
        except SomeonePublished:
            if not left:
                raise
        else:
            discard(store, opened)
            return made
    raise AssertionError


def capsules(store: Store) -> dict[str, str]:
    """Meeting ID → the SHA-256 of its capsule, for the meetings of the live release that have one."""
    held = _held(store)
    received = store.live().records("received")
    return {
        name: row["sha256"]
        for row in sorted(received, key=lambda row: row["release"])
        if row["reading"] == READING and (name := row["file_name"].removesuffix(".json")) in held
    }


def meeting(store: Store, meeting_id: str) -> Meeting:
    """A meeting by its ID: open, finished, or held before capsules were kept. Raises `NoSuchMeeting`."""
    try:
        prepared = _shelf(store).read(meeting_id)
    except ValueError as error:
        raise NoSuchMeeting(meeting_id) from error
    if prepared is not None:
        return loaded(prepared)
    kept = capsules(store)
    if meeting_id in kept:
        return loaded(store.received(kept[meeting_id]))
    row = _held(store).get(meeting_id)
    if row is None:
        raise NoSuchMeeting(meeting_id)
    return _reconstructed(store, row)


def held(store: Store) -> list[Mapping[str, object]]:
    """The meetings of the ledger, newest first: meeting_id, title, held_on, as_of_on, note."""
    return sorted(_held(store).values(), key=lambda row: (row["held_on"], row["meeting_id"]), reverse=True)


def _held(store: Store) -> dict[str, dict]:
    return {row["meeting_id"]: row for row in store.live().records("meeting")}


def _reconstructed(store: Store, row: Mapping) -> Meeting:
    standing = store.standing()
    one = standing.at(row["as_of_on"])
    as_of = max(row["as_of_on"], one.as_of)
    day = default_comparison(one, as_of)
    before = standing.at(day) if day else None
    if before is None or before.as_of > day:
        before, day = None, None
    return Meeting(
        row["meeting_id"],
        row["title"],
        row["held_on"],
        as_of,
        one.number,
        before and before.number,
        day,
        languages=LANGUAGES,
        script=DEFAULT_SCRIPT,
        note=row["note"] or "",
        is_reconstructed=True,
    )


# --- the file of a meeting -------------------------------------------------------------------------------------


def written(meeting: Meeting) -> bytes:
    """A meeting as JSON; every commitment on a line of its own, which is the line its ledger row leads to."""
    said = {"version": VERSION, **asdict(meeting)}
    said.pop("is_reconstructed")
    lines = []
    for name, value in said.items():
        if name in ("script", "commitments") and value:
            items = ",\n".join(f"  {_json(one)}" for one in value)
            lines.append(f" {_json(name)}: [\n{items}\n ]")
        else:
            lines.append(f" {_json(name)}: {_json(value)}")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")


def loaded(data: bytes) -> Meeting:
    """The meeting of such a file. Raises `NotAMeeting` when it is none."""
    try:
        return _loaded(json.loads(data))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise NotAMeeting(str(error)) from error


def _loaded(said: dict) -> Meeting:
    said.pop("version")
    script = tuple(ScriptLine(**{**line, "exhibits": tuple(line["exhibits"])}) for line in said.pop("script"))
    commitments = tuple(_commitment(one) for one in said.pop("commitments"))
    days = {name: _day(said.pop(name)) for name in ("held_on", "as_of", "compare_on")}
    lists = {name: tuple(said.pop(name)) for name in ("languages", "units")}
    return Meeting(**said, **days, **lists, script=script, commitments=commitments)


def files_of(data: bytes) -> list[LedgerFile]:
    """The ledger rows that the file of a meeting brings: the meeting itself, and its commitments."""
    one, lines = loaded(data), data.decode("utf-8").splitlines()
    name = f"{one.meeting_id}.json"
    cells = {"meeting_id": one.meeting_id, "title": one.title, "held_on": one.held_on, "as_of_on": one.as_of}
    rows = [Row(_line(lines, "meeting_id"), {**cells, **({"note": one.note} if one.note else {})})]
    first = _line(lines, "commitments")
    promised = [
        Row(first + place, {"commitment_id": f"{one.meeting_id}-{place}", "meeting_id": one.meeting_id, **_set(each)})
        for place, each in enumerate(one.commitments, start=1)
    ]
    files = [LedgerFile("meeting", name, data, "utf-8", tuple(rows))]
    return files + ([LedgerFile("commitment", name, data, "utf-8", tuple(promised))] if promised else [])


def _set(one: Commitment) -> dict[str, object]:
    return {name: value for name, value in asdict(one).items() if value not in (None, "")}


def _line(lines: Iterable[str], name: str) -> int:
    return next(place for place, line in enumerate(lines, start=1) if line.startswith(f' "{name}":'))


def _commitment(said: Mapping) -> Commitment:
    target = said["target_value"]
    return Commitment(
        **{**said, "due_on": _day(said["due_on"]), "target_value": None if target is None else Decimal(target)}
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
