"""Who may connect to the server, what it sends with every answer, and where it refuses to listen."""

import base64
import hashlib
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from taizhang import server
from taizhang.ui.controls import PAGES

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


async def hello(request):
    return PlainTextResponse("hello", headers={"Content-Security-Policy": "default-src *"})


async def shell(request):
    """Streamlit's page, which it gives for every address that is none of its files."""
    if request.url.path.startswith("/media"):
        return PlainTextResponse("Not Found", status_code=404)
    return HTMLResponse("<!doctype html>" + "x" * 100_000)


def client(address: str = "127.0.0.1") -> TestClient:
    """A client of the same gate and routes, without Streamlit behind them, connected to `address`."""
    routes = [*server.routes(), Route("/", hello), Route("/static/chart.js", hello), Route("/{other:path}", shell)]
    board = Starlette(routes=routes, middleware=server.middleware())
    return TestClient(board, base_url=f"http://{address}:8501")


def get(path: str, **headers: str) -> httpx.Response:
    return client().get(path, headers=headers)


def policy() -> dict[str, list[str]]:
    directives = (part.split() for part in server.content_security_policy().split("; "))
    return {name: sources for name, *sources in directives}


def test_health_check_answers_without_a_store(monkeypatch, tmp_path):
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path / "nothing"))
    answer = get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "release": None}


@pytest.mark.parametrize("path", ["/", "/healthz", "/no-such-page"])
def test_every_answer_carries_the_security_headers(path):
    headers = get(path).headers
    for name, value in server.security_headers().items():
        assert headers.get_list(name) == [value]


READER = "text/html,application/xhtml+xml,*/*;q=0.8"


def led(path: str, accept: str = READER) -> tuple[int, str | None]:
    answer = client().get(path, headers={"Accept": accept}, follow_redirects=False)
    return answer.status_code, answer.headers.get("location")


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/overview", "/"),
        ("/overview/", "/"),
        ("/overview?as_of=2019-10-25&district=", "/?as_of=2019-10-25&district="),
        ("/no-such-page?lang=en", "/?lang=en&no_page=no-such-page"),
        ("/research/more", "/?no_page=research%2Fmore"),
        ("/media/gone.xlsx", "/?no_page=media%2Fgone.xlsx"),
        ("/%E5%8F%B0%E8%B4%A6", "/?no_page=%E5%8F%B0%E8%B4%A6"),
        (f"/{'a' * 1000}", f"/?no_page={'a' * 200}"),
    ],
)
def test_a_reader_at_an_address_that_is_no_page_is_led_to_the_overview(path, way):
    assert led(path) == (303, way)


def test_pages_files_and_what_programs_ask_for_are_answered_as_they_are():
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(PAGES)
    for path in ("/", *(f"/{name}" for name in PAGES[1:]), "/healthz", "/static/chart.js"):
        assert led(path) == (200, None), path
    assert led("/no-such-page", "*/*") == (200, None)
    assert led("/media/gone.xlsx", "image/png") == (404, None)


def test_security_headers_say_what_they_must():
    headers = server.security_headers()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_nothing_is_loaded_from_or_sent_to_another_computer():
    allowed = {"'none'", "'self'", "data:", "blob:", "'unsafe-inline'"}
    for name, sources in policy().items():
        rest = [source for source in sources if not source.startswith("'sha256-")]
        assert set(rest) <= allowed, name


def test_no_inline_script_and_no_eval():
    assert "'unsafe-inline'" not in policy()["script-src"]
    assert not any("eval" in source for source in policy()["script-src"])
    assert policy()["default-src"] == policy()["frame-ancestors"] == policy()["object-src"] == ["'none'"]


def test_inline_script_of_the_installed_streamlit_is_allowed_by_its_hash():
    import streamlit

    html = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    script = html.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy()["script-src"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8501", "localhost:8501", "LOCALHOST"])
def test_this_computer_is_answered(host):
    assert get("/", Host=host).status_code == 200


FOREIGN = [
    *["evil.example", "evil.example:8501", "127.0.0.1.evil.example"],
    *["localhost@evil.example", "evil@localhost", "localhost/x", "a:b", ""],
]


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_name_is_refused(host):
    answer = get("/healthz", Host=host)
    assert answer.status_code == 421
    assert answer.headers["Content-Security-Policy"] == server.content_security_policy()


def test_a_request_with_two_names_of_this_computer_is_refused_as_it_may_mean_either():
    assert client().get("/", headers=[("Host", "127.0.0.1"), ("Host", "localhost")]).status_code == 421


def test_no_answer_about_health_is_kept():
    assert get("/healthz").headers["Cache-Control"] == "no-store"


def test_connection_from_the_network_is_refused_whatever_name_it_gives():
    assert client("192.168.1.20").get("/", headers={"Host": "127.0.0.1"}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:3000", "http://localhost:8501", "null"])
def test_request_from_another_page_is_refused(origin):
    assert get("/", Origin=origin).status_code == 403


def test_request_from_our_own_page_is_answered():
    assert get("/", Origin="http://127.0.0.1:8501").status_code == 200


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_socket_from_elsewhere_is_closed(headers):
    with pytest.raises(WebSocketDisconnect) as closed, client().websocket_connect("/", headers=headers):
        pass
    assert closed.value.code == 1008


def run_python(code: str, **environment) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONUTF8": "1", **environment}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.20", "", "example.com"])
def test_open_address_ends_the_program_with_one_sentence(monkeypatch, capsys, address):
    from streamlit import config

    monkeypatch.setattr(config, "get_option", {"server.address": address or None}.__getitem__)
    with pytest.raises(SystemExit) as ended:
        server.refuse_open_address()
    assert ended.value.code == 1
    chinese, english = capsys.readouterr().err.splitlines()
    assert "台账只在本机" in chinese
    assert "serves this computer only" in english


def test_streamlit_run_on_an_open_address_is_refused():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = ["--server.address", "0.0.0.0", "--server.port", str(port)]
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", *flags],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert ended.returncode == 1
    chinese, english = ended.stderr.splitlines()
    assert "台账只在本机" in chinese
    assert "serves this computer only" in english


def test_taken_port_is_said_in_one_sentence(capsys, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert server.serve(tmp_path, server.Opening(port=port)) == 1
    chinese, english = capsys.readouterr().err.splitlines()
    assert f"端口 {port} 已被占用" in chinese
    assert f"Port {port} is in use" in english


@pytest.mark.parametrize(
    ("opening", "url"),
    [
        (server.Opening(), "http://127.0.0.1:8501"),
        (server.Opening("0.0.0.0", names=("board",), certificate=Path("x")), "https://board:8501"),
        (server.Opening("::1"), "http://[::1]:8501"),
        (server.Opening(names=("board",), behind=("127.0.0.1",), under="/tz"), "https://board/tz"),
    ],
)
def test_the_address_that_is_told_is_the_one_to_type(opening, url):
    assert opening.url == url


def test_settings_take_effect_where_the_program_is_started():
    names = {
        "server.address": "127.0.0.1",
        "server.headless": True,
        "logger.hideWelcomeMessage": True,
        "server.fileWatcherType": "none",
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.maxUploadSize": 30,
        "browser.gatherUsageStats": False,
        "runner.postScriptGC": False,
        "runner.magicEnabled": False,
        "runner.fastReruns": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.disableDataExport": True,
    }
    code = f"from streamlit import config; print({{name: config.get_option(name) for name in {list(names)}}})"
    assert run_python(code).stdout.strip() == str(names)


def test_no_font_or_file_of_the_look_is_fetched():
    assert "http" not in str(CONFIG["theme"])
    assert "fontFaces" not in CONFIG["theme"]


def relative_luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("ink", ["textColor", "primaryColor", "linkColor"])
def test_text_can_be_read_on_every_ground(theme, ground, ink):
    colours = CONFIG["theme"][theme]
    grounds = [colours[ground], colours["sidebar"][ground]]
    assert min(contrast(colours[ink], paper) for paper in grounds) >= 4.5


# --- the page that is sent first -----------------------------------------------------------------------------------

FRAMEWORKS_PAGE = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def first_page(path: str = "/research", cookie: str = "", accept: str = READER) -> httpx.Response:
    async def framework(request):
        headers = {"etag": '"old"', "last-modified": "Sat, 28 Nov 2026 00:04:06 GMT", "cache-control": "no-cache"}
        is_kept = "if-none-match" in request.headers
        return HTMLResponse("" if is_kept else FRAMEWORKS_PAGE, status_code=304 if is_kept else 200, headers=headers)

    board = Starlette(routes=[Route("/{page:path}", framework)], middleware=server.middleware())
    headers = {"accept": accept, "cookie": cookie, "if-none-match": '"old"'}
    return TestClient(board, base_url="http://127.0.0.1:8501").get(path, headers=headers)


@pytest.mark.parametrize(
    ("path", "cookie", "lang", "title"),
    [
        ("/research", "", "zh-CN", "台账"),
        ("/research?lang=en", "taizhang_lang=zh", "en", "Taizhang"),
        ("/research", "other=1; taizhang_lang=en", "en", "Taizhang"),
        ("/research?lang=fr", "taizhang_lang=<script>", "zh-CN", "台账"),
    ],
)
def test_the_first_page_is_in_the_readers_language_before_anything_is_drawn(path, cookie, lang, title):
    page = first_page(path, cookie).text
    assert f'<html lang="{lang}">' in page
    assert f"<title>{title}</title>" in page
    assert "You need to enable" not in page
    assert "woff2" not in page


def test_the_first_page_is_sent_whole_though_an_older_one_was_kept():
    answer = first_page()
    assert answer.status_code == 200
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert "etag" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_what_a_program_asks_for_is_not_dressed():
    assert first_page(accept="*/*").status_code == 304


def test_the_inline_scripts_of_the_first_page_are_those_that_may_run():
    scripts = re.findall(r"<script>(.*?)</script>", first_page().text, flags=re.DOTALL)
    sums = {f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts}
    assert len(sums) == 2
    assert sums <= set(policy()["script-src"])


def test_a_script_that_asks_whether_a_file_is_there_is_told_and_sent_nothing():
    """It never reads what comes, and a browser that keeps nothing would hold one of its six connections open."""

    async def media(request):
        return PlainTextResponse("x" * 5000, status_code=200 if request.url.path.endswith("/mine") else 404)

    board = Starlette(routes=[Route("/{page:path}", media)], middleware=server.middleware())
    browser = TestClient(board, base_url="http://127.0.0.1:8501")
    asked = {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
    for path, status in (("/media/mine", 200), ("/media/other", 404)):
        answer = browser.get(path, headers=asked)
        assert (answer.status_code, answer.content, answer.headers["content-length"]) == (status, b"", "0")
        assert answer.headers["cache-control"] == "no-store"
        assert len(browser.get(path, headers={"sec-fetch-mode": "navigate"}).content) == 5000
    assert len(browser.get("/static/mine", headers=asked).content) == 5000
