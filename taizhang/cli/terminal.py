"""What the commands of the command line share: how one stops, finds its release and prints.

Nothing here knows a command.
"""

import datetime as dt
import difflib
import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import click

from taizhang.declared.values import from_text, to_text
from taizhang.declared.wording import Language
from taizhang.store import NoRelease, NotWhole, Release, Standing, Store

json_option = click.option("--json", "is_json", is_flag=True)
note_option = click.option("--note", "said", required=True)
by_option = click.option("--by", "author", required=True)


class Stop(Exception):
    """Ends a command with one sentence, given as the key of its words and what goes into the blanks."""

    def __init__(self, key: str, **blanks: object):
        super().__init__(key)
        self.key, self.blanks = key, blanks


def standing_of(store: Store) -> Standing:
    """The store as it stands. Stops with a sentence when it is empty; raises `NotWhole` when the live release is
    damaged."""
    try:
        standing = store.standing()
    except NoRelease as error:
        raise Stop("error.empty_store", store=store) from error
    if standing.trouble:  # the board shows an older release and says so; what is asked here goes on to other programs
        raise NotWhole(standing.trouble)
    return standing


def release_asked(store: Store, number: int | None) -> Release:
    """The release of that number, or the live one. Stops with a sentence when there is none."""
    standing = standing_of(store)
    if number is not None and number not in standing.days():
        raise Stop("error.no_release", release=number, numbers=", ".join(map(str, standing.numbers)))
    return standing.live if number is None else standing.release(number)


def day_of(text: str) -> dt.date:
    """A day as typed. Stops with a sentence when it is none."""
    try:
        return from_text("DATE", text)
    except ValueError as error:
        raise Stop("error.no_day", value=text) from error


def near(name: str, known: Iterable[str], t: Language) -> str:
    """The name that was probably meant, as the end of a sentence; empty when none is like it."""
    close = difflib.get_close_matches(name, list(known), 1)
    return t("error.near", name=close[0]) if close else ""


def as_json(value: object) -> str:
    """JSON with dates in ISO form and decimals as the exact numbers they are (`json` would round them to floats)."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_json(str(key))}: {as_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(as_json, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    if value is None or isinstance(value, (bool, int, float, str)):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(to_text(value), ensure_ascii=False)


def progress_of(t: Language) -> Callable[[int, int], None]:
    """A `tell` that says aloud how far a long copy is: not more than ten times."""

    def tell(done: int, total: int) -> None:
        if done * 10 // total != (done - 1) * 10 // total:
            click.echo(t("say.files", done=done, total=total), err=True)

    return tell


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns side by side; a Chinese character is two wide on a terminal."""
    lines = [headings, *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = [cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)]
        click.echo("  ".join(padded).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
