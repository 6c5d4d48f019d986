"""Characters that are no text come in nowhere, and what an older release holds of them does no harm anywhere."""

import datetime as dt
import io
import xml.dom.minidom
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.declared.plain import MARK, harmless, is_plain, plain
from taizhang.declared.tables import ledgers
from taizhang.drawing.html import furniture
from taizhang.drawing.markup import escaped
from taizhang.rows.ledgers import FileRefused, read_bytes
from taizhang.showing.deck import paint
from taizhang.showing.export import NOTHING_RUNS
from taizhang.showing.meeting_files import Commitment, Meeting, loaded, written
from taizhang.showing.papers.typeset import _printable
from taizhang.store import Note
from taizhang.uploads.sheets import sheets_of

DAY = dt.date(2019, 10, 25)
TURNED = "修好\u202e村道\u2069"
BROKEN = "甲\x00\x07\ufffe\ufdd0乙"


@given(st.text())
def test_what_is_made_plain_is_plain_and_nothing_plain_is_changed(text):
    assert is_plain(plain(text))
    assert plain(plain(text)) == plain(text)
    if is_plain(text):
        assert plain(text) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.text(st.characters(codec="utf-8")).filter(is_plain))
def test_every_plain_text_survives_a_workbook_of_ours(text):
    import xlsxwriter

    out, text = io.BytesIO(), plain(text)
    with xlsxwriter.Workbook(out, {"in_memory": True, **NOTHING_RUNS}) as book:
        book.add_worksheet().write_row(0, 0, ["甲", f"乙{text}丙"])
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as parts:
        shared = xml.dom.minidom.parseString(parts.read("xl/sharedStrings.xml"))
    held = "".join(node.data for node in shared.getElementsByTagName("t")[1].childNodes)
    assert held.replace("_x005F_", "_") == f"乙{text}丙"


def test_a_plain_text_with_all_that_a_person_types_comes_back_from_a_workbook_of_ours():
    import xlsxwriter

    typed, out = "第一行\n第二行\t— “引文” 👩\u200d🌾 é _x0041_ \u3000𠮷", io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **NOTHING_RUNS}) as book:
        book.add_worksheet().write_row(0, 0, ["甲", typed])
    ((line,),) = (one.lines for one in sheets_of("x.xlsx", out.getvalue()))
    assert (is_plain(typed), line.cells) == (True, ("甲", typed))


@pytest.mark.parametrize("text", [TURNED, BROKEN, "一\x0b二"])
def test_no_way_in_lets_them_in(text):
    assert not is_plain(text)
    table = ledgers()["action"]
    with pytest.raises(FileRefused, match="no text"):
        read_bytes(f"action_id,content\nCS-1,{text}\n".encode(), "x.csv", table)
    note = Note(text, DAY, text, text).plain()
    assert all(map(is_plain, (note.by, note.zh, note.en)))
    one = Meeting("HY-001", text, DAY, DAY, 1, note=text, units=(text,), commitments=(Commitment(text, text),))
    kept = loaded(written(one))
    said = (kept.title, kept.note, *kept.units, kept.commitments[0].content, kept.commitments[0].unit)
    assert set(said) == {plain(text)}


@pytest.mark.parametrize(
    "drawn", [escaped, paint.clean, _printable, furniture.as_label, furniture.note], ids=lambda one: one.__name__
)
def test_what_an_older_release_holds_is_drawn_harmlessly(drawn):
    said = str(drawn(TURNED + BROKEN))
    assert is_plain(said)
    assert f"修好{MARK}村道{MARK}" in said
    assert "甲乙" in said
    assert harmless(said) == said
