"""A KPI over the releases: recorded once, in the release after it, and asked again only where nobody recorded it.

Of the newest release nothing is recorded: its KPIs stand on the page, so that they are asked anyway. What is recorded
says with which question and terms it was found (`asked_with`). After either is changed, the records of before are
passed over: the releases are asked again, and the next publish records what they say.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from taizhang.declared import queries
from taizhang.store import engine, releases
from taizhang.store.releases import NoRelease, Release
from taizhang.store.standing import in_force

MOST = 60  # releases in a trend: more than a year of weeks; more points than that are no line a reader can follow
SIDES = ("value", "numerator", "denominator", "unknown")


def trend(folder: Path, one: Release, until: dt.date, kpi: str, side: str) -> tuple[object, ...]:
    """One side of a KPI over the newest releases in force up to a day, oldest first, each as it was on its own day.

    None where a release did not know it, or cannot tell. `one` is the release that says which are in force; it may
    be a draft, which is asked itself.
    """
    recorded = _recorded(one, kpi)
    return tuple(
        recorded[number][side] if number in recorded else _asked(folder, one, number).get(kpi, _NOTHING)[side]
        for number in _newest(one, until)
    )


def stand_ins(folder: Path, one: Release, until: dt.date) -> tuple[int, ...]:
    """The releases of a trend that were published without a term it needs: today's definition stood in there."""
    recorded = _recorded(one, _ANY)
    return tuple(
        number
        for number in _newest(one, until)
        if (recorded[number] if number in recorded else _asked(folder, one, number).get(_ANY, _NOTHING))["is_todays"]
    )


def to_record(parent: Release) -> list[dict[str, object]]:
    """The records `trend` that the release after `parent` is built with: those of `parent` itself."""
    return [] if parent.number in _recorded(parent, _ANY) else _records(parent.number, _asked_itself(parent))


def still_to_record(folder: Path, draft: Release) -> list[dict[str, object]]:
    """The records of older releases that a draft lacks: nobody made them, or they were asked with another question."""
    known = _recorded(draft, _ANY)
    lacking = [number for number in _newest(draft, dt.date.max) if number < draft.number and number not in known]
    return [row for number in lacking for row in _records(number, _asked(folder, draft, number))]


def _records(number: int, asked: Mapping[str, Mapping[str, object]]) -> list[dict[str, object]]:
    return [{"release": number, "kpi": kpi, "asked_with": asked_with(), **sides} for kpi, sides in asked.items()]


def recorded(one: Release) -> Mapping[int, Sequence[Mapping[str, object]]]:
    """Release → its records, as far as they were asked with the question of today."""
    found: dict[int, list[Mapping[str, object]]] = {}
    for row in one.records("trend", asked_with=asked_with()):
        found.setdefault(row["release"], []).append(row)
    return found


@cache
def asked_with() -> str:
    """The checksum of the question `kpis` and of every term it may use."""
    said = [queries.answers()["kpis"].sql, *(term.sql for term in queries.terms().values())]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


_ANY = "K01"  # every release that was asked answered for every KPI
_NOTHING: Mapping[str, object] = {**dict.fromkeys(SIDES), "is_todays": False}


def _newest(one: Release, until: dt.date) -> list[int]:
    return [number for day, number in in_force(one).items() if day <= until][-MOST:]


@lru_cache(maxsize=256)
def _recorded(one: Release, kpi: str) -> Mapping[int, Mapping[str, object]]:
    return {row["release"]: row for row in one.records("trend", kpi=kpi, asked_with=asked_with())}


def _asked(folder: Path, one: Release, number: int) -> Mapping[str, Mapping[str, object]]:
    """KPI → its sides, as the release answers on its own day; nothing where it is gone or cannot answer."""
    try:
        return _asked_itself(releases.beside(folder, one, number))
    except (engine.Unreadable, NoRelease):
        return {}


def _asked_itself(one: Release) -> Mapping[str, Mapping[str, object]]:
    try:
        return _sides_of(one)
    except (engine.QuestionFailed, engine.Unreadable):
        return {}


@lru_cache(maxsize=4 * MOST)
def _sides_of(asked: Release) -> Mapping[str, Mapping[str, object]]:
    is_todays = bool(asked.stand_ins(queries.answers()["kpis"]))
    rows = asked.ask("kpis", as_of=asked.as_of).records()
    sides = {row["kpi"]: {side: row[side] for side in SIDES} for row in rows if row["part"] is None}
    return {kpi: {**said, "is_todays": is_todays} for kpi, said in sides.items()}
