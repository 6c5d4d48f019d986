"""Tables in markup → sheets: web pages and the XML of Excel 2003, which other programs save under .xls, and .ods.

Read with Python's own parsers, which run nothing and fetch nothing; XML with a document type is refused before it is
parsed. A cell that spans several counts for each of them, as in a workbook.
"""

import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import PurePath
from xml.etree import ElementTree

from taizhang.uploads import decoding
from taizhang.uploads.archives import has_dtd
from taizhang.uploads.lines import FileRefused, Limits, Line, Marks, Remark, Sheet, Tell, without_blank_end

HTML, XML = "xls (HTML)", "xls (XML 2003)"
_MARKS = ((b"<!doctype html", HTML), (b"<html", HTML), (b"<table", HTML), (b"<?xml", XML), (b"mime-version:", HTML))
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")


def kind_of(data: bytes) -> str | None:
    """Which kind of markup a file seems to be; None for anything else."""
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((kind for mark, kind in _MARKS if start.startswith(mark)), None)


def sheets_of(file_name: str, data: bytes, kind: str, tell: Tell, limits: Limits) -> tuple[Sheet, ...]:
    """The tables of the file as sheets. Raises `FileRefused` where there is none, or one of no known form."""
    tell("decode", 0, len(data))
    grids = list(_of_xml(file_name, data, limits) if kind == XML else _of_html(file_name, data, limits))
    with_text = [(name, grid) for name, grid in grids if any(map(str.strip, grid.cells.values()))]
    if not with_text:
        raise FileRefused("other_format", file=file_name, kind=kind.partition("(")[2].rstrip(")"))
    tell("read", len(data), len(data))
    return tuple(grid.sheet(name, kind) for name, grid in with_text)


class _Grid:
    """Cells as they come, each in the next free place of its row."""

    def __init__(self, file_name: str, limits: Limits):
        self.file_name, self.limits = file_name, limits
        self.cells: dict[tuple[int, int], str] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden: list[int] = []
        self.row, self.place = -1, 0

    def next_row(self, number: int | None = None) -> None:
        self.row, self.place = self.row + 1 if number is None else number, 0
        if self.row >= self.limits.rows:
            raise FileRefused("too_many_rows", place=self.file_name, limit=self.limits.rows)

    def put(self, text: str, across: int = 1, down: int = 1, place: int | None = None) -> None:
        self.place = self.place if place is None else place
        while (self.row, self.place) in self.cells:
            self.place += 1
        across, down = min(max(across, 1), self.limits.columns), min(max(down, 1), 10_000)
        if self.place + across > self.limits.columns:
            blanks = {"columns": self.place + across, "limit": self.limits.columns}
            raise FileRefused("too_many_columns", place=self.file_name, line=self.row + 1, **blanks)
        for row in range(self.row, self.row + down):
            for column in range(self.place, self.place + across):
                self.cells.setdefault((row, column), text)
        if len(self.cells) > self.limits.cells:
            raise FileRefused("too_many_cells", place=self.file_name, limit=self.limits.cells)
        if across * down > 1 and text.strip():
            self.merged.append((self.row + 1, self.place, self.row + down, self.place + across - 1))
        self.place += across

    def sheet(self, name: str, kind: str) -> Sheet:
        width = [0] * (max(row for row, _ in self.cells) + 1)
        for row, column in self.cells:
            width[row] = max(width[row], column + 1)
        lines = [
            Line(row + 1, tuple(self.cells.get((row, column), "") for column in range(count)))
            for row, count in enumerate(width)
        ]
        return Sheet(
            name, without_blank_end(lines), kind, marks=Marks(tuple(self.merged), hidden_lines=tuple(self.hidden))
        )


# --- web pages -------------------------------------------------------------------------------------------------


class _Tables(HTMLParser):
    """The tables of a page; one inside a cell is text of that cell."""

    def __init__(self, file_name: str, limits: Limits):
        super().__init__(convert_charrefs=True)
        self.file_name, self.limits = file_name, limits
        self.grids: list[_Grid] = []
        self.depth, self.cell, self.span, self.is_silent = 0, None, (1, 1), False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.is_silent = True
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.grids.append(_Grid(self.file_name, self.limits))
        elif self.depth == 1 and tag == "tr":
            self.end_cell()
            self.grids[-1].next_row()
        elif self.depth == 1 and tag in ("td", "th"):
            self.end_cell()
            if self.grids[-1].row < 0:
                self.grids[-1].next_row()
            said = dict(attrs)
            self.cell, self.span = [], (_count(said.get("colspan")), _count(said.get("rowspan")))
        elif tag in ("br", "p", "div") and self.cell:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.is_silent = False
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self.end_cell()
            self.depth -= 1
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self.end_cell()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.is_silent:
            self.cell.append(re.sub(r"\s+", " ", data))

    def end_cell(self) -> None:
        if self.cell is not None:
            self.grids[-1].put("".join(self.cell).replace("\xa0", " ").strip(), *self.span)
        self.cell = None


def _count(said: str | None) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 8 else 1


def _of_html(file_name: str, data: bytes, limits: Limits) -> Iterator[tuple[str, _Grid]]:
    found = 0
    for page in _pages(data):
        tables = _Tables(file_name, limits)
        tables.feed(_decoded(page, file_name))
        tables.close()
        for grid in tables.grids:
            found += 1
            stem = PurePath(file_name).stem
            yield stem if found == 1 else f"{stem} {found}", grid


def _pages(data: bytes) -> Iterator[bytes]:
    """The page itself; of a page saved with all that belongs to it, every part that is HTML."""
    if not data[:64].lstrip().lower().startswith(b"mime-version:"):
        yield data
        return
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            yield part.get_payload(decode=True) or b""


def _decoded(page: bytes, file_name: str) -> str:
    """In the encoding the page says, where all of it is in it; else as any text file."""
    said = _CHARSET.search(page[:4096])
    name = said[1].decode().lower() if said else ""
    try:
        return page.decode("gb18030" if name.startswith("gb") else name or "utf-8")
    except (UnicodeDecodeError, LookupError):
        encoding = decoding.encoding_of(page, file_name)
        return page[encoding.skip :].decode(encoding.codec)


# --- the XML of Excel 2003 -------------------------------------------------------------------------------------


def _of_xml(file_name: str, data: bytes, limits: Limits) -> Iterator[tuple[str, _Grid]]:
    if has_dtd(data):
        raise FileRefused("entities", file=file_name)
    try:
        root = ElementTree.parse(BytesIO(data)).getroot()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FileRefused("broken_workbook", file=file_name) from error
    if _bare(root.tag) != "Workbook":
        return
    for number, page in enumerate(_children(root, "Worksheet"), start=1):
        grid = _Grid(file_name, limits)
        for row in (row for table in _children(page, "Table") for row in _children(table, "Row")):
            index = _attribute(row, "Index")
            grid.next_row(max(_count(index) - 1, grid.row + 1) if index else None)
            if _attribute(row, "Hidden") == "1":
                grid.hidden.append(grid.row + 1)
            for cell in _children(row, "Cell"):
                at = _attribute(cell, "Index")
                more = (_attribute(cell, name) for name in ("MergeAcross", "MergeDown"))
                across, down = (_count(said) + 1 if said else 1 for said in more)
                grid.put(_text_of(cell), across, down, _count(at) - 1 if at else None)
        yield _attribute(page, "Name") or f"{PurePath(file_name).stem} {number}", grid


def _text_of(cell: ElementTree.Element) -> str:
    data = next(iter(_children(cell, "Data")), None)
    text = "".join(data.itertext()) if data is not None else ""
    return _MIDNIGHT.sub("", text) if data is not None and _attribute(data, "Type") == "DateTime" else text


# --- OpenDocument ----------------------------------------------------------------------------------------------

_FAR = 1_000  # a cell repeated more often is the emptiness that fills a sheet, or no ledger


def of_open_document(file_name: str, content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """The sheets of the part content.xml of an .ods file. Raises `FileRefused`."""
    if has_dtd(content):
        raise FileRefused("entities", file=file_name)
    root = ElementTree.fromstring(content)
    hidden = {_attribute(one, "name") for one in root.iter() if _bare(one.tag) == "style" and _is_hidden_style(one)}
    sheets = []
    for page in (one for one in root.iter() if _bare(one.tag) == "table"):
        grid = _Grid(file_name, limits)
        for row in (one for one in page.iter() if _bare(one.tag) == "table-row"):
            _open_row(row, grid)
        if any(map(str.strip, grid.cells.values())):
            name = _attribute(page, "name") or PurePath(file_name).stem
            code = [Remark("hidden_sheet", None, {"sheet": name})] if _attribute(page, "style-name") in hidden else []
            sheets.append(replace(grid.sheet(name, "ods"), remarks=tuple(code)))
    if not sheets:
        raise FileRefused("empty", file=file_name)
    return tuple(sheets)


def _is_hidden_style(style: ElementTree.Element) -> bool:
    return any(_attribute(one, "display") == "false" for one in style.iter() if _bare(one.tag) == "table-properties")


def _open_row(row: ElementTree.Element, grid: _Grid) -> None:
    cells = [one for one in row if _bare(one.tag) in ("table-cell", "covered-table-cell")]
    times = _count(_attribute(row, "number-rows-repeated"))
    if not any(_open_text(one) for one in cells):
        grid.row += times
        return
    for _ in range(min(times, _FAR)):
        grid.next_row()
        if _attribute(row, "visibility") in ("collapse", "filter"):
            grid.hidden.append(grid.row + 1)
        place = 0
        for cell in cells:
            again, text = _count(_attribute(cell, "number-columns-repeated")), _open_text(cell)
            if _bare(cell.tag) == "table-cell" and text:
                spans = (_count(_attribute(cell, f"number-{name}-spanned")) for name in ("columns", "rows"))
                across, down = spans
                for step in range(min(again, _FAR)):
                    grid.put(text, across, down, place + step)
            place += again


def _open_text(cell: ElementTree.Element) -> str:
    """What the cell holds: a day in ISO form, a share as it is shown, a number without its format, else its text."""
    kind, shown = (
        _attribute(cell, "value-type"),
        "\n".join("".join(one.itertext()) for one in cell if _bare(one.tag) == "p"),
    )
    if kind == "date":
        return _MIDNIGHT.sub("", _attribute(cell, "date-value") or shown).replace("T", " ")
    if kind in ("float", "currency"):
        return re.sub(r"\.0+$", "", _attribute(cell, "value") or shown)
    return shown


def _children(node: ElementTree.Element, name: str) -> Iterable[ElementTree.Element]:
    return (one for one in node if _bare(one.tag) == name)


def _attribute(node: ElementTree.Element, name: str) -> str | None:
    return next((value for key, value in node.attrib.items() if _bare(key) == name), None)


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
