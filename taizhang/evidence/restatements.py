"""Restatements: what was shown on a day and has been corrected since.

A day is restated when a later release reaches no further than that day and changes rows. Progress after the day is
no correction, and neither is the release that a finished meeting makes (decision 017).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from types import MappingProxyType

from taizhang.declared import queries
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.shapes import Figure, LaneCard, Shape
from taizhang.exhibits import Exhibit
from taizhang.exhibits.catalogue import CATALOGUE
from taizhang.exhibits.views import View, pinned
from taizhang.rows.changes import RowName
from taizhang.store import Release, Standing

_MEETING = "meeting"  # the kind of release that only writes down what was promised
_NONE: Mapping = MappingProxyType({})


@dataclass(frozen=True)
class Restatement:
    """Something that an exhibit showed and would not show any more for the same day.

    `place` is that of the passports: 1, 2 … for a figure, said by its label; 0 for the exhibit itself. There `was` and
    `now` are its headline, or empty where `count` of the values drawn differ. `rows` were corrected in the ledgers
    that the exhibit reads, last of all by `release`.
    """

    exhibit: str
    place: int
    label: str
    was: str
    now: str
    count: int
    rows: int
    release: int

    def said(self, t: Language) -> str:
        """What differs, without the reason."""
        if self.count:
            return t("restated.values", count=self.count)
        if self.place:
            return t("restated.figure", label=self.label, was=self.was, now=self.now)
        return t("restated.headline", was=self.was, now=self.now)

    def sentence(self, t: Language) -> str:
        """措施销号 当时 11/16，现为 10/16（第 14 版更正了 12 行）"""
        return sentence((self,), t)


def sentence(found: Sequence[Restatement], t: Language) -> str:
    """The restatements of one exhibit in one sentence, which gives their common reason once; '' for none."""
    if not found:
        return ""
    said = t("restated.and").join(one.said(t) for one in found)
    return said + t("restated.by", release=found[0].release, rows=found[0].rows)


def restatements(standing: Standing, exhibit: Exhibit, view: View) -> tuple[Restatement, ...]:
    """What the exhibit, made in `view`, would show differently for the same day now; quick when nothing would."""
    if exhibit.name not in CATALOGUE:
        return ()
    read = {table for answer in exhibit.answers for table in queries.base_tables(answer.query)}
    rows = {name: number for name, number in corrected(standing, view).items() if name[0] in read}
    if not rows:
        return ()
    now = in_force(standing, view)
    again = CATALOGUE[exhibit.name].exhibit(now, exhibit.option) if now.district == view.district else None
    return tuple(
        Restatement(exhibit.name, *differing, len(rows), max(rows.values()))
        for differing in _differing(exhibit, again, _named(view), _named(now))
    )


def in_force(standing: Standing, view: View) -> View:
    """The same day, compared day and district by the releases that count for them now."""
    before = standing.at(view.compare_on) if view.compare_on else None
    return pinned(
        view.store,
        standing.number_at(view.as_of),
        view.as_of,
        before.number if before and before.as_of <= view.compare_on else None,
        view.compare_on,
        view.district,
        view.t.code,
    )


def corrected(standing: Standing, view: View) -> Mapping[RowName, int]:
    """The rows that differ between the releases a view shows and those in force for its days → the last to touch each.

    Rows that finishing a meeting brought are not among them.
    """
    if view.is_draft:
        return _NONE
    found: dict[RowName, int] = {}
    for shown, day in ((view.compared, view.compare_on), (view.release, view.as_of)):
        if shown and day and standing.number_at(day) != shown.number:
            found.update(_corrected(shown, standing.at(day)))
    return found


def corrected_by(standing: Standing, view: View) -> int | None:
    """The newest release that corrected what a view shows; None when nothing was."""
    return max(corrected(standing, view).values(), default=None)


@lru_cache(maxsize=64)
def _corrected(shown: Release, current: Release) -> Mapping[RowName, int]:
    """Both releases never change, so neither does what differs between them.

    What an act changes is recorded with its first release, also of a row that differs on a later day only.
    """
    before, after = shown.rows(), current.rows()
    differing = {
        (table, key)
        for table, rows in after.items()
        for key in rows.keys() | before[table].keys()
        if before[table].get(key) != rows.get(key)
    }
    if not differing:
        return _NONE
    touched: dict[RowName, int] = {}
    promised: set[RowName] = set()
    for note in current.notes():  # the oldest first
        if note["release"] > shown.number:
            rows = {(row["table_name"], row["row_key"]) for row in current.records("change", release=note["release"])}
            if note["kind"] == _MEETING:
                promised |= rows
            else:
                touched.update(dict.fromkeys(rows, note["release"]))
    return {row: touched.get(row, current.number) for row in differing if row in touched or row not in promised}


# --- what differs ----------------------------------------------------------------------------------------------


def _named(view: View) -> str:
    """How an exhibit names the release it is of: that differs always, and is never wrong."""
    return view.t("frame.release_short", number=view.release.number)


def _differing(
    was: Exhibit, now: Exhibit | None, old_name: str, new_name: str
) -> Iterator[tuple[int, str, str, str, int]]:
    """(place, label, was, now, count) of everything that differs: figures, else the headline; then values drawn."""
    pairs = zip_longest(was.shape.cards, now.shape.cards if now else ())
    figures = [
        (place, one.label, *_unlike(one, other), 0)
        for place, (one, other) in enumerate(pairs, start=1)
        if one and _said_by(one) != _said_by(other)
    ]
    yield from figures
    title = now.title if now else NOT_KNOWN
    if was.title != title and not figures:
        yield 0, "", was.title, title, 0
    old, new = _pieces(was.shape, old_name), _pieces(now.shape, new_name) if now else Counter()
    if old != new:
        yield 0, "", "", "", max((old - new).total(), (new - old).total())


def _said_by(item: Figure | LaneCard | None) -> tuple[str, ...]:
    """Everything a figure or card says: its number first, then the words beside it."""
    if item is None:
        return (NOT_KNOWN,)
    beside = (item.lead_detail, *item.lines) if isinstance(item, LaneCard) else (item.detail, item.change)
    return (item.value, *beside)


def _unlike(one: Figure | LaneCard, other: Figure | LaneCard | None) -> tuple[str, str]:
    """The first thing that two cards say differently: the number, or the words beside it."""
    pairs = zip_longest(_said_by(one), _said_by(other), fillvalue=NOT_KNOWN)
    return next((was or NOT_KNOWN, now or NOT_KNOWN) for was, now in pairs if was != now)


def value_of(item: Figure | LaneCard | None) -> str:
    """The number that a figure or card shows."""
    return item.value if item else NOT_KNOWN


def _pieces(shape: Shape, named: str) -> Counter:
    """What a shape draws besides its figures, without the name of its release."""
    return Counter(
        tuple(part.replace(named, "") if isinstance(part, str) else part for part in piece) for piece in shape.pieces()
    )
