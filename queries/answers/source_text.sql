/*
title = ["来源全文", "The text of a source"]
grain = ["一行一个来源", "one row per source"]
reads = ["source"]
rows_of = "source"

[params]
source_id = ["来源编号", "Source ID"]

[returns]
source_id = "source.source_id"
title = "source.title"
body = "source.body"
*/
select
    source.source_id,
    source.title,
    source.body,
from source
where source.source_id = $source_id
order by source.source_id
