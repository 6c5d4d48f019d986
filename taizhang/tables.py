"""Ledgers and records as `queries/tables` and `queries/records` declare them: columns, keys, headings, code lists."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taizhang import engine
from taizhang.declarations import Code, HeaderWrong, Words, codes, split, words

QUERIES = Path(__file__).resolve().parents[1] / "queries"


@dataclass(frozen=True)
class Column:
    """A column of a ledger: its name and type in SQL, and what people call it."""

    name: str
    type: str
    is_required: bool
    heading: Words
    aliases: tuple[str, ...]
    codes: str | None
    unit: Words | None
    note: Words | None


@dataclass(frozen=True)
class Table:
    """A declared table: `ledger` (people fill it) or `record` (the product writes it)."""

    name: str
    kind: str
    title: Words
    grain: Words
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: frozenset[str]
    own_reference: str | None
    sql: str

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def key_of(self, row: dict) -> str:
        """The row's key as one text; the parts of a key of several columns are joined with `|`."""
        return "|".join(str(row[name]) for name in self.key)


@cache
def all_tables() -> dict[str, Table]:
    """Every declared table, referred-to tables first. Raises `HeaderWrong` when header and SQL disagree."""
    found = {}
    for folder, kind in (("tables", "ledger"), ("records", "record")):
        for path in sorted((QUERIES / folder).glob("*.sql")):
            found[path.stem] = (kind, *split(path))
    order = _in_order_of_references({name: _references(sql) for name, (_, _, sql) in found.items()})
    declared = engine.describe(found[name][2] for name in order)
    return {name: _table(name, *found[name], declared[name]) for name in order}


def ledgers() -> dict[str, Table]:
    """The tables people fill."""
    return {name: table for name, table in all_tables().items() if table.kind == "ledger"}


@cache
def code_lists() -> dict[str, tuple[Code, ...]]:
    """Every code list declared in any header under `queries/`. Raises `HeaderWrong` when one is declared twice."""
    found: dict[str, tuple[Code, ...]] = {}
    for path in sorted(QUERIES.glob("*/*.sql")):
        for name, rows in split(path)[0].get("codes", {}).items():
            if name in found:
                raise HeaderWrong(f"{path.name}: the code list {name} is declared twice")
            found[name] = codes(rows)
    return found


def label(code_list: str, code: str, language: str) -> str:
    """What people call a code. Raises `KeyError` for a code that is not on the list."""
    for one in code_lists()[code_list]:
        if one.code == code:
            return one.label[language]
    raise KeyError(f"{code} is not on the code list {code_list}")


def _table(name: str, kind: str, header: dict, sql: str, declared: tuple[engine.DeclaredColumn, ...]) -> Table:
    described = header["columns"]
    if list(described) != [column.name for column in declared]:
        raise HeaderWrong(f"{name}.sql: the header lists {list(described)}, the table has {[c.name for c in declared]}")
    columns = tuple(
        Column(
            name=column.name,
            type=column.type,
            is_required=column.is_required,
            heading=words(described[column.name]["heading"]),
            aliases=tuple(described[column.name].get("aliases", ())),
            codes=described[column.name].get("codes"),
            unit=words(described[column.name]["unit"]) if "unit" in described[column.name] else None,
            note=words(described[column.name]["note"]) if "note" in described[column.name] else None,
        )
        for column in declared
    )
    own = re.search(rf"^\s+(\w+) \w+ references {name} \(", sql, re.MULTILINE)
    return Table(
        name,
        kind,
        words(header["title"]),
        words(header["grain"]),
        tuple(header["key"]),
        columns,
        _references(sql) - {name},
        own[1] if own else None,
        sql,
    )


def _references(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"references (\w+)", sql))


def _in_order_of_references(references: dict[str, frozenset[str]]) -> list[str]:
    order: list[str] = []
    while len(order) < len(references):
        ready = [name for name in references if name not in order and references[name] - {name} <= set(order)]
        if not ready:
            raise HeaderWrong(f"tables refer to each other in a circle: {sorted(set(references) - set(order))}")
        order.extend(ready)
    return order
