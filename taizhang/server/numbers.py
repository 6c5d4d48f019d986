"""The page of numbers that a program asks for again and again (`/metrics`), in the text format of Prometheus.

Few, and each of them something that was counted: no name of a person, nothing of the ledgers.
"""

from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from taizhang import __version__
from taizhang.declared.root import data_folder
from taizhang.server import reception
from taizhang.server.journal import COUNTED, Counted
from taizhang.store import Store, Unreadable
from taizhang.store.campaigns import Campaigns
from taizhang.store.turnstile import ALL

TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def metrics(request: Request) -> PlainTextResponse:
    """All of them as they are now."""
    desk = reception.current()
    text = "\n".join([*lines(COUNTED, desk.sessions.count(), Campaigns(data_folder())), ""])
    return PlainTextResponse(text, headers={"Content-Type": TYPE, "Cache-Control": "no-store"})


def lines(counted: Counted, sessions: int, known: Campaigns) -> Iterator[str]:
    """The lines of the page."""
    yield from _one("build_info", "gauge", "The version that runs.", [(f'{{version="{__version__}"}}', 1)])
    yield from _one("started_seconds", "gauge", "When the server started, since 1970.", [("", round(counted.began, 3))])
    answered = [(f'{{status="{status}"}}', count) for status, count in sorted(counted.requests.items())]
    yield from _one("requests_total", "counter", "Requests answered, by the kind of answer.", answered)
    seconds = [("", round(counted.seconds, 3))]
    yield from _one("request_seconds_total", "counter", "Seconds that these took, to the last byte.", seconds)
    yield from _one("sockets", "gauge", "Pages that are open now.", [("", counted.sockets)])
    yield from _one("sessions", "gauge", "Browsers that are signed in.", [("", sessions)])
    inside = [(f'{{what="{one.what}"}}', one.inside) for one in ALL]
    yield from _one("under_way", "gauge", "Files being read or made, questions and publishes, now.", inside)
    away = [(f'{{what="{one.what}"}}', one.turned_away) for one in ALL if one.most or one.most_of_one]
    yield from _one(
        "turned_away_total",
        "counter",
        "Files that were not read or made, and questions that were not asked, for others were.",
        away,
    )
    releases = [(f'{{campaign="{one.name}"}}', _live(one.store)) for one in known.all()]
    yield from _one("release", "gauge", "The release that is live, 0 for none or one that cannot be told.", releases)


def _one(name: str, kind: str, said: str, values: Iterable[tuple[str, object]]) -> Iterator[str]:
    yield f"# HELP taizhang_{name} {said}"
    yield f"# TYPE taizhang_{name} {kind}"
    for labels, value in values:
        yield f"taizhang_{name}{labels} {value}"


def _live(store: Store) -> int:
    try:
        return store.live_number() or 0
    except (OSError, Unreadable):
        return 0
