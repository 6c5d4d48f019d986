"""A detour: from a slide to a page that shows its data, and back to the very same slide, from whatever page."""

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.ui.aloud import act, once

_STATE, _GOING = "_detour", "_detour_ends"


def begin(meeting_id: str, number: int, pinned: dict[str, object]) -> None:
    """Set the shared filters to what the slide shows, and remember the reader's own; only from a callback.

    `number` is that of the slide, from 1; `pinned` holds every shared filter.
    """
    state = st.session_state
    own = state[_STATE]["own"] if _STATE in state else {name: state.get(name) for name in pinned}
    state[_STATE] = {"meeting": meeting_id, "slide": number, "own": own}
    state.update(pinned)


def end() -> None:
    """The reader's own filters are back; only from a callback, or before the frame is drawn."""
    held = st.session_state.pop(_STATE, None)
    if held:
        st.session_state.update(held["own"])


def way_back(t: Language, meeting_page) -> None:
    """On every page while a slide waits: a button back to it, and one that gives up the way back."""
    going = st.session_state.pop(_GOING, None)
    if going:
        st.switch_page(meeting_page, query_params={"present": going})
    held = st.session_state.get(_STATE)
    if held:
        with st.container(key="way_back", horizontal=True):
            label = t("present.way_back", number=held["slide"])
            st.button(label, key="way_back_go", type="primary", on_click=_go_back)
            st.button(t("present.end_detour"), key="way_back_end", on_click=_stay)


@once
def _go_back() -> None:
    st.session_state[_GOING] = st.session_state[_STATE]["meeting"]
    end()


@act
def _stay() -> None:
    """The filters stay as they are now; the slide is forgotten."""
    st.session_state.pop(_STATE, None)
