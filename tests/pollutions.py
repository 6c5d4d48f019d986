"""978 polluted copies of a ledger, after the classes of the Pollock benchmark ("Pollock: A Data Loading Benchmark",
VLDB 2023): 138 polluted as a file, 840 polluted in one row. Each is read right, refused well, told or wrong.

`python tests/pollutions.py` reads them all and prints the figures and every one that is not well; a short part of it
runs with the tests.
"""

import csv
import io
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from taizhang import uploads
from taizhang.store import Store
from taizhang.uploads import FileRefused

SEED = 2023
RIGHT = "read right"  # every value equals the clean file's
REFUSED = "refused well"  # the sentence names the line (of one row) or the real cause (of a file)
BADLY = "refused badly"  # refused, but the sentence looks elsewhere
TOLD = "told"  # values differ, and a warning names the line
WRONG = "wrong in silence"
CLASSES = (RIGHT, REFUSED, BADLY, TOLD, WRONG)
DRAWS = 30  # of each way to pollute one row

Rows = list[list[str]]


@dataclass(frozen=True)
class Polluted:
    """One polluted file: what was done to it, its bytes, and the line it was done to (0: to all of it)."""

    what: str
    data: bytes
    line: int = 0
    file_name: str = "整改措施台账.csv"
    clean: bytes = b""  # what it was before, where it is no copy of the common one


@dataclass(frozen=True)
class Outcome:
    """What became of one: its class, the codes that were said, and the lines that they name."""

    of: Polluted
    kind: str
    codes: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


# --- writing ---------------------------------------------------------------------------------------------------


def record(cells: Iterable[str], delimiter: str = ",", quote: str = '"', always: bool = False, escape: str = "") -> str:
    """One line without its end; a quote in a cell is doubled, or has `escape` before it."""
    opens, closes = quote[0], quote[-1]
    out = []
    for cell in cells:
        if always or any(mark in cell for mark in (delimiter.strip(" ") or delimiter, opens, closes, "\n", "\r")):
            inner = cell.replace(closes, (escape or closes) + closes)
            out.append(f"{opens}{inner}{closes}")
        else:
            out.append(cell)
    return delimiter.join(out)


def text(rows: Rows, end: str = "\r\n", **how) -> str:
    return "".join(record(row, **how) + end for row in rows)


# --- polluted as a file ----------------------------------------------------------------------------------------


def of_files(rows: Rows, rest: random.Random) -> Iterator[Polluted]:
    """138 copies, each polluted in one way as a whole."""
    clean = text(rows)
    head, body, width = rows[0], rows[1:], len(rows[0])

    def one(what: str, made: str, encoding: str = "utf-8", mark: bytes = b"") -> Polluted:
        return Polluted(what, mark + made.encode(encoding))

    for name, end in {"LF": "\n", "CR": "\r", "CR CR LF": "\r\r\n", "LF CR": "\n\r"}.items():
        yield one(f"line end {name}", text(rows, end))
    yield one("line ends mixed", "".join(record(row) + rest.choice(("\n", "\r\n")) for row in rows))
    yield one("no final line end", clean.rstrip())
    for count in (1, 3, 20):
        yield one(f"{count} blank lines at the end", clean + "\r\n" * count)
        yield one(f"{count} blank lines at the top", "\r\n" * count + clean)
    yield one("a blank line after every row", text(rows, "\r\n\r\n"))
    yield one("lines of delimiters at the end", clean + ("," * (width - 1) + "\r\n") * 3)
    yield one("empty file", "")
    yield one("a mark and nothing else", "", mark=b"\xef\xbb\xbf")
    yield one("no rows", text([head]))
    yield one("no headings", text(body))
    for count in (1, 2, 3, 5, 10):
        yield one(f"{count} preamble lines", "整改措施台账\r\n" * count + clean)
        yield one(f"{count} preamble lines of full width", ("整改台账" + "," * (width - 1) + "\r\n") * count + clean)
        yield one(f"{count} comment lines", "# exported\r\n" * count + clean)
        yield one(f"{count} lines of notes at the end", clean + "\r\n" + "注：数据由各单位填报\r\n" * count)
    yield one("headings twice", text([head, *rows]))
    yield one("headings again among the rows", text([*rows[:10], head, *rows[10:]]))
    yield one("headings again at the end", text([*rows, head]))
    yield one("a line of groups above the headings", text([["基本情况", *[""] * (width - 1)], *rows]))
    yield one("a line of column numbers", text([head, [str(place) for place in range(1, width + 1)], *body]))
    yield one("headings with spaces", text([[f"  {cell} " for cell in head], *body]))
    yield one("headings over two lines", text([[cell[:2] + "\n" + cell[2:] for cell in head], *body]))
    yield one("one heading too many", text([[*head, "其他"], *body]))
    for place in (5, 12, 20):
        yield one(f"heading {place} is empty", text([[*head[:place], "", *head[place + 1 :]], *body]))
        yield one(f"heading {place} stands twice", text([[*head[:place], head[place - 1], *head[place + 1 :]], *body]))
    for delimiter in (
        ";",
        "\t",
        "|",
        "，",
        "、",
        "；",
        "^",
        "~",
        ":",
        " ",
        "\x1f",
        "\x01",
        "::",
        "||",
        ", ",
        "; ",
        "#",
    ):
        yield one(f"delimiter {delimiter!r}", text(rows, delimiter=delimiter))
        if len(delimiter) == 1 and delimiter not in " :#":
            yield one(f"delimiter {delimiter!r}, all quoted", text(rows, delimiter=delimiter, always=True))
    yield one("sep= line", "sep=;\r\n" + text(rows, delimiter=";"))
    yield one("delimiters by row", "".join(record(row, ";" if n % 2 else ",") + "\r\n" for n, row in enumerate(rows)))
    yield one("delimiter of the headings differs", record(head, ";") + "\r\n" + text(body))
    for quote in ("'", "`", "“”", "「」", "‘’", "$"):
        yield one(f"quote {quote}", text(rows, quote=quote))
        yield one(f"quote {quote}, all quoted", text(rows, quote=quote, always=True))
    yield one("all quoted", text(rows, always=True))
    spoken = [head, *([*row[:2], f'按照"三定"要求，{row[2]}', *row[3:]] for row in body)]
    for escape in ("\\", "/"):
        made = text(spoken, escape=escape)
        yield Polluted(f"quotes escaped by {escape}", made.encode(), clean=text(spoken).encode())
    made = "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in spoken)
    yield Polluted("quotes not escaped", made.encode(), clean=text(spoken).encode())
    for name, codec, mark in (
        ("UTF-8 with a mark", "utf-8", b"\xef\xbb\xbf"),
        ("UTF-8 with two marks", "utf-8", b"\xef\xbb\xbf" * 2),
        ("UTF-16 LE with a mark", "utf-16-le", b"\xff\xfe"),
        ("UTF-16 BE with a mark", "utf-16-be", b"\xfe\xff"),
        ("UTF-16 LE", "utf-16-le", b""),
        ("UTF-16 BE", "utf-16-be", b""),
        ("UTF-32", "utf-32", b""),
        ("GBK", "gbk", b""),
        ("GB18030", "gb18030", b""),
        ("GB18030 with a mark", "gb18030", b"\x84\x31\x95\x33"),
        ("HZ", "hz", b""),
    ):
        yield one(name, clean, codec, mark)
        if codec in ("gbk", "utf-16-le") and mark != b"":
            yield one(f"{name}, tabs", text(rows, delimiter="\t"), codec, mark)
    half = text(rows[:12])
    yield Polluted("two encodings", half.encode() + text(rows[12:]).encode("gbk"))
    for count in (1, 2, 5):
        yield one(f"{count} delimiters behind every line", text([[*row, *[""] * count] for row in rows]))
        yield one(f"{count} delimiters behind every row", text([head, *([*row, *[""] * count] for row in body)]))
    yield one("a delimiter before every line", text([["", *row] for row in rows]))
    yield one("a column of row numbers", text([["序号" if not n else str(n), *row] for n, row in enumerate(rows)]))
    yield one("spaces around every cell", text([[f" {cell} " for cell in row] for row in rows]))
    yield one("wide spaces around every cell", text([[f"\u3000{cell}\xa0" for cell in row] for row in rows]))
    yield one("the table twice", clean + "\r\n" + clean)
    yield one("in two tables", text(rows[:10]) + "\r\n" + text([head, *rows[10:]]))
    yield one("a table of something else below", clean + "\r\n单位,电话\r\n办公室,123\r\n机关党委,456\r\n")
    yield one("a table of something else above", "单位,电话\r\n办公室,123\r\n\r\n" + clean)
    beside = [[*row, "", *(["单位", "电话"] if not n else ["办公室", str(n)])] for n, row in enumerate(rows)]
    yield one("a table of something else beside", text(beside))
    for number in range(6):
        order = list(range(width))
        rest.shuffle(order)
        yield one(f"columns in another order, {number + 1}", text([[row[place] for place in order] for row in rows]))
    for name, made in {"txt": clean, "dat": clean, "tsv": text(rows, delimiter="\t"), "xls": clean}.items():
        yield Polluted(f"named .{name}", made.encode(), file_name=f"整改措施台账.{name}")
    yield one("rows in another order", text([head, *rest.sample(body, len(body))]))
    yield one("a mark of the end of file", clean + "\x1a")


# --- polluted in one row ---------------------------------------------------------------------------------------


def _cells(line: Sequence[str]) -> list[str]:
    return [record([cell]) for cell in line]


def _filled(row: Sequence[str], rest: random.Random, least: int = 2) -> int:
    """The place of a cell with a text of some length, not the first."""
    return rest.choice([place for place, cell in enumerate(row) if place and len(cell) >= least and '"' not in cell])


def _joined(row, rest, change: Callable[[list[str], int], None], least: int = 2) -> str:
    cells, place = _cells(row), _filled(row, rest, least)
    change(cells, place)
    return ",".join(cells)


def _at(cells: list[str], place: int, made: str) -> None:
    cells[place] = made


def _middle(cell: str, mark: str) -> str:
    half = len(cell) // 2
    return cell[:half] + mark + cell[half:]


def _bare(row: Sequence[str]) -> list[str]:
    """The row without the commas in its cells, where a cell is to stand unquoted."""
    return [cell.replace(",", "，") for cell in row]


ONE_ROW: dict[str, Callable[[Sequence[str], random.Random], str]] = {
    "a delimiter too many at the end": lambda row, rest: record(row) + ",",
    "a delimiter too many at the start": lambda row, rest: "," + record(row),
    "a delimiter too many between two cells": lambda row, rest: _joined(
        row, rest, lambda cells, place: cells.insert(place, "")
    ),
    "a delimiter inside a cell": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, _middle(cells[place], ","))
    ),
    "a delimiter too few": lambda row, rest: _joined(
        _bare(row),
        rest,
        lambda cells, place: cells.__setitem__(slice(place - 1, place + 1), [cells[place - 1] + cells[place]]),
    ),
    "a cell too few": lambda row, rest: _joined(row, rest, lambda cells, place: cells.pop(place)),
    "two cells too few": lambda row, rest: _joined(
        row, rest, lambda cells, place: cells.__delitem__(slice(place, place + 2))
    ),
    "a cell more with text": lambda row, rest: _joined(row, rest, lambda cells, place: cells.insert(place, "另附")),
    "a cell more with text at the end": lambda row, rest: record([*row, "另附"]),
    "the row is cut": lambda row, rest: record(row[: rest.randrange(3, 24)]),
    "the row is cut inside a cell": lambda row, rest: record(row[:2]) + "," + row[2][:4],
    "a quote inside a cell": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, _middle(cells[place], '"'))
    ),
    "a quote at the start of a cell": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, '"' + cells[place])
    ),
    "a quote at the end of a cell": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, cells[place] + '"')
    ),
    "a quote inside a quoted cell": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, '"' + _middle(cells[place], '"') + '"')
    ),
    "text behind a closing quote": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, f'"{cells[place]}"等')
    ),
    "a space before an opening quote": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, f' "{cells[place]}"')
    ),
    "quotes escaped by a backslash": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, '"' + _middle(cells[place], '\\"') + '"')
    ),
    "all quoted": lambda row, rest: record(row, always=True),
    "quoted by '": lambda row, rest: record(row, quote="'", always=True),
    "quoted by “”": lambda row, rest: record(row, quote="“”", always=True),
    "the row in one quote": lambda row, rest: '"' + record(row).replace('"', '""') + '"',
    "delimiter ;": lambda row, rest: record(row, ";"),
    "delimiter tab": lambda row, rest: record(row, "\t"),
    "delimiter ，": lambda row, rest: record(row, "，"),
    "a line break inside a cell": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, _middle(cells[place], "\n"))
    ),
    "a line break inside a quoted cell": lambda row, rest: _joined(
        _bare(row), rest, lambda cells, place: _at(cells, place, '"' + _middle(cells[place], "\n") + '"')
    ),
    "the row twice": lambda row, rest: record(row) + "\r\n" + record(row),
}


def of_rows(rows: Rows, rest: random.Random, draws: int = DRAWS) -> Iterator[Polluted]:
    """Copies with one polluted row: `draws` of each way."""
    for what, pollute in ONE_ROW.items():
        for _ in range(draws):
            at = rest.randrange(1, len(rows))
            lines = [record(row) for row in rows]
            lines[at] = pollute(rows[at], rest)
            yield Polluted(what, "".join(line + "\r\n" for line in lines).encode("utf-8-sig"), at + 1)


# --- reading ---------------------------------------------------------------------------------------------------


def values_of(checked: uploads.Checked) -> dict[str, dict[str, object]]:
    """Every value that was read, by the key of its row."""
    return {
        str(row.cells.get("action_id")): {name: cell for name, cell in row.cells.items() if cell is not None}
        for part, reading in zip(checked.parts, checked.readings, strict=True)
        if part.table == "action"
        for row in reading.rows
    }


def _plain(values: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """Values without what pollution itself wrote into a cell and a reader may keep: quotes, line breaks, commas."""
    return {
        key: {name: _WRITTEN.sub("", cell) if isinstance(cell, str) else cell for name, cell in row.items()}
        for key, row in values.items()
    }


_WRITTEN = re.compile(r"[\"\\\s,，]")


IN_THE_CELL = ("unknown_code", "bad_date", "bad_number", "bad_whole_number")  # a stray mark is in the quoted value
# Way to pollute, as a pattern → the codes that name its real cause.
CAUSES = {
    r"empty file|a mark and nothing else": {"empty"},
    r"no headings|HZ": {"unknown_table"},
    r"heading \d+ is empty": {"empty_heading"},
    r"heading \d+ stands twice": {"duplicate_heading"},
    r"two encodings": {"mixed_encodings"},
    r"the (table|row) twice": {"key_twice"},
    r"a table of something else": {"key_without_letter", "unknown_table"},
    r"quotes (not )?escaped|text behind": {"open_quote", "odd_quotes"},
    r"a delimiter too many|a delimiter inside|a cell more": {"too_many_cells"},
    r"a delimiter too few|.* cells? too few|the row is cut": {"too_few_cells"},
    r"a line break inside a cell": {"too_few_cells"},
    r"a (quote|space)": {"open_quote", "odd_quotes", *IN_THE_CELL},
    r"text behind|quotes escaped by a backslash": {*IN_THE_CELL},
    r"quoted by|the row in one|delimiter (;|tab|，)$": {"lines_otherwise"},
}


def is_cause(what: str, codes: Iterable[str]) -> bool:
    """Whether one of the codes says what was done to the file."""
    named = set().union(*(own for pattern, own in CAUSES.items() if re.match(pattern, what)))
    return bool(named & set(codes))


def outcome(store: Store, one: Polluted, clean: dict[str, dict[str, object]]) -> Outcome:
    """Read one, and class what came of it."""
    try:
        checked = uploads.check(store, [(one.file_name, one.data)])
    except FileRefused as refused:
        lines = tuple(number for name, number in refused.blanks.items() if name in ("line", "last"))
        is_well = is_cause(one.what, [refused.code]) and (not one.line or one.line in lines)
        return Outcome(one, REFUSED if is_well else BADLY, (refused.code,), lines)
    said = [problem for problem in checked.problems if problem.rule != "demo_ignored"]
    codes = tuple(dict.fromkeys(problem.rule for problem in said))
    lines = tuple(sorted({problem.line for problem in said}))
    if checked.errors:
        there = [problem.rule for problem in said if not one.line or one.line <= problem.line <= one.line + 1]
        return Outcome(one, REFUSED if is_cause(one.what, there) else BADLY, codes, lines)
    if _plain(values_of(checked)) == _plain(values_of(check_of(store, one.clean)) if one.clean else clean):
        return Outcome(one, RIGHT, codes, lines)
    named = {*lines, *(remark.line for sheet in checked.sheets for remark in sheet.remarks)}
    return Outcome(one, TOLD if (one.line in named if one.line else named) else WRONG, codes, lines)


def check_of(store: Store, data: bytes) -> uploads.Checked:
    return uploads.check(store, [("整改措施台账.csv", data)])


def outcomes(store: Store, data: bytes, draws: int = DRAWS, files: bool = True) -> Iterator[Outcome]:
    """What becomes of the polluted copies of a clean CSV."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    clean = values_of(check_of(store, data))
    rest = random.Random(SEED)
    for one in [*(of_files(rows, rest) if files else ()), *of_rows(rows, rest, draws)]:
        yield outcome(store, one, clean)


def main() -> None:
    from taizhang.showing import export
    from taizhang.uploads import shipped

    with tempfile.TemporaryDirectory() as folder:
        demo, empty = Store(Path(folder, "demo")), Store(Path(folder, "empty"))
        shipped.init(demo, "demo")
        shipped.init(empty, "empty")
        found = list(outcomes(empty, export.csv_of(demo.live(), "action", "zh")))
    for title, own in (
        ("file", [one for one in found if not one.of.line]),
        ("one row", [one for one in found if one.of.line]),
    ):
        counted = Counter(one.kind for one in own)
        print(f"polluted in {title}: {len(own)}; " + ", ".join(f"{kind} {counted[kind]}" for kind in CLASSES))
    for (what, kind, codes), count in Counter((one.of.what, one.kind, one.codes) for one in found).items():
        print(f"{count:4} {kind:16} {what:45} {', '.join(codes)}")


if __name__ == "__main__":
    main()
