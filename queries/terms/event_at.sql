/*
title = ["已开展的活动", "Events held"]
grain = ["一行一次到截至日为止已开展的活动", "one row per event that had begun by the as-of day"]
notes = [
    "开始日期不晚于截至日；未注明日期的也算（来源只说开展过）。区间活动从开始那天起算。",
    "Begun not after the as-of day; an event without a date counts too (the source only says that it took place). A range counts from its first day.",
]
reads = ["event"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
event_id = "event.event_id"
title = "event.title"
kind = "event.kind"
strand = "event.strand"
started_on = "event.started_on"
ended_on = "event.ended_on"
half = "event.half"
place = "event.place"
district_code = "event.district_code"
town_code = "event.town_code"
attendance = "event.attendance"
*/
create macro event_at(as_of) as table
select
    event.event_id,
    event.title,
    event.kind,
    event.strand,
    event.started_on,
    event.ended_on,
    event.half,
    event.place,
    event.district_code,
    event.town_code,
    event.attendance,
from event
where event.started_on is null or event.started_on <= as_of
