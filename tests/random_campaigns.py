"""Campaigns by chance, as small as they can be odd: every status and type, days on either side of every limit, cells
that nobody filled, missing ledgers, rows cancelled, merged, reopened and sent back, figures that were reported.

`history_of(seed, folder)` is a store with such a campaign and a history of weeks, corrections of a day that has passed,
undos, and undos of undos; with `withdraws`, some corrections end the later days. The same seed makes the same store.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import CheckFailed, DraftRefused, Note, Store, UndoConflict
from taizhang.store.standing import act_of, in_force

FIRST_DAY = dt.date(2019, 9, 13)
WEEKS = 5
LONGEST_HISTORY = 6
Cells = dict[str, object]

# A row that others may be merged into: it never is cancelled, so whatever was merged into it still counts once.
KEPT = {"action": "CS-0", "issue": "WT-0", "suggestion": "YJ-0"}
CHANNELS = ("research_visit", "forum", "questionnaire", "box", "hotline", "online", "talk", None)
SURVEYED = ("very", "fairly", "basic", "no")
KINDS_OF_EVENTS = ("forum", "seminar", "forum", "seminar", "meeting", "study_session")
# How far from the day of a week its due dates lie: on every limit of a light or of an age, and beside it.
DUE = (-100, -92, -91, -90, -89, -35, -31, -30, -29, -8, -7, -6, -1, 0, 1, 3, 4, 6, 7, 8, 9, 10, 11, 30)


@dataclass
class Dice:
    """Chance, in the words of this file. `leaning`: what all measures of some campaigns have in common."""

    by: random.Random
    leaning: str = ""

    def one_of(self, values: Iterable) -> object:
        return self.by.choice(tuple(values))

    def happens(self, chance: float) -> bool:
        return self.by.random() < chance

    def maybe(self, value: object, chance: float = 0.7) -> object:
        """The value, or nothing said."""
        return value if self.happens(chance) else None

    def up_to(self, most: int) -> int:
        return self.by.randint(0, most)

    def before(self, day: dt.date, most: int = 40) -> dt.date:
        """That day or one before it."""
        return day - dt.timedelta(self.one_of((0, 1, self.up_to(most))))


# --- rows ------------------------------------------------------------------------------------------------------


def measure(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    may_go = key != KEPT["action"] or dice.leaning == "all cancelled"
    status = dice.one_of((None, "not_started", "in_progress", *["pending_verification"] * 2, "staged_ongoing"))
    status = dice.one_of((status, status, "closed", "cancelled" if may_go else "in_progress"))
    status = {"all cancelled": "cancelled", "none told": None}.get(dice.leaning, status)
    kind = "long_term" if status == "staged_ongoing" else dice.one_of(("immediate", "time_limited", "long_term", None))
    kind = "long_term" if dice.leaning == "all long-term" else kind
    due = dice.maybe(day + dt.timedelta(dice.one_of(DUE)), 0.75)
    original = dice.one_of((due, day + dt.timedelta(dice.one_of(DUE)), None))
    is_over = status in ("pending_verification", "closed")
    closed = dice.before(day, 20)
    near = dice.one_of((original, due, None)) or closed
    done = min(near + dt.timedelta(dice.one_of((0, 0, 1))), closed) if is_over else None
    returned, reopened = dice.one_of((0, 0, 1, 2, 3)), dice.one_of((0, 0, 0, 1, 2))
    target = rows["action"].get(KEPT["action"], {"status": "cancelled"})
    is_merged = status == "cancelled" != target["status"] and key != KEPT["action"] and dice.happens(0.4)
    return {
        "action_id": key,
        "issue_id": dice.maybe(dice.one_of(rows["issue"]), 0.85) if rows["issue"] else None,
        "content": dice.one_of(("办好这件事", "办好这件事", "办好这件事", " ")),
        "rect_type": kind,
        "lead_unit": dice.maybe("牵头科", 0.4),
        "resp_unit": dice.maybe(dice.one_of(("甲科", "乙科")), 0.7),
        "original_due_on": original,
        "due_on": due,
        "status": status,
        "result_note": "已办" if is_over else None,
        "standing_rule": "制度" if kind == "long_term" else None,
        "done_on": done if status == "pending_verification" else dice.maybe(done, 0.85),
        "applied_on": dice.maybe(dice.one_of((closed, dice.before(closed, 9), dice.before(day, 9))))
        if is_over
        else None,
        "verified_by": "专班" if status == "closed" else None,
        "closed_on": closed if status == "closed" else None,
        "return_reason": "不到位" if returned else None,
        "return_count": returned,
        "application_count": dice.one_of((0, returned, returned + 1)),
        "reopen_reason": "反弹" if reopened else None,
        "first_closed_on": dice.before(day) if reopened else None,
        "reopen_count": reopened,
        "cancel_reason": "不再需要" if status == "cancelled" else None,
        "merged_into_id": KEPT["action"] if is_merged else None,
    }


def issue(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    is_out = key != KEPT["issue"] and dice.happens(0.2)
    is_merged = is_out and KEPT["issue"] in rows["issue"] and dice.happens(0.5)
    return {
        "issue_id": key,
        "title": "问题",
        "identified_on": dice.maybe(dice.before(day)),
        "status_manual": "cancelled" if is_out else dice.maybe(dice.one_of(("not_started", "closed")), 0.3),
        "cancel_reason": "不再需要" if is_out and not is_merged else None,
        "merged_into_id": KEPT["issue"] if is_merged else None,
    }


def validity(dice: Dice, day: dt.date) -> Cells:
    """From when to when a place is on the register; mostly for ever."""
    from_, to = day + dt.timedelta(dice.one_of((-9, 0, 1, 3))), day + dt.timedelta(dice.one_of((-1, 0, 2, 3, 9)))
    is_whole = not (dice.happens(0.15) and from_ <= to)
    lasting = {"valid_from": dice.maybe(from_, 0.1) if to >= from_ else None, "valid_to": None}
    return lasting if is_whole else {"valid_from": from_, "valid_to": dice.one_of((to, None))}


def district(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    named = {"district_code": key, "district_name": f"{key}区", "in_scope": dice.happens(0.8)}
    return {**named, **validity(dice, day)}


def town(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    known = rows["town"].get(key)  # a town never moves: visits name it together with its district
    return {
        "town_code": key,
        "district_code": known["district_code"] if known else dice.one_of(rows["district"]),
        "town_name": f"{key}镇",
        "town_kind": dice.one_of(("town", "township", "subdistrict")),
        "in_scope": dice.happens(0.85),
        **validity(dice, day),
    }


def visit(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    status = dice.one_of(("made", "made", "made", "planned", "dropped"))
    town_ = dice.one_of(rows["town"].values()) if rows["town"] and dice.happens(0.6) else None
    where = town_["district_code"] if town_ else dice.maybe(dice.one_of((*rows["district"], None)))
    day = dice.before(day) if status == "made" else day + dt.timedelta(dice.up_to(9))
    return {
        "visit_id": key,
        "visited_on": dice.maybe(day, 0.8),
        "status": status,
        "district_code": where,
        "town_code": town_ and town_["town_code"],
        "outside_city": None if where else dice.maybe("广州", 0.4),
    }


def event(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    began = dice.maybe(dice.one_of((dice.before(day), day + dt.timedelta(dice.one_of((1, 2, 3, 4))))), 0.8)
    precision = "day" if began else "unknown"
    return {
        "event_id": key,
        "title": "活动",
        "kind": dice.one_of(KINDS_OF_EVENTS),
        "strand": "research",
        "started_on": began,
        "date_precision": precision,
    }


def topic(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    states = ("planned", "in_progress", "report_done", "converted", None)
    return {"topic_id": key, "title": "课题", "status": dice.one_of(states)}


def proposal(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    states = ("proposed", "adopted", "policy", "implemented", "not_adopted", "unknown", "unknown")
    return {"proposal_id": key, "content": "建议", "status": dice.one_of(states)}


def suggestion(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    is_merged = key != KEPT["suggestion"] and KEPT["suggestion"] in rows["suggestion"] and dice.happens(0.2)
    ways = ("A", "B", "C", "D", "pending", None, "duplicate" if key != KEPT["suggestion"] else "A")
    received = dice.maybe(dice.before(day, 20))
    replied = received or dice.before(day, 20)
    return {
        "suggestion_id": key,
        "received_on": received,
        "channel": dice.one_of(CHANNELS),
        "content": "意见",
        "merged_into_id": KEPT["suggestion"] if is_merged else None,
        "disposition": "duplicate" if is_merged else dice.one_of(ways),
        "replied_on": dice.maybe(replied, 0.6),
        "issue_id": dice.maybe(dice.one_of(rows["issue"]), 0.4) if rows["issue"] else None,
    }


def feedback_round(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    returned = dice.maybe(dice.up_to(30), 0.75)
    sent = dice.maybe((returned or 0) + dice.one_of((0, 1, 7, 22)), 0.75)
    return {
        "round_id": key,
        "round_name": "一轮",
        "issued_on": dice.maybe(day + dt.timedelta(dice.one_of((-9, -1, 0, 1, 3, 4)))),
        "issued_count": sent,
        "returned_count": returned,
    }


def document(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    return {
        "document_id": key,
        "title": "文件",
        "kind": dice.one_of(("plan", "rule", "plan", "rule", "report", "material")),
        "treatment": dice.one_of(("made", "revised", "made", "studied", None)),
        "strand": dice.one_of(("rectify", "rectify", "rectify", "study", "overall", None)),
        "issued_on": dice.maybe(day + dt.timedelta(dice.one_of((-9, -1, 0, 1, 3, 4)))),
    }


def extension(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    asked = dice.before(day)
    old = asked + dt.timedelta(dice.one_of((-5, -1, 0, 1, 20)))
    return {
        "extension_id": key,
        "action_id": dice.one_of(tuple(rows["action"])[:2]),  # of few measures, so that one has several
        "requested_on": asked,
        "old_due_on": old,
        "new_due_on": old + dt.timedelta(dice.one_of((1, 5, 10, 30))),
        "reason": "需要时间",
        "decision": dice.one_of(("approved", "approved", "approved", "refused", "pending")),
    }


def figure(dice: Dice, day: dt.date, key: str, rows: Mapping) -> Cells:
    favourite = dice.one_of(("K01", "K02", "K22", "K23", "K24", "K25", "K26", "K27", "K37"))
    kpi = dice.one_of((favourite, favourite, f"K{dice.by.randint(1, 37):02d}"))
    side = "denominator" if kpi in ("K22", "K23", "K26") else "value"
    return {
        "figure_id": key,
        "name_zh": "通报",
        "name_en": "Reported",
        "kpi": kpi,
        "side": dice.one_of((side, side, "value", "numerator", "denominator")),
        "value": dice.one_of((0, 1, 2, 3, 5, 9, 22)),
        "unit_zh": "个",
        "unit_en": "n",
        "as_of_on": dice.maybe(day + dt.timedelta(dice.one_of((-20, -7, 0, 3, 4)))),
        "value_basis": dice.one_of(("reported", "reported", "reported", "inferred", "ledger")),
        "fact_id": dice.maybe(dice.one_of(rows["fact"]), 0.5) if rows["fact"] else None,
    }


@dataclass(frozen=True)
class Ledger:
    """A ledger of these campaigns: how its rows are named and made, how many at most, and which ledger comes first."""

    key: str
    prefix: str
    most: int
    row: Callable[[Dice, dt.date, str, Mapping], Cells]
    needs: str = ""
    can_change: bool = True


LEDGERS = {
    "issue": Ledger("issue_id", "WT", 4, issue),
    "action": Ledger("action_id", "CS", 9, measure),
    "district": Ledger("district_code", "D", 3, district),
    "town": Ledger("town_code", "T", 5, town, needs="district"),
    "visit": Ledger("visit_id", "ZF", 7, visit),
    "event": Ledger("event_id", "HD", 5, event),
    "research_topic": Ledger("topic_id", "KT", 4, topic),
    "proposal": Ledger("proposal_id", "JY", 5, proposal),
    "suggestion": Ledger("suggestion_id", "YJ", 8, suggestion),
    "feedback_round": Ledger("round_id", "ZQ", 3, feedback_round),
    "document": Ledger("document_id", "WJ", 6, document),
    "extension": Ledger("extension_id", "YQ", 5, extension, needs="action", can_change=False),
    "figure": Ledger("figure_id", "F", 5, figure),
}


# --- histories -------------------------------------------------------------------------------------------------


@dataclass
class History:
    """A campaign as it came about: its store, and which acts were published, of which day, and which of them stand."""

    store: Store
    dice: Dice
    withdraws: float = 0.0  # the chance that the next act withdraws later days
    next_key: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEDGERS, 0))
    days_of: dict[int, dt.date] = field(default_factory=dict)  # act → the day its file was of; of the uploads alone
    withdrawn: dict[int, list[dt.date]] = field(default_factory=dict)  # act → the days it ended
    undone: set[int] = field(default_factory=set)
    undoes: dict[int, int] = field(default_factory=dict)  # act → the act it takes back
    refused: int = 0
    tells_all: bool = False  # the file at hand has every row

    @property
    def days(self) -> list[dt.date]:
        """The days of which something should be known: those of the uploads that stand, but for the days they ended."""
        known: set[dt.date] = set()
        for act, day in self.days_of.items():
            if act not in self.undone:
                known = known.difference(self.withdrawn[act]) | {day}
        return sorted(known)

    def begin(self) -> None:
        self.dice.leaning = self.dice.one_of((*[""] * 7, "all cancelled", "none told", "all long-term"))
        self.publish(FIRST_DAY + dt.timedelta(7 * self.dice.up_to(1)))

    def go_on(self) -> None:
        """One more act; one that the rules refuse leaves everything as it was."""
        try:
            if len(self.days_of) > 1 and self.dice.happens(0.3):
                self.take_back()
            elif self.withdraws and self.days[1:] and self.dice.happens(self.withdraws):
                self.publish(self.dice.one_of(self.days[:-1]), is_withdrawing=True)
            elif self.dice.happens(0.4):
                self.publish(self.dice.one_of(self.days))
            else:
                last = self.days[-1] + dt.timedelta(7)
                self.publish(min(last, FIRST_DAY + dt.timedelta(7 * WEEKS)))
        except (CheckFailed, DraftRefused, UndoConflict):
            self.refused += 1

    def publish(self, day: dt.date, is_withdrawing: bool = False) -> None:
        """A file of that day: rows that are new, rows that are other than before, rows that leave."""
        base = self.store.base_of(None if is_withdrawing else day) if self.store.exists else None
        rows = self.store.rows_before(base) if self.store.exists else {}
        ended = [one for one in self.days if one > day] if is_withdrawing else []
        self.tells_all = is_withdrawing  # what later days said is refused on an earlier one, unless it is told anew
        said = self.said_of(day, {name: dict(keyed) for name, keyed in rows.items()}, is_first=not rows)
        files = [
            LedgerFile(name, f"{name}.csv", repr(cells).encode(), "UTF-8", tuple(map(Row, range(2, 99), cells)))
            for name, cells in said.items()
            if cells
        ]
        leaving = self.leaving(rows)
        known = frozenset(("action", key) for key in rows.get("action", ()))
        decisions = Decisions(leaving, "不再需要" if leaving else "", confirmed=known)
        parent = self.store.live_number()
        note = Note("测试", day, "周", "Week", later="withdraw" if is_withdrawing else "restate")
        made = self.store.publish_draft(self.store.draft(files, note, decisions, parent))
        number = act_of(made, made.number)[0]
        self.days_of[number], self.withdrawn[number] = day, ended

    def take_back(self) -> None:
        """Undo an act that stands, an undo among them; never the first, before which nothing was known."""
        acts = [act for act in (*self.days_of, *self.undoes) if act not in self.undone][1:]
        number, live = self.dice.one_of(acts), self.store.live()
        choices = dict.fromkeys(self.store.conflicts_of(number, live), "later")
        draft = self.store.draft_undo(number, Note("测试", live.as_of, "撤销", "Undo"), choices)
        made = self.store.publish_draft(draft)
        self.undone.add(number)
        self.undoes[act_of(made, made.number)[0]] = number
        if number in self.undoes:
            self.undone.discard(self.undoes[number])

    # --- what a file says ---

    def said_of(self, day: dt.date, rows: dict[str, dict], is_first: bool) -> dict[str, list[Cells]]:
        said: dict[str, list[Cells]] = {}
        if is_first:
            said |= {"source": [SOURCE], "fact": FACTS} if self.dice.happens(0.5) else {}
            said |= {"campaign": [self.campaign()]} if self.dice.happens(0.7) else {}
        rows |= {name: {} for name in (*LEDGERS, "fact") if name not in rows}
        rows["fact"] |= {one["fact_id"]: one for one in said.get("fact", ())}
        for name, ledger in LEDGERS.items():
            if not ledger.needs or rows[ledger.needs]:
                said[name] = self.rows_of(name, ledger, day, rows, is_first)
        if self.dice.happens(0.3):
            said["satisfaction"] = self.survey(day)
        return said

    def campaign(self) -> Cells:
        days = self.dice.one_of((0, 3, 7, 10))
        return {"campaign_id": "C", "campaign_name": "专项行动", "org_name": "某单位", "due_soon_days": days}

    def rows_of(self, name: str, ledger: Ledger, day: dt.date, rows: dict[str, dict], is_first: bool) -> list[Cells]:
        """Rows of one ledger; the first file leaves whole ledgers out, the later ones most of their rows."""
        if not self.tells_all and self.dice.happens(0.1 if name == "action" else 0.3):
            return []
        changed = [key for key in rows[name] if ledger.can_change and (self.tells_all or self.dice.happens(0.5))]
        added = self.dice.up_to(ledger.most if is_first else 2)
        first = self.next_key[name]
        added = max(0, min(added, ledger.most - first))
        self.next_key[name] += added
        said = []
        for key in (*changed, *(f"{ledger.prefix}-{number}" for number in range(first, first + added))):
            row = ledger.row(self.dice, day, key, rows)
            rows[name][key] = {**rows[name].get(key, {}), **row}
            said.append(row)
        return said

    def survey(self, day: dt.date) -> list[Cells]:
        """One survey; its grades share what is said of it, and may not have more votes than forms."""
        self.next_key["survey"] = self.next_key.get("survey", 0) + 1
        votes = {grade: self.dice.up_to(9) for grade in SURVEYED if self.dice.happens(0.8)}
        valid = sum(votes.values()) + self.dice.one_of((0, 0, 3))
        surveyed = self.dice.maybe(self.dice.before(day))
        named = {"survey_id": f"CP-{self.next_key['survey']}", "surveyed_on": surveyed, "valid_count": valid}
        return [{**named, "grade": grade, "votes": number} for grade, number in votes.items()]

    def leaving(self, rows: Mapping) -> frozenset:
        """Measures that the office takes out of its ledger."""
        named = {row["action_id"] for row in rows.get("extension", {}).values()}
        free = [key for key in rows.get("action", ()) if key != KEPT["action"] and key not in named]
        return frozenset(("action", key) for key in free if self.dice.happens(0.06))


SOURCE = {"source_id": "S-1", "title": "通报", "body": "一。二。三。"}
FACTS = [{"fact_id": f"S-{word}a", "source_id": "S-1", "kind": "figure", "quote_zh": word} for word in "一二三"]


def history_of(seed: int, folder: Path, withdraws: float = 0.0) -> History:
    """The campaign of a seed, in a store of its own."""
    history = History(Store(folder), Dice(random.Random(seed)), withdraws)
    history.begin()
    for _ in range(history.dice.by.randint(2, LONGEST_HISTORY - 1)):
        history.go_on()
    assert list(in_force(history.store.live())) == history.days
    return history
