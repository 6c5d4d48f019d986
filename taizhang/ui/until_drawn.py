"""What holds until a page has been drawn to its end and shown: what there is to say once, and which acts were done.

A click that comes while a page is being drawn ends that run, and another one begins: nobody has seen what the first
one said. So it is said again until a run has come to its end; and the second click of a double click does nothing more.
"""

import math
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

_ASKS = "on_scriptrunner_yield"  # what the framework asks, to learn of another click
# After a page was drawn: within half a second two clicks are a double click on most systems, and they have a way to go.
LATE_SECONDS = 0.6
_SAID, _DONE, _DRAWN_AT = "_said_until_drawn", "_done_until_drawn", "_drawn_at"


def said(place: str) -> object | None:
    """What is to be said at a place of the session, once; None for nothing."""
    state = st.session_state
    what, told = state.get(place), state.get(_SAID, {})
    if what is None:
        return None
    before, drawn_at = told.get(place, (None, math.inf))
    if before is what and time.monotonic() >= drawn_at + LATE_SECONDS:
        del state[place]
        return None
    state[_SAID] = {**told, place: (what, drawn_at if before is what else math.inf)}
    return what


def is_first(act: Hashable) -> bool:
    """Whether an act is asked for for the first time since a page was drawn to its end, and by no second click of a
    double click; to be asked right before it is done."""
    done = st.session_state.get(_DONE, {})
    st.session_state[_DONE] = {**done, act: math.inf}
    return time.monotonic() >= done.get(act, -math.inf) + LATE_SECONDS


def is_late() -> bool:
    """Whether a click may come from a browser that did not have the page yet which was drawn last, or never came to its
    end; to be asked before another is drawn."""
    return time.monotonic() < st.session_state.get(_DRAWN_AT, -math.inf) + LATE_SECONDS


@contextmanager
def unbroken() -> Iterator[None]:
    """Another click waits until the block is done. Else the framework would break it off wherever it touches the
    session: a file published, and nothing said of it."""
    clicks = getattr(get_script_run_ctx(suppress_warning=True), "script_requests", None)
    if clicks is None or _ASKS in vars(clicks):
        yield
        return
    vars(clicks)[_ASKS] = lambda: None
    try:
        yield
    finally:
        del vars(clicks)[_ASKS]


@contextmanager
def drawn() -> Iterator[None]:
    """A page is drawn inside; a page may end itself before its last line."""
    st.session_state[_DRAWN_AT] = math.inf
    try:
        yield
    except StopException:
        _is_drawn()
        raise
    _is_drawn()


def _is_drawn() -> None:
    state, now = st.session_state, time.monotonic()
    with unbroken():  # a page that ends itself is ended by every touch of the session from then on
        told, done = state.get(_SAID, {}), state.get(_DONE, {})
        state[_SAID] = {place: (what, min(drawn_at, now)) for place, (what, drawn_at) in told.items() if place in state}
        state[_DONE] = {act: min(drawn_at, now) for act, drawn_at in done.items() if drawn_at + LATE_SECONDS > now}
        state[_DRAWN_AT] = now
