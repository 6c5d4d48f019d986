"""The meeting page: prepare, present, decide, finish, hand out, and open any past meeting again.

An open meeting is kept in the store at every step, so what is typed here is there again after a closed window, and
on another computer's screen.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits.views import Choices, View, comparison_days, look
from taizhang.rows.ledgers import RowsRefused
from taizhang.showing import meetings, slides
from taizhang.showing.commitments import NotACommitment, commitment, kpi_codes, promised, unit_names
from taizhang.showing.meetings import Meeting
from taizhang.store.publishing import CheckFailed
from taizhang.ui import handing_out, script
from taizhang.ui.controls import standing, store
from taizhang.ui.handed_in import draw, head
from taizhang.ui.page import Page
from taizhang.ui.present import present

NEW = ""
THEMES = ("light", "dark")


def meeting_page(page: Page) -> None:
    """Draw the page, or the meeting being presented, which the URL names (`present`)."""
    shown = st.query_params.get("present")
    if shown:
        try:
            one = meetings.meeting(store(), shown)
        except (meetings.NoSuchMeeting, meetings.NotAMeeting):
            del st.query_params["present"]
        else:
            present(one)
            return
    page.title()
    said = st.session_state.pop("_meeting_said", None)
    if said:
        kind, key, blanks = said
        st.html(furniture.message(page.t(key, **blanks), kind))
    for name in meetings.unreadable(store()):
        st.html(furniture.message(page.t("meeting.unreadable", file=name), "warning"))
    coming, past = page.tabs("coming", "past")
    with coming:
        _coming(page)
    with past:
        _past(page)


# --- the meeting to come ---------------------------------------------------------------------------------------


def _coming(page: Page) -> None:
    t, waiting = page.t, {one.meeting_id: one for one in meetings.open_meetings(store())}
    chosen = NEW
    if waiting:
        if st.session_state.get("meeting_open") not in (*waiting, NEW):
            st.session_state["meeting_open"] = list(waiting)[-1]
        chosen = st.segmented_control(
            t("meeting.open"),
            [*waiting, NEW],
            key="meeting_open",
            label_visibility="collapsed",
            required=True,
            format_func=lambda one: waiting[one].title if one else t("meeting.another"),
        )
    if chosen not in waiting:
        _prepare(page)
        return
    one = waiting[chosen]
    view = one.view(store(), t.code)
    head(one.title, _circumstances(one, view))
    _acts(one, t)
    _settings(one, view)
    script.edit(one, page)
    handing_out.offer(one, t)
    _commitments(one, view)
    _finish(one, view)


def _prepare(page: Page) -> None:
    """A new meeting on what the reader looks at now."""
    t, view = page.t, page.view
    if view.is_draft:
        st.html(furniture.message(t("meeting.not_a_draft"), "warning"))
        return
    head(t("meeting.prepare_title"), t("meeting.prepare_caption"))
    with st.form("meeting_new", border=False):
        left, right = st.columns(2)
        title = left.text_input(t("meeting.title"))
        held_on = right.date_input(t("meeting.held_on"), value=view.as_of, min_value=view.as_of, format="YYYY-MM-DD")
        asked = st.form_submit_button(t("meeting.prepare"), type="primary")
    if asked and not title.strip():
        st.html(furniture.message(t("meeting.title_missing"), "error"))
    elif asked:
        one = meetings.prepare(view, meetings.next_id(store()), title.strip(), held_on)
        meetings.save(store(), replace(one, languages=(t.code,)))
        st.session_state.pop("meeting_open", None)
        st.rerun()


def _circumstances(one: Meeting, view: View) -> str:
    t, seen = view.t, view.circumstances
    held_on = t("meeting.said_held_on", day=t.day(one.held_on))
    return t("kpis.dot").join((one.meeting_id, held_on, seen.as_of, seen.release, seen.compared))


def _acts(one: Meeting, t: Language) -> None:
    with st.container(horizontal=True, key="meeting_acts"):
        st.button(t("meeting.start"), key="meeting_start", type="primary", on_click=_start, args=(one.meeting_id,))
        newest = standing().live
        if not meetings.shows_the_newest(store(), one):
            st.button(
                t("meeting.to_newest", number=newest.number, day=t.day(newest.as_of)),
                key="meeting_newest",
                on_click=_show_day,
                args=(one.meeting_id, newest.as_of, None),
            )
        st.button(t("meeting.discard"), key="meeting_discard", on_click=_ask_discard, args=(one.meeting_id,))
    if st.session_state.get("_meeting_discarding") == one.meeting_id:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(furniture.message(t("meeting.discard_sure"), "warning"))
            st.button(t("meeting.discard_yes"), key="meeting_discard_yes", on_click=_discard, args=(one.meeting_id,))
            st.button(t("meeting.discard_no"), key="meeting_discard_no", on_click=_ask_discard, args=(None,))


def _settings(one: Meeting, view: View) -> None:
    """What the meeting shows and how: each control writes the meeting at once."""
    t = view.t
    with st.expander(t("meeting.settings")):
        title, held_on, as_of, compared = st.columns(4)
        key = _keys(one)
        title.text_input(
            t("meeting.title"), value=one.title, key=key("title"), on_change=_take, args=(one, "title", str.strip)
        )
        held_on.date_input(
            t("meeting.held_on"),
            value=one.held_on,
            min_value=one.as_of,
            key=key("held_on"),
            format="YYYY-MM-DD",
            on_change=_take,
            args=(one, "held_on"),
        )
        live = standing().live
        as_of.date_input(
            t("frame.as_of"),
            value=one.as_of,
            max_value=max(live.as_of, one.as_of),
            format="YYYY-MM-DD",
            key=key("as_of"),
            help=t("frame.as_of_help"),
            on_change=_new_day,
            args=(one,),
        )
        days = comparison_days(view.release, one.as_of)
        options = list(days)
        if options:
            compared.selectbox(
                t("frame.compare"),
                options,
                index=options.index(one.compare_on) if one.compare_on in options else 0,
                key=key("compare_on"),
                on_change=_new_comparison,
                args=(one,),
                format_func=lambda day: (
                    t("meeting.compare_meeting", day=t.day(day), title=days[day]) if days[day] else t.day(day)
                ),
            )
        left, right = st.columns(2)
        left.segmented_control(
            t("meeting.languages"),
            list(LANGUAGES),
            selection_mode="multi",
            default=list(one.languages),
            key=key("languages"),
            format_func=lambda code: t(f"frame.{code}"),
            on_change=_take,
            args=(one, "languages", lambda said: tuple(code for code in LANGUAGES if code in said) or one.languages),
        )
        right.segmented_control(
            t("meeting.theme"),
            list(THEMES),
            default=one.theme,
            key=key("theme"),
            required=True,
            format_func=lambda name: t(f"meeting.theme_{name}"),
            on_change=_take,
            args=(one, "theme"),
        )


def _commitments(one: Meeting, view: View) -> None:
    """What was promised so far, and two lines for one more."""
    t = view.t
    head(t("meeting.commitments_title", count=len(one.commitments)), t("meeting.commitments_caption"))
    for place, each in enumerate(one.commitments):
        with st.container(horizontal=True, vertical_alignment="center", key=f"meeting_promise_{place}"):
            st.html(furniture.note(promised(each, view)))
            st.button(
                t("meeting.take_off"),
                key=f"meeting_take_off_{place}",
                type="tertiary",
                on_click=_take_off,
                args=(one.meeting_id, place),
            )
    with st.form("meeting_commitment", border=False, clear_on_submit=True):
        content = st.text_input(t("meeting.content"), key="meeting_content")
        unit, due, kpi, target = st.columns(4)
        units = unit_names(view)
        responsible = unit.selectbox(
            t("meeting.unit"), [NEW, *units], accept_new_options=True, format_func=lambda name: name or NOT_KNOWN
        )
        due_on = due.date_input(t("meeting.due_on"), value=None, min_value=one.held_on, format="YYYY-MM-DD")
        moved = kpi.selectbox(
            t("meeting.kpi"),
            [NEW, *kpi_codes(view)],
            format_func=lambda code: t.label("kpi", code) if code else NOT_KNOWN,
        )
        value = target.number_input(t("meeting.target"), value=None, min_value=0.0, help=t("meeting.target_help"))
        asked = st.form_submit_button(t("meeting.log"))
    if asked:
        typed = {
            "content": content,
            "unit": responsible or "",
            "due": due_on.isoformat() if due_on else "",
            "kpi": moved or "",
            "target": "" if value is None else str(value),
        }
        try:
            new = commitment(typed, view)
        except NotACommitment as wrong:
            st.html(furniture.message(str(wrong), "error"))
            return
        _change(one.meeting_id, lambda now: replace(now, commitments=(*now.commitments, new)))
        st.rerun()


def _finish(one: Meeting, view: View) -> None:
    """Who was there, what was said, who keeps the minutes: then the meeting becomes a capsule."""
    t = view.t
    head(t("meeting.finish_title"), t("meeting.finish_caption"))
    key = _keys(one)
    st.multiselect(
        t("meeting.units"),
        sorted({*unit_names(view), *one.units}),
        default=list(one.units),
        key=key("units"),
        accept_new_options=True,
        placeholder=t("meeting.units_none"),
        on_change=_take,
        args=(one, "units", tuple),
    )
    st.text_area(t("meeting.note"), value=one.note, key=key("note"), on_change=_take, args=(one, "note", str.strip))
    with st.form("meeting_finish", border=False):
        by = st.text_input(t("meeting.by"), key="meeting_by")
        asked = st.form_submit_button(t("meeting.finish"), type="primary")
    if asked and not by.strip():
        st.html(furniture.message(t("meeting.by_missing"), "error"))
    elif asked:
        try:
            made = meetings.finish(store(), meetings.meeting(store(), one.meeting_id), by.strip())
        except (CheckFailed, RowsRefused) as refused:
            st.html(furniture.message(t("meeting.refused", detail=str(refused)), "error"))
            return
        st.session_state["_meeting_said"] = (
            "done",
            "meeting.finished",
            {"title": one.title, "count": len(one.commitments), "number": made.number},
        )
        st.session_state["meeting_past"] = list(meetings.capsules(store()))[-1]
        st.rerun()


# --- past meetings ---------------------------------------------------------------------------------------------


def _past(page: Page) -> None:
    """Any meeting that was held: what it showed, what was promised, what has been corrected since."""
    t, rows = page.t, {row["meeting_id"]: row for row in meetings.held(store())}
    if not rows:
        st.html(furniture.note(t("meeting.past_none")))
        return
    chosen = st.selectbox(
        t("meeting.past"),
        list(rows),
        key="meeting_past",
        format_func=lambda one: t("meeting.past_option", day=t.day(rows[one]["held_on"]), title=rows[one]["title"]),
    )
    one = meetings.meeting(store(), chosen)
    head(one.title, _circumstances(one, one.view(store(), t.code)))
    if one.is_reconstructed:
        st.html(furniture.note(t("meeting.reconstructed")))
    st.button(t("meeting.replay"), key="meeting_replay", type="primary", on_click=_start, args=(one.meeting_id,))
    restated = [
        (slide.title, sentence) for slide in slides.show(store(), one, t.code).slides for sentence in slide.restated
    ]
    if restated:
        head(t("meeting.restated_title", count=len(restated)), t("meeting.restated_caption"))
        for title, sentence in dict.fromkeys(restated):
            st.html(furniture.message(t("meeting.restated", slide=title, sentence=sentence), "warning"))
    elif not one.is_reconstructed:
        st.html(furniture.note(t("meeting.not_restated")))
    _minutes(one, t)
    handing_out.offer(one, t)


def _minutes(one: Meeting, t: Language) -> None:
    """The units present, the note, and the commitments of a past meeting as they stand in the ledger now."""
    if one.units:
        st.html(furniture.definition(t("meeting.units"), t("common.comma").join(one.units)))
    if one.note:
        st.html(furniture.definition(t("meeting.note"), one.note))
    live = look(store(), Choices(lang=t.code))
    rows = [row for row in live.ask("commitments").records() if row["meeting_id"] == one.meeting_id]
    if not rows:
        return
    cells = tuple(
        (
            Cell(row["content"]),
            Cell(row["unit"] or t("common.not_given")),
            Cell(t.day(row["due_on"])),
            Cell(t.day(row["done_on"])),
            Cell(row["result_note"] or ""),
        )
        for row in rows
    )
    head(t("meeting.commitments_title", count=len(rows)), t("meeting.commitments_now"))
    headings = tuple(t(f"meeting.{name}") for name in ("content", "unit", "due_on", "done_on", "result"))
    draw(Table(headings, cells, t("common.no_rows"), wide=(0, 4)), t)


# --- what the controls do --------------------------------------------------------------------------------------


def _keys(one: Meeting) -> Callable[[str], str]:
    return lambda name: f"meeting_{one.meeting_id}_{name}"


def _change(meeting_id: str, change: Callable[[Meeting], Meeting]) -> None:
    """Change an open meeting as it stands in the store now; one that was finished meanwhile stays as it is."""
    now = meetings.meeting(store(), meeting_id)
    if not now.is_finished:
        meetings.save(store(), change(now))


def _take(one: Meeting, name: str, of: Callable = lambda said: said) -> None:
    """Take what a control says into the meeting; an emptied title or day is not taken."""
    said = of(st.session_state[_keys(one)(name)])
    if said is not None and (said or name in ("note", "units")):
        _change(one.meeting_id, lambda now: replace(now, **{name: said}))


def _new_day(one: Meeting) -> None:
    _show_day(one.meeting_id, st.session_state[_keys(one)("as_of")], None)


def _new_comparison(one: Meeting) -> None:
    _show_day(one.meeting_id, one.as_of, st.session_state[_keys(one)("compare_on")])


def _show_day(meeting_id: str, as_of: dt.date, compare_on: dt.date | None) -> None:
    """Show another day, in the release that counts for it, against another one."""
    view = look(store(), Choices(as_of=as_of, compare_on=compare_on))
    _change(meeting_id, lambda now: meetings.showing(now, view))
    for name in ("as_of", "compare_on", "held_on"):
        st.session_state.pop(f"meeting_{meeting_id}_{name}", None)


def _take_off(meeting_id: str, place: int) -> None:
    _change(meeting_id, lambda now: replace(now, commitments=(*now.commitments[:place], *now.commitments[place + 1 :])))


def _start(meeting_id: str) -> None:
    st.query_params["present"] = meeting_id


def _ask_discard(meeting_id: str | None) -> None:
    st.session_state["_meeting_discarding"] = meeting_id


def _discard(meeting_id: str) -> None:
    meetings.discard(store(), meeting_id)
    st.session_state.pop("_meeting_discarding", None)
