"""How the ledger workbook looks: its few formats, the colours of lights and states, and its pages on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from taizhang.drawing.palette import surfaces, tint, tones
from taizhang.showing.export import width_in

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_scheme": "none"}
_THEME = "light"
_INK, _GROUND = tones(_THEME), surfaces(_THEME)
_A4 = 9
HEADER_ROOM = 70, 60, 110  # letters left, in the middle and right; Excel takes 255 in all
LINE, TALLEST = 14.5, 409.0  # points; the second is Excel's own limit of a row
_PAGE = 784.0, 490.0  # points of a page that cells take, A4 landscape without its margins
_CHARACTER = 5.6  # points of a column's width for each
_MOST_TIGHTER, _LEAST_SCALE = 1.35, 0.6
_FORMATS = {
    "text": {"num_format": "@", "valign": "top", "text_wrap": True},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "number": {"valign": "top", "align": "right", "indent": 1},
    "computed": {
        "num_format": "@",
        "valign": "top",
        "text_wrap": True,
        "font_color": _INK["faint"],
        "bg_color": _GROUND["surface"],
    },
    "heading": {"bold": True, "bg_color": tint("overall", _THEME), "valign": "vcenter"},
    "computed_heading": {"bg_color": _GROUND["surface"], "font_color": _INK["faint"], "valign": "vcenter"},
}
_PROSE = {
    "title": {"bold": True, "font_size": 18},
    "head": {"bold": True, "font_size": 12},
    "label": {"bold": True, "valign": "top", "text_wrap": True, "bottom": 1, "bg_color": _GROUND["surface"]},
    "words": {"valign": "top", "text_wrap": True, "num_format": "@"},
    "right": {"valign": "top", "text_wrap": True, "num_format": "@", "align": "right", "indent": 1},
    "big": {"valign": "top", "bold": True, "font_size": 14, "num_format": "@"},
    "faint": {"font_color": _INK["faint"], "valign": "top"},
    "code": {"font_color": _INK["faint"], "num_format": "@", "valign": "top"},
    "demo": {"bold": True, "font_color": _INK["late"]},
    "count": {"valign": "top", "align": "left"},
    "link": {"font_color": _INK["moving"], "underline": 1, "valign": "top"},
}


class Growing(Worksheet):
    """A sheet whose rows have a height and still grow with what is typed into them; xlsxwriter has only fixed ones."""

    def _xml_start_tag_unencoded(self, tag, attributes=()):
        if tag == "row":
            attributes = [one for one in attributes if one[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)


@dataclass
class Style:
    """The formats of one workbook, each made once."""

    book: Workbook
    formats: dict[str, Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ruled = {"border": 1, "border_color": _GROUND["rule"]}
        for name, look in _FORMATS.items():
            heading = {"text_wrap": True, "num_format": "@"} if name.endswith("heading") else {}
            self.formats[name] = self.book.add_format({**ruled, **heading, **look})
        for name, look in _PROSE.items():
            self.formats[name] = self.book.add_format(look)

    def __getitem__(self, name: str) -> Format:
        return self.formats[name]

    def toned(self, tone: str) -> Format:
        """The colours of a tone, for cells whose words say the same."""
        name = f"tone {tone}"
        if name not in self.formats:
            look = {"font_color": _INK[tone], "bg_color": tint(tone, _THEME), "valign": "top", "text_wrap": True}
            self.formats[name] = self.book.add_format(look)
        return self.formats[name]


def height_of(texts: Iterable[tuple[str, float]]) -> float:
    """The height, in points, of a row with these texts in columns of these widths, in characters."""
    lines = max((_lines(text, width) for text, width in texts if text), default=1)
    return min(lines * LINE + 2, TALLEST)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(width_in(line) / max(width - 0.5, 1))) for line in text.split("\n"))


def pages_of(heights: Sequence[float], width: float) -> int:
    """On how many pages rows so high (points), their heading first, stand that are `width` characters wide together.

    A last page with little on it goes, where the others then are not much smaller; else 0, as many as are needed.
    """
    head, *rows = heights
    scale = min(1.0, _PAGE[0] / (width * _CHARACTER))
    pages = sum(rows) / (_PAGE[1] / scale - head)
    fewer = max(1, int(pages))
    is_read = scale * fewer / pages >= _LEAST_SCALE if pages > fewer else True
    return fewer if pages / fewer <= _MOST_TIGHTER and is_read else 0


def on_paper(sheet: Worksheet, left: str, middle: str, right: str, pages: str) -> None:
    """A4 landscape, one page wide; three texts above every page, its number below."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
    texts = zip("LCR", (left, middle, right), HEADER_ROOM, strict=True)
    above = "".join(f"&{side}{_plain(text, room)}" for side, text, room in texts)
    sheet.set_header(above, {"margin": 0.35})
    sheet.set_footer(f"&C{pages}", {"margin": 0.3})
    sheet.center_horizontally()


def _plain(text: str, room: int) -> str:
    """A text in which a header reads no command, cut to its room."""
    doubled = text.replace("&", "&&")
    return doubled if len(doubled) <= room else doubled[: room - 1].rstrip("&") + "…"
