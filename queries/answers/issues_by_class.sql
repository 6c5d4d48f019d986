/*
title = ["[问题]分类", "[Issues] by class"]
grain = ["一行一个分类方式的一个类别，未提供单列一行", "one row per way of classifying and class; not stated has a row of its own"]
notes = [
    "撤销合并的不算。类别的代码表依分类方式而定：层面 issue_level、性质 issue_nature、维度 issue_dimension、来源 issue_source。",
    "Cancelled [issues] are left out. The code list of the class follows from the way of classifying: issue_level, issue_nature, issue_dimension, issue_source.",
]
reads = ["issue_at"]
behind = "issues"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
facet = { heading = ["分类方式", "Classified by"], codes = "issue_facet" }
code = { heading = ["类别", "Class"], by = "facet", codes_by = { level = "issue_level", nature = "issue_nature", dimension = "issue_dimension", issue_source = "issue_source" } }
issues = ["[问题]数", "[Issues]"]

[codes]
issue_facet = [
    ["level", "[问题]层面", "Level"],
    ["nature", "[问题]性质", "Nature"],
    ["dimension", "[问题]维度", "Dimension"],
    ["issue_source", "[问题]来源", "Found by"],
]
*/
with issues as (
    select
        issue.level,
        issue.nature,
        issue.dimension,
        issue.issue_source,
    from issue_at($as_of) as issue
    where issue.is_counted
),
classified as (
    select 'level' as facet, 1 as position, level as code from issues
    union all
    select 'nature', 2, nature from issues
    union all
    select 'dimension', 3, dimension from issues
    union all
    select 'issue_source', 4, issue_source from issues
)
select
    classified.facet,
    classified.code,
    count(*) as issues,
from classified
group by classified.facet, classified.position, classified.code
order by classified.position, classified.code is null, issues desc, classified.code
