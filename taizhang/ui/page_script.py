"""What runs in the browser on every page: lists one can sort and search, the whole screen, what can be copied."""

from importlib import resources

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.ui.aloud import act

_WORDS = ("sort", "find", "found", "found_none", "more", "all", "unfold", "unfold_row", "full", "copied")
_BLANKS = {one: f"{{{one}}}" for one in ("column", "count", "total", "row")}  # the script fills them
_SCRIPTS = "".join(
    resources.files("taizhang.drawing.html").joinpath(f"js/{name}.js").read_text("utf-8")
    for name in ("lists", "full", "copy", "theme")
)

_PAGE = st.components.v2.component(
    "taizhang_page",
    html="<span></span>",
    js=_SCRIPTS
    + """export default function ({ data, setTriggerValue }) {
      taizhangTheme(theme => setTriggerValue('theme', theme));
      taizhangLists(data.words);
      taizhangFull(data.words);
      taizhangCopy(data.words);
    }""",
)


@act
def _look_again() -> None:
    """Nothing but a run of the page, which looks at the theme."""


def watch(t: Language) -> None:
    """From now on the page answers so, in these words; once a run, before anything is drawn."""
    _PAGE(
        data={"words": {name: t(f"lists.{name}", **_BLANKS) for name in _WORDS}},
        key="page_script",
        height=1,
        on_theme_change=_look_again,
    )
