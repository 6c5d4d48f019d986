/*
title = ["一个版本的变更", "What a release changed"]
grain = ["一行一个单元格的变更；新增或删除的行记为一行", "one row per changed cell; a row added or removed is one row"]
reads = ["change"]

[params]
release = ["版本", "Release"]

[returns]
table_name = "change.table_name"
row_key = "change.row_key"
kind = "change.kind"
field = "change.field"
old = "change.old"
new = "change.new"
line = "change.line"
*/
select
    change.table_name,
    change.row_key,
    change.kind,
    change.field,
    change.old,
    change.new,
    change.line,
from change
where change.release = $release
order by change.table_name, change.row_key, change.field
