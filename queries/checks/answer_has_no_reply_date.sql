/*
title = ["[意见]已办理但没有答复日期", "Handled, but without a reply date"]
grain = ["一行一条[意见]", "one row per [suggestion]"]
notes = [
    "没有答复日期的不计入办结率。",
    "Without a reply date it does not count as answered.",
]
severity = "warning"
reads = ["suggestion"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
disposition = "suggestion.disposition"
*/
select
    'suggestion' as table_name,
    suggestion.suggestion_id as row_key,
    suggestion.disposition,
from suggestion
where suggestion.disposition in ('A', 'B', 'C', 'D')
    and suggestion.replied_on is null
    and suggestion.merged_into_id is null
order by suggestion.suggestion_id
