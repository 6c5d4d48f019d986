"""What one unit returned, taken back alone, also where it was published together with others."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.declared.tables import ledgers
from taizhang.declared.values import CLEAR, to_text
from taizhang.store import Store
from taizhang.uploads.rounds import LEDGER
from taizhang.uploads.values import guarded


@dataclass(frozen=True)
class TakenBack:
    """What undoes what one unit's sheets changed, as files to hand in: the day they are of, and how many cells stay
    since somebody changed them again."""

    day: dt.date
    files: tuple[tuple[str, bytes], ...]
    staying: int


def taking_back(store: Store, request_id: str, unit: str) -> TakenBack | None:
    """The files that give back what the cells of a unit's rows held before its sheet came back, and that it did; None
    where it has not come back, or brought rows that were not there (the whole act is then to be taken back).

    For a unit whose sheet was published together with others. A cell that does not hold any more what the sheet said
    is left alone.
    """
    live = store.live()
    key = f"{request_id}|{unit}"
    entered = [row for row in live.records("change", table_name=LEDGER, row_key=key) if row["field"] == "returned_on"]
    if not entered or live.rows()[LEDGER].get(key, {}).get("returned_on") is None:
        return None
    number = max(row["release"] for row in entered)
    request = live.rows()[LEDGER][key]
    own = {
        (row["ledger"], row["row_key"])
        for row in store.release(request["release"]).ask("asked", as_of=request["return_by"]).records()
        if row["unit"] == unit
    } | {(LEDGER, key)}
    records = [row for row in live.records("change", release=number) if (row["table_name"], row["row_key"]) in own]
    if any(row["kind"] != "changed" for row in records):
        return None
    day = next(note["as_of_on"] for note in live.notes() if note["release"] == number)
    now = store.rows_before(store.base_of(day))
    lines: dict[str, dict[str, dict[str, str]]] = {}
    staying = 0
    for row in records:
        held = now[row["table_name"]].get(row["row_key"], {}).get(row["field"])
        if to_text(held) != row["new"]:
            staying += 1
            continue
        cells = lines.setdefault(row["table_name"], {}).setdefault(row["row_key"], {})
        cells[row["field"]] = CLEAR[0] if row["old"] is None else guarded(row["old"])
    files = tuple((f"{key.replace('|', ' ')} {name}.csv", _as_csv(name, rows)) for name, rows in lines.items())
    return TakenBack(day, files, staying)


def _as_csv(name: str, rows: Mapping[str, Mapping[str, str]]) -> bytes:
    """Cells of rows of a ledger, by row key."""
    keys = ledgers()[name].key
    columns = sorted({column for cells in rows.values() for column in cells})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*keys, *columns])
    for key, cells in rows.items():
        writer.writerow([*key.split("|", len(keys) - 1), *(cells.get(column, "") for column in columns)])
    return out.getvalue().encode("utf-8")
