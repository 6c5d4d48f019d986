"""Where everything stands on a map of equal tiles: outlines of districts, and their names on free cells."""

from dataclasses import dataclass
from itertools import product

from taizhang.drawing.shapes import Group, TileMap
from taizhang.drawing.text import width


@dataclass(frozen=True)
class Name:
    """Where the name of a group stands on the map: so many free cells from `col` on, in `row`."""

    group: Group
    row: int
    col: int
    cells: int


def extent(shape: TileMap, names: tuple[Name, ...]) -> tuple[int, int, int, int]:
    """The first row and column that tiles or names take, and how many rows and columns there are."""
    rows = [tile.row for tile in shape.tiles] + [name.row for name in names]
    columns = [tile.col for tile in shape.tiles]
    columns += [column for name in names for column in (name.col, name.col + name.cells - 1)]
    return min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1


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


def name_room(cells: int) -> float:
    """How wide a name may be on so many cells, in em of its type."""
    return 3.3 * cells


def name_cells(label: str, count: str) -> int:
    """How many cells the name of a group needs: two where name and count stand on one line, as on flat tiles."""
    in_one = 2 if width(label) + width(count) + 0.5 > name_room(1) else 1
    return int(min(3, max(in_one, -(-width(label) // name_room(1)), -(-width(count) // name_room(1)))))


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
        found = _best_place(group, own, name_cells(group.label, group.count), taken, owner)
        taken |= {(found.row, found.col + step) for step in range(found.cells)}
        placed.append(found)
    return tuple(placed)


def _best_place(group: Group, own: list, cells: int, taken: set, owner: dict) -> Name:
    """Nearest to the group's tiles and to its middle; touching few strangers; inside the map rather than outside."""
    rows, cols, holes = [row for row, _ in owner], [col for _, col in owner], _holes(owner)
    middle = (sum(row for row, _ in own) / len(own), sum(col for _, col in own) / len(own))

    def cost(row: int, col: int) -> float:
        spots = [(row, col + step) for step in range(cells)]
        nearest = min(abs(row - r) + abs(c - k) for _, c in spots for r, k in own)
        far = abs(row - middle[0]) + abs(col + (cells - 1) / 2 - middle[1])
        beside = {(r + d, c + e) for r, c in spots for d, e in AROUND.values()}
        strangers = sum(1 for spot in beside if owner.get(spot, group.code) != group.code)
        friends = sum(1 for spot in beside if owner.get(spot) == group.code)
        outside = sum(1 for _, c in spots if not min(cols) <= c <= max(cols))
        outside += 0 if min(rows) <= row <= max(rows) else 1
        within = sum(holes.get(spot) == group.code for spot in spots)  # free cells that its outline goes around
        return 20 * nearest + 2 * far + 5 * strangers + 9 * outside - 5 * friends - 9 * within

    free = (
        (row, col)
        for row, col in product(range(min(rows) - 1, max(rows) + 2), range(min(cols) - cells, max(cols) + 2))
        if not any((row, col + step) in taken for step in range(cells))
    )
    row, col = min(free, key=lambda spot: (cost(*spot), spot))
    return Name(group, row, col, cells)
