/*
title = ["[重点措施]设置", "[Strands]"]
grain = ["一行一项[重点措施]；没有自己的设置时用通常的四项", "one row per [strand]; without rows of its own a campaign has the usual four"]
key = ["strand_code"]

[columns]
strand_code = { heading = ["[重点措施]代码", "[Strand] code"], note = ["小写字母、数字和下划线；study、research、review、rectify 是通常的四项，overall 留作综合", "small letters, digits and _; study, research, review and rectify are the usual four, overall is kept for what concerns all"] }
strand_name = { heading = ["[重点措施]名称", "[Strand]"] }
strand_name_en = { heading = ["[重点措施]英文名", "[Strand] (English)"] }
sort_order = { heading = ["排序", "Order"] }
uses_study = { heading = ["用活动材料页", "Uses the page of events and materials"] }
uses_research = { heading = ["用走访调研页", "Uses the page of visits and research"] }
uses_review = { heading = ["用[问题]页", "Uses the page of [issues]"] }
uses_rectification = { heading = ["用[措施]页", "Uses the page of [measures]"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table strand (
    strand_code text primary key
        check (strand_code similar to '[a-z][a-z0-9_]{0,29}')
        check (strand_code <> 'overall'),
    strand_name text not null unique check (strand_name similar to '.{1,20}'),
    strand_name_en text check (strand_name_en similar to '.{1,40}'),
    sort_order integer not null default 0,
    uses_study boolean not null default false,
    uses_research boolean not null default false,
    uses_review boolean not null default false,
    uses_rectification boolean not null default false,
    is_demo boolean not null default false
)
