"""A release: one unchangeable DuckDB file that holds the whole campaign, and the answers it gives.

What stands here is asked only: `publishing` makes releases, `standing` says which of them speaks for which day.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal

from taizhang.declared import queries
from taizhang.declared.plain import plain
from taizhang.declared.queries import Query
from taizhang.declared.tables import Table, ledgers
from taizhang.declared.values import to_text
from taizhang.declared.vocabulary import Vocabulary, vocabulary_of
from taizhang.rows.changes import Rows, defaults
from taizhang.store import away, clock, disk, engine
from taizhang.store.disk import live_number, path_in, path_of
from taizhang.store.turnstile import QUESTIONS


class NoRelease(Exception):
    """The store is empty, or has no release of that number."""


class NoSuchQuestion(Exception):
    """There is no answer of that name."""


class ParametersWrong(Exception):
    """Parameters are missing, or are not parameters of the question."""


Later = Literal["restate", "withdraw"]


@dataclass(frozen=True)
class Note:
    """What a release says of itself; nothing is published without one."""

    by: str
    as_of: dt.date
    zh: str
    en: str
    kind: str = "upload"
    undoes: int | None = None
    at: dt.datetime | None = None  # when, in UTC; left out: now
    later: Later = "restate"  # what becomes of the days after `as_of` that releases speak of already

    def plain(self) -> "Note":
        """What somebody typed or pasted, without characters that are no text."""
        return replace(self, by=plain(self.by), zh=plain(self.zh), en=plain(self.en))

    def said_now(self) -> "Note":
        """The same note of this moment: a draft that was told so is published as it is, without being opened again."""
        return replace(self, at=clock.now())


@dataclass(frozen=True)
class Release:
    """One release of a store, and what it records about itself. `on_disk` is for the store alone."""

    on_disk: Path
    number: int
    as_of: dt.date
    kind: str
    note_zh: str
    note_en: str
    published_by: str
    published_at: dt.datetime
    is_demo: bool

    @property
    def demo_tables(self) -> frozenset[str]:
        """The ledgers that hold a made-up row."""
        return frozenset(name for name in ledgers() if self.is_demo and _has_demo_row(self._content, name))

    def ask(self, name: str, **params: object) -> "Answer":
        """The answer to a question of `queries/answers`: in the terms of the release, and today's where it has none.

        It is kept: a release never changes, so neither do its answers.
        Raises `NoSuchQuestion`, `ParametersWrong` (missing and unknown ones named), `engine.QuestionFailed`, or
        `turnstile.Crowded` when whoever asks has too many questions open.
        """
        query = queries.answers().get(name)
        if query is None:
            raise NoSuchQuestion(name)
        if set(params) != set(query.params):
            raise ParametersWrong(
                f"{name} takes {sorted(query.params) or 'no parameters'}, was given {sorted(params) or 'none'}"
            )
        given = {param: params[param] for param in query.params}
        columns, rows = _answered(self._content, query.sql, tuple(given.items()))
        if "is_demo" in columns:
            is_demo = any(row[columns.index("is_demo")] for row in rows)
        else:
            is_demo = self.is_demo and any(_has_demo_row(self._content, table) for table in queries.base_tables(query))
        return Answer(query, self, given, columns, rows, is_demo)

    def stand_ins(self, query: Query) -> tuple[str, ...]:
        """The terms that a question uses and this release was published without: today's definition stands in."""
        missing = engine.missing_terms(self.on_disk, queries.terms())
        return tuple(name for name in queries.terms_of(query) if name in missing)

    def rows(self) -> Rows:
        """Every ledger row of the release, in the columns declared today."""
        return {name: dict(keyed) for name, keyed in _rows_of(self._content).items()}

    @property
    def vocabulary(self) -> Vocabulary:
        """What the campaign calls things, and its strands, as the release has them."""
        return _vocabulary_of(self._content)

    def records(self, table: str, **equal: object) -> list[dict[str, object]]:
        """The rows of a record (`queries/records`) whose columns equal the values given; none where there is no such
        record: the release was made before it was declared."""
        if not engine.columns_of(self.on_disk, table):
            return []
        return engine.rows_of(self.on_disk, table, **equal)

    def holds(self, table: str) -> bool:
        """Whether a ledger has any row; it has none where the release was made before it was declared."""
        return _has_row(self._content, table)

    def notes(self) -> tuple[Mapping[str, object], ...]:
        """What every release up to this one says of itself, oldest first: the records `release`."""
        return _notes_of(self._content)

    def received(self) -> Mapping[int, frozenset[str]]:
        """Release → the ledgers of which it received rows, for every release up to this one that received any."""
        return _received_of(self._content)

    def broken_checks(self, names: frozenset[str] | None = None) -> tuple[tuple[Query, tuple[tuple, ...]], ...]:
        """Every check of `queries/checks`, or of those named, that finds something on the release's own day, with the
        rows it finds."""
        return _broken_checks_of(self, names)

    def count_rows(self) -> dict[str, int]:
        """Table → number of rows, every value of every row read. Raises `engine.Unreadable`."""
        return engine.count_rows(self.on_disk)

    @cached_property
    def _content(self) -> "_Content":
        return _Content(disk.told_checksum(self.on_disk) or self, self.on_disk)


@dataclass(frozen=True)
class _Content:
    """What the file of a release holds, known by its checksum: a release that was copied answers as the first did.

    A draft, which has none, is known by where it is and what it says of itself.
    """

    known_by: bytes | Release
    path: Path = field(compare=False)


@dataclass(frozen=True)
class Answer:
    """A question's rows, with the release and the parameters they came from.

    `is_demo`: a made-up row is among them or, where rows do not say so themselves, in a ledger they were counted from.
    """

    query: Query
    release: Release
    params: Mapping[str, object]
    columns: tuple[str, ...]
    rows: tuple[tuple, ...]
    is_demo: bool

    def records(self) -> list[dict[str, object]]:
        """Rows as dictionaries, column → value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> list[object]:
        """One column, top to bottom."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


# --- one release of a store ------------------------------------------------------------------------------------


def live(folder: Path) -> Release:
    """The release readers see. Raises `NoRelease`, or `engine.Unreadable` for a damaged file."""
    number = live_number(folder)
    if number is None:
        raise NoRelease(f"{folder}: no release yet")
    return numbered(folder, number)


def release(folder: Path, number: int) -> Release:
    """One release by number. Raises `NoRelease`, or `engine.Unreadable` for a damaged file."""
    if not 0 < number <= (live_number(folder) or 0):
        raise NoRelease(f"{folder}: no release {number}")
    return numbered(folder, number)


def numbered(folder: Path, number: int) -> Release:
    """A release that `LIVE` is known to have reached; one that was put away is made again. Raises as `release` does."""
    path = path_of(folder, number)
    if not path.exists():
        if not away.is_away(folder, number):
            raise NoRelease(f"{folder}: no release {number}")
        path = away.made_again(folder, number)
    return _checked(path)


@lru_cache(maxsize=4096)
def _checked(path: Path) -> Release:
    """The file of a release, held against its checksum when it is first opened: DuckDB reads a damaged file until it
    comes to the damage, and not every answer does."""
    if disk.is_as_written(path) is False:  # where nobody kept a checksum, `verify` says so
        raise engine.Unreadable(f"{path.name}: not what was published")
    return opened(path)


def beside(folder: Path, one: Release, number: int) -> Release:
    """A release as `one` knows it: a draft may be one of several that are to be published together.

    Raises `NoRelease`, or `engine.Unreadable` for a damaged file.
    """
    if number == one.number:
        return one
    together = path_in(one.on_disk.parent, number)
    is_draft = together.parent != path_of(folder, number).parent
    return opened(together) if is_draft and together.exists() else numbered(folder, number)


@lru_cache(maxsize=256)
def opened(path: Path) -> Release:
    """The file of a release, or of a draft, opened. Raises `engine.Unreadable`."""
    number = int(path.stem)
    own = next(iter(engine.rows_of(path, "release", release=number)), None)
    if own is None:
        raise engine.Unreadable(f"{path.name}: holds no record of release {number}")
    said = (own[name] for name in ("as_of_on", "kind", "note_zh", "note_en", "published_by", "published_at", "is_demo"))
    return Release(path, number, *said)


def forget_opened() -> None:
    """Open files anew from now on: one was given another content or another name."""
    opened.cache_clear()
    _checked.cache_clear()


# --- what is read once and kept --------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _answered(content: _Content, sql: str, given: tuple[tuple[str, object], ...]) -> tuple[tuple[str, ...], tuple]:
    with QUESTIONS.passed():
        columns, rows = engine.ask(content.path, sql, dict(given), terms=_terms(), tables=_tables())
    return columns, tuple(rows)


@cache
def _terms() -> Mapping[str, str]:
    return {name: term.sql for name, term in queries.terms().items()}


@cache
def _tables() -> Mapping[str, tuple[engine.UsualColumn, ...]]:
    """The ledgers as they are declared today."""
    return {
        name: tuple(engine.UsualColumn(column.name, column.type, to_text(column.default)) for column in table.columns)
        for name, table in ledgers().items()
    }


@lru_cache(maxsize=4)
def _rows_of(content: _Content) -> Rows:
    rows = rows_as_declared(content.path, ledgers().values())
    return {name: {table.key_of(row): row for row in rows[name]} for name, table in ledgers().items()}


@lru_cache(maxsize=1024)
def _vocabulary_of(content: _Content) -> Vocabulary:
    words = rows_as_declared(content.path, (ledgers()["term"], ledgers()["strand"]))
    return vocabulary_of(words["term"], words["strand"])


@lru_cache(maxsize=1024)
def _has_demo_row(content: _Content, table: str) -> bool:
    is_marked = table in ledgers() and "is_demo" in engine.columns_of(content.path, table)
    return is_marked and engine.has_true(content.path, table, "is_demo")


@lru_cache(maxsize=1024)
def _has_row(content: _Content, table: str) -> bool:
    return bool(engine.columns_of(content.path, table)) and engine.has_rows(content.path, table)


@lru_cache(maxsize=64)
def _notes_of(content: _Content) -> tuple[Mapping[str, object], ...]:
    return tuple(sorted(engine.rows_of(content.path, "release"), key=lambda row: row["release"]))


@lru_cache(maxsize=64)
def _received_of(content: _Content) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for row in engine.rows_of(content.path, "received"):
        found.setdefault(row["release"], set()).add(row["table_name"])
    return {release: frozenset(tables) for release, tables in found.items()}


@lru_cache(maxsize=64)
def _broken_checks_of(one: Release, names: frozenset[str] | None) -> tuple[tuple[Query, tuple[tuple, ...]], ...]:
    asked = [check for name, check in queries.checks().items() if names is None or name in names]
    return tuple((check, tuple(rows)) for check, rows in broken_checks(one.on_disk, one.as_of, only=asked))


def broken_checks(
    path: Path, as_of: dt.date, tell: Callable[[int, int], None] | None = None, only: Sequence[Query] | None = None
) -> list[tuple[Query, list[tuple]]]:
    """Every check of `queries/checks` (or of those in `only`) that finds something in a file, with the rows it finds.

    `tell` hears (checks asked, checks to ask) after each and may raise.
    """
    found, checks = [], tuple(queries.checks().values()) if only is None else only
    for done, check in enumerate(checks):
        if check.nothing_without is None or engine.has_rows(path, check.nothing_without):
            given = {"as_of": as_of} if "as_of" in check.params else {}
            _, offending = engine.ask(path, check.sql, given, terms=_terms(), tables=_tables())
            if offending:
                found.append((check, offending))
        if tell:
            tell(done + 1, len(checks))
    return found


def rows_as_declared(path: Path, tables: Iterable[Table]) -> dict[str, list[dict[str, object]]]:
    """The rows of tables in the columns declared today: an older release may lack some of them, or the table."""
    wanted, rows = {table.name: table for table in tables}, {}
    for name, found in engine.tables_of(path, wanted).items():
        usual = defaults(wanted[name])
        is_of_today = not found or tuple(found[0]) == tuple(usual)
        rows[name] = found if is_of_today else [{one: row.get(one, usual[one]) for one in usual} for row in found]
    return rows


def rows_before(folder: Path, parent: int | None) -> Rows:
    """The rows that a change starts from; none for an empty store."""
    return release(folder, parent).rows() if parent else {name: {} for name in ledgers()}
