"""Tabs whose open one stands in the address: a link, a reload and the way back show the same one."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from taizhang.declared.wording import Language
from taizhang.ui import address


def tabs(t: Language, name: str, labels: Mapping[str, str], key: str) -> dict[str, DeltaGenerator]:
    """A tab for each label, under the same names; the first is the usual one, which needs no place in the address.

    `name` is what the open one stands under. The key has to change with the language, since the control holds labels.
    """
    asked, usual = address.read(name), next(iter(labels))
    if address.leads(name, key):
        st.session_state[key] = labels.get(asked, labels[usual])
        if asked and asked not in labels:
            address.say_instead(t, {name: (asked, labels[usual])})
    drawn = dict(zip(labels, st.tabs(list(labels.values()), key=key, on_change="rerun"), strict=True))
    opened = next(one for one, tab in drawn.items() if tab.open)
    address.follow(name, key, opened if opened != usual else None)
    return drawn
