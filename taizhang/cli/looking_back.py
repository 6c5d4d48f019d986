"""The commands that look back: what differs between two releases, taking one back, the history of a row."""

from collections.abc import Mapping

import click

from taizhang.cli.for_programs import comparison_as_json
from taizhang.cli.terminal import Stop, as_json, by_option, json_option, near, note_option, print_table, release_asked
from taizhang.cli.told import (
    heading_of,
    progress,
    recorded,
    show_comparison,
    show_conclusions,
    show_days,
    show_problems,
)
from taizhang.declared import queries, tables
from taizhang.declared.wording import Language
from taizhang.evidence.conclusions import conclusions_of, days_of
from taizhang.exhibits import two_releases
from taizhang.exhibits.views import Choices
from taizhang.rows.comparison import Comparison
from taizhang.store import DraftRefused, Note, Store, drafts
from taizhang.store.taking_back import Conflicts, asked_about, with_choices


@click.argument("older", type=int)
@click.argument("newer", type=int)
@json_option
def diff(store: Store, t: Language, older: int, newer: int, is_json: bool) -> None:
    found = two_releases.difference(release_asked(store, older), release_asked(store, newer))
    if is_json:
        click.echo(as_json({"older": older, "newer": newer, "tables": comparison_as_json(found)}))
        return
    different = [one for one in found.tables if one.changes or one.missing]
    show_comparison(Comparison(tuple(different)), t, all_missing="remove")
    if not different:
        click.echo(t("cliuploads.no_difference"))


@click.argument("number", type=int)
@note_option
@by_option
@click.option("--keep-later", "choice", flag_value="later")
@click.option("--take-back", "choice", flag_value="earlier")
def undo(store: Store, t: Language, number: int, said: str, author: str, choice: str | None) -> int:
    release_asked(store, number)
    live = store.live()
    conflicts = store.conflicts_of(number, live)
    note = Note(author, live.as_of, said, said, "undo", number)
    asked = asked_about(conflicts)
    if asked and choice is None:
        _show_conflicts({cell: conflicts[cell] for cell in asked}, number, t)
        return 1
    try:
        draft = store.draft_undo(
            number, note.said_now(), with_choices(conflicts, dict.fromkeys(asked, choice)), progress(t)
        )
    except DraftRefused as refused:
        show_problems(refused.problems, t)
        click.echo(t("cliuploads.not_published", count=len(refused.problems)))
        return 1
    try:
        found = conclusions_of(store, draft, Choices(lang=t.code))
        days = days_of(store, draft, t)
        made = store.publish_draft(draft)
    finally:
        drafts.discard(draft)
    before = store.release(draft.parent)
    changed = [one for one in two_releases.difference(before, made).tables if one.changes or one.missing]
    show_comparison(Comparison(tuple(changed)), t, all_missing="remove")
    show_conclusions(found, t)
    show_days(days, t)
    click.echo(t("cliuploads.undone", number=number, release=made.number, as_of=made.as_of))
    return 0


def _show_conflicts(conflicts: Conflicts, number: int, t: Language) -> None:
    headings = [
        t("cliuploads.ledger"),
        t("cliuploads.row"),
        t("cliuploads.field"),
        t("cliuploads.now"),
        t("cliuploads.earlier"),
    ]
    rows = []
    for (table, key, field), one in conflicts.items():
        values = [recorded(table, field, text, t) for text in (one.now, one.before)]
        rows.append([t.of(tables.ledgers()[table].title), key, heading_of(table, field, t), *values])
    print_table(headings, rows)
    click.echo(t("cliuploads.conflicts", count=len(rows), number=number), err=True)


@click.argument("table")
@click.argument("key")
@json_option
def history(store: Store, t: Language, table: str, key: str, is_json: bool) -> None:
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
    click.echo(f"{t.of(tables.ledgers()[table].title)} · {key}")
    print_table(
        [t.of(answer.query.returned(name).heading) for name in shown],
        [[_in_history(table, name, row, answer.query, t) for name in shown] for row in records],
    )


def _in_history(table: str, name: str, row: Mapping[str, object], query: queries.Query, t: Language) -> str:
    if name == "field":
        return heading_of(table, str(row["field"]), t)
    if name in ("old", "new"):
        return recorded(table, str(row["field"]), row[name], t)
    return t.cell(query.returned(name), row[name], row)


COMMANDS = (diff, undo, history)
