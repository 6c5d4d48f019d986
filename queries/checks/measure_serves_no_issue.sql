/*
title = ["[措施]没有对应[问题]", "[A measure] that serves no [issue]"]
grain = ["一行一条[措施]", "one row per [measure]"]
notes = ["撤销合并的[措施]不查。", "Cancelled or merged [measures] are not looked at."]
severity = "warning"
reads = ["action"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
content = "action.content"
*/
select
    'action' as table_name,
    action.action_id as row_key,
    action.content,
from action
where action.issue_id is null
    and action.status is distinct from 'cancelled'
order by action.action_id
