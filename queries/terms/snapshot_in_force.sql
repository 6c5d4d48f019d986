/*
title = ["有效快照", "Snapshots in force"]
grain = ["一行一个截至日期和它的有效版本", "one row per as-of date and the release that counts for it"]
notes = [
    "每个截至日期取最新的版本；撤下的日期不再出现，直到以后的版本再发布这一天。没有批次号的旧版本按旧规则：较早日期的版本使其后各期失效。",
    "Of each as-of day the newest release counts; a day that was withdrawn drops out until a later release speaks of it. Old releases without an act keep the old rule: one with an earlier day ends the days after it.",
]
reads = ["release", "withdrawn"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
release = "release.release"
as_of_on = "release.as_of_on"
*/
create macro snapshot_in_force(as_of) as table
select
    said.release,
    said.as_of_on,
from release as said
where said.as_of_on <= as_of
    and not exists (
        select 1
        from release as later
        where later.release > said.release
            and (later.as_of_on = said.as_of_on or (later.act is null and later.as_of_on <= said.as_of_on))
    )
    and not exists (
        select 1
        from withdrawn
        where withdrawn.release > said.release
            and withdrawn.as_of_on = said.as_of_on
    )
