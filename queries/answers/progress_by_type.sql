/*
title = ["分类整改进度", "Progress by type"]
grain = ["一行一个整改类型，未分类单列一行", "one row per type; unclassified [measures] have a row of their own"]
notes = [
    "[措施]数不含撤销合并的，撤销合并数另列。比率 = 已销号 ÷ 状态已知的[措施]；含阶段性口径再加上阶段性完成。长期坚持和未分类只列个数。[措施]台账（含撤销合并的）少于通报数时没有比率。",
    "[Measures] leave out the cancelled, which are listed beside them. Share = closed / [measures] whose status is known; the inclusive share adds the staged. Long-term and unclassified [measures] have counts only. No share while the ledger holds fewer [measures], cancelled ones included, than were reported.",
]
reads = ["action_at", "action_gap"]
behind = "actions"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
rect_type = "action.rect_type"
actions = ["[措施]数", "[Measures]"]
not_started = ["未启动", "Not started"]
in_progress = ["整改中", "In progress"]
pending_verification = ["申请销号", "Awaiting verification"]
staged_ongoing = ["阶段性完成并长期坚持", "Staged and ongoing"]
closed = ["已销号", "Closed"]
unknown = ["未提供", "Not stated"]
cancelled = ["撤销合并", "Cancelled or merged"]
share = { heading = ["销号率", "Closing rate"], share = true }
inclusive_share = { heading = ["完成率（含阶段性）", "Completion rate, staged included"], share = true }
*/
with types as (
    select * from (values ('immediate', 1), ('time_limited', 2), ('long_term', 3), (null, 4)) as listed (rect_type, position)
),
completeness as (
    select count(*) = 0 as is_complete,
    from action_gap($as_of) as gap
),
counted as (
    select
        types.rect_type,
        types.position,
        count(measure.action_id) filter (measure.is_counted) as actions,
        count(*) filter (measure.status = 'not_started') as not_started,
        count(*) filter (measure.status = 'in_progress') as in_progress,
        count(*) filter (measure.status = 'pending_verification') as pending_verification,
        count(*) filter (measure.status = 'staged_ongoing') as staged_ongoing,
        count(*) filter (measure.status = 'closed') as closed,
        count(measure.action_id) filter (measure.status is null) as unknown,
        count(*) filter (measure.status = 'cancelled') as cancelled,
    from types
    left join action_at($as_of) as measure on measure.rect_type is not distinct from types.rect_type
    group by types.rect_type, types.position
)
select
    counted.rect_type,
    counted.actions,
    counted.not_started,
    counted.in_progress,
    counted.pending_verification,
    counted.staged_ongoing,
    counted.closed,
    counted.unknown,
    counted.cancelled,
    case
        when completeness.is_complete and counted.rect_type in ('immediate', 'time_limited')
            then counted.closed / nullif(counted.actions - counted.unknown, 0)
    end::decimal(18, 4) as share,
    case
        when completeness.is_complete and counted.rect_type in ('immediate', 'time_limited')
            then (counted.closed + counted.staged_ongoing) / nullif(counted.actions - counted.unknown, 0)
    end::decimal(18, 4) as inclusive_share,
from counted
cross join completeness
order by counted.position
