"""What a commitment is chosen from and how it reads: the same on the meeting page and in the room."""

from decimal import Decimal

from taizhang.exhibits.views import View
from taizhang.showing import meetings
from taizhang.showing.meetings import Commitment


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
    t = view.t
    figure = ""
    if each.kpi:
        figure = t("meeting.promised_figure", kpi=t.label("kpi", each.kpi), target=_target(each, view))
    due = t("meeting.promised_due", day=t.day(each.due_on)) if each.due_on else ""
    return t("kpis.dot").join(part for part in (each.content, each.unit or "", due, figure) if part)


def _target(each: Commitment, view: View) -> str:
    t, value = view.t, each.target_value
    return t.percent(value) if is_share(view, each.kpi) else t.number(value)
