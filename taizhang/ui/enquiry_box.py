"""The box on the Sources page where a code is typed, and what it leads to."""

from dataclasses import replace

import streamlit as st

from taizhang.drawing import html
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Shape
from taizhang.evidence.enquiries import Enquiry, enquire
from taizhang.evidence.passports import NotAPassport
from taizhang.ui import address
from taizhang.ui.controls import PAGES, ROOT, store, theme
from taizhang.ui.page import Page
from taizhang.ui.panel import source_tabs


def enquiry_box(page: Page) -> None:
    """Take a code, typed or from the address (`passport=`), and show what stands behind it."""
    t = page.t
    said = _said(t("passport.enter"), t("passport.placeholder"))
    if not said:
        return
    try:
        found = enquire(store(), said, t.code)
    except NotAPassport:
        st.html(furniture.message(t("passport.wrong", said=t.more(said, 40)), "error"))
        return
    with st.container(border=True, key="enquiry"):
        _show(found)


def _said(label: str, example: str) -> str:
    """The code in the box; a link that brings another one fills the box anew."""
    state, asked = st.session_state, address.read("passport")
    if asked and asked != state.get("_passport"):
        state["passport_code"] = asked
    said = st.text_input(label, key="passport_code", placeholder=example).strip()
    state["_passport"] = said
    address.write("passport", said)
    return said


def _show(found: Enquiry) -> None:
    exhibit, view, t = found.exhibit, found.view, found.view.t
    demo = t("common.demo") if exhibit.is_demo else ""
    if found.item:
        left, right = st.columns([1, 2], gap="medium")
        with left:
            st.html(html.drawn(_alone(found), theme(), t.code, exhibit.title))
    else:
        right = st.container()
    with right:
        st.html(furniture.exhibit_head(exhibit.title, exhibit.caption, demo))
        st.html(furniture.note(found.seen))
        st.html(furniture.message(found.holds, "warning" if found.restated else "done"))
        if found.newest_view.as_of != view.as_of:
            st.html(furniture.note(found.newest_line))
        _way_back(found)
    source_tabs(found.behind, view)


def _alone(found: Enquiry) -> Shape:
    """The figure by itself; its link would lead to the newest data."""
    return found.exhibit.shape.with_cards((replace(found.item, link="", link_label=""),))


def _way_back(found: Enquiry) -> None:
    """A button to the page of the exhibit, in the view it was seen in."""
    name, view = found.exhibit.name.partition(".")[0], found.view
    if name not in PAGES or name == "meeting":
        return
    if st.button(view.t("passport.open"), key="passport_open", type="tertiary"):
        seen = {
            "lang": view.t.code,
            "as_of": view.as_of.isoformat(),
            "release": str(view.release.number),
            "compare": view.compare_on.isoformat() if view.compare_on else None,
            "district": view.district,
        }
        st.switch_page(ROOT / "pages" / f"{name}.py", query_params={key: one for key, one in seen.items() if one})
