"""What did people suggest, and what became of it?"""

from taizhang.drawing.shapes import Bar, Bars, Cell, Table
from taizhang.exhibits import Exhibit, as_table, rows_with
from taizhang.exhibits.kpis import beside
from taizhang.exhibits.remarks import as_of, dotted, missing, of, place, with_percent
from taizhang.exhibits.tones import TONE_OF_DISPOSITION, toned
from taizhang.exhibits.views import View


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
            else with_percent(view, row["suggestions"], merged),
            TONE_OF_DISPOSITION[row["disposition"]],
            f"disposition:{row['disposition'] or ''}",
        )
        for row in records
    )
    solved = sum(row["suggestions"] for row in records if row["disposition"] == "A")
    unknown = sum(row["suggestions"] for row in records if row["disposition"] is None)
    known = merged - unknown
    if not merged:
        key = "handling_none"
    elif all(row["disposition"] in (None, "duplicate") for row in records):
        key = "handling_unknown"
    elif known < merged:
        key = "handling_known"
    else:
        key = "handling_all" if solved == merged else "handling_title"
    has_duplicates = any(row["disposition"] == "duplicate" for row in records)
    return Exhibit(
        "research.handling",
        (answer,),
        Bars(bars or (_unknown_bar(view),), t("research.unit_suggestions")),
        t(
            f"research.{key}",
            fraction=of(view, solved, merged),
            solved=t.number(solved),
            known=t.number(known),
            all=t.number(merged),
            count=merged,
            place=place(view),
        ),
        dotted(view, _reported_suggestions(view), as_of(view)),
        t("research.duplicates") if has_duplicates else "",
        kpis=("K27", "K28", "K29"),
    )


def of_disposition(view: View, disposition: str) -> Exhibit | None:
    """The suggestions that one thing became of, '' for those of which nobody says; None where there is none."""
    own = rows_with(view.ask("suggestions"), disposition=disposition or None)
    if not own.rows:
        return None
    label = view.t.label("disposition", disposition or None)
    return Exhibit("research.of_disposition", (own,), as_table(own, view.t), label)


def _unknown_bar(view: View) -> Bar:
    """What stands where no suggestion is listed: a hatched stub, not an empty drawing and not a zero."""
    return Bar(view.t("research.suggestions"), None, view.t("common.not_given"), "unknown")


def listed(view: View) -> Exhibit:
    """Every suggestion with what became of it, duplicates included."""
    t, answer = view.t, view.ask("suggestions")
    rows = tuple(
        (
            Cell(t.day(row["received_on"])),
            Cell(t.label("channel", row["channel"])),
            *((Cell(_where(view, row)),) if view.has_places else ()),
            Cell(row["content"]),
            toned(t.label("disposition", row["disposition"]), TONE_OF_DISPOSITION[row["disposition"]]),
            Cell(row["handling_unit"] or missing(view, row["disposition"] != "duplicate")),
            Cell(t.day(row["replied_on"]) if row["replied_on"] else missing(view, _should_be_answered(row))),
            Cell(row["issue_id"] or ""),
        )
        for row in answer.records()
    )
    place_column = ("place",) if view.has_places else ()
    columns = ("received", "channel", *place_column, "content", "result", "unit", "replied", "issue")
    headings = tuple(t(f"research.suggestions_{name}") for name in columns)
    key = "suggestions_title" if rows else "handling_none"
    return Exhibit(
        "research.suggestions",
        (answer,),
        Table(headings, rows, t("research.suggestions_empty"), wide=(columns.index("content"),)),
        t(f"research.{key}", count=len(rows), place=place(view)),
        dotted(view, _reported_suggestions(view), as_of(view)),
        kpis=("K27",),
    )


def _reported_suggestions(view: View) -> str:
    """Beside the count of the whole city only: nothing was reported for a district."""
    return beside(view, "K27", "value") if view.district is None else view.district_name


def _where(view: View, row: dict) -> str:
    t = view.t
    names = (t.name(row["district_name"], row["district_name_en"]), t.name(row["town_name"], row["town_name_en"]))
    return " ".join(name for name in names if name) or t("common.not_given")


def _should_be_answered(row: dict) -> bool:
    return row["disposition"] not in ("pending", "duplicate")
