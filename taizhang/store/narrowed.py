"""A store as somebody may see it who is held to some districts and units: each release once more, without the others.

What is not in a file cannot be asked of it: answers, histories, exports, passports and handouts need no rule of their
own. The narrowed releases lie under `<data folder>/access/scopes`, which can be thrown away and is made again; each is
made of the release of its number when it is first looked at, and anew when that was made anew. The live one is made
when somebody comes; `prepare` makes those beforehand that trends and comparisons look at.

Notes are left out, since they speak of any row, and so is what was recorded of all rows together. Nothing is ever
published into a narrowed store.
"""

import hashlib
import shutil
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from taizhang.declared import queries
from taizhang.declared.tables import all_tables
from taizhang.rows import scope
from taizhang.rows.changes import Rows
from taizhang.store import Store, disk, engine, releases
from taizhang.store.campaigns import Campaigns, home_of, name_of
from taizhang.store.releases import NoRelease, Release
from taizhang.store.standing import Standing, in_force
from taizhang.store.trends import MOST

_one_narrows = threading.Lock()


class Narrow(Exception):
    """Nothing is published into, or taken out of, a store that shows some rows only."""


@dataclass(frozen=True)
class Narrowed(Store):
    """The rows of a scope alone; `folder` is that of the narrowed releases, `whole` the store that they are made of."""

    scope: tuple[str, ...] = ()
    whole: Store | None = None

    def standing(self) -> Standing:
        found = super().standing()
        return _AsLookedAt(found.folder, found.live, found.trouble, self)

    def beside(self, one: Release, number: int) -> Release:
        self.have(number)
        return super().beside(one, number)

    def have(self, number: int) -> None:
        """The narrowed release of a number is there when this returns, if there is a release of that number."""
        if self.whole is not None and 0 < number <= (disk.live_said(self.whole.folder) or 0):
            _have(self.whole, self.folder, self.scope, number)

    def has(self, number: int) -> bool:
        """Whether it is there already, so that nobody waits for it."""
        return self.whole is not None and _is_of(self.whole, self.folder, number)

    def _refuse(self, *_: object, **__: object):
        raise Narrow(str(self.folder))

    make_folder = keep = publish = draft = draft_undo = publish_draft = take_back = remove_demo = _refuse
    remake = rebuild = thin = waiting = _refuse


@dataclass(frozen=True)
class _AsLookedAt(Standing):
    """A narrowed store as it stands: a release is narrowed when somebody looks at it."""

    own: Narrowed | None = None

    def release(self, number: int) -> Release:
        if self.own is not None and 0 < number <= self.live.number:
            self.own.have(number)
        return super().release(number)


def keys_of(known: Campaigns) -> dict[str, str]:
    """What somebody can be held to in any campaign of a data folder: key of a district or name of a unit → its name."""
    found: dict[str, str] = {}
    for one in known.all():
        with suppress(NoRelease, engine.Unreadable):
            found = {**scope.known(one.store.live().rows()), **found}
    return found


def names_of(own: Narrowed) -> Mapping[str, str]:
    """The same in the data folder of a narrowed store: a district of one campaign may be none of another."""
    known = Campaigns(own.folder.parents[2])
    return _keys_of(known, tuple((one.name, disk.live_said(one.store.folder)) for one in known.all()))


@lru_cache(maxsize=8)
def _keys_of(known: Campaigns, live: tuple[tuple[str, int | None], ...]) -> Mapping[str, str]:
    """`live` is the release that each campaign has reached: names change with those alone."""
    return keys_of(known)


def narrowed(store: Store, held_to: Collection[str]) -> Narrowed:
    """A store with the rows of some districts and units (their keys and names) alone, as far as it reaches now.

    Raises as `Store.standing` does.
    """
    keys = tuple(sorted(set(held_to)))
    made = Narrowed(_scopes(home_of(store)) / _name_of(name_of(store), keys), keys, store)
    live = store.live_number()
    if live is not None:
        _have(store, made.folder, keys, live)
        if disk.live_said(made.folder) != live:
            disk.move_live(made.folder, live)
    return made


def prepare(store: Store, held_to: Collection[str]) -> bool:
    """Make one more narrowed release that somebody will look at: the live one, then those in force, the newest day
    first, as many as a trend has. Whether there was any to make.

    A release that was put away is in force for no day, and is made when somebody asks for it. Raises as `narrowed`.
    """
    live, keys = store.live(), tuple(sorted(set(held_to)))
    own = Narrowed(_scopes(home_of(store)) / _name_of(name_of(store), keys), keys, store)
    if not own.has(live.number) or disk.live_said(own.folder) != live.number:
        narrowed(store, keys)
        return True
    number = next((one for one in reversed(list(in_force(live).values())[-MOST:]) if not own.has(one)), None)
    if number is None:
        return False
    own.have(number)
    return True


def sweep(known: Campaigns, held: Iterable[Collection[str]]) -> None:
    """Take away the narrowed releases of scopes that nobody is held to any more, and of campaigns that are gone."""
    scopes = [tuple(sorted(set(one))) for one in held]
    wanted = {_name_of(name, keys) for name in known.names() for keys in scopes}
    for folder in _scopes(known.folder).glob("*"):
        if folder.name not in wanted:
            with _one_narrows:
                for path in folder.glob("releases/*.duckdb"):
                    engine.forget(path)
                shutil.rmtree(folder, ignore_errors=True)
                releases.forget_opened()


def _scopes(home: Path) -> Path:
    return home / "access" / "scopes"


def _name_of(campaign: str, keys: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join((campaign, *keys)).encode()).hexdigest()[:24]


def _have(store: Store, folder: Path, keys: tuple[str, ...], number: int) -> None:
    if not _is_of(store, folder, number):
        for private in (folder.parent.parent, folder.parent, folder, folder / "releases"):
            disk.make_private_folder(private)
        # Nobody else narrows meanwhile, a command in another process neither; whoever waited finds it done.
        with _one_narrows, disk.Shelf(folder / "releases", "").locked():
            if not _is_of(store, folder, number):
                _narrow(store, folder, keys, number)


def _is_of(store: Store, folder: Path, number: int) -> bool:
    """Whether a narrowed release is there, and of the release as it is now."""
    told = disk.told_checksum(disk.path_of(store.folder, number))
    shelf = disk.Shelf(folder / "releases", ".of", is_private=True)
    is_there = disk.path_of(folder, number).exists()
    return told is not None and is_there and shelf.read(f"{number:04d}") == told + _made_by()


@cache
def _made_by() -> bytes:
    """What releases are narrowed by: what an older program left in them is not shown by one that knows better."""
    said = [Path(one).read_bytes() for one in (scope.__file__, __file__)]
    said += [one.sql.encode() for one in (*all_tables().values(), *queries.terms().values())]
    return b" " + hashlib.sha256(b"\n".join(said)).hexdigest().encode("ascii")


def _narrow(store: Store, folder: Path, keys: tuple[str, ...], number: int) -> None:
    one, path = store.release(number), disk.path_of(folder, number)
    told = disk.told_checksum(disk.path_of(store.folder, number)) or b""
    rows = scope.within(one.rows(), keys)
    half = path.with_suffix(".tmp")
    half.unlink(missing_ok=True)
    # Without constraints: an issue merged into one that is left out is cancelled for no reason that can be told.
    engine.build_unconstrained(
        half,
        [table.sql for table in all_tables().values()],
        [term.sql for term in queries.terms().values()],
        {**{name: list(keyed.values()) for name, keyed in rows.items()}, **_records(one, rows, keys)},
    )
    engine.rename(half, path)
    disk.write_checksum(path, path)
    releases.forget_opened()  # one of that number may have stood there before
    disk.Shelf(path.parent, ".of", is_private=True).write(path.stem, told + _made_by())


def _records(one: Release, rows: Rows, keys: Collection[str]) -> dict[str, Sequence[Mapping[str, object]]]:
    """What a release records of the rows of a scope; of all rows together (trends) nothing, so that they are asked."""
    changed = scope.history_within(one.records("change"), rows, keys)
    origin = [row for row in one.records("origin") if row["row_key"] in rows.get(str(row["table_name"]), ())]
    return {
        "release": [{**row, "note_zh": "", "note_en": ""} for row in one.notes()],
        "withdrawn": one.records("withdrawn"),
        "action_snapshot": [row for row in one.records("action_snapshot") if row["action_id"] in rows["action"]],
        "change": changed,
        "origin": origin,
        "received": _received(one, changed, {row["sha256"] for row in origin}),
    }


def _received(one: Release, changed: Iterable[Mapping], named: Collection[object]) -> list[dict[str, object]]:
    """The files that brought rows of the scope, with the rows they brought counted among those alone."""
    found = []
    for row in one.records("received"):
        own = {
            (each["row_key"], each["kind"])
            for each in changed
            if (each["release"], each["sha256"], each["table_name"])
            == (row["release"], row["sha256"], row["table_name"])
        }
        if own or row["sha256"] in named:
            new = sum(kind == "added" for _, kind in own)
            counts = {"rows_new": new, "rows_changed": len(own) - new, "rows_same": 0, "rows_total": len(own)}
            found.append({**row, **counts})
    return found
