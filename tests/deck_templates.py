"""Templates as offices have them, made by code: none of them was thought of when the deck was."""

import io
import zipfile
from collections.abc import Callable

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.presentation import Presentation as Deck
from pptx.util import Emu, Inches

BLACK, RED = RGBColor(0, 0, 0), RGBColor(0xC0, 0x10, 0x10)
CHINESE_NAMES = (
    "标题幻灯片",
    "标题和内容",
    "节标题",
    "两栏内容",
    "比较",
    "仅标题",
    "空白",
    "内容与标题",
    "图片与标题",
    "标题和竖排文字",
    "竖排标题与文本",
)


def black() -> bytes:
    """A wide deck on black, its colours said in the master and not in the theme; no footers in its layouts."""
    deck = Presentation()
    _size(deck, 13.333, 7.5)
    deck.slide_master.background.fill.solid()
    deck.slide_master.background.fill.fore_color.rgb = BLACK
    colour = deck.slide_master.element.find(".//{*}titleStyle/{*}lvl1pPr/{*}defRPr/{*}solidFill")
    colour[:] = [etree.fromstring(f'<a:srgbClr xmlns:a="{colour.nsmap["a"]}" val="FFFFFF"/>')]
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in (13, 15, 16):  # slide number, footer, date
                shape.element.getparent().remove(shape.element)
    return _saved(deck)


def four_to_three() -> bytes:
    """4:3, the title low in a coloured band, footers at the bottom."""
    deck = Presentation()
    master = deck.slide_master
    master.shapes._spTree.insert(2, _rectangle(0, 0, 10, 1.35, RED))
    colour = master.element.find(".//{*}titleStyle/{*}lvl1pPr/{*}defRPr/{*}solidFill")
    colour[:] = [etree.fromstring(f'<a:srgbClr xmlns:a="{colour.nsmap["a"]}" val="FFFFFF"/>')]
    cover = deck.slide_layouts[0]
    cover.background.fill.solid()
    cover.background.fill.fore_color.rgb = RED
    master.placeholders[0].top, master.placeholders[0].height = Inches(0.3), Inches(0.95)
    return _saved(deck)


def potx() -> bytes:
    """A .potx with Chinese layout names, sample slides with notes, and sections that name them."""
    deck = Presentation()
    _size(deck, 13.333, 7.5)
    for layout, name in zip(deck.slide_layouts, CHINESE_NAMES, strict=True):
        layout._element.cSld.set("name", name)
    for place in (0, 1, 5):
        slide = deck.slides.add_slide(deck.slide_layouts[place])
        slide.shapes.title.text = "样张：请勿删除"
        slide.notes_slide.notes_text_frame.text = "样张的备注"
    ids = [one.get("id") for one in deck.slides._sldIdLst]
    section = (
        '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
        '<p14:section name="样张" id="{5A6C2C3F-7B67-4E55-9A55-0A5D0A5B1C11}"><p14:sldIdLst>'
        + "".join(f'<p14:sldId id="{one}"/>' for one in ids)
        + "</p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>"
    )
    deck.part._element.append(etree.fromstring(section))
    return retyped(_saved(deck), "template")


def own_fonts() -> bytes:
    """A4 paper, the office's own fonts and large title, a logo at the top right, layouts of types nobody knows."""
    deck = Presentation()
    _size(deck, 11.69, 8.27)
    part = deck.slide_master.part.part_related_by(RT.THEME)
    root = etree.fromstring(part.blob)
    for name, face in (("latin", "Times New Roman"), ("ea", "FangSong")):
        for one in root.iterfind(f".//{{*}}fontScheme//{{*}}{name}"):
            one.set("typeface", face)
    part._blob = etree.tostring(root)
    for layout in deck.slide_layouts:
        layout._element.attrib.pop("type", None)
    deck.slide_master.shapes._spTree.append(_rectangle(10.4, 0.3, 0.9, 0.9, RED))
    for shape in deck.slide_master.placeholders:
        if shape.placeholder_format.type == 1:
            shape.width = Inches(9.6)
    return _saved(deck)


TEMPLATES: dict[str, Callable[[], bytes]] = {
    "black": black,
    "four_to_three": four_to_three,
    "potx": potx,
    "own_fonts": own_fonts,
}


def retyped(data: bytes, kind: str) -> bytes:
    """The same file, declared to be of another kind: `template`, `slideshow`."""
    wanted = f"{kind}.main+xml".encode()
    return changed(data, "[Content_Types].xml", lambda text: text.replace(b"presentation.main+xml", wanted))


def changed(data: bytes, name: str, change: Callable[[bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """The same zip file with one part changed, and more parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
        for one, text in (more or {}).items():
            new.writestr(one, text)
    return out.getvalue()


def _size(deck: Deck, wide: float, high: float) -> None:
    """Another size of paper, everything on it stretched along."""
    across, down = Inches(wide) / deck.slide_width, Inches(high) / deck.slide_height
    deck.slide_width, deck.slide_height = Inches(wide), Inches(high)
    deck.element.find("{*}sldSz").attrib.pop("type", None)
    for holder in (deck.slide_master, *deck.slide_layouts):
        for frame in holder.element.iterfind(".//{*}sp/{*}spPr/{*}xfrm"):
            frame.off.x, frame.ext.cx = Emu(int(frame.off.x * across)), Emu(int(frame.ext.cx * across))
            frame.off.y, frame.ext.cy = Emu(int(frame.off.y * down)), Emu(int(frame.ext.cy * down))


def _rectangle(left: float, top: float, wide: float, high: float, colour: RGBColor):
    """A filled rectangle to put into a master."""
    other = Presentation()
    page = other.slides.add_slide(other.slide_layouts[6])
    shape = page.shapes.add_shape(1, Inches(left), Inches(top), Inches(wide), Inches(high))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour
    return shape.element


def _saved(deck: Deck) -> bytes:
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()
