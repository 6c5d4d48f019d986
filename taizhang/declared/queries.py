"""A `.sql` file as a value: what it asks, at which grain, with which parameters, returning which columns."""

from dataclasses import dataclass, replace
from functools import cache

from taizhang.declared.headers import HeaderWrong, Share, Words, share, split, words
from taizhang.declared.tables import QUERIES, all_tables


@dataclass(frozen=True)
class Returned:
    """A column of an answer: its heading, and the code list its values are on, if any.

    `lists` are the code lists of rows that another column, `by`, tells apart: (its value, list). `share` says where its
    numbers are shares from 0 to 1.
    """

    name: str
    heading: Words
    codes: str | None
    by: str = ""
    lists: tuple[tuple[str, str], ...] = ()
    share: Share | None = None

    def of_row(self, said: str | None) -> "Returned":
        """The same column for a row whose column `by` says this."""
        return replace(self, codes=dict(self.lists).get(said or "", self.codes))


@dataclass(frozen=True)
class Query:
    """One question. `kind` is the folder it stands in: answers, checks or terms.

    `rows_of` names the table whose rows the answer lists one by one; `behind` names the answer that lists the rows
    behind this one's sums. Of checks only: `severity` is error or warning; `nothing_without` names the table without
    a row of which it finds nothing.
    """

    name: str
    kind: str
    title: Words
    grain: Words
    notes: Words | None
    reads: tuple[str, ...]
    params: dict[str, Words]
    returns: tuple[Returned, ...]
    rows_of: str | None
    behind: str | None
    severity: str | None
    nothing_without: str | None
    definitions: dict[str, Words]
    sql: str

    def returned(self, name: str) -> Returned:
        return next(column for column in self.returns if column.name == name)


@cache
def answers() -> dict[str, Query]:
    """Every question that can be asked, by name."""
    return _load("answers")


@cache
def checks() -> dict[str, Query]:
    """Every rule that data must keep; each returns the rows that break it."""
    return _load("checks")


@cache
def terms() -> dict[str, Query]:
    """What a word means, as a table macro that answers share; a term comes after the terms it reads."""
    found = _load("terms")
    order: list[str] = []
    while len(order) < len(found):
        ready = [name for name in found if name not in order and not (set(found[name].reads) & set(found) - set(order))]
        if not ready:
            raise HeaderWrong(f"terms read each other in a circle: {sorted(set(found) - set(order))}")
        order.extend(ready)
    return {name: found[name] for name in order}


def terms_of(query: Query) -> dict[str, Query]:
    """The terms a query uses, also through other terms, each once; a term comes after those it reads."""
    found: dict[str, Query] = {}
    for name in query.reads:
        if name in terms():
            found.update(terms_of(terms()[name]))
            found[name] = terms()[name]
    return found


def base_tables(query: Query) -> tuple[str, ...]:
    """The declared tables a query reads, through the terms it uses, sorted by name."""
    found: set[str] = set()
    for name in query.reads:
        found.update(base_tables(terms()[name]) if name in terms() else (name,))
    return tuple(sorted(found))


def _load(kind: str) -> dict[str, Query]:
    return {path.stem: _query(path.stem, kind, *split(path)) for path in sorted((QUERIES / kind).glob("*.sql"))}


def _query(name: str, kind: str, header: dict, sql: str) -> Query:
    try:
        return Query(
            name=name,
            kind=kind,
            title=words(header["title"]),
            grain=words(header["grain"]),
            notes=words(header["notes"]) if "notes" in header else None,
            reads=tuple(header["reads"]),
            params={param: words(pair) for param, pair in header.get("params", {}).items()},
            returns=tuple(_returned(column, said) for column, said in header["returns"].items()),
            rows_of=header.get("rows_of"),
            behind=header.get("behind"),
            severity=header.get("severity"),
            nothing_without=header.get("nothing_without"),
            definitions={key: words(pair) for key, pair in header.get("definitions", {}).items()},
            sql=sql,
        )
    except (KeyError, ValueError) as error:
        raise HeaderWrong(f"{kind}/{name}.sql: {error!r} in the header") from error


def _returned(name: str, said: str | list | dict) -> Returned:
    """A returned column: `"table.column"` (heading, codes and share from there), `[zh, en]`, or `{heading, codes}`,
    with the lists of some rows: `{by, codes_by}`, or, of numbers, where they are shares: `{heading, share}`."""
    if isinstance(said, str):
        table, _, column = said.partition(".")
        declared = all_tables()[table].column(column)
        return Returned(name, declared.heading, declared.codes, share=declared.share)
    if isinstance(said, list):
        return Returned(name, words(said), None)
    lists = tuple(said.get("codes_by", {}).items())
    return Returned(
        name, words(said["heading"]), said.get("codes"), said.get("by", ""), lists, share(said.get("share", False))
    )
