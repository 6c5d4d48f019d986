"""The files that an office copies to install the board as a service: each is tried by the program that reads it."""

import contextlib
import getpass
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from test_doctor import pair
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from taizhang import server
from taizhang.cli import cli

INSTALL = Path(__file__).resolve().parents[1] / "docs" / "install"
NAME = "board.example.internal"
UNITS = sorted(path.name for path in INSTALL.glob("taizhang*"))
SOCKET = "_stcore/stream"


def test_every_command_in_the_files_is_one_of_ours_with_its_options():
    """Also of the documents: what follows `taizhang` is parsed as it would be, and not run."""
    found = []
    for path in sorted(INSTALL.iterdir()):
        text = path.read_text(encoding="utf-8").replace("\\\n", " ").replace("#     run", "run")
        found += re.findall(r"taizhang(?:\.exe)? ((?:run|backup|restore|doctor|verify|user) [^`\n\"；，]*)", text)
    assert {one.split()[0] for one in found} == {"run", "backup", "restore", "doctor", "verify", "user"}
    for one in found:
        name, *args = [re.sub(r".*/board\.(pem|key)|文件|FILE|D:.*\.(pem|key)", __file__, word) for word in one.split()]
        args = args[: args.index("…")] if "…" in args else args
        args = [__file__ if word.startswith("/var/backups") else word.rstrip(")") for word in args if word != "(the"]
        with cli.get_command(None, name).make_context(name, args, resilient_parsing=False) as made:
            assert made.params


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    for name in UNITS:
        text = (INSTALL / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/taizhang/bin/taizhang", shutil.which("true")), encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *UNITS], cwd=tmp_path, capture_output=True, text=True
    )
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


# --- behind a proxy --------------------------------------------------------------------------------------------


async def seen(request):
    """What the board learns of a request."""
    size = -1
    with contextlib.suppress(ClientDisconnect):  # a proxy found it too long on the way
        size = len(await request.body())
    told = {"client": request.client.host, "scheme": request.url.scheme, "path": request.url.path, "size": size}
    return JSONResponse({**told, "host": request.headers["host"]})


async def echo(socket):
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def board(monkeypatch, tmp_path, request) -> Iterator[int]:
    """The port of our gate, with an echo behind it, as `run --behind 127.0.0.1 --name … --under …` opens it."""
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path / "none"))
    monkeypatch.setenv("TAIZHANG_BEHIND", "127.0.0.1")
    monkeypatch.setenv("TAIZHANG_NAMES", NAME)
    monkeypatch.setenv("TAIZHANG_UNDER", getattr(request, "param", ""))
    routes = [WebSocketRoute(f"/{SOCKET}", echo), Route("/{path:path}", seen, methods=["GET", "PUT"])]
    port = free_port()
    app = Starlette(routes=routes, middleware=server.middleware())
    config = uvicorn.Config(app, "127.0.0.1", port, log_level="error", proxy_headers=False, lifespan="off")
    running = uvicorn.Server(config)
    at_work = threading.Thread(target=running.run)
    at_work.start()
    yield port
    running.should_exit = True
    at_work.join()


def started(command: list[str], port: int, log: Path) -> subprocess.Popen:
    """A proxy that answers on the port. Fails with what it said when it ends before."""
    with log.open("wb") as out:
        proxy = subprocess.Popen(command, stdout=out, stderr=out)
    while proxy.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return proxy
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


NGINX = """
user {user};
pid {place}/pid; error_log {place}/error.log; daemon off; worker_processes 1;
events {{}}
http {{
    client_body_temp_path {place}/1; proxy_temp_path {place}/2; fastcgi_temp_path {place}/3;
    uwsgi_temp_path {place}/4; scgi_temp_path {place}/5; access_log {place}/access.log;
    {said}
}}
"""
AROUND = "server {{ listen 443 ssl; ssl_certificate /etc/ssl/taizhang/board.pem;"
AROUND += " ssl_certificate_key /etc/ssl/taizhang/board.key; {said} }}"


def configured(kind: str, place: Path, board: int, port: int) -> list[str]:
    """The command that starts a proxy with our file, its name, ports and paths as they are here."""
    pem, key = pair(place, "board")
    said = (INSTALL / {"caddy": "Caddyfile", "nginx": "nginx.conf", "under": "nginx-under.conf"}[kind]).read_text(
        "utf-8"
    )
    said = AROUND.format(said=said) if kind == "under" else said
    for was, now in (
        ("127.0.0.1:8501", f"127.0.0.1:{board}"),
        ("/etc/ssl/taizhang/board.pem", str(pem)),
        ("/etc/ssl/taizhang/board.key", str(key)),
        ("/var/log/nginx", str(place)),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80", f"listen 127.0.0.1:{free_port()}"),
        (f"{NAME} {{", f"https://{NAME}:{port} {{\n\tbind 127.0.0.1"),
    ):
        said = said.replace(was, now)
    path = place / "conf"
    if kind == "caddy":
        path.write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{said}", encoding="utf-8")
        return ["caddy", "run", "--adapter", "caddyfile", "--config", str(path)]
    path.write_text(NGINX.format(place=place, user=getpass.getuser(), said=said), encoding="utf-8")
    return ["nginx", "-c", str(path)]


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not here")


@pytest.mark.parametrize(
    ("kind", "board", "under"),
    [
        pytest.param("nginx", "", "", marks=needs("nginx")),
        pytest.param("under", "/board", "/board", marks=needs("nginx")),
        pytest.param("caddy", "", "", marks=needs("caddy")),
    ],
    indirect=["board"],
)
def test_a_proxy_leads_to_the_board_and_says_who_is_behind_it(kind, board, under, tmp_path, monkeypatch):
    place, port = tmp_path / "proxy", free_port()
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    proxy = started(configured(kind, place, board, port), port, place / "said")
    try:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        way = httpx.HTTPTransport(verify=trusting, local_address="127.0.0.2")
        host = f"{NAME}:{port}"
        with httpx.Client(transport=way, base_url=f"https://127.0.0.1:{port}", headers={"Host": host}) as browser:
            more = {"extensions": {"sni_hostname": NAME}}
            forged = {"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "http"}
            told = browser.get(f"{under}/research?district=secret", headers=forged, **more).json()
            assert told == {"client": "127.0.0.2", "scheme": "https", "path": "/research", "size": 0, "host": host}
            assert browser.put(f"{under}/x", content=b"x" * 30_500_000, **more).json()["size"] == 30_500_000
            assert browser.put(f"{under}/x", content=b"x" * 33_000_000, **more).status_code in (413, 502)
            if under:
                assert browser.get(under, **more).headers["location"].endswith("/board/")

        def opened(origin: str):
            address = f"wss://{host}{under}/{SOCKET}"
            way = socket.create_connection(("127.0.0.1", port))
            return connect(address, sock=way, ssl=trusting, server_hostname=NAME, origin=origin)

        with opened(f"https://{host}") as page:
            page.send("赵家村")
            assert page.recv() == "赵家村"
        with pytest.raises(InvalidStatus), opened("https://evil.example"):
            pass
    finally:
        proxy.terminate()
        proxy.wait(30)
    written = b"".join(path.read_bytes() for path in place.glob("*") if path.is_file())
    assert b"secret" not in written
