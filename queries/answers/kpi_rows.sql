/*
title = ["指标背后的记录", "Rows behind a figure"]
grain = ["一行一条进入该指标（或其一部分）的台账记录", "one row per ledger row that makes the figure, or a part of it"]
notes = [
    "每条记录写明最近由哪个版本、哪个文件的哪一行带来，或引自来源的哪一句话。分子为空表示未知。",
    "Each row says which release, file and line last brought it, or which sentence of a source it quotes. An empty numerator is unknown.",
]
reads = [
    "kpi_row", "origin", "received", "fact", "action", "issue", "extension", "satisfaction", "district", "town", "visit", "event",
    "research_topic", "suggestion", "feedback_round", "proposal", "document", "change",
]

[params]
as_of = ["数据截至", "Data as of"]
kpi = ["指标", "KPI"]

[returns]
kpi = { heading = ["指标", "KPI"], codes = "kpi" }
part = { heading = ["部分", "Part"], codes = "kpi_part", by = "kpi", codes_by = { K04 = "rect_type", K13 = "ageing_bucket", K21 = "move", K24 = "district", K25 = "event_kind", K27 = "channel" } }
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
label = ["内容", "What it is"]
in_denominator = ["计入分母", "In the denominator"]
in_numerator = ["计入分子", "In the numerator"]
amount = ["数量", "Amount"]
is_demo = ["示例数据", "Demo row"]
release = "origin.release"
file_name = "received.file_name"
sha256 = "origin.sha256"
line = "origin.line"
fact_id = "fact.fact_id"
quote_zh = "fact.quote_zh"
*/
with counted as (
    select
        listed.kpi,
        listed.part,
        listed.table_name,
        listed.row_key,
        listed.in_denominator,
        listed.in_numerator,
        listed.amount,
    from kpi_row($as_of) as listed
    where listed.kpi = $kpi
),
named as (
    select 'action' as table_name, action_id as row_key, content as label, is_demo, fact_id from action
    union all
    select 'issue', issue_id, title, is_demo, fact_id from issue
    union all
    select 'extension', extension_id, reason, is_demo, null from extension
    union all
    select 'satisfaction', survey_id || '|' || grade, coalesce(subject, survey_id), is_demo, null from satisfaction
    union all
    select 'district', district_code, district_name, is_demo, null from district
    union all
    select 'town', town_code, town_name, is_demo, null from town
    union all
    select 'visit', visit_id, coalesce(visitor, date_text, visit_id), is_demo, fact_id from visit
    union all
    select 'event', event_id, title, is_demo, fact_id from event
    union all
    select 'research_topic', topic_id, title, is_demo, fact_id from research_topic
    union all
    select 'suggestion', suggestion_id, content, is_demo, fact_id from suggestion
    union all
    select 'feedback_round', round_id, round_name, is_demo, fact_id from feedback_round
    union all
    select 'proposal', proposal_id, content, is_demo, fact_id from proposal
    union all
    select 'document', document_id, title, is_demo, fact_id from document
    union all
    -- a measure that was removed is known by the record of its removal alone
    select
        'action',
        change.row_key,
        json_extract_string(max_by(change.old, change.release), '$.content'),
        json_extract_string(max_by(change.old, change.release), '$.is_demo') = 'true',
        null,
    from change
    anti join action on action.action_id = change.row_key
    where change.table_name = 'action' and change.kind = 'removed'
    group by change.row_key
)
select
    counted.kpi,
    counted.part,
    counted.table_name,
    counted.row_key,
    named.label,
    counted.in_denominator,
    counted.in_numerator,
    counted.amount,
    named.is_demo,
    origin.release,
    received.file_name,
    origin.sha256,
    origin.line,
    named.fact_id,
    fact.quote_zh,
from counted
left join named on named.table_name = counted.table_name and named.row_key = counted.row_key
left join origin on origin.table_name = counted.table_name and origin.row_key = counted.row_key
left join received
    on received.release = origin.release and received.sha256 = origin.sha256
    and received.table_name = origin.table_name
left join fact on fact.fact_id = named.fact_id
order by
    counted.part is not null, counted.part, counted.in_denominator desc, counted.in_numerator desc nulls last,
    counted.table_name, counted.row_key
