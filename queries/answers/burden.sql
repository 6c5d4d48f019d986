/*
title = ["填报负担", "The burden of a round"]
grain = ["一行一个有行要填的[单位]", "one row per [unit] that has rows to fill in"]
notes = [
    "到该日向每个[单位]要填多少行、多少格，和每行格数的中位数。知道的不再问，见“到某日要填报的行”。",
    "How many rows and cells each [unit] is asked for by the day, and the median of cells a row. What is known is not asked again.",
]
reads = ["asked_at"]
behind = "asked"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
unit = "request.unit"
ledgers = "request.ledgers"
row_count = "request.row_count"
cell_count = "request.cell_count"
median_cells = ["每行格数（中位数）", "Cells a row (median)"]
is_demo = "action.is_demo"
*/
select
    asked.unit,
    string_agg(distinct asked.ledger, '+' order by asked.ledger) as ledgers,
    count(*) as row_count,
    sum(len(asked.cells))::bigint as cell_count,
    median(len(asked.cells))::decimal(18, 1) as median_cells,
    bool_or(asked.is_demo) as is_demo,
from asked_at($as_of) as asked
where asked.is_asked
group by asked.unit
order by cell_count desc, asked.unit
