"""What is wrong with a file: each problem with its place and its sentence, and groups by the repair they need.

A problem holds codes and what stands in the file, never words: its sentence is said when a reader asks, in the
reader's language (words: group `rule`, one sentence for each rule).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from taizhang.declared import tables
from taizhang.declared.plain import harmless
from taizhang.declared.wording import Language

ERROR, WARNING = "error", "warning"
LONGEST_VALUE = 60  # characters of a cell that a sentence quotes
FIRST_LINES = 5
MOST_VALUES_APART = 50


@dataclass(frozen=True)
class Rule:
    """How bad it is to break a rule, and which kind of fix repairs it; `is_by_value`: one fix for each value."""

    severity: str
    fix: str | None = None
    is_by_value: bool = False


RULES: Mapping[str, Rule] = {
    "nothing_there": Rule(ERROR),
    "unknown_table": Rule(ERROR, "heading"),
    "ambiguous_table": Rule(ERROR, "heading"),
    "sheet_ignored": Rule(WARNING),
    "no_rows": Rule(WARNING),
    "missing_key_column": Rule(ERROR, "heading"),
    "duplicate_heading": Rule(ERROR, "heading", is_by_value=True),
    "empty_heading": Rule(ERROR, "heading"),
    "extra_column": Rule(WARNING, "heading", is_by_value=True),
    "line_skipped": Rule(WARNING),
    "header_again": Rule(WARNING),
    "example_skipped": Rule(WARNING),
    "merged_filled": Rule(WARNING),
    "line_struck": Rule(WARNING, "line"),
    "line_hidden": Rule(WARNING, "line"),
    "column_hidden": Rule(WARNING, "heading", is_by_value=True),
    "issue_differs": Rule(ERROR, "cell"),
    "issue_without_key": Rule(ERROR, "cell"),
    "too_many_cells": Rule(ERROR),
    "too_few_cells": Rule(WARNING),
    "several_in_one": Rule(WARNING, "split", is_by_value=True),
    "key_matched": Rule(WARNING),
    "key_given": Rule(WARNING),
    "key_empty": Rule(ERROR, "cell"),
    "key_without_letter": Rule(ERROR, "cell"),
    "key_unclean": Rule(ERROR, "cell"),
    "text_unclean": Rule(ERROR, "value"),
    "key_twice": Rule(ERROR, "cell"),
    "key_read_as": Rule(WARNING),
    "key_eaten": Rule(ERROR, "cell"),
    "key_like": Rule(ERROR, "value", is_by_value=True),
    "placeholder": Rule(WARNING),
    "same_as_above": Rule(WARNING),
    "nothing_above": Rule(ERROR, "cell"),
    "unknown_code": Rule(ERROR, "code", is_by_value=True),
    "read_as": Rule(WARNING, "code", is_by_value=True),
    "bad_yes_no": Rule(ERROR, "value", is_by_value=True),
    "bad_number": Rule(ERROR, "value"),
    "bad_whole_number": Rule(ERROR, "value"),
    "number_too_large": Rule(ERROR, "value"),
    "number_read_as": Rule(WARNING, is_by_value=True),
    "about_read_as": Rule(WARNING, is_by_value=True),
    "number_too_fine": Rule(ERROR, "value"),
    "share_for_percent": Rule(ERROR, "value"),
    "bad_date": Rule(ERROR, "value"),
    "date_ambiguous": Rule(ERROR, "date"),
    "date_without_day": Rule(ERROR, "value"),
    "date_read_as": Rule(WARNING),
    "date_order_settled": Rule(WARNING, "date"),
    "deadline_without_day": Rule(WARNING),
    "no_default_year": Rule(ERROR, "value"),
    "time_dropped": Rule(WARNING),
    "year_inferred": Rule(WARNING),
    "unknown_district": Rule(ERROR, "value", is_by_value=True),
    "unknown_town": Rule(ERROR, "value", is_by_value=True),
    "town_needs_district": Rule(ERROR, "cell"),
    "demo_ignored": Rule(WARNING),
    "closed_unverified": Rule(WARNING),
    "usual_value": Rule(WARNING),
    "real_row_in_demo": Rule(ERROR),
    "row_of_another_unit": Rule(ERROR, "line"),
    "row_not_theirs": Rule(ERROR, "line"),
    "row_names_nobody": Rule(ERROR, "line"),
    "ledger_of_the_office": Rule(ERROR),
    "column_of_the_office": Rule(WARNING),
    "sheet_of_no_round": Rule(WARNING),
    "sheet_of_an_older_round": Rule(WARNING),
    "returned_already": Rule(WARNING),
    "more_problems": Rule(ERROR),  # a warning when it stands for warnings only
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where it stands, what stands there, which rule it breaks.

    `line` 0 is the sheet or file as a whole; `column` is the name of the ledger's column or, where no column is
    meant, the heading as it stands in the file. `suggestion` is what could stand in the cell instead (a code, a date, a
    name), or the column that a heading could mean.
    """

    table: str
    sheet: str
    line: int
    column: str
    value: str
    rule: str
    severity: str
    blanks: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    day: dt.date | None = None  # of which day the rule is broken, where it is not the one the file is of


@dataclass(frozen=True)
class Group:
    """Problems of one rule in one column that the same repair sets right.

    `values` are what stands there and how often, the most frequent first; `lines` the first few; `fix` the kind of
    fix that repairs all of them, or None; `first` the first problem, whose sentence speaks for the group.
    """

    rule: str
    column: str
    severity: str
    count: int
    values: tuple[tuple[str, int], ...]
    lines: tuple[int, ...]
    fix: str | None
    table: str
    first: Problem


def problem(
    rule: str,
    *,
    table: str = "",
    sheet: str = "",
    line: int = 0,
    column: str = "",
    value: str = "",
    suggestion: str | None = None,
    **blanks: object,
) -> Problem:
    """A problem of one of the `RULES`, with the severity of its rule."""
    return Problem(table, sheet, line, column, value, rule, RULES[rule].severity, blanks, suggestion)


def sentence(problem: Problem, t: Language) -> str:
    """What is wrong, where, and what to do next, in one language."""
    blanks = {
        "value": t.more(_on_one_line(problem.value), LONGEST_VALUE),
        "line": problem.line,
        "sheet": problem.sheet,
        **{name: _in_words(name, blank, t) for name, blank in problem.blanks.items()},
        "heading": heading(problem, t),
        "ledger": _title(problem.table, t),
        "where": where(problem, t),
    }
    said = t(f"rule.{problem.rule}", **blanks)
    said = said[:1].upper() + said[1:]
    if problem.day:
        said = t("problem.on_day", day=t.day(problem.day), said=said)
    suggestion = t.more(_on_one_line(suggested(problem, t) or ""), LONGEST_VALUE)
    return said + t("problem.suggestion", suggestion=suggestion) if suggestion else said


def where(problem: Problem, t: Language) -> str:
    """The place of a problem as a reader finds it: sheet, line, heading, as far as it has them."""
    place = ["sheet"] if problem.sheet else []
    place += ["line"] if problem.line else []
    place += ["heading"] if problem.column else []
    blanks = {"sheet": problem.sheet, "line": problem.line, "heading": heading(problem, t)}
    return t("problem.comma").join(t(f"problem.in_{part}", **blanks) for part in place) or t("problem.in_file")


def heading(problem: Problem, t: Language) -> str:
    """The heading over the problem: as the file has it, else as the ledger declares it."""
    own = problem.blanks.get("heading")
    return _on_one_line(str(own)) if own else _heading(problem.table, problem.column, t)


def suggested(problem: Problem, t: Language) -> str | None:
    """The suggestion as a reader would write it: a label for a code, a heading for a column."""
    if problem.suggestion is None:
        return None
    if problem.rule == "extra_column":
        return _heading(problem.table, problem.suggestion, t)
    codes = problem.blanks.get("allowed")
    return t.label(str(codes), problem.suggestion) if codes else problem.suggestion


def groups_of(problems: Iterable[Problem]) -> tuple[Group, ...]:
    """Problems by the repair they need: errors before warnings, causes before what follows from them, then the most
    frequent first.

    Where each value needs a fix of its own, each is a group; but beyond `MOST_VALUES_APART` of them the column
    holds something else altogether, and they are one.
    """
    problems = tuple(problems)
    found: dict[tuple, list[Problem]] = {}
    for one in problems:
        found.setdefault((one.table, one.rule, one.column), []).append(one)
    apart = [(_group(members), members) for alike in found.values() for members in _apart(alike)]
    groups = [group for group, _ in apart]
    broken = {(one.sheet, one.line) for one in problems if one.severity == ERROR}
    leading = {
        id(group)
        for group, members in apart
        if group.rule in _SHIFTS and any((one.sheet, one.line) in broken for one in members)
    }

    def rank(one: Group) -> tuple:
        return id(one) not in leading, one.severity != ERROR, follows(one, groups), -one.count, one.first.line

    return tuple(sorted(groups, key=rank))


# What puts the cells of a line under other headings: the errors in that line come of it.
_SHIFTS = ("too_few_cells", "too_many_cells")


# A name or number of another ledger that is not known, and the ledgers that would bring it.
_BROUGHT_BY = {
    "unknown_district": ("district",),
    "unknown_town": ("town", "district"),
    "town_needs_district": ("town", "district"),
}
_UNREAD = ("unknown_table", "ambiguous_table")  # a sheet that may hold any ledger


def follows(group: Group, groups: Iterable[Group]) -> bool:
    """Whether the problems of a group may be gone once others are: what they miss stands in a ledger that was not read
    whole."""
    owners = _BROUGHT_BY.get(group.rule, ())
    errors = (one for one in groups if one.severity == ERROR and one is not group)
    return bool(owners) and any(
        one.table in owners or one.rule in _UNREAD for one in errors if one.table != group.table
    )


def _apart(alike: list[Problem]) -> Iterable[list[Problem]]:
    if not _rule(alike[0]).is_by_value:
        return [alike]
    by_value: dict[str, list[Problem]] = {}
    for one in alike:
        by_value.setdefault(one.value, []).append(one)
    return by_value.values() if len(by_value) <= MOST_VALUES_APART else [alike]


def _group(members: list[Problem]) -> Group:
    first = members[0]
    values = Counter(one.value for one in members)
    lines = sorted({one.line for one in members})[:FIRST_LINES]
    return Group(
        rule=first.rule,
        column=first.column,
        severity=first.severity,
        count=len(members),
        values=tuple(values.most_common()),
        lines=tuple(lines),
        fix=_rule(first).fix,
        table=first.table,
        first=first,
    )


def _rule(problem: Problem) -> Rule:
    """The rule of a problem; one that is found on the draft is repaired in its cell, where it has one."""
    return RULES.get(problem.rule) or Rule(problem.severity, "cell" if problem.line and problem.column else None)


def _in_words(name: str, blank: object, t: Language) -> object:
    """Blanks hold codes: `allowed` a code list, `meaning` (list, code), `order` one of dates, `columns` and `ledgers`
    names of ours, `cell_…` (ledger, column, value)."""
    comma = t("problem.comma")
    if name.startswith("cell_"):
        table, column, value = blank
        return t.more(_on_one_line(t.cell(tables.all_tables()[table].column(column), value)), LONGEST_VALUE)
    if name == "allowed":
        return comma.join(t.of(one.label) for one in t.codes(str(blank)))
    if name == "meaning":
        return t.label(*blank)
    if name == "order":
        return t(f"fix.order_{blank}")
    if name == "columns":
        return comma.join(_heading(table, column, t) for table, column in blank)
    if name == "ledgers":
        return comma.join(_title(table, t) for table in blank)
    if isinstance(blank, (tuple, list)):
        return comma.join(map(str, blank)) or t("problem.none")
    return t.more(_on_one_line(blank), LONGEST_VALUE * 3) if isinstance(blank, str) else blank


def _heading(table: str, column: str, t: Language) -> str:
    declared = tables.all_tables().get(table)
    known = {one.name: one for one in declared.columns} if declared else {}
    return t.of(known[column].heading) if column in known else _on_one_line(column)


def _title(table: str, t: Language) -> str:
    declared = tables.all_tables().get(table)
    return t.of(declared.title) if declared else table


def _on_one_line(text: str) -> str:
    return harmless(" ".join(text.split()))
