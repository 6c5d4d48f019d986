"""Words that several exhibits need: the day, the place, a share in a sentence, what stands where nothing is known."""

from decimal import Decimal

from taizhang.exhibits.views import View


def dotted(view: View, *parts: str) -> str:
    """Several short remarks in one line; empty ones are left out."""
    return view.t("kpis.dot").join(part for part in parts if part)


def as_title(remark: str) -> str:
    """A remark that stands alone as a title."""
    return remark[:1].upper() + remark[1:]


def as_of(view: View) -> str:
    return view.t("research.as_of", day=view.t.day(view.as_of))


def place(view: View) -> str:
    """The chosen district as a part of a title; '' for the whole city."""
    return view.t("research.place", district=view.district_name) if view.district else ""


def of(view: View, part: object, whole: object) -> str:
    """A share in a sentence: 16/73, or as the language says it."""
    t = view.t
    return t("research.of", part=t.number(part), whole=t.number(whole))


def divided(part: int | None, whole: int | None) -> Decimal | None:
    """A share to be said in percent; None where there is none."""
    return None if part is None or not whole else Decimal(part) / whole


def with_percent(view: View, part: int, whole: int) -> str:
    t = view.t
    return t("research.fraction_percent", fraction=t.fraction(part, whole), percent=t.percent(divided(part, whole)))


def count_or_gap(view: View, count: object) -> str:
    """A count; 未提供 where it is not known, never 0."""
    return view.t("common.not_given") if count is None else view.t.number(count)


def missing(view: View, is_expected: bool) -> str:
    """未提供 where something should stand; nothing where there cannot be anything yet."""
    return view.t("common.not_given") if is_expected else ""
