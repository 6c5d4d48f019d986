"""Any file an office produces becomes the same lines of text, and any bad one becomes one sentence."""

import csv
import dataclasses
import datetime as dt
import io
import os
import random
import re
import shutil
import string
import subprocess
import sys
import threading
from pathlib import Path

import bad_inputs
import pytest
from bad_inputs import BAD_CONTENTS, BAD_INPUTS, ROWS, csv_text, repacked, with_cells, xls, xls_number, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.declared.wording import language, words_of
from taizhang.rows import problems
from taizhang.store import Store
from taizhang.uploads import workbook, workbook_process
from taizhang.uploads.sheets import LIMITS, Cancelled, FileRefused, Limits, Remark, sentence, sheets_of

ROOT = Path(__file__).resolve().parents[1]

SIMPLIFIED = (
    ("江门市整改台账",),
    (),
    ("编号", "整改措施", "责任单位", "时限", "进度"),
    ("A-01", "修好村道，\r\n并铺设路灯", "交通局", "2019-10-31", "85％"),
    ("A-02", "清理积案; 答复来信, 逐件\t登记", "信访局", "2019-11-15", "１００"),
    ("A-03", '写明"已办结"的依据', "市委办", "", ""),
)
TRADITIONAL = (
    ("江門市整改臺賬",),
    (),
    ("編號", "整改措施", "責任單位", "時限", "進度"),
    ("A-01", "修好村道，\r\n並鋪設路燈", "交通局", "2019-10-31", "85％"),
    ("A-02", "清理積案; 答覆來信, 逐件\t登記", "信訪局", "2019-11-15", "１００"),
    ("A-03", '寫明"已辦結"的依據', "市委辦", "", ""),
)
NUMBERS = (1, 2, 3, 4, 6, 7)  # the fourth record takes two lines
ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 BOM": lambda text: text.encode("utf-8-sig"),
    "GB18030": lambda text: text.encode("gb18030"),
    "Big5": lambda text: text.encode("cp950"),
    "UTF-16 LE": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 LE without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE without a mark": lambda text: text.encode("utf-16-be"),
}


def written(rows, delimiter: str = ",", line_end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def one_sheet(file_name: str, data: bytes, limits: Limits = LIMITS):
    (sheet,) = sheets_of(file_name, data, limits=limits)
    return sheet


def cells(sheet) -> list[tuple[str, ...]]:
    return [line.cells for line in sheet.lines]


# --- text files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_and_delimiter_gives_the_same_cells(encoding, delimiter, line_end):
    rows = TRADITIONAL if encoding == "Big5" else SIMPLIFIED
    sheet = one_sheet("台账.csv", ENCODINGS[encoding](written(rows, delimiter, line_end)))
    assert cells(sheet) == list(rows)
    assert tuple(line.number for line in sheet.lines) == NUMBERS
    assert encoding.startswith(sheet.encoding)
    assert sheet.name == "台账"
    assert sheet.remarks == ()


@pytest.mark.parametrize(
    "text",
    ["编号,名称\n1,甲", "编号\n1", "名称;单位;备注,其他\n", "sep=;\n甲,乙;丙\n", "甲\t乙\n1,5\t2,5\n", "甲，乙,丙\n"],
)
@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030", "UTF-16 LE"])
def test_small_files_are_read_too(text, encoding):
    sheet = one_sheet("小.csv", ENCODINGS[encoding](text))
    delimiter = next((one for one in "\t;," if one in text.splitlines()[0]), ",")
    assert cells(sheet) == [tuple(line.split(delimiter)) for line in text.splitlines()]


def test_one_pair_of_gbk_that_looks_like_utf8_does_not_make_the_file_so():
    sheet = one_sheet("a.csv", "濠江区,修好村道\n".encode("gb18030"))  # 濠江 begins like one character in UTF-8
    assert (sheet.encoding, cells(sheet)) == ("GB18030", [("濠江区", "修好村道")])


def test_shipped_ledgers_are_read_as_they_are_in_gb18030_too():
    for path in sorted((ROOT / "data").rglob("*.csv")):
        text = path.read_text(encoding="utf-8-sig")
        rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))]
        for codec in ("utf-8-sig", "gb18030", "utf-16"):
            data = text.encode(codec)
            if text.isascii() and codec == "gb18030":
                continue
            assert cells(one_sheet(path.name, data)) == rows, (path, codec)


def test_blank_lines_are_kept_but_not_at_the_end():
    sheet = one_sheet("a.csv", b"\n\nkey,name\n\n1,x\n,\n\n,,\n")
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (1, ()),
        (2, ()),
        (3, ("key", "name")),
        (4, ()),
        (5, ("1", "x")),
    ]


def test_ragged_lines_and_stray_quotes_stay_as_they_are():
    sheet = one_sheet("a.csv", b'key,name,note\n1,5" pipe\n2,x,y,z\n')
    assert cells(sheet) == [("key", "name", "note"), ("1", '5" pipe'), ("2", "x", "y", "z")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('k,n\n1,"open\n2,x\n', 2),
        ('k,n\n1,x\n2,"a\nb",y\n3,"open\n4,"x"\n', 5),
        ('k,n\n1,"x" y\n', 2),
        ('k,n\n1,"a\nb","c\nd', 3),
        ('k,n\n1,"' + "x\n" * 70_000, 2),
    ],
)
def test_a_quote_is_named_by_the_line_where_it_opened(text, line):
    with pytest.raises(FileRefused) as refused:
        sheets_of("a.csv", text.encode())
    assert (refused.value.code, refused.value.blanks["line"]) == ("open_quote", line)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        ("甲,乙\n丙,丁\n".encode() + "戊己,庚辛\n".encode("gb18030"), "mixed_encodings", 3),
        ("编号,措施\n甲,修好村道\n".encode("gb18030") + "乙,清理积案\n".encode(), "mixed_encodings", 3),
        (b"\xef\xbb\xbf" + "甲,乙\n".encode() + "修好村道\n".encode("gb18030"), "mixed_encodings", 2),
        ("甲,乙\n修好村道".encode()[:-1], "undecodable", 2),
        ("甲,乙\n修好村道".encode("gb18030")[:-1], "undecodable", 2),
        ("План,Дорога\n".encode("cp1251"), "undecodable", 1),  # GB18030 too, but two of the five are in daily use
        (b"a,b\n1,\0\n", "nul_bytes", 2),
        ("甲,乙\r\n\0丙".encode("utf-16"), "nul_bytes", 2),
        ("甲,乙\n丙丁戊,\0".encode("gb18030"), "nul_bytes", 2),
    ],
)
def test_what_is_not_one_encoding_is_named_by_its_line(data, code, line):
    with pytest.raises(FileRefused) as refused:
        sheets_of("a.csv", data)
    assert (refused.value.code, refused.value.blanks["line"]) == (code, line)


def test_a_larger_file_is_read_when_larger_limits_are_given():
    data = b"key,name\n" + b"".join(b"%d,x\n" % number for number in range(LIMITS.rows + 10))
    with pytest.raises(FileRefused, match="too_many_rows"):
        sheets_of("a.csv", data)
    sheet = one_sheet("a.csv", data, dataclasses.replace(LIMITS, rows=LIMITS.rows * 2))
    assert len(sheet.lines) == LIMITS.rows + 11
    assert sheet.lines[-1] == (LIMITS.rows + 11, (str(LIMITS.rows + 9), "x"))


def test_equal_texts_are_one_object():
    first, second = cells(one_sheet("a.csv", "甲乙,x\n甲乙,y\n".encode()))
    assert first[0] is second[0]


TEXTS = st.text(st.sampled_from('甲乙丙丁 a1-"\n\r，。'), max_size=8)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(TEXTS, min_size=5, max_size=5), max_size=12), encoding=st.sampled_from(sorted(ENCODINGS)))
def test_what_was_written_is_read(rows, encoding):
    rows = [SIMPLIFIED[2], *map(tuple, rows), ("末", "行", "责任", "时间", "进度")]
    if encoding == "Big5":
        rows[0], rows[-1] = TRADITIONAL[2], ("末", "行", "責任", "時間", "進度")
    assert cells(one_sheet("a.csv", ENCODINGS[encoding](written(rows)))) == rows


# --- workbooks -------------------------------------------------------------------------------------------------


def fill_everything(book, page):
    day, minute = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy/m/d h:mm"})
    share, parts = book.add_format({"num_format": "0%"}), book.add_format({"num_format": '0.0%" of all"'})
    hours, quoted = book.add_format({"num_format": "[h]:mm"}), book.add_format({"num_format": '0"%"'})
    page.write_datetime(3, 0, dt.datetime(2019, 9, 11), day)
    page.write_datetime(3, 1, dt.datetime(2019, 9, 11, 10, 29), minute)
    page.write_number(3, 2, 0.85, share)
    page.write_number(3, 3, 1, share)
    page.write_number(4, 0, 0.125, parts)
    page.write_number(4, 1, 85, quoted)
    page.write_number(4, 2, 1.5, hours)
    page.write_number(4, 3, 0.1 + 0.2)
    page.write_boolean(5, 0, True)
    page.write_boolean(5, 1, False)
    page.write_formula(5, 2, "=1+1", None, 2)
    page.write_number(5, 3, 7.0)
    page.write_string(6, 0, "a\r\nb ")
    page.write_string(6, 1, "_x000D_")
    page.write_string(6, 2, "0.5", share)
    page.write_number(6, 3, -0.0000001)
    page.merge_range(7, 0, 8, 1, "合并")
    page.write_number(8, 2, 123456789012)


def test_a_workbook_is_read_as_a_person_sees_it():
    first = one_sheet("台账.xlsx", xlsx(fill=fill_everything))
    assert cells(first) == [
        *ROWS,
        ("2019-09-11", "2019-09-11 10:29:00", "85%", "100%"),
        ("12.5%", "85", "36:00:00", "0.3"),
        ("TRUE", "FALSE", "2", "7"),
        ("a\r\nb ", "_x000D_", "0.5", "-0.0000001"),
        ("合并", "合并", "", ""),
        ("合并", "合并", "123456789012", ""),
    ]
    assert [line.number for line in first.lines] == list(range(1, 10))
    assert (first.name, first.encoding, first.remarks) == ("表1", "xlsx", ())


def test_a_ledger_that_does_not_begin_in_the_first_cell_keeps_its_line_numbers():
    sheet = one_sheet("a.xlsx", xlsx((), fill=lambda book, page: page.write_row(4, 2, ("编号", "措施"))))
    assert [(line.number, line.cells) for line in sheet.lines] == [
        *((number, ()) for number in (1, 2, 3, 4)),
        (5, ("", "", "编号", "措施")),
    ]


def test_sheets_come_in_order_without_the_empty_ones():
    def with_chart(book, page):
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=表1!$A$1:$A$3"})
        book.add_worksheet("空")
        book.add_worksheet("乙").write(0, 0, "x")
        book.add_chartsheet("图").set_chart(chart)

    assert [sheet.name for sheet in sheets_of("a.xlsx", xlsx(fill=with_chart))] == ["表1", "乙"]


def test_an_old_workbook_is_read_as_a_person_sees_it():
    numbers = (xls_number(3, 0, 43719, 2), xls_number(3, 1, 0.85, 1), xls_number(3, 2, 7), xls_number(3, 3, 1, 1))
    (sheet,) = sheets_of("台账.xls", xls(cells=b"".join(numbers)))
    assert cells(sheet) == [*ROWS, ("2019-09-11", "85%", "7", "100%")]
    assert (sheet.name, sheet.encoding, sheet.remarks) == ("表1", "xls", ())


def test_a_hundred_kilobytes_of_xls_go_over_several_tables_of_sectors():
    rows = [(f"A-{number}", "修好村道") for number in range(3_000)]
    assert cells(one_sheet("a.xls", xls(rows))) == rows


def test_content_decides_and_not_the_name():
    assert one_sheet("a.xlsx", csv_text().encode()).encoding == "UTF-8"
    assert one_sheet("a.csv", xls()).encoding == "xls"
    assert [remark.code for remark in one_sheet("a.csv", xls()).remarks] == ["other_ending"]


def test_a_column_of_styled_empty_cells_is_no_content():
    cells_of = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert cells(one_sheet("a.xlsx", with_cells(cells_of))) == [("1",)]


@pytest.mark.parametrize("value", [0.5, 1.0, 1e15, 123456789.25, 1e-9, -3.0, 0.1 + 0.2, 1e22])
def test_numbers_keep_the_fifteen_digits_of_excel_and_no_exponent(value):
    said = workbook_process.number(value)
    assert "e" not in said
    assert not said.endswith(".0")
    assert float(said) == pytest.approx(value, rel=1e-14)


# --- bad inputs ------------------------------------------------------------------------------------------------


def outcome(bad) -> tuple[str | None, list[FileRefused | Remark]]:
    try:
        sheets = sheets_of(bad.file_name, bad.make(), limits=bad.limits)
    except FileRefused as refused:
        return refused.code, [refused]
    return None, [remark for sheet in sheets for remark in sheet.remarks]


@pytest.mark.parametrize("bad", BAD_INPUTS, ids=str)
def test_a_bad_input_gets_its_sentence_and_the_next_file_is_read(bad):
    code, said = outcome(bad)
    assert code == bad.refused
    if code is None:
        assert tuple(one.code for one in said) == bad.remarks
    for one in said:
        for lang in ("zh", "en"):
            text = sentence(one, language(lang))
            assert not set("{}") & set(text)
            assert "None" not in text
            assert text.endswith("。" if lang == "zh" else ".")
        if isinstance(one, FileRefused):
            asked = {name for _, name, _, _ in string.Formatter().parse(words_of("zh")[f"refused.{code}"]) if name}
            assert asked == one.blanks.keys()
            assert bad.file_name in sentence(one, language("en"))
    assert cells(one_sheet("a.csv", csv_text().encode())) == list(ROWS)


# Files of places have a door of their own: test_own_places.py.
OF_PLACES = ("no_such_place", "place_twice", "no_grid", "no_tile", "no_outlines", "no_places")


def test_every_sentence_has_a_bad_input_that_brings_it_about():
    words = {key for key in words_of("zh") if key.startswith(("refused.", "remark."))}
    shown = {f"refused.{bad.refused}" for bad in BAD_INPUTS if bad.refused}
    shown |= {f"remark.{code}" for bad in BAD_INPUTS for code in bad.remarks}
    elsewhere = {"refused.wrong_password"}  # test_upload_forms.py: only somebody who enters one gets it
    elsewhere |= {f"refused.{code}" for code in OF_PLACES}
    assert shown == words - elsewhere


@pytest.fixture(scope="module")
def store(article_store, tmp_path_factory) -> Store:
    """One store with the article for every file that is read but wrong inside."""
    return Store(shutil.copytree(article_store.folder, tmp_path_factory.mktemp("bad") / "store"))


@pytest.mark.parametrize("bad", BAD_CONTENTS, ids=str)
def test_a_file_that_is_wrong_inside_breaks_its_one_rule_and_changes_nothing(bad, store, article_store):
    (one,) = bad_inputs.found(store, bad)
    assert one.rule == bad.rule
    for lang in ("zh", "en"):
        text = problems.sentence(one, language(lang))
        literals = [literal for literal, *_ in string.Formatter().parse(words_of(lang)[f"rule.{bad.rule}"])]
        assert re.fullmatch(".+".join(map(re.escape, literals)), text, re.IGNORECASE), text  # no blank is empty
        assert not set("{}") & set(text)
        assert "None" not in text
        assert Path(bad.file_name).stem in text or "表1" in text
    assert (store.folder / "LIVE").read_bytes() == (article_store.folder / "LIVE").read_bytes()
    assert store.numbers() == [1]
    assert not any((store.folder / "drafts").glob("*"))


def test_the_page_of_bad_inputs_is_not_stale(store):
    stale = "run `python tests/bad_inputs.py` and keep what it writes"
    assert (ROOT / bad_inputs.PAGE).read_text(encoding="utf-8") == bad_inputs.page(store), stale


def test_memory_is_refused_to_the_child_process_and_not_taken_from_us(tmp_path, monkeypatch):
    """The limit is in force in the process that reads: it cannot have what goes beyond it."""
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('reader', {workbook_process.__file__!r})\n"
        "reader = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(reader)\n"
        f"reader.limit(60, {LIMITS.memory_bytes})\n"
        "try:\n"
        f"    bytearray({LIMITS.memory_bytes})\n"
        "except MemoryError:\n"
        "    sys.exit()\n"
        "reader.say('end')\n"
    )
    monkeypatch.setattr(workbook, "_CHILD", greedy)
    with pytest.raises(FileRefused, match="reading_stopped"):
        sheets_of("a.xlsx", xlsx())


# Column SF (500) and the last row: within the first wall's sight only one by one, together 524 million cells.
PAST_THE_FIRST_WALL = '<row r="1"><c r="SF1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (with_cells(PAST_THE_FIRST_WALL), LIMITS),
        (xlsx(), dataclasses.replace(LIMITS, seconds=0)),
        (xlsx(), dataclasses.replace(LIMITS, memory_bytes=1)),
    ],
    ids=["killer", "no time", "no memory"],
)
def test_a_child_that_dies_is_one_sentence(data, limits):
    with pytest.raises(FileRefused) as refused:
        sheets_of("a.xlsx", data, limits=limits)
    assert refused.value.code == "reading_stopped"


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "print('[\"sheet\"', flush=True)", "import os; os.abort()"])
def test_whatever_the_child_says_or_does_not_say(tmp_path, monkeypatch, program):
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(workbook, "_CHILD", child)
    with pytest.raises(FileRefused, match="reading_stopped"):
        sheets_of("a.xlsx", xlsx())


def test_text_without_end_from_the_child_is_not_collected(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text(
        "print('[\"sheet\", \"x\", false, 1]')\nwhile True: print('[\"rows\", 1, [[\"' + 'x' * 9000 + '\"]]]')"
    )
    monkeypatch.setattr(workbook, "_CHILD", child)
    with pytest.raises(FileRefused, match="zip_bomb"):
        sheets_of("a.xlsx", xlsx(), limits=dataclasses.replace(LIMITS, unpacked_bytes=1 << 20))


def test_the_child_needs_nothing_of_this_product():
    loaded = subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            f"import runpy, sys; runpy.run_path({workbook_process.__file__!r});"
            "print([name for name in sys.modules if name.startswith(('taizhang', 'duckdb'))])",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert loaded.stdout.strip() == "[]"


# --- progress --------------------------------------------------------------------------------------------------


def many_rows(count: int = 50_000) -> bytes:
    return "编号,措施\n".encode() + b"".join(f"A-{number},修路\n".encode() for number in range(count))


@pytest.mark.parametrize(
    ("name", "data", "stages"),
    [
        ("a.csv", many_rows(), ["decode", "read"]),
        ("a.xlsx", xlsx([("A", str(number)) for number in range(9_000)]), ["check", "read"]),
    ],
    ids=["csv", "xlsx"],
)
def test_progress_is_told_by_stage_and_reaches_its_end(name, data, stages):
    told = []
    sheets_of(name, data, lambda stage, done, total: told.append((stage, done, total)))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == stages
    assert all(0 <= done <= total for _, done, total in told)
    assert len(told) > 3
    assert told[-1][1] == told[-1][2]


@pytest.mark.parametrize(
    ("name", "data", "stage"),
    [
        ("a.csv", many_rows(25_000), "decode"),
        ("a.csv", many_rows(25_000), "read"),
        ("a.xlsx", xlsx(), "check"),
        ("a.xlsx", xlsx(), "read"),
    ],
    ids=["csv decode", "csv read", "xlsx check", "xlsx read"],
)
def test_reading_can_be_cancelled_and_leaves_nothing_running(name, data, stage, monkeypatch):
    children = []

    def started(*args, **options):
        children.append(popen(*args, **options))
        return children[-1]

    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", started)

    def tell(at, done, total):
        if at == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        sheets_of(name, data, tell)
    assert all(child.returncode is not None for child in children)
    assert not [one for one in threading.enumerate() if isinstance(one, threading.Timer) and not one.finished.is_set()]


# --- mutations -------------------------------------------------------------------------------------------------


def read_or_said(name: str, data: bytes):
    """The sheets of a file, or the sentence that refuses it."""
    try:
        return sheets_of(name, data)
    except FileRefused as refused:
        return sentence(refused, language("zh")) and sentence(refused, language("en"))


def mutated(data: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, taken out, put in, or the end cut off."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(changed) or 1)
        kind = dice.randrange(6)
        if kind == 0:
            changed[place : place + 1] = bytes([dice.randrange(256)])
        elif kind == 1:
            del changed[place : place + dice.randint(1, 4)]
        elif kind == 2:
            changed[place:place] = dice.choice(
                [b'"', b"\0", b",", b"\n", b"\r", b"\xff", b'""', b"\xe4\xb8", b"<", b">"]
            )
        elif kind == 3:
            changed[place:place] = changed[place : place + dice.randint(1, 60)]
        elif kind == 4 and dice.random() < 0.2:
            del changed[place:]
        else:
            changed[place : place + 1] = bytes([changed[place] ^ 1 << dice.randrange(8)]) if changed else b""
    return bytes(changed)


def test_no_mutation_of_a_text_file_does_anything_but_load_or_get_one_sentence():
    dice, loaded = random.Random(20191025), 0
    whole = [ENCODINGS[name](written(TRADITIONAL if name == "Big5" else SIMPLIFIED)) for name in ENCODINGS]
    for number in range(300):
        data = mutated(whole[number % len(whole)], dice)
        read = read_or_said("台账.csv", data)
        assert read
        if isinstance(read, str):
            continue
        sheet, loaded = read[0], loaded + 1
        if sheet.encoding.startswith("UTF-8"):  # what was read is what the strict reader of the library reads
            text = io.StringIO(data.decode("utf-8-sig").lstrip("\ufeff"), newline="")
            readings = [list(map(tuple, csv.reader(text, delimiter=one))) for one in ",;\t" if not text.seek(0)]
            assert cells(sheet) in [reading[: len(sheet.lines)] for reading in readings]
    assert loaded > 30


def mutated_workbook(data: bytes, dice: random.Random) -> bytes:
    """The zip itself mutated, or one part inside it, or only the digits of a part: places, styles, types, values."""
    kind = dice.random()
    if kind < 0.2:
        return mutated(data, dice)

    def change(parts: dict[str, bytes]) -> None:
        sheet = bad_inputs.SHEET
        name = dice.choice([sheet, sheet, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
        if kind < 0.4:
            parts[name] = mutated(parts[name], dice)
            return
        digits = [place for place, letter in enumerate(parts[name]) if letter in b"0123456789" and place > 60]
        changed = bytearray(parts[name])
        for place in dice.sample(digits, min(4, len(digits))):
            changed[place : place + 1] = dice.choice([b"0", b"9", b"00", b"77", b"", b"-1", b"e9"])
        parts[name] = bytes(changed)

    return repacked(data, change)


@pytest.mark.parametrize(
    ("name", "count", "whole", "change"),
    [
        ("台账.xlsx", 150, xlsx(fill=fill_everything), mutated_workbook),
        ("台账.xls", 40, xls(cells=xls_number(3, 0, 43719, 2)), mutated),
    ],
    ids=["xlsx", "xls"],
)
def test_no_mutation_of_a_workbook_does_anything_but_load_or_get_one_sentence(name, count, whole, change):
    dice, loaded = random.Random(20191025), 0
    for _ in range(count):
        read = read_or_said(name, change(whole, dice))
        assert read
        loaded += not isinstance(read, str)
    assert loaded > 5
