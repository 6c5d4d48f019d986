/*
title = ["[问题]清单", "[Issues]"]
grain = ["一行一个[整改问题]", "one row per [issue] to be rectified"]
key = ["issue_id"]

[columns]
issue_id = { heading = ["[问题]编号", "[Issue] ID"] }
title = { heading = ["[问题]名称", "[Issue]"], aliases = ["存在问题", "问题"] }
detail = { heading = ["具体表现", "How it shows"] }
root_cause = { heading = ["原因分析", "Root cause"] }
dimension = { heading = ["[问题]维度", "Dimension"], aliases = ["四个找一找"], codes = "issue_dimension" }
level = { heading = ["[问题]层面", "Level"], codes = "issue_level" }
nature = { heading = ["[问题]性质", "Nature"], codes = "issue_nature" }
issue_source = { heading = ["[问题]来源", "Found by"], codes = "issue_source" }
lead_leader = { heading = ["牵头领导", "Lead leader"], aliases = ["责任领导"] }
lead_unit = { heading = ["牵头[单位]", "Lead [unit]"] }
standard = { heading = ["整改标准", "Standard to reach"], aliases = ["整改目标"] }
identified_on = { heading = ["确定日期", "Confirmed on"] }
special_campaign = { heading = ["专项整治", "Special rectification"] }
status_manual = { heading = ["[问题]状态", "Status set by hand"], codes = "status", note = ["仅用于没有[整改措施]的[问题]；其余由[措施]推出", "only for [an issue] without [measures]; otherwise it follows from them"] }
cancel_reason = { heading = ["撤销原因", "Reason for cancelling"] }
merged_into_id = { heading = ["并入[问题]编号", "Merged into"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
issue_dimension = [
    ["political", "政治方面", "Political stance", "四个意识、四个自信、两个维护"],
    ["discipline", "纪律方面", "Discipline", "知敬畏、存戒惧、守底线"],
    ["masses", "服务群众", "Serving the people", "群众观点、立场、感情、服务群众"],
    ["capability", "能力作风", "Ability and conduct", "思想觉悟、能力素质、道德修养、作风形象"],
    ["unclassified", "未分类", "Not classified"],
]
issue_level = [
    ["team", "班子集体", "Leadership team", "领导班子"],
    ["individual", "班子成员个人", "Individual member", "个人"],
]
issue_nature = [
    ["work", "工作", "Work"],
    ["style", "思想作风", "Thought and style"],
]
issue_source = [
    ["research", "调研发现", "Research"],
    ["questionnaire", "征求意见表", "Opinion form"],
    ["forum", "座谈会", "Forum"],
    ["self_review", "自查检视", "Self-review"],
    ["inspection", "巡察审计反馈", "Inspection or audit"],
    ["superior", "上级点", "Named by superiors", "上级指出"],
    ["other", "其他", "Other"],
]
*/
create table issue (
    issue_id text primary key check (issue_id similar to '.*[A-Za-z].*'),
    title text not null,
    detail text,
    root_cause text,
    dimension text check (dimension in ('political', 'discipline', 'masses', 'capability', 'unclassified')),
    level text check (level in ('team', 'individual')),
    nature text check (nature in ('work', 'style')),
    issue_source text check (issue_source in (
        'research', 'questionnaire', 'forum', 'self_review', 'inspection', 'superior', 'other'
    )),
    lead_leader text,
    lead_unit text,
    standard text,
    identified_on date,
    special_campaign text,
    status_manual text check (status_manual in (
        'not_started', 'in_progress', 'pending_verification', 'staged_ongoing', 'closed', 'cancelled'
    )),
    cancel_reason text,
    merged_into_id text references issue (issue_id),
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    check (status_manual <> 'cancelled' or cancel_reason is not null or merged_into_id is not null),
    check (merged_into_id is null or status_manual = 'cancelled')
)
