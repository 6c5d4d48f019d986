/*
title = ["会议与版本", "Meetings and releases"]
grain = ["一行一次会议或一个数据版本", "one row per meeting or release"]
notes = [
    "被撤销或改过截至日的版本不列。会议的版本是会议所用数据截至日的版本。",
    "Releases that were undone or whose date was withdrawn are left out. A meeting's release is the one that held the data it was shown.",
]
reads = ["meeting", "release", "snapshot_in_force"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
mark = { heading = ["标记", "Mark"], codes = "mark" }
marked_on = ["日期", "Date"]
title_zh = ["说明", "Title (Chinese)"]
title_en = ["说明（英文）", "Title"]
release = "release.release"

[codes]
mark = [
    ["meeting", "会议", "Meeting"],
    ["upload", "更新", "Update"],
]
*/
with uploads as (
    select
        release.release,
        release.as_of_on,
        release.note_zh,
        release.note_en,
    from release
    inner join snapshot_in_force($as_of) as standing on standing.release = release.release
),
meetings as (
    select
        meeting.held_on,
        meeting.title,
        (
            select max_by(uploads.release, uploads.as_of_on)
            from uploads
            where uploads.as_of_on <= meeting.as_of_on
        ) as release,
    from meeting
    where meeting.held_on <= $as_of
),
marks as (
    select
        'meeting' as mark,
        meetings.held_on as marked_on,
        meetings.title as title_zh,
        meetings.title as title_en,
        meetings.release,
    from meetings
    union all
    select
        'upload' as mark,
        uploads.as_of_on as marked_on,
        uploads.note_zh as title_zh,
        uploads.note_en as title_en,
        uploads.release,
    from uploads
)
select
    marks.mark,
    marks.marked_on,
    marks.title_zh,
    marks.title_en,
    marks.release,
from marks
order by marks.marked_on, marks.mark, marks.release, marks.title_zh
