"""The campaigns of a data folder, side by side: each is a store of its own, under a name of its own.

    campaigns/JM2025/     a campaign: a store, as `disk` describes it
    campaigns/demo/       the made-up one that the product ships with
    LIVE, releases/ …     a store that lies in the data folder itself, as all did before there could be several

One that lies in the folder itself is a campaign like the others, and stays where it is. Nothing is shared between two
campaigns: no file, no release number, no code.
"""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from taizhang.store import NoRelease, QuestionFailed, Release, Store, Unreadable, disk

DEMO = "demo"
AT_THE_TOP = "main"  # the name of one that lies in the data folder itself
LONGEST = 40  # letters of a name

_HOME = "campaigns"
_TAKEN_BY_WINDOWS = "con|prn|aux|nul|(com|lpt)[0-9]"  # no folder can be called so there
_OF_A_STORE = ("LIVE", "releases", "received")


class NoCampaign(Exception):
    """There is no campaign of that name; `names` there are."""

    def __init__(self, name: str, names: tuple[str, ...]):
        self.name, self.names = name, names
        super().__init__(f"no campaign {name}")


class SeveralCampaigns(Exception):
    """Which of them is meant has to be said; `names` there are."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        super().__init__(f"there are several campaigns: {names}")


class NotAName(Exception):
    """No campaign can be called so."""

    def __init__(self, name: str):
        self.name = name
        super().__init__(f"{name!r} is no name of a campaign")


class NameTaken(Exception):
    """There is a campaign of that name already."""

    def __init__(self, name: str):
        self.name = name
        super().__init__(f"there is a campaign {name} already")


@dataclass(frozen=True)
class Campaign:
    """One campaign: its name in the data folder, and its store."""

    name: str
    store: Store

    @property
    def is_demo(self) -> bool:
        """Whether it is the made-up one: nothing real is put into it."""
        return self.name == DEMO


@dataclass(frozen=True)
class About:
    """What a campaign says of itself; '' and None for one without a release, or whose release cannot be read."""

    title: str = ""
    office: str = ""
    batch: str = ""
    published_at: dt.datetime | None = None

    @classmethod
    def of(cls, release: Release) -> "About":
        """What a release says of its campaign."""
        row = next(iter(release.ask("campaign").records()), {})
        said = (str(row.get(name) or "") for name in ("campaign_name", "org_name", "batch"))
        return cls(*said, release.published_at)

    @classmethod
    def of_campaign(cls, one: Campaign) -> "About":
        """What its live release says; as cheap as reading `LIVE`, once that has been opened."""
        try:
            return cls.of(one.store.live())
        except (NoRelease, QuestionFailed, Unreadable, OSError):
            return cls()


@dataclass(frozen=True)
class Campaigns:
    """A data folder, which may not be there yet."""

    folder: Path

    def names(self) -> tuple[str, ...]:
        """The names of all campaigns, the one at the top first, the demo last. No release is looked at."""
        lying = [path.name for path in self._home.glob("*") if path.is_dir() and is_name(path.name)]
        known = sorted((name for name in lying if name != AT_THE_TOP), key=lambda name: (name == DEMO, name))
        top = [AT_THE_TOP] if any((self.folder / name).exists() for name in _OF_A_STORE) else []
        return (*top, *known)

    def all(self) -> tuple[Campaign, ...]:
        """Every campaign, in the order of `names`."""
        return tuple(Campaign(name, self._store(name)) for name in self.names())

    def named(self, name: str) -> Campaign:
        """One campaign. Raises `NoCampaign`."""
        names = self.names()
        if name not in names:
            raise NoCampaign(name, names)
        return Campaign(name, self._store(name))

    def usual(self) -> Campaign | None:
        """The one that opens without being asked for: the office's own that was published last, the demo where there is
        no other. None for an empty data folder."""
        known = self.all()
        own = [one for one in known if not one.is_demo] or list(known)
        if len(own) < 2:
            return next(iter(own), None)
        return max(own, key=lambda one: About.of_campaign(one).published_at or dt.datetime.min)

    def only(self) -> Campaign | None:
        """The one that is meant where none is named: the office's only one, the demo where there is no other; None for
        an empty data folder. Raises `SeveralCampaigns`."""
        own = [one for one in self.all() if not one.is_demo] or list(self.all())
        if len(own) > 1:
            raise SeveralCampaigns(self.names())
        return next(iter(own), None)

    def meant(self, name: str | None) -> Campaign | None:
        """The one that is named, else as `only` says. Raises as `named` and `only` do."""
        return self.named(name) if name else self.only()

    def new(self, name: str) -> Campaign:
        """A campaign to be made: nothing is written before something is published into its store.

        Raises `NotAName` or `NameTaken`; names that differ in case only are the same to some disks.
        """
        if not is_name(name) or name.casefold() == AT_THE_TOP:
            raise NotAName(name)
        if name.casefold() in (one.casefold() for one in self.names()):
            raise NameTaken(name)
        return Campaign(name, self._store(name))

    def free_name(self, wanted: str) -> str:
        """A name like the one wanted that is free: of its letters and digits, with a number behind it where needed."""
        stem = re.sub(r"[^A-Za-z0-9]+", "-", wanted).strip("-")[: LONGEST - 4] or "campaign"
        tried = (stem if turn == 1 else f"{stem}-{turn}" for turn in range(1, 1000))
        return next(name for name in tried if self._is_free(name))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else who asks for it makes a campaign meanwhile. Raises `disk.Busy` when somebody goes on doing so."""
        with disk.Shelf(self._home, "").locked():
            yield

    def make_folder(self) -> None:
        """Make the data folder; it is on disk when this returns."""
        disk.make_folder(self._home)

    @property
    def _home(self) -> Path:
        return self.folder / _HOME

    def _store(self, name: str) -> Store:
        return Store(self.folder if name == AT_THE_TOP else self._home / name)

    def _is_free(self, name: str) -> bool:
        try:
            return bool(self.new(name))
        except (NotAName, NameTaken):
            return False

    def __str__(self) -> str:
        return str(self.folder)


def home_of(store: Store) -> Path:
    """The data folder that the store of a campaign belongs to."""
    lies_beside_others = store.folder.parent.name == _HOME
    return store.folder.parent.parent if lies_beside_others else store.folder


def name_of(store: Store) -> str:
    """The name of the campaign that a store is of, in its data folder."""
    return AT_THE_TOP if home_of(store) == store.folder else store.folder.name


def is_of_the_demo(store: Store) -> bool:
    """Whether a store is that of the made-up campaign."""
    return (store.folder.name, store.folder.parent.name) == (DEMO, _HOME)


def is_name(name: str) -> bool:
    """Whether a campaign can be called so: letters, digits and -, as an address and every disk can bear it."""
    is_plain = re.fullmatch(r"[A-Za-z0-9](-?[A-Za-z0-9])*", name) is not None
    return is_plain and len(name) <= LONGEST and not re.fullmatch(_TAKEN_BY_WINDOWS, name.casefold())
