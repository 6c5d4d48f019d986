"""A campaign as one file: all its releases, every file it received, its open meetings; from one machine to another.

    taizhang-archive.json       what it is, and the SHA-256 of every other file in it
    LIVE                        the number of the newest release
    releases/0007.duckdb …      as they lie in the store, also what stands for one that was put away
    received/<sha256>
    meetings/HY-004.json

Every byte is held against its checksum when it is put in, again when the file is done, and when it is taken out. What
cannot be whole is refused, and nothing of it is left behind.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from taizhang.store import Release, Store, Unreadable, away, disk, engine, leave
from taizhang.store.campaigns import AT_THE_TOP, About, Campaign, Campaigns

FORMAT = 1
CONTENTS = "taizhang-archive.json"
Tell = Callable[[int, int], None]  # files done, files in all

_HALF = ".coming-"  # a campaign that is being taken out of an archive: no campaign can be called so
_STALE_SECONDS = 24 * 60 * 60
_CHUNK = 1 << 20
OF_A_CAMPAIGN = re.compile(
    r"LIVE|releases/[0-9]{4,9}\.(duckdb|sha256|away)|received/[0-9a-f]{64}|meetings/[\w-]{1,200}\.json"
)


class NotAnArchive(Exception):
    """A file that is no archive, or not a whole one; `what` says why, `file` which one in it, where one is meant.

    `what`: not_one, other_version, strange, damaged or incomplete.
    """

    def __init__(self, what: str, file: str = ""):
        self.what, self.file = what, file
        super().__init__(f"{what}: {file}")


@dataclass(frozen=True)
class Contents:
    """What an archive says of itself."""

    name: str
    title: str
    office: str
    files: dict[str, str]  # path → SHA-256


# --- out -------------------------------------------------------------------------------------------------------


def write(one: Campaign, out: BinaryIO, tell: Tell | None = None) -> Contents:
    """Write a campaign into a file that can be read back, and read it back.

    Raises `NoRelease` for an empty campaign, and `Unreadable` when anything of it is not what it was.
    """
    live = one.store.live()
    files, about = dict(_lying(one.store.folder, live.number)), About.of(live)
    sums: dict[str, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for done, (name, path) in enumerate(files.items(), start=1):
            data = path.read_bytes()
            sums[name] = hashlib.sha256(data).hexdigest()
            _expect_as_written(name, path, sums[name])
            archive.writestr(_entry(name), data)
            if tell:
                tell(done, len(files))
        contents = Contents(_name_of(one, live), about.title, about.office, sums)
        archive.writestr(
            _entry(CONTENTS), json.dumps({"format": FORMAT, **vars(contents)}, ensure_ascii=False, indent=1)
        )
    out.seek(0)
    with zipfile.ZipFile(out) as archive:
        for name, sha256 in contents.files.items():
            if _sum_of(archive, name) != sha256:
                raise Unreadable(f"{name}: was not written as it is")
    return contents


def write_file(one: Campaign, target: Path, tell: Tell | None = None) -> Contents:
    """The same into a file of that name, which is there only when it is whole. Raises as `write` does."""
    half = target.with_name(f"{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with half.open("w+b") as out:
            contents = write(one, out, tell)
            out.flush()
            os.fsync(out.fileno())
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)
    return contents


def _lying(folder: Path, number: int) -> Iterator[tuple[str, Path]]:
    """The files of a store up to a release: name in the archive → where it lies."""
    yield "LIVE", folder / "LIVE"
    for one in range(1, number + 1):
        path = disk.path_of(folder, one)
        whole = disk.away_path(folder, one) if away.is_away(folder, one) else path
        if whole != path and away.remembered(folder, one).beside > number:
            raise Unreadable(f"{whole.name}: put away meanwhile")
        for each in (whole, path.with_suffix(".sha256")):
            if not each.exists():
                raise Unreadable(f"{each.name} is not there")
            yield f"releases/{each.name}", each
    yield from ((f"received/{name}", path) for name, path in sorted(disk.all_received(folder).items()))
    meetings = disk.Shelf(folder / "meetings", ".json")
    yield from ((f"meetings/{name}.json", meetings.folder / f"{name}.json") for name in meetings.names())


def _expect_as_written(name: str, path: Path, sha256: str) -> None:
    """Raise `Unreadable` when a release or a received file is not what it once was."""
    if path.suffix == ".duckdb" and disk.is_as_written(path) is False:
        raise Unreadable(f"{path.name}: not what was published")
    if path.suffix == ".away" and not away.can_be_made(path.parent.parent, int(path.stem)):
        raise Unreadable(f"{path.name}: not what was published")
    if name.startswith("received/") and path.name != sha256:
        raise Unreadable(f"{path.name}: not what was received")


def _name_of(one: Campaign, live: Release) -> str:
    """What the campaign is called where it is taken out: its own name, or its ID where it has none of its own."""
    if one.name != AT_THE_TOP:
        return one.name
    row = next(iter(live.ask("campaign").records()), {})
    return re.sub(r"[^A-Za-z0-9]+", "-", str(row.get("campaign_id") or "")).strip("-")[:40] or "campaign"


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without the moment it was written: the same campaign gives the same file."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def file_name(one: Campaign, live: Release) -> str:
    """What an archive is called: the campaign's name and the day of its newest data."""
    return f"{_name_of(one, live)}-{live.as_of}.zip"


# --- in --------------------------------------------------------------------------------------------------------


def contents_of(source: BinaryIO | Path) -> Contents:
    """What an archive holds. Raises `NotAnArchive`."""
    with _opened(source) as archive:
        return _contents(archive)


def read(known: Campaigns, source: BinaryIO | Path, name: str = "", tell: Tell | None = None) -> Campaign:
    """Make a campaign of an archive, under its own name or the one given; it is there only when it is whole.

    Raises `NotAnArchive`, and as `Campaigns.new` does; then nothing is left of it.
    """
    leave.ask("backup")
    with _opened(source) as archive:
        contents = _contents(archive)
        with known.locked():
            one = known.new(name or contents.name)
            home = one.store.folder.parent
            _sweep(home)
            half = home / f"{_HALF}{secrets.token_hex(4)}"
            try:
                _take_out(archive, contents, half, tell)
                number = number_of_whole(half)
                disk.keep_spare(half, number)
                for path in half.rglob("*.duckdb"):
                    engine.forget(path)  # a reader would go on under the name that the file is about to lose
                os.replace(half, one.store.folder)
                disk.flush_folder(home)
            finally:
                shutil.rmtree(half, ignore_errors=True)
    leave.told("restore", one.store.folder, number)
    return one


def _take_out(archive: zipfile.ZipFile, contents: Contents, half: Path, tell: Tell | None) -> None:
    for done, (name, sha256) in enumerate(contents.files.items(), start=1):
        path = half.joinpath(*PurePosixPath(name).parts)
        disk.make_folder(path.parent)
        with path.open("wb") as out:
            if _sum_of(archive, name, out) != sha256:
                raise NotAnArchive("damaged", name)
            out.flush()
            os.fsync(out.fileno())
        if tell:
            tell(done, len(contents.files))
    for folder in {half, *(half / name for name in ("releases", "received", "meetings") if (half / name).exists())}:
        disk.flush_folder(folder)


def number_of_whole(half: Path) -> int:
    """The number of the live release of what was taken out; it is opened, and every one before it is there."""
    try:
        number = Store(half).live().number
    except Exception as error:  # whatever it is, it is no whole campaign
        raise NotAnArchive("incomplete", "LIVE") from error
    for one in range(1, number + 1):
        if away.is_away(half, one):
            is_whole = away.can_be_made(half, one)
        else:
            is_whole = disk.is_as_written(disk.path_of(half, one)) is True
        if not is_whole:
            raise NotAnArchive("incomplete", disk.path_of(half, one).name)
    return number


def _opened(source: BinaryIO | Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise NotAnArchive("not_one") from error


def _contents(archive: zipfile.ZipFile) -> Contents:
    try:
        said = json.loads(archive.read(CONTENTS))
        version, files = said["format"], said["files"]
        contents = Contents(str(said["name"]), str(said["title"]), str(said["office"]), dict(files))
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise NotAnArchive("not_one") from error
    if version != FORMAT:
        raise NotAnArchive("other_version")
    names = [one for one in archive.namelist() if one != CONTENTS]
    strange = next((one for one in (*contents.files, *names) if not OF_A_CAMPAIGN.fullmatch(one)), None)
    if strange is not None:
        raise NotAnArchive("strange", strange)
    missing = next(iter(contents.files.keys() ^ set(names)), None)
    if missing is not None or len(names) != len(set(names)):
        raise NotAnArchive("incomplete", missing or "")
    return contents


def _sum_of(archive: zipfile.ZipFile, name: str, out: BinaryIO | None = None) -> str:
    """The SHA-256 of a file of the archive, copied into `out` by the way; '' where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                if out:
                    out.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return ""
    return digest.hexdigest()


def _sweep(home: Path) -> None:
    """Take away what a crash left half taken out a day ago."""
    for path in home.glob(f"{_HALF}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path)
