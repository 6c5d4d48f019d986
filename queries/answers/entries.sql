/*
title = ["可以查找的内容", "What can be found"]
grain = ["一行一条台账记录", "one row per ledger row"]
notes = [
    "[整改问题]、[整改措施]、活动、[课题]、[意见建议]、建议、文件、通报数、[市区]和在册的[乡镇]；撤销合并的也在内。",
    "[Issues], [measures], events, [topics], [suggestions], proposals, documents, reported figures, [districts] and the [towns] that are covered; cancelled or merged rows too.",
]
reads = ["action", "issue", "event", "research_topic", "suggestion", "proposal", "document", "figure", "district", "town"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
label_zh = ["内容", "What it is"]
label_en = ["内容（英文）", "What it is (English)"]
detail = ["说明", "More"]
is_demo = ["示例数据", "Demo row"]
*/
select
    'issue' as table_name,
    issue_id as row_key,
    title as label_zh,
    null as label_en,
    lead_unit as detail,
    is_demo,
from issue
union all
select 'action', action_id, content, null, resp_unit, is_demo from action
union all
select 'event', event_id, title, null, coalesce(strftime(started_on, '%Y-%m-%d'), date_text), is_demo from event
union all
select 'research_topic', topic_id, title, null, lead_unit, is_demo from research_topic
union all
select 'suggestion', suggestion_id, content, null, handling_unit, is_demo from suggestion
union all
select 'proposal', proposal_id, content, null, adopting_unit, is_demo from proposal
union all
select 'document', document_id, title, null, strftime(issued_on, '%Y-%m-%d'), is_demo from document
union all
select 'figure', figure_id, name_zh, name_en, fact_id, is_demo from figure
union all
select 'district', district_code, district_name, district_name_en, null, is_demo from district
union all
select 'town', town.town_code, town.town_name, town.town_name_en, district.district_name, town.is_demo
from town
left join district on district.district_code = town.district_code
where town.in_scope
order by table_name, row_key
