"""Any file an office produces → sheets of numbered lines of text, or one sentence that says why not.

What a file is, its content decides and not its name.
"""

import json
from dataclasses import replace
from pathlib import PurePath

from taizhang.uploads import delimited, markup, workbook
from taizhang.uploads.lines import (
    LIMITS,
    Cancelled,
    FileRefused,
    Limits,
    Line,
    Remark,
    Sheet,
    Tell,
    sentence,
    tell_nobody,
)

__all__ = ["LIMITS", "Cancelled", "FileRefused", "Limits", "Line", "Remark", "Sheet", "Tell", "sentence", "sheets_of"]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF89a", "GIF"),
    (b"GIF87a", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b", "GZIP"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1\x15", "Parquet"),
    (b"MZ\x90\0", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"PK\x05\x06", "ZIP"),
    (b"{\\rtf", "RTF"),
)
_ZIP_ENDINGS = {"xlsx": (".xlsx", ".xlsm", ".xltx", ".et"), "ods": (".ods", ".ots")}
LARGEST_LOCK = 400  # bytes of what a spreadsheet leaves while a workbook is open
_TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt", "")


def sheets_of(file_name: str, data: bytes, tell: Tell | None = None, limits: Limits = LIMITS) -> tuple[Sheet, ...]:
    """The sheets of a text file, a workbook (.xlsx, .xlsm, .xls, .et, .ods) or a table saved as HTML or XML under
    the name of one; at least one of them with text.

    Raises `FileRefused` with one reason. `tell` hears of the stages check, decode and read.
    """
    tell, ending = tell or tell_nobody, PurePath(file_name).suffix.lower()
    if len(data) > limits.file_bytes:
        size, limit = -(-len(data) // (1 << 20)), limits.file_bytes >> 20
        raise FileRefused("too_large", file=file_name, size=size, limit=limit)
    if not data.strip(b"\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise FileRefused("empty", file=file_name)
    if _is_lock(file_name, data):
        raise FileRefused("lock_file", file=file_name)
    if kind := _other_kind(data):
        raise FileRefused("other_format", file=file_name, kind=kind)
    if data.startswith(_ZIP):
        read = workbook.of_zip(file_name, data, tell, limits)
        return _remarked(read, ending, _ZIP_ENDINGS[read[0].encoding], read[0].encoding)
    if kind := markup.kind_of(data):
        return markup.sheets_of(file_name, data, kind, tell, limits)
    if data.startswith(_OLE):
        return _remarked(workbook.of_xls(file_name, data, tell, limits), ending, (".xls", ".xlt", ".et"), "xls")
    return _remarked((delimited.sheet_of(file_name, data, tell, limits),), ending, _TEXT_ENDINGS, "CSV")


def _other_kind(data: bytes) -> str | None:
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = (kind for mark, kind in _OTHER if data.startswith(mark))
    return next(found, None) or ("JSON" if start[:1] in (b"{", b"[") and _is_json(data) else None)


def _is_json(data: bytes) -> bool:
    try:
        return bool(json.loads(data))
    except (ValueError, RecursionError):
        return False


def _is_lock(file_name: str, data: bytes) -> bool:
    """Whether it is what a spreadsheet leaves beside a workbook while somebody has it open: their name, twice."""
    if PurePath(file_name).name.startswith(("~$", ".~lock.")):
        return len(data) < LARGEST_LOCK
    blank = data[1 + data[0] : 52]  # the name is set in a field of 54 bytes, its length before it
    return 54 <= len(data) < LARGEST_LOCK and 1 <= data[0] <= 40 and blank == b" " * len(blank)


def _remarked(sheets: tuple[Sheet, ...], ending: str, usual: tuple[str, ...], kind: str) -> tuple[Sheet, ...]:
    """The sheets, with a remark on the first when the file is not what its name says."""
    if ending in usual:
        return sheets
    remark = Remark("other_ending", None, {"ending": ending, "kind": kind})
    return (replace(sheets[0], remarks=(remark, *sheets[0].remarks)), *sheets[1:])
