"""What is refused: forms of other pages, wrong names and passwords, guessing, ways out of the board, open addresses."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_board import FILE, HERE, PAGES, PROGRAMS, READER, WORD, asked_to_sign_in, browser, sign_in, signed_in
from starlette.responses import PlainTextResponse

from taizhang import cli, server
from taizhang.access import attempts, passwords
from taizhang.access.audit import Audit
from taizhang.server import entrance

# --- another page's forms and links ----------------------------------------------------------------------------


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


def test_a_form_that_is_longer_than_any_that_is_typed_is_not_read(people):
    answer = browser().post("/signin", content=b"name=" + b"x" * 20_000, headers={"origin": HERE})
    assert answer.status_code == 413


# --- whoever is not signed in ----------------------------------------------------------------------------------

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


def test_nobody_is_told_more_of_a_plain_text_refusal_than_its_number(people):
    assert isinstance(entrance._refused(404), PlainTextResponse)
    assert browser().get("/_stcore/health").text == ""


# --- wrong passwords -------------------------------------------------------------------------------------------


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


# --- an address that is open to others -------------------------------------------------------------------------


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
