/*
title = ["汇报会议", "Review meetings"]
grain = ["一行一次汇报会议", "one row per review meeting"]
notes = [
    "所用数据截至日不晚于所看日期的会议；会议当天可以晚几天。",
    "Meetings whose data reach no further than the day asked about; the meeting itself may be held some days later.",
]
reads = ["meeting"]
rows_of = "meeting"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
meeting_id = "meeting.meeting_id"
title = "meeting.title"
held_on = "meeting.held_on"
as_of_on = "meeting.as_of_on"
note = "meeting.note"
*/
select
    meeting.meeting_id,
    meeting.title,
    meeting.held_on,
    meeting.as_of_on,
    meeting.note,
from meeting
where meeting.as_of_on <= $as_of
order by meeting.held_on, meeting.meeting_id
