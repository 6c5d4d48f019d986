"""The forms in which a table comes from another program: web pages, XML, OpenDocument, zips, behind a password."""

import io
import zipfile

import msoffcrypto
import pytest
from bad_inputs import ROWS, csv_text, open_document, web_page, xls, xlsx, xml_2003
from msoffcrypto.format.ooxml import OOXMLFile

from taizhang import uploads
from taizhang.uploads.packed import files_in, unlocked
from taizhang.uploads.sheets import LIMITS, FileRefused, Limits, sheets_of

LEDGER = (
    ("措施编号", "整改措施", "责任单位", "完成时限"),
    ("CS-1", "甲", "一科", "2019-10-31"),
    ("CS-2", "乙", "二科", ""),
)


def cells(name: str, data: bytes, limits: Limits = LIMITS) -> list[tuple[str, ...]]:
    (sheet,) = sheets_of(name, data, limits=limits)
    return [line.cells for line in sheet.lines]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xls", web_page(LEDGER)),
        ("a.xls", web_page(LEDGER, "utf-8")),
        ("a.html", web_page(LEDGER).replace(b"<td>", b"<TH colspan=1>").replace(b"</td>", b"")),  # as old systems write
        ("a.xls", xml_2003(LEDGER)),
        ("a.ods", open_document(LEDGER)),
    ],
)
def test_a_table_in_another_form_is_the_same_table(name, data):
    read = [(*line, *[""] * (4 - len(line))) for line in cells(name, data)]  # empty cells at the end may be left out
    assert read == list(LEDGER)


def test_a_page_saved_with_all_that_belongs_to_it_is_read():
    page = web_page(LEDGER, "utf-8").decode()
    saved = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        f"{page}\r\n--x\r\nContent-Type: image/png\r\n\r\nnothing\r\n--x--\r\n"
    )
    assert cells("a.mht", saved.encode()) == list(LEDGER)


SPANNING = {
    "a.xls": web_page(LEDGER).replace("<td>一科</td>".encode("gb18030"), "<td rowspan=2>一科</td>".encode("gb18030")),
    "b.xls": xml_2003(LEDGER).replace(
        '<Cell><Data ss:Type="String">一科'.encode(), '<Cell ss:MergeDown="1"><Data ss:Type="String">一科'.encode()
    ),
}


@pytest.mark.parametrize("name", ["a.xls", "b.xls"])
def test_a_cell_that_spans_lines_counts_for_each_of_them(name):
    without = SPANNING[name].replace("二科".encode("gb18030" if name == "a.xls" else "utf-8"), b"")
    data = without.replace(b"<td></td><td></td></tr></table>", b"<td></td></tr></table>")
    data = data.replace(b'<Cell><Data ss:Type="String"></Data></Cell><Cell>', b'<Cell ss:Index="4">')
    (sheet,) = sheets_of(name, data)
    assert [line.cells[2] for line in sheet.lines] == ["责任单位", "一科", "一科"]
    assert sheet.marks.merged == ((2, 2, 3, 2),)


def test_days_and_numbers_of_an_open_document_are_read_as_they_are_kept():
    row = (
        "<table:table-row>"
        '<table:table-cell office:value-type="date" office:date-value="2019-10-31T00:00:00"><text:p>10/31/19</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="float" office:value="1234.50"><text:p>1,234.5</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.85"><text:p>85%</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    assert cells("a.ods", open_document(LEDGER[:1], row))[1] == ("2019-10-31", "1234.50", "85%")


@pytest.mark.parametrize("kind", ["rows", "columns", "cells"])
def test_a_table_in_markup_has_the_limits_of_every_table(kind):
    limits = (
        Limits(rows=2, columns=9, cells=99)
        if kind == "rows"
        else Limits(columns=3 if kind == "columns" else 9, cells=5)
    )
    with pytest.raises(FileRefused) as refused:
        cells("a.xls", web_page(LEDGER), limits)
    assert refused.value.code == f"too_many_{kind}"


def test_a_document_type_in_xml_is_refused_before_it_is_parsed():
    data = xml_2003(LEDGER).replace(b"<Workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><Workbook', 1)
    with pytest.raises(FileRefused) as refused:
        sheets_of("a.xls", data)
    assert refused.value.code == "entities"


# --- several files in one --------------------------------------------------------------------------------------


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_names_in_a_zip_that_windows_made_are_in_the_encoding_of_the_office():
    data = zipped({"AAAA.csv": b"x"}).replace(b"AAAA", "一科".encode("gb18030"))
    assert files_in([("周报.zip", data)]) == (("一科.csv", b"x"),)
    assert files_in([("周报.zip", zipped({"二科.csv": b"x"}))]) == (("二科.csv", b"x"),)


def test_the_files_of_a_zip_are_read_like_files_handed_in_one_by_one():
    parts = {
        "周报/一科.csv": csv_text().encode(),
        "周报/照片.jpg": b"\xff\xd8\xff",
        "周报/~$二科.xlsx": b"x",
        "二科.xlsx": xlsx(),
    }
    found = files_in([("周报.zip", zipped(parts)), ("三科.csv", b"x")])
    assert [name for name, _ in found] == ["一科.csv", "二科.xlsx", "三科.csv"]
    assert found[0][1] == csv_text().encode()


def test_a_workbook_and_a_document_are_no_zips_of_files():
    for name, data in (("a.xlsx", xlsx()), ("a.ods", open_document(ROWS)), ("a.xls", xls())):
        assert files_in([(name, data)]) == ((name, data),)


def test_a_zip_of_two_units_is_one_upload(article_store):
    header = "措施编号,整改措施,责任单位,完成时限\n"
    parts = {f"{unit}.csv": f"{header}CS-{unit},甲,{unit},2019-12-31\n".encode() for unit in ("A1", "B2")}
    checked = uploads.check(article_store, [("周报.zip", zipped(parts))])
    assert [part.file_name for part in checked.files] == ["A1.csv", "B2.csv"]
    assert checked.errors == ()


def test_a_zip_within_limits_only():
    limits = Limits(unpacked_bytes=1_000)
    with pytest.raises(FileRefused) as refused:
        files_in([("大.zip", zipped({"a.csv": b"x" * 5_000}))], limits)
    assert refused.value.code == "zip_bomb"


# --- behind a password -----------------------------------------------------------------------------------------


def locked(password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx(LEDGER))).encrypt(password, out)
    assert msoffcrypto.OfficeFile(io.BytesIO(out.getvalue())).is_encrypted()
    return out.getvalue()


def test_a_locked_workbook_is_asked_for_its_password_and_read_with_it():
    data = locked("整改2019")
    with pytest.raises(FileRefused) as refused:
        sheets_of("台账.xlsx", data)
    assert refused.value.code == "encrypted"
    assert cells("台账.xlsx", unlocked("台账.xlsx", data, "整改2019")) == list(LEDGER)
    with pytest.raises(FileRefused) as refused:
        unlocked("台账.xlsx", data, "错")
    assert refused.value.code == "wrong_password"


def test_what_no_password_opens_stays_refused():
    with pytest.raises(FileRefused) as refused:
        unlocked("坏.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"EncryptedPackage".ljust(4_000, b"\0"), "x")
    assert refused.value.code == "encrypted"


@pytest.mark.parametrize("text", ['"措施编号"\n"CS-1"\n', "\t措施\n", "1,2\n", "#x\n", " 措施编号,措施\n"])
def test_a_short_file_is_not_taken_for_what_a_spreadsheet_leaves_behind(text):
    assert cells("a.csv", text.encode())
