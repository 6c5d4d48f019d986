"""A value reads the same wherever a reader meets it: in a table, in a change record, on a terminal."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

import taizhang
from taizhang.declared.tables import ledgers
from taizhang.declared.values import to_text
from taizhang.declared.wording import language

ZH, EN = language("zh"), language("en")
CODED, FLAG = ledgers()["action"].column("status"), ledgers()["action"].column("is_demo")
PLAIN, DAY = ledgers()["action"].column("content"), ledgers()["action"].column("due_on")
AMOUNT = ledgers()["commitment"].column("target_value")


@pytest.mark.parametrize(
    ("column", "value", "zh", "en"),
    [
        (PLAIN, None, "—", "—"),
        (FLAG, True, "是", "Yes"),
        (FLAG, False, "否", "No"),
        (CODED, "closed", "已销号", "Closed"),
        (CODED, "melted", "melted", "melted"),  # a code that an old release has and the list has no more
        (AMOUNT, Decimal("0.70"), "0.7", "0.7"),
        (DAY, dt.date(2019, 10, 1), "2019-10-01", "2019-10-01"),
        (PLAIN, ["甲", None], "甲、—", "甲, —"),
    ],
)
def test_a_cell_reads_as_people_say_it(column, value, zh, en):
    assert (ZH.cell(column, value), EN.cell(column, value)) == (zh, en)


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_a_recorded_text_reads_like_the_value_it_was_written_from(t, tiny):
    rows = tiny.rows()
    for table in ledgers().values():
        for row in rows[table.name].values():
            for column in table.columns:
                value = row[column.name]
                assert t.recorded(column, to_text(value)) == t.cell(column, value)


def test_what_is_recorded_of_no_column_or_of_another_type_stays_as_it_was_written():
    assert ZH.recorded(None, "旧值") == "旧值"
    assert ZH.recorded(None, None) == "—"
    assert ZH.recorded(DAY, "十月初") == "十月初"


def test_yes_and_no_are_said_in_one_place():
    """An export writes them once more, since its words must read back as an upload."""
    package = Path(taizhang.__file__).parent
    saying = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(sign in path.read_text("utf-8") for sign in ('"common.yes"', '"✗"'))
    }
    assert saying == {"declared/wording.py", "showing/export.py", "showing/papers/ledger.py"}


def test_a_text_that_is_cut_is_no_longer_than_was_asked_for():
    assert ZH.more("一二三四五", 5) == "一二三四五"
    assert ZH.more("一二三四五六", 5) == "一二三四…"
