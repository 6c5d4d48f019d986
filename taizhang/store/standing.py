"""Which release speaks for which day, at one moment: what a reader's run looks at from its first line to its last.

`LIVE` is read once; all else is told by the live release itself, so that nothing here costs more as releases add up.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from taizhang.store import releases
from taizhang.store.releases import NoRelease, Release


@dataclass(frozen=True)
class Standing:
    """A store as it stands: the live release, and with it every release there is and the day each speaks for."""

    folder: Path
    live: Release

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
        """What the board knew on a day: the newest release whose data reach no further than `day`.

        When every release is of later data, the first one.
        """
        return self.release(self.number_at(day))

    def number_at(self, day: dt.date) -> int:
        """The number of the release that `at` opens."""
        return max((number for number, reached in self.days().items() if reached <= day), default=1)


def standing(folder: Path) -> Standing:
    """How a store stands now. Raises `NoRelease` for an empty one, `engine.Unreadable` for a damaged one."""
    return Standing(folder, releases.live(folder))


def in_force(one: Release) -> Mapping[dt.date, int]:
    """As-of day → the release that counts for it, as far as `one` knows, in the order of the days.

    A later release with an earlier day withdraws the days after it.
    """
    return _in_force(one)


@lru_cache(maxsize=64)
def _in_force(one: Release) -> Mapping[dt.date, int]:
    standing_still: list[tuple[dt.date, int]] = []  # its days rise: what a row withdraws is always its end
    for row in one.notes():
        while standing_still and standing_still[-1][0] >= row["as_of_on"]:
            standing_still.pop()
        standing_still.append((row["as_of_on"], row["release"]))
    return MappingProxyType(dict(standing_still))
