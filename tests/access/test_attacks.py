"""What a scanner or a colleague with time would try on the real board, signed in as a reader and not at all."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from visits import ROLE_OF, SECRET, Board, Browser
from websockets.exceptions import InvalidStatus

from taizhang import server
from taizhang.declared.root import ROOT

READER = {"accept": "text/html"}
ELSEWHERE = "http://evil.example"
# In the table of SECURITY.md a test is named as `file::test`.
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


@pytest.fixture(scope="module")
def comers(board) -> Iterator[dict[str, Browser]]:
    """A browser that is not signed in, and a reader's."""
    known = {"nobody": board.browser(), "reader": board.signed_in("reader")}
    yield known
    for one in known.values():
        one.close()


def raw(board: Board, line: str, *headers: str) -> tuple[int, dict[str, str], str]:
    """A request as it is written, which no browser would write: status, headers, and what is answered."""
    said = [line, f"host: 127.0.0.1:{board.port}", "connection: close", *headers, "", ""]
    with socket.create_connection(("127.0.0.1", board.port), timeout=20) as connection:
        connection.sendall("\r\n".join(said).encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")
    head, _, body = answer.partition("\r\n\r\n")
    first, *rest = head.split("\r\n")
    return int(first.split()[1]), dict(one.lower().split(": ", 1) for one in rest), body


def test_every_answer_carries_the_headers_whatever_it_says(board, comers):
    seen = set()
    ways = (
        "/",
        "/research",
        "/no-such-page",
        "/signin",
        "/signout",
        "/healthz",
        "/metrics",
        "/_stcore/health",
        "/auth/login",
    )
    for browser in comers.values():
        for path in (*ways, "/static/%2e%2e/x", "/media/x"):
            for headers in ({}, READER, {"host": "evil.example"}, {"origin": ELSEWHERE}):
                answer = browser.get(path, headers=headers)
                seen.add(answer.status_code)
                expected = dict(server.security_headers())
                if path.startswith("/media/") and answer.status_code not in (403, 421):
                    expected["Content-Security-Policy"] = server.policy_of_files()
                assert {name: answer.headers.get_list(name) for name in expected} == {
                    name: [value] for name, value in expected.items()
                }, (path, headers)
    assert seen >= {200, 303, 401, 403, 404, 405, 421}


def test_no_method_but_those_of_a_page_does_anything(board, comers):
    for name, browser in comers.items():
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "OPTIONS"):
            for path in ("/", "/rectification", "/healthz", "/metrics"):
                answer = browser.request(method, path, headers={"x-canary": SECRET.encode().hex()})
                assert answer.status_code in (403, 404, 405), (name, method, path)
                assert SECRET.encode().hex() not in answer.text


@pytest.mark.parametrize("start", ["/static", "/media", "/component", "/_stcore/bidi-components", "/app/static", ""])
def test_no_address_leads_to_a_file_of_this_computer(start, board, comers):
    ups = ("/../../../../../../etc/passwd", "/..%2f..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd")
    ups += ("/..%5c..%5c..%5cetc%5cpasswd", "/%252e%252e%252fetc%252fpasswd", "//etc/passwd", "/%00/etc/passwd")
    ups += (f"/{board.store.folder}/LIVE", f"/..%2f..%2f{board.store.folder.name}%2faccess%2fpeople%2freader.json")
    for name, browser in comers.items():
        for up in ups:
            status, _, body = raw(board, f"GET {start}{up} HTTP/1.1", *(f"{k}: {v}" for k, v in browser.cookie.items()))
            is_shell = "<title>" in body and status == 200
            assert is_shell or status in (303, 400, 401, 404), (name, up)
            assert not re.search(r"root:|argon2|\d{4}\.duckdb", body), (name, up)


def test_no_address_leads_out_of_the_board(board, comers):
    ways = ("//evil.example", "/%5cevil.example", f"{ELSEWHERE}/", "/signin?next=//evil.example", "/%09/evil.example")
    ways += (f"/signin?next={ELSEWHERE}", "/oidc?next=//evil.example", "/?next=//evil.example", "/%0d%0alocation:%20x")
    for name, browser in comers.items():
        for way in ways:
            cookies = (f"{one}: {value}" for one, value in browser.cookie.items() if value)
            status, headers, _ = raw(board, f"GET {way} HTTP/1.1", "accept: text/html", *cookies)
            where = headers.get("location", "/")
            assert status in (200, 303, 400, 404), (name, way)
            assert where.startswith("/"), (name, way)
            assert not where.startswith(("//", "/\\")), (name, way)
            assert not urlsplit(where).netloc, (name, way)


@pytest.mark.parametrize(
    ("headers", "is_open"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": ELSEWHERE}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://localhost"}, False),
        ({"origin": "http://127.0.0.1"}, False),
        ({"host": "evil.example"}, False),
        ({"host": "127.0.0.1.evil.example"}, False),
    ],
)
def test_a_socket_is_opened_by_pages_of_ours_alone_though_the_cookie_came_along(headers, is_open, board, comers):
    """And a page is sent to whoever comes from elsewhere under our name, without a cookie: theirs stays at home."""
    browser = comers["reader"]
    said = {"origin": browser.url, "host": f"127.0.0.1:{board.port}", **headers}
    upgrade = (
        "upgrade: websocket",
        "connection: upgrade",
        "sec-websocket-version: 13",
        "sec-websocket-protocol: streamlit",
    )
    lines = [f"{name}: {value}" for name, value in {**said, **browser.cookie}.items()]
    request = ["GET /_stcore/stream HTTP/1.1", *lines, *upgrade, "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", "", ""]
    with socket.create_connection(("127.0.0.1", board.port), timeout=20) as connection:
        connection.sendall("\r\n".join(request).encode())
        first = connection.recv(200).split(b"\r\n")[0]
    assert (b" 101 " in first) == is_open


def test_nothing_that_is_asked_makes_the_board_ask_another_computer(board, comers):
    """No address that somebody names is looked up or fetched: `TALKS TO` is what the server says of any."""
    for browser in comers.values():
        for name in ("next", "url", "campaign", "district", "fact", "passport", "present"):
            browser.get("/research", params={name: f"{ELSEWHERE}/x"}, headers=READER)
        browser.get("/auth/login", params={"provider": ELSEWHERE})
    with comers["reader"].visit() as visit:
        visit.open("sources", passport=f"{ELSEWHERE}/x", fact=f"{ELSEWHERE}/x")
    assert "TALKS TO" not in board.said


def test_a_page_that_leads_elsewhere_on_the_disk_is_none(board, comers):
    """What a mark of a drawing leads to is told by the browser, which may say anything."""
    with comers["reader"].visit() as visit:
        for page in ("../taizhang/cli", "../../etc/passwd", "people/../people", "frame"):
            text = visit.open(page).text
            assert "reader·某人" in text
            assert "argon2" not in text


def test_who_may_not_prepare_a_meeting_cannot_find_change_or_throw_away_one(board):
    """Object rights: neither by its number in the address, nor by the one of another that there never was."""
    for name in set(ROLE_OF) - {"presenter", "administrator"}:
        with board.signed_in(name) as browser, browser.visit() as visit:
            said = [visit.open("meeting", present=one).text for one in (board.meeting, "HY-999")]
            assert SECRET not in said[0], name
            found = [re.search(r"tzp-message[^>]*>(.*?)</", one)[1] for one in said]
            assert found[0].replace(board.meeting, "") == found[1].replace("HY-999", ""), name


@pytest.mark.parametrize("name", [name for name in ROLE_OF if name not in ("editor", "administrator")])
def test_a_draft_of_somebody_else_reads_like_one_that_is_not_there(name, board):
    with board.signed_in(name) as browser, browser.visit() as visit:
        said = [visit.open("rectification", draft=one).text for one in (board.draft, "0" * len(board.draft))]
        assert all(SECRET not in one for one in said)
        found = [re.search(r"tzp-message[^>]*>(.*?)</", one)[1] for one in said]
        assert found[0].replace(board.draft, "") == found[1].replace("0" * len(board.draft), "")


def test_a_session_of_another_port_or_name_of_this_computer_is_none(board):
    with board.signed_in("reader") as browser, board.browser() as other:
        ((name, value),) = [one for one in browser.cookies.items() if "taizhang_session" in one[0]]
        other.cookies.update({name.replace(str(board.port), "1"): value})
        assert other.get("/_stcore/health").status_code == 401
        with pytest.raises(InvalidStatus), other.visit():
            pass


def test_each_hole_that_others_had_has_a_test_that_is_there():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    table = text[text.index("## Holes others had") :].split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(lines) >= 10
    for line in lines:
        assert NAMED.search(line), line
    for file, name in NAMED.findall(table):
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), (file, name)
