"""A store kept whole, with what every kind of file in it is read again by."""

from taizhang.showing import meeting_files, meetings
from taizhang.store import Damage, Readings, Rebuilt, Release, Store, publishing
from taizhang.store.publishing import Recipe
from taizhang.store.thinning import Unneeded
from taizhang.store.upkeep import Step
from taizhang.uploads import again


def _meeting(step: Step) -> Recipe:
    """The recipe of the release that a finished meeting made, from its capsule."""
    ((_, data),) = step.files
    Store(step.target).keep(data)
    return publishing.adding(step.target, meeting_files.files_of(data), step.note, step.parent, meetings.READING)


READINGS = Readings(
    {"upload": again.upload, "declared": again.declared, meetings.READING: _meeting}, meeting_files.is_meeting
)


def verify(store: Store, part: tuple[int, int] = (1, 1)) -> list[Damage]:
    """Damage found in a store, or in one of so many parts of it; nothing when all is whole."""
    return store.verify(READINGS, part)


def unneeded(store: Store, keep_days: int) -> tuple[Unneeded, ...]:
    """The releases that nobody needs any more: no meeting names them either. Raises as `Store.unneeded` does."""
    return store.unneeded(meetings.releases_named(store), keep_days)


def thin(store: Store, keep_days: int, by: str) -> tuple[Unneeded, ...]:
    """Put those away. Raises as `Store.thin` does."""
    return store.thin(meetings.releases_named(store), keep_days, by)


def remake(store: Store, number: int, target: Store) -> Release:
    """Make releases 1 to `number` again in the empty store `target`. Raises as `Store.remake` does."""
    return store.remake(number, target, READINGS)


def rebuild(store: Store, into: Store | None = None, tell: publishing.Tell | None = None) -> Rebuilt:
    """Make every release again, compare it with what it was, put it in its place. Raises as `Store.rebuild` does."""
    return store.rebuild(READINGS, into, tell)
