/*
title = ["完成时限远离[专项活动]年份", "Due far from the campaign's years"]
grain = ["一行一条[措施]", "one row per [measure]"]
notes = [
    "早于开始年份前一年或晚于结束年份后一年，多半是年份写错。没有开始日期时取默认年份；都没有则不查。",
    "Earlier than the year before the campaign began, or later than the year after it ended: most likely a mistyped year. Without its dates the default year is taken; without that nothing is checked.",
]
severity = "warning"
reads = ["action", "campaign"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
due_on = "action.due_on"
first_year = ["最早年份", "From year"]
last_year = ["最晚年份", "To year"]
*/
with years as (
    select
        min(coalesce(year(campaign.started_on), campaign.default_year)) - 1 as first_year,
        max(coalesce(year(campaign.ended_on), year(campaign.started_on), campaign.default_year)) + 1 as last_year,
    from campaign
)
select
    'action' as table_name,
    action.action_id as row_key,
    action.due_on,
    years.first_year,
    years.last_year,
from action
cross join years
where year(action.due_on) not between years.first_year and years.last_year
    and action.status is distinct from 'cancelled'
order by action.action_id
