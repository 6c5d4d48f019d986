/*
title = ["[问题]在截至日的情况", "[Issues] as of a day"]
grain = ["一行一个[整改问题]", "one row per [issue] to be rectified"]
notes = [
    "状态见“[问题]的状态”。亮灯取[措施]中最急的一个。",
    "For the status see 'State of the [issues]'. The light is the most urgent one of its [measures].",
]
reads = ["issue", "issue_state", "action_at"]

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
with lights as (
    select
        measure.issue_id,
        -- the worst light of its measures, in this order; closed ones have none of these
        min(list_position(['red', 'yellow', 'green', 'grey', 'blue', 'long'], measure.light)) as worst,
    from action_at(as_of) as measure
    where measure.issue_id is not null
    group by measure.issue_id
)
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
    state.actions,
    state.closed,
    state.status,
    case
        when state.status = 'cancelled' then null
        when lights.worst <= 4 then ['red', 'yellow', 'green', 'grey'][lights.worst]
        when lights.worst = 5 or state.status = 'pending_verification' then 'blue'
        when lights.worst = 6 or state.status = 'staged_ongoing' then 'long'
        when state.status = 'closed' then 'done'
        else 'grey'
    end as light,
    state.is_counted,
    state.is_done,
    issue.fact_id,
    issue.is_demo,
from issue
join issue_state() as state on state.issue_id = issue.issue_id
left join lights on lights.issue_id = issue.issue_id
