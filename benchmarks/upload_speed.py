"""How fast a ledger goes from a file to a published release, next to the least that reading the file can take.

    python benchmarks/upload_speed.py [--rounds 3] [--million]

A made-up `action` ledger is read, checked, compared, drafted and published: first into an empty store (every row is
new), then a week later with one row in twenty changed. In the same run DuckDB's typed `read_csv` reads the same file
into a table, and pandas with pandera (where installed) reads and validates it by the same rules of single columns.
The ratios are what to compare between machines.
"""

import argparse
import csv
import datetime as dt
import gc
import importlib.metadata
import itertools
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from taizhang import uploads
from taizhang.declared import tables
from taizhang.rows import ledgers
from taizhang.rows.changes import Decisions
from taizhang.rows.comparison import PartFile, compare
from taizhang.store import Store
from taizhang.store.releases import Note
from taizhang.uploads import shipped
from taizhang.uploads.cells import readings_of
from taizhang.uploads.context import context_of_rows
from taizhang.uploads.headings import parts_of
from taizhang.uploads.sheets import sheets_of

STATUSES = ("not_started", "in_progress", "pending_verification")
COLUMNS = {
    "action_id": "VARCHAR",
    "content": "VARCHAR",
    "rect_type": "VARCHAR",
    "lead_unit": "VARCHAR",
    "resp_unit": "VARCHAR",
    "started_on": "DATE",
    "due_on": "DATE",
    "status": "VARCHAR",
    "percent": "INTEGER",
    "progress_note": "VARCHAR",
    "result_note": "VARCHAR",
    "done_on": "DATE",
    "return_count": "INTEGER",
}
LIMITS = replace(uploads.LIMITS, file_bytes=2 << 30, rows=5_000_000, cells=200_000_000)
STAGES = ("read", "check", "compare", "draft", "publish")
DAY = dt.date(2019, 9, 13)


def write(path: Path, rows: int, week: int) -> None:
    """A ledger of that many measures, with Chinese headings and labels; in later weeks every twentieth differs."""
    table = tables.ledgers()["action"]
    labels = {
        name: {one.code: one.label.zh for one in tables.code_lists()[table.column(name).codes]}
        for name in ("rect_type", "status")
    }
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.column(name).heading.zh for name in COLUMNS)
        for number in range(rows):
            status = STATUSES[number % len(STATUSES)]
            is_done, moved = status == "pending_verification", week if number % 20 == 0 else 0
            writer.writerow(
                [
                    f"CS-{number:07d}",
                    f"完善第{number}项制度，明确责任和时限",
                    labels["rect_type"]["time_limited"],
                    f"科室{number % 97}",
                    f"单位{number % 313}",
                    DAY - dt.timedelta(60 - number % 30),
                    DAY + dt.timedelta(60 + number % 90),
                    labels["status"][status],
                    (number + 7 * moved) % 101,
                    f"第{moved}周进展{number % 1009}",
                    "制度已印发" if is_done else "",
                    DAY - dt.timedelta(10) if is_done else "",
                    0,
                ]
            )


def ours(path: Path, store: Store, week: int) -> dict[str, float]:
    """Seconds of each stage from the bytes on disk to the live release."""
    clock = [time.perf_counter()]

    def lap() -> None:
        clock.append(time.perf_counter())

    data, parent = path.read_bytes(), store.live_number()
    before = store.rows_before(parent)
    sheets = sheets_of(path.name, data, limits=LIMITS)
    lap()
    parts, problems = parts_of(sheets)
    readings = readings_of(parts, context_of_rows(before))
    assert not [one for one in (*problems, *readings[0].problems) if one.severity == "error"]
    lap()
    files = [
        PartFile(part.table, path.name, data, part.encoding, reading.rows, sheet=part.sheet)
        for part, reading in zip(parts, readings, strict=True)
    ]
    comparison = compare(files, before)
    assert comparison.changes
    del before, comparison
    lap()
    note = Note("基准", DAY + dt.timedelta(7 * week), "基准", "Benchmark", "upload")
    draft = uploads.draft(store, files, note, Decisions(), parent)
    lap()
    store.publish_draft(draft)
    lap()
    return dict(zip(STAGES, (end - start for start, end in itertools.pairwise(clock)), strict=True))


def duckdb_read(path: Path) -> float:
    """Seconds that DuckDB needs to read the file into a typed table of its own."""
    start = time.perf_counter()
    with duckdb.connect(":memory:") as connection:
        headings = {tables.ledgers()["action"].column(name).heading.zh: kind for name, kind in COLUMNS.items()}
        connection.read_csv(str(path), header=True, columns=headings).create("action")
        assert connection.table("action").aggregate("count(*)").fetchall()[0][0]
    return time.perf_counter() - start


def pandera_check() -> Callable[[Path], float] | None:
    """Reads with pandas and validates with pandera, by the rules of single columns; None when not installed."""
    try:
        import pandas as pd
        import pandera.pandas as pa
    except ImportError:
        return None
    table = tables.ledgers()["action"]
    kinds = {"VARCHAR": "str", "DATE": "datetime64[ns]", "INTEGER": "Int64"}

    def column(name: str, kind: str) -> pa.Column:
        checks = []
        if table.column(name).codes:
            checks.append(pa.Check.isin([one.label.zh for one in tables.code_lists()[table.column(name).codes]]))
        if name == "percent":
            checks.append(pa.Check.in_range(0, 100))
        if name == "return_count":
            checks.append(pa.Check.ge(0))
        if name == "action_id":
            checks.append(pa.Check.str_matches(".*[A-Za-z].*"))
        is_needed = name in ("action_id", "content")
        return pa.Column(kinds[kind], checks, nullable=not is_needed, unique=name == "action_id", coerce=True)

    schema = pa.DataFrameSchema({table.column(name).heading.zh: column(name, kind) for name, kind in COLUMNS.items()})

    def check(path: Path) -> float:
        start = time.perf_counter()
        schema.validate(pd.read_csv(path, encoding="utf-8-sig"), lazy=True)
        return time.perf_counter() - start

    return check


def measure(rows: int, rounds: int, pandera: Callable[[Path], float] | None) -> None:
    names = ("every row new", "one row in twenty changed")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    theirs: dict[str, list[float]] = {"DuckDB read_csv": [], "pandas + pandera": []}
    with tempfile.TemporaryDirectory(prefix="taizhang-bench-") as folder:
        root = Path(folder)
        for week in (0, 1):
            write(root / f"{week}.csv", rows, week)
        megabytes = (root / "0.csv").stat().st_size / 1e6
        for round_number in range(rounds):
            store = Store(root / f"store{round_number}")
            store.folder.mkdir()
            store.publish(campaign(), Note("基准", DAY, "基准", "Benchmark", "first"), None)
            theirs["DuckDB read_csv"].append(duckdb_read(root / "0.csv"))
            for week, name in enumerate(names):
                found[name].append(ours(root / f"{week}.csv", store, week))
                gc.collect()
            if pandera:
                theirs["pandas + pandera"].append(pandera(root / "0.csv"))
    least = statistics.median(theirs["DuckDB read_csv"])
    print(f"\n{rows:,} rows, {megabytes:.1f} MB, {len(COLUMNS)} columns; medians of {rounds}")
    print(f"  {'':40} {'seconds':>9} {'rows/s':>11} {'× DuckDB':>9}")
    for name, times in theirs.items():
        if times:
            report(name, statistics.median(times), rows, least)
    for name, laps in found.items():
        report(f"Taizhang, {name}", statistics.median(sum(one.values()) for one in laps), rows, least)
        for stage in STAGES:
            report(f"    {stage}", statistics.median(one[stage] for one in laps), rows, least)


def campaign() -> list[ledgers.LedgerFile]:
    """The ledger every store begins with."""
    return [one for one in shipped.article_files() if one.table in ("campaign", "source", "fact")]


def report(name: str, seconds: float, rows: int, least: float) -> None:
    print(f"  {name:<40} {seconds:>9.3f} {rows / seconds:>11,.0f} {seconds / least:>9.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--million", action="store_true", help="a million rows too (needs about 6 GB of memory)")
    options = parser.parse_args()
    pandera = pandera_check()
    names = ("duckdb", "pandas", "pyarrow", *(("pandera",) if pandera else ()))
    print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in names))
    if pandera is None:
        print("pandera is not installed: its column is left out (pip install pandera)")
    print(f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} processors")
    print(f"load average before: {load_average()}")
    for rows in (1_000, 100_000, *((1_000_000,) if options.million else ())):
        measure(rows, options.rounds, pandera)
    print(f"\nload average after: {load_average()}; peak memory {peak_memory()}")


def load_average() -> str:
    return " ".join(f"{load:.2f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else "not known"


def peak_memory() -> str:
    try:
        import resource
    except ImportError:  # Windows does not tell
        return "not known"
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20):.1f} GB"


if __name__ == "__main__":
    main()
