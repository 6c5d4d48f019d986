/*
title = ["有效快照", "Snapshots in force"]
grain = ["一行一个截至日期和它的有效版本", "one row per as-of date and the release that counts for it"]
notes = [
    "后来的版本若截至日期不晚于某版本，该版本即被取代：被撤销的一周、改回去的日期因此不再出现。",
    "A release is superseded when a later one has an as-of date not after its own: weeks that were undone and dates that were taken back drop out.",
]
reads = ["release"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
release = "release.release"
as_of_on = "release.as_of_on"
*/
create macro snapshot_in_force(as_of) as table
with followed as (
    select
        release.release,
        release.as_of_on,
        min(release.as_of_on) over (
            order by release.release rows between 1 following and unbounded following
        ) as earliest_later_as_of_on,
    from release
)
select
    followed.release,
    followed.as_of_on,
from followed
where followed.as_of_on <= as_of
    and (followed.earliest_later_as_of_on is null or followed.earliest_later_as_of_on > followed.as_of_on)
