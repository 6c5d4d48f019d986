"""Cancelling a row, or merging it into another, is ordinary: no rate goes away, and the row is named beside it."""

import datetime as dt

import pytest
from test_answers_rectification import measure, publish_weeks

from taizhang.exhibits import catalogue, kpis, views
from taizhang.store import Store, engine

DAY = dt.date(2019, 10, 11)
REPORTED = {"strand": "rectify", "side": "value", "name_zh": "数", "name_en": "n", "unit_zh": "个", "unit_en": "n"}
MEASURES = [
    measure(1, "closed", issue_id="WT-1", original_due_on=DAY, due_on=DAY, done_on=DAY, closed_on=DAY),
    measure(2, "in_progress", issue_id="WT-1", original_due_on=DAY, due_on=DAY),
    measure(3, "cancelled", issue_id="WT-2", merged_into_id="CS-1"),
]


def ledgers(measures: int = 3, issues: int = 2, rows=MEASURES) -> dict[str, list[dict]]:
    """Two issues and the measures; so many of each were reported."""
    reported = (("K01", issues), ("K02", measures))
    return {
        "figure": [{**REPORTED, "figure_id": f"F-{code}", "kpi": code, "value": value} for code, value in reported],
        "issue": [{"issue_id": f"WT-{number}", "title": f"问题{number}"} for number in (1, 2)],
        "action": list(rows),
    }


@pytest.fixture(scope="module")
def merged(ready_made) -> views.View:
    """Three measures and two issues reported; a measure was merged since, and its issue with it."""
    return views.look(ready_made("merged", lambda store: publish_weeks(store, (DAY, ledgers()))), views.Choices())


def figure(view: views.View, exhibit: str, code: str):
    [found] = [card for card in catalogue.exhibit(exhibit, view).shape.cards if card.kpi == code]
    return found


def test_a_merged_measure_leaves_every_rate_in_place(merged):
    found = merged.ask("kpis")
    assert [(one.numerator, one.known) for one in (kpis.kpi(found, code) for code in ("K03", "K05", "K07"))] == [
        (1, 2),
        (1, 2),
        (0, 1),
    ]
    assert all(kpis.kpi(found, code).is_known for code in ("K03", "K05", "K07", "K08", "K19", "K37"))
    assert not any(row["is_incomplete"] for row in found.records())


@pytest.mark.parametrize("name", ["progress_by_type", "units", "schedule", "on_time"])
def test_a_merged_measure_leaves_the_shares_of_every_list_in_place(merged, name):
    answer = merged.ask(name)
    column = "actual_share" if name == "schedule" else "share"
    assert any(share is not None for share in answer.column(column))


def test_the_ledger_agrees_with_the_report_that_counted_the_merged_rows_too(merged):
    beside = {row["kpi"]: row for row in merged.ask("reported_against_ledger").records()}
    assert [(beside[code]["ledger"], beside[code]["cancelled"], beside[code]["difference"]) for code in beside] == [
        (1, 1, 0),
        (2, 1, 0),
    ]
    assert "ledger_differs_from_what_was_reported" not in {check.name for check, _ in merged.release.broken_checks()}


@pytest.mark.parametrize(("reported", "difference"), [(1, -1), (2, 0), (3, 0), (4, 1)])
def test_a_report_agrees_from_the_rows_that_count_up_to_all_rows(tmp_path, reported, difference):
    made = publish_weeks(Store(tmp_path), (DAY, ledgers(measures=reported)))
    [row] = [row for row in made.ask("reported_against_ledger", as_of=DAY).records() if row["kpi"] == "K02"]
    assert row["difference"] == difference
    _, gaps = engine.ask(made.on_disk, "select ledger, reported from action_gap($as_of)", {"as_of": DAY})
    assert gaps == ([(3, 4)] if reported == 4 else [])
    assert kpis.kpi(made.ask("kpis", as_of=DAY), "K03").is_known == (reported < 4)


@pytest.mark.parametrize(("exhibit", "code"), [("overview.headline", "K03"), ("rectification.headline", "K03"),
                                               ("rectification.headline", "K05")])  # fmt: skip
def test_a_rate_names_the_measures_that_were_cancelled_or_merged_beside_it(merged, exhibit, code):
    shown = figure(merged, exhibit, code)
    assert shown.value == "1/2"
    assert "另有 1 条措施已撤销或并入" in shown.detail


@pytest.mark.parametrize("exhibit", ["review.issues", "rectification.by_type", "rectification.ledger"])
def test_a_list_names_the_rows_that_were_cancelled_or_merged_in_its_note(merged, exhibit):
    assert "1 " in catalogue.exhibit(exhibit, merged).note
    assert "已撤销或并入" in catalogue.exhibit(exhibit, merged).note


def test_the_rows_behind_the_count_say_which_were_cancelled(merged):
    behind = merged.ask("kpi_rows", kpi="K02").records()
    assert [(row["row_key"], row["label"]) for row in behind if row["part"] == "cancelled"] == [("CS-3", "措施3")]


def test_where_every_measure_was_cancelled_none_is_open_which_is_known(tmp_path):
    gone = [measure(number, "cancelled") for number in (1, 2, 3)]
    found = publish_weeks(Store(tmp_path), (DAY, ledgers(rows=gone))).ask("kpis", as_of=DAY)
    counts = {code: kpis.kpi(found, code).value for code in ("K02", "K06", "K09", "K12", "K17", "K20")}
    assert set(counts.values()) == {0}
    assert kpis.kpi(found, "K02", "cancelled").value == 3
    assert kpis.kpi(found, "K03").value is None  # a rate of nothing is none


def test_a_cancelled_measure_is_not_among_those_extended_twice(tmp_path):
    """The requests were made all the same."""
    asked = [
        {"extension_id": f"YQ-{number}", "action_id": f"CS-{measure_}", "requested_on": DAY, "reason": "等批复"}
        | {"old_due_on": DAY, "new_due_on": DAY + dt.timedelta(days=number), "decision": "approved"}
        for number, measure_ in enumerate((1, 1, 3, 3), start=1)
    ]
    made = publish_weeks(Store(tmp_path), (DAY, {**ledgers(), "extension": asked}))
    found = made.ask("kpis", as_of=DAY)
    assert (kpis.kpi(found, "K18").value, kpis.kpi(found, "K18", "twice_or_more").value) == (4, 1)
    behind = [
        row["row_key"] for row in made.ask("kpi_rows", as_of=DAY, kpi="K18").records() if row["part"] == "twice_or_more"
    ]
    assert behind == ["CS-1"]
