"""A bell for whoever takes too long. One thread waits for all: to start one for each question took longer than to
answer a short one."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_waiting: dict[object, tuple[float, Callable[[], None]]] = {}  # when it rings, and what it does then
_changed = threading.Condition()
_listens = False  # whether the thread has been started
_wakes_at = math.inf  # when it looks again by itself


@contextmanager
def ringing_after(seconds: float, ring: Callable[[], None]) -> Iterator[None]:
    """Call `ring`, from another thread, if what stands in the block is not done after so many seconds; never later."""
    global _listens
    due, mine = time.monotonic() + seconds, object()
    with _changed:
        _waiting[mine] = due, ring
        if not _listens:
            _listens = True
            threading.Thread(target=_listen, name="bell", daemon=True).start()
        elif due < _wakes_at:
            _changed.notify()
    try:
        yield
    finally:
        with _changed:  # it rings under the lock too: nobody is interrupted who has just finished
            _waiting.pop(mine, None)


def _listen() -> None:
    global _wakes_at
    with _changed:
        while True:
            now = time.monotonic()
            for one in [one for one, (due, _) in _waiting.items() if due <= now]:
                _waiting.pop(one)[1]()
            _wakes_at = min((due for due, _ in _waiting.values()), default=math.inf)
            _changed.wait(None if _wakes_at == math.inf else _wakes_at - now)
