/*
title = ["文件材料清单", "Documents"]
grain = ["一行一份文件或学习材料", "one row per document or study material"]
reads = ["document", "event", "fact"]
rows_of = "document"

[params]
strand = ["重点措施", "Strand"]

[returns]
document_id = "document.document_id"
title = "document.title"
kind = "document.kind"
treatment = "document.treatment"
strand = "document.strand"
issued_on = "document.issued_on"
event_title = "event.title"
action_id = "document.action_id"
fact_id = "document.fact_id"
quote_zh = "fact.quote_zh"
is_demo = "document.is_demo"
*/
select
    document.document_id,
    document.title,
    document.kind,
    document.treatment,
    document.strand,
    document.issued_on,
    event.title as event_title,
    document.action_id,
    document.fact_id,
    fact.quote_zh,
    document.is_demo,
from document
left join event on event.event_id = document.event_id
left join fact on fact.fact_id = document.fact_id
where $strand::text is null or document.strand = $strand
order by document.issued_on nulls last, document.document_id
