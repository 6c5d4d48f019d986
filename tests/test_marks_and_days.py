"""Made-up measures stay marked in every picture, retired districts keep their visits, and no day is taken from a
release that is not in force any more."""

import datetime as dt

from odd_campaigns import FIRST, LAST, action, issue
from test_answers_rectification import ledger_file, publish_weeks

from taizhang.exhibits import catalogue, kpis, views
from taizhang.rows.changes import Decisions
from taizhang.store import Store, releases


def drop(store: Store, day: dt.date, kept: list[dict]) -> releases.Release:
    """Publish a measures ledger that lacks the other rows, and have them removed."""
    note = releases.Note("测试", day, "删", "removed")
    gone = Decisions(remove_reason="重复", all_missing="remove")
    return store.publish_draft(store.draft([ledger_file("action", kept)], note, gone, store.live_number()))


def test_a_curve_of_made_up_measures_is_marked_as_demo(demo_store, tmp_path):
    view = views.look(demo_store, views.Choices())
    assert catalogue.exhibit("rectification.burn_down", view).is_demo
    assert set(view.ask("burn_down").column("is_demo")) == {True}
    own = publish_weeks(Store(tmp_path / "own"), (LAST, {"issue": [issue()], "action": [action(1, "in_progress")]}))
    assert not own.ask("burn_down", as_of=LAST).is_demo


def test_a_point_stays_marked_after_its_made_up_measures_were_removed(tmp_path):
    store = Store(tmp_path)
    made_up = action(2, "in_progress", is_demo=True)
    own = action(1, "in_progress")
    publish_weeks(store, (FIRST, {"issue": [issue()], "action": [own, made_up]}))
    gone = drop(store, LAST, [own])
    assert gone.ask("burn_down", as_of=LAST).column("is_demo") == [True, False]


def test_visits_to_a_district_that_is_no_more_still_add_up(tmp_path):
    districts = [
        {"district_code": "D1", "district_name": "东区"},
        {"district_code": "D2", "district_name": "西区", "valid_to": dt.date(2024, 3, 12)},
    ]
    towns = [{"town_code": "T1", "town_name": "镇", "district_code": "D1", "town_kind": "town"}]
    visits = [
        {"visit_id": "ZF-1", "visited_on": FIRST, "status": "made", "district_code": "D1"},
        {"visit_id": "ZF-2", "visited_on": FIRST, "status": "made", "district_code": "D2"},
        {"visit_id": "ZF-3", "visited_on": FIRST, "status": "made"},
    ]
    made = publish_weeks(Store(tmp_path), (LAST, {"district": districts, "town": towns, "visit": visits}))
    rows = made.ask("coverage_by_district", as_of=LAST).records()
    assert {row["district_code"]: row["visits"] for row in rows} == {"D1": 1, None: 2}
    assert sum(row["visits"] for row in rows) == kpis.kpi(made.ask("kpis", as_of=LAST), "K24").value
    before = made.ask("coverage_by_district", as_of=FIRST).records()
    assert {row["district_code"]: row["visits"] for row in before} == {"D1": 1, "D2": 1, None: 1}


def test_a_unit_was_heard_of_on_a_day_that_is_in_force(tmp_path):
    """The week of the 18th was published, then withdrawn with that of the 11th: nobody speaks for the 18th any more."""
    store = Store(tmp_path)
    first = dt.date(2024, 3, 4)
    week = {"issue": [issue()], "action": [action(1, "not_started"), action(2, "not_started", resp_unit="二科")]}
    publish_weeks(store, (first, week))
    for day, status in ((LAST, "in_progress"), (FIRST, "not_started")):
        note = releases.Note("测试", day, "周", "week", later="restate" if day == LAST else "withdraw")
        files = [ledger_file("action", [action(1, status), action(2, "not_started", resp_unit="二科")])]
        made = store.publish(files, note, store.live_number())
    told = {row["unit"]: row["last_change_on"] for row in made.ask("units", as_of=LAST).records()}
    in_force = set(made.ask("marks", as_of=LAST).column("marked_on"))
    assert in_force == {first, FIRST}
    assert told == {"办公室": FIRST, "二科": first}
