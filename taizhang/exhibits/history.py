"""How did the data become what they are? The releases, what each changed, and how any two of them differ.

Everything here looks at a whole release, whatever day a reader has chosen: `view` is the view of the release in
question, the newest one for the list and for histories.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from taizhang.declared.tables import Table as Ledger
from taizhang.declared.tables import all_tables, ledgers
from taizhang.declared.values import to_text
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.tones import toned
from taizhang.exhibits.views import View
from taizhang.rows.changes import WHOLE_ROW
from taizhang.rows.comparison import CHANGED, Comparison, RowChange, TableComparison, diff
from taizhang.store.releases import Answer, Release

OUTCOMES = ("added", "changed", "removed", "same")
DIFFERENCES = ("new", "changed", "reopened", "moved_back", "redated", "missing", "same")
MOST_ROWS = 200  # lines of a table on the page; the panel behind it and the command line have more
LONGEST_ROW = 160  # characters in which a whole row is told
SHORT_CHECKSUM = 8
BEIJING = dt.timezone(dt.timedelta(hours=8))  # the clock on the publisher's wall

Changes = Mapping[tuple[str, str], tuple[dict, ...]]  # (ledger, kind) → change records


# --- the releases ----------------------------------------------------------------------------------------------


def releases(view: View, chosen: int, on_screen: int, most: int | None = None) -> Exhibit:
    """The releases, newest first: who, when, of which day, why, how much; and which of them count.

    All of them, or the `most` newest. The one `chosen` stands out, the one `on_screen` is what the board shows.
    """
    t, answer = view.t, view.ask("release_list")
    gone = taken_back(answer)
    rows = tuple(
        (
            _numbered(t, row["release"], "moving" if row["release"] == chosen else ""),
            _state(view, row["release"], gone, on_screen),
            Cell(_how(t, row)),
            Cell(t.day(row["as_of_on"])),
            Cell(when(row["published_at"])),
            Cell(row["published_by"]),
            Cell(t.name(row["note_zh"], row["note_en"])),
            _count(t, row["files"], f"release:{row['release']}"),
            *(_count(t, count, f"{kind}:{row['release']}") for kind, count in _touched_rows(view, row).items()),
        )
        for row in answer.records()[:most]
    )
    names = ("release", "state", "how", "as_of", "published", "by", "note", "files", "added", "changed")
    return Exhibit(
        "releases.list",
        (answer,),
        Table(tuple(t(f"releases.{name}") for name in names), rows, t("common.no_rows"), wide=(6,)),
        t("releases.list_title", count=len(answer.rows), number=view.release.number),
        t("releases.list_caption", number=chosen),
    )


def _numbered(t: Language, number: int, tone: str = "") -> Cell:
    """A release by its number; it leads to what it changed."""
    return Cell(t("releases.number", number=number), tone, pick=f"release:{number}")


def _count(t: Language, count: int, pick: str) -> Cell:
    """A number that opens its rows; a zero opens nothing."""
    return Cell(t.number(count), is_number=True, pick=pick if count else "")


def _touched_rows(view: View, row: Mapping) -> dict[str, int]:
    """The rows that came and changed: as the files had them or, without files, as they were recorded."""
    if row["files"]:
        return {"added": row["rows_new"], "changed": row["rows_changed"]}
    records = view.ask("changes_of", release=row["release"]).records()
    rows = {(one["kind"], one["table_name"], one["row_key"]) for one in records}
    return {kind: sum(one[0] == kind for one in rows) for kind in ("added", "changed")}


def _state(view: View, number: int, gone: Mapping[int, int], on_screen: int) -> Cell:
    t = view.t
    if number in gone:
        return toned(t("releases.taken_back", number=gone[number]), "faint")
    if number == view.release.number:
        return toned(t("releases.live"), "done")
    return toned(t("releases.on_screen"), "moving") if number == on_screen else Cell("")


def _how(t: Language, row: Mapping) -> str:
    if row["undoes"] is not None:
        return t("releases.undoes", number=row["undoes"])
    return t.label("release_kind", row["kind"])


def when(at: dt.datetime) -> str:
    """The moment of publishing, on the publisher's clock; records keep UTC."""
    return at.replace(tzinfo=dt.UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def taken_back(answer: Answer) -> dict[int, int]:
    """Release → the undo that took it back, and was not taken back itself; from a `release_list`."""
    gone: dict[int, int] = {}
    for row in sorted(answer.records(), key=lambda row: row["release"], reverse=True):
        if row["undoes"] is not None and row["release"] not in gone:
            gone.setdefault(row["undoes"], row["release"])
    return gone


# --- one release -----------------------------------------------------------------------------------------------


def summary(view: View) -> Exhibit:
    """What the release did to each ledger, in rows; each count opens them. The most changed ledger first."""
    t, release = view.t, view.release
    answer, counted = view.ask("changes_of", release=release.number), counts(view)
    kinds = [kind for kind in OUTCOMES if any(own[kind] for own in counted.values())]
    rows = tuple(
        (
            Cell(t.of(all_tables()[name].title)),
            *(_count(t, own[kind], f"rows:{release.number}:{name}:{kind}") for kind in kinds),
        )
        for name, own in counted.items()
    )
    sums = {kind: sum(own[kind] for own in counted.values()) for kind in kinds if kind != "same"}
    told = t("releases.between_counts").join(t(f"releases.sum_{kind}", count=t.number(sums[kind])) for kind in sums)
    return Exhibit(
        "releases.summary",
        (answer,),
        Table((t("releases.ledger"), *(t(f"releases.{kind}") for kind in kinds)), rows, t("releases.nothing_changed")),
        t("releases.summary_title", number=release.number, told=told or t("releases.nothing_changed")),
        t(
            "releases.summary_caption",
            note=t.name(release.note_zh, release.note_en),
            by=release.published_by,
            when=when(release.published_at),
            day=t.day(release.as_of),
        ),
    )


def counts(view: View) -> dict[str, dict[str, int]]:
    """Ledger → kind → number of rows, for the ledgers the release had to do with; the most changed first."""
    found = tally(view.release)
    counted = {
        name: {kind: len(keys_of(found, name, kind)) for kind in OUTCOMES[:3]} | {"same": len(same_rows(view, name))}
        for name in ledgers()
    }
    changed = {name: own["added"] + own["changed"] + own["removed"] for name, own in counted.items()}
    ordered = sorted(counted, key=lambda name: -changed[name])
    return {name: counted[name] for name in ordered if any(counted[name].values())}


def keys_of(found: Changes, name: str, kind: str) -> tuple[str, ...]:
    """The rows of a ledger that have a change of that kind, each once."""
    return tuple(dict.fromkeys(row["row_key"] for row in found.get((name, kind), ())))


@lru_cache(maxsize=64)
def tally(release: Release) -> Changes:
    """The change records of a release by ledger and kind."""
    found: dict[tuple[str, str], list[dict]] = {}
    for row in release.ask("changes_of", release=release.number).records():
        found.setdefault((row["table_name"], row["kind"]), []).append(row)
    return {place: tuple(rows) for place, rows in found.items()}


def same_rows(view: View, name: str) -> tuple[dict, ...]:
    """The rows of a ledger that stood in the files of the release and said nothing new."""
    release = view.release
    if name not in view.ask("received_files", release=release.number).column("table_name"):
        return ()
    found = tally(release)
    new = {key for kind in ("added", "changed") for key in keys_of(found, name, kind)}
    return tuple(
        row
        for row in view.ask("origins", table_name=name).records()
        if row["release"] == release.number and row["row_key"] not in new
    )


def files(view: View) -> Exhibit:
    """The files that came with the release, as they were received."""
    t, release = view.t, view.release
    answer = view.ask("received_files", release=release.number)
    rows = tuple(
        (
            Cell(row["file_name"]),
            Cell(t.of(all_tables()[row["table_name"]].title)),
            Cell(t.number(row["rows_total"]), is_number=True),
            Cell(row["encoding"]),
            Cell(row["sha256"][:SHORT_CHECKSUM] + "…"),
        )
        for row in answer.records()
    )
    count = len(set(answer.column("sha256")))
    names = ("file", "ledger", "rows", "encoding", "sha256")
    return Exhibit(
        "releases.files",
        (answer,),
        Table(tuple(t(f"releases.{name}") for name in names), rows, t("releases.no_files")),
        t("releases.files_title", count=count) if count else t("releases.files_none"),
        t("releases.files_caption") if count else "",
    )


def received(view: View) -> dict[str, dict]:
    """Checksum → what is recorded of each file that came with the release of the view."""
    answer = view.ask("received_files", release=view.release.number)
    return {row["sha256"]: row for row in answer.records()}


def rows(view: View, name: str, kind: str) -> Exhibit:
    """The rows of one count: what became of each, and on which line of the file it stands."""
    t, release = view.t, view.release
    if kind == "same":
        answer, records = view.ask("origins", table_name=name), same_rows(view, name)
    else:
        answer = view.ask("changes_of", release=release.number)
        records = tally(release).get((name, kind), ())
    drawn = {"changed": _changed_cells, "same": _same_row}.get(kind, _whole_row)
    lines = _once(tuple(drawn(t, name, row) for row in records[:MOST_ROWS]))
    headings = {"changed": ("row", "field", "old", "new", "line"), "same": ("row", "line")}
    names = headings.get(kind, ("row", "content", "line"))
    ledger = t.of(all_tables()[name].title)
    count = len({row["row_key"] for row in records})
    return Exhibit(
        "releases.rows",
        (answer,),
        Table(tuple(t(f"releases.{one}") for one in names), lines, t("common.no_rows"), wide=_wide(names)),
        t(f"releases.rows_{kind}", ledger=ledger, count=t.number(count), number=release.number),
        t("releases.rows_caption"),
        _cut(t, len(records)),
    )


def _once(lines: Iterable[tuple[Cell, ...]], places: tuple[int, ...] = (0,)) -> tuple[tuple[Cell, ...], ...]:
    """The lines, the cells at `places` said once where they are the same as in the line above."""
    before, told = None, []
    for line in lines:
        own = tuple(line[place] for place in places)
        rest = tuple(Cell("") if place in places else cell for place, cell in enumerate(line))
        told.append(rest if own == before else line)
        before = own
    return tuple(told)


def _wide(names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, one in enumerate(names) if one in ("old", "new", "content"))


def _cut(t: Language, count: int) -> str:
    return t("releases.cut", shown=t.number(MOST_ROWS), count=t.number(count)) if count > MOST_ROWS else ""


def _changed_cells(t: Language, name: str, row: Mapping) -> tuple[Cell, ...]:
    field = row["field"]
    return (
        _key(name, row["row_key"]),
        Cell(heading(t, name, field)),
        Cell(said(t, name, field, row["old"])),
        Cell(said(t, name, field, row["new"])),
        Cell(t.number(row["line"]), is_number=True),
    )


def _whole_row(t: Language, name: str, row: Mapping) -> tuple[Cell, ...]:
    content = row["old"] if row["kind"] == "removed" else row["new"]
    return (_key(name, row["row_key"]), Cell(whole_text(t, name, content)), Cell(t.number(row["line"]), is_number=True))


def _same_row(t: Language, name: str, row: Mapping) -> tuple[Cell, ...]:
    return (_key(name, row["row_key"]), Cell(t.number(row["line"]), is_number=True))


def _key(name: str, key: str) -> Cell:
    """A row by its key; it leads to the history of the row."""
    return Cell(key, pick=f"row:{name}:{key}")


# --- words for what change records hold ------------------------------------------------------------------------


def heading(t: Language, name: str, field: str) -> str:
    """What people call a field; one that is not declared any more keeps its name."""
    if field == WHOLE_ROW:
        return t("releases.whole_row")
    known = {column.name: column for column in all_tables()[name].columns}
    return t.of(known[field].heading) if field in known else field


def said(t: Language, name: str, field: str, text: str | None) -> str:
    """A value as a reader sees it."""
    return t.recorded(next((one for one in all_tables()[name].columns if one.name == field), None), text)


def whole(t: Language, name: str, row: Mapping[str, str]) -> str:
    """A row told in one line, its own words first; the key stands beside it already."""
    told = [
        t("releases.cell", heading=heading(t, name, field), value=said(t, name, field, row[field]))
        for field in _telling(all_tables()[name])
        if row.get(field) is not None
    ]
    return t.more(t("releases.between_cells").join(told), LONGEST_ROW)


def whole_text(t: Language, name: str, text: str) -> str:
    """A row as a change record holds it, told in one line."""
    return whole(t, name, json.loads(text))


@lru_cache(maxsize=128)
def _telling(ledger: Ledger) -> tuple[str, ...]:
    """The columns that tell rows apart, what must be said first; not the key, and nothing about where it came from."""
    columns = [one for one in ledger.columns if one.name not in (*ledger.key, "is_demo", "fact_id", "quote_zh")]
    return tuple(one.name for one in sorted(columns, key=lambda one: not one.is_required))


# --- two releases ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def difference(older: Release, newer: Release) -> Comparison:
    """What differs between two releases, kept: releases never change."""
    return diff(older.rows(), newer.rows())


def compared(older: View, newer: View) -> Exhibit:
    """How many rows of each ledger differ between two releases, and how; each count opens its rows."""
    t, differing = newer.t, differing_ledgers(older, newer)
    kinds = [kind for kind in DIFFERENCES if any(one.rows(kind) for one in differing)]
    places = {name: f"{older.release.number}:{newer.release.number}:{name}" for name in ledgers()}
    lines = tuple(
        (
            Cell(t.of(all_tables()[one.table].title)),
            *(_count(t, len(one.rows(kind)), f"diff:{places[one.table]}:{kind}") for kind in kinds),
        )
        for one in differing
    )
    count = sum(one.changes + len(one.missing) for one in differing)
    blanks = {"older": older.release.number, "newer": newer.release.number}
    headings = (t("releases.ledger"), *(t(f"releases.kind_{kind}") for kind in kinds))
    return Exhibit(
        "releases.compared",
        between(older, newer),
        Table(headings, lines, t("releases.no_difference", **blanks)),
        t("releases.compared_title", count=t.number(count), **blanks)
        if count
        else t("releases.no_difference", **blanks),
        t("releases.compared_caption", then=t.day(older.release.as_of), now=t.day(newer.release.as_of)),
    )


def differing_ledgers(older: View, newer: View) -> tuple[TableComparison, ...]:
    """The ledgers in which two releases differ, the one that differs most first."""
    found = difference(older.release, newer.release).tables
    own = [one for one in found if one.changes or one.missing]
    return tuple(sorted(own, key=lambda one: -one.changes - len(one.missing)))


def between(older: View, newer: View) -> tuple[Answer, ...]:
    """What the releases from one to the other changed; the list of releases for a release beside itself."""
    last = max(older, newer, key=lambda view: view.release.number)
    first = min(older.release.number, newer.release.number)
    numbers = range(first + 1, last.release.number + 1)
    return tuple(last.ask("changes_of", release=number) for number in numbers) or (last.ask("release_list"),)


def compared_rows(older: View, newer: View, name: str, kind: str) -> Exhibit:
    """The rows of one count of a comparison, cell by cell."""
    t, found = newer.t, difference(older.release, newer.release).of(name)
    own = found.rows(kind)
    if kind in CHANGED:
        names = ("row", "field", "older", "newer")
        lines = tuple(line for row in own for line in _differing_cells(t, name, row))
    else:
        names = ("row", "content")
        lines = tuple((_key(name, row.key), Cell(_row_as_text(t, name, row))) for row in own)
    blanks = {"older": older.release.number, "newer": newer.release.number}
    return Exhibit(
        "releases.compared_rows",
        between(older, newer),
        Table(
            tuple(t(f"releases.{one}", **blanks) for one in names),
            _once(lines[:MOST_ROWS]),
            t("common.no_rows"),
            wide=(2, 3) if kind in CHANGED else (1,),
        ),
        t(
            "releases.compared_rows_title",
            ledger=t.of(all_tables()[name].title),
            kind=t(f"releases.kind_{kind}"),
            count=t.number(len(own)),
        ),
        t("releases.rows_caption"),
        _cut(t, len(lines)),
    )


def _differing_cells(t: Language, name: str, row: RowChange) -> Iterable[tuple[Cell, ...]]:
    for cell in row.cells:
        old, new = (said(t, name, cell.column, to_text(value)) for value in (cell.old, cell.new))
        yield _key(name, row.key), Cell(heading(t, name, cell.column)), Cell(old), Cell(new)


def _row_as_text(t: Language, name: str, row: RowChange) -> str:
    return whole(t, name, {field: to_text(value) for field, value in row.row.items()})


# --- one row ---------------------------------------------------------------------------------------------------


def row(view: View, name: str, key: str, field: str | None) -> Exhibit | None:
    """How a row came to be what it is, newest first: who changed which cell, from what, in which file and line.

    Of one cell only when `field` is given. None for a row that never was.
    """
    t, answer = view.t, view.ask("row_history", table_name=name, row_key=key)
    if not answer.rows:
        return None
    records = answer.records() if field is None else list(_of_cell(answer.records(), field))
    lines = _once(
        tuple(
            (
                _numbered(t, one["release"]),
                _touched(t, name, one),
                Cell(told(t, name, one["field"], one["old"])),
                Cell(told(t, name, one["field"], one["new"])),
                Cell(_place(t, one)),
                Cell(when(one["published_at"])),
                Cell(one["published_by"]),
            )
            for one in reversed(records)
        ),
        (0, 4, 5, 6),
    )
    names = ("release", "field", "old", "new", "place", "published", "by")
    blanks = {"ledger": t.of(all_tables()[name].title), "row_key": key, "count": t.number(len(lines))}
    title = (
        t("releases.row_title", **blanks)
        if field is None
        else t("releases.cell_title", field=heading(t, name, field), **blanks)
    )
    return Exhibit(
        "releases.row",
        (answer,),
        Table(tuple(t(f"releases.{one}") for one in names), lines, t("releases.cell_never_filled"), wide=(2, 3)),
        title,
        t("releases.row_caption"),
    )


def _of_cell(records: Iterable[dict], field: str) -> Iterable[dict]:
    """The records that touch one cell; where the whole row came or went, the cell's own value in it."""
    for one in records:
        if one["field"] == field:
            yield one
        elif one["field"] == WHOLE_ROW:
            old, new = (json.loads(one[side]).get(field) if one[side] else None for side in ("old", "new"))
            if old != new:
                yield {**one, "field": field, "old": old, "new": new}


def told(t: Language, name: str, field: str, text: str | None) -> str:
    """What a change record holds, of a cell or of a whole row."""
    return whole_text(t, name, text) if field == WHOLE_ROW and text else said(t, name, field, text)


_TONES = {"added": "moving", "removed": "late"}


def _touched(t: Language, name: str, one: Mapping) -> Cell:
    """Which field; where a whole row came or went that, and why where somebody had to say so."""
    if one["field"] != WHOLE_ROW:
        return Cell(heading(t, name, one["field"]))
    word, reason = t("releases.row_act", act=t.label("change_kind", one["kind"])), one["reason"]
    return toned(t("releases.with_reason", what=word, reason=reason) if reason else word, _TONES[one["kind"]])


def _place(t: Language, one: Mapping) -> str:
    if one["file_name"] is None:
        return NOT_KNOWN
    return t("releases.in_line", file=base_name(one["file_name"]), line=t.number(one["line"]))


def base_name(file_name: str) -> str:
    """The name of a file without its folders, whichever system it came from."""
    return file_name.replace("\\", "/").rpartition("/")[2]


def found(view: View, name: str, text: str) -> Exhibit:
    """The rows of a ledger whose key holds the text; each leads to its history."""
    t, answer = view.t, view.ask("origins", table_name=name)
    wanted = text.strip().casefold()
    own = [one for one in answer.records() if wanted in one["row_key"].casefold()]
    lines = tuple(
        (_key(name, one["row_key"]), _numbered(t, one["release"]), Cell(_place(t, one))) for one in own[:MOST_ROWS]
    )
    blanks = {"ledger": t.of(all_tables()[name].title), "count": t.number(len(own)), "text": text.strip()}
    key = "found_title" if not wanted else "found_matching" if own else "found_nothing"
    return Exhibit(
        "releases.found",
        (answer,),
        Table(tuple(t(f"releases.{one}") for one in ("row", "brought_by", "place")), lines, t("common.no_rows")),
        t(f"releases.{key}", **blanks),
        t("releases.found_caption"),
        _cut(t, len(own)),
    )


def fields_of(name: str) -> list[str]:
    """The columns of a ledger whose history can be asked for; not the key, which never changes."""
    ledger = all_tables()[name]
    return [column.name for column in ledger.columns if column.name not in ledger.key]
