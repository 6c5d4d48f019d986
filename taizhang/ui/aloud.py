"""Whatever keeps a page or an act from its work ends in a sentence, and not in a broken page.

An obstacle that is known (a full disk, somebody else who publishes) is named. Any other error is our own fault: the
reader gets a reference, under which the log of the server has the rest.
"""

import functools
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from taizhang.access.roles import NotAllowed
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.store.obstacles import Obstacle, obstacle
from taizhang.ui import until_drawn

_LOG = logging.getLogger(__name__)


@contextmanager
def aloud(t: Language) -> Iterator[None]:
    """What is drawn inside, or why it could not be done."""
    try:
        yield
    except Exception as error:
        _say(_met(error), t)


def act(function: Callable[..., None]) -> Callable[..., None]:
    """A callback, which runs to its end before the page: what keeps it from its work is said once that is drawn."""

    @functools.wraps(function)
    def tried(*args: object, **more: object) -> None:
        with until_drawn.unbroken():
            _try(function, args, more)

    return tried


def once(function: Callable[..., None]) -> Callable[..., None]:
    """An `act` that a double click does not do twice: the second click is none until a page was drawn since the first,
    and the browser had the time to show it."""

    @functools.wraps(function)
    def tried(*args: object, **more: object) -> None:
        with until_drawn.unbroken():
            if until_drawn.is_first((function.__module__, function.__qualname__, args)):
                _try(function, args, more)

    return tried


def _try(function: Callable[..., None], args: tuple, more: dict) -> None:
    try:
        function(*args, **more)
    except Exception as error:
        st.session_state["_obstacle"] = _met(error)


def say_obstacle(t: Language) -> None:
    """What kept the last act from its work, once."""
    met = until_drawn.said("_obstacle")
    if met:
        _say(met, t)


def _met(error: Exception) -> Obstacle:
    if isinstance(error, NotAllowed):
        return Obstacle("not_allowed")
    met = obstacle(error)
    if met is None:
        reference = secrets.token_hex(4)
        _LOG.error("unforeseen error, reference %s", reference, exc_info=error)
        met = Obstacle("unforeseen", {"reference": reference})
    return met


def _say(met: Obstacle, t: Language) -> None:
    st.html(furniture.message(t(f"obstacle.{met.what}", **met.blanks), "error"))
