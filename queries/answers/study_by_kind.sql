/*
title = ["各类活动", "Events by kind"]
grain = ["一行一类活动", "one row per kind of event"]
notes = [
    "未注明日期的活动计入次数，不计入有日期的次数。人数只加有人数的活动；没有一次有人数时为空。",
    "Events without a date count, but not among the dated ones. Attendance adds up the events that state it and is empty when none does.",
]
reads = ["event_at", "strand_in_use"]
behind = "events"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
kind = "event.kind"
events = ["次数", "Events"]
dated = ["有日期", "Dated"]
with_attendance = ["有人数", "With attendance"]
attendance = "event.attendance"
*/
select
    held.kind,
    count(*) as events,
    count(held.started_on) as dated,
    count(held.attendance) as with_attendance,
    sum(held.attendance)::bigint as attendance,
from event_at($as_of) as held
where held.strand in (select used.strand_code from strand_in_use() as used where used.uses_study)
group by held.kind
order by events desc, held.kind
