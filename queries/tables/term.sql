/*
title = ["本单位用语", "Own words"]
grain = ["一行一个词；没有写的词用通常的说法", "one row per word; a word that is not here is the usual one"]
key = ["term"]

[columns]
term = { heading = ["用语", "Word"], codes = "term", note = ["代码表或台账里的一个词：issue 是“问题”，action 是“措施”，status.closed 是“已销号”", "a word of the board or a label of a code list: issue, action, status.closed"] }
own_zh = { heading = ["本单位说法", "Own word (Chinese)"] }
own_en = { heading = ["本单位说法（英文）", "Own word"] }
own_en_many = { heading = ["英文复数", "Own word (plural)"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table term (
    term text primary key check (term similar to '[a-z][a-z0-9_]*([.][A-Za-z0-9_]+)?'),
    own_zh text check (own_zh similar to '[^{}|\[\]\n]{1,20}'),
    own_en text check (own_en similar to '[^{}|\[\]\n]{1,40}'),
    own_en_many text check (own_en_many similar to '[^{}|\[\]\n]{1,40}'),
    is_demo boolean not null default false,
    check (own_zh is not null or own_en is not null)
)
