"""A share reads in percent wherever it stands, and stays a number in a file for a spreadsheet."""

import io
from decimal import Decimal

import openpyxl
import pytest

from taizhang.declared import queries, tables
from taizhang.declared.headers import Share, words
from taizhang.declared.queries import Returned
from taizhang.declared.wording import language
from taizhang.evidence.provenance import Behind
from taizhang.exhibits.catalogue import exhibit
from taizhang.exhibits.views import Choices, look
from taizhang.showing.export import csv_of_shown, workbook_of_shown

T = language("zh")


@pytest.fixture(scope="module")
def view(demo_store):
    return look(demo_store, Choices())


def test_every_column_that_is_called_a_share_is_declared_to_be_one():
    columns = [(name, one) for name, query in queries.answers().items() for one in query.returns]
    called = {(name, one.name): one.share for name, one in columns if one.name.endswith("share")}
    assert called == dict.fromkeys(called, Share())
    assert ("on_time", "share") in called


def test_targets_are_shares_for_the_figures_that_are(view):
    """The table says of which; which are shares, the figures themselves say."""
    (where,) = tables.ledgers()["commitment"].column("target_value").share.where
    units = {row["kpi"]: row["unit"] for row in view.ask("kpis").records() if row["part"] is None}
    assert where == ("kpi", tuple(sorted(code for code, unit in units.items() if unit == "share")))


@pytest.mark.parametrize(
    ("share", "said"),
    [("0.5000", "50%"), ("0.8571", "85.7%"), ("1.0000", "100%"), ("0.0000", "0%"), ("0.3235", "32.35%")],
)
def test_a_rounded_share_says_no_tenth_that_it_cannot_know(share, said):
    column = Returned("share", words(["比率", "Share"]), None, share=Share())
    assert T.cell(column, Decimal(share)) == said
    assert T.cell(Returned("share", words(["比率", "Share"]), None), Decimal("0.5")) == "0.5"


def test_a_number_is_a_share_where_its_row_says_so():
    column = queries.answers()["kpis"].returned("reported")
    row = {"unit": "share", "reported_side": "value"}
    assert T.cell(column, Decimal("0.5"), row) == "50%"
    assert T.cell(column, Decimal("7"), {**row, "reported_side": "numerator"}) == "7"
    assert T.cell(column, Decimal("12"), {**row, "unit": "count"}) == "12"


def test_a_panel_reads_in_percent_and_its_files_hold_the_number(view):
    shown = Behind(exhibit("rectification.on_time", view), view).tables[0]
    place = shown.columns.index("按期销号率")
    assert [row[place].text for row in shown.rows] == ["85.7%", "100%", "—"]
    assert [row[place].is_number for row in shown.rows] == [True, True, False]
    lines = csv_of_shown(shown).decode("utf-8-sig").splitlines()
    assert [line.split(",")[place] for line in lines[1:]] == ["0.8571", "1", "—"]
    cell = openpyxl.load_workbook(io.BytesIO(workbook_of_shown(shown, "x"))).active.cell(2, place + 1)
    assert (cell.value, cell.number_format) == (0.8571, "0.0%")


def test_the_rows_of_the_key_figures_and_promises_read_in_percent_too(view):
    (table, *_) = Behind(exhibit("overview.headline", view), view).tables
    value = table.columns.index("数值")
    assert {row[value].text for row in table.rows} >= {"58.8%", "12"}
    (table, *_) = Behind(exhibit("meeting.promises", view), view).tables
    target = table.columns.index("目标值")
    assert "70%" in {row[target].text for row in table.rows}
