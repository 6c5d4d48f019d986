"""The book of what was done: who, when, from where, what, on which campaign and release.

One JSON line for each act in `<data folder>/access/audit.jsonl`, on disk before the act is answered. Lines are only
added; each carries the SHA-256 of the one before, and `audit.head` names the last, so that a line that is changed,
taken out or cut off is found. Whoever can write the whole folder can write a whole new book: export it where they
cannot.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from taizhang.store import clock, disk

_BEGINNING = "0" * 64  # what the first line carries
_MOST_LETTERS = 400  # of a value: names come from outside

TERMINAL = "terminal"  # where an act came from that was done by a command
COLUMNS = ("number", "at", "who", "role", "source", "act", "campaign", "release", "detail")


@dataclass(frozen=True)
class Entry:
    """One line. `at` is UTC (`2026-11-28T08:30:00Z`), `source` an address or `terminal`."""

    number: int
    at: str
    who: str
    role: str
    source: str
    act: str
    campaign: str = ""
    release: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Broken:
    """Where the chain breaks: `what` is changed, or cut (lines that once were there are gone); `line` counts from 1."""

    what: str
    line: int


@dataclass(frozen=True)
class Audit:
    """The book of a data folder, which may have none yet."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "access" / "audit.jsonl"

    def write(
        self,
        who: str,
        act: str,
        *,
        role: str = "",
        source: str = "",
        campaign: str = "",
        release: int | None = None,
        detail: str = "",
    ) -> Entry:
        """Add a line; it is on disk when this returns. Raises `OSError`, and then the act must not go on."""
        disk.make_private_folder(self.path.parent)
        with self._alone():
            last = self._last_line()
            number = json.loads(last)["number"] + 1 if last else 1
            said = [str(one)[:_MOST_LETTERS] for one in (who, role, source, act, campaign)]
            entry = Entry(number, f"{clock.now():%Y-%m-%dT%H:%M:%SZ}", *said, release, detail[:_MOST_LETTERS])
            line = json.dumps({**asdict(entry), "before": _sum(last)}, ensure_ascii=False).encode()
            disk.append_private(self.path, line + b"\n")
            disk.write_private(self._head, f"{number} {_sum(line)}\n".encode())
        return entry

    def entries(self) -> Iterator[Entry]:
        """Every line that can be read, oldest first."""
        for line in self._lines():
            try:
                said = json.loads(line)
                yield Entry(*(said[name] for name in COLUMNS))
            except (ValueError, KeyError, TypeError):
                continue

    def broken(self) -> Broken | None:
        """The first place where the book is not what was written; None for a whole one, and where there is none."""
        before, seen = _BEGINNING, []
        for place, line in enumerate(self._lines(), start=1):
            try:
                said = json.loads(line)
                is_whole = said["before"] == before and said["number"] == place
            except (ValueError, KeyError, TypeError):
                is_whole = False
            if not is_whole:
                return Broken("changed", place)
            before = _sum(line)
            seen.append(before)
        told = self._told()
        if told and told[1] not in seen[told[0] - 1 : told[0]]:  # lines after it may have come just before a power cut
            return Broken("cut" if len(seen) < told[0] else "changed", min(len(seen) + 1, told[0]))
        return None

    @property
    def _head(self) -> Path:
        return self.path.with_name("audit.head")

    def _told(self) -> tuple[int, str] | None:
        """How many lines there were, and the sum of the last; a head that cannot be read says one that no line has."""
        try:
            number, said = self._head.read_text(encoding="ascii").split()
            return max(int(number), 1), said
        except FileNotFoundError:
            return (1, "") if self.path.exists() and self.path.stat().st_size else None
        except (ValueError, UnicodeDecodeError):
            return 1, ""

    def _lines(self) -> list[bytes]:
        """The lines without their ends. What a power cut left of one was never answered, and counts as none."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        return data.split(b"\n")[:-1]

    def _last_line(self) -> bytes:
        """The last whole line, b'' for none; what a power cut left behind it is taken away."""
        try:
            with self.path.open("rb+") as file:
                size = file.seek(0, 2)
                tail = b""
                while size and tail.count(b"\n") < 2:
                    step = min(size, 4096)
                    size = file.seek(size - step)
                    tail = file.read(step) + tail
                whole, ended, torn = tail.rpartition(b"\n")
                if torn:
                    file.truncate(size + len(whole) + len(ended))
                return whole.rpartition(b"\n")[2]
        except FileNotFoundError:
            return b""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with FileLock(self.path.with_suffix(".lock"), timeout=disk.MOST_SECONDS):
            yield


def _sum(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest() if line else _BEGINNING
