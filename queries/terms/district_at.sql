/*
title = ["[市区]走访情况", "[Districts] as of a day"]
grain = ["一行一个在截至日有效的[市区]", "one row per [district] valid on the as-of day"]
notes = [
    "整本走访台账没有一次已走访写明[市区]时，走访次数与是否走访为空（未提供），不是 0。",
    "While no visit made in the whole ledger names [a district], visits and is_visited are empty (unknown), not 0.",
]
reads = ["district", "visit", "made_visit"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
district_code = "district.district_code"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
in_scope = "district.in_scope"
sort_order = "district.sort_order"
tile_row = "district.tile_row"
tile_col = "district.tile_col"
visits = ["走访次数", "Visits"]
is_visited = ["已走访", "Visited"]
last_visited_on = ["最近走访", "Last visited on"]
is_demo = "district.is_demo"
*/
create macro district_at(as_of) as table
with knowledge as (
    select coalesce(bool_or(visit.district_code is not null), false) as names_a_district,
    from visit
    where visit.status = 'made'
),
visits_by_district as (
    select
        made.district_code,
        count(*) as visits,
        max(made.visited_on) as last_visited_on,
    from made_visit(as_of) as made
    where made.district_code is not null
    group by made.district_code
)
select
    district.district_code,
    district.district_name,
    district.district_name_en,
    district.in_scope,
    district.sort_order,
    district.tile_row,
    district.tile_col,
    case when knowledge.names_a_district then coalesce(counted.visits, 0) end as visits,
    case when knowledge.names_a_district then counted.visits is not null end as is_visited,
    counted.last_visited_on,
    district.is_demo,
from district
cross join knowledge
left join visits_by_district as counted on counted.district_code = district.district_code
where (district.valid_from is null or district.valid_from <= as_of)
    and (district.valid_to is null or district.valid_to >= as_of)
