"""Who can have signed: the names to choose from where somebody has to say who publishes, hands out or seals."""

from taizhang.exhibits.views import View
from taizhang.showing.commitments import unit_names
from taizhang.uploads.shipped import SIGNED_BY_NOBODY

MOST = 40  # names; more are no choice any more


def signers(view: View) -> tuple[str, ...]:
    """Who signed before in this campaign, the last of them first; the office; its units in the order of their names."""
    before = [row["published_by"] for row in reversed(view.release.notes())]
    office = [row["org_name"] for row in view.ask("campaign").records()]
    names = dict.fromkeys([*before, *office, *unit_names(view)])
    return tuple(name for name in names if name and name not in SIGNED_BY_NOBODY)[:MOST]
