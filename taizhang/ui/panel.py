"""The panel behind every exhibit: its table, its definition, its SQL, its rows with file and line, its quotation."""

import streamlit as st

from taizhang.drawing import html
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Table
from taizhang.evidence import provenance
from taizhang.exhibits import Exhibit, as_table
from taizhang.exhibits.views import View
from taizhang.ui.controls import theme

MOST_ROWS = 300  # a panel is for reading; the command line gives every row


def source_panel(exhibit: Exhibit, view: View) -> None:
    """Open the panel of an exhibit."""
    t = view.t

    @st.dialog(t("source.title"), width="large")
    def panel() -> None:
        demo = t("common.demo") if exhibit.is_demo else ""
        st.html(furniture.exhibit_head(exhibit.title, exhibit.caption, demo, exhibit.passport))
        if exhibit.passport:
            st.html(furniture.note(t("passport.purpose")))
        source_tabs(exhibit, view)

    panel()


def source_tabs(exhibit: Exhibit, view: View) -> None:
    """What stands behind an exhibit, part by part."""
    t = view.t
    table, meaning, sql, rows, words = st.tabs(
        [
            t("source.tab_table"),
            t("source.tab_meaning"),
            t("source.tab_sql"),
            t("source.tab_rows"),
            t("source.tab_words"),
        ]
    )
    with table:
        for answer in exhibit.answers:
            _table(as_table(answer, t), view)
    with meaning:
        _meaning(exhibit, view)
    with sql:
        _sql(exhibit, view)
    with rows:
        _rows(exhibit, view)
    with words:
        _words(exhibit, view)


def _meaning(exhibit: Exhibit, view: View) -> None:
    for kpi in exhibit.kpis:
        st.html(furniture.definition(view.t.label("kpi", kpi), provenance.kpi_definition(kpi, view)))
    for answer in exhibit.answers:
        for said in provenance.definition(answer, view):
            st.html(furniture.definition(said.about, said.words))


def _sql(exhibit: Exhibit, view: View) -> None:
    for place, sql in provenance.sql_files(exhibit).items():
        st.html(furniture.definition(view.t("source.file"), place))
        st.code(sql, language="sql")


def _rows(exhibit: Exhibit, view: View) -> None:
    t = view.t
    for kpi in exhibit.kpis:
        st.html(furniture.definition(t("source.rows_of_kpi"), t.label("kpi", kpi)))
        _table(provenance.counted(kpi, view), view)
    for answer in exhibit.answers:
        behind = provenance.rows_behind(answer, view)
        if behind is not None and behind.query.rows_of:
            st.html(furniture.definition(t("source.rows_behind"), t.of(behind.query.title)))
            _table(provenance.traced(behind, view), view)
    st.html(furniture.definition(t("source.files"), t("source.files_note")))
    _table(provenance.files(exhibit.answers[0], view), view)


def _words(exhibit: Exhibit, view: View) -> None:
    quoted = provenance.quotes(exhibit, view)
    if not quoted:
        st.html(furniture.note(view.t("source.no_quotes")))
    for fact in quoted:
        basis = view.t.label("value_basis", fact["value_basis"])
        st.html(furniture.quotation(fact["quote_zh"], f"{fact['fact_id']} · {basis}"))


def _table(table: Table, view: View) -> None:
    shown = Table(table.columns, table.rows[:MOST_ROWS], table.empty, table.wide)
    st.html(html.styled(shown, theme(), view.t.code))
    if len(table.rows) > MOST_ROWS:
        st.html(furniture.note(view.t("source.more_rows", shown=MOST_ROWS, total=len(table.rows))))
