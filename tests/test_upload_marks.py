"""What a workbook shows beside its texts: merged cells, struck words, what is hidden, days shown as months."""

import datetime as dt
import struct
from collections.abc import Callable

import pytest
from bad_inputs import xls, xls_number, xlsx

from taizhang.declared.wording import language
from taizhang.rows.problems import RULES, Problem, sentence
from taizhang.uploads.cells import context_of_rows, rows_of
from taizhang.uploads.fixes import HeadingFix, LineFix
from taizhang.uploads.headings import Part, parts_of
from taizhang.uploads.sheets import sheets_of

ZH, EN = language("zh"), language("en")
HEADINGS = ("措施编号", "整改措施", "责任单位", "完成时限")
ROWS = (
    HEADINGS,
    ("CS-1", "甲", "一科", "2019-10-31"),
    ("CS-2", "乙", "", ""),
    ("CS-3", "丙", "", ""),
    ("CS-4", "丁", "二科", "2019-11-15"),
)
MERGED = ((1, 2, 3, 2), (1, 3, 3, 3))  # the unit and the due date of three measures, from 0


def with_merged(ranges=MERGED, rows=ROWS) -> dict[str, bytes]:
    """The same merged cells in both kinds of workbook."""

    def fill(_book, page) -> None:
        for top, left, bottom, right in ranges:
            page.merge_range(top, left, bottom, right, rows[top][left])

    spans = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in ranges)
    record = struct.pack("<HH", 0xE5, 2 + len(spans)) + struct.pack("<H", len(ranges)) + spans
    return {"台账.xlsx": xlsx(rows, fill=fill), "台账.xls": xls(rows, cells=record)}


def parts(name: str, data: bytes, fixes=()) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
    return parts_of(sheets_of(name, data), fixes=fixes)


def of_rule(problems, rule: str) -> list[Problem]:
    return [one for one in problems if one.rule == rule]


@pytest.mark.parametrize("kind", ["台账.xlsx", "台账.xls"])
def test_a_merged_value_counts_for_every_row_it_covers_and_is_said_once_a_column(kind):
    (part,), problems = parts(kind, with_merged()[kind])
    rows = rows_of(part, context_of_rows({})).rows
    assert [row.cells["resp_unit"] for row in rows] == ["一科", "一科", "一科", "二科"]
    assert {row.cells["due_on"] for row in rows[:3]} == {dt.date(2019, 10, 31)}
    found = of_rule(problems, "merged_filled")
    assert [(one.column, one.line, one.blanks["rows"]) for one in found] == [("resp_unit", 3, 2), ("due_on", 3, 2)]
    assert sentence(found[0], ZH).startswith("工作表“表1”，第 3 行，“责任单位”列：合并单元格，已填到 2 行。")
    assert "filled in for 2 rows" in sentence(found[0], EN)


@pytest.mark.parametrize("kind", ["台账.xlsx", "台账.xls"])
def test_a_value_merged_across_counts_for_both_columns(kind):
    rows = (
        ("措施编号", "整改措施", "牵头单位", "责任单位"),
        ("CS-1", "甲", "一科", ""),
        ("CS-2", "乙", "二科", "三科"),
    )
    (part,), problems = parts(kind, with_merged(((1, 2, 1, 3),), rows)[kind])
    assert [line.cells[2:4] for line in part.lines] == [("一科", "一科"), ("二科", "三科")]
    assert [(one.column, one.blanks["rows"]) for one in of_rule(problems, "merged_filled")] == [("resp_unit", 1)]


@pytest.mark.parametrize("kind", ["台账.xlsx", "台账.xls"])
def test_issues_and_measures_in_one_sheet_have_their_merged_cells_filled(kind):
    rows = (
        ("问题编号", "问题名称", "措施编号", "整改措施", "责任单位"),
        ("WT-1", "学习不深", "CS-1", "甲", "一科"),
        ("", "", "CS-2", "乙", ""),
        ("WT-2", "调研不实", "CS-3", "丙", "二科"),
    )
    found, _ = parts(kind, with_merged(((1, 0, 2, 0), (1, 1, 2, 1), (1, 4, 2, 4)), rows)[kind])
    issues, measures = (rows_of(part, context_of_rows({})).rows for part in found)
    assert [row.cells["issue_id"] for row in issues] == ["WT-1", "WT-2"]
    assert [(row.cells["issue_id"], row.cells["resp_unit"]) for row in measures] == [
        ("WT-1", "一科"),
        ("WT-1", "一科"),
        ("WT-2", "二科"),
    ]


def test_titles_headings_and_notes_merged_across_make_no_rows_and_hide_no_headings():
    rows = (
        ("整改台账（截至2019年10月18日）", "", "", ""),
        ("措施编号", "措施", "责任分工", ""),
        ("", "整改措施", "牵头单位", "责任单位"),
        ("CS-1", "甲", "一科", "二科"),
        ("本表由KT-01课题组填写。", "", "", ""),
    )
    merged = ((0, 0, 0, 3), (1, 0, 2, 0), (1, 2, 1, 3), (4, 0, 4, 3))
    (part,), problems = parts("台账.xlsx", with_merged(merged, rows)["台账.xlsx"])
    assert (part.header_line, [one.column for one in part.columns]) == (
        3,
        ["action_id", "content", "lead_unit", "resp_unit"],
    )
    assert [line.number for line in part.lines] == [4]
    assert [(one.rule, one.line) for one in problems] == [("line_skipped", 5)]


def test_a_value_under_a_merged_cell_is_not_read_for_it():
    def fill(_book, page) -> None:
        page.merge_range(1, 2, 2, 2, "一科")
        page.write(2, 2, "二科")  # hidden below the merged cell

    (sheet,) = sheets_of("台账.xlsx", xlsx(ROWS, fill=fill))
    assert sheet.lines[2].cells[2] == "一科"
    assert [(one.code, one.blanks["cells"]) for one in sheet.remarks] == [("under_merged", "C3")]


# --- struck through and hidden ---------------------------------------------------------------------------------


def struck(book, page) -> None:
    page.write(2, 1, "乙", book.add_format({"font_strikeout": True}))


def hidden_row(_book, page) -> None:
    page.set_row(2, None, None, {"hidden": True})


def filtered(_book, page) -> None:
    page.autofilter(0, 0, 4, 3)
    page.filter_column(0, "x == CS-1")
    page.set_row(2, None, None, {"hidden": True})


def hidden_column(_book, page) -> None:
    page.set_column(2, 2, None, None, {"hidden": True})


def number_struck() -> bytes:
    """CS-2's percent, struck through, as .xls keeps it: a font, and a style of that font."""
    fonts = b"".join(
        struct.pack("<HH", 0x31, 14) + struct.pack("<HH10x", 200, 8 if place == 5 else 0) for place in range(6)
    )
    styles = b"".join(struct.pack("<HH", 0xE0, 20) + struct.pack("<HH16x", font, 0) for font in (0, 6))
    return xls(ROWS, before=fonts + styles, cells=xls_number(2, 3, 43719, 1))


def record(kind: int, body: bytes) -> bytes:
    return xls(ROWS, cells=struct.pack("<HH", kind, len(body)) + body)


MARKED: list[tuple[str, str, Callable[[], bytes]]] = [
    ("line_struck", "台账.xlsx", lambda: xlsx(ROWS, fill=struck)),
    ("line_hidden", "台账.xlsx", lambda: xlsx(ROWS, fill=hidden_row)),
    ("line_hidden", "台账.xlsx", lambda: xlsx(ROWS, fill=filtered)),
    ("line_struck", "台账.xls", number_struck),
    ("line_hidden", "台账.xls", lambda: record(0x208, struct.pack("<HHHHHHI", 2, 0, 4, 255, 0, 0, 0x20))),
]


@pytest.mark.parametrize(("rule", "kind", "make"), MARKED)
def test_a_line_struck_or_hidden_is_read_named_and_left_out_with_one_click(rule, kind, make):
    data = make()
    (part,), problems = parts(kind, data)
    assert [line.cells[0] for line in part.lines] == ["CS-1", "CS-2", "CS-3", "CS-4"]
    (found,) = of_rule(problems, rule)
    assert (found.line, found.value, RULES[rule].fix) == (3, "CS-2", "line")
    (part,), problems = parts(kind, data, [LineFix(part.sheet, 3)])
    assert [line.cells[0] for line in part.lines] == ["CS-1", "CS-3", "CS-4"]
    assert of_rule(problems, rule) == []


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("台账.xlsx", lambda: xlsx(ROWS, fill=hidden_column)),
        ("台账.xls", lambda: record(0x7D, struct.pack("<HHHHHH", 2, 2, 2340, 0, 1, 0))),
    ],
)
def test_a_hidden_column_is_read_named_and_left_out_with_one_click(kind, make):
    data = make()
    (part,), problems = parts(kind, data)
    assert part.lines[0].cells[2] == "一科"
    (found,) = of_rule(problems, "column_hidden")
    assert (found.value, RULES["column_hidden"].fix) == ("责任单位", "heading")
    (part,), problems = parts(kind, data, [HeadingFix("责任单位", "action", None)])
    assert "resp_unit" not in [one.column for one in part.columns]
    assert of_rule(problems, "column_hidden") == []


def test_nothing_is_said_of_a_plain_workbook():
    for kind, data in (("台账.xlsx", xlsx(ROWS)), ("台账.xls", xls(ROWS))):
        assert parts(kind, data)[1] == ()


# --- a day shown as its month ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ['yyyy"年"m"月"', "yyyy-mm", "mmm-yy", '[$-804]yyyy"年"m"月";@'])
def test_a_cell_that_shows_a_month_is_a_month(code):
    def fill(book, page) -> None:
        page.write_datetime(1, 3, dt.datetime(2019, 9, 1), book.add_format({"num_format": code}))
        page.write_datetime(2, 3, dt.datetime(2019, 9, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_datetime(3, 3, dt.datetime(2019, 9, 3), book.add_format({"num_format": 'm"月"d"日"'}))

    (sheet,) = sheets_of("台账.xlsx", xlsx(ROWS, fill=fill))
    assert [line.cells[3] for line in sheet.lines[1:4]] == ["2019-09", "2019-09-02", "2019-09-03"]


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        ("merged_filled", lambda: with_merged()["台账.xlsx"]),
        ("line_struck", MARKED[0][2]),
        ("line_hidden", MARKED[1][2]),
        ("column_hidden", lambda: xlsx(ROWS, fill=hidden_column)),
    ],
)
def test_every_rule_of_marks_has_its_sentence_in_both_languages(rule, make):
    found = of_rule(parts("台账.xlsx", make())[1], rule)[0]
    for t in (ZH, EN):
        said = sentence(found, t)
        assert "{" not in said
        assert ("表1" in said, len(said) > 15) == (True, True)
