"""What each role may do: one table, which every button and every refusal asks.

What is not in the table is not allowed: an act that nobody gave to a role can be done by no one.
"""

from collections.abc import Mapping

from taizhang.access.people import Person

HELD = frozenset({"reader", "unit"})  # the roles that a scope holds: whoever changes things has to see them all
ROLES = ("reader", "unit", "editor", "presenter", "administrator")

# Act → the roles that may do it. `look` is every page and download; `hand_in` puts files where they wait for an
# editor, who needs no such place; `hand_out` is what leaves the office: letters and
# sheets for units; `audit` is the book of what was done.
ACTS: Mapping[str, frozenset[str]] = {
    "look": frozenset(ROLES),
    "hand_in": frozenset({"unit"}),
    "publish": frozenset({"editor", "administrator"}),
    "undo": frozenset({"editor", "administrator"}),
    "meet": frozenset({"presenter", "administrator"}),
    "hand_out": frozenset({"editor", "presenter", "administrator"}),
    "settings": frozenset({"administrator"}),
    "people": frozenset({"administrator"}),
    "rebuild": frozenset({"administrator"}),
    "backup": frozenset({"administrator"}),
    "audit": frozenset({"administrator"}),
}

# Page → the act that it is for; every other page is there to look.
PAGES: Mapping[str, str] = {
    "hand_in": "hand_in",
    "upload": "publish",
    "returns": "hand_out",
    "letters": "hand_out",
    "settings": "settings",
    "new": "settings",
    "people": "people",
}


class NotAllowed(Exception):
    """`person` may not do `act`; None is somebody who is not signed in where one has to be."""

    def __init__(self, person: Person | None, act: str):
        self.person, self.act = person, act
        super().__init__(f"{person.name if person else None} may not {act}")


def may(person: Person | None, act: str) -> bool:
    """Whether somebody may do an act. Raises `KeyError` for an act that is not in the table.

    Whoever is held to some districts and units looks at a store of those rows alone, into which nothing can be put; and
    only they hand in, since it is said by their scope what is theirs.
    """
    if person is None or person.is_disabled or person.role not in ACTS[act]:
        return False
    return act == "look" or (held_to(person) is not None) == (act == "hand_in")


def held_to(person: Person) -> tuple[str, ...] | None:
    """The keys of the districts and the units whose rows somebody sees; None for all rows."""
    return person.scope if person.role in HELD else None


def expect(person: Person | None, act: str) -> None:
    """Raises `NotAllowed` unless somebody may do an act."""
    if not may(person, act):
        raise NotAllowed(person, act)
