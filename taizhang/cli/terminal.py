"""What the commands of the command line share: how one stops, finds its release and prints.

Nothing here knows a command; see `cli.py` and `cli_uploads.py`.
"""

import difflib
import json
import math
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import click

from taizhang.declared import tables
from taizhang.declared.values import to_text
from taizhang.declared.wording import Language
from taizhang.store import releases


class Stop(Exception):
    """Ends a command with one sentence, given as the key of its words and what goes into the blanks."""

    def __init__(self, key: str, **blanks: object):
        super().__init__(key)
        self.key, self.blanks = key, blanks


def release_asked(store: Path, number: int | None) -> releases.Release:
    """The release of that number, or the live one. Stops with a sentence when there is none."""
    if releases.live_number(store) is None:
        raise Stop("error.empty_store", store=store)
    known = releases.numbers(store)
    if number is not None and number not in known:
        raise Stop("error.no_release", release=number, numbers=", ".join(map(str, known)))
    return releases.live(store) if number is None else releases.release(store, number)


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


def value_text(value: object, code_list: str | None, language: str) -> str:
    """A value as people read it; a code as its label."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(one, code_list, language) for one in value)
    return tables.label(code_list, value, language) if code_list else to_text(value)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns side by side; a Chinese character is two wide on a terminal."""
    lines = [headings, *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = [cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)]
        click.echo("  ".join(padded).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
