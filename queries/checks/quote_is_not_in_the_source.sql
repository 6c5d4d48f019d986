/*
title = ["引文与来源不符", "The quoted sentence is not in the source"]
grain = ["一行一条不符的引文", "one row per quotation that is not there"]
notes = [
    "逐字核对：引文必须原样出现在来源全文中。没有存全文的来源无法核对，不在此列。",
    "To the letter: the quotation must stand in the kept text as it is. A source without its text cannot be checked and is not listed.",
]
severity = "error"
reads = ["fact", "source"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
source_id = "fact.source_id"
quote_zh = "fact.quote_zh"
*/
select
    'fact' as table_name,
    fact.fact_id as row_key,
    fact.source_id,
    fact.quote_zh,
from fact
inner join source on source.source_id = fact.source_id
where source.body is not null and not contains(source.body, fact.quote_zh)
order by fact.fact_id
