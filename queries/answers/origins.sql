/*
title = ["各行的出处", "Where the rows of a ledger come from"]
grain = ["一行一条台账记录", "one row per ledger row"]
notes = [
    "最近一次带来或确认该行的版本、文件与行号；撤销等没有文件的版本只有版本号。",
    "The release, file and line that last brought or confirmed the row; a release without files, such as an undo, has its number only.",
]
reads = ["origin", "received"]

[params]
table_name = ["台账", "Ledger"]

[returns]
row_key = "origin.row_key"
release = "origin.release"
file_name = "received.file_name"
sha256 = "origin.sha256"
line = "origin.line"
*/
select
    origin.row_key,
    origin.release,
    received.file_name,
    origin.sha256,
    origin.line,
from origin
left join received
    on received.release = origin.release
    and received.sha256 = origin.sha256
    and received.table_name = origin.table_name
where origin.table_name = $table_name
order by origin.row_key
