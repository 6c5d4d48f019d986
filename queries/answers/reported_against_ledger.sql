/*
title = ["通报数与台账对照", "Reported figures beside the ledgers"]
grain = ["一行一个通报数", "one row per reported figure"]
notes = [
    "差额：正数是台账还差的行数，负数是多出的行数。撤销合并的仍在台账里：通报 22、台账 21 另有 1 条已并入，没有差额。台账中没有对应的行，或各行都不知道是否计入时，台账数为空（未提供）。通报的比率、天数等不是条数的数值不对照。台账数取自含示例数据的版本时，该行标为示例。",
    "Difference: positive is how many rows the ledger still lacks, negative how many it has beyond. Cancelled or merged rows are still in the ledger: 22 reported, 21 in the ledger and one merged make no difference. The ledger's side is empty (unknown) when it has no row for the figure, or when of none is it known whether it counts. Reported values that are no counts (rates, days) are not set beside the ledgers. A row is marked as demo when its ledger side was counted in a release that holds demo rows.",
]
reads = ["figure", "fact", "ledger_count", "cancelled_row", "release"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
figure_id = "figure.figure_id"
name_zh = "figure.name_zh"
name_en = "figure.name_en"
strand = "figure.strand"
kpi = "figure.kpi"
side = "figure.side"
value = "figure.value"
value_text = "figure.value_text"
unit_zh = "figure.unit_zh"
unit_en = "figure.unit_en"
ledger = ["台账数", "In the ledgers"]
cancelled = ["另有撤销合并", "Besides, cancelled or merged"]
difference = ["差额", "Difference"]
value_basis = "figure.value_basis"
fact_id = "figure.fact_id"
quote_zh = "fact.quote_zh"
source_id = "fact.source_id"
is_demo = "figure.is_demo"
*/
with this_release as (
    select max_by(release.is_demo, release.release) as is_demo,
    from release
),
-- only counts have cancelled rows beside them
cancelled as (
    select listed.kpi, 'value' as side, count(*) as rows,
    from cancelled_row($as_of) as listed
    group by listed.kpi
)
select
    figure.figure_id,
    figure.name_zh,
    figure.name_en,
    figure.strand,
    figure.kpi,
    figure.side,
    figure.value,
    figure.value_text,
    figure.unit_zh,
    figure.unit_en,
    held.ledger,
    coalesce(cancelled.rows, 0) as cancelled,
    case -- an empty side stays empty: least and greatest would pass over it
        when held.ledger > figure.value then figure.value - held.ledger
        when held.ledger is not null then greatest(figure.value - held.ledger - coalesce(cancelled.rows, 0), 0)
    end as difference,
    figure.value_basis,
    figure.fact_id,
    fact.quote_zh,
    fact.source_id,
    figure.is_demo or (held.ledger is not null and this_release.is_demo) as is_demo,
from figure
cross join this_release
left join fact on fact.fact_id = figure.fact_id
left join ledger_count($as_of) as held on held.kpi = figure.kpi and held.side = figure.side
left join cancelled on cancelled.kpi = figure.kpi and cancelled.side = figure.side
where figure.as_of_on is null or figure.as_of_on <= $as_of
order by figure.figure_id
