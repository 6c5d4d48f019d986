"""Signing in by another service, against one on this computer that can be told to say wrong things."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from small_board import READER, asked_to_sign_in, browser

from taizhang import cli
from taizhang.access.audit import Audit
from taizhang.server import provider
from taizhang.server.provider import NotAProvider, Provider

KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
CLIENT, SECRET = "board", "secret-of-the-board"


class Service:
    """A service that signs people in: `name` is who is there, `wrong` changes what it says of them."""

    def __init__(self):
        self.name, self.wrong, self.key, self.header = "editor", {}, KEY, {"alg": "RS256", "kid": "one"}
        self.codes: dict[str, dict[str, str]] = {}
        self.says_it_is = ""
        self.asked: list[str] = []
        service = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self):
                service.asked.append(self.path)
                keys = {"keys": [KEY.as_dict(private=False)]}
                self.answer(keys if self.path == "/keys" else service.addresses())

            def do_POST(self):
                service.asked.append(self.path)
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                known = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
                asked = service.codes.pop(form["code"][0], None)
                shown = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest())
                is_right = asked and asked["code_challenge"] == shown.rstrip(b"=").decode()
                if not is_right or self.headers["authorization"] != known:
                    self.answer({"error": "invalid_grant"}, 400)
                    return
                token = service.token(asked["nonce"])
                self.answer({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token})

            def answer(self, said: dict, status: int = 200):
                data = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *said):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def addresses(self) -> dict[str, str]:
        named = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.says_it_is or self.issuer, **{one: f"{self.issuer}/{at}" for one, at in named.items()}}

    def token(self, nonce: str) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "nonce": nonce,
            "exp": int(time.time()) + 60,
            "preferred_username": self.name,
        }
        claims = {name: value for name, value in {**claims, **self.wrong}.items() if value is not None}
        return jwt.encode(self.header, claims, self.key)

    def signs_in(self, address: str) -> str:
        """What the browser brings back after somebody signed in there: the code, and the state as it was sent."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}-{time.monotonic_ns()}"
        self.codes[code] = asked
        return f"/oidc-back?code={code}&state={asked['state']}"


@pytest.fixture
def service(tmp_path, monkeypatch):
    one = Service()
    file = tmp_path / "oidc.toml"
    said = {"issuer": one.issuer, "client_id": CLIENT, "client_secret": SECRET, "label": "门户"}
    file.write_text("\n".join(f'{name} = "{value}"' for name, value in said.items()), encoding="utf-8")
    monkeypatch.setenv("TAIZHANG_OIDC", str(file))
    provider.provider.cache_clear()
    yield one
    one.server.shutdown()
    one.server.server_close()


def go(client, way: str = "") -> str:
    """Ask to be sent to the service; the address there."""
    answer = client.get(f"/oidc?next={way}", headers=READER)
    assert answer.status_code == 303
    return answer.headers["location"]


def refused(answer) -> bool:
    no_session = not [one for one in answer.headers.get_list("set-cookie") if "session" in one]
    return answer.headers["location"] == "/signin?why=not_by_service" and no_session


def test_whom_the_service_names_is_let_in_under_the_account_of_that_name(service, people):
    client = browser()
    assert "用门户登录" in client.get("/signin?next=%2Fresearch", headers=READER).text
    address = go(client, "%2Fresearch%3Flang%3Den")
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{service.issuer}/authorize?")
    assert asked["redirect_uri"] == ["http://127.0.0.1:8501/oidc-back"]
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    back = client.get(service.signs_in(address), headers={**READER, "sec-fetch-site": "cross-site"})
    assert (back.status_code, back.headers["location"]) == (303, "/research?lang=en")
    assert client.get("/research", headers=READER).status_code == 200
    assert client.get("/_stcore/health").json()["told"]["x-taizhang-person"] == "editor"
    (line,) = Audit(people.folder).entries()
    assert (line.act, line.who, line.detail) == ("sign_in", "editor", service.issuer)


@pytest.mark.parametrize("name", ["nobody", "off"])
def test_whoever_has_no_account_here_or_a_disabled_one_is_told_so_and_not_let_in(name, service, people):
    people.add("off", "离任", "reader", "河东-meeting-42")
    people.disable("off")
    service.name, client = name, browser()
    answer = client.get(service.signs_in(go(client)), headers=READER)
    assert answer.headers["location"] == "/signin?why=no_account"
    assert "这里还没有您的账号" in client.get(answer.headers["location"], headers=READER).text
    assert asked_to_sign_in(client.get("/", headers=READER))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-board"},
        {"nonce": "of-another-way"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"preferred_username": None},
        {"preferred_username": ["editor"]},
        {"preferred_username": " "},
    ],
)
def test_what_is_not_said_of_this_way_by_this_service_to_this_board_lets_nobody_in(wrong, service, people):
    service.wrong, client = wrong, browser()
    assert refused(client.get(service.signs_in(go(client)), headers=READER))
    assert asked_to_sign_in(client.get("/", headers=READER))


@pytest.mark.parametrize("how", ["other key", "our secret", "no signature"])
def test_what_the_service_did_not_sign_lets_nobody_in(how, service, people, monkeypatch):
    if how == "other key":
        service.key = OTHER_KEY
    elif how == "our secret":
        service.key, service.header = OctKey.import_key(SECRET.encode() * 2), {"alg": "HS256", "kid": "one"}
    else:
        unsigned = [json.dumps(one).encode() for one in ({"alg": "none"}, {"iss": service.issuer, "aud": CLIENT})]
        token = b".".join([*(base64.urlsafe_b64encode(one).rstrip(b"=") for one in unsigned), b""]).decode()
        monkeypatch.setattr(service, "token", lambda nonce: token)
    client = browser()
    assert refused(client.get(service.signs_in(go(client)), headers=READER))


def test_a_way_is_gone_once_by_the_browser_that_went_and_before_it_is_late(service, people, monkeypatch):
    client = browser()
    back = service.signs_in(go(client))
    assert refused(browser().get(back, headers=READER))  # sent to somebody else as a link
    assert refused(client.get(back.partition("&state")[0] + "&state=guess", headers=READER))
    assert refused(client.get(back, headers=READER))  # that way ended with the wrong state
    back = service.signs_in(go(client))
    assert client.get(back, headers=READER).headers["location"] == "/"
    assert refused(client.get(back, headers=READER))
    back = service.signs_in(go(client))
    monkeypatch.setattr(provider, "LASTS", 0)
    monkeypatch.setattr(time, "monotonic", lambda was=time.monotonic: was() + 700)
    assert refused(client.get(back, headers=READER))
    assert refused(client.get("/oidc-back?error=access_denied&state=x", headers=READER))


def test_nobody_is_led_out_of_the_board_by_way_of_the_service(service, people):
    client = browser()
    assert client.get(service.signs_in(go(client, "https://evil.example")), headers=READER).headers["location"] == "/"


def test_a_service_that_is_away_or_says_it_is_another_leaves_the_password(service, people):
    service.says_it_is = "https://evil.example"
    client = browser()
    assert refused(client.get("/oidc", headers=READER))
    service.server.shutdown()
    service.server.server_close()
    assert refused(client.get("/oidc", headers=READER))
    page = client.get("/signin?why=not_by_service", headers=READER).text
    assert "统一认证没有成功" in page
    assert 'name="password"' in page


def test_without_a_service_there_is_no_way_to_one(people):
    assert asked_to_sign_in(browser().get("/oidc", headers=READER))
    assert 'class="other"' not in browser().get("/signin", headers=READER).text
    assert "why" not in browser().get("/signin?why=<b>", headers=READER).text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("issuer =", "Invalid"),
        ('issuer = "https://x.example"', "client_id, client_secret"),
        ('issuer = "http://x.example"\nclient_id = "a"\nclient_secret = "b"', "issuer"),
        ('issuer = "x"\nclient_id = "a"\nclient_secret = "b"', "issuer"),
    ],
)
def test_a_file_that_names_no_service_is_said_in_one_sentence_before_anything_opens(
    text, why, tmp_path, capfd, monkeypatch
):
    monkeypatch.setenv("TAIZHANG_LANG", "en")
    file = tmp_path / "oidc.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotAProvider, match=why):
        Provider(file)
    with pytest.raises(SystemExit) as left:
        cli.main(["run", "--store", str(tmp_path), "--oidc", str(file)])
    assert left.value.code == 1
    (sentence,) = capfd.readouterr().err.splitlines()
    assert "does not name a service" in sentence
