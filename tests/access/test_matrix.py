"""Who may see and do what, as tables that a person can read; every cell of them is tried on the real board.

Pages, acts and addresses are taken from the code and from the framework: what is new has no line here, and fails.
"""

from collections.abc import Iterator
from unittest.mock import MagicMock

import pytest
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes
from visits import ROLE_OF, WORD, Board, Browser
from websockets.exceptions import InvalidStatus

from taizhang import server
from taizhang.access import roles
from taizhang.access.people import People
from taizhang.declared.wording import language
from taizhang.ui.controls import PAGES

T = language("zh")
READER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

# district and section are a reader and a unit who are held to some rows.
OPENS = """
                reader  unit  district  section  editor  presenter  administrator
overview          ✓      ✓       ✓         ✓       ✓         ✓            ✓
timeline          ✓      ✓       ✓         ✓       ✓         ✓            ✓
study             ✓      ✓       ✓         ✓       ✓         ✓            ✓
research          ✓      ✓       ✓         ✓       ✓         ✓            ✓
review            ✓      ✓       ✓         ✓       ✓         ✓            ✓
rectification     ✓      ✓       ✓         ✓       ✓         ✓            ✓
meeting           ✓      ✓       ✓         ✓       ✓         ✓            ✓
releases          ✓      ✓       ✓         ✓       ✓         ✓            ✓
sources           ✓      ✓       ✓         ✓       ✓         ✓            ✓
start             ✓      ✓       ✓         ✓       ✓         ✓            ✓
guide             ✓      ✓       ✓         ✓       ✓         ✓            ✓
hand_in           ·      ·       ·         ✓       ·         ·            ·
upload            ·      ·       ·         ·       ✓         ·            ✓
returns           ·      ·       ·         ·       ✓         ✓            ✓
letters           ·      ·       ·         ·       ✓         ✓            ✓
settings          ·      ·       ·         ·       ·         ·            ✓
new               ·      ·       ·         ·       ·         ·            ✓
people            ·      ·       ·         ·       ·         ·            ✓
"""
DOES = """
                reader  unit  district  section  editor  presenter  administrator
look              ✓      ✓       ✓         ✓       ✓         ✓            ✓
hand_in           ·      ·       ·         ✓       ·         ·            ·
publish           ·      ·       ·         ·       ✓         ·            ✓
undo              ·      ·       ·         ·       ✓         ·            ✓
meet              ·      ·       ·         ·       ·         ✓            ✓
hand_out          ·      ·       ·         ·       ✓         ✓            ✓
settings          ·      ·       ·         ·       ·         ·            ✓
people            ·      ·       ·         ·       ·         ·            ✓
rebuild           ·      ·       ·         ·       ·         ·            ✓
backup            ·      ·       ·         ·       ·         ·            ✓
audit             ·      ·       ·         ·       ·         ·            ✓
"""
# What an address answers, as a number of HTTP. `nobody` is whoever has no session; `own` is the editor who was given
# the file and the place for an upload that are asked for; what changes something comes without the token of a page.
ANSWERS = """
                                                        nobody  reader  own  administrator
GET      /                                                401     200   200       200
GET      /research                                        401     200   200       200
GET      /static/js                                       401     200   200       200
GET      /password                                        401     200   200       200
GET      /signin                                          200     303   303       303
GET      /signout                                         405     405   405       405
GET      /healthz                                         200     200   200       200
GET      /_stcore/health                                  401     200   200       200
OPTIONS  /_stcore/health                                  403     204   204       204
GET      /_stcore/metrics                                 401     404   404       200
OPTIONS  /_stcore/metrics                                 403     404   404       204
GET      /_stcore/host-config                             401     200   200       200
GET      /media/{file_id:path}                            401     404   200       404
OPTIONS  /media/{file_id:path}                            403     404   204       404
PUT      /_stcore/upload_file/{session_id}/{file_id}      403     404   403       404
DELETE   /_stcore/upload_file/{session_id}/{file_id}      403     404   403       404
OPTIONS  /_stcore/upload_file/{session_id}/{file_id}      403     404   204       404
GET      /component/{path:path}                           401     404   404       404
OPTIONS  /component/{path:path}                           403     204   204       204
GET      /_stcore/bidi-components/{path:path}             401     404   404       404
OPTIONS  /_stcore/bidi-components/{path:path}             403     204   204       204
GET      /auth/login                                      404     404   404       404
GET      /auth/logout                                     404     404   404       404
GET      /oauth2callback                                  404     404   404       404
GET      /_stcore/agent/interact                          404     404   404       404
POST     /_stcore/agent/interact                          404     404   404       404
GET      /_stcore/agent/openapi.json                      404     404   404       404
POST     /_stcore/agent/mcp                               404     404   404       404
"""


def table(text: str) -> dict[str, dict[str, str]]:
    """Line → column → what stands there."""
    columns, *lines = (line.split() for line in text.splitlines() if line.strip())
    return {" ".join(line[: -len(columns)]): dict(zip(columns, line[-len(columns) :], strict=True)) for line in lines}


def test_every_page_act_and_person_has_a_place_in_the_tables():
    assert set(table(OPENS)) == set(PAGES)
    assert set(table(DOES)) == set(roles.ACTS)
    for one in (OPENS, DOES):
        assert set(next(iter(table(one).values()))) == set(ROLE_OF)


def test_each_may_do_what_stands_here_and_nothing_else(board):
    known = People(board.store.folder)
    said = {act: {name: roles.may(known.named(name), act) for name in ROLE_OF} for act in roles.ACTS}
    assert said == {act: {name: sign == "✓" for name, sign in line.items()} for act, line in table(DOES).items()}
    assert not any(roles.may(known.named("gone"), act) for act in roles.ACTS)


def questions(page: str) -> list[str]:
    """What stands above a page: of a scope without a district another question of research."""
    return [T(f"{page}.question"), *([T("parts.research_question")] if page == "research" else [])]


@pytest.mark.parametrize("name", ROLE_OF)
def test_each_page_opens_for_whom_it_says_here_and_hands_nothing_to_others(name, board):
    signs = {page: line[name] for page, line in table(OPENS).items()}
    with board.signed_in(name) as browser, browser.visit() as visit:
        for page, sign in signs.items():
            seen = visit.open(page)
            text = seen.text
            assert (T("obstacle.not_for_you") in text) == (sign == "·"), page
            assert any(one in text for one in questions(page)) == (sign == "✓"), page
            assert sign == "✓" or not (seen.files or seen.later), page
            assert seen.keys("to_overview") == ([] if sign == "✓" else ["to_overview"]), page


def test_whoever_says_that_they_are_somebody_else_is_who_they_are(board):
    """The headers by which the board is told who is there, from a browser: with the request that opens a socket too."""
    said = {"X-Taizhang-Person": "administrator", "x-taizhang-from": "127.0.0.1", "X-Remote-User": "administrator"}
    with board.signed_in("reader") as browser, browser.visit(**said) as visit:
        seen = visit.open("people")
        assert T("obstacle.not_for_you") in seen.text
        assert "reader·某人" in seen.text
        assert browser.get("/metrics", headers={**said, "x-forwarded-for": "10.0.0.7"}).status_code == 404


# --- addresses -------------------------------------------------------------------------------------------------


def addresses() -> Iterator[str]:
    """Method and path of every address that the framework or the board answers to; `HEAD` is answered as `GET` is."""
    for route in (*create_streamlit_routes(MagicMock()), *server.routes()):
        if isinstance(route, Route):
            yield from (f"{method} {route.path}" for method in route.methods - {"HEAD"})


def test_every_address_of_the_framework_is_in_the_table_or_closed_to_all():
    closed = {one for one in addresses() if one.split()[1].startswith(server.UNUSED)}
    assert {one for one in addresses() if one != "GET /metrics"} - closed == {
        one for one in table(ANSWERS) if not one.split()[1].startswith((*server.UNUSED, "/signin", "/signout"))
    } - {"GET /", "GET /research", "GET /static/js", "GET /password"}


@pytest.fixture(scope="module")
def comers(board) -> Iterator[dict[str, Browser]]:
    """Who asks, each with a page open; `own` is an editor."""
    known = {name: board.signed_in("editor" if name == "own" else name) for name in ("reader", "own", "administrator")}
    yield known
    for one in known.values():
        one.close()


def nobodys(board: Board) -> dict[str, Browser]:
    """Ways to come without a session that goes on."""
    ended = board.signed_in("administrator")
    cookie = dict(ended.cookies)
    ended.post("/signout")
    (own,) = (name for name in cookie if name.startswith("taizhang_session"))
    ways = {
        "nobody": {},
        "replayed after signing out": cookie,
        "made up": {own: "administrator"},
        "empty": {own: ""},
        "under another name": {"taizhang_session": cookie[own], "__Host-taizhang": cookie[own]},
        "of the framework": {"_streamlit_user": "administrator"},
    }
    browsers = {}
    for name, cookies in ways.items():
        browsers[name] = board.browser()
        browsers[name].cookies.update(cookies)
        browsers[name].headers["x-taizhang-person"] = "administrator"
    return browsers


def test_each_address_answers_whom_it_says_here(board, comers):
    nobody = nobodys(board)
    with comers["own"].visit() as visit:
        (given,) = visit.open("upload").files[:1]
        (place,) = visit.places("x.csv")
        session, file = place.split("/")[-2:]
        known = {"{file_id:path}": given.removeprefix("/media/"), "{session_id}": session, "{file_id}": file}
        for line, expected in table(ANSWERS).items():
            method, path = line.split()
            for blank, value in {**known, "{path:path}": "x"}.items():
                path = path.replace(blank, value)
            for name, browser in comers.items():
                assert str(browser.request(method, path).status_code) == expected[name], (line, name)
            for way, browser in nobody.items():
                answer = browser.request(method, path)
                assert str(answer.status_code) == expected["nobody"], (line, way)
                is_public = path in ("/signin", "/healthz")
                assert is_public or len(answer.content) < 200, (line, way)
        assert comers["own"].hands_in(place, b"a,b").status_code == 204
        assert comers["administrator"].hands_in(place, b"a,b").status_code == 404


def test_nobody_opens_a_socket_without_a_session(board):
    for way, browser in nobodys(board).items():
        with pytest.raises(InvalidStatus) as refused, browser.visit():
            pass
        assert refused.value.response.status_code == 403, way


def test_whoever_left_does_not_come_in(board):
    assert board.browser().sign_in("gone").status_code == 401


# --- what was given to one is nobody else's --------------------------------------------------------------------


def test_files_are_there_for_the_session_that_they_were_made_for_and_until_it_ends(board, comers):
    with board.signed_in("administrator") as owner, owner.visit() as visit, comers["reader"].visit() as others:
        others.open("overview")
        visit.open("overview")
        later = visit.click("source:overview.headline", "overview").later
        assert len(later) == 4
        made = visit.makes(later[0])
        assert owner.get(made).status_code == 200
        said = owner.get(made).headers
        assert said["content-disposition"].startswith("attachment")
        assert said["cache-control"] == "no-store"
        assert said["content-security-policy"] == server.policy_of_files()
        assert others.makes(later[0], within=0.5) == ""  # its id alone makes nothing
        assert {one.get(made).status_code for one in comers.values()} == {404}  # the same person's other session too
        cookie = dict(owner.cookies)
        owner.post("/signout")
        assert visit.ends() == 1008
    with board.browser() as replayed:
        replayed.cookies.update(cookie)
        assert replayed.get(made).status_code == 401


def test_a_visit_of_somebody_else_is_not_come_back_to(board, comers):
    with comers["administrator"].visit() as own:
        own.open("people")
        with comers["reader"].visit(back=own.id) as other:
            assert T("obstacle.not_for_you") in other.open("people").text
            assert other.id != own.id
        mine = own.id
    with comers["administrator"].visit(back=mine) as again:
        again.open("people")
        assert again.id == mine


def test_a_fragment_of_somebody_elses_page_runs_for_nobody_else(board, comers):
    """A part of a page runs again without the frame around it: its id is worth nothing in another visit."""
    with comers["administrator"].visit() as own, comers["reader"].visit() as other:
        own.open("overview")
        seen = own.click("source:overview.headline", "overview")
        fragments = {one.delta.fragment_id for one in seen.messages} - {""}
        assert fragments
        other.open("overview")
        for one in fragments:
            assert len(own.runs_part(one, 10).later) == 4
            assert not other.runs_part(one, 0.3).later


def test_nobody_signs_in_under_the_password_of_another(board):
    with board.browser() as browser:
        answer = browser.post("/signin", data={"name": "administrator", "password": WORD + "!"})
        assert (answer.status_code, len(browser.cookies)) == (401, 0)
