/*
title = ["已形成报告的[课题]没有报告名称", "Report written, but no title given"]
grain = ["一行一个[课题]", "one row per [topic]"]
severity = "warning"
reads = ["research_topic"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
title = "research_topic.title"
status = "research_topic.status"
*/
select
    'research_topic' as table_name,
    research_topic.topic_id as row_key,
    research_topic.title,
    research_topic.status,
from research_topic
where research_topic.status in ('report_done', 'converted') and research_topic.report_title is null
order by research_topic.topic_id
