"""A tile map as native shapes: one tile for each town in one group, its state as fill, symbol and word."""

from taizhang.drawing import palette
from taizhang.drawing.shapes import LegendEntry, Tile, TileMap
from taizhang.drawing.text import cut, lines
from taizhang.drawing.tiles import extent, outlines, place_names
from taizhang.showing.deck import paint
from taizhang.showing.deck.paint import Paragraph, Run
from taizhang.showing.deck.space import LINE, Box
from taizhang.showing.deck.stage import FOOT, HEADING, SMALL, TEXT, Said, Stage

_WIDEST = 2.8  # of a tile, in its heights: a name needs its width
_GAP = 1.5
_CLOSEST = 0.22  # em that letters may stand closer, before a name is cut
_MOST_WHOLE = 0.9  # of the names find room, else none is written
_SWATCH = 1.3  # em


def draw_map(stage: Stage, shape: TileMap, box: Box, said: Said) -> None:
    """The legend beside the map, or above it where the map is wide; what has no tile below, in words."""
    size = stage.pt(TEXT)
    has_names = _has_names(stage, shape, box)
    loose = _below(stage, shape, box, has_names)
    box = Box(box.left, box.top, box.width, box.height - loose)
    legend = max(_entry_width(stage, one, size) for one in shape.legend) + stage.scale * 12 if shape.legend else 0
    names = place_names(shape)
    if not shape.tiles:
        _legend(stage, shape, box, is_beside=False)
        return
    first_row, first_col, high, wide = extent(shape, names)
    tile_height = box.height / high
    needed = wide * min(_WIDEST * tile_height, _tile_room(shape, stage))
    is_beside = needed + legend <= box.width
    used = _legend(stage, shape, box, is_beside)
    area = Box(box.left, box.top, box.width - used, box.height) if is_beside else box.below(used)
    tile_height = area.height / high
    tile_width = min(area.width / wide, _WIDEST * tile_height)
    left = area.left + (area.width - tile_width * wide) / 2

    def spot(row: int, col: int, cells: int = 1) -> Box:
        x, y = left + (col - first_col) * tile_width, area.top + (row - first_row) * tile_height
        return Box(x, y, tile_width * cells, tile_height)

    group = stage.group(said)
    states = {entry.state: entry for entry in shape.legend}
    size = _letters(stage, shape, states, tile_width, tile_height)
    for tile in shape.tiles:
        _tile(group, tile.label if has_names else "", tile, states[tile.state], spot(tile.row, tile.col), size)
    _outlines(group, shape, spot)
    for name in names:
        room = spot(name.row, name.col, name.cells)
        small = stage.pt(FOOT)
        label = f"{name.group.label} {name.group.count}"
        if stage.wide(label, small) > room.width:
            label = _short(stage, name.group.label, room.width, small)
        group.text(room, [paint.paragraph(label, small, stage.tone("plain"), True, "ctr")], name.group.label, "ctr")


def _tile_room(shape: TileMap, stage: Stage) -> float:
    """How wide a tile should be for the longest name beside its symbol."""
    size = stage.pt(FOOT)
    return max(stage.wide(f"○ {tile.label}", size) for tile in shape.tiles) + 2 * _GAP + 2


def _has_names(stage: Stage, shape: TileMap, box: Box) -> bool:
    """Whether the tiles have room for nearly all names; a map of half names is noise, and the lists have them whole."""
    if not shape.tiles:
        return True
    _, _, high, wide = extent(shape, place_names(shape))
    size = stage.pt(FOOT)
    room = min(box.width / wide, _WIDEST * box.height / high) - 2 * _GAP * stage.scale
    rows = 2 if box.height / high - 2 * _GAP * stage.scale >= 2 * LINE * size else 1
    whole = sum(stage.wide(one.label, size) - _CLOSEST * size * len(one.label) <= room * rows for one in shape.tiles)
    return whole >= _MOST_WHOLE * len(shape.tiles)


def _short(stage: Stage, label: str, room: float, size: float) -> str:
    """The name of a district without its count; without what kind of place it is, where it is long; else cut."""
    bare = label.rsplit(" ", 1)[0]
    return next(
        (one for one in (label, bare) if stage.wide(one, size) <= room), cut(label, room / size / max(1, stage.latin))
    )


def _letters(stage: Stage, shape: TileMap, states: dict[str, LegendEntry], wide: float, high: float) -> float:
    """The largest letters with which every tile holds its symbol and its name in a line; the least there are else."""
    room = wide - 4 * _GAP * stage.scale
    said = [f"{states[one.state].symbol} {one.label}" for one in shape.tiles]
    for size in map(stage.pt, (HEADING, TEXT, SMALL)):
        if high >= 2 * LINE * size and all(stage.wide(one, size) <= room for one in said):
            return size
    return stage.pt(FOOT)


def _tile(stage: Stage, label: str, tile: Tile, entry: LegendEntry, box: Box, size: float) -> None:
    gap = _GAP * stage.scale
    inner = Box(box.left + gap, box.top + gap, box.width - 2 * gap, box.height - 2 * gap)
    fill, line = paint.area(entry.tone, stage.theme)
    room = inner.width / size / max(1, stage.latin)
    text = f"{entry.symbol} {label}".strip()
    colour = palette.on_area(entry.tone, stage.theme)
    closer = (stage.wide(label, size) - inner.width) / max(1, len(label))
    if stage.wide(text, size) <= inner.width:
        shown, closer = (text,), 0.0
    elif inner.height >= 2 * LINE * size:
        shown, closer = lines(label, room), 0.0
    elif closer <= _CLOSEST * size:  # without its symbol, its letters a little closer: 12 points are the least there is
        shown, closer = (label,), max(closer, 0.0)
    else:
        shown, closer = (cut(label, room),), 0.0
    said = [Paragraph((Run(one, size, colour, closer=closer),), "ctr") for one in shown]
    alt = tile.note or f"{tile.label} {entry.label}"
    stage.panel(inner, tile.label, fill, line, said, alt=alt, is_one_line=True)


def _outlines(stage: Stage, shape: TileMap, spot) -> None:
    """Where a district ends: one shape of lines for each district; of two neighbours one draws the line."""
    labels = {group.code: group.label for group in shape.groups}
    runs: dict[str, list] = {}
    ends, owner = outlines(shape), {(tile.row, tile.col): tile.group for tile in shape.tiles}
    for place, code in owner.items():
        box = spot(*place)
        at = {
            "n": ((box.left, box.top), (box.right, box.top)),
            "s": ((box.left, box.bottom), (box.right, box.bottom)),
            "w": ((box.left, box.top), (box.left, box.bottom)),
            "e": ((box.right, box.top), (box.right, box.bottom)),
        }
        runs.setdefault(code, []).extend(at[side] for side in ends[place])
    for code, sides in runs.items():
        if not sides:
            continue
        corners = [point for line in sides for point in line]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        frame = Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        label = labels.get(code, code)
        stage.strokes(frame, label, sides, paint.stroke(stage.tone("plain"), 1.75 * stage.scale), alt=label)


def _legend(stage: Stage, shape: TileMap, box: Box, is_beside: bool) -> float:
    """Draw the legend, at the right or in a line above; returns the width or height it took."""
    size = stage.pt(TEXT)
    widths = [_entry_width(stage, one, size) for one in shape.legend]
    if not widths:
        return 0
    line = size * LINE + stage.scale * 4
    if is_beside:
        used = max(widths) + stage.scale * 12
        for place, entry in enumerate(shape.legend):
            _entry(stage, entry, box.right - used + stage.scale * 12, box.top + place * line, size)
        return used
    x, y = box.left, box.top
    for entry, wide in zip(shape.legend, widths, strict=True):
        if x > box.left and x + wide > box.right:
            x, y = box.left, y + line
        _entry(stage, entry, x, y, size)
        x += wide + stage.scale * 14
    return y + line - box.top


def _words(entry: LegendEntry) -> str:
    return f"{entry.label} {entry.count}"


def _entry_width(stage: Stage, entry: LegendEntry, size: float) -> float:
    return (_SWATCH + 0.5) * size + stage.wide(_words(entry), size) + 4


def _entry(stage: Stage, entry: LegendEntry, x: float, y: float, size: float) -> None:
    side = _SWATCH * size
    fill, line = paint.area(entry.tone, stage.theme)
    symbol = paint.paragraph(entry.symbol, stage.pt(FOOT), palette.on_area(entry.tone, stage.theme), align="ctr")
    stage.panel(Box(x, y, side, side), entry.label, fill, line, [symbol] if entry.symbol else [], alt=entry.label)
    words = Box(x + side + 0.5 * size, y, stage.wide(_words(entry), size) + 4, side)
    stage.text(words, [paint.paragraph(_words(entry), size, stage.tone("plain"))], entry.label, "ctr", is_one_line=True)


def _below(stage: Stage, shape: TileMap, box: Box, has_names: bool) -> float:
    """Say at the bottom of the box which names are short for what, or where they are, and which places have no tile;
    returns the height taken."""
    symbols = {entry.state: entry.symbol for entry in shape.legend}
    unplaced = [shape.unplaced_label, *(f"{symbols[tile.state]} {tile.label}" for tile in shape.unplaced)]
    short = shape.short if has_names else stage.t("deck.no_names")
    texts = [short if shape.tiles else "", "  ".join(unplaced) if shape.unplaced else ""]
    size = stage.pt(FOOT)
    said = [stage.cut(text, box.width, size, 2) for text in texts if text]
    if not said:
        return 0
    height = sum(stage.height(text, box.width, size) for text in said) + stage.scale * 4
    place = Box(box.left, box.bottom - height, box.width, height)
    paragraphs = [paint.paragraph(text, size, stage.tone("plain")) for text in said]
    stage.text(place, paragraphs, shape.unplaced_label or said[0], "b")
    return height
