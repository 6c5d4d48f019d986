/*
title = ["数据时效", "Age of the data"]
grain = ["一行：本版本", "one row: this release"]
notes = [
    "天数 = 所看的日期 − 本版本的数据截至日；超过偏旧天数为偏旧，超过过旧天数为过旧（[专项活动]一行中设定，缺省 7 天和 14 天）。",
    "Days from this release's as-of day to the day asked about; above the campaign's two limits (7 and 14 days unless set) the data are getting old, then too old.",
]
reads = ["release", "setting"]

[params]
as_of = ["所看的日期", "Asked about"]

[returns]
data_as_of_on = "release.as_of_on"
age_days = ["已过天数", "Age in days"]
next_update_on = ["下次更新", "Next update"]
freshness = { heading = ["时效", "Freshness"], codes = "freshness" }

[codes]
freshness = [
    ["fresh", "数据较新", "Fresh"],
    ["ageing", "数据偏旧", "Getting old"],
    ["stale", "数据过旧", "Too old"],
]
*/
with this_release as (
    select
        release.as_of_on,
        ($as_of::date - release.as_of_on)::integer as age_days,
    from release
    where release.release = (select max(release.release) from release)
),
limits as (
    select
        setting.update_every_days,
        setting.stale_amber_days as amber_days,
        setting.stale_red_days as red_days,
    from setting() as setting
)
select
    this_release.as_of_on as data_as_of_on,
    this_release.age_days,
    this_release.as_of_on + limits.update_every_days as next_update_on,
    case
        when this_release.age_days > limits.red_days then 'stale'
        when this_release.age_days > limits.amber_days then 'ageing'
        else 'fresh'
    end as freshness,
from this_release
cross join limits
order by this_release.as_of_on
