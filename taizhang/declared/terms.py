"""The words that an office may call otherwise: `terms.toml`, each with the forms in which the board writes it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Term:
    """One word: its Chinese forms and its English ones as (singular, plural); the first of each is the usual one."""

    code: str
    zh: tuple[str, ...]
    en: tuple[tuple[str, str], ...]


@cache
def terms() -> dict[str, Term]:
    """Code → term, in the order of the file."""
    said = tomllib.loads((Path(__file__).parent / "terms.toml").read_text(encoding="utf-8"))
    return {
        code: Term(code, tuple(forms["zh"]), tuple((one, many) for one, many in forms["en"]))
        for code, forms in said.items()
    }
