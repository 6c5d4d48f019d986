/*
title = ["指标走势", "KPIs at each release"]
grain = ["一行一个指标在一个版本时的数值", "one row per KPI and release: its value then"]
key = ["release", "kpi", "asked_with"]

[columns]
release = { heading = ["版本", "Release"] }
kpi = { heading = ["指标", "KPI"] }
value = { heading = ["数值", "Value"] }
numerator = { heading = ["分子", "Numerator"] }
denominator = { heading = ["分母", "Denominator"] }
unknown = { heading = ["未知", "Unknown"] }
is_todays = { heading = ["今日术语", "Today's terms"], note = ["该版本发布时尚无所需术语，按后来的定义计算", "the release was published without a term that was needed; a later definition stood in"] }
asked_with = { heading = ["问法", "Asked with"], note = ["算出该数值的问题与术语的校验码", "checksum of the question and terms that gave the value"] }
*/
create table trend (
    release integer not null references release (release),
    kpi text not null,
    value decimal(18, 4),
    numerator bigint,
    denominator bigint,
    unknown bigint,
    is_todays boolean not null,
    asked_with text not null
)
