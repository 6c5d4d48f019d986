"""A tile map as a picture: legend, tiles with their outlines, the districts' names, the places without a tile."""

from dataclasses import dataclass

from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.shapes import LegendEntry, Tile, TileMap
from taizhang.drawing.svg.pen import BOLD, LINE, Pen, key_width, legend, legend_height, sign
from taizhang.drawing.text import cut, lines, width
from taizhang.drawing.tiles import Name, extent, outlines, place_names

LEAST = 0.85  # of the text: so small and no smaller names become
FLATTEST, HIGHEST = 3.4, 1.35  # the width of a tile in its heights, from … to …
TALLEST = 3.0  # em
EDGE = 0.1  # em, half of an outline
NARROWEST = 0.68  # of their width: so narrow and no narrower letters become, before a name is cut
AIR = 0.14  # em between a tile and the edge of its cell
CLOSE = 1.15  # em from one line on a tile to the next


def height(shape: TileMap, wide: float) -> float:
    """Legend, map and the places without a tile, with tiles as high as two lines of text."""
    rows = _size(shape)[0]
    return legend_height(wide, _keys(shape)) + rows * 2.55 + 0.3 + _loose_height(shape, wide)


def draw(shape: TileMap, pen: Pen, wide: float, high: float) -> Markup:
    """The legend stands beside the map where the width allows, else above it."""
    keys = _keys(shape)
    below = _loose_height(shape, wide)
    rows, columns = _size(shape)
    side = max((key_width(label, count) for label, _, _, count in keys), default=0)
    above = legend_height(wide, keys)
    beside = _cell(rows, columns, wide - side - 2.5, high - below - 2 * EDGE)
    stacked = _cell(rows, columns, wide - 2 * EDGE, high - below - above - EDGE)
    is_beside = _readable(shape, *beside) >= _readable(shape, *stacked)
    cell = beside if is_beside else stacked
    taken = columns * cell[0]
    left, top = max(EDGE, (wide - taken - (side + 2.5 if is_beside else 0)) / 2), (EDGE if is_beside else above)
    parts = [legend(pen, left + taken + 2, LINE, side, keys) if is_beside else legend(pen, 0, 0, wide, keys)]
    if shape.tiles:
        parts.append(_Map(shape, pen, left, top, *cell).drawn())
    parts.append(_loose(shape, pen, wide, top + rows * cell[1] + 0.5))
    return joined(parts)


def _keys(shape: TileMap) -> list[tuple[str, str, str, str]]:
    return [(entry.label, entry.tone, entry.symbol, str(entry.count)) for entry in shape.legend]


def _size(shape: TileMap) -> tuple[int, int]:
    return extent(shape, place_names(shape))[2:] if shape.tiles else (0, 0)


def _cell(rows: int, columns: int, wide: float, high: float) -> tuple[float, float]:
    """Width and height of a cell: as large as the room allows, neither narrow nor very flat."""
    if not rows:
        return 0.0, 0.0
    tall = max(min(high / rows, TALLEST), 0.1)
    broad = min(wide / columns, tall * FLATTEST)
    return broad, min(tall, broad / HIGHEST)


class _Map:
    """The map on a grid of cells, from its left upper corner."""

    def __init__(self, shape: TileMap, pen: Pen, left: float, top: float, broad: float, tall: float):
        self.shape, self.pen, self.left, self.top, self.broad, self.tall = shape, pen, left, top, broad, tall
        self.names = place_names(shape)
        self.writing = _writing(shape, broad, tall)
        self.first_row, self.first_column, _, _ = extent(shape, self.names)
        self.states = {entry.state: entry for entry in shape.legend}
        self.chosen = {group.code for group in shape.groups if group.is_chosen}

    def drawn(self) -> Markup:
        tiles = (self._tile(tile, self.states[tile.state]) for tile in self.shape.tiles)
        sides = outlines(self.shape)
        edges = (self._edge(row, column, side) for (row, column), ends in sorted(sides.items()) for side in ends)
        return joined((*tiles, *edges, *map(self._name, self.names)))

    def _spot(self, row: int, column: int) -> tuple[float, float]:
        return (self.left + (column - self.first_column) * self.broad, self.top + (row - self.first_row) * self.tall)

    def _tile(self, tile: Tile, entry: LegendEntry) -> Markup:
        x, y = self._spot(tile.row, tile.col)
        pen, wide, high = self.pen, self.broad - 2 * AIR, self.tall - 2 * AIR
        colour = pen.on(entry.tone)
        if self.chosen and tile.group not in self.chosen:
            colour = pen.colour("faint") if colour == pen.colour("plain") else colour
        middle, centre = y + self.tall / 2, x + self.broad / 2
        said = self.writing.lines(tile.label, sign(entry.tone, entry.symbol))
        close = CLOSE * self.writing.size
        top = middle - (len(said) - 1) * close / 2
        return joined(
            (
                pen.area(x + AIR, y + AIR, wide, high, entry.tone, 0.15),
                *(self._line(centre, top + place * close, line, colour) for place, line in enumerate(said)),
            )
        )

    def _line(self, centre: float, middle: float, said: str, colour: str) -> Markup:
        """One line on a tile, its letters narrower where it would not fit."""
        return self._fitted(centre, middle, said, self.writing.room, size=self.writing.size, colour=colour)

    def _fitted(self, centre: float, middle: float, said: str, room: float, size: float, **style: object) -> Markup:
        narrowed = room / max(width(said) * size, 0.01)
        if narrowed >= 1:
            return self.pen.words(centre, middle, said, anchor="middle", size=size, **style)
        words = self.pen.words(0, middle, said, anchor="middle", size=size, **style)
        return el("g", words, transform=f"translate({self.pen.of(centre)} 0) scale({narrowed:.3f} 1)")

    def _edge(self, row: int, column: int, side: str) -> Markup:
        x, y = self._spot(row, column)
        right, bottom = x + self.broad, y + self.tall
        ends = {
            "n": (x, y, right, y),
            "s": (x, bottom, right, bottom),
            "w": (x, y, x, bottom),
            "e": (right, y, right, bottom),
        }
        return self.pen.line(*ends[side], "plain", 0.13)

    def _name(self, name: Name) -> Markup:
        """A district and its count, in one line where they fit into the free cells."""
        x, y = self._spot(name.row, name.col)
        label, count, room = name.group.label, name.group.count, name.cells * self.broad
        middle, centre = y + self.tall / 2, x + room / 2
        whole = width(label) * BOLD + 0.5 + width(count)
        size = _size_for(whole + 0.5, room)
        if not size and self.tall >= 2 * CLOSE * LEAST:
            said = (cut(label, room / LEAST), count)
            return self.pen.paragraph(centre, middle, said, LEAST, anchor="middle", bold=True)
        if not size:
            return self._fitted(centre, middle, f"{label} {count}", (room - 0.4) / BOLD, LEAST, bold=True)
        start = centre - whole * size / 2
        after = start + (width(label) * BOLD + 0.5) * size
        return joined(
            (
                self.pen.words(start, middle, label, bold=True, size=size),
                self.pen.words(after, middle, count, size=size),
            )
        )


@dataclass(frozen=True)
class _Writing:
    """How all tiles of a map are written, one like the other: `way` is line, stack, parted or name."""

    way: str
    size: float
    room: float

    def lines(self, label: str, symbol: str) -> tuple[str, ...]:
        match self.way:
            case "line":
                return (_whole(label, symbol),)
            case "stack":
                return (symbol, label) if symbol else (label,)
            case "parted":
                return lines(label, self.room / self.size)
        return (cut(label, self.room / self.size / NARROWEST),)


def _writing(shape: TileMap, broad: float, tall: float) -> _Writing:
    """The symbol before the name, or above it, or the name alone: whatever has room on every tile."""
    room, high = broad - 2 * AIR - 0.2, tall - 2 * AIR
    labels = [tile.label for tile in shape.tiles]
    is_high = high >= 2 * CLOSE * LEAST
    longest = max(map(width, labels), default=0)
    signed = max((width(_whole(label, "○")) for label in labels), default=0)
    for way, needed, is_possible in (("line", signed, True), ("stack", longest, is_high)):
        size = _size_for(needed, room)
        if size and is_possible:
            return _Writing(way, size, room)
    return _Writing("parted" if is_high else "name", _size_for(longest, room) or LEAST, room)


def _readable(shape: TileMap, broad: float, tall: float) -> tuple[int, float]:
    """How well names can be read on cells of this size: those that are not cut, then the size of the cells."""
    writing = _writing(shape, broad, tall)
    return sum("…" not in "".join(writing.lines(tile.label, "")) for tile in shape.tiles), broad * tall


def _whole(label: str, symbol: str) -> str:
    return f"{symbol} {label}".strip()


def _size_for(wide: float, room: float) -> float:
    """The largest text size in which something so wide fits; 0 when it fits in none."""
    return next((size for size in (1.0, 0.92, LEAST) if wide * size <= room), 0.0)


def _loose_height(shape: TileMap, wide: float) -> float:
    said = _loose_lines(shape, wide)
    return len(said) * LINE + 0.8 if said else 0.0


def _loose(shape: TileMap, pen: Pen, wide: float, top: float) -> Markup:
    said = _loose_lines(shape, wide)
    return joined(pen.words(0, top + (place + 0.5) * LINE, line) for place, line in enumerate(said))


def _loose_lines(shape: TileMap, wide: float) -> list[str]:
    """Which names are short for what; the places without a tile, each behind its symbol, in as many lines as they
    need."""
    symbols = {entry.state: entry.symbol for entry in shape.legend}
    made = [shape.unplaced_label] if shape.unplaced else []
    for tile in shape.unplaced:
        said = f"{symbols[tile.state]} {tile.label}"
        if width(f"{made[-1]}  {said}") > wide:
            made.append(said)
        else:
            made[-1] += f"  {said}"
    return [*(lines(shape.short, wide) if shape.tiles and shape.short else ()), *made]
