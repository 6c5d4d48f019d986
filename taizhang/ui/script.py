"""The script of a meeting on its page: the slides in order, each with its filter, its note, and a look at it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.exhibits.catalogue import CATALOGUE, FIGURES, exhibit
from taizhang.exhibits.views import View
from taizhang.showing.meetings import DEFAULT_SCRIPT, Meeting, ScriptLine, open_meetings, save
from taizhang.showing.slides import NOT_ON_A_SLIDE
from taizhang.ui.controls import store
from taizhang.ui.handed_in import head
from taizhang.ui.page import Page

ALL = ""


def edit(one: Meeting, page: Page) -> None:
    """The slides on the left, the chosen one on the right; every change is kept at once."""
    t = page.t
    head(t("script.title", count=len(one.script)), t("script.caption"))
    left, right = st.columns([2, 5], gap="medium")
    with left:
        place = _chosen(one, t)
        _add(one, place, t)
    if place is None:
        return
    line = one.script[place]
    view = one.view(store(), t.code, line.district)
    with right:
        _order(one, place, t)
        _line(one, place, view)
        own = Page(view, page.name)
        for name in line.exhibits:
            own.show(exhibit(name, view))


def name_of(name: str, t: Language) -> str:
    """An exhibit's name in a list."""
    return t(f"exhibit.{name.replace('.', '_')}")


def _chosen(one: Meeting, t: Language) -> int | None:
    """The place of the slide that is looked at."""
    if not one.script:
        return None
    key = f"script_place_{one.meeting_id}"
    if st.session_state.get(key, len(one.script)) >= len(one.script):
        st.session_state[key] = 0
    names = [t("script.and").join(name_of(name, t) for name in line.exhibits) for line in one.script]
    return st.radio(
        t("script.slides"),
        range(len(one.script)),
        key=key,
        label_visibility="collapsed",
        format_func=lambda place: t("script.line", number=place + 1, name=names[place]),
    )


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
        if one.script != DEFAULT_SCRIPT:
            st.button(t("script.usual"), key="script_usual", type="tertiary", on_click=_usual, args=(one,))


def _line(one: Meeting, place: int, view: View) -> None:
    """The note of a slide, its district, and what becomes of it when it is empty."""
    t, line = view.t, one.script[place]
    key = f"script_{one.meeting_id}_{place}_{'_'.join(line.exhibits)}"
    st.text_area(
        t("script.note"),
        value=line.note,
        key=f"{key}_note",
        placeholder=t("script.note_hint"),
        height=90,
        on_change=_set,
        args=(one, place, f"{key}_note", "note"),
    )
    district, empty = st.columns(2, vertical_alignment="bottom")
    names = view.district_names
    options = [ALL, *names]
    district.selectbox(
        t("frame.district"),
        options,
        index=options.index(line.district or ALL),
        key=f"{key}_district",
        format_func=lambda code: names.get(code) or t("frame.all_districts"),
        on_change=_set,
        args=(one, place, f"{key}_district", "district"),
    )
    empty.checkbox(
        t("script.leave_out"),
        value=line.when_empty == "leave_out",
        key=f"{key}_empty",
        on_change=_set,
        args=(one, place, f"{key}_empty", "when_empty"),
    )


def _add(one: Meeting, place: int | None, t: Language) -> None:
    """One more slide below the chosen one: an exhibit, with headline figures above it if wanted."""
    with st.expander(t("script.add")):
        view = one.view(store(), t.code)
        names = [name for name in CATALOGUE if name not in NOT_ON_A_SLIDE]
        name = st.selectbox(t("script.exhibit"), names, key="script_name", format_func=lambda one: name_of(one, t))
        above = st.selectbox(
            t("script.figures"),
            [ALL, *FIGURES],
            key="script_above",
            format_func=lambda code: name_of(code, t) if code else t("script.no_figures"),
        )
        added = (name,) if above == ALL or name in FIGURES else (above, name)
        if exhibit(name, view).shape.is_empty:
            st.caption(t("script.is_empty"))
        st.button(t("script.add_it"), key="script_add", on_click=_insert, args=(one, place, added))


# --- what the controls do --------------------------------------------------------------------------------------


def _rewrite(one: Meeting, change: Callable[[list[ScriptLine]], None]) -> None:
    """Change the script of an open meeting as it stands in the store now."""
    for now in open_meetings(store()):
        if now.meeting_id == one.meeting_id:
            lines = list(now.script)
            change(lines)
            save(store(), replace(now, script=tuple(lines)))


def _set(one: Meeting, place: int, key: str, name: str) -> None:
    said = st.session_state[key]
    value = {"note": lambda: said.strip(), "district": lambda: said or None}.get(
        name, lambda: "leave_out" if said else "say"
    )()

    def change(lines: list[ScriptLine]) -> None:
        lines[place] = replace(lines[place], **{name: value})

    _rewrite(one, change)


def _move(one: Meeting, place: int, step: int) -> None:
    def change(lines: list[ScriptLine]) -> None:
        lines[place], lines[place + step] = lines[place + step], lines[place]

    _rewrite(one, change)
    st.session_state[f"script_place_{one.meeting_id}"] = place + step


def _remove(one: Meeting, place: int) -> None:
    _rewrite(one, lambda lines: lines.pop(place))
    st.session_state[f"script_place_{one.meeting_id}"] = max(place - 1, 0)


def _insert(one: Meeting, place: int | None, names: tuple[str, ...]) -> None:
    at = 0 if place is None else place + 1
    _rewrite(one, lambda lines: lines.insert(at, ScriptLine(names)))
    st.session_state[f"script_place_{one.meeting_id}"] = at


def _usual(one: Meeting) -> None:
    def change(lines: list[ScriptLine]) -> None:
        lines[:] = DEFAULT_SCRIPT

    _rewrite(one, change)
