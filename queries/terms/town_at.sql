/*
title = ["[乡镇]走访情况", "[Towns] as of a day"]
grain = ["一行一个在截至日有效的[乡镇街道]", "one row per [town] valid on the as-of day"]
notes = [
    "先后顺序：已走访、已计划、未走访；不纳入的（[乡镇]或其[市区]）无论是否走访都标“不纳入”。整本走访台账没有一次已走访写明[乡镇]时，纳入的[乡镇]都标“未提供”：没有资料不等于没有去。",
    "Visited before planned before not visited; [a town] out of scope (itself or its [district]) stays out of scope even when visited. While no visit made in the whole ledger names [a town], every [town] in scope is unknown: no data does not mean not visited.",
]
reads = ["town", "visit", "made_visit", "district"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
town_code = "town.town_code"
district_code = "town.district_code"
town_name = "town.town_name"
town_name_en = "town.town_name_en"
town_kind = "town.town_kind"
tile_row = "town.tile_row"
tile_col = "town.tile_col"
in_scope = "town.in_scope"
state = { heading = ["走访情况", "State"], codes = "town_state" }
visits = ["走访次数", "Visits"]
last_visited_on = ["最近走访", "Last visited on"]
is_demo = "town.is_demo"

[codes]
town_state = [
    ["visited", "已走访", "Visited"],
    ["planned", "已计划", "Planned"],
    ["not_visited", "未走访", "Not visited"],
    ["unknown", "未提供", "Not stated"],
    ["out_of_scope", "不纳入", "Out of scope"],
]
*/
create macro town_at(as_of) as table
with knowledge as (
    select coalesce(bool_or(visit.town_code is not null), false) as names_a_town,
    from visit
    where visit.status = 'made'
),
visits_by_town as (
    select
        made.town_code,
        count(*) as visits,
        max(made.visited_on) as last_visited_on,
    from made_visit(as_of) as made
    where made.town_code is not null
    group by made.town_code
),
planned_towns as (
    select distinct visit.town_code,
    from visit
    where visit.status = 'planned'
),
valid_towns as (
    select
        town.town_code,
        town.district_code,
        town.town_name,
        town.town_name_en,
        town.town_kind,
        town.tile_row,
        town.tile_col,
        town.in_scope and coalesce(place.in_scope, false) as in_scope,
        town.is_demo,
    from town
    left join district as place
        on place.district_code = town.district_code
        and (place.valid_from is null or place.valid_from <= as_of)
        and (place.valid_to is null or place.valid_to >= as_of)
    where (town.valid_from is null or town.valid_from <= as_of)
        and (town.valid_to is null or town.valid_to >= as_of)
)
select
    valid.town_code,
    valid.district_code,
    valid.town_name,
    valid.town_name_en,
    valid.town_kind,
    valid.tile_row,
    valid.tile_col,
    valid.in_scope,
    case
        when not valid.in_scope then 'out_of_scope'
        when not knowledge.names_a_town then 'unknown'
        when counted.town_code is not null then 'visited'
        when planned.town_code is not null then 'planned'
        else 'not_visited'
    end as state,
    case when knowledge.names_a_town then coalesce(counted.visits, 0) end as visits,
    counted.last_visited_on,
    valid.is_demo,
from valid_towns as valid
cross join knowledge
left join visits_by_town as counted on counted.town_code = valid.town_code
left join planned_towns as planned on planned.town_code = valid.town_code
