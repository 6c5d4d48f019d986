"""Whoever is held to some districts and units has a store without the others: nothing of them is in any file of it."""

import re
import shutil
from dataclasses import replace
from functools import cache

import pytest
from odd_campaigns import CAMPAIGNS
from ready_made import copy_of
from test_answers_rectification import publish_weeks
from test_campaigns import tz  # noqa: F401  (a fixture)
from test_pages import open_page, text_of

from taizhang.access import passwords, roles
from taizhang.access.people import People, Person
from taizhang.declared.root import ROOT
from taizhang.declared.tables import all_tables, ledgers
from taizhang.rows import scope
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Store, disk, engine
from taizhang.store.narrowed import Narrow, narrowed
from taizhang.ui import who
from taizhang.ui.controls import PAGES

UNIT = "干部科"


CODE = "MCA440703"


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory) -> Store:
    """A demo store whose scopes are made once for all tests here; none of them publishes into it."""
    return copy_of(demo_store, tmp_path_factory.mktemp("narrowed") / "data")


def test_every_ledger_has_its_place_among_the_rules():
    """A ledger declared tomorrow is seen by nobody who is held to a scope, until somebody says whose its rows are."""
    known = {*scope.UNITS, *scope.PLACES, *scope.EVERYBODYS, *scope.NEEDED_BY, *scope.OF_ANOTHER, *scope.OF_ALL}
    assert set(ledgers()) - known == set()
    for name, columns in scope.UNITS.items():
        assert set(columns) <= {column.name for column in ledgers()[name].columns}


def owners(store: Store) -> dict[str, str]:
    """Measure → its unit, in the live release."""
    return {key: row["resp_unit"] or row["lead_unit"] for key, row in store.live().rows()["action"].items()}


def test_a_unit_sees_its_measures_and_what_they_are_about(store):
    own = narrowed(store, [UNIT])
    rows, every = own.live().rows(), store.live().rows()
    assert set(rows["action"]) == {
        key for key, row in every["action"].items() if UNIT in (row["resp_unit"], row["lead_unit"])
    }
    assert {row["issue_id"] for row in rows["action"].values()} <= set(rows["issue"])
    assert len(rows["action"]) > 0
    assert not rows["district"]
    assert not next(iter(rows["campaign"].values()))["covers_places"]
    assert {row["unit"] for row in rows["commitment"].values()} <= {UNIT}


def test_a_district_sees_its_towns_and_visits(store):
    rows, every = narrowed(store, [CODE, "经济科"]).live().rows(), store.live().rows()
    assert set(rows["district"]) == {CODE}
    assert {row["district_code"] for name in ("town", "visit") for row in rows[name].values()} == {CODE}
    assert set(rows["visit"]) == {key for key, row in every["visit"].items() if row["district_code"] == CODE}
    assert next(iter(rows["campaign"].values()))["covers_places"]


def of_all_releases(store: Store) -> dict[str, dict]:
    """Table → every row of every release."""
    kept: dict[str, dict] = {}
    for number in store.numbers():
        for name, keyed in store.release(number).rows().items():
            kept.setdefault(name, {}).update({(number, key): row for key, row in keyed.items()})
    return kept


@cache
def words_of_all(store: Store) -> frozenset[str]:
    """Texts of every release that some board may not say: long enough to be somebody's words, and no codes."""
    return frozenset(
        value
        for name, keyed in of_all_releases(store).items()
        if name not in ("term", "strand", "rung", "campaign")
        for (_, key), row in keyed.items()
        for value in (key, *row.values())
        if isinstance(value, str) and len(value) > 5 and not re.fullmatch("[a-z_]+", value)
    )


@cache
def words_of_every_board() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (ROOT / "taizhang/declared/words").glob("*.toml"))


def foreign_words(store: Store, rows) -> set[str]:
    """Texts that stand in rows of the whole store only: what only others said, or what is said of them."""
    own = "\n".join(str(value) for keyed in rows.values() for row in keyed.values() for value in row.values())
    return {one for one in words_of_all(store) if one not in own and one not in words_of_every_board()}


def test_nothing_of_the_others_is_in_any_file(store):
    """Every cell of every table of every narrowed release, as bytes: no foreign row, note, figure or old value."""
    for held_to in ([UNIT], [CODE, "经济科"]):
        own = narrowed(store, held_to)
        said: set[str] = set()
        kept = of_all_releases(own)
        for number in own.numbers():
            path = disk.path_of(own.folder, number)
            for table in all_tables():
                for row in engine.rows_of(path, table):
                    said |= {str(value) for value in row.values() if value is not None}
        foreign = foreign_words(store, kept)
        assert len(foreign) > 300
        everything = "\n".join(said)
        assert [word for word in foreign if word in said] == []
        assert [key for key in foreign if key.startswith(("CS-", "WT-", "YJ-", "ZF-")) and key in everything] == []
        assert not any(row["note_zh"] for row in own.live().notes())
        assert own.live().records("trend") == []


def change(release: int, field: str, old, new, key: str = "CS-1") -> dict:
    at = {"release": release, "table_name": "action", "row_key": key, "kind": "changed", "sha256": None, "line": None}
    return {**at, "field": field, "old": old, "new": new}


def test_of_a_row_that_came_to_a_unit_nothing_is_told_of_the_time_before():
    rows = {name: {} for name in ledgers()}
    rows["action"] = {"CS-1": {"resp_unit": UNIT}}
    rows["issue"] = {"WT-1": {}}
    history = [
        change(2, "blocker", "别人的难处", None),
        change(3, "resp_unit", "经济科", UNIT),  # with it came the row, and what it held
        change(3, "progress_note", "别人写的", "交接"),
        change(4, "progress_note", "交接", "自己写的"),
        change(4, "issue_id", "WT-9", "WT-1"),  # of an issue that is not theirs to see
        change(5, "issue_id", None, "WT-1"),
        change(5, "progress_note", "x", "y", key="CS-2"),
        change(6, "lead_unit", None, UNIT),
    ]
    told = scope.history_within(history, rows, [UNIT])
    assert [(row["release"], row["field"]) for row in told] == []
    told = scope.history_within(history[:-1], rows, [UNIT])
    assert [(row["release"], row["field"]) for row in told] == [(4, "progress_note"), (5, "issue_id")]


def test_an_issue_that_was_merged_into_one_of_others_stands_alone_and_no_page_fails(tiny_store, tmp_path):
    """Cancelled because it went into another unit's issue: that one is not theirs to see, and no reason is left."""
    store = copy_of(tiny_store, tmp_path / "data")
    known = {"issue_id": "WT-901", "title": "合并去处", "lead_unit": "别的科"}
    merged = {"issue_id": "WT-902", "title": "被合并的", "lead_unit": UNIT, "status_manual": "cancelled"}
    rows = (Row(2, known), Row(3, {**merged, "merged_into_id": "WT-901"}))
    file = LedgerFile("issue", "a.csv", b"as it was read", "UTF-8", rows)
    store.publish([file], Note("测试", store.live().as_of, "合并", "Merged"), store.live_number())
    own = narrowed(store, [UNIT]).live()
    assert own.rows()["issue"]["WT-902"]["merged_into_id"] is None
    assert "WT-901" not in own.rows()["issue"]
    assert own.ask("kpis", as_of=own.as_of).rows


@pytest.mark.parametrize("odd", sorted(CAMPAIGNS))
def test_an_odd_campaign_is_narrowed_too_and_refers_to_nothing_that_is_left_out(odd, ready_made, tmp_path):
    store = copy_of(ready_made(f"odd_{odd}", lambda store: publish_weeks(store, *CAMPAIGNS[odd])), tmp_path / "data")
    for keys in ([UNIT], list(scope.known(store.live().rows()))[:2], []):
        rows = narrowed(store, keys).live().rows()
        for name, keyed in rows.items():
            for column, other in ledgers()[name].refers.items():
                assert {row[column] for row in keyed.values()} - {None} <= rows[other].keys(), (name, column)


def test_it_goes_on_with_the_store_and_makes_nothing_twice(tiny_store, tmp_path):
    store = copy_of(tiny_store, tmp_path / "data")
    own = narrowed(store, [UNIT])
    for number in (1, 2):
        own.release(number)
    before = {path.name: path.stat().st_mtime_ns for path in own.folder.glob("releases/*.duckdb")}
    assert own.live_number() == store.live_number() == 3
    store.take_back(3, Note("测试", store.live().as_of, "撤销", "Undone"))
    again = narrowed(store, [UNIT])
    assert (again.folder, again.live_number()) == (own.folder, store.live_number())
    after = {path.name: path.stat().st_mtime_ns for path in own.folder.glob("releases/*.duckdb")}
    assert {name: after[name] for name in before} == before
    assert narrowed(store, [UNIT, "经济科"]).folder != own.folder


def test_nothing_is_published_into_it(store):
    own = narrowed(store, [UNIT])
    for act in (own.publish, own.draft, own.publish_draft, own.take_back, own.keep, own.remove_demo, own.rebuild):
        with pytest.raises(Narrow):
            act()


def test_its_answers_are_of_the_scope_alone(store):
    own = narrowed(store, [UNIT])
    mine = {key for key, unit in owners(store).items() if unit == UNIT}
    actions = own.live().ask("actions", as_of=own.live().as_of).records()
    assert {row["action_id"] for row in actions} == mine
    counted = {row["kpi"]: row for row in own.live().ask("kpis", as_of=own.live().as_of).records() if not row["part"]}
    assert counted["K02"]["value"] == len(mine)
    assert counted["K02"]["reported"] is None


# --- who is held to it -----------------------------------------------------------------------------------------


@pytest.fixture
def as_a_reader_of(store, monkeypatch):
    """A function: from now on a reader is there who is held to a scope, or to none (None)."""
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    people = People(store.folder)
    monkeypatch.setattr(who, "_said", {"x-taizhang-person": "reader"}.get)

    def there(scope) -> None:
        if people.find("reader") is None:
            people.add("boss", "", "administrator", "河东-meeting-42")
            people.add("reader", "某单位", "reader", "河东-meeting-42")
        people.hold_to("reader", scope)

    yield there
    shutil.rmtree(people.home / "people", ignore_errors=True)


@pytest.mark.parametrize("scope", [("干部科",), (CODE, "经济科")])
def test_no_page_says_a_word_of_the_others(scope, store, as_a_reader_of, monkeypatch):
    as_a_reader_of(scope)
    foreign = foreign_words(store, of_all_releases(narrowed(store, scope)))
    names = "、".join(["蓬江区" if key == CODE else key for key in scope])
    for page in sorted(set(PAGES) - {"hand_in", "upload", "returns", "letters", "settings", "new", "people", "guide"}):
        said = text_of(open_page(page, store, monkeypatch))
        assert [word for word in foreign if word in said] == [], page
        assert f"仅{names}" in said, page


def test_a_file_as_it_was_received_is_for_whoever_sees_all_rows(store, as_a_reader_of, monkeypatch):
    as_a_reader_of(["干部科"])
    app = open_page("releases", store, monkeypatch)
    assert "由能看全部的人下载" in text_of(app)
    assert not [one for one in app.get("download_button") if "原始文件" in str(one)]
    as_a_reader_of(None)
    assert "由能看全部的人下载" not in text_of(open_page("releases", store, monkeypatch))


def test_whoever_sees_all_rows_sees_the_words_of_all(store, as_a_reader_of, monkeypatch):
    as_a_reader_of(None)
    foreign = foreign_words(store, of_all_releases(narrowed(store, ["干部科"])))
    said = text_of(open_page("rectification", store, monkeypatch))
    assert len([word for word in foreign if word in said]) > 5


def test_whoever_is_held_looks_and_a_unit_hands_in_what_is_theirs():
    held = Person("unit", "", "unit", "", scope=("干部科",))
    assert {act for act in roles.ACTS if roles.may(held, act)} == {"look", "hand_in"}
    assert {act for act in roles.ACTS if roles.may(replace(held, role="reader"), act)} == {"look"}
    assert not roles.may(replace(held, scope=None), "hand_in")
    assert roles.held_to(replace(held, role="editor")) is None


def test_the_command_holds_people_to_districts_and_units(store, as_a_reader_of, tz):  # noqa: F811
    as_a_reader_of(None)
    code, out, _ = tz("user", "scope", "reader", "--to", "蓬江区", "--to", "经济科", "--store", store.folder)
    assert (code, "能看的范围已更改" in out) == (0, True)
    assert People(store.folder).named("reader").scope == (CODE, "经济科")
    assert "蓬江区、经济科" in tz("user", "list", "--store", store.folder)[1]
    code, _, err = tz("user", "scope", "reader", "--to", "蓬江县", "--store", store.folder, "--lang", "en")
    assert (code, "no district or unit “蓬江县”; did you mean 蓬江区. " in err) == (1, True)
    code, _, err = tz("user", "scope", "boss", "--to", "蓬江区", "--store", store.folder)
    assert (code, "只用于读者和单位" in err) == (1, True)
    assert tz("user", "scope", "reader", "--store", store.folder)[0] == 0
    assert People(store.folder).named("reader").scope is None
