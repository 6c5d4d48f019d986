"""Sheets of a round that come back: known by the code above their headings, compared with what they said.

What a cell said is read from the release the sheet was made from, so that any kind of file will do.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from taizhang.declared.tables import ledgers
from taizhang.rows.changes import Rows
from taizhang.rows.problems import Problem, problem
from taizhang.store import Store
from taizhang.uploads.as_of import FoundDay
from taizhang.uploads.handed_out import Base, is_no_ledger
from taizhang.uploads.headings import Part
from taizhang.uploads.lines import Sheet
from taizhang.uploads.rounds import LEDGER, code_of, file_of, release_of
from taizhang.uploads.values import unguarded

_CODE = re.compile(r"(TB-\d{3,})-([0-9A-F]{8})(?![0-9A-Za-z])")
_TOP = 12  # lines of a sheet in which its code is looked for
_SETS = ("request_id", "unit", "returned_on")


@dataclass(frozen=True)
class Returned:
    """A file that came back: of which round and unit, its checksum, and that of the entry that says so (None: the
    unit had returned before)."""

    file_name: str
    request_id: str
    unit: str
    return_by: dt.date
    sha256: str
    entry: str | None

    @property
    def entry_sheet(self) -> str:
        """What the entry is called, as a file and as its only sheet."""
        return f"{self.request_id} {self.unit}"


@dataclass(frozen=True)
class Recognised:
    """The sheets of a file, what each said when it was handed out, those that came back from a round, what is not right
    with that, and the files that enter that they are back."""

    sheets: tuple[Sheet, ...]
    bases: Mapping[str, Base]  # sheet → what it said
    returned: tuple[Returned, ...] = ()
    problems: tuple[Problem, ...] = ()
    entries: tuple[tuple[str, bytes], ...] = ()

    def without_others(self, parts: Iterable[Part], before: Rows) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
        """The parts without the rows that were never handed to their unit and are in the ledger; a problem for each:
        before anything else, lest the unit that answers for a row is told that it came twice."""
        sifted = [_without_others(one, self.bases.get(one.sheet), before) for one in parts]
        return tuple(one for one, _ in sifted), tuple(one for _, strange in sifted for one in strange)


def recognise(
    file_name: str,
    data: bytes,
    sheets: Sequence[Sheet],
    store: Store,
    received_on: dt.date | None,
    units: Collection[str] | None = None,
) -> Recognised | None:
    """What a file is that came back from a round; None for any other file.

    With the day it came, an entry is made for each unit that had not returned its sheet yet. A sheet of another
    office, or of a round that was taken back, is not read, and a warning says so; neither is one of a unit that is
    not among the `units`, where those are said.
    """
    codes = {sheet.name: code for sheet in sheets if (code := _code_in(sheet))}
    if not codes or store.live_number() is None:
        return None
    rows = store.live().rows()
    known = {one: _known(store, rows, *one) for one in dict.fromkeys(codes.values())}
    if units is not None:
        known = {code: one if one and one["unit"] in units else None for code, one in known.items()}
    bases, returned, problems, entries, read = {}, [], [], [], []
    for sheet in sheets:
        code = codes.get(sheet.name)
        request = known[code] if code else None
        is_read = not is_no_ledger(sheet) and (code is None or request is not None)
        read.append(sheet if is_read == sheet.is_read else replace(sheet, remarks=(), is_read=is_read))
        if code and request is None:
            problems.append(problem("sheet_of_no_round", sheet=sheet.name, value="-".join(code)))
        elif request is not None:
            if not any(one.unit == request["unit"] and one.release == request["release"] for one in bases.values()):
                problems.extend(_said_of(sheet, request, rows))  # once, however many sheets there are
            bases[sheet.name] = _base(store, request)
    sha256 = hashlib.sha256(data).hexdigest()
    for request in {id(one): one for one in known.values() if one}.values():
        entry = None
        if received_on and not request["returned_on"]:
            name = f"{request['request_id']} {request['unit']}.csv"
            entry = file_of(
                name, [dict(zip(_SETS, (request["request_id"], request["unit"], received_on), strict=True))]
            )
            entries.append((name, entry.data))
        of = request["request_id"], request["unit"], request["return_by"]
        returned.append(Returned(file_name, *of, sha256, entry.sha256 if entry else None))
    return Recognised(tuple(read), bases, tuple(returned), tuple(problems), tuple(entries))


def _without_others(part: Part, base: Base | None, before: Rows) -> tuple[Part, list[Problem]]:
    found: list[Problem] = []
    if base is None or base.unit is None:
        return part, found
    key = ledgers()[part.table].key[0]
    place = next((one.place for one in part.columns if one.column == key), None)
    own, known, kept = base.said.get(part.table, {}), before[part.table], []
    for line in part.lines:
        said = unguarded(line.cells[place].strip()) if place is not None and place < len(line.cells) else ""
        if said in known and said not in own:
            at = {"table": part.table, "sheet": part.sheet, "line": line.number, "column": key, "value": said}
            found.append(problem(base.rule, **at, unit=base.unit, row=said))
        else:
            kept.append(line)
    return (replace(part, lines=tuple(kept)), found) if found else (part, found)


def day_of(returned: Iterable[Returned]) -> FoundDay | None:
    """The day that units were asked to speak of; of several rounds the last."""
    newest = max(returned, key=lambda one: one.return_by, default=None)
    return FoundDay(newest.return_by, "round", newest.request_id) if newest else None


def _code_in(sheet: Sheet) -> tuple[str, str] | None:
    """Round and check letters, where a sheet says them above its headings."""
    for line in sheet.lines[:_TOP]:
        for cell in line.cells:
            if found := _CODE.search(unicodedata.normalize("NFKC", cell)):
                return found[1], found[2]
    return None


def _known(store: Store, rows: Rows, request_id: str, letters: str) -> Mapping | None:
    """The entry of the ledger whose code it is."""
    for row in rows[LEDGER].values():
        if row["request_id"] == request_id:
            release = release_of(store, row["release"])
            if release and code_of(request_id, row["unit"], release).endswith(letters):
                return row
    return None


def _base(store: Store, request: Mapping) -> Base:
    """What every row that the unit answers for said in the release its sheets were made from."""
    release = store.release(request["release"])
    rows, said = release.rows(), {}
    for one in release.ask("asked", as_of=request["return_by"]).records():
        if one["unit"] == request["unit"]:
            said.setdefault(one["ledger"], {})[one["row_key"]] = rows[one["ledger"]][one["row_key"]]
    return Base(release.number, release.as_of, said, unit=request["unit"])


def _said_of(sheet: Sheet, request: Mapping, rows: Rows) -> Iterable[Problem]:
    """What somebody should know before the sheet is taken: a newer one is out, or it came back already."""
    at = {"sheet": sheet.name, "unit": request["unit"], "round": request["request_id"], "day": request["return_by"]}
    later = [row for row in rows[LEDGER].values() if row["unit"] == request["unit"]]
    newest = max(later, key=lambda row: (row["return_by"], row["request_id"]))
    if newest["return_by"] > request["return_by"]:
        yield problem("sheet_of_an_older_round", **at, newest=newest["request_id"], newest_day=newest["return_by"])
    if request["returned_on"]:
        yield problem("returned_already", **at, returned=request["returned_on"])
