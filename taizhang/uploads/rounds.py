"""A round: units are handed sheets with what the ledgers do not know of them yet, and what comes back is known again.

Which rows a unit is asked for, a question says (`asked`). Every sheet carries a code above its headings. It is made
of the round, the unit and the release the sheet was made from: so a sheet of another office, or of a round that was
taken back, is told from ours whatever its file is called, and also when it comes back as CSV.
"""

import csv
import datetime as dt
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.tables import ledgers
from taizhang.declared.values import CLEAR, to_text
from taizhang.declared.wording import language
from taizhang.rows.changes import Rows
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.rows.problems import Problem, problem
from taizhang.store import Note, Release, Store
from taizhang.store.engine import Unreadable
from taizhang.store.releases import NoRelease
from taizhang.uploads.as_of import FoundDay
from taizhang.uploads.handed_out import Base, is_no_ledger, seal
from taizhang.uploads.headings import Part
from taizhang.uploads.lines import Sheet
from taizhang.uploads.values import guarded, unguarded

LEDGER = "request"
_ID = "TB-{:03}"
_CODE = re.compile(r"(TB-\d{3,})-([0-9A-F]{8})(?![0-9A-Za-z])")
_TOP = 12  # lines of a sheet in which its code is looked for
_SETS = ("request_id", "unit", "returned_on")


class NothingToAsk(Exception):
    """No row of the ledgers chosen is to be filled in by the units chosen; nothing was written."""


@dataclass(frozen=True)
class Asked:
    """A row that a unit is asked to fill in, and the columns that are asked for."""

    ledger: str
    row_key: str
    unit: str
    cells: tuple[str, ...]
    is_demo: bool


@dataclass(frozen=True)
class Round:
    """A round as it was handed out: from which release, to whom, and what is asked of each."""

    request_id: str
    release: Release
    sent_on: dt.date
    return_by: dt.date
    asked: Mapping[str, tuple[Asked, ...]]  # unit → rows

    def code(self, unit: str) -> str:
        """What a unit's sheets are known by."""
        return _code_of(self.request_id, unit, self.release)


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


# --- handing out -----------------------------------------------------------------------------------------------


def asked_by(release: Release, day: dt.date) -> tuple[Asked, ...]:
    """Every row that a unit is asked for, if it is to say by a day how things stand."""
    return tuple(
        Asked(row["ledger"], row["row_key"], row["unit"], tuple(row["cells"].split("+")), row["is_demo"])
        for row in release.ask("asked", as_of=day).records()
        if row["is_asked"]
    )


def hand_out(
    store: Store, by: str, sent_on: dt.date, return_by: dt.date, units: Iterable[str], only: Iterable[str]
) -> Round:
    """Record that units (or districts) are asked for the rows of some ledgers by a day; live in one step.

    Raises `NothingToAsk`, `ValueError` where the sheets would have to be back before they are out, and as
    `Store.publish` does.
    """
    if return_by < sent_on:
        raise ValueError(f"to be returned by {return_by}, handed out on {sent_on}")
    live, wanted, tables = store.live(), frozenset(units), frozenset(only)
    asked = [one for one in asked_by(live, return_by) if one.unit in wanted and one.ledger in tables]
    if not asked:
        raise NothingToAsk
    request_id = _ID.format(_newest_number(live) + 1)
    of_unit: dict[str, tuple[Asked, ...]] = {}
    for one in asked:
        of_unit[one.unit] = (*of_unit.get(one.unit, ()), one)
    lines = [
        {
            "request_id": request_id,
            "unit": unit,
            "ledgers": "+".join(sorted({one.ledger for one in own})),
            "sent_on": sent_on,
            "return_by": return_by,
            "release": live.number,
            "row_count": len(own),
            "cell_count": sum(len(one.cells) for one in own),
            "is_demo": any(one.is_demo for one in own),
        }
        for unit, own in of_unit.items()
    ]
    said = {code: language(code)("rounds.handed_out", round=request_id, count=len(of_unit)) for code in LANGUAGES}
    store.publish([_file(f"{request_id}.csv", lines)], Note(by, live.as_of, **said), live.number)
    return Round(request_id, live, sent_on, return_by, of_unit)


def round_of(store: Store, request_id: str) -> Round | None:
    """A round that was handed out, to make its sheets again; None where there is none, or its release is gone."""
    rows = [row for row in store.live().rows()[LEDGER].values() if row["request_id"] == request_id]
    release = _release(store, rows[0]["release"]) if rows else None
    if release is None:
        return None
    units = {row["unit"]: frozenset((row["ledgers"] or "").split("+")) for row in rows}
    of_unit: dict[str, tuple[Asked, ...]] = {}
    for one in asked_by(release, rows[0]["return_by"]):
        if one.ledger in units.get(one.unit, ()):
            of_unit[one.unit] = (*of_unit.get(one.unit, ()), one)
    return Round(request_id, release, rows[0]["sent_on"], rows[0]["return_by"], of_unit)


def _newest_number(live: Release) -> int:
    """The highest number a round ever had: one that was taken back is not given again."""
    ever = {row["row_key"] for row in live.records("change", table_name=LEDGER)} | set(live.rows()[LEDGER])
    found = (re.match(r"TB-(\d+)\|", key) for key in ever)
    return max((int(one[1]) for one in found if one), default=0)


def _file(name: str, lines: Sequence[Mapping[str, object]]) -> LedgerFile:
    """Entries of the ledger of requests as a file like any other: it is kept, and can be read again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(lines[0])
    writer.writerows([to_text(value) or "" for value in line.values()] for line in lines)
    rows = tuple(Row(number, dict(line)) for number, line in enumerate(lines, start=2))
    return LedgerFile(LEDGER, name, out.getvalue().encode("utf-8"), "UTF-8", rows)


# --- what comes back -------------------------------------------------------------------------------------------


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
    file_name: str, data: bytes, sheets: Sequence[Sheet], store: Store, received_on: dt.date | None
) -> Recognised | None:
    """What a file is that came back from a round; None for any other file.

    With the day it came, an entry is made for each unit that had not returned its sheet yet. A sheet of another
    office, or of a round that was taken back, is not read, and a warning says so.
    """
    codes = {sheet.name: code for sheet in sheets if (code := _code_in(sheet))}
    if not codes or store.live_number() is None:
        return None
    rows = store.live().rows()
    known = {one: _known(store, rows, *one) for one in dict.fromkeys(codes.values())}
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
            entry = _file(name, [dict(zip(_SETS, (request["request_id"], request["unit"], received_on), strict=True))])
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
            found.append(problem("row_of_another_unit", **at, unit=base.unit, row=said))
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
            release = _release(store, row["release"])
            if release and _code_of(request_id, row["unit"], release).endswith(letters):
                return row
    return None


def _code_of(request_id: str, unit: str, release: Release) -> str:
    said = f"{request_id}|{unit}|{seal(release)}"
    return f"{request_id}-{hashlib.sha256(said.encode()).hexdigest()[:8].upper()}"


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


def _release(store: Store, number: int | None) -> Release | None:
    try:
        return store.release(number) if number else None
    except (NoRelease, Unreadable):
        return None


# --- one unit taken back ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TakenBack:
    """What undoes what one unit's sheets changed, as files to hand in: the day they are of, and how many cells stay
    since somebody changed them again."""

    day: dt.date
    files: tuple[tuple[str, bytes], ...]
    staying: int


def taking_back(store: Store, request_id: str, unit: str) -> TakenBack | None:
    """The files that give back what the cells of a unit's rows held before its sheet came back, and that it did; None
    where it has not come back, or brought rows that were not there (the whole act is then to be taken back).

    For a unit whose sheet was published together with others. A cell that does not hold any more what the sheet said
    is left alone.
    """
    live = store.live()
    key = f"{request_id}|{unit}"
    entered = [row for row in live.records("change", table_name=LEDGER, row_key=key) if row["field"] == "returned_on"]
    if not entered or live.rows()[LEDGER].get(key, {}).get("returned_on") is None:
        return None
    number = max(row["release"] for row in entered)
    request = live.rows()[LEDGER][key]
    own = {
        (row["ledger"], row["row_key"])
        for row in store.release(request["release"]).ask("asked", as_of=request["return_by"]).records()
        if row["unit"] == unit
    } | {(LEDGER, key)}
    records = [row for row in live.records("change", release=number) if (row["table_name"], row["row_key"]) in own]
    if any(row["kind"] != "changed" for row in records):
        return None
    day = next(note["as_of_on"] for note in live.notes() if note["release"] == number)
    now = store.rows_before(store.base_of(day))
    lines: dict[str, dict[str, dict[str, str]]] = {}
    staying = 0
    for row in records:
        held = now[row["table_name"]].get(row["row_key"], {}).get(row["field"])
        if to_text(held) != row["new"]:
            staying += 1
            continue
        cells = lines.setdefault(row["table_name"], {}).setdefault(row["row_key"], {})
        cells[row["field"]] = CLEAR[0] if row["old"] is None else guarded(row["old"])
    files = tuple((f"{key.replace('|', ' ')} {name}.csv", _as_csv(name, rows)) for name, rows in lines.items())
    return TakenBack(day, files, staying)


def _as_csv(name: str, rows: Mapping[str, Mapping[str, str]]) -> bytes:
    """Cells of rows of a ledger, by row key."""
    keys = ledgers()[name].key
    columns = sorted({column for cells in rows.values() for column in cells})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*keys, *columns])
    for key, cells in rows.items():
        writer.writerow([*key.split("|", len(keys) - 1), *(cells.get(column, "") for column in columns)])
    return out.getvalue().encode("utf-8")
