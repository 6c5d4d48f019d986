"""The sender gets the own file back with what is wrong marked in it; corrected, it is read again."""

import io
import zipfile

import pytest

pytest.importorskip("python_calamine")

import python_calamine

from taizhang.declared.wording import language
from taizhang.rows.problems import ERROR, sentence
from taizhang.uploads.cells import Context, readings_of
from taizhang.uploads.fixes import CodeFix
from taizhang.uploads.headings import is_our_list, parts_of
from taizhang.uploads.lines import Line, Sheet
from taizhang.uploads.returns import return_sheet

ZH, EN = language("zh"), language("en")
CONTEXT = Context(default_year=2019)

LINES = (
    Line(1, ("整改台账",)),
    Line(3, ("措施编号", "整改措施", "整改状态", "完成时限", "备查")),
    Line(4, ("CS-1", "第一行\n第二行", "弄完了", "2019-10-01", "=1+1")),
    Line(7, ("CS-2", '=HYPERLINK("http://x")', "整改中", "长期", "http://example.org")),  # line 4 took three
    Line(8, ("CS-1", "00123", "", "", "")),
    Line(9, ("合计", "3")),
)


def checked(sheets, fixes=()):
    parts, problems = parts_of(sheets, fixes=fixes)
    readings = readings_of(parts, CONTEXT, fixes)
    return parts, readings, [*problems, *(one for reading in readings for one in reading.problems)]


def returned(sheets, t=ZH) -> bytes:
    parts, _, problems = checked(sheets)
    return return_sheet("台账.csv", b"", sheets, parts, problems, t)


def sheets_in(data: bytes) -> list[Sheet]:
    """The workbook as text, blank lines kept, numbered as Excel does."""
    book = python_calamine.load_workbook(io.BytesIO(data))
    found = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        lines = tuple(Line(at, tuple(map(str, row))) for at, row in enumerate(rows, start=1))
        found.append(Sheet(name, lines, "xlsx"))
    return found


def text_in(data: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if part in name)


OWN = Sheet("措施[10]", LINES, "GB18030")


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_every_cell_comes_back_as_text_on_its_own_line(t):
    own, listed = sheets_in(returned([OWN], t))
    assert own.name == "措施_10_"
    by_number = {line.number: tuple(cell for cell in line.cells if cell) for line in own.lines}
    for line in LINES:
        assert by_number[line.number] == tuple(cell for cell in line.cells if cell)
    assert listed.name == t("returnsheet.sheet")
    assert is_our_list(listed)


def test_nothing_in_it_is_a_formula_a_link_or_a_number():
    data = returned([OWN])
    page = text_in(data, "worksheets/sheet1.xml")
    assert "<f>" not in page
    assert "hyperlink" not in page
    assert "<v>00123</v>" not in page


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_bad_cells_are_commented_and_listed_in_the_language_of_the_reader(t):
    parts, _, problems = checked([OWN])
    data = return_sheet("台账.csv", b"", [OWN], parts, problems, t)
    comments = text_in(data, "comments")
    unknown = next(one for one in problems if one.rule == "unknown_code")
    assert sentence(unknown, t).split("“", 1)[0][:4] in comments
    for place in ("C4", "D7", "A8", "A9", "E3"):
        assert f'ref="{place}"' in comments
    listed = [cell for line in sheets_in(data)[1].lines for cell in line.cells]
    for one in problems:
        assert sentence(one, t) in listed
    assert t("returnsheet.title") in listed


def test_a_returned_file_says_the_same_until_it_is_corrected():
    _, readings, problems = checked([OWN])
    again = sheets_in(returned([OWN]))
    _, readings_again, problems_again = checked(again)
    told = [(one.rule, one.line, one.column, one.value) for one in problems]
    assert [
        (one.rule, one.line, one.column, one.value) for one in problems_again if one.rule != "sheet_ignored"
    ] == told
    assert [one.rows for one in readings_again] == [one.rows for one in readings]


def test_a_corrected_file_is_read_with_the_fixes():
    own, listed = sheets_in(returned([OWN]))
    corrected = {(7, "长期"): "2019年12月31日", (8, "CS-1"): "CS-3"}
    lines = tuple(
        Line(line.number, tuple(corrected.get((line.number, cell), cell) for cell in line.cells)) for line in own.lines
    )
    fixes = [CodeFix("action", "status", "弄完了", "in_progress")]
    _, (reading,), problems = checked([Sheet(own.name, lines, "xlsx"), listed], fixes)
    assert [one for one in problems if one.severity == ERROR] == []
    assert [row.cells["action_id"] for row in reading.rows] == ["CS-1", "CS-2", "CS-3"]
    assert reading.rows[0].cells["status"] == "in_progress"
    assert reading.rows[0].cells["content"] == "第一行\n第二行"


def test_a_file_returned_twice_has_one_list():
    once = sheets_in(returned([OWN]))
    twice = sheets_in(returned(once, EN))
    assert [one.name for one in twice] == ["措施_10_", EN("returnsheet.sheet")]


def test_sheets_get_names_that_excel_takes():
    long, same = "很长的名字" * 10, "很长的名字" * 10 + "乙"
    sheets = [Sheet(name, LINES, "xlsx") for name in (long, same, "History", "a/b", "''")]
    names = [one.name for one in sheets_in(returned(sheets))]
    assert len(set(map(str.casefold, names))) == 6
    assert all(0 < len(name) <= 31 for name in names)
