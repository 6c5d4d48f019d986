/*
title = ["不完整的[措施]台账", "Incomplete [measures] ledger"]
grain = ["[措施]台账少于通报数时一行，否则没有", "one row when the [measures] ledger holds fewer rows than were reported, else none"]
notes = [
    "例：台账 3 条、通报 13 条，则以该台账为分母的比率不成立，不显示。撤销合并的也在台账里，一并数：通报 22 条、台账 21 条另有 1 条已并入，是完整的。",
    "Say the ledger has 3 rows and 13 were reported: then no rate stands on that ledger, and none is shown. Cancelled or merged ones are in the ledger too: 22 reported, 21 in the ledger and one merged into another is complete.",
]
reads = ["reported_figure", "action"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
ledger = ["台账记录数", "Rows in the ledger"]
reported = ["通报数", "Reported"]
*/
create macro action_gap(as_of) as table
with held as (
    select count(*) as ledger,
    from action
)
select
    held.ledger,
    figure.value as reported,
from held
join reported_figure(as_of) as figure on figure.kpi = 'K02' and figure.side = 'value'
where held.ledger < figure.value
