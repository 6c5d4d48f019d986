/*
title = ["文件材料", "Documents"]
grain = ["一行一份文件或学习材料", "one row per document or study material"]
key = ["document_id"]

[columns]
document_id = { heading = ["文件编号", "Document ID"] }
title = { heading = ["文件名称", "Title"] }
kind = { heading = ["文件类别", "Kind"], aliases = ["类别"], codes = "document_kind" }
treatment = { heading = ["办理方式", "What was done"], codes = "document_treatment" }
strand = { heading = ["[重点措施]", "[Strand]"], codes = "strand" }
issued_on = { heading = ["印发日期", "Issued on"] }
event_id = { heading = ["活动编号", "Event ID"] }
issue_id = { heading = ["[问题]编号", "[Issue] ID"] }
action_id = { heading = ["[措施]编号", "[Measure] ID"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
document_kind = [
    ["plan", "方案", "Plan"],
    ["rule", "制度", "Rule"],
    ["report", "调研报告", "Research report"],
    ["form", "征求意见表", "Opinion form"],
    ["material", "学习材料", "Study material"],
    ["lecture", "讲稿", "Lecture", "党课"],
    ["exhibition", "展览", "Exhibition"],
    ["film", "教育片", "Film"],
]
document_treatment = [
    ["made", "新制定", "Newly made"],
    ["revised", "修订完善", "Revised"],
    ["studied", "学习", "Studied"],
]
*/
create table document (
    document_id text primary key check (document_id similar to '.*[A-Za-z].*'),
    title text not null,
    kind text not null check (kind in (
        'plan', 'rule', 'report', 'form', 'material', 'lecture', 'exhibition', 'film'
    )),
    treatment text check (treatment in ('made', 'revised', 'studied')),
    strand text,
    issued_on date,
    event_id text references event (event_id),
    issue_id text references issue (issue_id),
    action_id text references action (action_id),
    fact_id text references fact (fact_id),
    is_demo boolean not null default false
)
