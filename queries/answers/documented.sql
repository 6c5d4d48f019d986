/*
title = ["活动记录的完整程度", "How fully events are on record"]
grain = ["一行一项[重点措施]与一个应填项", "one row per [strand] and field to fill"]
notes = [
    "地点：写了地点或[乡镇]即算。[市区]只问有走访的[重点措施]的活动。",
    "A place is given when the place or the [town] is. [A district] is asked of the events of [strands] with visits only.",
]
reads = ["event_at", "strand_in_use"]
behind = "events"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
strand = "event.strand"
field = { heading = ["应填项", "Field"], codes = "documented_field" }
filled = ["已填", "Filled"]
total = ["活动数", "Events"]

[codes]
documented_field = [
    ["date", "日期", "Date"],
    ["place", "地点", "Place"],
    ["attendance", "人数", "Attendance"],
    ["district", "[市区]", "[District]"],
]
*/
with strands as (
    select
        used.strand_code as strand,
        used.uses_research,
        0 as is_overall,
        used.sort_order,
    from strand_in_use() as used
    union all
    select 'overall', false, 1, 0
),
fields as (
    select
        field.field,
        field.place,
    from (values ('date', 1), ('place', 2), ('attendance', 3), ('district', 4)) as field (field, place)
),
counted as (
    select
        held.strand,
        count(*) as total,
        count(held.started_on) as with_date,
        count(coalesce(held.place, held.town_code)) as with_place,
        count(held.attendance) as with_attendance,
        count(held.district_code) as with_district,
    from event_at($as_of) as held
    group by held.strand
)
select
    strands.strand,
    fields.field,
    coalesce(
        case fields.field
            when 'date' then counted.with_date
            when 'place' then counted.with_place
            when 'attendance' then counted.with_attendance
            when 'district' then counted.with_district
        end,
        0
    ) as filled,
    coalesce(counted.total, 0) as total,
from strands
cross join fields
left join counted on counted.strand = strands.strand
where fields.field <> 'district' or strands.uses_research
order by strands.is_overall, strands.sort_order, strands.strand, fields.place
