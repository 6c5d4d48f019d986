/*
title = ["收到的文件", "Files received"]
grain = ["一行一个版本收到的一个文件", "one row per file received for a release"]
key = ["release", "sha256", "table_name"]

[columns]
release = { heading = ["版本", "Release"] }
sha256 = { heading = ["校验值", "SHA-256"] }
file_name = { heading = ["文件名", "File"] }
table_name = { heading = ["台账", "Ledger"] }
encoding = { heading = ["编码", "Encoding"] }
bytes = { heading = ["字节数", "Bytes"] }
rows_total = { heading = ["行数", "Rows"] }
rows_new = { heading = ["新增", "New"] }
rows_changed = { heading = ["变更", "Changed"] }
rows_same = { heading = ["未变", "Same"] }
place = { heading = ["次序", "Order"], note = ["同一版本内读取的先后", "the order in which the files of a release were read"] }
reading = { heading = ["读法", "How it was read"], codes = "reading" }

[codes]
reading = [
    ["declared", "规定格式", "Declared form"],
    ["upload", "按上传识别", "As an upload"],
    ["meeting", "汇报会议", "As a meeting"],
]
*/
create table received (
    release integer not null references release (release),
    sha256 text not null check (length(sha256) = 64),
    file_name text not null,
    table_name text not null,
    encoding text not null,
    bytes bigint not null,
    rows_total integer not null,
    rows_new integer not null,
    rows_changed integer not null,
    rows_same integer not null,
    place integer,
    reading text check (reading in ('declared', 'upload', 'meeting')),
    primary key (release, sha256, table_name),
    check (rows_total = rows_new + rows_changed + rows_same)
)
