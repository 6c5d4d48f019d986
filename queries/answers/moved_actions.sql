/*
title = ["有变化的[措施]", "[Measures] that moved"]
grain = ["一行一条对比日以来有变化的[措施]", "one row per [measure] that moved since the day compared with"]
notes = [
    "有几种变化的[措施]也只占一行；每种变化见“较上次变化”。已删除的[措施]没有行可列。",
    "[A measure] with several moves still has one row; its moves are listed by Moves since last time. [A measure] that was removed has no row to list.",
]
reads = ["action_move", "action_at"]
rows_of = "action"

[params]
as_of = ["数据截至", "Data as of"]
compare_on = ["对比日期", "Compared with"]

[returns]
action_id = "action.action_id"
content = "action.content"
unit = "action.resp_unit"
status_before = { heading = ["之前状态", "Status before"], codes = "status" }
status = "action.status"
due_before = ["之前时限", "Due before"]
due_on = "action.due_on"
is_demo = "action.is_demo"
*/
with moved as (
    select distinct
        action_id,
        status_before,
        due_before,
    from action_move($as_of, $compare_on)
)
select
    moved.action_id,
    measure.content,
    measure.unit,
    moved.status_before,
    measure.status,
    moved.due_before,
    measure.due_on,
    measure.is_demo,
from moved
join action_at($as_of) as measure on measure.action_id = moved.action_id
order by moved.action_id
