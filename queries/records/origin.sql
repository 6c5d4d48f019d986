/*
title = ["行的出处", "Where rows come from"]
grain = ["一行一条台账记录的最近来处", "one row per ledger row: what last brought or confirmed it"]
key = ["table_name", "row_key"]

[columns]
table_name = { heading = ["台账", "Ledger"] }
row_key = { heading = ["行编号", "Row"] }
release = { heading = ["版本", "Release"] }
sha256 = { heading = ["文件校验值", "File"] }
line = { heading = ["行号", "Line"] }
*/
create table origin (
    table_name text not null,
    row_key text not null,
    release integer not null references release (release),
    sha256 text,
    line integer
)
