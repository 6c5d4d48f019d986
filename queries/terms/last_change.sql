/*
title = ["[措施]的最近更新", "Last change of each [measure]"]
grain = ["一行一条有过变更的[整改措施]", "one row per [measure] that ever changed"]
notes = [
    "撤销和清除示例不算变更，被撤销的也不算；日期只取有效版本的。",
    "Undoing and demo removal are no changes, nor is what was undone; dated by releases in force.",
]
reads = ["change", "release", "snapshot_in_force"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
action_id = "action.action_id"
changed_on = ["最近更新", "Last change"]
*/
create macro last_change(as_of) as table
with undone as (
    select undoing.undoes as release,
    from release as undoing
    anti join release as redoing on redoing.undoes = undoing.release
    where undoing.undoes is not null
),
-- What was brought for a day in force speaks from that day; what was brought for one that was withdrawn, from the day
-- of the first release in force that was made after it.
uploads as (
    select
        published.release,
        coalesce(
            min(in_force.as_of_on) filter (in_force.as_of_on = published.as_of_on),
            min_by(in_force.as_of_on, in_force.release)
        ) as as_of_on,
    from release as published
    anti join undone on undone.release = published.release
    join snapshot_in_force(as_of) as in_force on in_force.release >= published.release
    where published.kind in ('first', 'upload')
    group by published.release
)
select
    change.row_key as action_id,
    max(uploads.as_of_on) as changed_on,
from change
join uploads on uploads.release = change.release
where change.table_name = 'action'
group by change.row_key
