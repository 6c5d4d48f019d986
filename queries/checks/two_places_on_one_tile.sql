/*
title = ["两个地方占同一格", "Two places on one tile"]
grain = ["一行一个与编号更小者同格的[市区]或[乡镇]", "one row per [district] or [town] whose tile an earlier one already has"]
notes = [
    "所有[乡镇]共用一张格图，[市区]另有一张。启用期不重叠的两个[乡镇]可以先后占同一格。",
    "All [towns] share one grid, [districts] have another. Two [towns] whose years do not overlap may have the same tile, one after the other.",
]
severity = "error"
reads = ["district", "town"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
other_key = ["同格的另一个", "The other one"]
tile_row = "town.tile_row"
tile_col = "town.tile_col"
*/
with places as (
    select
        'district' as table_name,
        district.district_code as row_key,
        district.tile_row,
        district.tile_col,
        coalesce(district.valid_from, date '0001-01-01') as valid_from,
        coalesce(district.valid_to, date '9999-12-31') as valid_to,
    from district
    union all
    select
        'town' as table_name,
        town.town_code as row_key,
        town.tile_row,
        town.tile_col,
        coalesce(town.valid_from, date '0001-01-01') as valid_from,
        coalesce(town.valid_to, date '9999-12-31') as valid_to,
    from town
)
select
    later.table_name,
    later.row_key,
    earlier.row_key as other_key,
    later.tile_row,
    later.tile_col,
from places as later
inner join places as earlier
    on earlier.table_name = later.table_name
    and earlier.tile_row = later.tile_row
    and earlier.tile_col = later.tile_col
where earlier.row_key < later.row_key
    and earlier.valid_from <= later.valid_to
    and later.valid_from <= earlier.valid_to
order by later.table_name, later.row_key, other_key
