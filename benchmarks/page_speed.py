"""How long a reader waits, next to the least a Streamlit page can take on the same machine just then.

    python benchmarks/page_speed.py [--rounds 5] [--store some/store | --releases 520]

Three waits, each from the reader's action to the last frame in which something on the page still changed:
the first visit with an empty browser, another district, another page. The board and the bare page take
turns, under the same server settings, so that a busy machine slows both; the ratios are what to compare
between machines.
"""

import argparse
import contextlib
import importlib.metadata
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT))
import many_weeks  # noqa: E402
from prepare_browser import installed_browser  # noqa: E402

from taizhang.store import Store  # noqa: E402
from taizhang.uploads import shipped  # noqa: E402

# Where the two things a reader clicks are found; the same for the board and for the bare page.
DISTRICT = ".st-key-district"
CHOICE = '[role="option"]'
PAGE_LINK = '[data-testid="stSidebarNavLink"], [data-testid="stTopNavLink"]'

AFTER_START, FIRST_VISIT, FILTER, PAGE = "after a start", "first visit", "filter change", "page change"
WAITS = (FIRST_VISIT, FILTER, PAGE, AFTER_START)
STARTS = 3  # of each server, for the first visit after a start
QUIET_MS = 500  # nothing changed for so long: the page is finished
FILTER_CHANGES = 3  # per round

# Watches the page from the inside, so that the browser driver's own delays are in no number. A frame counts
# as changed when the main part of the page was altered, or text was drawn on a canvas there, since the frame
# before. The sidebar and what is said to screen readers are left out: a closing drop-down is not an answer.
# `answers` counts what came from the server since the reader's action.
PROBE = """
(() => {
  const probe = window.__probe = {start: 0, painted: 0, answers: 0, changed: false, armed: false};
  const inMain = node => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    return !!element && !!element.closest('[data-testid="stMain"]');
  };
  new MutationObserver(records => {
    if (!probe.changed) probe.changed = records.some(record => inMain(record.target));
  }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const fillText = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (...args) {
    if (inMain(this.canvas)) probe.changed = true;
    return fillText.apply(this, args);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', () => { probe.answers += 1; });
    }
  };
  document.addEventListener('pointerdown', () => {
    if (!probe.armed) return;
    Object.assign(probe, {start: performance.now(), painted: 0, answers: 0, changed: false});
  }, true);
  const frame = () => {
    if (probe.changed) { probe.changed = false; probe.painted = performance.now(); }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})();
"""

FINISHED = """
quiet => {
  const probe = window.__probe;
  const app = document.querySelector('[data-testid="stApp"]');
  const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
  return probe.answers > 0 && probe.painted > 0 && app && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
    && charts.every(chart => chart.querySelector('.main-svg'))
    && performance.now() - probe.painted > quiet;
}
"""


@dataclass
class Subject:
    """One of the two things measured: its server, and what was measured of it."""

    name: str
    command: list[str]
    url: str = ""
    pid: int = 0
    waits: dict[str, list[float]] = field(default_factory=lambda: {wait: [] for wait in WAITS})
    server_ms: dict[str, list[float]] = field(default_factory=lambda: {wait: [] for wait in WAITS})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def store_of(path: Path, releases: int | None) -> Path:
    """A fresh store: the shipped demo, or the demo and as many weeks more as make that number of releases."""
    store = Store(path)
    shipped.init(store, "demo")
    many_weeks.make(store, releases or 0)
    return path


def subjects(store: Path) -> list[Subject]:
    """The bare page and the board, in that order; both read .streamlit/config.toml of the repository."""
    bare = [sys.executable, "-m", "streamlit", "run", str(ROOT / "benchmarks" / "bare" / "bare.py"), "--server.port"]
    command = [
        sys.executable,
        "-c",
        "from taizhang.begin import command; command()",
        "run",
        "--store",
        str(store),
        "--port",
    ]
    return [Subject("bare Streamlit", bare), Subject("Taizhang", command)]


@contextlib.contextmanager
def running(subject: Subject, log: Path) -> Iterator[None]:
    """Starts the subject's server on a free port of this computer, and stops it."""
    port = free_port()
    subject.url = f"http://127.0.0.1:{port}"
    with log.open("w") as words:
        server = subprocess.Popen([*subject.command, str(port)], cwd=ROOT, stdout=words, stderr=subprocess.STDOUT)
        subject.pid = server.pid
        try:
            wait_until_ready(subject, server, log)
            yield
        finally:
            server.terminate()
            server.wait()


def wait_until_ready(subject: Subject, server: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{subject.url}/_stcore/health", timeout=5)
            return
        time.sleep(0.1)
    raise SystemExit(f"{subject.name} did not start:\n{log.read_text(errors='replace')}")


def server_cpu_ms(pid: int) -> float | None:
    """Processor time the server has used so far; None where there is no /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def finish(page: Page) -> float:
    """Waits until the page stands still; milliseconds from the reader's action to the last changed frame."""
    page.wait_for_function(FINISHED, arg=QUIET_MS, timeout=120_000)
    return page.evaluate("() => window.__probe.painted - window.__probe.start")


def choose_district(page: Page, choice: int) -> None:
    """Opens the district control and picks its n-th choice; the clock starts when that choice is pressed."""
    page.locator(DISTRICT).locator('input, [role="combobox"]').first.click()
    options = page.locator(CHOICE)
    options.first.wait_for()
    page.evaluate("() => { window.__probe.armed = true }")
    options.nth(choice % options.count()).click()


def open_page(page: Page, link: int) -> None:
    page.evaluate("() => { window.__probe.armed = true }")
    page.locator(PAGE_LINK).nth(link).click()


def measure(subject: Subject, page: Page, wait: str, action) -> None:
    """Does the action, waits for the page, and notes how long the reader and the server were busy with it."""
    before = server_cpu_ms(subject.pid)
    action()
    subject.waits[wait].append(finish(page))
    after = server_cpu_ms(subject.pid)
    if before is not None and after is not None:
        subject.server_ms[wait].append(after - before)
    page.evaluate("() => { window.__probe.armed = false }")


def visit(subject: Subject, browser: Browser) -> None:
    """One reader with an empty browser: arrives, looks at some districts, turns to another page and back."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(PROBE)
    page = context.new_page()
    measure(subject, page, FIRST_VISIT, lambda: page.goto(subject.url, wait_until="commit"))
    for choice in range(1, FILTER_CHANGES + 1):
        measure(subject, page, FILTER, lambda choice=choice: choose_district(page, choice))
    for link in (1, 0):
        measure(subject, page, PAGE, lambda link=link: open_page(page, link))
    context.close()


def visit_after_start(subject: Subject, browser: Browser, log: Path) -> None:
    """The first reader of a server that has just started: the wait, and all the server did until then."""
    with running(subject, log):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_init_script(PROBE)
        page = context.new_page()
        page.goto(subject.url, wait_until="commit")
        subject.waits[AFTER_START].append(finish(page))
        used = server_cpu_ms(subject.pid)
        if used is not None:
            subject.server_ms[AFTER_START].append(used)
        context.close()


def forget(subject: Subject) -> None:
    """Throws away what was measured so far (the first round only wakes both servers up)."""
    for noted in (subject.waits, subject.server_ms):
        for values in noted.values():
            values.clear()


def cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def load_average() -> str:
    return " ".join(f"{load:.2f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else "not known"


def machine(browser: Browser) -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("streamlit", "duckdb", "plotly"))
    return (
        f"{os.cpu_count()} × {cpu_name()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Chromium {browser.version}, {versions}"
    )


def report(bare: Subject, board: Subject) -> str:
    """The medians side by side, with the board's ratio to the bare page."""
    lines = [f"{'median':<16}{bare.name:>16}{board.name:>16}{'ratio':>8}     server CPU (mean): bare, board, ratio"]
    for wait in WAITS:
        one, other = (statistics.median(subject.waits[wait]) for subject in (bare, board))
        line = f"{wait:<16}{one:>13.0f} ms{other:>13.0f} ms{other / one:>8.2f}"
        if bare.server_ms[wait]:
            cpu, board_cpu = (statistics.mean(subject.server_ms[wait]) for subject in (bare, board))
            ratio = f"{board_cpu / cpu:.2f}" if cpu else "–"
            line += f"     {cpu:.0f} ms, {board_cpu:.0f} ms, {ratio}"
        lines.append(line)
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--releases", type=int, help="make a store of this many releases; takes a second each")
    parser.add_argument("--store", type=Path, help="the store to open; a demo store is made when none is given")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    args = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with contextlib.ExitStack() as open_things:
        scratch = Path(open_things.enter_context(tempfile.TemporaryDirectory()))
        store = options.store.resolve() if options.store else store_of(scratch / "store", options.releases)
        bare, board = both = subjects(store)
        driver = open_things.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=installed_browser(), args=[*args, "--disable-dev-shm-usage"])
        print(machine(browser))
        load_before = load_average()
        for _ in range(STARTS):
            for subject in both:
                visit_after_start(subject, browser, scratch / "start.log")
        after_start = [(subject.waits.pop(AFTER_START), subject.server_ms.pop(AFTER_START)) for subject in both]
        for number, subject in enumerate(both):
            open_things.enter_context(running(subject, scratch / f"{number}.log"))
        for round_number in range(options.rounds + 1):
            for subject in both if round_number % 2 else reversed(both):
                visit(subject, browser)
                if round_number == 0:
                    forget(subject)
        for subject, (waits, server_ms) in zip(both, after_start, strict=True):
            subject.waits[AFTER_START], subject.server_ms[AFTER_START] = waits, server_ms
        print(f"{Store(store).live_number()} releases; first visit after {STARTS} starts each")
        print(f"{options.rounds} rounds in turns; load average {load_before} before, {load_average()} after")
        print(report(bare, board))
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
