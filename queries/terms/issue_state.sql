/*
title = ["[问题]的状态", "State of the [issues]"]
grain = ["一行一个[整改问题]", "one row per [issue] to be rectified"]
notes = [
    "由[措施]推出，与截至日无关：[问题]本身已撤销合并或[措施]全部撤销为撤销；全部销号为已销号；销号与阶段性完成为阶段性完成；有待审核而其余已办结为申请销号；有一条已启动为整改中；否则有状态未提供的为未提供，其余为未启动。没有[措施]的用手工状态。完成（K07）：没有一条[措施]明知未完成，且没有状态未提供的；只要有一条明知未完成即未完成。",
    "It follows from the [measures], whatever the day: the [issue] itself or all of its [measures] cancelled or merged: cancelled; all closed: closed; closed or staged: staged and ongoing; one awaiting verification and the rest finished: awaiting; one begun: in progress; else not stated when [a measure] has no status, otherwise not started. [An issue] without [measures] has the status set by hand. Completed (K07): no [measure] is known to be unfinished and none is without a status; one known unfinished [measure] is enough for not completed.",
]
reads = ["issue", "action"]

[returns]
issue_id = "issue.issue_id"
actions = ["[措施]数", "[Measures]"]
closed = ["已销号", "Closed"]
status = { heading = ["[问题]状态", "Status"], codes = "status" }
is_counted = ["计入", "Counted"]
is_done = ["完成", "Completed"]
*/
create macro issue_state() as table
with measures as (
    select
        action.issue_id,
        count(*) as listed,
        count(*) filter (action.status is distinct from 'cancelled') as counted,
        count(*) filter (action.status = 'closed') as closed,
        count(*) filter (action.status = 'staged_ongoing') as staged,
        count(*) filter (action.status = 'pending_verification') as pending,
        count(*) filter (action.status = 'in_progress') as running,
        count(*) filter (action.status = 'not_started') as waiting,
        count(*) filter (action.status is null) as unknown,
    from action
    where action.issue_id is not null
    group by action.issue_id
),
rolled_up as (
    select
        issue.issue_id,
        coalesce(measures.counted, 0) as actions,
        coalesce(measures.closed, 0) as closed,
        case
            when issue.status_manual = 'cancelled' then 'cancelled'
            when measures.listed is null then issue.status_manual
            when measures.counted = 0 then 'cancelled'
            when measures.closed = measures.counted then 'closed'
            when measures.closed + measures.staged = measures.counted then 'staged_ongoing'
            when measures.closed + measures.staged + measures.pending = measures.counted then 'pending_verification'
            when measures.closed + measures.staged + measures.pending + measures.running > 0 then 'in_progress'
            when measures.unknown > 0 then null
            else 'not_started'
        end as status,
        case
            when coalesce(measures.counted, 0) = 0 then null
            when measures.pending + measures.running + measures.waiting > 0 then false
            when measures.unknown > 0 then null
            else true
        end as is_done,
    from issue
    left join measures on measures.issue_id = issue.issue_id
)
select
    rolled_up.issue_id,
    rolled_up.actions,
    rolled_up.closed,
    rolled_up.status,
    rolled_up.status is distinct from 'cancelled' as is_counted,
    rolled_up.is_done,
from rolled_up
