"""A store of as many releases as wanted: the shipped demo, then weeks in which one measure moves on.

python benchmarks/many_weeks.py some/store 117 520      a copy is kept at each number, some/store-117 …
"""

import datetime as dt
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from taizhang.rows.ledgers import LedgerFile, Row  # noqa: E402
from taizhang.store import Note, Store  # noqa: E402
from taizhang.uploads import shipped  # noqa: E402

WEEK = dt.timedelta(days=7)


def make(store: Store, count: int) -> Store:
    """Publish into a store, new or not, until it has `count` releases."""
    if store.live_number() is None:
        shipped.init(store, "demo")
    live = store.live()
    key = next(key for key, row in live.rows()["action"].items() if row["status"] == "in_progress")
    while live.number < count:
        done = live.number % 100
        data = f"action_id,percent\n{key},{done}\n".encode()
        week = LedgerFile("action", f"{live.number}.csv", data, "UTF-8", (Row(2, {"action_id": key, "percent": done}),))
        live = store.publish([week], Note("基准", live.as_of + WEEK, "又一周", "One more week"), live.number)
    return store


def main(folder: str, *counts: str) -> None:
    store = Store(Path(folder))
    for count in sorted(map(int, counts)):
        make(store, count)
        shutil.copytree(folder, f"{folder}-{count}", dirs_exist_ok=True)
        print(f"{folder}-{count}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
