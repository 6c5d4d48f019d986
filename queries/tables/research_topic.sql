/*
title = ["[调研课题]", "[Research topics]"]
grain = ["一行一个[调研课题]", "one row per [research topic]"]
key = ["topic_id"]

[columns]
topic_id = { heading = ["[课题]编号", "[Topic] ID"] }
title = { heading = ["[课题]名称", "[Topic]"], aliases = ["课题"] }
lead_unit = { heading = ["牵头[单位]", "Lead [unit]"], aliases = ["牵头科室", "牵头部门"] }
lead_leader = { heading = ["牵头领导", "Lead leader"] }
started_on = { heading = ["开始日期", "Started on"] }
due_on = { heading = ["完成时限", "Due on"] }
status = { heading = ["[课题]状态", "Status"], aliases = ["状态"], codes = "topic_status" }
report_title = { heading = ["调研报告", "Report"] }
reported_on = { heading = ["报告完成日期", "Report finished on"], aliases = ["完成日期"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
topic_status = [
    ["planned", "未开展", "Not started"],
    ["in_progress", "调研中", "Under way"],
    ["report_done", "已形成报告", "Report written", "已完成"],
    ["converted", "已转化", "Put to use"],
]
*/
create table research_topic (
    topic_id text primary key check (topic_id similar to '.*[A-Za-z].*'),
    title text not null,
    lead_unit text,
    lead_leader text,
    started_on date,
    due_on date,
    status text check (status in ('planned', 'in_progress', 'report_done', 'converted')),
    report_title text,
    reported_on date,
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    check (reported_on >= started_on)
)
