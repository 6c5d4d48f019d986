"""What a reader has laid out on the releases page: a release, two to compare, the rows of a count, a row.

It is kept while other pages are looked at, and stands in the URL, so that a link reproduces it.
"""

from collections.abc import Collection, Mapping

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.ui import address
from taizhang.ui.controls import standing

LAID_OUT = ("part", "shown", "ledger", "kind", "older", "newer", "key", "field")
_NUMBERS = ("shown", "older", "newer")
ALL = ""


def begin(t: Language, known: Mapping[str, Collection[object]]) -> None:
    """Before anything is drawn: take what a link says, and remember whether this run follows a click.

    `known` is what there is to lay out under each name; a name that is not in it takes any text.
    """
    st.session_state["_releases_jumping"] = st.session_state.pop("_releases_jump", False)
    _take_from_url(t, known)


def number(name: str, usual: int) -> int:
    """A release that is laid out, if the store has it."""
    chosen = st.session_state.get("_releases", {}).get(name)
    return chosen if chosen in standing().days() else usual


def kept(name: str, among, usual):
    """What is laid out under a name, if it is one of those that there are."""
    value = st.session_state.get("_releases", {}).get(name)
    return value if value is not None and (among is None or value in among) else usual


def keep(**laid_out: object) -> None:
    """Lay something out, in the URL too; what is None or ALL leaves it."""
    state = st.session_state.setdefault("_releases", {})
    state.update(laid_out)
    for name in LAID_OUT:
        address.write(name, state.get(name))
    st.session_state["_releases_url"] = address.read_all(LAID_OUT)


def go(**laid_out: object) -> None:
    """Lay something out and draw the page again: controls show it before they are touched."""
    keep(**laid_out)
    st.session_state["_releases_jump"] = True
    st.rerun()


def offer(key: str, value: object) -> None:
    """Give a control the value that is laid out, unless the reader has just set it."""
    if key not in st.session_state or st.session_state["_releases_jumping"]:
        st.session_state[key] = value


def follow(picked: str) -> None:
    """Lay out what a click leads to: a release, the rows of a count, a row."""
    what, _, place = picked.partition(":")
    if what == "release":
        go(part="one", shown=int(place), ledger=None, kind=None)
    elif what in ("added", "changed"):
        go(part="one", shown=int(place), ledger=None, kind=what)
    elif what == "rows":
        number, name, kind = place.split(":")
        go(part="one", shown=int(number), ledger=name, kind=kind)
    elif what == "diff":
        older, newer, name, kind = place.split(":")
        go(part="two", older=int(older), newer=int(newer), ledger=name, kind=kind)
    elif what == "row":
        name, _, key = place.partition(":")
        go(part="row", ledger=name, key=key, field=ALL)


def _take_from_url(t: Language, known: Mapping[str, Collection[object]]) -> None:
    """Lay out what a link says; an address emptied by a change of page keeps what there was."""
    said = address.read_all(LAID_OUT)
    if not said or said == st.session_state.get("_releases_url"):
        return
    asked = {name: address.number(value) if name in _NUMBERS else value for name, value in said.items()}
    taken = {name: value for name, value in asked.items() if name not in known or value in known[name]}
    address.say_instead(t, {name: (said[name], t("address.the_usual")) for name in said if name not in taken})
    st.session_state["_releases"] = taken
    st.session_state["_releases_url"] = said
    st.session_state["_releases_jumping"] = True
