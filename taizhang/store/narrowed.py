"""A store as somebody may see it who is held to some districts and units: each release once more, without the others.

What is not in a file cannot be asked of it: answers, histories, exports, passports and handouts need no rule of their
own. The narrowed releases lie under `<data folder>/access/scopes`, which can be thrown away and is made again; each is
made of the release of its number when it is first needed, and anew when that was made anew.

Notes are left out, since they speak of any row, and so is what was recorded of all rows together. Nothing is ever
published into a narrowed store.
"""

import hashlib
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

_one_narrows = threading.Lock()


class Narrow(Exception):
    """Nothing is published into, or taken out of, a store that shows some rows only."""


@dataclass(frozen=True)
class Narrowed(Store):
    """The rows of a scope alone; `folder` is that of the narrowed releases."""

    scope: tuple[str, ...] = ()

    def _refuse(self, *_: object, **__: object):
        raise Narrow(str(self.folder))

    make_folder = keep = publish = draft = draft_undo = publish_draft = take_back = remove_demo = _refuse
    remake = rebuild = thin = waiting = _refuse


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
    which = hashlib.sha256("\n".join((name_of(store), *keys)).encode()).hexdigest()[:24]
    made = Narrowed(home_of(store) / "access" / "scopes" / which, keys)
    live = store.live_number()
    if live is not None and not _is_as_far(store, made.folder, live):
        with _one_narrows:  # whoever waited finds it done
            if not _is_as_far(store, made.folder, live):
                _go_on(store, made.folder, keys, live)
    return made


def _is_as_far(store: Store, folder: Path, live: int) -> bool:
    return disk.live_said(folder) == live and _is_of(store, folder, live)


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


def _go_on(store: Store, folder: Path, keys: tuple[str, ...], live: int) -> None:
    for private in (folder.parent.parent, folder.parent, folder, folder / "releases"):
        disk.make_private_folder(private)
    for number in range(1, live + 1):
        if not _is_of(store, folder, number):
            _narrow(store, folder, keys, number)
    disk.move_live(folder, live)


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
