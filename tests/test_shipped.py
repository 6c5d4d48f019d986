"""What ships is what the article says and nothing more; what is made up says so, adds up, and can be taken away."""

import csv
import datetime as dt
import hashlib
import itertools
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from ready_made import copy_of

from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import ledgers
from taizhang.store import Store, engine, releases
from taizhang.uploads import shipped

LAST_WEEK = dt.date(2019, 11, 29)
LIMIT = 2 * 1024 * 1024
DEADLINES = {"due_on", "original_due_on", "old_due_on", "new_due_on"}
PERSONS = {"lead_leader", "resp_person"}


@pytest.fixture(scope="module")
def article(article_store) -> releases.Release:
    return article_store.live()


@pytest.fixture(scope="module")
def demo_store(demo_store, tmp_path_factory):
    """A store with every made-up week, and, as its last release, the demo removed again."""
    store = copy_of(demo_store, tmp_path_factory.mktemp("demo") / "store")
    store.remove_demo("测试")
    return store


@pytest.fixture(scope="module")
def weeks(demo_store) -> list[releases.Release]:
    """The releases of the made-up weeks, oldest first."""
    return [demo_store.release(number) for number in demo_store.numbers()[1:-1]]


@pytest.fixture(scope="module")
def demo(weeks) -> releases.Release:
    """The last made-up week."""
    return weeks[-1]


def shipped_csv() -> list[Path]:
    return [path for folder in ("article", "geo", "demo") for path in sorted((shipped.DATA / folder).rglob("*.csv"))]


def rows(release: releases.Release, table: str, **wanted: object) -> list[dict]:
    """The rows of a ledger whose columns hold what is wanted."""
    return [
        row
        for row in engine.rows_of(release.on_disk, table)
        if all(row[column] == value for column, value in wanted.items())
    ]


# --- the article -----------------------------------------------------------------------------------------------


def test_every_quote_stands_in_the_article_to_the_letter(article):
    bodies = {row["source_id"]: row["body"] for row in rows(article, "source")}
    assert [row["fact_id"] for row in rows(article, "fact") if row["quote_zh"] not in bodies[row["source_id"]]] == []


def test_the_article_is_kept_byte_for_byte(article):
    (source,) = rows(article, "source", source_id="SRC-ARTICLE")
    assert hashlib.sha256(source["body"].encode()).hexdigest() == source["sha256"]
    # What nobody told us stays empty.
    assert (source["publisher"], source["licence"], source["published_on"]) == (None, None, None)


def test_the_article_yields_these_rows_and_no_more(article):
    counted = {name: len(rows(article, name)) for name in declared_ledgers()}
    assert {name: count for name, count in counted.items() if count} == {
        "source": 3,
        "fact": 68,
        "campaign": 1,
        "figure": 13,
        "event": 15,
        "research_topic": 3,
        "proposal": 3,
        "issue": 1,
        "action": 6,
        "document": 13,
        "feedback_round": 1,
        "district": 7,
        "town": 73,
    }
    assert Counter(row["value_basis"] for row in rows(article, "fact")) == {"reported": 67, "inferred": 1}


def test_every_row_of_the_article_names_its_quotation_and_none_is_demo(article):
    assert article.demo_tables == frozenset()
    for name, table in declared_ledgers().items():
        columns = {column.name for column in table.columns}
        if "fact_id" in columns and name != "fact":
            assert [table.key_of(row) for row in rows(article, name) if row["fact_id"] is None] == [], name


def test_what_the_article_does_not_say_is_unknown(article):
    for action in rows(article, "action"):
        assert {action[c] for c in ("status", "rect_type", "resp_unit", "lead_unit", "due_on")} == {None}
    assert [a["action_id"] for a in rows(article, "action") if a["issue_id"]] == ["CS-001-1"]
    assert {p["status"] for p in rows(article, "proposal")} == {"unknown"}
    assert [r["issued_count"] for r in rows(article, "feedback_round")] == [None]
    assert {row["value_text"] for row in rows(article, "figure", value=None)} == {"1+4", "近3"}


def test_only_three_events_have_a_day_and_their_year_is_marked_as_inferred(article):
    dated = {row["event_id"]: row for row in rows(article, "event") if row["started_on"]}
    assert {key: row["started_on"] for key, row in dated.items()} == {
        "E01": dt.date(2019, 9, 11),
        "E02": dt.date(2019, 9, 19),
        "E03": dt.date(2019, 9, 24),
    }
    assert all(row["is_year_inferred"] for row in dated.values())
    assert all(row["date_text"] for row in rows(article, "event"))


def test_the_register_holds_seven_districts_and_73_towns(article):
    assert len(rows(article, "town", town_kind="town")) == 61
    assert len(rows(article, "town", town_kind="subdistrict")) == 12
    assert {row["district_code"] for row in rows(article, "town")} == {
        row["district_code"] for row in rows(article, "district")
    }
    assert all(row["town_code"].startswith("MCA" + row["district_code"][3:]) for row in rows(article, "town"))


def test_every_source_has_a_licence_record(article):
    told = tomllib.loads((shipped.DATA / "sources.toml").read_text(encoding="utf-8"))
    of_no_campaign = {"DEMO", "SRC-PLACES", "SRC-OUTLINES"}
    assert {row["source_id"] for row in rows(article, "source")} | of_no_campaign == set(told)
    assert all((shipped.DATA / name).exists() for one in told.values() for name in one.get("files", ()))
    assert told["SRC-ARTICLE"]["sha256"] == rows(article, "source", source_id="SRC-ARTICLE")[0]["sha256"]


# --- the made-up weeks -----------------------------------------------------------------------------------------


def test_the_made_up_ledgers_add_up_to_what_was_reported(demo):
    reported = {row["figure_id"]: row["value"] for row in rows(demo, "figure")}
    made = rows(demo, "visit", status="made")
    counted = {
        "N05": len(rows(demo, "research_topic")),
        "N06": len({row["district_code"] for row in made if row["district_code"]}),
        "N07": len({row["town_code"] for row in made if row["town_code"]}),
        "N08": len(rows(demo, "event", kind="forum")) + len(rows(demo, "event", kind="seminar")),
        "N09": len(rows(demo, "suggestion")),
        "N10": sum(row["returned_count"] for row in rows(demo, "feedback_round")),
        "N11": len(rows(demo, "issue")),
        "N12": len(rows(demo, "action")),
    }
    assert counted == {figure: reported[figure] for figure in counted}
    assert len([row for row in rows(demo, "suggestion") if row["merged_into_id"]]) == 2
    assert not rows(demo, "action", status="cancelled")


def test_a_visit_says_how_many_suggestions_it_brought(demo):
    brought = Counter(row["visit_id"] for row in rows(demo, "suggestion"))
    assert {row["visit_id"]: row["suggestion_count"] for row in rows(demo, "visit", status="made")} == {
        row["visit_id"]: brought[row["visit_id"]] for row in rows(demo, "visit", status="made")
    }


def test_the_last_week_shows_every_state_a_measure_can_be_in(demo):
    actions = rows(demo, "action")
    assert Counter(row["rect_type"] for row in actions) == {"immediate": 8, "time_limited": 9, "long_term": 5}
    assert Counter((row["rect_type"], row["status"]) for row in actions) == {
        ("immediate", "closed"): 7,
        ("immediate", "pending_verification"): 1,
        ("time_limited", "closed"): 3,
        ("time_limited", "in_progress"): 6,
        ("long_term", "staged_ongoing"): 3,
        ("long_term", "in_progress"): 2,
    }
    underway = [row for row in actions if row["status"] == "in_progress" and row["due_on"]]
    overdue = [row for row in underway if row["due_on"] < LAST_WEEK]
    assert [(row["action_id"], bool(row["blocker"])) for row in overdue] == [("CS-007-1", True)]
    due_soon = [r for r in underway if LAST_WEEK <= r["due_on"] <= LAST_WEEK + dt.timedelta(days=7)]
    assert {row["action_id"] for row in due_soon} == {"CS-004-1", "CS-008-1"}
    assert [row["action_id"] for row in actions if row["return_count"] == 1] == ["CS-004-2"]
    assert [row["action_id"] for row in actions if row["reopen_count"] == 1] == ["CS-005-2"]
    assert [
        row["action_id"]
        for row in actions
        if row["closed_on"] and row["done_on"] > (row["original_due_on"] or LAST_WEEK)
    ] == ["CS-009-1"]


def test_one_extension_is_approved_and_moved_the_date_and_one_waits(demo):
    approved, pending = sorted(rows(demo, "extension"), key=lambda row: row["extension_id"])
    (action,) = rows(demo, "action", action_id=approved["action_id"])
    assert (approved["decision"], pending["decision"]) == ("approved", "pending")
    assert (action["original_due_on"], action["due_on"]) == (approved["old_due_on"], approved["new_due_on"])


def test_exactly_one_unit_with_open_measures_was_silent_for_more_than_14_days(demo):
    days = {row["release"]: row["as_of_on"] for row in engine.rows_of(demo.on_disk, "release")}
    unit = {row["action_id"]: row["resp_unit"] for row in rows(demo, "action")}
    last = {}
    for change in rows(demo, "change", table_name="action"):
        day = days[change["release"]]
        if change["release"] > 1:
            last[unit[change["row_key"]]] = max(day, last.get(unit[change["row_key"]], day))
    is_open = {row["resp_unit"] for row in rows(demo, "action") if row["status"] != "closed"}
    assert {one for one in is_open if (LAST_WEEK - last[one]).days > 14} == {"港澳台海外科"}


def test_every_row_of_a_demo_file_is_marked(weeks):
    for path in sorted((shipped.DATA / "demo").glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            assert {row["is_demo"] for row in csv.DictReader(file)} == {"true"}, path


def test_a_row_the_demo_changed_is_marked_and_keeps_its_quotation(article, demo):
    before, after = article.rows(), demo.rows()
    for name in before:
        for key, row in before[name].items():
            assert after[name][key] == row or after[name][key]["is_demo"], (name, key)
            if "fact_id" in row:
                assert after[name][key]["fact_id"] == row["fact_id"]
        assert all(after[name][key]["is_demo"] for key in after[name].keys() - before[name].keys()), name


def test_no_made_up_date_lies_after_the_week_that_reports_it(weeks):
    for week in weeks:
        for name, table in declared_ledgers().items():
            dates = [c.name for c in table.columns if c.type == "DATE" and c.name not in DEADLINES]
            for row in rows(week, name):
                is_plan = name == "visit" and row["status"] in ("planned", "dropped")
                if row.get("is_demo") and not is_plan:
                    assert [row[d] for d in dates if row[d] and row[d] > week.as_of] == [], (week.as_of, name, row)


def test_a_measure_that_is_done_does_not_say_what_it_said_the_week_before(weeks):
    """What was still under way is no progress of a measure that is done: the week that says so says it anew."""
    for before, week in itertools.pairwise(weeks):
        was = before.rows()["action"]
        for key, row in week.rows()["action"].items():
            is_done_now = row["status"] in ("pending_verification", "closed") and row["status"] != was[key]["status"]
            if is_done_now and was[key]["progress_note"]:
                assert row["progress_note"] != was[key]["progress_note"], (week.as_of, key)


def test_no_person_is_named(demo):
    for name, table in declared_ledgers().items():
        for column in PERSONS & {column.name for column in table.columns}:
            assert {row[column] for row in rows(demo, name)} <= {None}, (name, column)


def test_the_weeks_follow_each_other_without_a_gap(weeks):
    days = [week.as_of for week in weeks]
    assert days == [dt.date(2019, 9, 13) + dt.timedelta(weeks=n) for n in range(12)]
    assert {path.name for path in (shipped.DATA / "demo").iterdir() if path.is_dir()} == {d.isoformat() for d in days}


def test_a_demo_file_holds_only_what_is_new_or_changed(weeks):
    assert [row for row in engine.rows_of(weeks[-1].on_disk, "received") if row["rows_same"]] == []


# --- the store -------------------------------------------------------------------------------------------------


def test_removing_the_demo_gives_back_exactly_the_article(article, demo_store):
    removed = demo_store.live()
    assert removed.kind == "remove_demo"
    assert removed.rows() == article.rows()
    assert removed.as_of == article.as_of


def test_a_release_stays_small(demo_store):
    sizes = {path.name: path.stat().st_size for path in (demo_store.folder / "releases").glob("*.duckdb")}
    assert {name: size for name, size in sizes.items() if size >= LIMIT} == {}


def test_every_file_shipped_is_a_ledger_and_says_where_it_lies(weeks):
    shipped_files = {path.relative_to(shipped.DATA).as_posix() for path in shipped_csv()}
    assert {row["file_name"] for row in engine.rows_of(weeks[-1].on_disk, "received")} == shipped_files


def test_init_refuses_a_store_that_has_a_release(demo_store):
    with pytest.raises(shipped.AlreadyThere):
        shipped.init(demo_store, "article")


def test_an_empty_store_is_only_a_folder(tmp_path):
    store = Store(tmp_path / "new" / "store")
    assert shipped.init(store, "empty") is None
    assert list(store.folder.iterdir()) == []
    assert store.live_number() is None


def test_init_tells_how_far_it_is(tmp_path):
    told = []
    shipped.init(Store(tmp_path), "article", progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_shipped_files_are_in_the_declared_form():
    for path in shipped_csv():
        data = path.read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf"), path
        assert b"\r" not in data, path
        header = data.decode().splitlines()[0].split(",")
        table = declared_ledgers()[path.stem]
        assert header == [column.name for column in table.columns if column.name in header], path
        assert ledgers.read(path, table).rows, path
