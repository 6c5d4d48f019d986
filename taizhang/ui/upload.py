"""The upload page step by step: file → what was read → problems → changes → conclusions → published.

Each step draws itself and hands on what the next one needs; a step that has nothing to hand on ends the page.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from taizhang import uploads
from taizhang.declared import tables
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Cell, Table
from taizhang.evidence.conclusions import DayChanged, conclusions_of, days_of, sentences
from taizhang.exhibits.parts_of_campaign import columns_left_out, ledgers_of
from taizhang.rows.problems import Problem, follows, sentence
from taizhang.showing.papers.blank import blank
from taizhang.store import Draft, DraftRefused, NoRelease, NotConfirmed, Note, SomeonePublished, drafts
from taizhang.store.standing import in_force
from taizhang.ui import blocking, came_back, changes, conflicts, repairs, signer, until_drawn, which, who
from taizhang.ui.aloud import once
from taizhang.ui.controls import ROOT, choices, standing, store
from taizhang.ui.downloads import download, download_made
from taizhang.ui.handed_in import MOST_ROWS, Upload, add_fixes, box, current, draw, head, keep, put_away
from taizhang.ui.page import Page
from taizhang.uploads import Checked, made_up
from taizhang.uploads.fixes import SheetFix
from taizhang.uploads.lines import sentence as refusal
from taizhang.uploads.of_unit import OfUnit
from taizhang.uploads.returns import return_sheet


def top() -> DeltaGenerator:
    """The place above everything where what blocks will be said."""
    return blocking.place()


def receive(
    page: Page, top: DeltaGenerator, of: OfUnit | None = None, invite: Callable[[Page], None] | None = None
) -> Checked:
    """Take the files and read them, for somebody (`of`) where they are held to some units; ends the page when there is
    none, after it invited to hand some in, or none that can be read."""
    t = page.t
    chosen = st.file_uploader(t("upload.choose"), accept_multiple_files=True, key=box())
    given = tuple((one.name, one.getvalue()) for one in chosen or ())
    handed_in: Upload | None = st.session_state.get("_upload")
    try:
        if given and (handed_in is None or given != handed_in.given):
            handed_in = keep(Upload(given, uploads.files_in(given), of=of))
    except uploads.FileRefused as refused:
        st.html(furniture.message(refusal(refused, t), "error"))
        st.stop()
    if handed_in and handed_in.listed_in not in (None, standing().live.number):
        put_away()
        st.html(furniture.message(t("atonce.moved_on"), "error"))
        st.stop()
    if handed_in is None:
        (invite or _invite)(page)
        st.stop()
    names = t("common.comma").join(name for name, _ in handed_in.files)
    with st.container(horizontal=True, vertical_alignment="center"):
        said = st.empty()
        said.html(furniture.note(t("upload.in_hand" if _is_read(handed_in) else "upload.reading", names=names)))
        st.button(t("upload.put_away"), key="upload_put_away", type="tertiary", on_click=put_away)
    try:
        checked = _checked(handed_in, t)
    except uploads.FileRefused as refused:
        said.html(furniture.note(t("upload.in_hand", names=names)))
        st.html(furniture.message(refusal(refused, t), "error"))
        if refused.code == "encrypted":
            _ask_password(str(refused.blanks["file"]), t)
        st.stop()
    said.html(furniture.note(t("upload.in_hand", names=names)))
    blocking.say(top, checked, t)
    _show_reading(checked, t)
    if of is None:
        came_back.show(checked, page)
    return checked


def _ask_password(file_name: str, t: Language) -> None:
    """Open a locked workbook: what is read and kept from then on is the workbook without its password."""
    handed_in = current()
    with st.form("upload_locked", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        password = st.text_input(t("upload.password", file=file_name), type="password", width=320)
        if not st.form_submit_button(t("upload.unlock")) or not password:
            return
    try:
        opened = tuple(
            (name, uploads.unlocked(name, data, password) if name == file_name else data)
            for name, data in handed_in.files
        )
    except uploads.FileRefused as refused:
        st.html(furniture.message(refusal(refused, t), "error"))
        return
    keep(replace(handed_in, files=opened))
    st.rerun()


def repair(page: Page, checked: Checked) -> None:
    """All problems at once, grouped by the repair they need, and the repairs made so far."""
    t, handed_in = page.t, current()
    errors = sum(group.count for group in checked.groups if group.severity == "error")
    warnings = sum(group.count for group in checked.groups if group.severity == "warning")
    key = "problems" if errors else "warnings_only" if warnings else "no_problems"
    follow = sum(group.count for group in checked.groups if follows(group, checked.groups))
    title = t(f"upload.{key}_title", errors=errors - follow, warnings=warnings)
    is_theirs = handed_in.of is not None and handed_in.of.is_theirs and key != "no_problems"
    caption = t(f"{'handin' if is_theirs else 'upload'}.{key}_caption")
    head(title + (t("upload.follow", count=follow) if follow else ""), caption)
    is_at_once = repairs.headings_at_once(checked, t)
    for number, group in enumerate(checked.groups):
        if not (is_at_once and group.rule == "extra_column"):
            repairs.of_group(page.t, group, number, checked)
    is_made_up = any(one.rule == made_up.RULE for one in checked.problems) and who.may_open("new")
    if is_made_up and st.button(t("beginning.found"), key="found"):
        st.switch_page(ROOT / "pages" / "new.py")
    repairs.grid(checked, t)
    repairs.listed(checked.applied, t)
    if checked.problems:
        name, data = handed_in.files[0]
        download_made(
            t("upload.return_sheet"),
            lambda: return_sheet(name, data, checked.sheets, checked.parts, checked.problems, t),
            f"{t('upload.return_sheet_name')}.xlsx",
            repr((st.session_state["_checked"][0], t.code)),
            "upload_return",
        )


def compare(page: Page, checked: Checked, top: DeltaGenerator) -> None:
    """What the file would change, by ledger and kind, every count leading to its rows; and what it leaves open."""
    t, comparison = page.t, checked.comparison
    if comparison.already:
        st.html(furniture.message(t("upload.already", number=comparison.already), "done"))
        st.stop()
    if checked.restates:
        _say_what_is_restated(page, checked)
    title = t("upload.changes_title", count=comparison.changes) if comparison.changes else t("upload.changes_none")
    head(title, t("upload.edits_caption" if checked.bases else "upload.changes_caption"))
    for one in comparison.tables:
        changes.of_table(one, t)
    changes.decide(page.t, checked)
    open_conflicts = conflicts.choose(checked, t)
    is_blocked = checked.errors or open_conflicts
    is_early = is_blocked or not comparison.changes or checked.restates  # a day that has passed waits for its note
    broken = () if is_early else _draft(checked, t)
    if broken:
        head(t("upload.rules_title", count=len(broken)), t("upload.rules_caption"))
        for one in broken[:MOST_ROWS]:
            st.html(furniture.message(sentence(one, t), "error"))
        repairs.of_broken(broken, t)
    if not checked.errors:
        blocking.say_open(top, open_conflicts, broken, t)
    if open_conflicts:
        st.html(furniture.note(t("upload.conflicts_block", count=open_conflicts)))
    if checked.errors or broken:
        st.html(furniture.note(t("upload.errors_block")))
    if is_blocked or broken:
        st.stop()


def publish(page: Page, checked: Checked) -> None:
    """Ask for day, note and name, show the conclusions on a draft, and publish it in one step."""
    t = page.t
    head(t("upload.publish_title"), t("upload.publish_caption"))
    found = checked.day_found
    if found and not current().day:
        where = t(f"upload.day_found_{found.place}", line=found.line)
        st.html(furniture.note(t("upload.day_found", day=t.day(found.day), where=where, said=t.more(found.said, 60))))
    with st.form("upload_note", border=False):
        day, by = st.columns(2)
        offered = current().day or checked.day_to_offer(standing().live)
        as_of = day.date_input(t("frame.as_of"), value=offered, format="YYYY-MM-DD")
        name = signer.ask(t("upload.by"), "upload_by", page.view, by)
        note = st.text_input(t("upload.note"), key="upload_note_text")
        asked = st.form_submit_button(t("upload.preview"), type="primary")
    if asked and (start := uploads.before_it_began(store(), as_of)):
        st.html(furniture.message(t("upload.before_it_began", day=t.day(as_of), start=t.day(start)), "error"))
        return
    if asked and uploads.restated_by(store(), as_of) != checked.restates:  # other rows stand for that day: look again
        keep(replace(current(), restates=uploads.restated_by(store(), as_of), day=as_of, draft=None, is_asked=True))
        st.rerun()
    if asked or current().is_asked:
        signer.remember(name)
        keep(replace(current(), day=as_of, is_asked=False))
        _say(checked, Note(name, as_of, note.strip(), note.strip()), t)
    handed_in = current()
    if handed_in.draft is None or not handed_in.draft.is_said:
        return
    _conclusions(page, handed_in.draft)
    _days(page, handed_in.draft)
    with st.container(horizontal=True):
        st.button(t("upload.publish"), key="upload_publish", type="primary", on_click=_publish)
        st.button(t("upload.look"), key="upload_look", on_click=_look_at, args=(handed_in.draft.name,))
        st.button(t("upload.discard"), key="upload_discard", on_click=_discard)


def result(page: Page) -> None:
    """What the last publication came to, once."""
    said = until_drawn.said("_upload_said")
    if said:
        kind, key, blanks = said
        st.html(furniture.message(page.t(key, **blanks), kind))
    if st.session_state.pop("_upload_look", False):
        st.switch_page(ROOT / "pages" / "overview.py")


# --- reading ----------------------------------------------------------------------------------------------------


def _invite(page: Page) -> None:
    """What can be handed in, and empty templates to start from."""
    t = page.t
    st.html(furniture.note(t("upload.invite")))
    with st.container(horizontal=True):
        if st.button(t("upload.to_units"), key="upload_to_units", type="tertiary"):
            st.switch_page(ROOT / "pages" / "returns.py")
        if st.button(t("beginning.see_list"), key="see_list", type="tertiary"):
            st.switch_page(ROOT / "pages" / "start.py")
    names = list(ledgers_of(page.view))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            t("upload.template_of"),
            names,
            index=names.index("action"),
            width=320,
            format_func=lambda one: t.of(tables.ledgers()[one].title),
        )
        table = tables.ledgers()[name]
        download(
            t("upload.template"),
            blank(table, t, columns_left_out(page.view)),
            f"{t.of(table.title)}.xlsx",
            "upload_template",
        )


def _checked(handed_in: Upload, t: Language) -> Checked:
    """The files read with the repairs so far; kept as long as files, repairs and live release are the same."""
    key = _as_handed_in(handed_in)
    kept = st.session_state.get("_checked")
    if kept is not None and kept[0][0] != key[0]:
        conflicts.forget()
    if kept is None or kept[0] != key:
        keep(replace(current(), draft=None))
        place = st.empty()
        with place.container():
            st.button(t("upload.cancel"), key="upload_cancel", on_click=put_away)
            bar = st.progress(0.0)
        try:
            given, restates = list(handed_in.files), handed_in.restates
            is_theirs = bool(handed_in.of and handed_in.of.is_theirs)  # what they may know of it, `of` says
            found = uploads.check(
                which.whole() if is_theirs else store(),
                given,
                handed_in.fixes,
                restates,
                _telling(bar, t),
                received_on=None if is_theirs else handed_in.received_on,
                of=handed_in.of,
            )
            kept = (key, found)
        finally:
            place.empty()
        st.session_state["_checked"] = kept
    return kept[1]


def _as_handed_in(handed_in: Upload) -> tuple:
    """What the reading of an upload depends on; the first of it is the release that is live."""
    sums = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in handed_in.files)
    return (standing().live.number, sums, handed_in.fixes, handed_in.restates, handed_in.received_on, handed_in.of)


def _is_read(handed_in: Upload) -> bool:
    kept = st.session_state.get("_checked")
    return kept is not None and kept[0] == _as_handed_in(handed_in)


def _telling(bar, t: Language):
    """A `tell` that moves a progress bar, not more than a hundred times a stage; any click meanwhile ends the work."""
    last: list[object] = [None]

    def tell(stage: str, done: int, total: int) -> None:
        share = min(done / total, 1.0) if total else 0.0
        if last[0] != (stage, int(share * 100)):
            last[0] = (stage, int(share * 100))
            bar.progress(share, text=t(f"upload.stage_{stage}"))

    return tell


def _show_reading(checked: Checked, t: Language) -> None:
    """Which ledger each sheet was read as, in which encoding, and the columns left over or not there."""
    _choose_sheets(checked, t)
    rows = tuple(
        (
            Cell(part.sheet),
            Cell(t.of(tables.ledgers()[part.table].title)),
            Cell(part.encoding),
            Cell(str(part.header_line), is_number=True),
            Cell(t.number(len(reading.rows)), is_number=True),
            Cell(t("common.comma").join(part.extra) or NOT_KNOWN),
        )
        for part, reading in zip(checked.parts, checked.readings, strict=True)
        if part.sheet not in checked.entered
    )
    headings = tuple(t(f"upload.read_{name}") for name in ("sheet", "ledger", "encoding", "header", "rows", "extra"))
    draw(Table(headings, rows, t("upload.read_nothing"), wide=(5,)), t)
    repairs.mapping(checked, t)
    for base in checked.bases:
        st.html(furniture.note(t("ledgerbook.has_base", release=base.release, day=t.day(base.as_of))))
    for part in checked.parts:
        if part.sheet in checked.came_back.keys() | checked.entered:
            continue  # of a round, only what is asked for is there
        table = tables.ledgers()[part.table]
        absent = [t.of(table.column(name).heading) for name in part.missing if name not in ("is_demo", "fact_id")]
        if absent:
            columns = t("common.comma").join(absent)
            st.html(furniture.note(t("upload.read_missing", ledger=t.of(table.title), columns=columns)))
    for sheet in checked.sheets:
        for remark in sheet.remarks:
            st.html(furniture.note(refusal(remark, t)))


def _choose_sheets(checked: Checked, t: Language) -> None:
    """With several sheets, the clerk says which are meant; those left out are remembered like any repair."""
    own = checked.entered
    names = list(dict.fromkeys(sheet.name for sheet in checked.sheets if sheet.is_read and sheet.name not in own))
    if len(names) < 2:
        return
    out = {fix.sheet for fix in checked.applied if isinstance(fix, SheetFix) and fix.is_on}
    chosen = st.multiselect(
        t("upload.sheets"),
        names,
        default=[name for name in names if name not in out],
        key=f"upload_sheets_{hashlib.sha256(repr(names).encode()).hexdigest()[:8]}",  # of these files, and no others
        placeholder=t("upload.sheets_none"),
    )
    wanted = {name: name not in chosen for name in names}
    changed = [SheetFix(name, is_on) for name, is_on in wanted.items() if is_on != (name in out)]
    if changed:
        add_fixes(changed)


# --- draft and publish ------------------------------------------------------------------------------------------


def _draft(checked: Checked, t: Language, note: Note | None = None) -> tuple[Problem, ...]:
    """Build the draft of what was handed in and decided, once; what refuses it, if anything does."""
    handed_in, key = current(), (st.session_state["_checked"][0], current().decisions, note)
    if handed_in.draft is not None:
        return ()
    kept = st.session_state.get("_refused")
    if kept is not None and kept[0] == key:
        return kept[1]
    place = st.empty()
    try:
        tell = _telling(place.progress(0.0), t)
        made = uploads.draft(store(), checked.files, note, handed_in.decisions, checked.parent, checked.applied, tell)
        _keep_made(made)
        return ()
    except DraftRefused as refused:
        st.session_state["_refused"] = (key, refused.problems)
        return refused.problems
    except SomeonePublished:
        st.rerun()
    finally:
        place.empty()


def _keep_made(made: Draft) -> None:
    """Keep a draft that was built; one that cannot be, since the next run has begun meanwhile, is thrown away."""
    try:
        keep(replace(current(), draft=made))
    except BaseException:
        drafts.discard(made)
        raise


def _say(checked: Checked, note: Note, t: Language) -> None:
    """Tell the draft who, why and which day; what is wrong with that is said, and the upload stays as it was."""
    if not uploads.is_anything_new(store(), checked, current().decisions, note.as_of):
        st.html(furniture.message(t("upload.nothing_new"), "warning"))
        return
    for problem in _said(checked, note, t)[:MOST_ROWS]:
        st.html(furniture.message(sentence(problem, t), "error"))


def _said(checked: Checked, note: Note, t: Language) -> tuple[Problem, ...]:
    """What refuses the draft with this note; one that was thrown away meanwhile is built again."""
    problems = _draft(checked, t, note if checked.restates else None)
    if problems:
        return problems
    try:
        _keep_made(drafts.say(current().draft, note))
        return ()
    except DraftRefused as refused:
        return refused.problems
    except NoRelease:
        keep(replace(current(), draft=None))
        return _said(checked, note, t)


def _say_what_is_restated(page: Page, checked: Checked) -> None:
    """Of which day that has passed the changes are, which days follow, and the way to mean today instead."""
    t, live = page.t, standing().live
    days = t("common.comma").join(t.day(day) for day in in_force(live) if day > checked.restates)
    st.html(furniture.message(t("upload.restates", day=t.day(checked.restates), days=days), "warning"))
    if st.button(t("upload.from_now_on", day=t.day(live.as_of)), key="upload_from_now_on"):
        keep(replace(current(), restates=None, day=live.as_of, draft=None))
        st.rerun()


def _days(page: Page, draft: Draft) -> None:
    """What changes on every day that the upload restates; nothing for one day alone."""
    t, found = page.t, days_of(store(), draft, page.t)
    if len(found) < 2:
        return
    rows = tuple(
        (
            Cell(t.day(one.day)),
            Cell(t("frame.release_short", number=one.release)),
            Cell(_said_of(one, t)),
            Cell(t.number(one.kept), is_number=True),
        )
        for one in found
    )
    head(t("upload.days_title", count=len(found)), t("upload.days_caption"))
    headings = tuple(t(f"upload.days_{name}") for name in ("day", "release", "figures", "kept"))
    draw(Table(headings, rows, t("common.no_rows"), wide=(2,)), t)


def _said_of(one: DayChanged, t: Language) -> str:
    changed = [
        t("upload.day_figure", label=figure.label, before=figure.before, after=figure.after)
        for figure in one.figures
        if figure.is_changed
    ]
    return t("common.comma").join(dict.fromkeys(changed)) or t("upload.day_same")


def _conclusions(page: Page, draft: Draft) -> None:
    """What readers would conclude differently: before → after."""
    t = page.t
    own = replace(choices(), draft=None, as_of=None, release=None)
    found = conclusions_of(store(), draft, own, standing())
    head(t("upload.conclusions_title"), " ".join(sentences(found, t)))
    figures = tuple(
        (
            Cell(one.label),
            Cell(one.before, is_number=True),
            Cell(one.after, "moving" if one.is_changed else "", "", True),
        )
        for one in sorted(found.figures, key=lambda one: not one.is_changed)
    )
    draw(Table((t("upload.figure"), t("upload.before"), t("upload.after")), figures, t("common.no_rows")), t)
    flips = tuple(
        (Cell(one.key), Cell(t.more(one.title, 40)), *(Cell(side) for side in one.sides(t)))
        for one in found.flips[:MOST_ROWS]
    )
    if flips:
        head(t("upload.flips_title", count=len(found.flips)), "")
        headings = (t("upload.row_key"), t("upload.row_what"), t("upload.before"), t("upload.after"))
        draw(Table(headings, flips, t("common.no_rows"), wide=(1,)), t)
    if found.overdue:
        late = tuple(
            (Cell(one.key), Cell(one.title), Cell(one.unit or NOT_KNOWN), Cell(t.day(one.due_on)))
            for one in found.overdue[:MOST_ROWS]
        )
        head(t("upload.overdue_title", count=len(found.overdue)), "")
        headings = (t("upload.row_key"), t("upload.row_what"), t("rectification.due_unit"), t("rectification.due_due"))
        draw(Table(headings, late, t("common.no_rows"), wide=(1,)), t)
    if found.headlines:
        said = tuple((Cell(one.before), Cell(one.after)) for one in found.headlines)
        head(t("upload.headlines_title", count=len(found.headlines)), "")
        draw(Table((t("upload.before"), t("upload.after")), said, t("common.no_rows"), wide=(0, 1)), t)
    for warned in found.warnings:
        st.html(
            furniture.message(
                t("upload.check_warns", check=t.of(warned.check.title), count=len(warned.rows)), "warning"
            )
        )


@once
def _publish() -> None:
    handed_in = current()
    t = st.session_state
    if handed_in.waiting is not None and not store().waiting().number(handed_in.waiting).is_open:
        t["_upload_said"] = ("warning", "handin.answered_meanwhile", {"number": handed_in.waiting})
        return
    if handed_in.is_each:
        came_back.publish_each()
        return
    try:
        made = store().publish_draft(handed_in.draft)
    except SomeonePublished as other:
        keep(replace(handed_in, draft=None))
        t["_upload_said"] = ("warning", "upload.someone_published", {"number": other.live or 0})
        return
    except NoRelease:
        keep(replace(handed_in, draft=None))
        t["_upload_said"] = ("warning", "upload.draft_gone", {})
        return
    except NotConfirmed:  # there is nothing left to publish
        put_away()
        raise
    put_away()
    first = handed_in.draft.releases[0].number
    key = "upload.published" if first == made.number else "upload.published_act"
    t["_upload_said"] = ("done", key, {"number": made.number, "first": first})


@once
def _look_at(name: str) -> None:
    st.session_state["draft"] = name
    st.session_state["as_of"] = None
    st.session_state["_upload_look"] = True


@once
def _discard() -> None:
    handed_in = current()
    keep(replace(handed_in, draft=None))
