"""The page on which an office founds a campaign: one form, and its list of what to bring when it is made."""

import datetime as dt

import streamlit as st

from taizhang.declared.wording import Language, language
from taizhang.drawing.html import furniture
from taizhang.store import clock
from taizhang.store.campaigns import About, Campaign, NameTaken, NoCampaign, NotAName
from taizhang.ui import archiving, signer, until_drawn, which
from taizhang.ui.aloud import once
from taizhang.ui.controls import choices
from taizhang.ui.handed_in import head
from taizhang.uploads import founding
from taizhang.uploads.founding import AnswerMissing, Answers, DaysReversed

_DAYS = ("update_every_days", "due_soon_days", "silent_days")
_SAID, _MADE = "_founding_said", "_founding_made"


def founding_page() -> None:
    """Ask, make, and lead to the new board."""
    t = language(choices().lang)
    made = until_drawn.said(_MADE)
    if made:
        which.go(made[0], "start", {signer.cookie(made[0]): made[1]})
        return
    st.html(furniture.page_head("", t("new.question"), (t("new.caption"),)))
    said = until_drawn.said(_SAID)
    if said:
        st.html(furniture.message(t(said[0], **said[1]), "error"))
    like = _like(t)
    with st.form("founding", border=False):
        _ask(founding.as_before(like), like.name if like else "", t)
        st.form_submit_button(t("new.found"), type="primary", on_click=_found, args=(like,))
    archiving.bring_back(t)


def _like(t: Language) -> Campaign | None:
    """The campaign whose settings are taken over, where there is one to choose."""
    own = {one.name: one for one in which.campaigns().all() if not one.is_demo}
    if not own:
        return None
    titles = which.titles_of({name: About.of_campaign(one) for name, one in own.items()}, t)
    chosen = st.selectbox(
        t("new.like"),
        ["", *own],
        key="founding_like",
        help=t("new.like_help"),
        format_func=lambda name: titles.get(name) or t("new.like_none"),
    )
    return own.get(chosen)


def _ask(before: Answers, like: str, t: Language) -> None:
    """The questions; those of another campaign that it is like have controls of their own, filled in as there."""

    def key(name: str) -> str:
        return f"founding_{name}_{like}"

    head(t("new.who_title"), "")
    left, right = st.columns(2)
    left.text_input(t("founding.office"), before.office, key=key("office"), placeholder=t("new.office_example"))
    right.text_input(t("founding.title"), before.title, key=key("title"), placeholder=t("new.title_example"))
    head(t("new.when_title"), t("new.when_caption"))
    start, end, *days = st.columns([3, 3, 2, 2, 2])
    start.date_input(t("founding.started_on"), _first_of_the_year(), key=key("started_on"), format="YYYY-MM-DD")
    end.date_input(t("founding.ended_on"), None, key=key("ended_on"), format="YYYY-MM-DD")
    for place, name in zip(days, _DAYS, strict=True):
        usual = getattr(before, name) or founding.usual_days(name)
        least = 0 if name == "due_soon_days" else 1
        place.number_input(t(f"new.{name}"), min_value=least, max_value=366, value=usual, key=key(name))
    head(t("new.verified_title"), t("new.verified_caption"))
    st.radio(
        t("new.verified_title"),
        [True, False],
        index=1 if before.is_verified is False else 0,
        key=key("is_verified"),
        format_func=lambda one: t("new.verified" if one else "new.unverified"),
        label_visibility="collapsed",
    )
    head(t("new.strands_title"), t("new.strands_caption"))
    st.pills(
        t("new.strands_title"),
        list(founding.STRANDS),
        selection_mode="multi",
        default=list(founding.STRANDS),
        key=key("strands"),
        format_func=lambda code: t.label("strand", code),
        label_visibility="collapsed",
        disabled=bool(like),  # taken over with its own names
    )
    head(t("new.scope_title"), t("new.scope_caption"))
    st.radio(
        t("new.scope_title"),
        [True, False],
        index=1 if before.covers_places is False else 0,
        key=key("covers_places"),
        format_func=lambda one: t("new.with_places" if one else "new.without_places"),
        label_visibility="collapsed",
    )
    left, right = st.columns(2)
    with left:
        signer.ask(t("founding.by"), key("by"), None)
    right.text_input(t("new.name"), key=key("name"), help=t("new.name_help"), placeholder=t("new.name_example"))


@once
def _found(like: Campaign | None) -> None:
    """Make what stands in the form at the click."""
    state, of = st.session_state, like.name if like else ""
    names = ("office", "title", "started_on", "ended_on", *_DAYS, "is_verified", "covers_places", "name", "by")
    said = {name: state.get(f"founding_{name}_{of}") for name in names}
    said |= {name: said[name] or "" for name in ("office", "title", "name", "by")}
    said["strands"] = () if like else tuple(state.get(f"founding_strands_{of}") or ())
    try:
        one = founding.found(which.campaigns(), Answers(**said), like)
    except AnswerMissing as missing:
        state[_SAID] = ("new.missing", {"what": language(choices().lang)(f"founding.{missing.name}")})
    except DaysReversed:
        state[_SAID] = ("founding.days_reversed", {})
    except NotAName as wrong:
        state[_SAID] = ("error.not_a_name", {"name": wrong.name})
    except NameTaken as taken:
        state[_SAID] = ("error.name_taken", {"name": taken.name})
    except NoCampaign as gone:
        state[_SAID] = ("error.no_campaign", {"name": gone.name, "names": ", ".join(gone.names)})
    else:
        state[_MADE] = (one.name, str(said["by"]).strip())


def _first_of_the_year() -> dt.date:
    """A day to begin with, for a person to change: no file of this year is of a day before it."""
    return clock.today().replace(month=1, day=1)
