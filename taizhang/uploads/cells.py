"""Parts of text → typed rows: values as people type them, every cell that cannot be read, none guessed.

A blank cell sets nothing: the ledger keeps what it has; only (清空) or (clear) empties a value.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from taizhang.declared import tables
from taizhang.rows.ledgers import Row
from taizhang.rows.problems import ERROR, RULES, WARNING, Problem, problem
from taizhang.uploads.context import Context, context_of, context_of_rows, name_of, with_rows
from taizhang.uploads.dates import settled_order, texts_of_dates
from taizhang.uploads.fixes import CellFix, DateFix, Fix, folded
from taizhang.uploads.headings import Part
from taizhang.uploads.lines import Line, Tell, tell_nobody
from taizhang.uploads.noted import ABSENT, INFERRED_YEAR, Noted
from taizhang.uploads.values import guarded, likeliest, reader_of, unguarded
from taizhang.uploads.written import WRITTEN

__all__ = [
    "Context",
    "Reading",
    "context_of",
    "context_of_rows",
    "corrections_of",
    "guarded",
    "readings_of",
    "rows_of",
    "unguarded",
]

_DITTO = frozenset(map(folded, WRITTEN["ditto"]["marks"]))
# How a mark may begin: only such cells are looked at twice.
_DITTO_BEGINS = frozenset(one[0] for mark in WRITTEN["ditto"]["marks"] for one in (mark, mark.upper())) | {
    " ",
    "\u3000",
}
# What a new row may leave unsaid and is then told what it counts as: a plain list of meetings has neither.
_COUNTS_AS_USUAL = {"event": ("kind", "strand")}
EVERY = 5_000  # lines between two words on progress
MOST_PROBLEMS = 100_000  # of a part; the rest is counted: a column of the wrong kind must not fill the memory


@dataclass(frozen=True)
class Reading:
    """What was read from a part: rows with a key of their own, what is wrong, and (line, column) of inferred years."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    inferred: tuple[tuple[int, str], ...]


def readings_of(
    parts: Sequence[Part], context: Context, fixes: Iterable[Fix] = (), tell: Tell = tell_nobody
) -> tuple[Reading, ...]:
    """The readings of the parts of one upload, in the order given.

    Referred-to ledgers are read first, so that a district or year that comes in the same upload is known; a key
    that two parts of a ledger have is found.
    """
    order = {name: place for place, name in enumerate(tables.all_tables())}
    taken: dict[str, dict[str, tuple[str, int]]] = {}
    readings: dict[int, Reading] = {}
    for place in sorted(range(len(parts)), key=lambda place: order[parts[place].table]):
        part = parts[place]
        readings[place] = _PartReading(part, context, tuple(fixes), taken.setdefault(part.table, {})).read(tell)
        if part.table in ("campaign", "district", "town", "strand", "term"):
            context = with_rows(context, part.table, readings[place].rows)
    return tuple(readings[place] for place in range(len(parts)))


def rows_of(part: Part, context: Context, fixes: Iterable[Fix] = (), tell: Tell = tell_nobody) -> Reading:
    """The rows of one part. `tell` hears of the stage cells."""
    return _PartReading(part, context, tuple(fixes), {}).read(tell)


def corrections_of(part: Part, fixes: Iterable[Fix]) -> dict[int, dict[str, str]]:
    """Line → column → text, where a fix corrects a single cell of the part."""
    found: dict[int, dict[str, str]] = {}
    for fix in fixes:
        if isinstance(fix, CellFix) and fix.is_on and (fix.table, fix.sheet) == (part.table, part.sheet):
            found.setdefault(fix.line, {})[fix.column] = fix.text
    return found


# --- the lines of a part ---------------------------------------------------------------------------------------


class _PartReading:
    """One part while it is read."""

    def __init__(self, part: Part, context: Context, fixes: tuple[Fix, ...], taken: dict[str, tuple[str, int]]):
        self.part, self.context, self.taken = part, context, taken
        self.table = tables.ledgers()[part.table]
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.unlisted: Counter[str] = Counter()
        self.inferred: list[tuple[int, str]] = []
        self.whole_shares: dict[str, list[tuple[int, str]]] = {}
        self.headings = {one.column: one.heading for one in part.columns}
        self.orders = self.settled_orders(context)
        self.readers = {
            column.name: reader_of(self.table, column, context, fixes, self.orders.get(column.name))
            for column in self.table.columns
        }
        self.corrected = corrections_of(part, fixes)
        self.ordered = {(fix.table, fix.column) for fix in fixes if isinstance(fix, DateFix) and fix.is_on}
        self.is_dated = {"date_precision", "started_on"} <= self.readers.keys()

    def read(self, tell: Tell) -> Reading:
        lines, total = self.part.lines, len(self.part.lines)
        plan = [(one.column, one.place, self.readers[one.column]) for one in self.part.columns]
        above: dict[str, str] = {}
        self.say_orders()
        for done, line in enumerate(lines):
            if done % EVERY == 0:
                tell("cells", done, total)
            number, cells = line
            width = len(cells)
            corrected = self.corrected.get(number)
            values: dict[str, object] = {}
            later: list[tuple[str, Noted]] = []
            for column, place, reader in plan:
                text = cells[place] if place < width else ""
                if corrected is not None and column in corrected:
                    text = corrected[column]
                if not text:
                    continue
                if text[0] in _DITTO_BEGINS and folded(text) in _DITTO and column not in self.table.key:
                    text = self.as_above(line, column, text, above)
                above[column] = text
                value = reader(text)
                if type(value) is Noted:
                    self.note(number, column, text, value, values, later)
                elif value is not ABSENT:
                    values[column] = value
            if corrected is not None:
                self.correct(number, corrected, values, later)
            self.finish(number, values, later)
        self.find_shares_among_percents()
        self.say_usual_values()
        if self.unlisted:
            severity = ERROR if self.unlisted[ERROR] else WARNING
            more = problem("more_problems", table=self.part.table, sheet=self.part.sheet, count=self.unlisted.total())
            self.problems.append(replace(more, severity=severity))
        tell("cells", total, total)
        return Reading(tuple(self.rows), tuple(self.problems), tuple(self.inferred))

    def settled_orders(self, context: Context) -> dict[str, str]:
        """Column → the order of its dates, where some leave it open and the others settle it."""
        found = {}
        for one in self.part.columns:
            if self.table.column(one.column).type == "DATE":
                place = one.place
                texts = tuple(texts_of_dates(line.cells[place] for line in self.part.lines if place < len(line.cells)))
                if order := settled_order(texts, context.default_year):
                    found[one.column] = order
        return found

    def say_orders(self) -> None:
        for column, order in self.orders.items():
            if (self.part.table, column) not in self.ordered:
                self.complain("date_order_settled", self.part.header_line, column, order=order)

    def as_above(self, line: Line, column: str, said: str, above: Mapping[str, str]) -> str:
        """The text of the cell above one that says "as above"; none where there is none.

        What stands so in the ledger is a text like any other: an export comes back as it was.
        """
        if self.stands_so(line, column, said.strip()):
            return said
        if column not in above:
            self.complain("nothing_above", line.number, column, said)
            return ""
        self.complain("same_as_above", line.number, column, said, text=above[column])
        return above[column]

    def stands_so(self, line: Line, column: str, said: str) -> bool:
        places = {one.column: one.place for one in self.part.columns}
        at = places.get(self.table.key[0], len(line.cells))
        key = line.cells[at].strip() if at < len(line.cells) else ""
        return self.context.rows.get(self.table.name, {}).get(key, {}).get(column) == said

    def correct(self, number: int, corrected: dict[str, str], values: dict, later: list) -> None:
        """Cells that were given for columns the file does not have."""
        for column in corrected.keys() - self.headings.keys():
            value = self.readers[column](corrected[column]) if column in self.readers else ABSENT
            if type(value) is Noted:
                self.note(number, column, corrected[column], value, values, later)
            elif value is not ABSENT:
                values[column] = value

    def note(self, number: int, column: str, text: str, noted: Noted, values: dict, later: list) -> None:
        """A cell of which there is something to say, or that depends on the rest of its line."""
        if noted.value is not ABSENT:
            values[column] = noted.value
        for other, said in noted.also.items():
            if other in self.readers:
                values.setdefault(other, said)
        if noted.is_inferred:
            self.inferred.append((number, column))
            if "is_year_inferred" in self.readers:
                values.setdefault("is_year_inferred", True)
                later.append((column, INFERRED_YEAR))
        if noted.waits:
            later.append((column, noted))
        elif noted.rule:
            self.complain(noted.rule, number, column, text, noted.suggestion, **noted.blanks)

    def complain(
        self, rule: str, line: int, column: str = "", value: str = "", suggestion: str | None = None, **blanks: object
    ) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            self.unlisted[RULES[rule].severity] += 1
            return
        at = {"table": self.part.table, "sheet": self.part.sheet, "line": line, "column": column}
        if column in self.headings:
            blanks["heading"] = self.headings[column]
        self.problems.append(problem(rule, **at, value=value.strip(), suggestion=suggestion, **blanks))

    def finish(self, number: int, values: dict[str, object], later: list) -> None:
        """What depends on several cells of a line; then the row, when it has a key that no other row has."""
        first_key = self.table.key[0]
        if len(self.table.key) == 1:
            key = values.get(first_key)
        else:
            complete = all(values.get(name) is not None for name in self.table.key)
            key = self.table.key_of(values) if complete else None
        for column, noted in later:
            getattr(self, f"settle_{noted.waits}")(number, column, noted, key, values)
        if "is_demo" in values:
            self.settle_demo(number, key, values)
        if self.is_dated and "started_on" in values:
            self.settle_precision(key, values)
        if key is None:
            self.complain_of_key(number, values)
        elif key in self.taken:
            sheet, line = self.taken[key]
            self.complain("key_twice", number, first_key, str(key), first=line, first_sheet=sheet)
        else:
            self.taken[key] = (self.part.sheet, number)
            self.rows.append(Row(number, values))

    def complain_of_key(self, number: int, values: dict[str, object]) -> None:
        """An empty key; one that could not be read has its problem already."""
        known = {one.column for one in self.problems[-len(self.table.columns) :] if one.line == number}
        for name in self.table.key:
            if values.get(name) is None and name not in known and name in self.headings:
                self.complain("key_empty", number, name)

    def say_usual_values(self) -> None:
        """What new rows count as where they say nothing: once for a column, at the first of them.

        One that lacks what no row can do without is refused for that, and nothing else need be said of it.
        """
        if self.table.name not in _COUNTS_AS_USUAL:
            return
        known = self.context.keys.get(self.table.name, ())
        needed = [one.name for one in self.table.columns if one.is_required and one.default is None]
        new = [
            row
            for row in self.rows
            if self.table.key_of(row.cells) not in known and all(row.cells.get(name) is not None for name in needed)
        ]
        told = {(one.line, one.column) for one in self.problems}
        for name in _COUNTS_AS_USUAL[self.table.name]:
            lines = [row.line for row in new if name not in row.cells and (row.line, name) not in told]
            if lines:
                column = self.table.column(name)
                self.complain("usual_value", lines[0], name, count=len(lines), meaning=(column.codes, column.default))

    # --- cells that depend on others of their line ---

    def settle_town(self, number: int, column: str, noted: Noted, key: object, values: dict) -> None:
        said = str(noted.blanks["said"])
        district = values.get("district_code")
        if district is not None:
            code = self.towns.get((district, folded(said)))
            if code is not None:
                values[column] = code
                return
            of_district = [name for (_, name), (code, _) in self.context.towns.items() if code == district]
            self.complain(
                "unknown_town",
                number,
                column,
                said,
                likeliest(said, of_district),
                district=name_of(self.context, str(district)),
            )
        elif not self.has_complaint(number, "district_code"):
            codes = sorted(code for code, name in self.towns if name == folded(said))
            candidates = tuple(name_of(self.context, code) for code in codes)
            self.complain("town_needs_district", number, column, said, candidates=candidates)

    @cached_property
    def towns(self) -> Mapping[tuple[str, str], str]:
        """(district code, folded town name) → town code."""
        return {(district, folded(town)): code for (_, town), (district, code) in self.context.towns.items()}

    def has_complaint(self, number: int, column: str) -> bool:
        recent = self.problems[-len(self.table.columns) :]
        return any(one.line == number and one.column == column for one in recent)

    def settle_done(self, number: int, column: str, noted: Noted, key: object, values: dict) -> None:
        """Done, with a closing date and a verifier beside it, is closed; without them it waits for verification."""
        if values.get("closed_on") and values.get("verified_by"):
            values[column] = "closed"

    def settle_unverified(self, number: int, column: str, noted: Noted, key: object, values: dict) -> None:
        """Done is closed where nobody verifies: on the day it was done, and the ledger says that nobody did."""
        stands = self.context.rows.get(self.table.name, {}).get(key, {})
        if stands.get("status") == "closed":
            return
        done_on = values.get("done_on") or stands.get("done_on")
        if done_on and not stands.get("closed_on"):
            values.setdefault("closed_on", done_on)
        if not stands.get("verified_by"):
            values.setdefault("verified_by", WRITTEN["nobody_verifies"])
        self.complain("closed_unverified", number, column)

    def settle_nearly(self, number: int, column: str, noted: Noted, key: object, values: dict) -> None:
        """Nearly done: staged and ongoing for a long-term measure, in progress for any other."""
        type_known = "long_term" if key in self.context.long_term else None
        if self.table.name == "action" and values.get("rect_type", type_known) == "long_term":
            values[column] = "staged_ongoing"
        meaning = (noted.blanks["allowed"], values[column])
        self.complain("read_as", number, column, str(noted.blanks["said"]), meaning=meaning)

    def settle_year(self, number: int, column: str, noted: Noted, key: object, values: dict) -> None:
        """A year that is not written is inferred, whatever the file says."""
        values["is_year_inferred"] = True

    def settle_share(self, number: int, column: str, noted: Noted, key: object, values: dict) -> None:
        """A bare 1 is one percent, unless the same column has shares such as 0.85: then it was the whole."""
        self.whole_shares.setdefault(column, []).append((number, str(noted.blanks["said"])))

    def settle_demo(self, number: int, key: object, values: dict) -> None:
        """A file may repeat which rows are made up; it may not change it."""
        is_demo = key in self.context.demo.get(self.table.name, ())
        if values.pop("is_demo") == is_demo:
            values["is_demo"] = is_demo
        elif key is not None:
            self.complain("demo_ignored", number, "is_demo")

    def settle_precision(self, key: object, values: dict) -> None:
        """A date without a word on its precision is exact to the day, or to the half of it; with an end, a range."""
        if values["started_on"] is None:
            values.setdefault("date_precision", "unknown")
        elif key not in self.context.dated:
            exact = "half_day" if values.get("half") else "range" if values.get("ended_on") else "day"
            values.setdefault("date_precision", exact)

    def find_shares_among_percents(self) -> None:
        shares = {one.column for one in self.problems if one.rule == "share_for_percent"}
        rows = {row.line: row for row in self.rows} if shares & self.whole_shares.keys() else {}
        for column in sorted(shares & self.whole_shares.keys()):
            for number, said in self.whole_shares[column]:
                self.complain("share_for_percent", number, column, said, "100")
                if number in rows:
                    rows[number].cells.pop(column, None)
