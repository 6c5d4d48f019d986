"""Controls for values that are kept in the store: each shows what is kept, whoever changed it.

A browser remembers what a control last showed and says it again with every click, also when the value was changed by
another act meanwhile: it must never be taken for something the reader chose. So a control lives only as long as its
value is changed by nothing but itself; then another takes its place, under another key. What the browser still says of
the old one is what that one was drawn with, and so means nothing: `chosen` tells.
"""

import streamlit as st

_TURN = "_turn_{}"


def control(name: str, value: object) -> str:
    """The key of the control that shows a value as it is kept; the control is given no value of its own."""
    state = st.session_state
    if name_now(name) in state and _plain(state[name_now(name)]) != _plain(value):
        state[_TURN.format(name)] = state.get(_TURN.format(name), 0) + 1
    key = name_now(name)
    if key not in state:
        state[key] = value
    return key


def name_now(name: str) -> str:
    """The key under which the control of that name stands now."""
    turn = st.session_state.get(_TURN.format(name), 0)
    return f"{name}_{turn}" if turn else name


def chosen(key: str, drawn: object) -> object | None:
    """What the reader chose in a control that was drawn with a value; None when that is what it still says."""
    said = _plain(st.session_state[key])
    return None if said == _plain(drawn) else said


def _plain(value: object) -> object:
    """A value as it is compared: without the spaces around a text, and lists as what they hold."""
    if isinstance(value, str):
        return value.strip()
    return list(value) if isinstance(value, (list, tuple)) else value
