"""The commands that keep a data folder a second time, and bring it back."""

from pathlib import Path

import click

from taizhang.cli.terminal import progress_of
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.store import backups
from taizhang.store.campaigns import Campaigns


@click.argument("place", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), metavar="N")
@click.option("--check", "is_checked", is_flag=True)
def backup(
    known: Campaigns, t: Language, campaign: str | None, place: Path, keep: int | None, is_checked: bool
) -> None:
    if is_checked:
        found = backups.check(place, progress_of(t))
        click.echo(
            t("backup.checked", count=len(found), newest=f"{found[-1].at:%Y-%m-%d %H:%M}" if found else NOT_KNOWN)
        )
        return
    kept = backups.back_up(known, place, keep, progress_of(t))
    size = t.number(round(kept.new_bytes / 1_000_000, 1))
    click.echo(t("backup.written", path=place, count=len(kept.moment.files), new=kept.new_files, size=size))


@click.argument("place", type=click.Path(path_type=Path, exists=True))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--at", default="", metavar="MOMENT")
def restore(known: Campaigns, t: Language, campaign: str | None, place: Path, folder: Path, at: str) -> None:
    made = backups.restore(place, folder, at, progress_of(t))
    click.echo(t("backup.restored", path=folder, names=", ".join(made.names())))


COMMANDS = (backup, restore)
