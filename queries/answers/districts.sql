/*
title = ["[市区]", "[Districts]"]
grain = ["一行一个[市区]", "one row per [district]"]
reads = ["district"]
rows_of = "district"

[returns]
district_code = "district.district_code"
district_name = "district.district_name"
district_name_en = "district.district_name_en"
*/
select
    district.district_code,
    district.district_name,
    district.district_name_en,
from district
order by district.sort_order, district.district_code
