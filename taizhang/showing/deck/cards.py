"""Headline figures and strands as cards of text, their numbers large enough for the last row."""

from collections.abc import Sequence
from dataclasses import replace

from taizhang.drawing.palette import STRANDS
from taizhang.drawing.shapes import Figure, Figures, LaneCard, Lanes
from taizhang.drawing.text import cut
from taizhang.showing.deck import paint
from taizhang.showing.deck.paint import Paragraph, paragraph
from taizhang.showing.deck.space import Box, text_width
from taizhang.showing.deck.stage import BOLD, SMALL, TEXT, VALUE, Said, Stage

_GAP, _INSET = 12.0, 8.0
_NARROW, _NARROW_GAP, _NARROW_INSET = 190.0, 8.0, 5.0  # cards narrower than this have less air in and between them
_ABOVE_ALONE = 0.08  # of the room stays free above figures that have the slide to themselves
_LARGEST_VALUE = 110.0
_CARD_TEXTS = (22.0, 20.0, 18.0, 16.0, TEXT)
_BOLD_DIGITS = 1.1  # how much wider than letters
_DIGITS = 1.18  # height of a line of large digits, in em: they have nothing below the line

_Parts = tuple[list[Paragraph], str, list[Paragraph]]  # above the number, the number, below it


def draw_figures(stage: Stage, shape: Figures, box: Box, is_alone: bool) -> float:
    """Draw the figures across the top of a box, two by two where they are too wide; returns the height they took.

    `is_alone`: nothing stands below them, so they may be larger.
    """
    values = [one.value for one in shape.items]
    if is_alone:
        box = box.below(_ABOVE_ALONE * box.height)
    count = len(values)
    if count > 2 and _widest(values) * stage.pt(VALUE) > _inner(stage, box, count):
        count = 2
    room = _inner(stage, box, count)
    most = stage.pt(_LARGEST_VALUE) if is_alone else stage.pt(VALUE)
    least = max(min(stage.pt(VALUE), room / _widest(values)), stage.pt(SMALL))
    value = max(min(most, room / (_widest(values) * stage.latin * _BOLD_DIGITS)), least)
    label = _label_size(stage, [one.label for one in shape.items], room, is_alone)
    used = 0.0
    for first in range(0, len(values), count):
        row = shape.items[first : first + count]
        boxes, gap, _ = _columns(stage, box.below(used), count)
        parts = [_figure(stage, one, room, label, is_alone) for one in row]
        used += gap + _draw_row(stage, boxes, [(one.label, one.tone) for one in row], parts, value)
    return used - gap


def draw_lanes(stage: Stage, shape: Lanes, box: Box) -> None:
    """The strands as equal columns, in letters as large as the room allows."""
    boxes, _, _ = _columns(stage, box, len(shape.items))
    room = _inner(stage, box, len(shape.items))
    for text in map(stage.pt, _CARD_TEXTS):
        parts = [_lane(stage, one, room, text) for one in shape.items]
        value = min(stage.pt(VALUE) * max(1, text / stage.pt(16)), room / _widest([one.lead for one in shape.items]))
        if sum(_heights(stage, parts, room, value)) <= 0.9 * box.height:
            break
    _draw_row(stage, boxes, [(one.label, one.tone) for one in shape.items], parts, value)


def _columns(stage: Stage, box: Box, count: int) -> tuple[list[Box], float, float]:
    """(the cards' boxes, the gap between them, the air inside them)."""
    is_narrow = box.width / count < _NARROW * stage.scale
    gap, inset = (_NARROW_GAP, _NARROW_INSET) if is_narrow else (_GAP, _INSET)
    return box.columns(count, gap * stage.scale), gap * stage.scale, inset * stage.scale


def _inner(stage: Stage, box: Box, count: int) -> float:
    boxes, _, inset = _columns(stage, box, count)
    return boxes[0].width - 2 * inset


def _widest(values: Sequence[str]) -> float:
    """Of the values, in em."""
    return max(0.5, *(text_width(value, 1.0) for value in values))


def _label_size(stage: Stage, labels: list[str], room: float, is_alone: bool) -> float:
    """The largest size at which every label takes one line, if there is one."""
    sizes = [stage.pt(size) for size in (20.0, 18.0, 16.0) if is_alone] + [stage.pt(TEXT)]
    widest = max(stage.wide(label, BOLD) for label in labels)
    return next((size for size in sizes if widest * size <= room), sizes[-1])


# --- what a card says -------------------------------------------------------------------------------------------


def _figure(stage: Stage, one: Figure, room: float, label: float, is_alone: bool) -> _Parts:
    ink, faint = stage.tone("plain"), stage.tone("faint")
    small = stage.pt(16 if is_alone else SMALL)
    below = []
    if one.change:
        is_news = one.change_tone != "plain"
        said = stage.cut(one.change, room, small, 2, is_news)
        below.append(paragraph(said, small, stage.tone(one.change_tone), is_news))
    detail = stage.cut(one.detail, room, small, 3)
    if detail:
        below.append(paragraph(detail, small, faint))
    return [paragraph(stage.cut(one.label, room, label, 3, bold=True), label, ink, True)], one.value, below


def _lane(stage: Stage, one: LaneCard, room: float, text: float) -> _Parts:
    ink, after = stage.tone("plain"), 4 * stage.scale
    below = [paragraph(one.lead_detail, text, ink, after=1.5 * after)] if one.lead_detail else []
    below += [paragraph(stage.cut(line, room, text, 3), text, ink, after=after) for line in one.lines]
    return [paragraph(one.label, text * 1.2, stage.tone(one.tone), True)], one.lead, below


# --- as shapes --------------------------------------------------------------------------------------------------


def _heights(stage: Stage, parts: list[_Parts], room: float, value: float) -> tuple[float, float, float]:
    """The heights of what stands above, of the number and of what stands below, the same for all cards of a row."""
    above = max(_height(stage, one[0], room) for one in parts)
    below = max(_height(stage, one[2], room) for one in parts)
    return above, value * _DIGITS, below


def _height(stage: Stage, paragraphs: list[Paragraph], room: float) -> float:
    return sum(
        stage.height("".join(run.text for run in one.runs), room, max(run.size for run in one.runs), one.runs[0].bold)
        + one.after
        for one in paragraphs
    )


def _draw_row(stage: Stage, boxes: list[Box], names: list[tuple[str, str]], parts: list[_Parts], value: float) -> float:
    """Cards side by side, each a group: a quiet panel, a strip of its tone, the label, the number, the rest."""
    _, _, inset = _columns(stage, Box(boxes[0].left, 0, boxes[-1].right - boxes[0].left, 0), len(boxes))
    room = boxes[0].width - 2 * inset
    above, middle, below = _heights(stage, parts, room, value)
    height = min(above + middle + below + 2 * inset, boxes[0].height)
    for box, (name, tone), (label, number, rest) in zip(boxes, names, parts, strict=False):
        words = " ".join("".join(run.text for run in one.runs) for one in (*label, paragraph(number, 1), *rest))
        card = stage.group(Said(name, words))
        card.panel(box.top_strip(height), name, paint.solid(stage.surface("surface")))
        strip = replace(box.top_strip(height), width=3 * stage.scale)
        card.panel(strip, name, paint.solid(stage.tone("faint" if tone == "plain" else tone)))
        left, top = box.left + inset, box.top + inset
        card.text(Box(left, top, room, above), label, name)
        colour = stage.tone(tone if tone not in STRANDS else "plain")
        number_said = paragraph(cut(number, 1.05 * room / value), value, colour, True)
        card.text(Box(left, top + above, room, middle), [number_said], number, "ctr", is_one_line=True)
        if rest:
            card.text(Box(left, top + above + middle, room, below), rest, name)
    return height
