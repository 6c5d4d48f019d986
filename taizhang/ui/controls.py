"""The frame: campaign, language, as-of date, comparison, release and district, bound to the URL; and the navigation."""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache

import streamlit as st

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.root import ROOT
from taizhang.declared.vocabulary import USUAL, Vocabulary
from taizhang.declared.wording import Language, language
from taizhang.drawing import logo
from taizhang.drawing.html import furniture
from taizhang.exhibits.parts_of_campaign import has_page, menu_of
from taizhang.exhibits.views import Choices, View, comparison_days, furthest_day, look
from taizhang.server import FIRST_PAGE
from taizhang.store import Standing, Store, Unreadable
from taizhang.store.campaigns import About
from taizhang.store.releases import NoRelease
from taizhang.store.standing import in_force
from taizhang.ui import address, badge, beginning, page_script, signed_in, signer, until_drawn, which, who
from taizhang.ui.aloud import act, aloud, say_obstacle
from taizhang.ui.detour import way_back

# Part of the navigation → its pages, and the icon of each (of the font that comes with the framework).
PARTS = {
    "progress": {
        FIRST_PAGE: "dashboard",
        "timeline": "timeline",
        "study": "menu_book",
        "research": "travel_explore",
        "review": "fact_check",
        "rectification": "task_alt",
    },
    "meeting": {"meeting": "co_present"},
    "data": {
        "hand_in": "outbox",
        "upload": "upload_file",
        "returns": "move_to_inbox",
        "letters": "outgoing_mail",
        "releases": "history",
        "settings": "tune",
        "people": "group",
        "sources": "format_quote",
        "start": "flag",
        "new": "add_circle",
        "guide": "help",
    },
}
PAGES = tuple(page for pages in PARTS.values() for page in pages)
OF_UNITS = ("hand_in",)  # for whoever is held to some units: for nobody where nobody signs in
# A page that waits for something leads to them, or its question mark; people are there once anybody signs in.
NOT_ON_THE_MENU = ("start", "new", "guide", "people")
OF_NO_CAMPAIGN = ("new", "guide", "people")  # what they say is the same whatever the data, and without any
FILTERS = ("campaign", "lang", "as_of", "compare", "release", "district", "draft")
AUTO = ""  # the board's own choice; a widget shows None as "Choose an option", in English

# The reader's language, and who signs, are remembered by cookies; the language is told to screen readers too.
_REMEMBER = st.components.v2.component(
    "taizhang_remember",
    html="<span></span>",
    js="""export default function ({ data }) {
      document.documentElement.lang = data.lang === 'zh' ? 'zh-CN' : 'en';
      for (const [name, value] of Object.entries({ taizhang_lang: data.lang, ...data.remember }))
        document.cookie = name + '=' + encodeURIComponent(value) + ';path=/;max-age=31536000;SameSite=Strict';
    }""",
)


def store() -> Store:
    """The store of the campaign that this session looks at."""
    return which.campaign().store


def standing() -> Standing:
    """The store as it stood when this run began: everything on a page looks at this one."""
    return st.session_state["_standing"]


def view_of_run() -> View:
    """What the reader looks at in this run; the frame looked once, for all."""
    return st.session_state["_view"]


def words() -> Language:
    """The language chosen, in the words of the campaign on screen: for callbacks, which run before a page is drawn."""
    return language(choices().lang, view_of_run().t.vocabulary)


def theme() -> str:
    """light or dark, as the reader's browser shows it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def frame() -> None:
    """Draw what surrounds every page (navigation and the shared filters) and run the page."""
    address.settle()
    _take_from_url()
    seen = _seen()
    t = language(st.session_state["lang"], _vocabulary(seen))
    icon = str(logo.mark())  # else the framework takes the icon of the page, from a server elsewhere
    st.set_page_config(t("frame.product"), page_icon=icon, layout="wide", initial_sidebar_state="auto")
    st.html(furniture.style(theme(), t("upload.drop")))
    page_script.watch(t)
    pages = {
        name: _page(name, icon, t, isinstance(seen, Standing)) for part in PARTS.values() for name, icon in part.items()
    }
    parts = {t(f"frame.part_{part}"): [pages[name] for name in named] for part, named in PARTS.items()}
    chosen = st.navigation(parts, expanded=True)  # before what is drawn of them: the way to the others is always there
    st.html(furniture.says_page(chosen.url_path or FIRST_PAGE))
    with until_drawn.drawn(), aloud(t):
        if seen is not None:
            _surrounded(seen, chosen, pages, t)


def _page(name: str, icon: str, t: Language, is_seen: bool) -> st.Page:
    """A page as the menu has it; what the campaign has no use for is not in the menu, and leads to the first page."""
    is_there = has_page(t.vocabulary, name) and who.may_open(name)
    count = badge.waits(name) if is_seen else 0
    return st.Page(
        ROOT / "pages" / f"{name}.py",
        title=t("frame.page_waits", page=menu_of(t, name), count=count) if count else menu_of(t, name),
        icon=f":material/{icon}:",
        url_path=name,
        default=name == PAGES[0],
        visibility="visible" if is_there and _is_on_the_menu(name) else "hidden",
    )


def _is_on_the_menu(name: str) -> bool:
    return name not in NOT_ON_THE_MENU or (name == "people" and who.signs_in())


def _seen() -> Standing | Exception | None:
    """The campaign's store as it stands, looked at once a run, its words included; or what keeps it from being seen.
    None on the way to another campaign: then nothing may be drawn."""
    try:
        if not which.settle():
            return None
        found = store().standing()
        found.live.vocabulary  # noqa: B018, a file that cannot be read says so now
    except Exception as error:  # told where there is a page to tell it on
        return error
    return found


def _vocabulary(seen: Standing | Exception | None) -> Vocabulary:
    """The words of the menu and the filters: those of the draft that is looked at, so that its pages can be, else of
    the live release."""
    if not isinstance(seen, Standing):
        return USUAL
    if draft := st.session_state.get("draft"):
        with suppress(NoRelease, Unreadable):  # it is there no more: the frame says so
            return store().draft_named(draft).vocabulary
    return seen.live.vocabulary


def _surrounded(seen: Standing | Exception, chosen: st.Page, pages: Mapping[str, st.Page], t: Language) -> None:
    """The chosen page, with the filters beside it and what there is to say above it."""
    if not has_page(t.vocabulary, chosen.url_path or PAGES[0]):
        st.switch_page(
            pages[FIRST_PAGE], query_params={**address.read_all(FILTERS), address.LEFT_OUT: menu_of(t, chosen.url_path)}
        )
    if not who.may_open(chosen.url_path or PAGES[0]):
        _not_for_them(chosen, pages[FIRST_PAGE], t)
        return
    address.say_no_such_page(t)
    if chosen.url_path == "new":  # of no campaign that there is
        _without_data(True, chosen, t)
        return
    if isinstance(seen, (NoRelease, Unreadable)):
        _without_data(isinstance(seen, NoRelease), chosen, t)
        return
    if isinstance(seen, Exception):
        raise seen
    st.session_state["_standing"] = seen
    about = About.of(standing().live)
    st.set_page_config(page_title=" · ".join((chosen.title, about.title or t("frame.product"))))
    st.logo(str(logo.head(about.office, about.title, theme())), size="large", icon_image=str(logo.mark()))
    _follow_live()
    _say_trouble(t)
    view = st.session_state["_view"] = _look(t)
    _say_instead(view, t)
    with st.sidebar:
        which.choose(about, t)
        _language(t)
        signed_in.say(t)
    with st.container(horizontal=True, key="filters"):
        _filters(view, t)
    _write_to_url()
    if not address.read("present"):
        way_back(t, pages["meeting"])
    say_obstacle(t)
    try:
        chosen.run()
    except (NoRelease, Unreadable):  # an older release that something on the page needs
        st.html(furniture.message(t("frame.release_lost"), "error"))


def _not_for_them(chosen: st.Page, first: st.Page, t: Language) -> None:
    """What stands in the place of a page that somebody's role has no use for, and a way on: a phone hides the menu."""
    st.logo(str(logo.head(t("frame.product"), "", theme())), size="large", icon_image=str(logo.mark()))
    with st.sidebar:
        _language(t)
        signed_in.say(t)
    st.html(furniture.page_head("", chosen.title, ()))
    st.html(furniture.message(t("obstacle.not_for_you"), "warning"))
    if st.button(t("obstacle.to_overview"), key="to_overview"):
        st.switch_page(first)


def _without_data(is_empty: bool, chosen: st.Page, t: Language) -> None:
    """What stands where no release can be looked at: how a board begins, or that none is whole."""
    st.logo(str(logo.head(t("frame.product"), "", theme())), size="large", icon_image=str(logo.mark()))
    with st.sidebar:
        which.choose(None, t)
        _language(t)
        signed_in.say(t)
    _say_in_url({**(st.session_state.get("_url") or {}), "lang": t.code})  # what was asked of the board stays asked
    say_obstacle(t)
    if chosen.url_path in OF_NO_CAMPAIGN:
        chosen.run()
    elif is_empty:
        beginning.first_run(t)
    else:
        st.title(t("frame.product"))
        st.error(t("frame.nothing_whole"))


def choices() -> Choices:
    """What the reader has asked for in this session."""
    state = st.session_state
    return Choices(
        lang=state.get("lang") or "zh",
        as_of=state.get("as_of"),
        compare_on=state.get("compare") or None,
        release=state.get("release") or None,
        district=state.get("district") or None,
        draft=state.get("draft") or None,
    )


def choose_district(code: str) -> None:
    """Set the shared district filter, or lift it when it is set already.

    Only from a callback: once the frame is drawn, its filters cannot be set any more.
    """
    st.session_state["district"] = AUTO if code == st.session_state.get("district") else code


def _take_from_url() -> None:
    """Take the filters from the URL when it is not what this session last wrote there.

    So a copied link, the address bar and the back button all work; a change of page empties the address without
    meaning anything, and keeps the filters.
    """
    state = st.session_state
    said = address.read_all(FILTERS)
    if state.get("_url") is not None and not said:
        said = state["_url"]
    if said == state.get("_url") and all(name in state for name in FILTERS):
        return
    remembered = st.context.cookies.get("taizhang_lang", "zh")
    state["campaign"] = said.get("campaign") or AUTO
    state["lang"] = next((one for one in (said.get("lang"), remembered) if one in LANGUAGES), LANGUAGES[0])
    state["as_of"] = address.day(said.get("as_of"))
    state["compare"] = address.day(said.get("compare")) or AUTO
    state["release"] = address.number(said.get("release")) or AUTO
    state["district"] = said.get("district") or AUTO
    state["draft"] = (said.get("draft") if who.may("publish") else None) or AUTO
    state["_asked_by_address"] = said


def _say_instead(view: View, t: Language) -> None:
    """What a link asked for and cannot be shown, once: it is found by what is shown, whatever the reason."""
    said, seen = st.session_state.pop("_asked_by_address", {}), view.circumstances
    draft = view.release.on_disk.parent.name if view.is_draft else ""
    shown = {
        "campaign": (
            said.get("campaign") == which.campaign().name,
            which.title(About.of(standing().live)) or which.campaign().name,
        ),
        "lang": (said.get("lang") == t.code, t(f"frame.{t.code}")),
        "as_of": (address.day(said.get("as_of")) == view.as_of, seen.as_of),
        "compare": (address.day(said.get("compare")) == view.compare_on, seen.compared or t("frame.compare_none")),
        "release": (address.number(said.get("release")) == view.release.number, seen.dated_release),
        "district": (said.get("district") == view.district, seen.district),
        "draft": (said.get("draft") == draft, t("address.the_board")),
    }
    address.say_instead(
        t, {name: (said[name], words) for name, (is_so, words) in shown.items() if name in said and not is_so}
    )


def _write_to_url() -> None:
    """Say in the URL what differs from the board's own choice, so that a copied link reproduces the screen."""
    asked = choices()
    own = standing().days()[asked.release] if asked.release else standing().live.as_of
    url = {
        "campaign": which.said_in_address(),
        "lang": asked.lang,
        "as_of": asked.as_of.isoformat() if asked.as_of and asked.as_of != own else None,
        "compare": asked.compare_on.isoformat() if asked.compare_on else None,
        "release": str(asked.release) if asked.release else None,
        "district": asked.district,
        "draft": asked.draft,
    }
    _say_in_url(url)


def _say_in_url(url: Mapping[str, str | None]) -> None:
    st.session_state["_url"] = {name: value for name, value in url.items() if value}
    for name in FILTERS:
        address.write(name, url.get(name))


def _follow_live() -> None:
    """A reader who looks at the newest data goes on looking at the newest data when a release is published."""
    live = standing().live
    seen = st.session_state.get("_live", (live.number, live.as_of))
    if seen[0] != live.number and st.session_state.get("as_of") == seen[1]:
        st.session_state["as_of"] = None
    if seen[0] != live.number:
        st.session_state["_news"] = live.number
    st.session_state["_live"] = (live.number, live.as_of)


def _say_trouble(t: Language) -> None:
    """On every page: that the newest release is damaged, and which one is shown instead."""
    trouble = standing().trouble
    if trouble and trouble.number is None:
        st.html(furniture.message(t("frame.live_lost", shown=trouble.shown), "error"))
    elif trouble:
        st.html(furniture.message(t("frame.not_whole", number=trouble.number, shown=trouble.shown), "error"))


def _look(t: Language) -> View:
    """The view the reader asked for; what there is no longer falls back to the board's own choice.

    So a link to a draft that was published or discarded meanwhile shows the board as it is, and one to a release that
    is damaged says so.
    """
    state = st.session_state
    state["release"] = state["release"] if state.get("release") in standing().days() else AUTO
    if state.get("as_of") and state["as_of"] > furthest_day(standing().live):
        state["as_of"] = None
    try:
        view = look(store(), choices(), standing())
    except (NoRelease, Unreadable):
        if not state.get("draft"):
            st.html(furniture.message(t("frame.release_lost"), "error"))
            state["release"], state["as_of"] = AUTO, None
        state["draft"] = AUTO
        view = look(store(), choices(), standing())
    days = comparison_days(view.release, view.as_of)
    if state.get("compare") not in (None, AUTO, *days):
        state["compare"] = AUTO
        view = look(store(), choices(), standing())
    return view


@act
def leave_draft() -> None:
    """Back from a draft to the board as it is; only from a callback."""
    st.session_state["draft"] = AUTO
    st.session_state["as_of"] = None


@act
def leave_district() -> None:
    """Back from a district to all of them; only from a callback."""
    st.session_state["district"] = AUTO


@act
def _forget_day() -> None:
    """A newly chosen release is looked at on its own day."""
    st.session_state["as_of"] = None


def _filters(view: View, t: Language) -> None:
    """The shared filters; they exist here once, and every page obeys them."""
    state = st.session_state
    live = standing().live
    state["as_of"] = view.as_of
    st.date_input(
        t("frame.as_of"),
        key="as_of",
        min_value=min([view.as_of, *in_force(live)]),
        max_value=max(furthest_day(live), view.as_of),
        format="YYYY-MM-DD",
        help=t("frame.as_of_help"),
    )
    days = comparison_days(view.release, view.as_of)
    state["compare"] = state["compare"] if state.get("compare") in days else AUTO
    st.selectbox(
        t("frame.compare"),
        [AUTO, *days],
        key="compare",
        help=t("frame.compare_help"),
        format_func=lambda day: _comparison_label(day, days, view),
    )
    reached = standing().days()
    st.selectbox(
        t("frame.release"),
        [AUTO, *reversed(reached)],
        key="release",
        help=t("frame.release_help"),
        on_change=_forget_day,
        format_func=_release_labels(standing(), t).get,
    )
    names = view.district_names
    state["district"] = view.district or AUTO
    if view.has_districts:
        st.selectbox(
            t("frame.district"),
            [AUTO, *names],
            key="district",
            label_visibility="collapsed",  # its values say what they are
            format_func=lambda code: names.get(code) or t("frame.all_districts"),
        )


def _language(t: Language) -> None:
    st.segmented_control(
        t("frame.language"),
        ["zh", "en"],
        key="lang",
        format_func=lambda code: t(f"frame.{code}"),
        required=True,
        label_visibility="collapsed",
    )
    _REMEMBER(data={"lang": t.code, "remember": signer.to_remember()}, key="remember", height=1)


def _comparison_label(day: dt.date | str, days: dict[dt.date, str], view: View) -> str:
    t = view.t
    if day == AUTO and view.compare_on is None:
        return t("frame.compare_none")
    if day == AUTO:
        key = "compare_auto" if days.get(view.compare_on) else "compare_auto_release"
        return t(f"frame.{key}", day=t.short_day(view.compare_on))
    return t("frame.compare_meeting", day=t.day(day)) if days.get(day) else t.day(day)


@lru_cache(maxsize=16)
def _release_labels(seen: Standing, t: Language) -> Mapping[int | str, str]:
    """What the releases are called; put in words once, and not for every run of every page: there is one a week."""
    told = {
        number: t("frame.release_number", number=number, day=t.day(reached)) for number, reached in seen.days().items()
    }
    return {AUTO: t("frame.release_auto"), **told}
