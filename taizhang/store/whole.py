"""Which release readers see when a file of the store is damaged: the newest whole one, and why it is not the live one.

A board that shows last week's data and says so is of more use than none. Nothing is published on such a store, since
what is published builds on the release that is live; `upkeep.rebuild` mends it.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from taizhang.store import disk, engine, releases
from taizhang.store.releases import NoRelease, Release


@dataclass(frozen=True)
class Trouble:
    """Why readers see release `shown` and not the live one.

    `what` is live_missing or live_unreadable where `LIVE` leads to no release, else missing or damaged: that is release
    `number`, which `LIVE` leads to.
    """

    what: str
    number: int | None
    shown: int


class NotWhole(Exception):
    """Nothing is published on a store that shows an older release than it should."""

    def __init__(self, trouble: Trouble):
        self.trouble = trouble
        super().__init__(f"the newest whole release is {trouble.shown}: {trouble.what}")


def expect_whole(folder: Path) -> None:
    """Raise `NotWhole` when readers see another release than the live one."""
    with suppress(NoRelease):
        _, trouble = newest(folder)
        if trouble:
            raise NotWhole(trouble)


def newest(folder: Path) -> tuple[Release, Trouble | None]:
    """The live release or, when it is damaged, the newest whole one and why. `LIVE` is read once.

    Raises `NoRelease` for an empty store, `engine.Unreadable` when no release is whole.
    """
    try:
        number, what = disk.live_number(folder), "live_missing"
    except engine.Unreadable:
        number, what = None, "live_unreadable"
    if number is not None:
        try:
            return releases.numbered(folder, number), None
        except NoRelease:
            what = "missing"
        except engine.Unreadable:
            what = "damaged"
    left = [one for one in disk.numbers_beyond(folder, 0) if number is None or one < number]
    for one in reversed(left):
        with suppress(NoRelease, engine.Unreadable):
            return releases.numbered(folder, one), Trouble(what, number, one)
    if what == "live_missing" and not left:
        raise NoRelease(f"{folder}: no release yet")
    raise engine.Unreadable(f"{folder}: no release is whole")
