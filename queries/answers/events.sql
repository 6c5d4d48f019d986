/*
title = ["活动清单", "Events"]
grain = ["一行一次已开展的活动", "one row per event held"]
notes = [
    "开始日期不晚于截至日的活动，以及未注明日期的活动（排在最后）。",
    "Events begun not after the as-of day, and those without a date, which come last.",
]
reads = ["event", "event_at", "district", "town", "fact", "strand_in_use"]
rows_of = "event"

[params]
as_of = ["数据截至", "Data as of"]
strand = ["[重点措施]", "[Strand]"]
page = ["[重点措施]所用的页", "Page of the [strands]"]
kind = ["活动类型", "Kind"]
district = ["[市区]", "[District]"]

[returns]
event_id = "event.event_id"
title = "event.title"
kind = "event.kind"
strand = "event.strand"
started_on = "event.started_on"
ended_on = "event.ended_on"
date_text = "event.date_text"
date_precision = "event.date_precision"
half = "event.half"
is_year_inferred = "event.is_year_inferred"
place = "event.place"
district_code = "event.district_code"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
town_name = "town.town_name"
town_name_en = "town.town_name_en"
attendance = "event.attendance"
fact_id = "event.fact_id"
quote_zh = "fact.quote_zh"
is_demo = "event.is_demo"
*/
select
    event.event_id,
    event.title,
    event.kind,
    event.strand,
    event.started_on,
    event.ended_on,
    event.date_text,
    event.date_precision,
    event.half,
    event.is_year_inferred,
    event.place,
    event.district_code,
    district.district_name,
    district.district_name_en,
    town.town_name,
    town.town_name_en,
    event.attendance,
    event.fact_id,
    fact.quote_zh,
    event.is_demo,
from event
inner join event_at($as_of) as held on held.event_id = event.event_id
left join district on district.district_code = event.district_code
left join town on town.town_code = event.town_code
left join fact on fact.fact_id = event.fact_id
where ($strand::text is null or event.strand = $strand)
    and (
        $page::text is null
        or event.strand in (
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
    and ($kind::text is null or event.kind = $kind)
    and ($district::text is null or event.district_code = $district)
order by event.started_on nulls last, event.half nulls first, event.event_id
