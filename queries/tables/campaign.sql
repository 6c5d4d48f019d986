/*
title = ["[专项活动]", "[Campaign]"]
grain = ["一行一个[专项活动]（每个库只有一行）", "one row per [campaign] (a store holds one)"]
key = ["campaign_id"]

[columns]
campaign_id = { heading = ["[专项活动]编号", "[Campaign] ID"], aliases = ["主题教育编号"] }
campaign_name = { heading = ["[专项活动]名称", "[Campaign]"], aliases = ["主题教育名称"] }
batch = { heading = ["批次", "Batch"] }
org_name = { heading = ["单位", "Office"], aliases = ["单位名称"] }
started_on = { heading = ["开始日期", "Started on"] }
ended_on = { heading = ["结束日期", "Ended on"] }
default_year = { heading = ["默认年份", "Default year"], note = ["只写月日的日期按此年份推断", "dates written without a year are read in this one, marked as inferred"] }
due_soon_days = { heading = ["临期天数", "Due-soon days"], unit = ["天", "days"] }
behind_yellow_points = { heading = ["序时进度黄灯线", "Behind schedule, amber from"], unit = ["个百分点", "points"] }
behind_red_points = { heading = ["序时进度红灯线", "Behind schedule, red from"], unit = ["个百分点", "points"] }
update_every_days = { heading = ["更新周期", "Update every"], unit = ["天", "days"] }
stale_amber_days = { heading = ["数据偏旧天数", "Data getting old after"], unit = ["天", "days"] }
stale_red_days = { heading = ["数据过旧天数", "Data too old after"], unit = ["天", "days"] }
silent_days = { heading = ["静默天数", "Silent after"], unit = ["天", "days"], note = ["单位超过此天数没有任何更新即为静默", "a unit without any update for longer than this is silent"] }
has_no_verification = { heading = ["本单位无审核环节", "No verification step"], note = ["为是时，导入的“已完成”即视为已销号", "when true, an uploaded 'done' counts as closed"] }
covers_places = { heading = ["涉及地方", "Covers places"], note = ["为否时，不显示覆盖情况和有关地方的句子", "when false, there is no map, no coverage and no sentence about places"] }
scope_note = { heading = ["覆盖口径说明", "Scope of coverage"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table campaign (
    campaign_id text primary key check (campaign_id similar to '.*[A-Za-z].*'),
    campaign_name text not null,
    batch text,
    org_name text not null,
    started_on date,
    ended_on date,
    default_year integer check (default_year between 1900 and 2200),
    due_soon_days integer not null default 7 check (due_soon_days >= 0),
    behind_yellow_points integer not null default 10 check (behind_yellow_points >= 0),
    behind_red_points integer not null default 30,
    update_every_days integer not null default 7 check (update_every_days > 0),
    stale_amber_days integer not null default 7 check (stale_amber_days >= 0),
    stale_red_days integer not null default 14,
    silent_days integer not null default 14 check (silent_days > 0),
    has_no_verification boolean not null default false,
    covers_places boolean not null default true,
    scope_note text,
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    check (ended_on >= started_on),
    check (behind_red_points >= behind_yellow_points),
    check (stale_red_days >= stale_amber_days)
)
