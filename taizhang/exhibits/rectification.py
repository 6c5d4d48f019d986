"""How far has rectification come, what is late, and who has to move?"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import dropwhile

from taizhang.drawing.shapes import Bar, Bars, CardPlaces, Cell, Figures, Line, Mark, Series, StackedBars, Table
from taizhang.exhibits import Exhibit, as_table, one_row
from taizhang.exhibits.history import told
from taizhang.exhibits.kpis import (
    are_all_long_term,
    cancelled,
    count_figure,
    kpi,
    no_deadline_words,
    no_rate_words,
    removed,
    share_figure,
)
from taizhang.exhibits.overview import days_in_words
from taizhang.exhibits.remarks import as_title, divided, dotted
from taizhang.exhibits.tones import TONE_OF_MOVE, TONE_OF_STATUS, light
from taizhang.exhibits.views import View

STATUSES = ("closed", "staged_ongoing", "pending_verification", "in_progress", "not_started", "unknown")
LISTS = {
    "new": ("new",),
    "advanced": ("advanced",),
    "closed": ("closed",),
    "setbacks": ("returned", "reopened", "redated", "moved_back"),
    "removed": ("cancelled", "missing"),
}


def headline(view: View) -> Exhibit:
    """Strict and inclusive rate, punctuality, overdue: side by side, each with its own definition."""
    t, kpis = view.t, view.ask("kpis")
    original, waiting = kpi(kpis, "K11"), kpi(kpis, "K06")
    no_rate = no_rate_words(view)
    figures = (
        share_figure(
            view,
            "K03",
            t("rectification.strict"),
            dotted(view, t("rectification.strict_detail"), cancelled(view, "K02"), removed(view)),
            "",
            no_rate,
        ),
        share_figure(
            view,
            "K05",
            t("rectification.inclusive"),
            dotted(view, t("rectification.inclusive_detail"), cancelled(view, "K02"), removed(view)),
            "",
            no_rate,
        ),
        share_figure(
            view,
            "K08",
            t("rectification.on_time"),
            t("rectification.on_time_detail"),
            "",
            t("rectification.on_time_unknown"),
        ),
        count_figure(
            view,
            "K09",
            t("overview.late"),
            t("rectification.late_detail", original=t.number(original.value), waiting=t.number(waiting.value))
            if kpi(kpis, "K09").is_known
            else no_deadline_words(view),
            "",
            -1,
            "late",
        ),
    )
    return Exhibit(
        "rectification.headline",
        (kpis,),
        Figures(figures),
        _headline_title(view),
        kpis=("K03", "K05", "K06", "K08", "K09", "K10", "K11", "K16", "K17", "K18"),
    )


def _headline_title(view: View) -> str:
    """Measures with a due date against the schedule: a base of its own, so the sentence names it."""
    t, answer = view.t, view.ask("schedule")
    row = answer.records()[0] if answer.rows else {}
    dated = kpi(view.ask("kpis"), "K19")
    if row.get("gap_points") is None:
        why = no_rate_words(view)
        return t("rectification.title_no_schedule", why=why) if why else t("rectification.title_undated")
    points = abs(round(row["gap_points"]))
    key = "title_near" if points == 0 else "title_ahead" if row["gap_points"] > 0 else "title_behind"
    said = t(
        f"rectification.{key}",
        points=points,
        fraction=t.fraction(dated.numerator, dated.known),
        actual=t.percent(dated.share),
        planned=t.percent(divided(row["planned"], dated.denominator)),
    )
    return said + (t("rectification.known", known=dated.known, all=dated.denominator) if dated.unknown else "")


def by_type(view: View) -> Exhibit:
    """Status of the measures by type; long-term ones get counts and no rate."""
    t, answer = view.t, view.ask("progress_by_type")
    rows = [row for row in answer.records() if row["actions"]]
    series = tuple(
        Series(
            t("common.not_given") if status == "unknown" else t.label("status", status),
            tuple(float(row[status] or 0) for row in rows),
            TONE_OF_STATUS[status],
            picks=tuple(f"measures:{row['rect_type'] or ''}:{status}" for row in rows),
        )
        for status in STATUSES
        if any(row[status] for row in rows)
    )
    names = tuple(_type(view, row) for row in rows)
    shape = StackedBars(names, series, t("overview.unit_measures"), tuple(_rate(view, row) for row in rows))
    return Exhibit(
        "rectification.by_type",
        (answer,),
        shape,
        _by_type_title(view),
        t("rectification.by_type_caption"),
        dotted(view, cancelled(view, "K02"), removed(view)),
        kpis=("K04", "K05"),
    )


def _by_type_title(view: View) -> str:
    t, closed = view.t, kpi(view.ask("kpis"), "K03")
    if not closed.is_known:
        return as_title(no_rate_words(view))
    return t(
        "rectification.by_type_known" if closed.unknown else "rectification.by_type_title",
        fraction=t.fraction(closed.numerator, closed.known),
        percent=t.percent(closed.share),
        closed=t.number(closed.numerator),
        known=t.number(closed.known),
        all=t.number(closed.denominator),
    )


def _type(view: View, row: dict) -> str:
    """The kind of measure; one that nobody classified says so."""
    t = view.t
    return t.label("rect_type", row["rect_type"]) if row["rect_type"] else t("rectification.unclassified")


def _rate(view: View, row: dict) -> str:
    t = view.t
    if row["rect_type"] == "long_term":
        return t("rectification.no_rate", staged=row["staged_ongoing"] or 0, closed=row["closed"] or 0)
    if row["share"] is None:
        return t("common.not_given")
    known = row["actions"] - row["unknown"]
    remark = t("kpis.known", known=known, all=row["actions"]) if row["unknown"] else ""
    rate = t(
        "rectification.rate",
        fraction=t.fraction(row["closed"], known),
        percent=t.percent(divided(row["closed"], known)),
    )
    return dotted(view, rate, remark)


def burn_down(view: View) -> Exhibit:
    """What was still open at each release, under the line of everything taken on."""
    t, answer = view.t, view.ask("burn_down")
    rows = answer.records()
    if all(row["open"] is None for row in rows):
        why = as_title(no_rate_words(view)) or t("rectification.burn_down_unknown")
        return Exhibit("rectification.burn_down", (answer,), Table((), (), why), why, kpis=("K20",))
    rows = list(dropwhile(lambda row: row["open"] is None and not row["total"], rows))  # the campaign was founded only
    days = tuple(row["as_of_on"] for row in rows)
    shape = Line(
        days,
        (
            Series(t("rectification.total"), _values(rows, "total"), "faint", dashed=True),
            Series(t("rectification.open"), _values(rows, "open"), "moving"),
            Series(t("overview.late"), _values(rows, "overdue"), "late"),
        ),
        t("overview.unit_measures"),
        tuple(Mark(row["as_of_on"], t("timeline.meeting")) for row in view.ask("meetings").records()),
        tuple(
            (row["as_of_on"] - dt.timedelta(days=row["days_since_previous"]), row["as_of_on"])
            for row in rows[1:]
            if row["is_gap"]
        ),
    )
    return Exhibit(
        "rectification.burn_down",
        (answer,),
        shape,
        _burn_down_title(view, rows),
        t("rectification.burn_down_caption"),
        dotted(view, _open_without_status(view), cancelled(view, "K02"), removed(view)),
        kpis=("K20",),
    )


def _burn_down_title(view: View, rows: list[dict]) -> str:
    t = view.t
    known = [row for row in rows if row["open"] is not None]
    now, peak = known[-1], max(known, key=lambda row: row["open"])
    if peak["open"] > now["open"]:
        return t("rectification.burn_down_fell", open=now["open"], peak=peak["open"], day=t.short_day(peak["as_of_on"]))
    if len(known) == 1 or not now["open"]:
        return t("rectification.burn_down_one" if now["open"] else "rectification.burn_down_none", open=now["open"])
    return t("rectification.burn_down_flat", open=now["open"])


def _open_without_status(view: View) -> str:
    """Measures of which nobody says how far they are count as open: a reader should know how many that is."""
    unknown = kpi(view.ask("kpis"), "K05").unknown
    return view.t("rectification.burn_down_no_status", count=unknown) if unknown else ""


def _values(rows: list[dict], name: str) -> tuple[float | None, ...]:
    return tuple(None if row[name] is None or not row["total"] else float(row[name]) for row in rows)


def moves(view: View, which: str) -> Exhibit:
    """One of the lists since the compared day: new, advanced, closed; set-backs; what left the count."""
    t = view.t
    answer = view.ask("moves_since")
    moved = [row for row in answer.records() if row["move"] in LISTS[which]] if view.compare_on else []
    if view.compare_on is None:
        nothing = t("agenda.changes_nothing_before")
        return Exhibit(f"rectification.moves_{which}", (answer,), Table((), (), nothing), nothing)
    return Exhibit(
        f"rectification.moves_{which}",
        (answer,),
        moves_table(view, moved),
        t(f"rectification.moves_title_{which}", count=len({row["action_id"] for row in moved})),
        t("rectification.since", day=t.day(view.compare_on)),
    )


def moves_table(view: View, moved: list[dict]) -> Table:
    """Moves as a table: which move, of which measure, whose, from what to what."""
    t = view.t
    rows = tuple(
        (
            Cell(t.label("move", row["move"]), TONE_OF_MOVE[row["move"]]),
            Cell(row["content"], pick=f"action:{row['action_id']}"),
            Cell(row["unit"] or t("common.not_given")),
            Cell(_before_after(view, row)),
        )
        for row in moved
    )
    headings = tuple(t(f"rectification.moves_{name}") for name in ("move", "measure", "unit", "what"))
    return Table(headings, rows, t("rectification.moves_empty"), wide=(1,))


def _before_after(view: View, row: dict) -> str:
    t = view.t
    if row["move"] == "redated":
        return t("rectification.from_to", old=t.day(row["due_before"]), new=t.day(row["due_on"]))
    if row["move"] == "missing":
        return t("rectification.gone", old=t.label("status", row["status_before"]))
    now = t.label("status", row["status"])
    return (
        now
        if row["move"] == "new"
        else t("rectification.from_to", old=t.label("status", row["status_before"]), new=now)
    )


def due(view: View) -> Exhibit:
    """Overdue and due soon, oldest first, with the unit and what blocks it: where the discussion happens.

    A blocker that nobody stated, and extensions that none has, are no columns: the room goes to the measures.
    """
    t, answer = view.t, view.ask("due_list")
    records = answer.records()
    is_told = {name: not records or any(row[of] for row in records) for name, of in _PERHAPS.items()}
    rows = tuple(
        (
            light(row["light"], t),
            Cell(row["content"], pick=f"action:{row['action_id']}"),
            Cell(row["unit"] or t("common.not_given")),
            Cell(t.day(row["due_on"])),
            Cell(days_in_words(view, row["days"]), is_number=True),
            *([Cell(row["blocker"] or t("common.not_given"))] if is_told["blocker"] else []),
            *([Cell(_extended(view, row["extensions"]))] if is_told["extended"] else []),
        )
        for row in records
    )
    late = sum(row["light"] == "red" for row in records)
    days = next((row["due_soon_days"] for row in view.ask("campaign").records()), None)
    named = ("light", "measure", "unit", "due", "days", *(name for name in _PERHAPS if is_told[name]))
    headings = tuple(t(f"rectification.due_{name}") for name in named)
    known = kpi(view.ask("kpis"), "K09")
    is_known = known.is_known
    none = "due_none_dated" if known.unknown else "due_none"
    unknown = "due_long_term" if are_all_long_term(view) else "due_unknown"
    key = "due_title" if rows else none if is_known else unknown
    return Exhibit(
        "rectification.due",
        (answer,),
        Table(
            headings,
            rows,
            t(f"rectification.{none if is_known else unknown}"),
            wide=(1, 5) if is_told["blocker"] else (1,),
            card=CardPlaces(
                state=0,
                about=1,
                said=5 if is_told["blocker"] else None,
                below=tuple(place for place, name in enumerate(named) if name in _BELOW),
            ),
        ),
        t(f"rectification.{key}", late=late, soon=len(rows) - late),
        dotted(
            view,
            t("rectification.due_caption", days=days) if days is not None else "",
            "" if is_told["blocker"] else t("rectification.due_no_blocker"),
        ),
        kpis=("K09", "K12"),
    )


_PERHAPS = {"blocker": "blocker", "extended": "extensions"}  # column of the table → of the answer
_BELOW = ("unit", "due", "days", "extended")  # at the foot of a card


def _extended(view: View, count: int) -> str:
    return view.t("rectification.extended", count=count) if count else ""


def ageing(view: View) -> Exhibit:
    """How long the overdue measures have been overdue."""
    t, answer = view.t, view.ask("ageing")
    total = sum(count or 0 for count in answer.column("actions"))
    late = [row for row in answer.records() if row["actions"]]
    bars = tuple(
        Bar(
            t.label("ageing_bucket", row["bucket"]),
            float(row["actions"]),
            t.number(row["actions"]),
            "late",
            f"overdue:{row['bucket']}",
        )
        for row in late
    )
    known = kpi(view.ask("kpis"), "K09")
    none = "ageing_none_dated" if known.unknown else "ageing_none"
    unknown = "due_long_term" if are_all_long_term(view) else "due_unknown"
    key = "ageing_title" if total else none if known.is_known else unknown
    title = t(f"rectification.{key}", count=total)
    return Exhibit(
        "rectification.ageing",
        (answer,),
        Bars(bars, t("overview.unit_measures")) if bars else Table((), (), title),
        title,
        t("rectification.ageing_caption"),
        kpis=("K13",),
    )


def on_time(view: View) -> Exhibit:
    """Closed by the original date, by type: an extension does not make it punctual."""
    t, answer = view.t, view.ask("on_time")
    rows = [row for row in answer.records() if row["on_time"] + row["late"]]
    bars = tuple(
        Bar(
            t.label("rect_type", row["rect_type"]),
            float(row["on_time"]),
            t.fraction(row["on_time"], row["on_time"] + row["late"]),
            "done",
            f"closed:{row['rect_type'] or ''}",
            float(row["on_time"] + row["late"]),
        )
        for row in rows
    )
    one = kpi(view.ask("kpis"), "K08")
    key = ("on_time_known" if one.unknown else "on_time_title") if one.is_known else "on_time_unknown"
    return Exhibit(
        "rectification.on_time",
        (answer,),
        Bars(bars, t("overview.unit_measures")),
        t(
            f"rectification.{key}",
            fraction=t.fraction(one.numerator, one.known),
            count=one.numerator,
            known=one.known,
            all=one.denominator,
        ),
        t("rectification.on_time_caption"),
        kpis=("K08",),
    )


def overdue(view: View, bucket: str) -> Exhibit | None:
    """The measures that have been overdue for so long; None where there is none."""
    t, days = view.t, _DAYS_OF_BUCKET.get(bucket)
    keys = {row["action_id"] for row in view.ask("due_list").records() if days and row["days"] in days}
    return _some(view, t.label("ageing_bucket", bucket), lambda row: row["action_id"] in keys)


_DAYS_OF_BUCKET = {"d1_7": range(1, 8), "d8_30": range(8, 31), "d31_90": range(31, 91), "d91_more": range(91, 100_000)}


def measures(view: View, which: str) -> Exhibit | None:
    """The measures of one type and status, `type:status`; None where there is none."""
    t, (rect_type, _, status) = view.t, which.partition(":")
    kind = _type(view, {"rect_type": rect_type or None})
    said = t("common.not_given") if status == "unknown" else t.label("status", status)
    wanted = (rect_type or None, None if status == "unknown" else status)
    return _some(view, dotted(view, kind, said), lambda row: (row["rect_type"], row["status"]) == wanted)


def closed(view: View, rect_type: str) -> Exhibit | None:
    """The closed measures of one type, '' for unclassified ones, that can be called on time or late; None where there
    is none."""
    kind = _type(view, {"rect_type": rect_type or None})
    title = dotted(view, kind, view.t.label("status", "closed"))
    return _some(
        view,
        title,
        lambda row: (
            (row["rect_type"], row["status"]) == (rect_type or None, "closed")
            and None not in (row["done_on"], row["original_due_on"])
        ),
    )


def _some(view: View, title: str, is_one: Callable[[Mapping], bool]) -> Exhibit | None:
    answer = view.ask("actions")
    own = replace(
        answer, rows=tuple(row for row, one in zip(answer.rows, answer.records(), strict=True) if is_one(one))
    )
    return Exhibit("rectification.measures", (own,), as_table(own, view.t), title) if own.rows else None


def ledger(view: View) -> Exhibit:
    """Every measure with its light; each leads to its history."""
    t, answer = view.t, view.ask("actions")
    rows = tuple(
        (
            Cell(row["action_id"], pick=f"action:{row['action_id']}"),
            Cell(row["content"]),
            Cell(_type(view, row)),
            Cell(row["unit"] or t("common.not_given")),
            Cell(t.label("status", row["status"]), TONE_OF_STATUS[row["status"] or "unknown"]),
            light(row["light"], t),
            Cell(t.day(row["original_due_on"])),
            Cell(t.day(row["due_on"])),
            Cell(row["progress_note"] or t("common.not_given")),
        )
        for row in answer.records()
    )
    gone = answer.column("status").count("cancelled")
    headings = tuple(
        t(f"rectification.ledger_{name}")
        for name in ("id", "measure", "type", "unit", "status", "light", "original", "due", "progress")
    )
    return Exhibit(
        "rectification.ledger",
        (answer,),
        Table(headings, rows, t("common.no_rows"), wide=(1, 8)),
        t("rectification.ledger_title", count=len(rows)) if rows else as_title(t("rectification.why_no_measures")),
        note=t("rectification.ledger_cancelled", count=gone) if gone else "",
        kpis=("K02",),
        hint=t("rectification.ledger_hint"),
    )


def history(view: View, action_id: str) -> Exhibit | None:
    """Every change of one measure, newest first, with who and which file; None when there is no such measure."""
    own = one_row(view, "rectification.history", view.ask("actions"), "action_id", action_id, "content")
    if own is None:
        return None
    changes = view.ask("row_history", table_name="action", row_key=action_id)
    letters = view.ask("letters_of_action", action_id=action_id)
    said = [_letter(view, row) for row in letters.records()]
    caption = dotted(view, view.t("rectification.history_caption", id=action_id), *said)
    sentences = told(view.t, "action", changes.records())
    return Exhibit(own.name, (changes, *own.answers, *([letters] if said else ())), sentences, own.title, caption)


def extended(view: View, extension_id: str) -> Exhibit | None:
    """The measure that more time was asked for."""
    rows = {row["extension_id"]: row["action_id"] for row in view.ask("extensions").records()}
    return history(view, rows.get(extension_id, ""))


def _letter(view: View, row: Mapping) -> str:
    """A letter that urged the measure, and the how-many-eth it was."""
    t = view.t
    kind = t.label("letter_kind", row["letter_kind"])
    return t("letters.of_measure", nth=row["nth"], kind=kind, letter=row["letter_id"], day=t.day(row["issued_on"]))
