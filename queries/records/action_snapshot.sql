/*
title = ["[措施]周快照", "[Measures] at each release"]
grain = ["一行一条[措施]在一个版本时的状态", "one row per [measure] and release: how it stood then"]
key = ["release", "action_id"]

[columns]
release = { heading = ["版本", "Release"] }
as_of_on = { heading = ["数据截至", "Data as of"] }
action_id = { heading = ["[措施]编号", "[Measure] ID"] }
rect_type = { heading = ["整改类型", "Type"], codes = "rect_type" }
status = { heading = ["整改状态", "Status"], codes = "status" }
original_due_on = { heading = ["原定时限", "Original due date"] }
due_on = { heading = ["完成时限", "Due on"] }
done_on = { heading = ["完成日期", "Done on"] }
return_count = { heading = ["退回次数", "Times sent back"] }
reopen_count = { heading = ["反弹次数", "Times reopened"] }
*/
create table action_snapshot (
    release integer not null references release (release),
    as_of_on date not null,
    action_id text not null,
    rect_type text,
    status text,
    original_due_on date,
    due_on date,
    done_on date,
    return_count integer not null,
    reopen_count integer not null
)
