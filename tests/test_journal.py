"""What the server writes down of what it did: enough to find a request again, and nothing that is nobody's business."""

import io
import json
import os
import re
from pathlib import Path

import pytest
from ready_made import copy_of
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from taizhang import server
from taizhang.access import passwords
from taizhang.access.people import People
from taizhang.server import journal
from taizhang.server.journal import Counted

WORD = "a-long-password"


@pytest.fixture
def folder(tiny_store, tmp_path, monkeypatch) -> Path:
    """The data folder that is served; nobody has to sign in yet."""
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    one = copy_of(tiny_store, tmp_path / "data").folder
    monkeypatch.setenv("TAIZHANG_STORE", str(one))
    monkeypatch.setattr(journal, "COUNTED", Counted())
    monkeypatch.setattr(server.numbers, "COUNTED", journal.COUNTED)
    return one


@pytest.fixture
def lines(tmp_path):
    """A function: the lines written until now."""
    path = tmp_path / "board.jsonl"
    journal.open_lines(str(path))
    yield lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    journal.open_lines("")


async def answer(request):
    if request.url.path == "/broken":
        raise RuntimeError
    return PlainTextResponse("赵家村", headers={"X-Request-Id": "of the board"})


async def echo(socket):
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


def browser(address: str = "127.0.0.1", **more: object) -> TestClient:
    routes = [*server.routes(), WebSocketRoute("/_stcore/stream", echo), Route("/{path:path}", answer)]
    board = Starlette(routes=routes, middleware=server.middleware())
    return TestClient(board, base_url=f"http://{address}:8501", raise_server_exceptions=False, **more)


# --- lines -----------------------------------------------------------------------------------------------------


def test_a_request_is_a_line_that_its_answer_names(folder, lines):
    (number,) = browser().get("/research?district=赵家村&name=x").headers.get_list("x-request-id")
    (line,) = lines()
    ms = line.pop("ms")
    at = line.pop("at")
    assert line == {"request": number, "person": None, "method": "GET", "path": "/research", "status": 200}
    assert ms >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", at)


def test_what_is_refused_or_breaks_is_a_line_too(folder, lines):
    client = browser()
    client.get("/", headers={"Host": "evil.example"})
    client.get("/broken")
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("ws://127.0.0.1:8501/x", headers={"Origin": "http://evil.example"}),
    ):
        pass
    assert [(one["method"], one["status"]) for one in lines()] == [("GET", 421), ("GET", 500), ("SOCKET", 403)]


def test_a_socket_is_one_line_once_it_is_closed(folder, lines):
    with browser().websocket_connect(
        "ws://127.0.0.1:8501/_stcore/stream", headers={"Origin": "http://127.0.0.1:8501"}
    ) as socket:
        assert journal.COUNTED.sockets == 1
        assert lines() == []
        socket.send_text("赵家村")
        socket.receive_text()
    (line,) = lines()
    assert (line["method"], line["path"], line["status"]) == ("SOCKET", "/_stcore/stream", 101)
    assert journal.COUNTED.sockets == 0


def test_who_was_signed_in_is_said_and_nothing_that_was_typed(folder, lines, tmp_path):
    People(folder).add("li", "李工", "editor", WORD)
    client = browser(follow_redirects=False)
    typed = {"name": "li", "password": WORD}
    cookie = client.post("/signin", data=typed, headers={"Origin": "http://127.0.0.1:8501"}).headers["set-cookie"]
    client.get("/?name=secret", headers={"X-Secret": "secret"})
    assert [(one["person"], one["method"], one["path"], one["status"]) for one in lines()] == [
        (None, "POST", "/signin", 303),
        ("li", "GET", "/", 200),
    ]
    written = (tmp_path / "board.jsonl").read_text(encoding="utf-8")
    for secret in (WORD, "secret", cookie.partition("=")[2].partition(";")[0], "李工", "赵家村"):
        assert secret not in written


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/media/0123abcd.xlsx", "/media/…"),
        ("/_stcore/upload_file/a/b", "/_stcore/upload_file/…"),
        ("/board/media/0123abcd.xlsx", "/board/media/…"),
        ("/_stcore/health", "/_stcore/health"),
        ("/" + "a" * 500, "/" + "a" * 199),
    ],
)
def test_a_path_is_kept_without_what_opens_anything(path, kept):
    assert journal.path_of(path) == kept


def test_no_path_begins_a_line_of_its_own(folder, lines):
    browser().get('/a%0A{"person":"boss"}%22')
    assert [one["path"] for one in lines()] == ['/a\n{"person":"boss"}"']


def test_lines_go_on_the_screen_to_a_file_of_ours_alone_or_nowhere(folder, tmp_path, monkeypatch):
    path = tmp_path / "board.jsonl"
    journal.open_lines(str(path))
    browser().get("/")
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        path.rename(tmp_path / "yesterday.jsonl")  # as logrotate does
        browser().get("/")
        assert path.read_text(encoding="utf-8").count("\n") == 1
    screen = io.StringIO()
    monkeypatch.setattr("sys.stdout", screen)
    journal.open_lines("-")
    browser().get("/a")
    journal.open_lines("")
    browser().get("/b")
    assert [json.loads(line)["path"] for line in screen.getvalue().splitlines()] == ["/a"]


def test_a_log_that_cannot_be_written_is_said_before_the_board_opens(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "free_to_listen", lambda address, port: True)
    assert server.serve(tmp_path, server.Opening(log=str(tmp_path / "none" / "x.jsonl"))) == 1
    chinese, english = capsys.readouterr().err.splitlines()
    assert "写不了日志" in chinese
    assert "cannot be written" in english


# --- numbers ---------------------------------------------------------------------------------------------------


def numbers(client: TestClient, **headers: str) -> dict[str, float]:
    text = client.get("/metrics", headers=headers)
    assert text.status_code == 200
    assert text.headers["content-type"] == server.numbers.TYPE
    told = [line for line in text.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in told)}


def test_the_numbers_are_what_was_counted(folder):
    client = browser()
    for path in ("/", "/research", "/broken"):
        client.get(path)
    told = numbers(client)
    assert told['taizhang_requests_total{status="2xx"}'] == 2
    assert told['taizhang_requests_total{status="5xx"}'] == 1
    assert told['taizhang_release{campaign="main"}'] == 3
    assert told["taizhang_sockets"] == told["taizhang_sessions"] == 0
    assert 0 < told["taizhang_request_seconds_total"] == pytest.approx(journal.COUNTED.seconds, abs=0.5)
    assert numbers(client)['taizhang_requests_total{status="2xx"}'] == 3  # the page of numbers is a request too


def test_the_page_of_numbers_is_in_the_form_of_prometheus(folder):
    client = browser()
    client.get("/")
    named = None
    for line in client.get("/metrics").text.splitlines():
        if line.startswith("# HELP "):
            named = line.split()[2]
        elif line.startswith("# TYPE "):
            assert line.split()[2:] in ([named, "gauge"], [named, "counter"])
        else:
            assert re.fullmatch(rf'{named}(\{{[a-z]+="[^"\\]*"\}})? [0-9.]+', line), line


@pytest.mark.parametrize(("who", "status"), [("boss", 200), ("li", 404), (None, 401)])
def test_only_administrators_and_this_computer_see_the_numbers(folder, who, status):
    People(folder).add("boss", "主任", "administrator", WORD)
    People(folder).add("li", "李工", "editor", WORD)
    assert numbers(browser(client=("127.0.0.1", 1)))["taizhang_sessions"] == 0
    client = browser(client=("192.0.2.1", 1))
    if who:
        client.post("/signin", data={"name": who, "password": WORD}, headers={"Origin": "http://127.0.0.1:8501"})
    assert client.get("/metrics").status_code == status
