/*
title = ["议定事项", "Commitments"]
grain = ["一行一项议定事项，到截至日所用数据的会议为止", "one row per commitment of a meeting whose data reach no further than the as-of day"]
notes = [
    "完成日期不晚于截至日才算已办；完成日期早于或等于时限为按时，当天到期不算逾期。办没办由填报说了算，指标动没动另看指标。",
    "Done means done on the as-of day or before it; done on its due date is in time, and due today is not late. Whether it is done is what the clerk says; whether the figure moved is another question.",
]
reads = ["commitment", "meeting"]
rows_of = "commitment"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
commitment_id = "commitment.commitment_id"
meeting_id = "commitment.meeting_id"
meeting_title = "meeting.title"
held_on = "meeting.held_on"
meeting_as_of_on = "meeting.as_of_on"
content = "commitment.content"
unit = "commitment.unit"
due_on = "commitment.due_on"
state = { heading = ["办理", "State"], codes = "commitment_state" }
done_on = "commitment.done_on"
kpi = "commitment.kpi"
target_value = "commitment.target_value"
action_id = "commitment.action_id"
result_note = "commitment.result_note"
is_demo = "commitment.is_demo"

[codes]
commitment_state = [
    ["late", "超期未办", "Late"],
    ["open", "未办", "Open"],
    ["undated", "未办，未定时限", "Open, no due date"],
    ["done_late", "超期办结", "Done late"],
    ["done", "已办", "Done"],
]
*/
with states as (
    select
        commitment.commitment_id,
        case
            when commitment.done_on <= $as_of and commitment.done_on > commitment.due_on then 'done_late'
            when commitment.done_on <= $as_of then 'done'
            when commitment.due_on is null then 'undated'
            when commitment.due_on < $as_of then 'late'
            else 'open'
        end as state,
    from commitment
),
sequence_of_states as (
    select * from (values
        ('late', 1), ('open', 2), ('undated', 3), ('done_late', 4), ('done', 5)
    ) as listed (state, position)
)
select
    commitment.commitment_id,
    commitment.meeting_id,
    meeting.title as meeting_title,
    meeting.held_on,
    meeting.as_of_on as meeting_as_of_on,
    commitment.content,
    commitment.unit,
    commitment.due_on,
    states.state,
    commitment.done_on,
    commitment.kpi,
    commitment.target_value,
    commitment.action_id,
    commitment.result_note,
    commitment.is_demo,
from commitment
join meeting on meeting.meeting_id = commitment.meeting_id
join states on states.commitment_id = commitment.commitment_id
join sequence_of_states on sequence_of_states.state = states.state
where meeting.as_of_on <= $as_of
order by sequence_of_states.position, commitment.due_on, commitment.commitment_id
