"""The releases page beyond its exhibits: what is laid out on it, an undo, the original of a received file.

What a reader has laid out (a release, two to compare, a row) is kept while other pages are looked at, and stands in
the URL, so that a link reproduces it.
"""

from collections.abc import Mapping

import streamlit as st

from taizhang.declared.tables import all_tables, ledgers
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.exhibits import history, records, releases, two_releases
from taizhang.exhibits.views import Choices, View, look
from taizhang.rows.changes import WHOLE_ROW, CellName, Choice
from taizhang.rows.ledgers import RowsRefused
from taizhang.rows.problems import sentence
from taizhang.store import DraftRefused, NoRelease, Note, SomeonePublished, UndoConflict, Unreadable
from taizhang.store.taking_back import (
    EARLIER,
    LATER,
    Conflict,
    Conflicts,
    Effect,
    asked_about,
    day_after_undo,
    with_choices,
)
from taizhang.ui.controls import ROOT, standing, store
from taizhang.ui.downloads import download
from taizhang.ui.page import Page

PARTS = ("one", "two", "row")
LAID_OUT = ("part", "shown", "ledger", "kind", "older", "newer", "key", "field")
MOST_CONFLICTS = 40  # cells chosen one by one; the others follow the choice for all
MOST_PROBLEMS = 5
MOST_RELEASES = 6  # the newest ones stand on the page, the others when they are asked for
ALL = ""


# --- what is laid out ------------------------------------------------------------------------------------------


def newest(page: Page) -> View:
    """The newest release, whatever the reader has chosen to look at: history does not end at the day on screen."""
    return look(store(), Choices(lang=page.t.code), standing())


def listed(page: Page, now: View) -> None:
    """The list of releases; its numbers lead to what is below."""
    st.session_state["_releases_jumping"] = st.session_state.pop("_releases_jump", False)
    _take_from_url()
    said = st.session_state.pop("_releases_said", None)
    if said:
        st.success(page.t(said[0], **said[1]))
    count = len(now.ask("release_list").rows)
    is_short = count > MOST_RELEASES and not st.session_state.get("releases_all")
    most = MOST_RELEASES if is_short else None
    follow(page.show(releases.listed(now, shown(now), page.view.release.number, most)))
    if count > MOST_RELEASES:
        st.toggle(page.t("releases.show_all", count=count), key="releases_all")


def parts(page: Page) -> list:
    """The parts of the page below the list: one release, two compared, one row."""
    labels = [page.t(f"releases.part_{name}") for name in PARTS]
    key = f"releases_part_{page.t.code}"
    _offer(key, labels[PARTS.index(_kept("part", PARTS, PARTS[0]))])
    tabs = st.tabs(labels, key=key, on_change="rerun")
    chosen = next(name for name, tab in zip(PARTS, tabs, strict=True) if tab.open)
    _keep(part=chosen if chosen != PARTS[0] else None)
    return tabs


def shown(now: View) -> int:
    """The release whose details are laid out; the newest unless the reader chose another."""
    return _number("shown", now.release.number)


def choose(page: Page, now: View) -> View:
    """The release laid out, with what can be done with it: look at the board, compare with the newest, take it back."""
    t = page.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="releases_acts"):
        number = _choose_release("shown", t("releases.choose"), now, now.release.number, t)
        if st.button(t("releases.look"), key="releases_look"):
            district = st.session_state.get("district") or None
            said = {"lang": t.code, "release": str(number), **({"district": district} if district else {})}
            st.switch_page(ROOT / "pages" / "overview.py", query_params=said)
        if number != now.release.number and st.button(t("releases.compare_with_live"), key="releases_compare"):
            _go(part="two", older=number, newer=now.release.number, ledger=None, kind=None)
        gone = releases.taken_back(now.ask("release_list"))
        if number in gone:
            st.html(furniture.note(t("releases.gone_already", number=gone[number])))
        elif st.button(t("releases.undo", number=number), key="releases_undo"):
            _undo_dialog(page, now, number)
    return _at(number, t)


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
        if data is None:
            st.html(furniture.note(t("releases.file_damaged", file=file_name)))
        else:
            download(t("releases.download"), data, records.base_name(file_name), f"releases_download_{sha256[:8]}")
    said = t("releases.checksum", sha256=sha256, bytes=t.number(names[sha256]["bytes"]))
    st.html(furniture.definition(t("releases.sha256"), said))


def opened(page: Page, then: View) -> str:
    """The rows of the count the reader opened, or of the first count that has any."""
    counted = releases.counts(then)
    name, kind = _kept("ledger", counted, None), _kept("kind", releases.OUTCOMES, None)
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
    name, kind = _kept("ledger", ledgers(), None), _kept("kind", two_releases.DIFFERENCES, None)
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
        _offer("releases_ledger", _kept("ledger", names, "action"))
        name = st.selectbox(
            t("releases.ledger"),
            names,
            key="releases_ledger",
            width=280,
            format_func=lambda one: t.of(all_tables()[one].title),
        )
        _offer("releases_key", _kept("key", None, ""))
        key = st.text_input(t("releases.key"), key="releases_key", width=240).strip()
        fields = [ALL, *history.fields_of(name)]
        _offer("releases_field", _kept("field", fields, ALL))
        if st.session_state["releases_field"] not in fields:  # the ledger was changed
            st.session_state["releases_field"] = ALL
        field = st.selectbox(
            t("releases.field"),
            fields,
            key="releases_field",
            width=220,
            format_func=lambda one: records.heading(t, name, one) if one else t("releases.all_fields"),
        )
    _keep(ledger=name, key=key, field=field)
    exhibit = history.row(now, name, key, field or None) if key else None
    return page.show(exhibit or history.found(now, name, key))


def follow(picked: str) -> None:
    """Lay out what a click leads to: a release, the rows of a count, a row."""
    what, _, place = picked.partition(":")
    if what == "release":
        _go(part="one", shown=int(place), ledger=None, kind=None)
    elif what in ("added", "changed"):
        _go(part="one", shown=int(place), ledger=None, kind=what)
    elif what == "rows":
        number, name, kind = place.split(":")
        _go(part="one", shown=int(number), ledger=name, kind=kind)
    elif what == "diff":
        older, newer, name, kind = place.split(":")
        _go(part="two", older=int(older), newer=int(newer), ledger=name, kind=kind)
    elif what == "row":
        name, _, key = place.partition(":")
        _go(part="row", ledger=name, key=key, field=ALL)


def _choose_release(name: str, label: str, now: View, usual: int, t: Language) -> int:
    """A choice of one release; the usual one needs no place in the URL, and moves on with what is newest."""
    numbers = standing().numbers[::-1]
    days = {row["release"]: row["as_of_on"] for row in now.ask("release_list").records()}
    key = f"releases_{name}"
    _offer(key, _number(name, usual))
    chosen = st.selectbox(
        label,
        numbers,
        key=key,
        width=240,
        format_func=lambda one: t("frame.release_number", number=one, day=t.day(days.get(one))),
    )
    _keep(**{name: chosen if chosen != usual else None})
    return chosen


def _at(number: int, t: Language) -> View:
    return look(store(), Choices(lang=t.code, release=number), standing())


def _number(name: str, usual: int) -> int:
    """A release that is laid out, if the store has it."""
    number = st.session_state.get("_releases", {}).get(name)
    return number if number in standing().days() else usual


def _kept(name: str, among, usual):
    """What is laid out under a name, if it is one of those that there are."""
    value = st.session_state.get("_releases", {}).get(name)
    return value if value is not None and (among is None or value in among) else usual


def _keep(**laid_out: object) -> None:
    state = st.session_state.setdefault("_releases", {})
    state.update(laid_out)
    for name in LAID_OUT:
        if state.get(name) not in (None, ALL):
            st.query_params[name] = str(state[name])
        elif name in st.query_params:
            del st.query_params[name]
    st.session_state["_releases_url"] = _said_in_url()


def _go(**laid_out: object) -> None:
    """Lay something out and draw the page again: controls show it before they are touched."""
    _keep(**laid_out)
    st.session_state["_releases_jump"] = True
    st.rerun()


def _offer(key: str, value: object) -> None:
    """Give a control the value that is laid out, unless the reader has just set it."""
    if key not in st.session_state or st.session_state["_releases_jumping"]:
        st.session_state[key] = value


def _said_in_url() -> dict[str, str]:
    return {name: value for name, value in st.query_params.to_dict().items() if name in LAID_OUT}


def _take_from_url() -> None:
    """Lay out what a link says; an address emptied by a change of page keeps what there was."""
    said = _said_in_url()
    if not said or said == st.session_state.get("_releases_url"):
        return
    numbers = ("shown", "older", "newer")
    st.session_state["_releases"] = {
        name: int(value) if name in numbers else value
        for name, value in said.items()
        if name not in numbers or value.isdecimal()
    }
    st.session_state["_releases_url"] = said
    st.session_state["_releases_jumping"] = True


def _original(sha256: str) -> bytes | None:
    """The bytes as they were received; None when they are gone or are not what they were."""
    try:
        return store().received(sha256)
    except Unreadable:
        return None


# --- undo ------------------------------------------------------------------------------------------------------


def _undo_dialog(page: Page, now: View, number: int) -> None:
    t = page.t

    @st.dialog(t("releases.undo_title", number=number), width="medium")
    def dialog() -> None:
        live = now.release
        with st.spinner(t("releases.stage_look")):
            conflicts = store().conflicts_of(number, live)
        choices = _choose_on(conflicts, t)
        with st.spinner(t("releases.stage_look")):
            effect = store().effect_of(number, live, choices)
        staying = sum(choices[cell] == LATER for cell in asked_about(conflicts))
        st.html(furniture.note(_what_happens(effect, staying, number, live.number, t)))
        by = st.text_input(t("releases.undo_by"), key="releases_undo_by").strip()
        why = st.text_input(t("releases.undo_note"), key="releases_undo_note").strip()
        if not effect.all_rows:
            return
        label = t(
            "releases.undo_confirm" if number > 1 else "releases.undo_confirm_first",
            rows=t.number(effect.all_rows),
            number=number - 1,
        )
        if st.button(label, key="releases_undo_confirm", type="primary"):
            _undo(now, number, by, why, choices, t)

    dialog()


def _what_happens(effect: Effect, staying: int, number: int, live: int, t: Language) -> str:
    """The undo in sentences: what goes back, what stays, and that nothing is lost."""
    if not effect.all_rows:
        return t("releases.undo_nothing", number=number)
    done = [
        t(f"releases.undo_{name}", count=t.number(count), cells=t.number(effect.cells))
        for name, count in (("rows", effect.rows), ("leaving", effect.leaving), ("returning", effect.returning))
        if count
    ]
    stays = t("releases.undo_staying", count=t.number(staying)) if staying else ""
    told = t("releases.between_cells").join(done)
    return t("releases.undo_effect", number=number, done=told, stays=stays, next=live + 1)


def _choose_on(conflicts: Conflicts, t: Language) -> dict[CellName, Choice]:
    """A choice for every cell in conflict: one for all, and another for any cell that needs it."""
    open_ones = asked_about(conflicts)
    if not open_ones:
        return with_choices(conflicts, {})
    st.html(furniture.exhibit_head(t("releases.conflicts_title", count=t.number(len(open_ones))), "", ""))
    every = st.segmented_control(
        t("releases.for_all"),
        [LATER, EARLIER],
        default=LATER,
        required=True,
        key="releases_for_all",
        format_func=lambda one: t(f"releases.all_{one}"),
    )
    asked = open_ones[:MOST_CONFLICTS]
    own = {}
    with st.expander(t("releases.one_by_one")):
        for place, cell in enumerate(asked):
            own[cell] = _choose_on_cell(cell, conflicts[cell], place, t)
    if len(open_ones) > len(asked):
        st.html(furniture.note(t("releases.conflicts_cut", shown=len(asked), count=t.number(len(open_ones)))))
    return with_choices(conflicts, {cell: own.get(cell) or every for cell in open_ones})


def _choose_on_cell(cell: CellName, one: Conflict, place: int, t: Language) -> Choice | None:
    """One conflict: what stands there now, what stood there before, and which of them shall stand."""
    name, key, field = cell
    blanks = {
        "ledger": t.of(all_tables()[name].title),
        "row_key": key,
        "field": records.heading(t, name, field),
        "now": t("releases.no_row") if one.is_gone else _told(t, cell, one.now),
        "before": _told(t, cell, one.before),
    }
    st.html(furniture.note(t("releases.conflict", **blanks)))
    return st.segmented_control(
        t("releases.for_cell"),
        [LATER, EARLIER],
        key=f"releases_cell_{place}",
        label_visibility="collapsed",
        format_func=lambda one: t(f"releases.cell_{one}"),
    )


def _told(t: Language, cell: CellName, text: str | None) -> str:
    name, _, field = cell
    is_gone = text is None and field == WHOLE_ROW
    return t("releases.no_row") if is_gone else records.told(t, name, field, text)


def _undo(now: View, number: int, by: str, why: str, choices: Mapping[CellName, Choice], t: Language) -> None:
    """Build the release that takes another back, and publish it; what stops it is said, and nothing is written."""
    if not (by and why):
        st.error(t("releases.undo_needs"))
        return
    if store().live_number() != now.release.number:
        st.error(t("releases.undo_too_late", number=store().live_number()))
        return
    note = Note(by, day_after_undo(now.release, number), why, why)
    place = st.empty()
    try:
        bar = place.progress(0.0)
        draft = store().draft_undo(number, note, choices, _telling(bar, t))
        made = store().publish_draft(draft)
    except DraftRefused as refused:
        place.empty()
        problems = refused.problems
        st.error(t("releases.undo_refused", number=number, count=t.number(len(problems))))
        for one in problems[:MOST_PROBLEMS]:
            st.html(furniture.note(sentence(one, t)))
        return
    except (SomeonePublished, UndoConflict, NoRelease):
        place.empty()
        st.error(t("releases.undo_too_late", number=store().live_number()))
        return
    except RowsRefused:
        place.empty()
        st.error(t("releases.undo_impossible", number=number))
        return
    st.session_state["_releases_said"] = (
        "releases.undone",
        {"number": number, "made": made.number, "day": t.day(made.as_of)},
    )
    _go(part="one", shown=made.number, ledger=None, kind=None)


def _telling(bar, t: Language):
    """A `tell` that moves a bar; closing the dialog ends the work, and what was made so far is thrown away."""

    def tell(stage: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, text=t(f"releases.stage_{stage}"))

    return tell
