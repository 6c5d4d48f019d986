/*
title = ["数据版本", "Releases"]
grain = ["一行一个数据版本，到本版本为止", "one row per release, up to and including this one"]
key = ["release"]

[columns]
release = { heading = ["版本", "Release"] }
parent = { heading = ["上一版本", "Built on"] }
act = { heading = ["同批首版", "First of the act"], note = ["一次上传或撤销可能同时更正以后各期，这些版本同属一批；空为旧版本：较早日期的版本使其后各期失效", "one upload or undo may restate later days too; those releases are one act. Empty for old releases, of which one with an earlier day ended the days after it"] }
kind = { heading = ["方式", "How"], codes = "release_kind" }
undoes = { heading = ["撤销的版本", "Undoes"] }
as_of_on = { heading = ["数据截至", "Data as of"] }
published_at = { heading = ["发布时间（UTC）", "Published at (UTC)"] }
published_by = { heading = ["发布人", "Published by"] }
note_zh = { heading = ["说明", "Note (Chinese)"] }
note_en = { heading = ["说明（英文）", "Note"] }
is_demo = { heading = ["示例数据", "Demo"] }

[codes]
release_kind = [
    ["first", "首次建库", "First release"],
    ["founded", "建立台账", "Founded"],
    ["upload", "上传", "Upload"],
    ["undo", "撤销", "Undo"],
    ["remove_demo", "清除示例", "Demo removed"],
    ["meeting", "汇报会议", "Meeting"],
    ["carried", "连同更正", "Carried forward"],
]
*/
create table release (
    release integer primary key check (release > 0),
    parent integer,
    act integer,
    kind text not null check (kind in ('first', 'founded', 'upload', 'undo', 'remove_demo', 'meeting', 'carried')),
    undoes integer,
    as_of_on date not null,
    published_at timestamp not null,
    published_by text not null,
    note_zh text not null,
    note_en text not null,
    is_demo boolean not null,
    check ((kind = 'undo') = (undoes is not null))
)
