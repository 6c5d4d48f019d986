"""A KPI over the releases: recorded once, when a release is published, and asked again only where nobody recorded it.

What is recorded says with which question and terms it was found (`asked_with`). After either is changed, the records
of before are passed over: the releases are asked again, and the next publish records what they say.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
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


def to_record(folder: Path, draft: Release) -> list[dict[str, object]]:
    """The records `trend` that a draft is published with: its own and, where they are missing or were asked with
    another question, those of the releases before it."""
    known = {row["release"] for row in draft.records("trend", asked_with=asked_with(), kpi=_ANY)}
    missing = [number for number in _newest(draft, dt.date.max) if number not in known]
    found = []
    for number in missing:
        for kpi, sides in _asked(folder, draft, number).items():
            found.append({"release": number, "kpi": kpi, "asked_with": asked_with(), **sides})
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
        return _sides_of(releases.beside(folder, one, number))
    except (engine.QuestionFailed, engine.Unreadable, NoRelease):
        return {}


@lru_cache(maxsize=4 * MOST)
def _sides_of(asked: Release) -> Mapping[str, Mapping[str, object]]:
    is_todays = bool(asked.stand_ins(queries.answers()["kpis"]))
    rows = asked.ask("kpis", as_of=asked.as_of).records()
    sides = {row["kpi"]: {side: row[side] for side in SIDES} for row in rows if row["part"] is None}
    return {kpi: {**said, "is_todays": is_todays} for kpi, said in sides.items()}
