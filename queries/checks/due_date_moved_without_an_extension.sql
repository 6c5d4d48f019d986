/*
title = ["时限已改但没有批准的延期", "Due date moved without an approved extension"]
grain = ["一行一条[措施]", "one row per [measure]"]
notes = [
    "现定时限与原定时限不同，且没有一次已同意的延期正好延到现定时限。",
    "The due date differs from the original one, and no approved extension leads to it.",
]
severity = "warning"
reads = ["action", "extension"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
original_due_on = "action.original_due_on"
due_on = "action.due_on"
*/
with approved as (
    select distinct
        extension.action_id,
        extension.new_due_on,
    from extension
    where extension.decision = 'approved'
)
select
    'action' as table_name,
    action.action_id as row_key,
    action.original_due_on,
    action.due_on,
from action
left join approved on approved.action_id = action.action_id and approved.new_due_on = action.due_on
where action.due_on is distinct from action.original_due_on
    and approved.action_id is null
    and action.status is distinct from 'cancelled'
order by action.action_id
