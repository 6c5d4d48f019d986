"""Who is to be urged, and which letters were issued?"""

from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.remarks import as_of, dotted
from taizhang.exhibits.views import View

TONE_OF_LETTER = {"assign": "waiting", "urge": "soon", "supervise": "late"}


def due(view: View) -> Exhibit:
    """The measures that have reached a rung whose letter they were not sent, by unit, the latest first."""
    t, answer = view.t, view.ask("letters_due")
    records = answer.records()
    rows = tuple(
        (
            Cell(row["unit"]),
            Cell(row["action_id"]),
            Cell(t.more(row["content"], 40)),
            Cell(t.day(row["due_on"])),
            Cell(left(row["days_left"], t), "late" if row["days_left"] < 0 else ""),
            Cell(t.label("letter_kind", row["letter_kind"]), TONE_OF_LETTER[row["letter_kind"]]),
            Cell(t.label("letter_recipients", row["recipients"])),
            Cell(t.number(row["nth"]), is_number=True),
        )
        for row in records
    )
    names = ("unit", "letter_measure_id", "measure", "due_on", "left", "kind", "recipients", "nth")
    units = len({row["unit"] for row in records})
    title = t("letters.due_title", count=len(records), units=units) if records else t("letters.due_none")
    caption = dotted(view, t("letters.due_caption"), as_of(view))
    return Exhibit("letters.due", (answer,), _table(view, names, rows, "due_none", wide=(2,)), title, caption)


def listed(view: View) -> Exhibit:
    """The letters that were issued, the newest first, with those that were revoked."""
    t, answer = view.t, view.ask("letters")
    records = answer.records()
    rows = tuple(
        (
            Cell(row["letter_id"]),
            Cell(t.label("letter_kind", row["letter_kind"])),
            Cell(row["unit"]),
            Cell(t.day(row["issued_on"])),
            Cell(t.day(row["reply_by"])),
            Cell(t.number(row["measures"]), is_number=True),
            Cell(_standing(view, row), "idle" if row["revoked_on"] else ""),
        )
        for row in records
    )
    names = ("letter", "kind", "unit", "issued_on", "reply_by", "measures", "revoked")
    gone = sum(row["revoked_on"] is not None for row in records)
    title = t("letters.list_title", count=len(records), revoked=gone) if records else t("letters.list_none")
    return Exhibit("letters.listed", (answer,), _table(view, names, rows, "list_none", wide=(6,)), title, as_of(view))


def _standing(view: View, row: dict) -> str:
    if row["revoked_on"] is None:
        return view.t("letters.standing")
    return view.t("common.comma").join((view.t.day(row["revoked_on"]), row["revoke_reason"]))


def _table(view: View, names: tuple[str, ...], rows: tuple, empty: str, wide: tuple[int, ...]) -> Table:
    t = view.t
    headings = tuple(t(f"letters.{name}") for name in names)
    return Table(headings, rows, t(f"letters.{empty}"), wide=wide)


def left(days: int, t: Language) -> str:
    """How much time is left, or how long it is overdue."""
    if days == 0:
        return t("letters.left_today")
    return t("letters.left_days", days=days) if days > 0 else t("letters.overdue_days", days=-days)
