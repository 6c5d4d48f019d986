"""Places as equal tiles: the state as fill and symbol, the districts as outlines, their names where there is room."""

from dataclasses import dataclass
from itertools import product

from taizhang.drawing.html.drawing import Markup, cut, el, filled, joined, key, lines, pickable, width
from taizhang.drawing.shapes import Group, LegendEntry, Tile, TileMap

# What fits on a tile, in em of its type: Latin names have smaller type.
ROOM_CHINESE, ROOM_LATIN = 3.2, 4.5


@dataclass(frozen=True)
class Name:
    """Where the name of a group stands on the map: so many free cells from `col` on, in `row`."""

    group: Group
    row: int
    col: int
    cells: int


def in_words(shape: TileMap) -> str:
    """The map for those who do not see it: how many places are in each state."""
    return "，".join(f"{entry.label} {entry.count}" for entry in shape.legend)


def draw(shape: TileMap, _theme: str) -> Markup:
    """The districts to choose from, the legend, the map, and the places that have no tile."""
    states = {entry.state: entry for entry in shape.legend}
    return joined(
        (
            el("div", *map(_chip, shape.groups), class_="tz-chips") if shape.groups else "",
            el(
                "div",
                *(key(entry.label, entry.tone, entry.symbol, str(entry.count)) for entry in shape.legend),
                class_="tz-legend",
            ),
            _map(shape, states) if shape.tiles else "",
            _unplaced(shape, states) if shape.unplaced else "",
        )
    )


def _chip(group: Group) -> Markup:
    return el(
        "span",
        group.label,
        el("b", group.count),
        class_="tz-chip",
        **pickable(group.code),
        aria_pressed="true" if group.is_chosen else "false",
    )


def _map(shape: TileMap, states: dict[str, LegendEntry]) -> Markup:
    names = place_names(shape)
    top, left, _, columns = extent(shape, names)
    chosen = {group.code for group in shape.groups if group.is_chosen}
    sides = outlines(shape)
    cells = [_tile(tile, states[tile.state], sides[tile.row, tile.col], chosen, top, left) for tile in shape.tiles]
    cells += [_name(name, top, left) for name in names]
    is_latin = any(tile.label.isascii() for tile in shape.tiles)
    grid = el(
        "div",
        *cells,
        class_=f"tz-map{' tz-latin' if is_latin else ''}",
        role="img",
        aria_label=in_words(shape),
        style=f"--tz-cols:{columns}",
    )
    return el("div", grid, class_="tz-scroll tz-mapbox", style=f"--tz-cols:{columns}")


def extent(shape: TileMap, names: tuple[Name, ...]) -> tuple[int, int, int, int]:
    """The first row and column that tiles or names take, and how many rows and columns there are."""
    rows = [tile.row for tile in shape.tiles] + [name.row for name in names]
    columns = [tile.col for tile in shape.tiles]
    columns += [column for name in names for column in (name.col, name.col + name.cells - 1)]
    return min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1


def _tile(tile: Tile, entry: LegendEntry, sides: str, chosen: set[str], top: int, left: int) -> Markup:
    """A cell with the tile in it; the cell's borders are the outline of its district."""
    emphasis = "" if not chosen else " tz-chosen" if tile.group in chosen else " tz-other"
    latin = tile.label.isascii()
    words = lines(tile.label, ROOM_LATIN if latin else ROOM_CHINESE)
    long = " tz-long" if not latin and max(map(len, words)) > 2 else ""
    inner = el(
        "span",
        el("span", entry.symbol, class_="tz-sign"),
        el("span", *(el("span", word) for word in words), class_=f"tz-town{long}"),
        class_=f"tz-tile {filled(entry.tone)}{' tz-two' if len(words) > 1 else ''}",
    )
    outline = "".join(f" tz-{side}" for side in sides)
    # A click anywhere on a district picks it; the keyboard has the chips, so that 73 tiles are not 73 stops.
    return el(
        "span",
        inner,
        class_=f"tz-spot{outline}{emphasis}",
        title=tile.note or tile.label,
        style=f"grid-area:{tile.row - top + 1}/{tile.col - left + 1}",
        data_pick=tile.group or None,
    )


AROUND = {"n": (-1, 0), "w": (0, -1), "s": (1, 0), "e": (0, 1)}


def outlines(shape: TileMap) -> dict[tuple[int, int], str]:
    """The place of each tile → the sides, as letters of `AROUND`, where its district ends.

    Of two tiles with a line between them, the one right of or below it draws it.
    """
    tiles = {(tile.row, tile.col): tile.group for tile in shape.tiles}
    land = {**_holes(tiles), **tiles}

    def ends(row: int, col: int, group: str) -> str:
        spots = {side: (row + down, col + right) for side, (down, right) in AROUND.items()}
        return "".join(
            side for side, spot in spots.items() if land.get(spot) != group and (side in "nw" or spot not in tiles)
        )

    return {(row, col): ends(row, col, group) for (row, col), group in tiles.items()}


def _holes(tiles: dict) -> dict:
    """Free cells inside the map, each with the district it touches most, so that outlines do not make boxes of them."""
    rows, cols = [row for row, _ in tiles], [col for _, col in tiles]
    area = set(product(range(min(rows) - 1, max(rows) + 2), range(min(cols) - 1, max(cols) + 2))) - tiles.keys()
    reached, new = set(), {(min(rows) - 1, min(cols) - 1)}
    while new:
        reached |= new
        new = {(row + d, col + e) for row, col in new for d, e in AROUND.values()} & area - reached
    holes = {}
    for row, col in sorted(area - reached):
        beside = [tiles[spot] for d, e in AROUND.values() if (spot := (row + d, col + e)) in tiles]
        holes[row, col] = max(sorted(set(beside)), key=beside.count, default="")
    return holes


def _name(name: Name, top: int, left: int) -> Markup:
    return el(
        "span",
        el("span", cut(name.group.label, _room(name.cells))),
        el("b", name.group.count),
        class_=f"tz-group{' tz-group-chosen' if name.group.is_chosen else ''}",
        title=f"{name.group.label} {name.group.count}",
        data_pick=name.group.code or None,
        style=f"grid-area:{name.row - top + 1}/{name.col - left + 1}/auto/span {name.cells}",
    )


def _room(cells: int) -> float:
    return 3.3 * cells


def place_names(shape: TileMap) -> tuple[Name, ...]:
    """A place for every group's name on free cells, beside its own tiles; never on a tile or another name."""
    taken = {(tile.row, tile.col) for tile in shape.tiles}
    owner = {(tile.row, tile.col): tile.group for tile in shape.tiles}
    if not taken:
        return ()
    placed = []
    for group in shape.groups:
        own = [spot for spot, code in owner.items() if code == group.code]
        if not own:
            continue
        cells = min(3, max(1, -(-width(group.label) // _room(1)), -(-width(group.count) // _room(1))))
        found = _best_place(group, own, int(cells), taken, owner)
        taken |= {(found.row, found.col + step) for step in range(found.cells)}
        placed.append(found)
    return tuple(placed)


def _best_place(group: Group, own: list, cells: int, taken: set, owner: dict) -> Name:
    """Nearest to the group's tiles and to its middle; touching few strangers; inside the map rather than outside."""
    rows, cols = [row for row, _ in owner], [col for _, col in owner]
    middle = (sum(row for row, _ in own) / len(own), sum(col for _, col in own) / len(own))

    def cost(row: int, col: int) -> float:
        spots = [(row, col + step) for step in range(cells)]
        nearest = min(abs(row - r) + abs(c - k) for _, c in spots for r, k in own)
        far = abs(row - middle[0]) + abs(col + (cells - 1) / 2 - middle[1])
        beside = {(r + d, c + e) for r, c in spots for d, e in AROUND.values()}
        strangers = sum(1 for spot in beside if owner.get(spot, group.code) != group.code)
        outside = sum(1 for _, c in spots if not min(cols) <= c <= max(cols))
        outside += 0 if min(rows) <= row <= max(rows) else 1
        return 20 * nearest + 2 * far + 5 * strangers + 9 * outside

    free = (
        (row, col)
        for row, col in product(range(min(rows) - 1, max(rows) + 2), range(min(cols) - cells, max(cols) + 2))
        if not any((row, col + step) in taken for step in range(cells))
    )
    row, col = min(free, key=lambda spot: (cost(*spot), spot))
    return Name(group, row, col, cells)


def _unplaced(shape: TileMap, states: dict[str, LegendEntry]) -> Markup:
    tiles = [
        el(
            "span",
            f"{states[tile.state].symbol} {tile.label}",
            class_=f"tz-loose {filled(states[tile.state].tone)}",
            title=tile.note or None,
            **pickable(tile.group),
        )
        for tile in shape.unplaced
    ]
    return el("p", el("span", shape.unplaced_label, class_="tz-loose-label"), *tiles, class_="tz-unplaced")
