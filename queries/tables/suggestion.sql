/*
title = ["[意见建议]", "[Suggestions]"]
grain = ["一行一条[意见建议]", "one row per [suggestion] received"]
key = ["suggestion_id"]

[columns]
suggestion_id = { heading = ["[意见]编号", "[Suggestion] ID"] }
received_on = { heading = ["收到日期", "Received on"], aliases = ["日期"] }
channel = { heading = ["渠道", "Channel"], codes = "channel" }
round_id = { heading = ["轮次编号", "Round ID"] }
visit_id = { heading = ["走访编号", "Visit ID"] }
source_group = { heading = ["征求对象", "From whom"], aliases = ["对象"] }
district_code = { heading = ["[市区]代码", "[District] code"] }
town_code = { heading = ["[乡镇]代码", "[Town] code"] }
content = { heading = ["[意见]内容", "[Suggestion]"], aliases = ["内容", "意见建议"] }
merged_into_id = { heading = ["并入[意见]编号", "Merged into"] }
disposition = { heading = ["办理结果", "Disposition"], codes = "disposition" }
handling_unit = { heading = ["办理[单位]", "Handled by"] }
replied_on = { heading = ["答复日期", "Replied on"] }
issue_id = { heading = ["关联[问题]编号", "Became [issue]"], aliases = ["形成问题"] }
is_satisfied = { heading = ["是否满意", "Satisfied"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
disposition = [
    ["A", "A 已解决", "A Solved", "已解决"],
    ["B", "B 正在解决", "B Being solved", "正在解决"],
    ["C", "C 列入计划", "C Planned", "列入计划"],
    ["D", "D 留作参考", "D For reference, explained", "留作参考", "已解释"],
    ["pending", "待办", "Pending"],
    ["duplicate", "重复合并", "Duplicate"],
]
*/
create table suggestion (
    suggestion_id text primary key check (suggestion_id similar to '.*[A-Za-z].*'),
    received_on date,
    channel text check (channel in (
        'research_visit', 'forum', 'questionnaire', 'box', 'hotline', 'online', 'talk'
    )),
    round_id text references feedback_round (round_id),
    visit_id text references visit (visit_id),
    source_group text,
    district_code text references district (district_code),
    town_code text,
    content text not null,
    merged_into_id text references suggestion (suggestion_id),
    disposition text check (disposition in ('A', 'B', 'C', 'D', 'pending', 'duplicate')),
    handling_unit text,
    replied_on date,
    issue_id text references issue (issue_id),
    is_satisfied boolean,
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    foreign key (town_code, district_code) references town (town_code, district_code),
    check (town_code is null or district_code is not null),
    check (merged_into_id is null or disposition = 'duplicate'),
    check (replied_on >= received_on)
)
