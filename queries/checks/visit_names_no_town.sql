/*
title = ["走访只写到[市区]", "A visit that names no [town]"]
grain = ["一行一次走访", "one row per visit"]
notes = [
    "只查已成行的。这样的走访计入[市区]和次数，不计入[乡镇]覆盖。",
    "Only visits made. Such a visit counts for its [district] and in the number of visits, not in the coverage of [towns].",
]
severity = "warning"
reads = ["visit"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
district_code = "visit.district_code"
visited_on = "visit.visited_on"
*/
select
    'visit' as table_name,
    visit.visit_id as row_key,
    visit.district_code,
    visit.visited_on,
from visit
where visit.status = 'made' and visit.district_code is not null and visit.town_code is null
order by visit.visit_id
