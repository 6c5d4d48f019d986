/*
title = ["措施的变化", "Moves of measures"]
grain = ["一行一条措施的一种变化", "one row per measure and kind of move"]
notes = [
    "以对比日当天有效的快照为“之前”，本版本台账为“现在”；没有更早的快照时没有任何变化可说。状态由空变为有、由有变为空都不算推进或倒退（销号除外）。重启：反弹次数增加，或由已销号、阶段性完成、撤销回到未办结。退回：退回次数增加，或由申请销号回到整改中。",
    "Before is the snapshot in force on the day compared with, now is the ledger of this release; without an earlier snapshot nothing can be said to have moved. A status that appears or disappears is no move forward or back (closing excepted). Reopened: reopened more often than before, or back to open from closed, staged or cancelled. Sent back: sent back more often than before, or back from awaiting verification to in progress.",
]
reads = ["action_at", "action_snapshot", "snapshot_in_force"]

[params]
as_of = ["数据截至", "Data as of"]
compare_on = ["对比日期", "Compared with"]

[returns]
move = { heading = ["变化", "Move"], codes = "move" }
action_id = "action.action_id"
status_before = { heading = ["之前状态", "Status before"], codes = "status" }
due_before = ["之前时限", "Due before"]

[codes]
move = [
    ["new", "新增", "New"],
    ["advanced", "推进", "Moved on"],
    ["closed", "销号", "Closed"],
    ["reopened", "反弹重启", "Reopened"],
    ["returned", "退回", "Sent back"],
    ["redated", "时限调整", "Re-dated"],
    ["moved_back", "倒退", "Moved back"],
    ["cancelled", "撤销合并", "Cancelled or merged"],
]
*/
create macro action_move(as_of, compare_on) as table
with release_before as (
    select max(in_force.release) as release,
    from snapshot_in_force(compare_on) as in_force
),
steps as (
    select * from (values
        ('not_started', 1), ('in_progress', 2), ('pending_verification', 3), ('staged_ongoing', 4), ('closed', 5)
    ) as listed (status, step)
),
compared as (
    select
        measure.action_id,
        before.action_id is null as is_new,
        before.status as status_before,
        measure.status,
        before.due_on as due_before,
        before.action_id is not null and before.due_on is distinct from measure.due_on as is_redated,
        before.action_id is not null and before.status is distinct from 'cancelled' and measure.status = 'cancelled'
            as is_cancelled,
        measure.status = 'closed' and before.status is distinct from 'closed' as is_closed,
        measure.reopen_count > before.reopen_count
        or (
            before.status in ('closed', 'staged_ongoing', 'cancelled')
            and measure.status in ('not_started', 'in_progress', 'pending_verification')
        ) as is_reopened,
        measure.return_count > before.return_count
        or (before.status = 'pending_verification' and measure.status = 'in_progress') as is_returned,
        step_now.step > step_before.step as is_forward,
        step_now.step < step_before.step as is_backward,
    from action_at(as_of) as measure
    cross join release_before
    left join action_snapshot as before
        on before.release = release_before.release and before.action_id = measure.action_id
    left join steps as step_before on step_before.status = before.status
    left join steps as step_now on step_now.status = measure.status
    where release_before.release is not null
),
moved as (
    select 'new' as move, action_id, status_before, due_before, from compared where is_new
    union all
    select 'cancelled', action_id, status_before, due_before, from compared where is_cancelled
    union all
    select 'closed', action_id, status_before, due_before, from compared where is_closed
    union all
    select 'reopened', action_id, status_before, due_before, from compared where is_reopened
    union all
    select 'returned', action_id, status_before, due_before, from compared where is_returned
    union all
    select 'redated', action_id, status_before, due_before, from compared where is_redated
    union all
    select 'advanced', action_id, status_before, due_before,
    from compared
    where is_forward and not is_closed
        and not coalesce(is_reopened, false) and not coalesce(is_returned, false)
    union all
    select 'moved_back', action_id, status_before, due_before,
    from compared
    where is_backward and not coalesce(is_reopened, false) and not coalesce(is_returned, false)
)
select
    moved.move,
    moved.action_id,
    moved.status_before,
    moved.due_before,
from moved
