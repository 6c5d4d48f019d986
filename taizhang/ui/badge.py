"""What waits for whoever is there, as a number beside the name of a page."""

import streamlit as st

from taizhang.store.waiting import HandedIn, Outcome
from taizhang.ui import which, who
from taizhang.uploads import handing_in

_KEPT = "_handed_in_so_far"


def outcomes() -> list[tuple[HandedIn, Outcome]]:
    """All that was handed in to this campaign and what became of it, the newest first; read anew when any of it or
    the live release has changed."""
    store = which.whole()
    stamp = str(store), store.live_number(), store.waiting().stamp()
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != stamp:
        kept = st.session_state[_KEPT] = stamp, handing_in.outcomes(store)
    return kept[1]


def waits(page: str) -> int:
    """How much waits on a page: to be looked at by those who publish; to be put right, since the last that they handed
    in was returned, by those who hand in."""
    if page == "upload" and who.may("publish") and who.signs_in():
        return sum(came.state == "waiting" for _, came in outcomes())
    if page == "hand_in" and who.may("hand_in"):
        own = [came for sent, came in outcomes() if sent.by == who.person().name]
        return int(bool(own) and own[0].state == "returned")
    return 0
