"""Who is there, as the server says, and what they may do: every button asks here, and every act is refused here.

Where nobody has to sign in there is one person, who sits at this computer and may do everything.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from filelock import Timeout
from streamlit.runtime.scriptrunner import get_script_run_ctx

from taizhang.access import roles
from taizhang.access.audit import Audit
from taizhang.access.people import People, Person
from taizhang.declared.root import data_folder
from taizhang.server.entrance import PERSON, SOURCE, name_told
from taizhang.store import Store, leave
from taizhang.store.campaigns import name_of
from taizhang.store.turnstile import asked_whose

_LOG = logging.getLogger(__name__)
_AT_THIS_COMPUTER = Person("", "", "administrator", "")


def _said(header: str) -> str | None:
    """What the server says of who is there; in a thread that no browser waits for, nothing."""
    return st.context.headers.get(header)


def people() -> People:
    """The accounts of the data folder that is served."""
    return People(data_folder())


def signs_in() -> bool:
    """Whether anybody has to sign in."""
    return bool(_said(PERSON)) or people().is_configured()


def person() -> Person | None:
    """Who is there; None for somebody of whom the server says nothing where they would have to sign in."""
    said = _said(PERSON)
    if said:
        return people().find(name_told(said))
    return None if people().is_configured() else _AT_THIS_COMPUTER


def name() -> str:
    """The name that stands under what they do; '' where nobody signs in, and whoever acts says who they are."""
    one = person()
    return one.shown if one else ""


def held_to() -> tuple[str, ...] | None:
    """The districts and units whose rows they see; None for all, and none at all for somebody who is not known."""
    one = person()
    return roles.held_to(one) if one else ()


def may(act: str) -> bool:
    """Whether they may do an act, of those in `roles.ACTS`."""
    return roles.may(person(), act)


def may_open(page: str) -> bool:
    """Whether they may open a page."""
    return may(roles.PAGES.get(page, "look"))


def expect(act: str) -> None:
    """Raises `roles.NotAllowed` unless they may do an act; a refusal is written down."""
    try:
        roles.expect(person(), act)
    except roles.NotAllowed:
        write("refused", detail=act)
        raise


def write(act: str, *, campaign: str = "", release: int | None = None, detail: str = "") -> None:
    """A line of the book of what was done, where people sign in. What was done stays done though it cannot be written:
    then the log of the server says so."""
    to_write(act, campaign=campaign, release=release, detail=detail)()


def to_write(act: str, *, campaign: str = "", release: int | None = None, detail: str = "") -> Callable[[], None]:
    """The same line to be written later, where no session is known any more: of who is there now."""
    one = person()
    if not signs_in():
        return lambda: None
    name, role, source = one.name if one else "", one.role if one else "", _said(SOURCE) or ""
    book = Audit(data_folder())

    def write_it() -> None:
        try:
            book.write(name, act, role=role, source=source, campaign=campaign, release=release, detail=detail)
        except (OSError, Timeout) as error:
            _LOG.error("the book of what was done could not be written: %s %s", act, release, exc_info=error)

    return write_it


def _told(act: str, folder: Path, number: int | None, detail: str) -> None:
    write(act, campaign=name_of(Store(folder)), release=number, detail=detail)


def _whose() -> str:
    """Whose work this thread does; '' for a thread that no browser waits for."""
    return name_told(_said(PERSON) or "") if get_script_run_ctx(suppress_warning=True) else ""


leave.asked_of(expect, _told)
asked_whose(_whose)
