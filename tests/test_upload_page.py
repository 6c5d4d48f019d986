"""The upload page without a browser: its steps, in both languages; and the choice of sheets."""

import datetime as dt
import io
import shutil

import pytest
import xlsxwriter
from test_pages import open_page, text_of

from taizhang import uploads
from taizhang.declared.wording import language
from taizhang.rows.changes import Decisions
from taizhang.store import Store
from taizhang.store.releases import Note
from taizhang.uploads.fixes import SheetFix, as_record, from_record


@pytest.fixture
def office(tmp_path, article_store):
    """A store with the article alone, which the test may publish into."""
    return Store(shutil.copytree(article_store.folder, tmp_path / "store"))


def workbook(**sheets: list[list[str]]) -> bytes:
    """An .xlsx of the given sheets, every cell text."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return made.getvalue()


TWO = workbook(
    本月=[["措施编号", "整改措施", "整改状态"], ["CS-101", "甲", "整改中"]],
    上月=[["措施编号", "整改措施", "整改状态"], ["CS-101", "甲", "未启动"], ["CS-102", "乙", "没这回事"]],
)


def test_a_sheet_left_out_is_not_read_and_is_remembered(office):
    both = uploads.check(office, [("台账.xlsx", TWO)])
    assert {part.sheet for part in both.parts} == {"本月", "上月"}
    assert both.errors
    one = uploads.check(office, [("台账.xlsx", TWO)], [SheetFix("上月")])
    assert [part.sheet for part in one.parts] == ["本月"]
    assert not one.errors
    note = Note("整改专班", office.live().as_of, "一", "One")
    office.publish_draft(uploads.draft(office, one.files, note, Decisions(), one.parent, one.applied))
    again = uploads.check(office, [("下月.xlsx", TWO)])
    assert [part.sheet for part in again.parts] == ["本月"]


def test_a_sheet_fix_survives_its_record():
    assert from_record(as_record(SheetFix("上月", is_on=False))) == SheetFix("上月", is_on=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_problems_then_changes_and_blocks_publishing(lang, office, monkeypatch):
    app = open_page("upload", office, monkeypatch, lang=lang)
    app.file_uploader(key="upload_files").set_value([("台账.xlsx", TWO, "application/octet-stream")]).run()
    t = language(lang)
    assert not app.exception
    assert t("upload.errors_block") in text_of(app)
    assert "None" not in text_of(app)
    app.multiselect(key="upload_sheets").set_value(["本月"]).run()
    assert not app.exception
    assert t("upload.no_problems_title") in text_of(app)
    assert t("upload.publish_title") in text_of(app)


def test_a_refused_file_leaves_everything_as_it_was(office, monkeypatch):
    app = open_page("upload", office, monkeypatch)
    app.file_uploader(key="upload_files").set_value([("空.csv", b"\n\n", "text/csv")]).run()
    assert not app.exception
    assert "空.csv" in text_of(app)
    assert office.live_number() == 1


def test_the_board_follows_a_new_release_at_its_next_run_and_says_so(office, monkeypatch):
    app = open_page("overview", office, monkeypatch)
    one = uploads.check(office, [("本月.xlsx", TWO)], [SheetFix("上月")])
    note = Note("整改专班", dt.date(2019, 12, 7), "一", "One")
    office.publish_draft(uploads.draft(office, one.files, note, Decisions(), one.parent, one.applied))
    app.run()
    assert "数据刚更新为第 2 版" in text_of(app)
    assert "数据截至 2019-12-07" in text_of(app)
    app.run()
    assert "数据刚更新" not in text_of(app)


def test_rules_between_rows_are_said_before_anybody_fills_in_a_note(office, monkeypatch):
    app = open_page("upload", office, monkeypatch)
    lost = "措施编号,问题编号,整改措施,整改状态\nCS-101,WT-999,甲,整改中\n".encode()  # no such issue
    app.file_uploader(key="upload_files").set_value([("台账.csv", lost, "text/csv")]).run()
    assert not app.exception
    assert "WT-999" in text_of(app)
    assert language("zh")("upload.rules_caption") in text_of(app)
    assert language("zh")("upload.publish_title") not in text_of(app)
    assert not list((office.folder / "drafts").iterdir())
