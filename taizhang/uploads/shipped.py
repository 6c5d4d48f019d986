"""The data the product ships with, published into a new store: what the article says, and made-up ledgers.

    data/article/   exactly what the source article says
    data/geo/       the register of districts and towns
    data/demo/      made-up weekly ledgers, one folder a week, each row marked as demo

`data/sources.toml` says where each comes from and under which licence.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import tomli

from taizhang.declared.root import ROOT
from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import ledgers
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import Note, Release, Store
from taizhang.store.campaigns import Campaigns, NameTaken

DATA = ROOT / "data"

Kind = Literal["article", "demo", "empty"]
Progress = Callable[[int, int], None]  # releases made so far, releases to make

SIGNED_BY_NOBODY = frozenset({"台账", "示例数据"})  # what stands for a person under shipped data

# The article bears no date of its own; the second batch of the campaign ended in November 2019.
ARTICLE = Note(
    by="台账",
    as_of=dt.date(2019, 11, 30),
    zh="原文所载内容与镇街名录；原文未注明日期，数据截至日为推断",
    en="What the article says, and the register of towns; the article bears no date, so the as-of date is inferred",
    kind="first",
)


class AlreadyThere(Exception):
    """The store already has a release; shipped data go into a new store only."""

    def __init__(self, store: Store | Campaigns, number: int):
        self.store, self.number = store, number
        super().__init__(f"{store} already holds {number} releases; choose an empty folder")


@dataclass(frozen=True)
class Week:
    """One week of the made-up ledgers: its folder and what its release says of itself."""

    folder: Path
    note: Note


def init(store: Store, kind: Kind, progress: Progress | None = None) -> Release | None:
    """Publish shipped data into a store without releases; the live release, or None for an empty store.

    `article` makes one release, `demo` that one and then one for each made-up week. Raises `AlreadyThere` when the
    store has a release, be it one that `LIVE` does not lead to any more. Releases published before a failure stay.
    """
    number = store.newest_number()
    if number is not None:
        raise AlreadyThere(store, number)
    store.make_folder()
    if kind == "empty":
        return None
    steps = [(article_files(), ARTICLE)]
    if kind == "demo":
        steps += [(files_of(week.folder), week.note) for week in weeks()]
    made = None
    for done, (files, note) in enumerate(steps, start=1):
        made = store.publish(files, note, made.number if made else None, act="settings")
        if progress:
            progress(done, len(steps))
    return made


def begin(known: Campaigns, kind: Kind, name: str | None = None, progress: Progress | None = None) -> Release | None:
    """Make shipped data a campaign of its own in a data folder, called like its kind unless named; its live release.

    `empty` makes the data folder alone, which then stays empty. Raises `AlreadyThere` when there is such a campaign.
    """
    if kind == "empty":
        if known.names():
            raise AlreadyThere(known, len(known.names()))
        known.make_folder()
        return None
    try:
        return init(known.new(name or kind).store, kind, progress)
    except NameTaken:
        return init(known.named(name or kind).store, kind, progress)


def article_files() -> list[LedgerFile]:
    """What release 1 holds: the article's ledgers and the register of towns."""
    return [*files_of(DATA / "article"), *files_of(DATA / "geo")]


def weeks() -> list[Week]:
    """The made-up weeks, oldest first. The first begins before the day the article is of, and ends it."""
    told = tomli.loads((DATA / "demo" / "releases.toml").read_text(encoding="utf-8"))["release"]
    return [
        Week(
            DATA / "demo" / one["as_of"].isoformat(),
            Note("示例数据", one["as_of"], one["note_zh"], one["note_en"], later="restate" if place else "withdraw"),
        )
        for place, one in enumerate(told)
    ]


def files_of(folder: Path) -> list[LedgerFile]:
    """The ledger files of a folder of `data/`; each keeps its path there as file name, so that origins can tell
    one week's file from the next."""
    return [
        replace(ledgers.read(path, table), file_name=path.relative_to(DATA).as_posix())
        for table in declared_ledgers().values()
        if (path := folder / f"{table.name}.csv").exists()
    ]
