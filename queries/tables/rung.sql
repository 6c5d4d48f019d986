/*
title = ["催办梯级", "Ladder of letters"]
grain = ["一行一级；没有自己的梯级的[单位]用通常的三级", "one row per rung; an office without its own uses the usual three"]
key = ["rung_id"]

[columns]
rung_id = { heading = ["梯级编号", "Rung ID"] }
letter_kind = { heading = ["文种", "Kind of letter"], codes = "letter_kind" }
days_before = { heading = ["到期前天数", "Days before the due date"], unit = ["天", "days"], note = ["逾期后用负数：-1 是逾期第一天", "below zero once overdue: -1 is the first day overdue"] }
recipients = { heading = ["发给", "Recipients"], codes = "letter_recipients" }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
letter_kind = [
    ["assign", "交办单", "Assignment"],
    ["urge", "催办单", "Reminder"],
    ["supervise", "督办通知单", "Supervision notice"],
]
letter_recipients = [
    ["handler", "经办人", "Handler"],
    ["handler_and_leader", "经办人、分管领导", "Handler and leader in charge"],
    ["unit_and_head", "责任[单位]及主要负责人", "[Unit] and its head"],
]
*/
create table rung (
    rung_id text primary key check (rung_id similar to '.*[A-Za-z].*'),
    letter_kind text not null check (letter_kind in ('assign', 'urge', 'supervise')),
    days_before integer not null,
    recipients text not null check (recipients in ('handler', 'handler_and_leader', 'unit_and_head')),
    is_demo boolean not null default false
)
