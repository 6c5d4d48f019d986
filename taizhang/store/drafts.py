"""A draft: the release a change would make, built and checked, seen by nobody who does not ask for it.

It is built once. What it is to say of itself (who, why, which day) can be said later, with `say`; then it goes live as
it is, with `publish`, or is thrown away, with `discard`.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from taizhang.declared import queries
from taizhang.declared.queries import Query
from taizhang.declared.tables import all_tables
from taizhang.rows import changes
from taizhang.rows.changes import CellName, Choice, Decisions, Merged, RowName
from taizhang.rows.comparison import undecided
from taizhang.rows.ledgers import LedgerFile, RowsRefused
from taizhang.rows.problems import ERROR, Problem
from taizhang.store import disk, in_use, publishing, releases, taking_back
from taizhang.store.publishing import Recipe, SomeonePublished
from taizhang.store.refusals import Places, check_problems, refusals
from taizhang.store.releases import NoRelease, Note, Release

Tell = Callable[[str, int, int], None]  # what is done (merge, write, check), steps done, steps to do; may raise
Broken = tuple[tuple[Query, tuple[tuple, ...]], ...]

# Of a draft that has not been told its day yet: checks that look at the day wait until it is.
UNSAID = Note("", dt.date.max, "", "")


@dataclass(frozen=True)
class Draft:
    """An act that nobody has published yet: the releases it would make, the oldest day first.

    `warnings` are the checks that found something in the newest of them, with the rows.
    """

    releases: tuple[Release, ...]
    note: Note
    warnings: Broken
    recipes: tuple[Recipe, ...] = field(repr=False, compare=False)
    places: Places = field(repr=False, compare=False)
    again: Callable[[Note, "Tell"], "Draft"] = field(repr=False, compare=False)  # the same change, of another day

    @property
    def release(self) -> Release:
        """The release that would be live."""
        return self.releases[-1]

    @property
    def recipe(self) -> Recipe:
        """What the act is made of."""
        return self.recipes[0]

    @property
    def kept(self) -> tuple[tuple[dt.date, CellName], ...]:
        """The cells of later days that keep a value of their own: (day, cell)."""
        return tuple((one.note.as_of, cell) for one in self.recipes for cell in one.kept)

    @property
    def name(self) -> str:
        """By what a reader asks for it."""
        return self.release.on_disk.parent.name

    @property
    def is_said(self) -> bool:
        """Whether it was told who publishes it, why, and which day it speaks of."""
        return bool(self.note.by)

    @property
    def parent(self) -> int | None:
        """The release it changes; None for the first of a store."""
        return self.recipe.parent


class DraftRefused(Exception):
    """The change breaks rules; carries a problem for each. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(f"{len(self.problems)} problems, first {first.table} line {first.line}: {first.rule}")


def draft(
    folder: Path,
    files: Sequence[LedgerFile],
    note: Note | None,
    decisions: Decisions,
    parent: int | None,
    learnt: Sequence[Mapping[str, object]] = (),
    tell: Tell | None = None,
) -> Draft:
    """Build the release that the files and decisions make of release `parent`, and run every check on it.

    Without a note it has to be told one before it is published; `learnt` are the records of repairs it brings. Raises
    `DraftRefused` with every problem at once, `SomeonePublished` when `parent` is not live any more, and whatever
    `tell` raises; then nothing is left behind.
    """
    tell = tell or _tell_nobody
    _complain([*(_formal_problems(note) if note else ()), *_reason_problems(decisions)])
    for data in {id(one.data): one.data for one in files}.values():
        disk.keep(folder, data)
    publishing.expect_live(folder, parent)
    tell("merge", 0, 1)
    said = note.plain() if note else UNSAID
    base = publishing.base_said_by(folder, said, parent)
    before = releases.rows_before(folder, base)
    _complain(undecided(changes.conflicts_in(files, before), decisions))
    merged = changes.merge(files, before, decisions)
    tell("merge", 1, 1)
    recipe = replace(
        uploading(files, before, merged, said, parent, base, decisions, learnt),
        withdraws=publishing.withdrawn_by(folder, said, parent),
    )

    def again(other: Note, tell: Tell) -> Draft:
        return draft(folder, files, other, decisions, parent, learnt, tell)

    made = _drafted(folder, recipe, Places(files, merged), again, tell)
    for data in {id(one.data): one.data for one in files}.values():  # now they are named: none can be swept any more
        disk.keep(folder, data)
    return made


def draft_undo(
    folder: Path, number: int, note: Note, choices: Mapping[CellName, Choice] | None = None, tell: Tell | None = None
) -> Draft:
    """Build the release that takes release `number` back. Raises as `draft` and `taking_back.undoing` do."""
    _complain(_formal_problems(note))
    recipe = taking_back.undoing(folder, number, note.plain(), choices)

    def again(other: Note, tell: Tell) -> Draft:
        return draft_undo(folder, number, other, choices, tell)

    return _drafted(folder, recipe, Places((), None), again, tell or _tell_nobody)


def say(draft: Draft, note: Note, tell: Tell | None = None) -> Draft:
    """The same draft with what it says of itself; the checks that look at its day are asked again.

    Of a day that other rows stand for, or that has days after it, it is built anew. Raises `DraftRefused` when the
    note lacks something or the day breaks a rule (the draft stays, and can be told another), `NoRelease` when it was
    discarded or swept.
    """
    note = replace(note.plain(), kind=draft.note.kind, undoes=draft.note.undoes)
    _complain(_formal_problems(note))
    path = draft.release.on_disk
    in_use.come_back_to(path.parent)
    if not path.exists():
        raise NoRelease(f"the draft {draft.name} is not there any more")
    is_same_day = note.as_of == draft.note.as_of and note.later == draft.note.later
    if not is_same_day and any(_is_of_the_past(draft, one) for one in (draft.note, note)):
        made = draft.again(note, tell or _tell_nobody)
        discard(draft)
        return made
    made = publishing.say_anew([(one.on_disk, recipe) for one, recipe in _parts(draft)], note)
    warnings, recipes = draft.warnings, tuple(recipe for _, recipe in made)
    if not is_same_day:
        dated = _checks(is_dated=True)
        broken = releases.broken_checks(path, note.as_of, _stage(tell or _tell_nobody, "check"), dated)
        _complain(check_problems(broken, recipes[-1], draft.places))
        warnings = _in_order([*(one for one in warnings if "as_of" not in one[0].params), *broken])
    opened = tuple(releases.opened(path) for path, _ in made)
    return replace(draft, releases=opened, note=note, warnings=warnings, recipes=recipes)


def _parts(draft: Draft) -> Iterable[tuple[Release, Recipe]]:
    return zip(draft.releases, draft.recipes, strict=True)


def _is_of_the_past(draft: Draft, note: Note) -> bool:
    """Whether a note speaks of a day before that of the release the draft changes: other rows stand for it, and other
    days come after it or are withdrawn."""
    folder = draft.release.on_disk.parent.parent.parent  # store/drafts/name/0015.duckdb
    return draft.parent is not None and note.as_of < releases.release(folder, draft.parent).as_of


def publish(folder: Path, draft: Draft) -> Release:
    """Make the draft the live release. It bears the time that its note says, else this moment.

    Raises `SomeonePublished` when its parent is not live any more (the draft is then thrown away: compare and draft
    again), `NoRelease` when it was discarded or swept, `DraftRefused` when it was not told who publishes it and why,
    `disk.NotConfirmed` when it is live and the disk does not say so.
    """
    _complain(_formal_problems(draft.note))
    path = draft.release.on_disk
    if not path.exists():
        raise NoRelease(f"the draft {draft.name} is not there any more")
    try:
        made = publishing.go_live(folder, [one.on_disk for one in draft.releases], draft.parent, draft.note.at)
    except (SomeonePublished, disk.NotConfirmed):
        discard(draft)
        raise
    discard(draft)
    return made


def discard(draft: Draft) -> None:
    """Throw a draft away; one that is gone already is no matter."""
    publishing.throw_away(draft.release.on_disk)


def named(folder: Path, name: str) -> Release:
    """An unpublished draft, opened like a release. Raises `NoRelease` when it is not there any more."""
    place = folder / "drafts" / name
    found = sorted(place.glob("*.duckdb")) if re.fullmatch("[0-9a-f]{16}", name) else []
    if not found:
        raise NoRelease(f"{folder}: no draft {name}")
    in_use.come_back_to(place)
    return releases.opened(found[-1])


# --- what it is made of ----------------------------------------------------------------------------------------


def uploading(
    files: Sequence[LedgerFile],
    before: changes.Rows,
    merged: Merged,
    note: Note,
    parent: int | None,
    base: int | None,
    decisions: Decisions,
    learnt: Sequence[Mapping[str, object]],
) -> Recipe:
    """The recipe of the act that an upload makes."""
    return Recipe(
        before,
        merged.rows,
        note,
        parent,
        base,
        [{**one, "reading": "upload"} for one in merged.received],
        merged.touched,
        [*_decided(merged, decisions, before), *_chosen(files, before, decisions)],
        learnt,
    )


def _decided(merged: Merged, decisions: Decisions, before: changes.Rows) -> list[dict[str, object]]:
    """The decisions that made a difference, as records."""
    reason, found = decisions.remove_reason.strip(), []
    if merged.removed and decisions.all_missing == "remove":
        found.append({"kind": "remove_all", "reason": reason})
    elif merged.removed:
        found.extend(_decision("remove", row, reason) for row in sorted(merged.removed))
    confirmed = sorted(row for row in decisions.confirmed if row in merged.touched)
    found.extend(
        _decision("confirm", (name, key))
        for name, key in confirmed
        if changes.is_guarded(all_tables()[name], before[name].get(key))
    )
    return found


def _chosen(files: Sequence[LedgerFile], before: changes.Rows, decisions: Decisions) -> list[dict[str, object]]:
    """The choices on cells that the files and somebody else both changed, as records."""
    return [
        {**_decision("yours" if one.cell in decisions.yours else "theirs", one.cell[:2]), "field": one.field}
        for one in changes.conflicts_in(files, before)
    ]


def _decision(kind: str, row: RowName, reason: str | None = None) -> dict[str, object]:
    return {"kind": kind, "table_name": row[0], "row_key": row[1], "reason": reason}


def _drafted(folder: Path, recipe: Recipe, places: Places, again: Callable[[Note, Tell], Draft], tell: Tell) -> Draft:
    try:
        made = publishing.make(folder, recipe, _stage(tell, "write"))
    except RowsRefused as error:
        problems = _refused(folder, recipe, places)
        if not problems:  # not a rule of the tables: nothing a clerk could repair
            raise
        raise DraftRefused(problems) from error
    try:
        broken: list[tuple[Query, Sequence[tuple]]] = []
        for path, one in made:
            asked = None if one.note.by else _checks(is_dated=False)
            broken = releases.broken_checks(path, one.note.as_of, _stage(tell, "check"), asked)
            _complain(_on_its_day(check_problems(broken, one, places), one))
        opened, recipes = tuple(releases.opened(path) for path, _ in made), tuple(one for _, one in made)
        return Draft(opened, recipe.note, _in_order(broken), recipes, places, again)
    except BaseException:
        publishing.throw_away(made[0][0])
        raise


def _refused(folder: Path, recipe: Recipe, places: Places) -> list[Problem]:
    """What the rows of the first day that can not be written break."""
    for one in publishing.parts_of(folder, recipe):
        if found := refusals(folder, one, places):
            return _on_its_day(found, one)
    return []


def _on_its_day(found: Iterable[Problem], recipe: Recipe) -> list[Problem]:
    """Problems of a later day say of which one they are."""
    return [replace(one, day=recipe.note.as_of) for one in found] if recipe.act else list(found)


def _checks(is_dated: bool) -> list[Query]:
    """The checks that look at the day the data reach, or those that do not."""
    return [check for check in queries.checks().values() if ("as_of" in check.params) == is_dated]


def _in_order(broken: Iterable[tuple[Query, Sequence[tuple]]]) -> Broken:
    """Broken checks in the order of all checks."""
    order = list(queries.checks())
    return tuple((check, tuple(rows)) for check, rows in sorted(broken, key=lambda one: order.index(one[0].name)))


def _stage(tell: Tell, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: tell(stage, done, total)


def _tell_nobody(stage: str, done: int, total: int) -> None:
    pass


def _complain(problems: Sequence[Problem]) -> None:
    if problems:
        raise DraftRefused(problems)


def _formal_problems(note: Note) -> list[Problem]:
    """Nothing is published without a name and a note."""
    missing = (("name_missing", note.by.strip()), ("note_missing", note.zh.strip() and note.en.strip()))
    return [Problem("", "", 0, "", "", rule, ERROR) for rule, said in missing if not said]


def _reason_problems(decisions: Decisions) -> list[Problem]:
    """No row is removed without a reason."""
    if (decisions.remove or decisions.all_missing == "remove") and not decisions.remove_reason.strip():
        return [Problem("", "", 0, "", "", "reason_missing", ERROR)]
    return []
