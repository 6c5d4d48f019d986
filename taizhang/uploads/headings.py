"""Sheets of text → parts: which ledger a sheet holds, in which line its headings stand, which column is which.

Headings are compared as texts, never by likeness: by name, heading, alias, what earlier uploads taught, or a fix. A
sheet that holds issues and their measures together becomes two parts.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from itertools import pairwise, zip_longest

from taizhang.declared import tables
from taizhang.declared.headers import LANGUAGES, Words
from taizhang.declared.tables import Column, Table
from taizhang.declared.vocabulary import USUAL, Vocabulary
from taizhang.declared.wording import language, words_of
from taizhang.rows.problems import Problem, problem
from taizhang.uploads.fixes import (
    NOTHING_LEARNT,
    Fix,
    HeaderFix,
    HeadingFix,
    Learnt,
    LineFix,
    SheetFix,
    folded,
    together,
)
from taizhang.uploads.lines import Line, Sheet
from taizhang.uploads.written import WRITTEN

DEEPEST_HEADER = 40  # lines with text that are searched for the headings
LONGEST_HEADING = 120
SAMPLES = 3  # values that are shown of a column
LIST_SHEET, LIST_TITLE = "returnsheet.sheet", "returnsheet.title"  # of our list of problems, in a file that comes back
NOT_READ = "ledgerbook.not_read"
WORKBOOKS = ("xls", "ods")  # their lines end with the last filled cell: a short one says nothing

_BRACKETS = re.compile(r"[(\[{<〔【《](.*?)[)\]}>〕】》]$")
_REQUIRED = re.compile("(" + "|".join(re.escape(folded(one)) for one in WRITTEN["required"]) + ")$")
_LETTER = re.compile("[A-Za-z]")  # every key has one
_EXAMPLES = frozenset(map(folded, WRITTEN["example"]))
_ROW_NUMBERS = frozenset(map(folded, WRITTEN["row_number"]))
_TOTALS = frozenset(map(folded, WRITTEN["total"]))
_FOOTER = re.compile("(" + "|".join(re.escape(folded(one)) for one in WRITTEN["footer"]) + "):")


@dataclass(frozen=True)
class Mapped:
    """A column of the file that a column of the ledger was found for; `how` says by what."""

    place: int
    heading: str
    column: str
    how: str


@dataclass(frozen=True)
class Part:
    """The lines of one ledger in one sheet.

    `extra` are headings that no column was found for, as the file has them, and `extra_at` their places; `missing` the
    columns that are not there.
    """

    table: str
    sheet: str
    encoding: str
    header_line: int
    columns: tuple[Mapped, ...]
    extra: tuple[str, ...]
    missing: tuple[str, ...]
    lines: tuple[Line, ...]
    extra_at: tuple[int, ...] = ()


def parts_of(
    sheets: Sequence[Sheet], learnt: Learnt = NOTHING_LEARNT, fixes: Iterable[Fix] = (), vocabulary: Vocabulary = USUAL
) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
    """The ledgers in the sheets of a file, and what is wrong with their headings; nothing is raised.

    In a sheet of issues and measures together a blank issue number means the issue above. A heading that both
    ledgers have (a lead unit, a source) belongs to the issues when it stands left of the first column that only
    measures have, and to the measures otherwise. A sheet that a `SheetFix` leaves out, or that is not to be read, is
    passed over. Headings are known by the usual words and by those of the campaign, its `vocabulary`.
    """
    fixes = tuple(fixes)
    left_out = {fix.sheet for fix in together(learnt, fixes) if isinstance(fix, SheetFix) and fix.is_on}
    chosen = {fix.sheet: fix.line for fix in fixes if isinstance(fix, HeaderFix) and fix.is_on}
    lines_out = {(fix.sheet, fix.line) for fix in fixes if isinstance(fix, LineFix) and fix.is_on}
    fixed = [fix for fix in fixes if fix.is_on and isinstance(fix, HeadingFix)]
    taught = [fix for fix in learnt.fixes if fix.is_on and isinstance(fix, HeadingFix)]
    parts, problems, ignored = [], [], []
    for sheet in sheets:
        if not sheet.is_read or sheet.name in left_out or not any(map(_has_text, sheet.lines)):
            continue
        kept = tuple(line for line in sheet.lines if (sheet.name, line.number) not in lines_out)
        lookups = _lookups(fixed, taught, sender_of(sheet), vocabulary)
        found = (
            [] if is_our_list(sheet) else list(tables_in(replace(sheet, lines=kept), lookups, chosen.get(sheet.name)))
        )
        if not found:
            ignored.append(sheet)
        for piece, header in found:
            made, wrong = header.parts(piece)
            parts.extend(made)
            problems.extend(wrong)
    if parts or problems:
        problems.extend(problem("sheet_ignored", sheet=sheet.name) for sheet in ignored)
    else:
        problems.append(_unknown(ignored))
    return tuple(parts), tuple(problems)


def sender_of(sheet: Sheet) -> str:
    """The unit that says above the table that the sheet is its own; "" where none does."""
    for line in sheet.lines[:_TOP]:
        for cell, beside in pairwise((*line.cells, "")):
            if found := _SENDER.match(cell):
                said = (found[1] or beside).split()
                return said[0][:LONGEST_SENDER] if said else ""
    return ""


_SENDER = re.compile(rf"\s*(?:{'|'.join(map(re.escape, WRITTEN['sender']))})\s*[:：]\s*(.*)", re.IGNORECASE | re.DOTALL)
_TOP = 12  # lines in which a title may stand
LONGEST_SENDER = 40


def _lookups(
    fixed: Iterable[HeadingFix], taught: Iterable[HeadingFix], sender: str, vocabulary: Vocabulary
) -> list["Lookup"]:
    """The headings of every ledger in the sheets of a sender: what was said of it counts before what was of all."""
    own, known = (
        sorted((fix for fix in fixes if fix.sender in ("", sender)), key=lambda fix: fix.sender)
        for fixes in (fixed, taught)
    )
    return [Lookup(table, own, known, vocabulary) for table in tables.ledgers().values()]


# --- one heading -----------------------------------------------------------------------------------------------


class Lookup:
    """The headings of one ledger: declared, in the campaign's own words, taught and fixed."""

    def __init__(
        self, table: Table, fixed: Iterable[HeadingFix], taught: Iterable[HeadingFix], vocabulary: Vocabulary = USUAL
    ):
        self.table, self.vocabulary = table, vocabulary
        self.declared = _declared(table.name, vocabulary)
        self.fixed = {_plain(fix.heading): fix.column for fix in fixed if fix.table == table.name}
        self.taught = {_plain(fix.heading): fix.column for fix in taught if fix.table == table.name}

    def find(self, plain: str) -> tuple[str | None, str] | None:
        """(column, how) of a plain heading; the column is None when a fix leaves it out; None when unknown."""
        for known, how in ((self.fixed, "fix"), (self.taught, "learnt")):
            if plain in known:
                return known[plain], how
        declared, bracketed = self.declared, _bracketed(self.table.name, self.vocabulary)
        without = _BRACKETS.sub("", plain)
        for one in (
            plain,
            _REQUIRED.sub("", plain),
            _BRACKETS.sub(r"\1", plain),
            without if without not in bracketed else plain,
        ):
            if one in declared:
                return declared[one]
        return None

    def find_borrowed(self, plain: str) -> str | None:
        """The code column of a heading that names a district or town: in this ledger it stands for the code."""
        return _borrowed(self.table.name, self.vocabulary).get(_BRACKETS.sub("", plain))

    def knows(self, plain: str) -> bool:
        """Whether a column of this ledger stands under the heading."""
        found = self.find(plain)
        return self.find_borrowed(plain) is not None if found is None else found[0] is not None

    @property
    def leaves_blank_out(self) -> bool:
        """Whether a fix leaves out the columns that have no heading."""
        return "" in self.fixed or "" in self.taught

    def row(self, cells: Sequence[str]) -> "Row":
        """The headings of one line, read as headings of this ledger."""
        mapped: dict[str, Mapped] = {}
        twice, unknown = [], []
        for place, plain in _headings(cells):
            found = self.find(plain)
            if found is None:
                unknown.append(place)
            elif found[0] is not None and found[0] in mapped:
                twice.append((place, mapped[found[0]]))
            elif found[0] is not None:
                mapped[found[0]] = Mapped(place, _one_line(_named(cells[place])), *found)
        extra = []
        for place in unknown:
            column = self.find_borrowed(_plain(_named(cells[place])))
            if column is None or column in mapped:
                extra.append(place)
            else:
                mapped[column] = Mapped(place, _one_line(_named(cells[place])), column, "alias")
        return Row(self, tuple(cells), tuple(mapped.values()), tuple(twice), tuple(extra))


@lru_cache(maxsize=512)
def _declared(name: str, vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """Plain heading → (column, how); names before headings before aliases before headings without their unit.

    The campaign's own words come before the usual ones: it may call one column what another is usually called.
    """
    found: dict[str, tuple[str, str]] = {}
    columns = tables.ledgers()[name].columns
    own = partial(_own, vocabulary=vocabulary)
    told = (("name", _names), ("heading", own), ("heading", _both), ("alias", _aliases), ("heading", _without_unit))
    for how, said in told:
        for column in columns:
            for text in said(column):
                found.setdefault(_plain(text), (column.name, how))
    return found


def _own(column: Column, vocabulary: Vocabulary) -> Iterable[str]:
    """The heading in the campaign's own words, where it has some: in either language and in both at once."""
    if vocabulary is USUAL or column.heading.marked is None:
        return ()
    said = Words(*(language(code, vocabulary).of(column.heading) for code in LANGUAGES))
    unit = column.unit and [said.zh.removesuffix(column.unit.zh), said.en.removesuffix(column.unit.en)]
    return (said.zh, said.en, said.both, *(unit or ()))


def _names(column: Column) -> Iterable[str]:
    return (column.name,)


def _both(column: Column) -> Iterable[str]:
    return (column.heading.zh, column.heading.en, column.heading.both)


def _aliases(column: Column) -> Iterable[str]:
    return column.aliases


def _without_unit(column: Column) -> Iterator[str]:
    if column.unit:
        for language in ("zh", "en"):
            text = column.heading[language]
            if text != text.removesuffix(column.unit[language]):
                yield text.removesuffix(column.unit[language])


@lru_cache(maxsize=512)
def _bracketed(name: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Headings of which the ledger has one with words in brackets too: there the brackets tell columns apart."""
    return frozenset(_BRACKETS.sub("", plain) for plain in _declared(name, vocabulary) if _BRACKETS.search(plain))


@lru_cache(maxsize=512)
def _borrowed(name: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Plain headings of a district's or town's name → the column of its code, in ledgers that only refer to it."""
    found: dict[str, str] = {}
    ours = {column.name for column in tables.ledgers()[name].columns}
    for owner, code, called in (("district", "district_code", "district_name"), ("town", "town_code", "town_name")):
        column = tables.ledgers()[owner].column(called)
        if code in ours and called not in ours:
            found.update(
                {_plain(text): code for text in (called, *_own(column, vocabulary), *_both(column), *column.aliases)}
            )
    return found


def _headings(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(place, plain heading) of the cells that can be headings.

    Blank ones, row numbers and the columns that we computed for a workbook are passed over.
    """
    for place, cell in enumerate(cells):
        if cell:
            plain = _plain(_named(cell))
            if plain and plain not in _ROW_NUMBERS and not any(one in plain for one in _not_read()):
                yield place, plain


def _named(heading: str) -> str:
    """A heading without the instructions that follow it, where they make it longer than any heading is."""
    return heading if len(heading) <= LONGEST_HEADING else _INSTRUCTIONS.split(heading, maxsplit=1)[0][:LONGEST_HEADING]


_INSTRUCTIONS = re.compile(r"[(（\[【:：;；。\n]")


@cache
def _not_read() -> tuple[str, ...]:
    """What stands, plain, in the heading of a column that nobody fills in."""
    return tuple(folded(words_of(language)[NOT_READ]) for language in LANGUAGES)


@lru_cache(maxsize=16)
def _declared_anywhere(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(
        plain for name in tables.ledgers() for plain in (*_declared(name, vocabulary), *_borrowed(name, vocabulary))
    )


def _plain(heading: str) -> str:
    """A heading without spaces, case, width, and the marks people set around it."""
    return folded(heading).strip("*:※")


# --- one line of headings --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line read as the headings of one ledger."""

    lookup: Lookup
    cells: tuple[str, ...]
    columns: tuple[Mapped, ...]
    twice: tuple[tuple[int, Mapped], ...]
    extra: tuple[int, ...]

    @property
    def table(self) -> Table:
        return self.lookup.table

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(one.column for one in self.columns)

    @property
    def has_key(self) -> bool:
        return self.names.issuperset(self.table.key)

    @property
    def rank(self) -> int:
        """How well the headings fit; the key counts threefold, so that a ledger yields to one that explains more."""
        return len(self.columns) + 2 * self.has_key

    def explains_key_of(self, other: "Row") -> bool:
        """Whether the other's key is a reference here: visits name districts, districts do not name visits."""
        keys = {one.place for one in other.columns if one.column in other.table.key}
        return self.has_key and self is not other and keys <= {one.place for one in self.columns}

    @property
    def is_recognised(self) -> bool:
        """Whether the headings are those of this ledger: with its key, or most of them and half of what it needs."""
        named = len(self.columns) + len(self.extra) + len(self.twice)
        if self.has_key:
            is_told = any(one.how == "fix" for one in self.columns if one.column in self.table.key)
            return len(self.columns) > 1 or named == 1 or is_told
        needed = _needed(self.table.name)
        enough = len(self.columns) >= 3 and 2 * len(self.columns) >= named
        return enough and 2 * len(self.names & needed) >= len(needed)


@cache
def _needed(name: str) -> frozenset[str]:
    """The columns that a new row cannot do without, beside its key."""
    table = tables.ledgers()[name]
    with_default = set(re.findall(r"^\s+(\w+) [^,]*? default ", table.sql, re.MULTILINE))
    return frozenset(
        column.name
        for column in table.columns
        if column.is_required and column.name not in with_default and column.name not in table.key
    )


@dataclass(frozen=True)
class Header:
    """The line of a sheet in which the headings stand, and the ledgers they could be of.

    Several rows are as many candidates; in a combined sheet, the row of the issues and that of the measures.
    """

    place: int
    number: int
    cells: tuple[str, ...]
    rows: tuple[Row, ...]
    is_combined: bool = False

    @property
    def matched(self) -> int:
        if self.is_combined:
            return len({one.place for row in self.rows for one in row.columns})
        return len(self.rows[0].columns)

    @cached_property
    def width(self) -> int:
        """How many cells a line has: up to the last heading."""
        return max(place for place, cell in enumerate(self.cells) if cell.strip()) + 1

    def parts(self, sheet: Sheet) -> tuple[list[Part], list[Problem]]:
        """The parts of the sheet below these headings, and what is wrong with them."""
        if self.is_combined:
            return _issues_and_actions(sheet, self)
        if len(self.rows) > 1:
            return [], [_ambiguous(sheet, self)]
        row = self.rows[0]
        lines, wrong = _lines_below(sheet, self, row)
        return [_part(sheet, self, row, lines)], [*_heading_problems(sheet, self, row), *wrong]


def _header_of(sheet: Sheet, lookups: Sequence[Lookup], chosen: int | None = None) -> Header | None:
    """The chosen line; else the one with the most headings of a ledger, the first of equals; a heading may be written
    over two or three lines.
    """
    best: Header | None = None
    declared = _declared_anywhere(lookups[0].vocabulary)
    known = declared | {plain for lookup in lookups for plain in (*lookup.fixed, *lookup.taught)}
    filled = [place for place, line in enumerate(sheet.lines) if _has_text(line)][:DEEPEST_HEADER]
    if chosen is not None:
        filled = [place for place, line in enumerate(sheet.lines) if line.number == chosen]
    for place in filled:
        for cells in _readings(sheet, place, declared):
            if any(plain in known or _BRACKETS.sub("", plain) in known for _, plain in _headings(cells)):
                header = _best(place, sheet.lines[place].number, cells, lookups)
                if header is not None and (best is None or header.matched > best.matched):
                    best = header
    return best


def tables_in(sheet: Sheet, lookups: Sequence[Lookup], chosen: int | None = None) -> Iterator[tuple[Sheet, Header]]:
    """The tables of a sheet, each with the piece of the sheet it stands in: one below or beside another is its own.

    `chosen` is the line in which the headings of the first stand, where somebody said so.
    """
    header = _header_of(sheet, lookups, chosen)
    while header is not None:
        end = _next_table(sheet, header, lookups)
        rest = None if end is None else replace(sheet, lines=sheet.lines[end:])
        piece = sheet if end is None else replace(sheet, lines=sheet.lines[:end])
        beside = None if header.is_combined or len(header.rows) > 1 else _beside(header, lookups)
        if beside is None:
            yield piece, header
        else:
            first, second, at = beside
            yield _narrowed(piece, 0, at), first
            yield _narrowed(piece, at, None), second
        header, sheet = (None, sheet) if rest is None else (_header_of(rest, lookups), rest)


def _next_table(sheet: Sheet, header: Header, lookups: Sequence[Lookup]) -> int | None:
    """The place of the next line of headings below a table: those of another table, or other columns of this one."""
    known, again = _declared_anywhere(lookups[0].vocabulary), _said(header.cells)
    numbered = any(one[-1:].isdigit() for one in known)
    for place in range(header.place + 1, len(sheet.lines)):
        cells = sheet.lines[place].cells
        if cells and not numbered and cells[0][-1:].isdigit() and not cells[0].isdigit():
            continue  # it begins with the number of a row, as most lines do, and no heading ends with a figure
        first = next((cell for cell in cells if cell.strip() and folded(cell) not in _ROW_NUMBERS), "")
        if first and len(first) <= LONGEST_HEADING and _plain(first) in known and _said(cells) != again:
            found = _best(place, sheet.lines[place].number, cells, lookups)
            if found is not None and found.matched > 1 and (found.is_combined or found.rows[0].has_key):
                return place
    return None


def _beside(header: Header, lookups: Sequence[Lookup]) -> tuple[Header, Header, int] | None:
    """Two tables beside each other, a column without a heading between them: their headings, and where the second
    begins."""
    row = header.rows[0]
    last = max(one.place for one in row.columns)
    gaps = [place for place in range(1, header.width) if not header.cells[place].strip()]
    for gap in gaps:
        left = tuple(cell if place < gap else "" for place, cell in enumerate(header.cells))
        right = tuple(cell if place > gap else "" for place, cell in enumerate(header.cells))
        if gap > last or any(one.place < gap for one in row.columns):
            found = [_best(header.place, header.number, cells, lookups) for cells in (left, right)]
            if all(one is not None and len(one.rows) == 1 and one.rows[0].has_key for one in found):
                return found[0], found[1], gap + 1
    return None


def _narrowed(sheet: Sheet, start: int, end: int | None) -> Sheet:
    """The sheet with nothing left and right of some places."""
    lines = tuple(
        Line(line.number, ("",) * min(start, len(line.cells)) + line.cells[start:end]) for line in sheet.lines
    )
    return replace(sheet, lines=lines)


def _readings(sheet: Sheet, place: int, known: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The line alone; and, if it holds nothing but headings, set into one or two lines above: merged ones look so."""
    cells = sheet.lines[place].cells
    yield cells
    for above in (place - 1, place - 2):
        plain = [one for _, one in _headings(cells)]
        if above < 0 or not plain or not any(map(str.strip, sheet.lines[above].cells)):
            return
        if not all(one in known for one in plain):
            return
        cells = tuple(
            low if low.strip() else up for up, low in zip_longest(sheet.lines[above].cells, cells, fillvalue="")
        )
        yield cells


def _best(place: int, number: int, cells: tuple[str, ...], lookups: Sequence[Lookup]) -> Header | None:
    rows = {lookup.table.name: lookup.row(cells) for lookup in lookups}
    fitting = [row for row in rows.values() if row.is_recognised]
    likeliest = max((row.rank for row in fitting), default=0)
    fitting = [row for row in fitting if row.rank == likeliest]
    fitting = [row for row in fitting if not any(other.explains_key_of(row) for other in fitting)] or fitting
    alone = Header(place, number, cells, tuple(fitting)) if fitting else None
    if _is_combined(rows["issue"], rows["action"]):
        both = Header(place, number, cells, _divided(cells, rows["issue"], rows["action"]), is_combined=True)
        if alone is None or both.matched + 2 > likeliest:
            return both
    return alone


def _heading_problems(sheet: Sheet, header: Header, row: Row) -> Iterator[Problem]:
    at = {"table": row.table.name, "sheet": sheet.name, "line": header.number}
    for name in row.table.key:
        if name not in row.names:
            yield problem("missing_key_column", **at, columns=((row.table.name, name),))
    for place, first in row.twice:
        said, meant = _one_line(row.cells[place]), ((row.table.name, first.column),)
        letters = (_letter(first.place), _letter(place))
        yield problem("duplicate_heading", **at, column=said, value=said, columns=meant, letters=letters)
    for place in row.extra:
        said = _one_line(_named(row.cells[place]))
        yield problem("extra_column", **at, column=said, value=said, suggestion=_like(row, said))


def _like(row: Row, said: str) -> str | None:
    """The missing column whose heading is most like one that nobody knows: to be offered, never taken."""
    known = {plain: column for plain, (column, _) in row.lookup.declared.items() if column not in row.names}
    close = difflib.get_close_matches(_plain(said)[:LONGEST_HEADING], known, n=1, cutoff=0.65)
    return known[close[0]] if close else None


def _ambiguous(sheet: Sheet, header: Header) -> Problem:
    candidates = tuple(row.table.name for row in header.rows)
    return problem(
        "ambiguous_table", sheet=sheet.name, line=header.number, ledgers=candidates, headings=_said(header.cells)
    )


def _unknown(ignored: Sequence[Sheet]) -> Problem:
    """No sheet holds a ledger: what the likeliest line of headings says instead."""
    lines = [(sheet, line) for sheet in ignored for line in sheet.lines[:DEEPEST_HEADER]]
    if not lines:
        return problem("nothing_there")
    sheet, line = max(lines, key=lambda one: sum(1 for _ in _headings(one[1].cells)))
    return problem("unknown_table", sheet=sheet.name, line=line.number, headings=_said(line.cells))


# --- the lines below -------------------------------------------------------------------------------------------


def _lines_below(sheet: Sheet, header: Header, row: Row) -> tuple[list[Line], list[Problem]]:
    """The lines with data, and what is wrong with their shape.

    Totals, footers and headings printed again are left out, each with a warning.
    """
    at = {"table": row.table.name, "sheet": sheet.name}
    places = {one.column: one.place for one in row.columns}
    key = next((places[name] for name in row.table.key if name in places), 0)
    mapped = {one.place for one_row in header.rows for one in one_row.columns}
    again, width = _said(header.cells), header.width
    is_delimited = not sheet.encoding.startswith(WORKBOOKS)
    lines, problems, across = [], [], _merged_across(sheet)
    for line in sheet.lines[header.place + 1 :]:
        cells = line.cells
        first = next((place for place, cell in enumerate(cells) if cell and not cell.isspace()), None)
        if first is None:
            continue
        if key < len(cells) and folded(cells[key]) in _EXAMPLES:
            problems.append(problem("example_skipped", **at, line=line.number, value=cells[key].strip()))
            continue
        is_unkeyed = first == key or key >= len(cells) or not _LETTER.search(cells[key])
        is_note = _is_note(cells, first, key, mapped) or _spans(across.get(line.number, ()), key)
        if is_note or (is_unkeyed and _is_no_row(cells[first])):
            problems.append(problem("line_skipped", **at, line=line.number, value=cells[first].strip()))
            continue
        if not lines and _counts_columns(cells):
            problems.append(problem("header_again", **at, line=line.number, value=cells[first].strip()))
            continue
        if again[0] in cells[first] and _said(cells) == again:
            problems.append(problem("header_again", **at, line=line.number, value=cells[first].strip()))
            continue
        lines.append(line)
        if len(cells) < width and is_delimited:
            problems.append(problem("too_few_cells", **at, line=line.number, found=len(cells), expected=width))
        elif len(cells) > width and any(map(str.strip, cells[width:])):
            value = next(filter(str.strip, cells[width:])).strip()
            found = max(place for place, cell in enumerate(cells) if cell.strip()) + 1
            problems.append(problem("too_many_cells", **at, line=line.number, value=value, found=found, expected=width))
    if not lines:
        problems.append(problem("no_rows", **at, line=header.number))
    marked = _marked(sheet, row, lines, at)
    return lines, [*problems, *marked, *_empty_headings(header, row, lines, at)]


def _is_note(cells: Sequence[str], first: int, key: int, mapped: Collection[int]) -> bool:
    """Whether the only cell of a line is prose in the column of the key, a signature or a date under the table, or a
    text in a column that is none of the ledger's: nothing of it could be a row."""
    if any(cell.strip() for cell in cells[first + 1 :]):
        if cells[first][-1:].isdigit():  # the number of a row, as in most lines; no signature ends so
            return False
        return all(_SIGNATURE.search(folded(cell)) or _is_no_row(cell) for cell in cells if cell.strip())
    said = cells[first].strip()
    could_be_key = len(said) < 2 or (len(said) <= LONGEST_KEY and _NUMBERED.search(said) is not None)
    is_prose = first == key and len(mapped) > 1 and _CHINESE.search(said) is not None and not could_be_key
    return is_prose or first not in mapped or _SIGNATURE.search(folded(said)) is not None


LONGEST_KEY = 12  # of one with Chinese in it
_NUMBERED = re.compile(r"[A-Za-z]\W*[0-9]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_YEAR, _MONTH, _DAY = (re.escape(WRITTEN["date"][f"after_{name}"]) for name in ("year", "month", "day"))
_SIGNATURE = re.compile(  # also a date written out, as it stands below one, with room for the figures or without them
    "(?:"
    + "|".join(map(re.escape, WRITTEN["signature"]))
    + rf")[:：]?|^.{{0,4}}[{_YEAR}].{{0,4}}[{_MONTH}].{{0,4}}[{_DAY}]$"
)


def _counts_columns(cells: Sequence[str]) -> bool:
    """1, 2, 3 … below the headings: the numbers of the columns."""
    said = [folded(cell).strip("()") for cell in cells if cell.strip()]
    return len(said) > 2 and any(said == [str(start + step) for step in range(len(said))] for start in (0, 1))


def _merged_across(sheet: Sheet) -> dict[int, list[tuple[int, int]]]:
    """Line → the places that cells merged across cover."""
    found: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, right in sheet.marks.merged:
        for number in range(top, bottom + 1) if right > left else ():
            found.setdefault(number, []).append((left, right))
    return found


def _spans(ranges: Iterable[tuple[int, int]], key: int) -> bool:
    """Whether a merged cell covers the key and a neighbour: no key is another column's value too."""
    return any(left <= key <= right for left, right in ranges)


def _marked(sheet: Sheet, row: Row, lines: Sequence[Line], at: dict[str, str]) -> Iterator[Problem]:
    """What a workbook shows of lines and columns that were read: merged cells filled in, struck through, hidden."""
    numbers = {line.number: line for line in lines}
    for column in row.columns:
        filled = [
            (top, number)
            for top, left, bottom, right in sheet.marks.merged
            if left <= column.place <= right
            for number in range(top, bottom + 1)
            if number in numbers and (number, column.place) != (top, left)
        ]
        if filled:
            first = min(number for _, number in filled)
            yield problem(
                "merged_filled", **at, line=first, column=column.column, heading=column.heading, rows=len(filled)
            )
        if column.place in sheet.marks.hidden_places:
            said = column.heading
            yield problem("column_hidden", **at, line=0, column=said, value=said)
    for rule, marked in (("line_struck", sheet.marks.struck), ("line_hidden", sheet.marks.hidden_lines)):
        for number in marked:
            if number in numbers:
                said = next(filter(None, map(str.strip, numbers[number].cells)), "")
                yield problem(rule, **at, line=number, value=said)


def _is_no_row(said: str) -> bool:
    plain = folded(said[:LONGEST_HEADING])
    return plain.strip(":") in _TOTALS or _FOOTER.match(plain) is not None


def _empty_headings(header: Header, row: Row, lines: Iterable[Line], at: dict[str, str]) -> Iterator[Problem]:
    """Places among the headings that have none, though data stand below: the first line with some is named."""
    blank = [place for place in range(header.width) if not header.cells[place].strip()]
    if not blank or row.lookup.leaves_blank_out:
        return
    first: dict[int, tuple[int, str]] = {}
    for line in lines:
        for place in blank:
            if place < len(line.cells) and line.cells[place].strip():
                first.setdefault(place, (line.number, line.cells[place].strip()))
    for place, (number, value) in sorted(first.items()):
        yield problem("empty_heading", **at, line=number, value=value, letter=_letter(place))


def _part(sheet: Sheet, header: Header, row: Row, lines: Iterable[Line]) -> Part:
    return Part(
        table=row.table.name,
        sheet=sheet.name,
        encoding=sheet.encoding,
        header_line=header.number,
        columns=tuple(sorted(row.columns, key=lambda one: one.place)),
        extra=tuple(_one_line(_named(row.cells[place])) for place in row.extra),
        missing=tuple(column.name for column in row.table.columns if column.name not in row.names),
        lines=tuple(lines),
        extra_at=row.extra,
    )


@dataclass(frozen=True)
class Said:
    """A heading of a part: the column it goes to, if any, and the first few different values below it."""

    heading: str
    column: str | None
    samples: tuple[str, ...]


def mapping_of(part: Part) -> tuple[Said, ...]:
    """Every heading of a part, from left to right."""
    named = [(one.place, one.heading, one.column) for one in part.columns if one.heading]
    named += [(place, said, None) for place, said in zip(part.extra_at, part.extra, strict=True)]
    return tuple(Said(heading, column, _samples(part, place)) for place, heading, column in sorted(named))


def _samples(part: Part, place: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for line in part.lines:
        if place < len(line.cells) and line.cells[place].strip():
            found.setdefault(_one_line(line.cells[place]))
        if len(found) == SAMPLES:
            break
    return tuple(found)


# --- issues and measures in one sheet --------------------------------------------------------------------------


def _is_combined(issue: Row, action: Row) -> bool:
    """Issues with more than the number measures refer to them by, and measures with a number or what they are."""
    return issue.has_key and "title" in issue.names and bool(action.names & {"action_id", "content"})


def _divided(cells: tuple[str, ...], issue: Row, action: Row) -> tuple[Row, Row]:
    """The headings read again, each by the ledger it belongs to; the issue number by both, as the link."""
    by_issue, by_action = (
        {place for place, plain in _headings(cells) if row.lookup.knows(plain)} for row in (issue, action)
    )
    number = next(one.place for one in issue.columns if one.column == "issue_id")
    starts = min(by_action - by_issue, default=number + 1)
    left = {place for place in by_issue & by_action if place < starts}
    of_issue = (by_issue - by_action) | left | {number}
    of_action = set(range(len(cells))) - of_issue | {number}
    return tuple(
        row.lookup.row([cell if place in places else "" for place, cell in enumerate(cells)])
        for row, places in ((issue, of_issue), (action, of_action))
    )


def _issues_and_actions(sheet: Sheet, header: Header) -> tuple[list[Part], list[Problem]]:
    issue, action = header.rows
    lines, wrong = _lines_below(sheet, header, action)
    issues, measures, differing = _split(sheet.name, issue, action, lines)
    faults = [*_heading_problems(sheet, header, issue), *_heading_problems(sheet, header, action)]
    return (
        [_part(sheet, header, issue, issues), _part(sheet, header, action, measures)],
        [*faults, *wrong, *differing],
    )


def _split(sheet: str, issue: Row, action: Row, lines: Iterable[Line]) -> tuple[list[Line], list[Line], list[Problem]]:
    """One line for each issue, its first; one for each measure, with the number of the issue above filled in."""
    names = {one.place: one.column for one in issue.columns}
    number = next(place for place, column in names.items() if column == "issue_id")
    title = next(place for place, column in names.items() if column == "title")
    own = [one.place for one in action.columns if one.place != number]
    firsts: dict[str, tuple[int, list[str]]] = {}
    measures, problems, current = [], [], ""
    for line in lines:
        cells = [*line.cells, *[""] * (max((number, *names)) + 1 - len(line.cells))]
        at = {"table": "issue", "sheet": sheet, "line": line.number}
        above = firsts.get(current, (0, []))[1]
        if not cells[number].strip() and cells[title].strip() and (not above or _differs(cells, above, title)):
            value = cells[title].strip()
            problems.append(problem("issue_without_key", **at, column="title", value=value, issue=current))
        else:
            current = cells[number].strip() or current
            first, known = firsts.setdefault(current, (line.number, cells))
            for place in names.keys() - {number} if current else ():
                if not known[place].strip():
                    known[place] = cells[place]
                elif _differs(cells, known, place):
                    value, was = cells[place].strip(), known[place].strip()
                    problems.append(
                        problem(
                            "issue_differs", **at, column=names[place], value=value, issue=current, first=first, was=was
                        )
                    )
        if any(place < len(line.cells) and line.cells[place].strip() for place in own):
            filled = [*cells[:number], cells[number].strip() or current, *cells[number + 1 :]]
            measures.append(Line(line.number, tuple(filled)))
    issues = [Line(first, tuple(cells)) for key, (first, cells) in firsts.items() if key]
    return issues, measures, problems


def _differs(cells: Sequence[str], known: Sequence[str], place: int) -> bool:
    return bool(cells[place].strip()) and cells[place].strip() != known[place].strip()


# --- small things ----------------------------------------------------------------------------------------------


def is_our_list(sheet: Sheet) -> bool:
    """Whether the sheet is the list of problems that our return sheet brought along."""
    first = next((line for line in sheet.lines if _has_text(line)), None)
    said = {words_of(language)[LIST_SHEET] for language in LANGUAGES}
    title = next(filter(None, map(str.strip, first.cells)), "") if first else ""
    return sheet.name in said or title in {words_of(language)[LIST_TITLE] for language in LANGUAGES}


def _has_text(line: Line) -> bool:
    return any(cell and not cell.isspace() for cell in line.cells)


def _said(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(_one_line(cell) for cell in cells if cell.strip())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _letter(place: int) -> str:
    """The letters Excel has for a place: A, B, … AA."""
    letters = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        letters, place = chr(ord("A") + rest) + letters, place - 1
    return letters
