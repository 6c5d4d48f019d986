"""The deck that slides are put into: the house's own, or an office's .pptx or .potx, checked and emptied first.

Layouts are found by their type, which is the same in every language, never by name or place.
"""

import io
import zipfile
from dataclasses import dataclass

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.presentation import Presentation as Deck
from pptx.shapes.placeholder import LayoutPlaceholder
from pptx.slide import SlideLayout

from taizhang.declared.wording import Language
from taizhang.showing.deck import paint
from taizhang.showing.deck.house import house
from taizhang.showing.deck.space import Box
from taizhang.showing.deck.stage import HEADLINE, HEIGHT, SMALLEST_HEADLINE
from taizhang.uploads.archives import has_macros, has_stream, refuse_locked, refuse_many_parts, unpacked, without_dtd
from taizhang.uploads.lines import LIMITS, FileRefused

_COVERS = ("title", "titleOnly", "obj")
_PAGES = ("titleOnly", "obj", "tx", "objTx", "txAndObj", "twoObj", "title")
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.{}.main+xml"
_ARIAL, _WIDEST = 0.9, 1.1  # beside what `screen.drawing.width` says of Latin letters
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_LOWEST_TITLE, _LOWEST_COVER = 0.2, 0.42  # of the slide's height: what stands below needs the rest
_FOOT = 0.8  # placeholders below this are for footers


class TemplateRefused(Exception):
    """A template that cannot be used, and why; `words` is the sentence that says so, and what to do next."""

    def __init__(self, code: str, **blanks: object):
        self.code = code
        self.words = (f"deck.refused_{code}", blanks)
        super().__init__(f"{code} {blanks}")


@dataclass(frozen=True)
class Frame:
    """Where a layout has its title, its content and its footer; `headline` is the largest size of a title."""

    title: Box
    body: Box
    footer: Box
    headline: float


@dataclass(frozen=True)
class Template:
    """An empty deck with the layouts to use. `has_card`: its ground is not ours, so content gets one of its own."""

    deck: Deck
    cover: SlideLayout
    page: SlideLayout
    theme: str
    has_card: bool
    latin: float  # how wide the Latin letters of its faces may be; an office computer may also lack the face

    @property
    def scale(self) -> float:
        """How much larger the slides are than 540 pt."""
        return self.deck.slide_height / paint.EMU / HEIGHT

    def frame(self, is_cover: bool) -> Frame:
        """Where things go on a slide of that layout, whatever its shape."""
        wide, high = (side / paint.EMU for side in (self.deck.slide_width, self.deck.slide_height))
        layout = self.cover if is_cover else self.page
        title = _box(_title_of(layout)) or Box(0.05 * wide, 0.05 * high, 0.9 * wide, 0.12 * high)
        lowest = (_LOWEST_COVER if is_cover else _LOWEST_TITLE) * high
        if title.width < 0.4 * wide or title.left < 0 or title.right > wide + 1:
            title = Box(0.05 * wide, title.top, 0.9 * wide, title.height)
        if title.bottom > lowest:
            height = min(title.height, 0.13 * high)
            title = Box(title.left, max(min(title.top, lowest - height), 0.02 * high), title.width, height)
        footer = _footer(layout, title, high)
        return Frame(
            title,
            Box(title.left, title.bottom, max(title.right, footer.right) - title.left, footer.top - title.bottom),
            footer,
            max(_title_size(layout), SMALLEST_HEADLINE * self.scale),
        )


def of_house(theme: str, t: Language) -> Template:
    """The house's own template."""
    deck = house(theme, t)
    layouts = {layout._element.get("type"): layout for layout in deck.slide_layouts}
    _forget_the_past(deck)
    return Template(deck, layouts["title"], layouts["titleOnly"], theme, has_card=False, latin=_ARIAL)


def of_office(data: bytes) -> Template:
    """An office's own template, without its slides. Raises `TemplateRefused`."""
    data = _as_presentation(_looked_through(data))
    try:
        deck = Presentation(io.BytesIO(data))
        for one in list(deck.slides._sldIdLst):
            deck.part.drop_rel(one.rId)
            deck.slides._sldIdLst.remove(one)
        _forget_the_past(deck)
        layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
        usable = [layout for layout in layouts if _title_of(layout) is not None]
        if not usable:
            raise TemplateRefused("no_title")
        made = Template(deck, _first(usable, _COVERS), _first(usable, _PAGES), "room", has_card=True, latin=_WIDEST)
        made.frame(is_cover=True), made.frame(is_cover=False)  # whatever is wrong with a layout shows here
    except TemplateRefused:
        raise
    except Exception as error:  # the library raises what it stumbles over: any of it means a file not as it should be
        raise TemplateRefused("broken") from error
    return made


# --- is it safe, is it a presentation? --------------------------------------------------------------------------


def _looked_through(data: bytes) -> bytes:
    """The file as it came, once nothing in it is locked, too large, or made to harm."""
    if len(data) > LIMITS.file_bytes:
        raise TemplateRefused("too_large", size=len(data) >> 20, limit=LIMITS.file_bytes >> 20)
    if data.startswith(_OLE):
        raise TemplateRefused("encrypted" if has_stream(data, "EncryptedPackage") else "old_format")
    if not data.startswith(_ZIP):
        raise TemplateRefused("not_a_deck")
    try:
        refuse_many_parts("", data, LIMITS)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_locked("", archive.infolist())
            if has_macros(archive.infolist()):  # the deck that is made would carry them on
                raise TemplateRefused("macros")
            for entry, pieces in unpacked("", archive, LIMITS):
                is_read = entry.filename.endswith((".xml", ".rels"))
                for _ in without_dtd("", pieces) if is_read else pieces:
                    pass
    except FileRefused as error:
        raise TemplateRefused(error.code) from error
    except TemplateRefused:
        raise
    except Exception as error:  # damaged archives raise errors of many kinds
        raise TemplateRefused("broken") from error
    return data


def _as_presentation(data: bytes) -> bytes:
    """The same file, a template or show being declared a presentation; the library opens nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        if _CONTENT_TYPES not in old.namelist():
            raise TemplateRefused("not_a_deck")
        types = old.read(_CONTENT_TYPES)
        if b"macroEnabled" in types:
            raise TemplateRefused("macros")
        for kind in ("template", "slideshow"):
            types = types.replace(_MAIN.format(kind).encode(), _MAIN.format("presentation").encode())
        if _MAIN.format("presentation").encode() not in types:
            raise TemplateRefused("not_a_deck")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, types if name == _CONTENT_TYPES else old.read(name))
    return out.getvalue()


def _forget_the_past(deck: Deck) -> None:
    """Take out what names slides that are gone: sections, shows, the outline and the picture of the first slide."""
    root = deck.part._element
    for one in root.xpath(".//p:ext[*[local-name()='sectionLst']] | ./p:custShowLst"):
        one.getparent().remove(one)
    for extensions in root.findall("{*}extLst"):
        if not len(extensions):
            root.remove(extensions)
    package = deck.part.package
    for name, relation in list(package._rels.items()):
        if relation.reltype in (RT.THUMBNAIL, RT.EXTENDED_PROPERTIES):
            package.drop_rel(name)
    for name, relation in list(deck.part.rels.items()):
        if relation.reltype == RT.PRINTER_SETTINGS:
            deck.part.rels.pop(name)


# --- where things go --------------------------------------------------------------------------------------------


def _first(layouts: list[SlideLayout], kinds: tuple[str, ...]) -> SlideLayout:
    """The first layout of the first of these types; else the one that has least beside its title."""
    for kind in kinds:
        for layout in layouts:
            if layout._element.get("type") == kind:
                return layout
    if kinds is _COVERS:
        layouts = [one for one in layouts if _kind(_title_of(one)) == "ctrTitle"] or layouts
    return min(layouts, key=lambda layout: len(list(layout.placeholders)))


def _kind(shape: LayoutPlaceholder) -> str:
    return shape.element.xpath(".//p:nvPr/p:ph")[0].get("type", "obj")


def _title_of(layout: SlideLayout) -> LayoutPlaceholder | None:
    return next((shape for shape in layout.placeholders if _kind(shape) in ("title", "ctrTitle")), None)


def _box(shape: LayoutPlaceholder) -> Box | None:
    sides = (shape.left, shape.top, shape.width, shape.height)
    return None if None in sides or not (shape.width and shape.height) else Box(*(side / paint.EMU for side in sides))


def _footer(layout: SlideLayout, title: Box, high: float) -> Box:
    """The strip in which the layout has its footers; without one, a strip as wide as the title at the bottom."""
    boxes = [_box(shape) for shape in layout.placeholders if _kind(shape) in ("dt", "ftr", "sldNum")]
    boxes = [box for box in boxes if box and box.top >= _FOOT * high and box.bottom <= high]
    if not boxes:
        return Box(title.left, 0.935 * high, title.width, 0.042 * high)
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    if right - left < 0.6 * title.width:  # a page number alone
        left, right = title.left, title.right
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _title_size(layout: SlideLayout) -> float:
    """The size of the layout's title, in points, as it inherits it; bounded, since findings are long."""
    path = ".//{*}lstStyle/{*}lvl1pPr/{*}defRPr"
    master = layout.slide_master
    masters = [shape.element for shape in master.placeholders if _kind(shape) == "title"]
    found = [_title_of(layout).element.find(path), *(one.find(path) for one in masters)]
    found.append(master.element.find(".//{*}titleStyle/{*}lvl1pPr/{*}defRPr"))
    sizes = [int(one.get("sz")) / 100 for one in found if one is not None and one.get("sz")]
    return sizes[0] if sizes else HEADLINE
