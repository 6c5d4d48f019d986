"""Which unfinished work somebody is at: told by a lock that its process holds, and by a clock that nobody can set.

The clock on the wall may jump by days, so the time that a file was written at says little of whether it is needed. The
lock of a process that has ended, however it ended, is free.
"""

import threading
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

LONGEST_SECONDS = 24 * 60 * 60  # that nobody came back to a thing: then it is not in use, though its process lives
LOCK = "in-use.lock"

_ours: dict[Path, tuple[FileLock, float]] = {}  # folder → its lock, and when it was last used
_guard = threading.Lock()


def hold(folder: Path) -> None:
    """This process is at work in a folder, until it lets go, or ends."""
    lock = FileLock(folder / LOCK, thread_local=False)
    lock.acquire(timeout=10)  # somebody who sweeps may be trying it at this moment
    with _guard:
        _ours[folder] = lock, time.monotonic()


def come_back_to(folder: Path) -> None:
    """This process uses the folder again, if it holds it."""
    with _guard:
        if folder in _ours:
            _ours[folder] = _ours[folder][0], time.monotonic()


def is_ours(folder: Path) -> bool:
    """Whether this process holds a folder."""
    with _guard:
        return folder in _ours


def let_go(folder: Path) -> None:
    """This process is done with a folder; one that it does not hold is no matter."""
    with _guard:
        lock, _ = _ours.pop(folder, (None, 0))
    if lock is not None:
        with suppress(OSError):
            lock.release()


def is_held(folder: Path) -> bool:
    """Whether somebody is at work in a folder: this process within a day, or another that is still there."""
    with _guard:
        if folder in _ours:
            return time.monotonic() - _ours[folder][1] < LONGEST_SECONDS
    if not (folder / LOCK).exists():
        return False
    lock = FileLock(folder / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # it was thrown away at this moment, or is not ours to open: whoever may delete it will
        return True
    lock.release()
    return False
