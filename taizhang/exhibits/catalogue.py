"""Every exhibit that can be asked for by name: on a page, in a meeting's script, by the code of its passport."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product

from taizhang.exhibits import (
    Exhibit,
    coverage,
    letters,
    meeting,
    opening,
    outlines,
    overview,
    promises,
    rectification,
    requests,
    research,
    review,
    sources,
    study,
    suggestions,
    timeline,
    topics,
)
from taizhang.exhibits.views import View


@dataclass(frozen=True)
class Entry:
    """An exhibit by name. `number` is printed in passports: it is never changed and never given twice.

    `make` takes the view and, where `options` lists some, one of them ('' for none).
    """

    number: int
    make: Callable[..., Exhibit]
    options: Callable[[View], list[str]] | None = None

    def exhibit(self, view: View, option: str = "") -> Exhibit:
        return self.make(view, option) if self.options else self.make(view)


def _lanes(view: View, option: str) -> Exhibit:
    strand, kind, span = (*option.split(":"), "", "", "")[:3]
    return timeline.lanes(view, strand or None, kind or None, span)


def _lane_options(view: View) -> list[str]:
    """Those without a span first: codes hold the place of an option, and spans came later."""
    chosen = [f"{strand}:{kind}" for strand, kind in product(("", *timeline.strands(view)), ("", *timeline.kinds()))]
    return [*chosen, *(f"{one}:{span}" for span in timeline.SPANS if span for one in chosen)]


def _article(view: View, option: str) -> Exhibit:
    return sources.article(view, option or None)


def _article_options(view: View) -> list[str]:
    return ["", *view.ask("facts", source_id=None).column("fact_id")]


CATALOGUE = {
    "overview.headline": Entry(1, overview.headline),
    "overview.strands": Entry(2, overview.strands),
    "overview.attention": Entry(3, overview.attention),
    "overview.units": Entry(4, overview.units),
    "overview.reported": Entry(5, overview.reported),
    "timeline.lanes": Entry(6, _lanes, _lane_options),
    "study.figures": Entry(7, study.figures),
    "study.kinds": Entry(8, study.kinds),
    "study.documented": Entry(9, study.documented),
    "study.materials": Entry(10, study.materials),
    "study.events": Entry(11, study.events),
    "research.figures": Entry(12, research.figures),
    "research.map": Entry(13, coverage.town_map),
    "research.districts": Entry(14, coverage.districts),
    "research.topic_matrix": Entry(15, topics.by_district),
    "research.to_visit": Entry(16, coverage.to_visit),
    "research.topics": Entry(17, topics.listed),
    "research.handling": Entry(18, suggestions.handling),
    "research.suggestions": Entry(19, suggestions.listed),
    "research.proposals": Entry(20, topics.proposals),
    "review.funnel": Entry(21, review.funnel),
    "review.by_level": Entry(22, review.by_level),
    "review.by_nature": Entry(23, review.by_nature),
    "review.by_dimension": Entry(24, review.by_dimension),
    "review.by_source": Entry(25, review.by_source),
    "review.issues": Entry(26, review.issues),
    "review.without_measures": Entry(27, review.without_measures),
    "rectification.headline": Entry(28, rectification.headline),
    "rectification.by_type": Entry(29, rectification.by_type),
    "rectification.burn_down": Entry(30, rectification.burn_down),
    "rectification.moves_new": Entry(31, partial(rectification.moves, which="new")),
    "rectification.moves_advanced": Entry(32, partial(rectification.moves, which="advanced")),
    "rectification.moves_closed": Entry(33, partial(rectification.moves, which="closed")),
    "rectification.due": Entry(34, rectification.due),
    "rectification.ageing": Entry(35, rectification.ageing),
    "rectification.on_time": Entry(36, rectification.on_time),
    "rectification.ledger": Entry(37, rectification.ledger),
    "sources.figures": Entry(38, sources.figures),
    "sources.article": Entry(39, _article, _article_options),
    "sources.definitions": Entry(40, sources.definitions),
    "sources.releases": Entry(41, sources.releases),
    "sources.registers": Entry(42, sources.registers),
    "meeting.cover": Entry(43, meeting.cover),
    "meeting.promises": Entry(44, promises.promises),
    "meeting.changes": Entry(45, meeting.changes),
    "meeting.moved": Entry(46, meeting.moved),
    "meeting.decisions": Entry(47, meeting.decisions),
    "meeting.results": Entry(48, meeting.results),
    "meeting.result_list": Entry(49, meeting.result_list),
    "meeting.next_steps": Entry(50, meeting.next_steps),
    "meeting.definitions": Entry(51, meeting.definitions),
    "rectification.moves_setbacks": Entry(52, partial(rectification.moves, which="setbacks")),
    "rectification.moves_removed": Entry(53, partial(rectification.moves, which="removed")),
    "returns.grid": Entry(54, requests.grid),
    "returns.waiting": Entry(55, requests.waiting),
    "letters.due": Entry(56, letters.due),
    "letters.listed": Entry(57, letters.listed),
    "research.outlines": Entry(58, outlines.by_district),
    "meeting.opening": Entry(59, opening.opening),
}
# Those made of headline figures, which may stand above a drawing on a slide.
FIGURES = (
    "overview.headline",
    "study.figures",
    "research.figures",
    "review.funnel",
    "rectification.headline",
    "meeting.changes",
    "meeting.results",
)
NAMES = {entry.number: name for name, entry in CATALOGUE.items()}


def exhibit(name: str, view: View, option: str = "") -> Exhibit:
    """The exhibit of that name in a view. Raises `KeyError` for a name nobody gave."""
    return CATALOGUE[name].exhibit(view, option)
