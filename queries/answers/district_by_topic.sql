/*
title = ["[课题]与[市区]", "[Topics] by [district]"]
grain = ["一行一个[市区]与一个[课题]", "one row per [district] and [topic]"]
notes = [
    "没有写明[课题]或[市区]的走访不在表内。",
    "Visits that name no [topic] or no [district] are not in it.",
]
reads = ["district_at", "research_topic", "visit", "made_visit"]
behind = "visits"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
district_code = "district.district_code"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
topic_id = "research_topic.topic_id"
topic_title = "research_topic.title"
visits = ["走访次数", "Visits"]
planned = ["已计划", "Planned"]
*/
with made as (
    select
        visited.district_code,
        visited.topic_id,
        count(*) as visits,
    from made_visit($as_of) as visited
    group by visited.district_code, visited.topic_id
),
planned as (
    select
        visit.district_code,
        visit.topic_id,
        count(*) as visits,
    from visit
    where visit.status = 'planned'
    group by visit.district_code, visit.topic_id
)
select
    place.district_code,
    place.district_name,
    place.district_name_en,
    research_topic.topic_id,
    research_topic.title as topic_title,
    coalesce(made.visits, 0) as visits,
    coalesce(planned.visits, 0) as planned,
from district_at($as_of) as place
cross join research_topic
left join made
    on made.district_code = place.district_code and made.topic_id = research_topic.topic_id
left join planned
    on planned.district_code = place.district_code and planned.topic_id = research_topic.topic_id
order by place.sort_order, place.district_code, research_topic.topic_id
