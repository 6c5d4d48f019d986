/*
title = ["记住的修正", "Fixes learnt"]
grain = ["一行一条随版本使用并记住的修正或表头对应", "one row per fix or heading used for a release and remembered"]
key = ["release", "place"]

[columns]
release = { heading = ["版本", "Release"] }
place = { heading = ["序号", "Place"] }
kind = { heading = ["修正方式", "Kind of fix"] }
table_name = { heading = ["台账", "Ledger"] }
field = { heading = ["字段", "Field"] }
said = { heading = ["文件写的", "As written"] }
meant = { heading = ["实际含义", "Meaning"] }
is_on = { heading = ["启用", "In use"] }
sender = { heading = ["填报[单位]", "Sender"], note = ["只用于这个[单位]的文件；空为所有文件", "for files of this [unit] only; empty: for all"] }
*/
create table learnt (
    release integer not null references release (release),
    place integer not null,
    kind text not null,
    table_name text,
    field text,
    said text,
    meant text,
    is_on boolean not null default true,
    sender text,
    check (place >= 0)
)
