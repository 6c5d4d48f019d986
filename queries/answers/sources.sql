/*
title = ["来源", "Sources"]
grain = ["一行一个来源", "one row per source"]
reads = ["source"]
rows_of = "source"

[returns]
source_id = "source.source_id"
title = "source.title"
publisher = "source.publisher"
location = "source.location"
published_on = "source.published_on"
retrieved_on = "source.retrieved_on"
sha256 = "source.sha256"
licence = "source.licence"
has_body = ["有全文", "Full text kept"]
is_demo = "source.is_demo"
*/
select
    source.source_id,
    source.title,
    source.publisher,
    source.location,
    source.published_on,
    source.retrieved_on,
    source.sha256,
    source.licence,
    source.body is not null as has_body,
    source.is_demo,
from source
order by source.source_id
