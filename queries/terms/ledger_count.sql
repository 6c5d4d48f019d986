/*
title = ["台账数", "Counts in the ledgers"]
grain = ["一行一个指标的一个部分（数值、分子或分母）", "one row per KPI and side (value, numerator or denominator)"]
notes = [
    "与通报数对照用。没有对应的行，或各行都不知道是否计入时为空；各行都已撤销合并时为 0。数值只有计数指标才有；K16、K30、K34 的分子、分母是次数、份数和票数之和，不是行数。",
    "What a reported figure is set beside. Empty when there is no row, or when of none is it known whether it counts; 0 when all are cancelled. Only counts have a value; the sides of K16, K30 and K34 add up times, forms and votes instead of rows.",
]
reads = ["kpi_row"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
kpi = "figure.kpi"
side = "figure.side"
ledger = ["台账数", "In the ledgers"]
*/
create macro ledger_count(as_of) as table
with counted as (
    select
        row.kpi,
        count(*) filter (where row.part is null and row.in_denominator) as in_denominator,
        count(*) filter (where row.part is null and row.in_numerator) as in_numerator,
        count(*) filter (where (row.part is null or row.part = 'cancelled') and row.in_numerator is not null) as known,
        count(*) filter (where row.part is null and row.in_denominator and row.in_numerator is null) as unknown_inside,
        sum(row.amount) filter (
            where row.part is not distinct from case row.kpi when 'K30' then 'issued' end
                and (row.in_denominator or row.kpi = 'K30')
        ) as denominator_amount,
        sum(row.amount) filter (
            where row.part is not distinct from case row.kpi when 'K30' then 'returned' end
                and (row.in_numerator or row.kpi = 'K30')
        ) as numerator_amount,
    from kpi_row(as_of) as row
    group by row.kpi
)
select
    counted.kpi,
    'denominator' as side,
    case
        when counted.kpi in ('K16', 'K30', 'K34') then counted.denominator_amount
        else counted.in_denominator
    end::bigint as ledger,
from counted
union all
select
    counted.kpi,
    'numerator' as side,
    case
        when counted.kpi in ('K16', 'K30', 'K34') then counted.numerator_amount
        when counted.known > 0 and counted.unknown_inside is distinct from nullif(counted.in_denominator, 0)
            then counted.in_numerator
    end::bigint as ledger,
from counted
union all
select
    counted.kpi,
    'value' as side,
    case when counted.known > 0 then counted.in_numerator end::bigint as ledger,
from counted
where counted.kpi in (
    'K01', 'K02', 'K06', 'K09', 'K11', 'K12', 'K13', 'K17', 'K18', 'K24', 'K25', 'K27', 'K33'
)
