/*
title = ["已收到的[意见]", "[Suggestions] received"]
grain = ["一行一条到截至日为止收到的[意见建议]", "one row per [suggestion] received up to the as-of day"]
notes = [
    "没有收到日期的也算。并入其他[意见]的，或办理结果为“重复合并”的，是重复[意见]：计入原始条数，不计入去重后条数。",
    "[A suggestion] without a date counts too. One merged into another, or disposed of as a duplicate, is in the raw count and not in the merged one.",
]
reads = ["suggestion"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
suggestion_id = "suggestion.suggestion_id"
channel = "suggestion.channel"
round_id = "suggestion.round_id"
district_code = "suggestion.district_code"
disposition = "suggestion.disposition"
is_duplicate = ["重复", "Duplicate"]
is_answered = ["已答复", "Answered"]
issue_id = "suggestion.issue_id"
*/
create macro suggestion_at(as_of) as table
select
    suggestion.suggestion_id,
    suggestion.channel,
    suggestion.round_id,
    suggestion.district_code,
    case when suggestion.merged_into_id is null then suggestion.disposition else 'duplicate' end as disposition,
    suggestion.merged_into_id is not null or coalesce(suggestion.disposition = 'duplicate', false) as is_duplicate,
    case
        when suggestion.disposition is not null
            then suggestion.disposition in ('A', 'B', 'C', 'D') and coalesce(suggestion.replied_on <= as_of, false)
    end as is_answered,
    suggestion.issue_id,
from suggestion
where suggestion.received_on is null or suggestion.received_on <= as_of
