"""What a change does to what readers conclude: figures, headlines, statuses, overdue rows, warnings; before → after.

Both sides are views, so that a draft is asked exactly the questions the board asks.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from taizhang.declared import queries
from taizhang.declared.queries import Query
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.exhibits import Exhibit, coverage, overview, rectification, research, review, study, suggestions, topics
from taizhang.exhibits.parts_of_campaign import has_exhibit
from taizhang.exhibits.views import Choices, View, look, pinned
from taizhang.store import Draft, Standing, Store
from taizhang.store.drafts import Broken
from taizhang.store.standing import in_force

FIGURES = (overview.headline, rectification.headline, research.figures)
HEADLINES = (
    overview.headline,
    overview.attention,
    overview.units,
    overview.reported,
    rectification.headline,
    rectification.by_type,
    rectification.burn_down,
    rectification.due,
    rectification.ageing,
    rectification.on_time,
    coverage.town_map,
    coverage.districts,
    topics.by_district,
    coverage.to_visit,
    topics.listed,
    suggestions.handling,
    suggestions.listed,
    topics.proposals,
    review.funnel,
    review.by_level,
    review.by_nature,
    review.by_dimension,
    review.by_source,
    review.issues,
    review.without_measures,
    study.kinds,
    study.documented,
    study.materials,
)
_LISTS = {"action": ("actions", "action_id", "content"), "issue": ("issues", "issue_id", "title")}
_LATE = "red"


@dataclass(frozen=True)
class FigureChange:
    """A headline figure as people read it, on either side."""

    label: str
    before: str
    after: str
    is_changed: bool
    exhibit: str = ""


@dataclass(frozen=True)
class Flip:
    """A measure or issue whose status changes, or that comes or leaves; None for a status that is not given."""

    table: str
    key: str
    title: str
    before: str | None
    after: str | None
    is_new: bool = False
    is_gone: bool = False

    def sides(self, t: Language) -> tuple[str, str]:
        """Both sides as a reader is told them: a row that is not there has no status, which is another thing than one
        whose status is not given."""
        status = queries.answers()[_LISTS[self.table][0]].returned("status")
        before = t("conclusions.not_there") if self.is_new else t.cell(status, self.before)
        return before, t("conclusions.removed") if self.is_gone else t.cell(status, self.after)


@dataclass(frozen=True)
class Overdue:
    """A measure that becomes overdue, by its own dates or because the as-of day moves past them."""

    key: str
    title: str
    unit: str | None
    due_on: dt.date | None


@dataclass(frozen=True)
class Headline:
    """The sentence over an exhibit, on either side."""

    exhibit: str
    before: str
    after: str


@dataclass(frozen=True)
class Warned:
    """A check that warns of rows it did not warn of before."""

    check: Query
    rows: tuple[tuple, ...]


@dataclass(frozen=True)
class Conclusions:
    """All headline figures, and of everything else what changes."""

    figures: tuple[FigureChange, ...]
    flips: tuple[Flip, ...]
    overdue: tuple[Overdue, ...]
    headlines: tuple[Headline, ...]
    warnings: tuple[Warned, ...]

    @property
    def are_the_same(self) -> bool:
        changed = any(one.is_changed for one in self.figures)
        return not (changed or self.flips or self.overdue or self.headlines or self.warnings)


def conclusions_of(store: Store, draft: Draft, choices: Choices, standing: Standing | None = None) -> Conclusions:
    """What readers who look as `choices` say would conclude differently once a draft is live."""
    before = look(store, choices, standing) if draft.parent else None
    after = look(store, replace(choices, draft=draft.name), standing)
    return conclusions(before, after, draft.warnings)


@dataclass(frozen=True)
class DayChanged:
    """A day that an act restates: its release, the headline figures on either side, and the cells that stayed."""

    day: dt.date
    release: int
    figures: tuple[FigureChange, ...]
    kept: int


def days_of(store: Store, draft: Draft, t: Language) -> tuple[DayChanged, ...]:
    """What changes on every day that a draft speaks of, the oldest first."""
    live = store.live() if draft.parent else None
    counting = in_force(live) if live else {}
    shown = look(store, Choices(lang=t.code, draft=draft.name))
    found = []
    for one in draft.releases:
        was = counting.get(one.as_of)
        before = pinned(store, was, one.as_of, lang=t.code) if was else None
        after = replace(shown, release=one, as_of=one.as_of, compared=None, compare_on=None)
        bare = [view and replace(view, has_trends=False) for view in (before, after)]
        kept = sum(day == one.as_of for day, _ in draft.kept)
        found.append(DayChanged(one.as_of, one.number, tuple(_figures(*bare)), kept))
    return tuple(found)


def conclusions(before: View | None, after: View, warnings: Broken | None = None) -> Conclusions:
    """What readers would conclude differently; `before` is None when nothing is live yet.

    `warnings` are the checks that find something in `after`, where they are known already.
    """
    bare = {"compared": None, "compare_on": None, "has_trends": False}  # nothing that is held together shows them
    before, after = (view and replace(view, **bare) for view in (before, after))
    return Conclusions(
        figures=tuple(_figures(before, after)),
        flips=tuple(flip for table in _LISTS for flip in _flips(table, before, after)),
        overdue=tuple(_overdue(before, after)),
        headlines=tuple(_headlines(before, after)),
        warnings=tuple(_warnings(before, after, warnings)),
    )


def sentences(found: Conclusions, t: Language) -> tuple[str, ...]:
    """The conclusions in a few sentences, counts only; one sentence when nothing changes."""
    changed = sum(one.is_changed for one in found.figures)
    counts = {
        "figures": changed,
        "flips": len(found.flips),
        "overdue": len(found.overdue),
        "headlines": len(found.headlines),
        "warnings": len(found.warnings),
    }
    said = tuple(t(f"conclusions.{name}", count=count) for name, count in counts.items() if count)
    return said or (t("conclusions.the_same"),)


def _figures(before: View | None, after: View) -> Iterable[FigureChange]:
    for make in FIGURES:
        new = make(after)
        old = make(before).shape.cards if before else ()
        for place, item in enumerate(new.shape.cards):
            was = old[place].value if place < len(old) else NOT_KNOWN
            yield FigureChange(item.label, was, item.value, was != item.value, new.name)


def _flips(table: str, before: View | None, after: View) -> Iterable[Flip]:
    old, new = _listed(table, before), _listed(table, after)
    _, _, title = _LISTS[table]
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key, {}), new.get(key, {})
        if was.get("status") != now.get("status") or (key in old) != (key in new):
            name = now.get(title) or was.get(title) or ""
            yield Flip(table, key, name, was.get("status"), now.get("status"), key not in old, key not in new)


def _overdue(before: View | None, after: View) -> Iterable[Overdue]:
    old = _listed("action", before)
    for key, row in _listed("action", after).items():
        if row["light"] == _LATE and old.get(key, {}).get("light") != _LATE:
            yield Overdue(key, row["content"], row["unit"], row["due_on"])


def _listed(table: str, view: View | None) -> dict[str, dict]:
    answer, key, _ = _LISTS[table]
    return {row[key]: row for row in view.ask(answer).records()} if view else {}


def _headlines(before: View | None, after: View) -> Iterable[Headline]:
    for make in HEADLINES:
        new = make(after)
        if not any(has_exhibit(view, new.name) for view in (before, after) if view):
            continue
        was = _title(make, before)
        if was != new.title:
            yield Headline(new.name, was, new.title)


def _title(make: Callable[[View], Exhibit], view: View | None) -> str:
    return make(view).title if view else ""


def _warnings(before: View | None, after: View, warnings: Broken | None) -> Iterable[Warned]:
    now = after.release.broken_checks() if warnings is None else warnings
    was = before.release.broken_checks(frozenset(check.name for check, _ in now)) if before else ()
    known = {(check.name, tuple(row)) for check, rows in was for row in rows}
    for check, rows in now:
        fresh = tuple(tuple(row) for row in rows if (check.name, tuple(row)) not in known)
        if fresh:
            yield Warned(check, fresh)
