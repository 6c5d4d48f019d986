"""What units handed in and nobody has published yet: files that wait, in `waiting` beside the releases.

    waiting/0003.json          who handed in which files, when, before which release, and what became of it
    waiting/files/3f9a…        the files, under their SHA-256

Nothing of them is in a release before an editor publishes them as an upload like any other. That they were accepted
stands in the release that received them, and nowhere else: so a crash after the publish loses nothing, and what is
rebuilt says the same.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from taizhang.store import clock, disk, leave, releases
from taizhang.store.disk import Shelf

PATHS = r"waiting/[0-9]{4,9}\.json|waiting/files/[0-9a-f]{64}"  # what of it a backup keeps
MOST = 20  # that may wait of one person: whoever accepts them looks at each
WAITING, WITHDRAWN, RETURNED, ACCEPTED = "waiting", "withdrawn", "returned", "accepted"


class TooManyWait(Exception):
    """One person has as many waiting as they may; nothing was kept."""

    def __init__(self, most: int):
        self.most = most
        super().__init__(f"{most} wait already")


class NotWaiting(LookupError):
    """There is nothing of that number that waits, or it is somebody else's."""

    def __init__(self, number: int):
        self.number = number
        super().__init__(f"nothing waits under {number}")


@dataclass(frozen=True)
class HandedIn:
    """What one person handed in at once: `by` is the name of their account, `shown` what they are called, `scope` what
    they were held to, `release` the one they had before them, `rows` how many rows it would change, `fixes` the
    repairs they made, as records. `state` is WAITING until they take it back or an editor returns it with a reason."""

    number: int
    by: str
    shown: str
    scope: tuple[str, ...]
    release: int
    at: dt.datetime  # UTC
    note: str
    rows: int
    files: tuple[tuple[str, str], ...]  # name, SHA-256
    fixes: tuple[Mapping[str, object], ...] = ()
    state: str = WAITING
    reason: str = ""
    answered_by: str = ""
    answered_at: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has taken it back or returned it; it may be published all the same."""
        return self.state == WAITING


@dataclass(frozen=True)
class Outcome:
    """What became of something handed in: its state, and of what was accepted in which release and how many rows."""

    state: str
    release: int | None = None
    rows: int = 0


def outcome(one: HandedIn, received: Iterable[Mapping[str, object]]) -> Outcome:
    """What became of it, given the records `received` of the live release. Of two that are the same bytes one may have
    been returned, and the other accepted."""
    if not one.is_open:
        return Outcome(one.state)
    own = {sha256 for _, sha256 in one.files}
    found = [row for row in received if row["sha256"] in own and row["release"] > one.release]
    if not found:
        return Outcome(one.state)
    first = min(row["release"] for row in found)
    rows = sum(row["rows_new"] + row["rows_changed"] for row in found if row["release"] == first)
    return Outcome(ACCEPTED, first, rows)


@dataclass(frozen=True)
class Waiting:
    """The shelf of one store. Who may look at which of them is for the caller to ask."""

    store: Path

    def all(self) -> list[HandedIn]:
        """All that was ever handed in and can be read, oldest first."""
        found = (self._read(name) for name in self._entries.names())
        return [one for one in found if one is not None]

    def number(self, number: int) -> HandedIn:
        """One of them. Raises `NotWaiting`."""
        one = self._read(_name(number))
        if one is None:
            raise NotWaiting(number)
        return one

    def files(self) -> list[Path]:
        """All that lies on the shelf, a file before the entry that names it."""
        found = self.all()
        named = sorted({self._files.folder / sha256 for one in found for _, sha256 in one.files})
        return [*named, *(self._entries.folder / f"{_name(one.number)}.json" for one in found)]

    def stamp(self) -> tuple[object, ...]:
        """What changes whenever anything on the shelf does; cheap to ask."""
        return tuple((name, self._entries.stamp(name)) for name in self._entries.names())

    def contents(self, one: HandedIn) -> tuple[tuple[str, bytes], ...]:
        """The files (name, bytes). Raises `disk.Unreadable` when one is gone, or is not what it was."""
        found = []
        for name, sha256 in one.files:
            data = self._files.read(sha256)
            if data is None or hashlib.sha256(data).hexdigest() != sha256:
                raise disk.Unreadable(f"{self._files.folder / sha256}: gone, or not what was handed in")
            found.append((name, data))
        return tuple(found)

    def hand_in(
        self,
        by: str,
        shown: str,
        scope: Collection[str],
        release: int,
        files: Sequence[tuple[str, bytes]],
        note: str,
        rows: int,
        fixes: Sequence[Mapping[str, object]] = (),
    ) -> HandedIn:
        """Keep files until an editor has looked at them; on disk when this returns. Raises `TooManyWait`, and as
        `leave.ask` does."""
        leave.ask("hand_in")
        for folder in (self._entries.folder, self._files.folder):
            disk.make_private_folder(folder)
        with self._entries.locked():
            names = self._entries.names()
            received = releases.release(self.store, disk.live_number(self.store) or release).records("received")
            own = [one for one in self.all() if one.by == by]
            if sum(outcome(one, received).state == WAITING for one in own) >= MOST:
                raise TooManyWait(MOST)
            kept = []
            for name, data in files:
                kept.append((name, hashlib.sha256(data).hexdigest()))
                self._files.write(kept[-1][1], data)
            number = int(names[-1]) + 1 if names else 1
            said = by, shown, tuple(sorted(scope)), release, clock.now(), note, rows, tuple(kept), tuple(fixes)
            made = HandedIn(number, *said)
            self._write(made)
        leave.told("hand_in", self.store, None, _name(made.number))
        return made

    def take_back(self, number: int, by: str) -> None:
        """Whoever handed it in does not mean it any more. Raises `NotWaiting`, also for what is somebody else's."""
        leave.ask("hand_in")
        self._answer(number, WITHDRAWN, "", by, lambda one: one.by == by)
        leave.told("taken_back", self.store, None, _name(number))

    def give_back(self, number: int, reason: str, by: str) -> None:
        """Return it, with what is to be put right. Raises `NotWaiting`, `ValueError` without a reason."""
        leave.ask("publish")
        if not reason.strip():
            raise ValueError("no reason")
        self._answer(number, RETURNED, reason.strip(), by, lambda one: True)
        leave.told("given_back", self.store, None, _name(number))

    def _answer(self, number: int, state: str, reason: str, by: str, is_meant) -> None:
        with self._entries.locked():
            one = self._read(_name(number))
            if one is None or not one.is_open or not is_meant(one):
                raise NotWaiting(number)
            self._write(replace(one, state=state, reason=reason, answered_by=by, answered_at=clock.now()))

    def _read(self, name: str) -> HandedIn | None:
        data = self._entries.read(name)
        try:
            said = json.loads(data or b"")
            said["scope"], said["fixes"] = tuple(said["scope"]), tuple(said["fixes"])
            said["files"] = tuple((file, sha256) for file, sha256 in said["files"])
            for moment in ("at", "answered_at"):
                said[moment] = dt.datetime.fromisoformat(said[moment]) if said[moment] else None
            return HandedIn(**said)
        except (ValueError, KeyError, TypeError):
            return None

    def _write(self, one: HandedIn) -> None:
        said = {**asdict(one), "at": one.at.isoformat(), "answered_at": one.answered_at and one.answered_at.isoformat()}
        self._entries.write(_name(one.number), json.dumps(said, ensure_ascii=False, default=str).encode())

    @property
    def _entries(self) -> Shelf:
        return Shelf(self.store / "waiting", ".json", is_private=True)

    @property
    def _files(self) -> Shelf:
        return Shelf(self.store / "waiting" / "files", "", is_private=True)


def _name(number: int) -> str:
    return f"{number:04d}"
