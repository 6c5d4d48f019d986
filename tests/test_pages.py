"""Every page opens, in both languages, on the article alone and on the demo; and each control does what it says."""

from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from taizhang.declared.wording import language
from taizhang.store import Store
from taizhang.ui.controls import PAGES

ROOT = Path(__file__).resolve().parents[1]


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
    return "\n".join(one.proto.body for one in app.get("html")) + "\n".join(
        str(one.proto) for one in app.get("bidi_component")
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_the_article_alone_without_a_demo_mark(name, lang, article_store, monkeypatch):
    app = open_page(name, article_store, monkeypatch, lang=lang)
    assert language(lang)(f"{name}.question") in text_of(app)
    assert language(lang)("common.demo") not in text_of(app)
    assert "None" not in text_of(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_the_demo_and_says_so(name, lang, demo_store, monkeypatch):
    app = open_page(name, demo_store, monkeypatch, lang=lang)
    assert language(lang)(f"{name}.question") in text_of(app)
    assert language(lang)("common.demo_note") in text_of(app)
    assert "None" not in text_of(app)


def test_an_empty_store_says_what_to_do(tmp_path, monkeypatch):
    app = open_page("overview", Store(tmp_path), monkeypatch)
    assert "taizhang init" in app.info[0].value


def test_the_link_carries_day_release_and_district(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch, as_of="2019-11-08", district="MCA440703")
    assert "数据截至 2019-11-08" in text_of(app)
    assert "第 10 版 · " in text_of(app)
    assert "蓬江区" in text_of(app)
    assert app.query_params["as_of"] == "2019-11-08"


def test_nonsense_in_a_link_is_ignored(demo_store, monkeypatch):
    app = open_page(
        "overview", demo_store, monkeypatch, as_of="bad", release="999", district="X", lang="fr", compare="x"
    )
    assert "数据截至 2019-11-29" in text_of(app)


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
