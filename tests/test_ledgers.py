"""A file of a ledger is read whole, or refused with every problem in it."""

import datetime as dt
from decimal import Decimal

import pytest

from taizhang.declared import tables
from taizhang.rows import ledgers
from taizhang.rows.ledgers import CellProblem, FileRefused

ACTION = tables.ledgers()["action"]


def read(tmp_path, text: str | bytes, table: str = "action") -> ledgers.LedgerFile:
    path = tmp_path / f"{table}.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return ledgers.read(path, tables.ledgers()[table])


def problems(tmp_path, text: str | bytes, table: str = "action") -> tuple[CellProblem, ...]:
    with pytest.raises(FileRefused) as caught:
        read(tmp_path, text, table)
    return caught.value.problems


def cells(tmp_path, text: str | bytes, table: str = "action") -> list[dict]:
    return [row.cells for row in read(tmp_path, text, table).rows]


WAYS_TO_WRITE_A_HEADING = [
    "action_id,resp_unit,rect_type",
    "措施编号,责任单位,整改类型",
    "Measure ID,Responsible unit,Type",
    "措施编号,责任科室,整改类型",  # an alias
    "\ufeffaction_id,resp_unit,rect_type",  # the mark Excel puts in front
    " action_id , resp_unit ,rect_type ",
]


@pytest.mark.parametrize("header", WAYS_TO_WRITE_A_HEADING)
def test_a_heading_may_be_written_in_either_language_by_alias_or_by_name(tmp_path, header):
    assert cells(tmp_path, f"{header}\nCS-1,交通局,限期整改\n") == [
        {"action_id": "CS-1", "resp_unit": "交通局", "rect_type": "time_limited"}
    ]


@pytest.mark.parametrize("written", ["time_limited", "限期整改", "Time-limited", "分阶段整改", " 限期 "])
def test_a_code_may_be_written_as_code_label_or_synonym(tmp_path, written):
    assert cells(tmp_path, f"action_id,rect_type\nCS-1,{written}\n")[0]["rect_type"] == "time_limited"


@pytest.mark.parametrize(
    ("written", "meant"), [("是", True), ("TRUE", True), ("1", True), ("Yes", True), ("否", False), ("0", False)]
)
def test_yes_and_no_may_be_written_in_several_ways(tmp_path, written, meant):
    assert cells(tmp_path, f"action_id,is_demo\nCS-1,{written}\n")[0]["is_demo"] is meant


def test_every_type_is_read(tmp_path):
    text = "figure_id,name_zh,name_en,value,unit_zh,unit_en,as_of_on,is_demo\nF-1,数,N,12.50,个,n,2019-09-10,否\n"
    row = cells(tmp_path, text, "figure")[0]
    assert (row["value"], row["as_of_on"], row["is_demo"]) == (Decimal("12.5"), dt.date(2019, 9, 10), False)


def test_an_empty_cell_is_not_set_and_the_word_for_it_is_null(tmp_path):
    assert cells(tmp_path, "action_id,percent,blocker\nCS-1,,(清空)\nCS-2,  ,(clear)\n") == [
        {"action_id": "CS-1", "blocker": None},
        {"action_id": "CS-2", "blocker": None},
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    file = read(tmp_path, 'action_id,content\nCS-1,"两行\n的措施"\n\n,\nCS-2,一行\n')
    assert [(row.line, row.cells["action_id"]) for row in file.rows] == [(3, "CS-1"), (6, "CS-2")]


def test_a_file_keeps_its_bytes_and_knows_their_checksum(tmp_path):
    file = read(tmp_path, "\ufeffaction_id\r\nCS-1\r\n")
    assert file.data == b"\xef\xbb\xbfaction_id\r\nCS-1\r\n"
    assert (file.file_name, file.encoding, len(file.sha256)) == ("action.csv", "UTF-8", 64)


def test_every_problem_of_a_file_is_found_at_once(tmp_path):
    text = (
        "措施编号,整改类型,进度%,完成时限,天气,示例数据\n"
        "CS-1,随便,50,2019-10-01,晴,是\n"  # a code that is not on the list
        "CS-2,立行立改,五十,2019-02-30,晴,否\n"  # no number, no date
        "CS-3,立行立改\n"  # ragged
        ",立行立改,1,2019-10-01,晴,也许\n"  # no key; neither yes nor no
        "CS-1,立行立改,1_0,2019-10-01,晴,是\n"  # a key that is there already; Python's way to write 10
    )
    found = [(one.line, one.column, one.value) for one in problems(tmp_path, text)]
    assert found == [
        (1, "天气", "天气"),
        (2, "整改类型", "随便"),
        (3, "进度%", "五十"),
        (3, "完成时限", "2019-02-30"),
        (4, "", "2"),
        (5, "示例数据", "也许"),
        (5, "措施编号", ""),
        (6, "进度%", "1_0"),
        (6, "措施编号", "CS-1"),
    ]
    assert all(one.rule for one in problems(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        b"",  # nothing at all
        b"\n",
        "content\n修路\n",  # no key
        "action_id,措施编号\nCS-1,CS-2\n",  # one column twice
        'action_id,content\nCS-1,"no closing quote\n',
        "措施编号\nCS-1\n".encode("gb18030"),  # not UTF-8
        "action_id\n(清空)\n",  # a key cannot be emptied
        "action_id,percent\nCS-1,NaN\n",
    ],
)
def test_a_file_that_is_not_the_ledger_is_refused_and_nothing_else_happens(tmp_path, text):
    assert problems(tmp_path, text)


def test_a_file_in_another_encoding_is_refused_from_its_first_line_on(tmp_path):
    (one,) = problems(tmp_path, "措施编号\nCS-1\n".encode("gb18030"))
    assert (one.line, one.rule.split(":")[0]) == (1, "not UTF-8")


@pytest.mark.parametrize(
    ("header", "column", "rule"),
    [
        ("措施编号,天气", "天气", "no such column"),
        ("措施编号,整改措施,content", "content", "the column 整改措施 is there twice"),
        ("整改措施", "措施编号", "the column is missing"),
    ],
)
def test_what_is_wrong_with_the_headings_is_told_of_the_first_line(tmp_path, header, column, rule):
    (one,) = problems(tmp_path, f"{header}\n")
    assert (one.line, one.column, one.rule) == (1, column, rule)


def test_a_key_of_two_columns_is_a_key_of_both(tmp_path):
    header = "survey_id,grade,valid_count,votes\n"
    assert len(cells(tmp_path, f"{header}S-1,满意,10,9\nS-1,不满意,10,1\n", "satisfaction")) == 2
    twice = problems(tmp_path, f"{header}S-1,满意,10,9\nS-1,very,10,1\n", "satisfaction")
    assert [(one.line, one.value) for one in twice] == [(3, "S-1|very")]


def test_a_refusal_names_the_file_the_first_problem_and_how_many_more(tmp_path):
    with pytest.raises(FileRefused, match=r"action\.csv, line 2, 整改类型: '随便' — .* \(and 1 more\)"):
        read(tmp_path, "action_id,rect_type\nCS-1,随便\nCS-2,随便\n")
