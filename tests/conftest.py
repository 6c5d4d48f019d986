"""The one data set of the tests: `tests/tiny`, small enough to check by hand.

Each folder of `tests/tiny` is a release, named by its as-of date; each file a ledger. The last column, `why`,
says why an odd row is there; it is not part of the ledger.
"""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from shipped_stores import build_article, build_demo

from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import ledgers
from taizhang.store import Store, releases

# A loaded machine is not a defect: no deadlines, and the same examples every time.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

TINY = Path(__file__).parent / "tiny"


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


def publish_tiny(store: Store, scratch: Path) -> Store:
    """Publish every release of the tiny data set into `store`."""
    scratch.mkdir(parents=True, exist_ok=True)
    parent = None
    for folder in sorted(path for path in TINY.iterdir() if path.is_dir()):
        note = releases.Note(
            by="测试",
            as_of=dt.date.fromisoformat(folder.name),
            zh=f"第 {folder.name} 周",
            en=f"Week {folder.name}",
            kind="upload" if parent else "first",
        )
        parent = store.publish(tiny_files(folder, scratch), note, parent).number
    return store


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory) -> Store:
    """A store that holds every release of the tiny data set. Tests must not publish into it."""
    root = tmp_path_factory.mktemp("tiny")
    return publish_tiny(Store(root / "store"), root / "files")


@pytest.fixture(scope="session")
def tiny(tiny_store) -> releases.Release:
    """The newest release of the tiny data set."""
    return tiny_store.live()


@pytest.fixture(scope="session")
def article_store(tmp_path_factory) -> Store:
    """A store that holds what the source article says, and no more."""
    store = Store(tmp_path_factory.mktemp("article"))
    build_article(store)
    return store


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory) -> Store:
    """A store that holds the article and the made-up weeks."""
    store = Store(tmp_path_factory.mktemp("demo"))
    build_demo(store)
    return store
