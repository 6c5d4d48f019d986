/*
title = ["不完整的台账", "Incomplete ledgers"]
grain = ["一行一本记录少于通报数的台账", "one row per ledger that holds fewer rows than were reported"]
notes = [
    "例：台账 3 条、通报 13 条，则以该台账为分母的比率不成立，不显示。措施和问题不含撤销合并的；活动只比座谈会和研讨会；走访只比已成行的；区划只比纳入范围的。",
    "Say the ledger has 3 rows and 13 were reported: then no rate stands on that ledger, and none is shown. Measures and issues without the cancelled; of events only forums and seminars; only visits made; only places in scope.",
]
reads = ["reported_figure", "issue_at", "action_at", "made_visit", "event_at", "research_topic", "suggestion_at", "district_at", "town_at"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
table_name = ["台账", "Ledger"]
ledger = ["台账记录数", "Rows in the ledger"]
reported = ["通报数", "Reported"]
*/
create macro ledger_gap(as_of) as table
with held as (
    select 'issue' as table_name, 'K01' as kpi, 'value' as side, count(*) as ledger,
    from issue_at(as_of) as counted
    where counted.is_counted
    union all
    select 'action', 'K02', 'value', count(*),
    from action_at(as_of) as counted
    where counted.is_counted
    union all
    select 'district', 'K22', 'denominator', count(*),
    from district_at(as_of) as counted
    where counted.in_scope
    union all
    select 'town', 'K23', 'denominator', count(*),
    from town_at(as_of) as counted
    where counted.in_scope
    union all
    select 'visit', 'K24', 'value', count(*),
    from made_visit(as_of) as counted
    union all
    select 'event', 'K25', 'value', count(*),
    from event_at(as_of) as counted
    where counted.kind in ('forum', 'seminar')
    union all
    select 'research_topic', 'K26', 'denominator', count(*),
    from research_topic
    union all
    select 'suggestion', 'K27', 'value', count(*),
    from suggestion_at(as_of) as counted
)
select
    held.table_name,
    held.ledger,
    figure.value as reported,
from held
join reported_figure(as_of) as figure on figure.kpi = held.kpi and figure.side = held.side
where held.ledger < figure.value
