"""What commands do, written into the book of those who sign in."""

import getpass
from pathlib import Path

from taizhang.access.audit import TERMINAL, Audit
from taizhang.access.people import People
from taizhang.store import Store
from taizhang.store.campaigns import home_of, name_of


def in_the_book(act: str, folder: Path, number: int | None, detail: str) -> None:
    """Write down what a command did to a store, where people sign in; by whom is said as the computer knows them."""
    store = Store(folder)
    home = home_of(store)
    if People(home).is_configured():
        at = {"source": TERMINAL, "campaign": name_of(store), "release": number, "detail": detail}
        Audit(home).write(getpass.getuser(), act, **at)
