"""What was begun and will not be finished: drafts, files half written, rebuilds broken off, files nobody published;
and what can be made again: releases that were put away and were asked for a day ago.

A clock that jumps must not sweep what somebody needs. A draft or a rebuild is swept a day after its process has ended,
or when its own process has not come back to it for a day. A file as it was received is swept when nothing names it, it
is older than a week, and two releases were published more than a week after it came: releases are a clock as well.

Whoever publishes sweeps, so that it may not take longer as files add up: one that a release is known to name is looked
at no more, and of the others no more than a few hundred at a time. They take turns, by their names, which say nothing
of when they came.
"""

import datetime as dt
import os
import re
import secrets
import shutil
import time
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from taizhang.store import clock, disk, engine, in_use, releases
from taizhang.store.releases import NoRelease, Release

STALE_SECONDS = 24 * 60 * 60
RECEIVED_DAYS = 7
_RELEASES_SINCE = 2
MOST_LOOKED_AT = 500  # received files in one sweep

_HALF_WRITTEN = (
    "*.tmp",
    "releases/*.tmp",
    "releases/*.draft*",
    *("meetings/*.tmp", "waiting/*.tmp", "waiting/files/*.tmp", "spare/*.tmp", "again/*"),
)
_AT_WORK = ("drafts/*", "rebuilding-*")

_published: dict[Path, set[str]] = {}  # store → received files that a release names, as every later one will
_turns: dict[Path, str] = {}  # store → the received file after which the next sweep goes on


def sweep(folder: Path) -> None:
    """Throw away what was left behind, as far as it is this sweep's turn to find it."""
    for left in (*_begun(folder), *_received_for_nothing(folder, _in_turn(folder, _not_published(folder)))):
        for path in (left, *left.glob("*.duckdb"), *left.glob("releases/*.duckdb")):
            engine.forget(path)
        if left.is_dir():
            in_use.let_go(left)
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def left_behind(folder: Path) -> list[Path]:
    """All that somebody began and will not finish, and all that was received and is named nowhere."""
    begun = (
        path for path in _begun(folder) if path.parent.name != "again"
    )  # made again on purpose, and good for a day
    return sorted([*begun, *_received_for_nothing(folder, _not_published(folder))])


def _begun(folder: Path) -> list[Path]:
    half = (path for pattern in _HALF_WRITTEN for path in folder.glob(pattern) if _is_stale(path))
    work = (path for pattern in _AT_WORK for path in folder.glob(pattern) if _is_abandoned(path))
    return [*half, *work]


def _is_abandoned(path: Path) -> bool:
    """Of its own process the clock on the wall has no part in it; of one that has ended, it has."""
    return (in_use.is_ours(path) or _is_stale(path)) and not in_use.is_held(path)


def _is_stale(path: Path) -> bool:
    """Whether a thing was written more than a day ago; also one that a wrong clock dated far ahead."""
    try:
        return abs(time.time() - path.stat().st_mtime) > STALE_SECONDS
    except FileNotFoundError:  # its owner was quicker
        return False


# --- files as they were received -------------------------------------------------------------------------------


def _not_published(folder: Path) -> list[str]:
    """The names of what was received, but for the files that a release is known to name; none is looked at."""
    known = _published.setdefault(folder, set())
    try:
        with os.scandir(folder / "received") as found:
            return [one.name for one in found if one.name not in known]
    except OSError:  # there is no such folder yet, or nobody may look into it
        return []


def _in_turn(folder: Path, names: Sequence[str]) -> list[str]:
    """Those that one sweep looks at, after those that the last one did. A process begins anywhere: most publish once,
    and would come to the first names only."""
    names = sorted(names)
    begin = bisect(names, _turns.get(folder) or secrets.token_hex())
    turn = [*names[begin:], *names[:begin]][:MOST_LOOKED_AT]
    if turn:
        _turns[folder] = turn[-1]
    return turn


def _received_for_nothing(folder: Path, names: Iterable[str]) -> list[Path]:
    """Those of some received files that came half, and those that nobody published."""
    received = [folder / "received" / name for name in names]
    broken_off = [path for path in received if path.suffix == ".tmp" and _is_stale(path)]
    whole = [path for path in received if re.fullmatch(r"[0-9a-f]{64}", path.name)]
    return [*broken_off, *_unpublished(folder, whole)]


def _unpublished(folder: Path, received: Sequence[Path]) -> Iterator[Path]:
    """Those of some received files that nobody published, as far as every sign agrees; none while anything is not
    certain."""
    live = _certain(folder) if received else None
    if live is None:
        return
    until = _long_ago(row["published_at"] for row in live.notes())
    if until is None:
        return
    old = {path.name: path for path in received if _written_at(path) < until}
    if old:
        _published[folder].update(row["sha256"] for row in live.records("received"))
    rest = {name: path for name, path in old.items() if name not in _published[folder]}
    if rest:
        named_in_work = _named_in_work(folder)
        yield from (path for name, path in rest.items() if named_in_work is not None and name not in named_in_work)


def _certain(folder: Path) -> Release | None:
    """The live release, which names every file that was ever published; None while there is doubt that it does."""
    try:
        number = disk.live_number(folder)
        if number is None or disk.numbers_beyond(folder, number):
            return None
        return releases.release(folder, number)
    except (NoRelease, engine.Unreadable):
        return None


def _long_ago(published: Iterable[dt.datetime]) -> dt.datetime | None:
    """What came before this moment is old by the clock and by the releases; None when the two contradict each other."""
    moments, now = sorted(published), clock.now()
    if len(moments) < _RELEASES_SINCE or moments[-1] > now:
        return None
    return moments[-_RELEASES_SINCE] - dt.timedelta(days=RECEIVED_DAYS)


def _written_at(received: Path) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(received.stat().st_mtime, dt.UTC).replace(tzinfo=None)
    except FileNotFoundError:
        return dt.datetime.max


def _named_in_work(folder: Path) -> set[str] | None:
    """The files that drafts and open meetings name; None when one of them cannot be asked."""
    named: set[str] = set()
    try:
        for draft in folder.glob("drafts/*/*.duckdb"):
            named |= {row["sha256"] for row in engine.rows_of(draft, "received")}
        for meeting in folder.glob("meetings/*.json"):
            named |= set(re.findall("[0-9a-f]{64}", meeting.read_text(encoding="utf-8", errors="replace")))
    except (engine.Unreadable, OSError):
        return None
    return named
