/*
title = ["序时进度", "Progress against schedule"]
grain = ["一行，全部有时限的[措施]合计", "one row for all [measures] with a due date"]
notes = [
    "只看有时限的[措施]，长期坚持除外。应完成 = 时限不晚于截至日；实际比例 = 已销号 ÷ 状态已知的；差为百分点，负数为落后。落后达到黄灯线（含）为落后，达到红灯线（含）为严重落后。没有有时限的[措施]、或台账（含撤销合并的）少于通报数时，比例为空。",
    "Only [measures] with a due date, long-term ones excluded. Planned = due by the as-of day; actual share = closed / those whose status is known; the gap is in points, negative is behind. Behind from the amber line on, far behind from the red line on. Shares are empty when no [measure] has a due date or the ledger holds fewer [measures], cancelled ones included, than were reported.",
]
reads = ["action_at", "setting", "action_gap"]
behind = "actions"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
planned = ["应完成", "Due by now"]
planned_share = { heading = ["应完成比例", "Share due by now"], share = true }
closed = ["已销号", "Closed"]
actual_share = { heading = ["实际比例", "Share closed"], share = true }
gap_points = ["序时进度差", "Gap to schedule"]
band = { heading = ["进度", "Band"], codes = "schedule_band" }
yellow_points = "campaign.behind_yellow_points"
red_points = "campaign.behind_red_points"

[codes]
schedule_band = [
    ["on_schedule", "符合序时进度", "On schedule"],
    ["behind", "落后", "Behind"],
    ["far_behind", "严重落后", "Far behind"],
]
*/
with settings as (
    select
        setting.behind_yellow_points as yellow_points,
        setting.behind_red_points as red_points,
    from setting() as setting
),
completeness as (
    select count(*) = 0 as is_complete,
    from action_gap($as_of) as gap
),
counted as (
    select
        count(*) as dated,
        count(measure.status) as known,
        count(*) filter (measure.due_on <= $as_of) as planned,
        count(*) filter (measure.status = 'closed') as closed,
    from action_at($as_of) as measure
    where measure.is_counted and measure.is_dated
),
shares as (
    select
        counted.planned,
        counted.closed,
        case when completeness.is_complete then counted.planned / nullif(counted.dated, 0) end as planned_share,
        case when completeness.is_complete then counted.closed / nullif(counted.known, 0) end as actual_share,
    from counted
    cross join completeness
),
compared as (
    select
        shares.planned,
        shares.planned_share::decimal(18, 4) as planned_share,
        shares.closed,
        shares.actual_share::decimal(18, 4) as actual_share,
        (100 * (shares.actual_share - shares.planned_share))::decimal(18, 4) as gap_points,
    from shares
)
select
    compared.planned,
    compared.planned_share,
    compared.closed,
    compared.actual_share,
    compared.gap_points,
    case
        when compared.gap_points is null then null
        when compared.gap_points <= -settings.red_points then 'far_behind'
        when compared.gap_points <= -settings.yellow_points then 'behind'
        else 'on_schedule'
    end as band,
    settings.yellow_points,
    settings.red_points,
from compared
cross join settings
order by compared.planned
