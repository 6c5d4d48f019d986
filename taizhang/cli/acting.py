"""The command that does one act to many measures of a list, by the way that any file goes."""

import datetime as dt

import click

from taizhang import uploads
from taizhang.cli.publishing import come_to, show_published
from taizhang.cli.terminal import Stop, by_option, day_of, note_option, print_table, standing_of
from taizhang.declared import tables
from taizhang.declared.wording import Language
from taizhang.rows.changes import Decisions
from taizhang.store import Note, SomeonePublished, Store
from taizhang.uploads import at_once
from taizhang.uploads.at_once import Said, Wanted


@click.argument("what", type=click.Choice(list(at_once.ACTS)))
@click.option("--unit", "of_unit")
@click.option("--status", "of_status", type=click.Choice([one.code for one in tables.code_lists()["status"]]))
@click.option("--light", "of_light", type=click.Choice([one.code for one in tables.code_lists()["light"]]))
@click.option("--due-from", "due_from")
@click.option("--due-to", "due_to")
@click.option("--text", "of_text")
@click.option("--key", "of_keys", multiple=True, metavar="KEY")
@click.option("--verified-by", "verified_by", default="")
@click.option("--on", "on_day")
@click.option("--reason", "act_reason", default="")
@click.option("--to-unit", "to_unit", default="")
@click.option("--leave-out", "is_leaving_out", is_flag=True)
@click.option("--as-of", "act_as_of")
@note_option
@by_option
@click.option("--yes", "is_agreed", is_flag=True)
def act(
    store: Store,
    t: Language,
    what: str,
    of_unit: str | None,
    of_status: str | None,
    of_light: str | None,
    due_from: str | None,
    due_to: str | None,
    of_text: str | None,
    of_keys: tuple[str, ...],
    verified_by: str,
    on_day: str | None,
    act_reason: str,
    to_unit: str,
    is_leaving_out: bool,
    act_as_of: str | None,
    said: str,
    author: str,
    is_agreed: bool,
) -> int:
    live = standing_of(store).live
    wanted = Wanted(of_unit, of_status, of_light, _day(due_from), _day(due_to), of_text)
    rows = [row for row in at_once.listed(live, wanted) if not of_keys or row["action_id"] in of_keys]
    if unknown := sorted(set(of_keys) - {row["action_id"] for row in rows}):
        raise Stop("error.not_listed", keys=", ".join(unknown))
    words = Said(verified_by if what == "accept" else to_unit, _day(on_day), act_reason, _day(act_as_of))
    made = at_once.make(what, live, [row["action_id"] for row in rows], words, is_leaving_out)
    for refused in made.refused:
        click.echo(at_once.sentence(refused, what, t))
    if not made.files:
        click.echo(t("cliuploads.no_act"))
        return 1
    chosen = [row for row in rows if row["action_id"] in made.keys]
    print_table(*_as_table(chosen, t))
    day = _day(act_as_of) or live.as_of
    checked = uploads.check(store, made.files, restates=uploads.restated_by(store, day))
    if checked.parent != made.release:  # the rows that were listed are no longer those of the ledger
        raise SomeonePublished(made.release, checked.parent)
    decisions = Decisions()
    came = come_to(store, t, checked, Note(author, day, said, said), decisions, not is_agreed)
    show_published(checked, decisions, came, t)
    return 1 if came.errors else 0


def _day(said: str | None) -> dt.date | None:
    return day_of(said) if said else None


def _as_table(rows, t: Language) -> tuple[list[str], list[list[str]]]:
    columns = [tables.ledgers()["action"].column(name) for name in ("action_id", "content", "status", "due_on")]
    return [t.of(one.heading) for one in columns], [[t.cell(one, row[one.name]) for one in columns] for row in rows]


COMMANDS = (act,)
