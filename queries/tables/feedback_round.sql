/*
title = ["征求意见轮次", "Feedback rounds"]
grain = ["一行一轮征求意见", "one row per round of seeking opinions"]
key = ["round_id"]

[columns]
round_id = { heading = ["轮次编号", "Round ID"] }
round_name = { heading = ["轮次名称", "Round"] }
channel = { heading = ["渠道", "Channel"], codes = "channel" }
issued_on = { heading = ["发放日期", "Sent on"] }
closed_on = { heading = ["截止日期", "Closed on"] }
issued_count = { heading = ["发放份数", "Forms sent"], unit = ["份", "forms"] }
returned_count = { heading = ["回收份数", "Forms returned"], unit = ["份", "forms"] }
opinion_count_raw = { heading = ["[意见]条数", "Opinions, raw"], unit = ["条", "opinions"] }
opinion_count_merged = { heading = ["梳理后条数", "Opinions, merged"], unit = ["条", "opinions"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
channel = [
    ["research_visit", "实地调研", "Research visit"],
    ["forum", "座谈会", "Forum"],
    ["questionnaire", "征求意见表", "Opinion form"],
    ["box", "意见箱", "Opinion box"],
    ["hotline", "热线", "Hotline"],
    ["online", "网络", "Online"],
    ["talk", "谈心谈话", "Heart-to-heart talk"],
]
*/
create table feedback_round (
    round_id text primary key check (round_id similar to '.*[A-Za-z].*'),
    round_name text not null,
    channel text check (channel in (
        'research_visit', 'forum', 'questionnaire', 'box', 'hotline', 'online', 'talk'
    )),
    issued_on date,
    closed_on date,
    issued_count integer check (issued_count >= 0),
    returned_count integer check (returned_count >= 0),
    opinion_count_raw integer check (opinion_count_raw >= 0),
    opinion_count_merged integer check (opinion_count_merged >= 0),
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    check (returned_count <= issued_count),
    check (opinion_count_merged <= opinion_count_raw),
    check (closed_on >= issued_on)
)
