/*
title = ["[整改措施]台账", "[Rectification measures]"]
grain = ["一行一条[整改措施]", "one row per [rectification measure]"]
key = ["action_id"]

[columns]
action_id = { heading = ["[措施]编号", "[Measure] ID"] }
issue_id = { heading = ["[问题]编号", "[Issue] ID"], note = ["来源没有说明对应哪个[问题]时留空", "empty where the source does not say which [issue] it serves"] }
content = { heading = ["[整改措施]", "[Measure]"], aliases = ["措施", "措施内容"] }
rect_type = { heading = ["整改类型", "Type"], codes = "rect_type" }
lead_unit = { heading = ["牵头[单位]", "Lead [unit]"] }
resp_unit = { heading = ["责任[单位]", "Responsible [unit]"], aliases = ["责任部门", "责任科室"] }
resp_person = { heading = ["责任人", "Person responsible"] }
started_on = { heading = ["启动日期", "Started on"] }
original_due_on = { heading = ["原定时限", "Original due date"], note = ["首次导入后不再改变", "never changes after the first import"] }
due_on = { heading = ["完成时限", "Due on"], aliases = ["现定时限", "整改时限"] }
due_text = { heading = ["时限原文", "Deadline as written"] }
status = { heading = ["整改状态", "Status"], aliases = ["状态", "完成情况"], codes = "status" }
percent = { heading = ["进度%", "Progress %"], unit = ["%", "%"], note = ["仅供显示，不决定状态", "for display only; it never sets the status"] }
progress_note = { heading = ["整改进展", "Progress"], aliases = ["进展情况"] }
result_note = { heading = ["整改成效", "Result"] }
blocker = { heading = ["堵点难点", "Blocker"], aliases = ["存在困难"] }
standing_rule = { heading = ["长效机制", "Standing mechanism"], note = ["阶段性完成并长期坚持时必填", "required when staged and ongoing"] }
done_on = { heading = ["完成日期", "Done on"] }
applied_on = { heading = ["申请销号日期", "Applied to close on"] }
verified_by = { heading = ["审核[单位]", "Verified by"], aliases = ["审核人", "验收人"] }
closed_on = { heading = ["销号日期", "Closed on"] }
first_closed_on = { heading = ["首次销号日期", "First closed on"] }
return_reason = { heading = ["退回原因", "Reason sent back"] }
return_count = { heading = ["退回次数", "Times sent back"], unit = ["次", "times"] }
application_count = { heading = ["申请销号次数", "Times applied to close"], unit = ["次", "times"] }
reopen_reason = { heading = ["重启原因", "Reason reopened"] }
reopen_count = { heading = ["反弹次数", "Times reopened"], unit = ["次", "times"] }
cancel_reason = { heading = ["撤销原因", "Reason for cancelling"] }
merged_into_id = { heading = ["并入[措施]编号", "Merged into"] }
evidence = { heading = ["佐证材料", "Evidence"] }
report_every_days = { heading = ["反馈周期", "Reports every"], unit = ["天", "days"], note = ["多少天反馈一次；不填的用活动的更新周期", "how often it is reported on; empty: as often as the campaign is updated"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
rect_type = [
    ["immediate", "立行立改", "Immediate"],
    ["time_limited", "限期整改", "Time-limited", "分阶段整改", "限期"],
    ["long_term", "长期坚持", "Long-term", "持续整改", "长期整改"],
]
status = [
    ["not_started", "未启动", "Not started", "未开始", "尚未启动", "待启动", "未开展"],
    ["in_progress", "整改中", "In progress", "正在整改", "推进中", "部分整改", "整改进行中", "进行中", "正在推进", "持续推进", "Ongoing", "Under way"],
    ["pending_verification", "申请销号", "Awaiting verification", "已完成", "完成整改", "办结", "已办结", "已整改", "已整改到位", "整改到位", "整改完成", "已整改完成", "已完成整改", "整改完毕", "完成", "Done", "Completed", "Implemented"],
    ["staged_ongoing", "阶段性完成并长期坚持", "Staged and ongoing", "阶段性完成"],
    ["closed", "已销号", "Closed", "销号", "验收销号", "已验收销号"],
    ["cancelled", "撤销合并", "Cancelled or merged", "撤销", "合并", "已撤销", "已合并"],
]
*/
create table action (
    action_id text primary key check (action_id similar to '.*[A-Za-z].*'),
    issue_id text references issue (issue_id),
    content text not null,
    rect_type text check (rect_type in ('immediate', 'time_limited', 'long_term')),
    lead_unit text,
    resp_unit text,
    resp_person text,
    started_on date,
    original_due_on date,
    due_on date,
    due_text text,
    status text check (status in (
        'not_started', 'in_progress', 'pending_verification', 'staged_ongoing', 'closed', 'cancelled'
    )),
    percent integer check (percent between 0 and 100),
    progress_note text,
    result_note text,
    blocker text,
    standing_rule text,
    done_on date,
    applied_on date,
    verified_by text,
    closed_on date,
    first_closed_on date,
    return_reason text,
    return_count integer not null default 0 check (return_count >= 0),
    application_count integer not null default 0 check (application_count >= 0),
    reopen_reason text,
    reopen_count integer not null default 0 check (reopen_count >= 0),
    cancel_reason text,
    merged_into_id text references action (action_id),
    evidence text,
    report_every_days integer check (report_every_days > 0),
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    check (status <> 'closed' or (closed_on is not null and verified_by is not null)),
    check (status <> 'pending_verification' or (result_note is not null and done_on is not null)),
    check (status <> 'staged_ongoing' or (rect_type = 'long_term' and standing_rule is not null)),
    check (status <> 'cancelled' or cancel_reason is not null),
    check (merged_into_id is null or status = 'cancelled'),
    check (closed_on >= done_on),
    check (return_count = 0 or return_reason is not null),
    check (reopen_count = 0 or (reopen_reason is not null and first_closed_on is not null))
)
