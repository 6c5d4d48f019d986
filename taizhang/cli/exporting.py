"""The command that takes ledgers out, for a spreadsheet."""

from pathlib import Path

import click

from taizhang.cli.terminal import Stop, near, release_asked
from taizhang.declared import tables
from taizhang.declared.wording import Language
from taizhang.showing import export
from taizhang.store import Store


@click.argument("table", required=False)
@click.option("--all", "is_all", is_flag=True)
@click.option("--format", "form", type=click.Choice(("csv", "xlsx")), default="csv", show_default=True)
@click.option("--release", "number", type=int)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path))
def export_(
    store: Store, t: Language, table: str | None, is_all: bool, form: str, number: int | None, target: Path | None
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


COMMANDS = (export_,)
