"""Sheets of a round published one unit after another, so that each can be taken back alone."""

from dataclasses import dataclass, replace

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import language
from taizhang.rows import changes
from taizhang.rows.changes import Decisions
from taizhang.rows.problems import Problem
from taizhang.store import DraftRefused, Note, Release, Store
from taizhang.uploads.checking import Checked
from taizhang.uploads.drafting import draft


@dataclass(frozen=True)
class PublishedEach:
    """The releases that sheets of a round became, and the unit whose sheet was refused, where one was, with why."""

    releases: tuple[Release, ...]
    stopped_at: str = ""
    problems: tuple[Problem, ...] = ()


def publish_each(store: Store, checked: Checked, note: Note, decisions: Decisions) -> PublishedEach:
    """Publish the sheets of a round one unit after another, each in an act of its own; what else was handed in comes
    last, and what says nothing new is left out.

    Raises `SomeonePublished` when somebody else publishes meanwhile: what was published before stays.
    """
    made: list[Release] = []
    parent, words = checked.parent, store.vocabulary()
    for unit, shas in _by_unit(checked):
        own = [one for one in checked.files if one.sha256 in shas]
        before = store.rows_before(store.base_of(note.as_of if checked.restates else None))
        if changes.merge(own, before, decisions).rows == before:
            continue
        of_unit = {
            one: language(one, words)("rounds.note_of_unit", note=getattr(note, one), unit=unit) for one in LANGUAGES
        }
        said = (replace(note, **of_unit) if unit else note).said_now()
        try:
            drafted = draft(store, own, said, decisions, parent, checked.applied)
        except DraftRefused as refused:
            return PublishedEach(tuple(made), unit, refused.problems)
        made.append(store.publish_draft(drafted))
        parent = made[-1].number
    return PublishedEach(tuple(made))


def _by_unit(checked: Checked) -> list[tuple[str, frozenset[str]]]:
    """Unit → the files that are of it alone, with the entries that say that they are back; then all others."""
    owners: dict[str, set[str]] = {}
    for one in checked.returned:
        for sha256 in filter(None, (one.sha256, one.entry)):
            owners.setdefault(sha256, set()).add(one.unit)
    of_unit: dict[str, set[str]] = {}
    for sha256, units in owners.items():
        of_unit.setdefault(next(iter(units)) if len(units) == 1 else "", set()).add(sha256)
    others = of_unit.pop("", set()) | ({one.sha256 for one in checked.files} - owners.keys())
    return [(unit, frozenset(shas)) for unit, shas in (*of_unit.items(), ("", others))]
