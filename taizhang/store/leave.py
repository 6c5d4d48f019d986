"""Leave to change a store: asked at its door before anything is written, told once it was.

Whoever opens the door to several people says whom to ask (`asked_of`); where nobody does, as on the command line,
everything is allowed. So an act that no button offers is refused all the same, however it was come to.
"""

from collections.abc import Callable
from pathlib import Path

Ask = Callable[[str], None]  # an act; raises what the asker refuses with
Tell = Callable[[str, Path, int | None, str], None]  # an act, the folder of the store, the release made, what more

_ask: list[Ask] = []
_tell: list[Tell] = []


def asked_of(ask: Ask, tell: Tell) -> None:
    """Ask and tell from now on, for this whole process; whoever was asked before is asked no more."""
    _ask[:], _tell[:] = [ask], [tell]


def ask(act: str) -> None:
    """Raises whatever refuses the act; nothing was changed then."""
    for one in _ask:
        one(act)


def told(act: str, folder: Path, number: int | None, detail: str = "") -> None:
    """The act was done."""
    for one in _tell:
        one(act, folder, number, detail)
