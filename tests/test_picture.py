"""Pictures of shapes: everything a shape says is in them, gaps stay gaps, and nothing from the data is markup."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_screen import ATTACKS, every_shape

from taizhang.drawing import html, palette, shapes, svg
from taizhang.drawing.axis import axis
from taizhang.drawing.shapes import Bar, Bars, Line, Mark, Series, StackedBars
from taizhang.drawing.svg import line
from taizhang.drawing.text import number, width
from taizhang.exhibits.catalogue import exhibit
from taizhang.exhibits.views import Choices, look

SVG = "{http://www.w3.org/2000/svg}"
SLIDE = (1600.0, 620.0, 26.0)
PAPER = (482.0, 320.0, 8.5)
MONDAY = dt.date(2019, 9, 2)
WEEKS = tuple(MONDAY + dt.timedelta(weeks=week) for week in range(6))
DRAWN = list(filter(svg.is_drawn, every_shape()))
NOT_DRAWN = list(itertools.filterfalse(svg.is_drawn, every_shape()))
SHIPPED = (
    "rectification.burn_down",
    "rectification.by_type",
    "overview.units",
    "research.map",
    "research.handling",
    "timeline.lanes",
)


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def words(svg: str) -> list[str]:
    return [one.text or "" for one in tree(svg).iter(f"{SVG}text")]


def lines_of(svg: str, colour: str) -> list[list[tuple[float, float]]]:
    """The points of every thick line of a colour: those of series, not the thin ones that lead to labels."""
    thick = (one for one in tree(svg).iter(f"{SVG}polyline") if float(one.get("stroke-width")) > 0.1 * SLIDE[2])
    return [
        [tuple(map(float, point.split(","))) for point in one.get("points").split()]
        for one in thick
        if one.get("stroke") == colour
    ]


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("shape", DRAWN, ids=lambda shape: type(shape).__name__)
def test_a_picture_is_one_closed_svg_of_its_size_and_always_the_same(shape, theme):
    made = svg.drawn(shape, theme, *SLIDE, "名称")
    root = tree(made)
    assert (root.tag, root.get("role"), root.get("aria-label")) == (f"{SVG}svg", "img", "名称")
    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 1600 620", "1600", "620")
    assert made == svg.drawn(shape, theme, *SLIDE, "名称")
    assert not re.search(r"href|url\(|<script|<style|<image|<foreignObject|\bon\w+=", made)


@pytest.mark.parametrize("attack", [*ATTACKS, "\x00\x08\ud800一窗"], ids=range(len(ATTACKS) + 1))
def test_texts_are_never_markup(attack):
    for shape in filter(svg.is_drawn, every_shape(attack)):
        known = {one.tag for one in tree(svg.drawn(shape, "light", *PAPER)).iter()}
        assert known <= {f"{SVG}{name}" for name in ("svg", "rect", "g", "text", "line", "polyline", "path", "circle")}


@pytest.mark.parametrize("shape", NOT_DRAWN, ids=lambda shape: type(shape).__name__)
def test_what_is_no_drawing_is_refused(shape):
    with pytest.raises(TypeError):
        svg.drawn(shape, "light", *PAPER)


# --- the shipped shapes ----------------------------------------------------------------------------------------


def said_by(shape: shapes.Shape) -> list[str]:
    """What a picture of a shape must say in words."""
    match shape:
        case Line(series=series):
            ends = [[value for value in one.values if value is not None][-1] for one in series]
            return [*(one.name for one in series), *(f"{end:,g}" for end in ends), shape.unit]
        case Bars(items=items):
            return [text for one in items for text in (one.label, one.text)]
        case StackedBars(categories=names, notes=notes, series=series):
            return [*names, *notes, *(one.name for one in series)]
        case shapes.TileMap(tiles=tiles, groups=groups, legend=legend):
            counts = [text for one in (*groups, *legend) for text in (one.label, str(one.count))]
            return [*(tile.label for tile in tiles), *counts]
        case shapes.Timeline(lanes=lanes):
            return [lane.label for lane in lanes]
    raise AssertionError(shape)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SHIPPED)
def test_every_name_and_number_of_the_shipped_drawings_is_in_the_picture(name, lang, demo_store):
    shape = exhibit(name, look(demo_store, Choices(lang=lang))).shape
    high = svg.height(shape, PAPER[0], PAPER[2])
    said = words(svg.drawn(shape, "light", PAPER[0], high, PAPER[2]))
    everything = re.sub(r"[\s-]", "", "".join(said))
    assert [one for one in said_by(shape) if re.sub(r"[\s-]", "", one) not in everything] == []


def placed(svg: str) -> Iterator[tuple[str, float, float, float, float]]:
    """(text, where it starts, how wide it is, its baseline, its size) of every line of text."""
    root = tree(svg)
    narrowed = {one: group.get("transform") for group in root.iter(f"{SVG}g") for one in group.iter(f"{SVG}text")}
    for one in root.iter(f"{SVG}text"):
        size = float(one.get("font-size") or root.get("font-size"))
        x, room = float(one.get("x")), width(one.text) * size
        if one in narrowed:
            moved, scale = map(float, re.fullmatch(r"translate\((\S+) 0\) scale\((\S+) 1\)", narrowed[one]).groups())
            x, room = moved + x * scale, room * scale
        start = x - {"middle": room / 2, "end": room}.get(one.get("text-anchor"), 0.0)
        yield one.text, start, room, float(one.get("y")), size


@pytest.mark.parametrize("size", [SLIDE, (1200.0, 620.0, 26.0), PAPER])
@pytest.mark.parametrize("name", SHIPPED)
def test_no_text_is_small_or_off_the_picture(name, size, demo_store):
    wide, high, text = size
    for lang in ("zh", "en"):
        shape = exhibit(name, look(demo_store, Choices(lang=lang))).shape
        for said, start, room, baseline, own in placed(svg.drawn(shape, "light", *size)):
            assert own >= 0.85 * text - 0.01, said
            assert -0.5 * text <= start, said
            assert start + room <= wide + text, said
            assert 0 <= baseline <= high + 0.2 * text, said


# --- lines -----------------------------------------------------------------------------------------------------


def test_a_gap_in_a_series_and_a_span_without_data_interrupt_the_line():
    shape = Line(WEEKS, (Series("未销号", (9, 8, None, 6, 5, 4), "moving"),), "条", gaps=((WEEKS[3], WEEKS[4]),))
    made = svg.drawn(shape, "light", *SLIDE)
    runs = [len(run) for run in lines_of(made, palette.tones("light")["moving"])]
    assert runs == [2, 1, 2]
    surface = palette.surfaces("light")["surface"]
    assert any(one.get("fill") == surface for one in tree(made).iter(f"{SVG}rect"))
    whole = replace(shape, series=(replace(shape.series[0], values=(9, 8, 7, 6, 5, 4)),), gaps=())
    assert [len(run) for run in lines_of(svg.drawn(whole, "light", *SLIDE), palette.tones("light")["moving"])] == [6]


def test_heights_are_from_a_zero_baseline_and_in_proportion():
    shape = Line(WEEKS[:4], (Series("未销号", (0, 10, 20, 5), "late"),), "条")
    made = svg.drawn(shape, "light", *SLIDE)
    [run] = lines_of(made, palette.tones("light")["late"])
    (_, zero), (_, ten), (_, twenty), (_, five) = run
    assert zero - ten == pytest.approx((zero - twenty) / 2, abs=0.1)
    assert zero - five == pytest.approx((zero - twenty) / 4, abs=0.1)
    axis = next(one for one in tree(made).iter(f"{SVG}line") if one.get("stroke") == palette.tones("light")["plain"])
    assert float(axis.get("y1")) == float(axis.get("y2")) == zero
    assert [x for x, _ in run] == sorted(x for x, _ in run)


def test_one_value_and_none_are_drawn_too():
    one = svg.drawn(Line(WEEKS[:1], (Series("未销号", (3,), "done"),), "条"), "light", *PAPER)
    assert {"3", "未销号", "09-02"} <= set(words(one))
    nothing = svg.drawn(Line(WEEKS, (Series("未销号", (None,) * 6, "done"),), "条"), "light", *PAPER)
    assert "未销号" not in words(nothing)
    assert svg.drawn(Line((), (), ""), "light", *PAPER)


def test_labels_at_the_ends_of_lines_never_touch():
    series = tuple(Series(f"第{place}组措施", (5, 5.0 + place / 50), "done") for place in range(6))
    made = svg.drawn(Line(WEEKS[:2], series, "条"), "light", *PAPER)
    heights = sorted(float(one.get("y")) for one in tree(made).iter(f"{SVG}text") if "组措施" in one.text)
    assert len(heights) == 6
    assert min(later - before for before, later in itertools.pairwise(heights)) >= PAPER[2]


def test_days_are_written_with_their_year_where_there_are_two_and_never_overlap():
    days = tuple(MONDAY + dt.timedelta(weeks=week) for week in range(60))
    plot = line.Plot(2, 50, 2, 20, days[0], (days[-1] - days[0]).days, 10)
    chosen = line.ticks(days, plot)
    assert chosen[-1] == (days[-1], f"{days[-1]}")
    spots = [plot.x(day) for day, _ in chosen]
    assert min(later - before for before, later in itertools.pairwise(spots)) >= width("2019-09-02")


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((), (0, 1)),
        ((0, None), (0, 1)),
        ((1,), (0, 1)),  # whole things are counted in whole steps
        ((3, 1), (0, 1, 2, 3)),
        ((22,), (0, 10, 20)),
        ((19,), (0, 5, 10, 15, 20)),
        ((0.6,), (0, 0.2, 0.4, 0.6)),
        ((1.5, 1), (0, 0.5, 1, 1.5)),
    ],
)
def test_the_scale_has_few_round_steps_and_whole_ones_for_counts(values, ticks):
    scale = axis(values)
    assert scale.ticks == ticks
    assert scale.top >= max((one for one in values if one), default=0)


def test_every_mark_has_its_line_and_close_ones_do_not_share_a_level():
    marks = tuple(Mark(WEEKS[0] + dt.timedelta(days=day), f"第{day}次汇报会") for day in range(3))
    made = svg.drawn(Line(WEEKS, (Series("未销号", (1,) * 6),), "条", marks), "light", *PAPER)
    heights = [one.get("y") for one in tree(made).iter(f"{SVG}text") if "汇报会" in one.text]
    assert len(heights) == len(set(heights)) == 3


# --- bars ------------------------------------------------------------------------------------------------------


def widths(made: str, colour: str) -> list[float]:
    return [float(one.get("width")) for one in tree(made).iter(f"{SVG}rect") if one.get("fill") == colour]


def test_bars_are_as_long_as_their_values_and_an_unknown_one_is_hatched():
    late = palette.tones("light")["late"]
    known = (Bar(name, value, str(value), "late") for name, value in (("甲", 4), ("乙", 8), ("丙", 0)))
    items = (*known, Bar("丁", None, "未提供", "late"))
    made = svg.drawn(Bars(items, "条"), "light", *PAPER)
    short, long = widths(made, late)
    assert long == pytest.approx(2 * short, abs=0.1)
    assert len(list(tree(made).iter(f"{SVG}path"))) == 1
    assert "未提供" in words(made)


def test_the_parts_of_a_bar_carry_symbol_and_number_where_they_fit_and_the_unknown_stays_unknown():
    parts = {"已销号": ((90, 1), "done"), "逾期": ((10, 99), "late"), "未提供": ((None, 0), "unknown")}
    series = tuple(Series(name, *part) for name, part in parts.items())
    said = words(svg.drawn(StackedBars(("立行立改", "限期整改"), series, "条"), "light", *PAPER))
    assert {"✓ 90", "× 10", "× 99"} <= set(said)
    assert "✓ 1" not in said


def test_many_rows_get_smaller_but_never_unreadable():
    items = tuple(Bar(f"单位{place}", place, str(place)) for place in range(12))
    made = svg.drawn(Bars(items, "条"), "light", 1200.0, 620.0, 26.0)
    assert min(float(one.get("font-size", 26)) for one in tree(made).iter(f"{SVG}text")) >= 22.1
    assert {str(place) for place in range(12)} <= set(words(made))


# --- maps and timelines ----------------------------------------------------------------------------------------


def test_a_timeline_with_little_room_loses_labels_and_no_event(demo_store):
    shape = exhibit("timeline.lanes", look(demo_store, Choices())).shape
    dated = [one for one in shape.happenings if one.start and one.precision in ("day", "half_day") and not one.end]
    roomy = svg.drawn(shape, "light", PAPER[0], svg.height(shape, PAPER[0], PAPER[2]), PAPER[2])
    tight = svg.drawn(shape, "light", *SLIDE)
    for made in (roomy, tight):
        assert len(list(tree(made).iter(f"{SVG}circle"))) == len(dated)
    assert len(words(tight)) < len(words(roomy))


def test_tiles_tell_their_state_without_colour(demo_store):
    shape = exhibit("research.map", look(demo_store, Choices())).shape
    said = words(svg.drawn(shape, "light", *PAPER))
    symbols = {entry.state: entry.symbol for entry in shape.legend}
    assert {f"{symbols[tile.state]} {tile.label}" for tile in shape.tiles} <= set(said)


# --- what all of them share ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (3.0, "3"), (0.25, "0.25"), (1234567, "1,234,567"), (12345678.5, "12,345,678.5")]
)
def test_a_number_is_written_with_all_its_digits(value, said):
    bars = StackedBars(("甲",), (Series("已销号", (value,), "done"),), "条")
    assert number(value) == said
    assert not value or (f">✓ {said}<" in svg.drawn(bars, "light", *PAPER) and f"✓ {said}" in html.drawn(bars, "light"))


def test_pictures_and_screens_stand_on_the_same_ground_and_not_on_each_other():
    of_svg = "".join(path.read_text("utf-8") for path in Path(svg.__file__).parent.glob("*.py"))
    assert "drawing.html" not in of_svg
