"""The one data set of the tests: `tests/tiny`, small enough to check by hand.

Each folder of `tests/tiny` is a release, named by its as-of date; each file a ledger. The last column, `why`,
says why an odd row is there; it is not part of the ledger.
"""

import csv
import datetime as dt
import functools
import gc
import io
import logging
import os
import runpy
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import allocator
import pytest
from hypothesis import HealthCheck, settings
from ready_made import ReadyMade, go_on_as
from shipped_stores import build_article, build_demo
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import local_script_runner

from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import ledgers
from taizhang.store import Store, releases
from taizhang.ui import until_drawn

# A loaded machine is not a defect: no deadlines, and the same examples every time.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# A page that is tested without a browser looks through all that is installed for components, at every run.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

# It also looks every millisecond whether the page is drawn, and holds up who draws it.
_wait_until_drawn = local_script_runner.require_widgets_deltas


def _sleep_until_drawn(runner, timeout: float = 3) -> None:
    """The same wait, asleep until the thread that draws the page is done; what takes too long is refused as before."""
    runner._script_thread.join(timeout)
    _wait_until_drawn(runner, timeout)


local_script_runner.require_widgets_deltas = _sleep_until_drawn

# No process of a run talks to another computer: not this one, nor those that tests start.
_REACHED = Path(tempfile.mkdtemp(prefix="taizhang-alone-")) / "reached"
os.environ["TAIZHANG_REACHED_OUT"] = str(_REACHED)
_ALONE = str(Path(__file__).parent / "alone")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (_ALONE, os.environ.get("PYTHONPATH"))))
runpy.run_path(f"{_ALONE}/sitecustomize.py")  # of this process the start is over

TINY = Path(__file__).parent / "tiny"

# Longest first, so that no worker is left alone with one of them at the end. A file is run by one worker, in order.
# One of a browser and one without take turns: while a browser is waited for, the other worker has the machine.
LONGEST = (
    "tests/browser/test_everyone.py",
    "tests/test_restating.py",
    "tests/browser/test_board.py",
    "tests/test_ledger_round_trip.py",
    "tests/browser/test_upload.py",
    "tests/test_rounds.py",
    "tests/browser/test_rounds.py",
    "tests/test_deck.py",
    "tests/browser/test_present.py",
    "tests/test_upload_page.py",
    "tests/browser/test_first_run.py",
    "tests/test_frictionless_agreement.py",
    "tests/browser/test_releases.py",
    "tests/test_passports.py",
    "tests/browser/test_meeting_keeps.py",
    "tests/test_releases.py",
    "tests/browser/test_two_campaigns.py",
    "tests/test_cli_uploads.py",
    "tests/browser/test_meeting.py",
    "tests/test_upload_drafts.py",
    "tests/browser/test_wheel.py",
    "tests/test_meetings_keep.py",
    "tests/browser/test_snapshot.py",
    "tests/test_headlines.py",
    "tests/browser/test_passports.py",
    "tests/test_power.py",
    "tests/test_hardship.py",
    "tests/test_damage.py",
)


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Workers, if there will be any, get their own allocator of memory; what they start begins without it."""
    allocator.leave_to_others()
    if config.pluginmanager.hasplugin("dsession"):
        allocator.use_in_workers()


def pytest_collection_modifyitems(items):
    """Bring the files that take longest to the front; the order of tests within a file stays."""
    rank = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(rank)))


def pytest_collection_finish():
    """What was imported and collected stays to the end: to look through it again and again for what nobody needs any
    more took a twentieth of the run."""
    gc.set_threshold(20_000, 50, 100)


def tiny_files(folder: Path, scratch: Path) -> list[ledgers.LedgerFile]:
    """The ledger files of one release of the tiny data set, referred-to tables first, without `why`."""
    files = []
    for table in declared_ledgers().values():
        path = folder / f"{table.name}.csv"
        if path.exists():
            lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
            keep = [place for place, heading in enumerate(lines[0]) if heading != "why"]
            bare = scratch / path.name
            with bare.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([line[place] for place in keep] for line in lines)
            files.append(ledgers.read(bare, table))
    return files


def publish_tiny(store: Store, scratch: Path, weeks: int | None = None) -> Store:
    """Publish every release of the tiny data set into `store`, or those of the first weeks only."""
    scratch.mkdir(parents=True, exist_ok=True)
    parent = None
    for folder in sorted(path for path in TINY.iterdir() if path.is_dir())[:weeks]:
        note = releases.Note(
            by="测试",
            as_of=dt.date.fromisoformat(folder.name),
            zh=f"第 {folder.name} 周",
            en=f"Week {folder.name}",
            kind="upload" if parent else "first",
        )
        parent = store.publish(tiny_files(folder, scratch), note, parent).number
    return store


def build_tiny(store: Store) -> Store:
    """Publish every release of the tiny data set into a new store."""
    with tempfile.TemporaryDirectory() as scratch:
        return publish_tiny(store, Path(scratch))


class _Heard(logging.Handler):
    """What was logged of errors that nobody foresaw."""

    def __init__(self):
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(scope="session", autouse=True)
def nobody_reached_out():
    """Fails the run when a process of it would have talked to another computer, whatever it made of the refusal."""
    yield _REACHED
    said = _REACHED.read_text(encoding="utf-8") if _REACHED.exists() else ""
    shutil.rmtree(_REACHED.parent, ignore_errors=True)
    assert said == ""


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Without a browser a page is there as soon as it is drawn: what comes then is no click on the page before."""
    monkeypatch.setattr(until_drawn, "LATE_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def unforeseen():
    """Errors that a page met with a sentence; a test that wants one takes it off the list, any other fails of it."""
    heard, log = _Heard(), logging.getLogger("taizhang.ui.aloud")
    log.addHandler(heard)
    yield heard.records
    log.removeHandler(heard)
    assert [logging.Formatter().format(one) for one in heard.records] == []


@pytest.fixture(scope="session")
def ready_made(request):
    """`ready_made(name, make)` is a store made once for the whole run; see `ready_made.py`. Copy it to publish."""
    stores = ReadyMade(request.config.cache.mkdir("stores"))
    yield stores
    stores.assert_untouched()


@pytest.fixture(scope="session")
def tiny_store(ready_made) -> Store:
    """A store that holds every release of the tiny data set. Tests must not publish into it."""
    return ready_made("tiny", build_tiny)


@pytest.fixture(scope="session")
def tiny(tiny_store) -> releases.Release:
    """The newest release of the tiny data set."""
    return tiny_store.live()


def publish_newer(store: Store) -> releases.Release:
    """A week later: one measure says how it goes on."""
    cells = {"action_id": "CS-002", "progress_note": "已定场地"}
    data = "\n".join(",".join(line) for line in (cells, cells.values())).encode()  # as a rebuild reads it again
    file = ledgers.LedgerFile("action", "周报.csv", data, "UTF-8", (ledgers.Row(2, cells),))
    return store.publish([file], releases.Note("测试", dt.date(2019, 10, 18), "周报", "Weekly"), store.live_number())


@pytest.fixture(scope="session")
def newer_store(tiny_store, ready_made) -> Store:
    """The tiny store a week later, which a copy of it may go on as. Tests must not publish into it."""
    return ready_made("tiny_newer", publish_newer, tiny_store)


@pytest.fixture
def newer(store, newer_store) -> Callable[[], releases.Release]:
    """A function: newer() is the release of the week after the tiny data, live in the test's `store` from then on."""
    return lambda: go_on_as(store, newer_store).live()


def build_two_weeks(store: Store) -> Store:
    """The first two releases of the tiny data set, for what is no other for a third."""
    with tempfile.TemporaryDirectory() as scratch:
        return publish_tiny(store, Path(scratch), weeks=2)


@pytest.fixture(scope="session")
def two_weeks_store(ready_made) -> Store:
    """A store that holds the first two releases of the tiny data set. Tests must not publish into it."""
    return ready_made("tiny_two_weeks", build_two_weeks)


@pytest.fixture(scope="session")
def article_store(ready_made) -> Store:
    """A store that holds what the source article says, and no more."""
    return ready_made("article", build_article)


@pytest.fixture(scope="session")
def demo_store(ready_made) -> Store:
    """A store that holds the article and the made-up weeks."""
    return ready_made("demo", build_demo)
