"""What a reader is looking at: a release, a day, a day to compare with, a district, a language.

The as-of day chooses the release (what was known then) unless one is pinned; the wall clock plays no part.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.declared import queries
from taizhang.declared.wording import Language, language
from taizhang.store import Release, Standing, Store
from taizhang.store.engine import QuestionFailed, Unreadable
from taizhang.store.narrowed import Narrowed, names_of
from taizhang.store.releases import Answer, NoRelease
from taizhang.store.standing import in_force
from taizhang.store.trends import MOST

_DAYS_AHEAD = 366
# Ledgers that say how a campaign is run and where; a release of these alone is nothing to compare with.
_HOW_IT_IS_RUN = frozenset({"campaign", "strand", "term", "district", "town", "rung", "source"})


@dataclass(frozen=True)
class Circumstances:
    """What a view looks at, in words of its language: the same on a page, on a slide, on paper, beside a code.

    Where nothing is compared there is nothing to say of it: `compared` and `compared_day` are '' there. Where all
    districts are looked at the words say so; `district_if_any` is '' there, and `district` is where the campaign
    has none. `dated_release` gives the release with its own day where that is not the as-of day;
    `compared_day` is the day alone, `compared_release` the day with the release it is read from.
    """

    as_of: str
    release: str
    dated_release: str
    compared: str
    compared_day: str
    compared_release: str
    district: str
    district_if_any: str


@dataclass(frozen=True)
class View:
    """The circumstances of every question on a screen; the URL carries them, so that a link reproduces it."""

    store: Store
    release: Release
    compared: Release | None
    as_of: dt.date
    compare_on: dt.date | None
    district: str | None
    t: Language
    is_draft: bool = False
    has_trends: bool = True  # where nobody looks at them, nobody asks for them

    @property
    def circumstances(self) -> Circumstances:
        """The day, the release, what is compared with and the district, in words."""
        t, day, number = self.t, self.t.day(self.as_of), self.release.number
        release = t("frame.release_short", number=number)
        dated = t("frame.release_number", number=number, day=t.day(self.release.as_of))
        before = t.day(self.compare_on) if self.compare_on else ""
        everywhere = t("frame.all_districts") if self.has_districts else ""
        return Circumstances(
            as_of=t("frame.said_as_of", day=day),
            release=release,
            dated_release=release if self.release.as_of == self.as_of else dated,
            compared=t("frame.said_compare", day=before) if before else "",
            compared_day=before,
            compared_release=t("passport.compared", day=before, number=self.compared.number)
            if before
            else t("frame.compare_none"),
            district=" ".join(filter(None, (self.only, self.district_name))) or everywhere,
            district_if_any=self.district_name,
        )

    @property
    def has_places(self) -> bool:
        """Whether the campaign covers places: it says so itself, and one that says nothing does."""
        campaign = self.ask("campaign").records()
        return not campaign or campaign[0]["covers_places"] is not False

    @property
    def only(self) -> str:
        """Whose rows alone are seen, where the store holds no others; ''."""
        if not isinstance(self.store, Narrowed):
            return ""
        here, known = self.district_names, names_of(self.store)
        names = [here.get(key) or known[key] for key in self.store.scope if key in here or key in known]
        return self.t("frame.only", names=self.t("frame.and").join(names) or self.t("frame.nobody"))

    @property
    def has_districts(self) -> bool:
        """Whether there is a district to choose: of a campaign that covers places, once it has any."""
        return self.has_places and bool(self.district_names)

    @property
    def district_names(self) -> dict[str, str]:
        """Code → name of every district, in the order of the register."""
        return {code: self.t.name(zh, en) for code, zh, en in self.ask("districts").rows}

    @property
    def district_name(self) -> str:
        """The chosen district; '' for the whole city."""
        return self.district_names.get(self.district, "")

    def ask(self, name: str, **params: object) -> Answer:
        """Ask the release on screen; the day, the compared day and the district are filled in."""
        return _ask_at(self.release, name, self.as_of, self.compare_on, self.district, params)

    def ask_before(self, name: str, **params: object) -> Answer | None:
        """The same question as it was answered on the compared day; None when there is nothing to compare with."""
        if self.compared is None or self.compare_on is None:
            return None
        return _ask_at(self.compared, name, self.compare_on, None, self.district, params)

    def ask_on(self, day: dt.date, name: str, **params: object) -> Answer | None:
        """The same question as it was answered on an earlier day; None when nothing was known, or it cannot say."""
        known = [number for reached, number in in_force(self.release).items() if reached <= min(day, self.as_of)]
        if not known:
            return None
        try:
            one = self.store.beside(self.release, known[-1])
            return _ask_at(one, name, day, None, self.district, params)
        except (NoRelease, QuestionFailed, Unreadable):
            return None

    def trend(self, kpi: str, side: str = "value") -> tuple[object, ...]:
        """One side of a KPI over the newest releases in force up to the day on screen, oldest first."""
        return self.store.trend(self.release, self.as_of, kpi, side) if self.has_trends else ()

    @property
    def trend_days(self) -> tuple[dt.date, ...]:
        """The days of a trend, one for each of its values."""
        return tuple(day for day in in_force(self.release) if day <= self.as_of)[-MOST:]


@dataclass(frozen=True)
class Choices:
    """What a reader asked for, as the URL says it; None leaves the choice to the board."""

    lang: str = "zh"
    as_of: dt.date | None = None
    compare_on: dt.date | None = None
    release: int | None = None
    district: str | None = None
    draft: str | None = None  # the name of a draft: the board as it would be


def look(store: Store, choices: Choices, standing: Standing | None = None) -> View:
    """The view a reader asked for; what the store does not have falls back to the live release's own.

    `standing` is how the store stood when this run began; left out, it is looked up. Raises `NoRelease` for an empty
    store, and for a draft that is not there any more.
    """
    if choices.draft:
        draft = store.draft_named(choices.draft)
        if standing is None and store.live_number() is not None:
            standing = store.standing()
        return _view(store, standing, draft, choices.as_of or draft.as_of, choices, is_draft=True)
    standing = standing or store.standing()
    chosen = _asked_for(standing, choices.release)
    as_of = choices.as_of or (chosen or standing.live).as_of
    return _view(store, standing, chosen or standing.at(as_of), as_of, choices)


def furthest_day(live: Release) -> dt.date:
    """How far past the data a reader may look, to see what becomes overdue."""
    return days_on(live.as_of, _DAYS_AHEAD)


def days_on(day: dt.date, days: int) -> dt.date:
    """The day so many days on; the last one there is, where that lies beyond it."""
    return dt.date.fromordinal(min(day.toordinal() + days, dt.date.max.toordinal()))


def pinned(
    store: Store,
    number: int,
    as_of: dt.date,
    compared: int | None = None,
    compare_on: dt.date | None = None,
    district: str | None = None,
    lang: str = "zh",
) -> View:
    """A view that later releases cannot change: both its release and the one it compares with are named.

    Raises `NoRelease` when either is not there.
    """
    chosen = store.release(number)
    before = store.release(compared) if compared and compare_on else None
    return View(
        store=store,
        release=chosen,
        compared=before,
        as_of=max(as_of, chosen.as_of),
        compare_on=compare_on if before else None,
        district=_known_district(chosen, district),
        t=language(lang, chosen.vocabulary),
    )


def _asked_for(standing: Standing, number: int | None) -> Release | None:
    try:
        return standing.release(number) if number else None
    except NoRelease:
        return None


def _view(
    store: Store, standing: Standing | None, chosen: Release, as_of: dt.date, choices: Choices, is_draft: bool = False
) -> View:
    """Before the first release (a draft of it has no `standing`) there is nothing to compare with."""
    as_of = max(as_of, chosen.as_of)  # a release cannot tell what was known before its own data
    compare_on = choices.compare_on or default_comparison(chosen, as_of)
    compared = None
    if compare_on and compare_on < as_of and standing:
        compared = _known_on(store, chosen, in_force(chosen if is_draft else standing.live), compare_on)
    return View(
        store=store,
        release=chosen,
        compared=compared,
        as_of=as_of,
        compare_on=compare_on if compared else None,
        district=_known_district(chosen, choices.district),
        t=language(choices.lang, chosen.vocabulary),
        is_draft=is_draft,
    )


def _known_on(store: Store, one: Release, counting: Mapping[dt.date, int], day: dt.date) -> Release | None:
    """What was known of a day; None when nothing was, or its release is damaged: then nothing is compared with."""
    known = [number for reached, number in counting.items() if reached <= day]
    try:
        return store.beside(one, known[-1]) if known else None
    except (NoRelease, Unreadable):
        return None


def _known_district(one: Release, district: str | None) -> str | None:
    return district if district in {row[0] for row in one.ask("districts").rows} else None


def default_comparison(release: Release, as_of: dt.date) -> dt.date | None:
    """The day to compare with: the last review meeting's data before `as_of`, else the release before."""
    days = comparison_days(release, as_of)
    meetings = [day for day, title in days.items() if title]
    return max(meetings or days, default=None)


def comparison_days(release: Release, as_of: dt.date) -> dict[dt.date, str]:
    """Days before `as_of` that can be compared with → the meeting that looked at them ('' for a mere release)."""
    begun = [number for number, ledgers in release.received().items() if ledgers - _HOW_IT_IS_RUN]
    first = min(begun, default=release.number)  # those before it say nothing of what was done
    days = {day: "" for day, number in in_force(release).items() if day < as_of and number >= first}
    for row in release.ask("meetings", as_of=as_of).records():
        if row["as_of_on"] < as_of:
            days[row["as_of_on"]] = row["title"]
    return dict(sorted(days.items(), reverse=True))


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
    return release.ask(name, **{key: known.get(key) for key in taken})
