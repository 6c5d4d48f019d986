"""Figures, strands and what is to be decided, side by side on the grid of the slides, as in the room."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from taizhang.drawing.shapes import Figure, Figures, LaneCard, Lanes
from taizhang.showing.deck import paint
from taizhang.showing.deck.paint import Paragraph, Run, paragraph
from taizhang.showing.deck.space import LINE, Box
from taizhang.showing.deck.stage import BOLD, FOOT, GUTTER, HEADING, HEADLINE, SMALL, TEXT, VALUE, Said, Stage

_RULE = 2.7  # points of the line above a figure, in its tone
_HIGHEST = 356.0  # points of a card or panel
_INSET, _NARROW_INSET = 12.0, 6.0  # of a panel, and of one narrower than this
_NARROW = 150.0
_LARGEST_VALUE = 88.0  # of figures that have a slide to themselves
_DIGITS = 1.18  # height of a line of large digits, in em: they have nothing below the line
_BOLD_DIGITS = 1.1  # how much wider than letters
_LEAST_BESIDE = 5.0  # em of the words that may stand beside a number
_NUMBER = re.compile(r"(\D{,12})([\d.,]+)(\s*(?:/\s*[\d.,]+|%))?(\D{,12})")  # as in "10/17", or "at least 4"
_WORD = 0.4  # of a number's size, for a word beside it


def draw_above(stage: Stage, shape: Figures, box: Box, is_less: bool) -> float:
    """Figures above what has no room beside them; returns the height they took. `is_less`: it is a list, which needs
    the room, so they are smaller."""
    columns = box.columns(len(shape.items), GUTTER * stage.scale)
    sizes = (stage.pt(HEADLINE if is_less else VALUE), stage.pt(SMALL), stage.pt(SMALL))
    parts = [_figure(stage, one, columns[0].width, sizes) for one in shape.items]
    above = max(one.above for one in parts)
    height = above + max(one.value_height + one.below for one in parts)
    for place, figure, part in zip(columns, shape.items, parts, strict=True):
        _draw_figure(stage, figure, replace(part, above=above), place.top_strip(height))
    return height


def draw_beside(stage: Stage, shape: Figures, box: Box) -> None:
    """Figures one below the other, their words beside the number where they find room there."""
    parts = _beside(stage, shape, box)
    heights = [one.height for one in parts]
    gap = (box.height - sum(heights)) / max(1, len(parts) - 1)
    gap, top = min(gap, 3 * heights[0]), box.top
    for figure, part, high in zip(shape.items, parts, heights, strict=True):
        _draw_figure(stage, figure, part, Box(box.left, top, box.width, high))
        top += high + gap


def fits_beside(stage: Stage, shape: Figures, box: Box) -> bool:
    """Whether the figures find room one below the other."""
    return _column_height(stage, _beside(stage, shape, box)) <= box.height


def _beside(stage: Stage, shape: Figures, box: Box) -> list["_Parts"]:
    """The figures of a column, their words in the largest letters with which all find room."""
    for small in map(stage.pt, (SMALL, FOOT)):
        sizes = (stage.pt(VALUE), stage.pt(TEXT), small)
        parts = [_figure(stage, one, box.width, sizes, is_beside=True) for one in shape.items]
        if _column_height(stage, parts) <= box.height:
            break
    return parts


def _column_height(stage: Stage, parts: Sequence["_Parts"]) -> float:
    return sum(one.height for one in parts) + GUTTER * stage.scale * (len(parts) - 1)


def draw_alone(stage: Stage, shape: Figures, box: Box) -> None:
    """Figures that have the slide to themselves: a panel each, the number in its middle; two by two where wide."""
    count = len(shape.items)
    if count > 2 and max(_bare_width(stage, one.value) for one in shape.items) * stage.pt(VALUE) > _inner(
        stage, box, count
    ):
        count = 2
    room = _inner(stage, box, count)
    widest = max(_bare_width(stage, one.value) for one in shape.items)
    value = max(min(stage.pt(_LARGEST_VALUE), room / widest), stage.pt(FOOT))
    rows = [shape.items[first : first + count] for first in range(0, len(shape.items), count)]
    gap = GUTTER * stage.scale
    high = min((box.height - gap * (len(rows) - 1)) / len(rows), _HIGHEST * stage.scale / len(rows))
    for number, row in enumerate(rows):
        strip = box.below(number * (high + gap)).top_strip(high)
        for place, one in zip(strip.columns(count, gap), row, strict=False):
            _draw_panel(stage, one, place, room, value)


def draw_lanes(stage: Stage, shape: Lanes, box: Box) -> None:
    """The strands as equal columns: the number, and what is to be known of it line by line."""
    count = len(shape.items)
    room, gap = _inner(stage, box, count), GUTTER * stage.scale
    for text in map(stage.pt, (TEXT, SMALL, FOOT)):
        value = min(stage.pt(VALUE), room / max(_bare_width(stage, one.lead) for one in shape.items))
        lines = [[stage.cut(line, room, text, 3) for line in one.lines] for one in shape.items]
        most = max(
            _lane_height(stage, one, said, room, text, value) for one, said in zip(shape.items, lines, strict=True)
        )
        if most + 2 * _inset(stage, room) <= box.height:
            break
    height = min(max(most + 2 * _inset(stage, room), 0.75 * box.height), box.height)
    for place, one, said in zip(box.top_strip(height).columns(count, gap), shape.items, lines, strict=True):
        _draw_lane(stage, one, said, place, text, value)


# --- a figure ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parts:
    """What a figure says and how high each of it is; `words` stand `beside` the number (its width), or below it."""

    label: Paragraph
    above: float
    value: Paragraph
    value_height: float
    words: tuple[Paragraph, ...]
    beside: float
    below: float

    @property
    def height(self) -> float:
        return self.above + self.value_height + self.below


def _figure(stage: Stage, one: Figure, room: float, sizes: tuple[float, float, float], is_beside=False) -> _Parts:
    """`sizes` are those of the number, of its name and of the words."""
    largest, label, small = sizes
    value = min(largest, room / _bare_width(stage, one.value))
    said = stage.cut(one.label, room, label, 2, bold=True)
    above = stage.height(said, room, label, bold=True) + (_RULE + 2) * stage.scale
    used = _bare_width(stage, one.value) * value + 6 * stage.scale
    words = tuple(_words(stage, one, room - used, small)) if is_beside else ()
    high = _DIGITS * value
    fits = room - used >= _LEAST_BESIDE * small and _height(stage, words, room - used) <= max(high, 3 * LINE * small)
    beside = used if words and fits else 0.0
    if beside:
        high = max(high, _height(stage, words, room - used))
    else:
        words = tuple(_words(stage, one, room, small))
    return _Parts(
        paragraph(said, label, stage.tone("plain"), True),
        above,
        _value(stage, one.value, value, stage.tone(one.tone), room),
        high,
        words,
        beside,
        0.0 if beside else _height(stage, words, room),
    )


def _draw_figure(stage: Stage, one: Figure, parts: _Parts, box: Box) -> None:
    group = stage.group(Said(one.label, " ".join((one.label, one.value, one.change, one.detail)).strip()))
    _top(group, box, one.label, one.tone)
    group.text(box.below((_RULE + 2) * stage.scale).top_strip(parts.above), [parts.label], one.label)
    strip = box.below(parts.above).top_strip(parts.value_height)
    group.text(replace(strip, width=parts.beside or box.width), [parts.value], one.value, "ctr", is_one_line=True)
    if parts.words and parts.beside:
        place = Box(strip.left + parts.beside, strip.top, strip.width - parts.beside, strip.height)
        group.text(place, parts.words, one.label, "ctr")
    elif parts.words:
        group.text(box.below(parts.above + parts.value_height).top_strip(parts.below), parts.words, one.label)


def _words(stage: Stage, one: Figure, room: float, small: float) -> Iterator[Paragraph]:
    room = max(room, small)
    if one.change:
        yield paragraph(stage.cut(one.change, room, small, 3, True), small, stage.tone(one.change_tone), True)
    if one.detail:
        yield paragraph(stage.cut(one.detail, room, small, 3), small, stage.tone("faint"))


def _value(stage: Stage, value: str, size: float, colour: str, room: float) -> Paragraph:
    """A number as large as the last row needs it, its whole or its sign quieter, words beside it or instead smaller."""
    size = max(size, stage.pt(FOOT))
    if not (found := _NUMBER.fullmatch(value)):
        size = min(size, stage.pt(HEADLINE))
        return paragraph(stage.cut(value, 1.05 * room, size, 1, bold=True), size, colour, True)
    before, number, whole, after = found.groups(default="")
    quiet = min(stage.pt(HEADLINE if size > stage.pt(HEADLINE) else SMALL), size)
    word = max(_WORD * size, stage.pt(FOOT))
    parts = ((before, word, True), (number, size, True), (whole, quiet, False), (after, word, True))
    return Paragraph(tuple(Run(text, large, colour, bold) for text, large, bold in parts if text))


def _bare_width(stage: Stage, value: str) -> float:
    """Of a number in one line, in em of its size."""
    if not (found := _NUMBER.fullmatch(value)):
        return max(0.5, 0.56 * stage.wide(value, 1.0))
    before, number, whole, after = found.groups(default="")
    words = _WORD * stage.wide(before + after, BOLD)
    return max(0.5, stage.wide(number, _BOLD_DIGITS) + 0.6 * stage.wide(whole, _BOLD_DIGITS) + words)


# --- panels and columns -----------------------------------------------------------------------------------------


def _draw_panel(stage: Stage, one: Figure, box: Box, room: float, value: float) -> None:
    inset = _inset(stage, room)
    inner = Box(box.left + inset, box.top + inset + _RULE * stage.scale, room, box.height - 2 * inset)
    label, small = stage.pt(TEXT), stage.pt(SMALL)
    name = stage.cut(one.label, room, label, 3, bold=True)
    words = tuple(_words(stage, one, room, small))
    group = stage.group(Said(one.label, " ".join((one.label, one.value, one.change, one.detail)).strip()))
    group.panel(box, one.label, paint.solid(stage.surface("surface")))
    _top(group, box, one.label, one.tone)
    above, below = stage.height(name, room, label, bold=True), max(_height(stage, words, room), 2 * LINE * small)
    below = max(min(below, inner.height - above - _DIGITS * value), 0.0)
    group.text(inner.top_strip(above), [paragraph(name, label, stage.tone("plain"), True)], one.label)
    place = inner.below(above).top_strip(max(inner.height - above - below, value))
    said = _value(stage, one.value, value, stage.tone(one.tone), room)
    group.text(place, [said], one.value, "ctr", is_one_line=True)
    if words:
        group.text(inner.below(inner.height - below), words, one.label, "b")


def _lane_height(stage: Stage, one: LaneCard, lines: list[str], room: float, text: float, value: float) -> float:
    label = stage.height(one.label, room, text, bold=True) + _RULE * stage.scale
    detail = stage.height(one.lead_detail, room, stage.pt(SMALL)) if one.lead_detail else 0
    return label + _DIGITS * value + detail + sum(stage.height(line, room, text) + 0.9 * text for line in lines)


def _draw_lane(stage: Stage, one: LaneCard, lines: list[str], box: Box, text: float, value: float) -> None:
    inset = _inset(stage, box.width)
    room, small = box.width - 2 * inset, stage.pt(SMALL)
    group = stage.group(Said(one.label, " ".join((one.label, one.lead, one.lead_detail, *one.lines))))
    group.panel(box, one.label, paint.solid(stage.surface("surface")))
    _top(group, box, one.label, one.tone)
    place = Box(box.left + inset, box.top + inset + _RULE * stage.scale, room, box.height - 2 * inset)
    high = stage.height(one.label, room, text, bold=True)
    group.text(place.top_strip(high), [paragraph(one.label, text, stage.tone("plain"), True)], one.label)
    place = place.below(high)
    lead = _value(stage, one.lead, value, stage.tone("plain"), room)
    group.text(place.top_strip(_DIGITS * value), [lead], one.lead, "ctr", is_one_line=True)
    place = place.below(_DIGITS * value)
    if one.lead_detail:
        high = stage.height(one.lead_detail, room, small)
        group.text(place.top_strip(high), [paragraph(one.lead_detail, small, stage.tone("faint"))], one.lead_detail)
        place = place.below(high)
    for line in lines:
        high = stage.height(line, room, text)
        middle = place.top + 0.45 * text
        group.line((place.left, middle), (place.right, middle), line, paint.stroke(stage.surface("rule"), 0.75))
        group.text(place.below(0.9 * text).top_strip(high), [paragraph(line, text, stage.tone("plain"))], line)
        place = place.below(high + 0.9 * text)


# --- what is to be decided --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One card: its state, what it is about, what is said of it, and whose it is until when. `rows` of an `is_open`
    one are what was agreed on so far."""

    state: str
    tone: str
    about: str
    said: str = ""
    below: str = ""
    is_open: bool = False


def draw_cards(stage: Stage, asked: Sequence[Asked], box: Box) -> None:
    """What is to be decided, a card each, as in the room."""
    gap = GUTTER * stage.scale
    columns = box.top_strip(min(box.height, _HIGHEST * stage.scale)).columns(len(asked), gap)
    inset = _inset(stage, columns[0].width)
    room, high = columns[0].width - 2 * inset, columns[0].height - 2 * inset - _RULE * stage.scale
    for about, text in product(map(stage.pt, (HEADING, TEXT)), map(stage.pt, (TEXT, SMALL, FOOT))):
        if text <= about and max(_card_height(stage, one, room, about, text) for one in asked) <= high:
            break
    for place, one in zip(columns, asked, strict=True):
        _draw_card(stage, one, place, inset, about, text)


def _card_height(stage: Stage, one: Asked, room: float, about: float, text: float) -> float:
    bold = stage.height(one.state, room, text, bold=True) + stage.height(one.below, room, text, bold=True)
    return bold + stage.height(one.about, room, about, bold=True) + stage.height(one.said, room, text) + 2 * text


def _draw_card(stage: Stage, one: Asked, box: Box, inset: float, about: float, text: float) -> None:
    ink, faint, room = stage.tone("plain"), stage.tone("faint"), box.width - 2 * inset
    group = stage.group(Said(one.about or one.state, " ".join((one.state, one.about, one.said, one.below)).strip()))
    ground = stage.surface("surface" if one.is_open else "ground")
    group.panel(box, one.about or one.state, paint.solid(ground), paint.stroke(stage.surface("rule"), 0.75))
    _top(group, box, one.about or one.state, one.tone)
    place = Box(box.left + inset, box.top + inset + _RULE * stage.scale, room, box.height - 2 * inset)
    foot = stage.height(one.below, room, text, bold=True) if one.below else 0
    state = paragraph(one.state, text, ink if one.is_open else stage.tone(one.tone), True, after=0.5 * text)
    said = [state]
    if one.about:
        said.append(paragraph(stage.cut(one.about, room, about, 5, bold=True), about, ink, True, after=0.5 * text))
    used = sum(map(_of_height(stage, room), said))
    lines = max(int((place.height - used - foot) / (LINE * text)), 1)
    if one.said:
        said.append(paragraph(stage.cut(one.said, room, text, lines), text, faint))
    group.text(place.top_strip(place.height - foot), said, one.about or one.state)
    if one.below:
        words = [paragraph(one.below, text, ink, True)]
        group.text(place.below(place.height - foot - _RULE * stage.scale), words, one.below, "b")


# --- what all of them share -------------------------------------------------------------------------------------


def _top(stage: Stage, box: Box, name: str, tone: str) -> None:
    """The line above, in its tone."""
    colour = stage.tone("faint" if tone == "plain" else tone)
    stage.panel(box.top_strip(_RULE * stage.scale), name, paint.solid(colour))


def _inset(stage: Stage, width: float) -> float:
    return (_NARROW_INSET if width < _NARROW * stage.scale else _INSET) * stage.scale


def _inner(stage: Stage, box: Box, count: int) -> float:
    each = box.columns(count, GUTTER * stage.scale)[0].width
    return each - 2 * _inset(stage, each)


def _height(stage: Stage, paragraphs: Sequence[Paragraph], room: float) -> float:
    return sum(map(_of_height(stage, room), paragraphs))


def _of_height(stage: Stage, room: float) -> Callable[[Paragraph], float]:
    def high(one: Paragraph) -> float:
        words = "".join(run.text for run in one.runs)
        return stage.height(words, room, max(run.size for run in one.runs), one.runs[0].bold) + one.after

    return high
