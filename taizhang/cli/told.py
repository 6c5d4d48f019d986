"""What is said to people on the terminal: files read, problems, changes, conclusions; nothing is decided here."""

import sys
from collections.abc import Callable, Sequence

import click

from taizhang.cli.terminal import print_table
from taizhang.declared import tables
from taizhang.declared.values import to_text
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.evidence.conclusions import DayChanged
from taizhang.rows import problems as rules
from taizhang.rows.changes import WHOLE_ROW, Conflict, Decisions
from taizhang.rows.comparison import KINDS, Comparison, RowChange
from taizhang.rows.problems import Problem, groups_of
from taizhang.store import Draft
from taizhang.uploads import Checked, lines

ROWS_SHOWN = 10  # of each kind, in text; --json has all
VALUES_SHOWN = 6
LONGEST = 40  # characters of a value in a line


def show_parts(checked: Checked, t: Language) -> None:
    for part, file in zip(checked.parts, checked.files, strict=True):
        title = t.of(tables.ledgers()[part.table].title)
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


def show_problems(problems: Sequence[Problem], t: Language) -> None:
    """Groups as people repair them: the first in a sentence, then what else stands there and where."""
    for group in groups_of(problems):
        severity, sentence = t(f"cliseverity.{group.severity}"), rules.sentence(group.first, t)
        click.echo(t("cliuploads.group", severity=severity, count=group.count, sentence=sentence))
        if group.count > 1:
            values = [f"{t.more(value, LONGEST)} ×{count}" for value, count in group.values[:VALUES_SHOWN] if value]
            if values:
                more = "…" if len(group.values) > VALUES_SHOWN else ""
                click.echo("    " + t("cliuploads.values", values=", ".join(values) + more))
            more = "…" if group.count > len(group.lines) else ""
            click.echo("    " + t("cliuploads.lines", lines=", ".join(map(str, group.lines)) + more))


def show_comparison(
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
        click.echo(f"{t.of(tables.ledgers()[table.table].title)}: {t('cliuploads.comma').join(counts) or '0'}")
        for kind in KINDS:
            if kind != "same" and (kind != "missing" or all_missing == "remove"):
                _show_rows(table.table, kind, table.rows(kind), t)
        if table.guarded:
            confirmed = decisions.confirmed if decisions else frozenset()
            kept = [row.key for row in table.guarded if (table.table, row.key) not in confirmed]
            if kept:
                click.echo("  " + t("cliuploads.guarded", keys=", ".join(kept[:ROWS_SHOWN])))


def show_both_changed(conflicts: Sequence[Conflict], t: Language) -> None:
    """The cells that somebody has to choose on, each under the name by which an option takes it."""
    if not conflicts:
        return
    headings = [t(f"cliuploads.{name}") for name in ("cell_name", "field", "was", "theirs", "yours")]
    rows = [
        [f"{one.key}.{one.field}", heading_of(one.table, one.field, t)]
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
                heading=heading_of(table, cell.column, t),
                old=_value(table, cell.column, cell.old, t),
                new=t("cliuploads.emptied") if cell.new is None else _value(table, cell.column, cell.new, t),
            )
            for cell in row.cells
        )
        click.echo("  " + t("cliuploads.change", kind=t(f"clirow.{name}"), row=row.key, cells=cells).rstrip())
    if len(rows) > ROWS_SHOWN:
        click.echo("  " + t("cliuploads.more_rows", count=len(rows) - ROWS_SHOWN, kind=t(f"clirow.{name}")))


def show_warnings(draft: Draft | None, t: Language) -> None:
    for check, rows in draft.warnings if draft else ():
        click.echo(t("cliuploads.warned", title=t.of(check.title), count=len(rows)))


def show_conclusions(found, t: Language) -> None:
    click.echo(t("cliuploads.conclusions"))
    if found.are_the_same:
        click.echo("  " + t("conclusions.the_same"))
    for figure in found.figures:
        if figure.is_changed:
            click.echo("  " + t("cliuploads.figure", label=figure.label, before=figure.before, after=figure.after))
    flips = [
        t("cliuploads.flip", title=t.more(one.title, LONGEST), row=one.key, before=before, after=after)
        for one in found.flips
        for before, after in (one.sides(t),)
    ]
    overdue = [
        t("cliuploads.overdue", title=t.more(one.title, LONGEST), row=one.key, due_on=t.day(one.due_on))
        for one in found.overdue
    ]
    headlines = [t("cliuploads.headline", before=one.before or "—", after=one.after) for one in found.headlines]
    warned = [t("cliuploads.newly_warned", title=t.of(one.check.title), count=len(one.rows)) for one in found.warnings]
    for said in (flips, overdue, headlines, warned):
        for sentence in said[:ROWS_SHOWN]:
            click.echo(f"  {sentence}")
        if len(said) > ROWS_SHOWN:
            click.echo("  " + t("cliuploads.more", count=len(said) - ROWS_SHOWN))


def show_days(days: Sequence[DayChanged], t: Language) -> None:
    """Every day an act restates, and the headline figures that change on it; nothing for an act of one day."""
    for one in days if len(days) > 1 else ():
        changed = [
            t("cliuploads.figure", label=figure.label, before=figure.before, after=figure.after)
            for figure in one.figures
            if figure.is_changed
        ]
        kept = t("cliuploads.day_kept", count=one.kept) if one.kept else ""
        figures = t("cliuploads.comma").join(changed) or t("cliuploads.day_same")
        click.echo(t("cliuploads.day", day=t.day(one.day), release=one.release, figures=figures) + kept)


def _value(table: str, column: str, value: object, t: Language) -> str:
    if column == WHOLE_ROW:
        return _short(t.recorded(None, to_text(value)), t)
    return _short(t.cell(tables.ledgers()[table].column(column), value), t)


def _short(text: str, t: Language) -> str:
    """On one line, and cut."""
    return t.more(" ".join(text.split()), LONGEST)


def heading_of(table: str, field: str, t: Language) -> str:
    known = {column.name: column for column in tables.ledgers()[table].columns}
    return t.of(known[field].heading) if field in known else t("cliuploads.whole_row")


def recorded(table: str, field: str, text: str | None, t: Language) -> str:
    """A value as a change record has it, cut; of a whole row only that there was one."""
    known = {column.name: column for column in tables.ledgers()[table].columns}
    if field not in known:
        return NOT_KNOWN if text is None else "…"
    return _short(t.recorded(known[field], text), t)


def progress(t: Language) -> Callable[[str, int, int], None] | None:
    """Progress on the terminal; nothing where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def tell(stage: str, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        click.echo("\r" + t("cliuploads.stage", stage=t(f"clistage.{stage}"), percent=percent), nl=False, err=True)
        if done >= total:
            click.echo("\r\033[K", nl=False, err=True)

    return tell
