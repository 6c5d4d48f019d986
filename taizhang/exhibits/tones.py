"""Which tone a state has, and which symbol a tone has: the same on every page, so that a colour means one thing.

Keys are the codes of the code lists; None (and `unknown` for a status) is what no one has stated.
"""

from taizhang.declared.vocabulary import OVERALL, STRAND_PAGES, Vocabulary
from taizhang.declared.wording import Language
from taizhang.drawing import palette
from taizhang.drawing.shapes import Cell

_HUES = dict(zip(STRAND_PAGES, palette.STRANDS, strict=True))


def tone_of_strand(vocabulary: Vocabulary, code: str) -> str:
    """The hue of a strand: that of the first page it uses, else one that no strand before it has."""
    taken: dict[str, str] = {OVERALL: OVERALL}
    for one in vocabulary.strands:
        wanted = (_HUES[page] for page in STRAND_PAGES if page in one.pages)
        free = (hue for hue in (*wanted, *palette.STRANDS) if hue not in taken.values())
        taken[one.code] = next(free, OVERALL)
    return taken.get(code, OVERALL)


# A long-term measure that has reached its stage is not verified and closed: it is neither done nor late.
TONE_OF_STATUS: dict[str | None, str] = {
    "not_started": "idle",
    "in_progress": "moving",
    "pending_verification": "waiting",
    "staged_ongoing": "lasting",
    "closed": "done",
    "cancelled": "faint",
    "unknown": "unknown",
    None: "unknown",
}

TONE_OF_LIGHT: dict[str | None, str] = {
    "green": "moving",
    "yellow": "soon",
    "red": "late",
    "blue": "waiting",
    "grey": "unknown",
    "done": "done",
    "long": "lasting",
    None: "faint",
}

# Red is for what is overdue and for nothing else: what went back asks for somebody, which is amber.
TONE_OF_MOVE: dict[str, str] = {
    "new": "moving",
    "advanced": "moving",
    "closed": "done",
    "reopened": "soon",
    "returned": "soon",
    "redated": "soon",
    "moved_back": "soon",
    "cancelled": "faint",
    "missing": "soon",
}

TONE_OF_ATTENTION: dict[str, str] = {
    "overdue": "late",
    "returned": "soon",
    "reopened": "soon",
    "due_soon": "soon",
    "extension_pending": "waiting",
    "silent_unit": "unknown",
    "no_measure": "idle",
}

TONE_OF_TOWN_STATE: dict[str, str] = {
    "visited": "done",
    "planned": "moving",
    "not_visited": "idle",
    "unknown": "unknown",
    "out_of_scope": "faint",
}

TONE_OF_TOPIC: dict[str | None, str] = {
    "planned": "idle",
    "in_progress": "moving",
    "report_done": "done",
    "converted": "done",
    None: "unknown",
}

# D is answered with an explanation, not adopted: neither done nor left undone.
TONE_OF_DISPOSITION: dict[str | None, str] = {
    "A": "done",
    "B": "moving",
    "C": "moving",
    "D": "faint",
    "pending": "idle",
    "duplicate": "faint",
    None: "unknown",
}

TONE_OF_PROPOSAL: dict[str, str] = {
    "proposed": "idle",
    "adopted": "done",
    "policy": "done",
    "implemented": "done",
    "not_adopted": "faint",
    "unknown": "unknown",
}

# Done too late is done, and still something the meeting should see.
TONE_OF_COMMITMENT: dict[str, str] = {
    "late": "late",
    "open": "moving",
    "undated": "idle",
    "done_late": "soon",
    "done": "done",
}

SYMBOL_OF_TONE = palette.SYMBOLS


def toned(text: str, tone: str) -> Cell:
    """A table cell whose colour is said by a symbol and a word as well."""
    return Cell(text, tone, SYMBOL_OF_TONE[tone])


def light(code: str | None, t: Language) -> Cell:
    """The light of a measure or an issue as a table cell."""
    return toned(t.label("light", code), TONE_OF_LIGHT[code])
