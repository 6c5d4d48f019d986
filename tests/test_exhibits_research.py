"""What the pages on study, research and review say: findings, unknowns, units; on the tiny and the article's data."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

from taizhang.declared import queries
from taizhang.declared.tables import code_lists
from taizhang.declared.wording import words_of
from taizhang.drawing import html
from taizhang.drawing.palette import SYMBOLS
from taizhang.drawing.shapes import TONES, Bars, Figures, Matrix, Table, TileMap
from taizhang.exhibits import Exhibit, coverage, rectification, research, review, study, suggestions, tones, topics
from taizhang.exhibits.opened import opened
from taizhang.exhibits.views import Choices, View, look
from taizhang.store import Store

EXHIBITS: tuple[Callable[[View], Exhibit], ...] = (
    research.figures,
    coverage.town_map,
    coverage.districts,
    coverage.to_visit,
    topics.by_district,
    topics.listed,
    suggestions.handling,
    suggestions.listed,
    topics.proposals,
    study.figures,
    study.kinds,
    study.documented,
    study.materials,
    study.events,
    review.funnel,
    review.by_level,
    review.by_nature,
    review.by_dimension,
    review.by_source,
    review.issues,
    review.without_measures,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def view_of(store: Store, lang: str = "zh", district: str | None = None, as_of: dt.date | None = None) -> View:
    return look(store, Choices(lang=lang, district=district, as_of=as_of))


def values(exhibit: Exhibit) -> list[str]:
    assert isinstance(exhibit.shape, Figures)
    return [figure.value for figure in exhibit.shape.items]


# --- all of them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("district", [None, "first"])
@pytest.mark.parametrize("which", ["tiny", "article"])
def test_every_exhibit_is_drawn_and_keeps_its_promises(which, district, lang, tiny_store, article_store):
    store = {"tiny": tiny_store, "article": article_store}[which]
    first = view_of(store).ask("districts").rows[0][0]
    view = view_of(store, lang, first if district else None)
    made = [build(view) for build in EXHIBITS]
    assert len({exhibit.name for exhibit in made}) == len(made)
    for exhibit in made:
        assert exhibit.title, exhibit.name
        assert view.t.day(view.as_of) in exhibit.caption or not exhibit.shape.items, exhibit.name
        assert set(exhibit.kpis) <= set(queries.answers()["kpis"].definitions), exhibit.name
        for theme in ("light", "dark"):
            assert html.drawn(exhibit.shape, theme, lang)


@pytest.mark.parametrize("which", ["tiny", "article"])
def test_an_english_page_says_nothing_in_chinese_but_what_stands_in_the_ledgers(which, tiny_store, article_store):
    view = view_of({"tiny": tiny_store, "article": article_store}[which], "en")
    for build in EXHIBITS:
        exhibit = build(view)
        said = [exhibit.title, exhibit.caption, exhibit.note]
        shape = exhibit.shape
        if isinstance(shape, Figures):
            said += [
                text for figure in shape.items for text in (figure.label, figure.value, figure.detail, figure.change)
            ]
        if isinstance(shape, Bars):
            said += [shape.unit, *(text for bar in shape.items for text in (bar.label, bar.text))]
        if isinstance(shape, Table):
            said += [*shape.columns, shape.empty]
        if isinstance(shape, Matrix):
            said += [shape.corner, shape.total_label, *shape.rows]
        if isinstance(shape, TileMap):
            said += [entry.label for entry in shape.legend] + [tile.label for tile in shape.tiles]
        assert not [text for text in said if CHINESE.search(text)], exhibit.name


@pytest.mark.parametrize("group", ["research", "study", "review"])
def test_both_languages_have_the_same_keys_and_a_blank_in_one_is_in_the_other(group):
    chinese, english = (
        {key: text for key, text in words_of(lang).items() if key.startswith(f"{group}.")} for lang in ("zh", "en")
    )
    assert chinese.keys() == english.keys()
    assert {f"{group}.menu", f"{group}.question"} <= chinese.keys()
    for key, text in chinese.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key


@pytest.mark.parametrize(
    ("mapping", "code_list"),
    [
        (tones.TONE_OF_STATUS, "status"),
        (tones.TONE_OF_LIGHT, "light"),
        (tones.TONE_OF_MOVE, "move"),
        (tones.TONE_OF_ATTENTION, "attention"),
        (tones.TONE_OF_TOWN_STATE, "town_state"),
        (tones.TONE_OF_TOPIC, "topic_status"),
        (tones.TONE_OF_DISPOSITION, "disposition"),
        (tones.TONE_OF_PROPOSAL, "proposal_status"),
        (tones.TONE_OF_COMMITMENT, "commitment_state"),
    ],
)
def test_every_code_has_a_tone_and_every_tone_a_symbol(mapping, code_list):
    assert {one.code for one in code_lists()[code_list]} <= set(mapping)
    assert set(mapping.values()) <= set(TONES) & set(SYMBOLS)


# --- research on the tiny data -----------------------------------------------------------------------------------


def test_towns_are_counted_once_and_only_in_scope(tiny_store):
    exhibit = research.figures(view_of(tiny_store))
    assert exhibit.title == "2/5 个乡镇已走访，2/3 个市区有人到过"
    assert values(exhibit)[:2] == ["2/3", "2/5"]


def test_a_reported_figure_stands_beside_the_ledger_with_the_difference(tiny_store):
    sessions = research.figures(view_of(tiny_store)).shape.items[2]
    assert sessions.value == "3"
    assert "座谈会 2、研讨会 1" in sessions.detail
    assert "通报 22 场，台账少 19" in sessions.detail


def test_the_map_shows_every_town_in_its_state(tiny_store):
    exhibit = coverage.town_map(view_of(tiny_store))
    assert {entry.state: entry.count for entry in exhibit.shape.legend} == {
        "visited": 2,
        "planned": 1,
        "not_visited": 2,
        "out_of_scope": 2,
    }
    assert exhibit.title == "还有 3 个乡镇没有走访，其中 1 个已计划"
    assert {group.code: group.count for group in exhibit.shape.groups} == {
        "district:MCA-E": "2/3",
        "district:MCA-W": "0/2",
        "district:MCA-S": "—",
    }


def test_the_title_of_the_map_speaks_of_the_chosen_district_alone(tiny_store):
    for lang, said in (("zh", "西市：2 个乡镇都还没有走访"), ("en", "Towns visited yet: 0 of 2 (West City)")):
        view = look(tiny_store, Choices(lang=lang, district="MCA-W"))
        assert coverage.town_map(view).title == said
        assert len(coverage.town_map(view).shape.tiles) == len(coverage.town_map(view_of(tiny_store)).shape.tiles)


def test_a_click_on_a_tile_opens_its_town_with_its_visits(tiny_store):
    view = view_of(tiny_store)
    visited = next(one for one in coverage.town_map(view).shape.tiles if one.state == "visited")
    exhibit = opened(view, visited.pick)
    assert exhibit.answers[0].column("town_code") == [visited.code]
    assert {row["town_name"] for row in exhibit.answers[1].records()} == {exhibit.answers[0].column("town_name")[0]}
    assert visited.note.startswith(f"{exhibit.title}\n")
    assert opened(view, "town:nowhere") is None
    assert opened(view, "page:study") is None


def test_a_register_without_tiles_is_laid_by_district_and_one_with_some_keeps_them():
    rows = [
        {"town_code": f"T{place}", "district_code": f"D{place // 3}", "tile_row": None, "tile_col": None}
        for place in range(6)
    ]
    laid = coverage.spots(rows)
    assert len(set(laid.values())) == 6
    assert {laid[f"T{place}"][1] < laid["T3"][1] for place in range(3)} == {True}  # the first district on the left
    assert coverage.spots([{**rows[0], "tile_row": 2, "tile_col": 5}, *rows[1:]]) == {"T0": (2, 5)}


def test_a_district_whose_towns_no_one_visited_is_named(tiny_store):
    exhibit = coverage.districts(view_of(tiny_store))
    assert exhibit.title == "西市还没有走访过乡镇，0/2"
    assert [(bar.label, bar.value, bar.of) for bar in exhibit.shape.items] == [("西市", 0.0, 2.0), ("东区", 2.0, 3.0)]
    assert "1 次走访" in exhibit.note  # the one outside the city


def test_a_chosen_district_narrows_figures_and_lists_and_is_marked_on_the_map(tiny_store):
    view = view_of(tiny_store, district="MCA-W")
    assert research.figures(view).title == "西市还没有走访过乡镇"
    assert values(research.figures(view))[0] == "0/2"
    assert [row[0].text for row in coverage.to_visit(view).shape.rows] == ["西市"]
    assert [group.code for group in coverage.town_map(view).shape.groups if group.is_chosen] == ["district:MCA-W"]
    assert {row[2].text for row in suggestions.listed(view).shape.rows} == {"西市"}


def test_planned_visits_are_told_from_made_ones_and_zero_is_a_zero(tiny_store):
    shape = topics.by_district(view_of(tiny_store)).shape
    east = dict(zip(shape.columns, shape.cells[shape.rows.index("东区")], strict=True))
    assert (east["KT-1"].text, east["KT-1"].tone) == ("2", "done")
    assert (east["KT-2"].text, east["KT-2"].tone) == ("1+1", "done")
    assert (east["KT-3"].text, east["KT-3"].tone) == ("0", "idle")
    assert east["KT-1"].pick == "district:MCA-E"


def test_duplicates_are_in_no_share_of_the_suggestions(tiny_store):
    exhibit = suggestions.handling(view_of(tiny_store))
    assert exhibit.title == "已知 6/7 条意见的办理结果，其中 2 条已解决"
    said = {bar.label: bar.text for bar in exhibit.shape.items}
    assert said["重复合并"] == "1"
    assert said["未提供"].startswith("1/7")


def test_proposals_without_a_state_are_not_in_the_rate(tiny_store):
    assert topics.proposals(view_of(tiny_store)).title == "2/3 条调研建议已转化，另 1 条未提供"


# --- study and review on the tiny data -----------------------------------------------------------------------------


def test_study_events_without_a_day_count_but_are_not_dated(tiny_store):
    exhibit = study.figures(view_of(tiny_store))
    assert exhibit.title == "4 次学习教育活动中 3 次有日期"
    assert values(exhibit) == ["4", "1", "3/4", "2/4"]


def test_a_field_that_does_not_apply_is_neither_a_gap_nor_a_zero(tiny_store):
    shape = study.documented(view_of(tiny_store)).shape
    district = shape.columns.index("市区")
    assert shape.cells[shape.rows.index("学习教育")][district].text == ""
    assert shape.cells[shape.rows.index("调查研究")][district].text == "2/3"


def test_the_return_rate_takes_only_rounds_where_both_numbers_are_known(tiny_store):
    exhibit = review.funnel(view_of(tiny_store))
    assert exhibit.title == "2 轮中两数都有的 1 轮，收回 15/20 份征求意见表（75%）"
    sent, returned = exhibit.shape.items[:2]
    assert (sent.value, sent.detail) == ("20", "2 轮中 1 轮有数")
    assert returned.value == "50"


def test_an_issue_without_measures_is_listed_and_a_cancelled_one_is_not(tiny_store):
    exhibit = review.without_measures(view_of(tiny_store))
    listed = [row[0].text for row in exhibit.shape.rows]
    assert "WT-002" in listed
    assert "WT-005" not in listed  # merged into another


# --- the article alone: what it does not say is never a zero ---------------------------------------------------------


def test_reported_figures_stand_in_for_places_the_article_does_not_name(article_store):
    exhibit = research.figures(view_of(article_store))
    assert exhibit.title == "走访了哪些乡镇未提供"
    assert values(exhibit) == ["通报 7", "通报 16", "通报 22", "未提供"]


def test_no_town_of_the_article_is_called_unvisited(article_store):
    view = view_of(article_store)
    assert [(entry.state, entry.count) for entry in coverage.town_map(view).shape.legend] == [("unknown", 73)]
    assert all(bar.value is None for bar in coverage.districts(view).shape.items)
    assert not coverage.to_visit(view).shape.rows
    cells = [cell for row in topics.by_district(view).shape.cells for cell in row]
    assert {cell.tone for cell in cells} == {"unknown"}


def test_the_article_gives_no_rate_of_topics_forms_or_proposals(article_store):
    view = view_of(article_store)
    assert topics.listed(view).title == "通报 13 个课题，台账列出 3 个，其中 3 个有报告"
    assert review.funnel(view).title == "收回 35 份，发放数未提供，不算回收率"
    assert topics.proposals(view).title == "3 条调研建议是否采纳，未提供"
    assert values(review.funnel(view)) == ["未提供", "35", "未提供", "1"]


def test_a_stage_that_no_round_states_is_not_counted_in_rounds(article_store):
    sent, returned = review.funnel(view_of(article_store)).shape.items[:2]
    assert [(one.value, one.detail) for one in (sent, returned)] == [("未提供", ""), ("35", "通报一致")]


def test_forms_and_suggestions_never_meet_on_one_axis(article_store):
    view = view_of(article_store)
    for build in EXHIBITS:
        exhibit = build(view)
        if isinstance(exhibit.shape, Bars):
            assert not {31.0, 35.0, 66.0} & {bar.value for bar in exhibit.shape.items}, exhibit.name


def test_what_no_one_classified_is_a_hatched_stub(article_store):
    for build in (review.by_level, review.by_nature, review.by_dimension, review.by_source):
        exhibit = build(view_of(article_store))
        assert [(bar.value, bar.tone) for bar in exhibit.shape.items] == [(None, "unknown")]


def test_classes_of_issues_stand_by_size_and_on_one_scale(demo_store):
    view = look(demo_store, Choices())
    made = [one(view).shape for one in (review.by_level, review.by_nature, review.by_dimension, review.by_source)]
    assert len({shape.longest for shape in made}) == 1
    for shape in made:
        sizes = [bar.value for bar in shape.items if bar.tone != "unknown"]
        assert sizes == sorted(sizes, reverse=True)


def test_what_does_not_occur_is_in_no_legend_and_is_no_bar(demo_store):
    view = look(demo_store, Choices())
    by_type, ageing = rectification.by_type(view).shape, rectification.ageing(view).shape
    assert all(any(series.values) for series in by_type.series)
    assert all(bar.value for bar in ageing.items)
    part = next(
        (one.picks[row], one.values[row]) for one in by_type.series for row in range(len(one.values)) if one.values[row]
    )
    assert len(opened(view, part[0]).answers[0].rows) == part[1]
    bar = ageing.items[0]
    assert len(opened(view, bar.pick).answers[0].rows) == bar.value
