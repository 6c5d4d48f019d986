"""Every mark of a drawing opens its rows, and as many as it says."""

import pytest

from taizhang.drawing.shapes import Bars, Matrix, StackedBars
from taizhang.exhibits.catalogue import CATALOGUE, exhibit
from taizhang.exhibits.opened import opened
from taizhang.exhibits.views import Choices, look

# What a bar counts that is not the rows behind it: a district is a filter, and a unit's bar is its share.
NOT_COUNTED = {"district", "unit"}


@pytest.fixture(scope="module")
def view(demo_store):
    return look(demo_store, Choices())


def counted(shape) -> list[tuple[str, str, float]]:
    """What picks what, and how many rows it stands for."""
    if isinstance(shape, Bars):
        return [(one.label, one.pick, one.of or one.value) for one in shape.items if one.value]
    if isinstance(shape, StackedBars):
        return [
            (name, (one.picks or ("",) * len(one.values))[row], one.values[row])
            for one in shape.series
            for row, name in enumerate(shape.categories)
            if one.values[row]
        ]
    return []


def test_every_bar_opens_as_many_rows_as_it_is_long(view):
    seen = set()
    for name in CATALOGUE:
        if CATALOGUE[name].options:
            continue
        for label, pick, count in counted(exhibit(name, view).shape):
            kind = pick.partition(":")[0]
            assert kind, (name, label)
            seen.add(kind)
            if kind in NOT_COUNTED:
                continue
            assert len(opened(view, pick).shape.rows) == count, (name, label)
    assert seen >= {"kind", "disposition", "closed", "measures", "class"}


def test_what_is_on_record_of_a_strand_opens_with_the_blank_ones_first(view):
    shape = exhibit("study.documented", view).shape
    assert isinstance(shape, Matrix)
    picks = {cell.pick: cell.text for row in shape.cells for cell in row if cell.pick}
    text = picks["recorded:study:date"]
    filled, total = map(int, text.split("/"))
    shown = opened(view, "recorded:study:date")
    days = shown.answers[0].column("started_on")
    assert len(days) == total
    assert [day is None for day in days] == [True] * (total - filled) + [False] * filled
    assert len(shown.shape.rows) == total


@pytest.mark.parametrize(
    "pick", ["kind:nothing", "recorded:nothing:date", "recorded:study:nothing", "disposition:nothing"]
)
def test_what_there_is_not_opens_nothing(view, pick):
    assert opened(view, pick) is None
