"""The table that stands beside every drawing, and the matrix."""

from taizhang.drawing.html.elements import filled, pickable, toned
from taizhang.drawing.html.marks import mark
from taizhang.drawing.markup import Markup, el, escaped
from taizhang.drawing.shapes import Cell, Matrix, MatrixCell, Table
from taizhang.drawing.text import width

LONGEST_LINE = 40  # em
SEARCHED_FROM, WITHOUT_MORE = 12, 14  # rows: from so many on there is a box to find one; more are shown ten at a time


def draw_table(shape: Table, _theme: str, widths: tuple[float, ...] = ()) -> Markup:
    """Thin rules, numbers to the end, sentences wrapped; scrolls inside its own box when it must.

    `widths` are shares of the whole for the columns; without them each takes what it needs.
    """
    if not shape.rows:
        return el("p", shape.empty, class_="tz-empty")
    numbers = shape.numbers
    kept = {place for row in shape.rows for place, cell in enumerate(row) if cell.tone}
    head = [
        el(
            "th",
            heading,
            scope="col",
            class_=_column(heading, place, numbers, shape.wide),
            data_keep="1" if place in kept else None,  # what has a tone is not folded away
        )
        for place, heading in enumerate(shape.columns)
    ]
    body = [_row(row, numbers, shape.wide) for row in shape.rows]
    shares = [el("col", style=f"width:{100 * share:.2f}%") for share in widths]
    columns = el("colgroup", *shares) if shares else None
    table = el("table", columns, el("thead", el("tr", *head)), el("tbody", *body), class_="tz-table")
    tools = el("div", class_="tz-tools") if len(shape.rows) >= SEARCHED_FROM else None
    foot = el("div", class_="tz-foot") if len(shape.rows) > WITHOUT_MORE else None
    return el("div", tools, el("div", _box(table), class_="tz-sides"), foot, class_="tz-list")


def _row(row: tuple[Cell, ...], numbers: frozenset[int], wide: tuple[int, ...]) -> Markup:
    """A line of a table, written without `el`: of the cells of thousands of rows most are a text and nothing else."""
    cells = []
    for place, cell in enumerate(row):
        kind = _column(cell.text, place, numbers, wide)
        cells.append(f'<td class="{kind}">{escaped(_cell(cell))}</td>' if kind else f"<td>{escaped(_cell(cell))}</td>")
    return Markup(f"<tr>{''.join(cells)}</tr>")


def _column(said: str, place: int, numbers: frozenset[int], wide: tuple[int, ...]) -> str | None:
    """The kind of the column; a text that is far too long for one line is broken, whatever its column holds."""
    is_long = len(said) > LONGEST_LINE and width(said) > LONGEST_LINE
    return "tz-run" if is_long else "tz-n" if place in numbers else "tz-w" if place in wide else None


def _cell(cell: Cell) -> Markup | str:
    if not (cell.tone or cell.symbol or cell.pick):
        return cell.text
    classes = " ".join(
        name for name in ("tz-pick" if cell.pick else "", f"tz-state {toned(cell.tone)}" if cell.tone else "") if name
    )
    symbol = el("span", cell.symbol, class_="tz-symbol", aria_hidden="true") if cell.symbol else None
    return el("span", symbol, cell.text, class_=classes or None, **pickable(cell.pick))


def draw_matrix(shape: Matrix, _theme: str) -> Markup:
    """Rows by columns: a filled cell is something, an empty one nothing, a hatched one unknown."""
    has_totals = bool(shape.row_totals)
    head = [
        el("th", column, el("small", note) if note else None, scope="col")
        for column, note in zip(shape.columns, shape.notes, strict=True)
    ]
    rows = [
        el(
            "tr",
            el("th", row, scope="row"),
            *(_matrix_cell(cell) for cell in cells),
            el("td", shape.row_totals[place], class_="tz-total") if has_totals else None,
        )
        for place, (row, cells) in enumerate(zip(shape.rows, shape.cells, strict=True))
    ]
    foot = el("tr", el("th", shape.total_label, scope="row"), *(el("td", text) for text in shape.totals))
    corner = el("th", shape.corner, scope="col")
    last = el("th", shape.total_label, scope="col", class_="tz-total") if has_totals else None
    return _box(
        el(
            "table",
            el("thead", el("tr", corner, *head, last)),
            el("tbody", *rows),
            el("tfoot", foot) if shape.totals else None,
            class_="tz-matrix",
        )
    )


def _matrix_cell(cell: MatrixCell) -> Markup:
    is_mark = cell.tone not in ("plain", "faint", "idle")
    classes = f"tz-cell {filled(cell.tone)}" if is_mark else f"tz-cell {toned(cell.tone)}"
    return el("td", el("span", cell.drawn, class_=classes, **mark(cell.note or cell.text, pick=cell.pick)))


def _box(table: Markup) -> Markup:
    """A box that scrolls sideways; it takes the focus, so that it also does with the arrow keys."""
    return el("div", table, class_="tz-scroll", tabindex="0")
