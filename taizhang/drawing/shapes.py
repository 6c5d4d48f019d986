"""The shapes an exhibit can have. Small frozen values with finished words; no renderer, no language, no SQL.

Screen and slide draw the same shape, so they cannot disagree. `tone` says what a mark means, never a colour:

    done · lasting (staged) · moving · waiting (for verification) · soon · late · idle · unknown · plain · faint
    study · research · review · rectify · overall          (the four strands, and what spans them)

Every mark that has a tone also has a word, so that colour never carries meaning alone.
"""

import datetime as dt
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Figures:
    """Headline numbers side by side, at most four."""

    items: tuple[Figure, ...]


@dataclass(frozen=True)
class Bar:
    """One bar: its length, the words at its end, what a click on it picks. `value` None is unknown, not zero."""

    label: str
    value: float | None
    text: str
    tone: str = "plain"
    pick: str = ""
    of: float | None = None  # the whole it is part of, drawn as an outline


@dataclass(frozen=True)
class Bars:
    """Horizontal bars of one unit, on a zero baseline."""

    items: tuple[Bar, ...]
    unit: str


@dataclass(frozen=True)
class Series:
    """One series over the categories or days of a chart; None is a gap, never zero."""

    name: str
    values: tuple[float | None, ...]
    tone: str = "plain"
    dashed: bool = False


@dataclass(frozen=True)
class StackedBars:
    """Horizontal bars made of parts; `notes` are the words at the end of each bar."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A day marked on a time axis: a meeting, an upload, the as-of date."""

    day: dt.date
    label: str
    tone: str = "faint"


@dataclass(frozen=True)
class Line:
    """Values over days; a week without data stays a gap. `gaps` are the spans without data, drawn hatched."""

    days: tuple[dt.date, ...]
    series: tuple[Series, ...]
    unit: str
    marks: tuple[Mark, ...] = ()
    gaps: tuple[tuple[dt.date, dt.date], ...] = ()


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


@dataclass(frozen=True)
class Lane:
    """One lane of a timeline: a strand that runs all the time, never a phase."""

    key: str
    label: str
    tone: str


@dataclass(frozen=True)
class Timeline:
    """Parallel lanes of events over days; happenings without a day stand in a tray at the end of their lane."""

    lanes: tuple[Lane, ...]
    happenings: tuple[Happening, ...]
    marks: tuple[Mark, ...]
    start: dt.date
    end: dt.date
    undated_label: str


@dataclass(frozen=True)
class Tile:
    """One place on a tile map. `state` names its key in the legend; `note` is its hover text."""

    code: str
    label: str
    row: int
    col: int
    group: str
    state: str
    note: str


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
class TileMap:
    """Places as equal tiles in rough geographic position; no borders are drawn."""

    tiles: tuple[Tile, ...]
    groups: tuple[Group, ...]
    legend: tuple[LegendEntry, ...]
    unplaced: tuple[Tile, ...] = ()
    unplaced_label: str = ""


@dataclass(frozen=True)
class MatrixCell:
    """One cell: its text, its tone, its hover text."""

    text: str
    tone: str = "plain"
    note: str = ""
    pick: str = ""


@dataclass(frozen=True)
class Matrix:
    """Rows by columns; the last column and row may be totals."""

    corner: str
    columns: tuple[str, ...]
    column_notes: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[MatrixCell, ...], ...]
    totals: tuple[str, ...] = ()
    row_totals: tuple[str, ...] = ()
    total_label: str = ""


@dataclass(frozen=True)
class Cell:
    """A table cell: text, and a tone with its symbol when it has one; numbers are aligned to the end."""

    text: str
    tone: str = ""
    symbol: str = ""
    is_number: bool = False
    pick: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of words. `empty` is what stands there when there are none."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    wide: tuple[int, ...] = ()  # places of the columns that hold sentences


@dataclass(frozen=True)
class Lanes:
    """The strands side by side as equal columns: a title, a leading number, a few lines, a link."""

    items: tuple["LaneCard", ...]


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


@dataclass(frozen=True)
class Passage:
    """A text with marked places `(start, end, key)`; the places of the chosen key stand out from the rest."""

    text: str
    marks: tuple[tuple[int, int, str], ...]
    chosen: str = ""


Shape = Figures | Bars | StackedBars | Line | Timeline | TileMap | Matrix | Table | Lanes | Passage
