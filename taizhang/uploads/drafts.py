"""A draft: the release a change would make, built and checked, seen by nobody who does not ask for it.

`draft` and `draft_undo` build one, `publish_draft` makes it live in one step, `discard` throws it away.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from taizhang.declared import queries
from taizhang.declared.queries import Query
from taizhang.declared.tables import Table, all_tables, ledgers
from taizhang.declared.values import to_text
from taizhang.rows import changes
from taizhang.rows.changes import CellName, Choice, Decisions, Merged, RowName
from taizhang.rows.comparison import undecided
from taizhang.rows.ledgers import LedgerFile, RowsRefused
from taizhang.rows.problems import ERROR, Problem
from taizhang.store import engine, releases
from taizhang.store.releases import Note, Recipe, Release
from taizhang.uploads.fixes import NOTHING_LEARNT, Fix, Learnt, as_record, from_record, learnt_of
from taizhang.uploads.lines import Tell, tell_nobody


@dataclass(frozen=True)
class Draft:
    """A release that nobody has published yet; `warnings` are the checks that found something, with the rows."""

    path: Path
    release: Release
    parent: int | None
    note: Note
    warnings: tuple[tuple[Query, tuple[tuple, ...]], ...]

    @property
    def name(self) -> str:
        """What `views.Choices.draft` calls it."""
        return self.path.parent.name


class DraftRefused(Exception):
    """The change breaks rules; carries a problem for each. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(f"{len(self.problems)} problems, first {first.table} line {first.line}: {first.rule}")


def draft(
    store: Path,
    files: Sequence[LedgerFile],
    note: Note,
    decisions: Decisions,
    parent: int | None,
    fixes: Iterable[Fix] = (),
    tell: Tell | None = None,
) -> Draft:
    """Build the release that the files and decisions make of release `parent`, and run every check on it.

    Raises `DraftRefused` with every problem at once, `releases.SomeonePublished` when `parent` is not live any
    more, and whatever `tell` raises; then nothing is left behind. `tell` hears of merge, write and check.
    Of the fixes, those are recorded that the live release has not learnt already.
    """
    tell = tell or tell_nobody
    _complain(_formal_problems(note, decisions))
    for data in {id(one.data): one.data for one in files}.values():
        releases.keep(store, data)
    releases.expect_live(store, parent)
    tell("merge", 0, 1)
    before = releases.rows_before(store, parent)
    _complain(undecided(changes.conflicts_in(files, before), decisions))
    merged = changes.merge(files, before, decisions)
    tell("merge", 1, 1)
    recipe = _recipe(files, before, merged, note, parent, decisions, _fresh(store, fixes))
    return _drafted(store, recipe, _Places(files, merged), tell)


def draft_undo(
    store: Path, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None, tell: Tell | None = None
) -> Draft:
    """Build the release that takes release `number` back. Raises as `draft` and `releases.undo` do."""
    _complain(_formal_problems(note, Decisions()))
    recipe = releases.undoing(store, number, note, choices)
    return _drafted(store, recipe, _Places((), None), tell or tell_nobody)


def publish_draft(store: Path, draft: Draft) -> Release:
    """Make the draft the live release.

    Raises `releases.SomeonePublished` when its parent is not live any more (the draft is then thrown away: compare
    and draft again), `releases.NoRelease` when it was discarded or swept.
    """
    if not draft.path.exists():
        raise releases.NoRelease(f"the draft {draft.name} is not there any more")
    at = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    try:
        made = releases.go_live(store, draft.path, draft.parent, at)
    except releases.SomeonePublished:
        discard(draft)
        raise
    discard(draft)
    return made


def discard(draft: Draft) -> None:
    """Throw a draft away; one that is gone already is no matter."""
    releases.throw_away(draft.path)


def recipe_again(
    target: Path,
    files: Sequence[tuple[str, bytes]],
    note: Note,
    decisions: Decisions,
    parent: int | None,
    learnt: Iterable[Mapping],
) -> Recipe:
    """The recipe of an upload, from the files as they were received and the fixes recorded with its release."""
    from taizhang.uploads import check

    fixes = tuple(map(from_record, learnt))
    checked = check(target, files, fixes, note.as_of)
    before = releases.rows_before(target, parent)
    merged = changes.merge(checked.files, before, decisions)
    return _recipe(checked.files, before, merged, note, parent, decisions, fixes)


def learnt(store: Path) -> Learnt:
    """What earlier uploads taught, as the live release remembers it."""
    if releases.live_number(store) is None:
        return NOTHING_LEARNT
    path = releases.live(store).path
    if "learnt" not in engine.structure_of(path):  # made before the record was declared
        return NOTHING_LEARNT
    return learnt_of(sorted(engine.rows_of(path, "learnt"), key=lambda row: (row["release"], row["place"])))


def _fresh(store: Path, fixes: Iterable[Fix]) -> list[Fix]:
    known = set(learnt(store).fixes)
    return [fix for fix in fixes if fix not in known]


def _recipe(
    files: Sequence[LedgerFile],
    before: changes.Rows,
    merged: Merged,
    note: Note,
    parent: int | None,
    decisions: Decisions,
    fixes: Iterable[Fix],
) -> Recipe:
    return Recipe(
        before,
        merged.rows,
        note,
        parent,
        [{**one, "reading": "upload"} for one in merged.received],
        merged.touched,
        [*_decided(merged, decisions, before), *_chosen(files, before, decisions)],
        [as_record(fix) for fix in fixes],
    )


def _decided(merged: Merged, decisions: Decisions, before: changes.Rows) -> list[dict[str, object]]:
    """The decisions that made a difference, as records."""
    reason, found = decisions.remove_reason.strip(), []
    if merged.removed and decisions.all_missing == "remove":
        found.append({"kind": "remove_all", "reason": reason})
    elif merged.removed:
        found.extend(_decision("remove", row, reason) for row in sorted(merged.removed))
    confirmed = sorted(row for row in decisions.confirmed if row in merged.touched)
    found.extend(
        _decision("confirm", (name, key))
        for name, key in confirmed
        if changes.is_guarded(all_tables()[name], before[name].get(key))
    )
    return found


def _chosen(files: Sequence[LedgerFile], before: changes.Rows, decisions: Decisions) -> list[dict[str, object]]:
    """The choices on cells that the files and somebody else both changed, as records."""
    return [
        {**_decision("yours" if one.cell in decisions.yours else "theirs", one.cell[:2]), "field": one.field}
        for one in changes.conflicts_in(files, before)
    ]


def _decision(kind: str, row: RowName, reason: str | None = None) -> dict[str, object]:
    return {"kind": kind, "table_name": row[0], "row_key": row[1], "reason": reason}


def _drafted(store: Path, recipe: Recipe, places: "_Places", tell: Tell) -> Draft:
    try:
        path = releases.make(store, recipe, _stage(tell, "write"))
    except RowsRefused as error:
        problems = refusals(store, recipe, places)
        if not problems:  # not a rule of the tables: nothing a clerk could repair
            raise
        raise DraftRefused(problems) from error
    try:
        broken = releases.broken_checks(path, recipe.note.as_of, _stage(tell, "check"))
        _complain([one for check, rows in broken for one in _check_problems(check, rows, recipe, places)])
    except BaseException:
        releases.throw_away(path)
        raise
    warnings = tuple((check, tuple(rows)) for check, rows in broken)
    return Draft(path, releases.opened_draft(path), recipe.parent, recipe.note, warnings)


def _stage(tell: Tell, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: tell(stage, done, total)


def _complain(problems: Sequence[Problem]) -> None:
    if problems:
        raise DraftRefused(problems)


def _formal_problems(note: Note, decisions: Decisions) -> list[Problem]:
    """Nothing is published without a name and a note, no row is removed without a reason."""
    found = []
    if not note.by.strip():
        found.append(Problem("", "", 0, "", "", "name_missing", ERROR))
    if not (note.zh.strip() and note.en.strip()):
        found.append(Problem("", "", 0, "", "", "note_missing", ERROR))
    if (decisions.remove or decisions.all_missing == "remove") and not decisions.remove_reason.strip():
        found.append(Problem("", "", 0, "", "", "reason_missing", ERROR))
    return found


# --- why rows are refused --------------------------------------------------------------------------------------


class _Places:
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


def refusals(store: Path, recipe: Recipe, places: "_Places") -> list[Problem]:
    """Every rule of the tables and every check that the rows break, as problems in the order of the file."""
    found = []
    rows = {name: list(keyed.values()) for name, keyed in recipe.after.items()}
    for violation in engine.violations([table.sql for table in ledgers().values()], rows):
        name = violation.constraint.table
        for place in violation.places:
            found.append(_rule_problem(violation.constraint, all_tables()[name], rows[name][place], places))
    found.extend(_checks_of_refused_rows(store, recipe, places))
    return sorted(found, key=lambda one: (one.line == 0, one.table, one.sheet, one.line))


def _checks_of_refused_rows(store: Path, recipe: Recipe, places: "_Places") -> list[Problem]:
    """What the checks find in rows that no release can hold: asked of a file without constraints."""
    path = releases.draft_path(store, recipe.parent)
    try:
        parent = releases.release(store, recipe.parent) if recipe.parent else None
        engine.build_unconstrained(
            path,
            [table.sql for table in all_tables().values()],
            [term.sql for term in queries.terms().values()],
            releases.rows_to_write(recipe, parent),
        )
        broken = releases.broken_checks(path, recipe.note.as_of)
        return [one for check, rows in broken for one in _check_problems(check, rows, recipe, places)]
    except engine.QuestionFailed:  # the rows are too broken for a check; their own problems come first
        return []
    finally:
        releases.throw_away(path)


def _check_problems(check: Query, rows: Iterable[tuple], recipe: Recipe, places: "_Places") -> Iterable[Problem]:
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


def _rule_problem(rule: engine.Constraint, table: Table, row: Mapping, places: "_Places") -> Problem:
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
    }
    return next((said for form, said in forms.items() if re.fullmatch(form, expression)), "broken_check"), *(
        rule.columns if len(rule.columns) > 1 else (one,)
    )
