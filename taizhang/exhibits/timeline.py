"""What happened when? Four parallel lanes of events, each shown as precisely as it is known."""

import datetime as dt

from taizhang.declared.tables import code_lists
from taizhang.drawing.shapes import Happening, Lane, Mark, Timeline
from taizhang.exhibits import Exhibit, one_row
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.tones import tone_of_strand
from taizhang.exhibits.views import View

AIR = dt.timedelta(days=4)
SPANS = {"": None, "quarter": 92, "month": 31}  # what is looked at → days up to the as-of day; None: all


def lanes(view: View, strand: str | None, kind: str | None, span: str = "", zoom: int = 1) -> Exhibit:
    """Every event on its strand's lane, meetings and uploads as marks; of a span, what reaches into it.

    `span`: a name in `SPANS`. What has no day is always there.
    """
    t, since = view.t, None
    events, marks = view.ask("events", strand=strand, kind=kind), view.ask("marks")
    happenings = tuple(_happening(view, row) for row in events.records())
    days = [one.start for one in happenings if one.start] + [row["marked_on"] for row in marks.records()] + [view.as_of]
    if SPANS[span]:
        since = view.as_of - dt.timedelta(days=SPANS[span])
        happenings = tuple(one for one in happenings if _reaches_into(one, since, view.as_of))
        days = [since + AIR, view.as_of]
    shown = [one for one in strands(view) if strand in (None, one)]
    shape = Timeline(
        tuple(Lane(one, t.label("strand", one), tone_of_strand(t.vocabulary, one)) for one in shown),
        happenings,
        (*(_mark(view, row) for row in marks.records()), Mark(view.as_of, t("timeline.as_of"), "plain")),
        min(days) - AIR,
        max(days) + AIR,
        t("timeline.undated"),
        zoom,
    )
    choice = f"{strand or ''}:{kind or ''}" + (f":{span}" if span else "")
    return Exhibit(
        "timeline.lanes",
        (events, marks),
        shape,
        _title(view, happenings),
        _legend(view, happenings, shape.marks),
        _note(view, happenings),
        hint=t("timeline.hint"),
        option=choice if strand or kind or span else "",
    )


def _reaches_into(one: Happening, first: dt.date, last: dt.date) -> bool:
    """Whether an event has no day, or one of those from `first` to `last`; a month is all its days."""
    if one.start is None:
        return True
    end = one.end or (one.start.replace(day=28) if one.precision == "month" else one.start)
    return one.start <= last and end >= first


def _legend(view: View, happenings: tuple[Happening, ...], marks: tuple[Mark, ...]) -> str:
    """What the signs mean, of those that occur."""
    known = {one.precision for one in happenings}
    names = [one for one in ("day", "half_day", "range", "month") if one in known]
    names += ["inferred"] if any(one.is_inferred for one in happenings) else []
    names += ["marks"] if len(marks) > 1 else []  # one is the as-of day, which says so itself
    return dotted(view, *(view.t(f"timeline.legend_{name}") for name in names))


def _title(view: View, happenings: tuple[Happening, ...]) -> str:
    t = view.t
    exact = sum(one.precision in ("day", "half_day") for one in happenings)
    undated = sum(one.start is None for one in happenings)
    if not happenings:
        return t("timeline.title_none")
    key = "title_all_dated" if not undated else "title"
    return t(f"timeline.{key}", all=len(happenings), exact=exact, undated=undated)


def _note(view: View, happenings: tuple[Happening, ...]) -> str:
    inferred = sum(one.is_inferred for one in happenings)
    return view.t("timeline.inferred", count=inferred) if inferred else ""


def _happening(view: View, row: dict) -> Happening:
    return Happening(
        row["strand"],
        row["title"],
        when(view, row),
        row["date_precision"],
        row["started_on"],
        row["ended_on"],
        row["half"] or "",
        f"event:{row['event_id']}",
        bool(row["is_year_inferred"]),
        bool(row["is_demo"]),
    )


def when(view: View, row: dict) -> str:
    """The date of an event, no more precise than it is known; undated ones in the words of their source."""
    t, start = view.t, row["started_on"]
    said = {
        "day": lambda: t.day(start),
        "half_day": lambda: t("timeline.half", day=t.day(start), half=t.label("half", row["half"])),
        "month": lambda: t("timeline.month", year=start.year, month=start.month),
        "range": lambda: t("timeline.range", start=t.day(start), end=t.day(row["ended_on"])),
        "unknown": lambda: row["date_text"] or t("common.not_given"),
    }[row["date_precision"]]()
    return t("timeline.year_inferred", when=said) if row["is_year_inferred"] else said


def _mark(view: View, row: dict) -> Mark:
    t = view.t
    if row["mark"] == "meeting":
        return Mark(row["marked_on"], t("timeline.meeting"), "overall")
    return Mark(row["marked_on"], "", "faint")


def happening(view: View, event_id: str) -> Exhibit | None:
    """One event with its sentence; None when there is no such event."""
    return one_row(view, "timeline.event", view.ask("events", strand=None, kind=None), "event_id", event_id, "title")


def strands(view: View) -> list[str]:
    """The strands a reader can choose from, and what concerns all of them."""
    return [one.code for one in view.t.codes("strand")]


def kinds() -> list[str]:
    """The kinds of event a reader can choose from."""
    return [one.code for one in code_lists()["event_kind"]]
