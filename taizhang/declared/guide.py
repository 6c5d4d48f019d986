"""The guide, one text for each reader and language in `docs/guide`: the documents and the app show the same."""

import re
from dataclasses import dataclass
from pathlib import Path

from taizhang.declared.root import ROOT

GUIDE = ROOT / "docs" / "guide"
READERS = ("clerk", "presenter", "head", "developer")
PAGES = "pages"  # the part that says of each page what it is for
PARTS = (*READERS, PAGES)

_PICTURE = re.compile(r"^!\[([^\]]*)\]\(([^)]+)\)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@dataclass(frozen=True)
class Picture:
    """A picture of the guide, and what it shows."""

    path: Path
    shows: str


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, texts (Markdown) and pictures in their order.

    `about` is the page it is of, in the part that goes page by page; '' elsewhere.
    """

    about: str
    title: str
    blocks: tuple[str | Picture, ...]


@dataclass(frozen=True)
class Part:
    """What the guide says to one reader."""

    title: str
    opening: str
    sections: tuple[Section, ...]


def part(name: str, language: str) -> Part:
    """One of `PARTS` in a language. Raises `OSError` for a part that there is not."""
    opening, *rest = re.split(
        r"^## ", (GUIDE / f"{name}.{language}.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    title, _, text = opening.removeprefix("# ").partition("\n")
    return Part(title, text.strip(), tuple(_section(one, name == PAGES) for one in rest))


def _section(text: str, is_of_a_page: bool) -> Section:
    title, _, body = text.partition("\n")
    about, _, called = title.partition(" ") if is_of_a_page else ("", "", title)
    return Section(about, called, tuple(_blocks(body)))


def _blocks(body: str):
    """Texts and pictures. A link leads to another document, which the app does not show: its words stay."""
    at = 0
    for found in _PICTURE.finditer(body):
        yield from _text(body[at : found.start()])
        yield Picture((GUIDE / found[2]).resolve(), found[1])
        at = found.end()
    yield from _text(body[at:])


def _text(said: str):
    if said.strip():
        yield _LINK.sub(r"\1", said.strip())
