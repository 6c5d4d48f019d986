"""While somebody who is held to a scope has a page and its panel open, everything happens that can: publishes, moves of
rows to another unit and back, a correction, an undo; another scope, role and password, and the door closed.

What comes next is theirs alone, or the page to sign in on. What is theirs is read off the releases themselves, row by
row, without the code that narrows them.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator

import pytest
from ready_made import copy_of
from visits import WORD, Board, Browser, Visit, let_in

from taizhang.access import passwords
from taizhang.access.people import People
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Store, leave

READER = {"accept": "text/html"}
MINE, THEIRS = "一科", "二科"
DAY = dt.date(2019, 10, 18)
PANEL = "source:rectification.ledger"


class Office:
    """A store in which things happen, a board over it, and a reader who is held to a unit."""

    def __init__(self, store: Store, board: Board, chance: random.Random):
        self.store, self.board, self.chance = store, board, chance
        self.people, self.scope, self.said, self.password = People(store.folder), MINE, 0, WORD
        self.browser: Browser = board.browser()

    def publish(self, unit: str, to: str = "", day: dt.date = DAY) -> None:
        """Write a new text into a row of a unit, or give the row to another."""
        rows = self.store.live().rows()["action"]
        key = self.chance.choice(sorted(one for one, row in rows.items() if row["resp_unit"] == unit))
        self.said += 1
        cells = {"action_id": key, "content": f"办第{self.said:03d}件事", **({"resp_unit": to} if to else {})}
        file = LedgerFile("action", "x.csv", repr(cells).encode(), "UTF-8", (Row(2, cells),))
        self.store.publish([file], Note("测试", day, "周报", "Weekly"), self.store.live_number())

    def undo(self) -> None:
        self.store.take_back(self.store.live_number(), Note("测试", DAY, "撤销", "Undone"))

    def hold(self) -> None:
        self.scope = THEIRS if self.scope == MINE else MINE
        self.people.hold_to("district", [self.scope])

    def reset(self) -> None:
        self.password += "!"
        self.people.reset("district", self.password)

    def close(self) -> None:
        self.people.disable("district")
        assert self.sign_in() == 401
        self.people.enable("district")

    def sign_in(self) -> int:
        self.browser = self.board.browser()
        return self.browser.post("/signin", data={"name": "district", "password": self.password}).status_code

    def texts_of_others(self) -> set[str]:
        """What is said of measures of the others alone, in any release."""
        own, every = set(), set()
        for number in self.store.numbers():
            for row in self.store.release(number).rows()["action"].values():
                every.add(row["content"])
                if self.scope in (row["resp_unit"], row["lead_unit"]):
                    own.add(row["content"])
        return every - own

    def shows_what_is_theirs(self, visit: Visit) -> None:
        """The history of a row of another, the page anew, and its panel."""
        rows = self.store.live().rows()["action"]
        others = self.texts_of_others()
        theirs = next(key for key, row in rows.items() if self.scope not in (row["resp_unit"], row["lead_unit"]))
        text = visit.open("releases", part="row", ledger="action", key=theirs).text
        visit.open("rectification")
        shown = visit.click(PANEL, "rectification").text  # and stays open
        now = {row["content"] for row in rows.values() if self.scope in (row["resp_unit"], row["lead_unit"])}
        assert [one for one in now if one not in shown] == []
        assert [one for one in others if one in text + shown] == []


HAPPENS: dict[str, Callable[[Office], None]] = {
    "of mine": lambda office: office.publish(MINE),
    "of theirs": lambda office: office.publish(THEIRS),
    "mine goes": lambda office: office.publish(MINE, THEIRS),
    "theirs comes": lambda office: office.publish(THEIRS, MINE),
    "correction": lambda office: office.publish(THEIRS, day=dt.date(2019, 9, 27)),
    "undo": Office.undo,
}
ENDS: dict[str, Callable[[Office], None]] = {
    "scope": Office.hold,
    "scope back": Office.hold,
    "role": lambda office: office.people.give_role("district", "unit"),
    "password": Office.reset,
    "closed": Office.close,
}


@pytest.fixture
def office(tiny_store, tmp_path, monkeypatch) -> Iterator[Office]:
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    monkeypatch.setattr(leave, "_ask", [])  # what is published here is published by a command
    monkeypatch.setattr(leave, "_tell", [])
    store = copy_of(tiny_store, tmp_path / "data")
    let_in(store).hold_to("district", [MINE])
    board = Board(store, tmp_path)
    yield Office(store, board, random.Random(13))
    board.stop()
    assert "unforeseen error" not in board.said, board.said


def test_whatever_happens_meanwhile_what_comes_next_is_theirs_alone_or_the_page_to_sign_in_on(office):
    steps = [*HAPPENS, *ENDS]
    office.chance.shuffle(steps)
    while steps:
        assert office.sign_in() == 303
        with office.browser.visit() as visit:
            office.shows_what_is_theirs(visit)
            while steps and steps[0] in HAPPENS:
                HAPPENS[steps.pop(0)](office)
                office.shows_what_is_theirs(visit)
            if steps:
                browser = office.browser
                ENDS[steps.pop(0)](office)
                assert visit.ends() == 1008
                answer = browser.get("/rectification", headers=READER)
                assert (answer.status_code, answer.headers["location"]) == (303, "/signin?next=%2Frectification")
    assert len(office.texts_of_others()) > 10
