"""The book of what was done as a file to keep elsewhere."""

import csv
import io
from collections.abc import Iterable

from taizhang.access.audit import COLUMNS, Entry
from taizhang.showing.export import guarded


def cells(one: Entry) -> list[str]:
    """A line of the book, column by column; '' for what it does not say."""
    return [str(getattr(one, name) or "") for name in COLUMNS]


def csv_of_book(entries: Iterable[Entry]) -> bytes:
    """The lines of the book as CSV, under the names of their columns; nothing in it is taken for a formula."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    lines.writerows(map(guarded, cells(one)) for one in entries)
    return out.getvalue().encode("utf-8-sig")
