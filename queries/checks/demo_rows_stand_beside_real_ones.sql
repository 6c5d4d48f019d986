/*
title = ["示例数据与真实数据并存", "Demo rows stand beside real ones"]
grain = ["一行一本两种数据并存的台账（行编号是其中第一条示例）", "one row per ledger that holds both; the row named is its first demo row"]
notes = [
    "并存时这本台账的数字都含示例；可用“清除示例数据”一次去掉。",
    "Every figure of such a ledger includes demo rows; one action removes them all.",
]
severity = "warning"
reads = [
    "campaign", "source", "figure", "district", "town", "research_topic", "visit", "event", "document", "proposal",
    "feedback_round", "suggestion", "issue", "action", "extension", "satisfaction", "meeting", "commitment",
]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
demo_rows = ["示例行数", "Demo rows"]
real_rows = ["真实行数", "Real rows"]
*/
with every_row as (
    select 'campaign' as table_name, campaign.campaign_id as row_key, campaign.is_demo,
    from campaign
    union all
    select 'source', source.source_id, source.is_demo,
    from source
    union all
    select 'figure', figure.figure_id, figure.is_demo,
    from figure
    union all
    select 'district', district.district_code, district.is_demo,
    from district
    union all
    select 'town', town.town_code, town.is_demo,
    from town
    union all
    select 'research_topic', research_topic.topic_id, research_topic.is_demo,
    from research_topic
    union all
    select 'visit', visit.visit_id, visit.is_demo,
    from visit
    union all
    select 'event', event.event_id, event.is_demo,
    from event
    union all
    select 'document', document.document_id, document.is_demo,
    from document
    union all
    select 'proposal', proposal.proposal_id, proposal.is_demo,
    from proposal
    union all
    select 'feedback_round', feedback_round.round_id, feedback_round.is_demo,
    from feedback_round
    union all
    select 'suggestion', suggestion.suggestion_id, suggestion.is_demo,
    from suggestion
    union all
    select 'issue', issue.issue_id, issue.is_demo,
    from issue
    union all
    select 'action', action.action_id, action.is_demo,
    from action
    union all
    select 'extension', extension.extension_id, extension.is_demo,
    from extension
    union all
    select 'satisfaction', satisfaction.survey_id || '|' || satisfaction.grade, satisfaction.is_demo,
    from satisfaction
    union all
    select 'meeting', meeting.meeting_id, meeting.is_demo,
    from meeting
    union all
    select 'commitment', commitment.commitment_id, commitment.is_demo,
    from commitment
)
select
    every_row.table_name,
    min(every_row.row_key) filter (where every_row.is_demo) as row_key,
    count(*) filter (where every_row.is_demo) as demo_rows,
    count(*) filter (where not every_row.is_demo) as real_rows,
from every_row
group by every_row.table_name
having bool_or(every_row.is_demo) and not bool_and(every_row.is_demo)
order by every_row.table_name
