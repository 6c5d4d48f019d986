/*
title = ["各[市区]走访覆盖", "Coverage by [district]"]
grain = ["一行一个在截至日有效的[市区]；[市区]为空的行是没有写明[市区]、或[市区]当日已不在册的走访、场次和[意见]", "one row per [district] valid on the as-of day; the row without [a district] holds visits, sessions and [suggestions] that name none, or one that is not on the register that day"]
notes = [
    "同一[乡镇]多次走访只算一个[乡镇]；没有写明[乡镇]的走访只计入次数。没有纳入[乡镇]的[市区]没有覆盖率。[市区]为空的行含未注明、外地和已不在册[市区]的走访，仅在有时出现，使各行合计等于总数。台账中没有一行写明[市区]（或[乡镇]）时，相应的数为空（未提供），不是 0。",
    "[A town] visited twice is one [town]; a visit without [a town] counts in visits only. [A district] without [towns] in scope has no share. The row without [a district] holds what is not stated, lies outside the city or in [a district] no longer on the register; it is there only when there is any, and makes the rows add up. While no row of a ledger names [a district] (or [a town]), its figures are empty (unknown), not 0.",
]
reads = ["district_at", "town_at", "made_visit", "event", "event_at", "suggestion", "suggestion_at", "district"]
behind = "visits"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
district_code = "district.district_code"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
tile_row = "district.tile_row"
tile_col = "district.tile_col"
towns = ["纳入的[乡镇]", "[Towns] in scope"]
visited = ["已走访[乡镇]", "[Towns] visited"]
planned = ["已计划[乡镇]", "[Towns] planned"]
not_visited = ["未走访[乡镇]", "[Towns] not visited"]
share = { heading = ["[乡镇]覆盖率", "Share of [towns]"], share = true }
visits = ["走访次数", "Visits"]
sessions = ["座谈研讨场次", "Sessions"]
suggestions = ["[意见]数", "[Suggestions]"]
last_visited_on = ["最近走访", "Last visited on"]
is_known = ["有走访明细", "Visits on record"]
short_name = "district.short_name"
*/
with listed as (
    select place.district_code,
    from district_at($as_of) as place
),
knowledge as (
    select
        exists (
            select 1 from event where event.kind in ('forum', 'seminar') and event.district_code is not null
        ) as sessions_name_districts,
        exists (
            select 1 from suggestion where suggestion.district_code is not null
        ) as suggestions_name_districts,
),
towns_by_district as (
    select
        place.district_code,
        count(*) as towns,
        count(*) filter (where place.state = 'unknown') as unknown,
        count(*) filter (where place.state = 'visited') as visited,
        count(*) filter (where place.state = 'planned') as planned,
        count(*) filter (where place.state = 'not_visited') as not_visited,
    from town_at($as_of) as place
    where place.in_scope
    group by place.district_code
),
sessions_by_district as (
    select
        held.district_code,
        count(*) as sessions,
    from event_at($as_of) as held
    where held.kind in ('forum', 'seminar')
    group by held.district_code
),
suggestions_by_district as (
    select
        received.district_code,
        count(*) as suggestions,
    from suggestion_at($as_of) as received
    where not received.is_duplicate
    group by received.district_code
),
visits_without_district as (
    select
        count(*) as visits,
        max(made.visited_on) as last_visited_on,
    from made_visit($as_of) as made
    where made.district_code is null or made.district_code not in (select listed.district_code from listed)
),
sessions_without_district as (
    select coalesce(sum(held.sessions), 0)::bigint as sessions,
    from sessions_by_district as held
    where held.district_code is null or held.district_code not in (select listed.district_code from listed)
),
suggestions_without_district as (
    select coalesce(sum(received.suggestions), 0)::bigint as suggestions,
    from suggestions_by_district as received
    where received.district_code is null or received.district_code not in (select listed.district_code from listed)
),
located as (
    select
        place.sort_order,
        place.district_code,
        place.district_name,
        place.district_name_en,
        place.tile_row,
        place.tile_col,
        coalesce(towns.towns, 0) as towns,
        case when coalesce(towns.unknown, 0) = 0 then coalesce(towns.visited, 0) end as visited,
        case when coalesce(towns.unknown, 0) = 0 then coalesce(towns.planned, 0) end as planned,
        case when coalesce(towns.unknown, 0) = 0 then coalesce(towns.not_visited, 0) end as not_visited,
        place.visits,
        case when knowledge.sessions_name_districts then coalesce(held.sessions, 0) end as sessions,
        case when knowledge.suggestions_name_districts then coalesce(received.suggestions, 0) end as suggestions,
        place.last_visited_on,
        place.visits is not null as is_known,
    from district_at($as_of) as place
    cross join knowledge
    left join towns_by_district as towns on towns.district_code = place.district_code
    left join sessions_by_district as held on held.district_code = place.district_code
    left join suggestions_by_district as received on received.district_code = place.district_code
),
unlocated as (
    select
        null as sort_order,
        null as district_code,
        null as district_name,
        null as district_name_en,
        null as tile_row,
        null as tile_col,
        null as towns,
        null as visited,
        null as planned,
        null as not_visited,
        elsewhere.visits,
        held.sessions,
        received.suggestions,
        elsewhere.last_visited_on,
        true as is_known,
    from visits_without_district as elsewhere
    cross join sessions_without_district as held
    cross join suggestions_without_district as received
    where elsewhere.visits + held.sessions + received.suggestions > 0
),
rows as (
    select * from located
    union all
    select * from unlocated
)
select
    rows.district_code,
    rows.district_name,
    rows.district_name_en,
    rows.tile_row,
    rows.tile_col,
    rows.towns,
    rows.visited,
    rows.planned,
    rows.not_visited,
    (rows.visited / nullif(rows.towns, 0))::decimal(18, 4) as share,
    rows.visits,
    rows.sessions,
    rows.suggestions,
    rows.last_visited_on,
    rows.is_known,
    register.short_name,
from rows
left join district as register on register.district_code = rows.district_code
order by rows.district_code is null, rows.sort_order, rows.district_code
