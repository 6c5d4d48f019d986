"""Markup that escapes by itself: HTML, SVG and the XML of documents are written with it."""

import html
from collections.abc import Iterable

from taizhang.declared.plain import harmless

TAGS = {"zh": "zh-CN", "en": "en"}  # how a page says its language; office programs want a country as well


class Markup(str):
    """Finished HTML. Every other string is text and is escaped when it enters an element."""


def escaped(text: object) -> Markup:
    """The one way a text enters HTML, as content or as an attribute."""
    return text if isinstance(text, Markup) else Markup(html.escape(harmless(str(text)), quote=True))


def el(name: str, /, *children: object, **attributes: object) -> Markup:
    """An element; `class_` and `data_pick` name attributes, None leaves one (or a child) out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(escaped(child) for child in children if child is not None)
    return Markup(
        f"<{name}{written}>" if name in ("img", "col", "input", "meta") else f"<{name}{written}>{inner}</{name}>"
    )


def joined(parts: Iterable[object]) -> Markup:
    """Several pieces of markup or text, one after the other."""
    return Markup("".join(escaped(part) for part in parts))
