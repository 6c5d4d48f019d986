/*
title = ["一行的变更记录", "History of a row"]
grain = ["一行一个单元格的变更；整行新增或删除记为一行", "one row per changed cell; a row added or removed is one row"]
notes = [
    "整行的值为 JSON。原因是发布人删除该行或确认覆盖时写下的。",
    "A whole row is JSON. The reason is what the publisher wrote when the row was removed or its overwriting confirmed.",
]
reads = ["change", "release", "received", "decision"]

[params]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]

[returns]
release = "change.release"
as_of_on = "release.as_of_on"
published_at = "release.published_at"
published_by = "release.published_by"
kind = "change.kind"
field = "change.field"
old = "change.old"
new = "change.new"
file_name = "received.file_name"
line = "change.line"
decision = "decision.kind"
reason = "decision.reason"
*/
with decided as (
    select
        decision.release,
        any_value(decision.kind) as kind,
        any_value(decision.reason) as reason,
    from decision
    where (decision.table_name = $table_name and decision.row_key = $row_key and decision.field is null)
        or (decision.kind = 'remove_all')
    group by decision.release
)
select
    change.release,
    published.as_of_on,
    published.published_at,
    published.published_by,
    change.kind,
    change.field,
    change.old,
    change.new,
    received.file_name,
    change.line,
    decided.kind as decision,
    decided.reason,
from change
join release as published on published.release = change.release
left join received
    on received.release = change.release and received.sha256 = change.sha256
    and received.table_name = change.table_name
left join decided
    on decided.release = change.release and (decided.kind <> 'remove_all' or change.kind = 'removed')
where change.table_name = $table_name and change.row_key = $row_key
order by change.release, change.field
