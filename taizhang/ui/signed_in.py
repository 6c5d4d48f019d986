"""At the foot of the navigation: who is signed in, as what, and the way out; or that nobody has to sign in here."""

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.ui import who


def say(t: Language) -> None:
    """Who is there. Signing out is a form to the server: it ends the session, whatever the page does."""
    one = who.person()
    if not who.signs_in():
        st.html(furniture.at_this_computer(t("signin.nobody")))
    elif one is not None:
        st.html(furniture.signed_in(one.shown, t(f"user.{one.role}"), t("signin.change_link"), t("signin.sign_out")))
