/*
title = ["座谈会与研讨会", "Forums and seminars"]
grain = ["一行一类场次", "one row per kind of session"]
notes = [
    "台账中一场也没有时为空（未提供），不是 0；选定[市区]时，台账中没有一场写明[市区]同理。人数只加有人数的场次。",
    "Empty (unknown), not 0, while the ledger holds no session at all or, for one [district], no session that names [a district]. Attendance adds up the sessions that state it.",
]
reads = ["event", "event_at"]
behind = "events"

[params]
as_of = ["数据截至", "Data as of"]
district = ["[市区]", "[District]"]

[returns]
kind = "event.kind"
sessions = ["场次", "Sessions"]
attendance = ["人数", "Attendance"]
with_attendance = ["有人数的场次", "Sessions with attendance"]
*/
with kinds as (
    select
        kind.kind,
    from (values ('forum'), ('seminar')) as kind (kind)
),
knowledge as (
    select
        exists (
            select 1
            from event
            where event.kind in ('forum', 'seminar')
                and ($district::text is null or event.district_code is not null)
        ) as holds_sessions,
),
counted as (
    select
        held.kind,
        count(*) as sessions,
        sum(held.attendance)::bigint as attendance,
        count(held.attendance) as with_attendance,
    from event_at($as_of) as held
    where $district::text is null or held.district_code = $district
    group by held.kind
)
select
    kinds.kind,
    case when knowledge.holds_sessions then coalesce(counted.sessions, 0) end as sessions,
    counted.attendance,
    case when knowledge.holds_sessions then coalesce(counted.with_attendance, 0) end as with_attendance,
from kinds
cross join knowledge
left join counted on counted.kind = kinds.kind
order by kinds.kind
