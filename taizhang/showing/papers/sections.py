"""Slides as a document reads them: a list that was cut to screens is whole again, its pages are one section."""

from dataclasses import dataclass, replace

from taizhang.declared.tables import ledgers
from taizhang.declared.wording import NOT_KNOWN
from taizhang.drawing.shapes import Cell, Shape, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.views import View
from taizhang.showing.slides import CLOSING, Showing, Slide


@dataclass(frozen=True)
class Section:
    """What one line of the script shows. `pages` are the first and the last number of its slides.

    `body` is the drawing or the whole list; `remarks` say what to beware of, `restated` what was corrected since.
    """

    slide: Slide
    pages: tuple[int, int]
    body: Shape | None
    remarks: tuple[str, ...]
    restated: tuple[str, ...]

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        return self.slide.exhibits

    @property
    def view(self) -> View:
        return self.slide.view


def sections(showing: Showing) -> tuple[Section, ...]:
    """The sections of a showing in the order of its script."""
    made: list[Section] = []
    for number, slide in enumerate(showing.slides, start=1):
        if slide.name == CLOSING:  # what was agreed on is the paper's own list
            continue
        if slide.part[0] > 1:
            last = made.pop()
            restated = tuple(dict.fromkeys((*last.restated, *slide.restated)))
            made.append(replace(last, pages=(last.pages[0], number), restated=restated))
        else:
            made.append(_section(slide, number))
    return tuple(made)


def _section(slide: Slide, number: int) -> Section:
    body = None if slide.body is None else slide.exhibits[-1].shape
    remarks = slide.remarks if slide.is_empty else tuple(one.note for one in slide.exhibits if one.note)
    return Section(slide, (number, number), body, remarks, slide.restated)


def circumstances(showing: Showing) -> tuple[str, ...]:
    """What the whole showing looks at, in words: the day, the release, the day compared with if any, the demo mark."""
    seen, mark = showing.view.circumstances, showing.view.t("common.demo_note")
    said = (seen.as_of, seen.release, seen.compared, mark if showing.is_demo else "")
    return tuple(filter(None, said))


def commitments(showing: Showing) -> Table | None:
    """What was promised at the meeting, under the headings of its ledger; None when nothing was."""
    meeting, view, t = showing.meeting, showing.view, showing.view.t
    if not meeting.commitments:
        return None
    names = ("content", "unit", "due_on", "kpi", "target_value")
    columns = tuple(t.of(ledgers()["commitment"].column(name).heading) for name in names)
    units = {row["kpi"]: row["unit"] for row in view.ask("kpis").records() if row["part"] is None}
    rows = tuple(
        (
            Cell(one.content),
            Cell(one.unit or t("common.not_given")),
            Cell(t.day(one.due_on)),
            Cell(t.label("kpi", one.kpi) if one.kpi else NOT_KNOWN),
            Cell((t.percent if units.get(one.kpi) == "share" else t.number)(one.target_value), is_number=True),
        )
        for one in meeting.commitments
    )
    return Table(columns, rows, t("common.no_rows"), wide=(0,))
