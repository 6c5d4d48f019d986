"""What a file would change, count by count and cell by cell, and the rows it must not decide about alone."""

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from taizhang.declared import tables
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits.records import heading
from taizhang.rows.comparison import RowChange, TableComparison
from taizhang.showing.export import csv_of_shown
from taizhang.ui.downloads import download_made
from taizhang.ui.handed_in import current, draw, head, keep
from taizhang.uploads import Checked

FIRST_ROWS = 20  # of a list of changes: enough to see that the file was meant; all of them are one click away


def of_table(one: TableComparison, t: Language) -> None:
    """The counts of one ledger; the chosen kind's rows below, cell by cell."""
    counts = {kind: count for kind, count in one.counts.items() if count}
    if not counts:
        return
    first = next((kind for kind in counts if kind != "same"), None)
    chosen = st.segmented_control(
        t.of(tables.ledgers()[one.table].title),
        list(counts),
        default=first,
        key=f"upload_kind_{one.table}",
        format_func=lambda kind: t("upload.kind_count", kind=t(f"upload.kind_{kind}"), count=counts[kind]),
    )
    if not chosen:
        return
    rows = one.rows(chosen)
    draw(_row_table(one.table, chosen, rows[:FIRST_ROWS], t), t)
    if len(rows) > FIRST_ROWS:
        st.html(furniture.note(t("source.more_rows", shown=FIRST_ROWS, total=len(rows))))
        kind = t(f"upload.kind_{chosen}")
        download_made(
            t("upload.all_rows", kind=kind, count=len(rows)),
            lambda: csv_of_shown(_row_table(one.table, chosen, rows, t)),
            f"{t.of(tables.ledgers()[one.table].title)} {kind}.csv",
            repr((st.session_state["_checked"][0], one.table, chosen, t.code)),
            f"upload_rows_{one.table}_{chosen}",
        )


def _row_table(table: str, kind: str, rows: Iterable[RowChange], t: Language) -> Table:
    lines = []
    for row in rows:
        said = (
            [
                t(
                    "upload.cell_change",
                    heading=heading(t, table, cell.column),
                    old=say(table, cell.column, cell.old, t),
                    new=t("upload.emptied") if cell.new is None else say(table, cell.column, cell.new, t),
                )
                for cell in row.cells
            ]
            if kind not in ("new", "missing", "same")
            else [_summary(table, row, t)]
        )
        lines.append(
            (
                Cell(row.key),
                Cell(str(row.line) if row.line else NOT_KNOWN, is_number=True),
                Cell(t("upload.semicolon").join(said)),
            )
        )
    headings = (t("upload.row_key"), t("source.line"), t("upload.row_what"))
    return Table(headings, tuple(lines), t("common.no_rows"), wide=(2,))


def _summary(table: str, row: RowChange, t: Language) -> str:
    """A row in one line: what the file says of it, or what it is."""
    told = {cell.column: cell.new for cell in row.cells if cell.new is not None} or row.row
    quiet = {*tables.ledgers()[table].key, "is_demo", "fact_id", "original_due_on"}
    shown = [say(table, name, value, t) for name, value in told.items() if name not in quiet and value not in (None, 0)]
    return t("upload.semicolon").join(shown[:6])


def say(table: str, column: str, value: object, t: Language) -> str:
    """A cell as a reader sees it, cut."""
    return t.more(t.cell(tables.ledgers()[table].column(column), value), 60)


def decide(t: Language, checked: Checked) -> None:
    """Rows the file alone must not decide about: closed by a verifier, or not in the file."""
    handed_in = current()
    guarded = [(one.table, row) for one in checked.comparison.tables for row in one.guarded]
    missing = sum(len(one.missing) for one in checked.comparison.tables)
    decisions = handed_in.decisions
    if guarded:
        head(t("upload.guarded_title", count=len(guarded)), t("upload.guarded_caption"))
        names = [(table, row.key) for table, row in guarded]
        chosen = st.multiselect(
            t("upload.guarded_confirm"),
            names,
            default=[one for one in names if one in decisions.confirmed],
            format_func=lambda one: one[1],
            key="upload_guarded",
            placeholder=t("upload.guarded_none"),
        )
        decisions = replace(decisions, confirmed=frozenset(chosen))
    if missing:
        head(t("upload.missing_title", count=missing), t("upload.missing_caption"))
        what = st.segmented_control(
            t("upload.missing_what"),
            ["keep", "some", "remove"],
            default="some" if decisions.remove else "keep",
            key="upload_missing",
            required=True,
            format_func=lambda one: t(f"upload.missing_{one}"),
        )
        remove: list = []
        reason = ""
        if what == "some":
            rows = [(one.table, row.key) for one in checked.comparison.tables for row in one.missing]
            remove = st.multiselect(
                t("upload.missing_rows"),
                rows,
                default=[one for one in rows if one in decisions.remove],
                format_func=lambda one: one[1],
                key="upload_remove",
                placeholder=t("upload.missing_choose"),
            )
        if what != "keep":
            reason = st.text_input(t("upload.missing_reason"), value=decisions.remove_reason, key="upload_reason")
        decisions = replace(
            decisions,
            remove=frozenset(remove),
            remove_reason=reason.strip(),
            all_missing="remove" if what == "remove" else "keep",
        )
    if decisions != handed_in.decisions:
        keep(replace(handed_in, decisions=decisions, draft=None))
