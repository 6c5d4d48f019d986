/*
title = ["所用的催办梯级", "The ladder in use"]
grain = ["一行一级", "one row per rung"]
notes = [
    "有自己的催办梯级台账的用自己的；没有的用通常的三级：到期前 20 天交办单（经办人），到期前 10 天催办单（经办人、分管领导），逾期督办通知单（责任[单位]及主要负责人）。",
    "The office's own ladder where it has one; else the usual three: 20 days before the due date an assignment (handler), 10 days before a reminder (handler and leader in charge), overdue a supervision notice ([unit] and its head).",
]
reads = ["rung"]

[returns]
letter_kind = "rung.letter_kind"
days_before = "rung.days_before"
recipients = "rung.recipients"
*/
create macro rung_in_use() as table
select
    usual.letter_kind,
    usual.days_before,
    usual.recipients,
from (values
    ('assign', 20, 'handler'), ('urge', 10, 'handler_and_leader'), ('supervise', -1, 'unit_and_head')
) as usual (letter_kind, days_before, recipients)
where (select count(*) from rung) = 0
union all
select
    rung.letter_kind,
    rung.days_before,
    rung.recipients,
from rung
