"""How far has the research come, in the whole city or in the chosen district?"""

from decimal import Decimal

from taizhang.drawing.shapes import Figure, Figures
from taizhang.exhibits import Exhibit
from taizhang.exhibits.kpis import (
    beside,
    count_figure,
    count_or_reported,
    kpi,
    reported_or_gap,
    reported_row,
    share_figure,
)
from taizhang.exhibits.parts_of_campaign import kpis_of
from taizhang.exhibits.remarks import as_of, count_or_gap, divided, dotted, of
from taizhang.exhibits.views import View


def figures(view: View) -> Exhibit:
    """How far the research has come; with a district chosen, in that district alone."""
    return _city_figures(view) if view.district is None else _district_figures(view)


# --- the whole city --------------------------------------------------------------------------------------------


def _city_figures(view: View) -> Exhibit:
    t, gap, kpis = view.t, view.ask("coverage_gap"), view.ask("kpis")
    reported, sessions = view.ask("reported_against_ledger"), view.ask("sessions", district=None)
    places = (
        _coverage_figure(view, "K22", t("research.districts_visited"), t("research.districts_unknown")),
        _coverage_figure(view, "K23", t("research.towns_visited"), t("research.towns_unknown")),
    )
    items = (
        *(places if view.has_places else ()),
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
        _coverage_title(view) if view.has_places else _bare_title(view),
        _scope(view) if view.has_places else as_of(view),
        kpis=kpis_of(view, ("K22", "K23", "K25", "K27", "K28")),
    )


def _bare_title(view: View) -> str:
    """The finding of a campaign without places: sessions held and suggestions heard."""
    kpis = view.ask("kpis")
    sessions, heard = (count_or_reported(kpi(kpis, code), view) for code in ("K25", "K27"))
    return view.t("research.title_bare", sessions=sessions, heard=heard)


def _coverage_figure(view: View, code: str, label: str, unknown_detail: str) -> Figure:
    """Places visited of all; while the ledger names none, the reported number stands in and says so."""
    row = reported_row(view, code, "numerator")
    if kpi(view.ask("kpis"), code).is_known or row is None:
        return share_figure(view, code, label, beside(view, code, "numerator"), "", unknown_detail)
    return Figure(label, reported_or_gap(row["value"], view), unknown_detail)


def _coverage_title(view: View) -> str:
    """The finding on towns first, then districts; nothing known is said as such."""
    t, gap = view.t, view.ask("coverage_gap").records()[0]
    visited, towns = gap["towns_visited"], gap["towns"]
    if not gap["is_known"]:
        return t("research.title_unknown" if gap["towns"] else "research.map_empty")
    districts = of(view, gap["districts_visited"], gap["districts"])
    if visited is None:
        return t("research.title_districts_only", districts=districts)
    key = "title_none" if visited == 0 else "title_all" if visited == towns else "title_some"
    return t(f"research.{key}", towns=t.number(towns), fraction=of(view, visited, towns), districts=districts)


def _scope(view: View) -> str:
    """What the denominator is: subdistricts among the towns or not."""
    t, gap = view.t, view.ask("coverage_gap").records()[0]
    if not gap["towns"]:
        return dotted(view, t("research.map_empty"), as_of(view))
    key = "scope_with" if gap["subdistricts_in_scope"] else "scope_without"
    scope = t(
        f"research.{key}", towns=gap["towns"], districts=gap["districts"], subdistricts=gap["subdistricts_in_scope"]
    )
    return dotted(view, scope, as_of(view))


def _sessions_detail(view: View, rows: list[dict]) -> str:
    t = view.t
    if all(row["sessions"] is None for row in rows):
        return t("research.sessions_unknown")
    return dotted(view, _kinds_of_session(view, rows), beside(view, "K25", "value"))


def _suggestions_detail(view: View) -> str:
    t, total = view.t, kpi(view.ask("kpis"), "K27")
    return dotted(view, t("research.suggestions_of", count=t.number(total.value)), beside(view, "K27", "value"))


# --- one district ----------------------------------------------------------------------------------------------


def _district_figures(view: View) -> Exhibit:
    t, answer = view.t, view.ask("coverage_by_district")
    own = next((row for row in answer.records() if row["district_code"] == view.district), None)
    sessions, handling = view.ask("sessions"), view.ask("suggestion_handling")
    name = view.district_name
    if own is None:
        return Exhibit("research.figures", (answer,), Figures(()), t("research.district_unknown", district=name))
    last = t("research.last_visit", day=t.day(own["last_visited_on"])) if own["last_visited_on"] else ""
    items = (
        Figure(
            t("research.towns_visited"),
            t.fraction(own["visited"], own["towns"]),
            _percent(view, divided(own["visited"], own["towns"])),
        ),
        Figure(t("research.visits"), count_or_gap(view, own["visits"]), last),
        Figure(
            t("research.sessions"),
            count_or_gap(view, own["sessions"]),
            "" if own["sessions"] is None else _kinds_of_session(view, sessions.records()),
        ),
        Figure(t("research.suggestions"), count_or_gap(view, own["suggestions"]), t("research.merged")),
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
        fraction="" if visited is None else of(view, visited, towns),
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


def _percent(view: View, share: Decimal | None) -> str:
    return view.t("common.not_given") if share is None else view.t.percent(share)
