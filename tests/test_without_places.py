"""A campaign without places: no map, no coverage, no word of towns or districts, on any page and on any slide."""

import re

import pytest
from odd_campaigns import AHEAD, LAST, action, event, issue
from papers import said_by
from test_answers_rectification import publish_weeks
from test_pages import full_errors, open_page, text_of  # noqa: F401 (a fixture)

from taizhang.evidence.conclusions import conclusions
from taizhang.exhibits import overview, research
from taizhang.exhibits.views import Choices, look
from taizhang.showing import meetings, slides

OF_PLACES = {
    "zh": re.compile("乡镇|市区|镇街|街道|格图|各地"),
    "en": re.compile(r"\b([Tt]owns?|[Dd]istricts?|[Ss]ubdistricts?|tiles?)\b"),
}


@pytest.fixture(scope="module")
def store(ready_made):
    return ready_made("without_places", lambda store: publish_weeks(store, WEEK) and store)


WEEK = (
    LAST,
    {
        "campaign": [
            {"campaign_id": "C", "campaign_name": "Hygiene follow-up", "org_name": "Hospital", "covers_places": False}
        ],
        "issue": [issue()],
        "action": [action(1, "in_progress", AHEAD), action(2, "closed", AHEAD)],
        "event": [event(1), event(2, strand="research", kind="forum")],
        "research_topic": [{"topic_id": "KT-1", "title": "床位", "status": "in_progress"}],
        "suggestion": [{"suggestion_id": "YJ-1", "content": "添置洗手液", "disposition": "pending"}],
    },
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_neither_figures_nor_conclusions_are_of_towns(store, lang):
    view = look(store, Choices(lang=lang))
    assert not view.has_places
    assert view.circumstances.district == ""
    assert [len(make(view).shape.items) for make in (overview.headline, research.figures)] == [3, 2]
    titles = [one.after for one in conclusions(None, view).headlines]
    assert [title for title in titles if OF_PLACES[lang].search(title)] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_slide_says_a_word_of_places(store, lang):
    view = look(store, Choices(lang=lang))
    meeting = meetings.prepare(view, "HY-001", "例会", LAST)
    showing = slides.show(store, meeting, lang)
    names = {slide.name for slide in showing.slides}
    assert not names & {"research.map", "research.to_visit"}
    assert names == {line.exhibits[0] for line in meetings.usual_script(view)}
    said = [text for text in said_by(showing) if OF_PLACES[lang].search(text)]
    assert said == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["overview", "research", "study", "review", "meeting", "timeline"])
def test_no_page_says_a_word_of_places(store, name, lang, monkeypatch):
    app = open_page(name, store, monkeypatch, lang=lang)
    text = re.sub(r"<style.*?</style>|<[^>]*>", " ", text_of(app), flags=re.DOTALL)
    assert OF_PLACES[lang].findall(text) == []
    assert "district" not in [one.key for one in app.selectbox]
