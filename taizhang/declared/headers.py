"""The header of a `.sql` file: TOML in the comment it opens with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tomli

from taizhang.declared.terms import unmarked

LANGUAGES = ("zh", "en")


class HeaderWrong(Exception):
    """A `.sql` file whose header is missing or does not parse: file and reason."""


@dataclass(frozen=True)
class Words:
    """One thing said in both languages, in the usual words.

    `marked` is the same in the order of `LANGUAGES`, with brackets around what an office may call otherwise, where
    there is any; `Language.of` puts the office's own in their place.
    """

    zh: str
    en: str
    marked: tuple[str, str] | None = field(default=None, compare=False, repr=False)

    def __getitem__(self, language: str) -> str:
        return getattr(self, language)

    @property
    def both(self) -> str:
        """Both at once, as a workbook in two languages writes headings and labels; an upload reads it back."""
        return f"{self.zh} / {self.en}"


@dataclass(frozen=True)
class Code:
    """One value of a code list: the code, its label, and what else people write for it."""

    code: str
    label: Words
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """When a number is a share from 0 to 1, which people read in percent: always, or where each of these columns of its
    row says one of these."""

    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def is_in(self, row: Mapping[str, object]) -> bool:
        return all(row.get(name) in said for name, said in self.where)


def share(said: bool | dict[str, list[str]]) -> Share | None:
    """`true`, or `{column = ["what it says", …], …}`, as `Share`; false as None."""
    if isinstance(said, bool):
        return Share() if said else None
    return Share(tuple((name, tuple(values)) for name, values in said.items()))


def words(pair: list[str]) -> Words:
    """`["中文", "English"]` as `Words`."""
    zh, en = pair[:2]
    usual = unmarked(zh), unmarked(en)
    return Words(*usual, None if usual == (zh, en) else (zh, en))


def codes(rows: list[list[str]]) -> tuple[Code, ...]:
    """`[["code", "中文", "English", synonym…], …]` as a code list."""
    return tuple(Code(row[0], words(row[1:3]), tuple(row[3:])) for row in rows)


def split(path: Path) -> tuple[dict, str]:
    """Header and SQL of one file. Raises `HeaderWrong`."""
    text = path.read_text(encoding="utf-8")
    opening, _, rest = text.partition("*/")
    if not opening.startswith("/*"):
        raise HeaderWrong(f"{path.name}: the file must open with a /* header */")
    try:
        return tomli.loads(opening[2:]), rest.strip().rstrip(";")
    except tomli.TOMLDecodeError as error:
        raise HeaderWrong(f"{path.name}: {error}") from error
