"""How did a row or a cell come to be what it is? `view` is the view of the newest release."""

import json
from collections.abc import Iterable, Mapping, Sequence

from taizhang.declared.tables import all_tables
from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.records import MOST_ROWS, cut, heading, key_cell, numbered, once, place, said, when, whole_text
from taizhang.exhibits.tones import toned
from taizhang.exhibits.views import View
from taizhang.rows.changes import WHOLE_ROW

_TONES = {"added": "moving", "removed": "soon"}


def row(view: View, name: str, key: str, field: str | None) -> Exhibit | None:
    """How a row came to be what it is, newest first: who changed which cell, from what, in which file and line.

    Of one cell only when `field` is given. None for a row that never was.
    """
    t, answer = view.t, view.ask("row_history", table_name=name, row_key=key)
    if not answer.rows:
        return None
    records = answer.records() if field is None else list(_of_cell(answer.records(), field))
    lines = told(t, name, records)
    blanks = {"ledger": t.of(all_tables()[name].title), "row_key": key, "count": t.number(len(lines.rows))}
    title = (
        t("releases.row_title", **blanks)
        if field is None
        else t("releases.cell_title", field=heading(t, name, field), **blanks)
    )
    return Exhibit("releases.row", (answer,), lines, title, t("releases.row_caption"))


def told(t: Language, name: str, changes: Sequence[Mapping]) -> Table:
    """The changes of a row as sentences, the newest first: of which release and day, what, who, in which file."""
    lines = tuple(
        (
            numbered(t, one["release"]),
            Cell(t.day(one["as_of_on"])),
            _sentence(t, name, one),
            Cell(one["published_by"]),
            Cell(when(one["published_at"])),
            Cell(place(t, one)),
        )
        for one in reversed(changes)
    )
    names = ("release", "as_of", "what", "by", "published", "place")
    headings = tuple(t(f"releases.{one}") for one in names)
    return Table(headings, once(lines, (0, 1, 3, 4, 5)), t("releases.cell_never_filled"), wide=(2,))


def _sentence(t: Language, name: str, one: Mapping) -> Cell:
    """What became of a field; where a whole row came or went that, and why where somebody had to say so."""
    field, old, new, reason = one["field"], one["old"], one["new"], one["reason"]
    if field != WHOLE_ROW:
        key = "told_changed" if old and new else "told_filled" if new else "told_emptied"
        values = {"old": said(t, name, field, old), "new": said(t, name, field, new)}
        return Cell(t(f"releases.{key}", field=heading(t, name, field), **values))
    act, row = t.label("change_kind", one["kind"]), whole_text(t, name, new or old)
    words = t("releases.told_row", act=act, row=row)
    return toned(t("releases.with_reason", what=words, reason=reason) if reason else words, _TONES[one["kind"]])


def _of_cell(records: Iterable[dict], field: str) -> Iterable[dict]:
    """The records that touch one cell; where the whole row came or went, the cell's own value in it."""
    for one in records:
        if one["field"] == field:
            yield one
        elif one["field"] == WHOLE_ROW:
            old, new = (json.loads(one[side]).get(field) if one[side] else None for side in ("old", "new"))
            if old != new:
                yield {**one, "field": field, "old": old, "new": new}


def found(view: View, name: str, text: str) -> Exhibit:
    """The rows of a ledger whose key holds the text; each leads to its history."""
    t, answer = view.t, view.ask("origins", table_name=name)
    wanted = text.strip().casefold()
    own = [one for one in answer.records() if wanted in one["row_key"].casefold()]
    lines = tuple(
        (key_cell(name, one["row_key"]), numbered(t, one["release"]), Cell(place(t, one))) for one in own[:MOST_ROWS]
    )
    blanks = {"ledger": t.of(all_tables()[name].title), "count": t.number(len(own)), "text": text.strip()}
    key = "found_title" if not wanted else "found_matching" if own else "found_nothing"
    return Exhibit(
        "releases.found",
        (answer,),
        Table(tuple(t(f"releases.{one}") for one in ("row", "brought_by", "place")), lines, t("common.no_rows")),
        t(f"releases.{key}", **blanks),
        t("releases.found_caption"),
        cut(t, len(own)),
    )


def fields_of(name: str) -> list[str]:
    """The columns of a ledger whose history can be asked for; not the key, which never changes."""
    ledger = all_tables()[name]
    return [column.name for column in ledger.columns if column.name not in ledger.key]
