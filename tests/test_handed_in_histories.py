"""Random weeks of an office: units hand in, take back; an editor accepts all or a part, returns, publishes, undoes.

Laws, after each step, held against what this file itself remembers:
- rows of a unit change by what it handed in only once that was accepted, and only in what units say;
- no row of another unit changes by it, whatever stands in the file;
- each thing handed in is in one state, the one that was last done to it;
- what a unit is told of its file names no row of the others.
"""

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from ready_made import ReadyMade, copy_of
from test_handing_in import hand_in, look, outcome, taken
from test_rounds import accept, first_week, publish

from taizhang.declared.wording import language
from taizhang.rows.changes import Decisions
from taizhang.rows.problems import sentence
from taizhang.store import Note, Store, leave
from taizhang.uploads.fixes import LineFix

T = language("zh")
OWNERS = {"CS-1": "交通局", "CS-2": "交通局", "CS-3": "审批局", "CS-4": "审批局", "CS-5": "审批局"}
UNITS = ("交通局", "审批局")
WORDS = ("已开会", "已动工一半", "材料已齐", "等待批复")
_made: dict[str, Store] = {}


def _week() -> Store:
    if "asked" not in _made:
        _made["asked"] = ReadyMade(Path(tempfile.mkdtemp(prefix="handed-in-")))("asked", first_week)
    return _made["asked"]


class Office(RuleBasedStateMachine):
    """`says` is what the ledger must say of each measure; `sent` what was handed in: number → (unit, row → words)."""

    @initialize()
    def begin(self):
        self.asks, self.tells = leave._ask[:], leave._tell[:]
        leave._ask[:], leave._tell[:] = [], []
        self.folder = tempfile.TemporaryDirectory()
        self.store = copy_of(_week(), Path(self.folder.name) / "store")
        self.says = {key: row["progress_note"] for key, row in self._rows().items()}
        self.rest = self._rest()
        self.sent: dict[int, tuple[str, dict[str, str]]] = {}
        self.states: dict[int, str] = {}
        self.history = [dict(self.says)]
        self.day = self.store.live().as_of

    def teardown(self):
        if hasattr(self, "folder"):
            leave._ask[:], leave._tell[:] = self.asks, self.tells
            self.folder.cleanup()

    def _rows(self):
        return self.store.live().rows()["action"]

    def _rest(self):
        """What no unit says: every other cell of every measure."""
        return {key: {**row, "progress_note": ""} for key, row in self._rows().items()}

    @rule(data=st.data(), is_honest=st.booleans(), is_looked_at=st.booleans())
    def hands_in(self, data, is_honest, is_looked_at):
        unit = data.draw(st.sampled_from(UNITS))
        own = data.draw(st.sets(st.sampled_from([key for key in OWNERS if OWNERS[key] == unit]), min_size=1))
        strange = () if is_honest else data.draw(st.sets(st.sampled_from(sorted(OWNERS)), max_size=1))
        said = {
            key: data.draw(st.sampled_from([one for one in WORDS if one != self.says[key]]))
            for key in sorted({*own, *strange})
        }
        text = "措施编号,责任单位,整改进展,完成时限\n"
        text += "".join(f"{key},{unit},{words},2029-01-01\n" for key, words in said.items())
        checked = look(self.store, text, unit)
        told = "".join(sentence(one, T) for one in checked.problems)
        strangers = [key for key in said if OWNERS[key] != unit]
        assert all(self._rows()[key]["content"] not in told for key in strangers)
        if checked.errors or not checked.comparison.changes:
            return
        one = hand_in(self.store, text, unit, by=unit)
        self.sent[one.number] = unit, said
        self.states[one.number] = "waiting"
        if is_looked_at:  # at once; else after whatever comes between
            self.accepted(one.number, data.draw(st.booleans()))

    def _open(self):
        return sorted(number for number, state in self.states.items() if state == "waiting")

    @precondition(lambda self: self._open())
    @rule(data=st.data(), is_part=st.booleans())
    def accepts(self, data, is_part):
        self.accepted(data.draw(st.sampled_from(self._open())), is_part)

    def accepted(self, number: int, is_part: bool) -> None:
        unit, said = self.sent[number]
        first = taken(self.store, number)
        out = {one.line for one in first.errors}
        changed = sorted(
            (row.line, row.key)
            for part in first.comparison.tables
            for kind in ("changed", "redated")
            for row in part.rows(kind)
        )
        if is_part and len(changed) > 1:
            out.add(changed.pop()[0])
        checked = taken(self.store, number, [LineFix("周报", line) for line in sorted(out)])
        if not checked.comparison.changes:
            return
        theirs = Decisions(yours=frozenset(one.cell for one in checked.comparison.conflicts))
        accept(self.store, checked, self.day, theirs)
        for _, key in changed:
            assert OWNERS[key] == unit
            self.says[key] = said[key]
        self.states[number] = "accepted"
        self.history.append(dict(self.says))

    @precondition(lambda self: self._open())
    @rule(data=st.data())
    def returns(self, data):
        number = data.draw(st.sampled_from(self._open()))
        self.store.waiting().give_back(number, "请重报", "编辑")
        self.states[number] = "returned"

    @precondition(lambda self: self._open())
    @rule(data=st.data())
    def takes_back(self, data):
        number = data.draw(st.sampled_from(self._open()))
        self.store.waiting().take_back(number, self.sent[number][0])
        self.states[number] = "withdrawn"

    @rule(key=st.sampled_from(sorted(OWNERS)), words=st.sampled_from(WORDS))
    def the_office_publishes(self, key, words):
        if self.says[key] == words:
            return
        self.day += dt.timedelta(days=1)
        publish(self.store, self.day, action=f"措施编号,整改进展\n{key},{words}\n")
        self.says[key] = words
        self.history.append(dict(self.says))

    @precondition(lambda self: len(self.history) > 1)
    @rule()
    def takes_the_last_release_back(self):
        self.store.take_back(self.store.live_number(), Note("编辑", self.day, "撤", "Back"))
        self.says = dict(self.history[-2])
        self.history.append(dict(self.says))

    @invariant()
    def the_ledger_says_what_was_accepted(self):
        if hasattr(self, "store"):
            assert {key: row["progress_note"] for key, row in self._rows().items()} == self.says
            assert self._rest() == self.rest

    @invariant()
    def each_is_in_the_state_that_was_last_done_to_it(self):
        if hasattr(self, "store"):
            assert {number: outcome(self.store, number)[0] for number in self.states} == self.states


Office.TestCase.settings = settings(max_examples=6, stateful_step_count=10)
TestHandedInHistories = Office.TestCase
