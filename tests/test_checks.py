"""The rules data must keep: each check finds the row planted for it, and nothing else."""

import datetime as dt
import re
from functools import partial
from pathlib import Path

import pytest
from ready_made import copy_of

from taizhang.declared import queries
from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.rows import ledgers
from taizhang.rows.ledgers import RowsRefused
from taizhang.showing import upkeep
from taizhang.store import Store, engine, publishing, releases

AS_OF = dt.date(2019, 10, 11)

# Rows that break no rule; every fault below is added to these.
SOUND = {
    "campaign": "campaign_id,campaign_name,org_name,started_on,ended_on,default_year\n"
    "ZT-1,主题教育,统战部,2019-09-11,2019-11-30,2019\n",
    "source": "source_id,title,body\nLY-1,文章,第一句。第二句。\nLY-2,无全文的来源,\n",
    "fact": "fact_id,source_id,kind,quote_zh\nYW-1,LY-1,figure,第一句。\nYW-2,LY-2,figure,无从核对\n",
    "figure": "figure_id,name_zh,name_en,kpi,side,value,value_text,unit_zh,unit_en\n"
    "TB-1,整改问题,Issues,K01,value,2,2个,个,issues\nTB-2,历时,Length,,,,近3个月,月,months\n",
    "district": "district_code,district_name,tile_row,tile_col\nMCA-E,东区,0,0\nMCA-W,西市,0,1\n",
    "town": "town_code,district_code,town_name,town_kind,tile_row,tile_col,valid_from,valid_to\n"
    "MCA-E1,MCA-E,白沙,镇,0,0,,\nMCA-W1,MCA-W,白沙,镇,0,1,,2019-09-30\n"
    "MCA-W2,MCA-W,新白沙,镇,0,1,2019-10-01,\nMCA-W3,MCA-W,无格,镇,,,,\n",
    "research_topic": "topic_id,title,status,report_title,reported_on\n"
    "KT-1,课题,已形成报告,调研报告,2019-10-11\nKT-2,课题二,调研中,,\n",
    "visit": "visit_id,visited_on,status,district_code,town_code,outside_city\n"
    "ZF-1,2019-10-11,已走访,MCA-E,MCA-E1,\nZF-2,2019-10-12,已计划,MCA-E,,\nZF-3,,已走访,,,邻市\n",
    "suggestion": "suggestion_id,received_on,content,disposition,replied_on,merged_into_id\n"
    "YJ-1,2019-09-12,意见,A 已解决,2019-10-11,\nYJ-2,,同上,重复合并,,YJ-1\nYJ-3,,另一条,待办,,\n",
    "issue": "issue_id,title,identified_on,status_manual,merged_into_id\n"
    "WT-1,问题,2019-09-15,,\nWT-2,问题二,,,\nWT-3,并入的问题,,撤销合并,WT-1\n",
    "action": "action_id,issue_id,content,resp_unit,rect_type,due_on,status,percent,"
    "done_on,result_note,verified_by,closed_on,cancel_reason,merged_into_id\n"
    "CS-1,WT-1,限期,一科,限期整改,2019-10-31,整改中,90,,,,,,\n"
    "CS-2,WT-1,长期,一科,长期坚持,,整改中,,,,,,,\n"
    "CS-3,WT-2,办结,一科,立行立改,2019-10-11,已销号,100,2019-10-10,成效,办公室,2019-10-11,,\n"
    "CS-4,,并入的,,,,撤销合并,100,,,,,重复,CS-1\n",
    "extension": "extension_id,action_id,requested_on,old_due_on,new_due_on,reason,decision\n"
    "YQ-1,CS-1,2019-10-11,2019-10-31,2019-11-15,待定中,待定\n",
    "satisfaction": "survey_id,grade,valid_count,votes\nCP-1,满意,10,6\nCP-1,比较满意,10,4\n",
}

# Check → what is added, and the rows the check must then find.
PLANTED = {
    "all_done_by_percent_but_not_by_status": ({"action": "action_id,percent\nCS-1,100\n"}, ["CS-1"]),
    "answer_has_no_reply_date": (
        {"suggestion": "suggestion_id,content,disposition\nYJ-8,意见,D\nYJ-9,意见,待办\n"},
        ["YJ-8"],
    ),
    "closed_before_the_issue_was_confirmed": (
        {
            "action": "action_id,issue_id,content,resp_unit,rect_type,due_on,status,"
            "done_on,result_note,verified_by,closed_on\n"
            "CS-9,WT-1,早办,一科,立行立改,2019-09-30,已销号,2019-09-14,成效,办公室,2019-09-14\n"
        },
        ["CS-9"],
    ),
    "demo_rows_stand_beside_real_ones": (
        {"suggestion": "suggestion_id,content,disposition,is_demo\nYJ-8,意见,待办,是\nYJ-9,意见,待办,是\n"},
        ["YJ-8"],
    ),
    "done_after_the_as_of_day": (
        {"visit": "visit_id,visited_on,status,outside_city\nZF-9,2019-10-12,已走访,邻市\n"},
        ["ZF-9"],
    ),
    "due_before_the_issue_was_confirmed": (
        {
            "action": "action_id,issue_id,content,resp_unit,rect_type,due_on,status\n"
            "CS-8,WT-1,当天到期,一科,限期整改,2019-09-15,整改中\nCS-9,WT-1,早一天,一科,限期整改,2019-09-14,整改中\n"
        },
        ["CS-9"],
    ),
    "due_date_moved_without_an_extension": (
        {
            "action": "action_id,issue_id,content,resp_unit,rect_type,original_due_on,due_on,status\n"
            "CS-8,WT-1,已获同意,一科,限期整改,2019-10-20,2019-10-25,整改中\n"
            "CS-9,WT-1,自行改期,一科,限期整改,2019-10-20,2019-10-26,整改中\n",
            "extension": "extension_id,action_id,requested_on,old_due_on,new_due_on,reason,decision\n"
            "YQ-8,CS-8,2019-10-10,2019-10-20,2019-10-25,材料未到,同意\n"
            "YQ-9,CS-9,2019-10-10,2019-10-20,2019-10-26,材料未到,不同意\n",
        },
        ["CS-9"],
    ),
    "due_far_from_the_campaign": (
        {
            "action": "action_id,issue_id,content,resp_unit,rect_type,due_on,status\n"
            "CS-8,WT-2,次年,一科,限期整改,2020-12-31,整改中\nCS-9,WT-2,年份写错,一科,限期整改,2109-10-31,整改中\n"
        },
        ["CS-9"],
    ),
    "extension_was_asked_for_too_late": (
        {
            "extension": "extension_id,action_id,requested_on,old_due_on,new_due_on,reason\n"
            "YQ-8,CS-1,2019-10-11,2019-10-11,2019-11-15,当天\nYQ-9,CS-1,2019-10-11,2019-10-10,2019-11-15,晚一天\n"
        },
        ["YQ-9"],
    ),
    "figure_cannot_be_set_beside_its_kpi": (
        {
            "figure": "figure_id,name_zh,name_en,kpi,side,value,value_text,unit_zh,unit_en\n"
            "TB-8,没有数值,No value,K02,value,,若干,条,measures\n"
            "TB-9,没有这个指标,No such KPI,K38,value,1,,条,measures\n"
        },
        ["TB-8", "TB-9"],
    ),
    "ledger_differs_from_what_was_reported": (
        {
            "figure": "figure_id,name_zh,name_en,kpi,side,value,unit_zh,unit_en\n"
            "TB-8,市区,Districts,K22,denominator,2,个,districts\nTB-9,课题,Topics,K26,denominator,13,个,topics\n"
        },
        ["TB-9"],
    ),
    "measure_has_no_due_date": (
        {"action": "action_id,issue_id,content,resp_unit,rect_type,status\nCS-9,WT-1,措施,一科,限期整改,整改中\n"},
        ["CS-9"],
    ),
    "measure_has_no_status": (
        {"action": "action_id,issue_id,content,resp_unit,rect_type,due_on\nCS-9,WT-1,措施,一科,限期整改,2019-10-31\n"},
        ["CS-9"],
    ),
    "measure_has_no_type": (
        {"action": "action_id,issue_id,content,resp_unit,due_on,status\nCS-9,WT-1,措施,一科,2019-10-31,整改中\n"},
        ["CS-9"],
    ),
    "measure_has_no_unit": (
        {
            "action": "action_id,issue_id,content,lead_unit,rect_type,due_on,status\n"
            "CS-8,WT-1,有牵头单位,一科,限期整改,2019-10-31,整改中\nCS-9,WT-1,措施,,限期整改,2019-10-31,整改中\n"
        },
        ["CS-9"],
    ),
    "measure_serves_no_issue": (
        {"action": "action_id,content,resp_unit,rect_type,due_on,status\nCS-9,措施,一科,限期整改,2019-10-31,整改中\n"},
        ["CS-9"],
    ),
    "merged_into_a_row_that_does_not_count": (
        {
            "suggestion": "suggestion_id,content,disposition,merged_into_id\nYJ-9,三并二,重复合并,YJ-2\n",
            # CS-8 and WT-8 are cancelled and went nowhere: what is merged into them does not count either
            "action": "action_id,content,status,cancel_reason,merged_into_id\nCS-9,五并四,撤销合并,重复,CS-4\n"
            "CS-8,撤销的,撤销合并,不再需要,\nCS-7,并入撤销的,撤销合并,重复,CS-8\n",
            "issue": "issue_id,title,status_manual,cancel_reason,merged_into_id\nWT-9,四并三,撤销合并,,WT-3\n"
            "WT-8,撤销的,撤销合并,不再需要,\nWT-7,并入撤销的,撤销合并,,WT-8\n",
        },
        ["CS-7", "CS-9", "WT-7", "WT-9", "YJ-9"],
    ),
    "more_than_one_campaign": ({"campaign": "campaign_id,campaign_name,org_name\nZT-2,另一个,统战部\n"}, ["ZT-2"]),
    "more_than_six_strands": (
        {
            "strand": "strand_code,strand_name,sort_order\nz,甲,0\n"
            + "".join(f"s{n},第{n}项,{n}\n" for n in range(1, 7))
        },
        ["s6"],
    ),
    "quote_is_not_in_the_source": (
        {"fact": 'fact_id,source_id,kind,quote_zh\nYW-8,LY-1,figure,第二句\nYW-9,LY-1,figure,"第一句,第二句"\n'},
        ["YW-9"],
    ),
    "strand_is_not_in_use": (
        {
            "strand": "strand_code,strand_name\naudit,审计整改\n",
            "event": "event_id,title,kind,strand\nHD-7,自己的,会议,audit\nHD-8,综合,会议,综合\nHD-9,没有,会议,study\n",
            "document": "document_id,title,kind,strand\nWJ-8,没写的,方案,\nWJ-9,没有的,方案,research\n",
        },
        ["WJ-9", "HD-9"],
    ),
    "survey_disagrees_on_its_valid_forms": (
        {"satisfaction": "survey_id,grade,valid_count,votes\nCP-9,满意,10,6\nCP-9,比较满意,9,3\n"},
        ["CP-9|fairly"],
    ),
    "survey_has_more_votes_than_forms": (
        {"satisfaction": "survey_id,grade,valid_count,votes\nCP-9,满意,10,7\nCP-9,比较满意,10,4\n"},
        ["CP-9|very"],
    ),
    "topic_has_a_report_without_a_title": ({"research_topic": "topic_id,title,status\nKT-9,课题,已转化\n"}, ["KT-9"]),
    "two_places_on_one_tile": (
        {
            "district": "district_code,district_name,tile_row,tile_col\nMCA-X,新区,0,0\n",
            # one day in common is enough: the last of one place is the first of the other, whichever comes first
            "town": "town_code,district_code,town_name,town_kind,tile_row,tile_col,valid_from,valid_to\n"
            "MCA-E4,MCA-E,后来一,镇,6,6,2019-10-01,\nMCA-E5,MCA-E,先前一,镇,6,6,,2019-10-01\n"
            "MCA-E6,MCA-E,先前二,镇,5,5,,2019-10-01\nMCA-E7,MCA-E,后来二,镇,5,5,2019-10-01,\n"
            "MCA-E9,MCA-E,新镇,镇,0,0,,\n",
        },
        ["MCA-X", "MCA-E5", "MCA-E7", "MCA-E9"],
    ),
    "visit_names_no_town": (
        {"visit": "visit_id,visited_on,status,district_code\nZF-9,2019-10-10,已走访,MCA-W\n"},
        ["ZF-9"],
    ),
}

NOTE = releases.Note("测试", AS_OF, "校验", "Checks")


def published(store: Store, scratch: Path, *folders, parent=None) -> releases.Release:
    """Publish ledgers given as CSV texts; the release, or what publishing raises."""
    files = []
    for place, folder in enumerate(folders):
        for table in (name for name in declared_ledgers() if name in folder):
            path = scratch / f"{place}-{table}.csv"
            path.write_text(folder[table], encoding="utf-8")
            files.append(ledgers.read(path, declared_ledgers()[table]))
    return store.publish(files, NOTE, parent)


@pytest.fixture
def publish(tmp_path):
    """`publish({"action": "…csv…"})` publishes into one store of the test's own."""
    return partial(published, Store(tmp_path / "store"), tmp_path)


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> releases.Release:
    root = tmp_path_factory.mktemp("sound")
    return published(Store(root / "store"), root, SOUND)


@pytest.fixture
def sound_store(sound, tmp_path):
    """The store that `publish` publishes into, with the sound rows in it."""
    return copy_of(Store(sound.on_disk.parents[1]), tmp_path / "store")


def findings(release: releases.Release) -> dict[str, list[str]]:
    """Check → keys of the rows it finds in a release; checks that find nothing are left out."""
    found = {}
    for check in queries.checks().values():
        _, rows = engine.ask(release.on_disk, check.sql, {"as_of": release.as_of} if check.params else {})
        if rows:
            found[check.name] = [row[1] for row in rows]
    return found


def test_every_check_has_a_row_planted_for_it():
    assert set(PLANTED) == set(queries.checks())


def test_every_check_returns_table_and_row_first_and_has_a_severity():
    for check in queries.checks().values():
        assert [column.name for column in check.returns[:2]] == ["table_name", "row_key"], check.name
        assert check.severity in ("error", "warning"), check.name


def test_a_check_that_is_not_asked_without_a_table_reads_it_and_finds_nothing_without_it(publish):
    checks = [check for check in queries.checks().values() if check.nothing_without]
    assert [check.name for check in checks] == ["ledger_differs_from_what_was_reported"]
    for check in checks:
        assert check.nothing_without in queries.base_tables(check)
        # one issue more than the sound rows report: beside the report it would be found
        rows = {**SOUND, "issue": "issue_id,title\nWT-1,问题\nWT-2,问题二\nWT-3,问题三\n"}
        del rows[check.nothing_without]
        assert check.name not in findings(publish(rows))


def test_sound_rows_break_no_rule(sound):
    assert findings(sound) == {}


def test_the_tiny_data_break_only_the_rules_they_mean_to(tiny):
    assert findings(tiny) == {
        "all_done_by_percent_but_not_by_status": ["CS-002"],
        "answer_has_no_reply_date": ["YJ-8"],
        "demo_rows_stand_beside_real_ones": ["CS-020", "FG-4", "WT-009"],
        "extension_was_asked_for_too_late": ["YQ-2", "YQ-5"],
        "ledger_differs_from_what_was_reported": ["FG-2", "FG-6"],
        "measure_has_no_due_date": ["CS-008", "CS-018"],
        "measure_has_no_status": ["CS-009"],
        "measure_has_no_type": ["CS-010"],
        "measure_has_no_unit": ["CS-018"],
        "measure_serves_no_issue": ["CS-008"],
        "visit_names_no_town": ["ZF-3"],
    }


WARNINGS = sorted(name for name, check in queries.checks().items() if check.severity == "warning")
ERRORS = sorted(name for name, check in queries.checks().items() if check.severity == "error")


def of_its_own(name: str, text: str) -> str:
    """The text with numbers for the planted rows that no other check's rows have: CS-9 is CS-904."""
    return re.sub(r"\b([A-Z]{2}-[789])\b", rf"\g<1>{WARNINGS.index(name):02}", text)


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, list[str]]:
    """What every check finds in one release that holds all the rows that may be published, planted side by side."""
    root = tmp_path_factory.mktemp("planted")
    planted = [{table: of_its_own(name, rows) for table, rows in PLANTED[name][0].items()} for name in WARNINGS]
    return findings(published(Store(root / "store"), root, SOUND, *planted))


@pytest.mark.parametrize("name", WARNINGS)
def test_a_check_finds_exactly_the_row_planted_for_it(name, found):
    _, keys = PLANTED[name]
    assert found[name] == [of_its_own(name, key) for key in keys]


def test_no_check_that_refuses_finds_anything_in_what_others_warn_of(found):
    assert sorted(found) == WARNINGS


@pytest.mark.parametrize("name", ERRORS)
def test_a_check_refuses_exactly_the_row_planted_for_it(name, publish):
    rows, keys = PLANTED[name]
    with pytest.raises(publishing.CheckFailed) as refused:
        publish(SOUND, rows)
    assert refused.value.check.name == name
    assert [row[1] for row in refused.value.rows] == keys


def test_a_row_merged_into_itself_is_refused_by_its_foreign_key(publish):
    itself = {"suggestion": "suggestion_id,content,disposition,merged_into_id\nYJ-9,自并,重复合并,YJ-9\n"}
    with pytest.raises(RowsRefused, match="YJ-9"):
        publish(SOUND, itself)


def test_an_error_blocks_publishing_and_leaves_live_where_it_was(publish, sound_store):
    rows, _ = PLANTED["quote_is_not_in_the_source"]
    with pytest.raises(publishing.CheckFailed):
        publish(rows, parent=1)
    assert sound_store.live_number() == 1
    assert sorted(path.name for path in (sound_store.folder / "releases").iterdir()) == ["0001.duckdb", "0001.sha256"]
    assert upkeep.verify(sound_store) == []
    assert sound_store.live().rows()["fact"].keys() == {"YW-1", "YW-2"}


def test_a_warning_does_not_block_publishing(publish, sound_store):
    rows, _ = PLANTED["visit_names_no_town"]
    assert publish(rows, parent=1).number == sound_store.live_number() == 2


def test_every_kind_of_date_after_the_as_of_day_is_found(publish):
    late = {
        "action": "action_id,issue_id,content,status,started_on,done_on,result_note,verified_by,closed_on\n"
        "CS-8,WT-1,预告,未启动,2019-10-12,,,,\nCS-9,WT-1,早销,已销号,2019-10-12,2019-10-12,成效,办公室,2019-10-12\n",
        "suggestion": "suggestion_id,received_on,content,disposition,replied_on\nYJ-9,2019-10-12,意见,A,2019-10-13\n",
        "research_topic": "topic_id,title,status,report_title,reported_on\nKT-9,课题,已转化,报告,2019-10-12\n",
        "satisfaction": "survey_id,grade,surveyed_on,valid_count,votes\nCP-9,满意,2019-10-12,10,6\n",
        "event": "event_id,title,kind,strand,started_on,date_precision\nHD-9,预告,会议,综合,2019-10-12,日\n",
    }
    with pytest.raises(publishing.CheckFailed) as refused:
        publish(SOUND, late)
    assert refused.value.check.name == "done_after_the_as_of_day"
    assert [row[1:3] for row in refused.value.rows] == [
        ("CS-9", "closed_on"),
        ("CS-9", "done_on"),
        ("CS-9", "started_on"),
        ("KT-9", "reported_on"),
        ("CP-9|very", "surveyed_on"),
        ("YJ-9", "received_on"),
        ("YJ-9", "replied_on"),
    ]
