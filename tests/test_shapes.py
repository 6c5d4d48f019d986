"""What shapes say of themselves, so that no renderer has to ask which shape it has."""

import dataclasses
import datetime as dt

import pytest
from test_screen import every_shape

from taizhang.declared.wording import language
from taizhang.drawing import html
from taizhang.drawing.shapes import (
    Bar,
    Bars,
    Cell,
    Figures,
    Lanes,
    Line,
    Matrix,
    MatrixCell,
    Outlines,
    Passage,
    Series,
    Shape,
    StackedBars,
    Table,
    TileMap,
    Timeline,
)
from taizhang.drawing.twins import as_table

DAY = dt.date(2019, 9, 6)
EMPTY = [
    Figures(()),
    Lanes(()),
    Bars((Bar("甲", None, "未提供"),), "条"),
    StackedBars((), (), "条"),
    Line((DAY,), (Series("未销号", (None,)),), "条"),
    Timeline((), (), (), DAY, DAY, ""),
    TileMap((), (), ()),
    Outlines((), None, (), ""),
    Matrix("", (), (), (), ()),
    Table(("甲",), (), "没有"),
    Passage("", ()),
]


def fields_of(held) -> list[tuple[str, object]]:
    """(name, value) of every field of a shape and of all that is in it."""
    if isinstance(held, tuple):
        return [one for each in held for one in fields_of(each)]
    if not dataclasses.is_dataclass(held):
        return []
    own = [(one.name, getattr(held, one.name)) for one in dataclasses.fields(held)]
    return own + [one for _, value in own for one in fields_of(value)]


def test_every_shape_is_tried_here_and_drawn_on_the_screen():
    kinds = set(Shape.__subclasses__())
    assert {type(one) for one in every_shape()} == {type(one) for one in EMPTY} == kinds
    assert {kind for kind in kinds if kind not in html._DRAWN} == {Line}


@pytest.mark.parametrize("shape", EMPTY, ids=lambda one: type(one).__name__)
def test_a_shape_knows_when_it_has_nothing_to_draw(shape):
    assert shape.is_empty
    assert shape.if_empty == ("没有" if isinstance(shape, Table) else "")
    full = next(one for one in every_shape() if type(one) is type(shape))
    assert not full.is_empty


@pytest.mark.parametrize("shape", every_shape(), ids=lambda one: type(one).__name__)
def test_a_shape_says_all_of_itself(shape):
    assert bool(shape.pieces()) is not (shape.is_empty or isinstance(shape, Figures))
    assert bool(shape.in_words()) is not bool(shape.cards or isinstance(shape, Passage))
    assert isinstance(as_table(shape, language("zh")), Table)
    assert shape.with_cards(shape.cards) == shape
    kept = {value for name, value in fields_of(shape.still()) if name in ("pick", "link")}
    assert kept <= {""}
    assert shape.still().pieces() == shape.pieces()


def test_a_list_is_cut_and_counts_what_it_lost():
    bars = Bars((Bar("甲", 1, "1"), Bar("乙", 2, "2"), Bar("丙", 3, "3")), "条")
    assert bars.first(2) == (Bars(bars.items[:2], "条"), 1)
    assert bars.first(3) == (bars, 0)
    stacked = StackedBars(("甲", "乙"), (Series("已销号", (1, 2)),), "条", ("a", "b"))
    assert stacked.first(1) == (StackedBars(("甲",), (Series("已销号", (1,)),), "条", ("a",)), 1)
    table = Table(("名",), ((Cell("甲"),), (Cell("乙"),)), "")
    assert table.first(1) == (Table(("名",), ((Cell("甲"),),), ""), 1)
    assert Passage("原文", ()).first(0) == (Passage("原文", ()), 0)


def test_a_wide_matrix_stands_upright_and_a_tall_one_stays():
    wide = Matrix(
        "区", ("一", "二"), ("a", "b"), ("甲",), ((MatrixCell("1"), MatrixCell("2")),), ("1", "2"), ("3",), "合计"
    )
    tall = wide.upright()
    assert (tall.rows, tall.columns, tall.totals, tall.row_totals) == (("一 a", "二 b"), ("甲",), ("3",), ("1", "2"))
    assert tall.upright() is tall
