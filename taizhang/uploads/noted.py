"""What a cell reads as when it is not simply a value: nothing, or a value with something to say of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


class Absent:
    """What a blank cell reads as."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell with something to say: a rule it breaks or bends, or what it `waits` for until its line is read.

    `also` is what the cell says for other columns of its line, where they say nothing themselves.
    """

    value: object = ABSENT
    rule: str = ""
    blanks: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    waits: str = ""
    is_inferred: bool = False
    also: Mapping[str, object] = field(default_factory=dict)


INFERRED_YEAR = Noted(waits="year")

Read = Callable[[str], object]
