"""A grid of tiles keeps neighbours together, and no two places on one tile."""

import pytest

from taizhang.drawing.grid import Spotted, kept, kept_blocks, laid, near_pairs

# Nine places three by three, ten minutes apart; their names say row and column from the north-west.
SQUARE = [Spotted(f"{row}{col}", at=(113 + col / 6, 23 - row / 6)) for row in range(3) for col in range(3)]


def districts(across: int, down: int, towns: int) -> tuple[list[Spotted], dict, set]:
    """Districts side by side, each with so many towns of which nothing is known; their middles and neighbours."""
    middles = {f"{row}{col}": (113 + col / 2, 23 - row / 2) for row in range(down) for col in range(across)}
    beside = {
        frozenset((f"{row}{col}", f"{row + r}{col + c}"))
        for row in range(down)
        for col in range(across)
        for r, c in ((0, 1), (1, 0))
        if row + r < down and col + c < across
    }
    places = [Spotted(f"{code}-{town}", code) for code in middles for town in range(towns)]
    return places, middles, beside


def test_places_three_by_three_lie_as_on_the_ground():
    spots = laid(SQUARE)
    ways = [(spots["02"][0] - spots["20"][0], spots["02"][1] - spots["20"][1])]
    assert len(set(spots.values())) == 9
    assert ways[0][0] < 0 < ways[0][1]  # the north-east above and right of the south-west
    assert kept(spots, near_pairs(SQUARE))[0] >= 11


def test_neighbours_are_those_with_no_other_between():
    pairs = near_pairs([Spotted("a", at=(0, 0)), Spotted("b", at=(1, 0)), Spotted("c", at=(2, 0)), Spotted("d")])
    assert pairs == {frozenset("ab"), frozenset("bc")}


@pytest.mark.parametrize(("across", "down", "towns"), [(2, 2, 5), (3, 2, 8), (4, 3, 4)])
def test_the_towns_of_a_district_stay_together_beside_their_neighbours(across, down, towns):
    places, middles, beside = districts(across, down, towns)
    spots = laid(places, middles, beside)
    groups = {place.code: place.group for place in places}
    assert len(set(spots.values())) == len(spots) == len(places)
    same, all_of_them = kept_blocks(spots, groups, beside)
    assert all_of_them == len(beside)
    assert same / all_of_them >= 0.75
    for code in middles:
        own = {spots[place.code] for place in places if place.group == code}
        rows, cols = [row for row, _ in own], [col for _, col in own]
        assert (max(rows) - min(rows) + 1) * (max(cols) - min(cols) + 1) <= 3 * (len(own) + 2)


def test_the_same_places_give_the_same_grid_in_whatever_order_they_come():
    places, middles, beside = districts(3, 2, 6)
    assert laid(places, middles, beside) == laid(places, dict(reversed(middles.items())), set(beside))


def test_districts_of_which_nothing_is_known_stand_in_their_order_below_a_line_for_their_names():
    places = [Spotted(f"{group}{town}", group) for group, count in (("a", 4), ("b", 3)) for town in range(count)]
    assert laid(places) == {
        "a0": (0, 0), "a1": (0, 1), "a2": (1, 0), "a3": (1, 1), "b0": (0, 2), "b1": (0, 3), "b2": (1, 2),
    }  # fmt: skip


@pytest.mark.parametrize("sizes", [(), (1,), (1, 1, 1), (40, 2, 9), (10,) * 24, (1,) * 11])
def test_any_number_of_places_has_a_tile_each(sizes):
    places = [Spotted(f"{group}-{town}", str(group)) for group, count in enumerate(sizes) for town in range(count)]
    spots = laid(places)
    assert len(set(spots.values())) == len(places)
    assert all(row >= 0 and col >= 0 for row, col in spots.values())


def test_a_place_of_which_nothing_is_known_takes_a_cell_that_is_left():
    spots = laid([*SQUARE, Spotted("new")])
    assert "new" in spots
    assert len(set(spots.values())) == 10


def test_a_district_of_which_nothing_is_known_stands_among_the_others():
    places, middles, beside = districts(3, 2, 4)
    del middles["11"]
    spots = laid(places, middles, beside)
    assert len(set(spots.values())) == len(places)
