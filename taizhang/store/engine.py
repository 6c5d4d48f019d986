"""DuckDB, and the only module that imports it: build a release file, ask it one question, read it back.

Each trap of the platform is avoided in exactly one function here, and `tests/test_engine.py` holds it to that:
one cursor a question (`_answer`), read-only and locked files (`_Reader`), one SELECT in a read-only transaction
(`_answer`), saved only after reading back (`build`, `amend`), small blocks and no log (`_writing`).
"""

import atexit
import datetime as dt
import errno
import hashlib
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from taizhang.rows.ledgers import RowsRefused
from taizhang.store.bell import ringing_after

BLOCK_SIZE = 16384  # the default of 256 kB made 12.9 MB of the shipped rows, which need less than one
TIMEOUT_SECONDS = 30.0
MOST_OPEN = 64  # releases open at once; each holds some 7 MB
MOST_ANSWERED = 100  # questions of one opening: DuckDB keeps some 0.1 MB of each, and takes longer from one to the next

_LOCKED_DOWN = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "python_enable_replacements": "false",  # else SQL could read Python variables by name
    "memory_limit": "2GB",
    "threads": "2",
}

# A question of a board is long and its ledgers are short: more time goes into planning an answer than into reading
# rows. These steps of the planner cost more than they save on ledgers, and change no answer; a second thread only
# waits for the first. Files are read whole and are local, so that eight threads for reading ahead would idle.
_FOR_READING = {
    **_LOCKED_DOWN,
    "threads": "1",
    "async_threads": "0",
    "disabled_optimizers": "cte_inlining,common_subplan,join_order,projection_pullup,statistics_propagation,"
    "common_subexpressions",
}

_ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}


class QuestionFailed(Exception):
    """A question could not be answered: the SQL, its parameters or the file is at fault."""


@dataclass(frozen=True)
class Constraint:
    """One rule of a table, as DuckDB's catalogue tells it.

    `kind` is CHECK, NOT NULL, PRIMARY KEY, UNIQUE, FOREIGN KEY or TYPE (a value its column cannot hold);
    `expression` is DuckDB's own wording of a CHECK.
    """

    table: str
    kind: str
    columns: tuple[str, ...]
    expression: str | None = None
    referred_table: str | None = None
    referred_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Violation:
    """A rule that rows break, and the places of those rows among the rows given (from 0)."""

    constraint: Constraint
    places: tuple[int, ...]


@dataclass(frozen=True)
class Stacked:
    """The rows of a table as another file holds them, then these: history is copied, not read into Python."""

    path: Path
    rows: Sequence[Mapping[str, object]]


TableRows = Sequence[Mapping[str, object]] | Stacked


class Unreadable(Exception):
    """The file is not a release this version can open."""


@dataclass(frozen=True)
class DeclaredColumn:
    """A column as `create table` declares it."""

    name: str
    type: str
    is_required: bool


@dataclass(frozen=True)
class UsualColumn:
    """A declared column, and what it holds in a row of which nothing is said: as text, None for nothing."""

    name: str
    type: str
    default: str | None


@dataclass(frozen=True)
class Reading:
    """What a SQL text says of itself: how many statements, which parameters, which relations it reads."""

    statements: int
    is_select: bool
    parameters: frozenset[str]
    relations: frozenset[str]


@lru_cache(maxsize=1)
def _nowhere() -> duckdb.DuckDBPyConnection:
    """A database that keeps nothing, for what needs one to be parsed or compared. It is kept open, and used by cursors:
    to make a database takes longer than most of what it is asked."""
    return duckdb.connect(":memory:", config=dict(_LOCKED_DOWN))


def describe(ddl: Iterable[str]) -> dict[str, tuple[DeclaredColumn, ...]]:
    """The columns of every table the statements create, in order; nothing is written to disk."""
    return _described(tuple(ddl))


@lru_cache(maxsize=32)
def _described(ddl: tuple[str, ...]) -> dict[str, tuple[DeclaredColumn, ...]]:
    with duckdb.connect(":memory:") as connection:
        for statement in ddl:
            connection.execute(statement)
        return _columns_of_all(connection)


def _columns_of_all(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[DeclaredColumn, ...]]:
    found: dict[str, list[DeclaredColumn]] = {}
    for table, column, kind, nullable in connection.execute(
        "select table_name, column_name, data_type, is_nullable from duckdb_columns() "
        "where not internal order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append(DeclaredColumn(column, kind, not nullable))
    return {table: tuple(columns) for table, columns in found.items()}


@lru_cache(maxsize=1024)
def read_sql(sql: str) -> Reading:
    """Parse one SQL text without running it. Raises `QuestionFailed` when it does not parse."""
    import json

    try:
        statements = duckdb.extract_statements(sql)
        with _nowhere().cursor() as connection:
            tree = json.loads(connection.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()[0])
    except duckdb.Error as error:
        raise QuestionFailed(str(error)) from error
    relations, names_of_ctes = set(), set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for entry in node.get("cte_map", {}).get("map", []) if isinstance(node.get("cte_map"), dict) else []:
                names_of_ctes.add(entry["key"])
            if node.get("type") == "BASE_TABLE":
                relations.add(node["table_name"])
            elif node.get("type") == "TABLE_FUNCTION":
                relations.add(node["function"]["function_name"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(tree)
    parameters = frozenset(name for one in statements for name in one.named_parameters)
    is_select = all(one.type == duckdb.StatementType.SELECT for one in statements)
    built_in = {"unnest", "generate_series", "range"}
    return Reading(len(statements), is_select, parameters, frozenset(relations - names_of_ctes - built_in))


def build(
    path: Path,
    tables: Sequence[str],
    terms: Sequence[str],
    rows: Mapping[str, TableRows],
    own_keys: Mapping[str, tuple[str, str]],
    tell: Callable[[int, int], None] | None = None,
) -> None:
    """Write a new release file: the tables, their rows, and the terms (table macros) that answers use.

    `tables` are the `create table` statements in the order of their references; `own_keys` names, for a table
    that refers to itself, its key and the referring column: referred rows go in first, since DuckDB checks a
    foreign key against rows of earlier statements only. All go in at once: a transaction of each table's own made
    a publish a tenth longer. `tell` hears of every table written and may raise.
    Raises `RowsRefused` when a constraint is broken; the half-made file is then the caller's to throw away.
    """
    empty, declared = _empty(tuple(tables), tuple(terms))
    path.write_bytes(empty)
    counts = dict.fromkeys(declared, 0)
    try:
        with _writing(path) as connection:
            connection.execute("begin transaction")
            for done, table in enumerate(declared_order(tables)):
                portions = _portions(connection, table, declared[table], rows.get(table, ()), own_keys.get(table))
                for count, given in portions:
                    counts[table] += count
                    given.insert_into(table)
                if tell:
                    tell(done + 1, len(declared))
            connection.execute("commit")
            connection.execute("checkpoint made")
    except duckdb.ConstraintException as error:
        raise RowsRefused(str(error)) from error
    except duckdb.Error as error:
        raise _from_the_disk(error) from error
    forget(path)
    with _opened(path) as reader:
        reader.was_made_of(terms, declared)
        written = _read_through(reader, tuple(declared))
    if written != counts:  # "saved" is said only after reading back: a failed COMMIT can return quietly
        raise RowsRefused(f"{path.name}: wrote {counts}, read back {written}")


@lru_cache(maxsize=4)
def _empty(tables: tuple[str, ...], terms: tuple[str, ...]) -> tuple[bytes, dict[str, tuple[DeclaredColumn, ...]]]:
    """A release file without a row, and its columns. Making one takes as long as filling it, and they are all alike."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "empty.duckdb"
        with _writing(path) as connection:
            for statement in (*tables, *terms):
                connection.execute(statement)
            connection.execute("checkpoint made")
            columns = _columns_of_all(connection)
        return path.read_bytes(), columns


def build_unconstrained(path: Path, tables: Sequence[str], terms: Sequence[str], rows: Mapping[str, TableRows]) -> None:
    """The same file without any constraint, for rows that break some: so that checks can be asked of them too.

    A value its column cannot hold is left empty.
    """
    declared = describe(tables)
    with _writing(path) as connection:
        for table in declared_order(tables):
            given = rows.get(table, ())
            own = given.rows if isinstance(given, Stacked) else given
            frames = [*_copied(given, table), _frame_of_what_fits(declared[table], own)[0]]
            connection.from_arrow(pa.concat_tables(frames)).create(table)
        for statement in terms:
            connection.execute(statement)
        connection.execute("checkpoint made")
    forget(path)


def build_like(
    path: Path, like: Path, rows: Mapping[str, Sequence[Mapping[str, object]]], own_keys: Mapping[str, tuple[str, str]]
) -> None:
    """Write a new file that declares all that another one declares, its terms included, with other rows.

    The rows are those of a file that was built once, in its order. Raises `Unreadable` when they cannot be put in.
    """
    beside = path.with_name(f"{path.name}.like.tmp")  # a copy: this process may have the file itself open
    shutil.copyfile(like, beside)
    try:
        with _writing(path) as connection:
            connection.execute(f"attach {_literal(str(beside))} as declaring (read_only)")
            connection.execute("copy from database declaring to made (schema)")
            connection.execute("detach declaring")
            connection.execute("begin transaction")
            for table in _tables_in(connection):
                columns = _columns_in(connection, table)
                for _, given in _portions(connection, table, columns, rows.get(table, ()), own_keys.get(table)):
                    given.insert_into(table)
            connection.execute("commit")
            connection.execute("checkpoint made")
    except (duckdb.Error, RowsRefused) as error:
        raise Unreadable(str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
    forget(path)


def _tables_in(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of the file that is written, those first that others refer to."""
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'made' and not internal order by table_oid"
    ).fetchall()
    return [name for (name,) in found]


def constraints(tables: Sequence[str]) -> tuple[Constraint, ...]:
    """Every rule that the `create table` statements set, in the order of the tables."""
    return _constraints(tuple(tables))


@lru_cache(maxsize=32)
def _constraints(tables: tuple[str, ...]) -> tuple[Constraint, ...]:
    with duckdb.connect(":memory:") as connection:
        for statement in tables:
            connection.execute(statement)
        found = connection.execute(
            "select table_name, constraint_type, constraint_column_names, expression, referenced_table, "
            "referenced_column_names from duckdb_constraints() order by table_oid, constraint_index"
        ).fetchall()
    return tuple(
        Constraint(table, kind, tuple(columns), expression, other, tuple(referred or ()))
        for table, kind, columns, expression, other, referred in found
    )


def violations(tables: Sequence[str], rows: Mapping[str, Sequence[Mapping[str, object]]]) -> tuple[Violation, ...]:
    """Every rule of the tables that rows break, at once: an insert would stop at the first.

    A column that is empty breaks NOT NULL only, not the primary key as well; as in SQL, a CHECK that is unknown
    and a reference with an empty part are kept.
    """
    found = []
    declared, rules = describe(tables), constraints(tables)
    with _nowhere().cursor() as connection:
        for table in declared_order(tables):
            own = rows.get(table, ())
            if not own:
                continue
            frame, misfits = _frame_of_what_fits(declared[table], own)
            found.extend(Violation(Constraint(table, "TYPE", (name,)), places) for name, places in misfits.items())
            relation = connection.from_arrow(frame.append_column(_PLACE, pa.array(range(len(own)))))
            for rule in (one for one in rules if one.table == table):
                places = _places(rule, relation, own, rows)
                if places:
                    found.append(Violation(rule, places))
    return tuple(found)


_PLACE = "place of the row"  # no column of a ledger has a name with spaces


def _places(rule: Constraint, relation, own: Sequence[Mapping], rows: Mapping[str, Sequence[Mapping]]) -> tuple:
    if rule.kind == "CHECK":
        broken = relation.filter(~duckdb.SQLExpression(rule.expression))
        return tuple(sorted(place for (place,) in broken.select(duckdb.ColumnExpression(_PLACE)).fetchall()))
    values = [tuple(row.get(name) for name in rule.columns) for row in own]
    if rule.kind == "NOT NULL":
        return tuple(place for place, (value,) in enumerate(values) if value is None)
    if rule.kind == "FOREIGN KEY":
        known = {tuple(row.get(name) for name in rule.referred_columns) for row in rows.get(rule.referred_table, ())}
        return tuple(place for place, value in enumerate(values) if None not in value and value not in known)
    seen, again = set(), []
    for place, value in enumerate(values):
        if None not in value and value in seen:
            again.append(place)
        seen.add(value)
    return tuple(again)


# What a draft may still be told before it is a release, by the column of `release` it is kept in.
_SAID = {
    "as_of_on": "update release set as_of_on = $value where list_contains($releases, release)",
    "published_at": "update release set published_at = $value where list_contains($releases, release)",
    "published_by": "update release set published_by = $value where list_contains($releases, release)",
    "note_zh": "update release set note_zh = $value where list_contains($releases, release)",
    "note_en": "update release set note_en = $value where list_contains($releases, release)",
}
_DATED = "update action_snapshot set as_of_on = $value where list_contains($releases, release)"


def amend(
    path: Path, releases: Sequence[int], said: Mapping[str, object], added: Mapping[str, Sequence[Mapping[str, object]]]
) -> None:
    """Write into a draft what its `releases` say of themselves, and rows into its records: the only changes a built
    file ever sees, before it is a release.

    Raises `RowsRefused` for rows that do not fit; the draft is then the caller's to throw away.
    """
    forget(path)
    counts: dict[str, int] = {}
    try:
        with _writing(path) as connection:
            connection.execute("begin transaction")
            for name, value in said.items():
                connection.execute(_SAID[name], {"value": value, "releases": list(releases)})
                if name == "as_of_on":
                    connection.execute(_DATED, {"value": value, "releases": list(releases)})
            for table, rows in added.items():
                if rows:
                    counts[table] = _count(connection, table) + len(rows)
                    for _, given in _portions(connection, table, _columns_in(connection, table), rows, None):
                        given.insert_into(table)
            connection.execute("commit")
            connection.execute("checkpoint made")
            connection.execute("use memory")
            connection.execute("detach made")
            connection.execute(f"attach {_literal(str(path))} as made (read_only)")
            connection.execute("use made")
            kept = _said_in(connection, releases, said), {table: _count(connection, table) for table in counts}
    except (duckdb.ConstraintException, *_DOES_NOT_FIT) as error:
        raise RowsRefused(str(error)) from error
    except duckdb.Error as error:
        raise _from_the_disk(error) from error
    if not kept[0] or any(one != dict(said) for one in kept[0]) or kept[1] != counts:
        raise RowsRefused(f"{path.name}: wrote {said} and {counts}, read back {kept}")


def _said_in(
    connection: duckdb.DuckDBPyConnection, releases: Sequence[int], names: Iterable[str]
) -> list[dict[str, object]]:
    """What those of the releases that a file speaks of say of themselves."""
    relation, names = connection.table("release"), list(names)
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    return [{name: row[name] for name in names} for row in rows if row["release"] in releases]


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """The number of rows, every value of every row read."""
    return len(connection.table(table).fetchall())


def _columns_in(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[DeclaredColumn, ...]:
    relation = connection.table(table)
    pairs = zip(relation.columns, relation.types, strict=True)
    return tuple(DeclaredColumn(name, str(kind), False) for name, kind in pairs)


def declared_order(tables: Iterable[str]) -> list[str]:
    """Table names in the order of their `create table` statements."""
    return [re.search(r"create table (\w+)", statement)[1] for statement in tables]


def ask(
    path: Path,
    sql: str,
    parameters: Mapping[str, object] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    terms: Mapping[str, str] | None = None,
    tables: Mapping[str, Sequence[UsualColumn]] | None = None,
) -> tuple[tuple[str, ...], list[tuple]]:
    """Ask one question of one release: column names and rows.

    A release keeps the terms it was published with. One that the question reads and the release does not have is
    taken from `terms` (name → its `create macro`, each after those it reads), if the tables it reads are there. Of
    `tables`, one that was declared since stands empty beside it, and a column that was holds its usual value.
    Raises `QuestionFailed` with DuckDB's own words, also after `timeout` seconds, and `Unreadable` for a file that
    is no release.
    """
    select = one_select(sql)
    with _opened(path) as reader:
        try:
            try:
                return _answer(reader, select, parameters or {}, timeout)
            except (duckdb.CatalogException, duckdb.BinderException):
                if not reader.learn(terms or {}, tables or {}):
                    raise
            return _answer(reader, select, parameters or {}, timeout)
        except duckdb.Error as error:
            raise QuestionFailed(str(error)) from error


def _answer(
    reader: "_Reader", select: duckdb.Statement, parameters: Mapping[str, object], timeout: float
) -> tuple[tuple[str, ...], list[tuple]]:
    """Column names and rows of a SELECT.

    It runs on a cursor of its own (a shared connection hands threads each other's rows, silently) inside a
    read-only transaction (a data-modifying CTE counts as SELECT), and is interrupted after `timeout` seconds.
    """
    reader.answered += 1
    cursor = reader.cursor()
    try:
        with ringing_after(timeout, cursor.interrupt):
            cursor.execute("begin transaction read only")
            cursor.execute(select, dict(parameters))
            columns = tuple(column[0] for column in cursor.description)
            return columns, cursor.fetchall()
    finally:
        cursor.close()


def missing_terms(path: Path, names: Iterable[str]) -> frozenset[str]:
    """Which of the terms a release does not define itself: today's definition stands in for them.

    Raises `Unreadable`.
    """
    with _opened(path) as reader:
        try:
            return frozenset(names) - reader.own_terms
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error


@lru_cache(maxsize=512)
def one_select(sql: str) -> duckdb.Statement:
    """The text as a parsed statement, which takes a tenth of a long question's time and is kept.

    Raises `QuestionFailed` unless it is exactly one SELECT.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QuestionFailed(str(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QuestionFailed("a question is exactly one SELECT statement")
    return statements[0]


def rows_of(path: Path, table: str, **equal: object) -> list[dict[str, object]]:
    """Every row of one table of a release whose columns equal the values given, as dictionaries.

    Raises `Unreadable`.
    """
    columns, rows = _told(path, _rows_where(table, tuple(equal)), equal)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def tables_of(path: Path, tables: Iterable[str]) -> dict[str, list[dict[str, object]]]:
    """Every row of each of the tables, as `rows_of` gives them; none of a table that the file does not have.

    On one cursor: one for each takes as long as a small table takes to read. Raises `Unreadable`.
    """
    found: dict[str, list[dict[str, object]]] = {}
    with _opened(path) as reader:
        cursor = reader.cursor()
        try:
            for table in tables:
                try:
                    cursor.execute(_rows_where(table, ()), {})
                except duckdb.CatalogException:
                    found[table] = []
                    continue
                columns = [column[0] for column in cursor.description]
                found[table] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error
        finally:
            cursor.close()
    return found


def _told(path: Path, statement: duckdb.Statement, said: Mapping[str, object]) -> tuple[list[str], list[tuple]]:
    """Column names and rows; not by a relation, which asks the catalogue twice as long as a small table takes to
    read. Raises `Unreadable`."""
    with _opened(path) as reader:
        cursor = reader.cursor()
        try:
            cursor.execute(statement, said)
            return [column[0] for column in cursor.description], cursor.fetchall()
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error
        finally:
            cursor.close()


@lru_cache(maxsize=256)
def _rows_where(table: str, equal: tuple[str, ...], most: int | None = None) -> duckdb.Statement:
    """The rows of a table whose columns equal the parameters of their names, all or so many."""
    kept = " and ".join(f"{_quoted(name)} = ${name}" for name in equal) or "true"
    text = f"from {_quoted(table)} where {kept}"
    return duckdb.extract_statements(text if most is None else f"{text} limit {most}")[0]


def has_true(path: Path, table: str, column: str) -> bool:
    """Whether any row of a table says yes in a column. Raises `Unreadable`."""
    return bool(_told(path, _rows_where(table, (column,), 1), {column: True})[1])


def has_rows(path: Path, table: str) -> bool:
    """Whether a table of a release holds any row. Raises `Unreadable`."""
    return bool(_told(path, _rows_where(table, (), 1), {})[1])


def structure_of(path: Path) -> dict[str, tuple[str, ...]]:
    """Table → column names, as the file itself declares them. Raises `Unreadable`."""
    with _opened(path) as reader:
        try:
            return reader.structure
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error


def declarations_of(path: Path) -> str:
    """A checksum of all that a file declares: its tables, their columns and rules, and its terms. Raises
    `Unreadable`."""
    digest = hashlib.sha256()
    for statement in _DECLARED:
        for row in _told(path, statement, {})[1]:
            digest.update(f"{row}\n".encode())
    return digest.hexdigest()


def types_of(path: Path) -> dict[str, dict[str, str]]:
    """Table → column → type, as the file itself declares them. Raises `Unreadable`."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind, *_ in _told(path, _DECLARED[0], {})[1]:
        found.setdefault(table, {})[column] = kind
    return found


def columns_of(path: Path, table: str) -> tuple[str, ...]:
    """The columns of a table as the file declares it, none where it has no such table: to ask for the structure of the
    whole file costs as much as opening it. Raises `Unreadable`."""
    with _opened(path) as reader:
        return reader.columns_of(table)


_DECLARED = duckdb.extract_statements(
    "select table_name, column_name, data_type, is_nullable, column_default from duckdb_columns() "
    "where not internal and database_name = current_database() order by table_name, column_index;"
    "select table_name, constraint_text from duckdb_constraints() "
    "where database_name = current_database() order by all;"
    "select function_name, parameters, macro_definition from duckdb_functions() "
    "where not internal and database_name = current_database() order by function_name"
)


def count_rows(path: Path) -> dict[str, int]:
    """Table → number of rows, every column of every row read: damage is often seen only by a full scan."""
    with _opened(path) as reader:
        try:
            return _read_through(reader, tuple(reader.structure))
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error


def _read_through(reader: "_Reader", tables: tuple[str, ...]) -> dict[str, int]:
    """Table → number of rows, after every value of every row went into a sum, all tables in one question."""
    cursor = reader.cursor()
    try:
        return {table: rows for table, rows, _ in cursor.execute(_sums_of(tables)).fetchall()}
    finally:
        cursor.close()


@lru_cache(maxsize=64)
def _sums_of(tables: tuple[str, ...]) -> duckdb.Statement:
    """Name, number of rows and sum of every table. As one statement: each has its price, also over an empty table."""
    of_each = (
        f"select {_literal(one)} as name, count(*) as rows, bit_xor(hash({_quoted(one)})) as sum "  # noqa: S608
        f"from {_quoted(one)}"
        for one in tables
    )
    return duckdb.extract_statements(" union all ".join(of_each))[0]


# --- the files that are open -----------------------------------------------------------------------------------


class _Reader:
    """A release open for reading, locked down, and what stands in for the terms and columns it does not have.

    A database of its own for each file, not one that attaches them all: attaching needs folders to be opened to the
    database, and what is open to it a question can read and list, byte by byte.
    """

    def __init__(self, path: Path):
        """Raises `Unreadable`."""
        if not path.is_file():
            raise Unreadable(f"{path.name}: no such file")
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=dict(_FOR_READING))
            self._connection.execute("set enable_external_access = false")
            self._connection.execute("set lock_configuration = true")
            self._name = self._connection.execute("select current_database()").fetchone()[0]
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error
        self.questions = 0  # being asked at the moment
        self.answered = 0
        self._lock = threading.Lock()
        self._tried: set[str] = set()
        self._columns: dict[str, tuple[str, ...]] = {}
        self._has_learnt = False

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new cursor; a name is looked up first among what stands in, where nothing is that the release has whole."""
        cursor = self._connection.cursor()
        if self._has_learnt:  # a cursor does not inherit the search path
            cursor.execute(f"set search_path = {_literal(f'{_STAND_INS},{_quoted(self._name)}')}")
        return cursor

    @cached_property
    def own_terms(self) -> frozenset[str]:
        """The names of the terms in the file; looked up when first asked for, since it costs as much as opening."""
        cursor = self._connection.cursor()
        try:
            found = cursor.execute(
                "select function_name from duckdb_functions() where database_name = current_database() and not internal"
            ).fetchall()
        finally:
            cursor.close()
        return frozenset(name for (name,) in found)

    def was_made_of(self, terms: Sequence[str], tables: Mapping[str, Sequence[DeclaredColumn]]) -> None:
        """Tell what the file was just made of: it need not be asked for it."""
        named = [re.search(r"create macro (\w+)", one) for one in terms]
        if all(named):
            self.own_terms = frozenset(one[1] for one in named)
        self._columns.update({table: tuple(one.name for one in columns) for table, columns in tables.items()})

    def columns_of(self, table: str) -> tuple[str, ...]:
        """The columns of a table; none where there is no such table. Raises `Unreadable`."""
        if table not in self._columns:
            cursor = self._connection.cursor()
            try:
                self._columns[table] = tuple(cursor.table(table).columns)
            except duckdb.CatalogException:
                self._columns[table] = ()
            except duckdb.Error as error:
                raise Unreadable(str(error)) from error
            finally:
                cursor.close()
        return self._columns[table]

    @cached_property
    def structure(self) -> dict[str, tuple[str, ...]]:
        """Table → column names."""
        cursor = self._connection.cursor()
        try:
            found = cursor.execute(
                "select table_name, list(column_name order by column_index) from duckdb_columns() "
                "where not internal and database_name = current_database() group by table_name"
            ).fetchall()
        finally:
            cursor.close()
        return {table: tuple(columns) for table, columns in found}

    def learn(self, terms: Mapping[str, str], tables: Mapping[str, Sequence[UsualColumn]]) -> bool:
        """Define those of the terms, tables and columns that the release does not have; whether any stands in now."""
        with self._lock:
            for table, columns in tables.items():
                own = self.columns_of(table)
                lacking = [column for column in columns if column.name not in own]
                if lacking and table not in self._tried:
                    self._add(table, own, lacking)
                    self._has_learnt = True
            self._tried.update(tables)
            for name, sql in terms.items():
                if name not in self._tried and name not in self.own_terms:
                    self._has_learnt |= self._define(sql)
            self._tried.update(terms)
            return self._has_learnt

    def _define(self, sql: str) -> bool:
        """Define a term beside the release. DuckDB refuses one that reads a table or column which is not there."""
        with self._beside() as cursor:
            try:
                cursor.execute(sql)
            except duckdb.Error:
                return False
        return True

    def _add(self, table: str, own: Sequence[str], lacking: Sequence[UsualColumn]) -> None:
        """Put a table declared since beside the release, without a row, or one with the columns declared since."""
        with self._beside() as cursor:
            if not own:
                columns = [pa.field(one.name, _arrow_type(one.type)) for one in lacking]
                cursor.from_arrow(pa.schema(columns).empty_table()).create(table)
                return
            usual = (
                duckdb.ConstantExpression(one.default).cast(duckdb.sqltype(one.type)).alias(one.name) for one in lacking
            )
            whole = cursor.table(f"{_quoted(self._name)}.main.{_quoted(table)}")
            whole.project(duckdb.StarExpression(), *usual).create_view(table)

    @contextmanager
    def _beside(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that makes what it makes beside the release."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"attach if not exists ':memory:' as {_STAND_INS} (read_write)")
            cursor.execute(f"set search_path = {_literal(f'{_STAND_INS},{_quoted(self._name)}')}")
            yield cursor
        finally:
            cursor.close()

    def close(self) -> None:
        self._connection.close()


_STAND_INS = "terms_that_stand_in"  # no release file is named so

_readers: dict[Path, _Reader] = {}  # the one asked last stands last
_readers_changed = threading.Condition()


def _known_as(path: Path) -> Path:
    """The one name of a file that may be reached by several."""
    return _resolved(path.parent) / path.name


@lru_cache(maxsize=256)
def _resolved(folder: Path) -> Path:
    return folder.resolve()


@contextmanager
def _opened(path: Path) -> Iterator[_Reader]:
    """The one reader of a release, which stays open meanwhile. Raises `Unreadable`."""
    path = _known_as(path)
    with _readers_changed:
        reader = _readers.pop(path, None)
        if reader and reader.answered >= MOST_ANSWERED and not reader.questions:
            reader.close()
            reader = None
        reader = _readers[path] = reader or _Reader(path)
        reader.questions += 1
        _close_longest_unasked()
    try:
        yield reader
    finally:
        with _readers_changed:
            reader.questions -= 1
            _readers_changed.notify_all()


def _close_longest_unasked() -> None:
    idle = [path for path, reader in _readers.items() if not reader.questions]
    for path in idle[: max(len(_readers) - MOST_OPEN, 0)]:
        _readers.pop(path).close()


@contextmanager
def _table(path: Path, table: str) -> Iterator[duckdb.DuckDBPyRelation]:
    """A table of a release, on a cursor of its own. Raises `Unreadable`."""
    with _opened(path) as reader:
        cursor = reader.cursor()
        try:
            yield cursor.table(table)
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error
        finally:
            cursor.close()


def forget(path: Path) -> None:
    """Close the reader of a file, if there is one, as soon as nobody asks it any more.

    To be called before the file is moved, stamped or deleted.
    """
    path = _known_as(path)
    with _readers_changed:
        _readers_changed.wait_for(lambda: path not in _readers or not _readers[path].questions)
        if path in _readers:
            _readers.pop(path).close()


def rename(old: Path, new: Path) -> None:
    """Give a file another name, in the place of what bore it. Its reader goes on, where the system renames open files:
    to open it again would take as long as to ask it. Raises `OSError`; then all is as it was."""
    forget(new)
    if os.name == "nt":
        forget(old)
    os.replace(old, new)
    old, new = _known_as(old), _known_as(new)
    with _readers_changed:
        if old in _readers:
            _readers[new] = _readers.pop(old)


@atexit.register
def _close_all() -> None:
    """Leave nothing open at exit: DuckDB complains aloud of connections that outlive the interpreter."""
    while _readers:
        _readers.popitem()[1].close()
    while _writers:
        _writers.pop().close()
    if _nowhere.cache_info().currsize:
        _nowhere().close()
        _nowhere.cache_clear()


# --- writing ---------------------------------------------------------------------------------------------------


# What is written is a draft, nobody's until it goes live: whoever makes it a release flushes it once, whole, and
# checks what it holds. So DuckDB neither keeps a log beside it nor waits for the disk at every statement. A second
# thread would only wait for the first here too.
_FOR_WRITING = {**_LOCKED_DOWN, "threads": "1", "async_threads": "0", "fsync_mode": "NONE"}


def _from_the_disk(error: duckdb.Error) -> Exception:
    """What the disk said, as Python would say it: DuckDB has its words in its own error. Any other error as it is."""
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
        if os.strerror(number) in str(error):
            return OSError(number, os.strerror(number))
    return error


_writers: list[duckdb.DuckDBPyConnection] = []  # the one that writes, once it was needed
_one_writes = threading.Lock()


@contextmanager
def _writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes a file, a new one of small blocks; what it wrote is whole after a checkpoint.

    One file after another is written: to make a database takes as long as to fill a small one, so it is kept from file
    to file, unless something went wrong with it.
    """
    with _one_writes:
        connection = _writers.pop() if _writers else duckdb.connect(":memory:", config=dict(_FOR_WRITING))
        try:
            connection.execute(
                f"attach {_literal(str(path))} as made (block_size {BLOCK_SIZE}, recovery_mode no_wal_writes)"
            )
            connection.execute("use made")
            yield connection
            connection.execute("use memory")
            connection.execute("detach made")
        except BaseException:
            connection.close()
            raise
        _writers.append(connection)


def _portions(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[DeclaredColumn, ...],
    rows: TableRows,
    own_key: tuple[str, str] | None,
) -> Iterable[tuple[int, duckdb.DuckDBPyRelation]]:
    """The rows of a table in portions, each to be inserted by itself: how many, and the rows. None is empty: each
    insert has its price, also one of nothing."""
    copied, own = _copied(rows, table), rows.rows if isinstance(rows, Stacked) else rows
    if own_key:  # copied rows may refer to each other too
        copied, own = [], [*(row for frame in copied for row in frame.to_pylist()), *own]
    yield from ((frame.num_rows, connection.from_arrow(frame)) for frame in copied if frame.num_rows)
    for wave in _waves(own, own_key):
        if wave and len(wave) <= FEW and _are_plain(columns, wave):
            yield len(wave), connection.values(*(tuple(row.get(column.name) for column in columns) for row in wave))
        elif wave:
            try:
                frame = _frame_of(columns, wave)
            except _DOES_NOT_FIT as error:
                raise RowsRefused(f"{table}: {error}") from error
            yield len(wave), connection.from_arrow(frame)


FEW = 500  # rows that are handed over one by one: Arrow's arrays are quicker for more, but load pandas for the first

_PLAIN = {"VARCHAR": str, "BOOLEAN": bool, "DATE": dt.date, "TIMESTAMP": dt.datetime, "BIGINT": int, "INTEGER": int}


def _are_plain(columns: Sequence[DeclaredColumn], rows: Iterable[Mapping[str, object]]) -> bool:
    """Whether DuckDB takes every value as it is; of any other Arrow says whether a column can hold it."""
    return all(_is_plain(row.get(column.name), column.type) for row in rows for column in columns)


def _is_plain(value: object, kind: str) -> bool:
    if value is None:
        return True
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        return type(value) is Decimal and _holds(value, int(decimal[1]), int(decimal[2]))
    if type(value) is not _PLAIN.get(kind):
        return False
    if kind == "VARCHAR":
        return value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value)
    bits = {"INTEGER": 31, "BIGINT": 63}.get(kind)
    return bits is None or -(1 << bits) <= value < 1 << bits


def _holds(value: Decimal, digits: int, places: int) -> bool:
    """Whether a decimal column has room for a value without rounding it."""
    _, figures, exponent = value.as_tuple()
    return isinstance(exponent, int) and -places <= exponent and len(figures) + exponent <= digits - places


def _frame_of(columns: Sequence[DeclaredColumn], rows: Sequence[Mapping[str, object]]) -> pa.Table:
    return pa.table([_array(rows, column) for column in columns], [column.name for column in columns])


def _copied(rows: TableRows, table: str) -> list[pa.Table]:
    return [_frame(rows.path, table)] if isinstance(rows, Stacked) else []


def _frame(path: Path, table: str) -> pa.Table:
    """Every row of a table of a release, read column by column. Raises `Unreadable`."""
    with _table(path, table) as relation:
        return relation.to_arrow_table()


def _frame_of_what_fits(
    columns: tuple[DeclaredColumn, ...], rows: Sequence[Mapping[str, object]]
) -> tuple[pa.Table, dict[str, tuple[int, ...]]]:
    """The rows as a frame, and for each column the places whose value it cannot hold; those stay empty."""
    arrays, misfits = [], {}
    for column in columns:
        try:
            arrays.append(_array(rows, column))
        except _DOES_NOT_FIT:
            fits = [_fits(row.get(column.name), column) for row in rows]
            misfits[column.name] = tuple(place for place, one in enumerate(fits) if not one)
            kept = [row.get(column.name) if one else None for row, one in zip(rows, fits, strict=True)]
            arrays.append(pa.array(kept, _arrow_type(column.type)))
    return pa.table(arrays, [column.name for column in columns]), misfits


def _fits(value: object, column: DeclaredColumn) -> bool:
    try:
        pa.array([value], _arrow_type(column.type))
    except _DOES_NOT_FIT:
        return False
    return True


def _array(rows: Sequence[Mapping[str, object]], column: DeclaredColumn) -> pa.Array:
    name = column.name
    return pa.array([row.get(name) for row in rows], _arrow_type(column.type))


_DOES_NOT_FIT = (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError)


def _waves(rows: Sequence[Mapping[str, object]], own_key: tuple[str, str] | None) -> Iterable[list]:
    """Rows in waves so that each refers only to rows of earlier waves."""
    if own_key is None:
        yield list(rows)
        return
    key, reference = own_key
    waiting, known = list(rows), set()
    while waiting:
        ready = [row for row in waiting if row.get(reference) is None or row[reference] in known]
        ready = ready or waiting  # refers to a missing row or to itself: let the constraint say so
        yield ready
        known.update(row[key] for row in ready)
        waiting = [row for row in waiting if row[key] not in known]


def _arrow_type(kind: str) -> pa.DataType:
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind)
    return pa.decimal128(int(decimal[1]), int(decimal[2])) if decimal else _ARROW[kind]


def _quoted(name: str) -> str:
    """A name as SQL text: that of a release begins with a digit."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    """A path as SQL text: ATTACH takes no parameters. The path is ours, never a reader's."""
    return "'" + text.replace("'", "''") + "'"
