/*
title = ["并入的对象本身已合并或撤销", "Merged into a row that is itself merged or cancelled"]
grain = ["一行一条并错对象的[意见]、[措施]或[问题]", "one row per [suggestion], [measure] or [issue] whose target does not count"]
notes = [
    "合并的只在目标处计一次；目标自己不计数，这一条就从所有数字里消失了。",
    "A merged row counts once, at its target; where the target does not count, it would vanish from every figure.",
]
severity = "error"
reads = ["suggestion", "action", "issue"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
merged_into_id = ["并入编号", "Merged into"]
*/
with every_row as (
    select
        'suggestion' as table_name,
        suggestion.suggestion_id as row_key,
        suggestion.merged_into_id,
        suggestion.merged_into_id is not null or coalesce(suggestion.disposition = 'duplicate', false) as is_out,
    from suggestion
    union all
    select
        'action' as table_name,
        action.action_id as row_key,
        action.merged_into_id,
        action.merged_into_id is not null or coalesce(action.status = 'cancelled', false) as is_out,
    from action
    union all
    select
        'issue' as table_name,
        issue.issue_id as row_key,
        issue.merged_into_id,
        issue.merged_into_id is not null or coalesce(issue.status_manual = 'cancelled', false) as is_out,
    from issue
)
select
    merged.table_name,
    merged.row_key,
    merged.merged_into_id,
from every_row as merged
inner join every_row as target
    on target.table_name = merged.table_name and target.row_key = merged.merged_into_id
where target.is_out
order by merged.table_name, merged.row_key
