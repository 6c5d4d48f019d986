/*
title = ["责任[单位]", "Responsible [units]"]
grain = ["一行一个责任[单位]（没有责任[单位]的为牵头[单位]）；未提供[单位]的[措施]合为一行", "one row per responsible [unit] (the lead [unit] where there is none); [measures] without [a unit] make one row"]
notes = [
    "[措施]数与销号数只算立行立改和限期整改；比率只除以状态已知的。没有应计[措施]的[单位]没有比率，不参加比较。[措施]台账（含撤销合并的）少于通报数时没有比率。静默：有未办结[措施]，且最近一次实际变更（撤销和清除示例不算，日期只取有效版本的）距截至日超过静默天数；[措施]有自己的反馈周期的，超过两个周期即为静默，取未办结[措施]中最短的。落后：有时限的应计[措施]中，销号比例低于按时限应完成的比例；没有有时限的为空。",
    "[Measures] and closed ones are the immediate and time-limited; the share divides by those whose status is known. [A unit] without any has no share and is left out of comparisons. No share while the ledger holds fewer [measures], cancelled ones included, than were reported. Silent: has open [measures], and its last real change (undoing and demo removal aside, dated by releases in force) lies more than the silent days before the as-of day; [a measure] with a rhythm of its own is silent after two of its periods, and the shortest among the open ones counts. Behind: of its dated countable [measures] a smaller share is closed than was due by now; empty when none is dated.",
]
reads = ["unit_at", "action_at"]
behind = "actions"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
unit = "action.resp_unit"
actions = ["应计[措施]", "Countable [measures]"]
known = ["状态已知", "Status known"]
closed = ["已销号", "Closed"]
share = { heading = ["销号率", "Closing rate"], share = true }
overdue = ["逾期", "Overdue"]
due_soon = ["临期", "Due soon"]
last_change_on = ["最近更新", "Last change"]
silent_days = ["未更新天数", "Days without change"]
is_silent = ["静默", "Silent"]
is_behind = ["落后于序时进度", "Behind schedule"]
*/
with known_statuses as (
    select measure.unit, count(*) as known,
    from action_at($as_of) as measure
    where measure.is_counted and measure.status is not null and measure.rect_type in ('immediate', 'time_limited')
    group by measure.unit
)
select
    counted.unit,
    counted.actions,
    coalesce(statuses.known, 0) as known,
    counted.closed,
    counted.share,
    counted.overdue,
    counted.due_soon,
    counted.last_change_on,
    counted.silent_days,
    counted.is_silent,
    counted.is_behind,
from unit_at($as_of) as counted
left join known_statuses as statuses on statuses.unit is not distinct from counted.unit
order by counted.unit nulls last
