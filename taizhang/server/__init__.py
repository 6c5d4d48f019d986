"""What stands between the browser and the pages: who may connect, what a page may load, how it starts.

Three promises: the server listens on this computer only; a request under a foreign name is refused; no
page can load or send anything from or to another computer. Starlette and uvicorn come with Streamlit.
"""

import base64
import contextlib
import hashlib
import importlib.util
import os
import re
import runpy
import socket
import sys
import threading
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

from taizhang.declared.root import ROOT, data_folder
from taizhang.drawing.html import shell
from taizhang.server.requests import (
    THIS_COMPUTER,
    header_values,
    host_name,
    is_loopback,
    is_page_of_ours,
    is_reader,
    language_of,
)

FRAME = Path(__file__).resolve().parents[1] / "frame.py"

FIRST_PAGE = "overview"  # it stands at the root
NO_SUCH_PAGE = "no_page"  # what an address calls the page that somebody asked for and that there is not
MOST_LETTERS = 200  # of its name that are led on

ADDRESS = "127.0.0.1"

OPEN_ADDRESS = (
    "台账只在本机（127.0.0.1）上提供服务，不会在“{address}”上打开；"
    "请去掉 server.address 的设置后重试。\n"
    "Taizhang serves this computer only (127.0.0.1) and will not open on “{address}”; "
    "remove that server.address and start again."
)
PORT_TAKEN = (
    "端口 {port} 已被占用：台账可能已经在运行，请先打开 {url} 看看，"
    "或换一个端口：taizhang run --port {other}\n"
    "Port {port} is in use: Taizhang may be running already, so look at {url} first, "
    "or take another port: taizhang run --port {other}"
)
ADDRESS_LINE = "台账已打开，请在浏览器中访问 {url} （按 Ctrl+C 停止）\nTaizhang is open at {url} (press Ctrl+C to stop)"
REFUSED = "台账只接受本机地址的访问。\nTaizhang answers only to the address of this computer.\n"


# --- what a page may load --------------------------------------------------------------------------


def inline_script_hashes() -> list[str]:
    """The CSP sources ('sha256-…') of the scripts in Streamlit's own index.html and of ours there, and of no others."""
    streamlit = Path(importlib.util.find_spec("streamlit").origin).parent
    html = (streamlit / "static" / "index.html").read_text(encoding="utf-8")
    scripts = [*re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL), shell.script()]
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy() -> str:
    """All from this server, nothing from elsewhere; no inline script but those of the page that is sent first, no eval.

    blob: in script-src is what an inline components-v2 script needs (Streamlit imports it as a blob
    module); only a script that already runs can make a blob. data: in connect-src lets a map carry its
    outlines with it. Inline styles are how Streamlit, Plotly and the data grid style everything.
    """
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self' blob:", *inline_script_hashes()]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'self'",
            "object-src 'none'",
        ]
    )


def security_headers() -> dict[str, str]:
    """The headers that go out with every answer."""
    return {
        "Content-Security-Policy": content_security_policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


# --- who may connect -------------------------------------------------------------------------------


def allowed_hosts() -> frozenset[str]:
    """The names this server answers to: server.allowedHosts, which Streamlit checks on its socket only."""
    from streamlit import config

    return frozenset(config.get_option("server.allowedHosts")) or frozenset(THIS_COMPUTER)


class Gate:
    """Refuses what was not meant for this server, and puts the security headers on every answer.

    421: the request came under another name than ours, or through an address that others can reach (so that
    starting app.py under another ASGI server on 0.0.0.0 does not open the board either).
    403: another site's page sent it. Streamlit would let in the pages of any program on this computer, and
    would ask a server on the internet for its own address before it turned others away.
    """

    def __init__(self, app, hosts: frozenset[str], headers: dict[str, str]):
        self.app = app
        self.hosts = hosts
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        if status := self.refusal(scope):
            return await self.refuse(status, scope, receive, send)
        return await self.app(scope, receive, self.with_headers(send))

    def refusal(self, scope) -> int | None:
        """The status to refuse the request with; None when it is welcome."""
        hosts = header_values(scope, b"host")
        local_address = (scope.get("server") or ("",))[0]
        if len(hosts) != 1 or host_name(hosts[0]) not in self.hosts or not is_loopback(local_address):
            return 421
        our_pages = {f"http://{hosts[0]}", f"https://{hosts[0]}"}
        return None if our_pages.issuperset(header_values(scope, b"origin")) else 403

    async def refuse(self, status: int, scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await PlainTextResponse(REFUSED, status_code=status)(scope, receive, self.with_headers(send))

    def with_headers(self, send):
        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self.headers}
                kept = [header for header in message.get("headers", []) if header[0].lower() not in ours]
                message = {**message, "headers": kept + self.headers}
            await send(message)

        return send_with_headers


def refuse_open_address() -> None:
    """Ends the program (one sentence, exit code 1) unless the server listens on this computer only."""
    from streamlit import config

    address = config.get_option("server.address")
    if address not in THIS_COMPUTER:
        print(OPEN_ADDRESS.format(address=address or "0.0.0.0"), file=sys.stderr)
        raise SystemExit(1)


# --- which addresses are pages ---------------------------------------------------------------------


class Ways:
    """Leads a reader at an address that is no page to the first page, with the rest of the address.

    Streamlit would answer with an English dialog there, or with a page that cannot load. What another program asks
    for, and what is served, is passed on as it is.
    """

    def __init__(self, app, pages: frozenset[str]):
        self.app, self.pages = app, pages

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or not is_reader(scope) or self.is_page(scope["path"]):
            return await self.app(scope, receive, send)
        led = False

        async def unless_led(message):
            nonlocal led
            led = led or (message["type"] == "http.response.start" and self.is_no_page(message))
            if not led:
                await send(message)

        await self.app(scope, receive, unless_led)
        if led:
            way = RedirectResponse(self.way(scope), status_code=303, headers={"Cache-Control": "no-store"})
            await way(scope, receive, send)

    def is_page(self, path: str) -> bool:
        return path == "/" or (path.removeprefix("/") in self.pages and path.removeprefix("/") != FIRST_PAGE)

    def is_no_page(self, message) -> bool:
        """The shell of the board at another address, or a refusal that no reader could read."""
        return message["status"] in (400, 404, 405) or is_page_of_ours(message)

    def way(self, scope) -> str:
        """The address of the first page: for its own name without a word, else with the name that was asked for."""
        said = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = scope["path"].strip("/")
        if asked != FIRST_PAGE:
            said = [*said, (NO_SUCH_PAGE, asked[:MOST_LETTERS] or "/")]
        return f"/?{urlencode(said)}" if said else "/"


# --- what a page looks like before it is drawn -----------------------------------------------------


class Shell:
    """Dresses the page that the framework sends first (`drawing/html/shell.py`), in the reader's language.

    Any other answer is passed on as it is. The page is sent whole each time: it is small, and a copy kept from an older
    version would carry scripts that are not allowed any more.
    """

    CONDITIONS = (b"if-none-match", b"if-modified-since", b"range", b"accept-encoding")  # it must come whole and plain
    OLD = (b"content-length", b"etag", b"last-modified", b"accept-ranges", b"cache-control")

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or not is_reader(scope):
            return await self.app(scope, receive, send)
        start, parts = None, []

        async def gather(message):
            nonlocal start
            if message["type"] == "http.response.start" and is_page_of_ours(message):
                start = message
            elif start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    await self.send_dressed(scope, start, b"".join(parts), send)

        plain = [header for header in scope["headers"] if header[0].lower() not in self.CONDITIONS]
        await self.app({**scope, "headers": plain}, receive, gather)

    async def send_dressed(self, scope, start, body: bytes, send) -> None:
        page = shell.dressed(body.decode("utf-8"), language_of(scope)).encode() if body else body
        kept = [header for header in start["headers"] if header[0].lower() not in self.OLD]
        length = [] if scope["method"] == "HEAD" else [(b"content-length", str(len(page)).encode())]
        await send({**start, "headers": [*kept, *length, (b"cache-control", b"no-store")]})
        await send({"type": "http.response.body", "body": page})


# --- what the server answers besides pages ---------------------------------------------------------


def health() -> dict[str, object]:
    """Of the campaign that opens unasked: the release that readers see (None while nothing was published), whether it
    is the one they should see, and if not, why: which release it stands for and what is wrong with that.

    Where there are several campaigns the same of each, and `ok` only when all are.
    """
    from taizhang.store.campaigns import Campaigns

    folder = Campaigns(data_folder())
    names, usual = folder.names(), folder.usual()
    told = _health_of(usual.store) if usual else {"ok": True, "release": None}
    if len(names) < 2:
        return told
    each = {one.name: _health_of(one.store) for one in folder.all()}
    return {**told, "ok": all(one["ok"] for one in each.values()), "campaign": usual.name, "campaigns": each}


def _health_of(store) -> dict[str, object]:
    from taizhang.store import NoRelease, Unreadable

    try:
        standing = store.standing()
    except NoRelease:
        return {"ok": True, "release": None}
    except (OSError, Unreadable):
        return {"ok": False, "release": None, "why": "unreadable", "instead_of": None}
    told = {"ok": standing.trouble is None, "release": standing.live.number}
    if standing.trouble:
        told |= {"why": standing.trouble.what, "instead_of": standing.trouble.number}
    return told


async def healthz(request) -> JSONResponse:
    """200 while the server can answer, with the number of the release shown or null; `ok` is false when the store is
    damaged. Still 200: the board is up, and to start it again would mend nothing."""
    return JSONResponse(health(), headers={"Cache-Control": "no-store"})


@contextlib.asynccontextmanager
async def say_address(app):
    """Says where the board is, in both languages, once the server is up."""
    from streamlit import config

    print(ADDRESS_LINE.format(url=f"http://{ADDRESS}:{config.get_option('server.port')}"), flush=True)
    threading.Thread(target=_warm, daemon=True).start()
    yield


def _warm() -> None:
    """Ask what every first visitor would wait for: the newest figures."""
    from taizhang.exhibits import views
    from taizhang.store.campaigns import Campaigns
    from taizhang.store.engine import Unreadable
    from taizhang.store.releases import NoRelease

    with contextlib.suppress(NoRelease, Unreadable):  # the page tells the visitor of these
        if usual := Campaigns(data_folder()).usual():
            views.look(usual.store, views.Choices()).ask("kpis")


def routes() -> list[Route]:
    return [Route("/healthz", healthz)]


def middleware() -> list[Middleware]:
    pages = frozenset(path.stem for path in (ROOT / "pages").glob("*.py"))
    return [
        Middleware(Gate, hosts=allowed_hosts(), headers=security_headers()),
        Middleware(Ways, pages=pages),
        Middleware(Shell),
    ]


# --- starting --------------------------------------------------------------------------------------


def is_free(port: int) -> bool:
    """True when nothing on this computer listens on the port."""
    with socket.socket() as probe:
        if os.name != "nt":  # on Windows this option would hide a taken port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def serve(folder: Path, port: int = 8501) -> int:
    """Opens the board over the campaigns of a data folder on 127.0.0.1:port until Ctrl+C; the program's exit code.

    A port that is already taken is said in one sentence (exit code 1), never replaced by another one:
    people have bookmarked the address.
    """
    from streamlit.web import bootstrap

    url = f"http://{ADDRESS}:{port}"
    if not is_free(port):
        print(PORT_TAKEN.format(port=port, url=url, other=port + 1), file=sys.stderr)
        return 1
    os.environ["TAIZHANG_STORE"] = str(Path(folder).resolve())
    os.chdir(ROOT)  # Streamlit looks for .streamlit/config.toml where it is started
    sys.argv = [str(ROOT / "app.py")]
    settings = {"server.address": ADDRESS, "server.port": port}
    bootstrap.load_config_options(settings)  # before app.py reads them, else run() warns that they changed
    app = runpy.run_path(sys.argv[0])["app"]
    with contextlib.suppress(KeyboardInterrupt):
        app.run(config=settings)
    return 0
