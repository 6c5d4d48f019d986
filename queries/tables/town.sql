/*
title = ["[乡镇街道]", "[Towns]"]
grain = ["一行一个[乡镇]或街道", "one row per [town] or subdistrict"]
key = ["town_code"]

[columns]
town_code = { heading = ["[乡镇]代码", "[Town] code"], note = ["两套国家代码互有冲突，代码前缀注明所属体系（MCA 民政部）", "two national code systems collide; the prefix names the one in use (MCA)"] }
district_code = { heading = ["[市区]代码", "[District] code"] }
town_name = { heading = ["[乡镇]名称", "[Town]"], aliases = ["乡镇", "镇街", "乡镇街道"], note = ["名称可在不同[市区]重复，必须连同[市区]识别", "a name may occur in two [districts]; only with its [district] does it name [a town]"] }
town_name_en = { heading = ["[乡镇]英文名", "[Town] (English)"] }
short_name = { heading = ["简称", "Short name"], note = ["格图上写简称；没有时写去掉“镇”“街道”等的名称", "what a tile says; without one it says the name without its kind"] }
town_kind = { heading = ["类别", "Kind"], codes = "town_kind" }
in_scope = { heading = ["是否纳入", "In scope"] }
tile_row = { heading = ["格图行", "Tile row"] }
tile_col = { heading = ["格图列", "Tile column"] }
valid_from = { heading = ["启用日期", "Valid from"] }
valid_to = { heading = ["停用日期", "Valid to"] }
source_id = { heading = ["来源编号", "Source ID"] }
is_demo = { heading = ["示例数据", "Demo row"] }

[codes]
town_kind = [
    ["town", "镇", "Town"],
    ["township", "乡", "Township"],
    ["subdistrict", "街道", "Subdistrict", "街道办事处", "街道办"],
    ["ethnic_township", "民族乡", "Ethnic Township", "族乡"],
    ["sumu", "苏木", "Sumu", "民族苏木"],
    ["district_office", "区公所", "District Office", "县辖区"],
    ["district", "区", "District", "市辖区"],
    ["city", "市", "City", "县级市"],
    ["county", "县", "County", "自治县"],
    ["banner", "旗", "Banner", "自治旗"],
    ["other", "其他", "Other", "农场", "林场", "园区", "管委会"],
]
*/
create table town (
    town_code text primary key check (town_code similar to '.*[A-Za-z].*|[0-9]{6}|[0-9]{9}|[0-9]{12}'),
    district_code text not null references district (district_code),
    town_name text not null,
    town_name_en text,
    short_name text,
    town_kind text not null check (town_kind in ('town', 'township', 'subdistrict', 'ethnic_township', 'sumu', 'district_office', 'district', 'city', 'county', 'banner', 'other')),
    in_scope boolean not null default true,
    tile_row integer check (tile_row >= 0),
    tile_col integer check (tile_col >= 0),
    valid_from date,
    valid_to date,
    source_id text references source (source_id),
    is_demo boolean not null default false,
    unique (district_code, town_name),
    unique (town_code, district_code),
    check (valid_to >= valid_from)
)
