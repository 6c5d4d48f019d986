"""What changed since the compared day: progress is progress, a set-back has a name, and what was removed is said.

The page and the slide count the same moves.
"""

import datetime as dt

import pytest
from odd_campaigns import AHEAD, FIRST, LAST, OVERDUE, action, issue
from papers import said_by
from test_answers_rectification import ledger_file, publish_weeks

from taizhang.exhibits import Exhibit, catalogue, kpis, views
from taizhang.rows.changes import Decisions
from taizhang.showing import meetings, slides
from taizhang.showing.papers import brief
from taizhang.store import Store, releases

KINDS = ("new", "advanced", "closed", "setbacks", "removed")


def drop(store: Store, day: dt.date, kept: list[dict]) -> releases.Release:
    """Publish a measures ledger that lacks the other rows, and have them removed."""
    note = releases.Note("测试", day, "删", "removed")
    gone = Decisions(remove_reason="重复", all_missing="remove")
    draft = store.draft([ledger_file("action", kept)], note, gone, store.live_number())
    return store.publish_draft(draft)


def build_removed(store: Store) -> None:
    """One measure of four is closed; a week later the other three are removed, and the rate is 1/1."""
    kept = action(1, "closed", OVERDUE)
    open_ones = [action(2, "in_progress", OVERDUE), action(3, "in_progress"), action(4, "in_progress")]
    publish_weeks(store, (FIRST, {"issue": [issue()], "action": [kept, *open_ones]}))
    drop(store, LAST, [kept])


def build_set_back(store: Store) -> None:
    """One measure each is sent back, reopened, re-dated, moved back, moved on, closed and cancelled."""
    before = [
        action(1, "pending_verification", AHEAD),
        action(2, "closed", AHEAD),
        action(3, "in_progress", AHEAD),
        action(4, "in_progress", AHEAD),
        action(5, "not_started", AHEAD),
        action(6, "in_progress", AHEAD),
        action(7, "in_progress", AHEAD),
    ]
    empty = {"done_on": None, "closed_on": None, "verified_by": None}
    after = [
        action(1, "in_progress", AHEAD, return_reason="不到位", done_on=None),
        action(2, "in_progress", AHEAD, **empty),
        action(3, "in_progress", AHEAD, due_on=dt.date(2024, 5, 31)),
        action(4, "not_started", AHEAD),
        action(5, "in_progress", AHEAD),
        action(6, "closed", AHEAD),
        action(7, "cancelled", AHEAD),
        action(8, "not_started", AHEAD),
    ]
    publish_weeks(store, (FIRST, {"issue": [issue()], "action": before}), (LAST, {"action": after}))


@pytest.fixture(scope="module")
def removed(ready_made) -> views.View:
    return views.look(ready_made("three_removed", build_removed), views.Choices())


@pytest.fixture(scope="module")
def set_back(ready_made) -> views.View:
    return views.look(ready_made("set_back", build_set_back), views.Choices())


def listed(view: views.View, which: str) -> Exhibit:
    return catalogue.exhibit(f"rectification.moves_{which}", view)


def moves_in(one: Exhibit) -> list[str]:
    return sorted(row[0].text for row in one.shape.rows)


def test_moved_on_is_progress_alone_and_every_set_back_has_its_own_heading(set_back):
    assert {which: moves_in(listed(set_back, which)) for which in KINDS} == {
        "new": ["新增"],
        "advanced": ["推进"],
        "closed": ["销号"],
        "setbacks": sorted(["退回", "反弹重启", "时限调整", "倒退"]),
        "removed": ["撤销合并"],
    }
    assert listed(set_back, "advanced").title == "推进 1 条"
    assert listed(set_back, "setbacks").title == "退回、反弹、改期、倒退 4 条"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["set_back", "removed"])
def test_the_page_and_the_slide_count_alike(request, name, lang):
    one = request.getfixturevalue(name)
    view = views.look(one.store, views.Choices(lang=lang))
    slide = catalogue.exhibit("meeting.changes", view).shape.cards
    moves = view.ask("moves_since").records()
    for which, card in zip(("new", "advanced", "closed", "setbacks"), slide, strict=True):
        page = listed(view, which)
        assert card.value == str(len({row[1].pick for row in page.shape.rows}))
        assert card.value in page.title
    assert sum(len(listed(view, which).shape.rows) for which in KINDS) == len(moves)


def test_the_demo_says_on_the_page_what_it_says_on_the_slide(demo_store):
    view = views.look(demo_store, views.Choices())
    slide = catalogue.exhibit("meeting.changes", view)
    for which, card in zip(("new", "advanced", "closed", "setbacks"), slide.shape.cards, strict=True):
        assert f" {card.value} 条" in listed(view, which).title


def test_removed_measures_are_a_change_and_a_rate_that_they_move_says_so(removed):
    assert moves_in(listed(removed, "removed")) == ["删除"] * 3
    assert [tuple(cell.text for cell in row[1:]) for row in listed(removed, "removed").shape.rows] == [
        ("措施2", "办公室", "整改中 → 删除"),
        ("措施3", "办公室", "整改中 → 删除"),
        ("措施4", "办公室", "整改中 → 删除"),
    ]
    assert catalogue.exhibit("meeting.changes", removed).title.endswith("，删除 3")
    assert catalogue.exhibit("meeting.moved", removed).title == "3 条措施有变化"
    rates = [
        catalogue.exhibit(name, removed).shape.cards[0] for name in ("overview.headline", "rectification.headline")
    ]
    assert {card.value for card in rates} == {"1/1"}
    assert all("较 3月11日 删除 3 条措施" in card.detail for card in rates)
    assert {card.change for card in rates} == {"3月11日 为 1/4"}  # not unchanged, though one is closed then and now
    assert "删除 3 条措施" in catalogue.exhibit("rectification.by_type", removed).note


def test_slides_and_papers_say_what_was_removed(removed):
    meeting = meetings.prepare(removed, "HY-1", "会", LAST)
    showing = slides.show(removed.store, meeting, "zh")
    said = " ".join(said_by(showing))
    assert "，删除 3" in said
    assert "较 3月11日 删除 3 条措施" in said
    assert brief.build([showing])  # which has every number and word of the slides: its own tests


def test_k21_counts_what_was_removed_and_names_it(removed):
    assert kpis.kpi(removed.ask("kpis"), "K21", "missing").value == 3
    rows = [row for row in removed.ask("kpi_rows", kpi="K21").records() if row["part"] == "missing"]
    assert [(row["row_key"], row["label"]) for row in rows] == [("CS-2", "措施2"), ("CS-3", "措施3"), ("CS-4", "措施4")]
