"""The rows a unit is to fill in, to be typed into on the page; what was typed is a file like any other.

It says the code of its round above the headings, as the workbook does, and every cell of the rows that were touched:
what is as it was is no edit.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from taizhang.declared.tables import Column, ledgers
from taizhang.declared.wording import Language
from taizhang.rows.changes import Rows
from taizhang.rows.scope import SAID_BY_UNITS
from taizhang.showing.export import held
from taizhang.showing.papers.request_sheets import KNOWN_BY
from taizhang.uploads.handing_in import ToFill
from taizhang.uploads.values import guarded

Typed = dict[str, object]  # heading → what stands in the cell: a text, a day, or None


def columns_of(ledger: str) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The columns that say which row it is, and those that are typed into."""
    table = ledgers()[ledger]
    return tuple(map(table.column, KNOWN_BY[ledger])), tuple(map(table.column, SAID_BY_UNITS[ledger]))


def choices(ledger: str, column: Column, t: Language) -> tuple[str, ...]:
    """What may be chosen in a column; nothing where anything may be written."""
    if column.codes:
        return tuple(t.word(column.codes, one.code) for one in t.codes(column.codes))
    if column.type == "BOOLEAN":
        return tuple(str(held(ledgers()[ledger], column, value, (t,))) for value in (True, False))
    return ()


def grid(one: ToFill, ledger: str, rows: Rows, t: Language) -> list[Typed]:
    """A line for each row that is asked for, as it stands now."""
    table = ledgers()[ledger]
    columns = [column for part in columns_of(ledger) for column in part]
    return [
        {
            t.of(column.heading): _shown(column, held(table, column, rows[ledger][each.row_key][column.name], (t,)))
            for column in columns
        }
        for each in one.asked
        if each.ledger == ledger
    ]


def _shown(column: Column, value: object) -> object:
    return value if value is None or column.type == "DATE" else str(value)


def as_file(
    one: ToFill, ledger: str, before: Sequence[Typed], after: Sequence[Mapping[str, object]], t: Language
) -> tuple[str, bytes] | None:
    """The rows that were touched, as a CSV file (name, bytes); None when none was."""
    touched = [dict(new) for old, new in zip(before, after, strict=True) if dict(new) != old]
    if not touched:
        return None
    out = io.StringIO()
    writer = csv.writer(out)
    title = t.of(ledgers()[ledger].title)
    if one.round:
        day, code = t.day(one.return_by), one.round.code(one.unit)
        campaign = next(iter(one.round.release.rows()["campaign"].values()), {})
        writer.writerow([t("rounds.title_of_sheet", ledger=title, unit=one.unit)])
        writer.writerow([t("rounds.line_of_sheet", day=day, office=campaign.get("org_name") or "", code=code)])
    writer.writerow(map(guarded, before[0]))
    writer.writerows([guarded(_text(row.get(heading))) for heading in before[0]] for row in touched)
    name = t("rounds.sheet_name", ledger=title, unit=one.unit)
    return f"{name}.csv".replace("/", "_"), out.getvalue().encode("utf-8-sig")


def _text(value: object) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
