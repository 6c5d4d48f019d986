/*
title = ["各[单位]交回情况", "What was asked for and what came back"]
grain = ["一行一次向一个[单位]下发的填报表", "one row per sheet handed out to one [unit] in one round"]
notes = [
    "交回日期不晚于时限为按时，晚于时限为迟交。没有交回的，时限早于截至日为未交，截至日当天到期的还是待交。",
    "Returned by its day is in time, after it late. What has not come back is missing once its day lies before the as-of day; due on that day it is still awaited.",
]
reads = ["request"]
rows_of = "request"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
request_id = "request.request_id"
unit = "request.unit"
ledgers = "request.ledgers"
sent_on = "request.sent_on"
return_by = "request.return_by"
release = "request.release"
row_count = "request.row_count"
cell_count = "request.cell_count"
returned_on = "request.returned_on"
state = { heading = ["交回", "Returned"], codes = "request_state" }
days_late = ["迟交天数", "Days late"]
is_demo = "request.is_demo"

[codes]
request_state = [
    ["in_time", "按时", "In time"],
    ["late", "迟交", "Late"],
    ["missing", "未交", "Not returned"],
    ["awaited", "待交", "Awaited"],
]
*/
select
    request.request_id,
    request.unit,
    request.ledgers,
    request.sent_on,
    request.return_by,
    request.release,
    request.row_count,
    request.cell_count,
    request.returned_on,
    case
        when request.returned_on <= request.return_by then 'in_time'
        when request.returned_on > request.return_by then 'late'
        when request.return_by < $as_of then 'missing'
        else 'awaited'
    end as state,
    case
        when request.returned_on is null and request.return_by < $as_of then $as_of - request.return_by
        when request.returned_on > request.return_by then request.returned_on - request.return_by
    end as days_late,
    request.is_demo,
from request
order by request.return_by desc, request.request_id desc, request.unit
