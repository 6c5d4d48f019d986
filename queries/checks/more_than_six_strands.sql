/*
title = ["[重点措施]多于六项", "More than six [strands]"]
grain = ["一行一项多出来的[重点措施]", "one row per [strand] beyond the sixth"]
notes = [
    "一屏并列得下六项。",
    "Six of them stand beside each other on one screen.",
]
severity = "error"
reads = ["strand"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
strand_name = "strand.strand_name"
*/
with numbered as (
    select
        strand.strand_code,
        strand.strand_name,
        row_number() over (order by strand.sort_order, strand.strand_code) as place,
    from strand
)
select
    'strand' as table_name,
    numbered.strand_code as row_key,
    numbered.strand_name,
from numbered
where numbered.place > 6
order by row_key
