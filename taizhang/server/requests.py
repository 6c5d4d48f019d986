"""What a request says: under which name it came, from where, and what its reader wants."""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import cookie_parser

from taizhang.declared.headers import LANGUAGES

THIS_COMPUTER = ("127.0.0.1", "localhost")


def host_name(host: str) -> str | None:
    """The name in a Host header without its port; None when it is no plain host."""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  (an impossible port raises here)
    except ValueError:
        return None
    return parts.hostname if parts.netloc == host and "@" not in host else None


def header_values(scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for header, value in scope["headers"] if header == name]


def plain_address(address: str) -> str:
    """An address of version 4 as such, though the server listens to both versions at once."""
    return address.removeprefix("::ffff:")


def as_the_proxy_says(scope):
    """A request as it came to the proxy: from which address, and whether encrypted. Of several addresses the last is
    the one that our proxy saw itself; those before it are hearsay."""
    told = ",".join(header_values(scope, b"x-forwarded-for")).split(",")[-1].strip()
    scheme = header_values(scope, b"x-forwarded-proto")[-1:]
    made = {**scope, "client": (told[:64], 0)} if told else dict(scope)
    made["taizhang.proxied"] = True
    if scheme in (["http"], ["https"]):
        made["scheme"] = scheme[0] if scope["type"] == "http" else {"http": "ws", "https": "wss"}[scheme[0]]
    return made


def is_loopback(address: str) -> bool:
    """True for an address that only this computer can reach."""
    return address in (*THIS_COMPUTER, "::1") or address.startswith("127.")


def is_reader(scope) -> bool:
    """Whether a browser asks for something to show in its window."""
    accepted = ",".join(header_values(scope, b"accept"))
    return scope["method"] in ("GET", "HEAD") and "text/html" in accepted


def is_page_of_ours(message) -> bool:
    """Whether an answer is the page that the framework sends for every address of the board."""
    said = {name.lower(): value for name, value in message.get("headers", [])}
    is_shown = said.get(b"content-type", b"").startswith(b"text/html") and b"content-disposition" not in said
    return message["status"] == 200 and is_shown


def language_of(scope) -> str:
    """The language that the address asks for, else the one the reader chose last, else Chinese; as the frame has it."""
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang")
    chosen = cookie_parser("; ".join(header_values(scope, b"cookie"))).get("taizhang_lang")
    return next((one for one in (asked, chosen) if one in LANGUAGES), LANGUAGES[0])
