"""A data folder kept a second time, while the board is open: every campaign, and who may see it.

    taizhang-backup.json          what it is
    objects/3f/3f9a…              bytes, under their SHA-256
    moments/20260105T180000Z-….json what lay in the data folder then: path → SHA-256

Releases and files received never change, so that every backup but the first copies what came since. Each moment is
whole by itself: none needs another, and what a later one holds damages none before. What is not what it was is never
taken in. A backup is a folder, to which moments are added, or a file (.zip) with one.
"""

import datetime as dt
import hashlib
import json
import os
import re
import secrets
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from taizhang.store import Unreadable, archives, away, clock, disk, engine, waiting
from taizhang.store.campaigns import AT_THE_TOP, Campaigns

FORMAT = 1
SIGN = "taizhang-backup.json"
ACCESS = "access"  # who may see and do what, and the book of what was done
Tell = Callable[[int, int], None]  # files done, files in all

_STALE_SECONDS = 24 * 60 * 60
_TRIES = 5  # to read a release with its checksum while it is being made again
_PATH = re.compile(
    rf"(campaigns/[A-Za-z0-9-]{{1,40}}/)?(?:{archives.OF_A_CAMPAIGN.pattern}|{waiting.PATHS})"
    rf"|{ACCESS}/[\w/-]+\.(jsonl?|head)"
)


class NotABackup(Exception):
    """What is no backup, or not a whole one; `what` says why, `file` which one in it, where one is meant.

    `what`: not_one, other_version, empty, no_moment, strange, damaged, incomplete, there_already or nothing.
    """

    def __init__(self, what: str, file: str = ""):
        self.what, self.file = what, file
        super().__init__(f"{what}: {file}")


@dataclass(frozen=True)
class Moment:
    """What lay in a data folder at a moment: path → SHA-256."""

    name: str
    files: dict[str, str]

    @property
    def at(self) -> dt.datetime:
        """The moment, in UTC."""
        return dt.datetime.strptime(self.name[:16], "%Y%m%dT%H%M%SZ")


@dataclass(frozen=True)
class Kept:
    """What a backup did: the moment it holds now, and how many files and bytes of it are new there."""

    moment: Moment
    new_files: int
    new_bytes: int


# --- out -------------------------------------------------------------------------------------------------------


def back_up(known: Campaigns, target: Path, keep: int | None = None, tell: Tell | None = None) -> Kept:
    """Keep a data folder as it is now in a folder, or in a file where the target ends in .zip; read back and on disk
    when this returns. Of a folder's moments the newest `keep` stay, all where nothing is said.

    Raises `NotABackup`, and `Unreadable` when anything is not what it was: then no moment is added.
    """
    if not known.names() and not (known.folder / ACCESS).exists():
        raise NotABackup("nothing", str(known.folder))
    if target.suffix.lower() == ".zip":
        return _into_a_file(known, target, tell)
    _expect_a_backup(target)
    disk.make_folder(target)
    with disk.Shelf(target, "").locked():
        place = _Folder(target)
        kept = _kept(known, place, tell)
        if not (target / SIGN).exists():
            disk.write_whole(target / SIGN, _sign())
        if keep is not None:
            place.forget_all_but(keep)
        place.sweep()
    return kept


def _into_a_file(known: Campaigns, target: Path, tell: Tell | None) -> Kept:
    half = target.with_name(f"{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(half, "w+b", opener=_private) as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(SIGN, _sign())
                kept = _kept(known, _File(archive), tell)
            out.seek(0)
            with zipfile.ZipFile(out) as archive:
                _expect_whole(_File(archive), kept.moment)
            out.flush()
            os.fsync(out.fileno())
        os.replace(half, target)
        disk.flush_folder(target.absolute().parent)
    finally:
        half.unlink(missing_ok=True)
    return kept


def _private(name: str, flags: int) -> int:
    """Passwords are in it, if not as such: nobody else reads it."""
    return os.open(name, flags, 0o600)


class _ToldByALater(Exception):
    """A release was put away meanwhile, told by one that came after the moment began: it is none without that."""


def _kept(known: Campaigns, place: "_Folder | _File", tell: Tell | None) -> Kept:
    for _ in range(_TRIES):
        with suppress(_ToldByALater):  # what was kept so far is there already
            return _kept_at_once(known, place, tell)
    raise Unreadable(f"{known.folder}: releases were published and put away all the time")


def _kept_at_once(known: Campaigns, place: "_Folder | _File", tell: Tell | None) -> Kept:
    lying = list(_lying(known))
    files: dict[str, str] = {}
    new_files = new_bytes = 0
    for done, (name, read) in enumerate(lying, start=1):
        data = read()
        if data is not None:
            files[name] = hashlib.sha256(data).hexdigest()
            if not place.has(files[name]):
                place.put(files[name], data)
                new_files, new_bytes = new_files + 1, new_bytes + len(data)
        if tell:
            tell(done, len(lying))
    return Kept(place.write(files), new_files, new_bytes)


def _lying(known: Campaigns) -> Iterator[tuple[str, Callable[[], bytes | None]]]:
    """All there is to keep of a data folder: its name in the backup, and how it is read.

    `LIVE` is read first, and kept as it was read: what it leads to is on disk before it moves.
    """
    for one in known.all():
        folder, within = one.store.folder, "" if one.name == AT_THE_TOP else f"campaigns/{one.name}/"
        live = one.store.live_number()
        if live is None:
            continue
        yield f"{within}LIVE", partial(_number, live)
        sums: dict[Path, str] = {}
        for number in range(1, live + 1):
            path, gone = disk.path_of(folder, number), disk.away_path(folder, number)
            yield f"{within}releases/{path.name}", partial(_release, path, sums)
            yield f"{within}releases/{gone.name}", partial(_away, path, sums, live)
            yield f"{within}releases/{path.stem}.sha256", partial(_checksum, path, sums)
        for sha256, path in sorted(disk.all_received(folder).items()):
            yield f"{within}received/{sha256}", partial(_received, path)
        for name in (meetings := one.store.shelf("meetings")).names():
            yield f"{within}meetings/{name}.json", partial(meetings.read, name)
        for path in one.store.waiting().files():  # an entry after its files: what it names is kept
            yield f"{within}{path.relative_to(folder).as_posix()}", partial(_small, path)
    for path in sorted((known.folder / ACCESS).rglob("*")):
        if path.suffix in (".json", ".jsonl", ".head"):  # the head before the book: lines may come after it
            yield path.relative_to(known.folder).as_posix(), partial(_small, path)


def _number(live: int) -> bytes:
    return b"%04d\n" % live


def _release(path: Path, sums: dict[Path, str]) -> bytes | None:
    """A release as it was published, and its checksum goes into `sums`; None for one that was put away. Raises
    `Unreadable` when it is not what was published."""
    for _ in range(_TRIES):
        if away.is_away(path.parent.parent, int(path.stem)):
            return None
        data, told = _small(path) or b"", disk.told_checksums(path) or ()
        sums[path] = hashlib.sha256(data).hexdigest()
        if sums[path].encode("ascii") in told:
            return data
        time.sleep(0.1)  # it may be put in its place at this moment, made again
    raise Unreadable(f"{path}: not what was published")


def _away(path: Path, sums: dict[Path, str], live: int) -> bytes | None:
    """What stands for a release that was put away before it was read; None for any other. Raises `Unreadable`, and
    `_ToldByALater` when it is told by a release after `live`."""
    folder, number = path.parent.parent, int(path.stem)
    if path in sums:
        return None
    if not away.can_be_made(folder, number):  # it may be coming back at this moment: the next backup has it whole
        raise Unreadable(f"{path}: not what was published")
    said = away.remembered(folder, number)
    if said.beside > live:
        raise _ToldByALater(number)
    sums[path] = said.sha256
    return disk.away_path(folder, number).read_bytes()


def _checksum(path: Path, sums: dict[Path, str]) -> bytes:
    """The checksum of the bytes that were kept: while a release is being made again it has two."""
    return disk.checksum_line(path, sums[path])


def _received(path: Path) -> bytes | None:
    data = _small(path)
    if data is not None and hashlib.sha256(data).hexdigest() != path.name:
        raise Unreadable(f"{path}: not what was received")
    return data


def _small(path: Path) -> bytes | None:
    """A file that is written whole; None for one that was taken away meanwhile."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return None


# --- in --------------------------------------------------------------------------------------------------------


def moments(source: Path) -> tuple[Moment, ...]:
    """The moments a backup holds, oldest first. Raises `NotABackup`."""
    with _opened(source) as place:
        return place.moments()


def check(source: Path, tell: Tell | None = None) -> tuple[Moment, ...]:
    """The moments of a backup, after every byte of it was read. Raises `NotABackup`."""
    with _opened(source) as place:
        found = place.moments()
        for one in found:
            _expect_named(one)
        wanted = sorted({sha256: name for one in found for name, sha256 in one.files.items()}.items())
        for done, (sha256, name) in enumerate(wanted, start=1):
            place.get(sha256, name)
            if tell:
                tell(done, len(wanted))
    return found


def restore(source: Path, target: Path, at: str = "", tell: Tell | None = None) -> Campaigns:
    """Make a data folder, which is there only when it is whole, of the newest moment of a backup or of the newest whose
    name begins with `at`. Raises `NotABackup`; then nothing is left."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotABackup("there_already", str(target))
    half = target.with_name(f".{target.name}.coming-{secrets.token_hex(4)}")
    try:
        with _opened(source) as place:
            fitting = [one for one in place.moments() if one.name.startswith(at)]
            if not fitting:
                raise NotABackup("no_moment" if at else "empty", at)
            _take_out(place, fitting[-1], half, tell)
        for one in Campaigns(half).all():
            try:
                disk.keep_spare(one.store.folder, archives.number_of_whole(one.store.folder))
            except archives.NotAnArchive as error:
                raise NotABackup("incomplete", f"{one.name}: {error.file}") from error
        for path in half.rglob("*.duckdb"):
            engine.forget(path)
        if target.exists():
            target.rmdir()
        os.replace(half, target)
        disk.flush_folder(target.absolute().parent)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return Campaigns(target)


def _take_out(place: "_Folder | _File", moment: Moment, half: Path, tell: Tell | None) -> None:
    _expect_named(moment)
    for done, (name, sha256) in enumerate(moment.files.items(), start=1):
        data, path = place.get(sha256, name), half.joinpath(*PurePosixPath(name).parts)
        is_private = name.startswith(f"{ACCESS}/")
        (disk.make_private_folder if is_private else disk.make_folder)(path.parent)
        (disk.write_private if is_private else disk.write_whole)(path, data)
        if tell:
            tell(done, len(moment.files))


def _expect_named(moment: Moment) -> None:
    strange = next((name for name in moment.files if not _PATH.fullmatch(name)), None)
    if strange is not None:
        raise NotABackup("strange", strange)


def _expect_whole(place: "_Folder | _File", moment: Moment) -> None:
    for name, sha256 in moment.files.items():
        place.get(sha256, name)


def _expect_a_backup(target: Path) -> None:
    """Raise `NotABackup` for a folder in which something else lies: nothing is put among it."""
    if target.exists() and not target.is_dir():
        raise NotABackup("not_one", str(target))
    lies = {path.name for path in target.glob("*")} - {"shelf.lock", "shelf.who"}
    if (target / SIGN).exists():
        _expect_format((target / SIGN).read_bytes())
    elif lies - {"objects", "moments"}:  # the first backup may have been broken off
        raise NotABackup("not_one", str(target))


def _expect_format(said: bytes) -> None:
    try:
        version = json.loads(said)["format"]
    except (KeyError, TypeError, ValueError) as error:
        raise NotABackup("not_one") from error
    if version != FORMAT:
        raise NotABackup("other_version")


def _sign() -> bytes:
    return json.dumps({"format": FORMAT}).encode("ascii")


@contextmanager
def _opened(source: Path) -> "Iterator[_Folder | _File]":
    if source.is_dir():
        if not (source / SIGN).exists():
            raise NotABackup("not_one", str(source))
        _expect_format((source / SIGN).read_bytes())
        yield _Folder(source)
        return
    try:
        archive = zipfile.ZipFile(source)
        said = archive.read(SIGN)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, zlib.error) as error:
        raise NotABackup("not_one", str(source)) from error
    with archive:
        _expect_format(said)
        yield _File(archive)


# --- where it lies ---------------------------------------------------------------------------------------------


def _object(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def _moment_of(name: str, said: bytes) -> Moment:
    """A moment as it was written. Raises `NotABackup` when it is not: its name ends in the checksum of what it says."""
    try:
        files = json.loads(said)
        is_whole = name.endswith(_stamp(said)) and all(re.fullmatch("[0-9a-f]{64}", one) for one in files.values())
    except (AttributeError, TypeError, ValueError):
        is_whole = False
    if not is_whole:
        raise NotABackup("damaged", f"moments/{name}.json")
    return Moment(name, files)


def _moment(files: dict[str, str], taken: Container[str]) -> tuple[Moment, bytes]:
    """The moment that is now, and what is written of it. Two within a second are two moments."""
    said, at = json.dumps(files, ensure_ascii=False, indent=1).encode(), clock.now()
    while f"{at:%Y%m%dT%H%M%SZ}" in taken:
        at += dt.timedelta(seconds=1)
    return Moment(f"{at:%Y%m%dT%H%M%SZ}-{_stamp(said)}", files), said


def _stamp(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()[:12]


@dataclass(frozen=True)
class _Folder:
    """A backup that grows: moments beside each other, what they share once."""

    folder: Path

    def has(self, sha256: str) -> bool:
        """Whether it is there as it was put: what was damaged since is put again, while it can be."""
        path = self.folder / _object(sha256)
        return path.exists() and disk.sha256_of(path) == sha256

    def put(self, sha256: str, data: bytes) -> None:
        path = self.folder / _object(sha256)
        disk.make_folder(path.parent)
        disk.write_private(path, data)
        self.get(sha256, path.name)

    def get(self, sha256: str, name: str) -> bytes:
        try:
            data = (self.folder / _object(sha256)).read_bytes()
        except FileNotFoundError as error:
            raise NotABackup("incomplete", name) from error
        return _expect_as_kept(data, sha256, name)

    def write(self, files: dict[str, str]) -> Moment:
        disk.make_folder(self.folder / "moments")
        moment, said = _moment(files, {name.stem[:16] for name in (self.folder / "moments").glob("*.json")})
        disk.write_private(self.folder / "moments" / f"{moment.name}.json", said)
        return moment

    def moments(self) -> tuple[Moment, ...]:
        lying = sorted((self.folder / "moments").glob("*.json"))
        return tuple(_moment_of(path.stem, path.read_bytes()) for path in lying)

    def forget_all_but(self, keep: int) -> None:
        """Take away the oldest moments, and what no other one needs; a damaged moment stops it before anything goes."""
        found = self.moments()
        needed = {sha256 for one in found[-keep:] for sha256 in one.files.values()}
        for one in found[:-keep]:
            (self.folder / "moments" / f"{one.name}.json").unlink()
        if found[:-keep]:
            for path in (self.folder / "objects").glob("*/*"):
                if path.name not in needed:
                    path.unlink()

    def sweep(self) -> None:
        """Take away what a crash left half written a day ago."""
        for path in self.folder.rglob("*.tmp"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                    path.unlink()


@dataclass(frozen=True)
class _File:
    """A backup of one moment in one file."""

    archive: zipfile.ZipFile

    def has(self, sha256: str) -> bool:
        return _object(sha256) in self.archive.NameToInfo

    def put(self, sha256: str, data: bytes) -> None:
        self.archive.writestr(_object(sha256), data)

    def get(self, sha256: str, name: str) -> bytes:
        try:
            data = self.archive.read(_object(sha256))
        except KeyError as error:
            raise NotABackup("incomplete", name) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise NotABackup("damaged", name) from error
        return _expect_as_kept(data, sha256, name)

    def write(self, files: dict[str, str]) -> Moment:
        moment, said = _moment(files, set())
        self.archive.writestr(f"moments/{moment.name}.json", said)
        return moment

    def moments(self) -> tuple[Moment, ...]:
        names = sorted(name for name in self.archive.namelist() if re.fullmatch(r"moments/[\w-]+\.json", name))
        return tuple(_moment_of(PurePosixPath(name).stem, self._read(name)) for name in names)

    def _read(self, name: str) -> bytes:
        try:
            return self.archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise NotABackup("damaged", name) from error


def _expect_as_kept(data: bytes, sha256: str, name: str) -> bytes:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotABackup("damaged", name)
    return data
