/*
title = ["[措施]没有完成时限", "[A measure] without a due date"]
grain = ["一行一条[措施]", "one row per [measure]"]
notes = ["长期坚持的[措施]可以没有时限；撤销合并的[措施]不查。", "A long-term [measure] needs none; cancelled or merged [measures] are not looked at."]
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
where action.due_on is null and action.rect_type is distinct from 'long_term'
    and action.status is distinct from 'cancelled'
order by action.action_id
