/*
title = ["指标", "Key figures"]
grain = ["一行一个指标或它的一部分", "one row per KPI or part of one"]
notes = [
    "比率 = 分子 ÷（分母 − 未知）；有未知时写“已知 n/N”。分母为零、全部未知、或分母台账的记录（含撤销合并的）少于通报数时没有比率（空），不写 0% 也不写 100%。计数：没有可数的台账记录时为空（未提供），0 就是零。撤销合并的不进分子也不进分母，个数列在 K01、K02 的 part“cancelled”；行全部撤销合并的台账，计数为 0。通报数：该指标通报的数值，或通报的分子 ÷ 分母。part 所用的代码：K04 整改类型，K13 账龄，K21 变化，K24 [市区]代码，K25 活动类型，K27 渠道，K35 [措施]台账的字段，其余见代码表 kpi_part。",
    "Share = numerator / (denominator - unknown); where some are unknown it reads 'known n/N'. There is no share (empty) when the denominator is zero, when nothing is known, or when the ledger of the denominator, cancelled rows included, holds fewer rows than were reported; never 0% or 100%. A count is empty (not stated) when there is no ledger row to count; 0 means zero. Cancelled or merged rows are in neither numerator nor denominator; how many there are is part 'cancelled' of K01 and K02. A ledger whose rows are all cancelled counts 0. Reported: the reported value of the KPI, or its reported numerator / denominator. Codes in part: K04 type, K13 ageing, K21 move, K24 [district] code, K25 kind of event, K27 channel, K35 column of the [measures] ledger, all others on the list kpi_part.",
]
reads = ["kpi_row", "reported_figure", "snapshot_in_force"]
behind = "kpi_rows"

[params]
as_of = ["数据截至", "Data as of"]

[returns]
kpi = { heading = ["指标", "KPI"], codes = "kpi" }
part = { heading = ["部分", "Part"], codes = "kpi_part", by = "kpi", codes_by = { K04 = "rect_type", K13 = "ageing_bucket", K21 = "move", K24 = "district", K25 = "event_kind", K27 = "channel" } }
unit = { heading = ["单位", "Unit"], codes = "kpi_unit" }
value = { heading = ["数值", "Value"], share = { unit = ["share"] } }
numerator = ["分子", "Numerator"]
denominator = ["分母", "Denominator"]
unknown = ["未知", "Unknown"]
reported = { heading = ["通报数", "Reported"], share = { unit = ["share"], reported_side = ["value"] } }
reported_side = { heading = ["通报的是", "What was reported"], codes = "figure_side" }
fact_id = ["通报数出处", "Source of the reported figure"]
is_incomplete = ["台账不完整", "Ledger incomplete"]

[codes]
kpi = [
    ["K01", "[整改问题]数", "[Issues]"],
    ["K02", "[整改措施]数", "[Measures]"],
    ["K03", "[措施]销号率", "[Measure] closing rate"],
    ["K04", "分类整改完成率", "Closing rate by type"],
    ["K05", "完成率（含阶段性）", "Completion rate, staged included"],
    ["K06", "自报完成待审核数", "Self-reported done, awaiting verification"],
    ["K07", "[问题]整改完成率", "[Issue] completion rate"],
    ["K08", "按期销号率", "On-time closing rate"],
    ["K09", "逾期数", "Overdue"],
    ["K10", "逾期率", "Overdue rate"],
    ["K11", "对原时限逾期数", "Overdue against the original date"],
    ["K12", "临期数", "Due soon"],
    ["K13", "逾期账龄", "Ageing of overdue [measures]"],
    ["K14", "整改天数（中位数）", "Days to close (median)"],
    ["K15", "审核时滞（中位数）", "Verification lag (median)"],
    ["K16", "退回率", "Send-back rate"],
    ["K17", "反弹数", "Reopened"],
    ["K18", "延期数", "Extensions"],
    ["K19", "序时进度差", "Gap to schedule"],
    ["K20", "剩余未销号数", "Still open"],
    ["K21", "较上次变化", "Moves since last time"],
    ["K22", "[市区]覆盖率", "[District] coverage"],
    ["K23", "[乡镇]覆盖率", "[Town] coverage"],
    ["K24", "走访次数", "Visits"],
    ["K25", "座谈研讨场次", "Forums and seminars"],
    ["K26", "[课题]完成率", "[Topics] with a report"],
    ["K27", "[意见建议]数", "[Suggestions]"],
    ["K28", "[意见]办结率", "[Suggestions] answered"],
    ["K29", "[意见]解决率", "[Suggestions] solved"],
    ["K30", "征求意见表回收率", "Return rate of opinion forms"],
    ["K31", "[意见]转[问题]率", "[Suggestions] that became [issues]"],
    ["K32", "成果转化率", "Proposals put to use"],
    ["K33", "制度建设数", "Rules made or revised"],
    ["K34", "满意率", "Satisfaction"],
    ["K35", "数据完整度", "Completeness of the data"],
    ["K36", "数据时效", "Age of the data"],
    ["K37", "每[问题][措施]数", "[Measures] per [issue]"],
]
kpi_unit = [
    ["count", "个", "count"],
    ["share", "比率", "share"],
    ["days", "天", "days"],
    ["points", "个百分点", "points"],
    ["ratio", "比值", "ratio"],
]
kpi_part = [
    ["cancelled", "撤销合并", "Cancelled or merged"],
    ["max", "最长", "Longest"],
    ["twice_or_more", "延期两次以上的[措施]", "[Measures] extended twice or more"],
    ["mean_added_days", "平均延长天数", "Mean days added"],
    ["late_requests", "逾期后申请", "Requested after the due date"],
    ["strict", "仅“满意”", "Satisfied only"],
    ["with_basic", "含“基本满意”", "Basically satisfied included"],
    ["without_subdistricts", "不含街道", "Without subdistricts"],
    ["outside", "外地", "Outside the city"],
    ["unlocated", "未注明", "Place not stated"],
    ["merged", "去重后", "Merged"],
    ["unknown", "渠道未提供", "Channel not stated"],
    ["solved", "解决", "Solved"],
    ["adopted", "采纳", "Adopted"],
    ["returned", "回收份数", "Forms returned"],
    ["issued", "发放份数", "Forms sent"],
    ["content", "[整改措施]", "[Measure]"],
    ["due_on", "完成时限", "Due date"],
    ["rect_type", "整改类型", "Type"],
    ["resp_unit", "责任[单位]", "Responsible [unit]"],
    ["status", "整改状态", "Status"],
]

[definitions]
K01 = [
    "未撤销合并的[问题]数。[问题]的[措施]全部撤销的，[问题]也算撤销。",
    "[Issues] that are not cancelled or merged. [An issue] whose [measures] are all cancelled counts as cancelled.",
]
K02 = ["未撤销合并的[整改措施]数。并入的只在并入处算一次。", "[Measures] that are not cancelled or merged. A merged one counts once, where it went."]
K03 = [
    "已销号的立行立改和限期[整改措施] ÷ 全部立行立改和限期[整改措施]。长期坚持和未分类的不在内；自报完成、尚未审核的不算销号。",
    "Closed immediate and time-limited [measures] / all immediate and time-limited [measures]. Long-term and unclassified ones stay out; done by own account but not yet verified is not closed.",
]
K04 = [
    "分类型的已销号 ÷ 该类型[措施]。只有分项，没有总数；长期坚持只列个数，不算比率。",
    "Closed / all [measures] of a type. By type only, there is no total; long-term [measures] have counts and no rate.",
]
K05 = [
    "（已销号 + 阶段性完成并长期坚持）÷ 全部[措施]，各类型都算。这是第二口径，高于[措施]销号率，必须注明“含阶段性”。",
    "(Closed + staged and ongoing) / all [measures] of every type. A second definition, higher than the closing rate, always labelled 'staged included'.",
]
K06 = ["状态为“申请销号”的[措施]数：[单位]自报完成，尚未审核，不进销号率。", "[Measures] awaiting verification: done by the [unit]'s own account, not verified, not in the closing rate."]
K07 = [
    "[措施]全部销号（或阶段性完成）的[问题] ÷ 至少有一条[措施]的[问题]。没有[措施]的[问题]另列，不算完成。",
    "[Issues] whose [measures] are all closed (or staged) / [issues] with at least one [measure]. [Issues] without [measures] are listed apart and are not done.",
]
K08 = [
    "完成日期不晚于原定时限的已销号[措施] ÷ 两个日期都有的已销号[措施]，长期坚持不算。用完成日期，不用销号日期；延期不改变原定时限；缺日期的计为未知。",
    "Closed [measures] done by their original due date / closed [measures] with both dates, long-term ones excluded. The day the work was done counts, not the day of closing; an extension does not move the original date; undated ones count as unknown.",
]
K09 = [
    "未办结且完成时限早于截至日的[措施]数。当天到期不算；申请销号且按时完成的不算；长期坚持不算；未定时限的计为未知。",
    "Open [measures] whose due date lies before the as-of day. Due today is not overdue; awaiting verification and done in time is not; long-term never is; those without a due date count as unknown.",
]
K10 = ["逾期[措施] ÷ 有完成时限的未办结[措施]，长期坚持不算。未定时限的计为未知。", "Overdue [measures] / open [measures] with a due date, long-term ones excluded. Those without a due date count as unknown."]
K11 = [
    "按原定时限计算的逾期数，与逾期数并列，使延期不掩盖拖延。其余规则同逾期数。",
    "Overdue counted against the original due date, shown beside the overdue count so that extensions do not hide slippage. All other rules as for overdue.",
]
K12 = [
    "未办结且时限在截至日当天至临期天数（默认 7 天）之内的[措施]数。当天到期算临期；按时完成待审核的不算。",
    "Open [measures] due from the as-of day up to the due-soon days ahead (7 unless set otherwise). Due today is due soon; awaiting verification and done in time is not.",
]
K13 = ["逾期[措施]按逾期天数分为 1–7、8–30、31–90、90 天以上。长期坚持不算。", "Overdue [measures] by days overdue: 1-7, 8-30, 31-90, more than 90. Long-term ones excluded."]
K14 = [
    "已销号[措施]从[问题]确定到销号的天数的中位数，另列最长。分母是量得出的[措施]数；缺日期或天数为负的计为未知；不足 5 条宜列清单。",
    "Median days from confirming the [issue] to closing the [measure], and the longest. The denominator is the number of [measures] measured; missing dates or negative days count as unknown; with fewer than 5 show the list.",
]
K15 = [
    "已销号[措施]从申请销号到销号的天数的中位数，另列最长。缺日期或天数为负的计为未知。",
    "Median days from applying to close to closing, and the longest. Missing dates or negative days count as unknown.",
]
K16 = ["退回次数之和 ÷ 申请销号次数之和。没有申请时没有比率。", "Times sent back / times applied to close, both summed over the [measures]. Without any application there is no rate."]
K17 = ["反弹次数大于零的[措施]数。", "[Measures] that were reopened at least once."]
K18 = [
    "截至日及以前申请并获同意的延期数；另列延期两次以上的[措施]数（撤销合并的不算）、平均延长天数（只算同意的）和逾期后才申请的次数（不论是否同意）。",
    "Extensions requested by the as-of day and approved; besides, [measures] extended twice or more (cancelled or merged ones are none), mean days added (approved ones only), and requests made after the due date (whatever the decision).",
]
K19 = [
    "有时限的[措施]（长期坚持除外）中，实际销号比例减去按时限应完成比例，单位为百分点。应完成 = 时限不晚于截至日。负数为落后。",
    "Of the [measures] with a due date (long-term excluded): share closed minus share due by the as-of day, in points. Negative means behind schedule.",
]
K20 = [
    "未办结的[措施]数（未启动、整改中、申请销号，状态未提供的也算未办结）；全部状态都未提供时为未知。各期数值见剩余曲线。",
    "[Measures] still open (not started, in progress, awaiting verification; one without a status counts as open); unknown when no status is given at all. Earlier values are in the burn-down.",
]
K21 = [
    "与上一个有效版本相比的变化次数，按变化分项；一条[措施]可有几种变化。没有上期时为空。",
    "Moves since the previous release in force, by kind; one [measure] can have several. Empty when there is no previous release.",
]
K22 = [
    "走访过的[市区] ÷ 纳入的[市区]。走访台账没有写明[市区]时为未知。",
    "[Districts] visited / [districts] in scope. Unknown while the visits name no [district].",
]
K23 = [
    "走访过的[乡镇街道] ÷ 纳入的[乡镇街道]；另列不含街道的口径。走访台账没有写明[乡镇]时为未知。",
    "[Towns] and subdistricts visited / those in scope; also without subdistricts. Unknown while the visits name no [town].",
]
K24 = ["已成行的走访次数，按[市区]分项；没有走访的[市区]为 0，外地和未注明的另列。", "Visits made, by [district]; [a district] without visits shows 0, visits outside the city and without a place stand apart."]
K25 = ["已开展的座谈会与研讨会场次。只有通报总数时不拆分。", "Forums and seminars held. A reported total alone is not split."]
K26 = ["已形成报告或已转化的[课题] ÷ 全部[课题]。状态未提供的计为未知；只点名的报告不构成比率。", "[Topics] with a report, or put to use / all [topics]. [Topics] without a status are unknown; reports merely named make no rate."]
K27 = ["收到的[意见建议]条数，按渠道分项，另列去重后条数。单位是条，不与征求意见表的份数相加。", "[Suggestions] received, by channel, and merged. Never added to the number of forms."]
K28 = ["办理结果为 A、B、C、D 且已答复的[意见] ÷ 去重后的[意见]。", "[Suggestions] disposed of as A, B, C or D and answered / merged [suggestions]."]
K29 = ["解决率：A ÷ 去重后的[意见]。采纳率：A、B、C ÷ 去重后的[意见]。D 是已答复，不是采纳。", "Solved: A / merged [suggestions]. Adopted: A, B and C / merged [suggestions]. D is answered, not adopted."]
K30 = ["回收份数 ÷ 发放份数，只取两数都有的轮次。发放份数未提供时没有比率，只显示回收份数。", "Forms returned / forms sent, over rounds where both are known. Where the forms sent are not stated there is no rate and only the forms returned are shown."]
K31 = ["关联到[问题]的[意见] ÷ 去重后的[意见]。", "[Suggestions] linked to [an issue] / merged [suggestions]."]
K32 = ["已采纳、已转化或已落地的建议 ÷ 状态已知的建议；状态未知的单列。", "Proposals adopted, made policy or carried out / proposals whose status is known; the unknown are shown apart."]
K33 = ["整改中新制定或修订的方案与制度数。学习材料、只学习的制度不算。", "Plans and rules made or revised under rectification. Study material and rules merely studied do not count."]
K34 = [
    "（满意 + 比较满意）÷ 有效票，各次测评合计；另列仅“满意”和含“基本满意”两个口径。缺所需等次的测评计为未知，不进分母。",
    "(Satisfied + fairly satisfied) / valid forms, all surveys together; also satisfied only, and with basically satisfied. A survey without a needed grade is unknown and not in the denominator.",
]
K35 = [
    "[措施]台账必填格中已填的 ÷ 应填的：[整改措施]、责任（或牵头）[单位]、整改类型、完成时限（长期坚持除外）、整改状态。",
    "Required cells of the [measures] ledger that are filled / all required cells: [measure], responsible (or lead) [unit], type, due date (not for long-term), status.",
]
K36 = ["截至日减去最近一个有效版本的数据截至日。", "The as-of day minus the as-of date of the latest release in force."]
K37 = ["[整改措施]数 ÷ [整改问题]数。台账（含撤销合并的）少于通报数时不算。", "[Measures] / [issues]. Not computed while a ledger, cancelled rows included, holds fewer rows than were reported."]
*/
with listed as (
    select * from (values
        ('K01', null, 'count', 'count', 0), ('K02', null, 'count', 'count', 0),
        ('K03', null, 'share', 'share', 0),
        ('K04', null, 'share', 'none', 0), ('K04', 'immediate', 'share', 'share', 1),
        ('K04', 'time_limited', 'share', 'share', 2), ('K04', 'long_term', 'share', 'no_rate', 3),
        ('K05', null, 'share', 'share', 0), ('K06', null, 'count', 'count', 0), ('K07', null, 'share', 'share', 0),
        ('K08', null, 'share', 'share', 0), ('K09', null, 'count', 'count', 0), ('K10', null, 'share', 'share', 0),
        ('K11', null, 'count', 'count', 0), ('K12', null, 'count', 'count', 0),
        ('K13', null, 'count', 'count', 0), ('K13', 'd1_7', 'count', 'count', 1), ('K13', 'd8_30', 'count', 'count', 2),
        ('K13', 'd31_90', 'count', 'count', 3), ('K13', 'd91_more', 'count', 'count', 4),
        ('K14', null, 'days', 'median', 0), ('K14', 'max', 'days', 'longest', 1),
        ('K15', null, 'days', 'median', 0), ('K15', 'max', 'days', 'longest', 1),
        ('K16', null, 'share', 'amounts', 0), ('K17', null, 'count', 'count', 0),
        ('K18', null, 'count', 'count', 0), ('K18', 'twice_or_more', 'count', 'count', 1),
        ('K18', 'mean_added_days', 'days', 'mean', 2), ('K18', 'late_requests', 'count', 'count', 3),
        ('K19', null, 'points', 'gap', 0), ('K20', null, 'count', 'count', 0),
        ('K21', null, 'count', 'count', 0), ('K21', 'new', 'count', 'count', 1), ('K21', 'advanced', 'count', 'count', 2),
        ('K21', 'closed', 'count', 'count', 3), ('K21', 'reopened', 'count', 'count', 4),
        ('K21', 'returned', 'count', 'count', 5), ('K21', 'redated', 'count', 'count', 6),
        ('K21', 'moved_back', 'count', 'count', 7), ('K21', 'cancelled', 'count', 'count', 8),
        ('K21', 'missing', 'count', 'count', 9),
        ('K22', null, 'share', 'share', 0),
        ('K23', null, 'share', 'share', 0), ('K23', 'without_subdistricts', 'share', 'share', 1),
        ('K24', null, 'count', 'count', 0), ('K25', null, 'count', 'count', 0), ('K26', null, 'share', 'share', 0),
        ('K27', null, 'count', 'count', 0), ('K28', null, 'share', 'share', 0),
        ('K29', null, 'share', 'share', 0), ('K29', 'solved', 'share', 'share', 1), ('K29', 'adopted', 'share', 'share', 2),
        ('K30', null, 'share', 'returned', 0), ('K30', 'returned', 'count', 'sum', 1), ('K30', 'issued', 'count', 'sum', 2),
        ('K31', null, 'share', 'share', 0), ('K32', null, 'share', 'share', 0), ('K33', null, 'count', 'count', 0),
        ('K34', null, 'share', 'amounts', 0), ('K34', 'strict', 'share', 'amounts', 1),
        ('K34', 'with_basic', 'share', 'amounts', 2),
        ('K35', null, 'share', 'share', 0), ('K35', 'content', 'share', 'share', 1), ('K35', 'resp_unit', 'share', 'share', 2),
        ('K35', 'rect_type', 'share', 'share', 3), ('K35', 'due_on', 'share', 'share', 4), ('K35', 'status', 'share', 'share', 5),
        ('K36', null, 'days', 'age', 0), ('K37', null, 'ratio', 'ratio', 0)
    ) as known (kpi, part, unit, method, position)
),
-- A row counts on the line of its part; of these three KPIs it counts on the headline too.
rows_of_lines as (
    select
        counted.kpi,
        unnest(
            case
                when counted.kpi in ('K21', 'K30', 'K35') and counted.part is not null then [counted.part, null]
                else [counted.part]
            end
        ) as part,
        counted.part as own_part,
        counted.in_denominator,
        counted.in_numerator,
        counted.amount,
    from kpi_row($as_of) as counted
),
sums as materialized (
    select
        counted.kpi,
        counted.part,
        count(*) filter (counted.in_numerator is not null) as known,
        count(*) filter (counted.in_numerator is null) as unknown,
        count(*) filter (counted.in_denominator and counted.in_numerator is null) as unknown_inside,
        count(*) filter (counted.in_numerator) as in_numerator,
        count(*) filter (counted.in_numerator and counted.in_denominator) as in_both,
        count(*) filter (counted.in_denominator) as in_denominator,
        sum(counted.amount) as amount,
        sum(counted.amount) filter (counted.in_numerator) as amount_in_numerator,
        sum(counted.amount) filter (counted.in_denominator) as amount_in_denominator,
        sum(counted.amount) filter (counted.own_part = 'returned') as amount_returned,
        median(counted.amount) filter (counted.in_numerator) as median_amount,
        max(counted.amount) filter (counted.in_numerator) as longest,
    from rows_of_lines as counted
    group by counted.kpi, counted.part
),
lines as (
    select listed.kpi, listed.part, listed.unit, listed.method, listed.position,
    from listed
    union all
    select sums.kpi, sums.part, headline.unit, headline.method, 100,
    from sums
    join listed as headline on headline.kpi = sums.kpi and headline.part is null
    anti join listed on listed.kpi = sums.kpi and listed.part is not distinct from sums.part
),
data_age as (
    select $as_of - max(in_force.as_of_on) as days,
    from snapshot_in_force($as_of) as in_force
),
reported as materialized (
    select
        figure.kpi,
        max(figure.value) filter (figure.side = 'value') as value,
        max(figure.value) filter (figure.side = 'numerator') as numerator,
        max(figure.value) filter (figure.side = 'denominator') as denominator,
        coalesce(
            max(figure.fact_id) filter (figure.side = 'value'),
            max(figure.fact_id) filter (figure.side = 'numerator'),
            max(figure.fact_id) filter (figure.side = 'denominator')
        ) as fact_id,
    from reported_figure($as_of) as figure
    group by figure.kpi
),
-- The KPI that counts the rows of a ledger, and the KPIs that rest on that ledger: short when fewer rows than reported.
-- A row that was cancelled or merged is still there: it was reported once, and nobody lost it.
counts_of_ledgers as (
    select * from (values
        ('K01', 'value', ['K01', 'K07', 'K37']),
        ('K02', 'value', [
            'K02', 'K03', 'K04', 'K05', 'K06', 'K07', 'K08', 'K09', 'K10', 'K11', 'K12', 'K13', 'K14', 'K15', 'K16',
            'K17', 'K18', 'K19', 'K20', 'K21', 'K35', 'K37'
        ]),
        ('K22', 'denominator', ['K22']),
        ('K23', 'denominator', ['K23']),
        ('K24', 'value', ['K24']),
        ('K25', 'value', ['K25']),
        ('K26', 'denominator', ['K26']),
        ('K27', 'value', ['K27', 'K28', 'K29', 'K31'])
    ) as known (kpi, side, resting)
),
gaps as (
    select distinct unnest(ledger.resting) as kpi,
    from counts_of_ledgers as ledger
    join reported on reported.kpi = ledger.kpi
    left join sums on sums.kpi = ledger.kpi and sums.part is null
    left join sums as cancelled on cancelled.kpi = ledger.kpi and cancelled.part = 'cancelled'
    where case ledger.side
        when 'value' then coalesce(sums.in_numerator, 0) + coalesce(cancelled.in_numerator, 0) < reported.value
        else coalesce(sums.in_denominator, 0) < reported.denominator
    end
),
-- The counts over a ledger of which every row is cancelled: none is left, which is known.
emptied as (
    select distinct unnest(ledger.resting) as kpi,
    from counts_of_ledgers as ledger
    join sums as cancelled on cancelled.kpi = ledger.kpi and cancelled.part = 'cancelled'
    anti join sums as kept on kept.kpi = ledger.kpi and kept.part is null
),
reported_values as (
    select
        reported.kpi,
        coalesce(
            reported.value,
            (reported.numerator / nullif(reported.denominator, 0))::decimal(18, 4),
            reported.numerator,
            reported.denominator
        )::decimal(18, 4) as value,
        case
            when reported.value is not null or (reported.numerator is not null and reported.denominator <> 0) then 'value'
            when reported.numerator is not null then 'numerator'
            else 'denominator'
        end as side,
        reported.fact_id,
    from reported
    union all
    select
        'K37',
        (measures.value / nullif(issues.value, 0))::decimal(18, 4),
        'value',
        measures.fact_id,
    from reported as measures
    join reported as issues on issues.kpi = 'K01'
    where measures.kpi = 'K02'
        and measures.value is not null
        and issues.value <> 0
        and not exists (select 1 from reported where reported.kpi = 'K37')
),
measured as (
    select
        lines.kpi,
        lines.part,
        lines.position,
        lines.unit,
        lines.method,
        gaps.kpi is not null as is_ledger_short,
        case
            when lines.method = 'count' and sums.known > 0 then sums.in_numerator
            when lines.method = 'count' and sums.known is null and headline.known > 0 then 0
            when lines.method = 'count' and sums.known is null and emptied.kpi is not null then 0
            when lines.method = 'sum' then sums.amount
            when lines.method = 'median' then sums.median_amount
            when lines.method = 'longest' then sums.longest
            when lines.method = 'mean' then (sums.amount_in_numerator / nullif(sums.in_numerator, 0))::decimal(18, 4)
            when lines.method = 'age' then data_age.days
        end as measure,
        case
            when lines.method = 'returned' then
                case when sums.amount_in_denominator is null then sums.amount_returned else sums.amount_in_numerator end
            when coalesce(sums.known, headline.known, 0) = 0 then null
            when sums.unknown_inside = nullif(sums.in_denominator, 0) then null -- known are only rows outside (K07)
            when lines.method in ('share', 'no_rate', 'gap') then coalesce(sums.in_both, 0)
            when lines.method = 'ratio' then coalesce(sums.in_numerator, 0)
            when lines.method = 'amounts' then coalesce(sums.amount_in_numerator, 0)
        end as numerator,
        case
            when lines.method in ('share', 'no_rate', 'ratio', 'gap') then coalesce(sums.in_denominator, 0)
            when lines.method = 'amounts' then coalesce(sums.amount_in_denominator, 0)
            when lines.method = 'returned' then sums.amount_in_denominator
            when lines.method in ('median', 'longest', 'mean') then sums.in_numerator
        end as denominator,
        case when lines.method = 'share' or lines.method = 'gap' then coalesce(sums.unknown_inside, 0) else 0 end
            as unknown_inside,
        coalesce(sums.unknown, 0) as unknown,
        sums.amount_in_denominator as amount_due,
        coalesce(cancelled.in_numerator, 0) as cancelled,
    from lines
    left join sums on sums.kpi = lines.kpi and sums.part is not distinct from lines.part
    left join sums as headline on headline.kpi = lines.kpi and headline.part is null
    left join sums as cancelled on cancelled.kpi = lines.kpi and cancelled.part = 'cancelled'
    left join gaps on gaps.kpi = lines.kpi
    left join emptied on emptied.kpi = lines.kpi and lines.kpi not in ('K18', 'K21')
    cross join data_age
),
valued as (
    select
        measured.kpi,
        measured.part,
        measured.position,
        measured.unit,
        case
            when measured.method in ('share', 'amounts', 'returned', 'ratio') and not measured.is_ledger_short
                then measured.numerator / nullif(measured.denominator - measured.unknown_inside, 0)
            when measured.method = 'gap' and not measured.is_ledger_short
                then 100 * (
                    measured.numerator / nullif(measured.denominator - measured.unknown_inside, 0)
                    - measured.amount_due / nullif(measured.denominator, 0)
                )
            else measured.measure
        end::decimal(18, 4) as value,
        measured.numerator,
        measured.denominator,
        measured.unknown,
        measured.cancelled,
        measured.is_ledger_short,
    from measured
)
select
    valued.kpi,
    valued.part,
    valued.unit,
    valued.value,
    valued.numerator::bigint as numerator,
    valued.denominator::bigint as denominator,
    valued.unknown,
    case when valued.part is null then reported_values.value end as reported,
    case when valued.part is null then reported_values.side end as reported_side,
    case when valued.part is null then reported_values.fact_id end as fact_id,
    valued.is_ledger_short
    or coalesce(
        valued.part is null
        and valued.unit = 'count'
        and reported_values.side = 'value'
        and valued.value + valued.cancelled < reported_values.value,
        false
    ) as is_incomplete,
from valued
left join reported_values on reported_values.kpi = valued.kpi
order by valued.kpi, valued.part is not null, valued.position, valued.part
