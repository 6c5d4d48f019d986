"""The traps of the database, each held shut in one place: taizhang/engine.py."""

import datetime as dt
import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.declared.values import from_text, to_text
from taizhang.rows.ledgers import RowsRefused
from taizhang.store import engine

NUMBERS = "create table number (n integer primary key, square bigint not null, name text)"
MADE = {"number": [{"n": n, "square": n * n, "name": f"第{n}个"} for n in range(2000)]}


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    path = tmp_path_factory.mktemp("engine") / "numbers.duckdb"
    engine.build(path, [NUMBERS], ["create macro at_least(n) as (n >= 10)"], MADE, {})
    return path


def test_tables_are_read_together_as_each_by_itself_and_one_that_is_not_there_has_no_rows(tmp_path):
    path = tmp_path / "two.duckdb"
    other = "create table other (id integer, said varchar)"
    engine.build(path, [NUMBERS, other], [], {**MADE, "other": [{"id": 2, "said": "乙"}, {"id": 1, "said": None}]}, {})
    found = engine.tables_of(path, ["other", "later", "number"])
    assert found == {"other": engine.rows_of(path, "other"), "later": [], "number": engine.rows_of(path, "number")}
    assert found["other"] == [{"id": 2, "said": "乙"}, {"id": 1, "said": None}]
    path.write_bytes(b"no database")
    engine.forget(path)
    with pytest.raises(engine.Unreadable):
        engine.tables_of(path, ["number"])


def test_a_release_that_answered_often_is_opened_anew_while_nobody_asks_it(numbers, monkeypatch):
    """An opening keeps something of each question, and answers later ones more slowly."""
    monkeypatch.setattr(engine, "MOST_ANSWERED", 3)
    engine.forget(numbers)

    def opening() -> tuple[object, list[tuple]]:
        _, rows = engine.ask(numbers, "select n from number where at_least(n) order by n")
        return engine._readers[engine._known_as(numbers)], rows

    asked = [opening() for _ in range(7)]
    openings = [one for one, _ in asked]
    assert [openings.index(one) for one in openings] == [0, 0, 0, 3, 3, 3, 6]
    assert len({str(rows) for _, rows in asked}) == 1
    with engine._opened(numbers) as held:  # somebody is asking just now
        assert [opening()[0] is held for _ in range(4)] == [True] * 4
    assert opening()[0] is not held


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_four_threads_with_300_different_questions_each_get_1200_right_answers(numbers):
    def right_answers(thread: int) -> int:
        right = 0
        for n in range(thread * 300, thread * 300 + 300):
            columns, rows = engine.ask(numbers, "select n, square, name from number where n = $n", {"n": n})
            right += columns == ("n", "square", "name") and rows == [(n, n * n, f"第{n}个")]
        return right

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(right_answers, range(4))) == 1200


def test_an_answer_comes_from_the_terms_stored_in_the_release(numbers):
    assert engine.ask(numbers, "select at_least(9), at_least(10)") == (("at_least(9)", "at_least(10)"), [(False, True)])


@pytest.mark.parametrize(
    "sql",
    [
        "with gone as (delete from number returning n) select n from gone",
        "with more as (insert into number values (9999, 0, '') returning n) select n from more",
        "with moved as (update number set square = 0 returning n) select n from moved",
        "select 1; select 2",
        "select 1; drop table number",
        "insert into number values (9999, 0, '')",
        "delete from number",
        "drop table number",
        "create table other (n integer)",
        "create temp table other (n integer)",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/etc/*')",
        "copy number to '/tmp/numbers.csv'",
        "attach '/tmp/other.duckdb' as other",
        "detach numbers",
        "install httpfs",
        "load httpfs",
        "set threads = 1",
        "set enable_external_access = true",
        "reset enable_external_access",
        "pragma database_list",
        "checkpoint",
        "call pragma_version()",
        "export database '/tmp/numbers'",
        "begin transaction",
        "explain select 1",
        "",
        "select",
        "select no_such_column from number",
        "select * from MADE",  # the name of a Python variable of this module
        "select n from number where n = $n",  # a parameter without a value
    ],
)
def test_whatever_is_not_one_plain_question_is_refused_and_changes_nothing(numbers, sql):
    before, folder = sha256(numbers), sorted(numbers.parent.iterdir())
    with pytest.raises(engine.QuestionFailed):
        engine.ask(numbers, sql)
    assert (sha256(numbers), sorted(numbers.parent.iterdir())) == (before, folder)
    assert engine.ask(numbers, "select count(*) from number")[1] == [(2000,)]


def test_a_value_is_never_read_as_sql(numbers):
    hostile = "'; drop table number; --"
    assert engine.ask(numbers, "select $name as name", {"name": hostile})[1] == [(hostile,)]


def test_a_runaway_question_is_interrupted_and_the_next_one_answered(numbers):
    endless = "select count(*) from range(100000000) a, range(100000000) b where a.range <> b.range"
    with pytest.raises(engine.QuestionFailed):
        engine.ask(numbers, endless, timeout=0.05)
    assert engine.ask(numbers, "select 1 as one")[1] == [(1,)]


def test_a_missing_or_damaged_file_is_unreadable(tmp_path):
    with pytest.raises(engine.Unreadable):
        engine.ask(tmp_path / "none.duckdb", "select 1")
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"this is no database" * 1000)
    for asked in (lambda: engine.ask(damaged, "select 1"), lambda: engine.missing_terms(damaged, ["term"])):
        with pytest.raises(engine.Unreadable):
            asked()


def test_a_release_of_the_tiny_data_needs_less_than_two_megabytes(tiny):
    assert tiny.on_disk.stat().st_size < 2_000_000


# --- today's terms over every release ---------------------------------------------------------------------------

FIRST = "create macro first_ones(n_of) as table select n, name from number where n < n_of"
OLD_FIRST = "create macro first_ones(n_of) as table select n, name from number where n <= n_of"
COUNTED = "create macro counted(n_of) as table select count(*) as counted from first_ones(n_of)"
LOST = "create macro lost() as table select n from a_table_of_later_days"
TODAY = {"first_ones": FIRST, "counted": COUNTED, "lost": LOST}


def made(path, terms=(), size=10):
    """A tiny file whose rows tell which file they are from."""
    rows = {"number": [{"n": n, "square": n * n, "name": path.stem} for n in range(size)]}
    path.parent.mkdir(parents=True, exist_ok=True)
    engine.build(path, [NUMBERS], terms, rows, {})
    return path


def counted(path, n=3):
    return engine.ask(path, "select counted from counted($n)", {"n": n}, terms=TODAY)[1]


def test_a_release_without_a_term_answers_in_the_term_of_today(tmp_path):
    assert counted(made(tmp_path / "0001.duckdb")) == [(3,)]


def test_a_term_the_release_has_keeps_its_meaning_under_a_term_of_today(tmp_path):
    assert counted(made(tmp_path / "0001.duckdb", [OLD_FIRST])) == [(4,)]


def test_a_term_of_the_release_finds_a_term_of_today_that_it_reads(tmp_path):
    path = tmp_path / "0001.duckdb"
    made(path, [FIRST, COUNTED, "drop macro table first_ones"])
    assert engine.missing_terms(path, TODAY) == {"first_ones", "lost"}
    assert counted(path) == [(3,)]


def test_a_question_that_needs_nothing_of_today_never_looks_there(tmp_path):
    path = made(tmp_path / "0001.duckdb", [FIRST, COUNTED])
    assert engine.ask(path, "select counted from counted(3)", terms={"counted": "no SQL at all"})[1] == [(3,)]


def test_it_is_told_which_terms_a_release_does_not_define(tmp_path):
    path = made(tmp_path / "0001.duckdb", [FIRST])
    assert engine.missing_terms(path, TODAY) == {"counted", "lost"}
    assert counted(path) == [(3,)]
    assert engine.missing_terms(path, TODAY) == {"counted", "lost"}  # what stands in is not the release's own


def test_a_term_of_today_about_a_table_the_release_lacks_cannot_stand_in(tmp_path):
    path = made(tmp_path / "0001.duckdb")
    with pytest.raises(engine.QuestionFailed):
        engine.ask(path, "select n from lost()", terms=TODAY)
    assert counted(path) == [(3,)]


@pytest.mark.parametrize(
    "sql",
    [
        "with gone as (delete from number returning n) select n from gone",
        "with more as (insert into terms_that_stand_in.number values (1) returning n) select n from more",
        "create macro terms_that_stand_in.other() as table select 1",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from TODAY",
    ],
)
def test_a_file_with_terms_of_today_is_locked_down_like_any_other(tmp_path, sql):
    path = made(tmp_path / "0001.duckdb")
    before = sha256(path)
    assert counted(path) == [(3,)]
    with pytest.raises(engine.QuestionFailed):
        engine.ask(path, sql, terms=TODAY)
    assert (counted(path), sha256(path)) == ([(3,)], before)


def test_a_question_can_neither_read_nor_list_the_files_beside_the_release(numbers):
    beside = made(numbers.parent / "beside" / "0002.duckdb")
    for read in ("read_blob($path)", "read_text($path)", "glob($path)"):
        for path in (beside, numbers.parent / "*"):
            with pytest.raises(engine.QuestionFailed):
                engine.ask(numbers, f"select 1 from {read}", {"path": str(path)})  # noqa: S608 names of ours


def test_eight_threads_that_ask_six_releases_each_get_the_rows_of_theirs(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "MOST_OPEN", 3)  # files are closed and opened under way
    paths = [made(tmp_path / f"{one:04d}.duckdb", [], one + 1) for one in range(6)]

    def right_answers(thread: int) -> int:
        right = 0
        for turn in range(12):
            one = (thread + turn) % len(paths)
            _, rows = engine.ask(paths[one], "select n, name from first_ones(99) order by n", terms=TODAY)
            right += rows == [(n, paths[one].stem) for n in range(one + 1)]
        return right

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(right_answers, range(8))) == [12] * 8


def open_files(folder):
    return {path for path in engine._readers if path.parent == folder}


def test_no_more_files_stay_open_than_the_bound_and_the_one_asked_last_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "MOST_OPEN", 4)
    paths = [made(tmp_path / f"{one:04d}.duckdb") for one in range(7)]
    for path in paths:
        engine.ask(paths[0], "select 1")
        engine.ask(path, "select 1")
    assert open_files(tmp_path) == {paths[0], *paths[-3:]}
    assert [counted(path) for path in paths] == [[(3,)]] * 7


def test_a_file_is_forgotten_when_its_last_question_is_answered_and_can_be_replaced(tmp_path):
    path, other = made(tmp_path / "0001.duckdb"), made(tmp_path / "0002.duckdb")
    engine.forget(path)  # what was made was read back
    slow = "select count(*) from range(30000) a, range(2000) b where a.range <> b.range"
    with ThreadPoolExecutor(2) as threads:
        asked = threads.submit(engine.ask, path, slow)
        asked_elsewhere = threads.submit(engine.ask, other, slow)
        while path not in engine._readers:
            pass
        engine.forget(path)
        asked.result(timeout=30)  # forgetting waited for it: it is over but for its last line
        assert path not in engine._readers
        assert asked_elsewhere.result() == asked.result()
    made(tmp_path / "new" / "0009.duckdb", [OLD_FIRST]).replace(path)
    assert engine.ask(path, "select counted, name from counted(3), first_ones(0)", terms=TODAY)[1] == [(4, "0009")]


def test_a_file_that_is_open_can_be_read_by_another_process(numbers):
    engine.ask(numbers, "select 1")
    count = "import sys, pathlib, taizhang.store.engine as e; print(e.count_rows(pathlib.Path(sys.argv[1])))"
    told = subprocess.run([sys.executable, "-c", count, numbers], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "{'number': 2000}"


# --- build -----------------------------------------------------------------------------------------------------

TREE = "create table tree (id text primary key, parent text references tree (id))"


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_rows_that_refer_to_each_other_go_in_in_any_order(tmp_path, order):
    parents = {"a": None, "b": "a", "c": "b"}
    rows = {"tree": [{"id": one, "parent": parents[one]} for one in order]}
    engine.build(tmp_path / "tree.duckdb", [TREE], [], rows, {"tree": ("id", "parent")})
    found = {row["id"]: row["parent"] for row in engine.rows_of(tmp_path / "tree.duckdb", "tree")}
    assert found == parents


@pytest.mark.parametrize("parents", [{"a": "nobody"}, {"a": "b", "b": "a"}, {"a": "a"}])
def test_rows_that_refer_to_nobody_or_in_a_circle_are_refused(tmp_path, parents):
    rows = [{"id": one, "parent": parent} for one, parent in parents.items()]
    with pytest.raises(RowsRefused):
        engine.build(tmp_path / "tree.duckdb", [TREE], [], {"tree": rows}, {"tree": ("id", "parent")})


@pytest.mark.parametrize(
    "row",
    [
        {"n": 1, "square": None},  # not null
        {"n": 1, "square": 2**63},  # too large for the type
        {"n": 2**80, "square": 1},  # too large for any integer
        {"n": "one", "square": 1},  # not of the type
    ],
)
def test_a_row_that_does_not_fit_its_table_is_refused(tmp_path, row):
    with pytest.raises(RowsRefused):
        engine.build(tmp_path / "made.duckdb", [NUMBERS], [], {"number": [row]}, {})


def test_two_rows_with_one_key_are_refused(tmp_path):
    row = {"n": 1, "square": 1}
    with pytest.raises(RowsRefused):
        engine.build(tmp_path / "made.duckdb", [NUMBERS], [], {"number": [row, row]}, {})


def test_every_row_that_says_again_what_only_one_may_say_is_named():
    rows = [{"code": f"D{place}", "name": name} for place, name in enumerate("东西东东")]
    (found,) = engine.violations(
        ["create table district (code text primary key, name text unique)"], {"district": rows}
    )
    assert (found.constraint.columns, found.places) == (("name",), (2, 3))


def test_a_column_without_a_value_is_null_and_every_type_comes_back_as_it_went_in(tmp_path):
    ddl = "create table kind (a integer, b bigint, c text, d boolean, e date, f timestamp, g decimal(18, 4), h text)"
    row = {
        "a": -1,
        "b": 2**40,
        "c": "中文 '\"\n",
        "d": False,
        "e": dt.date(2019, 9, 10),
        "f": dt.datetime(2019, 9, 10, 8, 30),
        "g": Decimal("12.3400"),
    }
    engine.build(tmp_path / "made.duckdb", [ddl], [], {"kind": [row]}, {})
    assert engine.rows_of(tmp_path / "made.duckdb", "kind") == [{**row, "h": None}]
    assert engine.structure_of(tmp_path / "made.duckdb") == {"kind": tuple("abcdefgh")}
    assert engine.count_rows(tmp_path / "made.duckdb") == {"kind": 1}


def test_nothing_is_written_beside_a_draft_while_it_is_made(tmp_path):
    """A log would be flushed at every statement, for a file that is nobody's yet."""
    seen = []
    path = tmp_path / "made.duckdb"
    tables = [NUMBERS, "create table other (n integer references number (n))"]
    rows = {**MADE, "other": [{"n": 1}]}
    engine.build(path, tables, [], rows, {}, lambda *_: seen.extend(one.name for one in tmp_path.iterdir()))
    assert set(seen) == {"made.duckdb"}
    assert [one.name for one in tmp_path.iterdir()] == ["made.duckdb"]
    assert engine.count_rows(path) == {"number": 2000, "other": 1}


SAYING = [
    "create table release (release integer primary key, published_by text)",
    "create table told (release integer references release (release), n integer)",
]


def test_what_is_said_of_a_draft_is_read_back_before_it_counts_as_saved(tmp_path, monkeypatch):
    path = tmp_path / "made.duckdb"
    engine.build(path, SAYING, [], {"release": [{"release": 1, "published_by": ""}]}, {})
    engine.amend(path, [1], {"published_by": "甲"}, {"told": [{"release": 1, "n": 5}]})
    assert engine.rows_of(path, "release") == [{"release": 1, "published_by": "甲"}]
    assert engine.rows_of(path, "told") == [{"release": 1, "n": 5}]
    with pytest.raises(RowsRefused, match="read back"):
        engine.amend(path, [2], {"published_by": "乙"}, {})  # there is no such release to say it of
    monkeypatch.setattr(engine, "_count", lambda *_: 0)  # as if nothing had reached the file
    with pytest.raises(RowsRefused, match="read back"):
        engine.amend(path, [1], {}, {"told": [{"release": 1, "n": 6}]})


def test_a_path_with_a_quote_in_it_is_a_path(tmp_path):
    path = tmp_path / "it's here.duckdb"
    engine.build(path, [NUMBERS], [], {}, {})
    assert engine.count_rows(path) == {"number": 0}


# --- reading SQL without running it ----------------------------------------------------------------------------


def test_a_text_says_what_it_reads_and_which_parameters_it_takes():
    read = engine.read_sql(
        "with mine as (select n from number where n > $least) "
        "select mine.n from mine join other using (n) cross join overdue_at($as_of) cross join unnest([1])"
    )
    assert read == engine.Reading(1, True, frozenset({"least", "as_of"}), frozenset({"number", "other", "overdue_at"}))


def test_a_text_that_does_not_parse_is_refused():
    with pytest.raises(engine.QuestionFailed):
        engine.read_sql("select from where")


# --- cells as text ---------------------------------------------------------------------------------------------

CELLS = {
    "VARCHAR": st.text(),
    "BOOLEAN": st.booleans(),
    "INTEGER": st.integers(-(2**31), 2**31 - 1),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "DATE": st.dates(),
    "TIMESTAMP": st.datetimes(),
    "DECIMAL(18,4)": st.decimals(-(10**13), 10**13, places=4),
}


@given(st.sampled_from(sorted(CELLS)).flatmap(lambda kind: st.tuples(st.just(kind), st.none() | CELLS[kind])))
def test_a_cell_written_as_text_reads_back_as_the_same_cell(kind_and_value):
    kind, value = kind_and_value
    assert from_text(kind, to_text(value)) == value


@pytest.mark.parametrize(
    ("one", "other"),
    [(Decimal("1.50"), Decimal("1.5")), (Decimal("0.00"), Decimal("-0")), (Decimal("100"), Decimal("1E+2"))],
)
def test_equal_numbers_have_equal_texts(one, other):
    assert to_text(one) == to_text(other)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("INTEGER", "1.5"),
        ("INTEGER", ""),
        ("DATE", "2019-02-30"),
        ("DATE", "9月10日"),
        ("BOOLEAN", "TRUE"),
        ("DECIMAL(18,4)", "1,5"),
        ("DECIMAL(18,4)", "NaN"),
        ("DECIMAL(18,4)", "Infinity"),
        ("TIMESTAMP", "noon"),
    ],
)
def test_a_text_that_is_no_such_value_is_refused(kind, text):
    with pytest.raises(ValueError, match=r".*"):
        from_text(kind, text)
