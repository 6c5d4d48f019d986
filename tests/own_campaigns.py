"""Two made-up campaigns in words of their own: a bureau's follow-up of inspections with places and a strand that no
built-in page knows, and an audit in English with one strand and no places.

Each is weeks as `publish_weeks` takes them. No word of theirs is one of the example's.
"""

import datetime as dt

from odd_campaigns import action, issue

FIRST, LAST = dt.date(2025, 5, 12), dt.date(2025, 5, 19)
DUE, AHEAD = dt.date(2025, 5, 15), dt.date(2025, 6, 30)


def term(code: str, zh: str, en: str, many: str | None = None) -> dict:
    return {"term": code, "own_zh": zh, "own_en": en, "own_en_many": many}


def strand(code: str, zh: str, en: str, order: int, *pages: str) -> dict:
    row = {"strand_code": code, "strand_name": zh, "strand_name_en": en, "sort_order": order}
    return row | {f"uses_{page}": True for page in pages}


def _matter(number: int, title: str, **cells: object) -> dict:
    return issue(number) | {"title": title} | cells


def _task(number: int, content: str, unit: str, status: str | None, due: dt.date | None, **cells: object) -> dict:
    row = action(number, status, due) | {"content": content, "resp_unit": unit} | cells
    row.update({name: LAST for name in ("done_on", "closed_on") if name in row})
    return row | ({"verified_by": unit} if "verified_by" in row else {})


BUREAU = [
    (
        FIRST,
        {
            "campaign": [
                {
                    "campaign_id": "GZ-1",
                    "campaign_name": "河道治理跟踪",
                    "org_name": "水务局",
                    "started_on": FIRST,
                    "default_year": 2025,
                }
            ],
            "term": [
                term("issue", "督办事项", "matter"),
                term("action", "任务", "task"),
                term("suggestion", "诉求", "request"),
                term("topic", "专题", "theme"),
                term("unit", "科室", "office"),
                term("strand", "工作线", "workstream"),
                term("district", "片区", "zone"),
                term("town", "社区", "community", "communities"),
                term("campaign", "跟踪行动", "drive"),
                term("status.closed", "已办结", "Completed"),
            ],
            "strand": [
                strand("patrol", "巡河", "Patrols", 1, "research"),
                strand("handling", "办理", "Handling", 2, "review", "rectification"),
                strand("publicity", "宣传", "Publicity", 3),
            ],
            "district": [
                {"district_code": "P-1", "district_name": "北片", "district_name_en": "North"},
                {"district_code": "P-2", "district_name": "南片", "district_name_en": "South"},
            ],
            "town": [
                {
                    "town_code": f"S-{number}",
                    "town_name": f"河岸{number}",
                    "town_name_en": f"Bank {number}",
                    "district_code": f"P-{number % 2 + 1}",
                    "town_kind": "subdistrict",
                    "tile_row": 0,
                    "tile_col": number,
                }
                for number in range(1, 4)
            ],
            "research_topic": [{"topic_id": "ZT-1", "title": "排口溯源", "status": "in_progress"}],
            "issue": [_matter(1, "排口未封堵"), _matter(2, "堤岸缺护栏")],
            "action": [
                _task(1, "封堵排口", "工程科", "in_progress", DUE),
                _task(2, "安装护栏", "建设科", "in_progress", AHEAD, issue_id="WT-2"),
            ],
            "suggestion": [{"suggestion_id": "SQ-1", "content": "夜间有异味", "received_on": FIRST}],
            "visit": [
                {"visit_id": "XH-1", "visited_on": FIRST, "status": "made", "district_code": "P-2", "town_code": "S-1"},
                {"visit_id": "XH-2", "visited_on": AHEAD, "status": "planned", "district_code": "P-1"},
            ],
            "event": [
                {
                    "event_id": "HD-1",
                    "title": "河长座谈",
                    "kind": "forum",
                    "strand": "patrol",
                    "started_on": FIRST,
                    "date_precision": "day",
                },
                {
                    "event_id": "HD-2",
                    "title": "开放日",
                    "kind": "other",
                    "strand": "publicity",
                    "started_on": FIRST,
                    "date_precision": "day",
                },
            ],
        },
    ),
    (
        LAST,
        {
            "action": [_task(1, "封堵排口", "工程科", "closed", DUE)],
            "visit": [
                {"visit_id": "XH-3", "visited_on": LAST, "status": "made", "district_code": "P-1", "town_code": "S-2"}
            ],
        },
    ),
]

AUDIT = [
    (
        FIRST,
        {
            "campaign": [
                {
                    "campaign_id": "FA-1",
                    "campaign_name": "Follow-up audit",
                    "org_name": "Internal audit",
                    "covers_places": False,
                    "started_on": FIRST,
                    "default_year": 2025,
                }
            ],
            "term": [
                term("issue", "审计发现", "finding"),
                term("action", "建议", "recommendation"),
                term("unit", "部门", "department"),
                term("campaign", "跟踪审计", "audit"),
                term("strand", "环节", "stage"),
            ],
            "strand": [strand("follow_up", "跟踪", "Follow-up", 1, "review", "rectification")],
            "issue": [_matter(1, "Access rights are not reviewed"), _matter(2, "Invoices are paid twice")],
            "action": [
                _task(1, "Review access rights each quarter", "IT", "in_progress", DUE),
                _task(2, "Match invoices before payment", "Finance", None, AHEAD, issue_id="WT-2"),
                _task(3, "Train the staff", "Finance", "in_progress", None, issue_id="WT-2"),
            ],
        },
    ),
    (LAST, {"action": [_task(1, "Review access rights each quarter", "IT", "closed", DUE)]}),
]
