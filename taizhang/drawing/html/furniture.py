"""What stands around the drawings: the page's head, an exhibit's head, notes, definitions, quotations."""

import re
from collections.abc import Iterable
from importlib import resources

from taizhang.declared.plain import harmless
from taizhang.drawing import html, palette
from taizhang.drawing.markup import Markup, el, joined


def style(theme: str, drop: str) -> Markup:
    """The style of a page in the colours of the theme: of what this module makes, of the frame around it, and of every
    drawing.

    `drop` is what stands in the place where files are dropped.
    """
    colours = {
        "rule": palette.surfaces(theme)["rule"],
        "edge": palette.surfaces(theme)["edge"],
        "ink": palette.tones(theme)["plain"],
        "quiet": palette.tones(theme)["faint"],
        "mark": palette.tones(theme)["soon"],
        "late": palette.tones(theme)["late"],
        "done": palette.tones(theme)["done"],
        "surface": palette.surfaces(theme)["surface"],
        "ground": palette.surfaces(theme)["ground"],
        "on-mark": palette.on("soon", theme),
        "on-primary": palette.on("moving" if theme == "dark" else "done", theme),
    }
    own = "".join(f"--tzp-{name}:{colour};" for name, colour in colours.items()) + f'--tzp-drop:"{drop}";'
    folder = resources.files("taizhang.drawing.html") / "css"
    names = ("scale", "frame", "everyone", "lists", "print")
    sheets = "".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names)
    if theme == "dark":  # a chart of the library has its colours in itself, and paper is white
        sheets += "@media print{.js-plotly-plot{filter:invert(1) hue-rotate(180deg)}}"
    return Markup(f"<style>:root{{{own}}}{html.styles(theme)}\n{sheets}</style>")  # what is around has the last word


def says_page(name: str) -> Markup:
    """Which page is drawn from here on, unseen: another one is covered until it stands (`js/shell.js`)."""
    return el("span", class_="tzp-page", data_page=name)


def page_head(
    whose: str,
    question: str,
    circumstances: tuple[str, ...],
    *marks: str,
    help: tuple[str, str] = ("", ""),
    link: tuple[str, str] = ("", ""),
) -> Markup:
    """The page's question, above it whose board it is, and below it, in words, what the reader is looking at.

    `help`: what the question mark beside it leads to, in words and as an address of the app. `link`: what the button
    that copies the address of this view says, and what has to stand in that address.
    """
    said = el("span", _whole_dates(" · ".join(filter(None, circumstances))))
    return el(
        "header",
        el("div", whose, class_="tzp-whose") if whose else None,
        el("div", el("h1", question), _help(*help), _link(*link), class_="tzp-question"),
        el("div", said, *(_mark(one) for one in marks), class_="tzp-sub"),
        class_="tzp-head",
    )


def crumb(words: str, is_last: bool) -> Markup:
    """A part of the way to what is looked at; the last of them is where the reader stands."""
    return el("span", words, class_="tzp-whose tzp-crumb", aria_current="location" if is_last else None)


def _help(label: str, target: str) -> Markup | None:
    """A question mark that opens the guide in a window of its own: the reader's page stays as it is."""
    if not target:
        return None
    return el("a", "?", class_="tzp-help", href=target, target="_blank", title=label, aria_label=label)


def _link(label: str, pinned: str) -> Markup | None:
    """A button that copies the address of what is seen (js/copy.js)."""
    if not pinned:
        return None
    return el("button", class_="tzp-help tzp-link", type="button", title=label, aria_label=label, data_pinned=pinned)


def exhibit_head(title: str, caption: str, mark: str) -> Markup:
    """The finding, and what was measured."""
    return el(
        "div",
        el("div", title, _mark(mark), class_="tzp-title", role="heading", aria_level="2"),
        el("div", _whole_dates(caption), class_="tzp-caption") if caption else None,
    )


def codes(listed: Iterable[tuple[str, str]], copy: str) -> Markup:
    """What is called how on paper: each name with its code, and a button that copies it (js/copy.js)."""
    return el("dl", *(_code(label, code, copy) for label, code in listed), class_="tzp-codes")


def _code(label: str, code: str, copy: str) -> Markup:
    button = el("button", copy, class_="tzp-copy", type="button", data_copy=code, aria_label=f"{copy} {code}")
    return el("div", el("dt", label), el("dd", el("span", code, class_="tzp-code"), button))


def note(text: str) -> Markup:
    """A remark below a drawing."""
    return el("div", _whole_dates(text), class_="tzp-note")


def _whole_dates(text: str) -> Markup:
    """The text with its dates in one piece each: a line may not end behind the hyphen of one."""
    pieces = re.split(r"(\d{4}-\d\d-\d\d)", text)
    return joined([el("span", one, class_="tzp-date") if place % 2 else one for place, one in enumerate(pieces)])


def definition(about: str, words: str) -> Markup:
    """One line of a definition."""
    return el("dl", el("dt", about), el("dd", words), class_="tzp-def")


def as_label(text: str) -> str:
    """The one way a text from a file enters a label or message, which the framework reads as Markdown.

    Backslashes stop images, HTML, maths and colours; a word joiner after : . and @ stops bare addresses and icons.
    """
    return re.sub(r"([\\`*_{}\[\]()<>#+\-!|~$^])", r"\\\1", re.sub(r"([:.@])", "\\1\u2060", harmless(text)))


def signed_in(shown: str, role: str, password: str, way_out: str) -> Markup:
    """Who is signed in and as what, the way to another password, and the button that signs them out: both are the
    server's own pages."""
    who = el("span", el("strong", shown), f" · {role}", el("a", password, href="password", target="_top"))
    out = el("form", el("button", way_out, type="submit"), method="post", action="signout", target="_top")
    return el("div", who, out, class_="tzp-signed")


def at_this_computer(words: str) -> Markup:
    """That nobody signs in here."""
    return el("div", el("span", words), class_="tzp-signed")


def message(words: str, kind: str) -> Markup:
    """A message of its own line: done, warning or error."""
    return el("div", words, class_=f"tzp-message tzp-{kind}", role="alert" if kind == "error" else "status")


def blocking(head: str, lines: Iterable[str]) -> Markup:
    """What keeps somebody from going on: how much it is, and the first of it."""
    listed = el("ul", *(el("li", one) for one in lines))
    return el("div", el("strong", head, class_="tzp-error"), listed, class_="tzp-blocking", role="alert")


def problem(words: str, mark: str, more: str, severity: str) -> Markup:
    """A group of problems: how many and how bad, the sentence, the lines."""
    head = el("span", mark, class_=f"tzp-count tzp-{severity}")
    return el(
        "div", head, el("span", words), el("span", more, class_="tzp-caption") if more else None, class_="tzp-problem"
    )


def draft_banner(words: str) -> Markup:
    """What stands over every page of a draft."""
    return el("div", words, class_="tzp-draft", role="status")


def quotation(text: str, source: str) -> Markup:
    """A quoted sentence and where it stands; the source is Chinese, whatever the page's language."""
    return el("blockquote", text, el("div", source), class_="tzp-quote", lang="zh-CN")


def _mark(text: str) -> Markup | None:
    return el("span", text, class_="tzp-mark") if text else None
