/*
title = ["延期", "Extensions"]
grain = ["一行一次延期申请，到截至日为止", "one row per request for more time up to the as-of day"]
notes = [
    "申请日期晚于原时限的为逾期后申请；时限当天申请不算。待定的在前。",
    "A request after the date it asks to move is late; on that day it is not. Pending ones come first.",
]
reads = ["extension", "action_at"]
rows_of = "extension"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
extension_id = "extension.extension_id"
action_id = "extension.action_id"
content = "action.content"
unit = "action.resp_unit"
requested_on = "extension.requested_on"
old_due_on = "extension.old_due_on"
new_due_on = "extension.new_due_on"
reason = "extension.reason"
decision = "extension.decision"
decided_on = "extension.decided_on"
is_late_request = ["逾期后申请", "Requested after the due date"]
is_demo = "extension.is_demo"
*/
select
    extension.extension_id,
    extension.action_id,
    measure.content,
    measure.unit,
    extension.requested_on,
    extension.old_due_on,
    extension.new_due_on,
    extension.reason,
    extension.decision,
    extension.decided_on,
    extension.requested_on > extension.old_due_on as is_late_request,
    extension.is_demo,
from extension
join action_at($as_of) as measure on measure.action_id = extension.action_id
where extension.requested_on <= $as_of
order by extension.decision <> 'pending', extension.requested_on, extension.extension_id
