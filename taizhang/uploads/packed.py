"""What is handed in, unpacked: the files of a zip, and a workbook behind a password → files (name, bytes) to be read.

The files that come out are those that are kept and recorded: whoever makes a release again needs no password.
"""

import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath

from taizhang.uploads.archives import BROKEN, has_stream, refuse_many_parts, unpacked
from taizhang.uploads.lines import LIMITS, FileRefused, Limits

_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et", ".ods")
_OWN_PARTS = ("xl/", "word/", "ppt/", "xl\\", "META-INF/", "content.xml", "mimetype", "[Content_Types].xml")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

File = tuple[str, bytes]


def files_in(files: Iterable[File], limits: Limits = LIMITS) -> tuple[File, ...]:
    """The files with those of every zip in its place, named after both; what is no ledger in a zip is left out.

    Raises `FileRefused` for a zip that is damaged, locked or without a file that could be read.
    """
    return tuple(
        one for name, data in files for one in (_of_zip(name, data, limits) if _is_zip(data) else [(name, data)])
    )


def _is_zip(data: bytes) -> bool:
    """Whether it is a zip of files, and no workbook or document, which are zips too."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [entry.orig_filename for entry in archive.infolist()[:2_000]]
    except BROKEN:
        return False
    is_own = any(name.startswith(_OWN_PARTS) for name in names)
    return not is_own and any(name.lower().endswith(_ENDINGS) for name in names)


def _of_zip(file_name: str, data: bytes, limits: Limits) -> list[File]:
    refuse_many_parts(file_name, data, limits)
    found = []
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise FileRefused("encrypted", file=file_name)
            for entry, pieces in unpacked(file_name, archive, limits):
                name = PurePosixPath(_named(entry).replace("\\", "/")).name
                if name.lower().endswith(_ENDINGS) and not name.startswith(("~$", ".")):
                    found.append((name, b"".join(pieces)))
    except BROKEN as error:
        raise FileRefused("broken_workbook", file=file_name) from error
    return found


def _named(entry: zipfile.ZipInfo) -> str:
    """The name of a part; without the mark of UTF-8 it is in the encoding of the office's Windows."""
    if entry.flag_bits & 0x800:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.orig_filename


def opened_with(file_name: str, data: bytes, password: str) -> bytes:
    """The file, without its password if it has one. Raises `FileRefused` for a wrong one."""
    return unlocked(file_name, data, password) if _is_locked(data) else data


def _is_locked(data: bytes) -> bool:
    import msoffcrypto

    try:
        return data.startswith(_OLE) and bool(msoffcrypto.OfficeFile(BytesIO(data)).is_encrypted())
    except Exception:  # whatever is wrong with it, its reader will say
        return False


def unlocked(file_name: str, data: bytes, password: str) -> bytes:
    """The workbook without its password. Raises `FileRefused` for a wrong one, or a file it does not open."""
    import msoffcrypto  # loads the library of ciphers: only for those who need it
    from msoffcrypto import exceptions

    out = BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(BytesIO(data))
        if has_stream(data, "EncryptedPackage"):
            locked.load_key(password=password, verify_password=True)
        else:
            locked.load_key(password=password)  # .xls: a wrong one is noticed all the same
        locked.decrypt(out)
    except exceptions.InvalidKeyError as error:
        raise FileRefused("wrong_password", file=file_name) from error
    except (exceptions.FileFormatError, exceptions.DecryptionError, *BROKEN) as error:
        raise FileRefused("encrypted", file=file_name) from error
    return out.getvalue()
