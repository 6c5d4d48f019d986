"""Repairs of files said on the command line, as the page offers them: which heading is which, which lines count."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import click

from taizhang import uploads
from taizhang.cli.terminal import Stop
from taizhang.declared import tables
from taizhang.declared.wording import Language
from taizhang.store import Store
from taizhang.uploads import Checked
from taizhang.uploads.fixes import Fix, HeadingFix, KeyFix, LineFix, SplitFix, ValueFix

NOT_READ = "-"


@dataclass(frozen=True)
class Repairs:
    """What was said: `HEADING=COLUMN` (or `=-`), `COLUMN:WRITTEN=MEANT`, lines as `LINE` or `SHEET:LINE`."""

    headings: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    is_numbered: bool = False
    is_locked: bool = False


def repair_options(command: Callable) -> Callable:
    """The options of a command that reads files; it is given them as `repairs`."""

    def with_repairs(*args: object, **options: object) -> object:
        said = {
            name: options.pop(name) for name in ("headings", "values", "left_out", "split", "is_numbered", "is_locked")
        }
        return command(*args, repairs=Repairs(**said), **options)

    with_repairs.__name__ = command.__name__
    for option in (
        click.option("--map", "headings", multiple=True, metavar="HEADING=COLUMN"),
        click.option("--read", "values", multiple=True, metavar="COLUMN:WRITTEN=MEANT"),
        click.option("--leave-out", "left_out", multiple=True, metavar="LINE"),
        click.option("--split", "split", multiple=True, metavar="LINE"),
        click.option("--number", "is_numbered", is_flag=True),
        click.option("--password", "is_locked", is_flag=True),
    ):
        with_repairs = option(with_repairs)
    with_repairs.__click_params__ += getattr(command, "__click_params__", [])
    return with_repairs


def files_of(repairs: Repairs, given: Sequence[tuple[str, bytes]], t: Language) -> list[tuple[str, bytes]]:
    """The files in what was given; behind a password, with the one that is asked for. Raises `FileRefused`."""
    files = list(uploads.files_in(given))
    if not repairs.is_locked:
        return files
    password = click.prompt(t("cliuploads.password"), hide_input=True, err=True)
    return [(name, uploads.opened_with(name, data, password)) for name, data in files]


def fixes_of(repairs: Repairs, store: Store, files: Sequence[tuple[str, bytes]]) -> tuple[Fix, ...]:
    """The repairs as fixes; what speaks of lines needs the sheets. Stops with a sentence for one that is none."""
    fixes: list[Fix] = [one for said in repairs.headings for one in _of_heading(said)]
    fixes += [one for said in repairs.values for one in _of_value(said)]
    if repairs.left_out or repairs.split or repairs.is_numbered:
        checked = uploads.check(store, files, fixes)
        for made, lines in ((LineFix, repairs.left_out), (SplitFix, repairs.split)):
            fixes += [made(sheet, line) for said in lines for sheet, line in _lines(said, checked)]
        if repairs.is_numbered:
            fixes += [KeyFix(part.table, part.sheet) for part in checked.parts]
    return tuple(fixes)


def _of_heading(said: str) -> Iterable[HeadingFix]:
    heading, is_said, column = said.rpartition("=")
    named = _ledgers_with(column)
    if not is_said or not heading or not (named or column == NOT_READ):
        raise Stop("error.no_mapping", value=said)
    for name in named or tables.ledgers():
        yield HeadingFix(heading, name, column if named else None)


def _of_value(said: str) -> Iterable[ValueFix]:
    column, _, rest = said.partition(":")
    written, is_said, meant = rest.partition("=")
    named = _ledgers_with(column)
    if not is_said or not written or not named:
        raise Stop("error.no_reading", value=said)
    for name in named:
        yield ValueFix(name, column, written, meant)


def _ledgers_with(column: str) -> list[str]:
    return [name for name, table in tables.ledgers().items() if column in {one.name for one in table.columns}]


def _lines(said: str, checked: Checked) -> list[tuple[str, int]]:
    sheet, _, line = said.rpartition(":")
    known = {one.name for one in checked.sheets if one.is_read}
    if not line.isascii() or not line.isdigit() or (sheet and sheet not in known):
        raise Stop("error.no_such_line", value=said, sheets=", ".join(sorted(known)))
    return [(one, int(line)) for one in sorted({sheet} if sheet else known)]
