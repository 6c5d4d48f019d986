"""The dialog that takes a release back: what would happen, a choice for each cell changed since, then the act."""

from collections.abc import Mapping

import streamlit as st

from taizhang.declared.tables import all_tables
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.exhibits import records
from taizhang.exhibits.releases import numbers_of
from taizhang.exhibits.views import View
from taizhang.rows.changes import WHOLE_ROW, CellName, Choice
from taizhang.rows.ledgers import RowsRefused
from taizhang.rows.problems import sentence
from taizhang.store import DraftRefused, NoRelease, Note, SomeonePublished, UndoConflict
from taizhang.store.standing import act_of
from taizhang.store.taking_back import EARLIER, LATER, Conflict, Conflicts, Effect, asked_about, with_choices
from taizhang.ui import laid_out, signer, until_drawn
from taizhang.ui.aloud import aloud
from taizhang.ui.controls import store

MOST_CONFLICTS = 40  # cells chosen one by one; the others follow the choice for all
MOST_PROBLEMS = 5


def say_what_was_done(t: Language) -> None:
    """After an undo, on the run that follows it: which release was taken back, and by which."""
    said = until_drawn.said("_releases_said")
    if said:
        st.success(t(said[0], **said[1]))


def open_dialog(t: Language, now: View, number: int) -> None:
    """Ask about the undo of a release, given the newest one; nothing is written before it is confirmed."""

    act = act_of(now.release, number)
    told = numbers_of(act)

    @st.dialog(t("releases.undo_title", number=told), width="medium")
    def dialog() -> None:
        with aloud(t):
            _asked(t, now, number, act)

    dialog()


def _asked(t: Language, now: View, number: int, act: range) -> None:
    """What is in the dialog: what would happen, the choices, who does it and why, and the act itself."""
    live, told = now.release, numbers_of(act)
    with st.spinner(t("releases.stage_look")):
        conflicts = store().conflicts_of(number, live)
    choices = _choose_on(conflicts, t)
    with st.spinner(t("releases.stage_look")):
        effect = store().effect_of(number, live, choices)
    staying = sum(choices[cell] == LATER for cell in asked_about(conflicts))
    st.html(furniture.note(_what_happens(effect, staying, told, live.number, t)))
    by = signer.ask(t("releases.undo_by"), "releases_undo_by", now)
    why = st.text_input(t("releases.undo_note"), key="releases_undo_note").strip()
    if not effect.all_rows:
        return
    word = "undo_confirm_act" if len(act) > 1 else "undo_confirm" if number > 1 else "undo_confirm_first"
    label = t(f"releases.{word}", rows=t.number(effect.all_rows), number=number - 1)
    if st.button(label, key="releases_undo_confirm", type="primary"):
        _undo(now, number, by, why, choices, t)


def _what_happens(effect: Effect, staying: int, number: str, live: int, t: Language) -> str:
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
    made = numbers_of(range(live + 1, live + 1 + effect.releases))
    return t("releases.undo_effect", number=number, done=told, stays=stays, next=made)


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
    signer.remember(by)
    note = Note(by, now.release.as_of, why, why)
    place = st.empty()
    try:
        bar = place.progress(0.0)
        draft = store().draft_undo(number, note.said_now(), choices, _telling(bar, t))
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
    laid_out.go(part="one", shown=made.number, ledger=None, kind=None)


def _telling(bar, t: Language):
    """A `tell` that moves a bar; closing the dialog ends the work, and what was made so far is thrown away."""

    def tell(stage: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, text=t(f"releases.stage_{stage}"))

    return tell
