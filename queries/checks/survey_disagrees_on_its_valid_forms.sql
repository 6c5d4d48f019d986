/*
title = ["同一测评的有效票数不一致", "One survey, two counts of valid forms"]
grain = ["一行一个与其他等次不一致的等次", "one row per grade that differs from the largest count of its survey"]
severity = "error"
reads = ["satisfaction"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
valid_count = "satisfaction.valid_count"
elsewhere = ["其他等次写的", "Elsewhere in the survey"]
*/
with grades as (
    select
        satisfaction.survey_id,
        satisfaction.grade,
        satisfaction.valid_count,
        max(satisfaction.valid_count) over (partition by satisfaction.survey_id) as elsewhere,
    from satisfaction
)
select
    'satisfaction' as table_name,
    grades.survey_id || '|' || grades.grade as row_key,
    grades.valid_count,
    grades.elsewhere,
from grades
where grades.valid_count <> grades.elsewhere
order by row_key
