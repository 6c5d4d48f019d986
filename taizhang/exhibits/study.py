"""What was studied, and what of it is on record?"""

from dataclasses import replace

from taizhang.drawing.shapes import Bar, Bars, Cell, Figure, Figures, Matrix, MatrixCell, Table
from taizhang.exhibits import Exhibit, as_table
from taizhang.exhibits.parts_of_campaign import strands_named
from taizhang.exhibits.remarks import as_of, dotted, of
from taizhang.exhibits.timeline import when
from taizhang.exhibits.views import View
from taizhang.store.releases import Answer

FIELDS = ("date", "place", "attendance", "district")
# Field → the columns of which any says it.
_SAID_BY = {
    "date": ("started_on",),
    "place": ("place", "town_name"),
    "attendance": ("attendance",),
    "district": ("district_code",),
}


def figures(view: View) -> Exhibit:
    """How many study events and materials are on record, and of how many the day and the attendance are known."""
    t, kinds, materials = view.t, view.ask("study_by_kind"), view.ask("documents", page="study")
    own = strands_named(view, "study")
    rows, papers = kinds.records(), len(materials.rows)
    events, dated = _sum(rows, "events"), _sum(rows, "dated")
    counted, people = _sum(rows, "with_attendance"), _sum(rows, "attendance")
    none = t("common.not_given")
    items = (
        Figure(
            t("study.events", strand=own),
            _recorded(view, events),
            t("study.events_detail", kinds=len(rows)) if rows else "",
        ),
        Figure(t("study.materials"), _recorded(view, papers), _paper_kinds(view, materials)),
        Figure(t("study.dated"), t.fraction(dated, events) if events else none, _undated(view, events - dated)),
        Figure(
            t("study.attended"),
            t.fraction(counted, events) if events else none,
            t("study.attended_detail", people=t.number(people)) if counted else t("study.attended_unknown"),
        ),
    )
    if not events:
        key = "title_none"
    else:
        key = "title_undated" if not dated else "title_dated" if dated == events else "title_some"
    return Exhibit(
        "study.figures",
        (kinds, materials),
        Figures(items),
        t(f"study.{key}", strand=own, events=events, dated=dated, materials=papers),
        dotted(
            view, t("study.scope", strand=own) if view.has_places else t("study.scope_bare", strand=own), as_of(view)
        ),
    )


def _undated(view: View, count: int) -> str:
    return view.t("study.undated", count=count) if count else ""


def _paper_kinds(view: View, materials: Answer) -> str:
    """How many of each kind of material, the most frequent first."""
    t, kinds = view.t, materials.column("kind")
    counts = {kind: kinds.count(kind) for kind in kinds}
    ordered = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return dotted(
        view, *(t("study.paper_kind", kind=t.label("document_kind", kind), count=counts[kind]) for kind in ordered)
    )


def kinds(view: View) -> Exhibit:
    """Study events by kind, the most frequent first."""
    t, answer = view.t, view.ask("study_by_kind")
    own = strands_named(view, "study")
    rows = answer.records()
    total = _sum(rows, "events")
    bars = tuple(
        Bar(
            t.label("event_kind", row["kind"]),
            float(row["events"]),
            _dated(view, row),
            "overall",
            f"kind:{row['kind']}",
        )
        for row in rows
    )
    most = [row for row in rows if row["events"] == max(row["events"] for row in rows)]
    if not rows:
        title = t("study.title_none", strand=own)
    elif len(most) == 1 < len(rows):
        kind = t.label("event_kind", most[0]["kind"])
        title = t("study.kinds_title", kind=kind, count=most[0]["events"], total=total)
    else:
        title = t("study.kinds_even", strand=own, kinds=len(rows), total=total)
    return Exhibit(
        "study.kinds",
        (answer,),
        Bars(bars or (_unknown_bar(view),), t("study.unit_events")),
        title,
        dotted(view, t("study.kinds_caption"), as_of(view)),
    )


def of_kind(view: View, kind: str) -> Exhibit | None:
    """The study events of one kind; None where there is none."""
    own = view.ask("events", page="study", strand=None, kind=kind, district=None)
    if not own.rows:
        return None
    return Exhibit("study.of_kind", (own,), as_table(own, view.t), view.t.label("event_kind", kind))


def recorded(view: View, which: str) -> Exhibit | None:
    """The events of one strand, `strand:field`, those first whose field is blank; None where there is none."""
    t, (strand, _, field) = view.t, which.partition(":")
    answer = view.ask("events", page=None, strand=strand, kind=None, district=None)
    if not answer.rows or field not in _SAID_BY:
        return None
    places = [answer.columns.index(column) for column in _SAID_BY[field]]
    blank_first = sorted(answer.rows, key=lambda row: any(row[at] is not None for at in places))
    own = replace(answer, rows=tuple(blank_first))
    title = dotted(view, t.label("strand", strand), t.label("documented_field", field))
    return Exhibit("study.recorded", (own,), as_table(own, t), title, t("study.blank_first"))


def _unknown_bar(view: View) -> Bar:
    """What stands where no event is on record: a hatched stub, not an empty drawing and not a zero."""
    return Bar(view.t("study.events", strand=strands_named(view, "study")), None, view.t("common.not_given"), "unknown")


def _dated(view: View, row: dict) -> str:
    t = view.t
    undated = row["events"] - row["dated"]
    return t("study.bar_undated", count=row["events"], undated=undated) if undated else t.number(row["events"])


def documented(view: View) -> Exhibit:
    """What is written down of the events of each strand; a blank cell is a field that is not asked of the strand."""
    t, answer = view.t, view.ask("documented")
    fields = FIELDS if view.has_places else FIELDS[:3]
    rows = [row for row in answer.records() if row["field"] in fields]
    strands = list(dict.fromkeys(row["strand"] for row in rows))
    cells = {(row["strand"], row["field"]): row for row in rows}
    shape = Matrix(
        t("study.strand"),
        tuple(t.label("documented_field", field) for field in fields),
        ("",) * len(fields),
        tuple(t.label("strand", strand) for strand in strands),
        tuple(tuple(_documented_cell(view, cells.get((strand, field))) for field in fields) for strand in strands),
    )
    return Exhibit(
        "study.documented",
        (answer,),
        shape,
        _documented_title(view, rows),
        dotted(view, t("study.documented_caption"), as_of(view)),
    )


def _documented_cell(view: View, row: dict | None) -> MatrixCell:
    t = view.t
    if row is None:
        return MatrixCell("", "faint", t("study.not_asked"))
    strand, field = t.label("strand", row["strand"]), t.label("documented_field", row["field"])
    note = t("study.cell_note", strand=strand, field=field, filled=row["filled"], total=row["total"])
    if not row["total"]:
        return MatrixCell("0", "idle", note)
    pick = f"recorded:{row['strand']}:{row['field']}"
    tone = "done" if row["filled"] == row["total"] else "moving" if row["filled"] else "unknown"
    return MatrixCell(t.fraction(row["filled"], row["total"]), tone, note, pick)


def _documented_title(view: View, rows: list[dict]) -> str:
    """The field that is missing most often, over all strands; the district is asked of research alone."""
    t = view.t
    totals = {}
    for field in FIELDS[:3]:
        own = [row for row in rows if row["field"] == field]
        totals[field] = (_sum(own, "filled"), _sum(own, "total"))
    events = max(total for _, total in totals.values())
    if not events:
        return t("study.documented_none")
    field = min(totals, key=lambda one: totals[one][0])
    filled, total = totals[field]
    if filled == total:
        return t("study.documented_all", total=total)
    label = t.label("documented_field", field)
    if not filled:
        return t("study.documented_nothing", field=label, total=total)
    return t("study.documented_least", field=label, fraction=of(view, filled, total))


def materials(view: View) -> Exhibit:
    """What was studied: materials, lectures, exhibitions, films."""
    t, answer = view.t, view.ask("documents", page="study")
    own = strands_named(view, "study")
    rows = tuple(
        (
            Cell(row["title"]),
            Cell(t.label("document_kind", row["kind"])),
            Cell(t.label("document_treatment", row["treatment"])),
            Cell(row["event_title"] or t("common.not_given")),
        )
        for row in answer.records()
    )
    key = "materials_title" if rows else "materials_none"
    headings = tuple(t(f"study.materials_{name}") for name in ("name", "kind", "treatment", "event"))
    return Exhibit(
        "study.materials",
        (answer,),
        Table(headings, rows, t("study.materials_none"), wide=(0, 3)),
        t(f"study.{key}", count=len(rows)),
        dotted(view, t("study.materials_caption", strand=own), as_of(view)),
    )


def events(view: View) -> Exhibit:
    """Every study event, as precisely dated as its source allows."""
    t, answer = view.t, view.ask("events", page="study", strand=None, kind=None, district=None)
    own = strands_named(view, "study")
    records = answer.records()
    rows = tuple(
        (
            Cell(when(view, row)),
            Cell(row["title"]),
            Cell(t.label("event_kind", row["kind"])),
            Cell(row["place"] or t.name(row["town_name"], row["town_name_en"]) or t("common.not_given")),
            Cell(t("common.not_given") if row["attendance"] is None else t.number(row["attendance"]), is_number=True),
        )
        for row in records
    )
    undated = sum(row["started_on"] is None for row in records)
    key = "title_none" if not rows else "events_undated" if undated else "events_title"
    headings = tuple(t(f"study.events_{name}") for name in ("when", "name", "kind", "place", "attendance"))
    return Exhibit(
        "study.events",
        (answer,),
        Table(headings, rows, t("study.title_none", strand=own), wide=(1,)),
        t(f"study.{key}", strand=own, count=len(rows), undated=undated),
        dotted(view, t("study.events_caption"), as_of(view)),
        t("study.may_be_earlier") if undated else "",
    )


def _sum(rows: list[dict], column: str) -> int:
    return sum(row[column] or 0 for row in rows)


def _recorded(view: View, count: int) -> str:
    """A count of what is on record; nothing on record is not known to be nothing."""
    return view.t.number(count) if count else view.t("common.not_given")
