/*
title = ["通报数无法与指标对照", "A reported figure that cannot be set beside its KPI"]
grain = ["一行一个对照不了的通报数", "one row per such figure"]
notes = [
    "写了对应指标的通报数必须有数值和单位，指标编号在 K01 至 K37 之间。",
    "A figure that names a KPI needs a value and a unit, and the KPI is one of K01 to K37.",
]
severity = "error"
reads = ["figure"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
kpi = "figure.kpi"
value = "figure.value"
unit_zh = "figure.unit_zh"
unit_en = "figure.unit_en"
*/
select
    'figure' as table_name,
    figure.figure_id as row_key,
    figure.kpi,
    figure.value,
    figure.unit_zh,
    figure.unit_en,
from figure
where figure.kpi is not null
    and (
        figure.kpi not between 'K01' and 'K37'
        or figure.value is null
        or trim(figure.unit_zh) = ''
        or trim(figure.unit_en) = ''
    )
order by figure.figure_id
