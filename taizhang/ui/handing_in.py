"""What a unit is to fill in, typing it in or bringing a file, handing it in, and what became of it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from taizhang.declared import tables
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Table
from taizhang.showing.papers import request_grid, request_sheets
from taizhang.store.waiting import NotWaiting, TooManyWait
from taizhang.ui import changes, until_drawn, upload, waiting, which, who
from taizhang.ui.aloud import once
from taizhang.ui.badge import outcomes
from taizhang.ui.controls import standing
from taizhang.ui.downloads import download_made
from taizhang.ui.handed_in import Upload, current, draw, head, keep, put_away
from taizhang.ui.page import Page
from taizhang.uploads import Checked, handing_in
from taizhang.uploads.handing_in import ToFill
from taizhang.uploads.of_unit import OfUnit

_SAID = "_hand_in_said"


def result(page: Page) -> None:
    """What the last act came to, once."""
    said = until_drawn.said(_SAID)
    if said:
        kind, key, blanks = said
        st.html(furniture.message(page.t(key, **blanks), kind))


def so_far(page: Page) -> None:
    """What they handed in and what became of it, the newest first; what still waits can be taken back."""
    t, one = page.t, who.person()
    own = [(sent, came) for sent, came in outcomes() if one and sent.by == one.name]
    if not own:
        return
    head(t("handin.so_far_title", count=len(own)), t("handin.so_far_caption"))
    rows = tuple(waiting.row(sent, came, t, is_own=True) for sent, came in own)
    headings = tuple(t(f"handin.{name}") for name in ("number", "at", "files", "rows", "outcome"))
    draw(Table(headings, rows, t("common.no_rows"), wide=(4,)), t)
    back = [sent.number for sent, came in own if came.state == "waiting"]
    if back:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(t("handin.which_back"), back, key="hand_in_back", width=160)
            st.button(t("handin.take_back"), key="hand_in_take_back", on_click=_take_back)


@once
def _take_back() -> None:
    number = st.session_state["hand_in_back"]
    try:
        which.whole().waiting().take_back(number, who.person().name)
    except NotWaiting:
        st.session_state[_SAID] = ("warning", "handin.answered_meanwhile", {"number": number})
        return
    st.session_state[_SAID] = ("done", "handin.taken_back", {"number": number})


def to_fill(page: Page) -> None:
    """Every sheet of theirs: to take away, or to fill in here."""
    t = page.t
    day = page.view.ask("data_age").records()[0]["next_update_on"] or page.view.as_of
    found = handing_in.to_fill(which.whole(), standing().live, who.held_to() or (), day)
    count = sum(len(one.asked) for one in found)
    if not count:
        head(t("handin.to_fill_none"), "")
        return
    head(t("handin.to_fill_title", count=count), t("handin.to_fill_caption"))
    for one in found:
        with st.expander(_called(one, page), expanded=len(found) == 1):
            _sheet(one, page)


def _called(one: ToFill, page: Page) -> str:
    t = page.t
    blanks = {"unit": one.unit, "count": len(one.asked), "day": t.day(one.return_by)}
    if one.round is None:
        return t("handin.sheet_unasked", **blanks)
    return t("handin.sheet", round=one.round.request_id, **blanks)


def _sheet(one: ToFill, page: Page) -> None:
    t, rows = page.t, standing().live.rows()
    if one.round:
        name = request_sheets.file_name(one.round, one.unit, t)
        download_made(
            t("handin.take_away"),
            lambda: request_sheets.workbook(one.round, one.unit, t),
            name,
            f"{one.round.request_id} {one.round.release} {one.unit} {t.code}",
            f"hand_in_sheet_{one.round.request_id}_{one.unit}",
        )
    typed = {}
    for ledger in one.ledgers:
        before = request_grid.grid(one, ledger, rows, t)
        typed[ledger] = before, _typed(one, ledger, before, page)
    if st.button(t("handin.go_on"), key=f"hand_in_go_on_{one.unit}", type="primary"):
        made = [request_grid.as_file(one, ledger, before, after, t) for ledger, (before, after) in typed.items()]
        files = tuple(file for file in made if file)
        if not files:
            st.html(furniture.message(t("handin.nothing_typed"), "warning"))
            return
        keep(Upload(files, files, of=_of()))
        st.rerun()


def _typed(one: ToFill, ledger: str, before: list[request_grid.Typed], page: Page) -> list[dict]:
    t = page.t
    known, open_ = request_grid.columns_of(ledger)
    config = {}
    for column in open_:
        options = request_grid.choices(ledger, column, t)
        if options:
            config[t.of(column.heading)] = st.column_config.SelectboxColumn(options=options)
        elif column.type == "DATE":
            config[t.of(column.heading)] = st.column_config.DateColumn(format="YYYY-MM-DD")
        else:
            config[t.of(column.heading)] = st.column_config.TextColumn()
    st.html(furniture.note(t.of(tables.ledgers()[ledger].title)))
    return st.data_editor(
        before,
        key=f"hand_in_grid_{one.unit}_{ledger}_{standing().live.number}_{t.code}",
        disabled=[t.of(column.heading) for column in known],
        column_config=config,
        hide_index=True,
        placeholder="",  # or an empty cell says None, in English
    )


def receive(page: Page, top: DeltaGenerator) -> Checked:
    """Take the files and read them: their own rows, and what is theirs to say of them."""
    return upload.receive(page, top, _of(), lambda page: st.html(furniture.note(page.t("handin.invite"))))


def _of() -> OfUnit:
    one = who.person()
    return OfUnit(one.shown, one.scope or (), standing().live.number, is_theirs=True)


def hand_in(page: Page, checked: Checked) -> None:
    """What the files would change, and the way to hand them in."""
    t, comparison = page.t, checked.comparison
    if comparison.already:
        st.html(furniture.message(t("upload.already", number=comparison.already), "done"))
        return
    title = t("upload.changes_title", count=comparison.changes) if comparison.changes else t("upload.changes_none")
    head(title, t("upload.edits_caption"))
    for one in comparison.tables:
        changes.of_table(one, t)
    if checked.errors:
        st.html(furniture.note(t("handin.errors_block")))
        return
    if not comparison.changes:
        return
    with st.form("hand_in", border=False):
        st.text_input(t("handin.note"), key="hand_in_note")
        st.form_submit_button(t("handin.hand_in"), type="primary", on_click=_hand_in)


@once
def _hand_in() -> None:
    said, handed_in, one = st.session_state, current(), who.person()
    checked = said["_checked"][1]
    try:
        made = handing_in.hand_in(
            which.whole(), one.name, handed_in.of, handed_in.files, checked, handed_in.fixes, said["hand_in_note"]
        )
    except TooManyWait as error:
        said[_SAID] = ("warning", "handin.too_many", {"count": error.most})
        return
    put_away()
    said[_SAID] = ("done", "handin.done", {"number": made.number})
