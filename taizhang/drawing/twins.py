"""Every shape as a table: each number and name of it, to be read, searched and read aloud."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.palette import INFERRED
from taizhang.drawing.shapes import (
    Bars,
    Cell,
    Figures,
    Lanes,
    Line,
    Matrix,
    Outlines,
    Passage,
    Shape,
    StackedBars,
    Table,
    TileMap,
    Timeline,
)


def as_table(shape: Shape, t: Language) -> Table:
    """The shape as a table in the words of `t`."""
    return _TWINS[type(shape)](shape, t)


def _bars(shape: Bars, t: Language) -> Table:
    """The bars with their words, and their values where the words do not begin with them."""
    counts = [t.number(bar.value) for bar in shape.items]
    if all(bar.text.startswith(count) for bar, count in zip(shape.items, counts, strict=True)):
        rows = [(Cell(bar.label), Cell(bar.text)) for bar in shape.items]
        return _table(t, (t("paper.what"), shape.unit or t("paper.value")), rows)
    rows = [
        (Cell(bar.label), Cell(count, is_number=True), Cell(bar.text))
        for bar, count in zip(shape.items, counts, strict=True)
    ]
    return _table(t, (t("paper.what"), shape.unit or t("paper.value"), t("paper.said")), rows, wide=(2,))


def _stacked(shape: StackedBars, t: Language) -> Table:
    rows = [
        (Cell(category), *(_number(t, series.values[row]) for series in shape.series), Cell(shape.ends[row]))
        for row, category in enumerate(shape.categories)
    ]
    head = t("paper.what_in", unit=shape.unit) if shape.unit else t("paper.what")
    return _table(t, (head, *(series.name for series in shape.series), t("paper.said")), rows)


def _line(shape: Line, t: Language) -> Table:
    """A row for every day and for every gap, which has no values; the marks of a day beside it."""
    said = defaultdict(list)
    for mark in shape.marks:
        said[mark.day].append(mark.label)
    nothing = [None] * len(shape.series)
    values = {day: [series.values[row] for series in shape.series] for row, day in enumerate(shape.days)}
    lines = [(day, t.day(day), values.get(day, nothing)) for day in {*values, *said}]
    lines += [(first, f"{t.day(first)} – {t.day(last)}", nothing) for first, last in shape.gaps]
    rows = [
        (Cell(words), *(_number(t, value) for value in numbers), Cell(t("common.comma").join(said.pop(day, ()))))
        for day, words, numbers in sorted(lines, key=lambda line: line[:2])
    ]
    head = t("paper.day_in", unit=shape.unit) if shape.unit else t("paper.day")
    return _table(t, (head, *(series.name for series in shape.series), t("paper.mark")), rows)


def _map(shape: TileMap, t: Language) -> Table:
    """The places by district and state, in the order of the legend."""
    tiles = [*shape.tiles, *shape.unplaced]
    named = {group.code: (group.label, group.count) for group in shape.groups}
    named |= {tile.group: (NOT_KNOWN, "") for tile in tiles if tile.group not in named}
    rows = [
        (
            Cell(label),
            Cell(count, is_number=True),
            *(
                Cell(
                    t("common.comma").join(
                        tile.name or tile.label for tile in tiles if (tile.group, tile.state) == (code, entry.state)
                    )
                    or NOT_KNOWN
                )
                for entry in shape.legend
            ),
        )
        for code, (label, count) in named.items()
    ]
    states = (f"{entry.symbol} {entry.label} {entry.count}" for entry in shape.legend)
    wide = tuple(range(2, 2 + len(shape.legend)))
    return _table(t, (t("paper.place"), t("paper.count"), *states), rows, wide)


def _outlines(shape: Outlines, t: Language) -> Table:
    """The places with their count and their state; a table has no outline, and so no credit line either."""
    states = {entry.state: Cell(entry.label, entry.tone, entry.symbol) for entry in shape.legend}
    rows = [(Cell(one.label), Cell(one.count, is_number=True), states[one.state]) for one in shape.areas]
    return _table(t, (t("paper.place"), t("paper.count"), t("paper.said")), rows)


def _timeline(shape: Timeline, t: Language) -> Table:
    lanes = {lane.key: lane.label for lane in shape.lanes}
    rows = [
        (Cell(one.when), Cell(lanes[one.lane]), Cell(one.label + (f" {INFERRED}" if one.is_inferred else "")))
        for one in shape.happenings
    ]
    return _table(t, (t("paper.day"), t("paper.lane"), t("paper.what")), rows, wide=(2,))


def as_read(shape: Shape, t: Language) -> Table:
    """The same as a table to be read, not reckoned with: the zeros of a matrix are dots."""
    if isinstance(shape, Matrix):
        shape = replace(shape, cells=tuple(tuple(replace(one, text=one.drawn) for one in row) for row in shape.cells))
    return as_table(shape, t)


def _matrix(shape: Matrix, t: Language) -> Table:
    columns = [" ".join(part for part in pair if part) for pair in zip(shape.columns, shape.notes, strict=True)]
    rows = [
        (Cell(row), *(Cell(cell.text, cell.tone, is_number=True) for cell in cells))
        for row, cells in zip(shape.rows, shape.cells, strict=True)
    ]
    if shape.totals:
        rows.append((Cell(shape.total_label), *(Cell(total, is_number=True) for total in shape.totals)))
    if shape.row_totals:
        ends = [*shape.row_totals, *([""] if len(rows) > len(shape.row_totals) else [])]
        rows = [(*row, Cell(end, is_number=True)) for row, end in zip(rows, ends, strict=True)]
        columns.append(shape.total_label)
    width = len(columns) + 1
    return _table(t, (shape.corner, *columns), [row + (Cell(""),) * (width - len(row)) for row in rows])


def _figures(shape: Figures, t: Language) -> Table:
    rows = [tuple(map(Cell, (one.label, one.value, one.detail, one.change, one.passport))) for one in shape.items]
    return _cards(t, ("figure", "value", "detail", "change", "passport"), rows)


def _lanes(shape: Lanes, t: Language) -> Table:
    rows = [
        tuple(map(Cell, (one.label, one.lead, one.lead_detail, "\n".join(one.lines), one.passport)))
        for one in shape.items
    ]
    return _cards(t, ("figure", "value", "detail", "detail", "passport"), rows)


def _cards(t: Language, names: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Table:
    return _table(t, tuple(t(f"ledgerbook.{name}") for name in names), rows)


def _passage(shape: Passage, t: Language) -> Table:
    return _table(t, ("",), [(Cell(shape.text),)])


def _number(t: Language, value: float | None) -> Cell:
    return Cell(t.number(value), is_number=True)


def _table(t: Language, columns: tuple[str, ...], rows: list[tuple[Cell, ...]], wide: tuple[int, ...] = ()) -> Table:
    return Table(columns, tuple(rows), t("common.no_rows"), wide)


_TWINS: dict[type, Callable[..., Table]] = {
    Bars: _bars,
    StackedBars: _stacked,
    Line: _line,
    TileMap: _map,
    Outlines: _outlines,
    Timeline: _timeline,
    Matrix: _matrix,
    Table: lambda shape, _t: shape,
    Figures: _figures,
    Lanes: _lanes,
    Passage: _passage,
}
