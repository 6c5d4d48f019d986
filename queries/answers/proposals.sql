/*
title = ["调研建议及转化", "Proposals and what became of them"]
grain = ["一行一条调研建议", "one row per proposal"]
reads = ["proposal", "research_topic", "document"]
rows_of = "proposal"

[returns]
proposal_id = "proposal.proposal_id"
topic_id = "proposal.topic_id"
topic_title = "research_topic.title"
content = "proposal.content"
status = "proposal.status"
adopted_on = "proposal.adopted_on"
adopting_unit = "proposal.adopting_unit"
document_title = "document.title"
fact_id = "proposal.fact_id"
is_demo = "proposal.is_demo"
*/
select
    proposal.proposal_id,
    proposal.topic_id,
    research_topic.title as topic_title,
    proposal.content,
    proposal.status,
    proposal.adopted_on,
    proposal.adopting_unit,
    document.title as document_title,
    proposal.fact_id,
    proposal.is_demo,
from proposal
left join research_topic on research_topic.topic_id = proposal.topic_id
left join document on document.document_id = proposal.document_id
order by proposal.topic_id nulls last, proposal.proposal_id
