"""What a reader is looking at: a release, a day, a day to compare with, a district, a language.

The as-of day chooses the release (what was known then) unless one is pinned; the wall clock plays no part.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from taizhang.declared import queries
from taizhang.declared.wording import Language, language
from taizhang.store import releases
from taizhang.store.engine import QuestionFailed
from taizhang.store.releases import Answer, Release


@dataclass(frozen=True)
class View:
    """The circumstances of every question on a screen; the URL carries them, so that a link reproduces it."""

    release: Release
    compared: Release | None
    as_of: dt.date
    compare_on: dt.date | None
    district: str | None
    t: Language
    history: tuple[Release, ...]
    is_draft: bool = False

    def ask(self, name: str, **params: object) -> Answer:
        """Ask the release on screen; the day, the compared day and the district are filled in."""
        return _ask_at(self.release, name, self.as_of, self.compare_on, self.district, params)

    def ask_before(self, name: str, **params: object) -> Answer | None:
        """The same question as it was answered on the compared day; None when there is nothing to compare with."""
        if self.compared is None or self.compare_on is None:
            return None
        return _ask_at(self.compared, name, self.compare_on, None, self.district, params)

    def ask_history(self, name: str, **params: object) -> list[tuple[dt.date, Answer | None]]:
        """The same question as each release in force answered it, oldest first, up to the day on screen.

        None for a release made before the question's terms were: its files never change, so it cannot say.
        """
        return [(one.as_of, self._asked(one, one.as_of, name, params)) for one in self.history]

    def ask_on(self, day: dt.date, name: str, **params: object) -> Answer | None:
        """The same question as it was answered on an earlier day; None when nothing was known, or it cannot say."""
        known = [one for one in self.history if one.as_of <= day]
        return self._asked(known[-1], day, name, params) if known else None

    def _asked(self, one: Release, day: dt.date, name: str, params: Mapping[str, object]) -> Answer | None:
        try:
            return _ask_at(one, name, day, None, self.district, params)
        except QuestionFailed:
            return None


@dataclass(frozen=True)
class Choices:
    """What a reader asked for, as the URL says it; None leaves the choice to the board."""

    lang: str = "zh"
    as_of: dt.date | None = None
    compare_on: dt.date | None = None
    release: int | None = None
    district: str | None = None
    draft: str | None = None  # the name of a draft: the board as it would be


def look(store: Path, choices: Choices) -> View:
    """The view a reader asked for; what the store does not have falls back to the live release's own.

    Raises `releases.NoRelease` for an empty store, and for a draft that is not there any more.
    """
    if choices.draft:
        return _look_at_draft(store, releases.draft_named(store, choices.draft), choices)
    live = releases.live(store)
    pinned = releases.release(store, choices.release) if choices.release in releases.numbers(store) else None
    as_of = choices.as_of or (pinned or live).as_of
    return _view(store, pinned or releases.release_at(store, as_of), as_of, choices)


def pinned(
    store: Path,
    number: int,
    as_of: dt.date,
    compared: int | None = None,
    compare_on: dt.date | None = None,
    district: str | None = None,
    lang: str = "zh",
) -> View:
    """A view that later releases cannot change: both its release and the one it compares with are named.

    Raises `releases.NoRelease` when either is not there.
    """
    chosen = releases.release(store, number)
    before = releases.release(store, compared) if compared and compare_on else None
    known = {row[0] for row in cached(chosen, "districts", ()).rows}
    as_of = max(as_of, chosen.as_of)
    return View(
        release=chosen,
        compared=before,
        as_of=as_of,
        compare_on=compare_on if before else None,
        district=district if district in known else None,
        t=language(lang),
        history=_history(store, chosen, as_of),
    )


def _look_at_draft(store: Path, draft: Release, choices: Choices) -> View:
    """The board as it would be; before the first release there is nothing to compare with."""
    return _view(store, draft, choices.as_of or draft.as_of, choices, is_draft=True)


def _view(store: Path, chosen: Release, as_of: dt.date, choices: Choices, is_draft: bool = False) -> View:
    as_of = max(as_of, chosen.as_of)  # a release cannot tell what was known before its own data
    compare_on = choices.compare_on or default_comparison(chosen, as_of)
    has_past = releases.live_number(store) is not None
    compared = releases.release_at(store, compare_on) if has_past and compare_on and compare_on < as_of else None
    known = {row[0] for row in cached(chosen, "districts", ()).rows}
    return View(
        release=chosen,
        compared=compared if compared and compared.as_of <= compare_on else None,
        as_of=as_of,
        compare_on=compare_on if compared and compared.as_of <= compare_on else None,
        district=choices.district if choices.district in known else None,
        t=language(choices.lang),
        history=_history(store, chosen, as_of),
        is_draft=is_draft,
    )


def default_comparison(release: Release, as_of: dt.date) -> dt.date | None:
    """The day to compare with: the last review meeting's data before `as_of`, else the release before."""
    days = comparison_days(release, as_of)
    meetings = [day for day, title in days.items() if title]
    return max(meetings or days, default=None)


def comparison_days(release: Release, as_of: dt.date) -> dict[dt.date, str]:
    """Days before `as_of` that can be compared with → the meeting that looked at them ('' for a mere release)."""
    days = {one: "" for one in in_force(release) if one < as_of}
    for row in cached(release, "meetings", (("as_of", as_of),)).records():
        if row["as_of_on"] < as_of:
            days[row["as_of_on"]] = row["title"]
    return dict(sorted(days.items(), reverse=True))


def in_force(release: Release) -> dict[dt.date, int]:
    """As-of day → the release that counts for it. A later release with an earlier day withdraws the days after it."""
    days: dict[dt.date, int] = {}
    for row in releases.notes(release):
        days = {day: number for day, number in days.items() if day < row["as_of_on"]}
        days[row["as_of_on"]] = row["release"]
    return dict(sorted(days.items()))


def _history(store: Path, release: Release, as_of: dt.date) -> tuple[Release, ...]:
    """The releases in force; the one looked at is taken as it is, since a draft is not among those of the store."""
    return tuple(
        release if number == release.number else releases.release(store, number)
        for day, number in in_force(release).items()
        if day <= as_of
    )


def _ask_at(
    release: Release,
    name: str,
    as_of: dt.date,
    compare_on: dt.date | None,
    district: str | None,
    params: Mapping[str, object],
) -> Answer:
    known = {"as_of": as_of, "compare_on": compare_on, "district": district, **params}
    taken = queries.answers()[name].params if name in queries.answers() else {}
    return cached(release, name, tuple(sorted((key, known.get(key)) for key in taken)))


@lru_cache(maxsize=4096)
def cached(release: Release, name: str, params: tuple[tuple[str, object], ...]) -> Answer:
    """An answer, kept: a release never changes, so neither do its answers, and nothing is ever invalidated."""
    return release.ask(name, **dict(params))
