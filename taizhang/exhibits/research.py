"""Which places have been visited, and which not yet? And what came of it: topics, suggestions, proposals."""

from collections.abc import Mapping
from decimal import Decimal

from taizhang.drawing.shapes import (
    Bar,
    Bars,
    Cell,
    Figure,
    Figures,
    Group,
    LegendEntry,
    Matrix,
    MatrixCell,
    Table,
    Tile,
    TileMap,
)
from taizhang.exhibits import Exhibit
from taizhang.exhibits.kpis import count_figure, kpi, share_figure
from taizhang.exhibits.tones import (
    SYMBOL_OF_TONE,
    TONE_OF_DISPOSITION,
    TONE_OF_PROPOSAL,
    TONE_OF_TOPIC,
    TONE_OF_TOWN_STATE,
    toned,
)
from taizhang.exhibits.views import View

TOWN_STATES = ("visited", "planned", "not_visited", "unknown", "out_of_scope")
TOPIC_LETTERS = 20  # how much of a topic's title stands above a column


# --- how far: the whole city, or the chosen district -----------------------------------------------------------


def figures(view: View) -> Exhibit:
    """How far the research has come; with a district chosen, in that district alone."""
    return _city_figures(view) if view.district is None else _district_figures(view)


def _city_figures(view: View) -> Exhibit:
    t, gap, kpis = view.t, view.ask("coverage_gap"), view.ask("kpis")
    reported, sessions = view.ask("reported_against_ledger"), view.ask("sessions", district=None)
    items = (
        _coverage_figure(view, "K22", t("research.districts_visited"), t("research.districts_unknown")),
        _coverage_figure(view, "K23", t("research.towns_visited"), t("research.towns_unknown")),
        count_figure(view, "K25", t("research.sessions"), _sessions_detail(view, sessions.records()), "", 1),
        share_figure(
            view,
            "K28",
            t("research.answered"),
            _suggestions_detail(view),
            "",
            dotted(view, t("research.answered_unknown"), beside(view, "K27", "value")),
        ),
    )
    return Exhibit(
        "research.figures",
        (gap, kpis, reported, sessions),
        Figures(items),
        _coverage_title(view),
        _scope(view),
        kpis=("K22", "K23", "K25", "K27", "K28"),
    )


def _coverage_figure(view: View, code: str, label: str, unknown_detail: str) -> Figure:
    """Places visited of all; while the ledger names none, the reported number stands in and says so."""
    t, row = view.t, reported_row(view, code, "numerator")
    if kpi(view.ask("kpis"), code).is_known or row is None:
        return share_figure(view, code, label, beside(view, code, "numerator"), "", unknown_detail)
    return Figure(label, t("kpis.reported_number", number=t.number(row["value"])), unknown_detail)


def _coverage_title(view: View) -> str:
    """The finding on towns first, then districts; nothing known is said as such."""
    t, gap = view.t, view.ask("coverage_gap").records()[0]
    visited, towns = gap["towns_visited"], gap["towns"]
    if not gap["is_known"]:
        return t("research.title_unknown")
    districts = _of(view, gap["districts_visited"], gap["districts"])
    if visited is None:
        return t("research.title_districts_only", districts=districts)
    key = "title_none" if visited == 0 else "title_all" if visited == towns else "title_some"
    return t(f"research.{key}", towns=t.number(towns), fraction=_of(view, visited, towns), districts=districts)


def _sessions_detail(view: View, rows: list[dict]) -> str:
    t = view.t
    if all(row["sessions"] is None for row in rows):
        return t("research.sessions_unknown")
    return dotted(view, _kinds_of_session(view, rows), beside(view, "K25", "value"))


def _suggestions_detail(view: View) -> str:
    t, total = view.t, kpi(view.ask("kpis"), "K27")
    return dotted(view, t("research.suggestions_of", count=t.number(total.value)), beside(view, "K27", "value"))


def _district_figures(view: View) -> Exhibit:
    t, answer = view.t, view.ask("coverage_by_district")
    own = next((row for row in answer.records() if row["district_code"] == view.district), None)
    sessions, handling = view.ask("sessions"), view.ask("suggestion_handling")
    name = district_name(view)
    if own is None:
        return Exhibit("research.figures", (answer,), Figures(()), t("research.district_unknown", district=name))
    last = t("research.last_visit", day=t.day(own["last_visited_on"])) if own["last_visited_on"] else ""
    items = (
        Figure(t("research.towns_visited"), t.fraction(own["visited"], own["towns"]), _percent(view, own["share"])),
        Figure(t("research.visits"), _known(view, own["visits"]), last),
        Figure(
            t("research.sessions"),
            _known(view, own["sessions"]),
            "" if own["sessions"] is None else _kinds_of_session(view, sessions.records()),
        ),
        Figure(t("research.suggestions"), _known(view, own["suggestions"]), t("research.merged")),
    )
    visited, towns = own["visited"], own["towns"]
    if visited is None:
        key = "district_unknown"
    else:
        key = "district_none" if visited == 0 else "district_all" if visited == towns else "district_some"
    title = t(
        f"research.{key}",
        district=name,
        towns=t.number(towns),
        fraction="" if visited is None else _of(view, visited, towns),
    )
    return Exhibit(
        "research.figures",
        (answer, sessions, handling),
        Figures(items),
        title,
        dotted(view, t("research.district_scope", district=name), as_of(view)),
        kpis=("K23", "K24"),
    )


def _kinds_of_session(view: View, rows: list[dict]) -> str:
    t = view.t
    return t("common.comma").join(
        t("research.session_kind", kind=t.label("event_kind", row["kind"]), count=row["sessions"])
        for row in rows
        if row["sessions"] is not None
    )


# --- where: the map and the districts --------------------------------------------------------------------------


def town_map(view: View) -> Exhibit:
    """Every town as a tile, in rough geographic position; a click on a district chooses it."""
    t, towns = view.t, view.ask("coverage_by_town", district=None)
    districts = view.ask("coverage_by_district")
    tiles = [_tile(view, row) for row in towns.records()]
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
            _pick(row["district_code"]),
            t.name(row["district_name"], row["district_name_en"]),
            t.fraction(row["visited"], row["towns"]) if row["towns"] else t.number(None),
            row["district_code"] == view.district,
        )
        for row in _located(districts.records())
    )
    placed = {row["town_code"] for row in towns.records() if None not in (row["tile_row"], row["tile_col"])}
    shape = TileMap(
        tuple(tile for tile in tiles if tile.code in placed),
        groups,
        legend,
        tuple(tile for tile in tiles if tile.code not in placed),
        t("research.unplaced"),
    )
    return Exhibit(
        "research.map",
        (towns, districts),
        shape,
        _map_title(view, counts),
        dotted(view, t("research.map_caption"), as_of(view)),
        kpis=("K22", "K23"),
        hint=t("research.map_hint"),
    )


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
    return t(f"research.{key}", towns=towns, waiting=counts["not_visited"], planned=counts["planned"])


def _tile(view: View, row: dict) -> Tile:
    t = view.t
    name = t.name(row["town_name"], row["town_name_en"])
    kind = t.label("town_kind", row["town_kind"])
    note = t(
        "research.tile_note",
        town=name,
        district=t.name(row["district_name"], row["district_name_en"]),
        state=t.label("town_state", row["state"]),
    )
    if row["visits"]:
        note = dotted(view, note, t("research.tile_visits", visits=row["visits"], day=t.day(row["last_visited_on"])))
    return Tile(
        row["town_code"],
        name.removesuffix(kind).strip() or name,
        row["tile_row"] or 0,
        row["tile_col"] or 0,
        _pick(row["district_code"]),
        row["state"],
        note,
    )


def districts(view: View) -> Exhibit:
    """How much of each district has been visited, in the order of the register; the outline is all its towns."""
    t, answer = view.t, view.ask("coverage_by_district")
    rows = [row for row in _located(answer.records()) if row["towns"]]
    bars = tuple(
        Bar(
            t.name(row["district_name"], row["district_name_en"]),
            None if row["visited"] is None else float(row["visited"]),
            _coverage(view, row),
            "unknown" if row["visited"] is None else "done",
            _pick(row["district_code"]),
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
    if lowest == 1:
        return t("research.districts_title_all", all=len(known))
    least = [row for row in known if row["share"] == lowest]
    if len(least) > 1:
        return t("research.districts_title_shared", count=len(least), percent=t.percent(lowest))
    name = t.name(least[0]["district_name"], least[0]["district_name_en"])
    key = "districts_title_one" if untouched else "districts_title"
    return t(f"research.{key}", district=name, fraction=_of(view, least[0]["visited"], least[0]["towns"]))


def _coverage(view: View, row: dict) -> str:
    if row["visited"] is None:
        return view.t("common.not_given")
    return _with_percent(view, row["visited"], row["towns"])


# --- what for: topics by district, what is left to do ----------------------------------------------------------


def topic_matrix(view: View) -> Exhibit:
    """Which topic went to which district. While no visit names a topic, nothing is known, and no zero is shown."""
    t, answer, topics = view.t, view.ask("district_by_topic"), view.ask("topics")
    records = answer.records()
    is_known = any(row["visits"] is not None for row in topics.records())
    columns = {row["topic_id"]: row["topic_title"] for row in records}
    names = {row["district_code"]: t.name(row["district_name"], row["district_name_en"]) for row in records}
    cells = {(row["district_code"], row["topic_id"]): row for row in records}
    visits = {key: row["visits"] for key, row in cells.items()}
    shape = Matrix(
        t("research.matrix_corner"),
        tuple(columns),
        tuple(t.more(title, TOPIC_LETTERS) for title in columns.values()),
        tuple(names.values()),
        tuple(tuple(_visits_cell(view, cells[code, topic], is_known) for topic in columns) for code in names),
        (
            *(_total(view, is_known, (visits[code, topic] for code in names)) for topic in columns),
            _total(view, is_known, visits.values()),
        ),
        tuple(_total(view, is_known, (visits[code, topic] for topic in columns)) for code in names),
        t("research.total"),
    )
    return Exhibit(
        "research.topic_matrix",
        (answer, topics),
        shape,
        _matrix_title(view, columns, visits, is_known),
        dotted(view, t("research.matrix_caption"), as_of(view)),
        kpis=("K24",),
        hint=t("research.matrix_hint"),
    )


def _matrix_title(view: View, columns: Mapping, visits: Mapping[tuple[str, str], int], is_known: bool) -> str:
    t = view.t
    if not columns:
        return t("research.topics_none")
    if not is_known:
        return t("research.matrix_unknown")
    reached = {topic for (_, topic), count in visits.items() if count}
    key = "matrix_none" if not reached else "matrix_all" if len(reached) == len(columns) else "matrix_some"
    return t(f"research.{key}", topics=len(columns), reached=len(reached), waiting=len(columns) - len(reached))


def _visits_cell(view: View, row: dict, is_known: bool) -> MatrixCell:
    t, visits, planned = view.t, row["visits"], row["planned"]
    place = t.name(row["district_name"], row["district_name_en"])
    note = t("research.cell_note", district=place, topic=row["topic_title"], visits=visits, planned=planned)
    if not is_known:
        return MatrixCell(t("research.cell_unknown"), "unknown", t("research.matrix_unknown"))
    text = t("research.cell_planned", count=planned) if planned else ""
    if visits:
        return MatrixCell(f"{visits}{text}", "done", note, _pick(row["district_code"]))
    return MatrixCell(text or "0", "moving" if planned else "idle", note, _pick(row["district_code"]))


def _total(view: View, is_known: bool, counts) -> str:
    return view.t.number(sum(counts)) if is_known else view.t.number(None)


def to_visit(view: View) -> Exhibit:
    """The towns no one has been to, by district: what to choose the next visits from."""
    t, answer = view.t, view.ask("coverage_by_town")
    left = [row for row in answer.records() if row["state"] in ("planned", "not_visited")]
    names = {row["district_code"]: t.name(row["district_name"], row["district_name_en"]) for row in left}
    rows = tuple(
        (
            Cell(name),
            Cell(t.number(len(_towns(view, left, code, "not_visited"))), is_number=True),
            Cell(t("common.comma").join(_towns(view, left, code, "not_visited"))),
            Cell(t("common.comma").join(_towns(view, left, code, "planned"))),
        )
        for code, name in names.items()
    )
    counts = _states(answer.records())
    if counts["unknown"]:
        key = "to_visit_unknown"
    elif not left:
        key = "to_visit_done"
    else:
        key = "to_visit_planned" if counts["planned"] else "to_visit_title"
    headings = tuple(t(f"research.to_visit_{name}") for name in ("district", "count", "towns", "plans"))
    empty = t("research.to_visit_empty_unknown" if counts["unknown"] else "research.to_visit_empty")
    return Exhibit(
        "research.to_visit",
        (answer,),
        Table(headings, rows, empty, wide=(2, 3)),
        t(f"research.{key}", count=counts["not_visited"], planned=counts["planned"], place=_place(view)),
        dotted(view, t("research.to_visit_caption"), as_of(view)),
        kpis=("K23",),
    )


def _towns(view: View, rows: list[dict], district: str, state: str) -> list[str]:
    return [
        view.t.name(row["town_name"], row["town_name_en"])
        for row in rows
        if row["district_code"] == district and row["state"] == state
    ]


# --- what came of it -------------------------------------------------------------------------------------------


def topics(view: View) -> Exhibit:
    """The topics with their reports, and how far each of them went."""
    t, answer = view.t, view.ask("topics")
    rows = tuple(
        (
            Cell(row["topic_id"]),
            Cell(row["title"]),
            toned(t.label("topic_status", row["status"]), TONE_OF_TOPIC[row["status"]]),
            Cell(row["report_title"] or _missing(view, row["status"] not in ("planned", "in_progress"))),
            Cell(_known(view, row["visits"]), is_number=True),
            Cell(_known(view, row["districts"]), is_number=True),
            Cell(_known(view, row["proposals"]), is_number=True),
        )
        for row in answer.records()
    )
    headings = tuple(
        t(f"research.topics_{name}") for name in ("id", "title", "status", "report", "visits", "districts", "proposals")
    )
    return Exhibit(
        "research.topics",
        (answer,),
        Table(headings, rows, t("research.topics_none"), wide=(1, 3)),
        _topics_title(view),
        dotted(view, beside(view, "K26", "denominator"), as_of(view)),
        kpis=("K26",),
    )


def _topics_title(view: View) -> str:
    """A share only where the ledger holds every topic that was reported; else how many it lists."""
    t, one = view.t, kpi(view.ask("kpis"), "K26")
    reported = reported_row(view, "K26", "denominator")
    if not one.denominator:
        return t("research.topics_none")
    if one.is_incomplete and reported:
        listed = _of(view, one.denominator, reported["value"])
        return t("research.topics_incomplete", listed=listed, done=t.number(one.numerator))
    return t("research.topics_done", fraction=_of(view, one.numerator, one.denominator))


def handling(view: View) -> Exhibit:
    """What became of the suggestions: solved, being solved, planned, explained, pending, not stated."""
    t, answer = view.t, view.ask("suggestion_handling")
    records = answer.records()
    merged = sum(row["suggestions"] for row in records if row["disposition"] != "duplicate")
    bars = tuple(
        Bar(
            t.label("disposition", row["disposition"]),
            float(row["suggestions"]),
            t.number(row["suggestions"])
            if row["disposition"] == "duplicate"
            else _with_percent(view, row["suggestions"], merged),
            TONE_OF_DISPOSITION[row["disposition"]],
        )
        for row in records
    )
    solved = sum(row["suggestions"] for row in records if row["disposition"] == "A")
    if not merged:
        key = "handling_none"
    elif all(row["disposition"] in (None, "duplicate") for row in records):
        key = "handling_unknown"
    else:
        key = "handling_all" if solved == merged else "handling_title"
    has_duplicates = any(row["disposition"] == "duplicate" for row in records)
    return Exhibit(
        "research.handling",
        (answer,),
        Bars(bars or (_unknown_bar(view),), t("research.unit_suggestions")),
        t(f"research.{key}", fraction=_of(view, solved, merged), count=merged, place=_place(view)),
        dotted(view, _reported_suggestions(view), as_of(view)),
        t("research.duplicates") if has_duplicates else "",
        kpis=("K27", "K28", "K29"),
    )


def _unknown_bar(view: View) -> Bar:
    """What stands where no suggestion is listed: a hatched stub, not an empty drawing and not a zero."""
    return Bar(view.t("research.suggestions"), None, view.t("common.not_given"), "unknown")


def _reported_suggestions(view: View) -> str:
    """Beside the count of the whole city only: nothing was reported for a district."""
    return beside(view, "K27", "value") if view.district is None else district_name(view)


def suggestions(view: View) -> Exhibit:
    """Every suggestion with what became of it, duplicates included."""
    t, answer = view.t, view.ask("suggestions")
    rows = tuple(
        (
            Cell(t.day(row["received_on"])),
            Cell(t.label("channel", row["channel"])),
            Cell(_where(view, row)),
            Cell(row["content"]),
            toned(t.label("disposition", row["disposition"]), TONE_OF_DISPOSITION[row["disposition"]]),
            Cell(row["handling_unit"] or _missing(view, row["disposition"] != "duplicate")),
            Cell(t.day(row["replied_on"]) if row["replied_on"] else _missing(view, _should_be_answered(row))),
            Cell(row["issue_id"] or ""),
        )
        for row in answer.records()
    )
    headings = tuple(
        t(f"research.suggestions_{name}")
        for name in ("received", "channel", "place", "content", "result", "unit", "replied", "issue")
    )
    key = "suggestions_title" if rows else "handling_none"
    return Exhibit(
        "research.suggestions",
        (answer,),
        Table(headings, rows, t("research.suggestions_empty"), wide=(3,)),
        t(f"research.{key}", count=len(rows), place=_place(view)),
        dotted(view, _reported_suggestions(view), as_of(view)),
        kpis=("K27",),
    )


def proposals(view: View) -> Exhibit:
    """Proposals made in the reports, and which of them were put to use."""
    t, answer, kpis = view.t, view.ask("proposals"), view.ask("kpis")
    rows = tuple(
        (
            Cell(row["topic_id"] or t("common.not_given")),
            Cell(row["content"]),
            toned(t.label("proposal_status", row["status"]), TONE_OF_PROPOSAL[row["status"]]),
            Cell(row["adopting_unit"] or _missing(view, row["status"] not in ("proposed", "not_adopted"))),
            Cell(row["document_title"] or _missing(view, row["status"] in ("policy", "unknown"))),
        )
        for row in answer.records()
    )
    one = kpi(kpis, "K32")
    if not rows:
        key = "proposals_none"
    elif not one.is_known:
        key = "proposals_unknown"
    else:
        key = "proposals_some_unknown" if one.unknown else "proposals_title"
    headings = tuple(t(f"research.proposals_{name}") for name in ("topic", "content", "status", "unit", "document"))
    return Exhibit(
        "research.proposals",
        (answer, kpis),
        Table(headings, rows, t("research.proposals_none"), wide=(1, 4)),
        t(f"research.{key}", count=len(rows), unknown=one.unknown, fraction=_of(view, one.numerator, one.denominator)),
        dotted(view, t("research.proposals_caption"), as_of(view)),
        kpis=("K32",),
    )


# --- words that several exhibits need --------------------------------------------------------------------------


def reported_row(view: View, code: str, side: str) -> dict | None:
    """What was reported for one side of a KPI, with the ledger's count; None when nothing was."""
    rows = [
        row
        for row in view.ask("reported_against_ledger").records()
        if (row["kpi"], row["side"], row["value_basis"]) == (code, side, "reported") and row["value"] is not None
    ]
    return rows[-1] if rows else None


def beside(view: View, code: str, side: str) -> str:
    """The reported figure beside the ledger's count: equal, or by how much they differ; '' when none was reported."""
    t, row = view.t, reported_row(view, code, side)
    if row is None:
        return ""
    if row["ledger"] is None:
        key = "reported_alone"
    elif not row["difference"]:
        key = "reported_same"
    else:
        key = "reported_more" if row["difference"] > 0 else "reported_less"
    return t(
        f"research.{key}",
        value=t.number(row["value"]),
        unit=t.name(row["unit_zh"], row["unit_en"]),
        ledger=t.number(row["ledger"]),
        difference=t.number(abs(row["difference"] or 0)),
    )


def dotted(view: View, *parts: str) -> str:
    """Several short remarks in one line; empty ones are left out."""
    return view.t("kpis.dot").join(part for part in parts if part)


def as_of(view: View) -> str:
    return view.t("research.as_of", day=view.t.day(view.as_of))


def district_name(view: View) -> str:
    """The chosen district; '' for the whole city."""
    names = {code: view.t.name(zh, en) for code, zh, en in view.ask("districts").rows}
    return names.get(view.district, "")


def _place(view: View) -> str:
    """The chosen district as a part of a title; '' for the whole city."""
    return view.t("research.place", district=district_name(view)) if view.district else ""


def _scope(view: View) -> str:
    """What the denominator is: subdistricts among the towns or not."""
    t, gap = view.t, view.ask("coverage_gap").records()[0]
    key = "scope_with" if gap["subdistricts_in_scope"] else "scope_without"
    scope = t(
        f"research.{key}", towns=gap["towns"], districts=gap["districts"], subdistricts=gap["subdistricts_in_scope"]
    )
    return dotted(view, scope, as_of(view))


def _where(view: View, row: dict) -> str:
    t = view.t
    names = (t.name(row["district_name"], row["district_name_en"]), t.name(row["town_name"], row["town_name_en"]))
    return " ".join(name for name in names if name) or t("common.not_given")


def _of(view: View, part: object, whole: object) -> str:
    """A share in a sentence: 16/73, or as the language says it."""
    t = view.t
    return t("research.of", part=t.number(part), whole=t.number(whole))


def _with_percent(view: View, part: int, whole: int) -> str:
    t = view.t
    return t(
        "research.fraction_percent",
        fraction=t.fraction(part, whole),
        percent=t.percent(Decimal(part) / whole if whole else None),
    )


def _percent(view: View, share: Decimal | None) -> str:
    return view.t("common.not_given") if share is None else view.t.percent(share)


def _known(view: View, count: object) -> str:
    return view.t("common.not_given") if count is None else view.t.number(count)


def _missing(view: View, is_expected: bool) -> str:
    """未提供 where something should stand; nothing where there cannot be anything yet."""
    return view.t("common.not_given") if is_expected else ""


def _should_be_answered(row: dict) -> bool:
    return row["disposition"] not in ("pending", "duplicate")


def _located(rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["district_code"] is not None]


def _states(rows: list[dict]) -> dict[str, int]:
    """How many towns are in each state."""
    return {state: sum(row["state"] == state for row in rows) for state in TOWN_STATES}


def _pick(district: str) -> str:
    """What a click on a district picks; the frame then chooses it for every page."""
    return f"district:{district}"
