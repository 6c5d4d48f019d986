"""Stores that many tests start from, made once for all workers and kept until what makes them changes.

Whoever needs a store first makes it, and only those who need the same one wait: the other worker goes on with tests
that need none. A store lies in pytest's cache folder under a name that says what it was made of, so that the next
run of an unchanged tree makes none. Tests read it where it lies and never write to it; who publishes takes a copy.
"""

import hashlib
import inspect
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

import duckdb
from filelock import FileLock

from taizhang.store import Store, engine

ROOT = Path(__file__).resolve().parents[1]
UNUSED_SECONDS = 60 * 60  # what another run has not asked for so long is left over from an older tree


class WroteToIt(AssertionError):
    """A test changed a store that all of them read."""


class ReadyMade:
    """The ready-made stores of one cache folder: `ready_made(name, make)` is the store that `make(folder)` fills.

    One that goes on from another ready-made one, `start`, is made in a copy of that.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._given: dict[tuple[str, str], Store] = {}

    def __call__(self, name: str, make: Callable[[Store], object], start: Store | None = None) -> Store:
        started = f"{start.folder.parent.name}/{start.folder.name}" if start else ""
        made_of = hashlib.sha256(f"{_tree()} {_source(make)} {started}".encode()).hexdigest()[:16]
        if (name, made_of) not in self._given:
            folder = self.folder / name
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "lock"):
                self._given[name, made_of] = Store(_found_or_made(folder, made_of, make, start))
        return self._given[name, made_of]

    def assert_untouched(self) -> None:
        """Raise `WroteToIt` when a store that was handed out is not as it was made."""
        touched = [name for (name, _), store in self._given.items() if not _is_as_made(store.folder)]
        if touched:
            raise WroteToIt(f"tests must publish into a copy, but wrote to {touched}")


class Lent:
    """One copy of a store, lent to test after test while none publishes into it; then the next one gets a new copy.

    What the product keeps by the path of a release stays known from test to test. What a test left in the store
    beside releases is taken away again. A release number is never used twice under one path.
    """

    def __init__(self, store: Store, folder: Path):
        self._original, self._folder = store, folder
        self._copies, self._lent, self._files = 0, None, ()

    def __enter__(self) -> Store:
        if self._lent is None:
            self._copies += 1
            self._lent = copy_of(self._original, self._folder / f"copy{self._copies}")
            self._files = _files(self._lent.folder)
        return self._lent

    def __exit__(self, *_raised: object) -> None:
        now = _files(self._lent.folder)
        left = [one for one in now if one not in self._files]
        if set(self._files) <= set(now) and not any(one.startswith("releases/") for one in left):
            for one in left:
                self._take_away(self._lent.folder / one.rsplit(" ", 2)[0])
        else:
            self._lent = None

    def _take_away(self, path: Path) -> None:
        path.unlink()
        folder = path.parent
        if folder.parent != self._lent.folder and not any(folder.iterdir()):  # of a draft; `drafts` itself stays
            folder.rmdir()


def copy_of(store: Store, target: Path) -> Store:
    """A store of a test's own. Copied, not linked: some tests damage a release in place, as a bad disk would."""
    return Store(Path(shutil.copytree(store.folder, target)))


def go_on_as(store: Store, further: Store) -> Store:
    """Let a copy of a ready-made store go on as another did that started from the same: without publishing again what
    was published there, it is given the files that one has beyond it. LIVE comes last, as when somebody publishes."""
    has, more = set(_files(store.folder)), set(_files(further.folder))
    if any(one.startswith("releases/") for one in has - more):
        raise ValueError(f"{further} did not start from the releases of {store}")
    for name in sorted((one.rsplit(" ", 2)[0] for one in more - has), key=lambda name: (name == "LIVE", name)):
        (store.folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(further.folder / name, store.folder / name)
    return store


def _found_or_made(folder: Path, made_of: str, make: Callable[[Store], object], start: Store | None) -> Path:
    """The store of that checksum. One that somebody wrote to is passed over, not replaced: others may be reading it."""
    numbered = (folder / f"{made_of}-{number}" for number in count(1))
    store = next(one for one in numbered if not one.exists() or _is_as_made(one))
    if not store.exists():
        _remove_left_over(folder)
        _make(store, make, start)
    os.utime(store)  # in use: not left over
    return store


def _remove_left_over(folder: Path) -> None:
    """Take away what older trees were tested with, and what a killed run left half made."""
    for path in folder.iterdir():
        if path.is_dir() and time.time() - path.stat().st_mtime > UNUSED_SECONDS:
            shutil.rmtree(path)
            _listing_of(path).unlink(missing_ok=True)


def _make(store: Path, make: Callable[[Store], object], start: Store | None) -> None:
    """Fill a folder beside it, then give that its name: a store that is there is whole."""
    making = store.with_name(f"{store.name}.{os.getpid()}.making")
    try:
        make(copy_of(start, making) if start else Store(making))
        for release in making.rglob("*.duckdb"):
            engine.forget(release)  # a reader would go on under the name that the file is about to lose
        _listing_of(store).write_text("\n".join(_files(making)), encoding="utf-8")
        making.rename(store)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _is_as_made(store: Path) -> bool:
    """Whether the store is there, with the very files that it was made with and no others that a reader could meet.

    Whoever only checks a file or drafts a release leaves the bytes received, and for a while a draft.
    """
    listing = _listing_of(store)
    made = set(listing.read_text(encoding="utf-8").split("\n")) if listing.is_file() else set()
    now = set(_files(store))
    return bool(made) and made <= now and all(one.startswith(("received/", "drafts/")) for one in now - made)


def _listing_of(store: Path) -> Path:
    return store.with_name(f"{store.name}.files")


def _files(store: Path) -> tuple[str, ...]:
    """Every file with its size and time of change; empty folders and the file that a lock leaves say nothing."""
    found = []
    for folder, _, names in os.walk(store):  # unlike rglob, it minds no draft that another worker throws away meanwhile
        for path in (Path(folder, name) for name in names if name != "publish.lock"):
            with suppress(FileNotFoundError):
                about = path.stat()
                found.append(f"{path.relative_to(store).as_posix()} {about.st_size} {about.st_mtime_ns}")
    return tuple(sorted(found))


@cache
def _tree() -> str:
    """A checksum of all that decides what a store holds: code, declarations, data, and the library that writes it."""
    digest = hashlib.sha256(f"{sys.version} {duckdb.__version__}".encode())
    for pattern in ("taizhang/**/*.py", "taizhang/**/*.toml", "queries/**/*", "data/**/*", "tests/tiny/**/*"):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(ROOT).as_posix()} {path.stat().st_size}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _source(make: Callable[[Store], object]) -> str:
    """The text of the test file that says how the store is made."""
    return Path(inspect.getfile(make)).read_text(encoding="utf-8")
