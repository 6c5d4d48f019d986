"""The meeting page: prepare, order the slides, log a commitment, finish, and look at what was."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from ready_made import Lent
from signing import sign
from streamlit import config
from streamlit.testing.v1 import AppTest

from taizhang.declared.wording import language
from taizhang.exhibits.promises import promises
from taizhang.exhibits.views import Choices, look
from taizhang.showing import handouts, meetings
from taizhang.store import Note, Store
from taizhang.store.campaigns import About
from taizhang.ui import handing_out

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def full_errors():
    """AppTest hides what went wrong unless told not to."""
    config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")


@pytest.fixture(scope="module")
def lent(tiny_store, tmp_path_factory) -> Lent:
    return Lent(tiny_store, tmp_path_factory.mktemp("office"))


@pytest.fixture
def store(lent) -> Iterator[Store]:
    """The tiny store, as if nobody had been there before."""
    with lent as store:
        yield store


@pytest.fixture
def waiting(store) -> meetings.Meeting:
    """A meeting prepared on the newest data."""
    one = meetings.prepare(look(store, Choices()), meetings.next_id(store), "第三次推进会", dt.date(2019, 10, 12))
    return meetings.save(store, one)


def open_page(store: Store, monkeypatch, **query: str) -> AppTest:
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    app = AppTest.from_file(str(ROOT / "taizhang" / "frame.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return sound(app.switch_page(str(ROOT / "pages" / "meeting.py")).run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, [one.value for one in app.exception]
    return app


def text_of(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def press(app: AppTest, label: str) -> AppTest:
    return sound(next(one for one in app.button if one.label == label).click().run())


def coming(app: AppTest):
    """The control that opens another of the meetings prepared."""
    (found,) = [one for one in app.get("button_group") if one.key.startswith("meeting_open")]
    return found


def past(app: AppTest):
    """The control that opens another of the meetings held."""
    (found,) = [one for one in app.selectbox if one.key.startswith("meeting_past")]
    return found


def only(store: Store) -> meetings.Meeting:
    (one,) = meetings.open_meetings(store)
    return one


t = language("zh")


def test_a_meeting_is_prepared_on_what_is_on_screen(store, monkeypatch):
    app = open_page(store, monkeypatch)
    press(app, t("meeting.prepare"))
    assert t("meeting.title_missing") in text_of(app)
    assert meetings.open_meetings(store) == []
    next(one for one in app.text_input if one.label == t("meeting.title")).set_value("第三次推进会")
    press(app, t("meeting.prepare"))
    one = only(store)
    view = look(store, Choices())
    assert (one.title, one.as_of, one.release, one.compare_on) == (
        "第三次推进会",
        view.as_of,
        view.release.number,
        view.compare_on,
    )
    assert one.languages == ("zh",)
    assert "第三次推进会" in text_of(app)


def test_settings_are_kept_at_once(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    key = f"meeting_{waiting.meeting_id}"
    sound(app.text_input(key=f"{key}_title").set_value(" 改名的会 ").run())
    sound(app.date_input(key=f"{key}_as_of").set_value(dt.date(2019, 9, 27)).run())
    one = only(store)
    assert one.title == "改名的会"
    assert (one.as_of, one.release) == (dt.date(2019, 9, 27), 2)
    assert one.compare_on == dt.date(2019, 9, 20)  # no meeting before: the release before
    sound(app.text_input(key=f"{key}_title").set_value("   ").run())
    assert only(store).title == "改名的会"  # a meeting has a name


def test_slides_change_places_leave_and_come_back(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    place = f"script_place_{waiting.meeting_id}"
    sound(app.selectbox(key=place).set_value(1).run())
    press(app, t("script.up"))
    first, second, *rest = meetings.DEFAULT_SCRIPT
    assert only(store).script == (second, first, *rest)
    assert app.selectbox(key=place).value == 0  # the choice goes with the slide
    press(app, t("script.remove"))
    assert only(store).script == (first, *rest)
    sound(app.selectbox(key="script_name").set_value("research.districts").run())
    sound(app.selectbox(key="script_above").set_value("research.figures").run())
    press(app, t("script.add_it"))
    assert only(store).script[1].exhibits == ("research.figures", "research.districts")
    press(app, t("script.usual"))
    assert only(store).script == meetings.DEFAULT_SCRIPT


def test_a_slide_has_its_note_its_district_and_its_way_of_being_empty(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    sound(app.selectbox(key=f"script_place_{waiting.meeting_id}").set_value(6).run())
    key = f"script_{waiting.meeting_id}_6_rectification.due"
    sound(app.text_area(key=f"{key}_note").set_value("先请一科说明").run())
    district = look(store, Choices()).ask("districts").rows[0][0]
    sound(app.selectbox(key=f"{key}_district").set_value(district).run())
    sound(app.checkbox(key=f"{key}_empty").check().run())
    line = only(store).script[6]
    assert (line.note, line.when_empty) == ("先请一科说明", "leave_out")
    assert line.district == district


def test_a_commitment_takes_two_lines(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    press(app, t("meeting.log"))
    assert t("present.no_content") in text_of(app)
    app.text_input(key="meeting_content").set_value("月底前销号过半")
    pick = {one.label: one for one in app.selectbox}
    pick[t("meeting.unit")].set_value("一科")
    pick[t("meeting.kpi")].set_value("K03")
    next(one for one in app.date_input if one.label == t("meeting.due_on")).set_value(dt.date(2019, 10, 31))
    next(one for one in app.number_input if one.label == t("meeting.target")).set_value(50.0)
    press(app, t("meeting.log"))
    assert only(store).commitments == (
        meetings.Commitment("月底前销号过半", "一科", dt.date(2019, 10, 31), "K03", Decimal("0.5")),
    )
    assert "50%" in text_of(app)
    press(app, t("meeting.take_off"))
    assert only(store).commitments == ()


@pytest.mark.parametrize(("kpi", "target", "sentence"), [("", 50.0, "target_alone"), ("K03", 700.0, "bad_share")])
def test_a_target_that_cannot_be_is_refused_as_it_is_in_the_room(kpi, target, sentence, store, waiting, monkeypatch):
    """Without a figure to move a target means nothing, and no share is 700 %: neither is dropped without a word."""
    app = open_page(store, monkeypatch)
    app.text_input(key="meeting_content").set_value("月底前销号过半")
    next(one for one in app.selectbox if one.label == t("meeting.kpi")).set_value(kpi)
    next(one for one in app.number_input if one.label == t("meeting.target")).set_value(target)
    press(app, t("meeting.log"))
    assert only(store).commitments == ()
    assert t(f"present.{sentence}", text=target) in text_of(app)


def test_a_meeting_is_sealed_and_then_stands_among_the_past_ones(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    press(app, t("meeting.finish"))
    assert t("meeting.by_missing") in text_of(app)
    sound(app.multiselect(key=f"meeting_{waiting.meeting_id}_units").set_value(["一科"]).run())
    sign(app, "meeting_by", "办公室")
    press(app, t("meeting.finish"))
    assert meetings.open_meetings(store) == []
    assert t("meeting.finished", title=waiting.title, count=0, number=4) in text_of(app)
    assert meetings.meeting(store, waiting.meeting_id).units == ("一科",)
    assert past(app).value == waiting.meeting_id
    assert t("meeting.not_restated") in text_of(app)


def test_a_sealed_meeting_that_is_taken_back_gives_its_place_to_the_newest_that_is_held(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    sign(app, "meeting_by", "办公室")
    press(app, t("meeting.finish"))
    assert past(app).value == waiting.meeting_id
    store.take_back(4, Note("办公室", store.live().as_of, "封早了", "Sealed too early"))
    sound(app.run())
    assert past(app).value == meetings.held(store)[0]["meeting_id"] != waiting.meeting_id
    assert "past" not in app.query_params
    assert waiting.meeting_id not in text_of(app)


def test_newer_data_are_offered_and_taken_only_when_asked_for(store, waiting, newer, monkeypatch):
    newer()
    app = open_page(store, monkeypatch)
    assert only(store).release == 3
    press(app, t("meeting.to_newest", number=4, day="2019-10-18"))
    assert (only(store).release, only(store).as_of) == (4, dt.date(2019, 10, 18))


def test_newer_data_once_taken_are_what_every_control_shows(store, waiting, newer, monkeypatch):
    made = newer()
    app = open_page(store, monkeypatch)
    press(app, t("meeting.to_newest", number=made.number, day="2019-10-18"))
    said = {one.label: one.value for one in app.main.date_input}
    assert said[t("frame.as_of")] == said[t("meeting.held_on")] == made.as_of
    for act in (t("script.down"), t("meeting.start")):
        press(app, act)
        assert (only(store).release, only(store).as_of) == (made.number, made.as_of)


def test_a_window_that_shows_an_earlier_release_moves_nothing_and_seals_nothing(store, waiting, newer, monkeypatch):
    made = newer()
    left, right = open_page(store, monkeypatch), open_page(store, monkeypatch)
    press(right, t("meeting.to_newest", number=made.number, day="2019-10-18"))
    key = f"meeting_{waiting.meeting_id}"
    sound(left.date_input(key=f"{key}_as_of").set_value(dt.date(2019, 9, 27)).run())
    assert (only(store).release, only(store).as_of) == (made.number, made.as_of)
    differs = t("meeting.differs_release", shown=waiting.release, kept=made.number)
    assert differs in text_of(left)
    assert next(one for one in left.main.date_input if one.label == t("frame.as_of")).value == made.as_of


def test_what_another_window_changed_is_not_sealed_before_it_was_seen(store, waiting, newer, monkeypatch):
    made = newer()
    left, right = open_page(store, monkeypatch), open_page(store, monkeypatch)
    press(right, t("meeting.to_newest", number=made.number, day="2019-10-18"))
    sign(left, "meeting_by", "办公室")
    press(left, t("meeting.finish"))
    differs = t("meeting.differs_release", shown=waiting.release, kept=made.number)
    assert differs in text_of(left)
    assert "没有封存" in text_of(left)
    assert only(store).release == made.number
    assert f"第 {made.number} 版" in text_of(left)  # now it is seen
    press(left, t("meeting.finish"))
    assert meetings.open_meetings(store) == []
    assert meetings.meeting(store, waiting.meeting_id).release == made.number


def test_a_title_changed_in_another_window_is_shown_and_not_put_back(store, waiting, monkeypatch):
    left, right = open_page(store, monkeypatch), open_page(store, monkeypatch)
    key = f"meeting_{waiting.meeting_id}_title"
    sound(right.text_input(key=key).set_value("改名的会").run())
    press(left, t("script.down"))
    assert only(store).title == "改名的会"
    assert "改名的会" in [one.value for one in left.text_input]


def test_an_emptied_title_stands_there_again(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    sound(app.text_input(key=f"meeting_{waiting.meeting_id}_title").set_value("  ").run())
    assert [one.value for one in app.text_input if one.label == t("meeting.title")] == [waiting.title]


def test_a_note_typed_in_another_window_is_written_to_the_slide_it_was_typed_for(store, waiting, monkeypatch):
    left, right = open_page(store, monkeypatch), open_page(store, monkeypatch)
    press(right, t("script.remove"))
    sound(left.selectbox(key=f"script_place_{waiting.meeting_id}").set_value(2).run())
    name = only(store).script[2].exhibits
    sound(next(one for one in left.text_area if one.label == t("script.note")).set_value("请一科说明").run())
    assert [line.exhibits for line in only(store).script if line.note] == [name]


def test_a_wrong_seal_is_corrected_on_the_page_and_both_can_be_seen(store, waiting, newer, monkeypatch):
    made = newer()
    first = meetings.finish(store, waiting, "办公室")
    app = press(open_page(store, monkeypatch), t("meeting.correct"))
    assert t("meeting.corrects", number=first.number) in text_of(app)
    assert t("meeting.correcting", title=waiting.title) in text_of(app)
    press(app, t("meeting.to_newest", number=made.number, day=made.as_of))
    sign(app, "meeting_by", "综合科")
    seal = "FormSubmitter:meeting_finish"
    sound(next(one for one in app.button if seal in (one.key or "")).click().run())
    assert t("meeting.reason_missing") in text_of(app)
    app.text_input(key="meeting_reason").set_value("版本不对")
    sound(next(one for one in app.button if seal in (one.key or "")).click().run())
    new, old = meetings.seals(store, waiting.meeting_id)
    assert (old.release, new.release, new.as_of) == (waiting.release, made.number, made.as_of)
    said = text_of(app)
    assert t("meeting.corrected", title=waiting.title, number=new.sealed_in, before=first.number) in said
    assert meetings.supersedes(new, t) in said
    assert meetings.superseded(old, t) not in said
    assert past(app).options[0].endswith("（已更正封存）")
    key = f"meeting_seal_{waiting.meeting_id}_2"
    which = next(one for one in app.get("button_group") if one.key == key)
    sound(which.set_value(old.address).run())
    assert meetings.superseded(old, t) in text_of(app)
    press(app, t("meeting.replay"))
    assert app.query_params["present"] in (old.address, [old.address])


def test_a_meeting_file_that_cannot_be_used_is_named_and_discarded_there(store, waiting, monkeypatch):
    shelf = store.folder / "meetings"
    (shelf / "HY-990.json").write_bytes(b'{"version": 9}')
    (shelf / "HY-991.json").write_bytes((shelf / f"{waiting.meeting_id}.json").read_bytes()[:-9])
    app = open_page(store, monkeypatch)
    assert t("meeting.other_version", file="HY-990.json", version=9) in text_of(app)
    assert t("meeting.unreadable", file="HY-991.json") in text_of(app)
    sound(app.button(key="meeting_drop_HY-991").click().run())
    assert (shelf / "HY-991.json").exists()  # it asks once
    sound(app.button(key="meeting_drop_yes_HY-991").click().run())
    assert not (shelf / "HY-991.json").exists()
    assert "HY-991" not in text_of(app)
    assert [one.file for one in meetings.unusable(store)] == ["HY-990.json"]
    assert only(store) == waiting


def test_discarding_asks_once(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    press(app, t("meeting.discard"))
    press(app, t("meeting.discard_no"))
    assert only(store) == waiting
    press(app, t("meeting.discard"))
    press(app, t("meeting.discard_yes"))
    assert meetings.open_meetings(store) == []


def test_a_link_to_a_meeting_that_is_gone_shows_the_page(store, monkeypatch):
    app = open_page(store, monkeypatch, present="HY-999")
    assert t("meeting.question") in text_of(app)


# --- handouts --------------------------------------------------------------------------------------------------


def test_nothing_is_made_until_it_is_asked_for(store, waiting, monkeypatch):
    made = []

    def make(kind, *_args):
        made.append(kind)
        return b"data"

    monkeypatch.setattr(handing_out.handouts, "make", make)
    app = open_page(store, monkeypatch)
    assert made == []
    press(app, t("handout.make_paper"))
    assert made == ["paper"]
    assert t("handout.ready", kind=t("handout.make_paper"), size=1) in text_of(app)
    sound(app.text_input(key=f"meeting_{waiting.meeting_id}_title").set_value("改名的会").run())
    assert t("handout.ready", kind=t("handout.make_paper"), size=1) not in text_of(app)  # it is not the same any more


def test_what_a_maker_refuses_is_one_sentence(store, waiting, monkeypatch):
    class Refused(Exception):
        words = ("handout.no_meeting", {"meeting": "HY-9", "known": "—"})

    def make(*_args):
        raise Refused

    monkeypatch.setattr(handing_out.handouts, "make", make)
    app = press(open_page(store, monkeypatch), t("handout.make_deck"))
    assert t("handout.no_meeting", meeting="HY-9", known="—") in text_of(app)


@pytest.mark.parametrize("kind", handouts.KINDS)
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_a_file_name_is_one_any_system_takes(kind, lang, store, waiting):
    name = handouts.file_name(kind, store, replace(waiting, title='推进会: "a/b\\c" <1>?*|'), lang)
    assert name.endswith(handouts.KINDS[kind])
    assert not set(name) & set('\\/:*?"<>| \n')
    assert "2019-10-11" in name
    assert About.of(store.live()).title in name


def test_an_unplanned_handout_has_the_usual_script(store):
    one = handouts.unplanned(store, "zh", as_of=dt.date(2019, 9, 27))
    assert (one.release, one.as_of) == (2, dt.date(2019, 9, 27))
    assert one.script == meetings.DEFAULT_SCRIPT
    assert [showing.view.t.code for showing in handouts.showings_of(store, one, "both")] == ["zh", "en"]


def test_an_empty_page_begins_with_the_last_meeting_and_its_promises(store, monkeypatch):
    said = text_of(open_page(store, monkeypatch))
    last = meetings.held(store)[0]
    assert t("meeting.last_title", title=last["title"]) in said
    assert promises(look(store, Choices())).title in unescape(re.sub("<[^>]+>|\u2060", "", said))
    assert said.index(t("meeting.last_title", title=last["title"])) < said.index(t("meeting.prepare_title"))


def test_the_last_meeting_is_there_also_when_it_was_held_on_the_data_shown(store, waiting, monkeypatch):
    promised = replace(waiting, commitments=(meetings.Commitment("月底前销号过半"),))
    meetings.finish(store, meetings.save(store, promised), "办公室")
    said = text_of(open_page(store, monkeypatch))
    assert t("meeting.last_title", title=waiting.title) in said
    assert "月底前销号过半" in said


def test_two_meetings_called_alike_are_told_apart(store, waiting, monkeypatch):
    meetings.begin(store, look(store, Choices()), waiting.title, waiting.held_on, ("zh",))
    app = open_page(store, monkeypatch)
    named = [one.content for one in coming(app).proto.options][:2]
    assert len(set(named)) == 2
    assert all(waiting.title in name for name in named)
    assert "12" in named[0]  # the day too


def test_the_outline_is_turned_page_by_page(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch)
    key = f"script_place_{waiting.meeting_id}"
    assert app.button(key="script_before").disabled
    sound(app.button(key="script_after").click().run())
    assert app.selectbox(key=key).value == 1
    sound(app.button(key="script_before").click().run())
    assert app.selectbox(key=key).value == 0
    sound(app.selectbox(key=key).set_value(len(waiting.script) - 1).run())
    assert app.button(key="script_after").disabled


# --- in the address --------------------------------------------------------------------------------------------


def test_a_link_opens_a_meeting_at_its_step_and_what_is_chosen_stands_in_the_address(store, waiting, monkeypatch):
    other = meetings.begin(store, look(store, Choices()), "第二次", waiting.held_on, ("zh",))
    app = open_page(store, monkeypatch, meeting=waiting.meeting_id, step="finish")
    steps, state = f"meeting_steps_{waiting.meeting_id}_zh", app.session_state
    assert coming(app).value == waiting.meeting_id
    assert state[steps] == t("meeting.step_finish")
    state[steps] = t("meeting.step_settings")
    sound(app.run())
    assert (app.query_params["meeting"], app.query_params["step"]) == (waiting.meeting_id, "settings")
    sound(coming(app).set_value(other.meeting_id).run())  # the newest is what is usual, and its step is the same
    assert "meeting" not in app.query_params
    assert state[f"meeting_steps_{other.meeting_id}_zh"] == t("meeting.step_settings")


def test_a_link_to_a_meeting_that_is_gone_shows_the_newest_and_says_so(store, waiting, monkeypatch):
    app = open_page(store, monkeypatch, meeting="HY-999", step="nothing")
    assert coming(app).value == waiting.meeting_id
    said = text_of(app)
    assert "HY-999" in said
    assert "nothing" in said
    assert "meeting" not in app.query_params
    assert "step" not in app.query_params


def test_a_meeting_that_is_discarded_leaves_no_complaint_behind(store, waiting, monkeypatch):
    other = meetings.begin(store, look(store, Choices()), "第二次", waiting.held_on, ("zh",))
    app = open_page(store, monkeypatch, meeting=waiting.meeting_id)
    press(app, t("meeting.discard"))
    press(app, t("meeting.discard_yes"))
    assert coming(app).value == other.meeting_id
    assert waiting.meeting_id not in text_of(app)
