"""The ledgers of a release as anybody can take them out: the text of its exported CSV files, and nothing of the store.

Cells keep the words of the export (`row.text("Status")` is "Closed"), so that what is computed from them leans on
neither the codes nor the types of the product.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from taizhang.showing import export
from taizhang.store import Release


@dataclass(frozen=True)
class Row:
    """One line of an exported ledger; a cell that is empty, or that the ledger has not, is None."""

    cells: Mapping[str, str]

    def text(self, heading: str) -> str | None:
        return self.cells[heading] or None

    def day(self, heading: str) -> dt.date | None:
        text = self.text(heading)
        return dt.date.fromisoformat(text) if text else None

    def number(self, heading: str) -> int | None:
        text = self.text(heading)
        return int(text) if text else None

    def amount(self, heading: str) -> Decimal | None:
        text = self.text(heading)
        return Decimal(text) if text else None

    def says_yes(self, heading: str) -> bool:
        return self.text(heading) == "Yes"


Ledgers = Mapping[str, tuple[Row, ...]]


def ledgers_of(release: Release) -> Ledgers:
    """Ledger → its rows, as the English export says them."""
    return {name: _rows(data) for name, data in export.csvs_of(release, "en").items()}


def _rows(data: bytes) -> tuple[Row, ...]:
    lines = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return tuple(Row(line) for line in lines)
