"""Many measures of a list at once: what is chosen becomes the upload in hand, and goes on as any upload does."""

import streamlit as st

from taizhang.declared.tables import code_lists
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.exhibits.parts_of_campaign import has_page, menu_of
from taizhang.ui import who
from taizhang.ui.controls import ROOT, standing
from taizhang.ui.handed_in import Upload, keep, put_away
from taizhang.ui.page import Page
from taizhang.uploads import at_once
from taizhang.uploads.at_once import Said, Wanted


def many_at_once(page: Page) -> None:
    """Choose measures of the live release and one act, and lead to the upload page with what it would change."""
    t, live = page.t, standing().live
    if not who.may("publish"):
        return
    with st.expander(t("atonce.title")):
        st.html(furniture.note(t("atonce.note")))
        every = [str(row["unit"]) for row in at_once.listed(live, Wanted()) if row["unit"]]
        rows = at_once.listed(live, _wanted(sorted(set(every)), t))
        contents = {str(row["action_id"]): str(row["content"]) for row in rows}
        only = st.multiselect(
            t("atonce.only", count=len(rows)),
            list(contents),
            key="many_only",
            placeholder=t("atonce.any"),
            format_func=lambda key: f"{key} {t.more(contents.get(key, key), 30)}",
        )
        what = st.selectbox(
            t("atonce.what"), list(at_once.ACTS), key="many_what", format_func=lambda one: t(f"atonce.{one}")
        )
        said = _said(what, t)
        is_leaving_out = st.checkbox(t("atonce.leave_out"), key="many_leave_out")
        if not st.button(t("atonce.go"), key="many_go", type="primary"):
            return
        made = at_once.make(what, live, only or list(contents), said, is_leaving_out)
        for refused in () if made.files else made.refused:
            st.html(furniture.message(at_once.sentence(refused, what, t), "error"))
    if made.files:
        put_away()
        keep(Upload(made.files, made.files, listed_in=made.release))
        st.switch_page(ROOT / "pages" / "upload.py")


def _wanted(units: list[str], t: Language) -> Wanted:
    """What the list is filtered by."""
    unit, status, light = st.columns(3)
    start, end, text = st.columns(3)
    return Wanted(
        unit.selectbox(t("atonce.unit"), units, index=None, key="many_unit", placeholder=t("atonce.any")),
        _code(status, "status", t),
        _code(light, "light", t),
        start.date_input(t("atonce.due_from"), value=None, key="many_from", format="YYYY-MM-DD"),
        end.date_input(t("atonce.due_to"), value=None, key="many_to", format="YYYY-MM-DD"),
        text.text_input(t("atonce.text"), key="many_text") or None,
    )


def _code(place, codes: str, t: Language) -> str | None:
    known = [one.code for one in code_lists()[codes]]
    return place.selectbox(
        t(f"atonce.{codes}"),
        known,
        index=None,
        key=f"many_{codes}",
        format_func=lambda one: t.label(codes, one),
        placeholder=t("atonce.any"),
    )


def _said(what: str, t: Language) -> Said:
    """What has to be said for the act."""
    _, _, needs = at_once.ACTS[what]
    day = None
    if "day" in needs:
        day = st.date_input(t(f"atonce.day_{what}"), value=None, key=f"many_day_{what}", format="YYYY-MM-DD")
    by = st.text_input(t(f"atonce.by_{what}"), key=f"many_by_{what}") if "by" in needs else ""
    reason = st.text_input(t("atonce.reason"), key=f"many_reason_{what}") if "reason" in needs else ""
    return Said(by.strip(), day, reason.strip())


def to_many_at_once(page: Page) -> None:
    """The way to an act on many measures from the pages where somebody finds that one is due."""
    if (
        who.may("publish")
        and has_page(page.t.vocabulary, "rectification")
        and st.button(
            page.t("atonce.to", page=menu_of(page.t, "rectification"), tab=page.t("rectification.tab_ledger")),
            key="to_many_at_once",
            type="tertiary",
        )
    ):
        st.switch_page(ROOT / "pages" / "rectification.py", query_params={**st.session_state["_url"], "tab": "ledger"})
