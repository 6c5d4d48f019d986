"""What a first visit with a scope costs, and what a publish leaves to be made ready, at 13 and 117 releases.

    python benchmarks/first_visit.py

CPU seconds of this process, on the demo and on the demo with two more years of weeks.
"""

import datetime as dt
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from shipped_stores import build_demo  # noqa: E402

from taizhang.exhibits.views import Choices, look  # noqa: E402
from taizhang.rows.ledgers import LedgerFile, Row  # noqa: E402
from taizhang.store import Note, Store, releases  # noqa: E402
from taizhang.store.narrowed import narrowed, prepare  # noqa: E402

UNIT, WEEKS = "干部科", 104


def more_weeks(store: Store) -> None:
    live = store.live()
    key = next(iter(live.rows()["action"]))
    for week in range(1, WEEKS + 1):
        cells = {"action_id": key, "progress_note": f"第 {week} 周"}
        file = LedgerFile("action", "week.csv", str(cells).encode(), "UTF-8", (Row(2, cells),))
        note = Note("测试", live.as_of + dt.timedelta(weeks=week), "周", "Week")
        store.publish([file], note, store.live_number())


def seconds(work) -> float:
    began = time.process_time()
    work()
    return round(time.process_time() - began, 2)


def visit(store: Store) -> None:
    view = look(narrowed(store, [UNIT]), Choices())
    view.ask("kpis")
    view.trend("K01")


def make_all_ready(store: Store) -> None:
    while prepare(store, [UNIT]):
        pass


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(Path(scratch) / "store")
        build_demo(store)
        for grow in (lambda: None, lambda: more_weeks(store)):
            grow()
            releases.forget_opened()
            store.live().rows()
            shutil.rmtree(store.folder / "access", ignore_errors=True)
            first = seconds(lambda: visit(store))
            again = seconds(lambda: visit(store))
            ready = seconds(lambda: make_all_ready(store))
            print(
                f"{store.live_number()} releases: first visit {first} s, the next {again} s, all made ready {ready} s"
            )


if __name__ == "__main__":
    main()
