"""The first weeks of a campaign: nothing is compared with a day there was not, and nothing only says there is nothing.

With one release there is no change, no trend and no meeting before; from the second one on there is.
"""

import datetime as dt
import io
import re
import zipfile

import pytest
from odd_campaigns import CAMPAIGNS, DISTRICT, TOWN, action, issue
from own_campaigns import AHEAD, AUDIT, BUREAU, term
from papers import said_in
from test_answers_rectification import publish_weeks
from test_own_words import make_audit
from test_pages import open_page, text_of

from taizhang.declared.wording import Language, language
from taizhang.exhibits import beginning, meeting, overview, rectification
from taizhang.exhibits.views import Choices, View, look
from taizhang.showing import handouts, slides
from taizhang.showing.papers.sections import circumstances
from taizhang.store import Store

FIRST = {"bureau": BUREAU[:1], "audit": AUDIT[:1], "usual": CAMPAIGNS["one_row"]}
FINDINGS = ("rectification.due", "meeting.next_steps")  # that nothing is due is good to hear
PAGES = ("overview", "rectification", "review", "research", "sources", "meeting", "timeline")


def first_of(name: str, ready_made) -> Store:
    """A campaign with its first release only."""
    return ready_made(f"first_{name}", lambda store: publish_weeks(store, *FIRST[name]))


@pytest.fixture(scope="module", params=FIRST)
def first(request, ready_made) -> Store:
    return first_of(request.param, ready_made)


@pytest.fixture(scope="module")
def audit(ready_made) -> Store:
    return ready_made("audit", make_audit)


def of_before(t: Language) -> re.Pattern:
    """What would be said of a day before the first one."""
    said = [t("frame.compare_none"), t("agenda.changes_nothing_before"), t("frame.compare_auto", day="")]
    return re.compile("|".join((*map(str.strip, said), "上次", "上期", r"\blast meeting", "earlier")))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_compares_the_first_release_with_anything(first, lang, monkeypatch):
    told = of_before(language(lang))
    found = {page: told.findall(drawn_on(page, first, lang, monkeypatch)) for page in PAGES}
    assert {page: said for page, said in found.items() if said} == {}


def drawn_on(page: str, store: Store, lang: str, monkeypatch) -> str:
    """What a page draws; what its controls offer is for a reader who asks, and what a figure means holds for any week:
    the row that defines K21, the moves since last time."""
    app = open_page(page, store, monkeypatch, lang=lang)
    return re.sub(r"<tr\b(?:(?!</tr>).)*\bK21\b.*?</tr>", "", text_of(app), flags=re.DOTALL)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_meeting_has_no_slide_and_no_paper_that_only_says_nothing(first, lang):
    planned = handouts.unplanned(first, lang)
    showing = slides.show(first, planned, lang)
    told = of_before(showing.view.t)
    assert [one.name for one in showing.slides if one.is_empty and one.name not in FINDINGS] == []
    for one in showing.slides:
        said = " ".join((one.title, one.caption, *one.remarks, *said_in(one.figures), *said_in(one.body)))
        assert (one.name, told.findall(said)) == (one.name, [])
    assert all(circumstances(showing))
    assert len(circumstances(showing)) == 2  # the day and the release
    with zipfile.ZipFile(io.BytesIO(handouts.make("brief", first, planned, lang))) as brief:
        assert told.findall(re.sub("<[^>]*>", " ", brief.read("word/document.xml").decode())) == []


def view_of(store: Store, lang: str = "en") -> View:
    return look(store, Choices(lang=lang))


def test_changes_and_trends_begin_with_the_second_release(audit, ready_made, monkeypatch):
    first = first_of("audit", ready_made)
    compared = ["rectification.burn_down", "rectification.moves_new", "rectification.moves_removed"]
    assert [beginning.is_on_page(view_of(first), name) for name in compared] == [False] * 3
    assert [beginning.is_on_page(view_of(audit), name) for name in compared] == [True] * 3
    tabs = [
        [one.label for one in open_page("rectification", store, monkeypatch, lang="en").tabs]
        for store in (first, audit)
    ]
    t = language("en")
    assert set(tabs[1]) - set(tabs[0]) == {t("rectification.tab_moves")}
    earlier = look(audit, Choices(as_of=AUDIT[0][0]))  # whoever looks at the first day again
    assert not beginning.is_on_page(earlier, "rectification.burn_down")


def test_who_is_silent_is_told_once_somebody_could_have_been(audit, ready_made):
    first = first_of("audit", ready_made)
    cover, later = meeting.cover(view_of(first)), meeting.cover(view_of(audit))
    assert "silent" not in repr((cover.caption, cover.shape.rows))
    assert ("Silent" in later.caption, "none silent" in repr(later.shape.rows)) == (True, True)


def test_nothing_to_decide_is_a_slide_only_where_something_ever_was(audit, tiny_store):
    assert not beginning.says_something(view_of(audit), "meeting.decisions")
    assert beginning.says_something(view_of(tiny_store), "meeting.decisions")


def test_sections_of_what_an_office_never_had_are_left_out(audit, tiny_store):
    names = ("sources.figures", "sources.article", "sources.registers")
    assert [beginning.is_on_page(view_of(audit), name) for name in names] == [False] * 3
    assert [beginning.is_on_page(view_of(tiny_store), name) for name in names] == [True] * 3
    assert not beginning.has_tab(view_of(audit), "sources", "figures")
    assert beginning.has_tab(view_of(audit), "sources", "definitions")


def test_definitions_are_of_figures_that_are_shown(audit):
    rows = meeting.definitions(view_of(audit)).shape.rows
    assert "K28" not in [row[0].text for row in rows]  # of suggestions, which it has no page of
    assert "K03" in [row[0].text for row in rows]


def test_one_is_one_and_two_are_two(ready_made):
    first = first_of("bureau", ready_made)
    assert (
        overview.strands(view_of(first)).title == "Patrols: 1 forum or seminar; Handling: 2 matters; Publicity: 1 event"
    )


def test_a_release_of_places_or_settings_alone_is_nothing_to_compare_with(tmp_path):
    """Founded, given its places, called otherwise; then the first ledger comes, and a week later the second."""
    days = [dt.date(2025, 3, day) for day in (3, 4, 5, 10, 17)]
    work = {"issue": [issue()], "action": [action(1, "in_progress", dt.date(2025, 4, 30))]}
    weeks = [
        {"campaign": [{"campaign_id": "C", "campaign_name": "督查", "org_name": "某局"}]},
        {"district": DISTRICT, "town": TOWN},
        {"term": [term("issue", "事项", "matter")]},
        work,
        {"action": [action(2, "in_progress", dt.date(2025, 4, 30))]},
    ]
    store = Store(tmp_path)
    publish_weeks(store, *zip(days, weeks, strict=True))
    compared = [look(store, Choices(as_of=day)).compare_on for day in days]
    assert compared == [None, None, None, None, days[3]]


def test_what_is_due_has_a_column_of_blockers_and_one_of_extensions_only_where_any_is_told(audit, tiny_store):
    bare = rectification.due(look(audit, Choices(as_of=AHEAD + dt.timedelta(days=1), lang="en")))
    assert (bare.shape.columns[-1], bare.shape.wide) == ("Days", (1,))
    assert bare.caption.endswith("no blocker is stated")
    assert {len(row) for row in bare.shape.rows} == {len(bare.shape.columns)}
    told = rectification.due(view_of(tiny_store))
    assert ("Blocker" in told.shape.columns, told.shape.wide) == (True, (1, 5))
    assert "no blocker" not in told.caption
    assert {len(row) for row in told.shape.rows} == {len(told.shape.columns)}


def test_no_district_is_offered_before_there_is_any(ready_made, monkeypatch):
    usual = first_of("usual", ready_made)  # covers places, and has none yet
    assert (view_of(usual).has_places, view_of(usual).has_districts) == (True, False)
    app = open_page("rectification", usual, monkeypatch, lang="en")
    assert "district" not in [one.key for one in app.selectbox]
    assert language("en")("frame.all_districts") not in drawn_on("rectification", usual, "en", monkeypatch)


def test_a_page_says_once_that_there_is_nothing(article_store, monkeypatch):
    """The title says it; the place of the drawing, which would say the same, stays empty."""
    nothing = language("zh")("review.bare_none", fraction="")
    assert text_of(open_page("review", article_store, monkeypatch)).count(nothing) == 1
