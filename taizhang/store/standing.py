"""Which release speaks for which day, at one moment: what a reader's run looks at from its first line to its last.

`LIVE` is read once; all else is told by the live release itself, so that nothing here costs more as releases add up.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from taizhang.store import releases, whole
from taizhang.store.releases import NoRelease, Release
from taizhang.store.whole import Trouble


@dataclass(frozen=True)
class Standing:
    """A store as it stands: the live release, and with it every release there is and the day each speaks for.

    `trouble`: why `live` is not the release that should be, when a file of the store is damaged.
    """

    folder: Path
    live: Release
    trouble: Trouble | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all releases, oldest first."""
        return tuple(row["release"] for row in self.live.notes())

    def days(self) -> Mapping[int, dt.date]:
        """Release → the day its data reach."""
        return MappingProxyType({row["release"]: row["as_of_on"] for row in self.live.notes()})

    def release(self, number: int) -> Release:
        """One release by number. Raises `NoRelease`, or `engine.Unreadable` for a damaged file."""
        if not 0 < number <= self.live.number:
            raise NoRelease(f"{self.folder}: no release {number}")
        return releases.numbered(self.folder, number)

    def at(self, day: dt.date) -> Release:
        """What is known of a day: the release in force for it, or for the last day before it that one speaks of.

        When every release is of later data, the first of them.
        """
        return self.release(self.number_at(day))

    def number_at(self, day: dt.date) -> int:
        """The number of the release that `at` opens."""
        known = in_force(self.live)
        return max(((reached, number) for reached, number in known.items() if reached <= day), default=(day, 0))[1] or (
            next(iter(known.values()))
        )


def standing(folder: Path) -> Standing:
    """How a store stands now. Raises `NoRelease` for an empty one, `engine.Unreadable` when no release is whole."""
    return Standing(folder, *whole.newest(folder))


def in_force(one: Release) -> Mapping[dt.date, int]:
    """As-of day → the release that counts for it, as far as `one` knows, in the order of the days."""
    return _in_force(one, one.number)


def in_force_by(one: Release, number: int) -> Mapping[dt.date, int]:
    """The same as it was when release `number` had just been published; nothing for 0."""
    return _in_force(one, number)


@lru_cache(maxsize=128)
def _in_force(one: Release, number: int) -> Mapping[dt.date, int]:
    """Of each day the newest release counts, unless the day was withdrawn since.

    Releases without an act are of the time when one with an earlier day ended the days after it.
    """
    gone: dict[int, list[dt.date]] = {}
    for row in one.records("withdrawn"):
        gone.setdefault(row["release"], []).append(row["as_of_on"])
    counting: dict[dt.date, int] = {}
    for row in one.notes():
        if row["release"] > number:
            break
        ended = gone.get(row["release"], ())
        if row.get("act") is None:
            ended = [day for day in counting if day > row["as_of_on"]]
        for day in ended:
            counting.pop(day, None)
        counting[row["as_of_on"]] = row["release"]
    return MappingProxyType(dict(sorted(counting.items())))


def act_of(one: Release, number: int) -> range:
    """The releases that were published as one act together with release `number`, as far as `one` knows."""
    return _acts(one)[number]


@lru_cache(maxsize=64)
def _acts(one: Release) -> Mapping[int, range]:
    """Release → the releases of its act. Found once for all of them: the releases page asks of every one."""
    first = {row["release"]: row.get("act") or row["release"] for row in one.notes()}
    last = {act: number for number, act in first.items()}
    return MappingProxyType({number: range(act, last[act] + 1) for number, act in first.items()})
