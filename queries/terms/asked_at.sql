/*
title = ["到某日要填报的行", "Rows that are asked for by a day"]
grain = ["一行一条有填报[单位]的台账记录", "one row per ledger row that [a unit] answers for"]
notes = [
    "知道的不再问。[措施]：未办结、不在等待审核、且最近一次更新距该日不少于反馈周期（未填的用更新周期）的，填状态和进展；到该日逾期的加填堵点。[意见]：没有办理结果、待办或正在解决的，填办理结果和答复日期。议定事项：没有完成日期的，填完成日期和落实情况。走访：已计划而没有日期、或日期已到的，由[市区]填走访状态和日期。责任[单位]为空的用牵头[单位]。",
    "What is known is not asked again. [Measures]: open, not awaiting verification, and last changed at least one rhythm (where none is set, the update rhythm) before the day: status and progress; overdue by then: the blocker too. [Suggestions]: no disposition, pending, or being solved: disposition and date of reply. Commitments: no date of completion: date and result. Visits: planned, and without a date or due by then: the [district] says state and date. Where there is no responsible [unit] the lead [unit] answers.",
]
reads = ["action", "action_at", "commitment", "district", "last_change", "setting", "suggestion", "visit"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
ledger = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
unit = "request.unit"
is_asked = ["要填", "Asked for"]
cells = ["要填的列", "Columns asked for"]
is_demo = "action.is_demo"
*/
create macro asked_at(as_of) as table
with answered_for as (
    select
        'action' as ledger,
        measure.action_id as row_key,
        measure.unit,
        measure.is_counted and measure.is_open and measure.status is distinct from 'pending_verification'
        and coalesce(
            as_of - last_changes.changed_on >= coalesce(action.report_every_days, setting.update_every_days), true
        ) as is_asked,
        case
            when measure.is_overdue then ['status', 'progress_note', 'blocker'] else ['status', 'progress_note']
        end as cells,
        measure.is_demo,
    from action_at(as_of) as measure
    join action on action.action_id = measure.action_id
    left join last_change(as_of) as last_changes on last_changes.action_id = measure.action_id
    cross join setting() as setting
    union all
    select
        'suggestion' as ledger,
        suggestion.suggestion_id as row_key,
        suggestion.handling_unit as unit,
        suggestion.merged_into_id is null and coalesce(suggestion.disposition in ('pending', 'B'), true) as is_asked,
        ['disposition', 'replied_on'] as cells,
        suggestion.is_demo,
    from suggestion
    union all
    select
        'commitment' as ledger,
        commitment.commitment_id as row_key,
        commitment.unit,
        commitment.done_on is null as is_asked,
        ['done_on', 'result_note'] as cells,
        commitment.is_demo,
    from commitment
    union all
    select
        'visit' as ledger,
        visit.visit_id as row_key,
        district.district_name as unit,
        visit.status = 'planned' and coalesce(visit.visited_on <= as_of, true) as is_asked,
        ['status', 'visited_on'] as cells,
        visit.is_demo,
    from visit
    join district on district.district_code = visit.district_code
)
select
    answered_for.ledger,
    answered_for.row_key,
    answered_for.unit,
    answered_for.is_asked,
    answered_for.cells,
    answered_for.is_demo,
from answered_for
where answered_for.unit is not null
