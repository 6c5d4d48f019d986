"""The guide inside the app: what it says to each reader, and of the page that led here."""

import streamlit as st

from taizhang.declared import guide
from taizhang.declared.guide import PAGES, PARTS, Picture, Section
from taizhang.declared.wording import language
from taizhang.drawing.html import furniture
from taizhang.ui import address
from taizhang.ui.controls import choices


def guide_page() -> None:
    """One part of the guide, chosen at the top and in the address; of the pages, the one asked for first."""
    t = language(choices().lang)
    st.html(furniture.page_head("", t("guide.question"), (t("guide.caption"),)))
    titles = {name: guide.part(name, t.code).title for name in PARTS}
    if "guide_part" not in st.session_state:
        asked = address.read("part")
        st.session_state["guide_part"] = asked if asked in PARTS else PARTS[0]
    st.segmented_control(
        t("guide.part"), PARTS, key="guide_part", format_func=titles.get, required=True, label_visibility="collapsed"
    )
    name = st.session_state["guide_part"]
    address.write("part", name)
    said = guide.part(name, t.code)
    st.markdown(said.opening)
    about = address.read("about") if name == PAGES else ""
    with st.container(key="guide"):
        for section in sorted(said.sections, key=lambda one: one.about != about):
            _draw(section)


def _draw(section: Section) -> None:
    st.html(furniture.exhibit_head(section.title, "", ""))
    for block in section.blocks:
        if not isinstance(block, Picture):
            st.markdown(block)
        elif block.path.exists():
            st.image(str(block.path), caption=block.shows, width="stretch", alt=block.shows)
