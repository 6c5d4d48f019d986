/*
title = ["[意见]办理结果", "How [suggestions] were handled"]
grain = ["一行一种办理结果", "one row per disposition"]
notes = [
    "重复合并的[意见]单列一行，不计入办结率。办理结果为空的是未提供。",
    "Duplicates have a row of their own and are left out of every rate. An empty disposition is not stated.",
]
reads = ["suggestion_at"]
behind = "suggestions"

[params]
as_of = ["数据截至", "Data as of"]
district = ["[市区]", "[District]"]

[returns]
disposition = "suggestion.disposition"
suggestions = ["[意见]数", "[Suggestions]"]
*/
select
    received.disposition,
    count(*) as suggestions,
from suggestion_at($as_of) as received
where $district::text is null or received.district_code = $district
group by received.disposition
order by list_position(['A', 'B', 'C', 'D', 'pending', 'duplicate'], received.disposition) nulls last
