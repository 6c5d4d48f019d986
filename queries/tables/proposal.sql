/*
title = ["调研建议", "Proposals"]
grain = ["一行一条调研报告提出的建议", "one row per proposal made by a research report"]
key = ["proposal_id"]

[columns]
proposal_id = { heading = ["建议编号", "Proposal ID"] }
topic_id = { heading = ["[课题]编号", "[Topic] ID"] }
content = { heading = ["建议内容", "Proposal"], aliases = ["调研建议"] }
status = { heading = ["转化状态", "Status"], codes = "proposal_status" }
adopted_on = { heading = ["采纳日期", "Adopted on"] }
adopting_unit = { heading = ["采纳[单位]", "Adopted by"] }
document_id = { heading = ["文件编号", "Document ID"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
proposal_status = [
    ["proposed", "已提出", "Proposed"],
    ["adopted", "已采纳", "Adopted"],
    ["policy", "已转化为制度政策", "Made a rule or policy"],
    ["implemented", "已落地", "Carried out"],
    ["not_adopted", "未采纳", "Not adopted"],
    ["unknown", "未提供", "Not stated"],
]
*/
create table proposal (
    proposal_id text primary key check (proposal_id similar to '.*[A-Za-z].*'),
    topic_id text references research_topic (topic_id),
    content text not null,
    status text not null default 'unknown'
        check (status in ('proposed', 'adopted', 'policy', 'implemented', 'not_adopted', 'unknown')),
    adopted_on date,
    adopting_unit text,
    document_id text references document (document_id),
    fact_id text references fact (fact_id),
    is_demo boolean not null default false
)
