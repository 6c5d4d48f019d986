/*
title = ["[整改措施]清单", "[Measures]"]
grain = ["一行一条[整改措施]，含撤销合并的", "one row per [rectification measure], cancelled ones included"]
reads = ["action_at", "action", "issue"]
rows_of = "action"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
action_id = "action.action_id"
issue_id = "action.issue_id"
issue_title = "issue.title"
content = "action.content"
rect_type = "action.rect_type"
unit = "action.resp_unit"
status = "action.status"
light = { heading = ["亮灯", "Light"], codes = "light" }
original_due_on = "action.original_due_on"
due_on = "action.due_on"
done_on = "action.done_on"
closed_on = "action.closed_on"
verified_by = "action.verified_by"
percent = "action.percent"
progress_note = "action.progress_note"
result_note = "action.result_note"
blocker = "action.blocker"
return_count = "action.return_count"
reopen_count = "action.reopen_count"
fact_id = "action.fact_id"
is_demo = "action.is_demo"
*/
select
    measure.action_id,
    measure.issue_id,
    issue.title as issue_title,
    measure.content,
    measure.rect_type,
    measure.unit,
    measure.status,
    measure.light,
    measure.original_due_on,
    measure.due_on,
    measure.done_on,
    measure.closed_on,
    action.verified_by,
    action.percent,
    action.progress_note,
    action.result_note,
    measure.blocker,
    measure.return_count,
    measure.reopen_count,
    measure.fact_id,
    measure.is_demo,
from action_at($as_of) as measure
join action on action.action_id = measure.action_id
left join issue on issue.issue_id = measure.issue_id
order by measure.action_id
