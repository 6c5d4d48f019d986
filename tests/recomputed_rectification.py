"""K01–K21, K34, K35 and K37 from exported rows: issues, measures, extensions and surveys, as their definitions say.

A cancelled or merged measure is in nothing but the number of cancelled ones; a merged one counts once, where it went.
Long-term measures have no deadline: they are neither overdue nor on time, whatever dates they carry.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from exported_rows import Ledgers, Row
from stated import (
    Lines,
    Mark,
    Stated,
    anything_known,
    count,
    count_within,
    divided,
    median_and_longest,
    share,
    share_of_sums,
)

DUE_SOON_DAYS = 7  # where the campaign does not say otherwise
TYPES = {"immediate": "Immediate", "time_limited": "Time-limited", "long_term": "Long-term"}
OPEN = ("Not started", "In progress", "Awaiting verification", None)  # nobody has said that it is over
FINISHED = ("Closed", "Staged and ongoing")
LADDER = ("Not started", "In progress", "Awaiting verification", "Staged and ongoing", "Closed")
AGES = {"d1_7": (1, 7), "d8_30": (8, 30), "d31_90": (31, 90), "d91_more": (91, None)}
MOVES = ("new", "advanced", "closed", "reopened", "returned", "redated", "moved_back", "cancelled", "missing")


@dataclass(frozen=True)
class Measure:
    """A measure that is not cancelled, seen from a day."""

    row: Row
    as_of: dt.date

    @property
    def status(self) -> str | None:
        return self.row.text("Status")

    @property
    def kind(self) -> str | None:
        return self.row.text("Type")

    @property
    def has_deadline(self) -> bool:
        return self.kind != "Long-term"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_closed(self) -> Mark:
        return None if self.status is None else self.status == "Closed"

    def waits_for(self, due: dt.date) -> bool:
        """Whether somebody still has to do it by that day: not one done in time that only awaits its verification."""
        done = self.row.day("Done on")
        return not (self.status == "Awaiting verification" and done is not None and done <= due)

    def is_late(self, deadline: str) -> Mark:
        """Overdue against one of its two dates; unknown for an open measure without that date."""
        due = self.row.day(deadline)
        if not self.is_open:
            return False
        return None if due is None else due < self.as_of and self.waits_for(due)

    def is_due_within(self, days: int) -> Mark:
        due = self.row.day("Due on")
        if not self.is_open:
            return False
        return None if due is None else 0 <= (due - self.as_of).days <= days and self.waits_for(due)

    @property
    def days_late(self) -> int:
        return (self.as_of - self.row.day("Due on")).days


def is_cancelled(row: Row) -> bool:
    return row.text("Status") == "Cancelled or merged"


def measures_of(ledgers: Ledgers, as_of: dt.date) -> list[Measure]:
    return [Measure(row, as_of) for row in ledgers.get("action", ()) if not is_cancelled(row)]


def days_between(first: dt.date | None, second: dt.date | None) -> int | None:
    return None if first is None or second is None else (second - first).days


# --- issues ----------------------------------------------------------------------------------------------------


def measures_by_issue(ledgers: Ledgers) -> dict[str, list[Row]]:
    found = {row.text("Issue ID"): [] for row in ledgers.get("issue", ())}
    for row in ledgers.get("action", ()):
        if row.text("Issue ID") is not None:
            found[row.text("Issue ID")].append(row)
    return found


def issues_of(ledgers: Ledgers) -> tuple[list[str], list[str]]:
    """The issues that count, and those that are cancelled: by hand, or because every one of their measures is."""
    serving = measures_by_issue(ledgers)
    counted, cancelled = [], []
    for row in ledgers.get("issue", ()):
        own = serving[row.text("Issue ID")]
        is_out = row.text("Status set by hand") == "Cancelled or merged" or (own and all(map(is_cancelled, own)))
        (cancelled if is_out else counted).append(row.text("Issue ID"))
    return counted, cancelled


def is_completed(measures: Iterable[Row]) -> Mark:
    """K07 of one issue: every measure finished. One that is known to be unfinished settles it."""
    statuses = [row.text("Status") for row in measures if not is_cancelled(row)]
    if any(status is not None and status not in FINISHED for status in statuses):
        return False
    return None if None in statuses else True


def issues(ledgers: Ledgers) -> Lines:
    """K01: issues that are not cancelled or merged."""
    counted, cancelled = issues_of(ledgers)
    return with_cancelled(count([True] * len(counted), bool(cancelled)), len(cancelled))


def issue_completion(ledgers: Ledgers) -> Lines:
    """K07: issues whose measures are all closed (or staged, where long-term) / issues with at least one measure.

    An issue without measures is known not to be completed, and is not in the denominator.
    """
    serving = measures_by_issue(ledgers)
    counted, _ = issues_of(ledgers)
    of_measures = [one for one in counted if any(not is_cancelled(row) for row in serving[one])]
    marks = [is_completed(serving[one]) for one in of_measures]
    return {None: share(marks, whole=[False] * len(counted))}


def measures_per_issue(ledgers: Ledgers) -> Lines:
    """K37: K02 / K01."""
    measures, (counted, _) = len(measures_of(ledgers, dt.date.max)), issues_of(ledgers)
    return {None: share_of_sums(measures if measures or counted else None, len(counted))}


# --- measures --------------------------------------------------------------------------------------------------


def with_cancelled(counted: Stated, cancelled: int) -> Lines:
    """A count, and beside it how many rows are in nothing because they were cancelled or merged."""
    return {None: counted} | ({"cancelled": count([True] * cancelled)} if cancelled else {})


def measures(ledgers: Ledgers) -> Lines:
    """K02: measures that are not cancelled or merged."""
    cancelled = [row for row in ledgers.get("action", ()) if is_cancelled(row)]
    counted = [True for row in ledgers.get("action", ()) if not is_cancelled(row)]
    return with_cancelled(count(counted, bool(cancelled)), len(cancelled))


def closing_rate(counted: list[Measure]) -> Lines:
    """K03: closed / all, over immediate and time-limited measures. Self-reported as done is not closed."""
    return {None: share([one.is_closed for one in counted if one.kind in ("Immediate", "Time-limited")])}


def closing_rate_by_type(counted: list[Measure]) -> Lines:
    """K04: the same by type. Of long-term measures the numbers alone are given: they have no rate."""
    lines: Lines = {None: Stated()}
    for code, kind in TYPES.items():
        lines[code] = share([one.is_closed for one in counted if one.kind == kind])
    lines["long_term"] = replace(lines["long_term"], value=None)
    return lines


def inclusive_rate(counted: list[Measure]) -> Lines:
    """K05: (closed + staged) / all, whatever the type."""
    return {None: share([None if one.status is None else one.status in FINISHED for one in counted])}


def awaiting_verification(counted: list[Measure], is_emptied: bool) -> Lines:
    """K06: done by the unit's own account, and not verified."""
    marks = [None if one.status is None else one.status == "Awaiting verification" for one in counted]
    return {None: count(marks, is_emptied)}


def on_time_rate(counted: list[Measure]) -> Lines:
    """K08: closed measures done by their original due date / closed ones with both dates; the rest are unknown.

    The day the work was done counts, not that of its verification.
    """
    closed = [one.row for one in counted if one.is_closed and one.has_deadline]
    early = [days_between(row.day("Done on"), row.day("Original due date")) for row in closed]
    return {None: share([None if days is None else days >= 0 for days in early])}


def overdue(counted: list[Measure], is_emptied: bool) -> Lines:
    """K09: open and past its due date. Due today is not past."""
    return {None: count([one.is_late("Due on") for one in counted if one.has_deadline], is_emptied)}


def overdue_rate(counted: list[Measure]) -> Lines:
    """K10: overdue / open measures with a due date; the undated are unknown."""
    return {None: share([one.is_late("Due on") for one in counted if one.has_deadline and one.is_open])}


def overdue_by_original_date(counted: list[Measure], is_emptied: bool) -> Lines:
    """K11: overdue by the date first set, so that an extension hides nothing."""
    return {None: count([one.is_late("Original due date") for one in counted if one.has_deadline], is_emptied)}


def due_soon(counted: list[Measure], days: int, is_emptied: bool) -> Lines:
    """K12: open and due from today up to so many days ahead."""
    return {None: count([one.is_due_within(days) for one in counted if one.has_deadline], is_emptied)}


def ageing(counted: list[Measure], is_emptied: bool) -> Lines:
    """K13: overdue measures by the days they are overdue."""
    marks = [one.is_late("Due on") for one in counted if one.has_deadline]
    late = [one.days_late for one in counted if one.has_deadline and one.is_late("Due on")]
    lines: Lines = {None: count(marks, is_emptied)}
    for part, (least, most) in AGES.items():
        of_age = [True for days in late if days >= least and (most is None or days <= most)]
        lines[part] = count_within(marks, of_age, is_emptied)
    return lines


def days_to_close(counted: list[Measure], ledgers: Ledgers) -> Lines:
    """K14: from the day the issue was confirmed to the day its measure was closed. Negative days are an error."""
    confirmed = {row.text("Issue ID"): row.day("Confirmed on") for row in ledgers.get("issue", ())}
    return median_and_longest(
        [
            days_between(confirmed.get(one.row.text("Issue ID")), one.row.day("Closed on"))
            for one in counted
            if one.is_closed
        ]
    )


def verification_lag(counted: list[Measure]) -> Lines:
    """K15: from the day somebody applied to close to the day it was closed."""
    closed = [one.row for one in counted if one.is_closed]
    return median_and_longest([days_between(row.day("Applied to close on"), row.day("Closed on")) for row in closed])


def send_back_rate(counted: list[Measure]) -> Lines:
    """K16: times sent back / times applied to close."""
    returned = sum(one.row.number("Times sent back") for one in counted) if counted else None
    applied = sum(one.row.number("Times applied to close") for one in counted)
    return {None: share_of_sums(returned, applied)}


def reopened(counted: list[Measure], is_emptied: bool) -> Lines:
    """K17: measures that were reopened; of one without a status nobody knows, unless it says how often."""
    marks: list[Mark] = [
        True if one.row.number("Times reopened") > 0 else None if one.status is None else False for one in counted
    ]
    return {None: count(marks, is_emptied)}


def extensions(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K18: requests for more time that were approved; measures extended twice or more; days added on average; requests
    made after the day they ask to move, whatever was decided.

    A request stays a request when its measure is cancelled later, but a cancelled measure is not among the measures.
    """
    asked = [row for row in ledgers.get("extension", ()) if row.day("Requested on") <= as_of]
    approved = [row for row in asked if row.text("Decision") == "Approved"]
    marks = [row.text("Decision") == "Approved" for row in asked]
    counted = {row.text("Measure ID") for row in ledgers.get("action", ()) if not is_cancelled(row)}
    extended = [row.text("Measure ID") for row in approved]
    added = [days_between(row.day("Due before"), row.day("Due after")) for row in approved]
    mean = divided(sum(added), len(added))
    return {
        None: count(marks),
        "twice_or_more": count_within(marks, [True for one in set(extended) & counted if extended.count(one) >= 2]),
        "mean_added_days": Stated(mean, denominator=len(added) if asked else None),
        "late_requests": count([row.day("Requested on") > row.day("Due before") for row in asked]),
    }


def gap_to_schedule(counted: list[Measure]) -> Lines:
    """K19: of dated measures, the share closed less the share due by now, in points."""
    dated = [one for one in counted if one.has_deadline and one.row.day("Due on")]
    closed = share([one.is_closed for one in dated])
    planned = divided(sum(one.row.day("Due on") <= one.as_of for one in dated), len(dated))
    actual = divided(closed.numerator, len(dated) - closed.unknown)
    gap = None if actual is None else 100 * (actual - planned)
    return {None: Stated(gap, closed.numerator, len(dated), closed.unknown)}


def still_open(counted: list[Measure], is_emptied: bool) -> Lines:
    """K20: measures that are not finished. One without a status is open, unless no measure has any."""
    is_told = anything_known([one.is_closed for one in counted])
    return {None: count([one.is_open if is_told else None for one in counted], is_emptied)}


# --- moves -----------------------------------------------------------------------------------------------------


def moves_of(row: Row, before: Row | None) -> set[str]:
    """What happened to one measure between two days; a step of the status is a move only where no other explains it."""
    status = row.text("Status")
    if before is None:
        return {"new", "closed"} if status == "Closed" else {"new"}
    earlier, found = before.text("Status"), set()
    if is_cancelled(row) and not is_cancelled(before):
        found.add("cancelled")
    if status == "Closed" != earlier:
        found.add("closed")
    is_back = earlier in (*FINISHED, "Cancelled or merged") and status in OPEN and status is not None
    if is_back or row.number("Times reopened") > before.number("Times reopened"):
        found.add("reopened")
    is_refused = (earlier, status) == ("Awaiting verification", "In progress")
    if is_refused or row.number("Times sent back") > before.number("Times sent back"):
        found.add("returned")
    if row.day("Due on") != before.day("Due on"):
        found.add("redated")
    if status in LADDER and earlier in LADDER and not found & {"reopened", "returned"}:
        steps = LADDER.index(status) - LADDER.index(earlier)
        if steps > 0 and "closed" not in found:
            found.add("advanced")
        if steps < 0:
            found.add("moved_back")
    return found


def moves_between(ledgers: Ledgers, before: Ledgers) -> dict[str, list[str]]:
    """Kind of move → the measures that made it, those that left the ledger included."""
    earlier = {row.text("Measure ID"): row for row in before.get("action", ())}
    made: dict[str, list[str]] = {kind: [] for kind in MOVES}
    for row in ledgers.get("action", ()):
        key = row.text("Measure ID")
        for kind in moves_of(row, earlier.pop(key, None)):
            made[kind].append(key)
    made["missing"] = list(earlier)
    return {kind: sorted(keys) for kind, keys in made.items()}


def moves_since(ledgers: Ledgers, before: Ledgers | None) -> Lines:
    """K21: moves since the state before; nothing at all where there is none, or no measure to compare."""
    made = moves_between(ledgers, before or {}) if before is not None else {}
    moved = {key for keys in made.values() for key in keys}
    still = [row for row in ledgers.get("action", ()) if row.text("Measure ID") not in moved and not is_cancelled(row)]
    marks = [True] * sum(map(len, made.values())) + ([False] * len(still) if before is not None else [])
    return {None: count(marks)} | {kind: count_within(marks, [True for _ in made.get(kind, ())]) for kind in MOVES}


# --- surveys and completeness ----------------------------------------------------------------------------------

GRADES = {
    None: ("Satisfied", "Fairly satisfied"),
    "strict": ("Satisfied",),
    "with_basic": ("Satisfied", "Fairly satisfied", "Basically satisfied"),
}


def satisfaction(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K34: (satisfied + fairly satisfied) / valid forms, and two other readings; a survey that lacks a grade needed
    for it is unknown."""
    surveys: dict[str, dict[str, Row]] = {}
    for row in ledgers.get("satisfaction", ()):
        if row.day("Surveyed on") is None or row.day("Surveyed on") <= as_of:
            surveys.setdefault(row.text("Survey ID"), {})[row.text("Grade")] = row
    return {part: satisfied_with(surveys.values(), grades) for part, grades in GRADES.items()}


def satisfied_with(surveys: Iterable[Mapping[str, Row]], grades: tuple[str, ...]) -> Stated:
    told = [one for one in surveys if all(grade in one for grade in grades)]
    votes = sum(one[grade].number("Votes") for one in told for grade in grades) if told else None
    valid = sum(next(iter(one.values())).number("Valid forms") for one in told)
    return share_of_sums(votes, valid, lacking=len(list(surveys)) - len(told))


def completeness(counted: list[Measure]) -> Lines:
    """K35: required cells that are filled / required cells; a long-term measure needs no due date."""
    rows = [one.row for one in counted]
    filled = {
        "content": [(row.text("Measure") or "").strip() != "" for row in rows],
        "resp_unit": [(row.text("Responsible unit") or row.text("Lead unit")) is not None for row in rows],
        "rect_type": [row.text("Type") is not None for row in rows],
        "due_on": [one.row.day("Due on") is not None for one in counted if one.has_deadline],
        "status": [row.text("Status") is not None for row in rows],
    }
    every = [mark for marks in filled.values() for mark in marks]
    return {None: share(every)} | {part: share(marks, every) for part, marks in filled.items()}
