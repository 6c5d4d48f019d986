"""Signing in and out: the page, the password, the cookie, where one goes then, and the first administrator."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from small_board import HERE, READER, WORD, asked_to_sign_in, browser, cookie_of, sign_in, signed_in
from starlette.testclient import TestClient

from taizhang import server
from taizhang.access import attempts
from taizhang.access.audit import Audit
from taizhang.access.people import People
from taizhang.server import reception
from taizhang.server.entrance import inside


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


def test_another_session_of_the_same_person_goes_on_after_sign_out(people):
    first, second = signed_in("editor"), signed_in("editor")
    first.post("/signout", headers={"origin": HERE})
    assert asked_to_sign_in(first.get("/", headers=READER))
    assert second.get("/", headers=READER).status_code == 200


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


# --- where one goes then ---------------------------------------------------------------------------------------


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


# --- another password ------------------------------------------------------------------------------------------


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
