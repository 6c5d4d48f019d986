"""The commands that keep a store whole, and take made-up rows out of it."""

import getpass
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from taizhang.access.audit import Audit
from taizhang.cli.terminal import Stop, release_asked
from taizhang.declared import tables
from taizhang.declared.wording import Language
from taizhang.showing import upkeep
from taizhang.store import Store, clock
from taizhang.store.campaigns import home_of


@click.option("--remove", is_flag=True)
@click.option("--by")
def demo(store: Store, t: Language, remove: bool, by: str | None) -> None:
    newest = release_asked(store, None)
    if not newest.demo_tables:
        click.echo(t("say.demo_none", release=newest.number))
        return
    if remove:
        made = store.remove_demo(by or getpass.getuser())
        click.echo(t("say.demo_removed", release=made.number))
        return
    rows = newest.rows()
    counts = [
        f"{t.of(tables.ledgers()[name].title)} {sum(bool(row['is_demo']) for row in rows[name].values())}"
        for name in sorted(newest.demo_tables)
    ]
    click.echo(t("say.demo_found", release=newest.number, counts=", ".join(counts)))


@click.option("--part", metavar="N/T")
def verify(store: Store, t: Language, part: str | None) -> int:
    newest = _newest_of(store)
    which = _part(part) if part else (1, 1)
    damage = upkeep.verify(store, which) if part else upkeep.verify(store)
    for one in damage:
        click.echo(t(f"damage.{one.what}", release=one.release, path=one.path))
    book = Audit(home_of(store))
    if broken := book.broken():
        click.echo(t(f"damage.audit_{broken.what}", path=book.path, line=broken.line))
        return 1
    if not all(one.is_harmless for one in damage):
        return 1
    said = "say.whole" if part is None else "say.part_whole"
    click.echo(t(said, count=newest, part=which[0], parts=which[1]))
    return 0


def _newest_of(store: Store) -> int:
    """The newest release there is, wherever `LIVE` leads; also of a damaged store, which is to be looked at or mended.

    Stops with a sentence when there is none."""
    number = store.newest_number()
    if number is None:
        raise Stop("error.empty_store", store=store)
    return number


def _part(said: str) -> tuple[int, int]:
    """Part 3 of 30 as `3/30`; `30` alone is today's, so that the same command every day comes to all of them."""
    found = re.fullmatch(r"(?:([1-9]\d{0,3})/)?([1-9]\d{0,3})", said)
    count = int(found[2]) if found else 0
    number = int(found[1]) if found and found[1] else count and clock.today().toordinal() % count + 1
    if not found or number > count:
        raise Stop("error.no_part", value=said)
    return number, count


@click.option("--into", type=click.Path(path_type=Path, file_okay=False))
def rebuild(store: Store, t: Language, into: Path | None) -> int:
    _newest_of(store)
    if into and into.exists():
        raise Stop("rebuild.there_already", path=into)

    def progress(done: int, total: int) -> None:
        click.echo(t("say.progress", done=done, total=total), err=True)

    made = upkeep.rebuild(store, Store(into) if into else None, progress)
    for one in made.differences:
        title = t.of(tables.all_tables()[one.table].title) if one.table in tables.all_tables() else one.table
        click.echo(t("rebuild.differs", release=one.release, table=title, count=one.rows))
    if made.damaged:
        click.echo(t("rebuild.damaged", numbers=", ".join(map(str, made.damaged))))
    if made.lost:
        click.echo(t("rebuild.lost", numbers=", ".join(map(str, made.lost))))
    if made.differences:
        click.echo(t("rebuild.not_swapped"))
        return 1
    if made.returned:
        click.echo(t("rebuild.returned", numbers=", ".join(map(str, made.returned))))
    if into:
        click.echo(t("rebuild.made", count=made.count, path=into))
    else:
        click.echo(t("rebuild.swapped", count=made.count, path=made.replaced))
    return 1 if made.lost else 0


@click.option("--keep-days", type=click.IntRange(min=0), default=90, metavar="N")
@click.option("--yes", "is_meant", is_flag=True)
@click.option("--by")
def thin(store: Store, t: Language, keep_days: int, is_meant: bool, by: str | None) -> None:
    release_asked(store, None)
    who = by or getpass.getuser()
    found = upkeep.thin(store, keep_days, who) if is_meant else upkeep.unneeded(store, keep_days)
    if not found:
        click.echo(t("thin.nothing", days=keep_days))
        return
    size = t.number(round(sum(one.bytes for one in found) / 1_000_000, 1))
    numbers = t("common.comma").join(_runs([one.release for one in found]))
    click.echo(t("thin.done" if is_meant else "thin.would", count=len(found), numbers=numbers, size=size))


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers in their order, those that follow on each other as one word: 1–84."""
    begins = [one for one in numbers if one - 1 not in numbers]
    ends = [one for one in numbers if one + 1 not in numbers]
    yield from (str(one) if one == end else f"{one}–{end}" for one, end in zip(begins, ends, strict=True))


COMMANDS = (demo, verify, rebuild, thin)
