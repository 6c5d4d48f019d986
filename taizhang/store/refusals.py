"""Why rows are refused: every rule of the tables and every check that they break, as problems a clerk can repair."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from taizhang.declared.queries import Query
from taizhang.declared.tables import Table, all_tables, ledgers
from taizhang.declared.values import to_text
from taizhang.rows.changes import Merged, RowName
from taizhang.rows.ledgers import LedgerFile
from taizhang.rows.problems import ERROR, Problem
from taizhang.store import disk, engine, publishing, releases
from taizhang.store.publishing import Recipe


class Places:
    """Where a row of the change stands: sheet and line, or nowhere; and which rows the change removes."""

    def __init__(self, files: Iterable[LedgerFile], merged: Merged | None):
        self.removed = frozenset(merged.removed) if merged else frozenset()
        self._touched = merged.touched if merged else {}
        self._sheets = {}
        for one in files:
            sheets = self._sheets.setdefault(one.table, {})
            sheets.update(dict.fromkeys((line.line for line in one.rows), getattr(one, "sheet", "")))

    def of(self, row: RowName) -> tuple[str, int]:
        line = self._touched.get(row, (None, 0))[1]
        return (self._sheets.get(row[0], {}).get(line, ""), line) if line else ("", 0)


def refusals(folder: Path, recipe: Recipe, places: Places) -> list[Problem]:
    """Every rule of the tables and every check that the rows break, as problems in the order of the file."""
    found = []
    rows = {name: list(keyed.values()) for name, keyed in recipe.after.items()}
    for violation in engine.violations([table.sql for table in ledgers().values()], rows):
        name = violation.constraint.table
        for place in violation.places:
            found.append(_rule_problem(violation.constraint, all_tables()[name], rows[name][place], places))
    found.extend(_checks_of_refused_rows(folder, recipe, places))
    return sorted(found, key=lambda one: (one.line == 0, one.table, one.sheet, one.line))


def _checks_of_refused_rows(folder: Path, recipe: Recipe, places: Places) -> list[Problem]:
    """What the checks find in rows that no release can hold: asked of a file without constraints."""
    path = disk.path_in(publishing.draft_place(folder), recipe.number)
    try:
        known = recipe.act - 1 if recipe.act else recipe.parent  # of an act nothing is there yet that can be opened
        parent = releases.release(folder, known) if known else None
        base = releases.release(folder, recipe.base) if recipe.base else None
        publishing.build_unconstrained(path, recipe, parent, base)
        broken = releases.broken_checks(path, recipe.note.as_of)
        return check_problems(broken, recipe, places)
    except engine.QuestionFailed:  # the rows are too broken for a check; their own problems come first
        return []
    finally:
        publishing.throw_away(path)


def check_problems(broken: Iterable[tuple[Query, Iterable[tuple]]], recipe: Recipe, places: Places) -> list[Problem]:
    """The error checks among broken ones as problems, one for each row."""
    return [one for check, rows in broken for one in _check_problems(check, rows, recipe, places)]


def _check_problems(check: Query, rows: Iterable[tuple], recipe: Recipe, places: Places) -> Iterable[Problem]:
    """An error check as problems, one for each row; the words are `rule.check_…`, by the name of the check."""
    if check.severity != "error":
        return
    names = [column.name for column in check.returns]
    for values in rows:
        said = dict(zip(names, values, strict=True))
        table, key = said.pop("table_name"), said.pop("row_key")
        sheet, line = places.of((table, key))
        declared = {column.name for column in all_tables()[table].columns}
        column = said.get("field") or next((name for name in said if name in declared), "")
        row = recipe.after[table].get(key, {})
        value = to_text(row.get(column)) or ""
        blanks = {"row": key, **{name: to_text(one) for name, one in said.items() if name != "field"}}
        yield Problem(table, sheet, line, column, value, f"check_{check.name}", ERROR, blanks)


def _rule_problem(rule: engine.Constraint, table: Table, row: Mapping, places: Places) -> Problem:
    key = "|".join(str(row[name]) for name in table.key)
    sheet, line = places.of((table.name, key))
    said, column, other = sentence_of(rule, row)
    blanks: dict[str, object] = {"row": key, "columns": tuple((table.name, name) for name in other)}
    if rule.kind == "FOREIGN KEY":
        blanks["ledgers"] = (rule.referred_table,)
        if (rule.referred_table, str(row[rule.columns[0]])) in places.removed:
            said = "still_referred_to"
    if len(other) == 1:
        blanks["other"] = to_text(row.get(other[0])) or ""
    return Problem(table.name, sheet, line, column, to_text(row.get(column)) or "", said, ERROR, blanks)


_OF_KIND = {
    "NOT NULL": "required_empty",
    "TYPE": "does_not_fit",
    "FOREIGN KEY": "refers_to_nothing",
    "PRIMARY KEY": "not_unique",
    "UNIQUE": "not_unique",
}
_OF_TABLE = {  # a CHECK has no name: these are known by their table and columns
    ("action", "closed_on status verified_by"): "closed_needs",
    ("action", "done_on result_note status"): "pending_needs",
    ("action", "rect_type standing_rule status"): "staged_needs",
    ("action", "cancel_reason status"): "cancelled_needs",
    ("action", "merged_into_id status"): "merged_needs",
    ("action", "return_count return_reason"): "returned_needs",
    ("action", "first_closed_on reopen_count reopen_reason"): "reopened_needs",
    ("issue", "cancel_reason merged_into_id status_manual"): "issue_cancelled_needs",
    ("issue", "merged_into_id status_manual"): "merged_needs",
    ("suggestion", "disposition merged_into_id"): "suggestion_merged_needs",
    ("event", "date_precision started_on"): "event_precision",
    ("event", "date_precision ended_on"): "event_range_needs",
    ("event", "date_precision half"): "event_half",
    ("figure", "value value_text"): "figure_needs",
    ("figure", "kpi side"): "figure_side",
    ("visit", "district_code outside_city"): "visit_outside",
    ("term", "own_en own_zh"): "required_empty",
}
_LOWER = {">=": "not_before", ">": "after", "<=": "not_before", "<": "after"}
_NUMBER_LOWER = {">=": "not_less", ">": "more", "<=": "not_less", "<": "more"}


def sentence_of(rule: engine.Constraint, row: Mapping | None = None) -> tuple[str, str, tuple[str, ...]]:
    """The rule of the words (`rule.…`) for a constraint, the column it is about, and the other columns in it.

    Where the rule asks for cells that are empty, it is about the first of those.
    """
    known = _OF_KIND.get(rule.kind) or _OF_TABLE.get((rule.table, " ".join(sorted(rule.columns))))
    if known:
        empty = [name for name in rule.columns if row is not None and row.get(name) is None]
        about = (empty if rule.kind == "CHECK" and empty else rule.columns)[0]
        return known, about, tuple(name for name in rule.columns if name != about)
    said, *columns = _pattern(rule)
    return said, columns[0], tuple(columns[1:])


@lru_cache(maxsize=512)
def _pattern(rule: engine.Constraint) -> tuple[str, ...]:
    """(rule of the words, column, others) of a CHECK by the form DuckDB gives it; `broken_check` for a new form."""
    expression = (rule.expression or "").replace('"', "")
    one = rule.columns[0]
    if found := re.fullmatch(r"\((\w+) (>=|>|<=|<) (\w*[a-z_]\w*)\)", expression):
        high, sign, low = found.groups()
        if sign in ("<=", "<"):
            high, low = low, high
        is_date = all_tables()[rule.table].column(high).type == "DATE"
        return (_LOWER if is_date else _NUMBER_LOWER)[sign], high, low
    if found := re.fullmatch(r"\(\((\w+) IS NULL\) OR \((\w+) IS NOT NULL\)\)", expression):
        return "needs_also", found[2], found[1]
    forms = {
        r"\(\w+ IN \(.*\)\)": "not_on_list",
        r"\(\w+ BETWEEN .*\)|\(\w+ >=? -?\d+\)": "out_of_range",
        r"regexp_full_match\(\w+, '\.\*\[A-Za-z\]\.\*'\)": "key_needs_letter",
        r"regexp_full_match\(.*\)|\(length\(\w+\) = \d+\)": "wrong_form",
        r"\(\w+ != ''\)": "required_empty",
        r"\(\w+ != '\w+'\)": "wrong_form",
    }
    return next((said for form, said in forms.items() if re.fullmatch(form, expression)), "broken_check"), *(
        rule.columns if len(rule.columns) > 1 else (one,)
    )
