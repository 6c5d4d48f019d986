"""How the program that wrote a text file sets its cells apart: the delimiter, the quotes, and one line that differs.

A way that is not the usual one is taken only where every line agrees on it, and is then said.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

DELIMITERS = (",", "\t", ";", "|")
RARE_DELIMITERS = ("，", "、", "；", "^", "~", ":")  # also in prose: only where every line agrees
QUOTES = ("'", "`", "“”", "‘’", "「」")  # beside the usual one, likewise
ESCAPE = "\\"
FEWEST_LINES = 3  # that have to agree on a way that is not the usual one
NARROWEST = 3  # cells of a line that can prove anything
_USUAL = '"'
_OPENING = frozenset(quote[0] for quote in QUOTES)


@dataclass(frozen=True)
class Dialect:
    """What stands between two cells, around one (one mark, or an opening and a closing one), and before a quote that
    is meant as text (nothing: it is doubled). `width`: the cells of most lines."""

    delimiter: str
    quote: str = _USUAL
    escape: str = ""
    is_spaced: bool = False  # a space follows every delimiter
    width: int = 1

    @property
    def said(self) -> tuple[str, ...]:
        """What of it does not go without saying: codes of remarks."""
        unusual = {
            "set_apart_by": self.delimiter not in DELIMITERS,
            "enclosed_in": self.quote != _USUAL,
            "escaped": bool(self.escape),
        }
        return tuple(code for code, is_so in unusual.items() if is_so)

    def is_odd(self, cells: Sequence[str]) -> bool:
        """Whether a line has not as many cells as the others, or keeps quotes of another kind around all it has."""
        if len(cells) != self.width:
            return any(map(str.strip, cells))
        filled = [cell for cell in map(str.strip, cells) if cell]
        return (
            bool(filled)
            and filled[0][0] in _OPENING
            and any(all(_is_wrapped(cell, quote) for cell in filled) for quote in QUOTES)
        )

    @property
    def settings(self) -> dict[str, object]:
        """What the CSV reader has to know."""
        quote = self.quote if len(self.quote) == 1 else _USUAL
        return {"delimiter": self.delimiter, "skipinitialspace": self.is_spaced, "quotechar": quote}

    def plain(self, line: str) -> str:
        """The line as the CSV reader takes it: it knows no pair of quotes, and with an escape it is not strict."""
        if self.escape:
            return line.replace(self.escape + _USUAL, _USUAL * 2)
        if len(self.quote) == 1:
            return line
        mark, (opens, closes) = re.escape(self.delimiter), self.quote
        doubled = line.replace(_USUAL, _USUAL * 2)
        opened = re.sub(f"(^|{mark}){opens}", rf"\1{_USUAL}", doubled)
        closed = re.sub(f"{closes}(?={mark}|[\r\n]|$)", _USUAL, opened)
        return closed.replace(closes * 2, closes)


def dialect_of(sample: str, file_name: str) -> Dialect:
    """The dialect under which most lines have the same number of cells, and the more cells the better."""
    first = sample.lstrip("\ufeff").partition("\n")[0].strip()
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:  # how Excel itself says it
        return _measured(sample, Dialect(first[4:]))
    order = ("\t", ",", ";", "|") if file_name.lower().endswith((".tsv", ".tab")) else DELIMITERS
    spaced = {mark: first.count(mark) > 1 and first.count(mark) == first.count(f"{mark} ") for mark in order}
    usual = [Dialect(mark, is_spaced=spaced[mark] and mark != "\t") for mark in order]
    likeliest = max(usual, key=lambda one: _agreement(sample, one))
    rare = [Dialect(mark) for mark in RARE_DELIMITERS]
    if not _agreement(sample, likeliest):
        found = max((likeliest, *rare), key=lambda one: _strict(sample, one))
        return _measured(sample, found)
    if not _is_sure(sample, likeliest):
        # Quotes of another kind are text where the usual ones are in use.
        used = [quote for quote in QUOTES if quote[0] in sample and _USUAL not in sample]
        quoted = [Dialect(mark, quote) for mark in (*order, *RARE_DELIMITERS) for quote in used]
        escaped = [Dialect(mark, escape=ESCAPE) for mark in order if ESCAPE + _USUAL in sample]
        others = [one for one in (*rare, *escaped, *quoted) if _is_proof(sample, one)]
        if others:
            likeliest = max(others, key=lambda one: _strict(sample, one))
    return _measured(sample, likeliest)


def _is_sure(sample: str, dialect: Dialect) -> bool:
    """Whether every line agrees on a usual dialect, and no cell keeps quotes of another kind around it."""
    first = next((cells for cells in _read(sample, dialect) if len(cells) > 1), [])
    wrapped = [cell for cell in first if any(_is_wrapped(cell.strip(), quote) for quote in QUOTES)]
    return _strict(sample, dialect) > 0 and not (first and len(wrapped) == len(first))


def _is_proof(sample: str, dialect: Dialect) -> bool:
    """Whether every line agrees on a rare dialect, so widely that it is no accident."""
    lines = [cells for cells in _read(sample, dialect) if any(map(str.strip, cells))]
    return len(lines) >= FEWEST_LINES and _strict(sample, dialect) >= NARROWEST - 1


def _is_wrapped(cell: str, quote: str) -> bool:
    return len(cell) > 1 and cell.startswith(quote[0]) and cell.endswith(quote[-1])


def _measured(sample: str, dialect: Dialect) -> Dialect:
    _, width = _widest(sample, dialect)
    return replace(dialect, width=width)


def _agreement(sample: str, dialect: Dialect) -> float:
    """How wide the lines are that agree; lines that do not, weigh heavily."""
    widths, width = _widest(sample, dialect)
    return (widths[width] / max(widths.total(), 1)) ** 3 * (width - 1)


def _strict(sample: str, dialect: Dialect) -> float:
    """How wide the lines are, when all of them agree; else nothing."""
    try:
        widths, width = _widest(sample, dialect, is_strict=True)
    except csv.Error:
        return 0
    return width - 1 if widths[width] == widths.total() else 0


def _widest(sample: str, dialect: Dialect, is_strict: bool = False) -> tuple[Counter[int], int]:
    """How many lines have which width, and the most frequent one above one cell (1: none has)."""
    widths: Counter[int] = Counter()
    for cells in _read(sample, dialect, is_strict):
        if any(map(str.strip, cells)):
            widths[len(cells)] += 1
    return widths, max((width for width in widths if width > 1), key=lambda one: (widths[one], one), default=1)


def _read(sample: str, dialect: Dialect, is_strict: bool = False) -> Iterator[Sequence[str]]:
    """The cells of each line; what was read up to an error still tells, unless nothing may be wrong."""
    lines = map(dialect.plain, io.StringIO(sample, newline=""))
    try:
        yield from csv.reader(lines, strict=is_strict, **dialect.settings)
    except csv.Error:
        if is_strict:
            raise


# --- one line that differs -------------------------------------------------------------------------------------


def other_way(line: str, dialect: Dialect) -> list[str] | None:
    """The cells of one line that another program's habit wrote, when it has exactly the width of the others then:
    another delimiter, other quotes around every cell, or one quote around all of it. None when there is no one way."""
    if dialect.width <= NARROWEST:
        return None
    found: list[list[str]] = []
    for mark in dict.fromkeys((dialect.delimiter, *DELIMITERS, *RARE_DELIMITERS)):
        if line.count(mark) < dialect.width - 1:
            continue
        for quote in (_USUAL, *QUOTES):
            if (mark, quote) == (dialect.delimiter, dialect.quote):
                continue
            cells = _one(line, Dialect(mark, quote))
            is_all = quote == _USUAL or all(_is_wrapped(cell, quote) for cell in line.strip().split(mark)[:2])
            if cells and len(cells) == dialect.width and is_all and cells not in found:
                found.append(cells)
    whole = _one(line, dialect)
    if whole and len(whole) == 1 and (cells := _one(whole[0], dialect)) and len(cells) == dialect.width:
        found.append(cells)
    return found[0] if len(found) == 1 else None


def _one(line: str, dialect: Dialect) -> list[str] | None:
    try:
        made = list(csv.reader([dialect.plain(line)], strict=True, **dialect.settings))
    except csv.Error:
        return None
    return made[0] if len(made) == 1 else None
