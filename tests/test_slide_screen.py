"""Slides on the room's screen: nothing of the data becomes markup, every shape is drawn, nothing is too small."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from test_screen import ATTACKS, Elements, every_shape

from taizhang.drawing import palette
from taizhang.drawing.shapes import Bar, Bars, Cell, Figure, Figures, Outlines, Passage, Table
from taizhang.evidence.passports import stamped
from taizhang.exhibits import overview
from taizhang.exhibits.views import Choices, View, look
from taizhang.showing import meetings, room, slides
from taizhang.showing.commitments import NotACommitment, commitment
from taizhang.showing.meetings import Commitment, ScriptLine
from taizhang.showing.room import slide as slide_module
from taizhang.showing.slides import Showing, Slide

ROOM_THEMES = tuple(room.THEMES.values())
NEVER_ON_A_SLIDE = Figures | Passage | Outlines  # as such: figures stand above, outlines become their table
ON_A_SLIDE = [place for place, shape in enumerate(every_shape()) if not isinstance(shape, NEVER_ON_A_SLIDE)]


@pytest.fixture(scope="module", params=["zh", "en"])
def view(request, demo_store) -> View:
    return look(demo_store, Choices(lang=request.param))


def slide_of(view: View, body, said: str = "标题", **more: object) -> Slide:
    exhibit = stamped(overview.headline(view), view)
    widths = (1.0,) * len(body.columns) if isinstance(body, Table) else ()
    figures = Figures((Figure(said, f"{said} 3", said, said, passport=said),))
    given = {"figures": figures, "remarks": (said,), "note": said, "restated": (said,), **more}
    return Slide("overview.headline", said, said, body=body, widths=widths, exhibits=(exhibit,), view=view, **given)


def drawn(slide: Slide, theme: str = "room", title: str = "第三次推进会") -> str:
    meeting = meetings.prepare(slide.view, "HY-009", title, dt.date(2019, 12, 2))
    return room.slide_html(slide, Showing(meeting, slide.view, (slide,)), theme)


def slides_with(monkeypatch, view: View, shape) -> tuple[Slide, ...]:
    """The slides of a script line whose exhibit has this shape."""
    made_up = replace(overview.headline(view), shape=shape)
    monkeypatch.setattr(slides, "exhibit", lambda name, view: made_up)
    monkeypatch.setattr(slides, "stamped", lambda one, view: one)
    return slides.slides_of(ScriptLine(("overview.headline",)), view)


def test_a_slide_shows_four_figures_of_five(view, monkeypatch):
    five = Figures(tuple(Figure(f"数{number}", str(number)) for number in range(5)))
    (slide,) = slides_with(monkeypatch, view, five)
    assert [one.value for one in slide.figures.items] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(("count", "shown", "rest"), [(12, 12, 0), (13, 12, 1)])
def test_bars_beyond_twelve_are_counted_and_twelve_are_all_there(view, monkeypatch, count, shown, rest):
    bars = Bars(tuple(Bar(f"甲{number}", float(number), str(number)) for number in range(count)), "个")
    (slide,) = slides_with(monkeypatch, view, bars)
    assert len(slide.body.items) == shown
    assert (view.t("slides.rest", count=rest) in slide.remarks) == bool(rest)
    assert len(slide.remarks) == bool(slide.exhibits[0].note) + bool(rest)


def test_bars_of_which_one_is_known_are_not_empty(view, monkeypatch):
    (slide,) = slides_with(monkeypatch, view, Bars((Bar("甲", None, "—"), Bar("乙", 3.0, "3")), "个"))
    assert not slide.is_empty


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", ON_A_SLIDE)
def test_words_of_the_data_never_become_markup_on_a_slide(view, place, attack):
    attacked = slide_of(view, every_shape(attack)[place], attack)
    found = Elements(drawn(attacked, title=attack)).found
    harmless = Elements(drawn(slide_of(view, every_shape("一窗受理")[place], "一窗受理"))).found
    assert {tag for tag, _ in found} <= {tag for tag, _ in harmless} | {"tspan", "g"}
    attributes = {name for _, given in found for name in given}
    assert not {name for name in attributes if name.startswith("on") or name in ("x=", "href", "src")}
    assert attack in Elements(drawn(attacked)).text


@pytest.mark.parametrize("theme", ROOM_THEMES)
@pytest.mark.parametrize("place", ON_A_SLIDE)
def test_every_shape_stands_on_a_slide_and_nothing_on_it_can_be_picked(view, place, theme):
    markup = drawn(slide_of(view, every_shape()[place]), theme)
    assert f"tz-{theme}" in markup
    assert "data-pick" not in markup
    assert "href" not in markup


def test_the_footer_says_what_the_room_looks_at(demo_store):
    view = look(demo_store, Choices(district="MCA440783"))
    [slide] = slides.slides_of(ScriptLine(("overview.headline",)), view)
    foot = Elements(drawn(slide).rpartition("<footer")[2]).text
    days = (f"数据截至 {view.as_of}", f"对比 {view.compare_on}")
    for said in ("1/1", *days, "第 13 版", "开平市", "示例数据", slide.passport):
        assert said in foot, said


def test_a_slide_of_the_article_bears_no_demo_mark_and_one_of_the_demo_does(article_store, demo_store):
    for store, is_demo in ((article_store, False), (demo_store, True)):
        [slide] = slides.slides_of(ScriptLine(("overview.headline",)), look(store, Choices()))
        assert ("示例数据" in drawn(slide)) is is_demo


def test_a_figure_corrected_since_stands_out_and_a_slide_bears_one_code(demo_store):
    [slide] = slides.slides_of(ScriptLine(("overview.headline",)), look(demo_store, Choices()))
    markup = drawn(replace(slide, restated=("当时 82%，现为 79%",)))
    assert '<li class="tzs-restated">' in markup
    assert "当时 82%，现为 79%" in markup
    assert "tzs-restated" not in drawn(slide)
    assert markup.count(slide.passport) == 1
    assert not [one.label for one in slide.figures.items if one.passport in markup]


def test_words_that_stand_for_a_number_are_not_set_as_large_as_one(view):
    items = (Figure("甲", "11/16"), Figure("乙", "未提供"), Figure("丙", "31 reported"))
    markup = drawn(slide_of(view, None, figures=Figures(items)))
    assert '<p class="tzs-said">未提供</p>' in markup
    assert '<span class="tzs-beside">reported</span>' in markup
    assert markup.count('class="tzs-value"') == 2


def test_nothing_on_a_slide_is_too_small():
    sizes = slide_module.SIZES
    letters = ("title", "long-title", "heading", "text", "small", "cover", "foot")
    assert min(sizes[name] for name in letters) >= 2.2
    assert min(sizes["title"], sizes["long-title"]) >= 4
    assert sizes["value"] >= 9
    assert min(slide_module.TABLE_TEXTS) >= 2.2
    assert min(slide_module.DRAWING_TEXTS) * 0.85 >= 2.2  # a drawing writes no smaller than that share of its text


def test_the_style_sheet_names_only_sizes_and_colours_that_are_given():
    sheet = room.styles("room_dark")
    own = sheet[sheet.index(".tzs{") :]
    given = {part.partition(":")[0] for part in own[5 : own.index("}")].split(";")}
    used = {one.split(")")[0].split(",")[0] for one in own.split("var(")[1:] if one.startswith("--tzs-")}
    by_the_drawing = {
        "--tzs-columns",
        "--tzs-wide",
        "--tzs-high",
        "--tzs-shape",
        "--tzs-ui",
        "--tzs-bar",
        "--tzs-pad",
        "--tzs-of",
    }
    by_the_drawing |= {f"--tzs-{name}-{what}" for name in ("narrow", "wide") for what in ("text", "pad")}
    assert used <= given | by_the_drawing
    assert palette.surfaces("room_dark")["ground"] in own


ROOMS = ("narrow", "wide")


def test_every_size_and_weight_of_the_room_is_of_its_scale():
    """What stands on a slide is as large as a step of the scale; the windows around have sizes of their own."""
    sheet = (Path(slide_module.__file__).parent / "stage.css").read_text(encoding="utf-8")
    of_slide = "|".join([*slide_module.SIZES, *(f"{way}-text" for way in slide_module.WIDTHS), "of"])
    size = re.compile(rf"calc\(var\(--u\)\*var\(--tzs-({of_slide})\)\)|var\(--tzs-(ui|bar)\)|1(\.25|\.5)?em|inherit")
    sizes = re.findall(r"(?<![\w-])font-size:([^;}]+)", sheet)
    assert len(sizes) > 20
    assert [one for one in sizes if not size.fullmatch(one)] == []
    assert {*re.findall(r"(?<![\w-])font-weight:([^;}]+)", sheet)} <= {"400", "600", "700"}


def test_a_table_is_written_as_large_as_its_words_allow(view):
    def size(words: str, rows: int) -> float:
        table = Table(("甲", "乙"), ((Cell(words), Cell("1")),) * rows, "", (0,))
        markup = drawn(replace(slide_of(view, table, figures=None), widths=(0.8, 0.2)))
        narrow, wide = (float(markup.partition(f"--tzs-{name}-text:")[2].partition(";")[0]) for name in ROOMS)
        assert narrow <= wide
        return narrow

    largest = max(slide_module.TABLE_TEXTS)
    assert size("短", 3) == largest
    assert size("一句比较长的话，" * 8, 8) < largest
    assert size("Donaudampfschifffahrtsgesellschaftskapitaenswitwe" * 2, 1) < largest  # or the word would break


def test_a_short_term_is_broken_before_the_text_gets_small(view):
    """Seven columns with little in them are no reason for letters that the last row cannot read."""
    cells = tuple(Cell(text) for text in ("逾期 9 天", "社会主义学院", "2019-11-20", "已延期 1 次", "说明", "四", "五"))
    table = Table(("亮灯", "责任单位", "完成时限", "延期", "堵点难点", "甲", "乙"), (cells,), "", (4,))
    slide = replace(slide_of(view, table, figures=None), widths=(0.08, 0.1, 0.16, 0.08, 0.38, 0.1, 0.1))
    assert slide_module._table_sizes(slide, slide_module.LESS_WIDE)[0] >= slide_module.WELL_READ


def test_a_wide_matrix_is_turned_so_that_its_words_stand_beside_each_other(view):
    [slide] = slides.slides_of(ScriptLine(("research.topic_matrix",)), view)
    shown, body = slide.exhibits[0].shape, slide.body
    assert len(shown.columns) > len(shown.rows)
    assert (len(body.columns), len(body.rows)) == (len(shown.rows), len(shown.columns))
    assert body.cells[3][1] == shown.cells[1][3]
    assert body.row_totals == shown.totals[: len(shown.columns)]
    assert body.totals[:-1] == shown.row_totals
    assert body.totals[-1] == shown.totals[-1]


# --- the cover, the pages of a list, few rows -------------------------------------------------------------------


def test_a_cover_says_three_things_that_slides_tell_in_full(view):
    [cover] = slides.slides_of(ScriptLine(("meeting.cover",)), view)
    told = [slides.slides_of(ScriptLine((name,)), view)[0].title for name in ("meeting.decisions", "research.map")]
    assert [one.label for one in cover.opening] == [overview.headline(view).title, *told]
    assert [one.value for one in cover.opening] == ["10/17", "2", "16/73"]
    markup = drawn(cover)
    assert all(one.label in markup and one.value in markup for one in cover.opening)


def test_a_cover_of_figures_that_were_only_reported_says_so(article_store):
    [cover] = slides.slides_of(ScriptLine(("meeting.cover",)), look(article_store, Choices()))
    assert [one.value for one in cover.opening] == ["通报 22", "35", "15"]


def of_rows(count: int, words: str = "短") -> Table:
    return Table(("甲", "乙"), tuple((Cell(f"{place} {words}"), Cell("1")) for place in range(count)), "", (0,))


@pytest.mark.parametrize("count", [1, 5, 9, 10, 13, 14, 20])
def test_pages_of_a_list_are_alike_and_none_goes_on_with_few_rows(view, monkeypatch, count):
    table = of_rows(count, "一句比较长的话，" * 6)
    pages = slides_with(monkeypatch, view, table)
    rows = [len(one.body.rows) for one in pages]
    assert sum(rows) == count
    assert max(rows) - min(rows) <= 1
    assert min(rows[1:], default=slides.FEWEST_ROWS) >= slides.FEWEST_ROWS
    assert [row[0].text for one in pages for row in one.body.rows] == [row[0].text for row in table.rows]


def test_the_pages_of_a_list_hold_the_same_rows_in_both_languages(demo_store):
    def rows(lang: str) -> list[list[int]]:
        view = look(demo_store, Choices(lang=lang))
        lines = meetings.usual_script(view)
        return [[len(getattr(one.body, "rows", ())) for one in slides.slides_of(line, view)] for line in lines]

    assert rows("zh") == rows("en")


def test_few_decisions_are_cards_and_more_are_a_list(view):
    [slide] = slides.slides_of(ScriptLine(("meeting.decisions",)), view)
    assert len(slide.cards) == 3
    markup = drawn(slide)
    assert markup.count("tzs-card ") == 3
    assert all(row[slide.body.card.about].text in markup for row in slide.cards)
    more = replace(slide, body=replace(slide.body, rows=(*slide.body.rows, slide.body.rows[0])))
    assert more.cards == ()
    assert "tz-table" in drawn(more)
    fewer = drawn(replace(slide, body=replace(slide.body, rows=slide.body.rows[:1])))
    assert view.t("present.agreed") in fewer  # room for what is agreed on today
    assert view.t("present.agreed") not in markup


# --- commitments -----------------------------------------------------------------------------------------------


def test_a_share_is_typed_in_percent_and_kept_from_0_to_1(view):
    typed = {"content": " 月底办结 ", "unit": "", "due": "2019-12-20", "kpi": "K03", "target": "80 %"}
    assert commitment(typed, view) == Commitment("月底办结", None, dt.date(2019, 12, 20), "K03", Decimal("0.8"))
    assert commitment({**typed, "kpi": "K09", "target": "3"}, view).target_value == 3
    assert commitment({"content": "只有一句"}, view) == Commitment("只有一句")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2019-12-20", dt.date(2019, 12, 20)),
        ("2019/12/20", dt.date(2019, 12, 20)),
        ("2019年12月20日", dt.date(2019, 12, 20)),
        ("12月20日", dt.date(2019, 12, 20)),
        ("1月10日", dt.date(2020, 1, 10)),  # of a meeting at the end of November
    ],
)
def test_a_due_day_is_typed_as_people_write_it(view, typed, day):
    assert commitment({"content": "月底办结", "due": typed}, view).due_on == day


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": "  "},
        {"due": "年底"},
        {"due": "2019-13-01"},
        {"target": "八成"},
        {"target": "NaN"},
        {"target": "101"},
        {"target": "-1"},
        {"target": "50", "kpi": ""},
    ],
)
def test_what_is_no_commitment_is_refused_in_one_sentence(view, wrong):
    with pytest.raises(NotACommitment) as refused:
        commitment({"content": "月底办结", "kpi": "K03", **wrong}, view)
    assert str(refused.value).endswith("。" if view.t.code == "zh" else ".")
