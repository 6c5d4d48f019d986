/*
title = ["征求意见：从发出到形成[问题]", "From forms sent to [issues]"]
grain = ["一行一轮征求意见的一个环节；轮次为空的行是各轮之外收到的[意见]", "one row per round and stage; rows without a round are the opinions that came outside any round"]
notes = [
    "份、条、个是三种单位，不相加也不换算：一份表可以有多条[意见]，也可以一条没有。[意见]条数取该轮通报的条数，没有通报时数台账。空为未提供。",
    "Forms, opinions and [issues] are three units: never added, never converted; one form may hold several opinions or none. Opinions are as the round reports them, else as the ledger holds them. Empty is not stated.",
]
reads = ["feedback_round", "suggestion"]

[returns]
stage = { heading = ["环节", "Stage"], codes = "funnel_stage" }
unit = { heading = ["单位", "Unit"], codes = "funnel_unit" }
amount = ["数量", "Amount"]
round_id = "feedback_round.round_id"

[codes]
funnel_stage = [
    ["sent", "发放", "Sent"],
    ["returned", "回收", "Returned"],
    ["opinions_raw", "[意见]", "Opinions"],
    ["opinions_merged", "梳理后[意见]", "Opinions, merged"],
    ["issues", "形成[问题]", "Became [issues]"],
]
funnel_unit = [
    ["form", "份", "forms"],
    ["opinion", "条", "opinions"],
    ["issue", "个", "[issues]"],
]
*/
with stages as (
    select
        stage.stage,
        stage.unit,
        stage.place,
    from (
        values
            ('sent', 'form', 1),
            ('returned', 'form', 2),
            ('opinions_raw', 'opinion', 3),
            ('opinions_merged', 'opinion', 4),
            ('issues', 'issue', 5)
    ) as stage (stage, unit, place)
),
in_the_ledger as (
    select
        suggestion.round_id,
        count(*) as opinions_raw,
        count(*) filter (
            where suggestion.merged_into_id is null and suggestion.disposition is distinct from 'duplicate'
        ) as opinions_merged,
        count(distinct suggestion.issue_id) as issues,
    from suggestion
    group by suggestion.round_id
),
rounds as (
    select
        feedback_round.round_id,
        feedback_round.issued_count as sent,
        feedback_round.returned_count as returned,
        coalesce(feedback_round.opinion_count_raw, ledger.opinions_raw) as opinions_raw,
        coalesce(feedback_round.opinion_count_merged, ledger.opinions_merged) as opinions_merged,
        ledger.issues,
    from feedback_round
    left join in_the_ledger as ledger on ledger.round_id = feedback_round.round_id
    union all
    select
        ledger.round_id,
        null as sent,
        null as returned,
        ledger.opinions_raw,
        ledger.opinions_merged,
        ledger.issues,
    from in_the_ledger as ledger
    where ledger.round_id is null
)
select
    stages.stage,
    stages.unit,
    case stages.stage
        when 'sent' then rounds.sent
        when 'returned' then rounds.returned
        when 'opinions_raw' then rounds.opinions_raw
        when 'opinions_merged' then rounds.opinions_merged
        when 'issues' then rounds.issues
    end as amount,
    rounds.round_id,
from rounds
cross join stages
where rounds.round_id is not null or stages.unit <> 'form'
order by rounds.round_id nulls last, stages.place
