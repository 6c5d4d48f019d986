/*
title = ["[重点措施]不在所用之列", "[A strand] that the campaign does not have"]
grain = ["一行一条台账记录", "one row per ledger row"]
notes = [
    "所用的[重点措施]见其设置；没有设置的用通常的四项。综合（overall）总可以写。",
    "The [strands] in use are set in their own ledger; without it they are the usual four. What concerns all (overall) can always be written.",
]
severity = "error"
reads = ["event", "document", "fact", "figure", "strand_in_use"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
strand = "event.strand"
*/
with written as (
    select 'event' as table_name, event.event_id as row_key, event.strand,
    from event
    union all
    select 'document', document.document_id, document.strand,
    from document
    union all
    select 'fact', fact.fact_id, fact.strand,
    from fact
    union all
    select 'figure', figure.figure_id, figure.strand,
    from figure
)
select
    written.table_name,
    written.row_key,
    written.strand,
from written
where written.strand <> 'overall'
    and written.strand not in (select used.strand_code from strand_in_use() as used)
order by written.table_name, written.row_key
