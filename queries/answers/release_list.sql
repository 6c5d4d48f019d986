/*
title = ["数据版本", "Releases"]
grain = ["一行一个数据版本，到本版本为止", "one row per release, up to and including this one"]
notes = [
    "行数是该版本收到的各文件之和；撤销和清除示例没有文件，为 0。",
    "Rows add up the files received for the release; an undo and a removal of demo rows have none, hence 0.",
]
reads = ["release", "received"]

[returns]
release = "release.release"
kind = "release.kind"
as_of_on = "release.as_of_on"
published_at = "release.published_at"
published_by = "release.published_by"
note_zh = "release.note_zh"
note_en = "release.note_en"
undoes = "release.undoes"
files = ["文件数", "Files"]
rows_new = "received.rows_new"
rows_changed = "received.rows_changed"
rows_same = "received.rows_same"
is_demo = "release.is_demo"
*/
with received_by_release as (
    select
        received.release,
        count(distinct received.sha256) as files,
        sum(received.rows_new)::bigint as rows_new,
        sum(received.rows_changed)::bigint as rows_changed,
        sum(received.rows_same)::bigint as rows_same,
    from received
    group by received.release
)
select
    release.release,
    release.kind,
    release.as_of_on,
    release.published_at,
    release.published_by,
    release.note_zh,
    release.note_en,
    release.undoes,
    coalesce(files.files, 0) as files,
    coalesce(files.rows_new, 0) as rows_new,
    coalesce(files.rows_changed, 0) as rows_changed,
    coalesce(files.rows_same, 0) as rows_same,
    release.is_demo,
from release
left join received_by_release as files on files.release = release.release
order by release.release desc
