/*
title = ["剩余未销号曲线", "Burn-down"]
grain = ["一行一期有效快照", "one row per snapshot in force"]
notes = [
    "每期按当期的截至日计算。总数不含撤销合并的；未办结包括状态未提供的，全部未提供时为空。与上期间隔超过更新周期的，标为缺期，不补中间的点。有一条[措施]是示例的，该期标为示例；已删除的[措施]看其删除记录。",
    "Each snapshot is judged on its own as-of day. The total leaves out cancelled [measures]; open includes those without a status, and is empty when none has one. A step longer than the update cycle is marked as a gap; no points are filled in. A snapshot with a made-up [measure] is marked as demo; for one removed since, the record of its removal says so.",
]
reads = ["snapshot_in_force", "action_snapshot", "setting", "action", "change"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
as_of_on = "release.as_of_on"
release = "release.release"
total = ["[措施]总数", "[Measures]"]
open = ["未办结", "Open"]
closed = ["已销号", "Closed"]
overdue = ["逾期", "Overdue"]
days_since_previous = ["距上期天数", "Days since the previous"]
is_gap = ["缺期", "Gap"]
is_demo = ["示例数据", "Demo row"]
*/
with settings as (
    select setting.update_every_days,
    from setting() as setting
),
releases_in_force as (
    select
        in_force.release,
        in_force.as_of_on,
        in_force.as_of_on - lag(in_force.as_of_on) over (order by in_force.as_of_on) as days_since_previous,
    from snapshot_in_force($as_of) as in_force
),
made_up as (
    select action.action_id
    from action
    where action.is_demo
    union
    select change.row_key
    from change
    where change.table_name = 'action' and change.kind = 'removed'
        and json_extract_string(change.old, '$.is_demo') = 'true'
),
judged as (
    select
        snapshot.release,
        made_up.action_id is not null as is_demo,
        snapshot.status,
        coalesce(snapshot.status in ('not_started', 'in_progress', 'pending_verification'), true) as is_open,
        coalesce(
            coalesce(snapshot.status in ('not_started', 'in_progress', 'pending_verification'), true)
            and snapshot.rect_type is distinct from 'long_term'
            and snapshot.due_on < snapshot.as_of_on
            and not coalesce(snapshot.status = 'pending_verification' and snapshot.done_on <= snapshot.due_on, false),
            false
        ) as is_overdue,
    from action_snapshot as snapshot
    left join made_up on made_up.action_id = snapshot.action_id
    where snapshot.status is distinct from 'cancelled'
),
counted as (
    select
        judged.release,
        count(*) as total,
        bool_or(judged.is_demo) as is_demo,
        case when count(judged.status) > 0 then count(*) filter (judged.is_open) end as open,
        case when count(judged.status) > 0 then count(*) filter (judged.status = 'closed') end as closed,
        case when count(judged.status) > 0 then count(*) filter (judged.is_overdue) end as overdue,
    from judged
    group by judged.release
)
select
    releases_in_force.as_of_on,
    releases_in_force.release,
    coalesce(counted.total, 0) as total,
    counted.open,
    counted.closed,
    counted.overdue,
    releases_in_force.days_since_previous,
    coalesce(releases_in_force.days_since_previous > settings.update_every_days, false) as is_gap,
    coalesce(counted.is_demo, false) as is_demo,
from releases_in_force
cross join settings
left join counted on counted.release = releases_in_force.release
order by releases_in_force.as_of_on
