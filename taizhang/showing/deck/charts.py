"""Bars, stacked bars and lines as native charts that can be edited: their data stand in a workbook inside the deck.

The plot's place in its frame is fixed, so that what is drawn over it (meeting days, weeks without data) stays in place.
"""

import datetime as dt
import math
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

from lxml.etree import _Element
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.series import _BaseCategorySeries
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt, lazyproperty
from xlsxwriter import Workbook

from taizhang.drawing import palette
from taizhang.drawing.axis import Axis, axis, has_one_year, label_levels
from taizhang.drawing.shapes import Bars, Line, Mark, Series, StackedBars
from taizhang.drawing.text import cut, number
from taizhang.showing.deck import paint
from taizhang.showing.deck.paint import clean
from taizhang.showing.deck.space import LINE, Box, text_width
from taizhang.showing.deck.stage import SMALL, TEXT, Said, Stage, describe, emu

_BAR_ROOM, _STACK_ROOM = 64.0, 112.0  # points that one bar may take at most, with the space around it
_FILLED, _WIDEST_BAR = 0.6, 120.0  # few bars are wider, so that the slide is not bare
_LABEL_SHARE = 0.36  # of the frame, for the names of bars
_ASKING = ("soon", "late")  # tones of bars that ask for somebody
_LONGEST_MARK = 14.0  # em, of the label of a marked day
_MOST_LEGEND_LINES = 4
_MOST_NAMED = 3  # lines that say their names at their ends
_KEY = 2.2  # em that the key of a legend takes beside its word
_MADE = dt.datetime(2000, 1, 1)  # of a workbook inside the deck; the same deck is the same file


class _Workbook(CategoryWorkbookWriter):
    """The workbook behind a chart: no text of it runs as a formula or becomes a link, and it does not tell the time."""

    @contextmanager
    def _open_worksheet(self, xlsx_file):
        never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with Workbook(xlsx_file, {"in_memory": True, **never}) as book:
            book.set_properties({"created": _MADE})
            yield book, book.add_worksheet()


class _Data(CategoryChartData):
    @lazyproperty
    def _workbook_writer(self) -> _Workbook:
        return _Workbook(self)


# --- bars -------------------------------------------------------------------------------------------------------


def draw_bars(stage: Stage, shape: Bars, box: Box, said: Said) -> None:
    """Bars with their words at the end. The whole is an outline; an unknown value has no bar and says so in words."""
    size = stage.pt(TEXT)
    unknown = palette.SYMBOLS["unknown"]
    labels = [one.label if one.value is not None else f"{one.label} {unknown} {one.text}" for one in shape.items]
    if len({one.tone for one in shape.items}) > 1:  # then the colour says something, and colour alone says nothing
        signs = [palette.SYMBOLS[one.tone] if one.tone in _ASKING else "" for one in shape.items]
        labels = [f"{sign} {label}".strip() for sign, label in zip(signs, labels, strict=True)]
    has_wholes = any(one.of is not None for one in shape.items)
    data = _Data(number_format="General")
    data.categories = [clean(label) for label in labels]
    if has_wholes:
        data.add_series(clean(stage.t("deck.whole")), [one.of for one in shape.items])
    data.add_series(clean(shape.unit or stage.t("deck.value")), [one.value for one in shape.items])
    each = max(stage.scale * _BAR_ROOM, min(_FILLED * box.height / len(shape.items), stage.scale * _WIDEST_BAR))
    frame = box.top_strip(min(box.height, each * len(shape.items) + 8 * stage.scale))
    chart = _chart(stage, XL_CHART_TYPE.BAR_CLUSTERED, data, frame, said)
    plot = chart.plots[0]
    plot.overlap, plot.gap_width, plot.vary_by_categories = 100, 55, False
    value = plot.series[-1]
    for place, one in enumerate(shape.items):
        _paint_point(value, place, one.tone, stage)
        at_end = plot.series[0] if one.of is not None else value
        if one.value is not None:
            _say(at_end.points[place].data_label, one.text, stage, XL_LABEL_POSITION.OUTSIDE_END)
    if has_wholes:
        _paint(plot.series[0], paint.nothing(), paint.stroke(stage.tone("faint"), 1.25))
    longest = shape.longest or 1
    words = max((stage.wide(one.text, size) for one in shape.items), default=0) + 14 * stage.scale
    left = _label_room(labels, frame.width, size)
    room = frame.width - left
    _hide_values(chart, longest * room / max(room - words, room / 4))
    _category_side(chart, stage)
    _inner(chart, left / frame.width, 0.02, room / frame.width, 0.96)


def draw_stacked(stage: Stage, shape: StackedBars, box: Box, said: Said) -> None:
    """Bars of parts, a legend with symbol and word above; a bar's own words stand under its name."""
    size = stage.pt(TEXT)
    data = _Data(number_format="General")
    labels = [_stack_label(shape, row, stage) for row in range(len(shape.categories))]
    data.categories = [clean(label) for label in labels]
    for one in shape.series:
        data.add_series(clean(f"{palette.status_symbol(one.tone)} {one.name}".strip()), one.values)
    legend = _legend_height(shape.series, box.width, stage)
    wanted = legend + stage.scale * (_STACK_ROOM * len(labels) + 8)
    frame = box.top_strip(min(box.height, wanted))
    chart = _chart(stage, XL_CHART_TYPE.BAR_STACKED, data, frame, said)
    plot = chart.plots[0]
    plot.overlap, plot.gap_width = 100, 45
    left = _label_room(labels, frame.width, size)
    longest = shape.longest or 1
    track = (frame.width - left) * 0.97
    for one, drawn in zip(shape.series, plot.series, strict=True):
        _paint(drawn, *paint.area(one.tone, stage.theme))
        symbol, said_by_it = palette.status_symbol(one.tone), drawn.data_labels
        said_by_it.show_value = True
        said_by_it.position = XL_LABEL_POSITION.CENTER
        said_by_it.number_format = f'"{symbol} "#,##0;;' if symbol else "#,##0;;"
        said_by_it.number_format_is_linked = False
        _font(said_by_it.font, size, palette.on_area(one.tone, stage.theme), has_symbols=True)
        for place, value in enumerate(one.values):
            if value and value / longest * track < text_width(f"{symbol} {number(value)}", size) + 4:
                _no_label(drawn, place)
    _hide_values(chart, longest)
    _category_side(chart, stage)
    _legend(chart, stage, legend / frame.height)
    _inner(chart, left / frame.width, legend / frame.height, track / frame.width, 0.98 - legend / frame.height)


def _stack_label(shape: StackedBars, row: int, stage: Stage) -> str:
    """The name of a bar, its own words, and which of its parts nobody knows."""
    said = [shape.categories[row]]
    if shape.ends[row]:
        said.append(shape.ends[row])
    unknown = [one.name for one in shape.series if one.values[row] is None]
    if unknown:
        said.append(stage.t("deck.not_known", names=stage.t("common.comma").join(unknown)))
    return "\n".join(said)


def _label_room(labels: list[str], width: float, size: float) -> float:
    widest = max((text_width(part, size) for label in labels for part in label.split("\n")), default=0)
    return min(widest + 14, width * _LABEL_SHARE)


# --- lines ------------------------------------------------------------------------------------------------------


def draw_line(stage: Stage, shape: Line, box: Box, said: Said) -> None:
    """Values over days. A week without data interrupts the line and is hatched; marked days are dotted lines."""
    data = _Data(number_format="General")
    for one in shape.series:
        points = shape.points(one)
        data.add_series(clean(one.name), [value for _, value in points])
    data.categories = days = [day for day, _ in points]
    small = stage.pt(SMALL)
    first, last = min([*days, *(one.day for one in shape.marks)]), max([*days, *(one.day for one in shape.marks)])
    if last == first:
        last += dt.timedelta(days=1)
    is_named = len(shape.series) <= _MOST_NAMED  # at their ends, where the eye is; more have a legend
    legend = 0.0 if is_named else _legend_height(shape.series, box.width, stage)
    scale = axis(shape.known)
    left = text_width(f"{number(scale.ticks[-1])}   ", small) + stage.scale * 10
    names = max((stage.wide(one.name, stage.pt(TEXT)) for one in shape.series if is_named), default=0)
    named = min(names, 0.24 * box.width) if names else 0
    right = text_width(number(math.ceil(scale.top)), stage.pt(TEXT)) + named * 1.08 + stage.scale * 22
    plot_width = box.width - left - right

    def at(day: dt.date) -> float:
        return box.left + left + plot_width * (day - first).days / (last - first).days

    shape = replace(shape, marks=tuple(replace(one, label=cut(clean(one.label), _LONGEST_MARK)) for one in shape.marks))
    levels = _levels(shape.marks, at, small, box)
    marks = (max(levels.values(), default=-1) + 1) * small * LINE
    unit = small * LINE if shape.unit and not marks else 0
    head, foot = legend + max(marks, unit) + stage.scale * 6, small * LINE + stage.scale * 8
    plot = Box(box.left + left, box.top + head, plot_width, box.height - head - foot)
    for begin, end in shape.gaps:
        _gap(stage, Box(at(begin), plot.top, at(end) - at(begin), plot.height), begin, end)
    chart = _chart(stage, XL_CHART_TYPE.LINE_MARKERS, data, box, said)
    for one, drawn in zip(shape.series, chart.plots[0].series, strict=True):
        _draw_series(one, drawn, stage)
    _last_values(shape, chart, stage, plot.height / scale.top, days, is_named)
    _axes(chart, stage, scale, first, last, plot_width)
    if not is_named:
        _legend(chart, stage, legend / box.height)
    _inner(chart, left / box.width, head / box.height, plot_width / box.width, plot.height / box.height)
    if shape.unit:
        words = cut(clean(shape.unit), _LONGEST_MARK)
        place = Box(box.left, box.top + legend, max(left, text_width(words, small) + 4), small * LINE)
        stage.text(place, [paint.paragraph(words, small, stage.tone("faint"))], words, is_one_line=True)
    for mark, level in levels.items():
        _mark(stage, mark, at(mark.day), box.top + legend + level * small * LINE, plot, box)


def _draw_series(one: Series, drawn: _BaseCategorySeries, stage: Stage) -> None:
    colour = stage.tone(one.tone)
    drawn.smooth = False
    line = paint.stroke(colour, 2.0 if one.dashed else 3.0, "dash" if one.dashed else "")
    line.append(parse_xml(f"<a:round {nsdecls('a')}/>"))
    properties = drawn._element.get_or_add_spPr()
    for old in list(properties):
        properties.remove(old)
    properties.append(line)
    kind = "none" if one.dashed else "circle"
    size = "" if one.dashed else '<c:size val="8"/>'
    marker = parse_xml(f'<c:marker {nsdecls("c", "a")}><c:symbol val="{kind}"/>{size}<c:spPr/></c:marker>')
    marker.find(qn("c:spPr")).append(paint.solid(colour))
    marker.find(qn("c:spPr")).append(paint.stroke(colour))
    old = drawn._element.find(qn("c:marker"))
    if old is not None:
        drawn._element.remove(old)
    properties.addnext(marker)


def _last_values(shape: Line, chart: Chart, stage: Stage, per_unit: float, days: list[dt.date], is_named: bool) -> None:
    """Each series' last known value, with its name where no legend says it, beside its end; where two would touch, one
    goes above and one below."""
    ends = []
    for one, drawn in zip(shape.series, chart.plots[0].series, strict=True):
        if last := shape.last(one):
            day, value = last
            ends.append((value, days.index(day), one, drawn))
    ends.sort(key=lambda end: end[0])
    height, places = stage.pt(TEXT) * LINE, [XL_LABEL_POSITION.RIGHT] * len(ends)
    for low, high in pairwise(range(len(ends))):
        if (ends[high][0] - ends[low][0]) * per_unit < height:
            places[low], places[high] = XL_LABEL_POSITION.BELOW, XL_LABEL_POSITION.ABOVE
    for (_, place, one, drawn), where in zip(ends, places, strict=True):
        label = drawn.points[place].data_label
        label.position = where
        _font(label.font, stage.pt(TEXT), stage.tone(one.tone), True)
        if is_named:
            _say_name(label)


def _axes(chart: Chart, stage: Stage, scale: Axis, first: dt.date, last: dt.date, width: float) -> None:
    values, dates = chart.value_axis, chart.category_axis
    small, rule = stage.pt(SMALL), stage.surface("grid")
    values.minimum_scale, values.maximum_scale, values.major_unit = 0, scale.top, scale.step
    values.has_major_gridlines = True
    _set_line(values._element.find(qn("c:majorGridlines")), rule)
    values.format.line.fill.background()
    values.major_tick_mark = XL_TICK_MARK.NONE
    air = '"   "'  # between a number and the axis, on which the first point may lie
    values.tick_labels.number_format = f"#,##0.##{air}" if scale.step % 1 else f"#,##0{air}"
    values.tick_labels.number_format_is_linked = False
    _font(values.tick_labels.font, small, stage.tone("faint"))
    values._element.find(qn("c:crosses")).addnext(parse_xml(f'<c:crossBetween {nsdecls("c")} val="midCat"/>'))
    is_one_year = has_one_year((first, last))
    room = max(2, int(width / (text_width("00-00" if is_one_year else "0000-00-00", small) * 1.7)))
    step = math.ceil((last - first).days / room / 7) * 7 if (last - first).days > room else 1
    dates.tick_labels.number_format = "mm\\-dd" if is_one_year else "yyyy\\-mm\\-dd"
    dates.tick_labels.number_format_is_linked = False
    _font(dates.tick_labels.font, small, stage.tone("faint"))
    dates.major_tick_mark = XL_TICK_MARK.OUTSIDE
    dates.format.line.color.rgb = RGBColor.from_string(stage.tone("plain")[1:])
    dates.has_major_gridlines = False
    dates.minimum_scale, dates.maximum_scale = _serial(first), _serial(last)
    _every(dates._element, step)


def _every(axis: _Element, days: int) -> None:
    for name in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        for old in axis.findall(qn(name)):
            axis.remove(old)
    after = axis.find(qn("c:lblOffset"))
    for name, value in (("majorTimeUnit", "days"), ("majorUnit", days), ("baseTimeUnit", "days")):
        after.addnext(parse_xml(f'<c:{name} {nsdecls("c")} val="{value}"/>'))


def _serial(day: dt.date) -> int:
    return (day - dt.date(1899, 12, 30)).days


def _levels(marks: tuple[Mark, ...], at, size: float, box: Box) -> dict[Mark, int]:
    """Which of at most three levels above the plot the label of each marked day stands on; none for the rest."""
    ordered = sorted(marks, key=lambda one: one.day)
    lefts = [_mark_left(mark, at(mark.day), size, box) for mark in ordered]
    spans = [(left, left + text_width(mark.label, size)) for mark, left in zip(ordered, lefts, strict=True)]
    found = zip(ordered, label_levels(spans, 8), strict=True)
    return {mark: level for mark, level in found if level is not None}


def _mark_left(mark: Mark, centre: float, size: float, box: Box) -> float:
    wide = text_width(mark.label, size) + 4
    return min(max(centre - wide / 2, box.left), box.right - wide)


def _mark(stage: Stage, mark: Mark, x: float, top: float, plot: Box, box: Box) -> None:
    size, colour = stage.pt(SMALL), stage.tone(mark.tone)
    height = size * LINE
    stage.line(
        (x, top + height),
        (x, plot.bottom),
        f"{mark.day} {mark.label}",
        paint.stroke(colour, 1.25, "sysDot"),
        alt=f"{stage.t.day(mark.day)} {mark.label}",
    )
    place = Box(_mark_left(mark, x, size, box), top, text_width(mark.label, size) + 4, height)
    stage.text(place, [paint.paragraph(mark.label, size, colour, align="ctr")], mark.label, is_one_line=True)


def _gap(stage: Stage, box: Box, first: dt.date, last: dt.date) -> None:
    words = stage.t("deck.gap", first=stage.t.day(first), last=stage.t.day(last))
    fill = paint.hatched(stage.surface("rule"), stage.surface("ground"))
    size, short = stage.pt(SMALL), stage.t("deck.gap_short")
    fits = text_width(short, size) + 4 < box.width
    shown = [paint.paragraph(short, size, stage.tone("faint"), align="ctr")] if fits else []
    stage.panel(box, words, fill, paragraphs=shown, anchor="t", alt=words)


# --- what all charts share --------------------------------------------------------------------------------------


def _chart(stage: Stage, kind: XL_CHART_TYPE, data: _Data, box: Box, said: Said) -> Chart:
    made = stage.shapes.add_chart(kind, emu(box.left), emu(box.top), emu(box.width), emu(box.height), data)
    describe(made._element, said)
    chart, space = made.chart, made.chart._chartSpace
    for one in space.xpath(".//c:axId|.//c:crossAx"):
        one.set("val", str(int(one.get("val")) & 0x7FFFFFFF))  # the schema wants them unsigned
    chart.has_title = chart.has_legend = False
    _font(chart.font, stage.pt(TEXT), stage.tone("plain"))
    for letters in space.xpath("c:txPr//a:defRPr|c:txPr//a:endParaRPr"):
        letters.set("lang", paint.TAGS[stage.t.code][0])
    clear = f"<c:spPr {nsdecls('c', 'a')}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    space.find(qn("c:txPr")).addprevious(parse_xml(clear))
    return chart


def _font(font, size: float, colour: str, bold: bool = False, has_symbols: bool = False) -> None:
    font.size, font.bold = Pt(size), bold
    font.color.rgb = RGBColor.from_string(colour[1:])
    if has_symbols:
        font.name = paint.CHINESE


def _paint(series: _BaseCategorySeries, fill: _Element, line: _Element) -> None:
    _replace(series._element.get_or_add_spPr(), fill, line)
    series.invert_if_negative = False


def _paint_point(series: _BaseCategorySeries, place: int, tone: str, stage: Stage) -> None:
    """A bar is solid in its tone: how far it reaches is its message, and its words stand at its end."""
    colour = stage.tone(tone)
    properties = series._element.get_or_add_dPt_for_point(place)
    _replace(properties.get_or_add_spPr(), paint.solid(colour), paint.stroke(colour))
    series.invert_if_negative = False


def _replace(properties: _Element, fill: _Element, line: _Element) -> None:
    for old in list(properties):
        properties.remove(old)
    properties.append(fill)
    properties.append(line)


def _set_line(lines: _Element, colour: str) -> None:
    properties = lines.get_or_add_spPr()
    for old in list(properties):
        properties.remove(old)
    properties.append(paint.stroke(colour, 0.75))


def _say(label, text: str, stage: Stage, position: XL_LABEL_POSITION) -> None:
    """Words of our own at the end of a bar."""
    body = label.text_frame._txBody
    body.find(qn("a:bodyPr")).set("wrap", "none")
    paint.write(body, (paint.paragraph(text, stage.pt(TEXT), stage.tone("plain")),), stage.t.code)
    label.position = position


def _say_name(label) -> None:
    """A label that says the name of its series before the value."""
    element = label._get_or_add_dLbl()
    element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").set("wrap", "none")
    element.find(qn("c:showSerName")).set("val", "1")
    for old in element.findall(qn("c:separator")):
        element.remove(old)
    element.find(qn("c:showBubbleSize")).addnext(parse_xml(f"<c:separator {nsdecls('c')}> </c:separator>"))


def _no_label(series: _BaseCategorySeries, place: int) -> None:
    """A part too narrow for its number; the number stands in the data."""
    series._element.get_or_add_dLbls().insert(
        0, parse_xml(f'<c:dLbl {nsdecls("c")}><c:idx val="{place}"/><c:delete val="1"/></c:dLbl>')
    )


def _hide_values(chart: Chart, top: float) -> None:
    """No axis of values where every bar says its own; it starts at zero."""
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = 0, top
    axis.has_major_gridlines = False
    axis.visible = False


def _category_side(chart: Chart, stage: Stage) -> None:
    """The first bar on top, its name beside it."""
    axis = chart.category_axis
    axis.reverse_order = True
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = RGBColor.from_string(stage.tone("plain")[1:])
    _font(axis.tick_labels.font, stage.pt(TEXT), stage.tone("plain"))


def _legend_height(series: tuple[Series, ...], width: float, stage: Stage) -> float:
    size = stage.pt(SMALL)
    wanted = sum(text_width(f"{palette.status_symbol(one.tone)} {one.name}", size) + _KEY * size for one in series)
    return min(max(1, math.ceil(wanted * 1.12 / width)), _MOST_LEGEND_LINES) * size * LINE + stage.scale * 6


def _legend(chart: Chart, stage: Stage, share: float) -> None:
    chart.has_legend = True
    legend = chart.legend
    legend.position, legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _font(legend.font, stage.pt(SMALL), stage.tone("plain"), has_symbols=True)
    legend._element.get_or_add_layout().append(_layout(0, 0, 1, share, is_inner=False))


def _inner(chart: Chart, x: float, y: float, wide: float, high: float) -> None:
    """Pin the plot itself, without its labels, to shares of the frame."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = parse_xml(f"<c:layout {nsdecls('c')}/>")
    layout.append(_layout(x, y, wide, high, is_inner=True))
    area.insert(0, layout)


def _layout(x: float, y: float, wide: float, high: float, is_inner: bool) -> _Element:
    inner = '<c:layoutTarget val="inner"/>' if is_inner else ""
    sizes = "".join(f'<c:{name} val="{value:.5f}"/>' for name, value in zip("xywh", (x, y, wide, high), strict=True))
    modes = '<c:xMode val="edge"/><c:yMode val="edge"/>'
    return parse_xml(f"<c:manualLayout {nsdecls('c')}>{inner}{modes}{sizes}</c:manualLayout>")
