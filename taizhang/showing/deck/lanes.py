"""A timeline as native shapes: lanes below each other, days across, what has no day at the end of its lane."""

from taizhang.drawing import palette
from taizhang.drawing.lanes import DOT, FULL_LEVELS, Layout, Placed, Row, lay_out, month_labels
from taizhang.drawing.shapes import Happening, Timeline
from taizhang.drawing.text import cut
from taizhang.showing.deck import paint
from taizhang.showing.deck.space import LINE, Box, text_width
from taizhang.showing.deck.stage import FOOT, Said, Stage

_LEVEL, _BARE_LEVEL, _AROUND_LANE = 1.3, 0.7, 0.4  # em: with labels, with dots alone, above and below a lane
_TRAY_SHARE = 0.2


def draw_timeline(stage: Stage, shape: Timeline, box: Box, said: Said) -> None:
    """Draw the lanes; with as many levels of labels as there is room for, the rest as dots that say themselves."""
    em = stage.pt(FOOT)
    names = min(max(text_width(lane.label, em) for lane in shape.lanes) + em, 0.16 * box.width)
    has_tray = any(row.undated for row in lay_out(shape).rows)
    tray = _TRAY_SHARE * box.width if has_tray else 0
    axis = Box(box.left + names, box.top, box.width - names - tray - em / 2, box.height)
    for full_levels in range(FULL_LEVELS, 0, -1):
        layout = lay_out(shape, axis.width / em, full_levels)
        head = (1 + max((one.level + 1 for one in layout.marks), default=0)) * LINE * em
        heights = [_heights(row, em) for row in layout.rows]
        if head + sum(map(sum, heights)) <= box.height:
            break
    group = stage.group(said)
    bottom = min(box.top + head + sum(map(sum, heights)), box.bottom)
    _backdrop(group, layout, axis, bottom, em)
    top = box.top + head
    for row, levels in zip(layout.rows, heights, strict=True):
        _row(group, row, levels, top, axis, em)
        name = Box(box.left, top, names, sum(levels))
        label = stage.cut(row.lane.label, names, em, 2)
        group.text(name, [paint.paragraph(label, em, stage.tone(row.lane.tone), True)], row.lane.label, "ctr")
        if row.undated:
            place = Box(axis.right + em / 2, top, tray, sum(levels))
            _undated(group, row.undated, place, em)
        group.line((box.left, top), (box.right, top), row.lane.label, paint.stroke(stage.surface("rule"), 0.75))
        top += sum(levels)
    if has_tray:
        place = Box(axis.right + em / 2, box.top, tray, LINE * em)
        group.text(place, [paint.paragraph(shape.undated_label, em, stage.tone("faint"), True)], shape.undated_label)


def _heights(row: Row, em: float) -> list[float]:
    """The height of each level of a lane, the air around the lane with its first."""
    said = {one.level for one in row.placed if one.text}
    heights = [em * (_LEVEL if level in said else _BARE_LEVEL) for level in range(row.levels)]
    heights[0] = max(heights[0], em * _LEVEL) + em * _AROUND_LANE
    return heights


def _backdrop(stage: Stage, layout: Layout, axis: Box, bottom: float, em: float) -> None:
    faint = stage.tone("faint")
    for day, text in month_labels(layout):
        x = axis.left + layout.place(day, 0) * em
        stage.line((x, axis.top), (x, bottom), text, paint.stroke(stage.surface("rule"), 0.75))
        place = Box(x + 2, axis.top, text_width(text, em) + 4, LINE * em)
        stage.text(place, [paint.paragraph(text, em, faint, True)], text, is_one_line=True)
    for mark in layout.marks:
        x, y = axis.left + mark.left * em, axis.top + (1 + mark.level) * LINE * em
        colour = stage.tone(mark.thing.tone)
        said = f"{stage.t.day(mark.thing.day)} {mark.thing.label}"
        stage.line((x, y), (x, bottom), said, paint.stroke(stage.surface("rule"), 0.75, "sysDot"), alt=said)
        if mark.text:
            _label(stage, mark, x, x, y, axis, em, colour, mark.thing.label)


def _row(stage: Stage, row: Row, levels: list[float], top: float, axis: Box, em: float) -> None:
    colour, ground = stage.tone(row.lane.tone), stage.surface("ground")
    tops = [
        top + em * _AROUND_LANE / 2 + sum(levels[:level]) - (em * _AROUND_LANE if level else 0)
        for level in range(len(levels))
    ]
    for one in row.placed:
        left, right, y = axis.left + one.left * em, axis.left + one.right * em, tops[one.level]
        said = one.thing.told
        if one.right > one.left:
            line = paint.stroke(colour, 1.25, "dash" if one.thing.precision == "month" else "")
            fill = paint.solid(palette.tint(row.lane.tone, stage.theme))
            stage.panel(Box(left, y + 0.1 * em, right - left, 1.1 * em), one.thing.label, fill, line, alt=said)
        else:
            side = 0.62 * em
            dot = Box(left - side / 2, y + (0.3 if one.text else 0.05) * em, side, side)
            fill = paint.solid(ground if one.thing.half else colour)
            stage.panel(
                dot,
                one.thing.label,
                fill,
                paint.stroke(colour, 1.25),
                alt=said,
                geometry='<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>',
            )
        if one.text:
            _label(stage, one, left, right, y, axis, em, stage.tone("plain"), said)


def _label(
    stage: Stage, one: Placed, left: float, right: float, y: float, axis: Box, em: float, colour: str, said: str
) -> None:
    """The text of something, on the side where the layout found room for it."""
    wide, height = text_width(one.text, em) + 2, LINE * em
    starts = {
        "right": left + DOT * em * 0.7,
        "left": left - DOT * em * 0.7 - wide,
        "inside": left + 0.4 * em,
        "end": right - 0.4 * em - wide,
    }
    x = max(min(starts[one.side], axis.right + em / 2 - wide), axis.left - em / 2)
    align = "r" if one.side in ("left", "end") else "l"
    stage.text(Box(x, y, wide, height), [paint.paragraph(one.text, em, colour, align=align)], said, is_one_line=True)


def _undated(stage: Stage, happenings: tuple[Happening, ...], box: Box, em: float) -> None:
    """What has no day, as many as fit; the rest are counted."""
    lines = max(1, int(box.height / (LINE * em)))
    shown = list(happenings) if len(happenings) <= lines else list(happenings[: lines - 1])
    said = [cut(one.label, box.width / em) for one in shown]
    if len(shown) < len(happenings):
        said.append(f"+{len(happenings) - len(shown)}")
    paragraphs = [paint.paragraph(text, em, stage.tone("plain")) for text in said]
    stage.text(box, paragraphs, "；".join(one.told for one in happenings))
