"""How many do the same costly thing at once in this process: so many, the next ones wait, and not for ever.

A file that is read and a paper that is made take a processor and much memory for seconds; ten at once would make all of
them, and every page, wait. Publishing is counted too, so that whoever ends the process can wait until it is done.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

_P, _R = ParamSpec("_P"), TypeVar("_R")

LONGEST_WAIT = 30.0  # seconds for a place; most are done sooner


class Crowded(Exception):
    """So many others are at the same thing that there was no place for one more; nothing was begun. `what` is uploads
    or exports."""

    def __init__(self, what: str, most: int):
        self.what, self.most = what, most
        super().__init__(f"{most} {what} are under way")


class Turnstile:
    """Lets in so many at once (None: all), and knows how many are inside. Whoever is inside may pass again."""

    def __init__(self, what: str, most: int | None = None, wait: float = LONGEST_WAIT):
        self.what, self.most, self.wait = what, most, wait
        self.inside = self.turned_away = 0
        self._changed = threading.Condition()
        self._own = threading.local()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Inside while the block runs. Raises `Crowded` when there is no place for long."""
        if getattr(self._own, "is_inside", False):
            yield
            return
        with self._changed:
            if not self._changed.wait_for(lambda: self.most is None or self.inside < self.most, self.wait):
                self.turned_away += 1
                raise Crowded(self.what, self.most)
            self.inside += 1
        self._own.is_inside = True
        try:
            yield
        finally:
            self._own.is_inside = False
            with self._changed:
                self.inside -= 1
                self._changed.notify_all()

    def counted(self, function: Callable[_P, _R]) -> Callable[_P, _R]:
        """A function whose calls pass one by one; it raises `Crowded` beside what it raises itself."""

        @functools.wraps(function)
        def passing(*args: _P.args, **more: _P.kwargs) -> _R:
            with self.passed():
                return function(*args, **more)

        return passing

    def until_empty(self, seconds: float) -> bool:
        """Wait until nobody is inside, but not longer; whether nobody is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.inside, seconds)


UPLOADS = Turnstile("uploads", 4)
EXPORTS = Turnstile("exports", 3)
PUBLISHES = Turnstile("publishes")
ALL = (UPLOADS, EXPORTS, PUBLISHES)
