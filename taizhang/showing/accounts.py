"""An account in words, the same on the page of people and on the terminal."""

from collections.abc import Mapping

from taizhang.access.people import Person
from taizhang.access.roles import held_to
from taizhang.declared.wording import Language

COLUMNS = ("name", "shown", "role", "scope", "state")


def line(one: Person, known: Mapping[str, str], t: Language) -> tuple[str, ...]:
    """What `COLUMNS` say of an account; `known` are the names of what somebody can be held to, by their keys."""
    scope = held_to(one)
    names = t("user.all_rows") if scope is None else t("frame.and").join(known.get(key, key) for key in scope)
    return one.name, one.shown, t(f"user.{one.role}"), names, t(f"user.{'disabled' if one.is_disabled else 'enabled'}")
