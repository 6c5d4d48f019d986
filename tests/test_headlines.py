"""A sentence says no more than its rows: every headline of every exhibit, over campaigns as offices really have them.

The slides are walked as well, so that what holds of a page holds of a meeting; the papers say what the slides say
(their own tests).
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from odd_campaigns import CAMPAIGNS, LAST, action, figure, issue
from papers import said_by
from test_answers_rectification import publish_weeks

from taizhang.declared import wording
from taizhang.declared.tables import ledgers
from taizhang.declared.wording import language, words_of
from taizhang.drawing.html.chart import MOST_TICKS, plotted
from taizhang.exhibits import Exhibit, catalogue, kpis, views
from taizhang.showing import meetings, slides
from taizhang.store import Store

LISTS = ("new", "advanced", "closed")


@dataclass(frozen=True)
class Shown:
    """A campaign, and its exhibits in one language."""

    name: str
    view: views.View
    exhibits: dict[str, Exhibit]

    def title(self, name: str) -> str:
        return self.exhibits[name].title

    def card(self, name: str, place: int):
        return self.exhibits[name].shape.cards[place]

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Every text beside a drawing, with the exhibit it stands in."""
        for name, one in self.exhibits.items():
            for said in (one.title, one.caption, one.note, one.shape.if_empty if one.shape.is_empty else ""):
                yield name, said
            for card in one.shape.cards:
                for said in (getattr(card, "detail", ""), getattr(card, "change", ""), *getattr(card, "lines", ())):
                    yield name, said


@pytest.fixture(scope="module")
def store_of(ready_made):
    """`store_of(name)` is the store of a campaign, published once."""
    return lambda name: ready_made(f"odd_{name}", lambda store: publish_weeks(store, *CAMPAIGNS[name]))


@pytest.fixture(scope="module")
def look(store_of):
    kept = {}

    def look(name: str, lang: str = "zh") -> Shown:
        if (name, lang) not in kept:
            view = views.look(store_of(name), views.Choices(lang=lang))
            made = {one: catalogue.exhibit(one, view) for one in catalogue.CATALOGUE}
            kept[name, lang] = Shown(name, view, made)
        return kept[name, lang]

    return look


def every(test):
    return pytest.mark.parametrize("name", CAMPAIGNS)(test)


# --- what no sentence may say ----------------------------------------------------------------------------------


@every
def test_an_office_that_cites_no_source_hears_of_none(look, name):
    shown = look(name)
    assert not shown.view.ask("sources").rows
    assert [said for said in shown.sentences() if re.search("(?<!问题)(?<!登记)(?<!没有)来源", said[1])] == []


@every
def test_no_sentence_has_a_dash_for_a_number(look, name):
    said = [(one, text) for one, text in look(name).sentences() if "—" in text]
    assert said == []


@every
def test_no_card_says_none_of_a_ledger_that_holds_no_row(look, name):
    shown = look(name)
    rows = {table: len(keyed) for table, keyed in shown.view.release.rows().items()}
    values = {}
    for exhibit in shown.exhibits.values():
        values |= {(exhibit.name, card.label): card.value for card in exhibit.shape.cards}
    rests_on = {
        ("overview.strands", "学习教育"): "event",
        ("overview.strands", "调查研究"): "event",
        ("overview.strands", "检视问题"): "issue",
        ("overview.strands", "整改落实"): "action",
        ("overview.headline", "逾期措施"): "action",
        ("rectification.headline", "逾期措施"): "action",
        ("study.figures", "学习教育活动"): "event",
        ("study.figures", "学习资料"): "document",
        ("research.figures", "座谈会、研讨会"): "event",
        ("review.funnel", "确定整改问题（个）"): "issue",
        ("review.funnel", "发放征求意见表（份）"): "feedback_round",
        ("meeting.results", "制定修订制度方案"): "document",
    }
    assert rests_on.keys() <= values.keys()
    assert {place: values[place] for place, table in rests_on.items() if not rows[table]} == {
        place: "未提供" for place, table in rests_on.items() if not rows[table]
    }


@every
def test_without_a_meeting_nobody_speaks_of_the_last_one(look, name):
    shown = look(name)
    assert not shown.view.ask("meetings").rows
    assert [said for said in shown.sentences() if re.search("上次(会议|汇报|议定)", said[1])] == []


@every
def test_a_first_release_has_no_changes_and_does_not_count_them(look, name):
    shown = look(name)
    titles = {which: shown.title(f"rectification.moves_{which}") for which in LISTS}
    if shown.view.compare_on is None:
        assert set(titles.values()) == {"无上期可比，不列变化"} == {shown.title("meeting.changes")}
    else:
        moves = shown.view.ask("moves_since").records()
        counts = {one: len({row["action_id"] for row in moves if row["move"] == one}) for one in LISTS}
        named = {"new": "新增", "advanced": "推进", "closed": "销号"}
        assert titles["new"] == f"新增 {counts['new']} 条"
        assert titles["closed"] == f"销号 {counts['closed']} 条"
        if moves:
            assert all(f"{named[one]} {counts[one]}" in shown.title("meeting.changes") for one in LISTS)


@every
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_slides_of_a_meeting_say_what_the_pages_say(look, name, lang):
    shown = look(name, lang)
    meeting = meetings.prepare(shown.view, "HY-1", "会", LAST)
    titles = [one.title for one in slides.show(shown.view.store, meeting, lang).slides]
    said = {one.title for one in shown.exhibits.values()}
    assert [title for title in titles if re.sub(r"（\d+/\d+）$| \(\d+/\d+\)$", "", title) not in said] == []


@every
def test_no_count_of_a_thousand_is_said_without_its_separator(look, name):
    said = [text for _, text in look(name).sentences()]
    long = [text for text in said if re.search(r"(?<![\d-])\d{4,}(?!-\d|\d)", text)]
    assert long == []


def test_a_count_in_a_sentence_has_separators_and_a_year_has_none():
    assert language("zh")("rectification.ledger_title", count=100000) == "全部 100,000 条措施"
    assert language("zh")("timeline.month", year=2024, month=3) == "2024 年 3 月"


# --- what each headline claims, derived from its rows ------------------------------------------------------------


def counted(shown: Shown) -> list[dict]:
    return [row for row in shown.view.ask("actions").records() if row["status"] != "cancelled"]


@every
def test_the_closing_rate_is_of_the_measures_whose_status_is_known(look, name):
    shown = look(name)
    own = [row for row in counted(shown) if row["rect_type"] in ("immediate", "time_limited")]
    known = [row for row in own if row["status"]]
    closed = [row for row in known if row["status"] == "closed"]
    said, by_type = shown.title("overview.headline"), shown.title("rectification.by_type")
    short = any(row["is_incomplete"] for row in shown.view.ask("kpis").records() if row["kpi"] == "K03")
    if not known or short:
        assert "已销号" not in said + by_type
        assert "%" not in by_type
    elif len(known) < len(own):
        assert f"已知 {len(known)}/{len(own)} 条中，已销号 {len(closed)} 条" in said
        assert f"已知 {len(known)}/{len(own)} 条中，已销号 {len(closed)} 条" in by_type
    else:
        assert said.startswith(f"{len(own)} 条应计措施已销号 {len(closed)} 条")
        assert f"已销号 {len(closed)}/{len(own)}" in by_type
    if known and not short:
        assert shown.card("overview.headline", 0).value == f"{len(closed)}/{len(known)}"


@every
def test_the_schedule_is_held_against_the_measures_with_a_due_date_and_says_so(look, name):
    shown = look(name)
    dated = [row for row in counted(shown) if row["due_on"] and row["rect_type"] != "long_term"]
    known = [row for row in dated if row["status"]]
    closed = [row for row in known if row["status"] == "closed"]
    said = shown.title("rectification.headline")
    if not known:
        assert said.endswith("无法对照序时进度")
        return
    planned = sum(row["due_on"] <= LAST for row in dated)
    assert said.startswith(f"有时限的措施已销号 {len(closed)}/{len(known)}（")
    assert f"（{language('zh').percent(Decimal(planned) / len(dated))}）" in said
    assert " 0 个百分点" not in said
    assert ("（已知 " in said) == (len(known) < len(dated))


@every
def test_nothing_is_overdue_is_said_only_of_measures_that_have_a_due_date(look, name):
    shown = look(name)
    undated = [row for row in counted(shown) if row["status"] not in ("closed", "staged_ongoing")]
    undated = [row for row in undated if not row["due_on"] and row["rect_type"] != "long_term"]
    for one in ("overview.headline", "rectification.due", "rectification.ageing"):
        said = shown.title(one)
        if "没有逾期" in said and undated:
            assert "有时限的" in said


@every
def test_a_curve_of_one_point_is_not_said_to_fall_or_stay(look, name):
    shown = look(name)
    points = [row for row in shown.view.ask("burn_down").records() if row["open"] is not None]
    said = shown.title("rectification.burn_down")
    if len(points) < 2:
        assert not re.search("降到|下降", said)
    elif "尚未下降" in said:
        assert points[-1]["open"] == max(row["open"] for row in points) > 0


@every
def test_only_units_that_can_be_judged_are_said_to_keep_to_the_schedule(look, name):
    shown = look(name)
    judged = [row for row in shown.view.ask("units").records() if row["unit"] and row["is_behind"] is not None]
    said = shown.title("overview.units")
    assert ("序时进度" in said and "没有一个" not in said) == bool(judged)
    if judged:
        assert said.startswith(f"{len(judged)} 个")


@every
def test_the_issues_said_to_be_rectified_are_those_whose_measures_say_so(look, name):
    shown = look(name)
    done, listed = kpis.kpi(shown.view.ask("kpis"), "K07"), shown.view.ask("issues").records()
    said = shown.title("review.issues")
    finished = [row for row in listed if row["status"] in ("closed", "staged_ongoing")]
    if "已整改完成" in said:
        assert done.numerator == len(finished)
        assert ("已知" in said) == bool(done.unknown)
    for row, cells in zip(listed, shown.exhibits["review.issues"].shape.rows, strict=True):
        if row["status"] is None and row["actions"]:
            assert cells[4].text == f"—/{row['actions']}"  # nobody says how far they are: not none


@every
def test_towns_are_unvisited_whether_a_visit_is_planned_or_not(look, name):
    shown = look(name)
    states = shown.view.ask("coverage_by_town", district=None).column("state")
    waiting, planned = states.count("not_visited") + states.count("planned"), states.count("planned")
    said, to_visit = shown.title("research.map"), shown.title("research.to_visit")
    if not states:
        assert said == "没有乡镇名录"
        assert to_visit == "没有乡镇名录，列不出未走访的乡镇"
    elif planned and "visited" in states:
        assert said == f"还有 {waiting} 个乡镇没有走访，其中 {planned} 个已计划"


@every
def test_forms_returned_are_set_against_forms_sent_in_the_same_rounds(look, name):
    shown = look(name)
    rounds = shown.view.release.rows()["feedback_round"].values()
    both = [row for row in rounds if None not in (row["issued_count"], row["returned_count"])]
    sent, back = (sum(row[column] for row in both) for column in ("issued_count", "returned_count"))
    said, line = shown.title("review.funnel"), shown.card("overview.strands", 2).lines
    if not rounds:
        assert said == "征求意见的份数未提供"
    elif not sent:
        assert said == "没有发放征求意见表"
        assert "征求意见表回收 0/0，没有发放" in line
    else:
        assert f"收回 {back}/{sent} 份" in said
        assert (f"{len(rounds)} 轮中" in said) == (len(both) < len(rounds))


@every
def test_figures_agree_only_where_some_were_reported(look, name):
    shown = look(name)
    reported = [row for row in shown.view.ask("reported_against_ledger").records() if row["kpi"]]
    said = shown.title("overview.reported")
    assert (said == "没有可对照的通报数") == (not reported)


@every
def test_a_class_is_the_largest_of_those_somebody_classified(look, name):
    shown = look(name)
    levels = [row["level"] for row in shown.view.ask("issues").records()]
    known = [level for level in levels if level]
    said = shown.title("review.by_level")
    assert ("最多" in said) == bool(known)
    assert ("已知" in said) == (0 < len(known) < len(levels))


@every
def test_suggestions_are_solved_among_those_whose_outcome_is_known(look, name):
    shown = look(name)
    outcomes = [row["disposition"] for row in shown.view.ask("suggestions").records()]
    known = [one for one in outcomes if one]
    said = shown.title("research.handling")
    if 0 < len(known) < len(outcomes):
        assert said == f"已知 {len(known)}/{len(outcomes)} 条意见的办理结果，其中 {known.count('A')} 条已解决"


def test_a_ledger_shorter_than_its_report_is_no_progress(look):
    shown = look("short_ledgers")
    review, rectify = (shown.card("overview.strands", place) for place in (2, 3))
    assert (review.value, review.lines[0]) == ("通报 12", "台账只列出 1")
    assert (rectify.value, rectify.lines[0]) == ("通报 22", "台账只列出 2")
    assert shown.title("review.issues") == "通报 12 个问题，台账列出 1 个"


def test_a_ledger_that_lists_as_many_as_were_reported_is_whole(tmp_path):
    store = Store(tmp_path)
    publish_weeks(
        store,
        (LAST, {"figure": [figure("K01", 1), figure("K02", 2)], "issue": [issue()], "action": [action(1), action(2)]}),
    )
    view = views.look(store, views.Choices())
    review, rectify = catalogue.exhibit("overview.strands", view).shape.cards[2:]
    assert (review.value, rectify.value) == ("1", "2")
    assert "台账只列出" not in "".join((*review.lines, *rectify.lines))


def test_the_days_below_a_short_line_are_each_written_once(look):
    shape = look("everything_closed").exhibits["rectification.burn_down"].shape
    axis = plotted(shape, "light")["layout"]["xaxis"]
    assert len(shape.days) < MOST_TICKS
    assert axis["tickvals"] == [day.isoformat() for day in sorted(set(shape.days))]


# --- what the source says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "level", "nature"),
    [("zh", "问题层面有班子集体、班子成员个人，各有几个未提供", "问题性质有工作、思想作风，各有几个未提供")],
)
def test_the_article_names_the_classes_and_only_their_counts_are_missing(article_store, lang, level, nature):
    view = views.look(article_store, views.Choices(lang=lang))
    assert catalogue.exhibit("review.by_level", view).title == level
    assert catalogue.exhibit("review.by_nature", view).title == nature
    assert catalogue.exhibit("review.by_source", view).title == "问题来源未提供"


def test_the_article_reports_counts_and_nobody_says_that_nothing_is_to_be_done(article_store):
    view = views.look(article_store, views.Choices())
    told = catalogue.exhibit("overview.headline", view)
    assert told.title == "只通报了数量，没有提供完成情况，不计算完成率"
    assert told.shape.cards[0].detail == "通报措施 22 条，完成情况未提供"
    assert catalogue.exhibit("rectification.headline", view).title == "完成情况未提供，无法对照序时进度"
    assert "征求意见表回收 35 份，发放数未提供" in catalogue.exhibit("overview.strands", view).shape.cards[2].lines


def test_measures_that_run_on_are_never_overdue_and_nobody_misses_their_dates(look):
    shown = look("long_term_only")
    assert shown.title("overview.headline") == "没有应计措施，不计算完成率"
    assert shown.card("overview.headline", 1).detail == "长期坚持的措施不论逾期"
    assert shown.title("rectification.due") == shown.title("rectification.ageing") == "都是长期坚持的措施，不论逾期"
    assert shown.title("overview.attention") == "没有需要马上处理的事"


def test_a_list_that_ends_in_and_others_holds_at_least_what_it_names(article_store, demo_store):
    article, demo = (views.look(store, views.Choices()) for store in (article_store, demo_store))
    assert [row["title"] for row in article.ask("documents", page=None).records() if row["is_list_open"]] == [
        "江门市委统战部机关工作人员考勤与请(休)假制度",
        "中共江门市委统战部财务制度",
    ]
    assert catalogue.exhibit("meeting.results", article).shape.cards[2].value == "至少 4"
    assert "制定修订制度方案 至少 4 份" in catalogue.exhibit("overview.strands", article).shape.cards[3].lines
    # an office's own rows stand beside them: its ledger says how many there are
    assert catalogue.exhibit("meeting.results", demo).shape.cards[2].value == "12"


# --- numbers and their words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (80, 120, "66.7%"),
        (1, 3, "33.3%"),
        (1, 8, "12.5%"),
        (5, 80, "6.3%"),  # 6.25: half up
        (9996, 10000, "99.9%"),  # not all
        (4, 10000, "0.1%"),  # not none
        (0, 3, "0%"),
        (3, 3, "100%"),
    ],
)
def test_a_percentage_is_rounded_half_up_and_only_all_is_all(part, whole, said):
    assert language("zh").percent(Decimal(part) / whole) == said


# Blanks of the words that hold how many there are; every other holds a name, a day, a number that counts nothing.
COUNTS = frozenset(
    re.findall(
        r"\w+",
        """all behind bytes cells closed count dated days difference districts done errors events exact expected
        filled found issues kinds known length limit lines listed measures merged named new open original people
        places planned points reached reported rest returned rows sent sheets shown solved staged subdistricts topics
        total towns undated unknown valid_count visits waiting warnings""",
    )
)
# what may stand between a number and its noun
DESCRIBING = "(?:more|other|new|open|late|later|earlier|received|valid|reported|missing|undated|unknown|changed) "
NO_PLURAL = ("is", "was", "has", "this", "its", "as", "states", "agrees", "class", "status")


def read_at(words: str, number: int) -> str:
    """An English sentence with this number in every blank that counts something."""
    words = words.replace("{line:,}", "{line}")  # a line has a number, and that is no count
    blanks = set(re.findall(r"\{([a-z0-9_]+)[}:]", words))
    counts = COUNTS.union(re.findall(r"\{(\w+):[,.]", words))  # what is written as a number is one
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "words_of", lambda _code: {"probe.words": words})
        return wording.Language("en")("probe.words", **{name: number if name in counts else "such" for name in blanks})


def disagreements(said: str) -> list[str]:
    """What follows a number and is not in the number of it: 1 measures, 2 measure, 1 are, 2 is, all 1."""
    many = re.findall(rf"(?<![\w.,/-])1 (?:{DESCRIBING})?([a-z]+s|are|were|have|need|do)\b", said)
    one = re.findall(rf"(?<![\w.,/-])[02-9] (?:{DESCRIBING})?(is|was|has|needs|does|{'|'.join(NOUNS)})\b", said)
    return [word for word in many if word not in NO_PLURAL] + one + re.findall(r"\b[Aa]ll 1\b|\b[Tt]he 1\b", said)


NOUNS = (
    "measure",
    "issue",
    "day",
    "row",
    "file",
    "town",
    "district",
    "event",
    "topic",
    "unit",
    "release",
    "cell",
    "error",
    "warning",
    "matter",
    "form",
    "round",
    "point",
)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_english_sentence_agrees_with_its_number(number):
    read = {
        key: read_at(words, number)
        for key, words in words_of("en").items()
        if "{" in words and "{size" not in words and not key.startswith("framework.")  # said by the framework, so
    }
    assert {key: said for key, said in read.items() if disagreements(said)} == {}


def test_a_sentence_that_disagrees_with_its_number_is_found():
    assert disagreements(read_at("{count} measures", 1)) == ["measures"]
    assert disagreements(read_at("Made from {count} received files", 1)) == ["files"]
    assert disagreements(read_at("{count} {count:measure|measure}", 2)) == ["measure"]
    assert disagreements(read_at("All {count} {count:row|rows}", 1)) == ["All 1"]
    assert disagreements(read_at("{count} {count:row is|rows are} kept", 2)) == []


@every
def test_every_english_headline_agrees_with_its_number(look, name):
    said = [text for _, text in look(name, "en").sentences()]
    assert [text for text in said if disagreements(text)] == []


@every
def test_every_english_title_begins_like_one(look, name):
    assert [one.title for one in look(name, "en").exhibits.values() if one.title[:1].islower()] == []


def test_the_papers_say_the_sentences_of_the_slides(look):
    shown = look("partly_unknown")
    meeting = meetings.prepare(shown.view, "HY-1", "会", LAST)
    said = list(said_by(slides.show(shown.view.store, meeting, "zh")))
    assert any("已知 4/6" in one for one in said)


def test_the_odd_campaigns_use_ledgers_that_are_declared():
    tables = {name for weeks in CAMPAIGNS.values() for _, rows in weeks for name in rows}
    assert tables <= ledgers().keys()
    assert all(isinstance(day, dt.date) for weeks in CAMPAIGNS.values() for day, _ in weeks)
