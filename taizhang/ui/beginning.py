"""How a board begins: before there is any campaign, what an empty page waits for, and the list of what to bring."""

import streamlit as st

from taizhang.declared import tables
from taizhang.declared.root import ROOT
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.exhibits import beginning
from taizhang.exhibits.beginning import Step
from taizhang.exhibits.parts_of_campaign import columns_left_out, menu_of
from taizhang.exhibits.views import View
from taizhang.showing.papers.blank import blank
from taizhang.store.campaigns import DEMO
from taizhang.ui import which, who
from taizhang.ui.downloads import download_made
from taizhang.uploads import shipped

PAGES = ROOT / "pages"


def first_run(t: Language) -> None:
    """Before there is any campaign: found one, or look at the demo."""
    st.html(furniture.page_head("", t("frame.product"), (t("beginning.first_run"),)))
    if not who.may("settings"):
        st.html(furniture.note(t("beginning.ask_administrator")))
        return
    own, demo = st.columns(2, gap="large")
    with own:
        st.html(furniture.exhibit_head(t("beginning.own_title"), t("beginning.own_caption"), ""))
        if st.button(t("beginning.found"), key="found", type="primary"):
            st.switch_page(PAGES / "new.py")
    with demo:
        st.html(furniture.exhibit_head(t("beginning.demo_title"), t("beginning.demo_caption"), ""))
        if st.button(t("beginning.see_demo"), key="see_demo"):
            _make_demo(t)


def say_demo(t: Language) -> None:
    """On the first page of the demo: that it is one, and the way to a board of one's own."""
    with st.container(horizontal=True, vertical_alignment="center", key="demo_banner"):
        st.html(furniture.message(t("beginning.this_is_the_demo"), "warning"))
        if who.may("settings") and st.button(t("beginning.found"), key="found", type="primary"):
            st.switch_page(PAGES / "new.py")


def nothing_yet(view: View, page: str, waiting: tuple[Step, ...]) -> None:
    """In the place of a page that has nothing to show: what would stand there, and which files bring it."""
    t = view.t
    ledgers = t("common.comma").join(t.of(tables.ledgers()[one.ledger].title) for one in waiting)
    if view.only:  # it may well be there for others, and nothing that they could bring would bring it
        caption = t("beginning.nothing_of_theirs_caption", only=view.only, ledgers=ledgers)
        st.html(furniture.exhibit_head(t("beginning.nothing_of_theirs"), caption, ""))
        return
    st.html(furniture.exhibit_head(t("beginning.nothing_title", ledgers=ledgers), t(f"beginning.{page}"), ""))
    with st.container(horizontal=True, key="nothing_yet"):
        if who.may("publish") and st.button(t("beginning.bring"), key="bring", type="primary"):
            st.switch_page(PAGES / "upload.py")
        for one in waiting:
            template(one.ledger, view)
        if st.button(t("beginning.see_list"), key="see_list", type="tertiary"):
            st.switch_page(PAGES / "start.py")


def checklist(view: View) -> None:
    """What to bring first, an empty template of each, and what each page will show of it."""
    t = view.t
    brought = [one for one in beginning.steps(view) if one.is_there]
    title = t("beginning.list_title", count=len(brought), total=len(beginning.steps(view)))
    st.html(furniture.exhibit_head(title, t("beginning.list_caption"), ""))
    for one in beginning.steps(view):
        said, templates = st.columns([6, 2], vertical_alignment="center")
        pages = t("common.comma").join(menu_of(t, page) for page in one.pages)
        state = "there" if one.is_there else "awaited"
        mark = t(f"beginning.{state}")
        words = t("beginning.step", grain=t.of(tables.ledgers()[one.ledger].grain), pages=pages)
        said.html(furniture.problem(t.of(tables.ledgers()[one.ledger].title), mark, words, _TONE[state]))
        with templates:
            template(one.ledger, view)
    with st.container(horizontal=True):
        if who.may("publish") and st.button(t("beginning.bring"), key="bring", type="primary"):
            st.switch_page(PAGES / "upload.py")
        if who.may("settings") and st.button(t("beginning.another"), key="found", type="tertiary"):
            st.switch_page(PAGES / "new.py")


def template(ledger: str, view: View) -> None:
    """A button for the empty template of a ledger."""
    t, left_out = view.t, columns_left_out(view)
    table = tables.ledgers()[ledger]
    title = t.of(table.title)
    label = t("beginning.template", ledger=title)
    download_made(
        label,
        lambda: blank(table, t, left_out),
        f"{title}.xlsx",
        f"{ledger} {view.release.number} {t.code}",
        f"template_{ledger}",
    )


_TONE = {"there": "done", "awaited": "warning"}


def _make_demo(t: Language) -> None:
    """Make the demo beside whatever else there is, and go there."""
    bar = st.progress(0.0)

    def tell(done: int, total: int) -> None:
        bar.progress(done / total, text=t("beginning.making_demo", done=done, total=total))

    shipped.begin(which.campaigns(), "demo", None, tell)
    which.go(DEMO)
