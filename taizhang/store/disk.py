"""Bytes on disk: where the files of a store lie, and how one is written so that no crash leaves half of it.

releases/0007.duckdb      a release, never changed after it is made
releases/0007.sha256      its checksum, in the form `sha256sum -c` reads
releases/0007.away        in the place of a release that nobody needs: what it does not share with a later one
again/0007.duckdb         such a release, made again for whoever asked for it; for a day
received/<sha256>         every file as it was received
meetings/HY-004.json      a review meeting being prepared or held
drafts/<name>/0008.duckdb a release that nobody has published yet; readers never see it unasked
spare/0007.duckdb         the newest release once more: all older ones can be made again from what it records
LIVE                      the number of the release that readers see
GOING-LIVE                the numbers being given at this moment: their files were never live if LIVE is not there yet

What LIVE leads to is on disk before LIVE moves. `tests/power.py` holds that against every moment of a power cut.
"""

import getpass
import hashlib
import os
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from taizhang.store import clock, leave
from taizhang.store.engine import Unreadable


def path_of(folder: Path, number: int) -> Path:
    """The file of a release."""
    return path_in(folder / "releases", number)


def path_in(folder: Path, number: int) -> Path:
    """The file of a release, or of a draft of one, in a folder that holds such files."""
    return folder / f"{number:04d}.duckdb"


def away_path(folder: Path, number: int) -> Path:
    """Where that lies of which a release that was put away can be made again."""
    return path_of(folder, number).with_suffix(".away")


def numbers_on_disk(folder: Path) -> list[int]:
    """The numbers of which there is a trace (a release, also one put away, its checksum, a second copy), in order,
    whether `LIVE` has reached them or not."""
    names = {path.name for place in ("releases", "spare") for path in (folder / place).glob("*")}
    found = (re.fullmatch(r"([0-9]{4,9})\.(duckdb|sha256|away)", name) for name in names)
    return sorted({int(one[1]) for one in found if one and int(one[1])})


def live_number(folder: Path) -> int | None:
    """The number in `LIVE`, or None for an empty store. Raises `Unreadable` when it holds no number of a release."""
    try:
        said = (folder / "LIVE").read_bytes()
    except FileNotFoundError:
        return None
    if not re.fullmatch(rb"0*[1-9][0-9]{0,8}\n?", said):
        raise Unreadable(f"{folder / 'LIVE'}: holds no number")
    return int(said)


# --- one publisher at a time -----------------------------------------------------------------------------------

MOST_SECONDS = 10  # to wait for another publisher: publishing takes one


class Busy(Exception):
    """Somebody else has been publishing all the time; `who` they are, as far as they said."""

    def __init__(self, who: str):
        self.who = who
        super().__init__(f"{who} is publishing")


@contextmanager
def publishing_alone(folder: Path) -> Iterator[None]:
    """Nobody else publishes into the store meanwhile. Raises `Busy` when somebody does, and goes on."""
    with _alone(folder / "publish"):
        yield


@contextmanager
def _alone(at: Path) -> Iterator[None]:
    """Hold the lock `at`.lock, and say in `at`.who who does. Raises `Busy` when somebody else goes on holding it."""
    said, lock = at.with_suffix(".who"), FileLock(at.with_suffix(".lock"), timeout=MOST_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise Busy(said.read_text(encoding="utf-8", errors="replace").strip() if said.exists() else "?") from error
    try:
        said.write_text(f"{_user()}, {os.getpid()}, {clock.now():%Y-%m-%d %H:%M} UTC\n", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            said.unlink(missing_ok=True)
        lock.release()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process without a name
        return "?"


# --- checksums of releases -------------------------------------------------------------------------------------


def write_checksum(path: Path, of: Path) -> None:
    """Write beside release `path` the checksum of the file `of`, which is or becomes that release."""
    write_whole(path.with_suffix(".sha256"), checksum_line(path, sha256_of(of)))


def is_as_written(path: Path) -> bool | None:
    """Whether a release has the checksum it was published with; None when nobody can say."""
    told = told_checksums(path)
    return None if told is None else sha256_of(path).encode("ascii") in told


def told_checksum(path: Path) -> bytes | None:
    """The checksum a release was published with; None for a draft, and while it is being made again."""
    told = told_checksums(path) or ()
    return next(iter(told)) if len(told) == 1 else None


def replace_release(new: Path, old: Path) -> None:
    """Put a release that was made again in the place of the one it was, in steps after each of which it is whole.

    Two files cannot be replaced at once: for a moment both checksums are beside it.
    """
    lines = [one + b"  " + old.name.encode("ascii") + b"\n" for one in sorted(told_checksums(old) or ())]
    write_whole(old.with_suffix(".sha256"), b"".join([*lines, checksum_line(old, sha256_of(new))]))
    flush(new)
    os.replace(new, old)
    flush_folder(old.parent)
    folder, number = old.parent.parent, int(old.stem)
    if spare_path(folder, number).exists():  # while either checksum is right
        keep_spare(folder, number)
    write_checksum(old, old)


def keep_spare(folder: Path, number: int) -> None:
    """Keep a second copy of the newest release, and no other; where there is no room, none is kept."""
    spare = spare_path(folder, number)
    with suppress(OSError):
        make_folder(spare.parent)
        write_whole(spare, path_of(folder, number).read_bytes())
        for other in spare.parent.glob("*.duckdb"):
            if other.name < spare.name:
                other.unlink()


def spare_path(folder: Path, number: int) -> Path:
    """Where the second copy of a release lies, if there is one."""
    return folder / "spare" / path_of(folder, number).name


def spare_of(folder: Path, number: int) -> Path | None:
    """The second copy of a release, if it is what was published."""
    spare, told = spare_path(folder, number), told_checksums(path_of(folder, number))
    is_there = spare.exists() and (told is None or sha256_of(spare).encode("ascii") in told)
    return spare if is_there else None


def checksum_line(path: Path, sha256: str) -> bytes:
    """What stands in the file beside a release that has this checksum."""
    return f"{sha256}  {path.name}\n".encode("ascii")


def told_checksums(path: Path) -> frozenset[bytes] | None:
    """The checksums told beside a release, two while one made again is put in its place; None where none is told."""
    try:
        said = path.with_suffix(".sha256").read_bytes()
    except FileNotFoundError:
        return None
    return frozenset(line.split()[0] for line in said.splitlines() if line.strip())


def live_said(folder: Path) -> int | None:
    """The number in `LIVE`; None where it says none, be it damaged."""
    try:
        return live_number(folder)
    except Unreadable:
        return None


# --- giving numbers --------------------------------------------------------------------------------------------


class NumbersTaken(Exception):
    """Releases lie beyond `LIVE` that once were live: `LIVE` was lost or moved back. None of them is overwritten."""

    def __init__(self, live: int | None, numbers: Sequence[int]):
        self.live, self.numbers = live, tuple(numbers)
        super().__init__(f"LIVE says {live}, but there is a release {self.numbers[-1]}")


def next_number(folder: Path) -> int:
    """The number of the release that is published next: none is ever given twice, whatever became of `LIVE`.

    What a crash left behind of a release that was never live does not count. Raises `NumbersTaken` when there is any
    other release beyond `LIVE`.
    """
    live = live_number(folder)
    beyond = numbers_beyond(folder, live or 0)
    if beyond:
        raise NumbersTaken(live, beyond)
    return (live or 0) + 1


def numbers_beyond(folder: Path, live: int) -> list[int]:
    """The numbers after `live` that were live once, as far as anything on disk tells."""
    never_live = _announced(folder)
    return [number for number in numbers_on_disk(folder) if number > live and number not in never_live]


def announce(folder: Path, first: int, last: int) -> None:
    """Say which numbers are about to be given, before any file bears one; `move_live` ends it.

    So a file that a crash left behind is told from one that was live. Raises `NumbersTaken`, or `Unreadable` when
    `first` is not the next number.
    """
    if next_number(folder) != first:
        raise Unreadable(f"{folder}: the next release is not {first}")
    write_whole(folder / "GOING-LIVE", f"{first:04d} {last:04d}\n".encode("ascii"))


def _announced(folder: Path) -> range:
    try:
        said = (folder / "GOING-LIVE").read_bytes()
    except FileNotFoundError:
        return range(0)
    numbers = [int(one) for one in said.split()] if re.fullmatch(rb"[0-9]{4,9} [0-9]{4,9}\n", said) else [0, -1]
    return range(numbers[0], numbers[1] + 1)


def move_live(folder: Path, number: int) -> None:
    """Make readers see release `number` from now on; it is so on disk when this returns."""
    write_whole(folder / "LIVE", f"{number:04d}\n".encode("ascii"))
    announced = folder / "GOING-LIVE"
    if announced.exists():  # not before LIVE is on disk, or a crash would leave a release that looks as if it was live
        announced.unlink()
        flush_folder(folder)


class NotConfirmed(OSError):
    """Release `number` is live, and readers see it; but the disk did not say that it will still be so after a power
    cut."""

    def __init__(self, number: int, error: OSError):
        self.number = number
        super().__init__(error.errno, error.strerror)


# --- files as they were received -------------------------------------------------------------------------------


def keep(folder: Path, data: bytes) -> Path:
    """Keep a file as it was received, under its SHA-256; the bytes are on disk when this returns."""
    path = folder / "received" / hashlib.sha256(data).hexdigest()
    if not path.exists():
        make_folder(path.parent)
        write_whole(path, data)
    return path


def received(folder: Path, sha256: str) -> bytes:
    """A file as it was received. Raises `Unreadable` when it is gone, or is not what it was."""
    try:
        data = (folder / "received" / sha256).read_bytes()
    except OSError as error:
        raise Unreadable(f"{folder}: the received file {sha256} is not there") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unreadable(f"{folder}: the received file {sha256} is not what it was")
    return data


def all_received(folder: Path) -> dict[str, Path]:
    """SHA-256 → path of every received file that is there."""
    return {path.name: path for path in (folder / "received").glob("*") if re.fullmatch(r"[0-9a-f]{64}", path.name)}


# --- small files that are written again and again --------------------------------------------------------------


_LONGEST_NAME = 200  # bytes: most disks take 255, and a file that is being written has a longer name


@dataclass(frozen=True)
class Shelf:
    """Small files under names of letters, digits, - and _: each is written whole, and read as it was written.

    What somebody else has put there can be read and taken away too, whatever it is called. Private files can be read
    by nobody but whom the program runs as.
    """

    folder: Path
    suffix: str
    is_private: bool = False
    act: str = ""  # that needs leave to write or take away

    def names(self) -> list[str]:
        """The names on the shelf, sorted."""
        return sorted(path.name.removesuffix(self.suffix) for path in self.folder.glob(f"*{self.suffix}"))

    def is_name(self, name: str) -> bool:
        """Whether a file can be written under that name."""
        return bool(re.fullmatch(r"[\w-]+", name)) and len(name.encode()) <= _LONGEST_NAME

    def read(self, name: str) -> bytes | None:
        """What was written under a name; None when there is no such file. Raises `ValueError` for no name."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole; on disk when this returns. Raises `ValueError` for no name."""
        path = self._path(name)
        if self.act:
            leave.ask(self.act)
        make_folder(path.parent)
        (write_private if self.is_private else write_whole)(path, data)

    def stamp(self, name: str) -> tuple[int, ...] | None:
        """What changes whenever a file is written, without reading it; None when there is none of that name."""
        try:
            found = (self.folder / f"{name}{self.suffix}").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def remove(self, name: str) -> None:
        """Take a file away, for good when this returns; one that is gone already is no matter. Raises `ValueError`
        for no name."""
        path = self._path(name)
        if self.act:
            leave.ask(self.act)
        if path.exists():
            path.unlink(missing_ok=True)
            flush_folder(path.parent)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else who asks for it changes a file meanwhile: what was read is still so when it is written."""
        make_folder(self.folder)
        with _alone(self.folder / "shelf"):
            yield

    def _path(self, name: str) -> Path:
        if not self.is_name(name) and name not in self.names():
            raise ValueError(f"{name!r} cannot be the name of a file")
        return self.folder / f"{name}{self.suffix}"


# --- bytes -----------------------------------------------------------------------------------------------------


def sha256_of(path: Path) -> str:
    """Checksum of a file. Of a release file only where nobody in this process has it open for writing."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a whole file in one atomic step; it is on disk when this returns."""
    _write_whole(path, data, 0o666)


def write_private(path: Path, data: bytes) -> None:
    """As `write_whole`, for nobody else to read from the first byte on."""
    _write_whole(path, data, 0o600)


def _write_whole(path: Path, data: bytes, mode: int) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")  # two may write it at once
    try:
        _write(temporary, data, mode)
        try:
            os.replace(temporary, path)
        except FileNotFoundError:  # a clock that jumped made it look left behind, and it was swept
            _write(temporary, data, mode)
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)


def _write(path: Path, data: bytes, mode: int) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def append_private(path: Path, data: bytes) -> None:
    """Add to the end of a file that nobody else may read; on disk when this returns. What was there stays as it is."""
    is_new = not path.exists()
    with open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        flush_folder(path.parent)


def make_private_folder(folder: Path) -> None:
    """Make a folder that nobody else can look into, and those above it as usual."""
    if not folder.exists():
        make_folder(folder)
        folder.chmod(0o700)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; its name is on disk when this returns, so that what is put in can be found."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        flush_folder(one.parent)


def flush(path: Path) -> None:
    """Wait until a file is on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    if os.name == "posix":  # Windows has no such call, and needs none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
