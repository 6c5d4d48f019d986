"""What the header of a query says is true of its SQL: every file under queries/answers, checks and terms, and
the code lists of queries/tables."""

import datetime as dt
import re
from functools import cache
from pathlib import Path

import pytest

from taizhang.declared import queries
from taizhang.declared.tables import OPEN_LISTS, all_tables, code_lists
from taizhang.store import engine

ANSWERS, CHECKS, TERMS = queries.answers(), queries.checks(), queries.terms()
EVERY = {**ANSWERS, **CHECKS, **TERMS}

# One or more typical values for every parameter any query takes.
TYPICAL = {
    "as_of": [dt.date(2019, 10, 11)],
    "compare_on": [dt.date(2019, 9, 27)],
    "kpi": [f"K{number:02}" for number in range(1, 38)],
    "action_id": ["CS-017"],
    "district": [None, "MCA-E"],
    "strand": [None, "study"],
    "page": [None, "study"],
    "kind": [None, "forum"],
    "source_id": ["S-1"],
    "release": [3],
    "table_name": ["action"],
    "row_key": ["CS-017"],
}


def each(found: dict):
    """A parametrization with a query a case, named as its file is."""
    return pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in sorted(found.items())])


def bare(sql: str) -> str:
    """The SQL without comments and without what stands between quotes."""
    return re.sub(r"'[^']*'", "''", re.sub(r"/\*.*?\*/|--[^\n]*", " ", sql, flags=re.DOTALL))


def macro(query: queries.Query) -> tuple[str, list[str], str]:
    """Name, arguments and SELECT of a term."""
    opening = re.match(r"create macro (\w+)\(([^)]*)\) as table\s", query.sql)
    assert opening, "a term opens with: create macro NAME(…) as table"
    return opening[1], [name.strip() for name in opening[2].split(",") if name.strip()], query.sql[opening.end() :]


def select(query: queries.Query) -> str:
    """The SELECT of an answer, a check or a term."""
    return macro(query)[2] if query.kind == "terms" else query.sql


def typical_parameters(query: queries.Query) -> list[dict]:
    """Typical parameters of a query, one set after another until every typical value has had its turn."""
    turns = max((len(TYPICAL[name]) for name in query.params), default=1)
    return [{name: TYPICAL[name][turn % len(TYPICAL[name])] for name in query.params} for turn in range(turns)]


def typical_rows(tiny, query: queries.Query) -> tuple[tuple[str, ...], list[tuple]]:
    """Columns and rows of a query on the tiny release, for all of its typical parameters."""
    return rows_of_file(tiny.on_disk, query.name)


@cache
def rows_of_file(path: Path, name: str) -> tuple[tuple[str, ...], list[tuple]]:
    """The same by the name of the query's file; asked once, though several tests look at the rows."""
    query = EVERY[name]
    sql = query.sql
    if query.kind == "terms":
        sql = f"select * from {query.name}({', '.join('$' + name for name in query.params)})"  # noqa: S608 names of ours
    columns, rows = (), []
    for parameters in typical_parameters(query):
        columns, some = engine.ask(path, sql, parameters)
        rows.extend(some)
    return columns, rows


@each(EVERY)
def test_a_query_is_one_select(query):
    read = engine.read_sql(select(query))
    assert (read.statements, read.is_select) == (1, True)


@each(TERMS)
def test_a_term_is_the_macro_its_file_is_named_after(query):
    name, arguments, _ = macro(query)
    assert (name, arguments) == (query.name, list(query.params))


@each({**ANSWERS, **CHECKS})
def test_a_query_takes_the_parameters_it_declares(query):
    assert engine.read_sql(query.sql).parameters == set(query.params)


@each(TERMS)
def test_a_term_takes_nothing_but_its_arguments(query):
    assert not engine.read_sql(select(query)).parameters


@each(EVERY)
def test_a_query_reads_what_it_declares(query):
    assert engine.read_sql(select(query)).relations == set(query.reads)


@each(EVERY)
def test_no_step_of_a_query_hides_a_table_or_a_term_behind_its_name(query):
    steps = set(re.findall(r"^(?:with )?(\w+) as \($", select(query), re.MULTILINE))
    assert not steps & {*all_tables(), *TERMS}


@each(EVERY)
def test_a_query_reads_only_declared_tables_and_terms(query):
    assert set(query.reads) <= {*all_tables(), *TERMS}


@each(EVERY)
def test_a_query_returns_the_columns_it_declares_in_that_order(query, tiny):
    columns, _ = typical_rows(tiny, query)
    assert columns == tuple(column.name for column in query.returns)


@each(EVERY)
def test_every_code_a_query_returns_is_on_the_list_it_names(query, tiny):
    columns, rows = typical_rows(tiny, query)
    districts = set(tiny.rows()["district"])
    for place, column in enumerate(query.returns):
        for row in rows:
            named = {column.codes, column.of_row(row[columns.index(column.by)]).codes} if column.by else {column.codes}
            lists = [code_lists()[name] for name in named - {None, "district"}]  # districts are rows, no list
            known = {code.code for codes in lists for code in codes} | (districts if "district" in named else set())
            assert not lists or row[place] in known | {None}, (columns[place], named)


@each({name: query for name, query in EVERY.items() if query.rows_of})
def test_an_answer_that_lists_rows_of_a_ledger_returns_each_at_most_once_under_its_key(query, tiny):
    key = all_tables()[query.rows_of].key
    columns, rows = typical_rows(tiny, query)
    places = [columns.index(name) for name in key]
    ledger = {tuple(row[name] for name in key) for row in engine.rows_of(tiny.on_disk, query.rows_of)}
    keys = [tuple(row[place] for place in places) for row in rows]
    assert set(keys) <= ledger
    assert len(keys) == len(set(keys)) or len(typical_parameters(query)) > 1


@each({name: query for name, query in EVERY.items() if query.behind})
def test_the_answer_behind_an_answer_exists(query):
    assert query.behind in ANSWERS


@each(EVERY)
def test_everything_a_header_says_is_said_in_both_languages(query):
    said = [query.title, query.grain, *query.params.values(), *(column.heading for column in query.returns)]
    said += [query.notes] if query.notes else []
    assert all(words.zh.strip() and words.en.strip() for words in [*said, *query.definitions.values()])


@each(CHECKS)
def test_a_check_says_how_bad_it_is_and_which_row_offends(query):
    assert query.severity in ("error", "warning")
    assert [column.name for column in query.returns][:2] == ["table_name", "row_key"]


@each(EVERY)
def test_no_query_looks_at_the_clock(query):
    assert not re.search(r"\b(current_date|current_timestamp|localtimestamp|now|today|getdate)\b", bare(query.sql))


@each(EVERY)
def test_no_query_takes_every_column_of_a_table(query):
    starred = set(re.findall(r"\*\s+from\s+(\w+)", bare(query.sql)))
    assert not starred & {*all_tables(), *TERMS}
    assert not re.search(r"\w\.\*", bare(query.sql))


@each(ANSWERS)
def test_an_answer_says_in_which_order_its_rows_come(query):
    assert re.search(r"^order by\b", bare(query.sql), re.MULTILINE)


@each(EVERY)
def test_every_divisor_is_guarded_against_zero(query):
    divisors = [after.lstrip() for after in bare(query.sql).split("/")[1:]]
    assert all(after.startswith("nullif(") for after in divisors)


def test_no_query_is_answered_by_two_files_of_one_name():
    assert len(EVERY) == len(ANSWERS) + len(CHECKS) + len(TERMS)
    assert not set(TERMS) & set(all_tables())


def test_every_kpi_from_k01_to_k37_has_a_name_and_a_definition():
    numbers = [f"K{number:02}" for number in range(1, 38)]
    assert [code.code for code in code_lists()["kpi"]] == numbers
    assert list(ANSWERS["kpis"].definitions) == numbers


# --- code lists ------------------------------------------------------------------------------------------------


def checked_values(sql: str) -> dict[str, set[str]]:
    """Column → the values its CHECK allows."""
    return {
        column: set(re.findall(r"'([^']*)'", values))
        for column, values in re.findall(r"check \(\s*(\w+) in \(([^)]*)\)\s*\)", sql)
    }


@pytest.mark.parametrize("name", sorted(all_tables()))
def test_a_code_list_and_the_check_of_its_column_name_the_same_codes(name):
    table = all_tables()[name]
    checked = checked_values(table.sql)
    for column in table.columns:
        # A record repeats what a ledger has checked already, and need not check it again.
        if column.codes and column.codes not in OPEN_LISTS and (table.kind == "ledger" or column.name in checked):
            listed = {code.code for code in code_lists()[column.codes]}
            assert checked.get(column.name) == listed, f"{name}.{column.name}: {column.codes}"


@pytest.mark.parametrize("name", sorted(all_tables()))
def test_a_checked_column_names_its_code_list(name):
    table = all_tables()[name]
    assert {column for column in checked_values(table.sql) if table.column(column).codes is None} == set()


@pytest.mark.parametrize("name", sorted(code_lists()))
def test_no_two_codes_of_a_list_go_by_one_name(name):
    for said in (
        [one.code for one in code_lists()[name]],
        [one.label.zh for one in code_lists()[name]],
        [one.label.en for one in code_lists()[name]],
    ):
        assert len(said) == len(set(said))
