"""Repairs a clerk chooses for a file: listed in words, switched off one by one, remembered for the next file.

A fix never changes the file as received; it says how to read it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from taizhang.declared import tables
from taizhang.declared.wording import Language

ORDERS = ("ymd", "mdy", "dmy")  # the orders of year, month and day that a date fix may name


@dataclass(frozen=True)
class CodeFix:
    """Every cell of a column that says `said` means the code `code`."""

    kind: ClassVar[str] = "code"
    table: str
    column: str
    said: str
    code: str
    is_on: bool = True

    @property
    def key(self) -> str:
        return _key(self.kind, self.table, self.column, folded(self.said))

    def sentence(self, t: Language) -> str:
        codes = tables.all_tables()[self.table].column(self.column).codes
        return t("fix.code", **_place(self, t), said=self.said, meant=t.label(codes, self.code) if codes else self.code)


@dataclass(frozen=True)
class DateFix:
    """Dates of a column whose order is not clear are read in one order, such as "mdy"."""

    kind: ClassVar[str] = "date"
    table: str
    column: str
    order: str
    is_on: bool = True

    @property
    def key(self) -> str:
        return _key(self.kind, self.table, self.column)

    def sentence(self, t: Language) -> str:
        return t("fix.date", **_place(self, t), order=t(f"fix.order_{self.order}"))


@dataclass(frozen=True)
class HeadingFix:
    """A heading means a column of a ledger; `column` None leaves the heading out without complaint.

    Units head their columns each in their own way: with a `sender` it means that in the sheets of that unit alone.
    """

    kind: ClassVar[str] = "heading"
    heading: str
    table: str
    column: str | None
    is_on: bool = True
    sender: str = ""

    @property
    def key(self) -> str:
        return _key(self.kind, self.table, folded(self.heading), *([self.sender] if self.sender else []))

    def sentence(self, t: Language) -> str:
        told = self._told(t)
        return t("fix.of_sender", sender=self.sender, told=told) if self.sender else told

    def _told(self, t: Language) -> str:
        said = " ".join(self.heading.split()) or t("fix.no_heading")
        if self.column is None:
            return t("fix.heading_left_out", ledger=t.of(tables.all_tables()[self.table].title), said=said)
        return t("fix.heading", **_place(self, t), said=said)


@dataclass(frozen=True)
class CellFix:
    """One cell of one file reads `text`; an empty text keeps the value the ledger has."""

    kind: ClassVar[str] = "cell"
    table: str
    sheet: str
    line: int
    column: str
    text: str
    is_on: bool = True

    @property
    def key(self) -> str:
        return _key(self.kind, self.table, self.sheet, str(self.line), self.column)

    def sentence(self, t: Language) -> str:
        return t("fix.cell", **_place(self, t), line=self.line, meant=self.text or t("fix.empty"))


@dataclass(frozen=True)
class ValueFix:
    """Every cell of a column that says `said` reads `text` instead; an empty text keeps the value the ledger has."""

    kind: ClassVar[str] = "value"
    table: str
    column: str
    said: str
    text: str
    is_on: bool = True

    @property
    def key(self) -> str:
        return _key(self.kind, self.table, self.column, self.said.strip())

    def sentence(self, t: Language) -> str:
        return t("fix.value", **_place(self, t), said=self.said, meant=self.text or t("fix.empty"))


@dataclass(frozen=True)
class SheetFix:
    """A sheet of that name is not read: it holds notes, or last month's ledger."""

    kind: ClassVar[str] = "sheet"
    sheet: str
    is_on: bool = True
    table: ClassVar[str] = ""
    column: ClassVar[str] = ""

    @property
    def key(self) -> str:
        return _key(self.kind, folded(self.sheet))

    def sentence(self, t: Language) -> str:
        return t("fix.sheet", sheet=self.sheet)


@dataclass(frozen=True)
class _OfLine:
    """What is said of one line of one file; each kind has its own sentence."""

    kind: ClassVar[str]
    sheet: str
    line: int
    is_on: bool = True
    table: ClassVar[str] = ""
    column: ClassVar[str] = ""

    @property
    def key(self) -> str:
        return _key(self.kind, self.sheet, str(self.line))

    def sentence(self, t: Language) -> str:
        return t(f"fix.{self.kind}", sheet=self.sheet, line=self.line)


class LineFix(_OfLine):
    """The line is not read: it is a note, or a row that does not count."""

    kind: ClassVar[str] = "line"


class SplitFix(_OfLine):
    """A cell of the line holds several items: each is a row of its own."""

    kind: ClassVar[str] = "split"


class HeaderFix(_OfLine):
    """The headings of the sheet stand in the line; there is one such line in a sheet."""

    kind: ClassVar[str] = "header"

    @property
    def key(self) -> str:
        return _key(self.kind, self.sheet)


@dataclass(frozen=True)
class KeyFix:
    """The rows of a sheet have no number: those that say what a row of the ledger says are that row, others are new."""

    kind: ClassVar[str] = "key"
    table: str
    sheet: str
    is_on: bool = True
    column: ClassVar[str] = ""

    @property
    def key(self) -> str:
        return _key(self.kind, self.table, self.sheet)

    def sentence(self, t: Language) -> str:
        return t("fix.key", sheet=self.sheet, ledger=t.of(tables.all_tables()[self.table].title))


Fix = CodeFix | DateFix | HeadingFix | CellFix | ValueFix | SheetFix | LineFix | SplitFix | KeyFix | HeaderFix
OF_ONE_FILE = ("cell", "line", "split", "key", "header")  # kinds of fixes that teach nothing for the next file


@dataclass(frozen=True)
class Learnt:
    """The fixes earlier uploads taught, without those of single cells and lines, which belong to one file."""

    fixes: tuple[Fix, ...] = ()


NOTHING_LEARNT = Learnt()


def as_record(fix: Fix) -> dict[str, object]:
    """A fix as a row of the record table `learnt`, without its release."""
    record = {"kind": fix.kind, "table_name": fix.table, "is_on": fix.is_on}
    match fix:
        case CodeFix():
            return {**record, "field": fix.column, "said": fix.said, "meant": fix.code}
        case DateFix():
            return {**record, "field": fix.column, "said": "", "meant": fix.order}
        case HeadingFix():
            sender = {"sender": fix.sender} if fix.sender else {}
            return {**record, "field": "", "said": fix.heading, "meant": fix.column or "", **sender}
        case CellFix():
            return {**record, "field": fix.column, "said": f"{fix.line}|{fix.sheet}", "meant": fix.text}
        case ValueFix():
            return {**record, "field": fix.column, "said": fix.said, "meant": fix.text}
        case SheetFix():
            return {**record, "field": "", "said": fix.sheet, "meant": ""}
        case LineFix() | SplitFix() | HeaderFix():
            return {**record, "field": "", "said": f"{fix.line}|{fix.sheet}", "meant": ""}
        case KeyFix():
            return {**record, "field": "", "said": fix.sheet, "meant": ""}


def from_record(record: Mapping[str, object]) -> Fix:
    """The fix that `as_record` wrote. Raises `ValueError` for a record of no such kind."""
    table, column, said, meant = (str(record[name] or "") for name in ("table_name", "field", "said", "meant"))
    is_on = bool(record["is_on"])
    match record["kind"]:
        case "code":
            return CodeFix(table, column, said, meant, is_on)
        case "date":
            return DateFix(table, column, meant, is_on)
        case "heading":
            return HeadingFix(said, table, meant or None, is_on, str(record.get("sender") or ""))
        case "cell":
            line, _, sheet = said.partition("|")
            return CellFix(table, sheet, int(line), column, meant, is_on)
        case "value":
            return ValueFix(table, column, said, meant, is_on)
        case "sheet":
            return SheetFix(said, is_on)
        case "line" | "split" | "header" as kind:
            line, _, sheet = said.partition("|")
            made = next(one for one in (LineFix, SplitFix, HeaderFix) if one.kind == kind)
            return made(sheet, int(line), is_on)
        case "key":
            return KeyFix(table, said, is_on)
    raise ValueError(f"no fix of the kind {record['kind']!r}")


def learnt_of(records: Iterable[Mapping[str, object]]) -> Learnt:
    """What the `learnt` records teach, oldest first: of the same thing the last one counts, also when it is off.

    A record whose column is not declared any more teaches nothing.
    """
    last: dict[str, Fix] = {}
    for fix in map(from_record, records):
        if fix.kind not in OF_ONE_FILE and _is_declared(fix):
            last.pop(fix.key, None)
            last[fix.key] = fix
    return Learnt(tuple(last.values()))


def together(learnt: Learnt, fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """The learnt fixes and those of this file; of the same thing, this file's counts."""
    return tuple({fix.key: fix for fix in (*learnt.fixes, *fixes)}.values())


def switched(fixes: Iterable[Fix], key: str, is_on: bool) -> tuple[Fix, ...]:
    """The fixes with the one of that key switched on or off."""
    return tuple(replace(fix, is_on=is_on) if fix.key == key else fix for fix in fixes)


def folded(text: str) -> str:
    """A text as headings and labels are compared: half-width, lower case, without any space or line break."""
    return _folded(text) if len(text) <= _LONG else _folded.__wrapped__(text)


@lru_cache(maxsize=65536)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in plain if not one.isspace() and one not in _UNSEEN)


# Letters, figures and signs as wide as a Chinese character, and the narrow ones they stand for.
HALF_WIDTH = {0x3000: 0x20, **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}}
_LONG = 100  # characters; longer texts are prose, and not worth remembering
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff")  # zero-width characters that come with copied text


def _is_declared(fix: Fix) -> bool:
    if fix.kind == "sheet":
        return True
    table = tables.ledgers().get(fix.table)
    column = fix.column or None
    return table is not None and (column is None or column in {one.name for one in table.columns})


def _place(fix: Fix, t: Language) -> dict[str, str]:
    table = tables.all_tables()[fix.table]
    return {"ledger": t.of(table.title), "heading": t.of(table.column(fix.column).heading)}


def _key(*parts: str) -> str:
    return "|".join(parts)
