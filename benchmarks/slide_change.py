"""How long the room waits from a key press until the next slide is painted.

    python benchmarks/slide_change.py [--rounds 3] [--store some/store]

Presents the last meeting of the demo (or the newest open one of a given store) in Chromium at 1920 × 1080, in both
its languages, and goes through all slides, forwards and back. A wait ends in the second animation frame after the
key: the first one draws the change, when the next begins it has been painted. The same run measures how long such
two frames take when nothing changes at all; the ratio is what to compare between machines.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

from page_speed import ROOT, free_port, installed_browser, load_average, machine, store_of
from playwright.sync_api import Page, sync_playwright

MOST_MS = 200  # what the room is promised
PRESS = """
key => new Promise(done => {
  const begin = performance.now();
  if (key) window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begin)));
})
"""
PLACE = "() => document.querySelector('.tzs-deck:not([hidden]) .tzs-on .tzs-foot b').textContent.split('/').map(Number)"


@contextmanager
def running(store: Path, log: Path):
    """The board over a store, in a process of its own; yields its address."""
    port = free_port()
    code = "import sys; from taizhang.server import serve; sys.exit(serve(sys.argv[1], int(sys.argv[2])))"
    with log.open("w") as words:
        server = subprocess.Popen(
            [sys.executable, "-c", code, str(store), str(port)], cwd=ROOT, stdout=words, stderr=subprocess.STDOUT
        )
        try:
            for _ in range(600):
                with suppress(urllib.error.URLError, ConnectionError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def last_meeting(store: Path) -> str:
    """The newest open meeting, or the last one held."""
    code = (
        "import sys; from pathlib import Path; from taizhang.showing import meetings; "
        "from taizhang.store import Store; store = Store(Path(sys.argv[1]));"
        "waiting = meetings.open_meetings(store);"
        "print(waiting[-1].meeting_id if waiting else meetings.held(store)[0]['meeting_id'])"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code, str(store)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return asked.stdout.strip()


def change(page: Page, key: str) -> float:
    """Milliseconds of one change; ends the program when the key turned no slide."""
    before = page.evaluate(PLACE)[0]
    took = page.evaluate(PRESS, key)
    if page.evaluate(PLACE)[0] == before:
        raise SystemExit(f"{key} on slide {before} turned nothing")
    return took


def through_the_deck(page: Page) -> tuple[list[float], list[float]]:
    """Every slide forwards and back: how long each change took, and as many pairs of frames without one."""
    changes, idle = [], []
    count = page.evaluate(PLACE)[1]
    for key in ["PageDown"] * (count - 1) + ["PageUp"] * (count - 1):
        changes.append(change(page, key))
        idle.append(page.evaluate(PRESS, ""))
    return changes, idle


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--store", type=Path, help="the store to present; a demo store is made when none is given")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    args = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    changes, idle = [], []
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        store = options.store.resolve() if options.store else store_of(Path(scratch) / "store", None)
        browser = driver.chromium.launch(executable_path=installed_browser(), args=[*args, "--disable-dev-shm-usage"])
        print(machine(browser))
        load_before = load_average()
        with running(store, Path(scratch) / "server.log") as url:
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(f"{url}/meeting?present={last_meeting(store)}")
            page.locator("dialog.tzs[open] .tzs-on").wait_for(timeout=120_000)
            page.wait_for_timeout(2000)
            count = 0
            for _ in range(options.rounds):
                for _ in range(page.locator(".tzs-deck").count()):
                    count = max(count, page.evaluate(PLACE)[1])
                    one, other = through_the_deck(page)
                    changes += one
                    idle += other
                    page.keyboard.press("l")
        browser.close()
    print(f"{len(changes)} changes among {count} slides; load average {load_before} before, {load_average()} after")
    print(f"{'':<16}{'median':>10}{'worst':>10}")
    for name, values in (("slide change", changes), ("no change", idle)):
        print(f"{name:<16}{statistics.median(values):>7.0f} ms{max(values):>7.0f} ms")
    ratio = statistics.median(changes) / statistics.median(idle)
    print(f"ratio of the medians {ratio:.2f}; over {MOST_MS} ms: {sum(one > MOST_MS for one in changes)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
