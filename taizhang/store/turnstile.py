"""How many do the same costly thing at once in this process: so many, the next ones wait, and not for ever.

A file that is read and a paper that is made take a processor and much memory for seconds; ten at once would make all of
them, and every page, wait. Nobody takes all places: of one person fewer are let in than there are. Publishing is
counted too, so that whoever ends the process can wait until it is done.
"""

import functools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

_P, _R = ParamSpec("_P"), TypeVar("_R")

LONGEST_WAIT = 30.0  # seconds for a place; most are done sooner


_asked: list[Callable[[], str]] = []
_fixed = threading.local()


def asked_whose(whose: Callable[[], str]) -> None:
    """Ask from now on whose work it is: a name, or '' where nobody says. On the command line nobody is asked."""
    _asked[:] = [whose]


def _whose() -> str:
    fixed = getattr(_fixed, "name", None)
    return fixed if fixed is not None else next((whose() for whose in _asked), "")


def as_asked_now(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """A function that will be called where nobody can say whose work it is: it is theirs who ask for it now."""
    name = _whose()

    @functools.wraps(function)
    def theirs(*args: _P.args, **more: _P.kwargs) -> _R:
        _fixed.name = name
        try:
            return function(*args, **more)
        finally:
            _fixed.name = None

    return theirs


class Crowded(Exception):
    """So many are at the same thing that there was no place for one more; nothing was begun. `what` is uploads, exports
    or questions; `is_own`: all of them are of the same person, who has that many places."""

    def __init__(self, what: str, most: int, is_own: bool = False):
        self.what, self.most, self.is_own = what, most, is_own
        super().__init__(f"{most} {what} are under way")


class Turnstile:
    """Lets in so many at once (None: all), of one person so many, and knows how many are inside. Whoever is inside may
    pass again."""

    def __init__(self, what: str, most: int | None = None, most_of_one: int | None = None, wait: float = LONGEST_WAIT):
        self.what, self.most, self.most_of_one, self.wait = what, most, most_of_one, wait
        self.inside = self.turned_away = 0
        self._of: Counter[str] = Counter()  # name → how many of theirs are inside
        self._changed = threading.Condition()
        self._own = threading.local()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Inside while the block runs. Raises `Crowded` when there is no place for long."""
        if getattr(self._own, "is_inside", False):
            yield
            return
        name = _whose() if self.most_of_one else ""
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_place(name), self.wait):
                self.turned_away += 1
                is_own = self._has_all_theirs(name)
                raise Crowded(self.what, self.most_of_one if is_own else self.most, is_own)
            self.inside += 1
            self._of[name] += 1
        self._own.is_inside = True
        try:
            yield
        finally:
            self._own.is_inside = False
            with self._changed:
                self.inside -= 1
                self._of[name] -= 1
                if not self._of[name]:
                    del self._of[name]
                self._changed.notify_all()

    def _has_place(self, name: str) -> bool:
        return (self.most is None or self.inside < self.most) and not self._has_all_theirs(name)

    def _has_all_theirs(self, name: str) -> bool:
        """Where nobody says who they are, there is one person, and no other to be kept out."""
        return bool(name) and self.most_of_one is not None and self._of[name] >= self.most_of_one

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


UPLOADS = Turnstile("uploads", 4, most_of_one=2)
EXPORTS = Turnstile("exports", 3, most_of_one=2)
QUESTIONS = Turnstile("questions", most_of_one=6)  # each ends by itself after `engine.TIMEOUT_SECONDS`
PUBLISHES = Turnstile("publishes")
ALL = (UPLOADS, EXPORTS, QUESTIONS, PUBLISHES)
