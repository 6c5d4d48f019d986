/*
title = ["需要关注", "Needs attention"]
grain = ["一行一个需要关注的原因", "one row per reason for attention"]
notes = [
    "同一条[措施]可因几个原因出现几次。天数：逾期为正、未到期为零或负；延期申请为已等待天数；静默[单位]为未更新天数。静默[单位]不是台账的一行，没有行编号。",
    "[A measure] can appear for several reasons. Days: above zero overdue, zero or below left; for an extension the days it has waited; for a silent [unit] the days without change. A silent [unit] is no ledger row and has no row key.",
]
reads = ["action_at", "action", "extension", "issue_at", "unit_at"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
reason = { heading = ["原因", "Reason"], codes = "attention" }
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
title = ["事项", "What"]
unit = "action.resp_unit"
due_on = "action.due_on"
days = ["天数", "Days"]
note = ["说明", "Note"]

[codes]
attention = [
    ["overdue", "逾期", "Overdue"],
    ["returned", "被退回", "Sent back"],
    ["reopened", "反弹重启", "Reopened"],
    ["due_soon", "临期", "Due soon"],
    ["extension_pending", "延期待批", "Extension to decide"],
    ["silent_unit", "[单位]静默", "[Unit] silent"],
    ["no_measure", "未制定[措施]", "No [measure] yet"],
]
*/
with reasons as (
    select * from (values
        ('overdue', 1), ('returned', 2), ('reopened', 3), ('due_soon', 4), ('extension_pending', 5), ('silent_unit', 6),
        ('no_measure', 7)
    ) as listed (reason, urgency)
),
measures as (
    select
        measure.action_id,
        measure.content,
        measure.unit,
        measure.status,
        measure.due_on,
        $as_of - measure.due_on as days,
        measure.blocker,
        measure.is_overdue,
        measure.is_due_soon,
        measure.return_count,
        action.return_reason,
        measure.reopen_count,
        action.reopen_reason,
    from action_at($as_of) as measure
    join action on action.action_id = measure.action_id
    where measure.is_open
),
found as (
    select 'overdue' as reason, 'action' as table_name, action_id as row_key, content as title, unit, due_on, days,
        blocker as note,
    from measures
    where is_overdue
    union all
    select 'returned', 'action', action_id, content, unit, due_on, days, return_reason,
    from measures
    where return_count > 0 and status is distinct from 'pending_verification'
    union all
    select 'reopened', 'action', action_id, content, unit, due_on, days, reopen_reason,
    from measures
    where reopen_count > 0
    union all
    select 'due_soon', 'action', action_id, content, unit, due_on, days, blocker,
    from measures
    where is_due_soon
    union all
    select 'extension_pending', 'extension', extension.extension_id, measure.content, measure.unit, extension.old_due_on,
        $as_of - extension.requested_on, extension.reason,
    from extension
    join action_at($as_of) as measure on measure.action_id = extension.action_id
    where extension.decision = 'pending' and extension.requested_on <= $as_of and measure.is_open
    union all
    select 'silent_unit', null, null, silent.unit, silent.unit, null, silent.silent_days, null,
    from unit_at($as_of) as silent
    where silent.is_silent
    union all
    select 'no_measure', 'issue', issue.issue_id, issue.title, issue.lead_unit, null, null, issue.standard,
    from issue_at($as_of) as issue
    where issue.is_counted and issue.actions = 0 and issue.status is distinct from 'closed'
)
select
    found.reason,
    found.table_name,
    found.row_key,
    found.title,
    found.unit,
    found.due_on,
    found.days,
    found.note,
from found
join reasons on reasons.reason = found.reason
order by reasons.urgency, found.days desc nulls last, found.row_key, found.unit
