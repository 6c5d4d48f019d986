"""What it costs to publish one changed row, for a new day and for one that has passed, and to ask for the key figures,
in stores of different age.

    python benchmarks/publish_cost.py some/store-13 some/store-520 [--rounds 5]

Processor time, not time on the clock: a busy machine disturbs it least. `many_weeks.py` makes the stores.
"""

import argparse
import datetime as dt
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from taizhang import uploads  # noqa: E402
from taizhang.declared import queries  # noqa: E402
from taizhang.evidence.conclusions import conclusions_of  # noqa: E402
from taizhang.exhibits.views import Choices  # noqa: E402
from taizhang.rows.changes import Decisions  # noqa: E402
from taizhang.store import Note, Store, drafts, engine  # noqa: E402
from taizhang.store.standing import in_force  # noqa: E402

WEEK = dt.timedelta(days=7)
ASKED = 20  # times, after three that only warm up
BACK = (1, 5)  # days in force after the one that is corrected: as many releases more


def measure_in_progress(store: Store) -> str:
    """The key of a measure that can be said to have come further."""
    return next(key for key, row in store.live().rows()["action"].items() if row["status"] == "in_progress")


def one_row(key: str, percent: int) -> bytes:
    return f"措施编号,进度%\n{key},{percent}\n".encode()


def next_week(store: Store) -> dt.date:
    return store.live().as_of + WEEK


def days_ago(store: Store, back: int) -> dt.date:
    """The day in force with so many others after it."""
    return [*in_force(store.live())][-1 - back]


def as_the_page_does(store: Store, data: bytes, day: dt.date) -> None:
    """Check, draft, note, conclusions, publish."""
    checked = uploads.check(store, [("周报.csv", data)])
    draft = uploads.draft(store, checked.files, None, Decisions(), checked.parent, checked.applied)
    draft = drafts.say(draft, Note("基准", day, "一周", "A week"))
    conclusions_of(store, draft, Choices())
    store.publish_draft(draft)


def with_the_command(store: Store, data: bytes, scratch: Path) -> None:
    path = scratch / "周报.csv"
    path.write_bytes(data)
    day = next_week(store).isoformat()
    code = "from taizhang.begin import command; command()"
    said = ["publish", str(path), "--as-of", day, "--note", "一周", "--by", "基准", "--store", str(store)]
    as_installed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *said]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=as_installed)


def cpu_ms(act: Callable[[], object]) -> float:
    """Processor time of this process and of the commands it started."""
    before = os.times()
    act()
    after = os.times()
    return 1000 * sum(after[place] - before[place] for place in range(4))


def kpis_ms(store: Store) -> float:
    """The median processor time of the question, asked anew each time."""
    live, query = store.live(), queries.answers()["kpis"]
    terms = {name: term.sql for name, term in queries.terms().items()}
    times = []
    for _ in range(3 + ASKED):
        before = time.process_time()
        engine.ask(live.on_disk, query.sql, {"as_of": live.as_of}, terms=terms)
        times.append(1000 * (time.process_time() - before))
    return statistics.median(times[3:])


def measured(folder: Path, rounds: int) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(shutil.copytree(folder, Path(scratch) / "store"))
        count, key = store.live_number(), measure_in_progress(store)
        as_the_page_does(store, one_row(key, 1), next_week(store))  # wakes this process up
        page, command, corrected = [], [], {back: [] for back in BACK}
        for number in range(2, rounds + 2):
            day, data = next_week(store), one_row(key, number)
            page.append(cpu_ms(lambda day=day, data=data: as_the_page_does(store, data, day)))
            data = one_row(key, 50 + number)
            command.append(cpu_ms(lambda data=data: with_the_command(store, data, Path(scratch))))
            for back, times in corrected.items():
                day, data = days_ago(store, back), one_row(key, 70 + 2 * number + (back > 1))
                times.append(cpu_ms(lambda day=day, data=data: as_the_page_does(store, data, day)))
        figures = [statistics.median(one) for one in (page, command, *corrected.values())] + [kpis_ms(store)]
    return f"{count:>8}" + "".join(f"{one:>12.0f} ms" for one in figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stores", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(f"load average {' '.join(f'{load:.2f}' for load in os.getloadavg())}")
    heads = ("page", "command", *(f"{back} back" for back in BACK), "kpis")
    print(f"{'releases':>8}" + "".join(f"{head:>15}" for head in heads))
    for folder in options.stores:
        print(measured(folder, options.rounds), flush=True)


if __name__ == "__main__":
    main()
