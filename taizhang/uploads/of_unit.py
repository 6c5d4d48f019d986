"""Files that somebody hands in who is held to some districts and units: of which rows, and what of them, is theirs.

They say something of rows that name them, and of each what `scope.SAID_BY_UNITS` lists; a row that is new to the
ledger names them too. Everything else in a file is left as the ledger has it, and said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from taizhang.declared.tables import ledgers
from taizhang.rows import scope
from taizhang.rows.changes import Rows
from taizhang.rows.problems import Problem, problem
from taizhang.store import Store
from taizhang.uploads.cells import Reading
from taizhang.uploads.fixes import NOTHING_LEARNT, Learnt
from taizhang.uploads.handed_out import Base
from taizhang.uploads.headings import Part

_STRANGE = "row_not_theirs"


@dataclass(frozen=True)
class OfUnit:
    """Whose files are read: what they are called (`shown`), what they are held to (`keys`), and the release they had
    before them. While they look themselves (`is_theirs`), nothing is known of the rows of others, not even that they
    are there; whoever accepts the file sees them all."""

    shown: str
    keys: tuple[str, ...]
    release: int
    is_theirs: bool = False

    def sees(self, rows: Rows) -> Rows:
        """Of the rows of a release those that may be looked at."""
        return scope.within(rows, self.keys) if self.is_theirs else rows

    def names(self, rows: Rows) -> frozenset[str]:
        """What their sheets of a round are made out to."""
        return scope.names_of(rows, self.keys)

    def bases(self, store: Store, parts: Iterable[Part]) -> dict[str, Base]:
        """Sheet → what their rows said in the release they had before them: what still says so is no edit."""
        release = store.release(self.release)
        rows = release.rows()
        said = {name: {key: rows[name][key] for key in own} for name, own in self._own(rows).items()}
        base = Base(release.number, release.as_of, said, unit=self.shown, rule=_STRANGE)
        return {one.sheet: base for one in parts if one.table in said}

    def taught(self, learnt: Learnt) -> Learnt:
        """Of what earlier uploads taught what may be used: repairs quote the files of others."""
        return NOTHING_LEARNT if self.is_theirs else learnt

    def sift(self, part: Part, reading: Reading, before: Rows) -> Reading:
        """A reading without what is not theirs to say, and a problem for all that was left out."""
        name, table = part.table, ledgers()[part.table]
        if name not in scope.SAID_BY_UNITS:
            at = {"table": name, "sheet": part.sheet, "ledgers": tuple(scope.SAID_BY_UNITS)}
            says = any(
                row.cells.keys() - {*table.key} or table.key_of(row.cells) not in before[name] for row in reading.rows
            )
            told = (problem("ledger_of_the_office", **at),) if says else ()  # as it went out it may come back
            return replace(reading, rows=(), problems=told)
        own = self._own(before)[name]
        kept, told = [], []
        for row in reading.rows:
            key = table.key_of(row.cells)
            at = {"table": name, "sheet": part.sheet, "line": row.line}
            if key in own:
                theirs = (*table.key, *scope.SAID_BY_UNITS[name], "is_demo")
                said = {column: row.cells[column] for column in theirs if column in row.cells}
                told += [
                    self._of_the_office(at, column, row.cells[column]) for column in row.cells if column not in said
                ]
                kept.append(replace(row, cells=said))
            elif key in before[name]:
                told.append(problem(_STRANGE, **at, column=table.key[0], value=key, unit=self.shown, row=key))
            elif scope.is_of(name, row.cells, self.keys):
                kept.append(row)
            else:
                told.append(problem("row_names_nobody", **at, column=table.key[0], value=key, row=key, unit=self.shown))
        return replace(reading, rows=tuple(kept), problems=(*reading.problems, *told))

    def _own(self, rows: Rows) -> Mapping[str, frozenset[str]]:
        return {
            name: frozenset(key for key, row in rows[name].items() if scope.is_of(name, row, self.keys))
            for name in scope.SAID_BY_UNITS
        }

    def _of_the_office(self, at: Mapping, column: str, value: object) -> Problem:
        return problem("column_of_the_office", **at, column=column, cell_new=(at["table"], column, value))
