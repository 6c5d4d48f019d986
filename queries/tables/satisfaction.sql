/*
title = ["满意度测评", "Satisfaction survey"]
grain = ["一行一次测评的一个等次", "one row per grade of a survey"]
key = ["survey_id", "grade"]

[columns]
survey_id = { heading = ["测评编号", "Survey ID"] }
grade = { heading = ["等次", "Grade"], codes = "satisfaction_grade" }
surveyed_on = { heading = ["测评日期", "Surveyed on"] }
subject = { heading = ["测评对象", "Subject"] }
issued_count = { heading = ["发放票数", "Forms sent"], unit = ["票", "forms"] }
valid_count = { heading = ["有效票数", "Valid forms"], unit = ["票", "forms"] }
votes = { heading = ["票数", "Votes"], unit = ["票", "votes"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
satisfaction_grade = [
    ["very", "满意", "Satisfied"],
    ["fairly", "比较满意", "Fairly satisfied"],
    ["basic", "基本满意", "Basically satisfied"],
    ["no", "不满意", "Dissatisfied"],
]
*/
create table satisfaction (
    survey_id text not null check (survey_id similar to '.*[A-Za-z].*'),
    grade text not null check (grade in ('very', 'fairly', 'basic', 'no')),
    surveyed_on date,
    subject text,
    issued_count integer check (issued_count >= 0),
    valid_count integer not null check (valid_count >= 0),
    votes integer not null check (votes >= 0),
    is_demo boolean not null default false,
    primary key (survey_id, grade),
    check (valid_count <= issued_count),
    check (votes <= valid_count)
)
