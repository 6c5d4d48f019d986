"""The first slide: whose meeting it is in a band of its own, and what is to be made clear beside it."""

from dataclasses import replace

from taizhang.drawing import palette
from taizhang.drawing.shapes import Cell, Figure
from taizhang.showing.deck import paint
from taizhang.showing.deck.paint import paragraph
from taizhang.showing.deck.space import Box
from taizhang.showing.deck.stage import FOOT, HEADING, SMALL, TEXT, Said, Stage
from taizhang.showing.slides import Showing, Slide, band_of

_SIDE, _TOP, _FOOT = 38.0, 38.0, 40.0  # points around what stands in the band
_MARK = 38.0  # its side; the mark is drawn on a field of 32
_LINES = (((8, 9.5), (24, 9.5)), ((8, 16), (24, 16)), ((8, 22.5), (14, 22.5)))
_TICK = ((17.5, 22.5), (20, 25), (25, 19.5))
_AIR = 10.0  # above and below a sentence
_ROUND = '<a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom>'


def draw_band(stage: Stage, showing: Showing, slide: Slide, box: Box) -> None:
    """Our mark, office and campaign above; the day and the state of the data below."""
    said = band_of(showing, slide)
    inner = Box(_SIDE, _TOP, box.width - _SIDE - 16, box.height - _TOP - _FOOT)
    _mark(stage, Box(inner.left, inner.top, _MARK, _MARK))
    on_band, small = palette.band(stage.theme)[1], stage.pt(SMALL)
    whose = [paragraph(said.office, stage.pt(HEADING), on_band, True, after=6)] if said.office else []
    whose += [paragraph(one, small, on_band, after=3) for one in said.campaign]
    place = inner.below(_MARK + 14)
    if whose:
        stage.text(place.top_strip(0.5 * place.height), whose, said.office or said.campaign[0])
    data = [paragraph(one, small, on_band, after=3) for one in said.data]
    stage.text(place.below(0.5 * place.height), data, said.data[0], "b")


def _mark(stage: Stage, box: Box) -> None:
    """The mark of the product, of native shapes."""
    share = box.width / 32
    stroke = paint.stroke(palette.on("done", "dark"), 2.6 * share)
    group = stage.group(Said(stage.t("deck.mark"), stage.t("deck.mark")))
    group.panel(box, stage.t("deck.mark"), paint.solid(palette.tones("dark")["done"]), geometry=_ROUND)
    runs = [[(box.left + x * share, box.top + y * share) for x, y in run] for run in (*_LINES, _TICK)]
    group.strokes(box, stage.t("deck.mark"), runs, stroke)


def draw_opening(stage: Stage, slide: Slide, lead: str, facts: tuple[tuple[Cell, ...], ...], box: Box) -> None:
    """The sentences with their figures, and below them how far the data can be trusted; `lead` says what follows."""
    size = stage.pt(TEXT)
    if lead:
        high = stage.height(lead, box.width, size)
        stage.text(box.top_strip(high), [paragraph(lead, size, stage.tone("faint"))], lead)
        box = box.below(high + size)
    low = _facts(stage, facts, box)
    box = box.top_strip(box.height - low)
    for large in map(stage.pt, (HEADING, TEXT, SMALL)):
        air = _AIR * stage.scale * large / stage.pt(HEADING)
        figure = max((stage.wide(one.value, large * 1.1) for one in slide.opening), default=0) + 2
        number = 1.4 * large
        room = box.width - figure - number - large
        highs = [stage.height(one.label, room, large) + 2 * air for one in slide.opening]
        if sum(highs) <= box.height:
            break
    top = box.bottom - sum(highs)
    for place, (one, high) in enumerate(zip(slide.opening, highs, strict=True), start=1):
        row = Box(box.left, top, box.width, high)
        _sentence(stage, str(place), one, row, (number, figure), large)
        top += high
    if slide.opening:
        _rule(stage, slide.title, box.left, box.right, top)


def _sentence(stage: Stage, nth: str, one: Figure, row: Box, sides: tuple[float, float], size: float) -> None:
    """A number, the sentence, and at the right its figure, between two rules."""
    number, figure = sides
    group = stage.group(Said(one.label, f"{nth} {one.label} {one.value}"))
    _rule(group, one.label, row.left, row.right, row.top)
    group.text(replace(row, width=number), [paragraph(nth, size, stage.tone("faint"), True)], nth, "ctr")
    room = row.width - figure - number - size
    words = Box(row.left + number, row.top, room, row.height)
    group.text(words, [paragraph(one.label, size, stage.tone("plain"))], one.label, "ctr")
    value = Box(row.right - figure, row.top, figure, row.height)
    said = [paragraph(one.value, size, stage.tone(one.tone), True, "r")]
    group.text(value, said, one.value, "ctr", is_one_line=True)


def _rule(stage: Stage, name: str, left: float, right: float, top: float) -> None:
    stage.line((left, top), (right, top), name, paint.stroke(stage.surface("rule"), 1))


def _facts(stage: Stage, facts: tuple[tuple[Cell, ...], ...], box: Box) -> float:
    """What is known of the data, at the bottom of the box; returns the height it took."""
    size, ink = stage.pt(FOOT), stage.tone("faint")
    about = max((stage.wide(row[0].text, 1.1 * size) for row in facts), default=0) + size
    about = min(about, 0.3 * box.width)
    room = box.width - about
    said = [(row[0].text, stage.cut(row[1].text, room, size, 2)) for row in facts]
    highs = [
        max(stage.height(words, room, size), stage.height(name, about, size, bold=True)) + 0.2 * size
        for name, words in said
    ]
    top = box.bottom - sum(highs)
    for (name, words), high in zip(said, highs, strict=True):
        stage.text(Box(box.left, top, about, high), [paragraph(name, size, ink, True)], name)
        stage.text(Box(box.left + about, top, room, high), [paragraph(words, size, ink)], words or name)
        top += high
    return sum(highs) + size if highs else 0.0
