"""What was promised at the last meeting: is it done, and did the figure move that it should move?

Done is what the clerk says; whether the figure moved is what the ledgers say. The two are never mixed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.kpis import Kpi, kpi, less_is_better
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.tones import TONE_OF_COMMITMENT, toned
from taizhang.exhibits.views import View
from taizhang.store.releases import Answer

TONE_OF_MOVEMENT = {"reached": "done", "towards": "moving", "same": "soon", "away": "soon", "unknown": "unknown"}


@dataclass(frozen=True)
class Promise:
    """A commitment, with its figure as the meeting it was made at saw it, and as it is now.

    `is_earlier`: made at a meeting before the last one. `unit` is that of the figure (share, count, …), None where
    there is no such figure.
    """

    row: Mapping[str, object]
    is_earlier: bool
    figure_then: Kpi
    figure_now: Kpi
    unit: str | None

    @property
    def then(self) -> Decimal | None:
        return self.figure_then.value

    @property
    def now(self) -> Decimal | None:
        return self.figure_now.value

    @property
    def is_done(self) -> bool:
        return self.row["state"] in ("done", "done_late")

    @property
    def movement(self) -> str:
        """What became of the figure: reached, towards, same, away, unknown; '' where none was named."""
        code, target = self.row["kpi"], self.row["target_value"]
        if code is None:
            return ""
        sign = -1 if less_is_better(code) else 1
        if self.now is not None and target is not None and (self.now - target) * sign >= 0:
            return "reached"
        if self.now is None or self.then is None:
            return "unknown"
        return "same" if self.now == self.then else "towards" if (self.now - self.then) * sign > 0 else "away"

    @property
    def is_hollow(self) -> bool:
        """Said to be done, and the figure it should have moved is no better."""
        return self.is_done and self.movement in ("same", "away")


def promises(view: View) -> Exhibit:
    """Every promise of the last meeting and, of those before, what is still not done; the late ones first.

    The last meeting is the one on the data of the compared day, with any held since; without one, the newest. A
    meeting on the data shown now is the one being held: its promises are the next one's matter.
    """
    t, answer, kpis = view.t, view.ask("commitments"), view.ask("kpis")
    held, last, then, made = _made(view)
    shown = [one for one in made if not (one.is_earlier and one.is_done)]
    empty = t("agenda.promises_empty" if held else "agenda.promises_no_meeting")
    headings = tuple(t(f"agenda.promises_{name}") for name in ("what", "unit", "due", "done", "figure", "moved"))
    days = {one.row["meeting_as_of_on"] for one in shown if one.row["kpi"]}
    return Exhibit(
        "meeting.promises",
        (answer, kpis, *(before for day, before in then.items() if before and day in days)),
        Table(headings, tuple(_cells(view, one) for one in shown), empty, wide=(0, 4)),
        _title(view, shown) if shown else empty,
        _caption(view, [row for row in held if row["meeting_id"] in last]),
        _note(view, shown),
        kpis=tuple(sorted({one.row["kpi"] for one in shown if one.unit})),
    )


def of_last(view: View) -> list[Promise]:
    """The promises of the last meeting: those whose number a finding of `promises` says."""
    return [one for one in _made(view)[3] if not one.is_earlier]


def _made(view: View) -> tuple[list[Mapping], set[str], dict[object, Answer | None], list[Promise]]:
    """(the meetings before this one, the last of them, the figures as each saw them, every promise made)"""
    kpis = view.ask("kpis")
    held = [row for row in view.ask("meetings").records() if row["as_of_on"] < view.as_of]
    last = _last_of(view, held)
    rows = [row for row in view.ask("commitments").records() if row["meeting_as_of_on"] < view.as_of]
    then = {row["meeting_as_of_on"]: view.ask_on(row["meeting_as_of_on"], "kpis") for row in rows if row["kpi"]}
    return held, last, then, [_promise(row, last, then.get(row["meeting_as_of_on"]), kpis) for row in rows]


def _last_of(view: View, held: Sequence[Mapping]) -> set[str]:
    """The IDs of the meetings since the compared day, that day included; where there are none, the newest one's."""
    since = [row for row in held if view.compare_on and row["as_of_on"] >= view.compare_on]
    return {row["meeting_id"] for row in since or held[-1:]}


def _promise(row: Mapping, last: set[str], before: Answer | None, kpis: Answer) -> Promise:
    code = row["kpi"] or ""
    units = {one["kpi"]: one["unit"] for one in kpis.records() if one["part"] is None}
    is_earlier = row["meeting_id"] not in last
    return Promise(row, is_earlier, kpi(before, code), kpi(kpis, code), units.get(code))


def _title(view: View, shown: Sequence[Promise]) -> str:
    """How many are done, and how many figures reached their target, of those that can be judged."""
    t, recent = view.t, [one for one in shown if not one.is_earlier]
    if not recent:
        return t("agenda.promises_title_earlier", count=len(shown))
    aims = [one.movement for one in recent if one.row["target_value"] is not None]
    judged = [movement for movement in aims if movement not in ("", "unknown")]
    title = t("agenda.promises_title", count=len(recent), done=sum(one.is_done for one in recent))
    if not judged:
        return title
    return title + t("agenda.promises_title_figures", reached=judged.count("reached"), all=len(judged))


def _caption(view: View, last: Sequence[Mapping]) -> str:
    t = view.t
    if not last:
        return ""
    said = (t("agenda.promises_meeting", title=row["title"], day=t.day(row["held_on"])) for row in last)
    return t("agenda.promises_caption", meetings=t("common.comma").join(said), day=t.day(view.as_of))


def _note(view: View, shown: Sequence[Promise]) -> str:
    """What must not be overlooked: figures that did not follow their promise, and promises of earlier meetings."""
    t = view.t
    hollow, earlier = sum(one.is_hollow for one in shown), sum(one.is_earlier for one in shown)
    return dotted(
        view,
        t("agenda.promises_hollow", count=hollow) if hollow else "",
        t("agenda.promises_older", count=earlier) if 0 < earlier < len(shown) else "",
    )


def _cells(view: View, one: Promise) -> tuple[Cell, ...]:
    t, row = view.t, one.row
    what = row["content"]
    if one.is_earlier:
        what = t("agenda.promises_earlier", day=t.short_day(row["held_on"]), what=what)
    return (
        Cell(what),
        Cell(row["unit"] or t("common.not_given")),
        Cell(t.short_day(row["due_on"])),
        _done(view, one),
        Cell(_figure(view, one)),
        _moved(view, one),
    )


def _done(view: View, one: Promise) -> Cell:
    """Done or not, by the day the data reach."""
    t, row = view.t, one.row
    said = t.label("commitment_state", row["state"])
    if one.is_done:
        said = t("agenda.promises_done_on", state=said, day=t.short_day(row["done_on"]))
    elif row["state"] == "late":
        said = t("agenda.promises_late", state=said, days=(view.as_of - row["due_on"]).days)
    return toned(said, TONE_OF_COMMITMENT[row["state"]])


def _figure(view: View, one: Promise) -> str:
    """The figure by its name: at the promise's meeting → the target → now."""
    t, code = view.t, one.row["kpi"]
    if code is None:
        return t("agenda.promises_no_figure")
    return t(
        "agenda.promises_values",
        name=t.label("kpi", code) if one.unit else code,
        then=_as_said(view, _exact(one.figure_then, one.unit), one.unit),
        target=_as_said(view, one.row["target_value"], one.unit),
        now=_as_said(view, _exact(one.figure_now, one.unit), one.unit),
    )


def _exact(one: Kpi, unit: str | None) -> Decimal | None:
    return one.share if unit == "share" else one.value


def _as_said(view: View, value: Decimal | None, unit: str | None) -> str:
    t = view.t
    if value is None:
        return t("common.not_given")
    return t.percent(value) if unit == "share" else t.number(round(value, 2))


def _moved(view: View, one: Promise) -> Cell:
    """Did the figure move? Where the promise is said to be done and it did not, both are said in one breath."""
    t = view.t
    if one.is_hollow:
        return toned(t(f"agenda.moved_{one.movement}_though_done"), "soon")
    return toned(t(f"agenda.moved_{one.movement}"), TONE_OF_MOVEMENT[one.movement]) if one.movement else Cell("")
