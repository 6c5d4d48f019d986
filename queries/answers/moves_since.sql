/*
title = ["较上次变化", "Moves since last time"]
grain = ["一行一条[措施]的一种变化", "one row per [measure] and kind of move"]
notes = [
    "一条[措施]可有几种变化，各占一行。对比日以前没有有效版本时没有行。已删除的[措施]，内容和[单位]取自删除时的变更记录。",
    "[A measure] can have several moves, a row each. Without a release in force on the day compared with there are no rows. What a removed [measure] was is taken from the record of its removal.",
]
reads = ["action_move", "action_at", "change"]
behind = "moved_actions"

[params]
as_of = ["数据截至", "Data as of"]
compare_on = ["对比日期", "Compared with"]

[returns]
move = { heading = ["变化", "Move"], codes = "move" }
action_id = "action.action_id"
content = "action.content"
unit = "action.resp_unit"
status_before = { heading = ["之前状态", "Status before"], codes = "status" }
status = "action.status"
due_before = ["之前时限", "Due before"]
due_on = "action.due_on"
is_demo = "action.is_demo"
*/
with sequence_of_moves as (
    select * from (values
        ('new', 1), ('advanced', 2), ('closed', 3), ('reopened', 4), ('returned', 5), ('redated', 6), ('moved_back', 7),
        ('cancelled', 8), ('missing', 9)
    ) as listed (move, position)
),
removed as (
    select
        change.row_key as action_id,
        max_by(change.old, change.release) as old,
    from change
    where change.table_name = 'action' and change.kind = 'removed'
    group by change.row_key
)
select
    moved.move,
    moved.action_id,
    coalesce(measure.content, json_extract_string(removed.old, '$.content')) as content,
    coalesce(
        measure.unit,
        json_extract_string(removed.old, '$.resp_unit'),
        json_extract_string(removed.old, '$.lead_unit')
    ) as unit,
    moved.status_before,
    measure.status,
    moved.due_before,
    measure.due_on,
    coalesce(measure.is_demo, json_extract_string(removed.old, '$.is_demo') = 'true', false) as is_demo,
from action_move($as_of, $compare_on) as moved
left join removed on removed.action_id = moved.action_id and moved.move = 'missing'
left join action_at($as_of) as measure on measure.action_id = moved.action_id
join sequence_of_moves on sequence_of_moves.move = moved.move
order by sequence_of_moves.position, moved.action_id
