/*
title = ["[问题]在截至日的情况", "[Issues] as of a day"]
grain = ["一行一个[整改问题]", "one row per [issue] to be rectified"]
notes = [
    "状态由[措施]推出：[问题]本身已撤销合并或[措施]全部撤销为撤销；全部销号为已销号；销号与阶段性完成为阶段性完成；有待审核而其余已办结为申请销号；有一条已启动为整改中；否则有状态未提供的为未提供，其余为未启动。没有[措施]的用手工状态。完成（K07）：没有一条[措施]明知未完成，且没有状态未提供的；只要有一条明知未完成即未完成。亮灯取[措施]中最急的一个。",
    "The status follows from the [measures]: the [issue] itself or all of its [measures] cancelled or merged: cancelled; all closed: closed; closed or staged: staged and ongoing; one awaiting verification and the rest finished: awaiting; one begun: in progress; else not stated when [a measure] has no status, otherwise not started. [An issue] without [measures] has the status set by hand. Completed (K07): no [measure] is known to be unfinished and none is without a status; one known unfinished [measure] is enough for not completed. The light is the most urgent one of its [measures].",
]
reads = ["issue", "action_at"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
issue_id = "issue.issue_id"
title = "issue.title"
level = "issue.level"
nature = "issue.nature"
dimension = "issue.dimension"
issue_source = "issue.issue_source"
lead_unit = "issue.lead_unit"
standard = "issue.standard"
identified_on = "issue.identified_on"
actions = ["[措施]数", "[Measures]"]
closed = ["已销号", "Closed"]
status = { heading = ["[问题]状态", "Status"], codes = "status" }
light = { heading = ["亮灯", "Light"], codes = "light" }
is_counted = ["计入", "Counted"]
is_done = ["完成", "Completed"]
fact_id = "issue.fact_id"
is_demo = "issue.is_demo"
*/
create macro issue_at(as_of) as table
with measures as (
    select
        measure.issue_id,
        count(*) as listed,
        count(*) filter (measure.is_counted) as counted,
        count(*) filter (measure.status = 'closed') as closed,
        count(*) filter (measure.status = 'staged_ongoing') as staged,
        count(*) filter (measure.status = 'pending_verification') as pending,
        count(*) filter (measure.status = 'in_progress') as running,
        count(*) filter (measure.status = 'not_started') as waiting,
        count(*) filter (measure.status is null) as unknown,
        -- the worst light of its measures, in this order; closed ones have none of these
        min(list_position(['red', 'yellow', 'green', 'grey', 'blue', 'long'], measure.light)) as worst,
    from action_at(as_of) as measure
    where measure.issue_id is not null
    group by measure.issue_id
),
rolled_up as (
    select
        issue.issue_id,
        issue.title,
        issue.level,
        issue.nature,
        issue.dimension,
        issue.issue_source,
        issue.lead_unit,
        issue.standard,
        issue.identified_on,
        issue.fact_id,
        issue.is_demo,
        measures.worst,
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
    rolled_up.title,
    rolled_up.level,
    rolled_up.nature,
    rolled_up.dimension,
    rolled_up.issue_source,
    rolled_up.lead_unit,
    rolled_up.standard,
    rolled_up.identified_on,
    rolled_up.actions,
    rolled_up.closed,
    rolled_up.status,
    case
        when rolled_up.status = 'cancelled' then null
        when rolled_up.worst <= 4 then ['red', 'yellow', 'green', 'grey'][rolled_up.worst]
        when rolled_up.worst = 5 or rolled_up.status = 'pending_verification' then 'blue'
        when rolled_up.worst = 6 or rolled_up.status = 'staged_ongoing' then 'long'
        when rolled_up.status = 'closed' then 'done'
        else 'grey'
    end as light,
    rolled_up.status is distinct from 'cancelled' as is_counted,
    rolled_up.is_done,
    rolled_up.fact_id,
    rolled_up.is_demo,
from rolled_up
