"""The commands that take files in: check what they would do, and publish them.

Each works while the board is open: a release is a file of its own, and the board looks at LIVE.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from taizhang import uploads
from taizhang.cli.for_programs import checked_as_json, conclusions_as_json, days_as_json
from taizhang.cli.repairing import Repairs, files_of, fixes_of, repair_options
from taizhang.cli.terminal import Stop, as_json, by_option, day_of, json_option, note_option
from taizhang.cli.told import (
    progress,
    show_both_changed,
    show_comparison,
    show_conclusions,
    show_days,
    show_parts,
    show_problems,
    show_warnings,
)
from taizhang.declared.wording import Language
from taizhang.evidence.conclusions import Conclusions, DayChanged, conclusions_of, days_of
from taizhang.exhibits.views import Choices
from taizhang.rows.changes import CellName, Decisions
from taizhang.rows.problems import ERROR, Problem
from taizhang.store import Draft, DraftRefused, Note, Release, Store, drafts
from taizhang.uploads import Checked

ALL = "all"
_files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


_received = click.option("--received-on", "received_on")


@_files
@click.option("--as-of", "day")
@_received
@json_option
@repair_options
def check(
    store: Store,
    t: Language,
    files: tuple[Path, ...],
    day: str | None,
    received_on: str | None,
    is_json: bool,
    repairs: Repairs,
) -> int:
    as_of = day_of(day) if day else None
    checked, draft, problems = _tried(store, t, files, as_of, _day_received(received_on, as_of), repairs)
    if draft:
        drafts.discard(draft)
    errors = sum(one.severity == ERROR for one in problems)
    if is_json:
        click.echo(as_json(checked_as_json(checked, problems, draft, t)))
        return 1 if errors else 0
    show_parts(checked, t)
    show_problems(problems, t)
    if not errors:
        show_comparison(checked.comparison, t)
        show_both_changed(checked.comparison.conflicts, t)
        show_warnings(draft, t)
    if checked.already:
        click.echo(t("cliuploads.already", release=checked.already))
    click.echo(t("cliuploads.has_errors", count=errors) if errors else t("cliuploads.no_errors"))
    return 1 if errors else 0


@_files
@click.option("--as-of", "day", required=True)
@note_option
@by_option
@click.option("--missing", type=click.Choice(("keep", "remove")), default="keep", show_default=True)
@click.option("--reason", default="")
@click.option("--confirm", multiple=True, metavar="KEY")
@click.option("--yours", multiple=True, metavar="CELL")
@click.option("--theirs", multiple=True, metavar="CELL")
@_received
@click.option("--each", "is_each", is_flag=True)
@click.option("--later", type=click.Choice(("restate", "withdraw")), default="restate", show_default=True)
@click.option("--dry-run", "is_dry", is_flag=True)
@json_option
@repair_options
def publish(
    store: Store,
    t: Language,
    files: tuple[Path, ...],
    day: str,
    said: str,
    author: str,
    missing: str,
    reason: str,
    confirm: tuple[str, ...],
    yours: tuple[str, ...],
    theirs: tuple[str, ...],
    received_on: str | None,
    is_each: bool,
    later: str,
    is_dry: bool,
    is_json: bool,
    repairs: Repairs,
) -> int:
    note = Note(author, day_of(day), said, said, "first" if store.live_number() is None else "upload", later=later)
    if start := uploads.before_it_began(store, note.as_of):
        raise Stop("upload.before_it_began", day=t.day(note.as_of), start=t.day(start))
    restates = note.as_of if later == "restate" else None
    checked = _check(store, t, files, restates, _day_received(received_on, note.as_of), repairs)
    decisions = Decisions(
        remove_reason=reason,
        confirmed=_confirmed(checked, confirm),
        all_missing=missing,
        **_chosen(checked, {"yours": yours, "theirs": theirs}),
    )
    came = come_to(store, t, checked, note, decisions, is_dry, is_each)
    if is_json:
        told = checked_as_json(checked, came.problems, came.draft, t)
        told |= {"conclusions": conclusions_as_json(came.found, t), "days": days_as_json(came.days), "dry_run": is_dry}
        click.echo(as_json({**told, "release": came.made.number if came.made else None}))
    else:
        show_published(checked, decisions, came, t)
    return 1 if came.errors else 0


@dataclass(frozen=True)
class Came:
    """What publishing came to: the draft (gone by now), the release if there is one, and what either changes."""

    problems: tuple[Problem, ...]
    draft: Draft | None = None
    made: Release | None = None
    found: Conclusions | None = None
    days: tuple[DayChanged, ...] = ()

    @property
    def errors(self) -> int:
        return sum(one.severity == ERROR for one in self.problems)


def come_to(
    store: Store, t: Language, checked: Checked, note: Note, decisions: Decisions, is_dry: bool, is_each: bool = False
) -> Came:
    """Draft what was checked, ask what it changes, and publish it unless it is only to be looked at; sheets of a round
    one unit after another, where each is to be an act of its own."""
    if checked.errors or not uploads.is_anything_new(store, checked, decisions, note.as_of):
        return Came(checked.problems)
    try:
        draft = uploads.draft(
            store, checked.files, note.said_now(), decisions, checked.parent, checked.applied, progress(t)
        )
    except DraftRefused as refused:
        return Came((*checked.problems, *refused.problems))
    try:
        found = conclusions_of(store, draft, Choices(lang=t.code))
        days = tuple(days_of(store, draft, t))
        if is_each and not is_dry:
            each = uploads.publish_each(store, checked, note, decisions)
            made = each.releases[-1] if each.releases else None
            return Came((*checked.problems, *each.problems), draft, made, found, days)
        made = None if is_dry else store.publish_draft(draft)
    finally:
        drafts.discard(draft)
    return Came(checked.problems, draft, made, found, days)


def show_published(checked: Checked, decisions: Decisions, came: Came, t: Language) -> None:
    """Say what publishing came to."""
    show_parts(checked, t)
    show_problems(came.problems, t)
    decided = decisions.yours | decisions.theirs
    show_both_changed([one for one in checked.comparison.conflicts if one.cell not in decided], t)
    if came.errors:
        click.echo(t("cliuploads.not_published", count=came.errors))
        return
    show_comparison(checked.comparison, t, decisions)
    show_warnings(came.draft, t)
    if came.found:
        show_conclusions(came.found, t)
    show_days(came.days, t)
    if came.draft is None and checked.already:
        click.echo(t("cliuploads.already", release=checked.already))
    elif came.draft is None:
        click.echo(t("cliuploads.nothing_new"))
    elif came.made is None:
        click.echo(t("cliuploads.dry"))
    else:
        click.echo(
            t("cliuploads.published", release=came.made.number, as_of=came.made.as_of, by=came.made.published_by)
        )


def _tried(
    store: Store,
    t: Language,
    files: Sequence[Path],
    as_of: dt.date | None,
    received_on: dt.date | None,
    repairs: Repairs,
) -> tuple[Checked, Draft | None, tuple[Problem, ...]]:
    """The files checked, and tried as a release that nobody publishes: rules between rows and tables speak there."""
    checked = _check(store, t, files, as_of, received_on, repairs)
    if checked.errors or not checked.comparison.changes:
        return checked, None, checked.problems
    day = as_of or checked.day_to_offer(store.release(checked.parent) if checked.parent else None)
    note = Note("check", day, "check", "check")
    decisions = Decisions(theirs=frozenset(one.cell for one in checked.comparison.conflicts))
    try:
        draft = uploads.draft(store, checked.files, note, decisions, checked.parent, checked.applied, progress(t))
    except DraftRefused as refused:
        return checked, None, (*checked.problems, *refused.problems)
    return checked, draft, checked.problems


def _check(
    store: Store,
    t: Language,
    files: Sequence[Path],
    restates: dt.date | None,
    received_on: dt.date | None,
    repairs: Repairs,
) -> Checked:
    if not store.exists:  # a mistyped --store is not made for this
        raise Stop("error.empty_store", store=store)
    given = files_of(repairs, [(path.name, _bytes(path)) for path in files], t)
    fixes = fixes_of(repairs, store, given)
    return uploads.check(store, given, fixes, restates, progress(t), received_on=received_on)


def _day_received(said: str | None, as_of: dt.date | None) -> dt.date | None:
    """The day on which sheets that were handed out came back: the one said, else the one the data are of."""
    return day_of(said) if said else as_of


def _bytes(path: Path) -> bytes:
    """The bytes of a file; one that is too large is not even opened."""
    if not path.is_file():
        raise Stop("error.no_file", path=path)
    size, limit = path.stat().st_size, uploads.LIMITS.file_bytes
    if size > limit:
        raise uploads.FileRefused("too_large", file=path.name, size=-(-size // (1 << 20)), limit=limit >> 20)
    return path.read_bytes()


def _confirmed(checked: Checked, keys: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The rows that may be overwritten though a verifier closed them."""
    guarded = {row.key: table.table for table in checked.comparison.tables for row in table.guarded}
    for key in keys:
        if key not in guarded:
            raise Stop("error.not_guarded", row=key, keys=", ".join(guarded) or "—")
    return frozenset((guarded[key], key) for key in keys)


def _chosen(checked: Checked, said: Mapping[str, Sequence[str]]) -> dict[str, frozenset[CellName]]:
    """Side → the cells in conflict it was chosen for, named as KEY.field; `all` is every one not named otherwise."""
    known = {f"{one.key}.{one.field}": one.cell for one in checked.comparison.conflicts}
    named = [name for names in said.values() for name in names]
    for name in named:
        if name != ALL and name not in known:
            raise Stop("error.not_in_conflict", cell=name, cells=", ".join(known) or "—")
        if sum(name in names for names in said.values()) > 1:
            raise Stop("error.chosen_twice", cell=name)
    rest = known.keys() - set(named)
    return {
        side: frozenset(known[name] for name in {*names, *(rest if ALL in names else ())} - {ALL})
        for side, names in said.items()
    }


COMMANDS = (check, publish)
