"""An act that the disk refuses, or that somebody else holds up, ends in a sentence and not in a broken page."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.store.obstacles import Obstacle, obstacle


@contextmanager
def aloud(t: Language) -> Iterator[None]:
    """What is drawn inside, or why it could not be done."""
    try:
        yield
    except Exception as error:
        met = obstacle(error)
        if met is None:
            raise
        _say(met, t)


def act(function: Callable[..., None]) -> Callable[..., None]:
    """A callback, which runs before the page: what keeps it from its work is said once the page is drawn."""

    @functools.wraps(function)
    def tried(*args: object, **more: object) -> None:
        try:
            function(*args, **more)
        except Exception as error:
            st.session_state["_obstacle"] = obstacle(error)
            if st.session_state["_obstacle"] is None:
                raise

    return tried


def say_obstacle(t: Language) -> None:
    """What kept the last act from its work, once."""
    met = st.session_state.pop("_obstacle", None)
    if met:
        _say(met, t)


def _say(met: Obstacle, t: Language) -> None:
    st.html(furniture.message(t(f"obstacle.{met.what}", **met.blanks), "error"))
