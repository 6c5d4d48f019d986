"""What each scope shows, made ready before somebody comes: after a publish, and when an account is held to another.

A thread of its own looks every second whether an account or a campaign is another, also by a command in another
process. It makes one release after another and waits for whoever publishes: nobody waits for it.
"""

import logging
import threading

from taizhang.access import roles
from taizhang.access.people import People
from taizhang.store import NoRelease, Unreadable, disk, narrowed
from taizhang.store.campaigns import Campaigns
from taizhang.store.turnstile import PUBLISHES

_LOG = logging.getLogger(__name__)

LOOKS_EVERY = 1.0  # seconds
PAUSE = 0.1  # seconds after each release: pages go first


def scopes_of(people: People) -> frozenset[tuple[str, ...]]:
    """The districts and units that somebody is held to who can sign in."""
    held = (roles.held_to(one) for one in people.all() if not one.is_disabled)
    return frozenset(tuple(one) for one in held if one is not None)


def make_ready(known: Campaigns, people: People, stopped: threading.Event) -> None:
    """Make all that is lacking, unless it is stopped, and take away what is of no use any more."""
    scopes = scopes_of(people)
    for one in known.all():
        for keys in sorted(scopes):
            try:
                while not stopped.is_set() and narrowed.prepare(one.store, keys):
                    PUBLISHES.until_empty(60)
                    stopped.wait(PAUSE)
            except (NoRelease, Unreadable, OSError) as error:  # whoever comes is told so by the page
                _LOG.warning("the releases of a scope were not made ready: %s", error)
    if not stopped.is_set():
        narrowed.sweep(known, scopes)


def watch(known: Campaigns, stopped: threading.Event) -> None:
    """Look again and again until it is stopped."""
    people, seen = People(known.folder), None
    while not stopped.wait(LOOKS_EVERY):
        now = _as_it_is(known, people)
        if now != seen and people.is_configured():
            make_ready(known, people, stopped)
            seen = now


def _as_it_is(known: Campaigns, people: People) -> tuple:
    """What changes with every account and every publish, without a file being opened but `LIVE`."""
    accounts = tuple((name, people.stamp(name)) for name in people.names())
    return accounts, tuple((one.name, disk.live_said(one.store.folder)) for one in known.all())
