"""`taizhang ask kpis` on the shipped campaign: the article's figures as reported ones, and no rate it cannot know."""

import json

import pytest

from taizhang import cli
from taizhang.store import Store, engine

REPORTED = {"K26": 13, "K22": 7, "K23": 16, "K25": 22, "K27": 31, "K30": 35, "K01": 12, "K02": 22}


@pytest.fixture
def kpis(capsys):
    """A function: the headline rows that the command prints for a store, by KPI."""

    def ask(store: Store) -> dict[str, dict]:
        with pytest.raises(SystemExit) as left:
            cli.main(["ask", "kpis", "--format", "json", "--store", str(store)])
        assert left.value.code == 0
        said = json.loads(capsys.readouterr().out)
        return {row["kpi"]: row for row in said["rows"] if row["part"] is None}

    return ask


def test_the_article_alone_gives_its_eight_figures_as_reported(kpis, article_store):
    found = kpis(article_store)
    assert {kpi: found[kpi]["reported"] for kpi in REPORTED} == REPORTED
    assert {kpi for kpi, row in found.items() if row["reported"] is not None} == {*REPORTED, "K37"}


def test_the_article_alone_gives_no_rate_at_all(kpis, article_store):
    rates = [row["value"] for row in kpis(article_store).values() if row["unit"] in ("share", "points", "ratio")]
    assert len(rates) >= 15
    assert set(rates) == {None}


def test_the_demo_ledgers_count_what_was_reported(kpis, demo_store):
    found = kpis(demo_store)
    assert {kpi: found[kpi][found[kpi]["reported_side"]] for kpi in REPORTED} == REPORTED


RESTING = {
    "issue": {"K01", "K07", "K37"},
    "action": {"K37", *(f"K{number:02}" for number in range(2, 22)), "K35"},
    "district": {"K22"},
    "town": {"K23"},
    "visit": {"K24"},
    "event": {"K25"},
    "research_topic": {"K26"},
    "suggestion": {"K27", "K28", "K29", "K31"},
}


# What was reported of how many rows each ledger should hold.
LEDGER_OF = {
    ("K01", "value"): "issue",
    ("K02", "value"): "action",
    ("K22", "denominator"): "district",
    ("K23", "denominator"): "town",
    ("K24", "value"): "visit",
    ("K25", "value"): "event",
    ("K26", "denominator"): "research_topic",
    ("K27", "value"): "suggestion",
}


@pytest.mark.parametrize("name", ["tiny_store", "article_store", "demo_store"])
def test_the_kpis_that_rest_on_a_short_ledger_are_those_of_the_ledgers_that_hold_less_than_was_reported(name, request):
    store = request.getfixturevalue(name)
    for number in store.numbers():
        one = store.release(number)
        day = {"as_of": one.as_of}
        _, counts = engine.ask(one.on_disk, "select kpi, side, ledger from ledger_count($as_of)", day)
        _, figures = engine.ask(one.on_disk, "select kpi, side, value from reported_figure($as_of)", day)
        held, told = ({row[:2]: row[2] for row in found} for found in (counts, figures))
        rows = one.ask("kpis", **day).records()
        for kpi, count in _cancelled(rows).items():  # still in the ledger
            held[kpi, "value"] = (held.get((kpi, "value")) or 0) + count
        short = {table for place, table in LEDGER_OF.items() if place in told and (held.get(place) or 0) < told[place]}
        # The headline of a count can be incomplete by itself; every other line only with its ledger.
        lines = [row for row in rows if row["unit"] != "count" or row["part"] is not None]
        resting = {kpi for table in short for kpi in RESTING[table]}
        assert [row["is_incomplete"] for row in lines] == [row["kpi"] in resting for row in lines]


def _cancelled(rows: list[dict]) -> dict[str, int]:
    """KPI → the cancelled or merged rows beside its count."""
    return {row["kpi"]: int(row["value"]) for row in rows if row["part"] == "cancelled" and row["kpi"] != "K21"}


@pytest.mark.parametrize("name", ["tiny_store", "article_store", "demo_store"])
def test_the_measures_ledger_is_called_short_where_it_holds_less_than_was_reported(name, request):
    store = request.getfixturevalue(name)
    for number in store.numbers():
        one = store.release(number)
        _, gaps = engine.ask(one.on_disk, "select ledger, reported from action_gap($as_of)", {"as_of": one.as_of})
        rows = one.ask("kpis", as_of=one.as_of).records()
        measures = next(row for row in rows if row["kpi"] == "K02")
        reported, held = measures["reported"], (measures["value"] or 0) + _cancelled(rows).get("K02", 0)
        assert gaps == ([(held, reported)] if reported is not None and held < reported else [])
