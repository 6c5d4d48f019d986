"""Tables and matrices as native tables: text as large as fits, never smaller than the last row can read."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import product

from lxml.etree import _Element
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls

from taizhang.drawing import palette
from taizhang.drawing.shapes import Cell, Matrix, Table
from taizhang.showing.deck import paint
from taizhang.showing.deck.paint import Paragraph, Run
from taizhang.showing.deck.space import LINE, Box, longest_word, text_width
from taizhang.showing.deck.stage import BOLD, FOOT, HEADING, SMALL, TEXT, Said, Stage, describe, emu

_SIDE = 6.0  # points left and right of a cell's text
_NARROW_SIDE = 2.5
_PADDINGS = (13.0, 9.0, 7.0, 5.0, 3.5, 2.0, 1.0)  # above and below it
_SIZES = (HEADING, TEXT, SMALL, FOOT)
_LIGHT_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid: everything is said in the cells
_WHOLE = (10.0, 7.0, 4.0, 0.0)  # em: a text as short as this is not broken, where the width allows
_STATUS_SHARE = 0.32  # the most of a matrix that its row headings take


@dataclass(frozen=True)
class Piece:
    """One cell as it is drawn."""

    text: str
    colour: str
    fill: _Element
    bold: bool = False
    align: str = "l"


@dataclass(frozen=True)
class Grid:
    """Cells with the size, spacing and heights they were given; `left_out` rows found no room at all."""

    rows: list[list[Piece]]
    widths: list[float]
    heights: list[float]
    size: float
    padding: float
    side: float
    left_out: int = 0


def draw_table(
    stage: Stage, shape: Table, box: Box, shares: Sequence[float], said: Said, largest: float = _SIZES[0]
) -> int:
    """Draw a table into the top of a box; returns how many of its rows found no room.

    A table whose columns have no headings (a cover's) is drawn without a heading row. `largest` bounds the text, so
    that the pages of one list look alike.
    """
    has_head = any(shape.columns)
    shares = shares or [1 / len(shape.columns)] * len(shape.columns)
    numbers = shape.numbers
    ground = stage.surface("ground")
    rows = [[_piece(cell, stage, ground, place in numbers) for place, cell in enumerate(row)] for row in shape.rows]
    if has_head:
        ink = stage.tone("plain")
        rows.insert(
            0,
            [
                Piece(text, ink, paint.solid(ground), True, "r" if place in numbers else "l")
                for place, text in enumerate(shape.columns)
            ],
        )
    sizes = [stage.pt(size) for size in _SIZES if size <= largest]
    grid = _fitted(rows, [share * box.width for share in shares], box.height, sizes, _SIDE, has_head, stage)
    _draw(stage, grid, box, said, has_head)
    return grid.left_out


def draw_matrix(stage: Stage, shape: Matrix, box: Box, said: Said) -> int:
    """Draw a matrix: a filled cell is something, an empty one nothing, a hatched one unknown."""
    ink, ground = stage.tone("plain"), stage.surface("ground")
    surface = paint.solid(stage.surface("surface"))
    has_totals = bool(shape.row_totals)
    head = [Piece(shape.corner, ink, surface, True)]
    head += [Piece(text, ink, surface, True, "ctr") for text in shape.columns]
    if has_totals:
        head.append(Piece(shape.total_label, ink, surface, True, "r"))
    rows = [head]
    for place, (label, cells) in enumerate(zip(shape.rows, shape.cells, strict=True)):
        row = [Piece(label, ink, paint.solid(ground), True)]
        for cell in cells:
            is_mark = cell.tone not in ("plain", "faint", "idle")
            fill = paint.area(cell.tone, stage.theme)[0] if is_mark else paint.solid(ground)
            colour = palette.on_area(cell.tone, stage.theme) if is_mark else stage.tone(cell.tone)
            row.append(Piece(cell.drawn, colour, fill, False, "ctr"))
        if has_totals:
            row.append(Piece(shape.row_totals[place], ink, paint.solid(ground), True, "r"))
        rows.append(row)
    if shape.totals:
        rows.append([Piece(shape.total_label, ink, surface, True)])
        over = len(shape.columns)  # what stands beyond the columns is the total of totals, below those of the rows
        rows[-1] += [Piece(text, ink, surface, True, "ctr") for text in shape.totals[:over]]
        rows[-1] += [Piece(text, ink, surface, True, "r") for text in shape.totals[over:]]
        rows[-1] += [Piece("", ink, surface)] * (len(head) - len(rows[-1]))
    side = _SIDE if len(head) <= 8 else _NARROW_SIDE
    label = max(text_width(row[0].text, stage.pt(SMALL)) for row in rows) + 2 * side + 4
    label = min(label, _STATUS_SHARE * box.width)
    widths = [label, *[(box.width - label) / (len(head) - 1)] * (len(head) - 1)]
    sizes = [stage.pt(size) for size in (TEXT, SMALL, FOOT)]
    grid = _fitted(rows, widths, box.height, sizes, side, True, stage)
    told = "；".join(f"{name} {note}" for name, note in zip(shape.columns, shape.notes, strict=True) if note)
    _draw(stage, grid, box, Said(said.name, "。".join(part for part in (said.words, told) if part)), True)
    return grid.left_out


def _piece(cell: Cell, stage: Stage, ground: str, is_number: bool) -> Piece:
    colour = palette.tones(stage.theme)[cell.tone or "plain"]
    is_status = cell.tone not in ("", "plain", "faint")
    return Piece(cell.shown, colour, paint.solid(ground), is_status, "r" if is_number else "l")


# --- how large --------------------------------------------------------------------------------------------------


def _fitted(
    rows: list[list[Piece]],
    widths: list[float],
    height: float,
    sizes: list[float],
    side: float,
    has_head: bool,
    stage: Stage,
) -> Grid:
    """The rows at the largest size and with the most air that fit; then with shorter texts; then fewer of them."""
    well_read = [size for size in sizes if size > sizes[-1]]
    ways = [*product(well_read, _WHOLE[:1]), *product(well_read[-1:], _WHOLE[1:]), *product(sizes[-1:], _WHOLE)]
    for (size, whole), padding in product(ways, (stage.scale * one for one in _PADDINGS)):
        if padding < 3 * stage.scale and size > sizes[-1]:
            continue  # smaller letters with air read better than larger ones without
        fitting = _widened(rows, widths, size, whole, side, stage)
        grid = _grid(rows, fitting or widths, size, padding, side, stage)
        if sum(grid.heights) <= height and (fitting or (size, whole) == ways[-1]):
            return grid
    widths = fitting or widths
    size, padding = sizes[-1], stage.scale * _PADDINGS[-1]
    for most_lines in (2, 1):
        short = [
            [
                replace(one, text=stage.cut(one.text, wide - 2 * side, size, most_lines, one.bold))
                for one, wide in zip(row, widths, strict=True)
            ]
            for row in rows
        ]
        grid = _grid(short, widths, size, padding, side, stage)
        if sum(grid.heights) <= height:
            return grid
    fewest = 1 + has_head
    height -= LINE * size  # for the line that counts them
    while sum(grid.heights) > height and len(grid.rows) > fewest:
        grid = replace(grid, rows=grid.rows[:-1], heights=grid.heights[:-1], left_out=grid.left_out + 1)
    return grid


def _widened(
    rows: list[list[Piece]], widths: list[float], size: float, whole: float, side: float, stage: Stage
) -> list[float] | None:
    """The widths, columns that would break a word, or a text of `whole` em at most, made wider at the cost of the
    others; None where there is no room."""
    least = [
        max(longest_word(row[at].text, whole) * (BOLD if row[at].bold else 1) for row in rows)
        * size
        * max(1, stage.latin)
        + 2 * side
        + 1
        for at in range(len(widths))
    ]
    missing = sum(max(0, need - wide) for need, wide in zip(least, widths, strict=True))
    spare = sum(max(0, wide - need) for need, wide in zip(least, widths, strict=True))
    if missing > spare:
        return None
    give = missing / spare if spare else 0
    return [max(need, wide - give * max(0, wide - need)) for need, wide in zip(least, widths, strict=True)]


def _grid(rows: list[list[Piece]], widths: list[float], size: float, padding: float, side: float, stage: Stage) -> Grid:
    heights = [
        max(stage.height(one.text, wide - 2 * side, size, one.bold) for one, wide in zip(row, widths, strict=True))
        + 2 * padding
        for row in rows
    ]
    return Grid(rows, widths, heights, size, padding, side)


# --- as a native table ------------------------------------------------------------------------------------------


def _draw(stage: Stage, grid: Grid, box: Box, said: Said, has_head: bool) -> None:
    shape = stage.shapes.add_table(
        len(grid.rows), len(grid.widths), emu(box.left), emu(box.top), emu(sum(grid.widths)), emu(sum(grid.heights))
    )
    describe(shape._element, said)
    table = shape.table
    about = table._tbl.tblPr
    about.set("firstRow", "1" if has_head else "0")
    about.set("bandRow", "0")
    for old in about.findall("{*}tableStyleId"):
        about.remove(old)
    about.append(parse_xml(f"<a:tableStyleId {nsdecls('a')}>{_LIGHT_STYLE}</a:tableStyleId>"))
    for column, wide in zip(table.columns, grid.widths, strict=True):
        column.width = emu(wide)
    rule, ink = (
        paint.stroke(stage.surface("rule"), 0.75, name="a:lnB"),
        paint.stroke(stage.tone("plain"), 1.35, name="a:lnB"),
    )
    for place, (row, height) in enumerate(zip(grid.rows, grid.heights, strict=True)):
        table.rows[place].height = emu(height)
        for at, (piece, wide) in enumerate(zip(row, grid.widths, strict=True)):
            line = ink if has_head and not place else rule
            _write(table.cell(place, at)._tc, piece, grid, wide, deepcopy(line), stage, not at)


def _write(cell: _Element, piece: Piece, grid: Grid, wide: float, rule: _Element, stage: Stage, is_first: bool) -> None:
    words = Paragraph((Run(piece.text, grid.size, piece.colour, piece.bold),) if piece.text else (), piece.align)
    words = stage.broken(words, wide - 2 * grid.side)
    paint.write(cell.get_or_add_txBody(), (words,), stage.t.code)
    about = cell.get_or_add_tcPr()
    left = 0 if is_first else grid.side  # the first column begins where the title does
    for name, space in (("marL", left), ("marR", 2 * grid.side - left), ("marT", grid.padding), ("marB", grid.padding)):
        about.set(name, str(emu(space)))
    about.set("anchor", "ctr")
    for name in ("a:lnL", "a:lnR", "a:lnT"):
        about.append(paint.stroke(name=name))
    about.append(rule)
    about.append(deepcopy(piece.fill))  # an element has one parent, and a fill stands in many cells
