/*
title = ["文件材料清单", "Documents"]
grain = ["一行一份文件或学习材料", "one row per document or study material"]
notes = [
    "所引的话（本文件的，或它所属[措施]的）列到最后写“等”的，名单未列全：只能说至少这些。",
    "Where the sentence quoted for the document, or for the [measure] it belongs to, ends its list with 等 (and others), the list is open: there are at least these.",
]
reads = ["document", "event", "fact", "action", "strand_in_use"]
rows_of = "document"

[params]
page = ["[重点措施]所用的页", "Page of the [strands]"]

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
is_made = ["新制定或修订的方案、制度", "Plan or rule made or revised"]
is_list_open = ["名单未列全", "The list is open"]
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
    document.kind in ('plan', 'rule') and coalesce(document.treatment in ('made', 'revised'), false) as is_made,
    coalesce(fact.quote_zh like '%》等%', false) or coalesce(of_measure.quote_zh like '%》等%', false) as is_list_open,
    document.is_demo,
from document
left join event on event.event_id = document.event_id
left join fact on fact.fact_id = document.fact_id
left join action on action.action_id = document.action_id
left join fact as of_measure on of_measure.fact_id = action.fact_id
where (
    $page::text is null
    or document.strand in (
        select used.strand_code
        from strand_in_use() as used
        where case $page::text
            when 'study' then used.uses_study
            when 'research' then used.uses_research
            when 'review' then used.uses_review
            when 'rectification' then used.uses_rectification
        end
    )
)
order by document.issued_on nulls last, document.document_id
