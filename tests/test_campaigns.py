"""Campaigns side by side: a data folder of several, which opens, and that nothing of one is ever shown of another."""

import datetime as dt
import shutil

import pytest
from ready_made import copy_of
from test_pages import open_page, text_of

from taizhang import cli
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Store, releases
from taizhang.store.campaigns import About, Campaigns, NameTaken, NoCampaign, NotAName, SeveralCampaigns, is_name

ONE = "campaign_id,campaign_name,org_name\nWS1,病房卫生督查,第一医院\n"
TWO = "campaign_id,campaign_name,org_name\nGJ2,供水管网改造,水务局\n"


def publish(store: Store, text: str, day: dt.date) -> Store:
    """A campaign of one row, published at noon of a day."""
    heads, cells = (line.split(",") for line in text.splitlines())
    file = LedgerFile(
        "campaign", "campaign.csv", text.encode(), "UTF-8", (Row(2, dict(zip(heads, cells, strict=True))),)
    )
    at = dt.datetime.combine(day, dt.time(12))
    store.publish([file], releases.Note("甲", day, "设置", "Settings", kind="first", at=at), None)
    return store


def build_two(store: Store) -> None:
    """A data folder with two campaigns, the older one published later."""
    publish(Store(store.folder / "campaigns" / "WS1"), ONE, dt.date(2025, 5, 2))
    publish(Store(store.folder / "campaigns" / "GJ2"), TWO, dt.date(2025, 4, 1))


@pytest.fixture(scope="session")
def two(ready_made) -> Store:
    """The data folder of `build_two`; nobody publishes into it."""
    return ready_made("two_campaigns", build_two)


@pytest.fixture
def tz(capfd, monkeypatch):
    """`tz("releases")` runs the command line and gives its exit code, output and errors."""
    for name in ("TAIZHANG_STORE", "TAIZHANG_CAMPAIGN", "TAIZHANG_LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(arg) for arg in args])
        return left.value.code, *capfd.readouterr()

    return run


# --- the data folder -------------------------------------------------------------------------------------------


def test_a_folder_that_is_a_store_is_one_campaign_and_stays_where_it_is(tiny_store, tmp_path):
    old = copy_of(tiny_store, tmp_path / "old")
    known = Campaigns(old.folder)
    assert [(one.name, one.store) for one in known.all()] == [("main", old)]
    publish(known.new("GJ2").store, TWO, dt.date(2025, 4, 1))
    assert known.names() == ("main", "GJ2")
    assert known.named("main").store.live_number() == tiny_store.live_number()


def test_nothing_is_in_a_folder_that_is_not_there(tmp_path):
    known = Campaigns(tmp_path / "none")
    assert (known.names(), known.usual(), known.only()) == ((), None, None)
    with pytest.raises(NoCampaign):
        known.named("main")


def test_the_one_published_last_opens_and_the_demo_only_where_there_is_no_other(two, tmp_path):
    known = Campaigns(shutil.copytree(two.folder, tmp_path / "data"))
    assert known.usual().name == "WS1"
    shutil.move(tmp_path / "data" / "campaigns" / "WS1", tmp_path / "data" / "campaigns" / "demo")
    assert known.names() == ("GJ2", "demo")
    assert (known.usual().name, known.only().name) == ("GJ2", "GJ2")
    shutil.rmtree(tmp_path / "data" / "campaigns" / "GJ2")
    assert (known.usual().name, known.only().name) == ("demo", "demo")


def test_one_of_several_has_to_be_named(two):
    with pytest.raises(SeveralCampaigns) as met:
        Campaigns(two.folder).only()
    assert met.value.names == ("GJ2", "WS1")


def test_a_campaign_says_its_name_and_office_also_when_it_holds_nothing_or_is_damaged(two, tmp_path):
    known = Campaigns(shutil.copytree(two.folder, tmp_path / "data"))
    said = About.of_campaign(known.named("WS1"))
    assert (said.title, said.office, said.published_at) == ("病房卫生督查", "第一医院", dt.datetime(2025, 5, 2, 12))
    (tmp_path / "data" / "campaigns" / "empty").mkdir()
    (known.named("GJ2").store.folder / "releases" / "0001.duckdb").write_bytes(b"no release")
    assert [About.of_campaign(known.named(name)) for name in ("empty", "GJ2")] == [About(), About()]
    assert known.usual().name == "WS1"


@pytest.mark.parametrize("name", ["", "-a", "a-", "a--b", "a/b", "..", "a b", "活动", "CON", "lpt1", "a" * 41, "a\n"])
def test_what_no_disk_or_address_could_bear_is_no_name(name, tmp_path):
    assert not is_name(name)
    with pytest.raises(NotAName):
        Campaigns(tmp_path).new(name)


def test_a_name_is_taken_whatever_its_case_and_main_is_the_one_at_the_top(two):
    known = Campaigns(two.folder)
    with pytest.raises(NameTaken):
        known.new("ws1")
    with pytest.raises(NotAName):
        known.new("Main")
    assert [known.free_name(one) for one in ("ws1", "WS 2025/a", "督查", "main")] == [
        "ws1-2",
        "WS-2025-a",
        "campaign",
        "main-2",
    ]


# --- on the command line ---------------------------------------------------------------------------------------


def test_a_command_is_of_the_only_campaign_or_of_the_one_that_is_named(tz, two, tmp_path, monkeypatch):
    code, _, err = tz("releases", "--store", two)
    assert (code, "GJ2, WS1" in err) == (1, True)
    assert "2025-05-02" in tz("releases", "--store", two, "--campaign", "WS1")[1]
    assert "2025-04-01" in tz("--campaign", "GJ2", "releases", "--store", two)[1]
    monkeypatch.setenv("TAIZHANG_CAMPAIGN", "GJ2")
    assert "2025-04-01" in tz("releases", "--store", two)[1]
    code, _, err = tz("releases", "--store", two, "--campaign", "XX")
    assert (code, err.count("\n"), "XX" in err and "GJ2, WS1" in err) == (1, 1, True)


def test_campaigns_are_listed_with_name_office_and_day(tz, two, tmp_path):
    lines = tz("campaigns", "--store", two)[1].splitlines()
    assert [line.split()[:4] for line in lines[1:]] == [
        ["GJ2", "供水管网改造", "水务局", "2025-04-01"],
        ["WS1", "病房卫生督查", "第一医院", "2025-05-02"],
    ]
    assert tz("campaigns", "--store", tmp_path / "none")[0] == 1


def test_a_template_needs_no_campaign(tz, two):
    assert tz("template", "action", "--store", two)[0] == 0


# --- on the board ----------------------------------------------------------------------------------------------


def header(app) -> str:
    return next(one.proto.body for one in app.get("html") if 'class="tzp-head"' in one.proto.body)


def test_the_board_opens_the_newest_and_says_whose_it_is_and_the_address_names_it(two, monkeypatch):
    app = open_page("overview", two, monkeypatch)
    assert "病房卫生督查 · 第一医院" in header(app)
    assert app.query_params["campaign"] == "WS1"
    assert app.selectbox(key="campaign").options == ["供水管网改造 · 水务局", "病房卫生督查 · 第一医院"]
    app = open_page("upload", two, monkeypatch, campaign="GJ2")
    assert "供水管网改造 · 水务局" in header(app)
    assert "病房卫生" not in text_of(app)


def test_a_campaign_that_is_not_there_is_said_and_the_usual_one_shown(two, monkeypatch):
    app = open_page("overview", two, monkeypatch, campaign="XX")
    assert "XX" in text_of(app)
    assert "病房卫生督查" in header(app)
    assert app.query_params["campaign"] == "WS1"


def test_a_session_shows_nothing_of_another_campaign_but_leads_to_it(two, monkeypatch):
    app = open_page("overview", two, monkeypatch)
    app.selectbox(key="campaign").set_value("GJ2").run()
    assert not app.exception
    (going,) = (one for one in app.get("bidi_component") if "location.assign" in str(one.proto))
    assert "GJ2" in str(going.proto)
    assert "供水管网" not in text_of(app)
    with pytest.raises(StopIteration):
        header(app)
    assert app.session_state["_campaign"] == "WS1"


def test_a_link_of_before_there_were_several_leads_to_the_one_at_the_top(tiny_store, tmp_path, monkeypatch):
    old = copy_of(tiny_store, tmp_path / "old")
    publish(Campaigns(old.folder).new("GJ2").store, TWO, dt.date(2035, 4, 1))
    assert open_page("overview", old, monkeypatch).query_params["campaign"] == "GJ2"
    assert open_page("overview", old, monkeypatch, as_of="2019-10-11").query_params["campaign"] == "main"


def test_the_only_one_at_the_top_needs_no_name_in_the_address(tiny_store, monkeypatch):
    app = open_page("overview", tiny_store, monkeypatch)
    assert "campaign" not in app.query_params
    assert not [one for one in app.selectbox if one.key == "campaign"]
