/*
title = ["活动台账", "Events"]
grain = ["一行一次活动或会议", "one row per event or meeting held"]
key = ["event_id"]

[columns]
event_id = { heading = ["活动编号", "Event ID"] }
title = { heading = ["活动名称", "Event"], aliases = ["活动"] }
kind = { heading = ["活动类型", "Kind"], codes = "event_kind", note = ["没有写的按“其他”计", "where nothing is said it counts as other"] }
strand = { heading = ["[重点措施]", "[Strand]"], codes = "strand", note = ["没有写的按“综合”计", "where nothing is said it counts as overall"] }
started_on = { heading = ["日期", "Date"], aliases = ["开始日期", "活动日期"] }
ended_on = { heading = ["结束日期", "Ended on"] }
date_text = { heading = ["日期原文", "Date as written"] }
date_precision = { heading = ["日期精度", "Date precision"], codes = "date_precision" }
half = { heading = ["半日", "Half of the day"], codes = "half" }
is_year_inferred = { heading = ["年份为推断", "Year inferred"] }
place = { heading = ["地点", "Place"] }
district_code = { heading = ["[市区]代码", "[District] code"] }
town_code = { heading = ["[乡镇]代码", "[Town] code"] }
attendance = { heading = ["人数", "Attendance"], aliases = ["参加人数"], unit = ["人", "people"] }
topic_id = { heading = ["[课题]编号", "[Topic] ID"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
event_kind = [
    ["meeting", "会议", "Meeting"],
    ["mobilization", "动员部署会", "Mobilisation meeting"],
    ["study_session", "集中学习", "Study session"],
    ["lecture", "讲课", "Lecture", "党课"],
    ["visit", "参观", "Visit"],
    ["party_day", "主题日活动", "Theme day", "主题党日"],
    ["volunteer", "义工活动", "Volunteering"],
    ["forum", "座谈会", "Forum"],
    ["seminar", "研讨会", "Seminar"],
    ["field_trip", "外出学习", "Study trip"],
    ["training", "培训宣讲", "Training and talks"],
    ["review_meeting", "推进会", "Review meeting", "汇报会"],
    ["other", "其他", "Other"],
]
date_precision = [
    ["day", "日", "Day"],
    ["half_day", "半日", "Half day"],
    ["month", "月", "Month"],
    ["range", "区间", "Range"],
    ["unknown", "未注明", "Not stated"],
]
half = [
    ["am", "上午", "Morning"],
    ["pm", "下午", "Afternoon"],
]
*/
create table event (
    event_id text primary key check (event_id similar to '.*[A-Za-z].*'),
    title text not null,
    kind text not null default 'other' check (kind in (
        'meeting', 'mobilization', 'study_session', 'lecture', 'visit', 'party_day', 'volunteer',
        'forum', 'seminar', 'field_trip', 'training', 'review_meeting', 'other'
    )),
    strand text not null default 'overall',
    started_on date,
    ended_on date,
    date_text text,
    date_precision text not null default 'unknown'
        check (date_precision in ('day', 'half_day', 'month', 'range', 'unknown')),
    half text check (half in ('am', 'pm')),
    is_year_inferred boolean not null default false,
    place text,
    district_code text references district (district_code),
    town_code text,
    attendance integer check (attendance >= 0),
    topic_id text references research_topic (topic_id),
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    foreign key (town_code, district_code) references town (town_code, district_code),
    check (town_code is null or district_code is not null),
    check ((date_precision = 'unknown') = (started_on is null)),
    check (date_precision <> 'range' or ended_on is not null),
    check ((half is not null) = (date_precision = 'half_day')),
    check (ended_on >= started_on)
)
