"""The shapes an exhibit can have. Small frozen values with finished words; no renderer, no language, no SQL.

Screen and slide draw the same shape, so they cannot disagree. What a shape can say of itself stands here (`Shape`),
so that a renderer only draws. `tone` says what a mark means, never a colour:

    done · lasting (staged) · moving · waiting (for verification) · soon · late · idle · unknown · plain · faint
    study · research · review · rectify · overall          (the four strands, and what spans them)

Every mark that has a tone also has a word, so that colour never carries meaning alone.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import pairwise
from typing import Self

from taizhang.drawing.outline import Sheet
from taizhang.drawing.text import number

TONES = (
    "done",
    "lasting",
    "moving",
    "waiting",
    "soon",
    "late",
    "idle",
    "unknown",
    "plain",
    "faint",
    "study",
    "research",
    "review",
    "rectify",
    "overall",
)


class Shape:
    """What every shape says of itself, unless it knows better; only `is_empty` and `pieces` are its own in each."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        raise NotImplementedError

    @property
    def if_empty(self) -> str:
        """What stands there when there is nothing to draw; '' where the shape has no words for that."""
        return ""

    @property
    def cards(self) -> "tuple[Figure, ...] | tuple[LaneCard, ...]":
        """The headline numbers in it, each of which can be read, quoted and corrected by itself."""
        return ()

    def with_cards(self, cards: "Iterable[Figure | LaneCard]") -> Self:
        """The same shape with these cards; a shape without cards stays as it is."""
        return replace(self, items=tuple(cards)) if self.cards else self

    def pieces(self) -> list[tuple]:
        """What it draws besides its cards, piece by piece: a row of a table, a bar, a point, a tile."""
        raise NotImplementedError

    def in_words(self) -> str:
        """The drawing for those who do not see it; '' for one that is words already."""
        return ""

    def first(self, _most: int) -> tuple[Self, int]:
        """As much of a list as so many rows, and how many it lost; what is no list stays whole."""
        return self, 0

    def upright(self) -> Self:
        """The same shape so that it is easier read on a page than on a wide screen."""
        return self

    def still(self) -> Self:
        """The same shape with nothing to pick and no link, for where only the board could follow them."""
        return _still(self)


def _still(held: object) -> object:
    if isinstance(held, tuple):
        return tuple(map(_still, held))
    if not is_dataclass(held):
        return held
    own = {
        one.name: "" if one.name in ("pick", "link") else () if one.name == "picks" else _still(getattr(held, one.name))
        for one in fields(held)
    }
    return replace(held, **own)


@dataclass(frozen=True)
class Figure:
    """One headline number: `value` as people say it (11/12), what it is, how it moved, where it leads."""

    label: str
    value: str
    detail: str = ""
    change: str = ""
    change_tone: str = "plain"
    tone: str = "plain"
    trend: tuple[float | None, ...] = ()
    link: str = ""
    link_label: str = ""
    kpi: str = ""  # the KPI it shows, where it shows one
    passport: str = ""  # the short code that leads back to it
    trend_top: float | None = None  # where the scale of the trend ends; None for a count, whose highest value ends it
    trend_told: str = ""  # what its card says of the trend, line by line


@dataclass(frozen=True)
class Figures(Shape):
    """Headline numbers side by side, at most four."""

    items: tuple[Figure, ...]

    @property
    def is_empty(self) -> bool:
        return not self.items

    @property
    def cards(self) -> tuple[Figure, ...]:
        return self.items

    def pieces(self) -> list[tuple]:
        return []


@dataclass(frozen=True)
class Bar:
    """One bar: its length, the words at its end, what a click on it picks. `value` None is unknown, not zero."""

    label: str
    value: float | None
    text: str
    tone: str = "plain"
    pick: str = ""
    of: float | None = None  # the whole it is part of, drawn as an outline
    told: str = ""  # what its card says beside its label and its text


@dataclass(frozen=True)
class Bars(Shape):
    """Horizontal bars of one unit, on a zero baseline. `reach` is how far the scale goes at least: drawings that stand
    beside each other have one scale."""

    items: tuple[Bar, ...]
    unit: str
    reach: float = 0

    @property
    def longest(self) -> float:
        """The length of the longest bar or outline; 0 when none has a length."""
        return max(self.reach, *(bar.of or bar.value or 0 for bar in self.items), 0)

    @property
    def is_empty(self) -> bool:
        return all(bar.value is None for bar in self.items)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(bar.label for bar in self.items)

    @property
    def ends(self) -> tuple[str, ...]:
        """The words at the end of each bar."""
        return tuple(bar.text for bar in self.items)

    def pieces(self) -> list[tuple]:
        return [(bar.label, bar.text, bar.value) for bar in self.items]

    def in_words(self) -> str:
        return "；".join(f"{bar.label} {bar.text}" for bar in self.items)

    def first(self, most: int) -> tuple[Self, int]:
        return replace(self, items=self.items[:most]), max(0, len(self.items) - most)


@dataclass(frozen=True)
class Series:
    """One series over the categories or days of a chart; None is a gap, never zero."""

    name: str
    values: tuple[float | None, ...]
    tone: str = "plain"
    dashed: bool = False
    picks: tuple[str, ...] = ()  # what a click on each part of stacked bars picks


@dataclass(frozen=True)
class StackedBars(Shape):
    """Horizontal bars made of parts; `notes` are the words at the end of each bar."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    notes: tuple[str, ...] = ()

    @property
    def totals(self) -> tuple[float, ...]:
        """The length of each bar: its known parts together."""
        return tuple(sum(one.values[row] or 0 for one in self.series) for row in range(len(self.categories)))

    @property
    def longest(self) -> float:
        return max(self.totals, default=0)

    @property
    def ends(self) -> tuple[str, ...]:
        """The words at the end of each bar."""
        return self.notes or ("",) * len(self.categories)

    @property
    def is_empty(self) -> bool:
        return not self.categories

    @property
    def labels(self) -> tuple[str, ...]:
        return self.categories

    def pieces(self) -> list[tuple]:
        return _points(self.categories, self.series)

    def in_words(self) -> str:
        return "；".join(
            " ".join([name, *(f"{one.name} {number(one.values[row])}" for one in self.series if one.values[row])])
            for row, name in enumerate(self.categories)
        )

    def first(self, most: int) -> tuple[Self, int]:
        series = tuple(replace(one, values=one.values[:most]) for one in self.series)
        shown = replace(self, categories=self.categories[:most], series=series, notes=self.notes[:most])
        return shown, max(0, len(self.categories) - most)


def _points(places: Sequence, series: Sequence[Series]) -> list[tuple]:
    return [(place, one.name, value) for one in series for place, value in zip(places, one.values, strict=True)]


@dataclass(frozen=True)
class Mark:
    """A day marked on a time axis: a meeting, an upload, the as-of date."""

    day: dt.date
    label: str
    tone: str = "faint"

    @property
    def told(self) -> str:
        """Its day."""
        return self.day.isoformat()


@dataclass(frozen=True)
class Line(Shape):
    """Values over days; a week without data stays a gap. `gaps` are the spans without data, drawn hatched."""

    days: tuple[dt.date, ...]
    series: tuple[Series, ...]
    unit: str
    marks: tuple[Mark, ...] = ()
    gaps: tuple[tuple[dt.date, dt.date], ...] = ()

    def points(self, series: Series) -> list[tuple[dt.date, float | None]]:
        """The days with the values of a series, with an empty day inside every gap, so that no line crosses it."""
        points = dict(zip(self.days, series.values, strict=True))
        for first, last in self.gaps:
            points.setdefault(first + (last - first) / 2, None)
        return [(day, points[day]) for day in sorted(points)]

    def last(self, series: Series) -> tuple[dt.date, float] | None:
        """The last day on which a value of the series is known, and the value."""
        known = [point for point in zip(self.days, series.values, strict=True) if point[1] is not None]
        return max(known) if known else None

    @property
    def known(self) -> list[float]:
        """All values that are known."""
        return [value for series in self.series for value in series.values if value is not None]

    @property
    def is_empty(self) -> bool:
        return not self.known

    def pieces(self) -> list[tuple]:
        return _points(self.days, self.series)

    def in_words(self) -> str:
        return "；".join(f"{one.name} {number(self.last(one)[1])}" for one in self.series if self.last(one))


@dataclass(frozen=True)
class Happening:
    """An event on a lane. `precision` (day, half_day, month, range, unknown) decides how it is drawn.

    `half` is am or pm for half_day. `when` is the date in words, as precise as it is known. `pick` is its key.
    """

    lane: str
    label: str
    when: str
    precision: str
    start: dt.date | None
    end: dt.date | None = None
    half: str = ""
    pick: str = ""
    is_inferred: bool = False
    is_demo: bool = False

    @property
    def told(self) -> str:
        """When, and what: its hover text, and what those hear who do not see it."""
        return " · ".join(part for part in (self.when, self.label) if part)


@dataclass(frozen=True)
class Lane:
    """One lane of a timeline: a strand that runs all the time, never a phase."""

    key: str
    label: str
    tone: str


@dataclass(frozen=True)
class Timeline(Shape):
    """Parallel lanes of events over days; happenings without a day stand in a tray at the end of their lane.

    `zoom`: so many times as wide as it need be, where a page can scroll.
    """

    lanes: tuple[Lane, ...]
    happenings: tuple[Happening, ...]
    marks: tuple[Mark, ...]
    start: dt.date
    end: dt.date
    undated_label: str
    zoom: int = 1

    @property
    def is_empty(self) -> bool:
        return not self.happenings

    def pieces(self) -> list[tuple]:
        return [(one.lane, one.label, one.when) for one in self.happenings]

    def in_words(self) -> str:
        """Its days, and how much happened on each lane."""
        counts = [f"{lane.label} {sum(one.lane == lane.key for one in self.happenings)}" for lane in self.lanes]
        return "，".join([f"{self.start} – {self.end}", *counts])


@dataclass(frozen=True)
class Tile:
    """One place on a tile map. `label` fits on the tile, `name` is the whole name where that is another; `state` names
    its key in the legend; `note` is what its card says, line by line; a click on it picks `pick`."""

    code: str
    label: str
    row: int
    col: int
    group: str
    state: str
    note: str
    name: str = ""
    pick: str = ""


@dataclass(frozen=True)
class LegendEntry:
    """What a state means: tone, symbol, word, and how many places are in it."""

    state: str
    label: str
    tone: str
    symbol: str
    count: int


@dataclass(frozen=True)
class Group:
    """A group of tiles (a district): its name and its count in words; a click on it picks `code`."""

    code: str
    label: str
    count: str
    is_chosen: bool = False


@dataclass(frozen=True)
class TileMap(Shape):
    """Places as equal tiles in rough geographic position; no borders are drawn. `short` says which labels are short for
    what: not everybody can hover."""

    tiles: tuple[Tile, ...]
    groups: tuple[Group, ...]
    legend: tuple[LegendEntry, ...]
    unplaced: tuple[Tile, ...] = ()
    unplaced_label: str = ""
    short: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.tiles or self.unplaced)

    def pieces(self) -> list[tuple]:
        return [(one.code, one.state, one.note) for one in (*self.tiles, *self.unplaced)]

    def in_words(self) -> str:
        """How many places are in each state."""
        return "，".join(f"{entry.label} {entry.count}" for entry in self.legend)


@dataclass(frozen=True)
class Area:
    """One place of an outline map: its name, its count in words, the key of its state in the legend, the lines of its
    card; a click on it picks `pick`."""

    code: str
    label: str
    count: str
    state: str
    note: str
    pick: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Outlines(Shape):
    """Places in their outlines, on one sheet: for a page of the board alone, on a slide it is its table. `credit` is
    the line that outlines may only be drawn with; ValueError without it. Areas that the sheet does not have are named
    below it, behind `without_label`."""

    areas: tuple[Area, ...]
    sheet: Sheet | None
    legend: tuple[LegendEntry, ...]
    credit: str
    without_label: str = ""

    def __post_init__(self) -> None:
        if self.sheet and not self.credit:
            raise ValueError("outlines without their credit line")

    @property
    def drawn(self) -> tuple[Area, ...]:
        """The areas that have an outline; the chosen one last, so that nothing lies on its line."""
        has_one = self.sheet.rings if self.sheet else ()
        return tuple(sorted((one for one in self.areas if one.code in has_one), key=lambda one: one.is_chosen))

    @property
    def without(self) -> tuple[Area, ...]:
        """The areas that have none."""
        return tuple(one for one in self.areas if one not in self.drawn)

    @property
    def is_empty(self) -> bool:
        return not self.drawn

    def pieces(self) -> list[tuple]:
        return [(one.code, one.state, one.note) for one in self.areas]

    def in_words(self) -> str:
        """How many places are in each state."""
        return "，".join(f"{entry.label} {entry.count}" for entry in self.legend)


@dataclass(frozen=True)
class MatrixCell:
    """One cell: its text, its tone, the lines of its card, what a click on it picks."""

    text: str
    tone: str = "plain"
    note: str = ""
    pick: str = ""

    @property
    def drawn(self) -> str:
        """What stands in it to be looked at: a dot for a zero, so that what is there stands out."""
        return "·" if self.text == "0" else self.text


@dataclass(frozen=True)
class Matrix(Shape):
    """Rows by columns; the last column and row may be totals."""

    corner: str
    columns: tuple[str, ...]
    column_notes: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[MatrixCell, ...], ...]
    totals: tuple[str, ...] = ()
    row_totals: tuple[str, ...] = ()
    total_label: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.rows and self.columns)

    def pieces(self) -> list[tuple]:
        return [
            (row, column, cell.text)
            for row, cells in zip(self.rows, self.cells, strict=True)
            for column, cell in zip(self.columns, cells, strict=True)
        ]

    def in_words(self) -> str:
        return " · ".join([self.corner, *self.columns])

    @property
    def notes(self) -> tuple[str, ...]:
        """The note of each column."""
        return self.column_notes or ("",) * len(self.columns)

    def upright(self) -> Self:
        """With more rows than columns: words stand beside each other, numbers below."""
        if len(self.columns) <= len(self.rows):
            return self
        has_both = bool(self.totals and self.row_totals) and len(self.totals) > len(self.columns)
        return replace(
            self,
            columns=self.rows,
            column_notes=(),
            rows=tuple(f"{column} {note}".strip() for column, note in zip(self.columns, self.notes, strict=True)),
            cells=tuple(zip(*self.cells, strict=True)),
            totals=(*self.row_totals, *(self.totals[-1:] if has_both else ())),
            row_totals=self.totals[: len(self.columns)],
        )


@dataclass(frozen=True)
class Cell:
    """A table cell: text, and a tone with its symbol when it has one; numbers are aligned to the end. `exact` is the
    number itself where the text says it otherwise, as a share in percent: files for spreadsheets hold that."""

    text: str
    tone: str = ""
    symbol: str = ""
    is_number: bool = False
    pick: str = ""
    exact: str = ""

    @property
    def shown(self) -> str:
        """Its text behind its symbol."""
        return f"{self.symbol} {self.text}" if self.symbol else self.text


@dataclass(frozen=True)
class CardPlaces:
    """Which columns stand where on a card: the state, what it is about, what is said of it, unit and days below."""

    state: int
    about: int
    said: int | None
    below: tuple[int, ...]


@dataclass(frozen=True)
class Table(Shape):
    """Rows of words. `empty` is what stands there when there are none."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    wide: tuple[int, ...] = ()  # places of the columns that hold sentences
    card: CardPlaces | None = None  # of a list whose rows, where they are few, read better as cards

    @property
    def is_empty(self) -> bool:
        return not self.rows

    @property
    def if_empty(self) -> str:
        return self.empty

    @property
    def numbers(self) -> frozenset[int]:
        """The places of the columns that hold numbers."""
        return frozenset(place for row in self.rows for place, cell in enumerate(row) if cell.is_number)

    def pieces(self) -> list[tuple]:
        return [tuple(cell.text for cell in row) for row in self.rows]

    def in_words(self) -> str:
        return " · ".join(heading for heading in self.columns if heading)

    def first(self, most: int) -> tuple[Self, int]:
        return replace(self, rows=self.rows[:most]), max(0, len(self.rows) - most)


@dataclass(frozen=True)
class Lanes(Shape):
    """The strands side by side as equal columns: a title, a leading number, a few lines, a link."""

    items: tuple["LaneCard", ...]

    @property
    def is_empty(self) -> bool:
        return not self.items

    @property
    def cards(self) -> tuple["LaneCard", ...]:
        return self.items

    def pieces(self) -> list[tuple]:
        return [(card.label, line) for card in self.items for line in card.lines]


@dataclass(frozen=True)
class LaneCard:
    """One strand at a glance."""

    label: str
    tone: str
    lead: str
    lead_detail: str
    lines: tuple[str, ...]
    link: str = ""
    link_label: str = ""
    passport: str = ""

    @property
    def value(self) -> str:
        """Its leading number, as a figure has one."""
        return self.lead


@dataclass(frozen=True)
class Passage(Shape):
    """A text with marked places `(start, end, key)`; the places of the chosen key stand out from the rest."""

    text: str
    marks: tuple[tuple[int, int, str], ...]
    chosen: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text

    @property
    def parts(self) -> list[tuple[int, int]]:
        """The text cut at every beginning and end of a mark; together the parts are the text."""
        length = len(self.text)
        edges = {0, length, *(min(max(edge, 0), length) for start, end, _ in self.marks for edge in (start, end))}
        return list(pairwise(sorted(edges)))

    def pieces(self) -> list[tuple]:
        return [(self.text,)]

    def still(self) -> Self:
        """Only the chosen places keep their key: it makes them stand out."""
        marks = tuple((start, end, key if key == self.chosen else "") for start, end, key in self.marks)
        return replace(self, marks=marks)
