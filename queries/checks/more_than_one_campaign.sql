/*
title = ["不止一个[专项活动]", "More than one campaign"]
grain = ["一行一个多出来的[专项活动]", "one row per campaign beyond the first"]
notes = [
    "一个库只放一个[专项活动]；临期天数等设定取自这一行。",
    "A store holds one campaign; its row sets the due-soon days and the other limits.",
]
severity = "error"
reads = ["campaign"]

[returns]
table_name = ["台账", "Ledger"]
row_key = ["行编号", "Row"]
campaign_name = "campaign.campaign_name"
*/
with numbered as (
    select
        campaign.campaign_id,
        campaign.campaign_name,
        row_number() over (order by campaign.campaign_id) as place,
    from campaign
)
select
    'campaign' as table_name,
    numbered.campaign_id as row_key,
    numbered.campaign_name,
from numbered
where numbered.place > 1
order by row_key
