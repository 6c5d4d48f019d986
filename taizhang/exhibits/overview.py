"""Where do we stand? The four headline figures, the four strands, what needs attention, what lies behind."""

from taizhang.drawing.shapes import Bar, Bars, Cell, Figures, LaneCard, Lanes, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.kpis import cancelled, count_figure, count_or_reported, kpi, share_figure
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.sources import difference
from taizhang.exhibits.tones import TONE_OF_ATTENTION, toned
from taizhang.exhibits.views import View

MOST_LINES = 6
STRANDS = ("study", "research", "review", "rectify")
PAGE_OF_STRAND = {"study": "study", "research": "research", "review": "review", "rectify": "rectification"}


def headline(view: View) -> Exhibit:
    """The four figures a meeting asks for first."""
    t, kpis = view.t, view.ask("kpis")
    inclusive, soon = kpi(kpis, "K05"), kpi(kpis, "K12")
    districts, suggestions, late = kpi(kpis, "K22"), kpi(kpis, "K27"), kpi(kpis, "K09")
    figures = (
        share_figure(
            view,
            "K03",
            t("overview.closed"),
            dotted(
                view,
                t("overview.inclusive", fraction=t.fraction(inclusive.numerator, inclusive.known)),
                cancelled(view, "K02"),
            ),
            "rectification",
            t("overview.closed_unknown", count=t.number(kpi(kpis, "K02").reported)),
        ),
        count_figure(
            view,
            "K09",
            t("overview.late"),
            t("overview.soon", count=t.number(soon.value)) if late.is_known else t("overview.late_unknown"),
            "rectification",
            -1,
            "late",
        ),
        share_figure(
            view,
            "K23",
            t("overview.towns"),
            t("overview.districts", fraction=t.fraction(districts.numerator, districts.known)),
            "research",
            t("overview.towns_unknown"),
        ),
        share_figure(
            view,
            "K28",
            t("overview.answered"),
            t("overview.suggestions", count=count_or_reported(suggestions, view)),
            "research",
            t("overview.answered_unknown", count=t.number(suggestions.reported)),
        ),
    )
    return Exhibit(
        "overview.headline",
        (kpis,),
        Figures(figures),
        _headline_title(view),
        kpis=("K03", "K05", "K09", "K12", "K22", "K23", "K28"),
    )


def _headline_title(view: View) -> str:
    """The finding in one sentence: by what is known, and by whether anything is overdue."""
    t, kpis = view.t, view.ask("kpis")
    closed, late = kpi(kpis, "K03"), kpi(kpis, "K09")
    if not closed.is_known:
        return t("overview.title_unknown")
    words = t("overview.title_closed", closed=t.number(closed.numerator), all=t.number(closed.known))
    if not late.is_known:
        return words
    return words + (
        t("overview.title_late", count=t.number(late.value)) if late.value else t("overview.title_none_late")
    )


def strands(view: View) -> Exhibit:
    """The four strands as parallel lanes: they run all the time and are never phases."""
    t, lanes, kpis = view.t, view.ask("strand_lanes"), view.ask("kpis")
    rows = {row["strand"]: row for row in lanes.records()}
    leads = {
        "study": (t.number(rows["study"]["events"]), t("overview.lead_study")),
        "research": (count_or_reported(kpi(kpis, "K25"), view), t("overview.lead_research")),
        "review": (_ledger_or_reported(view, "K01"), t("overview.lead_review")),
        "rectify": (_ledger_or_reported(view, "K02"), t("overview.lead_rectify")),
    }
    cards = tuple(
        LaneCard(
            t.label("strand", strand),
            strand,
            *leads[strand],
            _strand_lines(view, strand, rows[strand]),
            PAGE_OF_STRAND[strand],
            t("kpis.more"),
        )
        for strand in STRANDS
    )
    return Exhibit(
        "overview.strands",
        (lanes, kpis),
        Lanes(cards),
        t("overview.strands_title"),
        t("overview.strands_caption"),
        kpis=("K01", "K02", "K25", "K26", "K30"),
    )


def _strand_lines(view: View, strand: str, row: dict) -> tuple[str, ...]:
    t, kpis = view.t, view.ask("kpis")
    forms, rules = kpi(kpis, "K30"), kpi(kpis, "K33")
    own = {
        "study": t("overview.line_materials", count=t.number(row["documents"])),
        "research": _topics_line(view),
        "review": t("overview.line_forms", fraction=t.fraction(forms.numerator, forms.denominator)),
        "rectify": t("overview.line_rules", count=t.number(rules.value)),
    }[strand]
    undated = t("overview.line_undated", count=row["events"] - row["dated"]) if row["events"] > row["dated"] else ""
    latest = (
        t("overview.line_latest", day=t.short_day(row["last_on"]), title=t.more(row["latest_title"], 12))
        if row["last_on"]
        else t("overview.line_no_day")
    )
    return tuple(line for line in (own, latest, undated) if line)


def _topics_line(view: View) -> str:
    """Topics with a report; where fewer topics are named than reported, both counts and no rate."""
    t, topics = view.t, kpi(view.ask("kpis"), "K26")
    if topics.is_incomplete:
        return t("overview.line_topics_named", named=t.number(topics.denominator), reported=t.number(topics.reported))
    return t("overview.line_topics", fraction=t.fraction(topics.numerator, topics.denominator))


def _ledger_or_reported(view: View, code: str) -> str:
    """The ledger's count; beside a larger reported figure, both: 1/12."""
    one = kpi(view.ask("kpis"), code)
    if one.reported is not None and one.value is not None and one.is_incomplete:
        return view.t.fraction(one.value, one.reported)
    return count_or_reported(one, view)


def attention(view: View) -> Exhibit:
    """What needs someone today, most urgent first."""
    t, answer = view.t, view.ask("attention")
    rows = tuple(
        (
            toned(t.label("attention", row["reason"]), TONE_OF_ATTENTION[row["reason"]]),
            Cell(t.more(row["title"], 42)),
            Cell(row["unit"] or t("common.not_given")),
            Cell(t.short_day(row["due_on"])),
            Cell(_days(view, row["reason"], row["days"]), is_number=True),
        )
        for row in answer.records()[:MOST_LINES]
    )
    headings = tuple(t(f"overview.attention_{name}") for name in ("why", "what", "unit", "due", "days"))
    count = len(answer.rows)
    is_known = kpi(view.ask("kpis"), "K09").is_known
    empty = t("overview.attention_empty" if is_known else "overview.attention_unknown")
    title = t("overview.attention_title", count=count) if count else t("overview.attention_none") if is_known else empty
    caption = t("overview.attention_more", shown=len(rows), count=count) if count > len(rows) else ""
    return Exhibit("overview.attention", (answer,), Table(headings, rows, empty, wide=(1,)), title, caption)


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
    behind = [row for row in compared if row["is_behind"]]
    bars = tuple(
        Bar(
            row["unit"] or t("common.not_given"),
            float(row["closed"]),
            t.fraction(row["closed"], row["actions"]),
            "late" if row["overdue"] else "soon" if row["is_behind"] else "done",
            of=float(row["actions"]),
        )
        for row in sorted(compared, key=lambda row: (not row["is_behind"], row["share"] or 0, row["unit"] or ""))
    )
    key = "units_title" if behind else "units_none_behind" if compared else "units_unknown"
    return Exhibit(
        "overview.units",
        (answer,),
        Bars(bars, t("overview.unit_measures") if bars else ""),
        t(f"overview.{key}", behind=len(behind), all=len(compared)),
        t("overview.units_caption"),
    )


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
    key = "reported_same" if agree == len(compared) else "reported_agree"
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
