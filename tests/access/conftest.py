"""One board for all tests of who may see what: the tiny store, and somebody of each kind."""

import datetime as dt

import pytest
from ready_made import copy_of
from visits import SECRET, Board, let_in

from taizhang.access import passwords
from taizhang.exhibits.views import Choices, look
from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.showing import meetings
from taizhang.store import Note, Store


def prepare(store: Store) -> tuple[str, str]:
    """A draft of another unit's row, and a meeting that is being prepared: the names by which they are asked for."""
    file = LedgerFile("action", "x.csv", b"x", "UTF-8", (Row(2, {"action_id": "CS-004", "blocker": SECRET}),))
    note = Note("测试", dt.date(2019, 10, 18), SECRET, SECRET)
    draft = store.draft([file], note, Decisions(), store.live_number())
    view = look(store, Choices())
    one = meetings.save(store, meetings.prepare(view, meetings.next_id(store), SECRET, view.as_of))
    return draft.name, one.meeting_id


@pytest.fixture(scope="session")
def board(tiny_store, tmp_path_factory):
    """The board that all of them come to, with a draft and a prepared meeting. Nobody publishes into its store."""
    folder = tmp_path_factory.mktemp("board")
    store = copy_of(tiny_store, folder / "data")
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
        quick.setenv("TAIZHANG_STORE", str(store))
        prepared = prepare(store)
        let_in(store)
    one = Board(store, folder)
    one.draft, one.meeting = prepared
    yield one
    one.stop()
    assert [line for line in one.said.splitlines() if "TALKS TO" in line or "unforeseen error" in line] == []
