"""Reading files against the live release: what they say, what is wrong with them, and what they would change."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from taizhang.rows import changes
from taizhang.rows.changes import Decisions
from taizhang.rows.comparison import CHANGED, Comparison, PartFile, already, compare, undecided
from taizhang.rows.problems import ERROR, Group, Problem, groups_of
from taizhang.store import Release, Store, clock
from taizhang.store.turnstile import UPLOADS
from taizhang.uploads import came_back, handed_out, made_up, rounds
from taizhang.uploads.as_of import FoundDay, day_found
from taizhang.uploads.came_back import Recognised, Returned
from taizhang.uploads.cells import Reading, context_of, context_of_rows, readings_of
from taizhang.uploads.drafting import learnt
from taizhang.uploads.fixes import Fix, HeadingFix, together
from taizhang.uploads.handed_out import Base
from taizhang.uploads.headings import Part, parts_of, sender_of
from taizhang.uploads.lines import LIMITS, Sheet, Tell, tell_nobody
from taizhang.uploads.numbering import arranged
from taizhang.uploads.of_unit import OfUnit
from taizhang.uploads.packed import files_in
from taizhang.uploads.sheets import sheets_of


@dataclass(frozen=True)
class Checked:
    """What files say, what is wrong with them, and what they would change; nothing is written but their bytes.

    `files` and `parent` are what `draft` takes; `base` is the release they were compared with (None: nothing was known
    yet), `restates` the day that has passed and that they are to correct, if they are. `applied` are the fixes that
    were used (learnt ones and those given), `bases` what the workbooks among them said when we handed them out,
    `returned` the sheets of a round that came back.
    """

    sheets: tuple[Sheet, ...]
    parts: tuple[Part, ...]
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]
    groups: tuple[Group, ...]
    files: tuple[PartFile, ...]
    comparison: Comparison
    parent: int | None
    base: int | None
    restates: dt.date | None
    applied: tuple[Fix, ...]
    bases: tuple[Base, ...]
    day_found: FoundDay | None
    returned: tuple[Returned, ...] = ()
    came_back: Mapping[str, str] = field(default_factory=dict)  # sheet of a round → its unit
    senders: Mapping[str, str] = field(default_factory=dict)  # sheet → the unit it says it is from

    @property
    def already(self) -> int | None:
        """The release that first received these very files, when they say nothing new."""
        return self.comparison.already

    def day_to_offer(self, live: Release | None) -> dt.date:
        """The day that somebody who is to say one is offered: the one the files seem to be of, else the one of the
        live release, else (nothing was done yet in a campaign that was only founded) today."""
        if self.day_found:
            return self.day_found.day
        return live.as_of if live and live.kind != "founded" else clock.today()

    @property
    def entered(self) -> frozenset[str]:
        """The sheets that we made ourselves, to enter that others came back: nobody need look at them."""
        return frozenset(one.entry_sheet for one in self.returned if one.entry)

    def said_of(self, one: Returned) -> tuple[int, tuple[str, ...]]:
        """How many rows a unit's sheets that came back would change, and what is to be known of them, as codes:
        "again", "older" (a newer round is out), "others" (rows of other units are in it)."""
        sheets = {sheet for sheet, unit in self.came_back.items() if unit == one.unit}
        rows = [row for table in self.comparison.tables for kind in ("new", *CHANGED) for row in table.rows(kind)]
        broken = {problem.rule for problem in self.problems if problem.sheet in sheets}
        found = ("again",) if one.entry is None else ()
        found += tuple(code for code, rule in _SAID_OF.items() if rule in broken)
        return sum(row.sheet in sheets for row in rows), found

    @property
    def suggested(self) -> tuple[HeadingFix, ...]:
        """What each heading that is no column could mean, for a person to take all at once: no column twice."""
        taken = {(part.sheet, part.table, one.column) for part in self.parts for one in part.columns}
        found = []
        for one in self.problems:
            goes_to = (one.sheet, one.table, one.suggestion)
            if one.rule == "extra_column" and one.suggestion and goes_to not in taken:
                taken.add(goes_to)
                found.append(HeadingFix(one.value, one.table, one.suggestion, sender=self.senders.get(one.sheet, "")))
        return tuple(found)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be repaired before anything can be published."""
        return tuple(one for one in self.problems if one.severity == ERROR)


_SAID_OF = {"older": "sheet_of_an_older_round", "others": "row_of_another_unit"}


@UPLOADS.counted
def check(
    store: Store,
    files: Sequence[tuple[str, bytes]],
    fixes: Iterable[Fix] = (),
    restates: dt.date | None = None,
    tell: Tell | None = None,
    received_on: dt.date | None = None,
    of: OfUnit | None = None,
) -> Checked:
    """Read files (name, bytes), or a zip of some, against the live release, or what is in force on the day they are to
    restate; `fixes` are those of this upload. With the day on which they came, that sheets of a round are back is
    entered too: as files like any other, which are read after them. Of somebody who is held to some units (`of`), what
    is not theirs to say is left out and told.

    The bytes are kept first, under their checksum, but for those that are only to be handed in. Raises `FileRefused`
    for a file that cannot be read at all, `Crowded` when too many are being read, and whatever `tell` raises.
    """
    tell, fixes, files = tell or tell_nobody, tuple(fixes), files_in(files)
    if of is None or not of.is_theirs:
        for _, data in files:
            _keep(store, data)
    parent = store.live_number()
    start = store.base_of(restates)
    taught, before = learnt(store), store.rows_before(start)
    units = of.names(before) if of else None
    if of:
        taught, before = of.taught(taught), of.sees(before)
    context = context_of_rows(before) if start else context_of(None)
    sheets, parts, problems, from_file, bases, returned = [], [], [], [], [], []
    to_read, entered = list(files), []
    while to_read:
        name, data = to_read.pop(0)
        taken = _taken(name, data, store, received_on, units, tell)
        for entry in taken.entries:
            _keep(store, entry[1])
            entered.append(entry[1])
            to_read.append(entry)
        found, wrong = parts_of(taken.sheets, taught, fixes, context.vocabulary)
        found, wrong = arranged(found, wrong, before, fixes)
        if of and data not in entered:
            taken = replace(taken, bases={**of.bases(store, found), **taken.bases})
        found, strange = taken.without_others(found, before)
        sheets.extend(taken.sheets)
        parts.extend(found)
        from_file.extend((name, data, taken.bases.get(one.sheet)) for one in found)
        bases.extend({id(one): one for one in taken.bases.values() if one.unit is None}.values())
        returned.extend(taken.returned)
        problems.extend((*taken.problems, *strange, *wrong))
    senders = {one.name: sender for one in sheets if (sender := sender_of(one))}
    applied = tuple(fix for fix in together(taught, fixes) if getattr(fix, "sender", "") in ("", *senders.values()))
    readings = tuple(
        handed_out.edits_of(part, reading, base, before, context, applied)
        for part, reading, (*_, base) in zip(parts, readings_of(parts, context, applied, tell), from_file, strict=True)
    )
    if of:
        readings = tuple(
            reading if data in entered else of.sift(part, reading, before)
            for part, reading, (_, data, _) in zip(parts, readings, from_file, strict=True)
        )
    read = tuple(
        PartFile(part.table, name, data, part.encoding, reading.rows, _speaks_of(part, base), part.sheet)
        for part, reading, (name, data, base) in zip(parts, readings, from_file, strict=True)
    )
    tell("compare", 0, 1)
    comparison = already(compare(read, before), read, store.release(parent).records("received") if parent else ())
    tell("compare", 1, 1)
    problems += [one for reading in readings for one in reading.problems]
    problems += comparison.problems
    problems += made_up.strangers(store, comparison)
    return Checked(
        sheets=tuple(sheets),
        parts=tuple(parts),
        readings=readings,
        problems=tuple(problems),
        groups=groups_of(problems),
        files=read,
        comparison=comparison,
        parent=parent,
        base=start,
        restates=restates,
        applied=applied,
        bases=tuple(bases),
        day_found=came_back.day_of(returned) or day_found([name for name, _ in files], sheets, parts),
        returned=tuple(returned),
        senders=senders,
        came_back={
            one.sheet: base.unit for one, (*_, base) in zip(parts, from_file, strict=True) if base and base.unit
        },
    )


def _taken(
    name: str, data: bytes, store: Store, received_on: dt.date | None, units: Collection[str] | None, tell: Tell
) -> Recognised:
    """The sheets of a file, with what they said when they were handed out, be it in a round or as a whole workbook."""
    read = sheets_of(name, data, tell)
    if back := came_back.recognise(name, data, read, store, received_on, units):
        return back
    own, base, warned = handed_out.received(read, store)
    return Recognised(own, {one.name: base for one in own} if base else {}, problems=warned)


def _speaks_of(part: Part, base: Base | None) -> frozenset[str] | None:
    """The rows of which a part says that they are gone where it does not have them; None: all. That a sheet came back
    says nothing of those of others."""
    return frozenset() if part.table == rounds.LEDGER else handed_out.keys_of(part, base)


def _keep(store: Store, data: bytes) -> None:
    if len(data) <= LIMITS.file_bytes:
        store.keep(data)


def restated_by(store: Store, day: dt.date) -> dt.date | None:
    """The day, when a file of it would correct one that has passed; None when it says what is known from now on."""
    return day if store.live_number() is not None and day < store.live().as_of else None


def before_it_began(store: Store, day: dt.date) -> dt.date | None:
    """The day a campaign was founded for, when a file speaks of one before it; None for any other file."""
    first = store.live().notes()[0] if store.live_number() is not None else {"kind": ""}
    return first["as_of_on"] if first["kind"] == "founded" and day < first["as_of_on"] else None


def is_anything_new(store: Store, checked: Checked, decisions: Decisions, as_of: dt.date | None) -> bool:
    """Whether a release would say anything, or has to be refused: rows that change or leave, cells to choose on, or
    the same data for a later day (`as_of`: the day, once somebody said it)."""
    if undecided(checked.comparison.conflicts, decisions):
        return True
    leaving = decisions.all_missing == "remove" and any(one.missing for one in checked.comparison.tables)
    changed = sum(one.changes - len(one.guarded) for one in checked.comparison.tables)
    if decisions.theirs:  # a row may have no other edit than those that were decided against
        before = store.rows_before(checked.base)
        changed = changes.merge(checked.files, before, decisions).rows != before
    is_later = as_of is not None and (checked.base is None or as_of > store.release(checked.base).as_of)
    return bool(changed or leaving or decisions.remove or decisions.confirmed or (checked.parts and is_later))
