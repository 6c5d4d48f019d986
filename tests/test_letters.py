"""Letters that urge 催办: who is due for which rung, numbers given once, papers, and what a measure remembers."""

import datetime as dt
import io
import zipfile

import pytest
from ready_made import copy_of
from signing import sign
from test_pages import open_page, text_of
from test_rounds import WEEK_1, hand_out, publish, run

from taizhang.declared.wording import language
from taizhang.exhibits import rectification
from taizhang.exhibits.views import Choices, look
from taizhang.showing import upkeep
from taizhang.showing.papers import letters as papers
from taizhang.store import Note, Store
from taizhang.uploads import letters

ZH, EN = language("zh"), language("en")
DAY = WEEK_1  # 2019-09-13
REPLY = DAY + dt.timedelta(days=7)


def on(days: int) -> str:
    return (DAY + dt.timedelta(days=days)).isoformat()


# Days left on DAY → what the usual ladder makes of it; every other row says why it is never urged.
MEASURES = (
    "措施编号,整改措施,整改类型,责任单位,完成时限,整改状态,整改成效,完成日期,审核单位,销号日期,撤销原因\n"
    f"CS-1,修路,限期整改,交通局,{on(20)},整改中,,,,,\n"  # 20 days: assigned, exactly on the day
    f"CS-2,架桥,限期整改,交通局,{on(21)},整改中,,,,,\n"  # one day before its first rung
    f"CS-3,清淤,限期整改,交通局,{on(10)},整改中,,,,,\n"  # 10 days: reminded, not assigned any more
    f"CS-4,通车,限期整改,交通局,{on(0)},整改中,,,,,\n"  # due today is not overdue: reminded
    f"CS-5,减件,限期整改,审批局,{on(-1)},整改中,,,,,\n"  # the first day overdue: supervised
    f"CS-6,并窗,限期整改,审批局,{on(-5)},申请销号,已并,{on(-9)},,,\n"  # waits for others
    f"CS-7,延时,限期整改,审批局,{on(-5)},已销号,已办,{on(-9)},专班,{on(-8)},\n"  # closed
    f"CS-8,撤点,限期整改,审批局,{on(-5)},撤销合并,,,,,不再需要\n"  # cancelled
    f"CS-9,长抓,长期坚持,审批局,{on(-5)},整改中,,,,,\n"  # long-term: has no deadline
    "CS-10,待定,限期整改,审批局,,整改中,,,,,\n"  # no due date
    f"CS-11,无主,限期整改,,{on(-5)},整改中,,,,,\n"  # nobody to urge
)
LADDER = [("交通局", "urge", ("CS-4", "CS-3")), ("交通局", "assign", ("CS-1",)), ("审批局", "supervise", ("CS-5",))]


def build(store: Store) -> None:
    campaign = "campaign_id,campaign_name,org_name,default_year\nZT-1,主题教育,统战部,2019\n"
    publish(store, DAY, campaign=campaign, action=MEASURES)


@pytest.fixture
def store(ready_made, tmp_path) -> Store:
    return copy_of(ready_made("urged", build), tmp_path / "store")


def due(store: Store) -> tuple[letters.Letter, ...]:
    return letters.due(store.live(), DAY, DAY, REPLY)


def told(own) -> list[tuple]:
    return [(one.unit, one.kind, tuple(row.action_id for row in one.measures)) for one in own]


def issue(store: Store) -> list[str]:
    return [one.letter_id for one in letters.issue(store, "专班", due(store))]


# --- the ladder ------------------------------------------------------------------------------------------------


def test_each_measure_is_on_the_last_rung_it_has_reached(store):
    assert told(due(store)) == LADDER
    assert [one.recipients for one in due(store)] == ["handler_and_leader", "handler", "unit_and_head"]


def test_an_office_has_its_own_ladder(store):
    publish(store, DAY, rung="rung_id,文种,到期前天数,发给\nTJ-1,催办单,21,经办人\n")
    assert told(due(store)) == [("交通局", "urge", ("CS-4", "CS-3", "CS-1", "CS-2")), ("审批局", "urge", ("CS-5",))]


def test_what_was_sent_is_not_due_again_until_the_deadline_moves_or_it_is_revoked(store):
    issue(store)
    assert due(store) == ()
    moved = f"措施编号,完成时限\nCS-5,{on(5)}\n"
    extension = f"延期编号,措施编号,申请日期,原时限,新时限,审批结果\nYQ-1,CS-5,{on(-2)},{on(-1)},{on(5)},同意\n"
    publish(store, DAY, action=moved)
    assert told(due(store)) == [("审批局", "urge", ("CS-5",))]
    assert due(store)[0].measures[0].nth == 2
    assert extension  # the check that a moved deadline needs one warns, and does not block
    letters.revoke(store, "专班", "JB-2019-001", DAY, "发错")
    assert ("交通局", "assign", ("CS-1",)) in told(due(store))


def test_a_unit_that_has_not_returned_its_sheet_is_told_so_too(store):
    hand_out(store, DAY - dt.timedelta(days=1), DAY - dt.timedelta(days=8))
    assert {one.unit: one.missing for one in due(store)}["审批局"] == (("TB-001", DAY - dt.timedelta(days=1)),)


# --- numbers ---------------------------------------------------------------------------------------------------


def test_a_number_is_given_once_whatever_becomes_of_the_letter(store):
    assert issue(store) == ["CB-2019-001", "JB-2019-001", "DB-2019-001"]
    letters.revoke(store, "专班", "DB-2019-001", DAY, "发错")
    assert issue(store) == ["DB-2019-002"]
    store.take_back(store.live_number(), Note("专班", DAY, "撤回", "Taken back"))
    assert issue(store) == ["DB-2019-003"]


def test_a_letter_is_revoked_once_with_a_reason_and_stays_on_record(store):
    issue(store)
    letters.revoke(store, "专班", "DB-2019-001", DAY, "发错")
    with pytest.raises(KeyError):
        letters.revoke(store, "专班", "DB-2019-001", DAY, "再撤")
    rows = {row["letter_id"]: row for row in store.live().ask("letters").records()}
    assert (rows["DB-2019-001"]["revoked_on"], rows["DB-2019-001"]["revoke_reason"]) == (DAY, "发错")
    assert rows["CB-2019-001"]["measures"] == 2


def test_nothing_is_issued_where_nothing_is_due(store):
    issue(store)
    before = store.live_number()
    with pytest.raises(letters.NothingDue):
        issue(store)
    assert store.live_number() == before


def test_letters_are_made_again_alike_by_a_rebuild(store):
    issue(store)
    letters.revoke(store, "专班", "CB-2019-001", DAY, "发错")
    rows = store.live().rows()["letter"]
    assert upkeep.rebuild(store).differences == ()
    assert store.live().rows()["letter"] == rows


def test_a_measure_says_how_often_it_was_urged(store):
    issue(store)
    view = look(store, Choices())
    caption = rectification.history(view, "CS-5").caption
    assert ZH("letters.of_measure", nth=1, kind="督办通知单", letter="DB-2019-001", day=ZH.day(DAY)) in caption
    assert "DB-2019" not in rectification.history(view, "CS-9").caption


# --- papers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_a_letter_says_who_what_and_by_when_in_word_pdf_and_text(store, t):
    (_, _, one) = letters.issue(store, "专班", due(store))
    office = papers.Office.of(store.live())
    made = papers.archive([one], office, t)
    assert made == papers.archive(
        [letters.issued(store.live(), one.letter_id)], office, t
    )  # the same when printed again
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        names = file.namelist()
        files = {name.rpartition(".")[2]: file.read(name) for name in names}
    assert [name.rpartition(".")[2] for name in names] == ["docx", "pdf", "txt"]
    assert all("审批局" in name and "DB-2019-001" in name for name in names[:2])
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as file:
        said = file.read("word/document.xml").decode()
    for word in ("DB-2019-001", "审批局", "CS-5", "统战部", "主题教育", t("letters.overdue_days", days=1)):
        assert word in said
    assert t("common.demo_note") not in said
    assert files["pdf"].startswith(b"%PDF")
    text = files["txt"].decode("utf-8-sig")
    assert text == papers.text(one, t)
    assert "CS-5" in text
    assert t.day(REPLY) in text


def test_units_of_one_row_and_of_many_are_urged_in_whole_sentences(store):
    many, single, _ = due(store)
    office = papers.Office("办", "活动")
    assert "the following 2 measures, due soon" in " ".join(papers._body(many, office, EN))
    assert "the following 1 measure, whose due date is near" in " ".join(papers._body(single, office, EN))


# --- page and command ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_the_page_issues_and_revokes(store, monkeypatch, t):
    app = open_page("letters", store, monkeypatch, lang=t.code)
    assert t("letters.due_title", count=4, units=2) in text_of(app)
    app.button(key="letters_issue").click().run()
    assert t("letters.needs_name") in text_of(app)
    sign(app, "letters_by", "专班")
    app.multiselect(key="letters_units").set_value(["审批局"])
    app.button(key="letters_issue").click().run()
    assert not app.exception
    assert t("letters.issued", count=1, letters="DB-2019-001") in text_of(app)
    app.text_input(key="letters_reason").set_value("发错")
    sign(app, "letters_revoke_by", "专班")
    app.button(key="letters_revoke").click().run()
    assert not app.exception
    assert t("letters.revoked_done", letter="DB-2019-001") in text_of(app)
    assert t("letters.list_title", count=1, revoked=1) in text_of(app)


def test_the_command_shows_issues_copies_and_revokes(store, tmp_path, capsys):
    code, said = run(store, "letters", capsys=capsys)
    assert (code, store.live_number()) == (0, 1)
    assert "Supervision notice" in said
    assert run(store, "letters", "--issue", capsys=capsys)[0] == 1  # nobody says who
    target = tmp_path / "out.zip"
    code, said = run(store, "letters", "--issue", "--by", "专班", "--unit", "审批局", "-o", str(target), capsys=capsys)
    assert (code, "DB-2019-001" in said) == (0, True)
    copy = tmp_path / "copy.zip"
    assert run(store, "letters", "--copy", "DB-2019-001", "-o", str(copy), capsys=capsys)[0] == 0
    assert copy.read_bytes() == target.read_bytes()
    revoking = ("--revoke", "DB-2019-001", "--reason", "发错", "--by", "专班")
    assert [run(store, "letters", *revoking, capsys=capsys)[0] for _ in range(2)] == [0, 1]
