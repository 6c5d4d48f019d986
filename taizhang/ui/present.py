"""Present mode: the slides of a meeting over the whole screen.

The server draws all slides once and hands them to the stage in the browser, which turns them by itself. It hears of
three things only: a detour, a commitment, the end. So a slide changes at once, whatever the server does meanwhile,
and a release published during the meeting changes none.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import streamlit as st

from taizhang.declared.wording import Language, words_of
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.views import View
from taizhang.showing import commitments, room, slides
from taizhang.showing.commitments import (
    NotACommitment,
    commitment,
    is_share,
    kpi_codes,
    promised,
    promised_due,
    promised_figure,
    unit_names,
)
from taizhang.showing.meetings import Meeting
from taizhang.showing.slides import Showing, Slide
from taizhang.store import Store
from taizhang.ui import address, detour, who
from taizhang.ui.aloud import act
from taizhang.ui.controls import AUTO, PAGES, ROOT, choices, standing, store
from taizhang.ui.which import campaign

KEY = "stage"
# Where a detour leads, for exhibits that stand on no page of their own; the others stand on the page they are named by.
PAGE_OF = {
    "meeting.cover": "sources",
    "meeting.definitions": "sources",
    "meeting.results": "research",
    "meeting.result_list": "research",
}
_ELSE = "rectification"
_STAGE = st.components.v2.component(
    "taizhang_stage", html="<dialog class='tzs'></dialog>", js=room.script(), isolate_styles=False
)


def present(meeting: Meeting) -> None:
    """Show a meeting over the whole screen until the presenter leaves."""
    # What is live when the presentation begins: corrections made since the meeting are told as of then.
    live = st.session_state.setdefault(f"_presented_{meeting.address}", standing().live.number)
    deck = _deck(store(), replace(meeting, commitments=(), units=(), note=""), live)
    heard = _STAGE(data=_data(meeting, deck), key=KEY, on_act_change=lambda: _hear(meeting, deck)).act or {}
    if heard.get("do") == "detour":
        st.switch_page(ROOT / "pages" / f"{_page_of(deck.slide(heard))}.py")
    if heard.get("do") == "leave":
        for name in ("present", "presenter"):
            address.write(name, None)
        st.rerun()


@dataclass(frozen=True)
class _Deck:
    """The slides of a meeting in its languages, and as HTML."""

    showings: tuple[Showing, ...]
    html: str

    def showing(self, lang: str) -> Showing:
        return next((one for one in self.showings if one.view.t.code == lang), self.showings[0])

    def slide(self, heard: dict) -> Slide:
        """The slide that the browser speaks of: its number, from 1, and its language."""
        showing = self.showing(heard["lang"])
        return showing.slides[min(max(int(heard["slide"]), 1), len(showing.slides)) - 1]


@lru_cache(maxsize=8)
def _deck(where: Store, meeting: Meeting, _live: int | None) -> _Deck:
    theme = room.THEMES[meeting.theme]
    showings = tuple(slides.show(where, meeting, lang) for lang in meeting.languages)
    return _Deck(showings, room.styles(theme) + "".join(room.deck_html(one, theme) for one in showings))


def _data(meeting: Meeting, deck: _Deck) -> dict[str, object]:
    """All that the stage needs, as plain values."""
    asked = choices().lang
    views = {one.view.t.code: one.view for one in deck.showings}
    return {
        "key": f"{campaign().name} {meeting.address} {meeting.release}",
        "title": meeting.title,
        "html": deck.html,
        "lang": asked if asked in meeting.languages else meeting.languages[0],
        "words": {code: _words(view.t) for code, view in views.items()},
        "presenter": bool(address.read("presenter")),
        "form": None if meeting.is_finished or not who.may("meet") else _form(meeting, deck),
        "logged": {code: [promised(one, view) for one in meeting.commitments] for code, view in views.items()},
        "closing": {code: _closing(meeting, view) for code, view in views.items()},
        "answer": st.session_state.get("_promised"),
    }


def _closing(meeting: Meeting, view: View) -> dict[str, object]:
    """The last slide of a meeting: what was agreed on, by whom and by when."""
    said = [
        [one.content, dotted(view, one.unit or "", promised_due(one, view), promised_figure(one, view))]
        for one in meeting.commitments
    ]
    return {"title": view.t("agenda.closing_title", count=len(said)), "said": said}


def _words(t: Language) -> dict[str, str]:
    """The words of the stage; their blanks are left for the browser to fill in."""
    blanks = {name: f"{{{name}}}" for name in ("number", "count", "text")}
    names = (key.removeprefix("present.") for key in words_of(t.code) if key.startswith("present."))
    return {name: t(f"present.{name}", **blanks) for name in names}


# --- what the stage asks for -----------------------------------------------------------------------------------


@act
def _hear(meeting: Meeting, deck: _Deck) -> None:
    heard = st.session_state[KEY].act or {}
    if heard.get("do") == "detour":
        view = deck.slide(heard).view
        pinned = {
            "lang": view.t.code,
            "as_of": view.as_of,
            "compare": view.compare_on or AUTO,
            "release": view.release.number,
            "district": view.district or AUTO,
            "draft": AUTO,
        }
        detour.begin(meeting.address, int(heard["slide"]), pinned)
    elif heard.get("do") == "promise":
        view = deck.showing(heard["lang"]).view
        try:
            commitments.log(store(), meeting.meeting_id, commitment(heard, view), view.t)
            said = ""
        except NotACommitment as error:
            said = str(error)
        st.session_state["_promised"] = {"id": heard["id"], "error": said}
    elif heard.get("do") == "leave":
        detour.end()
        st.session_state.pop(f"_presented_{meeting.address}", None)


def _page_of(slide: Slide) -> str:
    name = slide.exhibits[-1].name
    page = PAGE_OF.get(name) or name.partition(".")[0]
    return page if page in PAGES and page != "meeting" else _ELSE


def _form(meeting: Meeting, deck: _Deck) -> dict[str, object]:
    """What the form offers to choose from: the units of the meeting and of the ledger, and the KPIs."""
    view = deck.showings[0].view
    names = {one.view.t.code: one.view.t for one in deck.showings}
    kpis = [
        {"code": kpi, "isShare": is_share(view, kpi), **{code: t.label("kpi", kpi) for code, t in names.items()}}
        for kpi in kpi_codes(view)
    ]
    return {"units": list(dict.fromkeys([*meeting.units, *unit_names(view)])), "kpis": kpis}
