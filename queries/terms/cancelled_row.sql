/*
title = ["撤销合并的行", "Cancelled or merged rows"]
grain = ["一行一条撤销或并入他条的[问题]或[措施]", "one row per [issue] or [measure] that was cancelled or merged into another"]
notes = [
    "仍在台账里，但不进任何指标的分子和分母；个数写在比率旁边。[措施]全部撤销的[问题]也算撤销。",
    "They stay in the ledger but are in no numerator and no denominator; their number stands beside the rate. [An issue] whose [measures] are all cancelled is cancelled too.",
]
reads = ["action", "issue_state"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
kpi = ["所属计数指标", "KPI that counts the ledger"]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
*/
create macro cancelled_row(as_of) as table -- as they stand, whatever the day; older releases ask by it
select
    'K01' as kpi,
    'issue' as table_name,
    state.issue_id as row_key,
from issue_state() as state
where not state.is_counted
union all
select
    'K02' as kpi,
    'action' as table_name,
    action.action_id as row_key,
from action
where action.status = 'cancelled'
