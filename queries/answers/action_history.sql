/*
title = ["[措施]变更记录", "History of [a measure]"]
grain = ["一行一个单元格的变更；整行新增或删除记为一行", "one row per changed cell; a row added or removed is one row"]
reads = ["change", "release", "received"]

[params]
action_id = ["[措施]编号", "[Measure] ID"]

[returns]
release = "change.release"
as_of_on = "release.as_of_on"
kind = "change.kind"
field = "change.field"
old = "change.old"
new = "change.new"
published_by = "release.published_by"
file_name = "received.file_name"
line = "change.line"
*/
select
    change.release,
    published.as_of_on,
    change.kind,
    change.field,
    change.old,
    change.new,
    published.published_by,
    received.file_name,
    change.line,
from change
join release as published on published.release = change.release
left join received
    on received.release = change.release and received.sha256 = change.sha256
    and received.table_name = change.table_name
where change.table_name = 'action' and change.row_key = $action_id
order by change.release, change.field
