/*
title = ["变更记录", "Changes"]
grain = ["一行一个单元格的变更；新增或删除的行记为一行", "one row per changed cell; a row added or removed is one row"]
key = ["release", "table_name", "row_key", "field"]

[columns]
release = { heading = ["版本", "Release"] }
table_name = { heading = ["台账", "Ledger"] }
row_key = { heading = ["行编号", "Row"] }
kind = { heading = ["变更", "Change"], codes = "change_kind" }
field = { heading = ["字段", "Field"], note = ["新增或删除整行时为 *", "* when a whole row was added or removed"] }
old = { heading = ["原值", "Old"], note = ["按文本记录；整行为 JSON", "as text; a whole row as JSON"] }
new = { heading = ["新值", "New"] }
sha256 = { heading = ["文件校验值", "File"] }
line = { heading = ["行号", "Line"] }

[codes]
change_kind = [
    ["added", "新增", "Added"],
    ["changed", "变更", "Changed"],
    ["removed", "删除", "Removed"],
]
*/
create table change (
    release integer not null references release (release),
    table_name text not null,
    row_key text not null,
    kind text not null check (kind in ('added', 'changed', 'removed')),
    field text not null,
    old text,
    new text,
    sha256 text,
    line integer,
    check ((kind = 'changed') = (field <> '*'))
)
