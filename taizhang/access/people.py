"""Accounts: a small file for each person in `<data folder>/access/people`, for nobody else on the computer to read.

Every change writes the whole file in one step and raises the person's `epoch`, if it takes something away: a session
that began under another epoch is over, whichever process made the change.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from taizhang.access import passwords
from taizhang.store import Shelf, disk

LONGEST_NAME = 40  # letters


class NotAPersonsName(ValueError):
    """Nobody can sign in under that name: letters, digits, - and _, at most 40."""

    def __init__(self, name: str):
        self.name = name
        super().__init__(f"{name!r} is no name to sign in with")


class NameTaken(ValueError):
    """Somebody signs in, or is shown, under that name already."""

    def __init__(self, name: str):
        self.name = name
        super().__init__(f"there is a person {name} already")


class NoPerson(LookupError):
    """There is no account of that name."""

    def __init__(self, name: str):
        self.name = name
        super().__init__(f"no person {name}")


class LastAdministrator(ValueError):
    """Nobody could let anybody in any more."""


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in. `shown` is the name that stands under what they publish, `scope` the keys of districts
    and units they are held to (None for all), `epoch` is raised by whatever ends their sessions."""

    name: str
    shown: str
    role: str
    password: str
    scope: tuple[str, ...] | None = None
    is_disabled: bool = False
    epoch: int = 0


@dataclass(frozen=True)
class People:
    """The accounts of a data folder, which may have none."""

    folder: Path

    @property
    def home(self) -> Path:
        """Where accounts and the book of what was done lie."""
        return self.folder / "access"

    def names(self) -> list[str]:
        """The names people sign in with, sorted."""
        return self._shelf.names()

    def all(self) -> list[Person]:
        """Every account, by name."""
        found = (self.find(name) for name in self.names())
        return [one for one in found if one is not None]

    def find(self, name: str) -> Person | None:
        """The account of a name as it is typed; None when there is none. One that cannot be read lets nobody in."""
        key = _key(name)
        if not self._shelf.is_name(key) or (data := self._shelf.read(key)) is None:
            return None
        try:
            said = json.loads(data)
            scope = said.pop("scope")
            return Person(**said, scope=None if scope is None else tuple(scope))
        except (ValueError, TypeError, KeyError):
            return None

    def named(self, name: str) -> Person:
        """The account of a name. Raises `NoPerson`."""
        found = self.find(name)
        if found is None:
            raise NoPerson(name)
        return found

    def stamp(self, name: str) -> tuple[int, ...] | None:
        """What changes with every change to an account, read without opening it."""
        return self._shelf.stamp(_key(name))

    def is_configured(self) -> bool:
        """Whether anybody has to sign in: from the first account on, be it disabled."""
        return any(self._shelf.folder.glob(f"*{self._shelf.suffix}"))

    def add(self, name: str, shown: str, role: str, password: str) -> Person:
        """A new account. Raises `NotAPersonsName`, `NameTaken`, or `passwords.TooWeak`."""
        key, shown = _key(name), " ".join(shown.split()) or name.strip()
        if not re.fullmatch(r"[\w-]+", key) or len(key) > LONGEST_NAME or not self._shelf.is_name(key):
            raise NotAPersonsName(name)
        made = Person(key, shown, role, passwords.kept(password, key))
        self._make_home()
        with self._shelf.locked():
            if self._shelf.read(key) is not None:
                raise NameTaken(name)
            if shown.casefold() in (one.shown.casefold() for one in self.all()):
                raise NameTaken(shown)
            self._write(made)
        return made

    def reset(self, name: str, password: str) -> Person:
        """Give somebody another password; their sessions are over. Raises `NoPerson` or `passwords.TooWeak`."""
        known = passwords.kept(password, _key(name))
        return self._change(name, lambda one: replace(one, password=known, epoch=one.epoch + 1))

    def give_role(self, name: str, role: str) -> Person:
        """Give somebody another role; their sessions are over. Raises `NoPerson` or `LastAdministrator`."""
        return self._change(name, lambda one: replace(one, role=role, epoch=one.epoch + 1))

    def hold_to(self, name: str, scope: Iterable[str] | None) -> Person:
        """Hold somebody to districts and units, or to none (None); their sessions are over. Raises `NoPerson`."""
        kept = None if scope is None else tuple(scope)
        return self._change(name, lambda one: replace(one, scope=kept, epoch=one.epoch + 1))

    def disable(self, name: str) -> Person:
        """Let somebody in no more; their sessions are over. Raises `NoPerson` or `LastAdministrator`."""
        return self._change(name, lambda one: replace(one, is_disabled=True, epoch=one.epoch + 1))

    def enable(self, name: str) -> Person:
        """Let somebody in again. Raises `NoPerson`."""
        return self._change(name, lambda one: replace(one, is_disabled=False))

    def renew_hash(self, name: str, password: str) -> None:
        """Keep the same password under a hash of today's figures; nothing else changes, no session ends."""
        try:
            known = passwords.kept(password)
        except passwords.TooWeak:  # allowed in older days: it goes on as it is
            return
        self._change(name, lambda one: replace(one, password=known))

    @property
    def _shelf(self) -> Shelf:
        return Shelf(self.home / "people", ".json", is_private=True)

    def _make_home(self) -> None:
        disk.make_private_folder(self.home)

    def _change(self, name: str, made: Callable[[Person], Person]) -> Person:
        with self._shelf.locked():
            was = self.named(name)
            now = made(was)
            others = (one for one in self.all() if one.name != was.name)
            if _lets_in(was) and not _lets_in(now) and not any(_lets_in(one) for one in others):
                raise LastAdministrator(name)
            self._write(now)
        return now

    def _write(self, one: Person) -> None:
        self._shelf.write(one.name, json.dumps(asdict(one), ensure_ascii=False, indent=1).encode())


def _lets_in(one: Person) -> bool:
    return one.role == "administrator" and not one.is_disabled


def _key(name: str) -> str:
    """The name under which an account lies: capital letters and full-width ones are the same as others."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
