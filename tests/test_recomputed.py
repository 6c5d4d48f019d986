"""Every KPI is what plain Python makes of the exported ledgers: of the shipped data, and of random campaigns.

`python tests/recomputed.py` does at length what this does in seconds.
"""

from fractions import Fraction

import pytest
from random_campaigns import history_of
from recomputed import compare
from stated import percent
from test_answers_rectification import publish_weeks
from test_cancelled_rows import DAY, ledgers

from taizhang.declared.wording import language
from taizhang.exhibits.remarks import divided
from taizhang.store import Store

# Weeks with an undo and an undo of that; a correction taken back, where every measure is cancelled; a day withdrawn.
SEEDS = {7: 0.0, 12: 0.0, 13: 0.3}


@pytest.mark.parametrize("name", ["tiny_store", "article_store", "demo_store"])
def test_every_kpi_of_every_day_is_what_its_definition_makes_of_the_exported_rows(request, name):
    compared = compare(request.getfixturevalue(name), later=(0,), since=1)
    assert compared.differing == ()
    assert compared.values >= 70 * compared.days


@pytest.mark.parametrize(("seed", "withdraws"), SEEDS.items())
def test_every_kpi_of_a_random_campaign_is_what_its_definition_makes_of_the_exported_rows(seed, withdraws, tmp_path):
    history = history_of(seed, tmp_path / "store", withdraws)
    assert any(history.withdrawn.values()) == (withdraws > 0)
    assert compare(history.store, later=(3,), since=1).differing == ()


@pytest.mark.parametrize("reported", [3, 4])
def test_a_ledger_is_short_by_the_rows_that_nobody_has_and_not_by_the_cancelled_ones(tmp_path, reported):
    """Random reports seldom come so close: two measures and a merged one, of three or four that were reported."""
    store = Store(tmp_path)
    publish_weeks(store, (DAY, ledgers(measures=reported)))
    assert compare(store, later=(0,)).differing == ()


def test_a_percentage_is_rounded_once_and_half_up():
    """Once more after four decimals, 12/22 would be 54.6 %."""
    t = language("en")
    assert t.percent(divided(12, 22)) == "54.5%"
    for whole in range(1, 90):
        for part in range(whole + 1):
            assert t.percent(divided(part, whole)) == percent(Fraction(part, whole)), (part, whole)
