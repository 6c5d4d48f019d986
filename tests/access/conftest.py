"""One board for all tests of who may see what: the tiny store, and somebody of each kind."""

import pytest
from ready_made import copy_of
from visits import Board, let_in

from taizhang.access import passwords


@pytest.fixture(scope="session")
def board(tiny_store, tmp_path_factory):
    """The board that all of them come to. Nobody publishes into its store."""
    folder = tmp_path_factory.mktemp("board")
    store = copy_of(tiny_store, folder / "data")
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
        let_in(store)
    one = Board(store, folder)
    yield one
    one.stop()
    assert [line for line in one.said.splitlines() if "TALKS TO" in line or "unforeseen error" in line] == []
