"""`taizhang ask kpis` on the shipped campaign: the article's figures as reported ones, and no rate it cannot know."""

import json

import pytest

from taizhang import cli

REPORTED = {"K26": 13, "K22": 7, "K23": 16, "K25": 22, "K27": 31, "K30": 35, "K01": 12, "K02": 22}


@pytest.fixture
def kpis(capsys):
    """A function: the headline rows that the command prints for a store, by KPI."""

    def ask(store) -> dict[str, dict]:
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
