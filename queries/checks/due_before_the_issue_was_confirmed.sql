/*
title = ["完成时限早于[问题]确定日期", "Due before the [issue] was confirmed"]
grain = ["一行一条[措施]", "one row per [measure]"]
severity = "warning"
reads = ["action", "issue"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
due_on = "action.due_on"
identified_on = "issue.identified_on"
*/
select
    'action' as table_name,
    action.action_id as row_key,
    action.due_on,
    issue.identified_on,
from action
inner join issue on issue.issue_id = action.issue_id
where action.due_on < issue.identified_on
    and action.status is distinct from 'cancelled'
order by action.action_id
