/*
title = ["调研走访", "Research visits"]
grain = ["一行一次到一个地方的走访（已走访或已计划）", "one row per visit to one place, made or planned"]
key = ["visit_id"]

[columns]
visit_id = { heading = ["走访编号", "Visit ID"] }
visited_on = { heading = ["走访日期", "Date"], aliases = ["日期"] }
date_text = { heading = ["日期原文", "Date as written"] }
status = { heading = ["走访状态", "State"], codes = "visit_status" }
topic_id = { heading = ["[课题]编号", "[Topic] ID"] }
district_code = { heading = ["[市区]代码", "[District] code"] }
town_code = { heading = ["[乡镇]代码", "[Town] code"] }
outside_city = { heading = ["外地城市", "City outside"] }
visitor = { heading = ["调研[单位]", "Visiting [unit]"], aliases = ["调研人"] }
form = { heading = ["形式", "Form"], codes = "visit_form" }
suggestion_count = { heading = ["[意见]条数", "[Suggestions]"], unit = ["条", "suggestions"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
visit_status = [
    ["made", "已走访", "Visited"],
    ["planned", "已计划", "Planned"],
    ["dropped", "已取消", "Called off"],
]
visit_form = [
    ["forum", "座谈会", "Forum"],
    ["seminar", "研讨会", "Seminar"],
    ["field", "实地走访", "On the spot"],
    ["interview", "个别访谈", "Interview"],
]
*/
create table visit (
    visit_id text primary key check (visit_id similar to '.*[A-Za-z].*'),
    visited_on date,
    date_text text,
    status text not null default 'made' check (status in ('made', 'planned', 'dropped')),
    topic_id text references research_topic (topic_id),
    district_code text references district (district_code),
    town_code text,
    outside_city text,
    visitor text,
    form text check (form in ('forum', 'seminar', 'field', 'interview')),
    suggestion_count integer check (suggestion_count >= 0),
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    foreign key (town_code, district_code) references town (town_code, district_code),
    check (town_code is null or district_code is not null),
    check (district_code is null or outside_city is null)
)
