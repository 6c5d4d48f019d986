/*
title = ["催办记录", "Letters"]
grain = ["一行一份催办文书里的一条[措施]", "one row per [measure] in one letter"]
key = ["letter_id", "action_id"]

[columns]
letter_id = { heading = ["文书编号", "Letter"] }
action_id = { heading = ["[措施]编号", "[Measure] ID"] }
letter_kind = { heading = ["文种", "Kind of letter"], codes = "letter_kind" }
unit = { heading = ["受文[单位]", "Addressed to"] }
recipients = { heading = ["发给", "Recipients"], codes = "letter_recipients" }
issued_on = { heading = ["发出日期", "Issued on"] }
reply_by = { heading = ["反馈时限", "Reply by"] }
was_due_on = { heading = ["当时的时限", "Due date then"] }
revoked_on = { heading = ["撤回日期", "Revoked on"] }
revoke_reason = { heading = ["撤回原因", "Reason revoked"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table letter (
    letter_id text not null check (letter_id similar to '.*[A-Za-z].*'),
    action_id text not null references action (action_id),
    letter_kind text not null check (letter_kind in ('assign', 'urge', 'supervise')),
    unit text not null,
    recipients text check (recipients in ('handler', 'handler_and_leader', 'unit_and_head')),
    issued_on date not null,
    reply_by date,
    was_due_on date,
    revoked_on date,
    revoke_reason text,
    is_demo boolean not null default false,
    primary key (letter_id, action_id),
    check (reply_by >= issued_on),
    check (revoked_on >= issued_on),
    check (revoked_on is null or revoke_reason is not null)
)
