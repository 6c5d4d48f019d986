/*
title = ["覆盖与口径", "Coverage and its scope"]
grain = ["一行：全部纳入的[市区]和[乡镇]", "one row: all [districts] and [towns] in scope"]
notes = [
    "纳入的街道数为 0 时口径不含街道，否则含街道。走访台账没有一次已走访写明[市区]（或[乡镇]）时，已走访数为空（未提供）。",
    "No subdistrict in scope means that the coverage is of [towns] and townships only. While no visit made in the ledger names [a district] (or [a town]), the figures of places visited are empty (unknown).",
]
reads = ["district_at", "town_at"]
behind = "coverage_by_town"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
districts = ["纳入的[市区]", "[Districts] in scope"]
districts_visited = ["已走访[市区]", "[Districts] visited"]
towns = ["纳入的[乡镇]", "[Towns] in scope"]
towns_visited = ["已走访[乡镇]", "[Towns] visited"]
subdistricts_in_scope = ["其中街道", "Subdistricts among them"]
is_known = ["有走访明细", "Visits on record"]
*/
with districts as (
    select
        count(*) as districts,
        count(*) filter (where place.is_visited) as visited,
        coalesce(bool_and(place.is_visited is not null), false) as is_known,
    from district_at($as_of) as place
    where place.in_scope
),
towns as (
    select
        count(*) as towns,
        count(*) filter (where place.state = 'visited') as visited,
        count(*) filter (where place.town_kind = 'subdistrict') as subdistricts,
        coalesce(bool_and(place.state <> 'unknown'), false) as is_known,
    from town_at($as_of) as place
    where place.in_scope
)
select
    districts.districts,
    case when districts.is_known then districts.visited end as districts_visited,
    towns.towns,
    case when towns.is_known then towns.visited end as towns_visited,
    towns.subdistricts as subdistricts_in_scope,
    districts.is_known,
from districts
cross join towns
order by districts.districts
