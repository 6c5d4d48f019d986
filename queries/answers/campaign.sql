/*
title = ["[专项活动]", "[Campaign]"]
grain = ["一行：本[专项活动]", "one row: the [campaign]"]
reads = ["campaign"]
rows_of = "campaign"

[returns]
campaign_id = "campaign.campaign_id"
campaign_name = "campaign.campaign_name"
batch = "campaign.batch"
org_name = "campaign.org_name"
started_on = "campaign.started_on"
ended_on = "campaign.ended_on"
due_soon_days = "campaign.due_soon_days"
behind_yellow_points = "campaign.behind_yellow_points"
behind_red_points = "campaign.behind_red_points"
update_every_days = "campaign.update_every_days"
silent_days = "campaign.silent_days"
covers_places = "campaign.covers_places"
scope_note = "campaign.scope_note"
*/
select
    campaign.campaign_id,
    campaign.campaign_name,
    campaign.batch,
    campaign.org_name,
    campaign.started_on,
    campaign.ended_on,
    campaign.due_soon_days,
    campaign.behind_yellow_points,
    campaign.behind_red_points,
    campaign.update_every_days,
    campaign.silent_days,
    campaign.covers_places,
    campaign.scope_note,
from campaign
order by campaign.campaign_id
