"""Which places have been visited, and which not yet?"""

from collections.abc import Mapping, Sequence

from taizhang.drawing import grid
from taizhang.drawing.grid import Spotted
from taizhang.drawing.shapes import Bar, Bars, Cell, Group, LegendEntry, Table, Tile, TileMap
from taizhang.exhibits import Exhibit, one_row, rows_with
from taizhang.exhibits.remarks import as_of, divided, dotted, of, place, with_percent
from taizhang.exhibits.tile_names import names_in_district, stated, tile_names
from taizhang.exhibits.tones import SYMBOL_OF_TONE, TONE_OF_TOWN_STATE
from taizhang.exhibits.views import View

MOST_TILES_BESIDE, MOST_COLUMNS_BESIDE = 80, 14  # in the wider half of a page
TOWN_STATES = ("visited", "planned", "not_visited", "unknown", "out_of_scope")


# --- the map ---------------------------------------------------------------------------------------------------


def town_map(view: View) -> Exhibit:
    """Every town as a tile, in rough geographic position; a click on a district chooses it."""
    t, towns, own = view.t, view.ask("coverage_by_town", district=None), view.ask("coverage_by_town")
    districts = view.ask("coverage_by_district")
    names = tile_names(towns.records(), t)
    places = spots(towns.records())
    tiles = [_tile(view, row, names[row["town_code"]], places.get(row["town_code"])) for row in towns.records()]
    counts = _states(towns.records())
    legend = tuple(
        LegendEntry(
            state,
            t.label("town_state", state),
            TONE_OF_TOWN_STATE[state],
            SYMBOL_OF_TONE[TONE_OF_TOWN_STATE[state]],
            counts[state],
        )
        for state in TOWN_STATES
        if counts[state]
    )
    groups = tuple(
        Group(
            district_pick(row["district_code"]),
            t.name(row["short_name"] or row["district_name"], row["district_name_en"]),
            t.fraction(row["visited"], row["towns"]) if row["towns"] else t.number(None),
            row["district_code"] == view.district,
        )
        for row in located(districts.records())
    )
    shape = TileMap(
        tuple(tile for tile in tiles if tile.code in places),
        groups,
        legend,
        tuple(tile for tile in tiles if tile.code not in places),
        t("research.unplaced"),
        stated(names, t),
    )
    return Exhibit(
        "research.map",
        (towns, districts),
        shape,
        _map_title(view, _states(own.records())),
        dotted(view, t("research.map_caption"), as_of(view)),
        kpis=("K22", "K23"),
        hint=t("research.map_hint"),
    )


def is_wide(view: View) -> bool:
    """Whether the map has so many tiles, or columns of them, that it needs the whole width of a page."""
    columns = [col for _, col in spots(view.ask("coverage_by_town", district=None).records()).values()]
    return len(columns) > MOST_TILES_BESIDE or (bool(columns) and max(columns) - min(columns) >= MOST_COLUMNS_BESIDE)


def _map_title(view: View, counts: Mapping[str, int]) -> str:
    t = view.t
    towns = sum(counts[state] for state in TOWN_STATES if state != "out_of_scope")
    if not towns:
        key = "map_empty"
    elif counts["unknown"]:
        key = "map_unknown"
    elif not counts["visited"] and not counts["planned"]:
        key = "map_none"
    elif counts["visited"] == towns:
        key = "map_all"
    else:
        key = "map_planned" if counts["planned"] else "map_some"
    waiting = counts["not_visited"] + counts["planned"]
    return t(f"research.{key}", towns=towns, waiting=waiting, planned=counts["planned"], place=place(view))


def spots(rows: Sequence[dict]) -> dict[str, grid.Spot]:
    """Town code → its row and column: those of the register; where it has none at all, a grid by district."""
    told = {row["town_code"]: (row["tile_row"], row["tile_col"]) for row in rows}
    placed = {code: spot for code, spot in told.items() if None not in spot}
    return placed or grid.laid([Spotted(row["town_code"], row["district_code"]) for row in rows])


def _tile(view: View, row: dict, names: tuple[str, str], spot: grid.Spot | None) -> Tile:
    label, name = names
    return Tile(
        row["town_code"],
        label,
        *(spot or (0, 0)),
        district_pick(row["district_code"]),
        row["state"],
        "\n".join(_told(view, row, name)),
        name,
        f"town:{row['town_code']}",
    )


def _told(view: View, row: dict, name: str) -> tuple[str, str]:
    """A town by its name, and what there is to say of it: where it lies, whether and when it was visited."""
    t = view.t
    visits = t("research.tile_visits", visits=row["visits"], day=t.day(row["last_visited_on"])) if row["visits"] else ""
    district, state = t.name(row["district_name"], row["district_name_en"]), t.label("town_state", row["state"])
    return name, dotted(view, district, state, visits)


# --- the districts ---------------------------------------------------------------------------------------------


def districts(view: View) -> Exhibit:
    """How much of each district has been visited, the least first; the outline is all its towns."""
    t, answer = view.t, view.ask("coverage_by_district")
    rows = [row for row in located(answer.records()) if row["towns"]]
    rows.sort(key=lambda row: (row["share"] is None, row["share"] or 0))  # equal ones as the register has them
    bars = tuple(
        Bar(
            t.name(row["district_name"], row["district_name_en"]),
            None if row["visited"] is None else float(row["visited"]),
            coverage(view, row),
            "unknown" if row["visited"] is None else "done",
            district_pick(row["district_code"]),
            None if row["visited"] is None else float(row["towns"]),
        )
        for row in rows
    )
    elsewhere = sum(row["visits"] or 0 for row in answer.records() if row["district_code"] is None)
    note = t("research.elsewhere", count=elsewhere) if elsewhere else ""
    return Exhibit(
        "research.districts",
        (answer,),
        Bars(bars, t("research.unit_towns")),
        _districts_title(view, rows),
        dotted(view, t("research.districts_caption"), as_of(view)),
        note,
        kpis=("K23", "K24"),
    )


def _districts_title(view: View, rows: list[dict]) -> str:
    """Who is furthest behind: the mean of the city hides it."""
    t = view.t
    known = [row for row in rows if row["share"] is not None]
    if not known:
        return t("research.districts_title_unknown")
    untouched = [row for row in known if row["visited"] == 0]
    if len(untouched) > 1:
        return t("research.districts_title_none", count=len(untouched), all=len(known))
    lowest = min(row["share"] for row in known)
    if len(known) == 1:
        return only_district(view, known[0])
    if lowest == 1:
        return t("research.districts_title_all", all=len(known))
    least = [row for row in known if row["share"] == lowest]
    percent = t.percent(divided(least[0]["visited"], least[0]["towns"]))
    if len(least) == len(known):
        return t("research.districts_title_equal", count=len(known), percent=percent)
    if len(least) > 1:
        return t("research.districts_title_shared", count=len(least), percent=percent)
    name = t.name(least[0]["district_name"], least[0]["district_name_en"])
    key = "districts_title_one" if untouched else "districts_title"
    return t(f"research.{key}", district=name, fraction=of(view, least[0]["visited"], least[0]["towns"]))


def only_district(view: View, row: dict) -> str:
    """With no other to compare with, no district is behind."""
    t, name = view.t, view.t.name(row["district_name"], row["district_name_en"])
    key = "district_none" if not row["visited"] else "district_all" if row["share"] == 1 else "district_some"
    fraction = of(view, row["visited"], row["towns"])
    return t(f"research.{key}", district=name, towns=t.number(row["towns"]), fraction=fraction)


def coverage(view: View, row: dict) -> str:
    """How many towns of a district have been visited, of how many."""
    if row["visited"] is None:
        return view.t("common.not_given")
    return with_percent(view, row["visited"], row["towns"])


def located(rows: list[dict]) -> list[dict]:
    """The districts, without the row of what names none."""
    return [row for row in rows if row["district_code"] is not None]


# --- what is left to do ----------------------------------------------------------------------------------------


def to_visit(view: View) -> Exhibit:
    """The towns no one has been to, by district: what to choose the next visits from."""
    t, answer = view.t, view.ask("coverage_by_town")
    left = [row for row in answer.records() if row["state"] in ("planned", "not_visited")]
    names = {row["district_code"]: t.name(row["district_name"], row["district_name_en"]) for row in left}
    short = names_in_district(answer.records(), t)
    rows = tuple(
        (
            Cell(name),
            Cell(t.number(len(_towns(short, left, code, "not_visited"))), is_number=True),
            Cell(t("common.comma").join(_towns(short, left, code, "not_visited"))),
            Cell(t("common.comma").join(_towns(short, left, code, "planned"))),
        )
        for code, name in names.items()
    )
    counts = _states(answer.records())
    if not sum(counts[state] for state in TOWN_STATES if state != "out_of_scope"):
        key = "to_visit_no_register"
    elif counts["unknown"]:
        key = "to_visit_unknown"
    elif not left:
        key = "to_visit_done"
    else:
        key = "to_visit_planned" if counts["planned"] else "to_visit_title"
    headings = tuple(t(f"research.to_visit_{name}") for name in ("district", "count", "towns", "plans"))
    empty_words = {"to_visit_unknown": "to_visit_empty_unknown", "to_visit_no_register": "map_empty"}
    empty = t(f"research.{empty_words.get(key, 'to_visit_empty')}")
    return Exhibit(
        "research.to_visit",
        (answer,),
        Table(headings, rows, empty, wide=(2, 3)),
        t(f"research.{key}", count=counts["not_visited"], planned=counts["planned"], place=place(view)),
        dotted(view, t("research.to_visit_caption"), as_of(view)),
        kpis=("K23",),
    )


def _towns(names: Mapping[str, str], rows: list[dict], district: str, state: str) -> list[str]:
    return [names[row["town_code"]] for row in rows if row["district_code"] == district and row["state"] == state]


def town(view: View, code: str) -> Exhibit | None:
    """One town with the visits to it; None when there is no such town."""
    own = one_row(view, "research.town", view.ask("coverage_by_town", district=None), "town_code", code, "town_name")
    if own is None:
        return None
    (row,) = own.answers[0].records()
    visits = rows_with(
        view.ask("visits", district=None), town_name=row["town_name"], district_name=row["district_name"]
    )
    name, note = _told(view, row, view.t.name(row["town_name"], row["town_name_en"]))
    return Exhibit(own.name, (*own.answers, *([visits] if visits.rows else ())), own.shape, name, note)


def _states(rows: list[dict]) -> dict[str, int]:
    """How many towns are in each state."""
    return {state: sum(row["state"] == state for row in rows) for state in TOWN_STATES}


def district_pick(district: str) -> str:
    """What a click on a district picks; the frame then chooses it for every page."""
    return f"district:{district}"
