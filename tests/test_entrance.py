"""Who is let in: every address and socket × every role × signed out, ended, replayed and forged; and how one signs in.

Behind the entrance stands a small board that says what it was told; the real one is tried at the end of the file.
"""

import asyncio
import contextlib
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from taizhang import cli, server
from taizhang.access import attempts, passwords, roles, sessions
from taizhang.access.audit import Audit
from taizhang.access.people import People
from taizhang.server import entrance, reception
from taizhang.server.entrance import inside

WORD = "河东-meeting-42"
READER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HERE = "http://127.0.0.1:8501"
STREAM = "ws://127.0.0.1:8501/_stcore/stream"
FILE = "0123456789abcdef0123456789abcdef"
VISIT = "0f9a4c1e-5b7d-4c3a-9e21-0123456789ab"
UPLOAD = f"/_stcore/upload_file/{VISIT}/{VISIT}"


# --- a small board behind the real gate ------------------------------------------------------------------------


async def told(request):
    return JSONResponse({"path": request.url.path, "told": dict(request.headers)})


async def page(request):
    return HTMLResponse("<!doctype html>" + "x" * 1000)


async def stream(websocket):
    """As the framework does: says who it thinks is there, gives files away on demand, and answers what is said."""
    wanted = (websocket.headers.get("sec-websocket-protocol") or "").split(", ")
    await websocket.accept(subprotocol=wanted[0] or None)
    said = f"{websocket.headers.get('x-taizhang-person')} {wanted[2:] or ''}".encode()
    await websocket.send_bytes(said)
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            asked = await websocket.receive_bytes()
            await websocket.send_bytes(asked)


def new_visit() -> bytes:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg()
    message.new_session.initialize.session_id = VISIT
    return message.SerializeToString()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    monkeypatch.setattr(entrance, "LOOKS_EVERY", 0.02)
    reception._of.cache_clear()
    passwords._of_nobody.cache_clear()


@pytest.fixture
def people(tmp_path, monkeypatch) -> People:
    """An account for each role, `unit` signing in as `unit`."""
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path))
    known = People(tmp_path)
    for role in roles.ROLES:
        known.add(role, f"{role}·某人", role, WORD)
    return known


def browser(base: str = HERE, **more) -> TestClient:
    routes = [
        *server.routes(),
        Route("/_stcore/health", told),
        Route("/_stcore/metrics", told),
        Route("/metrics", told),
        Route("/media/{name}", told),
        Route("/_stcore/upload_file/{visit}/{name}", told, methods=["PUT", "GET", "DELETE"]),
        WebSocketRoute("/_stcore/stream", stream),
        Route("/{other:path}", page, methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"]),
    ]
    board = Starlette(routes=routes, middleware=server.middleware())
    return TestClient(board, base_url=base, follow_redirects=False, **more)


def sign_in(client: TestClient, name: str, password: str = WORD, **more: str):
    base = str(client.base_url).rstrip("/")
    form = {"name": name, "password": password, **more}
    return client.post("/signin", data=form, headers={"origin": base, "sec-fetch-site": "same-origin", **READER})


def signed_in(name: str) -> TestClient:
    client = browser()
    assert sign_in(client, name).status_code == 303
    return client


def cookie_of(client: TestClient) -> tuple[str, str]:
    return next((name, value) for name, value in client.cookies.items() if name.startswith("taizhang_session"))


def asked_to_sign_in(answer) -> bool:
    return answer.status_code == 303 and urlsplit(answer.headers["location"]).path == "/signin"


# --- the matrix ------------------------------------------------------------------------------------------------

PAGES = ("/", "/research", "/upload", "/settings", "/no-such-page", "/static/x.html")
PROGRAMS = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/metrics",
    "/static/js/index.js",
    f"/media/{FILE}.xlsx",
    "/component/x/index.html",
    "/_stcore/bidi-components/x",
)
PUTTING = (("PUT", UPLOAD), ("DELETE", UPLOAD), ("POST", "/x"))


def nobodys_cookies(people) -> dict[str, dict[str, str]]:
    """Ways to come without a session that goes on: name → headers."""
    ended = signed_in("administrator")
    name, value = cookie_of(ended)
    ended.post("/signout", headers={"origin": HERE})
    late = signed_in("presenter")
    next(reversed(reception.current().sessions._known.values())).used -= sessions.IDLE + 1
    _, old = cookie_of(late)
    off = signed_in("editor")
    _, gone = cookie_of(off)
    people.disable("editor")
    return {
        "signed out": {},
        "replayed after sign-out": {"cookie": f"{name}={value}"},
        "of a disabled account": {"cookie": f"{name}={gone}"},
        "after half an hour": {"cookie": f"{name}={old}"},
        "made up": {"cookie": f"{name}=administrator"},
        "empty": {"cookie": f"{name}="},
        "forged header": {"x-taizhang-person": "administrator", "x-taizhang-from": "127.0.0.1"},
        "forged header, other case": {"X-Taizhang-Person": "administrator", "X-Remote-User": "administrator"},
    }


def test_whoever_has_no_session_gets_the_page_to_sign_in_on_and_a_bare_health_and_nothing_else(people):
    ways = nobodys_cookies(people)
    for name, headers in ways.items():
        client = browser(client=("10.1.2.3", 1))
        for path in PAGES:
            assert asked_to_sign_in(client.get(path, headers={**headers, **READER})), (name, path)
        for path in (*PROGRAMS, *PAGES):
            assert client.get(path, headers=headers).status_code == 401, (name, path)
        for method, path in PUTTING:
            assert client.request(method, path, headers=headers).status_code == 403, (name, path)
        assert client.get("/healthz", headers=headers).json() == {"ok": True}, name
        with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect(STREAM, headers=headers):
            pass
        assert closed.value.code == 1008, name


@pytest.mark.parametrize("role", roles.ROLES)
def test_each_role_is_let_in_to_what_it_may_do_and_the_board_is_told_who_it_is(role, people):
    client = signed_in(role)
    forged = {"x-taizhang-person": "administrator", "X-TAIZHANG-FROM": "6.6.6.6"}
    said = client.get("/_stcore/health", headers=forged).json()["told"]
    assert (said["x-taizhang-person"], said["x-taizhang-from"]) == (role, "testclient")
    for path in PAGES:
        assert client.get(path, headers=READER).status_code in (200, 303)
        assert not asked_to_sign_in(client.get(path, headers=READER))
    assert "release" in client.get("/healthz").json()
    sees_figures = 200 if role == "administrator" else 404
    assert [client.get(path).status_code for path in ("/_stcore/metrics", "/metrics")] == [sees_figures] * 2
    with client.websocket_connect(STREAM, headers=forged) as open_one:
        assert open_one.receive_bytes().decode().split()[0] == role
        open_one.send_bytes(UPLOAD.encode())
        open_one.receive_bytes()
    may_send = 403 if role == "reader" else 200
    assert client.put(UPLOAD).status_code == may_send


def test_a_name_in_chinese_reaches_the_board_whole(people):
    people.add("李工", "李工", "editor", WORD)
    said = signed_in("李工").get("/_stcore/health").json()["told"]["x-taizhang-person"]
    assert entrance.name_told(said) == "李工"


NAMES = st.sampled_from(
    ("as_of", "compare", "release", "district", "draft", "meeting", "campaign", "lang", "tab", "next", "out", "code")
)
SAID = st.one_of(
    st.text(max_size=40),
    st.sampled_from(("//evil.example", "/\\evil.example", "https://evil.example", "/signin?next=//evil.example")),
    st.sampled_from(("../../LIVE", "\r\nset-cookie: a=b", "<script>", "' or 1=1 --", "13", "2019-11-29", "MCA440703")),
)


def test_no_address_tells_anything_to_whoever_is_not_signed_in(people):
    """Any page with any parameter: the page to sign in on or a refusal, no byte of the board, no way elsewhere."""
    nobody = browser()

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from((*PAGES, *PROGRAMS, f"/media/{FILE}", "/signin")), st.dictionaries(NAMES, SAID, max_size=4))
    def tried(path, query):
        answer = nobody.get(path, params=query, headers=READER)
        assert answer.status_code in (303, 401, 403, 404) or path == "/signin"
        assert "x" * 100 not in answer.text
        assert '"told"' not in answer.text
        assert "<script>" not in answer.text
        if answer.status_code == 303:
            assert asked_to_sign_in(answer)
            assert not urlsplit(answer.headers["location"]).netloc
        assert "a=b" not in answer.headers.get("set-cookie", "")

    tried()


def test_without_an_account_nobody_is_asked_and_nobody_can_say_who_they_are(tmp_path, monkeypatch):
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path))
    client = browser()
    assert client.get("/", headers=READER).status_code == 200
    told_of = client.get("/_stcore/health", headers={"x-taizhang-person": "administrator"}).json()["told"]
    assert "x-taizhang-person" not in told_of
    assert client.get("/signin", headers=READER).status_code == 303  # an address that is no page
    assert browser("http://192.168.1.20:8501").get("/", headers=READER).status_code == 421


def test_from_the_first_account_on_everybody_is_asked_also_who_was_in(tmp_path, monkeypatch):
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path))
    client = browser()
    assert client.get("/", headers=READER).status_code == 200
    People(tmp_path).add("boss", "主任", "administrator", WORD)
    assert asked_to_sign_in(client.get("/", headers=READER))


# --- files belong to the session that was given them -----------------------------------------------------------


def test_a_file_is_there_for_the_session_that_was_given_it_and_for_no_other(people):
    mine, same_person, other = signed_in("editor"), signed_in("editor"), signed_in("administrator")
    media, upload = f"/media/{FILE}.xlsx", UPLOAD
    with mine.websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        open_one.send_bytes(b"\x0a\x2c" + media.encode() + b"2\x20" + upload.encode() + b"a1")  # as in a protobuf
        open_one.receive_bytes()
    assert (mine.get(media).status_code, mine.put(upload).status_code) == (200, 200)
    for client in (same_person, other):
        assert (client.get(media).status_code, client.put(upload).status_code) == (404, 404)
        assert client.get(f"/media/{FILE[::-1]}.xlsx").status_code == 404  # not yours reads like not there
    for more in ("/../x", "2", ".xlsx/x", "/"):
        assert mine.get(f"/media/{FILE}{more}").status_code in (404, 303)


def test_a_visit_is_come_back_to_by_the_session_that_was_given_it_and_by_no_other(people):
    mine, other = signed_in("editor"), signed_in("presenter")

    def asks_for(client) -> str:
        wanted = ["streamlit", "xsrf", VISIT]
        with client.websocket_connect(STREAM, subprotocols=wanted) as open_one:
            return open_one.receive_bytes().decode()

    assert VISIT not in asks_for(mine)
    with mine.websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        open_one.send_bytes(new_visit())
        open_one.receive_bytes()
    assert VISIT in asks_for(mine)
    assert VISIT not in asks_for(other)


# --- sessions end, and their sockets with them -----------------------------------------------------------------


def is_closed(open_one) -> bool:
    """Whether the other side ends a socket within ten seconds, be it after messages that were on their way."""
    late = threading.Timer(10, lambda: open_one.send_bytes(b"late"))  # comes back on a socket that is open still
    late.start()
    try:
        while open_one.receive_bytes() != b"late":
            pass
    except WebSocketDisconnect as ended:
        return ended.code == 1008
    finally:
        late.cancel()
    return False


@pytest.mark.parametrize("how", ["reset", "role", "scope", "disable", "sign_out", "idle", "command"])
def test_what_ends_a_session_closes_its_open_socket(how, people, monkeypatch, capfd):
    client = signed_in("editor")
    with client.websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        match how:
            case "reset":
                people.reset("editor", WORD + "!")
            case "role":
                people.give_role("editor", "administrator")
            case "scope":
                people.hold_to("editor", ["440703"])
            case "disable":
                people.disable("editor")
            case "sign_out":
                client.post("/signout", headers={"origin": HERE})
            case "idle":
                monkeypatch.setattr(sessions, "IDLE", -1)
            case "command":
                with pytest.raises(SystemExit):
                    cli.main(["user", "disable", "editor"])
        assert is_closed(open_one)
    assert asked_to_sign_in(client.get("/", headers=READER))


def test_slides_may_stand_for_longer_than_others_may_be_away(people, monkeypatch):
    known, now = reception.current().sessions, [1000.0]
    monkeypatch.setattr(known, "_clock", lambda: now[0])
    reader, presenter = signed_in("reader"), signed_in("presenter")
    (shown,) = (one for one in known._known.values() if one.name == "presenter")
    with presenter.websocket_connect(STREAM) as slides:
        slides.receive_bytes()
        with reader.websocket_connect(STREAM) as left_alone:
            left_alone.receive_bytes()
            for _ in range(2):
                now[0] += sessions.IDLE - 60
                while shown.used != now[0]:  # until somebody looked at the open page
                    time.sleep(0.01)
            assert is_closed(left_alone)
        slides.send_bytes(b"on")
        assert slides.receive_bytes() == b"on"


def test_another_session_of_the_same_person_goes_on_after_sign_out(people):
    first, second = signed_in("editor"), signed_in("editor")
    first.post("/signout", headers={"origin": HERE})
    assert asked_to_sign_in(first.get("/", headers=READER))
    assert second.get("/", headers=READER).status_code == 200


# --- signing in ------------------------------------------------------------------------------------------------


def test_the_id_of_a_session_is_new_at_each_sign_in_and_one_that_was_planted_is_worth_nothing(people):
    client = browser()
    client.cookies.set("taizhang_session-8501", "planted", domain="127.0.0.1")
    sign_in(client, "editor")
    first = cookie_of(client)[1]
    assert first != "planted"
    sign_in(client, "editor")
    assert cookie_of(client)[1] != first
    assert asked_to_sign_in(browser().get("/", headers={**READER, "cookie": f"taizhang_session-8501={first}"}))


def test_the_cookie_is_read_by_no_script_and_sent_by_no_other_site(people):
    said = sign_in(browser(), "editor").headers.get_list("set-cookie")[0]
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in said.split(";")}
    assert not re.search("Max-Age|Domain", said)
    over_tls = sign_in(browser("https://127.0.0.1:8501"), "editor").headers.get_list("set-cookie")[0]
    assert over_tls.startswith("__Host-taizhang")
    assert "Secure" in over_tls


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "https://127.0.0.1:8501"}, 403),
        ({"origin": HERE, "sec-fetch-site": "cross-site"}, 403),
        ({"origin": HERE, "sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": HERE}, 303),
        ({"sec-fetch-site": "same-origin"}, 303),
    ],
)
def test_a_form_of_another_page_signs_nobody_in_or_out(headers, status, people):
    answer = browser().post("/signin", data={"name": "editor", "password": WORD}, headers=headers)
    assert answer.status_code == status
    client = signed_in("editor")
    assert client.post("/signout", headers=headers).status_code == status
    assert (client.get("/", headers=READER).status_code == 200) == (status == 403)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_is_signed_out_by_a_link(method, people):
    client = signed_in("editor")
    assert client.request(method, "/signout", headers={"origin": HERE}).status_code == 405
    assert client.get("/", headers=READER).status_code == 200


@pytest.mark.parametrize(
    ("name", "password"),
    [("editor", "wrong-wrong-1"), ("nobody", WORD), ("", ""), ("../x", WORD), ("off", WORD), ("editor", "x" * 5000)],
)
def test_whatever_is_wrong_with_a_name_and_a_password_reads_the_same(name, password, people):
    people.add("off", "离任", "reader", WORD)
    people.disable("off")
    answer = sign_in(browser(), name, password)
    assert answer.status_code == 401
    assert not [one for one in answer.headers.get_list("set-cookie") if "session" in one]
    assert re.search(r'role="alert">([^<]+)<', answer.text)[1] == "登录名或密码不对，请重新输入。"


def test_a_name_that_nobody_has_costs_a_hash_like_any_other(people, monkeypatch):
    compared = []

    class Counted(passwords.PasswordHasher):
        def verify(self, known, password):
            compared.append(known.rpartition("$")[0].rpartition("$")[0])
            return super().verify(known, password)

    monkeypatch.setattr(passwords, "PasswordHasher", Counted)
    sign_in(browser(), "editor", "wrong-wrong-1")
    sign_in(browser(), "nobody", "wrong-wrong-1")
    assert len(compared) == 2
    assert compared[0] == compared[1]  # the same kind of hash with the same figures


def test_after_too_many_wrong_passwords_the_right_one_is_not_tried_either(people):
    client = browser()
    for _ in range(attempts.MOST_OF_BOTH):
        assert sign_in(client, "editor", "wrong-wrong-1").status_code == 401
    refused = sign_in(client, "EDITOR")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 600
    assert sign_in(client, "reader").status_code == 303  # another account from there
    acts = [(one.act, one.who) for one in Audit(people.folder).entries()]
    assert acts == [("sign_in_failed", "editor")] * attempts.MOST_OF_BOTH + [("sign_in", "reader")]


def test_of_many_wrong_passwords_at_once_no_more_are_tried_than_one_after_the_other(people):
    board = browser().app

    async def all_at_once() -> list[int]:
        transport = httpx.ASGITransport(board)
        async with httpx.AsyncClient(transport=transport, base_url=HERE, headers={"origin": HERE}) as client:
            form = {"name": "editor", "password": "wrong-wrong-1"}
            return [
                one.status_code for one in await asyncio.gather(*(client.post("/signin", data=form) for _ in range(20)))
            ]

    with ThreadPoolExecutor(1) as apart:  # this thread may be a browser's
        said = apart.submit(lambda: asyncio.run(all_at_once())).result()
    assert sorted(said) == [401] * attempts.MOST_OF_BOTH + [429] * (20 - attempts.MOST_OF_BOTH)


def test_what_is_typed_for_a_name_that_nobody_has_is_not_written_down(people):
    sign_in(browser(), "my-password-by-mistake", "x")
    assert [(one.act, one.who, one.source) for one in Audit(people.folder).entries()] == [
        ("sign_in_failed", "", "testclient")
    ]
    assert b"mistake" not in Audit(people.folder).path.read_bytes()


def test_a_form_that_is_longer_than_any_that_is_typed_is_not_read(people):
    answer = browser().post("/signin", content=b"name=" + b"x" * 20_000, headers={"origin": HERE})
    assert answer.status_code == 413


# --- where one goes then ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way",
    [
        "//evil.example",
        "/\\evil.example",
        "http://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "/a b",
        "/\t/evil.example",
        "",
        "research",
        "/signin?next=/x",
        "/signout",
        "/[x",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_led_out_of_the_board(way, people):
    answer = sign_in(browser(), "editor", next=way)
    where = answer.headers["location"]
    assert where == "/" or where.startswith("/%5B") or not urlsplit(where).netloc
    assert where == "/" or way == "/[x"


def test_a_link_is_gone_on_to_after_signing_in(people):
    client = browser()
    asked = client.get("/research?district=440703&lang=en&release=3", headers=READER).headers["location"]
    way = parse_qs(urlsplit(asked).query)["next"][0]
    assert way == inside(way) == "/research?district=440703&lang=en&release=3"
    assert f'value="{way.replace("&", "&amp;")}"' in client.get(asked, headers=READER).text
    assert sign_in(client, "editor", next=way).headers["location"] == way


def test_a_link_in_a_letter_is_asked_for_once_more_by_our_own_page(people):
    client = signed_in("editor")
    name, value = cookie_of(client)
    stranger = browser()
    first = stranger.get("/research", headers={**READER, "sec-fetch-site": "cross-site"})  # the cookie stays at home
    assert first.status_code == 200
    assert '<meta http-equiv="refresh" content="0">' in first.text
    headers = {**READER, "sec-fetch-site": "same-origin"}
    assert asked_to_sign_in(stranger.get("/research", headers=headers))
    assert stranger.get("/research", headers={**headers, "cookie": f"{name}={value}"}).status_code == 200


@pytest.mark.parametrize(("query", "lang", "title"), [("", "zh-CN", "请先登录"), ("?lang=en", "en", "Please sign in")])
def test_the_page_to_sign_in_on_needs_no_script_and_says_nothing_of_the_office(query, lang, title, people):
    answer = browser().get(f"/signin{query}", headers=READER)
    assert f'<html lang="{lang}">' in answer.text
    assert title in answer.text
    assert not re.search(r"<script|src=|url\(|@import", answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == server.content_security_policy()


def test_what_was_typed_is_said_again_harmlessly_and_the_password_never(people):
    answer = sign_in(browser(), '"><script>alert(1)</script>', "secret-secret-1", next='/x?"><b>')
    assert not re.search("<script|<b>", answer.text)
    assert "secret-secret-1" not in answer.text


def change(client: TestClient, **more: str):
    form = {"password": WORD, "new": "another-word-9", "again": "another-word-9", **more}
    return client.post("/password", data=form, headers={"origin": HERE})


def test_whoever_knows_their_password_gives_another_and_is_signed_out_everywhere_else(people):
    here, elsewhere = signed_in("reader"), signed_in("reader")
    assert 'action="password"' in here.get("/password", headers=READER).text
    before = people.named("reader")
    for wrong in ({"password": "wrong-wrong-1"}, {"again": "x"}, {"new": "short", "again": "short"}):
        assert change(here, **wrong).status_code == 400
    assert here.post("/password", data={}, headers={"origin": "http://evil.example"}).status_code == 403
    assert people.named("reader") == before
    assert change(here).status_code == 303
    assert here.get("/", headers=READER).status_code == 200
    assert asked_to_sign_in(elsewhere.get("/", headers=READER))
    assert sign_in(browser(), "reader").status_code == 401
    assert sign_in(browser(), "reader", "another-word-9").status_code == 303
    assert [one.who for one in Audit(people.folder).entries() if one.act == "user_password"] == ["reader"]


def test_guessing_ones_way_to_another_password_ends_soon(people):
    client = signed_in("reader")
    said = [change(client, password=f"guess-{one}-guess").status_code for one in range(6)]
    assert said == [400] * attempts.MOST_OF_BOTH + [429]


def test_nobody_changes_a_password_without_a_session(people):
    assert asked_to_sign_in(browser().get("/password", headers=READER))
    assert change(browser()).status_code == 403


# --- the first administrator -----------------------------------------------------------------------------------


@pytest.fixture
def waiting(tmp_path, monkeypatch) -> str:
    """The code of a board that was opened to others and has nobody yet."""
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path))
    return reception.current().make_code()


def first(client: TestClient, code: str, **more: str):
    form = {"code": code, "name": "boss", "shown": "王主任", "password": WORD, "again": WORD, **more}
    return client.post("/signin", data=form, headers={"origin": str(client.base_url).rstrip("/")})


def test_a_board_that_waits_for_its_first_administrator_lets_nobody_in_before(waiting, tmp_path):
    client = browser("http://192.168.1.20:8501")
    assert asked_to_sign_in(client.get("/research", headers=READER))
    assert 'name="code"' in client.get("/signin", headers=READER).text
    assert client.get("/_stcore/health").status_code == 401
    wrong = first(client, "wrong-code")
    assert (wrong.status_code, People(tmp_path).names()) == (400, [])
    assert first(client, waiting.upper(), again="another-word").status_code == 400
    assert first(client, waiting, password="short", again="short").status_code == 400
    assert first(client, waiting).status_code == 303
    assert client.get("/research", headers=READER).status_code == 200
    assert People(tmp_path).named("boss").role == "administrator"
    assert first(browser(), waiting, name="second").status_code == 401  # spent: it is a name and a password by now
    assert [one.act for one in Audit(tmp_path).entries()] == ["sign_in_failed", "sign_in", "sign_in_failed"]


def test_a_code_ends_by_itself(waiting, monkeypatch, tmp_path):
    monkeypatch.setattr(time, "monotonic", lambda was=time.monotonic: was() + reception.CODE_LASTS + 1)
    assert first(browser(), waiting).status_code == 400
    assert People(tmp_path).names() == []


def test_guessing_the_code_ends_soon(waiting):
    client = browser()
    said = [first(client, f"guess-{one}").status_code for one in range(6)]
    assert said == [400] * attempts.MOST_OF_BOTH + [429]


def test_a_form_that_is_filled_in_wrong_is_no_guess_and_makes_up_for_none(waiting):
    client = browser()
    assert [first(client, waiting, again="x").status_code for _ in range(9)] == [400] * 9
    said = [first(client, f"guess-{one}").status_code for one in range(4)]
    said += [first(client, "guess", again="x").status_code, first(client, "guess").status_code]
    assert said == [400] * 6
    assert first(client, waiting).status_code == 429


def test_a_board_whose_last_account_was_taken_away_still_asks(waiting, tmp_path):
    first(browser(), waiting)
    (tmp_path / "access" / "people" / "boss.json").unlink()
    assert asked_to_sign_in(browser().get("/", headers=READER))


# --- names, addresses, proxies ---------------------------------------------------------------------------------


def test_others_reach_a_board_that_asks_them_by_its_number_or_by_a_name_it_was_told(people, monkeypatch):
    monkeypatch.setenv("TAIZHANG_NAMES", "board.example, HOST")
    for host in ("192.168.1.20:8501", "board.example", "host"):
        client = browser("http://192.168.1.20:8501")
        assert asked_to_sign_in(client.get("/", headers={**READER, "host": host})), host
    for host in ("192.168.1.21:8501", "evil.example", "board.example.evil.example"):
        assert browser("http://192.168.1.20:8501").get("/", headers={**READER, "host": host}).status_code == 421


def source_of(client: TestClient, **headers: str) -> str:
    return client.get("/_stcore/health", headers=headers).json()["told"]["x-taizhang-from"]


def test_only_our_proxy_is_believed_when_it_says_who_is_behind_it(people, monkeypatch):
    said = {"x-forwarded-for": "6.6.6.6, 10.0.0.7", "x-forwarded-proto": "https"}
    assert source_of(signed_in("reader"), **said) == "testclient"
    monkeypatch.setenv("TAIZHANG_BEHIND", "testclient")
    client = browser()
    base = {"origin": "https://127.0.0.1:8501", **said}
    answer = client.post("/signin", data={"name": "reader", "password": WORD}, headers=base)
    assert answer.headers.get_list("set-cookie")[0].startswith("__Host-taizhang")
    name, value = next(iter((one.name, one.value) for one in client.cookies.jar if one.name.startswith("__Host")))
    assert source_of(browser(), **said, cookie=f"{name}={value}") == "10.0.0.7"
    assert Audit(people.folder).entries().__next__().source == "testclient"
    assert [one.source for one in Audit(people.folder).entries()] == ["testclient", "10.0.0.7"]


@pytest.fixture
def by_proxy(people, monkeypatch):
    """`by_proxy("li")` is what the proxy says of a request: headers."""
    monkeypatch.setenv("TAIZHANG_BEHIND", "testclient")
    monkeypatch.setenv("TAIZHANG_REMOTE_USER", "X-Remote-User")
    return lambda name: {**READER, "x-remote-user": name, "x-forwarded-for": "10.0.0.7"}


def test_whom_our_proxy_names_is_let_in_under_that_account_as_long_as_it_says_so(by_proxy, people):
    client = browser()
    came = client.get("/research?lang=en", headers=by_proxy("EDITOR"))
    assert (came.status_code, came.headers["location"]) == (303, "/research?lang=en")
    assert client.get("/research", headers=by_proxy("editor")).status_code == 200
    said = client.get("/_stcore/health", headers={**by_proxy("editor"), "accept": "*/*"}).json()["told"]
    assert said["x-taizhang-person"] == "editor"
    assert asked_to_sign_in(client.get("/research", headers=READER))  # the cookie alone
    other = client.get("/research", headers=by_proxy("reader"))
    assert other.status_code == 303
    said = client.get("/_stcore/health", headers={**by_proxy("reader"), "accept": "*/*"}).json()["told"]
    assert said["x-taizhang-person"] == "reader"
    assert [(one.act, one.who, one.source, one.detail) for one in Audit(people.folder).entries()] == [
        ("sign_in", "editor", "10.0.0.7", "proxy"),
        ("sign_in", "reader", "10.0.0.7", "proxy"),
    ]


@pytest.mark.parametrize("name", ["nobody", "", "editor, administrator", "../x"])
def test_a_name_without_an_account_lets_nobody_in_though_the_proxy_says_it(name, by_proxy):
    answer = browser().get("/research", headers=by_proxy(name))
    assert answer.status_code in (403, 303)
    assert "set-cookie" not in answer.headers


def test_a_name_said_twice_or_by_anybody_but_our_proxy_means_nothing(by_proxy, monkeypatch):
    twice = [*by_proxy("administrator").items(), ("x-remote-user", "administrator")]
    assert asked_to_sign_in(browser().get("/", headers=twice))
    monkeypatch.setenv("TAIZHANG_BEHIND", "10.9.9.9")
    assert asked_to_sign_in(browser().get("/", headers=by_proxy("administrator")))
    monkeypatch.setenv("TAIZHANG_BEHIND", "testclient")
    monkeypatch.delenv("TAIZHANG_REMOTE_USER")
    assert asked_to_sign_in(browser().get("/", headers=by_proxy("administrator")))


def test_figures_are_there_for_a_program_on_this_computer_and_not_for_a_proxy(people):
    here = browser(client=("127.0.0.1", 5000))
    assert here.get("/metrics").status_code == 200
    assert "person" not in here.get("/metrics").text
    for headers in ({"x-forwarded-for": "10.0.0.7"}, {"forwarded": "for=x"}, {"via": "1.1 x"}):
        assert here.get("/metrics", headers=headers).status_code == 401
    assert browser(client=("10.0.0.7", 5000)).get("/metrics").status_code == 401


@pytest.mark.parametrize("strips", [False, True])
def test_a_board_under_a_path_leads_nobody_out_of_it(strips, people, monkeypatch):
    monkeypatch.setenv("TAIZHANG_UNDER", "/board")
    at = "" if strips else "/board"
    client = browser()
    assert client.get(f"{at}/research", headers=READER).headers["location"].startswith("/board/signin?next=%2Fresearch")
    assert 'action="signin"' in client.get(f"{at}/signin", headers=READER).text
    answer = client.post(
        f"{at}/signin", data={"name": "reader", "password": WORD, "next": "/research"}, headers={"origin": HERE}
    )
    assert answer.headers["location"] == "/board/research"
    assert "session-board=" in answer.headers.get_list("set-cookie")[0]
    assert client.get(f"{at}/research", headers=READER).status_code == 200


# --- the real program ------------------------------------------------------------------------------------------


def test_another_address_is_opened_once_there_is_an_administrator(people, monkeypatch, capsys):
    from streamlit import config

    asked = {"server.address": "0.0.0.0"}
    monkeypatch.setattr(config, "get_option", asked.__getitem__)
    monkeypatch.setattr(config, "set_option", asked.__setitem__)
    server.refuse_open_address()
    assert asked["server.allowedHosts"] == ["*"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--host", "203.0.113.9"), "no address of this computer"),
        (("--certificate", "pyproject.toml"), "A certificate and its key go together"),
        (("--under", "board"), "“board” is no path"),
        (("--remote-user", "X-Remote-User"), "believed of a proxy alone"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence(args, sentence, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("TAIZHANG_LANG", "en")
    with pytest.raises(SystemExit) as left:
        cli.main(["run", "--store", str(tmp_path), *args])
    assert left.value.code == 1
    assert sentence in capfd.readouterr().err


def test_the_real_board_opened_to_others_says_a_code_and_lets_nobody_in_without(tmp_path):
    """One start of the real program: its code, its own files, its socket, and that its first administrator gets in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from taizhang.cli import main; main()", "run", "--host", "0.0.0.0"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--store", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        said = ""
        while "Taizhang is open at" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        code = re.search(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}", said)[0]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for path in ("/", "/_stcore/health", "/_stcore/host-config", "/static/js/", "/_stcore/metrics"):
                assert client.get(path).status_code == 401, path
            upgrade = {
                "connection": "Upgrade",
                "upgrade": "websocket",
                "sec-websocket-version": "13",
                "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
            }
            assert client.get("/_stcore/stream", headers=upgrade).status_code == 403
            form = {"code": code, "name": "boss", "shown": "王主任", "password": WORD, "again": WORD}
            origin = {"origin": f"http://127.0.0.1:{port}"}
            assert client.post("/signin", data=form, headers=origin).status_code == 303
            assert client.get("/_stcore/health").status_code == 200
            assert "<script" in client.get("/research", headers=READER).text
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_nobody_is_told_more_of_a_plain_text_refusal_than_its_number(people):
    assert isinstance(entrance._refused(404), PlainTextResponse)
    assert browser().get("/_stcore/health").text == ""


def test_the_addresses_that_the_framework_gives_away_are_those_that_are_looked_for():
    from streamlit.runtime.media_file_storage import MediaFileKind
    from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    media = MemoryMediaFileStorage("/media")
    given = media.get_url(media.load_and_get_id(b"x", "text/csv", MediaFileKind.DOWNLOADABLE, "x.csv"))
    (place,) = MemoryUploadedFileManager("/_stcore/upload_file").get_upload_urls(VISIT, ["x.csv"])
    for address, rest in ((given, ".csv"), (place.upload_url, ""), (place.delete_url, "")):
        found = entrance.GIVEN.match(address.encode())
        assert address[found.end() :] == rest
