"""What a click opens: the row that a mark of a drawing or a line of a list stands for."""

from collections.abc import Callable

from taizhang.exhibits import Exhibit, coverage, overview, rectification, review, timeline
from taizhang.exhibits.views import View

# Kind of pick → what it opens; a pick is a kind and a key, `action:CS-05`.
_OPENED: dict[str, Callable[[View, str], Exhibit | None]] = {
    "action": rectification.history,
    "extension": rectification.extended,
    "unit": overview.measures_of_unit,
    "issue": review.issue,
    "event": timeline.happening,
    "town": coverage.town,
}


def opened(view: View, picked: str) -> Exhibit | None:
    """The exhibit of what was picked; None where that is no row, or there is no such row."""
    kind, _, key = picked.partition(":")
    return _OPENED[kind](view, key) if kind in _OPENED else None
