"""Which ledger a sheet holds, and which column is which: by name, in any order, never by likeness."""

import pytest

from taizhang.declared import tables
from taizhang.declared.wording import language
from taizhang.rows.problems import RULES, Problem, groups_of, sentence
from taizhang.uploads.cells import context_of, rows_of
from taizhang.uploads.fixes import HeaderFix, HeadingFix, Learnt, as_record, folded, learnt_of
from taizhang.uploads.headings import Part, mapping_of, parts_of, sender_of
from taizhang.uploads.lines import Line, Sheet

ZH, EN = language("zh"), language("en")


def sheet(*lines: str, name: str = "台账", encoding: str = "GB18030") -> Sheet:
    """A sheet of lines with `|` between the cells, numbered from 1."""
    return Sheet(name, tuple(Line(at, tuple(line.split("|"))) for at, line in enumerate(lines, start=1)), encoding)


def only(*lines: str, **more) -> tuple[Part, tuple[Problem, ...]]:
    parts, problems = parts_of([sheet(*lines)], **more)
    assert len(parts) == 1
    return parts[0], problems


def columns(part: Part) -> list[str]:
    return [one.column for one in part.columns]


def rules(problems) -> list[str]:
    return [one.rule for one in problems]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("action_id|content|status", ["action_id", "content", "status"]),
        ("措施编号|整改措施|整改状态", ["action_id", "content", "status"]),
        ("Measure ID|Measure|Status", ["action_id", "content", "status"]),
        ("整改状态|整改措施|措施编号", ["status", "content", "action_id"]),  # another order
        ("措施编号|措施内容|完成情况", ["action_id", "content", "status"]),  # aliases
        ("措 施 编 号|整改　措施|MEASURE", ["action_id", "content"]),  # spaces; the third says the second again
        ("＊措施编号|整改措施：|ｓｔａｔｕｓ", ["action_id", "content", "status"]),  # marks and full-width letters
        ("措施\n编号|整改\r\n措施|进度（%）", ["action_id", "content", "percent"]),  # line breaks, a unit
        ("措施编号|整改措施|进度(％)", ["action_id", "content", "percent"]),
        ("措施编号|整改措施|进度", ["action_id", "content", "percent"]),
        ("Measure ID|Measure|Progress (%)|Progress", ["action_id", "content", "percent", "progress_note"]),
        ("措施编号|整改措施|完成时限（年/月/日）", ["action_id", "content", "due_on"]),
        ("措施编号|整改措施|退回次数【次】", ["action_id", "content", "return_count"]),
        ("序号|措施编号|整改措施", ["action_id", "content"]),
        ("No.|Measure ID|Measure", ["action_id", "content"]),
        ("﻿措施编号|整改措施", ["action_id", "content"]),
    ],
)
def test_headings_are_mapped_however_they_are_written(headings, expected):
    part, problems = only(headings, "|".join(["CS-1"] * len(headings.split("|"))))
    assert (part.table, columns(part)) == ("action", expected)
    assert rules(problems) == (["duplicate_heading"] if "MEASURE" in headings else [])


@pytest.mark.parametrize("name", list(tables.ledgers()))
@pytest.mark.parametrize("by", ["name", "zh", "en"])
def test_every_ledger_is_recognised_by_its_own_headings(name, by):
    table = tables.ledgers()[name]
    headings = [column.name if by == "name" else column.heading[by] for column in table.columns]
    part, problems = only("|".join(headings), "|".join(["X-1"] * len(headings)))
    assert (part.table, columns(part), problems) == (name, [column.name for column in table.columns], ())
    assert (part.extra, part.missing) == ((), ())


def test_how_a_column_was_found_is_said():
    taught = Learnt((HeadingFix("干什么", "action", "content"),))
    part, _ = only(
        "action_id|干什么|整改状态|责任科室|负责",
        "CS-1|a|b|c|d",
        learnt=taught,
        fixes=[HeadingFix("负责", "action", "resp_person")],
    )
    assert [(one.column, one.how) for one in part.columns] == [
        ("action_id", "name"),
        ("content", "learnt"),
        ("status", "heading"),
        ("resp_unit", "alias"),
        ("resp_person", "fix"),
    ]


def test_a_fix_that_is_off_maps_nothing_and_the_one_of_this_file_comes_first():
    taught = Learnt((HeadingFix("干什么", "action", "content"), HeadingFix("备查", "action", None)))
    part, problems = only("措施编号|整改状态|干什么|备查", "CS-1|a|b|c", learnt=taught)
    assert (columns(part), part.extra, problems) == (["action_id", "status", "content"], (), ())
    part, _ = only(
        "措施编号|整改状态|干什么|备查", "CS-1|a|b|c", learnt=taught, fixes=[HeadingFix("干什么", "action", "blocker")]
    )
    assert columns(part) == ["action_id", "status", "blocker"]
    off = [HeadingFix("干什么", "action", "content", is_on=False)]
    assert only("措施编号|整改状态|干什么", "CS-1|a|b", fixes=off)[0].extra == ("干什么",)


def test_the_header_may_stand_in_line_four_below_a_title_and_a_date():
    part, problems = only(
        "整改台账", "", "填表单位：统战部|||2019年10月25日", "措施编号|整改措施|整改状态|完成日期", "CS-1|a|整改中|"
    )
    assert (part.header_line, [line.number for line in part.lines], problems) == (4, [5], ())


def test_headings_may_stand_in_two_lines():
    part, problems = only("序号|措施编号|整改情况||", "|||整改措施|整改状态", "1|CS-1||a|整改中")
    assert (part.header_line, columns(part)) == (2, ["action_id", "content", "status"])
    assert rules(problems) == ["extra_column"]


def test_extra_and_missing_columns_are_listed():
    part, problems = only("措施编号|整改措施|完成期限|领导批示", "CS-1|a|2019-10-01|同意")
    assert part.extra == ("完成期限", "领导批示")
    assert "due_on" in part.missing
    assert [(one.column, one.suggestion) for one in problems] == [("完成期限", "due_on"), ("领导批示", None)]


def test_district_and_town_headings_stand_for_their_codes_where_a_ledger_only_refers_to_them():
    part, problems = only("走访编号|走访日期|市区|乡镇|形式", "ZF-1|2019-09-18|东区|白沙|座谈会")
    assert columns(part) == ["visit_id", "visited_on", "district_code", "town_code", "form"]
    assert problems == ()
    part, problems = only("走访编号|市区代码|市区名称", "ZF-1|MCA-E|东区")  # the code is there: the name is not needed
    assert (columns(part), rules(problems)) == (["visit_id", "district_code"], ["extra_column"])
    part, _ = only("措施编号|出处编号|日期原文|整改措施|责任单位", "CS-1|YW-1|9月|a|b")  # the key of another ledger too
    assert part.table == "action"
    part, _ = only("市区代码|市区名称|乡镇代码|乡镇名称|类别|是否纳入", "MCA-E|东区|MCA-E1|白沙|街道|是")
    assert (part.table, columns(part)) == ("town", ["district_code", "town_code", "town_name", "town_kind", "in_scope"])


def test_a_workbook_with_a_sheet_for_each_ledger_gives_a_part_for_each():
    parts, problems = parts_of(
        [
            sheet("填写说明", "请按月填写", name="说明"),
            sheet("措施编号|整改措施", "CS-1|a", name="措施"),
            sheet("", name="Sheet3"),
            sheet("意见编号|意见内容|渠道", "YJ-1|a|热线", name="意见"),
        ]
    )
    assert [(part.table, part.sheet) for part in parts] == [("action", "措施"), ("suggestion", "意见")]
    assert [(one.rule, one.sheet, one.severity) for one in problems] == [("sheet_ignored", "说明", "warning")]


# --- lines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "合计||12",
        "合 计||12",
        "总计：||12",
        "|小计|12",
        "填表人：张三||审核：李四",
        "备注：按月填写||",
        "Total||12",
        "Prepared by: A||",
    ],
)
def test_totals_and_footers_are_no_rows(line):
    part, problems = only("措施编号|整改措施|整改状态", "CS-1|a|整改中", line, "", "CS-2|合计|整改中")
    assert [row.number for row in part.lines] == [2, 5]
    assert [(one.rule, one.line, one.severity) for one in problems] == [("line_skipped", 3, "warning")]


def test_headings_printed_again_are_no_row():
    part, problems = only("措施编号|整改措施", "CS-1|a", "措施编号|整改措施", "CS-2|b")
    assert ([row.number for row in part.lines], rules(problems)) == ([2, 4], ["header_again"])


def test_short_lines_are_warned_of_and_long_ones_are_errors():
    part, problems = only("措施编号|整改措施|整改状态", "CS-1|a", "CS-2|a|整改中||", "CS-3|a|整改中||多了")
    assert [(one.rule, one.line) for one in problems] == [("too_few_cells", 2), ("too_many_cells", 4)]
    assert len(part.lines) == 3
    short = sheet("措施编号|整改措施|整改状态", "CS-1|a", encoding="xlsx")
    assert parts_of([short])[1] == ()  # a workbook does not keep blank cells at the end


def test_a_column_without_a_heading_over_data_is_an_error_until_it_is_left_out():
    lines = ("措施编号||整改措施|", "CS-1||a|", "CS-2|旁注|b|")
    _, problems = only(*lines)
    assert [(one.rule, one.line, one.value, one.blanks["letter"]) for one in problems] == [
        ("empty_heading", 3, "旁注", "B")
    ]
    assert only(*lines, fixes=[HeadingFix("", "action", None)])[1] == ()


# --- what cannot be read ---------------------------------------------------------------------------------------


def test_a_file_of_no_ledger_is_one_problem():
    parts, problems = parts_of([sheet("姓名|电话", "张三|1"), sheet("只有一行", name="乙")])
    assert (parts, rules(problems)) == ((), ["unknown_table"])
    assert problems[0].blanks["headings"] == ("姓名", "电话")


def test_an_ambiguous_sheet_lists_its_candidates():
    parts, problems = parts_of([sheet("title|kind|strand", "a|b|c")])
    assert (parts, rules(problems)) == ((), ["ambiguous_table"])
    assert set(problems[0].blanks["ledgers"]) == {"document", "event"}


def test_a_ledger_without_its_key_is_recognised_and_refused():
    part, problems = only("整改措施|责任单位|完成时限|整改状态", "a|b|2019-10-01|整改中")
    assert (part.table, rules(problems)) == ("action", ["missing_key_column"])
    fixed = [HeadingFix("编码", "action", "action_id")]
    assert only("编码|整改措施|责任单位", "CS-1|a|b", fixes=fixed)[1] == ()


def test_a_heading_that_comes_twice_names_both_columns():
    part, problems = only("措施编号|完成时限|整改措施|现定时限", "CS-1|2019-10-01|a|2019-10-02")
    assert [(one.rule, one.blanks["letters"]) for one in problems] == [("duplicate_heading", ("B", "D"))]
    assert [one.place for one in part.columns] == [0, 1, 2]
    assert (
        only("措施编号|完成时限|整改措施|现定时限", "CS-1|a|b|c", fixes=[HeadingFix("现定时限", "action", None)])[1]
        == ()
    )


def test_a_header_alone_is_a_warning():
    part, problems = only("标题", "措施编号|整改措施")
    assert (part.lines, rules(problems), problems[0].severity) == ((), ["no_rows"], "warning")


def test_no_text_at_all_is_one_problem():
    assert rules(parts_of([sheet("", "  |")])[1]) == ["nothing_there"]


# --- issues and measures in one sheet --------------------------------------------------------------------------

COMBINED = "序号|问题编号|问题名称|牵头单位|措施编号|整改措施|责任单位|出处编号|整改状态"


def combined(*lines: str) -> tuple[Part, Part, tuple[Problem, ...]]:
    (issue, action), problems = parts_of([sheet(COMBINED, *lines)])
    assert (issue.table, action.table) == ("issue", "action")
    return issue, action, problems


def told(part: Part) -> list[tuple]:
    return [(line.number, *(line.cells[one.place] for one in part.columns)) for line in part.lines]


def test_issues_stand_above_their_measures_and_blank_cells_mean_the_issue_above():
    issue, action, problems = combined(
        "1|WT-1|学习不深|一科|CS-1|a|三科||整改中", "||||CS-2|b|四科|YW-1|", "2|WT-2|调研不够|二科|CS-3|c|||已销号"
    )
    assert columns(issue) == ["issue_id", "title", "lead_unit"]
    assert columns(action) == ["issue_id", "action_id", "content", "resp_unit", "fact_id", "status"]
    assert told(issue) == [(2, "WT-1", "学习不深", "一科"), (4, "WT-2", "调研不够", "二科")]
    assert told(action) == [
        (2, "WT-1", "CS-1", "a", "三科", "", "整改中"),
        (3, "WT-1", "CS-2", "b", "四科", "YW-1", ""),
        (4, "WT-2", "CS-3", "c", "", "", "已销号"),
    ]
    assert problems == ()


def test_repeated_issue_cells_must_agree():
    issue, _, problems = combined("|WT-1|甲||CS-1|a|||", "|WT-1|甲|一科|CS-2|b|||", "|WT-1|乙||CS-3|c|||")
    assert told(issue) == [(2, "WT-1", "甲", "一科")]
    assert [
        (one.rule, one.line, one.column, one.value, one.blanks["was"], one.blanks["first"]) for one in problems
    ] == [("issue_differs", 4, "title", "乙", "甲", 2)]


def test_a_new_issue_without_its_number_is_never_taken_for_the_one_above():
    _, _, problems = combined("|WT-1|甲||CS-1|a|||", "||乙||CS-2|b|||")
    assert [(one.rule, one.line, one.value) for one in problems] == [("issue_without_key", 3, "乙")]
    _, _, problems = combined("|WT-1|甲||CS-1|a|||", "||甲||CS-2|b|||")
    assert problems == ()


def test_an_issue_without_a_measure_yet_is_an_issue_only():
    issue, action, problems = combined("|WT-1|甲||CS-1|a|||", "|WT-2|乙||||||")
    assert (len(issue.lines), len(action.lines), problems) == (2, 1, ())


def test_a_shared_heading_twice_belongs_to_both():
    (issue, action), problems = parts_of(
        [sheet("问题编号|问题名称|牵头单位|措施编号|整改措施|牵头单位|备查", "WT-1|甲|一科|CS-1|a|二科|x")]
    )
    assert [(one.column, one.place) for one in issue.columns if one.column == "lead_unit"] == [("lead_unit", 2)]
    assert [(one.column, one.place) for one in action.columns if one.column == "lead_unit"] == [("lead_unit", 5)]
    assert (action.extra, rules(problems)) == (("备查",), ["extra_column"])


def test_measures_that_only_name_the_number_of_their_issue_are_measures():
    part, _ = only("问题编号|措施编号|整改措施", "WT-1|CS-1|a", "|CS-2|b")
    assert (part.table, part.lines[1].cells) == ("action", ("", "CS-2", "b"))


def test_a_total_ends_no_combined_sheet():
    issue, action, problems = combined("|WT-1|甲||CS-1|a|||", "合计||||2||||")
    assert (len(issue.lines), len(action.lines), rules(problems)) == (1, 1, ["line_skipped"])


# --- sentences -------------------------------------------------------------------------------------------------

BROKEN = {
    "nothing_there": [sheet("")],
    "unknown_table": [sheet("姓名|电话", "张三|1")],
    "ambiguous_table": [sheet("title|kind|strand", "a|b|c|d")],
    "sheet_ignored": [sheet("说明", name="说明"), sheet("措施编号|整改措施", "CS-1|a")],
    "no_rows": [sheet("措施编号|整改措施")],
    "missing_key_column": [sheet("整改措施|责任单位|完成时限|整改状态", "a|b|c|d")],
    "duplicate_heading": [sheet("措施编号|整改措施|措施编号", "CS-1|a|CS-1")],
    "empty_heading": [sheet("措施编号||整改措施", "CS-1|b|a")],
    "extra_column": [sheet("措施编号|整改措施|完成期限", "CS-1|a|b")],
    "line_skipped": [sheet("措施编号|整改措施", "CS-1|a", "合计|1")],
    "example_skipped": [sheet("措施编号|整改措施", "示例|文字", "CS-1|a")],
    "header_again": [sheet("措施编号|整改措施", "CS-1|a", "措施编号|整改措施")],
    "issue_differs": [sheet("问题编号|问题名称|措施编号", "WT-1|甲|CS-1", "WT-1|乙|CS-2")],
    "issue_without_key": [sheet("问题编号|问题名称|措施编号", "WT-1|甲|CS-1", "|乙|CS-2")],
    "too_many_cells": [sheet("措施编号|整改措施", "CS-1|a|b")],
    "too_few_cells": [sheet("措施编号|整改措施", "CS-1")],
}


@pytest.mark.parametrize("rule", BROKEN)
def test_every_rule_of_headings_has_its_sentence_in_both_languages(rule):
    found = next(one for one in parts_of(BROKEN[rule])[1] if one.rule == rule)
    assert found.severity == RULES[rule].severity
    for t in (ZH, EN):
        said = sentence(found, t)
        assert "{" not in said
        assert len(said) > 15
        if found.line:
            assert str(found.line) in said


def test_an_extra_column_says_what_it_could_mean():
    found = parts_of(BROKEN["extra_column"])[1][0]
    assert sentence(found, ZH) == (
        "工作表“台账”，第 1 行，“完成期限”列：整改措施台账里没有这一列，未读取。如果应当读取，请指定它对应哪一列。"
        "建议：完成时限。"
    )
    assert sentence(found, EN).endswith("Suggestion: Due on.")


def test_no_two_headings_of_a_ledger_are_the_same_when_folded():
    for table in tables.ledgers().values():
        for code in ("zh", "en"):
            headings = [folded(column.heading[code]) for column in table.columns]
            assert len(set(headings)) == len(headings), table.name


# --- where the table is ----------------------------------------------------------------------------------------

LONG = "责任单位（填写说明：" + "请对照实施方案填写具体承担该项整改措施的科室名称，" * 8 + "）"


def test_a_heading_with_instructions_is_cut_and_not_dropped():
    part, problems = only(f"措施编号|整改措施|{LONG}|{'其他说明（' + '写清楚，' * 40}", "CS-1|甲|一科|x")
    assert columns(part) == ["action_id", "content", "resp_unit"]
    assert (part.extra, rules(problems)) == (("其他说明",), ["extra_column"])


def test_headings_over_three_lines_are_one_heading():
    part, problems = only("措施编号|整改|分工|", "|措施|单位|", "||牵头单位|责任单位", "CS-1|甲|一科|二科")
    assert columns(part) == ["action_id", "content", "lead_unit", "resp_unit"]
    assert (part.header_line, [line.number for line in part.lines]) == (3, [4])
    assert "empty_heading" not in rules(problems)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("1|2|3", "header_again"),  # numbers of the columns
        ("(1)|(2)|(3)", "header_again"),
        ("以上由KT-01课题组填写||", "line_skipped"),
        ("一、学习教育方面||", "line_skipped"),
        ("分管领导签字：||经办人：", "line_skipped"),
        ("||2019年12月2日", "line_skipped"),
        ("  年  月  日||", "line_skipped"),
        ("（盖章）||", "line_skipped"),
    ],
)
def test_what_stands_around_a_table_makes_no_row(line, rule):
    part, problems = only("措施编号|整改措施|责任单位", line, "CS-1|甲|一科")
    assert [one.number for one in part.lines] == [3]
    assert [(one.rule, one.line) for one in problems] == [(rule, 2)]


@pytest.mark.parametrize("line", ["CS-2||", "|乙|", "CS-2|乙|一科", "|整改|二科", "措施A2||"])
def test_what_could_be_a_row_stays_one(line):
    part, _ = only("措施编号|整改措施|责任单位", "CS-1|甲|一科", line)
    assert [one.number for one in part.lines] == [2, 3]


def test_a_title_of_an_issue_alone_is_no_note():
    _, problems = parts_of([sheet("问题编号|问题名称|措施编号|整改措施", "WT-1|甲|CS-1|a", "|乙||")])
    assert rules(problems) == ["issue_without_key"]


def test_a_list_of_keys_alone_keeps_every_one():
    part, _ = only("措施编号", "第一条措施", "CS-2")
    assert [one.number for one in part.lines] == [2, 3]


def test_a_table_below_another_is_its_own():
    lines = (
        "措施编号|整改措施|责任单位",
        "CS-1|甲|一科",
        "",
        "二、问题清单||",
        "问题编号|问题名称|牵头单位",
        "WT-1|乙|二科",
    )
    parts, problems = parts_of([sheet(*lines)])
    assert [(part.table, part.header_line, [line.number for line in part.lines]) for part in parts] == [
        ("action", 1, [2]),
        ("issue", 5, [6]),
    ]
    assert rules(problems) == ["line_skipped"]


def test_a_table_beside_another_is_its_own():
    parts, problems = parts_of(
        [
            sheet(
                "措施编号|整改措施|责任单位||走访编号|走访日期",
                "CS-1|甲|一科||ZF-1|2019-11-20",
                "CS-2|乙|二科||",
                "||||ZF-2|2019-11-21",
            )
        ]
    )
    assert [(part.table, [line.number for line in part.lines]) for part in parts] == [
        ("action", [2, 3]),
        ("visit", [2, 4]),
    ]
    assert rules(problems) == []


def test_an_empty_column_inside_a_table_divides_nothing():
    (part,), problems = parts_of([sheet("措施编号|整改措施||责任单位|完成时限", "CS-1|甲||一科|2019-10-01")])
    assert columns(part) == ["action_id", "content", "resp_unit", "due_on"]
    assert rules(problems) == []


def test_the_line_of_the_headings_can_be_chosen():
    lines = ("措施编号|整改措施", "问题编号|问题名称|牵头单位", "WT-1|甲|一科")
    first, _ = parts_of([sheet(*lines)])
    assert [part.header_line for part in first] == [2]
    chosen, _ = parts_of([sheet(*lines)], fixes=[HeaderFix("台账", 1)])
    assert (chosen[0].table, chosen[0].header_line) == ("action", 1)


def test_every_heading_is_told_with_the_column_it_goes_to_and_what_stands_below():
    part, _ = only("序号|措施编号|具体要求|整改措施", "1|CS-1|x|甲", "2|CS-2|x|乙", "3|CS-3|y|丙", "4|CS-4|z|丁")
    assert [(one.heading, one.column, one.samples) for one in mapping_of(part)] == [
        ("措施编号", "action_id", ("CS-1", "CS-2", "CS-3")),
        ("具体要求", None, ("x", "y", "z")),
        ("整改措施", "content", ("甲", "乙", "丙")),
    ]


# --- headings of one unit --------------------------------------------------------------------------------------


def sent(sender: str, heading: str) -> Sheet:
    about = f"填报单位：{sender}　　2019年10月"
    return sheet(f"整改台账 {sender}||", f"{about}||", f"措施编号|{heading}|整改状态", "CS-1|2019-10-01|", name=sender)


def test_a_unit_says_above_its_table_who_it_is():
    assert sender_of(sent("信访局", "时间")) == "信访局"
    beside = Sheet("一", (Line(1, ("填报单位：", "交通局", "")), Line(2, ("措施编号", "", ""))), "xlsx")
    assert sender_of(beside) == "交通局"
    heading = Sheet("一", (Line(1, ("措施编号", "填报单位", "整改状态")), Line(2, ("CS-1", "交通局", ""))), "xlsx")
    assert sender_of(heading) == ""  # a heading: no colon stands behind it


def test_a_heading_means_to_each_unit_what_it_was_said_to_mean():
    """Two units call different columns the same; what is said of all units counts where nothing else was said."""
    taught = Learnt(
        (
            HeadingFix("时间", "action", "started_on"),
            HeadingFix("时间", "action", "due_on", sender="信访局"),
            HeadingFix("时间", "action", "done_on", sender="交通局"),
        )
    )
    assert learnt_of(map(as_record, taught.fixes)) == taught
    found = [parts_of([sent(unit, "时间")], taught)[0][0] for unit in ("信访局", "交通局", "审批局")]
    assert [part.columns[1].column for part in found] == ["due_on", "done_on", "started_on"]
    own = HeadingFix("时间", "action", "closed_on", sender="信访局")
    assert parts_of([sent("信访局", "时间")], taught, [own])[0][0].columns[1].column == "closed_on"
    assert parts_of([sent("交通局", "时间")], taught, [own])[0][0].columns[1].column == "done_on"


def test_a_heading_of_a_unit_is_told_with_the_unit():
    fix = HeadingFix("时间", "action", "due_on", sender="信访局")
    assert fix.sentence(language("zh")) == "表头“时间”是整改措施台账的“完成时限”列（只用于“信访局”的表）"
    assert fix.sentence(language("en")).endswith("(in the sheets of “信访局” only)")


def test_a_line_that_lost_a_cell_is_named_before_the_errors_that_come_of_it():
    """All cells behind the missing one stand under the wrong heading; a short line without an error only warns."""
    lines = [
        "措施编号|整改措施|完成时限|整改状态",
        "CS-1|做|整改中",
        *(f"CS-{n}|做|2019-10-01|没这回事" for n in range(2, 9)),
        "CS-9|做",
    ]
    _, problems = only(*lines)
    part = parts_of([sheet(*lines)])[0][0]
    found = groups_of([*problems, *rows_of(part, context_of(None)).problems])
    assert [(one.rule, one.severity) for one in found] == [
        ("too_few_cells", "warning"),
        ("unknown_code", "error"),
        ("bad_date", "error"),
    ]
    assert found[0].lines == (2, 10)
