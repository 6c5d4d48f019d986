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
