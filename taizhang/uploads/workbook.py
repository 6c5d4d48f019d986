""".xlsx and .xls → sheets: looked through first, then read in a child process that may die in our place.

Two walls, because either alone has been broken: a 4 KB file makes the reader ask for 512 GB and abort its process.
"""

import json
import re
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from taizhang.uploads import markup
from taizhang.uploads.archives import (
    BROKEN,
    PIECE,
    has_dtd,
    has_macros,
    has_stream,
    refuse_locked,
    refuse_many_parts,
    unpacked,
    with_slashes,
    without_dtd,
)
from taizhang.uploads.lines import FileRefused, Limits, Line, Marks, Remark, Shared, Sheet, Tell, without_blank_end

_CHILD = Path(__file__).with_name("workbook_process.py")
_WHOLE_PART = 16 << 20  # of the small parts that are read whole

Seen = dict[str, dict[str, list]]  # sheet name → what only a look at its part tells


def of_zip(file_name: str, data: bytes, tell: Tell, limits: Limits) -> tuple[Sheet, ...]:
    """The sheets of a zip file that should be a workbook, those without text left out; `encoding` says which kind."""
    refuse_many_parts(file_name, data, limits)
    try:
        data = with_slashes(file_name, data, limits)
        if _kind(file_name, data) == "ods":
            return markup.of_open_document(file_name, _content(file_name, data, tell, limits), limits)
        seen, remarks = _look_through(file_name, data, tell, limits)
    except BROKEN as error:
        raise FileRefused("broken_workbook", file=file_name) from error
    return _read(file_name, data, "xlsx", seen, remarks, tell, limits)


def of_xls(file_name: str, data: bytes, tell: Tell, limits: Limits) -> tuple[Sheet, ...]:
    """The sheets of an OLE file that should be a workbook, those without text left out."""
    if has_stream(data, "EncryptedPackage"):
        raise FileRefused("encrypted", file=file_name)
    if not (has_stream(data, "Workbook") or has_stream(data, "Book")):
        raise FileRefused("other_format", file=file_name, kind="OLE")
    macros = [Remark("macros_not_run", None)] if has_stream(data, "_VBA_PROJECT") else []
    return _read(file_name, data, "xls", {}, macros, tell, limits)


# --- the first wall: look through the zip ----------------------------------------------------------------------

_ATTRIBUTES = rb"(?:[^<>]*?\s)?"
_REFERENCE = rb'r\s*=\s*["\']([A-Z]{1,3})([0-9]{1,7})["\']'
_CELL = re.compile(rb"<(?:\w+:)?c\s" + _ATTRIBUTES + _REFERENCE + rb"[^<>]*(?<!/)>(?=\s*<(?:\w+:)?(?:v|is|f)[\s/>])")
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]*?\st\s*=\s*["\']e["\'])' + _ATTRIBUTES + _REFERENCE + rb"[^<>]*>"
    rb"(?:\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?(?:\s*<(?:\w+:)?v>([^<]*))?"
)
# A cell that says it holds one of the shared texts, and does not say which by a plain number: readers take the first.
_SHARED = re.compile(
    rb'<(?:\w+:)?c(?=\s)(?=[^<>]*?\st\s*=\s*["\']s["\'])[^<>]*(?<!/)>'
    rb"(?!\s*(?:<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?"
    rb"(?:</(?:\w+:)?c>|<(?:\w+:)?(?:is|extLst)\b|<(?:\w+:)?v(?:\s[^<>]*)?(?:/>|>(?:[0-9]{1,9})?</(?:\w+:)?v>)))"
)
_HIDDEN = rb"""(?=[^<>]*\bhidden\s*=\s*["'](?:1|true)["'])"""
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s" + _HIDDEN + rb"""[^<>]*?\br\s*=\s*["'](\d{1,7})["']""")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s" + _HIDDEN + rb"(?=[^<>]*\bmin\s*=)(?=[^<>]*\bmax\s*=)([^<>]*)>")
_NO_VALUE = re.compile(
    rb'<(?:\w+:)?c\s(?![^<>]*?\bt\s*=\s*["\'](?:str|e)["\'])' + _ATTRIBUTES + _REFERENCE + rb"[^<>]*>"
    rb"\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</)"
)
# Of .xlsb the reader at hand loses cells without a word, as other programs than Excel write it.
_NOT_A_WORKBOOK = (("word/", "DOCX"), ("ppt/", "PPTX"), ("xl/workbook.bin", "XLSB"), ("content.xml", "ODF"))


def _look_through(file_name: str, data: bytes, tell: Tell, limits: Limits) -> tuple[Seen, list[Remark]]:
    """Unpack every part in pieces and keep none: sizes, what must not be there, and cells far from the others."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        refuse_locked(file_name, entries)
        sheets, styles = _sheet_parts(file_name, archive), _styles_of(archive, names)
        seen: Seen = {}
        total, done = sum(entry.file_size for entry in entries), 0
        if len(sheets) > limits.sheets:
            raise FileRefused("too_many_sheets", file=file_name, sheets=len(sheets), limit=limits.sheets)
        for entry, pieces in unpacked(file_name, archive, limits):
            look = _Look(f"{file_name} · {sheets.get(entry.filename, '')}", styles, limits)
            is_sheet = entry.filename in sheets or entry.filename.startswith("xl/worksheets/sheet")
            for piece in without_dtd(file_name, pieces):
                done += len(piece)
                if is_sheet:
                    look.at_cells(piece)
                tell("check", min(done, total), total)
            if is_sheet:
                look.at_end()
                seen[sheets.get(entry.filename, "")] = look.seen
    remarks = [Remark("external_links", None)] if any(name.startswith("xl/externalLinks/") for name in names) else []
    return seen, [*remarks, *([Remark("macros_not_run", None)] if has_macros(entries) else [])]


def _kind(file_name: str, data: bytes) -> str:
    """Which workbook a zip file is. Raises `FileRefused` for one that is none."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "content.xml" in names and "mimetype" in names and b"spreadsheet" in archive.read("mimetype")[:100]:
            return "ods"
    kinds = (kind for start, kind in _NOT_A_WORKBOOK if any(name.startswith(start) for name in names))
    kind = next(kinds, None) or ("ZIP" if not any(name.startswith("xl/") for name in names) else None)
    if kind:
        raise FileRefused("other_format", file=file_name, kind=kind)
    return "xlsx"


def _content(file_name: str, data: bytes, tell: Tell, limits: Limits) -> bytes:
    """The part of an OpenDocument file that holds its sheets; every part is unpacked in pieces and measured."""
    found = b""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        refuse_locked(file_name, entries)
        for done, (entry, pieces) in enumerate(unpacked(file_name, archive, limits)):
            whole = b"".join(without_dtd(file_name, pieces) if entry.filename.endswith(".xml") else pieces)
            if entry.filename == "META-INF/manifest.xml" and b"encryption-data" in whole:
                raise FileRefused("encrypted", file=file_name)
            found = whole if entry.filename == "content.xml" else found
            tell("check", done + 1, len(entries))
    return found


def _whole(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        text = part.read(_WHOLE_PART + 1)
    if len(text) > _WHOLE_PART:
        raise ValueError("a part that should be small is not")
    return text


def _elements(file_name: str, text: bytes, wanted: str) -> Iterator[ElementTree.Element]:
    """The elements of a name. A part with a DTD is refused before anything could expand it."""
    if has_dtd(text):
        raise FileRefused("entities", file=file_name)
    return (one for one in ElementTree.fromstring(text).iter() if one.tag.rpartition("}")[2] == wanted)


def _sheet_parts(file_name: str, archive: zipfile.ZipFile) -> dict[str, str]:
    """Part → name of the sheet, in the order of the workbook."""
    relations = _elements(file_name, _whole(archive, "xl/_rels/workbook.xml.rels"), "Relationship")
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    found = {}
    for one in _elements(file_name, _whole(archive, "xl/workbook.xml"), "sheet"):
        target = targets.get(next((value for key, value in one.items() if key.endswith("}id")), None), "")
        found[target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"] = one.get("name", "")
    return found


_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^<>]*)")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)")
_FORMAT_NUMBER = re.compile(rb"""\bnumFmtId\s*=\s*["'](\d+)["']""")
_FORMAT_CODE = re.compile(rb"""\bformatCode\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LITERAL = re.compile(rb"&quot;.*?&quot;|\"[^\"]*\"|\\.")


_FONTS = re.compile(rb"<(?:\w+:)?fonts\b(.*?)</(?:\w+:)?fonts>", re.DOTALL)
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?font>)", re.DOTALL)
_STRUCK = re.compile(rb"""<(?:\w+:)?strike(?!\s[^<>]*?\bval\s*=\s*["'](?:0|false)["'])[\s/>]""")
_FONT_NUMBER = re.compile(rb"""\bfontId\s*=\s*["'](\d+)["']""")
_OWN_MONTHS = (b"17", b"27", b"36", b"50", b"52", b"57")  # of the formats that need no code: mmm-yy, 2019年9月


@dataclass(frozen=True)
class _Styles:
    """The numbers of the cell styles that show a share as percent, a day as its month, or words struck through."""

    percents: frozenset[bytes] = frozenset()
    months: frozenset[bytes] = frozenset()
    struck: frozenset[bytes] = frozenset()


def _styles_of(archive: zipfile.ZipFile, names: list[str]) -> _Styles:
    text = _whole(archive, "xl/styles.xml") if "xl/styles.xml" in names else b""
    percents, months = {b"9", b"10"}, set(_OWN_MONTHS)
    for attributes in _FORMAT.findall(text):
        number, code = _FORMAT_NUMBER.search(attributes), _FORMAT_CODE.search(attributes)
        shown = _LITERAL.sub(b"", code[1] or code[2] or b"").lower() if code else b""
        if number and b"%" in shown:
            percents.add(number[1])
        elif number and b"y" in shown and b"m" in shown and not set(shown) & set(b"dhs"):
            months.add(number[1])
    fonts = _FONTS.search(text)
    struck = {place for place, font in enumerate(_FONT.findall(fonts[1])) if _STRUCK.search(font)} if fonts else set()
    used = _STYLES.search(text)
    cells = list(enumerate(_STYLE.findall(used[1]))) if used else []

    def with_format(formats: set[bytes]) -> frozenset[bytes]:
        numbers = ((place, _FORMAT_NUMBER.search(one)) for place, one in cells)
        return frozenset(str(place).encode() for place, number in numbers if number and number[1] in formats)

    of_fonts = ((place, _FONT_NUMBER.search(one)) for place, one in cells)
    in_struck = frozenset(str(place).encode() for place, number in of_fonts if number and int(number[1]) in struck)
    return _Styles(with_format(percents), with_format(months), in_struck)


def _styled(styles: frozenset[bytes], is_number: bool) -> re.Pattern[bytes] | None:
    """Cells of some styles that hold something; of numbers only, where the style is about numbers."""
    if not styles:
        return None
    no_text = rb'(?![^<>]*?\bt\s*=\s*["\'](?:s|str|inlineStr|b|e|d)["\'])' if is_number else b""
    wanted = rb'(?=[^<>]*?\bs\s*=\s*["\'](?:' + b"|".join(sorted(styles)) + rb')["\'])'
    return re.compile(rb"<(?:\w+:)?c\s" + no_text + wanted + _ATTRIBUTES + _REFERENCE + rb"[^<>]*(?<!/)>")


class _Look:
    """One part as it is unpacked: what must not be in it, where its cells are, and which need a remark."""

    def __init__(self, place: str, styles: _Styles, limits: Limits):
        self.place, self.limits, self.rest = place, limits, b""
        self.columns: set[bytes] = set()
        self.last_row, self.count, self.beyond = 0, 0, 0
        self.seen: dict[str, list] = {
            name: []
            for name in (
                "error_cell",
                "no_stored_value",
                "percents",
                "months",
                "struck",
                "hidden_rows",
                "hidden_columns",
            )
        }
        self.styled = {
            "percents": _styled(styles.percents, True),
            "months": _styled(styles.months, True),
            "struck": _styled(styles.struck, False),
        }

    def at_cells(self, piece: bytes) -> None:
        """Cut the piece behind a cell, so that every cell is seen whole."""
        text = self.rest + piece
        cut = text.rfind(b"c>") + 2
        if cut >= 2:
            self._look_at_shared(text[:cut])
        else:
            cut = text.rfind(b">") + 1
        if len(text) - cut > 4 * PIECE:
            raise zipfile.BadZipFile("a cell without an end")
        self.rest = text[cut:]
        self._look(text[:cut])

    def at_end(self) -> None:
        self._look(self.rest)
        if self.last_row > self.limits.rows or self._last_column() > self.limits.columns:
            self._refuse()

    def _look(self, text: bytes) -> None:
        found = _CELL.findall(text)
        if found:
            columns, rows = zip(*found, strict=True)
            self.columns.update(columns)
            self.last_row, self.count = max(self.last_row, *map(int, set(rows)), 0), self.count + len(found)
            if self._last_column() > self.limits.columns:
                self.beyond += sum(_column(one) > self.limits.columns for one in columns)
        if b"<f" in text or b":f" in text:
            self.seen["no_stored_value"] += [_place(*one, "") for one in _NO_VALUE.findall(text)]
        if b"t" in text and re.search(rb"""t\s*=\s*["']e["']""", text):
            for letters, digits, what in _ERROR.findall(text):
                self.seen["error_cell"].append(_place(letters, digits, what.decode("utf-8", "replace")[:20]))
        for name, pattern in self.styled.items():
            if pattern:
                self.seen[name] += [_place(*one) for one in pattern.findall(text)]
        if b"hidden" in text:
            self.seen["hidden_rows"] += [int(number) for number in _HIDDEN_ROW.findall(text)]
            for column in _HIDDEN_COLUMN.findall(text):
                first, last = (
                    int(re.search(rb"\b" + name + rb'\s*=\s*["\'](\d{1,5})', column)[1]) for name in (b"min", b"max")
                )
                self.seen["hidden_columns"] += range(first - 1, min(last, self.limits.columns))

    def _look_at_shared(self, text: bytes) -> None:
        wrong = _SHARED.search(text)
        if wrong:
            cell = re.search(_REFERENCE, wrong[0])
            raise FileRefused("no_such_text", place=self.place, cell=(cell[1] + cell[2]).decode() if cell else "?")

    def _last_column(self) -> int:
        return max(map(_column, self.columns), default=0)

    def _refuse(self) -> None:
        columns, limits = self._last_column(), self.limits
        if self.last_row > limits.rows and self.count >= limits.rows:
            raise FileRefused("too_many_rows", place=self.place, limit=limits.rows)
        if columns > limits.columns and self.beyond >= 10:
            raise FileRefused("too_many_columns", place=self.place, line=1, columns=columns, limit=limits.columns)
        letters = max(self.columns, key=_column).decode()
        raise FileRefused("far_cell", place=self.place, cell=f"{letters}{self.last_row}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _place(letters: bytes, digits: bytes, *more: str) -> tuple:
    return int(digits) - 1, _column(letters) - 1, *more


# --- the second wall: a process that may die -------------------------------------------------------------------


def _read(
    file_name: str, data: bytes, kind: str, seen: Seen, remarks: list[Remark], tell: Tell, limits: Limits
) -> tuple[Sheet, ...]:
    """What the child process reads, as sheets. However it ends, this process lives."""
    asked = {"is_xls": kind == "xls", "seen": seen, "limits": asdict(limits)}
    with tempfile.TemporaryFile() as handed:
        handed.write(json.dumps(asked).encode() + b"\n")
        handed.write(data)
        handed.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-P", str(_CHILD)],
            stdin=handed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    clock = threading.Timer(2 * limits.seconds, child.kill)
    clock.start()
    try:
        sheets = _received(file_name, child.stdout, kind, tell, limits)
    finally:
        clock.cancel()
        child.kill()
        child.stdout.close()
        child.wait()
    with_text = [sheet for sheet in sheets if sheet.lines]
    if not with_text:
        raise FileRefused("empty", file=file_name)
    first = with_text[0]
    return (replace(first, remarks=(*remarks, *first.remarks)), *with_text[1:])


def _received(file_name: str, said: Iterator[bytes], kind: str, tell: Tell, limits: Limits) -> list[Sheet]:
    shared, names, lines, remarks, marks, size, total = Shared(), [], [], [], [], 0, 0
    for text in said:
        size += len(text)
        if size > limits.unpacked_bytes:
            raise FileRefused("zip_bomb", file=file_name, limit=limits.unpacked_bytes >> 20)
        what, *rest = _parsed(text)
        if what == "sheet":
            name, is_hidden, total = rest
            names.append(name)
            lines.append([])
            marks.append(Marks())
            remarks.append([Remark("hidden_sheet", None, {"sheet": name})] if is_hidden else [])
        elif what == "rows":
            first, rows = rest
            for number, cells in enumerate(rows, first):
                if sum(map(len, cells)) > limits.cell_length and max(map(len, cells)) > limits.cell_length:
                    place, limit = f"{file_name} · {names[-1]}", limits.cell_length
                    raise FileRefused("cell_too_long", place=place, line=number, limit=limit)
                lines[-1].append(Line(number, tuple(map(shared.__getitem__, cells))))
            tell("read", min(first + len(rows) - 1, total), total)
        elif what == "marks":
            merged, *others = rest
            marks[-1] = Marks(tuple(map(tuple, merged)), *map(tuple, others))
        elif what == "remark":
            code, line, blanks = rest
            remarks[-1].append(Remark(code, line, {"sheet": names[-1], **blanks}))
        elif what == "refused":
            code, blanks = rest
            place = f"{file_name} · {blanks.pop('sheet', '')}"
            raise FileRefused(code, **_asked_for(code, {"file": file_name, "place": place, **blanks}))
        elif what == "end":
            return [
                Sheet(name, without_blank_end(found), kind, tuple(noted), marks=own)
                for name, found, noted, own in zip(names, lines, remarks, marks, strict=True)
            ]
    raise FileRefused("reading_stopped", file=file_name)


def _parsed(text: bytes) -> list:
    """A line of the child; one that it could not finish says nothing."""
    try:
        return json.loads(text)
    except ValueError:
        return [""]


def _asked_for(code: str, blanks: dict) -> dict:
    """A refusal of the child names the file, or the place in it, and the blanks of its sentence."""
    is_place = code in ("too_many_rows", "too_many_columns", "too_many_cells", "far_cell")
    return {name: value for name, value in blanks.items() if name != ("file" if is_place else "place")}
