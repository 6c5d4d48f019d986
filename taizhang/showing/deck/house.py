"""The house template, made by code: 16:9, a cover and a page, fonts and colours in the theme, no file to keep."""

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.presentation import Presentation as Deck
from pptx.shapes.placeholder import LayoutPlaceholder, MasterPlaceholder
from pptx.slide import SlideLayout

from taizhang.declared.wording import Language
from taizhang.drawing import palette
from taizhang.showing.deck import paint
from taizhang.showing.deck.space import Box
from taizhang.showing.deck.stage import COVER, HEADLINE, emu

WIDTH, HEIGHT, MARGIN = 960, 540, 38
LATIN = "Arial"  # an office's own template brings its own
_LAYOUTS = {"title": "deck.layout_cover", "titleOnly": "deck.layout_page"}
BAND = Box(0, 0, WIDTH / 3, HEIGHT)  # the office's, on a cover
_TITLE = Box(MARGIN, 24, WIDTH - 2 * MARGIN, 42)
_COVER = Box(BAND.right + 32, 34, WIDTH - MARGIN - BAND.right - 32, 66)
_PLACES = {
    "title": _TITLE,
    "ctrTitle": _COVER,
    "subTitle": Box(_COVER.left, _COVER.bottom, _COVER.width, 36),
    "body": Box(MARGIN, 70, WIDTH - 2 * MARGIN, 430),
    "ftr": Box(MARGIN, 512, WIDTH - 2 * MARGIN - 80, 20),
    "sldNum": Box(WIDTH - MARGIN - 76, 512, 76, 20),
}
_FOOT = 507.6  # where the line above the footer is


def house(theme: str, t: Language) -> Deck:
    """An empty deck with two layouts, of the types `title` and `titleOnly`, in a theme of colours."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = emu(WIDTH), emu(HEIGHT)
    del deck.element.find("{*}sldSz").attrib["type"]  # it said 4:3
    for layout in list(deck.slide_layouts):
        kind = layout._element.get("type")
        if kind in _LAYOUTS:
            layout._element.cSld.set("name", t(_LAYOUTS[kind]))
            _place(layout.placeholders)
            if kind == "title":
                levels = layout.placeholders[0].element.find(".//{*}lstStyle")
                _move_right(layout.placeholders)
                levels[:] = [parse_xml(f'<a:lvl1pPr {nsdecls("a")}><a:defRPr sz="{round(COVER * 100)}"/></a:lvl1pPr>')]
                _strip(layout, BAND, palette.band(theme)[0])
            left = _COVER.left if kind == "title" else MARGIN
            _strip(layout, Box(left, _FOOT, WIDTH - MARGIN - left, 0.75), palette.surfaces(theme)["rule"])
        else:
            deck.slide_layouts.remove(layout)
    _place(deck.slide_master.placeholders)
    for about in deck.slide_master.element.iterfind(".//{*}bodyPr"):
        about.set("lIns", "0")  # what stands below begins at the same edge
        about.set("rIns", "0")
    headline = deck.slide_master.element.find(".//{*}titleStyle/{*}lvl1pPr")
    headline.set("algn", "l")
    headline.find("{*}defRPr").set("sz", str(round(HEADLINE * 100)))
    headline.find("{*}defRPr").set("b", "1")
    _dress(deck, theme)
    return deck


def _place(placeholders) -> None:
    """Put each placeholder where this house has it; those that it does not use go."""
    for shape in list(placeholders):
        box = _PLACES.get(_kind(shape))
        if box is None:
            shape.element.getparent().remove(shape.element)
            continue
        shape.left, shape.top, shape.width, shape.height = map(emu, (box.left, box.top, box.width, box.height))
        for level in shape.element.xpath(".//a:lstStyle/a:lvl1pPr"):
            level.set("algn", "r" if _kind(shape) == "sldNum" else "l")


def _move_right(placeholders) -> None:
    """The footer of a cover stands beside its band."""
    for shape in placeholders:
        if _kind(shape) == "ftr":
            shape.left, shape.width = emu(_COVER.left), emu(_COVER.width - 80)


def _kind(shape: MasterPlaceholder | LayoutPlaceholder) -> str:
    return shape.element.xpath(".//p:nvPr/p:ph")[0].get("type", "obj")


def _strip(layout: SlideLayout, box: Box, colour: str) -> None:
    """A strip of colour behind everything else of a layout."""
    strip = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="Ground"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        "</p:nvSpPr>"
        f'<p:spPr><a:xfrm><a:off x="{emu(box.left)}" y="{emu(box.top)}"/>'
        f'<a:ext cx="{emu(box.width)}" cy="{emu(box.height)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:sp>'
    )
    strip.spPr.append(paint.solid(colour))
    strip.spPr.append(paint.stroke())
    layout.shapes._spTree.insert(2, strip)


def _dress(deck: Deck, theme: str) -> None:
    """Fonts and colours into the theme: charts, tables and whatever people add later inherit them."""
    tones, surfaces = palette.tones(theme), palette.surfaces(theme)
    part = deck.slide_master.part.part_related_by(RT.THEME)
    root = etree.fromstring(part.blob)
    root.set("name", "Taizhang")
    for fonts in root.iterfind(".//{*}fontScheme/*"):
        faces = (("latin", LATIN), ("ea", paint.CHINESE), ("cs", ""))
        fonts[:] = [parse_xml(f'<a:{name} {nsdecls("a")} typeface="{face}"/>') for name, face in faces]
        fonts.append(parse_xml(f'<a:font {nsdecls("a")} script="Hans" typeface="{paint.CHINESE}"/>'))
    colours = {
        "dk1": tones["plain"],
        "lt1": surfaces["ground"],
        "dk2": tones["done"],
        "lt2": surfaces["surface"],
        "accent1": tones["done"],
        "accent2": tones["moving"],
        "accent3": tones["soon"],
        "accent4": tones["late"],
        "accent5": tones["waiting"],
        "accent6": tones["lasting"],
        "hlink": tones["moving"],
        "folHlink": tones["waiting"],
    }
    for name, colour in colours.items():
        slot = root.find(f".//{{*}}clrScheme/{{*}}{name}")
        slot[:] = [parse_xml(f'<a:srgbClr {nsdecls("a")} val="{colour[1:]}"/>')]
    part._blob = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
