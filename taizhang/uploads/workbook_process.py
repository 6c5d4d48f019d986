"""Run alone, as a process that may die: reads the workbook on stdin with python-calamine, writes JSON lines.

It imports nothing of this product, so that it starts at once and its memory is the workbook's alone. What it writes:
["sheet", name, is_hidden, rows], ["rows", first number, [[text, …], …]], ["remark", code, line, blanks],
["refused", code, blanks], and at last ["end"]; without that line it has died.
"""

import contextlib
import datetime as dt
import io
import json
import struct
import sys

BATCH_CELLS = 5_000
BATCH_LENGTH = 1 << 20
LONG_NUMBER = 10**15  # Excel keeps 15 digits; those after them were lost before we saw the file
SHOWN = 5
MOST_RANGES = 20_000
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
PERCENT_FORMATS = {9, 10}
MONTH_FORMATS = {17, 27, 36, 50, 52, 57}  # mmm-yy, 2019年9月: those that need no code


def limit(seconds: int, memory: int) -> None:
    """Bound this process. Windows has no such limits: there the parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    bounds = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0))
    for which, most in bounds:
        hard = resource.getrlimit(which)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (least, least))


def say(*what: object) -> None:
    sys.stdout.buffer.write(json.dumps(what, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


class Refused(Exception):
    """The workbook is not read any further: a code and its blanks."""


# --- values as text --------------------------------------------------------------------------------------------


def text(value: object) -> str:
    """A value as text: what Excel shows in a cell without a format, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, dt.datetime):
        value = to_the_second(value)
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.time):
        return to_the_second(dt.datetime.combine(dt.date(2000, 1, 1), value)).time().isoformat()
    if isinstance(value, dt.timedelta):
        return duration(value)
    return value.isoformat() if isinstance(value, dt.date) else ""


def to_the_second(value: dt.datetime) -> dt.datetime:
    """10:29:59.999 is a fraction of a day that is not exact in binary; 10:29:59.500 was meant."""
    away = (value.microsecond + 1_000) % 1_000_000 - 1_000
    return value if abs(away) > 1_000 else value - dt.timedelta(microseconds=away)


def number(value: float) -> str:
    """Without .0, without an exponent, and with the 15 digits that Excel itself shows."""
    if value == int(value) and abs(value) < LONG_NUMBER:
        return str(int(value))
    short = f"{value:.15g}"
    if "e" not in short:
        return short
    from decimal import Decimal

    return f"{Decimal(short):f}"


def duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def percent(shown: str) -> str:
    """0.85 → 85%, as the cell shows it; what is no number stays."""
    from decimal import Decimal, InvalidOperation

    try:
        return f"{(Decimal(shown) * 100).normalize():f}%"
    except InvalidOperation:
        return shown


def reference(row: int, column: int) -> str:
    """(0, 27) → AB1."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


# --- one sheet -------------------------------------------------------------------------------------------------


class Noted:
    """Places worth a remark: how many, and the first few."""

    def __init__(self, code: str):
        self.code, self.count, self.first, self.line = code, 0, [], None

    def add(self, row: int, column: int, what: str = "") -> None:
        self.count += 1
        self.line = self.line or row + 1
        if len(self.first) < SHOWN:
            self.first.append(reference(row, column) + (f" {what}" if what else ""))

    def tell(self) -> None:
        if self.count:
            cells = ", ".join(self.first) + (" …" if self.count > SHOWN else "")
            say("remark", self.code, self.line, {"count": self.count, "cells": cells})


def read_sheet(sheet, is_hidden: bool, seen: dict, limits: dict) -> None:
    """Write one sheet; `seen` is what only a look at the file itself can tell: errors, empty formulas, percents."""
    percents = {}
    for row, column in seen.get("percents", ()):
        percents.setdefault(row, []).append(column)
    say("sheet", sheet.name, is_hidden, 0 if sheet.end is None else sheet.end[0] + 1)
    if sheet.end is None:
        return
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    if rows > limits["rows"]:
        raise Refused("too_many_rows", {"sheet": sheet.name, "limit": limits["rows"]})
    if columns > limits["columns"]:
        blanks = {"limit": limits["columns"], "columns": columns, "line": sheet.start[0] + 1}
        raise Refused("too_many_columns", {"sheet": sheet.name, **blanks})
    if rows * columns > limits["cells"]:
        raise Refused("too_many_cells", {"sheet": sheet.name, "limit": limits["cells"]})
    merged, held, ranges = merged_by_row(sheet, rows, columns), {}, []
    months = {}
    for row, column in seen.get("months", ()):
        months.setdefault(row, []).append(column)
    long_numbers, hidden_values = Noted("long_number"), Noted("under_merged")
    batch, first, size, length, margin = [], 1, 0, 0, [""] * sheet.start[1]
    for row, values in enumerate(sheet.iter_rows()):
        cells = margin + [value if type(value) is str else text(value) for value in values]
        for column, value in enumerate(values, sheet.start[1]):
            if type(value) is not str and type(value) in (int, float) and abs(value) >= LONG_NUMBER:
                long_numbers.add(row, column)
        for column in percents.get(row, ()):
            if column < len(cells):
                cells[column] = percent(cells[column])
        for column in months.get(row, ()):
            if column < len(cells) and len(cells[column]) == 10:
                cells[column] = cells[column][:7]  # the cell shows a month: its first day was only stored
        for top, left, bottom, right in merged.get(row, ()):
            if row == top:
                held[top, left] = cells[left] if left < len(cells) else ""
                if held[top, left]:
                    ranges.append((top + 1, left, bottom + 1, right))
            for column in range(left + (row == top), right + 1):
                if column < len(cells) and cells[column] not in ("", held[top, left]):
                    hidden_values.add(row, column)
            if right >= len(cells):
                cells += [""] * (right + 1 - len(cells))
            cells[left : right + 1] = [held[top, left]] * (right + 1 - left)
        used = sum(map(len, cells))
        batch.append(cells if used else [])
        size, length = size + len(cells), length + used
        if size >= BATCH_CELLS or length >= BATCH_LENGTH:
            say("rows", first, batch)
            batch, first, size, length = [], row + 2, 0, 0
    say("rows", first, batch)
    hidden = sorted(set(seen.get("hidden_rows", ()))), sorted(set(seen.get("hidden_columns", ())))
    struck = sorted({row + 1 for row, _ in seen.get("struck", ())})
    say("marks", ranges[:MOST_RANGES], struck, *hidden)
    long_numbers.tell()
    hidden_values.tell()
    for code in ("error_cell", "no_stored_value"):
        noted = Noted(code)
        for row, column, what in seen.get(code, ()):
            noted.add(row, column, what)
        noted.tell()


def merged_by_row(sheet, rows: int, columns: int) -> dict:
    """Row → the merged ranges that cover it, as far as there are rows and columns: (top, left, bottom, right)."""
    found = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        last, right = min(bottom, rows - 1), min(right, columns - 1)
        for row in range(top, last + 1 if right >= left else top):
            found.setdefault(row, []).append((top, left, last, right))
    return found


# --- .xls: what calamine does not tell -------------------------------------------------------------------------


def workbook_stream(data: bytes) -> bytes:
    """The stream Workbook (or Book) of an OLE file. Raises on anything that is not in order."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError("sector size")
    first_directory, cutoff = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0]
    tables = list(struct.unpack_from("<109I", data, 76))
    following, steps = struct.unpack_from("<I", data, 68)[0], 0
    while following < 0xFFFFFFFA and steps < len(data) // size:
        part = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        tables.extend(part[:-1])
        following, steps = part[-1], steps + 1
    chain = []
    for sector in tables:
        if sector < 0xFFFFFFFA:
            chain.extend(struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size))

    def stream(start: int) -> bytes:
        parts, left = [], len(data) // size + 1
        while start < 0xFFFFFFFA and left:
            parts.append(data[(start + 1) * size : (start + 2) * size])
            start, left = chain[start], left - 1
        if not left:
            raise ValueError("a chain without end")
        return b"".join(parts)

    directory = stream(first_directory)
    for place in range(0, len(directory) - 127, 128):
        name_size = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(name_size - 2, 0)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", directory, place + 116)
        if name.lower() in ("workbook", "book"):
            if length < cutoff:
                return b""  # small streams lie elsewhere; Excel never writes a workbook that small
            return stream(start)[:length]
    raise ValueError("no workbook in it")


def look_at_xls(data: bytes) -> dict:
    """Sheet name → what its records tell: errors, percents, and the last cell with its count of cells."""
    stream = workbook_stream(data)
    starts, formats, styles, seen, name, is_old, place = {}, set(PERCENT_FORMATS), [], {}, None, False, 0
    months, fonts, struck = set(MONTH_FORMATS), [], []
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        body = stream[place + 4 : place + 4 + size]
        if kind == 0x809:
            name, is_old = starts.get(place), body[:2] == b"\0\5"
        elif kind == 0x2F:
            raise Refused("encrypted", {})
        elif kind == 0x85:
            starts[struct.unpack_from("<I", body)[0]] = short_string(body[6:], is_old)
        elif kind == 0x41E and b"%" in body[2:]:
            formats.add(struct.unpack_from("<H", body)[0])
        elif kind == 0x41E and not is_old and shows_month(long_string(body[2:])):
            months.add(struct.unpack_from("<H", body)[0])
        elif kind == 0x31 and len(body) >= 4:
            fonts.append(bool(body[2] & 8))
        elif kind == 0xE0:
            font, number = struct.unpack_from("<HH", body)
            font -= font > 4  # there is no fifth font
            styles.append(number)
            struck.append(font < len(fonts) and fonts[font])
        elif name is not None and kind in (0x208, 0x7D):
            look_at_shape(kind, body, of_sheet(seen, name))
        elif name is not None and kind in (0x203, 0x27E, 0xBD, 0x6, 0x205, 0xFD, 0x204):
            found = of_sheet(seen, name)
            row, column, style = struct.unpack_from("<HHH", body)
            if style < len(styles) and styles[style] in months and kind in (0x203, 0x27E, 0x6):
                found["months"].append((row, column))
            if style < len(struck) and struck[style]:
                found["struck"].append((row, column))
            look_at_cell(kind, body, found, lambda style: style < len(styles) and styles[style] in formats)
        place += 4 + size
    return seen


SEEN = ("percents", "months", "struck", "hidden_rows", "hidden_columns", "error_cell", "no_stored_value")


def of_sheet(seen: dict, name: str) -> dict:
    return seen.setdefault(name, {**{what: [] for what in SEEN}, "last": [0, 0, 0]})


def look_at_shape(kind: int, body: bytes, found: dict) -> None:
    """A row or some columns that are not shown."""
    if kind == 0x208 and len(body) >= 14 and body[12] & 0x20:
        found["hidden_rows"].append(struct.unpack_from("<H", body)[0] + 1)
    elif kind == 0x7D and len(body) >= 10 and body[8] & 1:
        first, last = struct.unpack_from("<HH", body)
        found["hidden_columns"].extend(range(first, min(last, 255) + 1))


def shows_month(code: str) -> bool:
    """Whether a format shows year and month, and no day."""
    plain = "".join(code.lower().split('"')[::2]).replace("\\", "")
    return "y" in plain and "m" in plain and not set(plain) & set("dhs")


def long_string(body: bytes) -> str:
    if len(body) < 3:
        return ""
    length, is_wide = struct.unpack_from("<H", body)[0], body[2] & 1
    return (
        body[3 : 3 + length * 2].decode("utf-16-le", "replace") if is_wide else body[3 : 3 + length].decode("latin-1")
    )


def short_string(body: bytes, is_old: bool) -> str:
    if is_old:  # Excel 95
        return body[1 : 1 + body[0]].decode("gb18030", "replace")
    length, is_wide = body[0], body[1] & 1
    return body[2 : 2 + length * 2].decode("utf-16-le") if is_wide else body[2 : 2 + length].decode("latin-1")


def look_at_cell(kind: int, body: bytes, found: dict, is_percent) -> None:
    row, column, style = struct.unpack_from("<HHH", body)
    last = found["last"]
    last[0], last[1], last[2] = max(last[0], row), max(last[1], column), last[2] + 1
    if kind == 0xBD:
        for place in range(4, len(body) - 7, 6):
            if is_percent(struct.unpack_from("<H", body, place)[0]):
                found["percents"].append((row, column + (place - 4) // 6))
        last[1] = max(last[1], column + (len(body) - 6) // 6 - 1)
        return
    error = None
    if kind == 0x205 and body[7]:
        error = body[6]
    elif kind == 0x6 and body[12:14] == b"\xff\xff":
        error = body[8] if body[6] == 2 else None
        if body[6]:
            style = 0xFFFF  # a text, a truth value or nothing: no percent
    if error is not None:
        found["error_cell"].append((row, column, ERRORS.get(error, "#")))
    elif kind in (0x203, 0x27E, 0x6) and is_percent(style):
        found["percents"].append((row, column))


def check_xls(seen: dict, limits: dict) -> None:
    """A few cells far away make the reader ask for all that lies between."""
    for name, found in seen.items():
        row, column, count = found["last"]
        if row >= limits["rows"] or column >= limits["columns"]:
            if count < limits["rows" if row >= limits["rows"] else "columns"]:
                raise Refused("far_cell", {"sheet": name, "cell": reference(row, column)})
            if row >= limits["rows"]:
                raise Refused("too_many_rows", {"sheet": name, "limit": limits["rows"]})
            blanks = {"limit": limits["columns"], "columns": column + 1, "line": 1}
            raise Refused("too_many_columns", {"sheet": name, **blanks})


# --- the whole -------------------------------------------------------------------------------------------------


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    limits = asked["limits"]
    limit(limits["seconds"], limits["memory_bytes"])
    data = sys.stdin.buffer.read()
    import python_calamine as calamine

    seen = asked["seen"]
    try:
        if asked["is_xls"]:
            seen = look_at_xls(data)  # whatever is not in order there may make the reader ask for memory without end
            check_xls(seen, limits)
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if len(workbook.sheet_names) > limits["sheets"]:
            raise Refused("too_many_sheets", {"sheets": len(workbook.sheet_names), "limit": limits["sheets"]})
        for sheet in workbook.sheets_metadata:
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                is_hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
                read_sheet(workbook.get_sheet_by_name(sheet.name), is_hidden, seen.get(sheet.name, {}), limits)
    except Refused as refused:
        say("refused", *refused.args)
    except calamine.PasswordError:
        say("refused", "encrypted", {})
    except MemoryError:
        return
    except BaseException:  # a panic of the reader is no Exception
        say("refused", "broken_workbook", {})
    say("end")


if __name__ == "__main__":
    main()
