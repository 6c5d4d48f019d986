"""Signing in by the service where an office signs its people in already (OpenID Connect).

A file in TOML says which: `issuer`, `client_id`, `client_secret`, and if need be `claim` (what of the answer is the
name of an account, `preferred_username` otherwise) and `label` (what the service is called). The board asks that
service and no other computer. Each way there and back is kept in memory for ten minutes: code flow with PKCE, a state
and a nonce of its own, and a cookie that only the browser has that went.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import tomli

from taizhang.server.requests import is_loopback

LASTS, MOST_WAYS, PATIENCE = 600, 1_000, 10  # seconds, ways under way at once, seconds for an answer of the service
# Never with our own secret, which others may know, nor without a signature.
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")


class NotAProvider(ValueError):
    """The file does not say whom to ask: `why` is what is wrong with it."""

    def __init__(self, why: str):
        self.why = why
        super().__init__(why)


class NotSignedIn(Exception):
    """The service did not say who somebody is, or not so that it can be believed."""


@dataclass(frozen=True)
class Way:
    """Somebody on their way to the service and back; `until` by the clock of the server."""

    state: str
    nonce: str
    verifier: str
    back: str
    next: str
    until: float


class Provider:
    """The service that a file names. Raises `NotAProvider`, or `OSError` for a file that cannot be read."""

    def __init__(self, path: Path):
        try:
            said = tomli.loads(path.read_text(encoding="utf-8"))
        except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
            raise NotAProvider(str(error)) from error
        missing = [name for name in ("issuer", "client_id", "client_secret") if not isinstance(said.get(name), str)]
        if missing:
            raise NotAProvider(", ".join(missing))
        self.issuer, self.client_id, self._secret = (said[one] for one in ("issuer", "client_id", "client_secret"))
        self.claim, self.label = str(said.get("claim", "preferred_username")), str(said.get("label", ""))
        if not _is_safe(self.issuer):
            raise NotAProvider("issuer")
        self._ways: OrderedDict[str, Way] = OrderedDict()
        self._lock = threading.Lock()
        self._known: Mapping[str, str] = {}

    def begin(self, back: str, way: str) -> tuple[str, str]:
        """Where to send a browser, and what it keeps in a cookie meanwhile; `back` is where it is to come back to, and
        `way` where it then goes on. Raises `NotSignedIn` when the service does not answer."""
        key, verifier, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        with self._asking() as asks:
            address, state = self._client(back).create_authorization_url(
                asks["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        with self._lock:
            self._ways[_kept(key)] = Way(state, nonce, verifier, back, way, time.monotonic() + LASTS)
            while len(self._ways) > MOST_WAYS:
                self._ways.popitem(last=False)
        return address, key

    def end(self, key: str, said: Mapping[str, str]) -> tuple[str, str]:
        """The name of who came back, and where they go on. Raises `NotSignedIn`; a way is gone once."""
        with self._lock:
            one = self._ways.pop(_kept(key), None)
        if one is None or time.monotonic() > one.until:
            raise NotSignedIn("no such way")
        if not hmac.compare_digest(said.get("state", "").encode(), one.state.encode()) or "code" not in said:
            raise NotSignedIn(said.get("error", "state"))
        if said.get("iss", self.issuer) != self.issuer:
            raise NotSignedIn("issuer")
        with self._asking() as asks:
            token = self._client(one.back).fetch_token(
                asks["token_endpoint"], code=said["code"], code_verifier=one.verifier, timeout=PATIENCE
            )
            claims = self._claims(token["id_token"], asks["jwks_uri"], one.nonce)
        name = claims.get(self.claim)
        if not isinstance(name, str) or not name.strip():
            raise NotSignedIn(self.claim)
        return name, one.next

    @contextmanager
    def _asking(self) -> Iterator[Mapping[str, str]]:
        """The addresses of the service; whatever goes wrong while it is asked is one kind of error to those outside."""
        try:
            yield self.addresses()
        except NotSignedIn:
            raise
        except Exception as error:
            raise NotSignedIn(type(error).__name__) from error

    def _client(self, back: str):
        from authlib.integrations.requests_client import OAuth2Session

        return OAuth2Session(
            self.client_id, self._secret, scope="openid profile", redirect_uri=back, code_challenge_method="S256"
        )

    def _claims(self, token: str, keys: str, nonce: str) -> Mapping[str, object]:
        """What the service says, if it is signed by one of its keys, meant for us, of this way, and not too old."""
        from joserfc import jwt
        from joserfc.jwk import KeySet

        found = jwt.decode(token, KeySet.import_key_set(_json(keys)), algorithms=SIGNED_WITH)
        jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
        ).validate(found.claims)
        return found.claims

    def addresses(self) -> Mapping[str, str]:
        """The addresses of the service, as it says them itself; asked once."""
        if not self._known:
            said = _json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if said["issuer"] != self.issuer:
                raise NotSignedIn("issuer")
            named = {name: said[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            if not all(map(_is_safe, named.values())):
                raise NotSignedIn("address")
            self._known = named
        return self._known


def _json(address: str):
    import requests

    answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
    if answer.status_code != 200:
        raise NotSignedIn(f"{answer.status_code}")
    return answer.json()


def _is_safe(address: str) -> bool:
    """Whether nobody on the way can read along: an encrypted address, or one of this computer."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def _kept(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


@lru_cache(maxsize=8)
def provider(path: str) -> Provider | None:
    """The service that a file names; None where no file is named. Raises as `Provider` does."""
    return Provider(Path(path)) if path else None
