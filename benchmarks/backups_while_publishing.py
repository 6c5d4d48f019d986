"""Backups taken while another process publishes: each restores to a whole store that answers as it did.

    python benchmarks/backups_while_publishing.py --publishes 50

Another process publishes one week after another, and puts old releases away now and then; this one backs up again and
again. Then every moment is restored into a new folder, and everything in it is looked at.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from taizhang.showing.upkeep import verify  # noqa: E402
from taizhang.store import Store, backups, disk  # noqa: E402
from taizhang.store.campaigns import Campaigns  # noqa: E402

PUBLISHING = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests"]
from test_restating import DAYS, publish
from taizhang.showing.upkeep import thin
from taizhang.store import Store
store = Store(Path(sys.argv[2]))
for turn in range(int(sys.argv[3])):
    publish(store, DAYS[turn % len(DAYS)], {"CS-1": {"percent": turn % 100}})
    if turn % 5 == 4:
        thin(store, 0, "backup")
"""


def tried(scratch: Path, publishes: int, pause: float = 0.0) -> tuple[list[int], int]:
    """The newest release of each moment that was restored and found whole, in their order, and how many releases there
    are in the end. Raises `AssertionError` for a moment that is not whole."""
    store, place = Store(scratch / "store"), scratch / "kept"
    said = [sys.executable, "-c", PUBLISHING, str(ROOT), str(store.folder), str(publishes)]
    at_work = subprocess.Popen(said)
    try:
        while at_work.poll() is None:
            if disk.live_said(store.folder):
                backups.back_up(Campaigns(store.folder), place)
                time.sleep(pause)
    finally:
        at_work.kill()
        at_work.wait()
    assert at_work.returncode == 0
    backups.back_up(Campaigns(store.folder), place)
    looked_at: set[str] = set()
    reached, now = [], {number: store.release(number).rows() for number in store.numbers()}
    found = backups.moments(place)
    for turn, moment in enumerate(found):  # to restore one reads every byte of it, and every row of what was put away
        back = backups.restore(place, scratch / f"back{turn}", moment.name).named("main").store
        for path in sorted((back.folder / "releases").glob("*.*")):  # what was looked at once, need not be again
            if path.suffix in (".duckdb", ".away") and (said := disk.sha256_of(path)) not in looked_at:
                looked_at.add(said)
                number = int(path.stem)
                assert back.release(number).rows() == now[number], (moment.name, number)
        reached.append(back.live_number())
        damage = [one for one in verify(back) if not one.is_harmless] if moment == found[-1] else []
        assert damage == [], (moment.name, damage)
        shutil.rmtree(back.folder)
    return reached, store.live_number()


def main() -> None:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--publishes", type=int, default=50)
    command.add_argument("--pause", type=float, default=1.5, help="seconds between two backups")
    asked = command.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        reached, last = tried(Path(scratch), asked.publishes, asked.pause)
    print(f"{len(reached)} moments, all whole, up to releases {sorted(set(reached))}; {last} releases in the end")


if __name__ == "__main__":
    main()
