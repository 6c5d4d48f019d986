/*
title = ["通报数", "Reported figures"]
grain = ["一行一个通报过的数", "one row per figure that was reported"]
key = ["figure_id"]

[columns]
figure_id = { heading = ["通报数编号", "Figure ID"] }
name_zh = { heading = ["指标", "Figure (Chinese)"], aliases = ["指标名称"] }
name_en = { heading = ["指标（英文）", "Figure"] }
strand = { heading = ["[重点措施]", "[Strand]"], codes = "strand" }
kpi = { heading = ["对应指标", "KPI"], note = ["与哪个 KPI（K01–K37）对照", "the KPI (K01–K37) it is set beside"] }
side = { heading = ["对应部分", "Side"], codes = "figure_side", note = ["对照 KPI 的数值、分子还是分母", "whether it stands beside the KPI's value, its numerator or its denominator"] }
value = { heading = ["数值", "Value"] }
value_text = { heading = ["数值原文", "Value as written"] }
unit_zh = { heading = ["单位", "Unit (Chinese)"] }
unit_en = { heading = ["单位（英文）", "Unit"] }
as_of_on = { heading = ["数据截至", "As of"] }
value_basis = { heading = ["数据性质", "Basis"], codes = "value_basis" }
note = { heading = ["备注", "Note"] }
fact_id = { heading = ["出处编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
figure_side = [
    ["value", "数值", "Value"],
    ["numerator", "分子", "Numerator"],
    ["denominator", "分母", "Denominator"],
]
*/
create table figure (
    figure_id text primary key check (figure_id similar to '.*[A-Za-z].*'),
    name_zh text not null,
    name_en text not null,
    strand text,
    kpi text check (kpi similar to 'K[0-9]{2}'),
    side text check (side in ('value', 'numerator', 'denominator')),
    value decimal(18, 2),
    value_text text,
    unit_zh text not null,
    unit_en text not null,
    as_of_on date,
    value_basis text not null default 'reported'
        check (value_basis in ('reported', 'ledger', 'inferred', 'demo')),
    note text,
    fact_id text references fact (fact_id),
    is_demo boolean not null default false,
    check (value is not null or value_text is not null),
    check ((kpi is null) = (side is null))
)
