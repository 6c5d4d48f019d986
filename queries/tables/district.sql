/*
title = ["[市区]", "[Districts]"]
grain = ["一行一个[市区]", "one row per [district]"]
key = ["district_code"]

[columns]
district_code = { heading = ["[市区]代码", "[District] code"] }
district_name = { heading = ["[市区]名称", "[District]"], aliases = ["市区", "区县", "县区"] }
district_name_en = { heading = ["[市区]英文名", "[District] (English)"] }
short_name = { heading = ["简称", "Short name"] }
in_scope = { heading = ["是否纳入", "In scope"] }
sort_order = { heading = ["排序", "Order"] }
tile_row = { heading = ["格图行", "Tile row"] }
tile_col = { heading = ["格图列", "Tile column"] }
valid_from = { heading = ["启用日期", "Valid from"] }
valid_to = { heading = ["停用日期", "Valid to"] }
source_id = { heading = ["来源编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table district (
    district_code text primary key check (district_code similar to '.*[A-Za-z].*|[0-9]{6}|[0-9]{9}|[0-9]{12}'),
    district_name text not null unique,
    district_name_en text,
    short_name text,
    in_scope boolean not null default true,
    sort_order integer not null default 0,
    tile_row integer check (tile_row >= 0),
    tile_col integer check (tile_col >= 0),
    valid_from date,
    valid_to date,
    source_id text references source (source_id),
    is_demo boolean not null default false,
    check (valid_to >= valid_from)
)
