/*
title = ["进度 100% 但未办结", "100 percent, but not done"]
grain = ["一行一条[措施]", "one row per [measure]"]
notes = ["进度只供显示，不决定状态。撤销合并的[措施]不查。", "The percentage is for display and never sets the status. Cancelled or merged [measures] are not looked at."]
severity = "warning"
reads = ["action"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
content = "action.content"
status = "action.status"
*/
select
    'action' as table_name,
    action.action_id as row_key,
    action.content,
    action.status,
from action
where action.percent = 100
    and (action.status is null or action.status in ('not_started', 'in_progress'))
    and action.status is distinct from 'cancelled'
order by action.action_id
