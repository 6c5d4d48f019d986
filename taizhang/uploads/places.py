"""The places of the country, as an office chooses them for its board: provinces, prefectures, counties, towns.

    found("江门")                   places of that name, with what they belong to
    below("440000")                 the places one level down: for a choice of three steps
    chosen("440700")                its districts and towns, laid on a grid of tiles: a `Chosen`
    files_of(chosen, t)             the same as files of the ledgers `source`, `district` and `town`

The files go the way of every file: `uploads.check(store, files)`, a draft, a release; so they can be looked at, taken
back and published again, and the office's own corrections to them stay. No network is needed: the register is
`data/geo/places.csv.gz` (where it is from: `data/geo/LICENCES.md`).

Codes are those of the Ministry of Civil Affairs and bear its letters, MCA: the statistics bureau gives the same
digits to other towns.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from taizhang.declared import tables
from taizhang.declared.root import ROOT
from taizhang.declared.wording import Language
from taizhang.drawing import grid
from taizhang.drawing.grid import Pair, Spotted
from taizhang.drawing.tiles import name_cells
from taizhang.uploads.values import guarded

REGISTER = ROOT / "data" / "geo" / "places.csv.gz"
SYSTEM = "MCA"
MOST_TILES = 400  # of one map: more, and nobody can read it
LISTED, SEATS = "SRC-PLACES", "SRC-SEATS"

_FEW = 3  # towns: the name of so small a district may stand beside its block
_COUNT = "00/00"  # as it stands beside the name of a district

Depth = Literal["towns", "counties"]
Level = Literal["province", "prefecture", "county", "town"]
Row = Mapping[str, object]


class NoSuchPlace(Exception):
    """The register has no place of this code, or one without places below it; `code` is what was asked for."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Listed:
    """A place of the register. `at` is its middle (a town's seat) in degrees, east and north, where that is known;
    `beside` the codes of the counties that share a line with it; `short` is empty where its name needs none."""

    code: str
    name: str
    name_en: str
    short: str
    at: tuple[float, float] | None
    beside: frozenset[str]

    @property
    def level(self) -> Level:
        if len(self.code) == 9:
            return "town"
        return "province" if self.code.endswith("0000") else "prefecture" if self.code.endswith("00") else "county"


@dataclass(frozen=True)
class Chosen:
    """The districts and towns of one place as rows of their ledgers; of a province these are prefectures and counties.

    `kept_districts` and `kept_towns` say how many pairs of neighbours stay neighbours on the grid, of how many known:
    districts share a line on the ground, towns have no other between them (`grid.near_pairs`).
    """

    place: Listed
    depth: Depth
    districts: tuple[Row, ...]
    towns: tuple[Row, ...]
    kept_districts: tuple[int, int]
    kept_towns: tuple[int, int]


# --- the register ----------------------------------------------------------------------------------------------


@cache
def register() -> dict[str, Listed]:
    """Code → place, all of the country, in the order of their codes."""
    with gzip.open(REGISTER, "rt", encoding="utf-8", newline="") as file:
        return {
            row["code"]: Listed(
                row["code"],
                row["name"],
                row["en"],
                row["short"],
                (float(row["x"]), float(row["y"])) if row["x"] else None,
                frozenset(row["beside"].split()),
            )
            for row in csv.DictReader(file)
        }


@cache
def _children() -> dict[str, tuple[Listed, ...]]:
    found: dict[str, list[Listed]] = {}
    for one in register().values():
        if (above := parent(one.code)) is not None:
            found.setdefault(above.code, []).append(one)
    return {code: tuple(own) for code, own in found.items()}


def place(code: str) -> Listed:
    """The place of a code, with or without the letters of its system. Raises `NoSuchPlace`."""
    found = register().get(code.strip().upper().removeprefix(SYSTEM))
    if found is None:
        raise NoSuchPlace(code)
    return found


def parent(code: str) -> Listed | None:
    """What a place belongs to; None for a province. Some counties belong to a province directly, some towns to a
    prefecture."""
    known = register()
    above = (code[:6],) if len(code) == 9 else (f"{code[:4]}00", f"{code[:2]}0000")
    return next((known[one] for one in above if one != code and one in known), None)


def provinces() -> tuple[Listed, ...]:
    """The places that belong to no other and have places below them."""
    return tuple(one for one in register().values() if one.level == "province" and below(one.code))


def below(code: str) -> tuple[Listed, ...]:
    """The places one level down, in the order of their codes; none for a town."""
    return _children().get(code, ())


def path(code: str) -> tuple[Listed, ...]:
    """A place and what it belongs to, the province first."""
    above = parent(code)
    return (*(path(above.code) if above else ()), register()[code])


def found(name: str) -> list[Listed]:
    """Places of this name, larger ones first: those called so (with or without the word for their kind, in either
    language), else those whose name begins so. Towns are not looked for: nothing is below them."""
    wanted = name.strip().casefold()
    if not wanted:
        return []
    places = [one for one in register().values() if one.level != "town" and below(one.code)]
    exact = [one for one in places if wanted in (one.name, one.short, one.name_en.casefold(), _bare(one).casefold())]
    exact += [one for one in places if one not in exact and wanted in (_head(one), one.name_en.casefold().split()[0])]
    order = {"province": 0, "prefecture": 1, "county": 2}
    return sorted(exact or [one for one in places if one.name.startswith(wanted)], key=lambda one: order[one.level])


def _bare(one: Listed) -> str:
    return one.name_en.rsplit(" ", 1)[0]


def _head(one: Listed) -> str:
    """A name without its last character, which says what kind of place it is."""
    return one.short[:-1] if one.short else one.name[:-1]


def kind_of(name: str) -> str | None:
    """The code of a kind of town that a name ends with, the longest ending first; None for a name that says none."""
    endings = {word: one.code for one in tables.code_lists()["town_kind"] for word in (one.label.zh, *one.synonyms)}
    return next((endings[word] for word in sorted(endings, key=len, reverse=True) if name.endswith(word)), None)


# --- what an office chooses ------------------------------------------------------------------------------------


def depths(code: str) -> tuple[Depth, ...]:
    """How far down a place can be listed, the usual way first: to its towns, or to its counties. Raises `NoSuchPlace`.

    A province of prefectures is listed to its counties: no map holds its towns.
    """
    one = place(code)
    if one.level == "town" or not below(one.code):
        raise NoSuchPlace(code)
    if one.level == "county" or (one.level == "prefecture" and not _counties(one)):
        return ("towns",)
    if any(each.level == "prefecture" for each in below(one.code)):
        return ("counties",)
    towns = sum(len(_towns(county)) for county in below(one.code))
    return ("towns", "counties") if towns <= MOST_TILES else ("counties", "towns")


def chosen(code: str, depth: Depth | None = None) -> Chosen:
    """The districts and towns of a place, laid on tiles; takes seconds for some hundred towns. Raises `NoSuchPlace`."""
    one = place(code)
    depth = depth if depth in depths(code) else depths(code)[0]
    members = _members(one, depth)
    groups = {group.code: _middle(group) for group in members}
    pairs = _pairs(members)
    places = [Spotted(town.code, group.code, town.at) for group, towns in members.items() for town in towns]
    room = {
        group.code: name_cells(group.short or group.name, _COUNT) if len(towns) > _FEW else 1
        for group, towns in members.items()
    }
    spots = grid.laid(places, {code: at for code, at in groups.items() if at}, pairs, room)
    districts = grid.laid([Spotted(code, at=at) for code, at in groups.items()], beside=pairs)
    near = {pair for group in members for pair in _near(group, places, pairs)}
    return Chosen(
        one,
        depth,
        tuple(_district(group, order, districts[group.code]) for order, group in enumerate(members, start=1)),
        tuple(_town(town, group, spots[town.code]) for group, towns in members.items() for town in towns),
        grid.kept_blocks(spots, {each.code: each.group for each in places}, pairs),
        grid.kept(spots, near),
    )


def _counties(one: Listed) -> tuple[Listed, ...]:
    return tuple(each for each in below(one.code) if each.level == "county")


def _towns(one: Listed) -> tuple[Listed, ...]:
    return tuple(each for each in below(one.code) if each.level == "town")


def _members(one: Listed, depth: Depth) -> dict[Listed, tuple[Listed, ...]]:
    """District → its towns. A place that is not divided stands for its own only part."""
    if depth == "towns":
        districts = [each for each in (*_counties(one), one) if _towns(each)]
        return {each: _towns(each) for each in districts}
    if one.level == "province" and any(each.level == "prefecture" for each in below(one.code)):
        return {each: _counties(each) or (each,) for each in below(one.code)}
    return {one: _counties(one)}


def _middle(one: Listed) -> tuple[float, float] | None:
    """Where a place is: its own middle, else that of its counties or towns."""
    if one.at:
        return one.at
    known = [each.at for each in _counties(one) or _towns(one) if each.at]
    return (sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)) if known else None


def _pairs(members: Mapping[Listed, Sequence[Listed]]) -> set[Pair]:
    """Who shares a line: districts, and the counties of a district; districts also by way of their counties."""
    owner = {part.code: group.code for group, parts in members.items() for part in (group, *parts)}
    places = [part for group, parts in members.items() for part in (group, *parts)]
    pairs = {frozenset((one.code, other)) for one in places for other in one.beside if other in owner}
    pairs |= {frozenset((owner[one.code], owner[other])) for one in places for other in one.beside if other in owner}
    return {pair for pair in pairs if len(pair) == 2}


def _near(group: Listed, places: Iterable[Spotted], pairs: set[Pair]) -> set[Pair]:
    own = [each for each in places if each.group == group.code]
    codes = {each.code for each in own}
    return {pair for pair in pairs if pair <= codes} or grid.near_pairs(own)


def _district(one: Listed, order: int, spot: grid.Spot) -> Row:
    return {
        "district_code": SYSTEM + one.code,
        "district_name": one.name,
        "district_name_en": one.name_en,
        "short_name": one.short or None,
        "in_scope": True,
        "sort_order": order,
        "tile_row": spot[0],
        "tile_col": spot[1],
        "source_id": LISTED,
    }


def _town(one: Listed, district: Listed, spot: grid.Spot) -> Row:
    return {
        "town_code": SYSTEM + one.code,
        "district_code": SYSTEM + district.code,
        "town_name": one.name,
        "town_name_en": one.name_en,
        "short_name": one.short or None,
        "town_kind": kind_of(one.name) or "other",
        "in_scope": True,
        "tile_row": spot[0],
        "tile_col": spot[1],
        "source_id": LISTED,
    }


def left_out(one: Chosen, rows: Mapping[str, Mapping[str, object]]) -> frozenset[tuple[str, str]]:
    """(ledger, key) of the districts and towns among a release's rows that are not of the chosen place."""
    kept = {"district": _keys("district", one.districts), "town": _keys("town", one.towns)}
    return frozenset((table, key) for table, own in kept.items() for key in rows.get(table, {}) if key not in own)


def _keys(table: str, rows: Iterable[Row]) -> set[str]:
    return {tables.ledgers()[table].key_of(dict(row)) for row in rows}


# --- as files --------------------------------------------------------------------------------------------------


def files_of(one: Chosen, t: Language) -> tuple[tuple[str, bytes], ...]:
    """(file name, bytes) of the ledgers, those referred to first, as `uploads.check` takes them."""
    return tuple(
        (f"{table}.csv", as_csv(table, rows, t))
        for table, rows in (("source", _sources(one, t)), ("district", one.districts), ("town", one.towns))
        if rows
    )


def _sources(one: Chosen, t: Language) -> list[Row]:
    if not one.place.code:  # brought by the office itself
        return []
    name = t.name(one.place.name, one.place.name_en)
    told = {LISTED: "MIT", SEATS: "CC BY 4.0"}
    return [
        {
            "source_id": source,
            "title": t(f"places.{source.lower().removeprefix('src-')}_title", place=name),
            "publisher": t(f"places.{source.lower().removeprefix('src-')}_publisher"),
            "location": t(f"places.{source.lower().removeprefix('src-')}_location"),
            "licence": licence,
        }
        for source, licence in told.items()
    ]


def as_csv(table: str, rows: Iterable[Row], t: Language) -> bytes:
    """Rows of a ledger as a file somebody can open, correct and hand in: headings and codes in words."""
    rows = list(rows)
    columns = [column for column in tables.ledgers()[table].columns if any(column.name in row for row in rows)]
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow([t.of(column.heading) for column in columns])
    out.writerows([_written(column, row.get(column.name), t) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(column: tables.Column, value: object, t: Language) -> str:
    if value is None:
        return ""
    if column.codes:
        return t.word(column.codes, str(value))
    return t.cell(column, value) if isinstance(value, bool) else guarded(str(value))
