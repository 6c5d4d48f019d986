"""The file itself: the same bytes for the same deck, whatever the hour it is made at."""

import io
import zipfile

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def settled(data: bytes) -> bytes:
    """The same package with its parts in a fixed order and without the hour at which each was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name not in _FIRST, name)):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return out.getvalue()
