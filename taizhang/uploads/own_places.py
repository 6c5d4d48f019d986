"""Places that an office brings itself: a list of names, outlines of its own, or a grid that somebody laid by hand.

    from_list("镇街.xlsx", data, name)       districts and towns by name, with or without codes and tiles
    from_outlines("wards.geojson", data, name)   the same by their outlines: neighbours are those that share a line
    from_grid("grid.csv", data, rows)        the rows and columns of tiles for places that are registered already

The first two give a `Chosen` as the country's register does; names that the register knows take its codes and seats,
others are numbered. `places.files_of` makes files of it, which go the way of every file.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from taizhang.declared import tables
from taizhang.declared.tables import Column
from taizhang.declared.wording import Language
from taizhang.drawing import grid, outline
from taizhang.drawing.grid import Spotted
from taizhang.drawing.tiles import name_cells
from taizhang.uploads import places
from taizhang.uploads.lines import FileRefused
from taizhang.uploads.numbering import fresh_keys
from taizhang.uploads.places import SYSTEM, Chosen, Listed
from taizhang.uploads.sheets import sheets_of

_TABLES = ("town", "district")
_COUNT = "00/00"
_FEW = 3
_OF_TOWNS = ("town", "township", "subdistrict", "ethnic_township", "sumu", "district_office")

Point = tuple[float, float]
Row = Mapping[str, object]


@dataclass(frozen=True)
class _Named:
    """A town as it was brought: cells by column, its middle, and which (district, town) share a line with it."""

    cells: dict[str, str]
    at: Point | None = None
    beside: frozenset[tuple[str, str]] = frozenset()

    @property
    def district(self) -> str:
        return self.cells.get("district_name", "")


KINDS = ("list", "outlines", "grid")


def files_from(
    kind: str, file_name: str, data: bytes, name: str, rows: Mapping[str, Mapping[str, Row]], t: Language
) -> tuple[tuple[str, bytes], ...]:
    """The ledger files of what an office brings, read as one of `KINDS`; `rows` are those of its live release.
    Raises `FileRefused`."""
    if kind == "grid":
        moved = from_grid(file_name, data, rows)
        return tuple((f"{table}.csv", places.as_csv(table, own, t)) for table, own in moved.items())
    read = from_list if kind == "list" else from_outlines
    return places.files_of(read(file_name, data, name, rows), t)


def from_list(file_name: str, data: bytes, name: str, known: Mapping[str, Mapping[str, Row]] | None = None) -> Chosen:
    """Districts and towns of a list: a column of towns, and one of districts (a blank says what the line above says).

    `name` is that of the whole, and of the only district where the list names none; `known` are a release's rows: a
    place that is there already keeps its code. Raises `FileRefused`.
    """
    found = []
    for sheet in sheets_of(file_name, data):
        columns: dict[int, str] = {}
        district = ""
        for line in sheet.lines:
            if not columns:
                columns = _columns(line.cells)
                continue
            cells = {column: line.cells[at].strip() for at, column in columns.items() if at < len(line.cells)}
            district = cells.get("district_name") or district
            if cells.get("town_name"):
                found.append(_Named({**cells, "district_name": district}))
    if not found:
        raise FileRefused("no_places", file=file_name)
    return _chosen(found, name, known or {})


def from_outlines(
    file_name: str, data: bytes, name: str, known: Mapping[str, Mapping[str, Row]] | None = None
) -> Chosen:
    """Towns of a GeoJSON collection of polygons; their properties are named as columns or headings of the ledger are,
    or `name` and `code`. As `from_list` for the rest. Raises `FileRefused`."""
    try:
        features = json.loads(data.decode("utf-8-sig"))["features"]
        shapes = [outline.polygons(one["geometry"]) for one in features]
        properties = [{str(key): str(value) for key, value in one["properties"].items()} for one in features]
        beside = outline.beside({str(at): outline.rings(shape) for at, shape in enumerate(shapes)})
        middles = [outline.middle(shape) for shape in shapes]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise FileRefused("no_outlines", file=file_name) from error
    found = {}
    for at, own in enumerate(properties):
        cells = {column: own[heading] for heading, column in _names(own).items()}
        if middles[at] and cells.get("town_name"):
            found[str(at)] = cells
    if not found:
        raise FileRefused("no_outlines", file=file_name)
    names = {at: (cells.get("district_name") or name, cells["town_name"]) for at, cells in found.items()}
    named = [
        _Named(cells, middles[int(at)], frozenset(names[one] for one in beside.get(at, ()) if one in names))
        for at, cells in found.items()
    ]
    return _chosen(named, name, known or {})


def from_grid(file_name: str, data: bytes, rows: Mapping[str, Mapping[str, Row]]) -> dict[str, tuple[Row, ...]]:
    """Ledger → rows of key and tile, for a table of row, col and code or name (as geofacet has them). A name that two
    districts have needs a column of districts. Raises `FileRefused` for one that is not registered, or not once."""
    made: dict[str, list[Row]] = {}
    for sheet in sheets_of(file_name, data):
        columns: dict[int, str] = {}
        for line in sheet.lines:
            if not columns:
                columns = _columns(line.cells, "tile_row")
                continue
            cells = {column: line.cells[at].strip() for at, column in columns.items() if at < len(line.cells)}
            if not any(cells.values()):
                continue
            if not (cells.get("tile_row", "").isdigit() and cells.get("tile_col", "").isdigit()):
                raise FileRefused("no_tile", file=file_name, line=line.number)
            table, key = _registered(cells, rows, file_name, line.number)
            spot = {"tile_row": int(cells["tile_row"]), "tile_col": int(cells["tile_col"])}
            made.setdefault(table, []).append({f"{table}_code": key, **spot})
    if not made:
        raise FileRefused("no_grid", file=file_name)
    return {table: tuple(own) for table, own in made.items()}


def _registered(
    cells: Mapping[str, str], rows: Mapping[str, Mapping[str, Row]], file_name: str, line: int
) -> tuple[str, str]:
    """The ledger and key of the one place that a line means."""
    code, name, district = (cells.get(column, "") for column in ("town_code", "town_name", "district_name"))
    names = {key: row["district_name"] for key, row in rows.get("district", {}).items()}
    for table in _TABLES:
        own = rows.get(table, {})
        if code and code in own:
            return table, code
        found = [
            key
            for key, row in own.items()
            if name and row[f"{table}_name"] == name
            and (table == "district" or not district or names.get(str(row["district_code"])) == district)
        ]  # fmt: skip
        if len(found) == 1:
            return table, found[0]
        if found:
            raise FileRefused("place_twice", file=file_name, line=line, name=name)
    raise FileRefused("no_such_place", file=file_name, line=line, name=name or code)


# --- headings --------------------------------------------------------------------------------------------------

_PLAIN = {"name": "town_name", "code": "town_code", "row": "tile_row", "col": "tile_col", "column": "tile_col"}


def _columns(cells: Sequence[str], needed: str = "town_name") -> dict[int, str]:
    """Place → column, of a line of headings; nothing for a line that is none."""
    found = {at: column for at, heading in enumerate(cells) if (column := _column(heading))}
    return found if needed in found.values() else {}


def _names(headings: Iterable[str]) -> dict[str, str]:
    return {heading: column for heading in headings if (column := _column(heading))}


def _column(heading: str) -> str | None:
    for table in _TABLES:
        column: Column | None = tables.ledgers()[table].column_called(heading)
        if column and column.name not in ("source_id", "is_demo"):
            return "district_name" if (table, column.name) == ("town", "district_code") else column.name
    return _PLAIN.get(heading.strip().casefold())


# --- rows ------------------------------------------------------------------------------------------------------


def _chosen(found: Sequence[_Named], name: str, known: Mapping[str, Mapping[str, Row]]) -> Chosen:
    found = _once(found, name)
    listed = _listed(found)
    districts = list(dict.fromkeys(one.district for one in found))
    district_codes = _codes("district", [(one, one) for one in districts], listed, known)
    codes = _codes("town", [(one.district, one.cells["town_name"]) for one in found], listed, known, found)
    spotted = [
        Spotted(codes[at], district_codes[one.district, one.district], one.at or _seat(listed, one))
        for at, one in enumerate(found)
    ]
    groups = {each.code: each.group for each in spotted}
    by_name = {(one.district, one.cells["town_name"]): codes[at] for at, one in enumerate(found)}
    touching = ((codes[at], by_name.get(other)) for at, one in enumerate(found) for other in one.beside)
    near = {frozenset(pair) for pair in touching if pair[1]}
    pairs = {frozenset(groups[code] for code in pair) for pair in near}
    pairs |= _shared(listed, district_codes)
    pairs = {pair for pair in pairs if len(pair) == 2}
    own = {district_codes[one, one]: listed.get((one, one)) for one in districts}
    middles = {code: place.at for code, place in own.items() if place and place.at}
    spots = _told(found, codes) or grid.laid(spotted, middles, pairs | near, _rooms(districts, district_codes, groups))
    on_grid = grid.laid([Spotted(code, at=middles.get(code)) for code in district_codes.values()], beside=pairs)
    return Chosen(
        Listed("", name, name, "", None, frozenset()),
        "towns",
        tuple(
            {
                "district_code": code,
                "district_name": one,
                "district_name_en": listed[one, one].name_en if (one, one) in listed else None,
                "sort_order": order,
                "tile_row": on_grid[code][0],
                "tile_col": on_grid[code][1],
            }
            for order, ((one, _), code) in enumerate(district_codes.items(), start=1)
        ),
        tuple(
            {
                "town_code": codes[at],
                "district_code": district_codes[one.district, one.district],
                "town_name": one.cells["town_name"],
                "town_name_en": one.cells.get("town_name_en") or _english(listed, one),
                "short_name": one.cells.get("short_name") or _short(listed, one),
                "town_kind": _kind(listed, one),
                "tile_row": spots[codes[at]][0],
                "tile_col": spots[codes[at]][1],
            }
            for at, one in enumerate(found)
        ),
        grid.kept_blocks(spots, groups, pairs),
        grid.kept(spots, near),
    )


def _once(found: Sequence[_Named], name: str) -> list[_Named]:
    """Each town of a district once, in the order of the list; of towns without a district, that of the whole."""
    kept = {}
    for one in found:
        cells = {**one.cells, "district_name": one.district or name}
        kept.setdefault((cells["district_name"], cells["town_name"]), _Named(cells, one.at, one.beside))
    return list(kept.values())


def _listed(found: Sequence[_Named]) -> dict[tuple[str, str], Listed]:
    """(district, town) → the place of the country's register, where its districts are all of one prefecture or
    province; (district, district) → the district."""
    wanted = {one.district for one in found}
    by_name: dict[str, list[Listed]] = {name: [] for name in wanted}
    for one in places.register().values():
        if one.level != "town" and one.name in wanted:
            by_name[one.name].append(one)
    above = Counter(up.code for own in by_name.values() for up in {places.parent(one.code) or one for one in own})
    if not above:
        return {}
    code, count = max(above.items(), key=lambda one: (one[1], one[0]))
    if count < len(wanted):
        return {}
    made = {}
    for name, own in by_name.items():
        district = next(one for one in own if (places.parent(one.code) or one).code == code)
        made[name, name] = district
        made |= {(name, town.name): town for town in places.below(district.code)}
    return made


def _codes(
    table: str,
    names: Sequence[tuple[str, str]],
    listed: Mapping[tuple[str, str], Listed],
    known: Mapping[str, Mapping[str, Row]],
    found: Sequence[_Named] = (),
) -> dict:
    """Name (of towns: place in the list) → code: the one it came with, has already, or has in the country's register;
    else a number that goes on from those there are."""
    rows, districts = known.get(table, {}), known.get("district", {})
    own = {
        (
            str(row["district_name"] if table == "district" else districts[str(row["district_code"])]["district_name"]),
            str(row[f"{table}_name"]),
        ): key
        for key, row in rows.items()
    }
    own_numbers = [key for key in rows if not key.startswith(SYSTEM)]  # the ministry's are not for us to go on with
    fresh, codes = fresh_keys(table, own_numbers), {}
    for at, name in enumerate(names):
        told = found[at].cells.get("town_code") if found else None
        register = SYSTEM + listed[name].code if name in listed else None
        codes[at if found else name] = told or own.get(name) or register or next(fresh)
    return codes


def _shared(listed: Mapping[tuple[str, str], Listed], codes: Mapping[tuple[str, str], str]) -> set[grid.Pair]:
    """Districts that share a line, by the country's register."""
    own = {listed[name].code: code for name, code in codes.items() if name in listed}
    return {
        frozenset((own[code], own[other])) for code in own for other in places.register()[code].beside if other in own
    }


def _rooms(districts: Sequence[str], codes: Mapping[tuple[str, str], str], groups: Mapping[str, str]) -> dict[str, int]:
    towns = Counter(groups.values())
    return {
        code: name_cells(one, _COUNT) if towns[code] > _FEW else 1 for one in districts for code in (codes[one, one],)
    }


def _told(found: Sequence[_Named], codes: Mapping[int, str]) -> dict[str, grid.Spot]:
    """The tiles of the list itself, where it has one for every town."""
    told = {codes[at]: (one.cells.get("tile_row", ""), one.cells.get("tile_col", "")) for at, one in enumerate(found)}
    if not all(row.isdigit() and col.isdigit() for row, col in told.values()):
        return {}
    return {code: (int(row), int(col)) for code, (row, col) in told.items()}


def _seat(listed: Mapping[tuple[str, str], Listed], one: _Named) -> Point | None:
    found = listed.get((one.district, one.cells["town_name"]))
    return found.at if found else None


def _kind(listed: Mapping[tuple[str, str], Listed], one: _Named) -> str:
    """By the end of its name, which of a place that no register knows may mean anything: 一病区 is no district."""
    kind = places.kind_of(one.cells["town_name"])
    is_said = kind in _OF_TOWNS or (one.district, one.cells["town_name"]) in listed
    return kind if kind and is_said else "other"


def _english(listed: Mapping[tuple[str, str], Listed], one: _Named) -> str | None:
    found = listed.get((one.district, one.cells["town_name"]))
    return found.name_en if found else None


def _short(listed: Mapping[tuple[str, str], Listed], one: _Named) -> str | None:
    found = listed.get((one.district, one.cells["town_name"]))
    return (found.short or None) if found else None
