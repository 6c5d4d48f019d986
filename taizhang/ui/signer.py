"""Who signs: whoever signed in; where nobody does, chosen from those who can, remembered from day to day."""

from collections.abc import Sequence
from urllib.parse import unquote

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from taizhang.declared.wording import language
from taizhang.drawing.html import furniture
from taizhang.exhibits.views import View
from taizhang.showing.signers import signers
from taizhang.ui import which, who

_SIGNED = "_signed"
_LONGEST = 80  # letters of a name, as long as nobody writes another cookie by hand


def ask(label: str, key: str, view: View | None, at: DeltaGenerator | None = None) -> str:
    """The control to choose who signs, at a place or here; '' as long as nobody is chosen.

    `view` is of the campaign whose people are offered; None before there is one.
    """
    t = view.t if view else language(st.session_state["lang"])
    if own := who.name():
        (at or st).html(furniture.definition(label, own))
        return own
    last = remembered()
    names: Sequence[str] = list(dict.fromkeys([*([last] if last else []), *(signers(view) if view else ())]))
    if not names:
        return (at or st).text_input(label, key=key).strip()
    if key in st.session_state and st.session_state[key] not in (None, *names):
        names = [st.session_state[key], *names]
    chosen = (at or st).selectbox(
        label,
        names,
        index=0 if last else None,
        key=key,
        accept_new_options=True,
        placeholder=t("signer.choose"),
        help=t("signer.help"),
    )
    return (chosen or "").strip()


def signed(key: str) -> str:
    """Who was chosen under a key, at the click; remembered from then on. Only from a callback or after `ask`."""
    name = who.name() or (st.session_state.get(key) or "").strip()
    if name:
        remember(name)
    return name


def remember(name: str) -> None:
    """Offer this name first from now on, also on another day in this browser."""
    st.session_state[_SIGNED] = name.strip()


def remembered() -> str:
    """Who signed last in this session, else in this browser, for this campaign; '' for nobody."""
    kept = st.context.cookies.get(cookie(which.campaign().name), "")
    in_browser = unquote(kept)[:_LONGEST] if isinstance(kept, str) else ""  # a test has no browser
    return st.session_state.get(_SIGNED) or in_browser


def cookie(campaign: str) -> str:
    """The name of the cookie that remembers who signs for a campaign."""
    return f"taizhang_by_{campaign or 'new'}"


def to_remember() -> dict[str, str]:
    """The cookie that this run has to set, name → value."""
    name = None if who.name() else st.session_state.get(_SIGNED)
    return {cookie(which.campaign().name): name} if name else {}
