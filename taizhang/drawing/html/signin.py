"""The page to sign in on: plain HTML that needs no script, in the look of the board, in either theme.

It says nothing of the office or the campaign: whoever has not signed in learns that a board is here and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlencode

from taizhang.declared.wording import Language
from taizhang.drawing import logo, palette
from taizhang.drawing.markup import TAGS, Markup, el, joined

SIGN_IN, FIRST, CHANGE = "sign_in", "first", "change"


ACTIONS = {SIGN_IN: "signin", FIRST: "signin", CHANGE: "password"}  # beside the page, wherever the board lies


@dataclass(frozen=True)
class Field:
    """What is typed: its name in the form, what the browser may fill in (`autocomplete`), and what stands in it."""

    name: str
    fills: str
    is_secret: bool = False
    value: str = ""


# What is asked for, by what the page is for. The code is not filled in by a browser: it is used once.
FIELDS = {
    SIGN_IN: (Field("name", "username"), Field("password", "current-password", is_secret=True)),
    FIRST: (
        Field("code", "one-time-code"),
        Field("name", "username"),
        Field("shown", "name"),
        Field("password", "new-password", is_secret=True),
        Field("again", "new-password", is_secret=True),
    ),
    CHANGE: (
        Field("password", "current-password", is_secret=True),
        Field("new", "new-password", is_secret=True),
        Field("again", "new-password", is_secret=True),
    ),
}


def page(
    kind: str, t: Language, way: str = "", said: str = "", typed: str = "", is_wrong: bool = True, service: str = ""
) -> str:
    """The page in a language: to sign in, to make the first administrator, or to change one's password.

    `way` is where to go then, `said` what was wrong (or, if not `is_wrong`, what was done), `typed` the name,
    `service` what the service is called that signs people in too.
    """
    other = next(code for code in TAGS if code != t.code)
    form = el(
        "form",
        *(_field(one, t, typed if one.name == "name" else "", kind) for one in FIELDS[kind]),
        el("input", type="hidden", name="next", value=way),
        el("input", type="hidden", name="lang", value=t.code),
        el("button", t(f"signin.{kind}"), type="submit"),
        method="post",
        action=ACTIONS[kind],
    )
    body = el(
        "main",
        el("header", logo.mark(), el("div", el("h1", t("frame.product")), el("p", t(f"signin.{kind}_title")))),
        el("p", said, class_="said late" if is_wrong else "said", role="alert" if is_wrong else "status")
        if said
        else None,
        el("a", t("signin.by_service", service=service), class_="other", href=_away(way)) if service else None,
        form,
        el(
            "footer",
            el("span", t(f"signin.{kind}_note")),
            el("a", t(f"frame.{other}"), href=f"{ACTIONS[kind]}?lang={other}", lang=TAGS[other]),
        ),
    )
    return _whole(t, t(f"signin.{kind}_title"), [], body)


def _away(way: str) -> str:
    return f"oidc?{urlencode({'next': way})}" if way else "oidc"


def once_more(t: Language) -> str:
    """A page that asks for its own address at once: now it is this site that asks, and the browser says who it is."""
    return _whole(t, t("frame.product"), [el("meta", http_equiv="refresh", content="0")], el("main"))


def _field(one: Field, t: Language, value: str, kind: str) -> Markup:
    hint = t("signin.password_hint") if (kind, one.name) in ((FIRST, "password"), (CHANGE, "new")) else ""
    typing = el(
        "input",
        id=one.name,
        name=one.name,
        type="password" if one.is_secret else "text",
        autocomplete=one.fills,
        autocapitalize="none",
        spellcheck="false",
        required="required",
        maxlength="200",
        value=None if one.is_secret else value,
        aria_describedby=f"{one.name}-hint" if hint else None,
    )
    told = [el("p", hint, class_="hint", id=f"{one.name}-hint")] if hint else []
    label = t("signin.password_now" if (kind, one.name) == (CHANGE, "password") else f"signin.{one.name}")
    return joined([el("label", label, for_=one.name), typing, *told])


def _whole(t: Language, title: str, more: Sequence[Markup], body: Markup) -> str:
    product = t("frame.product")
    head = [
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width,initial-scale=1"),
        el("meta", name="robots", content="noindex"),
        *more,
        el("title", title if title == product else f"{title} · {product}"),
        el("style", Markup(_style())),
    ]
    return f"<!doctype html>{el('html', el('head', *head), el('body', body), lang=TAGS[t.code])}"


@cache
def _style() -> str:
    def colours(theme: str) -> str:
        tones, found = palette.tones(theme), palette.surfaces(theme)
        named = {name: found[name] for name in ("ground", "surface", "rule", "edge")}
        named |= {"ink": tones["plain"], "faint": tones["faint"], "accent": tones["done"], "late": tones["late"]}
        return "".join(f"--tz0-{name}:{value};" for name, value in named.items())

    dark = f"@media (prefers-color-scheme:dark){{:root{{{colours('dark')}}}}}"
    sheets = resources.files("taizhang.drawing.html") / "css"
    own = "".join((sheets / name).read_text(encoding="utf-8") for name in ("scale.css", "signin.css"))
    return f":root{{{colours('light')}--tz0-font:{palette.FONT};}}{dark}{own}"
