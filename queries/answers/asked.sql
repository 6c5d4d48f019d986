/*
title = ["向各[单位]要填报的", "What [units] are asked for"]
grain = ["一行一条有填报[单位]的台账记录", "one row per ledger row that [a unit] answers for"]
reads = ["asked_at"]

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
select
    asked.ledger,
    asked.row_key,
    asked.unit,
    asked.is_asked,
    list_aggregate(asked.cells, 'string_agg', '+') as cells,
    asked.is_demo,
from asked_at($as_of) as asked
order by asked.unit, asked.ledger, asked.row_key
