/*
title = ["台账与通报数不符", "The ledger differs from what was reported"]
grain = ["一行一个与台账不符的通报数", "one row per reported figure that the ledgers do not match"]
notes = [
    "同一指标有几期通报的，只比截至日及以前最近的一期。台账没有对应的行时不比。",
    "Of several reports of one figure only the latest up to the as-of day is compared. Where the ledgers have no row for it, nothing is.",
]
severity = "warning"
reads = ["reported_figure", "ledger_count"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
kpi = "figure.kpi"
side = "figure.side"
reported = ["通报数", "Reported"]
ledger = ["台账数", "In the ledgers"]
*/
select
    'figure' as table_name,
    reported.figure_id as row_key,
    reported.kpi,
    reported.side,
    reported.value as reported,
    held.ledger,
from reported_figure($as_of) as reported
inner join ledger_count($as_of) as held on held.kpi = reported.kpi and held.side = reported.side
where held.ledger <> reported.value
order by reported.figure_id
