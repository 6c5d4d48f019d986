"""Every bad input, made in memory, with what the product must say; and the page of the documents that shows it.

`python tests/bad_inputs.py` writes docs/bad-inputs.md.
"""

import datetime as dt
import io
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import xlsxwriter

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from taizhang import uploads
from taizhang.declared.headers import Words
from taizhang.declared.wording import language
from taizhang.rows import changes, problems
from taizhang.rows.problems import WARNING, Problem
from taizhang.store import Note, Store, drafts
from taizhang.uploads import shipped
from taizhang.uploads.sheets import LIMITS, FileRefused, Limits, sentence, sheets_of

PAGE = "docs/bad-inputs.md"
TINY = Limits(file_bytes=1 << 20, rows=50, columns=20, cells=900, line_length=100_000, sheets=3)
ROWS = (
    ("编号", "措施", "责任单位", "时限"),
    ("A-01", "修好村道", "交通局", "2019-10-31"),
    ("A-02", "清理积案", "信访局", "2019-11-15"),
)


@dataclass(frozen=True)
class BadInput:
    """One bad input: what it is, how it is made, and the code it must get (or the remark it is read with)."""

    title: Words
    file_name: str
    make: Callable[[], bytes]
    refused: str | None = None
    remarks: tuple[str, ...] = ()
    limits: Limits = LIMITS

    def __str__(self) -> str:
        return f"{self.title.en} [{self.file_name}]"


@dataclass(frozen=True)
class BadContent:
    """One file that is read, but breaks a rule: what it is, how it is made, and the one rule that is then named.

    It is checked against a store with the article; what checking lets through is drafted too.
    """

    title: Words
    file_name: str
    make: Callable[[], bytes]
    rule: str

    def __str__(self) -> str:
        return f"{self.title.en} [{self.file_name}]"


# --- files -----------------------------------------------------------------------------------------------------


def csv_text(rows=ROWS, delimiter: str = ",") -> str:
    return "".join(delimiter.join(cells) + "\r\n" for cells in rows)


def xlsx(rows=ROWS, sheets: int = 1, fill: Callable | None = None) -> bytes:
    """A workbook; `fill(workbook, first sheet)` may add to it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        pages = [book.add_worksheet(f"表{number}") for number in range(1, sheets + 1)]
        for place, cells in enumerate(rows):
            pages[0].write_row(place, 0, cells)
        if fill:
            fill(book, pages[0])
    return out.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A workbook with its parts changed by hand."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_cells(cells: str, declaration: str = "") -> bytes:
    """A workbook whose sheet is written by hand."""

    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET] = (
            f'<?xml version="1.0" encoding="UTF-8"?>{declaration}<worksheet xmlns='
            f'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
        ).encode()

    return repacked(xlsx(), change)


def with_part(name: str, content: bytes) -> bytes:
    return repacked(xlsx(), lambda parts: parts.update({name: content}))


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def xls(rows=ROWS, sheet: str = "表1", cells: bytes = b"", before: bytes = b"", names: tuple[str, ...] = ()) -> bytes:
    """A workbook of Excel 97: records in one stream of an OLE file. `cells` are further records of the sheet."""
    body = b"".join(
        _record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
    )
    page = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + body + cells + _record(0xA, b"")
    styles = b"".join(_record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 9, 14))
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0)) + before + styles
    start = len(head) + 4 + 6 + len(name) + 4
    book = head + _record(0x85, struct.pack("<IBB", start, 0, 0) + name) + _record(0xA, b"") + page
    return ole("Workbook", book, names)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return _record(0x203, struct.pack("<HHHd", row, column, style, value))


def xls_error(row: int, column: int, code: int) -> bytes:
    return _record(0x205, struct.pack("<HHHBB", row, column, 0, code, 1))


def ole(name: str, stream: bytes, further: tuple[str, ...] = ()) -> bytes:
    """An OLE file with one stream, and further names in its directory."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1), _entry(name, 2, 1, len(stream))]
    entries += [_entry(one, 1, 0xFFFFFFFE, 0) for one in further]
    directory = b"".join(entries).ljust(512, b"\0")
    tables = -(-(count + 2) // 126)
    chain = [0xFFFFFFFE, *range(2, count + 1), 0xFFFFFFFE, *[0xFFFFFFFD] * tables]
    chain += [0xFFFFFFFF] * (tables * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    places = [count + 1 + number for number in range(tables)]
    head += struct.pack("<109I", *places, *[0xFFFFFFFF] * (109 - tables))
    return head + directory + stream + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IIQ", start, size, 0)[:12]


def web_page(rows, charset: str = "gb2312") -> bytes:
    """A table as many an office system exports it, under .xls; the first cell of a line may be a heading of it."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in rows)
    page = f'<html><head><meta charset="{charset}"></head><body><table border=1>{body}</table></body></html>'
    return page.encode(charset if charset != "gb2312" else "gb18030")


def xml_2003(rows) -> bytes:
    lines = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in line) + "</Row>"
        for line in rows
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="表1"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode()


def open_document(rows, more: str = "") -> bytes:
    """An .ods file: a zip with its kind first; `more` are further rows, as XML."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in line
        )
        + "</table:table-row>"
        for line in rows
    )
    names = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ODF_NAMES)
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="表1">{lines}{more}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


ODF_NAMES = ("office", "table", "text", "style")


def _with_backslashes(parts: dict[str, bytes]) -> None:
    for name in [name for name in parts if name.startswith("xl/worksheets/") or name == "xl/workbook.xml"]:
        parts[name.replace("/", "\\")] = parts.pop(name)


def encrypted_zip() -> bytes:
    """A zip whose entries say that they are encrypted."""
    data = bytearray(xlsx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(mark)
        while found >= 0:
            data[found + place] |= 1
            found = data.find(mark, found + 4)
    return bytes(data)


def bomb() -> bytes:
    """A few kilobytes that unpack to 64 MB."""
    return with_part("xl/media/image1.png", bytes(64 << 20))


def twice() -> bytes:
    """A workbook in which a sheet is there twice: which of them is meant?"""
    data = xlsx()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content, names = archive.read(SHEET), archive.namelist()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in names:
                copy.writestr(name, archive.read(name))
            copy.writestr(SHEET.replace("sheet1", "Sheet1"), content)
    return out.getvalue()


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
INLINE = '<row r="1"><c r="A1" t="inlineStr"><is><t>&{};</t></is></c></row>'


def _formula(book: xlsxwriter.Workbook, page) -> None:
    page.write_formula(3, 0, "=1/0", None, "#DIV/0!")
    page.write_formula(4, 0, "=NA()", None, "#N/A")


def _unstored(book: xlsxwriter.Workbook, page) -> None:
    page.write_formula(3, 0, "=A1", None, "")


def _hidden(book: xlsxwriter.Workbook, page) -> None:
    other = book.add_worksheet("底稿")
    other.write(0, 0, "编号")
    other.hide()


def _merged(book: xlsxwriter.Workbook, page) -> None:
    page.merge_range(1, 2, 2, 2, "交通局")
    page.write(2, 2, "信访局")


# --- the list --------------------------------------------------------------------------------------------------

ONE = csv_text()
BAD_INPUTS = (
    BadInput(Words("空文件", "An empty file"), "空.csv", lambda: b"", "empty"),
    BadInput(
        Words("只有空白和换行", "Blanks and line breaks only"), "空白.csv", lambda: b"\xef\xbb\xbf \r\n,,,\r\n", "empty"
    ),
    BadInput(
        Words("存成 CSV 时中文丢成问号", "Chinese that became question marks when it was saved as CSV"),
        "export.csv",
        lambda: b"Measure ID,Measure,Status\r\nCS-1,??,In progress\r\nCS-2,????,In progress\r\n",
        "text_lost",
    ),
    BadInput(Words("没有内容的工作簿", "A workbook without content"), "空.xlsx", lambda: xlsx(()), "empty"),
    BadInput(Words("只有表头", "A header only"), "表头.csv", lambda: csv_text(ROWS[:1]).encode()),
    BadInput(
        Words("超过大小上限", "A file over the size limit"),
        "太大.csv",
        lambda: ONE.encode() * 20_000,
        "too_large",
        (),
        TINY,
    ),
    BadInput(
        Words("程序文件改名为 .csv", "A binary file renamed .csv"), "程序.csv", lambda: bytes(range(256)) * 9, "binary"
    ),
    BadInput(
        Words("PDF 改名为 .csv", "A PDF renamed .csv"), "通知.csv", lambda: b"%PDF-1.7\n" + ONE.encode(), "other_format"
    ),
    BadInput(Words("Word 文档", "A Word document"), "总结.xlsx", lambda: _zip("word/document.xml"), "other_format"),
    BadInput(
        Words("没有表格的网页", "A web page without a table"),
        "导出.xls",
        lambda: b"<html><p>x</p></html>",
        "other_format",
    ),
    BadInput(Words("工作簿改名为 .csv", "A workbook renamed .csv"), "改名.csv", xlsx, None, ("other_ending",)),
    BadInput(Words("NUL 字节", "NUL bytes"), "坏.csv", lambda: (ONE[:-9] + "\0" + ONE[-9:]).encode(), "nul_bytes"),
    BadInput(
        Words("混合编码", "Mixed encodings"),
        "拼接.csv",
        lambda: csv_text(ROWS[:2]).encode() + csv_text(ROWS[2:]).encode("gb18030"),
        "mixed_encodings",
    ),
    BadInput(
        Words("无法识别的编码", "An encoding that is not known"),
        "拉丁.csv",
        lambda: "id,name\r\n1,Montréal Québec\r\n".encode("latin-1"),
        "undecodable",
    ),
    BadInput(
        Words("在一个字中间截断", "Cut off in the middle of a character"),
        "截断.csv",
        lambda: "编号,措施\r\nA-01,修好村道".encode("utf-16")[:-1],
        "undecodable",
    ),
    BadInput(
        Words("已丢失的字", "Characters that were lost before"),
        "丢字.csv",
        lambda: ONE.replace("积", "\ufffd").encode(),
        None,
        ("replaced",),
    ),
    BadInput(
        Words("别的编码的残迹", "Traces of another encoding"),
        "残迹.csv",
        lambda: ONE.replace("积", "\ue5e5").encode("gb18030"),
        None,
        ("strange",),
    ),
    BadInput(
        Words("引号没有关上", "Unbalanced quotes"),
        "引号.csv",
        lambda: ONE.replace("修好", '"修好').encode(),
        "open_quote",
    ),
    BadInput(
        Words("一个单元格长达多行", "A cell over many lines"),
        "多行.csv",
        lambda: ONE.replace("修好村道", '"' + "修\r\n" * 30 + '"').encode(),
        None,
        ("many_lines",),
    ),
    BadInput(
        Words("参差不齐的行", "Ragged rows"),
        "参差.csv",
        lambda: (ONE + "A-03,修路\r\nA-04,修桥,交通局,2019-12-01,多\r\n").encode(),
    ),
    BadInput(
        Words("极长的一行（2 GB 也一样）", "One endless line (2 GB or not)"),
        "长行.csv",
        lambda: b"A-01," * 100_000,
        "line_too_long",
        (),
        TINY,
    ),
    BadInput(
        Words("极长的单元格", "An endless cell"),
        "长格.csv",
        lambda: (ONE + "A-03," + "长" * 40_000).encode(),
        "cell_too_long",
    ),
    BadInput(
        Words("一万列", "10,000 columns"),
        "宽.csv",
        lambda: ",".join(f"c{n}" for n in range(10_000)).encode(),
        "too_many_columns",
    ),
    BadInput(
        Words("一万列的工作簿", "A workbook of 10,000 columns"),
        "宽.xlsx",
        lambda: xlsx([[f"c{n}" for n in range(10_000)]]),
        "too_many_columns",
    ),
    BadInput(Words("行数太多", "Too many rows"), "多.csv", lambda: (ONE * 30).encode(), "too_many_rows", (), TINY),
    BadInput(
        Words("行数太多的工作簿", "A workbook with too many rows"),
        "多.xlsx",
        lambda: xlsx([("A", "甲")] * 60),
        "too_many_rows",
        (),
        TINY,
    ),
    BadInput(
        Words("单元格太多", "Too many cells"),
        "密.csv",
        lambda: (",".join("abcdefghijklmnopqrst") + "\n").encode() * 49,
        "too_many_cells",
        (),
        TINY,
    ),
    BadInput(Words("工作表太多", "Too many sheets"), "表多.xlsx", lambda: xlsx(sheets=60), "too_many_sheets"),
    BadInput(
        Words("设有密码的 .xlsx", "An .xlsx with a password"),
        "密码.xlsx",
        lambda: ole("EncryptedPackage", b"\1" * 5_000),
        "encrypted",
    ),
    BadInput(
        Words("设有密码的 .xls", "An .xls with a password"),
        "密码.xls",
        lambda: xls(before=_record(0x2F, bytes(54))),
        "encrypted",
    ),
    BadInput(Words("加密的压缩包", "An encrypted zip"), "加密.xlsx", encrypted_zip, "encrypted"),
    BadInput(
        Words("带宏的工作簿", "A workbook with macros"),
        "宏.xlsm",
        lambda: with_part("xl/vbaProject.bin", b"\0" * 99),
        None,
        ("macros_not_run",),
    ),
    BadInput(
        Words("带宏的 .xls", "An .xls with macros"),
        "宏.xls",
        lambda: xls(names=("_VBA_PROJECT_CUR",)),
        None,
        ("macros_not_run",),
    ),
    BadInput(Words("网页存成 .xls", "A web page saved as .xls"), "网页.xls", lambda: web_page(ROWS)),
    BadInput(Words("Excel 2003 的 XML", "The XML of Excel 2003"), "导出2003.xls", lambda: xml_2003(ROWS)),
    BadInput(Words("OpenDocument 表格", "An OpenDocument sheet"), "台账.ods", lambda: open_document(ROWS)),
    BadInput(
        Words("二进制工作簿 .xlsb", "A binary workbook, .xlsb"),
        "台账.xlsb",
        lambda: _zip("xl/workbook.bin"),
        "other_format",
    ),
    BadInput(
        Words("部件名用反斜杠的工作簿", "A workbook with \\ in the names of its parts"),
        "反斜杠.xlsx",
        lambda: repacked(xlsx(), _with_backslashes),
    ),
    BadInput(Words("用竖线分隔", "Cells divided by |"), "竖线.csv", lambda: csv_text(delimiter="|").encode()),
    BadInput(
        Words("用全角逗号分隔", "Cells divided by ，"),
        "全角.csv",
        lambda: csv_text(delimiter="，").encode(),
        None,
        ("set_apart_by",),
    ),
    BadInput(
        Words("用“”作引号", "Cells enclosed in “”"),
        "弯引号.csv",
        lambda: csv_text(tuple(tuple(f"“{cell}”" for cell in row) for row in ROWS)).encode(),
        None,
        ("enclosed_in",),
    ),
    BadInput(
        Words("正文里的引号前有反斜杠", "Quotes in a text with a backslash before them"),
        "反斜杠.csv",
        lambda: csv_text().replace("修好村道", '"修好\\"村道\\", 一条"').encode(),
        None,
        ("escaped",),
    ),
    BadInput(
        Words("有一行用分号分隔", "One line with another delimiter"),
        "分号行.csv",
        lambda: (csv_text() + "A-03;修桥;交通局;2019-12-01\r\n").encode(),
        None,
        ("lines_otherwise",),
    ),
    BadInput(
        Words("两行各多一个引号", "A quote too many in two lines"),
        "双引号.csv",
        lambda: '编号,措施,责任单位\nA-01,修路,"交通局\nA-02,清理,信访局"\nA-03,走访,机关党委\n'.encode(),
        "odd_quotes",
    ),
    BadInput(
        Words("GBK 里的一个坏字节", "One bad byte among GBK"),
        "欧元.csv",
        lambda: "编号,措施\nA-01,经费".encode("gbk") + b"\x803" + "万元\n".encode("gbk"),
        "undecodable",
    ),
    BadInput(
        Words("Excel 的锁文件", "What Excel leaves while a workbook is open"),
        "~$台账.xlsx",
        lambda: b"\x05admin" + b" " * 49 + "\x05admin".encode("utf-16-le").ljust(110, b"\0"),
        "lock_file",
    ),
    BadInput(Words("JSON 文件", "A file of JSON"), "导出.json", lambda: b'[{"a": 1}]', "other_format"),
    BadInput(Words("压缩炸弹", "A zip bomb"), "炸弹.xlsx", bomb, "zip_bomb"),
    BadInput(
        Words("实体炸弹（DTD）", "An entity bomb (DTD)"),
        "实体.xlsx",
        lambda: with_cells(INLINE.format("c"), LAUGHS),
        "entities",
    ),
    BadInput(
        Words("外部实体（XXE）", "An external entity (XXE)"),
        "外部.xlsx",
        lambda: with_cells(INLINE.format("a"), XXE),
        "entities",
    ),
    BadInput(
        Words("外部链接", "External links"),
        "链接.xlsx",
        lambda: with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        None,
        ("external_links",),
    ),
    BadInput(
        Words("两个单元格相隔百万行", "Two cells a million rows apart"),
        "稀疏.xlsx",
        lambda: with_cells(FAR),
        "far_cell",
    ),
    BadInput(
        Words("两个单元格相隔百万行，骗过检查", "The same, hidden from the first check"),
        "稀疏2.xlsx",
        lambda: with_cells(FAR.replace('r="XFD1048576"', 'r="&#88;FD1048576"')),
        "broken_workbook",
    ),
    BadInput(
        Words("相隔很远的 .xls", "An .xls with a cell far away"),
        "稀疏.xls",
        lambda: xls(cells=xls_number(9, 60_000, 1)),
        "far_cell",
    ),
    BadInput(
        Words("文字编号不是数字的单元格", "A cell whose number of a text is none"),
        "串号.xlsx",
        lambda: with_cells('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>x</v></c></row>'),
        "no_such_text",
    ),
    BadInput(Words("截断的工作簿", "A workbook cut off"), "截断.xlsx", lambda: xlsx()[:-400], "broken_workbook"),
    BadInput(Words("部件重复的工作簿", "A workbook with a part twice"), "重复.xlsx", twice, "broken_workbook"),
    BadInput(
        Words("内容混乱的 .xls", "An .xls of garbage"),
        "坏.xls",
        lambda: ole("Workbook", b"\x07\xff\x13" * 3_000),
        "broken_workbook",
    ),
    BadInput(
        Words("读取耗尽内存", "Reading takes too much memory"),
        "耗尽.xlsx",
        xlsx,
        "reading_stopped",
        (),
        Limits(memory_bytes=1 << 20),
    ),
    BadInput(Words("错误值单元格", "Error cells"), "错误值.xlsx", lambda: xlsx(fill=_formula), None, ("error_cell",)),
    BadInput(
        Words("错误值单元格（.xls）", "Error cells (.xls)"),
        "错误值.xls",
        lambda: xls(cells=xls_error(3, 0, 42)),
        None,
        ("error_cell",),
    ),
    BadInput(
        Words("没有存下结果的公式", "Formulas without a stored value"),
        "公式.xlsx",
        lambda: xlsx(fill=_unstored),
        None,
        ("no_stored_value",),
    ),
    BadInput(Words("隐藏的工作表", "A hidden sheet"), "隐藏.xlsx", lambda: xlsx(fill=_hidden), None, ("hidden_sheet",)),
    BadInput(
        Words("合并单元格下面还有值", "Values under merged cells"),
        "合并.xlsx",
        lambda: xlsx(fill=_merged),
        None,
        ("under_merged",),
    ),
    BadInput(
        Words("按数字填写的身份证号", "Long numbers entered as numbers"),
        "长号.xlsx",
        lambda: xlsx(fill=lambda book, page: page.write_number(3, 0, 440703199001011234)),
        None,
        ("long_number",),
    ),
)


def _zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


# --- read, but wrong inside ------------------------------------------------------------------------------------


def _lines(*rows: str, encoding: str = "utf-8-sig") -> Callable[[], bytes]:
    return lambda: "".join(f"{row}\r\n" for row in rows).encode(encoding)


KEY_TWICE = (("措施编号", "整改措施"), ("CS-1", "修好村道"), ("CS-2", "清理积案"), ("CS-1", "铺设路灯"))
BAD_CONTENTS = (
    BadContent(Words("只有表头", "A header only"), "表头.csv", _lines("措施编号,整改措施,责任单位"), "no_rows"),
    BadContent(
        Words("没有认得的表头", "No heading that is known"),
        "通讯录.csv",
        _lines("姓名,电话", "甲,12345", encoding="gb18030"),
        "unknown_table",
    ),
    BadContent(
        Words("表头重复", "Duplicate headings"),
        "重复表头.csv",
        _lines("措施编号,整改措施,整改措施", "CS-1,修好村道,铺设路灯"),
        "duplicate_heading",
    ),
    BadContent(
        Words("没有表头的列里有数据", "Data under an empty heading"),
        "缺表头.csv",
        _lines("措施编号,,整改措施", "CS-1,甲,修好村道"),
        "empty_heading",
    ),
    BadContent(
        Words("一行的单元格太少", "Too few cells in a line"),
        "少格.csv",
        _lines("措施编号,整改措施,责任单位", "CS-1,修好村道,交通局", "CS-2,清理积案"),
        "too_few_cells",
    ),
    BadContent(
        Words("一行的单元格太多", "Too many cells in a line"),
        "多格.csv",
        _lines("措施编号,整改措施,责任单位", "CS-1,修好村道,交通局", "CS-2,清理积案,信访局,多"),
        "too_many_cells",
    ),
    BadContent(
        Words("文件里编号重复", "An ID twice in the file"), "重复编号.xlsx", lambda: xlsx(KEY_TWICE), "key_twice"
    ),
    BadContent(
        Words("编号里没有字母", "An ID without a letter"),
        "数字编号.csv",
        _lines("措施编号,整改措施", "1,修好村道"),
        "key_without_letter",
    ),
    BadContent(
        Words("编号为空", "An empty ID"),
        "空编号.csv",
        _lines("措施编号,整改措施", "CS-1,修好村道", ",清理积案"),
        "key_empty",
    ),
    BadContent(
        Words("日期分不清月和日", "A date whose day and month cannot be told apart"),
        "日期.csv",
        _lines("措施编号,整改措施,完成时限", "CS-1,修好村道,03/04/2019"),
        "date_ambiguous",
    ),
    BadContent(
        Words("可选值之外的写法", "A value that is not on the list"),
        "状态.csv",
        _lines("措施编号,整改措施,整改状态", "CS-1,修好村道,差不多了"),
        "unknown_code",
    ),
    BadContent(
        Words("措施写了不存在的问题编号", "A measure of an issue that is not there"),
        "无此问题.csv",
        _lines("措施编号,问题编号,整改措施", "CS-1,WT-999,修好村道"),
        "refers_to_nothing",
    ),
    BadContent(
        Words("已销号，没有审核单位", "Closed without a verifier"),
        "销号.csv",
        _lines("措施编号,整改措施,整改状态,完成日期,销号日期", "CS-1,修好村道,已销号,2019-11-01,2019-11-20"),
        "closed_needs",
    ),
    BadContent(
        Words("另一个主题教育的文件", "A file of another campaign"),
        "campaign.csv",
        _lines("campaign_id,campaign_name,org_name", "ZT2020,另一个主题教育,另一个单位"),
        "check_more_than_one_campaign",
    ),
)


@lru_cache
def found(store: Store, bad: BadContent) -> tuple[Problem, ...]:
    """Every problem the product finds in a file, from checking to the draft; `store` holds the article."""
    checked = uploads.check(store, [(bad.file_name, bad.make())])
    if checked.errors:
        return checked.problems
    note = Note("测试", dt.date(2019, 11, 30), "坏文件", "A bad file")
    try:
        made = uploads.draft(store, checked.files, note, changes.Decisions(), checked.parent)
    except drafts.DraftRefused as refused:
        return (*checked.problems, *refused.problems)
    drafts.discard(made)
    return checked.problems


# --- the page --------------------------------------------------------------------------------------------------

_READ = Words("照常读取。", "Read as it is.")


def said(bad: BadInput) -> Words:
    """What the product says about a bad input, in both languages."""
    try:
        sheets = sheets_of(bad.file_name, bad.make(), limits=bad.limits)
    except FileRefused as refused:
        return Words(sentence(refused, language("zh")), sentence(refused, language("en")))
    remarks = [remark for sheet in sheets for remark in sheet.remarks]
    return Words(
        " ".join([_READ.zh, *(sentence(one, language("zh")) for one in remarks)]),
        " ".join([_READ.en, *(sentence(one, language("en")) for one in remarks)]),
    )


def page(store: Store) -> str:
    """Every bad input with what the product says, as Markdown in both languages; `store` holds the article."""
    lines = [
        "# 坏文件与台账的回答 · Bad files, and what Taizhang says",
        "",
        "本页由 `python tests/bad_inputs.py` 生成：每个坏文件都真做出来读一遍，写下的就是读者看到的话。",
        "This page is made by `python tests/bad_inputs.py`: every bad file is really made and read, and what stands "
        "here is what a reader sees.",
        "",
        "## 读取时 · On reading",
        "",
        f"上限 Limits: {LIMITS.file_bytes >> 20} MB · {LIMITS.rows:,} 行 rows · {LIMITS.columns:,} 列 columns · "
        f"{LIMITS.cells:,} 单元格 cells · {LIMITS.cell_length:,} 字符每格 characters a cell · "
        f"{LIMITS.sheets} 工作表 sheets · {LIMITS.unpacked_bytes >> 20} MB 解压后 unpacked。"
        "有几行用更小的上限演示。Some rows show it with smaller limits.",
        "",
        "| 坏文件 Bad file | 回答 | Answer |",
        "|---|---|---|",
    ]
    for bad in BAD_INPUTS:
        answer = said(bad)
        lines.append(_row(f"{bad.title.zh} · {bad.title.en}", answer.zh, answer.en))
    lines += [
        "",
        "## 读取之后 · After reading",
        "",
        "文件读得进来，内容却不合规则。每个文件都对着一个只有原文内容的库检查，检查放行的再生成草稿；正式版本始终不动。"
        "标“提醒”的不妨碍发布，其余的改正之前不能发布。",
        "The file can be read, but breaks a rule. Each is checked against a store with the article alone, and drafted "
        "if checking lets it through; the live release never moves. A warning does not stop publishing; everything "
        "else does until it is corrected.",
        "",
        "| 坏文件 Bad file | 规则 Rule | 回答 | Answer |",
        "|---|---|---|---|",
    ]
    for bad in BAD_CONTENTS:
        wrong = found(store, bad)
        rules = (f"`{one.rule}`" + " （提醒 warning）" * (one.severity == WARNING) for one in wrong)
        answers = (" ".join(problems.sentence(one, language(code)) for one in wrong) for code in ("zh", "en"))
        lines.append(_row(f"{bad.title.zh} · {bad.title.en}", " ".join(rules), *answers))
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |".replace("\n", " ")


def _write() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store(Path(folder))
        shipped.init(store, "article")
        text = page(store)
    (Path(__file__).resolve().parents[1] / PAGE).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write()
