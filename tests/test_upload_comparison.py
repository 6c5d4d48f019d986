"""Compare by key, in cells: what files would change, what they may not, and what differs between two releases."""

import datetime as dt

import pytest

from taizhang.declared import tables
from taizhang.declared.wording import language
from taizhang.rows import changes, comparison, ledgers
from taizhang.rows.changes import Decisions
from taizhang.rows.comparison import KINDS, after, compare
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.rows.problems import sentence
from taizhang.store import releases

DAY = dt.date(2019, 10, 1)


def row(table: str, **cells) -> dict[str, object]:
    declared = tables.all_tables()[table]
    return changes.row_after(declared, None, cells)


def rows(*actions: dict) -> changes.Rows:
    """Rows of an otherwise empty campaign that has these measures."""
    found: changes.Rows = {name: {} for name in tables.ledgers()}
    found["action"] = {one["action_id"]: one for one in actions}
    return found


def measure(key: str, **cells) -> dict[str, object]:
    return row("action", **{"action_id": key, "content": "修路", "due_on": DAY, "status": "in_progress", **cells})


CLOSED = {"status": "closed", "closed_on": DAY, "verified_by": "督导组", "done_on": DAY, "first_closed_on": DAY}


def file(*lines: dict, table: str = "action", name: str = "a.csv") -> LedgerFile:
    numbered = tuple(Row(number, cells) for number, cells in enumerate(lines, start=2))
    return LedgerFile(table, name, repr(lines).encode(), "UTF-8", numbered)


def kind(before: dict, **cells) -> str:
    """The kind of the one row that a file changes."""
    found = compare([file({"action_id": before["action_id"], **cells})], rows(before)).of("action")
    (said,) = [name for name, count in found.counts.items() if count]
    return said


def test_the_kinds_of_rows_are_the_fields_of_a_comparison():
    assert {*KINDS, "table"} == set(comparison.TableComparison.__dataclass_fields__)


def test_a_change_is_told_cell_by_cell_with_its_line():
    found = compare([file({"action_id": "CS-1", "percent": 40, "content": "修路"})], rows(measure("CS-1")))
    (changed,) = found.of("action").changed
    assert (changed.key, changed.line, changed.row["percent"]) == ("CS-1", 2, 40)
    assert changed.cells == (comparison.CellChange("percent", None, 40),)
    assert found.changes == 1


def test_a_row_that_no_file_has_stands_on_no_line():
    (missing,) = compare([file({"action_id": "CS-1"})], rows(measure("CS-1"), measure("CS-2"))).of("action").missing
    assert (missing.key, missing.line, missing.sheet, missing.cells) == ("CS-2", 0, "", ())
    assert missing.row["action_id"] == "CS-2"


def test_every_row_of_file_and_ledger_is_in_exactly_one_kind():
    before = rows(measure("CS-1"), measure("CS-2"), measure("CS-3", **CLOSED))
    one = file({"action_id": "CS-1", "percent": 3}, {"action_id": "CS-3", "percent": 9}, {"action_id": "CS-4"})
    counts = compare([one], before).of("action").counts
    assert counts == {**dict.fromkeys(KINDS, 0), "changed": 1, "guarded": 1, "new": 1, "missing": 1}


@pytest.mark.parametrize(
    ("said", "before", "cells"),
    [
        ("same", {}, {"content": "修路"}),
        ("same", {}, {}),
        ("changed", {}, {"percent": 1}),
        ("changed", {}, {"status": "pending_verification"}),
        ("changed", {}, {"status": "cancelled", "cancel_reason": "重复"}),
        ("changed", {"status": None}, {"status": "not_started"}),
        ("redated", {}, {"due_on": dt.date(2019, 11, 1)}),
        ("redated", {}, {"due_on": None}),
        ("moved_back", {}, {"status": "not_started"}),
        ("moved_back", {"status": "pending_verification"}, {"status": "in_progress"}),
        ("moved_back", {}, {"status": "not_started", "due_on": dt.date(2019, 11, 1)}),  # over redated
        ("reopened", {"status": "staged_ongoing"}, {"status": "in_progress"}),  # over moved_back
        ("reopened", {"status": "cancelled"}, {"status": "in_progress", "due_on": None}),  # over redated
        ("reopened", {"status": "closed"}, {"status": "in_progress"}),  # closed without a verifier
        ("reopened", {}, {"reopen_count": 1}),
        ("guarded", CLOSED, {"status": "in_progress"}),  # over reopened
        ("guarded", CLOSED, {"percent": 100}),
        ("same", CLOSED, {"status": "closed"}),
    ],
)
def test_a_row_is_of_the_kind_that_needs_most_attention(said, before, cells):
    assert kind(measure("CS-1", **before), **cells) == said


def test_an_issue_set_back_by_hand_is_reopened_and_a_topic_moved_back():
    before = rows()
    before["issue"] = {"WT-1": row("issue", issue_id="WT-1", title="甲", status_manual="closed")}
    before["research_topic"] = {"KT-1": row("research_topic", topic_id="KT-1", title="乙", status="converted")}
    found = compare(
        [
            file({"issue_id": "WT-1", "status_manual": "in_progress"}, table="issue"),
            file({"topic_id": "KT-1", "status": "planned"}, table="research_topic"),
        ],
        before,
    )
    assert [one.key for one in found.of("issue").reopened] == ["WT-1"]
    assert [one.key for one in found.of("research_topic").moved_back] == ["KT-1"]


def test_no_file_moves_the_original_due_date_and_a_warning_says_so():
    before = rows(measure("CS-1"))
    one = file({"action_id": "CS-1", "original_due_on": dt.date(2020, 1, 1)})
    found = compare([one], before)
    (problem,) = found.problems
    assert (problem.rule, problem.severity, problem.line) == ("original_due_fixed", "warning", 2)
    assert all("2020-01-01" in sentence(problem, language(code)) for code in ("zh", "en"))
    assert found.of("action").counts["same"] == 1
    assert after([one], before, Decisions())[0] == before


def test_the_original_due_date_repeated_is_no_problem():
    assert compare([file({"action_id": "CS-1", "original_due_on": DAY})], rows(measure("CS-1"))).problems == ()


def test_an_original_due_date_that_was_never_set_may_be_cleared_without_a_warning():
    dated = file({"action_id": "CS-1", "original_due_on": None, "due_on": DAY})  # the first date it gets fills both
    assert compare([dated], rows(measure("CS-1", due_on=None))).problems == ()


def test_a_row_that_two_files_fill_differently_is_a_problem_and_one_they_agree_on_is_not():
    before = rows(measure("CS-1"))
    agreed = compare([file({"action_id": "CS-1", "percent": 3}), file({"action_id": "CS-1", "percent": 3})], before)
    assert agreed.problems == ()
    at_odds = compare([file({"action_id": "CS-1", "percent": 3}), file({"action_id": "CS-1", "percent": 4})], before)
    (problem,) = at_odds.problems
    assert (problem.rule, problem.severity, problem.column, problem.value) == ("row_twice", "error", "percent", "4")
    assert all("CS-1" in sentence(problem, language(code)) for code in ("zh", "en"))


# --- what comes out after the decisions ------------------------------------------------------------------------


def test_what_a_file_does_not_say_stays():
    before = rows(measure("CS-1", blocker="缺人"), measure("CS-2"))
    now, touched = after([file({"action_id": "CS-1", "percent": 3})], before, Decisions())
    assert now["action"]["CS-1"] == {**before["action"]["CS-1"], "percent": 3}
    assert now["action"]["CS-2"] is before["action"]["CS-2"]
    assert list(touched) == [("action", "CS-1")]


def test_only_the_word_for_it_empties_a_cell():
    now, _ = after([file({"action_id": "CS-1", "blocker": None})], rows(measure("CS-1", blocker="缺人")), Decisions())
    assert now["action"]["CS-1"]["blocker"] is None


@pytest.mark.parametrize(
    ("decisions", "left"),
    [
        (Decisions(), {"CS-1", "CS-2", "CS-3"}),
        (Decisions(remove=frozenset({("action", "CS-2")}), remove_reason="重复"), {"CS-1", "CS-3"}),
        (Decisions(remove=frozenset({("action", "CS-1")}), remove_reason="重复"), {"CS-1", "CS-2", "CS-3"}),
        (Decisions(all_missing="remove", remove_reason="换了一批"), {"CS-1"}),
    ],
)
def test_a_missing_row_stays_unless_somebody_lets_it_go_and_a_present_one_always(decisions, left):
    before = rows(measure("CS-1"), measure("CS-2"), measure("CS-3"))
    before["issue"] = {"WT-1": row("issue", issue_id="WT-1", title="甲")}
    now, _ = after([file({"action_id": "CS-1"})], before, decisions)
    assert set(now["action"]) == left
    assert set(now["issue"]) == {"WT-1"}  # a ledger without a file loses nothing


@pytest.mark.parametrize("cells", [{"status": "in_progress"}, {"percent": 100}, {"verified_by": None}])
def test_a_verified_row_is_overwritten_only_when_it_is_confirmed(cells):
    before = rows(measure("CS-1", **CLOSED))
    one = file({"action_id": "CS-1", **cells})
    assert after([one], before, Decisions()) == (before, {})
    now, _ = after([one], before, Decisions(confirmed=frozenset({("action", "CS-1")})))
    assert now["action"]["CS-1"] == {**before["action"]["CS-1"], **cells}


# --- two releases ----------------------------------------------------------------------------------------------


def test_two_releases_compared_give_what_was_new_changed_and_gone(tiny_store):
    first, last = (tiny_store.release(number) for number in (1, tiny_store.live_number()))
    found = comparison.diff(first.rows(), last.rows())
    there, back = found.of("action"), comparison.diff(last.rows(), first.rows()).of("action")
    assert {one.key for one in there.new} == {one.key for one in back.missing} != set()
    assert len(there.same) + there.changes == len(last.rows()["action"])
    for one in there.changed:
        old = first.rows()["action"][one.key]
        assert {cell.column: cell.old for cell in one.cells} == {cell.column: old[cell.column] for cell in one.cells}
    assert comparison.diff(last.rows(), last.rows()).changes == 0


def test_a_difference_leads_from_one_release_to_the_other(tiny_store):
    first, last = (tiny_store.release(number) for number in (1, tiny_store.live_number()))
    now = first.rows()
    for table in comparison.diff(first.rows(), last.rows()).tables:
        for one in table.missing:
            del now[table.table][one.key]
        for name in KINDS:
            if name not in ("missing", "same"):
                now[table.table].update((one.key, one.row) for one in table.rows(name))
    assert now == last.rows()


# --- the shipped data ------------------------------------------------------------------------------------------


def test_the_same_files_again_change_nothing(tiny_store):
    from conftest import TINY, tiny_files

    last = tiny_store.live()
    folder = max(path for path in TINY.iterdir() if path.is_dir())
    scratch = tiny_store.folder.parent / "again"
    scratch.mkdir(exist_ok=True)
    files = tiny_files(folder, scratch)
    found = comparison.already(compare(files, last.rows()), files, received(last))
    assert (found.changes, found.already, found.problems) == (0, last.number, ())
    changed = [ledgers.LedgerFile(files[0].table, "x.csv", b"never received", "UTF-8", files[0].rows)]
    assert comparison.already(compare(changed, last.rows()), changed, received(last)).already is None


def received(release: releases.Release) -> list[dict]:
    from taizhang.store import engine

    return engine.rows_of(release.on_disk, "received")


def test_nobody_chooses_on_the_first_due_date_which_no_file_moves():
    """A file that was handed out before the date was set, and says another: as in a file that was not, it stays."""
    before = rows(measure("CS-1", percent=5))
    said = {"action_id": "CS-1", "original_due_on": dt.date(2019, 11, 1), "percent": 7}
    was = {"action_id": "CS-1", "original_due_on": None, "percent": None}
    handed_in = LedgerFile("action", "a.csv", b"a", "UTF-8", (Row(2, said, was),))
    assert [one.field for one in changes.conflicts_in([handed_in], before)] == ["percent"]
    merged = changes.merge([handed_in], before, Decisions(yours=frozenset([("action", "CS-1", "percent")])))
    now = merged.rows["action"]["CS-1"]
    assert (now["original_due_on"], now["percent"]) == (DAY, 7)
