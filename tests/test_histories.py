"""Histories of weeks, withdrawn days, made-up rows, undos and meetings, by chance, beside a model in plain Python.

`python tests/random_histories.py` does at length what this does in seconds.
"""

import pytest
from random_histories import History, HistoryWithMeetings, tried


def test_every_day_holds_what_plain_python_says_and_an_undo_undone_gives_back_every_answer(tmp_path):
    happened = tried(History, 1, tmp_path, 6)
    assert happened.keys() >= {"later_days_withdrawn", "made_up_rows_removed", "an_undo_undone"}


@pytest.mark.parametrize(
    ("number", "must_happen"),
    [(5, {"a_week", "a_seal_corrected", "an_act_undone"}), (6, {"later_days_withdrawn", "a_meeting_moved"})],
)
def test_an_open_meeting_and_a_capsule_stay_what_they_are_whatever_is_published(number, must_happen, tmp_path):
    happened = tried(HistoryWithMeetings, number, tmp_path, 9)
    assert must_happen <= (+happened).keys()
