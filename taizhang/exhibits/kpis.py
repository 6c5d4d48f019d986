"""KPIs as headline figures: fraction first, the change since the compared day, the trend over the releases."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from taizhang.drawing.shapes import Figure
from taizhang.exhibits.remarks import divided, dotted
from taizhang.exhibits.views import View
from taizhang.store.releases import Answer

# The denominators of these hold known rows alone; what is unknown stands beside.
_KNOWN_ONLY = ("K16", "K30", "K32", "K34")

# Of these fewer, shorter or less is better; of every other KPI, more is.
_LESS_IS_BETTER = ("K06", "K09", "K10", "K11", "K12", "K13", "K14", "K15", "K16", "K17", "K18", "K20", "K36")


def less_is_better(code: str) -> bool:
    """Whether a KPI should fall rather than rise."""
    return code in _LESS_IS_BETTER


@dataclass(frozen=True)
class Kpi:
    """One row of the answer `kpis`."""

    code: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    unknown: int
    reported: Decimal | None
    is_incomplete: bool

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def known(self) -> int | None:
        """The denominator a share is over: the rows whose part in it is known."""
        outside = 0 if self.code in _KNOWN_ONLY else self.unknown
        return None if self.denominator is None else self.denominator - outside

    @property
    def share(self) -> Decimal | None:
        """A share as exact as its parts: `value` was rounded once, and a percentage of it would be rounded twice."""
        return divided(self.numerator, self.known) if self.is_known else None


def kpi(answer: Answer | None, code: str, part: str | None = None) -> Kpi:
    """One KPI of the answer, or one with nothing known where there is no such row."""
    for row in answer.records() if answer else ():
        if row["kpi"] == code and row["part"] == part:
            return Kpi(
                code,
                row["value"],
                row["numerator"],
                row["denominator"],
                row["unknown"] or 0,
                row["reported"],
                bool(row["is_incomplete"]),
            )
    return Kpi(code, None, None, None, 0, None, False)


def count_or_reported(one: Kpi, view: View) -> str:
    """A count of the ledgers; where they hold nothing, the reported figure, said to be one; else 未提供."""
    return view.t.number(one.value) if one.is_known else reported_or_gap(one.reported, view)


def rules_made(view: View, count: Decimal | int | None) -> str:
    """Rules and plans made; at least so many where nobody but a source names them, and its list is open (等)."""
    t = view.t
    if count is None:
        return t("common.not_given")
    rows = [row for row in view.ask("documents", page="rectification").records() if row["is_made"]]
    is_open = any(row["is_list_open"] for row in rows) and all(row["fact_id"] for row in rows)
    return t("kpis.at_least", number=t.number(count)) if is_open else t.number(count)


def reported_or_gap(reported: Decimal | None, view: View) -> str:
    """A reported figure, said to be one; 未提供 without it."""
    t = view.t
    return t("common.not_given") if reported is None else t("kpis.reported_number", number=t.number(reported))


def why_no_rate(view: View) -> str:
    """Why no closing rate can be given, as the end of a key; '' where there is one.

    Nobody listed a measure; nobody said how far they are, or of which type; none is to be closed; the ledger is short.
    """
    listed, closed, all_types = (kpi(view.ask("kpis"), code) for code in ("K02", "K03", "K05"))
    if closed.is_known:
        return ""
    if listed.value is None:
        return "no_measures" if listed.reported is None else "counts_only"
    if listed.value and all_types.numerator is None:
        return "no_status" if listed.reported is None else "counts_only"
    if not closed.denominator:
        return "no_type" if listed.value and not are_all_long_term(view) else "none_countable"
    return "no_status" if closed.numerator is None else "short"


def are_all_long_term(view: View) -> bool:
    """Whether there are measures and all of them run on, so that none has a deadline that somebody could miss."""
    listed, lasting = kpi(view.ask("kpis"), "K02"), kpi(view.ask("kpis"), "K04", "long_term")
    return bool(listed.value) and lasting.denominator == listed.value


def no_rate_words(view: View) -> str:
    """Why no closing rate can be given, in words; '' where there is one."""
    t, why, listed = view.t, why_no_rate(view), kpi(view.ask("kpis"), "K02")
    key = "no_status" if why == "counts_only" else why
    blanks = {"ledger": t.number(listed.value), "reported": t.number(listed.reported)}
    return t(f"rectification.why_{key}", **blanks) if key else ""


def no_deadline_words(view: View) -> str:
    """Why it cannot be said how many measures are overdue."""
    return view.t("overview.late_long_term" if are_all_long_term(view) else "overview.late_unknown")


def cancelled(view: View, code: str) -> str:
    """How many issues (K01) or measures (K02) were cancelled or merged, to stand beside a rate; '' for none."""
    count = kpi(view.ask("kpis"), code, "cancelled").value
    key = "cancelled_issues" if code == "K01" else "cancelled_measures"
    return view.t(f"kpis.{key}", count=view.t.number(count)) if count else ""


def removed(view: View) -> str:
    """How many measures were removed since the compared day, beside a rate that this alone may move; '' for none."""
    if view.compare_on is None:
        return ""
    count = view.ask("moves_since").column("move").count("missing")
    return view.t("kpis.removed", day=view.t.short_day(view.compare_on), count=count) if count else ""


def change(view: View, now: Decimal | int | None, before: Decimal | int | None) -> str:
    """The change since the compared day in words; its direction comes from the sign. '' when either is unknown."""
    if now is None or before is None or view.compare_on is None:
        return ""
    t, moved, day = view.t, now - before, view.t.short_day(view.compare_on)
    if moved == 0:
        return t("kpis.same", day=day)
    return t("kpis.up" if moved > 0 else "kpis.down", day=day, moved=t.number(abs(moved)))


def tone_of(now: Decimal | int | None, before: Decimal | int | None, good: int) -> str:
    """done for a change for the better, soon for one for the worse; `good` is 1 where more is better, else -1."""
    if now is None or before is None or now == before:
        return "plain"
    return "done" if (now - before) * good > 0 else "soon"


def trend(view: View, code: str, side: str = "value") -> tuple[float | None, ...]:
    """A KPI over the newest releases in force, as each knew it; a release that did not know it is a gap."""
    return tuple(None if value is None else float(value) for value in view.trend(code, side))


def _course(view: View, code: str, said: Callable[[float], str], top: float | None = None) -> dict[str, object]:
    """A KPI's trend as a figure has it: its values, where their scale ends, and the course in words."""
    t, values = view.t, trend(view, code)
    known = [(day, value) for day, value in zip(view.trend_days, values, strict=False) if value is not None]
    if len(known) < 2:
        return {"trend": values, "trend_top": top}
    (first_on, first), (last_on, last) = known[0], known[-1]
    low, high = (pick(value for _, value in known) for pick in (min, max))
    told = (
        t("kpis.course", first_on=t.day(first_on), first=said(first), last_on=t.day(last_on), last=said(last)),
        t("kpis.course_range", low=said(low), high=said(high), count=len(known)),
    )
    return {"trend": values, "trend_top": top, "trend_told": "\n".join(told)}


def share_figure(view: View, code: str, label: str, detail: str, link: str, unknown_detail: str) -> Figure:
    """A share as a headline figure: 11/16. Without a known share, its reported part, said to be one; else 未提供."""
    t = view.t
    now, before = kpi(view.ask("kpis"), code), kpi(view.ask_before("kpis"), code)
    if not now.is_known:
        value = reported_or_gap(now.reported, view)
        return Figure(label, value, unknown_detail, link=link, link_label=t("kpis.more"), kpi=code)
    known = t("kpis.known", known=now.known, all=now.denominator) if now.unknown else ""
    return Figure(
        label,
        t.fraction(now.numerator, now.known),
        dotted(view, t.percent(now.share), known, detail),
        *_change_of_share(view, now, before),
        **_course(view, code, t.percent, 1.0),
        link=link,
        link_label=t("kpis.more"),
        kpi=code,
    )


def _change_of_share(view: View, now: Kpi, before: Kpi) -> tuple[str, str]:
    """How a share moved, and its tone: by how many, or from what fraction where it is of another number now."""
    if not before.is_known or view.compare_on is None:
        return "", "plain"
    if now.known == before.known:
        return change(view, now.numerator, before.numerator), tone_of(now.numerator, before.numerator, 1)
    t = view.t
    earlier = t("kpis.was", day=t.short_day(view.compare_on), fraction=t.fraction(before.numerator, before.known))
    return earlier, tone_of(now.value, before.value, 1)


def count_figure(view: View, code: str, label: str, detail: str, link: str, good: int, tone: str = "plain") -> Figure:
    """A count as a headline figure; unknown is 未提供 (or the reported figure), never 0."""
    t = view.t
    now, before = kpi(view.ask("kpis"), code), kpi(view.ask_before("kpis"), code)
    return Figure(
        label,
        count_or_reported(now, view),
        detail,
        change(view, now.value, before.value),
        tone_of(now.value, before.value, good),
        tone if now.is_known and now.value else "plain",
        **_course(view, code, t.number),
        link=link,
        link_label=t("kpis.more"),
        kpi=code,
    )


# --- what was reported -----------------------------------------------------------------------------------------


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
