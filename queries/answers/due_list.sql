/*
title = ["逾期与临期清单", "Overdue and due soon"]
grain = ["一行一条逾期或临期的[措施]", "one row per [measure] overdue or due soon"]
notes = [
    "天数为正是已逾期，为零或负是还剩。拖得最久的在前。延期次数只算同意的。",
    "Days above zero are overdue, zero or below are left. The longest overdue first. Only approved extensions are counted.",
]
reads = ["action_at", "issue", "extension"]
rows_of = "action"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
light = { heading = ["亮灯", "Light"], codes = "light" }
action_id = "action.action_id"
content = "action.content"
issue_title = "issue.title"
unit = "action.resp_unit"
due_on = "action.due_on"
original_due_on = "action.original_due_on"
days = ["逾期天数", "Days overdue"]
blocker = "action.blocker"
extensions = ["延期次数", "Extensions"]
is_demo = "action.is_demo"
*/
with extended_measures as (
    select
        extension.action_id,
        count(*) as times,
    from extension
    where extension.decision = 'approved' and extension.requested_on <= $as_of
    group by extension.action_id
)
select
    measure.light,
    measure.action_id,
    measure.content,
    issue.title as issue_title,
    measure.unit,
    measure.due_on,
    measure.original_due_on,
    $as_of - measure.due_on as days,
    measure.blocker,
    coalesce(extended_measures.times, 0) as extensions,
    measure.is_demo,
from action_at($as_of) as measure
left join issue on issue.issue_id = measure.issue_id
left join extended_measures on extended_measures.action_id = measure.action_id
where measure.is_overdue or measure.is_due_soon
order by measure.due_on, measure.action_id
