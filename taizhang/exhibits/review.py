"""How did opinions become issues, and which issues are they?"""

from dataclasses import replace

from taizhang.declared.tables import code_lists, label
from taizhang.drawing.shapes import Bar, Bars, Cell, Figure, Figures, Table
from taizhang.exhibits import Exhibit, as_table, one_row, rows_with
from taizhang.exhibits.kpis import beside, cancelled, kpi, reported_row
from taizhang.exhibits.parts_of_campaign import has_page, menu_of
from taizhang.exhibits.remarks import as_of, count_or_gap, dotted, of
from taizhang.exhibits.tones import TONE_OF_STATUS, light, toned
from taizhang.exhibits.views import View


def funnel(view: View) -> Exhibit:
    """Forms sent, forms returned, opinions, issues: three units side by side, never on one axis."""
    t, answer, kpis = view.t, view.ask("feedback_funnel"), view.ask("kpis")
    rounds = [row for row in answer.records() if row["round_id"]]
    issues = kpi(kpis, "K01")
    items = (
        Figure(t("review.sent"), _amount(view, rounds, "sent"), _stated(view, rounds, "sent")),
        Figure(
            t("review.returned"),
            _amount(view, rounds, "returned"),
            dotted(view, _stated(view, rounds, "returned"), beside(view, "K30", "numerator")),
        ),
        Figure(t("review.opinions"), _amount(view, rounds, "opinions_raw"), _opinions_detail(view, rounds)),
        Figure(
            t("review.issues"),
            count_or_gap(view, issues.value),
            dotted(view, beside(view, "K01", "value"), cancelled(view, "K01"), _from_forms(view, rounds)),
        ),
    )
    return Exhibit(
        "review.funnel",
        (answer, kpis),
        Figures(items),
        _funnel_title(view, rounds),
        dotted(view, t("review.funnel_caption"), _elsewhere(view), as_of(view)),
        kpis=("K01", "K30", "K31"),
    )


def _elsewhere(view: View) -> str:
    """Where the suggestions of the research stand, where there is such a page."""
    t = view.t
    return t("review.funnel_elsewhere", page=menu_of(t, "research")) if has_page(t.vocabulary, "research") else ""


def _funnel_title(view: View, rounds: list[dict]) -> str:
    """A return rate only where the forms sent are known."""
    t, one = view.t, kpi(view.ask("kpis"), "K30")
    sent, returned = (_total(rounds, stage) for stage in ("sent", "returned"))
    if sent is None and returned is None:
        return t("review.funnel_none")
    if not one.is_known:
        return t(f"review.{_no_rate(rounds)}", sent=t.number(sent), returned=t.number(returned))
    known, all_rounds = _rounds_with_both(rounds)
    return t(
        "review.funnel_rate_known" if known < all_rounds else "review.funnel_rate",
        known=known,
        all=all_rounds,
        percent=t.percent(one.share),
        fraction=of(view, one.numerator, one.denominator),
    )


def _no_rate(rounds: list[dict]) -> str:
    """Why forms sent and returned make no rate, as a key: what is missing, or that none was sent."""
    sent, returned = (_total(rounds, stage) for stage in ("sent", "returned"))
    if sent == 0 and not returned:
        return "funnel_none_sent"
    if returned is None:
        return "funnel_not_returned"
    return "funnel_no_rate" if sent is None else "funnel_no_pair"


def _rounds_with_both(rounds: list[dict]) -> tuple[int, int]:
    """How many rounds state both the forms sent and the forms returned, and how many rounds there are."""
    stated = {(row["round_id"], row["stage"]): row["amount"] for row in rounds}
    ids = {row["round_id"] for row in rounds}
    return sum(None not in (stated[one, "sent"], stated[one, "returned"]) for one in ids), len(ids)


def returned_of_sent(view: View) -> str:
    """Forms returned of those sent in a few words, over the rounds that state both; '' where nobody states any."""
    t, one = view.t, kpi(view.ask("kpis"), "K30")
    rounds = [row for row in view.ask("feedback_funnel").records() if row["round_id"]]
    sent, returned = (_total(rounds, stage) for stage in ("sent", "returned"))
    if sent is None and returned is None:
        return ""
    if not one.is_known:
        return t(f"review.short_{_no_rate(rounds)}", returned=t.number(returned))
    known, all_rounds = _rounds_with_both(rounds)
    remark = t("review.known_rounds", known=known, all=all_rounds) if known < all_rounds else ""
    return dotted(view, t.fraction(one.numerator, one.denominator), remark)


def _total(rounds: list[dict], stage: str) -> int | None:
    """The stage over all rounds; None when no round states it."""
    amounts = [row["amount"] for row in rounds if row["stage"] == stage and row["amount"] is not None]
    return sum(amounts) if amounts else None


def _amount(view: View, rounds: list[dict], stage: str) -> str:
    """A stage as a number; its unit is in its label, since no two of them need be the same."""
    return count_or_gap(view, _total(rounds, stage))


def _stated(view: View, rounds: list[dict], stage: str) -> str:
    """How many rounds state the stage, where not all of them do."""
    own = [row["amount"] for row in rounds if row["stage"] == stage]
    known = sum(amount is not None for amount in own)
    return view.t("review.known_rounds", known=known, all=len(own)) if 0 < known < len(own) else ""


def _opinions_detail(view: View, rounds: list[dict]) -> str:
    t = view.t
    if _total(rounds, "opinions_raw") is None:
        return t("review.opinions_unknown")
    merged = _amount(view, rounds, "opinions_merged")
    return dotted(view, t("review.merged", count=merged), _stated(view, rounds, "opinions_raw"))


def _from_forms(view: View, rounds: list[dict]) -> str:
    t, issues = view.t, _total(rounds, "issues")
    return "" if issues is None else t("review.from_forms", count=t.number(issues))


def by_level(view: View) -> Exhibit:
    """Issues of the team and of its members."""
    return _by_class(view, "level")


def by_nature(view: View) -> Exhibit:
    """Issues of work, of thought and style."""
    return _by_class(view, "nature")


def by_dimension(view: View) -> Exhibit:
    """Issues by what was looked for."""
    return _by_class(view, "dimension")


def by_source(view: View) -> Exhibit:
    """Issues by where they came from."""
    return _by_class(view, "issue_source")


def _by_class(view: View, facet: str) -> Exhibit:
    """One classification of the issues, the largest class first; what no one classified comes last.

    The four stand beside each other, so they have one scale.
    """
    t, answer = view.t, view.ask("issues_by_class")
    counts = {row["code"]: row["issues"] for row in answer.records() if row["facet"] == facet and row["issues"]}
    order = [one.code for one in code_lists()[_code_list(facet)]]
    ordered = sorted(counts, key=lambda code: (code is None, -counts[code], order.index(code) if code in order else 0))
    most = max((row["issues"] or 0 for row in answer.records()), default=0)
    total = sum(counts.values())
    bars = tuple(
        Bar(
            t.label(_code_list(facet), code),
            float(counts[code]),
            t.fraction(counts[code], total),
            "unknown" if code is None else "overall",
            f"class:{facet}:{code or ''}",
        )
        for code in ordered
    )
    shown = bars if any(counts) else (_unknown_bar(view, facet),)
    return Exhibit(
        f"review.by_{facet.removeprefix('issue_')}",
        (answer,),
        Bars(shown, t("review.unit_issues"), float(most)),
        _class_title(view, facet, counts, total),
        dotted(view, t("review.class_caption"), as_of(view)),
        kpis=("K01",),
    )


def of_class(view: View, which: str) -> Exhibit | None:
    """The issues of one class, `facet:class`; None where there is none."""
    facet, _, code = which.partition(":")
    if facet not in ("level", "nature", "dimension", "issue_source"):
        return None
    own = rows_with(view.ask("issues"), **{facet: code or None})
    label = view.t.label(_code_list(facet), code or None)
    return Exhibit("review.of_class", (own,), as_table(own, view.t), label) if own.rows else None


def _unknown_bar(view: View, facet: str) -> Bar:
    """What stands where no issue is classified: a hatched stub, not an empty drawing and not a full bar."""
    return Bar(view.t.label("issue_facet", facet), None, view.t("common.not_given"), "unknown")


def _code_list(facet: str) -> str:
    return facet if facet.startswith("issue_") else f"issue_{facet}"


def _class_title(view: View, facet: str, counts: dict[str | None, int], total: int) -> str:
    """The largest class; else how many share the lead; else that no one has said."""
    t, about = view.t, view.t.label("issue_facet", facet)
    known = {code: count for code, count in counts.items() if code is not None}
    if not total:
        return t("review.class_empty", facet=about)
    if not known:
        named = _classes_named(view, facet)
        if named:
            return t("review.class_named", facet=about, labels=t("common.comma").join(named))
        return t("review.class_unknown", facet=about)
    sorted_out = sum(known.values())
    largest = [code for code, count in known.items() if count == max(known.values())]
    fraction = of(view, known[largest[0]], sorted_out)
    remark = t("review.class_known", known=sorted_out, all=total) if sorted_out < total else ""
    if len(largest) > 1:
        return t("review.class_even", facet=about, count=len(largest), fraction=fraction) + remark
    label = t.label(_code_list(facet), largest[0])
    return t("review.class_title", facet=about, label=label, fraction=fraction) + remark


def _classes_named(view: View, facet: str) -> list[str]:
    """The classes that a quoted sentence says there are, where nobody says how many issues are of which."""
    t, codes = view.t, [one.code for one in code_lists()[_code_list(facet)]]
    quotes = [row["quote_zh"] for row in view.ask("facts", source_id=None).records() if row["kind"] == "issue_class"]
    named = [code for code in codes if any(label(_code_list(facet), code, "zh") in quote for quote in quotes)]
    return [t.label(_code_list(facet), code) for code in named] if len(named) > 1 else []


def issues(view: View) -> Exhibit:
    """Every issue with the status its measures give it."""
    t, answer = view.t, view.ask("issues")
    rows = tuple(
        (
            Cell(row["issue_id"]),
            Cell(row["title"], pick=f"issue:{row['issue_id']}"),
            toned(t.label("status", row["status"]), TONE_OF_STATUS[row["status"]]),
            _light(view, row),
            Cell(_closed(view, row), is_number=True),
            Cell(row["lead_unit"] or t("common.not_given")),
            Cell(t.label("issue_level", row["level"])),
        )
        for row in answer.records()
    )
    headings = tuple(
        t(f"review.issues_{name}") for name in ("id", "title", "status", "light", "closed", "unit", "level")
    )
    return Exhibit(
        "review.issues",
        (answer,),
        Table(headings, rows, t("review.issues_none"), wide=(1,)),
        _issues_title(view),
        dotted(view, t("review.issues_caption"), beside(view, "K01", "value"), as_of(view)),
        cancelled(view, "K01") if kpi(view.ask("kpis"), "K01").value else "",
        kpis=("K01", "K07"),
    )


def _closed(view: View, row: dict) -> str:
    t = view.t
    if not row["actions"]:
        return t("review.no_measure")
    return t.fraction(None if row["status"] is None else row["closed"], row["actions"])


def _light(view: View, row: dict) -> Cell:
    """The most urgent light of its measures; a cancelled issue and one without measures have none."""
    if row["light"] is None or not row["actions"]:
        return Cell("")
    return light(row["light"], view.t)


def _issues_title(view: View) -> str:
    t, done = view.t, kpi(view.ask("kpis"), "K07")
    counted = kpi(view.ask("kpis"), "K01")
    reported = reported_row(view, "K01", "value")
    if not counted.value:
        return t("review.issues_none" if counted.value is None else "review.issues_all_cancelled")
    if reported and reported["difference"] and reported["difference"] > 0:
        return t("review.issues_incomplete", listed=t.number(counted.value), reported=t.number(reported["value"]))
    if not done.is_known:
        key = "issues_unknown" if done.denominator else "issues_without_measures"
        return t(f"review.{key}", count=t.number(counted.value))
    return t(
        "review.issues_done_known" if done.unknown else "review.issues_done",
        fraction=of(view, done.numerator, done.known),
        done=t.number(done.numerator),
        known=t.number(done.known),
        all=t.number(done.denominator),
    )


def issue(view: View, issue_id: str) -> Exhibit | None:
    """One issue with the measures that serve it; None when there is no such issue."""
    own = one_row(view, "review.issue", view.ask("issues"), "issue_id", issue_id, "title")
    if own is None:
        return None
    measures = rows_with(view.ask("actions"), issue_id=issue_id)
    return replace(own, answers=(*own.answers, *([measures] if measures.rows else ())))


def without_measures(view: View) -> Exhibit:
    """Issues that no measure serves yet."""
    t, answer = view.t, view.ask("issues")
    listed = [row for row in answer.records() if row["status"] != "cancelled"]
    bare = [row for row in listed if not row["actions"]]
    rows = tuple(
        (
            Cell(row["issue_id"]),
            Cell(row["title"], pick=f"issue:{row['issue_id']}"),
            Cell(row["lead_unit"] or t("common.not_given")),
            Cell(t.day(row["identified_on"])),
        )
        for row in bare
    )
    key = "bare_title" if bare else "bare_none" if listed else "issues_all_cancelled" if answer.rows else "issues_none"
    headings = tuple(t(f"review.bare_{name}") for name in ("id", "issue", "unit", "identified"))
    fraction = of(view, len(bare), len(listed))
    return Exhibit(
        "review.without_measures",
        (answer,),
        Table(headings, rows, t(f"review.{key}", fraction=fraction), wide=(1,)),
        t(f"review.{key}", fraction=fraction),
        dotted(view, t("review.bare_caption"), as_of(view)),
        kpis=("K37",),
    )
