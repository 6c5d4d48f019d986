/*
title = ["指标的行", "Rows behind the KPIs"]
grain = ["一行一个指标（或其一部分）与一条台账记录", "one row per KPI (or part of one) and ledger row"]
notes = [
    "整改指标与调研指标的行合在一起。K36（数据时效）由版本记录算出，没有台账行。",
    "The rows of the rectification and the research KPIs together. K36, the age of the data, follows from the release record and has no ledger rows.",
]
reads = ["kpi_rows_of_rectification", "kpi_rows_of_research"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
kpi = { heading = ["指标", "KPI"], codes = "kpi" }
part = ["部分", "Part"]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
in_denominator = ["计入分母", "In the denominator"]
in_numerator = ["计入分子", "In the numerator"]
amount = ["数量", "Amount"]
*/
create macro kpi_row(as_of) as table
select
    listed.kpi,
    listed.part,
    listed.table_name,
    listed.row_key,
    listed.in_denominator,
    listed.in_numerator,
    listed.amount,
from kpi_rows_of_rectification(as_of) as listed
union all
select
    listed.kpi,
    listed.part,
    listed.table_name,
    listed.row_key,
    listed.in_denominator,
    listed.in_numerator,
    listed.amount,
from kpi_rows_of_research(as_of) as listed
