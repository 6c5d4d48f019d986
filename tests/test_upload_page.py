"""The upload page without a browser: its steps, in both languages; and the choice of sheets."""

import csv
import datetime as dt
import errno
import io
import shutil
from contextlib import suppress
from dataclasses import replace

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile
from signing import sign
from streamlit.runtime.scriptrunner import RerunData, RerunException
from test_pages import open_page, text_of

from taizhang import uploads
from taizhang.declared.wording import language
from taizhang.rows.changes import Decisions
from taizhang.showing.export import csv_of_shown
from taizhang.store import Store, disk, drafts, publishing
from taizhang.store.releases import Note
from taizhang.ui import changes
from taizhang.ui.handed_in import Upload, keep, put_away
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
    app.multiselect[0].set_value(["本月"]).run()
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


# --- a draft is built once -------------------------------------------------------------------------------------

NEW = "措施编号,整改措施,整改状态\nCS-101,甲,整改中\n".encode()


def drafts_of(store: Store) -> list[str]:
    return sorted(path.name for path in (store.folder / "drafts").glob("*"))


def hand_in(app, data: bytes, name: str = "台账.csv"):
    app.file_uploader(key="upload_files").set_value([(name, data, "text/csv")]).run()
    assert not app.exception
    return app


def preview(app, note: str = "本周", by: str = "整改专班"):
    """Fill in who and why, and ask for the conclusions."""
    sign(app, "upload_by", by)
    app.text_input(key="upload_note_text").set_value(note)
    next(one for one in app.button if one.label == language("zh")("upload.preview")).click().run()
    assert not app.exception
    return app


def test_the_draft_that_was_checked_is_the_one_that_is_previewed_and_published(office, monkeypatch):
    app = hand_in(open_page("upload", office, monkeypatch), NEW)
    (checked,) = drafts_of(office)
    preview(app)
    assert drafts_of(office) == [checked]
    assert app.session_state["_upload"].draft.name == checked
    preview(app, note="又想了想")
    assert drafts_of(office) == [checked]
    made, go_live = [], publishing.go_live
    monkeypatch.setattr(
        publishing, "go_live", lambda folder, paths, *rest: made.extend(paths) or go_live(folder, paths, *rest)
    )
    app.button(key="upload_publish").click().run()
    assert [path.parent.name for path in made] == [checked]
    assert (office.live_number(), office.live().note_zh) == (2, "又想了想")
    assert drafts_of(office) == []


def test_another_file_or_none_takes_the_draft_away(office, monkeypatch):
    app = hand_in(open_page("upload", office, monkeypatch), NEW)
    (first,) = drafts_of(office)
    hand_in(app, NEW.replace("甲".encode(), "乙".encode()))
    (second,) = drafts_of(office)
    assert second != first
    app.button(key="upload_put_away").click().run()
    assert drafts_of(office) == []


def test_a_name_and_a_note_are_asked_for_and_the_draft_stays(office, monkeypatch):
    app = hand_in(open_page("upload", office, monkeypatch), NEW)
    before = drafts_of(office)
    preview(app, by="")
    assert "没有写发布人" in text_of(app)
    assert drafts_of(office) == before
    assert office.live_number() == 1


def test_a_file_that_says_nothing_new_for_the_same_day_is_not_published(office, monkeypatch):
    note = Note("整改专班", office.live().as_of, "一", "One")
    checked = uploads.check(office, [("台账.csv", NEW)])
    office.publish_draft(uploads.draft(office, checked.files, note, Decisions(), checked.parent))
    same = NEW.replace(b"\n", b"\r\n")  # another file, as far as its checksum goes
    app = preview(hand_in(open_page("upload", office, monkeypatch), same))
    assert language("zh")("upload.nothing_new") in text_of(app)
    assert (office.live_number(), drafts_of(office)) == (2, [])


def test_a_draft_that_is_gone_is_built_again_for_the_preview_and_said_when_it_is_to_be_published(office, monkeypatch):
    app = hand_in(open_page("upload", office, monkeypatch), NEW)
    drafts.discard(app.session_state["_upload"].draft)  # as the sweep does after a day
    preview(app)
    assert language("zh")("upload.conclusions_title") in text_of(app)
    drafts.discard(app.session_state["_upload"].draft)
    app.button(key="upload_publish").click().run()
    assert language("zh")("upload.draft_gone") in text_of(app)
    assert office.live_number() == 1
    preview(app)
    app.button(key="upload_publish").click().run()
    assert office.live_number() == 2
    assert drafts_of(office) == []


class Ending(dict):
    """The session of a run that ends at one of its touches of what is handed in, since the next run has begun."""

    def __init__(self, left: int, **kept: object):
        super().__init__(kept)
        self.left = left

    def _touched(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise RerunException(RerunData())

    def get(self, *args: object) -> object:
        self._touched()
        return super().get(*args)

    def pop(self, *args: object) -> object:
        self._touched()
        return super().pop(*args)

    def __setitem__(self, *args: object) -> None:
        self._touched()
        super().__setitem__(*args)


@pytest.mark.parametrize("touches", range(3))
@pytest.mark.parametrize("is_put_away", [False, True], ids=["another draft", "put away"])
def test_a_run_that_ends_anywhere_leaves_no_draft_that_is_gone(office, monkeypatch, touches, is_put_away):
    checked = uploads.check(office, [("台账.csv", NEW)])
    old, new = (uploads.draft(office, checked.files, None, Decisions(), checked.parent) for _ in range(2))
    handed_in = Upload((), (), draft=old)
    session = Ending(touches, _upload=handed_in)
    monkeypatch.setattr("streamlit.session_state", session)
    with suppress(RerunException):
        put_away() if is_put_away else keep(replace(handed_in, draft=new))
    kept = session["_upload"].draft.name if "_upload" in session else None
    assert kept is None or kept in drafts_of(office)


def test_what_is_live_but_not_confirmed_by_the_disk_is_said_so_and_not_offered_again(office, monkeypatch):
    app, real = preview(hand_in(open_page("upload", office, monkeypatch), NEW)), disk.flush_folder

    def flush_folder(folder) -> None:
        if folder == office.folder and office.live_number() == 2:
            raise OSError(errno.EIO, "no")
        real(folder)

    monkeypatch.setattr(disk, "flush_folder", flush_folder)
    app.button(key="upload_publish").click().run()
    assert not app.exception
    assert language("zh")("obstacle.not_confirmed", number=2) in text_of(app)
    assert (office.live_number(), drafts_of(office)) == (2, [])
    assert "upload_publish" not in {one.key for one in app.button}
    assert "_upload" not in app.session_state


# --- repairs with one click ------------------------------------------------------------------------------------


def handed_in(app, data: bytes, name: str = "周报.csv"):
    app.file_uploader(key="upload_files").set_value([(name, data, "application/octet-stream")]).run()
    assert not app.exception
    return app


def click(app, label: str):
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def drawn(app) -> str:
    return "\n".join(str(getattr(one, "label", "")) for one in app.main)


def fixes(app) -> list[str]:
    return [one.kind for one in app.session_state["_upload"].fixes]


def test_a_key_much_like_another_is_made_a_new_row_or_the_same_with_one_click(office, monkeypatch):
    known = sorted(office.live().rows()["action"])[0]
    data = f"措施编号,整改措施\n{known.replace('-', '—')},修路\n".encode()
    t = language("zh")
    app = handed_in(open_page("upload", office, monkeypatch), data)
    assert f"很像的“{known}”" in text_of(app)
    click(app, t("upload.way_new_row"))
    assert "很像的" not in text_of(app)
    assert app.session_state["_checked"][1].comparison.tables[0].new
    app = handed_in(open_page("upload", office, monkeypatch), data)
    click(app, t("upload.apply"))
    assert [row.cells["action_id"] for row in app.session_state["_checked"][1].files[0].rows] == [known]


def test_rows_with_errors_are_left_out_with_one_click(office, monkeypatch):
    data = "措施编号,整改措施,完成时限\nCS-801,修路,某天\nCS-802,修桥,2019-12-01\n".encode()
    app = handed_in(open_page("upload", office, monkeypatch), data)
    click(app, language("zh")("upload.way_leave_out"))
    checked = app.session_state["_checked"][1]
    assert (checked.errors, [row.cells["action_id"] for row in checked.files[0].rows]) == ((), ["CS-802"])


def test_a_sheet_without_numbers_and_a_cell_with_several_measures_are_set_right_with_a_click_each(office, monkeypatch):
    text = "序号,整改措施,责任单位,完成时限,整改状态\n1,（1）学习；（2）测试,一科,2019-12-01,整改中\n"
    t = language("zh")
    app = handed_in(open_page("upload", office, monkeypatch), text.encode())
    click(app, t("upload.click_split", count=1))
    click(app, t("upload.way_number"))
    checked = app.session_state["_checked"][1]
    assert (checked.errors, [row.cells["content"] for row in checked.files[0].rows]) == ((), ["学习", "测试"])
    assert fixes(app) == ["split", "key"]
    assert t("upload.told") in text_of(app)  # each line and what was done with it


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_file_shows_which_heading_goes_to_which_column(lang, office, monkeypatch):
    t = language(lang)
    app = handed_in(
        open_page("upload", office, monkeypatch, lang=lang), "措施编号,整改措施,做法\nCS-801,修路,先修\n".encode()
    )
    table = "整改措施台账" if lang == "zh" else "Rectification measures"
    assert t("upload.mapping", sheet="周报", ledger=table, count=3) in drawn(app)
    assert "做法" in text_of(app)


def test_the_day_that_was_found_says_where(office, monkeypatch):
    data = "措施编号,整改措施\nCS-801,修路\n".encode()
    app = handed_in(open_page("upload", office, monkeypatch), data, "周报2019-12-13.csv")
    assert "先填了 2019-12-13，是从文件名“周报2019-12-13.csv”看出来的" in text_of(app)
    app = handed_in(open_page("upload", office, monkeypatch), data)
    assert "先填了" not in text_of(app)


def test_a_locked_workbook_is_opened_with_its_password(office, monkeypatch):
    out = io.BytesIO()
    rows = [["措施编号", "整改措施"], ["CS-801", "修路"]]
    OOXMLFile(io.BytesIO(workbook(台账=rows))).encrypt("整改2019", out)
    t = language("zh")
    app = handed_in(open_page("upload", office, monkeypatch), out.getvalue(), "台账.xlsx")
    assert t("refused.encrypted", file="台账.xlsx") in text_of(app)
    entry = t("upload.password", file="台账.xlsx")
    next(one for one in app.text_input if one.label == entry).set_value("错")
    click(app, t("upload.unlock"))
    assert t("refused.wrong_password", file="台账.xlsx") in text_of(app)
    next(one for one in app.text_input if one.label == entry).set_value("整改2019")
    click(app, t("upload.unlock"))
    assert [row.cells["action_id"] for row in app.session_state["_checked"][1].files[0].rows] == ["CS-801"]


def test_a_table_that_nobody_knows_is_told_by_its_ledger_and_the_heading_of_its_numbers(office, monkeypatch):
    t = language("zh")
    app = handed_in(open_page("upload", office, monkeypatch), "标识,做法\nCS-801,修路\n".encode())
    next(one for one in app.selectbox if one.label == t("upload.which_ledger")).set_value("action")
    next(one for one in app.selectbox if one.label == t("upload.which_key")).set_value("标识")
    click(app, t("upload.apply"))
    (part,) = app.session_state["_checked"][1].parts
    assert (part.table, [one.column for one in part.columns], part.extra) == ("action", ["action_id"], ("做法",))


def test_of_many_new_rows_twenty_are_shown_and_all_can_be_taken_away(office, monkeypatch):
    lines = "".join(f"CS-{number},第{number}条,2019-12-01\n" for number in range(500, 530))
    app = handed_in(open_page("upload", office, monkeypatch), f"措施编号,整改措施,完成时限\n{lines}".encode())
    shown = text_of(app)
    assert (shown.count(">CS-519<"), shown.count(">CS-520<")) == (1, 0)
    t = language("zh")
    assert t("upload.all_rows", kind=t("upload.kind_new"), count=30) in drawn(app)
    comparison = app.session_state["_checked"][1].comparison.tables[0]
    table = changes._row_table("action", "new", comparison.new, t)
    rows = list(csv.reader(io.StringIO(csv_of_shown(table).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [f"CS-{number}" for number in range(500, 530)]


BLOCKING = 'class="tzp-blocking"'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_blocks_stands_above_everything_causes_first(lang, office, monkeypatch):
    """Two kinds of errors: one summary, before the file is chosen; gone when they are."""
    rows = [["措施编号", "整改措施", "整改状态"], ["CS-101", "甲", "没这回事"], ["", "乙", "整改中"]]
    app = open_page("upload", office, monkeypatch, lang=lang)
    t = language(lang)
    assert BLOCKING not in text_of(app)
    data = workbook(台账=rows)
    app.file_uploader(key="upload_files").set_value([("台账.xlsx", data, "application/octet-stream")]).run()
    said = text_of(app)
    assert t("upload.blocking", count=2) in said
    assert said.index(BLOCKING) < said.index('class="tzp-problem"')
    data = workbook(台账=[rows[0], ["CS-101", "甲", "整改中"]])
    app.file_uploader(key="upload_files").set_value([("台账.xlsx", data, "application/octet-stream")]).run()
    assert BLOCKING not in text_of(app)


def rows_handed_in(office, monkeypatch, *rows: list[str]):
    app = open_page("upload", office, monkeypatch)
    data = workbook(台账=[["措施编号", "整改措施", "整改状态", "整改成效", "完成日期"], *rows])
    app.file_uploader(key="upload_files").set_value([("台账.xlsx", data, "application/octet-stream")]).run()
    return app


def test_a_rule_between_cells_is_kept_by_leaving_the_line_out(office, monkeypatch):
    """Applied to close, and neither result nor day: nothing is wrong with a cell, the row breaks a rule."""
    app = rows_handed_in(office, monkeypatch, ["CS-101", "甲", "申请销号", "", ""], ["CS-102", "乙", "整改中", "", ""])
    t = language("zh")
    assert t("upload.rules_title", count=1) in text_of(app)
    assert t("upload.grid", count=3) in [one.label for one in app.expander]  # status, result and day
    app.button(key="upload_broken_out").click().run()
    assert not app.exception
    assert t("upload.publish_title") in text_of(app)
    assert [row.key for row in app.session_state["_checked"][1].comparison.of("action").new] == ["CS-102"]


def test_a_line_with_more_cells_than_headings_can_be_left_out(office, monkeypatch):
    """Nobody can say to which column the sixth cell belongs: no repair fits but to leave the line out."""
    app = rows_handed_in(office, monkeypatch, ["CS-101", "甲", "整改中", "", "", "多出来的"])
    t = language("zh")
    assert t("upload.problems_title", errors=1, warnings=0) in text_of(app)
    label = t("upload.click_line", count=1)
    app.button(key=next(one.key for one in app.button if one.label == label)).click().run()
    assert not app.exception
    assert t("upload.problems_title", errors=1, warnings=0) not in text_of(app)


def test_all_headings_that_are_no_columns_are_read_with_one_click(office, monkeypatch):
    file = "措施编号,整改措施内容,责任单位,完成时限,类型,乱七八糟\nCS-101,甲,一科,2019-11-01,限期,x\n".encode()
    app = hand_in(open_page("upload", office, monkeypatch), file)
    chosen = {one.key: one.value for one in app.selectbox if (one.key or "").startswith("heading_action_")}
    assert chosen == {
        "heading_action_整改措施内容": "content",
        "heading_action_类型": "rect_type",
        "heading_action_乱七八糟": None,
    }
    app.selectbox(key="heading_action_乱七八糟").set_value("progress_note")
    next(one for one in app.button if one.label == language("zh")("upload.read_so")).click().run()
    assert not app.exception
    (row,) = app.session_state["_checked"][1].files[0].rows
    said = {"content": "甲", "rect_type": "time_limited", "progress_note": "x"}
    assert row.cells.items() >= said.items()
    assert language("zh")("upload.unread_headings") not in text_of(app)
