/*
title = ["逾期账龄", "Ageing of overdue [measures]"]
grain = ["一行一个账龄段，四段都在", "one row per ageing bucket, always all four"]
notes = [
    "没有一条[措施]说得出是否逾期时（没有台账，或未办结的都没有时限），个数为空。",
    "The count is empty when no [measure] can be judged (no ledger, or no open [measure] has a due date).",
]
reads = ["action_at"]
behind = "due_list"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
bucket = { heading = ["逾期天数", "Days overdue"], codes = "ageing_bucket" }
actions = ["[措施]数", "[Measures]"]

[codes]
ageing_bucket = [
    ["d1_7", "1–7 天", "1–7 days"],
    ["d8_30", "8–30 天", "8–30 days"],
    ["d31_90", "31–90 天", "31–90 days"],
    ["d91_more", "90 天以上", "More than 90 days"],
]
*/
with buckets as (
    select * from (values ('d1_7', 1, 7), ('d8_30', 8, 30), ('d31_90', 31, 90), ('d91_more', 91, null))
        as listed (bucket, from_days, to_days)
),
measures as (
    select
        measure.overdue_days,
        not measure.is_open or measure.due_on is not null as is_known,
    from action_at($as_of) as measure
    where measure.is_counted and measure.rect_type is distinct from 'long_term'
),
knowledge as (
    select coalesce(bool_or(measures.is_known), false) as is_any_known,
    from measures
),
counted as (
    select
        buckets.bucket,
        count(measures.overdue_days) as actions,
    from buckets
    left join measures
        on measures.overdue_days >= buckets.from_days
        and (buckets.to_days is null or measures.overdue_days <= buckets.to_days)
    group by buckets.bucket
)
select
    buckets.bucket,
    case when knowledge.is_any_known then counted.actions end as actions,
from buckets
join counted on counted.bucket = buckets.bucket
cross join knowledge
order by buckets.from_days
