"""Outlines of places as they come in GeoJSON: their rings, their middle, and which of them share a line.

An outline is `coordinates` of a MultiPolygon: polygons, each an outer ring and its holes, each ring points (x east, y
north, in degrees) with the first one again at its end.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

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
