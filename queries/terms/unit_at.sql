/*
title = ["责任[单位]的情况", "Responsible [units] as of a day"]
grain = ["一行一个责任[单位]（没有责任[单位]的为牵头[单位]）；未提供[单位]的[措施]合为一行", "one row per responsible [unit] (the lead [unit] where there is none); [measures] without [a unit] make one row"]
notes = [
    "[措施]数与销号数只算立行立改和限期整改；比率只除以状态已知的。没有应计[措施]的[单位]没有比率，不参加比较。[措施]台账（含撤销合并的）少于通报数时没有比率。静默：有未办结[措施]，且最近一次实际变更（撤销和清除示例不算，日期只取有效版本的）距截至日超过静默天数；[措施]有自己的反馈周期的，超过两个周期即为静默，取未办结[措施]中最短的。落后：有时限的应计[措施]中，销号比例低于按时限应完成的比例；没有有时限的为空。",
    "[Measures] and closed ones are the immediate and time-limited; the share divides by those whose status is known. [A unit] without any has no share and is left out of comparisons. No share while the ledger holds fewer [measures], cancelled ones included, than were reported. Silent: has open [measures], and its last real change (undoing and demo removal aside, dated by releases in force) lies more than the silent days before the as-of day; [a measure] with a rhythm of its own is silent after two of its periods, and the shortest among the open ones counts. Behind: of its dated countable [measures] a smaller share is closed than was due by now; empty when none is dated.",
]
reads = ["action", "action_at", "action_gap", "last_change", "setting"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
unit = "action.resp_unit"
actions = ["应计[措施]", "Countable [measures]"]
closed = ["已销号", "Closed"]
share = ["销号率", "Closing rate"]
overdue = ["逾期", "Overdue"]
due_soon = ["临期", "Due soon"]
last_change_on = ["最近更新", "Last change"]
silent_days = ["未更新天数", "Days without change"]
is_silent = ["静默", "Silent"]
is_behind = ["落后于序时进度", "Behind schedule"]
*/
create macro unit_at(as_of) as table
with settings as (
    select setting.silent_days,
    from setting() as setting
),
completeness as (
    select count(*) = 0 as is_complete,
    from action_gap(as_of) as gap
),
measures as (
    select
        measure.unit,
        measure.status,
        measure.is_open,
        measure.is_overdue,
        measure.is_due_soon,
        measure.is_dated,
        measure.due_on <= as_of as is_planned,
        coalesce(measure.rect_type in ('immediate', 'time_limited'), false) as is_countable,
        last_changes.changed_on,
        case when measure.is_open then coalesce(2 * action.report_every_days, settings.silent_days) end as silent_days,
    from action_at(as_of) as measure
    cross join settings
    left join last_change(as_of) as last_changes on last_changes.action_id = measure.action_id
    left join action on action.action_id = measure.action_id
    where measure.is_counted
),
counted as (
    select
        measures.unit,
        count(*) filter (measures.is_countable) as actions,
        count(*) filter (measures.is_countable and measures.status is not null) as known,
        count(*) filter (measures.is_countable and measures.status = 'closed') as closed,
        count(*) filter (measures.is_countable and measures.is_dated) as dated,
        count(*) filter (measures.is_countable and measures.is_dated and measures.status is not null) as dated_known,
        count(*) filter (measures.is_countable and measures.is_dated and measures.status = 'closed') as dated_closed,
        count(*) filter (measures.is_countable and measures.is_dated and measures.is_planned) as planned,
        count(*) filter (measures.is_overdue) as overdue,
        count(*) filter (measures.is_due_soon) as due_soon,
        bool_or(measures.is_open) as has_open,
        max(measures.changed_on) as last_change_on,
        min(measures.silent_days) as silent_after_days,
    from measures
    group by measures.unit
)
select
    counted.unit,
    counted.actions,
    counted.closed,
    case when completeness.is_complete then counted.closed / nullif(counted.known, 0) end::decimal(18, 4) as share,
    counted.overdue,
    counted.due_soon,
    counted.last_change_on,
    as_of - counted.last_change_on as silent_days,
    case
        when counted.unit is not null
            then counted.has_open and coalesce(as_of - counted.last_change_on > counted.silent_after_days, false)
    end as is_silent,
    case
        when completeness.is_complete
            then counted.dated_closed / nullif(counted.dated_known, 0) < counted.planned / nullif(counted.dated, 0)
    end as is_behind,
from counted
cross join completeness
