"""Which campaign a session looks at: one, from its first run to its last.

Another campaign is another session. The address is changed and the page loaded anew, so that nothing of the one (no
filter, draft, open meeting, typed word, nor what the browser remembers of a control) can be taken for the other's.
"""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from taizhang.declared.root import data_folder
from taizhang.declared.wording import Language
from taizhang.store import Store
from taizhang.store.campaigns import AT_THE_TOP, About, Campaign, Campaigns
from taizhang.store.narrowed import narrowed
from taizhang.ui import address, who
from taizhang.ui.called_apart import called_apart

_PINNED = "_campaign"  # the name of the campaign of this session
_NOT_OF_ANOTHER = ("as_of", "compare", "release", "district", "draft")  # what was asked of this one

_GO = st.components.v2.component(
    "taizhang_go",
    html="<span></span>",
    js="""export default function ({ data }) {
      const there = new URL(location.href);
      there.search = '';
      for (const [name, value] of Object.entries(data.query)) there.searchParams.set(name, value);
      if (data.path) there.pathname = there.pathname.replace(/[^/]*$/, '') + data.path;
      for (const [name, value] of Object.entries(data.remember))
        document.cookie = name + '=' + encodeURIComponent(value) + ';path=/;max-age=31536000;SameSite=Strict';
      location.assign(there);
    }""",
)


def campaigns() -> Campaigns:
    """The data folder that this server shows."""
    return Campaigns(data_folder())


def whole() -> Store:
    """The store of this session's campaign with the rows of all: only for what is asked of it by somebody's scope."""
    name = st.session_state.get(_PINNED)
    return campaigns().named(name).store if name else Store(data_folder())


def campaign() -> Campaign:
    """The campaign of this session, with the rows that whoever is there may see; before there is any, an empty one at
    the top of the data folder."""
    name = st.session_state.get(_PINNED)
    one = campaigns().named(name) if name else Campaign("", Store(data_folder()))
    held_to = who.held_to()
    return one if held_to is None else replace(one, store=narrowed(one.store, held_to))


def settle() -> bool:
    """Choose the campaign of a new session, or lead one that asks for another to a session of that; True to go on."""
    state, known = st.session_state, campaigns()
    names, asked, mine = known.names(), state.get("campaign"), state.get(_PINNED)
    if mine and (mine not in names or (asked in names and asked != mine)):
        usual = known.usual()
        go(asked if asked in names else usual.name if usual else "")
        return False
    if not mine and asked in names:
        mine = asked
    elif not mine and address.read_all(_NOT_OF_ANOTHER) and AT_THE_TOP in names:
        mine = AT_THE_TOP  # a link from when there was only this one
    elif not mine:
        usual = known.usual()
        mine = usual.name if usual else ""
    state[_PINNED] = state["campaign"] = mine
    return True


def go(name: str, path: str = "", remember: Mapping[str, str] | None = None) -> None:
    """Load the page anew, or another by its path beside this one, with another campaign; nothing may be drawn after it.

    `remember`: cookies that are set before, name → value.
    """
    query = {"lang": st.session_state["lang"], "campaign": name}
    _GO(data={"query": query, "path": path, "remember": dict(remember or {})}, key="going", height=1)


def choose(about: About | None, t: Language) -> None:
    """The control that leads to another campaign, where there is one; `about` is what this one says of itself."""
    known, mine = campaigns().all(), campaign().name
    if len(known) < 2:
        return
    titles = titles_of({one.name: about if one.name == mine and about else About.of_campaign(one) for one in known}, t)
    demo = {one.name for one in known if one.is_demo}
    st.selectbox(
        t("frame.campaign"),
        list(titles),
        key="campaign",
        label_visibility="collapsed",
        format_func=lambda name: t("frame.campaign_demo", title=titles[name]) if name in demo else titles[name] or name,
    )


def titles_of(known: Mapping[str, About], t: Language) -> dict[str, str]:
    """Campaign → what a control calls it; last year's and this one's may well be called alike."""
    return called_apart({name: title(about) or name for name, about in known.items()}, t)


def title(about: About) -> str:
    """The campaign and its office in one line; '' where nothing is known of them."""
    return " · ".join(filter(None, (about.title, about.office)))


def said_in_address() -> str | None:
    """How an address names this session's campaign; nothing while there is no other and never was."""
    name = campaign().name
    return None if name == AT_THE_TOP and len(campaigns().names()) < 2 else name or None
