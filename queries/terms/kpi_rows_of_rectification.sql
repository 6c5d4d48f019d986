/*
title = ["整改指标的行", "Rows behind K01–K21, K34, K35 and K37"]
grain = ["一行一个指标（或其一部分）与一条台账记录", "one row per KPI (or part of one) and ledger row"]
notes = [
    "part 为空的行构成指标本身；同一记录再以各 part 出现，part 之间不相加。例外：K21、K35 的指标本身由全部行构成。分子为空表示未知。amount：K13 逾期天数，K14、K15 天数，K16 申请与退回次数，K18 延长天数，K19 时限已到为 1，K34 票数。K16、K34 按 amount 相加：分母行与分子行分列，同一记录可各有一行。撤销合并的[问题]和[措施]只列在 K01、K02 的 part“cancelled”。",
    "Rows without a part make the figure itself; the same ledger row comes again under each part, and parts are never added up. Except K21 and K35, which all of their rows make. An empty numerator is unknown. amount: days overdue in K13, days in K14 and K15, applications and times sent back in K16, days added in K18, 1 where the due date has come in K19, votes in K34. K16 and K34 add up amount: rows of the denominator and of the numerator stand apart, so that one ledger row can have one of each. Cancelled or merged [issues] and [measures] are listed under part 'cancelled' of K01 and K02 alone.",
]
reads = ["action_at", "issue_state", "action_move", "snapshot_in_force", "release", "extension", "satisfaction", "issue"]

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
        measure.is_counted,
        bool_or(measure.is_counted and measure.status is not null) over () as is_any_status_known,
        measure.rect_type is distinct from 'long_term' as has_deadline,
        trim(measure.content) <> '' as has_content,
        measure.unit,
        measure.is_open,
        measure.is_dated,
        measure.due_on,
        measure.original_due_on,
        measure.done_on,
        case when not measure.is_open or measure.due_on is not null then measure.is_overdue end as is_overdue,
        case when not measure.is_open or measure.due_on is not null then measure.is_due_soon end as is_due_soon,
        case
            when not measure.is_open or measure.original_due_on is not null then measure.is_overdue_original
        end as is_overdue_original,
        measure.overdue_days,
        case
            when measure.overdue_days <= 7 then 'd1_7'
            when measure.overdue_days <= 30 then 'd8_30'
            when measure.overdue_days <= 90 then 'd31_90'
            when measure.overdue_days > 90 then 'd91_more'
        end as bucket,
        measure.return_count,
        measure.application_count,
        measure.reopen_count,
        measure.closed_on - measure.applied_on as days_to_verify,
        measure.closed_on - issue.identified_on as days_to_close,
    from action_at(as_of) as measure
    left join issue on issue.issue_id = measure.issue_id
),
-- A measure is a row of each of these lines, where is_listed says so: the KPI, and which of its rows.
lines_of_measures as (
    select unnest([
        'K02', 'K03', 'K04', 'K05', 'K06', 'K08', 'K09', 'K10', 'K11', 'K12', 'K13', 'K13 bucket', 'K14', 'K14 max',
        'K15', 'K15 max', 'K16', 'K16 returned', 'K17', 'K19', 'K20',
        'K35 content', 'K35 resp_unit', 'K35 rect_type', 'K35 due_on', 'K35 status', 'K37'
    ]) as line
),
rows_of_measures as (
    select
        lines.line[:3] as kpi,
        case
            when lines.line = 'K04' then measures.rect_type
            when lines.line = 'K13 bucket' then measures.bucket
            when lines.line <> 'K16 returned' then nullif(lines.line[5:], '')
        end as part,
        measures.action_id as row_key,
        case lines.line
            when 'K03' then coalesce(measures.rect_type in ('immediate', 'time_limited'), false)
            when 'K04' then measures.rect_type is not null
            when 'K08' then coalesce(measures.is_closed, false) and measures.has_deadline
            when 'K09' then measures.has_deadline
            when 'K10' then measures.has_deadline and measures.is_open
            when 'K11' then measures.has_deadline
            when 'K12' then measures.has_deadline
            when 'K13' then measures.has_deadline
            when 'K13 bucket' then measures.bucket is not null
            when 'K14' then measures.is_closed
            when 'K14 max' then measures.is_closed
            when 'K15' then measures.is_closed
            when 'K15 max' then measures.is_closed
            when 'K16 returned' then measures.return_count > 0
            when 'K19' then measures.is_dated
            when 'K35 due_on' then measures.has_deadline
            else true
        end as is_listed,
        case
            when lines.line in ('K09', 'K11', 'K12', 'K13') then measures.is_open
            else lines.line not in ('K16 returned', 'K37')
        end as in_denominator,
        case lines.line
            when 'K03' then measures.is_closed
            when 'K04' then measures.is_closed
            when 'K05' then measures.status in ('closed', 'staged_ongoing')
            when 'K06' then measures.status = 'pending_verification'
            when 'K08' then measures.done_on <= measures.original_due_on
            when 'K09' then measures.is_overdue
            when 'K10' then measures.is_overdue
            when 'K11' then measures.is_overdue_original
            when 'K12' then measures.is_due_soon
            when 'K13' then measures.is_overdue
            when 'K14' then case when measures.days_to_close >= 0 then true end
            when 'K14 max' then case when measures.days_to_close >= 0 then true end
            when 'K15' then case when measures.days_to_verify >= 0 then true end
            when 'K15 max' then case when measures.days_to_verify >= 0 then true end
            when 'K16' then false
            when 'K17' then case when measures.reopen_count > 0 then true when measures.status is not null then false end
            when 'K19' then measures.is_closed
            when 'K20' then case when measures.is_any_status_known then measures.is_open end
            when 'K35 content' then measures.has_content
            when 'K35 resp_unit' then measures.unit is not null
            when 'K35 rect_type' then measures.rect_type is not null
            when 'K35 due_on' then measures.due_on is not null
            when 'K35 status' then measures.status is not null
            else true
        end as in_numerator,
        case
            when lines.line in ('K09', 'K10', 'K13', 'K13 bucket') then measures.overdue_days
            when lines.line in ('K14', 'K14 max') and measures.days_to_close >= 0 then measures.days_to_close
            when lines.line in ('K15', 'K15 max') and measures.days_to_verify >= 0 then measures.days_to_verify
            when lines.line = 'K16' then measures.application_count
            when lines.line = 'K16 returned' then measures.return_count
            when lines.line = 'K19' then coalesce(measures.due_on <= as_of, false)::int
        end as amount,
    from measures
    cross join lines_of_measures as lines
    where measures.is_counted
),
issues as (
    select
        state.issue_id,
        state.actions > 0 as has_measures,
        state.is_done,
        state.is_counted,
    from issue_state() as state
),
rows_of_issues as (
    select
        lines.kpi,
        issues.issue_id as row_key,
        lines.kpi <> 'K07' or issues.has_measures as in_denominator,
        case
            when lines.kpi = 'K01' then true
            when lines.kpi = 'K07' and issues.has_measures then issues.is_done
            else false
        end as in_numerator,
    from issues
    cross join (values ('K01'), ('K07'), ('K37')) as lines (kpi)
    where issues.is_counted
),
-- As the term cancelled_row says; taken from here, where both ledgers are looked at already.
cancelled as (
    select 'K01' as kpi, 'issue' as table_name, issues.issue_id as row_key,
    from issues
    where not issues.is_counted
    union all
    select 'K02', 'action', measures.action_id,
    from measures
    where not measures.is_counted
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
rows_of_extensions as (
    select
        lines.part,
        extensions.extension_id as row_key,
        case when lines.part = 'mean_added_days' then extensions.is_approved else true end as in_denominator,
        case when lines.part = 'late_requests' then extensions.is_late else extensions.is_approved end as in_numerator,
        case when lines.part is distinct from 'late_requests' then extensions.added_days end as amount,
    from extensions
    cross join (values (null), ('mean_added_days'), ('late_requests')) as lines (part)
),
extended_measures as (
    select
        extensions.action_id,
        count(*) filter (extensions.is_approved) as times,
    from extensions
    -- a cancelled one is no measure any more
    semi join measures on measures.action_id = extensions.action_id and measures.is_counted
    group by extensions.action_id
),
previous_day as (
    select max(in_force.as_of_on) as as_of_on,
    from snapshot_in_force(as_of) as in_force
    where in_force.release < (select max(release.release) from release)
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
        and measures.is_counted
        and measures.action_id not in (select moves.action_id from moves)
),
grades as (
    select
        satisfaction.survey_id || '|' || satisfaction.grade as row_key,
        satisfaction.grade,
        satisfaction.valid_count,
        satisfaction.votes,
        row_number() over (partition by satisfaction.survey_id order by satisfaction.grade) = 1 as is_first,
        list(satisfaction.grade) over (partition by satisfaction.survey_id) as known_grades,
    from satisfaction
    where satisfaction.surveyed_on is null or satisfaction.surveyed_on <= as_of
),
graded as (
    select
        wanted.part,
        grades.row_key,
        grades.valid_count,
        grades.votes,
        grades.is_first,
        list_contains(wanted.grades, grades.grade) as is_wanted,
        list_has_all(grades.known_grades, wanted.grades) as is_known,
    from grades
    cross join (values
        (null, ['very', 'fairly']),
        ('strict', ['very']),
        ('with_basic', ['very', 'fairly', 'basic'])
    ) as wanted (part, grades)
),
counted as (
    select kpi, part, 'action' as table_name, row_key, in_denominator, in_numerator, amount,
    from rows_of_measures
    where is_listed
    union all
    select kpi, null, 'issue', row_key, in_denominator, in_numerator, null,
    from rows_of_issues
    union all
    select kpi, 'cancelled', table_name, row_key, true, true, null,
    from cancelled
    union all
    select 'K18', part, 'extension', row_key, in_denominator, in_numerator, amount,
    from rows_of_extensions
    union all
    select 'K18', 'twice_or_more', 'action', action_id, true, times >= 2, times,
    from extended_measures
    union all
    select 'K21', move, 'action', action_id, true, true, null,
    from moves
    union all
    select 'K21', null, 'action', action_id, false, false, null,
    from unmoved
    union all
    select 'K34', part, 'satisfaction', row_key, is_known, case when is_known then false end, valid_count,
    from graded
    where is_first
    union all
    select 'K34', part, 'satisfaction', row_key, false, true, votes,
    from graded
    where is_wanted and is_known
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
