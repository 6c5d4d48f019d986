"""Rows that come without a number of their own, and cells that hold several: matched, numbered, split when asked.

Nothing is done unasked. What was matched and which numbers were given is told, line by line, before it counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from taizhang.declared import tables
from taizhang.declared.tables import Table
from taizhang.rows.changes import Rows
from taizhang.rows.problems import Problem, problem
from taizhang.uploads.fixes import Fix, KeyFix, SplitFix, folded
from taizhang.uploads.headings import Mapped, Part
from taizhang.uploads.lines import Line
from taizhang.uploads.written import WRITTEN

SPLIT = ("action", "content")  # the only column whose items are rows of the ledger
_UNITS = ("resp_unit", "lead_unit", "unit")
_ITEM = re.compile(r"(?:(?<=^)|(?<=[\n;；。,，]))\s*(?:[(（]([0-9]{1,2})[)）]|([0-9]{1,2})[.、．)）](?![0-9])|([①-⑳]))")


def items_in(text: str) -> tuple[str, ...]:
    """（1）…（2）… → the items, when they are numbered 1, 2, 3 … from the beginning of the text; else nothing."""
    marks = list(_ITEM.finditer(text))
    numbers = [int(one[1] or one[2]) if one[1] or one[2] else ord(one[3]) - ord("①") + 1 for one in marks]
    if len(marks) < 2 or numbers != list(range(1, len(marks) + 1)) or text[: marks[0].start()].strip():
        return ()
    ends = [*(one.start() for one in marks[1:]), len(text)]
    items = tuple(text[one.end() : end].strip(" \t\r\n;；,，") for one, end in zip(marks, ends, strict=True))
    return items if all(items) else ()


def arranged(
    parts: Sequence[Part], problems: Iterable[Problem], before: Rows, fixes: Iterable[Fix]
) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
    """The parts with cells split and rows numbered as the fixes ask; the problems with what was done, or could be."""
    fixes = [fix for fix in fixes if fix.is_on]
    split = {(fix.sheet, fix.line) for fix in fixes if isinstance(fix, SplitFix)}
    to_number = {(fix.table, fix.sheet) for fix in fixes if isinstance(fix, KeyFix)}
    made, found = [], list(problems)
    for part in parts:
        table = tables.ledgers()[part.table]
        part, offered = _split(part, table, before, split)
        found.extend(offered)
        if (part.table, part.sheet) in to_number and len(table.key) == 1 and not _place(part, table.key[0]):
            part, told = _numbered(part, table, before[part.table])
            found = [one for one in found if not _is_of_missing_key(one, part)]
            found.extend(told)
        made.append(part)
    return tuple(made), tuple(found)


def _is_of_missing_key(one: Problem, part: Part) -> bool:
    return (one.rule, one.table, one.sheet) == ("missing_key_column", part.table, part.sheet)


def _place(part: Part, column: str) -> Mapped | None:
    return next((one for one in part.columns if one.column == column), None)


def _cell(line: Line, at: Mapped | None) -> str:
    return line.cells[at.place] if at and at.place < len(line.cells) else ""


# --- several in one cell ---------------------------------------------------------------------------------------


def _split(part: Part, table: Table, before: Rows, wanted: set[tuple[str, int]]) -> tuple[Part, list[Problem]]:
    content = _place(part, SPLIT[1]) if part.table == SPLIT[0] else None
    if content is None:
        return part, []
    key, lines, offered = _place(part, table.key[0]), [], []
    for line in part.lines:
        items = items_in(_cell(line, content))
        if not items:
            lines.append(line)
            continue
        own = _cell(line, key).strip()
        keys = _keys_of_items(own, len(items), own in before[part.table]) if own else ()
        if (part.sheet, line.number) in wanted:
            lines.extend(_as_lines(line, content, key, items, keys))
        else:
            lines.append(line)
            at = {"table": part.table, "sheet": part.sheet, "line": line.number, "column": content.column}
            offered.append(
                problem("several_in_one", **at, value=_cell(line, content), count=len(items), keys=keys or ("…",))
            )
    return replace(part, lines=tuple(lines)), offered


def _keys_of_items(own: str, count: int, is_known: bool) -> tuple[str, ...]:
    """The row itself keeps its number for the first item where the ledger has it already."""
    return tuple(own if is_known and place == 1 else f"{own}-{place}" for place in range(1, count + 1))


def _as_lines(
    line: Line, content: Mapped, key: Mapped | None, items: Sequence[str], keys: Sequence[str]
) -> Iterator[Line]:
    for place, item in enumerate(items):
        cells = [*line.cells]
        cells[content.place] = item
        if key and keys:
            cells[key.place] = keys[place]
        yield Line(line.number, tuple(cells))


# --- rows without a number -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """The rows of a ledger by what they say."""

    by_text: Mapping[str, tuple[str, ...]]
    units: Mapping[str, frozenset[str]]

    def key_of(self, text: str, unit: str) -> str | None:
        """The only row of that text; of several the only one of that unit."""
        found = self.by_text.get(folded(text), ())
        if len(found) > 1 and unit:
            found = tuple(key for key in found if folded(unit) in self.units[key])
        return found[0] if len(found) == 1 else None


def _numbered(part: Part, table: Table, known: Mapping[str, Mapping]) -> tuple[Part, list[Problem]]:
    """The part with a column of numbers: those of the rows that say the same, and new ones for all others."""
    naming = next(one for one in table.columns if one.name in WRITTEN["naming"])
    rows, text_at = _known(known, naming.name), _place(part, naming.name)
    unit_at = next(filter(None, (_place(part, name) for name in _UNITS)), None)
    width = max((len(line.cells) for line in part.lines), default=0)
    fresh, taken, lines, told = fresh_keys(table.name, known), set(), [], []
    for line in part.lines:
        text = _cell(line, text_at)
        key = rows.key_of(text, _cell(line, unit_at)) if text.strip() else None
        rule = "key_matched" if key and key not in taken else "key_given"
        key = key if rule == "key_matched" else next(fresh)
        taken.add(key)
        lines.append(Line(line.number, (*line.cells, *[""] * (width - len(line.cells)), key)))
        at = {"table": part.table, "sheet": part.sheet, "line": line.number}
        told.append(problem(rule, **at, value=text, key=key))
    columns = (*part.columns, Mapped(width, "", table.key[0], "given"))  # the file has no heading for it
    missing = tuple(name for name in part.missing if name != table.key[0])
    return replace(part, columns=columns, missing=missing, lines=tuple(lines)), told


def _known(rows: Mapping[str, Mapping], naming: str) -> _Known:
    by_text: dict[str, list[str]] = {}
    for key, row in rows.items():
        by_text.setdefault(folded(str(row.get(naming) or "")), []).append(key)
    units = {key: frozenset(folded(str(row[name])) for name in _UNITS if row.get(name)) for key, row in rows.items()}
    return _Known({text: tuple(keys) for text, keys in by_text.items()}, units)


def fresh_keys(table: str, known: Iterable[str]) -> Iterator[str]:
    """Numbers that go on from those of the ledger, written as they are: CS-021 after CS-020."""
    found = [match for match in map(re.compile(r"(.*[A-Za-z].*?)([0-9]+)").fullmatch, known) if match]
    prefixes = [match[1] for match in found]
    prefix = max(sorted(set(prefixes)), key=prefixes.count) if prefixes else WRITTEN["prefix"].get(table, "R") + "-"
    used = [match[2] for match in found if match[1] == prefix]
    width, number = max(map(len, used), default=3), max(map(int, used), default=0)
    while True:
        number += 1
        yield f"{prefix}{number:0{width}}"
