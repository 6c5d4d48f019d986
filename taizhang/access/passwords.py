"""Passwords: how one is kept, compared and made up.

Argon2id (RFC 9106) with 64 MiB, three passes and one lane, more than OWASP's least (19 MiB, two passes): about 0.2 s
on an office computer. A hash that was made with other figures is made anew when its owner signs in.
"""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200  # letters
PARAMETERS = {"memory_cost": 64 * 1024, "time_cost": 3, "parallelism": 1}  # KiB, passes, lanes


class TooWeak(ValueError):
    """No password: `why` is short, long, or name (it says who it is for)."""

    def __init__(self, why: str):
        self.why = why
        super().__init__(f"the password is too weak: {why}")


def kept(password: str, name: str = "") -> str:
    """The hash under which a password is kept. Raises `TooWeak`."""
    plain = _plain(password)
    if len(plain) < SHORTEST or len(set(plain)) < 4:
        raise TooWeak("short")
    if len(plain) > LONGEST:
        raise TooWeak("long")
    if name and name.casefold() in plain.casefold():
        raise TooWeak("name")
    return _hasher().hash(plain)


def is_right(password: str, known: str | None) -> bool:
    """Whether a password is the one that was kept; with None, of nobody, it takes as long and is wrong."""
    plain = _plain(password)[: LONGEST + 1]
    try:
        return _hasher().verify(known or _of_nobody(), plain) and known is not None
    except (VerificationError, InvalidHashError):
        return False


def is_old(known: str) -> bool:
    """Whether a hash was made with other figures than those of today."""
    return _hasher().check_needs_rehash(known)


def made_up() -> str:
    """A password of 100 random bits, in letters that nobody takes for others when reading it aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _plain(password: str) -> str:
    """The same letters are the same password, however a keyboard composes them (RFC 8265)."""
    return unicodedata.normalize("NFC", password)


def _hasher() -> PasswordHasher:
    return PasswordHasher(**PARAMETERS)


@cache
def _of_nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))
