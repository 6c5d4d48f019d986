"""What the board says of research, opinions, events and releases: rows worked out by hand from `tests/tiny`."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import ledgers
from taizhang.store import Store, engine, releases

AS_OF = dt.date(2019, 10, 11)  # the last release of the tiny data set
DAY_BEFORE = dt.date(2019, 10, 10)
EAST, WEST, SOUTH = "MCA-E", "MCA-W", "MCA-S"


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2019-{text}")


def some(answer: releases.Answer, *columns: str) -> list[tuple]:
    """The rows of an answer, only the columns named."""
    return [tuple(row[column] for column in columns) for row in answer.records()]


def kpi(release: releases.Release, name: str, part: str | None = None, as_of: dt.date = AS_OF) -> Counter:
    """How many rows of a KPI (or its part) are so: (in the denominator, in the numerator) → rows."""
    _, rows = engine.ask(
        release.on_disk,
        "select in_denominator, in_numerator from kpi_rows_of_research($as_of) "
        "where kpi = $kpi and part is not distinct from $part::text",
        {"as_of": as_of, "kpi": name, "part": part},
    )
    return Counter(rows)


COUNTS, NOT, OUT = (True, True), (True, False), (False, False)
UNKNOWN, UNKNOWN_AND_OUT = (True, None), (False, None)


@pytest.fixture(scope="module")
def publish(tmp_path_factory):
    """Publish ledgers given as CSV texts into a new store, one release after the other; the last release."""

    def _publish(*weeks: tuple[str, dict[str, str]]) -> releases.Release:
        folder, parent = tmp_path_factory.mktemp("small"), None
        store = Store(folder / "store")
        for day, texts in weeks:
            files = []
            for table in (name for name in declared_ledgers() if name in texts):
                path = folder / f"{table}.csv"
                path.write_text(texts[table], encoding="utf-8")
                files.append(ledgers.read(path, declared_ledgers()[table]))
            note = releases.Note("测试", on(day), f"至 {day}", f"To {day}", kind="upload" if parent else "first")
            parent = store.publish(files, note, parent).number
        return store.live()

    return _publish


PLACES = {
    "district": "district_code,district_name\nMCA-E,东区\n",
    "town": "town_code,district_code,town_name,town_kind\nMCA-E1,MCA-E,白沙,镇\nMCA-E2,MCA-E,河口,镇\n",
}


# --- districts and towns ---------------------------------------------------------------------------------------


def test_coverage_by_district(tiny):
    answer = tiny.ask("coverage_by_district", as_of=AS_OF)
    assert answer.rows == (
        # MCA-E: the second visit to 白沙 adds a visit, no town; 旧港 is out of scope: a visit, no town
        (EAST, "东区", "East District", 0, 1, 3, 2, 1, 0, Decimal("0.6667"), 4, 1, 3, AS_OF, True, None),
        # MCA-W: a visit without a town, one called off; the town abolished in September is gone
        (WEST, "西市", "West City", 0, 0, 2, 0, 0, 2, Decimal(0), 1, 1, 2, on("09-26"), True, None),
        # MCA-S: nothing in scope, no share; never visited, 0
        (SOUTH, "南市", "South City", 1, 0, 0, 0, 0, 0, None, 0, 0, 0, None, True, None),
        # outside the city; a forum that names no district; two suggestions that name none
        (None, None, None, None, None, None, None, None, None, None, 1, 1, 2, None, True, None),
    )


def test_a_visit_counts_on_its_day_and_not_the_day_before(tiny):
    seen = {
        day: some(tiny.ask("coverage_by_district", as_of=day), "district_code", "visited", "planned", "visits")[0]
        for day in (DAY_BEFORE, AS_OF)
    }
    assert seen == {DAY_BEFORE: (EAST, 1, 1, 3), AS_OF: (EAST, 2, 1, 4)}


def test_coverage_by_town(tiny):
    answer = tiny.ask("coverage_by_town", as_of=AS_OF, district=None)
    assert some(answer, "town_code", "town_name", "district_code", "state", "visits", "last_visited_on") == [
        ("MCA-E1", "白沙", EAST, "visited", 2, on("09-25")),
        ("MCA-E2", "河口", EAST, "visited", 1, AS_OF),
        ("MCA-E3", "石湾", EAST, "planned", 0, None),
        ("MCA-E4", "旧港", EAST, "out_of_scope", 1, on("10-08")),
        ("MCA-W1", "白沙", WEST, "not_visited", 0, None),
        ("MCA-W2", "松岭", WEST, "not_visited", 0, None),
        ("MCA-S1", "海角", SOUTH, "out_of_scope", 0, None),
    ]
    assert answer.rows[0][:7] == ("MCA-E1", "白沙", "Baisha", EAST, "东区", "East District", "subdistrict")
    assert tiny.ask("coverage_by_town", as_of=AS_OF, district=WEST).column("town_code") == ["MCA-W1", "MCA-W2"]


def test_a_town_is_there_until_the_day_it_was_abolished(tiny):
    def towns(day):
        return tiny.ask("coverage_by_town", as_of=on(day), district=WEST).column("town_code")

    assert (towns("09-22"), towns("09-23")) == (["MCA-W1", "MCA-W2", "MCA-W3"], ["MCA-W1", "MCA-W2"])


def test_coverage_gap(tiny):
    assert tiny.ask("coverage_gap", as_of=AS_OF).rows == ((3, 2, 5, 2, 1, True),)


def test_without_visits_on_record_nothing_is_called_unvisited(publish):
    release = publish(("10-11", {**PLACES, "visit": "visit_id,status,outside_city\nZF-1,已走访,邻市\n"}))
    assert release.ask("coverage_gap", as_of=AS_OF).rows == ((1, None, 2, None, 0, False),)
    assert release.ask("coverage_by_town", as_of=AS_OF, district=None).column("state") == ["unknown"] * 2
    columns = ("district_code", "towns", "visited", "planned", "not_visited", "share", "visits", "sessions", "is_known")
    assert some(release.ask("coverage_by_district", as_of=AS_OF), *columns) == [
        (EAST, 2, None, None, None, None, None, None, False),
        (None, None, None, None, None, None, 1, 0, True),
    ]
    assert kpi(release, "K22") == {UNKNOWN: 1}
    assert kpi(release, "K23") == {UNKNOWN: 2}
    assert kpi(release, "K24") == kpi(release, "K24", "outside") == {COUNTS: 1}


def test_visits_that_name_districts_only_leave_the_towns_unknown(publish):
    visit = "visit_id,status,district_code\nZF-1,已走访,MCA-E\n"
    release = publish(("10-11", {**PLACES, "visit": visit}))
    assert release.ask("coverage_gap", as_of=AS_OF).rows == ((1, 1, 2, None, 0, True),)
    assert kpi(release, "K22") == {COUNTS: 1}
    assert kpi(release, "K23") == {UNKNOWN: 2}


def test_district_by_topic_is_a_full_cross(tiny):
    answer = tiny.ask("district_by_topic", as_of=AS_OF)
    assert len(answer.rows) == 3 * 4
    assert answer.rows[0] == (EAST, "东区", "East District", "KT-1", "乡镇统战工作", 2, 0)
    assert [row for row in some(answer, "district_code", "topic_id", "visits", "planned") if any(row[2:])] == [
        (EAST, "KT-1", 2, 0),
        (EAST, "KT-2", 1, 1),
        (WEST, "KT-1", 1, 0),
    ]


def test_visits(tiny):
    answer = tiny.ask("visits", as_of=AS_OF, district=None)
    assert some(answer, "visit_id", "visited_on", "status", "topic_id", "town_name", "outside_city") == [
        ("ZF-1", on("09-18"), "made", "KT-1", "白沙", None),
        ("ZF-2", on("09-25"), "made", "KT-2", "白沙", None),
        ("ZF-3", on("09-26"), "made", "KT-1", None, None),
        ("ZF-6", on("10-08"), "made", None, "旧港", None),
        ("ZF-8", on("10-09"), "dropped", None, "白沙", None),
        ("ZF-5", AS_OF, "made", "KT-1", "河口", None),
        ("ZF-4", on("10-18"), "planned", "KT-2", "石湾", None),
        ("ZF-7", None, "made", "KT-1", None, "邻市"),
    ]
    assert answer.rows[5] == (
        "ZF-5",
        AS_OF,
        "made",
        "KT-1",
        "乡镇统战工作",
        "东区",
        "East District",
        "河口",
        "Hekou",
        None,
        "一科",
        "field",
        3,
        False,
    )
    assert tiny.ask("visits", as_of=AS_OF, district=WEST).column("visit_id") == ["ZF-3", "ZF-8"]
    assert "ZF-5" not in tiny.ask("visits", as_of=DAY_BEFORE, district=EAST).column("visit_id")


def test_districts(tiny):
    assert tiny.ask("districts").rows == (
        (EAST, "东区", "East District"),
        (WEST, "西市", "West City"),
        (SOUTH, "南市", "South City"),
    )


def test_district_and_town_coverage_kpis(tiny):
    assert kpi(tiny, "K22") == {COUNTS: 2, NOT: 1}
    assert kpi(tiny, "K23") == {COUNTS: 2, NOT: 3}
    assert kpi(tiny, "K23", as_of=DAY_BEFORE) == {COUNTS: 1, NOT: 4}
    assert kpi(tiny, "K23", "without_subdistricts") == {COUNTS: 1, NOT: 3}


def test_visits_kpi_shows_districts_without_a_visit_and_visits_without_a_district(tiny):
    assert kpi(tiny, "K24") == {COUNTS: 6, OUT: 1}  # ZF-4 is planned; ZF-8 was called off and is not a row at all
    assert kpi(tiny, "K24", EAST) == {COUNTS: 4, OUT: 1}
    assert kpi(tiny, "K24", WEST) == {COUNTS: 1}
    assert kpi(tiny, "K24", SOUTH) == {OUT: 1}
    assert kpi(tiny, "K24", "outside") == {COUNTS: 1}
    assert kpi(tiny, "K24", as_of=DAY_BEFORE) == {COUNTS: 5, OUT: 2}


# --- topics, proposals, opinions -------------------------------------------------------------------------------


def test_topics(tiny):
    assert tiny.ask("topics", as_of=AS_OF).rows == (
        ("KT-1", "乡镇统战工作", "report_done", "一科", "乡镇统战调研报告", on("10-10"), 4, 2, 1, None, False),
        ("KT-2", "新乡贤", "in_progress", "二科", None, None, 1, 1, 0, None, False),
        ("KT-3", "民营经济", None, None, None, None, 0, 0, 0, None, False),
        ("KT-4", "侨情", "converted", "三科", "侨情调研报告", on("09-16"), 0, 0, 3, None, False),
    )
    assert tiny.ask("topics", as_of=DAY_BEFORE).column("visits") == [3, 1, 0, 0]


def test_topics_whose_visits_and_proposals_nobody_recorded(publish):
    release = publish(("10-11", {"research_topic": "topic_id,title\nKT-1,课题\n"}))
    assert some(release.ask("topics", as_of=AS_OF), "visits", "districts", "proposals") == [(None, None, None)]


def test_proposals(tiny):
    assert tiny.ask("proposals").rows == (
        ("JY-4", "KT-1", "乡镇统战工作", "定期议事", "policy", None, None, "议事规则", None, False),
        ("JY-1", "KT-4", "侨情", "建侨务智库", "adopted", on("09-23"), "市委", None, None, False),
        ("JY-2", "KT-4", "侨情", "办侨讯", "not_adopted", None, None, None, None, False),
        ("JY-3", "KT-4", "侨情", "设侨联站", "unknown", None, None, None, None, False),
    )


def test_a_proposal_of_no_topic_is_listed_and_a_dated_report_goes_before_an_undated_one(publish):
    release = publish(
        (
            "10-11",
            {
                "proposal": "proposal_id,content\nJY-1,没有课题的建议\n",
                "figure": "figure_id,name_zh,name_en,kpi,side,value,unit_zh,unit_en,as_of_on\n"
                "TB-1,问题,Issues,K01,value,5,个,issues,\nTB-2,问题,Issues,K01,value,9,个,issues,2019-10-01\n",
            },
        )
    )
    assert some(release.ask("proposals"), "proposal_id", "topic_id") == [("JY-1", None)]
    reported = {row["kpi"]: row["reported"] for row in release.ask("kpis", as_of=AS_OF).records() if not row["part"]}
    assert reported["K01"] == 9


def test_topics_and_proposals_kpis(tiny):
    assert kpi(tiny, "K26") == {COUNTS: 2, NOT: 1, UNKNOWN: 1}
    assert kpi(tiny, "K32") == {COUNTS: 2, NOT: 1, UNKNOWN_AND_OUT: 1}


def test_feedback_funnel(tiny):
    assert tiny.ask("feedback_funnel").rows == (
        ("sent", "form", 20, "LC-1"),
        ("returned", "form", 15, "LC-1"),
        ("opinions_raw", "opinion", 6, "LC-1"),  # as the round reports it; the ledger has two of them
        ("opinions_merged", "opinion", 5, "LC-1"),
        ("issues", "issue", 1, "LC-1"),
        ("sent", "form", None, "LC-2"),  # not stated, not 0
        ("returned", "form", 35, "LC-2"),
        ("opinions_raw", "opinion", 1, "LC-2"),
        ("opinions_merged", "opinion", 1, "LC-2"),
        ("issues", "issue", 0, "LC-2"),
        ("opinions_raw", "opinion", 5, None),  # came outside any round: opinions, no forms
        ("opinions_merged", "opinion", 5, None),
        ("issues", "issue", 1, None),
    )


def test_a_round_whose_opinions_nobody_recorded(publish):
    release = publish(("10-11", {"feedback_round": "round_id,round_name,returned_count\nLC-1,征求意见,35\n"}))
    assert release.ask("feedback_funnel").column("amount") == [None, 35, None, None, None]


def test_suggestion_handling(tiny):
    assert tiny.ask("suggestion_handling", as_of=AS_OF, district=None).rows == (
        ("A", 2),
        ("B", 1),
        ("C", 1),
        ("D", 1),
        ("pending", 1),
        ("duplicate", 1),
        (None, 1),
    )
    assert tiny.ask("suggestion_handling", as_of=AS_OF, district=EAST).rows == (("A", 2), ("B", 1), ("duplicate", 1))
    # YJ-8 came in on the last day
    assert tiny.ask("suggestion_handling", as_of=DAY_BEFORE, district=EAST).rows[0] == ("A", 1)


def test_suggestions(tiny):
    answer = tiny.ask("suggestions", as_of=AS_OF, district=None)
    columns = ("suggestion_id", "received_on", "channel", "district_name", "disposition", "replied_on")
    assert some(answer, *columns) == [
        ("YJ-1", on("09-18"), "questionnaire", "东区", "A", on("09-27")),
        ("YJ-2", on("09-19"), "questionnaire", "东区", "duplicate", None),
        ("YJ-3", on("09-20"), "forum", "东区", "B", AS_OF),
        ("YJ-4", on("09-20"), "research_visit", "西市", "C", on("10-08")),
        ("YJ-5", on("10-01"), "box", None, "D", on("10-05")),
        ("YJ-7", DAY_BEFORE, "online", "西市", "pending", None),
        ("YJ-8", AS_OF, "hotline", "东区", "A", None),
        ("YJ-6", None, None, None, None, None),
    ]
    assert answer.rows[0] == (
        "YJ-1",
        on("09-18"),
        "questionnaire",
        "乡镇干部",
        "东区",
        "East District",
        "白沙",
        "Baisha",
        "增加培训",
        "A",
        "一科",
        on("09-27"),
        "WT-001",
        False,
    )
    assert tiny.ask("suggestions", as_of=AS_OF, district=WEST).column("suggestion_id") == ["YJ-4", "YJ-7"]
    assert "YJ-8" not in tiny.ask("suggestions", as_of=DAY_BEFORE, district=None).column("suggestion_id")


def test_suggestion_counts_kpi(tiny):
    assert kpi(tiny, "K27") == {COUNTS: 8}
    assert kpi(tiny, "K27", "merged") == {COUNTS: 7}
    channels = ("questionnaire", "forum", "research_visit", "box", "online", "hotline", "unknown", "talk")
    assert [kpi(tiny, "K27", channel)[COUNTS] for channel in channels] == [2, 1, 1, 1, 1, 1, 1, 0]


def test_answered_solved_and_adopted_are_three_things(tiny):
    # answered: YJ-1, 3, 4, 5; YJ-5 (D) is answered and not adopted; YJ-8 is solved, but has no reply date
    assert kpi(tiny, "K28") == {COUNTS: 4, NOT: 2, UNKNOWN: 1}
    assert kpi(tiny, "K28", as_of=DAY_BEFORE) == {COUNTS: 3, NOT: 2, UNKNOWN: 1}  # YJ-3 was replied to on the 11th
    assert kpi(tiny, "K29") == kpi(tiny, "K29", "solved") == {COUNTS: 2, NOT: 4, UNKNOWN: 1}
    assert kpi(tiny, "K29", "adopted") == {COUNTS: 4, NOT: 2, UNKNOWN: 1}
    assert kpi(tiny, "K31") == {COUNTS: 2, NOT: 5}


def test_return_rate_adds_forms_of_the_rounds_where_both_counts_are_known(tiny):
    assert kpi(tiny, "K30") == {COUNTS: 1, UNKNOWN: 1}
    _, rows = engine.ask(
        tiny.on_disk,
        "select part, row_key, in_denominator, in_numerator, amount from kpi_rows_of_research($as_of) "
        "where kpi = 'K30' and part is not null order by all",
        {"as_of": AS_OF},
    )
    assert rows == [
        ("issued", "LC-1", True, False, 20),
        ("returned", "LC-1", False, True, 15),
        ("returned", "LC-2", False, False, 35),  # shown, in no rate
    ]


# --- events and documents --------------------------------------------------------------------------------------


def test_sessions(tiny):
    assert tiny.ask("sessions", as_of=AS_OF, district=None).rows == (("forum", 2, 20, 2), ("seminar", 1, None, 0))
    assert tiny.ask("sessions", as_of=AS_OF, district=EAST).rows == (("forum", 1, 12, 1), ("seminar", 0, None, 0))
    assert tiny.ask("sessions", as_of=DAY_BEFORE, district=None).rows == (("forum", 1, 12, 1), ("seminar", 1, None, 0))


def test_sessions_nobody_recorded_are_unknown(publish):
    release = publish(("10-11", {**PLACES, "event": "event_id,title,kind,strand\nHD-1,会议,会议,综合\n"}))
    unknown = (("forum", None, None, None), ("seminar", None, None, None))
    assert release.ask("sessions", as_of=AS_OF, district=None).rows == unknown
    assert kpi(release, "K25") == {}
    held = publish(("10-11", {**PLACES, "event": "event_id,title,kind,strand\nHD-1,座谈,座谈会,调查研究\n"}))
    assert held.ask("sessions", as_of=AS_OF, district=None).rows == (("forum", 1, None, 0), ("seminar", 0, None, 0))
    assert held.ask("sessions", as_of=AS_OF, district=EAST).rows == unknown


def test_sessions_kpi(tiny):
    assert kpi(tiny, "K25") == {COUNTS: 3, OUT: 1}  # HD-08 is announced for the day after
    assert kpi(tiny, "K25", "forum") == {COUNTS: 2, OUT: 1}
    assert kpi(tiny, "K25", "seminar") == {COUNTS: 1}


def test_study_by_kind(tiny):
    assert tiny.ask("study_by_kind", as_of=AS_OF).rows == (
        ("lecture", 1, 1, 0, None),  # attendance unknown, not 0
        ("study_session", 1, 1, 1, 30),
        ("training", 1, 1, 1, 40),  # known to the month
        ("visit", 1, 0, 0, None),  # undated
    )


def test_events(tiny):
    answer = tiny.ask("events", as_of=AS_OF, page=None, strand=None, kind=None, district=None)
    assert some(answer, "event_id", "started_on", "ended_on", "date_precision", "half", "attendance") == [
        ("HD-03", on("09-01"), None, "month", None, 40),
        ("HD-01", on("09-11"), None, "day", None, 30),
        ("HD-05", on("09-18"), None, "day", None, 12),
        ("HD-10", on("09-19"), None, "day", None, 0),
        ("HD-02", on("09-24"), None, "half_day", "am", None),
        ("HD-06", on("10-09"), on("10-12"), "range", None, None),
        ("HD-09", AS_OF, None, "half_day", "am", 20),
        ("HD-07", AS_OF, None, "half_day", "pm", 8),
        ("HD-04", None, None, "unknown", None, None),
    ]
    assert answer.rows[2] == (
        "HD-05",
        "白沙座谈会",
        "forum",
        "research",
        on("09-18"),
        None,
        "9月18日",
        "day",
        None,
        False,
        None,
        EAST,
        "东区",
        "East District",
        "白沙",
        "Baisha",
        12,
        None,
        None,
        False,
    )
    first = answer.records()[1]
    assert (first["is_year_inferred"], first["date_text"]) == (True, "9月11日")
    assert first["quote_zh"] == tiny.rows()["fact"][first["fact_id"]]["quote_zh"]


@pytest.mark.parametrize(
    ("chosen", "events"),
    [
        ({"strand": "research"}, ["HD-05", "HD-06", "HD-07"]),
        ({"kind": "forum"}, ["HD-05", "HD-07"]),
        ({"district": WEST}, ["HD-06"]),
        ({"strand": "review"}, []),
        ({"page": "research"}, ["HD-05", "HD-06", "HD-07"]),
        ({"page": "review"}, []),
    ],
)
def test_events_chosen_by_one_thing(tiny, chosen, events):
    params = {"page": None, "strand": None, "kind": None, "district": None} | chosen
    assert tiny.ask("events", as_of=AS_OF, **params).column("event_id") == events


def test_strand_lanes(tiny):
    assert tiny.ask("strand_lanes", as_of=AS_OF).rows == (
        ("study", 4, 3, on("09-01"), on("09-24"), "专题党课", 1),
        ("research", 3, 3, on("09-18"), AS_OF, "专家座谈会", 0),
        ("review", 0, 0, None, None, None, 0),
        ("rectify", 1, 1, AS_OF, AS_OF, "整改推进会", 4),
        ("overall", 1, 1, on("09-19"), on("09-19"), "动员部署会", 1),
    )
    # on the 10th the range is running and reaches to that day, not to its end
    assert tiny.ask("strand_lanes", as_of=DAY_BEFORE).rows[1] == (
        "research",
        2,
        2,
        on("09-18"),
        DAY_BEFORE,
        "西市研讨会",
        0,
    )


def test_documented(tiny):
    assert tiny.ask("documented", as_of=AS_OF).rows == (
        ("study", "date", 3, 4),
        ("study", "place", 2, 4),
        ("study", "attendance", 2, 4),
        ("research", "date", 3, 3),
        ("research", "place", 2, 3),  # one names its town, one its place
        ("research", "attendance", 2, 3),
        ("research", "district", 2, 3),
        ("review", "date", 0, 0),
        ("review", "place", 0, 0),
        ("review", "attendance", 0, 0),
        ("rectify", "date", 1, 1),
        ("rectify", "place", 1, 1),
        ("rectify", "attendance", 1, 1),
        ("overall", "date", 1, 1),
        ("overall", "place", 1, 1),
        ("overall", "attendance", 1, 1),  # 0 people is a number
    )


def test_documents(tiny):
    answer = tiny.ask("documents", page=None)
    assert some(answer, "document_id", "kind", "treatment", "strand", "issued_on", "event_title") == [
        ("WJ-5", "plan", "made", "overall", on("09-12"), None),
        ("WJ-3", "rule", "studied", "rectify", on("09-24"), None),
        ("WJ-1", "rule", "made", "rectify", on("09-25"), None),
        ("WJ-6", "rule", "made", "rectify", on("10-12"), None),
        ("WJ-2", "plan", "revised", "rectify", None, None),
        ("WJ-4", "rule", None, "rectify", None, None),
        ("WJ-7", "material", "studied", "study", None, "集中学习第一次"),
    ]
    assert tiny.ask("documents", page="study").column("document_id") == ["WJ-7"]


def test_rules_made_or_revised_kpi(tiny):
    # WJ-1 and WJ-2 count; WJ-4 does not say what was done; WJ-3 was only studied, WJ-6 is of the day after
    assert kpi(tiny, "K33") == {COUNTS: 2, OUT: 4, UNKNOWN_AND_OUT: 1}


# --- what was reported, and where it is written ----------------------------------------------------------------

REPORTED = {
    **PLACES,
    "campaign": "campaign_id,campaign_name,batch,org_name,started_on,silent_days,scope_note\n"
    "ZT-1,主题教育,第二批,统战部,2019-09-11,10,含街道\n",
    "source": "source_id,title,publisher,body,licence\nLY-1,文章,日报,走访1个市区。收回35份。,仅引用\nLY-2,名录,,,\n",
    "fact": "fact_id,source_id,kind,strand,quote_zh,value_text,unit_zh\n"
    "YW-1,LY-1,figure,research,走访1个市区,1,个\nYW-2,LY-2,requirement,,没有全文,,\n",
    "figure": "figure_id,name_zh,name_en,strand,kpi,side,value,value_text,unit_zh,unit_en,as_of_on,fact_id\n"
    "TB-1,市区,Districts,research,K22,numerator,1,,个,districts,,YW-1\n"
    "TB-2,课题,Topics,research,K26,denominator,13,,个,topics,,\n"
    "TB-3,场次,Sessions,research,K25,value,22,,场,sessions,,\n"
    "TB-4,回收,Returned,review,K30,numerator,35,,份,forms,,\n"
    "TB-5,历时,Length,overall,,,,近3个月,月,months,,\n"
    "TB-6,下期,Next,research,K25,value,30,,场,sessions,2019-10-12,\n"
    "TB-7,乡镇,Towns,research,K23,numerator,2,,个,towns,,\n",
    "visit": "visit_id,status,district_code\nZF-1,已走访,MCA-E\n",
    "research_topic": "topic_id,title\nKT-1,课题\nKT-2,课题\nKT-3,课题\n",
    "feedback_round": "round_id,round_name,returned_count\nLC-1,征求意见,35\n",
    "meeting": "meeting_id,title,held_on,as_of_on,note\n"
    "HY-1,第一次汇报会,2019-09-21,2019-09-20,\nHY-2,第二次汇报会,2019-10-12,2019-10-11,会前材料\n",
}


@pytest.fixture(scope="module")
def reported(publish) -> releases.Release:
    """Reported figures beside thin ledgers, meetings, and four releases of which the third undoes the second."""
    release = publish(("09-20", REPORTED), ("09-27", {"research_topic": "topic_id,title\nKT-2,新题目\n"}))
    store = Store(release.on_disk.parents[1])
    store.take_back(2, releases.Note("测试", on("09-20"), "撤销", "Undone", kind="undo", undoes=2))
    path = store.folder / "again.csv"
    path.write_text("topic_id,title,status\nKT-2,课题,调研中\nKT-3,课题,\n", encoding="utf-8")
    file = ledgers.read(path, declared_ledgers()["research_topic"])
    return store.publish([file], releases.Note("测试", AS_OF, "至 10-11", "To 10-11"), 3)


def test_reported_figures_beside_the_ledgers(reported):
    answer = reported.ask("reported_against_ledger", as_of=AS_OF)
    assert some(answer, "figure_id", "kpi", "side", "value", "ledger", "difference") == [
        ("TB-1", "K22", "numerator", 1, 1, 0),
        ("TB-2", "K26", "denominator", 13, 3, 10),
        ("TB-3", "K25", "value", 22, None, None),  # no session on record: unknown, not 0
        ("TB-4", "K30", "numerator", 35, 35, 0),  # forms, not rounds
        ("TB-5", None, None, None, None, None),
        ("TB-7", "K23", "numerator", 2, None, None),  # no visit names a town
    ]
    assert answer.rows[0] == (
        "TB-1",
        "市区",
        "Districts",
        "research",
        "K22",
        "numerator",
        1,
        None,
        "个",
        "districts",
        1,
        0,
        0,
        "reported",
        "YW-1",
        "走访1个市区",
        "LY-1",
        False,
    )


def test_facts_and_sources(reported):
    assert reported.ask("facts", source_id=None).column("fact_id") == ["YW-1", "YW-2"]
    assert reported.ask("facts", source_id="LY-1").rows == (
        ("YW-1", "figure", "research", None, None, "1", "个", None, "走访1个市区", None, "reported"),
    )
    assert reported.ask("sources").rows == (
        ("LY-1", "文章", "日报", None, None, None, None, "仅引用", True, False),
        ("LY-2", "名录", None, None, None, None, None, None, False, False),
    )
    assert reported.ask("source_text", source_id="LY-1").rows == (("LY-1", "文章", "走访1个市区。收回35份。"),)


def test_campaign(reported):
    assert reported.ask("campaign").rows == (
        ("ZT-1", "主题教育", "第二批", "统战部", on("09-11"), None, 7, 10, 30, 7, 10, True, "含街道"),
    )


def test_meetings_whose_data_reach_no_further_than_the_day(reported):
    assert reported.ask("meetings", as_of=AS_OF).rows == (
        ("HY-1", "第一次汇报会", on("09-21"), on("09-20"), None),
        ("HY-2", "第二次汇报会", on("10-12"), AS_OF, "会前材料"),
    )
    assert reported.ask("meetings", as_of=DAY_BEFORE).column("meeting_id") == ["HY-1"]


def test_marks_leave_out_releases_that_were_undone(reported):
    assert reported.ask("marks", as_of=AS_OF).rows == (
        ("upload", on("09-20"), "撤销", "Undone", 3),
        ("meeting", on("09-21"), "第一次汇报会", "第一次汇报会", 3),
        ("upload", AS_OF, "至 10-11", "To 10-11", 4),
    )
    assert reported.ask("marks", as_of=on("10-12")).rows[-1] == (
        "meeting",
        on("10-12"),
        "第二次汇报会",
        "第二次汇报会",
        4,
    )


@pytest.mark.parametrize(
    ("day", "age", "freshness"),
    [
        ("10-11", 0, "fresh"),
        ("10-18", 7, "fresh"),
        ("10-19", 8, "ageing"),
        ("10-25", 14, "ageing"),
        ("10-26", 15, "stale"),
    ],
)
def test_data_age(reported, day, age, freshness):
    assert reported.ask("data_age", as_of=on(day)).rows == ((AS_OF, age, on("10-18"), freshness),)


# --- releases --------------------------------------------------------------------------------------------------


def test_release_list(reported):
    columns = (
        "release",
        "kind",
        "as_of_on",
        "published_by",
        "note_en",
        "undoes",
        "files",
        "rows_new",
        "rows_changed",
        "rows_same",
        "is_demo",
    )
    assert some(reported.ask("release_list"), *columns) == [
        (4, "upload", AS_OF, "测试", "To 10-11", None, 1, 0, 1, 1, False),
        (3, "undo", on("09-20"), "测试", "Undone", 2, 0, 0, 0, 0, False),
        (2, "upload", on("09-27"), "测试", "To 09-27", None, 1, 0, 1, 0, False),
        (1, "first", on("09-20"), "测试", "To 09-20", None, 10, 22, 0, 0, False),
    ]


def test_received_files(reported):
    assert some(
        reported.ask("received_files", release=4),
        "file_name",
        "table_name",
        "encoding",
        "rows_total",
        "rows_new",
        "rows_changed",
        "rows_same",
    ) == [("again.csv", "research_topic", "UTF-8", 2, 0, 1, 1)]
    assert reported.ask("received_files", release=3).rows == ()


def test_changes_of_a_release(reported):
    assert reported.ask("changes_of", release=2).rows == (
        ("research_topic", "KT-2", "changed", "title", "课题", "新题目", 2),
    )
    assert reported.ask("changes_of", release=3).rows == (
        ("research_topic", "KT-2", "changed", "title", "新题目", "课题", None),
    )
    assert len(reported.ask("changes_of", release=1).rows) == 22


def test_origins_name_what_last_brought_or_confirmed_a_row(reported):
    answer = reported.ask("origins", table_name="research_topic")
    assert some(answer, "row_key", "release", "file_name", "line") == [
        ("KT-1", 1, "research_topic.csv", 2),
        ("KT-2", 4, "again.csv", 2),
        ("KT-3", 4, "again.csv", 3),
    ]
