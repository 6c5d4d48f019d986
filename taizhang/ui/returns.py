"""Handing sheets out and taking them back: who is asked, for what, by when; and the rounds that were handed out."""

import datetime as dt

import streamlit as st

from taizhang import uploads
from taizhang.declared import tables
from taizhang.drawing.html import furniture
from taizhang.exhibits import requests
from taizhang.showing.papers import request_sheets
from taizhang.store import clock
from taizhang.ui import signer, until_drawn, who
from taizhang.ui.aloud import once
from taizhang.ui.controls import ROOT, standing, store
from taizhang.ui.downloads import download_made
from taizhang.ui.handed_in import Upload, head, keep
from taizhang.ui.page import Page
from taizhang.uploads import giving_back, rounds

_FORM = "returns_ask"


def hand_out(page: Page) -> None:
    """Choose the day, see what would be asked, choose units and ledgers, and record the round in one step."""
    t, live = page.t, standing().live
    head(t("returns.hand_out_title"), t("returns.hand_out_caption"))
    usual = page.view.ask("data_age").records()[0]["next_update_on"]
    day = st.date_input(t("returns.return_by"), value=usual, format="YYYY-MM-DD", key="returns_day", width=240)
    if day is None:
        return
    page.show(requests.burden(page.view, day))
    asked = rounds.asked_by(live, day)
    if not asked:
        return
    units = sorted({one.unit for one in asked})
    ledgers = sorted({one.ledger for one in asked})
    today = clock.today()
    with st.form(_FORM, border=False):
        st.multiselect(
            t("returns.units" if page.view.has_places else "returns.units_bare"),
            units,
            default=units,
            key="returns_units",
            placeholder=t("returns.units_none"),
        )
        st.multiselect(
            t("returns.ledgers"),
            ledgers,
            default=ledgers,
            key="returns_ledgers",
            placeholder=t("returns.units_none"),
            format_func=lambda name: t.of(tables.ledgers()[name].title),
        )
        left, right = st.columns(2)
        sent = today if today <= day else live.as_of
        left.date_input(t("returns.sent_on"), value=sent, format="YYYY-MM-DD", key="returns_sent_on")
        signer.ask(t("upload.by"), "returns_by", page.view, right)
        st.form_submit_button(t("returns.hand_out"), type="primary", on_click=_hand_out)


@once
def _hand_out() -> None:
    said = st.session_state
    by, day, sent = signer.signed("returns_by"), said["returns_day"], said["returns_sent_on"]
    if not by or sent is None or sent > day:
        said["_returns_said"] = ("warning", "returns.needs_name" if not by else "returns.sent_too_late", {})
        return
    try:
        one = rounds.hand_out(store(), by, sent, day, said["returns_units"], said["returns_ledgers"])
    except rounds.NothingToAsk:
        said["_returns_said"] = ("warning", "returns.nothing_to_ask", {})
        return
    said["returns_round"] = one.request_id
    said["_returns_said"] = ("done", "returns.handed_out", {"round": one.request_id, "count": len(one.asked)})


def any_yet(page: Page) -> bool:
    """Whether sheets were handed out before; where none were, it is said how that goes on."""
    if page.view.ask("requests").rows:
        return True
    st.html(furniture.note(page.t("returns.how_it_goes")))
    return False


def result(page: Page) -> None:
    """What the last act came to, once."""
    said = until_drawn.said("_returns_said")
    if said:
        kind, key, blanks = said
        st.html(furniture.message(page.t(key, **blanks), kind))


def take_away(page: Page) -> None:
    """The workbooks of a round, as often as somebody needs them."""
    t = page.t
    records = page.view.ask("requests").records()
    names = list(dict.fromkeys(row["request_id"] for row in records))
    if not names:
        return
    days: dict[str, dt.date] = {row["request_id"]: row["return_by"] for row in records}
    if st.session_state.get("returns_round") not in names:
        st.session_state["returns_round"] = names[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("returns.round"),
            names,
            key="returns_round",
            width=320,
            format_func=lambda one: t("returns.round_due", round=one, day=t.day(days[one])),
        )
        one = rounds.round_of(store(), chosen, standing().live)
        if one is None:
            st.html(furniture.message(t("returns.round_gone", round=chosen), "warning"))
        else:
            download_made(
                t("returns.take_away"),
                lambda: request_sheets.archive(one, t),
                request_sheets.archive_name(one, t),
                f"{chosen} {one.release} {t.code}",
                "returns_take_away",
            )


def take_back(page: Page) -> None:
    """The way to the page where the files that came back are read."""
    t = page.t
    if not who.may("publish"):
        return
    head(t("returns.take_back_title"), t("returns.take_back_caption"))
    if st.button(t("returns.take_back"), key="returns_take_back"):
        st.switch_page(ROOT / "pages" / "upload.py")
    back = [row for row in page.view.ask("requests").records() if row["returned_on"]]
    if back:
        _undo_one([(row["request_id"], row["unit"]) for row in back], page)


def _undo_one(back: list[tuple[str, str]], page: Page) -> None:
    """What one unit's sheet changed can be given back, also where it was published together with others."""
    t = page.t
    with st.expander(t("returns.undo_one")), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("returns.undo_which"), back, key="returns_undo_which", width=320, format_func=" · ".join
        )
        if st.button(t("returns.undo_prepare"), key="returns_undo_prepare"):
            found = giving_back.taking_back(store(), *chosen)
            if found is None:
                st.session_state["_returns_said"] = ("warning", "returns.undo_whole", {"unit": chosen[1]})
                st.rerun()
            keep(Upload(found.files, found.files, restates=uploads.restated_by(store(), found.day), day=found.day))
            st.switch_page(ROOT / "pages" / "upload.py")
