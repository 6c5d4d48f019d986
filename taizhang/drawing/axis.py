"""The axes of a chart, by one rule wherever it is drawn: values from zero up, days, and labels above days.

Few steps, each 1, 2 or 5 times a power of ten, and whole ones where all values are whole: nobody counts half an issue.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AIR = 1.06  # of the highest value: so far the axis reaches, and there the value's own dot and words find room
MOST_STEPS = 4  # up to the highest value; there may be room for one more in the air above it
LEVELS = 3  # of labels above each other


@dataclass(frozen=True)
class Axis:
    """Values from zero to `top`, with a number at every `step`."""

    top: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """The numbers at the axis, zero first."""
        return tuple(round(self.step * place, 10) for place in range(int(self.top * 1.0001 / self.step) + 1))


def axis(values: Iterable[float | None]) -> Axis:
    """The axis for these values; None is a gap and takes no room."""
    known = [value for value in values if value is not None]
    most = max(known, default=0)
    if most <= 0:
        return Axis(1, 1)
    step = _round_step(most / MOST_STEPS)
    if all(value % 1 == 0 for value in known):
        step = max(step, 1)
    return Axis(max(most * AIR, step), step)


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(size * power for size in (1, 2, 5, 10) if size * power >= least * 0.999)


def has_one_year(days: Iterable[dt.date]) -> bool:
    """Whether the days of an axis are understood without their year."""
    return len({day.year for day in days}) <= 1


def label_levels(spans: Sequence[tuple[float, float]], gap: float) -> list[int | None]:
    """The lowest level on which each label, from left to right, touches none before it; None where all are taken."""
    ends: list[float] = []
    found: list[int | None] = []
    for low, high in spans:
        level = next((place for place, end in enumerate(ends) if end <= low), len(ends))
        if level == LEVELS:
            found.append(None)
            continue
        ends += [0.0] * (level + 1 - len(ends))
        ends[level] = high + gap
        found.append(level)
    return found
