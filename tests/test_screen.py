"""Drawings: nothing in the data reaches the page as markup, nothing overlaps, unknown stays unknown."""

import base64
import dataclasses
import datetime as dt
import html as html_of_entities
import itertools
import random
import re
from html.parser import HTMLParser

import plotly.graph_objects as go
import pytest

from taizhang.drawing import html, logo, palette, shapes
from taizhang.drawing.html import chart, elements, furniture
from taizhang.drawing.lanes import DOT, lay_out, month_labels
from taizhang.drawing.outline import Sheet
from taizhang.drawing.text import cut, lines, width
from taizhang.drawing.tiles import place_names

ATTACKS = (
    '<img src=x onerror="alert(1)">',
    "<a href='https://evil.example'>x</a>",
    "</style><script>alert(1)</script>",
    '" onmouseover="alert(1)" x=\'',
    "%{x}<b>$\\alpha$</b>",
)
DAY = dt.date(2019, 10, 16)


def every_shape(text: str = "一窗受理") -> list[shapes.Shape]:
    """Each shape once, with `text` in every field that holds words."""
    t = text
    lane = shapes.Lane("study", t, "study")
    happenings = tuple(
        shapes.Happening("study", t, t, precision, start, end, half=half, pick=t, is_inferred=True)
        for precision, start, end, half in (
            ("day", DAY, None, ""),
            ("half_day", DAY, None, "am"),
            ("month", DAY.replace(day=1), None, ""),
            ("range", DAY, DAY + dt.timedelta(days=5), ""),
            ("unknown", None, None, ""),
        )
    )
    mark = shapes.Mark(DAY, t)
    tile = shapes.Tile(t, t, 1, 1, t, t, t)
    entry = shapes.LegendEntry(t, t, "unknown", t, 3)
    group = shapes.Group(t, t, t, True)
    area = shapes.Area(t, t, t, t, t, t, True)
    sheet = Sheet(90, 90, {t: (((0, 0), (90, 0), (90, 90), (0, 90), (0, 0)),)})
    cell = shapes.MatrixCell(t, "done", t, t)
    return [
        shapes.Figures((shapes.Figure(t, t, t, t, "late", "done", (1, None, 2, 3), t, t),)),
        shapes.Lanes((shapes.LaneCard(t, "study", t, t, (t, t), t, t),)),
        shapes.Bars((shapes.Bar(t, 3, t, "done", t, 5), shapes.Bar(t, None, t, "late", t)), t),
        shapes.StackedBars((t,), (shapes.Series(t, (2,), "done"), shapes.Series(t, (None,), "late")), t, (t,)),
        shapes.Timeline((lane,), happenings, (mark,), DAY, DAY, t),
        shapes.TileMap((tile, dataclasses.replace(tile, col=2)), (group,), (entry,), (tile,), t),
        shapes.Outlines((area, dataclasses.replace(area, code="")), sheet, (entry,), t, t),
        shapes.Matrix(t, (t,), (t,), (t,), ((cell,),), (t, t), (t,), t),
        shapes.Table((t,), ((shapes.Cell(t, "late", t, False, t),), (shapes.Cell(t, is_number=True),)), t, (0,)),
        shapes.Table((t,), (), t),
        shapes.Passage(t, ((0, 2, t), (1, 99, "F2")), "F2"),
        shapes.Line((DAY,), (shapes.Series(t, (1,)),), t, (mark,)),
    ]


DRAWN_AS_HTML = [shape for shape in every_shape() if not isinstance(shape, shapes.Line)]


class Elements(HTMLParser):
    """Reads markup back: the elements with their attributes, in order."""

    def __init__(self, markup: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def structure(markup: str) -> list[tuple[str, tuple[str, ...]]]:
    """What elements there are and which attributes they have, whatever the words."""
    return [(tag, tuple(attributes)) for tag, attributes in Elements(markup).found]


def test_a_page_has_the_styles_of_all_drawings_once_and_its_own_after_them():
    """What is around a drawing has the last word: on a phone the cells of a list are narrower than those of a table."""
    for theme in ("light", "dark"):
        style = furniture.style(theme, "放在这里")
        assert style.count(html.styles(theme)) == style.count(elements.scale()) == style.count("<style>") == 1
        assert style.index(".tz-table .tz-w{") < style.index(".tz-live .tz-w,")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", range(len(DRAWN_AS_HTML)), ids=lambda place: type(DRAWN_AS_HTML[place]).__name__)
def test_words_of_the_data_never_become_markup(place, attack):
    attacked = html.drawn(every_shape(attack)[place], "light", "zh", attack)
    found = Elements(attacked).found
    allowed = {  # no style: the page has the styles of all drawings once
        "div",
        "section",
        "p",
        "span",
        "b",
        "i",
        "ul",
        "li",
        "a",
        "img",
        "small",
        "sup",
        "table",
        "thead",
    }
    allowed |= {"tbody", "tfoot", "tr", "th", "td", "details", "summary", "mark"}
    if isinstance(DRAWN_AS_HTML[place], shapes.Outlines):
        allowed |= {"svg", "path", "title"}
    assert {tag for tag, _ in found} <= allowed
    attributes = {name for _, attributes in found for name in attributes}
    assert not {name for name in attributes if name.startswith("on") or name == "x"}
    links = [value for _, given in found for name, value in given.items() if name in ("href", "src")]
    assert all(link.startswith("data:image/svg+xml;base64,") for link in links)
    assert attack in Elements(attacked).text or "…" in attacked


@pytest.mark.parametrize(
    ("target", "is_kept"),
    [
        ("?page=rectification&light=red", True),
        ("/study?lang=en", True),
        ("study", True),
        ("//evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("/\\evil.example", False),
        ("data:text/html,x", False),
        ("", False),
    ],
)
def test_links_lead_nowhere_but_into_the_app(target, is_kept):
    assert (elements.link(target, "看台账") is not None) is is_kept


@pytest.mark.parametrize("attack", ATTACKS[:3])
def test_words_of_the_data_never_become_markup_in_a_chart(attack):
    figure = html.plotted(every_shape(attack)[-1], "light")
    assert figure["layout"].pop("meta")["marks"][0][1] == f"{attack} 1"  # written as text by the board's own script
    drawn = str(figure)
    assert attack not in drawn
    assert not re.search(r"<(?!/?b>|br>|span style=\"font-size:\d+px\">|/span>)", drawn)
    assert "%{x}" not in chart.plot_text(ATTACKS[-1])


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_shape_is_drawn_in_both_themes(theme, lang):
    for shape in DRAWN_AS_HTML:
        markup = html.drawn(shape, theme, lang, "标题")
        assert f'class="tz tz-{theme}" lang="{"zh-CN" if lang == "zh" else "en"}"' in markup
        assert not re.search(r"url\(|@import|<script|https?:", markup)
        assert ("<svg" in markup) is isinstance(shape, shapes.Outlines)


def test_what_can_be_picked_can_be_reached_by_keyboard():
    for shape in DRAWN_AS_HTML:
        for _, attributes in Elements(html.drawn(shape, "light")).found:
            if attributes.get("role") == "button":
                assert attributes["tabindex"] == "0" or "data-mark" in attributes
                assert attributes["data-pick"]


def test_a_drawing_is_one_stop_of_the_keyboard_and_every_mark_says_what_it_is():
    for shape in DRAWN_AS_HTML:
        marks = [given for _, given in Elements(html.drawn(shape, "light")).found if "data-mark" in given]
        assert all(one["aria-label"] and one["role"] in ("img", "button") for one in marks)
        assert [one["tabindex"] for one in marks] == ["0", *["-1"] * (len(marks) - 1)][: len(marks)]
        assert all(given.get("title") is None for _, given in Elements(html.drawn(shape, "light")).found)


def test_a_card_says_the_day_of_its_drawing_and_what_a_click_does_there():
    tile = shapes.Tile("T1", "棠下", 1, 1, "D1", "visited", "棠下镇\n蓬江区 · 已走访", pick="town:T1")
    entry = shapes.LegendEntry("visited", "已走访", "done", "✓", 1)
    does = {"town": "看这个镇", "event": "看原文"}
    drawn = html.drawn(shapes.TileMap((tile,), (), (entry,)), "light", "zh", "标题", "截至 2019-11-29", does)
    root, spot = (
        next(given for _, given in Elements(drawn).found if name in given) for name in ("data-day", "data-mark")
    )
    assert {name: said for name, said in root.items() if name.startswith("data-")} == {
        "data-day": "截至 2019-11-29",
        "data-does-town": "看这个镇",
    }
    assert (spot["aria-label"], spot["data-pick"]) == ("棠下镇\n蓬江区 · 已走访", "town:T1")


def test_a_trend_is_drawn_from_zero_up_so_that_one_is_not_a_zigzag():
    """A count of ones and noughts is low columns, a share a line below its whole; gaps are in neither."""

    def picture(figure: shapes.Figure) -> str:
        source = re.search('base64,([^"]+)', html.drawn(shapes.Figures((figure,)), "light"))[1]
        return base64.b64decode(source).decode()

    count = picture(shapes.Figure("逾期", "1", trend=(0, 1, None, 1)))
    assert re.findall(r'height="([\d.]+)" fill', count) == ["7.2", "7.2"]  # a quarter of the 29 there are
    share = picture(shapes.Figure("销号", "1/2", trend=(0.0, None, 0.5), trend_top=1.0))
    assert 'points="4.0,28.0 4.0,28.0"' in share
    assert 'points="108.0,16.0 108.0,16.0"' in share


def test_every_theme_gives_every_tone_a_colour_a_symbol_and_a_fill():
    for theme in palette.THEMES:
        assert palette.tones(theme).keys() == set(shapes.TONES) == palette.SYMBOLS.keys()
    assert {palette.fill(tone) for tone in shapes.TONES} == {"solid", "tint", "open", "hatch"}
    statuses = [palette.SYMBOLS[tone] for tone in palette.STATUSES]
    assert len(set(statuses)) == len(statuses)


@pytest.mark.parametrize("theme", palette.THEMES)
def test_every_text_is_read_at_four_and_a_half_to_one(theme):
    tones, surfaces = palette.tones(theme), palette.surfaces(theme)
    for tone, colour in tones.items():
        assert palette.contrast(colour, surfaces["ground"]) >= 4.5, tone
        assert palette.contrast(palette.on(tone, theme), colour) >= 4.5, tone
        assert palette.contrast(tones["plain"], palette.tint(tone, theme)) >= 4.5, tone
    assert palette.contrast(tones["plain"], surfaces["surface"]) >= 7
    assert palette.contrast(tones["plain"], surfaces["rule"]) >= 4.5  # on the lines of a hatch


@pytest.mark.parametrize("theme", ["room", "room_dark"])
def test_in_a_meeting_room_every_text_is_read_at_seven_to_one(theme):
    tones, surfaces = palette.tones(theme), palette.surfaces(theme)
    for tone, colour in tones.items():
        assert palette.contrast(colour, surfaces["ground"]) >= 7, tone
        assert palette.contrast(palette.on(tone, theme), colour) >= 7, tone
        assert palette.contrast(tones["plain"], palette.tint(tone, theme)) >= 7, tone
    assert palette.contrast(tones["plain"], surfaces["surface"]) >= 7
    assert palette.contrast(tones["plain"], surfaces["rule"]) >= 7


@pytest.mark.parametrize("theme", palette.THEMES)
def test_strands_and_statuses_are_different_colours(theme):
    told_apart = [palette.tones(theme)[tone] for tone in (*palette.STATUSES, *palette.STRANDS) if tone != "unknown"]
    assert len(set(told_apart)) == len(told_apart)


def made_timeline(number: int, days: int, words: tuple[str, ...], with_tray: bool = False) -> shapes.Timeline:
    chance = random.Random(number)
    start = dt.date(2019, 1, 1)
    lanes = tuple(shapes.Lane(tone, tone, tone) for tone in palette.STRANDS)
    happenings = []
    for place in range(number):
        day = start + dt.timedelta(days=chance.randrange(days))
        precision = chance.choice(("day", "day", "half_day", "month", "range"))
        end = day + dt.timedelta(days=chance.randrange(1, 20)) if precision == "range" else None
        lane = chance.choice(palette.STRANDS)
        inferred = place % 5 == 0
        happenings.append(shapes.Happening(lane, chance.choice(words), "", precision, day, end, is_inferred=inferred))
    if with_tray:
        happenings.append(shapes.Happening("study", "没有日期", "", "unknown", None))
    marks = tuple(shapes.Mark(start + dt.timedelta(days=7 * week), f"第{week}次会议") for week in range(days // 7))
    return shapes.Timeline(lanes, tuple(happenings), marks, start, start + dt.timedelta(days=days - 1), "未注明")


WORDS = (
    "学习",
    "到台山市走访镇街并召开座谈会",
    "Field visit to Shuikou, Kaiping and forum on business climate",
    "“1+4”部署",
)


@pytest.mark.parametrize(("number", "days"), [(1, 1), (60, 84), (300, 730), (40, 3)])
@pytest.mark.parametrize("with_tray", [False, True])
def test_nothing_on_a_timeline_overlaps(number, days, with_tray):
    layout = lay_out(made_timeline(number, days, WORDS, with_tray))
    assert sum(len(row.placed) for row in layout.rows) == number
    for placed in (*(row.placed for row in layout.rows), layout.marks):
        for one, other in itertools.combinations(placed, 2):
            if one.level == other.level:
                assert one.high <= other.low or other.high <= one.low, (one, other)
        for one in placed:
            assert one.low >= -DOT / 2
            assert one.high <= layout.axis + DOT / 2
    months = [(layout.place(day, 0), text) for day, text in month_labels(layout)]
    for (left, text), (following, _) in itertools.pairwise(months):
        assert left + width(text) <= following


def test_an_unhurried_timeline_shows_every_label_in_full():
    layout = lay_out(made_timeline(12, 84, ("学习研讨", "走访镇街")))
    assert all(one.text.startswith(one.thing.label) for row in layout.rows for one in row.placed)


def test_many_events_on_one_day_stand_above_each_other():
    events = tuple(shapes.Happening("a", f"第{place}场", "", "day", DAY) for place in range(9))
    layout = lay_out(
        shapes.Timeline((shapes.Lane("a", "甲", "study"),), events, (), DAY, DAY + dt.timedelta(days=60), "")
    )
    assert sorted(one.level for one in layout.rows[0].placed) == list(range(9))
    assert len({one.left for one in layout.rows[0].placed}) == 1


def test_what_has_no_day_stands_in_the_tray_and_nowhere_on_the_axis():
    layout = lay_out(made_timeline(5, 30, WORDS, with_tray=True))
    assert [one.label for row in layout.rows for one in row.undated] == ["没有日期"]
    assert layout.has_tray


def test_a_month_reaches_from_its_first_to_its_last_day_and_the_axis_covers_what_lies_outside():
    event = shapes.Happening("a", "整改方案印发", "", "month", dt.date(2019, 9, 1))
    after = shapes.Happening("a", "推进会", "", "day", dt.date(2019, 12, 5))
    layout = lay_out(
        shapes.Timeline(
            (shapes.Lane("a", "甲", "study"),), (event, after), (), dt.date(2019, 9, 1), dt.date(2019, 11, 30), ""
        )
    )
    month = next(one for one in layout.rows[0].placed if one.thing is event)
    assert layout.end == dt.date(2019, 12, 5)
    assert month.left == layout.place(dt.date(2019, 9, 1), 0)
    assert month.right == pytest.approx(layout.place(dt.date(2019, 9, 30), 1))


def test_a_happening_of_no_lane_is_an_error_and_not_lost():
    stray = shapes.Happening("nowhere", "x", "", "day", DAY)
    with pytest.raises(ValueError, match="nowhere"):
        lay_out(shapes.Timeline((), (stray,), (), DAY, DAY, ""))


def test_names_on_a_map_cover_no_tile_and_no_other_name():
    chance = random.Random(5)
    tiles = [
        shapes.Tile(f"{row}-{col}", "大沙", row, col, f"G{row // 3}{col // 3}", "visited", "")
        for row, col in itertools.product(range(9), range(9))
        if chance.random() < 0.8
    ]
    groups = tuple(shapes.Group(code, "台山市（含川岛）", "6/17") for code in sorted({tile.group for tile in tiles}))
    names = place_names(shapes.TileMap(tuple(tiles), groups, ()))
    spots = [(name.row, name.col + step) for name in names for step in range(name.cells)]
    spots += [(tile.row, tile.col) for tile in tiles]
    assert len(names) == len(groups)
    assert len(set(spots)) == len(spots)


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("宅梧", 3.2, ("宅梧",)),
        ("沙坪街道", 3.2, ("沙坪", "街道")),
        ("Shuangshui", 4.5, ("Shuang-", "shui")),
        ("Yayao Town", 4.5, ("Yayao", "Town")),
        ("台山市川岛镇", 2.0, ("台山", "市…")),
    ],
)
def test_names_break_where_one_may_break_them(text, room, expected):
    assert lines(text, room) == expected


def test_a_long_latin_name_of_a_map_is_broken_and_not_cut():
    tile = shapes.Tile("T", "Yanshanhong", 1, 1, "G", "visited", "Yanshanhong Town")
    groups = (shapes.Group("G", "Guanshanhu District of Somewhere", "1/1"),)
    entry = shapes.LegendEntry("visited", "Visited", "done", "✓", 1)
    drawn = html.drawn(shapes.TileMap((tile,), groups, (entry,)), "light", "en")
    assert "<span>Yan-</span><span>shan-</span><span>hong</span>" in drawn


def test_a_word_that_fits_on_the_last_line_is_not_broken():
    assert lines("All measures", 6.5, 3) == ("All", "measures")


def test_a_cut_text_fits_and_says_that_it_is_cut():
    for text, room in itertools.product(WORDS, (0.5, 2, 5, 9)):
        shown = cut(text, room)
        assert width(shown) <= room
        assert shown in ("", text) or shown.endswith("…")


def burn_down() -> shapes.Line:
    days = tuple(DAY + dt.timedelta(days=7 * week) for week in (0, 1, 4, 5))
    series = (
        shapes.Series("未销号", (9, 8, 5, None), "moving"),
        shapes.Series("总数", (9,) * 4, "overall", dashed=True),
    )
    marks = tuple(shapes.Mark(day, "第 1 次会议") for day in days)
    return shapes.Line(days, series, "项", marks, ((days[1], days[2]),))


@pytest.mark.parametrize("theme", palette.THEMES)
def test_the_chart_library_accepts_the_chart_and_keeps_its_look(theme):
    drawn = go.Figure(html.plotted(burn_down(), theme))
    assert drawn.layout.paper_bgcolor == palette.surfaces(theme)["ground"]
    assert drawn.layout.xaxis.tickangle == 0
    assert drawn.layout.yaxis.range[0] == 0
    assert drawn.layout.template.layout.plot_bgcolor is None


def test_a_line_does_not_cross_a_gap():
    gap, line, total = html.plotted(burn_down(), "light")["data"]
    assert gap["fillpattern"]["shape"]
    assert not gap["showlegend"]
    assert line["connectgaps"] is False
    assert line["y"] == [9, 8, None, 5, None]
    assert line["x"] == sorted(line["x"])
    assert (line["line"]["dash"], total["line"]["dash"]) == ("solid", "dash")


def test_a_few_lines_say_their_names_at_their_ends_and_a_day_says_all_its_values_on_the_boards_own_card():
    layout = html.plotted(burn_down(), "light")["layout"]
    ends = [note["text"] for note in layout["annotations"] if note["text"].startswith("<b>")]
    assert [re.sub("<[^>]+>", "", one) for one in ends] == ["5 未销号", "9 总数"]
    assert layout["showlegend"] is False
    assert layout["hovermode"] is False
    assert layout["meta"]["marks"] == [
        ["2019-10-16", "未销号 9", "总数 9", "第 1 次会议"],
        ["2019-10-23", "未销号 8", "总数 9", "第 1 次会议"],
        ["2019-11-13", "未销号 5", "总数 9", "第 1 次会议"],
        ["2019-11-20", "总数 9", "第 1 次会议"],
    ]
    many = dataclasses.replace(burn_down(), series=2 * burn_down().series)
    assert html.plotted(many, "light")["layout"]["showlegend"] is True


def test_a_part_without_room_for_its_symbol_says_its_number_alone():
    """The style sheet shows ◇ 1 from 3 em on, and 1 from 1 em until then."""
    waits = shapes.Series("申请销号", (1.0,), "waiting")
    drawn = html.drawn(shapes.StackedBars(("立行立改",), (waits,), "条"), "light")
    said = re.findall(r'<span class="tz-number ([^"]*)">([^<]*)<', drawn)
    assert said == [("tz-needs-3", "◇ 1"), ("tz-needs-1 tz-until-3", "1")]


def test_a_name_of_two_lines_at_the_end_of_a_line_stands_above_the_axis():
    """A line that ends at zero, with a name too long for one line: its middle is half its height above the axis."""
    days = (dt.date(2019, 10, 16), dt.date(2019, 10, 23))
    late, still = ("Measures overdue", (2.0, 0.0), "late"), ("Open", (9.0, 9.0), "moving")
    series = (shapes.Series(*late), shapes.Series(*still))
    notes = html.plotted(shapes.Line(days, series, ""), "light", 380)["layout"]["annotations"]
    (late,) = [note for note in notes if "<br>" in note["text"]]
    assert (late["y"], late["yshift"]) == (0.0, 18)


def test_only_lines_go_to_the_chart_library():
    with pytest.raises(TypeError):
        html.plotted(DRAWN_AS_HTML[0], "light")


def test_unknown_is_drawn_and_is_not_zero():
    bars = shapes.Bars(
        (shapes.Bar("甲", None, "未提供"), shapes.Bar("乙", 0, "0 项"), shapes.Bar("丙", 4, "4 项")), "项"
    )
    rows = html.drawn(bars, "light").split('<div class="tz-row')[1:]
    assert ["tz-f-hatch" in row for row in rows] == [True, False, False]
    runs = html.figures.runs(["a", None, "b", "c"])
    assert runs == [["a", "a"], ["b", "c"]]


def test_a_passage_stays_the_text_it_is_and_shows_what_was_chosen():
    text = "走访16个镇街，\n召开座谈会22场"
    drawn = html.drawn(shapes.Passage(text, ((0, 8, "F1"), (2, 5, "F2"), (9, 99, "F3")), "F3"), "light")
    quotes = [given for tag, given in Elements(drawn).found if tag == "mark"]
    assert Elements(drawn).text.endswith(text)
    assert [given["data-pick"] for given in quotes] == ["F1", "F2", "F1", "F3"]
    assert ["tz-quote-chosen" in given["class"] for given in quotes] == [False, False, False, True]


def test_an_unknown_tone_is_refused():
    with pytest.raises(ValueError, match="crimson"):
        html.drawn(shapes.Bars((shapes.Bar("甲", 1, "", "crimson"),), ""), "light")


@pytest.mark.parametrize(
    ("office", "campaign", "said"),
    [
        ("水务局", "供水管网改造督查", ["水务局", "供水管网改造督查"]),
        ("", "供水管网改造督查", ["供水管网改造督查"]),
        ("", "", []),
        ("水务局", "“不忘初心、牢记使命”主题教育", ["水务局", "“不忘初心、牢记使命…"]),
        ("第一人民医院纪检监察室办公室", "督查", ["第一人民医院纪", "检监察室办公室"]),
        ("<b>局&", "<script>", ["<b>局&", "<script>"]),
    ],
)
def test_the_head_of_the_navigation_says_whose_board_it_is_within_its_room(office, campaign, said):
    drawn = logo.head(office, campaign, "dark")
    texts = [html_of_entities.unescape(one) for one in re.findall("<text[^>]*>([^<]*)</text>", drawn)]
    assert texts == said
    assert int(re.search(r'width="(\d+)"', drawn)[1]) <= logo.WIDE
    assert "<script>" not in drawn
