"""What a click opens: the row that a mark of a drawing or a line of a list stands for."""

from collections.abc import Callable
from functools import partial

from taizhang.exhibits import Exhibit, coverage, one_row, overview, rectification, review, study, suggestions, timeline
from taizhang.exhibits.views import View


def listed(view: View, key: str, question: str, column: str, title: str, **params: str | None) -> Exhibit | None:
    """A row of a list that no page tells more of: its fields. `question` lists it, `column` holds its key."""
    return one_row(view, "opened.listed", view.ask(question, **params), column, key, title)


# Kind of pick → what it opens; a pick is a kind and a key, `action:CS-05`.
_OPENED: dict[str, Callable[[View, str], Exhibit | None]] = {
    "action": rectification.history,
    "extension": rectification.extended,
    "unit": overview.measures_of_unit,
    "measures": rectification.measures,
    "overdue": rectification.overdue,
    "issue": review.issue,
    "closed": rectification.closed,
    "class": review.of_class,
    "kind": study.of_kind,
    "recorded": study.recorded,
    "disposition": suggestions.of_disposition,
    "event": timeline.happening,
    "town": coverage.town,
    "suggestion": partial(listed, question="suggestions", column="suggestion_id", title="content", district=None),
    "research_topic": partial(listed, question="topics", column="topic_id", title="title"),
    "proposal": partial(listed, question="proposals", column="proposal_id", title="content"),
    "document": partial(listed, question="documents", column="document_id", title="title", page=None),
}


def opened(view: View, picked: str) -> Exhibit | None:
    """The exhibit of what was picked; None where that is no row, or there is no such row."""
    kind, _, key = picked.partition(":")
    return _OPENED[kind](view, key) if kind in _OPENED else None
