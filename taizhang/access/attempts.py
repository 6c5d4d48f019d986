"""How often somebody may try to sign in: counted by account, by address, and by both, in the memory of the server.

Five wrong passwords from one address on one account, twenty on one account from anywhere, or thirty from one address
within fifteen minutes, and the next is not tried at all. So a stranger cannot lock an account for its owner with five
tries.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WITHIN = 15 * 60  # seconds
MOST_OF_BOTH, MOST_OF_ACCOUNT, MOST_OF_ADDRESS = 5, 20, 30
MOST_KEYS = 10_000  # that are remembered; the oldest are forgotten first


class Attempts:
    """Wrong passwords of late."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[tuple[str, ...], deque[float]] = OrderedDict()

    def begin(self, name: str, address: str) -> int:
        """Seconds until that account may be tried from that address; 0 for now, and then it counts as a wrong password
        until it turns out right: of many tries at once no more are let through than one after the other."""
        with self._lock:
            wait = max(self._wait(key, most) for key, most in _keys(name, address))
            if wait:
                return wait
            now = self._clock()
            for key, most in _keys(name, address):
                times = self._failed.setdefault(key, deque(maxlen=most))
                times.append(now)
                self._failed.move_to_end(key)
            while len(self._failed) > MOST_KEYS:
                self._failed.popitem(last=False)
            return 0

    def succeeded(self, name: str, address: str) -> None:
        """It was right, and makes up for the wrong ones on that account from there."""
        self.take_off(name, address)
        with self._lock:
            self._failed.pop(("both", name, address), None)

    def take_off(self, name: str, address: str) -> None:
        """It was no try at all; those before it count as they did."""
        with self._lock:
            for key, _ in _keys(name, address):
                if times := self._failed.get(key):
                    times.pop()

    def _wait(self, key: tuple[str, ...], most: int) -> int:
        times = self._failed.get(key)
        if not times or len(times) < most:
            return 0
        return max(0, round(times[0] + WITHIN - self._clock() + 0.5))


def _keys(name: str, address: str) -> tuple[tuple[tuple[str, ...], int], ...]:
    return (
        (("both", name, address), MOST_OF_BOTH),
        (("account", name), MOST_OF_ACCOUNT),
        (("address", address), MOST_OF_ADDRESS),
    )
