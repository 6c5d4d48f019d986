/*
title = ["整改指标的行", "Rows behind K01–K21, K34, K35 and K37"]
grain = ["一行一个指标（或其一部分）与一条台账记录", "one row per KPI (or part of one) and ledger row"]
notes = [
    "part 为空的行构成指标本身；同一记录再以各 part 出现，part 之间不相加。例外：K21、K35 的指标本身由全部行构成。分子为空表示未知。amount：K13 逾期天数，K14、K15 天数，K16 申请与退回次数，K18 延长天数，K19 时限已到为 1，K34 票数。K16、K34 按 amount 相加：分母行与分子行分列，同一记录可各有一行。撤销合并的措施不列。",
    "Rows without a part make the figure itself; the same ledger row comes again under each part, and parts are never added up. Except K21 and K35, which all of their rows make. An empty numerator is unknown. amount: days overdue in K13, days in K14 and K15, applications and times sent back in K16, days added in K18, 1 where the due date has come in K19, votes in K34. K16 and K34 add up amount: rows of the denominator and of the numerator stand apart, so that one ledger row can have one of each. Cancelled measures are not listed.",
]
reads = ["action_at", "issue_at", "action_move", "snapshot_in_force", "release", "action", "extension", "satisfaction"]

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
create macro kpi_rows_of_rectification(as_of) as table
with measures as (
    select
        measure.action_id,
        measure.rect_type,
        measure.status,
        measure.status = 'closed' as is_closed,
        bool_or(measure.status is not null) over () as is_any_status_known,
        measure.rect_type is distinct from 'long_term' as has_deadline,
        measure.is_open,
        measure.is_dated,
        measure.due_on,
        measure.original_due_on,
        measure.done_on,
        measure.is_overdue,
        measure.is_overdue_original,
        measure.is_due_soon,
        measure.overdue_days,
        measure.return_count,
        measure.application_count,
        measure.reopen_count,
        measure.closed_on - measure.applied_on as days_to_verify,
        measure.closed_on - issue.identified_on as days_to_close,
    from action_at(as_of) as measure
    left join issue_at(as_of) as issue on issue.issue_id = measure.issue_id
    where measure.is_counted
),
measures_with_deadline as (
    select
        measures.action_id,
        measures.is_open,
        case when not measures.is_open or measures.due_on is not null then measures.is_overdue end as is_overdue,
        case when not measures.is_open or measures.due_on is not null then measures.is_due_soon end as is_due_soon,
        case
            when not measures.is_open or measures.original_due_on is not null then measures.is_overdue_original
        end as is_overdue_original,
        measures.overdue_days,
        case
            when measures.overdue_days <= 7 then 'd1_7'
            when measures.overdue_days <= 30 then 'd8_30'
            when measures.overdue_days <= 90 then 'd31_90'
            when measures.overdue_days > 90 then 'd91_more'
        end as bucket,
    from measures
    where measures.has_deadline
),
issues as (
    select
        issue.issue_id,
        issue.actions > 0 as has_measures,
        issue.is_done,
    from issue_at(as_of) as issue
    where issue.is_counted
),
extensions as (
    select
        extension.extension_id,
        extension.action_id,
        extension.decision = 'approved' as is_approved,
        extension.requested_on > extension.old_due_on as is_late,
        case when extension.decision = 'approved' then extension.new_due_on - extension.old_due_on end as added_days,
    from extension
    where extension.requested_on <= as_of
),
extended_measures as (
    select
        extensions.action_id,
        count(*) filter (extensions.is_approved) as times,
    from extensions
    group by extensions.action_id
),
releases_in_force as (
    select
        in_force.release,
        in_force.as_of_on,
    from snapshot_in_force(as_of) as in_force
),
previous_day as (
    select max(releases_in_force.as_of_on) as as_of_on,
    from releases_in_force
    where releases_in_force.release < (select max(release.release) from release)
),
moves as (
    select
        moved.move,
        moved.action_id,
    from action_move(as_of, (select previous_day.as_of_on from previous_day)) as moved
),
unmoved as (
    select measures.action_id,
    from measures
    cross join previous_day
    where previous_day.as_of_on is not null
        and measures.action_id not in (select moves.action_id from moves)
),
grades as (
    select
        satisfaction.survey_id,
        satisfaction.survey_id || '|' || satisfaction.grade as row_key,
        satisfaction.grade,
        satisfaction.valid_count,
        satisfaction.votes,
        row_number() over (partition by satisfaction.survey_id order by satisfaction.grade) = 1 as is_first,
        bool_or(satisfaction.grade = 'very') over (partition by satisfaction.survey_id) as has_very,
        bool_or(satisfaction.grade = 'fairly') over (partition by satisfaction.survey_id) as has_fairly,
        bool_or(satisfaction.grade = 'basic') over (partition by satisfaction.survey_id) as has_basic,
    from satisfaction
    where satisfaction.surveyed_on is null or satisfaction.surveyed_on <= as_of
),
satisfaction_parts as (
    select * from (values
        (null, 'very'), (null, 'fairly'),
        ('strict', 'very'),
        ('with_basic', 'very'), ('with_basic', 'fairly'), ('with_basic', 'basic')
    ) as listed (part, grade)
),
surveys as (
    select
        null as part,
        grades.row_key,
        grades.survey_id,
        grades.valid_count,
        grades.has_very and grades.has_fairly as is_known,
    from grades
    where grades.is_first
    union all
    select 'strict', grades.row_key, grades.survey_id, grades.valid_count, grades.has_very,
    from grades
    where grades.is_first
    union all
    select 'with_basic', grades.row_key, grades.survey_id, grades.valid_count,
        grades.has_very and grades.has_fairly and grades.has_basic,
    from grades
    where grades.is_first
),
cells as (
    select
        action.action_id,
        'content' as field,
        trim(action.content) <> '' as is_filled,
    from action
    where action.status is distinct from 'cancelled'
    union all
    select action.action_id, 'resp_unit', coalesce(action.resp_unit, action.lead_unit) is not null,
    from action
    where action.status is distinct from 'cancelled'
    union all
    select action.action_id, 'rect_type', action.rect_type is not null,
    from action
    where action.status is distinct from 'cancelled'
    union all
    select action.action_id, 'due_on', action.due_on is not null,
    from action
    where action.status is distinct from 'cancelled' and action.rect_type is distinct from 'long_term'
    union all
    select action.action_id, 'status', action.status is not null,
    from action
    where action.status is distinct from 'cancelled'
),
counted as (
    select 'K01' as kpi, null as part, 'issue' as table_name, issue_id as row_key,
        true as in_denominator, true as in_numerator, null as amount,
    from issues
    union all
    select 'K02', null, 'action', action_id, true, true, null,
    from measures
    union all
    select 'K03', null, 'action', action_id, true, is_closed, null,
    from measures
    where rect_type in ('immediate', 'time_limited')
    union all
    select 'K04', rect_type, 'action', action_id, true, is_closed, null,
    from measures
    where rect_type is not null
    union all
    select 'K05', null, 'action', action_id, true, status in ('closed', 'staged_ongoing'), null,
    from measures
    union all
    select 'K06', null, 'action', action_id, true, status = 'pending_verification', null,
    from measures
    union all
    select 'K07', null, 'issue', issue_id, has_measures, case when has_measures then is_done else false end, null,
    from issues
    union all
    select 'K08', null, 'action', action_id, true, done_on <= original_due_on, null,
    from measures
    where is_closed and has_deadline
    union all
    select 'K09', null, 'action', action_id, is_open, is_overdue, overdue_days,
    from measures_with_deadline
    union all
    select 'K10', null, 'action', action_id, true, is_overdue, overdue_days,
    from measures_with_deadline
    where is_open
    union all
    select 'K11', null, 'action', action_id, is_open, is_overdue_original, null,
    from measures_with_deadline
    union all
    select 'K12', null, 'action', action_id, is_open, is_due_soon, null,
    from measures_with_deadline
    union all
    select 'K13', null, 'action', action_id, is_open, is_overdue, overdue_days,
    from measures_with_deadline
    union all
    select 'K13', bucket, 'action', action_id, true, true, overdue_days,
    from measures_with_deadline
    where bucket is not null
    union all
    select 'K14', part, 'action', action_id, true,
        case when days_to_close >= 0 then true end, case when days_to_close >= 0 then days_to_close end,
    from measures
    cross join (values (null), ('max')) as listed (part)
    where is_closed
    union all
    select 'K15', part, 'action', action_id, true,
        case when days_to_verify >= 0 then true end, case when days_to_verify >= 0 then days_to_verify end,
    from measures
    cross join (values (null), ('max')) as listed (part)
    where is_closed
    union all
    select 'K16', null, 'action', action_id, true, false, application_count,
    from measures
    union all
    select 'K16', null, 'action', action_id, false, true, return_count,
    from measures
    where return_count > 0
    union all
    select 'K17', null, 'action', action_id, true,
        case when reopen_count > 0 then true when status is not null then false end, null,
    from measures
    union all
    select 'K18', null, 'extension', extension_id, true, is_approved, added_days,
    from extensions
    union all
    select 'K18', 'twice_or_more', 'action', action_id, true, times >= 2, times,
    from extended_measures
    union all
    select 'K18', 'mean_added_days', 'extension', extension_id, is_approved, is_approved, added_days,
    from extensions
    union all
    select 'K18', 'late_requests', 'extension', extension_id, true, is_late, null,
    from extensions
    union all
    select 'K19', null, 'action', action_id, true, is_closed, case when due_on <= as_of then 1 else 0 end,
    from measures
    where is_dated
    union all
    select 'K20', null, 'action', action_id, true, case when is_any_status_known then is_open end, null,
    from measures
    union all
    select 'K21', move, 'action', action_id, true, true, null,
    from moves
    union all
    select 'K21', null, 'action', action_id, false, false, null,
    from unmoved
    union all
    select 'K34', part, 'satisfaction', row_key, is_known, case when is_known then false end, valid_count,
    from surveys
    union all
    select 'K34', satisfaction_parts.part, 'satisfaction', grades.row_key, false, true, grades.votes,
    from satisfaction_parts
    join grades on grades.grade = satisfaction_parts.grade
    join surveys
        on surveys.survey_id = grades.survey_id and surveys.part is not distinct from satisfaction_parts.part
    where surveys.is_known
    union all
    select 'K35', field, 'action', action_id, true, is_filled, null,
    from cells
    union all
    select 'K37', null, 'issue', issue_id, true, false, null,
    from issues
    union all
    select 'K37', null, 'action', action_id, false, true, null,
    from measures
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
