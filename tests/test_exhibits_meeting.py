"""What a review meeting looks at, on releases small enough to count by hand, and on the shipped data."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from taizhang.declared import queries
from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.drawing import html
from taizhang.drawing.shapes import Figures, Table
from taizhang.evidence.provenance import rows_behind, traced
from taizhang.exhibits import Exhibit, meeting, promises
from taizhang.exhibits.catalogue import CATALOGUE
from taizhang.exhibits.kpis import kpi
from taizhang.exhibits.views import Choices, View, look
from taizhang.rows import ledgers
from taizhang.showing.meetings import DEFAULT_SCRIPT
from taizhang.store import Store, releases

EXHIBITS: tuple[Callable[[View], Exhibit], ...] = (
    meeting.cover,
    promises.promises,
    meeting.changes,
    meeting.moved,
    meeting.decisions,
    meeting.results,
    meeting.result_list,
    meeting.next_steps,
    meeting.definitions,
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONGEST_TITLE = {"zh": 26, "en": 14}  # characters, words


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2019-{text}")


def view_of(store: Store, as_of: str | None = None, compare_on: str | None = None, **choices: object) -> View:
    return look(store, Choices(as_of=as_of and day(as_of), compare_on=compare_on and day(compare_on), **choices))


def texts(exhibit: Exhibit) -> list[list[str]]:
    """The table as it is read; a cell with a tone of its own begins with its symbol."""
    assert isinstance(exhibit.shape, Table)
    return [[f"{cell.symbol} {cell.text}".strip() for cell in row] for row in exhibit.shape.rows]


def values(exhibit: Exhibit) -> list[str]:
    assert isinstance(exhibit.shape, Figures)
    return [figure.value for figure in exhibit.shape.items]


def publish(store: Store, scratch: Path, weeks: Mapping[str, Mapping[str, str]]) -> Store:
    """A store of hand-written releases: as-of day → ledger → its lines as CSV."""
    parent = None
    scratch.mkdir(parents=True)
    for week, files in weeks.items():
        paths = {name: scratch / f"{week}-{name}.csv" for name in files}
        for name, path in paths.items():
            path.write_text(files[name].strip() + "\n", encoding="utf-8")
        tables = [table for table in declared_ledgers().values() if table.name in files]
        note = releases.Note("测试", day(week), "一周", "A week", "upload" if parent else "first")
        read = [ledgers.read(paths[table.name], table) for table in tables]
        parent = store.publish(read, note, parent).number
    return store


# --- all of them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("as_of", [None, "09-20"])  # the tiny data have nothing to compare the first week with
@pytest.mark.parametrize("district", [None, "first"])
@pytest.mark.parametrize("which", ["tiny", "article"])
def test_every_exhibit_is_drawn_under_a_short_title(which, district, as_of, lang, tiny_store, article_store):
    store = {"tiny": tiny_store, "article": article_store}[which]
    first = view_of(store).ask("districts").rows[0][0]
    view = view_of(store, as_of, lang=lang, district=first if district else None)
    for build in EXHIBITS:
        exhibit = build(view)
        assert CATALOGUE[exhibit.name].make is build
        assert 0 < len(exhibit.title if lang == "zh" else exhibit.title.split()) <= LONGEST_TITLE[lang], exhibit.title
        assert set(exhibit.kpis) <= set(queries.answers()["kpis"].definitions)
        assert html.drawn(exhibit.shape, "light", lang) or not exhibit.shape.items
        if lang == "en":
            shape = exhibit.shape
            own = [exhibit.title, exhibit.note, *([*shape.columns, shape.empty] if isinstance(shape, Table) else [])]
            assert not [text for text in own if CHINESE.search(text)], exhibit.name


def test_every_exhibit_has_something_to_say_of_the_demo(demo_store):
    view = view_of(demo_store)
    for build in EXHIBITS:
        exhibit = build(view)
        assert exhibit.is_demo, exhibit.name
        assert len(exhibit.title) <= LONGEST_TITLE["zh"], exhibit.title
        assert getattr(exhibit.shape, "rows", ()) or getattr(exhibit.shape, "items", ()), exhibit.name


# --- promises ----------------------------------------------------------------------------------------------------

MEASURES = "action_id,content,rect_type,started_on,due_on,status,done_on,result_note,applied_on,verified_by,closed_on"
# First week: four measures, none closed, A-1 late. Second: A-2 closed, which makes 1/4; three are open.
# Third: A-1 has a later date, so that nothing is late; A-5, a long-term one, makes four open ones of five measures.
PROMISED = {
    "09-06": {
        "action": f"""
{MEASURES}
A-1,甲,限期整改,2019-09-01,2019-09-05,整改中,,,,,
A-2,乙,限期整改,2019-09-01,2019-10-30,整改中,,,,,
A-3,丙,限期整改,2019-09-01,2019-10-30,整改中,,,,,
A-4,丁,限期整改,2019-09-01,2019-10-30,整改中,,,,,
""",
        "meeting": "meeting_id,title,held_on,as_of_on\nHY-1,第一次会,2019-09-07,2019-09-06",
        "commitment": """
commitment_id,meeting_id,content,unit,due_on,kpi,target_value
YD-01,HY-1,逾期清零,一科,2019-09-10,K09,0
YD-02,HY-1,早已办了,一科,2019-09-10,,
""",
    },
    "09-13": {
        "action": f"{MEASURES}\nA-2,乙,限期整改,,,已销号,2019-09-12,好,2019-09-12,办公室,2019-09-13",
        "meeting": "meeting_id,title,held_on,as_of_on\nHY-2,第二次会,2019-09-14,2019-09-13",
        "commitment": """
commitment_id,meeting_id,content,unit,due_on,kpi,target_value,done_on
YD-02,HY-1,早已办了,一科,2019-09-10,,,2019-09-09
YD-03,HY-2,迟了一天,,2019-09-18,,,
YD-04,HY-2,销号过半,二科,2019-09-19,K03,0.5,
YD-05,HY-2,不再逾期,二科,2019-09-30,K09,0,
YD-06,HY-2,答复九成,二科,2019-09-20,K28,0.9,
YD-07,HY-2,只剩两条,三科,,K20,2,
YD-08,HY-2,定满十条,三科,2019-09-21,K02,10,
""",
    },
    "09-20": {
        "action": f"""
{MEASURES}
A-1,甲,限期整改,2019-09-01,2019-10-10,整改中,,,,,
A-5,戊,长期坚持,2019-09-16,,整改中,,,,,
""",
        "extension": """
extension_id,action_id,requested_on,old_due_on,new_due_on,reason,decision,decided_by,decided_on
YQ-1,A-1,2019-09-16,2019-09-05,2019-10-10,人手不足,同意,办公室,2019-09-17
""",
        "meeting": "meeting_id,title,held_on,as_of_on\nHY-3,第三次会,2019-09-21,2019-09-20",
        "commitment": """
commitment_id,meeting_id,content,unit,due_on,kpi,target_value,done_on
YD-03,HY-2,迟了一天,,2019-09-18,,,2019-09-19
YD-04,HY-2,销号过半,二科,2019-09-19,K03,0.5,2019-09-19
YD-09,HY-3,这次会上的,一科,2019-09-30,,,
""",
    },
}


@pytest.fixture(scope="module")
def promised_store(tmp_path_factory) -> Store:
    root = tmp_path_factory.mktemp("promised")
    return publish(Store(root / "store"), root / "files", PROMISED)


def test_promises_are_judged_by_the_clerk_and_their_figures_by_the_ledgers(promised_store):
    exhibit = promises.promises(view_of(promised_store))
    assert texts(exhibit) == [
        # promised at the first meeting and still open: said to be of that day; 1 late then, none now
        ["（9月7日会上）逾期清零", "一科", "9月10日", "× 超期未办 10 天", "逾期数：1 → 0 → 0", "✓ 已达到"],
        # due on the as-of day is not late; no suggestion is on record, so that nobody can say
        ["答复九成", "二科", "9月20日", "◐ 未办", "意见办结率：未提供 → 90% → 未提供", "▨ 无法判断"],
        # 4 measures then, 5 now
        ["定满十条", "三科", "9月21日", "◐ 未办", "整改措施数：4 → 10 → 5", "◐ 有进展，未达到"],
        # the figure came true before anybody said that it was done
        ["不再逾期", "二科", "9月30日", "◐ 未办", "逾期数：1 → 0 → 0", "✓ 已达到"],
        # no due date; A-5 came on top
        ["只剩两条", "三科", "—", "○ 未办，未定时限", "剩余未销号数：3 → 2 → 4", "▲ 变差了"],
        ["迟了一天", "未提供", "9月18日", "▲ 超期办结（9月19日）", "没有定指标", ""],
        # said to be done on its due date, and nothing moved
        ["销号过半", "二科", "9月19日", "✓ 已办（9月19日）", "措施销号率：25% → 50% → 25%", "▲ 已办，指标没动"],
    ]
    assert exhibit.title == "上次议定 6 项，已办 2 项，指标达到 1/4"  # of five figures one is not known
    assert exhibit.note == "1 项说已办，但指标没有变好 · 更早的会议还有 1 项未办"
    assert "第二次会（2019-09-14）" in exhibit.caption
    assert set(exhibit.kpis) == {"K02", "K03", "K09", "K20", "K28"}


def test_what_stands_behind_the_promises_are_the_figures_then_and_now(promised_store):
    exhibit = promises.promises(view_of(promised_store))
    asked = [(answer.query.name, answer.release.as_of) for answer in exhibit.answers]
    assert sorted(asked[2:]) == [("kpis", day("09-06")), ("kpis", day("09-13"))]
    assert asked[:2] == [("commitments", day("09-20")), ("kpis", day("09-20"))]


def test_the_promises_of_the_meeting_being_held_belong_to_the_next_one(promised_store):
    shown = {row[0] for row in texts(promises.promises(view_of(promised_store, "09-20")))}
    assert "这次会上的" not in shown
    next_week = promises.promises(view_of(promised_store, "09-27", "09-20"))
    assert "这次会上的" in {row[0] for row in texts(next_week)}


def test_compared_with_an_earlier_meeting_the_promises_made_since_are_all_shown(promised_store):
    exhibit = promises.promises(view_of(promised_store, "09-20", "09-06"))
    assert len(texts(exhibit)) == 8  # both meetings whole, what is done as well
    assert exhibit.title == "上次议定 8 项，已办 3 项，指标达到 2/5"
    assert "更早" not in exhibit.note


def test_without_a_meeting_on_the_compared_day_or_since_the_newest_one_counts(tmp_path):
    weeks = {week: dict(files) for week, files in PROMISED.items()}
    weeks["09-20"] = {name: text for name, text in weeks["09-20"].items() if name in ("action", "extension")}
    weeks["09-27"] = {"action": f"{MEASURES}\nA-3,丙,,,,,,,,,"}
    store = publish(Store(tmp_path / "store"), tmp_path / "files", weeks)
    view = view_of(store, "09-27", "09-20")
    assert view.compare_on == day("09-20")
    exhibit = promises.promises(view)
    assert exhibit.title.startswith("上次议定 6 项")
    assert [row[0] for row in texts(exhibit)][:2] == ["（9月7日会上）逾期清零", "迟了一天"]


def test_before_the_first_meeting_nothing_was_promised(promised_store, article_store):
    for store, as_of in ((promised_store, "09-06"), (article_store, None)):
        exhibit = promises.promises(view_of(store, as_of))
        assert (exhibit.title, texts(exhibit)) == ("此前没有开过汇报会", [])


def test_a_meeting_without_promises_is_said_to_be_one(tmp_path):
    weeks = {
        "09-06": {"meeting": PROMISED["09-06"]["meeting"], "action": PROMISED["09-06"]["action"]},
        "09-13": {"action": PROMISED["09-13"]["action"]},
    }
    exhibit = promises.promises(view_of(publish(Store(tmp_path / "store"), tmp_path / "files", weeks)))
    assert (exhibit.title, texts(exhibit)) == ("上次会议没有记下议定事项", [])


def test_only_older_promises_make_a_title_of_their_own(tmp_path):
    weeks = {
        "09-06": PROMISED["09-06"],
        "09-13": {"action": PROMISED["09-13"]["action"], "meeting": PROMISED["09-13"]["meeting"]},
        "09-20": {"action": PROMISED["09-20"]["action"], "extension": PROMISED["09-20"]["extension"]},
    }
    exhibit = promises.promises(view_of(publish(Store(tmp_path / "store"), tmp_path / "files", weeks)))
    assert exhibit.title == "更早的会议还有 2 项未办"
    assert exhibit.note == ""


def test_asked_about_an_earlier_day_what_was_done_later_is_not_done_yet(promised_store):
    asked = promised_store.live().ask("commitments", as_of=day("09-18"))
    states = dict(zip(asked.column("commitment_id"), asked.column("state"), strict=True))
    assert states == {
        "YD-01": "late",
        "YD-02": "done",
        "YD-03": "open",
        "YD-04": "open",
        "YD-05": "open",
        "YD-06": "open",
        "YD-07": "undated",
        "YD-08": "open",
    }


def test_a_figure_on_a_day_without_a_release_is_counted_on_that_day(tiny_store):
    """The second week's data, looked at a week later: CS-019 is late since September, CS-006 since 3 October."""
    view = view_of(tiny_store)
    assert kpi(view.ask_on(day("09-27"), "kpis"), "K09").value == 1
    assert kpi(view.ask_on(day("10-04"), "kpis"), "K09").value == 2
    assert view.ask_on(day("09-01"), "kpis") is None


def test_the_promises_of_the_demo_worked_out_by_hand(demo_store):
    assert texts(promises.promises(view_of(demo_store, "11-22", "11-08"))) == [
        ["11月22日前逾期事项清零", "整改工作专班", "11月22日", "◐ 未办", "逾期数：1 → 0 → 1", "▲ 没有动"],
        ["例会合并事项11月15日前办结", "办公室", "11月15日", "✓ 已办（11月12日）", "没有定指标", ""],
        # 4 of 13 topics had a report on 8 November, 9 on the 22nd; shares are cut, not rounded
        [
            "11月22日前六成以上课题形成报告",
            "办公室",
            "11月22日",
            "✓ 已办（11月21日）",
            "课题完成率：30.8% → 60% → 69.2%",
            "✓ 已达到",
        ],
    ]


# --- changes -----------------------------------------------------------------------------------------------------


def test_changes_count_measures_and_each_once(tiny_store):
    """CS-018 and CS-020 are new; CS-003, CS-005, CS-006 moved on; CS-015 and CS-018 closed. CS-017 was reopened and
    has a new date, CS-016 was sent back, CS-004 moved back, CS-011 is cancelled."""
    exhibit = meeting.changes(view_of(tiny_store))
    assert values(exhibit) == ["2", "3", "2", "3"]
    assert exhibit.shape.items[3].detail == "退回 1 · 反弹重启 1 · 时限调整 1 · 倒退 1"
    assert exhibit.title == "较 9月27日：新增 2，推进 3，销号 2"
    assert exhibit.caption == "2019-09-27 至 2019-10-11 · 撤销并入 1"


def test_a_week_in_which_nothing_moved_says_so(tiny_store):
    exhibit = meeting.changes(view_of(tiny_store, "10-18", "10-11"))
    assert (values(exhibit), exhibit.title) == (["0", "0", "0", "0"], "较 10月11日 没有变化")
    assert meeting.moved(view_of(tiny_store, "10-18", "10-11")).title == "较 10月11日 没有变化"


def test_without_a_day_to_compare_with_there_are_no_figures(article_store):
    for build in (meeting.changes, meeting.moved):
        exhibit = build(view_of(article_store))
        assert exhibit.title == "无上期可比，不列变化"
    assert values(meeting.changes(view_of(article_store))) == []


def test_measures_without_a_status_cannot_be_said_not_to_have_moved(tmp_path):
    weeks = {week: {"action": "action_id,content\nA-1,甲"} for week in ("09-06", "09-13")}
    view = view_of(publish(Store(tmp_path / "store"), tmp_path / "files", weeks))
    assert view.compare_on == day("09-06")
    assert values(meeting.changes(view)) == ["0", "未提供", "未提供", "未提供"]  # none is new, that much is known
    assert meeting.changes(view).title == meeting.moved(view).title == "未提供状态，不知较 9月6日 有无变化"


def test_the_moves_come_in_the_order_a_chair_asks_for_them(tiny_store):
    moves = [row[0] for row in texts(meeting.moved(view_of(tiny_store)))]
    assert moves == [
        "销号",
        "销号",
        "退回",
        "反弹重启",
        "倒退",
        "时限调整",
        "推进",
        "推进",
        "推进",
        "新增",
        "新增",
        "撤销合并",
    ]
    assert meeting.moved(view_of(tiny_store)).title == "10 条措施有变化"


# --- decisions ---------------------------------------------------------------------------------------------------


def test_decisions_are_what_waits_then_what_was_decided_since(tiny_store):
    exhibit = meeting.decisions(view_of(tiny_store))
    assert texts(exhibit) == [
        ["◇ 延期待批", "开展集中学习", "一科", "10月10日 → 10月31日", "场地未定"],
        ["▲ 退回", "修订手册", "二科", "10月25日", "内容不全"],
        ["· 延期已批准", "整改会风", "三科", "9月25日 → 10月25日", "（逾期后申请）问题反弹"],
        ["· 延期已批准", "整改会风", "三科", "10月25日 → 11月8日", "仍需时间"],
    ]
    assert exhibit.title == "2 项需要今天决定"


def test_what_was_sent_back_before_the_compared_day_was_dealt_with_then(tiny_store):
    kinds = [row[0] for row in texts(meeting.decisions(view_of(tiny_store, "10-18", "10-11")))]
    assert kinds == ["◇ 延期待批"]


@pytest.mark.parametrize(("day", "before"), [("10-11", "10-04"), ("10-18", "10-11"), ("09-20", None)])
def test_what_waits_is_counted_by_what_it_is_not_by_how_it_looks(tiny_store, day, before):
    """Requests without an answer and measures sent back: what was decided since is listed with them and not counted."""
    view = view_of(tiny_store, day, before) if before else view_of(tiny_store, day)
    words = [row[0].split()[-1] for row in texts(meeting.decisions(view))]
    assert meeting.to_decide(view) == sum(word in ("延期待批", "退回") for word in words)


def test_an_extension_of_a_measure_that_is_closed_needs_no_decision(tmp_path):
    asked = """
extension_id,action_id,requested_on,old_due_on,new_due_on,reason,decision
YQ-8,A-2,2019-09-11,2019-10-30,2019-11-30,人手不足,待定
YQ-9,A-3,2019-09-11,2019-10-30,2019-11-30,人手不足,待定
"""
    weeks = {"09-06": PROMISED["09-06"], "09-13": {**PROMISED["09-13"], "extension": asked}}
    exhibit = meeting.decisions(view_of(publish(Store(tmp_path / "store"), tmp_path / "files", weeks)))
    assert [row[:2] for row in texts(exhibit)] == [["◇ 延期待批", "丙"]]


def test_nothing_to_decide_is_said_only_where_it_is_known(tiny_store, article_store):
    assert meeting.decisions(view_of(tiny_store, "09-20")).title == "今天没有需要决定的事项"
    assert meeting.decisions(view_of(article_store)).title == "延期和退回情况未提供"


# --- results -----------------------------------------------------------------------------------------------------


def test_results_are_reports_proposals_and_rules(tiny_store):
    """KT-1 and KT-4 of three topics with a status; JY-1 and JY-4 of three proposals with one; WJ-1 and WJ-2."""
    exhibit = meeting.results(view_of(tiny_store))
    assert values(exhibit) == ["2/3", "2/3", "2"]
    assert [figure.detail for figure in exhibit.shape.items] == ["66.7% · 已知 3/4", "66.7% · 1 条未提供", ""]
    changed = [figure.change.removeprefix("较 9月27日 ") for figure in exhibit.shape.items]
    assert changed == ["增加 1", "增加 1", "持平"]
    assert exhibit.title == "报告 2 份，建议转化 2 条，制度方案 2 份"


def test_of_the_article_three_reports_are_known_and_no_share_of_topics(article_store):
    exhibit = meeting.results(view_of(article_store))
    assert values(exhibit) == ["3", "未提供", "至少 4"]
    assert exhibit.shape.items[0].detail == "列名课题 3 个，通报 13 个"
    assert exhibit.title == "报告 3 份，制度方案 至少 4 份"  # what became of the proposals is not stated: it is no zero


def test_results_that_no_ledger_knows_are_not_none(tmp_path):
    exhibit = meeting.results(
        view_of(publish(Store(tmp_path / "store"), tmp_path / "files", {"09-06": {"action": MEASURES}}))
    )
    assert values(exhibit) == ["未提供"] * 3
    assert exhibit.title == "报告、建议和制度的情况未提供"


def test_the_list_of_results_holds_what_the_figures_count_the_newest_first(tiny_store):
    exhibit = meeting.result_list(view_of(tiny_store))
    assert texts(exhibit) == [
        ["9月25日", "制度", "议事规则", "✓ 新制定"],
        ["9月23日", "调研建议", "建侨务智库", "✓ 已采纳"],
        ["未提供", "方案", "巡查方案", "✓ 修订完善"],
        ["未提供", "调研建议", "定期议事", "✓ 已转化为制度政策"],
    ]
    assert exhibit.title == "制度方案 2 份，建议转化 2 条"
    assert exhibit.note == "另有 1 条建议尚未转化 · 1 条建议是否转化未提供"


# --- next steps --------------------------------------------------------------------------------------------------


def test_next_steps_end_with_the_last_day_there_is(tiny_store):
    exhibit = meeting.next_steps(look(tiny_store, Choices(as_of=dt.date.max)))
    assert (exhibit.caption.count("9999-12-31"), exhibit.shape.rows) == (2, ())


def test_next_steps_reach_two_updates_ahead_and_leave_out_what_is_late(tiny_store):
    """Fourteen days: 11 October and 25 October are within. Late are CS-002, CS-006, CS-019 and the promise YD-1;
    CS-005 was done in time and awaits verification, which is neither."""
    exhibit = meeting.next_steps(view_of(tiny_store))
    assert texts(exhibit) == [
        ["10月11日", "今天到期", "制定学习计划", "一科", "▲ 整改措施 · 临期"],
        ["10月11日", "今天到期", "逾期清零", "二科", "议定事项"],
        ["10月18日", "还有 7 天", "组织党课", "二科", "▲ 整改措施 · 临期"],
        ["10月19日", "还有 8 天", "走访基层", "二科", "◐ 整改措施 · 正常"],
        ["10月25日", "还有 14 天", "增加线上宣传", "三科", "◐ 整改措施 · 正常"],
        ["10月25日", "还有 14 天", "修订手册", "二科", "◐ 整改措施 · 正常"],
    ]
    assert (exhibit.title, exhibit.note) == ("今后 14 天有 6 项到期", "另有 4 项已经逾期，见前面各页")
    assert "2019-10-11 至 2019-10-25" in exhibit.caption


def test_without_any_due_date_nobody_knows_what_comes_next(article_store):
    exhibit = meeting.next_steps(view_of(article_store))
    assert (exhibit.title, texts(exhibit)) == ("完成时限未提供", [])


def test_when_nothing_falls_due_that_is_said(tiny_store):
    assert meeting.next_steps(view_of(tiny_store, "12-20")).title == "今后 14 天没有到期的事项"


# --- cover and definitions ---------------------------------------------------------------------------------------


def test_the_cover_says_whose_data_of_when_and_how_far_to_trust_them(tiny_store):
    exhibit = meeting.cover(view_of(tiny_store))
    assert texts(exhibit) == [
        ["活动", "测试单位 · 学习教育活动 · 第二批"],
        ["数据截至", "2019-10-11 · 第 3 版 · 含示例数据（虚构，仅供演示）"],
        ["对比", "2019-09-27 · 第一次推进会"],
        ["台账", "问题 7 个、措施 19 条 · 另有 2 个问题已撤销或并入 · 另有 1 条措施已撤销或并入 · 必填项已填 94.6%"],
        # 7 issues as reported; 18 measures reported, 19 in the ledger; 22 sessions reported, fewer there
        ["与通报数对照", "通报 3 项 · 1 项一致 · 1 项少于通报 · 1 项多于通报"],
        ["责任单位", "6 个有措施 · 1 个静默：五科"],
    ]
    assert exhibit.title == "数据截至 2019-10-11，2 项与通报数不一致"


def test_old_data_are_said_to_be_old_before_anything_else(tiny_store):
    exhibit = meeting.cover(view_of(tiny_store, "10-21"))
    assert exhibit.title == "数据截至 2019-10-21，已 10 天未更新"
    assert "已 10 天未更新" in texts(exhibit)[1][1]


def test_the_cover_of_the_article_knows_little_and_says_so(article_store):
    said = dict(texts(meeting.cover(view_of(article_store))))
    assert ("对比" in said, said["责任单位"]) == (False, "责任单位未提供")
    assert said["台账"] == "问题 1 个、措施 6 条"  # completeness is not known, so it is not mentioned
    assert said["与通报数对照"] == "通报 8 项 · 1 项一致 · 3 项少于通报 · 4 项没有台账"


def test_the_cover_of_the_demo_agrees_with_every_report(demo_store):
    assert meeting.cover(view_of(demo_store)).title == "数据截至 2019-11-29，与通报数一致"


def test_without_reported_figures_and_units_the_cover_still_stands(tmp_path):
    exhibit = meeting.cover(
        view_of(publish(Store(tmp_path / "store"), tmp_path / "files", {"09-06": {"action": MEASURES}}))
    )
    said = dict(texts(exhibit))
    assert (said["活动"], said["台账"]) == ("未提供", "问题未提供、措施未提供")
    assert "与通报数对照" not in said
    assert exhibit.title == "数据截至 2019-09-06"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_definitions_are_those_of_the_headline_figures_of_the_usual_script(lang, demo_store):
    view = view_of(demo_store, lang=lang)
    made = [CATALOGUE[name].exhibit(view) for line in DEFAULT_SCRIPT for name in line.exhibits]
    shown = {code for one in made if isinstance(one.shape, Figures) for code in one.kpis}
    exhibit = meeting.definitions(view)
    assert [row[0] for row in texts(exhibit)] == sorted(shown) == list(exhibit.kpis)
    whole = queries.answers()["kpis"].definitions
    stop = "。" if lang == "zh" else "."
    for code, _, said in texts(exhibit):
        assert said.endswith(stop)
        assert view.t.of(whole[code]).startswith(said.removesuffix(stop)), code


def test_the_rows_behind_the_changes_are_the_measures_counted_whatever_day_is_compared(demo_store):
    for day in (dt.date(2019, 11, 22), dt.date(2019, 11, 8)):  # the release before, and a meeting long before that
        view = look(demo_store, Choices(compare_on=day))
        moves = meeting.changes(view).answers[0]
        behind = rows_behind(moves, view)
        assert behind.params["compare_on"] == day
        assert set(behind.column("action_id")) == set(moves.column("action_id"))
        assert traced(behind, view).rows
