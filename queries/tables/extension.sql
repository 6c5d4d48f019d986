/*
title = ["延期", "Extensions"]
grain = ["一行一次延期申请", "one row per request for more time"]
key = ["extension_id"]

[columns]
extension_id = { heading = ["延期编号", "Extension ID"] }
action_id = { heading = ["[措施]编号", "[Measure] ID"] }
requested_on = { heading = ["申请日期", "Requested on"] }
old_due_on = { heading = ["原时限", "Due before"] }
new_due_on = { heading = ["申请延至", "Due after"] }
reason = { heading = ["延期原因", "Reason"] }
decision = { heading = ["审批结果", "Decision"], codes = "extension_decision" }
decided_by = { heading = ["审批[单位]", "Decided by"] }
decided_on = { heading = ["审批日期", "Decided on"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
extension_decision = [
    ["pending", "待定", "Pending"],
    ["approved", "同意", "Approved"],
    ["refused", "不同意", "Refused"],
]
*/
create table extension (
    extension_id text primary key check (extension_id similar to '.*[A-Za-z].*'),
    action_id text not null references action (action_id),
    requested_on date not null,
    old_due_on date not null,
    new_due_on date not null,
    reason text not null,
    decision text not null default 'pending' check (decision in ('pending', 'approved', 'refused')),
    decided_by text,
    decided_on date,
    is_demo boolean not null default false,
    check (new_due_on > old_due_on),
    check (decided_on >= requested_on)
)
