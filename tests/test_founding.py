"""A campaign is founded: what is answered becomes its first release, and the next one takes over how it is run."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from ready_made import copy_of
from test_pages import open_page, text_of

from taizhang import cli, uploads
from taizhang.declared.wording import language
from taizhang.exhibits import beginning, rectification
from taizhang.exhibits.views import Choices, look
from taizhang.rows.changes import Decisions
from taizhang.rows.problems import sentence
from taizhang.showing import handouts, meetings, slides, upkeep
from taizhang.store import Note, Store
from taizhang.store.campaigns import Campaigns, NameTaken, NotAName
from taizhang.uploads import founding
from taizhang.uploads.founding import AnswerMissing, Answers, DaysReversed, found

START = dt.date(2025, 3, 3)
WEEK = START + dt.timedelta(days=7)
TOLD = Answers("供水管网改造督查", "水务局", started_on=START, ended_on=dt.date(2025, 12, 31), by="办公室")


def row_of(one) -> dict:
    (row,) = one.store.live().rows()["campaign"].values()
    return row


def publish(store: Store, name: str, text: str, day: dt.date) -> None:
    """What a clerk does with a file, by the way of any upload."""
    checked = uploads.check(store, [(name, text.encode("gb18030"))])
    assert [one.rule for one in checked.errors] == []
    draft = uploads.draft(store, checked.files, Note("办公室", day, "周报", "Weekly"), Decisions(), checked.parent)
    store.publish_draft(draft)


def test_what_is_answered_is_the_first_release(tmp_path):
    known = Campaigns(tmp_path)
    one = found(known, TOLD)
    live, row = one.store.live(), row_of(one)
    assert (live.number, live.as_of, live.kind, live.published_by) == (1, START, "founded", "办公室")
    assert (row["campaign_name"], row["org_name"], row["default_year"]) == ("供水管网改造督查", "水务局", 2025)
    assert (row["update_every_days"], row["has_no_verification"], row["is_demo"]) == (7, False, False)
    assert {name for name, rows in live.rows().items() if rows} == {"campaign"}
    assert (one.name, known.names()) == ("campaign-2025", ("campaign-2025",))
    assert upkeep.verify(one.store) == []


def test_the_strands_that_a_campaign_has_are_written_unless_it_has_them_all(tmp_path):
    known = Campaigns(tmp_path)
    told = {**vars(TOLD), "covers_places": False}
    some = found(known, Answers(**told | {"name": "A", "strands": ("rectify", "review")})).store.live().rows()
    assert [(row["strand_code"], row["strand_name"], row["sort_order"]) for row in some["strand"].values()] == [
        ("review", "检视问题", 1),
        ("rectify", "整改落实", 2),
    ]
    assert [row["uses_review"] for row in some["strand"].values()] == [True, False]
    assert [row["covers_places"] for row in some["campaign"].values()] == [False]
    for strands in ((), tuple(founding.STRANDS)):
        one = found(known, Answers(**told | {"strands": strands}))
        assert one.store.live().rows()["strand"] == {}
    again = found(known, Answers(started_on=START, by="办公室", name="B"), known.named("A"))
    assert again.store.live().rows()["strand"] == some["strand"]
    own = found(known, Answers(started_on=START, by="办公室", name="C", strands=("study",)), known.named("A"))
    assert list(own.store.live().rows()["strand"]) == ["study"]


def test_nobody_who_verifies_means_that_done_is_closed(tmp_path):
    one = found(Campaigns(tmp_path), Answers(**{**vars(TOLD), "is_verified": False}))
    publish(
        one.store, "a.csv", "措施编号,整改措施,整改状态,整改类型,完成日期\nCS-1,换管,已完成,立行立改,2025-03-04\n", WEEK
    )
    row = one.store.live().rows()["action"]["CS-1"]
    assert (row["status"], row["closed_on"], "无审核环节" in row["verified_by"]) == (
        "closed",
        dt.date(2025, 3, 4),
        True,
    )


def test_a_plain_list_of_meetings_is_all_that_a_new_office_needs(tmp_path):
    one = found(Campaigns(tmp_path), TOLD)
    publish(one.store, "a.csv", "活动编号,活动名称,日期\nHD-1,第一次调度会,2025-03-04\n", WEEK)
    (row,) = one.store.live().rows()["event"].values()
    assert (row["strand"], row["kind"], row["started_on"]) == ("overall", "other", dt.date(2025, 3, 4))
    publish(one.store, "b.csv", "活动编号,活动名称,重点措施\nHD-1,第一次调度会,整改落实\n", WEEK)
    publish(one.store, "a.csv", "活动编号,活动名称,人数\nHD-1,第一次调度会,9\n", WEEK)
    (row,) = one.store.live().rows()["event"].values()
    assert (row["strand"], row["attendance"]) == ("rectify", 9)  # said once, it stays said


def test_a_second_click_founds_no_second_campaign(tmp_path):
    known = Campaigns(tmp_path)
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(lambda _: found(known, TOLD), range(2))
    assert first == second == found(known, TOLD)
    assert len(known.names()) == 1
    other = found(known, Answers(**{**vars(TOLD), "by": "综合科"}))
    assert known.names() == ("campaign-2025", other.name)
    publish(first.store, "a.csv", "措施编号,整改措施\nCS-1,换管\n", WEEK)
    assert found(known, TOLD).name == "campaign-2025-3"  # that one has gone on: this is another


@pytest.mark.parametrize("name", ["title", "office", "started_on", "by"])
def test_what_has_to_be_answered_is_named_and_nothing_is_written(tmp_path, name):
    with pytest.raises(AnswerMissing) as met:
        found(Campaigns(tmp_path / "data"), Answers(**{**vars(TOLD), name: None if name == "started_on" else " "}))
    assert met.value.name == name
    assert not (tmp_path / "data").exists()


def test_a_campaign_does_not_end_before_it_starts_and_is_not_called_like_another_or_the_demo(tmp_path):
    known = Campaigns(tmp_path)
    with pytest.raises(DaysReversed):
        found(known, Answers(**{**vars(TOLD), "ended_on": START - dt.timedelta(days=1)}))
    found(known, Answers(**{**vars(TOLD), "name": "GS2025"}))
    for name, error in (("gs2025", NameTaken), ("demo", NotAName), ("a b", NotAName)):
        with pytest.raises(error):
            found(known, Answers(**{**vars(TOLD), "name": name}))
    assert known.names() == ("GS2025",)
    assert row_of(known.named("GS2025"))["campaign_id"] == "GS2025"


def test_the_next_year_takes_over_how_a_campaign_is_run_and_nothing_that_was_done(tmp_path, tiny_store):
    known = Campaigns(copy_of(tiny_store, tmp_path / "data").folder)
    old = known.named("main")
    before = old.store.live().rows()
    one = found(known, Answers(started_on=START, by="办公室"), old)
    rows = one.store.live().rows()
    kept = {name for name, keyed in rows.items() if keyed}
    assert kept == {"campaign", *(name for name in founding.SETTINGS if before[name])}
    assert {"district", "town"} <= kept
    assert rows["town"].keys() == before["town"].keys()
    (new,), (was,) = rows["campaign"].values(), before["campaign"].values()
    for column in (
        "covers_places",
        "campaign_name",
        "org_name",
        "update_every_days",
        "has_no_verification",
        "behind_red_points",
    ):
        assert new[column] == was[column], column
    assert (new["started_on"], new["ended_on"], new["default_year"]) == (START, None, 2025)
    assert new["campaign_id"] == one.name != was["campaign_id"]
    assert upkeep.verify(one.store) == []


def test_a_campaign_is_made_again_from_what_was_answered(tmp_path, tiny_store):
    known = Campaigns(copy_of(tiny_store, tmp_path / "data").folder)
    one = found(known, Answers(started_on=START, by="办公室"), known.named("main"))
    made = upkeep.rebuild(one.store, Store(tmp_path / "again"), lambda done, total: None)
    assert (made.count, made.differences) == (1, ())


def test_nothing_is_compared_with_the_day_a_campaign_was_founded(tmp_path):
    one = found(Campaigns(tmp_path), TOLD)
    assert look(one.store, Choices()).compare_on is None
    week = [START + dt.timedelta(days=days) for days in (7, 14)]
    publish(one.store, "措施.csv", "措施编号,整改措施\nCS-1,换管\n", week[0])
    assert look(one.store, Choices()).compare_on is None
    publish(one.store, "措施.csv", "措施编号,整改措施\nCS-2,换阀\n", week[1])
    assert look(one.store, Choices()).compare_on == week[0]


def test_the_command_makes_the_same(tmp_path, capfd, monkeypatch):
    def tz(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([*map(str, args), "--store", str(tmp_path / "data")])
        return left.value.code, *capfd.readouterr()

    monkeypatch.delenv("TAIZHANG_CAMPAIGN", raising=False)
    said = ("--title", TOLD.title, "--office", TOLD.office, "--ended-on", "2025-12-31", "--by", TOLD.by)
    code, _, err = tz("new", "GS2025", *said)
    assert (code, err.count("\n"), "开始日期" in err) == (1, 1, True)
    code, out, _ = tz("new", "GS2025", *said, "--started-on", "2025-03-03", "--update-every", 14, "--unverified")
    assert (code, "供水管网改造督查" in out) == (0, True)
    known = Campaigns(tmp_path / "data")
    asked = Answers(**{**vars(TOLD), "name": "GS2025", "update_every_days": 14, "is_verified": False})
    beside = found(Campaigns(tmp_path / "other"), asked)
    assert known.named("GS2025").store.live().rows() == beside.store.live().rows()
    assert tz("new", "GS2026", "--like", "GS2025", "--started-on", "2026-03-02", "--by", "办公室")[0] == 0
    assert (row_of(known.named("GS2026"))["campaign_name"], row_of(known.named("GS2026"))["update_every_days"]) == (
        "供水管网改造督查",
        14,
    )
    assert tz("new", "GS2027", "--like", "XX", "--started-on", "2026-03-02", "--by", "办公室")[0] == 1


def test_the_first_meetings_have_no_slide_that_only_says_nothing(tmp_path):
    one = found(Campaigns(tmp_path), TOLD)
    days = [START + dt.timedelta(days=days) for days in (7, 14)]
    file = "措施编号,整改措施,整改类型,完成时限,整改状态\nCS-{0},换管,限期整改,2025-04-01,整改中\n"

    def shown() -> list[str]:
        return [name for line in meetings.usual_script(look(one.store, Choices())) for name in line.exhibits]

    publish(one.store, "a.csv", file.format(1), days[0])
    first = shown()
    assert first == [
        "meeting.cover",
        "overview.headline",
        "overview.strands",
        "rectification.by_type",
        "rectification.due",
        "meeting.next_steps",
        "meeting.definitions",
    ]
    publish(one.store, "b.csv", file.format(2), days[1])
    line = rectification.burn_down(look(one.store, Choices())).shape
    assert line.days == tuple(days)  # the day of founding is no missing week
    assert set(shown()) - set(first) == {"rectification.burn_down", "meeting.changes", "meeting.moved"}
    for lang in ("zh", "en"):  # nothing is compared with a meeting that was not held
        view = look(one.store, Choices(lang=lang))
        said = [slide.title for slide in slides.show(one.store, handouts.unplanned(one.store, lang), lang).slides]
        assert not [title for title in said if view.t("frame.compare_auto", day="")[:4] in title]


# --- on the board ----------------------------------------------------------------------------------------------


def fill(app, like: str = "", **said: object):
    """Answer the questions of the page and found; what the click led to, drawn."""
    for name, value in said.items():
        one = next(
            one
            for one in (*app.text_input, *app.selectbox, *app.date_input, *app.radio, *app.get("button_group"))
            if one.key == name
        )
        one.set_value(value)
    app.button[[one.label for one in app.button].index("建立")].click().run()
    assert not app.exception
    return app


def test_an_office_founds_its_board_on_a_page_and_is_led_to_what_to_bring(tmp_path, monkeypatch):
    app = open_page("new", Store(tmp_path), monkeypatch)
    app = fill(app, founding_office_="水务局", founding_by_="办公室")
    assert "还差一项：活动名称" in text_of(app)
    assert Campaigns(tmp_path).names() == ()
    app = fill(
        app,
        founding_title_="供水管网改造督查",
        founding_started_on_=START,
        founding_is_verified_=False,
        founding_strands_=["review"],
    )
    (one,) = Campaigns(tmp_path).all()
    assert (row_of(one)["org_name"], row_of(one)["has_no_verification"]) == ("水务局", True)
    assert (one.store.live().published_by, one.store.live().as_of) == ("办公室", START)
    going = str([one.proto for one in app.get("bidi_component")])
    assert '"path": "start"' in going.replace("\\", "")
    assert one.name in going
    app = open_page("start", Store(tmp_path), monkeypatch)
    assert "准备清单：2 份台账，已有 0 份" in text_of(app)
    assert "template_issue" in [one.key for one in app.get("download_button")]


def test_the_page_offers_the_settings_of_another_campaign_filled_in(tmp_path, tiny_store, monkeypatch):
    data = copy_of(tiny_store, tmp_path / "data")
    app = open_page("new", data, monkeypatch)
    app.selectbox(key="founding_like").set_value("main").run()
    was = row_of(Campaigns(data.folder).named("main"))
    assert app.text_input(key="founding_title_main").value == was["campaign_name"]
    fill(app, founding_by_main="办公室", founding_name_main="NEXT", founding_title_main="明年的活动")
    new = Campaigns(data.folder).named("NEXT")
    assert row_of(new)["org_name"] == was["org_name"]
    assert new.store.live().rows()["town"].keys() == data.live().rows()["town"].keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["overview", *beginning.DRAWN_FROM])
def test_a_page_that_has_nothing_says_what_brings_it_and_how(name, lang, founded, monkeypatch):
    t = language(lang)
    app = open_page(name, founded, monkeypatch, lang=lang)
    assert t(f"beginning.{name}") in text_of(app)
    assert {"bring", "see_list"} <= {one.key for one in app.button}
    assert app.get("download_button")
    assert "data-pick=" not in text_of(app)


def test_what_a_campaign_has_not_is_not_to_be_brought(tmp_path, monkeypatch):
    found(Campaigns(tmp_path), Answers(**{**vars(TOLD), "strands": ("review", "rectify"), "covers_places": False}))
    app = open_page("start", Store(tmp_path), monkeypatch)
    brought = {one.key.removeprefix("template_") for one in app.get("download_button")} - {"archive"}
    assert brought == {"issue", "action", "feedback_round"}
    assert "学习教育" not in text_of(app)


def test_the_first_file_of_a_ledger_brings_its_pages(founded, tmp_path, monkeypatch):
    data = copy_of(founded, tmp_path / "data")
    publish(Campaigns(data.folder).usual().store, "a.csv", "措施编号,整改措施\nCS-1,换管\n", WEEK)
    said = {name: text_of(open_page(name, data, monkeypatch)) for name in ("overview", "rectification", "study")}
    waiting = [name for name, text in said.items() if language("zh")(f"beginning.{name}") in text]
    assert waiting == ["study"]


def test_the_demo_says_that_it_is_one_on_its_first_page_only(demo, tmp_path, monkeypatch):
    said = language("zh")("beginning.this_is_the_demo")
    assert said in text_of(open_page("overview", Store(tmp_path), monkeypatch))
    assert said not in text_of(open_page("review", Store(tmp_path), monkeypatch))


@pytest.fixture(scope="session")
def founded(ready_made) -> Store:
    """A data folder with one campaign in which nothing was done yet."""
    return ready_made("founded", lambda store: found(Campaigns(store.folder), TOLD))


def test_a_file_of_a_day_before_the_campaign_began_is_refused_with_both_days(founded, tmp_path, capfd):
    data, path = copy_of(founded, tmp_path / "data"), tmp_path / "a.csv"
    path.write_text("措施编号,整改措施\nCS-1,换管\n", encoding="utf-8")
    said = ("--note", "周报", "--by", "办公室", "--store", str(data))
    with pytest.raises(SystemExit):
        cli.main(["publish", str(path), "--as-of", "2025-03-02", *said])
    err = capfd.readouterr().err
    assert (err.count("\n"), "2025-03-03" in err, "2025-03-02" in err) == (1, True, True)
    with pytest.raises(SystemExit):
        cli.main(["publish", str(path), "--as-of", "2025-03-03", *said])
    assert Campaigns(data.folder).usual().store.live_number() == 2


# --- the demo --------------------------------------------------------------------------------------------------


@pytest.fixture
def demo(tiny_store, tmp_path) -> Store:
    (tmp_path / "campaigns").mkdir()
    return copy_of(tiny_store, tmp_path / "campaigns" / "demo")


def test_a_real_row_is_not_taken_into_the_demo_but_its_own_may_be_changed(demo):
    file = "措施编号,整改措施,进展\nCS-002,,已定场地\nXX-1,换管,开工\n".encode("gb18030")
    (refused,) = uploads.check(demo, [("a.csv", file)]).errors
    assert (refused.rule, refused.value, refused.line) == ("real_row_in_demo", "XX-1", 3)
    assert "本单位自己的台账" in sentence(refused, language("zh"))
    assert "campaign of your own" in sentence(refused, language("en"))
    assert uploads.check(demo, [("a.csv", file.replace(b"XX-1", b"CS-001"))]).errors == ()


def test_the_same_file_goes_into_any_other_campaign(tiny_store, tmp_path):
    store = copy_of(tiny_store, tmp_path / "old")  # with made-up rows or without: of before there were several
    assert uploads.check(store, [("a.csv", "措施编号,整改措施\nXX-1,换管\n".encode())]).errors == ()
