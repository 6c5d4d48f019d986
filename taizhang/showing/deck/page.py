"""One slide: its title, what it shows, what is to be said beside it, its footer and its notes."""

from dataclasses import replace

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide as Page

from taizhang.drawing.palette import SYMBOLS, tint
from taizhang.drawing.shapes import (
    Bars,
    Figures,
    Lanes,
    Line,
    Matrix,
    Passage,
    Shape,
    StackedBars,
    Table,
    TileMap,
    Timeline,
)
from taizhang.drawing.svg import is_drawn
from taizhang.showing import commitments
from taizhang.showing.deck import cards, charts, cover, lanes, notes, paint, places, tables
from taizhang.showing.deck.house import BAND
from taizhang.showing.deck.paint import Paragraph, Run, paragraph
from taizhang.showing.deck.space import LINE, Box
from taizhang.showing.deck.stage import (
    BOLD,
    COVER,
    FOOT,
    GUTTER,
    HEADING,
    HEADLINE,
    SMALL,
    SMALLEST_HEADLINE,
    TEXT,
    Said,
    Stage,
    emu,
)
from taizhang.showing.deck.template import Frame, Template
from taizhang.showing.slides import Showing, Slide

_CARD_EDGE = 10.0  # points that the card under the content reaches beyond it
_GAP = 8.0
BESIDE = 2 / 3  # of the width is the drawing's, eight columns of twelve, where figures stand beside it
_SAYING = 24.0  # the size of the one line of a slide that has nothing to show
_TITLE_INSET = 8.0  # what a title's box keeps free at each side, at most
_PAGE_NUMBER = 5.5  # em, of 188/188


def add(used: Template, showing: Showing, slide: Slide, number: str, has_sources: bool) -> None:
    """Add a slide to the deck; `number` is its n/N."""
    page = used.deck.slides.add_slide(used.cover if slide.is_cover else used.page)
    for shape in list(page.placeholders):
        if shape.element is not page.shapes.title.element:
            shape.element.getparent().remove(shape.element)
    stage = Stage(page.shapes, used.scale, used.theme, showing.view.t, used.latin)
    frame = used.frame(slide.is_cover)
    place, count = slide.part
    part = stage.t("deck.part", place=place, count=count) if count > 1 else ""
    top = _headline(stage, page, _headline_of(showing, slide), part, frame, slide.is_cover)
    is_ours = not used.has_card  # then the band tells what the footer would
    said = _footer_words(showing, slide, is_short=slide.is_cover and is_ours)
    footer = _footer_box(stage, frame.footer, said)
    body = Box(frame.body.left, top, frame.body.width, footer.top - top)
    if used.has_card:
        body = body.below(_cards(stage, body, footer))
    if slide.is_cover:
        _cover(stage, showing, slide, body, is_ours)
    else:
        _content(stage, showing, slide, body)
    _footer(stage, used, page, slide.is_cover, footer, said, number)
    for group in page.shapes._spTree.iter(qn("p:grpSp")):
        group.recalculate_extents()  # shapes were put into it one by one
    lines = notes.lines_of(slide, has_sources)
    if lines:
        written = tuple(paragraph(line, 0) if line else Paragraph(()) for line in lines)
        paint.write(page.notes_slide.notes_text_frame._txBody, written, stage.t.code)


def _cards(stage: Stage, body: Box, footer: Box) -> float:
    """Ground of our own on a template whose ground we do not know; returns what it keeps free at its top."""
    edge, fill = _CARD_EDGE * stage.scale, stage.surface("ground")
    boxes = [body, footer]
    if abs(body.left - footer.left) < 1 and abs(body.right - footer.right) < 1:
        boxes = [Box(body.left, body.top, body.width, footer.bottom - body.top)]
    for box in boxes:
        wider = Box(box.left - edge, box.top, box.width + 2 * edge, box.height)
        stage.panel(wider, stage.t("deck.card"), paint.solid(fill))
    return 0.8 * edge


# --- the title --------------------------------------------------------------------------------------------------


def _headline_of(showing: Showing, slide: Slide) -> str:
    """The finding; on the cover the meeting."""
    return paint.clean((showing.meeting.title or slide.title) if slide.is_cover else slide.title).replace("\n", " ")


def _headline(stage: Stage, page: Page, title: str, part: str, frame: Frame, is_cover: bool) -> float:
    """Write the title in one line if any readable size allows it, else in two; returns where the content begins.

    `part` says which of several slides of one list this is; it stays when the title has to be cut.
    """
    room = 0.97 * (frame.title.width - 2 * _TITLE_INSET)
    least = stage.pt(SMALLEST_HEADLINE)
    if is_cover:  # in two lines, if they are then as large as one
        sizes = [min(frame.headline, size) for size in map(stage.pt, (COVER, 36.0, HEADLINE)) if size >= least]
        size = next((one for one in sizes if stage.lines(title, room, one, bold=True) <= 2), least)
    else:
        largest = min(frame.headline, stage.pt(HEADLINE))
        size = max(min(largest, 0.98 * room / max(stage.wide(title + part, BOLD), 0.1)), least)
    said = stage.cut(title, room - stage.wide(part, size) / 2, size, 2, bold=True) + part
    shape = page.shapes.title
    needed = stage.lines(said, room, size, bold=True) * LINE * size + 2 * 3.6
    box = frame.title.top_strip(max(frame.title.height, needed))
    shape.left, shape.top, shape.width, shape.height = map(emu, (box.left, box.top, box.width, box.height))
    paint.write(shape.element.find(qn("p:txBody")), (_own_place(stage, said, size, room),), stage.t.code)
    return box.bottom


def _own_place(stage: Stage, text: str, size: float, room: float) -> Paragraph:
    """A paragraph on the side where the template has its titles, which are mostly bold."""
    broken = stage.broken(Paragraph((Run(text, size, bold=True),), align=""), room)
    return replace(broken, runs=tuple(replace(one, bold=False) for one in broken.runs))


# --- the content ------------------------------------------------------------------------------------------------


def _cover(stage: Stage, showing: Showing, slide: Slide, box: Box, is_ours: bool) -> None:
    """What is to be made clear; on a cover of ours beside the band, else below the day and all that is known."""
    t = stage.t
    box = box.top_strip(box.height - _remarks(stage, slide.remarks, slide.restated, box))
    if is_ours:
        cover.draw_band(stage, showing, slide, BAND)
        lead = t("agenda.opening", count=len(slide.opening)) if slide.opening else ""
        cover.draw_opening(stage, slide, lead, slide.facts, box)
    else:
        held = f"{t('deck.held_on', day=t.day(showing.meeting.held_on))} · {slide.title}"
        facts = slide.body.rows if isinstance(slide.body, Table) else ()
        cover.draw_opening(stage, slide, held, facts, box)


def _content(stage: Stage, showing: Showing, slide: Slide, box: Box) -> None:
    """Caption, figures, drawing, remarks, from the top; what is left over stays free."""
    box = box.below(_caption(stage, slide.caption, box) if slide.caption else _GAP * stage.scale)
    if slide.is_empty:
        _saying(stage, slide.remarks, box)
        box = box.top_strip(box.height - _remarks(stage, (), slide.restated, box))
        return
    box = box.top_strip(box.height - _remarks(stage, slide.remarks, slide.restated, box))
    if slide.cards:
        cards.draw_cards(stage, _asked(showing, slide), box)
        return
    if slide.figures:
        box = _figures(stage, slide, box)
    if slide.body is not None:
        left_out = _draw(stage, slide, slide.body, box)
        if left_out:
            _saying_left_out(stage, left_out, box)


def _figures(stage: Stage, slide: Slide, box: Box) -> Box:
    """Draw the figures: beside a drawing in four columns of twelve, above a list, or alone; returns what is left."""
    figures, gutter = slide.figures, GUTTER * stage.scale
    if slide.body is None:
        cards.draw_alone(stage, figures, box)
        return box
    wide = (box.width - gutter) * BESIDE
    beside = Box(box.left + wide + gutter, box.top, box.width - wide - gutter, box.height)
    if is_drawn(slide.body) and cards.fits_beside(stage, figures, beside):
        cards.draw_beside(stage, figures, beside)
        return replace(box, width=wide)
    return box.below(
        cards.draw_above(stage, figures, box, is_less=isinstance(slide.body, Table)) + 1.5 * _GAP * stage.scale
    )


def _asked(showing: Showing, slide: Slide) -> list[cards.Asked]:
    """The cards of a short list; where there is room, a last one for what is agreed on today."""
    places, t = slide.body.card, slide.view.t
    asked = [
        cards.Asked(
            state=row[places.state].shown,
            tone=row[places.state].tone or "plain",
            about=row[places.about].text,
            said=row[places.said].text if places.said is not None else "",
            below=slide.below(row),
        )
        for row in slide.cards
    ]
    if slide.has_agreed:
        agreed = [commitments.promised(one, slide.view) for one in showing.meeting.commitments]
        said = "\n".join(agreed) or t("deck.agreed_hint")
        asked.append(cards.Asked(t("present.agreed"), "plain", "", said, is_open=True))
    return asked


def _draw(stage: Stage, slide: Slide, shape: Shape, box: Box) -> int:
    """Draw a shape into a box; returns how many rows of a table found no room."""
    words = shape.in_words()
    said = Said(slide.title, stage.t("deck.alt", title=slide.title, words=words) if words else slide.title)
    match shape:
        case Table():
            largest = TEXT if slide.part[1] > 1 else HEADING  # the pages of one list look alike
            return tables.draw_table(stage, shape, box, slide.widths, said, largest)
        case Matrix():
            return tables.draw_matrix(stage, shape, box, said)
        case Bars():
            charts.draw_bars(stage, shape, box, said)
        case StackedBars():
            charts.draw_stacked(stage, shape, box, said)
        case Line():
            charts.draw_line(stage, shape, box, said)
        case Timeline():
            lanes.draw_timeline(stage, shape, box, said)
        case TileMap():
            places.draw_map(stage, shape, box, said)
        case Lanes():
            cards.draw_lanes(stage, shape, box)
        case Figures():
            cards.draw_alone(stage, shape, box)
        case Passage():
            size = stage.pt(TEXT)
            text = stage.cut(shape.text, box.width, size, int(box.height / (LINE * size)))
            stage.text(box, [paragraph(line, size, stage.tone("plain")) for line in text.split("\n")], slide.title)
    return 0


# --- beside the content -----------------------------------------------------------------------------------------


def _caption(stage: Stage, text: str, box: Box) -> float:
    """What is measured, below the title; returns the height it took."""
    size = stage.pt(SMALL)
    said = stage.cut(paint.clean(text), box.width, size, 2)
    height = stage.height(said, box.width, size)
    stage.text(box.top_strip(height), [paragraph(said, size, stage.tone("faint"))], said)
    return height + _GAP * stage.scale


def _saying(stage: Stage, lines: tuple[str, ...], box: Box) -> None:
    """The one line of a slide that has nothing to show, large and alone."""
    size = stage.pt(_SAYING)
    if lines:
        place = box.below(0.2 * box.height).top_strip(0.5 * box.height)
        stage.text(place, [paragraph(line, size, stage.tone("plain"), after=size / 2) for line in lines], lines[0])


def _remarks(stage: Stage, remarks: tuple[str, ...], restated: tuple[str, ...], box: Box) -> float:
    """What to beware of, at the bottom of the box; what was corrected since stands out. Returns the height taken."""
    size, gap = stage.pt(SMALL), _GAP * stage.scale
    used = 0.0
    if remarks:
        said = stage.cut(paint.clean("  ".join(remarks)), box.width, size, 2)
        height = stage.height(said, box.width, size)
        place = Box(box.left, box.bottom - height, box.width, height)
        stage.text(place, [paragraph(said, size, stage.tone("plain"))], said)
        used += height + gap / 2
    if restated:
        room = box.width - gap
        said = [stage.cut(paint.clean(f"{SYMBOLS['soon']} {one}"), room, size, 2, bold=True) for one in restated[:3]]
        height = sum(stage.height(one, room, size, bold=True) for one in said) + gap
        place = Box(box.left, box.bottom - used - height, box.width, height)
        words = [paragraph(one, size, stage.tone("plain"), True) for one in said]
        fill, line = paint.solid(tint("soon", stage.theme)), paint.stroke(stage.tone("soon"), 1.5)
        stage.panel(place, said[0], fill, line, words, inset=gap / 2)
        used += height + gap / 2
    return used


def _saying_left_out(stage: Stage, count: int, box: Box) -> None:
    """Rows that a template without room leaves out are counted, never silently gone."""
    size = stage.pt(FOOT)
    said = stage.t("deck.no_room", count=count)
    place = Box(box.left, box.bottom - LINE * size, box.width, LINE * size)
    stage.text(place, [paragraph(said, size, stage.tone("plain"))], said)


# --- the footer -------------------------------------------------------------------------------------------------


def _footer_words(showing: Showing, slide: Slide, is_short: bool) -> str:
    """As-of date, release, compared day, district, demo mark, passport; a short one leaves out what the band says."""
    t, seen = slide.view.t, slide.view.circumstances
    parts = [
        *(() if is_short else (seen.as_of, seen.release, seen.compared, seen.district_if_any)),
        t("common.demo") if slide.is_demo or showing.is_demo else "",
        t("deck.passport", code=slide.passport) if slide.passport else "",
    ]
    return " · ".join(part for part in parts if part)


def _footer_box(stage: Stage, strip: Box, words: str) -> Box:
    """The template's own strip, higher where the words take more lines."""
    size = stage.pt(FOOT)
    room = strip.width - _PAGE_NUMBER * size
    height = max(strip.height, stage.height(words, room, size) + 2)
    return Box(strip.left, strip.bottom - height, strip.width, height)


def _footer(stage: Stage, used: Template, page: Page, is_cover: bool, box: Box, words: str, number: str) -> None:
    """Footer and page number as the placeholders that the layout has for them, else as plain boxes."""
    size, colour = stage.pt(FOOT), stage.tone("faint")
    split = box.width - _PAGE_NUMBER * size
    places = {
        "ftr": (Box(box.left, box.top, split, box.height), words, "l"),
        "sldNum": (Box(box.left + split, box.top, box.width - split, box.height), number, "r"),
    }
    layout = used.cover if is_cover else used.page
    marks = [shape.element.xpath(".//p:ph")[0] for shape in layout.placeholders]
    kinds = {mark.get("type"): mark for mark in marks}
    for kind, (place, said, align) in places.items():
        stage.text(place, [paragraph(said, size, colour, align=align)], said, "ctr")
        if kind in kinds:
            made = stage.shapes._element[-1]
            about = made.find(qn("p:nvSpPr"))
            about.find(qn("p:cNvSpPr")).attrib.pop("txBox", None)
            mark = parse_xml(f'<p:ph {nsdecls("p")} type="{kind}" sz="quarter" idx="{kinds[kind].get("idx", "0")}"/>')
            about.find(qn("p:nvPr")).append(mark)
