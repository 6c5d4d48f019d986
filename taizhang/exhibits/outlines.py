"""How much of each district has been visited, on a map of their outlines?"""

from collections import Counter
from functools import lru_cache

from taizhang.drawing.outline import Sheet, sheet
from taizhang.drawing.shapes import Area, LegendEntry, Outlines
from taizhang.exhibits import Exhibit, tianditu
from taizhang.exhibits.coverage import coverage, district_pick, located, only_district
from taizhang.exhibits.remarks import as_of, dotted, of
from taizhang.exhibits.tones import SYMBOL_OF_TONE
from taizhang.exhibits.views import View

# State → the tone it is drawn in, and the tone whose symbol it bears: the more is done, the deeper is one colour.
STATES = {
    "all": ("done", "done"),
    "most": ("done", "moving"),
    "few": ("done", "moving"),
    "nothing": ("idle", "idle"),
    "unknown": ("unknown", "unknown"),
    "out": ("faint", "faint"),
}


def by_district(view: View) -> Exhibit:
    """The districts in their outlines, the deeper the more of their towns are visited; a click chooses one.

    Empty where no district has an outline: with codes of the office's own, or without the package that brings them.
    """
    t, answer = view.t, view.ask("coverage_by_district")
    rows = located(answer.records())
    counts = Counter(map(_state, rows))
    legend = tuple(
        LegendEntry(state, t(f"research.outlines_{state}"), tone, SYMBOL_OF_TONE[sign], counts[state])
        for state, (tone, sign) in STATES.items()
        if counts[state]
    )
    shape = Outlines(
        tuple(_area(view, row) for row in rows),
        _sheet(tuple(row["district_code"] for row in rows)),
        legend,
        t("research.outlines_credit"),
        t("research.outlines_without"),
    )
    return Exhibit(
        "research.outlines",
        (answer,),
        shape,
        _title(view, [row for row in rows if row["towns"]]),
        dotted(view, t("research.outlines_caption"), as_of(view)),
        kpis=("K23", "K24"),
        hint=t("research.map_hint"),
    )


def _area(view: View, row: dict) -> Area:
    t, state = view.t, _state(row)
    whole_name = t.name(row["district_name"], row["district_name_en"])
    return Area(
        row["district_code"],
        t.name(row["short_name"] or row["district_name"], row["district_name_en"]),
        t.fraction(row["visited"], row["towns"]) if row["towns"] else t.number(None),
        state,
        t(
            "research.outlines_note",
            district=whole_name,
            coverage=coverage(view, row) if row["towns"] else t.number(None),
            state=t(f"research.outlines_{state}"),
        ),
        district_pick(row["district_code"]),
        row["district_code"] == view.district,
    )


def _state(row: dict) -> str:
    """Which of `STATES` a district is in. What nobody stated is unknown, never none."""
    if not row["towns"]:
        return "out"
    if row["visited"] is None:
        return "unknown"
    if row["visited"] >= row["towns"]:
        return "all"
    if 2 * row["visited"] >= row["towns"]:
        return "most"
    return "few" if row["visited"] else "nothing"


def _title(view: View, rows: list[dict]) -> str:
    t, known = view.t, [row for row in rows if row["visited"] is not None]
    full = sum(_state(row) == "all" for row in known)
    if not known:
        return t("research.districts_title_unknown")
    if len(known) == 1:
        return only_district(view, known[0])
    if full == len(known):
        return t("research.districts_title_all", all=full)
    if full:
        return t("research.outlines_some", fraction=of(view, full, len(known)))
    return t("research.outlines_none", all=len(known))


@lru_cache(maxsize=64)
def _sheet(codes: tuple[str, ...]) -> Sheet | None:
    outlines = tianditu.outlines(codes)
    return sheet(outlines) if outlines else None
