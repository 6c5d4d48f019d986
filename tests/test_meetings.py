"""A meeting: prepared, kept at every step, sealed, and shown again as it was whatever is published later."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from ready_made import copy_of

from taizhang.declared.wording import language
from taizhang.drawing.shapes import Bar, Bars, Cell, Figures, Table
from taizhang.exhibits.views import Choices, look
from taizhang.rows.ledgers import LedgerFile, Row, RowsRefused
from taizhang.showing import meetings, slides, upkeep
from taizhang.showing.meetings import Commitment, ScriptLine
from taizhang.store import Store, engine, publishing, releases

HELD = dt.date(2019, 10, 12)
PROMISES = (
    Commitment("一科月底前办结", "一科", dt.date(2019, 10, 31), "K03", Decimal("0.5")),
    Commitment("=1+1 补录“台账”"),  # nothing known but what was agreed; text that a spreadsheet would run
)


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    """The tiny store, to be written to."""
    return copy_of(tiny_store, tmp_path / "store")


def prepared(store: Store, **more: object) -> meetings.Meeting:
    view = look(store, Choices())
    return replace(meetings.prepare(view, meetings.next_id(store), "第三次推进会", HELD), **more)


def opened(store: Store, **more: object) -> meetings.Meeting:
    return meetings.save(store, prepared(store, **more))


def publish(store: Store, table: str, line: int, as_of: dt.date, **cells: object) -> releases.Release:
    """One row of a ledger, published as a clerk would."""
    file = LedgerFile(table, f"{table}.csv", repr(cells).encode(), "utf-8", (Row(line, cells),))
    live = store.live()
    return store.publish([file], releases.Note("测试", as_of, "更正", "Correction"), live.number)


def drawn(store: Store, one: meetings.Meeting, lang: str = "zh") -> list[tuple]:
    """What a room sees of a meeting, slide by slide."""
    return [(s.title, s.caption, s.figures, s.body, s.remarks, s.note) for s in slides.show(store, one, lang).slides]


# --- open meetings ---------------------------------------------------------------------------------------------


def test_a_meeting_takes_what_is_on_screen(store):
    one = prepared(store)
    view = look(store, Choices())
    assert (one.as_of, one.release) == (view.as_of, view.release.number)
    assert (one.compared, one.compare_on) == (view.compared.number, view.compare_on)
    assert one.view(store) == replace(view, t=language("zh"))


def test_it_is_not_held_before_the_day_of_its_data(store):
    one = meetings.prepare(look(store, Choices()), "HY-9", "早了", dt.date(2019, 1, 1))
    assert one.held_on == one.as_of


def test_every_word_is_there_again(store):
    line = ScriptLine(("rectification.due",), district="440703", note="先讲\n“逾期”", when_empty="leave_out")
    more = {"units": ("一科", "二科"), "note": "备注", "languages": ("zh", "en"), "theme": "dark"}
    one = prepared(store, script=(line,), commitments=PROMISES, **more)
    assert meetings.open_meetings(store) == []
    meetings.save(store, one)
    assert meetings.open_meetings(store) == [one]
    assert meetings.meeting(store, one.meeting_id) == one
    meetings.discard(store, one.meeting_id)
    assert meetings.open_meetings(store) == []


def test_a_name_that_is_no_id_is_no_path(store):
    for name in ("../LIVE", "a/b", "", "HY 1"):
        with pytest.raises(meetings.NoSuchMeeting):
            meetings.meeting(store, name)
    with pytest.raises(meetings.NoSuchMeeting):
        meetings.meeting(store, "HY-999")


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"version": 1, "script": 3}', "{“".encode("gb18030")])
def test_a_damaged_file_hides_no_other_meeting(store, data):
    kept = meetings.save(store, prepared(store))
    broken = store.folder / "meetings" / "HY-998.json"
    broken.write_bytes(data)
    assert meetings.open_meetings(store) == [kept]
    assert meetings.unusable(store) == [meetings.Unusable("HY-998", broken.name)]
    with pytest.raises(meetings.NotAMeeting):
        meetings.meeting(store, "HY-998")


def test_the_next_id_counts_on_over_held_and_open_meetings(store):
    held = [row["meeting_id"] for row in meetings.held(store)]
    first = meetings.next_id(store)
    assert first not in held
    meetings.save(store, prepared(store))
    assert meetings.next_id(store) != first
    head = first.rstrip("0123456789")
    assert int(meetings.next_id(store)[len(head) :]) == int(first[len(head) :]) + 1


def test_the_next_id_counts_numbers_and_not_letters(store):
    """As text, HY-9 is more than HY-10."""
    for name in ("HY-9", "HY-10"):
        meetings.save(store, replace(prepared(store), meeting_id=name))
    assert meetings.next_id(store) == "HY-11"


# --- capsules --------------------------------------------------------------------------------------------------


def test_finishing_writes_the_meeting_and_its_promises_once(store):
    one = meetings.save(store, prepared(store, commitments=PROMISES, units=("一科",)))
    before = store.live()
    made = meetings.finish(store, one, "办公室")
    assert (made.number, made.kind, made.as_of) == (before.number + 1, "meeting", before.as_of)
    assert meetings.open_meetings(store) == []
    rows = [row for row in engine.rows_of(made.on_disk, "commitment") if row["meeting_id"] == one.meeting_id]
    assert [(row["commitment_id"], row["content"], row["unit"], row["kpi"], row["target_value"]) for row in rows] == [
        (f"{one.meeting_id}-1", "一科月底前办结", "一科", "K03", Decimal("0.5")),
        (f"{one.meeting_id}-2", "=1+1 补录“台账”", None, None, None),
    ]
    changed = {row["table_name"] for row in engine.rows_of(made.on_disk, "change", release=made.number)}
    assert changed == {"meeting", "commitment"}


def test_each_promise_leads_to_its_line_of_the_capsule(store):
    one = opened(store, commitments=PROMISES)
    made = meetings.finish(store, one, "办公室")
    data = store.received(meetings.capsules(store)[one.meeting_id]).decode("utf-8").splitlines()
    lines = {
        row["row_key"]: data[row["line"] - 1] for row in engine.rows_of(made.on_disk, "origin", release=made.number)
    }
    assert f'"meeting_id": "{one.meeting_id}"' in lines[one.meeting_id]
    assert PROMISES[0].content in lines[f"{one.meeting_id}-1"]
    assert "=1+1" in lines[f"{one.meeting_id}-2"]


def test_a_capsule_shows_the_same_after_later_uploads(store):
    script = (*meetings.DEFAULT_SCRIPT, ScriptLine(("research.districts",)))
    one = opened(store, commitments=PROMISES, script=script)
    shown = drawn(store, one)
    meetings.finish(store, one, "办公室")
    closed = {"status": "closed", "done_on": dt.date(2019, 10, 9), "result_note": "已办结"}
    verified = {"verified_by": "办公室", "closed_on": dt.date(2019, 10, 10)}
    publish(store, "action", 2, dt.date(2019, 10, 11), action_id="CS-003", **closed, **verified)
    publish(store, "action", 2, dt.date(2019, 10, 18), action_id="CS-002", progress_note="已定场地")
    again = meetings.meeting(store, one.meeting_id)
    assert again == replace(one, finished_by="办公室")
    assert drawn(store, again) == shown


def test_a_rebuilt_store_has_the_same_capsule(store, tmp_path):
    one = opened(store, commitments=PROMISES)
    made = meetings.finish(store, one, "办公室")
    other = Store(tmp_path / "again")
    again = upkeep.remake(store, made.number, other)
    assert again.kind == "meeting"
    assert again.rows() == made.rows()
    assert meetings.meeting(other, one.meeting_id) == meetings.meeting(store, one.meeting_id)


def test_a_meeting_still_open_after_a_power_cut_is_not_finished_twice(store):
    one = meetings.save(store, prepared(store, commitments=PROMISES))
    made = meetings.finish(store, one, "办公室")
    meetings.save(store, one)  # the cut came after the release was live, and before the open meeting was gone
    assert meetings.finish(store, one, "办公室") == made
    assert (store.live_number(), meetings.open_meetings(store)) == (made.number, [])


def test_a_finished_meeting_can_be_taken_back_like_any_release(store):
    one = opened(store, commitments=PROMISES)
    made = meetings.finish(store, one, "办公室")
    note = releases.Note("测试", made.as_of, "误封存", "By mistake")
    store.take_back(made.number, note)
    assert one.meeting_id not in meetings.capsules(store)
    with pytest.raises(meetings.NoSuchMeeting):
        meetings.meeting(store, one.meeting_id)


def test_two_that_finish_under_one_id_are_both_kept(store):
    one = opened(store, commitments=PROMISES)
    other = replace(one, title="同时开的会", commitments=PROMISES[:1])
    meetings.finish(store, one, "甲室")
    meetings.finish(store, meetings.save(store, other), "乙室")
    titles = {row["title"] for row in meetings.held(store)}
    assert {"第三次推进会", "同时开的会"} <= titles
    assert len(meetings.capsules(store)) == 2
    assert meetings.open_meetings(store) == []  # the second is gone under the ID it was opened with, too


def test_someone_who_publishes_meanwhile_does_not_stop_it(store, monkeypatch):
    one = opened(store, commitments=PROMISES)
    real, raced = Store.publish, []

    def late(store, files, note, parent, *more):
        if not raced:
            raced.append(publish_other())
        return real(store, files, note, parent, *more)

    def publish_other():
        raced.append(True)
        return publish(store, "action", 2, dt.date(2019, 10, 18), action_id="CS-002", progress_note="已定场地")

    monkeypatch.setattr(Store, "publish", late)
    made = meetings.finish(store, one, "办公室")
    assert made.as_of == dt.date(2019, 10, 18)  # the day of the release it stands on, which is not the meeting's
    assert meetings.meeting(store, one.meeting_id).as_of == one.as_of


def test_a_promise_that_breaks_a_rule_is_refused_and_nothing_is_lost(store):
    wrong = Commitment("推动不存在的指标", kpi="那个指标")
    one = meetings.save(store, prepared(store, commitments=(wrong,)))
    live = store.live_number()
    with pytest.raises((publishing.CheckFailed, RowsRefused)):
        meetings.finish(store, one, "办公室")
    assert store.live_number() == live
    assert meetings.open_meetings(store) == [one]


def test_a_meeting_from_before_capsules_opens_with_the_usual_script(store):
    row = meetings.held(store)[-1]
    one = meetings.meeting(store, row["meeting_id"])
    assert one.is_reconstructed
    assert one.is_finished
    assert one.release == store.standing().at(row["as_of_on"]).number
    assert one.script == meetings.DEFAULT_SCRIPT
    # what it was compared with had to be known by then, and may be of that very day
    assert (one.compared, one.compare_on) == (1, store.release(1).as_of)


def test_new_data_are_offered_but_minutes_are_not_new_data(store):
    one = prepared(store)
    assert meetings.shows_the_newest(store, one)
    meetings.finish(store, meetings.save(store, replace(one, meeting_id="HY-777")), "办公室")
    assert meetings.shows_the_newest(store, one)
    publish(store, "action", 2, dt.date(2019, 10, 18), action_id="CS-002", progress_note="已定场地")
    assert not meetings.shows_the_newest(store, one)
    newest = meetings.showing(one, look(store, Choices()))
    assert (newest.as_of, newest.release) == (dt.date(2019, 10, 18), store.live_number())
    assert newest.held_on == dt.date(2019, 10, 18)


def test_a_share_is_typed_in_percent_and_a_count_as_it_is():
    assert meetings.target(70, True) == Decimal("0.7")
    assert meetings.target(12.5, True) == Decimal("0.125")
    assert meetings.target(3, False) == Decimal(3)


# --- slides ----------------------------------------------------------------------------------------------------


def test_an_empty_slide_says_so_or_is_left_out(article_store):
    view = look(article_store, Choices())
    said = slides.slides_of(ScriptLine(("rectification.due",)), view)
    assert [one.is_empty for one in said] == [True]
    assert said[0].body is None
    assert said[0].title
    assert slides.slides_of(ScriptLine(("rectification.due",), when_empty="leave_out"), view) == ()


def test_bars_of_which_nothing_is_known_are_no_drawing(article_store):
    """The article names no suggestion: one bar without a length says less than a sentence."""
    [slide] = slides.slides_of(ScriptLine(("research.handling",)), look(article_store, Choices()))
    assert slide.is_empty
    assert slide.remarks


def test_a_slide_has_at_most_four_figures_and_one_drawing(demo_store):
    one = meetings.prepare(look(demo_store, Choices()), "HY-9", "会", HELD)
    shown = slides.show(demo_store, one, "zh").slides
    assert shown[0].is_cover
    for slide in shown:
        assert slide.figures is None or len(slide.figures.items) <= slides.MOST_FIGURES
        assert not isinstance(slide.body, Figures)
        assert slide.figures or slide.body or slide.is_empty
        assert slide.passport


def test_both_languages_have_the_same_pages(demo_store):
    one = meetings.prepare(look(demo_store, Choices()), "HY-9", "会", HELD)
    zh, en = ({s.name for s in slides.show(demo_store, one, lang).slides} for lang in ("zh", "en"))
    assert zh == en


def of_rows(count: int, text: str = "短") -> Table:
    return Table(("编号", "内容"), tuple((Cell(str(place)), Cell(text)) for place in range(count)), "", wide=(1,))


def test_a_long_list_goes_on_and_then_says_how_many_more(demo_store):
    view = look(demo_store, Choices())
    few = list(slides._pages(of_rows(3), (of_rows(3),), view, 0.0))
    assert len(few) == 1
    many = list(slides._pages(of_rows(100), (of_rows(100),), view, 0.0))
    assert len(many) == slides.MOST_PAGES
    shown = [row[0].text for page, _, _ in many for row in page.rows]
    assert shown == [str(place) for place in range(len(shown))]  # in order, none twice, none left out between
    assert many[0][2] == ()
    assert many[-1][2] == (view.t("slides.rest", count=100 - len(shown)),)


def test_a_text_too_long_for_a_cell_ends_in_dots_and_columns_share_the_width(demo_store):
    view = look(demo_store, Choices())
    table = of_rows(30, "很长的一句话" * 60)
    page, widths, _ = next(slides._pages(table, (table,), view, 0.0))
    assert page.rows[0][1].text.endswith("…")
    assert sum(widths) == pytest.approx(1)
    assert widths[1] > 4 * widths[0]


def test_many_bars_are_cut_and_counted(demo_store):
    view = look(demo_store, Choices())
    bars = Bars(tuple(Bar(str(place), 1.0, "1") for place in range(slides.MOST_BARS + 3)), "个")
    ((page, _, said),) = slides._pages(bars, (), view, 0.0)
    assert len(page.items) == slides.MOST_BARS
    assert said == (view.t("slides.rest", count=3),)
