"""Who was asked for which sheet, who has returned it, and what the next round would ask?"""

import datetime as dt

from taizhang.declared import tables
from taizhang.drawing.shapes import Cell, Matrix, MatrixCell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.remarks import as_of, dotted
from taizhang.exhibits.tones import toned
from taizhang.exhibits.views import View

MOST_ROUNDS = 8  # the newest ones stand side by side
TONE_OF_REQUEST = {"in_time": "done", "late": "soon", "missing": "late", "awaited": "waiting"}


def grid(view: View) -> Exhibit:
    """Units by rounds, the newest first: in time, late, missing, still awaited. Blank: not asked."""
    t, answer = view.t, view.ask("requests")
    records = answer.records()
    rounds = list(dict.fromkeys(row["request_id"] for row in records))[:MOST_ROUNDS]
    shown = [row for row in records if row["request_id"] in rounds]
    days = {row["request_id"]: row["return_by"] for row in shown}
    units = sorted({row["unit"] for row in shown})
    cells = {(row["unit"], row["request_id"]): row for row in shown}
    shape = Matrix(
        t("returns.unit"),
        tuple(rounds),
        tuple(t("returns.due_by", day=t.short_day(days[one])) for one in rounds),
        tuple(units),
        tuple(tuple(_cell(view, cells.get((unit, one))) for one in rounds) for unit in units),
    )
    caption = dotted(view, t("returns.grid_caption"), as_of(view))
    return Exhibit("returns.grid", (answer,), shape, _grid_title(view, rounds, shown), caption)


def _cell(view: View, row: dict | None) -> MatrixCell:
    if row is None:
        return MatrixCell("", "plain")
    t, state = view.t, row["state"]
    said = t.label("request_state", state)
    if row["days_late"]:
        said = t("returns.days_late", said=said, days=row["days_late"])
    note = t("returns.cell_note", unit=row["unit"], round=row["request_id"], said=said, cells=row["cell_count"] or 0)
    return MatrixCell(said, TONE_OF_REQUEST[state], note)


def _grid_title(view: View, rounds: list[str], shown: list[dict]) -> str:
    """How the newest round stands."""
    t = view.t
    if not rounds:
        return t("returns.none_yet")
    own = [row for row in shown if row["request_id"] == rounds[0]]
    count = {state: sum(row["state"] == state for row in own) for state in TONE_OF_REQUEST}
    back = count["in_time"] + count["late"]
    key = "all_back" if back == len(own) else "some_missing" if count["missing"] else "some_back"
    blanks = {"back": back, "units": len(own), "missing": count["missing"], "awaited": count["awaited"]}
    return t(f"returns.{key}", round=rounds[0], **blanks)


def waiting(view: View) -> Exhibit:
    """The sheets that have not come back, those of the earliest day first."""
    t, answer = view.t, view.ask("requests")
    open_ = sorted((row for row in answer.records() if row["returned_on"] is None), key=lambda row: row["return_by"])
    rows = tuple(
        (
            Cell(row["unit"]),
            Cell(row["request_id"]),
            Cell(t.day(row["return_by"])),
            toned(t.label("request_state", row["state"]), TONE_OF_REQUEST[row["state"]]),
            Cell(t.number(row["days_late"]), is_number=True),
            Cell(t.number(row["row_count"]), is_number=True),
            Cell(t.number(row["cell_count"]), is_number=True),
        )
        for row in open_
    )
    names = ("unit", "round", "return_by", "state", "late", "rows", "cells")
    headings = tuple(t(f"returns.{name}") for name in names)
    title = t("returns.waiting_title", count=len(open_)) if open_ else t("returns.waiting_none")
    return Exhibit("returns.waiting", (answer,), Table(headings, rows, t("returns.waiting_none")), title, as_of(view))


def burden(view: View, day: dt.date) -> Exhibit:
    """What a round that is to be back by a day would ask of each unit."""
    t, answer = view.t, view.ask("burden", as_of=day)
    records = answer.records()
    rows = tuple(
        (
            Cell(row["unit"]),
            Cell(ledgers_said(view, row["ledgers"])),
            Cell(t.number(row["row_count"]), is_number=True),
            Cell(t.number(row["cell_count"]), is_number=True),
            Cell(t.number(row["median_cells"]), is_number=True),
        )
        for row in records
    )
    headings = tuple(t(f"returns.{name}") for name in ("unit", "ledgers", "rows", "cells", "median"))
    asked = {"rows": sum(row["row_count"] for row in records), "cells": sum(row["cell_count"] for row in records)}
    title = t("returns.burden_title", units=len(records), **asked) if records else t("returns.burden_none")
    caption = t("returns.burden_caption", day=t.day(day))
    return Exhibit("returns.burden", (answer,), Table(headings, rows, t("returns.burden_none")), title, caption)


def ledgers_said(view: View, names: str | None) -> str:
    """The ledgers of a request in words."""
    titles = {name: table.title for name, table in tables.ledgers().items()}
    known = [view.t.of(titles[name]) for name in (names or "").split("+") if name in titles]
    return view.t("common.comma").join(known)
