/*
title = ["[整改问题]清单", "[Issues]"]
grain = ["一行一个[问题]，含撤销合并的", "one row per [issue], cancelled ones included"]
notes = [
    "状态由[措施]推出；没有[措施]的用手工状态；为空即未提供。亮灯取[措施]中最急的一个。",
    "The status follows from the [measures]; without [measures] it is the one set by hand; empty means not stated. The light is the most urgent of its [measures].",
]
reads = ["issue_at"]
rows_of = "issue"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
issue_id = "issue.issue_id"
title = "issue.title"
level = "issue.level"
nature = "issue.nature"
dimension = "issue.dimension"
issue_source = "issue.issue_source"
lead_unit = "issue.lead_unit"
standard = "issue.standard"
identified_on = "issue.identified_on"
actions = ["[措施]数", "[Measures]"]
closed = ["已销号", "Closed"]
status = { heading = ["[问题]状态", "Status"], codes = "status" }
light = { heading = ["亮灯", "Light"], codes = "light" }
fact_id = "issue.fact_id"
is_demo = "issue.is_demo"
*/
select
    issue.issue_id,
    issue.title,
    issue.level,
    issue.nature,
    issue.dimension,
    issue.issue_source,
    issue.lead_unit,
    issue.standard,
    issue.identified_on,
    issue.actions,
    issue.closed,
    issue.status,
    issue.light,
    issue.fact_id,
    issue.is_demo,
from issue_at($as_of) as issue
order by issue.issue_id
