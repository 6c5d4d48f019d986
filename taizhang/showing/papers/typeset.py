"""Typesetting with typst: fonts that can write Chinese, pages as PDF, a drawing as a picture.

Everything is made in memory, with no network and no file but the fonts; the same input gives the same bytes.
"""

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache

import typst

from taizhang.declared.plain import harmless

# Every one writes simplified Chinese in the forms of the mainland; the first that is installed sets the text.
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "SimHei",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "SimSun",
)
PACKAGE = "fonts-noto-cjk"
PICTURE_PPI = 200
STANDARD = "ua-1"  # a PDF that can be read aloud: tags, language, title, a text for every picture

_PICTURE = """
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.mm) * 1mm)
"""


class FontsMissing(Exception):
    """No installed font writes Chinese; `words` is the sentence that says what to install."""

    def __init__(self) -> None:
        self.words = ("paper.fonts_missing", {"package": PACKAGE, "families": ", ".join(FAMILIES[:6])})
        super().__init__(PACKAGE)


def families() -> list[str]:
    """The installed families that write Chinese, the best first. Raises `FontsMissing` when there is none."""
    installed = set(_fonts().families())
    found = [name for name in FAMILIES if name in installed]
    if not found:
        raise FontsMissing
    return found


def pdf(source: str, data: Mapping[str, object], created: dt.date) -> bytes:
    """The pages that the typst `source` makes of `data`, as a tagged PDF dated `created`.

    The source reads `sys.inputs.data` (JSON) and `sys.inputs.fonts` (JSON, a list of families). What is in the data
    is text, whatever it looks like. Raises `FontsMissing`.
    """
    inputs = {"data": json.dumps(_printable(data), ensure_ascii=False), "fonts": json.dumps(families())}
    noon = dt.datetime.combine(created, dt.time(12), dt.UTC)
    made = {"format": "pdf", "sys_inputs": inputs, "timestamp": noon}
    try:
        return _compiler().compile(source.encode(), pdf_standards=[STANDARD], **made)
    except typst.TypstError:
        # A letter that no font has (a rare name) is no reason to have no paper: tagged all the same, without the claim.
        return _compiler().compile(source.encode(), **made)


def picture(source: str, data: Mapping[str, object], kind: str) -> bytes:
    """The one page that the typst `source` makes of `data`, as `png` or `svg`. Reads and raises as `pdf` does."""
    inputs = {"data": json.dumps(_printable(data), ensure_ascii=False), "fonts": json.dumps(families())}
    return _compiler().compile(source.encode(), format=kind, ppi=PICTURE_PPI, sys_inputs=inputs)


def png(svg: str, width: float) -> bytes:
    """A drawing as a picture `width` millimetres wide, fine enough for print. Raises `FontsMissing`."""
    families()
    inputs = {"svg": svg, "mm": f"{width:g}"}
    return _compiler().compile(_PICTURE.encode(), format="png", ppi=PICTURE_PPI, sys_inputs=inputs)


def _printable(value: object) -> object:
    """The same data, its texts without what no font can draw, or what would turn the letters around it."""
    match value:
        case str():
            return harmless(value).replace("\t", " ")
        case Mapping():
            return {name: _printable(one) for name, one in value.items()}
        case list() | tuple():
            return [_printable(one) for one in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the computer, looked for once."""
    return typst.Fonts(include_embedded_fonts=False)


def _compiler() -> typst.Compiler:
    """One for each file: they keep what they last made."""
    return typst.Compiler(font_paths=_fonts())
