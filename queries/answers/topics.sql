/*
title = ["[调研课题]", "[Research topics]"]
grain = ["一行一个[调研课题]", "one row per [research topic]"]
notes = [
    "走访、[市区]只数到截至日已成行的走访；整本走访台账没有一次已走访写明[课题]时为空（未提供）。建议同理。",
    "Visits and [districts] count visits made up to the as-of day; while no visit made in the whole ledger names [a topic] they are empty (unknown). Proposals likewise.",
]
reads = ["research_topic", "visit", "proposal", "made_visit"]
rows_of = "research_topic"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
topic_id = "research_topic.topic_id"
title = "research_topic.title"
status = "research_topic.status"
lead_unit = "research_topic.lead_unit"
report_title = "research_topic.report_title"
reported_on = "research_topic.reported_on"
visits = ["走访次数", "Visits"]
districts = ["到过的[市区]", "[Districts] visited"]
proposals = ["建议数", "Proposals"]
fact_id = "research_topic.fact_id"
is_demo = "research_topic.is_demo"
*/
with knowledge as (
    select
        exists (
            select 1 from visit where visit.status = 'made' and visit.topic_id is not null
        ) as visits_name_topics,
        exists (select 1 from proposal where proposal.topic_id is not null) as proposals_name_topics,
),
visits_by_topic as (
    select
        made.topic_id,
        count(*) as visits,
        count(distinct made.district_code) as districts,
    from made_visit($as_of) as made
    group by made.topic_id
),
proposals_by_topic as (
    select
        proposal.topic_id,
        count(*) as proposals,
    from proposal
    group by proposal.topic_id
)
select
    research_topic.topic_id,
    research_topic.title,
    research_topic.status,
    research_topic.lead_unit,
    research_topic.report_title,
    research_topic.reported_on,
    case when knowledge.visits_name_topics then coalesce(visited.visits, 0) end as visits,
    case when knowledge.visits_name_topics then coalesce(visited.districts, 0) end as districts,
    case when knowledge.proposals_name_topics then coalesce(proposed.proposals, 0) end as proposals,
    research_topic.fact_id,
    research_topic.is_demo,
from research_topic
cross join knowledge
left join visits_by_topic as visited on visited.topic_id = research_topic.topic_id
left join proposals_by_topic as proposed on proposed.topic_id = research_topic.topic_id
order by research_topic.topic_id
