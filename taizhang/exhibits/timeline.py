"""What happened when? Four parallel lanes of events, each shown as precisely as it is known."""

import datetime as dt

from taizhang.declared.tables import code_lists
from taizhang.drawing.shapes import Happening, Lane, Mark, Timeline
from taizhang.exhibits import Exhibit, one_row
from taizhang.exhibits.tones import tone_of_strand
from taizhang.exhibits.views import View

AIR = dt.timedelta(days=4)


def lanes(view: View, strand: str | None, kind: str | None) -> Exhibit:
    """Every event on its strand's lane, meetings and uploads as marks."""
    t = view.t
    events, marks = view.ask("events", strand=strand, kind=kind), view.ask("marks")
    happenings = tuple(_happening(view, row) for row in events.records())
    days = [one.start for one in happenings if one.start] + [row["marked_on"] for row in marks.records()] + [view.as_of]
    shown = [one for one in strands(view) if strand in (None, one)]
    shape = Timeline(
        tuple(Lane(one, t.label("strand", one), tone_of_strand(t.vocabulary, one)) for one in shown),
        happenings,
        (*(_mark(view, row) for row in marks.records()), Mark(view.as_of, t("timeline.as_of"), "plain")),
        min(days) - AIR,
        max(days) + AIR,
        t("timeline.undated"),
    )
    return Exhibit(
        "timeline.lanes",
        (events, marks),
        shape,
        _title(view, happenings),
        t("timeline.caption"),
        _note(view, happenings),
        hint=t("timeline.hint"),
        option=f"{strand or ''}:{kind or ''}" if strand or kind else "",
    )


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
