/*
title = ["逾期后申请延期", "Extension asked for after the due date"]
grain = ["一行一次延期申请", "one row per request"]
severity = "warning"
reads = ["extension"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
action_id = "extension.action_id"
old_due_on = "extension.old_due_on"
requested_on = "extension.requested_on"
*/
select
    'extension' as table_name,
    extension.extension_id as row_key,
    extension.action_id,
    extension.old_due_on,
    extension.requested_on,
from extension
where extension.requested_on > extension.old_due_on
order by extension.extension_id
