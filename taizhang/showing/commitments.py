"""What a commitment is chosen from, how it is typed and how it reads: on the page and in the room."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from taizhang.declared.wording import Language
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.views import View
from taizhang.showing import meetings
from taizhang.showing.meetings import Commitment
from taizhang.store import Store
from taizhang.uploads.dates import day_of
from taizhang.uploads.noted import Noted


class NotACommitment(Exception):
    """What was typed is no commitment; carries one sentence in the reader's language."""


def commitment(typed: dict[str, str], view: View) -> Commitment:
    """A commitment as typed in the form: a share's target in percent. Raises `NotACommitment`."""
    t, fields = view.t, ("content", "unit", "due", "kpi", "target")
    content, unit, due, kpi, target = (typed.get(name, "").strip() for name in fields)
    if not content:
        raise NotACommitment(t("present.no_content"))
    return Commitment(content, unit or None, _typed_due(due, view), kpi or None, _typed_target(target, kpi, view))


def _typed_due(typed: str, view: View) -> dt.date | None:
    """A day in any of the ways people write it; without a year the next one to come. Raises `NotACommitment`."""
    if not typed:
        return None
    read = day_of(typed, view.as_of.year)
    day = read.value if isinstance(read, Noted) else read
    if not isinstance(day, dt.date):
        raise NotACommitment(view.t("present.bad_due", text=typed))
    is_past = isinstance(read, Noted) and read.is_inferred and day < view.as_of
    return day_of(f"{day.year + 1}{day:-%m-%d}", None) if is_past else day


def _typed_target(typed: str, kpi: str, view: View) -> Decimal | None:
    """The target as the ledger keeps it. Raises `NotACommitment`."""
    t = view.t
    if not typed:
        return None
    if not kpi:
        raise NotACommitment(t("present.target_alone"))
    try:
        value = Decimal(typed.removesuffix("%").removesuffix("％").strip())
    except InvalidOperation:
        raise NotACommitment(t("present.bad_target", text=typed)) from None
    if not value.is_finite():
        raise NotACommitment(t("present.bad_target", text=typed))
    if is_share(view, kpi) and not 0 <= value <= 100:
        raise NotACommitment(t("present.bad_share", text=typed))
    return target_value(view, kpi, value)


def log(store: Store, meeting_id: str, one: Commitment, t: Language) -> None:
    """Add a commitment to the meeting as it stands in the store: it may have been edited in another window.

    Raises `NotACommitment` for a meeting that is finished or gone.
    """
    try:
        meetings.change(store, meeting_id, lambda now: replace(now, commitments=(*now.commitments, one)))
    except (meetings.NoSuchMeeting, meetings.NotAMeeting):
        raise NotACommitment(t("present.finished")) from None


def unit_names(view: View) -> list[str]:
    """The responsible units of the ledger, in the order of their names."""
    return sorted({row["unit"] for row in view.ask("units").records() if row["unit"]})


def kpi_codes(view: View) -> list[str]:
    """The KPIs that have a value or a reported figure now: what a commitment can move."""
    known = [row["kpi"] for row in view.ask("kpis").records() if row["part"] is None and row["value"] is not None]
    return list(dict.fromkeys(known))


def is_share(view: View, kpi: str | None) -> bool:
    """Whether a KPI is a share, whose target is typed in percent."""
    return any(row["unit"] == "share" for row in view.ask("kpis").records() if row["kpi"] == kpi)


def target_value(view: View, kpi: str | None, typed: float | Decimal | None) -> Decimal | None:
    """The target as the ledger keeps it: a share from 0 to 1; None without a KPI or a value."""
    return meetings.target(typed, is_share(view, kpi)) if kpi and typed is not None else None


def promised(each: Commitment, view: View) -> str:
    """A commitment in one line."""
    return dotted(view, each.content, each.unit or "", promised_due(each, view), promised_figure(each, view))


def promised_due(each: Commitment, view: View) -> str:
    """By when, in words; '' where nobody said."""
    return view.t("meeting.promised_due", day=view.t.day(each.due_on)) if each.due_on else ""


def promised_figure(each: Commitment, view: View) -> str:
    """Which figure it should move to which value; '' where it names none."""
    t = view.t
    if not each.kpi:
        return ""
    return t("meeting.promised_figure", kpi=t.label("kpi", each.kpi), target=_target(each, view))


def _target(each: Commitment, view: View) -> str:
    t, value = view.t, each.target_value
    return t.percent(value) if is_share(view, each.kpi) else t.number(value)
