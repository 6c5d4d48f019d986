"""The commands that change the data or take them out: check, publish, diff, undo, history, export.

Each works while the board is open: a release is a file of its own, and the board looks at LIVE.
"""

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click

from taizhang import uploads
from taizhang.cli.terminal import Stop, as_json, near, print_table, release_asked, value_text
from taizhang.declared import queries, tables
from taizhang.declared.values import from_text
from taizhang.declared.wording import Language
from taizhang.evidence.conclusions import conclusions
from taizhang.exhibits import views
from taizhang.rows.changes import WHOLE_ROW, CellName
from taizhang.rows.comparison import KINDS
from taizhang.rows.problems import ERROR, groups_of
from taizhang.showing import export
from taizhang.store import releases
from taizhang.store.releases import Note
from taizhang.uploads import Checked, Comparison, Conflict, Decisions, Draft, Problem, RowChange, lines

ROWS_SHOWN = 10  # of each kind, in text; --json has all
VALUES_SHOWN = 6
ALL = "all"
LONGEST = 40  # characters of a value in a line

_files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_json = click.option("--json", "is_json", is_flag=True)
_note = click.option("--note", "said", required=True)
_by = click.option("--by", "author", required=True)


def sentence_of(error: Exception, t: Language) -> str | None:
    """What an error of these commands means; None for one that is not theirs."""
    match error:
        case uploads.FileRefused():
            return lines.sentence(error, t)
        case uploads.DraftRefused():
            return uploads.sentence(error.problems[0], t)
        case export.TooLong():
            heading = tables.ledgers()[error.table].column(error.column).heading[t.code]
            return t("error.too_long", heading=heading, length=error.length)
    return None


# --- check and publish -----------------------------------------------------------------------------------------


@_files
@click.option("--as-of", "day")
@_json
def check(store: Path, t: Language, files: tuple[Path, ...], day: str | None, is_json: bool) -> int:
    checked, draft, problems = _tried(store, t, files, _day(day) if day else None)
    if draft:
        uploads.discard(draft)
    errors = sum(one.severity == ERROR for one in problems)
    if is_json:
        click.echo(as_json(_checked_as_json(checked, problems, draft, t)))
        return 1 if errors else 0
    _show_parts(checked, t)
    _show_problems(problems, t)
    if not errors:
        _show_comparison(checked.comparison, t)
        _show_both_changed(checked.comparison.conflicts, t)
        _show_warnings(draft, t)
    if checked.already:
        click.echo(t("cliuploads.already", release=checked.already))
    click.echo(t("cliuploads.has_errors", count=errors) if errors else t("cliuploads.no_errors"))
    return 1 if errors else 0


@_files
@click.option("--as-of", "day", required=True)
@_note
@_by
@click.option("--missing", type=click.Choice(("keep", "remove")), default="keep", show_default=True)
@click.option("--reason", default="")
@click.option("--confirm", multiple=True, metavar="KEY")
@click.option("--yours", multiple=True, metavar="CELL")
@click.option("--theirs", multiple=True, metavar="CELL")
@click.option("--dry-run", "is_dry", is_flag=True)
@_json
def publish(
    store: Path,
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
    is_dry: bool,
    is_json: bool,
) -> int:
    note = Note(author, _day(day), said, said, "first" if releases.live_number(store) is None else "upload")
    checked, problems = _check(store, t, files, note.as_of), ()
    decisions = Decisions(
        remove_reason=reason,
        confirmed=_confirmed(checked, confirm),
        all_missing=missing,
        **_chosen(checked, {"yours": yours, "theirs": theirs}),
    )
    draft = made = found = None
    if not checked.errors and _is_anything_new(store, checked, decisions, note.as_of):
        try:
            draft = uploads.draft(store, checked.files, note, decisions, checked.parent, checked.applied, _told(t))
        except uploads.DraftRefused as refused:
            problems = refused.problems
    problems = (*checked.problems, *problems)
    errors = sum(one.severity == ERROR for one in problems)
    if draft:
        try:
            found = _conclusions(store, draft, t)
            made = None if is_dry else uploads.publish_draft(store, draft)
        finally:
            uploads.discard(draft)
    if is_json:
        told = _checked_as_json(checked, problems, draft, t)
        told |= {"conclusions": _conclusions_as_json(found, t), "dry_run": is_dry}
        click.echo(as_json({**told, "release": made.number if made else None}))
    else:
        _show_published(checked, decisions, problems, draft, found, made, t)
    return 1 if errors else 0


def _show_published(
    checked: Checked, decisions: Decisions, problems: Sequence[Problem], draft: Draft | None, found, made, t: Language
) -> None:
    _show_parts(checked, t)
    _show_problems(problems, t)
    decided = decisions.yours | decisions.theirs
    _show_both_changed([one for one in checked.comparison.conflicts if one.cell not in decided], t)
    errors = sum(one.severity == ERROR for one in problems)
    if errors:
        click.echo(t("cliuploads.not_published", count=errors))
        return
    _show_comparison(checked.comparison, t, decisions)
    _show_warnings(draft, t)
    if found:
        _show_conclusions(found, t)
    if draft is None and checked.already:
        click.echo(t("cliuploads.already", release=checked.already))
    elif draft is None:
        click.echo(t("cliuploads.nothing_new"))
    elif made is None:
        click.echo(t("cliuploads.dry"))
    else:
        click.echo(t("cliuploads.published", release=made.number, as_of=made.as_of, by=made.published_by))


def _tried(
    store: Path, t: Language, files: Sequence[Path], as_of: dt.date | None
) -> tuple[Checked, Draft | None, tuple[Problem, ...]]:
    """The files checked, and tried as a release that nobody publishes: rules between rows and tables speak there."""
    checked = _check(store, t, files, as_of)
    if checked.errors or not checked.comparison.changes:
        return checked, None, checked.problems
    live = releases.live(store) if checked.parent else None
    day = checked.as_of_guess or (live.as_of if live else dt.date.today())
    note = Note("check", day, "check", "check")
    decisions = Decisions(theirs=frozenset(one.cell for one in checked.comparison.conflicts))
    try:
        draft = uploads.draft(store, checked.files, note, decisions, checked.parent, checked.applied, _told(t))
    except uploads.DraftRefused as refused:
        return checked, None, (*checked.problems, *refused.problems)
    return checked, draft, checked.problems


def _check(store: Path, t: Language, files: Sequence[Path], as_of: dt.date | None) -> Checked:
    if not store.exists():  # a mistyped --store is not made for this
        raise Stop("error.empty_store", store=store)
    return uploads.check(store, [(path.name, _bytes(path)) for path in files], as_of=as_of, tell=_told(t))


def _bytes(path: Path) -> bytes:
    """The bytes of a file; one that is too large is not even opened."""
    if not path.is_file():
        raise Stop("error.no_file", path=path)
    size, limit = path.stat().st_size, uploads.LIMITS.file_bytes
    if size > limit:
        raise uploads.FileRefused("too_large", file=path.name, size=-(-size // (1 << 20)), limit=limit >> 20)
    return path.read_bytes()


def _day(text: str) -> dt.date:
    try:
        return from_text("DATE", text)
    except ValueError as error:
        raise Stop("error.no_day", value=text) from error


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


def _is_anything_new(store: Path, checked: Checked, decisions: Decisions, as_of: dt.date) -> bool:
    """Whether a release would say anything, or has to be refused: rows that change or leave, cells to choose on, or
    the same data for a later day."""
    if uploads.undecided(checked.comparison.conflicts, decisions):
        return True
    leaving = decisions.all_missing == "remove" and any(one.missing for one in checked.comparison.tables)
    changed = sum(one.changes - len(one.guarded) for one in checked.comparison.tables)
    if decisions.theirs:  # a row may have no other edit than those that were decided against
        merged = uploads.after(checked.files, releases.rows_before(store, checked.parent), decisions)[0]
        changed = merged != releases.rows_before(store, checked.parent)
    live = releases.live(store) if checked.parent else None
    later = checked.parts and (live is None or as_of > live.as_of)
    return bool(changed or leaving or decisions.confirmed or later)


def _conclusions(store: Path, draft: Draft, t: Language):
    after = views.look(store, views.Choices(lang=t.code, draft=draft.name))
    before = views.look(store, views.Choices(lang=t.code)) if draft.parent else None
    return conclusions(before, after)


def _told(t: Language) -> Callable[[str, int, int], None] | None:
    """Progress on the terminal; nothing where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def tell(stage: str, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        click.echo("\r" + t("cliuploads.stage", stage=t(f"clistage.{stage}"), percent=percent), nl=False, err=True)
        if done >= total:
            click.echo("\r\033[K", nl=False, err=True)

    return tell


# --- two releases, undo, history -------------------------------------------------------------------------------


@click.argument("older", type=int)
@click.argument("newer", type=int)
@_json
def diff(store: Path, t: Language, older: int, newer: int, is_json: bool) -> None:
    found = uploads.diff(release_asked(store, older).rows(), release_asked(store, newer).rows())
    if is_json:
        click.echo(as_json({"older": older, "newer": newer, "tables": _comparison_as_json(found)}))
        return
    different = [one for one in found.tables if one.changes or one.missing]
    _show_comparison(Comparison(tuple(different)), t, all_missing="remove")
    if not different:
        click.echo(t("cliuploads.no_difference"))


@click.argument("number", type=int)
@_note
@_by
@click.option("--as-of", "day")
@click.option("--keep-later", "choice", flag_value="later")
@click.option("--take-back", "choice", flag_value="earlier")
def undo(store: Path, t: Language, number: int, said: str, author: str, day: str | None, choice: str | None) -> int:
    release_asked(store, number)
    as_of = _day(day) if day else releases.day_after_undo(releases.live(store), number)
    note = Note(author, as_of, said, said, "undo", number)
    try:
        draft = _draft_of_undo(store, number, note, choice, t)
    except releases.UndoConflict as conflict:
        _show_conflicts(conflict, number, t)
        return 1
    except uploads.DraftRefused as refused:
        _show_problems(refused.problems, t)
        click.echo(t("cliuploads.not_published", count=len(refused.problems)))
        return 1
    try:
        found = _conclusions(store, draft, t)
        made = uploads.publish_draft(store, draft)
    finally:
        uploads.discard(draft)
    before = releases.release(store, draft.parent)
    changed = [one for one in uploads.diff(before.rows(), made.rows()).tables if one.changes or one.missing]
    _show_comparison(Comparison(tuple(changed)), t, all_missing="remove")
    _show_conclusions(found, t)
    click.echo(t("cliuploads.undone", number=number, release=made.number, as_of=made.as_of))
    return 0


def _draft_of_undo(store: Path, number: int, note: Note, choice: str | None, t: Language) -> Draft:
    """The draft; one choice can bring further conflicts to light (rows that left meanwhile), which it settles too."""
    choices: dict = {}
    while True:
        try:
            return uploads.draft_undo(store, number, note, choices, _told(t))
        except releases.UndoConflict as conflict:
            if choice is None or set(conflict.cells) <= choices.keys():
                raise
            choices |= dict.fromkeys(conflict.cells, choice)


def _show_conflicts(conflict: releases.UndoConflict, number: int, t: Language) -> None:
    headings = [
        t("cliuploads.ledger"),
        t("cliuploads.row"),
        t("cliuploads.field"),
        t("cliuploads.now"),
        t("cliuploads.earlier"),
    ]
    rows = []
    for (table, key, field), (now, earlier) in conflict.values.items():
        values = [_recorded(table, field, text, t) for text in (now, earlier)]
        rows.append([tables.ledgers()[table].title[t.code], key, _field(table, field, t), *values])
    print_table(headings, rows)
    click.echo(t("cliuploads.conflicts", count=len(rows), number=number), err=True)


@click.argument("table")
@click.argument("key")
@_json
def history(store: Path, t: Language, table: str, key: str, is_json: bool) -> None:
    if table not in tables.ledgers():
        raise Stop("error.no_table", name=table, near=near(table, tables.ledgers(), t))
    answer = release_asked(store, None).ask("row_history", table_name=table, row_key=key)
    records = answer.records()
    if not records:
        raise Stop("error.no_row", table=table, row=key)
    if is_json:
        click.echo(as_json({"table": table, "key": key, "changes": records}))
        return
    shown = [
        name
        for name in (
            "release",
            "as_of_on",
            "published_by",
            "kind",
            "field",
            "old",
            "new",
            "file_name",
            "line",
            "reason",
        )
        if name in answer.columns
    ]
    click.echo(f"{tables.ledgers()[table].title[t.code]} · {key}")
    print_table(
        [answer.query.returned(name).heading[t.code] for name in shown],
        [[_in_history(table, name, row, answer.query, t) for name in shown] for row in records],
    )


def _in_history(table: str, name: str, row: Mapping[str, object], query: queries.Query, t: Language) -> str:
    if name == "field":
        return _field(table, str(row["field"]), t)
    if name in ("old", "new"):
        return _recorded(table, str(row["field"]), row[name], t)
    return value_text(row[name], query.returned(name).codes, t.code)


def _field(table: str, field: str, t: Language) -> str:
    known = {column.name: column for column in tables.ledgers()[table].columns}
    return known[field].heading[t.code] if field in known else t("cliuploads.whole_row")


def _recorded(table: str, field: str, text: str | None, t: Language) -> str:
    """A value as a change record has it, cut; of a whole row only that there was one."""
    known = {column.name: column for column in tables.ledgers()[table].columns}
    if field not in known:
        return value_text(None if text is None else "…", None, t.code)
    with suppress(KeyError, ValueError):  # a code or a type that is not declared any more stays as it was written
        return _value(table, field, from_text(known[field].type, text), t)
    return t.more(text or "", LONGEST)


# --- export ----------------------------------------------------------------------------------------------------


@click.argument("table", required=False)
@click.option("--all", "is_all", is_flag=True)
@click.option("--format", "form", type=click.Choice(("csv", "xlsx")), default="csv", show_default=True)
@click.option("--release", "number", type=int)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path))
def export_(
    store: Path, t: Language, table: str | None, is_all: bool, form: str, number: int | None, target: Path | None
) -> None:
    if is_all == bool(table):
        raise Stop("error.which_table")
    if table and table not in tables.ledgers():
        raise Stop("error.no_table", name=table, near=near(table, tables.ledgers(), t))
    one = release_asked(store, number)
    name = f"taizhang-{one.number:04d}" if is_all else f"{table}-{one.number:04d}"
    if form == "xlsx":
        made = {target or Path(f"{name}.xlsx"): export.workbook_of(one, t.code, None if is_all else [table])}
    elif is_all:
        folder = target or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        made = {folder / f"{ledger}.csv": data for ledger, data in export.csvs_of(one, t.code).items()}
    else:
        data = export.csv_of(one, table, t.code)
        if target is None:
            click.echo(data, nl=False)
            return
        made = {target: data}
    for path, data in made.items():
        path.write_bytes(data)
        click.echo(t("say.written", path=path))


COMMANDS = (check, publish, diff, undo, history, export_)


# --- for people ------------------------------------------------------------------------------------------------


def _show_parts(checked: Checked, t: Language) -> None:
    for part, file in zip(checked.parts, checked.files, strict=True):
        title = tables.ledgers()[part.table].title[t.code]
        click.echo(
            t(
                "cliuploads.part",
                file=file.file_name,
                sheet=part.sheet,
                ledger=title,
                encoding=part.encoding,
                header=part.header_line,
                rows=len(part.lines),
            )
        )
    for base in checked.bases:
        click.echo("  " + t("ledgerbook.has_base", release=base.release, day=t.day(base.as_of)))
    for sheet in checked.sheets:
        for remark in sheet.remarks:
            click.echo(f"  {lines.sentence(remark, t)}")


def _show_problems(problems: Sequence[Problem], t: Language) -> None:
    """Groups as people repair them: the first in a sentence, then what else stands there and where."""
    for group in groups_of(problems):
        severity, sentence = t(f"cliseverity.{group.severity}"), uploads.sentence(group.first, t)
        click.echo(t("cliuploads.group", severity=severity, count=group.count, sentence=sentence))
        if group.count > 1:
            values = [f"{t.more(value, LONGEST)} ×{count}" for value, count in group.values[:VALUES_SHOWN] if value]
            if values:
                more = "…" if len(group.values) > VALUES_SHOWN else ""
                click.echo("    " + t("cliuploads.values", values=", ".join(values) + more))
            more = "…" if group.count > len(group.lines) else ""
            click.echo("    " + t("cliuploads.lines", lines=", ".join(map(str, group.lines)) + more))


def _show_comparison(
    comparison: Comparison, t: Language, decisions: Decisions | None = None, all_missing: str = "keep"
) -> None:
    all_missing = decisions.all_missing if decisions else all_missing
    for table in comparison.tables:
        counts = [
            t(f"clikind.{kind}", count=count)
            for kind, count in table.counts.items()
            if count and (kind != "missing" or all_missing == "keep")
        ]
        if table.missing and all_missing == "remove":
            counts.append(t("clikind.removed", count=len(table.missing)))
        click.echo(f"{tables.ledgers()[table.table].title[t.code]}: {t('cliuploads.comma').join(counts) or '0'}")
        for kind in KINDS:
            if kind != "same" and (kind != "missing" or all_missing == "remove"):
                _show_rows(table.table, kind, table.rows(kind), t)
        if table.guarded:
            confirmed = decisions.confirmed if decisions else frozenset()
            kept = [row.key for row in table.guarded if (table.table, row.key) not in confirmed]
            if kept:
                click.echo("  " + t("cliuploads.guarded", keys=", ".join(kept[:ROWS_SHOWN])))


def _show_both_changed(conflicts: Sequence[Conflict], t: Language) -> None:
    """The cells that somebody has to choose on, each under the name by which an option takes it."""
    if not conflicts:
        return
    headings = [t(f"cliuploads.{name}") for name in ("cell_name", "field", "was", "theirs", "yours")]
    rows = [
        [f"{one.key}.{one.field}", _field(one.table, one.field, t)]
        + [_value(one.table, one.field, value, t) for value in (one.was, one.theirs, one.yours)]
        for one in conflicts
    ]
    print_table(headings, rows)
    click.echo(t("cliuploads.both_changed", count=len(rows)))


def _show_rows(table: str, kind: str, rows: Sequence[RowChange], t: Language) -> None:
    name = "removed" if kind == "missing" else kind
    for row in rows[:ROWS_SHOWN]:
        cells = t("cliuploads.comma").join(
            t(
                "cliuploads.cell",
                heading=_field(table, cell.column, t),
                old=_value(table, cell.column, cell.old, t),
                new=t("cliuploads.emptied") if cell.new is None else _value(table, cell.column, cell.new, t),
            )
            for cell in row.cells
        )
        click.echo("  " + t("cliuploads.change", kind=t(f"clirow.{name}"), row=row.key, cells=cells).rstrip())
    if len(rows) > ROWS_SHOWN:
        click.echo("  " + t("cliuploads.more_rows", count=len(rows) - ROWS_SHOWN, kind=t(f"clirow.{name}")))


def _value(table: str, column: str, value: object, t: Language) -> str:
    codes = None if column == WHOLE_ROW else tables.ledgers()[table].column(column).codes
    return t.more(" ".join(value_text(value, codes, t.code).split()), LONGEST)


def _show_warnings(draft: Draft | None, t: Language) -> None:
    for check, rows in draft.warnings if draft else ():
        click.echo(t("cliuploads.warned", title=check.title[t.code], count=len(rows)))


def _show_conclusions(found, t: Language) -> None:
    click.echo(t("cliuploads.conclusions"))
    if found.are_the_same:
        click.echo("  " + t("conclusions.the_same"))
    for figure in found.figures:
        if figure.is_changed:
            click.echo("  " + t("cliuploads.figure", label=figure.label, before=figure.before, after=figure.after))
    flips = [
        t(
            "cliuploads.flip",
            title=t.more(one.title, LONGEST),
            row=one.key,
            before=_status(one, one.before, t),
            after=_status(one, one.after, t),
        )
        for one in found.flips
    ]
    overdue = [
        t("cliuploads.overdue", title=t.more(one.title, LONGEST), row=one.key, due_on=t.day(one.due_on))
        for one in found.overdue
    ]
    headlines = [t("cliuploads.headline", before=one.before or "—", after=one.after) for one in found.headlines]
    warned = [
        t("cliuploads.newly_warned", title=one.check.title[t.code], count=len(one.rows)) for one in found.warnings
    ]
    for said in (flips, overdue, headlines, warned):
        for sentence in said[:ROWS_SHOWN]:
            click.echo(f"  {sentence}")
        if len(said) > ROWS_SHOWN:
            click.echo("  " + t("cliuploads.more", count=len(said) - ROWS_SHOWN))


def _status(flip, code: str | None, t: Language) -> str:
    codes = queries.answers()["actions" if flip.table == "action" else "issues"].returned("status").codes
    return value_text(code, codes, t.code)


# --- for programs ----------------------------------------------------------------------------------------------


def _checked_as_json(checked: Checked, problems: Sequence[Problem], draft: Draft | None, t: Language) -> dict:
    return {
        "ok": not any(one.severity == ERROR for one in problems),
        "already": checked.already,
        "as_of": checked.as_of_guess,
        "parts": [
            {
                "file": file.file_name,
                "sheet": part.sheet,
                "table": part.table,
                "encoding": part.encoding,
                "header_line": part.header_line,
                "rows": len(part.lines),
                "sha256": file.sha256,
                "columns": {one.heading: one.column for one in part.columns},
                "extra": part.extra,
                "missing": part.missing,
            }
            for part, file in zip(checked.parts, checked.files, strict=True)
        ],
        "handed_out": [{"release": base.release, "as_of": base.as_of} for base in checked.bases],
        "remarks": [lines.sentence(remark, t) for sheet in checked.sheets for remark in sheet.remarks],
        "problems": [_problem_as_json(one, t) for one in problems],
        "tables": _comparison_as_json(checked.comparison),
        "conflicts": [
            {
                "table": one.table,
                "key": one.key,
                "field": one.field,
                "sheet": one.sheet,
                "line": one.line,
                "was": one.was,
                "theirs": one.theirs,
                "yours": one.yours,
            }
            for one in checked.comparison.conflicts
        ],
        "warnings": [
            {"check": check.name, "title": check.title[t.code], "rows": len(rows)}
            for check, rows in (draft.warnings if draft else ())
        ],
    }


def _problem_as_json(one: Problem, t: Language) -> dict:
    return {
        "table": one.table,
        "sheet": one.sheet,
        "line": one.line,
        "column": one.column,
        "value": one.value,
        "rule": one.rule,
        "severity": one.severity,
        "suggestion": one.suggestion,
        "sentence": uploads.sentence(one, t),
    }


def _comparison_as_json(comparison: Comparison) -> dict:
    return {
        table.table: {
            "counts": table.counts,
            "rows": {
                kind: [_row_as_json(row) for row in table.rows(kind)]
                for kind in KINDS
                if kind != "same" and table.rows(kind)
            },
        }
        for table in comparison.tables
    }


def _row_as_json(row: RowChange) -> dict:
    cells = [{"column": one.column, "old": one.old, "new": one.new} for one in row.cells]
    return {"key": row.key, "sheet": row.sheet, "line": row.line, "cells": cells}


def _conclusions_as_json(found, t: Language) -> dict | None:
    if found is None:
        return None
    return {
        "figures": [
            {"label": one.label, "before": one.before, "after": one.after} for one in found.figures if one.is_changed
        ],
        "statuses": [
            {"table": one.table, "key": one.key, "title": one.title, "before": one.before, "after": one.after}
            for one in found.flips
        ],
        "overdue": [{"key": one.key, "title": one.title, "due_on": one.due_on} for one in found.overdue],
        "headlines": [{"exhibit": one.exhibit, "before": one.before, "after": one.after} for one in found.headlines],
        "warnings": [{"check": one.check.name, "rows": [list(row) for row in one.rows]} for one in found.warnings],
    }
