/*
title = ["已成行的走访", "Visits made"]
grain = ["一行一次到截至日为止已成行的走访", "one row per visit made up to the as-of day"]
notes = [
    "状态为“已走访”，且走访日期不晚于截至日；没有日期的已走访也算（来源只说去过）。",
    "State 'visited' and a date not after the as-of day; a visit made without a date counts too (the source only says that it was made).",
]
reads = ["visit"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
visit_id = "visit.visit_id"
visited_on = "visit.visited_on"
topic_id = "visit.topic_id"
district_code = "visit.district_code"
town_code = "visit.town_code"
outside_city = "visit.outside_city"
is_demo = "visit.is_demo"
*/
create macro made_visit(as_of) as table
select
    visit.visit_id,
    visit.visited_on,
    visit.topic_id,
    visit.district_code,
    visit.town_code,
    visit.outside_city,
    visit.is_demo,
from visit
where visit.status = 'made'
    and (visit.visited_on is null or visit.visited_on <= as_of)
