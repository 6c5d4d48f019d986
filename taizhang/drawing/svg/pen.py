"""What all pictures are drawn with: words, lines, areas of a tone. Places and lengths are in em of the text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taizhang.drawing import palette
from taizhang.drawing.markup import Markup, el, joined
from taizhang.drawing.text import width

BASELINE = 0.36  # em from the middle of a line of text down to its baseline
LINE = 1.3  # em from one line to the next
HATCH = 0.42  # em between two lines of a hatching
BOLD = 1.06  # bold letters are so much wider


@dataclass(frozen=True)
class Pen:
    """Draws in the colours of a theme; `em` is how many user units one em is."""

    theme: str
    em: float

    def colour(self, name: str) -> str:
        """The colour of a tone, or of a surface (`ground`, `surface`, `rule`, `grid`)."""
        return {**palette.tones(self.theme), **palette.surfaces(self.theme)}[name]

    def of(self, length: float) -> str:
        """A length in user units, as short as two decimals allow."""
        return f"{length * self.em:.2f}".rstrip("0").rstrip(".")

    def words(
        self,
        x: float,
        middle: float,
        said: str,
        tone: str = "plain",
        anchor: str = "start",
        bold: bool = False,
        size: float = 1.0,
        colour: str | None = None,
    ) -> Markup:
        """A line of text around the height `middle`; `anchor` is start, middle or end. Nothing for no text."""
        if not said:
            return Markup("")
        return el(
            "text",
            said,
            x=self.of(x),
            y=self.of(middle + BASELINE * size),
            fill=colour or self.colour(tone),
            text_anchor=None if anchor == "start" else anchor,
            font_weight="700" if bold else None,
            font_size=None if size == 1.0 else self.of(size),
        )

    def paragraph(self, x: float, middle: float, lines: Sequence[str], size: float = 1.0, **style: object) -> Markup:
        """Several lines of text, together around the height `middle`."""
        step = LINE * size
        top = middle - (len(lines) - 1) * step / 2
        return joined(self.words(x, top + place * step, one, size=size, **style) for place, one in enumerate(lines))

    def line(
        self, x1: float, y1: float, x2: float, y2: float, name: str, thick: float = 0.08, dash: str | None = None
    ) -> Markup:
        return el(
            "line",
            x1=self.of(x1),
            y1=self.of(y1),
            x2=self.of(x2),
            y2=self.of(y2),
            stroke=self.colour(name),
            stroke_width=self.of(thick),
            stroke_dasharray=self._dashes(dash),
        )

    def path(
        self, points: Iterable[tuple[float, float]], name: str, thick: float = 0.16, dash: str | None = None
    ) -> Markup:
        """A line through the points, in their order."""
        return el(
            "polyline",
            points=" ".join(f"{self.of(x)},{self.of(y)}" for x, y in points),
            fill="none",
            stroke=self.colour(name),
            stroke_width=self.of(thick),
            stroke_linejoin="round",
            stroke_linecap="round",
            stroke_dasharray=self._dashes(dash),
        )

    def _dashes(self, dash: str | None) -> str | None:
        """`dash` is "dash" or "dot"."""
        return {"dash": f"{self.of(0.5)} {self.of(0.4)}", "dot": f"{self.of(0.1)} {self.of(0.26)}", None: None}[dash]

    def box(
        self, x: float, y: float, wide: float, high: float, fill: str, stroke: str = "", round: float = 0
    ) -> Markup:
        """A rectangle; `fill` and `stroke` are tones, surfaces or ready colours."""
        edge = self._named(stroke) if stroke else None
        return el(
            "rect",
            x=self.of(x),
            y=self.of(y),
            width=self.of(max(wide, 0)),
            height=self.of(max(high, 0)),
            fill=self._named(fill),
            stroke=edge,
            stroke_width=self.of(0.08) if edge else None,
            rx=self.of(round) if round else None,
        )

    def _named(self, colour: str) -> str:
        return colour if colour.startswith("#") else self.colour(colour)

    def area(self, x: float, y: float, wide: float, high: float, tone: str, round: float = 0) -> Markup:
        """An area of a tone: solid, tint, open or hatched, so that it also reads in black and white."""
        match palette.fill(tone):
            case "solid":
                return self.box(x, y, wide, high, tone, tone, round)
            case "tint":
                return self.box(x, y, wide, high, palette.tint(tone, self.theme), tone, round)
            case "open":
                return self.box(x, y, wide, high, "ground", tone, round)
        return joined((self.box(x, y, wide, high, "ground", tone, round), self.hatched(x, y, wide, high)))

    def hatched(self, x: float, y: float, wide: float, high: float) -> Markup:
        """Slanted lines that fill a rectangle. Drawn as lines: a pattern would need a name, and names can clash."""
        parts, step = [], HATCH * 2**0.5
        for number in range(1, int((wide + high) / step) + 1):
            along = number * step  # the line on which (from the left) + (from the top) = along
            left, top = max(0.0, along - high), max(0.0, along - wide)
            parts.append(
                f"M{self.of(x + left)} {self.of(y + along - left)}L{self.of(x + along - top)} {self.of(y + top)}"
            )
        if not parts:
            return Markup("")
        return el("path", d="".join(parts), stroke=self.colour("rule"), stroke_width=self.of(0.08))

    def on(self, tone: str) -> str:
        """The colour of text on an area of the tone."""
        return palette.on_area(tone, self.theme)


SWATCH = 1.2


def legend(pen: Pen, x: float, y: float, room: float, entries: Sequence[tuple[str, str, str, str]]) -> Markup:
    """Keys `(label, tone, symbol, count)` side by side, in as many lines as they need, from (x, y) down."""
    parts = []
    for (label, tone, symbol, count), left, top in _flowed(entries, room):
        middle = y + top + LINE / 2
        parts += [
            pen.area(x + left + 0.05, middle - SWATCH / 2, SWATCH, SWATCH, tone, 0.12),
            pen.words(
                x + left + SWATCH / 2, middle, sign(tone, symbol), anchor="middle", size=0.85, colour=pen.on(tone)
            ),
            pen.words(x + left + SWATCH + 0.4, middle, label),
            pen.words(x + left + SWATCH + 0.8 + width(label), middle, count, bold=True),
        ]
    return joined(parts)


def sign(tone: str, symbol: str) -> str:
    """The symbol on an area; a hatched one is its own symbol."""
    return "" if palette.fill(tone) == "hatch" else symbol


def legend_height(room: float, entries: Sequence[tuple[str, str, str, str]]) -> float:
    """The height such a legend takes, with the air below it."""
    places = _flowed(entries, room)
    return places[-1][2] + LINE + 0.6 if places else 0.0


def key_width(label: str, count: str) -> float:
    return SWATCH + 0.4 + width(label) + (0.4 + width(count) * BOLD if count else 0)


def _flowed(entries: Sequence[tuple[str, str, str, str]], room: float) -> list[tuple]:
    places, left, top = [], 0.0, 0.0
    for entry in entries:
        wide = key_width(entry[0], entry[3])
        if left and left + wide > room:
            left, top = 0.0, top + LINE + 0.2
        places.append((entry, left, top))
        left += wide + 1.4
    return places
