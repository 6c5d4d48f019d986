"""How long each handout takes and how large it is, for the demo and for a ledger of ten thousand measures.

    python benchmarks/handouts.py [--rows 10000] [--rounds 3] [--langs zh en both]

Times are CPU seconds of this process (medians over the rounds) and, beside them, their ratio to the time of making the
slides alone, which every handout needs; the ratios are what to compare between machines. The measures are made up.
"""

import argparse
import datetime as dt
import gc
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.showing import handouts
from taizhang.store import Store, releases
from taizhang.uploads import shipped

STATUSES = ("not_started", "in_progress", "closed")
DAY = dt.date(2019, 11, 29)


def many(store: Store, rows: int) -> None:
    """The demo with `rows` more measures, in one release."""
    shipped.init(store, "demo")
    lines = tuple(Row(number + 2, _measure(number)) for number in range(rows))
    note = releases.Note("benchmark", DAY, "虚构的措施", "Made-up measures")
    file = LedgerFile("action", "measures.csv", b"", "utf-8", lines)
    store.publish([file], note, store.live_number())


def _measure(number: int) -> dict[str, object]:
    status = STATUSES[number % len(STATUSES)]
    closed = {
        "done_on": DAY - dt.timedelta(9),
        "result_note": "制度已印发",
        "applied_on": DAY - dt.timedelta(8),
        "verified_by": "办公室",
        "closed_on": DAY - dt.timedelta(7),
    }
    return {
        "action_id": f"XN-{number:06d}",
        "content": f"完善第{number}项制度，明确责任和时限",
        "rect_type": "time_limited",
        "resp_unit": f"单位{number % 313}",
        "status": status,
        "is_demo": True,
        "started_on": DAY - dt.timedelta(60),
        "due_on": DAY + dt.timedelta(number % 90 - 30),
        **(closed if status == "closed" else {}),
    }


def measured(make) -> tuple[float, bytes]:
    gc.collect()
    start = time.process_time()
    data = make()
    return time.process_time() - start, data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--langs", nargs="+", default=["zh", "en", "both"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        demo, large = Store(Path(folder) / "demo"), Store(Path(folder) / "large")
        shipped.init(demo, "demo")
        many(large, args.rows)
        print(f"{'':22}{'handout':10}{'lang':6}{'CPU s':>8}{'ratio':>8}{'KB':>9}")
        for name, store in (("demo", demo), (f"{args.rows} more measures", large)):
            one = handouts.unplanned(store, "zh")
            handouts.showings_of(store, one, "both")  # answers are kept per release: the first asking is not the file's
            alone = statistics.median(
                measured(partial(handouts.showings_of, store, one, "zh"))[0] for _ in range(args.rounds)
            )
            for kind in handouts.KINDS:
                for lang in args.langs:
                    laps = [measured(partial(handouts.make, kind, store, one, lang)) for _ in range(args.rounds)]
                    seconds = statistics.median(lap for lap, _ in laps)
                    size = len(laps[-1][1]) / 1000
                    print(f"{name:22}{kind:10}{lang:6}{seconds:8.2f}{seconds / max(alone, 1e-3):8.1f}{size:9.0f}")


if __name__ == "__main__":
    main()
