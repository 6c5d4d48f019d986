"""A ledger workbook that was handed out for a meeting and comes back: which of its cells a person changed.

It carries a hidden sheet with the text of every cell as it went out, its base. A cell that still says the same is no
edit, whatever the ledgers say by now; one that says something else is, and one that was emptied clears its value.
Each edit keeps what the cell held then (`Row.was`), so that `changes.conflicts_in` finds who else changed it.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from taizhang.declared import tables
from taizhang.declared.headers import LANGUAGES
from taizhang.declared.values import to_text
from taizhang.declared.wording import words_of
from taizhang.rows import changes
from taizhang.rows.changes import Rows
from taizhang.rows.ledgers import Row
from taizhang.rows.problems import WARNING, Problem
from taizhang.store import Release, Store
from taizhang.store.engine import Unreadable
from taizhang.store.releases import NoRelease
from taizhang.uploads.cells import Context, Reading, corrections_of
from taizhang.uploads.fixes import Fix
from taizhang.uploads.headings import Part
from taizhang.uploads.lines import Sheet
from taizhang.uploads.noted import ABSENT, Noted
from taizhang.uploads.values import reader_of

# The names of the hidden sheets, and what stands in their first cell, whatever their name.
BASE, LISTS, WAS = "_base", "_lists", "_was"
BASE_MARK, LISTS_MARK, WAS_MARK = "taizhang: base 1", "taizhang: lists", "taizhang: was"
CHOICES_MARK = "taizhang: choices"  # of a template, which was handed out without rows and has no base
# The names of the other sheets.
READ_BY_PEOPLE = ("ledgerbook.cover", "ledgerbook.figures", "ledgerbook.guide", "rounds.cover")
_COLUMNS, _ROW = "columns", "row"
_FIXED = "is_demo"  # no file changes it

Said = Mapping[str, Sequence[str]]  # row key → the text of each cell, in the order of the columns


@dataclass(frozen=True)
class Base:
    """What a workbook said when it was handed out, from which release: ledger → row key → column → text.

    Of a sheet that a `unit` was handed in a round, or that it hands in unasked, the values themselves.
    """

    release: int
    as_of: dt.date
    said: Mapping[str, Mapping[str, Mapping[str, object]]]
    unit: str | None = None
    rule: str = "row_of_another_unit"  # that the rows of others break


# --- the sheet that is carried along ---------------------------------------------------------------------------


def base_lines(release: Release, said: Mapping[str, Said]) -> list[tuple[str, ...]]:
    """The lines of the base sheet of a workbook with these ledgers of a release."""
    lines: list[tuple[str, ...]] = []
    for name, rows in said.items():
        lines.append((_COLUMNS, name, "", *(column.name for column in tables.ledgers()[name].columns)))
        lines.extend((_ROW, name, key, *texts) for key, texts in rows.items())
    return [(BASE_MARK, str(release.number), release.as_of.isoformat(), seal(release), _digest(lines)), *lines]


def received(sheets: Sequence[Sheet], store: Store) -> tuple[tuple[Sheet, ...], Base | None, tuple[Problem, ...]]:
    """The sheets of a file, its base where it is a workbook of ours, and a warning where its base is of no use.

    The sheets of such a workbook that hold no ledger are marked, so that nobody is asked about them. Without a whole
    base of this store the file is read like any other, and the warning says so.
    """
    if not _is_ours(sheets):
        return tuple(replace(one, is_read=one.is_read and _first_cell(one) != CHOICES_MARK) for one in sheets), None, ()
    marked = tuple(replace(one, remarks=(), is_read=False) if is_no_ledger(one) else _unfolded(one) for one in sheets)
    first = next((one.name for one in marked if one.is_read), "")
    try:
        return marked, _base_of(sheets, store), ()
    except _NoBase as error:
        rule, blanks = error.args
        return marked, None, (Problem("", first, 0, "", "", rule, WARNING, blanks),)


def _unfolded(sheet: Sheet) -> Sheet:
    """A ledger of a workbook of ours, without the remark that it is hidden: registers were handed out like that."""
    return replace(sheet, remarks=tuple(one for one in sheet.remarks if one.code != "hidden_sheet"))


def _is_ours(sheets: Iterable[Sheet]) -> bool:
    """Whether one of our hidden sheets is there; where all hidden ones were taken out, the guide and the figures."""
    marks, names = {_first_cell(one) for one in sheets}, {one.name for one in sheets}
    guide = any({words_of(language)[key] for key in READ_BY_PEOPLE[1:3]} <= names for language in LANGUAGES)
    return guide or not marks.isdisjoint((BASE_MARK, LISTS_MARK))


def is_no_ledger(sheet: Sheet) -> bool:
    """Whether a sheet of a workbook of ours is to be read by people, or is one of those that are carried along."""
    names = {words_of(language)[key] for key in READ_BY_PEOPLE for language in LANGUAGES}
    return sheet.name in names or _first_cell(sheet) in (BASE_MARK, LISTS_MARK, WAS_MARK, CHOICES_MARK)


def _first_cell(sheet: Sheet) -> str:
    cells = sheet.lines[0].cells if sheet.lines else ()
    return cells[0].strip() if cells else ""


class _NoBase(Exception):
    """There is no base to compare with: the rule of the words that says why, and its blanks."""


def _base_of(sheets: Iterable[Sheet], store: Store) -> Base:
    sheet = next((one for one in sheets if _first_cell(one) == BASE_MARK), None)
    if sheet is None:
        raise _NoBase("base_is_gone", {})
    (_, number, day, sealed, digest, *_), *lines = [(*line.cells, *[""] * 5) for line in sheet.lines]
    if _digest(lines) != digest:
        raise _NoBase("base_was_changed", {})
    release = _release(store, number)
    if release is None or sealed not in (seal(release), _seal(release, "")):  # "": it was made of some rows only
        raise _NoBase("base_is_of_another_store", {"release": number, "day": day})
    columns: dict[str, Sequence[str]] = {}
    said: dict[str, dict[str, dict[str, str]]] = {}
    for kind, name, key, *texts in lines:
        if kind == _COLUMNS:
            columns[name], said[name] = texts, {}
        elif name in said:
            said[name][key] = dict(zip(columns[name], texts, strict=False))
    return Base(release.number, release.as_of, said)


def seal(release: Release) -> str:
    """What a release says of itself: a rebuilt store says the same, another office's does not."""
    return _seal(release, release.note_zh)


def _seal(release: Release, note: str) -> str:
    said = f"{release.number}|{release.as_of}|{release.published_at}|{release.published_by}|{note}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _release(store: Store, number: str) -> Release | None:
    try:
        return store.release(int(number))
    except (NoRelease, Unreadable, ValueError):
        return None


def _digest(lines: Iterable[Sequence[str]]) -> str:
    """A checksum of the lines: a replacement made in all sheets at once would reach the hidden one too."""
    told = ("\x1f".join(map(_tidy, line)).rstrip("\x1f") for line in lines)
    return hashlib.sha256("\x1e".join(told).encode("utf-8", "replace")).hexdigest()[:16]


def _tidy(text: str) -> str:
    """A text as cells are compared: programs differ in how they end lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# --- what a person changed -------------------------------------------------------------------------------------


def edits_of(
    part: Part, reading: Reading, base: Base | None, before: Rows, context: Context, fixes: Iterable[Fix]
) -> Reading:
    """A reading whose rows set nothing but the cells that a person changed since the workbook was handed out.

    A row nobody touched stays as a row of the file, unless it was removed from the ledger meanwhile. What is wrong in
    a cell that nobody touched is not said.
    """
    said = base.said.get(part.table) if base else None
    if said is None:
        return reading
    return (_Edits if base.unit is None else _Answers)(part, said, before[part.table], context, fixes).of(reading)


class _Edits:
    """One part beside its base."""

    def __init__(self, part: Part, said: Mapping, before: Mapping, context: Context, fixes: Iterable[Fix]):
        self.table, self.said, self.before = tables.ledgers()[part.table], said, before
        self.columns = [one for one in part.columns if one.column not in (*self.table.key, _FIXED)]
        self.lines = {line.number: line.cells for line in part.lines}
        self.corrected = corrections_of(part, fixes)
        self.readers = {column.name: reader_of(self.table, column, context, ()) for column in self.table.columns}
        self.defaults = changes.defaults(self.table)

    def of(self, reading: Reading) -> Reading:
        rows, untouched = [], set()
        for row in reading.rows:
            key = self.table.key_of(row.cells)
            if key not in self.said:
                rows.append(replace(row, was={name: self.defaults[name] for name in row.cells}))
                continue
            texts = self.texts(row.line)
            touched = [name for name, text in texts.items() if self.is_touched(row, key, name, text)]
            untouched |= {(row.line, name) for name in texts.keys() - set(touched)}
            if edited := self.edited(row, key, touched, texts):
                rows.append(edited)
        problems = tuple(one for one in reading.problems if (one.line, one.column) not in untouched)
        return replace(reading, rows=tuple(rows), problems=problems)

    def is_touched(self, row: Row, key: str, name: str, text: str) -> bool:
        """Whether a cell of the row says something else than when it was handed out."""
        return text != _tidy(self.said[key].get(name, ""))

    def texts(self, line: int) -> dict[str, str]:
        """The cells of a line as they stand, corrected where the clerk has corrected them."""
        cells = self.lines[line]
        own = {one.column: cells[one.place] if one.place < len(cells) else "" for one in self.columns}
        return {name: _tidy(text) for name, text in {**own, **self.corrected.get(line, {})}.items()}

    def edited(self, row: Row, key: str, touched: Sequence[str], texts: Mapping[str, str]) -> Row | None:
        """The row with its key and its edits; whole where the ledger has it no more, and None if nobody edited it."""
        keys = {name: row.cells[name] for name in self.table.key}
        edits = {name: row.cells[name] for name in touched if name in row.cells}
        kept_by_fix = self.corrected.get(row.line, {}).keys()
        edits |= {name: None for name in touched if not texts[name] and name not in kept_by_fix}
        was = {name: self.held(key, name) for name in (*row.cells, *edits)}
        edits = {name: value for name, value in edits.items() if value != was[name]}
        if edits:  # and what follows from them, such as that a year was inferred
            others = [name for name in row.cells if name not in (*edits, *self.table.key, _FIXED)]
            edits |= {name: row.cells[name] for name in others if row.cells[name] != was[name]}
        if key not in self.before:
            return replace(row, cells={**row.cells, **edits}, was=was) if edits else None
        return replace(row, cells={**keys, **edits}, was={name: was[name] for name in (*keys, *edits)})

    def held(self, key: str, name: str) -> object:
        """What a cell held when it was handed out; what cannot be read any more, as its text."""
        text = self.said[key].get(name, "")
        value = self.readers[name](text)
        value = value.value if isinstance(value, Noted) else value
        return (text or None) if value is ABSENT else value


class _Answers(_Edits):
    """One part of a sheet that a unit was asked to fill in: it is known what its cells held, not how they said it."""

    def is_touched(self, row: Row, key: str, name: str, text: str) -> bool:
        held = self.held(key, name)
        if not text:
            return held is not None
        return text != _tidy(to_text(held) or "") and row.cells.get(name, ABSENT) != held

    def held(self, key: str, name: str) -> object:
        return self.said[key].get(name)


def keys_of(part: Part, base: Base | None) -> frozenset[str] | None:
    """The keys of the rows that the workbook of a part was handed out with; None where it cannot say.

    A unit that leaves a row out of its sheet has not answered: the row is not missing.
    """
    if base and base.unit is not None:
        return frozenset()
    said = base.said.get(part.table) if base else None
    return None if said is None else frozenset(said)
