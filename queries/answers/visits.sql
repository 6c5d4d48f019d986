/*
title = ["走访清单", "Visits"]
grain = ["一行一次到一个地方的走访", "one row per visit to one place"]
notes = [
    "含已计划和已取消的走访；日期晚于截至日的“已走访”不列。",
    "Planned visits and those called off are listed too; a visit 'made' after the as-of day is not.",
]
reads = ["visit", "made_visit", "research_topic", "district", "town"]
rows_of = "visit"

[params]
as_of = ["数据截至", "Data as of"]
district = ["[市区]", "[District]"]

[returns]
visit_id = "visit.visit_id"
visited_on = "visit.visited_on"
status = "visit.status"
topic_id = "visit.topic_id"
topic_title = "research_topic.title"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
town_name = "town.town_name"
town_name_en = "town.town_name_en"
outside_city = "visit.outside_city"
visitor = "visit.visitor"
form = "visit.form"
suggestion_count = "visit.suggestion_count"
is_demo = "visit.is_demo"
*/
select
    visit.visit_id,
    visit.visited_on,
    visit.status,
    visit.topic_id,
    research_topic.title as topic_title,
    district.district_name,
    district.district_name_en,
    town.town_name,
    town.town_name_en,
    visit.outside_city,
    visit.visitor,
    visit.form,
    visit.suggestion_count,
    visit.is_demo,
from visit
left join made_visit($as_of) as made on made.visit_id = visit.visit_id
left join research_topic on research_topic.topic_id = visit.topic_id
left join district on district.district_code = visit.district_code
left join town on town.town_code = visit.town_code
where (visit.status <> 'made' or made.visit_id is not null)
    and ($district::text is null or visit.district_code = $district)
order by visit.visited_on nulls last, visit.visit_id
