"""Every page opens, in both languages, on the article alone and on the demo; and each control does what it says."""

import html
import json
import re
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from taizhang.declared.plain import plain
from taizhang.declared.wording import language
from taizhang.store import Store
from taizhang.ui.controls import OF_NO_CAMPAIGN, OF_UNITS, PAGES

ROOT = Path(__file__).resolve().parents[1]
HERE = [name for name in PAGES if name not in OF_UNITS]


@pytest.fixture(autouse=True)
def full_errors():
    """AppTest hides what went wrong unless told not to."""
    config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")


def open_page(name: str, store: Store, monkeypatch, **query: str) -> AppTest:
    """A page of the board, opened as a link would open it."""
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    app = AppTest.from_file(str(ROOT / "taizhang" / "frame.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    if name != PAGES[0]:  # at once, as a link does: the page of a file is asked for by the name of the file
        app.switch_page(str(ROOT / "pages" / f"{name}.py"))
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    return app


def text_of(app: AppTest) -> str:
    """Everything drawn as HTML on the page, by us."""
    drawn = (json.loads(one.proto.json or "{}").get("html", "") for one in app.get("bidi_component"))
    said = "\n".join([*(one.proto.body for one in app.get("html")), *drawn])
    return re.sub(r'<span class="tzp-date">([^<]*)</span>', r"\1", said)  # a date is kept in one piece


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", HERE)
def test_every_page_opens_on_the_article_alone_without_a_demo_mark(name, lang, article_store, monkeypatch):
    app = open_page(name, article_store, monkeypatch, lang=lang)
    assert language(lang)(f"{name}.question") in text_of(app)
    assert language(lang)("common.demo") not in text_of(app)
    assert "None" not in text_of(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [name for name in HERE if name not in OF_NO_CAMPAIGN])
def test_every_page_opens_on_the_demo_and_says_so(name, lang, demo_store, monkeypatch):
    app = open_page(name, demo_store, monkeypatch, lang=lang)
    assert language(lang)(f"{name}.question") in text_of(app)
    assert language(lang)("common.demo_note") in text_of(app)
    assert "None" not in text_of(app)


@pytest.mark.parametrize("name", HERE)
def test_before_there_is_any_campaign_every_page_offers_to_found_one_or_to_see_the_demo(name, tmp_path, monkeypatch):
    app = open_page(name, Store(tmp_path), monkeypatch)
    offered = [one.key for one in app.button]
    if name in OF_NO_CAMPAIGN:
        assert language("zh")(f"{name}.question") in text_of(app)
    else:
        assert offered == ["found", "see_demo"]


def test_the_language_stays_on_the_way_to_the_page_that_founds_a_campaign(tmp_path, monkeypatch):
    app = open_page("overview", Store(tmp_path), monkeypatch, lang="en")
    app.button(key="found").click().run()
    assert not app.exception
    assert language("en")("new.question") in text_of(app)
    app = open_page("new", Store(tmp_path), monkeypatch)
    app.segmented_control(key="lang").set_value("en").run()
    assert language("en")("new.question") in text_of(app)


def test_the_link_carries_day_release_and_district(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch, as_of="2019-11-08", district="MCA440703")
    assert "数据截至 2019-11-08" in text_of(app)
    assert "第 10 版 · " in text_of(app)
    assert "蓬江区" in text_of(app)
    assert app.query_params["as_of"] == "2019-11-08"


def instead(lang: str, shown: dict[str, tuple[str, str]]) -> list[str]:
    """The sentences on what a link asked for and what is shown in its place."""
    t = language(lang)
    return [
        t("address.instead", what=t(f"address.{name}"), said=t.more(said, 40), shown=words)
        for name, (said, words) in shown.items()
    ]


LONG = "9" * 5000  # more digits than Python makes a number of
USUAL = language("zh")("address.the_usual")
LINKS = [
    (
        "overview",
        "zh",
        {
            "lang": ("fr", "中文"),
            "as_of": ("9999", "数据截至 2019-11-29"),
            "compare": ("9999-12-31", "对比 2019-11-22"),
            "release": (LONG, "第 13 版"),
            "district": ("X", "全部市区"),
            "draft": ("a" * 300, "已发布的数据"),
        },
    ),
    ("overview", "en", {"as_of": ("9999-12-31", "Data as of 2019-11-29"), "draft": ("稿" * 300, "the published data")}),
    ("rectification", "en", {"as_of": ("0001-01-01", "Data as of 2019-09-13")}),
    ("timeline", "zh", {"strand": ("x" * 300, "全部"), "kind": ("\0", "全部")}),
    ("sources", "zh", {"fact": ("X" * 300, "全文")}),
    ("meeting", "en", {"present": ("HY-001@" + LONG, "the meeting page")}),
    ("releases", "zh", dict.fromkeys(("part", "shown", "older", "newer", "ledger", "kind", "field"), (LONG, USUAL))),
]


@pytest.mark.parametrize(("name", "lang", "shown"), LINKS, ids=lambda one: str(one)[:13])
def test_what_a_link_asks_for_and_is_not_there_is_said_with_what_is_shown(name, lang, shown, demo_store, monkeypatch):
    app = open_page(name, demo_store, monkeypatch, **{"lang": lang, **{one: said for one, (said, _) in shown.items()}})
    said, text = instead(lang, shown), text_of(app)
    assert [one for one in said if html.escape(plain(one)) not in text] == []
    assert text.count("tzp-message") - text.count(".tzp-message") == len(said)
    app.run()
    assert html.escape(plain(said[0])) not in text_of(app)  # once is enough


def test_a_page_that_is_not_there_is_said_in_the_language_of_the_reader(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch, lang="en", no_page="overvew<")
    assert "There is no page “overvew&lt;”; this is the overview." in text_of(app)
    assert "no_page" not in app.query_params


@pytest.mark.parametrize("place", ["taizhang.ui.controls.look", "taizhang.exhibits.overview.attention"])
def test_an_unforeseen_error_is_a_sentence_with_the_reference_that_the_log_has(
    place, demo_store, monkeypatch, unforeseen
):
    def fail(*_: object) -> None:
        raise ZeroDivisionError(place)

    monkeypatch.setattr(place, fail)
    app = open_page("overview", demo_store, monkeypatch, lang="en")
    (record,) = unforeseen
    assert language("en")("obstacle.unforeseen", reference=record.args[0]) in text_of(app)
    assert record.exc_info[1].args == (place,)
    assert (language("en")("overview.question") in text_of(app)) == ("attention" in place)
    unforeseen.clear()


def test_an_earlier_day_shows_what_was_known_then(demo_store, monkeypatch):
    app = open_page("rectification", demo_store, monkeypatch)
    now = text_of(app)
    app.date_input(key="as_of").set_value("2019-10-25").run()
    assert not app.exception
    assert "第 8 版 · " in text_of(app)
    assert text_of(app) != now


def test_a_pinned_release_is_looked_at_on_its_own_day(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch)
    app.selectbox(key="release").set_value(5).run()
    assert "数据截至 2019-10-04" in text_of(app)
    assert app.query_params["release"] == "5"


def test_filters_survive_a_change_of_page(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch, district="MCA440781")
    app.switch_page(str(ROOT / "pages" / "research.py")).run()
    assert "台山市" in text_of(app)


def test_the_language_switch_changes_every_word(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch)
    app.segmented_control(key="lang").set_value("en").run()
    assert language("en")("overview.question") in text_of(app)
    assert language("zh")("overview.question") not in text_of(app)


def test_the_source_panel_leads_from_a_figure_to_its_file_and_line(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch)
    app.button(key="source:overview.headline").click().run()
    assert not app.exception
    shown = text_of(app)
    assert "queries/answers/kpis.sql" in shown
    assert "demo/2019-11-29/action.csv" in shown
    assert language("zh").label("kpi", "K03") in shown


def test_a_choice_of_few_follows_the_address_there_and_back(demo_store, monkeypatch):
    """As the way back of a browser does it: the address changes, and nobody touched the control."""
    app = open_page("timeline", demo_store, monkeypatch, span="month", zoom="2")
    assert (app.session_state["timeline_span"], app.session_state["timeline_zoom"]) == ("month", "2")
    app.session_state["timeline_span"] = "quarter"
    app.run()
    assert app.query_params["span"] == "quarter"
    app.query_params["span"] = "month"
    app.run()
    assert app.session_state["timeline_span"] == "month"
    del app.query_params["span"]
    app.run()
    assert app.session_state["timeline_span"] == ""
    assert app.session_state["timeline_zoom"] == "2"
