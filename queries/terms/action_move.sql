/*
title = ["[措施]的变化", "Moves of [measures]"]
grain = ["一行一条[措施]的一种变化", "one row per [measure] and kind of move"]
notes = [
    "以对比日当天有效的快照为“之前”，本版本台账为“现在”；没有更早的快照时没有任何变化可说。之前有、现在台账里没有的为删除。推进只指状态前进；退回、反弹重启、时限调整、倒退各为一种，不算推进。状态由空变为有、由有变为空都不算推进或倒退（销号除外）。重启：反弹次数增加，或由已销号、阶段性完成、撤销回到未办结。退回：退回次数增加，或由申请销号回到整改中。",
    "Before is the snapshot in force on the day compared with, now is the ledger of this release; without an earlier snapshot nothing can be said to have moved. What was there before and is not in the ledger now was removed. Moved on is progress of the status alone: sent back, reopened, re-dated and moved back are moves of their own. A status that appears or disappears is no move forward or back (closing excepted). Reopened: reopened more often than before, or back to open from closed, staged or cancelled. Sent back: sent back more often than before, or back from awaiting verification to in progress.",
]
reads = ["action_snapshot", "snapshot_in_force", "action"]

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
    ["missing", "删除", "Removed"],
]
*/
create macro action_move(as_of, compare_on) as table
with release_before as (
    select arg_max(in_force.release, in_force.as_of_on) as release,
    from snapshot_in_force(compare_on) as in_force
),
steps as (
    select ['not_started', 'in_progress', 'pending_verification', 'staged_ongoing', 'closed'] as listed,
),
compared as (
    select
        measure.action_id,
        before.status as status_before,
        before.due_on as due_before,
        before.action_id is null as is_new,
        before.action_id is not null and before.due_on is distinct from measure.due_on as is_redated,
        before.action_id is not null and before.status is distinct from 'cancelled' and measure.status = 'cancelled'
            as is_cancelled,
        measure.status = 'closed' and before.status is distinct from 'closed' as is_closed,
        coalesce(
            measure.reopen_count > before.reopen_count
            or (
                before.status in ('closed', 'staged_ongoing', 'cancelled')
                and measure.status in ('not_started', 'in_progress', 'pending_verification')
            ),
            false
        ) as is_reopened,
        coalesce(
            measure.return_count > before.return_count
            or (before.status = 'pending_verification' and measure.status = 'in_progress'),
            false
        ) as is_returned,
        nullif(list_position(steps.listed, measure.status), 0) as step,
        nullif(list_position(steps.listed, before.status), 0) as step_before,
    from action as measure -- as it stands, whatever the day: only its judgement depends on that
    cross join steps
    cross join release_before
    left join action_snapshot as before
        on before.release = release_before.release and before.action_id = measure.action_id
    where release_before.release is not null
),
moved as (
    select
        unnest([
            case when is_new then 'new' end,
            case when is_cancelled then 'cancelled' end,
            case when is_closed then 'closed' end,
            case when is_reopened then 'reopened' end,
            case when is_returned then 'returned' end,
            case when is_redated then 'redated' end,
            case when step > step_before and not is_closed and not is_reopened and not is_returned then 'advanced' end,
            case when step < step_before and not is_reopened and not is_returned then 'moved_back' end
        ]) as move,
        action_id,
        status_before,
        due_before,
    from compared
)
select
    moved.move,
    moved.action_id,
    moved.status_before,
    moved.due_before,
from moved
where moved.move is not null
union all
select
    'missing' as move,
    before.action_id,
    before.status as status_before,
    before.due_on as due_before,
from action_snapshot as before
join release_before on release_before.release = before.release
anti join action on action.action_id = before.action_id
