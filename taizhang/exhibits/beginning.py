"""What a campaign that has just begun still lacks: which ledger brings what to which page."""

from dataclasses import dataclass

from taizhang.exhibits.parts_of_campaign import has_exhibit, has_page, ledgers_of
from taizhang.exhibits.views import View, comparison_days

# Page → the ledgers that it is drawn from. A page none of whose ledgers has a row has nothing to show yet.
DRAWN_FROM: dict[str, tuple[str, ...]] = {
    "rectification": ("action", "issue"),
    "review": ("issue", "feedback_round", "figure"),
    "research": ("visit", "research_topic", "suggestion", "proposal", "figure"),
    "study": ("event", "document", "figure"),
    "timeline": ("event", "meeting"),
    "letters": ("action",),
    "returns": ("action", "suggestion", "commitment", "visit"),
}
# Exhibits of the usual script → the ledgers without any of which a slide would only say that there is nothing.
_SAYS_NOTHING_WITHOUT: dict[str, tuple[str, ...]] = {
    "meeting.promises": ("meeting", "commitment"),
    "research.map": ("town", "visit"),
    "research.to_visit": ("town", "visit"),
    "review.funnel": ("feedback_round", "suggestion", "figure"),
    "research.handling": ("suggestion", "figure"),
    "meeting.results": ("research_topic", "proposal", "document", "figure"),
    "meeting.result_list": ("research_topic", "proposal", "document", "figure"),
    "rectification.by_type": ("action", "figure"),
    "rectification.due": ("action",),
}
# One day alone is no change and no trend.
_COMPARES = (
    "meeting.changes",
    "meeting.moved",
    "rectification.burn_down",
    *(f"rectification.moves_{which}" for which in ("new", "advanced", "closed", "setbacks", "removed")),
)
# Exhibits of pages → the ledgers that most offices never have, and without which a page leaves them out.
_LEFT_OUT_WITHOUT: dict[str, tuple[str, ...]] = {
    "research.topic_matrix": ("research_topic",),
    "sources.figures": ("figure",),
    "sources.article": ("fact",),
    "sources.registers": ("source",),
}
# Tabs of pages → their exhibits, of which any has to be there.
_TABS: dict[tuple[str, str], tuple[str, ...]] = {
    ("rectification", "moves"): tuple(name for name in _COMPARES if ".moves_" in name),
    ("research", "waiting"): ("research.to_visit",),
    ("research", "topics"): ("research.topic_matrix",),
    ("research", "proposals"): ("research.proposals",),
    ("sources", "figures"): ("sources.figures", "sources.article"),
    ("sources", "registers"): ("sources.registers",),
}
# In the order in which an office brings them: what has to be done first, what was done after it.
_OF_ALL = ("timeline", "returns")  # pages of every campaign: what only they show, it need not bring
FIRST = ("issue", "action", "event", "research_topic", "visit", "suggestion", "feedback_round", "document")


@dataclass(frozen=True)
class Step:
    """A ledger to bring: whether it has come, and the pages that it brings something to."""

    ledger: str
    is_there: bool
    pages: tuple[str, ...]


def steps(view: View) -> tuple[Step, ...]:
    """What to bring, in the order in which it is of use; nothing that no page of the campaign shows."""
    known = (_step(view, name) for name in FIRST if name in ledgers_of(view))
    return tuple(one for one in known if set(one.pages) - set(_OF_ALL))


def awaited(view: View, page: str) -> tuple[Step, ...]:
    """The ledgers that a page waits for, when it has nothing to show without them; () when it has."""
    if page == "overview":
        drawn_from = dict.fromkeys(name for names in DRAWN_FROM.values() for name in names)
        return () if any(view.release.holds(name) for name in drawn_from) else steps(view)[:2]
    drawn_from = DRAWN_FROM.get(page, ())
    if any(view.release.holds(name) for name in drawn_from):
        return ()
    return tuple(_step(view, name) for name in drawn_from if name in FIRST and name in ledgers_of(view))[:2]


def says_something(view: View, name: str) -> bool:
    """Whether a meeting's usual script has a slide of an exhibit: there is something to say on it, be it that it is
    nothing any more, or something to compare with."""
    if name in _COMPARES:
        return has_a_day_before(view)
    if name == "meeting.decisions":
        return view.release.holds("extension") or _was_sent_back(view)
    needed = _SAYS_NOTHING_WITHOUT.get(name)
    return needed is None or any(view.release.holds(ledger) for ledger in needed)


def has_a_day_before(view: View) -> bool:
    """Whether anything was known on an earlier day: in its first week a campaign has no change and no trend."""
    return bool(comparison_days(view.release, view.as_of))


def _was_sent_back(view: View) -> bool:
    return any(row["reason"] == "returned" for row in view.ask("attention").records())


def is_on_page(view: View, name: str) -> bool:
    """Whether a page shows an exhibit: it has to do with the campaign, and not only that there is nothing yet."""
    if not has_exhibit(view, name):
        return False
    if name in _COMPARES:
        return has_a_day_before(view)
    needed = _LEFT_OUT_WITHOUT.get(name)
    return needed is None or any(view.release.holds(ledger) for ledger in needed)


def has_tab(view: View, page: str, name: str) -> bool:
    """Whether a page has a tab: one of whose exhibits none is there is left out."""
    shown = _TABS.get((page, name))
    return shown is None or any(is_on_page(view, one) for one in shown)


def _step(view: View, name: str) -> Step:
    words = view.t.vocabulary
    pages = tuple(page for page, names in DRAWN_FROM.items() if name in names and has_page(words, page))
    return Step(name, view.release.holds(name), pages)
