/*
title = ["按期销号", "Closed on time"]
grain = ["一行一个整改类型（长期坚持除外），未分类单列一行", "one row per type except long-term; unclassified [measures] have a row of their own"]
notes = [
    "按时 = 完成日期不晚于原定时限（不是延期后的时限）。缺完成日期或原定时限的单列，不进比率。[措施]台账（含撤销合并的）少于通报数时没有比率。",
    "On time = done by the original due date, not by the extended one. Those without either date stand apart and are not in the share. No share while the ledger holds fewer [measures], cancelled ones included, than were reported.",
]
reads = ["action_at", "action_gap"]
behind = "actions"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
rect_type = "action.rect_type"
closed = ["已销号", "Closed"]
on_time = ["按期", "On time"]
late = ["超期", "Late"]
undated = ["缺日期", "Undated"]
share = { heading = ["按期销号率", "On-time closing rate"], share = true }
*/
with types as (
    select * from (values ('immediate', 1), ('time_limited', 2), (null, 3)) as listed (rect_type, position)
),
completeness as (
    select count(*) = 0 as is_complete,
    from action_gap($as_of) as gap
),
closed_measures as (
    select
        measure.rect_type,
        measure.done_on <= measure.original_due_on as is_on_time,
    from action_at($as_of) as measure
    where measure.status = 'closed'
),
counted as (
    select
        closed_measures.rect_type,
        count(*) as closed,
        count(*) filter (closed_measures.is_on_time) as on_time,
        count(*) filter (not closed_measures.is_on_time) as late,
        count(*) filter (closed_measures.is_on_time is null) as undated,
    from closed_measures
    group by closed_measures.rect_type
)
select
    types.rect_type,
    coalesce(counted.closed, 0) as closed,
    coalesce(counted.on_time, 0) as on_time,
    coalesce(counted.late, 0) as late,
    coalesce(counted.undated, 0) as undated,
    case
        when completeness.is_complete then counted.on_time / nullif(counted.on_time + counted.late, 0)
    end::decimal(18, 4) as share,
from types
cross join completeness
left join counted on counted.rect_type is not distinct from types.rect_type
order by types.position
