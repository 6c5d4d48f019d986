/*
title = ["发布时的决定", "Decisions at a release"]
grain = ["一行一个由人作出的决定", "one row per decision that a person made"]
key = ["release", "place"]

[columns]
release = { heading = ["版本", "Release"] }
place = { heading = ["序号", "Place"] }
kind = { heading = ["决定", "Decision"], codes = "decision_kind" }
table_name = { heading = ["台账", "Ledger"] }
row_key = { heading = ["行编号", "Row"] }
field = { heading = ["字段", "Field"] }
reason = { heading = ["原因", "Reason"] }

[codes]
decision_kind = [
    ["remove", "删除文件中没有的行", "Remove a row the file lacks"],
    ["remove_all", "删除文件中没有的所有行", "Remove every row the file lacks"],
    ["confirm", "确认覆盖已销号的行", "Overwrite a verified row"],
    ["later", "撤销时保留后来的值", "Undo: keep the later value"],
    ["earlier", "撤销时改回原来的值", "Undo: take the earlier value"],
    ["yours", "两边都改过时用文件中的值", "Changed on both sides: take the value of the file"],
    ["theirs", "两边都改过时保留现值", "Changed on both sides: keep the value that stands"],
]
*/
create table decision (
    release integer not null references release (release),
    place integer not null,
    kind text not null check (kind in ('remove', 'remove_all', 'confirm', 'later', 'earlier', 'yours', 'theirs')),
    table_name text,
    row_key text,
    field text,
    reason text,
    check (place >= 0),
    check (kind not in ('remove', 'remove_all') or reason is not null)
)
