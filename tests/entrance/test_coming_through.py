"""Who comes through: every address and socket × every role × signed out, ended, replayed and forged; until when, and as
whom; and the real program, started once."""

import re
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest
from small_board import (
    FILE,
    HERE,
    MEDIA,
    PAGES,
    PROGRAMS,
    PUTTING,
    READER,
    STREAM,
    UPLOAD,
    VISIT,
    WORD,
    a_file,
    a_place,
    asked_to_sign_in,
    browser,
    cookie_of,
    is_given,
    new_visit,
    signed_in,
)
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from taizhang import cli
from taizhang.access import roles, sessions
from taizhang.access.audit import Audit
from taizhang.access.people import People
from taizhang.server import entrance, messages, reception


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
        is_given(open_one, a_place(UPLOAD))
    may_send = 403 if role in ("reader", "unit") else 200  # a unit hands in once it is said what is theirs
    assert client.put(UPLOAD).status_code == may_send


def test_a_name_in_chinese_reaches_the_board_whole(people):
    people.add("李工", "李工", "editor", WORD)
    said = signed_in("李工").get("/_stcore/health").json()["told"]["x-taizhang-person"]
    assert entrance.name_told(said) == "李工"


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
    media, upload = MEDIA, UPLOAD
    with mine.websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        is_given(open_one, a_file(media))
        is_given(open_one, a_place(upload))
    assert (mine.get(media).status_code, mine.put(upload).status_code) == (200, 200)
    for client in (same_person, other):
        assert (client.get(media).status_code, client.put(upload).status_code) == (404, 404)
        assert client.get(f"/media/{FILE[::-1]}.xlsx").status_code == 404  # not yours reads like not there
    for more in ("/../x", "2", ".xlsx/x", "/"):
        assert mine.get(f"/media/{FILE}{more}").status_code in (404, 303)


def test_a_visit_is_come_back_to_by_the_session_that_was_given_it_and_by_no_other(people):
    mine, other = signed_in("editor"), signed_in("presenter")

    def comes_back(client) -> str:
        wanted = ["streamlit", "xsrf", VISIT]
        with client.websocket_connect(STREAM, subprotocols=wanted) as open_one:
            return open_one.receive_bytes().decode()

    assert VISIT not in comes_back(mine)
    with mine.websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        is_given(open_one, new_visit())
    assert VISIT in comes_back(mine)
    assert VISIT not in comes_back(other)


def test_a_handout_in_html_could_run_nothing_were_it_shown_from_here(people):
    """A file may say anything: whoever opens its address gets it without scripts, in a place of no origin."""
    client, page = signed_in("presenter"), f"/media/{FILE}.html"
    with client.websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        is_given(open_one, a_file(page))
    policy = client.get(page, headers=READER).headers["content-security-policy"].split("; ")
    assert {"sandbox", "default-src 'none'"} <= set(policy)  # and with it no allow-scripts, no allow-same-origin
    assert not [one for one in policy if one.startswith(("script-src", "connect-src", "sandbox "))]


def test_an_address_that_is_shown_as_it_was_typed_gives_nobody_what_is_there(people):
    """Whoever learnt the address of another's file types it, and the page says it again: in its own fields alone."""
    client = signed_in("reader")
    shown = ForwardMsg()
    shown.delta.new_element.text_input.value = MEDIA
    said = ForwardMsg()
    said.delta.new_element.html.body = f"{MEDIA} {UPLOAD} visit:{VISIT}"
    with client.websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        is_given(open_one, shown)
        is_given(open_one, said)
    assert (client.get(MEDIA).status_code, client.put(UPLOAD).status_code) == (404, 404)


def asks_for_made(later: str) -> bytes:
    asked = BackMsg()
    asked.backend_operation_request.deferred_file.file_id = later
    return asked.SerializeToString()


def answers(open_one, said: bytes) -> bool:
    """Whether the board behind hears what is said: what is said next is answered in any case."""
    open_one.send_bytes(said)
    open_one.send_bytes(STILL)
    answer = open_one.receive_bytes()
    if answer != b"app_heartbeat":
        assert open_one.receive_bytes() == b"app_heartbeat"
    return answer != b"app_heartbeat"


def test_a_file_that_is_made_when_it_is_asked_for_is_made_for_the_session_that_was_given_its_id_alone(people):
    """The framework makes it for whoever knows the id, with the eyes of the page that drew the button."""
    mine, other = signed_in("administrator"), signed_in("reader")
    with mine.websocket_connect(STREAM) as own, other.websocket_connect(STREAM) as anothers:
        own.receive_bytes(), anothers.receive_bytes()
        is_given(own, a_file(later=FILE))
        assert answers(own, asks_for_made(FILE))
        assert not answers(own, asks_for_made(FILE[::-1]))
        assert not answers(anothers, asks_for_made(FILE))


@pytest.mark.parametrize("role", ["reader", "administrator"])
def test_of_what_the_framework_hears_nothing_comes_through_but_what_a_page_says(role, people):
    """It would write files for programmers, empty its caches for all, or stop, for whoever asks."""
    said = {field.name: BackMsg() for field in BackMsg.DESCRIPTOR.fields}
    for name, message in said.items():
        field = BackMsg.DESCRIPTOR.fields_by_name[name]
        if field.message_type:
            getattr(message, name).SetInParent()
        else:
            setattr(message, name, "x" if field.type == field.TYPE_STRING else True)
    operations = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type.oneofs_by_name["payload"]
    for field in operations.fields:
        said[field.name] = BackMsg()
        getattr(said[field.name].backend_operation_request, field.name).SetInParent()
    del said["app_heartbeat"]  # by which is told what is heard
    with signed_in(role).websocket_connect(STREAM) as open_one:
        open_one.receive_bytes()
        heard = {name for name, message in said.items() if answers(open_one, message.SerializeToString())}
        heard |= {"text"} if answers(open_one, b"") else set()
    assert heard == {"rerun_script", "stop_script", "file_urls_request", "dataframe_chunk"}


def test_the_addresses_that_the_framework_gives_away_are_those_that_are_looked_for():
    from streamlit.runtime.media_file_storage import MediaFileKind
    from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    media = MemoryMediaFileStorage("/media")
    given = media.get_url(media.load_and_get_id(b"x", "text/csv", MediaFileKind.DOWNLOADABLE, "x.csv"))
    (place,) = MemoryUploadedFileManager("/_stcore/upload_file").get_upload_urls(VISIT, ["x.csv"])
    for address, rest in ((given, ".csv"), (place.upload_url, ""), (place.delete_url, "")):
        found = messages.GIVEN.match(address)
        assert address[found.end() :] == rest


# --- sessions end, and their sockets with them -----------------------------------------------------------------


STILL = BackMsg(app_heartbeat=True).SerializeToString()


def is_closed(open_one) -> bool:
    """Whether the other side ends a socket within ten seconds, be it after messages that were on their way."""
    late = threading.Timer(10, lambda: open_one.send_bytes(STILL))  # is answered on a socket that is open still
    late.start()
    try:
        while open_one.receive_bytes() != b"app_heartbeat":
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
        slides.send_bytes(STILL)
        assert slides.receive_bytes() == b"app_heartbeat"


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


def test_the_real_board_opened_to_others_says_a_code_and_lets_nobody_in_without(tmp_path):
    """One start of the real program: its code, its own files, its socket, and that its first administrator gets in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from taizhang.begin import command; command()", "run", "--host", "0.0.0.0"]
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
