"""Zip files as office programs write them, looked through before a part is read: sizes, and what must not be there."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree import ElementTree

from taizhang.uploads.lines import FileRefused, Limits

# What a damaged archive, or a damaged part of one, makes its readers raise.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ElementTree.ParseError)
BROKEN += (KeyError, ValueError, IndexError, OSError, RecursionError, LookupError)
PIECE = 1 << 20
_RATIO, _RATIO_FROM = 300, 20 << 20  # a ledger shrinks to a twentieth, at most a hundredth; a bomb to a thousandth


def has_stream(data: bytes, name: str) -> bool:
    """Whether an OLE file has a stream of that name."""
    return name.encode("utf-16-le") in data


def refuse_many_parts(file_name: str, data: bytes, limits: Limits) -> None:
    """Count the parts before a reader builds a list of them. Raises `FileRefused`."""
    if data.count(b"PK\x01\x02") > limits.entries:
        raise FileRefused("zip_bomb", file=file_name, limit=limits.unpacked_bytes >> 20)


def refuse_locked(file_name: str, entries: list[zipfile.ZipInfo]) -> None:
    """Raises `FileRefused` for a password, `BadZipFile` for a part that is there twice."""
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("encrypted", file=file_name)
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("a part is there twice")


def has_macros(entries: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether a workbook brings macros along. Nothing here runs them: what it shows was stored when it was saved."""
    return any(PurePosixPath(entry.filename).name.lower() == "vbaproject.bin" for entry in entries)


def with_slashes(file_name: str, data: bytes, limits: Limits) -> bytes:
    """The archive with / in the names of its parts where a program wrote \\ into them; any other as it is."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        if not any("\\" in entry.orig_filename for entry in entries):
            return data
        refuse_locked(file_name, entries)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for entry, pieces in unpacked(file_name, archive, limits):
                copy.writestr(entry.orig_filename.replace("\\", "/"), b"".join(pieces))
        return out.getvalue()


def unpacked(
    file_name: str, archive: zipfile.ZipFile, limits: Limits
) -> Iterator[tuple[zipfile.ZipInfo, Iterator[bytes]]]:
    """(part, its pieces) for every part in turn, counted as they are unpacked: what a header says proves nothing.

    Raises `FileRefused` while the pieces are taken, once they are more than a file of an office has.
    """
    done = 0

    def pieces(entry: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal done
        size = 0
        with archive.open(entry) as part:
            while piece := part.read(PIECE):
                size, done = size + len(piece), done + len(piece)
                is_bomb = size > _RATIO_FROM and size > _RATIO * max(entry.compress_size, 1)
                if done > limits.unpacked_bytes or is_bomb:
                    raise FileRefused("zip_bomb", file=file_name, limit=limits.unpacked_bytes >> 20)
                yield piece

    for entry in archive.infolist():
        yield entry, pieces(entry)


def without_dtd(file_name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a part. Raises `FileRefused` for a DTD, whose entities grow without end or read other files."""
    end = b""
    for piece in pieces:
        if has_dtd(end + piece):
            raise FileRefused("entities", file=file_name)
        end = piece[-32:]
        yield piece


def has_dtd(text: bytes) -> bool:
    """Whether XML declares a document type or entities."""
    plain = text.replace(b"\0", b"") if b"\0" in text else text  # UTF-16 hides it from no reader of XML
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain
