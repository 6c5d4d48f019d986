/*
title = ["各项[重点措施]一览", "The [strands] at a glance"]
grain = ["一行一项[重点措施]，另加综合", "one row per [strand], and one for what concerns all"]
notes = [
    "所用的每一项各一行，没有活动的为 0。最近一次取有日期的活动；未结束的区间活动算到截至日。",
    "Every [strand] in use has its row, 0 where nothing happened. The latest is the latest dated event; a range still running reaches to the as-of day.",
]
reads = ["event_at", "document", "strand_in_use"]
behind = "events"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
strand = "event.strand"
events = ["活动数", "Events"]
dated = ["有日期", "Dated"]
first_on = ["最早", "First"]
last_on = ["最近", "Last"]
latest_title = ["最近一次活动", "Latest event"]
documents = ["文件数", "Documents"]
*/
with strands as (
    select
        used.strand_code as strand,
        0 as is_overall,
        used.sort_order,
    from strand_in_use() as used
    union all
    select 'overall', 1, 0
),
events_by_strand as (
    select
        held.strand,
        count(*) as events,
        count(held.started_on) as dated,
        min(held.started_on) as first_on,
        max(least(coalesce(held.ended_on, held.started_on), $as_of::date))
            filter (where held.started_on is not null) as last_on,
    from event_at($as_of) as held
    group by held.strand
),
latest_events as (
    select
        held.strand,
        held.title,
    from event_at($as_of) as held
    where held.started_on is not null
    qualify row_number() over (
        partition by held.strand
        order by least(coalesce(held.ended_on, held.started_on), $as_of::date) desc,
            held.started_on desc, held.half desc nulls last, held.event_id desc
    ) = 1
),
documents_by_strand as (
    select
        document.strand,
        count(*) as documents,
    from document
    where document.issued_on is null or document.issued_on <= $as_of
    group by document.strand
)
select
    strands.strand,
    coalesce(counted.events, 0) as events,
    coalesce(counted.dated, 0) as dated,
    counted.first_on,
    counted.last_on,
    latest.title as latest_title,
    coalesce(documents.documents, 0) as documents,
from strands
left join events_by_strand as counted on counted.strand = strands.strand
left join latest_events as latest on latest.strand = strands.strand
left join documents_by_strand as documents on documents.strand = strands.strand
order by strands.is_overall, strands.sort_order, strands.strand
