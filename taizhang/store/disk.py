"""Bytes on disk: where the files of a store lie, and how one is written so that no crash leaves half of it.

releases/0007.duckdb      a release, never changed after it is made
releases/0007.sha256      its checksum, in the form `sha256sum -c` reads
received/<sha256>         every file as it was received
meetings/HY-004.json      a review meeting being prepared or held
drafts/<name>/0008.duckdb a release that nobody has published yet; readers never see it unasked
LIVE                      the number of the release that readers see
"""

import hashlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from taizhang.store.engine import Unreadable


def path_of(folder: Path, number: int) -> Path:
    """The file of a release."""
    return path_in(folder / "releases", number)


def path_in(folder: Path, number: int) -> Path:
    """The file of a release, or of a draft of one, in a folder that holds such files."""
    return folder / f"{number:04d}.duckdb"


def live_number(folder: Path) -> int | None:
    """The number in `LIVE`, or None for an empty store. Raises `Unreadable` when it holds no number."""
    try:
        return int((folder / "LIVE").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Unreadable(f"{folder / 'LIVE'}: holds no number") from error


def move_live(folder: Path, number: int) -> None:
    """Make readers see release `number` from now on."""
    write_whole(folder / "LIVE", f"{number:04d}\n".encode("ascii"))


# --- files as they were received -------------------------------------------------------------------------------


def keep(folder: Path, data: bytes) -> Path:
    """Keep a file as it was received, under its SHA-256; the bytes are on disk when this returns."""
    path = folder / "received" / hashlib.sha256(data).hexdigest()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
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


@dataclass(frozen=True)
class Shelf:
    """Small files under names of letters, digits, - and _: each is written whole, and read as it was written."""

    folder: Path
    suffix: str

    def names(self) -> list[str]:
        """The names on the shelf, sorted."""
        return sorted(path.name.removesuffix(self.suffix) for path in self.folder.glob(f"*{self.suffix}"))

    def read(self, name: str) -> bytes | None:
        """What was written under a name; None when there is no such file. Raises `ValueError` for no name."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole; on disk when this returns. Raises `ValueError` for no name."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)

    def remove(self, name: str) -> None:
        """Take a file away; one that is gone already is no matter. Raises `ValueError` for no name."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not re.fullmatch(r"[\w-]+", name):
            raise ValueError(f"{name!r} cannot be the name of a file")
        return self.folder / f"{name}{self.suffix}"


# --- bytes -----------------------------------------------------------------------------------------------------


def sha256_of(path: Path) -> str:
    """Checksum of a file. Of a release file only where nobody in this process has it open for writing."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a whole file in one atomic step; it is on disk when this returns."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")  # two may write it at once
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)


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
