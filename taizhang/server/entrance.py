"""Asks whoever comes to sign in, before anything of the board is sent: pages, sockets, files, uploads, figures.

Without accounts it asks nobody: then the gate lets in this computer only. What the board behind it learns of who is
there is one header, which the entrance sets after it took away whatever the browser said under such a name.
"""

import asyncio
import contextlib
import logging
import os
import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import anyio
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from taizhang.access import passwords, roles
from taizhang.access.people import NameTaken, NotAPersonsName, Person
from taizhang.access.sessions import Session
from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import Language, language
from taizhang.drawing.html import signin
from taizhang.server import journal, messages, reception
from taizhang.server.provider import LASTS, NotSignedIn, Provider, provider
from taizhang.server.reception import Reception
from taizhang.server.requests import header_values, is_loopback, is_reader, language_of

_LOG = logging.getLogger(__name__)

PERSON, SOURCE = "x-taizhang-person", "x-taizhang-from"  # what the board is told: a name, percent-encoded; an address
OURS = b"x-taizhang-"  # nobody else says anything under a name that begins so
SIGN_IN, SIGN_OUT, PASSWORD = "/signin", "/signout", "/password"
AWAY, BACK, AWAY_COOKIE = "/oidc", "/oidc-back", "taizhang_away"  # to the service that signs people in, and back
HEALTH, FIGURES = "/healthz", ("/_stcore/metrics", "/metrics")
SECURE_COOKIE, PLAIN_COOKIE = "__Host-taizhang", "taizhang_session"
LONGEST_FORM = 16_384  # bytes of what is typed to sign in
LOOKS_EVERY = 0.5  # seconds between two looks whether a session goes on whose socket is open
MOST_PAGES = 50  # that one person has open at once: each takes memory and threads of the server
MOST_HASHES = 2  # that are made at once: each takes 64 MiB

NO_STORE = {"Cache-Control": "no-store"}
UPLOADING = ("hand_in", "publish", "meet", "settings", "backup")  # whoever may do one of these may send a file


class Entrance:
    """Lets in who is signed in, and leads everybody else to the page to sign in on.

    303: a reader without a session, to the page to sign in. 401: anything else without one, 403 where it would change
    something. 404: a file that another session was given, as if there were none. A socket without a session is refused
    before it is opened, and one whose session is over is closed within a second.
    """

    def __init__(self, app):
        self.app = app
        self._hashing: anyio.CapacityLimiter | None = None

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        desk = reception.current()
        plain = {**scope, "headers": [one for one in scope["headers"] if not one[0].lower().startswith(OURS)]}
        if not desk.asks:
            return await self.app(plain, receive, send)
        session = desk.sessions.find(cookie_of(scope)) if cookie_of(scope) else None
        told = named_by_proxy(scope)
        account = desk.people.find(told) if told else None
        if session and session.is_told and (account is None or account.name != session.name):
            session = None  # the proxy says that somebody else is there, or nobody
        if told and session is None and scope["type"] == "http" and is_reader(scope):
            answer = await self._comes_by_proxy(desk, account, plain)
            return await answer(scope, receive, send)
        person = desk.sessions.person(session) if session else None
        if person:
            journal.note(scope, person=person.name)
        if scope["type"] == "websocket":
            return await self._socket(desk, session, person, plain, receive, send)
        answer = await self._answer(desk, session, person, plain, receive)
        if answer is not None:
            return await answer(scope, receive, send)
        return await self.app(_told(plain, person) if person else plain, receive, send)

    async def _answer(self, desk: Reception, session: Session | None, person: Person | None, scope, receive):
        """What the entrance answers itself; None to let the request in."""
        path, method = scope["path"], scope["method"]
        if path == SIGN_IN and method in ("GET", "HEAD"):
            return _back(scope) if person else self._page(desk, scope)
        if path in (SIGN_IN, SIGN_OUT):
            if method != "POST" or not is_of_our_page(scope):
                return _refused(405 if method != "POST" else 403)
            return await self._signs_in(desk, scope, receive) if path == SIGN_IN else await self._signs_out(desk, scope)
        if path in (AWAY, BACK) and method == "GET" and (service := of_file()):
            return await (self._goes(service, scope) if path == AWAY else self._comes_back(desk, service, scope))
        if person is None or not roles.may(person, "look"):
            return _without_session(scope)
        if desk.pages[person.name] >= MOST_PAGES and is_reader(scope):
            return PlainTextResponse(_language(scope)("signin.many_pages", count=MOST_PAGES), 429, headers=NO_STORE)
        if path == PASSWORD:
            return await self._changes_password(desk, person, scope, receive)
        if path in FIGURES and not roles.may(person, "people"):
            return _refused(404)
        if path.startswith(("/media/", "/_stcore/upload_file/")):
            return self._file(session, person, path, method)
        return None

    def _file(self, session: Session, person: Person, path: str, method: str) -> Response | None:
        given = messages.GIVEN.match(path)
        is_theirs = given is not None and given[0] in session.files
        if not is_theirs or not re.fullmatch(r"(\.\w{1,10})?", path[given.end() :]):
            return _refused(404)
        if path.startswith("/media/") or method == "OPTIONS":
            return None
        return None if any(roles.may(person, act) for act in UPLOADING) else _refused(403)

    # --- signing in and out ---

    def _page(self, desk: Reception, scope, key: str = "", typed: str = "", status: int = 200, **blanks) -> Response:
        t = language(language_of(scope))
        kind = signin.FIRST if desk.waits_for_first else signin.SIGN_IN
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        said = key or ("signin.signed_out" if "out" in asked else "")
        way = scope.get("taizhang.next") or inside(asked.get("next", [""])[0])
        if asked.get("why", [""])[0] in ("no_account", "not_by_service"):
            key = said = f"signin.{asked['why'][0]}"
        service = of_file() if kind == signin.SIGN_IN else None
        by = (service.label or t("signin.service")) if service else ""
        drawn = signin.page(kind, t, way, t(said, **blanks) if said else "", typed, is_wrong=bool(key), service=by)
        return HTMLResponse(drawn, status_code=status, headers=NO_STORE)

    async def _signs_in(self, desk: Reception, scope, receive) -> Response:
        form = await typed_in(receive)
        if form is None:
            return _refused(413)
        source, name = address_of(scope), form.get("name", "")[:200]
        lang = form["lang"] if form.get("lang") in LANGUAGES else language_of(scope)
        asked = {**scope, "query_string": f"lang={lang}".encode(), "taizhang.next": inside(form.get("next", ""))}
        if wait := desk.attempts.begin(name.casefold(), source):
            answer = self._page(desk, asked, "signin.wait", name, 429, minutes=-(-wait // 60))
            answer.headers["Retry-After"] = str(wait)
            return answer
        if desk.waits_for_first:
            person, key, blanks = await self._hashed(lambda: _first(desk, form))
        else:
            person = await self._hashed(lambda: desk.admits(name, form.get("password", "")))
            key, blanks = "signin.wrong", {}
        if person is None:
            if key in ("signin.wrong", "signin.wrong_code"):
                known = desk.people.find(name)  # what is typed here may well be a password: only names are written down
                await self._written(desk, known, "sign_in_failed", source)
            else:
                desk.attempts.take_off(name.casefold(), source)
            return self._page(desk, asked, key, name, 401 if key == "signin.wrong" else 400, **blanks)
        desk.attempts.succeeded(name.casefold(), source)
        await self._written(desk, person, "sign_in", source)
        desk.sessions.end(cookie_of(scope))  # an id from before is never one from now on
        answer = RedirectResponse(asked["taizhang.next"] or "/", status_code=303, headers=NO_STORE)
        set_cookie(answer, scope, desk.sessions.begin(person))
        answer.set_cookie(
            "taizhang_lang", lang, max_age=31_536_000, path="/", samesite="strict", secure=_is_secure(scope)
        )
        return answer

    async def _changes_password(self, desk: Reception, person: Person, scope, receive) -> Response:
        """Who knows the password gives another one: every session of theirs ends, and this browser gets a new one."""
        t = language(language_of(scope))

        def page(key: str = "", status: int = 200, **blanks: object) -> Response:
            drawn = signin.page(signin.CHANGE, t, said=t(key, **blanks) if key else "")
            return HTMLResponse(drawn, status_code=status, headers=NO_STORE)

        if scope["method"] in ("GET", "HEAD"):
            return page()
        if scope["method"] != "POST" or not is_of_our_page(scope):
            return _refused(405 if scope["method"] != "POST" else 403)
        form, source = await typed_in(receive), address_of(scope)
        if form is None:
            return _refused(413)
        if form.get("new") != form.get("again"):
            return page("signin.not_twice", 400)
        if wait := desk.attempts.begin(person.name, source):
            return page("signin.wait", 429, minutes=-(-wait // 60))
        if not await self._hashed(lambda: desk.admits(person.name, form.get("password", ""))):
            return page("signin.wrong_password", 400)
        desk.attempts.succeeded(person.name, source)
        try:
            now = await self._hashed(lambda: desk.people.reset(person.name, form.get("new", "")))
        except passwords.TooWeak as weak:
            return page(f"user.too_{weak.why}", 400, count=passwords.SHORTEST)
        await self._written(desk, now, "user_password", source)
        desk.sessions.end(cookie_of(scope))
        answer = RedirectResponse("/", status_code=303, headers=NO_STORE)
        set_cookie(answer, scope, desk.sessions.begin(now))
        return answer

    async def _comes_by_proxy(self, desk: Reception, account: Person | None, scope) -> Response:
        """Whom a proxy has signed in gets a session, and asks again with it; one without an account is told so."""
        if not roles.may(account, "look"):
            t = language(language_of(scope))
            return HTMLResponse(signin.page(signin.SIGN_IN, t, "", t("signin.no_account")), 403, headers=NO_STORE)
        await self._written(desk, account, "sign_in", address_of(scope), "proxy")
        asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        answer = RedirectResponse(inside(asked) or "/", status_code=303, headers=NO_STORE)
        set_cookie(answer, scope, desk.sessions.begin(account, is_told=True))
        return answer

    async def _signs_out(self, desk: Reception, scope) -> Response:
        ended = desk.sessions.end(cookie_of(scope))
        if ended:
            await self._written(desk, ended, "sign_out", address_of(scope))
        answer = RedirectResponse(f"{SIGN_IN}?out=1", status_code=303, headers=NO_STORE)
        set_cookie(answer, scope, "")
        return answer

    # --- by the service of the office ---

    async def _goes(self, service: Provider, scope) -> Response:
        host, scheme = header_values(scope, b"host")[0], "https" if _is_secure(scope) else "http"
        back = f"{scheme}://{host}{scope.get('taizhang.under', '')}{BACK}"
        way = inside(parse_qs(scope["query_string"].decode("latin-1")).get("next", [""])[0])
        try:
            address, key = await to_thread.run_sync(service.begin, back, way)
        except NotSignedIn as error:
            return _not_by_service(error)
        answer = RedirectResponse(address, status_code=303, headers=NO_STORE)
        # Lax: it has to come along when the service leads back here, which is another site.
        answer.set_cookie(
            AWAY_COOKIE, key, max_age=LASTS, path="/", httponly=True, samesite="lax", secure=_is_secure(scope)
        )
        return answer

    async def _comes_back(self, desk: Reception, service: Provider, scope) -> Response:
        said = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        key = cookie_parser("; ".join(header_values(scope, b"cookie"))).get(AWAY_COOKIE, "")
        try:
            name, way = await to_thread.run_sync(service.end, key, said)
        except NotSignedIn as error:
            return _not_by_service(error)
        person = desk.people.find(name)
        if not roles.may(person, "look"):
            return RedirectResponse(f"{SIGN_IN}?why=no_account", status_code=303, headers=NO_STORE)
        await self._written(desk, person, "sign_in", address_of(scope), service.issuer)
        desk.sessions.end(cookie_of(scope))
        answer = RedirectResponse(way or "/", status_code=303, headers=NO_STORE)
        set_cookie(answer, scope, desk.sessions.begin(person))
        answer.delete_cookie(AWAY_COOKIE, path="/")
        return answer

    async def _written(self, desk: Reception, *what: object) -> None:
        """A line of the book: the disk is waited for where nobody else is kept waiting."""
        await to_thread.run_sync(lambda: desk.wrote(*what))

    async def _hashed(self, work: Callable):
        """Work that makes a hash: away from what serves the others, and never more than two at once."""
        if self._hashing is None:
            self._hashing = anyio.CapacityLimiter(MOST_HASHES)
        return await to_thread.run_sync(work, limiter=self._hashing)

    # --- sockets ---

    async def _socket(self, desk: Reception, session: Session | None, person: Person | None, scope, receive, send):
        if session is None or person is None or not roles.may(person, "look"):
            await send({"type": "websocket.close", "code": 1008})
            return
        if desk.pages[person.name] >= MOST_PAGES:
            await send({"type": "websocket.close", "code": 1013})
            return
        desk.pages[person.name] += 1
        listening = Listening(desk, session, receive, send)
        watching = asyncio.ensure_future(listening.watch())
        try:
            await self.app(_told(_with_own_visit(scope, session), person), listening.receive, listening.send)
        finally:
            desk.pages[person.name] -= 1
            watching.cancel()
            listening.forget()


class Listening:
    """An open socket of a session: what comes in shows that somebody is there, what goes out what they were given."""

    def __init__(self, desk: Reception, session: Session, receive, send):
        self.desk, self.session, self._receive, self._send = desk, session, receive, send
        self._is_closed = False
        self._over = asyncio.Event()
        self._coming: asyncio.Task | None = None

    async def watch(self) -> None:
        """Close the socket as soon as its session is over.

        Slides may stand for an hour without a touch: whoever may hold meetings is there as long as the page is.
        """
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            person = self.desk.sessions.person(self.session)
            if person is None:
                break
            if roles.may(person, "meet"):
                self.desk.sessions.use(self.session)
        self._over.set()
        if not self._is_closed:
            self._is_closed = True
            with contextlib.suppress(Exception):  # the browser may be gone
                await self._send({"type": "websocket.close", "code": 1008})

    async def receive(self):
        """The next message that the browser may send; the end of the connection once the session is over, whatever
        it still sends."""
        while True:
            message = await self._next()
            if message["type"] != "websocket.receive":
                return message
            self.desk.sessions.use(self.session)
            if messages.may_say(message.get("bytes") or b"", self.session.files):
                return message

    async def _next(self):
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._receive())
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({self._coming, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
        if self._over.is_set() or self.desk.sessions.person(self.session) is None:
            self._coming.cancel()
            self._coming = None
            self._over.set()
            return {"type": "websocket.disconnect", "code": 1008}
        message, self._coming = self._coming.result(), None
        return message

    def forget(self) -> None:
        """Wait for no further message."""
        if self._coming is not None:
            self._coming.cancel()

    async def send(self, message) -> None:
        if self._is_closed:
            return
        if message["type"] == "websocket.send" and (data := message.get("bytes")):
            for one in messages.given_in(data):
                self.session.was_given(one)
        self._is_closed = message["type"] == "websocket.close"
        await self._send(message)


def _with_own_visit(scope, session: Session):
    """Without the id of a visit that this session was not given: whoever guesses one gets a new visit."""
    headers = []
    for name, value in scope["headers"]:
        if name == b"sec-websocket-protocol":
            parts = [one.strip() for one in value.split(b",")]
            if len(parts) > 2 and messages.visit(parts[2].decode("latin-1")) not in session.files:
                value = b", ".join(parts[:2])
        headers.append((name, value))
    known = [
        one
        for one in scope.get("subprotocols", [])
        if messages.visit(one) in session.files or not messages.is_visit(one)
    ]
    return {**scope, "headers": headers, "subprotocols": known}


# --- what a request says of who sent it ----------------------------------------------------------------------------


def cookie_of(scope) -> str:
    """The id of a session that a request brings, '' for none. Under TLS only the cookie that no other site can set."""
    name = _cookie_name(scope)
    return cookie_parser("; ".join(header_values(scope, b"cookie"))).get(name, "")


def set_cookie(answer: Response, scope, given: str) -> None:
    """Give the browser the id of its session, for as long as it is open; or take it away ('')."""
    more = {} if given else {"max_age": 0}
    answer.set_cookie(
        _cookie_name(scope), given, path="/", httponly=True, samesite="strict", secure=_is_secure(scope), **more
    )


def _cookie_name(scope) -> str:
    """One of its own for each board of a host: by the path that it lies under, else by its port."""
    own = (
        scope.get("taizhang.under") or urlsplit(f"//{''.join(header_values(scope, b'host'))}").netloc.rpartition(":")[2]
    )
    which = re.sub(r"[^0-9a-zA-Z]+", "-", own).strip("-")
    return f"{SECURE_COOKIE if _is_secure(scope) else PLAIN_COOKIE}-{which or 'board'}"


def _is_secure(scope) -> bool:
    return scope.get("scheme") in ("https", "wss")


def address_of(scope) -> str:
    """Where a request comes from; the gate has put the address there that a proxy of ours tells."""
    return (scope.get("client") or ("",))[0]


def named_by_proxy(scope) -> str:
    """Who is there, as our proxy says in the header that was agreed on (`TAIZHANG_REMOTE_USER`); '' for nobody.

    Said by anybody else, or said twice, it means nothing.
    """
    header = os.environ.get("TAIZHANG_REMOTE_USER", "").lower().encode()
    if not header or not scope.get("taizhang.proxied"):
        return ""
    said = header_values(scope, header)
    return said[0].encode("latin-1").decode("utf-8", "replace").strip() if len(said) == 1 else ""


def is_of_our_page(scope) -> bool:
    """Whether a page of ours sent a form: the browser says so, by one header or the other; none is not enough."""
    fetched = header_values(scope, b"sec-fetch-site")
    if fetched and fetched != ["same-origin"]:
        return False
    hosts, origins = header_values(scope, b"host"), header_values(scope, b"origin")
    scheme = "https" if _is_secure(scope) else "http"
    return origins == [f"{scheme}://{hosts[0]}"] if origins else fetched == ["same-origin"]


async def typed_in(receive) -> dict[str, str] | None:
    """The fields of a form, the last of each; None when it is longer than any that a person types."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LONGEST_FORM:
            return None
    found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[-1] for name, values in found.items()}


def inside(way: str) -> str:
    """An address of this board to go on to; '' for any that leads elsewhere, or to where one signs in."""
    if not re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", way) or len(way) > 2_000:
        return ""
    try:
        parts = urlsplit(way)
    except ValueError:
        return ""
    return "" if parts.netloc or parts.scheme or parts.path in (SIGN_IN, SIGN_OUT) else way


# --- answers -------------------------------------------------------------------------------------------------------


def of_file() -> Provider | None:
    """The service that signs people in, if one was named (`TAIZHANG_OIDC`)."""
    return provider(os.environ.get("TAIZHANG_OIDC", ""))


def _not_by_service(error: NotSignedIn) -> Response:
    _LOG.warning("the service did not sign anybody in: %s", error)
    return RedirectResponse(f"{SIGN_IN}?why=not_by_service", status_code=303, headers=NO_STORE)


def _first(desk: Reception, form: dict[str, str]) -> tuple[Person | None, str, dict[str, object]]:
    """The first administrator, or what was wrong with the form."""
    if form.get("password") != form.get("again"):
        return None, "signin.not_twice", {}
    name = form.get("name", "")
    try:
        made = desk.make_first(form.get("code", ""), name, form.get("shown", ""), form.get("password", ""))
    except NotAPersonsName:
        return None, "user.not_a_name", {"name": name}
    except NameTaken as error:
        return None, "user.taken", {"name": error.name}
    except passwords.TooWeak as error:
        return None, f"user.too_{error.why}", {"count": passwords.SHORTEST}
    return made, "signin.wrong_code", {}


def _without_session(scope) -> Response | None:
    """What whoever is not signed in gets; None for the figures that a program on this computer asks for."""
    path = scope["path"]
    if path == HEALTH and scope["method"] in ("GET", "HEAD"):
        return JSONResponse({"ok": True}, headers=NO_STORE)
    if path == FIGURES[1] and _is_on_this_computer(scope):
        return None
    if is_reader(scope):
        if header_values(scope, b"sec-fetch-site") == ["cross-site"]:  # a link in a letter: the cookie stays at home
            return HTMLResponse(signin.once_more(_language(scope)), headers=NO_STORE)
        asked = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        way = inside(quote(asked, safe="/?&=%+,.:~-_"))
        said = {"next": way} if way not in ("", "/") else {}
        if "lang" in parse_qs(scope["query_string"].decode("latin-1")):
            said["lang"] = language_of(scope)
        more = f"?{urlencode(said)}" if said else ""
        return RedirectResponse(f"{SIGN_IN}{more}", status_code=303, headers=NO_STORE)
    return _refused(401 if scope["method"] in ("GET", "HEAD") else 403)


def _language(scope) -> Language:
    return language(language_of(scope))


def _is_on_this_computer(scope) -> bool:
    """Whether a program on this computer asks, and not a proxy for somebody else."""
    headers = Headers(scope=scope)
    passed_on = any(name in headers for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"))
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return is_loopback(address_of(scope)) and is_loopback(host) and not passed_on


def _back(scope) -> Response:
    way = inside(parse_qs(scope["query_string"].decode("latin-1")).get("next", [""])[0])
    return RedirectResponse(way or "/", status_code=303, headers=NO_STORE)


def _refused(status: int) -> Response:
    return PlainTextResponse("", status_code=status, headers=NO_STORE)


def _told(scope, person: Person):
    """The request with the one header that says who is there."""
    scope = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=scope)
    headers[PERSON] = quote(person.name, safe="")
    headers[SOURCE] = address_of(scope)
    return scope


def name_told(said: str) -> str:
    """The name in the header that the board is told."""
    return unquote(said)
