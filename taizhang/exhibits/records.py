"""How a change record is told: its field and values in words, its row, release and place as cells of a table."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from taizhang.declared.tables import Table as Ledger
from taizhang.declared.tables import all_tables
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.shapes import Cell
from taizhang.rows.changes import WHOLE_ROW

MOST_ROWS = 200  # lines of a table on the page; the panel behind it and the command line have more
LONGEST_ROW = 160  # characters in which a whole row is told
BEIJING = dt.timezone(dt.timedelta(hours=8))  # the clock on the publisher's wall


# --- in words --------------------------------------------------------------------------------------------------


def heading(t: Language, name: str, field: str) -> str:
    """What people call a field; one that is not declared any more keeps its name."""
    if field == WHOLE_ROW:
        return t("releases.whole_row")
    known = {column.name: column for column in all_tables()[name].columns}
    return t.of(known[field].heading) if field in known else field


def said(t: Language, name: str, field: str, text: str | None, row: Mapping[str, str] = MappingProxyType({})) -> str:
    """A value as a reader sees it; `row` is what is known of the row it stands in."""
    return t.recorded(next((one for one in all_tables()[name].columns if one.name == field), None), text, row)


def whole(t: Language, name: str, row: Mapping[str, str]) -> str:
    """A row told in one line, its own words first; the key stands beside it already."""
    told = [
        t("releases.cell", heading=heading(t, name, field), value=said(t, name, field, row[field], row))
        for field in _telling(all_tables()[name])
        if row.get(field) is not None
    ]
    return t.more(t("releases.between_cells").join(told), LONGEST_ROW)


def whole_text(t: Language, name: str, text: str) -> str:
    """A row as a change record holds it, told in one line."""
    return whole(t, name, json.loads(text))


def told(t: Language, name: str, field: str, text: str | None) -> str:
    """What a change record holds, of a cell or of a whole row."""
    return whole_text(t, name, text) if field == WHOLE_ROW and text else said(t, name, field, text)


@lru_cache(maxsize=128)
def _telling(ledger: Ledger) -> tuple[str, ...]:
    """The columns that tell rows apart, what must be said first; not the key, and nothing about where it came from."""
    columns = [one for one in ledger.columns if one.name not in (*ledger.key, "is_demo", "fact_id", "quote_zh")]
    return tuple(one.name for one in sorted(columns, key=lambda one: not one.is_required))


def when(at: dt.datetime) -> str:
    """The moment of publishing, on the publisher's clock; records keep UTC."""
    return at.replace(tzinfo=dt.UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def place(t: Language, one: Mapping) -> str:
    if one["file_name"] is None:
        return NOT_KNOWN
    return t("releases.in_line", file=base_name(one["file_name"]), line=t.number(one["line"]))


def base_name(file_name: str) -> str:
    """The name of a file without its folders, whichever system it came from."""
    return file_name.replace("\\", "/").rpartition("/")[2]


# --- in a table ------------------------------------------------------------------------------------------------


def numbered(t: Language, number: int, tone: str = "") -> Cell:
    """A release by its number; it leads to what it changed."""
    return Cell(t("releases.number", number=number), tone, pick=f"release:{number}")


def count_cell(t: Language, count: int, pick: str) -> Cell:
    """A number that opens its rows; a zero opens nothing."""
    return Cell(t.number(count), is_number=True, pick=pick if count else "")


def key_cell(name: str, key: str) -> Cell:
    """A row by its key; it leads to the history of the row."""
    return Cell(key, pick=f"row:{name}:{key}")


def once(lines: Iterable[tuple[Cell, ...]], places: tuple[int, ...] = (0,)) -> tuple[tuple[Cell, ...], ...]:
    """The lines, the cells at `places` said once where they are the same as in the line above."""
    before, told = None, []
    for line in lines:
        own = tuple(line[place] for place in places)
        rest = tuple(Cell("") if place in places else cell for place, cell in enumerate(line))
        told.append(rest if own == before else line)
        before = own
    return tuple(told)


def cut(t: Language, count: int) -> str:
    return t("releases.cut", shown=t.number(MOST_ROWS), count=t.number(count)) if count > MOST_ROWS else ""
