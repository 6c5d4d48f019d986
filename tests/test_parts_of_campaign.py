"""What a campaign does not have stands nowhere: no page, no slide, no menu, no sentence."""

from dataclasses import replace

import pytest
from ready_made import copy_of
from test_own_words import make_audit, make_bureau
from test_pages import open_page, text_of

from taizhang import uploads
from taizhang.exhibits import overview, timeline
from taizhang.exhibits.catalogue import CATALOGUE
from taizhang.exhibits.parts_of_campaign import has_exhibit, has_page, menu_of, question_of
from taizhang.exhibits.views import Choices, View, look
from taizhang.rows.changes import Decisions
from taizhang.showing import meetings
from taizhang.store import Note
from taizhang.ui.controls import PAGES
from taizhang.uploads import settings
from taizhang.uploads.settings import OwnStrand


@pytest.fixture(scope="module")
def audit(ready_made):
    return ready_made("audit", make_audit)


@pytest.fixture(scope="module")
def bureau(ready_made):
    return ready_made("bureau", make_bureau)


def view_of(store, lang: str = "en") -> View:
    return look(store, Choices(lang=lang))


def test_a_campaign_has_the_pages_of_its_strands(audit, bureau, tiny_store):
    def without(store):
        words = store.vocabulary()
        return [name for name in PAGES if not has_page(words, name)]

    assert without(tiny_store) == []
    assert without(audit) == ["study", "research"]
    assert without(bureau) == ["study"]


def test_a_page_is_called_by_the_strand_that_has_it_to_itself(audit, bureau, tiny_store):
    def menu(store, lang):
        return [menu_of(view_of(store, lang).t, page) for page in ("research", "review", "rectification", "upload")]

    assert menu(tiny_store, "zh") == ["调研覆盖", "检视问题", "整改落实", "更新数据"]
    assert menu(bureau, "zh") == ["巡河", "督办事项", "任务", "更新数据"]
    assert menu(audit, "en")[1:] == ["Findings", "Recommendations", "Update data"]


def test_the_usual_script_and_the_choice_of_slides_leave_out_what_is_not_there(audit, tiny_store):
    view = view_of(audit)
    names = [name for line in meetings.usual_script(view) for name in line.exhibits]
    assert "overview.headline" in names
    assert [name for name in names if name.startswith(("research", "study"))] == []
    assert not has_exhibit(view, "research.map")
    assert {name for name in CATALOGUE if not has_exhibit(view_of(tiny_store), name)} == {"research.outlines"}
    assert meetings.usual_script(view_of(tiny_store)) == meetings.DEFAULT_SCRIPT


def test_the_overview_has_the_figures_and_the_strands_of_the_campaign(audit, bureau):
    assert [one.label for one in overview.headline(view_of(audit)).shape.items] == [
        "Recommendations closed",
        "Recommendations overdue",
    ]
    (card,) = overview.strands(view_of(audit)).shape.cards
    assert (card.label, card.lead, card.lead_detail, card.link) == ("Follow-up", "2", "findings", "review")
    assert "3 recommendations" in card.lines
    cards = overview.strands(view_of(bureau, "zh")).shape.cards
    assert [(one.label, one.link) for one in cards] == [("巡河", "research"), ("办理", "review"), ("宣传", "timeline")]
    assert len({one.tone for one in cards}) == 3


def test_the_timeline_has_a_lane_for_each_strand(bureau):
    lanes = timeline.lanes(view_of(bureau, "zh"), None, None).shape.lanes
    assert [one.label for one in lanes] == ["巡河", "办理", "宣传", "综合"]
    assert len({one.tone for one in lanes}) == 4


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_that_is_left_out_leads_to_the_overview_and_says_so(audit, lang, monkeypatch):
    app = open_page("research", audit, monkeypatch, lang=lang)
    t = view_of(audit, lang).t
    assert t("overview.question") in text_of(app)
    assert t("address.page_left_out", said=menu_of(t, "research")) in text_of(app)
    assert "district" not in [one.key for one in app.selectbox]


def test_a_draft_is_looked_at_in_its_own_words_and_with_its_own_pages(audit, tmp_path, monkeypatch):
    store = copy_of(audit, tmp_path / "store")
    live = store.live()
    now = settings.settings_of(live)
    wanted = replace(now, strands=(*now.strands, OwnStrand("", "走动", "Walks", frozenset({"research"}))))
    files = uploads.check(store, settings.made(live, wanted).files).files
    draft = uploads.draft(store, files, Note("甲", live.as_of, "一", "One"), Decisions(), live.number)
    app = open_page("research", store, monkeypatch, lang="en", draft=draft.name)
    shown = look(store, Choices(lang="en", draft=draft.name))
    assert menu_of(shown.t, "research") == "Walks"
    assert question_of(shown, "research") in text_of(app)
    assert question_of(shown, "research") != shown.t("research.question")  # of places, which it has none of


def test_what_a_campaign_of_its_own_strands_never_spoke_of_is_not_told_as_a_gap(audit, bureau, tiny_store):
    view = view_of(audit)
    assert overview.strands(view).title == "Follow-up: 2 findings"
    (card,) = overview.strands(view).shape.cards
    assert card.lines == ("3 recommendations",)
    for name in ("review.funnel", "review.by_level", "review.by_source", "meeting.results"):
        assert not has_exhibit(view, name)
        assert has_exhibit(view_of(tiny_store), name)
    assert has_exhibit(view_of(bureau), "meeting.results")
    assert question_of(view, "review") == "Which findings are there, and how far are they?"
