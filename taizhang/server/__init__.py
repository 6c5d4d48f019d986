"""What stands between the browser and the pages: who may connect, what a page may load, how it starts.

Three promises: the server listens on this computer only, unless whoever comes has to sign in (`entrance`); a request
under a foreign name is refused; no page can load or send anything from or to another computer. Starlette and uvicorn
come with Streamlit.
"""

import base64
import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import runpy
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

from taizhang.access.roles import NotAllowed
from taizhang.declared.headers import LANGUAGES
from taizhang.declared.root import ROOT, data_folder
from taizhang.declared.wording import language
from taizhang.drawing.html import shell
from taizhang.server import journal, narrowing, numbers, reception
from taizhang.server.entrance import Entrance
from taizhang.server.requests import (
    THIS_COMPUTER,
    as_the_proxy_says,
    header_values,
    host_name,
    is_loopback,
    is_page_of_ours,
    is_reader,
    language_of,
    plain_address,
)
from taizhang.store import leave
from taizhang.store.campaigns import Campaigns
from taizhang.store.turnstile import PUBLISHES

FRAME = Path(__file__).resolve().parents[1] / "frame.py"

FIRST_PAGE = "overview"  # it stands at the root
NO_SUCH_PAGE = "no_page"  # what an address calls the page that somebody asked for and that there is not
MOST_LETTERS = 200  # of its name that are led on

ADDRESS = "127.0.0.1"
UNUSED = ("/_stcore/agent/", "/auth/", "/oauth2callback")  # what the framework offers and the board has no use for
LONGEST_PUBLISH = 60.0  # seconds that the server waits for one when it is told to stop

OPEN_ADDRESS = (
    "台账只在本机（127.0.0.1）上提供服务，还没有管理员，不会在“{address}”上打开；"
    "请用 taizhang run --host {address} 启动，或先用 taizhang user add 建立管理员。\n"
    "Taizhang serves this computer only (127.0.0.1) as long as there is no administrator, and will not open on "
    "“{address}”; start it with taizhang run --host {address}, or make one first with taizhang user add."
)
PORT_TAKEN = (
    "端口 {port} 已被占用：台账可能已经在运行，请先打开 {url} 看看，"
    "或换一个端口：taizhang run --port {other}\n"
    "Port {port} is in use: Taizhang may be running already, so look at {url} first, "
    "or take another port: taizhang run --port {other}"
)
NO_SUCH_ADDRESS = (
    "“{address}”不是这台电脑的地址：请用 --host 0.0.0.0（所有网卡）或本机的一个地址。\n"
    "“{address}” is no address of this computer: use --host 0.0.0.0 (all of them) or one of its own."
)
NO_LOG = (
    "写不了日志“{path}”：请换一个可写的位置（--log 文件），或写到屏幕（--log -）。\n"
    "The log “{path}” cannot be written: name another place (--log FILE), or the screen (--log -)."
)
ADDRESS_LINE = "台账已打开，请在浏览器中访问 {url} （按 Ctrl+C 停止）\nTaizhang is open at {url} (press Ctrl+C to stop)"
REFUSED = "台账不接受以这个地址的访问。\nTaizhang does not answer to this address.\n"


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


def policy_of_files() -> str:
    """For what is handed out: no script, nothing that loads, and, were it ever shown from here, nobody of ours."""
    said = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
    return f"sandbox; {said}; form-action 'none'"


def security_headers() -> dict[str, str]:
    """The headers that go out with every answer."""
    return {
        "Content-Security-Policy": content_security_policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # without any, the browser would not say that a form is of our own page
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


# --- who may connect -------------------------------------------------------------------------------


def allowed_hosts() -> frozenset[str]:
    """The names this server answers to: server.allowedHosts, which Streamlit checks on its socket only, and those that
    it was told (`TAIZHANG_NAMES`, with commas between) or has in its network."""
    from streamlit import config

    said = frozenset(config.get_option("server.allowedHosts")) - {"*"} or frozenset(THIS_COMPUTER)
    return said | frozenset(_said_by("TAIZHANG_NAMES"))


def proxies() -> frozenset[str]:
    """The addresses of proxies whose word is taken for who is behind them (`TAIZHANG_BEHIND`, with commas between)."""
    return frozenset(_said_by("TAIZHANG_BEHIND"))


def _said_by(variable: str) -> list[str]:
    return [one.strip().lower() for one in os.environ.get(variable, "").split(",") if one.strip()]


def is_only_asked_for(scope) -> bool:
    """Whether a script asks for a file, as the framework's does beside each button, to see that it is there.

    It never reads what comes. A browser that may keep nothing of it leaves such an answer on its connection, of which
    it has six: beside six buttons nothing more would come through.
    """
    return b"cors" in (value for name, value in scope.get("headers", ()) if name == b"sec-fetch-mode")


def without_body(send):
    """`send`, of which an answer says what it is and has nothing in it."""

    async def bare(message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if name != b"content-length"]
            await send({**message, "headers": [*kept, (b"content-length", b"0")]})
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            await send({"type": "http.response.body", "body": b""})

    return bare


class Gate:
    """Refuses what was not meant for this server, and puts the security headers on every answer.

    421: the request came under another name than ours, or through an address that others can reach while nobody has
    to sign in (so that starting app.py under another ASGI server on 0.0.0.0 does not open the board either). The
    number of the address that it came to is a name of ours: no other site can have it.
    404: the framework would answer there with something that the board has no use for.
    403: another site's page sent it. Streamlit would let in the pages of any program on this computer, and
    would ask a server on the internet for its own address before it turned others away.
    """

    def __init__(self, app, hosts: frozenset[str], headers: dict[str, str], behind: frozenset[str] = frozenset()):
        self.app = app
        self.hosts = hosts
        self.behind = behind
        self.headers = _as_bytes(headers)
        self.headers_of_files = _as_bytes(
            {**headers, "Content-Security-Policy": policy_of_files(), "Cache-Control": "no-store"}
        )

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        came_from = plain_address((scope.get("client") or ("",))[0])
        scope = {**scope, "client": (came_from, 0)}
        if came_from in self.behind:
            scope = as_the_proxy_says(scope)
        if status := self.refusal(scope):
            return await self.refuse(status, scope, receive, send)
        if not scope["path"].startswith("/media/"):
            return await self.app(scope, receive, self.with_headers(send))
        is_asked_for = is_only_asked_for(scope)
        send = self.with_headers(send, self.headers_of_files)
        return await self.app(scope, receive, without_body(send) if is_asked_for else send)

    def refusal(self, scope) -> int | None:
        """The status to refuse the request with; None when it is welcome."""
        hosts = header_values(scope, b"host")
        came_to = plain_address((scope.get("server") or ("",))[0] or "")
        is_reached = is_loopback(came_to) or reception.current().asks
        if len(hosts) != 1 or not is_reached or host_name(hosts[0]) not in {*self.hosts, came_to or None}:
            return 421
        if scope["path"].startswith(UNUSED):
            return 404
        our_pages = {f"http://{hosts[0]}", f"https://{hosts[0]}"}
        return None if our_pages.issuperset(header_values(scope, b"origin")) else 403

    async def refuse(self, status: int, scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await PlainTextResponse(REFUSED, status_code=status)(scope, receive, self.with_headers(send))

    def with_headers(self, send, headers: list[tuple[bytes, bytes]] | None = None):
        added = headers or self.headers
        ours = {name for name, _ in added}

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                kept = [header for header in message.get("headers", []) if header[0].lower() not in ours]
                message = {**message, "headers": kept + added}
            await send(message)

        return send_with_headers


def _as_bytes(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def refuse_open_address() -> None:
    """Ends the program (one sentence, exit code 1) if the server listens to others and nobody has to sign in."""
    from streamlit import config

    address = config.get_option("server.address")
    if address in THIS_COMPUTER:
        return
    if reception.current().asks:
        config.set_option("server.allowedHosts", ["*"])  # on Streamlit's socket: the gate has looked already
    else:
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


class Under:
    """A board that lies under a path at a proxy, which may send the path along or take it off."""

    def __init__(self, app, path: str):
        self.app, self.path = app, path.rstrip("/")

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        path, raw = scope["path"], scope.get("raw_path") or scope["path"].encode()
        if path == self.path:
            return await RedirectResponse(f"{self.path}/", status_code=308)(scope, receive, send)
        if path.startswith(f"{self.path}/"):
            scope = {**scope, "path": path[len(self.path) :], "raw_path": raw[len(self.path.encode()) :]}

        async def led_back(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": [self._led(*one) for one in message.get("headers", [])]}
            await send(message)

        await self.app({**scope, "taizhang.under": self.path}, receive, led_back)

    def _led(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        return (
            (name, self.path.encode() + value) if name.lower() == b"location" and value[:1] == b"/" else (name, value)
        )


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
    """Says where the board is, in both languages, once the server is up; and lets whoever publishes finish when it is
    told to stop."""
    from streamlit import config

    address, port = (config.get_option(f"server.{name}") for name in ("address", "port"))
    behind = tuple(proxies())
    names = tuple(_said_by("TAIZHANG_NAMES")[:1]) if behind or address not in THIS_COMPUTER else ()
    certificate = config.get_option("server.sslCertFile")
    under = os.environ.get("TAIZHANG_UNDER", "")
    opened = Opening(address, port, names, certificate and Path(certificate), behind=behind, under=under)
    print(ADDRESS_LINE.format(url=opened.url), flush=True)
    threading.Thread(target=_warm, daemon=True).start()
    stopped = threading.Event()
    ready = threading.Thread(target=narrowing.watch, args=(Campaigns(data_folder()), stopped), daemon=True)
    ready.start()
    yield
    stopped.set()
    await to_thread.run_sync(ready.join, 5)
    await to_thread.run_sync(PUBLISHES.until_empty, LONGEST_PUBLISH)  # its thread would end with the process


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
    return [Route("/healthz", healthz), Route("/metrics", numbers.metrics)]


def middleware() -> list[Middleware]:
    pages = frozenset(path.stem for path in (ROOT / "pages").glob("*.py"))
    under = os.environ.get("TAIZHANG_UNDER", "")
    return [
        Middleware(journal.Journal),
        *([Middleware(Under, path=under)] if under else []),
        Middleware(Gate, hosts=allowed_hosts(), headers=security_headers(), behind=proxies()),
        Middleware(Entrance),
        Middleware(Ways, pages=pages),
        Middleware(Shell),
    ]


# --- starting --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opening:
    """Where the board is reached, and by whom it is told.

    `names` it answers to beside its address; `certificate` and `key` are PEM files; `behind` are addresses of proxies
    that say who is behind them, in the header `remote_user` if one is agreed on; `under` is the path that it lies under
    at a proxy, '' or as `/board`; `oidc` is the file of a service that signs people in (`server/provider.py`).
    """

    address: str = ADDRESS
    port: int = 8501
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    behind: tuple[str, ...] = ()
    under: str = ""
    remote_user: str = ""
    oidc: Path | None = None
    log: str = ""

    @property
    def is_for_others(self) -> bool:
        """Whether anybody but who sits at this computer can reach it: by its address, or through a proxy here."""
        return bool(not is_loopback(self.address) or self.names or self.behind)

    @property
    def url(self) -> str:
        """The address to type; behind a proxy that of the proxy, which is taken to encrypt."""
        host = next(iter(self.names), "") or self.address
        if self.behind:
            return f"https://{host}{self.under}"
        scheme = "https" if self.certificate else "http"
        if host in ("0.0.0.0", "::"):
            host = socket.gethostname()
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}{self.under}"


def free_to_listen(address: str, port: int) -> bool:
    """True when nothing on this computer listens on the port. Raises `OSError` for an address that is not its own."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if os.name != "nt":  # on Windows this option would hide a taken port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def _refuse_all(act: str) -> None:
    raise NotAllowed(None, act)


def serve(folder: Path, opening: Opening | None = None) -> int:
    """Opens the board over the campaigns of a data folder until Ctrl+C; the program's exit code.

    A port that is already taken is said in one sentence (exit code 1), never replaced by another one:
    people have bookmarked the address.
    """
    from streamlit.web import bootstrap

    opening = opening or Opening()
    try:
        is_free = free_to_listen(opening.address, opening.port)
    except OSError:
        print(NO_SUCH_ADDRESS.format(address=opening.address), file=sys.stderr)
        return 1
    if not is_free:
        print(PORT_TAKEN.format(port=opening.port, url=opening.url, other=opening.port + 1), file=sys.stderr)
        return 1
    try:
        journal.open_lines(opening.log)
    except OSError:
        print(NO_LOG.format(path=opening.log), file=sys.stderr)
        return 1
    os.environ["TAIZHANG_STORE"] = str(Path(folder).resolve())
    os.environ["TAIZHANG_UNDER"] = opening.under
    os.environ["TAIZHANG_OIDC"] = str(opening.oidc or "")
    os.environ["FORWARDED_ALLOW_IPS"] = ""  # whom to believe is the gate's to decide, and not uvicorn's
    if opening.is_for_others:
        os.environ["TAIZHANG_NAMES"] = ",".join([*opening.names, socket.gethostname()])
        os.environ["TAIZHANG_BEHIND"] = ",".join(opening.behind)
        os.environ["TAIZHANG_REMOTE_USER"] = opening.remote_user
        if not reception.current().asks:
            said = {"url": opening.url, "code": reception.current().make_code()}
            print("\n".join(language(one)("signin.first_code", **said) for one in LANGUAGES), flush=True)
    os.chdir(ROOT)  # Streamlit looks for .streamlit/config.toml where it is started
    sys.argv = [str(ROOT / "app.py")]
    settings = {"server.address": opening.address, "server.port": opening.port}
    if opening.certificate:
        settings |= {"server.sslCertFile": str(opening.certificate), "server.sslKeyFile": str(opening.key)}
    if opening.is_for_others:
        settings["server.allowedHosts"] = ["*"]  # on Streamlit's socket: the gate has looked already
    leave.asked_of(_refuse_all, lambda *done: None)  # until the pages say whom to ask
    bootstrap.load_config_options(settings)  # before app.py reads them, else run() warns that they changed
    app = runpy.run_path(sys.argv[0])["app"]
    with contextlib.suppress(KeyboardInterrupt):
        app.run(config=settings)
    return 0
