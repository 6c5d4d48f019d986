/*
title = ["[专项活动]的设定", "Settings of the [campaign]"]
grain = ["一行", "one row"]
notes = [
    "取自[专项活动]台账；没有该台账的一行时，用台账各列的缺省值。",
    "From the campaign ledger; where it has no row, the usual values of its columns.",
]
reads = ["campaign"]

[returns]
due_soon_days = "campaign.due_soon_days"
behind_yellow_points = "campaign.behind_yellow_points"
behind_red_points = "campaign.behind_red_points"
update_every_days = "campaign.update_every_days"
stale_amber_days = "campaign.stale_amber_days"
stale_red_days = "campaign.stale_red_days"
silent_days = "campaign.silent_days"
*/
create macro setting() as table
select
    coalesce(max(campaign.due_soon_days), 7) as due_soon_days,
    coalesce(max(campaign.behind_yellow_points), 10) as behind_yellow_points,
    coalesce(max(campaign.behind_red_points), 30) as behind_red_points,
    coalesce(max(campaign.update_every_days), 7) as update_every_days,
    coalesce(max(campaign.stale_amber_days), 7) as stale_amber_days,
    coalesce(max(campaign.stale_red_days), 14) as stale_red_days,
    coalesce(max(campaign.silent_days), 14) as silent_days,
from campaign
