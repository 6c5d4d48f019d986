"""What units handed in, for whoever publishes: looked at like any upload, and accepted, in part too, or returned."""

import streamlit as st

from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits.records import when
from taizhang.store import Unreadable
from taizhang.store.waiting import HandedIn, NotWaiting, Outcome
from taizhang.ui import who
from taizhang.ui.aloud import once
from taizhang.ui.badge import outcomes
from taizhang.ui.controls import store
from taizhang.ui.handed_in import MOST_ROWS, Upload, add_fixes, current, draw, head, keep, put_away
from taizhang.ui.page import Page
from taizhang.uploads import Checked, handing_in
from taizhang.uploads.fixes import LineFix

_SAID = "_upload_said"
_TONES = {"waiting": "waiting", "returned": "soon", "accepted": "done", "withdrawn": ""}


def row(sent: HandedIn, came: Outcome, t: Language, *, is_own: bool) -> tuple[Cell, ...]:
    """One thing handed in, as a line of a table."""
    files = t("common.comma").join(name for name, _ in sent.files)
    said = _said(sent, came, t)
    whose = () if is_own else (Cell(sent.shown),)
    return (
        Cell(str(sent.number), is_number=True),
        *whose,
        Cell(when(sent.at)),
        Cell(files),
        Cell(t.number(sent.rows), is_number=True),
        Cell(said, _TONES[came.state]) if is_own else Cell(sent.note or NOT_KNOWN),
    )


def _said(sent: HandedIn, came: Outcome, t: Language) -> str:
    if came.state == "returned":
        return t("handin.returned", reason=sent.reason, by=sent.answered_by)
    if came.state == "accepted":
        key = "accepted" if came.rows >= sent.rows else "accepted_in_part"
        return t(f"handin.{key}", release=came.release, rows=came.rows, of=sent.rows)
    return t(f"handin.{came.state}")


def show(page: Page) -> None:
    """What waits, to be looked at one by one; nothing where nothing does, and while another file is in hand."""
    t = page.t
    waits = [sent for sent, came in outcomes() if came.state == "waiting"][::-1]
    if not waits or st.session_state.get("_upload") is not None:
        return
    head(t("handin.waits_title", count=len(waits)), t("handin.waits_caption"))
    rows = tuple(row(sent, Outcome("waiting"), t, is_own=False) for sent in waits[:MOST_ROWS])
    headings = tuple(t(f"handin.{name}") for name in ("number", "whose", "at", "files", "rows", "note_said"))
    draw(Table(headings, rows, t("common.no_rows"), wide=(3, 5)), t)
    named = {sent.number: t("handin.choice", number=sent.number, unit=sent.shown) for sent in waits}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(t("handin.which"), list(named), key="waiting_which", width=320, format_func=named.get)
        st.button(t("handin.look"), key="waiting_look", type="primary", on_click=_look)


@once
def _look() -> None:
    said = st.session_state
    try:
        sent = store().waiting().number(said["waiting_which"])
        files = store().waiting().contents(sent)
    except NotWaiting:
        said[_SAID] = ("warning", "handin.answered_meanwhile", {"number": said["waiting_which"]})
        return
    except Unreadable:
        said[_SAID] = ("error", "handin.files_lost", {"number": said["waiting_which"], "unit": sent.shown})
        return
    of, fixes, came = handing_in.accepting(sent)
    keep(Upload(files, files, fixes, received_on=came, of=of, waiting=sent.number))
    said["upload_note_text"] = sent.note


def in_hand(page: Page, checked: Checked | None) -> None:
    """Whose files are being looked at: rows to be left out, and the way to return all with a reason."""
    t, handed_in = page.t, st.session_state.get("_upload")
    if handed_in is None or handed_in.waiting is None:
        return
    sent = store().waiting().number(handed_in.waiting)
    if not sent.is_open:
        st.html(furniture.message(t("handin.answered_meanwhile", number=sent.number), "warning"))
        st.stop()
    st.html(furniture.message(t("handin.looking", number=sent.number, unit=sent.shown, at=when(sent.at)), ""))
    if checked is not None:
        _leave_out(checked, t)
    with st.form("waiting_return", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(t("handin.reason"), key="waiting_reason", width=420)
        st.form_submit_button(t("handin.give_back"), on_click=_give_back)


def _leave_out(checked: Checked, t: Language) -> None:
    """Accept in part: rows that would change and are left as they are."""
    rows = {
        (one.sheet, one.line): t("handin.row", key=one.key, line=one.line)
        for table in checked.comparison.tables
        for kind in handing_in.TAKEN
        for one in table.rows(kind)
        if one.sheet not in checked.entered
    }
    if len(rows) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        out = st.multiselect(
            t("handin.leave_out"),
            list(rows),
            format_func=rows.get,
            key="waiting_out",
            placeholder=t("handin.none"),
            width=420,
        )
        if st.button(t("handin.leave_out_do"), key="waiting_leave_out", disabled=not out):
            add_fixes([LineFix(sheet, line) for sheet, line in out])


@once
def _give_back() -> None:
    said, number = st.session_state, current().waiting
    reason = said["waiting_reason"].strip()
    if not reason:
        said[_SAID] = ("warning", "handin.needs_reason", {})
        return
    try:
        store().waiting().give_back(number, reason, who.name())
    except NotWaiting:
        said[_SAID] = ("warning", "handin.answered_meanwhile", {"number": number})
        return
    put_away()
    said[_SAID] = ("done", "handin.given_back", {"number": number})
