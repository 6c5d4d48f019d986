"""Sheets of a round on the upload page: whose they are, who is still to return theirs, and how they are published."""

from dataclasses import replace

import streamlit as st

from taizhang import uploads
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Cell, Table
from taizhang.store import SomeonePublished
from taizhang.ui.aloud import act
from taizhang.ui.controls import store
from taizhang.ui.handed_in import current, draw, head, keep, put_away
from taizhang.ui.page import Page
from taizhang.uploads import Checked
from taizhang.uploads.came_back import Returned

WAYS = ("as_one", "one_each")


def show(checked: Checked, page: Page) -> None:
    """The sheets that came back, the day they came, and one release or one for each unit; nothing for other files."""
    t = page.t
    if not checked.returned:
        return
    head(t("returns.back_title", count=len(checked.returned)), t("returns.back_caption"))
    rows = tuple(_row(checked, one, t) for one in checked.returned)
    names = ("back_file", "unit", "round", "return_by", "back_rows", "back_said")
    draw(Table(tuple(t(f"returns.{name}") for name in names), rows, t("common.no_rows"), wide=(0,)), t)
    back = {(one.request_id, one.unit) for one in checked.returned}
    records = page.view.ask("requests").records()
    for request_id in dict.fromkeys(one.request_id for one in checked.returned):
        out = [
            row["unit"]
            for row in records
            if row["request_id"] == request_id and row["returned_on"] is None and (request_id, row["unit"]) not in back
        ]
        key = "returns.still_out" if out else "returns.still_none"
        st.html(furniture.note(t(key, round=request_id, units=t("common.comma").join(out))))
    _choose(page)


def _row(checked: Checked, one: Returned, t: Language) -> tuple[Cell, ...]:
    changed, codes = checked.said_of(one)
    said = t("common.comma").join(t(f"returns.back_{code}") for code in codes or ("new",))
    cells = (Cell(one.file_name), Cell(one.unit), Cell(one.request_id), Cell(t.day(one.return_by)))
    return (*cells, Cell(t.number(changed), is_number=True), Cell(said, "soon" if codes else ""))


def _choose(page: Page) -> None:
    t, handed_in = page.t, current()
    day, way = st.columns(2)
    day.date_input(
        t("returns.received_on"),
        value=handed_in.received_on,
        format="YYYY-MM-DD",
        key="upload_received_on",
        on_change=_received,
    )
    chosen = way.segmented_control(
        t("returns.how_published"),
        WAYS,
        default=WAYS[handed_in.is_each],
        key="upload_is_each",
        format_func=lambda one: t(f"returns.{one}"),
        required=True,
    )
    keep(replace(current(), is_each=chosen == WAYS[1]))


@act
def _received() -> None:
    """Another day that the sheets came: before the page is drawn, so that a click made with it counts."""
    day = st.session_state["upload_received_on"]
    if day:
        keep(replace(current(), received_on=day, draft=None))


def publish_each() -> None:
    """Publish what is in hand one unit after another, and say what became of it."""
    handed_in, said = current(), st.session_state
    checked, note = said["_checked"][1], handed_in.draft.note
    try:
        done = uploads.publish_each(store(), checked, note, handed_in.decisions)
    except SomeonePublished as other:
        keep(replace(handed_in, draft=None))
        said["_upload_said"] = ("warning", "upload.someone_published", {"number": other.live or 0})
        return
    numbers = [one.number for one in done.releases]
    if done.stopped_at or done.problems:
        keep(replace(handed_in, draft=None))
        said["_upload_said"] = ("warning", "returns.stopped_each", {"count": len(numbers), "unit": done.stopped_at})
        return
    put_away()
    blanks = {"count": len(numbers), "first": numbers[0], "last": numbers[-1]}
    said["_upload_said"] = ("done", "returns.published_each", blanks)
