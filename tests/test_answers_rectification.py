"""What the rectification answers say of the tiny data set, worked out by hand from `tests/tiny`, on the days when
an answer turns; and of a few releases made for one case each."""

import datetime as dt
from decimal import Decimal
from functools import cache

import pytest
from ready_made import copy_of

from taizhang.declared.tables import code_lists
from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import ledgers
from taizhang.store import Store, releases


def day(text: str) -> dt.date:
    """`"10-11"` as that day of 2019."""
    return dt.date.fromisoformat(f"2019-{text}")


AS_OF, DAY_BEFORE, DAY_AFTER = day("10-11"), day("10-10"), day("10-12")


def share(text: str) -> Decimal:
    return Decimal(text)


def rows(release: releases.Release, name: str, *columns: str, **params: object) -> list[tuple]:
    """The rows of an answer, in its order, with the named columns (all when none is named)."""
    answer = release.ask(name, **params)
    return [tuple(record[column] for column in columns or answer.columns) for record in answer.records()]


def kpi(release: releases.Release, as_of: dt.date, name: str, part: str | None = None) -> dict:
    """One row of `kpis`."""
    [found] = [row for row in kpis(release, as_of) if (row["kpi"], row["part"]) == (name, part)]
    return found


@cache
def kpis(release: releases.Release, as_of: dt.date) -> list[dict]:
    """Every row of `kpis`; asked once for each release and day, since a release never changes."""
    return release.ask("kpis", as_of=as_of).records()


def ledger_file(table: str, cells: list[dict]) -> ledgers.LedgerFile:
    data = f"{table} {cells}".encode()
    return ledgers.LedgerFile(
        table, f"{table}.csv", data, "UTF-8", tuple(ledgers.Row(line, row) for line, row in enumerate(cells, 2))
    )


def publish_weeks(store: Store, *weeks: tuple[dt.date, dict[str, list[dict]]]) -> releases.Release:
    """Publish made-up weeks, each an as-of day and the rows of its ledgers; the release of the last one."""
    made = None
    for as_of, tables in weeks:
        files = [ledger_file(name, tables[name]) for name in declared_ledgers() if name in tables]
        note = releases.Note("测试", as_of, "周", "week", kind="upload" if made else "first")
        made = store.publish(files, note, made.number if made else None)
    return made


def measure(number: int, status: str | None = None, **cells: object) -> dict:
    """A measure with the cells that its status requires."""
    required = {
        "closed": {"closed_on": day("09-20"), "verified_by": "办公室"},
        "pending_verification": {"result_note": "已办", "done_on": day("09-20")},
        "staged_ongoing": {"rect_type": "long_term", "standing_rule": "制度"},
        "cancelled": {"cancel_reason": "不再需要"},
    }.get(status, {})
    named = {"action_id": f"CS-{number}", "content": f"措施{number}", "rect_type": "time_limited", "status": status}
    return {**named, **required, **cells}


# --- lights and dates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action_id", "as_of", "light"),
    [
        ("CS-001", "10-03", "green"),  # due 10-11: 8 days ahead
        ("CS-001", "10-04", "yellow"),  # 7 days ahead
        ("CS-001", "10-11", "yellow"),  # due today
        ("CS-001", "10-12", "red"),
        ("CS-002", "10-11", "red"),  # due the day before
        ("CS-003", "10-11", "yellow"),
        ("CS-004", "10-11", "green"),
        ("CS-005", "10-11", "blue"),  # done on its due date, awaiting
        ("CS-005", "10-08", "blue"),  # and awaiting on that date too, not due soon
        ("CS-006", "10-11", "red"),  # awaiting, done two days late
        ("CS-007", "10-11", "long"),  # long-term: its past due date does not matter
        ("CS-008", "10-11", "grey"),
        ("CS-009", "10-17", "green"),  # no status: judged by its due date, 10-25, like an open one
        ("CS-009", "10-18", "yellow"),
        ("CS-009", "10-26", "red"),
        ("CS-010", "10-11", "done"),
        ("CS-011", "10-11", None),  # cancelled
        ("CS-012", "10-11", "long"),
        ("CS-015", "10-11", "done"),
    ],
)
def test_a_light_follows_from_status_due_date_and_day(tiny, action_id, as_of, light):
    assert dict(rows(tiny, "actions", "action_id", "light", as_of=day(as_of)))[action_id] == light


def test_the_list_of_measures_holds_every_measure_once_in_the_order_of_its_ids(tiny):
    listed = rows(tiny, "actions", "action_id", as_of=AS_OF)
    assert listed == [(f"CS-{number:03}",) for number in range(1, 21)]


def test_a_measure_is_listed_with_what_its_ledger_says(tiny):
    listed = {row[0]: row for row in rows(tiny, "actions", as_of=AS_OF)}
    assert listed["CS-015"] == (
        "CS-015",
        "WT-004",
        "台账不全",
        "完善台账",
        "time_limited",
        "一科",
        "closed",
        "done",
        day("09-20"),
        day("10-04"),
        day("10-02"),
        day("10-09"),
        "办公室",
        None,
        None,
        "已完善",
        None,
        0,
        0,
        None,
        False,
    )
    assert listed["CS-002"][12:17] == (None, 100, None, None, "场地未定")  # 100 % and still in progress


def test_the_unit_of_a_measure_is_its_lead_unit_where_no_unit_is_responsible(tiny):
    units = dict(rows(tiny, "actions", "action_id", "unit", as_of=AS_OF))
    assert (units["CS-008"], units["CS-018"]) == ("三科", None)


def test_what_is_due_is_listed_longest_overdue_first(tiny):
    assert rows(tiny, "due_list", as_of=AS_OF) == [
        ("red", "CS-019", "调研报告", "学习不够深入", "五科", day("09-10"), day("09-10"), 31, None, 0, False),
        ("red", "CS-006", "更新宣传栏", "学习不够深入", "三科", day("10-03"), day("10-03"), 8, None, 0, False),
        ("red", "CS-002", "开展集中学习", "学习不够深入", "一科", day("10-10"), day("10-10"), 1, "场地未定", 0, False),
        ("yellow", "CS-001", "制定学习计划", "学习不够深入", "一科", day("10-11"), day("10-11"), 0, None, 0, False),
        ("yellow", "CS-003", "组织党课", "学习不够深入", "二科", day("10-18"), day("10-18"), -7, None, 0, False),
    ]


def test_only_approved_extensions_count_as_extensions_of_a_measure_that_is_due(tiny):
    extended = dict(rows(tiny, "due_list", "action_id", "extensions", as_of=day("11-08")))
    assert extended["CS-017"] == 2  # YQ-2 and YQ-3
    assert extended["CS-019"] == 0  # YQ-5 was refused
    assert extended["CS-002"] == 0  # YQ-4 is pending


@pytest.mark.parametrize(
    ("as_of", "counts"),
    [
        ("10-10", [1, 1, 0, 0]),  # CS-006 by 7 days, CS-019 by 30
        ("10-11", [1, 1, 1, 0]),  # CS-002 by 1, CS-006 by 8, CS-019 by 31
        ("12-09", [0, 0, 10, 0]),  # CS-019 by 90
        ("12-10", [0, 0, 9, 1]),  # CS-019 by 91
    ],
)
def test_overdue_measures_age_from_bucket_to_bucket(tiny, as_of, counts):
    assert rows(tiny, "ageing", as_of=day(as_of)) == list(
        zip(["d1_7", "d8_30", "d31_90", "d91_more"], counts, strict=True)
    )


def test_ageing_is_unknown_while_no_measure_can_be_judged(tmp_path):
    neither_has_a_date = [measure(1), measure(2, "in_progress")]
    made = publish_weeks(Store(tmp_path), (AS_OF, {"action": neither_has_a_date}))
    assert rows(made, "ageing", "actions", as_of=AS_OF) == [(None,)] * 4


# --- progress --------------------------------------------------------------------------------------------------


def test_progress_by_type_counts_every_status_and_rates_only_what_has_a_deadline(tiny):
    # type, measures, not started, in progress, awaiting, staged, closed, no status, cancelled, share, inclusive
    assert rows(tiny, "progress_by_type", as_of=AS_OF) == [
        ("immediate", 5, 0, 2, 1, 0, 2, 0, 0, share("0.4000"), share("0.4000")),
        ("time_limited", 11, 2, 5, 1, 0, 2, 1, 1, share("0.2000"), share("0.2000")),  # 2 of the 10 known
        ("long_term", 2, 0, 1, 0, 1, 0, 0, 0, None, None),
        (None, 1, 0, 0, 0, 0, 1, 0, 0, None, None),  # CS-010
    ]


def test_on_time_means_done_by_the_original_due_date(tiny):
    # type, closed, on time, late, undated, share
    assert rows(tiny, "on_time", as_of=AS_OF) == [
        ("immediate", 2, 1, 0, 1, share("1.0000")),  # CS-013 on the day; CS-018 has no date
        ("time_limited", 2, 0, 2, 0, share("0.0000")),  # CS-014 by one day; CS-015 although extended
        (None, 1, 1, 0, 0, share("1.0000")),  # CS-010, by the day the work was done
    ]


@pytest.mark.parametrize(
    ("as_of", "planned", "gap", "band"),
    [
        ("09-24", (3, share("0.2000")), "8.5714", "on_schedule"),  # due by then: CS-013, 014, 019, of 15
        ("10-09", (7, share("0.4667")), "-18.0952", "behind"),
        ("10-11", (9, share("0.6000")), "-31.4286", "far_behind"),  # CS-001 is due on the day itself
    ],
)
def test_the_schedule_compares_what_is_closed_with_what_is_due(tiny, as_of, planned, gap, band):
    # 4 of the 14 dated measures whose status is known are closed
    assert rows(tiny, "schedule", as_of=day(as_of)) == [(*planned, 4, share("0.2857"), Decimal(gap), band, 10, 30)]


@pytest.fixture(scope="module")
def ten_open(tmp_path_factory) -> releases.Release:
    """Ten open measures, one due on each of the first three days of October and the rest at the end of the year."""
    dates = [day("10-01"), day("10-02"), day("10-03"), *[day("12-31")] * 7]
    measures = [measure(n, "in_progress", due_on=due) for n, due in enumerate(dates)]
    return publish_weeks(Store(tmp_path_factory.mktemp("ten")), (day("09-20"), {"action": measures}))


@pytest.mark.parametrize(
    ("as_of", "gap", "band"),
    [("09-30", 0, "on_schedule"), ("10-01", -10, "behind"), ("10-02", -20, "behind"), ("10-03", -30, "far_behind")],
)
def test_a_gap_of_exactly_the_amber_or_red_line_is_behind_or_far_behind(ten_open, as_of, gap, band):
    assert rows(ten_open, "schedule", "gap_points", "band", as_of=day(as_of)) == [(Decimal(gap), band)]


def test_the_burn_down_has_a_point_for_each_release_and_marks_the_missing_week(tiny):
    # day, release, measures, open, closed, overdue, days since the previous, gap, demo
    assert rows(tiny, "burn_down", as_of=AS_OF) == [
        (day("09-20"), 1, 18, 16, 1, 1, None, False, False),  # CS-015 is due that day and CS-019 overdue
        (day("09-27"), 2, 18, 13, 4, 1, 7, False, False),
        (day("10-11"), 3, 19, 13, 5, 3, 14, True, True),  # CS-011 left the total, CS-018 and CS-020 raised it
    ]


def test_the_burn_down_ends_on_the_as_of_day(tiny):
    assert [row[0] for row in rows(tiny, "burn_down", as_of=DAY_BEFORE)] == [day("09-20"), day("09-27")]
    assert rows(tiny, "burn_down", as_of=day("09-19")) == []


def test_a_week_that_was_undone_is_in_no_burn_down(tiny_store, tmp_path):
    store = copy_of(tiny_store, tmp_path / "store")
    undone = store.take_back(3, releases.Note("测试", day("09-27"), "撤销", "undo", kind="undo", undoes=3))
    assert rows(undone, "burn_down", "as_of_on", "release", "closed", as_of=AS_OF) == [
        (day("09-20"), 1, 1),
        (day("09-27"), 4, 4),
    ]
    # nor does it count as a sign of life of a unit
    last_changes = dict(rows(undone, "units", "unit", "last_change_on", as_of=AS_OF))
    assert (last_changes["一科"], last_changes["五科"]) == (day("09-27"), day("09-20"))
    assert kpi(undone, AS_OF, "K21")["value"] == 5  # against release 1, as release 2 was


# --- moves -----------------------------------------------------------------------------------------------------


def test_the_moves_since_the_release_before_are_these(tiny):
    assert rows(tiny, "moves_since", as_of=AS_OF, compare_on=day("09-27")) == [
        ("new", "CS-018", "当天答复", None, None, "closed", None, None, False),
        ("new", "CS-020", "示例措施", "示例科", None, "not_started", None, day("10-31"), True),
        ("advanced", "CS-003", "组织党课", "二科", "not_started", "in_progress", day("10-18"), day("10-18"), False),
        (
            "advanced",
            "CS-005",
            "办理来信",
            "二科",
            "in_progress",
            "pending_verification",
            day("10-08"),
            day("10-08"),
            False,
        ),
        (
            "advanced",
            "CS-006",
            "更新宣传栏",
            "三科",
            "in_progress",
            "pending_verification",
            day("10-03"),
            day("10-03"),
            False,
        ),
        ("closed", "CS-015", "完善台账", "一科", "in_progress", "closed", day("10-04"), day("10-04"), False),
        ("closed", "CS-018", "当天答复", None, None, "closed", None, None, False),
        ("reopened", "CS-017", "整改会风", "三科", "closed", "in_progress", day("09-25"), day("11-08"), False),
        (
            "returned",
            "CS-016",
            "修订手册",
            "二科",
            "pending_verification",
            "in_progress",
            day("10-25"),
            day("10-25"),
            False,
        ),
        ("redated", "CS-017", "整改会风", "三科", "closed", "in_progress", day("09-25"), day("11-08"), False),
        ("moved_back", "CS-004", "走访基层", "二科", "in_progress", "not_started", day("10-19"), day("10-19"), False),
        ("cancelled", "CS-011", "精简会议", "一科", "in_progress", "cancelled", day("10-15"), day("10-15"), False),
    ]


def test_moves_add_up_when_compared_with_an_earlier_day(tiny):
    moves = rows(tiny, "moves_since", "move", "action_id", as_of=AS_OF, compare_on=day("09-26"))  # 09-20 is in force
    assert [action_id for move, action_id in moves if move == "closed"] == ["CS-010", "CS-014", "CS-015", "CS-018"]
    assert [action_id for move, action_id in moves if move == "redated"] == ["CS-015", "CS-017"]
    # in progress before and now, yet closed or awaiting in between: the counts tell
    assert ("reopened", "CS-017") in moves
    assert ("returned", "CS-016") in moves


@pytest.mark.parametrize("compare_on", ["09-19", "10-11"])
def test_nothing_moves_against_no_release_or_against_itself(tiny, compare_on):
    assert rows(tiny, "moves_since", as_of=AS_OF, compare_on=day(compare_on)) == []


MOVES = [
    ("not_started", "closed", ["closed"]),
    ("staged_ongoing", "in_progress", ["reopened"]),
    ("cancelled", "in_progress", ["reopened"]),
    ("closed", "cancelled", ["cancelled"]),
    ("closed", "staged_ongoing", ["moved_back"]),
    ("pending_verification", "in_progress", ["returned"]),
    ("pending_verification", "not_started", ["moved_back"]),
    ("in_progress", "staged_ongoing", ["advanced"]),
    (None, "in_progress", []),
    (None, "closed", ["closed"]),
    ("in_progress", None, []),
    ("in_progress", "in_progress", []),
]


@pytest.fixture(scope="module")
def moved(tmp_path_factory) -> releases.Release:
    """Two weeks with a measure for each of `MOVES`, numbered by its place there."""
    weeks = [
        (on, {"action": [measure(number, one[place]) for number, one in enumerate(MOVES)]})
        for place, on in enumerate((day("09-20"), day("09-27")))
    ]
    return publish_weeks(Store(tmp_path_factory.mktemp("moved")), *weeks)


@pytest.mark.parametrize(("before", "now", "moves"), MOVES)
def test_a_change_of_status_is_this_move(moved, before, now, moves):
    own = f"CS-{MOVES.index((before, now, moves))}"
    found = rows(moved, "moves_since", "action_id", "move", as_of=day("09-27"), compare_on=day("09-20"))
    assert [move for action_id, move in found if action_id == own] == moves


def test_the_history_of_a_measure_names_release_cell_file_and_line(tiny):
    names = ("release", "as_of_on", "kind", "field", "old", "new", "published_by", "file_name", "line")
    history = rows(tiny, "row_history", *names, table_name="action", row_key="CS-017")
    assert [row[:4] for row in history if row[0] == 1] == [(1, day("09-20"), "added", "*")]
    assert [row for row in history if row[0] == 3] == [
        (3, AS_OF, "changed", "closed_on", "2019-09-25", None, "测试", "action.csv", 10),
        (3, AS_OF, "changed", "done_on", "2019-09-24", None, "测试", "action.csv", 10),
        (3, AS_OF, "changed", "due_on", "2019-09-25", "2019-11-08", "测试", "action.csv", 10),
        (3, AS_OF, "changed", "reopen_count", "0", "1", "测试", "action.csv", 10),
        (3, AS_OF, "changed", "reopen_reason", None, "问题反弹", "测试", "action.csv", 10),
        (3, AS_OF, "changed", "status", "closed", "in_progress", "测试", "action.csv", 10),
    ]


# --- units and attention ---------------------------------------------------------------------------------------


def test_units_are_compared_by_what_counts(tiny):
    # unit, countable, status known, closed, share, overdue, due soon, last change, days since, silent, behind
    assert rows(tiny, "units", as_of=AS_OF) == [
        ("一科", 5, 5, 3, share("0.6000"), 1, 1, AS_OF, 0, False, True),  # all five are due by now
        ("三科", 4, 3, 0, share("0.0000"), 1, 0, AS_OF, 0, False, True),
        ("二科", 4, 4, 0, share("0.0000"), 0, 1, AS_OF, 0, False, True),  # one of four is due: CS-005
        ("五科", 1, 1, 0, share("0.0000"), 1, 0, day("09-20"), 21, True, True),
        ("四科", 0, 0, 0, None, 0, 0, day("09-27"), 14, False, None),  # long-term only; silent for exactly 14 days
        ("示例科", 1, 1, 0, share("0.0000"), 0, 0, AS_OF, 0, False, False),  # nothing is due yet
        (None, 1, 1, 1, share("1.0000"), 0, 0, AS_OF, 0, None, None),  # CS-018: no unit to be silent, no date
    ]


def test_a_unit_is_silent_one_day_after_the_silent_days(tiny):
    assert dict(rows(tiny, "units", "unit", "is_silent", as_of=AS_OF))["四科"] is False
    assert dict(rows(tiny, "units", "unit", "is_silent", as_of=DAY_AFTER))["四科"] is True


def test_a_unit_whose_work_is_finished_is_never_silent(tmp_path):
    made = publish_weeks(Store(tmp_path), (day("09-20"), {"action": [measure(1, "closed", resp_unit="一科")]}))
    assert rows(made, "units", "silent_days", "is_silent", as_of=day("12-01")) == [(72, False)]


def test_attention_lists_the_most_urgent_first(tiny):
    assert rows(tiny, "attention", as_of=AS_OF) == [
        ("overdue", "action", "CS-019", "调研报告", "五科", day("09-10"), 31, None),
        ("overdue", "action", "CS-006", "更新宣传栏", "三科", day("10-03"), 8, None),
        ("overdue", "action", "CS-002", "开展集中学习", "一科", day("10-10"), 1, "场地未定"),
        ("returned", "action", "CS-016", "修订手册", "二科", day("10-25"), -14, "内容不全"),
        ("reopened", "action", "CS-017", "整改会风", "三科", day("11-08"), -28, "问题反弹"),
        ("due_soon", "action", "CS-001", "制定学习计划", "一科", day("10-11"), 0, None),
        ("due_soon", "action", "CS-003", "组织党课", "二科", day("10-18"), -7, None),
        ("extension_pending", "extension", "YQ-4", "开展集中学习", "一科", day("10-10"), 1, "场地未定"),
        ("silent_unit", None, None, "五科", "五科", None, 21, None),
        ("no_measure", "issue", "WT-002", "调研不够经常", "二科", None, None, "按季调研"),
    ]


def test_an_extension_needs_attention_from_the_day_it_is_asked_for(tiny):
    asked = {d: [row[0] for row in rows(tiny, "attention", as_of=d)] for d in (day("10-09"), DAY_BEFORE)}
    assert "extension_pending" not in asked[day("10-09")]
    assert "extension_pending" in asked[DAY_BEFORE]


@pytest.mark.parametrize(("status", "reasons"), [("in_progress", ["returned"]), ("pending_verification", [])])
def test_a_measure_sent_back_needs_attention_until_it_is_applied_for_again(tmp_path, status, reasons):
    sent_back = measure(1, status, return_count=1, return_reason="内容不全", due_on=day("12-31"))
    made = publish_weeks(Store(tmp_path), (AS_OF, {"action": [sent_back]}))
    assert [reason for (reason,) in rows(made, "attention", "reason", as_of=AS_OF)] == reasons


def test_extensions_are_listed_from_the_day_they_are_asked_for_pending_ones_first(tiny):
    assert rows(tiny, "extensions", as_of=AS_OF) == [
        (
            "YQ-4",
            "CS-002",
            "开展集中学习",
            "一科",
            day("10-10"),
            day("10-10"),
            day("10-31"),
            "场地未定",
            "pending",
            None,
            False,
            False,
        ),
        (
            "YQ-5",
            "CS-019",
            "调研报告",
            "五科",
            day("09-11"),
            day("09-10"),
            day("09-30"),
            "人手不足",
            "refused",
            day("09-12"),
            True,
            False,
        ),
        (
            "YQ-1",
            "CS-015",
            "完善台账",
            "一科",
            day("09-19"),
            day("09-20"),
            day("10-04"),
            "资料未齐",
            "approved",
            day("09-20"),
            False,
            False,
        ),
        (
            "YQ-2",
            "CS-017",
            "整改会风",
            "三科",
            day("10-08"),
            day("09-25"),
            day("10-25"),
            "问题反弹",
            "approved",
            day("10-09"),
            True,
            False,
        ),
        (
            "YQ-3",
            "CS-017",
            "整改会风",
            "三科",
            day("10-10"),
            day("10-25"),
            day("11-08"),
            "仍需时间",
            "approved",
            day("10-10"),
            False,
            False,
        ),
    ]
    assert [row[0] for row in rows(tiny, "extensions", as_of=day("10-09"))] == ["YQ-5", "YQ-1", "YQ-2"]


# --- issues ----------------------------------------------------------------------------------------------------


def test_issues_are_listed_with_the_status_and_light_of_their_measures(tiny):
    columns = ("issue_id", "lead_unit", "actions", "closed", "status", "light", "is_demo")
    assert rows(tiny, "issues", *columns, as_of=AS_OF) == [
        ("WT-001", "一科", 9, 0, "in_progress", "red", False),  # CS-011 is gone from WT-003, not moved here
        ("WT-002", "二科", 0, 0, None, "grey", False),
        ("WT-003", "一科", 0, 0, "cancelled", None, False),
        ("WT-004", "一科", 3, 3, "closed", "done", False),
        ("WT-005", "一科", 0, 0, "cancelled", None, False),
        ("WT-006", "四科", 2, 1, "staged_ongoing", "long", False),
        ("WT-007", "二科", 2, 1, "pending_verification", "blue", False),
        ("WT-008", "三科", 1, 0, None, "green", False),
        ("WT-009", "示例科", 1, 0, "not_started", "green", True),
    ]


def test_an_issue_is_listed_with_what_its_ledger_says(tiny):
    assert rows(tiny, "issues", as_of=AS_OF)[0] == (
        "WT-001",
        "学习不够深入",
        "team",
        "work",
        "political",
        "research",
        "一科",
        "按月学习",
        day("09-10"),
        9,
        0,
        "in_progress",
        "red",
        "F-2",
        False,
    )


ROLLED_UP = [
    (["cancelled", "cancelled"], "cancelled"),
    (["closed", "cancelled"], "closed"),
    (["closed", "staged_ongoing"], "staged_ongoing"),
    (["closed", "pending_verification"], "pending_verification"),
    (["staged_ongoing", "pending_verification"], "pending_verification"),
    (["closed", "not_started"], "in_progress"),
    (["in_progress", None], "in_progress"),
    (["not_started", None], None),
    (["not_started", "not_started"], "not_started"),
]


@pytest.fixture(scope="module")
def rolled(tmp_path_factory) -> releases.Release:
    """An issue with two measures for each of `ROLLED_UP`, numbered by its place there."""
    issues = [{"issue_id": f"WT-{n}", "title": "问题", "status_manual": "in_progress"} for n in range(len(ROLLED_UP))]
    measures = [
        measure(2 * n + place, status, issue_id=f"WT-{n}")
        for n, (statuses, _) in enumerate(ROLLED_UP)
        for place, status in enumerate(statuses)
    ]
    return publish_weeks(Store(tmp_path_factory.mktemp("rolled")), (AS_OF, {"issue": issues, "action": measures}))


@pytest.mark.parametrize(("statuses", "rolled_up"), ROLLED_UP)
def test_the_status_of_an_issue_rolls_up_from_its_measures(rolled, statuses, rolled_up):
    own = f"WT-{ROLLED_UP.index((statuses, rolled_up))}"
    assert [row for row in rows(rolled, "issues", "issue_id", "status", as_of=AS_OF) if row[0] == own] == [
        (own, rolled_up)
    ]


def test_the_status_set_by_hand_holds_only_where_there_is_no_measure_except_cancelled(tmp_path):
    issues = [
        {"issue_id": "WT-1", "title": "问题", "status_manual": "closed"},
        {"issue_id": "WT-2", "title": "问题", "status_manual": "cancelled", "merged_into_id": "WT-1"},
    ]
    made = publish_weeks(
        Store(tmp_path), (AS_OF, {"issue": issues, "action": [measure(1, "in_progress", issue_id="WT-2")]})
    )
    assert rows(made, "issues", "status", "light", as_of=AS_OF) == [("closed", "done"), ("cancelled", None)]
    assert kpi(made, AS_OF, "K01")["value"] == 1


def test_issues_are_counted_by_class_and_those_without_one_apart(tiny):
    # WT-003 and WT-005 are cancelled
    assert rows(tiny, "issues_by_class", as_of=AS_OF) == [
        ("level", "team", 3),
        ("level", "individual", 2),
        ("level", None, 2),
        ("nature", "work", 4),
        ("nature", None, 3),
        ("dimension", "capability", 1),
        ("dimension", "political", 1),
        ("dimension", None, 5),
        ("issue_source", "self_review", 2),
        ("issue_source", "forum", 1),
        ("issue_source", "questionnaire", 1),
        ("issue_source", "research", 1),
        ("issue_source", None, 2),
    ]


def test_satisfaction_has_three_definitions_and_says_which_grade_is_missing(tiny):
    assert rows(tiny, "satisfaction_result") == [
        ("MY-2", "学习教育", day("10-10"), 29, 10, None, None, None, None, share("0.3448"), None, True),
        ("MY-1", "整改成效", AS_OF, 40, 20, 10, 6, 4, share("0.7500"), share("0.5000"), share("0.9000"), False),
        ("MY-3", "窗口服务", AS_OF, 30, 30, None, None, None, None, share("1.0000"), None, False),
    ]


# --- key figures -----------------------------------------------------------------------------------------------

# kpi, part, unit, value, numerator, denominator, unknown on 2019-10-11
ON_THE_AS_OF_DAY = [
    ("K01", None, "count", "7", None, None, 0),  # 9 issues less WT-003 and WT-005
    ("K01", "cancelled", "count", "2", None, None, 0),
    ("K02", None, "count", "19", None, None, 0),  # 20 measures less CS-011
    ("K02", "cancelled", "count", "1", None, None, 0),
    ("K03", None, "share", "0.2667", 4, 16, 1),  # CS-013, 014, 015, 018 of 15 known; CS-009 unknown
    ("K04", None, "share", None, None, None, 0),
    ("K04", "immediate", "share", "0.4000", 2, 5, 0),
    ("K04", "time_limited", "share", "0.2000", 2, 11, 1),
    ("K04", "long_term", "share", None, 0, 2, 0),  # counts, no rate
    ("K05", None, "share", "0.3333", 6, 19, 1),  # also CS-010 and CS-012
    ("K06", None, "count", "2", None, None, 1),  # CS-005, 006
    ("K07", None, "share", "0.4000", 2, 6, 1),  # WT-004, 006; WT-008 unknown; WT-002 has no measure
    ("K08", None, "share", "0.5000", 2, 5, 1),  # CS-010, 013 of 010, 013, 014, 015; CS-018 undated
    ("K09", None, "count", "3", None, None, 1),  # CS-002, 006, 019; CS-008 has no due date
    ("K10", None, "share", "0.2727", 3, 12, 1),
    ("K11", None, "count", "4", None, None, 1),  # also CS-017, extended twice
    ("K12", None, "count", "2", None, None, 1),  # CS-001, 003
    ("K13", None, "count", "3", None, None, 1),
    ("K13", "d1_7", "count", "1", None, None, 0),
    ("K13", "d8_30", "count", "1", None, None, 0),
    ("K13", "d31_90", "count", "1", None, None, 0),
    ("K13", "d91_more", "count", "0", None, None, 0),
    ("K14", None, "days", "16.5", None, 4, 1),  # 8, 16, 17, 29; CS-018's issue has no date
    ("K14", "max", "days", "29", None, 4, 1),
    ("K15", None, "days", "1", None, 4, 1),  # 0, 1, 1, 6; CS-018 was never applied for
    ("K15", "max", "days", "6", None, 4, 1),
    ("K16", None, "share", "0.1250", 1, 8, 0),
    ("K17", None, "count", "1", None, None, 1),  # CS-017; CS-009 unknown
    ("K18", None, "count", "3", None, None, 0),  # YQ-1, 2, 3
    ("K18", "twice_or_more", "count", "1", None, None, 0),  # CS-017
    ("K18", "mean_added_days", "days", "19.3333", None, 3, 0),  # 14, 30, 14
    ("K18", "late_requests", "count", "2", None, None, 0),  # YQ-2, 5
    ("K19", None, "points", "-31.4286", 4, 15, 1),  # 4/14 - 9/15
    ("K20", None, "count", "13", None, None, 0),
    ("K21", None, "count", "12", None, None, 0),
    ("K21", "new", "count", "2", None, None, 0),
    ("K21", "advanced", "count", "3", None, None, 0),
    ("K21", "closed", "count", "2", None, None, 0),
    ("K21", "reopened", "count", "1", None, None, 0),
    ("K21", "returned", "count", "1", None, None, 0),
    ("K21", "redated", "count", "1", None, None, 0),
    ("K21", "moved_back", "count", "1", None, None, 0),
    ("K21", "cancelled", "count", "1", None, None, 0),
    ("K21", "missing", "count", "0", None, None, 0),
    ("K34", None, "share", "0.7500", 30, 40, 2),  # MY-1; the others lack a grade
    ("K34", "strict", "share", "0.6061", 60, 99, 0),
    ("K34", "with_basic", "share", "0.9000", 36, 40, 2),
    ("K35", None, "share", "0.9462", 88, 93, 0),
    ("K35", "content", "share", "1", 19, 19, 0),
    ("K35", "resp_unit", "share", "0.9474", 18, 19, 0),  # CS-018
    ("K35", "rect_type", "share", "0.9474", 18, 19, 0),  # CS-010
    ("K35", "due_on", "share", "0.8824", 15, 17, 0),  # CS-008, 018; long-term ones need none
    ("K35", "status", "share", "0.9474", 18, 19, 0),  # CS-009
    ("K36", None, "days", "0", None, None, 0),
    ("K37", None, "ratio", "2.7143", 19, 7, 0),
]
OF_RESEARCH = {f"K{number}" for number in range(22, 34)}


def test_the_key_figures_of_the_as_of_day_are_these_and_no_others(tiny):
    columns = ("kpi", "part", "unit", "value", "numerator", "denominator", "unknown")
    found = [row for row in rows(tiny, "kpis", *columns, as_of=AS_OF) if row[0] not in OF_RESEARCH]
    expected = [(*row[:3], row[3] if row[3] is None else Decimal(row[3]), *row[4:]) for row in ON_THE_AS_OF_DAY]
    assert found == expected


def test_every_kpi_has_a_row_in_an_empty_store_and_none_but_the_age_of_the_data_has_a_value(tmp_path):
    campaign = {"campaign_id": "ZT-1", "campaign_name": "活动", "org_name": "单位"}
    made = publish_weeks(Store(tmp_path), (day("10-01"), {"campaign": [campaign]}))
    found = rows(made, "kpis", "kpi", "part", "value", as_of=AS_OF)
    assert [name for name, part, _ in found if part is None] == [f"K{number:02}" for number in range(1, 38)]
    assert [(name, value) for name, _, value in found if value is not None] == [("K36", 10)]


@pytest.mark.parametrize(
    ("as_of", "name", "part", "value"),
    [
        ("10-10", "K09", None, 2),  # CS-006, 019
        ("10-12", "K09", None, 4),  # CS-001 and 002 as well
        ("10-10", "K12", None, 2),  # CS-001, and CS-002 due that day
        ("10-12", "K12", None, 2),  # CS-003, and CS-004 seven days ahead
        ("10-10", "K11", None, 3),  # CS-006, 017, 019
        ("10-10", "K13", "d8_30", 1),  # CS-019 by 30 days
        ("10-10", "K13", "d31_90", 0),
        ("10-09", "K18", None, 2),  # YQ-3 comes the day after
        ("10-09", "K18", "twice_or_more", 0),
        ("10-09", "K18", "late_requests", 2),
        ("10-12", "K36", None, 1),
        ("10-10", "K34", None, None),  # only MY-2, which lacks a grade
        ("10-10", "K34", "strict", share("0.3448")),
    ],
)
def test_a_key_figure_turns_on_its_day(tiny, as_of, name, part, value):
    assert kpi(tiny, day(as_of), name, part)["value"] == value


def test_the_first_release_has_no_moves_and_the_second_is_compared_with_it(tiny_store):
    first, second = tiny_store.release(1), tiny_store.release(2)
    assert kpi(first, day("09-20"), "K21")["value"] is None
    assert kpi(first, day("09-20"), "K21", "closed")["value"] is None
    assert kpi(second, day("09-27"), "K21")["value"] == 5  # three closed, one awaiting, one re-dated
    assert kpi(second, day("09-27"), "K21", "cancelled")["value"] == 0


def test_a_week_without_any_move_has_zero_moves(tmp_path):
    same = {"action": [measure(1, "in_progress")]}
    assert kpi(publish_weeks(Store(tmp_path), (day("09-20"), same), (AS_OF, same)), AS_OF, "K21")["value"] == 0


def test_the_latest_reported_figure_up_to_the_day_stands_beside_the_ledger(tiny):
    def beside(as_of, name):
        row = kpi(tiny, as_of, name)
        return row["reported"], row["fact_id"], row["is_incomplete"]

    assert beside(AS_OF, "K01") == (7, "F-2", False)
    assert beside(AS_OF, "K02") == (18, "F-3", False)
    assert beside(DAY_AFTER, "K02") == (40, None, True)
    assert beside(day("09-19"), "K02") == (None, None, False)
    assert beside(AS_OF, "K25") == (22, None, True)  # undated: holds on any day
    assert beside(AS_OF, "K37") == (share("2.5714"), "F-3", False)  # 18 / 7


def test_no_share_stands_on_a_ledger_that_holds_fewer_rows_than_were_reported(tiny):
    # from 10-12 on 40 measures are reported, of which the ledger holds 19
    of_measures = [row for row in kpis(tiny, DAY_AFTER) if row["kpi"] not in OF_RESEARCH | {"K34"}]
    shares = [row for row in of_measures if row["unit"] in ("share", "points", "ratio")]
    assert {row["value"] for row in shares} == {None}
    assert {row["is_incomplete"] for row in shares} == {True}
    assert kpi(tiny, DAY_AFTER, "K03")["numerator"] == 4  # the counts stay
    assert kpi(tiny, DAY_AFTER, "K02")["value"] == 19
    for name in ("progress_by_type", "on_time", "units"):
        assert {row[0] for row in rows(tiny, name, "share", as_of=DAY_AFTER)} == {None}
    assert rows(tiny, "schedule", "actual_share", "gap_points", "band", as_of=DAY_AFTER) == [(None, None, None)]
    assert kpi(tiny, DAY_AFTER, "K34")["value"] == share("0.7500")  # stands on a ledger of its own


def test_an_article_that_names_a_few_measures_without_status_yields_counts_and_no_figure_more(tmp_path):
    figure = {"strand": "rectify", "side": "value", "name_zh": "数", "name_en": "n", "unit_zh": "个", "unit_en": "n"}
    made = publish_weeks(
        Store(tmp_path),
        (
            AS_OF,
            {
                "figure": [
                    {**figure, "figure_id": "N11", "kpi": "K01", "value": 12},
                    {**figure, "figure_id": "N12", "kpi": "K02", "value": 22},
                ],
                "issue": [{"issue_id": "WT-1", "title": "问题"}],
                "action": [measure(number, rect_type=None, issue_id="WT-1") for number in range(6)],
            },
        ),
    )
    found = {(row["kpi"], row["part"]): row for row in kpis(made, AS_OF)}
    assert {name: row["value"] for (name, _), row in found.items() if row["value"] is not None} == {
        "K01": 1,
        "K02": 6,
        "K36": 0,
    }
    assert (found["K01", None]["reported"], found["K02", None]["reported"]) == (12, 22)
    assert (found["K37", None]["value"], found["K37", None]["reported"]) == (None, share("1.8333"))
    assert found["K37", None]["is_incomplete"]
    assert (found["K05", None]["numerator"], found["K05", None]["unknown"]) == (None, 6)  # unknown is not zero
    assert rows(made, "burn_down", "total", "open", "closed", "overdue", as_of=AS_OF) == [(6, None, None, None)]


@pytest.mark.parametrize(("measures", "issues"), [(("value", 22), ("value", 0)), (("numerator", 5), ("value", 12)),
                                                  (("value", 22), ("denominator", 12))])  # fmt: skip
def test_nothing_was_reported_of_measures_per_issue_where_a_part_of_it_was_not(tmp_path, measures, issues):
    named = {"strand": "rectify", "name_zh": "数", "name_en": "n", "unit_zh": "个", "unit_en": "n"}
    figures = [
        {**named, "figure_id": f"F-{code}", "kpi": code, "side": side, "value": value}
        for code, (side, value) in (("K02", measures), ("K01", issues))
    ]
    row = kpi(publish_weeks(Store(tmp_path), (AS_OF, {"figure": figures})), AS_OF, "K37")
    assert (row["reported"], row["reported_side"], row["fact_id"]) == (None, None, None)


def test_demo_figures_are_never_taken_for_reported_ones(tiny):
    assert kpi(tiny, day("09-27"), "K02")["reported"] == 18  # FG-4 says 99


def test_the_send_back_rate_needs_an_application(tmp_path):
    made = publish_weeks(Store(tmp_path), (AS_OF, {"action": [measure(1, "in_progress")]}))
    row = kpi(made, AS_OF, "K16")
    assert (row["value"], row["numerator"], row["denominator"]) == (None, 0, 0)


def test_a_measure_closed_before_its_issue_was_confirmed_is_not_measured(tmp_path):
    issue = {"issue_id": "WT-1", "title": "问题", "identified_on": day("09-21")}
    made = publish_weeks(
        Store(tmp_path),
        (AS_OF, {"issue": [issue], "action": [measure(1, "closed", issue_id="WT-1", applied_on=day("09-21"))]}),
    )
    for name in ("K14", "K15"):  # closed on 09-20
        row = kpi(made, AS_OF, name)
        assert (row["value"], row["denominator"], row["unknown"]) == (None, 0, 1)


@pytest.mark.parametrize(
    ("statuses", "numerator", "unknown"),
    [
        (["closed", None], None, 1),
        (["not_started", None], 0, 0),  # one unfinished measure is enough to know
        (["staged_ongoing", "closed"], 1, 0),
        (["pending_verification", "closed"], 0, 0),
    ],
)
def test_an_issue_is_completed_when_no_measure_can_be_unfinished(tmp_path, statuses, numerator, unknown):
    measures = [measure(number, status, issue_id="WT-1") for number, status in enumerate(statuses)]
    made = publish_weeks(
        Store(tmp_path), (AS_OF, {"issue": [{"issue_id": "WT-1", "title": "问题"}], "action": measures})
    )
    row = kpi(made, AS_OF, "K07")
    assert (row["numerator"], row["denominator"], row["unknown"]) == (numerator, 1, unknown)


def test_an_issue_without_measures_does_not_tell_that_none_of_the_others_is_completed(tmp_path):
    """It is known not to be completed, but is not in the denominator: of what is there, nothing is known."""
    issues = [{"issue_id": f"WT-{number}", "title": "问题"} for number in (1, 2)]
    figure = {"figure_id": "F-1", "kpi": "K07", "side": "numerator", "value": 1, "unit_zh": "个", "unit_en": "n"}
    made = publish_weeks(
        Store(tmp_path),
        (
            AS_OF,
            {
                "figure": [{**figure, "name_zh": "完成", "name_en": "Completed"}],
                "issue": issues,
                "action": [measure(1, None, issue_id="WT-1")],
            },
        ),
    )
    row = kpi(made, AS_OF, "K07")
    assert (row["numerator"], row["denominator"], row["unknown"], row["value"]) == (None, 1, 1, None)
    [beside] = made.ask("reported_against_ledger", as_of=AS_OF).records()
    assert (beside["ledger"], beside["difference"]) == (None, None)


# --- the rows behind, and answers that must agree --------------------------------------------------------------


def test_the_rows_behind_the_closing_rate_are_the_measures_with_a_deadline_type(tiny):
    behind = rows(tiny, "kpi_rows", "row_key", "in_denominator", "in_numerator", as_of=AS_OF, kpi="K03")
    assert {key for key, _, is_in in behind if is_in} == {"CS-013", "CS-014", "CS-015", "CS-018"}
    assert {key for key, _, is_in in behind if is_in is None} == {"CS-009"}
    # no long-term measure (007, 012), no unclassified one (010), no cancelled one (011)
    assert {key for key, is_in, _ in behind if is_in} == {f"CS-{n:03}" for n in range(1, 21)} - {
        "CS-007",
        "CS-010",
        "CS-011",
        "CS-012",
    }


def test_a_row_behind_a_figure_says_which_line_of_which_file_brought_it_or_which_sentence(tiny):
    behind = {row["row_key"]: row for row in tiny.ask("kpi_rows", as_of=AS_OF, kpi="K02").records()}
    last = behind["CS-018"]
    assert (last["label"], last["release"], last["file_name"], last["line"]) == ("当天答复", 3, "action.csv", 11)
    assert len(last["sha256"]) == 64
    first = behind["CS-001"]
    assert (first["release"], first["line"], first["fact_id"], first["quote_zh"]) == (1, 2, "F-3", "制定整改措施18条")
    assert {key for key, row in behind.items() if row["is_demo"]} == {"CS-020"}


@pytest.mark.parametrize("name", [f"K{number:02}" for number in range(1, 38) if number != 36])
def test_every_row_behind_a_figure_is_a_row_of_a_ledger_with_an_origin(tiny, name):
    behind = tiny.ask("kpi_rows", as_of=AS_OF, kpi=name).records()
    assert behind
    assert all(row["label"] and row["release"] and row["file_name"] and row["line"] for row in behind)


@pytest.mark.parametrize("as_of", [day("09-20"), day("10-10"), AS_OF, day("12-10")])
def test_answers_to_the_same_question_agree(tiny, as_of):
    values = {(row["kpi"], row["part"]): row["value"] for row in kpis(tiny, as_of)}
    lights = [light for (light,) in rows(tiny, "actions", "light", as_of=as_of)]
    assert lights.count("red") == values["K09", None]
    assert len(rows(tiny, "due_list", as_of=as_of)) == values["K09", None] + values["K12", None]
    assert sum(row[1] for row in rows(tiny, "ageing", as_of=as_of)) == values["K13", None]
    assert sum(row[0] for row in rows(tiny, "units", "overdue", as_of=as_of)) == values["K09", None]
    assert sum(row[0] for row in rows(tiny, "progress_by_type", "actions", as_of=as_of)) == values["K02", None]
    assert rows(tiny, "schedule", "gap_points", as_of=as_of) == [(values["K19", None],)]
    reasons = [reason for (reason,) in rows(tiny, "attention", "reason", as_of=as_of)]
    assert (reasons.count("overdue"), reasons.count("due_soon")) == (values["K09", None], values["K12", None])


def test_the_last_point_of_the_burn_down_agrees_with_the_key_figures(tiny_store):
    for number in tiny_store.numbers():
        release = tiny_store.release(number)
        values = {row["kpi"]: row["value"] for row in kpis(release, release.as_of) if not row["part"]}
        total, still_open, overdue = rows(release, "burn_down", "total", "open", "overdue", as_of=release.as_of)[-1]
        assert (total, still_open, overdue) == (values["K02"], values["K20"], values["K09"])


def test_the_moves_since_the_release_before_are_as_many_as_the_key_figure_says(tiny):
    moves = rows(tiny, "moves_since", "move", as_of=AS_OF, compare_on=day("09-27"))
    assert len(moves) == kpi(tiny, AS_OF, "K21")["value"]


def test_every_part_of_a_key_figure_has_a_name(tiny):
    lists = {"K04": "rect_type", "K13": "ageing_bucket", "K21": "move", "K25": "event_kind"}
    columns = {column.name for column in declared_ledgers()["action"].columns}
    districts = {code for (code,) in rows(tiny, "districts", "district_code")}
    channels = {one.code for one in code_lists()["channel"]}
    for name, part in rows(tiny, "kpis", "kpi", "part", as_of=AS_OF):
        named = {one.code for one in code_lists()[lists.get(name, "kpi_part")]}
        named |= {"K24": districts, "K27": channels, "K35": columns}.get(name, set())
        assert part is None or part in named, (name, part)
