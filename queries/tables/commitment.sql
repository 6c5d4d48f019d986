/*
title = ["议定事项", "Commitments"]
grain = ["一行一项会上议定的事", "one row per commitment made at a meeting"]
key = ["commitment_id"]

[columns]
commitment_id = { heading = ["议定编号", "Commitment ID"] }
meeting_id = { heading = ["会议编号", "Meeting ID"] }
content = { heading = ["议定事项", "Commitment"] }
unit = { heading = ["责任[单位]", "Responsible [unit]"] }
due_on = { heading = ["完成时限", "Due on"] }
kpi = { heading = ["推动指标", "Figure to move"] }
target_value = { heading = ["目标值", "Target"], share = { kpi = ["K03", "K04", "K05", "K07", "K08", "K10", "K16", "K22", "K23", "K26", "K28", "K29", "K30", "K31", "K32", "K34", "K35"] } }
action_id = { heading = ["[措施]编号", "[Measure] ID"] }
done_on = { heading = ["完成日期", "Done on"] }
result_note = { heading = ["落实情况", "Result"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table commitment (
    commitment_id text primary key check (commitment_id similar to '.*[A-Za-z].*'),
    meeting_id text not null references meeting (meeting_id),
    content text not null,
    unit text,
    due_on date,
    kpi text check (kpi similar to 'K[0-9]{2}'),
    target_value decimal(18, 4),
    action_id text references action (action_id),
    done_on date,
    result_note text,
    is_demo boolean not null default false
)
