/*
title = ["[措施]在截至日的情况", "[Measures] as of a day"]
grain = ["一行一条[整改措施]", "one row per [rectification measure]"]
notes = [
    "撤销合并的不计。未办结 = 未启动、整改中、申请销号或状态未提供。逾期：未办结、有完成时限、时限早于截至日；当天到期不算逾期；申请销号且完成日期不晚于时限的是待审核，不算逾期。长期坚持类不论时限。临期：时限在截至日当天到“临期天数”之内。对原时限逾期同理，按原定时限。亮灯顺序：已销号、逾期、临期、待审核、长期坚持、未定时限、正常。",
    "Cancelled or merged [measures] do not count. Open = not started, in progress, awaiting verification, or status not stated. Overdue: open, with a due date before the as-of day; due today is not overdue; [a measure] awaiting verification that was done by its due date is awaiting, not overdue. Long-term [measures] have no deadline. Due soon: due from the as-of day up to the due-soon days ahead. Overdue against the original date: the same rule on the original due date. Lights, first that fits: closed, overdue, due soon, awaiting verification, long-term, no due date, on schedule.",
]
reads = ["action", "setting"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
action_id = "action.action_id"
issue_id = "action.issue_id"
content = "action.content"
rect_type = "action.rect_type"
unit = "action.resp_unit"
lead_unit = "action.lead_unit"
status = "action.status"
started_on = "action.started_on"
original_due_on = "action.original_due_on"
due_on = "action.due_on"
done_on = "action.done_on"
applied_on = "action.applied_on"
closed_on = "action.closed_on"
blocker = "action.blocker"
return_count = "action.return_count"
application_count = "action.application_count"
reopen_count = "action.reopen_count"
is_counted = ["计入", "Counted"]
is_open = ["未办结", "Open"]
is_dated = ["有时限", "Has a due date"]
is_overdue = ["逾期", "Overdue"]
is_overdue_original = ["对原时限逾期", "Overdue against the original date"]
is_due_soon = ["临期", "Due soon"]
overdue_days = ["逾期天数", "Days overdue"]
days_left = ["剩余天数", "Days left"]
light = { heading = ["亮灯", "Light"], codes = "light" }
is_demo = "action.is_demo"
fact_id = "action.fact_id"

[codes]
light = [
    ["green", "正常", "On schedule"],
    ["yellow", "临期", "Due soon"],
    ["red", "逾期", "Overdue"],
    ["blue", "待审核", "Awaiting verification"],
    ["grey", "未定时限", "No due date"],
    ["done", "已销号", "Closed"],
    ["long", "长期坚持", "Long-term running"],
]
*/
create macro action_at(as_of) as table
with settings as (
    select setting.due_soon_days,
    from setting() as setting
),
states as (
    select
        action.action_id,
        action.issue_id,
        action.content,
        action.rect_type,
        coalesce(action.resp_unit, action.lead_unit) as unit,
        action.lead_unit,
        action.status,
        action.started_on,
        action.original_due_on,
        action.due_on,
        action.done_on,
        action.applied_on,
        action.closed_on,
        action.blocker,
        action.return_count,
        action.application_count,
        action.reopen_count,
        action.is_demo,
        action.fact_id,
        action.status is distinct from 'cancelled' as is_counted,
        coalesce(action.status in ('not_started', 'in_progress', 'pending_verification'), true) as is_open,
        action.rect_type is distinct from 'long_term' as has_deadline,
        coalesce(action.status = 'pending_verification' and action.done_on <= action.due_on, false) as is_done_in_time,
        coalesce(action.status = 'pending_verification' and action.done_on <= action.original_due_on, false)
            as is_done_in_original_time,
        settings.due_soon_days,
    from action
    cross join settings
),
judged as (
    select
        states.action_id,
        states.issue_id,
        states.content,
        states.rect_type,
        states.unit,
        states.lead_unit,
        states.status,
        states.started_on,
        states.original_due_on,
        states.due_on,
        states.done_on,
        states.applied_on,
        states.closed_on,
        states.blocker,
        states.return_count,
        states.application_count,
        states.reopen_count,
        states.is_counted,
        states.is_open,
        states.has_deadline and states.due_on is not null as is_dated,
        coalesce(
            states.is_open and states.has_deadline and states.due_on < as_of and not states.is_done_in_time, false
        ) as is_overdue,
        coalesce(
            states.is_open and states.has_deadline and states.original_due_on < as_of
            and not states.is_done_in_original_time,
            false
        ) as is_overdue_original,
        coalesce(
            states.is_open and states.has_deadline
            and states.due_on >= as_of and states.due_on - as_of <= states.due_soon_days
            and not states.is_done_in_time,
            false
        ) as is_due_soon,
        states.is_demo,
        states.fact_id,
    from states
)
select
    judged.action_id,
    judged.issue_id,
    judged.content,
    judged.rect_type,
    judged.unit,
    judged.lead_unit,
    judged.status,
    judged.started_on,
    judged.original_due_on,
    judged.due_on,
    judged.done_on,
    judged.applied_on,
    judged.closed_on,
    judged.blocker,
    judged.return_count,
    judged.application_count,
    judged.reopen_count,
    judged.is_counted,
    judged.is_open,
    judged.is_dated,
    judged.is_overdue,
    judged.is_overdue_original,
    judged.is_due_soon,
    case when judged.is_overdue then as_of - judged.due_on end as overdue_days,
    case when judged.is_open and judged.is_dated and judged.due_on >= as_of then judged.due_on - as_of end as days_left,
    case
        when not judged.is_counted then null
        when judged.status = 'closed' then 'done'
        when judged.is_overdue then 'red'
        when judged.is_due_soon then 'yellow'
        when judged.status = 'pending_verification' then 'blue'
        when judged.rect_type = 'long_term' then 'long'
        when judged.due_on is null then 'grey'
        else 'green'
    end as light,
    judged.is_demo,
    judged.fact_id,
from judged
