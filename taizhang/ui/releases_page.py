"""The releases page beyond its exhibits: the list, its parts, what can be done with a release, its received files."""

from collections.abc import Collection

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from taizhang.declared.tables import all_tables, ledgers
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.exhibits import history, records, releases, two_releases
from taizhang.exhibits.views import Choices, View, look
from taizhang.store import Unreadable
from taizhang.store.narrowed import Narrowed
from taizhang.store.standing import act_of
from taizhang.ui import address, laid_out, undo, who
from taizhang.ui.controls import ROOT, standing, store
from taizhang.ui.downloads import download
from taizhang.ui.laid_out import ALL
from taizhang.ui.page import Page

PARTS = ("one", "two", "row")
MOST_RELEASES = 6  # the newest ones stand on the page, the others when they are asked for


def newest(page: Page) -> View:
    """The newest release, whatever the reader has chosen to look at: history does not end at the day on screen."""
    return look(store(), Choices(lang=page.t.code), standing())


def listed(page: Page, now: View) -> None:
    """The list of releases; its numbers lead to what is below."""
    laid_out.begin(page.t, _known())
    undo.say_what_was_done(page.t)
    count = len(now.ask("release_list").rows)
    is_short = count > MOST_RELEASES and not st.session_state.get("releases_all")
    most = MOST_RELEASES if is_short else None
    laid_out.follow(page.show(releases.listed(now, shown(now), page.view.release.number, most)))
    if count > MOST_RELEASES:
        st.toggle(page.t("releases.show_all", count=count), key="releases_all")


def _known() -> dict[str, Collection[object]]:
    """What there is to lay out, by the name it has in the address."""
    numbers, ledger = standing().days(), address.read("ledger")
    return {
        "part": PARTS,
        "shown": numbers,
        "older": numbers,
        "newer": numbers,
        "ledger": ledgers(),
        "kind": (*releases.OUTCOMES, *two_releases.DIFFERENCES),
        "field": history.fields_of(ledger) if ledger in ledgers() else (),
    }


def parts(page: Page) -> list:
    """The parts of the page below the list: one release, two compared, one row."""
    labels = [page.t(f"releases.part_{name}") for name in PARTS]
    key = f"releases_part_{page.t.code}"
    laid_out.offer(key, labels[PARTS.index(laid_out.kept("part", PARTS, PARTS[0]))])
    tabs = st.tabs(labels, key=key, on_change="rerun")
    chosen = next(name for name, tab in zip(PARTS, tabs, strict=True) if tab.open)
    laid_out.keep(part=chosen if chosen != PARTS[0] else None)
    return tabs


def shown(now: View) -> int:
    """The release whose details are laid out, the first of its act; the newest act unless the reader chose another."""
    return act_of(now.release, laid_out.number("shown", act_of(now.release, now.release.number)[0]))[0]


def choose(page: Page, now: View) -> View:
    """The release laid out, with what can be done with it: look at the board, compare with the newest, take it back."""
    t = page.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="releases_acts"):
        usual = act_of(now.release, now.release.number)[0]
        number = _choose_release("shown", t("releases.choose"), now, usual, t, are_acts=True)
        if st.button(t("releases.look"), key="releases_look"):
            district = st.session_state.get("district") or None
            said = {"lang": t.code, "release": str(number), **({"district": district} if district else {})}
            st.switch_page(ROOT / "pages" / "overview.py", query_params=said)
        if number != usual and st.button(t("releases.compare_with_live"), key="releases_compare"):
            laid_out.go(part="two", older=number, newer=now.release.number, ledger=None, kind=None)
        gone = releases.taken_back(now.ask("release_list"))
        if number in gone:
            st.html(furniture.note(t("releases.gone_already", number=gone[number])))
        elif who.may("undo") and st.button(
            t("releases.undo", number=releases.numbers_of(act_of(now.release, number))), key="releases_undo"
        ):
            undo.open_dialog(t, now, number)
    return _at(number, t)


def fold_of_files(page: Page, then: View) -> DeltaGenerator:
    """A fold for the received files: what changed is asked every week, where it came from once in a while."""
    return st.expander(page.t("releases.files_fold", count=len(releases.received(then))))


def original(page: Page, then: View) -> None:
    """One file of the release exactly as it was received, after its checksum was looked at again."""
    t, names = page.t, releases.received(then)
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="releases_original"):
        sha256 = next(iter(names))
        if len(names) > 1:
            sha256 = st.selectbox(
                t("releases.choose_file"),
                list(names),
                key=f"releases_file_{then.release.number}",
                width=340,
                format_func=lambda one: names[one]["file_name"],
            )
        data, file_name = _original(sha256), names[sha256]["file_name"]
        if isinstance(then.store, Narrowed):
            st.html(furniture.note(t("releases.file_of_all")))
        elif data is None:
            st.html(furniture.note(t("releases.file_damaged", file=file_name)))
        else:
            download(t("releases.download"), data, records.base_name(file_name), f"releases_download_{sha256[:8]}")
    said = t("releases.checksum", sha256=sha256, bytes=t.number(names[sha256]["bytes"]))
    st.html(furniture.definition(t("releases.sha256"), said))


def opened(page: Page, then: View) -> str:
    """The rows of the count the reader opened, or of the first count that has any."""
    counted = releases.counts(then)
    name, kind = laid_out.kept("ledger", counted, None), laid_out.kept("kind", releases.OUTCOMES, None)
    if name is None or kind is None or not counted[name][kind]:
        kinds = [kind] if kind else releases.OUTCOMES
        places = [(name, one) for name, own in counted.items() for one in kinds if own[one]]
        if not places:
            return ""
        name, kind = places[0]
    return page.show(releases.rows(then, name, kind))


def choose_two(page: Page, now: View) -> tuple[View, View]:
    """The two releases to compare: at first the newest and the one before it."""
    t, live = page.t, now.release.number
    with st.container(horizontal=True, vertical_alignment="bottom"):
        older = _choose_release("older", t("releases.choose_older"), now, max(live - 1, 1), t)
        newer = _choose_release("newer", t("releases.choose_newer"), now, live, t)
    return _at(older, t), _at(newer, t)


def differing(page: Page, older: View, newer: View) -> str:
    """The rows of the count the reader opened, or of the first count that has any."""
    found = two_releases.difference(older.release, newer.release)
    name, kind = laid_out.kept("ledger", ledgers(), None), laid_out.kept("kind", two_releases.DIFFERENCES, None)
    if name is None or kind is None or not found.of(name).rows(kind):
        ledgers_first = two_releases.differing_ledgers(older, newer)
        places = [(one.table, kind) for one in ledgers_first for kind in two_releases.DIFFERENCES if one.rows(kind)]
        if not places:
            return ""
        name, kind = places[0]
    return page.show(two_releases.rows(older, newer, name, kind))


def row(page: Page, now: View) -> str:
    """The history of one row or cell; of a text that is no key, the rows whose keys hold it."""
    t = page.t
    names = list(ledgers())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        laid_out.offer("releases_ledger", laid_out.kept("ledger", names, "action"))
        name = st.selectbox(
            t("releases.ledger"),
            names,
            key="releases_ledger",
            width=280,
            format_func=lambda one: t.of(all_tables()[one].title),
        )
        laid_out.offer("releases_key", laid_out.kept("key", None, ""))
        key = st.text_input(t("releases.key"), key="releases_key", width=240).strip()
        fields = [ALL, *history.fields_of(name)]
        laid_out.offer("releases_field", laid_out.kept("field", fields, ALL))
        if st.session_state["releases_field"] not in fields:  # the ledger was changed
            st.session_state["releases_field"] = ALL
        field = st.selectbox(
            t("releases.field"),
            fields,
            key="releases_field",
            width=220,
            format_func=lambda one: records.heading(t, name, one) if one else t("releases.all_fields"),
        )
    laid_out.keep(ledger=name, key=key, field=field)
    exhibit = history.row(now, name, key, field or None) if key else None
    return page.show(exhibit or history.found(now, name, key))


def _choose_release(name: str, label: str, now: View, usual: int, t: Language, are_acts: bool = False) -> int:
    """A choice of one release, or of one act by its first; the usual one needs no place in the URL, and moves on with
    what is newest."""
    acts = {number: act_of(now.release, number) for number in standing().numbers[::-1]}
    numbers = [number for number, act in acts.items() if not are_acts or number == act[0]]
    said = {number: releases.numbers_of(acts[number]) if are_acts else str(number) for number in numbers}
    if are_acts and (named := laid_out.number(name, usual)) in acts:
        laid_out.keep(**{name: acts[named][0]})
    days = {row["release"]: row["as_of_on"] for row in now.ask("release_list").records()}
    key = f"releases_{name}"
    laid_out.offer(key, laid_out.number(name, usual))
    chosen = st.selectbox(
        label,
        numbers,
        key=key,
        width=240,
        format_func=lambda one: t("frame.release_number", number=said[one], day=t.day(days.get(one))),
    )
    laid_out.keep(**{name: chosen if chosen != usual else None})
    return chosen


def _at(number: int, t: Language) -> View:
    return look(store(), Choices(lang=t.code, release=number), standing())


def _original(sha256: str) -> bytes | None:
    """The bytes as they were received; None when they are gone or are not what they were."""
    try:
        return store().received(sha256)
    except Unreadable:
        return None
