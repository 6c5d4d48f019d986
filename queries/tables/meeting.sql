/*
title = ["汇报会议", "Review meetings"]
grain = ["一行一次汇报会议", "one row per review meeting"]
key = ["meeting_id"]

[columns]
meeting_id = { heading = ["会议编号", "Meeting ID"] }
title = { heading = ["会议名称", "Meeting"] }
held_on = { heading = ["会议日期", "Held on"] }
as_of_on = { heading = ["数据截至", "Data as of"] }
note = { heading = ["备注", "Note"] }
fact_id = { heading = ["出处编号", "Source ID"] }
capsule = { heading = ["封存", "Sealed as"], note = ["封存文件的校验值；封存时写入，更正封存后是新的那份", "the checksum of the file it was sealed into; written by sealing, and again by a corrected seal"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table meeting (
    meeting_id text primary key check (meeting_id similar to '.*[A-Za-z].*'),
    title text not null,
    held_on date not null,
    as_of_on date not null,
    note text,
    fact_id text references fact (fact_id),
    capsule text check (length(capsule) = 64),
    is_demo boolean not null default false,
    check (as_of_on <= held_on)
)
