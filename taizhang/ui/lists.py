"""Tables one can sort, search and open further: one script for all of a page, in the reader's words."""

from importlib import resources

import streamlit as st

from taizhang.declared.wording import Language

_WORDS = ("sort", "find", "found", "found_none", "more", "all", "unfold", "unfold_row")

_LISTS = st.components.v2.component(
    "taizhang_lists",
    html="<span></span>",
    js=resources.files("taizhang.drawing.html").joinpath("js/lists.js").read_text("utf-8"),
)


def watch(t: Language) -> None:
    """From now on every table of the page is such a list; once a run, before anything is drawn."""
    blanks = {one: f"{{{one}}}" for one in ("column", "count", "total", "row")}  # the script fills them
    _LISTS(data={"words": {name: t(f"lists.{name}", **blanks) for name in _WORDS}}, key="lists", height=1)
