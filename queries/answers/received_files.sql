/*
title = ["收到的文件", "Files received"]
grain = ["一行一个版本收到的一个文件中的一个台账", "one row per ledger in a file received for a release"]
reads = ["received"]

[params]
release = ["版本", "Release"]

[returns]
file_name = "received.file_name"
table_name = "received.table_name"
sha256 = "received.sha256"
encoding = "received.encoding"
bytes = "received.bytes"
rows_total = "received.rows_total"
rows_new = "received.rows_new"
rows_changed = "received.rows_changed"
rows_same = "received.rows_same"
*/
select
    received.file_name,
    received.table_name,
    received.sha256,
    received.encoding,
    received.bytes,
    received.rows_total,
    received.rows_new,
    received.rows_changed,
    received.rows_same,
from received
where received.release = $release
order by received.file_name, received.table_name
