"""A grid of equal tiles for places on a map: neighbours stay neighbours, and the places of a district stay together.

`laid` gives each place a row and a column, no two the same. Districts first: each gets a block of cells, as many as
it has places and its name needs, by halving the map again and again between its western and eastern (northern and
southern) districts; then cells change hands while that brings true neighbours together, parts strangers or smooths
the lines between blocks. Then the places within each block, in the same way. McNeill and Hale (Generating Tile Maps,
2017) is where the measures come from; they lay single regions, here the blocks of districts are what is laid.

Nothing here is random: the same places give the same grid everywhere.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from taizhang.drawing.tiles import AROUND

Spot = tuple[int, int]  # row, column
Pair = frozenset[str]
SEA = ""  # of no group: a free cell

_SIDES = tuple(AROUND.values())
_TOUCHING = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0))
_NARROWEST_BAND = 2  # cells, for the name of a district above its places
_WIDEST, _NARROWEST = 2.0, 1.1  # of a grid, in its rows: tiles are wider than high, and so are screens
_WIDER = 1.15  # than the land is, the area: tiles are flat
_LEAST_ROUNDS, _MOST_ROUNDS, _WORK = 12, 120, 50_000  # of improving; cells looked at in all of them
_MARGIN = 1  # free cells around the map, into which blocks may grow while they are laid

# What a block costs: a true neighbour it does not touch, a stranger it touches, a side of its line, its way from home.
_PARTED, _STRANGER, _LINE, _AWAY = 12.0, 0.4, 0.25, 0.2
_COAST = 0.4
_HEAT = 3.0  # by how much a change may make it worse at first
# What a seat costs: a way from where it was put first or from the middle, neighbours at a corner, neighbours apart.
_HOME, _LOOSE, _CORNER, _APART = 0.05, 0.03, 0.6, 2.0


@dataclass(frozen=True)
class Spotted:
    """A place to lay: its code, the district it belongs to ("" for none), and where it is in degrees (x east, y
    north), if that is known."""

    code: str
    group: str = SEA
    at: tuple[float, float] | None = None


def laid(
    places: Sequence[Spotted],
    middles: Mapping[str, tuple[float, float]] | None = None,
    beside: Collection[Pair] = (),
    room: Mapping[str, int] | None = None,
) -> dict[str, Spot]:
    """Code → row and column, both from 0. `middles` are where the districts are, `beside` which districts, or places of
    one district, share a line on the ground; `room` is how many cells the name of a district needs, 1 where not said.

    A place or district of which nothing is known stands where its order in the list puts it.
    """
    groups: dict[str, list[Spotted]] = defaultdict(list)
    for place in places:
        groups[place.group].append(place)
    if len(groups) < 2:
        spots = _one_block(places, beside)
    elif not (middles := _middles_of(groups, middles or {})):
        spots = _in_order(groups)
    else:
        blocks, spots = _blocks(groups, middles, set(beside), room or {}), {}
        for group, own in groups.items():
            spots |= _within(own, _without_name(blocks[group], len(own)), _pairs_of(own, beside))
    top = min((row for row, _ in spots.values()), default=0)
    left = min((col for _, col in spots.values()), default=0)
    return {code: (row - top, col - left) for code, (row, col) in spots.items()}


# --- how good a grid is ----------------------------------------------------------------------------------------


def kept(spots: Mapping[str, Spot], pairs: Iterable[Pair]) -> tuple[int, int]:
    """How many pairs of places touch on the grid, at a side or a corner, and how many pairs there are."""
    known = [pair for pair in pairs if all(code in spots for code in pair)]
    return sum(_gap(*(spots[code] for code in pair)) == 1 for pair in known), len(known)


def kept_blocks(spots: Mapping[str, Spot], groups: Mapping[str, str], pairs: Iterable[Pair]) -> tuple[int, int]:
    """How many pairs of districts have tiles that touch, or have but free cells between them in a row or column (a
    name stands there), and how many pairs there are."""
    owner = {spot: groups[code] for code, spot in spots.items()}
    rows, cols = [row for row, _ in owner], [col for _, col in owner]
    touching = set()
    for (row, col), group in owner.items():
        for down, right in _SIDES:
            spot = (row + down, col + right)
            while spot not in owner and min(rows) <= spot[0] <= max(rows) and min(cols) <= spot[1] <= max(cols):
                spot = (spot[0] + down, spot[1] + right)
            if owner.get(spot, group) != group:
                touching.add(frozenset((group, owner[spot])))
        for down, right in _TOUCHING:
            other = owner.get((row + down, col + right), group)
            if other != group:
                touching.add(frozenset((group, other)))
    known = [pair for pair in pairs if pair <= set(owner.values())]
    return sum(pair in touching for pair in known), len(known)


def near_pairs(places: Sequence[Spotted]) -> set[Pair]:
    """Places with no other place within the circle between them (Gabriel): who are neighbours where no lines are
    known."""
    flat = {code: at for code, at in _flat(places).items() if at}
    pairs = set()
    for one, two in combinations(flat, 2):
        (x1, y1), (x2, y2) = flat[one], flat[two]
        middle, radius = ((x1 + x2) / 2, (y1 + y2) / 2), _square((x1, y1), (x2, y2)) / 4
        if radius and not any(_square(at, middle) < radius for code, at in flat.items() if code not in (one, two)):
            pairs.add(frozenset((one, two)))
    return pairs


def _gap(one: Spot, two: Spot) -> int:
    return max(abs(one[0] - two[0]), abs(one[1] - two[1]))


def _square(one: tuple[float, float], two: tuple[float, float]) -> float:
    return (one[0] - two[0]) ** 2 + (one[1] - two[1]) ** 2


def _flat(places: Iterable[Spotted]) -> dict[str, tuple[float, float] | None]:
    """Where places are on a plane that is true to angles there: x to the right, y down; None where it is not known."""
    known = [place.at for place in places if place.at]
    if not known:
        return {place.code: None for place in places}
    narrow = math.cos(math.radians(sum(y for _, y in known) / len(known)))
    return {place.code: (place.at[0] * narrow, -place.at[1]) if place.at else None for place in places}


# --- blocks for districts --------------------------------------------------------------------------------------


def _blocks(
    groups: Mapping[str, Sequence[Spotted]],
    middles: Mapping[str, tuple[float, float]],
    beside: set[Pair],
    room: Mapping[str, int],
) -> dict[str, set[Spot]]:
    """A block of cells for each district; one whose middle is not known begins in the middle of all."""
    sizes = {group: len(own) + room.get(group, 1) for group, own in groups.items()}
    flat = _flat([Spotted(group, SEA, middles.get(group)) for group in groups])
    known = [at for at in flat.values() if at]
    centre = (sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known))
    flat = {group: at or centre for group, at in flat.items()}
    blocks = defaultdict(set)
    for spot, group in _best_blocks(flat, sizes, beside).items():
        blocks[group].add(spot)
    return blocks


def _best_blocks(
    flat: Mapping[str, tuple[float, float]], sizes: Mapping[str, int], beside: set[Pair]
) -> dict[Spot, str]:
    """Of the map halved across first and down first, the one whose blocks lie better when both are improved."""
    across = max(x for x, _ in flat.values()) - min(x for x, _ in flat.values())
    down = max(y for _, y in flat.values()) - min(y for _, y in flat.values())
    cells = sum(sizes.values())
    area = sorted(_area(cells, _WIDER * across / max(down, 1e-9)))
    boards = [_Exchange(_halved(area, sorted(flat), flat, sizes, way), beside, set(flat)) for way in (True, False)]
    for board in boards:
        board.improve(max(_LEAST_ROUNDS, min(_MOST_ROUNDS, _WORK // cells)))
    return min(boards, key=_Exchange.cost).owner


def _middles_of(
    groups: Mapping[str, Sequence[Spotted]], middles: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Where the districts are: as said, else in the middle of their places, if any of these is known."""
    found = {}
    for group, own in groups.items():
        known = [middles[group]] if group in middles else [place.at for place in own if place.at]
        if known:
            found[group] = (sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known))
    return found


def _in_order(groups: Mapping[str, Sequence[Spotted]]) -> dict[str, Spot]:
    """Places of districts of which nothing is known: the districts in their order, as one writes, in bands of equal
    height, the first line of each left free for their names."""
    most = max(map(len, groups.values()))
    whole = sum(len(own) for own in groups.values()) + len(groups)
    high = max(2, round(math.sqrt(whole / _WIDEST / 2)))  # of a band, in cells
    wide = math.ceil(max(math.sqrt(whole * _WIDEST), most / high))
    spots, top, left = {}, 1, 0
    for own in groups.values():
        columns = max(_NARROWEST_BAND, math.ceil(len(own) / high))
        if left and left + columns > wide:
            top, left = top + high + 1, 0
        spots |= {place.code: (top + at // columns, left + at % columns) for at, place in enumerate(own)}
        left += columns
    return spots


def _area(cells: int, shape: float) -> set[Spot]:
    """So many cells, as a rectangle with a ragged last column, of about the proportions asked for."""
    shape = min(max(shape, _NARROWEST), _WIDEST)
    rows = max(1, round(math.sqrt(cells / shape)))
    return {(place % rows, place // rows) for place in range(cells)}


def _halved(
    area: list[Spot],
    groups: list[str],
    flat: Mapping[str, tuple[float, float]],
    sizes: Mapping[str, int],
    is_across: bool | None,
) -> dict[Spot, str]:
    """The cells shared out: the map is cut where about half of it lies on either side, and so each half."""
    if len(groups) == 1:
        return dict.fromkeys(area, groups[0])
    if is_across is None:
        rows, cols = {row for row, _ in area}, {col for _, col in area}
        is_across = len(cols) * 1.3 >= len(rows)
    axis = 0 if is_across else 1
    groups = sorted(groups, key=lambda group: (flat[group][axis], flat[group][1 - axis], group))
    area = sorted(area, key=lambda spot: (spot[1], spot[0]) if is_across else spot)
    whole = sum(sizes[group] for group in groups)
    cuts, done = [], 0
    for place in range(1, len(groups)):
        done += sizes[groups[place - 1]]
        wide = flat[groups[place]][axis] - flat[groups[place - 1]][axis]
        spread = flat[groups[-1]][axis] - flat[groups[0]][axis] or 1.0
        cuts.append((abs(done / whole - 0.5) - 0.5 * wide / spread, place, done))
    _, place, done = min(cuts)
    first = _halved(area[:done], groups[:place], flat, sizes, None)
    return first | _halved(area[done:], groups[place:], flat, sizes, None)


class _Exchange:
    """Blocks on a board of cells, free ones around them; two cells change hands where that makes it better."""

    def __init__(self, owner: Mapping[Spot, str], beside: set[Pair], known: set[str]):
        rows, cols = [row for row, _ in owner], [col for _, col in owner]
        self.owner = {
            (row, col): owner.get((row, col), SEA)
            for row in range(min(rows) - _MARGIN, max(rows) + _MARGIN + 1)
            for col in range(min(cols) - _MARGIN, max(cols) + _MARGIN + 1)
        }
        self.near = {
            spot: [
                (spot[0] + down, spot[1] + right)
                for down, right in _SIDES
                if (spot[0] + down, spot[1] + right) in self.owner
            ]
            for spot in self.owner
        }
        self.beside = {pair for pair in beside if pair <= known}
        self.listed = {group for pair in self.beside for group in pair}
        self.sums = defaultdict(lambda: [0, 0, 0])
        for (row, col), group in self.owner.items():
            held = self.sums[group]
            held[0], held[1], held[2] = held[0] + row, held[1] + col, held[2] + 1
        self.held = defaultdict(set)
        for spot, group in self.owner.items():
            self.held[group].add(spot)
        self.home = {group: (held[0] / held[2], held[1] / held[2]) for group, held in self.sums.items()}
        self.sides: dict[Pair, int] = defaultdict(int)
        for spot, group in self.owner.items():
            for other in self.near[spot]:
                if other > spot and self.owner[other] != group:
                    self.sides[frozenset((group, self.owner[other]))] += 1

    def cost(self) -> float:
        lines = sum(count * self._line(pair) for pair, count in self.sides.items())
        apart = sum(_PARTED for pair in self.beside if not self.sides.get(pair))
        strange = sum(self._price(pair, count) for pair, count in self.sides.items() if pair not in self.beside)
        return lines + apart + strange + sum(map(self._away, self.sums))

    def _price(self, pair: Pair, count: int) -> float:
        """Of the contact of two blocks, or its lack."""
        if pair in self.beside:
            return 0.0 if count else _PARTED
        return _STRANGER if count and pair <= self.listed else 0.0

    def _line(self, pair: Pair) -> float:
        """Of one side of a line: dearer along the coast, so that no inlets are left between blocks."""
        return _COAST if SEA in pair else _LINE

    def _away(self, group: str) -> float:
        if group == SEA:
            return 0.0
        row, col, count = self.sums[group]
        return _AWAY * _square((row / count, col / count), self.home[group])

    def improve(self, rounds: int) -> None:
        """Exchange cells, at first also where that is a little worse, so as not to be caught early."""
        chance, spots = Random(0), sorted(self.owner)
        for turn in range(rounds):
            heat, is_changed = _HEAT * (1 - turn / (rounds * 0.7)), False
            chance.shuffle(spots)
            for spot in spots:
                is_changed |= self._try(spot, max(heat, 0.0), chance)
            if heat <= 0 and not is_changed:
                return

    def _try(self, spot: Spot, heat: float, chance: Random) -> bool:
        """Give a cell to the block beside it, for another one that this block has at the same line."""
        mine = self.owner[spot]
        theirs = sorted({self.owner[other] for other in self.near[spot]} - {mine})
        if not theirs:
            return False
        other = theirs[int(chance.random() * len(theirs))]
        back = [
            one
            for one in sorted(self.held[other])
            if one != spot and any(self.owner[x] == mine for x in self.near[one])
        ]
        if not back:
            return False
        swap = back[int(chance.random() * len(back))]
        gain = self._change(spot, swap)
        limit = -heat * math.log(max(chance.random(), 1e-12)) if heat else -1e-9
        if gain < limit and self._is_whole(mine) and self._is_whole(other):
            return True
        self._change(spot, swap)
        return False

    def _change(self, spot: Spot, swap: Spot) -> float:
        """Exchange the owners of two cells; returns by how much it costs more."""
        mine, other = self.owner[spot], self.owner[swap]
        before = self._away(mine) + self._away(other)
        touched: dict[Pair, int] = {}
        for place in (spot, swap):
            self._count(place, -1, touched)
            self._hold(place, -1)
            self.owner[place] = other if place == spot else mine
            self._hold(place, 1)
            self._count(place, 1, touched)
        gain = self._away(mine) + self._away(other) - before
        for pair, count in touched.items():
            now = self.sides[pair]
            gain += self._price(pair, now) - self._price(pair, count) + (now - count) * self._line(pair)
        return gain

    def _count(self, place: Spot, step: int, touched: dict[Pair, int]) -> None:
        own = self.owner[place]
        for near in self.near[place]:
            if self.owner[near] != own:
                pair = frozenset((own, self.owner[near]))
                touched.setdefault(pair, self.sides[pair])
                self.sides[pair] += step

    def _hold(self, place: Spot, step: int) -> None:
        held = self.sums[self.owner[place]]
        held[0], held[1], held[2] = held[0] + step * place[0], held[1] + step * place[1], held[2] + step
        (self.held[self.owner[place]].add if step > 0 else self.held[self.owner[place]].remove)(place)

    def _is_whole(self, group: str) -> bool:
        """Whether a block is of one piece; free cells need not be."""
        if group == SEA:
            return True
        return _pieces(self.held[group]) == 1


def _without_name(block: set[Spot], places: int) -> list[Spot]:
    """The cells of a block for its places: those left when a run of cells is kept free for its name, on top or below
    where the block is widest, so that the rest stays of one piece."""
    spare = len(block) - places
    if spare <= 0:
        return sorted(block)
    middle = sum(col for _, col in block) / len(block)
    rows = sorted({row for row, _ in block})
    runs = [
        [(row, col + step) for step in range(spare)]
        for row, col in sorted(block)
        if all((row, col + step) in block for step in range(spare))
    ]
    if not runs:
        return sorted(block)[:places]

    def cost(run: list[Spot]) -> tuple:
        rest = block - set(run)
        row = run[0][0]
        return (_pieces(rest), row not in (rows[0], rows[-1]), row != rows[0], abs(run[0][1] + spare / 2 - middle), run)

    return sorted(block - set(min(runs, key=cost)))


def _pieces(cells: set[Spot]) -> int:
    left, count = set(cells), 0
    while left:
        count += 1
        waiting = [left.pop()]
        while waiting:
            row, col = waiting.pop()
            for down, right in _SIDES:
                if (row + down, col + right) in left:
                    left.remove((row + down, col + right))
                    waiting.append((row + down, col + right))
    return count


# --- places within a block -------------------------------------------------------------------------------------


def _one_block(places: Sequence[Spotted], beside: Collection[Pair]) -> dict[str, Spot]:
    """Places of one district, or of none: a board of their own, some cells left free where their true neighbours are
    known, so that a coast can be one."""
    flat = [at for at in _flat(places).values() if at]
    across = max((x for x, _ in flat), default=1.0) - min((x for x, _ in flat), default=0.0)
    down = max((y for _, y in flat), default=1.0) - min((y for _, y in flat), default=0.0)
    pairs = _pairs_of(places, beside)
    free = len(places) // 3 if pairs and len(places) > 3 else 0
    return _within(places, sorted(_area(len(places) + free, across / max(down, 1e-9) if flat else 1.3)), pairs)


def _pairs_of(places: Sequence[Spotted], beside: Iterable[Pair]) -> set[Pair]:
    """Who is whose neighbour: as said, else who is near."""
    codes = {place.code for place in places}
    return {pair for pair in beside if pair <= codes} or near_pairs(places)


def _within(places: Sequence[Spotted], cells: list[Spot], pairs: set[Pair]) -> dict[str, Spot]:
    """A cell for each place: those whose point is known are put in by halving places and cells together, then change
    places while that brings neighbours nearer; those of which nothing is known fill what is left, in their order."""
    flat = _flat(places)
    known = [place.code for place in places if flat[place.code]]
    spots = _seated(known, cells, flat) if known else {}
    spots = _Seats(spots, cells, pairs).improved()
    unknown = [place.code for place in places if place.code not in spots]
    taken = set(spots.values())
    return spots | dict(zip(unknown, [cell for cell in cells if cell not in taken], strict=False))


def _seated(codes: list[str], cells: list[Spot], flat: Mapping[str, tuple[float, float] | None]) -> dict[str, Spot]:
    """Each place on a cell, by halving places and cells together, across where the cells are wide."""
    if len(codes) == 1:
        rows, cols = [row for row, _ in cells], [col for _, col in cells]
        middle = (sum(rows) / len(rows), sum(cols) / len(cols))
        return {codes[0]: min(cells, key=lambda spot: (_square(spot, middle), spot))}
    is_across = len({col for _, col in cells}) >= len({row for row, _ in cells})
    axis = 0 if is_across else 1
    codes = sorted(codes, key=lambda code: (flat[code][axis], flat[code][1 - axis], code))
    cells = sorted(cells, key=lambda spot: (spot[1], spot[0]) if is_across else spot)
    half = len(codes) // 2
    cut = max(half, min(len(cells) - (len(codes) - half), round(len(cells) * half / len(codes))))
    return _seated(codes[:half], cells[:cut], flat) | _seated(codes[half:], cells[cut:], flat)


class _Seats:
    """Places on the cells of a block, some of them free; two change, or one moves, where neighbours come nearer."""

    def __init__(self, spots: Mapping[str, Spot], cells: Sequence[Spot], pairs: set[Pair]):
        self.spots, self.cells, self.home = dict(spots), sorted(cells), dict(spots)
        self.on: dict[Spot, str | None] = dict.fromkeys(self.cells)
        self.on.update((cell, code) for code, cell in spots.items())
        self.near: dict[str, list[str]] = {code: [] for code in spots}
        for one, two in (sorted(pair) for pair in pairs if pair <= set(spots)):
            self.near[one].append(two)
            self.near[two].append(one)
        count = max(len(spots), 1)
        self.middle = (sum(r for r, _ in spots.values()) / count, sum(c for _, c in spots.values()) / count)

    def _cost(self, code: str | None) -> float:
        if code is None:
            return 0.0
        row, col = self.spots[code]
        cost = _HOME * _square((row, col), self.home[code]) + _LOOSE * _square((row, col), self.middle)
        for other in self.near[code]:
            down, right = abs(row - self.spots[other][0]), abs(col - self.spots[other][1])
            gap = max(down, right)
            cost += (_CORNER if down and right else 0.0) if gap == 1 else _APART + gap
        return cost

    def improved(self, rounds: int = 40) -> dict[str, Spot]:
        chance, codes = Random(0), sorted(self.spots)
        best, least = dict(self.spots), self._whole()
        for turn in range(rounds):
            heat, is_changed = max(1.2 * (1 - turn / (rounds * 0.75)), 0.0), False
            for code in codes:
                for cell in self.cells:
                    is_changed |= cell != self.spots[code] and self._try(code, cell, heat, chance)
            if (whole := self._whole()) < least - 1e-9:
                best, least = dict(self.spots), whole
            if not heat and not is_changed:
                break
        return best

    def _whole(self) -> float:
        return sum(map(self._cost, self.spots))

    def _try(self, code: str, cell: Spot, heat: float, chance: Random) -> bool:
        other, was = self.on[cell], self.spots[code]
        before = self._cost(code) + self._cost(other)
        self._move(code, cell, other)
        gain = self._cost(code) + self._cost(other) - before
        if gain < (-heat * math.log(max(chance.random(), 1e-12)) - heat * 3 if heat else -1e-9):
            return True
        self._move(code, was, other)
        return False

    def _move(self, code: str, cell: Spot, other: str | None) -> None:
        """Put a place on a cell, and the one that was there on the first one's."""
        was = self.spots[code]
        self.on[was], self.on[cell] = other, code
        self.spots[code] = cell
        if other is not None:
            self.spots[other] = was
