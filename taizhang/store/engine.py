"""DuckDB, and the only module that imports it: build a release file, ask it one question, read it back.

Each trap of the platform is avoided in exactly one function here, and `tests/test_engine.py` holds it to that:
one cursor a question (`ask`), read-only and locked files (`_reader`), one SELECT in a read-only transaction
(`ask`), saved only after reading back (`build`), small blocks (`build`).
"""

import atexit
import datetime as dt
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from taizhang.rows.ledgers import RowsRefused

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
    rows: Mapping[str, TableRows],
    own_keys: Mapping[str, tuple[str, str]],
    tell: Callable[[int, int], None] | None = None,
) -> None:
    """Write a new release file: the tables, their rows, and the terms (table macros) that answers use.

    `tables` are the `create table` statements in the order of their references; `own_keys` names, for a table
    that refers to itself, its key and the referring column: referred rows go in first, since DuckDB checks a
    foreign key against rows of earlier statements only. `tell` hears of every table written and may raise.
    Raises `RowsRefused` when a constraint is broken; the half-made file is then the caller's to throw away.
    """
    declared = describe(tables)
    connection = _made(path)
    counts = dict.fromkeys(declared, 0)
    try:
        for statement in tables:
            connection.execute(statement)
        for done, table in enumerate(declared_order(tables)):
            for frame in _frames(table, declared[table], rows.get(table, ()), own_keys.get(table)):
                counts[table] += frame.num_rows
                connection.from_arrow(frame).insert_into(table)
            if tell:
                tell(done + 1, len(declared))
        for statement in terms:
            connection.execute(statement)
        connection.execute("checkpoint made")
    except duckdb.ConstraintException as error:
        raise RowsRefused(str(error)) from error
    finally:
        connection.close()
    forget(path)
    written = count_rows(path)
    if written != counts:  # "saved" is said only after reading back: a failed COMMIT can return quietly
        raise RowsRefused(f"{path.name}: wrote {counts}, read back {written}")


def build_unconstrained(path: Path, tables: Sequence[str], terms: Sequence[str], rows: Mapping[str, TableRows]) -> None:
    """The same file without any constraint, for rows that break some: so that checks can be asked of them too.

    A value its column cannot hold is left empty.
    """
    declared = describe(tables)
    connection = _made(path)
    try:
        for table in declared_order(tables):
            given = rows.get(table, ())
            own = given.rows if isinstance(given, Stacked) else given
            frames = [*_copied(given, table), _frame_of_what_fits(declared[table], own)[0]]
            connection.from_arrow(pa.concat_tables(frames)).create(table)
        for statement in terms:
            connection.execute(statement)
    finally:
        connection.close()
    forget(path)


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
    with duckdb.connect(":memory:", config=dict(_LOCKED_DOWN)) as connection:
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


def stamp(path: Path, release: int, at: dt.datetime) -> None:
    """Write into a draft when it is published: the one change a built file ever sees, before it is a release."""
    forget(path)
    connection = duckdb.connect(str(path), config=dict(_LOCKED_DOWN))
    try:
        connection.execute(
            "update release set published_at = $at where release = $release", {"at": at, "release": release}
        )
        connection.execute("checkpoint")
    finally:
        connection.close()


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


def rows_of(path: Path, table: str, **equal: object) -> list[dict[str, object]]:
    """Every row of one table of a release whose columns equal the values given, as dictionaries."""
    cursor = _reader(path).cursor()
    try:
        relation = cursor.table(table)
        for name, value in equal.items():
            relation = relation.filter(duckdb.ColumnExpression(name) == duckdb.ConstantExpression(value))
        columns = relation.columns  # asked once: the relation would ask the database again for every row
        return [dict(zip(columns, row, strict=True)) for row in relation.fetchall()]
    except duckdb.Error as error:
        raise Unreadable(str(error)) from error
    finally:
        cursor.close()


def has_true(path: Path, table: str, column: str) -> bool:
    """Whether any row of a table says yes in a column."""
    cursor = _reader(path).cursor()
    try:
        return bool(cursor.table(table).filter(duckdb.ColumnExpression(column)).limit(1).fetchall())
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
    return {table: _frame(path, table).num_rows for table in structure_of(path)}


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


def _made(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that writes a new file of small blocks."""
    connection = duckdb.connect(":memory:", config=dict(_LOCKED_DOWN))
    connection.execute(f"attach {_literal(str(path))} as made (block_size {BLOCK_SIZE})")
    connection.execute("use made")
    return connection


def _frames(
    table: str, columns: tuple[DeclaredColumn, ...], rows: TableRows, own_key: tuple[str, str] | None
) -> Iterable[pa.Table]:
    """The rows of a table as frames, each to be inserted by itself."""
    copied, own = _copied(rows, table), rows.rows if isinstance(rows, Stacked) else rows
    if own_key:  # copied rows may refer to each other too
        own = [*(row for frame in copied for row in frame.to_pylist()), *own]
    else:
        yield from copied
    for wave in _waves(own, own_key):
        if wave:
            try:
                yield pa.table([_array(wave, column) for column in columns], [column.name for column in columns])
            except _DOES_NOT_FIT as error:
                raise RowsRefused(f"{table}: {error}") from error


def _copied(rows: TableRows, table: str) -> list[pa.Table]:
    return [_frame(rows.path, table)] if isinstance(rows, Stacked) else []


def _frame(path: Path, table: str) -> pa.Table:
    """Every row of a table of a release, read column by column."""
    cursor = _reader(path).cursor()
    try:
        return cursor.table(table).to_arrow_table()
    except duckdb.Error as error:
        raise Unreadable(str(error)) from error
    finally:
        cursor.close()


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


def _literal(text: str) -> str:
    """A path as SQL text: ATTACH takes no parameters. The path is ours, never a reader's."""
    return "'" + text.replace("'", "''") + "'"
