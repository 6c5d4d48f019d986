"""Releases on disk: one file each, one of them live; how they are asked, published, taken back and kept whole.

`Store` is the one door. What stands behind it knows where files lie; nothing in front of it does.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from taizhang.declared.vocabulary import USUAL, Vocabulary
from taizhang.rows.changes import CellName, Choice, Decisions, Rows
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import (
    disk,
    drafts,
    leave,
    publishing,
    releases,
    standing,
    taking_back,
    thinning,
    trends,
    upkeep,
    whole,
)
from taizhang.store.disk import NotConfirmed, NumbersTaken, Shelf
from taizhang.store.drafts import Draft, DraftRefused, Tell
from taizhang.store.engine import QuestionFailed, Unreadable
from taizhang.store.publishing import CheckFailed, SomeonePublished
from taizhang.store.releases import Answer, NoRelease, Note, Release
from taizhang.store.standing import Standing
from taizhang.store.taking_back import Conflicts, Effect, UndoConflict
from taizhang.store.thinning import Unneeded
from taizhang.store.upkeep import Damage, Readings, Rebuilt
from taizhang.store.waiting import Waiting
from taizhang.store.whole import NotWhole, Trouble

__all__ = [
    "Answer",
    "CheckFailed",
    "Damage",
    "Draft",
    "DraftRefused",
    "NoRelease",
    "NotConfirmed",
    "NotWhole",
    "Note",
    "NumbersTaken",
    "QuestionFailed",
    "Readings",
    "Rebuilt",
    "Release",
    "Shelf",
    "SomeonePublished",
    "Standing",
    "Store",
    "Trouble",
    "UndoConflict",
    "Unreadable",
]


SETTINGS = ("campaign", "strand", "term")  # ledgers that say how the board is set, and not how the work goes


@dataclass(frozen=True)
class Store:
    """The data of one office, in a folder. What it promises is written down in docs/decisions.md."""

    folder: Path

    # --- looking ---

    @property
    def exists(self) -> bool:
        """Whether there is a store at all, be it without releases."""
        return self.folder.exists()

    def live_number(self) -> int | None:
        """The number of the release that readers see; None for an empty store. Raises `engine.Unreadable`."""
        return disk.live_number(self.folder)

    def newest_number(self) -> int | None:
        """The number of the newest release that ever was live, whatever became of `LIVE`; None when there is none."""
        newest = max(disk.numbers_beyond(self.folder, 0), default=None)
        return self.live_number() if newest is None else newest

    def numbers(self) -> list[int]:
        """The numbers of all releases, oldest first; none for an empty store."""
        return [] if self.live_number() is None else list(self.standing().numbers)

    def standing(self) -> Standing:
        """The store as it stands now. Raises `NoRelease` for an empty one, `engine.Unreadable` when no release is
        whole."""
        return standing.standing(self.folder)

    def live(self) -> Release:
        """The release readers see. Raises as `standing` does."""
        return self.standing().live

    def vocabulary(self) -> Vocabulary:
        """What the campaign calls things, as readers see it now; the usual words where no release can say."""
        try:
            return self.live().vocabulary
        except (NoRelease, Unreadable):
            return USUAL

    def release(self, number: int) -> Release:
        """One release by number. Raises `NoRelease`, or `engine.Unreadable` for a damaged file."""
        return self.standing().release(number)

    def beside(self, one: Release, number: int) -> Release:
        """A release as `one` knows it, which may be a draft of several. Raises as `release` does."""
        return releases.beside(self.folder, one, number)

    def draft_named(self, name: str) -> Release:
        """An unpublished draft, opened like a release. Raises `NoRelease` when it is not there any more."""
        return drafts.named(self.folder, name)

    def base_of(self, day: dt.date | None) -> int | None:
        """The release a change of a day starts from: the one in force then; the live one for a day not told yet."""
        return publishing.base_of(self.folder, day or dt.date.max, self.live_number())

    def rows_before(self, base: int | None) -> Rows:
        """The rows that a change starts from, those of release `base`; none where nothing was known."""
        return releases.rows_before(self.folder, base)

    def trend(self, one: Release, until: dt.date, kpi: str, side: str = "value") -> tuple[object, ...]:
        """One side of a KPI over the newest releases in force up to a day, oldest first; None where it is not known."""
        return trends.trend(self.folder, one, until, kpi, side)

    def trend_stand_ins(self, one: Release, until: dt.date) -> tuple[int, ...]:
        """The releases of a trend in which today's definition of a term stood in for one they were made without."""
        return trends.stand_ins(self.folder, one, until)

    def received(self, sha256: str) -> bytes:
        """A file as it was received. Raises `engine.Unreadable` when it is gone, or is not what it was."""
        return disk.received(self.folder, sha256)

    # --- changing: each raises `NotWhole` while readers see another release than the live one, and as `leave.ask` ---

    def make_folder(self) -> None:
        """Make the folder, and those above it; it can be found after a power cut when this returns."""
        disk.make_folder(self.folder)

    def keep(self, data: bytes) -> None:
        """Keep a file as it was received; it is on disk when this returns."""
        disk.keep(self.folder, data)

    def publish(
        self,
        files: Sequence[LedgerFile],
        note: Note,
        parent: int | None,
        reading: str = "declared",
        act: str = "publish",
    ) -> Release:
        """Add the rows of files to release `parent`, live in one step; `act` is what is done with them, if not an
        upload. Raises as `publishing.publish_files` does."""
        leave.ask(act)
        whole.expect_whole(self.folder)
        return self._told(act, publishing.publish_files(self.folder, files, note, parent, reading))

    def draft(
        self,
        files: Sequence[LedgerFile],
        note: Note | None,
        decisions: Decisions,
        parent: int | None,
        learnt: Sequence[Mapping[str, object]] = (),
        tell: Tell | None = None,
    ) -> Draft:
        """Build and check what `publish` would, and more: see `drafts.draft`."""
        leave.ask("publish")
        whole.expect_whole(self.folder)
        return drafts.draft(self.folder, files, note, decisions, parent, learnt, tell)

    def draft_undo(
        self, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None, tell: Tell | None = None
    ) -> Draft:
        """Build and check the release that takes another back: see `drafts.draft_undo`."""
        leave.ask("undo")
        whole.expect_whole(self.folder)
        return drafts.draft_undo(self.folder, number, note, choices, tell)

    def publish_draft(self, draft: Draft) -> Release:
        """Make a draft the live release; of several on one release exactly one. Raises as `drafts.publish` does."""
        act = "undo" if draft.recipe.note.kind == "undo" else "publish"
        leave.ask(act)
        if _changes_settings(draft):
            leave.ask("settings")
        whole.expect_whole(self.folder)
        return self._told(act, drafts.publish(self.folder, draft))

    def take_back(self, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None) -> Release:
        """Publish a release that takes another back, unseen. Raises as `taking_back.undo` does."""
        leave.ask("undo")
        whole.expect_whole(self.folder)
        return self._told("undo", taking_back.undo(self.folder, number, note, choices))

    def conflicts_of(self, number: int, live: Release) -> Conflicts:
        """The cells of a release that later ones changed again: what taking it back has to ask."""
        return taking_back.conflicts_of(self.folder, number, live)

    def effect_of(self, number: int, live: Release, choices: Mapping[CellName, Choice]) -> Effect:
        """What taking a release back would do, given a choice for each conflict."""
        return taking_back.effect_of(self.folder, number, live, choices)

    def remove_demo(self, by: str) -> Release:
        """Publish a release without demo rows."""
        leave.ask("publish")
        whole.expect_whole(self.folder)
        return self._told("publish", taking_back.remove_demo(self.folder, by))

    def shelf(self, name: str) -> Shelf:
        """Small files of the store that are written again and again, such as open meetings."""
        return Shelf(self.folder / name, ".json", act="meet")

    def waiting(self) -> Waiting:
        """What units handed in and nobody has published yet."""
        return Waiting(self.folder)

    # --- keeping it whole ---

    def verify(self, readings: Readings, part: tuple[int, int] = (1, 1)) -> list[Damage]:
        """Damage found in the store, or in one of so many parts of it; nothing when all is whole."""
        return upkeep.verify(self.folder, readings, part)

    def unneeded(self, named: Collection[int], keep_days: int) -> tuple[Unneeded, ...]:
        """The releases that can be put away; `named` are those that somebody outside the store names. Raises as
        `thinning.unneeded` does."""
        return thinning.unneeded(self.folder, named, keep_days)

    def thin(self, named: Collection[int], keep_days: int, by: str) -> tuple[Unneeded, ...]:
        """Put those releases away; each can be opened as before. Raises as `thinning.thin` does."""
        leave.ask("rebuild")
        found = thinning.thin(self.folder, named, keep_days, by)
        leave.told("thin", self.folder, self.live_number())
        return found

    def remake(self, number: int, target: "Store", readings: Readings, tell: publishing.Tell | None = None) -> Release:
        """Make releases 1 to `number` again in an empty store. Raises as `upkeep.remake` does."""
        return upkeep.remake(self.folder, number, target.folder, readings, tell)

    def rebuild(self, readings: Readings, into: "Store | None" = None, tell: publishing.Tell | None = None) -> Rebuilt:
        """Make every release again, compare it with what it was, and put it in its place: see `upkeep.rebuild`."""
        leave.ask("rebuild")
        return upkeep.rebuild(self.folder, readings, into.folder if into else None, tell)

    def _told(self, act: str, made: Release) -> Release:
        leave.told(act, self.folder, made.number)
        return made

    def __str__(self) -> str:
        return str(self.folder)


def _changes_settings(draft: Draft) -> bool:
    """Whether a draft changes how the board is set, also where its file was uploaded like any other."""
    return any(one.before.get(name) != one.after.get(name) for one in draft.recipes for name in SETTINGS)
