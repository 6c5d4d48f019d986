"""Which releases nobody needs any more, so that they can be put away: a store of many years stays small.

Needed is the live release, every one in force for a day, what a meeting or a sheet that was handed out names, what an
open draft was made from, and whatever is younger than the days said. `away` says how the others are kept.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from taizhang.store import away, clock, disk, engine, releases, whole
from taizhang.store.releases import NoRelease, Release
from taizhang.store.standing import in_force, in_force_by


@dataclass(frozen=True)
class Unneeded:
    """A release that nobody needs, the bytes of its file, and the later release that it can be told by."""

    release: int
    bytes: int
    beside: int


def unneeded(folder: Path, named: Collection[int], keep_days: int) -> tuple[Unneeded, ...]:
    """The releases that can be put away, oldest first; `named` are those that somebody outside the store names.

    Raises `whole.NotWhole` when the live release is damaged, and `NoRelease` for an empty store. A damaged release is
    not among them, and of those that an older program declared otherwise the last one stays, to tell the others by.
    """
    whole.expect_whole(folder)
    live = releases.live(folder)
    staying = _needed(folder, live, keep_days) | {number for number in named if number <= live.number}
    there = [number for number in range(1, live.number + 1) if disk.path_of(folder, number).exists()]
    declared = {number: said for number in there if (said := _declared(disk.path_of(folder, number)))}
    now, found = in_force(live), []
    days = {row["release"]: row["as_of_on"] for row in live.notes()}
    for number in reversed(declared):
        alike = [one for one in staying if one > number and declared.get(one) == declared[number]]
        if number in staying:
            continue
        if not alike:
            staying.add(number)
            continue
        same_day = now.get(days[number])
        beside = same_day if same_day in alike else min(alike)
        found.append(Unneeded(number, disk.path_of(folder, number).stat().st_size, beside))
    return tuple(reversed(found))


def thin(folder: Path, named: Collection[int], keep_days: int, by: str) -> tuple[Unneeded, ...]:
    """Put away the releases that nobody needs; nobody publishes meanwhile. Raises as `unneeded` does, and
    `disk.Busy`; `engine.Unreadable` when one of them changed its mind."""
    with disk.publishing_alone(folder):
        found = unneeded(folder, named, keep_days)
        for one in found:
            away.put_away(folder, one.release, one.beside, by)
        releases.forget_opened()
    return found


def _needed(folder: Path, live: Release, keep_days: int) -> set[int]:
    since = clock.now() - dt.timedelta(days=keep_days)
    young = (row["release"] for row in live.notes() if row["published_at"] > since)
    asked = (row["release"] for row in live.rows()["request"].values() if row["release"])
    return {live.number, *in_force(live).values(), *young, *asked, *_bases_of_drafts(folder, live)}


def _bases_of_drafts(folder: Path, live: Release) -> Iterable[int]:
    """What an open draft was made from: the release that was live then, and whatever was in force beside it."""
    for draft in folder.glob("drafts/*"):
        first = min((int(path.stem) for path in draft.glob("*.duckdb")), default=0)
        if 1 < first <= live.number + 1:
            yield first - 1
            yield from in_force_by(live, first - 1).values()


def _declared(path: Path) -> str:
    """What a release declares; '' for one that is not what was published."""
    try:
        return engine.declarations_of(path) if disk.is_as_written(path) else ""
    except (engine.Unreadable, NoRelease):
        return ""
