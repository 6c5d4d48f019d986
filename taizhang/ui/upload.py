"""The upload page step by step: file → what was read → problems → changes → conclusions → published.

Each step draws itself and hands on what the next one needs; a step that has nothing to hand on ends the page.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import streamlit as st

from taizhang import chrome, dictionary, releases, screen, tables, uploads
from taizhang.conclusions import conclusions, sentences
from taizhang.shapes import Cell, Table
from taizhang.ui.controls import ROOT, choices, store, theme
from taizhang.ui.downloads import download
from taizhang.ui.page import Page
from taizhang.uploads import Checked, Decisions, Draft, Group, RowChange
from taizhang.uploads.fixes import (
    NOTHING_LEARNT,
    CellFix,
    CodeFix,
    DateFix,
    Fix,
    HeadingFix,
    SheetFix,
    ValueFix,
    switched,
    together,
)
from taizhang.uploads.lines import sentence as refusal
from taizhang.uploads.problems import heading, sentence, suggested
from taizhang.uploads.returns import return_sheet
from taizhang.views import look
from taizhang.wording import NOT_KNOWN, Language

MOST_ROWS = 200  # rows of a list on the page; the counts are always of all
MOST_VALUES = 12  # values of one group that are repaired at once
LEAVE_OUT = "-"


@dataclass(frozen=True)
class Upload:
    """What the clerk has handed in and decided so far; kept while other pages are looked at."""

    files: tuple[tuple[str, bytes], ...]
    fixes: tuple[Fix, ...] = ()
    decisions: Decisions = field(default_factory=Decisions)
    draft: Draft | None = None


def receive(page: Page) -> Checked:
    """Take the files and read them; ends the page when there is none, or none that can be read."""
    t = page.t
    given = st.file_uploader(t("upload.choose"), accept_multiple_files=True, key="upload_files")
    files = tuple((one.name, one.getvalue()) for one in given or ())
    current: Upload | None = st.session_state.get("_upload")
    if files and (current is None or files != current.files):
        current = _keep(Upload(files))
    if current is None:
        _invite(page)
        st.stop()
    names = t("common.comma").join(name for name, _ in current.files)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(chrome.note(t("upload.working_on", names=names)))
        st.button(t("upload.put_away"), key="upload_put_away", type="tertiary", on_click=_put_away)
    try:
        checked = _checked(current, t)
    except uploads.FileRefused as refused:
        st.html(chrome.message(refusal(refused, t), "error"))
        st.stop()
    _show_reading(checked, t)
    return checked


def repair(page: Page, checked: Checked) -> None:
    """All problems at once, grouped by the repair they need, and the repairs made so far."""
    t, current = page.t, _current()
    errors = sum(group.count for group in checked.groups if group.severity == "error")
    warnings = sum(group.count for group in checked.groups if group.severity == "warning")
    key = "problems" if errors else "warnings_only" if warnings else "no_problems"
    _head(t(f"upload.{key}_title", errors=errors, warnings=warnings), t(f"upload.{key}_caption"))
    for number, group in enumerate(checked.groups):
        _group(page, group, number, checked)
    _grid(checked, t)
    _fixes(checked.applied, t)
    if checked.problems:
        name, data = current.files[0]
        made = return_sheet(name, data, checked.sheets, checked.parts, checked.problems, t)
        download(t("upload.return_sheet"), made, f"{t('upload.return_sheet_name')}.xlsx", "upload_return")


def compare(page: Page, checked: Checked) -> None:
    """What the file would change, by ledger and kind, every count leading to its rows; and what it leaves open."""
    t, comparison = page.t, checked.comparison
    if comparison.already:
        st.html(chrome.message(t("upload.already", number=comparison.already), "done"))
        st.stop()
    title = t("upload.changes_title", count=comparison.changes) if comparison.changes else t("upload.changes_none")
    _head(title, t("upload.changes_caption"))
    for one in comparison.tables:
        _table_changes(one, t)
    _decide(page, checked)
    if checked.errors:
        st.html(chrome.note(t("upload.errors_block")))
        st.stop()


def publish(page: Page, checked: Checked) -> None:
    """Ask for day, note and name, show the conclusions on a draft, and publish it in one step."""
    t, current = page.t, _current()
    _head(t("upload.publish_title"), t("upload.publish_caption"))
    with st.form("upload_note", border=False):
        day, by = st.columns(2)
        live = releases.live_number(store())
        known = releases.live(store()).as_of if live else None
        as_of = day.date_input(
            t("frame.as_of"), value=checked.as_of_guess or known or dt.date.today(), format="YYYY-MM-DD"
        )
        name = by.text_input(t("upload.by"), key="upload_by")
        note = st.text_input(t("upload.note"), key="upload_note_text")
        asked = st.form_submit_button(t("upload.preview"), type="primary")
    if asked:
        current = _draft(current, checked, releases.Note(name.strip(), as_of, note.strip(), note.strip()), t)
    if current.draft is None:
        return
    _conclusions(page, current.draft)
    with st.container(horizontal=True):
        st.button(t("upload.publish"), key="upload_publish", type="primary", on_click=_publish)
        st.button(t("upload.look"), key="upload_look", on_click=_look_at, args=(current.draft.name,))
        st.button(t("upload.discard"), key="upload_discard", on_click=_discard)


def result(page: Page) -> None:
    """What the last publication came to, once."""
    said = st.session_state.pop("_upload_said", None)
    if said:
        kind, key, blanks = said
        st.html(chrome.message(page.t(key, **blanks), kind))
    if st.session_state.pop("_upload_look", False):
        st.switch_page(ROOT / "pages" / "overview.py")


# --- reading ----------------------------------------------------------------------------------------------------


def _invite(page: Page) -> None:
    """What can be handed in, and empty templates to start from."""
    t = page.t
    st.html(chrome.note(t("upload.invite")))
    names = list(tables.ledgers())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            t("upload.template_of"), names, index=names.index("action"), width=320,
            format_func=lambda one: t.of(tables.ledgers()[one].title),
        )  # fmt: skip
        table = tables.ledgers()[name]
        download(
            t("upload.template"), dictionary.template(table, t.code), f"{t.of(table.title)}.csv", "upload_template"
        )


def _checked(current: Upload, t: Language) -> Checked:
    """The files read with the repairs so far; kept as long as files, repairs and live release are the same."""
    sums = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in current.files)
    key = (releases.live_number(store()), sums, current.fixes)
    kept = st.session_state.get("_checked")
    if kept is None or kept[0] != key:
        with st.empty().container():
            st.button(t("upload.cancel"), key="upload_cancel", on_click=_put_away)
            bar = st.progress(0.0)
            kept = (key, uploads.check(store(), list(current.files), current.fixes, tell=_telling(bar, t)))
        st.session_state["_checked"] = kept
        st.rerun()
    return kept[1]


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
            Cell(part.sheet), Cell(t.of(tables.ledgers()[part.table].title)), Cell(part.encoding),
            Cell(str(part.header_line), is_number=True), Cell(t.number(len(reading.rows)), is_number=True),
            Cell(t("common.comma").join(part.extra) or NOT_KNOWN),
        )
        for part, reading in zip(checked.parts, checked.readings, strict=True)
    )  # fmt: skip
    headings = tuple(t(f"upload.read_{name}") for name in ("sheet", "ledger", "encoding", "header", "rows", "extra"))
    _draw(Table(headings, rows, t("upload.read_nothing"), wide=(5,)), t)
    for part in checked.parts:
        table = tables.ledgers()[part.table]
        absent = [t.of(table.column(name).heading) for name in part.missing if name not in ("is_demo", "fact_id")]
        if absent:
            columns = t("common.comma").join(absent)
            st.html(chrome.note(t("upload.read_missing", ledger=t.of(table.title), columns=columns)))
    for sheet in checked.sheets:
        for remark in sheet.remarks:
            st.html(chrome.note(refusal(remark, t)))


def _choose_sheets(checked: Checked, t: Language) -> None:
    """With several sheets, the clerk says which are meant; those left out are remembered like any repair."""
    names = list(dict.fromkeys(sheet.name for sheet in checked.sheets))
    if len(names) < 2:
        return
    out = {fix.sheet for fix in checked.applied if isinstance(fix, SheetFix) and fix.is_on}
    chosen = st.multiselect(
        t("upload.sheets"), names, default=[name for name in names if name not in out], key="upload_sheets",
        placeholder=t("upload.sheets_none"),
    )  # fmt: skip
    wanted = {name: name not in chosen for name in names}
    changed = [SheetFix(name, is_on) for name, is_on in wanted.items() if is_on != (name in out)]
    if changed:
        _add_fixes(changed)


# --- problems and repairs ---------------------------------------------------------------------------------------


def _group(page: Page, group: Group, number: int, checked: Checked) -> None:
    """One group of problems: its sentence, how many and where, and the repair that sets them all right."""
    t = page.t
    lines = t("common.comma").join(str(line) for line in group.lines if line)
    more = t("upload.group_lines", lines=lines) if lines else ""
    mark = t(f"upload.{group.severity}_count", count=group.count)
    with st.container(border=True):
        st.html(chrome.problem(sentence(group.first, t), mark, more, group.severity))
        if group.fix and group.severity == "error":
            _repair_form(group, number, checked, t)


def _repair_form(group: Group, number: int, checked: Checked, t: Language) -> None:
    """Inputs for the repair of a group; what is entered becomes fixes when the clerk applies it."""
    form = st.form(f"fix_{number}_{group.rule}_{group.column}", border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom"):
        entered = _entries(group, checked, t)
        applied = st.form_submit_button(t("upload.apply"))
        emptied = group.fix == "value" and st.form_submit_button(t("upload.leave_empty"))
    if emptied:
        _add_fixes(ValueFix(group.table, group.column, said, "") for said, _ in group.values)
    if applied:
        _add_fixes(fix for fix in entered if fix is not None)


def _entries(group: Group, checked: Checked, t: Language) -> list[Fix | None]:
    if group.fix == "date":
        orders = ("ymd", "mdy", "dmy")
        order = st.selectbox(
            t("upload.date_order"), orders, format_func=lambda one: t(f"fix.order_{one}"), width=260
        )  # fmt: skip
        return [DateFix(group.table, group.column, order)]
    if group.fix == "code":
        return [_code_entry(group, said, t) for said, _ in group.values[:MOST_VALUES]]
    if group.fix == "heading":
        return [_heading_entry(group, said, checked, t) for said, _ in group.values[:MOST_VALUES]]
    alike = [
        one for one in checked.problems if (one.rule, one.column, one.table) == (group.rule, group.column, group.table)
    ]
    if group.fix == "value":
        hints = {one.value: one.suggestion for one in reversed(alike)}
        return [_value_entry(group, said, hints.get(said), t) for said, _ in group.values[:MOST_VALUES]]
    return [_cell_entry(one, t) for one in alike[:MOST_VALUES]]


def _code_entry(group: Group, said: str, t: Language) -> CodeFix | None:
    codes = tables.code_lists()[tables.ledgers()[group.table].column(group.column).codes]
    known = [one.code for one in codes]
    hint = group.first.suggestion if group.first.value == said else None
    code = st.selectbox(
        chrome.as_label(t("upload.said", said=said)), known, index=known.index(hint) if hint in known else None,
        width=240, placeholder=t("upload.choose_code"), key=f"code_{group.table}_{group.column}_{said}",
        format_func=lambda one: next(code.label[t.code] for code in codes if code.code == one),
    )  # fmt: skip
    return CodeFix(group.table, group.column, said, code) if code else None


def _heading_entry(group: Group, said: str, checked: Checked, t: Language) -> HeadingFix | None:
    table = tables.ledgers().get(group.table) or tables.ledgers()["action"]
    names = [LEAVE_OUT, *(column.name for column in table.columns)]
    column = st.selectbox(
        chrome.as_label(t("upload.said", said=said or t("fix.no_heading"))), names, index=None, width=240,
        placeholder=t("upload.choose_column"), key=f"heading_{group.table}_{said}",
        format_func=lambda one: t("upload.leave_out") if one == LEAVE_OUT else t.of(table.column(one).heading),
    )  # fmt: skip
    return HeadingFix(said, table.name, None if column == LEAVE_OUT else column) if column else None


def _value_entry(group: Group, said: str, hint: str | None, t: Language) -> ValueFix | None:
    text = st.text_input(
        chrome.as_label(t("upload.said", said=said)),
        value=hint or "",
        width=240,
        key=f"value_{group.table}_{group.column}_{said}",
    )
    return ValueFix(group.table, group.column, said, text.strip()) if text.strip() else None


def _cell_entry(one, t: Language) -> CellFix | None:
    label = chrome.as_label(t("upload.cell", line=one.line, heading=heading(one, t), value=one.value or NOT_KNOWN))
    key = f"cell_{one.table}_{one.sheet}_{one.line}_{one.column}_{one.rule}"
    text = st.text_input(label, value=suggested(one, t) or "", width=260, key=key)
    return CellFix(one.table, one.sheet, one.line, one.column, text.strip()) if text.strip() else None


def _grid(checked: Checked, t: Language) -> None:
    """Every cell with an error in one grid, to be corrected one by one."""
    cells = [one for one in checked.errors if one.line and one.table and _is_column(one.table, one.column)]
    if not cells:
        return
    with st.expander(t("upload.grid", count=len(cells))):
        names = {name: t(f"upload.grid_{name}") for name in ("sheet", "line", "heading", "value", "new")}
        rows = [
            {
                names["sheet"]: one.sheet, names["line"]: one.line, names["heading"]: heading(one, t),
                names["value"]: one.value, names["new"]: suggested(one, t) or "",
            }
            for one in cells[:MOST_ROWS]
        ]  # fmt: skip
        key = f"upload_grid_{hashlib.sha256(repr(rows).encode()).hexdigest()[:8]}"
        edited = st.data_editor(rows, key=key, disabled=[names[name] for name in ("sheet", "line", "heading", "value")])
        if st.button(t("upload.grid_apply"), key="upload_grid_apply"):
            _add_fixes(
                CellFix(one.table, one.sheet, one.line, one.column, str(row[names["new"]]).strip())
                for one, row in zip(cells, edited, strict=False)
                if str(row[names["new"]] or "").strip()
            )


def _is_column(table: str, name: str) -> bool:
    return table in tables.ledgers() and any(column.name == name for column in tables.ledgers()[table].columns)


def _fixes(applied: Iterable[Fix], t: Language) -> None:
    """Every repair in words, each of which can be switched off."""
    applied = tuple(applied)
    if not applied:
        return
    _head(t("upload.fixes_title", count=sum(fix.is_on for fix in applied)), t("upload.fixes_caption"))
    for fix in applied:
        st.checkbox(
            chrome.as_label(fix.sentence(t)), value=fix.is_on, key=f"fix_on_{fix.key}",
            on_change=_switch, args=(fix.key, not fix.is_on),
        )  # fmt: skip


# --- changes ----------------------------------------------------------------------------------------------------


def _table_changes(one: uploads.TableComparison, t: Language) -> None:
    """The counts of one ledger; the chosen kind's rows below, cell by cell."""
    counts = {kind: count for kind, count in one.counts.items() if count}
    if not counts:
        return
    first = next((kind for kind in counts if kind != "same"), None)
    chosen = st.segmented_control(
        t.of(tables.ledgers()[one.table].title), list(counts), default=first, key=f"upload_kind_{one.table}",
        format_func=lambda kind: t("upload.kind_count", kind=t(f"upload.kind_{kind}"), count=counts[kind]),
    )  # fmt: skip
    if not chosen:
        return
    rows = one.rows(chosen)
    _draw(_row_table(one.table, chosen, rows[:MOST_ROWS], t), t)
    if len(rows) > MOST_ROWS:
        st.html(chrome.note(t("source.more_rows", shown=MOST_ROWS, total=len(rows))))


def _row_table(table: str, kind: str, rows: Iterable[RowChange], t: Language) -> Table:
    lines = []
    for row in rows:
        said = [
            t("upload.cell_change", heading=_heading(table, cell.column, t),
              old=say(table, cell.column, cell.old, t), new=say(table, cell.column, cell.new, t))
            for cell in row.cells
        ] if kind not in ("new", "missing", "same") else [_summary(table, row, t)]  # fmt: skip
        lines.append(
            (
                Cell(row.key),
                Cell(str(row.line) if row.line else NOT_KNOWN, is_number=True),
                Cell(t("upload.semicolon").join(said)),
            )
        )
    headings = (t("upload.row_key"), t("source.line"), t("upload.row_what"))
    return Table(headings, tuple(lines), t("common.no_rows"), wide=(2,))


def _summary(table: str, row: RowChange, t: Language) -> str:
    """A row in one line: what the file says of it, or what it is."""
    told = {cell.column: cell.new for cell in row.cells if cell.new is not None} or row.row
    quiet = {*tables.ledgers()[table].key, "is_demo", "fact_id", "original_due_on"}
    shown = [say(table, name, value, t) for name, value in told.items() if name not in quiet and value not in (None, 0)]
    return t("upload.semicolon").join(shown[:6])


def say(table: str, column: str, value: object, t: Language) -> str:
    """A cell as a reader sees it: labels for codes, — for nothing."""
    declared = tables.ledgers()[table].column(column)
    if value is None:
        return NOT_KNOWN
    if declared.codes:
        return t.label(declared.codes, str(value))
    if isinstance(value, bool):
        return t("common.yes") if value else t("common.no")
    return t.more(str(value), 60)


def _heading(table: str, column: str, t: Language) -> str:
    return t.of(tables.ledgers()[table].column(column).heading)


def _decide(page: Page, checked: Checked) -> None:
    """Rows the file alone must not decide about: closed by a verifier, or not in the file."""
    t, current = page.t, _current()
    guarded = [(one.table, row) for one in checked.comparison.tables for row in one.guarded]
    missing = sum(len(one.missing) for one in checked.comparison.tables)
    decisions = current.decisions
    if guarded:
        _head(t("upload.guarded_title", count=len(guarded)), t("upload.guarded_caption"))
        names = [(table, row.key) for table, row in guarded]
        chosen = st.multiselect(
            t("upload.guarded_confirm"), names, default=[one for one in names if one in decisions.confirmed],
            format_func=lambda one: one[1], key="upload_guarded", placeholder=t("upload.guarded_none"),
        )  # fmt: skip
        decisions = replace(decisions, confirmed=frozenset(chosen))
    if missing:
        _head(t("upload.missing_title", count=missing), t("upload.missing_caption"))
        what = st.segmented_control(
            t("upload.missing_what"), ["keep", "some", "remove"], default="keep", key="upload_missing", required=True,
            format_func=lambda one: t(f"upload.missing_{one}"),
        )  # fmt: skip
        remove: list = []
        reason = ""
        if what == "some":
            rows = [(one.table, row.key) for one in checked.comparison.tables for row in one.missing]
            remove = st.multiselect(
                t("upload.missing_rows"),
                rows,
                format_func=lambda one: one[1],
                key="upload_remove",
                placeholder=t("upload.missing_choose"),
            )
        if what != "keep":
            reason = st.text_input(t("upload.missing_reason"), key="upload_reason")
        decisions = replace(
            decisions,
            remove=frozenset(remove),
            remove_reason=reason.strip(),
            all_missing="remove" if what == "remove" else "keep",
        )
    if decisions != current.decisions:
        _keep(replace(current, decisions=decisions, draft=None))


# --- draft and publish ------------------------------------------------------------------------------------------


def _draft(current: Upload, checked: Checked, note: releases.Note, t: Language) -> Upload:
    """Build the draft; its refusals are said, all of them, and the upload stays as it was."""
    if current.draft:
        uploads.discard(current.draft)
    place = st.empty()
    try:
        with place.container():
            made = uploads.draft(
                store(), checked.files, note, current.decisions, checked.parent, checked.applied,
                tell=_telling(st.progress(0.0), t),
            )  # fmt: skip
    except uploads.DraftRefused as refused:
        place.empty()
        for problem in refused.problems[:MOST_ROWS]:
            st.html(chrome.message(sentence(problem, t), "error"))
        return _keep(replace(current, draft=None))
    except releases.SomeonePublished as other:
        st.html(chrome.message(t("upload.someone_published", number=other.live or 0), "warning"))
        return _keep(replace(current, draft=None))
    place.empty()
    return _keep(replace(current, draft=made))


def _conclusions(page: Page, draft: Draft) -> None:
    """What readers would conclude differently: before → after."""
    t = page.t
    own = choices()
    before = (
        look(store(), replace(own, draft=None, as_of=None, release=None)) if releases.live_number(store()) else None
    )
    found = conclusions(before, look(store(), replace(own, draft=draft.name, as_of=None, release=None)))
    _head(t("upload.conclusions_title"), " ".join(sentences(found, t)))
    figures = tuple(
        (
            Cell(one.label),
            Cell(one.before, is_number=True),
            Cell(one.after, "moving" if one.is_changed else "", "", True),
        )
        for one in sorted(found.figures, key=lambda one: not one.is_changed)
    )
    _draw(Table((t("upload.figure"), t("upload.before"), t("upload.after")), figures, t("common.no_rows")), t)
    flips = tuple(
        (
            Cell(one.key),
            Cell(t.more(one.title, 40)),
            Cell(t.label("status", one.before)),
            Cell(t.label("status", one.after)),
        )
        for one in found.flips[:MOST_ROWS]
    )
    if flips:
        _head(t("upload.flips_title", count=len(found.flips)), "")
        headings = (t("upload.row_key"), t("upload.row_what"), t("upload.before"), t("upload.after"))
        _draw(Table(headings, flips, t("common.no_rows"), wide=(1,)), t)
    if found.overdue:
        late = tuple(
            (Cell(one.key), Cell(one.title), Cell(one.unit or NOT_KNOWN), Cell(t.day(one.due_on)))
            for one in found.overdue[:MOST_ROWS]
        )
        _head(t("upload.overdue_title", count=len(found.overdue)), "")
        headings = (t("upload.row_key"), t("upload.row_what"), t("rectification.due_unit"), t("rectification.due_due"))
        _draw(Table(headings, late, t("common.no_rows"), wide=(1,)), t)
    if found.headlines:
        said = tuple((Cell(one.before), Cell(one.after)) for one in found.headlines)
        _head(t("upload.headlines_title", count=len(found.headlines)), "")
        _draw(Table((t("upload.before"), t("upload.after")), said, t("common.no_rows"), wide=(0, 1)), t)
    for warned in found.warnings:
        st.html(
            chrome.message(t("upload.check_warns", check=t.of(warned.check.title), count=len(warned.rows)), "warning")
        )


def _publish() -> None:
    current = _current()
    t = st.session_state
    try:
        made = uploads.publish_draft(store(), current.draft)
    except releases.SomeonePublished as other:
        _keep(replace(current, draft=None))
        t["_upload_said"] = ("warning", "upload.someone_published", {"number": other.live or 0})
        return
    except releases.NoRelease:
        _keep(replace(current, draft=None))
        t["_upload_said"] = ("warning", "upload.draft_gone", {})
        return
    _put_away()
    t["_upload_said"] = ("done", "upload.published", {"number": made.number})


def _look_at(name: str) -> None:
    st.session_state["draft"] = name
    st.session_state["as_of"] = None
    st.session_state["_upload_look"] = True


def _discard() -> None:
    current = _current()
    uploads.discard(current.draft)
    _keep(replace(current, draft=None))


# --- what is kept between runs ----------------------------------------------------------------------------------


def _current() -> Upload:
    return st.session_state["_upload"]


def _keep(current: Upload) -> Upload:
    st.session_state["_upload"] = current
    return current


def _put_away() -> None:
    """Forget the upload; nothing was published, and the received bytes stay where they are kept."""
    for name in ("_upload", "_checked", "upload_files"):
        st.session_state.pop(name, None)


def _add_fixes(fixes: Iterable[Fix]) -> None:
    current = _current()
    added = together(NOTHING_LEARNT, (*current.fixes, *fixes))
    _keep(replace(current, fixes=added, draft=None))
    st.rerun()


def _switch(key: str, is_on: bool) -> None:
    """Switch a repair on or off, also one that an earlier upload taught."""
    current = _current()
    known = {fix.key: fix for fix in (*st.session_state["_checked"][1].applied, *current.fixes)}
    own = {fix.key: fix for fix in current.fixes} | {key: known[key]}
    _keep(replace(current, fixes=switched(tuple(own.values()), key, is_on), draft=None))


def _head(title: str, caption: str) -> None:
    st.html(chrome.exhibit_head(title, caption, ""))


def _draw(shape: Table, t: Language) -> None:
    st.html(screen.html(shape, theme(), t.code))
