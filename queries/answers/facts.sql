/*
title = ["引文", "Quoted facts"]
grain = ["一行一条引文", "one row per quoted sentence"]
reads = ["fact"]
rows_of = "fact"

[params]
source_id = ["来源编号", "Source ID"]

[returns]
fact_id = "fact.fact_id"
kind = "fact.kind"
strand = "fact.strand"
subject_zh = "fact.subject_zh"
subject_en = "fact.subject_en"
value_text = "fact.value_text"
unit_zh = "fact.unit_zh"
date_text = "fact.date_text"
quote_zh = "fact.quote_zh"
not_given = "fact.not_given"
value_basis = "fact.value_basis"
*/
select
    fact.fact_id,
    fact.kind,
    fact.strand,
    fact.subject_zh,
    fact.subject_en,
    fact.value_text,
    fact.unit_zh,
    fact.date_text,
    fact.quote_zh,
    fact.not_given,
    fact.value_basis,
from fact
where $source_id::text is null or fact.source_id = $source_id
order by fact.fact_id
