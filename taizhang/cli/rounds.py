"""The command that hands sheets out to units; what comes back, `check` and `publish` take."""

import datetime as dt
from pathlib import Path

import click

from taizhang.cli.terminal import Stop, day_of, near, print_table
from taizhang.declared import tables
from taizhang.declared.wording import Language
from taizhang.showing.papers import request_sheets
from taizhang.store import Store
from taizhang.uploads import rounds


@click.option("--return-by", "return_by")
@click.option("--by", "author")
@click.option("--unit", "units", multiple=True, metavar="UNIT")
@click.option("--ledger", "ledgers", multiple=True, metavar="TABLE")
@click.option("--sent-on", "sent_on")
@click.option("--again", "again", metavar="ROUND")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path))
def sheets(
    store: Store,
    t: Language,
    return_by: str | None,
    author: str | None,
    units: tuple[str, ...],
    ledgers: tuple[str, ...],
    sent_on: str | None,
    again: str | None,
    target: Path | None,
) -> None:
    if again:
        one = rounds.round_of(store, again)
        if one is None:
            raise Stop("error.no_round", round=again)
    elif not return_by:
        raise Stop("error.needs_return_by")
    else:
        day = day_of(return_by)
        _show_burden(store, day, t)
        if not author:  # only looked at
            return
        one = _handed_out(store, author, day_of(sent_on) if sent_on else store.live().as_of, day, units, ledgers, t)
        click.echo(t("returns.handed_out", round=one.request_id, count=len(one.asked)))
    path = target or Path(request_sheets.archive_name(one, t))
    path.write_bytes(request_sheets.archive(one, t))
    click.echo(t("say.written", path=path))


def _handed_out(
    store: Store,
    author: str,
    sent_on: dt.date,
    day: dt.date,
    units: tuple[str, ...],
    ledgers: tuple[str, ...],
    t: Language,
) -> rounds.Round:
    asked = rounds.asked_by(store.live(), day)
    known = {"unit": sorted({one.unit for one in asked}), "ledger": sorted({one.ledger for one in asked})}
    for name, said in (("unit", units), ("ledger", ledgers)):
        for one in said:
            if one not in known[name]:
                raise Stop(f"error.no_{name}_asked", value=one, near=near(one, known[name], t))
    if sent_on > day:
        raise Stop("error.sent_too_late")
    try:
        return rounds.hand_out(store, author, sent_on, day, units or known["unit"], ledgers or known["ledger"])
    except rounds.NothingToAsk as error:
        raise Stop("error.nothing_to_ask") from error


def _show_burden(store: Store, day: dt.date, t: Language) -> None:
    titles = {name: t.of(table.title) for name, table in tables.ledgers().items()}
    print_table(
        [t(f"returns.{name}") for name in ("unit", "ledgers", "rows", "cells", "median")],
        [
            [
                row["unit"],
                t("common.comma").join(titles.get(name, name) for name in row["ledgers"].split("+")),
                *(t.number(row[name]) for name in ("row_count", "cell_count", "median_cells")),
            ]
            for row in store.live().ask("burden", as_of=day).records()
        ],
    )


COMMANDS = (sheets,)
