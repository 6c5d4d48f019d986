"""Colours, fills and texts as DrawingML: the same for shapes, table cells and charts."""

import re
from dataclasses import dataclass, replace
from itertools import chain

from lxml.etree import _Element
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import OxmlElement

from taizhang.declared.plain import harmless
from taizhang.drawing import palette

TAGS = {"zh": ("zh-CN", "en-US"), "en": ("en-US", "zh-CN")}  # the language of a run, and the other one in it
EMU = 12700  # in a point
CHINESE = "Microsoft YaHei"  # every office computer has it, and it has every symbol; Latin faces have odd ones
# Of a tone; after a digit, × is a sign of arithmetic.
_SYMBOL = re.compile(r"((?<!\d)[" + "".join(sorted({*palette.SYMBOLS.values()} - {"", "·"})) + "])")
SPACING = 90  # per cent of a font's own line height; Chinese fonts bring a lot of their own


def clean(text: object) -> str:
    """A text without anything that XML or an office program cannot hold; the one way in for every text."""
    return harmless(str(text)).replace("\t", " ")


@dataclass(frozen=True)
class Run:
    """Letters of one size and colour; `colour` '' is the template's own. `closer` is how much less than usual, in
    points, they stand apart. `ends_line`: what follows begins a new line, within the same paragraph."""

    text: str
    size: float
    colour: str = ""
    bold: bool = False
    closer: float = 0.0
    ends_line: bool = False


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `align` is l, ctr, r or '' (the template's own), `after` the space below it in points."""

    runs: tuple[Run, ...]
    align: str = "l"
    after: float = 0.0


def paragraph(text: str, size: float, colour: str = "", bold: bool = False, align: str = "l", after=0.0) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph((Run(text, size, colour, bold),), align, after)


def write(body: _Element, paragraphs: tuple[Paragraph, ...], lang: str) -> None:
    """Put paragraphs into a text body in place of what it holds; each run says its language."""
    for one in body.findall(qn("a:p")):
        body.remove(one)
    for one in paragraphs or (Paragraph(()),):
        body.append(_paragraph(one, lang))


def _paragraph(said: Paragraph, lang: str) -> _Element:
    element, about = OxmlElement("a:p"), OxmlElement("a:pPr")
    if said.align:
        about.set("algn", said.align)
    spaces = (("a:lnSpc", "a:spcPct", SPACING * 1000), ("a:spcAft", "a:spcPts", round(said.after * 100)))
    for name, kind, value in spaces:
        outer, inner = OxmlElement(name), OxmlElement(kind)
        inner.set("val", str(value))
        outer.append(inner)
        about.append(outer)
    element.append(about)
    for run in chain.from_iterable(map(_by_face, said.runs)):
        written, text = OxmlElement("a:r"), OxmlElement("a:t")
        written.append(_letters("a:rPr", run, lang))
        text.text = clean(run.text).replace("\n", " ")
        written.append(text)
        element.append(written)
        if run.ends_line:
            end = OxmlElement("a:br")
            end.append(_letters("a:rPr", replace(run, text=""), lang))
            element.append(end)
    if not said.runs:
        element.append(_letters("a:endParaRPr", Run("", 12), lang))
    return element


def _by_face(run: Run) -> list[Run]:
    """The run, its symbols apart: Latin faces have few of them, and programs choose odd ones in their place."""
    made = [replace(run, text=text, ends_line=False) for text in _SYMBOL.split(run.text) if text]
    return [*made[:-1], replace(made[-1], ends_line=run.ends_line)] if made else []


def _letters(name: str, run: Run, lang: str) -> _Element:
    element = OxmlElement(name)
    own, other = TAGS[lang]
    element.set("lang", own)
    element.set("altLang", other)
    if run.size:
        element.set("sz", str(round(run.size * 100)))
    if run.closer:
        element.set("spc", str(-round(run.closer * 100)))
    if run.bold:
        element.set("b", "1")
    element.set("dirty", "0")
    if run.colour:
        element.append(solid(run.colour))
    if _SYMBOL.fullmatch(run.text):
        element.append(parse_xml(f'<a:latin {nsdecls("a")} typeface="{CHINESE}"/>'))
    return element


def solid(colour: str) -> _Element:
    return parse_xml(f'<a:solidFill {nsdecls("a")}><a:srgbClr val="{colour[1:]}"/></a:solidFill>')


def hatched(front: str, back: str) -> _Element:
    front, back = (f'<a:srgbClr val="{colour[1:]}"/>' for colour in (front, back))
    colours = f"<a:fgClr>{front}</a:fgClr><a:bgClr>{back}</a:bgClr>"
    return parse_xml(f'<a:pattFill {nsdecls("a")} prst="wdUpDiag">{colours}</a:pattFill>')


def nothing() -> _Element:
    return parse_xml(f"<a:noFill {nsdecls('a')}/>")


def stroke(colour: str = "", points: float = 1.0, dash: str = "", name: str = "a:ln") -> _Element:
    """A line; without a colour, none."""
    if not colour:
        return parse_xml(f"<{name} {nsdecls('a')}><a:noFill/></{name}>")
    line = parse_xml(f'<{name} {nsdecls("a")} w="{round(points * EMU)}"/>')
    line.append(solid(colour))
    if dash:
        line.append(parse_xml(f'<a:prstDash {nsdecls("a")} val="{dash}"/>'))
    return line


def area(tone: str, theme: str) -> tuple[_Element, _Element]:
    """(fill, outline) of an area of a tone, so that it also reads in black and white."""
    colour, ground = palette.tones(theme)[tone], palette.surfaces(theme)["ground"]
    match palette.fill(tone):
        case "solid":
            fill = solid(colour)
        case "tint":
            fill = solid(palette.tint(tone, theme))
        case "hatch":
            fill = hatched(colour, ground)
        case _:
            fill = solid(ground)
    return fill, stroke(colour, 1)
