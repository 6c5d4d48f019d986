/*
title = ["测评票数多于有效票", "More votes than valid forms"]
grain = ["一行一次票数对不上的测评（记在票数最多的等次上）", "one row per survey that does not add up, at its grade with most votes"]
severity = "error"
reads = ["satisfaction"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
votes = ["票数合计", "Votes in all"]
valid_count = "satisfaction.valid_count"
*/
with surveys as (
    select
        satisfaction.survey_id,
        max_by(satisfaction.grade, satisfaction.votes) as grade,
        sum(satisfaction.votes)::bigint as votes,
        min(satisfaction.valid_count) as valid_count,
    from satisfaction
    group by satisfaction.survey_id
)
select
    'satisfaction' as table_name,
    surveys.survey_id || '|' || surveys.grade as row_key,
    surveys.votes,
    surveys.valid_count,
from surveys
where surveys.votes > surveys.valid_count
order by row_key
