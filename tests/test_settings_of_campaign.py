"""Settings are changed by files that go the way of any upload, and an undo brings the old ones back."""

import datetime as dt
from dataclasses import replace

import pytest
from ready_made import Lent, copy_of
from test_at_once import preview
from test_own_words import make_bureau
from test_pages import ROOT, open_page, text_of

from taizhang import cli, uploads
from taizhang.rows.changes import Decisions
from taizhang.store import DraftRefused, Note, Store
from taizhang.uploads import settings
from taizhang.uploads.settings import OwnStrand, OwnWord


@pytest.fixture(scope="module")
def lent(tiny_store, tmp_path_factory):
    return Lent(tiny_store, tmp_path_factory.mktemp("settings"))


@pytest.fixture
def store(lent) -> Store:
    with lent as own:
        yield own


@pytest.fixture
def tz(capfd, monkeypatch, store):
    """`tz("settings", …)` runs the command line on the store and gives its exit code, output and errors."""
    monkeypatch.setenv("TAIZHANG_STORE", str(store))

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(arg) for arg in args])
        return left.value.code, *capfd.readouterr()

    return run


def publish(store: Store, made: settings.Made):
    live = store.live()
    checked = uploads.check(store, made.files)
    assert not checked.errors, checked.problems
    decisions = Decisions(remove=made.removed, remove_reason="不再使用")
    draft = uploads.draft(store, checked.files, Note("甲", live.as_of, "设置", "Settings"), decisions, checked.parent)
    return store.publish_draft(draft)


def test_settings_that_are_as_they_were_make_no_file(tiny):
    assert settings.made(tiny, settings.settings_of(tiny)) == settings.Made((), frozenset(), tiny.number)


def test_own_words_strands_and_limits_are_published_and_taken_back(store):
    before = store.live()
    now = settings.settings_of(before)
    wanted = settings.Settings(
        {**now.campaign, "due_soon_days": 3, "covers_places": False, "ended_on": dt.date(2019, 12, 1)},
        (*now.strands, OwnStrand("", "巡查", "Patrols")),
        {"action": OwnWord("任务", "task"), "status.closed": OwnWord("已办结", "Completed")},
    )
    live = publish(store, settings.made(before, wanted))
    kept = settings.settings_of(live)
    assert (kept.campaign["due_soon_days"], kept.campaign["covers_places"]) == (3, False)
    assert [one.code for one in kept.strands] == ["study", "research", "review", "rectify", "patrols"]
    assert kept.words == wanted.words
    assert settings.made(live, kept).files == ()
    store.take_back(live.number, Note("甲", live.as_of, "撤销", "Undo", kind="undo"))
    assert settings.settings_of(store.live()) == now


def test_words_and_strands_are_given_up_again(store):
    first = settings.settings_of(store.live())
    own = replace(first, strands=(*first.strands, OwnStrand("", "巡查")), words={"action": OwnWord("任务")})
    live = publish(store, settings.made(store.live(), own))
    assert settings.settings_of(live).strands[-1] == OwnStrand("strand_1", "巡查", "巡查")
    back = publish(store, settings.made(live, first))
    assert settings.settings_of(back) == first
    assert (back.rows()["strand"], back.rows()["term"]) == ({}, {})


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"strands": ()}, ["no_strand"]),
        ({"strands": tuple(OwnStrand(f"s{n}", f"第{n}") for n in range(7))}, ["many_strands"]),
        ({"strands": (OwnStrand("a", "甲"), OwnStrand("b", "甲"))}, ["same_strand"]),
        ({"words": {"nothing": OwnWord("词")}}, ["unknown_word"]),
        ({"words": {"action": OwnWord("任{务")}}, ["marks"]),
        ({"words": {"action": OwnWord("问题")}}, ["same_word"]),
        ({"words": {"status.closed": OwnWord("整改中")}}, ["same_word"]),
        ({"campaign": {"campaign_name": " ", "org_name": "办公室"}}, ["empty"]),
    ],
)
def test_settings_that_nobody_could_read_back_are_refused(tiny, change, codes):
    found = settings.made(tiny, replace(settings.settings_of(tiny), **change))
    assert ([one.code for one in found.refused], found.files) == (codes, ())


# --- the two doors ---------------------------------------------------------------------------------------------


def test_a_change_on_the_page_becomes_the_upload_in_hand_and_is_published(store, monkeypatch):
    app = open_page("settings", store, monkeypatch, lang="zh")
    app.number_input("settings_due_soon_days").set_value(3)
    app.text_input("settings_word_action_zh").set_value("任务")
    app.text_input("settings_strand_3_zh").set_value("")
    app.text_input("settings_strand_3_en").set_value("")
    app.button("settings_go").click().run()
    assert not app.exception
    handed_in = app.session_state["_upload"]
    assert [name for name, _ in handed_in.files] == ["campaign.csv", "strand.csv", "term.csv"]
    assert handed_in.listed_in == store.live_number()
    checked = uploads.check(store, handed_in.files)
    assert (checked.problems, checked.comparison.changes) == ((), 5)


def test_the_page_says_what_cannot_be_and_what_is_not_changed(store, monkeypatch):
    app = open_page("settings", store, monkeypatch, lang="zh")
    app.button("settings_go").click().run()
    assert "没有改动" in text_of(app)
    app.text_input("settings_word_action_zh").set_value("问题")
    app.button("settings_go").click().run()
    assert "有两个都叫“问题”" in text_of(app)
    assert "_upload" not in app.session_state


def test_the_command_shows_what_is_set_and_changes_it_only_when_told_to(store, tz):
    code, out, _ = tz("settings")
    assert code == 0
    assert "due_soon_days=7" in out
    assert "strand.study=学习教育/Study/study" in out
    said = ("action=任务/task", "strand.patrol=巡查/Patrols/review", "--by", "甲")
    number = store.live_number()
    assert tz("settings", *said)[0] == 0
    assert store.live_number() == number
    assert tz("settings", *said, "--yes")[0] == 0
    assert store.live_number() == number + 1
    _, out, _ = tz("settings")
    assert "action=任务/task" in out
    assert "任务" in tz("ask", "actions")[1]


@pytest.mark.parametrize(
    "change", ["nothing=1", "due_soon_days", "due_soon_days=soon", "strand.X=甲", "strand.a=甲//moon"]
)
def test_a_change_that_is_no_setting_is_said(tz, change):
    code, out, _ = tz("settings", change)
    assert (code, out.count("\n")) == (1, 1)


def test_a_word_that_is_given_up_on_the_page_leaves_the_ledger_when_it_is_published(ready_made, tmp_path, monkeypatch):
    store = copy_of(ready_made("bureau", make_bureau), tmp_path / "store")
    app = open_page("settings", store, monkeypatch, lang="zh")
    app.text_input("settings_word_topic_zh").set_value("")
    app.text_input("settings_word_topic_en").set_value("")
    app.button("settings_go").click().run()
    app.switch_page(str(ROOT / "pages" / "upload.py")).run()
    preview(app)
    app.button(key="upload_publish").click().run()
    assert not app.exception
    assert "topic" not in settings.settings_of(store.live()).words
    assert "action" in settings.settings_of(store.live()).words
    assert store.live().vocabulary.said("[课题]", "zh") == "课题"


def test_a_strand_that_rows_still_use_cannot_be_left_out(ready_made, tmp_path):
    store = copy_of(ready_made("bureau", make_bureau), tmp_path / "store")
    now = settings.settings_of(store.live())
    made = settings.made(store.live(), replace(now, strands=now.strands[:2]))
    checked = uploads.check(store, made.files)
    decisions = Decisions(remove=made.removed, remove_reason="不再使用")
    with pytest.raises(DraftRefused) as refused:
        uploads.draft(store, checked.files, Note("甲", store.live().as_of, "一", "One"), decisions, checked.parent)
    (one,) = refused.value.problems
    assert (one.table, one.column, one.value, one.rule) == (
        "event",
        "strand",
        "publicity",
        "check_strand_is_not_in_use",
    )
