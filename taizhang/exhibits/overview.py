"""Where do we stand? The four headline figures, the four strands, what needs attention, what lies behind."""

from taizhang.declared.vocabulary import STRAND_PAGES, Strand
from taizhang.drawing.shapes import Bar, Bars, Cell, Figure, Figures, LaneCard, Lanes, Table
from taizhang.exhibits import Exhibit, as_table, rows_with
from taizhang.exhibits.kpis import (
    Kpi,
    are_all_long_term,
    cancelled,
    count_figure,
    count_or_reported,
    kpi,
    no_deadline_words,
    no_rate_words,
    removed,
    reported_or_gap,
    rules_made,
    share_figure,
    why_no_rate,
)
from taizhang.exhibits.parts_of_campaign import has_page
from taizhang.exhibits.remarks import as_title, count_or_gap, dotted
from taizhang.exhibits.review import returned_of_sent
from taizhang.exhibits.sources import difference
from taizhang.exhibits.tones import TONE_OF_ATTENTION, tone_of_strand, toned
from taizhang.exhibits.views import View

MOST_LINES = 6
MOST_TOLD = 3  # strands that a title has room for


def headline(view: View) -> Exhibit:
    """The figures a meeting asks for first: four, where the campaign has all that they are about."""
    t, kpis = view.t, view.ask("kpis")
    inclusive, soon = kpi(kpis, "K05"), kpi(kpis, "K12")
    districts, suggestions, late = kpi(kpis, "K22"), kpi(kpis, "K27"), kpi(kpis, "K09")
    has_measures, has_research = (has_page(t.vocabulary, page) for page in ("rectification", "research"))
    figures: list[Figure] = []
    codes: list[str] = []
    if has_measures:
        figures += [_closed(view, inclusive), _late(view, soon, late)]
        codes += ["K03", "K05", "K09", "K12"]
    if has_research and view.has_places:
        figures.append(_towns(view, districts))
        codes += ["K22", "K23"]
    if has_research:
        figures.append(_answered(view, suggestions))
        codes.append("K28")
    return Exhibit(
        "overview.headline",
        (kpis,),
        Figures(tuple(figures)),
        _headline_title(view) if has_measures else _happened_title(view),
        kpis=tuple(codes),
    )


def _closed(view: View, inclusive: Kpi) -> Figure:
    t = view.t
    detail = dotted(
        view,
        t("overview.inclusive", fraction=t.fraction(inclusive.numerator, inclusive.known)),
        cancelled(view, "K02"),
        removed(view),
    )
    return share_figure(view, "K03", t("overview.closed"), detail, "rectification", _closed_unknown(view))


def _late(view: View, soon: Kpi, late: Kpi) -> Figure:
    t = view.t
    detail = t("overview.soon", count=t.number(soon.value)) if late.is_known else no_deadline_words(view)
    return count_figure(view, "K09", t("overview.late"), detail, "rectification", -1, "late")


def _towns(view: View, districts: Kpi) -> Figure:
    t = view.t
    detail = (
        t("overview.districts", fraction=t.fraction(districts.numerator, districts.known)) if districts.is_known else ""
    )
    unknown = t("overview.towns_unknown" if kpi(view.ask("kpis"), "K23").denominator else "overview.no_towns")
    return share_figure(view, "K23", t("overview.towns"), detail, "research", unknown)


def _answered(view: View, suggestions: Kpi) -> Figure:
    t = view.t
    unknown = (
        t("overview.answered_unknown")
        if suggestions.reported is None
        else t("overview.answered_reported", count=t.number(suggestions.reported))
    )
    detail = t("overview.suggestions", count=count_or_reported(suggestions, view))
    return share_figure(view, "K28", t("overview.answered"), detail, "research", unknown)


def _happened_title(view: View) -> str:
    """The finding of a campaign that lists no measures: how much has happened."""
    count = sum(row["events"] for row in view.ask("strand_lanes").records())
    return view.t("overview.title_happened" if count else "overview.line_no_event", count=count)


def _headline_title(view: View) -> str:
    """The finding in one sentence: by what is known, and by whether anything is overdue."""
    t, kpis = view.t, view.ask("kpis")
    closed, late, listed = kpi(kpis, "K03"), kpi(kpis, "K09"), kpi(kpis, "K02")
    if why := why_no_rate(view):
        return t(f"overview.title_{why}", ledger=t.number(listed.value), reported=t.number(listed.reported))
    key = "title_closed_known" if closed.unknown else "title_closed"
    words = t(
        f"overview.{key}",
        closed=t.number(closed.numerator),
        known=t.number(closed.known),
        all=t.number(closed.denominator),
    )
    if not late.is_known:
        return words
    if late.value:
        return words + t("overview.title_late", count=t.number(late.value))
    return words + t("overview.title_none_dated_late" if late.unknown else "overview.title_none_late")


def _closed_unknown(view: View) -> str:
    """What stands where the closing rate would: how many were reported, else what is missing."""
    t, why, listed = view.t, why_no_rate(view), kpi(view.ask("kpis"), "K02")
    if why == "counts_only":
        return t("overview.closed_unknown", count=t.number(listed.reported))
    return no_rate_words(view)


def strands(view: View) -> Exhibit:
    """The strands as parallel lanes: they run all the time and are never phases."""
    t, lanes, kpis = view.t, view.ask("strand_lanes"), view.ask("kpis")
    rows = {row["strand"]: row for row in lanes.records()}
    cards = tuple(
        LaneCard(
            t.label("strand", one.code),
            tone_of_strand(t.vocabulary, one.code),
            *_lead(view, one, rows[one.code]),
            _strand_lines(view, one, rows[one.code]),
            _pages_of(one)[0] if one.pages else "timeline",
            t("kpis.more"),
        )
        for one in t.vocabulary.strands
    )
    return Exhibit(
        "overview.strands",
        (lanes, kpis),
        Lanes(cards),
        *_strands_said(view, cards),
        kpis=("K01", "K02", "K25", "K26", "K30"),
    )


def _strands_said(view: View, cards: tuple[LaneCard, ...]) -> tuple[str, str]:
    """Title and caption; of strands of its own a campaign has perhaps one, or some that are phases."""
    t = view.t
    if not t.vocabulary.own_strands:
        return t("overview.strands_title"), t("overview.strands_caption")
    if len(cards) > MOST_TOLD:
        return t("overview.strands_own", count=len(cards)), ""
    told = (t("overview.strand_stands", strand=one.label, lead=one.lead, what=one.lead_detail) for one in cards)
    return t("overview.strands_between").join(told), ""


def _pages_of(one: Strand) -> tuple[str, ...]:
    """The pages a strand uses, in their order."""
    return tuple(page for page in STRAND_PAGES if page in one.pages)


def _lead(view: View, one: Strand, row: dict) -> tuple[str, str]:
    """The figure of a strand and what it counts: that of the first page it uses; else its events."""
    return _lead_of(view, next(iter(_pages_of(one)), "study"), row)


def _lead_of(view: View, page: str, row: dict) -> tuple[str, str]:
    if page == "study":
        lead, what = _recorded(view, row["events"]), "study"
    elif page == "research":
        lead, what = count_or_reported(kpi(view.ask("kpis"), "K25"), view), "research"
    elif page == "review":
        lead, what = _ledger_or_reported(view, "K01"), "review"
    else:
        lead, what = _ledger_or_reported(view, "K02"), "rectify"
    return lead, view.t(f"overview.lead_{what}", lead=lead)


def _strand_lines(view: View, one: Strand, row: dict) -> tuple[str, ...]:
    t, is_own = view.t, bool(view.t.vocabulary.own_strands)  # of its own strands nobody said what belongs to them
    lines: list[str] = []
    for place, page in enumerate(_pages_of(one)):
        if place:
            lines.append(" ".join(_lead_of(view, page, row)))
        lines.append(_listed(view, {"review": "K01", "rectification": "K02"}.get(page, "")))
        lines.append("" if is_own and not _has_line(view, page, row) else _line_of(view, page, row))
    undated = t("overview.line_undated", count=row["events"] - row["dated"]) if row["events"] > row["dated"] else ""
    latest = (
        t("overview.line_latest", day=t.short_day(row["last_on"]), title=t.more(row["latest_title"], 12))
        if row["last_on"]
        else t("overview.line_no_day")
        if row["events"]
        else ""
        if is_own
        else t("overview.line_no_event")
    )
    return tuple(line for line in (*lines, latest, undated) if line)


def _has_line(view: View, page: str, row: dict) -> bool:
    """Whether what a page tells of a strand is known at all."""
    if page == "review":
        return bool(returned_of_sent(view))
    codes = {"research": "K26", "rectification": "K33"}
    one = kpi(view.ask("kpis"), codes[page]) if page in codes else None
    return bool(row["documents"]) if one is None else one.is_known or one.is_incomplete


def _line_of(view: View, page: str, row: dict) -> str:
    t = view.t
    if page == "study":
        materials = row["documents"]
        return t("overview.line_materials", count=materials) if materials else t("overview.line_materials_unknown")
    return {"research": _topics_line, "review": _forms_line, "rectification": _rules_line}[page](view)


def _recorded(view: View, count: int) -> str:
    """A count of what is on record; nothing on record is not known to be nothing."""
    return count_or_gap(view, count or None)


def _forms_line(view: View) -> str:
    returned = returned_of_sent(view)
    return view.t("overview.line_forms", fraction=returned) if returned else view.t("overview.line_forms_unknown")


def _rules_line(view: View) -> str:
    made = kpi(view.ask("kpis"), "K33")
    if not made.is_known:
        return view.t("overview.line_rules_unknown")
    return view.t("overview.line_rules", count=rules_made(view, made.value))


def _topics_line(view: View) -> str:
    """Topics with a report; where fewer topics are named than reported, both counts and no rate."""
    t, topics = view.t, kpi(view.ask("kpis"), "K26")
    if topics.is_incomplete:
        return t("overview.line_topics_named", named=t.number(topics.denominator), reported=t.number(topics.reported))
    if not topics.is_known:
        return t("overview.line_topics_unknown")
    known = t("kpis.known", known=topics.known, all=topics.denominator) if topics.unknown else ""
    return dotted(view, t("overview.line_topics", fraction=t.fraction(topics.numerator, topics.known)), known)


def _ledger_or_reported(view: View, code: str) -> str:
    """The ledger's count; where more were reported, that figure, said to be one: the ledger is not done yet."""
    one = kpi(view.ask("kpis"), code)
    return reported_or_gap(one.reported, view) if _is_short(one) else count_or_reported(one, view)


def _listed(view: View, code: str) -> str:
    """How many rows a ledger lists, where more were reported; '' where it holds all."""
    one = kpi(view.ask("kpis"), code)
    return view.t("overview.line_listed", count=view.t.number(one.value)) if _is_short(one) else ""


def _is_short(one: Kpi) -> bool:
    return one.is_incomplete and one.value is not None and one.reported is not None


def attention(view: View) -> Exhibit:
    """What needs someone today, most urgent first."""
    t, answer = view.t, view.ask("attention")
    rows = tuple(
        (
            toned(t.label("attention", row["reason"]), TONE_OF_ATTENTION[row["reason"]]),
            Cell(t.more(row["title"], 42), pick=_pick(row)),
            Cell(row["unit"] or t("common.not_given")),
            Cell(t.short_day(row["due_on"])),
            Cell(_days(view, row["reason"], row["days"]), is_number=True),
        )
        for row in answer.records()[:MOST_LINES]
    )
    headings = tuple(t(f"overview.attention_{name}") for name in ("why", "what", "unit", "due", "days"))
    count = len(answer.rows)
    known = kpi(view.ask("kpis"), "K09")
    is_known = known.is_known or are_all_long_term(view)
    empty = t("overview.attention_empty" if is_known else "overview.attention_unknown")
    none = t("overview.attention_none_dated" if known.unknown else "overview.attention_none")
    title = t("overview.attention_title", count=count) if count else none if is_known else empty
    caption = t("overview.attention_more", shown=len(rows), count=count) if count > len(rows) else ""
    return Exhibit("overview.attention", (answer,), Table(headings, rows, empty, wide=(1,)), title, caption)


def _pick(row: dict) -> str:
    """What a click on something that needs attention opens: its row, or the measures of a unit that is silent."""
    return f"{row['table_name']}:{row['row_key']}" if row["row_key"] else f"unit:{row['unit']}" if row["unit"] else ""


def _days(view: View, reason: str, days: int | None) -> str:
    t = view.t
    if days is None:
        return ""
    if reason in ("silent_unit", "extension_pending"):
        return t("overview.days_silent" if reason == "silent_unit" else "overview.days_waiting", days=days)
    return days_in_words(view, days)


def days_in_words(view: View, days: int) -> str:
    """How late (more than 0) or how far from due (less than 0) something is."""
    t = view.t
    if days == 0:
        return t("overview.days_today")
    return t("overview.days_late", days=days) if days > 0 else t("overview.days_left", days=-days)


def units(view: View) -> Exhibit:
    """Which units are behind the schedule: a good average hides them."""
    t, answer = view.t, view.ask("units")
    compared = [row for row in answer.records() if row["actions"]]
    judged = [row for row in compared if row["unit"] and row["is_behind"] is not None]
    behind = [row for row in judged if row["is_behind"]]
    bars = tuple(
        Bar(
            row["unit"] or t("common.not_given"),
            float(row["closed"]),
            _closed_of_unit(view, row),
            "late" if row["overdue"] else "soon" if row["is_behind"] else "done",
            of=float(row["actions"]),
            pick=f"unit:{row['unit']}" if row["unit"] else "",
        )
        for row in sorted(compared, key=lambda row: (row["share"] is None, row["share"] or 0, row["unit"] or ""))
    )
    if judged:
        key = "units_title" if behind else "units_none_behind"
    else:
        key = "units_not_judged" if any(row["unit"] for row in compared) else "units_unknown"
    nobody = "" if compared else as_title(no_rate_words(view))
    return Exhibit(
        "overview.units",
        (answer,),
        Bars(bars, t("overview.unit_measures") if bars else ""),
        nobody or t(f"overview.{key}", behind=len(behind), all=len(judged)),
        t("overview.units_caption"),
        _units_note(view, len({row["unit"] for row in compared if row["unit"]}) - len(judged)),
    )


def measures_of_unit(view: View, unit: str) -> Exhibit | None:
    """The measures of one unit; None where it has none."""
    own = rows_with(view.ask("actions"), unit=unit)
    if not own.rows:
        return None
    return Exhibit("rectification.unit", (own,), as_table(own, view.t), unit)


def _closed_of_unit(view: View, row: dict) -> str:
    """Closed of those whose status is known; how many that is, where it is not all."""
    t, known = view.t, row["known"]
    if not known:
        return t("common.not_given")
    remark = t("kpis.known", known=known, all=row["actions"]) if known < row["actions"] else ""
    return dotted(view, t.fraction(row["closed"], known), remark)


def _units_note(view: View, left: int) -> str:
    return view.t("overview.units_left", count=left) if left > 0 else ""


def reported(view: View) -> Exhibit:
    """Reported figures beside the ledgers' own count, with the difference."""
    t, answer = view.t, view.ask("reported_against_ledger")
    compared = [row for row in answer.records() if row["kpi"]]
    rows = tuple(
        (
            Cell(t.name(row["name_zh"], row["name_en"]), pick=f"page:sources?fact={row['fact_id']}"),
            Cell(
                t("overview.with_unit", number=t.number(row["value"]), unit=t.name(row["unit_zh"], row["unit_en"])),
                is_number=True,
            ),
            Cell(t.number(row["ledger"]), is_number=True),
            _difference(view, row),
        )
        for row in compared
    )
    agree = sum(row["difference"] == 0 for row in compared)
    key = "reported_none" if not compared else "reported_same" if agree == len(compared) else "reported_agree"
    title = t(f"overview.{key}", agree=agree, all=len(compared))
    headings = tuple(t(f"overview.reported_{name}") for name in ("figure", "reported", "ledger", "difference"))
    return Exhibit(
        "overview.reported",
        (answer,),
        Table(headings, rows, t("common.no_rows")),
        title,
        hint=t("overview.reported_hint"),
    )


def _difference(view: View, row: dict) -> Cell:
    """The same words as on the page of sources, with a tone where someone should look."""
    if row["difference"] is None:
        return Cell(difference(view, row), "unknown")
    return Cell(difference(view, row), "soon" if row["difference"] else "")
