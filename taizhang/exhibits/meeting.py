"""What a review meeting looks at: the state of the data, what moved, what to decide, what came of it, what is next.

What was promised last time comes before all of these and has a module of its own.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from taizhang.declared import queries
from taizhang.declared.headers import Words
from taizhang.declared.tables import ledgers
from taizhang.drawing.shapes import CardPlaces, Cell, Figure, Figures, Table
from taizhang.exhibits import Exhibit, overview, review
from taizhang.exhibits.beginning import says_something
from taizhang.exhibits.kpis import (
    are_all_long_term,
    cancelled,
    change,
    count_figure,
    kpi,
    rules_made,
    share_figure,
    tone_of,
)
from taizhang.exhibits.overview import days_in_words
from taizhang.exhibits.parts_of_campaign import has_exhibit, has_page
from taizhang.exhibits.rectification import LISTS, moves_table
from taizhang.exhibits.remarks import count_or_gap, dotted
from taizhang.exhibits.tones import TONE_OF_LIGHT, TONE_OF_PROPOSAL, toned
from taizhang.exhibits.views import View, days_on

# What the chair wants to hear of first; of what merely went on, last.
SEQUENCE_OF_MOVES = (
    "closed",
    "returned",
    "reopened",
    "moved_back",
    "redated",
    "missing",
    "advanced",
    "new",
    "cancelled",
)
SETBACKS = LISTS["setbacks"]
LIGHTS_AHEAD = ("yellow", "green", "blue")  # open, with a due date, not overdue
UPDATES_AHEAD = 2  # nobody knows the next meeting's day; two rounds of data are what it is held after at most
PUT_TO_USE = ("adopted", "policy", "implemented")


# --- the cover -------------------------------------------------------------------------------------------------


def cover(view: View) -> Exhibit:
    """Whose data, as of when, compared with what, and how far they can be trusted."""
    t, campaign = view.t, view.ask("campaign")
    asked = [view.ask(name) for name in ("data_age", "meetings", "kpis", "reported_against_ledger", "units")]
    said = {
        "campaign": _campaign(view),
        "as_of": _as_of(view),
        "compared": _compared(view),
        "ledgers": _in_the_ledgers(view),
        "reported": _against_reported(view),
        "units": _units(view),
    }
    rows = tuple((Cell(t(f"agenda.cover_{name}")), Cell(words)) for name, words in said.items() if words)
    return Exhibit(
        "meeting.cover",
        (campaign, *asked),
        Table((t("agenda.cover_what"), t("agenda.cover_words")), rows, t("common.no_rows"), wide=(1,)),
        _cover_title(view),
        dotted(view, t("agenda.cover_caption") if _tells_silence(view) else "", view.district_name),
        kpis=("K01", "K02", "K35", "K36"),
    )


def _cover_title(view: View) -> str:
    """The finding on the data themselves: old, at odds with what was reported, or in order."""
    t, age, compared = view.t, view.ask("data_age").records()[0], _reported(view)
    day, differ = t.day(view.as_of), sum(bool(row["difference"]) for row in compared)
    if age["freshness"] != "fresh":
        return t("agenda.cover_title_old", day=day, days=age["age_days"])
    absent = sum(row["difference"] is None for row in compared)
    key = "differ" if differ else "absent" if absent else "agree" if compared else "alone"
    return t(f"agenda.cover_title_{key}", day=day, count=differ or absent)


def _campaign(view: View) -> str:
    rows = view.ask("campaign").records()
    parts = [str(row[name]) for row in rows[:1] for name in ("org_name", "campaign_name", "batch") if row[name]]
    return dotted(view, *parts) or view.t("common.not_given")


def _as_of(view: View) -> str:
    t, days = view.t, view.ask("data_age").records()[0]["age_days"]
    return dotted(
        view,
        t.day(view.as_of),
        view.circumstances.release,
        t("frame.said_age", days=days) if days else "",
        t("common.demo_note") if view.release.demo_tables else "",
    )


def _compared(view: View) -> str:
    """The day compared with, and the meeting that looked at its data; '' where there was none before."""
    titles = [row["title"] for row in view.ask("meetings").records() if row["as_of_on"] == view.compare_on]
    return dotted(view, view.circumstances.compared_day, *titles)


def _in_the_ledgers(view: View) -> str:
    t, kpis = view.t, view.ask("kpis")
    issues, measures, filled = kpi(kpis, "K01"), kpi(kpis, "K02"), kpi(kpis, "K35")
    counted = t("common.comma").join(
        t("agenda.cover_issues" if one is issues else "agenda.cover_measures", count=t.number(one.value))
        if one.is_known
        else t("agenda.cover_issues_unknown" if one is issues else "agenda.cover_measures_unknown")
        for one in (issues, measures)
    )
    completeness = t("agenda.cover_filled", share=t.percent(filled.share)) if filled.is_known else ""
    return dotted(view, counted, cancelled(view, "K01"), cancelled(view, "K02"), completeness)


def _against_reported(view: View) -> str:
    """How many reported figures the ledgers agree with, of the others which way they differ; '' where none is
    reported: then there is nothing to hold the ledgers against."""
    t, rows = view.t, _reported(view)
    if not rows:
        return ""
    counts = {
        "agree": sum(row["difference"] == 0 for row in rows),
        "fewer": sum((row["difference"] or 0) > 0 for row in rows),
        "more": sum((row["difference"] or 0) < 0 for row in rows),
        "absent": sum(row["difference"] is None for row in rows),
    }
    said = (t(f"agenda.cover_{name}", count=count) for name, count in counts.items() if count)
    return dotted(view, t("agenda.cover_of_reported", count=len(rows)), *said)


def _reported(view: View) -> list[dict]:
    """The reported figures that can be set beside a ledger."""
    rows = view.ask("reported_against_ledger").records()
    return [row for row in rows if row["kpi"] and row["value_basis"] == "reported"]


def _units(view: View) -> str:
    t = view.t
    named = [row for row in view.ask("units").records() if row["unit"]]
    if not named:
        return t("overview.units_unknown")
    silent = [row["unit"] for row in named if row["is_silent"]]
    heard = t("agenda.cover_heard", count=len(named))
    if not silent:
        return dotted(view, heard, t("agenda.cover_none_silent") if _tells_silence(view) else "")
    return dotted(view, heard, t("agenda.cover_silent", count=len(silent), units=t("common.comma").join(silent)))


def _tells_silence(view: View) -> bool:
    """Whether there is anything to say of who is silent: in its first week nobody could have changed anything yet."""
    return view.compare_on is not None or any(row["is_silent"] for row in view.ask("units").records())


# --- what changed ----------------------------------------------------------------------------------------------


def changes(view: View) -> Exhibit:
    """New, moved on, closed since the compared day, and what went back or was put off (新增、推进、销号)."""
    t, answer, kpis = view.t, view.ask("moves_since"), view.ask("kpis")
    if view.compare_on is None:
        return Exhibit("meeting.changes", (answer,), Figures(()), t("agenda.changes_nothing_before"))
    rows = answer.records()
    is_known = kpi(kpis, "K20").is_known  # without any status nobody can tell what moved; what is new can be told
    counts = {name: _measures(rows, (name,)) for name in ("new", "advanced", "closed")}
    counts["setbacks"] = _measures(rows, SETBACKS)
    details = {"setbacks": _setbacks(view, rows)}
    tones = {"closed": "done", "setbacks": "soon"}
    items = tuple(
        Figure(
            t(f"agenda.changes_{name}"),
            count_or_gap(view, count if count or is_known or name == "new" else None),
            details.get(name, ""),
            tone=tones.get(name, "plain") if count else "plain",
            link="rectification",
            link_label=t("kpis.more"),
        )
        for name, count in counts.items()
    )
    key = "changes_title" if rows else "changes_none" if is_known else "changes_unknown"
    return Exhibit(
        "meeting.changes",
        (answer, kpis),
        Figures(items),
        t(f"agenda.{key}", day=t.short_day(view.compare_on), **counts) + _tail(view, rows, "missing"),
        dotted(view, _since(view), _tail(view, rows, "cancelled")),
    )


def _tail(view: View, rows: list[dict], move: str) -> str:
    """How many measures left the count like this, to be added to a sentence: a rate may move by that alone."""
    count = _measures(rows, (move,))
    return view.t(f"agenda.changes_{move}", count=count) if count else ""


def _measures(rows: Iterable[Mapping], moves: tuple[str, ...]) -> int:
    """How many measures made one of these moves, each once."""
    return len({row["action_id"] for row in rows if row["move"] in moves})


def _setbacks(view: View, rows: list[dict]) -> str:
    t = view.t
    counts = {move: _measures(rows, (move,)) for move in SETBACKS}
    return dotted(
        view, *(t("agenda.changes_kind", move=t.label("move", move), count=n) for move, n in counts.items() if n)
    )


def _since(view: View) -> str:
    t = view.t
    return t("agenda.since", start=t.day(view.compare_on), end=t.day(view.as_of)) if view.compare_on else ""


def moved(view: View) -> Exhibit:
    """The moves themselves, what the chair wants to hear of first."""
    t, answer, kpis = view.t, view.ask("moves_since"), view.ask("kpis")
    rows = sorted(answer.records() if view.compare_on else (), key=lambda row: SEQUENCE_OF_MOVES.index(row["move"]))
    count = len({row["action_id"] for row in rows})
    if view.compare_on is None:
        title = t("agenda.changes_nothing_before")
    else:
        key = "moved_title" if count else "changes_none" if kpi(kpis, "K20").is_known else "changes_unknown"
        title = t(f"agenda.{key}", count=count, day=t.short_day(view.compare_on))
    return Exhibit("meeting.moved", (answer, kpis), moves_table(view, rows), title, _since(view))


# --- what must be decided --------------------------------------------------------------------------------------


def decisions(view: View) -> Exhibit:
    """What needs a decision today: requests for more time and measures sent back; then what was decided since."""
    t = view.t
    extensions, urgent, moves = (view.ask(name) for name in ("extensions", "attention", "moves_since"))
    asked, returned = _asked(view), _returned(view)
    decided = [row for row in extensions.records() if _is_decided_since(view, row)]
    rows = (
        *(_extension(view, row, "waiting") for row in asked),
        *(_sent_back(view, row) for row in returned),
        *(_extension(view, row, "faint") for row in decided),
    )
    count = len(asked) + len(returned)
    is_known = kpi(view.ask("kpis"), "K20").is_known or bool(extensions.rows)
    key = "decisions_title" if count else "decisions_none" if is_known else "decisions_unknown"
    headings = tuple(t(f"agenda.decisions_{name}") for name in ("kind", "measure", "unit", "due", "reason"))
    return Exhibit(
        "meeting.decisions",
        (extensions, urgent, moves),
        Table(
            headings,
            rows,
            t("agenda.decisions_empty" if is_known else "agenda.decisions_unknown"),
            wide=(1, 4),
            card=CardPlaces(state=0, about=1, said=4, below=(2, 3)),
        ),
        t(f"agenda.{key}", count=count),
        t("agenda.decisions_caption", day=t.day(view.compare_on))
        if view.compare_on
        else t("agenda.decisions_caption_ever"),
    )


def to_decide(view: View) -> int:
    """How many requests and measures wait for a decision."""
    return len(_asked(view)) + len(_returned(view))


def _asked(view: View) -> list[dict]:
    """The requests for more time that nobody has answered."""
    waiting = {row["row_key"] for row in view.ask("attention").records() if row["reason"] == "extension_pending"}
    return [row for row in view.ask("extensions").records() if row["extension_id"] in waiting]


def _returned(view: View) -> list[dict]:
    """The measures sent back since the compared day; the meeting before has dealt with the others."""
    since = {one["action_id"] for one in view.ask("moves_since").records() if one["move"] == "returned"}
    sent_back = [row for row in view.ask("attention").records() if row["reason"] == "returned"]
    return [row for row in sent_back if view.compare_on is None or row["row_key"] in since]


def _is_decided_since(view: View, row: Mapping) -> bool:
    day = row["decided_on"]
    return view.compare_on is not None and day is not None and view.compare_on < day <= view.as_of


def _extension(view: View, row: Mapping, tone: str) -> tuple[Cell, ...]:
    t = view.t
    reason = t("agenda.decisions_late", reason=row["reason"]) if row["is_late_request"] else row["reason"]
    return (
        toned(t(f"agenda.decisions_{row['decision']}"), tone),
        Cell(row["content"], pick=f"action:{row['action_id']}"),
        Cell(row["unit"] or t("common.not_given")),
        Cell(t("rectification.from_to", old=t.short_day(row["old_due_on"]), new=t.short_day(row["new_due_on"]))),
        Cell(reason),
    )


def _sent_back(view: View, row: Mapping) -> tuple[Cell, ...]:
    t = view.t
    return (
        toned(t("agenda.decisions_returned"), "soon"),
        Cell(row["title"], pick=f"action:{row['row_key']}"),
        Cell(row["unit"] or t("common.not_given")),
        Cell(t.short_day(row["due_on"])),
        Cell(row["note"] or t("common.not_given")),
    )


# --- what came of it -------------------------------------------------------------------------------------------


def results(view: View) -> Exhibit:
    """Reports written, proposals put to use, rules made: what stays when the campaign is over."""
    has_research, has_measures = (has_page(view.t.vocabulary, page) for page in ("research", "rectification"))
    items = (*((_reports(view), _proposals(view)) if has_research else ()), *((_rules(view),) if has_measures else ()))
    told = (*(("reports", "proposals") if has_research else ()), *(("rules",) if has_measures else ()))
    return Exhibit(
        "meeting.results",
        (view.ask("kpis"),),
        Figures(items),
        _results_title(view, *told) or view.t("agenda.results_unknown"),
        view.t("agenda.results_caption"),
        kpis=("K26", "K32", "K33"),
    )


def _results_title(view: View, *names: str) -> str:
    """How many of each there are; what is not known is left out, never counted as none."""
    t, kpis = view.t, view.ask("kpis")
    reports = kpi(kpis, "K26")
    counts = {
        "reports": reports.numerator if reports.denominator else None,
        "proposals": kpi(kpis, "K32").numerator,
        "rules": kpi(kpis, "K33").value,
    }
    said = (
        t(f"agenda.results_{name}", count=_at_least(view, name, counts)) for name in names if counts[name] is not None
    )
    return t("agenda.results_between").join(said)


def _at_least(view: View, name: str, counts: Mapping[str, object]) -> str:
    return rules_made(view, counts[name]) if name == "rules" else view.t.number(counts[name])


def _rules(view: View) -> Figure:
    """Rules and plans made; at least so many where the list they stand in is open."""
    one = count_figure(view, "K33", view.t("agenda.rules"), "", "rectification", 1)
    now = kpi(view.ask("kpis"), "K33")
    return replace(one, value=rules_made(view, now.value)) if now.is_known else one


def _reports(view: View) -> Figure:
    """Topics with a report; where fewer topics are listed than reported, a count and no share."""
    t, now = view.t, kpi(view.ask("kpis"), "K26")
    label = t("agenda.reports")
    if now.is_known:
        return share_figure(view, "K26", label, "", "research", "")
    detail = t("overview.line_topics_named", named=t.number(now.denominator), reported=t.number(now.reported))
    return Figure(
        label,
        count_or_gap(view, now.numerator if now.denominator else None),
        detail if now.is_incomplete else "",
        link="research",
        link_label=t("kpis.more"),
    )


def _proposals(view: View) -> Figure:
    """Proposals put to use, of those whose fate is known; K32 leaves the others out of its denominator."""
    t, now, before = view.t, kpi(view.ask("kpis"), "K32"), kpi(view.ask_before("kpis"), "K32")
    open_ended = t("agenda.proposals_unknown", count=now.unknown) if now.unknown else ""
    earlier = before.numerator if before.is_known else None
    return Figure(
        t("agenda.proposals"),
        t.fraction(now.numerator, now.denominator) if now.is_known else t("common.not_given"),
        dotted(view, t.percent(now.share) if now.is_known else "", open_ended),
        change(view, now.numerator, earlier),
        tone_of(now.numerator, earlier, 1),
        link="research",
        link_label=t("kpis.more"),
    )


def result_list(view: View) -> Exhibit:
    """The rules made and the proposals put to use, one by one, the newest first; undated ones last."""
    t, documents, ideas = view.t, view.ask("documents", page=None), view.ask("proposals")
    counted = view.ask("kpi_rows", kpi="K33")
    made = {row["row_key"] for row in counted.records() if row["in_numerator"] and row["part"] is None}
    used = [row for row in ideas.records() if row["status"] in PUT_TO_USE]
    dated = [
        *((row["issued_on"], _rule(view, row)) for row in documents.records() if row["document_id"] in made),
        *((row["adopted_on"], _proposal(view, row)) for row in used),
    ]
    rows = tuple(cells for _, cells in sorted(dated, key=lambda one: one[0] or dt.date.min, reverse=True))
    unused = [row["status"] for row in ideas.records() if row["status"] not in PUT_TO_USE]
    unknown = unused.count("unknown")
    headings = tuple(t(f"agenda.list_{name}") for name in ("day", "kind", "what", "state"))
    return Exhibit(
        "meeting.result_list",
        (counted, documents, ideas),
        Table(headings, rows, t("agenda.list_empty"), wide=(2,)),
        _results_title(view, "rules", "proposals") if rows else t("agenda.list_empty"),
        t("agenda.list_caption"),
        dotted(
            view,
            t("agenda.list_unused", count=len(unused) - unknown) if len(unused) > unknown else "",
            t("agenda.list_unknown", count=unknown) if unknown else "",
        ),
        kpis=("K32", "K33"),
    )


def _rule(view: View, row: Mapping) -> tuple[Cell, ...]:
    t = view.t
    return (
        Cell(t.short_day(row["issued_on"]) if row["issued_on"] else t("common.not_given")),
        Cell(t.label("document_kind", row["kind"])),
        Cell(row["title"]),
        toned(t.label("document_treatment", row["treatment"]), "done"),
    )


def _proposal(view: View, row: Mapping) -> tuple[Cell, ...]:
    t = view.t
    return (
        Cell(t.short_day(row["adopted_on"]) if row["adopted_on"] else t("common.not_given")),
        Cell(t("agenda.proposal")),
        Cell(row["content"]),
        toned(t.label("proposal_status", row["status"]), TONE_OF_PROPOSAL[row["status"]]),
    )


# --- what comes next -------------------------------------------------------------------------------------------


def next_steps(view: View) -> Exhibit:
    """What falls due before the next meeting is likely: open measures and promises, the first due first."""
    t, measures, promised = view.t, view.ask("actions"), view.ask("commitments")
    campaign = view.ask("campaign")
    usual = ledgers()["campaign"].column("update_every_days").default
    days = UPDATES_AHEAD * next((row["update_every_days"] for row in campaign.records()), usual)
    end = days_on(view.as_of, days)
    promise = Cell(t("agenda.next_promise"))
    steps = [
        *((row, _measure(view, row)) for row in measures.records() if row["light"] in LIGHTS_AHEAD),
        *((row, promise) for row in promised.records() if row["state"] == "open"),
    ]
    ahead = [(row, kind) for row, kind in steps if row["due_on"] and view.as_of <= row["due_on"] <= end]
    ahead.sort(key=lambda one: one[0]["due_on"])
    late = measures.column("light").count("red") + promised.column("state").count("late")
    is_known = late > 0 or any(row["due_on"] for row, _ in steps) or kpi(view.ask("kpis"), "K09").is_known
    is_known = is_known or are_all_long_term(view)
    key = "next_title" if ahead else "next_none" if is_known else "next_unknown"
    headings = tuple(t(f"agenda.next_{name}") for name in ("due", "days", "what", "unit", "kind"))
    empty = t("agenda.next_empty" if is_known else "agenda.next_unknown")
    return Exhibit(
        "meeting.next_steps",
        (measures, promised, campaign),
        Table(headings, tuple(_step(view, row, kind) for row, kind in ahead), empty, wide=(2,)),
        t(f"agenda.{key}", count=len(ahead), days=days),
        t("agenda.next_caption", start=t.day(view.as_of), end=t.day(end), days=days),
        t("agenda.next_late", count=late) if late else "",
        kpis=("K12",),
    )


def _measure(view: View, row: Mapping) -> Cell:
    """That it is a measure, and its light: one that awaits verification is for others to move than its unit."""
    t = view.t
    return toned(dotted(view, t("agenda.next_measure"), t.label("light", row["light"])), TONE_OF_LIGHT[row["light"]])


def _step(view: View, row: Mapping, kind: Cell) -> tuple[Cell, ...]:
    t = view.t
    return (
        Cell(t.short_day(row["due_on"])),
        Cell(days_in_words(view, (view.as_of - row["due_on"]).days), is_number=True),
        Cell(row["content"], pick=f"action:{row['action_id']}" if row["action_id"] else ""),
        Cell(row["unit"] or t("common.not_given")),
        kind,
    )


# --- definitions -----------------------------------------------------------------------------------------------


def definitions(view: View) -> Exhibit:
    """What the headline figures of the usual slides mean, in short."""
    t, answer = view.t, view.ask("kpis")
    said = queries.answers()["kpis"].definitions
    drawn = {
        "overview.headline": overview.headline,
        "meeting.changes": changes,
        "review.funnel": review.funnel,
        "meeting.results": results,
    }
    day = view.compare_on and t.day(view.compare_on)
    codes = sorted({code for name, make in drawn.items() if _is_shown(view, name) for code in make(view).kpis})
    rows = tuple((Cell(code), Cell(t.label("kpi", code)), Cell(_in_short(view, said[code]))) for code in codes)
    headings = tuple(t(f"sources.{name}") for name in ("code", "name", "definition"))
    return Exhibit(
        "meeting.definitions",
        (answer,),
        Table(headings, rows, t("common.no_rows"), wide=(2,)),
        t("agenda.definitions_title", count=len(codes)),
        dotted(view, t("agenda.definitions_caption"), t("agenda.definitions_since", day=day) if day else ""),
        kpis=tuple(codes),
    )


def _is_shown(view: View, name: str) -> bool:
    """Whether the usual script has a slide of an exhibit."""
    return has_exhibit(view, name) and says_something(view, name)


def _in_short(view: View, words: Words) -> str:
    """The first clause of a definition; its exceptions are left to the page of sources."""
    said = view.t.of(words)
    for stop in (view.t("agenda.full_stop"), view.t("agenda.semicolon")):
        said = said.partition(stop)[0].removesuffix(stop.strip())
    return said + view.t("agenda.full_stop").strip()
