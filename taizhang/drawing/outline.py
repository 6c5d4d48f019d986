"""Outlines of places as they come in GeoJSON: their rings, their middle, which of them share a line, and how they are
laid on a sheet to be drawn.

An outline is `coordinates` of a MultiPolygon: polygons, each an outer ring and its holes, each ring points (x east, y
north, in degrees) with the first one again at its end.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

Point = Sequence[float]
Ring = Sequence[Point]
Polygons = Sequence[Sequence[Ring]]


def polygons(geometry: Mapping) -> Polygons:
    """The polygons of a GeoJSON geometry; none of one that is no area."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or ()
    return coordinates if kind == "MultiPolygon" else (coordinates,) if kind == "Polygon" else ()


def rings(outline: Polygons) -> list[Ring]:
    """All rings, holes among them."""
    return [ring for polygon in outline for ring in polygon]


def middle(outline: Polygons) -> tuple[float, float] | None:
    """The middle of the area, holes taken off; None for one without an area."""
    whole = x = y = 0.0
    for polygon in outline:
        for place, ring in enumerate(polygon):
            area, own_x, own_y = _moments(ring)
            sign = (1 if area > 0 else -1) * (1 if place == 0 else -1)
            whole, x, y = whole + sign * area, x + sign * own_x, y + sign * own_y
    return (x / (3 * whole), y / (3 * whole)) if whole else None


def _moments(ring: Ring) -> tuple[float, float, float]:
    """Twice the area, and its moments by x and y: of a ring that runs clockwise all are negative."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in _lines(ring):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return area, x, y


def beside(outlines: Mapping[str, Sequence[Ring]]) -> dict[str, set[str]]:
    """Code → the codes of those that share at least one line with it, end to end."""
    owners, found = defaultdict(set), defaultdict(set)
    for code, outline in outlines.items():
        for ring in outline:
            for one, two in _lines(ring):
                owners[frozenset((one, two))].add(code)
    for codes in owners.values():
        for code in codes:
            found[code] |= codes - {code}
    return found


def _lines(ring: Ring) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    points = [(point[0], point[1]) for point in ring]
    return pairwise(points)


# --- as a picture ----------------------------------------------------------------------------------------------

Spot = tuple[int, int]
SPANS = (1000, 700, 500, 350, 250)  # grid cells along the longer side, the finest first
MOST_LETTERS = 48_000  # of all paths together: a page must stay light
_ROWS = 24  # in which a place for a name is looked for


@dataclass(frozen=True)
class Sheet:
    """Outlines on one sheet of whole cells, `wide` × `high`: code → its rings, from the left and from the top."""

    wide: int
    high: int
    rings: Mapping[str, tuple[tuple[Spot, ...], ...]]

    def path(self, code: str) -> str:
        """The outline as the `d` of an SVG path, to be filled by the rule `evenodd`; an island smaller than a cell
        stays a dot."""
        return "".join(map(_path, self.rings[code]))

    def hatching(self, code: str, step: float) -> str:
        """Slanted lines inside the outline, so many cells apart, as the `d` of an SVG path. They are worked out: a
        pattern would need a name, and names can clash."""
        lines = [((x1, x1 + y1), (x2, x2 + y2)) for ring in self.rings[code] for (x1, y1), (x2, y2) in pairwise(ring)]
        sums = [along for line in lines for _, along in line]
        first, last = (int(min(sums) / step) + 1, int(max(sums) / step) + 1) if sums else (0, 0)
        return "".join(
            f"M{left:.0f} {number * step - left:.0f}l{right - left:.0f} {left - right:.0f}"
            for number in range(first, last)
            for left, right in _inside(lines, number * step)
        )

    def place(self, code: str, wide: float, high: float) -> tuple[float, float] | None:
        """The middle of the widest place inside the outline for something so wide and high, in cells; None if there is
        none."""
        xs, ys = zip(*(spot for ring in self.rings[code] for spot in ring), strict=True)
        top, bottom = min(ys), max(ys)
        if max(xs) - min(xs) < wide or bottom - top < high:
            return None
        lines = [line for ring in self.rings[code] for line in pairwise(ring)]
        best: tuple[float, float, float] | None = None
        for row in range(1, _ROWS):
            y = top + (bottom - top) * row / _ROWS
            free = [span for span in _inside(lines, y) if span[1] - span[0] >= wide]
            for step in (-0.5, 0.5, -0.25, 0.25):
                if not free:
                    break
                both = _both(free, _inside(lines, y + step * high))
                free = [span for span in both if span[1] - span[0] >= wide]
            for left, right in free:
                off = abs(row / _ROWS - 0.5) * (right - left) / 3  # of places alike wide the one nearer to the middle
                if best is None or right - left - off > best[0]:
                    best = (right - left - off, (left + right) / 2, y)
        return best and best[1:]


def sheet(outlines: Mapping[str, Polygons]) -> Sheet:
    """Outlines in degrees laid together on one sheet, small enough for a page.

    Every point goes to the nearest cell of one grid, so a line that two places share stays one line, whatever is left
    out of it; on the finest grid whose paths are short enough. East and west are drawn together by the cosine of the
    middle latitude. Raises `ValueError` for no outline.
    """
    for span in SPANS:
        made = _sheet(outlines, span)
        if sum(len(made.path(code)) for code in made.rings) <= MOST_LETTERS:
            break
    return made


def _sheet(outlines: Mapping[str, Polygons], span: int) -> Sheet:
    points = [point for outline in outlines.values() for ring in rings(outline) for point in ring]
    west, east = min(x for x, *_ in points), max(x for x, *_ in points)
    south, north = min(y for _, y, *_ in points), max(y for _, y, *_ in points)
    narrow = cos(radians((south + north) / 2))
    cell = max((east - west) * narrow, north - south) / span or 1.0

    def on_grid(point: Point) -> Spot:
        return round((point[0] - west) * narrow / cell), round((north - point[1]) / cell)

    laid = {
        code: tuple(_without_needless([on_grid(point) for point in ring]) for ring in rings(outline))
        for code, outline in outlines.items()
    }
    return Sheet(*on_grid((east, south)), laid)


def _without_needless(ring: Sequence[Spot]) -> tuple[Spot, ...]:
    """A closed ring without points that repeat or lie on the line between their neighbours: it looks the same."""
    kept: list[Spot] = []
    for spot in ring:
        if kept and spot == kept[-1]:
            continue
        if len(kept) > 1 and _is_between(kept[-2], kept[-1], spot):
            kept.pop()
        kept.append(spot)
    return tuple(kept)


def _is_between(one: Spot, middle: Spot, other: Spot) -> bool:
    (x1, y1), (x2, y2) = (middle[0] - one[0], middle[1] - one[1]), (other[0] - middle[0], other[1] - middle[1])
    return x1 * y2 == x2 * y1 and x1 * x2 + y1 * y2 > 0


def _path(ring: Sequence[Spot]) -> str:
    (x, y), steps = ring[0], [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(ring)]
    return f"M{x} {y}" + ("l" + " ".join(f"{right} {down}" for right, down in steps[:-1]) if steps else "h0") + "z"


def _inside(lines: Sequence[tuple[Spot, Spot]], y: float) -> list[tuple[float, float]]:
    """The spans of a line from left to right that are inside an outline of these lines."""
    y += 0.01  # beside the whole numbers, so that no line goes through a corner
    crossed = sorted(x1 + (y - y1) * (x2 - x1) / (y2 - y1) for (x1, y1), (x2, y2) in lines if (y1 > y) != (y2 > y))
    return list(zip(crossed[::2], crossed[1::2], strict=True))


def _both(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """What spans of two lines have in common."""
    pairs = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return [(left, right) for left, right in pairs if left < right]
