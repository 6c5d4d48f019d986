/*
title = ["满意度测评结果", "Satisfaction surveys"]
grain = ["一行一次测评", "one row per survey"]
notes = [
    "满意率 =（满意 + 比较满意）÷ 有效票；另列仅“满意”和含“基本满意”两个口径。缺某一等次的票数时，该等次和用到它的比率为空。有效票少于 30 的标为小样本。",
    "Satisfaction = (satisfied + fairly satisfied) / valid forms; also satisfied only, and with basically satisfied. Where the votes of a grade are missing, the grade and the shares that need it are empty. Fewer than 30 valid forms are a small sample.",
]
reads = ["satisfaction"]

[returns]
survey_id = "satisfaction.survey_id"
subject = "satisfaction.subject"
surveyed_on = "satisfaction.surveyed_on"
valid_count = "satisfaction.valid_count"
very = ["满意", "Satisfied"]
fairly = ["比较满意", "Fairly satisfied"]
basic = ["基本满意", "Basically satisfied"]
no = ["不满意", "Dissatisfied"]
share = { heading = ["满意率", "Satisfaction"], share = true }
strict_share = { heading = ["满意率（仅满意）", "Satisfied only"], share = true }
with_basic_share = { heading = ["满意率（含基本满意）", "Basically satisfied included"], share = true }
is_small = ["小样本", "Small sample"]
*/
with surveys as (
    select
        satisfaction.survey_id,
        max(satisfaction.subject) as subject,
        max(satisfaction.surveyed_on) as surveyed_on,
        max(satisfaction.valid_count) as valid_count,
        max(satisfaction.votes) filter (satisfaction.grade = 'very') as very,
        max(satisfaction.votes) filter (satisfaction.grade = 'fairly') as fairly,
        max(satisfaction.votes) filter (satisfaction.grade = 'basic') as basic,
        max(satisfaction.votes) filter (satisfaction.grade = 'no') as no,
    from satisfaction
    group by satisfaction.survey_id
)
select
    surveys.survey_id,
    surveys.subject,
    surveys.surveyed_on,
    surveys.valid_count,
    surveys.very,
    surveys.fairly,
    surveys.basic,
    surveys.no,
    ((surveys.very + surveys.fairly) / nullif(surveys.valid_count, 0))::decimal(18, 4) as share,
    (surveys.very / nullif(surveys.valid_count, 0))::decimal(18, 4) as strict_share,
    ((surveys.very + surveys.fairly + surveys.basic) / nullif(surveys.valid_count, 0))::decimal(18, 4)
        as with_basic_share,
    surveys.valid_count < 30 as is_small,
from surveys
order by surveys.surveyed_on, surveys.survey_id
