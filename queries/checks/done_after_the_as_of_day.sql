/*
title = ["已发生的事晚于数据截至日", "Done after the data's as-of day"]
grain = ["一行一个晚于数据截至日的日期", "one row per date after the as-of day"]
notes = [
    "只查已经发生的：走访已成行、[措施]已启动或完成或销号、[意见]已收到或已答复等。计划的日期、完成时限和活动预告可以更晚。$as_of 是本版本的数据截至日。",
    "Only what has happened: a visit made, [a measure] started, done or closed, [a suggestion] received or answered, and the like. Plans, due dates and announced events may lie later. $as_of is the release's own as-of day.",
]
severity = "error"
reads = [
    "action", "visit", "suggestion", "research_topic", "proposal", "extension", "commitment", "satisfaction",
]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
field = ["字段", "Field"]
happened_on = ["日期", "Date"]
*/
with happened as (
    select 'action' as table_name, action.action_id as row_key, 'started_on' as field,
        action.started_on as happened_on,
    from action
    where action.status in ('in_progress', 'pending_verification', 'staged_ongoing', 'closed')
    union all
    select 'action', action.action_id, 'done_on', action.done_on,
    from action
    union all
    select 'action', action.action_id, 'applied_on', action.applied_on,
    from action
    union all
    select 'action', action.action_id, 'closed_on', action.closed_on,
    from action
    union all
    select 'action', action.action_id, 'first_closed_on', action.first_closed_on,
    from action
    union all
    select 'visit', visit.visit_id, 'visited_on', visit.visited_on,
    from visit
    where visit.status = 'made'
    union all
    select 'suggestion', suggestion.suggestion_id, 'received_on', suggestion.received_on,
    from suggestion
    union all
    select 'suggestion', suggestion.suggestion_id, 'replied_on', suggestion.replied_on,
    from suggestion
    union all
    select 'research_topic', research_topic.topic_id, 'started_on', research_topic.started_on,
    from research_topic
    where research_topic.status in ('in_progress', 'report_done', 'converted')
    union all
    select 'research_topic', research_topic.topic_id, 'reported_on', research_topic.reported_on,
    from research_topic
    union all
    select 'proposal', proposal.proposal_id, 'adopted_on', proposal.adopted_on,
    from proposal
    union all
    select 'extension', extension.extension_id, 'requested_on', extension.requested_on,
    from extension
    union all
    select 'extension', extension.extension_id, 'decided_on', extension.decided_on,
    from extension
    union all
    select 'commitment', commitment.commitment_id, 'done_on', commitment.done_on,
    from commitment
    union all
    select 'satisfaction', satisfaction.survey_id || '|' || satisfaction.grade, 'surveyed_on',
        satisfaction.surveyed_on,
    from satisfaction
)
select
    happened.table_name,
    happened.row_key,
    happened.field,
    happened.happened_on,
from happened
where happened.happened_on > $as_of
order by happened.table_name, happened.row_key, happened.field
