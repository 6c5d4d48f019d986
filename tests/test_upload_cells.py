"""Cells as people type them become values, or problems with a sentence; nothing is guessed, nothing lost quietly."""

import datetime as dt
import itertools
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.declared import tables
from taizhang.declared.wording import language
from taizhang.rows.problems import (
    ERROR,
    MOST_VALUES_APART,
    RULES,
    WARNING,
    Problem,
    follows,
    groups_of,
    problem,
    sentence,
    suggested,
)
from taizhang.uploads import cells, values
from taizhang.uploads.cells import (
    Context,
    Reading,
    context_of,
    context_of_rows,
    guarded,
    readings_of,
    rows_of,
    unguarded,
)
from taizhang.uploads.fixes import (
    CellFix,
    CodeFix,
    DateFix,
    HeadingFix,
    Learnt,
    ValueFix,
    as_record,
    folded,
    from_record,
    learnt_of,
    switched,
    together,
)
from taizhang.uploads.headings import parts_of
from taizhang.uploads.lines import Cancelled, Line, Sheet

ZH, EN = language("zh"), language("en")

CONTEXT = context_of_rows(
    {
        "campaign": {"ZT-1": {"default_year": 2019, "has_no_verification": False}},
        "district": {
            "MCA-E": {"district_code": "MCA-E", "district_name": "东区", "district_name_en": "East District"},
            "MCA-W": {"district_code": "MCA-W", "district_name": "西市", "district_name_en": None},
        },
        "town": {
            "MCA-E1": {"town_code": "MCA-E1", "district_code": "MCA-E", "town_name": "白沙", "town_name_en": "Baisha"},
            "MCA-W1": {"town_code": "MCA-W1", "district_code": "MCA-W", "town_name": "白沙", "town_name_en": "Baisha"},
            "MCA-W2": {"town_code": "MCA-W2", "district_code": "MCA-W", "town_name": "河口镇", "town_name_en": None},
        },
        "action": {"CS-L": {"rect_type": "long_term"}, "CS-D": {"is_demo": True}, "CS-R": {"is_demo": False}},
        "event": {"HD-M": {"date_precision": "month"}, "HD-U": {"date_precision": "unknown"}},
        "issue": {"WT-1": {}},
    }
)


def part_of(*lines: str, name: str = "台账"):
    own = Sheet(name, tuple(Line(at, tuple(line.split("|"))) for at, line in enumerate(lines, start=1)), "UTF-8")
    (part,), problems = parts_of([own])
    assert [one for one in problems if one.severity == ERROR] == []
    return part


def read(*lines: str, context: Context = CONTEXT, fixes=()) -> Reading:
    return rows_of(part_of(*lines), context, fixes)


def one_cell(table: str, column: str, text: str, context: Context = CONTEXT, fixes=(), key: str = "X-1") -> Reading:
    """One row of a ledger with one cell; a text that is a list has more cells after it, `column=text`."""
    keys = tables.ledgers()[table].key
    more = [column, *(one.partition("=")[0] for one in text.split("|")[1:])]
    cells = [text.split("|")[0], *(one.partition("=")[2] for one in text.split("|")[1:])]
    own = Sheet("台账", (Line(1, (*keys, *more)), Line(2, (key, *cells))), "UTF-8")
    (part,), _ = parts_of([own])
    return rows_of(part, context, fixes)


def value(reading: Reading, column: str) -> object:
    assert [one for one in reading.problems if one.severity == ERROR] == []
    return reading.rows[0].cells[column]


DAY = dt.date(2019, 9, 11)

READ = [
    ("action", "due_on", "2019-09-11", DAY),
    ("action", "due_on", "2019-9-11", DAY),
    ("action", "due_on", "2019/9/11", DAY),
    ("action", "due_on", "2019.9.11", DAY),
    ("action", "due_on", "2019年9月11日", DAY),
    ("action", "due_on", "2019年9月11号", DAY),
    ("action", "due_on", " 2019 年 9 月 11 日　", DAY),
    ("action", "due_on", "２０１９年９月１１日", DAY),
    ("action", "due_on", "２０１９／９／１１", DAY),
    ("action", "due_on", "2019–9–11", DAY),
    ("action", "due_on", "20190911", DAY),
    ("action", "due_on", "43719", DAY),  # what Excel keeps
    ("action", "due_on", "43719.0", DAY),
    ("action", "due_on", "2019-09-11 00:00:00", DAY),
    ("action", "due_on", "2019-09-11T00:00:00", DAY),
    ("action", "due_on", "9月11日", DAY),
    ("action", "due_on", "25/12/2019", dt.date(2019, 12, 25)),  # there is no month 25
    ("action", "due_on", "12/25/2019", dt.date(2019, 12, 25)),
    ("action", "due_on", "1/1/2019", dt.date(2019, 1, 1)),
    ("action", "due_on", "二〇一九年九月十一日", DAY),
    ("action", "due_on", "二○一九年十二月二十三日", dt.date(2019, 12, 23)),
    ("action", "due_on", "2019、9、11", DAY),
    ("action", "due_on", "11-Sep-19", DAY),
    ("action", "due_on", "11 Sept 2019", DAY),
    ("action", "due_on", "September 11, 2019", DAY),
    ("action", "due_on", "'2019-09-11", DAY),  # a spreadsheet's sign for a text
    ("action", "due_on", "2019.9.11.", DAY),
    ("action", "due_on", "2019年9月11日前", DAY),
    ("action", "due_on", "9月11日之前完成", DAY),
    ("action", "due_on", "2019年9月", dt.date(2019, 9, 30)),  # a deadline: by the end of it
    ("action", "due_on", "2019-9", dt.date(2019, 9, 30)),
    ("action", "due_on", "9月", dt.date(2019, 9, 30)),
    ("action", "due_on", "12月底前", dt.date(2019, 12, 31)),
    ("action", "due_on", "2020年2月底", dt.date(2020, 2, 29)),
    ("action", "due_on", "11月中旬", dt.date(2019, 11, 20)),
    ("action", "due_on", "2019年2月下旬", dt.date(2019, 2, 28)),
    ("action", "due_on", "2019年第四季度", dt.date(2019, 12, 31)),
    ("action", "due_on", "年底前", dt.date(2019, 12, 31)),
    ("action", "due_on", "2020年上半年", dt.date(2020, 6, 30)),
    ("action", "due_on", "19-9-11", DAY),  # any other order lies years away from the campaign
    ("action", "due_on", "长期坚持", None),
    ("action", "original_due_on", "立即", None),
    ("extension", "new_due_on", "2019年9月11日前", DAY),  # of a ledger without a column for the text
    ("event", "started_on", "9月11日下午", DAY),
    ("event", "started_on", "2019年9月11日上午9:30-11:00", DAY),
    ("event", "started_on", "9月11日-13日", DAY),
    ("event", "started_on", "2019.9.11—9.13", DAY),
    ("event", "started_on", "2019年9月30日至2019年10月2日", dt.date(2019, 9, 30)),
    ("event", "started_on", "2019年9月", dt.date(2019, 9, 1)),
    ("event", "started_on", "9月中旬", dt.date(2019, 9, 1)),
    ("action", "due_on", "(清空)", None),
    ("action", "due_on", "（清空）", None),
    ("action", "due_on", "(Clear)", None),
    ("action", "percent", "85", 85),
    ("action", "percent", "85%", 85),
    ("action", "percent", "85％", 85),
    ("action", "percent", "８５ ％", 85),
    ("action", "percent", "1", 1),
    ("action", "percent", "100%", 100),
    ("action", "return_count", "1,234", 1234),
    ("action", "return_count", "１，２３４", 1234),
    ("action", "return_count", "2次", 2),
    ("action", "return_count", "2.0", 2),
    ("event", "attendance", "30 人", 30),
    ("event", "attendance", "约30人", 30),
    ("event", "attendance", "30余人", 30),
    ("event", "attendance", "三十人", 30),
    ("action", "return_count", "两次", 2),
    ("figure", "value", "1,234.50", Decimal("1234.50")),
    ("figure", "value", "-3", Decimal("-3")),
    ("action", "rect_type", "time_limited", "time_limited"),
    ("action", "rect_type", "限期整改", "time_limited"),
    ("action", "rect_type", "Time-limited", "time_limited"),
    ("action", "rect_type", "分阶段整改", "time_limited"),
    ("action", "rect_type", " 限 期　整改 ", "time_limited"),
    ("action", "rect_type", "ＴＩＭＥ－ＬＩＭＩＴＥＤ", "time_limited"),
    ("suggestion", "disposition", "Ａ", "A"),
    ("suggestion", "disposition", "A已解决", "A"),
    ("action", "status", "推进中", "in_progress"),
    ("action", "status", "办结", "pending_verification"),
    ("action", "status", "基本完成", "in_progress"),
    ("action", "status", "已整改", "pending_verification"),
    ("action", "status", "已整改到位。", "pending_verification"),
    ("action", "status", "整改完成", "pending_verification"),
    ("action", "status", "未整改", "not_started"),
    ("action", "status", "未完成", "in_progress"),
    ("action", "status", "持续整改", "in_progress"),
    ("action", "rect_type", "持续整改", "long_term"),
    ("action", "status", "销号", "closed"),
    ("action", "status", "基本完成|rect_type=长期坚持", "staged_ongoing"),
    ("action", "status", "已完成|closed_on=2019-10-01|verified_by=办公室", "closed"),
    ("action", "status", "完成整改|closed_on=2019-10-01", "pending_verification"),
    ("action", "status", "申请销号|closed_on=2019-10-01|verified_by=办公室", "pending_verification"),
    ("suggestion", "is_satisfied", "√", True),
    ("suggestion", "is_satisfied", "是", True),
    ("suggestion", "is_satisfied", "Ｎｏ", False),
    ("suggestion", "is_satisfied", "×", False),
    ("suggestion", "is_satisfied", "v", True),  # how a tick is typed
    ("suggestion", "is_satisfied", "满意", True),
    ("suggestion", "is_satisfied", "不满意", False),
    ("visit", "district_code", "东区", "MCA-E"),
    ("visit", "district_code", "East District", "MCA-E"),
    ("visit", "district_code", "MCA-W", "MCA-W"),
    ("visit", "town_code", "MCA-E1|district_code=东区", "MCA-E1"),
    ("visit", "town_code", "白沙|district_code=东区", "MCA-E1"),  # a name that two districts have
    ("visit", "town_code", "白沙|district_code=西市", "MCA-W1"),
    ("visit", "town_code", "Baisha|district_code=MCA-W", "MCA-W1"),
    ("action", "content", " 一、学习\r\n二、调研 ", "一、学习\n二、调研"),
    ("action", "content", "１２３（全角不改）", "１２３（全角不改）"),
    ("action", "content", "'=1+1", "=1+1"),
    ("action", "content", '="2019-1"', "2019-1"),  # how other programs keep Excel from reading a date
    ("action", "content", '="a ""b"""', 'a "b"'),
    ("action", "content", '=A1&"x"', '=A1&"x"'),
    ("action", "content", "'quoted'", "'quoted'"),
    ("action", "issue_id", "ＷＴ－１", "WT-1"),
    ("action", "issue_id", "ＷＴ－２", "ＷＴ－２"),  # there is no WT-2: nothing says that it is meant
]


@pytest.mark.parametrize(("table", "column", "text", "expected"), READ)
def test_a_value_as_people_type_it(table, column, text, expected):
    found = value(one_cell(table, column, text), column)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("action due_on 2019年9月30日前", {"due_on": dt.date(2019, 9, 30), "due_text": "2019年9月30日前"}),
        ("action due_on 长期坚持", {"due_on": None, "due_text": "长期坚持"}),
        ("action due_on 12月底前|due_text=年内", {"due_on": dt.date(2019, 12, 31), "due_text": "年内"}),
        ("action due_on 2019-09-30", {"due_on": dt.date(2019, 9, 30)}),
        (
            "event started_on 9月11日下午",
            {
                "started_on": DAY,
                "half": "pm",
                "date_precision": "half_day",
                "date_text": "9月11日下午",
                "is_year_inferred": True,
            },
        ),
        (
            "event started_on 2019.9.11—9.13",
            {
                "started_on": DAY,
                "ended_on": dt.date(2019, 9, 13),
                "half": None,
                "date_precision": "range",
                "date_text": "2019.9.11—9.13",
            },
        ),
        (
            "event started_on 2019年9月",
            {"started_on": dt.date(2019, 9, 1), "half": None, "date_precision": "month", "date_text": "2019年9月"},
        ),
    ],
)
def test_what_a_date_says_beside_the_day_goes_to_the_columns_the_ledger_has_for_it(cell, expected):
    reading = one_cell(*cell.split(" ", 2))
    cells_read = dict(reading.rows[0].cells)
    key = tables.ledgers()[cell.split(" ")[0]].key[0]
    assert cells_read.pop(key) == "X-1"
    assert cells_read == expected


@pytest.mark.parametrize(
    ("cells_of_column", "expected", "order"),
    [
        (("03/04/2019", "25/04/2019"), ["2019-04-03", "2019-04-25"], "dmy"),
        (("03/04/2019", "04/25/2019"), ["2019-03-04", "2019-04-25"], "mdy"),
        (("19.9.30", "2019-10-01"), ["2019-09-30", "2019-10-01"], "ymd"),
        (("9/11", "9/30"), ["2019-09-11", "2019-09-30"], "ymd"),  # there is no month 30
        (("03/04/2019", "05/06/2019"), [None, None], None),  # nothing settles it
        (("03/04/2019", "25/04/2019", "04/25/2019"), [None, "2019-04-25", "2019-04-25"], None),  # they contradict
    ],
)
def test_the_other_dates_of_a_column_settle_the_order_and_it_is_said(cells_of_column, expected, order):
    lines = [f"CS-{place}|{text}" for place, text in enumerate(cells_of_column)]
    reading = read("措施编号|完成时限", *lines)
    found = [row.cells.get("due_on") for row in reading.rows]
    assert [one.isoformat() if one else None for one in found] == expected
    said = [one for one in reading.problems if one.rule == "date_order_settled"]
    assert [one.blanks["order"] for one in said] == ([order] if order else [])
    assert all(ZH(f"fix.order_{order}") in sentence(one, ZH) for one in said)


def test_the_order_that_a_clerk_chose_wins_over_the_settled_one():
    reading = read(
        "措施编号|完成时限", "CS-1|03/04/2019", "CS-2|25/04/2019", fixes=[DateFix("action", "due_on", "mdy")]
    )
    assert reading.rows[0].cells["due_on"] == dt.date(2019, 3, 4)
    assert [one.rule for one in reading.problems] == ["bad_date"]


def test_a_cell_that_says_as_above_says_what_the_cell_above_says_and_it_is_told():
    reading = read("措施编号|责任单位|牵头单位", "CS-1|一科|办公室", "CS-2|同上|〃", "CS-3|〃|", "CS-4|同上|二科")
    assert [row.cells.get("resp_unit") for row in reading.rows] == ["一科"] * 4
    assert [row.cells.get("lead_unit") for row in reading.rows] == ["办公室", "办公室", None, "二科"]
    assert [(one.rule, one.line) for one in reading.problems] == [
        ("same_as_above", 2 + place) for place in (1, 1, 2, 3)
    ]
    assert "按上一行的“一科”读取" in sentence(reading.problems[0], ZH)


def test_what_stands_in_the_ledger_as_it_is_written_comes_back_as_it_was():
    known = context_of_rows({"suggestion": {"YJ-2": {"content": "同上"}}})
    reading = read("意见编号|意见内容|答复日期", "YJ-1|修路|", "YJ-2|同上|", "YJ-3|同上|", context=known)
    assert [row.cells["content"] for row in reading.rows] == ["修路", "同上", "同上"]  # the third: of the cell above it
    assert [(one.rule, one.line) for one in reading.problems] == [("same_as_above", 4)]


def test_a_mark_for_nothing_keeps_what_the_ledger_has_and_it_is_said():
    reading = read(
        "措施编号|责任单位|完成时限|整改状态|进度%", "CS-1|/|—|无|-", "CS-2|无线电管理局|2019-10-01|整改中|1"
    )
    assert reading.rows[0].cells == {"action_id": "CS-1"}
    assert reading.rows[1].cells["resp_unit"] == "无线电管理局"
    assert [one.rule for one in reading.problems] == ["placeholder"] * 4


LIKE = ["cs-l", "CS—L", "CS - L", "CS-L。", "'CS-L", "CS–L、"]


@pytest.mark.parametrize("said", LIKE)
def test_a_key_much_like_one_of_the_ledger_is_asked_about_before_a_row_is_made(said):
    asked = read("措施编号|整改措施", f"{said}|a")
    assert asked.rows == ()
    assert [(one.rule, one.suggestion) for one in asked.problems] == [("key_like", "CS-L")]
    same = read("措施编号|整改措施", f"{said}|a", fixes=[ValueFix("action", "action_id", said, "CS-L")])
    assert [row.cells["action_id"] for row in same.rows] == ["CS-L"]
    other = read("措施编号|整改措施", f"{said}|a", fixes=[ValueFix("action", "action_id", said, said)])
    assert [row.cells["action_id"] for row in other.rows] == [said]
    assert (same.problems, other.problems) == ((), ())


@pytest.mark.parametrize("said", ["1E+05", "4.40703E+11", "1-Mar", "Mar-19"])
def test_what_a_spreadsheet_made_of_a_key_is_no_key(said):
    reading = read("措施编号|整改措施", f"{said}|a")
    assert (reading.rows, [one.rule for one in reading.problems]) == ((), ["key_eaten"])
    of_district = one_cell("visit", "district_code", said)
    assert [(one.rule, one.suggestion) for one in of_district.problems] == [("unknown_district", None)]


@pytest.mark.parametrize(("table", "code"), [("district", "520102"), ("town", "520102001"), ("town", "520102001000")])
def test_the_countrys_numbers_are_codes_of_places_and_of_nothing_else(table, code):
    name = {"district": "district_name", "town": "town_name"}[table]
    keys = f"{table}_code|{name}" + ("|district_code" if table == "town" else "")
    reading = read(keys, f"{code}|某地" + ("|MCA-E" if table == "town" else ""))
    assert (reading.problems, reading.rows[0].cells[f"{table}_code"]) == ((), code)
    assert [one.rule for one in read("措施编号|整改措施", f"{code}|a").problems] == ["key_without_letter"]


def test_what_follows_from_an_unread_ledger_stands_behind_it_and_is_counted_apart():
    missing = [
        problem("unknown_district", table="visit", line=at, column="district_code", value="南区") for at in range(9)
    ]
    unread = problem("key_empty", table="district", line=2, column="district_code")
    groups = groups_of([*missing, unread])
    assert [(one.rule, follows(one, groups)) for one in groups] == [("key_empty", False), ("unknown_district", True)]
    alone = groups_of(missing)
    assert [follows(one, alone) for one in alone] == [False]
    sheet_unread = groups_of([*missing, problem("unknown_table", sheet="市区", headings=("a",))])
    assert [one.rule for one in sheet_unread] == ["unknown_table", "unknown_district"]


def test_a_key_that_the_ledger_has_is_never_asked_about():
    known = {"action": {key: {} for key in ("CS-1", "CS-01", "1-Mar")}}
    reading = read("措施编号|整改措施", "CS-1|a", "CS-01|b", "1-Mar|c", "CS-001|d", context=context_of_rows(known))
    assert [row.cells["action_id"] for row in reading.rows] == ["CS-1", "CS-01", "1-Mar", "CS-001"]  # two are like it


@pytest.mark.parametrize("text", ["", " ", "　", "\t"])
def test_a_blank_cell_sets_nothing(text):
    assert one_cell("action", "status", text).rows[0].cells == {"action_id": "X-1"}


NO_YEAR = Context()
TWICE = ("措施编号|整改措施", "CS-1|a", "CS-1|b")

# rule, (table, column, text) of one cell or the lines of a sheet, what is suggested
BROKEN = [
    ("key_empty", ("措施编号|整改措施", "|a"), None),
    ("key_without_letter", ("措施编号|整改措施", "1-1|a"), None),
    ("key_unclean", ("措施编号|整改措施", "CS\n1|a"), None),
    ("text_unclean", "action content 交通\u202e局", "交通局"),
    ("text_unclean", "action content \u200e交通\x01局\ufffe", "交通局"),
    ("text_unclean", "action content 一\x0b二\u2028三", "一\n二\n三"),
    ("text_unclean", "action due_on \u200e2019-10-01", "2019-10-01"),
    ("key_twice", TWICE, None),
    ("key_read_as", ("措施编号|整改措施", "ＣＳ－Ｌ|a"), None),
    ("key_eaten", ("措施编号|整改措施", "1E+05|a"), None),
    ("key_like", ("措施编号|整改措施", "cs-l|a"), "CS-L"),
    ("key_like", "action issue_id wt-01", "WT-1"),  # what refers to a row, too
    ("placeholder", "action resp_unit /", None),
    ("same_as_above", ("措施编号|责任单位", "CS-1|一科", "CS-2|同上"), None),
    ("nothing_above", ("措施编号|责任单位", "CS-2|同上"), None),
    ("unknown_code", "action status 已经完成", "申请销号"),
    ("unknown_code", "action status 未做完", None),  # the likest is done: its opposite
    ("unknown_code", "action status 整改不到位", None),
    ("read_as", "action status 未完成", None),
    ("unknown_code", "action rect_type 限期整政", "限期整改"),
    ("unknown_code", "action rect_type 马上", None),
    ("read_as", "action status 基本完成", None),
    ("bad_yes_no", "suggestion is_satisfied 大概", None),
    ("bad_number", "action return_count 3+2", None),
    ("bad_number", "action return_count 若干", None),
    ("number_read_as", "action return_count 两次", None),
    ("about_read_as", "event attendance 约30", None),
    ("bad_number", "action return_count 1_000", None),
    ("bad_number", "action return_count 1,23", None),
    ("bad_number", "action return_count 1E3", None),
    ("bad_number", "figure value NaN", None),
    ("bad_whole_number", "action return_count 1.5", None),
    ("number_too_large", "action return_count 99999999999", None),
    ("number_too_large", "figure value 99999999999999999999999999999", None),
    ("number_too_fine", "figure value 1.239", "1.24"),
    ("share_for_percent", "action percent 0.85", "85"),
    ("bad_date", "action done_on 长期坚持", None),
    ("bad_date", "action due_on 每月25日", None),
    ("bad_date", "action due_on 13月底", None),
    ("bad_date", "event started_on 9月31日下午", None),
    ("deadline_without_day", "action due_on 长期坚持", None),
    ("date_read_as", "action due_on 2019年9月", None),
    ("date_read_as", "event started_on 2019年9月", None),
    ("date_order_settled", "action due_on 19-9-11", None),
    ("bad_date", "action due_on 2019-02-30", None),
    ("bad_date", "action due_on 13月11日", None),
    ("bad_date", "action due_on 99999", None),
    ("bad_date", "action due_on 0019-09-11", None),
    ("bad_date", "action due_on 2019-13-01", None),
    ("date_ambiguous", "action due_on 01/02/2019", None),
    ("date_ambiguous", "action due_on 9/11", None),
    ("date_ambiguous", "action due_on 1-2-03", None),
    ("date_without_day", "action done_on 2019年9月", None),
    ("date_without_day", "action done_on 9月", None),
    ("date_without_day", "action due_on 2019", None),
    ("time_dropped", "action due_on 2019-09-11T14:30", None),
    ("time_dropped", "action due_on 43719.5", None),
    ("year_inferred", "action due_on 9月11日", None),
    ("unknown_district", "visit district_code 南市", None),
    ("unknown_district", "visit district_code 东区区", "东区"),
    ("unknown_town", "visit town_code 河口|district_code=西市", "河口镇"),
    ("unknown_town", "visit town_code 河口镇|district_code=东区", None),
    ("town_needs_district", "visit town_code 白沙", None),
    ("demo_ignored", "action is_demo 是", None),
    ("usual_value", ("活动编号|活动名称|活动类型", "HD-1|例会|会议"), None),
]


def broken(rule: str, case: str | tuple[str, ...]) -> Problem:
    reading = read(*case) if isinstance(case, tuple) else one_cell(*case.split(" ", 2))
    assert [one.rule for one in reading.problems] == [rule]
    return reading.problems[0]


@pytest.mark.parametrize(("rule", "case", "suggestion"), BROKEN)
def test_a_broken_rule_is_one_problem_with_a_sentence_in_both_languages(rule, case, suggestion):
    found = broken(rule, case)
    assert found.severity == RULES[rule].severity
    assert (found.table, found.sheet) != ("", "")
    said, in_english = sentence(found, ZH), sentence(found, EN)
    for one in (said, in_english):
        assert "{" not in one
        assert str(found.line) in one
    assert "台账" in said
    shown = suggested(found, ZH)
    assert shown == suggestion


def test_a_date_without_a_year_needs_the_year_of_the_campaign():
    reading = one_cell("action", "due_on", "9月11日", NO_YEAR)
    assert [one.rule for one in reading.problems] == ["no_default_year"]
    assert "due_on" not in reading.rows[0].cells
    assert "默认年份" in sentence(reading.problems[0], ZH)
    assert "default year" in sentence(reading.problems[0], EN)


def test_every_rule_has_a_test_here_or_with_the_headings():
    import test_upload_headings

    shown = {rule for rule, _, _ in BROKEN} | {"no_default_year", "more_problems"} | test_upload_headings.BROKEN.keys()
    of_marks = {"merged_filled", "line_struck", "line_hidden", "column_hidden"}  # test_upload_marks.py
    of_numbering = {"several_in_one", "key_matched", "key_given"}  # test_upload_numbering.py
    of_rounds = {
        "row_of_another_unit",
        "sheet_of_no_round",
        "sheet_of_an_older_round",
        "returned_already",
    }  # test_rounds.py
    of_units = {"row_not_theirs", "row_names_nobody", "ledger_of_the_office", "column_of_the_office"}
    of_rounds |= of_units  # test_handing_in.py
    of_the_demo = {"real_row_in_demo", "closed_unverified"}  # test_founding.py
    assert shown | of_marks | of_numbering | of_rounds | of_the_demo == RULES.keys()


def test_sentences_say_where_what_and_what_to_do():
    found = broken("unknown_code", "action rect_type 限期整政")
    assert sentence(found, ZH) == (
        "工作表“台账”，第 2 行，“rect_type”列：“限期整政”不在可选值之内。可填：立行立改，限期整改，长期坚持。"
        "请改成其中一个，或指定它的意思。建议：限期整改。"
    )
    assert sentence(found, EN) == (
        "Sheet “台账”, line 2, column “rect_type”: “限期整政” is not one of the values allowed here: Immediate, "
        "Time-limited, Long-term. Choose one of them, or say which one it means. Suggestion: Time-limited."
    )
    twice = broken("key_twice", TWICE)
    assert (twice.line, twice.blanks["first"]) == (3, 2)
    assert "第 2 行" in sentence(twice, ZH)
    assert "line 2" in sentence(twice, EN)


def test_braces_and_long_texts_do_no_harm_in_a_sentence():
    said = sentence(one_cell("action", "percent", "{where} " + "很长" * 500).problems[0], ZH)
    assert "{where}" in said
    assert len(said) < 200


# --- cells that depend on others -------------------------------------------------------------------------------


def test_done_is_closed_where_nobody_verifies():
    context = Context(has_no_verification=True)
    assert value(one_cell("action", "status", "已完成", context), "status") == "closed"
    assert value(one_cell("action", "status", "申请销号", context), "status") == "pending_verification"
    reading = one_cell("action", "status", "已完成|done_on=2019-09-12", context)
    assert (value(reading, "closed_on"), value(reading, "verified_by").split()[0]) == (
        dt.date(2019, 9, 12),
        "无审核环节",
    )
    assert [one.rule for one in reading.problems] == ["closed_unverified"]
    own = one_cell("action", "status", "已完成|closed_on=2019-09-13|verified_by=督查室", context)
    assert (value(own, "closed_on"), value(own, "verified_by")) == (dt.date(2019, 9, 13), "督查室")
    closed = {"action": {"CS-1": {"status": "closed"}}}
    again = one_cell("action", "status", "已完成", Context(has_no_verification=True, rows=closed), key="CS-1")
    assert (again.problems, again.rows[0].cells.keys()) == ((), {"action_id", "status"})


def test_a_plain_list_of_meetings_says_once_what_its_new_rows_count_as():
    reading = read(
        "活动编号|活动名称|日期|重点措施", "HD-1|例会|2019-09-03|", "HD-2|讲课|2019-09-10|学习教育", "HD-3|碰头|9月5日|"
    )
    found = {one.column: one for one in reading.problems if one.rule == "usual_value"}
    assert [(name, one.line, one.blanks["count"]) for name, one in found.items()] == [("kind", 2, 3), ("strand", 2, 2)]
    assert sentence(found["strand"], ZH) == (
        "工作表“台账”，第 2 行，“重点措施”列：2 行没有写，按“综合”计。要分清的，请写上这一列。"
    )
    assert "3 rows say nothing here and count as “Other”" in sentence(found["kind"], EN)
    assert all("kind" not in row.cells for row in reading.rows)  # what the ledger has stays
    known = read("活动编号|活动名称|地点", "HD-M|例会|三楼", "HD-4||四楼")  # one stands already, one lacks its title
    assert [one.rule for one in known.problems] == []
    wrong = read("活动编号|活动名称|活动类型|重点措施", "HD-1|例会|会议|没有这条线")
    assert [one.rule for one in wrong.problems] == ["unknown_code"]


def test_nearly_done_knows_the_type_of_a_measure_that_is_there_already():
    assert value(one_cell("action", "status", "基本完成", key="CS-L"), "status") == "staged_ongoing"
    assert value(one_cell("action", "status", "基本完成|rect_type=限期整改", key="CS-L"), "status") == "in_progress"


def test_an_inferred_year_is_marked_where_the_ledger_can_hold_it():
    reading = read("活动编号|日期|年份为推断", "HD-1|9月11日|否", "HD-2|2019-09-12|否", "HD-3|9月13日|")
    assert [row.cells["is_year_inferred"] for row in reading.rows] == [True, False, True]
    assert reading.inferred == ((2, "started_on"), (4, "started_on"))
    assert "is_year_inferred" not in one_cell("action", "due_on", "9月11日").rows[0].cells


def test_a_dated_event_has_a_precision():
    lines = (
        "活动编号|日期|结束日期|半日",
        "HD-1|2019-09-11||",
        "HD-2|2019-09-11|2019-09-13|",
        "HD-3|2019-09-11||上午",
        "HD-M|2019-09-01||",
        "HD-U|2019-09-11||",
        "HD-4|||",
        "HD-5|(清空)||",
    )
    found = [row.cells.get("date_precision") for row in read(*lines).rows]
    assert found == ["day", "range", "half_day", None, "day", None, "unknown"]
    assert value(one_cell("event", "started_on", "2019-09-01|date_precision=月"), "date_precision") == "month"


def test_a_town_is_not_asked_for_where_its_district_is_unknown():
    reading = one_cell("visit", "district_code", "东部|town_code=白沙")
    assert [one.rule for one in reading.problems] == ["unknown_district"]
    assert reading.problems[0].blanks["known"] == ("东区", "西市")
    needs = one_cell("visit", "town_code", "白沙").problems[0]
    assert needs.blanks["candidates"] == ("东区", "西市")


def test_a_file_cannot_change_which_rows_are_made_up():
    reading = read("措施编号|示例数据", "CS-D|是", "CS-D2|是", "CS-R|否", "CS-R2|(清空)", "CS-N|否")
    assert [row.cells.get("is_demo") for row in reading.rows] == [True, None, False, None, False]
    assert [(one.line, one.rule, one.severity) for one in reading.problems] == [
        (3, "demo_ignored", WARNING),
        (5, "demo_ignored", WARNING),
    ]
    assert [one.line for one in read("措施编号|示例数据", "CS-D|否").problems] == [2]


def test_a_one_among_shares_is_the_whole_and_not_one_percent():
    reading = read("措施编号|进度%", "CS-1|0.5", "CS-2|1", "CS-3|1%", "CS-4|0")
    assert [(one.line, one.suggestion) for one in reading.problems] == [(2, "50"), (3, "100")]
    assert [row.cells.get("percent") for row in reading.rows] == [None, None, 1, 0]


def test_keys_of_two_columns_are_unique_together():
    reading = read("测评编号|等次|票数", "CP-1|满意|3", "CP-1|不满意|1", "CP-1|very|2", "CP-1||2")
    assert [(one.rule, one.line, one.column) for one in reading.problems] == [
        ("key_twice", 4, "survey_id"),
        ("key_empty", 5, "grade"),
    ]
    assert len(reading.rows) == 2


# --- several parts ---------------------------------------------------------------------------------------------


def test_what_comes_in_the_same_upload_is_known_in_any_order():
    parts = [
        part_of("走访编号|走访日期|市区|乡镇", "ZF-1|9月11日|南市|新镇", name="走访"),
        part_of("乡镇代码|市区|乡镇名称|类别", "MCA-S1|南市|新镇|镇", name="乡镇"),
        part_of("市区代码|市区名称", "MCA-S|南市", name="市区"),
        part_of("主题教育编号|主题教育名称|默认年份", "ZT-1|主题教育|2018", name="活动"),
    ]
    readings = readings_of(parts, Context())
    assert readings[0].rows[0].cells == {
        "visit_id": "ZF-1",
        "visited_on": dt.date(2018, 9, 11),
        "district_code": "MCA-S",
        "town_code": "MCA-S1",
    }
    assert {one.rule for reading in readings for one in reading.problems} == {"year_inferred"}


def test_a_key_may_stand_in_one_sheet_only():
    parts = [part_of("措施编号|整改措施", "CS-1|a", name="甲"), part_of("措施编号|整改措施", "CS-1|b", name="乙")]
    (found,) = readings_of(parts, CONTEXT)[1].problems
    assert (found.rule, found.sheet, found.blanks["first_sheet"]) == ("key_twice", "乙", "甲")


def test_the_context_of_a_release(tiny):
    context = context_of(tiny)
    assert (context.default_year, context.districts["东区"], context.districts["East District"]) == (
        2019,
        "MCA-E",
        "MCA-E",
    )
    assert context.towns["东区", "白沙"] == ("MCA-E", "MCA-E1")
    assert context.towns["西市", "白沙"][0] == "MCA-W"
    assert "CS-001" in context.keys["action"]
    assert context_of(None) == Context()


def test_reading_can_be_cancelled():
    def tell(stage, done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        rows_of(part_of("措施编号|整改措施", "CS-1|a"), CONTEXT, (), tell)


@pytest.mark.parametrize(("text", "severity"), [("八成", ERROR), ("9月1日", WARNING)])
def test_problems_beyond_a_limit_are_counted(monkeypatch, text, severity):
    monkeypatch.setattr(cells, "MOST_PROBLEMS", 3)
    column = "进度%" if severity == ERROR else "完成时限"
    found = read(f"措施编号|{column}", *(f"CS-{at}|{text}" for at in range(10))).problems
    assert (len(found), found[-1].rule, found[-1].severity, found[-1].blanks["count"]) == (
        4,
        "more_problems",
        severity,
        7,
    )
    assert "7" in sentence(found[-1], ZH)
    assert "7" in sentence(found[-1], EN)


COLUMNS = [(table.name, column.name) for table in tables.ledgers().values() for column in table.columns]
ALPHABET = "0123456789.,/-年月日号%％ 是否√清空()（）=+'CS１２\n\t\r\u200b\ufeff未完成白沙东区人次eE٣"


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(COLUMNS), st.one_of(st.text(ALPHABET, max_size=12), st.text(max_size=30)))
def test_any_text_in_any_column_is_a_value_or_a_problem(place, text):
    table, column = place
    own = Sheet(
        "台账", (Line(1, (*tables.ledgers()[table].key, column, "备注")), Line(2, ("X-1", text, text))), "UTF-8"
    )
    for reading in readings_of(parts_of([own])[0], CONTEXT):
        declared = {one.name: one.type for one in tables.ledgers()[table].columns}
        for row in reading.rows:
            for name, found in row.cells.items():
                assert found is None or type(found) is TYPES[declared[name].partition("(")[0]]
        for one in reading.problems:
            assert sentence(one, ZH)
            assert sentence(one, EN)


TYPES = {"VARCHAR": str, "INTEGER": int, "BOOLEAN": bool, "DATE": dt.date, "DECIMAL": Decimal}


# --- fixes -----------------------------------------------------------------------------------------------------

FIXES = [
    (CodeFix("action", "status", "全部完成", "closed"), "status", "全部完成", "closed"),
    (CodeFix("action", "status", "已完成", "closed"), "status", " 已 完成", "closed"),  # before what it means by itself
    (DateFix("action", "due_on", "mdy"), "due_on", "09/11/2019", DAY),
    (DateFix("action", "due_on", "dmy"), "due_on", "11/09/2019", DAY),
    (DateFix("action", "due_on", "mdy"), "due_on", "9/11", DAY),
    (DateFix("action", "due_on", "dmy"), "due_on", "11.9", DAY),
    (DateFix("action", "due_on", "ymd"), "due_on", "19-9-11", DAY),
    (DateFix("action", "due_on", "mdy"), "due_on", "2019-09-11", DAY),
    (ValueFix("action", "percent", "一半", "50"), "percent", "一半", 50),
    (ValueFix("action", "due_on", "长期", ""), "due_on", "长期", "nothing"),
    (CellFix("action", "台账", 2, "percent", "85"), "percent", "八成五", 85),
    (CellFix("action", "台账", 2, "percent", ""), "percent", "八成五", "nothing"),
]


@pytest.mark.parametrize(("fix", "column", "text", "expected"), FIXES)
def test_a_fix_repairs_and_can_be_switched_off(fix, column, text, expected):
    reading = one_cell("action", column, text, fixes=[fix])
    assert [one for one in reading.problems if one.severity == ERROR] == []
    assert reading.rows[0].cells.get(column, "nothing") == expected
    (off,) = switched([fix], fix.key, False)
    assert one_cell("action", column, text, fixes=[off]).rows == one_cell("action", column, text).rows


HEADING_FIXES = [
    HeadingFix("干什么", "action", "content"),
    HeadingFix("备查", "action", None),
    HeadingFix("", "action", None, is_on=False),
]


@pytest.mark.parametrize("fix", [*(one[0] for one in FIXES), *HEADING_FIXES])
def test_a_fix_is_recorded_and_said_in_both_languages(fix):
    record = as_record(fix)
    assert set(record) == {"kind", "table_name", "field", "said", "meant", "is_on"}
    assert from_record({"release": 3, **record}) == fix
    for t in (ZH, EN):
        assert tables.ledgers()["action"].title[t.code] in fix.sentence(t)
        assert "{" not in fix.sentence(t)


def test_a_record_of_no_kind_is_no_fix():
    with pytest.raises(ValueError, match="no fix"):
        from_record({**as_record(FIXES[0][0]), "kind": "magic"})


def test_a_cell_can_be_filled_in_a_column_the_file_does_not_have():
    fixes = [
        CellFix("action", "台账", 2, "content", "补上的措施"),
        CellFix("action", "别的表", 2, "content", "不是这里"),
    ]
    assert value(one_cell("action", "status", "整改中", fixes=fixes), "content") == "补上的措施"


def test_a_key_can_be_corrected():
    fixes = [CellFix("action", "台账", 3, "action_id", "CS-2")]
    assert [row.cells["action_id"] for row in read(*TWICE, fixes=fixes).rows] == ["CS-1", "CS-2"]


def test_the_last_of_what_was_learnt_counts_and_cells_are_forgotten():
    fixes = [
        CodeFix("action", "status", "好了", "closed"),
        CodeFix("action", "status", " 好 了", "in_progress"),
        CellFix("action", "台账", 2, "percent", "85"),
        HeadingFix("干什么", "action", "content"),
        CodeFix("no_more", "status", "好了", "closed"),
        CodeFix("action", "no_more", "好了", "closed"),
    ]
    learnt = learnt_of(map(as_record, fixes))
    assert set(learnt.fixes) == {fixes[1], fixes[3]}
    own = HeadingFix("干什么", "action", "blocker")
    assert set(together(learnt, [own])) == {fixes[1], own}
    assert together(Learnt(), [own]) == (own,)


# --- groups ----------------------------------------------------------------------------------------------------


def test_problems_are_grouped_by_the_repair_they_need():
    lines = ["措施编号|整改状态|完成时限|进度%"]
    lines += [f"CS-{at}|弄完了|03/04/2019|{at}" for at in range(3)]
    lines += ["CS-7|搞定|04/05/2019|八成", "CS-8|弄完了|每周五|半", "CS-9|整改中|9月1日|"]
    groups = groups_of(read(*lines).problems)
    assert [(one.rule, one.column, one.count, one.fix) for one in groups] == [
        ("unknown_code", "status", 4, "code"),
        ("date_ambiguous", "due_on", 4, "date"),
        ("bad_number", "percent", 2, "value"),
        ("unknown_code", "status", 1, "code"),
        ("bad_date", "due_on", 1, "value"),
        ("year_inferred", "due_on", 1, None),
    ]
    assert groups[0].values == (("弄完了", 4),)
    assert groups[1].values == (("03/04/2019", 3), ("04/05/2019", 1))
    assert groups[1].lines == (2, 3, 4, 5)
    assert sentence(groups[0].first, EN).startswith("Sheet “台账”, line 2")


def test_so_many_values_are_mended_one_by_one_and_one_more_is_another_column():
    lines = [f"CS-{at}|进展{at}" for at in range(MOST_VALUES_APART + 1)]
    apart, one = (groups_of(read("措施编号|整改状态", *some).problems) for some in (lines[1:], lines))
    assert (len(apart), len(one)) == (MOST_VALUES_APART, 1)


def test_a_column_of_something_else_is_one_group():
    (group,) = groups_of(read("措施编号|整改状态", *(f"CS-{at}|进展{at}" for at in range(60))).problems)
    assert (group.rule, group.count, len(group.values), group.lines) == ("unknown_code", 60, 60, (2, 3, 4, 5, 6))


def test_a_problem_of_a_rule_that_others_keep_is_grouped_too():
    other = Problem("action", "台账", 4, "content", "", "required_empty", ERROR)
    assert [(one.rule, one.fix) for one in groups_of([other, problem("nothing_there")])] == [
        ("nothing_there", None),
        ("required_empty", "cell"),
    ]


# --- the rest --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "a", "=1", "'=1", "''=1", "-", "+86", "@x", "'", "'a", "＝1", "\t=1", "'-'"])
def test_a_guarded_text_is_no_formula_and_comes_back(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "＝", "\t"))


def test_no_two_codes_of_a_list_are_written_alike():
    for name, codes in tables.code_lists().items():
        seen: dict[str, str] = {}
        for one in codes:
            for text in (one.code, one.label.zh, one.label.en, *one.synonyms):
                assert seen.setdefault(folded(text), one.code) == one.code, (name, text)


def test_twice_as_many_rows_are_twice_the_work():
    headings = ["措施编号", "整改措施", "整改类型", "整改状态", "进度%", "完成时限", "责任单位", "整改进展"]

    def work(count: int) -> int:
        rows = [
            (f"CS-{at}", f"措施{at}", "限期整改", "推进中", "85％", f"2019年10月{at % 28 + 1}日", "一科", f"进展{at}")
            for at in range(count)
        ]
        own = Sheet("大", tuple(Line(at, tuple(row)) for at, row in enumerate([headings, *rows], start=1)), "UTF-8")
        calls = itertools.count()
        sys.setprofile(lambda *_: next(calls))
        try:
            (part,), _ = parts_of([own])
            read = rows_of(part, CONTEXT).rows
        finally:
            sys.setprofile(None)
        assert len(read) == count
        return next(calls)

    work(10)  # what is made once
    assert work(2000) < 2.2 * work(1000)


@pytest.mark.parametrize(
    ("table", "column", "largest", "too_large"),
    [
        ("action", "return_count", "2147483647", "2147483648"),
        ("figure", "value", "9999999999999999.99", "10000000000000000"),
    ],
)
def test_the_largest_number_a_column_holds_is_read_and_the_next_is_refused(table, column, largest, too_large):
    one = tables.ledgers()[table].column(column)
    assert values._number(largest, one) == Decimal(largest)
    assert values._number(too_large, one).rule == "number_too_large"
