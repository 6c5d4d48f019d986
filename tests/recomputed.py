"""Every KPI a second time, in plain Python, from ledgers as they are exported; and beside what the product answers.

    python tests/recomputed.py --campaigns 50 --seed 1

makes so many campaigns by chance (`random_campaigns.py`), with weeks, corrections, days withdrawn and undos, and
compares every KPI of every day in force, on that day and later: value, numerator, denominator, what is unknown, what
was reported beside it, and the percentage that is shown. No SQL and no question of the product has a part in what is
compared with.
"""

import argparse
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
import recomputed_rectification as rectification  # noqa: E402
import recomputed_research as research  # noqa: E402
from exported_rows import Ledgers, Row, ledgers_of  # noqa: E402
from random_campaigns import WEEKS, history_of  # noqa: E402
from stated import Lines, Number, Stated, divided, percent, rounded  # noqa: E402

from taizhang.exhibits import catalogue, views  # noqa: E402
from taizhang.store import Release, Store  # noqa: E402
from taizhang.store.standing import in_force  # noqa: E402

Answers = dict[tuple[str, str | None], Stated]  # KPI and part → what it states

OF_MEASURES = tuple(f"K{number:02d}" for number in (*range(2, 22), 35, 37))
# The KPI whose number of rows was reported, which side that is, and the KPIs that say nothing while rows are missing.
RESTING = (
    ("K01", "value", ("K01", "K07", "K37")),
    ("K02", "value", OF_MEASURES),
    ("K22", "denominator", ("K22",)),
    ("K23", "denominator", ("K23",)),
    ("K24", "value", ("K24",)),
    ("K25", "value", ("K25",)),
    ("K26", "denominator", ("K26",)),
    ("K27", "value", ("K27", "K28", "K29", "K31")),
)
RATES = (
    *("K03", "K04", "K05", "K07", "K08", "K10", "K16", "K19", "K22", "K23", "K26", "K28", "K29", "K31", "K35", "K37"),
)
SHARES = (*(kpi for kpi in RATES if kpi not in ("K04", "K19", "K37")), "K30", "K32", "K34")
COUNTS = ("K01", "K02", "K06", "K09", "K11", "K12", "K13", "K17", "K18", "K20", "K21", "K24", "K25", "K27", "K33")


@dataclass(frozen=True)
class Seen:
    """A campaign from one day: its ledgers as known then, those of the state before, and the day the data reach."""

    ledgers: Ledgers
    as_of: dt.date
    before: Ledgers | None = None
    reached: dt.date | None = None


# --- every KPI -------------------------------------------------------------------------------------------------


def recomputed(seen: Seen) -> Answers:
    """K01–K37 of a campaign on a day."""
    figures, lines = reported_figures(seen), lines_of(seen)
    short = resting_on_short_ledgers(lines, figures)
    found: Answers = {}
    for kpi, parts in lines.items():
        for part, line in parts.items():
            value = None if kpi in short and kpi in RATES else line.value
            found[kpi, part] = replace(line, value=value, is_incomplete=kpi in short)
        beside = reported_beside(figures, kpi)
        is_less = holds_fewer(kpi, parts, beside)
        found[kpi, None] = replace(found[kpi, None], **beside, is_incomplete=kpi in short or is_less)
    return found


def lines_of(seen: Seen) -> dict[str, Lines]:
    """What the rows alone say of each KPI."""
    ledgers, day = seen.ledgers, seen.as_of
    counted = rectification.measures_of(ledgers, day)
    is_emptied = bool(ledgers.get("action")) and not counted
    return {
        "K01": rectification.issues(ledgers),
        "K02": rectification.measures(ledgers),
        "K03": rectification.closing_rate(counted),
        "K04": rectification.closing_rate_by_type(counted),
        "K05": rectification.inclusive_rate(counted),
        "K06": rectification.awaiting_verification(counted, is_emptied),
        "K07": rectification.issue_completion(ledgers),
        "K08": rectification.on_time_rate(counted),
        "K09": rectification.overdue(counted, is_emptied),
        "K10": rectification.overdue_rate(counted),
        "K11": rectification.overdue_by_original_date(counted, is_emptied),
        "K12": rectification.due_soon(counted, due_soon_days(ledgers), is_emptied),
        "K13": rectification.ageing(counted, is_emptied),
        "K14": rectification.days_to_close(counted, ledgers),
        "K15": rectification.verification_lag(counted),
        "K16": rectification.send_back_rate(counted),
        "K17": rectification.reopened(counted, is_emptied),
        "K18": rectification.extensions(ledgers, day),
        "K19": rectification.gap_to_schedule(counted),
        "K20": rectification.still_open(counted, is_emptied),
        "K21": rectification.moves_since(ledgers, seen.before),
        "K22": research.district_coverage(ledgers, day),
        "K23": research.town_coverage(ledgers, day),
        "K24": research.visits(ledgers, day),
        "K25": research.sessions(ledgers, day),
        "K26": research.topics_with_report(ledgers),
        "K27": research.suggestions(ledgers, day),
        "K28": research.answered(ledgers, day),
        "K29": research.solved_and_adopted(ledgers, day),
        "K30": research.return_rate(ledgers, day),
        "K31": research.became_issues(ledgers, day),
        "K32": research.proposals_put_to_use(ledgers),
        "K33": research.rules_made(ledgers, day),
        "K34": rectification.satisfaction(ledgers, day),
        "K35": rectification.completeness(counted),
        "K36": {None: Stated(None if seen.reached is None else (day - seen.reached).days)},
        "K37": rectification.measures_per_issue(ledgers),
    }


def due_soon_days(ledgers: Ledgers) -> int:
    said = [row.number("Due-soon days") for row in ledgers.get("campaign", ())]
    return max(said, default=rectification.DUE_SOON_DAYS)


# --- what was reported -----------------------------------------------------------------------------------------


def reported_figures(seen: Seen) -> Mapping[tuple[str, str], Row]:
    """KPI and side → the latest figure reported of it by the day; an undated one is older than any."""
    found: dict[tuple[str, str], Row] = {}
    figures = sorted(seen.ledgers.get("figure", ()), key=lambda row: row.text("Figure ID"), reverse=True)
    for row in sorted(figures, key=lambda row: row.day("As of") or dt.date.min):
        is_reported = row.text("Basis") == "Reported" and row.text("KPI") and row.text("Value")
        if is_reported and (row.day("As of") or dt.date.min) <= seen.as_of:
            found[row.text("KPI"), row.text("Side").lower()] = row
    return found


def reported_beside(figures: Mapping[tuple[str, str], Row], kpi: str) -> dict[str, object]:
    """The reported value of a KPI, or its reported parts divided, or the one part there is. Of K37 also K02 / K01."""
    value, part, whole = (figures.get((kpi, side)) for side in ("value", "numerator", "denominator"))
    amounts = {name: row.amount("Value") for name, row in (("part", part), ("whole", whole)) if row}
    fact = next((row.text("Source ID") for row in (value, part, whole) if row and row.text("Source ID")), None)
    if value:
        said, side = value.amount("Value"), "value"
    elif part and amounts.get("whole"):
        said, side = divided(amounts["part"], amounts["whole"]), "value"
    elif part or whole:
        said, side = (amounts["part"], "numerator") if part else (amounts["whole"], "denominator")
    elif kpi == "K37" and (ratio := reported_measures_per_issue(figures)) is not None:
        said, side = ratio, "value"
        fact = reported_beside(figures, "K02")["fact_id"]
    else:
        return {}
    return {"reported": said, "reported_side": side, "fact_id": fact}


def reported_measures_per_issue(figures: Mapping[tuple[str, str], Row]) -> Number | None:
    """K37 as it follows from a report of both its parts."""
    measures, issues = (figures.get((kpi, "value")) for kpi in ("K02", "K01"))
    return divided(measures.amount("Value"), issues.amount("Value")) if measures and issues else None


def resting_on_short_ledgers(lines: Mapping[str, Lines], figures: Mapping[tuple[str, str], Row]) -> set[str]:
    """The KPIs that rest on a ledger with fewer rows than were reported; cancelled rows are in it still."""
    found: set[str] = set()
    for kpi, side, resting in RESTING:
        own = lines[kpi]
        held = own[None].value if side == "value" else own[None].denominator
        cancelled = own["cancelled"].value if "cancelled" in own else 0
        if (kpi, side) in figures and (held or 0) + cancelled < figures[kpi, side].amount("Value"):
            found.update(resting)
    return found


def holds_fewer(kpi: str, lines: Lines, beside: Mapping[str, object]) -> bool:
    """Whether a count is less than was reported of it."""
    if kpi not in COUNTS or beside.get("reported_side") != "value" or lines[None].value is None:
        return False
    cancelled = lines["cancelled"].value if "cancelled" in lines else 0
    return lines[None].value + cancelled < beside["reported"]


# --- beside the product ----------------------------------------------------------------------------------------


def answered(release: Release, as_of: dt.date) -> Answers:
    """The same lines as the product answers them."""
    return {
        (row["kpi"], row["part"]): Stated(
            row["value"],
            row["numerator"],
            row["denominator"],
            row["unknown"],
            row["reported"],
            row["reported_side"],
            row["fact_id"],
            row["is_incomplete"],
        )
        for row in release.ask("kpis", as_of=as_of).records()
    }


def as_answered(stated: Stated) -> Stated:
    """What an answer can hold of it: four decimals."""
    return replace(stated, value=rounded(stated.value, 4), reported=rounded(stated.reported, 4))


def differences(ours: Answers, theirs: Answers) -> list[str]:
    """Every line that the two do not state alike, in words for whoever has to find out which is right."""
    found = []
    for line in sorted(ours.keys() | theirs.keys(), key=str):
        own, other = ours.get(line), theirs.get(line)
        if own is None or other is None or as_answered(own) != other:
            found.append(f"{line[0]} {line[1] or ''}: Python {own and as_answered(own)}, product {other}")
    return found


@dataclass
class Compared:
    """How much was held against each other, and what differed."""

    days: int = 0
    values: int = 0
    differing: tuple[str, ...] = ()

    def add(self, where: str, values: int, differing: list[str]) -> None:
        self.values += values
        self.differing += tuple(f"{where}: {one}" for one in differing)


def shown_otherwise(view: views.View, ours: Answers) -> list[str]:
    """The shares that the page of definitions shows as another fraction or percentage than they are."""
    found = []
    for code, _, shown, _ in catalogue.exhibit("sources.definitions", view).shape.rows:
        own = ours[code.text, None]
        if own.value is not None and code.text in SHARES:
            said = f"{own.numerator}/", f" {percent(own.value)}"
            if not (shown.text.startswith(said[0]) and said[1] in f"{shown.text} "):
                found.append(f"{code.text}: shown as {shown.text!r}, not as {said}")
    return found


def compare(store: Store, later: tuple[int, ...] = (0, 3), since: int = WEEKS + 1) -> Compared:
    """Every KPI of every day in force of a store, so many days after the day the data reach, as answered and as shown;
    and the moves since so many of the days before it."""
    compared, live = Compared(), store.live()
    known: dict[dt.date, Ledgers] = {}
    for day, number in in_force(live).items():
        release = store.release(number)
        ledgers, before = ledgers_of(release), known[max(known)] if known else None
        for days in later:
            as_of = day + dt.timedelta(days)
            ours, theirs = recomputed(Seen(ledgers, as_of, before, day)), answered(release, as_of)
            compared.add(f"release {number} on {as_of}", len(theirs), differences(ours, theirs))
            view = views.look(store, views.Choices(as_of=as_of))
            compared.add(f"release {number} on {as_of}", 0, shown_otherwise(view, ours))
            compared.days += 1
        for earlier, was in [*known.items()][-since:]:
            ours, theirs = rectification.moves_between(ledgers, was), moves_answered(release, day, earlier)
            wrong = [f"{kind}: {ours[kind]}, {theirs[kind]}" for kind in ours if ours[kind] != theirs[kind]]
            compared.add(f"release {number}, moves since {earlier}", len(theirs), wrong)
        known[day] = ledgers
    return compared


def moves_answered(release: Release, as_of: dt.date, compare_on: dt.date) -> dict[str, list[str]]:
    """Kind of move → its measures, as the product answers since any day compared with."""
    rows = release.ask("moves_since", as_of=as_of, compare_on=compare_on).records()
    return {kind: [row["action_id"] for row in rows if row["move"] == kind] for kind in rectification.MOVES}


# --- the command -----------------------------------------------------------------------------------------------


def campaigns(count: int, seed: int) -> Iterator[tuple[int, Compared, int]]:
    """Seed, what was compared and how many acts were refused, of one random campaign after another."""
    for one in range(seed, seed + count):
        with tempfile.TemporaryDirectory() as folder:
            history = history_of(one, Path(folder) / "store", withdraws=0.3)
            yield one, compare(history.store), history.refused


def main() -> int:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--campaigns", type=int, default=50)
    command.add_argument("--seed", type=int, default=1)
    asked = command.parse_args()
    began, days, values, differing = time.monotonic(), 0, 0, 0
    for seed, compared, refused in campaigns(asked.campaigns, asked.seed):
        days, values, differing = days + compared.days, values + compared.values, differing + len(compared.differing)
        print(f"seed {seed}: {compared.days} days, {compared.values} values, {refused} acts refused", flush=True)
        for one in compared.differing:
            print(f"  {one}", flush=True)
    seconds = time.monotonic() - began
    print(f"{asked.campaigns} campaigns, {days} days, {values} values, {differing} differ, {seconds:.0f} s")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
