"""Draft, see the conclusions, publish, undo, rebuild: every rule at once, one winner, and nothing half done."""

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from ready_made import Lent, copy_of

from taizhang import uploads
from taizhang.declared import queries, tables
from taizhang.declared.wording import language, words_of
from taizhang.evidence.conclusions import conclusions
from taizhang.exhibits import views
from taizhang.rows import ledgers, problems
from taizhang.rows.changes import Decisions
from taizhang.showing import upkeep
from taizhang.store import DraftRefused, Store, clock, drafts, engine, publishing, refusals, releases, taking_back
from taizhang.store.releases import Note
from taizhang.store.standing import in_force
from taizhang.uploads.fixes import CodeFix

WEEK_1, WEEK_2, WEEK_3 = dt.date(2019, 9, 13), dt.date(2019, 9, 20), dt.date(2019, 9, 27)
CAMPAIGN = "campaign_id,campaign_name,org_name\nZT-1,主题教育,统战部\n"
ISSUES = "问题编号,问题\nWT-1,通行不便\nWT-2,审批太慢\n"
ACTIONS = (
    "措施编号,问题编号,整改措施,整改类型,责任单位,完成时限,整改状态,完成日期,销号日期,审核单位\n"
    "CS-1,WT-1,修路,限期整改,交通局,2019-10-01,整改中,,,\n"
    "CS-2,WT-1,架桥,限期整改,交通局,2019-10-15,未启动,,,\n"
    "CS-3,WT-2,限时办结,立行立改,审批局,2019-09-10,已销号,2019-09-09,2019-09-10,督导组\n"
)


def note(as_of=WEEK_2, by="甲单位", **more) -> Note:
    return Note(by, as_of, "每周更新", "Weekly update", **more)


def named(**texts: str) -> list[tuple[str, bytes]]:
    return [(f"{name}.csv", text.encode("gb18030")) for name, text in texts.items()]


def publish(store: Store, as_of=WEEK_2, decisions=None, fixes=(), **texts: str) -> releases.Release:
    """Check, draft and publish files of these texts."""
    checked = uploads.check(store, named(**texts), fixes)
    assert checked.errors == ()
    made = uploads.draft(store, checked.files, note(as_of), decisions or Decisions(), checked.parent, fixes)
    return store.publish_draft(made)


@pytest.fixture(scope="module")
def first_store(tmp_path_factory) -> Store:
    store = Store(tmp_path_factory.mktemp("drafts") / "store")
    publish(store, WEEK_1, campaign=CAMPAIGN, issue=ISSUES, action=ACTIONS)
    return store


@pytest.fixture(scope="module")
def lent(first_store, tmp_path_factory) -> Lent:
    return Lent(first_store, tmp_path_factory.mktemp("lent"))


@pytest.fixture
def store(lent) -> Iterator[Store]:
    """The first store, as if nobody had been there before."""
    with lent as store:
        yield store


@pytest.fixture(scope="module")
def first_draft(first_store, tmp_path_factory) -> tuple[Store, drafts.Draft]:
    """A copy of the first store with a draft in it; not to be published."""
    store = copy_of(first_store, tmp_path_factory.mktemp("first_draft") / "store")
    return store, draft(store, "措施编号,进度%\nCS-1,40\n")


@pytest.fixture
def drafted(first_draft, tmp_path) -> tuple[Store, drafts.Draft]:
    """A store of the test's own with a draft in it that says 40 % of CS-1."""
    store, made = first_draft
    own = copy_of(store, tmp_path / "store")
    path = own.folder / made.release.on_disk.relative_to(store.folder)
    return own, replace(made, releases=(replace(made.release, on_disk=path),))


def listing(store: Store) -> dict[str, str]:
    return {
        path.relative_to(store.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(store.folder.rglob("*"))
        if path.is_file() and path.parent.name != "received" and path.name != "publish.lock"
    }


def draft(store: Store, action: str, decisions=None, tell=None, **more) -> drafts.Draft:
    checked = uploads.check(store, named(action=action))
    return uploads.draft(store, checked.files, note(**more), decisions or Decisions(), checked.parent, (), tell)


# --- a draft ---------------------------------------------------------------------------------------------------


def test_a_draft_is_a_whole_release_that_no_reader_meets(store):
    before = store.live().rows()
    made = draft(store, "措施编号,进度%\nCS-1,40\n")
    assert (made.parent, made.release.number, made.release.as_of) == (1, 2, WEEK_2)
    assert made.release.rows()["action"]["CS-1"]["percent"] == 40
    assert "measure_has_no_type" in queries.checks()
    assert (store.numbers(), store.live().rows(), upkeep.verify(store)) == ([1], before, [])
    assert made.release.on_disk.is_relative_to(store.folder / "drafts")
    with pytest.raises(releases.NoRelease):
        store.release(2)


def test_a_page_can_be_opened_on_a_draft_and_says_that_it_is_one(drafted):
    store, made = drafted
    view = views.look(store, views.Choices(draft=made.name))
    assert (view.is_draft, view.release, view.as_of, view.compare_on) == (True, made.release, WEEK_2, WEEK_1)
    assert list(in_force(view.release).values()) == [1, 2]
    assert len(view.trend("K02")) == 2
    assert [row["percent"] for row in view.ask("actions").records() if row["action_id"] == "CS-1"] == [40]
    assert not views.look(store, views.Choices()).is_draft
    drafts.discard(made)
    with pytest.raises(releases.NoRelease):
        views.look(store, views.Choices(draft=made.name))
    with pytest.raises(releases.NoRelease):
        views.look(store, views.Choices(draft="../releases"))


def test_the_very_first_release_can_be_looked_at_as_a_draft(tmp_path):
    store = Store(tmp_path)
    checked = uploads.check(store, named(campaign=CAMPAIGN, issue=ISSUES, action=ACTIONS))
    made = uploads.draft(store, checked.files, note(WEEK_1), Decisions(), checked.parent)
    view = views.look(store, views.Choices(draft=made.name))
    found = conclusions(None, view)
    assert all(one.before == "—" for one in found.figures)
    assert {one.key for one in found.flips} >= {"CS-1", "CS-2", "CS-3", "WT-1", "WT-2"}
    assert {one.key for one in found.overdue} == set()


def test_a_discarded_draft_leaves_nothing_and_can_be_discarded_again(drafted, first_store):
    store, made = drafted
    before = listing(first_store)
    drafts.discard(made)
    drafts.discard(made)
    assert listing(store) == before
    assert list((store.folder / "drafts").iterdir()) == []
    with pytest.raises(releases.NoRelease):
        store.publish_draft(made)


# --- refused ---------------------------------------------------------------------------------------------------


def refused(store: Store, action: str, decisions=None, **more) -> list[tuple[str, int, str]]:
    before = listing(store)
    with pytest.raises(DraftRefused) as caught:
        draft(store, action, decisions, **more)
    assert listing(store) == before
    for problem in caught.value.problems:
        for code in ("zh", "en"):
            said = problems.sentence(problem, language(code))
            assert said
            assert "{" not in said
    return [(one.rule, one.line, one.column) for one in caught.value.problems]


def test_every_rule_that_rows_break_is_told_at_once_with_the_line_of_the_file(store):
    text = (
        "措施编号,问题编号,整改措施,整改状态,启动日期,完成日期,销号日期,审核单位,退回次数\n"
        "CS-1,WT-404,,已销号,,,,督导组,\n"
        "CS-2,,,申请销号,,,,,1\n"
        "CS-8,,,未启动,,,,,\n"
        "CS-9,,修渠,整改中,2019-12-24,2019-09-12,2019-09-11,,\n"
    )
    found = refused(store, text)
    assert sorted(found, key=lambda one: (one[1], one[0])) == [
        ("closed_needs", 2, "closed_on"),
        ("refers_to_nothing", 2, "issue_id"),
        ("pending_needs", 3, "result_note"),
        ("returned_needs", 3, "return_reason"),
        ("required_empty", 4, "content"),
        ("check_done_after_the_as_of_day", 5, "started_on"),
        ("not_before", 5, "closed_on"),
    ]
    assert [line for _, line, _ in found] == sorted(line for _, line, _ in found)


def test_a_failed_check_alone_is_a_problem_too(store):
    text = "措施编号,启动日期\nCS-1,2019-12-24\n"
    assert refused(store, text) == [("check_done_after_the_as_of_day", 2, "started_on")]


def test_a_removed_row_that_others_refer_to_is_told_where_they_are(store):
    checked = uploads.check(store, named(issue="问题编号,问题\nWT-1,通行不便\n"))
    gone = Decisions(remove=frozenset({("issue", "WT-2")}), remove_reason="重复")
    with pytest.raises(DraftRefused) as caught:
        uploads.draft(store, checked.files, note(), gone, checked.parent)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.table, problem.line, problem.value) == ("still_referred_to", "action", 0, "WT-2")
    assert "CS-3" in problems.sentence(problem, language("zh"))


@pytest.mark.parametrize(
    ("rule", "decisions", "more"),
    [
        ("name_missing", Decisions(), {"by": "  "}),
        ("reason_missing", Decisions(all_missing="remove"), {}),
        ("reason_missing", Decisions(remove=frozenset({("action", "CS-2")}), remove_reason=" "), {}),
    ],
)
def test_name_and_reason_are_asked_for(store, rule, decisions, more):
    assert refused(store, "措施编号,进度%\nCS-1,40\n", decisions, **more) == [(rule, 0, "")]


def test_a_note_is_asked_for(store):
    checked = uploads.check(store, named(action="措施编号,进度%\nCS-1,40\n"))
    with pytest.raises(DraftRefused) as caught:
        uploads.draft(store, checked.files, Note("甲", WEEK_2, "", ""), Decisions(), checked.parent)
    assert [one.rule for one in caught.value.problems] == ["note_missing"]


ALL_RULES = engine.constraints([table.sql for table in tables.ledgers().values()])


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda one: f"{one.table}: {one.kind} {' '.join(one.columns)}")
def test_every_rule_of_every_ledger_has_a_sentence_of_its_own(rule):
    said, column, others = refusals.sentence_of(rule)
    assert said != "broken_check"
    assert {column, *others} <= {one.name for one in tables.all_tables()[rule.table].columns}
    assert all(f"rule.{said}" in words_of(code) for code in ("zh", "en"))


def test_a_rule_of_a_new_form_has_a_sentence_all_the_same():
    rule = engine.Constraint("action", "CHECK", ("percent", "content"), "((percent + length(content)) > 3)")
    assert refusals.sentence_of(rule) == ("broken_check", "percent", ("content",))
    assert all("rule.broken_check" in words_of(code) for code in ("zh", "en"))


def test_every_check_that_stops_people_has_a_sentence_and_its_blanks_are_what_it_returns():
    import string

    for check in queries.checks().values():
        if check.severity != "error":
            continue
        given = {column.name for column in check.returns} | {"row", "where", "heading", "value", "line", "ledger"}
        for code in ("zh", "en"):
            said = words_of(code)[f"rule.check_{check.name}"]
            assert {name for _, name, _, _ in string.Formatter().parse(said) if name} <= given, check.name


# --- cancelled, killed -----------------------------------------------------------------------------------------


STAGES = ("check", "decode", "read", "cells", "compare", "merge", "write")


def test_progress_is_told_by_stage_and_can_be_cancelled_at_any_time(store):
    heard: list[tuple[str, int, int]] = []
    text = "措施编号,进度%\nCS-1,40\n"
    uploads.check(store, named(action=text), tell=lambda *said: heard.append(said))
    made = draft(store, text, tell=lambda *said: heard.append(said))
    drafts.discard(made)
    assert {"compare", "merge", "write", "check"} <= {stage for stage, _, _ in heard}
    assert all(0 <= done <= total for _, done, total in heard)
    before, calls = listing(store), 0
    draft_calls = len([one for one in heard if one[0] in ("merge", "write", "check")])
    for stop in range(1, draft_calls, 7):
        calls = 0

        def tell(stage: str, done: int, total: int, stop=stop) -> None:
            nonlocal calls
            calls += 1
            if calls == stop:
                raise uploads.Cancelled

        with pytest.raises(uploads.Cancelled):
            draft(store, text, tell=tell)
        assert listing(store) == before
        assert list((store.folder / "drafts").iterdir()) == []


class Crash(Exception):
    pass


# How many waits for the disk, or new names, come before LIVE has moved: from then on what was published is there.
@pytest.mark.parametrize(("name", "before_it_is_live"), [("fsync", 7), ("replace", 4)])
def test_after_a_crash_while_publishing_the_last_release_is_live_and_the_next_attempt_works(
    drafted, monkeypatch, name, before_it_is_live
):
    """Step after step: each attempt but the first is the next one after a crash, with the same draft if it is there."""
    store, made = drafted
    real, calls = getattr(os, name), []

    def crash(*args, **kwargs):
        calls.append(args)
        if len(calls) == call:
            raise Crash
        return real(*args, **kwargs)

    monkeypatch.setattr(os, name, crash)
    for call in range(1, before_it_is_live + 1):
        calls.clear()
        with pytest.raises(Crash):
            store.publish_draft(made)
        assert (store.live_number(), upkeep.verify(store)) == (1, [])
        if not made.release.on_disk.exists():  # it had its new name already
            calls.clear()
            call = 0
            made = draft(store, "措施编号,进度%\nCS-1,40\n")
    call = before_it_is_live + 1
    calls.clear()
    with pytest.raises(Crash):
        store.publish_draft(made)
    assert (store.live_number(), upkeep.verify(store)) == (2, [])
    assert store.live().rows()["action"]["CS-1"]["percent"] == 40
    monkeypatch.undo()
    again = publish(store, WEEK_3, action="措施编号,进度%\nCS-1,50\n")
    assert again.rows()["action"]["CS-1"]["percent"] == 50
    assert upkeep.verify(store) == []


# --- publish ---------------------------------------------------------------------------------------------------


def test_publishing_a_draft_makes_it_live_as_it_was_seen(drafted):
    store, made = drafted
    seen = made.release.rows()
    live = store.publish_draft(made)
    assert (live.number, live.rows(), store.live_number()) == (2, seen, 2)
    assert not made.release.on_disk.exists()
    assert upkeep.verify(store) == []
    (received,) = engine.rows_of(live.on_disk, "received", release=2)
    assert (received["reading"], received["file_name"], received["rows_changed"]) == ("upload", "action.csv", 1)


def test_the_time_of_a_release_is_when_it_was_published_not_when_it_was_drafted(drafted, monkeypatch):
    store, made = drafted

    class Later(dt.datetime):
        @classmethod
        def now(cls, zone=None):
            return dt.datetime(2031, 1, 1, 12, tzinfo=dt.UTC)

    monkeypatch.setattr(clock.dt, "datetime", Later)
    assert store.publish_draft(made).published_at == dt.datetime(2031, 1, 1, 12)


def test_a_draft_that_says_its_time_is_published_as_it_is(tiny_store, tmp_path):
    """Who drafts and publishes in one go has no draft lying about: its file is the release, byte for byte."""
    store = copy_of(tiny_store, tmp_path / "store")
    checked = uploads.check(store, named(action="措施编号,进度%\nCS-003,41\n"))
    said = note(as_of=store.live().as_of).said_now()
    made = uploads.draft(store, checked.files, said, Decisions(), checked.parent)
    drawn_up = made.release.on_disk.read_bytes()
    live = store.publish_draft(made)
    assert (live.published_at, live.on_disk.read_bytes() == drawn_up) == (said.at, True)
    assert upkeep.verify(store) == []


def test_the_second_of_two_editors_is_told_and_can_compare_and_confirm_again(drafted):
    store, mine = drafted
    yours = draft(store, "措施编号,堵点难点\nCS-1,缺人\n")
    store.publish_draft(mine)
    with pytest.raises(publishing.SomeonePublished) as caught:
        store.publish_draft(yours)
    assert (caught.value.expected, caught.value.live) == (1, 2)
    assert store.live().rows()["action"]["CS-1"]["blocker"] is None
    checked = uploads.check(store, named(action="措施编号,堵点难点\nCS-1,缺人\n"))
    assert checked.parent == 2
    again = uploads.draft(store, checked.files, note(WEEK_3), Decisions(), checked.parent)
    both = store.publish_draft(again).rows()["action"]["CS-1"]
    assert (both["percent"], both["blocker"]) == (40, "缺人")
    with pytest.raises(publishing.SomeonePublished):
        uploads.draft(store, checked.files, note(), Decisions(), 1)


def test_of_several_editors_who_publish_at_once_exactly_one_wins(store):
    made = [draft(store, f"措施编号,进度%\nCS-1,{n}\n") for n in range(4)]

    def attempt(one: drafts.Draft) -> int | None:
        try:
            return store.publish_draft(one).number
        except publishing.SomeonePublished:
            return None

    with ThreadPoolExecutor(4) as threads:
        won = list(threads.map(attempt, made))
    assert sorted(won, key=bool) == [None, None, None, 2]
    assert store.live().rows()["action"]["CS-1"]["percent"] == won.index(2)
    assert upkeep.verify(store) == []


def test_the_same_file_again_is_known_and_changes_nothing(store):
    checked = uploads.check(store, named(issue=ISSUES, action=ACTIONS))
    assert (checked.comparison.changes, checked.already, checked.errors) == (0, 1, ())
    publish(store, action="措施编号,进度%\nCS-1,40\n")
    assert uploads.check(store, named(action=ACTIONS)).already == 1  # it says nothing of the progress
    assert uploads.check(store, named(action=ACTIONS + "\n")).already is None


def test_decisions_and_their_reason_are_recorded_and_found_in_the_history_of_the_row(store):
    keep = Decisions(
        remove=frozenset({("action", "CS-2")}), remove_reason="与 CS-1 重复", confirmed=frozenset({("action", "CS-3")})
    )
    live = publish(store, WEEK_2, keep, action="措施编号,整改状态,重启原因\nCS-1,,\nCS-3,整改中,反弹\n")
    assert set(live.rows()["action"]) == {"CS-1", "CS-3"}
    history = live.ask("row_history", table_name="action", row_key="CS-2").records()
    assert [(row["kind"], row["decision"], row["reason"]) for row in history] == [
        ("added", None, None),
        ("removed", "remove", "与 CS-1 重复"),
    ]
    reopened = live.ask("row_history", table_name="action", row_key="CS-3").records()
    assert {(row["field"], row["decision"]) for row in reopened if row["release"] == 2} == {
        ("status", "confirm"),
        ("reopen_reason", "confirm"),
    }


def test_all_missing_rows_leave_with_one_reason(store):
    everything = Decisions(all_missing="remove", remove_reason="换了一批")
    live = publish(store, WEEK_2, everything, action="措施编号,进度%\nCS-1,40\n")
    assert set(live.rows()["action"]) == {"CS-1"}
    history = live.ask("row_history", table_name="action", row_key="CS-2").records()
    assert (history[-1]["decision"], history[-1]["reason"]) == ("remove_all", "换了一批")


def test_a_row_that_comes_or_leaves_is_said_to_and_has_no_status_there(store):
    files = uploads.check(
        store, named(action="措施编号,整改措施,整改状态\nCS-1,修路,整改中\nCS-9,另一条,未启动\n")
    ).files
    everything = Decisions(all_missing="remove", remove_reason="换了一批")
    found = concluded(store, uploads.draft(store, files, note(WEEK_2), everything, 1, ()))
    said = {one.key: one.sides(language("zh")) for one in found.flips}
    assert said == {
        "CS-9": ("原来没有", "未启动"),
        "CS-2": ("未启动", "移除"),
        "CS-3": ("已销号", "移除"),
        "WT-2": said["WT-2"],
    }
    assert {one.key for one in found.flips if one.is_gone} == {"CS-2", "CS-3"}


def test_a_fix_is_remembered_for_the_next_file(store):
    fix = CodeFix("action", "status", "在办", "in_progress")
    text = "措施编号,整改状态\nCS-2,在办\n"
    assert [one.rule for one in uploads.check(store, named(action=text)).errors] == ["unknown_code"]
    live = publish(store, WEEK_2, fixes=[fix], action=text)
    assert live.rows()["action"]["CS-2"]["status"] == "in_progress"
    assert uploads.learnt(store).fixes == (fix,)
    next_file = uploads.check(store, named(action="措施编号,整改状态\nCS-1,在办\n"))
    assert (next_file.errors, next_file.applied) == ((), (fix,))
    again = uploads.draft(store, next_file.files, note(WEEK_3), Decisions(), 2, next_file.applied)
    assert len(engine.rows_of(again.release.on_disk, "learnt")) == 1  # what is known already is not written down again


# --- the day a file is of --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("整改台账2019-09-20.csv", WEEK_2),
        ("2019年9月20日台账.csv", WEEK_2),
        ("台账_2019.9.20_终稿.csv", WEEK_2),
        ("周报2019年9月16日-20日.csv", WEEK_2),  # the end of the week
        ("台账.csv", None),
        ("整改台账20190920.csv", None),  # a count looks so too
        ("2019-13-40.csv", None),
        ("统发〔2019〕12号附件3.csv", None),
    ],
)
def test_the_day_of_a_file_is_found_in_its_name(store, name, day):
    found = uploads.check(store, [(name, ACTIONS.encode())]).day_found
    assert (found and found.day) == day
    assert found is None or (found.place, found.said) == ("file", name)


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("整改台账\n数据截至2019年9月20日\n", WEEK_2),
        ("整改台账（截至二〇一九年九月二十日）\n", WEEK_2),
        ("制表：2019年9月13日\n截至：2019-9-20\n", WEEK_2),  # what says that it is the day wins
        ("江统发〔2019〕12号附件3\n", None),
        ("共2019条 9件\n", None),
        ("", None),
    ],
)
def test_the_day_of_a_file_is_found_above_its_headings_and_never_below(store, above, day):
    text = f"{above}措施编号,整改措施,责任单位,完成时限\nCS-1,修路,交通局,2019-12-01\n"
    found = uploads.check(store, named(action=text)).day_found
    assert (found and found.day) == day
    assert found is None or found.place == "title"


# --- conclusions -----------------------------------------------------------------------------------------------


def concluded(store: Store, made: drafts.Draft):
    return conclusions(views.look(store, views.Choices()), views.look(store, views.Choices(draft=made.name)))


def test_conclusions_say_which_figures_statuses_and_sentences_change(store):
    text = "措施编号,整改状态,整改成效,完成日期,完成时限\nCS-1,申请销号,路通了,2019-09-19,\nCS-2,,,,2019-09-18\n"
    found = concluded(store, draft(store, text))
    flips = {one.key: (one.before, one.after) for one in found.flips}
    assert flips["CS-1"] == ("in_progress", "pending_verification")
    assert "CS-2" not in flips
    assert [(one.key, one.unit) for one in found.overdue] == [("CS-2", "交通局")]
    changed = {(one.exhibit, one.label): (one.before, one.after) for one in found.figures if one.is_changed}
    assert ("0", "1") in changed.values()
    assert all(one.before != one.after for one in found.headlines)
    assert "overview.headline" in {one.exhibit for one in found.headlines}
    assert not found.are_the_same


def test_a_draft_that_changes_nothing_changes_no_conclusion(store):
    found = concluded(store, draft(store, "措施编号,责任人\nCS-1,\n", as_of=WEEK_1))
    assert found.are_the_same
    assert found.flips == found.overdue == found.headlines == found.warnings == ()


def test_a_check_that_newly_warns_is_told_with_its_new_rows_only(store):
    made = draft(store, "措施编号,整改措施\nCS-7,新措施\n")
    (warned,) = [one for one in concluded(store, made).warnings if one.check.name == "measure_has_no_type"]
    assert [row[:2] for row in warned.rows] == [("action", "CS-7")]
    assert "measure_has_no_type" in {check.name for check, _ in made.warnings}


def test_conclusions_are_said_in_sentences_of_both_languages(store):
    from taizhang.evidence.conclusions import sentences

    same = concluded(store, draft(store, "措施编号,责任人\nCS-1,\n", as_of=WEEK_1))
    assert [sentences(same, language(code)) for code in ("zh", "en")] == [
        ("发布后，各项结论不变。",),
        ("Every conclusion stays the same.",),
    ]
    new = concluded(store, draft(store, "措施编号,整改措施\nCS-7,新措施\n"))
    assert all(len(sentences(new, language(code))) >= 2 for code in ("zh", "en"))


# --- undo ------------------------------------------------------------------------------------------------------


def cells_in_conflict(store: Store, number: int) -> dict:
    with pytest.raises(taking_back.UndoConflict) as caught:
        store.take_back(number, note(WEEK_3))
    return caught.value.values


def test_undo_of_a_release_in_the_middle_offers_a_choice_for_every_cell_changed_again(store):
    publish(store, action="措施编号,进度%,堵点难点,责任人\nCS-1,40,缺人,\nCS-9,,,\n".replace("CS-9,,,\n", ""))
    publish(store, WEEK_3, action="措施编号,进度%\nCS-1,60\n")
    assert cells_in_conflict(store, 2) == {("action", "CS-1", "percent"): ("60", None)}
    later = store.draft_undo(2, note(WEEK_3), {("action", "CS-1", "percent"): "later"})
    row = later.release.rows()["action"]["CS-1"]
    assert (row["percent"], row["blocker"]) == (60, None)
    drafts.discard(later)
    earlier = store.take_back(2, note(WEEK_3), {("action", "CS-1", "percent"): "earlier"})
    row = earlier.rows()["action"]["CS-1"]
    assert (row["percent"], row["blocker"]) == (None, None)
    (decided,) = engine.rows_of(earlier.on_disk, "decision", release=4)
    assert (decided["kind"], decided["row_key"], decided["field"]) == ("earlier", "CS-1", "percent")


def test_undo_of_an_added_row_that_changed_since_takes_it_out_or_leaves_it(store):
    publish(store, action="措施编号,整改措施\nCS-9,植树\n")
    publish(store, WEEK_3, action="措施编号,进度%\nCS-9,5\n")
    cell = ("action", "CS-9", "*")
    assert list(cells_in_conflict(store, 2)) == [cell]
    kept = store.draft_undo(2, note(WEEK_3), {cell: "later"})
    assert kept.release.rows()["action"]["CS-9"]["percent"] == 5
    assert "CS-9" not in store.take_back(2, note(WEEK_3), {cell: "earlier"}).rows()["action"]


def test_undo_of_a_cell_whose_row_was_removed_since_brings_the_row_back_or_leaves_it(store):
    publish(store, action="措施编号,进度%\nCS-2,40\n")
    gone = Decisions(remove=frozenset({("action", "CS-2")}), remove_reason="重复")
    publish(store, WEEK_3, gone, action="措施编号,责任人\nCS-1,\n")
    cell = ("action", "CS-2", "percent")
    assert list(cells_in_conflict(store, 2)) == [cell]
    kept = store.draft_undo(2, note(WEEK_3), {cell: "later"})
    assert "CS-2" not in kept.release.rows()["action"]
    back = store.take_back(2, note(WEEK_3), {cell: "earlier"}).rows()["action"]["CS-2"]
    assert back == store.release(1).rows()["action"]["CS-2"]


# --- the same again, from what was received --------------------------------------------------------------------


def same_records(one: releases.Release, other: releases.Release) -> None:
    for name in tables.all_tables():
        rows = [sorted(map(repr, engine.rows_of(release.on_disk, name))) for release in (one, other)]
        assert rows[0] == rows[1], name


def test_the_shipped_releases_can_be_rebuilt_from_what_was_received(demo_store, tmp_path):
    live = demo_store.live()
    rebuilt = upkeep.remake(demo_store, live.number, Store(tmp_path / "again"))
    assert rebuilt.rows() == live.rows()
    same_records(rebuilt, live)


def test_uploads_with_fixes_decisions_and_undos_can_be_rebuilt_from_what_was_received(store, tmp_path):
    fix = CodeFix("action", "status", "在办", "in_progress")
    publish(store, fixes=[fix], action="措施编号,整改状态,进度%\nCS-2,在办,10\nCS-3,在办,\n")  # CS-3 not confirmed
    decided = Decisions(
        remove=frozenset({("action", "CS-2")}), remove_reason="重复", confirmed=frozenset({("action", "CS-3")})
    )
    publish(store, WEEK_3, decided, action="措施编号,整改状态,重启原因\nCS-1,在办,\nCS-3,在办,反弹\n")
    store.take_back(2, note(WEEK_3), {("action", "CS-2", "status"): "later", ("action", "CS-2", "percent"): "earlier"})
    live = publish(store, WEEK_3, Decisions(all_missing="remove", remove_reason="只留一条"), issue=ISSUES)
    assert live.number == 5
    rebuilt = upkeep.remake(store, 5, Store(tmp_path / "again"))
    assert rebuilt.rows() == live.rows()
    same_records(rebuilt, live)
    assert upkeep.remake(store, 2, Store(tmp_path / "second")).rows() == store.release(2).rows()


def test_files_in_the_declared_form_and_the_removal_of_demo_rows_can_be_rebuilt(tmp_path):
    store, path = Store(tmp_path / "store"), tmp_path / "action.csv"
    for number, text in enumerate(("action_id,content\nCS-1,修路\n", "action_id,content,is_demo\nCS-2,示例,是\n")):
        path.write_text(text, encoding="utf-8")
        one = ledgers.read(path, tables.ledgers()["action"])
        store.publish([one], note(WEEK_1 + dt.timedelta(number)), number or None)
    live = store.remove_demo("甲单位")
    rebuilt = upkeep.remake(store, 3, Store(tmp_path / "again"))
    same_records(rebuilt, live)
    assert set(rebuilt.rows()["action"]) == {"CS-1"}


def test_a_rebuild_without_the_received_file_says_which_is_missing(store, tmp_path):
    for path in (store.folder / "received").iterdir():
        path.unlink()
    with pytest.raises(engine.Unreadable, match="received file"):
        upkeep.remake(store, 1, Store(tmp_path / "again"))


@pytest.mark.parametrize("name", [table.name for table in tables.all_tables().values() if table.kind == "record"])
def test_records_keep_their_keys_though_no_index_holds_them_to_it(demo_store, name):
    table = tables.all_tables()[name]
    rows = engine.rows_of(demo_store.live().on_disk, name)
    assert len({tuple(row[column] for column in table.key) for row in rows}) == len(rows)
