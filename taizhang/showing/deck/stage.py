"""One slide being drawn: boxes of text, panels, lines and groups, each with a name and an alternative text."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from lxml.etree import _Element
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.shapetree import _BaseGroupShapes
from pptx.util import Emu

from taizhang.declared.wording import Language
from taizhang.drawing import palette
from taizhang.showing.deck import paint
from taizhang.showing.deck.paint import Paragraph, clean
from taizhang.showing.deck.space import LINE, Box, broken, line_count, shortened, text_width

# Sizes on a slide 540 pt high; others grow and shrink with the slide.
HEIGHT = 540
BOLD = 1.04  # how much wider bold letters are
# The scale of the room's slides; 2.2 % is the least that the last row of a room can read.
FOOT, SMALL, TEXT, HEADING = 12.0, 14.0, 16.0, 20.0
HEADLINE, SMALLEST_HEADLINE, COVER = 28.0, 22.0, 44.0
VALUE = 52.0
GUTTER = 13.0  # between the twelve columns of the grid
_TEXT_BOX = ' txBox="1"'
_RECTANGLE = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
_STRAIGHT = '<a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
_DECORATIVE = (
    f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


def emu(points: float) -> Emu:
    return Emu(round(points * paint.EMU))


Point = tuple[float, float]


class Said(NamedTuple):
    """What stands for a drawing in the list of a slide's objects, and for those who do not see it."""

    name: str
    words: str


def describe(element: _Element, said: Said) -> None:
    """Name what a slide holds and say it in words; without words it is marked as decoration."""
    about = element.xpath(".//p:cNvPr")[0]
    about.set("name", clean(said.name)[:100])
    if said.words:
        about.set("descr", clean(said.words))
    else:
        about.append(parse_xml(_DECORATIVE))


class _Body(NamedTuple):
    """The text of a shape and how it stands in it."""

    paragraphs: tuple[Paragraph, ...]
    anchor: str
    inset: float
    wrap: str = "square"
    is_text_box: bool = False


@dataclass(frozen=True)
class Stage:
    """A slide's shapes (or a group's), how much larger than 540 pt it is, its theme of colours, its language."""

    shapes: _BaseGroupShapes
    scale: float
    theme: str
    t: Language
    latin: float = 1.0  # how wide the Latin letters of its face may be

    def pt(self, size: float) -> float:
        """A size given for a slide 540 pt high, on this slide; never rounded down."""
        return math.ceil(size * self.scale * 10 - 1e-6) / 10

    def wide(self, text: str, size: float) -> float:
        """How wide a text is in one line, in the widest face its template may bring."""
        letters = "".join(one for one in text if one.isascii())
        return text_width(text, size) + max(0, self.latin - 1) * text_width(letters, size)

    def lines(self, text: str, room: float, size: float, bold: bool = False) -> int:
        """How many lines a text takes in a room that is so many points wide."""
        return line_count(text, room, size * (BOLD if bold else 1), self.latin)

    def height(self, text: str, room: float, size: float, bold: bool = False) -> float:
        """How high such a text is."""
        return self.lines(text, room, size, bold) * LINE * size

    def cut(self, text: str, room: float, size: float, most_lines: int, bold: bool = False) -> str:
        """As much of a text as so many lines hold."""
        return shortened(text, room, size * (BOLD if bold else 1), most_lines, self.latin)

    def broken(self, said: Paragraph, room: float) -> Paragraph:
        """A paragraph with its lines ended by us: every program parts text in its own way, days and names too."""
        if len(said.runs) != 1 or said.runs[0].closer:  # letters that were made to fit one line
            return said
        (run,) = said.runs
        lines = broken(clean(run.text).replace("\n", " "), room, run.size * (BOLD if run.bold else 1), self.latin)
        *before, last = (replace(run, text=line) for line in lines)
        return replace(said, runs=(*(replace(one, ends_line=True) for one in before), last))

    def tone(self, tone: str) -> str:
        return palette.tones(self.theme)[tone]

    def surface(self, name: str) -> str:
        return palette.surfaces(self.theme)[name]

    def group(self, said: Said) -> "Stage":
        """A stage whose shapes form one group."""
        made = self.shapes.add_group_shape()
        describe(made._element, said)
        return replace(self, shapes=made.shapes)

    def text(
        self, box: Box, paragraphs: Iterable[Paragraph], name: str, anchor: str = "t", is_one_line: bool = False
    ) -> None:
        """Text in a box without fill or line; `is_one_line`: it is never broken, even in a wider face."""
        body = _Body(tuple(paragraphs), anchor, 0, "none" if is_one_line else "square", is_text_box=True)
        self._add(box, name, body, paint.nothing(), paint.stroke(), "", _RECTANGLE)

    def panel(
        self,
        box: Box,
        name: str,
        fill: _Element,
        line: _Element | None = None,
        paragraphs: Iterable[Paragraph] = (),
        anchor: str = "ctr",
        inset: float = 0.0,
        alt: str = "",
        geometry: str = _RECTANGLE,
        is_one_line: bool = False,
    ) -> None:
        """A filled box, with or without text; `is_one_line`: no paragraph of it is ever broken."""
        body = _Body(tuple(paragraphs), anchor, inset, "none" if is_one_line else "square")
        self._add(box, name, body, fill, line if line is not None else paint.stroke(), alt, geometry)

    def line(self, start: Point, end: Point, name: str, stroke: _Element, alt: str = "") -> None:
        """A straight line between two points."""
        box = Box(min(start[0], end[0]), min(start[1], end[1]), abs(end[0] - start[0]), abs(end[1] - start[1]))
        self.panel(box, name, paint.nothing(), stroke, alt=alt, geometry=_STRAIGHT)

    def strokes(self, box: Box, name: str, runs: Iterable[Iterable[Point]], stroke: _Element, alt: str = "") -> None:
        """Open strokes through points (from the slide's corner), all in one shape."""
        moves = []
        for run in runs:
            for place, (x, y) in enumerate(run):
                kind = "lnTo" if place else "moveTo"
                moves.append(f'<a:{kind}><a:pt x="{emu(x - box.left)}" y="{emu(y - box.top)}"/></a:{kind}>')
        path = f'<a:path w="{emu(box.width)}" h="{emu(box.height)}" fill="none">{"".join(moves)}</a:path>'
        lists = "<a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        geometry = f'<a:custGeom>{lists}<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{path}</a:pathLst></a:custGeom>'
        self.panel(box, name, paint.nothing(), stroke, alt=alt, geometry=geometry)

    def _add(self, box: Box, name: str, body: _Body, fill: _Element, line: _Element, alt: str, geometry: str) -> None:
        margin, room = emu(body.inset), box.width - 2 * body.inset
        paragraphs = body.paragraphs
        if body.wrap == "square" and room > 0:
            paragraphs = tuple(self.broken(one, room) for one in paragraphs)
        element = parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{self.shapes._next_shape_id}" name=""/>'
            f"<p:cNvSpPr{_TEXT_BOX if body.is_text_box else ''}/><p:nvPr/></p:nvSpPr>"
            f'<p:spPr><a:xfrm><a:off x="{emu(box.left)}" y="{emu(box.top)}"/>'
            f'<a:ext cx="{emu(box.width)}" cy="{emu(box.height)}"/></a:xfrm>{geometry}</p:spPr>'
            f'<p:txBody><a:bodyPr wrap="{body.wrap}" lIns="{margin}" tIns="{margin}" rIns="{margin}" bIns="{margin}" '
            f'rtlCol="0" anchor="{body.anchor}"><a:noAutofit/></a:bodyPr><a:lstStyle/></p:txBody></p:sp>'
        )
        element.spPr.append(fill)
        element.spPr.append(line)
        paint.write(element.find(qn("p:txBody")), paragraphs, self.t.code)
        if alt or not any(run.text for one in body.paragraphs for run in one.runs):
            describe(element, Said(name, alt))
        else:  # its text is its alternative
            element.xpath(".//p:cNvPr")[0].set("name", clean(name)[:100])
        self.shapes._element.append(element)
