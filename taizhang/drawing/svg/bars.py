"""Bars and stacked bars as pictures: lengths on a zero baseline, the words at the end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from taizhang.drawing import palette
from taizhang.drawing.markup import Markup, joined
from taizhang.drawing.shapes import Bars, Series, StackedBars
from taizhang.drawing.svg.pen import BOLD, LINE, Pen, legend, legend_height, sign
from taizhang.drawing.text import lines, number, width

ROW, HIGHEST_ROW = 2.4, 4.4  # em, a bar with its air: as it likes to be, and where there is much room
STUB = 2.6  # em, the length that stands for a value nobody knows
GAP = 0.12  # em between two parts of a bar
LEAST = 0.85  # of the text: so small and no smaller may words become


@dataclass(frozen=True)
class Rows:
    """Where the rows of bars stand: each with its label and the words at its end, in one line or two."""

    labels: tuple[tuple[str, ...], ...]
    ends: tuple[tuple[str, ...], ...]
    left: float  # where the bars begin
    track: float  # how long the longest is
    top: float
    row: float
    size: float

    def middle(self, place: int) -> float:
        return self.top + (place + 0.5) * self.row


def height(shape: Bars | StackedBars, wide: float) -> float:
    """As high as its rows need."""
    rows = _rows(shape, wide, 0)
    two_lines = any(len(part) > 1 for part in (*rows.labels, *rows.ends))
    return rows.top + (ROW + (0.8 if two_lines else 0)) * len(shape.labels) + 0.4


def draw_bars(shape: Bars, pen: Pen, wide: float, high: float) -> Markup:
    """One row for each bar, from the top."""
    rows = _rows(shape, wide, high)
    return _drawn(shape, pen, rows, _bars(shape, pen, rows))


def draw_stacked(shape: StackedBars, pen: Pen, wide: float, high: float) -> Markup:
    """One row for each category, the legend of the parts above."""
    rows = _rows(shape, wide, high)
    return joined((legend(pen, 0, 0, wide, _keys(shape)), _drawn(shape, pen, rows, _stacks(shape, pen, rows))))


def _drawn(shape: Bars | StackedBars, pen: Pen, rows: Rows, drawn: Iterable[tuple[float, list[Markup]]]) -> Markup:
    """The rows with their words and the baseline; `drawn` is the length of each and what is drawn of it."""
    parts = [pen.words(rows.left, rows.top - 0.85, shape.unit, tone="faint", size=LEAST)] if shape.unit else []
    for place, (length, marks) in enumerate(drawn):
        middle, end = rows.middle(place), rows.left + length + 0.5
        parts += [
            *marks,
            pen.paragraph(rows.left - 0.7, middle, rows.labels[place], rows.size, anchor="end"),
            pen.paragraph(end, middle, rows.ends[place], rows.size, bold=True),
        ]
    return joined((*parts, pen.line(rows.left, rows.top, rows.left, rows.top + rows.row * len(shape.labels), "plain")))


def _keys(shape: Bars | StackedBars) -> list[tuple[str, str, str, str]]:
    """The legend; plain bars have no parts and so no legend."""
    return [(part.name, part.tone, palette.status_symbol(part.tone), "") for part in getattr(shape, "series", ())]


def _rows(shape: Bars | StackedBars, wide: float, high: float) -> Rows:
    """Rows as high as the room allows; where that is little, the words get smaller before they touch."""
    labels, ends = shape.labels, shape.ends
    top = legend_height(wide, _keys(shape)) + (1.4 if shape.unit else 0.0)
    label_room = min(wide * 0.3, max(map(width, labels), default=0) + 0.2)
    end_room = min(wide * 0.34, max(map(width, ends), default=0) * BOLD + 0.2)
    parted = [lines(label, label_room, 2) for label in labels], [lines(end, end_room / BOLD, 2) for end in ends]
    most = max((len(part) for parts in parted for part in parts), default=1)
    row = min(HIGHEST_ROW, (high - top - 0.2) / max(len(labels), 1))
    size = max(LEAST, min(1.0, row / (LINE * most)))
    return Rows(*map(tuple, parted), label_room + 0.7, wide - label_room - end_room - 1.4, top, row, size)


def _bars(shape: Bars, pen: Pen, rows: Rows) -> Iterator[tuple[float, list[Markup]]]:
    """(length, what is drawn) of each bar: the whole an outline, an unknown value a hatched stub, zero nothing."""
    longest = shape.longest
    for place, bar in enumerate(shape.items):
        if bar.value is None:
            yield STUB, [_part(pen, rows, place, 0, STUB, "unknown")]
            continue
        top, high = _band(rows, place, 0.58)
        length, whole = (_length(value, longest, rows) for value in (bar.value, bar.of or bar.value))
        outline = [pen.box(rows.left, top, whole, high, "ground", bar.tone)] if bar.of else []
        filled = [pen.box(rows.left, top, length, high, bar.tone)] if bar.value else []
        yield whole, outline + filled


def _stacks(shape: StackedBars, pen: Pen, rows: Rows) -> Iterator[tuple[float, list[Markup]]]:
    """(length, what is drawn) of each category: its parts in the order of the legend, then what nobody knows."""
    longest = shape.longest
    for place in range(len(shape.categories)):
        along, marks = 0.0, []
        for series in shape.series:
            value = series.values[place]
            if value:
                length = _length(value, longest, rows)
                marks.append(_part(pen, rows, place, along, length, series.tone))
                marks.append(_number(pen, rows, place, along, length, series, value))
                along += length
        for _ in (series for series in shape.series if series.values[place] is None):
            marks.append(_part(pen, rows, place, along, STUB, "unknown"))
            along += STUB
        yield along, marks


def _part(pen: Pen, rows: Rows, place: int, along: float, length: float, tone: str) -> Markup:
    top, high = _band(rows, place, 0.68)
    return pen.area(rows.left + along, top, max(length - (GAP if along else 0), 0.15), high, tone)


def _number(pen: Pen, rows: Rows, place: int, along: float, length: float, series: Series, value: float) -> Markup:
    """The value inside its part, with its symbol where there is room; nothing where there is none."""
    symbol = sign(series.tone, palette.status_symbol(series.tone))
    for said in (f"{symbol} {number(value)}".strip(), number(value)):
        room = (width(said) * BOLD + 0.3) * rows.size
        if room <= length:
            x, y = rows.left + along + length / 2, rows.middle(place)
            ground = pen.box(x - room / 2, y - 0.6, room, 1.2, "ground") if palette.fill(series.tone) == "hatch" else ""
            said = pen.words(x, y, said, anchor="middle", bold=True, size=rows.size, colour=pen.on(series.tone))
            return joined((ground, said))
    return Markup("")


def _band(rows: Rows, place: int, share: float) -> tuple[float, float]:
    """Top and height of a bar in its row."""
    high = min(rows.row * share, 2.4)
    return rows.middle(place) - high / 2, high


def _length(value: float, longest: float, rows: Rows) -> float:
    return rows.track * value / longest if longest else 0.0
