"""What the tests of the papers share: a meeting to hand out, and every number and word its slides show."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from taizhang.drawing.shapes import Bars, Figures, Lanes, Line, Matrix, Shape, StackedBars, Table, TileMap
from taizhang.exhibits.views import Choices, look
from taizhang.showing import meetings, slides
from taizhang.showing.meetings import Commitment, Meeting
from taizhang.showing.slides import Showing
from taizhang.store import Store

HOSTILE = "</script><script>window.caught=1</script><img src=x onerror=window.caught=1>\u2028]]>&amp;\x08{{x}}"


def a_meeting(store: Store) -> Meeting:
    """A finished meeting on the newest data, with a note, people present and two commitments."""
    view = look(store, Choices())
    made = meetings.prepare(view, "HY-900", "第四次推进会", view.as_of)
    script = (made.script[0], replace(made.script[1], note="先说承诺。"), *made.script[2:])
    promised = (Commitment("完成轮训", "干部科", dt.date(2019, 12, 6), "K03", Decimal("0.7")), Commitment("走访台山市"))
    return replace(made, script=script, units=("办公室",), note="同意延期。", commitments=promised, finished_by="甲")


def showings_of(store: Store, meeting: Meeting, *languages: str) -> list[Showing]:
    return [slides.show(store, meeting, lang) for lang in languages]


def said_by(showing: Showing) -> Iterator[str]:
    """Every text and number that the slides of a showing put before people, but for the points of its lines, and for
    the last slide, of what was agreed on: a paper has a list of its own for that."""
    for slide in showing.slides:
        if not slide.exhibits:
            continue
        yield from (slide.title, slide.caption, *slide.restated, slide.passport)
        for shape in (slide.figures, slide.body):
            yield from said_in(shape)


def said_in(shape: Shape | None) -> Iterator[str]:
    match shape:
        case Figures():
            for one in shape.items:
                yield from (one.label, one.value, *one.detail.split(" · "), one.change)
        case Lanes():
            for one in shape.items:
                yield from (one.label, one.lead, one.lead_detail, *one.lines)
        case Bars():
            for one in shape.items:
                yield from (one.label, one.text)
        case StackedBars():
            yield from (*shape.categories, *shape.notes)
            yield from (f"{value:g}" for series in shape.series for value in series.values if value)
        case Table():
            yield from shape.columns
            # A slide cuts a cell to its three lines and ends it in …; a document has it whole.
            yield from (cell.text.rstrip("…") for row in shape.rows for cell in row)
        case TileMap():
            yield from (tile.label for tile in shape.tiles)
            for one in (*shape.legend, *shape.groups):
                yield from (one.label, str(one.count))
        case Matrix():
            yield from (cell.text for row in shape.cells for cell in row)


def points_of(shape: Line) -> list[tuple[str, str, float]]:
    """(series, day, value) of every point of a line that is known."""
    return [
        (series.name, day.isoformat(), value)
        for series in shape.series
        for day, value in zip(shape.days, series.values, strict=True)
        if value is not None
    ]


def lines_in(showing: Showing) -> list[Line]:
    return [slide.body for slide in showing.slides if isinstance(slide.body, Line)]


def squeezed(text: str) -> str:
    """A text without its white space: where it breaks is not what it says."""
    return re.sub(r"\s+", "", text)


def hostile(showing: Showing) -> Showing:
    """The showing with a text that tries to break out in every place that a person or a file can fill."""
    poisoned = []
    for slide in showing.slides:
        shape = slide.body
        if isinstance(shape, Line):
            shape = replace(shape, series=tuple(replace(one, name=HOSTILE) for one in shape.series), unit=HOSTILE)
        elif isinstance(shape, Table):
            shape = replace(shape, rows=tuple(tuple(replace(one, text=HOSTILE) for one in row) for row in shape.rows))
        elif isinstance(shape, TileMap):
            shape = replace(shape, tiles=tuple(replace(one, label=HOSTILE, note=HOSTILE) for one in shape.tiles))
        exhibits = slide.exhibits
        if exhibits and shape is not slide.body:
            exhibits = (*exhibits[:-1], replace(exhibits[-1], shape=shape))
        said = {"title": HOSTILE, "note": HOSTILE, "caption": HOSTILE, "restated": (HOSTILE,)}
        poisoned.append(replace(slide, body=shape, exhibits=exhibits, **said))
    promised = (Commitment(HOSTILE, HOSTILE),)
    meeting = replace(showing.meeting, title=HOSTILE, note=HOSTILE, units=(HOSTILE,), commitments=promised)
    return replace(showing, meeting=meeting, slides=tuple(poisoned))
