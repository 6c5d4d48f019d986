"""DuckDB, and the only module that imports it: build a release file, ask it one question, read it back.

Each trap of the platform is avoided in exactly one function here, and `tests/test_engine.py` holds it to that:
one cursor a question (`ask`), read-only and locked files (`_reader`), one SELECT in a read-only transaction
(`ask`), saved only after reading back (`build`), small blocks (`build`).
"""

import atexit
import datetime as dt
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

BLOCK_SIZE = 16384  # the default of 256 kB made 12.9 MB of the shipped rows, which need less than one
TIMEOUT_SECONDS = 30.0

_LOCKED_DOWN = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "python_enable_replacements": "false",  # else SQL could read Python variables by name
    "memory_limit": "2GB",
    "threads": "2",
}

_ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}

_readers: dict[Path, duckdb.DuckDBPyConnection] = {}
_readers_lock = threading.Lock()


@atexit.register
def _close_readers() -> None:
    """Leave nothing open at exit: DuckDB complains aloud of connections that outlive the interpreter."""
    while _readers:
        _readers.popitem()[1].close()


class QuestionFailed(Exception):
    """A question could not be answered: the SQL, its parameters or the file is at fault."""


class RowsRefused(Exception):
    """The rows break a constraint of the table declarations."""


class Unreadable(Exception):
    """The file is not a release this version can open."""


@dataclass(frozen=True)
class DeclaredColumn:
    """A column as `create table` declares it."""

    name: str
    type: str
    is_required: bool


@dataclass(frozen=True)
class Reading:
    """What a SQL text says of itself: how many statements, which parameters, which relations it reads."""

    statements: int
    is_select: bool
    parameters: frozenset[str]
    relations: frozenset[str]


def describe(ddl: Iterable[str]) -> dict[str, tuple[DeclaredColumn, ...]]:
    """The columns of every table the statements create, in order; nothing is written to disk."""
    return _described(tuple(ddl))


@lru_cache(maxsize=32)
def _described(ddl: tuple[str, ...]) -> dict[str, tuple[DeclaredColumn, ...]]:
    with duckdb.connect(":memory:") as connection:
        for statement in ddl:
            connection.execute(statement)
        found: dict[str, list[DeclaredColumn]] = {}
        for table, column, kind, nullable in connection.execute(
            "select table_name, column_name, data_type, is_nullable from duckdb_columns() "
            "where not internal order by table_name, column_index"
        ).fetchall():
            found.setdefault(table, []).append(DeclaredColumn(column, kind, not nullable))
    return {table: tuple(columns) for table, columns in found.items()}


def read_sql(sql: str) -> Reading:
    """Parse one SQL text without running it. Raises `QuestionFailed` when it does not parse."""
    import json

    try:
        statements = duckdb.extract_statements(sql)
        with duckdb.connect(":memory:") as connection:
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
    rows: Mapping[str, Sequence[Mapping[str, object]]],
    own_keys: Mapping[str, tuple[str, str]],
) -> None:
    """Write a new release file: the tables, their rows, and the terms (table macros) that answers use.

    `tables` are the `create table` statements in the order of their references; `own_keys` names, for a table
    that refers to itself, its key and the referring column: referred rows go in first, since DuckDB checks a
    foreign key against rows of earlier statements only. Raises `RowsRefused` when a constraint is broken; the
    half-made file is then the caller's to throw away.
    """
    declared = describe(tables)
    connection = duckdb.connect(":memory:", config=dict(_LOCKED_DOWN))
    try:
        connection.execute(f"attach {_literal(str(path))} as made (block_size {BLOCK_SIZE})")
        connection.execute("use made")
        for statement in tables:
            connection.execute(statement)
        for table in declared_order(tables):
            for wave in _waves(rows.get(table, ()), own_keys.get(table)):
                _insert(connection, table, declared[table], wave)
        for statement in terms:
            connection.execute(statement)
        connection.execute("checkpoint made")
    except duckdb.ConstraintException as error:
        raise RowsRefused(str(error)) from error
    finally:
        connection.close()
    forget(path)
    counts = {table: len(rows.get(table, ())) for table in declared}
    written = count_rows(path)
    if written != counts:  # "saved" is said only after reading back: a failed COMMIT can return quietly
        raise RowsRefused(f"{path.name}: wrote {counts}, read back {written}")


def declared_order(tables: Iterable[str]) -> list[str]:
    """Table names in the order of their `create table` statements."""
    return [re.search(r"create table (\w+)", statement)[1] for statement in tables]


def ask(
    path: Path, sql: str, parameters: Mapping[str, object] | None = None, timeout: float = TIMEOUT_SECONDS
) -> tuple[tuple[str, ...], list[tuple]]:
    """Ask one question of one release: column names and rows.

    The question is a single SELECT, runs on a cursor of its own (a shared connection hands threads each other's
    rows, silently) inside a read-only transaction (a data-modifying CTE counts as SELECT), and is interrupted
    after `timeout` seconds. Raises `QuestionFailed` with DuckDB's own words.
    """
    one_select(sql)
    cursor = _reader(path).cursor()
    bell = threading.Timer(timeout, cursor.interrupt)
    bell.daemon = True
    bell.start()
    try:
        cursor.execute("begin transaction read only")
        cursor.execute(sql, dict(parameters or {}))
        columns = tuple(column[0] for column in cursor.description)
        return columns, cursor.fetchall()
    except duckdb.Error as error:
        raise QuestionFailed(str(error)) from error
    finally:
        bell.cancel()
        cursor.close()


@lru_cache(maxsize=512)
def one_select(sql: str) -> None:
    """Raise `QuestionFailed` unless the text is exactly one SELECT statement."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QuestionFailed(str(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QuestionFailed("a question is exactly one SELECT statement")


def rows_of(path: Path, table: str) -> list[dict[str, object]]:
    """Every row of one table of a release, as dictionaries in the order of its columns."""
    cursor = _reader(path).cursor()
    try:
        relation = cursor.table(table)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    except duckdb.Error as error:
        raise Unreadable(str(error)) from error
    finally:
        cursor.close()


def structure_of(path: Path) -> dict[str, tuple[str, ...]]:
    """Table → column names, as the file itself declares them. Raises `Unreadable`."""
    try:
        _, rows = ask(
            path,
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where not internal and database_name = current_database() group by table_name",
        )
    except QuestionFailed as error:
        raise Unreadable(str(error)) from error
    return {table: tuple(columns) for table, columns in rows}


def count_rows(path: Path) -> dict[str, int]:
    """Table → number of rows, every column of every row read: damage is often seen only by a full scan."""
    return {table: len(rows_of(path, table)) for table in structure_of(path)}


def forget(path: Path) -> None:
    """Close the reader of a file, if there is one."""
    with _readers_lock:
        reader = _readers.pop(path.resolve(), None)
    if reader is not None:
        reader.close()


def _reader(path: Path) -> duckdb.DuckDBPyConnection:
    """The one read-only, locked-down connection to a release; releases never change, so it never goes stale."""
    path = path.resolve()
    with _readers_lock:
        if path not in _readers:
            if not path.is_file():
                raise Unreadable(f"{path.name}: no such file")
            try:
                connection = duckdb.connect(str(path), read_only=True, config=dict(_LOCKED_DOWN))
                connection.execute("set enable_external_access = false")
                connection.execute("set lock_configuration = true")
            except duckdb.Error as error:
                raise Unreadable(str(error)) from error
            _readers[path] = connection
        return _readers[path]


def _insert(connection, table: str, columns: tuple[DeclaredColumn, ...], rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        return
    schema = pa.schema([(column.name, _arrow_type(column.type)) for column in columns])
    filled = [{column.name: row.get(column.name) for column in columns} for row in rows]
    try:
        frame = pa.Table.from_pylist(filled, schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise RowsRefused(f"{table}: {error}") from error
    connection.from_arrow(frame).insert_into(table)


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


def _literal(text: str) -> str:
    """A path as SQL text: ATTACH takes no parameters. The path is ours, never a reader's."""
    return "'" + text.replace("'", "''") + "'"


def to_text(value: object) -> str | None:
    """A cell as text, the same for equal values: what `change` records."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(), "f")
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return str(value)


def from_text(kind: str, text: str | None) -> object:
    """The cell that `to_text` wrote, for a column of the given DuckDB type.

    Raises `ValueError` when the text is no such value.
    """
    if text is None or kind == "VARCHAR":
        return text
    if kind == "BOOLEAN":
        return {"true": True, "false": False}[text] if text in ("true", "false") else _no_value(kind, text)
    if kind in ("INTEGER", "BIGINT"):
        return int(text)
    if kind == "DATE":
        return dt.date.fromisoformat(text)
    if kind == "TIMESTAMP":
        return dt.datetime.fromisoformat(text)
    try:
        value = Decimal(text)
    except ArithmeticError:
        return _no_value(kind, text)
    return value if value.is_finite() else _no_value(kind, text)


def _no_value(kind: str, text: str) -> object:
    raise ValueError(f"{text!r} is not a {kind}")
