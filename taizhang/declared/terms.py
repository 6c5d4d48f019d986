"""The words that an office may call otherwise: `terms.toml`, each with the forms in which the board writes it.

In a text such a word is marked by square brackets, `[措施]`, `[Measures]`, `[a measure]`: in them stands the
usual word, in the form that the sentence needs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

_MARK = re.compile(r"\[([^\[\]{}]+)\]")  # a bracket around a blank is only a bracket


@dataclass(frozen=True)
class Term:
    """One word: its Chinese forms and its English ones as (singular, plural); the first of each is the usual one."""

    code: str
    zh: tuple[str, ...]
    en: tuple[tuple[str, str], ...]


@cache
def terms() -> dict[str, Term]:
    """Code → term, in the order of the file."""
    said = tomli.loads((Path(__file__).parent / "terms.toml").read_text(encoding="utf-8"))
    return {
        code: Term(code, tuple(forms["zh"]), tuple((one, many) for one, many in forms["en"]))
        for code, forms in said.items()
    }


def unmarked(text: str) -> str:
    """A text in the usual words."""
    return _MARK.sub(r"\1", text)


def put_in(text: str, own: Callable[[str], str]) -> str:
    """A text in which `own` gives, for every marked form, the word to say."""
    return _MARK.sub(lambda found: own(found[1]), text)
