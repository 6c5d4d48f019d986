"""The past is restated, not mixed: a change of a day that has passed changes every later day by itself alone.

A history is made of weeks, corrections and undos; beside the store a model of twenty lines says what every day must
hold. Rows are measures with two cells, so that a change of one cell and of a whole row both occur.
"""

import datetime as dt
import itertools
import shutil

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from ready_made import copy_of

from taizhang.evidence.provenance import release_line
from taizhang.exhibits.views import Choices, look
from taizhang.rows import ledgers
from taizhang.rows.changes import Decisions
from taizhang.showing.upkeep import rebuild, verify
from taizhang.store import DraftRefused, Note, Store, clock, drafts, publishing, taking_back
from taizhang.store.standing import act_of, in_force

DAYS = [dt.date(2019, 9, 6) + dt.timedelta(weeks=week) for week in range(4)]
KEYS = ("CS-1", "CS-2", "CS-3")
FIELDS = ("percent", "blocker")

State = dict[str, tuple]  # measure → (percent, blocker)


def file_of(cells: dict[str, dict]) -> ledgers.LedgerFile:
    """A file with these measures and cells: {"CS-1": {"percent": 40}}."""
    rows = tuple(
        ledgers.Row(line, {"action_id": key, "content": key, **said})
        for line, (key, said) in enumerate(cells.items(), start=2)
    )
    columns = ["action_id", "content", *sorted({name for said in cells.values() for name in said})]
    lines = [columns, *([str(row.cells.get(name, "")) for name in columns] for row in rows)]
    data = "".join(f"{','.join(line)}\n" for line in lines).encode()  # as a rebuild reads it again
    return ledgers.LedgerFile("action", "week.csv", data, "UTF-8", rows)


def note(day: dt.date, later: str = "restate") -> Note:
    return Note("测试", day, "周", "Week", later=later)


def publish(store: Store, day: dt.date, cells: dict[str, dict], gone: tuple[str, ...] = (), later: str = "restate"):
    """Publish measures for a day, as the page does; rows in `gone` leave."""
    decisions = Decisions(frozenset(("action", key) for key in gone), "不再需要" if gone else "")
    made = store.draft([file_of(cells)], note(day, later), decisions, store.live_number())
    return store.publish_draft(made)


def states(store: Store) -> dict[dt.date, State]:
    """What each day in force holds."""
    return {
        day: {key: tuple(row[name] for name in FIELDS) for key, row in store.release(number).rows()["action"].items()}
        for day, number in in_force(store.live()).items()
    }


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


def tell_two_weeks(store: Store) -> None:
    publish(store, DAYS[0], {"CS-1": {"percent": 10}, "CS-2": {"percent": 20}})
    publish(store, DAYS[2], {"CS-1": {"percent": 50}})


@pytest.fixture
def told(ready_made, tmp_path) -> Store:
    """A store of the test's own in which two weeks were told: the second says something new of one measure."""
    return copy_of(ready_made("two_weeks", tell_two_weeks), tmp_path / "store")


@pytest.mark.parametrize("looks", range(4))  # at the clock, before the next second begins
def test_all_releases_of_an_act_tell_the_same_moment_however_long_it_takes(store, monkeypatch, looks):
    publish(store, DAYS[1], {"CS-2": {"percent": 20}})
    looked = itertools.count()
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 1, 1, second=next(looked) >= looks))
    made = publish(store, DAYS[0], {"CS-1": {"percent": 10}})
    store.take_back(made.number, note(DAYS[0]))
    told = [
        {row["release"]: row["published_at"] for row in one.notes()}
        for one in map(store.release, range(2, store.live_number() + 1))
    ]
    assert all(told[-1][number] == moment for one in told for number, moment in one.items())
    assert told[-1][made.number - 1] == told[-1][made.number]  # the two days of the correction
    assert rebuild(store).differences == ()


# --- what a clerk does -----------------------------------------------------------------------------------------


def test_a_correction_takes_nothing_of_the_next_week_into_the_week_it_corrects(told):
    made = publish(told, DAYS[0], {"CS-2": {"percent": 25}})
    assert states(told) == {
        DAYS[0]: {"CS-1": (10, None), "CS-2": (25, None)},
        DAYS[2]: {"CS-1": (50, None), "CS-2": (25, None)},
    }
    assert (made.number, made.as_of, list(act_of(made, 4))) == (4, DAYS[2], [3, 4])
    # the change of an act is recorded once, and its rows come from it
    changed = [(row["release"], row["field"], row["old"], row["new"]) for row in made.records("change", kind="changed")]
    assert changed == [(2, "percent", "10", "50"), (3, "percent", "20", "25")]
    assert {row["row_key"]: row["release"] for row in made.records("origin")} == {"CS-1": 2, "CS-2": 3}
    assert verify(told) == []


def test_the_sources_of_a_figure_name_the_act_that_its_release_belongs_to(told):
    single = look(told, Choices())
    assert "同一次发布" not in release_line(single.ask("kpis"), single)
    publish(told, DAYS[0], {"CS-2": {"percent": 25}})
    view = look(told, Choices())
    assert release_line(view.ask("kpis"), view).endswith("（第 3–4 版是同一次发布：从 2019-09-06 起，连同以后各期）")


def test_a_cell_that_a_later_week_changed_itself_keeps_its_value_and_is_named(told):
    draft = told.draft([file_of({"CS-1": {"percent": 15, "blocker": "等批复"}})], note(DAYS[0]), Decisions(), 2)
    assert draft.kept == ((DAYS[2], ("action", "CS-1", "percent")),)
    told.publish_draft(draft)
    assert [one["CS-1"] for one in states(told).values()] == [(15, "等批复"), (50, "等批复")]


def test_a_wrong_week_undone_after_the_next_leaves_no_dip_and_can_be_told_again(told):
    publish(told, DAYS[3], {"CS-2": {"percent": 80}})
    told.take_back(2, note(DAYS[3]))  # the second was the wrong one
    assert states(told) == {
        DAYS[0]: {"CS-1": (10, None), "CS-2": (20, None)},
        DAYS[3]: {"CS-1": (10, None), "CS-2": (80, None)},
    }
    publish(told, DAYS[2], {"CS-1": {"percent": 45}})
    assert states(told) == {
        DAYS[0]: {"CS-1": (10, None), "CS-2": (20, None)},
        DAYS[2]: {"CS-1": (45, None), "CS-2": (20, None)},
        DAYS[3]: {"CS-1": (45, None), "CS-2": (80, None)},
    }
    assert verify(told) == []


def test_of_a_day_that_an_undo_withdraws_no_later_day_tells_any_more(told):
    def burn_down():
        live = told.live()
        return {
            day: [row["as_of_on"] for row in told.release(number).ask("burn_down", as_of=day).records()]
            for day, number in in_force(live).items()
        }

    publish(told, DAYS[3], {"CS-1": {"percent": 60}})
    before = burn_down()
    made = publish(told, DAYS[1], {})
    assert burn_down() == {**before, DAYS[1]: [*DAYS[:2]], DAYS[2]: [*DAYS[:3]], DAYS[3]: DAYS}
    told.take_back(made.number, note(DAYS[3]))
    assert burn_down() == before == {DAYS[0]: [DAYS[0]], DAYS[2]: [DAYS[0], DAYS[2]], DAYS[3]: [DAYS[0], *DAYS[2:]]}


def test_an_undo_that_left_the_days_after_a_withdrawn_one_as_they_were_is_made_again_as_it_was(told):
    publish(told, DAYS[3], {"CS-1": {"percent": 60}})
    made = publish(told, DAYS[1], {})
    undo = taking_back.undoing(told.folder, act_of(made, made.number)[0], note(DAYS[3]), since=DAYS[3])
    assert publishing.publish(told.folder, undo).number == made.number + 1
    publish(told, DAYS[0], {"CS-2": {"percent": 25}})
    days = told.standing().days()
    made = rebuild(told)
    assert (made.count, told.standing().days()) == (len(days), days)


def test_a_first_day_that_an_undo_emptied_stays_while_later_acts_are_undone(store):
    publish(store, DAYS[0], {"CS-1": {"percent": 10}})
    emptied = store.take_back(1, note(DAYS[0])).number
    publish(store, DAYS[2], {"CS-2": {"percent": 20}})
    before = states(store)
    assert before == {DAYS[0]: {}, DAYS[2]: {"CS-2": (20, None)}}
    redone = store.take_back(emptied, note(DAYS[2]))
    assert states(store) == {DAYS[0]: {"CS-1": (10, None)}, DAYS[2]: {"CS-1": (10, None), "CS-2": (20, None)}}
    store.take_back(redone.number, note(DAYS[2]))
    assert states(store) == before
    corrected = publish(store, DAYS[0], {"CS-3": {"percent": 30}})
    store.take_back(corrected.number, note(DAYS[2]))
    assert states(store) == before
    assert verify(store) == []
    assert rebuild(store).differences == ()


def test_an_undo_that_withdrew_a_first_day_which_was_empty_is_made_again_as_it_was(store):
    publish(store, DAYS[0], {"CS-1": {"percent": 10}})
    emptied = store.take_back(1, note(DAYS[0])).number
    publish(store, DAYS[2], {"CS-2": {"percent": 20}})
    redone = store.take_back(emptied, note(DAYS[2]))
    first = act_of(redone, redone.number)[0]
    undo = taking_back.undoing(store.folder, first, note(DAYS[2]), withdrew=DAYS[:1])
    assert undo.withdraws == (DAYS[0],)
    publishing.publish(store.folder, undo)
    assert states(store) == {DAYS[2]: {"CS-2": (20, None)}}
    made = rebuild(store)
    assert (made.differences, states(store)) == ((), {DAYS[2]: {"CS-2": (20, None)}})


def test_no_day_is_marked_with_the_note_of_an_act_that_was_undone(told):
    """Also not one whose rows the act left as they were, be it that a later act told them again."""

    def marks():
        live = told.live()
        rows = live.ask("marks", as_of=live.as_of).records()
        return {row["marked_on"]: row["note"] for row in ({**one, "note": one["title_zh"]} for one in rows)}

    same = Note("测试", DAYS[0], "又报一次", "Told again")
    made = told.publish([file_of({"CS-1": {"percent": 10}})], same, told.live_number())
    assert marks() == {DAYS[0]: "又报一次", DAYS[2]: "又报一次"}
    undo = Note("测试", DAYS[2], "撤回", "Taken back")
    before = states(told)
    told.take_back(made.number, undo)
    assert marks() == {DAYS[0]: "撤回", DAYS[2]: "撤回"}
    assert states(told) == before
    assert rebuild(told).differences == ()


def test_an_act_is_undone_whole_by_the_number_of_any_of_its_releases(told, tmp_path):
    before = states(told)
    publish(told, DAYS[0], {"CS-1": {"percent": 15}})
    for number in (3, 4):
        own = copy_of(told, tmp_path / str(number))
        made = own.take_back(number, note(DAYS[2]))
        assert states(own) == before
        assert [row["undoes"] for row in made.notes()] == [None, None, None, None, 3, None]


def test_later_days_are_withdrawn_only_when_somebody_says_so(told):
    made = publish(told, DAYS[1], {"CS-1": {"percent": 30}}, later="withdraw")
    first = {"CS-1": (10, None), "CS-2": (20, None)}
    assert states(told) == {DAYS[0]: first, DAYS[1]: first | {"CS-1": (30, None)}}
    assert (made.number, made.as_of) == (3, DAYS[1])
    told.take_back(3, note(DAYS[1]))
    assert states(told) == {DAYS[0]: first, DAYS[2]: first | {"CS-1": (50, None)}}


def test_a_draft_that_withdrew_days_and_is_told_a_later_one_withdraws_none(told):
    draft = told.draft([file_of({"CS-1": {"percent": 60}})], note(DAYS[1], "withdraw"), Decisions(), 2)
    told.publish_draft(drafts.say(draft, note(DAYS[3])))
    assert {day: state["CS-1"] for day, state in states(told).items()} == {
        DAYS[0]: (10, None),
        DAYS[2]: (50, None),
        DAYS[3]: (60, None),
    }


def test_a_correction_that_a_later_day_cannot_bear_is_refused_whole_and_says_which_day(store):
    issue = ledgers.LedgerFile("issue", "i.csv", b"i", "utf-8", (ledgers.Row(2, {"issue_id": "WT-1", "title": "a"}),))
    store.publish([issue, file_of({"CS-1": {"percent": 10}})], note(DAYS[0]), None)
    publish(store, DAYS[1], {"CS-1": {"issue_id": "WT-1"}})
    kept = states(store)
    none = ledgers.LedgerFile("issue", "none.csv", b"n", "utf-8", ())
    leaving = Decisions(frozenset({("issue", "WT-1")}), "合并")
    with pytest.raises(DraftRefused) as refused:
        store.draft([none], note(DAYS[0]), leaving, 2)
    assert {one.day for one in refused.value.problems} == {DAYS[1]}
    assert (states(store), list((store.folder / "drafts").iterdir())) == (kept, [])


# --- laws, on random histories ---------------------------------------------------------------------------------

CELLS = st.fixed_dictionaries(
    {}, optional={"percent": st.integers(1, 99), "blocker": st.sampled_from(["甲", "乙", "丙", "丁"])}
)
WEEKS = st.dictionaries(st.sampled_from(KEYS), CELLS, min_size=1)


class Histories(RuleBasedStateMachine):
    """Weeks, corrections and undos in any order."""

    folder = None  # where stores are made; set by the test
    made = 0

    @initialize(first=WEEKS)
    def begin(self, first):
        Histories.made += 1
        self.store = Store(Histories.folder / str(Histories.made))
        publish(self.store, DAYS[1], first)
        self.acts = [1]

    @rule(day=st.sampled_from(DAYS), cells=WEEKS)
    def publish_a_week(self, day, cells):
        before = states(self.store)
        base = next((state for known, state in reversed(before.items()) if known <= day), {})
        made = publish(self.store, day, cells)
        self.acts.append(act_of(made, made.number)[0])
        after = states(self.store)
        own = {key: base.get(key, (None, None)) for key in (*base, *cells)}
        for key, said in cells.items():
            own[key] = tuple(said.get(name, was) for name, was in zip(FIELDS, own[key], strict=True))
        assert after[day] == own
        assert after.keys() == before.keys() | {day}
        changed = {
            (key, place)
            for key, row in own.items()
            for place, value in enumerate(row)
            if key not in base or base[key][place] != value
        }
        for later in (known for known in before if known > day):
            for key in after[later].keys() | before[later].keys():
                for place in range(len(FIELDS)):  # a correction changes its own cells on later days, and no other
                    if (key, place) not in changed:
                        assert after[later][key][place] == before[later][key][place]
        for earlier in (known for known in before if known < day):
            assert after[earlier] == before[earlier]

    @precondition(lambda self: len(self.acts) > 1)
    @rule(data=st.data())
    def undo_and_undo_the_undo(self, data):
        """An undo of an undo gives back every day as it was."""
        number = data.draw(st.sampled_from(self.acts))
        before = states(self.store)
        live = self.store.live()
        choices = dict.fromkeys(self.store.conflicts_of(number, live), "later")
        made = self.store.take_back(number, note(live.as_of), choices)
        undone = act_of(made, made.number)[0]
        if data.draw(st.booleans()):
            self.store.take_back(undone, note(made.as_of))
            assert states(self.store) == before
        else:
            self.acts.append(undone)

    @rule()
    def the_newest_day_is_live(self):
        live = self.store.live()
        assert live.as_of == max(in_force(live))
        rows = {(row["table_name"], row["row_key"]) for row in live.records("origin")}
        assert {key for name, key in rows if name == "action"} == live.rows()["action"].keys()

    def teardown(self):
        if hasattr(self, "store"):
            assert verify(self.store) == []
            shutil.rmtree(self.store.folder)


STEPS = settings(
    max_examples=3,
    stateful_step_count=7,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_no_history_of_weeks_corrections_and_undos_mixes_its_days(tmp_path):
    Histories.folder = tmp_path
    run_state_machine_as_test(Histories, settings=STEPS)


@pytest.mark.parametrize("weeks", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (2, 0, 1)])
def test_weeks_give_the_same_states_in_whatever_order_they_are_published(weeks, store):
    """As long as a week says only what is new in it: a value repeated is no word of its own."""
    said = [
        {"CS-1": {"percent": 10}, "CS-2": {"percent": 20, "blocker": "甲"}},
        {"CS-2": {"percent": 30}, "CS-3": {"percent": 5}},
        {"CS-1": {"percent": 60}, "CS-3": {"blocker": "乙"}},
    ]
    for week in weeks:
        publish(store, DAYS[week], said[week])
    assert states(store) == {
        DAYS[0]: {"CS-1": (10, None), "CS-2": (20, "甲")},
        DAYS[1]: {"CS-1": (10, None), "CS-2": (30, "甲"), "CS-3": (5, None)},
        DAYS[2]: {"CS-1": (60, None), "CS-2": (30, "甲"), "CS-3": (5, "乙")},
    }


def test_what_a_draft_is_told_later_goes_to_each_of_its_days(told):
    """One that is alone gets its day with it, wherever the day is written; the days of an act stay what they are."""
    draft = told.draft([file_of({"CS-2": {"percent": 30}})], None, Decisions(), 2)
    week = told.publish_draft(drafts.say(draft, note(DAYS[3])))
    assert (week.number, week.as_of) == (3, DAYS[3])
    assert {row["as_of_on"] for row in week.records("action_snapshot", release=3)} == {DAYS[3]}
    draft = told.draft([file_of({"CS-2": {"percent": 25}})], note(DAYS[0]), Decisions(), 3)
    said = drafts.say(draft, Note("又一人", DAYS[0], "又想了想", "On second thoughts"))
    assert [one.as_of for one in said.releases] == [DAYS[0], DAYS[2], DAYS[3]]
    made = told.publish_draft(said)
    days = {row["release"]: row["as_of_on"] for row in made.notes() if row["published_by"] == "又一人"}
    assert days == {4: DAYS[0], 5: DAYS[2], 6: DAYS[3]}
    assert {row["release"]: row["as_of_on"] for row in made.records("action_snapshot") if row["release"] > 3} == days
    assert verify(told) == []
