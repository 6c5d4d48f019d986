"""What leaves the board for a meeting: a deck, a ledger, a brief, a paper, a snapshot, all of the same slides."""

import datetime as dt
import re
from collections.abc import Callable

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.vocabulary import USUAL, Vocabulary
from taizhang.declared.wording import Language, language
from taizhang.exhibits.views import Choices, look
from taizhang.showing import meetings, slides
from taizhang.showing.meetings import Meeting
from taizhang.showing.slides import Showing
from taizhang.store import Store
from taizhang.store.campaigns import About
from taizhang.store.turnstile import EXPORTS

KINDS = {"deck": ".pptx", "ledger": ".xlsx", "brief": ".docx", "paper": ".pdf", "snapshot": ".html"}
BOTH = "both"


@EXPORTS.counted
def make(
    kind: str,
    store: Store,
    meeting: Meeting,
    lang: str,
    template: bytes | None = None,
    sources: bool = True,
    tell: Callable[[int, int], None] | None = None,
) -> bytes:
    """One handout of a meeting in a language, or in both; the same meeting gives the same bytes.

    `template` (a deck's) and `sources` (whether its notes say where the numbers come from) are for decks only. `tell`
    hears how far it is, as (done, total). Raises what the maker of that kind raises: `deck.TemplateRefused`,
    `papers.typeset.FontsMissing`, `export.TooLong`; and `Crowded` when too many are being made.
    """
    showings = showings_of(store, meeting, lang)
    match kind:
        case "deck":
            from taizhang.showing import deck

            return deck.build(showings, template, sources, tell=tell)
        case "ledger":
            from taizhang.showing.papers import ledger as maker
        case "brief":
            from taizhang.showing.papers import brief as maker
        case "paper":
            from taizhang.showing.papers import paper as maker
        case "snapshot":
            from taizhang.showing.papers import snapshot as maker
        case _:
            raise KeyError(kind)
    return maker.build(showings, tell=tell)


def showings_of(store: Store, meeting: Meeting, lang: str) -> list[Showing]:
    """The slides of a meeting in the language asked for, or in Chinese and then in English."""
    return [slides.show(store, meeting, code) for code in (LANGUAGES if lang == BOTH else (lang,))]


def unplanned(
    store: Store, lang: str, as_of: dt.date | None = None, compare_on: dt.date | None = None, release: int | None = None
) -> Meeting:
    """A meeting nobody has prepared: the usual script on the day, comparison and release asked for."""
    view = look(store, Choices(as_of=as_of, compare_on=compare_on, release=release))
    names = [row["campaign_name"] for row in view.ask("campaign").records()]
    title = _words(lang, view.release.vocabulary)("handout.title", campaign=names[0] if names else "")
    return meetings.prepare(view, "", title.strip(), view.as_of)


def file_name(kind: str, store: Store, meeting: Meeting, lang: str) -> str:
    """What the file is called: kind, campaign, meeting and day, without anything a file system minds."""
    whose = About.of(store.release(meeting.release)).title
    title = meeting.title if whose in meeting.title else f"{whose}_{meeting.title}"
    stem = _words(lang)(f"handout.name_{kind}", title=title, day=meeting.as_of)
    return re.sub(r'[\\/:*?"<>|\s]+', "_", stem).strip("._") + KINDS[kind]


def _words(lang: str, vocabulary: Vocabulary = USUAL) -> Language:
    return language(LANGUAGES[0] if lang == BOTH else lang, vocabulary)
