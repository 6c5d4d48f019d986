"""What a meeting is opened with: at most three sentences, each with its figure, of what is told in full later on.

No sentence of it is its own: each is the finding of another exhibit, so that the cover cannot disagree with a slide.
"""

from collections.abc import Iterator

from taizhang.drawing.shapes import Figure, Figures
from taizhang.exhibits import Exhibit, coverage, meeting, overview, promises, review, suggestions
from taizhang.exhibits.beginning import says_something
from taizhang.exhibits.kpis import kpi, reported_or_gap
from taizhang.exhibits.parts_of_campaign import has_exhibit, has_page
from taizhang.exhibits.views import View

MOST = 3
# Exhibit → what makes it, and the share that its sentence is about.
_SHARES = {
    "research.map": (coverage.town_map, "K23"),
    "research.handling": (suggestions.handling, "K28"),
    "review.funnel": (review.funnel, "K30"),
}


def opening(view: View) -> Exhibit:
    """The three findings that a room should take along: what is closed, what must be decided, where nobody was yet;
    what a campaign does not have leaves its place to the next."""
    told = [one for _, one in zip(range(MOST), _told(view), strict=False)]
    return Exhibit(
        "meeting.opening",
        (view.ask("kpis"), view.ask("extensions"), view.ask("attention"), view.ask("commitments")),
        Figures(tuple(told)),
        view.t("agenda.opening", count=len(told)),
        kpis=tuple(one.kpi for one in told if one.kpi),
    )


def _told(view: View) -> Iterator[Figure]:
    yield from _closed(view)
    yield from _to_decide(view)
    yield from _share(view, "research.map")
    yield from _promised(view)
    yield from _share(view, "research.handling")
    yield from _share(view, "review.funnel")
    yield from _returned(view)
    yield from _happened(view)


def _closed(view: View) -> Iterator[Figure]:
    if not has_page(view.t.vocabulary, "rectification"):
        return
    closed, listed = (kpi(view.ask("kpis"), code) for code in ("K03", "K02"))
    said = overview.headline(view).title
    if closed.is_known:
        yield Figure(said, view.t.fraction(closed.numerator, closed.known), kpi="K03")
    elif listed.reported is not None:  # nobody can say how far they are; that is a finding too
        yield Figure(said, reported_or_gap(listed.reported, view), kpi="K02")


def _to_decide(view: View) -> Iterator[Figure]:
    if not says_something(view, "meeting.decisions"):
        return
    if count := meeting.to_decide(view):
        yield Figure(meeting.decisions(view).title, view.t.number(count))


def _share(view: View, name: str) -> Iterator[Figure]:
    make, code = _SHARES[name]
    one = kpi(view.ask("kpis"), code)
    if one.is_known and has_exhibit(view, name) and says_something(view, name):
        yield Figure(make(view).title, view.t.fraction(one.numerator, one.known), kpi=code)


def _promised(view: View) -> Iterator[Figure]:
    if last := promises.of_last(view):
        done = sum(one.is_done for one in last)
        yield Figure(promises.promises(view).title, view.t.fraction(done, len(last)))


def _returned(view: View) -> Iterator[Figure]:
    """Forms that came back where nobody says how many went out."""
    one = kpi(view.ask("kpis"), "K30")
    if not one.is_known and one.numerator and has_exhibit(view, "review.funnel"):
        yield Figure(review.funnel(view).title, view.t.number(one.numerator), kpi="K30")


def _happened(view: View) -> Iterator[Figure]:
    if count := sum(row["events"] for row in view.ask("strand_lanes").records()):
        yield Figure(view.t("overview.title_happened", count=count), view.t.number(count))
