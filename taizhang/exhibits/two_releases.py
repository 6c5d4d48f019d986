"""How do two releases differ, ledger by ledger and cell by cell?"""

from collections.abc import Iterable
from functools import lru_cache

from taizhang.declared.tables import all_tables, ledgers
from taizhang.declared.values import to_text
from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.records import MOST_ROWS, count_cell, cut, heading, key_cell, once, said, whole
from taizhang.exhibits.views import View
from taizhang.rows.comparison import CHANGED, Comparison, RowChange, TableComparison, diff
from taizhang.store.releases import Answer, Release

DIFFERENCES = ("new", "changed", "reopened", "moved_back", "redated", "missing", "same")


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
            *(count_cell(t, len(one.rows(kind)), f"diff:{places[one.table]}:{kind}") for kind in kinds),
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


def rows(older: View, newer: View, name: str, kind: str) -> Exhibit:
    """The rows of one count of a comparison, cell by cell."""
    t, found = newer.t, difference(older.release, newer.release).of(name)
    own = found.rows(kind)
    if kind in CHANGED:
        names = ("row", "field", "older", "newer")
        lines = tuple(line for row in own for line in _differing_cells(t, name, row))
    else:
        names = ("row", "content")
        lines = tuple((key_cell(name, row.key), Cell(_row_as_text(t, name, row))) for row in own)
    blanks = {"older": older.release.number, "newer": newer.release.number}
    return Exhibit(
        "releases.compared_rows",
        between(older, newer),
        Table(
            tuple(t(f"releases.{one}", **blanks) for one in names),
            once(lines[:MOST_ROWS]),
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
        cut(t, len(lines)),
    )


def _differing_cells(t: Language, name: str, row: RowChange) -> Iterable[tuple[Cell, ...]]:
    for cell in row.cells:
        old, new = (said(t, name, cell.column, to_text(value)) for value in (cell.old, cell.new))
        yield key_cell(name, row.key), Cell(heading(t, name, cell.column)), Cell(old), Cell(new)


def _row_as_text(t: Language, name: str, row: RowChange) -> str:
    return whole(t, name, {field: to_text(value) for field, value in row.row.items()})
