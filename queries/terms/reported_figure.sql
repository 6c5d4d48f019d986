/*
title = ["最近的通报数", "Latest reported figures"]
grain = ["一行一个指标的一个部分（数值、分子或分母）", "one row per KPI and side (value, numerator or denominator)"]
notes = [
    "只取数据性质为“通报数”的；同一指标同一部分有几期的，取截至日及以前最近的一期，没有日期的最早。",
    "Only figures whose basis is 'reported'; of several for one KPI and side, the latest one up to the as-of day, undated ones first.",
]
reads = ["figure"]

[params]
as_of = ["数据截至", "Data as of"]

[returns]
kpi = "figure.kpi"
side = "figure.side"
figure_id = "figure.figure_id"
value = "figure.value"
fact_id = "figure.fact_id"
*/
create macro reported_figure(as_of) as table
select
    figure.kpi,
    figure.side,
    figure.figure_id,
    figure.value,
    figure.fact_id,
from figure
where figure.kpi is not null
    and figure.value is not null
    and figure.value_basis = 'reported'
    and (figure.as_of_on is null or figure.as_of_on <= as_of)
qualify row_number() over (
    partition by figure.kpi, figure.side order by figure.as_of_on desc nulls last, figure.figure_id
) = 1
