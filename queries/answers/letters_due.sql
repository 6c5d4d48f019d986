/*
title = ["该催办的[措施]", "[Measures] to be urged"]
grain = ["一行一条到了某一级、还没有发过那一级文书的[措施]", "one row per [measure] that has reached a rung whose letter it was not sent yet"]
notes = [
    "未办结、有时限、不在等待审核的[措施]；到期前天数不多于某级的，到了那一级，取最后到的一级。那一级的文书按现在的时限已经发过且没有撤回的，不再列出；延期后重新算。第几次：该[措施]没有撤回的文书数加一。",
    "Open, dated [measures] that do not await verification. [A measure] has reached a rung once no more days are left than it says; the last one reached counts. It is left out where that letter was sent for the present due date and not revoked: an extension starts anew. How many-eth: letters of the [measure] that were not revoked, and one.",
]
reads = ["action", "action_at", "letter", "rung_in_use"]
rows_of = "action"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
action_id = "action.action_id"
unit = "action.resp_unit"
content = "action.content"
due_on = "action.due_on"
days_left = ["剩余天数", "Days left"]
status = "action.status"
progress_note = "action.progress_note"
letter_kind = "letter.letter_kind"
recipients = "letter.recipients"
nth = ["第几次", "How many-eth"]
is_demo = "action.is_demo"
*/
with measures as (
    select
        measure.action_id,
        measure.unit,
        measure.content,
        measure.due_on,
        measure.due_on - $as_of as days_left,
        measure.status,
        action.progress_note,
        measure.is_demo,
    from action_at($as_of) as measure
    join action on action.action_id = measure.action_id
    where measure.is_counted
        and measure.is_open
        and measure.is_dated
        and measure.status is distinct from 'pending_verification'
        and measure.unit is not null
),
reached as (
    select
        measures.action_id,
        min_by(rung.letter_kind, rung.days_before) as letter_kind,
        min_by(rung.recipients, rung.days_before) as recipients,
    from measures
    join rung_in_use() as rung on rung.days_before >= measures.days_left
    group by measures.action_id
),
standing as (
    select
        letter.action_id,
        letter.letter_kind,
        letter.was_due_on,
    from letter
    where letter.revoked_on is null
),
sent as (
    select
        standing.action_id,
        count(*) as letters,
    from standing
    group by standing.action_id
)
select
    measures.action_id,
    measures.unit,
    measures.content,
    measures.due_on,
    measures.days_left,
    measures.status,
    measures.progress_note,
    reached.letter_kind,
    reached.recipients,
    coalesce(sent.letters, 0) + 1 as nth,
    measures.is_demo,
from measures
join reached on reached.action_id = measures.action_id
left join sent on sent.action_id = measures.action_id
anti join standing
    on standing.action_id = measures.action_id
    and standing.letter_kind = reached.letter_kind
    and standing.was_due_on = measures.due_on
order by measures.unit, measures.days_left, measures.action_id
