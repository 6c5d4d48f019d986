"""The script of a meeting on its page: the slides in order, each with its filter, its note, and a look at it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.exhibits.catalogue import CATALOGUE, FIGURES, exhibit
from taizhang.exhibits.parts_of_campaign import has_exhibit
from taizhang.exhibits.views import View
from taizhang.showing import meetings
from taizhang.showing.meetings import Meeting, ScriptLine, usual_script
from taizhang.showing.slides import NOT_ON_A_SLIDE
from taizhang.ui import kept
from taizhang.ui.aloud import act, once
from taizhang.ui.controls import store, words
from taizhang.ui.handed_in import head
from taizhang.ui.page import Page

ALL = ""


def edit(one: Meeting, page: Page) -> None:
    """The slide that is chosen, its place in the order, and what it says; every change is kept at once."""
    t = page.t
    head(t("script.title", count=len(one.script)), t("script.caption"))
    place = _chosen(one, t)
    if place is None:
        _add(one, place, t)
        return
    _order(one, place, t)
    line = one.script[place]
    view = one.view(store(), t.code, line.district)
    _line(one, place, view)
    _add(one, place, t)
    own = Page(view, page.name)
    for name in line.exhibits:
        own.show(exhibit(name, view))


def name_of(name: str, t: Language) -> str:
    """An exhibit's name in a list."""
    return t(f"exhibit.{name.replace('.', '_')}")


def _chosen(one: Meeting, t: Language) -> int | None:
    """The place of the slide that is looked at: one of the list, or the one before or after it."""
    if not one.script:
        return None
    key, last = _place_key(one), len(one.script) - 1
    if st.session_state.get(key, last + 1) > last:
        st.session_state[key] = 0
    names = [t("script.and").join(name_of(name, t) for name in line.exhibits) for line in one.script]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="script_slides"):
        place = st.selectbox(
            t("script.slides"),
            range(len(one.script)),
            key=key,
            format_func=lambda place: t("script.line", number=place + 1, name=names[place]),
        )
        for name, step, end in (("before", -1, 0), ("after", 1, last)):
            st.button(
                t(f"script.{name}"), key=f"script_{name}", disabled=place == end, on_click=_turn, args=(key, step, last)
            )
    return place


def _place_key(one: Meeting) -> str:
    return f"script_place_{one.meeting_id}"


def _order(one: Meeting, place: int, t: Language) -> None:
    with st.container(horizontal=True, key="script_order"):
        st.button(t("script.up"), key="script_up", disabled=place == 0, on_click=_move, args=(one, place, -1))
        st.button(
            t("script.down"),
            key="script_down",
            disabled=place == len(one.script) - 1,
            on_click=_move,
            args=(one, place, 1),
        )
        st.button(t("script.remove"), key="script_remove", on_click=_remove, args=(one, place))
        if one.script != usual_script(one.view(store(), t.code)):
            st.button(t("script.usual"), key="script_usual", type="tertiary", on_click=_usual, args=(one,))


def _line(one: Meeting, place: int, view: View) -> None:
    """The note of a slide, its district, and what becomes of it when it is empty."""
    t, line = view.t, one.script[place]

    def field(name: str, value: object) -> dict[str, object]:
        key = kept.control(f"script_{one.meeting_id}_{place}_{'_'.join(line.exhibits)}_{name}", value)
        return {"key": key, "on_change": _set, "args": (one, place, name, key, value)}

    note, others = st.columns([7, 5], gap="medium")
    note.text_area(t("script.note"), placeholder=t("script.note_hint"), height=120, **field("note", line.note))
    names, now = view.district_names, line.district or ALL
    if view.has_places:
        others.selectbox(
            t("frame.district"),
            [ALL, *names] if now in (ALL, *names) else [ALL, now, *names],
            format_func=lambda code: names.get(code) or code or t("frame.all_districts"),
            **field("district", now),
        )
    others.checkbox(t("script.leave_out"), **field("empty", line.when_empty == "leave_out"))


def _add(one: Meeting, place: int | None, t: Language) -> None:
    """One more slide below the chosen one: an exhibit, with headline figures above it if wanted."""
    with st.expander(t("script.add")):
        view = one.view(store(), t.code)
        names = [name for name in CATALOGUE if name not in NOT_ON_A_SLIDE and has_exhibit(view, name)]
        name = st.selectbox(t("script.exhibit"), names, key="script_name", format_func=lambda one: name_of(one, t))
        above = st.selectbox(
            t("script.figures"),
            [ALL, *(name for name in FIGURES if has_exhibit(view, name))],
            key="script_above",
            format_func=lambda code: name_of(code, t) if code else t("script.no_figures"),
        )
        added = (name,) if above == ALL or name in FIGURES else (above, name)
        if exhibit(name, view).shape.is_empty:
            st.caption(t("script.is_empty"))
        st.button(t("script.add_it"), key="script_add", on_click=_insert, args=(one, place, added))


# --- what the controls do --------------------------------------------------------------------------------------


def _rewrite(one: Meeting, place: int | None, how: Callable[[list[ScriptLine], int], None]) -> bool:
    """Change the script at a slide that this page shows; whether that could be done, and one sentence if not."""
    said = st.session_state
    try:
        meetings.rewrite(store(), one, place, how)
    except meetings.NotAsShown as other:
        differences = other.said(words())
        said["_meeting_said"] = ("warning", "meeting.not_as_shown", {"differences": differences})
    except (meetings.NoSuchMeeting, meetings.NotAMeeting):
        said["_meeting_said"] = ("warning", "meeting.not_open", {})
    else:
        return True
    return False


@act
def _turn(key: str, step: int, last: int) -> None:
    st.session_state[key] = min(max(st.session_state[key] + step, 0), last)


@act
def _set(one: Meeting, place: int, name: str, key: str, drawn: object) -> None:
    said = kept.chosen(key, drawn)
    if said is None:
        return
    value = {
        "note": lambda: {"note": said},
        "district": lambda: {"district": said or None},
        "empty": lambda: {"when_empty": "leave_out" if said else "say"},
    }[name]()

    def change(lines: list[ScriptLine], at: int) -> None:
        lines[at] = replace(lines[at], **value)

    _rewrite(one, place, change)


@act
def _move(one: Meeting, place: int, step: int) -> None:
    def change(lines: list[ScriptLine], at: int) -> None:
        to = min(max(at + step, 0), len(lines) - 1)
        lines.insert(to, lines.pop(at))

    if _rewrite(one, place, change):
        st.session_state[_place_key(one)] = place + step


@once
def _remove(one: Meeting, place: int) -> None:
    if _rewrite(one, place, lambda lines, at: lines.pop(at)):
        st.session_state[_place_key(one)] = max(place - 1, 0)


@once
def _insert(one: Meeting, place: int | None, names: tuple[str, ...]) -> None:
    step = 0 if place is None else 1
    if _rewrite(one, place, lambda lines, at: lines.insert(at + step, ScriptLine(names))):
        st.session_state[_place_key(one)] = 0 if place is None else place + 1


@once
def _usual(one: Meeting) -> None:
    def change(lines: list[ScriptLine], _at: int) -> None:
        lines[:] = usual_script(one.view(store(), words().code))

    _rewrite(one, None, change)
