"""Letters on their page: drafts to read, issued in one step, printed again, revoked."""

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from taizhang.drawing.html import furniture
from taizhang.showing.papers import letters as papers
from taizhang.store import clock
from taizhang.ui import signer, until_drawn
from taizhang.ui.aloud import once
from taizhang.ui.controls import standing, store
from taizhang.ui.downloads import download_made
from taizhang.ui.handed_in import head
from taizhang.ui.page import Page
from taizhang.uploads import letters
from taizhang.uploads.letters import Letter

REPLY_WITHIN = 7  # days; offered, and changed by whoever issues


def issue(page: Page) -> None:
    """Choose units and days, read the drafts, and record them as issued in one step."""
    t, view = page.t, page.view
    if not view.ask("letters_due").rows:
        return
    head(t("letters.issue_title"), t("letters.issue_caption"))
    units = sorted({row["unit"] for row in view.ask("letters_due").records()})
    chosen = st.multiselect(
        t("letters.units"), units, default=units, key="letters_units", placeholder=t("letters.units_none")
    )
    left, middle, right = st.columns(3)
    today = view.as_of if view.as_of < clock.today() else clock.today()
    day = left.date_input(t("letters.day"), value=today, format="YYYY-MM-DD", key="letters_day")
    reply = middle.date_input(
        t("letters.reply_by"), value=today + dt.timedelta(days=REPLY_WITHIN), format="YYYY-MM-DD", key="letters_reply"
    )
    signer.ask(t("upload.by"), "letters_by", view, right)
    if day is None or reply is None:
        return
    drafts = [one for one in letters.due(view.release, view.as_of, day, reply) if one.unit in chosen]
    with st.container(horizontal=True):
        _download(page, drafts, t("letters.take_draft"), "letters_drafts")
        st.button(t("letters.issue"), key="letters_issue", type="primary", on_click=_issue, args=(view.as_of,))
    for one in drafts:
        with st.expander(t("letters.text_title", unit=one.unit, kind=t.label("letter_kind", one.kind))):
            st.code(papers.text(one, t), language=None, wrap_lines=True)


@once
def _issue(as_of: dt.date) -> None:
    """What is issued is what stands in the boxes at the click, whatever the page was drawn with."""
    said = st.session_state
    by, day, reply = signer.signed("letters_by"), said["letters_day"], said["letters_reply"]
    if not by or reply < day:
        said["_letters_said"] = ("warning", "letters.needs_name" if not by else "letters.reply_too_early", {})
        return
    due = letters.due(store().live(), as_of, day, reply)
    try:
        made = letters.issue(store(), by, [one for one in due if one.unit in said["letters_units"]])
    except letters.NothingDue:
        said["_letters_said"] = ("warning", "letters.nothing_due", {})
        return
    told = {"count": len(made), "letters": " ".join(one.letter_id for one in made)}
    said["_letters_said"] = ("done", "letters.issued", told)


def again(page: Page) -> None:
    """A letter that was issued: a copy of it, or its revoking."""
    t, records = page.t, page.view.ask("letters").records()
    if not records:
        return
    head(t("letters.print_title"), "")
    names = {row["letter_id"]: row["unit"] for row in records}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("letters.which"),
            list(names),
            key="letters_which",
            width=320,
            format_func=lambda one: f"{one} · {names[one]}",
        )
        one = letters.issued(standing().live, chosen)
        if one is not None:
            _download(page, [one], t("letters.take_issued"), "letters_copy")
    if next(row for row in records if row["letter_id"] == chosen)["revoked_on"] is None:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(t("letters.revoke_reason"), key="letters_reason", width=320)
            signer.ask(t("upload.by"), "letters_revoke_by", page.view, st.container(width=240))
            st.button(t("letters.revoke"), key="letters_revoke", on_click=_revoke)


@once
def _revoke() -> None:
    said = st.session_state
    letter_id = said["letters_which"]
    by, reason = signer.signed("letters_revoke_by"), said["letters_reason"].strip()
    if not (by and reason):
        said["_letters_said"] = ("warning", "letters.needs_reason", {})
        return
    letters.revoke(store(), by, letter_id, standing().live.as_of, reason)
    said["_letters_said"] = ("done", "letters.revoked_done", {"letter": letter_id})


def result(page: Page) -> None:
    """What the last act came to, once."""
    said = until_drawn.said("_letters_said")
    if said:
        kind, key, blanks = said
        st.html(furniture.message(page.t(key, **blanks), kind))


def _download(page: Page, own: Sequence[Letter], label: str, key: str) -> None:
    if not own:
        return
    t, release = page.t, standing().live
    name = t("letters.archive_name", day=own[0].issued_on)
    download_made(
        label, lambda: papers.archive(own, papers.Office.of(release), t), name, repr((own, t.code, release.number)), key
    )
