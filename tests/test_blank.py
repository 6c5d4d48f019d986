"""The template of every ledger: it is read as it is, its example is named and not read, and a number makes it a row."""

import io

import openpyxl
import pytest

from taizhang import uploads
from taizhang.declared import tables
from taizhang.declared.wording import language
from taizhang.showing.papers.blank import NOT_FILLED_IN, blank
from taizhang.store import Store


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(tables.ledgers()))
def test_every_template_is_read_as_its_ledger_without_its_example(name, lang, tmp_path):
    table = tables.ledgers()[name]
    data = blank(table, language(lang))
    assert data == blank(table, language(lang))
    checked = uploads.check(Store(tmp_path / "store"), [("模板.xlsx", data)])
    (part,), problems = checked.parts, checked.problems
    assert (part.table, part.extra, part.lines) == (name, (), ())
    assert {one.column for one in part.columns} == {one.name for one in table.columns} - {NOT_FILLED_IN}
    assert [(one.rule, one.line) for one in problems if one.rule == "example_skipped"] == [("example_skipped", 2)]
    assert {one.rule for one in problems} == {"example_skipped", "no_rows"}


def test_an_example_with_a_number_of_its_own_is_a_row(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(blank(tables.ledgers()["action"], language("zh"))))
    book.worksheets[0]["A2"] = "CS-1"
    out = io.BytesIO()
    book.save(out)
    checked = uploads.check(Store(tmp_path / "store"), [("模板.xlsx", out.getvalue())])
    assert [line.cells[0] for line in checked.parts[0].lines] == ["CS-1"]
    assert "example_skipped" not in {one.rule for one in checked.problems}


def test_a_template_prints_what_a_meeting_works_with_across_one_page():
    """32 columns on one page nobody could read: those behind the printed ones are for the screen."""
    book = openpyxl.load_workbook(io.BytesIO(blank(tables.ledgers()["action"], language("zh"))))
    (sheet,) = (one for one in book if one.sheet_state == "visible")
    area = sheet.print_area.rpartition("!")[2].replace("$", "")
    printed = [cell.value for cell in sheet[area][0]]
    assert printed[0].startswith("措施编号")
    assert {"整改状态", "完成时限"} <= set(printed)
    assert len(printed) < len(list(sheet[1]))
    assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
