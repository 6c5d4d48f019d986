"""The cells that a file and somebody else both changed since the file was handed out: the clerk chooses on each."""

from dataclasses import replace

import streamlit as st

from taizhang.declared.tables import ledgers
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.rows.changes import WHOLE_ROW, Conflict
from taizhang.ui.changes import say
from taizhang.ui.handed_in import current, head, keep
from taizhang.uploads import Checked

THEIRS, YOURS = SIDES = ("theirs", "yours")
MOST_ASKED = 50  # cells that are asked about one by one; the others follow the choice for all


def choose(checked: Checked, t: Language) -> int:
    """Show each conflict with its three values and keep what is chosen; returns how many are still open."""
    found, decisions = checked.comparison.conflicts, current().decisions
    if not found:
        return 0
    known = dict.fromkeys(decisions.theirs, THEIRS) | dict.fromkeys(decisions.yours, YOURS)
    sides = {known.get(one.cell) for one in found}
    usual = sides.pop() if len(sides) == 1 and len(found) > 1 else None
    head(t("upload.conflicts_title", count=len(found)), t("upload.conflicts_caption"))
    every = None
    if len(found) > 1:  # one has a control of its own
        every = st.segmented_control(
            t("upload.conflicts_all"),
            SIDES,
            default=usual,
            key=f"upload_conflicts_{checked.parent}",
            format_func=lambda side: t(f"upload.conflict_{side}"),
        )
    asked = found[:MOST_ASKED]
    own = {one.cell: _choose_on(one, known.get(one.cell), usual, checked.parent, t) for one in asked}
    if len(found) > len(asked):
        st.html(furniture.note(t("upload.conflicts_cut", shown=len(asked), count=len(found))))
    chosen = {one.cell: own.get(one.cell) or every for one in found}
    yours, theirs = (frozenset(cell for cell, side in chosen.items() if side == one) for one in (YOURS, THEIRS))
    if (yours, theirs) != (decisions.yours, decisions.theirs):
        keep(replace(current(), decisions=replace(decisions, yours=yours, theirs=theirs), draft=None))
    return sum(side is None for side in chosen.values())


def forget() -> None:
    """Take the choices back: the values they were made on are not those that stand any more."""
    handed_in = current()
    keep(replace(handed_in, decisions=replace(handed_in.decisions, yours=frozenset(), theirs=frozenset()), draft=None))


def _choose_on(one: Conflict, known: str | None, usual: str | None, parent: int | None, t: Language) -> str | None:
    st.html(furniture.note(sentence(one, t)))
    what = "conflict_row" if one.field == WHOLE_ROW else "conflict"
    return st.segmented_control(
        t("upload.conflicts_cell"),
        SIDES,
        default=known if known != usual else None,
        key=f"upload_conflict_{parent}_{'|'.join(one.cell)}",
        label_visibility="collapsed",
        format_func=lambda side: t(f"upload.{what}_{side}"),
    )


def sentence(one: Conflict, t: Language) -> str:
    """One conflict in words."""
    table = ledgers()[one.table]
    if one.field == WHOLE_ROW:
        return t("upload.conflict_row", ledger=t.of(table.title), row=one.key)
    values = {side: say(one.table, one.field, getattr(one, side), t) for side in ("was", *SIDES)}
    heading = t.of(table.column(one.field).heading)
    return t("upload.conflict", ledger=t.of(table.title), row=one.key, heading=heading, **values)
