"""The search over the whole campaign: a button and the key /, a list of what was found, the panel of what is chosen."""

from collections.abc import Callable

import streamlit as st

from taizhang.drawing.html import furniture
from taizhang.evidence.passports import NotAPassport, read
from taizhang.exhibits import Exhibit
from taizhang.exhibits.found import found
from taizhang.exhibits.opened import opened
from taizhang.exhibits.views import View
from taizhang.ui.aloud import aloud
from taizhang.ui.controls import ROOT, store
from taizhang.ui.panel import source_panel

Draw = Callable[[Exhibit], str | None]  # puts an exhibit on the page; what was picked in it

_KEY = st.components.v2.component(
    "taizhang_search_key",
    html="<span></span>",
    js="""export default function () {
      if (window.tzSearchKey) return;
      window.tzSearchKey = true;
      document.addEventListener('keydown', event => {
        const at = document.activeElement;
        const isBusy = at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
        if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isBusy) return;
        if (document.querySelector('[role=dialog], .tzs-deck')) return;
        const button = document.querySelector('.st-key-search_open button');
        if (!button) return;
        event.preventDefault();
        button.click();
      });
      let seen = null;  // a dialog takes the focus itself when it opens: it belongs to its field
      new MutationObserver(() => {
        const field = document.querySelector('[role=dialog] .st-key-search_text input');
        if (field && field !== seen) setTimeout(() => field.focus(), 50);
        seen = field;
      }).observe(document.body, { childList: true, subtree: true });
    }""",
)


def search_box(view: View, draw: Draw) -> None:
    """The button that opens the search; and what was chosen in it on the run before, opened."""
    t = view.t
    _KEY(key="search_key", height=1)
    if st.button(t("search.open"), key="search_open", icon=":material/search:", help=t("search.hint"), type="tertiary"):
        _dialog(view, draw)
    _open(st.session_state.pop("_search_chosen", ""), view)


def _dialog(view: View, draw: Draw) -> None:
    t = view.t

    @st.dialog(t("search.title"), width="large")
    def dialog() -> None:
        with aloud(t):
            text = st.text_input(t("search.enter"), key="search_text", type="search", live=True)
            if not text.strip():
                return
            _offer_code(text, view)
            exhibit = found(view, text)
            st.html(furniture.exhibit_head(exhibit.title, "", ""))
            if exhibit.shape.rows and (picked := draw(exhibit)):
                st.session_state["_search_chosen"] = picked.removeprefix("open:")
                st.rerun()

    dialog()


def _offer_code(text: str, view: View) -> None:
    """The way to what stands behind a code, where the text is one."""
    try:
        read(store(), text)
    except NotAPassport:
        return
    if st.button(view.t("search.to_code", code=text.strip()), key="search_code"):
        _go("sources", passport=text.strip())


def _open(chosen: str, view: View) -> None:
    """The panel of a row that was chosen; a place is chosen for all pages, a figure leads to its sentence."""
    kind, _, key = chosen.partition(":")
    if kind == "district":
        _go("research", district=key)
    elif kind == "figure":
        fact = view.release.rows()["figure"][key]["fact_id"]
        _go("sources", **({"fact": fact} if fact else {}))
    elif kind == "kpi":
        _go("sources", tab="definitions")
    elif row := opened(view, chosen):
        source_panel(row, view)


def _go(page: str, **more: str) -> None:
    st.switch_page(ROOT / "pages" / f"{page}.py", query_params={**st.session_state["_url"], **more})
