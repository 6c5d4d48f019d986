/*
title = ["调研与[意见]指标的行", "Rows behind K22–K33"]
grain = ["一行一个指标（或其一部分）与一条台账记录", "one row per KPI (or part of one) and ledger row"]
notes = [
    "part 为空的行构成指标本身；同一记录再以各 part 出现，part 之间不相加。计数指标：计入的行分子分母均为真，不计入的均为假。比率：分子为空表示未知。K30 的值 = part“returned”的 amount 之和 ÷ part“issued”的 amount 之和，只取两数都有的轮次；发放份数缺失时分母未知，仍显示回收份数。K33 只数整改中新制定或修订的方案与制度，学习材料和只学习的制度不算。",
    "Rows without a part make the figure itself; the same ledger row comes again under each part, and parts are never added up. Counts: a counted row is in both numerator and denominator, any other in neither. Shares: an empty numerator is unknown. The value of K30 is the sum of amount of part 'returned' over the sum of amount of part 'issued', of rounds where both are known; where the forms sent are not stated the denominator is unknown and the forms returned are still shown. K33 counts plans and rules made or revised under rectification; study material, and rules that were only studied, do not count.",
]
reads = [
    "visit", "event", "research_topic", "proposal", "feedback_round", "document",
    "district_at", "town_at", "made_visit", "event_at", "suggestion_at", "strand_in_use",
]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
kpi = ["指标", "KPI"]
part = ["部分", "Part"]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
in_denominator = ["计入分母", "In the denominator"]
in_numerator = ["计入分子", "In the numerator"]
amount = ["数量", "Amount"]
*/
create macro kpi_rows_of_research(as_of) as table
with districts_in_scope as (
    select
        place.district_code,
        place.is_visited,
        place.visits,
    from district_at(as_of) as place
    where place.in_scope
),
towns_in_scope as (
    select
        place.town_code,
        place.town_kind,
        case when place.state <> 'unknown' then place.state = 'visited' end as is_visited,
    from town_at(as_of) as place
    where place.in_scope
),
visits as (
    select
        visit.visit_id,
        coalesce(
            visit.district_code,
            case when visit.outside_city is not null then 'outside' else 'unlocated' end
        ) as place,
        made.visit_id is not null as is_counted,
    from visit
    left join made_visit(as_of) as made on made.visit_id = visit.visit_id
    where visit.status <> 'dropped'
),
sessions as (
    select
        event.event_id,
        event.kind,
        held.event_id is not null as is_counted,
    from event
    left join event_at(as_of) as held on held.event_id = event.event_id
    where event.kind in ('forum', 'seminar')
),
topics as (
    select
        research_topic.topic_id,
        research_topic.status in ('report_done', 'converted') as has_report,
    from research_topic
),
suggestions as (
    select
        received.suggestion_id,
        coalesce(received.channel, 'unknown') as channel,
        received.is_duplicate,
        received.is_answered,
        received.disposition,
        received.issue_id,
    from suggestion_at(as_of) as received
),
rows_of_suggestions as (
    select
        lines.line[:3] as kpi,
        case when lines.line = 'K27 channel' then suggestions.channel else nullif(lines.line[5:], '') end as part,
        suggestions.suggestion_id as row_key,
        lines.line in ('K27', 'K27 channel') or not suggestions.is_duplicate as is_listed,
        case lines.line
            when 'K28' then suggestions.is_answered
            when 'K29' then suggestions.disposition = 'A'
            when 'K29 solved' then suggestions.disposition = 'A'
            when 'K29 adopted' then suggestions.disposition in ('A', 'B', 'C')
            when 'K31' then suggestions.issue_id is not null
            else true
        end as in_numerator,
    from suggestions
    cross join (values
        ('K27'), ('K27 channel'), ('K27 merged'), ('K28'), ('K29'), ('K29 solved'), ('K29 adopted'), ('K31')
    ) as lines (line)
),
rounds as (
    select
        feedback_round.round_id,
        feedback_round.issued_count,
        feedback_round.returned_count,
        feedback_round.issued_count is not null and feedback_round.returned_count is not null as has_both,
    from feedback_round
    where feedback_round.issued_on is null or feedback_round.issued_on <= as_of
),
proposals as (
    select
        proposal.proposal_id,
        proposal.status <> 'unknown' as is_known,
        proposal.status in ('adopted', 'policy', 'implemented') as is_converted,
    from proposal
),
documents as (
    select
        document.document_id,
        document.kind in ('plan', 'rule')
        and document.treatment in ('made', 'revised')
        and document.strand in (select used.strand_code from strand_in_use() as used where used.uses_rectification)
        and coalesce(document.issued_on <= as_of, true) as is_counted,
    from document
),
counted as (
    select 'K22' as kpi, null as part, 'district' as table_name, district_code as row_key,
        true as in_denominator, is_visited as in_numerator, null as amount,
    from districts_in_scope
    union all
    select 'K23', null, 'town', town_code, true, is_visited, null,
    from towns_in_scope
    union all
    select 'K23', 'without_subdistricts', 'town', town_code, true, is_visited, null,
    from towns_in_scope
    where town_kind <> 'subdistrict'
    union all
    select 'K24', null, 'visit', visit_id, is_counted, is_counted, null,
    from visits
    union all
    select 'K24', place, 'visit', visit_id, is_counted, is_counted, null,
    from visits
    union all
    select 'K24', district_code, 'district', district_code, false, false, null,
    from districts_in_scope
    where visits = 0
    union all
    select 'K25', null, 'event', event_id, is_counted, is_counted, null,
    from sessions
    union all
    select 'K25', kind, 'event', event_id, is_counted, is_counted, null,
    from sessions
    union all
    select 'K26', null, 'research_topic', topic_id, true, has_report, null,
    from topics
    union all
    select kpi, part, 'suggestion', row_key, true, in_numerator, null,
    from rows_of_suggestions
    where is_listed
    union all
    select 'K30', null, 'feedback_round', round_id, true, case when has_both then true end, null,
    from rounds
    union all
    select 'K30', 'returned', 'feedback_round', round_id, false, has_both, returned_count,
    from rounds
    where returned_count is not null
    union all
    select 'K30', 'issued', 'feedback_round', round_id, has_both, false, issued_count,
    from rounds
    where issued_count is not null
    union all
    select 'K32', null, 'proposal', proposal_id, is_known, case when is_known then is_converted end, null,
    from proposals
    union all
    select 'K33', null, 'document', document_id, coalesce(is_counted, false), is_counted, null,
    from documents
)
select
    counted.kpi,
    counted.part,
    counted.table_name,
    counted.row_key,
    counted.in_denominator,
    counted.in_numerator,
    counted.amount::decimal(18, 4) as amount,
from counted
