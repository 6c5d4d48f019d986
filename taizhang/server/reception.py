"""Who is let in: the accounts and sessions of the data folder, and the code that makes the first administrator."""

import hmac
import time
from collections import Counter
from functools import lru_cache
from pathlib import Path

from taizhang.access import passwords, roles
from taizhang.access.attempts import Attempts
from taizhang.access.audit import Audit
from taizhang.access.people import People, Person
from taizhang.access.sessions import Session, Sessions
from taizhang.declared.root import data_folder

CODE_LASTS = 30 * 60  # seconds


class Reception:
    """What the server knows of those who come, for one data folder, as long as it runs."""

    def __init__(self, folder: Path):
        self.people = People(folder)
        self.sessions = Sessions(self.people)
        self.attempts = Attempts()
        self.pages: Counter[str] = Counter()  # name → pages that are open now
        self.audit = Audit(folder)
        self._code: tuple[str, float] | None = None

    @property
    def asks(self) -> bool:
        """Whether anybody has to sign in: there are accounts, or the board was opened to others and waits for one."""
        return self._code is not None or self.people.is_configured()

    @property
    def waits_for_first(self) -> bool:
        """Whether there is nobody yet who could let others in."""
        return self._code is not None and not self.people.is_configured()

    def make_code(self) -> str:
        """A one-time code for the first administrator; the one before it ends."""
        self._code = passwords.made_up(), time.monotonic() + CODE_LASTS
        return self._code[0]

    def make_first(self, code: str, name: str, shown: str, password: str) -> Person | None:
        """The first administrator; None when the code is not the one, or has ended.

        Raises as `People.add` does; then the code goes on.
        """
        known, until = self._code or ("", 0.0)
        is_right = hmac.compare_digest(code.strip().casefold().encode(), known.encode())
        if not known or not is_right or time.monotonic() > until or not self.waits_for_first:
            return None
        made = self.people.add(name, shown, "administrator", password)
        self._code = "", 0.0  # spent: but the board goes on asking, though the account's file be taken away
        return made

    def admits(self, name: str, password: str) -> Person | None:
        """Whom a name and a password are of. It takes as long for a name that nobody has."""
        found = self.people.find(name)
        is_right = passwords.is_right(password, found.password if found else None)
        if not found or not is_right or not roles.may(found, "look"):
            return None
        if passwords.is_old(found.password):
            self.people.renew_hash(found.name, password)
        return found

    def wrote(self, one: Person | Session | None, act: str, source: str, detail: str = "") -> None:
        """One more line of the book: for somebody, or for nobody that is known."""
        role = one.role if isinstance(one, Person) else ""
        self.audit.write(one.name if one else "", act, role=role, source=source, detail=detail)


@lru_cache(maxsize=64)
def _of(folder: Path) -> Reception:
    return Reception(folder)


def current() -> Reception:
    """That of the data folder that is served now."""
    return _of(data_folder().resolve())
