"""An enquiry: what stands behind a code that somebody read off a screen or a paper, and whether it still holds."""

from dataclasses import dataclass, replace

from taizhang.drawing.shapes import Figure, LaneCard
from taizhang.evidence import passports
from taizhang.evidence.passports import Passport
from taizhang.evidence.restatements import Restatement, restatements, sentence, value_of
from taizhang.exhibits import Exhibit
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.views import Choices, View, look
from taizhang.store import Store
from taizhang.store.releases import Answer


@dataclass(frozen=True)
class Enquiry:
    """An exhibit, or one of its figures, as it was shown; what of it was corrected since; and the newest of it."""

    passport: Passport
    view: View
    exhibit: Exhibit
    restated: tuple[Restatement, ...]
    newest_view: View
    newest: Exhibit

    @property
    def item(self) -> Figure | LaneCard | None:
        """The figure the code is of; None where it is of the whole exhibit."""
        return _item(self.exhibit, self.passport.place)

    @property
    def behind(self) -> Exhibit:
        """The exhibit whose sources are shown: of one figure, only what its own KPI says."""
        kpi = getattr(self.item, "kpi", "")
        if not kpi:
            return self.exhibit
        answers = tuple(_only(kpi, answer) for answer in self.exhibit.answers)
        return replace(self.exhibit, answers=answers, kpis=(kpi,))

    @property
    def code(self) -> str:
        """The code as it is printed, however it was typed."""
        return self.item.passport if self.item else self.exhibit.passport

    @property
    def holds(self) -> str:
        """In a sentence, whether what was shown still holds for its own day."""
        t, day = self.view.t, self.view.t.day(self.view.as_of)
        if self.restated:
            return t("passport.restated", day=day, said=sentence(self.restated, t))
        return t("passport.holds", day=day)

    @property
    def newest_value(self) -> str:
        """What it shows on the newest data: the figure's value, or the exhibit's headline."""
        item = _item(self.newest, self.passport.place)
        return value_of(item) if item else self.newest.title

    @property
    def seen(self) -> str:
        """In a line, what the reader was looking at."""
        t, view = self.view.t, self.view
        said = t(
            "passport.seen",
            day=t.day(view.as_of),
            number=view.release.number,
            compared=view.circumstances.compared_release,
        )
        return dotted(view, said, view.circumstances.district)

    @property
    def newest_line(self) -> str:
        """In a line, the newest of it, and of which day."""
        t, view = self.view.t, self.newest_view
        return t("passport.newest", day=t.day(view.as_of), number=view.release.number, value=self.newest_value)


def enquire(store: Store, said: str, lang: str) -> Enquiry:
    """What a code leads to, in one language. Raises `passports.NotAPassport`."""
    passport = passports.read(store, said)
    view = passport.view(store, lang)
    exhibit = passport.made(view)
    standing = store.standing()
    found = restatements(standing, exhibit, view)
    if _item(exhibit, passport.place):
        found = tuple(one for one in found if one.place == passport.place)
    newest_view = look(store, Choices(lang, district=passport.district), standing)
    return Enquiry(passport, view, exhibit, found, newest_view, passport.made(newest_view))


def _only(kpi: str, answer: Answer) -> Answer:
    """The rows of one KPI; an answer about anything else as it is."""
    if answer.query.name != "kpis":
        return answer
    return replace(answer, rows=tuple(row for row in answer.rows if row[answer.columns.index("kpi")] == kpi))


def _item(exhibit: Exhibit, place: int) -> Figure | LaneCard | None:
    items = exhibit.shape.cards
    return items[place - 1] if 0 < place <= len(items) else None
