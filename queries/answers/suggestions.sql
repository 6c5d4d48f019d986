/*
title = ["[意见建议]清单", "[Suggestions]"]
grain = ["一行一条[意见建议]，含重复", "one row per [suggestion], duplicates included"]
reads = ["suggestion", "suggestion_at", "district", "town"]
rows_of = "suggestion"

[params]
as_of = ["数据截至", "Data as of"]
district = ["[市区]", "[District]"]

[returns]
suggestion_id = "suggestion.suggestion_id"
received_on = "suggestion.received_on"
channel = "suggestion.channel"
source_group = "suggestion.source_group"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
town_name = "town.town_name"
town_name_en = "town.town_name_en"
content = "suggestion.content"
disposition = "suggestion.disposition"
handling_unit = "suggestion.handling_unit"
replied_on = "suggestion.replied_on"
issue_id = "suggestion.issue_id"
is_demo = "suggestion.is_demo"
*/
select
    suggestion.suggestion_id,
    suggestion.received_on,
    suggestion.channel,
    suggestion.source_group,
    district.district_name,
    district.district_name_en,
    town.town_name,
    town.town_name_en,
    suggestion.content,
    received.disposition,
    suggestion.handling_unit,
    suggestion.replied_on,
    suggestion.issue_id,
    suggestion.is_demo,
from suggestion
inner join suggestion_at($as_of) as received on received.suggestion_id = suggestion.suggestion_id
left join district on district.district_code = suggestion.district_code
left join town on town.town_code = suggestion.town_code
where $district::text is null or suggestion.district_code = $district
order by suggestion.received_on nulls last, suggestion.suggestion_id
