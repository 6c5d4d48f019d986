"""The meeting page: prepare, present, decide, finish, hand out, and open any past meeting again.

An open meeting is kept in the store at every step, so what is typed here is there again after a closed window, and
on another computer's screen. What a control says is taken only when the reader has chosen it there (`ui.kept`), and
what the meeting shows is moved only for a page that shows it as it is kept.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import streamlit as st

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits.catalogue import exhibit
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.views import Choices, View, comparison_days, look
from taizhang.rows.ledgers import RowsRefused
from taizhang.showing import meetings, slides
from taizhang.showing.commitments import NotACommitment, commitment, kpi_codes, promised, unit_names
from taizhang.showing.meeting_files import Commitment, Meeting
from taizhang.store.publishing import CheckFailed
from taizhang.ui import address, handing_out, kept, script, signer, until_drawn, who
from taizhang.ui.aloud import act, once
from taizhang.ui.called_apart import called_apart
from taizhang.ui.controls import store, words
from taizhang.ui.handed_in import draw, head
from taizhang.ui.page import Page
from taizhang.ui.present import present
from taizhang.ui.tabs import tabs

ANOTHER = "another"  # none of those prepared
NOTHING = ""
THEMES = ("light", "dark")

# Part of the address → where it is kept which meeting is open. No control has that place: what the browser still says
# of one, from before an act opened another meeting, must not lead back.
_OPENED = {"meeting": "_meeting_opened", "past": "_meeting_past_opened"}


def meeting_page(page: Page) -> None:
    """Draw the page, or the meeting being presented, which the URL names (`present`)."""
    shown = address.read("present")
    if shown:
        try:
            one = meetings.meeting(store(), shown)
            if not (one.is_finished or who.may("meet")):  # what is being prepared is not there for others
                raise meetings.NoSuchMeeting(shown)
        except (meetings.NoSuchMeeting, meetings.NotAMeeting):
            address.write("present", None)
            address.say_instead(page.t, {"present": (shown, page.t("address.the_meetings"))})
        else:
            present(one)
            return
    page.title()
    _say(page.t, "_meeting_said")
    if who.may("meet"):
        _unusable(page.t)
    coming, past = page.tabs("coming", "past")
    with coming:
        _coming(page)
    with past:
        _past(page)


def _say(t: Language, place: str) -> None:
    """What a control has to say of what it did, once, where the reader looks for it."""
    said = until_drawn.said(place)
    if said:
        kind, key, blanks = said
        st.html(furniture.message(t(key, **blanks), kind))


def _unusable(t: Language) -> None:
    """The files of open meetings that cannot be used, each with a way to be rid of it."""
    for one in meetings.unusable(store()):
        key = "other_version" if one.version else "no_release" if one.release else "unreadable"
        said, acts = st.columns([5, 2], vertical_alignment="center")
        blanks = {"file": one.file, "version": one.version, "release": one.release}
        said.html(furniture.message(t(f"meeting.{key}", **blanks), "warning"))
        with acts.container(horizontal=True):
            if st.session_state.get("_meeting_dropping") != one.file:
                st.button(t("meeting.drop"), key=f"meeting_drop_{one.name}", on_click=_ask_drop, args=(one.file,))
                continue
            st.button(t("meeting.drop_yes"), key=f"meeting_drop_yes_{one.name}", on_click=_drop, args=(one.name,))
            st.button(t("meeting.discard_no"), key=f"meeting_drop_no_{one.name}", on_click=_ask_drop, args=(None,))


# --- the meeting to come ---------------------------------------------------------------------------------------


def _coming(page: Page) -> None:
    t, waiting = page.t, {}
    if who.may("meet"):
        waiting = {one.meeting_id: one for one in meetings.open_meetings(store())}
    chosen = ANOTHER
    if waiting:
        names = called_apart({meeting_id: _dated_name(one, t) for meeting_id, one in waiting.items()}, t)
        newest = list(waiting)[-1]
        known = (*waiting, ANOTHER)
        chosen = _led(t, "meeting", known, newest, names)
        st.segmented_control(
            t("meeting.open"),
            known,
            label_visibility="collapsed",
            required=True,
            format_func=lambda one: names.get(one) or t("meeting.another"),
            **_leads_to("meeting", "meeting_open", chosen),
        )
    if chosen not in waiting:
        _none_prepared(page)
        return
    one = waiting[chosen]
    view = one.view(store(), t.code)
    head(_name_of(one, t), _circumstances(one, view))
    if one.corrects:
        st.html(furniture.note(t("meeting.corrects", number=one.corrects.release)))
    _acts(one, t)
    handing_out.offer(one, t)
    steps = ("slides", "commitments", "finish", "settings")
    labels = {
        name: t("meeting.correct_title" if one.corrects and name == "finish" else f"meeting.step_{name}")
        for name in steps
    }
    drawn = tabs(t, "step", labels, f"meeting_steps_{one.meeting_id}_{t.code}")
    outline, decided, finish, settings = drawn.values()
    with outline:
        script.edit(one, page)
    with decided:
        _commitments(one, view)
    with finish:
        _finish(one, view)
    with settings:
        _settings(one, view)


def _none_prepared(page: Page) -> None:
    """What the next meeting begins with, and beside it the few words that a new one is prepared with."""
    rows = meetings.held(store())
    if not rows:
        _prepare(page)
        return
    left, right = st.columns([8, 4], gap="large")
    with left:
        _last(page, rows[0])
    with right:
        _prepare(page)


def _last(page: Page, row: Mapping[str, object]) -> None:
    """The meeting that was held last, and what became of its promises."""
    t, view = page.t, page.view
    last = meetings.meeting(store(), row["meeting_id"])
    head(t("meeting.last_title", title=last.title), _circumstances(last, last.view(store(), t.code)))
    st.button(
        t("meeting.replay_last"),
        key="meeting_replay_last",
        icon=":material/history:",
        on_click=_start,
        args=(last.address,),
    )
    # Of a meeting held on what is shown now nothing can have become of its promises yet: they are listed.
    if row["as_of_on"] < view.as_of or not _promises(last, t):
        page.show(exhibit("meeting.promises", view))


def _prepare(page: Page) -> None:
    """A new meeting on what the reader looks at now."""
    t, view = page.t, page.view
    if not who.may("meet"):
        st.html(furniture.note(t("meeting.not_yours")))
        return
    if view.is_draft:
        st.html(furniture.message(t("meeting.not_a_draft"), "warning"))
        return
    head(t("meeting.prepare_title"), t("meeting.prepare_caption"))
    with st.form("meeting_new", border=False):
        title = st.text_input(t("meeting.title"))
        held_on = st.date_input(t("meeting.held_on"), value=view.as_of, min_value=view.as_of, format="YYYY-MM-DD")
        asked = st.form_submit_button(t("meeting.prepare"), type="primary")
    if asked and not title.strip():
        st.html(furniture.message(t("meeting.title_missing"), "error"))
    elif asked and until_drawn.is_first("meeting_prepare"):
        meetings.begin(store(), view, title.strip(), held_on, (t.code,))
        st.session_state.pop(_OPENED["meeting"], None)
        for name in ("meeting", "step"):
            address.write(name, None)
        st.rerun()


def _name_of(one: Meeting, t: Language) -> str:
    return t("meeting.correcting", title=one.title) if one.corrects and not one.is_finished else one.title


def _dated_name(one: Meeting, t: Language) -> str:
    """A meeting by its name and day: two weekly meetings are often called alike."""
    return t("meeting.dated", title=_name_of(one, t), day=t.short_day(one.held_on))


def _circumstances(one: Meeting, view: View) -> str:
    t, seen = view.t, view.circumstances
    held_on = t("meeting.said_held_on", day=t.day(one.held_on))
    meeting_id = one.corrects.meeting_id if one.corrects else one.meeting_id  # what is being corrected has its ID only
    return dotted(view, meeting_id, held_on, seen.as_of, seen.release, seen.compared)


def _acts(one: Meeting, t: Language) -> None:
    with st.container(horizontal=True, key="meeting_acts"):
        st.button(t("meeting.start"), key="meeting_start", type="primary", on_click=_start, args=(one.meeting_id,))
        newest = meetings.newest(store(), one)
        if not meetings.shows_the_newest(store(), one):
            st.button(
                t("meeting.to_newest", number=newest.number, day=t.day(newest.as_of)),
                key="meeting_newest",
                on_click=_moved,
                args=(one, meetings.take, newest.number, newest.as_of),
            )
        st.button(t("meeting.discard"), key="meeting_discard", on_click=_ask_discard, args=(one.meeting_id,))
    if st.session_state.get("_meeting_discarding") == one.meeting_id:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(furniture.message(t("meeting.discard_sure"), "warning"))
            st.button(t("meeting.discard_yes"), key="meeting_discard_yes", on_click=_discard, args=(one.meeting_id,))
            st.button(t("meeting.discard_no"), key="meeting_discard_no", on_click=_ask_discard, args=(None,))


def _settings(one: Meeting, view: View) -> None:
    """What the meeting shows and how: each control writes the meeting at once."""
    t, field = view.t, _fields(one)
    title, held_on, as_of, compared = st.columns(4)
    title.text_input(t("meeting.title"), **field("title", one.title, _take))
    held_on.date_input(
        t("meeting.held_on"), min_value=one.as_of, format="YYYY-MM-DD", **field("held_on", one.held_on, _take)
    )
    as_of.date_input(
        t("frame.as_of"),
        max_value=max(meetings.newest(store(), one).as_of, one.as_of),
        format="YYYY-MM-DD",
        help=t("frame.as_of_help"),
        **field("as_of", one.as_of, _new_day),
    )
    days = comparison_days(view.release, one.as_of)
    now = one.compare_on or NOTHING
    compared.selectbox(
        t("frame.compare"),
        list(days) if now in days else [now, *days],
        format_func=lambda day: (
            t("frame.compare_none")
            if day == NOTHING
            else t("meeting.compare_meeting", day=t.day(day), title=days[day])
            if days.get(day)
            else t.day(day)
        ),
        **field("compare_on", now, _new_comparison),
    )
    left, right = st.columns(2)
    left.segmented_control(
        t("meeting.languages"),
        list(LANGUAGES),
        selection_mode="multi",
        format_func=lambda code: t(f"frame.{code}"),
        **field("languages", list(one.languages), _take),
    )
    right.segmented_control(
        t("meeting.theme"),
        list(THEMES),
        required=True,
        format_func=lambda name: t(f"meeting.theme_{name}"),
        **field("theme", one.theme, _take),
    )


def _commitments(one: Meeting, view: View) -> None:
    """What was promised so far, and two lines for one more."""
    t = view.t
    in_the_ledger = one.corrects.promises if one.corrects else 0
    caption = t("meeting.commitments_in_ledger") if in_the_ledger else t("meeting.commitments_caption")
    head(t("meeting.commitments_title", count=len(one.commitments)), caption)
    for place, each in enumerate(one.commitments):
        with st.container(horizontal=True, vertical_alignment="center", key=f"meeting_promise_{place}"):
            st.html(furniture.note(promised(each, view)))
            if place >= in_the_ledger:
                st.button(
                    t("meeting.take_off"),
                    key=f"meeting_take_off_{place}",
                    type="tertiary",
                    on_click=_take_off,
                    args=(one.meeting_id, place, each),
                )
    with st.form("meeting_commitment", border=False, clear_on_submit=True):
        content = st.text_input(t("meeting.content"), key="meeting_content")
        unit, due, kpi, target = st.columns(4)
        units = unit_names(view)
        responsible = unit.selectbox(
            t("meeting.unit"),
            [NOTHING, *units],
            accept_new_options=True,
            placeholder=t("meeting.unit_choose"),
            format_func=lambda name: name or NOT_KNOWN,
        )
        due_on = due.date_input(t("meeting.due_on"), value=None, min_value=one.held_on, format="YYYY-MM-DD")
        moved = kpi.selectbox(
            t("meeting.kpi"),
            [NOTHING, *kpi_codes(view)],
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
        if until_drawn.is_first("meeting_log"):
            _change(one.meeting_id, lambda now: replace(now, commitments=(*now.commitments, new)))
        st.rerun()


def _finish(one: Meeting, view: View) -> None:
    """Who was there, what was said, who keeps the minutes: then the meeting becomes a capsule."""
    t, field = view.t, _fields(one)
    which = "correct" if one.corrects else "finish"
    head(t(f"meeting.{which}_title"), t(f"meeting.{which}_caption"))
    st.multiselect(
        t("meeting.units"),
        sorted({*unit_names(view), *one.units}),
        accept_new_options=True,
        placeholder=t("meeting.units_none"),
        **field("units", list(one.units), _take),
    )
    st.text_area(t("meeting.note"), **field("note", one.note, _take))
    with st.form("meeting_finish", border=False):
        if one.corrects:
            st.text_input(t("meeting.reason"), key="meeting_reason")
        signer.ask(t("meeting.by"), "meeting_by", view)
        # The callback is given the meeting that this page shows: what is sealed is what the reader sees now.
        st.form_submit_button(t(f"meeting.{which}"), type="primary", on_click=_seal, args=(one,))
    _say(t, "_meeting_refused")


# --- past meetings ---------------------------------------------------------------------------------------------


def _past(page: Page) -> None:
    """Any meeting that was held: what it showed, what was promised, what has been corrected since."""
    t, rows = page.t, {row["meeting_id"]: row for row in meetings.held(store())}
    if not rows:
        st.html(furniture.note(t("meeting.past_none")))
        return
    corrected = meetings.corrected(store())
    labels = {
        one: t(
            "meeting.past_corrected" if one in corrected else "meeting.past_option",
            day=t.day(row["held_on"]),
            title=row["title"],
        )
        for one, row in rows.items()
    }
    names = called_apart(labels, t)
    newest = next(iter(names))
    chosen = _led(t, "past", names, newest, names)
    control = _leads_to("past", "meeting_past", chosen)
    st.selectbox(t("meeting.past"), list(names), format_func=names.get, **control)
    sealed = meetings.seals(store(), chosen)
    one = _which_seal(sealed, t) if sealed else meetings.meeting(store(), chosen)
    head(one.title, _circumstances(one, one.view(store(), t.code)))
    if one.is_reconstructed:
        st.html(furniture.note(t("meeting.reconstructed")))
    _corrections(one, t)
    with st.container(horizontal=True, key="meeting_past_acts"):
        st.button(t("meeting.replay"), key="meeting_replay", type="primary", on_click=_start, args=(one.address,))
        if sealed and one.superseded_by is None and who.may("meet"):
            st.button(
                t("meeting.correct"),
                key="meeting_correct",
                help=t("meeting.correct_help"),
                on_click=_correct,
                args=(chosen,),
            )
    handing_out.offer(one, t)
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


def _which_seal(sealed: list[Meeting], t: Language) -> Meeting:
    """The capsule in force, or one that it superseded, when the reader wants to see that."""
    if len(sealed) == 1:
        return sealed[0]
    by_address = {one.address: one for one in sealed}
    chosen = st.segmented_control(
        t("meeting.seals"),
        list(by_address),
        key=f"meeting_seal_{sealed[0].meeting_id}_{len(sealed)}",
        default=sealed[0].address,
        required=True,
        format_func=lambda name: t(
            "meeting.seal_superseded" if by_address[name].superseded_by else "meeting.seal_in_force",
            number=by_address[name].sealed_in,
        ),
    )
    return by_address[chosen]


def _corrections(one: Meeting, t: Language) -> None:
    """Which capsule this one supersedes and why, and which one supersedes it."""
    if said := meetings.superseded(one, t):
        st.html(furniture.message(said, "warning"))
    if said := meetings.supersedes(one, t):
        st.html(furniture.note(said))


def _minutes(one: Meeting, t: Language) -> None:
    """The units present, the note, and the commitments of a past meeting as they stand in the ledger now."""
    if one.units:
        st.html(furniture.definition(t("meeting.units"), t("common.comma").join(one.units)))
    if one.note:
        st.html(furniture.definition(t("meeting.note"), one.note))
    _promises(one, t)


def _promises(one: Meeting, t: Language) -> bool:
    """The commitments of a meeting as they stand in the ledger now; whether it has any."""
    live = look(store(), Choices(lang=t.code))
    rows = [row for row in live.ask("commitments").records() if row["meeting_id"] == one.meeting_id]
    if not rows:
        return False
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
    return True


# --- which of several meetings is open -------------------------------------------------------------------------


def _led(t: Language, name: str, known: Collection[str], usual: str, names: Mapping[str, str]) -> str:
    """The meeting that is open, as a reader, an act or the address said last; the usual one when that is gone."""
    state, place = st.session_state, _OPENED[name]
    if state.get(place, usual) not in known:  # it was sealed, discarded or taken back
        del state[place]
        address.write(name, None)
    address.lead(t, name, place, known, usual, names[usual])
    address.follow(name, place, state[place] if state[place] != usual else None)
    return state[place]


def _leads_to(name: str, control: str, opened: str) -> dict[str, object]:
    """What makes a control the one that opens another of these meetings."""
    key = kept.control(control, opened)
    return {"key": key, "on_change": _open, "args": (name, key, opened)}


@act
def _open(name: str, key: str, drawn: str) -> None:
    chosen = kept.chosen(key, drawn)
    if chosen:
        st.session_state[_OPENED[name]] = chosen


# --- what the controls do --------------------------------------------------------------------------------------


def _fields(one: Meeting) -> Callable[..., dict[str, object]]:
    """A function: what makes a control one of a field of the meeting, and what it does once somebody chose in it."""

    def field(name: str, value: object, does: Callable) -> dict[str, object]:
        key = kept.control(f"meeting_{one.meeting_id}_{name}", value)
        return {"key": key, "on_change": act(does), "args": (one, name, key, value)}

    return field


def _take(one: Meeting, name: str, key: str, drawn: object) -> None:
    """Take what was chosen into the meeting; an emptied title, day or list of languages is not taken."""
    said = kept.chosen(key, drawn)
    if said is None or not (said or name in ("note", "units")):
        return
    if name == "languages":
        said = [code for code in LANGUAGES if code in said]
    value = tuple(said) if isinstance(said, list) else said
    _change(one.meeting_id, lambda now: replace(now, **{name: value}))


def _new_day(one: Meeting, _name: str, key: str, drawn: object) -> None:
    day = kept.chosen(key, drawn)
    if day:
        _moved(one, meetings.show_day, day)


def _new_comparison(one: Meeting, _name: str, key: str, drawn: object) -> None:
    day = kept.chosen(key, drawn)
    if day:
        _moved(one, meetings.compare_with, day)


@once
def _moved(one: Meeting, act: Callable, *what: object) -> None:
    """Show something else in the meeting, if it is kept as this page showed it."""
    _tried(lambda: act(store(), one, *what))


def _change(meeting_id: str, change: Callable[[Meeting], Meeting]) -> None:
    """Change an open meeting as it is kept now."""
    _tried(lambda: meetings.change(store(), meeting_id, change))


def _tried(act: Callable[[], object]) -> None:
    """Do something to an open meeting; what cannot be done to it is one sentence."""
    try:
        act()
    except meetings.NotAsShown as other:
        said = {"differences": other.said(words())}
        st.session_state["_meeting_said"] = ("warning", "meeting.not_as_shown", said)
    except (meetings.NoSuchMeeting, meetings.NotAMeeting):
        st.session_state["_meeting_said"] = ("warning", "meeting.not_open", {})


@once
def _take_off(meeting_id: str, place: int, promise: Commitment) -> None:
    _tried(lambda: meetings.take_off(store(), meeting_id, place, promise))


@once
def _seal(one: Meeting) -> None:
    """Seal the meeting that the page shows; what stands against it is said below the form, and nothing is lost."""
    state, t = st.session_state, words()
    by, reason = signer.signed("meeting_by"), state.get("meeting_reason", "").strip()
    missing = "by" if not by else "reason" if one.corrects and not reason else ""
    if missing:
        state["_meeting_refused"] = ("error", f"meeting.{missing}_missing", {})
        return
    try:
        made = meetings.finish(store(), one, by, reason)
    except (CheckFailed, RowsRefused) as refused:
        state["_meeting_refused"] = ("error", "meeting.refused", {"detail": str(refused)})
    except meetings.NotAsShown as other:
        state["_meeting_refused"] = ("error", "meeting.not_sealed", {"differences": other.said(t)})
    except meetings.CorrectedMeanwhile:
        state["_meeting_refused"] = ("error", "meeting.corrected_meanwhile", {"title": one.title})
    except (meetings.NoSuchMeeting, meetings.NotAMeeting):
        state["_meeting_said"] = ("warning", "meeting.not_open", {})
    else:
        blanks = {"title": one.title, "number": made.number}
        key, more = "meeting.finished", {"count": len(one.commitments)}
        if one.corrects:
            key, more = "meeting.corrected", {"before": one.corrects.release}
        state["_meeting_said"] = ("done", key, {**blanks, **more})
        state[_OPENED["past"]] = meetings.sealed_by(store(), made.number).meeting_id


@once
def _correct(meeting_id: str) -> None:
    """Open a sealed meeting again, to be sealed anew: it stands among the meetings being prepared."""
    one = meetings.correct(store(), meeting_id)
    st.session_state[_OPENED["meeting"]] = one.meeting_id
    st.session_state["_meeting_said"] = ("done", "meeting.correction_begun", {"title": one.title})


@act
def _start(name: str) -> None:
    address.write("present", name)


@act
def _ask_discard(meeting_id: str | None) -> None:
    st.session_state["_meeting_discarding"] = meeting_id


@once
def _discard(meeting_id: str) -> None:
    meetings.discard(store(), meeting_id)
    st.session_state.pop("_meeting_discarding", None)


@act
def _ask_drop(file: str | None) -> None:
    st.session_state["_meeting_dropping"] = file


@once
def _drop(name: str) -> None:
    meetings.discard(store(), name)
    st.session_state.pop("_meeting_dropping", None)
