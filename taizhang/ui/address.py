"""The address of a page: read and written here and nowhere else.

Anybody can type anything into it, and an old link may ask for what is gone. So each part is read by a function that
cannot fail, and what could not be shown is said in one sentence, with what is shown in its place.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.exhibits.views import View
from taizhang.server import NO_SUCH_PAGE
from taizhang.ui import until_drawn

LEFT_OUT = "left_out"  # the page that somebody was led here from, since the campaign has no use for it
_LONGEST = 40  # letters of what was typed that are said again
_BEEN = "_addresses"  # the page of a run, and the addresses it has had so far


def read(name: str) -> str:
    """What stands under a name; '' for nothing."""
    return st.query_params.get(name, "")


def read_all(names: Iterable[str]) -> dict[str, str]:
    """What stands under each of the names that stand there."""
    return {name: st.query_params[name] for name in names if name in st.query_params}


def write(name: str, value: object) -> None:
    """Have a value stand under a name; None and '' take the name away."""
    if value is not None and value != "":
        st.query_params[name] = str(value)
    elif name in st.query_params:
        del st.query_params[name]
    _note()


def settle() -> None:
    """Before anything of the address is read: a quick click comes with an address of before the last run, or out of its
    midst, which is not what the reader asks for. What the run wrote last stands."""
    run, state = get_script_run_ctx(suppress_warning=True), st.session_state
    page, been = state.get(_BEEN, ("", ()))
    is_old = page == run.page_script_hash and st.query_params.to_dict() in been[:-1]
    if is_old and until_drawn.is_late() and not run.is_history_navigation:  # the way back leads where it says
        st.query_params.from_dict(been[-1])
    state[_BEEN] = run.page_script_hash, ()
    _note()


def _note() -> None:
    page, been = st.session_state.get(_BEEN, ("", ()))
    now = st.query_params.to_dict()
    if now not in been[-1:]:
        st.session_state[_BEEN] = page, (*been, now)


def leads(name: str, key: str) -> bool:
    """Whether the control of that key is to take what stands under the name: before it is drawn for the first time, and
    when the address was changed by another than the control, such as a link or the way back."""
    state = st.session_state
    return key not in state or state.get(_said(key), read(name)) != read(name)


def lead(t: Language, name: str, key: str, known: Collection[str], usual: object, shown: str) -> None:
    """Before the control of that key is drawn: have it take what stands under the name, where that leads; of what it
    does not have, it is said that the usual is `shown`."""
    if not leads(name, key):
        return
    asked = read(name)
    st.session_state[key] = asked if asked in known else usual
    if asked and asked not in known:
        say_instead(t, {name: (asked, shown)})


def follow(name: str, key: str, value: object) -> None:
    """Have what the control of that key shows stand under the name."""
    write(name, value)
    st.session_state[_said(key)] = read(name)


def _said(key: str) -> str:
    return f"_said:{key}"


def day(said: str | None) -> dt.date | None:
    """A day as an address says it; None for anything else."""
    try:
        return dt.date.fromisoformat(said or "")
    except ValueError:
        return None


def number(said: str | None) -> int | None:
    """The number of a release as an address says it; None for anything else."""
    return int(said) if re.fullmatch("[0-9]{1,9}", said or "") else None


def of_guide(page: str) -> str:
    """The address of what the guide says of a page, in the language and campaign of this one."""
    kept = read_all(("lang", "campaign"))
    return f"guide?{urlencode({'part': 'pages', 'about': page, **kept})}"


def of_view(view: View) -> str:
    """What an address has to say so that it shows this very view on any later day, as a query."""
    said = {
        "lang": view.t.code,
        "as_of": view.as_of.isoformat(),
        "release": "" if view.is_draft else str(view.release.number),
        "compare": view.compare_on.isoformat() if view.compare_on else "",
        "district": view.district or "",
    }
    return urlencode({name: value for name, value in said.items() if value})


def say_instead(t: Language, instead: Mapping[str, tuple[str, str]]) -> None:
    """What is shown in the place of what an address asked for: name → (what was asked for, what is shown, in words)."""
    for name, (said, shown) in instead.items():
        words = t("address.instead", what=t(f"address.{name}"), said=t.more(said, _LONGEST), shown=shown)
        st.html(furniture.message(words, "warning"))


def say_no_such_page(t: Language) -> None:
    """That somebody was led here from a page that there is not, or that the campaign has no use for; once."""
    asked = read(NO_SUCH_PAGE)
    if asked:
        write(NO_SUCH_PAGE, None)
        st.html(furniture.message(t("address.page_instead", said=t.more(asked, _LONGEST)), "warning"))
    left_out = read(LEFT_OUT)
    if left_out:
        write(LEFT_OUT, None)
        st.html(furniture.message(t("address.page_left_out", said=t.more(left_out, _LONGEST)), "warning"))
