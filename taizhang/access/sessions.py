"""Who is signed in: in the memory of the server, so that a restart signs everybody out and no file can be stolen.

A session ends after 30 minutes without a request or a message of its sockets, after eight hours in any case, at sign-
out, and as soon as its account is changed (`Person.epoch`), be it by the command line in another process.
"""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from taizhang.access.people import People, Person

IDLE, LONGEST = 30 * 60, 8 * 60 * 60  # seconds
MOST_SESSIONS, MOST_OF_ONE = 2_000, 20  # in all, and of one person; the oldest ends when another begins
MOST_FILES = 5_000  # that a session is known to have been given; the oldest are forgotten first


@dataclass(eq=False)
class Session:
    """One browser that is signed in; `files` are the addresses of what its pages were given to load and to fill."""

    name: str
    epoch: int
    began: float
    used: float
    is_over: bool = False
    is_told: bool = False  # begun because a proxy said who is there; it goes on as long as the proxy says so
    files: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def was_given(self, path: str) -> None:
        """One more address that is this session's alone to ask for."""
        self.files[path] = None
        self.files.move_to_end(path)
        if len(self.files) > MOST_FILES:
            self.files.popitem(last=False)


class Sessions:
    """The sessions of a server over the accounts of a data folder."""

    def __init__(self, people: People, clock: Callable[[], float] = time.monotonic):
        self.people = people
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Session] = OrderedDict()  # SHA-256 of the id → session
        self._read: dict[str, tuple[object, Person | None]] = {}  # name → what its file looked like, and what it said

    def count(self) -> int:
        """How many go on, as far as their time tells."""
        with self._lock:
            return sum(not one.is_over and not self._is_old(one) for one in self._known.values())

    def begin(self, person: Person, *, is_told: bool = False) -> str:
        """Sign somebody in; the id to give to the browser: 256 random bits, which are kept nowhere."""
        now, given = self._clock(), secrets.token_urlsafe(32)
        with self._lock:
            for key, one in list(self._known.items()):
                if one.is_over or self._is_old(one):
                    self._end(key)
            own = [key for key, one in self._known.items() if one.name == person.name]
            for key in own[: max(0, len(own) + 1 - MOST_OF_ONE)]:
                self._end(key)
            while len(self._known) >= MOST_SESSIONS:
                self._end(next(iter(self._known)))
            self._known[_key(given)] = Session(person.name, person.epoch, now, now, is_told=is_told)
        return given

    def find(self, given: str) -> Session | None:
        """The session of an id, if it goes on; to ask for it makes it go on."""
        one = self._known.get(_key(given))
        if one is None or self.person(one) is None:
            return None
        self.use(one)
        return one

    def person(self, one: Session) -> Person | None:
        """Who a session is of, as their account says now; None when it is over, for good then."""
        person = None if one.is_over or self._is_old(one) else self._account(one.name)
        if person is None or person.is_disabled or person.epoch != one.epoch:
            one.is_over = True
            return None
        return person

    def use(self, one: Session) -> None:
        """Somebody is there."""
        one.used = self._clock()

    def end(self, given: str) -> Session | None:
        """Sign a browser out; the session that is over now."""
        with self._lock:
            return self._end(_key(given))

    def _end(self, key: str) -> Session | None:
        one = self._known.pop(key, None)
        if one is not None:
            one.is_over = True
        return one

    def _is_old(self, one: Session) -> bool:
        now = self._clock()
        return now - one.used > IDLE or now - one.began > LONGEST

    def _account(self, name: str) -> Person | None:
        """An account, read anew when its file is another."""
        stamp = self.people.stamp(name)
        kept = self._read.get(name)
        if kept is None or kept[0] != stamp:
            kept = self._read[name] = stamp, self.people.find(name)
        return kept[1] if stamp else None


def _key(given: str) -> str:
    return hashlib.sha256(given.encode("utf-8", "surrogateescape")).hexdigest()
