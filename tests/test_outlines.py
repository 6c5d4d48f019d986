"""Districts in outline: real lines of the installed package, shared lines kept, the credit line wherever they stand."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from test_pages import open_page, text_of

from taizhang.declared.wording import LANGUAGES, language
from taizhang.drawing import html, palette
from taizhang.drawing.outline import MOST_LETTERS, sheet
from taizhang.drawing.shapes import Outlines
from taizhang.drawing.twins import as_table
from taizhang.exhibits import outlines, tianditu
from taizhang.exhibits.catalogue import exhibit
from taizhang.exhibits.parts_of_campaign import has_exhibit
from taizhang.exhibits.views import Choices, look
from taizhang.showing.meeting_files import ScriptLine
from taizhang.showing.slides import NOT_ON_A_SLIDE, slides_of
from taizhang.uploads import places

NUMBER = "审图号：GS（2024）0650号"


def codes_of(place):
    return [f"MCA{one.code}" for one in places.below(place)]


@pytest.fixture
def without_package(monkeypatch):
    monkeypatch.setattr(tianditu, "PACKAGE", "no_such_package")
    caches = (tianditu._places, outlines._sheet)
    for one in caches:
        one.cache_clear()
    yield
    for one in caches:
        one.cache_clear()


def lines(rings):
    return {frozenset(line) for ring in rings for line in pairwise(ring)}


# --- what the package has --------------------------------------------------------------------------------------


def test_a_prefecture_has_its_districts_and_a_city_without_any_has_itself():
    assert set(tianditu.outlines(codes_of("440700"))) == set(codes_of("440700"))
    assert list(tianditu.outlines(["MCA441900"])) == ["MCA441900"]
    assert len(tianditu.outlines(codes_of("440000"))) == 21  # a province has its prefectures


def test_codes_of_another_system_and_of_an_office_have_none():
    for codes in (["440703"], ["SQ-001"], ["MCA-E"], ["MCA440703102"], []):
        assert not tianditu.has_any(codes)
        assert not tianditu.outlines(codes)


def test_without_the_package_there_are_none_and_nothing_fails(without_package, demo_store):
    assert not tianditu.has_any(["MCA440703"])
    view = look(demo_store, Choices())
    assert not has_exhibit(view, "research.outlines")
    assert has_exhibit(view, "research.map")
    assert exhibit("research.outlines", view).shape.is_empty
    assert html.drawn(exhibit("research.outlines", view).shape, "light").count("<path") == 0


@pytest.mark.parametrize("theme", palette.THEMES)
def test_a_name_can_be_read_on_every_depth(theme):
    ink, grounds = palette.tones(theme)["plain"], (palette.tint("done", theme), palette.half("done", theme))
    assert all(palette.contrast(ink, ground) >= 4.5 for ground in grounds)
    assert palette.contrast(palette.on("done", theme), palette.tones(theme)["done"]) >= 4.5
    assert len({*grounds, palette.tones(theme)["done"], palette.surfaces(theme)["ground"]}) == 4


# --- on one sheet ----------------------------------------------------------------------------------------------


def test_what_two_places_share_stays_one_line_whatever_is_left_out():
    left = [[[[0.0, 0.0], [1.0, 0.0], [1.0004, 0.4], [1.0, 0.7], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]]
    right = [[[[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0], [1.0, 0.7], [1.0004, 0.4], [1.0, 0.0]]]]
    both = sheet({"L": left, "R": right})
    assert (both.wide, both.high) == (1000, 500)
    assert both.rings["L"] == (((0, 500), (500, 500), (500, 0), (0, 0), (0, 500)),)
    assert both.path("R") == "M500 500l500 0 0 -500 -500 0z"  # the bend of less than a cell is gone on both sides
    assert lines(both.rings["L"]) & lines(both.rings["R"]) == {frozenset({(500, 500), (500, 0)})}


def test_neighbours_of_a_real_prefecture_still_share_their_lines():
    made = sheet(tianditu.outlines(codes_of("440700")))
    points = {code: {spot for ring in rings for spot in ring} for code, rings in made.rings.items()}
    for one in places.below("440700"):
        for other in one.beside & {each.code for each in places.below("440700")}:
            assert len(points[f"MCA{one.code}"] & points[f"MCA{other}"]) > 3


def test_an_island_smaller_than_a_cell_stays_a_dot():
    land = [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]
    island = [[[0.5, 1.2], [0.5001, 1.2], [0.5, 1.2001], [0.5, 1.2]]]
    assert re.search(r"M\d+ 0h0z$", sheet({"A": [land, island]}).path("A"))


@pytest.mark.parametrize("place", ["440700", "500000", "650000"])
def test_a_page_does_not_grow_by_much(place):
    codes = codes_of(place)
    made = sheet(tianditu.outlines(codes))
    assert sum(len(made.path(code)) for code in made.rings) < MOST_LETTERS


def test_a_name_stands_inside_or_nowhere():
    ring = [[0.0, 0.0], [1.0, 0.0], [1.0, 0.2], [0.2, 0.2], [0.2, 1.0], [0.0, 1.0], [0.0, 0.0]]  # an L
    made = sheet({"L": [[ring]]})
    x, y = made.place("L", 400, 100)
    assert y - 50 >= 800  # in the long foot, not in the middle of the box, which is outside
    assert 200 <= x <= 800
    assert made.place("L", 400, 300) is None


def test_what_is_not_known_is_hatched_inside_its_outline():
    ring = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
    square = sheet({"A": [[ring]]})
    assert square.wide == square.high == 1000
    assert square.hatching("A", 500) == "M0 500l500 -500M0 1000l1000 -1000M500 1000l500 -500"


# --- the exhibit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_credit_line_stands_below_the_outlines_in_both_languages(lang, demo_store):
    made = exhibit("research.outlines", look(demo_store, Choices(lang=lang)))
    for drawn in (html.drawn(made.shape, "light", lang), str(html.drawn(made.shape.still(), "dark", lang))):
        assert drawn.rindex("<path") < drawn.index(NUMBER)
        assert language(lang)("research.outlines_credit") in drawn
    assert len(html.drawn(made.shape, "light", lang)) < 60_000


def test_there_are_no_outlines_without_a_credit_line(demo_store):
    shape = exhibit("research.outlines", look(demo_store, Choices())).shape
    with pytest.raises(ValueError, match="credit"):
        replace(shape, credit="")


def test_a_district_is_as_deep_as_its_share_and_one_nobody_speaks_of_is_hatched():
    def state(visited, towns):
        return outlines._state({"visited": visited, "towns": towns})

    assert [state(3, 3), state(2, 3), state(1, 2), state(1, 3), state(0, 3)] == [
        "all",
        "most",
        "most",
        "few",
        "nothing",
    ]
    assert [state(None, 3), state(None, 0), state(None, None)] == ["unknown", "out", "out"]


def test_counts_are_those_of_the_tiles_and_the_chosen_district_stands_out(demo_store):
    view = look(demo_store, Choices(district="MCA440704"))
    made, tiles = exhibit("research.outlines", view).shape, exhibit("research.map", view).shape
    assert [(one.pick, one.count, one.is_chosen) for one in made.areas] == [
        (one.code, one.count, one.is_chosen) for one in tiles.groups
    ]
    assert made.drawn[-1].code == "MCA440704"  # its line lies on top
    drawn = html.drawn(made, "light")
    assert drawn.count("tz-ol-chosen") == 1
    assert drawn.count('data-pick="district:MCA440704"') == 2  # the chip, for keys too, and the outline
    assert "0/3" in [row[1].text for row in as_table(made, view.t).rows]


def test_districts_without_an_outline_are_named_below(demo_store):
    shape = exhibit("research.outlines", look(demo_store, Choices())).shape
    rings = {code: own for code, own in shape.sheet.rings.items() if code != "MCA440785"}
    fewer = replace(shape, sheet=replace(shape.sheet, rings=rings))
    assert [one.code for one in fewer.without] == ["MCA440785"]
    below = str(html.drawn(fewer, "light")).split("tz-no-outline")[1]
    assert "没有轮廓的市区" in below
    assert "恩平市" in below


def test_a_slide_has_its_table_and_no_outline(demo_store):
    view = look(demo_store, Choices())
    assert "research.outlines" in NOT_ON_A_SLIDE
    bodies = [slide.body for slide in slides_of(ScriptLine(("research.outlines",)), view)]
    assert bodies
    assert not any(isinstance(body, Outlines) for body in bodies)


# --- the page --------------------------------------------------------------------------------------------------


def test_the_page_begins_with_tiles_and_offers_outlines(demo_store, monkeypatch):
    page = open_page("research", demo_store, monkeypatch)
    choice = page.segmented_control(key="research_as")
    assert choice.value == "map"
    choice.set_value("outlines").run()
    assert not page.exception
    assert page.query_params["as"] == "outlines"


def test_a_campaign_with_districts_of_its_own_is_offered_no_choice_and_a_link_to_outlines_says_so(
    tiny_store, monkeypatch
):
    page = open_page("research", tiny_store, monkeypatch, **{"as": "outlines"})
    assert not [one for one in page.get("button_group") if one.key == "research_as"]
    assert "地图画法“outlines”" in text_of(page)
    assert "as" not in page.query_params
