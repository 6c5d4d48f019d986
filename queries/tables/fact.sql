/*
title = ["引文", "Quoted facts"]
grain = ["一行一条来源中的引文", "one row per sentence quoted from a source"]
key = ["fact_id"]

[columns]
fact_id = { heading = ["出处编号", "Fact ID"] }
source_id = { heading = ["来源编号", "Source ID"] }
kind = { heading = ["类别", "Kind"], codes = "fact_kind" }
strand = { heading = ["[重点措施]", "[Strand]"], codes = "strand" }
subject_zh = { heading = ["事项", "Subject (Chinese)"] }
subject_en = { heading = ["事项（英文）", "Subject"] }
value_text = { heading = ["数值原文", "Value as written"] }
unit_zh = { heading = ["单位", "Unit"] }
date_text = { heading = ["日期原文", "Date as written"] }
quote_zh = { heading = ["原文", "Quotation"] }
not_given = { heading = ["原文未提供（英文）", "Not given by the source"] }
value_basis = { heading = ["数据性质", "Basis"], codes = "value_basis" }

[codes]
fact_kind = [
    ["figure", "数据", "Figure"],
    ["event", "活动", "Event"],
    ["topic", "[课题]", "[Topic]"],
    ["report", "调研报告", "Report"],
    ["proposal", "调研建议", "Proposal"],
    ["issue", "[整改问题]", "[Issue]"],
    ["issue_class", "[问题]类别", "Class of [issue]"],
    ["action", "[整改措施]", "[Measure]"],
    ["principle", "原则", "Principle"],
    ["document", "文件材料", "Document"],
    ["place", "地点", "Place"],
    ["person", "人物", "Person"],
    ["audience", "对象", "Audience"],
    ["requirement", "要求", "Requirement"],
]
strand = [
    ["study", "学习教育", "Study"],
    ["research", "调查研究", "Research"],
    ["review", "检视问题", "Review"],
    ["rectify", "整改落实", "Rectify"],
    ["overall", "综合", "Overall", "全局", "总体"],
]
value_basis = [
    ["reported", "通报数", "Reported"],
    ["ledger", "台账统计", "Counted in the ledgers"],
    ["inferred", "推断", "Inferred"],
    ["demo", "示例", "Demo"],
]
*/
create table fact (
    fact_id text primary key check (fact_id similar to '.*[A-Za-z].*'),
    source_id text not null references source (source_id),
    kind text not null check (kind in (
        'figure', 'event', 'topic', 'report', 'proposal', 'issue', 'issue_class', 'action',
        'principle', 'document', 'place', 'person', 'audience', 'requirement'
    )),
    strand text,
    subject_zh text,
    subject_en text,
    value_text text,
    unit_zh text,
    date_text text,
    quote_zh text not null check (quote_zh <> ''),
    not_given text,
    value_basis text not null default 'reported'
        check (value_basis in ('reported', 'ledger', 'inferred', 'demo'))
)
