/*
title = ["台账与通报数不符", "The ledger differs from what was reported"]
grain = ["一行一个与台账不符的通报数", "one row per reported figure that the ledgers do not match"]
notes = [
    "同一指标有几期通报的，只比截至日及以前最近的一期。台账没有对应的行时不比。撤销合并的仍在台账里，通报时数过的不算差。",
    "Of several reports of one figure only the latest up to the as-of day is compared. Where the ledgers have no row for it, nothing is. Cancelled or merged rows are still in the ledger: having been reported, they make no difference.",
]
severity = "warning"
nothing_without = "figure"
reads = ["reported_figure", "ledger_count", "cancelled_row"]

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
with cancelled as (
    select listed.kpi, 'value' as side, count(*) as rows,
    from cancelled_row($as_of) as listed
    group by listed.kpi
)
select
    'figure' as table_name,
    reported.figure_id as row_key,
    reported.kpi,
    reported.side,
    reported.value as reported,
    held.ledger,
from reported_figure($as_of) as reported
inner join ledger_count($as_of) as held on held.kpi = reported.kpi and held.side = reported.side
left join cancelled on cancelled.kpi = reported.kpi and cancelled.side = reported.side
where reported.value not between held.ledger and held.ledger + coalesce(cancelled.rows, 0)
order by reported.figure_id
