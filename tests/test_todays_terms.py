"""Terms in today's words: a release keeps the meanings it was published with, and answers new questions in today's."""

import datetime as dt
import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest

from taizhang.declared import queries
from taizhang.evidence import provenance
from taizhang.exhibits.views import Choices, look
from taizhang.store import Note, QuestionFailed, Store, engine, publishing, trends

# What a question may ask of a term. Releases that are published already define the terms as they stood then, and are
# asked today's questions: another parameter, or a column that theirs does not have, would be refused by each of them.
ASKED_OF_TERMS = """
action_at(as_of): action_id issue_id content rect_type unit lead_unit status started_on original_due_on due_on
  done_on applied_on closed_on blocker return_count application_count reopen_count is_counted is_open is_dated
  is_overdue is_overdue_original is_due_soon overdue_days days_left light is_demo fact_id
action_gap(as_of): ledger reported
action_move(as_of, compare_on): move action_id status_before due_before
asked_at(as_of): ledger row_key unit is_asked cells is_demo
cancelled_row(as_of): kpi table_name row_key
district_at(as_of): district_code district_name district_name_en in_scope sort_order tile_row tile_col visits
  is_visited last_visited_on is_demo
event_at(as_of): event_id title kind strand started_on ended_on half place district_code town_code attendance
issue_at(as_of): issue_id title level nature dimension issue_source lead_unit standard identified_on actions
  closed status light is_counted is_done fact_id is_demo
issue_state(): issue_id actions closed status is_counted is_done
kpi_row(as_of): kpi part table_name row_key in_denominator in_numerator amount
kpi_rows_of_rectification(as_of): kpi part table_name row_key in_denominator in_numerator amount
kpi_rows_of_research(as_of): kpi part table_name row_key in_denominator in_numerator amount
last_change(as_of): action_id changed_on
ledger_count(as_of): kpi side ledger
made_visit(as_of): visit_id visited_on topic_id district_code town_code outside_city is_demo
reported_figure(as_of): kpi side figure_id value fact_id
rung_in_use(): letter_kind days_before recipients
setting(): due_soon_days behind_yellow_points behind_red_points update_every_days stale_amber_days
  stale_red_days silent_days
snapshot_in_force(as_of): release as_of_on
strand_in_use(): strand_code sort_order uses_study uses_research uses_review uses_rectification
suggestion_at(as_of): suggestion_id channel round_id district_code disposition is_duplicate is_answered issue_id
town_at(as_of): town_code district_code town_name town_name_en town_kind tile_row tile_col in_scope state visits
  last_visited_on is_demo
unit_at(as_of): unit actions closed share overdue due_soon last_change_on silent_days is_silent is_behind
"""

NEW = "reported_figure"  # read by the KPIs; a term that reads no other


@pytest.fixture(scope="module")
def store(tiny_store, tmp_path_factory) -> Store:
    """Two weeks published before a term was invented, and one after; not to be written to."""
    store = Store(tmp_path_factory.mktemp("terms") / "store")
    older = {name: term for name, term in queries.terms().items() if name != NEW and NEW not in queries.terms_of(term)}
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(publishing, "queries", SimpleNamespace(terms=lambda: older, checks=queries.checks))
        for number in (1, 2):
            publish_again(tiny_store, store, number)
    publish_again(tiny_store, store, 3)
    return store


def publish_again(source: Store, target: Store, number: int) -> None:
    rows = source.release(number).rows()
    note = source.release(number)
    recipe = publishing.Recipe(
        target.rows_before(target.live_number()),
        rows,
        Note("测试", note.as_of, "周", "Week", "first" if number == 1 else "upload", at=note.published_at),
        target.live_number(),
        target.live_number(),
    )
    publishing.publish(target.folder, recipe)


def test_an_old_release_answers_with_the_term_that_was_added_later(store, tiny_store):
    for number in (1, 2, 3):
        day = store.release(number).as_of
        now, then = (one.release(number).ask("kpis", as_of=day).rows for one in (store, tiny_store))
        assert [row[:7] for row in now] == [row[:7] for row in then]


def test_the_panel_says_where_todays_definition_stood_in(store):
    kpis = queries.answers()["kpis"]
    assert NEW in store.release(1).stand_ins(kpis)
    assert store.release(3).stand_ins(kpis) == ()
    for lang, words in (("zh", "按今天的定义"), ("en", "today's definition stands in")):
        old = look(store, Choices(lang=lang, release=1))
        said = {line.about: line.words for line in provenance.definition(old.ask("kpis"), old)}
        assert words in said[old.t("source.term", name=NEW)]
        assert words not in said[old.t("source.term", name="snapshot_in_force")]
        new = look(store, Choices(lang=lang))
        said = {line.about: line.words for line in provenance.definition(new.ask("kpis"), new)}
        assert words not in said[new.t("source.term", name=NEW)]
        assert said[new.t("source.trend")].startswith("第 1、2 版" if lang == "zh" else "Releases 1")


def test_trends_have_no_gap_after_a_term_was_added(store, tiny_store):
    live = store.live()
    for kpi in ("K02", "K09", "K20"):
        told = store.trend(live, live.as_of, kpi)
        assert None not in told
        assert told == tiny_store.trend(tiny_store.live(), live.as_of, kpi)
    assert store.trend_stand_ins(live, live.as_of) == (1, 2)


def test_what_was_recorded_says_so_too_and_equals_the_slow_answer(store):
    live = store.live()
    rows = live.records("trend", kpi="K20", asked_with=trends.asked_with())
    assert {row["release"]: row["is_todays"] for row in rows} == {1: True, 2: True}
    for row in rows:
        one = store.release(row["release"])
        (asked,) = [
            told for told in one.ask("kpis", as_of=one.as_of).records() if told["kpi"] == "K20" and told["part"] is None
        ]
        assert [row[side] for side in trends.SIDES] == [asked[side] for side in trends.SIDES]


def test_a_term_keeps_its_parameters_and_columns():
    """Whoever wants others gives them a new name: a term that a release does not have is taken from today's."""
    recorded = {}
    for line in ASKED_OF_TERMS.strip().replace("\n  ", " ").splitlines():
        name, params, columns = re.fullmatch(r"(\w+)\((.*)\): (.+)", line).groups()
        recorded[name] = (params, columns.split())
    now = {}
    for name, term in queries.terms().items():
        made = re.search(rf"create macro {name}\((.*)\) as table", term.sql)[1]
        now[name] = (made, [column.name for column in term.returns])
    assert now == recorded


def test_its_own_meaning_wins_over_todays(tiny_store, tmp_path, monkeypatch):
    """A release whose term says something else goes on saying it."""
    store = Store(shutil.copytree(tiny_store.folder, tmp_path / "store"))
    own = dict(queries.terms())
    other = own["made_visit"]
    changed = {**own, "made_visit": replace(other, sql=f"{other.sql} and false")}
    monkeypatch.setattr(publishing, "queries", SimpleNamespace(terms=lambda: changed, checks=queries.checks))
    made = store.take_back(3, Note("测试", dt.date(2019, 10, 11), "撤销", "Undo"), {})
    monkeypatch.undo()
    assert "made_visit" not in made.stand_ins(queries.answers()["visits"])
    columns = made.ask("kpis", as_of=made.as_of).records()
    visits = next(row for row in columns if row["kpi"] == "K24" and row["part"] is None)
    assert visits["value"] in (None, 0)


def test_a_term_whose_table_is_not_there_cannot_stand_in(store):
    """The release has no such table: it cannot answer, and says so; nothing is made up."""
    with pytest.raises(QuestionFailed):
        engine.ask(
            store.release(1).on_disk,
            "select * from of_tomorrow()",
            terms={"of_tomorrow": "create macro of_tomorrow() as table select * from a_table_of_tomorrow"},
        )


def test_a_ledger_and_a_column_declared_later_stand_beside_an_old_release(tiny_store):
    """The release has no such table and no such column: the table is empty, the column holds its usual value, and its
    own terms see both."""
    old = tiny_store.release(1).on_disk
    told = {
        "letter_of_tomorrow": (engine.UsualColumn("letter_id", "VARCHAR", None),),
        "campaign": (
            *(engine.UsualColumn(name, "VARCHAR", None) for name in engine.columns_of(old, "campaign")),
            engine.UsualColumn("colours", "INTEGER", "4"),
        ),
    }
    asked = {
        "select count(*) from letter_of_tomorrow": [(0,)],
        "select colours, campaign_id from campaign": [(4, "ZT-1")],
        "select count(*) from setting() cross join letter_of_tomorrow": [(0,)],
        "select silent_days from setting()": engine.ask(old, "select silent_days from setting()")[1],
    }
    for sql, rows in asked.items():
        assert engine.ask(old, sql, tables=told)[1] == rows
    with pytest.raises(QuestionFailed):
        engine.ask(old, "select of_no_time from campaign", tables=told)
