"""What a browser test starts from: the real server on this computer, and a page that is watched."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import allocator
import pytest
from playwright.sync_api import LocatorAssertions, TimeoutError, expect
from playwright.sync_api._generated import mapping
from prepare_browser import installed_browser, quick_browser
from reading import wait_until_settled

from taizhang.store import Store

PATIENCE_MS = 20_000  # what a busy machine may take to draw; only a missing thing reaches it
expect.set_options(timeout=PATIENCE_MS)

# An expectation that is not met yet is looked at again and again, and every time the whole page is read aloud for what
# is said should it fail: a tenth and more of what test_board takes. What is to be seen is waited for in silence first.
_to_be_visible = LocatorAssertions.to_be_visible


def _wait_then_expect(self, **options) -> None:
    if not self._impl_obj._is_not:
        with suppress(TimeoutError):
            locator = mapping.from_impl(self._impl_obj._actual_locator)
            locator.wait_for(timeout=options.get("timeout", PATIENCE_MS))
    _to_be_visible(self, **options)


LocatorAssertions.to_be_visible = _wait_then_expect

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60  # seconds; only a stuck server reaches it
WINDOW = {"width": 1280, "height": 720}  # as a new tab has it
SERVER = ROOT / "tests" / "watched_server.py"


def pytest_collection_modifyitems(items):
    """Every test in this folder is a browser test, whether its author remembered the mark or not."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The installed browser, told not to talk to its maker: a test must see the product's requests only."""
    executable = quick_browser()
    if executable is None:
        pytest.fail("no Chromium or Chrome: run python tests/prepare_browser.py")
    args = [
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--js-flags=--no-opt --no-maglev",  # pages that live a few seconds never earn back what optimizing them costs
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a test run must not send anything elsewhere
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
    return {**browser_type_launch_args, "executable_path": executable, "args": args}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url: str, server: subprocess.Popen, log: Path) -> None:
    """Returns when /healthz answers 200; fails with the server's own words when it never does."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the server at {url} did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


class Server:
    """The product as people start it, in a process of its own, over one store after another."""

    def __init__(self, store: Store, folder: Path):
        self.store, self.url = store, f"http://127.0.0.1:{(port := free_port())}"
        self.log, self._said = folder / f"{port}.log", folder / f"{port}.serves"
        with self.log.open("w") as words:
            self.process = subprocess.Popen(
                [sys.executable, str(SERVER), str(store), str(port), str(self._said)],
                cwd=ROOT,
                env=allocator.environment_of_a_board(ROOT, store),
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def turn_to(self, store: Store) -> None:
        """Serve another store from now on."""
        if store == self.store:
            return
        self.process.stdin.write(f"{store}\n")
        self.process.stdin.flush()
        deadline = time.monotonic() + READY_WITHIN
        while not (self._said.exists() and self._said.read_text(encoding="utf-8") == str(store)):
            assert time.monotonic() < deadline, f"the server at {self.url} did not turn to {store}"
            time.sleep(0.01)
        self.store = store


@contextmanager
def running(store: Store, folder: Path):
    """A server, from when it is ready until its test is done; it must have talked to nobody else."""
    server = Server(store, folder)
    try:
        wait_until_ready(server.url, server.process, server.log)
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()
        server.process.stdin.close()
    said = server.log.read_text(encoding="utf-8", errors="replace")
    assert "TALKS TO" not in said, f"the server talked to another computer:\n{said}"
    assert "unforeseen error" not in said, f"a page met an error that nobody foresaw:\n{said}"


@pytest.fixture(scope="session")
def serve_store(tmp_path_factory):
    """A function: serve_store(store) → http://127.0.0.1:port, where that store is served until another one is.

    One server for all, stopped at the end: to start one takes longer than most tests.
    """
    folder = tmp_path_factory.mktemp("server")
    with ExitStack() as open_ones:
        servers: list[Server] = []

        def serve(store: Store) -> str:
            if not servers:
                servers.append(open_ones.enter_context(running(store, folder)))
            servers[0].turn_to(store)
            return servers[0].url

        yield serve


@pytest.fixture
def started(tmp_path):
    """A function: a context manager with the address of a server that a command starts, given how Popen is asked; the
    port comes last in the command."""

    @contextmanager
    def start(command: list[str], **asked):
        port = free_port()
        log = tmp_path / f"{port}.log"
        with log.open("w") as words:
            process = subprocess.Popen([*command, str(port)], stdout=words, stderr=words, **asked)
        try:
            wait_until_ready(url := f"http://127.0.0.1:{port}", process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)

    return start


@pytest.fixture
def fresh_server(tmp_path):
    """A function: a context manager with the address of a server nobody has visited yet."""

    @contextmanager
    def serve(store: Store):
        with running(store, tmp_path) as server:
            yield server.url

    return serve


class Witness:
    """What a page asks for and complains of, until it leaves: requests, console messages, script errors."""

    def __init__(self, page):
        self.requests: list[str] = []
        self.console: list[str] = []
        self.errors: list[str] = []
        self.ears = {
            "request": lambda request: self.requests.append(request.url),
            "websocket": lambda websocket: self.requests.append(websocket.url),
            "console": lambda message: self.console.append(message.text),
            "pageerror": lambda error: self.errors.append(str(error)),
        }
        self.page = page
        for event, ear in self.ears.items():
            page.on(event, ear)

    def leave(self) -> None:
        for event, ear in self.ears.items():
            self.page.remove_listener(event, ear)

    def requests_elsewhere(self) -> list[str]:
        return [url for url in self.requests if not stays_here(url)]

    def refused_loads(self) -> list[str]:
        return [text for text in self.console if "content security policy" in text.lower()]


def stays_here(url: str) -> bool:
    """True for a request that never leaves this computer."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname == "127.0.0.1"


@pytest.fixture(scope="session")
def reading_room(browser):
    """One browser profile for all readers who come one after another, and one tab: it has read the scripts already."""
    with browser.new_context() as context:
        context.new_page()
        yield context


@contextmanager
def watched(page):
    """A test fails if its page talked to another computer, was refused a load or had a script error.

    Its `witness` has what was seen so far.
    """
    page.witness = Witness(page)
    try:
        yield page
    finally:
        page.witness.leave()
    assert page.witness.requests_elsewhere() == []
    assert page.witness.refused_loads() == []
    assert page.witness.errors == []


@pytest.fixture
def quiet_page(reading_room):
    """A watched page, of the readers who come one after another. Nothing of the reader before is left in it."""
    page = reading_room.pages[0]
    with watched(page):
        yield page
        forget_the_reader(page)


def forget_the_reader(page) -> None:
    """Leave the page as a new reader finds one: no other tab, no cookie, nothing stored, an ordinary window."""
    for other in page.context.pages:
        if other != page:
            other.close()
    if page.url.startswith("http"):
        if page.evaluate("() => fetch('/healthz').then(() => true, () => false)"):  # else it can do nothing any more
            page.goto(urljoin(page.url, "/healthz"))  # a page of the same place: another would cost the scripts read
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
    page.context.clear_cookies()
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
    page.set_viewport_size(WINDOW)


@pytest.fixture
def page_with_a_window(browser_type, browser_type_launch_args):
    """A watched page in the browser that people have; one without a window forgets full screen on another page."""
    browser = browser_type.launch(**{**browser_type_launch_args, "executable_path": installed_browser()})
    try:
        with browser.new_context() as context, watched(context.new_page()) as page:
            yield page
    finally:
        browser.close()


@pytest.fixture(scope="session")
def settled():
    """The function settled(page): waits until the page stands still, and returns the page."""

    def wait(page):
        wait_until_settled(page)
        return page

    return wait
