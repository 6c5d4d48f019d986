"""Ledgers and records as `queries/tables` and `queries/records` declare them: columns, keys, headings, code lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from taizhang.declared.headers import LANGUAGES, Code, HeaderWrong, Share, Words, codes, share, split, words
from taizhang.declared.root import ROOT
from taizhang.declared.terms import terms
from taizhang.declared.values import from_text

QUERIES = ROOT / "queries"
OPEN_LISTS = frozenset({"strand", "term"})  # a campaign adds codes of its own, or the list is made of all others


@dataclass(frozen=True)
class Column:
    """A column of a ledger: its name and type in SQL, and what people call it."""

    name: str
    type: str
    is_required: bool
    default: object
    heading: Words
    aliases: tuple[str, ...]
    codes: str | None
    unit: Words | None
    note: Words | None
    share: Share | None = None  # where its numbers are shares from 0 to 1


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

    @cached_property
    def refers(self) -> Mapping[str, str]:
        """Column → the table whose row it names; what only several columns name together is not among them."""
        return dict(re.findall(r"^\s+(\w+) \w+(?: not null)? references (\w+) \(", self.sql, re.MULTILINE))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def column_called(self, heading: str) -> Column | None:
        """The column that a heading names: in either language, by an alias or by its name in SQL."""
        for column in self.columns:
            if heading.strip() in (column.name, column.heading.zh, column.heading.en, *column.aliases):
                return column
        return None

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
    return {name: _table(name, *found[name]) for name in order}


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
    return {**found, "term": _own_words(found)}


def _own_words(lists: dict[str, tuple[Code, ...]]) -> tuple[Code, ...]:
    """What an office may call otherwise: the words of `terms.toml`, and the label of every code that ledgers hold.

    Such a code is `list.code`; its label says of which column it is, since two columns may use one word.
    """
    found = {one.code: Code(one.code, Words(one.zh[0], one.en[0][0])) for one in terms().values()}
    for table in ledgers().values():
        for column in table.columns:
            for one in lists.get(column.codes or "", ()):
                said = (f"{table.title[code]} · {column.heading[code]} · {one.label[code]}" for code in LANGUAGES)
                if column.codes != "strand" or one.code == "overall":
                    found.setdefault(f"{column.codes}.{one.code}", Code(f"{column.codes}.{one.code}", Words(*said)))
    return tuple(found.values())


def label(code_list: str, code: str, language: str) -> str:
    """What people call a code. Raises `KeyError` for a code that is not on the list."""
    for one in code_lists()[code_list]:
        if one.code == code:
            return one.label[language]
    raise KeyError(f"{code} is not on the code list {code_list}")


def _table(name: str, kind: str, header: dict, sql: str) -> Table:
    described, declared = header["columns"], _columns_of(sql)
    if list(described) != [column.name for column in declared]:
        raise HeaderWrong(f"{name}.sql: the header lists {list(described)}, the table has {[c.name for c in declared]}")
    columns = tuple(
        Column(
            name=column.name,
            type=column.type,
            is_required=column.is_required or column.name in header["key"],
            default=column.default,
            heading=words(described[column.name]["heading"]),
            aliases=tuple(described[column.name].get("aliases", ())),
            codes=described[column.name].get("codes"),
            unit=words(described[column.name]["unit"]) if "unit" in described[column.name] else None,
            note=words(described[column.name]["note"]) if "note" in described[column.name] else None,
            share=share(described[column.name].get("share", False)),
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


class _Declared(NamedTuple):
    name: str
    type: str
    is_required: bool
    default: object


_TYPES = {"text": "VARCHAR"}  # what DuckDB calls a type that the files write shorter
_COLUMN = re.compile(r"(?!primary key|foreign key|check|unique)(\w+) (\w+(?: ?\(\d+, ?\d+\))?)(.*)", re.DOTALL)


def _columns_of(sql: str) -> list[_Declared]:
    """The columns that a `create table` statement declares.

    A test holds what is read here against what DuckDB makes of the same statement.
    """
    found = []
    for part in _parts_of(sql):
        if said := _COLUMN.fullmatch(part):
            name, kind, rest = said.groups()
            kind = _TYPES.get(kind, kind.upper().replace(" ", ""))
            usual = re.search(r"\bdefault '?(\w+)'?", rest)
            is_required = "not null" in rest.partition("check")[0] or "primary key" in rest
            found.append(_Declared(name, kind, is_required, from_text(kind, usual[1]) if usual else None))
    return found


def _parts_of(sql: str) -> list[str]:
    """What stands between the commas of the outermost brackets; brackets and commas inside '…' are only text."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")]
    parts, depth = [""], 0
    for piece in re.findall(r"'[^']*'|.", body, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


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
