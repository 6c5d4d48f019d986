/*
title = ["各[乡镇]走访情况", "Coverage by [town]"]
grain = ["一行一个在截至日有效的[乡镇街道]", "one row per [town] valid on the as-of day"]
notes = [
    "已走访优先于已计划，已计划优先于未走访。不纳入的[乡镇]即使走访过也不计入覆盖率。",
    "Visited before planned before not visited. [A town] out of scope counts in no coverage even when it was visited.",
]
reads = ["town_at", "district", "town"]
rows_of = "town"

[params]
as_of = ["数据截至", "Data as of"]
district = ["[市区]", "[District]"]

[returns]
town_code = "town.town_code"
town_name = "town.town_name"
town_name_en = "town.town_name_en"
district_code = "town.district_code"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
town_kind = "town.town_kind"
state = { heading = ["走访情况", "State"], codes = "town_state" }
visits = ["走访次数", "Visits"]
last_visited_on = ["最近走访", "Last visited on"]
tile_row = "town.tile_row"
tile_col = "town.tile_col"
short_name = "town.short_name"
*/
select
    place.town_code,
    place.town_name,
    place.town_name_en,
    place.district_code,
    district.district_name,
    district.district_name_en,
    place.town_kind,
    place.state,
    place.visits,
    place.last_visited_on,
    place.tile_row,
    place.tile_col,
    town.short_name,
from town_at($as_of) as place
inner join district on district.district_code = place.district_code
inner join town on town.town_code = place.town_code
where $district::text is null or place.district_code = $district
order by district.sort_order, place.district_code, place.town_code
