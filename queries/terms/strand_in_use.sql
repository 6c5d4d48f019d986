/*
title = ["所用的[重点措施]", "The [strands] in use"]
grain = ["一行一项[重点措施]", "one row per [strand]"]
notes = [
    "有自己的设置的用自己的；没有的用通常的四项，每项一页。综合（overall）不在其中。",
    "The campaign's own [strands] where it has set them; else the usual four, one page each. What concerns all (overall) is none of them.",
]
reads = ["strand"]

[returns]
strand_code = "strand.strand_code"
sort_order = "strand.sort_order"
uses_study = "strand.uses_study"
uses_research = "strand.uses_research"
uses_review = "strand.uses_review"
uses_rectification = "strand.uses_rectification"
*/
create macro strand_in_use() as table
select
    usual.strand_code,
    usual.sort_order,
    usual.strand_code = 'study' as uses_study,
    usual.strand_code = 'research' as uses_research,
    usual.strand_code = 'review' as uses_review,
    usual.strand_code = 'rectify' as uses_rectification,
from (
    values ('study', 1), ('research', 2), ('review', 3), ('rectify', 4)
) as usual (strand_code, sort_order)
where (select count(*) from strand) = 0
union all
select
    strand.strand_code,
    strand.sort_order,
    strand.uses_study,
    strand.uses_research,
    strand.uses_review,
    strand.uses_rectification,
from strand
