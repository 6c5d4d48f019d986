"""What a KPI states, and how rows come to a count, a share or a median: the rules for all KPIs, in plain Python.

A row is marked True (it is in), False (it is not) or None (nobody said). Of marks come numbers; of no marks, or of
nothing but None, comes nothing: unknown is not zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

Mark = bool | None
Marks = Sequence[Mark]
Number = int | Decimal | Fraction


@dataclass(frozen=True)
class Stated:
    """One line of the answer: a KPI, or one part of it. What is computed is exact, and rounded when it is compared."""

    value: Number | None = None
    numerator: int | None = None
    denominator: int | None = None
    unknown: int = 0
    reported: Number | None = None
    reported_side: str | None = None
    fact_id: str | None = None
    is_incomplete: bool = False


Lines = dict[str | None, Stated]  # part of a KPI, None for the KPI itself → what it states


def rounded(number: Number | None, places: int) -> Decimal | None:
    """To so many places, half away from zero: from the exact fraction, so that nothing is rounded twice."""
    if number is None:
        return None
    exact = Fraction(number) * 10**places
    whole = Decimal((abs(exact) + Fraction(1, 2)).__floor__())
    return (whole if exact >= 0 else -whole).scaleb(-places)


def percent(exact: Fraction | None) -> str:
    """A share as a card shows it: half up to one decimal; only all is 100 %, and only none is 0 %."""
    if exact is None:
        return "—"
    said = rounded(100 * exact, 1)
    if 0 < exact < 1:
        said = min(max(said, Decimal("0.1")), Decimal("99.9"))
    return f"{said:.1f}".removesuffix(".0") + "%"


def divided(part: Number | None, whole: Number | None) -> Fraction | None:
    """A rate; none where there is nothing to divide by."""
    return None if part is None or not whole else Fraction(part) / Fraction(whole)


def anything_known(marks: Marks) -> bool:
    return any(mark is not None for mark in marks)


def unknown(marks: Marks) -> int:
    return sum(mark is None for mark in marks)


def count(marks: Marks, is_emptied: bool = False) -> Stated:
    """How many are in. `is_emptied`: every row of the ledger is cancelled, so that none is left: that is 0."""
    if anything_known(marks):
        return Stated(sum(mark is True for mark in marks), unknown=unknown(marks))
    return Stated(0 if is_emptied and not marks else None, unknown=unknown(marks))


def count_within(whole: Marks, marks: Marks, is_emptied: bool = False) -> Stated:
    """How many rows a part of a count has: none is 0 as soon as the count itself is known."""
    if not marks and anything_known(whole):
        return Stated(0)
    return count(marks, is_emptied)


def share(marks: Marks, whole: Marks = ()) -> Stated:
    """Those that are in, of those of whom it is known. `whole`: the marks of the KPI that this is a part of."""
    inside = sum(mark is True for mark in marks)
    numerator = inside if anything_known(marks or whole) else None
    return Stated(divided(numerator, len(marks) - unknown(marks)), numerator, len(marks), unknown(marks))


def share_of_sums(part: int | None, whole: int, lacking: int = 0) -> Stated:
    """A share of amounts instead of rows; of `lacking` rows the amount is unknown."""
    return Stated(divided(part, whole), part, whole, lacking)


def median_and_longest(days: Sequence[int | None]) -> Lines:
    """The middle and the greatest of so many numbers of days, and over how many; None and negative days are unknown."""
    if not days:
        return {None: Stated(), "max": Stated()}
    known = [Fraction(one) for one in days if one is not None and one >= 0]
    said = {"denominator": len(known), "unknown": len(days) - len(known)}
    return {None: Stated(median(known) if known else None, **said), "max": Stated(max(known, default=None), **said)}


def counts_by(marks: Mapping[str, Sequence[Mark]]) -> Lines:
    """A line for each part that has rows."""
    return {part: count(of_part) for part, of_part in marks.items() if of_part}
