"""A seeded part of the polluted copies of a ledger: what one program writes, another habit breaks, and we tell."""

import random
from collections import Counter

import pollutions
import pytest
from pollutions import BADLY, RIGHT, WRONG

from taizhang.showing import export
from taizhang.store import Store


@pytest.fixture(scope="module")
def found(demo_store, tmp_path_factory) -> list[pollutions.Outcome]:
    """What becomes of every copy polluted as a file, and of one for each way to pollute a row."""
    store = Store(tmp_path_factory.mktemp("polluted") / "store")
    return list(pollutions.outcomes(store, export.csv_of(demo_store.live(), "action", "zh"), draws=1))


def test_there_are_978_and_the_same_each_time():
    rows = [["措施编号", *map(str, range(31))], *([f"CS-{n}", *["整改事项"] * 31] for n in range(5))]
    made = [
        [*pollutions.of_files(rows, random.Random(7)), *pollutions.of_rows(rows, random.Random(7))] for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Counter(bool(one.line) for one in made[0]) == {False: 138, True: 840}


def test_most_files_are_read_right_and_none_is_wrong_in_silence(found):
    files = [one for one in found if not one.of.line]
    assert sum(one.kind == RIGHT for one in files) >= 114
    assert [one for one in found if one.kind == WRONG] == []


def test_what_is_refused_for_one_row_names_its_line_and_the_real_cause(found):
    assert [one for one in found if one.of.line and one.kind == BADLY] == []


@pytest.mark.parametrize(
    "what", ["delimiter ;", "delimiter tab", "delimiter ，", "quoted by “”", "the row in one quote"]
)
def test_a_line_that_another_habit_wrote_is_read(found, what):
    assert [one.kind for one in found if one.of.line and one.of.what == what] == [RIGHT]
