/*
title = ["较上次变化", "Moves since last time"]
grain = ["一行一条措施的一种变化", "one row per measure and kind of move"]
notes = [
    "一条措施可有几种变化，各占一行。对比日以前没有有效版本时没有行。",
    "A measure can have several moves, a row each. Without a release in force on the day compared with there are no rows.",
]
reads = ["action_move", "action_at"]
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
        ('cancelled', 8)
    ) as listed (move, position)
)
select
    moved.move,
    moved.action_id,
    measure.content,
    measure.unit,
    moved.status_before,
    measure.status,
    moved.due_before,
    measure.due_on,
    measure.is_demo,
from action_move($as_of, $compare_on) as moved
join action_at($as_of) as measure on measure.action_id = moved.action_id
join sequence_of_moves on sequence_of_moves.move = moved.move
order by sequence_of_moves.position, moved.action_id
