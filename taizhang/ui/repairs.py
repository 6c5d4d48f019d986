"""The repairs of a file: one form for each kind of problem, a grid for single cells, the list of what was repaired."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import streamlit as st

from taizhang.declared import tables
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Cell, Table
from taizhang.rows.problems import Group, Problem, heading, sentence, suggested
from taizhang.ui.handed_in import MOST_ROWS, add_fixes, draw, head, switch
from taizhang.uploads import Checked
from taizhang.uploads.fixes import (
    CellFix,
    CodeFix,
    DateFix,
    Fix,
    HeaderFix,
    HeadingFix,
    KeyFix,
    LineFix,
    SplitFix,
    ValueFix,
)
from taizhang.uploads.headings import mapping_of

MOST_VALUES = 12  # values of one group that are repaired at once
LEAVE_OUT = "-"
ONE_CLICK = ("line", "split")  # repairs for which nothing is entered
ALSO_OF_WARNINGS = ("heading", "code", "date")  # what was read by a rule can be read otherwise
TOLD_LINE_BY_LINE = ("key_matched", "key_given")


def headings_at_once(checked: Checked, t: Language) -> bool:
    """All headings that are no column in one form, where there are several: each with what it could mean filled in, for
    a person to look at and take with one click. Whether it was drawn: then nobody needs a form for each."""
    groups = [group for group in checked.groups if group.rule == "extra_column"]
    if sum(len(group.values) for group in groups) < 2:
        return False
    could_mean = {(fix.table, fix.heading): fix.column for fix in checked.suggested}
    entered: list[Fix | None] = []
    with st.container(border=True), st.form("upload_headings", border=False):
        count = sum(group.count for group in groups)
        mark = t("upload.warning_count", count=count)
        st.html(furniture.problem(t("upload.unread_headings"), mark, "", groups[0].severity))
        for table in dict.fromkeys(group.table for group in groups):
            st.html(furniture.note(t.of(tables.ledgers()[table].title)))
            with st.container(horizontal=True, vertical_alignment="bottom"):
                for group in (one for one in groups if one.table == table):
                    entered += [
                        _heading_entry(group, said, checked, t, could_mean.get((table, said)))
                        for said, _ in group.values[:MOST_VALUES]
                    ]
        if st.form_submit_button(t("upload.read_so")):
            add_fixes(fix for fix in entered if fix is not None)
    return True


def of_group(t: Language, group: Group, number: int, checked: Checked) -> None:
    """One group of problems: its sentence, how many and where, and the repair that sets them all right."""
    lines = t("common.comma").join(str(line) for line in group.lines if line)
    more = t("upload.group_lines", lines=lines) if lines else ""
    mark = t(f"upload.{group.severity}_count", count=group.count)
    with st.container(border=True):
        st.html(furniture.problem(sentence(group.first, t), mark, more, group.severity))
        if group.rule in TOLD_LINE_BY_LINE:
            _lines_told(group, checked, t)
        elif group.fix in ONE_CLICK:
            _click(group, number, checked, t)
        elif group.fix and (group.severity == "error" or group.fix in ALSO_OF_WARNINGS):
            _repair_form(group, number, checked, t)
        elif group.severity == "error" and all(one.line for one in _alike(group, checked)):
            _click(group, number, checked, t)


def _lines_told(group: Group, checked: Checked, t: Language) -> None:
    """What was done with each line of a group, where the lines differ in it."""
    with st.expander(t("upload.lines_told", count=group.count)):
        rows = tuple((Cell(str(one.line), is_number=True), Cell(sentence(one, t))) for one in _alike(group, checked))
        headings = (t("upload.grid_line"), t("upload.told"))
        draw(Table(headings, rows[:MOST_ROWS], t("common.no_rows"), wide=(1,)), t)


def _click(group: Group, number: int, checked: Checked, t: Language) -> None:
    """A repair that needs nothing entered: lines left out, or split."""
    way = group.fix or "line"  # a line that nothing else repairs can be left out
    made = {"line": LineFix, "split": SplitFix}[way]
    fixes = tuple(dict.fromkeys(made(one.sheet, one.line) for one in _alike(group, checked)))
    key = f"fix_{number}_{group.rule}_{group.first.line}"
    if st.button(t(f"upload.click_{way}", count=len(fixes)), key=key):
        add_fixes(fixes)


def _alike(group: Group, checked: Checked) -> list[Problem]:
    """The problems that a group stands for."""
    values = {said for said, _ in group.values}
    same = (group.rule, group.column, group.table)
    return [one for one in checked.problems if (one.rule, one.column, one.table) == same and one.value in values]


def _repair_form(group: Group, number: int, checked: Checked, t: Language) -> None:
    """Inputs for the repair of a group; what is entered becomes fixes when the clerk applies it."""
    form = st.form(f"fix_{number}_{group.rule}_{group.column}", border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom"):
        entered = _entries(group, checked, t)
        clicked = {"apply": st.form_submit_button(t("upload.apply"))}
        clicked |= {way: st.form_submit_button(t(f"upload.way_{way}")) for way in _other_ways(group, checked)}
    if clicked["apply"]:
        add_fixes(fix for fix in entered if fix is not None)
    for way, is_clicked in clicked.items():
        if way != "apply" and is_clicked:
            add_fixes(_fixes_of(way, group, checked))


def _other_ways(group: Group, checked: Checked) -> Iterator[str]:
    """What else sets a group right: nothing needs to be entered for it."""
    if group.rule == "key_like":
        yield "new_row"
    elif group.fix == "value":
        yield "empty"
    if group.rule == "missing_key_column":
        yield "number"
    if group.severity == "error" and group.fix != "heading" and all(one.line for one in _alike(group, checked)):
        yield "leave_out"


def _fixes_of(way: str, group: Group, checked: Checked) -> Iterator[Fix]:
    alike = _alike(group, checked)
    if way == "new_row":
        yield from (ValueFix(group.table, group.column, said, said) for said, _ in group.values)
    elif way == "empty":
        yield from (ValueFix(group.table, group.column, said, "") for said, _ in group.values)
    elif way == "number":
        yield from dict.fromkeys(KeyFix(one.table, one.sheet) for one in alike)
    else:
        yield from dict.fromkeys(LineFix(one.sheet, one.line) for one in alike)


def _entries(group: Group, checked: Checked, t: Language) -> list[Fix | None]:
    if group.fix == "date":
        orders = ("ymd", "mdy", "dmy")
        order = st.selectbox(t("upload.date_order"), orders, format_func=lambda one: t(f"fix.order_{one}"), width=260)
        return [DateFix(group.table, group.column, order)]
    if group.fix == "code":
        return [_code_entry(group, said, t) for said, _ in group.values[:MOST_VALUES]]
    if group.rule == "unknown_table":
        return [_key_entry(group, checked, t)]
    if group.fix == "heading":
        return [_heading_entry(group, said, checked, t) for said, _ in group.values[:MOST_VALUES]]
    alike = _alike(group, checked)
    if group.fix == "value":
        hints = {one.value: one.suggestion for one in reversed(alike)}
        return [_value_entry(group, said, hints.get(said), t) for said, _ in group.values[:MOST_VALUES]]
    return [_cell_entry(one, t) for one in alike[:MOST_VALUES]]


def _code_entry(group: Group, said: str, t: Language) -> CodeFix | None:
    codes = t.codes(tables.ledgers()[group.table].column(group.column).codes)
    known = [one.code for one in codes]
    hint = group.first.suggestion if group.first.value == said else None
    code = st.selectbox(
        furniture.as_label(t("upload.said", said=said)),
        known,
        index=known.index(hint) if hint in known else None,
        width=240,
        placeholder=t("upload.choose_code"),
        key=f"code_{group.table}_{group.column}_{said}",
        format_func=lambda one: next(t.of(code.label) for code in codes if code.code == one),
    )
    return CodeFix(group.table, group.column, said, code) if code else None


def _heading_entry(
    group: Group, said: str, checked: Checked, t: Language, could_mean: str | None = None
) -> HeadingFix | None:
    table = tables.ledgers().get(group.table) or tables.ledgers()["action"]
    names = [LEAVE_OUT, *(column.name for column in table.columns)]
    column = st.selectbox(
        furniture.as_label(t("upload.said", said=said or t("fix.no_heading"))),
        names,
        index=names.index(could_mean) if could_mean else None,
        width=240,
        placeholder=t("upload.choose_column"),
        key=f"heading_{group.table}_{said}",
        format_func=lambda one: t("upload.leave_out") if one == LEAVE_OUT else t.of(table.column(one).heading),
    )
    meant = None if column == LEAVE_OUT else column
    return HeadingFix(said, table.name, meant, sender=_sender(group, checked)) if column else None


def _sender(group: Group, checked: Checked) -> str:
    """The unit whose headings these are; "" where several have them, or none says who it is."""
    senders = {checked.senders.get(one.sheet, "") for one in _alike(group, checked)}
    return senders.pop() if len(senders) == 1 else ""


def _key_entry(group: Group, checked: Checked, t: Language) -> HeadingFix | None:
    """Of a table that nobody knows: which ledger it is, and which of its headings is the number of the rows."""
    names = list(tables.ledgers())
    name = st.selectbox(
        t("upload.which_ledger"),
        names,
        index=None,
        width=240,
        placeholder=t("upload.choose_column"),
        key=f"ledger_{group.first.sheet}",
        format_func=lambda one: t.of(tables.ledgers()[one].title),
    )
    said = st.selectbox(
        t("upload.which_key"),
        list(dict.fromkeys(group.first.blanks["headings"])),
        index=None,
        width=240,
        placeholder=t("upload.choose_column"),
        key=f"key_{group.first.sheet}",
    )
    if not (name and said):
        return None
    return HeadingFix(said, name, tables.ledgers()[name].key[0], sender=checked.senders.get(group.first.sheet, ""))


def _value_entry(group: Group, said: str, hint: str | None, t: Language) -> ValueFix | None:
    entry = st.text_area if "\n" in (hint or "") else st.text_input  # the one for a line would run lines together
    text = entry(
        furniture.as_label(t("upload.said", said=said)),
        value=hint or "",
        width=240,
        key=f"value_{group.table}_{group.column}_{said}",
    )
    return ValueFix(group.table, group.column, said, text.strip()) if text.strip() else None


def _cell_entry(one, t: Language) -> CellFix | None:
    label = furniture.as_label(t("upload.cell", line=one.line, heading=heading(one, t), value=one.value or NOT_KNOWN))
    key = f"cell_{one.table}_{one.sheet}_{one.line}_{one.column}_{one.rule}"
    text = st.text_input(label, value=suggested(one, t) or "", width=260, key=key)
    return CellFix(one.table, one.sheet, one.line, one.column, text.strip()) if text.strip() else None


def mapping(checked: Checked, t: Language) -> None:
    """Which heading of the file goes to which column, for every ledger in it, with what stands below; to be changed.

    Not of sheets that we handed out or made: their headings are known."""
    ours = checked.came_back.keys() | checked.entered
    for place, part in enumerate(one for one in checked.parts if one.sheet not in ours):
        table = tables.ledgers()[part.table]
        labels = {column.name: t.of(column.heading) for column in table.columns}
        names = {label: name for name, label in labels.items()}
        said = mapping_of(part)
        with st.expander(t("upload.mapping", sheet=part.sheet, ledger=t.of(table.title), count=len(said))):
            heading, samples, goes_to = (t(f"upload.mapping_{name}") for name in ("heading", "samples", "column"))
            rows = [
                {
                    heading: one.heading,
                    samples: t("common.comma").join(t.more(value, 20) for value in one.samples),
                    goes_to: labels.get(one.column or "", t("upload.leave_out")),
                }
                for one in said
            ]
            key = hashlib.sha256(repr((part.sheet, part.table, rows)).encode()).hexdigest()[:8]
            options = [t("upload.leave_out"), *names]
            edited = st.data_editor(
                rows,
                key=f"upload_mapping_{place}_{key}",
                disabled=[heading, samples],
                column_config={goes_to: st.column_config.SelectboxColumn(options=options, required=True)},
            )
            with st.container(horizontal=True, vertical_alignment="bottom"):
                line = st.number_input(
                    t("upload.header_line"), 1, value=part.header_line, width=160, key=f"upload_header_{place}_{key}"
                )
                sender = checked.senders.get(part.sheet, "")
                if st.button(t("upload.mapping_apply"), key=f"upload_map_{place}_{key}"):
                    changed = [
                        HeadingFix(one.heading, part.table, names.get(new[goes_to]), sender=sender)
                        for one, new in zip(said, edited, strict=True)
                        if names.get(new[goes_to]) != one.column
                    ]
                    moved = [HeaderFix(part.sheet, line)] if line != part.header_line else []
                    add_fixes([*changed, *moved])


def grid(checked: Checked, t: Language) -> None:
    """Every cell with an error in one grid, to be corrected one by one."""
    _grid([one for one in checked.errors if _is_cell(one)], "upload_grid", t)


def of_broken(broken: Sequence[Problem], t: Language) -> None:
    """What sets right a rule between rows and cells: the cells it speaks of in a grid, or the lines left out."""
    lines = tuple(dict.fromkeys(LineFix(one.sheet, one.line) for one in broken if one.line))
    if not lines:
        return
    cells = [replace(one, column=name) for one in broken if one.line for name in _columns_of(one)]
    _grid(_once(cells), "upload_broken", t)
    if st.button(t("upload.click_line", count=len(lines)), key="upload_broken_out"):
        add_fixes(lines)


def _columns_of(one: Problem) -> list[str]:
    """The columns of its row that a rule speaks of."""
    return [one.column, *(name for table, name in one.blanks.get("columns", ()) if table == one.table)]


def _once(cells: Iterable[Problem]) -> list[Problem]:
    """The cells, each once however many rules it breaks; those of other ledgers are not in the file."""
    found = {(one.sheet, one.line, one.column): one for one in reversed(list(cells)) if _is_cell(one)}
    return list(found.values())[::-1]


def _is_cell(one: Problem) -> bool:
    return bool(one.line) and bool(one.table) and _is_column(one.table, one.column)


def _grid(cells: Sequence[Problem], key: str, t: Language) -> None:
    if not cells:
        return
    with st.expander(t("upload.grid", count=len(cells))):
        names = {name: t(f"upload.grid_{name}") for name in ("sheet", "line", "heading", "value", "new")}
        rows = [
            {
                names["sheet"]: one.sheet,
                names["line"]: one.line,
                names["heading"]: heading(one, t),
                names["value"]: one.value,
                names["new"]: suggested(one, t) or "",
            }
            for one in cells[:MOST_ROWS]
        ]
        of = f"{key}_{hashlib.sha256(repr(rows).encode()).hexdigest()[:8]}"
        edited = st.data_editor(rows, key=of, disabled=[names[name] for name in ("sheet", "line", "heading", "value")])
        if st.button(t("upload.grid_apply"), key=f"{key}_apply"):
            add_fixes(
                CellFix(one.table, one.sheet, one.line, one.column, str(row[names["new"]]).strip())
                for one, row in zip(cells, edited, strict=False)
                if str(row[names["new"]] or "").strip()
            )


def _is_column(table: str, name: str) -> bool:
    return table in tables.ledgers() and any(column.name == name for column in tables.ledgers()[table].columns)


def listed(applied: Iterable[Fix], t: Language) -> None:
    """Every repair in words, each of which can be switched off."""
    applied = tuple(applied)
    if not applied:
        return
    head(t("upload.fixes_title", count=sum(fix.is_on for fix in applied)), t("upload.fixes_caption"))
    for fix in applied:
        st.checkbox(
            furniture.as_label(fix.sentence(t)),
            value=fix.is_on,
            key=f"fix_on_{fix.key}",
            on_change=switch,
            args=(fix.key, not fix.is_on),
        )
