"""Places as equal tiles: the state as fill and symbol, the districts as outlines, their names where there is room."""

from taizhang.drawing.html.elements import chip, filled, key
from taizhang.drawing.html.marks import mark
from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.shapes import Group, LegendEntry, Tile, TileMap
from taizhang.drawing.text import cut, lines, width
from taizhang.drawing.tiles import Name, extent, name_room, outlines, place_names

# What fits on a tile, in em of its type: Latin names have smaller type.
ROOM_CHINESE, ROOM_LATIN = 3.2, 4.5
_LINES = ("", "", " tz-two", " tz-two tz-three")
MANY_COLUMNS = 15  # more keep their size on a narrow screen, and are scrolled


def draw(shape: TileMap, _theme: str) -> Markup:
    """The districts to choose from, the legend, the map, and the places that have no tile.

    Where all districts can be chosen by their names on the map, the row of them is for narrow screens.
    """
    states = {entry.state: entry for entry in shape.legend}
    on_map = {tile.group for tile in shape.tiles}
    named = " tz-on-map" if all(group.code in on_map for group in shape.groups) else ""
    return joined(
        (
            el("div", *map(_chip, shape.groups), class_=f"tz-chips{named}") if shape.groups else "",
            el(
                "div",
                *(key(entry.label, entry.tone, entry.symbol, str(entry.count)) for entry in shape.legend),
                class_="tz-legend",
            ),
            _map(shape, states) if shape.tiles else "",
            el("p", shape.short, class_="tz-short") if shape.tiles and shape.short else "",
            _unplaced(shape, states) if shape.unplaced else "",
        )
    )


def _chip(group: Group) -> Markup:
    return chip(group.label, group.count, group.code, group.is_chosen)


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
        class_=f"tz-map{' tz-latin' if is_latin else ''}{' tz-wide' if columns > MANY_COLUMNS else ''}",
        style=f"--tz-cols:{columns}",
    )
    return el("div", grid, class_="tz-scroll tz-mapbox", style=f"--tz-cols:{columns}")


def _tile(tile: Tile, entry: LegendEntry, sides: str, chosen: set[str], top: int, left: int) -> Markup:
    """A cell with the tile in it; the cell's borders are the outline of its district."""
    emphasis = "" if not chosen else " tz-chosen" if tile.group in chosen else " tz-other"
    latin = tile.label.isascii()
    words = lines(tile.label, ROOM_LATIN, 3) if latin else lines(tile.label, ROOM_CHINESE)
    long = " tz-long" if not latin and max(map(len, words)) > 2 else ""
    inner = el(
        "span",
        el("span", entry.symbol, class_="tz-sign"),
        el("span", *(el("span", word) for word in words), class_=f"tz-town{long}"),
        class_=f"tz-tile {filled(entry.tone)}{_LINES[len(words)]}",
    )
    outline = "".join(f" tz-{side}" for side in sides)
    return el(
        "span",
        inner,
        class_=f"tz-spot{outline}{emphasis}",
        style=f"grid-area:{tile.row - top + 1}/{tile.col - left + 1}",
        data_group=tile.group or None,
        **mark(tile.note or tile.label, pick=tile.pick),
    )


def _name(name: Name, top: int, left: int) -> Markup:
    return el(
        "span",
        el("span", _fitting(name.group.label, name_room(name.cells))),
        el("b", name.group.count),
        class_=f"tz-group{' tz-group-chosen' if name.group.is_chosen else ''}",
        style=f"grid-area:{name.row - top + 1}/{name.col - left + 1}/auto/span {name.cells}",
        **mark(name.group.label, name.group.count, pick=name.group.code, is_chosen=name.group.is_chosen),
    )


def _fitting(label: str, room: float) -> str:
    """A district's name, without its last words (District, City) where they have no room."""
    while width(label) > room and " " in label:
        label = label.rpartition(" ")[0]
    return cut(label, room)


def _unplaced(shape: TileMap, states: dict[str, LegendEntry]) -> Markup:
    tiles = [
        el(
            "span",
            f"{states[tile.state].symbol} {tile.label}",
            class_=f"tz-loose {filled(states[tile.state].tone)}",
            **mark(tile.note or tile.label, pick=tile.pick),
        )
        for tile in shape.unplaced
    ]
    return el("p", el("span", shape.unplaced_label, class_="tz-loose-label"), *tiles, class_="tz-unplaced")
