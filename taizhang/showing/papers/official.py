"""A Word document in the layout of GB/T 9704-2012, and its English counterpart, written part by part.

Page and type are those of the standard: A4, 22 lines of 28 characters, fonts by their usual names (an office has
them; elsewhere the word processor takes the nearest). Written directly, without a template's hundreds of styles, so
that the same content gives the same bytes and a reader finds no style that the document does not use.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import tomli

from taizhang.drawing.markup import Markup, escaped, joined
from taizhang.drawing.shapes import Cell, Table
from taizhang.drawing.text import pieces
from taizhang.drawing.text import width as ems

_CELL_MARGIN = 55  # twips
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows
_LATIN = "Times New Roman"
_SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True)
class _Style:
    """A paragraph style; lengths in points. `line` 0 is the font's own, `level` an outline level from 1."""

    name: str
    size: float
    font: str = ""
    line: float = 0
    align: str = "left"
    indent: int = 0  # of the first line, in characters
    narrower: float = 0  # what each character is set narrower by
    before: float = 0
    after: float = 0
    bold: bool = False
    level: int = 0
    new_page: bool = False


@cache
def _pages() -> dict[str, dict]:
    """The page of each language, as `official.toml` declares it."""
    said = tomli.loads((resources.files("taizhang.showing.papers") / "official.toml").read_text(encoding="utf-8"))
    return {
        lang: {**page, "styles": {key: _Style(**style) for key, style in page["styles"].items()}}
        for lang, page in said.items()
    }


def text_width(lang: str) -> float:
    """The width of the text on a page, in mm."""
    _, right, _, left = _pages()[lang]["margins"]
    return 210 - right - left


class Official:
    """A document being written, part after part, each in its language; `written` gives the file."""

    def __init__(self, title: str, day: dt.date, languages: Sequence[str], by: str):
        self._title, self._day, self._languages, self._by = title, day, tuple(languages), by
        self._body: list[Markup] = []
        self._pictures: list[bytes] = []
        self._headers: list[str] = []
        self._lang = ""

    def begin(self, lang: str, header: str = "") -> None:
        """Begin the part in a language, on a new page; `header` stands over each of its pages."""
        if self._lang:
            self._body.append(_w("p", _w("pPr", _val("pStyle", _style_id("cell", self._lang)), self._section())))
        self._lang = lang
        self._headers.append(header)

    def paragraph(self, text: str, style: str = "body", leads: bool = False) -> None:
        """A paragraph: body, title, subtitle, heading1, heading2, annex, marked, date or small.

        One that `leads` to a table or picture stays on the page where that begins.
        """
        self._body.append(_paragraph(style, self._lang, _run(text), leads=leads))

    def table(self, table: Table, title: str) -> None:
        """A table over the whole width whose heading is repeated on every page; `title` says what it is."""
        widths = _column_widths(table, self._lang)
        head = _w("tr", _w("trPr", _w("cantSplit"), _w("tblHeader")), *self._cells(_heading(table), widths, "head"))
        rows = (_w("tr", _w("trPr", _w("cantSplit")), *self._cells(row, widths, "cell")) for row in table.rows)
        edges = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = (_w(edge, val="single", sz=4, space=0, color="auto") for edge in edges)
        look = _w("tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1)
        about = _w(
            "tblPr",
            _w("tblW", w=sum(widths), type="dxa"),
            _w("tblBorders", *lines),
            _w("tblLayout", type="fixed"),
            _w("tblCellMar", _w("left", w=_CELL_MARGIN, type="dxa"), _w("right", w=_CELL_MARGIN, type="dxa")),
            look,
            _val("tblCaption", title),
        )
        grid = _w("tblGrid", *(_w("gridCol", w=width) for width in widths))
        self._body.append(_w("tbl", about, grid, head, *rows))

    def picture(self, png: bytes, width: float, height: float, alt: str) -> None:
        """A picture of so many mm on a line of its own; `alt` says what is on it."""
        self._pictures.append(png)
        drawn = _drawing(len(self._pictures), width, height, alt)
        self._body.append(_paragraph("picture", self._lang, drawn))

    def written(self) -> bytes:
        """The document as .docx."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, data in self._parts():
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                file.writestr(entry, data)
        return out.getvalue()

    def _cells(self, cells: Iterable[Cell], widths: Sequence[int], style: str) -> Iterator[Markup]:
        for cell, width in zip(cells, widths, strict=True):
            # A symbol stands for a colour, which paper does not have: the word beside it says the same.
            said = _run(cell.text or cell.symbol)
            about = _w("tcPr", _w("tcW", w=width, type="dxa"), _val("vAlign", "center"))
            yield _w("tc", about, _paragraph(style, self._lang, said, "right" if cell.is_number else ""))

    # --- the parts of the file

    def _section(self) -> Markup:
        """The page of the part that ends here."""
        page, place = _pages()[self._lang], len(self._headers) - 1
        top, right, bottom, left = map(_twips, page["margins"])
        references = (
            ("header", "default", f"header{place}"),
            ("header", "even", f"header{place}"),
            ("footer", "default", f"footer{place}odd"),
            ("footer", "even", f"footer{place}even"),
        )
        return _w(
            "sectPr",
            *(Markup(f'<w:{kind}Reference w:type="{side}" r:id="{name}"/>') for kind, side, name in references),
            _w("type", val="nextPage"),
            _w("pgSz", w=_twips(210), h=_twips(297)),
            _w(
                "pgMar",
                top=top,
                right=right,
                bottom=bottom,
                left=left,
                header=_twips(15),
                footer=_twips(page["footer"]),
                gutter=0,
            ),
            _w("cols", space=720),
            _w("docGrid", type="lines", linePitch=round(page["grid"] * 20)) if "grid" in page else None,
        )

    def _parts(self) -> Iterator[tuple[str, str | bytes]]:
        """The parts by their names in the package, in a fixed order."""
        spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())

        def part(name: str, *inner: Markup | None) -> str:
            return _xml(f"<w:{name} {spaces}>{joined(one for one in inner if one is not None)}</w:{name}>")

        edges: dict[str, Markup] = {}
        for place, (lang, header) in enumerate(zip(self._languages, self._headers, strict=True)):
            edges[f"header{place}"] = _paragraph("small", lang, _run(header), "right")
            edges.update({f"footer{place}{side}": _page_number(lang, side) for side in ("odd", "even")})
        own = {
            "styles": "styles",
            "settings": "settings",
            "fontTable": "fontTable",
            **{name: name[:6] for name in edges},
        }
        pictures = {f"picture{place}": data for place, data in enumerate(self._pictures, start=1)}
        office = f"{_OFFICE}/relationships"
        yield "[Content_Types].xml", _content_types(own)
        yield (
            "_rels/.rels",
            _relations(
                ("document", f"{office}/officeDocument", "word/document.xml"),
                ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ),
        )
        yield "docProps/core.xml", self._core()
        yield "word/document.xml", part("document", _w("body", *self._body, self._section()))
        yield (
            "word/_rels/document.xml.rels",
            _relations(
                *((name, f"{office}/{kind}", f"{name}.xml") for name, kind in own.items()),
                ("theme", f"{office}/theme", "theme.xml"),
                *((name, f"{office}/image", f"media/{name}.png") for name in pictures),
            ),
        )
        yield "word/styles.xml", part("styles", *_styles(self._languages))
        yield "word/settings.xml", part("settings", *_settings())
        yield "word/fontTable.xml", part("fonts", *map(_font, _all_fonts()))
        yield "word/theme.xml", _theme()
        for name, edge in edges.items():
            yield f"word/{name}.xml", part("hdr" if name.startswith("header") else "ftr", edge)
        for name, data in pictures.items():
            yield f"word/media/{name}.png", data

    def _core(self) -> str:
        day = f'<dcterms:{{0}} xsi:type="dcterms:W3CDTF">{self._day.isoformat()}T00:00:00Z</dcterms:{{0}}>'
        return _xml(
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escaped(self._title)}</dc:title><dc:creator>{escaped(self._by)}</dc:creator>"
            f"{day.format('created')}{day.format('modified')}<dc:language>{_TAGS[self._languages[0]]}</dc:language>"
            "</cp:coreProperties>"
        )


# --- pieces of XML ---------------------------------------------------------------------------------------------

_TAGS = {"zh": "zh-CN", "en": "en-GB"}


def _w(name: str, /, *children: Markup | None, **values: object) -> Markup:
    """An element of a Word document; `values` are its attributes."""
    written = "".join(f' w:{key}="{escaped(value)}"' for key, value in values.items())
    inner = "".join(child for child in children if child is not None)
    return Markup(f"<w:{name}{written}>{inner}</w:{name}>" if inner else f"<w:{name}{written}/>")


def _val(name: str, value: object) -> Markup:
    return _w(name, val=value)


def _paragraph(style: str, lang: str, inner: Markup, align: str = "", leads: bool = False) -> Markup:
    about = _w(
        "pPr",
        _val("pStyle", _style_id(style, lang)),
        _w("keepNext") if leads else None,
        _val("jc", align) if align else None,
    )
    return _w("p", about, inner)


def _run(text: str, about: Markup | None = None) -> Markup:
    """A run of text; its line breaks stay."""
    lines = (Markup(f'<w:t xml:space="preserve">{escaped(line)}</w:t>') for line in text.splitlines())
    return _w("r", about, Markup(_w("br").join(lines)))


def _page_number(lang: str, side: str) -> Markup:
    """The number of an odd or even page: — 1 —, outside, as the standard wants it; in English in the middle."""
    look = _pages()[lang]["number"]
    dash, size = look["dash"], round(look["size"] * 2)
    margin = _w("ind", **{f"{look[side]}Chars": 100 * look["indent"]}) if look["indent"] else None
    about = _w("pPr", _val("pStyle", _style_id("cell", lang)), margin, _val("jc", look[side]))
    type_ = _w("rPr", _fonts(look["font"]), _val("sz", size), _val("szCs", size))
    runs = (
        _run(f"{dash} ".lstrip(), type_),
        _field("begin", type_),
        _w("r", type_, Markup('<w:instrText xml:space="preserve"> PAGE </w:instrText>')),
        _field("separate", type_),
        _run("1", type_),
        _field("end", type_),
        _run(f" {dash}".rstrip(), type_),
    )
    return _w("p", about, *runs)


def _field(kind: str, about: Markup) -> Markup:
    return _w("r", about, _w("fldChar", fldCharType=kind))


def _fonts(east: str) -> Markup:
    return _w("rFonts", ascii=_LATIN, hAnsi=_LATIN, eastAsia=east, cs=_LATIN)


def _heading(table: Table) -> tuple[Cell, ...]:
    numbers = {place for row in table.rows for place, cell in enumerate(row) if cell.is_number}
    return tuple(Cell(text, is_number=place in numbers) for place, text in enumerate(table.columns))


def _column_widths(table: Table, lang: str) -> list[int]:
    """The columns in twips: each as wide as its longest text, the long ones sharing what the short ones leave."""
    room, size = _twips(text_width(lang)), _pages()[lang]["styles"]["cell"].size
    texts = [*zip(table.columns, *([cell.text for cell in row] for row in table.rows), strict=True)]
    needed = [max(map(_ems, column)) * size * 20 + 2 * _CELL_MARGIN + 40 for column in texts]
    least = [_least(column) * size * 20 + 2 * _CELL_MARGIN + 40 for column in texts]
    given, left = [0.0] * len(needed), float(room)
    for done, place in enumerate(sorted(range(len(needed)), key=needed.__getitem__)):
        given[place] = min(needed[place], left / (len(needed) - done))
        left -= given[place]
    missing = sum(max(0.0, need - wide) for need, wide in zip(least, given, strict=True))
    spare = sum(max(0.0, wide - need) for need, wide in zip(least, given, strict=True))
    if 0 < missing <= spare:  # no day and no name is parted where others have room
        share = missing / spare
        given = [max(need, wide - share * max(0.0, wide - need)) for need, wide in zip(least, given, strict=True)]
    return [round(one * room / sum(given)) for one in given]


def _least(column: Sequence[str]) -> float:
    """The widest piece of a column's texts that should stay whole, in em."""
    return max((_ems(piece.rstrip()) for text in column for piece in pieces(text)), default=0.0)


def _ems(text: str) -> float:
    """The width of a text in em, with the quarter that word processors put between Chinese and Latin."""
    return ems(text) + 0.25 * len(_BORDERS.findall(text))


_BORDERS = re.compile(r"(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u3400-\u9fff])")


def _style_id(key: str, lang: str) -> str:
    return f"{key}-{lang}"


def _styles(languages: Sequence[str]) -> Iterator[Markup]:
    """The styles of each language; those of the first bear the names a word processor knows."""
    plain = _w("rPr", _fonts(_body_font()), _w("lang", val=_TAGS["en"], eastAsia=_TAGS["zh"], bidi="ar-SA"))
    yield _w("docDefaults", _w("rPrDefault", plain), _w("pPrDefault"))
    for lang in languages:
        for key, style in _pages()[lang]["styles"].items():
            yield _style(key, style, lang, lang == languages[0])


def _style(key: str, style: _Style, lang: str, is_first: bool) -> Markup:
    line = {"line": round(style.line * 20), "lineRule": "exact"} if style.line else {}
    indent = _w("ind", firstLineChars=style.indent * 100, firstLine=round(style.indent * style.size * 20))
    paragraph = _w(
        "pPr",
        _w("keepNext") if style.level else None,
        _w("pageBreakBefore") if style.new_page else None,
        _val("widowControl", 0) if "grid" in _pages()[lang] else None,  # every page has all its lines
        _val("snapToGrid", 0) if style.line != _pages()[lang].get("grid") else None,
        _w("spacing", before=round(style.before * 20), after=round(style.after * 20), **line),
        indent if style.indent else None,
        _val("jc", style.align),
        _val("outlineLvl", style.level - 1) if style.level else None,
    )
    run = _w(
        "rPr",
        _fonts(style.font or _body_font()),
        _w("b") if style.bold else None,
        _val("spacing", round(-style.narrower * 20)) if style.narrower else None,
        _val("sz", round(style.size * 2)),
        _val("szCs", round(style.size * 2)),
    )
    is_known = is_first and style.name in _KNOWN
    about = {"default": 1} if is_first and key == "body" else {} if is_known else {"customStyle": 1}
    name = style.name if is_first else f"{style.name} {lang}"
    return _w(
        "style",
        _val("name", name),
        _w("qFormat"),
        paragraph,
        run,
        type="paragraph",
        **about,
        styleId=_style_id(key, lang),
    )


_KNOWN = ("Normal", "Title", "Subtitle", "heading 1", "heading 2", "Date")


def _body_font() -> str:
    return _pages()["zh"]["body_font"]


def _all_fonts() -> dict[str, None]:
    """Every font a document names, each once."""
    pages = _pages().values()
    east = [style.font for page in pages for style in page["styles"].values() if style.font]
    return dict.fromkeys((_LATIN, _body_font(), *east, *(page["number"]["font"] for page in pages)))


def _font(name: str) -> Markup:
    is_latin = name == _LATIN
    about = (_w("charset", val="00" if is_latin else "86"), _w("family", val="roman" if is_latin else "auto"))
    return _w("font", *about, _w("pitch", val="variable"), name=name)


def _theme() -> str:
    """The theme a document must have: black on white, the fonts of the body; no style asks for it."""
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{"FFFFFF" if name.startswith("lt") else "000000"}"/></a:{name}>' for name in names
    )
    faces = f'<a:latin typeface="{_LATIN}"/><a:ea typeface="{_body_font()}"/><a:cs typeface=""/>'
    fonts = "".join(f"<a:{kind}Font>{faces}</a:{kind}Font>" for kind in ("major", "minor"))
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    looks = (
        ("fillStyleLst", fill),
        ("lnStyleLst", f"<a:ln>{fill}</a:ln>"),
        ("effectStyleLst", "<a:effectStyle><a:effectLst/></a:effectStyle>"),
        ("bgFillStyleLst", fill),
    )
    formats = "".join(f"<a:{name}>{look * 3}</a:{name}>" for name, look in looks)
    return _xml(
        f'<a:theme xmlns:a="{_SPACES["a"]}" name="plain"><a:themeElements><a:clrScheme name="plain">{colours}'
        f'</a:clrScheme><a:fontScheme name="plain">{fonts}</a:fontScheme><a:fmtScheme name="plain">{formats}'
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


def _settings() -> tuple[Markup, ...]:
    mode = 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"'
    return (
        _w("evenAndOddHeaders"),
        _val("characterSpacingControl", "doNotCompress"),
        _w("compat", Markup(f"<w:compatSetting {mode}/>")),
        _w("themeFontLang", val=_TAGS["en"], eastAsia=_TAGS["zh"]),
    )


def _drawing(number: int, width: float, height: float, alt: str) -> Markup:
    """A picture in the line; lengths in mm."""
    size = f'cx="{round(width * 36_000)}" cy="{round(height * 36_000)}"'
    named = f'id="{number}" name="picture{number}" descr="{escaped(alt)}"'
    return _w(
        "r",
        Markup(
            f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {named}/>'
            f'<a:graphic><a:graphicData uri="{_SPACES["pic"]}"><pic:pic><pic:nvPicPr><pic:cNvPr {named}/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="picture{number}"/><a:stretch><a:fillRect/>'
            f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
            "</a:graphic></wp:inline></w:drawing>"
        ),
    )


def _content_types(own: dict[str, str]) -> str:
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = {"rels": relations, "xml": "application/xml", "png": "image/png"}
    parts = {"word/document.xml": f"{_WORD}.document.main+xml"}
    parts |= {f"word/{name}.xml": f"{_WORD}.{kind}+xml" for name, kind in own.items()}
    parts["word/theme.xml"] = "application/vnd.openxmlformats-officedocument.theme+xml"
    parts["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    said = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items()]
    said += [f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items()]
    return _xml(f'<Types xmlns="{_PACKAGE}/content-types">{"".join(said)}</Types>')


def _relations(*targets: tuple[str, str, str]) -> str:
    said = (f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in targets)
    return _xml(f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(said)}</Relationships>')


def _xml(text: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'


def _twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)
