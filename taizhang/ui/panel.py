"""The panel behind every exhibit: its table, its definition, its SQL, its rows with file and line, its quotation."""

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.drawing import html
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Table
from taizhang.evidence.provenance import Behind
from taizhang.exhibits import Exhibit
from taizhang.exhibits.views import View
from taizhang.ui import taking
from taizhang.ui.aloud import aloud
from taizhang.ui.controls import theme

MOST_ROWS = 300  # a panel is for reading; the command line gives every row


def source_panel(exhibit: Exhibit, view: View) -> None:
    """Open the panel of an exhibit."""
    t = view.t

    @st.dialog(t("source.title"), width="large")
    def panel() -> None:
        with aloud(t):
            demo = t("common.demo") if exhibit.is_demo else ""
            st.html(furniture.exhibit_head(exhibit.title, exhibit.caption, demo))
            if exhibit.passport:
                codes(exhibit, t)
            else:  # a row that was opened: its own sentence first
                _quoted(Behind(exhibit, view), view)
            taking.offer(exhibit, view)
            source_tabs(exhibit, view)

    panel()


def codes(exhibit: Exhibit, t: Language) -> None:
    """The codes of an exhibit and of its figures, to be copied; they stand here and on paper, not on the page."""
    figures = [(one.label, one.passport) for one in exhibit.shape.cards if one.passport]
    st.html(furniture.codes([(t("passport.of_exhibit"), exhibit.passport), *figures], t("passport.copy")))
    st.html(furniture.note(t("passport.purpose")))


def source_tabs(exhibit: Exhibit, view: View) -> None:
    """What stands behind an exhibit, part by part."""
    t, behind = view.t, Behind(exhibit, view)
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
        for shown in behind.tables:
            _table(shown, view)
    with meaning:
        for said in (*behind.kpis, *(line for one in behind.answers for line in one.lines)):
            st.html(furniture.definition(said.about, said.words))
    with sql:
        for place, text in behind.sql.items():
            st.html(furniture.definition(t("source.file"), place))
            st.code(text, language="sql")
    with rows:
        _rows(behind, view)
    with words:
        _words(behind, view)


def _rows(behind: Behind, view: View) -> None:
    t = view.t
    for one in behind.rows:
        st.html(furniture.definition(one.title.about, one.title.words))
        _table(one.table(view), view)
    st.html(furniture.definition(t("source.files"), t("source.files_note")))
    _table(behind.files, view)


def _words(behind: Behind, view: View) -> None:
    if not behind.quotes:
        st.html(furniture.note(view.t("source.no_quotes")))
    _quoted(behind, view)


def _quoted(behind: Behind, view: View) -> None:
    for fact in behind.quotes:
        basis = view.t.label("value_basis", fact["value_basis"])
        st.html(furniture.quotation(fact["quote_zh"], f"{fact['fact_id']} · {basis}"))


def _table(table: Table, view: View) -> None:
    shown, rest = table.first(MOST_ROWS)
    st.html(html.drawn(shown.still(), theme(), view.t.code))  # nothing in a panel can be followed
    if rest:
        st.html(furniture.note(view.t("source.more_rows", shown=MOST_ROWS, total=len(table.rows))))
