"""Campaigns as offices really have them, and as no demo shows them: each a few rows, odd in one way.

`CAMPAIGNS` gives for each name its weeks, as `publish_weeks` takes them: an as-of day and the rows of its ledgers.
"""

import datetime as dt

FIRST, LAST = dt.date(2024, 3, 11), dt.date(2024, 3, 18)
Rows = dict[str, list[dict]]

_STATUS = {
    "closed": {"done_on": dt.date(2024, 3, 1), "closed_on": dt.date(2024, 3, 5), "verified_by": "专班"},
    "pending_verification": {"result_note": "已办", "done_on": dt.date(2024, 3, 1)},
    "staged_ongoing": {"rect_type": "long_term", "standing_rule": "制度"},
    "cancelled": {"cancel_reason": "不再需要"},
}


def action(number: int, status: str | None = None, due: dt.date | None = None, **cells: object) -> dict:
    """A measure of issue WT-1 with the cells that its status requires."""
    dated = {"original_due_on": due, "due_on": due} if due else {}
    row = {
        "action_id": f"CS-{number}",
        "issue_id": "WT-1",
        "content": f"措施{number}",
        "rect_type": "time_limited",
        "resp_unit": "办公室",
        "status": status,
    }
    return row | _STATUS.get(status, {}) | dated | cells


def issue(number: int = 1, **cells: object) -> dict:
    return {"issue_id": f"WT-{number}", "title": f"问题{number}"} | cells


def figure(code: str, value: int, side: str = "value") -> dict:
    """What a bulletin reported of one KPI."""
    names = {"name_zh": code, "name_en": code, "unit_zh": "个", "unit_en": "n"}
    return {"figure_id": f"F-{code}", "kpi": code, "side": side, "value": value, "strand": "overall"} | names


def visit(number: int, day: dt.date = FIRST, **cells: object) -> dict:
    return {"visit_id": f"ZF-{number}", "visited_on": day, "status": "made"} | cells


def event(number: int, day: dt.date | None = FIRST, **cells: object) -> dict:
    precision = "day" if day else "unknown"
    row = {"event_id": f"HD-{number}", "title": f"活动{number}", "strand": "study", "kind": "study_session"}
    return row | {"started_on": day, "date_precision": precision} | cells


DISTRICT = [{"district_code": "D1", "district_name": "东区"}, {"district_code": "D2", "district_name": "西区"}]
TOWN = [
    {"town_code": f"T{number}", "town_name": f"镇{number}", "district_code": f"D{number % 2 + 1}", "town_kind": "town"}
    for number in range(1, 5)
]
OVERDUE, AHEAD = dt.date(2024, 3, 1), dt.date(2024, 4, 30)

CAMPAIGNS: dict[str, list[tuple[dt.date, Rows]]] = {
    "empty": [(LAST, {"campaign": [{"campaign_id": "C", "campaign_name": "专项行动", "org_name": "某单位"}]})],
    "one_row": [(LAST, {"issue": [issue()], "action": [action(1, "in_progress", AHEAD)]})],
    "one_closed": [(LAST, {"issue": [issue()], "action": [action(1, "closed", OVERDUE)]})],
    "all_unknown": [(LAST, {"issue": [issue()], "action": [action(1), action(2), action(3)]})],
    "one_unknown": [(LAST, {"issue": [issue()], "action": [action(1)]})],
    "partly_unknown": [
        (
            LAST,
            {
                "issue": [issue(), issue(2)],
                "action": [
                    *(action(number, "closed", OVERDUE) for number in (1, 2, 3, 4)),
                    action(5),
                    action(6, issue_id="WT-2"),
                ],
                "district": DISTRICT,
                "town": TOWN,
                "research_topic": [
                    {"topic_id": "KT-1", "title": "课题一", "status": "report_done", "report_title": "报告"},
                    {"topic_id": "KT-2", "title": "课题二", "status": "in_progress"},
                    {"topic_id": "KT-3", "title": "课题三"},
                ],
            },
        )
    ],
    "all_cancelled": [(LAST, {"issue": [issue()], "action": [action(1, "cancelled"), action(2, "cancelled")]})],
    "undated": [
        (
            LAST,
            {
                "issue": [issue()],
                "action": [
                    action(1, "closed", OVERDUE),
                    action(2, "in_progress", OVERDUE),
                    action(3, "in_progress"),
                    action(4, "in_progress"),
                ],
                "event": [event(1, None), event(2)],
            },
        )
    ],
    "none_dated": [(LAST, {"issue": [issue()], "action": [action(1, "in_progress"), action(2, "closed")]})],
    "everything_closed": [
        (FIRST, {"issue": [issue()], "action": [action(n, "in_progress", AHEAD) for n in (1, 2)]}),
        (LAST, {"action": [action(n, "closed", AHEAD) for n in (1, 2)]}),
    ],
    "everything_overdue": [
        (FIRST, {"issue": [issue()], "action": [action(n, "in_progress", OVERDUE) for n in (1, 2)]}),
        (LAST, {"action": [action(n, "in_progress", OVERDUE) for n in (1, 2)]}),
    ],
    "sent_back": [
        (FIRST, {"issue": [issue()], "action": [action(1, "pending_verification", OVERDUE), action(2, "closed")]}),
        (
            LAST,
            {
                "action": [
                    action(1, "in_progress", AHEAD, return_reason="不到位", done_on=None),
                    action(2, "in_progress", closed_on=None, done_on=None, verified_by=None),
                ]
            },
        ),
    ],
    "on_schedule": [
        (LAST, {"issue": [issue()], "action": [action(1, "closed", OVERDUE), action(2, "in_progress", AHEAD)]})
    ],
    "no_places": [(LAST, {"visit": [visit(1, visitor="一组")]})],
    "places_unvisited": [
        (
            LAST,
            {
                "district": DISTRICT,
                "town": TOWN,
                "visit": [
                    visit(1, district_code="D1", town_code="T2"),
                    visit(2, status="planned", district_code="D2", town_code="T1"),
                ],
            },
        )
    ],
    "nothing_sent": [
        (
            LAST,
            {"feedback_round": [{"round_id": "ZQ-1", "round_name": "第一轮", "issued_count": 0, "returned_count": 0}]},
        )
    ],
    "some_rounds_returned": [
        (
            LAST,
            {
                "feedback_round": [
                    {"round_id": "ZQ-1", "round_name": "第一轮", "issued_count": 50, "returned_count": 3},
                    {"round_id": "ZQ-2", "round_name": "第二轮", "issued_count": 50},
                    {"round_id": "ZQ-3", "round_name": "第三轮", "issued_count": 0, "returned_count": 0},
                ]
            },
        )
    ],
    "short_ledgers": [
        (LAST, {"figure": [figure("K01", 12), figure("K02", 22)], "issue": [issue()], "action": [action(1), action(2)]})
    ],
    "long_term_only": [
        (LAST, {"issue": [issue()], "action": [action(1, "in_progress", rect_type="long_term", standing_rule="制度")]})
    ],
    "some_classified": [
        (LAST, {"issue": [issue(1, level="team"), issue(2, level="team"), issue(3), issue(4), issue(5)]})
    ],
    "some_answered": [
        (
            LAST,
            {
                "suggestion": [
                    {"suggestion_id": "YJ-1", "content": "一", "disposition": "A", "replied_on": FIRST},
                    {"suggestion_id": "YJ-2", "content": "二"},
                ]
            },
        )
    ],
    "very_many": [(LAST, {"visit": [visit(number, visitor="组") for number in range(1, 1235)]})],
    "one_event": [(LAST, {"event": [event(1)]})],
}
